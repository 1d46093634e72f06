"""What is noted of each file for the rules about closures."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator

from pyconcepts_lint.base.typed import TYPE_CHECKING, NamedTuple
from pyconcepts_lint.index.extractor import Lines, extractor
from pyconcepts_lint.index.facts import IMPORT_KINDS, BindingKind
from pyconcepts_lint.source.ast_nodes import bound_names, first_line, own_nodes, walk
from pyconcepts_lint.source.scopes import ScopeKind
from pyconcepts_lint.source.signatures import parameter_names

if TYPE_CHECKING:
    from pyconcepts_lint.index.binder import FileIndex, Scope


class NameInFunction(NamedTuple):
    """A name, and the lines of a function, with its decorators."""

    name: str
    first_line: int
    last_line: int


@extractor(NameInFunction, words=("def",))
def early_reads(index: FileIndex) -> Iterator[NameInFunction]:
    """The names that a function reads, in the order of the text, before it binds them, and that a
    function around it or the module binds too; with that function.

    Whether they have a value there is for the paths to tell.
    """
    rebound = {binding.name for binding in index.bindings if binding.kind is BindingKind.GLOBAL}
    for scope, name in dict.fromkeys(index.read_first):
        if scope.statement is None or name in scope.declared:
            continue
        if name in parameter_names(scope.statement.args):
            continue  # it is deleted
        if scope.binder_of(name) is not None or name in rebound:
            yield NameInFunction(name, *_lines(scope.statement))


BUILTINS = frozenset(name for name in dir(builtins) if not name.startswith("_"))


@extractor(NameInFunction, words=("def",))
def hidden_names(index: FileIndex) -> Iterator[NameInFunction]:
    """The names that a function binds and reads, and that mean a built-in or something imported
    outside of it; with that function. A parameter has a value from the start."""
    imported = {binding.name for binding in index.bindings if binding.kind in IMPORT_KINDS}
    for scope in index.scopes:
        if scope.kind is ScopeKind.FUNCTION and scope.statement is not None:
            names = (scope.rebound & scope.reads).difference(scope.declared)
            hidden = {name for name in names if name in imported or name in BUILTINS}
            if hidden:
                for name in sorted(hidden - parameter_names(scope.statement.args)):
                    yield NameInFunction(name, *_lines(scope.statement))


@extractor(NameInFunction, words=("def",))
def lost_assignments(index: FileIndex) -> Iterator[NameInFunction]:
    """The names that a function binds and it, or one inside of it, reads, and which another
    function inside of it binds and doesn't read; with the outer one."""
    for scope in index.scopes:
        if (
            scope.kind is not ScopeKind.FUNCTION
            or not scope.rebound
            or next(scope.enclosing()).kind is not ScopeKind.FUNCTION
        ):
            continue
        for name in sorted((scope.rebound - scope.reads).difference(scope.declared)):
            outer = scope.binder_of(name)
            if outer is None or outer.statement is None or name in outer.declared:
                continue
            if name in outer.reads:
                yield NameInFunction(name, *_lines(outer.statement))


@extractor(Lines, words=("def", "lambda"))
def captures(index: FileIndex) -> Iterator[Lines]:
    """The outermost loops, and statements with comprehensions, in which a function is made that
    uses a name which the scope around binds."""
    for scope in index.scopes:
        if scope.kind is not ScopeKind.FUNCTION:
            continue
        assert scope.parent is not None
        free = scope.reads - scope.names
        parent, statement = scope.parent, None
        while parent.kind is ScopeKind.COMPREHENSION:
            if not free.isdisjoint(parent.names):
                statement = scope.made_in
            assert parent.parent is not None
            parent = parent.parent
        if scope.loop_around is not None and parent.kind is not ScopeKind.CLASS:
            # Parameters aren't rebound in the loop.
            bound = parent.names if parent.kind is ScopeKind.MODULE else parent.rebound
            if not free.isdisjoint(bound):
                statement = scope.loop_around
        if statement is not None:
            yield Lines(*_lines(statement))


class KeptParameter(NamedTuple):
    """A parameter of a function, or of a method of a class, at the top of the module, whose
    argument goes on to exist when the call is over.

    `function` is the qualified name; `position` counts from 0, the instance included, and is -1 for
    a parameter that takes keywords only. `holder` is `self` (the instance), `module`, or `result`
    (what the function returns).
    """

    function: str
    parameter: str
    position: int
    holder: str


# Methods that put an argument into a container; which one that is.
PUTS = {"append": 0, "appendleft": 0, "add": 0, "insert": 1, "setdefault": 1}


@extractor(KeptParameter, words=("def",), nodes=(ast.Call, ast.Assign, ast.AnnAssign))
def kept_parameters(index: FileIndex) -> Iterator[KeptParameter]:
    """Parameters that may be functions (the file calls what they are stored as, or their names say
    that they are called later) and that are kept."""
    found: set[KeptParameter] = set()
    for kind in (ast.Assign, ast.AnnAssign):
        for node, scope, _ in index.nodes[kind]:
            if isinstance(node.value, _HANDING_ON) and _is_at_top(scope):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for name in _handed_on(node.value):
                    for target in targets:
                        found.update(_kept(index, scope, name, target))
    for call, scope in index.calls_of(PUTS):
        function = call.func
        if isinstance(function, ast.Attribute) and _is_at_top(scope):
            for argument in call.args[PUTS[function.attr] :][:1]:
                for name in _handed_on(argument):
                    found.update(_kept(index, scope, name, function.value, is_container=True))
    for scope in index.scopes:
        if (
            scope.kind is ScopeKind.FUNCTION
            and scope.parent is not None
            and _is_at_top(scope.parent)
        ):
            found.update(_returned(scope))
    yield from sorted(found)


def _is_at_top(scope: Scope) -> bool:
    """Is it the scope of a function, or a method of a class, at the top of the module?"""
    parent = scope.parent
    if scope.kind is not ScopeKind.FUNCTION or scope.statement is None or parent is None:
        return False
    if parent.kind is ScopeKind.CLASS:
        parent = parent.parent
    return parent is not None and parent.kind is ScopeKind.MODULE


_HANDING_ON = (ast.Name, ast.BoolOp, ast.IfExp, ast.Tuple, ast.List)


def _handed_on(value: ast.expr) -> Iterator[str]:
    """The names that an expression may stand for: `a`, `a or b`, `[a]`."""
    if isinstance(value, ast.Name):
        yield value.id
    elif isinstance(value, ast.BoolOp):
        for part in value.values:
            yield from _handed_on(part)
    elif isinstance(value, ast.IfExp):
        yield from _handed_on(value.body)
        yield from _handed_on(value.orelse)
    elif isinstance(value, (ast.Tuple, ast.List)):
        for part in value.elts:
            yield from _handed_on(part)


def _is_called(index: FileIndex, attribute: str) -> bool:
    """Does the file call an attribute of that name?"""
    return any(
        call.func.__class__ is ast.Attribute for _, call, _ in index.calls.get(attribute, ())
    )


def _kept(
    index: FileIndex, scope: Scope, name: str, target: ast.expr, *, is_container: bool = False
) -> Iterator[KeptParameter]:
    """That a parameter is assigned to something, or put into it, which isn't the function's own."""
    is_item = is_container or isinstance(target, ast.Subscript)
    while isinstance(target, ast.Subscript):
        target = target.value
    attribute = target.attr if isinstance(target, ast.Attribute) else ""
    root: ast.expr = target
    while isinstance(root, (ast.Attribute, ast.Subscript)):
        root = root.value
    if not isinstance(root, ast.Name):
        return
    if not (is_item or _is_called(index, attribute)):
        from pyconcepts_lint.rules.closures._callees import is_for_later

        if not (is_for_later(attribute) or is_for_later(name)):
            return
    if attribute and root.id == scope.method[1]:
        holder = "self"
    elif root.id in scope.declared or (root.id not in scope.names and (is_item or attribute)):
        holder = "module"
    else:
        return
    yield from _parameter(scope, name, holder)


def _parameter(scope: Scope, name: str, holder: str) -> Iterator[KeptParameter]:
    """The row for a parameter of a function's scope, where it is one."""
    assert scope.statement is not None
    args = scope.statement.args
    positional = [arg.arg for arg in (*args.posonlyargs, *args.args)]
    if name in positional:
        position = positional.index(name)
    elif name in (arg.arg for arg in args.kwonlyargs):
        position = -1
    else:
        return
    assert scope.parent is not None
    around = f"{scope.parent.name}." if scope.parent.kind is ScopeKind.CLASS else ""
    yield KeptParameter(f"{around}{scope.name}", name, position, holder)


def _returned(inner: Scope) -> Iterator[KeptParameter]:
    """The parameters of the function around that a function uses which that one returns."""
    outer = inner.parent
    assert outer is not None
    assert outer.statement is not None
    last = outer.statement.body[-1]
    value = last.value if isinstance(last, ast.Return) else None
    if isinstance(value, ast.Name) and value.id == inner.name and inner.statement is not None:
        for name in inner.reads - inner.names:
            yield from _parameter(outer, name, "result")


def _lines(node: ast.stmt) -> tuple[int, int]:
    return first_line(node), node.end_lineno or node.lineno


class HandlerName(NamedTuple):
    """A read of a name that only `except … as name` clauses bind, outside of these; and the line of
    the last such clause above it."""

    name: str
    line: int
    column: int
    handler_line: int


@extractor(HandlerName, words=("except",), nodes=(ast.Try, ast.TryStar))
def names_of_past_handlers(index: FileIndex) -> Iterator[HandlerName]:
    handlers: dict[tuple[Scope, str], list[ast.ExceptHandler]] = {}
    for node, scope, _ in (*index.nodes[ast.Try], *index.nodes[ast.TryStar]):
        if scope.kind in (ScopeKind.FUNCTION, ScopeKind.MODULE):
            for handler in node.handlers:
                if handler.name:
                    handlers.setdefault((scope, handler.name), []).append(handler)
    lines = index.text.splitlines() if handlers else []
    for (scope, name), found in handlers.items():
        body = index.tree if scope.kind is ScopeKind.MODULE else scope.statement
        if body is None or name in scope.declared or name in BUILTINS:
            continue
        first = min(handler.lineno for handler in found)
        last = len(lines) if isinstance(body, ast.Module) else body.end_lineno or 0
        inside = {line for each in found for line in range(each.lineno, (each.end_lineno or 0) + 1)}
        text = "\n".join(lines[line - 1] for line in range(first, last + 1) if line not in inside)
        if re.search(rf"\b{name}\b", text):
            for read in _reads_past(body, name, found):
                above = [each.lineno for each in found if each.lineno < read.lineno]
                yield HandlerName(name, read.lineno, index.place(read), max(above))


def _reads_past(
    body: ast.Module | ast.FunctionDef | ast.AsyncFunctionDef,
    name: str,
    handlers: list[ast.ExceptHandler],
) -> list[ast.Name]:
    """The reads of a name behind the handlers that alone bind it, in the same scope."""
    if not isinstance(body, ast.Module) and name in parameter_names(body.args):
        return []
    within = {id(part) for handler in handlers for part in walk(*handler.body)}
    within |= {  # they may be asked for their items later, or never
        id(part)
        for node in own_nodes(*body.body)
        if isinstance(node, ast.GeneratorExp)
        for part in walk(node)
    }
    first = min(handler.lineno for handler in handlers)
    reads: list[ast.Name] = []
    for node in own_nodes(*body.body):
        if isinstance(node, ast.Name):
            if node.id != name:
                continue
            if not isinstance(node.ctx, ast.Load):
                return []
            if id(node) not in within and node.lineno > first:
                reads.append(node)
        elif (
            (not isinstance(node, ast.ExceptHandler) and name in bound_names(node))
            or (isinstance(node, ast.ImportFrom) and node.names[0].name == "*")
            or (isinstance(node, ast.Call) and getattr(node.func, "id", "") in _NAMESPACES)
        ):
            return []
    is_declared = any(
        isinstance(part, (ast.Global, ast.Nonlocal)) and name in part.names
        for part in (walk(*body.body) if reads else ())
    )
    return [] if is_declared else reads


_NAMESPACES = frozenset({"exec", "globals", "locals", "vars"})
