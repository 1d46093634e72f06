"""How much a run does, counted: no clock tells of work that is done twice."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from pyconcepts_lint.index.facts import ModuleFacts
from pyconcepts_lint.testing import lint_paths
from pyconcepts_lint.workspace import workspace

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
