"""Edits of what a call passes."""

from __future__ import annotations

import ast
import re

from pyconcepts_lint.finding import Edit
from pyconcepts_lint.linted import LintedFile

_BLANKS = r"(?:[ \t\f\r\n]|\\\r?\n)*+"
_COMMA = re.compile(f"{_BLANKS},{_BLANKS}")


def without_first_argument(file: LintedFile, call: ast.Call) -> Edit | None:
    """Take the first argument of a call out, a name, with the comma behind it.

    None where something else than blanks would go, too, or brackets stand around it.
    """
    code, text = file.code, file.text
    first, whole = file.ast_range(call.args[0]), file.ast_range(call)
    start = code.offset(first.start_line, first.start_column)
    end = code.offset(first.end_line, first.end_column)
    closing = code.offset(whole.end_line, whole.end_column) - 1
    comma = _COMMA.match(text, end, closing)
    if comma is not None:
        return file.edit(start, comma.end(), "")
    return None if text[end:closing].strip(" \t\f\r\n") else file.edit(start, closing, "")
