"""PCL504, compared with what the assignments do when they run."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CODE = "PCL504"
PRELUDE = """\
import abc

class Constant:
    def __init__(self, value=1):
        self.value = value
    def __get__(self, instance, owner=None):
        return self.value
    def __set__(self, instance, value):
        raise AttributeError("constant")
    def __delete__(self, instance):
        '''Not to be deleted.'''
        if instance is not None:
            raise AttributeError("constant")
        raise AttributeError

class Sticky:
    def __get__(self, instance, owner=None):
        return 1
    def __set__(self, instance, value):
        pass

class Removable:
    def __get__(self, instance, owner=None):
        return 1
    def __delete__(self, instance):
        pass

def get(self):
    return 1

def put(self, value):
    pass

def drop(self):
    pass

"""
ATTRIBUTES = (
    *("x = property(get)", "x = property(get, put)", "x = property(get, None, drop)"),
    *("x = property(fget=get, fset=put, fdel=drop)", "x = property(get, doc='read me')"),
    *("x = Constant()", "x = Sticky()", "x = Removable()", "x = 1", "x = 1.5", ""),
    "@property\ndef x(self): return 1",
    "@property\ndef x(self): return 1\n@x.setter\ndef x(self, value): pass",
    "@property\ndef x(self): return 1\n@x.deleter\ndef x(self): pass",
    "@property\ndef x(self): return 1\n@x.setter\ndef set_x(self, value): pass",
    "@property\ndef x(self): return 1\nx = x.setter(put)",
    "x = property(get)\nx = property(get, put)",
    "x = property(get, put)\ndel x\nx = property(get)",
)
STATEMENTS = (
    *("self.x = 1", "self.x += 1", "self.x: int = 1", "self.x = self.x + 1", "del self.x"),
    *("setattr(self, 'x', 1)", "delattr(self, 'x')", "for self.x in (1,): pass"),
    *("self.x, y = 1, 2", "[*self.x] = 1,", "y = self.x = 1", "(lambda: setattr(self, 'x', 1))()"),
    *("[None for self.x in (1,)]", "y = self.x", "def inner():\n    self.x = 1\ninner()"),
)


def program(base: str, own: str, statements: list[str]) -> str:
    lines = ["class Base:", textwrap.indent(base or "pass", "    ")]
    lines += ["class C(Base):", textwrap.indent(own or "pass", "    ")]
    for number, statement in enumerate(statements):
        lines += [f"    def method{number}(self):", textwrap.indent(statement, "        ")]
    return PRELUDE + "\n".join(lines) + "\n"


def lines_that_raise(text: str, count: int) -> set[int]:
    """The lines at which the methods raise AttributeError, each on an object of its own."""
    namespace: dict[str, Any] = {}
    exec(compile(text, "program", "exec"), namespace)
    found = set()
    for number in range(count):
        instance = namespace["C"]()
        try:
            getattr(instance, f"method{number}")()
        except AttributeError as error:
            trace, line = error.__traceback__, 0
            while trace is not None:
                if trace.tb_frame.f_code.co_name in (f"method{number}", "inner", "<lambda>"):
                    line = trace.tb_lineno
                trace = trace.tb_next
            found.add(line)
    return found


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    base=st.sampled_from(ATTRIBUTES),
    own=st.sampled_from((*ATTRIBUTES, "", "", "")),
    statements=st.lists(st.sampled_from(STATEMENTS), min_size=3, max_size=6),
)
def test_what_is_reported_raises_and_what_raises_is_reported(
    project: Callable[..., Any], base: str, own: str, statements: list[str]
) -> None:
    text = program(base, own, statements)
    reported = {line for _, line, _ in project(text).places(CODE)}
    raising = lines_that_raise(text, len(statements))
    assert reported <= raising
    # What isn't there can't be read or deleted; what a body deletes may not be there.
    has_other_errors = not (base or own) or any("del" in part for part in (base, own, *statements))
    if not has_other_errors:
        assert reported == raising


READ_ONLY = """\
class C:
    @property
    def x(self):
        return 1
"""


def with_method(statement: str) -> str:
    return READ_ONLY + "    def f(self):\n" + textwrap.indent(statement, "        ") + "\n"


def test_the_message_says_what_is_missing(project: Callable[..., Any]) -> None:
    p = project(with_method("self.x = 1; self.x **= 2\ndel self.x\nsetattr(self, 'x', 1)"))
    assert p.messages(CODE) == [
        "`self.x = …` raises AttributeError: `C.x` is a property without a setter",
        "`self.x **= …` raises AttributeError: `C.x` is a property without a setter",
        "`del self.x` raises AttributeError: `C.x` is a property without a deleter",
        "`setattr(self, 'x', 1)` raises AttributeError: `C.x` is a property without a setter",
    ]
    assert p.places(CODE)[0] == ("main.py", 6, 9)


def test_properties_of_other_modules_count(project: Callable[..., Any]) -> None:
    use = "from .base import C\nclass D(C):\n    def f(me, self):\n        me.x = 1; self.x = 1\n"
    p = project({"pkg/__init__.py": "", "pkg/base.py": READ_ONLY, "pkg/use.py": use})
    assert p.places(CODE) == [("pkg/use.py", 4, 9)]


@pytest.mark.parametrize(
    "statement",
    [
        "try:\n    self.x = 1\nexcept AttributeError:\n    pass",
        "try:\n    self.x = 1\nexcept Exception:\n    pass",
        "try:\n    self.x = 1\nexcept:\n    pass",
        "with contextlib.suppress(AttributeError):\n    self.x = 1",
        "with pytest.raises(AttributeError):\n    self.x = 1",
        "with self.assertRaises(AttributeError):\n    self.x = 1",
        "if PY2:\n    self.x = 1",
        "if not hasattr(self, 'x'):\n    pass\nelse:\n    self.x = 1",
        "if TYPE_CHECKING:\n    self.x = 1",
        "other.x = 1",
        "self = other\nself.x = 1",
        "self.x.y = 1",
        "self.y.x = 1",
        "setattr(self, 'x' + '', 1)",
    ],
)
def test_guarded_and_other_assignments_are_left_alone(
    project: Callable[..., Any], statement: str
) -> None:
    assert project(with_method(statement)).lint(CODE) == []


@pytest.mark.parametrize(
    "statement",
    [
        "try:\n    self.x = 1\nexcept ValueError:\n    pass",
        "try:\n    pass\nexcept AttributeError:\n    self.x = 1",
        "try:\n    def g():\n        self.x = 1\nexcept AttributeError:\n    pass",
    ],
)
def test_what_is_around_it_must_catch_the_error(
    project: Callable[..., Any], statement: str
) -> None:
    assert len(project(with_method(statement)).lint(CODE)) == 1


METHOD = "\n    def f(self):\n        self.x = 1\n"


@pytest.mark.parametrize(
    "text",
    [
        READ_ONLY.replace("class C", "class C(Unknown)") + METHOD,
        READ_ONLY.replace("class C", "class C(metaclass=Unknown)") + METHOD,
        "@unknown\n" + READ_ONLY + METHOD,
        READ_ONLY + "    def __setattr__(self, name, value): pass" + METHOD,
        READ_ONLY.replace("@property", "@functools.cached_property") + METHOD,
        READ_ONLY.replace("@property", "@unknown") + METHOD,
        READ_ONLY.replace("@property", "@property\n    @abc.abstractmethod") + METHOD,
        READ_ONLY.replace("@property", "@abc.abstractproperty") + METHOD,
        READ_ONLY.replace("return 1", "raise NotImplementedError") + METHOD,
        READ_ONLY + METHOD + "class D(C):\n    x = 1\n",
        READ_ONLY + METHOD + "class D(C):\n    @C.x.setter\n    def x(self, value): pass\n",
        READ_ONLY + METHOD + "class D(C):\n    def __setattr__(self, name, value): pass\n",
        READ_ONLY + METHOD + "class D(Unknown, C):\n    pass\n",
        READ_ONLY + METHOD + "C.x = C.x.setter(print)\n",
        READ_ONLY + METHOD + "del C.x\n",
        READ_ONLY + METHOD + "    @classmethod\n    def g(cls):\n        cls.x = 1\n",
        READ_ONLY + "    if unknown:\n        @x.setter\n        def x(self, v): pass" + METHOD,
        READ_ONLY + "    __slots__ = ('x',)" + METHOD,
        READ_ONLY + "    vars()['x'] = 1" + METHOD,
        "from unknown import property\n" + READ_ONLY + METHOD,
        "class property:\n    pass\n" + READ_ONLY + METHOD,
        "def setattr(*args): pass\n" + READ_ONLY + "    def f(self): setattr(self, 'x', 1)\n",
        READ_ONLY + "    @classmethod\n    def f(self):\n        self.x = 1\n",
        READ_ONLY + "    def f(self):\n        self.x\n",
    ],
)
def test_what_may_be_otherwise_is_left_alone(project: Callable[..., Any], text: str) -> None:
    assert project("import abc, functools\n" + text).lint(CODE) == []


def test_init_subclass_may_add_setters(project: Callable[..., Any]) -> None:
    base = """\
class Base:
    def __init_subclass__(cls):
        for name in list(vars(cls)):
            setattr(cls, name, 1)
"""
    text = base + READ_ONLY.replace("class C", "class C(Base)") + METHOD
    assert project(text).lint(CODE) == []


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("raise TypeError('no')", "TypeError"),
        ("raise NotImplementedError", "NotImplementedError"),
        ("raise Own", ""),
        ("raise", ""),
        ("if value:\n    return\nraise AttributeError", ""),
        ("try:\n    raise AttributeError\nexcept AttributeError:\n    pass", ""),
        ("yield\nraise AttributeError", ""),
    ],
)
def test_a_set_that_always_raises_refuses(
    project: Callable[..., Any], body: str, error: str
) -> None:
    text = "class Own(Exception): pass\nclass D:\n    def __set__(self, instance, value):\n"
    text += textwrap.indent(body, " " * 8)
    text += "\nclass C:\n    x = D()\n    def f(self):\n        self.x = 1\n"
    assert project(text).messages(CODE) == (
        [
            f"`self.x = …` raises {error}: `C.x` is an instance of `D`, whose `__set__` "
            "always raises it"
        ]
        if error
        else []
    )


def test_python2_source_is_read(project: Callable[..., Any]) -> None:
    text = READ_ONLY.replace("class C", "class C(object)") + METHOD + "print 'x'\n"
    assert project(text).places(CODE) == [("main.py", 7, 9)]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_places_count_characters(project: Callable[..., Any], newline: str) -> None:
    text = READ_ONLY + "    def f(self):\n\tö = 'é'; self.x = \\\n\t  1\n"
    text = text.replace("\n\t", "\n        ").replace("\n", newline)
    assert project({"main.py": text.encode()}).places(CODE) == [("main.py", 6, 18)]


OUTSIDE = {
    "c = C()\nc.x = 1": True,
    "c = C()\ndel c.x": True,
    "c = C()\nc.x += 1": True,
    "C().x = 1": True,
    "def f():\n    c = C()\n    c.x = 1\nf()": True,
    "def f(c):\n    c.x = 1\nf(C())": True,
    "def f():\n    for c in [C(), C()]:\n        c.x = 1\nf()": True,
    "cs = [C()]\ncs[0].x = 1": True,
    "def make():\n    return C()\nmake().x = 1": True,
    "class D(C):\n    pass\nD().x = 1": True,
    "class S:\n    def __init__(self):\n        self.c = C()\n    def f(self):\n        self.c.x = 1\nS().f()": True,
    "def f(c):\n    c.x = 1\nf(C())\nf(Other())": False,
    "c = Other()\nc.x = 1": False,
    "c = C()\nc.y = 1": False,
    "c = C()\nc = Other()\nc.x = 1": False,
    "class D(C):\n    x = 1\nD().x = 1": False,
    "C.x = 1": False,
    "C.x = 1\nC().x = 2": False,
    "c = C()\ntry:\n    c.x = 1\nexcept AttributeError:\n    pass": False,
    "c = C()\nif 0:\n    c.x = 1": False,
}


@pytest.mark.parametrize("text", OUTSIDE)
def test_instances_are_known_outside_of_methods(project: Callable[..., Any], text: str) -> None:
    head = "class Other:\n    pass\nclass C:\n    @property\n    def x(self):\n        return 1\n"
    made = project(f"{head}{text}\n")
    fails = "AttributeError" in made.run("main.py").stderr
    assert len(made.lint("PCL504")) == OUTSIDE[text]
    assert fails or not OUTSIDE[text]


KINDS = {
    "from dataclasses import dataclass\n@dataclass\nclass C:\n    y: int = 0\n    @property\n"
    "    def x(self):\n        return 1\n": True,
    "class P(property):\n    kind = 1\nclass C:\n    @P\n    def x(self):\n        return 1\n": True,
    "class myproperty(property):\n    kind = 1\nclass C:\n    @myproperty\n    def x(self):\n"
    "        return 1\n": True,
    "class myproperty(property):\n    def __set__(self, instance, value):\n        pass\n"
    "class C:\n    @myproperty\n    def x(self):\n        return 1\n": False,
    "def myproperty(get):\n    return property(get, print)\nclass C:\n    @myproperty\n"
    "    def x(self):\n        return 1\n": False,
    "import typing\nclass C(typing.NamedTuple):\n    x: int = 0\n": True,
    "import typing\nclass B(typing.NamedTuple):\n    x: int = 0\nclass C(B):\n    pass\n": True,
    "import typing\nclass B(typing.NamedTuple):\n    x: int = 0\nclass C(B):\n    x = 1\n": False,
    "import collections\nclass C(collections.namedtuple('B', 'x y', defaults=[1, 2])):\n    pass\n": True,
    "import collections\nclass C(collections.namedtuple('B', 'z y', defaults=[1, 2])):\n    pass\n": False,
}


@pytest.mark.parametrize("text", KINDS)
@pytest.mark.parametrize(
    "use", ["    def f(self):\n        self.x = 2\nC().f()\n", "c = C()\nc.x = 2\n"]
)
def test_what_else_refuses(project: Callable[..., Any], text: str, use: str) -> None:
    made = project(text + use)
    fails = "AttributeError" in made.run("main.py").stderr
    assert fails == KINDS[text]
    if "namedtuple(" not in text or "self" in use:
        assert len(made.lint("PCL504")) == fails
