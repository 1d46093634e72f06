"""PCL803: the outer variable stays as it is, until the assignment is declared `nonlocal`."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from typing import Any

import pytest

Project = Callable[..., Any]


def outcome(source: str) -> str:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(source, "main.py", "exec"), {"__name__": "__main__"})
    return printed.getvalue()


# The body of a function with the variable `x`, which is 0 and should become 1.
LOST = [
    "def inner():\n    x = 1\ninner()\nreturn x",
    "def inner(): x = 1\ninner(); return x",
    "def inner():\n    y = x = 1\n    return y\nrun(inner)\nreturn x",
    "def inner():\n    x = 2; x = 1\nrun(inner)\nreturn [x for _ in 'a'][0]",
    "def inner():\n    if run:\n        x = 1\nrun(inner)\nif x: return 1\nreturn x",
    "def inner():\n    def more():\n        x = 1\n    more()\ninner()\nreturn x",
    "@run\ndef inner():\n    x = 1\nreturn x",
    "class C:\n    def inner(self):\n        x = 1\nC().inner()\nreturn x",
    "def inner():\n    x = 1\ndef get():\n    return x\ninner()\nreturn get()",
    "def inner():\n    x = 1\ndef get():\n    return x\nreturn (inner, get)[1]() if inner() else get()",
    "def inner():\n    x = 1\nget = lambda: x\ninner()\nx2 = x\nreturn get()",
    "def inner():\n    x = 1\nturn = 0\nwhile not x and turn < 3:\n    turn += 1\n    inner()\nreturn x",
    "def inner():\n    x = 1\ntry: run(inner)\nfinally: y = x\nreturn y",
    "def inner():\n    x = 1\ndef outer(): inner()\nouter()\nreturn x",
    "class C:\n    def set(self): x = 1\n    def get(self): return x\nc = C()\nc.set()\nreturn c.get()",
    "def inner():\n    x = 1\ninner()\nx += 0\nreturn x",
]


def in_function(body: str) -> str:
    lines = body.replace("\n", "\n    ")
    return f"def run(f):\n    return f()\ndef outer(x=0):\n    {lines}\nprint(outer())\n"


@pytest.mark.parametrize("body", LOST)
def test_the_outer_variable_stays_as_it_is(body: str, project: Project) -> None:
    source = in_function(body)
    p = project(source)
    assert len(p.lint("PCL803")) == 1
    assert outcome(source) == "0\n"
    fixed = p.fix("PCL803", unsafe=True)["main.py"]
    assert p.lint("PCL803") == []
    assert outcome(fixed) == "1\n"


SILENT = [
    "def inner():\n    nonlocal x\n    x = 1\ninner()\nreturn x",
    "def inner():\n    x = 1\n    return x\ninner()\nreturn x",
    "def inner():\n    x = 1\n    return [x for _ in 'a']\ninner()\nreturn x",
    "def inner():\n    x = 1\n    return lambda: x\ninner()\nreturn x",
    "def inner():\n    x = 1\n    del x\ninner()\nreturn x",
    "def inner():\n    x = 1\n    x += 1\ninner()\nreturn x",
    "def inner():\n    for x in 1, 2: pass\ninner()\nreturn x",
    "def inner():\n    x, y = 1, 2\n    return y\ninner()\nreturn x",
    "def inner():\n    with open(__file__) as x: pass\nreturn x",
    "def inner():\n    try: pass\n    except ValueError as x: pass\ninner()\nreturn x",
    "def inner():\n    import os as x\ninner()\nreturn x",
    "def inner():\n    x: int = 1\ninner()\nreturn x",
    "def inner(x):\n    x = 1\ninner(2)\nreturn x",
    "def inner():\n    x = 1\n    return locals()\ninner()\nreturn x",
    "def inner():\n    x = 1\ny = x\ninner()\nreturn y",
    "def inner():\n    x = 1\nreturn x",
    "def inner():\n    x = 1\ninner()\nx = 3\nreturn x",
    "def inner():\n    x = 1\nx = inner()\nreturn x",
    "def inner():\n    x = 1\ninner()\nfor x in 1, 2: print(x)",
    "def inner():\n    x = 1\ninner()\nreturn [x for x in 'ab']",
    "def inner():\n    x = 1\ninner()\nreturn (lambda x: x)(2)",
    "def inner():\n    x = 1\ndef get(x): return x\ninner()\nreturn get(2)",
    "def inner():\n    x = 1\ndef get():\n    x = 2\n    return x\ninner()\nreturn get()",
    "def inner():\n    x = 1\ny = x\nreturn inner",
    "class C:\n    x = 1\nC()\nreturn x",
    "_ = 0\ndef inner():\n    _ = 1\ninner()\nreturn _",
    "def inner():\n    global x\n    x = 1\ninner()\nreturn 1",
    "def inner():\n    x = 1\ndef x(): return 2\ninner()\nreturn x()",
]


@pytest.mark.parametrize("body", SILENT)
def test_other_variables_are_left_alone(body: str, project: Project) -> None:
    assert project(in_function(body)).lint("PCL803") == []


def test_who_reads_it(project: Project) -> None:
    p = project(
        """
        def make(value):
            def set(new):
                value = new
            def get():
                return value
            return set, get
        """
    )
    assert p.places("PCL803") == [("main.py", 4, 9)]
    assert p.messages("PCL803") == [
        "`set` assigns a variable `value` of its own, which nothing reads; the `value` of `make`, "
        "which `get` reads afterwards, stays as it is"
    ]


def test_the_reader_may_have_been_handed_out_before(project: Project) -> None:
    p = project(
        """
        def watch(show):
            done = False
            def get():
                return done
            show(get)
            def finish():
                done = True
            finish()
        """
    )
    assert p.places("PCL803") == [("main.py", 8, 9)]


def test_python2_has_no_nonlocal(project: Project) -> None:
    p = project(
        """
        def outer(run):
            done = False
            def finish():
                print "done"
                done = True
            run(finish)
            return done
        """
    )
    assert p.places("PCL803") == [("main.py", 6, 9)]
    assert "nonlocal" not in p.fix("PCL803", unsafe=True)["main.py"]
    assert "        nonlocal done\n" in p.fix("PCL803", "PCL902", unsafe=True)["main.py"]


def test_modules_and_methods_have_no_closures(project: Project) -> None:
    p = project(
        "x = 0\ndef f():\n    x = 1\nf()\nprint(x)\nclass C:\n    def m(self):\n        x = 1\n"
    )
    assert p.lint("PCL803") == []
