"""PCL101-103: what an assignment through an instance does to a class attribute.

In the sources below a comment `#: PCL102` says that exactly this rule speaks of that line, and
nothing speaks of lines without one. Most sources are executed, too, to see that it is so.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from typing import Any

import pytest

CODES = ("PCL101", "PCL102", "PCL103")
Make = Callable[..., Any]


def expected(text: str, path: str = "main.py") -> list[tuple[str, int, str]]:
    return [
        (path, number, match[1])
        for number, line in enumerate(text.split("\n"), 1)
        if (match := re.search(r"#: (PCL\d+)", line))
    ]


def check(project: Make, files: str | dict[str, str], **settings: Any) -> Any:
    """The findings are those that the comments announce."""
    files = {"main.py": files} if isinstance(files, str) else files
    files = {path: textwrap.dedent(text) for path, text in files.items()}
    small = project(files, **settings)
    found = [(small.relative(f.path), f.line, f.code) for f in small.lint(*CODES)]
    wanted = [entry for path, text in files.items() for entry in expected(text, path)]
    assert sorted(found) == sorted(wanted)
    return small


def execute(source: str) -> dict[str, Any]:
    """Run a source here and give its names."""
    namespace: dict[str, Any] = {"__name__": "main"}
    exec(compile(textwrap.dedent(source), "main.py", "exec"), namespace)
    return namespace


# Forms of assignment

FORMS = {
    "plain": "self.x = 1  #: PCL102",
    "chained": "a = self.x = b = 1  #: PCL102",
    "tuple": "self.x, b = 1, 2  #: PCL102",
    "nested displays": "[a, (self.x, b)] = 1, (2, 3)  #: PCL102",
    "star": "a, *self.x = 1, 2, 3  #: PCL102",
    "swap": "self.x, b = 5, self.x  #: PCL102",
    "for": "for self.x in [1]: pass  #: PCL102",
    "for with a body": "for self.x in [1]:  #: PCL102\n    a = 1",
    "for, unpacked": "for a, self.x in [(1, 2)]: pass  #: PCL102",
    "comprehension": "[0 for self.x in [1]]  #: PCL102",
    "generator": "list(0 for a in [1] for self.x in [1])  #: PCL102",
    "with": "with nullcontext(1) as self.x: pass  #: PCL102",
    "with, unpacked": "with nullcontext((1, 2)) as (self.x, b): pass  #: PCL102",
    "second with item": "with nullcontext(1), nullcontext(2) as self.x: pass  #: PCL102",
    "annotated": "self.x: int = 1  #: PCL102",
    "setattr": "setattr(self, 'x', 1)  #: PCL102",
    "setattr in an expression": "a = [setattr(self, 'x', 1)]  #: PCL102",
    "semicolon": "a = 1; self.x = a  #: PCL102",
    "one line if": "if True: self.x = 1  #: PCL102",
    "brackets around the target": "(self.x) = 1  #: PCL102",
    "brackets around the instance": "(self).x = 1  #: PCL102",
    "spaces": "self . x  =  1  #: PCL102",
    "backslash": "self \\\n    .x = 1",
    "lambda": "(lambda: setattr(self, 'x', 1))()  #: PCL102",
    "nested function": "def inner():\n    self.x = 1  #: PCL102\ninner()",
    "function two deep": (
        "def one():\n    def two(a=1):\n        self.x = a  #: PCL102\n    two()\none()"
    ),
    "nested class": "class Inner:\n    a = setattr(self, 'x', 1)  #: PCL102",
    "method of a nested class": (
        "class Inner:\n    def go(this):\n        self.x = 1  #: PCL102\nInner().go()"
    ),
    "try": "try:\n    self.x = 1  #: PCL102\nfinally:\n    a = 1",
    "handler": "try:\n    1 / 0\nexcept ZeroDivisionError:\n    self.x = 1  #: PCL102",
    "match": "match 1:\n    case a:\n        self.x = a  #: PCL102",
    "walrus before": "if (a := 1): self.x = a  #: PCL102",
    "own value": "self.x = self.x or 5  #: PCL102",
    "twice in a line": "self.x = 1; self.x = 2  #: PCL102",
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_assignment_binds_on_the_instance(project: Make, form: str) -> None:
    body = textwrap.indent(FORMS[form], " " * 8)
    source = (
        f"from contextlib import nullcontext\n\nclass C:\n    x = 0\n\n    def act(self):\n{body}\n"
    )
    names = execute(source)
    instance = names["C"]()
    instance.act()
    assert "x" in vars(instance)
    assert names["C"].x == 0
    small = project(source)
    places = {(line, code) for _, line, code in expected(source)} or {(7, "PCL102")}
    assert {(f.line, f.code) for f in small.lint(*CODES)} == places


def test_asynchronous_forms_count(project: Make) -> None:
    source = """\
        import asyncio


        class Source:
            def __aiter__(self):
                self.left = [1]
                return self

            async def __anext__(self):
                if not self.left:
                    raise StopAsyncIteration
                return self.left.pop()

            async def __aenter__(self):
                return 1

            async def __aexit__(self, *error):
                pass


        class C:
            x = y = 0

            async def act(self):
                async for self.x in Source():  #: PCL102
                    pass
                async with Source() as self.y:  #: PCL102
                    pass


        one = C()
        asyncio.run(one.act())
        """
    names = execute(source)
    assert vars(names["one"]) == {"x": 1, "y": 1}
    check(project, source)


@pytest.mark.parametrize(
    "signature", ["this", "this, /", "this=None", "this, /, *rest", "_", "cls", "self: 'C'"]
)
def test_first_parameter_counts_by_its_place(project: Make, signature: str) -> None:
    name = re.match(r"\w+", signature)[0]  # type: ignore[index]
    source = f"class C:\n    x = 0\n    def act({signature}):\n        {name}.x = 1  #: PCL102\n"
    names = execute(source)
    one = names["C"]()
    one.act()
    assert vars(one) == {"x": 1}
    check(project, source)


@pytest.mark.parametrize(
    "decorator",
    [
        "abc.abstractmethod",
        "functools.lru_cache",
        "functools.lru_cache(maxsize=None)",
        "contextlib.contextmanager",
        "typing.final",
        "property",
        "functools.cached_property",
    ],
)
def test_decorated_methods_with_self_count(project: Make, decorator: str) -> None:
    check(
        project,
        f"""\
        import abc, contextlib, functools, typing


        class C:
            x = 0

            @{decorator}
            def act(self):
                self.x = 1  #: PCL102
                yield
        """,
    )


def test_accessors_of_a_property_count(project: Make) -> None:
    source = """\
        class C:
            _x = 0

            @property
            def x(self):
                return self._x

            @x.setter
            def x(self, value):
                self._x = value  #: PCL102


        one = C()
        one.x = 5
        """
    assert vars(execute(source)["one"]) == {"_x": 5}
    check(project, source)


def test_place_is_the_target_in_characters(project: Make) -> None:
    small = project('class C:\n    x = 0\n    def act(self):\n        é = "ü"; self.x = é\n')
    (finding,) = small.lint("PCL102")
    assert (finding.line, finding.column, finding.end_column) == (4, 18, 24)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("indent", ["    ", "\t", " "])
def test_line_ends_and_indents_make_no_difference(project: Make, newline: str, indent: str) -> None:
    lines = ["class C:", "@x = 0", "@def act(self):", "@@a = 1", "@@self.x = a", ""]
    text = newline.join(lines).replace("@", indent)
    small = project({"main.py": text.encode()})
    assert small.places("PCL102") == [("main.py", 5, 2 * len(indent) + 1)]


def test_form_feed_is_no_line_end_and_no_indentation(project: Make) -> None:
    text = (
        "\x0cclass C:\n    x = '\x0c'\n\x0c\n    def act(self):\n  \x0c        a = 1\n"
        "\x0c\x0c        self.x = a\n\x0c        a = self.x = 2\n"
    )
    names = execute(text)
    one = names["C"]()
    one.act()
    assert vars(one) == {"x": 2}
    small = project(text)
    assert small.places("PCL102") == [("main.py", 6, 11), ("main.py", 7, 14)]
    fixed = text.replace("self.x = a", "C.x = a").replace("a = self.x", "a = C.x")
    assert small.fix("PCL102", unsafe=True) == {"main.py": fixed}


def test_method_on_one_line(project: Make) -> None:
    small = project("class C:\n    x = 0\n    def f(self): self.x = 1\n")
    assert small.places("PCL102") == [("main.py", 3, 18)]


# What is no assignment to an attribute of the instance

SILENT_METHODS = {
    "another object": "def act(self, other):\n    other.x = 1",
    "an attribute's attribute": "def act(self):\n    self.y.x = 1",
    "subscript": "def act(self):\n    self.y[0] = 1",
    "reading": "def act(self):\n    return self.x",
    "deleting": "def act(self):\n    del self.x",
    "rebound parameter": "def act(self):\n    self = Other()\n    self.x = 1",
    "rebound by a loop": "def act(self):\n    for self in things:\n        self.x = 1",
    "rebound by with": "def act(self):\n    with thing as self:\n        self.x = 1",
    "rebound by a walrus": "def act(self):\n    print(self := Other())\n    self.x = 1",
    "rebound by an import": "def act(self):\n    import self\n    self.x = 1",
    "rebound by nonlocal": (
        "def act(self):\n    def inner():\n        nonlocal self\n        self = 1\n"
        "    inner()\n    self.x = 1"
    ),
    "deleted parameter": "def act(self):\n    del self\n    self.x = 1",
    "own parameter of a nested function": (
        "def act(self):\n    def inner(self):\n        self.x = 1\n    inner(Other())"
    ),
    "own parameter of a lambda": "def act(self):\n    return lambda self: setattr(self, 'x', 1)",
    "comprehension's own variable": "def act(self):\n    [0 for self in a for self.x in b]",
    "static method": "@staticmethod\ndef act(self):\n    self.x = 1",
    "class method": "@classmethod\ndef act(self):\n    self.x = 1",
    "__new__": "def __new__(cls):\n    cls.x = 1\n    return super().__new__(cls)",
    "__init_subclass__": "def __init_subclass__(cls):\n    cls.x = 1",
    "__class_getitem__": "def __class_getitem__(cls, item):\n    cls.x = item",
    "only a star parameter": "def act(*self):\n    self.x = 1",
    "only a keyword parameter": "def act(*, self):\n    self.x = 1",
    "through type()": "def act(self):\n    type(self).x = 1",
    "through __class__": "def act(self):\n    self.__class__.x = 1",
    "through the cell": "def act(self):\n    __class__.x = 1",
    "through the class": "def act(self):\n    C.x = 1",
    "wrapped later as static": "def act(a):\n    a.x = 1\nact = staticmethod(act)",
    "wrapped later as class": "def act(a):\n    a.x = 1\nact = classmethod(act)",
    "wrapped under another name": "def act(a):\n    a.x = 1\nmake = classmethod(act)",
    "wrapped by the unknown": "def act(a):\n    a.x = 1\nact = unheard_of(act)",
    "decorated by the unknown": "@unheard_of\ndef act(self):\n    self.x = 1",
    "an accessor of the unknown": (
        "@unheard_of\ndef act(self): pass\n@act.setter\ndef act(self, value):\n    self.x = 1"
    ),
    "a decorator for the body": "def mark(f):\n    f.x = 1\n    return f\n@mark\ndef go(self): pass",
    "a helper for the body": "def make(f):\n    f.x = 1\n    return f\nthing = make(Other())",
    "computed name": "def act(self, name):\n    setattr(self, name, 1)",
    "another setattr": "def act(self):\n    self.setattr(self, 'x', 1)",
    "setattr of too few": "def act(self):\n    setattr(self)",
    "starred setattr": "def act(self):\n    setattr(*[self, 'x', 1])",
    "capture in a pattern": "def act(self):\n    match 1:\n        case Other(x=self): pass",
    "bare annotation": "def act(self):\n    self.x: int",
}


@pytest.mark.parametrize("method", SILENT_METHODS)
def test_what_is_no_assignment_through_the_instance_is_left_alone(
    project: Make, method: str
) -> None:
    body = textwrap.indent(SILENT_METHODS[method], " " * 4)
    check(project, f"class C:\n    x = 0\n\n{body}\n")


def test_setattr_that_the_module_binds_itself_is_another_function(project: Make) -> None:
    check(
        project,
        """\
        def setattr(obj, name, value):
            pass


        class C:
            x = 0

            def act(self):
                setattr(self, "x", 1)
        """,
    )


# What is no class attribute that could be hidden

EXEMPT_BODIES = {
    "not there": "y = 0",
    "bare annotation": "x: int",
    "default by PEP 526": "x: int = 0",
    "annotated elsewhere in the body": "x: int\nx = 0",
    "property": "x = property(lambda self: 1, lambda self, value: None)",
    "decorated property": "@property\ndef x(self): return 1",
    "cached property": "import functools\n@functools.cached_property\ndef x(self): return 1",
    "data descriptor of the module": "x = DATA",
    "result of a function, of the module": "x = HELPED",
    "what an enumeration doesn't make a member of": "x = Data.Kind.go",
    "member of an enumeration of data descriptors": "x = DataKind.ONE",
    "result of the unknown": "x = unheard_of()",
    "result of a function": "x = helper()",
    "unknown name": "x = unheard_of",
    "decorated by the unknown": "@unheard_of\ndef x(self): pass",
    "data descriptor": "x = Data()",
    "descriptor": "x = NonData()",
    "inherited data descriptor": "x = MoreData()",
    "built by __new__": "x = Strange()",
    "deleted again": "x = 0\ndel x",
    "only under a condition": "if unheard_of:\n    x = 0",
    "only in a loop": "for i in range(2):\n    x = i",
    "only in a try": "try:\n    x = 0\nexcept ValueError:\n    pass",
    "only for type checkers": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    x = 0",
    "perhaps something else": "x = 0\nif unheard_of:\n    x = property()",
    "loop variable": "for x in range(2): pass",
    "imported": "import x",
    "global": "global x\nx = 0",
    "slot": "__slots__ = ('x',)",
    "slots of any kind": "__slots__ = unheard_of\nx = 0",
    "nested class, decorated": "@unheard_of\nclass x: pass",
    "nested class with an unknown base": "class x(unheard_of): pass",
    "nested class with a descriptor's metaclass": "class x(metaclass=DataMeta): pass",
    "alias of a property": "y = property(lambda self: 1)\nx = y",
    "filled by locals()": "x = 0\nlocals()['x'] = property()",
    "filled by exec": "x = 0\nexec('x = property()')",
}
AROUND = """\
import enum

from elsewhere import unheard_of


def helper():
    return 0


class Data:
    def __set__(self, instance, value):
        pass


    class Kind(enum.Enum):
        go = property()


class MoreData(Data):
    pass


class DataKind(Data, enum.Enum):
    ONE = 1


DATA = Data()
HELPED = helper()


class NonData:
    def __get__(self, instance, owner):
        return 1


class Strange:
    def __new__(cls):
        return property()


class DataMeta(type):
    def __set__(cls, instance, value):
        pass


class C:
{body}

    def act(self):
        self.x = 1
"""


@pytest.mark.parametrize("body", EXEMPT_BODIES)
def test_what_may_take_part_in_the_assignment_is_left_alone(project: Make, body: str) -> None:
    check(project, AROUND.format(body=textwrap.indent(EXEMPT_BODIES[body], " " * 4)))


HIDDEN_BODIES = {
    "None": "x = None",
    "number": "x = -1",
    "string": "x = 'a' 'b'",
    "f-string": "x = f'{1}'",
    "formatted": "x = 'a %s' % helper()",
    "tuple": "x = ()",
    "list": "x = [helper()]",
    "dict": "x = {}",
    "comprehension": "x = {i for i in range(3)}",
    "arithmetic": "x = 60 * 60",
    "conditional expression": "x = 1 if helper() else 2",
    "not": "x = not helper()",
    "ellipsis": "x = ...",
    "call of a known class": "x = dict()",
    "call of the project's class": "x = Plain()",
    "call of a class elsewhere in the standard library": "x = threading.Thread()",
    "alias of a constant": "x = LIMIT",
    "sentinel of the module": "x = UNSET",
    "member of an enumeration": "x = State.IDLE",
    "member of an enumeration, numbered by it": "x = State.BUSY",
    "alias of a value above": "y = 0\nx = y",
    "method": "def x(self): pass",
    "static method": "@staticmethod\ndef x(): pass",
    "class method": "@classmethod\ndef x(cls): pass",
    "lambda": "x = lambda self: 1",
    "nested class": "class x: pass",
    "a class": "x = Plain",
    "unpacked": "x, y = 1, 2",
    "two names": "x = y = 0",
    "walrus": "y = [x := 0]",
    "twice": "x = 0\nx = 1",
    "changed under a condition": "x = 0\nif helper():\n    x = 1",
}


@pytest.mark.parametrize("body", HIDDEN_BODIES)
def test_whatever_is_no_descriptor_is_hidden(project: Make, body: str) -> None:
    source = (
        "import enum\nimport threading\n\nLIMIT = 5\nUNSET = object()\n\n\n"
        "class State(enum.Enum):\n    IDLE = 1\n    BUSY = enum.auto()\n\n\n"
        "class Plain:\n    pass\n\n\ndef helper():\n    return 0\n\n\nclass C:\n"
        + textwrap.indent(HIDDEN_BODIES[body], " " * 4)
        + "\n\n    def act(self):\n        self.x = 'new'  #: PCL102\n"
    )
    names = execute(source)
    before = vars(names["C"])["x"]
    one = names["C"]()
    one.act()
    assert vars(one) == {"x": "new"}
    assert vars(names["C"])["x"] is before
    check(project, source)


EXEMPT_CLASSES = {
    "attrs": "import attr\n@attr.s\nclass C:",
    "new attrs": "from attrs import define\n@define\nclass C:",
    "Enum": "import enum\nclass C(enum.Enum):",
    "IntEnum": "from enum import IntEnum\nclass C(IntEnum):",
    "NamedTuple": "from typing import NamedTuple\nclass C(NamedTuple):",
    "TypedDict": "from typing import TypedDict\nclass C(TypedDict):",
    "Protocol": "from typing import Protocol\nclass C(Protocol):",
    "ctypes": "import ctypes\nclass C(ctypes.Structure):",
    "pydantic": "from pydantic import BaseModel\nclass C(BaseModel):",
    "msgspec": "import msgspec\nclass C(msgspec.Struct):",
    "Django": "from django.db import models\nclass C(models.Model):",
    "unknown base": "from elsewhere import Base\nclass C(Base):",
    "computed base": "from elsewhere import made\nclass C(made('B', (), {})):",
    "unpacked bases": "class C(*[]):",
    "unknown decorator": "from elsewhere import change\n@change\nclass C:",
    "unknown metaclass": "from elsewhere import Meta\nclass C(metaclass=Meta):",
    "own metaclass": "class M(type): pass\nclass C(metaclass=M):",
    "metaclass itself": "class C(type):",
    "unpacked header": "class C(**{}):",
    "no linearization": "class A: pass\nclass B(A): pass\nclass C(A, B):",
    "thread-local": "import _thread\nclass C(_thread._local):",
}


@pytest.mark.parametrize("header", EXEMPT_CLASSES)
def test_classes_that_may_do_otherwise_are_left_alone(project: Make, header: str) -> None:
    check(
        project,
        EXEMPT_CLASSES[header] + "\n    x = 0\n\n    def act(self):\n        self.x = 1\n",
    )


PLAIN_CLASSES = {
    # Without an annotation the name is no field.
    "dataclass": "from dataclasses import dataclass\n@dataclass\nclass C:",
    "dataclass called": "import dataclasses\n@dataclasses.dataclass(order=True)\nclass C:",
    "object": "class C(object):",
    "ABC": "from abc import ABC\nclass C(ABC):",
    "ABCMeta": "import abc\nclass C(metaclass=abc.ABCMeta):",
    "Generic": "from typing import Generic, TypeVar\nT = TypeVar('T')\nclass C(Generic[T]):",
    "exception": "class C(Exception):",
    "list": "class C(list):",
    "built in C and Python": "from collections import OrderedDict\nclass C(OrderedDict):",
    "thread": "import threading\nclass C(threading.Thread):",
    "io": "import io\nclass C(io.StringIO):",
    "total_ordering": "import functools\n@functools.total_ordering\nclass C:\n"
    "    def __lt__(self, other): return False",
    "mixed": "class A: pass\nclass B: pass\nclass C(A, B, dict):",
    "keywords": "class A:\n    def __init_subclass__(cls, a=0): pass\nclass C(A, a=1):",
}


@pytest.mark.parametrize("header", PLAIN_CLASSES)
def test_classes_that_leave_assignment_alone_are_reported(project: Make, header: str) -> None:
    source = (
        PLAIN_CLASSES[header] + "\n    x = 0\n\n    def act(self):\n        self.x = 1  #: PCL102\n"
    )
    names = execute(source)
    one = names["C"]()
    one.act()
    assert vars(one)["x"] == 1
    assert names["C"].x == 0
    check(project, source)


@pytest.mark.parametrize("hook", ["__setattr__", "__getattribute__"])
def test_hooks_on_the_mro_silence(project: Make, hook: str) -> None:
    check(
        project,
        f"""\
        class Base:
            def {hook}(self, *arguments):
                return super().{hook}(*arguments)


        class C(Base):
            x = 0

            def act(self):
                self.x = 1
        """,
    )


def test_getattr_alone_does_not_silence(project: Make) -> None:
    check(
        project,
        """\
        class C:
            x = 0

            def __getattr__(self, name):
                return 1

            def act(self):
                self.x = 1  #: PCL102
        """,
    )


def test_slot_of_a_base_silences(project: Make) -> None:
    check(
        project,
        """\
        class Base:
            __slots__ = ("x",)


        class Middle(Base):
            pass


        class C(Middle):
            def act(self):
                self.x = 1
        """,
    )


def test_no_dict_no_instance_attribute(project: Make) -> None:
    source = """\
        class C:
            __slots__ = ()
            x = 0

            def act(self):
                self.x = 1
        """
    with pytest.raises(AttributeError, match="read-only"):
        execute(source)["C"]().act()
    check(project, source)


def test_dict_by_slots_is_a_dict(project: Make) -> None:
    source = """\
        class C:
            __slots__ = ("__dict__",)
            x = 0

            def act(self):
                self.x = 1  #: PCL102


        one = C()
        one.act()
        """
    assert vars(execute(source)["one"]) == {"x": 1}
    check(project, source)


@pytest.mark.parametrize(
    "below",
    [
        "x = property(lambda self: 1, lambda self, value: None)",
        "__slots__ = ('x',)",
        "def __setattr__(self, name, value): pass",
    ],
)
def test_subclass_that_takes_the_assignment_over_silences(project: Make, below: str) -> None:
    check(
        project,
        f"""\
        class C:
            x = 0

            def act(self):
                self.x = 1


        class D(C):
            {below}
        """,
    )


def test_subclass_without_a_known_base_silences_nothing(project: Make) -> None:
    check(
        project,
        """\
        from elsewhere import Other


        class C:
            x = 0

            def act(self):
                self.x = 1  #: PCL102


        class D(C, Other):
            pass
        """,
    )


@pytest.mark.parametrize(
    "statement",
    ["del C.x", "delattr(C, 'x')", "C.x = property()", "C.x = classproperty()", "C.x = Data()"],
)
def test_attribute_that_is_deleted_or_made_a_descriptor_later_silences(
    project: Make, statement: str
) -> None:
    check(
        project,
        f"""\
        from elsewhere import classproperty


        class Data:
            def __set__(self, instance, value):
                pass


        class C:
            x = 0

            def act(self):
                self.x = 1


        {statement}
        """,
    )


GIVEN = {
    "setattr": "setattr(C, 'x', take())",
    "setattr with a computed name": "setattr(C, chr(120), take())",
    "setattr in a loop": "for name in ['x']:\n    setattr(C, name, take())",
    "made by a function": "C.x = take()",
    "made by a call of a call": "C.x = (lambda: take)()()",
    "in a function": "def later():\n    C.x = property(None, put)\n\n\nlater()",
    "setattr in a function": "def later():\n    setattr(C, 'x', property(None, put))\n\n\nlater()",
    "by a function that gets the name": "give(C, 'x')",
    "by a function that gets a keyword": "give(klass=C, name='x')",
    "by a function that knows the name": "give_x(C)",
    "by a function in a loop": "for one in (C, int):\n    if one is C:\n        give_x(one)",
    "by a method": "Giver().give(C)",
    "by making an object": "Giver(C)",
    "by a class method": "C.fill('x')",
    "under a condition": "if C:\n    give(C, 'x')",
}
GIVERS = """\
def put(instance, value):
    pass


def take():
    return property(None, put)


def give(klass, name):
    setattr(klass, name, take())


def give_x(klass):
    klass.x = take()


class Giver:
    def __init__(self, *given):
        for klass in given:
            self.give(klass)

    def give(self, klass):
        give_x(klass)


class C:
    x = 0

    {method}

    def act(self):
        self.x = 1


"""
FILLS = """\
@classmethod
    def fill(cls, name):
        setattr(cls, name, take())
"""


@pytest.mark.parametrize("way", GIVEN)
def test_attribute_that_may_be_given_to_the_class_from_outside_is_left_alone(
    project: Make, way: str
) -> None:
    source = GIVERS.format(method=FILLS if "fill" in GIVEN[way] else "") + GIVEN[way] + "\n"
    names = execute(source)
    one = names["C"]()
    one.act()
    assert vars(one) == {}
    check(project, source)


def test_class_that_is_passed_to_what_gives_it_nothing_is_reported(project: Make) -> None:
    source = """\
        import abc
        import copyreg
        import weakref


        class Shape(abc.ABC):
            pass


        def show(klass):
            print(klass)


        class Registry:
            known = []

            @classmethod
            def register(cls, klass):
                cls.known.append(klass)


        class C:
            x = 0

            def act(self):
                self.x = 1  #: PCL101


        show(C)
        print(C)
        C.x = len([])
        copyreg.pickle(C, repr)
        weakref.ref(C)
        Shape.register(C)
        Registry.register(C)
        """
    names = execute(source)
    one = names["C"]()
    one.act()
    assert vars(one) == {"x": 1}
    check(project, source)


def test_attribute_that_a_base_gives_its_subclasses_is_another(project: Make) -> None:
    source = """\
        class C:
            x = 0

            def __init_subclass__(cls):
                cls.x = property(lambda self: 1, lambda self, value: None)

            def act(self):
                self.x = 1  #: PCL101


        class D(C):
            def go(self):
                self.x = 1
        """
    names = execute(source)
    one, two = names["C"](), names["D"]()
    one.act()
    two.go()
    assert (vars(one), vars(two)) == ({"x": 1}, {})
    check(project, source)


def test_attributes_of_the_standard_library_are_not_the_projects(project: Make) -> None:
    check(
        project,
        """\
        import unittest


        class T(unittest.TestCase):
            own = 0

            def setUp(self):
                self.maxDiff = None
                self.own = 1  #: PCL102
        """,
    )


def test_attribute_that_only_an_assignment_to_the_class_makes_is_not_of_its_body(
    project: Make,
) -> None:
    check(project, "class C:\n    def act(self):\n        self.x = 1\n\n\nC.x = 0\n")


def test_field_classes_are_an_option(project: Make) -> None:
    files = {
        "orm.py": "class Model:\n    pass\n",
        "main.py": """\
            from orm import Model


            class Person(Model):
                name = ""

                def rename(self, name):
                    self.name = name  #: PCL102
            """,
    }
    check(project, files)
    exempt = {path: text.replace("  #: PCL102", "") for path, text in files.items()}
    check(project, exempt, field_classes=["orm.Model"])


# Private names


def test_private_names_are_mangled_by_their_class(project: Make) -> None:
    source = """\
        class Base:
            __x = 0

            def act(self):
                self.__x = 1  #: PCL102


        class C(Base):
            def act(self):
                self.__x = 1


        one = C()
        one.act()
        """
    assert vars(execute(source)["one"]) == {"_C__x": 1}
    small = check(project, source)
    assert "`Base.__x`" in small.messages("PCL102")[0]


def test_setattr_does_not_mangle(project: Make) -> None:
    source = """\
        class C:
            __x = 0
            __y = 0

            def act(self):
                setattr(self, "__x", 1)
                setattr(self, "_C__y", 1)  #: PCL102


        one = C()
        one.act()
        """
    assert vars(execute(source)["one"]) == {"__x": 1, "_C__y": 1}
    check(project, source)


def test_nested_class_mangles_with_its_own_name(project: Make) -> None:
    source = """\
        class C:
            __x = 0

            def act(self):
                class Inner:
                    def go(this):
                        self.__x = 1

                Inner().go()


        one = C()
        one.act()
        """
    assert vars(execute(source)["one"]) == {"_Inner__x": 1}
    check(project, source)


# Whose attribute it is


@pytest.mark.parametrize(
    "imports",
    [
        "from shop.base import Base",
        "from shop import base\nBase = base.Base",
        "import shop.base as b\nBase = b.Base",
        "from .base import Base",
        "from . import Base",
        "from shop import *",
        "from .again import Renamed as Base",
        "try:\n    from shop.base import Base\nexcept ImportError:\n    from .base import Base",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import nowhere\n"
        "from .base import Base",
    ],
)
def test_base_is_followed_through_imports(project: Make, imports: str) -> None:
    files = {
        "shop/__init__.py": "from .base import Base\n",
        "shop/base.py": "class Base:\n    rate = 0\n",
        "shop/again.py": "from shop.base import Base\n\nRenamed = Base\n",
        "shop/main.py": imports + "\n\n\nclass C(Base):\n    def act(self):\n"
        "        self.rate = 1  #: PCL102\n\n\none = C()\none.act()\nprint(vars(one), C().rate)\n",
    }
    small = check(project, files)
    assert small.run_module("shop.main").stdout == "{'rate': 1} 0\n"
    assert "`Base.rate`" in small.messages("PCL102")[0]


@pytest.mark.parametrize(
    "imports",
    [
        "if unheard_of:\n    from base import Base\nelse:\n    from other import Base",
        "from base import Base\nfrom unheard_of import *",
        "from base import Base\nBase = unheard_of(Base)",
        "from base import Base\ndef change():\n    global Base\n    Base = object",
        "from unheard_of import Base",
    ],
)
def test_base_that_may_be_another_silences(project: Make, imports: str) -> None:
    check(
        project,
        {
            "base.py": "class Base:\n    x = 0\n",
            "other.py": "class Base:\n    x = property()\n",
            "main.py": imports + "\n\n\nclass C(Base):\n    def act(self):\n        self.x = 1\n",
        },
    )


def test_first_class_on_the_mro_owns_the_attribute(project: Make) -> None:
    source = """\
        class A:
            x = "a"


        class B(A):
            x = "b"


        class C(A):
            pass


        class D(C, B):
            def act(self):
                self.x = 1  #: PCL102
        """
    assert execute(source)["D"].x == "b"
    small = check(project, source)
    assert "`B.x`" in small.messages("PCL102")[0]


def test_nested_classes_and_classes_in_functions_count(project: Make) -> None:
    check(
        project,
        """\
        class Outer:
            class Inner:
                x = 0

                def act(self):
                    self.x = 1  #: PCL102


        def make():
            class Local:
                x = 0

                def act(self):
                    self.x = 1  #: PCL102

            class Below(Local):
                def act(self):
                    self.x = 1

            return Below


        class Other(Outer.Inner):
            def act(self):
                self.x = 2  #: PCL102
        """,
    )


def test_values_in_a_functions_class_may_be_its_locals(project: Make) -> None:
    check(
        project,
        """\
        value = 0


        def make():
            value = property(lambda self: 1, lambda self, new: None)

            class Local:
                x = value

                def act(self):
                    self.x = 1

            return Local
        """,
    )


def test_classes_that_refer_to_each_other_end(project: Make) -> None:
    check(
        project,
        """\
        class A:
            z = int


        class A(A):
            y = A.z()
            q = y

            def act(self):
                self.y = 1


        class Outer:
            class Inner(Outer.Other):
                pass

            x = Outer.Inner()
            a = b
            b = a

            def act(self):
                self.x = self.a = 1


        class Loop(Loop):
            x = Loop()

            def act(self):
                self.x = 1
        """,
    )


# PCL101: used as shared

SHARED = {
    "read through the class": "def f():\n    return C.x",
    "assigned through the class": "C.x = 5",
    "augmented through the class": "C.x += 5",
    "read through a subclass": "class D(C): pass\nprint(D.x)",
    "read in a default": "def f(x=C.x): pass",
    "read in another class's __init__ lambda": (
        "class D:\n    def __init__(self):\n        self.f = lambda: C.x"
    ),
    "setattr on the class": "setattr(C, 'x', 1)",
    "target of a loop": "for C.x in range(3): pass",
    "alias": "K = C\nprint(K.x)",
    "imported in a function": "def f():\n    from main import C\n    return C.x",
    "module imported in a function": "def f():\n    import main as m\n    return m.C.x",
    "imported around a nested function": (
        "def f():\n    from main import C as K\n    def g():\n        K.x = 1\n    g()"
    ),
}


@pytest.mark.parametrize("use", SHARED)
def test_use_through_the_class_makes_it_shared(project: Make, use: str) -> None:
    check(
        project,
        "class C:\n    x = 0\n\n    def act(self):\n        self.x = 1  #: PCL101\n\n\n"
        + SHARED[use]
        + "\n",
    )


SHARED_BY_METHODS = {
    "cls read": "@classmethod\ndef m(cls):\n    return cls.x",
    "cls assigned": "@classmethod\ndef m(cls):\n    cls.x = 1",
    "type(self) read": "def m(self):\n    return type(self).x",
    "type(self) augmented": "def m(self):\n    type(self).x += 1",
    "__class__ read": "def m(self):\n    return self.__class__.x",
    "__class__ cell": "def m(self):\n    return __class__.x",
    "__new__": "def __new__(cls):\n    cls.x = 1\n    return super().__new__(cls)",
    "wrapped class method": "def m(c):\n    return c.x + 1\nm = classmethod(m)",
}


@pytest.mark.parametrize("method", SHARED_BY_METHODS)
def test_use_by_methods_through_their_class_makes_it_shared(project: Make, method: str) -> None:
    wrapped = method == "wrapped class method"
    check(
        project,
        "class C:\n    x = 0\n\n    def act(self):\n        self.x = 1  #: "
        + ("PCL102" if wrapped else "PCL101")
        + "\n\n"
        + textwrap.indent(SHARED_BY_METHODS[method], " " * 4)
        + "\n",
    )


DEFAULT_TAKEN = {
    "in __init__": "def __init__(self, x=None):\n    self.y = C.x if x is None else x",
    "in __init__ through type": "def __init__(self):\n    self.y = type(self).x",
    "in the statement itself": "def take(self):\n    self.x = C.x + 1  #: PCL102",
    "in an annotated statement": "def take(self):\n    self.x: int = type(self).x  #: PCL102",
    "another class's attribute": "def take(self):\n    return Other.x",
    "of the metaclass": "@classmethod\ndef take(cls):\n    return type(cls).x",
    "local of the same name": "def take(self, C):\n    return C.x",
    "perhaps imported": "def take(self, C):\n    from main import C\n    return C.x",
    "imported and bound again": "def take(self):\n    from main import C\n    C = 1\n    return C.x",
}


@pytest.mark.parametrize("method", DEFAULT_TAKEN)
def test_default_being_taken_makes_it_no_shared_one(project: Make, method: str) -> None:
    check(
        project,
        "class Other:\n    x = 0\n\n\nclass C:\n    x = 0\n\n"
        "    def act(self):\n        self.x = 1  #: PCL102\n\n"
        + textwrap.indent(DEFAULT_TAKEN[method], " " * 4)
        + "\n",
    )


def test_use_in_another_module_makes_it_shared(project: Make) -> None:
    small = check(
        project,
        {
            "shop/__init__.py": "",
            "shop/account.py": """\
                class Account:
                    rate = 2

                    def set_rate(self, rate):
                        self.rate = rate  #: PCL101
                """,
            "shop/report.py": """\
                from .account import Account


                def report():
                    return Account.rate
                """,
        },
    )
    assert small.messages("PCL101") == [
        "`self.rate = …` binds `rate` on the instance, where it hides the class attribute "
        "`Account.rate`; `Account.rate`, which is read as `Account.rate` in shop/report.py, is not "
        "changed"
    ]


def test_class_of_a_function_is_used_there(project: Make) -> None:
    check(
        project,
        """\
        def make():
            class Local:
                x = 0

                def act(self):
                    self.x = 1  #: PCL101

            def go():
                return Local.x

            return go
        """,
    )


def test_subclass_that_has_its_own_shares_that_one(project: Make) -> None:
    check(
        project,
        """\
        class C:
            x = 0

            def act(self):
                self.x = 1  #: PCL102


        class D(C):
            x = 1


        print(D.x)
        """,
    )


def test_assignment_through_a_subclass_gives_that_one_its_own(project: Make) -> None:
    source = """\
        class C:
            x = 0

            def act(self):
                self.x = 1  #: PCL102


        class D(C):
            def go(self):
                self.x = 1

            @classmethod
            def set(cls):
                cls.x = 7


        D.x = 5
        """
    names = execute(source)
    names["D"].set()
    assert (names["C"].x, names["D"].x) == (0, 7)
    check(project, source)


@pytest.mark.parametrize(
    "declaration",
    [
        "x: ClassVar = 0",
        "x: ClassVar[int] = 0",
        "x: typing.ClassVar[int] = 0",
        "x: 'ClassVar[int]' = 0",
        "x: Annotated[ClassVar[int], 1] = 0",
        "x: Final = 0",
        "x: typing.Final[int] = 0",
        "x: ClassVar[int]\nx = 0",
        "X = 0".replace("X", "MAXIMUM"),
        "MAXIMUM: int = 0",
        "_MAX_2 = 0",
    ],
)
def test_declarations_make_it_shared(project: Make, declaration: str) -> None:
    name = re.match(r"\w+", declaration)[0]  # type: ignore[index]
    check(
        project,
        "import typing\nfrom typing import Annotated, ClassVar, Final\n\n\nclass C:\n"
        + textwrap.indent(declaration, " " * 4)
        + f"\n\n    def act(self):\n        self.{name} = 1  #: PCL101\n",
    )


def test_annotated_default_is_shared_only_when_assigned_through_the_class(project: Make) -> None:
    check(
        project,
        """\
        class C:
            read: int = 0
            written: int = 0

            def act(self):
                self.read = 1
                self.written = 1  #: PCL101

            @classmethod
            def look(cls):
                cls.written = 5
                return cls.read


        print(C.read)
        """,
    )


def test_annotation_of_a_base_goes_for_its_subclasses(project: Make) -> None:
    check(
        project,
        """\
        from typing import ClassVar


        class Base:
            timeout: int
            rate: ClassVar[int]


        class C(Base):
            timeout = 30
            rate = 2

            def act(self):
                self.timeout = 60
                self.rate = 3  #: PCL101
        """,
    )


def test_reads_under_type_checking_only_words_make_no_constant(project: Make) -> None:
    check(
        project,
        """\
        class C:
            _ = 0
            __ = 0

            def act(self):
                self._ = 1  #: PCL102
                self.__ = 1  #: PCL102

            def RUN(self):
                self.RUN = 1  #: PCL102
        """,
    )


# PCL103: read from the class, bound on the instance


@pytest.mark.parametrize(
    "statement",
    [
        "self.x += 1",
        "self.x -= 1",
        "self.x *= 2",
        "self.x |= 1",
        "self.x <<= 1",
        "self.x **= 2",
        "self.x = self.x + 1",
        "self.x = 1 + self.x",
        "self.x = self.x + 1 + 2",
        "self.x = (2 * self.x) % 7",
        "self.x: int = self.x + 1",
        "a = self.x = self.x + 1",
    ],
)
def test_augmented_assignment_reads_the_class_and_binds_the_instance(
    project: Make, statement: str
) -> None:
    source = f"class C:\n    x = 3\n\n    def act(self):\n        {statement}  #: PCL103\n"
    names = execute(source)
    one = names["C"]()
    one.act()
    assert "x" in vars(one)
    assert names["C"].x == 3
    small = check(project, source)
    (message,) = small.messages("PCL103")
    assert message == (
        f"`{statement}` reads `C.x`, then makes an instance attribute; `C.x` itself is not changed"
    )


def test_augmented_comes_before_shared(project: Make) -> None:
    check(
        project,
        """\
        class C:
            x = 0
            COUNT: int = 0

            def act(self):
                self.x += 1  #: PCL103
                self.COUNT += 1  #: PCL103


        print(C.x)
        """,
    )


BOUND_FIRST = {
    "in __init__": "def __init__(self):\n    self.x = 0  #: PCL102",
    "in another method": "def reset(self):\n    self.x = 0  #: PCL102",
    "by setattr": "def reset(self):\n    setattr(self, 'x', 0)  #: PCL102",
    "in a nested function": "def reset(self):\n    def go():\n        self.x = 0  #: PCL102",
    "by vars": "def reset(self):\n    vars(self)['x'] = 0",
    "by __dict__": "def reset(self, **new):\n    self.__dict__.update(new)",
    "by a whole __dict__": "def reset(self, new):\n    self.__dict__ = new",
    "by a computed setattr": "def reset(self, name):\n    setattr(self, name, 0)",
    "by object.__setattr__": "def reset(self):\n    object.__setattr__(self, 'x', 0)",
    "by super().__setattr__": "def reset(self):\n    super().__setattr__('x', 0)",
    "on a copy": "def copy(self):\n    other = C()\n    other.x = self.x\n    return other",
}


@pytest.mark.parametrize("method", BOUND_FIRST)
def test_what_may_be_bound_on_the_instance_first_is_not_said_to_be_the_classs(
    project: Make, method: str
) -> None:
    check(
        project,
        "class C:\n    x = 0\n\n    def act(self):\n        self.x += 1\n\n"
        + textwrap.indent(BOUND_FIRST[method], " " * 4)
        + "\n",
    )


@pytest.mark.parametrize(
    "elsewhere",
    [
        "one = C()\none.x = 5",
        "def f(one):\n    one.x = 5",
        "def f(one):\n    one.x += 5",
        "class D(C):\n    def __init__(self):\n        self.x = 5  #: PCL102",
        "class M:\n    def go(self):\n        self.x = 5\nclass D(C, M): pass",
        "class D(C):\n    def __init__(self, **new):\n        vars(self).update(new)",
    ],
)
def test_instances_that_others_give_the_attribute_have_their_own(
    project: Make, elsewhere: str
) -> None:
    check(
        project,
        "class C:\n    x = 0\n\n    def act(self):\n        self.x += 1\n\n\n" + elsewhere + "\n",
    )


def test_shared_attribute_that_may_be_bound_first_is_told_of_all_the_same(project: Make) -> None:
    check(
        project,
        """\
        class C:
            x = 0

            def act(self):
                self.x += 1  #: PCL101

            def reset(self):
                self.x = 0  #: PCL101


        print(C.x)
        """,
    )


def test_none_has_no_operators(project: Make) -> None:
    source = """\
        class C:
            x = None

            def act(self):
                self.x += 1
        """
    with pytest.raises(TypeError):
        execute(source)["C"]().act()
    check(project, source)


def test_functions_have_no_operators(project: Make) -> None:
    check(project, "class C:\n    def x(self): pass\n\n    def act(self):\n        self.x += 1\n")


def test_annotated_default_may_be_counted_from(project: Make) -> None:
    check(
        project,
        """\
        class C:
            x: int = 0
            items: list = []

            def act(self):
                self.x += 1
                self.items += [1]  #: PCL103
        """,
    )


IN_PLACE = [
    ("[]", "+= [1]", "list"),
    ("[1]", "*= 2", "list"),
    ("list()", "+= [1]", "list"),
    ("{}", "|= {1: 1}", "dict"),
    ("{1}", "|= {2}", "set"),
    ("{1}", "&= {2}", "set"),
    ("{1}", "-= {1}", "set"),
    ("{1}", "^= {2}", "set"),
    ("bytearray()", "+= b'1'", "bytearray"),
    ("collections.deque()", "+= [1]", "deque"),
    ("collections.Counter()", "+= collections.Counter('a')", "Counter"),
    ("collections.defaultdict(int)", "|= {1: 1}", "defaultdict"),
    ("collections.OrderedDict()", "|= {1: 1}", "OrderedDict"),
]


@pytest.mark.parametrize(("value", "change", "kind"), IN_PLACE)
def test_mutable_object_changes_for_all_and_is_bound_on_the_instance(
    project: Make, value: str, change: str, kind: str
) -> None:
    source = f"""\
        import collections


        class C:
            x = {value}

            def act(self):
                self.x {change}  #: PCL103
        """
    names = execute(source)
    before = names["C"].x.copy()
    one = names["C"]()
    one.act()
    assert vars(one)["x"] is names["C"].x
    assert names["C"].x != before
    small = check(project, source)
    (message,) = small.messages("PCL103")
    assert message == (
        f"`self.x {change}` changes the {kind} `C.x` in place, for all instances, and binds it on "
        "this one as well"
    )


def test_immutable_and_rebuilt_values_are_not_changed_in_place(project: Make) -> None:
    source = """\
        class C:
            x = (1,)
            y = [1]

            def act(self):
                self.x += (2,)  #: PCL103
                self.y = self.y + [2]  #: PCL103
        """
    names = execute(source)
    names["C"]().act()
    assert (names["C"].x, names["C"].y) == ((1,), [1])
    small = check(project, source)
    assert not any("in place" in message for message in small.messages("PCL103"))


def test_object_that_may_change_in_place_is_not_said_to_stay_as_it_was(project: Make) -> None:
    source = """\
        DEFAULTS = []


        class Tally:
            total = 0

            def __iadd__(self, other):
                Tally.total += other
                return self


        class C:
            x = DEFAULTS
            y = Tally()
            z = 2 * [1]

            def act(self):
                self.x += [1]  #: PCL103
                self.y += 5  #: PCL103
                self.z += [1]  #: PCL103
        """
    names = execute(source)
    names["C"]().act()
    assert (names["C"].x, names["Tally"].total, names["C"].z) == ([1], 5, [1, 1, 1])
    small = check(project, source)
    assert not any("not changed" in message for message in small.messages("PCL103"))


def test_list_that_is_perhaps_the_instances_own_is_left_alone(project: Make) -> None:
    check(
        project,
        """\
        class C:
            x = []

            def act(self):
                self.x += [1]

            def reset(self):
                self.x = []  #: PCL101


        print(C.x)
        """,
    )


# Messages


@pytest.mark.parametrize(
    ("body", "hidden"),
    [
        ("x = 0", "the class-level default `C.x`"),
        ("def x(self): pass", "the method `C.x`"),
        ("@staticmethod\ndef x(): pass", "the static method `C.x`"),
        ("@classmethod\ndef x(cls): pass", "the class method `C.x`"),
        ("class x: pass", "the class `C.x`"),
    ],
)
def test_message_says_what_is_hidden(project: Make, body: str, hidden: str) -> None:
    source = "class C:\n" + textwrap.indent(body, " " * 4) + "\n    def f(self): self.x = 1\n"
    assert project(source).messages("PCL102") == [
        f"`self.x = …` binds `x` on the instance, where it hides {hidden}"
    ]


def test_special_method_on_an_instance_is_not_what_python_calls(project: Make) -> None:
    source = """\
        class C:
            def __call__(self):
                return "class"

            def act(self):
                self.__call__ = lambda: "instance"  #: PCL102


        one = C()
        one.act()
        """
    one = execute(source)["one"]
    assert (one(), one.__call__()) == ("class", "instance")
    small = check(project, source)
    assert small.messages("PCL102")[0].endswith(
        "hides the method `C.__call__`, which Python's own calls, made through the class, still "
        "reach"
    )


def test_long_statements_are_shortened(project: Make) -> None:
    value = "1 + " * 30 + "1"
    messages = project(
        f"class C:\n    x = y = 0\n    def f(self):\n        self.x += {value}\n"
        f"        setattr(self, 'y', {value})\n"
    ).messages("PCL102", "PCL103")
    assert [message.split("`")[1] for message in messages] == [
        "self.x += 1 + 1 + 1 + 1 + 1 + 1 + 1 +…1 + 1 + 1 + 1 + 1 + 1",
        "setattr(self, 'y', 1 + 1 + 1 + 1 + 1 +…+ 1 + 1 + 1 + 1 + 1)",
    ]


# Fixes


def unsafe(project: Make, source: str | dict[str, str]) -> Any:
    small = project(source)
    small.fix(*CODES, unsafe=True)
    return small


@pytest.mark.parametrize("form", [name for name in FORMS if name != "backslash"])
def test_fix_of_every_form_binds_on_the_class(project: Make, form: str) -> None:
    body = textwrap.indent(FORMS[form], " " * 8)
    small = unsafe(
        project,
        "from contextlib import nullcontext\n\n\n"
        f"class C:\n    x = 0\n\n    def act(self):\n{body}\n",
    )
    names = execute(small.texts()["main.py"])
    one = names["C"]()
    one.act()
    assert vars(one) == {}
    assert names["C"].x != 0
    assert small.lint(*CODES) == []


def test_fix_changes_nothing_but_the_instance(project: Make) -> None:
    small = unsafe(
        project,
        """\
        class C:
            x = 0  # é

            def act(self):
                a, (  self . x ,  b) = 1, (2, y)  # keep
                self.x = (self.x  +  1  # why
                          + self.x)
                setattr( self , "x", y)
        """,
    )
    assert small.texts()["main.py"] == textwrap.dedent(
        """\
        class C:
            x = 0  # é

            def act(self):
                a, (  C . x ,  b) = 1, (2, y)  # keep
                C.x = (self.x  +  1  # why
                          + self.x)
                setattr( C , "x", y)
        """
    )


def test_fix_of_an_augmented_assignment_counts_for_all(project: Make) -> None:
    small = unsafe(
        project,
        """\
        class Counter:
            count = 0
            total = 0

            def tick(self):
                self.count += 1
                self.total = 2 + self.total + self.total


        Counter().tick()
        Counter().tick()
        print(Counter.count, Counter.total)
        """,
    )
    assert small.run("main.py").stdout == "2 6\n"
    assert "Counter.total = 2 + Counter.total + Counter.total" in small.texts()["main.py"]


def test_fix_names_the_class_that_owns_the_attribute(project: Make) -> None:
    small = unsafe(
        project,
        {
            "shop/__init__.py": "",
            "shop/base.py": "class Base:\n    rate = 0\n\n\nclass Other:\n    class Inner:\n"
            "        depth = 0\n",
            "shop/main.py": """\
                from shop import base as b
                from shop.base import Base as Root


                class One(Root):
                    def act(self):
                        self.rate = 1


                class Two(b.Other.Inner):
                    def act(self):
                        self.depth = 1


                One().act()
                Two().act()
                print(Root.rate, b.Other.Inner.depth)
                """,
        },
    )
    assert small.run_module("shop.main").stdout == "1 1\n"
    text = small.texts()["shop/main.py"]
    assert "Root.rate = 1" in text
    assert "b.Other.Inner.depth = 1" in text


def test_fix_of_a_nested_class_names_it_by_its_way(project: Make) -> None:
    small = unsafe(
        project,
        "class Outer:\n    class Inner:\n        x = 0\n"
        "        def act(self):\n            self.x = 1\n",
    )
    names = execute(small.texts()["main.py"])
    names["Outer"].Inner().act()
    assert names["Outer"].Inner.x == 1


def test_fix_of_a_class_in_a_function_names_it(project: Make) -> None:
    small = unsafe(
        project,
        "def make():\n    class Local:\n        x = 0\n        def act(self):\n"
        "            self.x = 1\n    return Local\n",
    )
    Local = execute(small.texts()["main.py"])["make"]()
    Local().act()
    assert Local.x == 1


def test_fix_of_a_private_name_stays_in_its_class(project: Make) -> None:
    small = unsafe(
        project,
        "class C:\n    __x = 0\n    def act(self):\n        self.__x = 1\n",
    )
    names = execute(small.texts()["main.py"])
    names["C"]().act()
    assert names["C"]._C__x == 1


WITHHELD = {
    "class name is local": "class C:\n    x = 0\n    def act(self, C):\n        self.x = 1",
    "class name is local in the nested function": (
        "class C:\n    x = 0\n    def act(self):\n        def go():\n            C = 1\n"
        "            self.x = C"
    ),
    "class name is bound again": (
        "class C:\n    x = 0\n    def act(self):\n        self.x = 1\nD = C\nC = 5"
    ),
    "class name is mangled": "class __C:\n    x = 0\n    def act(self):\n        self.x = 1",
    "method": "class C:\n    def x(self): pass\n    def act(self):\n        self.x = 1",
    "subclass has its own": (
        "class C:\n    x = 0\n    def act(self):\n        self.x = 1\nclass D(C):\n    x = 1"
    ),
    "private name of another class": (
        "class B:\n    __x = 0\nclass C(B):\n    def act(self):\n        self._B__x = 1"
    ),
    "class of a function, in a subclass": (
        "def f():\n    class C:\n        class D:\n            x = 0\n"
        "            def act(self):\n                self.x = 1"
    ),
}


@pytest.mark.parametrize("case", WITHHELD)
def test_fix_is_withheld_where_it_would_not_mean_the_class(project: Make, case: str) -> None:
    findings = project(WITHHELD[case] + "\n").lint(*CODES)
    assert [finding.fix for finding in findings] == [None]


def test_fix_is_withheld_where_the_owner_has_no_name_in_the_module(project: Make) -> None:
    (finding,) = project(
        {
            "base.py": "class Root:\n    x = 0\n\n\nclass Base(Root):\n    pass\n",
            "main.py": "from base import Base\n\n\nclass C(Base):\n    def act(self):\n"
            "        self.x = 1\n",
        }
    ).lint(*CODES)
    assert finding.fix is None
    assert "`Root.x`" in finding.message


def test_fix_is_never_safe(project: Make) -> None:
    small = project("class C:\n    X = y = 0\n    def f(self):\n        self.X = self.y = 1\n")
    before = small.texts()
    assert len(small.lint(*CODES)) == 2
    assert small.fix(*CODES) == before


def test_source_that_the_compiler_refuses_gets_no_fix_and_no_error(project: Make) -> None:
    source = (
        "class C:\n    x = 0\n    def act(self):\n        self.x = 1\n\n"
        "    def f(self, a):\n        global a\n        C = a\n"
    )
    with pytest.raises(SyntaxError):
        compile(source, "main.py", "exec")
    (finding,) = project(source).lint(*CODES)
    assert finding.fix is None


def test_python_2_source_is_read_too(project: Make) -> None:
    small = project(
        "class C:\n    x = 0\n    def act(self):\n        print 1\n        self.x = 1\n"
    )
    assert small.places("PCL102") == [("main.py", 5, 9)]


KEPT = """\
def take():
    return 1


{kept}


def keep():
    kept.x = take()


class C:
    x = 0

    def act(self):
        self.x = 1{finding}
"""


@pytest.mark.parametrize(
    "kept",
    [
        "from outside import Local\n\nkept = Local()",
        "import outside\n\nkept = outside.local.Local()",
        "class A:\n    pass\n\n\nif take():\n    kept = A()\nelse:\n    kept = Exception()",
    ],
)
def test_object_of_another_class_is_none_of_the_projects_classes(project: Make, kept: str) -> None:
    check(project, KEPT.format(kept=kept, finding="  #: PCL102"))


@pytest.mark.parametrize(
    "kept",
    [
        "from outside import choose\n\nkept = choose()",  # it may return any class
        "from outside import Local\nfrom main import C\n\nLocal(C)\nkept = Local()",
        "from shop import Local\n\nkept = Local()",
        "if take():\n    kept = Exception()\nelse:\n    from main import C as kept",
        "from outside import *\n\nkept = Exception()",
    ],
)
def test_what_may_be_the_class_itself_still_silences(project: Make, kept: str) -> None:
    shop = "class C:\n    pass\n\n\ndef Local():\n    from main import C\n\n    return C\n"
    check(project, {"main.py": KEPT.format(kept=kept, finding=""), "shop.py": shop})


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("    n = 0\n    def __init__(self):\n        self.n += 1\n", ["PCL103"]),
        ("    n = 0\n    def act(self):\n        self.n += 1\n", []),
        ("    n = 0\n    def act(self):\n        self.n += 1\n        return C.n\n", ["PCL103"]),
        ("    n: int = 0\n    def __init__(self):\n        self.n += 1\n", []),
        ("    n = make()\n    def __init__(self):\n        self.n += 1\n", []),
        ("    n = []\n    def act(self):\n        self.n += [1]\n", ["PCL103"]),
        ("    n = 0\n    def __init__(self):\n        self.n = 0\n        self.n += 1\n", []),
        ("    def n(self): pass\n    def __init__(self):\n        self.n = 1\n", ["PCL102"]),
        ("    def n(self): pass\n    def act(self):\n        self.n = 1\n", []),
        ("    @property\n    def n(self): pass\n    def __init__(self):\n        self.n = 1\n", []),
        ("    @make\n    def n(self): pass\n    def __init__(self):\n        self.n = 1\n", []),
        ("    n = 1\n    def __init__(self):\n        self.n = 2\n", []),
        ("    n = 1\n    def __init__(self):\n        self.n = 2\n        C.n = 1\n", []),
    ],
)
def test_a_base_that_was_not_found_is_a_condition(
    project: Callable[..., Any], text: str, codes: list[str]
) -> None:
    found = project(f"from unknown import Base, make\nclass C(Base):\n{text}").lint(
        "PCL101", "PCL102", "PCL103"
    )
    assert [finding.code for finding in found] == codes
    assert all(", unless `Base`, which was not found, " in finding.message for finding in found)
