"""Stubs of what is compiled say what there is to derive from, and not what there isn't."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_installed_names import World, lint

QT = {
    "qt/__init__.py": "",
    "qt/widgets.abi3.so": "",
    "qt/core.abi3.so": "",
    "qt/widgets.pyi": "import typing\nfrom qt.core import Object\n\n"
    "class Widget(Object):\n    shown: bool\n    @property\n    def size(self) -> int: ...\n"
    "    def show(self) -> None: ...\n    @typing.overload\n    def hide(self): ...\n"
    "    @typing.overload\n    def hide(self, x: int): ...\n\ndef make(): ...\nflag = ...\n",
    "qt/core.pyi": "class Object(object):\n    def parent(self) -> 'Object': ...\n",
}
BASKET = """
    from {module} import Widget


    class Basket(Widget):
        items = []

        def add(self, item):
            self.items.append(item)
"""


def declared(world: World, name: str) -> list[str] | None:
    module = world.module()
    model = module.project.class_named(module, name)
    found = None if model is None else model.declared_mro
    return None if found is None else [each.full_name for each in found]


def test_a_stub_beside_a_compiled_module_says_the_mro(tmp_path: Path, environment) -> None:
    environment(QT, tmp_path / "project" / ".venv")
    main = "from qt import widgets\nfrom qt.widgets import Widget\nclass One(Widget): ...\n"
    main += "class Two(widgets.Widget): ...\n"
    world = World(tmp_path / "project", {"main.py": main})
    expected = ["qt.widgets.Widget", "qt.core.Object", "builtins.object"]
    assert declared(world, "One") == ["main.One", *expected]
    assert declared(world, "Two") == ["main.Two", *expected]
    # All that asks for attributes that aren't there asks for this one.
    assert world.mro("One") is None


def test_stubs_may_be_a_distribution_of_their_own(tmp_path: Path, environment) -> None:
    files = {
        "qt/__init__.py": "",
        "qt/widgets.abi3.so": "",
        "qt-stubs/__init__.pyi": "",
        "qt-stubs/widgets.pyi": "from . import core\nfrom .core import Object as Object\n"
        "class Widget(core.Object): ...\n",
        "qt-stubs/core.pyi": "class Object: ...\n",
        "other-stubs/__init__.pyi": "class Other: ...\n",
    }
    environment(files, tmp_path / "project" / ".venv")
    main = "import qt.widgets\nfrom other import Other\nclass One(qt.widgets.Widget): ...\n"
    world = World(tmp_path / "project", {"main.py": main})
    expected = ["main.One", "qt.widgets.Widget", "qt.core.Object", "builtins.object"]
    assert declared(world, "One") == expected
    assert declared(world, "Other") == ["other.Other", "builtins.object"]


def test_source_goes_before_stubs(tmp_path: Path, environment) -> None:
    files = {
        "lib/__init__.py": "class Real: ...\nclass Base(Real): ...\n",
        "lib/__init__.pyi": "class Base: ...\n",
        "lib-stubs/__init__.pyi": "class Base: ...\n",
    }
    environment(files, tmp_path / "project" / ".venv")
    world = World(tmp_path / "project", {"main.py": "from lib import Base\n"})
    assert world.mro("Base") == ["lib.Base", "lib.Real", "builtins.object"]


def test_functions_and_values_of_a_stub_are_unknown(tmp_path: Path, environment) -> None:
    environment(QT, tmp_path / "project" / ".venv")
    world = World(tmp_path / "project", {"main.py": "from qt.widgets import make, flag\n"})
    module = world.module()
    assert module.project.resolve(module, "make") is None
    assert module.project.resolve(module, "flag") is None


@pytest.mark.parametrize(
    ("library", "condition"),
    [
        ({}, "unless `Widget`, which was not found, sets `items` itself"),
        (QT, "unless `Widget`, of which only a stub was found, sets `items` itself"),
    ],
)
def test_the_condition_says_that_only_a_stub_was_found(
    project, environment, library, condition
) -> None:
    [said] = lint(project, environment, BASKET.format(module="qt.widgets"), library, "PCL104")
    assert condition in said


def test_what_a_stub_declares_may_be_set_on_instances(project, environment) -> None:
    library = QT | {"qt/core.pyi": "class Object:\n    items: list\n"}
    main = BASKET.format(module="qt.widgets")
    assert lint(project, environment, main, library, "PCL104") == []


def test_nothing_is_said_of_the_attributes_that_a_stub_does_or_does_not_have(
    project, environment
) -> None:
    main = """
        from qt.widgets import Widget


        class Box(Widget):
            __slots__ = ()

            def grow(self):
                self.size = 2
                self.other = 3
                self.shown = True
                return super().nothing()
    """
    assert lint(project, environment, main, QT) == []
