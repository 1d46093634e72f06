"""Text as a terminal shows it: how many columns it takes, and what can't be shown as it is."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from itertools import accumulate

from ..base.finding import Related
from ..base.neutral import COMMAND, is_plain, visible

TAB_STOP = 4
_LINE_END = re.compile(r"\r\n?|\n")


def columns(text: str) -> int:
    """How many terminal columns a text takes."""
    return len(text) if text.isascii() else sum(map(_width, text))


def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def cells(line: str, encoding: str = "utf-8") -> list[str]:
    """What is drawn for each character of a line of source.

    A tab goes to the next of the stops; what would move the cursor, what would not be seen and
    what the encoding lacks is drawn as its escape.
    """
    if is_plain(line):
        return list(line)
    drawn: list[str] = []
    at = 0
    commands = {found.start() for found in COMMAND.finditer(line)}
    for index, character in enumerate(line):
        if character == "\t":
            cell = " " * (TAB_STOP - at % TAB_STOP)
        elif index in commands:
            cell = r"\x23"
        else:
            cell = visible(character).encode(encoding, "backslashreplace").decode(encoding)
        at += columns(cell)
        drawn.append(cell)
    return drawn


def one_line(text: str, encoding: str = "utf-8") -> str:
    """A message or a path on one line, safe to be written to a terminal."""
    if is_plain(text):
        return text
    return "".join(cells(_LINE_END.sub(" ", text).replace("\t", " "), encoding))


def window(drawn: list[str], start: int, end: int, room: int) -> tuple[int, int]:
    """Which cells of a line to show where it has more than `room` columns.

    The middle of the cells from `start` to `end` is in the middle as far as the line allows it,
    and `start` is shown in any case. Gives the first cell and the one after the last.
    """
    edges = list(accumulate(map(columns, drawn), initial=0))
    if edges[-1] <= room:
        return 0, len(drawn)
    start = min(start, len(drawn))
    end = max(start, min(end, len(drawn)))
    middle = (edges[start] + min(edges[end], edges[start] + room)) // 2
    left = max(0, min(middle - room // 2, edges[-1] - room, edges[start]))
    first = bisect_left(edges, left)
    return first, max(first, bisect_right(edges, edges[first] + room) - 1)


def span_of_related(place: Related, line: str) -> tuple[int, int]:
    """What of a line is marked for a related place: all of it where only the line is known."""
    text = line.rstrip()
    if (place.line, place.column) == (place.end_line, place.end_column):
        return len(text) - len(text.lstrip()), len(text)
    return place.column - 1, place.end_column - 1 if place.end_line == place.line else len(text)
