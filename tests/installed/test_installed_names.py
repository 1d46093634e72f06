"""Names that lead into installed packages: known, never evidence, never reported in."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pyconcepts_lint.base.settings import Configuration
from pyconcepts_lint.index.model import ClassModel, Module, SourceClass
from pyconcepts_lint.workspace.workspace import Workspace, Workspaces


class World:
    """A project with an environment beside it."""

    def __init__(self, root: Path, files: dict[str, str]) -> None:
        root.mkdir(exist_ok=True)
        (root / "pyproject.toml").write_text("")
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        self.root = root

    @property
    def workspace(self) -> Workspace:
        return Workspaces(Configuration()).of(str(self.root / "main.py"))

    def module(self, name: str = "main.py") -> Module:
        found = self.workspace.project.module(str(self.root / name))
        assert found is not None
        return found

    def model(self, name: str) -> ClassModel:
        found = self.module().project.class_named(self.module(), name)
        assert found is not None, name
        return found

    def mro(self, name: str) -> list[str] | None:
        module = self.module()
        model = module.project.class_named(module, name)
        if model is None or model.mro is None:
            return None
        return [each.full_name for each in model.mro]


LIBRARY = {
    "lib/__init__.py": "from .core import Base\nfrom ._fast import Fast\n",
    "lib/core.py": "import abc\nclass Base(abc.ABC):\n    items = []\n    def run(self): ...\n",
    "lib/_fast.cpython-311-x86_64-linux-gnu.so": "",
}


def test_a_class_of_an_installed_package_is_known_as_a_base(tmp_path, environment) -> None:
    environment(LIBRARY, tmp_path / "project" / ".venv")
    main = "import lib\nimport lib.core as c\nfrom lib import Base, Fast\n"
    main += "class One(Base): ...\nclass Two(lib.core.Base): ...\nclass Three(c.Base): ...\n"
    main += "class Four(Fast): ...\n"
    world = World(tmp_path / "project", {"main.py": main})
    expected = ["lib.core.Base", "abc.ABC", "builtins.object"]
    assert world.mro("One") == ["main.One", *expected]
    assert world.mro("Two") == ["main.Two", *expected]
    assert world.mro("Three") == ["main.Three", *expected]
    assert world.mro("Four") is None
    metaclass = world.model("One").metaclass
    assert metaclass is not None
    assert metaclass.full_name == "abc.ABCMeta"
    base = world.model("Base")
    assert isinstance(base, SourceClass)
    assert (base.is_project_class, base.is_standard, base.module.is_installed) == (
        False,
        False,
        True,
    )
    assert base.module.name.dotted == "lib.core"


def test_a_module_of_the_project_goes_before_an_installed_one(tmp_path, environment) -> None:
    environment(LIBRARY, tmp_path / "project" / ".venv")
    files = {"main.py": "from lib import Base\n", "lib.py": "class Base: ...\n"}
    world = World(tmp_path / "project", files)
    assert world.mro("Base") == ["lib.Base", "builtins.object"]


def test_a_bare_directory_of_the_project_does_not_hide_an_installed_package(
    tmp_path, environment
) -> None:
    environment(LIBRARY, tmp_path / "project" / ".venv")
    files = {"main.py": "from lib import Base\nimport lib.core\n", "lib/notes.txt": ""}
    world = World(tmp_path / "project", files)
    assert world.mro("Base") == ["lib.core.Base", "abc.ABC", "builtins.object"]
    assert world.mro("lib.core.Base") == ["lib.core.Base", "abc.ABC", "builtins.object"]


def test_a_module_of_the_standard_library_goes_before_an_installed_one(
    tmp_path, environment
) -> None:
    environment({"json/__init__.py": "class JSONDecoder: ...\n"}, tmp_path / "project" / ".venv")
    world = World(tmp_path / "project", {"main.py": "from json import JSONDecoder\n"})
    assert world.model("JSONDecoder").full_name == "json.decoder.JSONDecoder"


def test_portions_of_namespace_packages_are_put_together(tmp_path, environment) -> None:
    made = environment(
        {"cloud/one/__init__.py": "class One: ...\n", "more.pth": str(tmp_path / "more")},
        tmp_path / "project" / ".venv",
    )
    assert made.is_dir()
    for path, text in {"more/cloud/two.py": "class Two: ...\n"}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    files = {
        "main.py": "import cloud.one\nimport cloud.two\nimport cloud.own\n"
        "from cloud import one, two, own\n",
        "cloud/own.py": "class Own: ...\n",
    }
    world = World(tmp_path / "project", files)
    for name in ("one.One", "two.Two", "own.Own", "cloud.one.One", "cloud.two.Two"):
        mro = world.mro(name)
        assert mro is not None, name
        assert mro[0] == f"cloud.{name.removeprefix('cloud.')}"


def test_an_editable_install_is_read_where_it_lies(tmp_path, environment) -> None:
    (tmp_path / "elsewhere" / "src").mkdir(parents=True)
    (tmp_path / "elsewhere" / "src" / "__init__.py").write_text("from .a import A\n")
    (tmp_path / "elsewhere" / "src" / "a.py").write_text("from shop import b\nclass A(b.B): ...\n")
    (tmp_path / "elsewhere" / "src" / "b.py").write_text("class B: ...\n")
    finder = f"MAPPING = {{'shop': {str(tmp_path / 'elsewhere' / 'src')!r}}}\n"
    environment({"__editable___shop_finder.py": finder}, tmp_path / "project" / ".venv")
    world = World(tmp_path / "project", {"main.py": "from shop import A\nimport shop.b\n"})
    mro = world.mro("A")
    assert mro is not None
    assert [name.rpartition(".")[2] for name in mro] == ["A", "B", "object"]
    assert world.mro("shop.b.B") is not None


@pytest.mark.parametrize(
    "text",
    [
        "print 'Python 2'\n",
        "class Base(:\n",
        "\0",
        "x = " + "(" * 5000 + ")" * 5000,
        "# coding: no-such-codec\nclass Base: ...\n",
        "from . import Base\n",
        "from lib import *\n",
    ],
)
def test_what_is_installed_and_cannot_be_read_is_unknown(tmp_path, environment, text) -> None:
    environment({"lib/__init__.py": text}, tmp_path / "project" / ".venv")
    world = World(tmp_path / "project", {"main.py": "from lib import Base\nclass C(Base): ...\n"})
    assert world.mro("C") is None


def test_a_huge_generated_module_is_not_read(tmp_path, environment) -> None:
    made = environment({"lib.py": "class Base: ...\n"}, tmp_path / "project" / ".venv")
    world = World(tmp_path / "project", {"main.py": "from lib import Base\n"})
    assert world.mro("Base") is not None
    with open(made / "lib/python3.11/site-packages/lib.py", "a") as file:
        file.write("x = 1\n" * 2_000_000)
    assert world.mro("Base") is None


def test_links_in_a_circle_and_special_files_are_no_modules(tmp_path, environment) -> None:
    made = environment({"lib/__init__.py": ""}, tmp_path / "project" / ".venv")
    packages = made / "lib/python3.11/site-packages"
    os.symlink("loop", packages / "loop")
    os.symlink(packages, packages / "lib" / "again")
    os.mkfifo(packages / "pipe.py")
    main = "from loop import A\nfrom pipe import B\nfrom lib.again.lib.again.lib import C\n"
    world = World(tmp_path / "project", {"main.py": main})
    assert [world.mro(name) for name in "ABC"] == [None, None, None]


def test_only_what_a_question_leads_to_is_read(tmp_path, environment, monkeypatch) -> None:
    from pyconcepts_lint.workspace import workspace

    environment(LIBRARY, tmp_path / "project" / ".venv")
    read: list[str] = []
    kept = workspace.read_installed

    def reading(path: str) -> object:
        read.append(os.path.basename(path))
        return kept(path)

    monkeypatch.setattr(workspace, "read_installed", reading)
    world = World(tmp_path / "project", {"main.py": "import lib\nfrom lib import Base\n"})
    module = world.module()
    assert read == []
    assert module.project.class_named(module, "Base") is not None
    assert read == ["__init__.py", "core.py"]


# What rules make of it


def lint(project, environment, main: str, library: dict[str, str], *codes: str) -> list[str]:
    made = project({"main.py": main})
    environment(library, made.root / ".venv")
    return made.messages(*codes)


def test_what_an_installed_package_does_is_no_evidence(project, environment) -> None:
    main = """
    class Basket:
        items = []

        def add(self, item):
            self.items.append(item)
    """
    assert lint(project, environment, main, {}, "PCL104") != []
    library = {"lib.py": "def f(x):\n    x.items = []\nclass B:\n    def g(self): self.items = 1\n"}
    before = lint(project, environment, main, {}, "PCL104")
    assert lint(project, environment, main + "\n    import lib\n", library, "PCL104") == before


def test_nothing_is_reported_in_installed_packages(project, environment) -> None:
    library = {
        "lib.py": "class B:\n    items = []\n    def add(self, x):\n        self.items.append(x)\n"
    }
    main = "from lib import B\nclass C(B):\n    def use(self):\n        self.items.append(1)\n"
    assert lint(project, environment, main, library, "PCL") == []


def test_an_attribute_of_an_installed_base_may_be_set_on_the_instance(project, environment) -> None:
    main = """
    from lib import Base


    class Basket(Base):
        items = []

        def add(self, item):
            self.items.append(item)
    """
    [said] = lint(project, environment, main, {}, "PCL104")
    assert "unless `Base`, which was not found, sets `items` itself" in said
    library = {"lib.py": "class Base:\n    def __init__(self):\n        self.items = []\n"}
    assert lint(project, environment, main, library, "PCL104") == []
    library = {"lib.py": "class Base:\n    def __init__(self):\n        self.others = []\n"}
    [said] = lint(project, environment, main, library, "PCL104")
    assert "unless" not in said


def test_a_read_only_property_of_an_installed_base_refuses_an_assignment(
    project, environment
) -> None:
    library = {"lib.py": "class Base:\n    @property\n    def size(self):\n        return 1\n"}
    main = """
    from lib import Base


    class Box(Base):
        def grow(self):
            self.size = 2
    """
    assert lint(project, environment, main, {}, "PCL504") == []
    assert len(lint(project, environment, main, library, "PCL504")) == 1


def test_a_function_of_an_installed_package_may_do_anything_to_a_class(
    project, environment
) -> None:
    main = """
    from lib import register


    class Basket:
        size = 0

        def grow(self):
            self.size += 1


    register(Basket)
    """
    without = lint(project, environment, main, {}, "PCL1")
    library = {"lib.py": "def register(model):\n    return model\n"}
    assert lint(project, environment, main, library, "PCL1") == without
