"""PCL210: changes of `sys.path` at import time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

CODE = "PCL210"
Make = Callable[..., Any]


@pytest.mark.parametrize(
    "statement",
    [
        "sys.path.insert(0, 'x')",
        "sys.path.append('x')",
        "sys.path.extend(['x'])",
        "sys.path += ['x']",
        "sys.path[:0] = ['x']",
        "sys.path[0] = 'x'",
        "sys.path = ['x', *sys.path]",
        "sys.path: list[str] = ['x', *sys.path]",
        "a, sys.path = 1, ['x', *sys.path]",
        "site.addsitedir('..')",
        "if 1:\n    sys.path.insert(0, 'x')",
        "class C:\n    sys.path.insert(0, 'x')",
        "from sys import path; path.insert(0, 'x')",
        "import sys as _s; _s.path.insert(0, 'x')",
        "from site import addsitedir; addsitedir('..')",
        "del sys.path[0]",
        "sys.path.remove(sys.path[0])",
        "sys.path.sort(reverse=True)",
    ],
)
def test_what_changes_the_path_is_reported(project: Make, statement: str) -> None:
    small = project(
        f"import sys, site\nold = list(sys.path)\n{statement}\nprint(old != sys.path)\n"
    )
    (message,) = small.messages(CODE)
    runs = "may run" if statement.startswith("if") else "runs"
    assert f" {runs} when this module is imported" in message
    assert small.run("main.py").stdout == "True\n"


@pytest.mark.parametrize(
    "statement",
    [
        "def f():\n    sys.path.insert(0, 'x')",
        "f = lambda: sys.path.insert(0, 'x')",
        "if __name__ == '__main__':\n    sys.path.insert(0, 'x')",
        "if '__main__' == __name__ and 1:\n    sys.path.insert(0, 'x')",
        "path = sys.path[0]; path = list(sys.path)",
        "print(sys.path, sys.path.index('x'), sys.path.copy())",
        "class C:\n    path = []\nC.path.append(1)",
        "import os\nos.path.insert = 1",
        "# sys.path.insert(0, 'x')",
    ],
)
def test_what_is_left_alone(project: Make, statement: str) -> None:
    assert project(f"import sys\n{statement}\n").lint(CODE) == []


def test_exempt_files(project: Make) -> None:
    text = "import sys\nsys.path.insert(0, 'x')\n"
    names = ("tests/a.py", "conftest.py", "test_a.py", "docs/conf.py", "doc/source/conf.py")
    assert project(dict.fromkeys(names, text)).lint(CODE) == []
    assert project({"app/conf.py": text}).places(CODE) == [("app/conf.py", 2, 1)]


def test_it_is_off_by_default(project: Make) -> None:
    small = project("import sys\nsys.path.insert(0, 'x')\n")
    assert [f for f in small.lint() if f.code == CODE] == []


def test_python_2_source(project: Make) -> None:
    assert project("import sys\nprint 1\nsys.path.append('x')\n").places(CODE) == [
        ("main.py", 3, 1)
    ]


def test_what_stands_under_a_condition_may_run(project: Make) -> None:
    p = project({"a.py": "import sys\nif sys.argv:\n    sys.path.insert(0, 'lib')\n"})
    assert (
        "`sys.path.insert(0, 'lib')` may run when this module is imported"
        in (p.messages("PCL210")[0])
    )
    p = project({"a.py": "import sys\nif not __package__:\n    sys.path.insert(0, 'lib')\n"})
    assert p.messages("PCL210") == []
