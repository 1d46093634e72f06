"""flake8 leaves out what the baseline holds, as the runner does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

OLD = "d = {}\nd.has_key(1)\nd.has_key(1)  # noqa: PCL704\n"
PYTHON2 = "print 'a'\n"
SHARED = "class A:\n    items = []\n\n    def add(self):\n        self.items += [1]\n"


def run(root: Path, *arguments: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        input=given,
    )


def flake8(root: Path, *arguments: str, given: str | None = None) -> list[str]:
    done = run(root, "flake8", "--isolated", "--select=PCL,E9", *arguments, given=given)
    assert done.stderr == ""
    return sorted(line.removeprefix("./") for line in done.stdout.splitlines() if " PCL" in line)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text('[tool.pyconcepts-lint]\nbaseline = "b.jsonl"\n')
    (tmp_path / "old.py").write_text(OLD)
    (tmp_path / "shared.py").write_text(SHARED)
    (tmp_path / "python2.py").write_text(PYTHON2)
    done = run(tmp_path, "pyconcepts_lint", "--update-baseline")
    assert (done.returncode, done.stderr) == (0, "b.jsonl: 3 findings (3 new, 0 gone).\n")
    return tmp_path


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_what_is_in_it_is_not_reported(root: Path, jobs: str) -> None:
    for _ in range(2):  # the second run takes its findings from the cache
        assert flake8(root, "--jobs", jobs, "--format", "pyconcepts-lint", ".") == []
    (root / "old.py").write_text("\n" + OLD + "d.has_key(1)\nd.has_key(2)\n")
    (root / "python2.py").write_text("# moved\n" + PYTHON2 + "print 'b'\n")
    for _ in range(2):
        found = flake8(root, "--jobs", jobs, "--format", "pyconcepts-lint", ".")
        places = [line.split(" ")[0] for line in found]
        assert places == ["old.py:5:1:", "old.py:6:1:", "python2.py:3:1:"]
        said = run(root, "pyconcepts_lint", "-q", "--output-format", "concise").stdout
        assert [line.rpartition(" [")[0] for line in said.splitlines()] == found


def test_what_noqa_suppresses_is_not_taken_for_what_is_known(root: Path) -> None:
    (found,) = flake8(root, "--disable-noqa", ".")
    assert found.startswith("old.py:3:1: PCL704")


def test_standard_input_is_the_file_it_stands_for(root: Path) -> None:
    moved = "\n\n" + SHARED
    assert flake8(root, "--stdin-display-name", "shared.py", "-", given=moved) == []
    changed = SHARED.replace("[1]", "[2]")
    assert len(flake8(root, "--stdin-display-name", "shared.py", "-", given=changed)) == 1


def test_a_baseline_that_cannot_be_read_is_an_error(root: Path) -> None:
    (root / "b.jsonl").write_text("x\n")
    done = run(root, "flake8", "--isolated", ".")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert f"pyconcepts-lint: {root / 'b.jsonl'}:1: the baseline is damaged" in (
        done.stdout + done.stderr
    )
