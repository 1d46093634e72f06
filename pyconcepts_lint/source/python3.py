"""The running Python's own parser, without its warnings."""

from __future__ import annotations

import ast
import re
import warnings

from ..base.typed import TYPE_CHECKING
from .ast_nodes import note_first_lines

if TYPE_CHECKING:
    from typing import Any

_SEVERAL_TYPES = "multiple exception types must be parenthesized"
_WITHOUT_BRACKETS = 14  # the 3.x from which on `except A, B:` is right


def parse_python3(text: str, minor: int | None = None, *, is_sure: bool = True) -> ast.Module:
    """`ast.parse` without warnings about the code (invalid escapes and the like).

    With `minor`, syntax that is newer than Python 3.`minor` is refused, as far as Python's own
    parser knows of what is newer. `except A, B:` is read as Python 3.14 does, unless it isn't sure
    (`is_sure`) that the text is Python 3.
    """
    version = None if minor is None else (3, minor)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(text, feature_version=version)
        except SyntaxError as error:
            if (
                not is_sure
                or error.msg != _SEVERAL_TYPES
                or (minor is not None and minor < _WITHOUT_BRACKETS)
            ):
                raise
            tree = _with_brackets(text, error)
    note_first_lines(tree, text)
    return tree


def parsed_or_none(text: str | None) -> ast.Module | None:
    """The tree of a text, as of a file of the project; None where there is none, because the text is
    for a newer Python, or nested too deeply."""
    try:
        return None if text is None else parse_python3(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _with_brackets(text: str, error: SyntaxError) -> ast.Module:
    """The tree of a text with `except A, B:`, of which all that follows stands where it stands in
    the text (PEP 758).

    Raises `error` for what is Python 2's way to name the error, and any other SyntaxError.
    """
    lines = text.split("\n")
    brackets: dict[int, int] = {}  # the column, in bytes, of what closes the types in a line
    current: SyntaxError | None = error
    while current is not None:
        line = _bracketed(lines, current, text)
        if line is None or current.lineno in brackets:
            raise error
        number, start, end = line
        shown = lines[number - 1]
        brackets[number] = len(shown[:end].encode())
        lines[number - 1] = f"{shown[: start - 1]}({shown[start:end]}){shown[end:]}"
        try:
            tree, current = ast.parse("\n".join(lines)), None
        except SyntaxError as next_error:
            if next_error.msg != _SEVERAL_TYPES:
                raise
            current = next_error
    for node in ast.walk(tree):
        place: Any = node
        if isinstance(node, ast.ExceptHandler) and isinstance(node.type, ast.Tuple):
            types = node.type
            if types.lineno in brackets and types.elts:
                types.col_offset += 1
                types.end_col_offset = types.elts[-1].end_col_offset
        line_of, last = getattr(place, "lineno", 0), getattr(place, "end_lineno", 0)
        if line_of in brackets and place.col_offset > brackets[line_of]:
            place.col_offset -= 1
        if last in brackets and place.end_col_offset > brackets[last]:
            place.end_col_offset -= 1
    return tree


def _bracketed(lines: list[str], error: SyntaxError, text: str) -> tuple[int, int, int] | None:
    """The line of an `except A, B:`, and the columns of its types; None where that is Python 2's
    `except A, name:`, or can't be told."""
    number, start, end = error.lineno or 0, (error.offset or 0) - 1, (error.end_offset or 0) - 1
    if not 0 < number <= len(lines) or error.end_lineno != number or start < 1:
        return None
    line = lines[number - 1]
    if not line[start - 1].isspace():
        return None
    try:
        types = ast.parse(f"({line[start:end]})", mode="eval").body
    except SyntaxError:
        return None
    names = types.elts if isinstance(types, ast.Tuple) else []
    second = names[1] if len(names) > 1 else None
    is_type = len(names) > 2 or isinstance(second, (ast.Attribute, ast.Call))
    if isinstance(second, ast.Name):
        last = re.escape(second.id)
        is_type = (
            is_type
            or second.id.lstrip("_")[:1].isupper()
            or re.search(rf"^\s*(from\b.*)?\bimport\b.*\b{last}\b", text, re.MULTILINE) is not None
        )
    return (number, start, end) if is_type else None
