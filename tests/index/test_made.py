"""Classes that calls make, against what CPython makes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from live_questions import facts_of

from pyconcepts_lint import testing
from pyconcepts_lint.index.kinds import live_kind
from pyconcepts_lint.index.model import ClassModel
from pyconcepts_lint.index.project import Project

HEAD = """
import collections, dataclasses, enum, typing
from abc import ABCMeta
from collections import namedtuple
from dataclasses import make_dataclass
from enum import Enum, IntEnum
from typing import NamedTuple

class Meta(type): pass
class Mixin: pass

def with_metaclass(meta, *bases):
    class metaclass(type):
        def __new__(cls, name, this_bases, d):
            return meta(name, bases, d)
    return type.__new__(metaclass, "temporary_class", (), {})

def local():
    class Local(dict): pass
    return Local

def handed_on():
    return Mixin

def one_of_two(it=True):
    if it:
        return dict
    return Mixin
"""
BASES = [
    'namedtuple("P", "x y")',
    'namedtuple("P", ["x", "y"], defaults=[1])',
    'collections.namedtuple("P", "x, y", module="m")',
    'NamedTuple("P", [("x", int)])',
    'make_dataclass("D", ["x", ("y", int)])',
    'make_dataclass("D", ["x"], frozen=True)',
    'dataclasses.make_dataclass("D", ["x"], slots=True)',
    'type("T", (Mixin, dict), {"x": 1})',
    'type("T", (), dict(x=[], f=lambda self: 1))',
    "with_metaclass(Meta, Mixin)",
    "with_metaclass(ABCMeta)",
    "local()",
    "handed_on()",
]
OTHERS = ['Enum("E", "RED GREEN")', 'enum.IntEnum("E", {"RED": 1})', 'IntEnum("E", ["A"])']
UNKNOWN = [
    "with_metaclass()",
    "type()",
    "namedtuple()",
    'namedtuple("P", fields)',
    'namedtuple("P", "x class")',
    'namedtuple("P", "x class", rename=True)',
    'make_dataclass("D", [("x", int, 3)])',
    'type("T", bases, {})',
    'type("T", (Mixin,), body)',
    'Enum("E")',
    "one_of_two()",
    "unheard_of()",
]


def last_class(directory: Path, text: str, name: str = "Last") -> ClassModel | None:
    path = directory / "m.py"
    path.write_text(HEAD + text)
    project = Project(str(directory), [str(path)], facts_of.__wrapped__)
    module = project.module(str(path))
    assert module is not None
    return project.class_named(module, name)


@pytest.mark.parametrize("is_named", [False, True])
@pytest.mark.parametrize("base", BASES)
def test_a_class_below_one_that_a_call_makes_is_what_it_is_live(
    tmp_path: Path, base: str, is_named: bool
) -> None:
    text = f"Base = {base}\nclass Last(Base): pass" if is_named else f"class Last({base}): pass"
    live: dict[str, Any] = {"__name__": "m"}
    exec(HEAD + text, live)
    made = live["Last"]
    model = last_class(tmp_path, text)
    assert model is not None
    assert [each.name for each in model.mro or ()] == [each.__name__ for each in made.__mro__]
    assert model.metaclass is not None
    assert model.metaclass.name == type(made).__name__
    for name in ("x", "y", "f", "_fields", "__setattr__", "__eq__"):
        found = model.lookup(name)
        expected = next((vars(each)[name] for each in made.__mro__ if name in vars(each)), None)
        assert (found is None) is (expected is None), name
        assert found is None or found.kind == live_kind(expected), name


@pytest.mark.parametrize("call", OTHERS)
def test_what_a_call_makes_is_a_class(tmp_path: Path, call: str) -> None:
    model = last_class(tmp_path, f"Last = {call}")
    live: dict[str, Any] = {"__name__": "m"}
    exec(f"{HEAD}Last = {call}", live)
    assert model is not None
    assert [each.name for each in model.mro or ()] == [c.__name__ for c in live["Last"].__mro__]
    assert live["Last"].__members__.keys() <= model.bound_names


@pytest.mark.parametrize("call", UNKNOWN)
def test_what_is_not_written_down_is_unknown(tmp_path: Path, call: str) -> None:
    assert last_class(tmp_path, f"Last = {call}") is None
    below = last_class(tmp_path, f"class Last({call}): pass")
    assert below is not None
    assert below.mro is None


def test_another_function_of_that_name_is_not_asked(tmp_path: Path) -> None:
    text = 'def namedtuple(*args): return run(args)\nLast = namedtuple("P", "x")\n'
    assert last_class(tmp_path, text) is None
    text = 'def type(*args): return run(args)\nLast = type("P", (), {})\n'
    assert last_class(tmp_path, text) is None


def test_a_list_below_a_class_that_a_call_makes_is_shared(
    project: Callable[..., testing.Project],
) -> None:
    made = project(
        """
        from collections import namedtuple

        class Basket(namedtuple("Basket", "owner")):
            items = []

            def add(self, item):
                self.items.append(item)

        Basket("a").add(1)
        print(Basket("b").items)
        """
    )
    assert made.run("main.py").stdout == "[1]\n"
    assert [row[1] for row in made.places("PCL104")] == [8]
