"""PCL607: class attributes that are in `__slots__`, too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

CODE = "PCL607"
Project = Callable[..., Any]


@pytest.mark.parametrize(
    ("body", "line", "column"),
    [
        ("__slots__ = ('x',)\n    x = 1", 3, 5),
        ("x = 1\n    __slots__ = 'x'", 2, 5),
        ("__slots__ = ['x']\n    x: int = 1", 3, 5),
        ("__slots__ = {'x': ''}\n    y, (x, *z) = 1, (2, 3)", 3, 9),
        ("__slots__ = 'a x'.split()\n    def x(self): pass", 3, 5),
        ("__slots__ = 'x',\n    @property\n    def x(self): pass", 4, 5),
        ("__slots__ = 'x',\n    async def x(self): pass", 3, 5),
        ("__slots__ = 'x',\n    class x: pass", 3, 5),
        ("__slots__ = 'x',\n    import sys as x", 3, 5),
        ("__slots__ = 'x',\n    from sys import (\n    path as x)", 3, 5),
        ("__slots__ = '__x',\n    __x = 1", 3, 5),
        ("__slots__ = 'x',\n    with open(__file__) as x: pass", 3, 28),
        ("__slots__ = 'x',\n    é = 1; x = 1; x = 2", 3, 12),
    ],
)
def test_class_statements_that_fail_are_reported(
    project: Project, body: str, line: int, column: int
) -> None:
    small = project(f"class C:\n    {body}\n")
    assert "in __slots__ conflicts with class variable" in small.run("main.py").stderr
    assert small.places(CODE) == [("main.py", line, column)]
    assert "the class statement of `C` raises ValueError" in small.messages(CODE)[0]


@pytest.mark.parametrize("base", ["int", "bytes", "tuple", "type"])
def test_classes_that_can_not_have_slots_at_all_fail_otherwise(project: Project, base: str) -> None:
    small = project(f"class B({base}): pass\n\n\nclass C(B):\n    __slots__ = 'x',\n    x = 1\n")
    assert "TypeError: nonempty __slots__ not supported" in small.run("main.py").stderr
    assert small.lint(CODE) == []


def test_what_can_not_be_a_slot_is_looked_at_first(project: Project) -> None:
    small = project("class C:\n    __slots__ = 'x', 'a b'\n    x = 1\n")
    assert "TypeError: __slots__ must be identifiers" in small.run("main.py").stderr
    assert small.lint(CODE) == []


def test_the_name_is_said_as_it_is_written(project: Project) -> None:
    assert "`__x` is" in project("class C:\n    __slots__ = '__x'\n    __x = 1\n").messages(CODE)[0]


@pytest.mark.parametrize(
    "source",
    [
        "class C:\n    __slots__ = ('x',)\n    x: int",
        "class C:\n    __slots__ = ('x',)\n    y = 1",
        "class C:\n    __slots__ = ('x',)\n    x = 1\n    del x",
        "class C:\n    __slots__ = ('x',)\n    for x in (): pass",
        "class C:\n    __slots__ = ('x',)\n    if not 1: x = 1",
        "class C:\n    __slots__ = ('x',)\n    global x\n    x = 1",
        "class C:\n    __slots__ = ('x',)\n    try: 1/0\n    except ZeroDivisionError as x: pass",
        "class C:\n    __slots__ = ('x',)\n    def f(self): x = 1",
        "class C:\n    __slots__ = ('x',)\n    y = [x for x in 'ab']",
        "class C:\n    __slots__ = ('x',)\n    False and (x := 1)",
        "class B:\n    x = 1\nclass C(B):\n    __slots__ = ('x',)",
        "class B:\n    __slots__ = ('x',)\nclass C(B):\n    x = 1",
        "class B:\n    __slots__ = ('__x',)\n    _B_x = 1",
        "class C:\n    __slots__ = ('__dict__', '__weakref__')\n    __dict__ = property(print)",
        "class C:\n    __slots__ = ('x',)\n    __slots__ = ()\n    x = 1",
        "class C:\n    x = 1\n    if not x: __slots__ = 'x'",
        "class M(type):\n    def __new__(m, n, b, d): return type(n, b, {})\n"
        "class C(metaclass=M):\n    __slots__ = 'x'\n    x = 1",
    ],
)
def test_class_statements_that_succeed_are_not_reported(project: Project, source: str) -> None:
    small = project(f"{source}\n")
    done = small.run("main.py")
    assert (done.returncode, done.stderr) == (0, "")
    assert small.lint(CODE) == []


@pytest.mark.parametrize(
    "source",
    [
        "from unheard_of import B\nclass C(B):\n    __slots__ = 'x'\n    x = 1",
        "from unheard_of import M\nclass C(metaclass=M):\n    __slots__ = 'x'\n    x = 1",
        "class C:\n    __slots__ = names\n    x = 1",
        "try:\n    class C:\n        __slots__ = 'x'\n        x = 1\nexcept ValueError: pass",
        "with pytest.raises(ValueError):\n    class C:\n        __slots__ = 'x'\n        x = 1",
        "if TYPE_CHECKING:\n    class C:\n        __slots__ = 'x'\n        x = 1",
    ],
)
def test_what_is_unknown_or_expected_is_left_alone(project: Project, source: str) -> None:
    assert project(f"{source}\n").lint(CODE) == []


def test_python_2_source_is_told_what_python_3_does(project: Project) -> None:
    small = project("class C:\n    __slots__ = 'x'\n    x = 1\nprint 1\n")
    assert small.places(CODE) == [("main.py", 3, 5)]
    assert small.messages(CODE)[0].endswith("raises ValueError in Python 3")
