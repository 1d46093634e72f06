"""What the rules of this concept need of the source text around what they find."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from pyconcepts_lint.base.finding import Edit
from pyconcepts_lint.rule_api.file import FileContext

_SPACE = r"(?:[\s\\)]|#[^\n]*\n)*"  # what may stand between a name and the bracket of its call


_BLANK = " \t\f\r\n\\("
_LOOP = re.compile(r"\bfor\s(?:(?!\b(?:in|if|else)\b)[\w \t,()*.])+\bin\Z")
_CALL = re.compile(r"\w+\s*\((?:[^()'\"#]|\([^()'\"#]*\))*\)")  # on one line, as most are


def calls(file: FileContext, name: str) -> Iterator[int]:
    """The offsets at which `name(` may stand in code, as the call of a function."""
    if name not in file.text:
        return
    for match in re.finditer(rf"{name}{_SPACE}\(", file.text):
        before = file.text[match.start() - 1 : match.start()]
        if before != "." and not is_in_word(before):
            yield match.start()


def is_searched(text: str, place: int) -> bool:
    """May what stands at a place of the text be the right operand of the operator `in`?"""
    before = text[:place].rstrip(_BLANK)
    while not before.endswith("in"):
        comment = before.rfind("#", before.rfind("\n") + 1)
        if comment < 0:
            return False
        before = before[:comment].rstrip(_BLANK)
    return _LOOP.search(before, before.rfind("\n") + 1) is None


def is_statement(text: str, place: int) -> bool:
    """May the call that starts at a place of the text be a whole statement?"""
    start = place - 1
    while start >= 0 and text[start] in " \t\f":
        start -= 1
    if start >= 0 and text[start] not in "\r\n;:":
        return False
    line = text[place:].partition("\n")[0]
    match = _CALL.match(line)
    return match is None or line[match.end() :].strip()[:1] in ("", ";", "#")


def is_test(file: FileContext) -> bool:
    return file.module is not None and file.module.is_test


def is_in_word(character: str) -> bool:
    return character == "_" or character.isalnum()


def replace_expression(file: FileContext, node: ast.expr, text: str) -> Edit:
    """Put an expression that starts with a word in the place of another."""
    start, end = file.ast_span(node)
    before = " " if is_in_word(file.text[start - 1 : start]) else ""
    after = " " if is_in_word(text[-1]) and is_in_word(file.text[end : end + 1]) else ""
    return file.edit(start, end, before + text + after)


_TRYING = (ast.Try, ast.TryStar, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def is_tried(path: Sequence[ast.AST]) -> bool:
    """Is the last node of `path` in the body of a `try` with handlers, in the same function?"""
    tried = False
    for number, parent in enumerate(path[:-1], 1):
        if not isinstance(parent, _TRYING):
            continue
        if not isinstance(parent, (ast.Try, ast.TryStar)):
            tried = False
        elif path[number] in parent.body:
            tried = tried or bool(parent.handlers)
    return tried
