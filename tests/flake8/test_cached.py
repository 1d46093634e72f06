"""flake8's runs use the cache, and say what they say without it."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from pyconcepts_lint.caching.results import SETTLED

FILES = {
    "pyproject.toml": "[tool.pyconcepts-lint]\n",
    "pkg/__init__.py": "",
    "pkg/base.py": "class Base:\n    size = 1\n",
    "pkg/derived.py": (
        "from .base import Base\n\n\nclass Derived(Base):\n"
        "    def grow(self):\n        self.size = 2\n"
    ),
    "pkg/alone.py": "rate = 1\n",
}
# flake8, with every file that rules are run on, and every one whose facts are read, written down.
DRIVER = """
import sys
from pyconcepts_lint.running import check_file
from pyconcepts_lint.workspace import workspace

def noting(word, function, place):
    def noted(*args, **options):
        with open(sys.argv[1], "a") as log:
            print(word, args[place], file=log)
        return function(*args, **options)
    return noted

check_file.lint_file = noting("linted", check_file.lint_file, 1)
workspace.Workspace._collected = noting("read", workspace.Workspace._collected, 1)
from flake8.main.cli import main
raise SystemExit(main(sys.argv[2:]))
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    for name, text in FILES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    settle()
    return root


def settle() -> None:
    """Wait until a further change would show in the time stamps."""
    time.sleep(SETTLED / 1e9 + 0.02)


def flake8(
    root: Path, *arguments: str, jobs: str = "1", stdin: str | None = None
) -> tuple[list[str], list[str]]:
    """What flake8 said, and what was done for it; about standard input if there is any."""
    log = root.parent / "log"
    log.write_text("")
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            DRIVER,
            str(log),
            "--isolated",
            "--jobs",
            jobs,
            *arguments,
            "." if stdin is None else "-",
        ],
        cwd=root,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    work = [
        f"{word} {Path(path).name}"
        for word, _, path in (line.partition(" ") for line in log.read_text().splitlines())
        if path.startswith(str(root))
    ]
    return sorted(line for line in done.stdout.splitlines() if " PCL" in line), sorted(work)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_second_run_looks_at_nothing(root: Path, jobs: str) -> None:
    first, work = flake8(root, jobs=jobs)
    assert [line.split()[1] for line in first] == ["PCL102"]
    assert "linted derived.py" in work
    assert flake8(root, jobs=jobs) == (first, [])


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_changed_base_class_wakes_what_rests_on_it(root: Path, jobs: str) -> None:
    flake8(root, jobs=jobs)
    settle()
    (root / "pkg/base.py").write_text("class Base:\n    pass\n")
    said, work = flake8(root, jobs=jobs)
    assert said == []
    # Each process that needs the changed file reads it for itself, once.
    assert sorted(set(work)) == ["linted base.py", "linted derived.py", "read base.py"]
    assert len(work) - 2 <= int(jobs)
    settle()
    assert flake8(root, jobs=jobs) == ([], [])


def test_a_base_class_that_is_excluded_from_flake8_counts_all_the_same(root: Path) -> None:
    arguments = ("--exclude", "base.py")
    first, _ = flake8(root, *arguments)
    assert [line.split()[1] for line in first] == ["PCL102"]
    settle()
    (root / "pkg/base.py").write_text("class Base:\n    pass\n")
    assert flake8(root, *arguments)[0] == []


def test_runs_with_other_rules_answer_for_themselves(root: Path) -> None:
    first, _ = flake8(root)
    assert first
    assert flake8(root, "--extend-ignore", "PCL102")[0] == []
    assert flake8(root) == (first, [])


def test_standard_input_reads_no_other_file_again(root: Path) -> None:
    flake8(root)
    text = FILES["pkg/derived.py"]
    for data, codes in ((text, ["PCL102"]), (text.replace("size", "length"), [])):
        said, work = flake8(root, "--stdin-display-name", "pkg/derived.py", stdin=data)
        assert [line.split()[1] for line in said] == codes
        assert work == ["linted derived.py"]


def test_noqa_stays_flake8s_own(root: Path) -> None:
    text = FILES["pkg/derived.py"].replace("self.size = 2", "self.size = 2  # noqa: PCL102")
    (root / "pkg/derived.py").write_text(text)
    settle()
    subprocess.run([sys.executable, "-m", "pyconcepts_lint", "-q"], cwd=root, check=False)
    for _ in range(2):
        assert flake8(root)[0] == []
        assert [line.split()[1] for line in flake8(root, "--disable-noqa")[0]] == ["PCL102"]
