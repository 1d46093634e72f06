"""The gate, which lets a rule see only some statements of a file, makes no difference."""

from __future__ import annotations

import shutil
import sysconfig
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from pyconcepts_lint.testing import lint_paths as run

STANDARD_LIBRARY = Path(sysconfig.get_path("stdlib"))
SOME_MODULES = (
    *("bdb.py", "cmd.py", "concurrent", "contextlib.py", "dataclasses.py", "logging", "sched.py"),
    *("shelve.py", "socketserver.py", "wsgiref", "xml/dom"),
)
NEVER = {"site-packages", "test", "tests", "idlelib", "lib2to3", "__pycache__"}


def check(names: Iterable[str], root: Path) -> None:
    for name in names:
        for file in [STANDARD_LIBRARY / name, *(STANDARD_LIBRARY / name).rglob("*.py")]:
            if file.suffix == ".py" and not NEVER.intersection(file.parts):
                target = root / file.relative_to(STANDARD_LIBRARY)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file, target)
    (root / "pyproject.toml").write_text("[tool.pyconcepts-lint]\n", encoding="utf-8")
    overrides = {"select": ("PCL",), "no_cache": True}
    with_gate = run([str(root)], overrides=overrides, jobs=1)
    without = run([str(root)], overrides=overrides, jobs=1, gate=False)
    assert with_gate.errors == without.errors == []
    assert with_gate.findings
    assert with_gate.findings == without.findings


def test_gate_makes_no_difference_to_some_of_the_standard_library(tmp_path: Path) -> None:
    check(SOME_MODULES, tmp_path)


@pytest.mark.corpus
def test_gate_makes_no_difference_to_the_standard_library(tmp_path: Path) -> None:
    names = [path.name for path in STANDARD_LIBRARY.iterdir() if path.name not in NEVER]
    check(names, tmp_path)


DECORATORS = {
    "PCL101": "class A:\n    n = 0\n    def f(self):\n        @setattr(self, 'n', 1)\n"
    "        def g(): pass\nA.n = 4\n",
    "PCL104": "class A:\n    items = []\n    def f(self):\n        @self.items.append(1)\n"
    "        class G: pass\n",
    "PCL402": "class A:\n    def m(self, f): return f\nclass B:\n    @A.m(1)\n    def g(self): pass\n",
    "PCL601": "class A: pass\nclass B:\n    @A().__dict__['x']\n    def f(self): pass\n",
    "PCL704": "d = {}\nclass A:\n    @d.has_key(1)\n    class B: pass\n",
    "PCL802": "x = 1\ndef f():\n    @x\n    def g(): pass\n    x = 2\n",
}


@pytest.mark.parametrize("code", DECORATORS)
def test_gate_makes_no_difference_to_what_stands_in_decorators(
    code: str, project: Callable[..., Any]
) -> None:
    assert len(project(DECORATORS[code]).places(code)) == 1
