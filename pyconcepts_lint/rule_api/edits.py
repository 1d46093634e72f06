"""Edits that more than one rule makes, written so that what is around them stays as it is."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Sequence

from ..base.finding import Edit
from ..base.lazy import lazy_pattern
from ..source.ast_nodes import first_line
from .file import FileContext

_SEMICOLON = lazy_pattern(r"[ \t\f]*;(?:[ \t\f]|\\\r?\n)*\Z")
_SHOWN = lazy_pattern(r"[\s)]*=(?!=)")


def take_out(file: FileContext, path: Sequence[ast.AST]) -> Edit:
    """The edit that takes a simple statement away, but no comment.

    A block that would be empty gets a `pass`. A whole line goes with the blank lines that
    would be too many then; a comment behind the statement keeps its line.

    Args:
        file: the file at hand.
        path: the nodes that lead to the statement or into it, the outermost first.
    """
    path = [*path]
    while not isinstance(path[-1], ast.stmt):
        path.pop()
    statement, place = path[-1], file.ast_range(path[-1])
    parent = path[-2] if len(path) > 1 else file.tree
    block, number = place_in_block(parent, statement)
    start, end = file.ast_span(statement)
    if number and _is_beside(file, block[number - 1], statement):
        return file.edit(file.ast_span(block[number - 1])[1], end, "")
    if number + 1 < len(block) and _is_beside(file, statement, block[number + 1]):
        return file.edit(start, file.ast_span(block[number + 1])[0], "")
    first, last = place.start_line, place.end_line
    above = file.code.line(first - 1).strip(" \t\f") if first > 1 else ""
    is_suite = file.code.line(first)[: place.start_column - 1].strip(" \t\f") != ""
    if is_suite or above.endswith("\\") or (len(path) > 1 and len(block) == 1):
        return file.edit(start, end, "pass")
    comment = file.code.line(last).find("#", place.end_column - 1)
    if comment >= 0:
        return file.edit(start, end + comment - (place.end_column - 1), "")
    if len(path) == 1:
        return remove_lines(file, first, last, is_first=None, is_last=None)
    starts_block = number == 0 and above != "" and not above.startswith("#")
    return remove_lines(file, first, last, starts_block, number == len(block) - 1)


def place_in_block(parent: ast.AST | None, statement: ast.stmt) -> tuple[list[ast.stmt], int]:
    """The block of a node that holds a statement, and the statement's number in it."""
    for field in ("body", "orelse", "finalbody"):
        block: list[ast.stmt] = getattr(parent, field, [])
        number = bisect_left(block, _start(statement), key=_start)
        if number < len(block) and _start(block[number]) == _start(statement):
            return block, number
    raise AssertionError("no block holds the statement")


def _start(statement: ast.stmt) -> tuple[int, int]:
    return statement.lineno, statement.col_offset


def _is_beside(file: FileContext, one: ast.stmt, other: ast.stmt) -> bool:
    """Does only a semicolon stand between two statements?"""
    between = file.text[file.ast_span(one)[1] : file.ast_span(other)[0]]
    return _SEMICOLON.match(between) is not None


def is_shown(file: FileContext, path: Sequence[ast.AST]) -> bool:
    """Does an f-string show the text of the last node of `path`, too (`{x=}`)? What takes its
    place would be shown then."""
    parent = path[-2] if len(path) > 1 else None
    return (
        isinstance(parent, ast.FormattedValue)
        and parent.value is path[-1]
        and _SHOWN.match(file.text, file.ast_span(parent.value)[1]) is not None
    )


def remove_lines(
    file: FileContext, first: int, last: int, is_first: bool | None, is_last: bool | None
) -> Edit:
    """The edit that takes whole lines away, with the blank ones on one side if there are some
    on both.

    Args:
        file: the file at hand.
        first: the first line, 1-based.
        last: the last line.
        is_first: does a block start with them? None for the file itself.
        is_last: does a block end with them? None for the file itself.
    """
    code = file.code
    above = below = 0
    while first - above > 1 and not code.line(first - above - 1).strip(" \t"):
        above += 1
    while last + below < code.line_count and not code.line(last + below + 1).strip(" \t"):
        below += 1
    starts_block = first - above == 1 if is_first is None else is_first
    ends_block = last + below == code.line_count if is_last is None else is_last
    if ends_block or (above and below and above <= below and not starts_block):
        first -= above
    elif starts_block or (above and below):
        last += below
    start = code.offset(first, 1)
    end = code.offset(last + 1, 1) if last < code.line_count else len(file.text)
    return file.edit(start, end, "")


def line_for_imports(file: FileContext) -> int | None:
    """The line before which an import can be put: below the docstring and `__future__`."""
    before = 0
    for statement in file.statements():
        is_docstring = (
            not before
            and isinstance(statement, ast.Expr)
            and isinstance(statement.value, ast.Constant)
            and isinstance(statement.value.value, str)
        )
        is_future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
        if not is_docstring and not is_future:
            line = first_line(statement)
            return line if line > before else None
        before = statement.end_lineno or statement.lineno
    return None
