"""What the page about Python 2 source says is so."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "python2.md").read_text(encoding="utf-8")
KNOWN = tomllib.loads((ROOT / "tests/corpus/python2.toml").read_text(encoding="utf-8"))


def test_the_example_is_fixed_as_shown(project: Callable[..., Any]) -> None:
    before, after = re.findall(r"```python2?\n# [^\n]*\n(.*?)```", PAGE, re.DOTALL)
    base = "class Registered(type):\n    pass\n"
    files = {"shop/__init__.py": "", "shop/base.py": base, "shop/report.py": before}
    assert project(files).fix()["shop/report.py"] == after


def test_files_that_stay_python2_are_all_named() -> None:
    table = PAGE.partition("## Ten old packages")[2]
    rows = {
        row.partition(" | ")[0].strip("| "): row for row in table.splitlines() if row[:2] == "| "
    }
    for what in ("with_unsafe_fix", "without_fix", "undecodable"):
        for label, paths in KNOWN[what].items():
            row = rows[label.replace("-", " ")]
            for path in paths:
                # The same name below `docs` and beside it is named once.
                assert path.rpartition("/")[2] in row, path
    for label, paths in KNOWN["refused_by_python2"].items():
        for path in paths:
            assert path in table or label.startswith("Twisted"), path
