"""PCL601: `x.__dict__` and `vars(x)`."""

from __future__ import annotations

import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import Any

import libcst as cst
import pytest
from libcst import matchers
from libcst.metadata import (
    ExpressionContext,
    ExpressionContextProvider,
    MetadataWrapper,
    PositionProvider,
)

CODE = "PCL601"
Project = Callable[..., Any]
CLASS = "class C:\n    a = 1\n    def __init__(self): self.b = 2\nx = C()\n"


def test_it_is_off_unless_asked_for(project: Project) -> None:
    small = project("x.__dict__\n")
    assert small.lint() == []
    assert [finding.code for finding in small.lint("PCL")] == [CODE]


# Receivers that may be anything.
UNKNOWN = (
    "(x, x)[0].__dict__",
    "[o.__dict__ for o in (x, x)]",
    "(lambda: 0)().__dict__ if x is None else(x).__dict__",
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x.__dict__", "vars(x)"),
        ("x.__dict__['b']", "vars(x)['b']"),
        ("x.__dict__.copy()", "vars(x).copy()"),
        ("C.__dict__['a']", "vars(C)['a']"),
        ("type(x).__dict__['a']", "vars(type(x))['a']"),
        ("(None or x).__dict__", "vars((None or x))"),
        ("(x, x)[0].__dict__", "vars((x, x)[0])"),
        ("[o.__dict__ for o in (x, x)]", "[vars(o) for o in (x, x)]"),
        ("(lambda: 0)().__dict__ if x is None else(x).__dict__", None),
        ("(x\n  . __dict__)", "(vars(x))"),
        ("f'{x.__dict__!r:>30}'", "f'{vars(x)!r:>30}'"),
        ("x.__dict__['b'] == x.__dict__['b']", "vars(x)['b'] == vars(x)['b']"),
    ],
)
def test_fix_says_vars_and_changes_nothing(
    project: Project, before: str, after: str | None
) -> None:
    small = project(f"{CLASS}print({before})\n")
    was = small.run("main.py").stdout
    finding = small.lint(CODE)[0]
    assert finding.fix is not None
    assert finding.fix.applicability == ("unsafe" if before in UNKNOWN else "safe")
    text = small.fix(CODE, unsafe=before in UNKNOWN)["main.py"]
    assert "__dict__" not in text
    if after is not None:
        assert text == f"{CLASS}print({after})\n"
    assert was
    assert small.run("main.py").stdout == was


def test_items_that_are_written_count_as_a_read_of_the_dictionary(project: Project) -> None:
    source = "def f(x, y):\n    x.__dict__['a'] = y.__dict__.pop('b')\n    del x.__dict__['c']\n"
    small = project(source)
    assert small.places(CODE) == [("main.py", 2, 5), ("main.py", 2, 23), ("main.py", 3, 9)]
    assert small.fix(CODE, unsafe=True)["main.py"] == (
        "def f(x, y):\n    vars(x)['a'] = vars(y).pop('b')\n    del vars(x)['c']\n"
    )


@pytest.mark.parametrize(
    "statement",
    [
        "x.__dict__ = {}",
        "x.__dict__: dict = {}",
        "x.__dict__ |= {}",
        "a, (x.__dict__, *b) = 1, ({}, 2)",
        "del x.__dict__",
        "for x.__dict__ in [{}]: pass",
        "with y as x.__dict__: pass",
        "__dict__",
        "x.__dict__s",
        "'x.__dict__'",
    ],
)
def test_what_is_no_read_is_left_alone(project: Project, statement: str) -> None:
    assert project(f"def f(x, y):\n    {statement}\n").lint(CODE) == []


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    d = x.__dict__\nexcept AttributeError:\n    d = {}\n",
        "import contextlib\nwith contextlib.suppress(AttributeError):\n    d = x.__dict__\n",
        "d = f'{x.__dict__=}'\n",
        "d = (x  # why\n.__dict__)\n",
        "def vars(x): pass\nd = x.__dict__\n",
        "from unheard_of import *\nd = x.__dict__\n",
        "def f(vars, x): return x.__dict__\n",
    ],
)
def test_fix_is_withheld_where_it_would_not_be_the_same(project: Project, source: str) -> None:
    assert [finding.fix for finding in project(source).lint(CODE)] == [None]


def test_what_other_rules_say_is_left_to_them(project: Project) -> None:
    source = """\
        import string

        class C:
            __slots__ = ()
            def f(self):
                return self.__dict__

        string.__dict__["x"] = 1
        """
    small = project(source)
    assert [finding.code for finding in small.lint("PCL6")] == ["PCL604", "PCL602"]


def test_python_2_source_is_looked_at(project: Project) -> None:
    small = project("print x.__dict__\n")
    assert small.places(CODE) == [("main.py", 1, 7)]
    assert small.fix(CODE, unsafe=True)["main.py"] == "print vars(x)\n"


@pytest.mark.parametrize(
    ("receiver", "applicability"),
    [
        ("self", "safe"),
        ("cls", "safe"),
        ("C", "safe"),
        ("C()", "safe"),
        ("C.method", "safe"),
        ("type(x)", "safe"),
        ("x.__class__", "safe"),
        ("json", "safe"),
        ("sys", "safe"),
        ("function", "safe"),
        ("local", "safe"),
        ("x", "unsafe"),
        ("'s'", "unsafe"),
        ("slotted", "unsafe"),
        ("foreign", "unsafe"),
    ],
)
def test_it_is_safe_where_the_object_surely_has_one(
    project: Project, receiver: str, applicability: str
) -> None:
    source = f"""\
import json, sys
from unheard_of import Foreign
class Slotted:
    __slots__ = ("a",)
class Below(Foreign):
    pass
def function(): pass
class C:
    def method(self, x):
        local, slotted, foreign = C(), print() or Slotted(), Below()
        return lambda: {receiver if receiver != "cls" else "(0)"}.__dict__
    @classmethod
    def other(cls):
        return {receiver if receiver == "cls" else "cls"}.__dict__
"""
    found = project(source).lint(CODE)
    chosen = found[1:] if receiver == "cls" else found[:1]
    assert [finding.fix.applicability for finding in chosen] == [applicability]


def test_unsafe_where_a_caller_expects_the_error(project: Project) -> None:
    source = """\
def copied(x):
    return dict(x.__dict__)
try:
    print(copied(3))
except AttributeError:
    print("none")
"""
    small = project(source)
    assert small.run("main.py").stdout == "none\n"
    assert small.fix(CODE)["main.py"] == source
    small.fix(CODE, unsafe=True)
    assert "TypeError" in small.run("main.py").stderr


def test_withheld_where_the_project_puts_something_in_the_place_of_vars(project: Project) -> None:
    for patch in ("import builtins\nbuiltins.vars = None\n", "import main\nmain.vars = None\n"):
        small = project({"main.py": "class C: pass\nprint(C.__dict__)\n", "b.py": patch})
        assert [finding.fix for finding in small.lint(CODE)] == [None]


ODD = """\
# Ünï
x.__dict__; (x).__dict__, (x # ) c
).__dict__, (x)\\
 . __dict__
y = f"{x.__dict__=}" + é.__dict__['a'] + ((x) . # a )
  __dict__)
del x.__dict__; x.__dict__ = z.__dict__; x.__dict__['a'] += 1; x.__dict__.a = 1
for x.__dict__ in a.__dict__: b.__dict__
with a.__dict__ as b.__dict__, (c.__dict__): pass
class C(a.__dict__):
    @d.__dict__
    def f(self, a=b.__dict__): return self.__dict__
    def g(self):
        if 0: return self.__dict__
        else: x.__dict__['é'], self.__dict__
        return [vars.__dict__ for vars in self.__dict__.__dict__
                if x.__dict__]
def f(): lambda: x.__dict__; [z for z in x.__dict__]; return(x).__dict__
"""


@pytest.mark.parametrize(
    "name", ["", "copy.py", "functools.py", "typing.py", "_threading_local.py"]
)
def test_what_libcst_takes_for_a_read_is_found_in_its_place(project: Project, name: str) -> None:
    path = Path(sysconfig.get_path("stdlib")) / name
    text = path.read_text("utf-8") if name else ODD
    wrapper = MetadataWrapper(cst.parse_module(text))
    places = wrapper.resolve(PositionProvider)
    contexts = wrapper.resolve(ExpressionContextProvider)
    read = sorted(
        (places[node].start.line, places[node].start.column + 1)
        for node in matchers.findall(wrapper, matchers.Attribute(attr=matchers.Name("__dict__")))
        if contexts[node] is ExpressionContext.LOAD
    )
    assert read
    lines = text.splitlines()
    found = [(line, column) for _, line, column in project(text).places(CODE)]
    assert found == [place for place in read if "if 0:" not in lines[place[0] - 1]]


def test_a_branch_in_an_f_string_that_never_runs_is_left_alone(project: Project) -> None:
    source = "import sys\nprint(f'{1} {sys.__dict__ if False else 2}, {sys.__dict__}')\n"
    assert [column for _, _, column in project(source).places(CODE)] == [46]
