"""Programs that may call themselves without end, and whether they do."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

HYPOTHESIS = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@contextmanager
def little_depth() -> Iterator[None]:
    frame, depth = sys._getframe(), 0
    while frame.f_back is not None:
        frame, depth = frame.f_back, depth + 1
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(depth + 150)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def recurs(action: Callable[[], object]) -> bool:
    with little_depth():
        try:
            action()
        except (RecursionError, TooManyCalls):
            return True
        except Exception:
            return False
    return False


class TooManyCalls(BaseException):
    """Calls in `finally` make a tree of calls, of as many levels as there may be."""


def counter() -> Callable[[], None]:
    calls = 0

    def count() -> None:
        nonlocal calls
        calls += 1
        if calls > 2_000:
            raise TooManyCalls

    return count


TESTS = (
    *("name != 'x'", "name == 'x'", "name in ('x', 'y')", "name not in {'y'}", "NO", "YES"),
    *(
        "name.startswith('_')",
        "not name.startswith(('x', '_'))",
        "name[0] == 'x'",
        "name[:2] == '__'",
    ),
    *(
        "len(name) > 1",
        "name == 'x' and YES",
        "name == 'z' or NO",
        "name in ALL",
        "value",
        "'x' != name",
    ),
)


def blocks(statements: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Blocks of such statements under tests and in other compound statements."""

    def compound(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        block = st.lists(inner, min_size=1, max_size=3).map(
            lambda lines: textwrap.indent("\n".join(lines), "    ")
        )
        test = st.sampled_from(TESTS)
        return st.one_of(
            st.builds("if {}:\n{}".format, test, block),
            st.builds("if {}:\n{}\nelse:\n{}".format, test, block, block),
            st.builds("try:\n{}\nexcept {}:\n{}".format, block, ERRORS, block),
            st.builds("try:\n{}\nfinally:\n{}".format, block, block),
            st.builds("for y in {}:\n{}".format, st.sampled_from(["()", "(1,)"]), block),
            st.builds("while {}:\n{}\n    break".format, test, block),
            st.builds("with suppress({}):\n{}".format, ERRORS, block),
            st.builds("with CONTEXT as y:\n{}".format, block),
            st.builds("def inner():\n{}".format, block),
            st.builds("match name:\n    case 'x':\n{}".format, block.map(indented)),
        )

    statement = st.recursive(statements, compound, max_leaves=6)
    return st.lists(statement, min_size=1, max_size=4).map("\n".join)


def indented(text: str) -> str:
    return textwrap.indent(text, "    ")


ERRORS = st.sampled_from(["AttributeError", "Exception", "(KeyError, RuntimeError)", "KeyError"])
PRELUDE = """\
from contextlib import nullcontext, suppress
YES, NO, ALL, CONTEXT = True, False, ('x', 'value'), nullcontext()
"""
