"""Classes of which the method resolution order is known, and not all that is on it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from test_installed_names import World, lint
from test_installed_stubs import QT, declared

SQLALCHEMY = {
    "sqlalchemy/__init__.py": "",
    "sqlalchemy/orm/__init__.py": "from .decl_api import declarative_base, registry\n",
    "sqlalchemy/orm/decl_api.py": "class registry:\n    def generate_base(self, **words):\n"
    "        return type(words['name'], (), {})\n\n"
    "def declarative_base(**words):\n    return registry().generate_base(**words)\n",
}
DJANGO = {
    "django/__init__.py": "",
    "django/db/__init__.py": "",
    "django/db/models/__init__.py": "from .manager import Manager\nclass QuerySet: ...\n",
    "django/db/models/manager.py": "class BaseManager:\n    @classmethod\n"
    "    def from_queryset(cls, queryset_class, class_name=None):\n"
    "        return type(class_name, (cls,), {})\n\n"
    "class Manager(BaseManager.from_queryset(object)): ...\n",
}
MIXIN = "class Mixin: ...\n"


@pytest.mark.parametrize(
    ("main", "expected"),
    [
        ("from sqlalchemy.orm import declarative_base\nBase = declarative_base()\n", []),
        (
            "import sqlalchemy.orm\nBase: type = sqlalchemy.orm.declarative_base(cls=Mixin)\n",
            ["main.Mixin"],
        ),
        (
            "from sqlalchemy.orm import registry\nmapped = registry()\n"
            "Base = mapped.generate_base(name='X')\n",
            [],
        ),
    ],
)
@pytest.mark.parametrize("library", [SQLALCHEMY, {}])
def test_the_order_below_a_declarative_base(
    tmp_path: Path, environment, main: str, expected: list[str], library: dict[str, str]
) -> None:
    environment(library, tmp_path / "project" / ".venv")
    world = World(tmp_path / "project", {"main.py": f"{MIXIN}{main}class One(Base): ...\n"})
    assert declared(world, "One") == ["main.One", "main.Base", *expected, "builtins.object"]
    assert world.mro("One") is None


@pytest.mark.parametrize(
    "made",
    [
        "from other import declarative_base\nBase = declarative_base()\n",
        "def declarative_base(): ...\nBase = declarative_base()\n",
        "from sqlalchemy.orm import declarative_base\nBase = declarative_base(object)\n",
        "from sqlalchemy.orm import declarative_base\nBase = declarative_base(**words)\n",
        "from sqlalchemy.orm import declarative_base\nBase = declarative_base(cls=make())\n",
        "from other import mapped\nBase = mapped.generate_base()\n",
        "from other import Manager\nBase = Manager.from_queryset(1)\n",
    ],
)
def test_another_function_of_that_name_says_nothing(tmp_path: Path, environment, made) -> None:
    environment(SQLALCHEMY, tmp_path / "project" / ".venv")
    world = World(tmp_path / "project", {"main.py": f"{made}class One(Base): ...\n"})
    assert declared(world, "One") is None


def test_a_manager_that_is_made_of_a_queryset(tmp_path: Path, environment) -> None:
    environment(DJANGO, tmp_path / "project" / ".venv")
    main = "from django.db import models\nclass Items(models.QuerySet): ...\n"
    main += "class One(models.Manager.from_queryset(Items)): ...\n"
    world = World(tmp_path / "project", {"main.py": main})
    found = [name.rpartition(".")[2] for name in declared(world, "One") or ()]
    assert found == ["One", "Manager", "Manager", "BaseManager", "BaseManager", "object"]


def test_nothing_is_said_of_what_such_a_class_has(project, environment) -> None:
    main = """
        from sqlalchemy.orm import declarative_base

        Base = declarative_base()


        class Item(Base):
            names = []

            def grow(self):
                self.names.append(self.id)
                return super().nothing()
    """
    assert lint(project, environment, main, SQLALCHEMY) == []


def test_an_installed_module_takes_what_is_there(tmp_path: Path, environment) -> None:
    library = {
        "one/__init__.py": "class A: ...\n",
        "both/__init__.py": "if V:\n    from one import *\nelif W:\n    from two import *\n",
        "tried/__init__.py": "try:\n    from two import A\nexcept ImportError:\n"
        "    from one import A\n",
    }
    environment(library, tmp_path / "project" / ".venv")
    main = "from both import A as X\nfrom tried import A as Y\n"
    world = World(tmp_path / "project", {"main.py": main, "own.py": library["both/__init__.py"]})
    assert world.mro("X") == world.mro("Y") == ["one.A", "builtins.object"]
    # The project may be run elsewhere.
    own = world.module("own.py")
    assert own.project.class_named(own, "A") is None


def test_the_misprint_in_all_stubs_of_pyqt5(tmp_path: Path, environment) -> None:
    files = {
        "PyQt5/__init__.py": "",
        "PyQt5/sip.abi3.so": "",
        "PyQt5/sip.pyi": "class simplewrapper: ...\n",
        "PyQt5/QtGui.abi3.so": "",
        "PyQt5/QtGui.pyi": "import PyQt5.sip\nclass QPaintDevice(PyQt5.sipsimplewrapper): ...\n",
    }
    environment(files, tmp_path / "project" / ".venv")
    world = World(tmp_path / "project", {"main.py": "from PyQt5.QtGui import QPaintDevice\n"})
    assert declared(world, "QPaintDevice") == [
        "PyQt5.QtGui.QPaintDevice",
        "PyQt5.sip.simplewrapper",
        "builtins.object",
    ]


def test_show_unresolved_counts_apart_what_is_known_in_part(tmp_path: Path, environment) -> None:
    environment(QT, tmp_path / "project" / ".venv")
    text = "from qt.widgets import Widget\nfrom gone import Gone\n"
    text += "class One(Widget): ...\nclass Two(Gone): ...\nclass Three: ...\n"
    World(tmp_path / "project", {"main.py": text})
    command = [sys.executable, "-m", "pyconcepts_lint", "--show-unresolved", "main.py"]
    shown = subprocess.run(
        command, cwd=tmp_path / "project", capture_output=True, text=True, check=True
    )
    assert shown.stdout.splitlines()[-2:] == [
        "1 of 3 (33 %) classes have a base that wasn't found; what only such a base could undo isn't "
        "said of them.",
        "1 of 3 (33 %) classes have a base of which not all is known: it comes of a stub, or a "
        "library's function makes it.",
    ]
