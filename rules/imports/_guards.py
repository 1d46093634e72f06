"""Imports that are written twice on purpose."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from pyconcepts_lint.rule_api.file import LintedFile
from pyconcepts_lint.source.ast_nodes import child_nodes, walk

Place = tuple[int, int]

# `sys.version_info`, `sys.hexversion`, `six.PY2`, `PY3K`, `is_python2` …
_VERSION_NAME = re.compile(r"\w*version_info|\w*py(?:thon)?_?[23]\w*", re.IGNORECASE)


def one_of_two(file: LintedFile) -> frozenset[Place]:
    """Where the imports stand that are one of several ways to the same name.

    These are the ones in a branch on Python's version, and those in a `try` (or one of its
    `except` clauses) that bind a name which an import in the other part binds, too.
    """
    found: set[Place] = set()
    if file.tree is None:
        return frozenset()
    waiting: list[tuple[ast.AST, bool, frozenset[str]]] = [(file.tree, False, frozenset())]
    while waiting:
        node, is_branch, fallbacks = waiting.pop()
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            if is_branch or not fallbacks.isdisjoint(bound_names(node)):
                found.add(place(file, node))
        elif isinstance(node, ast.If):
            is_branch = is_branch or _asks_version(node.test)
            waiting += ((child, is_branch, fallbacks) for child in (*node.body, *node.orelse))
        elif isinstance(node, (ast.Try, ast.TryStar)):
            parts = [node.body, *(handler.body for handler in node.handlers)]
            names = [_imported(part) for part in parts]
            for number, part in enumerate(parts):
                others = fallbacks.union(*names[:number], *names[number + 1 :])
                waiting += ((child, is_branch, others) for child in part)
            waiting += ((child, is_branch, fallbacks) for child in (*node.orelse, *node.finalbody))
        elif not isinstance(node, ast.expr):
            waiting += ((child, is_branch, fallbacks) for child in child_nodes(node))
    return frozenset(found)


def _asks_version(test: ast.expr) -> bool:
    """Is Python's version among what a condition asks?"""
    for node in walk(test):
        if isinstance(node, ast.Name):
            name = node.id
        elif isinstance(node, ast.Attribute):
            name = node.attr
            is_of_sys = isinstance(node.value, ast.Name) and node.value.id == "sys"
            if is_of_sys and name.startswith(("version", "hexversion")):
                return True
        else:
            continue
        if _VERSION_NAME.match(name):
            return True
    return False


def bound_names(node: ast.Import | ast.ImportFrom) -> Iterable[str]:
    """The names that an import statement binds; "*" for a star import."""
    for alias in node.names:
        yield alias.asname or alias.name.partition(".")[0]


def place(file: LintedFile, node: ast.stmt) -> Place:
    """A statement's 1-based line and column in characters: the key that facts use."""
    return file.ast_place(node.lineno, node.col_offset)


def _imported(body: Iterable[ast.stmt]) -> set[str]:
    return {
        name
        for statement in body
        for node in walk(statement)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in bound_names(node)
    }
