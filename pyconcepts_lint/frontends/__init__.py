"""The command line, flake8, and the Python API."""
