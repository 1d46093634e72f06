"""Where a function reads a local variable that certainly has no value, by the paths to there.

A name that a function binds anywhere is a local variable in all of it
(https://docs.python.org/3/reference/executionmodel.html#binding-of-names).
"""

from __future__ import annotations

import ast

from pyconcepts_lint.rules.closures._paths import FunctionNode, State, VariablePaths, parts
from pyconcepts_lint.source.ast_nodes import walk


class UnboundReads(VariablePaths):
    """The reads of a local variable, and whether anything has bound it before.

    Nothing that has been bound counts as unbound again: what `del`, or the end of an `except …
    as` clause, takes away had a value before. Reading it without a value ends a path. The name is
    no parameter.

    `certain` are the reads, in the order of the text, that no path reaches with a value. `binders`
    are the kinds of nodes that bind or delete the variable; `may_be_bound` says whether a path
    reaches one of them.
    """

    def __init__(self, function: FunctionNode, name: str) -> None:
        self._reads: dict[ast.Name, State] = {}
        self.binders: set[type[ast.AST]] = set()
        self.may_be_bound = False
        super().__init__(function, name)
        self.certain = sorted(
            (node for node, state in self._reads.items() if state is State.BEFORE),
            key=lambda node: (node.lineno, node.col_offset),
        )

    def _read(self, node: ast.Name, state: State, *, surely: bool = True) -> State:
        self._reads[node] = self._reads.get(node, State.NOWHERE) | state
        return state & ~State.BEFORE if surely else state

    def _bind(self, state: State, kind: type[ast.AST]) -> State:
        self.binders.add(kind)
        if not state:
            return state
        self.may_be_bound = True
        return State.AFTER

    def _expression(self, node: ast.AST, state: State, *, surely: bool = True) -> State:
        walrus = any(
            isinstance(part, ast.NamedExpr) and part.target.id == self._name for part in walk(node)
        )
        if walrus:
            # In what order the parts are evaluated isn't asked.
            state |= self._bind(state, ast.NamedExpr)
        waiting: list[tuple[ast.AST, bool]] = [(node, surely)]
        before = state
        while waiting:
            part, surely = waiting.pop()
            if isinstance(part, ast.Name):
                if part.id == self._name and isinstance(part.ctx, ast.Load):
                    state &= self._read(part, before, surely=surely and not walrus)
                continue
            first, others = parts(part)
            waiting += ((other, False) for other in others)
            waiting += ((other, surely) for other in first)
        return state


def is_bound_inside(function: FunctionNode, name: str) -> bool:
    """May a scope inside of a function bind the function's own variable?"""
    return any(
        isinstance(part, ast.Nonlocal) and name in part.names for part in walk(*function.body)
    )
