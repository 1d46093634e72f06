"""Where control can go in a block: may it reach the end, and which statements does it reach?

How a condition comes out is known only where it is a constant, `TYPE_CHECKING`, or the opposite
of one that has just been found false. Whatever looks something up or calls something may raise an
exception, which any `except` around it may catch.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Container, Iterator, Sequence
from enum import Flag, auto

from ..base.answer import Answer, answer
from ..base.typed import TYPE_CHECKING
from ..index.collect import dotted_name
from ..index.conditions import for_type_checkers, truth
from ..index.facts import NEVER_RETURNS, BindingKind
from ..index.model import ClassModel, External, Module, Value
from ..source.control_flow import (
    Analysis,
    Block,
    Edge,
    Exit,
    Graph,
    Step,
    may_raise,
    solve,
)

if TYPE_CHECKING:
    from typing import TypeAlias
Returns = Callable[[ast.Call], Answer]
"""Does a call ever return?"""

# Documented to end the process or to raise, always.
_NEVER_RETURN = frozenset(
    {
        *("exit", "quit", "builtins.exit", "builtins.quit", "sys.exit", "os._exit", "os.abort"),
        *("os.execl", "os.execle", "os.execlp", "os.execlpe"),
        *("os.execv", "os.execve", "os.execvp", "os.execvpe"),
        *("typing.assert_never", "typing_extensions.assert_never"),
        *("pytest.fail", "pytest.skip", "pytest.xfail", "pytest.exit"),
    }
)
_ENDLESS = frozenset({"count", "itertools.count", "cycle", "itertools.cycle"})
_SWALLOW = frozenset({"suppress", "raises", "assertRaises", "assertRaisesRegex"})
_OPPOSITES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
}


def returns_by_name(call: ast.Call) -> Answer:
    """Does a call return, as far as the name tells by which the function is called?"""
    return Answer.NO if dotted_name(call.func) in _NEVER_RETURN else Answer.UNKNOWN


def returns_in(module: Module, local: Container[str]) -> Returns:
    """Which calls in a function return, as far as the project's index tells.

    Args:
        module: the function's module.
        local: the function's local names: what they are isn't known.
    """

    def returns(call: ast.Call) -> Answer:
        name = dotted_name(call.func)
        if not name or name.partition(".")[0] in local:
            return Answer.UNKNOWN
        if module.qualified(name) in _NEVER_RETURN:
            return Answer.NO
        symbol = module.project.resolve(module, name)
        if isinstance(symbol, External):
            return answer(symbol.name not in _NEVER_RETURN)
        if isinstance(symbol, Value) and symbol.binding.kind is BindingKind.FUNCTION:
            if symbol.binding.flags & NEVER_RETURNS:
                return Answer.NO
            is_unknown = bool(symbol.binding.decorators) or symbol.module.is_installed
            return Answer.UNKNOWN if is_unknown else Answer.YES
        return Answer.YES if isinstance(symbol, ClassModel) else Answer.UNKNOWN

    return returns


def may_complete(
    body: Sequence[ast.stmt], *, unknown: bool, returns: Returns = returns_by_name
) -> bool:
    """May control reach what follows the statements? The arguments are those of `Paths`."""
    return Way.END in Paths(body, unknown=unknown, returns=returns).ways


def reached(
    body: Sequence[ast.stmt], *, unknown: bool, returns: Returns = returns_by_name
) -> list[ast.stmt]:
    """The statements that control may reach, those of nested blocks too, but for the contents of
    functions and classes. The arguments are those of `Paths`."""
    return Paths(body, unknown=unknown, returns=returns).reached


class Way(Flag):
    """How control may leave a block."""

    NONE = 0
    END = auto()
    BREAK = auto()
    CONTINUE = auto()
    RETURN = auto()
    RAISE = auto()


_WAYS = {exit: Way.RAISE if exit is Exit.ERROR else Way[exit.name] for exit in Exit}

_False: TypeAlias = "frozenset[str]"
"""The tests that have come out so (as `ast.dump` has them), with nothing but tests since."""
_MANY_TESTS = 50


class Paths(Analysis[_False]):
    """The ways out of a block, and the statements that are reached.

    Args:
        body: the statements of the block.
        unknown: the answer where it can't be known: whether a call returns that nothing follows
            on the path (code below a call expects it to return), whether a context manager
            swallows exceptions, whether a `match` without `case _` may find no case.
        returns: which calls return.
        swallows: which context managers surely swallow exceptions, beside those that are known by
            their names.
        typed: the variables of which the values are known to be few. Where that is given, a
            `match` of strings and numbers may find no case.
    """

    def __init__(
        self,
        body: Sequence[ast.stmt],
        *,
        unknown: bool,
        returns: Returns = returns_by_name,
        swallows: Callable[[ast.expr], bool] = lambda manager: False,
        typed: Container[str] | None = None,
    ) -> None:
        self._unknown = unknown
        self._returns = returns
        self._swallows = swallows
        self._typed = typed
        self._last = {*_last_statements(body)}
        self._taken: set[Edge] = set()
        self._statements: dict[ast.stmt, None] = {}
        self._graph = Graph(body)
        self._states = solve(self._graph, self, frozenset())

    @property
    def reached(self) -> list[ast.stmt]:
        return sorted(self._statements, key=lambda node: (node.lineno, node.col_offset))

    @property
    def ways(self) -> Way:
        """The ways out of the block."""
        ways = Way.NONE
        for exit, block in self._graph.exits.items():
            if block in self._states:
                ways |= _WAYS[exit]
        return ways

    def ways_from(self, places: Sequence[ast.stmt]) -> list[Way]:
        """For some statements of the block itself, the ways out from there on."""
        ways = {block: _WAYS[exit] for exit, block in self._graph.exits.items()}
        at: dict[ast.AST, Way] = {}
        is_stable = False
        while not is_stable:
            is_stable = True
            for block in reversed(self._graph.order):
                found = ways.get(block, Way.NONE)
                for edge in block.edges:
                    if self._may_take(edge, block):
                        found |= ways.get(edge.target, Way.NONE)
                for step in reversed(block.steps):
                    if not self._goes_on(step.node):
                        found = Way.NONE
                    if block.error is not None and may_raise(step):
                        found |= ways.get(block.error, Way.NONE)
                    at[step.node] = found
                is_stable &= found == ways.get(block, Way.NONE)
                ways[block] = found
        return [at[statement] for statement in places]

    def _may_take(self, edge: Edge, block: Block) -> bool:
        """May an edge of a block be taken, if control comes to the block?"""
        if edge.decider is None or edge in self._taken:
            return True
        return block not in self._states and self._is_open(edge)

    def join(self, one: _False, other: _False) -> _False:
        return one & other

    def run(self, step: Step, state: _False) -> _False | None:
        node = step.node
        if isinstance(node, ast.stmt):
            self._statements[node] = None
        if isinstance(node, ast.If):
            return state
        return frozenset() if self._goes_on(node) else None

    def _goes_on(self, node: ast.AST) -> bool:
        """Does control go on behind a step?"""
        call = node.value if isinstance(node, ast.Expr) else None
        call = call.value if isinstance(call, ast.Await) else call
        if not isinstance(call, ast.Call):
            return True
        returns = self._returns(call)
        if returns is Answer.UNKNOWN:
            return self._unknown or node not in self._last
        return returns is Answer.YES

    def take(self, edge: Edge, state: _False) -> _False | None:
        if not self._is_open(edge, state):
            return None
        self._taken.add(edge)
        if not edge.outcome and isinstance(edge.decider, ast.expr) and len(state) < _MANY_TESTS:
            return state | {ast.dump(edge.decider)}
        return state

    def _is_open(self, edge: Edge, false: _False = frozenset()) -> bool:
        """May an edge be taken?"""
        node = edge.decider
        if isinstance(node, ast.expr):
            return _truth(node, false) is not answer(not edge.outcome)
        if isinstance(node, ast.withitem):
            manager = node.context_expr
            return (
                not edge.outcome or self._unknown or _swallows(manager) or self._swallows(manager)
            )
        if isinstance(node, (ast.For, ast.AsyncFor)):
            return edge.outcome or not _is_endless(node.iter)
        return self._unknown or not isinstance(node, ast.Match) or self._may_match_none(node)

    def _may_match_none(self, node: ast.Match) -> bool:
        """Are its cases strings and numbers, of which there are more?"""
        if self._typed is None or dotted_name(node.subject) in self._typed:
            return False
        return all(
            isinstance(part, ast.MatchOr)
            or (
                isinstance(part, ast.MatchValue)
                and isinstance(part.value, ast.Constant)
                and isinstance(part.value.value, (str, bytes, int, float))
            )
            for case in node.cases
            for part in ast.walk(case.pattern)
            if isinstance(part, ast.pattern)
        )

    def fail(self, step: Step, before: _False, after: _False | None) -> _False | None:
        return frozenset() if may_raise(step) else None


def ways_from(body: Sequence[ast.stmt]) -> list[Way]:
    """For each place in a block, and for its end, the ways out of what stands from there on, for
    a path that comes there."""
    return [*Paths(body, unknown=True).ways_from(body), Way.END]


def _last_statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a block, and of those nested in it, that nothing follows."""
    for node in body[-1:]:
        yield node
        match node:
            case ast.If():
                yield from _last_statements(node.body)
                yield from _last_statements(node.orelse)
            case ast.For() | ast.AsyncFor() | ast.While():
                yield from _last_statements(node.orelse)
            case ast.With() | ast.AsyncWith():
                yield from _last_statements(node.body)
            case ast.Try() | ast.TryStar():
                for block in (node.orelse or node.body, node.finalbody):
                    yield from _last_statements(block)
                for handler in node.handlers:
                    yield from _last_statements(handler.body)
            case ast.Match():
                for case in node.cases:
                    yield from _last_statements(case.body)


def _truth(test: ast.expr, false: _False) -> Answer:
    """How a test comes out."""
    if false and any(ast.dump(other) in false for other in _opposites(test)):
        return Answer.YES
    return truth(test, for_type_checkers)


def _opposites(test: ast.expr) -> Iterator[ast.expr]:
    """The tests that come out otherwise than a test."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        yield test.operand
    else:
        yield ast.UnaryOp(ast.Not(), test)
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        opposite = _OPPOSITES.get(type(test.ops[0]))
        if opposite is not None:
            yield ast.Compare(test.left, [opposite()], test.comparators)


def _is_endless(iterable: ast.expr) -> bool:
    return isinstance(iterable, ast.Call) and dotted_name(iterable.func) in _ENDLESS


def _swallows(manager: ast.expr) -> bool:
    if not isinstance(manager, ast.Call):
        return False
    return dotted_name(manager.func).rpartition(".")[2] in _SWALLOW
