"""PCL308: what Python says of each class statement and each call, and what the rule says of it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

Project = Callable[..., Any]

PREPARES = ("", "@classmethod\n def __prepare__(mcs, name, bases): return {}")
NEWS = (
    "",
    "def __new__(mcs, name, bases, space): return super().__new__(mcs, name, bases, space)",
    "def __new__(mcs, name, bases, space, **kw):\n"
    "  return super().__new__(mcs, name, bases, space, **kw)",
    "def __new__(mcs, name, bases, space, *, a=0): return type.__new__(mcs, name, bases, space)",
    "def __new__(mcs, name, bases): return super().__new__(mcs, name, bases, {})",
)
INITS = (
    "",
    "def __init__(cls, name, bases, space): pass",
    "def __init__(cls, *args, **kw): pass",
    "def __init__(cls, name, bases): pass",
    "def __init__(cls, name, bases, space, a): pass",
)
HOOKS = (
    "",
    "def __init_subclass__(cls, a=0): pass",
    "def __init_subclass__(cls, *, b): pass",
    "@classmethod\n def __init_subclass__(cls, **kw): pass",
)
HEADERS = ("", ", a=1", ", b=1", ", name=1")


def test_every_class_statement_is_refused_where_python_refuses_it(project: Project) -> None:
    texts = []
    for number, (*methods, hook, header) in enumerate(
        product(PREPARES, NEWS, INITS, HOOKS, HEADERS)
    ):
        body = "\n ".join(("pass", *filter(None, methods)))
        texts.append(
            f"class M{number}(type):\n {body}\n\n\nclass B{number}:\n {hook or 'pass'}\n\n\n"
            f"class C{number}(B{number}, metaclass=M{number}{header}): pass\n\n\n"
        )
    said = {}
    for finding in project("".join(texts)).lint("PCL308"):
        name, _, rest = finding.message.removeprefix("making `").partition("`")
        assert name not in said
        said[name] = rest.partition("TypeError: ")[2]
    raised = {}
    for number, text in enumerate(texts):
        try:
            exec(compile(text, "main.py", "exec"), {"__name__": "main"})
        except TypeError as error:
            raised[f"C{number}"] = str(error)
    assert len(raised) > 300
    assert said.keys() <= raised.keys()

    def has_new(name: str) -> bool:
        return "def __new__" in texts[int(name[1:])]

    # What a `__new__` hands on to `type`, and so to `__init_subclass__`, isn't followed.
    missed = raised.keys() - said.keys()
    differing = [name for name in said if said[name] != raised[name]]
    assert all(map(has_new, (*missed, *differing)))
    assert len(missed) + len(differing) < len(raised) / 4


CALLS = ("", "1", "1, 2", "a=1", "b=1", "1, a=2")
SIGNATURES = ("cls", "cls, a", "cls, a=0", "cls, *args", "cls, **kw", "cls, *, a", "cls, a, /")


def test_every_call_is_refused_where_python_refuses_it(project: Project) -> None:
    texts = [
        f"class M{number}(type):\n def __call__({taken}): return 1\n\n\n"
        f"class C{number}(metaclass=M{number}): pass\n\n\nC{number}({passed})\n\n\n"
        for number, (taken, passed) in enumerate(product(SIGNATURES, CALLS))
    ]
    said = {
        finding.message.partition("(")[0][1:]: finding.message.partition("TypeError: ")[2]
        for finding in project("".join(texts)).lint("PCL308")
    }
    raised = {}
    for number, text in enumerate(texts):
        try:
            exec(compile(text, "main.py", "exec"), {"__name__": "main"})
        except TypeError as error:
            raised[f"C{number}"] = str(error)
    assert raised
    assert said == raised


META = "class Meta(type):\n    def __new__(mcs, name, bases, space):\n        {}\n\n\n"
PLAIN = META.format("return super().__new__(mcs, name, bases, space)")


def test_a_metaclass_of_another_module_is_known_and_a_class_below_it(project: Project) -> None:
    shop = project(
        {
            "meta.py": PLAIN,
            "base.py": "import meta\n\n\nclass Base(metaclass=meta.Meta):\n    pass\n",
            "main.py": "from base import Base\n\n\nclass User(Base, table='users'):\n    pass\n",
        }
    )
    assert shop.places("PCL308") == [("main.py", 4, 1)]
    assert shop.messages("PCL308") == [
        "making `User` calls `Meta.__new__(mcs, name, bases, space)`; TypeError: Meta.__new__() got "
        "an unexpected keyword argument 'table'"
    ]
    error = shop.run("main.py").stderr.splitlines()[-1]
    assert error == "TypeError: Meta.__new__() got an unexpected keyword argument 'table'"


def test_a_call_is_refused_by_whatever_name_the_class_has(project: Project) -> None:
    texts = {
        "meta.py": "class Meta(type):\n    def __call__(cls): pass\n\n\nMade = Meta\n",
        "shop.py": "from meta import Made as Kind\n\n\nclass Till(metaclass=Kind): pass\n\n\nBox = Till\n",
        "base.py": "from shop import Box as Base\n\n\nclass Safe(Base):\n    class Lock(Base): pass\n",
        "main.py": "import base\nfrom base import Base as B, Safe as S\n"
        "base.Base(1)\nB(1)\nS(1)\nbase.Safe(1)\nS.Lock(1)\nbase.Safe.Lock(1)\nB()\n",
    }
    found = project(texts).lint("PCL308")
    assert [finding.line for finding in found] == [3, 4, 5, 6, 7, 8]


def test_keywords_that_nothing_takes_are_refused_by_object(project: Project) -> None:
    shop = project("class Base:\n    pass\n\n\nclass Shirt(Base, color='red'):\n    pass\n")
    assert shop.messages("PCL308") == [
        "making `Shirt` raises TypeError: Shirt.__init_subclass__() takes no keyword arguments"
    ]
    error = shop.run("main.py").stderr.splitlines()[-1]
    assert error == "TypeError: Shirt.__init_subclass__() takes no keyword arguments"


def test_only_the_first_of_two_statements_that_cant_both_run_is_reported(
    project: Project,
) -> None:
    text = PLAIN + "class A(metaclass=Meta, x=1): pass\n\n\nclass B(A, x=2): pass\n"
    assert project(text).places("PCL308") == [("main.py", 6, 1)]


@pytest.mark.parametrize(
    "text",
    [
        # A decorated method, one that is assigned, one under a condition, one that may be replaced.
        "def open_to(function):\n    return lambda *args: function(args[0])\n\n\nclass M(type):\n"
        "    @open_to\n    def __call__(cls): return 1\n\n\nclass C(metaclass=M): pass\n\n\nC(1)\n",
        "def call(cls, x): return x\n\n\nclass M(type):\n    __call__ = call\n\n\n"
        "class C(metaclass=M): pass\n\n\nC(1)\n",
        "import os\n\n\nclass M(type):\n    if os.name:\n        def __call__(cls, x): return x\n"
        "    else:\n        def __call__(cls): return 1\n\n\nclass C(metaclass=M): pass\n\n\nC(1)\n",
        "class M(type):\n    def __call__(cls): return 1\n\n\nclass C(metaclass=M): pass\n\n\n"
        "M.__call__ = lambda cls, x: x\nC(1)\n",
        # Another object of that name.
        "class M(type):\n    def __call__(cls): return 1\n\n\nclass C(metaclass=M): pass\n\n\n"
        "def use(C):\n    return C(1)\n\n\nuse(int)\n",
        "class M(type):\n    def __call__(cls): return 1\n\n\nclass C(metaclass=M): pass\n\n\n"
        "C = int\nC(1)\n",
        # Arguments that can't be counted, and those of `super().__call__`.
        "class M(type):\n    def __call__(cls, x): return x\n\n\nclass C(metaclass=M): pass\n\n\n"
        "C(*[1])\n",
        # The metaclass makes something else, of which nothing is initialised.
        "class M(type):\n    def __new__(mcs, name, bases, space): return 3\n"
        "    def __init__(cls): pass\n\n\nclass C(metaclass=M): pass\n",
        # The class statement's error is expected.
        "class M(type):\n    def __init__(cls): pass\n\n\ntry:\n    class C(metaclass=M): pass\n"
        "except TypeError:\n    pass\n",
        # An enumeration's own keywords.
        "import enum\n\n\nclass C(enum.Flag, boundary=enum.KEEP):\n    A = 1\n",
        "from typing import Protocol, TypedDict\n\n\nclass A(Protocol): pass\n\n\n"
        "class B(TypedDict, total=False):\n    x: int\n",
        "from abc import ABC\n\n\nclass A(ABC):\n    def __init_subclass__(cls, **kw): pass\n\n\n"
        "class B(A, x=1): pass\n",
    ],
)
def test_what_runs_is_left_alone(project: Project, text: str) -> None:
    shop = project(text)
    assert shop.run("main.py").returncode == 0
    assert shop.places("PCL308") == []


def test_a_base_that_isnt_known_may_take_the_keywords(project: Project) -> None:
    text = "from elsewhere import Base\n\n\nclass C(Base, x=1):\n    pass\n"
    assert project(text).places("PCL308") == []
