"""How a test comes out: one evaluator for the conditions of `if`, `while`, `assert` and their like.

`truth` evaluates what is constant in any run, and asks a function about the rest. The functions
below know Python's version, the platform, `TYPE_CHECKING`, and attributes that exist or don't.
"""

from __future__ import annotations

import ast
import builtins
import operator
import re
from collections.abc import Callable, Collection, Iterable
from functools import cache, partial

from ..base.answer import Answer, all_of, answer, any_of
from ..base.lazy import lazy_pattern
from ..base.typed import TYPE_CHECKING
from .binder import dotted_name

if TYPE_CHECKING:
    from typing import Any

Known = Callable[[ast.expr], Answer]
"""What is known of a part of a test that is no `and`, `or` or `not`."""


def truth(test: ast.expr, known: Known) -> Answer:
    """How a test comes out: is it true?

    Args:
        test: the expression that is tested.
        known: answers for the parts that are not constant.
    """
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return truth(test.operand, known).opposite
    if isinstance(test, ast.BoolOp):
        joined = any_of if isinstance(test.op, ast.Or) else all_of
        return joined(truth(part, known) for part in test.values)
    if isinstance(test, ast.NamedExpr):
        return truth(test.value, known)
    if isinstance(test, ast.Constant):
        return answer(bool(test.value))
    return known(test)


def nothing_known(test: ast.expr) -> Answer:
    """For `truth`: only constants decide."""
    return Answer.UNKNOWN


def _or_none(known: Known) -> Known:
    """`known`, for what is true unless it is None: modules, their specs, methods."""

    def asked(test: ast.expr) -> Answer:
        if isinstance(test, ast.Compare) and constant(test.comparators[0]) is None:
            inner = truth(test.left, asked)
            return inner.opposite if isinstance(test.ops[0], (ast.Is, ast.Eq)) else inner
        return known(test)

    return asked


def constant(node: ast.expr) -> object:
    """The value of a constant; `...` for any other expression."""
    return node.value if isinstance(node, ast.Constant) else ...


# What the interpreter is: its version, its platform

_VERSION_NAME = lazy_pattern(
    r"_*(?:is|has|using|on|in)?_?py(?:thon)?_?([23])(?:[\dkx]*|_?plus)_*", re.IGNORECASE
)
_VERSION_WORD = lazy_pattern(
    r"version_info|hexversion|sys\.version|py(?:thon)?_?version|(?:\b|_|is)py(?:thon)?_?[23]",
    re.IGNORECASE,
)
COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: operator.eq,
    ast.IsNot: operator.ne,
    ast.In: lambda one, other: one in other,
    ast.NotIn: lambda one, other: one not in other,
}
STRING_METHODS = frozenset(
    {"startswith", "endswith", "isupper", "islower", "lower", "upper", "strip", "lstrip", "find"}
)
_MINORS = range(8, 24)
"""The 3.x that a test on the version is tried with: the ones still in use, and some to come."""
_PLATFORMS = (
    *("linux", "darwin", "win32", "cygwin", "aix", "android", "ios", "emscripten", "wasi"),
    *("freebsd13", "freebsd14", "netbsd10", "openbsd7", "dragonfly6", "sunos5", "gnu0", "haiku1"),
)
"""Values of `sys.platform` where Python 3.8 and newer can be had."""


def is_version_test(test: ast.expr) -> bool:
    """Does a test speak of Python's version, understood or not?"""
    return bool(_VERSION_WORD.search(ast.unparse(test)))


def in_python3(test: ast.expr) -> Answer:
    """How a test on the version comes out in Python 3; UNKNOWN where that depends on the 3.x.

    `sys.version_info`, `sys.hexversion`, `sys.version`, `platform.python_version…()`,
    `str is bytes`, and names such as `PY2`, `six.PY3`, `is_python2` are understood.

    Raises LookupError, TypeError or ValueError for other tests.
    """
    called = isinstance(test, ast.Call) and not test.args and not test.keywords
    name = dotted_name(test.func if called else test)  # type: ignore[attr-defined]
    match = _VERSION_NAME.fullmatch(name.rpartition(".")[2])
    if match:
        return answer(match[1] == "3")
    return _agreed(evaluate(test, _version(minor)) for minor in _MINORS)


def on_platforms(test: ast.expr) -> Answer:
    """How a test on `sys.platform` comes out; UNKNOWN where that depends on the platform, or the
    test asks for something else."""
    try:
        return _agreed(evaluate(test, {"sys.platform": name}) for name in _PLATFORMS)
    except (LookupError, TypeError, ValueError):
        return Answer.UNKNOWN


INTERPRETERS = tuple(
    (minor, platform) for minor in _MINORS for platform in ("linux", "darwin", "win32")
)
"""The interpreters that a test at the top of a module is tried with."""
ALL_INTERPRETERS = (1 << len(INTERPRETERS)) - 1
_TELLING_WORDS = frozenset(
    {
        *("TYPE_CHECKING", "bytes", "hexversion", "name", "platform", "python_version"),
        *("python_version_tuple", "str", "version", "version_info"),
    }
)


def runs_in(test: ast.expr) -> tuple[int, int]:
    """The interpreters in which a test may come out true, and those in which it does so surely:
    bits of `INTERPRETERS`."""
    words = {getattr(node, "id", "") or getattr(node, "attr", "") for node in ast.walk(test)}
    if not isinstance(test, ast.Constant) and not any(
        word in _TELLING_WORDS or _VERSION_NAME.fullmatch(word) for word in words
    ):
        return ALL_INTERPRETERS, 0
    possible = sure = 0
    for number, names in enumerate(_interpreters()):
        outcome = truth(test, partial(_in_interpreter, names))
        possible |= (outcome is not Answer.NO) << number
        sure |= (outcome is Answer.YES) << number
    return possible, sure


@cache
def _interpreters() -> list[dict[str, Any]]:
    """What names are in each of `INTERPRETERS`."""
    return [
        {
            **_version(minor),
            "sys.platform": platform,
            "os.name": "nt" if platform == "win32" else "posix",
        }
        for minor, platform in INTERPRETERS
    ]


def _in_interpreter(names: dict[str, Any], test: ast.expr) -> Answer:
    called = isinstance(test, ast.Call) and not test.args and not test.keywords
    name = dotted_name(test.func if called else test)  # type: ignore[attr-defined]
    last = name.rpartition(".")[2]
    if last == "TYPE_CHECKING":
        return Answer.NO
    match = _VERSION_NAME.fullmatch(last)
    if match:
        return answer(match[1] == "3")
    try:
        return answer(bool(evaluate(test, names)))
    except (AttributeError, LookupError, TypeError, ValueError):
        return Answer.UNKNOWN


def _agreed(values: Iterable[object]) -> Answer:
    """How a test comes out that has some values."""
    outcomes = {bool(value) for value in values}
    return answer(outcomes.pop()) if len(outcomes) == 1 else Answer.UNKNOWN


def _version(minor: int) -> dict[str, Any]:
    """What names are in Python 3.`minor`; those that start with a dot end a longer name."""
    return {
        ".version_info": (3, minor, 0, "final", 0),
        ".version_info.major": 3,
        ".version_info.minor": minor,
        ".hexversion": 3 << 24 | minor << 16,
        "sys.version": f"3.{minor}.0 (main)",
        "platform.python_version()": f"3.{minor}.0",
        "platform.python_version_tuple()": ("3", str(minor), "0"),
        "str": "str",
        "bytes": "bytes",
    }


def evaluate(node: ast.expr, names: dict[str, Any]) -> Any:
    """The value of an expression over some names; one that starts with a dot ends a longer name.

    Raises LookupError for other expressions, TypeError or ValueError for what Python refuses.
    """
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        return tuple(evaluate(item, names) for item in node.elts)
    if isinstance(node, ast.Subscript):
        return evaluate(node.value, names)[_key(node.slice, names)]
    if isinstance(node, ast.Compare):
        left = evaluate(node.left, names)
        for comparison, operand in zip(node.ops, node.comparators, strict=True):
            right = evaluate(operand, names)
            if not COMPARISONS[type(comparison)](left, right):
                return False
            left = right
        return True
    if isinstance(node, ast.Call) and not node.keywords:
        return _call_value(node, names)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -evaluate(node.operand, names)
    return _named(dotted_name(node), names)


def _key(node: ast.expr, names: dict[str, Any]) -> Any:
    if isinstance(node, ast.Slice):
        bounds = (node.lower, node.upper, node.step)
        return slice(*(part and evaluate(part, names) for part in bounds))
    return evaluate(node, names)


def _named(name: str, names: dict[str, Any]) -> Any:
    if name in names:
        return names[name]
    owner, dot, last = name.rpartition(".")
    for ending in (f"{owner.rpartition('.')[2]}.{last}" if dot else "", last):
        if ending and f".{ending}" in names:
            return names[f".{ending}"]
    raise LookupError(name)


def _call_value(node: ast.Call, names: dict[str, Any]) -> Any:
    arguments = [evaluate(argument, names) for argument in node.args]
    if isinstance(node.func, ast.Attribute) and node.func.attr in STRING_METHODS:
        text = evaluate(node.func.value, names)
        if not isinstance(text, str):
            raise LookupError(node.func.attr)
        return getattr(text, node.func.attr)(*arguments)
    name = dotted_name(node.func)
    if name in ("int", "float", "tuple", "bool", "str", "len"):
        return getattr(builtins, name)(*arguments)
    if not arguments:
        return _named(f"{name}()", names)
    raise LookupError(name)


# What type checkers and attributes are


def for_type_checkers(test: ast.expr) -> Answer:
    """`TYPE_CHECKING` is False when the program runs."""
    is_named = dotted_name(test).rpartition(".")[2] == "TYPE_CHECKING"
    return Answer.NO if is_named else Answer.UNKNOWN


def with_attributes(names: Collection[str], *, found: bool) -> Known:
    """How tests for some attributes come out, if they are there or if they aren't.

    `hasattr(x, "name")`, `getattr(x, "name", None)`, `"name" in dir(x)`.
    """

    def known(test: ast.expr) -> Answer:
        if isinstance(test, ast.Call):
            name = dotted_name(test.func).rpartition(".")[2]
            if name in ("bool", "callable") and test.args:
                return known(test.args[0])
            if name in ("hasattr", "getattr") and len(test.args) >= 2:
                return answer(found) if constant(test.args[1]) in names else Answer.UNKNOWN
        elif isinstance(test, ast.Compare) and constant(test.left) in names:
            return answer(found is not isinstance(test.ops[0], ast.NotIn))
        return Answer.UNKNOWN

    return _or_none(known)


def without_module(module: str) -> Known:
    """How `find_spec("module")` and its like come out where there is no such module."""

    def known(test: ast.expr) -> Answer:
        if isinstance(test, ast.Call) and test.args:
            name = dotted_name(test.func).rpartition(".")[2]
            if name == "bool":
                return known(test.args[0])
            wanted = constant(test.args[0])
            if name in ("find_spec", "find_loader", "find_module") and isinstance(wanted, str):
                return Answer.NO if f"{module}.".startswith(f"{wanted}.") else Answer.UNKNOWN
        return Answer.UNKNOWN

    return _or_none(known)
