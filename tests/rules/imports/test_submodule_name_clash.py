"""PCL207: names of a package that its own submodules take over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

CODE = "PCL207"
Make = Callable[..., Any]
IMPORTER = {"main.py": "import pkg\nbefore = pkg.a\nimport pkg.a\nprint(before is pkg.a)\n"}


def clashes(project: Make, init: str, **files: str) -> Any:
    others = {f"pkg/{name}.py": text for name, text in files.items()}
    return project(
        {
            "pkg/a.py": "y = 1\n",
            "pkg/b.py": "a = 1\n",
            **others,
            **IMPORTER,
            "pkg/__init__.py": init,
        }
    )


@pytest.mark.parametrize(
    ("init", "line"),
    [
        ("a = {}\n", 1),
        ("x = 1\na = 1\n", 2),
        ("def a(): ...\n", 1),
        ("class a: ...\n", 1),
        ("from .b import a\n", 1),
    ],
)
def test_name_that_changes_is_reported(project: Make, init: str, line: int) -> None:
    small = clashes(project, init)
    assert [place[:2] for place in small.places(CODE)] == [("pkg/__init__.py", line)]
    assert small.run("main.py").stdout == "False\n"


def test_message_names_both_and_who_imports(project: Make) -> None:
    (message,) = clashes(project, "a = {}\n").messages(CODE)
    assert "`pkg.a` is what this binds only until" in message
    assert "(pkg/a.py) is imported, as main.py does in line 3" in message


@pytest.mark.parametrize(
    "importer",
    ["from pkg.a import y\n", "def f():\n    import pkg.a\n", "import pkg.a as x\n"],
)
def test_each_import_that_loads_it_counts(project: Make, importer: str) -> None:
    small = project({"pkg/__init__.py": "a = {}\n", "pkg/a.py": "y = 1\n", "main.py": importer})
    assert len(small.lint(CODE)) == 1


@pytest.mark.parametrize(
    ("init", "files"),
    [
        ("from .a import y as a\n", {}),
        ("from .a import y\na = y\n", {}),
        ("from . import a\n", {}),
        ("from .b import a\n", {"b": "from . import a\n"}),
        ("from .b import c\na = 1\n", {"b": "from .a import y\nc = 1\n"}),
        ("def f():\n    from . import a\na = 1\n", {}),
        ("if x:\n    a = 1\n", {}),
        ("try:\n    from .b import a\nexcept ImportError:\n    a = None\n", {}),
        ("import other as a\n", {}),
        ("from elsewhere import a\n", {}),
        ("a = make()\n", {}),
        ("a: int\n", {}),
        ("globals()['a'] = 1\na = 1\n", {}),
        ("import sys\nsys.modules[__name__] = a = object()\n", {}),
        ("for a in x: pass\n", {}),
    ],
)
def test_settled_or_not_known(project: Make, init: str, files: dict[str, str]) -> None:
    assert clashes(project, init, **files).messages(CODE) == []


@pytest.mark.parametrize(
    "importer",
    [
        "import pkg\n",
        "from pkg import a\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import pkg.a\n",
    ],
)
def test_submodule_that_nobody_imports(project: Make, importer: str) -> None:
    small = project({"pkg/__init__.py": "a = {}\n", "pkg/a.py": "y = 1\n", "main.py": importer})
    assert small.messages(CODE) == []


def test_class_from_another_module(project: Make) -> None:
    assert len(clashes(project, "from .b import a\n", b="class a: ...\n").lint(CODE)) == 1


def test_private_names(project: Make) -> None:
    files = {"pkg/__init__.py": "_a = {}\n", "pkg/_a.py": "", "main.py": "import pkg._a\n"}
    assert project(files).messages(CODE) == []
