"""Imports that are written twice on purpose."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from itertools import chain, pairwise

from pyconcepts_lint.index.facts import Import
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rules.imports._statements import range_of
from pyconcepts_lint.source.ast_nodes import walk

# `sys.version_info`, `sys.hexversion`, `six.PY2`, `PY3K`, `is_python2` …
_VERSION_NAME = re.compile(r"\w*version_info|\w*py(?:thon)?_?[23]\w*", re.IGNORECASE)


def is_one_of_two(file: FileContext, statement: Import) -> bool:
    """Is an import statement one of several ways to the same name?

    It is in a branch on Python's version, and in a `try` (or one of its `except` clauses) where it
    binds a name that an import in another part binds, too.
    """
    from pyconcepts_lint.analysis.context import path_in

    names = {alias or name.partition(".")[0] for name, alias in statement.names}
    for parent, child in pairwise(path_in(file, range_of(statement))):
        if isinstance(parent, ast.If) and _asks_version(parent.test):
            return True
        if isinstance(parent, (ast.Try, ast.TryStar)):
            parts: list[Sequence[ast.AST]] = [parent.body, *([each] for each in parent.handlers)]
            if any(child in part for part in parts):
                others = (_imported(part) for part in parts if child not in part)
                if not names.isdisjoint(chain(*others)):
                    return True
    return False


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


def imported_names(node: ast.Import | ast.ImportFrom) -> Iterable[str]:
    """The names that an import statement binds; "*" for a star import."""
    for alias in node.names:
        yield alias.asname or alias.name.partition(".")[0]


def _imported(nodes: Iterable[ast.AST]) -> set[str]:
    return {
        name
        for node in walk(*nodes)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in imported_names(node)
    }
