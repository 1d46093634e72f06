"""What needn't be read of a statement: the methods in which no rule has a question."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from ..base.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from ..source.cst_statement import Omission
    from .file import LintedFile

_HEADER = re.compile(
    r"(?P<indent>[ \t]*)(?:async[ \t]+)?def\b(?P<rest>[^#\"'\\\r\n]*)(?:#[^\r\n]*)?(?:\r\n?|\n|\Z)"
)
_MORE = re.compile(r"([^#\"'\\\r\n]*)(?:#[^\r\n]*)?(?:\r\n?|\n|\Z)")
_STAND_IN = " pass"


def methods(file: LintedFile, first: int, last: int, asked: Sequence[int]) -> Iterator[Omission]:
    """The methods, or only their bodies, that are left out where a statement is read.

    Args:
        file: the file at hand.
        first, last: the 1-based lines of the statement.
        asked: the lines that some rule wants to look at, sorted; a method with one of them is
            read as it is, with all that is in it.
    """
    for start, stays, body in _unasked(file, first, last, asked):
        yield body if stays else body._replace(start=start, instead="")


def _unasked(
    file: LintedFile, first: int, last: int, asked: Sequence[int]
) -> Iterator[tuple[int, bool, Omission]]:
    """The methods of a statement in which nothing is asked: where the line of `def` starts,
    whether the header has to stay, and the body."""
    below = first - 1
    for start, end, stays in file.share(_methods):
        if start > last:
            break
        if start <= below or start < first:
            continue
        below = end
        place = bisect_left(asked, start)
        if place < len(asked) and asked[place] <= end:
            continue
        body = _body(file, start, end)
        if body is not None:
            yield file.code.offset(start, 1), stays, body


def text_without_bodies(file: LintedFile, first: int, last: int, asked: Sequence[int]) -> str:
    """The text of a statement without the bodies of those methods; all else stands on the line
    where it stood."""
    pieces: list[str] = []
    start, end = file.span_of_lines(first, last)
    for _, _, body in _unasked(file, first, last, asked):
        line = file.code.position(body.start)[0]
        lines = file.code.position(body.end)[0] - line
        # Without the blanks, a "\r" before them would be one line end with the first.
        pieces += (file.text[start : body.start], " \n" * lines, body.instead)
        start = body.end
    return "".join([*pieces, file.text[start:end]])


def _methods(file: LintedFile) -> list[tuple[int, int, bool]]:
    """The first and last lines of all methods that have more than one, sorted, and whether the
    header has to stay.

    The last one's does, for it is where its class ends; and that of a method with decorators, or
    which may be all that there is in a branch.
    """
    module = file.module
    found: list[tuple[int, int, bool]] = []
    for facts in () if module is None else module.facts.classes:
        plain = {
            binding.line
            for binding in facts.body
            if binding.kind == "function" and not binding.flags and not binding.value
        }
        methods = [method for method in facts.methods if method.end_line > method.line]
        last = max((method.line for method in methods), default=0)
        found += (
            (method.line, method.end_line, method.line == last or method.line not in plain)
            for method in methods
        )
    return sorted(found)


def _body(file: LintedFile, start: int, end: int) -> Omission | None:
    """The body of a function, as far as its header is told from it by little: a header with
    strings in it, or one that the body follows on the same line, isn't."""
    from ..source.cst_statement import Omission

    text = file.text
    header = _HEADER.match(text, file.code.offset(start, 1))
    if header is None:
        return None
    words, place = header["rest"], header.end()
    while sum(map(words.count, "([{")) != sum(map(words.count, ")]}")):
        more = _MORE.match(text, place)
        if more is None or more.end() == place:
            return None
        words += more[1]
        place = more.end()
    last = file.code.line(end).rstrip()
    if not words.rstrip().endswith(":") or "#" in last:
        return None
    instead = header["indent"] + _STAND_IN
    stop = file.code.offset(end, 1) + len(last)
    return Omission(place, stop, instead) if stop - place > len(instead) else None
