"""PCL705: loops that change the size of the dictionary which they walk, run for real."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Any

import pytest

CODE = "PCL705"
Project = Callable[..., Any]


def outcome(source: str) -> str:
    """What running a program ends in: the name of the exception, or nothing."""
    try:
        exec(compile(textwrap.dedent(source), "main.py", "exec"), {"__name__": "main"})
    except Exception as error:
        return type(error).__name__
    return ""


START = "d = {1: 2, 3: 4, 5: 6}\n"
# Each is run after START, and raises.
RAISES = [
    "for k in d:\n    del d[k]",
    "for k in d:\n    d.pop(k)",
    "for k in d:\n    x = d.pop(k, None)",
    "for k in d:\n    d.popitem()",
    "for k in d:\n    d.clear()",
    "for k in d:\n    d[k + 1] = 0",
    "for k in d:\n    d[k + 1], x = 0, 1",
    "for k in d:\n    d.setdefault(k + 1, 0)",
    "for k in d:\n    d.update({k + 1: 0})",
    "for k in d:\n    d.update(a=1)",
    "for k in d:\n    d |= {k + 1: 0}",
    "for k in d:\n    k += 1\n    d[k] = 0",
    "for k in d:\n    if k + 1 not in d:\n        d[k + 1] = 0",
    "for k in d.keys():\n    del d[k]",
    "for v in d.values():\n    if v not in d:\n        d[v] = 0",
    "for v in d.values():\n    d.popitem()",
    "for k, v in d.items():\n    del d[k]",
    "for item in d.items():\n    d[item[1]] = 0",
    "for n, k in enumerate(d):\n    del d[k]",
    "for k, n in zip(d, range(9)):\n    del d[k]",
    "for k in filter(None, d):\n    del d[k]",
    "for k in map(int, d):\n    del d[k]",
    "for k in iter(d):\n    del d[k]",
    "for k in reversed(d):\n    del d[k]",
    "for k in (k for k in d if k):\n    del d[k]",
    "for k in (k for k, v in d.items() if v):\n    del d[k]",
    "for n, (k, v) in enumerate(d.items()):\n    del d[k]",
    "for k in d:\n    for n in range(2):\n        d.pop(k, None)",
    "for k in d:\n    for n in list(d):\n        if n != k:\n            del d[n]\n            break",
    "for k in d:\n    while True:\n        del d[k]\n        break",
    "for k in d:\n    try:\n        del d[k]\n    except KeyError:\n        break",
    "for k in d:\n    with open(__import__('os').devnull):\n        del d[k]",
    "for k in d:\n    if k:\n        del d[k]\n        continue\n    break",
    "for k in d:\n    match k:\n        case 1:\n            del d[k]",
    "for k in d: del d[k]",
    "if d.pop(1):\n    for k in d:\n        if d.pop(k):\n            pass",
    "[d.pop(k) for k in d]",
    "{k: d.pop(k) for k in d.keys()}",
    "{k for k in d if d.pop(k)}",
    "[x for x in range(3) for k in d if d.pop(k)]",
    "list(d.pop(k) for k in d)",
    "e = [d]\nfor k in e[0].keys():\n    del e[0][k]",
    "from collections import OrderedDict\nd = OrderedDict(d)\nfor k in d:\n    del d[k]",
    "from collections import defaultdict\nd = defaultdict(int, d)\nfor k in d:\n    d[k + 1] = 1",
    "from collections import Counter\nc = Counter('abc')\nfor k in c:\n    del c[k]",
    "class D(dict):\n    def twice(self): pass\nd = D(d)\nfor k in d:\n    del d[k]",
    "class C:\n    def __init__(self):\n        self.d = {1: 2, 2: 3}\n    def f(self):\n"
    "        for k in self.d:\n            del self.d[k]\nC().f()",
    "class D(dict):\n    def f(self):\n        for k in self:\n            del self[k]\nD(d).f()",
    "def f(d: dict[int, int]):\n    for k in d:\n        del d[k]\nf(d)",
    "def f(x):\n    for k in x.keys():\n        del x[k]\nf(d)",
    "def f(x):\n    e = x\n    for k in e.keys():\n        del x[k]\nf(d)",
    "def f(x):\n    e = x\n    for k in x.keys():\n        del e[k]\nf(d)",
    "def f(x):\n    keys = x.keys()\n    for k in keys:\n        del x[k]\nf(d)",
    "def f(**d):\n    for k in d:\n        del d[k]\nf(a=1)",
    "def f():\n    for k in d:\n        del d[k]\nf()",
    # One call deep.
    "def drop(k):\n    del d[k]\nfor k in d:\n    drop(k)",
    "def drop(table, k):\n    table.pop(k)\nfor k in d:\n    drop(d, k)",
    "def drop(k, table):\n    table.pop(k)\nfor k in d.keys():\n    drop(k, table=d)",
    "def put(table, k):\n    table[k] = 1\nfor k in d:\n    put(d, 7)",
    "def f():\n    e = {1: 2, 3: 4}\n    def other(): pass\n    for k in e:\n        drop(e)\n        other()\n"
    "def drop(e):\n    e.popitem()\nf()",
    "class C:\n    def __init__(self):\n        self.d = {1: 2, 3: 4}\n    def forget(self, k):\n"
    "        if k:\n            del self.d[k]\n    def run(self):\n        for k in self.d:\n            self.forget(k)\nC().run()",
    "class C:\n    d = {1: 2, 3: 4}\n    def __drop(this, k):\n        return this.d.pop(k, None)\n"
    "    def run(self):\n        for k, v in self.d.items():\n            x = self.__drop(k)\nC().run()",
    "class B:\n    def drop(self, k):\n        del self.d[k]\nclass C(B):\n    def __init__(self):\n"
    "        self.d = {1: 2, 3: 4}\n    def run(self):\n        [self.drop(k) for k in self.d]\nC().run()",
    "keys = d.keys()\nfor k in keys:\n    del d[k]",
    "keys = d.items()\nif d:\n    for k, v in keys:\n        d.pop(k)",
]


@pytest.mark.parametrize("source", RAISES)
def test_what_is_reported_raises_and_the_fix_mends_it(project: Project, source: str) -> None:
    source = START + source
    assert outcome(source) == "RuntimeError"
    small = project(source)
    assert len(small.lint(CODE)) == 1
    fixed = small.fix(CODE)["main.py"]
    assert "list(" in fixed
    assert outcome(fixed) == ""


# Each is run after START, and raises nothing.
FINE = [
    "for k in d:\n    d[k] = 0",
    "for k in d:\n    d[k] += 1",
    "for k, v in d.items():\n    d[k] = v + 1",
    "for item in d.items():\n    d[item[0]] = 0",
    "for k in d.keys():\n    d.setdefault(k, 1)",
    "for k in d:\n    d.update({k: 1})",
    "for k in d:\n    d |= {k: 1}",
    "for k in d:\n    d.update(d)",
    "for n, k in enumerate(d):\n    d[k] = n",
    "for k, n in zip(d, [1, 2, 3]):\n    d[k] = n",
    "for k in (k for k, v in d.items() if v):\n    d[k] = 0",
    "for k in (k for k in d if k):\n    d[k] = 0",
    "for k in filter(None, d):\n    d[k] = 0",
    "for k in d:\n    key = k\n    d[key] = 0",
    "for (a, b) in {(1, 2): 3}.items():\n    d[a] = b",
    "e = {(1, 2): 3}\nfor a, b in e:\n    e[a, b] = 1",
    "e = {(1, 2): 3}\nfor (a, b), c in e.items():\n    e[(a, b)] = c",
    "for k in d:\n    for n in d:\n        d[n] = 1",
    "for k in d:\n    d[1] += 1",
    "for k in d:\n    if 3 in d:\n        d[3] = 1",
    "for k in d:\n    if 3 not in d:\n        continue\n    d[3] = 1",
    "for k in d:\n    d[3] = d[3] + 1",
    "for k, v in d.items():\n    if k == 3:\n        d[3] = 1",
    "for k, v in d.items():\n    if 9 > v and 3 == k:\n        d[3] = 1",
    "for k in list(d):\n    del d[k]",
    "for k in tuple(d):\n    del d[k]",
    "for k in sorted(d):\n    del d[k]",
    "for k in [*d]:\n    del d[k]",
    "for k in set(d):\n    del d[k]",
    "for k in dict(d).keys():\n    del d[k]",
    "for k, v in dict(d).items():\n    del d[k]",
    "for k in d.copy():\n    del d[k]",
    "for k in d.copy().keys():\n    del d[k]",
    "for k in [k for k in d]:\n    del d[k]",
    "for n, k in enumerate(list(d)):\n    del d[k]",
    "keys = list(d.keys())\nfor k in keys:\n    del d[k]",
    "for k in d:\n    del d[k]\n    break",
    "for k in d:\n    if k == 3:\n        del d[k]\n        break",
    "for k in d:\n    if k == 3:\n        del d[k]\n        found = True\n        if found:\n            break",
    "for k in d:\n    if k:\n        del d[k]\n    else:\n        continue\n    break",
    "for k in d:\n    try:\n        del d[k]\n    finally:\n        break",
    "for k in d:\n    for n in d:\n        del d[n]\n        break\n    break",
    "def f():\n    for k in d:\n        del d[k]\n        return k\nf()",
    "def f():\n    for k in d:\n        return d.pop(k)\nf()",
    "def f():\n    for k in d:\n        if d.pop(k):\n            return k\nf()",
    "try:\n    for k in d:\n        del d[k]\n        raise KeyError\nexcept KeyError:\n    pass",
    "try:\n    for k in d:\n        del d[k]\nexcept RuntimeError:\n    pass",
    "import contextlib\nwith contextlib.suppress(RuntimeError):\n    for k in d:\n        del d[k]",
    "for k in d:\n    d = dict(d)\n    del d[k]",
    "for k in d:\n    def f():\n        del d[k]",
    "fs = [lambda: d.pop(k) for k in d]",
    "next(d.pop(k) for k in d)",
    "any(d.pop(k) for k in d)",
    "x = (d.pop(k) for k in d)",
    "e = {1: 2}\nfor k in d:\n    e[k + 1] = 0",
    "e = [1, 2]\nfor n in e:\n    e[0] = n",
    "e = [1, 2, 3]\nfor n, x in enumerate(e):\n    e[n] = x",
    "e = [1, 2, 3]\nfor n, x in enumerate(e):\n    e.pop()",
    "e = {1: {}}\nfor k in e:\n    e[k][2] = 3",
    "e = {1: {}}\nfor k, v in e.items():\n    v.update(a=1)",
    "import os\nfor k in os.environ:\n    if k == 'NO SUCH':\n        del os.environ[k]\n"
    "    os.environ['PCL705'] = '1'\ndel os.environ['PCL705']",
    "class C:\n    def keys(self): return [1, 2]\n    def __delitem__(self, k): pass\n"
    "c = C()\nfor k in c.keys():\n    del c[k]",
    "class D(dict):\n    def keys(self): return list(dict.keys(self))\n"
    "d = D(d)\nfor k in d.keys():\n    del d[k]",
    "from email.message import Message\nm = Message()\nm['a'] = 'b'\nfor k in m.keys():\n    del m[k]",
    "def f(x):\n    for k in x:\n        del x[0]\nf([])",
    "def enumerate(x): return list(zip(range(9), x))\nfor n, k in enumerate(d):\n    del d[k]",
    "def f():\n    for k in d:\n        yield d.pop(k)\nnext(f())",
    "def f(x):\n    keys = x.keys()\n    x = dict(x)\n    for k in keys:\n        del x[k]\nf(d)",
    "def f(x):\n    e = x\n    e = dict(x)\n    for k in e.keys():\n        del x[k]\nf(d)",
    "e = {}\nfor k in d:\n    e.update({k: 1})",
    # One call deep.
    "def keep(k):\n    d[k] = 1\nfor k in d:\n    keep(k)",
    "def keep(table, k):\n    table[k] = 1\nfor k in d:\n    keep(d, k)",
    "def touch(k):\n    d[k] = d.pop(k)\nfor k in list(d)[:0]:\n    touch(k)",
    "def drop(d, k):\n    del d[k]\nfor k in d:\n    drop({1: 2, 3: 4, 5: 6}, k)",
    "def drop(k):\n    d = {k: 1}\n    del d[k]\nfor k in d:\n    drop(k)",
    "def drop(k):\n    del d[k]\nfor k in d:\n    drop(k)\n    break",
    "def drop(k):\n    del d[k]\nfor k in list(d):\n    drop(k)",
    "def drop(k):\n    yield d.pop(k)\nfor k in d:\n    drop(k)",
    "async def drop(k):\n    del d[k]\nfor k in d:\n    drop(k).close()",
    "def drop(k):\n    d.pop(k)\n    raise KeyError\ntry:\n    for k in d:\n        drop(k)\nexcept KeyError:\n    pass",
    "class C:\n    def __init__(self):\n        self.d = {1: 2, 3: 4}\n    def forget(self, k):\n"
    "        del self.d[k]\n    def run(self):\n        for k in self.d:\n            self.forget(k)\n"
    "class D(C):\n    def forget(self, k):\n        pass\nD().run()",
    "class C:\n    def __init__(self):\n        self.d = {1: 2, 3: 4}\n    def forget(self, k):\n"
    "        del self.d[k]\n    def run(self, other):\n        for k in self.d:\n            other.forget(1)\n"
    "C().run(type('X', (), {'forget': staticmethod(bin)}))",
    "class C:\n    def __init__(self):\n        self.d = {1: 2, 3: 4}\n        self.forget = print\n    def forget(self, k):\n"
    "        del self.d[k]\n    def run(self):\n        for k in self.d:\n            self.forget(end='')\nC().run()",
    "def keep(f):\n    return lambda k: None\n@keep\ndef drop(k):\n    del d[k]\nfor k in d:\n    drop(k)",
    "keys = d.keys()\nkeys = list(keys)\nfor k in keys:\n    del d[k]",
    "keys = list(d)\nfor k in keys:\n    del d[k]",
    "keys = d.keys()\nd = {}\nfor k in keys:\n    d[k] = 1",
]


@pytest.mark.parametrize("source", FINE)
def test_what_raises_nothing_is_not_reported(project: Project, source: str) -> None:
    source = START + source
    assert outcome(source) == ""
    assert project(source).lint(CODE) == []


@pytest.mark.parametrize(
    "source",
    [
        "import pandas\ndf = pandas.DataFrame()\nfor name, column in df.items():\n    df[name + '2'] = 1",
        "from frames import Frame\ndef f(df: Frame):\n    for name in df.keys():\n        del df[name]",
        "import sys\nif sys.version_info[0] == 2:\n    for k in d.keys():\n        del d[k]",
        "import sys\nd = {}\nif sys.version_info[0] == 2:\n    for k in d:\n        del d[k]",
        "async def f(d):\n    async for k in d.keys():\n        del d[k]",
        "def f(objects):\n    for v in objects.values():\n        objects[v.name] = v.renewed()",
        "def f(d):\n    for k, v in d.items():\n        owner = v.owner\n        d[owner] = False",
        "def f(headers):\n    for k in headers.keys():\n        del headers[k]",
        "def f(r):\n    for k in r.request_headers.keys():\n        del r.request_headers[k]",
        "def f(x={}):\n    if isinstance(x, list):\n        for n, v in enumerate(x):\n"
        "            x[n + 1] = v",
        "def f(x={}):\n    for n, v in enumerate(x):\n        x[n] = str(v)",
    ],
)
def test_what_cannot_be_known_is_not_reported(project: Project, source: str) -> None:
    assert project(source).lint(CODE) == []


def test_each_statement_is_reported_and_says_what_it_does(project: Project) -> None:
    small = project(
        """
        def f(d, k2):
            for k, v in d.items():
                if v:
                    del d[k]
                elif k:
                    d.pop(k2, None)
            for k in d.keys():
                d[k2] = 1
        """
    )
    assert small.places(CODE) == [("main.py", 5, 13), ("main.py", 7, 13), ("main.py", 9, 9)]
    first, second, third = small.messages(CODE)
    assert first == (
        "on a dictionary, `del d[k]` takes an item out of `d` while the loop over `d.items()` goes "
        "on: RuntimeError at the next step"
    )
    assert "`d.pop(k2, None)` may take an item out of `d`" in second
    assert "`d[k2] = 1` may put an item into `d` while the loop over `d.keys()`" in third
    assert third.endswith("RuntimeError at the next step if it does")


def test_renaming_keys_is_reported_once_and_said_otherwise(project: Project) -> None:
    loop = "for k in d:\n    d[k + 10] = d.pop(k)"
    source = START + loop
    assert outcome(source) == ""  # by luck
    assert outcome("d = dict.fromkeys(range(5))\n" + loop) == "RuntimeError"
    (message,) = project(source).messages(CODE)
    assert "which gets and loses items while the loop over `d` goes on" in message


def test_taking_out_what_is_put_back_is_said_otherwise(project: Project) -> None:
    source = "d = {1: 2}\nfor k in d:\n    for n in range(3):\n        d.pop(k)\n        d[k] = 0\n"
    (message,) = project(source).messages(CODE)
    assert "which gets and loses items" in message


def test_a_copy_is_made_where_the_dictionary_is_walked(project: Project) -> None:
    small = project(
        """
        class C:
            def f(self, x):
                for n, (k, v) in enumerate( self.d.items() ): # comment
                    del self.d[k]
                for k in (k for k in x.keys()
                          if k):
                    del x[k]
                keys = x.keys()
                for k in keys:
                    del x[k]
                for k in(x).keys():
                    del x[k]
        """
    )
    text = small.fix(CODE)["main.py"]
    assert "in enumerate( list(self.d.items()) ): # comment" in text
    assert "in (k for k in list(x.keys())\n" in text
    assert "in list(keys):" in text
    assert "in list((x).keys()):" in text


def test_no_copy_is_made_where_list_means_something_else(project: Project) -> None:
    small = project("def f(d, list):\n    for k in d.keys():\n        del d[k]\n")
    (finding,) = small.lint(CODE)
    assert finding.fix is None


def test_python2_source_is_said_to_fail_in_python3(project: Project) -> None:
    small = project("def f(d):\n    for k in d.keys():\n        print 'gone'\n        del d[k]\n")
    (finding,) = small.lint(CODE)
    assert (finding.line, finding.column) == (4, 9)
    assert "RuntimeError in Python 3 at the next step" in finding.message
    assert "for k in list(d.keys()):" in small.fix(CODE)["main.py"]


def test_columns_count_characters(project: Project) -> None:
    small = project("def f(d):\n\tfor k in d.keys(): 'äöü'; del d[k]\n")
    assert small.places(CODE) == [("main.py", 2, 28)]
