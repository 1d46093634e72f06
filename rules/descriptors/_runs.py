"""What surely happens when a function is called: which expressions every path evaluates.

Exceptions that an expression may raise on its way are left out of account, except where a `try`
around it deals with them.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from heapq import merge

from pyconcepts_lint.base.answer import Answer, answer
from pyconcepts_lint.base.typed import TYPE_CHECKING
from pyconcepts_lint.index.collect import dotted_name
from pyconcepts_lint.index.conditions import STRING_METHODS, evaluate, truth
from pyconcepts_lint.rules.descriptors._hooks import Function
from pyconcepts_lint.source.ast_nodes import SCOPES, child_nodes, own_nodes, walk
from pyconcepts_lint.source.control_flow import (
    Block,
    Edge,
    Exit,
    Graph,
    Step,
    effects,
    evaluated_parts,
    may_raise,
)

if TYPE_CHECKING:
    from typing import TypeAlias

_MOST_STRINGS = 12
_PLAIN = (ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Pass, ast.Delete)


_Node: TypeAlias = "ast.expr | ast.stmt"
_Met: TypeAlias = "tuple[list[_Node], bool]"


class Run:
    """A call of a function, and whether it surely evaluates what is looked for.

    Args:
        is_met: is a node (an expression, or a simple statement) what is looked for?
        parameter: a parameter that is never rebound; "" for none.
        value: the string that it holds. Without one, some strings are tried, among them those that
            the function has: with one of them the same call comes again. A single test for which
            that tells nothing counts as coming out either way.

    `met` are the nodes that are met, the first on each path.
    """

    def __init__(
        self, is_met: Callable[[ast.AST], bool], parameter: str = "", value: str | None = None
    ) -> None:
        self._is_met = is_met
        self._parameter = parameter
        self._value = value
        self._names: dict[str, str] = {}
        self.met: list[_Node] = []

    def meets(self, function: Function, body: Sequence[ast.stmt] | None = None) -> bool:
        """Does every call with that value meet it?

        Args:
            function: the function.
            body: the statements of its body that matter: see `statements_for`.
        """
        if isinstance(function, ast.AsyncFunctionDef) or _is_generator(function):
            return False  # calling it runs nothing of it
        graph = Graph(function.body if body is None else body)
        values = [self._value]
        if self._value is None and self._parameter:
            values += _strings_in(graph)
        met = [node for value in values for node in self._met_with(value, graph)]
        self.met = [*dict.fromkeys(met)]
        return bool(met)

    def _met_with(self, value: str | None, graph: Graph) -> list[_Node]:
        self._names = {} if value is None else {self._parameter: value}
        self._exits = graph.exits
        self._first: dict[Block, list[_Node]] = {}
        self._meeting: set[Block] = set()
        self._ends: dict[Block, set[Exit]] = {}
        self._sure = {block: exit is Exit.ERROR for exit, block in graph.exits.items()}
        tests = {edge.decider for block in graph.order for edge in block.edges}
        self._open_tests = {test for test in tests if self._tells_nothing_of(test)}
        for block in reversed(graph.order):
            if block not in self._sure:
                self._sure[block] = self._is_sure(block)
        return [*self._first_met(graph.entry)] if self._sure[graph.entry] else []

    def _is_sure(self, block: Block) -> bool:
        """Does every path from a block on meet it?"""
        is_safe = block.error is None or self._sure.get(block.error, True)
        for step in block.steps:
            met, is_sure = self._met_in(step)
            self._first[block] = self._first.get(block, []) + met
            if is_sure:
                self._meeting.add(block)
                return block.error is None or not self._is_caught(block.error)
            if not is_safe and may_raise(step):
                return False
        answers = [self._is_sure_behind(edge) for edge in self._open_edges(block)]
        comes_again = any(self._comes_again(edge.decider) for edge in block.edges)
        return any(answers) if comes_again else bool(answers) and all(answers)

    def _is_sure_behind(self, edge: Edge) -> bool:
        if edge.target in self._sure:
            return self._sure[edge.target]
        # This is the head of the loop: what leaves the loop tells, if anything does.
        return bool(self._ends_from(edge.target))

    def _ends_from(self, start: Block) -> set[Exit]:
        """How paths from a block may end."""
        if start not in self._ends:
            seen = {*_following(start, self._targets)}
            self._ends[start] = {exit for exit, block in self._exits.items() if block in seen}
        return self._ends[start]

    def _targets(self, block: Block) -> list[Block]:
        targets = [edge.target for edge in self._open_edges(block)]
        if block.error is not None and any(map(may_raise, block.steps)):
            targets.append(block.error)
        return targets

    def _open_edges(self, block: Block) -> Iterator[Edge]:
        for edge in block.edges:
            test = edge.decider
            if isinstance(test, ast.withitem) and edge.outcome:
                if _suppresses(test):
                    yield edge
            elif not isinstance(test, ast.expr) or self._truth(test) is not answer(
                not edge.outcome
            ):
                yield edge

    def _is_caught(self, error: Block) -> bool:
        """May something end the recursion whose exception goes to a block?"""
        for block in _following(error, self._uncaught_targets):
            if block in self._exits.values() and block is not self._exits[Exit.ERROR]:
                return True
            if any(self._catches(edge) for edge in self._open_edges(block)):
                return True
        return False

    def _uncaught_targets(self, block: Block) -> Iterator[Block]:
        for edge in self._open_edges(block):
            if not isinstance(edge.decider, ast.ExceptHandler) or not edge.outcome:
                yield edge.target

    def _catches(self, edge: Edge) -> bool:
        node = edge.decider
        if isinstance(node, ast.ExceptHandler):
            return edge.outcome and _catches_recursion(node)
        return edge.outcome and isinstance(node, ast.withitem)

    def _first_met(self, entry: Block) -> Iterator[_Node]:
        for block in _following(entry, self._unmet_targets):
            yield from self._first.get(block, ())

    def _unmet_targets(self, block: Block) -> Iterator[Block]:
        for target in () if block in self._meeting else self._targets(block):
            if target is not block.error or self._ends_from(target) != {Exit.ERROR}:
                yield target

    # Expressions

    def _met_in(self, step: Step) -> _Met:
        """What a step meets first, and does it surely?"""
        if isinstance(step.node, ast.match_case):
            return [], False  # which patterns are tried isn't known
        met = (self._evaluated(node) for name, node in effects(step) if not name)
        return self._in_turn((*met, self._itself(step.node)))

    def _in_turn(self, parts: Iterable[_Met]) -> _Met:
        found: list[_Node] = []
        for met, is_sure in parts:
            found += met
            if is_sure:
                return found, True
        return found, False

    def _itself(self, node: ast.AST) -> _Met:
        is_met = isinstance(node, (ast.expr, ast.stmt)) and self._is_met(node)
        return ([node], True) if is_met else ([], False)  # type: ignore[list-item]

    def _evaluated(self, node: ast.AST) -> _Met:
        """What evaluating an expression meets first, and does it surely?"""
        if isinstance(node, ast.BoolOp):
            return self._in_turn(map(self._evaluated, self._surely_tested(node)))
        if isinstance(node, ast.IfExp):
            return self._in_turn((self._evaluated(node.test), self._either(node)))
        parts = map(self._evaluated, evaluated_parts(node)[0])
        return self._in_turn((*parts, self._itself(node)))

    def _surely_tested(self, node: ast.BoolOp) -> Iterator[ast.expr]:
        for value in node.values:
            yield value
            if self._truth(value) is not answer(isinstance(node.op, ast.And)):
                return

    def _either(self, node: ast.IfExp) -> _Met:
        ways = ((node.body, True), (node.orelse, False))
        truth = self._truth(node.test)
        met = [self._evaluated(way) for way, outcome in ways if truth is not answer(not outcome)]
        sure = [is_sure for _, is_sure in met]
        is_sure = any(sure) if self._comes_again(node.test) else all(sure)
        return [part for parts, _ in met for part in parts], is_sure

    # Tests

    def _comes_again(self, test: ast.AST | None) -> bool:
        """Does a test come out the same when the function is called with the parameter again?"""
        return len(self._open_tests) <= 1 and self._tells_nothing_of(test)

    def _tells_nothing_of(self, test: ast.AST | None) -> bool:
        """Is it a test of nothing but the parameter, whose outcome isn't known?"""
        if not self._parameter or self._value is not None or not isinstance(test, ast.expr):
            return False
        if self._truth(test) is not Answer.UNKNOWN:
            return False
        names = {part.id for part in walk(test) if isinstance(part, ast.Name)}
        calls = [part.func for part in walk(test) if isinstance(part, ast.Call)]
        return (
            self._parameter in names
            and all(name == self._parameter or name.isupper() for name in names)
            and all(isinstance(f, ast.Attribute) and f.attr in STRING_METHODS for f in calls)
        )

    def _truth(self, test: ast.expr) -> Answer:
        """How a test of the parameter comes out."""
        return truth(test, self._known)

    def _known(self, test: ast.expr) -> Answer:
        try:
            return answer(bool(evaluate(test, self._names)))
        except (LookupError, TypeError, ValueError):
            return Answer.UNKNOWN


def _strings_in(graph: Graph) -> list[str]:
    """Strings that tests may tell apart."""
    tests = [edge.decider for block in graph.order for edge in block.edges if edge.decider]
    found = {
        part.value: None
        for part in walk(*tests)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    }
    return [*found, "attribute", "ATTRIBUTE"][:_MOST_STRINGS]


def _following(start: Block, targets: Callable[[Block], Iterable[Block]]) -> Iterator[Block]:
    """A block and those that come after it."""
    waiting = [start]
    seen = {start}
    for block in waiting:
        yield block
        for target in targets(block):
            if target not in seen:
                seen.add(target)
                waiting.append(target)


def _suppresses(item: ast.withitem) -> bool:
    manager = item.context_expr
    if not isinstance(manager, ast.Call):
        return False
    return dotted_name(manager.func).rpartition(".")[2] == "suppress"


@lru_cache(maxsize=8)  # a function is asked about for each of its attributes
def _is_generator(function: Function) -> bool:
    return any(
        isinstance(part, (ast.Yield, ast.YieldFrom)) for part in own_nodes(*child_nodes(function))
    )


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
        if not isinstance(statement, (*_PLAIN, *SCOPES)):
            always.append(number)
            continue
        for name in {name for node in walk(statement) for name in names.get(node, ())}:
            chosen[name].append(number)
    return {
        name: [function.body[number] for number in merge(always, numbers)]
        for name, numbers in chosen.items()
    }


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
