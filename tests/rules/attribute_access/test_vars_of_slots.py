"""PCL604: the dictionary of an instance that has none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

CODE = "PCL604"
Project = Callable[..., Any]
SLOTTED = "class C:\n    __slots__ = ('a',)\n"


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        ("vars(self)", "TypeError"),
        ("self.__dict__", "AttributeError"),
        ("self.__dict__['a'] = 1", "AttributeError"),
        ("self.__dict__ = {}", "AttributeError"),
        ("del self.__dict__", "AttributeError"),
        ("self.__dict__.update(a=1)", "AttributeError"),
        ("vars(self)['a'] = 1", "TypeError"),
        ("(lambda: vars(self))()", "TypeError"),
        ("[vars(self) for _ in 'ab']", "TypeError"),
    ],
)
@pytest.mark.parametrize(
    "header",
    [
        SLOTTED,
        "class C(tuple):\n    __slots__ = ()\n",
        "from abc import ABC\nclass B:\n    __slots__ = 'a'\nclass C(B, ABC):\n    __slots__ = 'b'\n",
    ],
)
def test_methods_that_ask_for_it_raise_and_are_reported(
    project: Project, header: str, statement: str, error: str
) -> None:
    small = project(f"{header}    def m(self):\n        {statement}\nC().m()\n")
    assert error in small.run("main.py").stderr
    (message,) = small.messages(CODE)
    assert f"raises {error}: instances of `C` have no `__dict__`" in message


@pytest.mark.parametrize(
    ("source", "line", "error"),
    [
        ("c = C()\nvars(c)\n", 4, "TypeError"),
        ("c = C()\nc.__dict__\n", 4, "AttributeError"),
        ("C().__dict__\n", 3, "AttributeError"),
        ("vars(C())\n", 3, "TypeError"),
        ("def f():\n    c = C()\n    return c.__dict__\nf()\n", 5, "AttributeError"),
        ("c = None\nc = C()\nprint(c.__dict__)\n", 5, "AttributeError"),
        ("c = d = (C())\nvars((d))\n", 4, "TypeError"),
    ],
)
def test_names_of_such_instances_are_known(
    project: Project, source: str, line: int, error: str
) -> None:
    small = project(SLOTTED + source)
    assert error in small.run("main.py").stderr
    assert [place[1] for place in small.places(CODE)] == [line]
    assert f"raises {error}:" in small.messages(CODE)[0]


def test_classes_of_other_modules_are_known(project: Project) -> None:
    small = project({"a.py": SLOTTED, "b.py": "from a import C\nc = C()\nprint(vars(c))\n"})
    assert small.places(CODE) == [("b.py", 3, 7)]


@pytest.mark.parametrize(
    "source",
    [
        "class C: pass\nc = C()\nvars(c)\n",
        "class C:\n    __slots__ = ('__dict__',)\nc = C()\nvars(c)\n",
        "class C(Exception):\n    __slots__ = ()\nvars(C())\n",
        f"{SLOTTED}vars(C)\nC.__dict__\n",
        f"{SLOTTED}    def m(self): return vars(type(self)), self.__class__.__dict__\nC().m()\n",
        f"{SLOTTED}    @classmethod\n    def m(cls): return vars(cls), cls.__dict__\nC.m()\n",
        f"{SLOTTED}    __dict__ = property(lambda self: {{}})\nvars(C()), C().__dict__\n",
        f"{SLOTTED}    def __getattr__(self, name): return {{}}\nvars(C())\n",
        f"{SLOTTED}    def m(self): return vars(self)\nclass D(C): pass\nD().m()\n",
        f"{SLOTTED}class D: pass\nc = C()\nc = D()\nvars(c)\n",
        f"{SLOTTED}    def m(self):\n        self = D()\n        return vars(self)\n"
        "class D: pass\nC().m()\n",
        f"{SLOTTED}def vars(x): pass\nvars(C())\n",
        f"{SLOTTED}def f(c): return vars(c)\nf(C)\n",
        f"{SLOTTED}for c in [C]: vars(c)\n",
        f"{SLOTTED}try:\n    vars(C())\nexcept TypeError: pass\n",
        f"{SLOTTED}try:\n    C().__dict__\nexcept AttributeError: pass\n",
        f"{SLOTTED}c = C()\nif hasattr(c, '__dict__'): vars(c)\n",
        f"{SLOTTED}c = C()\nhasattr(c, '__dict__') and c.__dict__\n",
    ],
)
def test_what_works_is_not_reported(project: Project, source: str) -> None:
    small = project(source)
    assert small.run("main.py").stderr == ""
    assert small.lint(CODE) == []


@pytest.mark.parametrize(
    "source",
    [
        "class C(unheard_of):\n    __slots__ = ()\n    def m(self): vars(self)\n",
        "@unheard_of\nclass C:\n    __slots__ = ()\n    def m(self): vars(self)\n",
        "class C:\n    __slots__ = names\n    def m(self): vars(self)\n",
        f"{SLOTTED}    def m(self): vars(self)\nD = type('D', (C,), {{}})\n",
        f"{SLOTTED}    @unheard_of\n    def m(self): vars(self)\n",
        f"{SLOTTED}def f(c: C): vars(c)\n",
        f"{SLOTTED}c = unheard_of(C())\nvars(c)\n",
        f"{SLOTTED}c = C() or unheard_of\nvars(c)\n",
        f"{SLOTTED}def f():\n    global c\n    c = unheard_of()\nc = C()\nvars(c)\n",
        f"{SLOTTED}    def __new__(cls): return unheard_of\nc = C()\nvars(c)\n",
    ],
)
def test_what_is_not_known_is_left_alone(project: Project, source: str) -> None:
    assert project(source).lint(CODE) == []


def test_a_name_that_another_module_assigns_is_not_known(project: Project) -> None:
    files = {"a.py": f"{SLOTTED}c = C()\ndef f(): return vars(c)\n"}
    assert len(project(files).lint(CODE)) == 1
    assert project({**files, "b.py": "import a\na.c = object\n"}).lint(CODE) == []


def test_stubs_do_not_run(project: Project) -> None:
    assert project({"main.pyi": f"{SLOTTED}    def m(self): vars(self)\n"}).lint(CODE) == []


def test_python_2_source_is_told_what_python_3_does(project: Project) -> None:
    small = project(f"{SLOTTED}    def m(self): print vars(self)\n")
    assert small.places(CODE) == [("main.py", 3, 24)]
    assert "raises TypeError in Python 3" in small.messages(CODE)[0]
