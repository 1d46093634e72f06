"""PCL403: `Base.method(self)` in an override."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Project = Callable[..., Any]

CODE = "PCL403"
BASE = """\
class B:
    def __init__(self, *rest, **named):
        print("B", rest, named)
    def m(self, *rest, **named):
        return "B.m", rest, named
    @staticmethod
    def s(*rest):
        return rest
    @classmethod
    def c(cls, *rest):
        return cls.__name__, rest


"""
# What is reported, what it becomes, and a call that shows that it does the same.
FIXED = {
    "class C(B):\n def m(self): return B.m(self)": ("super().m()", "C().m()"),
    "class C(B):\n def m(me, x): return B.m(me, x)": ("super().m(x)", "C().m(1)"),
    "class C(B):\n def m(self): return B.m(self, *'ab', **{})": (
        "super().m(*'ab', **{})",
        "C().m()",
    ),
    "class C(B):\n def m(self): return B.m(self, **{'x': 1})": ("super().m(**{'x': 1})", "C().m()"),
    "class C(B):\n def m(self): return B.m(self, (1))": ("super().m((1))", "C().m()"),
    "class C(B):\n def m(self): return B.m( self , x=1 )": ("super().m( x=1 )", "C().m()"),
    "class C(B):\n def m(self): return B.m(\n  self,\n  1,\n )": (
        "super().m(\n  1,\n )",
        "C().m()",
    ),
    "class C(B):\n def m(self): return B . m(self,)": ("super() . m()", "C().m()"),
    "class C(B):\n def __init__(self): B.__init__(self, 1)": ("super().__init__(1)", "C().m()"),
    "class C(B):\n def __new__(cls): return B.__new__(cls)": ("super().__new__(cls)", "C().m()"),
    "class C:\n def __new__(cls): return object.__new__(cls)": ("super().__new__(cls)", "C"),
    "class C(object):\n def __repr__(self): return object.__repr__(self)[:5]": (
        "super().__repr__()",
        "C()",
    ),
    "class C(type):\n def __init__(cls, *a): type.__init__(cls, *a)": (
        "super().__init__(*a)",
        "C('D', (), {}).__name__",
    ),
    "class C(B):\n def m(self): return [B.m(self, x) for x in 'ab']": (
        "super(C, self).m(x)",
        "C().m()",
    ),
    "class C(B):\n def m(self):\n  def f(): return B.m(self)\n  return f()": (
        "super(C, self).m()",
        "C().m()",
    ),
    "import threading\nclass C(threading.Thread):\n"
    " def __init__(self): threading.Thread.__init__(self, name='x')": (
        "super().__init__(name='x')",
        "C().name",
    ),
    "class O:\n class A(B): pass\n class C(A):\n  def m(self): return B.m(self), 1\nC = O.C": (
        None,
        "C().m()",
    ),
}


@pytest.mark.parametrize("program", FIXED)
def test_it_becomes_a_call_on_super(project: Project, program: str) -> None:
    written, shown = FIXED[program]
    p = project(f"{BASE}{program}\nprint({shown})\n")
    before = p.run("main.py")
    assert before.returncode == 0, before.stderr
    if written is None:
        assert p.lint(CODE) == []
        return
    assert len(p.lint(CODE)) == 1
    assert p.fix(CODE) == p.texts()
    assert written in p.fix(CODE, unsafe=True)["main.py"]
    assert p.run("main.py").stdout == before.stdout
    assert p.lint(CODE) == []


@pytest.mark.parametrize(
    "program",
    [
        "class D: pass\nclass C(B, D):\n def m(self): B.m(self)",
        "from elsewhere import X\nclass C(X, B):\n def m(self): X.m(self)",
        "class C(B):\n def m(self): B.m(self  # me\n  , 1)",
        "class C(B):\n def m(self): B.m((self), 1)",
        "import elsewhere\n@elsewhere.changed\nclass C(B):\n def m(self): B.m(self)",
        "from elsewhere import super\nclass C(B):\n def m(self): B.m(self)",
        "class C(B):\n def m(self): [B.m(self) for _ in '']\nC = 1",
    ],
)
def test_reported_without_a_fix(project: Project, program: str) -> None:
    (finding,) = project(BASE + program + "\n").lint(CODE)
    assert finding.fix is None


@pytest.mark.parametrize(
    "program",
    [
        "class C(B):\n def m(self): B.__init__(self)",
        "class C(B):\n def m(self): B.m(C())",
        "class C(B):\n def m(self, other): B.m(other)",
        "class C(B):\n def m(self): B().m(self)",
        "class C(B):\n def m(self): B.m()",
        "class C(B):\n def s(self): B.s(self)",
        "class C(B):\n @classmethod\n def c(cls): B.c(cls)",
        "class C(B):\n @staticmethod\n def m(self): B.m(self)",
        "class C(B):\n def m(self):\n  self = C()\n  B.m(self)",
        "class C(B):\n def m(self):\n  B = D\n  B.m(self)\nclass D(B): pass",
        "class C(B):\n def m(self):\n  def f(self): B.m(self)",
        "class C(B):\n def m(self):\n  class D:\n   def f(s): B.m(self)",
        "class A(B): pass\nclass C(A):\n def m(self): B.m(self)",
        "class C:\n def m(self): B.m(self)",
        "class C(B):\n def __m(self): B.__m(self)",
        "class C(B):\n def n(self): B.n(self)",
        "def m(self): B.m(self)",
        "import sys\nclass C(B):\n def m(self):\n  if sys.version_info < (3,): B.m(self)",
    ],
)
def test_silent(project: Project, program: str) -> None:
    assert project(BASE + program + "\n").messages(CODE) == []


def test_the_words_and_the_place(project: Project) -> None:
    p = project("class Ä:\n def m(self): pass\nclass B(Ä):\n def m(self): 'ä'; Ä.m(self)\n")
    assert p.places(CODE) == [("main.py", 4, 20)]
    assert p.messages(CODE) == [
        "`Ä.m(self, …)` calls the method of `Ä`, whatever comes behind `B` in the method "
        "resolution order; `super().m(…)` follows it"
    ]


def test_off_by_default(project: Project) -> None:
    source = "class B:\n def m(self): pass\nclass C(B):\n def m(self): B.m(self)\n"
    assert project(source).report().findings == []


def test_python2_source(project: Project) -> None:
    p = project(
        BASE.replace('print("B", rest, named)', "print 1")
        + "class C(B):\n def m(self): B.m(self)\n"
    )
    assert len(p.lint(CODE)) == 1
    assert "super().m()" in p.fix(CODE, "PCL902", unsafe=True)["main.py"]


def test_a_call_on_the_result_of_another_is_reported_once(project: Project) -> None:
    p = project(f"{BASE}class C(B):\n def m(self): return B.m(self).m(self)\n")
    assert [message.partition("(")[0] for message in p.messages(CODE)] == ["`B.m"]
