"""Coloured lines on a terminal, drawn by rich."""

from __future__ import annotations

from typing import TextIO

from rich.console import Console
from rich.text import Text


class Drawing:
    """Pieces of text with styles, put together line by line.

    Args:
        out: where the lines go.
        width: in terminal columns; lines are never wrapped.
    """

    def __init__(self, out: TextIO, width: int) -> None:
        self._console = Console(
            file=out, force_terminal=True, width=width, highlight=False, emoji=False, markup=False
        )
        self._line = Text()

    def add(self, text: str, style: str = "") -> None:
        self._line.append(text, style)

    def line(self) -> None:
        """End the line."""
        self._console.print(self._line, soft_wrap=True, no_wrap=True, crop=False)
        self._line = Text()
