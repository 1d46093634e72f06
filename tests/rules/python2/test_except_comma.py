"""`except E, F:` in Python 2 and from Python 3.14 on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pyconcepts_lint.testing import lint_paths as run

Project = Callable[..., Any]

CODE = "PCL902"
MEANT_FOR_314 = (
    "class E(Exception): pass\nclass F(Exception): pass\n\n"
    "def f(d):\n    try:\n        raise F\n    except E, F:\n        print('F')\n"
    "    for k, v in d.a.iteritems():\n        print(k)\n"
)


def requiring(version: str) -> dict[str, str]:
    return {"setup.py": f"python_requires = {version!r}\n"}


@pytest.mark.parametrize("version", [">=3.14", ">=3.15", "~=3.14"])
def test_it_is_no_python_2_in_a_project_for_python_3_14(project: Project, version: str) -> None:
    small = project({**requiring(version), "main.py": MEANT_FOR_314})
    assert small.lint("PCL9") == []
    written = MEANT_FOR_314.replace("E, F:", "(E, F):")
    bracketed = project({**requiring(version), "main.py": written})
    assert small.messages("PCL7") == bracketed.messages("PCL7")
    assert small.fix("PCL9")["main.py"] == MEANT_FOR_314


@pytest.mark.parametrize("version", [">=2.7", ">=3.13", ">=3.8"])
def test_it_is_python_2_in_a_project_for_another_one(project: Project, version: str) -> None:
    small = project({**requiring(version), "main.py": MEANT_FOR_314})
    assert small.places(CODE) == [("main.py", 7, 5)]


def test_where_the_project_does_not_say_it_the_fix_is_unsafe(project: Project) -> None:
    small = project(MEANT_FOR_314)
    (finding,) = small.lint(CODE)
    assert finding.message == (
        "`except E, F` binds the exception to `F` in Python 2; Python 3 has `as` in the place of "
        "the comma, and Python 3.14 and later take both for what is caught"
    )
    assert finding.fix.applicability == "unsafe"


AMBIGUOUS = [
    "import socket\nerror = socket.error\ntry: g()\nexcept KeyError, error: pass\n",
    "from socket import error\ntry: g()\nexcept KeyError, error: pass\n",
    "def f():\n try: g()\n except KeyError, ValueError: pass\n",
    "from m import F\ndef f():\n try: g()\n except KeyError, F: pass\n",
    "from m import *\ndef f():\n try: g()\n except KeyError, F: pass\n",
    "def f(F):\n try: g()\n except KeyError, F: pass\n",
    "def f(m):\n F = m.F\n def h():\n  try: g()\n  except KeyError, F: pass\n",
]


@pytest.mark.parametrize("source", AMBIGUOUS)
def test_a_name_that_may_be_an_exception_tells_nothing(project: Project, source: str) -> None:
    (finding,) = project(source).lint(CODE)
    assert finding.fix.applicability == "unsafe"


NEWER = [
    "class F(Exception): pass\nasync def f():\n async with g():\n  try: await g()\n  except KeyError, F: pass\n",
    "class F(Exception): pass\ntry: g(f'{1}')\nexcept KeyError, F: pass\n",
    "class F(Exception): pass\nx: int = 1\ntry: g()\nexcept KeyError, F: pass\n",
]


@pytest.mark.parametrize("source", NEWER)
def test_beside_what_python_2_cannot_read_it_is_no_python_2(project: Project, source: str) -> None:
    assert project(source).lint(CODE) == []


PYTHON2 = [
    "def f():\n try: g()\n except KeyError, e: print(e)\n",
    "def f():\n try: g()\n except KeyError, e: print(e)\n try: g()\n except (ValueError, KeyError), e: pass\n",
    "class F(Exception): pass\ntry: g()\nexcept (KeyError, ValueError), F: pass\n",
    "class F(Exception): pass\ntry: g()\nexcept KeyError, F: print 1\n",
    "def f():\n for e in []: pass\n try: g()\n except KeyError, e: pass\n",
    "from m import *\ntry: g()\nexcept KeyError, e: pass\n",
    "def f(why):\n try: g()\n except KeyError, why: pass\n",
    "def f():\n msg = g()\n try: g()\n except KeyError, msg: pass\n",
    "e = 1\ntry: g()\nexcept KeyError, e: pass\n",
    "def h():\n for e in []: pass\ndef f():\n try: g()\n except KeyError, e: pass\n",
]


@pytest.mark.parametrize("source", PYTHON2)
def test_what_only_python_2_can_mean_is_fixed(project: Project, source: str) -> None:
    small = project(source)
    assert {finding.fix.applicability for finding in small.lint(CODE)} == {"safe"}
    compile(small.fix(CODE)["main.py"], "main.py", "exec")


def test_what_the_project_says_later_is_heeded(project: Project) -> None:
    small = project({"main.py": MEANT_FOR_314, **requiring(">=3.8")}, select=["PCL902"])

    def codes() -> list[str]:
        return [finding.code for finding in run([str(small.root)], jobs=1).findings]

    assert codes() == codes() == ["PCL902"]
    small.write(requiring(">=3.14"))
    assert codes() == codes() == []
    small.write(requiring(">=3.8"))
    assert codes() == ["PCL902"]
