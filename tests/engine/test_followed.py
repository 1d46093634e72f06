"""What an expression may evaluate to, followed through flow, callers and modules."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from all_runs import Noted, Runs, text_of

from pyconcepts_lint.analysis.followed import possible
from pyconcepts_lint.analysis.values import Function, Instance, PossibleValues, origins
from pyconcepts_lint.index.model import ClassModel
from pyconcepts_lint.workspace.workspace import Workspaces

Project = Callable[..., Any]


def asked(node: ast.expr) -> ast.expr | None:
    is_asked = isinstance(node, ast.Attribute) and node.attr == "asked"
    return node.value if is_asked else None  # type: ignore[attr-defined]


def described(origin: PossibleValues) -> str:
    words = set()
    for item in origin.objects:
        if isinstance(item, Instance):
            words.add(item.model.name)
        elif isinstance(item, Function):
            words.add(f"function {item.node.name}")
        else:
            words.add(f"class {item.name}" if isinstance(item, ClassModel) else str(item))
    flags = [word for word in ("open", "unresolved") if getattr(origin, f"is_{word}")]
    return " ".join([*sorted(words), *flags])


def found(project: Project, source: str, other: Mapping[str, str] | None = None) -> str:
    path = str(project({"main.py": source, **(other or {})}).root / "main.py")
    (answer,) = possible(Workspaces().of(path).open(path), asked)
    return described(answer.origin)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("x = []\nx = {}\nx.asked", "dict"),
        ("x = []\nx.asked\nx = {}", "list"),
        ("if c: x = []\nelse: x = {}\nx.asked", "dict list"),
        ("x = []\nif c: x = {}\nx.asked", "dict list"),
        ("x = []\nif c:\n    x = {}\n    return\nx.asked", "list"),
        ("x = []\nfor y in c:\n    x.asked\n    x = {}", "dict list"),
        ("x = []\ntry:\n    x = {}\nfinally:\n    x.asked", "dict list"),
        ("try:\n    x = {}\nexcept E:\n    x = []\nx.asked", "dict list"),
        ("x = []\nwith c as y: x = {}\nx.asked", "dict list"),
        ("x, y = [], 1\nx, y = {}, 2\nx.asked", "dict"),
        ("x = []\nx = {}\ndef g(): x.asked", "dict list"),
        ("x = {}\ndef g():\n    nonlocal x\n    x = []\nx = {}\nx.asked", "dict list"),
        ("x = {}\nx += c\nx.asked", "dict"),  # and is_unknown
        ("x = []\nif (x := {}): x.asked", "dict list"),
        ("for x in [{}, 1]: x.asked", "dict int"),
        ("for x in [{}, *c]: x.asked", "dict open"),
        ("for x, y in [({}, 1)]: x.asked", "open"),
        ("[x.asked for x in ({}, [])]", "dict list"),
        ("def g(x): x.asked\ng({})", "dict"),
        ("def g(x, y=[]): y.asked\ng(1)\ng(1, {})\ng(y='', x=1)", "dict list str"),
        ("def g(x=[]): x.asked", "list open"),
        ("def g(x): x.asked\ng({})\nreturn g", "open"),
        ("def g(x): x.asked\ng(*c)", "open"),
        ("def g(x): x.asked\ng(**c)", "open"),
        ("@c\ndef g(x): x.asked\ng({})", "open"),
        ("def g(x):\n    x.asked\n    g([])\ng({})", "dict list"),
        ("def g(x): x.asked\ng({})\nlocals()", "dict open"),
    ],
)
def test_in_a_function(project: Project, body: str, expected: str) -> None:
    assert found(project, "def f(c):\n    " + body.replace("\n", "\n    ")) == expected


def test_a_function_of_the_module_may_have_other_callers(project: Project) -> None:
    assert found(project, "def f(x=1): x.asked\nf({})\n") == "dict int open"


def test_functions_of_other_modules_return_what_they_return(project: Project) -> None:
    other = {
        "other.py": "class C: pass\ndef make(): return C()\n@wrap\ndef wrapped(): return C()\n"
        "def perhaps(x):\n    if x: return C()\n    return {}\ndef outer():\n"
        "    def inner(): pass\n    return inner\n"
    }
    for call, expected in {
        "other.make()": "C",
        "other.perhaps(1)": "C dict",
        "other.wrapped()": "C open",
        "other.outer()": "open",
        "(other.make() or [])": "C list",
    }.items():
        assert found(project, f"import other\n{call}.asked", other) == expected


def test_a_module_in_python2_is_read_too(project: Project) -> None:
    other = {"other.py": "def make():\n    print 1\n    return {}\n"}
    assert found(project, "import other\nother.make().asked", other) == "dict"


def test_attributes_of_instances_outside_of_classes(project: Project) -> None:
    source = "class C:\n    def __init__(self): self.d = {}\n"
    assert found(project, source + "c = C()\nc.d.asked") == "dict open"


KINDS = 12


class Types(Runs):
    """The classes of `a` where it is used, by lines."""

    def __init__(self, text: str, turns: int) -> None:
        self.types: dict[int, set[str]] = {}
        super().__init__(text, turns)

    def at(self, line: int, variables: dict[str, Any]) -> None:
        super().at(line, variables)
        if "a" in variables:
            self.types.setdefault(line, set()).add(type(variables["a"]).__name__)


def program(seed: int) -> str:
    """A function in which each assignment gives `a` an instance of another class."""
    numbers = itertools.count()
    lines = text_of(seed).replace("pass", "a.asked").replace("b = 1", "a = work()").split("\n")
    return "\n".join(
        line.replace("a = work()", f"a = K{next(numbers) % KINDS}()") for line in lines
    )


def test_uses_have_what_python_gives_them(tmp_path: Path) -> None:
    header = "".join(f"class K{number}: pass\n" for number in range(KINDS))
    exact = 0
    for seed in range(150):
        text = header + program(seed)
        path = tmp_path / f"main{seed}.py"
        path.write_text(text)
        noted = Noted().visit(ast.Module(ast.parse(text).body[KINDS:], []))
        # The call before a use tells the class of `a`; it has no such attribute.
        code = ast.unparse(ast.fix_missing_locations(noted)).replace("a.asked", "pass")
        runs = Types(header + code, 3)
        file = Workspaces().of(str(path)).open(str(path))
        loose = dict(origins(file, asked))
        for node, origin in possible(file, asked):
            seen = runs.types.get(node.lineno, set())
            names = set(described(origin).split())
            is_open = origin.is_open or origin.is_unresolved
            assert is_open or seen <= names, text
            exact += not is_open and seen == names != set(described(loose[node]).split())
    assert exact > 10  # of those that without flow would have had more
