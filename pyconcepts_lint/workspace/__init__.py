"""One project of a run: its settings, its files, its index."""
