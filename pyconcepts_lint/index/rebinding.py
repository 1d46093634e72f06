"""Which names of a module other things are bound to after it has been imported.

A function that says `global name` and assigns it, or that assigns `module.name`, does so when it
is called. What a module's own body may call has run when the import ends.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from ..base.typed import TYPE_CHECKING, NamedTuple
from ..source.ast_nodes import child_nodes, own_nodes, walk
from ..source.python3 import parsed_or_none
from .collect import dotted_name, is_main_guard
from .facts import IMMUTABLE_VALUES, Access, BindingKind
from .loading import loading_of
from .model import Module
from .references import is_local_reference
from .tables import uses

if TYPE_CHECKING:
    from .model import Index

_Function = (ast.FunctionDef, ast.AsyncFunctionDef)
# What takes a function in order to call it when the program ends, or when a signal comes.
_CALL_LATER = frozenset({"atexit.register", "signal.signal"})


class Rebinding(NamedTuple):
    """That a function of a module binds a name anew. `line` is the 1-based one of the statement;
    `function` is its name, with those of the classes around it."""

    module: Module
    function: str
    line: int


def rebinding_of(module: Module, name: str) -> Rebinding | None:
    """A function that may bind the global `name` of a module anew once that has been imported.

    One of the module itself, or of another module of the project that isn't a test. None where
    there is none, or where the module's body may call it.
    """
    project = module.project
    bindings = module.bindings.get(name, ())
    first = [
        b
        for b in bindings
        if b.kind not in (BindingKind.ANNOTATION, BindingKind.DELETE, BindingKind.GLOBAL)
    ]
    if not first:
        return None  # there is nothing to import before a function binds it
    # `name += …` may leave a mutable object in its place.
    is_immutable = all(b.kind is BindingKind.ASSIGN and b.value in IMMUTABLE_VALUES for b in first)
    if any(binding.kind is BindingKind.GLOBAL for binding in bindings):
        for function, line, is_augmented in _stores(module).own.get(name, ()):
            if is_immutable or not is_augmented:
                return Rebinding(module, function, line)
    for other, receiver, context in project.row(uses, name):
        if other is module or other.is_test or context is not Access.SET:
            continue
        if project.resolve(other, receiver) is module:
            for function, line, is_augmented, stored in _stores(other).foreign.get(name, ()):
                is_new = is_immutable or not is_augmented
                if is_new and (is_local_reference(receiver) or stored == receiver):
                    return Rebinding(other, function, line)
    return None


def rebinding_below_import(module: Module, name: str, importer: Module) -> Rebinding | None:
    """Where another module of the project, that isn't a test, binds the global `name` of a module anew
    at import time, below an import of its own that has loaded `importer` by then."""
    project = module.project
    first = [
        b
        for b in module.bindings.get(name, ())
        if b.kind not in (BindingKind.ANNOTATION, BindingKind.DELETE)
    ]
    is_immutable = all(b.kind is BindingKind.ASSIGN and b.value in IMMUTABLE_VALUES for b in first)
    for other, receiver, context in project.row(uses, name) if first else ():
        if other in (module, importer) or other.is_test or context is Access.READ:
            continue
        if project.resolve(other, receiver) is not module:
            continue
        for _, line, is_augmented, stored in _stores(other).at_import.get(name, ()):
            is_new = stored == receiver and (is_immutable or not is_augmented)
            if is_new and _has_loaded(other, line, importer):
                return Rebinding(other, "", line)
    return None


def _has_loaded(module: Module, line: int, wanted: Module) -> bool:
    """Has a module surely imported another one, directly or by what that imports, above a line?"""
    loading = loading_of(module.project)
    return any(
        found is not None
        and (found.path == wanted.path or wanted.path in loading.closure(found.path).paths)
        for statement in module.facts.imports
        if not statement.flags and statement.line < line
        for _, found in loading.loaded(module, statement)
    )


class _Stores(NamedTuple):
    """What the functions of a module assign that its body doesn't call: globals by name, as
    function, line and whether by an augmented assignment; attributes by name, as those and the
    receiver. `at_import` are the attributes that the body itself assigns."""

    own: dict[str, list[tuple[str, int, bool]]]
    foreign: dict[str, list[tuple[str, int, bool, str]]]
    at_import: dict[str, list[tuple[str, int, bool, str]]]


def _known(project: Index) -> dict[str, _Stores]:
    return {}


def _stores(module: Module) -> _Stores:
    known = module.project.cached(_known)
    text = module.project.text(module)  # noted as what the answer rests on, each time
    if module.path not in known:
        known[module.path] = _read(text)
    return known[module.path]


def _read(text: str | None) -> _Stores:
    found = _Stores({}, {}, {})
    tree = parsed_or_none(text)
    if tree is None:
        return found
    called = _called_at_import(tree)
    for name, function in _functions(tree.body):
        if name.partition(".")[0] in called or name.rpartition(".")[2] in called:
            continue
        for scope in (node for node in walk(function) if isinstance(node, _Function)):
            _note_stores(found, name, own_nodes(*child_nodes(scope)))
    body = _Stores({}, found.at_import, {})
    _note_stores(body, "", [*_at_import(tree.body), *_under_guards(tree.body)])
    return found


def _note_stores(found: _Stores, name: str, nodes: list[ast.AST]) -> None:
    """Note what the nodes of one function assign; `name` is that of the outermost one."""
    declared = {n for node in nodes if isinstance(node, ast.Global) for n in node.names}
    augmented = {id(node.target) for node in nodes if isinstance(node, ast.AugAssign)}
    for node in nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            if node.id in declared:
                stored = (name, node.lineno, id(node) in augmented)
                found.own.setdefault(node.id, []).append(stored)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            given = (name, node.lineno, id(node) in augmented, dotted_name(node.value))
            found.foreign.setdefault(node.attr, []).append(given)


def _functions(body: Iterable[ast.stmt], around: str = "") -> Iterator[tuple[str, ast.stmt]]:
    """The functions of a module and the methods of its classes, with their names."""
    for statement in body:
        if isinstance(statement, _Function):
            yield around + statement.name, statement
        elif isinstance(statement, ast.ClassDef):
            yield from _functions(statement.body, f"{around}{statement.name}.")
        else:
            for field in ("body", "orelse", "finalbody"):
                yield from _functions(getattr(statement, field, ()), around)
            for handler in getattr(statement, "handlers", ()):
                yield from _functions(handler.body, around)


def _called_at_import(tree: ast.Module) -> set[str]:
    """The names of functions and classes that the module's body may call, however indirectly."""
    mentioned: dict[str, set[str]] = {}
    for name, function in _functions(tree.body):
        names = set(_mentioned(walk(function)))
        for key in {name.partition(".")[0], name.rpartition(".")[2]}:
            mentioned.setdefault(key, set()).update(names)
    waiting = list(_mentioned(_at_import(tree.body)))
    called: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in called:
            called.add(name)
            waiting.extend(mentioned.get(name, ()))
    return called


def _under_guards(body: Iterable[ast.stmt]) -> Iterator[ast.AST]:
    """What runs under a `__main__` guard."""
    for statement in body:
        if isinstance(statement, ast.If) and is_main_guard(statement.test):
            yield from _at_import(statement.body)


def _mentioned(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


def _at_import(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """The expressions that run when a module is imported."""
    waiting = list(body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (*_Function, ast.Lambda)):
            waiting += getattr(node, "decorator_list", ())
            waiting += (*node.args.defaults, *filter(None, node.args.kw_defaults))
        elif isinstance(node, ast.If) and is_main_guard(node.test):
            waiting += node.orelse
        elif isinstance(node, ast.Call) and dotted_name(node.func) in _CALL_LATER:
            continue
        else:
            yield node
            waiting += child_nodes(node)
