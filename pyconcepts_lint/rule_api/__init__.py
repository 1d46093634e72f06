"""What rules are written against: `Rule`, the file at hand, edits, and libcst."""

from ..source import cst

__all__ = ["cst"]
