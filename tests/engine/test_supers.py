"""What `supers` says of `super()` at a place, compared with running it."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeGuard

import pytest

from pyconcepts_lint.analysis.super_calls import Context, paths
from pyconcepts_lint.workspace.workspace import Workspaces

Project = Callable[..., Any]

# One `super()` each, which the program runs.
PROGRAMS = [
    "class C(B):\n def m(self): return super()\nC().m()",
    "class C(B):\n def m(self, /): return super()\nC().m()",
    "class C(B):\n def m(*self): return super()\nC().m()",
    "class C(B):\n def m(*, self=None): return super()\nC.m()",
    "class C(B):\n def m(**self): return super()\nC.m()",
    "class C(B):\n @staticmethod\n def m(): return super()\nC.m()",
    "class C(B):\n @staticmethod\n def m(x): return super()\nC.m(C())",
    "class C(B):\n @classmethod\n def m(cls): return super()\nC.m()",
    "class C(B):\n def __new__(cls): super(); return object.__new__(cls)\nC()",
    "class C(B):\n m = lambda self: super()\nC().m()",
    "class C(B):\n m = lambda: super()\nC.m()",
    "class C(B):\n def m(self):\n  def f(): return super()\n  f()\nC().m()",
    "class C(B):\n def m(self):\n  def f(me): return super()\n  f(self)\nC().m()",
    "class C(B):\n def m(self):\n  def f(me=self): return super()\n  f()\nC().m()",
    "class C(B):\n def m(self):\n  def f(me=super()): return me\n  f()\nC().m()",
    "class C(B):\n def m(self):\n  @g(super())\n  def f(): pass\nC().m()",
    "class C(B):\n def m(self):\n  def f(x: super()): pass\nC().m()",
    "class C(B):\n def m(self):\n  def f() -> super(): pass\nC().m()",
    "class C(B):\n def m(self): (lambda: super())()\nC().m()",
    "class C(B):\n def m(self): (lambda x=super(): x)()\nC().m()",
    "class C(B):\n def m(self): (lambda me: super())(self)\nC().m()",
    "class C(B):\n def m(self): list(super() for _ in 'a')\nC().m()",
    "class C(B):\n def m(self): list(_ for _ in [super()])\nC().m()",
    "class C(B):\n def m(self): list(x for _ in 'a' for x in [super()])\nC().m()",
    "class C(B):\n def m(self): list(_ for _ in 'a' if super())\nC().m()",
    "class C(B):\n def m(self): [super() for _ in 'a']\nC().m()",
    "class C(B):\n def m(self): {super() for _ in 'a'}\nC().m()",
    "class C(B):\n def m(self): {super(): 1 for _ in 'a'}\nC().m()",
    "class C(B):\n def m(self): {1: super() for _ in 'a'}\nC().m()",
    "class C(B):\n def m(self): [_ for _ in [super()]]\nC().m()",
    "class C(B):\n def m(self): [1 for _ in 'a' for x in [super()]]\nC().m()",
    "class C(B):\n def m(self): [[super() for _ in 'a'] for _ in 'a']\nC().m()",
    "class C(B):\n def m(self): [1 for _ in 'a' for _ in [super() for _ in 'a']]\nC().m()",
    "class C(B):\n def m(self): list([super() for _ in 'a'] for _ in 'a')\nC().m()",
    "class C(B):\n def m(self): [list(super() for _ in 'a') for _ in 'a']\nC().m()",
    "class C(B):\n def m(self): [(lambda: super())() for _ in 'a']\nC().m()",
    "class C(B):\n def m(self): [(lambda x: super())(self) for _ in 'a']\nC().m()",
    "class C(B):\n def m(*a): [super() for _ in 'a']\nC().m()",
    "class C(B):\n def m(self):\n  class D:\n   def n(self): super()\n  D().n()\nC().m()",
    "class C(B):\n def m(self):\n  class D(*[B, super()][:1]): pass\nC().m()",
    "class C(B):\n def m(self):\n  class D(B):\n   x = super()\nC().m()",
    "class C(B):\n x = super()",
    "class C(B):\n def m(self, x=super()): pass",
    "class C(B):\n @g(super())\n def m(self): pass",
    "class C(B):\n if 1:\n  def m(self): return super()\nC().m()",
    "class C(B):\n class D(B):\n  def m(self): return super()\nC.D().m()",
    "class C(*[B, super()][:1]): pass",
    "@g(super())\nclass C(B): pass",
    "super()",
    "[super() for _ in 'a']",
    "list(super() for _ in 'a')",
    "(lambda: super())()",
    "(lambda x: super())(1)",
    "def f(self): super()\nf(B())",
    "def f(): super()\nf()",
    "def f(self): super()\nclass C(B): m = f\nC().m()",
    "def f():\n class C(B):\n  def m(self): super()\n C().m()\nf()",
    "def f(self):\n def h(me): super()\n h(self)\nf(B())",
    "class C(B):\n def m(self):\n  while 1:\n   try: super()\n   finally: break\n  super\nC().m()",
    "class C(B):\n async def m(self): super()\nrun(C().m())",
    "class C(B):\n async def m(self): [super() async for _ in later()]\nrun(C().m())",
    "class C(B):\n def m(self): yield super()\nlist(C().m())",
    "class C(B):\n def m(self): return f'{super()}'\nC().m()",
    "class C(B):\n def m(self):\n  self = C()\n  super()\nC().m()",
]
RUNNER = """
import json, sys
async def later(): yield 1
def run(coroutine):
    try:
        coroutine.send(None)
    except StopIteration:
        pass
class B: pass
outcomes = []
for program in json.loads(sys.stdin.read()):
    try:
        exec(program, {"B": B, "run": run, "later": later, "g": lambda *x: lambda y: y})
    except Exception as error:
        outcomes.append(f"{type(error).__name__}: {error}")
    else:
        outcomes.append("")
print(json.dumps([sys.version_info[1], outcomes]))
"""


def interpreters() -> list[str]:
    others = (shutil.which(f"python3.{minor}") for minor in range(11, 20))
    return [sys.executable, *filter(None, others)]


def contexts_of(project: Project, programs: Iterable[str]) -> Iterator[Context]:
    """Where the one `super()` of each program stands."""
    files = {f"program{number}.py": f"{text}\n" for number, text in enumerate(programs)}
    small = project(files)
    workspaces = Workspaces()
    for name, text in files.items():
        path = str(small.root / name)
        file = workspaces.of(path).open(path)
        (call,) = filter(is_super, ast.walk(ast.parse(text)))
        place = file.ast_place(call.lineno, call.col_offset)
        (way,) = (way for way in paths(file, {place}, (file.tree,)) if is_super(way[-1]))
        yield Context(file, way)


def is_super(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and ast.unparse(node) == "super()"


@pytest.mark.parametrize("python", interpreters())
def test_what_super_raises_is_foretold(project: Project, python: str) -> None:
    run = subprocess.run(
        [python, "-c", RUNNER], input=json.dumps(PROGRAMS), capture_output=True, text=True
    )
    if run.returncode:
        pytest.skip(f"{python} doesn't run")
    minor, outcomes = json.loads(run.stdout)
    told = [where.failure(inlined=minor >= 12) for where in contexts_of(project, PROGRAMS)]
    # What follows depends on the version.
    outcomes, told = ([text.partition(": obj")[0] for text in texts] for texts in (outcomes, told))
    assert dict(zip(PROGRAMS, told, strict=True)) == dict(zip(PROGRAMS, outcomes, strict=True))


NAMED = {
    "class C:\n def m(self): super()": ("C", "self"),
    "class O:\n class C:\n  def m(me): [super() for _ in 'a']": ("O.C", "me"),
    "def f():\n class C:\n  def m(self): lambda: super()": ("C", "self"),
    "def f():\n class C:\n  def m(self): lambda: super()\n C = 1": ("", "self"),
    "class C:\n def m(self, C): super()": ("", "self"),
    "class C:\n def m(self):\n  def f(self): super()": ("C", ""),
    "class C:\n def m(self):\n  def f(x): super()": ("C", "self"),
    "class C:\n def m(self):\n  self = 1\n  super()": ("C", ""),
    "class C:\n def m(self):\n  def f():\n   nonlocal self\n   self = 1\n  super()": ("C", ""),
    "class C:\n def m(self): [super() for self in 'a']": ("C", ""),
    "class C:\n @staticmethod\n def m(self): lambda: super()": ("C", ""),
    "class C:\n @classmethod\n def m(cls): lambda: super()": ("C", "cls"),
    "class C:\n def m(*self): super()": ("C", ""),
    "class C:\n x = super()": ("", ""),
    "def f(self): super()": ("", ""),
    "class C:\n def m(self): super()\nC = 1": ("", "self"),
}


def test_by_what_names_class_and_instance_are_known(project: Project) -> None:
    names = [(c.class_name(), c.instance_name()) for c in contexts_of(project, NAMED)]
    assert dict(zip(NAMED, names, strict=True)) == NAMED
