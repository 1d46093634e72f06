"""PCL501, compared with what reading the attribute gives."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from endless import HYPOTHESIS, indented
from hypothesis import given
from hypothesis import strategies as st

CODE = "PCL501"
PRELUDE = """\
import functools
from functools import cached_property as lazy

class Text:
    def __get__(self, instance, owner=None): return "got"
    def __set__(self, instance, value): pass

class Line(Text): pass

class Callback(Text):
    def __call__(self): pass

class Setter:
    def __set__(self, instance, value): pass

class Plain: pass

class Holder:
    text = Text()
    plain = 1

"""
STATEMENTS = (
    *("self.x = Text()", "self.x = Line()", "self.x = Callback()", "self.x = Setter()"),
    *("self.x = Plain()", "self.x = property(len)", "self.x = lazy(len)", "self.x = 1"),
    *("self.x: object = Text()", "self.y = self.x = Text()", "(self.x), y = Text(), 1"),
    *("setattr(self, 'x', Text())", "self.x = functools.partialmethod(len)", "self.x = Text"),
    *("self.text = Text()", "self.plain = Text()", "self.x = classmethod(len)"),
    *("self.x = staticmethod(len)", "self.x = [Text()]", "self.x = Text() or 1"),
    *("def inner():\n    self.x = Text()\ninner()", "self.x = \\\n    Text()"),
)


@HYPOTHESIS
@given(
    base=st.sampled_from(["object", "Plain", "Holder", "dict"]),
    statements=st.lists(st.sampled_from(STATEMENTS), min_size=1, max_size=4),
)
def test_what_is_reported_is_read_as_it_is(
    project: Callable[..., Any], base: str, statements: list[str]
) -> None:
    text = f"{PRELUDE}class C({base}):\n"
    for number, statement in enumerate(statements):
        text += f"    def method{number}(self):\n{indented(indented(statement))}\n"
    reported = {line for _, line, _ in project(text).places(CODE)}
    namespace: dict[str, Any] = {}
    exec(text, namespace)
    lines = text.splitlines()
    expected: set[int] = set()
    for number, statement in enumerate(statements):
        instance = namespace["C"]()
        getattr(instance, f"method{number}")()
        for name, value in vars(instance).items():
            kind = type(value)
            is_descriptor = any(hasattr(kind, m) for m in ("__get__", "__set__", "__delete__"))
            if is_descriptor and not callable(value) and " or " not in statement:
                assert getattr(instance, name) is value
                start = lines.index(f"    def method{number}(self):")
                wanted = re.compile(rf"self\.{name}\b|'{name}'")
                expected.add(
                    next(n for n, s in enumerate(lines) if n > start and wanted.search(s)) + 1
                )
    assert reported == expected


def test_the_message_says_what_is_not_called(project: Callable[..., Any]) -> None:
    text = "    def f(me):\n        me.x = Setter( )\n        setattr(me, 'y', Text())\n"
    p = project(PRELUDE + "class C:\n" + text)
    assert p.places(CODE) == [("main.py", 24, 9), ("main.py", 25, 9)]
    assert p.messages(CODE) == [
        "`me.x = Setter(…)` puts a descriptor into the instance's dictionary, where Python doesn't "
        "call its `__set__`: only what a class has as an attribute works as one",
        "`setattr(me, 'y', Text())` puts a descriptor into the instance's dictionary, where Python "
        "doesn't call its `__get__`: only what a class has as an attribute works as one",
    ]


def test_descriptors_of_other_modules_count(project: Callable[..., Any]) -> None:
    use = "from . import fields as f\nclass C:\n    def g(self):\n        self.x = f.Line()\n"
    files = {"pkg/__init__.py": "", "pkg/fields.py": PRELUDE, "pkg/use.py": use}
    assert project(files).places(CODE) == [("pkg/use.py", 4, 9)]


def stored(statement: str = "self.x = Text()", more: str = "", header: str = "class C:") -> str:
    return f"{PRELUDE}{header}\n    def f(self):\n{indented(indented(statement))}\n{more}"


@pytest.mark.parametrize(
    "text",
    [
        stored(more="    def g(self): return self.x.__get__(self)\n"),
        stored(more="    def g(self): return self.x.value\n").replace(
            "class Text:\n", "class Text:\n    value = 1\n"
        ),
        stored("self.x = property(len)", "    def g(self): return self.x.fget\n"),
        stored("self.x = Text()\nsetattr(type(self), 'y', self.x)"),
        stored("self = 1\nself.x = Text()"),
        stored("Text = dict\nself.x = Text()"),
        stored("other.x = Text()"),
        stored("type(self).x = Text()"),
        stored("self.x.y = Text()"),
        stored("self.x = Text"),
        stored("self.x = wrap(Text())"),
        stored("x = Text()"),
        stored("property = wrap\nself.x = property(len)"),
        stored(header="class C(type):"),
        stored(header="class C(Unknown):"),
        stored(header="class C(Text):"),
        stored(header="@unknown\nclass C:"),
        stored(more="    def __setattr__(self, name, value): pass\n"),
        stored(more="    __slots__ = ('x',)\n"),
        stored(more="    x = Text()\n"),
        stored(more="    x = unknown()\n"),
        stored(more="class D(C):\n    x = Text()\n"),
        stored().replace("class Text:", "@unknown\nclass Text:"),
        stored().replace("class Text:", "class Text(Unknown):"),
        stored().replace("class Text:", "class Text(metaclass=Unknown):"),
        stored().replace("class Text:", "class Text:\n    def __new__(cls): pass"),
        stored().replace("    def f", "    @classmethod\n    def f"),
        stored().replace("    def f", "    @unknown\n    def f"),
    ],
)
def test_what_may_be_meant_is_left_alone(project: Callable[..., Any], text: str) -> None:
    assert project(text).lint(CODE) == []


def test_tests_may_hold_descriptors_to_look_at_them(project: Callable[..., Any]) -> None:
    text = "class C:\n    def setUp(self):\n        self.x = property(len)\n"
    assert project({"main.py": text}).places(CODE) == [("main.py", 3, 9)]
    assert project({"test_main.py": text}).places(CODE) == []


def test_python2_source_is_read(project: Callable[..., Any]) -> None:
    text = stored("print 'x'\nself.x = Text()")
    assert project(text).places(CODE) == [("main.py", 25, 9)]
