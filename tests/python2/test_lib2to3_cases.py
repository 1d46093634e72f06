"""What lib2to3's own tests ask of its fixers is asked of the rules on the same subjects.

A case counts where the rule names it, and its fix, where there is one, makes a program of Python 3
that means what the fixer's does; or where neither finds anything.
"""

from __future__ import annotations

import pytest
from lib2to3_cases import Case, Results, cases

LEAST = 0.92
PLAIN_VIEW = "a view serves as well as a list where it is walked, tested or thrown away"
UNKNOWN_USE = "whether a list is needed where a view is handed on isn't known"
NO_PYTHON = "a tuple as a parameter is Python 2's, an annotation Python 3's: none reads both"
OPEN = {
    "print.test_tuple.1": "Python 3 reads it, and prints three values where Python 2 prints a tuple",
    "exec.test_complex_1.1": "Python 3 reads it, as a comparison",
    "metaclass.test_unchanged.8": "a function `__metaclass__` has no effect, either (PCL301)",
    **dict.fromkeys((f"dict.test_{number}.1" for number in ("01", "02", "03")), PLAIN_VIEW),
    **dict.fromkeys((f"dict.test_{number}.1" for number in ("09", "11", "13", "15")), PLAIN_VIEW),
    **dict.fromkeys((f"dict.test_prefix_preservation.{number}" for number in (1, 2)), PLAIN_VIEW),
    **dict.fromkeys((f"dict.test_trailing_comment.{number}" for number in (1, 2)), PLAIN_VIEW),
    "dict.test_01.2": PLAIN_VIEW,
    "dict.test_10.1": UNKNOWN_USE,
}
UNREADABLE = {
    f"tuple_params.test_{name}.1"
    for name in ("3", "docstring", "keywords", "multi_1", "multi_2", "varargs")
}

CASES = cases()
pytestmark = pytest.mark.skipif(not CASES, reason="the tests of lib2to3 aren't installed")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return Results(tmp_path_factory.mktemp("cases"), CASES)


def outcomes(results: Results) -> dict[str, str]:
    found = {case.id: results.outcome(number) for number, case in enumerate(results.cases)}
    return {name: missing for name, missing in found.items() if missing}


def test_all_but_the_listed_cases_hold(results: Results) -> None:
    missing = outcomes(results)
    assert {n: m for n, m in missing.items() if n not in OPEN and n not in UNREADABLE} == {}
    assert [name for name in (*OPEN, *UNREADABLE) if name not in missing] == [], "these hold now"


def test_most_of_what_a_python_reads_holds(results: Results) -> None:
    readable = [case for case in results.cases if case.id not in UNREADABLE]
    missing = outcomes(results)
    assert sum(case.id not in missing for case in readable) >= LEAST * len(readable)


def test_a_case_that_is_left_alone_is_one_where_the_text_stays() -> None:
    assert not Case("", "ne", "x", "x").is_changed
    assert Case("", "ne", "x", "y").is_changed
