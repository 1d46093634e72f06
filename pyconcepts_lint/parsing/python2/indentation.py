"""Tabs and spaces that Python 3 can't tell the depth of.

Python 2 takes a tab to the next multiple of 8 columns. Python 3 refuses indentation whose
meaning depends on that: it must compare the same way where a tab counts as one column
("Indentation" in the Language Reference).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ...base.typed import NamedTuple
from .lexer import Line, indentation_width


class Reindented(NamedTuple):
    """A top-level statement that Python 3 refuses: its first bad line, and all new indentations.

    `changes` are (start, end, new indentation) in the text.
    """

    first: Line
    changes: tuple[tuple[int, int, str], ...]


class _Block:
    """The lines of one suite, without those of suites inside."""

    def __init__(self, parent: _Block | None) -> None:
        self.parent = parent
        self.lines: list[Line] = []
        self.indentation = ""


def reindented(text: str, lines: list[Line]) -> Iterator[Reindented]:
    """What to change in each top-level statement whose indentation Python 3 refuses."""
    if "\t" not in text:
        return
    statement: list[Line] = []
    for line in lines:
        if line.depth == 0 and statement:
            yield from _statement(text, statement)
            statement = []
        statement.append(line)
    yield from _statement(text, statement)


def _statement(text: str, lines: list[Line]) -> Iterator[Reindented]:
    bad = _first_bad(text, lines)
    if bad is None:
        return
    blocks: list[_Block] = []
    stack: list[_Block] = []
    for line in lines:
        del stack[line.depth + 1 :]
        while len(stack) <= line.depth:
            stack.append(_Block(stack[-1] if stack else None))
            blocks.append(stack[-1])
        stack[-1].lines.append(line)
    changes: list[tuple[int, int, str]] = []
    for block in blocks:
        if block.parent:
            block.indentation = _indentation(text, block, block.parent.indentation)
        changes += [
            (line.start, line.code, block.indentation)
            for line in block.lines
            if _measure(_of(text, line)) != _measure(block.indentation)
        ]
    yield Reindented(bad, tuple(sorted(changes)))


def _first_bad(text: str, lines: list[Line]) -> Line | None:
    """The line at which Python 3 raises TabError."""
    stack: list[tuple[int, int]] = [(0, 0)]
    for line in lines:
        measure = _measure(_of(text, line))
        if line.depth >= len(stack):
            if not _deeper(measure, stack[-1]):
                return line
            stack.append(measure)
        else:
            del stack[line.depth + 1 :]
            if measure != stack[-1]:
                return line
    return None


def _indentation(text: str, block: _Block, outer: str) -> str:
    """The indentation that most lines of the block have and that fits into the outer one."""
    for indentation, _ in Counter(_of(text, line) for line in block.lines).most_common():
        if _deeper(_measure(indentation), _measure(outer)):
            return indentation
    assert block.parent is not None
    own, parent = (
        indentation_width(_of(text, lines[0])) for lines in (block.lines, block.parent.lines)
    )
    return outer + " " * (own - parent)


def _of(text: str, line: Line) -> str:
    return text[line.start : line.code]


def _measure(indentation: str) -> tuple[int, int]:
    """The width by Python 2's count, and with a tab as one column."""
    return indentation_width(indentation), indentation_width(indentation, 1)


def _deeper(inner: tuple[int, int], outer: tuple[int, int]) -> bool:
    return inner[0] > outer[0] and inner[1] > outer[1]
