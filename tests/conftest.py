"""What the tests of all rooms share: small projects on disk, linted and run for real."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pyconcepts_lint import settings as settings_module
from pyconcepts_lint.engine import Report, run
from pyconcepts_lint.finding import Finding


class SmallProject:
    """A directory with some files, and what the linter says of it."""

    def __init__(self, root: Path, files: Mapping[str, str | bytes], options: Mapping[str, Any]):
        self.root = root
        lines = ["[tool.pyconcepts-lint]"]
        for key, value in options.items():
            lines.append(f"{key.replace('_', '-')} = {_toml(value)}")
        self.write({"pyproject.toml": "\n".join(lines) + "\n", **files})

    def write(self, files: Mapping[str, str | bytes]) -> None:
        for name, content in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            data = content if isinstance(content, bytes) else textwrap.dedent(content).encode()
            path.write_bytes(data)
        settings_module.forget()

    def report(self, *codes: str, **options: Any) -> Report:
        overrides: dict[str, object] = {"no_cache": True}
        if codes:
            overrides["select"] = codes
        report = run([str(self.root)], overrides=overrides, jobs=1, **options)
        assert report.errors == []
        return report

    def lint(self, *codes: str) -> list[Finding]:
        """The findings of these codes; the gate must make no difference."""
        with_gate = self.report(*codes).findings
        assert self.report(*codes, gate=False).findings == with_gate
        return with_gate

    def places(self, *codes: str) -> list[tuple[str, int, int]]:
        return [(self.relative(f.path), f.line, f.column) for f in self.lint(*codes)]

    def messages(self, *codes: str) -> list[str]:
        return [finding.message for finding in self.lint(*codes)]

    def relative(self, path: str) -> str:
        return os.path.relpath(path, self.root).replace(os.sep, "/")

    def fix(self, *codes: str, unsafe: bool = False) -> dict[str, str]:
        """Fix on disk; every file's text afterwards. A second run must change nothing."""
        self.report(*codes, fix=True, unsafe_fixes=unsafe)
        again = self.report(*codes, fix=True, unsafe_fixes=unsafe, write=False)
        assert again.changed == {}
        return self.texts()

    def texts(self) -> dict[str, str]:
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes().decode()
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and path.suffix != ".pyc" and path.name != "pyproject.toml"
        }

    def run(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self._python([name, *arguments])

    def run_module(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self._python(["-m", name, *arguments])

    def _python(self, arguments: Iterable[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-B", *arguments],
            cwd=self.root,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., SmallProject]:
    """`project({path: text})` or `project(text)`, with settings as keyword arguments."""
    count = 0

    def make(files: Mapping[str, str | bytes] | str, **options: Any) -> SmallProject:
        nonlocal count
        count += 1
        root = tmp_path / f"project{count}"
        root.mkdir()
        return SmallProject(root, {"main.py": files} if isinstance(files, str) else files, options)

    return make


@cache
def _python2() -> str | None:
    path = shutil.which("python2.7")
    if path is None:
        return None
    try:
        version = subprocess.run([path, "-V"], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.SubprocessError):
        return None
    return path if version.stderr.startswith("Python 2.7") else None


@pytest.fixture
def python2() -> str:
    """A Python 2.7 that runs; without one the test is skipped."""
    path = _python2()
    if path is None:
        pytest.skip("there is no python2.7 to ask")
    return path
