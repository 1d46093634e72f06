"""What an expression may evaluate to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from pyconcepts_lint.analysis.values import Function, Instance, receivers
from pyconcepts_lint.index.model import ClassModel
from pyconcepts_lint.workspace.workspace import Workspaces

Project = Callable[..., Any]


def origin(project: Project, source: str, other: Mapping[str, str] | None = None) -> str:
    """The origin of `…` in the one `….asked` of a file, in words."""
    small = project({"main.py": source, **(other or {})})
    path = str(small.root / "main.py")
    file = Workspaces().of(path).open(path)
    ((place, found),) = receivers(file, {"asked"}).items()
    assert file.text.split("\n")[place[0] - 1][place[1] - 1 :].startswith("asked")
    words = sorted(map(describe, found.objects))
    words += ["open"] if found.is_open else []
    words += ["unresolved"] if found.is_unresolved else []
    return " ".join(words)


def describe(item: object) -> str:
    if isinstance(item, Instance):
        return item.model.name
    if isinstance(item, Function):
        return f"function {item.node.name}"
    if isinstance(item, ClassModel):
        return f"class {item.name}"
    return str(item)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{}.asked", "dict"),
        ("'é'; {}.asked", "dict"),
        ("(1).asked", "int"),
        ("[].asked", "list"),
        ("f''.asked", "str"),
        ("(None or {}).asked", "dict"),
        ("({} if x else []).asked", "dict list"),
        ("({} | {}).asked", "dict"),
        ("(1 + 1).asked", "open"),
        ("(x := {}).asked", "dict"),
        ("undefined.asked", "open"),
        ("dict.asked", "class dict"),
        ("dict().asked", "dict"),
        ("dict.fromkeys('ab').asked", "dict"),
        ("vars(dict).asked", "dict"),
        ("dict.__dict__.asked", "dict mappingproxy"),
        ("x = {}\nx.asked", "dict"),
        ("x = None\nx.asked", "open"),
        ("x = {}\nx = []\nx.asked", "dict list"),
        ("x = y = {}\ny.asked", "dict"),
        ("x, (y, *z) = 1, ({}, 2)\ny.asked", "open"),
        ("x, (y, z) = 1, ({}, 2)\ny.asked", "dict"),
        ("x = y\ny = x\nx = {}\ny.asked", "dict"),
        ("x, *y = [{}]\ny.asked", "list"),
        ("x, *y = [{}]\nx.asked", "open"),
        ("x = x\nx.asked", "open"),
        ("for x in [{}]: x.asked", "open"),
        ("x = {}\nx[1].asked", "open"),
        ("x = {}\ny = x.copy()\ny.asked", "dict"),
        ("import copy\nx = {}\ncopy.deepcopy(x).asked", "dict"),
        ("import sys\nsys.modules.asked", "dict"),
        ("import sys\nsys.path.asked", "list"),
        ("import no_such\nno_such.x.asked", "unresolved"),
        ("from no_such import x\nx.y[1]().asked", "unresolved"),
        ("from no_such import x\ny = [x]\ny = x or {}\ny.asked", "dict list unresolved"),
        ("from collections import defaultdict\ndefaultdict(list).asked", "defaultdict"),
        ("def f(x): x.asked", "open"),
        ("def f(x: dict): x.asked", "dict open"),
        ("def f(x: 'dict[str, int]'): x.asked", "dict open"),
        ("import typing as t\ndef f(x: t.Optional[t.Dict[str, int]]): x.asked", "dict open"),
        ("def f(x: dict | None = None): x.asked", "dict open"),
        ("def f(x: no_such): x.asked", "open unresolved"),
        ("def f(x):\n    x = x or {}\n    x.asked", "dict open"),
        ("def f(*x, **y): x.asked", "tuple"),
        ("def f(*x, **y): y.asked", "dict"),
        ("lambda **x: x.asked", "dict"),
        ("[x.asked for x in 'ab']", "open"),
        ("x = {}\ndef f(): x.asked", "dict"),
        ("def f():\n    x = {}\n    def g(): x.asked", "dict"),
        ("def f():\n    x = {}\n    def g():\n        nonlocal x\n        x = []\n"
         "    x.asked", "dict list"),
        ("x = {}\ndef f():\n    global x\n    x = []\nx.asked", "dict list"),
        ("x = {}\nclass C:\n    x = []\n    def m(self): x.asked", "dict"),
        ("class C:\n    x = []\n    x.asked", "list"),
        ("def f(): return {}\nf().asked", "dict"),
        ("def f():\n    if x: return None\n    return {}\nf().asked", "dict"),
        ("def f():\n    def g(): return []\n    return {}\nf().asked", "dict"),
        ("def f(): yield {}\nf().asked", "generator"),
        ("@wrap\ndef f(): return {}\nf().asked", "dict open"),
        ("async def f(): return {}\nf().asked", "open"),
        ("def f(n): return f(n - 1) if n else {}\nf(2).asked", "dict"),
        ("class C: pass\nC().asked", "C"),
        ("class C: pass\nC.asked", "class C"),
        ("class C: pass\ntype(C()).asked", "class C open"),
        ("class C: pass\nwith C() as c: c.asked", "C open"),
        ("class C:\n    def m(self): self.asked", "C open"),
        ("class C:\n    @classmethod\n    def m(cls): cls().asked", "C open"),
        ("class C:\n    @staticmethod\n    def m(x): x.asked", "open"),
        ("class C:\n    d = {}\n    def m(self): self.d.asked", "dict open"),
        ("class C: d = {}\nC().d.asked", "dict"),
        ("class C: d = {}\nC.d.asked", "dict"),
        ("class C:\n    class D: pass\nC.D().asked", "D"),
        ("class C:\n    def __init__(self): self.d = {}\nC().d.asked", "dict open"),
        ("class C:\n    def __init__(self): self.d: dict = g()\n    def m(self): self.d.asked",
         "dict open"),
        ("class C:\n    @property\n    def d(self): return {}\nC().d.asked", "dict"),
        ("class C:\n    def d(self): return {}\nC().d().asked", "dict"),
        ("class C:\n    d: dict\nC().d.asked", "dict open"),
        ("class B:\n    def __init__(self): self.d = {}\nclass C(B): pass\nC().d.asked",
         "dict open"),
        ("class C(no_such):\n    def m(self): self.d.asked", "open unresolved"),
        ("class C(no_such):\n    def m(self): self.d = {}; self.d.asked", "dict open"),
        ("class C(dict):\n    def m(self): super().asked", "dict open"),
        ("class C(dict, list):\n    def m(self): super().asked", "unresolved"),
        ("try: pass\nexcept KeyError as e: e.asked", "KeyError open"),
        ("match x:\n    case {**y}: y.asked", "dict"),
        ("import mailbox\nmailbox.mbox('f').asked", "mbox"),
        ("{}.asked = 1; [].asked", "list"),
    ],
)  # fmt: skip
def test_origin(project: Project, source: str, expected: str) -> None:
    assert origin(project, source) == expected


def test_names_of_other_modules(project: Project) -> None:
    other = {
        "other.py": "class C: d = {}\nd = {}\nc = C()\nn = None\ndef f(): return {}\nimport gone\n"
    }
    for expression, expected in {
        "other.d": "dict",
        "other.c": "C",
        "other.c.d": "dict",
        "other.C.d": "dict",
        "other.f()": "open",
        "other.n": "open",
        "other.gone": "unresolved",
        "other.missing": "unresolved",
    }.items():
        assert origin(project, f"import other\n{expression}.asked", other) == expected


def test_many_assignments_that_lead_to_each_other_are_followed_quickly(project: Project) -> None:
    names = [f"x{number}" for number in range(30)]
    lines = [f"{one} = {other} or {{}}" for one in names for other in names]
    assert origin(project, "\n".join([*lines, "x7.asked"])) == "dict"
