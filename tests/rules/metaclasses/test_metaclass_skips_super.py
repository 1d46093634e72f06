"""PCL307, compared with what the class statement binds."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Any

import pytest

CODE = "PCL307"
HEADER = """\
import abc, collections, sys
from collections import OrderedDict
class Plain:
    def __init__(self, *items): self.items = items
class Record(OrderedDict): pass
class Caller(type): pass
class Odd:
    def __new__(cls, *items): return type("X", (), {})
def make(*items): return type("Y", (), {})
"""


def program(body: str, header: str = "class Meta(type):") -> str:
    return (
        f"{HEADER}{header}\n    def __new__(meta, name, bases, namespace, **more):\n"
        + textwrap.indent(textwrap.dedent(body).strip(), " " * 8)
        + "\n"
    )


def bound(text: str) -> Any:
    """What `class C(metaclass=Meta)` binds."""
    namespace: dict[str, Any] = {"__name__": "main"}
    exec(compile(text + "class C(metaclass=Meta): x = 1\n", "program", "exec"), namespace)
    return namespace["C"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("return dict(namespace, name=name)", "a `dict`"),
        ("return {}", "a `dict`"),
        ("return (1, 2)", "a `tuple`"),
        ("return f'{name}'", "a `str`"),
        ("return 1 if name else 'x'", "a `str` or an `int`"),
        ("found = {}\nfound[name] = bases\nreturn found", "a `dict`"),
        ("found = dict(namespace)\nnamespace.update(x=1)\nreturn found", "a `dict`"),
        ("return Plain(name, bases, namespace)", "a `Plain`"),
        ("return OrderedDict(namespace)", "an `OrderedDict`"),
        ("return Record(namespace)", "a `Record`"),
        ("if len(bases) > 3: raise TypeError\nreturn []", "a `list`"),
        ("return {'a': lambda x: x}", "a `dict`"),
        ("if bases: return [1]\nelse: return ' '.join(['x'])[0:0] or {}", ""),
    ],
)
def test_what_is_said_is_what_is_bound(project: Callable[..., Any], body: str, said: str) -> None:
    text = program(body)
    messages = project(text).messages(CODE)
    if said:
        assert type(bound(text)).__name__ in said
        assert messages == [
            f"`Meta.__new__` returns {said}, not a class: `class C(metaclass=Meta)` binds `C` to "
            "that"
        ]
    else:
        assert messages == []  # what a slice gives isn't known


CLASS = "return super().__new__(meta, name, bases, namespace)"


@pytest.mark.parametrize(
    "body",
    [
        CLASS,
        "return type.__new__(meta, name, bases, namespace)",
        "return type(name, bases, namespace)",
        "return Caller(name, bases, namespace)",
        "return Caller.__new__(Caller, name, bases, namespace)",
        "return Odd(name)",
        "return make(name)",
        "make_it = type.__new__\nreturn make_it(meta, name, bases, namespace)",
        "return abc.ABCMeta(name, bases, namespace)",
        "class Made: pass\nreturn Made",
        "return collections.namedtuple(name, 'a b')",
        "return (lambda m: type.__new__(m, name, bases, namespace))(meta)",
        "return getattr(type, '__new__')(meta, name, bases, namespace)",
        "return eval('type')(name, bases, namespace)",
        f"if bases: return {{}}\n{CLASS}",
        f"try:\n  {CLASS}\nfinally:\n  name = 1",
        "found = {}\nfor base in (1,): found = type(name, bases, {})\nreturn found",
    ],
)
def test_where_a_class_is_made_nothing_is_said(project: Callable[..., Any], body: str) -> None:
    text = program(body)
    assert isinstance(bound(text), type)
    assert project(text).lint(CODE) == []


@pytest.mark.parametrize(
    "body",
    [
        f"if bases:\n  {CLASS}\nreturn {{}}",
        "return Plain",
        "return meta",
        "return name",
        "return namespace['x']",
        "return unknown(name)",
        "unknown(name)\nreturn {}",
        "meta.register(name)\nreturn {}",
        "@unknown\ndef f(): pass\nreturn {}",
        "return None",
        "if bases: return {}",
        "if bases: return None\nreturn {}",
        "raise TypeError",
        "yield {}",
        "from elsewhere import dict\nreturn dict(namespace)",
        "return (yield) or {}",
    ],
)
def test_what_is_not_known_is_left_alone(project: Callable[..., Any], body: str) -> None:
    assert project(program(body)).lint(CODE) == []


@pytest.mark.parametrize(
    "header",
    [
        "class Meta:",
        "class Meta(dict):",
        "class Meta(Unknown):",
        "class Meta(type, Unknown):",
        "@unknown\nclass Meta(type):",
        "class Above(type):\n    def __call__(self, *a): return Caller('x', (), {})\n"
        "class Meta(type, metaclass=Above):",
        "if sys.version_info[0] == 2:\n  class Meta(type):",
    ],
)
def test_other_classes_are_left_alone(project: Callable[..., Any], header: str) -> None:
    assert project(program("return {}", header)).lint(CODE) == []


def test_below_another_metaclass(project: Callable[..., Any]) -> None:
    files = {
        "base.py": "import abc\nclass Base(abc.ABCMeta): pass\n",
        "main.py": program("return {}", "import base\nclass Meta(base.Base):"),
    }
    assert len(project(files).lint(CODE)) == 1


def test_where_the_result_is_none_another_rule_speaks(project: Callable[..., Any]) -> None:
    p = project(program("if bases: return {}"))
    assert [finding.code for finding in p.lint("PCL303", CODE)] == ["PCL303"]


def test_python2_source_is_read(project: Callable[..., Any]) -> None:
    assert project("print 'x'\n" + program("return {}")).places(CODE) == [("main.py", 12, 5)]
