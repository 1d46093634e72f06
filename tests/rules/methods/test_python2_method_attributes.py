"""PCL406: `im_func`, `func_name` and their like."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

Project = Callable[..., Any]

CODE = "PCL406"
NAMES = {
    "im_func": "__func__",
    "im_self": "__self__",
    "im_class": "__self__.__class__",
    "func_name": "__name__",
    "func_code": "__code__",
    "func_defaults": "__defaults__",
    "func_globals": "__globals__",
    "func_closure": "__closure__",
    "func_dict": "__dict__",
    "func_doc": "__doc__",
}


@pytest.mark.parametrize("old", NAMES)
def test_each_name_is_gone_and_has_a_successor(project: Project, old: str) -> None:
    p = project(f"class C:\n def m(self): 'doc'\nc = C()\nprint(c.m.{old})\n")
    assert p.places(CODE) == [("main.py", 4, 7)]
    assert f"has no attribute '{old}'" in p.run("main.py").stderr
    p.fix(CODE, unsafe=old == "im_class")
    assert p.run("main.py").returncode == 0
    assert f"c.m.{NAMES[old]}" in p.texts()["main.py"]


def test_the_successors_are_what_python2_meant(project: Project, python2: str) -> None:
    lines = "".join(
        f"assert m.{old} is m.{new} or m.{old} == m.{new}, {old!r}\n"
        for old, new in NAMES.items()
        if old != "func_dict"
    )
    program = f"class C(object):\n    def m(self, x=1): 'doc'\nm = C().m\n{lines}"
    done = subprocess.run([python2, "-c", program], capture_output=True, text=True)
    assert done.stderr == ""


FIXED = {
    "def f(x): return x.func_name": "def f(x): return x.__name__",
    "def f(x): return x().im_func.func_code": "def f(x): return x().__func__.__code__",
    "def f(x): return x . func_name": "def f(x): return x . __name__",
    "def f(x): return (x.\n func_name)": "def f(x): return (x.\n __name__)",
    "def f(x): return (x.  # one\n # two\n\n func_name)": (
        "def f(x): return (x.  # one\n # two\n\n __name__)"
    ),
    "def f(x): return (x  # one\n .\\\n func_name)": (
        "def f(x): return (x  # one\n .\\\n __name__)"
    ),
    "def f(x): x.func_dict.update(a=1)": "def f(x): x.__dict__.update(a=1)",
    "def f(): pass\nf.func_name = 'g'": "def f(): pass\nf.__name__ = 'g'",
    "def f(): 'a'\nf.func_doc += 'b'": "def f(): 'a'\nf.__doc__ += 'b'",
    "def f(): pass\nf.func_doc = f.func_name": "def f(): pass\nf.__doc__ = f.__name__",
    "def d(f):\n def w(): pass\n w.func_name = f.func_name\n return w": (
        "def d(f):\n def w(): pass\n w.__name__ = f.__name__\n return w"
    ),
    "class C:\n @classmethod\n def m(cls): pass\nC.m.im_func": (
        "class C:\n @classmethod\n def m(cls): pass\nC.m.__func__"
    ),
    "class C:\n def m(self): self.m.im_self": "class C:\n def m(self): self.m.__self__",
    "import types\ndef f(g, o, c): return types.MethodType(g, o, c)": (
        "import types\ndef f(g, o, c): return types.MethodType(g, o)"
    ),
    "from types import MethodType as M\ndef f(g, o, c): M(g, o, c)": None,
    "from types import MethodType\ndef f(g, o, c): MethodType(g, o,\n  c,)": (
        "from types import MethodType\ndef f(g, o, c): MethodType(g, o,)"
    ),
}


@pytest.mark.parametrize("source", FIXED)
def test_safe_fixes(project: Project, source: str) -> None:
    p = project(source + "\n")
    if FIXED[source] is None:
        assert p.lint(CODE) == []
        return
    if "def f(x)" in source or "def d(f)" in source:  # they may be anything
        assert "unsafe" in {finding.fix.applicability for finding in p.lint(CODE)}
        assert p.fix(CODE, unsafe=True)["main.py"] == f"{FIXED[source]}\n"
    else:
        assert p.fix(CODE)["main.py"] == f"{FIXED[source]}\n"
    assert p.lint(CODE) == []


UNSAFE = {
    "def f(x): return x.im_class": "def f(x): return x.__self__.__class__",
    "class C:\n def m(self): pass\nC.m.im_func()": "class C:\n def m(self): pass\nC.m()",
    "def f(x):\n try: x.func_name\n except AttributeError: pass": (
        "def f(x):\n try: x.__name__\n except AttributeError: pass"
    ),
    "def f(x, y):\n print 1\n y.func_name = 1\n x.func_name": (
        "def f(x, y):\n print 1\n y.func_name = 1\n x.__name__"
    ),
}


@pytest.mark.parametrize("source", UNSAFE)
def test_unsafe_fixes(project: Project, source: str) -> None:
    p = project(source + "\n")
    assert len(p.lint(CODE)) == 1
    assert p.fix(CODE)["main.py"] == source + "\n"
    assert p.fix(CODE, unsafe=True)["main.py"] == f"{UNSAFE[source]}\n"


@pytest.mark.parametrize(
    "source",
    [
        "import types\ndef f(g, c): types.MethodType(g, None, c)",
        "import types\ndef f(g, o, c): types.MethodType(g, o,  # bound\n  c)",
        "import types\ndef f(g, o, c): types.MethodType(g, (o), (c))",
        "class C:\n def m(self): pass\nC.m.im_self",
        "class C:\n def m(self): pass\nC.m.im_class",
    ],
)
def test_reported_without_a_fix(project: Project, source: str) -> None:
    (finding,) = project(source + "\n").lint(CODE)
    assert finding.fix is None


SILENT = [
    "class Call:\n def __init__(self): self.func_name = 'x'\ndef f(call): return call.func_name",
    "class Call:\n func_name = 'x'\ndef f(call): return call.func_name",
    "class Call:\n __slots__ = ('func_name',)\ndef f(call): return call.func_name",
    "class Call:\n @property\n def func_name(self): pass\ndef f(call): return call.func_name",
    "from elsewhere import thing\nthing.func_name",
    "import elsewhere\nelsewhere.f().func_name",
    "from elsewhere import Base\nclass C(Base):\n def m(self): return self.func_name",
    "class C:\n def m(self): return self.func_name",
    "from elsewhere import wrapped\n@wrapped\ndef f(): pass\nf.func_name",
    "def f(options): options.func_name = 'x'",
    "def f(options): del options.func_name",
    "x = 'im_func'; getattr(x, 'im_func', x)",
    "import sys\ndef f(x):\n if sys.version_info[0] == 2: return x.im_func",
    "def f(x): return x.im_func if hasattr(x, 'im_func') else x",
    "def f(x): return x.__func__ if hasattr(x, '__func__') else x.im_func",
    "def f(x):\n if hasattr(x, '__func__'): return x.__func__\n return x.im_func",
    "def f(x):\n try: return x.__func__\n except AttributeError: return x.im_func",
    "def f(x):\n try: return x.im_func\n except AttributeError: return x.__func__",
    "def f(x):\n try: return x.__code__\n except AttributeError: return x.im_func.func_code",
    "def f(x):\n try: return x.im_class\n except AttributeError: return x.__self__.__class__",
    "def f(x, raises):\n with raises(AttributeError): x.im_func",
    "import types\ndef f(g, o): types.MethodType(g, o)",
    "import types\ndef f(a): types.MethodType(*a, 1, 2)",
    "import types\ndef f(types): types.MethodType(1, 2, 3)",
    "import types, sys\ndef f(g, o, c):\n if sys.version_info < (3,): types.MethodType(g, o, c)",
    "import types\ndef f(g, o, c):\n try: types.MethodType(g, o, c)\n except TypeError: pass",
    "def MethodType(a, b, c): pass\nMethodType(1, 2, 3)",
]


@pytest.mark.parametrize("source", SILENT)
def test_silent(project: Project, source: str) -> None:
    assert project(source + "\n").messages(CODE) == []


def test_what_surely_is_a_function_is_reported_whatever_classes_bind(project: Project) -> None:
    p = project("class Call: func_name = 'x'\ndef f(): pass\nf.func_name\n")
    assert p.places(CODE) == [("main.py", 3, 1)]


def test_the_words(project: Project) -> None:
    p = project(
        "class C:\n def m(self): pass\ndef f(x): x.func_code = x.im_func\nC.m.im_func\n"
        "def g(): pass\ng.func_name = ''\nimport types\ntypes.MethodType(g, C(), C)\n"
    )
    assert p.messages(CODE) == [
        "`x.im_func`: methods have no `im_func` in Python 3, where it is `__func__`",
        "`C.m` is the function itself in Python 3, and has no `im_func`",
        "`g.func_name`: functions have no `func_name` in Python 3, where it is `__name__`; "
        "assigning makes an attribute without a meaning",
        "`types.MethodType` takes a function and an instance in Python 3, and no class: three "
        "arguments raise TypeError",
    ]


def test_the_receiver_is_quoted_with_its_brackets(project: Project) -> None:
    p = project("def f(x, y): return f'{x} {(x or y).im_func} {x . im_func}'\n")
    assert p.messages(CODE) == [
        "`(x or y).im_func`: methods have no `im_func` in Python 3, where it is `__func__`",
        "`x.im_func`: methods have no `im_func` in Python 3, where it is `__func__`",
    ]
    fixed = p.fix(CODE, unsafe=True)["main.py"]
    assert fixed == "def f(x, y): return f'{x} {(x or y).__func__} {x . __func__}'\n"


def test_three_arguments_do_raise() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import types\ntypes.MethodType(print, 1, int)"],
        capture_output=True,
        text=True,
    )
    assert "TypeError" in done.stderr


def test_python2_source(project: Project) -> None:
    p = project("def f(x):\n    print x.im_func, `x.func_name`\n")
    assert len(p.lint(CODE)) == 2
    assert p.fix(CODE)["main.py"] == "def f(x):\n    print x.__func__, `x.__name__`\n"
    assert (
        p.fix(CODE, "PCL902")["main.py"] == "def f(x):\n    print(x.__func__, repr(x.__name__))\n"
    )
