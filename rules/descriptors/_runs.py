"""What surely happens when a function is called: which expressions every path evaluates.

Exceptions that an expression may raise on its way are left out of account, except where a `try`
around it deals with them.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from enum import IntEnum
from functools import lru_cache
from heapq import merge

from pyconcepts_lint.index.collect import dotted_name
from pyconcepts_lint.rules.descriptors._hooks import Function
from pyconcepts_lint.source.ast_nodes import child_nodes, walk

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_LEAVES = (ast.Return, ast.Raise, ast.Assert)
_PLAIN = (ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Pass, ast.Delete)
_STRING_METHODS = frozenset(
    {"startswith", "endswith", "isupper", "islower", "lower", "upper", "strip", "lstrip", "find"}
)
_COMPARISONS: dict[type[ast.cmpop], Callable[[object, object], bool]] = {
    ast.Eq: lambda one, other: one == other,
    ast.NotEq: lambda one, other: one != other,
    ast.Is: lambda one, other: one is other,
    ast.IsNot: lambda one, other: one is not other,
    ast.In: lambda one, other: one in other,  # type: ignore[operator]
    ast.NotIn: lambda one, other: one not in other,  # type: ignore[operator]
}


class Outcome(IntEnum):
    """What becomes of some statements; the smaller is the less sure."""

    MAY_LEAVE = 0  # a path leaves them, without having met what is looked for
    GOES_ON = 1  # every path goes on behind them, or has met it
    MEETS = 2  # every path meets it


class Run:
    """A call of a function, and whether it surely evaluates what is looked for.

    Args:
        is_met: is a node (an expression, or a simple statement) what is looked for?
        parameter: a parameter that is never rebound; "" for none.
        value: the string that it holds. Without one, a test of nothing but the parameter counts
            as coming out either way, as the same call comes again.

    `met` are the nodes that are met, the first on each path.
    """

    def __init__(
        self, is_met: Callable[[ast.AST], bool], parameter: str = "", value: str | None = None
    ) -> None:
        self.is_met = is_met
        self.parameter = parameter
        self.value = value
        self.met: list[ast.expr | ast.stmt] = []

    def meets(self, function: Function, body: Sequence[ast.stmt] | None = None) -> bool:
        """Does every call with that value meet it?

        Args:
            function: the function.
            body: the statements of its body that matter: see `statements_for`.
        """
        if isinstance(function, ast.AsyncFunctionDef) or _is_generator(function):
            return False  # calling it runs nothing of it
        return self._block(function.body if body is None else body) is Outcome.MEETS

    # Statements

    def _block(self, body: Sequence[ast.stmt]) -> Outcome:
        for statement in body:
            outcome = self._statement(statement)
            if outcome is not Outcome.GOES_ON:
                return outcome
        return Outcome.GOES_ON

    def _statement(self, node: ast.stmt) -> Outcome:
        if isinstance(node, ast.If):
            if self._evaluates(node.test):
                return Outcome.MEETS
            return self._branches(node.test, node.body, node.orelse)
        if isinstance(node, (ast.For, ast.AsyncFor)):
            return Outcome.MEETS if self._evaluates(node.iter) else self._perhaps(node)
        if isinstance(node, ast.While):
            if self._evaluates(node.test):
                return Outcome.MEETS
            if self.truth(node.test) and self._block(node.body) is Outcome.MEETS:
                return Outcome.MEETS
            return self._perhaps(node)
        if isinstance(node, (ast.With, ast.AsyncWith)):
            return self._with(node)
        if isinstance(node, (ast.Try, ast.TryStar)):
            return self._try(node)
        if isinstance(node, ast.Match):
            return Outcome.MEETS if self._evaluates(node.subject) else self._perhaps(node)
        if isinstance(node, _SCOPES):
            outside = [*node.decorator_list, *getattr(node, "bases", ())]
            return Outcome.MEETS if any(map(self._evaluates, outside)) else Outcome.GOES_ON
        if any(map(self._evaluates, _in_order(node))) or self._is_it(node):
            return Outcome.MEETS
        if isinstance(node, ast.Assert):
            return Outcome.GOES_ON if self.truth(node.test) else Outcome.MAY_LEAVE
        leaves = isinstance(node, (ast.Return, ast.Raise, ast.Break, ast.Continue))
        return Outcome.MAY_LEAVE if leaves else Outcome.GOES_ON

    def _branches(
        self, test: ast.expr, body: Sequence[ast.stmt], orelse: Sequence[ast.stmt]
    ) -> Outcome:
        truth = self.truth(test)
        if truth is not None:
            return self._block(body if truth else orelse)
        outcomes = self._block(body), self._block(orelse)
        return max(outcomes) if self._comes_again(test) else min(outcomes)

    def _perhaps(self, node: ast.stmt) -> Outcome:
        """A statement of which parts may run, or not."""
        leaves = any(isinstance(part, _LEAVES) for part in own_nodes(node))
        return Outcome.MAY_LEAVE if leaves else Outcome.GOES_ON

    def _with(self, node: ast.With | ast.AsyncWith) -> Outcome:
        for item in node.items:
            if self._evaluates(item.context_expr):
                return Outcome.MEETS
            if item.optional_vars is not None and self._evaluates(item.optional_vars):
                return Outcome.MEETS
        managers = [item.context_expr for item in node.items]
        called = [dotted_name(call.func) for call in managers if isinstance(call, ast.Call)]
        if any(name.rpartition(".")[2] == "suppress" for name in called):
            return Outcome.MAY_LEAVE
        return self._block(node.body)

    def _try(self, node: ast.Try | ast.TryStar) -> Outcome:
        last = [part for statement in node.finalbody for part in (statement, *own_nodes(statement))]
        if any(isinstance(part, (*_LEAVES, ast.Break, ast.Continue)) for part in last):
            return Outcome.MAY_LEAVE  # any exception gives way to that
        if not node.handlers:
            outcome = self._block(node.body)
            if outcome is Outcome.MEETS:
                return outcome
            after = self._block(node.finalbody)
            return after if outcome is Outcome.GOES_ON or after is Outcome.MEETS else outcome
        # Only what comes first isn't passed over by an exception before it.
        known = len(self.met)
        outcome = self._block(node.body[:1])
        if outcome is Outcome.MEETS and not any(map(_catches_recursion, node.handlers)):
            return outcome
        leaves = outcome is Outcome.MEETS
        del self.met[known:]
        return Outcome.MAY_LEAVE if leaves else self._perhaps(node)

    # Expressions

    def _is_it(self, node: ast.AST) -> bool:
        if isinstance(node, (ast.expr, ast.stmt)) and self.is_met(node):
            self.met.append(node)
            return True
        return False

    def _evaluates(self, node: ast.AST) -> bool:
        """Does evaluating an expression surely meet what is looked for?"""
        if isinstance(node, ast.BoolOp):
            for value in node.values:
                if self._evaluates(value):
                    return True
                if self.truth(value) is not isinstance(node.op, ast.And):
                    return False
            return False
        if isinstance(node, ast.IfExp):
            if self._evaluates(node.test):
                return True
            truth = self.truth(node.test)
            if truth is not None:
                return self._evaluates(node.body if truth else node.orelse)
            both = [self._evaluates(node.body), self._evaluates(node.orelse)]
            return any(both) if self._comes_again(node.test) else all(both)
        if isinstance(node, ast.Compare):
            parts: Iterable[ast.AST] = (node.left, node.comparators[0])
        elif isinstance(node, ast.Lambda):
            parts = [part for part in child_nodes(node.args) if isinstance(part, ast.expr)]
        elif isinstance(node, _COMPREHENSIONS):
            parts = (node.generators[0].iter,)
        else:
            parts = child_nodes(node)
        return any(map(self._evaluates, parts)) or self._is_it(node)

    # Tests

    def _comes_again(self, test: ast.expr) -> bool:
        """Does a test come out the same when the function is called with the parameter again?"""
        if not self.parameter or self.value is not None:
            return False
        names = {part.id for part in walk(test) if isinstance(part, ast.Name)}
        calls = [part.func for part in walk(test) if isinstance(part, ast.Call)]
        return (
            self.parameter in names
            and all(name == self.parameter or name.isupper() for name in names)
            and all(isinstance(f, ast.Attribute) and f.attr in _STRING_METHODS for f in calls)
        )

    def truth(self, test: ast.expr) -> bool | None:
        """How a test of the parameter comes out; None where that can't be known."""
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            inner = self.truth(test.operand)
            return None if inner is None else not inner
        if isinstance(test, ast.BoolOp):
            decisive = isinstance(test.op, ast.Or)
            parts = [self.truth(part) for part in test.values]
            if decisive in parts:
                return decisive
            return None if None in parts else not decisive
        try:
            return bool(self._value(test))
        except (LookupError, TypeError, ValueError):
            return None

    def _value(self, node: ast.expr) -> object:
        """The value of an expression over the parameter.

        Raises LookupError for other expressions, TypeError or ValueError for what Python refuses.
        """
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Name) and node.id == self.parameter and self.value is not None:
            return self.value
        if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
            return [self._value(item) for item in node.elts]
        if isinstance(node, ast.Compare):
            left = self._value(node.left)
            for comparison, operand in zip(node.ops, node.comparators, strict=True):
                right = self._value(operand)
                if not _COMPARISONS[type(comparison)](left, right):
                    return False
                left = right
            return True
        if isinstance(node, ast.Subscript):
            text = self._text(node.value)
            if isinstance(node.slice, ast.Slice):
                bounds = (node.slice.lower, node.slice.upper, node.slice.step)
                return text[slice(*(part and self._value(part) for part in bounds))]  # type: ignore[arg-type]
            return text[self._value(node.slice)]  # type: ignore[index]
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return -self._value(node.operand)  # type: ignore[operator]
        if isinstance(node, ast.Call) and not node.keywords:
            return self._called(node)
        raise LookupError

    def _called(self, node: ast.Call) -> object:
        func = node.func
        if isinstance(func, ast.Attribute) and func.attr in _STRING_METHODS:
            text = self._text(func.value)
            arguments = [self._value(argument) for argument in node.args]
            given = [tuple(item) if isinstance(item, list) else item for item in arguments]
            return getattr(text, func.attr)(*given)
        if isinstance(func, ast.Name) and func.id == "len" and len(node.args) == 1:
            return len(self._text(node.args[0]))
        raise LookupError

    def _text(self, node: ast.expr) -> str:
        value = self._value(node)
        if not isinstance(value, str):
            raise LookupError
        return value


def _in_order(node: ast.stmt) -> list[ast.AST]:
    """The expressions of a simple statement as they are evaluated."""
    if isinstance(node, ast.Assign):
        return [node.value, *node.targets]
    if isinstance(node, ast.AnnAssign):
        return [part for part in (node.value, node.target) if part is not None and node.value]
    if isinstance(node, ast.Assert):
        return [node.test]
    return child_nodes(node)


@lru_cache(maxsize=8)  # a function is asked about for each of its attributes
def _is_generator(function: Function) -> bool:
    return any(isinstance(part, (ast.Yield, ast.YieldFrom)) for part in own_nodes(function))


def _catches_recursion(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    for kind in kinds:
        name = dotted_name(kind).rpartition(".")[2]
        known = getattr(builtins, name, None) if name else None
        if isinstance(known, type) and issubclass(known, BaseException):
            if issubclass(RecursionError, known):
                return True
        elif not name.lstrip("_")[:1].isupper():
            return True  # a variable may hold any
    return False


def statements_for(
    function: Function, nodes_of: Mapping[str, Collection[ast.AST]]
) -> dict[str, list[ast.stmt]]:
    """By name, the statements of a function's body that hold one of its nodes, or from which
    control may go elsewhere than on."""
    names: dict[ast.AST, list[str]] = {}
    for name, nodes in nodes_of.items():
        for node in nodes:
            names.setdefault(node, []).append(name)
    chosen: dict[str, list[int]] = {name: [] for name in nodes_of}
    always: list[int] = []
    for number, statement in enumerate(function.body):
        if not isinstance(statement, (*_PLAIN, *_SCOPES)):
            always.append(number)
            continue
        for name in {name for node in walk(statement) for name in names.get(node, ())}:
            chosen[name].append(number)
    return {
        name: [function.body[number] for number in merge(always, numbers)]
        for name, numbers in chosen.items()
    }


def own_nodes(node: ast.AST) -> list[ast.AST]:
    """The nodes below a node that run when it does: not those of functions and classes in it."""
    found: list[ast.AST] = []
    waiting = child_nodes(node)
    for part in waiting:
        found.append(part)
        if not isinstance(part, _SCOPES):
            waiting.extend(child_nodes(part))
    return found


def parameters(function: Function) -> list[str]:
    """The names of the positional parameters; "" for one that the function rebinds."""
    rebound: set[str] = set()
    for part in walk(*function.body):
        if isinstance(part, ast.Name):
            if not isinstance(part.ctx, ast.Load):
                rebound.add(part.id)
        elif isinstance(part, ast.alias):
            rebound.add(part.asname or part.name.partition(".")[0])
        elif isinstance(getattr(part, "name", None), str):
            rebound.add(part.name)  # type: ignore[attr-defined]
    declared = [arg.arg for arg in (*function.args.posonlyargs, *function.args.args)]
    return ["" if name in rebound else name for name in declared]
