"""The context of a place: which tests have been made there, which errors are handled there.

A *path* is the list of `ast` nodes around a place: the top-level statement first, the innermost
node last (`path_to`). All functions look only inside that statement, so that they answer the same
whether or not the rest of the file is read.

Where a test or a handler can't be understood, the code counts as guarded.
"""

from __future__ import annotations

import ast
import builtins
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise

from ..base.answer import Answer, answer
from ..base.typed import TYPE_CHECKING, NamedTuple
from ..index.collect import dotted_name
from ..index.conditions import (
    Known,
    for_type_checkers,
    in_python3,
    is_version_test,
    nothing_known,
    on_platforms,
    truth,
    with_attributes,
    without_module,
)
from ..source.ast_nodes import COMPREHENSIONS, child_nodes, first_line, walk

if TYPE_CHECKING:
    from typing import Any, TypeAlias

    from ..rule_api.file import FileContext, Range

Path: TypeAlias = "Sequence[ast.AST]"

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_WITHS = (ast.With, ast.AsyncWith)
_TRIES = (ast.Try, ast.TryStar)
_CATCHING = (*_TRIES, *_WITHS, *_FUNCTIONS, ast.Lambda)
"""In whose body an error of an inner node may be handled, or is none any more."""
_BLOCKS = ("body", "orelse", "finalbody")


# Paths


def path_to(statement: ast.stmt, start: tuple[int, int], end: tuple[int, int]) -> list[ast.AST]:
    """The nodes in a statement that hold a range, the outermost first.

    Args:
        statement: a top-level statement.
        start, end: the range: 1-based lines, and columns as `ast` counts them, 0-based in bytes
            of UTF-8.
    """
    first: list[ast.AST] = [statement]
    path = _latest if start < end and _latest[:1] == first else first
    while len(path) > 1 and not _holds(path[-1], start, end):
        path.pop()
    while True:
        inner = next((node for node in _near(path[-1], end) if _holds(node, start, end)), None)
        if inner is None:
            _latest[:] = path
            return path.copy()
        path.append(inner)


_latest: list[ast.AST] = []  # the path to the last place: the next one often is a near one


def _near(node: ast.AST, end: tuple[int, int]) -> Iterator[ast.AST]:
    """The nodes directly below a node, of each block only the statement that may hold a place."""
    for field in node._fields:
        value = getattr(node, field, None)
        if isinstance(node, ast.JoinedStr):
            yield from (part for part in node.values if isinstance(part, ast.FormattedValue))
        elif isinstance(value, list) and value and isinstance(value[0], ast.stmt):
            number = bisect_left(value, end, key=_end)
            yield from value[number : number + 1]
        elif isinstance(value, list):
            yield from (part for part in value if isinstance(part, ast.AST))
        elif isinstance(value, ast.AST):
            yield value


def _end(node: Any) -> tuple[int, int]:
    return node.end_lineno, node.end_col_offset


def _holds(node: ast.AST, start: tuple[int, int], end: tuple[int, int]) -> bool:
    if not hasattr(node, "lineno"):
        # Arguments, comprehensions, cases, with items: what they hold has places.
        return any(_holds(child, start, end) for child in child_nodes(node))
    if isinstance(node, ast.FormattedValue):
        # Up to Python 3.11 it stands where the whole string does, and so do the literal parts.
        spec = [] if node.format_spec is None else child_nodes(node.format_spec)
        inside = [part for part in spec if isinstance(part, ast.FormattedValue)]
        return any(_holds(child, start, end) for child in [node.value, *inside])
    place: Any = node
    first = (place.lineno, place.col_offset)
    if isinstance(node, ast.stmt) and first_line(node) < node.lineno:
        first = (first_line(node), 0)  # its decorators
    return first <= start and end <= (place.end_lineno, place.end_col_offset)


def _block_of(parent: ast.AST, child: ast.AST) -> tuple[str, list[ast.stmt]] | None:
    """The block of a node that a statement stands in: its field, and its statements."""
    if isinstance(child, ast.stmt):
        for field in _BLOCKS:
            block = getattr(parent, field, None)
            if isinstance(block, list):
                number = bisect_left(block, _end(child), key=_end)
                if number < len(block) and block[number] is child:
                    return field, block
    return None


def _is_in_body(parent: ast.AST, child: ast.AST) -> bool:
    if isinstance(parent, ast.Lambda):
        return child is parent.body
    block = _block_of(parent, child)
    return block is not None and block[0] == "body"


# Conditions


def conditions(path: Path) -> Iterator[tuple[ast.expr, bool]]:
    """The tests that have been made where the last node of `path` runs, and how they came out.

    These are the tests of the branches around it, of conditional expressions, `and` and `or`,
    comprehensions and assertions, and those of earlier `if` statements of the same block that
    leave it. Whether what they test has changed since is not asked.
    """
    for parent, child in pairwise(path):
        yield from _conditions_at(parent, child)


def _conditions_at(parent: ast.AST, child: ast.AST) -> Iterator[tuple[ast.expr, bool]]:
    """The tests that are made between a node and one directly below it."""
    block = _block_of(parent, child)
    if isinstance(parent, (ast.If, ast.While)):
        if block is not None:
            yield parent.test, block[0] == "body"
    elif isinstance(parent, ast.IfExp):
        if child is not parent.test:
            yield parent.test, child is parent.body
    elif isinstance(parent, ast.BoolOp):
        for value in parent.values:
            if value is child:
                break
            yield value, isinstance(parent.op, ast.And)
    elif isinstance(parent, COMPREHENSIONS):
        for generator in parent.generators:
            if generator is child:
                break
            yield from ((test, True) for test in generator.ifs)
    elif isinstance(parent, ast.match_case):
        if parent.guard is not None and child is not parent.guard:
            yield parent.guard, True
    elif isinstance(parent, (*_FUNCTIONS, ast.ClassDef)):
        yield from _skipping_decorators(parent)
    if block is not None:
        yield from _earlier(block[1], child)


def _earlier(block: list[ast.stmt], child: ast.AST) -> Iterator[tuple[ast.expr, bool]]:
    """What the statements before `child` have made sure of."""
    end = _end(child)
    for tested, test, outcome in _known_of(block).tests:
        if tested >= end:
            return
        yield test, outcome


class _Block(NamedTuple):
    """Of which tests the statements of a block make sure, and where it is left, if it is: each
    with where the statement ends."""

    statements: list[ast.stmt]
    tests: list[tuple[tuple[int, int], ast.expr, bool]]
    exit: tuple[int, int] | None


_MANY_BLOCKS = 32
_known_blocks: dict[int, _Block] = {}  # many places of the same few blocks are asked about


def _known_of(block: list[ast.stmt]) -> _Block:
    # A list that is kept has its number for itself.
    known = _known_blocks.get(id(block))
    if known is None:
        if len(_known_blocks) >= _MANY_BLOCKS:
            _known_blocks.clear()
        known = _known_blocks[id(block)] = _looked_at(block)
    return known


def _looked_at(block: list[ast.stmt]) -> _Block:
    tests: list[tuple[tuple[int, int], ast.expr, bool]] = []
    for statement in block:
        if isinstance(statement, ast.If):
            if _leaves(statement.body):
                tests.append((_end(statement), statement.test, False))
            elif _leaves(statement.orelse):
                tests.append((_end(statement), statement.test, True))
        elif isinstance(statement, ast.Assert):
            tests.append((_end(statement), statement.test, True))
    leaving = next((statement for statement in block if _leaves([statement])), None)
    return _Block(block, tests, None if leaving is None else _end(leaving))


def _leaves(block: list[ast.stmt]) -> bool:
    """Does a block surely not go on to the statement after it?"""
    if not block:
        return False
    last = block[-1]
    if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call):
        return dotted_name(last.value.func) in ("sys.exit", "exit", "os._exit", "pytest.skip")
    return isinstance(last, (ast.Return, ast.Raise, ast.Continue, ast.Break))


def _skipping_decorators(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef,
) -> Iterator[tuple[ast.expr, bool]]:
    """`@unittest.skipIf(test, …)`, `@pytest.mark.skipif(test)` and their like."""
    for call in node.decorator_list:
        if isinstance(call, ast.Call) and call.args:
            kind = dotted_name(call.func).rpartition(".")[2].lower()
            if kind in ("skipif", "skip_if"):
                yield call.args[0], False
            elif kind in ("skipunless", "skip_unless"):
                yield call.args[0], True


def excluded(path: Path, known: Known) -> bool:
    """Does one of the conditions come out otherwise, by what `known` knows?"""
    return any(truth(test, known) is answer(not outcome) for test, outcome in conditions(path))


def only_in_python2(path: Path) -> bool:
    """Does a test on Python's version keep the last node of `path` from running in Python 3?

    A test on the version that isn't understood counts as one that does.
    """
    return "python 2" in _around(path).kinds


def only_if_it_has(path: Path, names: Collection[str]) -> bool:
    """Does the last node of `path` run only where some object has one of these attributes?"""
    return excluded(path, with_attributes(names, found=False))


def only_if_it_lacks(path: Path, names: Collection[str]) -> bool:
    """Does the last node of `path` run only where some object has none of these attributes?"""
    return excluded(path, with_attributes(names, found=True))


def only_if_found(path: Path, module: str) -> bool:
    """Does the last node of `path` run only where `find_spec("module")` finds the module?"""
    return excluded(path, without_module(module))


def only_for_type_checkers(path: Path) -> bool:
    """Is the last node of `path` under `if TYPE_CHECKING`, which never runs?"""
    return "type checking" in _around(path).kinds


def dead_code(path: Path) -> str:
    """Which of the kinds of code in `claim.DEAD` the last node of `path` is; "" where it may run."""
    kinds = _around(path).kinds
    return next((kind for kind in _DEAD if kind in kinds), "")


_DEAD = ("constant", "type checking", "python 2", "platform", "unreachable")


class _Around(NamedTuple):
    """What is known of the code around a node: the kinds of dead code that it is, and the numbers
    of the nodes of its path in whose bodies errors of it may be handled, or are its own."""

    kinds: frozenset[str] = frozenset()
    catching: tuple[int, ...] = ()


_AROUND = "_around"


def _around(path: Path) -> _Around:
    """Each node keeps its own: many places lie below the same nodes."""
    known = max(len(path) - 1, 0)
    while known and not hasattr(path[known], _AROUND):
        known -= 1
    around: _Around = getattr(path[known], _AROUND) if known else _Around()
    for number in range(known + 1, len(path)):
        parent, child = path[number - 1], path[number]
        kinds, catching = around.kinds.union(_kinds_at(parent, child)), around.catching
        if isinstance(parent, _CATCHING) and _is_in_body(parent, child):
            catching = (*catching, number - 1)
        around = _Around(kinds, catching)
        setattr(child, _AROUND, around)
    return around


def _kinds_at(parent: ast.AST, child: ast.AST) -> Iterator[str]:
    """The kinds of dead code that a node is for what stands directly above it."""
    for test, outcome in _conditions_at(parent, child):
        excluding = answer(not outcome)
        if truth(test, nothing_known) is excluding:
            yield "constant"
        if truth(test, for_type_checkers) is excluding:
            yield "type checking"
        if _is_of_python2(test, outcome):
            yield "python 2"
        if truth(test, on_platforms) is excluding:
            yield "platform"
    if _is_behind_exit(parent, child):
        yield "unreachable"


def _is_of_python2(test: ast.expr, outcome: bool) -> bool:
    puzzling: list[ast.expr] = []

    def known(part: ast.expr) -> Answer:
        try:
            return in_python3(part)
        except (LookupError, TypeError, ValueError):
            if is_version_test(part):
                puzzling.append(part)
            return Answer.UNKNOWN

    return truth(test, known) is answer(not outcome) or bool(puzzling)


def path_in(file: FileContext, place: Range) -> list[ast.AST]:
    """The path to a range of a file; empty where the file has no `ast`."""
    statement = file.statement_around(place.start_line, place.start_column)
    if statement is None:
        return []
    start = file.ast_offset(place.start_line, place.start_column)
    return path_to(statement, start, file.ast_offset(place.end_line, place.end_column))


def _is_behind_exit(parent: ast.AST, child: ast.AST) -> bool:
    """Does a statement that leaves its block stand before a statement of that block?"""
    block = _block_of(parent, child)
    left = None if block is None else _known_of(block[1]).exit
    return left is not None and left < _end(child)


def heeds_both_pythons(path: Path, old: Collection[str], new: Collection[str]) -> bool:
    """Does the code around the last node of `path` take care that attributes which are `old` in
    Python 2 are `new` in Python 3?

    By a test on the version or for such an attribute, by a `try` of which another part uses the
    other name, or as a test that expects an AttributeError.
    """
    return (
        only_in_python2(path)
        or only_if_it_has(path, old)
        or only_if_it_lacks(path, new)
        or in_fallback(path, new)
        or expected_by(path, "AttributeError")
    )


def instance_tests(path: Path, node: ast.expr) -> Iterator[str]:
    """The dotted names of the classes that `isinstance(node, …)` has found at the end of `path`.

    A class that has no dotted name is "".
    """
    subject = ast.dump(node)
    for test, outcome in conditions(path):
        parts = [test] if outcome else []
        while parts:
            part = parts.pop()
            if isinstance(part, ast.BoolOp) and isinstance(part.op, ast.And):
                parts += part.values
            elif (
                isinstance(part, ast.Call)
                and dotted_name(part.func) == "isinstance"
                and len(part.args) == 2
                and ast.dump(part.args[0]) == subject
            ):
                kinds = part.args[1]
                for kind in kinds.elts if isinstance(kinds, ast.Tuple) else [kinds]:
                    yield dotted_name(kind)


def asks_how_it_runs(path: Path) -> bool:
    """Is the last node of `path` under a test of `__name__` or `__package__`: is it there for being
    run as a program? `python directory` leaves `__package__` empty (PEP 366)."""
    return any(
        isinstance(node, ast.If)
        and any(
            isinstance(part, ast.Name) and part.id in ("__name__", "__package__")
            for part in walk(node.test)
        )
        for node in path
    )


# Errors

_EXPECTING = frozenset(
    {
        *("raises", "assertRaises", "assertRaisesRegex", "assertRaisesRegexp"),
        *("assert_raises", "assert_raises_regex", "assert_raises_regexp"),
    }
)


def caught_by(path: Path, error: str) -> bool:
    """Is the built-in exception `error`, raised at the last node of `path`, dealt with there?

    Caught by an `except` clause of a `try` around it, suppressed by `contextlib.suppress`, or
    expected by a test. What surrounds the definition of a function doesn't surround its calls.
    """
    return expected_by(path, error) or any(
        any(_catches(part, error) for part in parts) for parts in _handlers(path)
    )


def expected_by(path: Path, error: str) -> bool:
    """Is the built-in exception `error` what a test expects at the last node of `path`?

    `pytest.raises(…)`, `assertRaises(…)`, with a block or a lambda; decorators that say so.
    """
    for number in reversed(_around(path).catching):
        parent = path[number]
        if isinstance(parent, _WITHS):
            if any(_expects(item.context_expr, error) for item in parent.items):
                return True
        elif isinstance(parent, ast.Lambda):
            return number > 0 and _expects(path[number - 1], error)
        elif isinstance(parent, _FUNCTIONS):
            return any(
                _expects(decorator, error)
                or dotted_name(getattr(decorator, "func", decorator)).endswith(
                    ("expectedFailure", "mark.xfail")
                )
                for decorator in parent.decorator_list
            ) or (number > 0 and _is_called_by_test(path[number - 1], parent, error))
    return False


def _is_called_by_test(
    parent: ast.AST, function: ast.FunctionDef | ast.AsyncFunctionDef, error: str
) -> bool:
    """Does the block of a function hand it to `assertRaises(error, function)`?"""
    block = _block_of(parent, function)
    return block is not None and any(
        isinstance(node, ast.Call)
        and _expects(node, error)
        and any(dotted_name(argument) == function.name for argument in node.args[1:])
        for node in walk(*block[1])
    )


def _handlers(path: Path) -> Iterator[Iterable[ast.expr | None]]:
    """The exceptions that are caught around the last node of `path`; None is a bare `except`."""
    for number in reversed(_around(path).catching):
        parent = path[number]
        if isinstance(parent, _TRIES):
            yield [handler.type for handler in parent.handlers]
        elif isinstance(parent, _WITHS):
            for item in parent.items:
                call = item.context_expr
                if isinstance(call, ast.Call) and _last_name(call.func) == "suppress":
                    yield call.args
        elif isinstance(parent, (*_FUNCTIONS, ast.Lambda)):
            return


def _expects(node: ast.AST, error: str) -> bool:
    """Is it a call such as `pytest.raises(error)`?"""
    if not isinstance(node, ast.Call) or _last_name(node.func) not in _EXPECTING:
        return False
    return not node.args or _catches(node.args[0], error)


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _catches(kind: ast.expr | None, error: str) -> bool:
    """Does `except kind` catch the built-in exception `error`?"""
    if kind is None:
        return True
    if isinstance(kind, ast.Tuple):
        return any(_catches(element, error) for element in kind.elts)
    name = _last_name(kind)
    if name == "error":  # os.error, socket.error, select.error
        name = "OSError"
    caught = getattr(builtins, name, None) if name else None
    if isinstance(caught, type) and issubclass(caught, BaseException):
        return issubclass(getattr(builtins, error), caught)
    # A class that isn't built in is no base of a built-in one; a variable may hold any.
    return not name.lstrip("_")[:1].isupper() or name.isupper()


# One thing done in two ways


def in_fallback(path: Path, others: Collection[str]) -> bool:
    """Is the last node of `path` in one part of a `try` of which another uses one of `others`?

    `try: d.iteritems() … except AttributeError: d.items()`, either way round, also in
    functions that the parts define.

    Args:
        path: the nodes around a place.
        others: the names of attributes that are the other way to do the same.
    """
    for parent, child in pairwise(path):
        if not isinstance(parent, _TRIES):
            continue
        block = _block_of(parent, child)
        if block is not None and block[0] == "finalbody":
            continue
        tried: list[ast.AST] = [*parent.body, *parent.orelse]
        handlers = [handler for handler in parent.handlers if handler is not child]
        alternatives = handlers if block is not None else [*tried, *handlers]
        if any(
            isinstance(node, ast.Attribute) and node.attr in others for node in walk(*alternatives)
        ):
            return True
    return False
