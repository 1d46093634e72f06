"""The source line with the place underlined, the message, and the fix as a small diff."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import TextIO

from pyconcepts_lint import fixer
from pyconcepts_lint.finding import Edit, Finding, Fix
from pyconcepts_lint.reporters import Style
from pyconcepts_lint.source import Source, SourceError

Piece = tuple[str, str]
"""Some text and the style to draw it in."""

TAB = 4
"""A tab is shown as so many blanks."""
CONTEXT = 12
"""Columns that stay visible left of a place in a line too long for the terminal."""
MAXIMUM_LINES = 12
"""A fix's diff is cut after so many lines."""


def write(findings: Sequence[Finding], out: TextIO, style: Style) -> None:
    sources: dict[str, Source | None] = {}

    def source(path: str) -> Source | None:
        if path not in sources:
            try:
                sources[path] = Source.read(path)
            except SourceError:
                sources[path] = None
        return sources[path]

    lines = (line for finding in findings for line in _lines(finding, source, style))
    if style.color:
        from pyconcepts_lint.reporters.drawing import Drawing

        drawing = Drawing(out, style.width)
        for line in lines:
            for text, how in line:
                drawing.add(text, how)
            drawing.line()
    else:
        for line in lines:
            out.write("".join(text for text, _ in line).rstrip() + "\n")


def _lines(
    finding: Finding, source: Callable[[str], Source | None], style: Style
) -> Iterator[list[Piece]]:
    place = f"{style.path(finding.path)}:{finding.line}:{finding.column}: "
    yield [(place, "bold"), (finding.code, "bold red"), (f" {finding.name}", "dim")]
    file = source(finding.path)
    gutter = len(str(finding.line)) + 1
    if file is not None and file.line(finding.line):
        yield from _excerpt(finding, file, gutter, style)
    indent = " " * (gutter + 2)
    width = max(style.width - gutter - 2, 30)
    for line in textwrap.wrap(
        finding.message, width, break_long_words=False, break_on_hyphens=False
    ):
        yield [(indent + line, "")]
    if finding.fix is not None:
        yield from _fix(finding.fix, source, indent, style)
    yield []


def _excerpt(finding: Finding, file: Source, gutter: int, style: Style) -> Iterator[list[Piece]]:
    text = file.line(finding.line)
    last = len(text) + 1
    end = finding.end_column if finding.end_line == finding.line else last
    start = min(finding.column, last) - 1
    stop = max(min(end, last) - 1, start + 1)
    before, marked, after = (_shown(part) for part in (text[:start], text[start:stop], text[stop:]))
    room = max(style.width - gutter - 3, 30)
    if columns(before + marked + after) > room:
        # Cut the indentation first, then whatever is far from the place.
        before = before.lstrip()
        if columns(before) + columns(marked) > room - 2:
            before = "…" + _last_columns(before, CONTEXT)
        rest = room - columns(before)
        if columns(marked) > rest:
            marked, after = _first_columns(marked, rest - 1) + "…", ""
        elif columns(marked + after) > rest:
            after = _first_columns(after, rest - columns(marked) - 1) + "…"
    yield [(f"{finding.line:>{gutter - 1}} | ", "dim"), (before, ""), (marked, "bold"), (after, "")]
    more = "…" if finding.end_line > finding.line else ""
    underline = " " * columns(before) + "^" * max(columns(marked), 1) + more
    yield [(" " * gutter + "| ", "dim"), (underline, "red")]


def _fix(
    fix: Fix, source: Callable[[str], Source | None], indent: str, style: Style
) -> Iterator[list[Piece]]:
    kind = "safe fix" if fix.is_safe else "unsafe fix"
    yield [(indent, ""), (f"{kind}: ", "cyan"), (fix.message, "cyan")]
    for number, (line, how) in enumerate(_diff(fix, source, style)):
        if number == MAXIMUM_LINES:
            yield [(f"{indent}  …", "dim")]
            return
        room = max(style.width - len(indent), 30)
        if columns(line) > room:
            line = _first_columns(line, room - 1) + "…"
        yield [(indent + line, how)]


def _diff(
    fix: Fix, source: Callable[[str], Source | None], style: Style
) -> Iterator[tuple[str, str]]:
    paths = dict.fromkeys(edit.path for edit in fix.edits)
    for path in paths:
        edits = sorted(
            (edit for edit in fix.edits if edit.path == path), key=lambda edit: edit.start
        )
        file = source(path)
        if file is None:
            yield f"+ new file {style.path(path)}", "green"
            for line in "".join(edit.new_text for edit in edits).splitlines():
                yield f"+ {_shown(line)}", "green"
            continue
        for group in _groups(edits):
            yield from _hunk(file, group)


def _groups(edits: list[Edit]) -> Iterator[list[Edit]]:
    """Edits that share lines belong together."""
    group: list[Edit] = []
    for edit in edits:
        if group and edit.start_line > group[-1].end_line:
            yield group
            group = []
        group.append(edit)
    yield group


def _hunk(file: Source, edits: list[Edit]) -> Iterator[tuple[str, str]]:
    first, last = edits[0].start_line, max(edit.end_line for edit in edits)
    old = "".join(file.lines[first - 1 : last])
    slice_ = Source.from_text(old, file.path)
    moved = [
        edit._replace(start_line=edit.start_line - first + 1, end_line=edit.end_line - first + 1)
        for edit in edits
    ]
    try:
        new = fixer.apply(slice_, moved)
    except ValueError:
        return
    import difflib

    before, after = old.splitlines(), new.splitlines()
    for line in difflib.ndiff(before, after):
        if line.startswith(("- ", "+ ")):
            yield line[:2] + _shown(line[2:]), "red" if line[0] == "-" else "green"


def _shown(text: str) -> str:
    """Tabs as blanks; what would move the cursor or hide itself as an escape."""
    return "".join(
        " " * TAB
        if character == "\t"
        else character
        if character.isprintable() or unicodedata.category(character) in ("Mn", "Me", "Zs")
        else f"\\x{ord(character):02x}"
        for character in text
    )


def columns(text: str) -> int:
    """How many terminal columns a text takes."""
    if text.isascii():
        return len(text)
    return sum(map(_width, text))


def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def _first_columns(text: str, width: int) -> str:
    taken = 0
    for number, character in enumerate(text):
        taken += _width(character)
        if taken > width:
            return text[:number]
    return text


def _last_columns(text: str, width: int) -> str:
    return _first_columns(text[::-1], width)[::-1]
