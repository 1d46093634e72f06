"""PCL408: `super()` where it finds no class or no instance, and `super.m`."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any

import pytest

Project = Callable[..., Any]

CODE = "PCL408"
BASE = """\
class B:
    value = 1
    def m(self, *rest, **named):
        return ("B.m", rest, named)
    def __setattr__(self, name, value):
        print("B.__setattr__", name)
        super().__setattr__(name, value)


"""
# Programs that fail at the place of their only finding, and what they print when it is fixed
# (None: there is no fix).
FAILING = {
    "class C(B):\n def m(self):\n  def f(): return super().m()\n  return f()\nprint(C().m())": (
        "('B.m', (), {})"
    ),
    "class C(B):\n def m(self):\n  f = lambda: super().m()\n  return f()\nprint(C().m())": (
        "('B.m', (), {})"
    ),
    "class C(B):\n def m(self): return list(super().m(x) for x in 'a')\nprint(C().m())": (
        "[('B.m', ('a',), {})]"
    ),
    "class C(B):\n @classmethod\n def c(cls): return list(super().value for x in 'a')\nprint(C.c())": (
        "[1]"
    ),
    "def g():\n class C(B):\n  def m(self): return list(super().m() for x in 'a')\n return C\n"
    "print(g()().m())": "[('B.m', (), {})]",
    "class O:\n class C(B):\n  def m(self): return next(super().m() for x in 'a')\n"
    "print(O.C().m())": "('B.m', (), {})",
    "class C(B):\n def m(*args): return super().m()\nC().m()": None,
    "class C(B):\n @staticmethod\n def m(): return super().m()\nC.m()": None,
    "class C(B):\n x = super().value": None,
    "class C(B):\n def m(self, x=super().value): pass": None,
    "def f(self): return super().m()\nf(1)": None,
    "class C(B):\n def m(self): return super.m()\nprint(C().m())": "('B.m', (), {})",
    "class C(B):\n def m(self): return super.m(self)\nprint(C().m())": "('B.m', (), {})",
    "class C(B):\n def m(self): return super.m(self, 1, x=2)\nprint(C().m())": (
        "('B.m', (1,), {'x': 2})"
    ),
    "class C(B):\n def m(self): return super.m(self, *(1,), **{})\nprint(C().m())": (
        "('B.m', (1,), {})"
    ),
    "class C(B):\n def m(self): return super.m(self, **{'x': 2})\nprint(C().m())": (
        "('B.m', (), {'x': 2})"
    ),
    "class C(B):\n def m(self): return super.m(self,)\nprint(C().m())": "('B.m', (), {})",
    "class C(B):\n def m(self): return super.value\nprint(C().m())": "1",
    "class C(B):\n def __init__(self): super.__init__(self)\nprint(C().value)": "1",
    "class C(B):\n def __init__(self): super.__init__()\nprint(C().value)": "1",
    "class D:\n def __init__(self, x): self.x = x\nclass C(D):\n"
    " def __init__(self, x): super.__init__(x)\nprint(C(1).x)": "1",
    "class C(B):\n def __new__(cls): return super.__new__(cls)\nprint(C().value)": None,
}
COMPREHENSIONS = {
    "class C(B):\n def m(self): return [super().m() for _ in 'a']\nprint(C().m())",
    "class C(B):\n def m(self): return {super().m: 1 for _ in 'a'} and 1\nprint(C().m())",
    "class C(B):\n def m(self): return [x for _ in 'a' for x in super().m()]\nprint(C().m())",
}


@pytest.mark.parametrize("program", FAILING)
def test_what_is_reported_fails_with_that_exception(project: Project, program: str) -> None:
    p = project(BASE + program + "\n")
    (finding,) = p.lint(CODE)
    done = p.run("main.py")
    error = re.findall(r"^(\w+): ", done.stderr, re.MULTILINE)[-1]
    assert f'main.py", line {finding.line}, in' in done.stderr.rpartition("File")[2]
    assert finding.message.endswith(f": {error}")


@pytest.mark.parametrize("program", FAILING)
def test_a_fix_does_what_was_meant(project: Project, program: str) -> None:
    p = project(BASE + program + "\n")
    (finding,) = p.lint(CODE)
    if FAILING[program] is None and "__new__" not in program:
        assert finding.fix is None
        return
    p.fix(CODE, unsafe=True)
    assert p.lint(CODE) == []
    if FAILING[program] is not None:
        assert p.run("main.py").stdout == FAILING[program] + "\n"


@pytest.mark.parametrize("program", sorted(COMPREHENSIONS))
def test_comprehensions_are_reported_where_3_11_is_supported(
    project: Project, program: str
) -> None:
    p = project(BASE + program + "\n")
    (finding,) = p.lint(CODE)
    assert "up to Python 3.11" in finding.message
    assert ("TypeError" in p.run("main.py").stderr) is (sys.version_info < (3, 12))
    p.fix(CODE, unsafe=True)
    assert p.run("main.py").returncode == 0
    newer = project(
        {"main.py": BASE + program + "\n", "setup.py": 'setup(python_requires=">=3.12")'}
    )
    assert newer.lint(CODE) == []


SILENT = [
    "class C(B):\n def m(self): return super().m()",
    "class C(B):\n def m(self):\n  def f(self): return super().m()",
    "class C(B):\n def m(self):\n  def f(x): return super().m()",
    "class C(B):\n def m(self):\n  return lambda x=self: super().m()",
    "class C(B):\n def m(self): return list(x for x in super().m())",
    "class C(B):\n def m(self): return [x for x in super().m()]",
    "class C(B):\n @staticmethod\n def m(x): return super().m()",
    "class C(B):\n m = lambda self: super().m()",
    "class C(B):\n def m(self): return (super)().m()",
    "class C(B):\n def m(*args): return super(C, args[0]).m()",
    "class C(B):\n def m(*args): return super(*args).m()",
    "class C(B):\n def m(self):\n  def f():\n   try: super()\n   except RuntimeError: pass",
    "class C(B):\n def m(self):\n  def f():\n   try: super()\n   except Exception: pass",
    "class C(B):\n def m(*a):\n  with raises(RuntimeError): super()",
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING: super()",
    "import sys\nclass C(B):\n def m(self):\n  if sys.version_info >= (3, 12):\n"
    "   return [super().m() for _ in 'a']",
    "from elsewhere import super\nsuper()",
    "def super(): pass\nsuper()",
    "class C(B):\n def m(*super): super()",
    "def f(self):\n __class__ = B\n super()",
    "class C(B):\n def m(self): return super.mro()",
    "class C(B):\n def m(self): return super.__doc__, super.__name__, super.__class__(self)",
    "class C(B):\n def m(self, other): return super.__eq__(other, self)",
    "class C(B):\n def m(self, supers): return supers.super.m()",
    "'super.m()'  # super()",
]


@pytest.mark.parametrize("program", SILENT)
def test_silent(project: Project, program: str) -> None:
    assert project(BASE + program + "\n").messages(CODE) == []


def test_methods_that_super_objects_have_from_object_skip_the_bases(project: Project) -> None:
    source = "class C(B):\n def __setattr__(self, n, v): super.__setattr__(self, n, v)\nC().x = 1\n"
    p = project(BASE + source)
    assert p.messages(CODE) == [
        "`super.__setattr__` is `object.__setattr__`, whatever the bases of `C` define"
    ]
    assert p.run("main.py").stdout == ""
    assert p.fix(CODE) == p.texts()
    p.fix(CODE, unsafe=True)
    assert p.run("main.py").stdout == "B.__setattr__ x\n"


def test_brackets_are_added_safely_only_where_they_surely_work(project: Project) -> None:
    source = "class C:\n def m(self):\n  super.m()\n  def f(x): super.m()\n  def g(): super.m()\n"
    fixed = source.replace("super.m", "super().m", 1)
    assert project(source).fix(CODE)["main.py"] == fixed


def test_a_comment_is_kept(project: Project) -> None:
    source = "class C:\n def m(self):\n  super.m(self  # me\n   , 1)\n"
    assert project(source).fix(CODE, unsafe=True)["main.py"] == source
    fixed = project(source.replace("  # me\n   ,", ",  # me\n  ")).fix(CODE, unsafe=True)
    assert fixed["main.py"] == "class C:\n def m(self):\n  super().m(# me\n   1)\n"


def test_the_place_and_the_words(project: Project) -> None:
    p = project("class Ä:\n def m(self):\n  def ö(): 'ä'; super ().m()\n  return ö\n")
    assert p.places(CODE) == [("main.py", 3, 17)]
    assert p.messages(CODE) == [
        "`super()` takes the instance from the first positional parameter, and `ö` has none: "
        "RuntimeError"
    ]
    assert "super(Ä, self).m()" in p.fix(CODE, unsafe=True)["main.py"]


def test_python2_source(project: Project) -> None:
    p = project("class C(object):\n def m(self):\n  print super.m(self)\n")
    assert len(p.lint(CODE)) == 1
    assert "print(super().m())" in p.fix(CODE, "PCL902", unsafe=True)["main.py"]


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the syntax is new in Python 3.12")
def test_syntax_that_python_3_11_cannot_read_tells_that_it_does_not_run_the_file(
    project: Project,
) -> None:
    method = "    def m(self):\n        return [super().m() for _ in 'x']\n"
    base = "class A:\n    def m(self): ...\n"
    assert len(project(f"{base}class B(A):\n{method}").lint(CODE)) == 1
    assert project(f"{base}class B[T](A):\n{method}").lint(CODE) == []
    assert project(f"{base}class B(A):\n{method}type X = int\n").lint(CODE) == []
