"""PCL606: assignments for which the instance has no place."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Any

import pytest

CODE = "PCL606"
Project = Callable[..., Any]

# Every form of assignment to the attribute x, in a method of C.
FORMS = (
    "self.x = 1",
    "self.x: int = 1",
    "self.x += 1",
    "self.x = self.x + 1",
    "self.x = other = 1",
    "other, (self.x, *more) = 1, (2, 3)",
    "[*self.x] = 1, 2",
    "for self.x in 'ab': pass",
    "with open(__file__) as self.x: pass",
    "setattr(self, 'x', 1)",
    "(lambda: setattr(self, 'x', 1))()",
    "[0 for self.x in 'ab']",
)
HEADERS = (
    "class C:\n    __slots__ = ('y',)\n",
    "class C(tuple):\n    __slots__ = ()\n",
    "class B:\n    __slots__ = ('y', '__x')\nclass C(B):\n    __slots__ = {'z': 'what it is'}\n",
    "from abc import ABC\nclass C(ABC):\n    __slots__ = ['y']\n",
    "from typing import Generic, TypeVar\nclass C(Generic[TypeVar('T')]):\n    __slots__ = 'y'\n",
    "from dataclasses import dataclass\n@dataclass(slots=True)\nclass C:\n    y: int = 0\n",
)


def program(header: str, statement: str) -> str:
    """A program that runs the statement on an instance, and prints what is raised."""
    return (
        f"{header}    def method(self):\n        {statement}\n"
        "try:\n    C().method()\nexcept AttributeError:\n    print('AttributeError')\n"
    )


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_assignment_raises_and_is_reported(project: Project, form: str) -> None:
    small = project(program(HEADERS[0], form))
    assert small.run("main.py").stdout == "AttributeError\n"
    line = f"        {form}"
    column = line.index("setattr" if "setattr" in form else "self.x") + 1
    assert small.places(CODE) == [("main.py", 4, column)]
    assert (
        "raises AttributeError: instances of `C` have no `__dict__` and no slot `x`"
        in (small.messages(CODE)[0])
    )


@pytest.mark.parametrize("header", HEADERS)
def test_every_kind_of_class_without_a_dict_is_known(project: Project, header: str) -> None:
    small = project(program(header, "self.x = 1"))
    assert small.run("main.py").stdout == "AttributeError\n"
    assert len(small.lint(CODE)) == 1


@pytest.mark.parametrize(
    "body",
    ["x = 0", "def x(self): pass", "x = classmethod(print)", "@staticmethod\n    def x(): pass"],
)
def test_class_attributes_are_read_only_there(project: Project, body: str) -> None:
    small = project(program(f"class C:\n    __slots__ = ()\n    {body}\n", "self.x = 1"))
    assert small.run("main.py").stdout == "AttributeError\n"
    assert "`C.x` is a class attribute" in small.messages(CODE)[0]
    assert small.lint("PCL101", "PCL102", "PCL103") == []


@pytest.mark.parametrize(
    "source",
    [
        # There is a place.
        program("class C:\n    __slots__ = ('x',)\n", "self.x = 1"),
        program("class C:\n    __slots__ = ('__x',)\n", "self.__x = 1"),
        program("class C:\n    __slots__ = ('__dict__',)\n", "self.x = 1"),
        program("class B:\n    __slots__ = 'x'\nclass C(B):\n    __slots__ = ()\n", "self.x = 1"),
        program("class B: pass\nclass C(B):\n    __slots__ = ()\n", "self.x = 1"),
        program("class C(Exception):\n    __slots__ = ()\n", "self.x = 1"),
        program("class C(tuple):\n    pass\n", "self.x = 1"),
        program("class C:\n    __slots__ = ()\n    x = property(print, print)\n", "self.x = 1"),
        program("class C:\n    __slots__ = ('x',)\n    x: int\n", "self.x = 1"),
        program("class C:\n    __slots__ = [n for n in 'xy']\n", "self.x = 1"),
        program("class C:\n    __slots__ = ['y']\n    __slots__ += ['x']\n", "self.x = 1"),
        program("class C:\n    __slots__ = ['y']\n    __slots__.append('x')\n", "self.x = 1"),
        program(
            "class B:\n    __slots__ = 'x',\nclass C(B):\n    __slots__ = B.__slots__ + ('y',)\n",
            "self.x = 1",
        ),
        program(
            "from dataclasses import *\nfrom dataclasses import dataclass\n"
            "@dataclass(slots=True)\nclass C:\n    x: int = 0\n",
            "self.x = 1",
        ),
        # Something takes part in it.
        program(
            "class C:\n    __slots__ = ()\n    def __setattr__(self, name, value): pass\n",
            "self.x = 1",
        ),
    ],
)
def test_assignments_that_work_are_not_reported(project: Project, source: str) -> None:
    small = project(source)
    assert small.run("main.py").stdout != "AttributeError\n"
    assert small.lint(CODE) == []


SLOTTED = "class C:\n    __slots__ = ()\n    def m(self):\n        self.x = 1\n"


@pytest.mark.parametrize(
    "more",
    [
        "class D(C): pass",  # with a __dict__
        "class D(C):\n    __slots__ = ('x',)",
        "class D(C):\n    __slots__ = names",
        "class D(C):\n    __slots__ = ()\n    x = property(print, print)",
        "class D(C):\n    __slots__ = ()\n    def __setattr__(self, *args): pass",
        "class D(C, unheard_of):\n    __slots__ = ()",
        "class D(mixed(C)): pass",
        "D = type('D', (C,), {})",
        "D = make('D', (C, int), {})",
        "bases = C,\nD = type('D', bases, {})",
        "def subclass(base):\n    class D(base): pass\n    return D",
        "C.x = property(print, print)",
        "make_property(C, 'x')",
        "for name in names:\n    setattr(C, name, make_property(name))",
        "class D(C):\n    __slots__ = ()\n    def become(self): self.__class__ = int",
    ],
)
def test_instances_of_classes_below_may_have_a_place(project: Project, more: str) -> None:
    assert project(f"{SLOTTED}{more}\n").lint(CODE) == []


def test_classes_below_in_other_modules_count(project: Project) -> None:
    files = {"pkg/__init__.py": "", "pkg/a.py": SLOTTED}
    assert len(project(files).lint(CODE)) == 1
    assert project({**files, "pkg/b.py": "from .a import C\nclass D(C): pass\n"}).lint(CODE) == []
    assert project({**files, "b.py": "from pkg import a\ntype('', (a.C,), {})\n"}).lint(CODE) == []


def test_a_class_below_without_a_place_makes_no_difference(project: Project) -> None:
    source = f"{SLOTTED}class D(C):\n    __slots__ = ('y',)\n"
    assert project(source).places(CODE) == [("main.py", 4, 9)]


@pytest.mark.parametrize(
    "header",
    [
        "from unheard_of import B\nclass C(B):\n    __slots__ = ()\n",
        "from unheard_of import M\nclass C(metaclass=M):\n    __slots__ = ()\n",
        "from unheard_of import d\n@d\nclass C:\n    __slots__ = ()\n",
        "import attr\n@attr.define\nclass C:\n    y: int = 0\n",
        "import attr\n@attr.s(slots=True)\nclass C:\n    y = attr.ib()\n",
        "from dataclasses import dataclass\n@dataclass(slots=True, frozen=True)\nclass C:\n"
        "    y: int = 0\n",  # TypeError up to Python 3.11
        "from dataclasses import dataclass\n@dataclass(slots=x)\nclass C:\n    y: int = 0\n",
        "import ctypes\nclass C(ctypes.Structure):\n    __slots__ = ()\n    _fields_ = []\n",
        "class C:\n    exec('__slots__ = ()')\n",
        "class C:\n    __slots__ = ()\n    x = unheard_of()\n",
        "class C:\n    __slots__ = ()\n    if 1: x = 0\n",
    ],
)
def test_what_is_not_known_is_left_alone(project: Project, header: str) -> None:
    assert project(program(header, "self.x = 1")).lint(CODE) == []


@pytest.mark.parametrize(
    "statement",
    [
        "try: self.x = 1\n        except AttributeError: pass",
        "try: self.x = 1\n        except Exception: pass",
        "with contextlib.suppress(AttributeError): self.x = 1",
        "with pytest.raises(AttributeError): self.x = 1",
        "if hasattr(self, 'x'): self.x = 1",
        "if TYPE_CHECKING: self.x = 1",
        "if sys.version_info[0] == 2: self.x = 1",
        "self = other; self.x = 1",
        "other.x = 1",
        "self.other.x = 1",
        "type(self).x = 1",
        "self.x",
        "del self.x",
        "self.x[0] = 1",
    ],
)
def test_other_statements_are_left_alone(project: Project, statement: str) -> None:
    source = f"class C:\n    __slots__ = ()\n    def method(self):\n        {statement}\n"
    assert project(source).lint(CODE) == []


def test_functions_that_get_no_instance_are_left_alone(project: Project) -> None:
    source = """\
        class C:
            __slots__ = ()
            @classmethod
            def a(cls): cls.x = 1
            @staticmethod
            def b(self): self.y = 1
            def __new__(cls): cls.z = 1
            @unheard_of
            def c(self): self.z = 1
        """
    assert project(source).lint(CODE) == []


def test_stubs_do_not_run(project: Project) -> None:
    assert project({"main.pyi": SLOTTED}).lint(CODE) == []


def test_columns_count_characters(project: Project) -> None:
    source = SLOTTED.replace("self.x = 1", "é = 'ö'; self.x = é")
    assert project(source).places(CODE) == [("main.py", 4, 18)]


def test_python_2_source_is_told_what_python_3_does(project: Project) -> None:
    small = project(textwrap.dedent(SLOTTED) + "print 1\n")
    assert small.places(CODE) == [("main.py", 4, 9)]
    assert "raises AttributeError in Python 3" in small.messages(CODE)[0]


OUTSIDE = {
    "c = C()\nc.y = 1": True,
    "c = C()\nc.z = 1": True,
    "C().y = 1": True,
    "def f():\n    c = C()\n    c.y = 1\nf()": True,
    "def f(c):\n    c.y = 1\nf(C())": True,
    "cs = [C() for n in range(2)]\nfor n, c in enumerate(cs):\n    c.y = n": True,
    "def make():\n    return C()\nc = make()\nc.y = 1": True,
    "c = C()\nc.x = 1": False,
    "class D(C):\n    pass\nD().y = 1": False,
    "class D(C):\n    __slots__ = ('y',)\nC().x = D().y = 1": False,
    "c = C()\nc = D()\nc.y = 1": False,
    "C.y = 1": False,
    "c = C()\nif hasattr(c, 'y'):\n    c.y = 1": False,
    "c = C()\ntry:\n    c.y = 1\nexcept AttributeError:\n    pass": False,
}


@pytest.mark.parametrize("text", OUTSIDE)
def test_instances_are_known_outside_of_methods(project: Callable[..., Any], text: str) -> None:
    head = "class D:\n    pass\nclass C:\n    __slots__ = ('x',)\n    z = 0\n"
    made = project(f"{head}{text}\n")
    fails = "AttributeError" in made.run("main.py").stderr
    assert fails is OUTSIDE[text]
    assert len(made.lint("PCL606")) == OUTSIDE[text]


def test_an_instance_is_known_in_another_module(project: Callable[..., Any]) -> None:
    made = project(
        {
            "points.py": "class Point:\n    __slots__ = ('x',)\n",
            "main.py": "import points\npoint = points.Point()\npoint.label = 'a'\n",
        }
    )
    assert made.places("PCL606") == [("main.py", 3, 1)]


@pytest.mark.parametrize(
    ("use", "fails"),
    [
        ("    def f(self):\n        self.x = 1\nC().f()", True),
        ("c = C()\nc.x = 1", True),
        ("    def f(self):\n        self.x = 1\nclass D(C): pass\nD().f()", False),
    ],
)
def test_named_tuples_have_no_place_beside_their_fields(
    project: Project, use: str, fails: bool
) -> None:
    small = project(f"from typing import NamedTuple\nclass C(NamedTuple):\n    y: int = 0\n{use}\n")
    assert bool(small.lint(CODE)) is fails
    assert ("AttributeError" in small.run("main.py").stderr) is fails
