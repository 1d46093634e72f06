"""What an `__init__` reads of its instance before it binds it, as far as the class's text tells."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from contextlib import suppress

from pyconcepts_lint.base.typed import TYPE_CHECKING, NamedTuple
from pyconcepts_lint.index.binder import mangled
from pyconcepts_lint.source.ast_nodes import COMPREHENSIONS, SCOPES, child_nodes, walk

if TYPE_CHECKING:
    from typing import TypeGuard

_MOST_CALLS = 3
_SIMPLE = (
    *(ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr, ast.Assert, ast.Import, ast.ImportFrom),
    *(ast.Pass, ast.Global, ast.Nonlocal),
)


class EarlyRead(NamedTuple):
    """That every `__init__` of a class reads an attribute of `self` which it binds later, or another
    method does: `read`, in the method that `call` calls, if any. `called` are the methods of the
    class that have been called by then."""

    name: str
    read: ast.Attribute
    call: ast.Attribute | None
    bound_line: int
    called: tuple[str, ...]


def early_reads_of(node: ast.ClassDef) -> Iterator[EarlyRead]:
    """The first such read of each attribute."""
    methods = _methods(node)
    init = methods.get("__init__")
    if init is None:
        return
    bases = [
        base for base in node.bases if not (isinstance(base, ast.Name) and base.id == "object")
    ]
    reader = _Reader(node.name, methods, has_bases=bool(bases))
    first = {
        name: EarlyRead(name, read, call, 0, called)
        for read, call, called in reversed(reader.reads_of(init))
        if (name := mangled(read.attr, node.name)) not in methods
    }
    bound = _bound_in(node, methods) if first else {}  # most have none, and this takes longer
    for name, found in sorted(first.items()):
        if name in bound:
            yield found._replace(bound_line=bound[name])


def _bound_in(node: ast.ClassDef, methods: dict[str, ast.FunctionDef]) -> dict[str, int]:
    """The attributes that methods bind on their instance, with the first line that does."""
    bound: dict[str, int] = {}
    for method in methods.values():
        for part in walk(*method.body):
            if _is_own(part) and isinstance(part.ctx, ast.Store):
                bound.setdefault(mangled(part.attr, node.name), part.lineno)
    return bound


def _methods(node: ast.ClassDef) -> dict[str, ast.FunctionDef]:
    """The plain methods of a class that are bound once, and have their instance as `self`."""
    found: dict[str, ast.FunctionDef] = {}
    for part in node.body:
        if isinstance(part, ast.FunctionDef):
            if part.name in found:
                return {}
            found[part.name] = part
    return {
        name: part
        for name, part in found.items()
        if not part.decorator_list
        and (part.args.posonlyargs or part.args.args)
        and (*part.args.posonlyargs, *part.args.args)[0].arg == "self"
    }


class _Stopped(Exception):
    """What follows isn't known to run, or to find the instance as it is here."""


class _Reader:
    """Follows the statements that every call of `__init__` runs, one by one."""

    def __init__(self, owner: str, methods: dict[str, ast.FunctionDef], *, has_bases: bool) -> None:
        self._owner = owner
        self._methods = methods
        self._has_bases = has_bases
        self._bound: set[str] = set()
        self._called: list[str] = []
        self._stack: list[str] = []
        self._call: ast.Attribute | None = None
        self._reads: list[tuple[ast.Attribute, ast.Attribute | None, tuple[str, ...]]] = []

    def reads_of(
        self, init: ast.FunctionDef
    ) -> list[tuple[ast.Attribute, ast.Attribute | None, tuple[str, ...]]]:
        """The reads of attributes that nothing has bound by then, in their order."""
        with suppress(_Stopped):
            self._run(init)
        return self._reads

    def _run(self, method: ast.FunctionDef) -> None:
        if any(isinstance(part, (ast.Yield, ast.YieldFrom)) for part in walk(*method.body)):
            raise _Stopped
        for statement in method.body:
            sure, unsure = _parts(statement)
            self._may_do(walk(*unsure))
            for part in sure:
                self._do(part)
            if isinstance(statement, ast.Return) and self._stack:
                return
            if isinstance(statement, (ast.Return, ast.Raise)) or (
                not isinstance(statement, (*_SIMPLE, *SCOPES)) and _leaves(unsure)
            ):
                raise _Stopped

    def _do(self, node: ast.AST) -> None:
        """What surely is evaluated."""
        if _is_self(node):
            raise _Stopped  # other code gets the instance
        if _is_own(node):
            name = mangled(node.attr, self._owner)
            if isinstance(node.ctx, ast.Store):
                self._bound.add(name)
            elif isinstance(node.ctx, ast.Del) or node.attr in ("__dict__", "__class__"):
                raise _Stopped
            elif name not in self._bound:
                self._reads.append((node, self._call, tuple(self._called)))
        elif isinstance(node, ast.Call):
            if _is_own(node.func):
                self._do_call(node.func)
            elif isinstance(node.func, ast.Name) and node.func.id == "super" and self._has_bases:
                raise _Stopped

    def _do_call(self, called: ast.Attribute) -> None:
        name = called.attr
        method = self._methods.get(name)
        if method is None or name in self._stack or len(self._stack) >= _MOST_CALLS:
            raise _Stopped
        outermost = self._call
        self._call = outermost or called
        self._called.append(name)
        self._stack.append(name)
        self._run(method)
        self._stack.pop()
        self._call = outermost
        self._may_do(walk(*method.body))

    def _may_do(self, nodes: Sequence[ast.AST]) -> None:
        """What may be evaluated: it binds what it may bind."""
        own = [node for node in nodes if _is_own(node)]
        if len(own) < sum(map(_is_self, nodes)):
            raise _Stopped
        for each in own:
            if isinstance(each.ctx, ast.Store):
                self._bound.add(mangled(each.attr, self._owner))
            elif each.attr in ("__dict__", "__class__"):
                raise _Stopped
        for node in nodes:
            if isinstance(node, ast.Name) and node.id == "super" and self._has_bases:
                raise _Stopped
            if isinstance(node, ast.Call) and _is_own(node.func):
                name = node.func.attr
                method = self._methods.get(name)
                if method is None:
                    raise _Stopped
                if name not in self._called:
                    self._called.append(name)
                    self._may_do(walk(*method.body))


def _leaves(parts: Sequence[ast.AST]) -> bool:
    """May the method end in a compound statement?"""
    return any(isinstance(part, (ast.Return, ast.Raise)) for part in walk(*parts))


def _is_own(node: ast.AST) -> TypeGuard[ast.Attribute]:
    return isinstance(node, ast.Attribute) and _is_self(node.value)


def _is_self(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def _parts(statement: ast.stmt) -> tuple[list[ast.AST], list[ast.AST]]:
    """What surely is evaluated where a statement is, in the order in which that happens, and the
    trees that may be."""
    sure: list[ast.AST] = []
    unsure: list[ast.AST] = []
    match statement:
        case ast.If(test=test) | ast.While(test=test):
            first: Sequence[ast.AST] = [test]
        case ast.For(iter=iterated) | ast.AsyncFor(iter=iterated):
            first = [iterated]
        case ast.With(items=[item, *_]):
            first = [item.context_expr]
        case ast.Match(subject=subject):
            first = [subject]
        case (
            ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() | ast.Try() | ast.TryStar()
        ):
            first = []
        case ast.Assign(targets=targets, value=value):
            first = [value, *targets]
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            first = [value, target]
        case ast.AnnAssign() | ast.Assert():
            first = []
        case ast.AugAssign(target=ast.Attribute() as target, value=value):
            read = ast.Attribute(target.value, target.attr, ast.Load())
            first = [ast.copy_location(read, target), value, target]
        case _:
            first = child_nodes(statement)
    _evaluated(first, sure, unsure)
    if not isinstance(statement, ast.AnnAssign):
        unsure += [part for part in child_nodes(statement) if part not in first]
    return sure, unsure


def _evaluated(nodes: Sequence[ast.AST], sure: list[ast.AST], unsure: list[ast.AST]) -> None:
    for node in nodes:
        if isinstance(node, SCOPES):
            unsure.append(node)
            continue
        below = [] if _is_own(node) else child_nodes(node)
        now = _surely_below(node, below)
        _evaluated(now, sure, unsure)
        unsure += [part for part in below if part not in now]
        sure.append(node)


def _surely_below(node: ast.AST, below: list[ast.AST]) -> list[ast.AST]:
    if isinstance(node, COMPREHENSIONS):
        return [node.generators[0].iter]
    if isinstance(node, ast.IfExp):
        return [node.test]
    if isinstance(node, ast.BoolOp):
        return [node.values[0]]
    if isinstance(node, ast.Compare):
        return [node.left, node.comparators[0]]
    return below
