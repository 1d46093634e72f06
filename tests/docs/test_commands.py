"""Every command that the README and the pages tell a reader to type works, as it is written."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SHELL = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OURS = ("pyconcepts-lint", "flake8")
OTHERS = {
    "README.md": ["python3 -m venv .venv", "pip install"],  # .ci/run runs the former
    "adopting.md": ["git add"],
    "benchmarks.md": ["python tests/benchmarks"],  # hours
    "command-line.md": ["pip install"],
    "comparison.md": ["python tests/comparison"],  # installs ten tools
    "editors.md": ["pip install"],
    "index.md": ["pip install"],
    "reports.md": ["reviewdog", "sonar-scanner"],  # other people's programs
    "tutorial.md": ["cp -r docs/sample", "python3 -m venv", "pip install"],
}
"""What else stands in the blocks, and isn't run here."""


def commands(page: Path) -> list[str]:
    """The lines of a page's shell blocks."""
    text = "\n".join(SHELL.findall(page.read_text(encoding="utf-8")))
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def own(page: Path) -> list[str]:
    return [line for line in commands(page) if line.startswith(OURS) and "--watch" not in line]


WITH_COMMANDS = [page for page in PAGES if own(page)]


def test_nothing_is_left_out_by_mistake() -> None:
    assert len(WITH_COMMANDS) >= 5
    for page in PAGES:
        for line in commands(page):
            if not line.startswith(OURS):
                known = OTHERS.get(page.name, [])
                assert any(line.startswith(each) for each in known), f"{page.name}: {line}"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with the paths that the pages speak of, and a home directory beside it."""
    root = tmp_path / "project"
    ignored = shutil.ignore_patterns(".pyconcepts_cache", "__pycache__")
    shutil.copytree(ROOT / "docs" / "sample", root, ignore=ignored)
    shutil.copytree(ROOT / "docs" / "sample", root / "src", ignore=ignored)
    (root / "tests").mkdir()
    (root / "tests" / "test_shop.py").write_text("assert True\n")
    (root / "pyproject.toml").write_text("[tool.pyconcepts-lint]\nno-cache = true\n")
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@b.c"]
    for arguments in (
        ["init", "-q", "-b", "main"],
        ["add", "-A"],
        ["commit", "-qm", "first"],
        ["update-ref", "refs/remotes/origin/main", "HEAD"],
    ):
        subprocess.run([*git, *arguments], cwd=root, check=True, capture_output=True)
    for directory in (".zfunc", ".local/share/bash-completion/completions"):
        (tmp_path / "home" / directory).mkdir(parents=True)
    return root


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")
@pytest.mark.parametrize("page", WITH_COMMANDS, ids=lambda page: page.name)
def test_the_commands_of_a_page_work(page: Path, project: Path) -> None:
    path = f"{os.path.dirname(sys.executable)}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": path, "HOME": str(project.parent / "home")}
    if page.name == "adopting.md":  # which has said so by then
        with open(project / "pyproject.toml", "a", encoding="utf-8") as settings:
            settings.write('baseline = "pyconcepts-baseline.jsonl"\n')
        (project / "pyconcepts-baseline.jsonl").write_text("")
    for line in own(page):
        if "--print-completion" in line and importlib.util.find_spec("shtab") is None:
            continue
        done = subprocess.run(
            ["bash", "-c", line], cwd=project, env=env, capture_output=True, text=True, timeout=100
        )
        assert done.returncode in (0, 1), f"{line}\n{done.stdout[-500:]}{done.stderr}"
        assert "error:" not in done.stderr, f"{line}\n{done.stderr}"
        assert "Traceback" not in done.stderr, line
