"""What every path through an `__init__` does to the instance, as far as its own lines tell."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from ..base.typed import TYPE_CHECKING, NamedTuple
from ..source.ast_nodes import walk

if TYPE_CHECKING:
    from typing import Any, TypeGuard

SUPER = "super()"
_NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Start(NamedTuple):
    """What every path through an `__init__` does.

    `sets` are the attributes that it assigns on the instance without having asked for them
    before, or having shown the instance to other code (those with a name like `__x` are left
    out). `calls` are the classes whose `__init__` it calls on the instance: SUPER, or a dotted
    name as the module sees it. `read` are the attributes that an `__init__` with such calls reads
    of whatever objects. `given` are those of `sets` that are assigned a parameter which has no
    default.
    """

    sets: tuple[str, ...]
    calls: tuple[str, ...]
    read: tuple[str, ...]
    given: tuple[str, ...]


def starts(tree: ast.Module) -> dict[int, Start]:
    """What each `__init__` of a module's classes surely does, by the line of its `def`.

    Those of which that isn't known are left out.
    """
    found: dict[int, Start] = {}
    for node in walk(tree):
        if isinstance(node, ast.ClassDef):
            for statement in node.body:
                if isinstance(statement, ast.FunctionDef) and statement.name == "__init__":
                    start = started(statement, node.name)
                    if start is not None:
                        found[statement.lineno] = start
    return found


def started(function: ast.FunctionDef, class_name: str) -> Start | None:
    """What the `__init__` of a class surely does.

    Args:
        function: the `__init__`.
        class_name: the class's name.

    Returns:
        what is true of every call that returns; None where a decorator may replace the function,
        or its first parameter is bound anew.
    """
    arguments = function.args
    parameters = [*arguments.posonlyargs, *arguments.args]
    if not parameters or function.decorator_list:
        return None
    positional = parameters[: len(parameters) - len(arguments.defaults)]
    keywords = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    required = {part.arg for part in positional}
    required.update(part.arg for part, default in keywords if default is None)
    reader = _Reader(parameters[0].arg, class_name, required)
    done = reader.block(function.body)
    if reader.is_rebound:
        return None
    read = tuple(sorted(reader.read)) if done.calls else ()
    sets = tuple(name for name in done.sets if not name.startswith("__"))
    return Start(sets, tuple(done.calls), read, tuple(filter(reader.given.__contains__, sets)))


class _Done(NamedTuple):
    """What a block surely does. `ends`: it raises an exception; `leaves`: it may return."""

    sets: dict[str, None]
    calls: dict[str, None]
    ends: bool = False
    leaves: bool = False


class _Reader:
    def __init__(self, first: str, class_name: str, required: set[str]) -> None:
        self.first = first
        self.class_name = class_name
        self.read: set[str] = set()  # attributes of whatever object, so far
        self.given: set[str] = set()  # attributes that are assigned a required parameter
        self.is_rebound = False
        self._required = required
        self._is_shown = False  # to code that may look at any attribute of it

    def block(self, body: Iterable[ast.stmt]) -> _Done:
        sets: dict[str, None] = {}
        calls: dict[str, None] = {}
        for statement in body:
            done = self._statement(statement)
            sets |= done.sets
            calls |= done.calls
            if done.ends or done.leaves:
                return _Done(sets, calls, done.ends, done.leaves)
        return _Done(sets, calls)

    def _statement(self, statement: ast.stmt) -> _Done:
        if isinstance(statement, ast.If):
            self._note(statement.test)
            return _either([self.block(statement.body), self.block(statement.orelse)])
        if isinstance(statement, ast.Try):
            return self._try(statement)
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            called = self._init_called(statement.value)
            if called:
                return _Done({}, {called: None})
        leaves = self._note(statement) and not isinstance(statement, _NESTED)
        if isinstance(statement, ast.Assign):
            if isinstance(statement.value, ast.Name) and statement.value.id in self._required:
                self.given.update(part.attr for part in statement.targets if self._is_own(part))
            return _Done(dict.fromkeys(self._assigned(statement.targets)), {}, False, leaves)
        if isinstance(statement, ast.AnnAssign) and statement.value is not None:
            return _Done(dict.fromkeys(self._assigned([statement.target])), {}, False, leaves)
        return _Done({}, {}, isinstance(statement, ast.Raise), leaves)

    def _try(self, statement: ast.Try) -> _Done:
        tried = self.block([*statement.body, *statement.orelse])
        ways = [tried, *(self.block(handler.body) for handler in statement.handlers)]
        last = self.block(statement.finalbody)
        done = _either(ways)
        return _Done(
            done.sets | last.sets,
            done.calls | last.calls,
            done.ends or last.ends,
            done.leaves or last.leaves,
        )

    def _assigned(self, targets: Iterable[ast.expr]) -> list[str]:
        """The attributes of the instance that an assignment binds, to what it didn't tell."""
        found: list[str] = []
        waiting: list[Any] = [] if self._is_shown else list(targets)
        while waiting:
            target = waiting.pop(0)
            if isinstance(target, (ast.Tuple, ast.List)):
                waiting = [*target.elts, *waiting]
            elif isinstance(target, ast.Starred):
                waiting.insert(0, target.value)
            elif self._is_own(target) and target.attr not in self.read:
                found.append(target.attr)
        return found

    def _init_called(self, call: ast.Call) -> str:
        """The class whose `__init__` is called on the instance: `super()`, a dotted name, or ""."""
        function = call.func
        if not isinstance(function, ast.Attribute) or function.attr != "__init__":
            return ""
        owner = function.value
        if isinstance(owner, ast.Call):
            if not self._is_super(owner):
                return ""
            name, arguments = SUPER, call.args
        elif isinstance(owner, (ast.Name, ast.Attribute)) and self._is_first(call.args):
            name, arguments = ast.unparse(owner), call.args[1:]
        else:
            return ""
        for argument in (*arguments, *(keyword.value for keyword in call.keywords)):
            self._note(argument)
        return name

    def _is_super(self, call: ast.Call) -> bool:
        """Is it `super()`, or what that means?"""
        if not _is_named(call.func, "super"):
            return False
        owner = call.args[0] if call.args else None
        return owner is None or (
            _is_named(owner, self.class_name) and self._is_first(call.args[1:])
        )

    def _is_first(self, arguments: Sequence[ast.expr]) -> bool:
        """Is the first of them the instance?"""
        return bool(arguments) and _is_named(arguments[0], self.first)

    def _note(self, node: ast.AST) -> bool:
        """Note what is asked of the instance; is there a `return`?"""
        leaves = False
        names = attributes = 0
        part: Any
        for part in walk(node):
            kind = part.__class__
            if kind is ast.Name:
                is_load = part.ctx.__class__ is ast.Load
                if part.id == self.first:
                    names += 1
                    self.is_rebound |= not is_load
                elif not is_load:
                    self._required.discard(part.id)
            elif kind is ast.Attribute:
                if part.ctx.__class__ is ast.Load:
                    self.read.add(part.attr)
                attributes += self._is_own(part)
            elif kind is ast.Call:
                self._is_shown |= self._is_own(part.func) or _is_named(part.func, "super")
                self.read.update(_asked_by_name(part))
            elif kind is ast.Return:
                leaves = True
        self._is_shown |= names > attributes
        return leaves

    def _is_own(self, node: ast.AST) -> TypeGuard[ast.Attribute]:
        """Is it an attribute of the instance?"""
        return isinstance(node, ast.Attribute) and _is_named(node.value, self.first)


def _is_named(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _asked_by_name(call: ast.Call) -> Iterable[str]:
    """The attribute that `getattr(…, "name")` or `hasattr(…, "name")` asks for."""
    match call:
        case ast.Call(func=ast.Name("getattr" | "hasattr"), args=[_, ast.Constant(str(name)), *_]):
            return (name,)
    return ()


def _either(ways: Iterable[_Done]) -> _Done:
    """What is done whichever way is taken."""
    ways = list(ways)
    open_ways = [way for way in ways if not way.ends]
    if not open_ways:
        return _Done({}, {}, True, any(way.leaves for way in ways))
    sets, calls = dict(open_ways[0].sets), dict(open_ways[0].calls)
    for way in open_ways[1:]:
        sets = {name: None for name in sets if name in way.sets}
        calls = {name: None for name in calls if name in way.calls}
    return _Done(sets, calls, False, any(way.leaves for way in ways))
