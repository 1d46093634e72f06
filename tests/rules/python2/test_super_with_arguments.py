"""PCL904: `super(C, self)` where `super()` means the same."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

Project = Callable[..., Any]

CODE = "PCL904"
BASE = """\
class B:
    tag = "B"
    def m(self, *rest):
        return ("B.m", self.tag, rest)


"""
# What is reported, and a program that shows whether it means the same afterwards.
SAME = {
    "a method": "class C(B):\n def m(self):\n  return super(C, self).m()\nprint(C().m())",
    "any name": "class C(B):\n def m(this, x=1, *, y=2):\n  return super(C, this).m(x, y)\nprint(C().m())",
    "positional only": "class C(B):\n def m(this, /):\n  return super(C, this).m()\nprint(C().m())",
    "a class method": (
        "class C(B):\n @classmethod\n def m(cls):\n  return super(C, cls).m(cls)\nprint(C.m())"
    ),
    "__new__": "class C(B):\n def __new__(cls):\n  return super(C, cls).__new__(cls)\nprint(C().tag)",
    "a metaclass": (
        "class M(type):\n def __init__(cls, *a):\n  super(M, cls).__init__(*a)\n  print(a[0])\n"
        "class C(metaclass=M): pass"
    ),
    "a static method that is given the instance": (
        "class C(B):\n @staticmethod\n def m(x):\n  return super(C, x).m()\nprint(C.m(C()))"
    ),
    "a first argument that is bound anew": (
        "class C(B):\n def m(self):\n  self = D()\n  return super(C, self).m()\n"
        "class D(C): tag = 'D'\nprint(C().m())"
    ),
    "a first argument that a function inside captures": (
        "class C(B):\n def m(self):\n  f = lambda: self\n  return super(C, self).m(f().tag)\n"
        "print(C().m())"
    ),
    "a nested class": (
        "class O:\n class C(B):\n  def m(self):\n   return super(O.C, self).m()\nprint(O.C().m())"
    ),
    "a class in a function": (
        "def f():\n class C(B):\n  def m(self):\n   return super(C, self).m()\n return C\n"
        "print(f()().m())"
    ),
    "__class__": "class C(B):\n def m(self):\n  return super(__class__, self).m()\nprint(C().m())",
    "the first iterable of a comprehension": (
        "class C(B):\n def m(self):\n  return [x for x in super(C, self).m()]\nprint(C().m())"
    ),
    "a default of a lambda": (
        "class C(B):\n def m(self):\n  return (lambda x=super(C, self).m(): x)()\nprint(C().m())"
    ),
    "a generator and a coroutine": (
        "import asyncio\nclass C(B):\n def g(self):\n  yield super(C, self).m()\n"
        " async def c(self):\n  return super(C, self).m()\n"
        "print(list(C().g()), asyncio.run(C().c()))"
    ),
    "a property": (
        "class C(B):\n @property\n def p(self):\n  return super(C, self).m()\nprint(C().p)"
    ),
    "blocks of the class body": (
        "class C(B):\n if 1:\n  try:\n   def m(self):\n    return super(C, self).m()\n"
        "  finally: pass\nprint(C().m())"
    ),
    "a plain dataclass": (
        "import dataclasses\n@dataclasses.dataclass(order=True)\nclass C(B):\n x: int = 1\n"
        " def m(self):\n  return super(C, self).m()\nprint(C().m())"
    ),
    "a private name of the parameter": (
        "class C(B):\n def m(__self):\n  return super(C, __self).m()\nprint(C().m())"
    ),
    "__class__ given to instances": (
        "class C(B):\n def m(self):\n  self.__class__ = D\n  return super(C, self).m()\n"
        "class D(C): tag = 'D'\nprint(C().m())"
    ),
}


@pytest.mark.parametrize("program", SAME)
def test_it_means_the_same_without_arguments(project: Project, program: str) -> None:
    p = project(BASE + SAME[program] + "\n")
    before = p.run("main.py")
    assert before.returncode == 0, before.stderr
    assert len(p.lint(CODE)) == SAME[program].count("super(")
    fixed = p.fix(CODE)["main.py"]
    assert fixed.count("super()") == SAME[program].count("super(")
    assert p.run("main.py").stdout == before.stdout
    assert p.lint(CODE) == []


# Where `super()` would fail, mean another class or instance, or may do so.
OTHER = {
    "a function in a method": "class C(B):\n def m(self):\n  def f(self):\n   super(C, self).m()",
    "a lambda": "class C(B):\n def m(self):\n  return lambda: super(C, self).m()",
    "a lambda in the class body": "class C(B):\n m = lambda self: super(C, self).m()",
    "a comprehension": "class C(B):\n def m(self):\n  return [super(C, self).m() for _ in 'ab']",
    "a generator expression": (
        "class C(B):\n def m(self):\n  return list(super(C, self).m() for _ in 'ab')"
    ),
    "no positional parameter": "class C(B):\n def m(*self):\n  super(C, self[0]).m()",
    "keyword-only": "class C(B):\n def m(*, self):\n  super(C, self).m()",
    "another argument": "class C(B):\n def m(self, other):\n  super(C, other).m()",
    "another class": "class C(B):\n def m(self): super(B, self).m()",
    "the outer class": "class O(B):\n class C(B):\n  def m(self): super(O, self).m()",
    "a subclass": "class C(B):\n def m(self): super(D, self).m()\nclass D(C): pass",
    "the type of the instance": "class C(B):\n def m(self): super(type(self), self).m()",
    "__class__ of the instance": "class C(B):\n def m(self): super(self.__class__, self).m()",
    "bound to a class": "class C(B):\n def m(self): super(C, C).m(self)",
    "one argument": "class C(B):\n def m(self): super(C).m()",
    "more than two": "class C(B):\n def m(self): super(C, self, 1).m()",
    "a star": "class C(B):\n def m(self): super(C, *[self]).m()",
    "a deleted first argument": (
        "class C(B):\n def m(self):\n  super(C, self)\n  if self:\n   del self"
    ),
    "a name that is bound twice": "class C(B):\n def m(self): super(C, self).m()\nC = 1",
    "one class or another": (
        "try:\n class C(B):\n  def m(self): super(C, self).m()\n"
        "except Exception:\n class C(B):\n  def m(self): super(C, self).m()"
    ),
    "a class for each round": (
        "for i in range(2):\n class C(B):\n  def m(self): super(C, self).m()"
    ),
    "a local variable of that name": (
        "class C(B):\n def m(self):\n  C = D\n  super(C, self).m()\nclass D(C): pass"
    ),
    "a parameter of that name": "class C(B):\n def m(self, C): super(C, self).m()",
    "a global that a function rebinds": (
        "class C(B):\n def m(self): super(C, self).m()\ndef f():\n global C\n C = 1"
    ),
    "a local class that is rebound": (
        "def f():\n class C(B):\n  def m(self): super(C, self).m()\n C = str(C)\n return C"
    ),
    "a local class of another function's variable": (
        "def f():\n class C(B):\n  def m(self): super(C, self).m()\n"
        " def g():\n  nonlocal C\n  C = 1\n return g"
    ),
    "a local class in a loop": (
        "def f():\n while 1:\n  class C(B):\n   def m(self): super(C, self).m()"
    ),
    "a name that is mangled": "class __C(B):\n def m(self): super(__C, self).m()",
    "slots": (
        "import dataclasses\n@dataclasses.dataclass(slots=True)\nclass C(B):\n"
        " def m(self): super(C, self).m()"
    ),
    "slots, perhaps": (
        "import dataclasses\n@dataclasses.dataclass(**{'slots': True})\nclass C(B):\n"
        " def m(self): super(C, self).m()"
    ),
    "add_metaclass": (
        "import six\n@six.add_metaclass(type)\nclass C(B):\n def m(self): super(C, self).m()"
    ),
    "a decorator of the project": (
        "def changed(c): return type(c.__name__, (c,), {})\n@changed\nclass C(B):\n"
        " def m(self): super(C, self).m()"
    ),
    "a decorator nobody knows": (
        "import elsewhere\n@elsewhere.changed\nclass C(B):\n def m(self): super(C, self).m()"
    ),
    "super imported": (
        "from elsewhere import super\nclass C(B):\n def m(self): super(C, self).m()"
    ),
    "super by a star": ("from elsewhere import *\nclass C(B):\n def m(self): super(C, self).m()"),
    "super as a parameter": "class C(B):\n def m(self, super=super): super(C, self).m()",
    "super as a local variable": (
        "def f():\n super = print\n class C(B):\n  def m(self): super(C, self)"
    ),
    "__class__ as a local variable": (
        "class C(B):\n def m(self):\n  __class__ = B\n  super(C, self).m()"
    ),
    "a module": "super(B, B())",
    "the class body": "class C(B):\n x = super(B, B())",
    "a decorator": "class C(B):\n @super(C, self).m\n def m(self): pass",
    "a default": "class C(B):\n def m(self, x=super(B, B())): pass",
    "a function that is put into the class": "def m(self): super(C, self).m()\nclass C(B): m = m",
    "only in Python 2": (
        "import sys\nclass C(B):\n def m(self):\n  if sys.version_info[0] == 2:\n"
        "   super(C, self).m()"
    ),
}


@pytest.mark.parametrize("program", OTHER)
def test_silent_where_it_would_mean_something_else_or_may(project: Project, program: str) -> None:
    assert project(BASE + OTHER[program] + "\n").messages(CODE) == []


def test_silent_where_another_module_puts_something_else_in_place(project: Project) -> None:
    source = "class C:\n def m(self): super(C, self).m()\n"
    assert len(project({"a.py": source, "b.py": "import a\nprint(a.C)\n"}).lint(CODE)) == 1
    assert project({"a.py": source, "b.py": "import a\na.C = print\n"}).lint(CODE) == []


def test_the_message_and_the_place(project: Project) -> None:
    p = project("class Ä:\n def m(self): 'ä'; super (Ä,\n  self).m()\n")
    assert p.places(CODE) == [("main.py", 2, 20)]
    assert p.messages(CODE) == ["`super(Ä, self)` is what `super()` means here"]
    assert p.fix(CODE)["main.py"] == "class Ä:\n def m(self): 'ä'; super ().m()\n"


@pytest.mark.parametrize(
    "written",
    ["super(C, self,)", "super( C , self )", "super(\n  C,\n  self,\n)", "super(C,\\\n self)"],
)
def test_whatever_stands_in_the_brackets_goes(project: Project, written: str) -> None:
    p = project(f"class C:\n def m(self):\n  return {written}.__init__()  # why\n")
    assert p.fix(CODE)["main.py"] == (
        "class C:\n def m(self):\n  return super().__init__()  # why\n"
    )


def test_a_comment_is_not_dropped_safely(project: Project) -> None:
    source = "class C:\n def m(self):\n  super(C,  # not B\n   self).m()\n"
    assert project(source).fix(CODE)["main.py"] == source
    assert "super().m()" in project(source).fix(CODE, unsafe=True)["main.py"]


@pytest.mark.parametrize(
    "line",
    [
        "from __future__ import print_function",
        "import six",
        "from six.moves import range",
        "from django.utils import six",
        "from future.utils import PY3",
        "import sys; old = sys.version_info < (3,)",
        "import sys; PY2 = sys.version[0] == '2'",
    ],
)
def test_unsafe_in_a_file_that_python2_is_to_run_too(project: Project, line: str) -> None:
    source = f"{line}\nclass C:\n def m(self): super(C, self).m()\n"
    [finding] = project(source).lint(CODE)
    assert finding.fix.applicability == "unsafe"


@pytest.mark.parametrize(
    "line", ["from __future__ import annotations", "import sys", "# Python 2", "'python3 only'"]
)
def test_safe_in_a_file_that_only_speaks_of_versions(project: Project, line: str) -> None:
    source = f"{line}\nclass C:\n def m(self): super(C, self).m()\n"
    [finding] = project(source).lint(CODE)
    assert finding.fix.applicability == "safe"


def test_python2_source_becomes_python3_at_once_or_not_at_all(project: Project) -> None:
    source = "class C(object):\n def m(self):\n  print super(C, self).m()\n"
    p = project(source)
    assert p.messages(CODE) == ["`super(C, self)` is what `super()` means here in Python 3"]
    assert p.fix(CODE)["main.py"] == source
    fixed = p.fix(CODE, "PCL902")["main.py"]
    assert fixed == "class C(object):\n def m(self):\n  print(super().m())\n"


def test_the_cell_is_there_before_and_after(project: Project) -> None:
    """The compiler makes it for the name `super`, whatever it is called with: metaclasses see
    no difference."""
    program = "class C:\n def m(self): return super({})\nprint(C.m.__code__.co_freevars)"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program.format(arguments)], capture_output=True, text=True
        ).stdout
        for arguments in ("", "C, self")
    }
    assert outputs == {"('__class__',)\n"}
