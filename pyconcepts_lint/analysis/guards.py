"""What the code around a node already takes care of: versions, missing attributes, errors.

All functions take a *path*: the nodes around a place, the outermost first, and the node itself
as the last (`[*rule.ancestors, node]`). They look only inside the top-level statement that
holds the place, so that they answer the same whether or not the rest of the file is walked.

Where a test or a handler can't be understood, the code counts as guarded.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from ..base.typed import TYPE_CHECKING, NamedTuple
from ..index.collect import dotted_name
from ..source import cst
from ..source.cst_nodes import dotted, names_one, nodes
from .conditions import (
    Known,
    for_type_checkers,
    in_python3,
    is_version_test,
    truth,
    with_attributes,
    without_module,
)

if TYPE_CHECKING:
    from typing import TypeAlias


Path: TypeAlias = "Sequence[cst.CSTNode]"


# Conditions


def conditions(path: Path) -> Iterator[tuple[cst.BaseExpression, bool]]:
    """The tests that have been made where the last node of `path` runs, and how they came out.

    These are the tests of the branches around it, of conditional expressions, `and` and `or`,
    comprehensions and assertions, and those of earlier `if` statements of the same block that
    leave it. Whether what they test has changed since is not asked.
    """
    for parent, child in pairwise(path):
        if isinstance(parent, (cst.If, cst.IfExp, cst.While)):
            if child is parent.body:
                yield parent.test, True
            elif child is parent.orelse:
                yield parent.test, False
        elif isinstance(parent, cst.BooleanOperation):
            if child is parent.right:
                yield parent.left, isinstance(parent.operator, cst.And)
        elif isinstance(parent, (cst.GeneratorExp, cst.ListComp, cst.SetComp, cst.DictComp)):
            if child is not parent.for_in:
                yield from _comprehension_tests(parent.for_in)
        elif isinstance(parent, cst.CompFor):
            if child is parent.inner_for_in:
                yield from ((test.test, True) for test in parent.ifs)
        elif isinstance(parent, cst.MatchCase):
            if child is parent.body and parent.guard is not None:
                yield parent.guard, True
        elif isinstance(parent, (cst.FunctionDef, cst.ClassDef)):
            yield from _skipping_decorators(parent)
        elif isinstance(parent, cst.IndentedBlock):
            yield from _earlier(parent, child)


def _comprehension_tests(loop: cst.CompFor | None) -> Iterator[tuple[cst.BaseExpression, bool]]:
    while loop is not None:
        for test in loop.ifs:
            yield test.test, True
        loop = loop.inner_for_in


def _earlier(
    block: cst.IndentedBlock, child: cst.CSTNode
) -> Iterator[tuple[cst.BaseExpression, bool]]:
    """What the statements before `child` have made sure of."""
    known = _sure_in(block)
    place = known.places.get(child, len(known.places))
    for number, test, outcome in known.tests:
        if number >= place:
            return
        yield test, outcome


class _SureInBlock(NamedTuple):
    """Where the statements of a block stand in it, and of which tests they make sure from there
    on, with their outcomes."""

    places: dict[cst.CSTNode, int]
    tests: list[tuple[int, cst.BaseExpression, bool]]


@lru_cache(maxsize=16)  # many places of the same few blocks are asked about
def _sure_in(block: cst.IndentedBlock) -> _SureInBlock:
    tests: list[tuple[int, cst.BaseExpression, bool]] = []
    for number, statement in enumerate(block.body):
        if isinstance(statement, cst.If):
            orelse = statement.orelse
            if _leaves(statement.body):
                tests.append((number, statement.test, False))
            elif isinstance(orelse, cst.Else) and _leaves(orelse.body):
                tests.append((number, statement.test, True))
        elif isinstance(statement, cst.SimpleStatementLine):
            asserts = (part for part in statement.body if isinstance(part, cst.Assert))
            tests += ((number, part.test, True) for part in asserts)
    return _SureInBlock({statement: n for n, statement in enumerate(block.body)}, tests)


def _leaves(suite: cst.BaseSuite) -> bool:
    """Does a block surely not go on to the statement after it?"""
    last: cst.CSTNode = suite
    while isinstance(last, (cst.BaseSuite, cst.SimpleStatementLine)):
        if not last.body:
            return False
        last = last.body[-1]
    if isinstance(last, cst.Expr) and isinstance(last.value, cst.Call):
        return dotted(last.value.func) in ("sys.exit", "exit", "os._exit", "pytest.skip")
    return isinstance(last, (cst.Return, cst.Raise, cst.Continue, cst.Break))


def _skipping_decorators(
    node: cst.FunctionDef | cst.ClassDef,
) -> Iterator[tuple[cst.BaseExpression, bool]]:
    """`@unittest.skipIf(test, …)`, `@pytest.mark.skipif(test)` and their like."""
    for decorator in node.decorators:
        call = decorator.decorator
        if isinstance(call, cst.Call) and call.args:
            kind = dotted(call.func).rpartition(".")[2].lower()
            if kind in ("skipif", "skip_if"):
                yield call.args[0].value, False
            elif kind in ("skipunless", "skip_unless"):
                yield call.args[0].value, True


@lru_cache(maxsize=1_000)
def _parsed(node: cst.BaseExpression) -> ast.expr | None:
    try:
        return ast.parse(f"({cst.Module([]).code_for_node(node)}\n)", mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _excluded(path: Path, atom: Known) -> bool:
    """Does one of the conditions come out otherwise, by what `atom` knows?"""
    for test, outcome in conditions(path):
        parsed = _parsed(test)
        if parsed is not None and truth(parsed, atom) is (not outcome):
            return True
    return False


# Python 2 or 3


def only_in_python2(path: Path) -> bool:
    """Does a test on Python's version keep the last node of `path` from running in Python 3?

    `sys.version_info`, `sys.hexversion`, `sys.version`, `platform.python_version…()`,
    `str is bytes`, and names such as `PY2`, `six.PY3`, `is_python2` are understood.
    """
    puzzling: list[ast.expr] = []

    def atom(test: ast.expr) -> bool | None:
        try:
            return in_python3(test)
        except (LookupError, TypeError, ValueError):
            if is_version_test(test):
                puzzling.append(test)
            return None

    return _excluded(path, atom) or bool(puzzling)


# Attributes, modules and type checkers


def only_if_it_has(path: Path, names: Collection[str]) -> bool:
    """Does the last node of `path` run only where some object has one of these attributes?

    `hasattr(x, "name")`, `getattr(x, "name", None)`, `"name" in dir(x)`.
    """
    return _excluded(path, with_attributes(names, found=False))


def only_if_it_lacks(path: Path, names: Collection[str]) -> bool:
    """Does the last node of `path` run only where some object has none of these attributes?"""
    return _excluded(path, with_attributes(names, found=True))


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


def only_if_found(path: Path, module: str) -> bool:
    """Does the last node of `path` run only where `find_spec("module")` finds the module?"""
    return _excluded(path, without_module(module))


def only_for_type_checkers(path: Path) -> bool:
    """Is the last node of `path` under `if TYPE_CHECKING`, which never runs?"""
    return _excluded(path, for_type_checkers)


def instance_tests(path: Path, node: cst.BaseExpression) -> Iterator[str]:
    """The dotted names of the classes that `isinstance(node, …)` has found at the end of `path`.

    A class that has no dotted name is "".
    """
    subject = _parsed(node)
    if subject is None:
        return
    for test, outcome in conditions(path):
        parsed = _parsed(test) if outcome else None
        parts = [] if parsed is None else [parsed]
        while parts:
            part = parts.pop()
            if isinstance(part, ast.BoolOp) and isinstance(part.op, ast.And):
                parts += part.values
            elif (
                isinstance(part, ast.Call)
                and dotted_name(part.func) == "isinstance"
                and len(part.args) == 2
                and ast.dump(part.args[0]) == ast.dump(subject)
            ):
                kinds = part.args[1]
                for kind in kinds.elts if isinstance(kinds, ast.Tuple) else [kinds]:
                    yield dotted_name(kind)


# Errors

_EXPECTING = frozenset(
    {
        "raises",
        "assertRaises",
        "assertRaisesRegex",
        "assertRaisesRegexp",
        "assert_raises",
        "assert_raises_regex",
        "assert_raises_regexp",
    }
)


def asks_how_it_runs(path: Path) -> bool:
    """Is the last node of `path` under a test of `__name__` or `__package__`: is it there for being
    run as a program? `python directory` leaves `__package__` empty (PEP 366)."""
    return any(
        isinstance(node, cst.If) and names_one(node.test, ("__name__", "__package__"))
        for node in path
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
    for number in range(len(path) - 1, 0, -1):
        parent, child = path[number - 1], path[number]
        if isinstance(parent, cst.With) and child is parent.body:
            if any(_expects(item.item, error) for item in parent.items):
                return True
        elif isinstance(parent, cst.Lambda) and child is parent.body:
            return number > 2 and _expects(path[number - 3], error)
        elif isinstance(parent, cst.FunctionDef) and child is parent.body:
            return any(
                _expects(decorator.decorator, error)
                or dotted(getattr(decorator.decorator, "func", decorator.decorator)).endswith(
                    ("expectedFailure", "mark.xfail")
                )
                for decorator in parent.decorators
            ) or (number > 1 and _is_called_by_test(path[number - 2], parent.name.value, error))
    return False


def _is_called_by_test(block: cst.CSTNode, name: str, error: str) -> bool:
    """Does a block hand a function that it defines to `assertRaises(error, name)`?"""
    return any(
        dotted(argument.value) == name
        for call in _expecting_calls(block)
        if _expects(call, error)
        for argument in call.args[1:]
    )


@lru_cache(maxsize=1)  # one place after the other of the same block is asked about
def _expecting_calls(block: cst.CSTNode) -> list[cst.Call]:
    """The calls such as `pytest.raises(…)` in a block."""
    return [
        node
        for node in nodes(block)
        if isinstance(node, cst.Call) and _last_name(node.func) in _EXPECTING
    ]


def _handlers(path: Path) -> Iterator[Iterable[cst.BaseExpression | None]]:
    """The exceptions that are caught around the last node of `path`; None is a bare `except`."""
    for number in range(len(path) - 1, 0, -1):
        parent, child = path[number - 1], path[number]
        if isinstance(parent, (cst.Try, cst.TryStar)) and child is parent.body:
            yield [handler.type for handler in parent.handlers]
        elif isinstance(parent, cst.With) and child is parent.body:
            for item in parent.items:
                call = item.item
                if isinstance(call, cst.Call) and _last_name(call.func) == "suppress":
                    yield [argument.value for argument in call.args]
        elif isinstance(parent, (cst.FunctionDef, cst.Lambda)) and child is parent.body:
            return


def _expects(node: cst.CSTNode, error: str) -> bool:
    """Is it a call such as `pytest.raises(error)`?"""
    if not isinstance(node, cst.Call) or _last_name(node.func) not in _EXPECTING:
        return False
    return not node.args or _catches(node.args[0].value, error)


def _last_name(node: cst.BaseExpression) -> str:
    if isinstance(node, cst.Attribute):
        return node.attr.value
    return node.value if isinstance(node, cst.Name) else ""


def _catches(kind: cst.BaseExpression | None, error: str) -> bool:
    """Does `except kind` catch the built-in exception `error`?"""
    if kind is None:
        return True
    if isinstance(kind, cst.Tuple):
        return any(_catches(element.value, error) for element in kind.elements)
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
        if not isinstance(parent, (cst.Try, cst.TryStar)) or child is parent.finalbody:
            continue
        tried = [parent.body, *([parent.orelse] if parent.orelse else [])]
        if any(child is part for part in tried):
            alternatives: Iterable[cst.CSTNode] = parent.handlers
        else:
            alternatives = [*tried, *(part for part in parent.handlers if part is not child)]
        if any(_uses(part, others) for part in alternatives):
            return True
    return False


def _uses(node: cst.CSTNode, names: Collection[str]) -> bool:
    return any(isinstance(part, cst.Attribute) and part.attr.value in names for part in nodes(node))
