"""Where control can go in a block: may it reach the end, and which statements does it reach?

Paths are those that the syntax allows. How a condition comes out is known only where it is a
constant, `TYPE_CHECKING`, or the opposite of one that has just been found false. Whatever looks
something up or calls something may raise an exception, which any `except` around it may catch.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Container, Sequence
from enum import Flag, auto

from ..index.classes import ClassModel
from ..index.collect import dotted_name, is_type_checking
from ..index.facts import NEVER_RETURNS
from ..index.project import External, Module, Value

Returns = Callable[[ast.Call], bool | None]
"""Does a call ever return? None where that can't be known."""

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


def returns_by_name(call: ast.Call) -> bool | None:
    """Does a call return, as far as the name tells by which the function is called?"""
    return False if dotted_name(call.func) in _NEVER_RETURN else None


def returns_in(module: Module, local: Container[str]) -> Returns:
    """Which calls in a function return, as far as the project's index tells.

    Args:
        module: the function's module.
        local: the function's local names: what they are isn't known.
    """

    def returns(call: ast.Call) -> bool | None:
        name = dotted_name(call.func)
        if not name or name.partition(".")[0] in local:
            return None
        if module.qualified(name) in _NEVER_RETURN:
            return False
        symbol = module.project.resolve(module, name)
        if isinstance(symbol, External):
            return symbol.name not in _NEVER_RETURN
        if isinstance(symbol, Value) and symbol.binding.kind == "function":
            if symbol.binding.flags & NEVER_RETURNS:
                return False
            return None if symbol.binding.value else True
        return True if isinstance(symbol, ClassModel) else None

    return returns


def may_complete(
    body: Sequence[ast.stmt], *, unknown: bool, returns: Returns = returns_by_name
) -> bool:
    """May control reach what follows the statements?

    Args:
        body: the statements of a block.
        unknown: the answer where it can't be known: whether a call returns that nothing follows
            on the path (code below a call expects it to return), whether a context manager
            swallows exceptions, whether a `match` without `case _` may find no case.
        returns: which calls return.
    """
    return Way.END in Paths(body, unknown=unknown, returns=returns).ways


def ways_from(body: Sequence[ast.stmt]) -> list[Way]:
    """For each place in a block, and for its end, the ways out of what stands from there on, each
    as `Paths(body[place:], unknown=True).ways` would have it."""
    found = [Way.END]  # from the end on
    for place in range(len(body) - 1, -1, -1):
        found.append(Paths(body, unknown=True, start=place, known=found).ways)
    return found[::-1]


def reached(
    body: Sequence[ast.stmt], *, unknown: bool, returns: Returns = returns_by_name
) -> list[ast.stmt]:
    """The statements that control may reach, those of nested blocks too.

    The arguments are those of `may_complete`. What functions and classes contain isn't looked
    at.
    """
    return Paths(body, unknown=unknown, returns=returns).reached


class Way(Flag):
    """How control may leave a block."""

    NONE = 0
    END = auto()
    BREAK = auto()
    CONTINUE = auto()
    RETURN = auto()
    RAISE = auto()


class Paths:
    """The ways out of a block, and the statements that are reached.

    The arguments are those of `may_complete`, and those of `ways_from`.
    """

    def __init__(
        self,
        body: Sequence[ast.stmt],
        *,
        unknown: bool,
        returns: Returns = returns_by_name,
        start: int = 0,
        known: Sequence[Way] = (),
    ) -> None:
        self._unknown = unknown
        self._returns = returns
        self._left: set[ast.If] = set()  # those whose body doesn't complete
        self.reached: list[ast.stmt] = []
        self.ways = self._block(body, is_last=True, start=start, known=known)

    def _block(
        self,
        body: Sequence[ast.stmt],
        *,
        is_last: bool,
        false: Sequence[ast.expr] = (),
        start: int = 0,
        known: Sequence[Way] = (),
    ) -> Way:
        """The ways out of a block.

        Args:
            body: its statements.
            is_last: does nothing follow it?
            false: the tests that have come out so before it.
            start: where to start in it.
            known: the ways out from its last places on, those from the end on first.
        """
        ways = Way.END
        for number in range(start + 1, len(body) + 1):
            statement = body[number - 1]
            self.reached.append(statement)
            ends = is_last and number == len(body)
            ways = ways & ~Way.END | self._statement(statement, ends, false)
            if Way.END not in ways:
                break
            if statement in self._left:
                assert isinstance(statement, ast.If)
                false = (*false, statement.test)
            else:
                false = ()
                if known and len(body) - number < len(known):
                    return ways & ~Way.END | known[len(body) - number]
        return ways

    def _statement(self, node: ast.stmt, is_last: bool, false: Sequence[ast.expr]) -> Way:
        match node:
            case ast.Return():
                return Way.RETURN | _raising(node.value)
            case ast.Raise():
                return Way.RAISE
            case ast.Break():
                return Way.BREAK
            case ast.Continue():
                return Way.CONTINUE
            case ast.Assert():
                return Way.RAISE if _truth(node.test, false) is False else Way.RAISE | Way.END
            case ast.If():
                return self._if(node, is_last, false)
            case ast.While():
                return self._loop(node, is_last, _truth(node.test, false))
            case ast.For() | ast.AsyncFor():
                return self._loop(node, is_last, _is_endless(node.iter) or None)
            case ast.With() | ast.AsyncWith():
                return self._with(node, is_last)
            case ast.Try() | ast.TryStar():
                return self._try(node, is_last)
            case ast.Match():
                return self._match(node, is_last)
            case ast.Expr():
                return self._expression(node.value, is_last)
            case ast.Pass() | ast.Global() | ast.Nonlocal():
                return Way.END
        return Way.END | Way.RAISE

    def _expression(self, value: ast.expr, is_last: bool) -> Way:
        if isinstance(value, ast.Await):
            value = value.value
        if not isinstance(value, ast.Call):
            return Way.END | _raising(value)
        may_return = self._returns(value)
        if may_return is None:
            may_return = self._unknown or not is_last
        return Way.RAISE | (Way.END if may_return else Way.NONE)

    def _if(self, node: ast.If, is_last: bool, false: Sequence[ast.expr]) -> Way:
        truth = _truth(node.test, false)
        body = orelse = Way.NONE
        if truth is not False:
            body = self._block(node.body, is_last=is_last)
        if truth is not True:
            tried = (*false, node.test)
            orelse = self._block(node.orelse, is_last=is_last, false=tried)
            if Way.END not in body:
                self._left.add(node)
        return body | orelse | _raising(node.test)

    def _loop(
        self, node: ast.While | ast.For | ast.AsyncFor, is_last: bool, truth: bool | None
    ) -> Way:
        # Behind the body comes the next turn.
        body = Way.NONE if truth is False else self._block(node.body, is_last=False)
        ways = body & ~(Way.END | Way.BREAK | Way.CONTINUE) | Way.RAISE
        ends_a_turn = bool(body & (Way.END | Way.CONTINUE))
        if truth is not True and (ends_a_turn or not _has_items(node)):
            ways |= self._block(node.orelse, is_last=is_last)
        return ways | Way.END if Way.BREAK in body else ways

    def _with(self, node: ast.With | ast.AsyncWith, is_last: bool) -> Way:
        ways = self._block(node.body, is_last=is_last)
        swallows = self._unknown or any(_swallows(item.context_expr) for item in node.items)
        if swallows and Way.RAISE in ways:
            ways |= Way.END
        return ways | Way.RAISE

    def _try(self, node: ast.Try | ast.TryStar, is_last: bool) -> Way:
        body = ways = self._block(node.body, is_last=is_last and not node.orelse)
        if Way.END in body:
            ways = body & ~Way.END | self._block(node.orelse, is_last=is_last)
        if Way.RAISE in body:
            for handler in node.handlers:
                ways |= self._block(handler.body, is_last=is_last)
        if not node.finalbody:
            return ways
        final = self._block(node.finalbody, is_last=is_last)
        return ways | final & ~Way.END if Way.END in final else final

    def _match(self, node: ast.Match, is_last: bool) -> Way:
        ways = Way.RAISE
        for case in node.cases:
            ways |= self._block(case.body, is_last=is_last)
            if case.guard is None and _is_irrefutable(case.pattern):
                return ways
        return ways | Way.END if self._unknown else ways


def _raising(node: ast.expr | None) -> Way:
    is_harmless = node is None or isinstance(node, (ast.Constant, ast.Name))
    return Way.NONE if is_harmless else Way.RAISE


def _truth(test: ast.expr, false: Sequence[ast.expr]) -> bool | None:
    """How a test comes out, if that is known; `false` are tests that have come out so."""
    if isinstance(test, ast.Constant):
        return bool(test.value)
    if is_type_checking(test):
        return False
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = _truth(test.operand, ())
        if inner is not None:
            return not inner
    return True if any(_are_opposite(test, other) for other in false) else None


def _are_opposite(one: ast.expr, other: ast.expr) -> bool:
    for test, opposed in ((one, other), (other, one)):
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            return ast.dump(test.operand) == ast.dump(opposed)
    return (
        isinstance(one, ast.Compare)
        and isinstance(other, ast.Compare)
        and len(one.ops) == len(other.ops) == 1
        and _OPPOSITES.get(type(one.ops[0])) is type(other.ops[0])
        and ast.dump(one.left) == ast.dump(other.left)
        and ast.dump(one.comparators[0]) == ast.dump(other.comparators[0])
    )


def _is_endless(iterable: ast.expr) -> bool:
    return isinstance(iterable, ast.Call) and dotted_name(iterable.func) in _ENDLESS


def _has_items(loop: ast.While | ast.For | ast.AsyncFor) -> bool:
    """Does a loop go over a display that isn't empty?"""
    return (
        isinstance(loop, ast.For)
        and isinstance(loop.iter, (ast.Tuple, ast.List, ast.Set))
        and any(not isinstance(item, ast.Starred) for item in loop.iter.elts)
    )


def _swallows(manager: ast.expr) -> bool:
    if not isinstance(manager, ast.Call):
        return False
    return dotted_name(manager.func).rpartition(".")[2] in _SWALLOW


def _is_irrefutable(pattern: ast.pattern) -> bool:
    """Does a pattern match anything
    (https://docs.python.org/3/reference/compound_stmts.html#irrefutable-case-blocks)?"""
    if isinstance(pattern, ast.MatchAs):
        return pattern.pattern is None or _is_irrefutable(pattern.pattern)
    return isinstance(pattern, ast.MatchOr) and any(map(_is_irrefutable, pattern.patterns))
