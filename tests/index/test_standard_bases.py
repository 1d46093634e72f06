"""Each public class of the standard library as a base, and the functions that stand for bases."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from live_questions import facts_of

from pyconcepts_lint import testing
from pyconcepts_lint.base.answer import answer
from pyconcepts_lint.index.kinds import AttributeKind, live_kind
from pyconcepts_lint.index.model import SourceClass
from pyconcepts_lint.index.names import STANDARD_LIBRARY, live_namespace
from pyconcepts_lint.index.project import Project

# They print, open windows or a browser, or change the classes of other modules; setuptools puts its
# own distutils in the place of the library's.
LEFT_OUT = {
    *("antigravity", "distutils", "idlelib", "lib2to3", "test", "this", "tkinter.tix"),
    "turtledemo",
}


def modules() -> Iterator[str]:
    for name in sorted(sys.stdlib_module_names - LEFT_OUT):
        yield name
        folder = os.path.join(STANDARD_LIBRARY, name)
        if os.path.isdir(folder):
            for found in pkgutil.walk_packages([folder], f"{name}.", onerror=lambda _: None):
                parts = found.name.split(".")
                if found.name not in LEFT_OUT and not {"__main__", "test", "tests"} & set(parts):
                    yield found.name


def public_classes() -> Iterator[tuple[str, str, type]]:
    for module in modules():
        try:
            live = importlib.import_module(module)
        except Exception:  # of another system, or gone
            continue
        for name in sorted(getattr(live, "__all__", vars(live))):
            found = getattr(live, name, None)
            if isinstance(found, type) and not name.startswith("_"):
                yield module, name, found


def classes_of(directory: Path, text: str) -> tuple[SourceClass, ...]:
    path = directory / "m.py"
    path.write_text(text)
    module = Project(str(directory), [str(path)], facts_of).module(str(path))
    assert module is not None
    return module.classes


def test_each_public_class_of_the_standard_library_can_be_a_base(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        targets = list(public_classes())
    text = "".join(
        f"from {module} import {name} as B{number}\nclass C{number}(B{number}): pass\n"
        for number, (module, name, _) in enumerate(targets)
    )
    assert len(targets) > 1400
    for (module, name, live), model in zip(targets, classes_of(tmp_path, text), strict=True):
        assert model.mro is not None, f"{module}.{name}"
        ours = [base.name for base in model.mro[1:]]
        assert ours == [base.__name__ for base in live.__mro__], f"{module}.{name}"


TYPED = """
from typing import Generic, NamedTuple, TypedDict, TypeVar

T = TypeVar("T")

class Point(NamedTuple):
    x: int
    y: int = 3

    @property
    def half(self): return self.x / 2

    def total(self): return self.x + self.y

class Below(Point):
    more = 1

class Slotted(Point):
    __slots__ = ()

class Keys(TypedDict):
    a: int

class MoreKeys(Keys, total=False):
    b: int

class GenericPoint(NamedTuple, Generic[T]):
    x: T

class GenericKeys(TypedDict, Generic[T]):
    x: T

class Special(GenericKeys[int]):
    z: int
"""


def test_named_tuples_and_typed_dicts_are_what_they_are_live(tmp_path: Path) -> None:
    live: dict[str, Any] = {"__name__": "m"}
    exec(TYPED, live)
    for model in classes_of(tmp_path, TYPED):
        made = live[model.name]
        assert [base.name for base in model.mro or ()] == [b.__name__ for b in made.__mro__]
        metaclass = model.metaclass
        assert metaclass is not None
        assert metaclass.name == type(made).__name__
        assert model.makes_own_instances is (type(made) is type)
        own = {
            name: each
            for name, each in model.attributes.items()
            if each.kind != AttributeKind.FIELD
        }
        assert set(own) == model.bound_names
        for name, attribute in own.items():
            assert attribute.kind == live_kind(vars(made)[name]), name
        if metaclass.name == "type":
            assert model.has_instance_dict is answer(made.__dictoffset__ != 0)


@pytest.mark.parametrize("name", ["this", "antigravity", "idlelib.idle", "json.__main__"])
def test_what_would_be_seen_or_heard_is_not_imported(name: str) -> None:
    assert live_namespace(name) == {}
    assert name not in sys.modules


def test_a_header_of_a_typed_dict_is_taken_as_it_is(
    project: Callable[..., testing.Project],
) -> None:
    made = project(TYPED)
    assert made.run("main.py").returncode == 0
    assert made.lint("PCL3") == []
