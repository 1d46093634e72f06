"""The graphs of `source.control_flow`, compared with programs that Python runs.

Every choice that a program leaves open is made in turn: how a test comes out, whether a call raises
an exception, whether a handler catches it, whether a context manager swallows it. Before each
statement the program tells which of its variables exist. The solver, along the graph, must come to
the same places with the same sets of variables: no more, and no fewer.
"""

from __future__ import annotations

import ast
import contextlib
import random
from collections.abc import Iterator
from typing import Any

import pytest

from pyconcepts_lint.source.control_flow import (
    Act,
    Analysis,
    Edge,
    Exit,
    Graph,
    Step,
    effects,
    solve,
)

MOST_RUNS = 30_000
MOST_CHOICES = 7  # of one run, by each turn of its loops
VARIABLES = ("a", "b", "e", "i", "m")

Names = frozenset[str]
Seen = set[tuple[int, Names]]


class TooLong(BaseException):
    """A run that isn't followed to its end."""


class Never(Exception):
    """Nothing raises it."""


RAISED = (KeyError, AssertionError)


class Runs:
    """All runs of a function `f`.

    `seen` are the lines that they come to, each with the variables that exist there, and `exits`
    how they end. `is_complete`: every run was followed to its end, but for loops that make more
    than some `turns`.
    """

    def __init__(self, text: str, turns: int) -> None:
        self._most_turns = turns
        self.seen: Seen = set()
        self.exits: set[Exit] = set()
        self.is_complete = True
        self._made: list[tuple[int, int]] = []  # the choice and the number of options
        namespace: dict[str, Any] = {
            name: getattr(self, name) for name in ("at", "test", "work", "items", "kind", "manager")
        }
        namespace["RAISED"] = RAISED
        namespace["Perhaps"] = _perhaps(self.test)
        exec(text, namespace)
        for _ in range(MOST_RUNS):
            self._chosen = 0
            self._turns: dict[int, int] = {}
            self._is_cut = False
            with contextlib.suppress(TooLong):
                end = _how_it_ends(namespace["f"])
                self.exits |= set() if self._is_cut else {end}
            while self._made and self._made[-1][0] + 1 == self._made[-1][1]:
                self._made.pop()
            if not self._made:
                return
            choice, options = self._made.pop()
            self._made.append((choice + 1, options))
        self.is_complete = False

    def choose(self, options: int) -> int:
        if self._chosen == MOST_CHOICES * self._most_turns // 3 * 2:
            self.is_complete = False
            self.cut()
        if self._chosen == len(self._made):
            self._made.append((0, options))
        self._chosen += 1
        return self._made[self._chosen - 1][0]

    def cut(self) -> None:
        self._is_cut = True
        raise TooLong

    def at(self, line: int, variables: dict[str, Any]) -> None:
        if self._is_cut:  # this is a `finally`
            raise TooLong
        self.seen.add((line, frozenset(variables)))
        self._turns[line] = self._turns.get(line, 0) + 1
        if self._turns[line] > self._most_turns:
            self.cut()

    def test(self) -> bool:
        chosen = self.choose(3)
        if chosen == 2:
            raise KeyError
        return bool(chosen)

    def work(self) -> int:
        if self.choose(2):
            raise KeyError
        return 1

    def items(self) -> Iterator[int]:
        for _ in range(self._most_turns - 1):
            if self.test():
                yield 1

    def kind(self) -> type[BaseException] | tuple[type[BaseException], ...]:
        return RAISED if self.test() else Never

    @contextlib.contextmanager
    def manager(self) -> Iterator[int]:
        self.work()
        try:
            yield 1
        except RAISED:
            if not self.test():
                raise
        else:
            self.work()


def _perhaps(test: Any) -> type:
    class Kind(type):
        def __instancecheck__(cls, instance: object) -> bool:
            return bool(test())

    return Kind("Perhaps", (), {})


def _how_it_ends(function: Any) -> Exit:
    try:
        returned = function()
    except RAISED as error:
        return Exit.RAISE if error.args else Exit.ERROR
    return Exit.END if returned == "end" else Exit.RETURN


class Variables(Analysis[frozenset[Names]]):
    """Which variables may exist together, at each statement."""

    def __init__(self, body: list[ast.stmt]) -> None:
        self.seen: Seen = set()
        graph = Graph(body)
        states = solve(graph, self, frozenset({frozenset()}))
        self.exits = {exit for exit, block in graph.exits.items() if block in states}

    def join(self, one: frozenset[Names], other: frozenset[Names]) -> frozenset[Names]:
        return one | other

    def run(self, step: Step, state: frozenset[Names]) -> frozenset[Names]:
        is_head = isinstance(step.node, ast.While)  # which is come to again
        if isinstance(step.node, ast.stmt) and step.act is Act.RUN and not is_head:
            self.seen |= {(step.node.lineno, names) for names in state}
        if step.act is Act.UNBIND:
            return frozenset(names - {"e"} for names in state)
        bound = {effect.name for effect in effects(step) if effect.name}
        return frozenset(names | bound for names in state)

    def take(self, edge: Edge, state: frozenset[Names]) -> frozenset[Names] | None:
        is_constant = isinstance(edge.decider, ast.Constant)
        return None if is_constant and not edge.outcome else state

    def fail(
        self, step: Step, before: frozenset[Names], after: frozenset[Names] | None
    ) -> frozenset[Names] | None:
        """Only the functions above raise exceptions, and before anything is bound."""
        is_exit = isinstance(step.node, ast.withitem) and step.act is not Act.BIND
        loop = step.node if isinstance(step.node, ast.For) and step.act is Act.BIND else None
        is_next = loop is not None and isinstance(loop.iter, ast.Call)
        is_call = not isinstance(step.node, ast.Raise) and any(
            isinstance(node, (ast.Call, ast.MatchClass))
            for part in step.parts
            for node in ast.walk(part)
        )
        is_bound = step.act in (Act.BIND, Act.UNBIND)
        return before if is_exit or is_next or (is_call and not is_bound) else None


class Programs:
    """Makes random bodies of functions."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.left = self.random.randint(3, 8)  # statements

    def body(self, depth: int, *, loop: bool = False) -> list[str]:
        return [
            line
            for _ in range(self.random.choice((1, 1, 2, 3)))
            for line in self.statement(depth, loop=loop)
        ]

    def block(self, depth: int, *, loop: bool = False) -> list[str]:
        return ["    " + line for line in self.body(depth - 1, loop=loop)]

    def statement(self, depth: int, *, loop: bool) -> list[str]:
        self.left -= 1
        simple = ["a = work()", "b = 1", "work()", "pass", "return", "raise KeyError('raised')"]
        simple += ["assert test(), 'no'", "return work()"]
        simple += ["break", "continue", "break"] if loop else []
        if depth == 0 or self.left < 0 or self.random.random() < 0.3:
            return [self.random.choice(simple)]
        make = self.random.choice(
            (
                *(self.if_, self.while_, self.for_, self.with_, self.match_),
                *(self.try_, self.try_, self.try_),
            )
        )
        return make(depth, loop)

    def perhaps(self, header: str, depth: int, loop: bool) -> list[str]:
        return [header, *self.block(depth, loop=loop)] if self.random.random() < 0.5 else []

    def if_(self, depth: int, loop: bool) -> list[str]:
        lines = ["if test():", *self.block(depth, loop=loop)]
        lines += self.perhaps("elif test():", depth, loop)
        return lines + self.perhaps("else:", depth, loop)

    def while_(self, depth: int, loop: bool) -> list[str]:
        test = self.random.choice(("test()", "test()", "True"))
        return [
            f"while {test}:",
            *self.block(depth, loop=True),
            *self.perhaps("else:", depth, loop),
        ]

    def for_(self, depth: int, loop: bool) -> list[str]:
        over = self.random.choice(("items()", "[1, *items()]"))
        return [
            f"for i in {over}:",
            *self.block(depth, loop=True),
            *self.perhaps("else:", depth, loop),
        ]

    def try_(self, depth: int, loop: bool) -> list[str]:
        lines = ["try:", *self.block(depth, loop=loop)]
        finally_ = ["finally:", *self.block(depth, loop=loop)]
        if self.random.random() < 0.3:
            return lines + finally_
        for header in self.random.choice(
            (
                *(["except kind():"], ["except:"], ["except kind() as e:"]),
                *(["except kind() as e:", "except kind():"], ["except kind():", "except:"]),
            )
        ):
            lines += [header, *self.block(depth, loop=loop)]
        lines += self.perhaps("else:", depth, loop)
        return lines + finally_ if self.random.random() < 0.5 else lines

    def with_(self, depth: int, loop: bool) -> list[str]:
        managers = self.random.choice(
            ("manager()", "manager() as m", "manager() as a, manager() as b")
        )
        return [f"with {managers}:", *self.block(depth, loop=loop)]

    def match_(self, depth: int, loop: bool) -> list[str]:
        lines = ["match work():"]
        for case in self.random.choice(
            (
                *(["Perhaps()"], ["Perhaps() as m", "Perhaps()"], ["Perhaps()", "_"]),
                *(["m if test()", "Perhaps()"], ["Perhaps() as a if test()", "b"]),
            )
        ):
            lines += [f"    case {case}:"]
            lines += ["    " + line for line in self.block(depth, loop=loop)]
        return lines


class Noted(ast.NodeTransformer):
    """Puts a call before every statement that tells its line and what exists there. `except:`
    doesn't catch the end of a run."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        for field in ("body", "orelse", "finalbody"):
            old = getattr(node, field, None)
            if isinstance(old, list) and not isinstance(node, ast.Module):
                new = []
                for statement in old:
                    new += ast.parse(f"at({statement.lineno}, locals())").body
                    new.append(statement)
                setattr(node, field, new)
        if isinstance(node, ast.ExceptHandler) and node.type is None:
            node.type = ast.Name("RAISED", ast.Load())
        return node


def text_of(seed: int) -> str:
    lines = Programs(seed).body(3)
    return "def f():\n" + "".join(f"    {line}\n" for line in lines)


def compare(text: str) -> bool:
    """Compare the solver with all runs; were there not too many?"""
    function = ast.parse(text).body[0]
    assert isinstance(function, ast.FunctionDef)
    found = Variables(function.body)
    noted = ast.fix_missing_locations(Noted().visit(ast.parse(text)))
    heads = {node.lineno for node in ast.walk(function) if isinstance(node, ast.While)}
    for turns in (3, 5):  # few programs need more to do all that they can do
        runs = Runs(ast.unparse(noted) + "\n    return 'end'\n", turns)
        seen = {(line, names) for line, names in runs.seen if line not in heads}
        if (found.seen, found.exits) == (seen, runs.exits):
            return True
        assert (seen - found.seen, runs.exits - found.exits) == (set(), set()), text
    assert not runs.is_complete, f"{text}\n{found.seen - seen} {found.exits - runs.exits}"
    return False


@pytest.mark.parametrize("start", range(0, 600, 150))
def test_the_solver_comes_to_what_python_comes_to(start: int) -> None:
    complete = sum(compare(text_of(seed)) for seed in range(start, start + 150))
    assert complete > 75


def test_handlers_of_groups_may_all_have_their_turn() -> None:
    text = """def f():
    try:
        work()
    except* kind() as e:
        a = work()
    except* kind():
        work()
    work()
"""
    function = ast.parse(text).body[0]
    assert isinstance(function, ast.FunctionDef)
    found = Variables(function.body)
    lines = {line for line, names in found.seen if names == {"a"}}
    assert lines == {7, 8}
    assert found.exits == {Exit.END, Exit.RAISE, Exit.ERROR}


@pytest.mark.parametrize(
    "text",
    [
        "if a:\n    b\n" + "elif a:\n    b\n" * 300,
        "".join(" " * n + "try:\n" + " " * n + " a\n" + " " * n + "finally:\n" for n in range(60))
        + " " * 60
        + "return",
        "".join(" " * n + "try:\n" for n in range(60))
        + " " * 60
        + "return\n"
        + "".join(" " * n + "finally:\n" + " " * n + " a\n" for n in range(59, -1, -1)),
    ],
    ids=["elif", "finally in finally", "try in try"],
)
def test_a_graph_grows_with_its_source(text: str) -> None:
    body = ast.parse(text).body
    assert len(Graph(body).order) < 12 * len(text.splitlines())
