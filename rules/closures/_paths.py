"""What may have happened on the paths through a function, as far as one variable is concerned."""

from __future__ import annotations

import ast
from abc import abstractmethod
from collections.abc import Iterable
from enum import Flag, auto

from pyconcepts_lint.base.typed import TYPE_CHECKING
from pyconcepts_lint.source.control_flow import Analysis, Graph, Step, effects, solve

if TYPE_CHECKING:
    from typing import TypeAlias

FunctionNode: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef"


class State(Flag):
    """Has the thing that is asked about happened, where control comes to a place? Both may be so;
    neither is where it doesn't come. `DELETED`: it has been undone. `WAITING`: something may run at
    any time from there on."""

    NOWHERE = 0
    BEFORE = auto()
    AFTER = auto()
    DELETED = auto()
    WAITING = auto()


class VariablePaths(Analysis[State]):
    """All paths through a function. Any statement may raise an exception, and any test come out
    either way.

    Args:
        function: the function.
        name: one of its local variables, which is not global or nonlocal there.
        body: the statements of its body that matter; all of them without it.
    """

    def __init__(
        self, function: FunctionNode, name: str, body: Iterable[ast.stmt] | None = None
    ) -> None:
        self._name = name
        self.graph = Graph(function.body if body is None else [*body])
        solve(self.graph, self, State.BEFORE)

    @abstractmethod
    def _expression(self, node: ast.AST, state: State, *, surely: bool) -> State:
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
    def _bind(self, state: State) -> State:
        """What may be where the variable has been bound, or deleted."""

    def _delete(self, node: ast.Delete, state: State) -> State:
        """What may be where a statement has deleted the variable."""
        return self._bind(state)

    def join(self, one: State, other: State) -> State:
        return one | other

    def run(self, step: Step, state: State) -> State | None:
        for name, node in effects(step):
            if name:
                if name == self._name:
                    if isinstance(node, ast.Delete):
                        state = self._delete(node, state)
                    else:
                        state = self._bind(state)
            elif isinstance(node, ast.Name) and node.id == self._name:
                state = self._read(node, state)
            else:
                surely = not isinstance(step.node, ast.match_case)
                state = self._expression(node, state, surely=surely)
            if not state:
                return None
        return state
