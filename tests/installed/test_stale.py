"""An install, an upgrade or a removal makes stale what rests on it, and nothing else."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from time_stamps import age

from pyconcepts_lint.base.request import RunRequest
from pyconcepts_lint.base.settings import Configuration
from pyconcepts_lint.running import run_cache

PACKAGES = ".venv/lib/python3.11/site-packages"
SETS = "class Base:\n    def __init__(self):\n        self.items = []\n"
SETS_NOT = "class Base:\n    def __init__(self):\n        self.others = []\n"
FILES = {
    "pyproject.toml": "[tool.pyconcepts-lint]\nselect = ['PCL104']\n",
    "basket.py": "from lib.core import Base\n\n\nclass Basket(Base):\n    items = []\n\n"
    "    def add(self, item):\n        self.items.append(item)\n",
    "other.py": "import another\n\n\nclass Other(another.Other):\n    names = []\n\n"
    "    def add(self, item):\n        self.names.append(item)\n",
    "alone.py": "x = 1\n",
}


@pytest.fixture
def root(tmp_path: Path, environment: Callable[..., Path]) -> Path:
    directory = tmp_path / "project"
    directory.mkdir()
    for name, text in FILES.items():
        (directory / name).write_text(text)
    environment({"lib/__init__.py": "", "lib/core.py": SETS}, directory / ".venv")
    age(directory)
    return directory


def said(root: Path, **overrides: object) -> list[str]:
    """The files with a finding, those with a condition with `?`; the cache makes no difference."""
    found = []
    for given in (overrides, {**overrides, "no_cache": True}):
        request = RunRequest((str(root),), jobs=1)
        run = run_cache.run
        if "no_cache" in given:
            from pyconcepts_lint.running.run import run
        findings = run(request, Configuration(given)).findings
        found.append([os.path.basename(f.path) + "?" * ("unless" in f.message) for f in findings])
    assert found[0] == found[1]
    return found[0]


def test_nothing_is_looked_at_twice(root: Path, looked_at: list[str], monkeypatch) -> None:
    assert said(root) == ["other.py?"]
    looked_at.clear()
    age(root)
    monkeypatch.setattr("pyconcepts_lint.running.run.run", None)
    assert run_cache.run(RunRequest((str(root),), jobs=1), Configuration()).files == 3
    assert looked_at == []


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_run_like_one_before_notes_that_an_installed_file_has_changed(
    root: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    def count() -> int:
        return len(run_cache.run(RunRequest((str(root),), jobs=jobs), Configuration()).findings)

    monkeypatch.setattr("pyconcepts_lint.running.scheduler.SMALL_WORK", 1)
    assert (count(), count()) == (1, 1)
    (root / PACKAGES / "lib" / "core.py").write_text(SETS_NOT)
    age(root)
    assert (count(), count()) == (2, 2)


@pytest.mark.parametrize(
    ("name", "text", "again", "found"),
    [
        ("lib/core.py", SETS_NOT, ["basket.py"], ["basket.py", "other.py?"]),
        ("lib/core.pyc", "", [], ["other.py?"]),
        ("another.py", SETS.replace("Base", "Other"), ["other.py"], ["other.py"]),
        ("another/__init__.py", "from lib.core import Base as Other\n", ["other.py"], ["other.py"]),
        ("unrelated/__init__.py", "", [], ["other.py?"]),
        ("unrelated-1.0.dist-info/RECORD", "", [], ["other.py?"]),
        ("lib/more.py", "", [], ["other.py?"]),
        ("lib.py", "", [], ["other.py?"]),
    ],
)
def test_only_what_rests_on_a_change_is_looked_at_again(
    root: Path, looked_at: list[str], name: str, text: str, again: list[str], found: list[str]
) -> None:
    assert said(root) == ["other.py?"]
    path = root / PACKAGES / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    age(root)
    looked_at.clear()
    findings = run_cache.run(RunRequest((str(root),), jobs=1), Configuration()).findings
    assert [os.path.basename(f.path) + "?" * ("unless" in f.message) for f in findings] == found
    assert looked_at == again
    assert said(root) == found


def test_a_package_that_is_removed_is_not_known_any_longer(
    root: Path, looked_at: list[str]
) -> None:
    assert said(root) == ["other.py?"]
    shutil.rmtree(root / PACKAGES / "lib")
    looked_at.clear()
    assert said(root) == ["basket.py?", "other.py?"]
    assert looked_at[0] == "basket.py"
    assert "other.py" not in looked_at[: looked_at.index("basket.py") + 1]


def test_another_environment_makes_stale_what_asks_for_installed_modules(
    root: Path, looked_at: list[str], environment: Callable[..., Path], monkeypatch
) -> None:
    assert said(root) == ["other.py?"]
    age(root)
    active = environment({"lib/__init__.py": "", "lib/core.py": SETS_NOT}, "active")
    monkeypatch.setenv("VIRTUAL_ENV", str(active))
    looked_at.clear()
    assert said(root) == ["basket.py", "other.py?"]
    assert "alone.py" not in looked_at[:2]
    assert said(root, python="none") == ["basket.py?", "other.py?"]
    monkeypatch.delenv("VIRTUAL_ENV")
    assert said(root) == ["other.py?"]
    shutil.rmtree(root / ".venv")
    assert said(root) == ["basket.py?", "other.py?"]
