"""From text to a tree: Python 3, a newer Python, Python 2."""
