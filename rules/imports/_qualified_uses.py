"""`import pkg.sub.mod` and its uses: who uses the name `pkg`, and what for."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable
from operator import attrgetter

from pyconcepts_lint.analysis.names import scopes
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.collect import dotted_name
from pyconcepts_lint.index.facts import Import
from pyconcepts_lint.index.model import Module
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rules.imports._guards import imported_names
from pyconcepts_lint.source.ast_nodes import bound_names, child_nodes, first_line, walk

# Callables that evaluate a string argument, or let a type checker do so.
_TAKE_FORWARD_REFERENCES = frozenset(
    {"ForwardRef", "NamedTuple", "NewType", "TypeVar", "TypedDict", "cast", "eval", "exec"}
)


class Use(NamedTuple):
    """One `pkg.sub.mod.f`: its names, the offset where it starts, and where each name ends."""

    names: tuple[str, ...]
    start: int
    ends: tuple[int, ...]
    line: int


def uses_of(file: FileContext, name: str) -> list[Use]:
    """Where the code uses a variable, with the attributes that it surely takes of it there."""
    found: list[Use] = []
    parts: set[ast.AST] = set()
    for node in [] if file.tree is None else walk(file.tree):
        # A reference comes before its parts.
        if not isinstance(node, (ast.Attribute, ast.Name)) or node in parts:
            continue
        attributes: list[ast.Attribute] = []
        root: ast.expr = node
        while isinstance(root, ast.Attribute):
            attributes.insert(0, root)
            root = root.value
            parts.add(root)
        if isinstance(root, ast.Name) and root.id == name:
            if not file.stands_there(node):
                attributes = []
            start, end = file.ast_span(root)
            names = (name, *(each.attr for each in attributes))
            ends = (end, *(file.ast_span(each)[1] for each in attributes))
            found.append(Use(names, start, ends, root.lineno))
    return sorted(found, key=attrgetter("start"))


class Scope(NamedTuple):
    """A module's or function's namespace in which imports bind the name: the lines where it is
    the nearest one that does. `imports` are those import statements; `is_module`: it is the
    module's."""

    first: int
    last: int
    imports: frozenset[Import]
    is_module: bool = False


def scopes_of(file: FileContext, name: str, imports: Iterable[Import]) -> list[Scope] | None:
    """The namespaces in which nothing but these imports binds `name`.

    Returns None where something else binds it, or uses it in a way that can't be followed.
    """
    tree = file.tree
    if tree is None:
        return None
    wanted = {(statement.line, statement.column): statement for statement in imports}
    found: dict[ast.AST, set[Import]] = {}
    waiting: list[tuple[ast.AST, ast.AST]] = [(tree, tree)]
    while waiting:
        node, scope = waiting.pop()
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            if name not in imported_names(node):
                continue
            statement = wanted.get(file.ast_place(node.lineno, node.col_offset))
            if statement is None or isinstance(scope, ast.ClassDef):
                return None
            if any(alias.asname == name for alias in node.names):
                return None
            found.setdefault(scope, set()).add(statement)
            continue
        if binds_name(node, name) or _may_evaluate(node, name):
            return None
        inner = scope
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            inner = node
        waiting += ((child, inner) for child in child_nodes(node))
    scopes: list[Scope] = []
    for scope, binding in found.items():
        if isinstance(scope, ast.Module):
            scopes.append(Scope(1, file.code.line_count, frozenset(binding), True))
        elif isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first = first_line(scope.body[0])
            if first <= max(scope.lineno, _header_end(scope)):
                return None
            scopes.append(Scope(first, scope.end_lineno or first, frozenset(binding)))
    # The innermost first.
    return sorted(scopes, key=lambda scope: scope.last - scope.first)


def stored(file: FileContext) -> frozenset[tuple[str, ...]]:
    """The dotted names of attributes that the code assigns or deletes."""
    if file.tree is None:
        return frozenset()
    return frozenset(
        tuple(dotted_name(node).split("."))
        for node in walk(file.tree)
        if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load)
    )


def is_taken(file: FileContext, name: str, path: str) -> bool:
    """Does any scope of the file know the name, be it by using a built-in of that name, or may a
    star import bring it?

    `path` is the file of the module that is to have it.
    """
    module = file.module
    if module is not None and file.project.may_bind(module, name):
        return True
    if file.text.isascii() and name not in file.text:
        return False
    known = file.cached(scopes)
    if known is None or any(scope.knows(name) for scope in known):
        return True
    assert module is not None
    if name in (module.facts.dunder_all or ()):
        return True
    if not module.name.is_package:
        return False
    # In an `__init__` the names of the submodules are taken by them.
    directory = os.path.dirname(module.path)
    found = file.project.layout.find_below(directory, [name])
    return found is not None and found.path != path


def is_taken_from_outside(module: Module, name: str) -> bool:
    """Does another module of the project use what this one has by a name?

    Any use of an attribute of the name counts, unless it is one of what surely is no module.
    """
    project = module.project
    if any(other is not module for other, _, _ in project.row(tables.uses, name)):
        return True
    own = module.name.dotted
    exported = module.facts.dunder_all
    is_starred = name in exported if exported is not None else not name.startswith("_")
    for other, statement in tables.imports(project):
        if other is module or not statement.is_from:
            continue
        if not any(n == name or (n == "*" and is_starred) for n, _ in statement.names):
            continue
        source = "." * statement.level + statement.module
        if source.lstrip(".").rpartition(".")[2] in ("", own.rpartition(".")[2]) and (
            other.absolute(source) == own
        ):
            return True
    return False


def _header_end(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    parts = walk(function.args)
    lines = [getattr(part, "end_lineno", 0) or 0 for part in parts]
    if function.returns is not None:
        lines.append(function.returns.end_lineno or 0)
    return max(lines, default=0)


def binds_name(node: ast.AST, name: str) -> bool:
    """Does a node bind the name, other than by an import?"""
    return not isinstance(node, ast.alias) and name in bound_names(node)


def _may_evaluate(node: ast.AST, name: str) -> bool:
    """Is the name in a string that is evaluated, or is an annotation?"""
    if isinstance(node, (ast.arg, ast.AnnAssign)):
        parts: list[ast.AST | None] = [node.annotation]
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        parts = [node.returns]
    elif isinstance(node, ast.Subscript):
        parts = [node.slice]
    elif isinstance(node, ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else node.func
        if isinstance(called, ast.Name):
            called = called.id
        if called not in _TAKE_FORWARD_REFERENCES:
            return False
        parts = [*node.args, *(keyword.value for keyword in node.keywords)]
    else:
        return False
    return any(
        isinstance(inner, ast.Constant)
        and isinstance(inner.value, str)
        and name + "." in inner.value
        for part in parts
        if part is not None
        for inner in walk(part)
    )
