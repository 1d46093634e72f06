"""PCL303, compared with what calling the class gives."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

CODE = "PCL303"
HELPERS = """\
import abc, contextlib, os, sys, threading, typing
from typing import NoReturn, Optional, overload
def refuse(text): raise ValueError(text)
def accept(text): pass
lock = threading.Lock()
class Quiet:
    def __enter__(self): return self
    def __exit__(self, *error): return True
class Loud(Quiet):
    def __exit__(self, *error): return not error
"""


def program(body: str) -> str:
    header = f"{HELPERS}class C:\n    def __new__(cls, a=None, b=None):\n"
    return header + textwrap.indent(textwrap.dedent(body).strip(), " " * 8) + "\n"


def gives_none(text: str) -> bool:
    """Is some `C(a, b)` None?"""
    namespace: dict[str, Any] = {}
    exec(compile(text, "program", "exec"), namespace)
    for a, b in itertools.product([None, 0, 1], repeat=2):
        try:
            if namespace["C"](a, b) is None:
                return True
        except (Exception, SystemExit):
            continue
    return False


MAKE = "self = super().__new__(cls)\n"


@pytest.mark.parametrize(
    "body",
    [
        MAKE,
        MAKE + "return self",
        MAKE + "match a:\n    case 0: return self\n    case 'x' | 1: return self",
        MAKE + "match a:\n    case 0: return self\n    case _: return self",
        MAKE + "with Quiet():\n    return os.listdir(a)",
        MAKE + "with Quiet():\n    pass\nreturn self",
        MAKE + "with Loud():\n    return os.listdir(a)",
        MAKE + "accept('x')",
        MAKE + "self.a = a",
        MAKE + "if a: return self",
        MAKE + "if a:\n  return self\nelse:\n  refuse('x')",
        MAKE + "if a:\n  return self\nelse:\n  accept('x')",
        MAKE + "if a:\n  return self\nelif b:\n  sys.exit(1)\nelse:\n  raise ValueError",
        MAKE + "if a: return self\nif not a: return 1",
        MAKE + "if a: return self\nprint(end='')",
        MAKE + "if a: return self\n[].append(b)",
        MAKE + "if a: return self\nobject.__init__(self)",
        MAKE + "while True:\n  if a: return self\n  raise ValueError",
        "try:\n  return cls.missing\nexcept AttributeError:\n  accept('x')",
        "try:\n  return cls.missing\nexcept AttributeError:\n  raise",
        "try:\n  return cls.missing\nexcept AttributeError:\n  accept('x')\nreturn 1",
        "with lock: return 1",
        "with contextlib.suppress(AttributeError): return cls.missing",
        "for x in (a, b): return x or 1",
        "return",
        "return None",
        "if a: return None\nreturn 1",
        "if a: return 1\nreturn",
        "if 0: return None\nreturn 1",
        "return 1\nreturn None",
        "raise NotImplementedError",
        "assert False",
        "pass",
        "def inner(): return\nreturn inner",
        "return lambda: None",
        "match a:\n  case 1: return 1\n  case _: pass",
        "match a:\n  case 1: return 1\n  case _: return 2",
    ],
)
def test_what_is_said_is_what_calling_shows(project: Callable[..., Any], body: str) -> None:
    text = program(body)
    assert bool(project(text).lint(CODE)) is gives_none(text)


PARTS = st.sampled_from(
    [
        *("self = object.__new__(cls)", "accept(a)", "refuse(a)", "raise ValueError", "return 1"),
        *("if a: return 2", "if b: raise ValueError", "if a:\n    accept(b)\nelse:\n    return 3"),
        *("if b: return None", "try:\n    refuse(a)\nexcept ValueError:\n    accept(b)"),
        *("while True:\n    if a: break\n    refuse(b)", "for x in (1, 2):\n    if a: return x"),
        "try:\n    return cls.x\nexcept AttributeError:\n    pass\nfinally:\n    accept(b)",
    ]
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(PARTS, min_size=1, max_size=4))
def test_some_call_gives_none_where_it_is_said(
    project: Callable[..., Any], parts: list[str]
) -> None:
    text = program("\n".join(parts))
    findings = project(text).lint(CODE)
    # What can't happen (a test made twice) is beyond this rule, so it may say too much there.
    if gives_none(text):
        assert findings
    elif findings:
        assert len(parts) > 1


def test_the_message_says_what_comes_of_it(project: Callable[..., Any]) -> None:
    p = project(
        """\
        class Point:
            @staticmethod
            def __new__(cls, x):
                if x:
                    return None
                return super().__new__(cls)

        class Half:
            def __new__(
                cls, x
            ):
                if x:
                    return object.__new__(cls)

        class Counted(type):
            def __new__(meta, name, bases, namespace):
                cls = type.__new__(meta, name, bases, namespace)
                cls.register()

        class Unknown(Elsewhere):
            def __new__(cls): x = 1

        class Model(type):
            def __call__(cls): return 1
        class Made(metaclass=Model):
            def __new__(cls): x = 1
        """
    )
    assert p.places(CODE) == [
        ("main.py", 3, 5),
        ("main.py", 9, 5),
        ("main.py", 16, 5),
        ("main.py", 21, 5),
        ("main.py", 26, 5),
    ]
    assert p.messages(CODE) == [
        "`Point.__new__` returns None on line 5: `Point(…)` is None then",
        "`Half.__new__` has a path that falls off its end: `Half(…)` is None then",
        "`Counted.__new__` ends without `return`: `class C(metaclass=Counted)` then makes `C` None",
        "`Unknown.__new__` ends without `return`: what it gives then is None, not an instance",
        "`Made.__new__` ends without `return`: what it gives then is None, not an instance",
    ]
    assert {finding.fix for finding in p.lint(CODE)} == {None}


def test_a_class_is_none_where_its_metaclass_gives_none() -> None:
    namespace: dict[str, Any] = {}
    exec(
        "class Counted(type):\n"
        "    def __new__(meta, name, bases, namespace):\n"
        "        type.__new__(meta, name, bases, namespace)\n"
        "class C(metaclass=Counted):\n"
        "    def method(self): return super().method()\n",
        namespace,
    )
    assert namespace["C"] is None


@pytest.mark.parametrize(
    "method",
    [
        "@overload\ndef __new__(cls, a: int) -> 'C': pass",
        "@abc.abstractmethod\ndef __new__(cls): pass",
        "@unknown\ndef __new__(cls): pass",
        "def __new__(cls): ...",
        "def __new__(cls):\n    '''Makes one.'''",
        "def __new__(cls) -> 'C': pass",
        "def __new__(cls):\n    yield 1",
        "async def __new__(cls): pass",
        "def __new__(cls) -> Optional['C']:\n    if cls.x: return 1",
        "def __new__(cls) -> 'C | None':\n    return None",
        "def __new__(cls) -> NoReturn:\n    cls.fail()",
        "def __new__(cls, a):\n    if a: return 1\n    unknown(a)",
        "def __new__(cls, a):\n    if a: return 1\n    self.fail(a)",
        "def __new__(cls, a):\n    unknown(a)",
        "def __new__(cls, a):\n    with unknown(a): return 1",
        "def __new__(cls): pass\n__new__ = wrapped(__new__)",
        "if TYPE_CHECKING:\n    def __new__(cls) -> 'C': x = 1",
        "if sys.version_info[0] == 2:\n    def __new__(cls): x = 1",
        "def new(cls): pass",
    ],
)
def test_what_gives_no_none_or_says_so_is_left_alone(
    project: Callable[..., Any], method: str
) -> None:
    text = HELPERS + "class C:\n" + textwrap.indent(method, "    ") + "\n"
    assert project(text).lint(CODE) == []


def test_stub_files_are_left_alone(project: Callable[..., Any]) -> None:
    assert project({"a.pyi": "class C:\n    def __new__(cls): pass\n"}).lint(CODE) == []


def test_odd_layout(project: Callable[..., Any]) -> None:
    text = (
        "class Ö:\r\n\tdef \\\r\n\t  __new__(cls, a): # ä\r\n\t\tx = '''\r\nß'''; y = 1\r\n"
        "class D:\n  class E:\n    '''ü'''; \\\n    x = 1\n\x0c    def __new__(cls): x = 1"
    )
    assert project({"a.py": text}).places(CODE) == [("a.py", 2, 2), ("a.py", 10, 6)]


def test_python2_source_is_read(project: Callable[..., Any]) -> None:
    text = (
        "print 'x'\nclass C(object):\n    def __new__(cls, a):\n        print a\n        return\n"
    )
    p = project(text)
    assert p.places(CODE) == [("main.py", 3, 5)]
    assert "on line 5" in p.messages(CODE)[0]
