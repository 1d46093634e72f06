"""A setting that matches nothing is most often mistyped, and is said with its key and value."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pyconcepts_lint.base.errors import Error
from pyconcepts_lint.testing import Project, lint_paths

Make = Callable[..., Project]

FILES = {
    "src/shop/__init__.py": "",
    "src/shop/orm.py": "class Model:\n    pass\n",
    "src/shop/cart.py": "from .orm import Model\n\n\nclass Cart(Model):\n    size = 0\n",
    "tests/test_cart.py": "x = 1\n",
    "docs/conf.py": "x = 1\n",
}


def notes(shop: Project, *paths: str, **overrides: Any) -> list[str]:
    report = lint_paths(
        [str(shop.root / path) for path in paths or (".",)], {"no_cache": True, **overrides}
    )
    assert report.errors == []
    return [note.removeprefix(f"{shop.root / 'pyproject.toml'}: ") for note in report.notes]


@pytest.mark.parametrize(
    ("key", "value", "note"),
    [
        ("src", ["libb"], 'src: "libb": there is no such directory'),
        ("namespace_packages", ["shpo"], 'namespace-packages: "shpo": there is no such directory'),
        ("exclude", ["dosc"], 'exclude: "dosc": no file or directory matches'),
        (
            "extend_exclude",
            ["*_pb2.py"],
            'extend-exclude: "*_pb2.py": no file or directory matches',
        ),
        (
            "extend_exclude",
            ["src/shp/*"],
            'extend-exclude: "src/shp/*": no file or directory matches',
        ),
        ("per_file_ignores", {"test/*": ["PCL1"]}, 'per-file-ignores: "test/*": no file or'),
        ("per_file_ignores", {"!test/*": ["PCL1"]}, 'per-file-ignores: "!test/*": no file or'),
        ("field_classes", ["shop.orm.Modl"], 'field-classes: "shop.orm.Modl": no class of the'),
        ("select", [], "select: []: no rule runs"),
    ],
)
def test_what_matches_nothing_is_named(project: Make, key: str, value: object, note: str) -> None:
    (said,) = notes(project(FILES, **{key: value}))
    assert said.startswith(note)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("src", ["src"]),
        ("namespace_packages", ["shop"]),
        ("exclude", ["docs", "build", ".venv"]),
        ("extend_exclude", ["docs/*.py", "./tests/"]),
        ("per_file_ignores", {"tests/*": ["PCL1"], "!src/**": ["PCL1"], "tests": ["PCL1"]}),
        ("field_classes", ["shop.orm.Model"]),
        ("field_classes", ["Model"]),
    ],
)
def test_nothing_is_said_of_what_matches(project: Make, key: str, value: object) -> None:
    assert notes(project(FILES, **{key: value})) == []


def test_what_git_ignores_may_be_there_after_a_build(project: Make) -> None:
    shop = project(FILES | {".gitignore": "gen/\n"}, extend_exclude=["gen", "gen/*.py"])
    assert notes(shop) == []
    shop.write({"gen/x.py": ""})
    assert notes(shop) == []


def test_a_run_over_a_part_of_the_project_knows_nothing_of_patterns(project: Make) -> None:
    shop = project(FILES, extend_exclude=["dosc"], field_classes=["shop.Modl"], src=["libb"])
    assert notes(shop, "src/shop/cart.py") == ['src: "libb": there is no such directory']
    assert len(notes(shop)) == 3


def test_what_the_command_line_says_is_named_as_its_option(project: Make) -> None:
    (said,) = notes(project(FILES), extend_exclude=["dosc"])
    assert said == '--extend-exclude "dosc": no file or directory matches'


@pytest.mark.parametrize("table", ["tool.pyconcepts_lint", "tool.pyconceptslint"])
def test_a_table_with_another_name_is_an_error(tmp_path: Path, table: str) -> None:
    (tmp_path / "main.py").write_text("x = 1\n")
    (tmp_path / "pyproject.toml").write_text(f"[project]\nname = 'x'\n\n[{table}]\nselect = []\n")
    with pytest.raises(Error, match=r"pyproject\.toml:4: the table .* \[tool\.pyconcepts-lint\]"):
        lint_paths([str(tmp_path)], {"no_cache": True})
    lint_paths([str(tmp_path)], {"no_cache": True}, isolated=True)
