"""PCL407, compared with running the calls: with the fix they succeed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

CODE = "PCL407"
RUN = "class C:\n    x = 1\ndef run(self): return self.x\n"


@pytest.mark.parametrize(
    "store",
    [
        "c.f = run",
        "c . f = run",
        "c.f: object = run",
        "c.f, d = run, 1",
        "c.f = d = run",
        "setattr(c, 'f', run)",
        "c.f = lambda self: self.x",
        "c.f = (lambda self:\n    self.x)",
        "x = 'é'; c.f = run",
        "if 1:\n    def go(self): return 1\n    c.f = go",
    ],
)
def test_what_is_stored_on_an_instance_is_not_bound_until_it_is_fixed(
    project: Callable[..., Any], store: str
) -> None:
    source = f"{RUN}c = C()\n{store}\nc.f()\n"
    small = project(source)
    (finding,) = small.lint(CODE)
    assert finding.fix is not None
    assert finding.fix.applicability == "unsafe"
    error = small.run("main.py").stderr.splitlines()[-1]
    assert error.startswith("TypeError: ")
    assert finding.message.endswith(f"TypeError: {error.partition('() ')[2]}")
    small.fix(CODE, unsafe=True)
    done = small.run("main.py")
    assert done.returncode == 0, done.stderr


def test_self_is_an_instance(project: Callable[..., Any]) -> None:
    source = (
        "def run(self): return 1\nclass C:\n    def __init__(this):\n        this.f = run\n"
        "    def g(self):\n        def h():\n            self.k = run\n        h()\n"
        "        return self.f() + self.k()\nC().g()\n"
    )
    small = project(source)
    assert small.places(CODE) == [("main.py", 4, 9), ("main.py", 7, 13)]
    assert "missing 1 required positional argument: 'self'" in small.run("main.py").stderr
    text = small.fix(CODE, unsafe=True)["main.py"]
    assert "this.f = types.MethodType(run, this)" in text
    assert small.run("main.py").returncode == 0


@pytest.mark.parametrize(
    ("store", "use"),
    [
        ("c.f = run", "c.f(c)"),
        ("c.f = run", "c.f(C())"),
        ("c.f = run", "g = c.f; g(c)"),
        ("c.f = run", "c.f(*[c])"),
        ("c.f = run.__get__(c)", "c.f()"),
        ("C.f = run", "c.f()"),
        ("type(c).f = run", "c.f()"),
        ("c.__class__.f = run", "c.f()"),
        ("setattr(C, 'f', run)", "c.f()"),
        ("c.f = lambda: 1", "c.f()"),
        ("def other(this): return 1\nc.f = other", "c.f(1)"),
        ("import functools\nc.f = functools.partial(run, c)", "c.f()"),
    ],
)
def test_near_misses_that_run(project: Callable[..., Any], store: str, use: str) -> None:
    small = project(f"{RUN}c = C()\n{store}\n{use}\n")
    assert small.lint(CODE) == []
    done = small.run("main.py")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "source",
    [
        # who knows what the object is
        f"{RUN}def g(c):\n    c.f = run",
        f"{RUN}import m\nm.f = run",
        f"{RUN}from m import c\nc.f = run",
        f"{RUN}for c in C, 1:\n    c.f = run",
        f"{RUN}c = C()\nc = C\nc.f = run",
        f"{RUN}class D:\n    @classmethod\n    def g(self):\n        self.f = run",
        # the class does something else
        "def run(self): pass\nclass C:\n    def __setattr__(self, n, v): pass\nc = C()\nc.f = run",
        "def run(self): pass\nclass C:\n    @property\n    def f(self): pass\n    @f.setter\n    def f(self, v): pass\nc = C()\nc.f = run",
        "def run(self): pass\nfrom m import B\nclass C(B): pass\nc = C()\nc.f = run",
        "def run(self): pass\nclass M(type): pass\nclass C(metaclass=M):\n    def g(self):\n        self.f = run",
        "def run(self): pass\nclass C:\n    def g(self):\n        self.f = run\nclass D(C):\n    f = property(print, print)",
        # who knows what the function is
        f"@wrapped\ndef run(self): pass\n{RUN[:20]}\nc = C()\nc.f = run",
        f"{RUN}run = wrapped(run)\nc = C()\nc.f = run",
        "class C: pass\nfrom m import run\nc = C()\nc.f = run",
        f"{RUN}def g(run):\n    c = C()\n    c.f = run",
        f"import sys\n{RUN}c = C()\nif sys.version_info < (3,):\n    c.f = run",
    ],
)
def test_near_misses(project: Callable[..., Any], source: str) -> None:
    assert project(source + "\n").lint(CODE) == []


def test_a_function_of_another_module(project: Callable[..., Any]) -> None:
    small = project(
        {
            "helpers.py": "def run(self): return 1\n",
            "main.py": '"""Doc."""\n\nfrom helpers import run\nclass C: pass\nc = C()\nc.f = run\nprint(c.f())\n',
        }
    )
    assert small.places(CODE) == [("main.py", 6, 1)]
    text = small.fix(CODE, unsafe=True)["main.py"]
    assert text.startswith('"""Doc."""\n\nimport types\nfrom helpers import run\n')
    assert small.run("main.py").stdout == "1\n"


@pytest.mark.parametrize(
    "call", ["self.f(self, 1)", "g = self.f", "[print(o.f(self, 2)) for o in [self]]"]
)
def test_a_base_in_another_module_may_pass_the_object(
    project: Callable[..., Any], call: str
) -> None:
    files = {
        "artist.py": f"class Artist:\n    f = None\n    def change(self):\n        {call}\n",
        "main.py": "from artist import Artist\nclass Image(Artist): pass\n"
        "def stale(self, value): print(value)\nimage = Image()\nimage.f = stale\nimage.change()\n",
    }
    small = project(files)
    assert small.lint(CODE) == []
    assert small.run("main.py").returncode == 0
    files["artist.py"] = "class Artist:\n    f = None\n    def change(self):\n        self.f(1)\n"
    small = project(files)
    (message,) = small.messages(CODE)
    assert "line 4 of artist.py: TypeError: missing 1 required" in message
    assert small.run("main.py").returncode == 1


def test_the_standard_library_may_pass_the_object_or_another(project: Callable[..., Any]) -> None:
    small = project(
        "import optparse\ndef leave(self, message): raise KeyError(message)\n"
        "parser = optparse.OptionParser()\nparser.exit = leave\nparser.parse_args(['-x'])\n"
    )
    assert small.lint(CODE) == []
    assert "KeyError" in small.run("main.py").stderr


@pytest.mark.parametrize(
    ("header", "imported"),
    [
        ("import types\n", "import types\n"),
        (
            "from __future__ import annotations\n",
            "from __future__ import annotations\nimport types\n",
        ),
        ("# c\n", "# c\nimport types\n"),
    ],
)
def test_types_is_imported_once(project: Callable[..., Any], header: str, imported: str) -> None:
    source = f"{header}{RUN}c = C()\nc.f = run\nc.g = run\n"
    text = project(source).fix(CODE, unsafe=True)["main.py"]
    assert text == source.replace(header, imported).replace("= run", "= types.MethodType(run, c)")


@pytest.mark.parametrize(
    "source",
    [
        f"types = 1\n{RUN}c = C()\nc.f = run\n",
        f"from m import types\n{RUN}c = C()\nc.f = run\n",
        f"{RUN}def g(types):\n    c = C()\n    c.f = run\n",
        f"'doc'; {RUN}c = C()\nc.f = run\n".replace("'doc'; class C:\n    x = 1", "'doc'; C = int"),
    ],
)
def test_no_fix_where_types_is_taken(project: Callable[..., Any], source: str) -> None:
    assert all(finding.fix is None for finding in project(source).lint(CODE))


def test_python2_source(project: Callable[..., Any]) -> None:
    small = project(f"{RUN}c = C()\nc.f = run\nprint c.f()\n")
    assert small.places(CODE) == [("main.py", 5, 1)]


def test_only_a_call_on_the_same_class_is_cited(project: Callable[..., Any]) -> None:
    head = "def inner(self): ...\n\nclass Outer:\n    def __init__(self):\n        self.inner = inner\n"
    unknown = "def use(obj):\n    obj.inner()\n"
    other = "class Other:\n    def inner(self): ...\n\nOther().inner()\n"
    (message,) = project(f"{head}\n{other}\n{unknown}").messages(CODE)
    assert "line" not in message
    (message,) = project(f"{head}\n{other}\n{unknown}\nOuter().inner()\n").messages(CODE)
    assert "; line 15: TypeError" in message
