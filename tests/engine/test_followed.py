"""What an expression may evaluate to, followed through flow, callers and modules."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from all_runs import Noted, Runs, text_of

from pyconcepts_lint.analysis.followed import classes_of, possible
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


CLASSES = "class A: pass\nclass B: pass\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = [A(), B()]\nx[0].asked", "A B"),
        ("x = [A() for _ in '12']\nfor y in x: y.asked", "A"),
        ("x = [A()]\nfor i, y in enumerate(x): y.asked", "A"),
        ("x = [A()]\nz = [B()]\nfor y, w in zip(x, z): w.asked", "B"),
        ("x = {1: A()}\nfor k, y in x.items(): y.asked", "A"),
        ("x = {1: A()}\nx[1].asked", "A"),
        ("x = {}\nx['k'] = A()\nfor y in x.values(): y.asked", "A"),
        ("x = [A()]\nx.append(B())\nx[-1].asked", "A B"),
        ("x = []\nx.append(A())\ny = x[0]\ny.asked", "A"),
        ("x, y = [A(), B()][:]\ny.asked", "A B"),
        ("x = [A()]\ny, = x\ny.asked", "A"),
        ("x = [A()]\nfor y in sorted(x): y.asked", "A"),
        ("x = [A()]\ndef f():\n    for y in x: y.asked", "A"),
        ("x = [A()]\nx[0] = B()\nx[0].asked", "A B"),
        # What else may be in it isn't known.
        ("x = [A()]\nwork(x)\nx[0].asked", "open"),
        ("x = [A()]\nx.extend(work())\nx[0].asked", "open"),
        ("x = [A()]\nx += work()\nx[0].asked", "open"),
        ("x = [A()]\ny = x\nx[0].asked", "open"),
        ("x = [A()]\nx[:] = work()\nx[0].asked", "open"),
        ("x = [A()]\nx = [B()]\nx[0].asked", "open"),
        ("x = [A(), *work]\nx[0].asked", "A open"),
        ("x = [A()]\nsorted = work\nfor y in sorted(x): y.asked", "open"),
        ("x = [A()]\ndef f(): return x\nx[0].asked", "open"),
        ("x = [A()]\ndef f(*k): return k\nf(x)\nx[0].asked", "open"),
    ],
)
def test_what_is_in_lists_and_dictionaries(project: Project, source: str, expected: str) -> None:
    assert found(project, CLASSES + source) == expected


def test_a_list_that_another_module_uses_may_have_other_items(project: Project) -> None:
    source = CLASSES + "x = [A()]\nx[0].asked"
    for other, expected in {
        "import main\nmain.x.append(1)": "open",
        "from main import x as y\ny.append(1)": "open",
        "from main import *\nx.append(1)": "open",
        "from main import A\nx = []\nx.append(1)": "A",
    }.items():
        assert found(project, source, {"other.py": other}) == expected


def answers(project: Project, source: str, other: Mapping[str, str]) -> list[PossibleValues]:
    path = str(project({"main.py": source, **other}).root / "main.py")
    return [origin for _, origin in possible(Workspaces().of(path).open(path), asked)]


@pytest.mark.parametrize(
    ("callers", "expected"),
    [
        ({"a.py": "from main import f, A\nf(A())"}, "A open"),
        (
            {
                "a.py": "import main\nmain.f(p=main.A())",
                "b.py": "from main import f as g, B\ng(B())",
            },
            "A B open",
        ),
        (
            {
                "p/__init__.py": "from main import f",
                "b.py": "from p import f\nfrom main import A\nf(A())",
            },
            "A open",
        ),
        (
            {"a.py": "def run():\n    from main import A, f\n    for each in [A(), A()]: f(each)"},
            "A open",
        ),
        # It isn't known what else calls it, or with what.
        ({}, ""),
        ({"a.py": "from main import f\nf(1, 2)\nprint(f)"}, ""),
        ({"a.py": "from main import f\nf(*work)"}, ""),
        ({"a.py": "from main import f, A\nf(A())\nf(work)"}, ""),
        ({"a.py": "from main import f, A\nf(A())", "b.py": "from main import f\nrun(f)"}, ""),
    ],
)
def test_a_parameter_is_what_all_calls_in_the_project_pass(
    project: Project, callers: Mapping[str, str], expected: str
) -> None:
    (origin,) = answers(project, CLASSES + "def f(p): p.asked\n", callers)
    if expected:
        assert described(origin) == expected
        assert not origin.is_unknown
        assert [model.name for model in classes_of(origin)] == expected.split()[:-1]
    else:
        assert origin.is_unknown or origin.is_unresolved
        assert classes_of(origin) == []


def test_a_function_that_another_module_passes_returns_what_it_returns(project: Project) -> None:
    other = {"a.py": "from main import f\ndef make(): return {}\nf(make)\n"}
    (origin,) = answers(project, "def f(p): p().asked\n", other)
    assert described(origin) == "dict open"


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
