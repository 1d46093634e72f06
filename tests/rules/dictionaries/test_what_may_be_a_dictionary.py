"""PCL703 and PCL705 where something may be a dictionary: what they claim of it, CPython confirms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Project = Callable[..., Any]

CODES = ("PCL703", "PCL705")
TABLE = """\
import contextlib

class Table:
    def __init__(self, rows=()):
        self.rows = dict(rows) or {"a": 1}
    def keys(self):
        return list(self.rows)
    def values(self):
        return list(self.rows.values())
    def items(self):
        return list(self.rows.items())
    def __iter__(self):
        yield Table()
    def __getitem__(self, key):
        return Table()
    def __ror__(self, other):
        return self
    def __rsub__(self, other):
        return self
    def pop(self, key):
        self.rows.pop(key)
    def __enter__(self):
        return self
    def __exit__(self, *_):
        return None
    async def __aenter__(self):
        return self
    async def __aexit__(self, *_):
        return None
    def __aiter__(self):
        return self
    async def __anext__(self):
        return self
    def __await__(self):
        return self
        yield

    table = property(lambda self: Table())

"""
# What stands before a use of `d`, which was annotated as a dictionary, or assigned one.
BINDINGS = [
    "d = t",
    "d = x = t",
    "x = d = t",
    "d, x = t, 1",
    "[d, x] = t, 1",
    "x, d = [1, t]",
    "(x, (d, y)) = 1, (t, 2)",
    "*x, d = 1, 2, t",
    "d = t[0]",
    "d = t.table",
    "d = t.__enter__()",
    "d = t if t else None",
    "d = None or t",
    "d = (yield t) or t",
    "d: object = t",
    "(d := t)",
    "x = [d := t]",
    "for d in [t]: pass",
    "for x, d in [(1, t)]: pass",
    "for d in t: pass",
    "for d, in [[t]]: pass",
    "with t as d: pass",
    "with t as x, t as d: pass",
    "with contextlib.nullcontext((1, t)) as (x, d): pass",
    "match t:\n        case d: pass",
    "match t:\n        case Table() as d: pass",
    "match [1, t]:\n        case [_, d]: pass",
    "match {1: t}:\n        case {1: d}: pass",
    "match t:\n        case Table(table=d): pass",
    "d = [t for t in [t]][0]",
    "d = (lambda: t)()",
    "def set_d():\n        nonlocal d\n        d = t\n    set_d()",
    "d -= t",
]
ASYNC = [
    "d = await t",
    "async for d in t: break",
    "async for d, x in wrapped((t, 1)): break",
    "async with t as d: pass",
]
USES = ["d.keys()[0]", "for k in d.keys():\n        d.pop(k)", "d.items().sort()"]


def is_right(source: str) -> bool:
    names: dict[str, Any] = {}
    try:
        exec(compile(source, "main.py", "exec"), names)
    except (TypeError, RuntimeError, AttributeError):
        return False
    return True


@pytest.mark.parametrize("start", ["d: dict", "d: 'dict[str, int]'", "d=None"])
def test_what_is_bound_again_to_something_unknown_is_no_known_dictionary(
    project: Project, start: str
) -> None:
    files = {}
    first = "" if ":" in start else "    d = {}\n"
    for number, binding in enumerate(BINDINGS):
        for use in USES:
            run = "list(f({}, Table()) or ())" if "yield" in binding else "f({}, Table())"
            body = f"def f({start}, t=None):\n{first}    {binding}\n    {use}\n"
            source = f"{TABLE}{body}{run}\n"
            assert is_right(source), binding
            files[f"{'plain' if 'keys()[0]' in use else 'other'}{number}.py"] = source
    small = project(files)
    unhedged = [
        (finding.path, finding.message)
        for finding in small.lint(*CODES)
        if not finding.message.startswith("on a dictionary, ")
    ]
    assert unhedged == []


@pytest.mark.parametrize("binding", ASYNC)
def test_what_async_code_binds_is_no_known_dictionary(project: Project, binding: str) -> None:
    source = (
        f"{TABLE}import asyncio\nasync def wrapped(x):\n    yield x\n"
        f"async def f(d: dict, t):\n    {binding}\n    return d.keys()[0]\n"
        "asyncio.run(f({}, Table()))\n"
    )
    assert is_right(source)
    unhedged = [
        m for m in project(source).messages(*CODES) if not m.startswith("on a dictionary, ")
    ]
    assert unhedged == []


KNOWN = [
    "def f(d: dict):\n    USE\nf({1: 2, 2: 3})",
    "def f(d: 'dict[int, int]'):\n    USE\nf({1: 2, 2: 3})",
    "from typing import Optional, Dict\ndef f(d: Optional[Dict[int, int]] = None):\n    USE\n"
    "f({1: 2, 2: 3})",
    "def load(): return {1: 2, 2: 3}\ndef f(load):\n    d: dict = load()\n    USE\nf(load)",
    "class C:\n    d: dict\n    def f(self):\n        d = self.d\n        USE\n"
    "c = C()\nc.d = {1: 2, 2: 3}\nc.f()",
    "d = {1: 2, 2: 3}\nUSE",
]


@pytest.mark.parametrize("source", KNOWN)
@pytest.mark.parametrize(
    ("use", "error"),
    [("d.keys()[0]", TypeError), ("for k in d: d.pop(k)", RuntimeError)],
)
def test_what_annotations_and_displays_say_is_known(
    project: Project, source: str, use: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        exec(compile(source.replace("USE", use), "main.py", "exec"), {})
    (message,) = project(source.replace("USE", use)).messages(*CODES)
    assert not message.startswith("on a dictionary")


BOX = """\
class Box:
    def __init__(self):
        self.d = {"a": 1}
    def keys(self):
        return list(self.d)
    def __delitem__(self, key):
        del self.d[key]
    def pop(self, key):
        return self.d.pop(key)

"""


def test_what_calling_a_variable_gives_may_be_anything(project: Project) -> None:
    small = project(
        BOX + "def scrub(classes):\n    for cls in classes:\n        f = cls()\n"
        "        for t in f.keys():\n            del f[t]\nscrub([Box])\n"
    )
    assert small.run("main.py").returncode == 0
    assert small.messages(*CODES) == []


def test_an_object_that_may_have_keys_of_its_own_is_not_said_to_fail(project: Project) -> None:
    use = "def scrub(box):\n    for t in box.keys():\n        del box[t]\n"
    assert project(f"{BOX}{use}scrub(Box())\n").messages(*CODES) == []
    small = project(f"{BOX}{use}run = scrub\nrun(Box())\n")
    assert small.run("main.py").returncode == 0
    (message,) = small.messages(*CODES)
    assert message.startswith("on a dictionary, ")
    small.fix(*CODES)
    assert small.run("main.py").returncode == 0


def test_what_an_unknown_class_makes_is_no_dictionary(project: Project) -> None:
    source = "def f(cls):\n    d = cls()\n    for k in d.keys():\n        del d[k]\n"
    assert project(source).messages(*CODES) == []
    assert (
        len(project(source.replace("cls()", "cls").replace("d = ", "d = x = ")).lint(*CODES)) == 1
    )


@pytest.mark.parametrize(
    "take", ["D.pop(number)", "del D[number]", "x = D.pop(number)", "D.pop(number, None)"]
)
def test_the_number_of_enumerate_is_no_key(project: Project, take: str) -> None:
    source = f"D = {{'a': 1, 'b': 2}}\nfor number, style in enumerate(D):\n    {take}\n"
    small = project(source)
    (finding,) = small.lint("PCL705")
    assert finding.fix is None
    if "None" in take:
        assert small.run("main.py").returncode == 0
        assert "may take" in finding.message
    else:
        assert small.run("main.py").stderr.endswith("KeyError: 0\n")
    assert "KeyError where that is no key" in finding.message or "None" in take
    small = project(source.replace("'a': 1, 'b': 2", "0: 0, 1: 1"))
    assert "RuntimeError" in small.run("main.py").stderr


def test_code_for_type_checkers_does_not_run(project: Project) -> None:
    small = project(
        """
        from typing import TYPE_CHECKING

        if TYPE_CHECKING:
            stock = {"apple": 0}
            for name in stock:
                del stock[name]
            names = stock.keys()
            names.sort()
        """
    )
    assert small.run("main.py").returncode == 0
    assert small.messages(*CODES) == []


def test_what_changes_an_unknown_object_s_list_is_not_safe(project: Project) -> None:
    small = project(
        """
        def f(el):
            print el.keys()[0]
            el.keys().sort()
            names = el.keys()
            names.sort()
        """
    )
    found = [(finding.line, finding.fix.applicability) for finding in small.lint("PCL703")]
    assert found == [(3, "safe"), (4, "unsafe"), (6, "safe")]
    assert all(message.startswith("on a dictionary, ") for message in small.messages("PCL703"))


def test_callers_of_which_nothing_is_known_tell_nothing(project: Project) -> None:
    use = "def drop(env=''):\n    for k in env.keys():\n        del env[k]\n"
    for calls in ("", "drop(make())\n", "drop([])\ndrop(make())\n"):
        (message,) = project(f"from elsewhere import make\n{use}{calls}").messages(*CODES)
        assert message.startswith("on a dictionary, ")
    known = use.replace("=''", "") + "drop({1: 2})\n"
    (message,) = project(known).messages(*CODES)
    assert not message.startswith("on a dictionary, ")
