"""Answers as text: for terminals in colours, for pipes without."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ..base.typed import TYPE_CHECKING
from ..reporters import Style
from ..reporters.columns import columns, one_line
from ..reporters.drawing import Piece, draw
from .answers import ABSENT, FOUND, HIDDEN, MAYBE, SKIPPED, UNKNOWN, Lookup, Lookups, Row

if TYPE_CHECKING:
    from typing import TextIO

LOOKS = {
    FOUND: "bold green",
    MAYBE: "yellow",
    HIDDEN: "dim",
    ABSENT: "dim",
    SKIPPED: "dim",
    UNKNOWN: "magenta",
}
TITLE = "bold"
Line = list[Piece]


def write(answer: object, out: TextIO, style: Style) -> None:
    """Write an answer for people."""
    encoding = getattr(out, "encoding", None) or "utf-8"
    lines = (
        [(one_line(text, encoding), look) for text, look in line] for line in _lines(answer, style)
    )
    draw(lines, out, style.color)


def _lines(answer: object, style: Style) -> Iterator[Line]:
    if isinstance(answer, Lookups):
        for number, lookup in enumerate(answer.lookups):
            if number:
                yield []
            yield from _lookup(lookup, style)


def place(path: str, line: int, style: Style) -> str:
    if not path:
        return ""
    return f"{style.path(path)}:{line}" if line else style.path(path)


def table(rows: Iterable[Sequence[Piece]], indent: int) -> Iterator[Line]:
    """Rows of cells, each as wide as the widest of its column."""
    listed = [list(row) for row in rows]
    widths: list[int] = []
    for row in listed:
        widths += [0] * (len(row) - len(widths))
        for number, (text, _) in enumerate(row):
            widths[number] = max(widths[number], columns(text))
    for row in listed:
        line: Line = [(" " * indent, "")]
        for number, (text, look) in enumerate(row):
            is_last = number == len(row) - 1
            gap = "" if is_last else " " * (widths[number] - columns(text) + 2)
            line += [(text, look), (gap, "")]
        yield line


def _lookup(found: Lookup, style: Style) -> Iterator[Line]:
    yield [(found.subject, TITLE), (f"  {found.of}", "")]
    at = place(found.path, found.line, style) + (f":{found.column}" if found.column else "")
    if at:
        yield [(f"  at {at}", "dim")]
    result = found.result
    where = place(result.path, result.line, style) if result is not None else ""
    yield [
        ("  finds ", ""),
        (found.outcome, LOOKS[found.status]),
        (f"  {where}" if where else "", ""),
    ]
    for number, step in enumerate(found.steps, 1):
        line: Line = [(f"  {number}. ", ""), (step.title, ""), (": ", "")]
        line.append((step.status, LOOKS[step.status]))
        if step.note:
            line.append((f" ({step.note})", "dim"))
        yield line
        yield from table(_rows(step.rows, style), 5)
    yield from sentences(found.notes, "note", "dim")
    yield from sentences(found.unknown, "unknown", "magenta")


def _rows(rows: Iterable[Row], style: Style) -> Iterator[Sequence[Piece]]:
    for row in rows:
        note = f"{row.status}: {row.note}" if row.note else row.status
        yield (
            (row.by, "cyan" if row.status in (FOUND, MAYBE) else ""),
            (row.what, ""),
            (place(row.path, row.line, style) or "(built in)", "blue" if row.path else "dim"),
            (note, LOOKS[row.status]),
        )


def sentences(said: Iterable[str], word: str, look: str) -> Iterator[Line]:
    for sentence in said:
        yield [(f"  {word}: ", look), (sentence, "")]
