"""Where a function reads a local variable that certainly has no value, by the paths to there.

A name that a function binds anywhere is a local variable in all of it
(https://docs.python.org/3/reference/executionmodel.html#binding-of-names).
"""

from __future__ import annotations

import ast
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from pyconcepts_lint.analysis.context import caught_by, dead_code, path_in
from pyconcepts_lint.analysis.flow import reached
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.rule_api.file import FileContext, Range
from pyconcepts_lint.rules.closures._paths import FunctionNode, State, VariablePaths
from pyconcepts_lint.source.ast_nodes import COMPREHENSIONS, first_line, own_nodes, walk
from pyconcepts_lint.source.control_flow import Step, effects, evaluated_parts


class UnboundReads(VariablePaths):
    """The reads of a local variable, and whether anything has bound it before.

    What the end of an `except … as` clause takes away counts as bound. `del` reads the variable and
    takes its value away. Reading it without a value ends a path. The name is no parameter.

    `certain` are the reads, in the order of the text, that no path reaches with a value; `deleted`
    those of them that paths reach from a `del` only. `binders` are the kinds of nodes that bind or delete the variable; `may_be_bound` says whether a path
    reaches one of them.
    """

    def __init__(self, function: FunctionNode, name: str) -> None:
        self._reads: dict[ast.Name, State] = {}
        self._lines = _lines_with(function, name)
        self.may_be_bound = False
        super().__init__(function, name)
        self.certain = sorted(
            (node for node, state in self._reads.items() if state in _WITHOUT_VALUE),
            key=lambda node: (node.lineno, node.col_offset),
        )
        self.deleted = [node for node in self.certain if self._reads[node] is State.DELETED]

    @property
    def binders(self) -> set[type[ast.AST]]:
        steps = (step for block in self.graph.order for step in block.steps)
        all_effects = [effect for step in steps for effect in effects(step)]
        found = {type(node) for name, node in all_effects if name == self._name}
        if any(self._binds_within(node) for name, node in all_effects if not name):
            found.add(ast.NamedExpr)
        return found

    def _binds_within(self, node: ast.AST) -> bool:
        return any(
            isinstance(part, ast.NamedExpr) and part.target.id == self._name for part in walk(node)
        )

    def _read(self, node: ast.Name, state: State, *, surely: bool = True) -> State:
        self._reads[node] = self._reads.get(node, State.NOWHERE) | state
        return state & ~(State.BEFORE | State.DELETED) if surely else state

    def _bind(self, state: State) -> State:
        if state:
            self.may_be_bound = True
        return State.AFTER if state else state

    def _delete(self, node: ast.Delete, state: State) -> State:
        for part in walk(node):
            if isinstance(part, ast.Name) and part.id == self._name:
                state = self._read(part, state)
        return State.DELETED if state else state

    def run(self, step: Step, state: State) -> State | None:
        node = step.node
        if isinstance(node, (ast.expr, ast.stmt)) and not _has_line(node, self._lines):
            return state
        return super().run(step, state)

    def _expression(self, node: ast.AST, state: State, *, surely: bool) -> State:
        if self._binds_within(node):
            return self._in_turn(node, state, surely=surely)
        waiting: list[tuple[ast.AST, bool]] = [(node, surely)]
        before = state
        while waiting:
            part, surely = waiting.pop()
            if isinstance(part, ast.Name):
                if part.id == self._name and isinstance(part.ctx, ast.Load):
                    state &= self._read(part, before, surely=surely)
                continue
            sure, others = evaluated_parts(part)
            waiting += ((other, False) for other in others)
            waiting += ((other, surely) for other in sure)
        return state

    def _in_turn(self, node: ast.AST, state: State, *, surely: bool) -> State:
        """What may be behind an expression that binds the variable, part by part: Python evaluates
        them from left to right."""
        if isinstance(node, ast.Name):
            is_read = node.id == self._name and isinstance(node.ctx, ast.Load)
            return self._read(node, state, surely=surely) if is_read else state
        if isinstance(node, COMPREHENSIONS):
            # What it binds may be there the next time.
            state = self._in_turn(node.generators[0].iter, state, surely=surely)
            return state | self._bind(state) if self._binds_within(node) else state
        if isinstance(node, ast.NamedExpr):
            state = self._in_turn(node.value, state, surely=surely)
            if node.target.id != self._name:
                return state
            return self._bind(state) if surely else state | self._bind(state)
        sure, others = evaluated_parts(node)
        for part in sorted(sure, key=_place):
            state = self._in_turn(part, state, surely=surely)
        if isinstance(node, ast.IfExp):
            body, orelse = (self._in_turn(part, state, surely=surely) for part in others)
            return body | orelse
        for part in others:
            state |= self._in_turn(part, state, surely=False)
        return state


_WITHOUT_VALUE = (State.BEFORE, State.DELETED, State.BEFORE | State.DELETED)


def _place(node: ast.AST) -> tuple[int, int]:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def _lines_with(function: FunctionNode, name: str) -> list[int]:
    """The lines in which nodes start that read or bind a variable, in order."""
    lines: set[int] = set()
    for node in walk(function):
        if isinstance(node, ast.Name):
            if node.id == name:
                lines.add(node.lineno)
        elif isinstance(node, ast.alias):
            if (node.asname or node.name.partition(".")[0]) in (name, "*"):
                lines.add(node.lineno)
        elif not isinstance(node, (ast.Attribute, ast.Constant, ast.keyword)) and any(
            value == name for value in node.__dict__.values() if type(value) is str
        ):
            lines.add(node.lineno)  # type: ignore[attr-defined]
    return sorted(lines)


def _has_line(node: ast.expr | ast.stmt, lines: Sequence[int]) -> bool:
    first = first_line(node) if isinstance(node, ast.stmt) else node.lineno
    return bisect_left(lines, first) < bisect_right(lines, node.end_lineno or 0)


def _is_bound_first(function: FunctionNode, name: str) -> bool:
    """Is the first statement of the body that has the name an assignment to it? Then no path leads
    to a read without a value."""
    lines = _lines_with(function, name)
    first = next((each for each in function.body if _has_line(each, lines)), None)
    if not isinstance(first, ast.Assign):
        return False
    mentions = [node for node in walk(first) if isinstance(node, ast.Name) and node.id == name]
    is_read = any(isinstance(node.ctx, ast.Load) for node in mentions)
    if is_read or not any(target in mentions for target in first.targets):
        return False
    return not any(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Del)
        for node in walk(function)
    )


def is_bound_inside(function: FunctionNode, name: str) -> bool:
    """May a scope inside of a function bind the function's own variable?"""
    return any(
        isinstance(part, ast.Nonlocal) and name in part.names for part in walk(*function.body)
    )


class UnboundRead(NamedTuple):
    """The first read of a variable that certainly has no value, where nothing handles that."""

    place: Range
    reads: UnboundReads
    is_deleted: bool

    def how(self, file: FileContext) -> str:
        """The read, in words."""
        path = path_in(file, self.place)
        verb = "deletes" if isinstance(getattr(path[-1], "ctx", None), ast.Del) else "reads"
        return f"{verb} it here " + (
            "where `del` has taken its value away" if self.is_deleted else "before it has a value"
        )


def first_unbound_read(file: FileContext, function: FunctionNode, name: str) -> UnboundRead | None:
    """Where a function reads its own variable that surely has no value there."""
    if is_bound_inside(function, name) or (file.is_python2 and _leaks(function, name)):
        return None
    if _is_bound_first(function, name):  # so it is most often; the paths take longer to follow
        return None
    reads = UnboundReads(function, name)
    for read in reads.certain:
        place = file.ast_range(read)
        if _is_reached(function, read) and not _is_guarded(file, place):
            return UnboundRead(place, reads, read in reads.deleted)
    return None


def _is_guarded(file: FileContext, place: Range) -> bool:
    """Does a read never run, or is its error handled? Then the next one counts."""
    path = path_in(file, place)
    return bool(dead_code(path)) or caught_by(path, "UnboundLocalError")


def _is_reached(function: FunctionNode, read: ast.Name) -> bool:
    """May control come to the statement in which a name is read?"""
    place = read.lineno, read.col_offset
    around = [
        node
        for node in own_nodes(*function.body)
        if isinstance(node, ast.stmt)
        and _start(node) <= place < (node.end_lineno, node.end_col_offset)
    ]
    return max(around, key=_start) in reached(function.body, unknown=False)


def _start(statement: ast.stmt) -> tuple[int, int]:
    """A place that everything in a statement stands at or behind, its decorators included."""
    if getattr(statement, "decorator_list", ()):
        return first_line(statement), 0
    return statement.lineno, statement.col_offset


def _leaks(function: FunctionNode, name: str) -> bool:
    """May Python 2 bind the name otherwise? A list comprehension leaves its variables behind, and
    with `exec` in the function nothing is decided before it runs."""
    for node in own_nodes(*function.body):
        if isinstance(node, ast.ListComp):
            for generator in node.generators:
                for part in ast.walk(generator.target):
                    if isinstance(part, ast.Name) and part.id == name:
                        return True
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "exec"
        ):
            return True
    return False
