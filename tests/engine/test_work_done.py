"""How much a run does, counted: no clock tells of work that is done twice."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from pyconcepts_lint.base.request import RunRequest
from pyconcepts_lint.index.facts import ModuleFacts
from pyconcepts_lint.plugins.registry import tables
from pyconcepts_lint.running.scheduler import Scheduler
from pyconcepts_lint.testing import lint_paths
from pyconcepts_lint.workspace import workspace
from pyconcepts_lint.workspace.workspace import Workspaces

Write = Callable[[Mapping[str, str]], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes files below a directory that no settings mark as a project."""

    def write(files: Mapping[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return write


def test_what_several_packages_import_is_read_once(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write(
        {
            "prices.py": "class Prices:\n    rate = 2\n",
            **{
                f"{name}/{file}.py": text
                for name in ("shop", "stock", "orders")
                for file, text in (
                    ("__init__", f"# {name}\n"),
                    ("base", f"import prices\n\n\nclass {name}(prices.Prices):\n    pass\n"),
                )
            },
        }
    )
    collected: Counter[str] = Counter()
    collect = workspace.collect

    def count(tree: ast.Module, text: str, **more: Any) -> ModuleFacts:
        collected[text] += 1
        return collect(tree, text, **more)

    monkeypatch.setattr(workspace, "collect", count)
    lint_paths([str(root)], overrides={"no_cache": True}, jobs=1)
    assert len(collected) >= 7
    assert set(collected.values()) == {1}


def test_a_small_project_is_parsed_once(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules that walk over trees of whole files get those that the facts were made from."""
    body = "def total(self):\n        print('sys.path')\n        return {'id': 1}.iteritems()\n"
    text = (
        "import shop.prices\n\n\nclass Class{0}(shop.prices.Class1):\n    {1}\n\n\nvars(Class{0})\n"
    )
    files = {f"shop/file{number}.py": text.format(number, body) for number in range(5)}
    prices = "class Class1:\n    def __init__(self):\n        self.x = 1\n"
    root = write({"shop/__init__.py": "", "shop/prices.py": prices, **files})
    parsed: Counter[str] = Counter()
    parse = ast.parse

    def count(text: str, *args: Any, **more: Any) -> ast.Module:
        parsed[text] += 1
        return parse(text, *args, **more)

    monkeypatch.setattr(ast, "parse", count)
    lint_paths([str(root)], overrides={"no_cache": True, "select": ["PCL"]}, jobs=1)
    own = {text: number for text, number in parsed.items() if text in {*files.values(), prices}}
    assert len(own) == 6
    assert set(own.values()) == {1}


def test_finding_out_what_is_stale_looks_for_no_root_again(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write(
        {"pyproject.toml": "[tool.pyconcepts-lint]\n", "base.py": "class Base:\n    n = 1\n"}
    )
    for number in range(5):
        text = "from base import Base\nclass D(Base):\n    def f(self):\n        self.n = 2\n"
        write({f"user{number}.py": text})
    workspaces = Workspaces(tables=tables())
    files = sorted(map(str, root.glob("*.py")))
    scheduler = Scheduler(workspaces, RunRequest((), fix=True, jobs=1))
    results = scheduler.lint(files)
    base = str(root / "base.py")
    scheduler.change({base: b"class Base:\n    pass\n"})
    asked: list[str] = []
    of = Workspaces.of
    monkeypatch.setattr(Workspaces, "of", lambda self, path: asked.append(path) or of(self, path))
    stale = scheduler.stale(results.values(), {base})
    assert {path for path in files if "user" in path} <= set(stale)
    assert len(asked) <= len(files)
