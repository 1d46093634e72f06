"""The benchmark runs, and says of everything what it took or why it could not be measured."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from measuring import Case, measure

RUN = Path(__file__).with_name("run.py")
OURS = (
    *("parse", "cold", "default", "cold-one", "warm", "changed", "changed-base"),
    *("once", "twice", "four", "warm-four", "changed-four", "stdin", "one-file"),
    *("start", "clean", "findings", "part"),
)
TIMES = r"(\d+\.\d+) \((\d+\.\d+) to (\d+\.\d+)\)"

pytestmark = pytest.mark.skipif(not hasattr(os, "wait4"), reason="needs a Unix")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    directory = tmp_path / "corpus"
    files = {
        "base.py": "class Base:\n    shared = 0\n",
        "shop/__init__.py": "",
        "shop/one.py": "from base import Base\n\n\nclass One(Base):\n    pass\n",
        "shop/two.py": "from base import Base\n\n\ndef make() -> Base:\n    return Base()\n",
        "tests/broken.py": "import nothing_like_it\n",
        "template.py": "class {{ name }}:\n",
    }
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return directory


def run(*arguments: object) -> str:
    command = [sys.executable, str(RUN), "--installed", "--rounds", "1", "--quick-turns", "1"]
    command += map(str, arguments)
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def rows(page: str, title: str) -> list[list[str]]:
    """The cells of the table below a heading, without its head."""
    section = page.split(f"## {title}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| ")]
    return [line.removeprefix("| ").removesuffix(" |").split(" | ") for line in lines[2:]]


def test_our_own_cases_are_measured_and_the_page_has_its_tables(
    corpus: Path, tmp_path: Path
) -> None:
    target = tmp_path / "benchmarks.md"
    assert run("--corpus", corpus, "--only", "ours", "--write", target) == ""
    page = target.read_text(encoding="utf-8")

    measured = rows(page, "Measurements")
    assert len(measured) == len(OURS)
    for what, wall, cpu, memory, lines in measured:
        for cell in (wall, cpu):
            found = re.fullmatch(TIMES, cell)
            assert found, f"{what}: {cell}"
            middle, least, greatest = map(float, found.groups())
            assert least <= middle <= greatest
        assert int(memory.removesuffix(" MB")) > 1
        assert lines.isdigit()
    assert [what for what, _ in rows(page, "Commands")] == [what for what, *_ in measured]

    goals = rows(page, "Ratios")
    assert len(goals) == 13
    known = [goal for goal in goals if goal[3] != "not measured"]
    assert [goal[0].split(",")[0] for goal in known] == [
        "cold",
        "one small clean file",
        "four times the corpus against once",
        "one file of median size changed",
        "the file that most import changed",
        "one file of four copies changed",
        "standard input",
        "one changed file",
        "peak memory of any process",
    ]
    assert all(goal[5] in ("aim reached", "reached", "**missed**") for goal in known)

    assert "All of it: a directory of its own (`--corpus`); 4 files, 0.0 MB." in page
    assert "and to `base.py`, which more files import" in page
    assert str(tmp_path) not in page


def test_what_fails_is_said_in_its_row_and_does_not_stop_the_rest(
    corpus: Path, tmp_path: Path
) -> None:
    # pyconcepts-lint as installed beside a Python that has none.
    bare = tmp_path / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(bare)], check=True)
    command = [str(bare / "bin" / "python"), str(RUN), "--installed", "--rounds", "1"]
    command += ["--corpus", str(corpus), "--only", "warm", "start"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    warm, start = rows(done.stdout, "Measurements")
    assert warm[1:] == ["not measured: there is no `pyconcepts-lint`", "-", "-", "-"]
    assert re.fullmatch(TIMES, start[1])


def test_an_exit_code_that_means_failure_is_said_with_the_reason(tmp_path: Path) -> None:
    def case(key: str, program: str, codes: tuple[int, ...]) -> Case:
        command = [sys.executable, "-c", program]
        return Case(key, key, key, command, tmp_path, codes)

    fails = case("fails", "import sys; sys.exit('disk | full')", (0,))
    finds = case("finds", "print('a\\nb'); raise SystemExit(1)", (0, 1))
    missing = case("missing", "", (0,))
    missing.command = [str(tmp_path / "nowhere")]
    forks = case("forks", FORKS, (0,))
    crashes = case("crashes", "print('half of it', flush=True); 1 / 0", (0, 1))
    silent = case("silent", "raise SystemExit(1)", (0, 1))
    measure([fails, finds, missing, forks, crashes, silent], 2, 1, dict(os.environ), tmp_path)

    assert fails.problem == "exit code 1: disk | full"
    assert crashes.problem == "exit code 1: ZeroDivisionError: division by zero"
    assert silent.problem == "exit code 1: it says nothing"
    assert not fails.samples + crashes.samples + silent.samples
    assert missing.problem == "could not be started"
    assert finds.problem is None
    assert [sample.lines for sample in finds.samples] == [2, 2]
    # What the processes of a process take is part of it: a small one waits for one that
    # works for 0.2 s and fills 100 MB.
    assert all(sample.cpu > 0.15 for sample in forks.samples)
    assert all(100e6 < sample.memory < 300e6 for sample in forks.samples)
    assert all(sample.memory < 50e6 for sample in finds.samples)


FORKS = """
import subprocess, sys
work = '''
import time
filled = b"x" * 100_000_000
while time.process_time() < 0.2:
    pass
'''
subprocess.run([sys.executable, "-c", work], check=True)
"""
