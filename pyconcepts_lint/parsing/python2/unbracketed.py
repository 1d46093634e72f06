"""`except E, F:`, which binds `F` in Python 2, and catches both from Python 3.14 on (PEP 758)."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from ...source.ast_nodes import SCOPES, child_nodes
from .translation import Translation

KIND = "except-comma"
SINCE = 14
"""The 3.x from which on Python reads it."""


def may_be_newer(translation: Translation) -> bool:
    """May a text that Python 2 reads be one for Python 3.14 as well?

    Not where anything else in it is Python 2's, where what is caught first is a tuple, or where a
    name that is caught can't be that of an exception: what nothing but these clauses binds, and
    what is spelled as a variable unless a class statement or an import binds it.
    """
    constructs = translation.constructs
    if not constructs or any(construct.kind != KIND for construct in constructs):
        return False
    try:
        tree = ast.parse(translation.text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return all(map(_may_be_caught, _clauses(tree)))


class _Clause:
    """An `except` clause with a name, and the names that are bound where it looks for names."""

    def __init__(self, handler: ast.ExceptHandler, bound: frozenset[str]) -> None:
        self.handler = handler
        self.bound = bound


def _may_be_caught(clause: _Clause) -> bool:
    return not isinstance(clause.handler.type, ast.Tuple) and (
        clause.handler.name in clause.bound
        or ("*" in clause.bound and not _is_variable(clause.handler.name or ""))
        or _is_exception(clause.handler.name)
    )


def _is_variable(name: str) -> bool:
    """Is it spelled as names of variables are, and not as some old exceptions are?"""
    return name.islower() and not name.endswith(("error", "exception", "timeout", "warning"))


def _is_exception(name: str | None) -> bool:
    kind = getattr(builtins, name or "", None)
    return isinstance(kind, type) and issubclass(kind, BaseException)


def _clauses(tree: ast.Module) -> Iterator[_Clause]:
    waiting: list[tuple[ast.AST, frozenset[str]]] = [(tree, frozenset(_bound(tree)))]
    while waiting:
        node, bound = waiting.pop()
        if isinstance(node, ast.ExceptHandler) and node.name:
            yield _Clause(node, bound)
        if isinstance(node, SCOPES):
            bound |= frozenset(_bound(node))
        waiting += [(child, bound) for child in child_nodes(node)]


def _bound(scope: ast.AST) -> Iterator[str]:
    """What a scope binds that may be an exception: not in `except` clauses, and no variables."""
    waiting = child_nodes(scope)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Store) and not _is_variable(node.id):
                yield node.id
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]
        elif isinstance(node, ast.arg) and not _is_variable(node.arg):
            yield node.arg
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            yield from node.names
        elif isinstance(node, SCOPES):
            yield getattr(node, "name", "")
            continue
        waiting += child_nodes(node)
