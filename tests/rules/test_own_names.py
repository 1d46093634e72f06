"""PCL406, PCL701, PCL702 and PCL704 where a name of Python 2 is the project's own: each program is
run before and after the fixes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pyconcepts_lint.testing import lint_paths as run

Project = Callable[..., Any]

CODES = ("PCL406", "PCL701", "PCL702", "PCL704")

READ = "def show(entry): return entry.func_name\n"
PROGRAMS = {
    "namedtuple": READ
    + "from collections import namedtuple\nE = namedtuple('E', 'kind func_name')\n"
    "print(show(E(1, 'x')))\n",
    "namedtuple with commas": READ + "from collections import namedtuple\n"
    "E = namedtuple('E', 'kind, func_name')\nprint(show(E(1, 'x')))\n",
    "fields in a variable": READ + "import collections\nFIELDS = 'kind func_name'\n"
    "E = collections.namedtuple('E', FIELDS.split())\nprint(show(E(1, 'x')))\n",
    "NamedTuple": READ + "from typing import NamedTuple\n"
    "E = NamedTuple('E', [('func_name', str)])\nprint(show(E('x')))\n",
    "NamedTuple class": READ + "from typing import NamedTuple\n"
    "class E(NamedTuple):\n    func_name: str\nprint(show(E('x')))\n",
    "SimpleNamespace": READ + "from types import SimpleNamespace\n"
    "print(show(SimpleNamespace(func_name='x')))\n",
    "argparse": READ + "import argparse\nparser = argparse.ArgumentParser()\n"
    "parser.add_argument('--func-name')\nprint(show(parser.parse_args(['--func-name', 'x'])))\n",
    "argparse defaults": READ + "import argparse\nparser = argparse.ArgumentParser()\n"
    "parser.set_defaults(func_name='x')\nprint(show(parser.parse_args([])))\n",
    "keywords into __dict__": READ + "class E:\n    def __init__(self, **kwargs):\n"
    "        self.__dict__.update(kwargs)\nprint(show(E(func_name='x')))\n",
    "items into __dict__": READ + "class E: pass\ne = E()\nvalues = {}\nvalues['func_name'] = 'x'\n"
    "vars(e).update(values)\nprint(show(e))\n",
    "parameters into __dict__": READ + "class E:\n    def __init__(self, func_name):\n"
    "        self.__dict__.update(locals())\nprint(show(E(func_name='x')))\n",
    "ctypes": READ + "import ctypes\nclass E(ctypes.Structure):\n"
    "    _fields_ = [('func_name', ctypes.c_int)]\nprint(show(E(7)))\n",
    "make_dataclass": READ + "from dataclasses import make_dataclass\n"
    "E = make_dataclass('E', ['func_name'])\nprint(show(E('x')))\n",
    "type": READ + "E = type('E', (), {'func_name': 'x'})\nprint(show(E()))\n",
    "foreign assignment": READ + "class E: pass\ndef make(name):\n    e = E()\n"
    "    return e\nentry = make('x')\nentry.func_name = 'x'\nprint(show(entry))\n",
    "setattr": READ + "class E: pass\ne = E()\nsetattr(e, 'func_name', 'x')\nprint(show(e))\n",
    "setattr on self": READ + "class E:\n    def __init__(self): setattr(self, 'func_name', 'x')\n"
    "print(show(E()))\n",
    "computed names": READ + "class E: pass\ne = E()\nfor name in 'kind func_name'.split():\n"
    "    setattr(e, name, 'x')\nprint(show(e))\n",
    "__getattr__": READ + "class E:\n    def __getattr__(self, name):\n"
    "        if name == 'func_name':\n            return 'x'\n        raise AttributeError(name)\n"
    "print(show(E()))\n",
    "a module's variable": READ
    + "import sys\nfunc_name = 'x'\nprint(show(sys.modules[__name__]))\n",
    "a module's has_key": "import sys\ndef show(store): return store.has_key('a')\n"
    "def has_key(key): return key == 'a'\nprint(show(sys.modules[__name__]))\n",
    "a namedtuple's has_key": "from collections import namedtuple\n"
    "def show(lock): return lock.has_key('a')\nLock = namedtuple('Lock', 'name has_key')\n"
    "print(show(Lock('front', 'a'.__eq__)))\n",
    "a module's iteritems": "import sys\ndef show(store): return list(store.iteritems())\n"
    "def iteritems(): yield 1\nprint(show(sys.modules[__name__]))\n",
    "a namespace's iteritems": "from types import SimpleNamespace\n"
    "def show(store):\n    return [x for x in store.iteritems()]\n"
    "print(show(SimpleNamespace(iteritems=lambda: [1])))\n",
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_is_the_project_s_own_is_left_alone(project: Project, program: str) -> None:
    small = project(PROGRAMS[program])
    before = small.run("main.py")
    assert before.returncode == 0
    assert small.messages(*CODES) == []
    small.fix(*CODES, unsafe=True)
    assert small.run("main.py").stdout == before.stdout


def test_a_name_of_its_own_counts_wherever_it_stands_in_the_project(project: Project) -> None:
    files = {
        "data.py": "def has_key(key):\n    return key == 'foo'\n",
        "main.py": "import data\nfrom check import show\nprint(show(data), data.has_key('foo'))\n",
        "check.py": "def show(store):\n    return store.has_key('foo')\n",
    }
    small = project(files)
    assert small.run("main.py").stdout == "True True\n"
    assert small.messages(*CODES) == []
    small.write({"data.py": "def has_no_key(key):\n    return key == 'foo'\n"})
    assert small.places(*CODES) == [("check.py", 2, 12)]


ASKED_ONLY = [
    "def f(d): return hasattr(d, 'iteritems')",
    "def f(d): return getattr(d, 'iteritems', None)",
    "import operator\niteritems = operator.methodcaller('iteritems')",
    "def iteritems(d): return d.items()",
    "iteritems = lambda d: iter(d.items())",
    "__all__ = ['iteritems']\nfrom six import iteritems",
    "import sys\nif sys.version_info[0] == 2:\n    names = ['iteritems']",
    "PY3 = True\n_iteritems = 'items' if PY3 else 'iteritems'",
    "class C:\n    'Has no iteritems.'\n    def m(self):\n        'iteritems'\n        # iteritems",
    "raise ValueError('use items and not iteritems please')",
    "def f(iteritems): pass\nf(iteritems=True)",
    "def f(d): d.iteritems()",
]


@pytest.mark.parametrize("source", ASKED_ONLY)
def test_what_only_asks_for_python_2_s_name_is_no_name_of_its_own(
    project: Project, source: str
) -> None:
    main = "def show(prices):\n    for name, price in prices.iteritems():\n        print(name)\n"
    small = project({"main.py": main, "other.py": source + "\n"})
    assert ("main.py", 2, 24) in small.places("PCL701")
    assert "in prices.items():" in small.fix("PCL701")["main.py"]


def test_naming_a_function_gives_the_name_to_nothing_else(project: Project) -> None:
    small = project(
        """
        def named(function):
            def wrapper():
                return function()
            wrapper.func_name = function.func_name
            return wrapper
        """
    )
    assert [line for _, line, _ in small.places("PCL406")] == [5, 5]
    assert [finding.fix.applicability for finding in small.lint("PCL406")] == ["safe", "unsafe"]


def test_a_finding_goes_when_another_file_takes_the_name_for_its_own(project: Project) -> None:
    files = {
        "main.py": "def show(entry):\n    return entry.func_name\n",
        "model.py": "from collections import namedtuple\nE = namedtuple('E', 'kind')\n",
    }
    small = project(files, select=["PCL406"])

    def codes() -> list[str]:
        return [finding.code for finding in run([str(small.root)], jobs=1).findings]

    assert codes() == codes() == ["PCL406"]
    small.write({"model.py": files["model.py"].replace("kind", "kind func_name")})
    assert codes() == codes() == []
    small.write({"model.py": files["model.py"]})
    assert codes() == ["PCL406"]


def test_futures_functions_look_for_the_object_s_own_method(project: Project) -> None:
    small = project(
        """
        from future.utils import iteritems

        class Box:
            def iteritems(self):
                yield 1

        def show(box):
            for item in iteritems(box):
                print(item)
        """
    )
    assert [finding.fix.applicability for finding in small.lint("PCL702")] == ["unsafe"]
