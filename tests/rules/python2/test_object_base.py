"""PCL903: `object` as a base."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Project = Callable[..., Any]

CODE = "PCL903"
HEADERS = {
    "class C(object): pass": "class C: pass",
    "class C( object ): pass": "class C: pass",
    "class C(object,): pass": "class C: pass",
    "class C(\n    object,\n): pass": "class C: pass",
    "class C (object) : pass": "class C  : pass",
    "class C(B, object): pass": "class C(B): pass",
    "class C(B, object,): pass": "class C(B,): pass",
    "class C(\n    B,\n    object,\n): pass": "class C(\n    B,\n): pass",
    "class C(B, object, key=1): pass": "class C(B, key=1): pass",
    "class C(object, key=1): pass": "class C(key=1): pass",
    "class C(\n    object,\n    key=1,\n): pass": "class C(\n    key=1,\n): pass",
    "class Č(object): é = 'ü'": "class Č: é = 'ü'",
    "@decorated\nclass C(object): pass": "@decorated\nclass C: pass",
    "class C(object): x = 1; object = 2": "class C: x = 1; object = 2",
    "if 1:\n    class C(object): pass\nelse:\n    C = 1": (
        "if 1:\n    class C: pass\nelse:\n    C = 1"
    ),
    "def f():\n    class C(object):\n        class D(object): pass\n    return C\nC = f()": (
        "def f():\n    class C:\n        class D: pass\n    return C\nC = f()"
    ),
}
BEFORE = """\
def decorated(cls): return cls


class B:
    def __init_subclass__(cls, **keys): pass


"""


@pytest.mark.parametrize("header", HEADERS)
def test_the_base_goes_and_nothing_else(project: Project, header: str) -> None:
    p = project(BEFORE + header + "\n")
    assert p.messages(CODE)
    assert p.fix(CODE)["main.py"] == BEFORE + HEADERS[header] + "\n"


@pytest.mark.parametrize(
    "source",
    [
        "class C: pass",
        "class C(): pass",
        "class C(object, B): pass",  # no order of its bases would do: PCL305
        "class C(object, object): pass",
        "class C(B): pass",
        "object = B\nclass C(object): pass",
        "from elsewhere import *\nclass C(object): pass",
        "from elsewhere import object\nclass C(object): pass",
        "import builtins as b\nclass C(b.object): pass",
        "class C(metaclass=object): pass",
        "def f(object):\n    class C(object): pass",
        "class D:\n    object = B\n    class C(object): pass",
        "def f():\n    global object\n    object = B\nclass C(object): pass",
    ],
)
def test_silence(project: Project, source: str) -> None:
    assert project(BEFORE + source + "\n").messages(CODE) == []


@pytest.mark.parametrize(
    "header",
    [
        "class C(  # the base\n    object\n): pass",
        "class C(\n    object  # the base\n): pass",
        "class C((object)): pass",
        "class C(B, (object)): pass",
        "class C(\\\n    object): pass",
    ],
)
def test_no_fix_where_more_than_blanks_would_go(project: Project, header: str) -> None:
    p = project(BEFORE + header + "\n")
    assert p.messages(CODE)
    assert p.fix(CODE, unsafe=True)["main.py"] == BEFORE + header + "\n"


@pytest.mark.parametrize(
    ("header", "is_safe"),
    [
        ("class C(object, metaclass=abc.ABCMeta): pass", True),
        ("class C(object, metaclass=type): pass", True),
        ("class C(object, metaclass=Meta): pass", False),
        ("class C(object, metaclass=unknown()): pass", False),
        ("class C(object, **keys): pass", False),
        ("class C(Unknown, object): pass", False),
        ("class C(WithMeta, object): pass", False),
        ("class C(*bases, object): pass", False),
        ("class C(int, object): pass", True),
    ],
)
def test_a_metaclass_may_look_at_the_bases(project: Project, header: str, is_safe: bool) -> None:
    before = (
        "import abc\nfrom elsewhere import Unknown, unknown\nkeys = {}; bases = []\n"
        "class Meta(type): pass\nclass WithMeta(metaclass=Meta): pass\n"
    )
    p = project(before + header + "\n")
    (finding,) = p.lint(CODE)
    assert finding.fix is not None
    assert finding.fix.is_safe == is_safe


def test_it_stands_at_the_name(project: Project) -> None:
    p = project("class Č(int, object): pass\n")
    assert p.places(CODE) == [("main.py", 1, 14)]


def test_the_class_is_the_same_without(project: Project) -> None:
    headers = [header for header in HEADERS if " C" in header and "object, key" not in header]
    headers.remove("class C(\n    object,\n    key=1,\n): pass")  # object takes no keywords
    source = BEFORE + "".join(f"{h}\nprint(C.__mro__[1:], C.__bases__[0])\n" for h in headers)
    p = project(source)
    before = p.run("main.py")
    assert before.returncode == 0, before.stderr
    assert p.fix(CODE)["main.py"] != source
    assert p.messages(CODE) == []
    assert p.run("main.py").stdout == before.stdout


def test_python_2_source_is_changed_only_together_with_its_syntax(project: Project) -> None:
    source = "class C(object):\n    def m(self):\n        print 'm'\n"
    p = project(source)
    assert p.messages(CODE)
    assert p.fix(CODE)["main.py"] == source
    p = project(source)
    fixed = p.fix(CODE, "PCL902")["main.py"]
    assert fixed == "class C:\n    def m(self):\n        print('m')\n"
