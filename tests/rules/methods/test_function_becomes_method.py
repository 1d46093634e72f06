"""PCL405, compared with running the calls: with the fix they succeed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

CODE = "PCL405"
HELPERS = "def one(a): return a\ndef two(a, b): return a\n"


@pytest.mark.parametrize(
    ("value", "call"),
    [
        ("lambda name: 1", "self.f(2)"),
        ("lambda: 1", "self.f()"),
        ("lambda a, /, *, b: 1", "self.f(2, b=3)"),
        ("lambda a, b=1: 1", "self.f(2, 3)"),
        ("one", "self.f(2)"),
        ("two", "self.f(2, 3)"),
        ("two", "self.f(2, b=3)"),
        ("two", "self.f(a=2, b=3)"),
        ("one", "self . f ( 2 )"),
        ("one", "[self.f(x) for x in 'a']"),
        ("one", "(lambda: self.f(1))()"),
        ("one", "C().f(2)"),
        ("(one)", "self.f(2)"),
        ("(lambda a:\n        1)", "self.f(2)"),
    ],
)
def test_a_call_with_the_functions_own_arguments_fails_until_it_is_fixed(
    project: Callable[..., Any], value: str, call: str
) -> None:
    source = (
        f"{HELPERS}class C:\n    f = {value}\n    def g(self):\n        return {call}\nC().g()\n"
    )
    small = project(source)
    (finding,) = small.lint(CODE)
    assert (finding.line, finding.column) == (4, 5)
    assert finding.fix is not None
    assert finding.fix.applicability == "safe"
    error = small.run("main.py").stderr.splitlines()[-1]
    assert error.startswith("TypeError: ")
    assert finding.message.endswith(error.partition("() ")[2])
    small.fix(CODE)
    done = small.run("main.py")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("body", "call"),
    [
        ("f = lambda self, a: a", "self.f(1)"),
        ("f = lambda *args: 1", "self.f(1)"),
        ("f = lambda a, b=1: 1", "self.f(1)"),  # either way
        ("f = two", "self.f(1)"),
        ("f = one", "C.f(1)"),
        ("f = one", "type(self).f(1)"),
        ("f = one", "self.__class__.f(1)"),
        ("f = staticmethod(one)", "self.f(1)"),
        ("f = len", "self.f('a')"),
        ("f = int", "self.f('1')"),
        ("f = Helper", "self.f(1)"),
        ("f = Helper(1)", "self.f(1)"),
        ("f = one\n    f = print", "self.f(1)"),
        ("f = one\n    def __init__(self): self.f = print", "self.f(1)"),
        ("f = one\n    def __init__(self): vars(self).update(f=print)", "self.f(1)"),
        ("f = one\n    def __getattribute__(self, name): return print", "self.f(1)"),
        ("f = one", "self.f(*[])"),
        ("f = one", "self.f(**{})"),
        ("f = one", "self.f()"),
    ],
)
def test_near_misses_that_run(project: Callable[..., Any], body: str, call: str) -> None:
    helpers = f"{HELPERS}class Helper:\n    def __init__(self, a): pass\n    def __call__(self, a): pass\n"
    small = project(
        f"{helpers}class C:\n    {body}\n    def g(self):\n        return {call}\nC().g()\n"
    )
    assert small.lint(CODE) == []
    done = small.run("main.py")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "source",
    [
        # declared as something that is called with its own arguments
        "from typing import Callable\nclass C:\n    f: Callable = lambda a: a\n    def g(self): self.f(1)",
        "from dataclasses import dataclass\n@dataclass\nclass C:\n    f: object = lambda a: a\n    def g(self): self.f(1)",
        # called rightly, too
        "class C:\n    f = lambda a: a\n    def g(self): self.f(1)\n    def h(self): self.f()",
        "class C:\n    f = lambda a: a\n    def g(self): self.f(1)\ndef h(c): c.f()",
        # another class's attribute
        "class D:\n    def f(self, a): pass\nclass C:\n    f = lambda a: a\n    def g(self): D().f(1)",
        "class C:\n    f = lambda a: a\ndef g(c): c.f(1)",
        "class C:\n    f = lambda a: a\ndef g(c):\n    c = c or C()\n    c.f(1)",
        "class C:\n    f = lambda a: a\ndef g(c):\n    if not c:\n        c = C()\n    c.f(1)",
        "class C:\n    f = lambda a: a\n    def g(self, c):\n        self = c\n        self.f(1)",
        # a subclass has its own
        "class C:\n    f = lambda a: a\n    def g(self): self.f(1)\nclass D(C):\n    def f(self, a): pass",
        # something may take its place
        "class C:\n    f = lambda a: a\n    def g(self): self.f(1)\nC.f = print",
        "class C:\n    f = lambda a: a\n    def g(self): self.f(1)\nc = C()\nc.f = print\nc.g()",
        "from x import B\nclass C(B):\n    f = lambda a: a\n    def g(self): self.f(1)",
        "@unknown\nclass C:\n    f = lambda a: a\n    def g(self): self.f(1)",
        "class C:\n    f = lambda a: a\n    def g(self): self.f(1)\nD = type('D', (C,), {'f': print})",
        # not known to be a plain function
        "@wrapped\ndef one(a): pass\nclass C:\n    f = one\n    def g(self): self.f(1)",
        "from x import one\nclass C:\n    f = one\n    def g(self): self.f(1)",
        "def make(one):\n    class C:\n        f = one\n        def g(self): self.f(1)",
        "import sys\nif sys.version_info < (3,):\n    class C:\n        f = lambda a: a\n        def g(self): self.f(1)",
        "class C:\n    f = lambda a: a\n    def g(self):\n        self = object()\n        self.f(1)",
        "class C:\n    f = lambda a: a\n    @staticmethod\n    def g(self): self.f(1)",
    ],
)
def test_near_misses(project: Callable[..., Any], source: str) -> None:
    assert project(source + "\n").lint(CODE) == []


def test_a_function_of_another_module_and_a_subclass(project: Callable[..., Any]) -> None:
    small = project(
        {
            "helpers.py": "def one(a): return a\n",
            "main.py": "import helpers\nfrom helpers import one as first\nclass C:\n"
            "    f = first\n    h = helpers.one\nclass D(C):\n"
            "    def g(self): return self.f(1), self.h(2)\nprint(D().g())\n",
        }
    )
    assert small.places(CODE) == [("main.py", 4, 5), ("main.py", 5, 5)]
    assert "one() takes 1 positional argument but 2 were given" in small.run("main.py").stderr
    small.fix(CODE)
    assert small.run("main.py").stdout == "(1, 2)\n"


def test_calls_in_the_modules_of_bases_and_subclasses_count(project: Callable[..., Any]) -> None:
    files = {
        "base.py": "class B:\n    def g(self): return self.f(1)\n",
        "middle.py": "from base import B\nclass C(B):\n    f = lambda a: a\n",
        "main.py": "from middle import C\nclass D(C):\n    def h(self): return self.f(2)\nD().h()\n",
    }
    small = project(files)
    (message,) = small.messages(CODE)
    assert "`self.f(…)` on line 3 of main.py" in message
    assert "TypeError" in small.run("main.py").stderr
    files["main.py"] = files["main.py"].replace("self.f(2)", "self.f()")
    assert project(files).lint(CODE) == []
    assert project(files).run("main.py").returncode == 0


@pytest.mark.parametrize(
    "source",
    [
        "class C:\n    f = h = lambda a: a\n    def g(self): self.f(1)\n",
        "class C:\n    f, h = lambda a: a, 1\n    def g(self): self.f(1)\n",
        "staticmethod = 1\nclass C:\n    f = lambda a: a\n    def g(self): self.f(1)\n",
    ],
)
def test_no_fix_where_it_would_do_something_else(project: Callable[..., Any], source: str) -> None:
    (finding,) = project(source).lint(CODE)
    assert finding.fix is None


def test_places_in_odd_source(project: Callable[..., Any]) -> None:
    source = b"class \xc3\x89:\r\n\tx = '\xc3\xa9'; f = lambda a: a; y = 1 # c\r\n\tdef g(self):\r\n\t\tself \\\r\n\t\t.f(1)\r\n"
    small = project({"main.py": source})
    assert small.places(CODE) == [("main.py", 2, 11)]
    assert small.fix(CODE)["main.py"] == source.decode().replace(
        "lambda a: a", "staticmethod(lambda a: a)"
    )


def test_python2_source(project: Callable[..., Any]) -> None:
    source = "class C:\n    f = lambda a: a\n    def g(self):\n        print self.f(1)\n"
    small = project(source)
    assert small.places(CODE) == [("main.py", 2, 5)]
    assert "f = staticmethod(lambda a: a)" in small.fix(CODE)["main.py"]


def test_a_class_body_takes_what_is_there_when_it_runs(project: Callable[..., Any]) -> None:
    small = project(
        "class Store:\n    _open = open\n\n    def read(self):\n"
        "        with self._open(__file__, 'rb', 0) as file:\n            return file.read(5)\n\n\n"
        "def open(name, flag=None):\n    return Store()\n\n\nprint(open('x').read())\n"
    )
    assert small.run("main.py").stdout == "b'class'\n"
    assert small.places(CODE) == []
