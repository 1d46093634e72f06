"""A linter that knows Python's object model and import model."""

from __future__ import annotations

__version__ = "0.1.0"
