"""PCL603: searching the list that `dir` makes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

CODE = "PCL603"
Project = Callable[..., Any]


def fixed(project: Project, source: str) -> str:
    text: str = project(source).fix(CODE, unsafe=True)["main.py"]
    return text


def test_both_forms_are_found_where_the_comparison_starts(project: Project) -> None:
    found = project("x = 1\nif x and 'a' in dir(x):\n    y = ('b') not in dir(x)\n")
    assert found.places(CODE) == [("main.py", 2, 10), ("main.py", 3, 9)]
    first, second = found.messages(CODE)
    assert "`'a' in dir(x)`" in first
    assert "`hasattr(x, 'a')`" in first
    assert "`'b' not in dir(x)`" in second


@pytest.mark.parametrize(
    "source",
    [
        "'a' in dir()",  # the names of the scope
        "'a' in dir(*x)",
        "'a' in dir(x, x)",
        "'a' == dir(x)",
        "'a' in x.dir(x)",
        "'a' in sorted(dir(x))",
        "[n for n in dir(x)]",
    ],
)
def test_what_is_no_search_in_that_list_is_left_alone(project: Project, source: str) -> None:
    assert project(f"x = 1\n{source}\n").lint(CODE) == []


@pytest.mark.parametrize(
    "source",
    [
        "from os import listdir as dir\n'a' in dir(x)\n",
        "def dir(x): return []\n'a' in dir(x)\n",
        "def f(dir, x): return 'a' in dir(x)\n",
        "from unknown import *\n'a' in dir(x)\n",
    ],
)
def test_another_dir_is_left_alone(project: Project, source: str) -> None:
    assert project(source).lint(CODE) == []


def test_oddly_written_calls_are_found(project: Project) -> None:
    found = project("x = 1\na = ('a' in  # why\n dir \\\n (x))\nb = 'é' in dir  (x)\n")
    assert found.places(CODE) == [("main.py", 2, 6), ("main.py", 5, 5)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("'a' in dir(x)", "hasattr(x, 'a')"),
        ("'a' not in dir(x)", "not hasattr(x, 'a')"),
        ("not 'a' in dir(x)", "not hasattr(x, 'a')"),
        ("('a' not in dir(x)) == True", "(not hasattr(x, 'a')) == True"),
        ("('a') in (dir)(x)", "hasattr(x, 'a')"),
        ("'a' in dir((x, x))", "hasattr((x, x), 'a')"),
        ("'a' in dir(x,)", "hasattr(x, 'a')"),
        ("'a' in dir(y := x)", "hasattr(y := x, 'a')"),
        ("0 if'a'in dir(x)else 1", "0 if hasattr(x, 'a')else 1"),
        ("('a' 'b'\n 'c' in dir(x))", "(hasattr(x, 'a' 'b'\n 'c'))"),
    ],
)
def test_fix_asks_the_object(project: Project, before: str, after: str) -> None:
    source = "class C: abc = 1\nx = C()\nprint({})\n"
    small = project(source.format(before))
    finding = small.lint(CODE)[0]
    assert finding.fix is not None
    assert finding.fix.applicability == "unsafe"
    was = small.run("main.py")
    assert small.fix(CODE, unsafe=True)["main.py"] == source.format(after)
    now = small.run("main.py")
    assert (now.stdout, now.stderr) == (was.stdout, was.stderr)


@pytest.mark.parametrize(
    "source",
    [
        "name in dir(x)",
        "b'a' in dir(x)",
        "f'a' in dir(x)",
        "0 < 'a' in dir(x)",
        "'a' in dir(x) in x",
        "('a' in  # why\n dir(x))",
        "'a' in dir(i for i in x)",
        "(lambda hasattr: 'a' in dir(x))",
    ],
)
def test_fix_is_withheld_where_it_would_say_something_else(project: Project, source: str) -> None:
    found = project(f"x = name = 1\ny = {source}\n").lint(CODE)
    assert [finding.fix for finding in found] == [None]


def test_python_2_source_is_looked_at(project: Project) -> None:
    small = project("print 'a' in dir(x)\n")
    assert small.places(CODE) == [("main.py", 1, 7)]
    assert fixed(project, "print 'a' in dir(x)\n") == "print hasattr(x, 'a')\n"


def test_tests_look_at_the_listing_itself(project: Project) -> None:
    assert project({"tests/test_a.py": "assert 'a' in dir(x)\n"}).lint(CODE) == []
