"""PCL507, compared with what making the class does."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CODE = "PCL507"
BASE = """\
import abc
class Base:
    @property
    def x(self):
        return 1
    y = property(lambda self: 2)
    z = 3
    @property
    def id(self):
        return 4
class Between(Base, abc.ABC):
    pass
"""
PARTS = (
    *("@x.setter\ndef x(self, value): pass", "@y.getter\ndef y(self): pass"),
    *("@z.setter\ndef z(self, value): pass", "@Base.x.setter\ndef x(self, value): pass"),
    *("@property\ndef x(self): pass", "x = Base.x", "x: int", "y = 1", "pass"),
    *("@x.deleter\n@y.deleter\ndef x(self): pass", "@id.setter\ndef id(self, value): pass"),
    *("if x:\n    pass", "@staticmethod\ndef y(): pass", "@x.setter\nasync def x(self, v): pass"),
    *("for y in (1,):\n    pass", "@abc.unknown\ndef y(self): pass"),
)


def outcome(text: str) -> tuple[str, int]:
    """The name of the error that running a program raises, and its line in the class body."""
    try:
        exec(compile(text, "program", "exec"), {})
    except Exception as error:
        trace, line = error.__traceback__, 0
        while trace is not None:
            line = trace.tb_lineno
            trace = trace.tb_next
        return type(error).__name__, line
    return "", 0


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    header=st.sampled_from(["Base", "Between", "dict, Between", "Base, metaclass=abc.ABCMeta"]),
    parts=st.lists(st.sampled_from(PARTS), min_size=1, max_size=4),
)
def test_what_is_reported_first_is_where_making_the_class_fails(
    project: Callable[..., Any], header: str, parts: list[str]
) -> None:
    text = BASE + f"class C({header}):\n" + textwrap.indent("\n".join(parts), "    ") + "\n"
    places = project(text).places(CODE)
    error, line = outcome(text)
    lines = text.splitlines()
    fails_there = error == "NameError" and lines[line - 1].strip()[:2] in ("@x", "@y")
    if places and (error == "NameError" or not error):
        assert places[0][1] >= line > 0  # another one may come first
    # Once the first is mended, the next is looked at; so what fails must be among them.
    if fails_there:
        assert line in {place[1] for place in places}


MINIMAL = BASE + "class C(Base):\n    @x.setter\n    def x(self, value): pass\n"


def test_the_message_names_the_property(project: Callable[..., Any]) -> None:
    p = project(MINIMAL)
    assert p.places(CODE) == [("main.py", 14, 5)]
    assert p.messages(CODE) == [
        "`@x.setter` raises NameError: a class body doesn't see what its class inherits; "
        "the property is `Base.x`"
    ]


def test_fix_names_the_direct_base(project: Callable[..., Any]) -> None:
    files = {
        "pkg/__init__.py": "",
        "pkg/base.py": BASE,
        "pkg/use.py": """\
            from . import base

            class C(dict, base.Between):
                value = 1

                @(  x . setter)  # why
                def x(self, value):
                    self.value = value

                @x.deleter
                def x(self):
                    del self.value

            c = C()
            c.x = 5
            print(c.x, c.value)
            """,
    }
    p = project(files)
    assert p.run_module("pkg.use").stderr.endswith("NameError: name 'x' is not defined\n")
    assert p.fix(CODE) == p.texts()  # it is unsafe
    assert "@(  base.Between.x.setter)  # why" in p.fix(CODE, unsafe=True)["pkg/use.py"]
    assert p.run_module("pkg.use").stdout == "1 5\n"


@pytest.mark.parametrize(
    "text",
    [
        BASE + "class Outer:\n    class Base(Base):\n        @property\n        def y(self): pass\n"
        "    class C(Base):\n        @y.setter\n        def y(self, value): pass\n",
        BASE + "class C(Base):\n    Base = 1\n    @x.setter\n    def x(self, value): pass\n",
    ],
)
def test_no_fix_where_the_class_body_has_no_name_for_the_base(
    project: Callable[..., Any], text: str
) -> None:
    assert outcome(text)[0] == "NameError"
    assert [finding.fix for finding in project(text).lint(CODE)] == [None]


@pytest.mark.parametrize(
    "text",
    [
        "x = property()\n" + MINIMAL,
        MINIMAL + "x = property()\n",
        "from unknown import *\n" + MINIMAL,
        MINIMAL.replace("C(Base)", "C(Base, Unknown)"),
        MINIMAL.replace("C(Base)", "C(Base, metaclass=Unknown)"),
        MINIMAL.replace("C(Base)", "C(Base, **unknown)"),
        "class Meta(type):\n    def __prepare__(*args):\n        return {'x': property()}\n"
        + MINIMAL.replace("C(Base)", "C(Base, metaclass=Meta)"),
        BASE + "def f(x):\n    class C(Base):\n        @x.setter\n        def x(self, v): pass\n",
        BASE + "try:\n    class C(Base):\n        @x.setter\n        def x(self, v): pass\n"
        "except NameError:\n    pass\n",
        BASE
        + "if TYPE_CHECKING:\n    class C(Base):\n        @x.setter\n        def x(self, v): 0\n",
        BASE + "if PY2:\n    class C(Base):\n        @x.setter\n        def x(self, v): 0\n",
        BASE
        + "class C(Base):\n    if unknown:\n        x = Base.x\n    @x.setter\n    def x(s, v): 0\n",
        BASE
        + "class C(Base):\n    from unknown import x\n    @x.setter\n    def x(self, v): pass\n",
        BASE + "class C(Base):\n    [x := Base.x]\n    @x.setter\n    def x(self, v): pass\n",
        BASE + "class C(Base):\n    global x\n    x = Base.x\n    @x.setter\n    def x(s, v): 0\n",
        BASE + "class C(Base):\n    @x.other\n    def x(self, v): pass\n",
        BASE + "class C(Base):\n    @x.y.setter\n    def x(self, v): pass\n",
        BASE
        + "class C(Base):\n    def f(self):\n        @x.setter\n        def x(self, v): pass\n",
    ],
)
def test_what_may_be_bound_is_left_alone(project: Callable[..., Any], text: str) -> None:
    assert project(text).lint(CODE) == []


def test_python2_source_is_read(project: Callable[..., Any]) -> None:
    assert project(MINIMAL + "print 'x'\n").places(CODE) == [("main.py", 14, 5)]


def test_further_decorators_make_no_difference(project: Callable[..., Any]) -> None:
    text = MINIMAL.replace("    @x.setter\n", "    @x.setter\n    @abc.abstractmethod\n")
    assert project(text).places(CODE) == [("main.py", 14, 5)]


def test_a_class_in_a_function_counts(project: Callable[..., Any]) -> None:
    text = (
        BASE
        + "def f():\n    class C(Base):\n        @x.setter\n        def x(self, v): pass\nf()\n"
    )
    assert outcome(text)[0] == "NameError"
    assert project(text).places(CODE) == [("main.py", 15, 9)]
