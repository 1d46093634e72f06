"""The virtual environments that the tools are installed in."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
PINNED = Path(__file__).with_name("peers.txt")
_SOURCES = (
    *("pyproject.toml", "setup.py", "README.md", "LICENSE"),
    *("pyconcepts_lint", "pyconcepts-lint.py", "rules"),
)


class Unavailable(Exception):
    """A tool that can't be had here; the text says why."""


class Environment:
    """A virtual environment, made when it is first asked for something.

    Args:
        directory: where it is made; None for the environment that runs this.
        requirements: what pip installs there. Where they can't all be had, those that can.
    """

    def __init__(self, directory: Path | None, requirements: Sequence[str]) -> None:
        self.directory = directory
        self.requirements = requirements
        self._problem = ""

    @cached_property
    def programs(self) -> Path:
        """The directory of its programs."""
        if self.directory is None:
            return Path(sys.executable).parent
        programs = self.directory / "bin"
        print(f"installing {' '.join(self.requirements)}", file=sys.stderr)
        try:
            _run([sys.executable, "-m", "venv", str(self.directory)])
            self._install(programs)
        except Unavailable as reason:
            self._problem = f": {reason}"
        return programs

    def _install(self, programs: Path) -> None:
        pip = [str(programs / "python"), "-m", "pip", "--disable-pip-version-check", "install"]
        pip += ["--quiet", "--constraint", str(PINNED)]
        try:
            _run([*pip, *self.requirements])
        except Unavailable:
            problems = []
            for requirement in self.requirements:
                try:
                    _run([*pip, requirement])
                except Unavailable as reason:
                    problems.append(str(reason))
            if problems:
                raise Unavailable("; ".join(problems)) from None

    def program(self, name: str) -> str:
        """The path of a program; raises Unavailable."""
        path = self.programs / name
        if self.directory is None and name == "python":
            return sys.executable
        if not os.access(path, os.X_OK):
            raise Unavailable(f"there is no `{name}`{self._problem}")
        return str(path)

    def version(self, name: str) -> str | None:
        """Which version of a distribution there is; None also where nothing asked for it."""
        return self._versions.get(name.lower()) if "programs" in vars(self) else None

    @cached_property
    def _versions(self) -> dict[str, str]:
        try:
            pip = [self.program("python"), "-m", "pip", "--disable-pip-version-check"]
            found = json.loads(_run([*pip, "list", "--format", "json"]))
        except (Unavailable, ValueError):
            return {}
        return {each["name"].lower(): each["version"] for each in found}


def pinned() -> list[str]:
    """The requirements of the peers."""
    lines = PINNED.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def copy_of_checkout(directory: Path) -> Path:
    """What a wheel is built from, elsewhere: building leaves things behind."""
    directory.mkdir()
    for name in _SOURCES:
        source = ROOT / name
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, directory / name, ignore=ignored)
        elif source.is_file():
            shutil.copy(source, directory)
    return directory


def _run(command: list[str]) -> str:
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"{Path(command[0]).name}: {type(error).__name__}") from None
    if run.returncode:
        said = [line for line in run.stderr.splitlines() if line.startswith("ERROR")]
        last = (said or run.stderr.splitlines() or ["it says nothing"])[-1]
        raise Unavailable(f"pip failed: {last.removeprefix('ERROR: ')}")
    return run.stdout
