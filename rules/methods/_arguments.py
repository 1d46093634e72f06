"""Edits of what a call passes."""

from __future__ import annotations

import ast
import re

from pyconcepts_lint.base.finding import Edit
from pyconcepts_lint.rule_api.file import FileContext

_BLANKS = r"(?>(?:[ \t\f\r\n]|\\\r?\n)*)"
_COMMA = re.compile(f"{_BLANKS},{_BLANKS}")


def without_first_argument(file: FileContext, call: ast.Call) -> Edit | None:
    """Take the first argument of a call out, a name, with the comma behind it.

    None where something else than blanks would go, too, or brackets stand around it.
    """
    text = file.text
    start, end = file.ast_span(call.args[0])
    closing = file.ast_span(call)[1] - 1
    comma = _COMMA.match(text, end, closing)
    if comma is not None:
        return file.edit(start, comma.end(), "")
    return None if text[end:closing].strip(" \t\f\r\n") else file.edit(start, closing, "")
