"""PCL107 and PCL108: names of a class body where Python doesn't look for them.

Every program is run: what is reported raises NameError, and what raises it is reported.
"""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Callable
from typing import Any, NamedTuple

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
    "def m(self): return f'{x}'": "C().m()",
    "def m(self): return f'''\n{\n  x!r:>{3}}'''": "C().m()",
    "def m(self):\n    y: int = x": "C().m()",
    "def m(self):\n    x += 1\n    def inner(): return x\n    return inner()": "C().m()",
    "m = staticmethod(lambda: x)": "C.m()",
    "y = (lambda: [x for _ in 'a'])": "C.y.__get__(None, C)()",
    "@(lambda f: [x for _ in 'a'])\ndef m(self): pass": "",
    "def m(self): return x if self else x": "C().m()",
    "def m(self): yield x": "next(C().m())",
    "def m(self): raise ValueError from x": "C().m()",
    "def m(self): assert x": "C().m()",
    "def m(self):\n    global y\n    y = x": "C().m()",
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
    "class D:\n    x += 1": "",
    "class D:\n    x = x": "",
    "class D:\n    x: int = x": "",
    "class D:\n    y = x = [x]": "",
    "class D:\n    for x in x: pass": "",
    "class D:\n    def x(self, y=x): pass": "",
    "class D:\n    @x\n    def m(self): pass": "",
    "class D:\n    class E(x): pass": "",
    "def m(self, y=[x for _ in 'a']): pass": "",
    "class D([x for _ in 'a'][0]): pass": "",
    "y = {a: b for a in 'a' for b in [x]}": "",
    "y = [lambda: a for a in 'a' if x]": "",
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
    "class D:\n    x, y = 1, 2\n    x = x": "",
    "class D:\n    try: 1 / 0\n    except ZeroDivisionError as x: y = x": "",
    "class D(x.__class__): pass": "",
    "class D(metaclass=type, **dict(zip((), [x]))): pass": "",
    "def m(self, y: x, z: 'x'=1) -> x: pass": "",
    "def m(self):\n    import builtins\n    if hasattr(builtins, 'x'): return x": "C().m()",
    "class D:\n    try: y = x\n    except NameError: pass": "",
    "import contextlib\nwith contextlib.suppress(NameError): y = [x for _ in 'a']": "",
    "y = [x for x in [x]]": "",
    "y = (lambda z=[a for a in [x]]: z)()": "",
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
        "import sys\nsetattr(sys.modules[__name__], 'xy'[0], 2)",
        "import main\nsetattr(main, 'xy'[0], 2)",
        "import main\nvars(main)['x'] = 2",
        "import main\nmain.__dict__.update(x=2)",
        "import builtins\nbuiltins.__dict__['x'] = 2",
        "def g():\n    import builtins\n    setattr(builtins, 'xy'[0], 2)",
        "from enum import Enum, global_enum\n@global_enum\nclass E(Enum): x = 2",
        "import importlib\nimportlib.import_module(__name__).x = 2",
        "import sys\nsys._getframe().f_globals['x'] = 2",
        "import sys\nnames = sys._getframe().f_globals\nnames.update(x=2)",
        "for x in (): pass",
        "import x",
    ],
)
def test_names_that_may_be_the_modules_are_left_alone(project: Project, line: str) -> None:
    source = (
        f"{line}\n\n\nclass C:\n    x = 1\n    def m(self): return x\n    y = [x for _ in 'a']\n"
    )
    assert project(source).lint(*CODES) == []


def test_what_only_asks_for_the_name_of_its_caller_puts_no_names_there(project: Project) -> None:
    source = (
        "import sys\nwho = sys._getframe().f_globals.get('__name__')\n"
        "class C:\n    x = 1\n    def m(self): return x\n"
    )
    assert len(project(source).lint("PCL107")) == 1


def test_a_name_that_another_module_puts_there_is_left_alone(project: Project) -> None:
    files = {
        "main.py": "class C:\n    x = 1\n    def m(self): return x\n",
        "other.py": "import main\n",
    }
    assert len(project(files).lint("PCL107")) == 1
    assert project({**files, "other.py": "import main\nmain.x = 2\n"}).lint("PCL107") == []


def test_files_that_others_run_with_names_of_theirs_are_left_alone(project: Project) -> None:
    files = {
        "plugin.py": "class C:\n    x = 1\n    def m(self): return x\n",
        "main.py": "exec(open('plugin.py').read(), {'x': 2})\n",
    }
    assert project(files).lint(*CODES) == []


def test_nothing_is_said_of_a_class_body_that_may_be_prepared(project: Project) -> None:
    """Its namespace may have the name before the first line is run."""
    metaclass = (
        "class M(type):\n    @classmethod\n    def __prepare__(cls, name, bases): return {'x': 2}\n"
    )
    body = "class C:\n    x = 1\n    class D({}):\n        y = x\n"
    exec(metaclass + body.format("metaclass=M"), {})
    assert project(metaclass + body.format("metaclass=M")).lint(*CODES) == []
    assert project("from a import B\n" + body.format("B")).lint(*CODES) == []
    assert len(project(metaclass + body.format("")).lint("PCL108")) == 1


def test_private_names_are_those_of_their_own_class(project: Project) -> None:
    source = "class C:\n    __x = 1\n    def m(self): return __x\n"
    (finding,) = project(source).lint("PCL107")
    assert "`__x`" in finding.message
    assert project("_C__x = 2\n" + source).lint(*CODES) == []
    nested = "class C:\n    __x = 1\n    class D:\n        def m(self): return __x\n"
    assert project(nested).lint(*CODES) == []
    p = project(source)
    assert p.fix("PCL107", unsafe=True)["main.py"] == source.replace("return ", "return self.")


def test_a_name_that_is_only_annotated_is_said_to_be_no_more(project: Project) -> None:
    source = "class C:\n    x: int\n    def m(self): return x\n    y = [x for _ in 'a']\n"
    (finding,) = project(source).lint(*CODES)
    assert (finding.line, finding.code) == (3, "PCL107")
    assert "declared" in finding.message
    assert "C.x" not in finding.message


def test_stubs_are_never_run(project: Project) -> None:
    assert project({"main.pyi": "class C:\n    x = 1\n    y = [x for _ in 'a']\n"}).lint() == []


def test_code_for_type_checkers_is_never_run(project: Project) -> None:
    source = (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    class C:\n        x = 1\n"
        "        y = [x for _ in 'a']\n        def m(self): return x\n"
    )
    assert project(source).lint(*CODES) == []


def test_list_comprehensions_of_python2_are_said_to_fail_in_python3(project: Project) -> None:
    source = (
        "class C:\n    x = 1\n    y = [x for _ in 'a']\n    z = list(x for _ in 'a')\n"
        "    class D:\n        w = x\n    def m(self):\n        print x\n"
    )
    found = {f.line: f for f in project(source).lint(*CODES)}
    assert {line: f.code for line, f in found.items()} == {
        **dict.fromkeys((3, 4, 6), "PCL108"),
        8: "PCL107",
    }
    assert [line for line, f in found.items() if "in Python 3" in f.message] == [3]


def test_list_comprehensions_of_python2_see_the_class(python2: str) -> None:
    body = "class C:\n    x = 1\n    y = {}\n"
    for value, works in (("[x for _ in 'a']", True), ("list(x for _ in 'a')", False)):
        done = subprocess.run([python2, "-c", body.format(value)], capture_output=True, timeout=60)
        assert (done.returncode == 0) is works


@pytest.mark.skipif(sys.version_info < (3, 12), reason="type parameters are new in 3.12")
@pytest.mark.parametrize(
    "body",
    [
        "x = 1\n    def m[x](self): return x",
        "x = 1\n    def m[T: x](self): pass",
        "x = int\n    type y = x",
        "x = 1\n    class D[T](x.__class__): pass",
        "x = 1\n    def m(self):\n        type x = int\n        return x",
        "x = int\n    type y[T] = [x for _ in 'a']",
    ],
)
def test_what_is_evaluated_in_annotation_scopes_is_left_alone(project: Project, body: str) -> None:
    source = f"class C:\n    {body}\nif hasattr(C, 'm'): C().m()\n"
    exec(compile(source, "main", "exec"), {"__name__": "m"})
    assert project(source).lint(*CODES) == []


@pytest.mark.skipif(sys.version_info < (3, 12), reason="type parameters are new in 3.12")
def test_functions_with_type_parameters_skip_the_class_all_the_same(project: Project) -> None:
    source = "class C:\n    x = 1\n    def m[T](self): return x\n"
    with pytest.raises(NameError):
        exec(source + "C().m()", {"__name__": "m"})
    assert project(source).places("PCL107") == [("main.py", 3, 28)]


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
    "def m(self): return f'{x:>{x}}'": "def m(self): return f'{self.x:>{self.x}}'",
    "def m(self): return k(self, 1)\ndef k(self, a): return a": (
        "def m(self): return C.k(self, 1)\ndef k(self, a): return a"
    ),
    "def m(self): return k()\ndef k(self): return 1": (
        "def m(self): return self.k()\ndef k(self): return 1"
    ),
    "@staticmethod\ndef m(): return k()\n@staticmethod\ndef k(): return 1": (
        "@staticmethod\ndef m(): return C.k()\n@staticmethod\ndef k(): return 1"
    ),
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
        "def m(self): return f'{x=}'",
    ],
)
def test_there_is_no_fix_without_a_name_for_the_instance(project: Project, body: str) -> None:
    p = project(BEFORE + textwrap.indent(body, "    ") + "\n")
    (finding,) = p.lint("PCL107")
    assert finding.fix is None


def test_members_of_an_enum_are_read_from_the_class(project: Project) -> None:
    source = "import enum\nclass C(enum.Enum):\n    x = 1\n    def m(self): return x\n"
    text = project(source).fix("PCL107", unsafe=True)["main.py"]
    assert text == source.replace("return x", "return C.x")


# Programs by chance

NAMES = st.sampled_from(["x", "y"])
USES = st.sampled_from(
    [
        "use = {n}",
        "use = [{n} for _ in 'a']",
        "use = [_ for _ in [{n}]]",
        "use = [a for _ in 'a' for a in [{n}]]",
        "use = (lambda: {n})()",
        "use = (lambda a={n}: a)()",
        "use = list({n} for _ in 'a')",
        "use = f'{{{n}}}'",
        "def use(a={n}): pass",
        "class use:\n{i}    a = {n}",
        "class use:\n{i}    {n} = {n}",
        "class use:\n{i}    {n} += 1",
        "class use(type({n})): pass",
        "use = [[{n} for _ in 'a'] for {n} in 'a']",
        "use = [(lambda: {n})() for _ in 'a']",
    ]
)
BINDINGS = st.sampled_from(
    [
        "",
        "",
        "{n} = 5",
        "for {n} in 'ab': pass",
        "import sys as {n}",
        "({n} := 5)",
        "def {n}(): pass",
    ]
)


class Program(NamedTuple):
    source: str
    name: str
    is_in_class_body: bool  # does a class around the use, but not directly, bind the name?


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """Classes and functions in one another, all of them run, and one use of a name."""
    lines = ["x = 1", "y = 2"][: draw(st.integers(0, 2))]
    name = draw(NAMES)
    blocks: list[tuple[str, str]] = []
    indent = ""
    for number in range(draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["class", "class", "def"]))
        bound = draw(NAMES)
        binding = draw(BINDINGS).format(n=bound)
        lines.append(f"{indent}{kind} S{number}{'' if kind == 'class' else '()'}:")
        indent += "    "
        lines.append(indent + (binding or "pass"))
        blocks.append((kind, bound if binding else ""))
    use = draw(USES)
    lines.append(indent + use.format(n=name, i=indent))
    for depth in reversed(range(len(blocks))):
        if blocks[depth][0] == "def":
            lines.append("    " * depth + f"S{depth}()")
    return Program("\n".join(lines) + "\n", name, ("class", name) in blocks)


@settings(
    max_examples=80,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(programs())
def test_a_use_is_reported_if_and_only_if_it_fails(project: Project, program: Program) -> None:
    found = project(program.source).lint(*CODES)
    error = what_it_raises(program.source)
    if isinstance(error, NameError):
        assert error.name == program.name
        # In a class of a function, `x = x` is left alone: where the function binds the name, too,
        # it reads the module's all the same.
        may_miss = (
            "def S" in program.source and f"{program.name} = {program.name}" in program.source
        )
        assert bool(found) is program.is_in_class_body or (may_miss and not found)
    else:
        assert found == []


def what_it_raises(source: str) -> Exception | None:
    try:
        exec(compile(source, "main", "exec"), {"__name__": "m"})
    except (NameError, TypeError) as error:  # not every object can be a base, or be added to
        return error
    return None
