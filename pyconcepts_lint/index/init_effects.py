"""What every path through an `__init__` does to the instance, as far as its own lines tell."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from functools import reduce

from ..base.typed import TYPE_CHECKING, NamedTuple
from ..source.ast_nodes import walk
from ..source.control_flow import Analysis, Exit, Graph, Step, solve

if TYPE_CHECKING:
    from typing import Any, TypeGuard

SUPER = "super()"
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


_RETURNS = (Exit.END, Exit.RETURN)


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


def init_effects(tree: ast.Module) -> dict[int, Start]:
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
    reader = _Reader(parameters[0].arg, class_name)
    start = _State(required=frozenset(required))
    graph = Graph(function.body)
    states = solve(graph, reader, start)
    ends = [states[graph.exits[exit]] for exit in _RETURNS if graph.exits[exit] in states]
    if reader.is_rebound:
        return None
    done = reduce(reader.join, ends) if ends else start
    sets = [name for name in reader.order if name in done.sets]
    calls = [name for name in reader.order if name in done.calls]
    return Start(
        tuple(name for name in sets if not name.startswith("__")),
        tuple(calls),
        tuple(sorted(reader.read)) if calls else (),
        tuple(name for name in sets if name in reader.given and not name.startswith("__")),
    )


class _State(NamedTuple):
    """What has surely been done to the instance, and what may have been asked of it.

    `required`: the parameters without a default that have not been bound anew.
    """

    sets: frozenset[str] = frozenset()
    calls: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    read: frozenset[str] = frozenset()  # attributes of whatever object
    is_shown: bool = False  # to code that may look at any attribute of it


class _Reader(Analysis[_State]):
    """What the paths through an `__init__` do.

    `order` are the attributes that may be set and the calls, in the order of the paths.
    """

    def __init__(self, first: str, class_name: str) -> None:
        self.first = first
        self.class_name = class_name
        self.order: dict[str, None] = {}
        self.read: set[str] = set()
        self.given: set[str] = set()  # attributes that are assigned a required parameter
        self.is_rebound = False

    def join(self, one: _State, other: _State) -> _State:
        return _State(
            one.sets & other.sets,
            one.calls & other.calls,
            one.required & other.required,
            one.read | other.read,
            one.is_shown or other.is_shown,
        )

    def run(self, step: Step, state: _State) -> _State:
        node = step.node
        called, passed = self._init_called(node)
        if called:
            self.order[called] = None
            state = self._noted(passed, state)
            return state._replace(calls=state.calls | {called})
        state = self._noted([node] if isinstance(node, _DEFINITIONS) else step.parts, state)
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
            if isinstance(node.value, ast.Name) and node.value.id in state.required:
                self.given.update(part.attr for part in targets if self._is_own(part))
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            targets = [node.target]
        assigned = self._assigned(targets, state)
        self.order.update(dict.fromkeys(assigned))
        return state._replace(sets=state.sets.union(assigned)) if assigned else state

    def _noted(self, parts: Iterable[ast.AST], state: _State) -> _State:
        """The state with what is asked of the instance."""
        names = attributes = 0
        read, required, is_shown = {*state.read}, state.required, state.is_shown
        for part in walk(*parts):
            if isinstance(part, ast.Name):
                is_load = isinstance(part.ctx, ast.Load)
                if part.id == self.first:
                    names += 1
                    self.is_rebound |= not is_load
                elif not is_load:
                    required -= {part.id}
            elif isinstance(part, ast.Attribute):
                if isinstance(part.ctx, ast.Load):
                    read.add(part.attr)
                attributes += self._is_own(part)
            elif isinstance(part, ast.Call):
                is_shown |= self._is_own(part.func) or _is_named(part.func, "super")
                read.update(_asked_by_name(part))
        self.read |= read
        is_shown |= names > attributes
        return state._replace(read=frozenset(read), required=required, is_shown=is_shown)

    def _assigned(self, targets: Iterable[ast.expr], state: _State) -> list[str]:
        """The attributes of the instance that an assignment binds, to what it didn't tell."""
        found: list[str] = []
        waiting: list[Any] = [] if state.is_shown else list(targets)
        while waiting:
            target = waiting.pop(0)
            if isinstance(target, (ast.Tuple, ast.List)):
                waiting = [*target.elts, *waiting]
            elif isinstance(target, ast.Starred):
                waiting.insert(0, target.value)
            elif self._is_own(target) and target.attr not in state.read:
                found.append(target.attr)
        return found

    def _init_called(self, node: ast.AST) -> tuple[str, list[ast.expr]]:
        """The class whose `__init__` a statement calls on the instance (`super()`, a dotted name,
        or ""), and what it passes on."""
        call = node.value if isinstance(node, ast.Expr) else None
        function = call.func if isinstance(call, ast.Call) else None
        if not isinstance(function, ast.Attribute) or function.attr != "__init__":
            return "", []
        assert isinstance(call, ast.Call)
        owner = function.value
        keywords = [keyword.value for keyword in call.keywords]
        if isinstance(owner, ast.Call) and self._is_super(owner):
            return SUPER, [*call.args, *keywords]
        if isinstance(owner, (ast.Name, ast.Attribute)) and self._is_first(call.args):
            return ast.unparse(owner), [*call.args[1:], *keywords]
        return "", []

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
