"""A run with the cache says what a cold one says, whatever was edited meanwhile."""

from __future__ import annotations

import shutil
import sysconfig
from pathlib import Path

import pytest
from random_edits import SETTLED, differences

from pyconcepts_lint.caching import results

SMALL = ("concurrent", "json", "wsgiref")
LARGE = ("asyncio", "email", "importlib", "logging", "unittest", "xml")


def copied(names: tuple[str, ...], root: Path) -> Path:
    """Some packages of the standard library as a project."""
    standard_library = Path(sysconfig.get_path("stdlib"))
    skip = shutil.ignore_patterns("__pycache__", "test*", "idle_test")
    for name in names:
        shutil.copytree(standard_library / name, root / name, ignore=skip)
    return root


@pytest.fixture(autouse=True)
def time_stamps_settle_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(results, "SETTLED", SETTLED)


@pytest.mark.parametrize("seed", range(3))
def test_thirty_edits_of_a_small_project(seed: int, tmp_path: Path) -> None:
    assert list(differences(copied(SMALL, tmp_path), seed, 10)) == []


@pytest.mark.corpus
@pytest.mark.parametrize("seed", range(10))
def test_five_hundred_edits(seed: int, tmp_path: Path) -> None:
    assert list(differences(copied(LARGE, tmp_path), seed, 50)) == []
