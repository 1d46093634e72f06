"""What import statements of Python 2 source name: the module beside the importer first."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from pyconcepts_lint.index import tables
from pyconcepts_lint.index.facts import ModuleFacts
from pyconcepts_lint.index.model import Module, SourceClass
from pyconcepts_lint.index.project import Project
from pyconcepts_lint.parsing.syntax import parse
from pyconcepts_lint.workspace.workspace import read

Make = Callable[[Mapping[str, str]], Project]
OLD = "print 'Python 2'\n"

PACKAGE = {
    "shape.py": "class Shape: top = True\n",
    "pkg/__init__.py": "",
    "pkg/shape.py": "class Shape: top = False\n",
    "pkg/string.py": "class Template: ours = True\n",
    "pkg/sub/__init__.py": "",
    "pkg/sub/deep.py": "class Deep: pass\n",
    "pkg/plain/hidden.py": "class Hidden: pass\n",
    "pkg/pkg.py": "class Inner: pass\n",
}


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def facts_of(path: str) -> ModuleFacts | None:
        return read(parse(Path(path).read_text())).facts if os.path.exists(path) else None

    def build(files: Mapping[str, str]) -> Project:
        for name, text in {**PACKAGE, **files}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text))
        paths = sorted(str(path) for path in tmp_path.rglob("*.py"))
        return Project(str(tmp_path), paths, facts_of)

    return build


def importer(project: Project, path: str = "pkg/user.py") -> Module:
    module = project.module(os.path.join(project.root or "", path))
    assert module is not None
    return module


@pytest.mark.parametrize(
    ("source", "name", "meant"),
    [
        ("from shape import Shape", "Shape", "pkg.shape.Shape"),
        ("import shape", "shape.Shape", "pkg.shape.Shape"),
        ("import shape as s", "s.Shape", "pkg.shape.Shape"),
        ("from shape import *", "Shape", "pkg.shape.Shape"),
        ("import sub.deep", "sub.deep.Deep", "pkg.sub.deep.Deep"),
        ("from sub import deep", "deep.Deep", "pkg.sub.deep.Deep"),
        ("from sub.deep import Deep as D", "D", "pkg.sub.deep.Deep"),
        # The standard library's is not looked for.
        ("from string import Template", "Template", "pkg.string.Template"),
        # An explicitly relative name is not looked for beside the importer.
        ("from .shape import Shape", "Shape", "pkg.shape.Shape"),
        ("from . import shape", "shape.Shape", "pkg.shape.Shape"),
        # What lies beside the importer is found even where only the top-level package was meant.
        ("from pkg import Inner", "Inner", "pkg.pkg.Inner"),
    ],
)
def test_python2_looks_beside_the_importer_first(
    make: Make, source: str, name: str, meant: str
) -> None:
    project = make({"pkg/user.py": f"{OLD}{source}\n"})
    model = project.resolve(importer(project), name)
    assert isinstance(model, SourceClass)
    assert model.full_name == meant


@pytest.mark.parametrize(
    "source",
    [
        "from shape import Shape\n",
        "from __future__ import absolute_import\nprint 'Python 2'\nfrom shape import Shape\n",
        "from __future__ import absolute_import, division\nimport shape\n"
        "print 'Python 2'\nShape = shape.Shape\n",
    ],
)
def test_absolute_names_are_absolute_elsewhere(make: Make, source: str) -> None:
    project = make({"pkg/user.py": source})
    model = project.resolve(importer(project), "Shape")
    assert isinstance(model, SourceClass)
    assert model.full_name == "shape.Shape"


def test_only_regular_packages_and_modules_count(make: Make) -> None:
    project = make({"pkg/user.py": f"{OLD}from plain.hidden import Hidden\n"})
    assert project.resolve(importer(project), "Hidden") is None
    # Beside a module that is in no package, sys.path leads.
    project = make({"user.py": f"{OLD}from shape import Shape\n"})
    model = project.resolve(importer(project, "user.py"), "Shape")
    assert isinstance(model, SourceClass)
    assert model.full_name == "shape.Shape"


def test_the_search_ends_with_the_first_part_of_the_name(make: Make) -> None:
    project = make(
        {"sub/__init__.py": "", "sub/top.py": "x = 1\n", "pkg/user.py": f"{OLD}import sub.top\n"}
    )
    assert project.resolve(importer(project), "sub.top") is None


def test_base_class_beside_counts_with_what_it_has(make: Make) -> None:
    user = f"{OLD}import shape\nclass Round(shape.Shape):\n    round = True\n"
    project = make({"pkg/user.py": user})
    (model,) = importer(project).classes
    assert [base.full_name for base in model.mro or ()][:2] == ["pkg.user.Round", "pkg.shape.Shape"]


def test_qualified_names_go_beside_too(make: Make) -> None:
    project = make({"pkg/user.py": f"{OLD}import string, shape\nfrom sub import deep\n"})
    module = importer(project)
    assert module.qualified("string.Template()") == "pkg.string.Template()"
    assert module.qualified("deep.Deep") == "pkg.sub.deep.Deep"


def test_uses_in_functions_go_beside_too(make: Make) -> None:
    source = f"{OLD}def f():\n    import shape\n    return shape.Shape\n"
    project = make({"pkg/user.py": source})
    module = importer(project)
    receivers = [receiver for _, receiver, _ in project.row(tables.uses, "Shape")]
    (found,) = {project.resolve(module, receiver) for receiver in receivers}
    assert isinstance(found, Module)
    assert found.name.dotted == "pkg.shape"
