"""PCL608: classes whose instances have a `__dict__` in spite of `__slots__`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

CODE = "PCL608"
Project = Callable[..., Any]


@pytest.mark.parametrize(
    ("source", "bringer"),
    [
        ("class B: pass\nclass C(B):\n    __slots__ = ()\n", "B` has no"),
        ("class B: pass\nclass C(B):\n    __slots__ = [n for n in 'ab']\n", "B` has no"),
        ("class A: pass\nclass B(A):\n    __slots__ = ()\n    x = 1\n"
         "class C(B):\n    __slots__ = 'y'\n", "A` has no"),
        ("class C(Exception):\n    __slots__ = ('x',)\n", "Exception` gives"),
        ("class A:\n    __slots__ = ()\nclass B: pass\nclass C(A, B):\n    __slots__ = ()\n",
         "B` has no"),
        ("from enum import Enum\nclass C(Enum):\n    __slots__ = ()\n    a = 1\n", "Enum` has no"),
        ("from threading import Thread as T\nclass C(T):\n    __slots__ = ()\n",
         "Thread` has no"),
    ],
)  # fmt: skip
def test_classes_with_a_dict_all_the_same_are_reported(
    project: Project, source: str, bringer: str
) -> None:
    check = "print(C.__dictoffset__ != 0, '__slots__' in vars(C))\n"
    small = project(source + check)
    assert small.run("main.py").stdout == "True True\n"
    findings = small.lint(CODE)
    last = source.splitlines().index(next(x for x in source.splitlines() if "class C(" in x)) + 1
    assert findings[-1].line == last
    assert f"its base `{bringer}" in findings[-1].message


@pytest.mark.parametrize(
    "source",
    [
        "class C:\n    __slots__ = ()\n",
        "class C(tuple):\n    __slots__ = ()\n",
        "class B: pass\nclass C(B): pass\n",
        "class B:\n    __slots__ = ()\nclass C(B):\n    __slots__ = ()\n",
        "class C:\n    __slots__ = ('__dict__',)\n",
        "class B:\n    __slots__ = '__dict__'\nclass C(B):\n    __slots__ = ()\n",
        "class B: pass\nclass C(B):\n    if not 1: __slots__ = ()\n",
        "class B: pass\nclass C(B):\n    __slots__ = ()\n    del __slots__\n",
        "class B: pass\nclass C(B):\n    global __slots__\n    __slots__ = ()\n",
        "class B: pass\nclass C(B):\n    __slots__: tuple\n",
        "class M(type):\n    def __new__(m, n, b, d): return type(n, (), {})\n"
        "class B: pass\nclass C(B, metaclass=M):\n    __slots__ = ()\n",
    ],
)
def test_classes_without_such_a_base_or_without_slots_are_not_reported(
    project: Project, source: str
) -> None:
    small = project(source)
    assert small.run("main.py").stderr == ""
    assert small.lint(CODE) == []


@pytest.mark.parametrize(
    "source",
    [
        "from unheard_of import B\nclass C(B):\n    __slots__ = ()\n",
        "from unheard_of import A\nclass B: pass\nclass C(A, B):\n    __slots__ = ()\n",
        "from unheard_of import d\nclass B: pass\n@d\nclass C(B):\n    __slots__ = ()\n",
        "from unheard_of import d\n@d\nclass B: pass\nclass C(B):\n    __slots__ = ()\n",
        "from unheard_of import M\nclass B(metaclass=M): pass\nclass C(B):\n    __slots__ = ()\n",
        "import attr\n@attr.define\nclass B:\n    x: int\nclass C(B):\n    __slots__ = ()\n",
    ],
)
def test_what_is_not_known_is_left_alone(project: Project, source: str) -> None:
    assert project(source).lint(CODE) == []


def test_bases_in_other_modules_are_known(project: Project) -> None:
    small = project(
        {
            "pkg/__init__.py": "from .a import B\n",
            "pkg/a.py": "class B: pass\n",
            "pkg/b.py": "import pkg\n\n\nclass C(pkg.B):\n    __slots__ = ()\n",
        }
    )
    assert [(path, line) for path, line, _ in small.places(CODE)] == [("pkg/b.py", 4)]


def test_stubs_do_not_run(project: Project) -> None:
    source = "class B: pass\nclass C(B):\n    __slots__ = ()\n"
    assert project({"main.pyi": source}).lint(CODE) == []


def test_python_2_source_is_looked_at(project: Project) -> None:
    small = project("class B: pass\nclass C(B):\n    __slots__ = ()\nprint 1\n")
    assert [line for _, line, _ in small.places(CODE)] == [2]


def test_slots_that_a_dataclass_makes_are_slots(project: Project) -> None:
    head = "from dataclasses import dataclass\nclass B: pass\n@dataclass(slots=True)\n"
    [message] = project(f"{head}class C(B):\n    x: int = 0\n").messages(CODE)
    assert "in spite of its `slots=True`, for its base `B` has no `__slots__`" in message
    assert project(f"{head}class C:\n    x: int = 0\n").lint(CODE) == []
    assert (
        project(head.replace("pass", "__slots__ = ()") + "class C(B):\n    x: int = 0\n").lint(CODE)
        == []
    )
