"""PCL107 and PCL108: names of a class body where Python doesn't look for them.

Every program is run: what is reported raises NameError, and what raises it is reported.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

Project = Callable[..., Any]
CODES = ("PCL107", "PCL108")

# Class bodies below `x = 1`, and what is run then; `run` is what the line of the mark raises.
FUNCTIONS = {
    "def m(self): return x": "C().m()",
    "def m(self): return x.real": "C().m()",
    "def m(self): return x()": "C().m()",
    "def m(self, *args, **keys): return [x for _ in 'a']": "C().m()",
    "def m(self): return [y for y in [x]]": "C().m()",
    "def m(self): return (lambda: x)()": "C().m()",
    "m = lambda self: x": "C().m()",
    "def m(self):\n    def inner(): return x\n    return inner()": "C().m()",
    "def m(self):\n    class D:\n        y = x\n    return D": "C().m()",
    "@staticmethod\ndef m(): return x": "C.m()",
    "@classmethod\ndef m(cls): return x": "C.m()",
    "@property\ndef m(self): return x": "C().m",
    "async def m(self): return x": "C().m().send(None)",
    "def m(self):\n    x += 1": "C().m()",
    "def m(self):\n    for _ in 'a': x *= 2": "C().m()",
    "class D:\n    def m(self): return x": "C.D().m()",
    "def m(self):\n    return x\n    y = x": "C().m()",
    "def m(self, y=x): return y + x": "C().m()",
    "def m(self): return f(x)": "C().m()",
    "def m(self): x[0] = 1": "C().m()",
    "def m(self): x.y = 1": "C().m()",
    "def m(self): del x.y": "C().m()",
    "def m(self):\n    match 1:\n        case 1 if x: pass": "C().m()",
    "def m(self):\n    with x: pass": "C().m()",
    "def m(self):\n    if (y := x): return y": "C().m()",
}
COMPREHENSIONS = {
    "y = [x for _ in 'a']": "",
    "y = {x for _ in 'a'}": "",
    "y = {_: x for _ in 'a'}": "",
    "y = [_ for _ in 'a' if x]": "",
    "y = [b for a in 'a' for b in x]": "",
    "y = [[x for _ in 'a'] for _ in 'a']": "",
    "y = list(x for _ in 'a')": "",
    "class D:\n    y = x": "",
    "class D:\n    class E:\n        y = x": "",
    "class D(object):\n    def m(self, y=x): pass": "",
}
SILENT = {
    "y = x": "",
    "y = [_ for _ in str(x)]": "",
    "y = [x for x in 'a']": "",
    "def m(self, y=x): return y": "C().m()",
    "def m(self, x): return x": "C().m(1)",
    "def m(self, *x): return x": "C().m(1)",
    "def m(self, *, x=1): return x": "C().m()",
    "def m(self, **x): return x": "C().m()",
    "def m(self):\n    x = 1\n    x += 1\n    return x": "C().m()",
    "def m(self):\n    x: int = 1\n    return x": "C().m()",
    "def m(self):\n    import sys as x\n    return x": "C().m()",
    "def m(self):\n    for x in 'a': pass\n    return x": "C().m()",
    "def m(self):\n    try: 1 / 0\n    except ZeroDivisionError as x: return x": "C().m()",
    "def m(self):\n    with open(__file__) as x: return x": "C().m()",
    "def m(self):\n    (x, *_), y = 'ab', 1\n    return x": "C().m()",
    "def m(self):\n    def x(): pass\n    return x": "C().m()",
    "def m(self):\n    class x: pass\n    return x": "C().m()",
    "def m(self):\n    x = 1\n    return (lambda: x)()": "C().m()",
    "def m(self):\n    x = 1\n    class D:\n        y = x\n    return D": "C().m()",
    "def m(self):\n    x = 1\n    def inner():\n        nonlocal x\n        x += 1\n    inner()": "C().m()",
    "def m(self):\n    match 1:\n        case x: return x": "C().m()",
    "def m(self):\n    match {}:\n        case {**x}: return x": "C().m()",
    "def m(self):\n    if (x := 1): return x": "C().m()",
    "def m(self):\n    [x := _ for _ in 'a']\n    return x": "C().m()",
    "def m(self):\n    try: return x\n    except NameError: pass": "C().m()",
    "def m(self):\n    y: x = 1\n    return y": "C().m()",  # never evaluated
    "def m(self): return self.x": "C().m()",
    "m = lambda self, y=x: y": "C().m()",
    "class D:\n    x = 2\n    y = x": "",
    "@(lambda f: f)\ndef m(self): return 1": "C().m()",
}
BEFORE = "def f(*args): return args\n\n\nclass C:\n    x = 1\n"


def program(body: str, call: str) -> str:
    return f"{BEFORE}{textwrap.indent(body, '    ')}\n\n\n{call}\n"


def raises_name_error(source: str) -> bool:
    try:
        exec(compile(source, __file__, "exec"), {"__file__": __file__, "__name__": "m"})
    except NameError as error:  # UnboundLocalError is one
        return "'x'" in str(error)
    return False


@pytest.mark.parametrize(
    ("code", "body", "call"),
    [("PCL107", *item) for item in FUNCTIONS.items()]
    + [("PCL108", *item) for item in COMPREHENSIONS.items()],
)
def test_what_is_reported_raises_name_error(
    project: Project, code: str, body: str, call: str
) -> None:
    source = program(body, call)
    assert raises_name_error(source)
    found = project(source).lint(*CODES)
    assert {finding.code for finding in found} == {code}
    for finding in found:
        assert source.splitlines()[finding.line - 1][finding.column - 1] == "x"


@pytest.mark.parametrize(("body", "call"), SILENT.items())
def test_what_raises_nothing_is_not_reported(project: Project, body: str, call: str) -> None:
    source = program(body, call)
    assert not raises_name_error(source)
    assert project(source).lint(*CODES) == []


@pytest.mark.parametrize(
    "line",
    [
        "x = 2",
        "from os import *\nfrom elsewhere import *",
        "globals()['x'] = 2",
        "def g():\n    global x\n    x = 2",
        "import builtins\nbuiltins.x = 2",
        "import main\nmain.x = 2",
        "import sys\nsys.modules[__name__].x = 2",
        "def g(module): module.x = 2",
        "exec('x = 2')",
        "for x in (): pass",
        "import x",
    ],
)
def test_names_that_may_be_the_modules_are_left_alone(project: Project, line: str) -> None:
    source = (
        f"{line}\n\n\nclass C:\n    x = 1\n    def m(self): return x\n    y = [x for _ in 'a']\n"
    )
    assert project(source).lint(*CODES) == []


def test_a_name_that_another_module_puts_there_is_left_alone(project: Project) -> None:
    files = {
        "main.py": "class C:\n    x = 1\n    def m(self): return x\n",
        "other.py": "import main\n",
    }
    assert len(project(files).lint("PCL107")) == 1
    assert project({**files, "other.py": "import main\nmain.x = 2\n"}).lint("PCL107") == []


def test_names_around_the_class_are_seen(project: Project) -> None:
    source = (
        "def make(x):\n    class C:\n        x = 1\n        def m(self): return x\n    return C\n"
    )
    assert project(source).lint(*CODES) == []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("file", "def m(self): return file('a')"),
        ("unicode", "def m(self): return unicode('a')"),
        ("__doc__", "def m(self): return __doc__"),
        ("len", "def m(self): return len('a')"),
    ],
)
def test_names_that_may_be_built_in_are_left_alone(
    project: Project, name: str, source: str
) -> None:
    assert project(f"class C:\n    {name} = 1\n    {source}\n").lint(*CODES) == []


FIXES = {
    "def m(self): return x": "def m(self): return self.x",
    "def m(this, other): return other + x": "def m(this, other): return other + this.x",
    "@classmethod\ndef m(cls): return x": "@classmethod\ndef m(cls): return cls.x",
    "@staticmethod\ndef m(): return x": "@staticmethod\ndef m(): return C.x",
    "def m(self): return [x for _ in 'a']": "def m(self): return [self.x for _ in 'a']",
    "def m(self): return x * x": "def m(self): return self.x * self.x",
    "def m(self): return -x.real": "def m(self): return -self.x.real",
    "def m(self): return f(x=x)": "def m(self): return f(x=self.x)",
    "def m(self):\n    x += 1": "def m(self):\n    self.x += 1",
    "def m(self): return (lambda: x)()": "def m(self): return (lambda: self.x)()",
}


@pytest.mark.parametrize("body", FIXES)
def test_the_fix_reads_the_attribute(project: Project, body: str) -> None:
    before = BEFORE.replace("*args", "*args, **keys")
    p = project(before + textwrap.indent(body, "    ") + "\n")
    fixed = p.fix("PCL107", unsafe=True)["main.py"]
    assert fixed == before + textwrap.indent(FIXES[body], "    ") + "\n"
    arguments = {"def m(this, other)": "1", "@": ""}
    given = next((value for start, value in arguments.items() if body.startswith(start)), "")
    exec(f"{fixed}\n{'C' if '@static' in body else 'C()'}.m({given})", {})


@pytest.mark.parametrize(
    "body",
    [
        "m = lambda self: x",
        "def m(self):\n    self = 1\n    return x",
        "def m(self): return (lambda self: x)(1)",
        "@decorated\ndef m(self): return x",
        "def m(): return x",
    ],
)
def test_there_is_no_fix_without_a_name_for_the_instance(project: Project, body: str) -> None:
    p = project(BEFORE + textwrap.indent(body, "    ") + "\n")
    (finding,) = p.lint("PCL107")
    assert finding.fix is None


# Programs by chance

NAMES = st.sampled_from(["x", "y"])
LEAF = st.sampled_from(["{n}", "[{n} for _ in 'a']", "[_ for _ in [{n}]]", "(lambda: {n})()"])
BINDING = st.sampled_from(["", "{n} = 5", "for {n} in 'ab': pass", "import sys as {n}"])


@st.composite
def programs(draw: st.DrawFn) -> str:
    lines = ["x = 1", "y = 2"][: draw(st.integers(0, 1))]
    indent = ""
    for number in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(["class", "class", "def"]))
        lines.append(f"{indent}{kind} S{number}{'' if kind == 'class' else '()'}:")
        indent += "    "
        binding = draw(BINDING).format(n=draw(NAMES))
        lines.append(f"{indent}{binding or 'pass'}")
        lines.append(f"{indent}_ = lambda: 0")
    lines.append(f"{indent}use = {draw(LEAF).format(n=draw(NAMES))}")
    depth = len(indent) // 4
    while depth:
        depth -= 1
        header = [line for line in lines if line.startswith("    " * depth + ("def S"))]
        if header:
            lines.append("    " * depth + f"S{depth}()")
    return "\n".join(lines) + "\n"


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(programs())
def test_every_report_is_a_name_error(project: Project, source: str) -> None:
    found = project(source).lint(*CODES)
    if found:
        with pytest.raises(NameError):
            exec(compile(source, "main", "exec"), {"__name__": "m"})
