"""What may have happened on the paths through a function, as far as one variable is concerned."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from enum import Flag, auto

from pyconcepts_lint.base.typed import TYPE_CHECKING
from pyconcepts_lint.source.ast_nodes import child_nodes, walk

if TYPE_CHECKING:
    from typing import TypeAlias

FunctionNode: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef"

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


class State(Flag):
    """Has the thing that is asked about happened, where control comes to a place? Both may be so;
    neither is where it doesn't come."""

    NOWHERE = 0
    BEFORE = auto()
    AFTER = auto()


class _Loop:
    """How control leaves the turns of a loop."""

    def __init__(self) -> None:
        self.broken = State.NOWHERE
        self.continued = State.NOWHERE


class VariablePaths(ABC):
    """A walk along all paths through a function. Any statement may raise an exception.

    Args:
        function: the function.
        name: one of its local variables, which is not global or nonlocal there.
        body: the statements of its body that matter; all of them without it.
    """

    def __init__(
        self, function: FunctionNode, name: str, body: Iterable[ast.stmt] | None = None
    ) -> None:
        self._name = name
        self._loops: list[_Loop] = []
        self._tried: list[list[State]] = []  # what may be when an exception is raised
        self._block(function.body if body is None else body, State.BEFORE)

    @abstractmethod
    def _expression(self, node: ast.AST, state: State, *, surely: bool = True) -> State:
        """What may be behind an expression.

        Args:
            node: the expression.
            state: what may be before.
            surely: is the expression surely evaluated?
        """

    @abstractmethod
    def _read(self, node: ast.Name, state: State, *, surely: bool = True) -> State:
        """What may be behind a read of the variable."""

    @abstractmethod
    def _bind(self, state: State, kind: type[ast.AST]) -> State:
        """What may be where a node of a kind has bound the variable, or deleted it."""

    # Statements

    def _block(self, body: Iterable[ast.stmt], state: State) -> State:
        for statement in body:
            self._note(state)
            state = self._statement(statement, state)
        self._note(state)
        return state

    def _note(self, state: State) -> None:
        """Here an exception may be raised."""
        for states in self._tried:
            states.append(state)

    @contextmanager
    def _trying(self) -> Iterator[list[State]]:
        states: list[State] = []
        self._tried.append(states)
        yield states
        self._tried.pop()

    def _statement(self, node: ast.stmt, state: State) -> State:
        match node:
            case ast.Assign():
                state = self._expression(node.value, state)
                for target in node.targets:
                    state = self._target(target, state, ast.Assign)
            case ast.AugAssign(target=ast.Name(id=self._name) as name):
                state = self._expression(node.value, self._read(name, state))
                state = self._bind(state, ast.AugAssign)
            case ast.AugAssign():
                state = self._expression(node.target, state)
                state = self._expression(node.value, state)
            case ast.AnnAssign():
                if node.value is not None:
                    state = self._expression(node.value, state)
                    state = self._target(node.target, state, ast.AnnAssign)
                elif not isinstance(node.target, ast.Name):
                    state = self._expression(node.target, state)
            case ast.For() | ast.AsyncFor():
                return self._for(node, state)
            case ast.While():
                return self._while(node, state)
            case ast.If():
                state = self._expression(node.test, state)
                return self._block(node.body, state) | self._block(node.orelse, state)
            case ast.With() | ast.AsyncWith():
                return self._with(node, state)
            case ast.Try() | ast.TryStar():
                return self._try(node, state)
            case ast.Match():
                return self._match(node, state)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                for part in _evaluated_outside(node):
                    state = self._expression(part, state)
                if node.name == self._name:
                    state = self._bind(state, type(node))
            case ast.Import() | ast.ImportFrom():
                if any(_bound_by(alias) == self._name for alias in node.names):
                    state = self._bind(state, type(node))
            case ast.Delete():
                for target in node.targets:
                    state = self._target(target, state, ast.Delete)
            case ast.Assert():
                state = self._expression(node.test, state)
                if node.msg is not None:
                    self._expression(node.msg, state, surely=False)
            case ast.Return() | ast.Raise():
                for child in child_nodes(node):
                    state = self._expression(child, state)
                self._note(state)
                return State.NOWHERE
            case ast.Break():
                self._loops[-1].broken |= state
                return State.NOWHERE
            case ast.Continue():
                self._loops[-1].continued |= state
                return State.NOWHERE
            case ast.Expr():
                state = self._expression(node.value, state)
            case _:
                if getattr(getattr(node, "name", None), "id", None) == self._name:
                    state = self._bind(state, type(node))  # type x = …
        return state

    def _for(self, node: ast.For | ast.AsyncFor, state: State) -> State:
        state = self._expression(node.iter, state)
        loop = _Loop()
        self._loops.append(loop)
        at_head = State.NOWHERE
        while at_head != (at_head := at_head | state):
            turn = self._target(node.target, at_head, type(node))
            state = self._block(node.body, turn) | loop.continued
        self._loops.pop()
        return self._block(node.orelse, at_head) | loop.broken

    def _while(self, node: ast.While, state: State) -> State:
        loop = _Loop()
        self._loops.append(loop)
        at_head = tested = State.NOWHERE
        while at_head != (at_head := at_head | state):
            tested = self._expression(node.test, at_head)
            state = self._block(node.body, tested) | loop.continued
        self._loops.pop()
        return self._block(node.orelse, tested) | loop.broken

    def _with(self, node: ast.With | ast.AsyncWith, state: State) -> State:
        with self._trying() as tried:
            for item in node.items:
                state = self._expression(item.context_expr, state)
                if item.optional_vars is not None:
                    self._note(state)
                    state = self._target(item.optional_vars, state, type(node))
            state = self._block(node.body, state)
        # The context manager may swallow an exception.
        return _any(tried) | state

    def _try(self, node: ast.Try | ast.TryStar, state: State) -> State:
        loops = [(loop, loop.broken, loop.continued) for loop in self._loops]
        with self._trying() as everything:
            with self._trying() as tried:
                state = self._block(node.body, state)
            ends = self._block(node.orelse, state)
            for handler in node.handlers:
                state = _any(tried)
                if handler.type is not None:
                    state = self._expression(handler.type, state)
                if handler.name == self._name:
                    state = self._bind(state, ast.ExceptHandler)
                ends |= self._block(handler.body, state)
        if not node.finalbody:
            return ends
        ends = self._block(node.finalbody, _any(everything) | ends)
        # What leaves the loop from inside comes through here, too.
        for loop, broken, continued in loops:
            if loop.broken != broken:
                loop.broken |= ends
            if loop.continued != continued:
                loop.continued |= ends
        return ends

    def _match(self, node: ast.Match, state: State) -> State:
        state = self._expression(node.subject, state)
        ends = State.NOWHERE
        for case in node.cases:
            for part in walk(case.pattern):
                if isinstance(part, ast.expr):
                    self._expression(part, state, surely=False)
                elif self._name in (getattr(part, "name", None), getattr(part, "rest", None)):
                    state |= self._bind(state, type(part))
            matched = state
            if case.guard is not None:
                matched = self._expression(case.guard, state)
                state |= matched
            ends |= self._block(case.body, matched)
        return ends | state

    def _target(self, target: ast.expr, state: State, kind: type[ast.AST]) -> State:
        if isinstance(target, (ast.Tuple, ast.List)):
            for part in target.elts:
                state = self._target(part, state, kind)
            return state
        if isinstance(target, ast.Starred):
            return self._target(target.value, state, kind)
        if not isinstance(target, ast.Name):
            return self._expression(target, state)
        return self._bind(state, kind) if target.id == self._name else state


def parts(node: ast.AST) -> tuple[Sequence[ast.AST], Sequence[ast.AST]]:
    """The parts of an expression that are evaluated in the same scope: those that surely are if
    the expression is, and the others."""
    if isinstance(node, _COMPREHENSIONS):
        return [node.generators[0].iter], []
    if isinstance(node, ast.Lambda):
        return [*node.args.defaults, *filter(None, node.args.kw_defaults)], []
    if isinstance(node, ast.IfExp):
        return [node.test], [node.body, node.orelse]
    if isinstance(node, ast.BoolOp):
        return node.values[:1], node.values[1:]
    if isinstance(node, ast.Compare):
        return [node.left, node.comparators[0]], node.comparators[1:]
    return child_nodes(node), []


def _evaluated_outside(node: FunctionNode | ast.ClassDef) -> Iterator[ast.expr]:
    """What is evaluated around the body of a definition, without annotations: Python may never
    look at these. With type parameters there is another scope around it."""
    yield from node.decorator_list
    if isinstance(node, ast.ClassDef):
        if not getattr(node, "type_params", ()):
            yield from node.bases
            yield from (keyword.value for keyword in node.keywords)
    else:
        yield from node.args.defaults
        yield from filter(None, node.args.kw_defaults)


def _bound_by(alias: ast.alias) -> str:
    return alias.asname or alias.name.partition(".")[0]


def _any(states: Iterable[State]) -> State:
    found = State.NOWHERE
    for state in states:
        found |= state
    return found


def own_nodes(function: FunctionNode) -> Iterator[ast.AST]:
    """The nodes of a function's body, but for those of the scopes inside of it."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, _SCOPES):
            waiting += child_nodes(node)
