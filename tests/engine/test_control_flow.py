"""The graphs of `source.control_flow`, compared with programs that Python runs.

Every choice that a program leaves open is made in turn: how a test comes out, whether a call raises
an exception, whether a handler catches it, whether a context manager swallows it. Before each
statement the program tells which of its variables exist. The solver, along the graph, must come to
the same places with the same sets of variables: no more, and no fewer.
"""

from __future__ import annotations

import ast

import pytest
from all_runs import Names, Noted, Runs, Seen, text_of

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
