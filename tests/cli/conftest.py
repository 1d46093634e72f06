"""A small project with two findings, and a command line to try on it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from small_project import COUNTER, OLD, SETTINGS

from pyconcepts_lint.__main__ import main


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project's directory, which is the working directory."""
    monkeypatch.chdir(tmp_path)
    ours = [name for name in os.environ if name.startswith("PYCONCEPTS_LINT_")]
    for name in ("NO_COLOR", "FORCE_COLOR", *ours):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "pyproject.toml").write_text(SETTINGS)
    (tmp_path / "counter.py").write_text(COUNTER)
    (tmp_path / "old.py").write_text(OLD)
    return tmp_path


@pytest.fixture
def run(root: Path, capfd: pytest.CaptureFixture[str]) -> Callable[..., SimpleNamespace]:
    """Calls the command line with some arguments: the exit code, and what is printed."""

    def call(*arguments: str) -> SimpleNamespace:
        code = main(list(arguments))
        out, err = capfd.readouterr()
        return SimpleNamespace(code=code, out=out, err=err)

    return call
