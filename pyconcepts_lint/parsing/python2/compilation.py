"""What Python 3's parser takes and its compiler refuses, though Python 2 allows it."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator

from ...base.typed import NamedTuple
from ...source.ast_nodes import COMPREHENSIONS, child_nodes

_SUSPECT = re.compile(r"\b(?:global|yield)\b|\bimport\s*\*")


class Refused(NamedTuple):
    """A node for which Python 3 raises SyntaxError when it compiles the tree."""

    kind: str
    message: str
    node: ast.expr | ast.stmt


def refused(text: str, tree: ast.Module) -> Iterator[Refused]:
    """All such nodes in a text that was Python 2, and its tree."""
    if _SUSPECT.search(text) and not _compiles(text):
        yield from _refused(tree)


def _compiles(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, "<translation>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
    return True


def _refused(tree: ast.Module) -> Iterator[Refused]:
    scopes: list[ast.AST] = [tree]
    while scopes:
        scope = scopes.pop()
        used: set[str | None] = set()
        for node in _nodes(scope):
            match node:
                case ast.FunctionDef() | ast.ClassDef():
                    used.add(node.name)
                    scopes.append(node)
                case ast.Lambda() | ast.ListComp() | ast.SetComp() | ast.DictComp():
                    scopes.append(node)
                case ast.GeneratorExp():
                    scopes.append(node)
                case ast.Name():
                    used.add(node.id)
                case ast.alias():
                    used.add(node.asname or node.name.partition(".")[0])
                case ast.ExceptHandler():
                    used.add(node.name)
                case ast.Global():
                    for name in used.intersection(node.names):
                        yield Refused(
                            "late-global",
                            f"`global {name}` comes behind a use of `{name}`: Python 2 warns, "
                            "Python 3 raises SyntaxError",
                            node,
                        )
                case ast.ImportFrom() if scope is not tree and node.names[0].name == "*":
                    yield Refused(
                        "star-import-in-function",
                        "`import *` may stand in a function or class in Python 2; "
                        "Python 3 allows it only at module level",
                        node,
                    )
                case ast.Yield() if isinstance(scope, COMPREHENSIONS):
                    yield Refused(
                        "yield-in-comprehension",
                        "`yield` may stand in a comprehension in Python 2; in Python 3 it may not",
                        node,
                    )


def _nodes(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes that belong to a scope, statements in the order of the text; those of scopes
    inside do not."""
    stack = list(reversed(_inner_parts(scope)))
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(_outer_parts(node)))


def _inner_parts(scope: ast.AST) -> list[ast.AST]:
    match scope:
        case ast.Module() | ast.FunctionDef() | ast.ClassDef():
            return list(scope.body)
        case ast.Lambda():
            return [scope.body]
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            evaluated_outside = scope.generators[0].iter
            clauses = [part for clause in scope.generators for part in child_nodes(clause)]
            parts = [part for part in clauses if part is not evaluated_outside]
            return [*(p for p in child_nodes(scope) if isinstance(p, ast.expr)), *parts]
    return []


def _outer_parts(node: ast.AST) -> list[ast.AST]:
    match node:
        case ast.FunctionDef():
            return [*node.decorator_list, *node.args.defaults]
        case ast.ClassDef():
            return [*node.decorator_list, *node.bases]
        case ast.Lambda():
            return list(node.args.defaults)
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return [node.generators[0].iter]
    return child_nodes(node)
