"""What is said of the classes and modules of real packages, against the live ones."""

from __future__ import annotations

import importlib
import inspect
import os
import random
import types
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyconcepts_lint.base.settings import Configuration
from pyconcepts_lint.index.kinds import AttributeKind
from pyconcepts_lint.index.loading import loading_of
from pyconcepts_lint.index.model import Module, SourceClass
from pyconcepts_lint.index.project import Project
from pyconcepts_lint.workspace.workspace import Workspaces

PLACE = os.path.dirname(os.path.dirname(pytest.__file__))
PACKAGES = (
    *("click", "docutils", "hypothesis", "jinja2", "packaging", "platformdirs", "pluggy"),
    *("pygments", "_pytest", "requests", "rich", "sphinx", "urllib3", "attr", "bs4"),
)
"""Those of them that are installed here are looked at."""
MOST_MODULES = 40
# What Python puts into every class, or into one with an `__eq__`.
IMPLICIT = {"__doc__", "__module__", "__dict__", "__weakref__", "__annotations__", "__hash__"}
IMPLICIT |= {"__abc_tpflags__", "__abstractmethods__", "_abc_impl", "__slots__"}
# Importing these does something, or needs what isn't there.
LEFT_OUT = ("__main__", "._vendor", ".contrib", ".extra", "._win", "._hypothesis", "conftest")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    root = tmp_path_factory.mktemp("project")
    (root / "pyproject.toml").write_text("")
    (root / "main.py").write_text("")
    configuration = Configuration({"python": PLACE})
    return Workspaces(configuration).of(str(root / "main.py")).project


def modules_of(project: Project, package: str) -> Iterator[tuple[Module, types.ModuleType]]:
    """Modules of a package with their live ones."""
    paths = sorted(Path(PLACE, package).rglob("*.py"))
    random.Random(7).shuffle(paths)
    for path in paths[:MOST_MODULES]:
        module = project.module(str(path))
        if module is None or any(part in f".{module.name.dotted}" for part in LEFT_OUT):
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                live = importlib.import_module(module.name.dotted)
            except Exception:
                continue
        if live.__file__ == str(path):
            yield module, live


def live_class(live: types.ModuleType, qualname: str) -> type | None:
    found: object = live
    for part in qualname.split("."):
        found = vars(found).get(part) if hasattr(found, "__dict__") else None
    is_it = isinstance(found, type) and (found.__module__, found.__qualname__) == (
        live.__name__,
        qualname,
    )
    return found if is_it else None  # type: ignore[return-value]


installed = pytest.mark.parametrize(
    "package", [name for name in PACKAGES if os.path.isdir(os.path.join(PLACE, name))]
)


@pytest.mark.corpus
@installed
def test_mro_metaclass_and_owners_are_those_of_the_live_classes(
    project: Project, package: str
) -> None:
    compared = known = 0
    for module, live_module in modules_of(project, package):
        written = [model.qualname for model in module.classes]
        for model in module.classes:
            live = live_class(live_module, model.qualname)
            if live is None or written.count(model.qualname) > 1:
                continue
            if project.class_named(module, model.qualname) is not model:
                continue  # nested, or bound anew
            compared += 1
            if model.mro is None:
                continue
            known += 1
            # A class may have been given another `__module__`.
            mine = [each.qualname for each in model.mro]
            assert mine == [each.__qualname__ for each in live.__mro__], model
            if model.metaclass is not None:
                assert model.metaclass.qualname == type(live).__qualname__, model
            _compare_owners(model, live)
    assert compared == 0 or known > compared * 0.8


def _compare_owners(model: SourceClass, live: type) -> None:
    for name in model.names_on_mro - IMPLICIT:
        attribute = model.lookup(name)
        if (
            attribute is None
            or attribute.kind in (AttributeKind.FIELD, AttributeKind.UNKNOWN)
            or not model.is_as_written
        ):
            continue
        if model.is_field_class and (name.startswith("_") or attribute.kind == AttributeKind.SLOT):
            continue  # dataclasses, enumerations and protocols are given such
        if "functools.total_ordering" in map(model.module.qualified, model.facts.decorators):
            continue
        owner = next((each for each in live.__mro__ if name in vars(each)), None)
        assert owner is not None, (model, name)
        assert inspect.getattr_static(live, name) is vars(owner)[name]
        assert attribute.owner.qualname == owner.__qualname__, (model, name)


@pytest.mark.corpus
@installed
def test_a_name_that_a_module_lacks_is_not_there(project: Project, package: str) -> None:
    loading = loading_of(project)
    modules = list(modules_of(project, package))[:12]
    words = {name for module, _ in modules for name in module.bindings}
    words |= {f"{name}_" for name in words} | {name.lower() for name in words}
    chosen = random.Random(11).sample(sorted(words), min(len(words), 15))
    said = 0
    for module, live in modules:
        for name in chosen:
            if name not in module.bindings and loading.lacks(module, name):
                said += 1
                assert name not in vars(live), (module, name)
    assert said or package in ("attr", "click", "pluggy")
