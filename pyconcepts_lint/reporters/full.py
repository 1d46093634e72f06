"""The source line with the place underlined, the message, and the fix as a small diff."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from ..base.finding import Finding, Fix, Related
from ..base.typed import TYPE_CHECKING
from ..source.text import Source
from . import LOOKS, Style
from .changes import Hunk, hunks
from .columns import cells, columns, one_line, span_of_related, window
from .drawing import Piece, draw

if TYPE_CHECKING:
    from typing import TextIO

    from .folding import Folded

Line = list[Piece]

RELATED = ("-", "bold blue")
"""What marks a related place, and how that looks."""

NUMBER_WIDTH = 4
"""Line numbers take so many columns, more where they have to."""
PROSE_WIDTH = 80
"""Messages are not set wider, however wide the terminal is."""
MAXIMUM_EXCERPT = 5
"""Of a range of more lines, only the first is shown."""
MAXIMUM_CHANGE = 8
"""Old, and new, lines of one place in a diff; what is more is counted."""

# A piece of code between backticks stays together, with what clings to it.
_WORD = re.compile(r"(?:`[^`]*`|[^\s`]+|`)+")
_CODE = re.compile(r"(`[^`]*`)")


def write(findings: Sequence[Finding], out: TextIO, style: Style) -> None:
    # Findings come file by file, and their fixes seldom reach further.
    read = lru_cache(maxsize=8)(style.source)
    page = _Page(style, read, getattr(out, "encoding", None) or "utf-8")
    draw((line for finding in findings for line in page.lines(finding)), out, style.color)
    if style.folded:
        draw((line for folded in style.folded for line in page.paragraph(folded)), out, style.color)


def write_fix(fix: Fix, path: str, label: str, out: TextIO, style: Style) -> None:
    """Write a fix of a finding in a file, with a label before it."""
    page = _Page(
        style, lru_cache(maxsize=8)(style.source), getattr(out, "encoding", None) or "utf-8"
    )
    draw(page.lines_of_fix(fix, path, label), out, style.color)


class _Page:
    """How findings are laid out.

    Args:
        style: what the terminal is like.
        read: gives a file as it was looked at.
        encoding: of the terminal; what it lacks is drawn as an escape.
    """

    def __init__(self, style: Style, read: Callable[[str], Source | None], encoding: str) -> None:
        self.style = style
        self.read = read
        self.encoding = encoding
        self.bar, self.dots = self._or_ascii("│", "|"), self._or_ascii("…", "...")
        self._make_room(0)

    def _or_ascii(self, wanted: str, instead: str) -> str:
        return wanted if cells(wanted, self.encoding) == [wanted] else instead

    def lines(self, finding: Finding) -> Iterator[Line]:
        path = one_line(self.style.path(finding.path), self.encoding)
        yield [
            (path, self.style.to_file("bold", finding.path)),
            (f":{finding.line}:{finding.column}: ", ""),
            (finding.code, self.style.to_page(LOOKS[finding.severity], finding.code)),
            (f" {finding.name}", "dim"),
            (f" [{finding.severity}]", LOOKS[finding.severity]),
        ]
        source = self.read(finding.path)
        changes = list(hunks(finding.fix, self.read)) if finding.fix else []
        last = max([finding.end_line, *(hunk.new_line + len(hunk.new) for hunk in changes)])
        self._make_room(max([last, *(related.end_line for related in finding.related)]))
        yield from self._places(finding, source)
        yield from self._prose(finding.message)
        if finding.fix is not None:
            yield from self._fix(finding.fix, finding.path, changes)
        yield []

    def paragraph(self, folded: Folded) -> Iterator[Line]:
        """What is said instead of the many notes of a rule."""
        self._make_room(0)
        yield [
            (folded.code, self.style.to_page(LOOKS["note"], folded.code)),
            (f" {folded.name}", "dim"),
            (" [note]", LOOKS["note"]),
        ]
        yield from self._prose(folded.text)
        yield []

    def lines_of_fix(self, fix: Fix, path: str, label: str) -> Iterator[Line]:
        changes = list(hunks(fix, self.read))
        self._make_room(max((hunk.new_line + len(hunk.new) for hunk in changes), default=0))
        yield from self._fix(fix, path, changes, label)
        yield []

    def _make_room(self, last: int) -> None:
        """Leave so much room for the numbers of lines that the last one takes."""
        self.number_width = max(NUMBER_WIDTH, len(str(last)))
        self.indent = " " * (self.number_width + 3)
        self.room = max(self.style.width - len(self.indent), 20)

    # The place

    def _places(self, finding: Finding, source: Source | None) -> Iterator[Line]:
        """The place of a finding, with the related ones of its file, and then those elsewhere."""
        own = [each for each in finding.related if each.path == finding.path]
        place = finding.line, finding.column
        if source is not None:
            before = [each for each in own if (each.line, each.column) < place]
            after = [each for each in own if each not in before]
            yield from self._related(before, source)
            if before and finding.line > before[-1].line + 1:
                yield [(f"{'':>{self.number_width}} {self.dots}", "dim")]
            yield from self._excerpt(finding, source)
            if after and after[0].line > finding.end_line + 1:
                yield [(f"{'':>{self.number_width}} {self.dots}", "dim")]
            yield from self._related(after, source)
        elsewhere = [each for each in finding.related if each.path != finding.path]
        for path in dict.fromkeys(each.path for each in elsewhere):
            there = [each for each in elsewhere if each.path == path]
            shown = one_line(self.style.path(path), self.encoding)
            yield [
                (f"{'-->':>{self.number_width + 2}} ", "dim"),
                (shown, self.style.to_file("", path)),
                (f":{there[0].line}", ""),
            ]
            yield from self._related(there, self.read(path))

    def _related(self, places: Sequence[Related], source: Source | None) -> Iterator[Line]:
        """Related places of one file, each with what is there."""
        last = 0
        for place in sorted(places, key=lambda each: (each.line, each.column)):
            if last and place.line > last + 1:
                yield [(f"{'':>{self.number_width}} {self.dots}", "dim")]
            if source is None or not 1 <= place.line <= source.line_count:
                yield from self._prose(place.message, f"{place.line}: ", LOOKS["note"])
                continue
            line = source.line(place.line)
            start, end = span_of_related(place, line)
            lines = list(self._source_line(place.line, line, start, end, True, RELATED))
            said = one_line(place.message, self.encoding)
            used = columns("".join(text for text, _ in lines[-1]).rstrip()) + 1
            if used + columns(said) <= max(self.style.width, 0):
                parts = [part for part in _CODE.split(said) if part]
                lines[-1] += [(" ", ""), *((part, "cyan" * (part[0] == "`")) for part in parts)]
                yield from lines[place.line == last :]
            else:
                yield from lines[place.line == last :]
                yield from self._prose(place.message)
            last = place.line

    def _excerpt(self, finding: Finding, source: Source) -> Iterator[Line]:
        first, last = finding.line, min(finding.end_line, source.line_count)
        if last > first and finding.end_column == 1:
            last -= 1
        if last - first >= MAXIMUM_EXCERPT:
            last = first
        for number in range(first, last + 1):
            line = source.line(number)
            start = finding.column - 1 if number == first else len(line) - len(line.lstrip())
            end = finding.end_column - 1 if number == finding.end_line else len(line)
            yield from self._source_line(number, line, start, end, number in (first, last))
        if last < finding.end_line - (finding.end_column == 1) and last >= first:
            yield [self._gutter("", self.bar), (f"{self.dots} to line {finding.end_line}", "dim")]

    def _source_line(
        self,
        number: int,
        line: str,
        start: int,
        end: int,
        underlined: bool,
        mark: tuple[str, str] = ("^", "bold red"),
    ) -> Iterator[Line]:
        drawn = cells(line.rstrip(), self.encoding)
        shown, left = self._cut(drawn, start, end)
        yield [self._gutter(str(number), self.bar), (shown, "")]
        if underlined:
            before = "".join(drawn[left:start])
            lead = len(self.dots) if left else 0
            marked = columns("".join(drawn[max(start, left) : end]))
            room = columns(shown) - lead - columns(before)
            sign, look = mark
            underline = sign * max(min(marked, room), 1)
            yield [
                self._gutter("", self.bar),
                (" " * (lead + columns(before)) + underline, look),
            ]

    def _cut(self, drawn: list[str], start: int, end: int) -> tuple[str, int]:
        """A line cut to the room there is, around a place, and its first cell."""
        text = "".join(drawn)
        if columns(text) <= self.room:
            return text, 0
        left, right = window(drawn, start, end, self.room - 2 * len(self.dots))
        before = self.dots if left else ""
        after = self.dots if right < len(drawn) else ""
        return before + "".join(drawn[left:right]) + after, left

    def _gutter(self, number: str, bar: str) -> Piece:
        return f"{number:>{self.number_width}} {bar} ", "dim"

    # The message

    def _prose(self, text: str, label: str = "", style: str = "") -> Iterator[Line]:
        """Words wrapped, code among them coloured; a label before the first of them."""
        width = min(self.room, PROSE_WIDTH - len(self.indent))
        line: Line = [(self.indent, ""), (label, style)]
        at = len(label)
        blank = 0
        for word in self._words(text, width):
            if blank and at + blank + columns(word) > width:
                yield line
                line, at, blank = [(self.indent, "")], 0, 0
            line.append((" " * blank, ""))
            line += [(part, "cyan" if part[0] == "`" else "") for part in _CODE.split(word) if part]
            at += blank + columns(word)
            blank = 1
        yield line

    def _words(self, text: str, width: int) -> Iterator[str]:
        for word in _WORD.findall(one_line(text, self.encoding)):
            if columns(word) <= width:
                yield word
            else:
                yield from word.split()

    # The fix

    def _fix(self, fix: Fix, path: str, changes: list[Hunk], before: str = "") -> Iterator[Line]:
        label, style = (f"{before}safe fix: ", "green")
        if not fix.is_safe:
            label, style = (f"{before}unsafe fix (--unsafe-fixes): ", "yellow")
        yield from self._prose(fix.message, label, style)
        for hunk in changes:
            if hunk.path != path or hunk.creates:
                shown = one_line(self.style.path(hunk.path), self.encoding)
                if hunk.creates:
                    sign = f"{'':>{self.number_width}} + "
                    yield [(sign, "green"), (f"{shown} (new file)", "green")]
                else:
                    yield [(self.indent, ""), (shown, "bold")]
                path = hunk.path
            yield from self._change(hunk)

    def _change(self, hunk: Hunk) -> Iterator[Line]:
        for sign, style, number, lines, others in (
            ("-", "red", hunk.line, hunk.old, hunk.new),
            ("+", "green", hunk.new_line, hunk.new, hunk.old),
        ):
            for n, text in enumerate(lines[:MAXIMUM_CHANGE]):
                other = others[n] if n < len(others) else ""
                start = _first_difference(text, other)
                shown, _ = self._cut(cells(text, self.encoding), start, start)
                yield [(f"{number + n:>{self.number_width}} {sign} ", style), (shown, style)]
            more = len(lines) - MAXIMUM_CHANGE
            if more > 0:
                says = f"{self.dots} {more} more line{'s' if more > 1 else ''}"
                yield [(f"{'':>{self.number_width}} {sign} ", style), (says, "dim")]


def _first_difference(one: str, other: str) -> int:
    return next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )
