"""Lines of styled text: plain ones as they are, coloured ones through rich."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from ..base.neutral import line_start
from ..base.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO

Piece = tuple[str, str]
"""Some text and the style to draw it in, in rich's words; "" for none."""

AT_ONCE = 500
"""So many pieces go to rich together: line by line takes several times as long."""


def _started(line: Sequence[Piece]) -> Sequence[Piece]:
    """The pieces of a line that starts with no command (see `neutral`)."""
    for number, (text, style) in enumerate(line):
        if text.strip():
            rest = "".join([text for text, _ in line[number:]])
            if line_start(rest) == rest:
                return line
            return [*line[:number], (text.replace(":", r"\x3a", 1), style), *line[number + 1 :]]
    return line


def draw(lines: Iterable[Sequence[Piece]], out: TextIO, color: bool) -> None:
    """Write lines, none of them wrapped; without colours, blanks at their ends are left out."""
    if not color:
        for line in lines:
            out.write(line_start("".join([text for text, _ in line]).rstrip()) + "\n")
        return
    from rich.console import Console
    from rich.segment import Segment, Segments

    # The sixteen colours that a terminal's owner has chosen. Windows' old console has its own way.
    system: str = "auto" if os.name == "nt" else "standard"
    console = Console(file=out, force_terminal=True, no_color=False, color_system=system)  # type: ignore[arg-type]
    styles = {"": console.get_style("none")}
    segments: list[Segment] = []
    for line in lines:
        for text, style in _started(line):
            if style not in styles:
                styles[style] = console.get_style(style)
            segments.append(Segment(text, styles[style]))
        segments.append(Segment.line())
        if len(segments) >= AT_ONCE:
            console.print(Segments(segments), end="", soft_wrap=True)
            segments = []
    console.print(Segments(segments), end="", soft_wrap=True)
