"""PCL404, compared with running the comparisons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Project = Callable[..., Any]

CODE = "PCL404"
CLASS = """\
def free(self): pass
def keep(function): return function
import functools
class Base:
    def inherited(self): pass
class C(Base):
    def m(self): pass
    def __private(self): pass
    @classmethod
    def make(cls, test=None): return test and eval(test)
    @functools.lru_cache
    def cached(self): pass
    f = free
    g = lambda self: 0
    def look(self, cb=None):
        return {}
"""


@pytest.mark.parametrize(
    "test",
    [
        "self.m is self.m",
        "self.m is cb",
        "cb is self.m",
        "cb is not self.m",
        "self.m is not self.m",
        "self.inherited is self.inherited",
        "self.make is self.make",
        "C.make is C.make",
        "self.__private is self.__private",
        "self.cached is self.cached",
        "self.f is self.f",
        "self.g is self.g",
        "C().m is C.m",
        "self . m  is\\\n not \\\n self.m",
        "(self.m)is(self.m)",
        "(self.m\tis\n self.m)",
        "(lambda: self.m is self.m)()",
        "[self.m is self.m for _ in 'a'][0]",
        "'ä' == cb or self.m is cb",
        "(self.m is (not self.m))",
    ],
)
def test_the_outcome_is_the_one_that_is_claimed(project: Project, test: str) -> None:
    source = CLASS.format(test) + "ada = C()\nprint(ada.look(ada.m))\n"
    p = project(source)
    (finding,) = p.lint(CODE)
    said = p.run("main.py")
    assert said.returncode == 0, said.stderr
    assert f" is always {said.stdout.strip()};" in finding.message
    assert finding.fix is not None
    assert finding.fix.applicability == "safe"
    fixed = p.fix(CODE)["main.py"]
    assert p.lint(CODE) == []
    done = p.run("main.py")
    assert done.returncode == 0, done.stderr
    compares_the_same = "C()" not in test and "(not " not in test
    assert (done.stdout != said.stdout) is compares_the_same
    assert len(fixed.splitlines()) in (len(source.splitlines()), len(source.splitlines()) - 1)


def test_places_and_words(project: Project) -> None:
    p = project(
        "class C:\n    def m(self, a):\n        if ('ä', a is self.m is not self.m):\n"
        "            pass\n"
    )
    assert p.places(CODE) == [("main.py", 3, 18), ("main.py", 3, 23)]
    assert p.messages(CODE) == [
        "`self.m` makes a new method object each time, so `a is self.m` is always False; `==` "
        "compares the functions and the instances",
        "`self.m` makes a new method object each time, so `self.m is not self.m` is always True; "
        "`!=` compares the functions and the instances",
    ]


def test_what_is_long_is_shortened_in_the_middle(project: Project) -> None:
    p = project(f"class C:\n    def m(self, a): return self.m is a[{'1' * 40 + '2' * 40}]\n")
    assert f"so `self.m is a[{'1' * 36}…{'2' * 20}]` is always" in p.messages(CODE)[0]


def test_a_comment_at_the_operator_withholds_the_fix(project: Project) -> None:
    p = project("class C:\n def m(self, a): return (self.m  # this is it\n  is a)\n")
    (finding,) = p.lint(CODE)
    assert finding.fix is None


@pytest.mark.parametrize(("shown", "has_fix"), [("=", False), (" = ", False), ("", True)])
def test_the_fix_changes_no_text_that_is_shown(project: Project, shown: str, has_fix: bool) -> None:
    p = project(f"{CLASS}print(f'{{c}}{{c.m is a{shown}}}')\n".replace("c.m", "C().m"))
    assert [finding.fix is not None for finding in p.lint(CODE)] == [has_fix]


def test_an_object_of_which_the_file_tells_the_class(project: Project) -> None:
    p = project(
        {
            "a.py": "class C:\n    def m(self): pass\n",
            "b.py": "from a import C\n\ndef f(cb):\n    c = C()\n    return c.m is cb\n",
        }
    )
    assert p.places(CODE) == [("b.py", 5, 12)]


SILENT = [
    "class C:\n def m(self): return self.m is None, self.m is not None, self.m is 'm', ... is self.m",
    "class C:\n def m(self, a): return self.m == a, a in (self.m,)",
    "class C:\n def m(self): pass\nC.m is C.m",
    "class C:\n def m(self): pass\n def n(self): return type(self).m is C.m, self.__class__.m is C.m",
    "class C:\n def m(self): pass\n def n(self): return self.m.__func__ is C.m",
    "class C:\n @staticmethod\n def m(): pass\n def n(self): return self.m is self.m",
    "class C:\n @property\n def m(self): return 1\n def n(self): return self.m is self.m",
    "from x import d\nclass C:\n @d\n def m(self): pass\n def n(self): return self.m is self.m",
    "class C:\n m = len\n def n(self): return self.m is self.m",
    "class C:\n m = n = 1\n def n(self): return self.m is self.m",
    "class C:\n def __init__(self): self.m = self.m\n def m(self, a): return self.m is a",
    "class C:\n def m(self, a): return self.m is a\nc = C()\nc.m = 1",
    "class C:\n def m(self, a): return self.m is a\nC.m = staticmethod(C.m)",
    "class C:\n def m(self, a): return self.m is a\nclass D(C):\n m = staticmethod(len)",
    "class C:\n def m(self, a): return self.m is a\nclass D(C):\n @property\n def m(self): pass",
    "from x import E\nclass C:\n def m(self, a): return self.m is a\nclass D(E, C): pass",
    "from x import Base\nclass C(Base):\n def m(self, a): return self.m is a",
    "class C:\n def m(self, a): return self.m is a\n def __getattribute__(self, n): return 1",
    "class C:\n def m(self): pass\ndef f(c): return c.m is c.m",
    "class C:\n def m(self): pass\ndef f(c: C): return c.m is c.m",
    "class C:\n def m(self): pass\ndef f(c):\n d = C()\n d = c\n return d.m is d.m",
    "class C:\n def m(self, other):\n  self = other\n  return self.m is self.m",
    "class C:\n def m(self):\n  def f(self): return self.m is self.m",
    "class C:\n def m(self):\n  return [self.m is self.m for self in 'a']",
    "class C:\n @staticmethod\n def m(self): return self.m is self.m",
    "class M(type):\n def __new__(c, n, b, d): return type.__new__(c, n, b, {'m': 1})\n"
    "class C(metaclass=M):\n def m(self): return self.m is self.m",
    "from x import d\n@d\nclass C:\n def m(self): return self.m is self.m",
    "class C:\n def __init__(self, **k): self.__dict__.update(k)\n"
    " def m(self): return self.m is self.m",
    "class B:\n def m(self): pass\nclass C(B):\n @classmethod\n def n(cls):\n"
    "  return super().m is B.m",
    "class C:\n def m(self): pass\n def n(self): return self.m.x is self.n().m",
    "class B:\n def m(self): pass\nclass C:\n def __init__(self): self.b = B()\n"
    " def n(self): return self.b.m is self.b.m\ndef f(c): c.b = 1",
    "class C:\n if x:\n  def m(self): pass\n else:\n  m = 1\n def n(self): return self.m is self.m",
]


@pytest.mark.parametrize("source", SILENT)
def test_silent(project: Project, source: str) -> None:
    assert project(source + "\n").messages(CODE) == []


def test_silent_where_the_method_may_be_patched(project: Project) -> None:
    assert not project(
        "import mock\nclass C:\n def m(self): pass\n"
        "with mock.patch.object(C, 'm', staticmethod(len)):\n    print(C().m is C().m)\n"
    ).lint(CODE)


def test_python2_source(project: Project) -> None:
    p = project("class C:\n    def m(self, a):\n        print self.m is a, a is not self.m\n")
    assert [column for _, _, column in p.places(CODE)] == [15, 28]
    assert "print self.m == a, a != self.m" in p.fix(CODE)["main.py"]
