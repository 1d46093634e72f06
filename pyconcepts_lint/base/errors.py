"""The package's version, and the exception that all of its own errors inherit from.

Nothing is imported here, not even `__future__`: see `__main__`.
"""

__version__ = "0.1.0"


class Error(Exception):
    """What this package raises where it can't do what it was asked for; the text says why."""
