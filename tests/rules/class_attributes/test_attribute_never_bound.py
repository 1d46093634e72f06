"""PCL113: attributes that no class has and nothing binds. The programs are run."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pyconcepts_lint.testing import Project

Make = Callable[..., Project]
CODE = "PCL113"
Files = dict[str, str]

START = "class C:\n    def f(self):\n        return self.x\n"
# Each raises AttributeError at the place, and runs when it is mended.
MENDED: dict[str, tuple[str, tuple[int, int], str]] = {
    "a local variable in __init__": (
        "class B:\n    def __init__(self):\n        items = []\n\n    def add(self, item):\n"
        "        self.items.append(item)\n\n\nB().add(1)\n",
        (6, 9),
        "        self.items = []\n",
    ),
    "a parameter that is assigned to itself": (
        "class P:\n    def __init__(self, name):\n        name = name\n\n    def hello(self):\n"
        "        return 'hi ' + self.name\n\n\nP('x').hello()\n",
        (6, 24),
        "        self.name = name\n",
    ),
    "an annotated one": (
        "class B:\n    def __init__(self):\n        items: list = []\n\n    def add(self, item):\n"
        "        self.items.append(item)\n\n\nB().add(1)\n",
        (6, 9),
        "        self.items: list = []\n",
    ),
    "a misspelled name": (
        "class P:\n    def __init__(self, balance):\n        self.balance = balance\n\n"
        "    def pay(self, n):\n        self.balance = self.balence - n\n\n\nP(3).pay(1)\n",
        (6, 24),
        "        self.balance = self.balance - n\n",
    ),
    "a misspelled method": (
        "class P:\n    def update(self):\n        pass\n\n    def run(self):\n"
        "        self.updaet()\n\n\nP().run()\n",
        (6, 9),
        "        self.update()\n",
    ),
    "a misspelled __init__": (
        "class P:\n    def _init_(self, name='x'):\n        self.name = name\n\n"
        "    def hello(self):\n        return self.name\n\n\nP().hello()\n",
        (6, 16),
        "    def __init__(self, name='x'):\n",
    ),
    "in Python 2 source": (
        "class P:\n    def __init__(self):\n        items = []\n    def show(self):\n"
        "        print self.items\nP().show()\n",
        (5, 15),
        "        self.items = []\n",
    ),
}
# Each raises AttributeError at the place; what was meant isn't known.
RAISES: dict[str, tuple[Files, tuple[str, int, int]]] = {
    "an augmented assignment is none": (
        {"main.py": "class C:\n    def up(self):\n        self.n += 1\n\n\nC().up()\n"},
        ("main.py", 3, 9),
    ),
    "a local variable that is used, too": (
        {
            "main.py": "class C:\n    def __init__(self):\n        xs = []\n        xs.append(1)\n\n"
            "    def f(self):\n        return self.xs\n\n\nC().f()\n"
        },
        ("main.py", 7, 16),
    ),
    "bases of other files": (
        {
            "b.py": "class B:\n    def __init__(self):\n        self.x = 1\n",
            "c.py": "from b import B\n\n\nclass C(B):\n    def f(self):\n"
            "        return self.x + self.why\n",
            "main.py": "from c import C\n\nC().f()\n",
        },
        ("c.py", 6, 25),
    ),
    "made by another name": (
        {"c.py": START, "main.py": "from c import C as K\n\nK().f()\n"},
        ("c.py", 3, 16),
    ),
    "a base of the standard library": (
        {
            "main.py": "import threading\n\n\nclass T(threading.Thread):\n    def f(self):\n"
            "        return self.daemon, self.demon_\n\n\nT().f()\n"
        },
        ("main.py", 6, 29),
    ),
    "an exception": (
        {
            "main.py": "class E(Exception):\n    def __str__(self):\n"
            "        return self.args[0] + self.mesage\n\n\nstr(E('x'))\n"
        },
        ("main.py", 3, 31),
    ),
    "a private name of a base": (
        {
            "main.py": "class B:\n    def __init__(self):\n        self.__x = 1\n\n\n"
            "class C(B):\n    def f(self):\n        return self.__x\n\n\nC().f()\n"
        },
        ("main.py", 8, 16),
    ),
    "another class of the file has one": (
        {
            "main.py": "class A:\n    def __init__(self):\n        self.x = 1\n\n\n"
            "class C:\n    def f(self):\n        return self.x\n\n\nA()\nC().f()\n"
        },
        ("main.py", 8, 16),
    ),
    "in a lambda": (
        {"main.py": "class C:\n    def f(self):\n        return (lambda: self.x)()\n\n\nC().f()\n"},
        ("main.py", 3, 25),
    ),
    "a test case": (
        {
            "test_main.py": "import unittest\n\n\nclass T(unittest.TestCase):\n    def test_it(self):\n"
            "        self.assertTrue(self.subject)\n",
            "main.py": "import unittest\nfrom test_main import T\n\nT('test_it').test_it()\n",
        },
        ("test_main.py", 6, 25),
    ),
}
FINE: dict[str, Files] = {
    "bound in another method": {
        "main.py": "class C:\n    def f(self):\n        return self.x\n    def g(self):\n"
        "        self.x = 1\nc = C()\nc.g()\nc.f()\n"
    },
    "bound in a tuple": {
        "main.py": f"{START}    def g(self):\n        self.x, y = 1, 2\nc = C()\nc.g()\nc.f()\n"
    },
    "bound by with and for": {
        "main.py": "class C:\n    def f(self):\n        for self.x in [1]:\n            pass\n"
        "        return self.x\nC().f()\n"
    },
    "bound from outside": {"main.py": f"{START}c = C()\nc.x = 1\nc.f()\n"},
    "bound by a function": {
        "main.py": f"{START}def fill(thing):\n    thing.x = 1\nc = C()\nfill(c)\nc.f()\n"
    },
    "bound by a function under a computed name": {
        "main.py": f"{START}def fill(thing, **kw):\n    for k, v in kw.items():\n"
        "        setattr(thing, k, v)\nc = C()\nfill(c, x=1)\nc.f()\n"
    },
    "bound in another file": {
        "c.py": START,
        "main.py": "from c import C\nc = C()\nc.x = 1\nc.f()\n",
    },
    "bound on the class": {"main.py": f"{START}C.x = 1\nC().f()\n"},
    "bound by setattr on the class": {
        "main.py": f"{START}for name in 'xy':\n    setattr(C, name, 1)\nC().f()\n"
    },
    "filled": {
        "main.py": f"{START}    def __init__(self, **kw):\n        self.__dict__.update(kw)\nC(x=1).f()\n"
    },
    "filled from outside": {"main.py": f"{START}c = C()\nvars(c)['x'] = 1\nc.f()\n"},
    "a namespace for argparse": {
        "main.py": f"import argparse\n{START}p = argparse.ArgumentParser()\np.add_argument('--x')\n"
        "c = C()\np.parse_args([], namespace=c)\nc.f()\n"
    },
    "a mixin": {
        "main.py": f"{START}class D(C):\n    def __init__(self):\n        self.x = 1\nD().f()\n"
    },
    "a mixin beside another": {
        "main.py": f"{START}class B:\n    x = 1\nclass D(C, B):\n    pass\nD().f()\n"
    },
    "a class that nothing makes": {"main.py": START},
    "an unknown base": {
        "main.py": "from nowhere import B\nclass C(B):\n    def f(self):\n        return self.x\n"
        "C().f()\n"
    },
    "__getattr__": {
        "main.py": f"{START}    def __getattr__(self, name):\n        return 1\nC().f()\n"
    },
    "a class decorator": {
        "main.py": "def give(cls):\n    cls.x = 1\n    return cls\n@give\nclass C:\n"
        "    def f(self):\n        return self.x\nC().f()\n"
    },
    "a metaclass": {
        "main.py": "class M(type):\n    def __init__(cls, *args):\n        cls.x = 1\n"
        "class C(metaclass=M):\n    def f(self):\n        return self.x\nC().f()\n"
    },
    "a field": {
        "main.py": "from dataclasses import dataclass\n@dataclass\nclass C:\n    x: int\n"
        "    def f(self):\n        return self.x\nC(1).f()\n"
    },
    "a named tuple": {
        "main.py": "from typing import NamedTuple\nclass C(NamedTuple):\n    x: int\n"
        "    def f(self):\n        return self.x, self._fields\nC(1).f()\n"
    },
    "an enumeration": {
        "main.py": "import enum\nclass C(enum.Enum):\n    A = 1\n    def f(self):\n"
        "        return self.name, self.value\nC(1).f()\n"
    },
    "slots": {
        "main.py": "class C:\n    __slots__ = ('x',)\n    def f(self):\n        return self.x\n"
        "c = C()\nc.x = 1\nc.f()\n"
    },
    "asked before": {
        "main.py": "class C:\n    def f(self):\n        if hasattr(self, 'x'):\n"
        "            return self.x\nC().f()\n"
    },
    "handled": {
        "main.py": "class C:\n    def f(self):\n        try:\n            return self.x\n"
        "        except AttributeError:\n            self.y = 1\nC().f()\n"
    },
    "another self": {
        "main.py": "class C:\n    def f(self):\n        def g(self):\n            return self.x\n"
        "        return g\nC().f()\n"
    },
    "self bound anew": {
        "main.py": "class D: pass\nd = D()\nsetattr(d, 'x', 1)\nclass C:\n    def f(self):\n"
        "        self = d\n        return self.x\nC().f()\n"
    },
    "a method that another class takes": {
        "main.py": f"{START}class A:\n    x = 1\n    f = C.f\nA().f(), C()\n"
    },
    "a near __init__ that is called": {
        "main.py": "class C:\n    def __init__(self):\n        self._init_()\n    def _init_(self):\n"
        "        self.x = 1\n    def f(self):\n        return self.x\nC().f()\n"
    },
    "attributes of every object": {
        "main.py": "class C:\n    def f(self):\n        return self.__class__, self.__doc__, "
        "self.__dict__, self.__module__\nC().f()\n"
    },
    "the __init__ of another class": {
        "main.py": "class D:\n    def __init__(self):\n        self.x = 1\nclass C:\n"
        "    def f(self):\n        return self.x\nc = C()\nD.__init__(c)\nc.f()\n"
    },
}


@pytest.mark.parametrize("case", MENDED)
def test_what_is_meant_is_written(project: Make, case: str) -> None:
    source, place, line = MENDED[case]
    shop = project({"main.py": source})
    if "print " not in source:
        assert "AttributeError" in shop.run("main.py").stderr
    assert shop.places(CODE) == [("main.py", *place)]
    assert shop.fix(CODE)["main.py"] == source
    fixed = shop.fix(CODE, unsafe=True)["main.py"]
    assert line in fixed
    assert shop.places(CODE) == []
    if "print " not in source:
        assert shop.run("main.py").stderr == ""


@pytest.mark.parametrize("case", RAISES)
def test_what_raises_is_reported(project: Make, case: str) -> None:
    files, place = RAISES[case]
    shop = project(files)
    assert "AttributeError" in shop.run("main.py").stderr
    assert shop.places(CODE) == [place]


@pytest.mark.parametrize("case", FINE)
def test_what_runs_is_not_reported(project: Make, case: str) -> None:
    shop = project(FINE[case])
    if "nowhere" not in FINE[case]["main.py"]:
        assert shop.run("main.py").stderr == ""
    assert shop.places(CODE) == []


def test_the_message_says_what_was_meant(project: Make) -> None:
    said = {case: project({"main.py": MENDED[case][0]}).messages(CODE)[0] for case in MENDED}
    assert said["a local variable in __init__"].endswith(
        "`__init__` binds a local variable `items`"
    )
    assert said["a misspelled name"].endswith("there is `balance`")
    assert "Python calls `__init__`" in said["a misspelled __init__"]
