"""What is in the tree gets into the wheel, and what a wheel says of itself is so."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest
import setuptools
import tomli

import pyconcepts_lint

ROOT = Path(__file__).parents[2]
PROJECT = tomli.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_directory_of_source_is_a_package(monkeypatch: pytest.MonkeyPatch) -> None:
    directories = {
        path.parent.relative_to(ROOT).as_posix()
        for room in ("pyconcepts_lint", "rules")
        for path in (ROOT / room).rglob("*.py")
    }
    names = {
        re.sub("^rules", "pyconcepts_lint/rules", directory).replace("/", ".")
        for directory in directories
    }
    monkeypatch.chdir(ROOT)
    given: dict[str, list[str]] = {}
    monkeypatch.setattr(setuptools, "setup", lambda **said: given.update(said))
    runpy.run_path(str(ROOT / "setup.py"))
    assert sorted(given["packages"]) == sorted(names)
    assert all((ROOT / f"{name}.py").is_file() for name in given["py_modules"])


def test_every_directory_of_source_is_a_regular_package() -> None:
    for room in ("pyconcepts_lint", "rules"):
        for path in (ROOT / room).rglob("*.py"):
            assert (path.parent / "__init__.py").exists(), path


def test_the_version_is_said_once() -> None:
    assert PROJECT["project"]["version"] == pyconcepts_lint.__version__
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "## [Unreleased]" in changes or f"## [{pyconcepts_lint.__version__}]" in changes
