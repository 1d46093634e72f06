"""A run: discover, lint, fix; in one process or in several."""
