"""Places in the units in which other programs count them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from ..base.typed import TYPE_CHECKING
from . import Style

if TYPE_CHECKING:
    from ..source.text import Source


class Places:
    """Where characters of files stand in another encoding.

    Args:
        style: reads the files.
        encoding: in whose units columns are counted.
        unit: how many bytes a unit has.
    """

    def __init__(self, style: Style, encoding: str, unit: int = 1) -> None:
        # Findings come file by file, and their fixes seldom reach further.
        self._read: Callable[[str], Source | None] = lru_cache(maxsize=8)(style.source)
        self._encoding = encoding
        self._unit = unit

    def units_before(self, path: str, line: int, column: int) -> int:
        """How many units stand before a place (1-based) in its line."""
        text = self.line(path, line)[: column - 1]
        if text.isascii():
            return column - 1
        return self.length(text)

    def length(self, text: str) -> int:
        """How many units a text has."""
        return len(text.encode(self._encoding, "surrogatepass")) // self._unit

    def line(self, path: str, line: int) -> str:
        """A line of a file without its end; "" for one that isn't there."""
        source = self._read(path)
        if source is None or not 1 <= line <= source.line_count:
            return ""
        return source.line(line).rstrip("\r\n")
