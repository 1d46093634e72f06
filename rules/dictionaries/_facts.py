"""What is noted of each file for the rules about dictionaries."""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from operator import itemgetter

from pyconcepts_lint.base.typed import TYPE_CHECKING, NamedTuple
from pyconcepts_lint.index.extractor import extractor
from pyconcepts_lint.rules.dictionaries._walks import RESIZERS, spelled, walk_of
from pyconcepts_lint.source.ast_nodes import COMPREHENSIONS, first_line
from pyconcepts_lint.source.signatures import first_parameter

if TYPE_CHECKING:
    from typing import Any

    from pyconcepts_lint.index.binder import FileIndex

_LOOPS = (ast.For, ast.AsyncFor)
_Place = tuple[int, int]
_NOWHERE = (0, 0), (0, 0)


class Loop(NamedTuple):
    """A `for` statement, or a `for` in a comprehension, over something written like what it puts
    items into, or takes items out of, in the way of dictionaries; a name that was assigned such a
    thing counts as it. So does what a function of the file changes so that is called there.

    The place is that of the iterable, the lines are those of the statement.
    """

    line: int
    column: int
    first_line: int
    last_line: int


@extractor(
    Loop,
    words=("for",),
    nodes=(
        *(*_LOOPS, *COMPREHENSIONS, ast.Call, ast.Subscript, ast.Assign, ast.AugAssign),
        ast.FunctionDef,
    ),
)
def changing_loops(index: FileIndex) -> Iterator[Loop]:
    changes = _Changes(index)
    if not changes.are_some:
        return
    for loop in index.nodes_of(*_LOOPS):
        if changes.may_change(loop.iter, _start(loop.body[0]), _end(loop.body[-1])):
            yield _loop(index, loop.iter, loop)
    for kind in COMPREHENSIONS:
        for node, _, statement in index.nodes[kind]:
            start, end = _start(node), _end(node)
            evaluated_before = node.generators[0].iter
            but = _start(evaluated_before), _end(evaluated_before)
            for generator in node.generators:
                if changes.may_change(generator.iter, start, end, but):
                    yield _loop(index, generator.iter, statement)


def _loop(index: FileIndex, iterable: ast.expr, statement: ast.stmt) -> Loop:
    lines = first_line(statement), statement.end_lineno or statement.lineno
    return Loop(iterable.lineno, index.place(iterable), *lines)


class _Changes:
    """What loses or gets items in a file, as far as that looks so, and what names are assigned."""

    def __init__(self, index: FileIndex) -> None:
        changed: list[tuple[_Place, ast.expr]] = []
        augmented: set[ast.expr] = set()
        for statement in index.nodes_of(ast.AugAssign):
            augmented.add(statement.target)
            if statement.op.__class__ is ast.BitOr:
                changed.append((_start(statement), statement.target))
        changed += (
            (_start(call), call.func.value)
            for call, _ in index.calls_of(RESIZERS)
            if isinstance(call.func, ast.Attribute)
        )
        changed += (
            (_start(item), item.value)
            for item in index.nodes_of(ast.Subscript)
            if item.ctx.__class__ is not ast.Load and item not in augmented
        )
        self._changed = sorted(changed, key=itemgetter(0))
        self._places = [place for place, _ in self._changed]
        self.are_some = bool(changed)
        self._index = index

    @cached_property
    def _assigned(self) -> dict[str, list[tuple[_Place, ast.expr]]]:
        """What names are assigned, and where."""
        found: dict[str, list[tuple[_Place, ast.expr]]] = {}
        for assignment in self._index.nodes_of(ast.Assign):
            for target in assignment.targets:
                if target.__class__ is ast.Name:
                    found.setdefault(target.id, []).append((_start(assignment), assignment.value))
        return found

    @cached_property
    def _by_calls(self) -> list[tuple[_Place, set[str]]]:
        """What calls of functions of the file may change, as it is written there or passed, by the
        places of the calls."""
        functions: dict[str, set[str]] = {}
        for function in self._index.nodes_of(ast.FunctionDef):
            first = bisect_left(self._places, _start(function.body[0]))
            last = bisect_left(self._places, _end(function.body[-1]))
            own = f"{first_parameter(function.args)}."
            for _, node in self._changed[first:last]:
                name = spelled(node)
                if name.startswith(own):
                    name = name[len(own) - 1 :]  # the caller has another name for it, perhaps
                functions.setdefault(function.name, set()).add(name)
        found: list[tuple[_Place, set[str]]] = []
        for call, _ in self._index.calls_of(functions):
            passed = [*call.args, *(keyword.value for keyword in call.keywords)]
            receiver = spelled(getattr(call.func, "value", call))
            changes = functions[getattr(call.func, "attr", getattr(call.func, "id", ""))]
            changed = {receiver + each if each[:1] == "." else each for each in changes}
            found.append((_start(call), changed.union(map(spelled, passed)) - {""}))
        return sorted(found, key=itemgetter(0))

    def may_change(
        self, iterable: ast.expr, start: _Place, end: _Place, but: tuple[_Place, _Place] = _NOWHERE
    ) -> bool:
        """Is there a change, between two places, of what is written like what is walked?"""
        first, last = bisect_left(self._places, start), bisect_left(self._places, end)
        names = self._written(walk_of(iterable).walked, end)
        if not names or not self._places:
            return False
        if any(
            not names.isdisjoint(self._written(node, end))
            for place, node in self._changed[first:last]
            if not but[0] <= place < but[1]
        ):
            return True
        calls = self._by_calls
        first = bisect_left(calls, start, key=itemgetter(0))
        last = bisect_left(calls, end, key=itemgetter(0))
        return any(not names.isdisjoint(changed) for _, changed in calls[first:last])

    def _written(self, node: ast.expr, end: _Place) -> set[str]:
        """How an object may be written: as it is, and as what the name was assigned last."""
        names = {spelled(node)}
        if isinstance(node, ast.Name) and node.id in self._assigned:
            assigned = self._assigned[node.id]
            number = bisect_left(assigned, end, key=itemgetter(0))
            if number:
                names.add(spelled(walk_of(assigned[number - 1][1]).walked))
        return names - {""}


def _start(node: Any) -> _Place:
    return node.lineno, node.col_offset


def _end(node: Any) -> _Place:
    return node.end_lineno, node.end_col_offset
