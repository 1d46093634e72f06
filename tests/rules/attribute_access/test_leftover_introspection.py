"""PCL605: statements that are only `dir(…)`, `help(…)` or `vars(…)`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

CODE = "PCL605"
Project = Callable[..., Any]


def test_each_of_the_three_is_found_with_what_it_does(project: Project) -> None:
    found = project("x = 1\ndir(x); vars()\ndef f():\n    help (x)\n")
    assert found.places(CODE) == [("main.py", 2, 1), ("main.py", 2, 9), ("main.py", 4, 5)]
    first, second, third = found.messages(CODE)
    assert "`dir(x)` as a statement makes a list" in first
    assert "`vars()` as a statement returns a dictionary" in second
    assert "`help (x)` as a statement shows a page of help" in third


@pytest.mark.parametrize(
    "source",
    [
        "names = dir(x)",
        "print(dir(x))",
        "vars(x)['a'] = 1",
        "vars(x).update(a=1)",
        "dir(x)[0]",
        "dir",
        "[dir(x)]",
        "x.help(x)",
        "os.dir(x)",
        "def f(): return vars(x)",
        "f = lambda: dir(x)",
        "def help(): pass\nhelp()",
        "from os import *\nfrom unknown import *\ndir(x)",
        "class C:\n    def help(x): pass\n    help(1)",
        "try:\n    dir(x)\nexcept Exception:\n    pass",
        "import contextlib\nwith contextlib.suppress(TypeError):\n    pass",
        "import pytest\nwith pytest.raises(TypeError):\n    vars(x)",
        "if __name__ == '__main__':\n    help(x)",
        "# %%\ndir(x)",
        "# In[1]:\n\ndir(x)",
        '"""\n>>> dir(x)\n"""',
        "# dir(x)",
    ],
)
def test_other_uses_are_left_alone(project: Project, source: str) -> None:
    assert project(f"{source}\n").lint(CODE) == []


def test_functions_defined_in_a_try_are_not_tried_when_they_run(project: Project) -> None:
    source = "try:\n    def f(x):\n        dir(x)\nexcept NameError:\n    pass\n"
    assert project(source).places(CODE) == [("main.py", 3, 9)]


@pytest.mark.parametrize("path", ["tests/a.py", "test_a.py", "conftest.py"])
def test_tests_may_call_them_to_see_that_it_works(project: Project, path: str) -> None:
    assert project({path: "dir(1)\nhelp(1)\n"}).lint(CODE) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("def f(x):\n    vars(x)\n    return x\n", "def f(x):\n    return x\n"),
        ("def f(x):\n    vars(x)\n", "def f(x):\n    pass\n"),
        ("def f(x): help(x)\n", "def f(x): pass\n"),
        ("x = 1; dir(x); y = 2\n", "x = 1; y = 2\n"),
        ("x = 1\n# why\ndir(x)  # what\n", "x = 1\n# why\n# what\n"),
        ("if x:\n\thelp(x)\r\n\tprint(x)\r\n", "if x:\n\tprint(x)\r\n"),
    ],
)
def test_fix_takes_the_statement_and_no_comment(project: Project, before: str, after: str) -> None:
    small = project({"main.py": before.encode()})
    finding = small.lint(CODE)[0]
    assert finding.fix is not None
    assert finding.fix.applicability == "unsafe"
    assert small.fix(CODE, unsafe=True)["main.py"] == after


def test_python_2_source_is_looked_at(project: Project) -> None:
    small = project("print 1\nhelp(x)\n")
    assert small.places(CODE) == [("main.py", 2, 1)]


REDIRECTED = [
    "import io, sys\ndef page(x):\n    sys.stdout = io.StringIO()\n    help(x)\n"
    "    return sys.stdout.getvalue()\n",
    "import contextlib, io\ndef page(x):\n    with contextlib.redirect_stdout(io.StringIO()) as out:\n"
    "        help(x)\n    return out.getvalue()\n",
    "import io, sys\nkept, sys.stdout = sys.stdout, io.StringIO()\nhelp(1)\nsys.stdout = kept\n",
    "from unittest.mock import patch\n@patch('sys.stdout')\ndef page(out):\n    help(out)\n",
]


@pytest.mark.parametrize("source", REDIRECTED)
def test_help_that_is_not_shown_is_no_leftover(project: Project, source: str) -> None:
    assert project(source).messages(CODE) == []
    other = "def show(x):\n    help(x)\n"
    if "def " in source:
        assert len(project(source + other).lint(CODE)) == 1
