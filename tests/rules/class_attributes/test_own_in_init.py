"""The fix of PCL103 and PCL104 that gives each instance an object of its own.

Each program says what was meant. It fails as it stands, and does it after the fix, under CPython.
"""

from __future__ import annotations

import ast
import subprocess
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pyconcepts_lint.testing import python2

Make = Callable[..., Any]

ACT = """
    def act(self, item):
        self.items.append(item)
"""
TWO = """

one, two = C(), C()
one.act(1)
assert two.items == [], two.items
assert one.items == [1], one.items
"""


def meant(program: str, *more: str) -> str:
    """The program, and what two of its objects are to be."""
    return textwrap.dedent(program) + TWO + "".join(more)


PROGRAMS = {
    "there is no __init__": f"class C:\n    items = []\n{ACT}{TWO}",
    "no blank line above the method": f"class C:\n    items = []{ACT}{TWO}",
    "another attribute above the method": f"class C:\n    items = []\n    n = 1{ACT}{TWO}",
    "a docstring": f'class C:\n    """A class."""\n\n    items = []\n{ACT}{TWO}',
    "an annotation": f"class C:\n    items: list[int] = []\n{ACT}{TWO}",
    "brackets": f"class C:\n    items: list[int] = (\n        []\n    )\n{ACT}{TWO}",
    "a call": f"class C:\n    items = list()\n{ACT}{TWO}",
    "several lines": """\
        class C:
            table = {
                1: [2],
                "a{b}": '''c
        d''',
            }

            def act(self, item):
                self.table[item] = item


        one, two = C(), C()
        one.act(5)
        assert two.table == {1: [2], "a{b}": "c\\nd"}, two.table
        assert 5 in one.table
        """,
    "comments and a docstring of its own": meant(
        """\
        class C:
            # What was put in.
            items = []  # empty at first
            "The items."

            def __init__(self):
                \"\"\"Make one.\"\"\"
                # nothing else
                self.size = 3

            def act(self, item):
                self.items.append(item)
        """
    ),
    "a name of the module": """\
        FIRST = 0


        class C:
            items = [FIRST]

            def act(self, item):
                self.items.append(item)


        one, two = C(), C()
        one.act(1)
        assert two.items == [0], two.items
        """,
    "decorated methods": meant(
        """\
        class C:
            items = []

            @property
            def last(self):
                return self.items[-1]

            def act(self, item):
                self.items.append(item)
        """,
        "assert one.last == 1\n",
    ),
    "tabs": "class C:\n\titems = []\n\n\tdef act(self, item):\n\t\tself.items.append(item)\n" + TWO,
    "tabs and an __init__": "class C:\n\titems = []\n\tdef __init__(self):\n\t\tself.n = 1\n\n"
    "\tdef act(self, item):\n\t\tself.items.append(item)\n" + TWO,
    "an __init__ on one line": f"class C:\n    items = []\n\n    def __init__(self): self.n = 1{ACT}"
    + TWO,
    "an __init__ that is only a docstring": "class C:\n    items = []\n\n    def __init__(self):\n"
    f'        """Make one."""\n{ACT}{TWO}',
    "a semicolon": f"class C:\n    n = 1; items = []\n{ACT}{TWO}",
    "two classes on one line each": meant(
        """\
        class Base: items = []


        class C(Base):
            def act(self, item):
                self.items.append(item)
        """
    ),
    "a class on one line with more in it": meant(
        """\
        class Base: n = 1; items: list = []


        class C(Base):
            def act(self, item):
                self.items.append(item)
        """
    ),
    "a base that has no methods": meant(
        """\
        class Base:
            n = 1

            items = []


        class C(Base):
            def act(self, item):
                self.items.append(item)
        """
    ),
    "two attributes": meant(
        """\
        class C:
            items = []
            seen = set()

            def act(self, item):
                self.items.append(item)
                self.seen.add(item)
        """,
        "assert two.seen == set()\n",
    ),
    "a base with an __init__": meant(
        """\
        class Base:
            def __init__(self, n=0):
                self.n = n
                self.act(9)
                del self.items[0]


        class C(Base):
            items = []

            def act(self, item):
                self.items.append(item)


        assert C(7).n == 7
        """
    ),
    "a base of the standard library": """\
        from html.parser import HTMLParser


        class C(HTMLParser):
            links = []

            def handle_starttag(self, tag, attrs):
                self.links.append(tag)


        one, two = C(), C(convert_charrefs=False)
        one.feed("<a>")
        assert two.links == [] and not two.convert_charrefs and one.links == ["a"]
        """,
    "a base in C": """\
        class C(dict):
            extra = []

            def act(self, item):
                self.extra.append(item)


        one, two = C(a=1), C({"b": 2})
        one.act(1)
        assert two.extra == [] and two == {"b": 2} and one == {"a": 1}
        """,
    "an exception": """\
        class C(ValueError):
            notes = []

            def act(self, item):
                self.notes.append(item)


        one, two = C("a"), C("b")
        one.act(1)
        assert two.notes == [] and str(two) == "b"
        """,
    "subclasses with their own __init__, which call it": meant(
        """\
        class Base:
            items = []

            def __init__(self, n):
                self.n = n

            def act(self, item):
                self.items.append(item)


        class Middle(Base):
            pass


        class C(Middle):
            def __init__(self):
                super(C, self).__init__(3)
                self.act(1)
                self.items.clear()
        """
    ),
    "subclasses with their own __init__, which call none": meant(
        """\
        class Base:
            items = []

            def act(self, item):
                self.items.append(item)


        class C(Base):
            def __init__(self):
                self.act(1)
                self.items.clear()
        """
    ),
    "both a class and its base": meant(
        """\
        class Base:
            names = []

            def name(self, name):
                self.names.append(name)


        class C(Base):
            items = []

            def act(self, item):
                self.name(item)
                self.items.append(item)
        """,
        "assert two.names == [], two.names\n",
    ),
    "the only base behind several": meant(
        """\
        class Mixin:
            items = []

            def act(self, item):
                self.items.append(item)


        class Base:
            def __init__(self, n=5):
                self.n = n


        class C(Mixin, Base):
            pass


        assert C().n == 5 and C(6).n == 6
        """
    ),
    "a subclass that has one of its own": """\
        class C:
            items = []

            def __init__(self):
                self.n = 1

            def act(self, item):
                self.items.append(item)


        class D(C):
            items = [4]


        class E(C):
            pass


        one, two = C(), C()
        one.act(1)
        D().act(2)
        assert D().items == [4] and two.items == [], two.items
        """,
    "a value that can't be made anew": """\
        def start():
            return 1


        class C:
            items = [start()]

            def act(self, item):
                self.items.append(item)


        one, two = C(), C()
        one.act(2)
        assert two.items == [1], two.items
        """,
    "a value of names of the body": """\
        class C:
            n = 1
            items = [n]

            def __init__(self):
                self.m = 2

            def act(self, item):
                self.items.append(item)


        one, two = C(), C()
        one.act(2)
        assert two.items == [1], two.items
        """,
    "used in the body": """\
        class C:
            items = [1]
            first = items[0]

            def act(self, item):
                self.items.append(item)


        one, two = C(), C()
        one.act(2)
        assert two.items == [1] == C.__dict__["items"], two.items
        """,
    "a parameter of that name": """\
        EMPTY = 0


        class C:
            items = [EMPTY]

            def __init__(self, EMPTY=7):
                self.n = EMPTY

            def act(self, item):
                self.items.append(item)


        one, two = C(), C()
        one.act(2)
        assert two.items == [0], two.items
        """,
    "a class in a function": meant(
        """\
        def make():
            class C:
                items = []

                def act(self, item):
                    self.items.append(item)

            return C


        C = make()
        """
    ),
    "a private name": meant(
        """\
        class C:
            __items = []

            def act(self, item):
                self.__items.append(item)

            @property
            def items(self):
                return self.__items
        """
    ),
    "extended in place": meant(
        """\
        class C:
            items = []

            def act(self, item):
                self.items += [item]
        """
    ),
    "types": meant(
        """\
        class C:
            items: list = []

            def act(self, item) -> None:
                self.items.append(item)
        """
    ),
    "another instance is asked first": meant(
        """\
        class C:
            items = []

            def __init__(self, other=None):
                if other is not None:
                    self.first = other.items[:1]

            def act(self, item):
                self.items.append(item)
        """
    ),
}


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_each_instance_gets_its_own(project: Make, name: str, newline: str) -> None:
    text = textwrap.dedent(PROGRAMS[name]).replace("\n", newline)
    small = project({"main.py": text.encode()})
    assert small.run("main.py").returncode != 0
    comments = [line.partition("#")[2] for line in text.splitlines() if "#" in line]
    fixed = small.fix("PCL103", "PCL104", unsafe=True)["main.py"]
    assert fixed != text
    after = small.run("main.py")
    assert after.returncode == 0, fixed + after.stderr
    assert small.lint("PCL103", "PCL104") == []
    assert [line.partition("#")[2] for line in fixed.splitlines() if "#" in line] == comments
    assert fixed.count("\n") == fixed.count(newline)
    assert ast.parse(fixed)


WITHHELD = {
    "a subclass makes instances that don't run it": """\
        class Base:
            items = []

            def __init__(self, n):
                self.n = n

            def act(self, item):
                self.items.append(item)


        class C(Base):
            def __init__(self):
                self.m = 1
        """,
    "a subclass runs it only sometimes": """\
        class Base:
            items = []

            def act(self, item):
                self.items.append(item)


        class C(Base):
            def __init__(self, n=0):
                if n:
                    super().__init__()
        """,
    "a subclass asks for it before": """\
        class Base:
            items = []

            def __init__(self):
                self.n = 1

            def act(self, item):
                self.items.append(item)


        class C(Base):
            def __init__(self):
                self.act(1)
                super().__init__()
        """,
    "a subclass hands it on": """\
        class Base:
            items = []

            def __init__(self, n=None):
                self.n = n

            def act(self, item):
                self.items.append(item)


        class C(Base):
            def __init__(self):
                super().__init__(self.items)
        """,
    "a subclass runs that of the base's base": """\
        class Top:
            def __init__(self):
                self.n = 1


        class Base(Top):
            items = []

            def act(self, item):
                self.items.append(item)


        class C(Base):
            def __init__(self):
                Top.__init__(self)
        """,
    "a subclass is a dataclass": """\
        from dataclasses import dataclass


        class Base:
            items = []

            def act(self, item):
                self.items.append(item)


        @dataclass
        class C(Base):
            n: int = 0
        """,
    "__new__ makes one object for all": """\
        class C:
            items = []
            one = None

            def __new__(cls):
                if cls.one is None:
                    cls.one = super().__new__(cls)
                return cls.one

            def act(self, item):
                self.items.append(item)
        """,
    "instances are made without __init__": """\
        class C:
            items = []

            @classmethod
            def load(cls):
                return cls.__new__(cls)

            def act(self, item):
                self.items.append(item)
        """,
    "a base in C takes what is passed": """\
        class C(int):
            items = []

            def act(self, item):
                self.items.append(item)
        """,
    "a decorated __init__": """\
        import functools


        class C:
            items = []

            @functools.lru_cache
            def __init__(self):
                self.n = 1

            def act(self, item):
                self.items.append(item)
        """,
    "an __init__ under a condition": """\
        class C:
            items = []
            if len("ab"):
                def __init__(self):
                    self.n = 1

            def act(self, item):
                self.items.append(item)
        """,
    "a copy would share what is changed": """\
        class C:
            n = 1
            items = {n: []}

            def act(self, item):
                self.items[1] = item
                self.items[1].append(item)
        """,
}


@pytest.mark.parametrize("name", sorted(set(WITHHELD) - {"a copy would share what is changed"}))
def test_withheld_where_an_instance_might_be_left_without(project: Make, name: str) -> None:
    found = project(WITHHELD[name]).lint("PCL104")
    assert found
    assert [finding.fix for finding in found] == [None] * len(found)


def test_tests_that_pytest_collects_get_no_init(project: Make) -> None:
    text = "class TestIt:\n    made = []\n\n    def test_it(self):\n        self.made.append(1)\n"
    (finding,) = project({"test_it.py": text}).lint("PCL104")
    assert finding.fix is None


def test_python2_source_calls_the_base_by_name(project: Make) -> None:
    text = """\
        class Base:
            def __init__(self, n):
                self.n = n


        class C(Base):
            items = []

            def act(self, item):
                print "item", item
                self.items.append(item)


        one, two = C(1), C(n=2)
        one.act(3)
        assert two.items == [] and two.n == 2
        """
    small = project(text)
    fixed = small.fix("PCL104", unsafe=True)["main.py"]
    assert "        self.items = []\n        Base.__init__(self, *args, **kwargs)\n" in fixed
    python = python2()
    if python:
        path = Path(small.root, "main.py")
        done = subprocess.run([python, path], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_a_base_in_another_file_is_changed_there(project: Make) -> None:
    files = {
        "base.py": "class Base:\n    items = []\n",
        "main.py": """\
            from base import Base


            class C(Base):
                def __init__(self):
                    self.n = 1

                def act(self, item):
                    self.items.append(item)
            """
        + textwrap.indent(TWO, " " * 12),
    }
    small = project(files)
    assert small.run("main.py").returncode != 0
    fixed = small.fix("PCL104", unsafe=True)
    assert fixed["base.py"] == "class Base:\n    def __init__(self):\n        self.items = []\n"
    assert "        super().__init__()\n        self.n = 1\n" in fixed["main.py"]
    assert small.run("main.py").returncode == 0


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ("self.seen += 1", ["Bind `seen` in `__init__`, for each instance its own"]),
        ("self.seen = self.seen + 1", ["Bind `seen` in `__init__`, for each instance its own"]),
        ("self.made += 1", ["Assign to the class attribute `C.made`"]),
        ("self.known += 1", ["Assign to the class attribute `C.known`"]),
    ],
)
def test_who_counts_decides_what_is_offered_first(
    project: Make, line: str, codes: list[str]
) -> None:
    text = f"""\
        class C:
            seen = 0
            made = 0
            known = 0

            def __init__(self):
                self.made += 1

            def act(self):
                {line}

            @classmethod
            def all_known(cls):
                return cls.known
        """
    found = project(text).lint("PCL103")[-1]
    assert found.fix is not None
    assert [found.fix.message] == codes
    others = {
        "self.made += 1": ["Bind `made` in `__init__`, for each instance its own"],
        "self.known += 1": [],
    }
    expected = others.get(line, ["Assign to the class attribute `C.seen`"])
    assert [other.message for other in found.fix.alternatives] == expected


def test_a_default_that_init_replaces_is_not_assigned_to_the_class(project: Make) -> None:
    text = """\
        class Mesh:
            name = ""

            def __init__(self, name):
                self.name = name

            def rename(self, name):
                self.name = name
        """
    assert [finding.fix for finding in project(text).lint("PCL102")] == [None, None]


COUNTERS = {
    "every object": ("n: int = 0", "self.n += 1", "", True),
    "some objects": ("n: int = 0", "if flag:\n            self.n += 1", "", False),
    "by what is passed": ("n: int = 0", "self.n += flag", "", False),
    "read as shared": ("n: int = 0", "pass", "return C.n", True),
    "its own": ("n: int = 0", "pass", "return self.n", False),
}


@pytest.mark.parametrize("name", COUNTERS)
def test_an_annotated_counter_counts_where_it_is_the_class_that_counts(
    project: Make, name: str
) -> None:
    line, made, read, found = COUNTERS[name]
    text = f"""\
        class C:
            {line}

            def __init__(self, flag):
                {made.replace(chr(10), chr(10) + " " * 8)}

            def count(self):
                self.n += 1

            def all(self):
                {read or "pass"}
        """
    small = project(text)
    places = [line for _, line, _ in small.places("PCL103")]
    assert bool(places) is found
    if found:
        fixed = small.fix("PCL103", unsafe=True)["main.py"]
        assert "C.n += 1" in fixed
