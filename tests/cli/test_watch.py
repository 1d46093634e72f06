"""`--watch` runs again when something changes, and survives whatever that is."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue

import pytest

from pyconcepts_lint.__main__ import main
from pyconcepts_lint.base.settings import Configuration
from pyconcepts_lint.frontends.watch import _Watched

OLD = "d = {}\nd.has_key(1)\n"
WATCHING = "Watching for changes; Ctrl-C ends it."


class Watching:
    """A process that watches, and what it says."""

    def __init__(self, root: Path, *arguments: str, polling: bool = False) -> None:
        without = "import sys; sys.modules['watchfiles'] = None; " if polling else "import sys; "
        start = f"{without}from pyconcepts_lint.__main__ import main; sys.exit(main())"
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-c", start, "--watch", *arguments],
            cwd=root,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said: Queue[str] = Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.put(line.rstrip("\n"))

    def run(self) -> list[str]:
        """What the next run says."""
        lines: list[str] = []
        while True:
            line = self.said.get(timeout=60)
            if line == WATCHING:
                return lines
            lines.append(line)

    def is_silent(self) -> bool:
        try:
            self.said.get(timeout=0.8)
        except Empty:
            return True
        return False


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("[tool.pyconcepts-lint]\n")
    (tmp_path / "a.py").write_text(OLD)
    return tmp_path


@pytest.fixture(params=["polling", "watchfiles"])
def watching(root: Path, request: pytest.FixtureRequest) -> Iterator[Watching]:
    """By asking for states, and by what the system says."""
    if request.param == "watchfiles":
        pytest.importorskip("watchfiles")
    found = Watching(root, polling=request.param == "polling")
    yield found
    found.process.kill()
    found.process.wait()


def places(lines: list[str]) -> list[str]:
    return [match[1] for line in lines if (match := re.match(r"(\S+:\d+):\d+: ", line))]


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_every_change_makes_a_run(root: Path, watching: Watching) -> None:
    assert places(watching.run()) == ["a.py:2"]
    (root / "a.py").write_text("\n" + OLD)
    assert places(watching.run()) == ["a.py:3"]
    (root / "a.py").write_text("def f(:\n")
    (found,) = [line for line in watching.run() if "PCL" in line]
    assert "PCL901" in found
    (root / "new").mkdir()
    (root / "new" / "b.py").write_text(OLD)
    assert places(watching.run()) == ["a.py:1", "new/b.py:2"]
    (root / "a.py").unlink()
    assert places(watching.run()) == ["new/b.py:2"]
    (root / "pyproject.toml").write_text("[tool.pyconcepts-lint]\nignore = 7\n")
    assert "must be a list of codes" in " ".join(watching.run())
    (root / "pyproject.toml").write_text('[tool.pyconcepts-lint]\nignore = ["PCL7"]\n')
    assert places(watching.run()) == []
    (root / "notes.txt").write_text("nothing\n")
    assert watching.is_silent()
    watching.process.send_signal(signal.SIGINT)
    assert watching.process.wait(60) == 130
    assert watching.is_silent()


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_process_that_is_asked_to_end_says_so_in_its_exit_code(watching: Watching) -> None:
    watching.run()
    time.sleep(0.5)
    watching.process.send_signal(signal.SIGTERM)
    assert watching.process.wait(60) == 128 + signal.SIGTERM


def test_what_cannot_be_read_is_said_whatever_is_selected(root: Path) -> None:
    (root / "a.py").write_text("x = 1\n")
    found = Watching(root, "--select", "PCL1")
    try:
        assert places(found.run()) == []
        for data in (b"x = '\xe9'\n", b"x = 1\0\n", b"x = = 1\n", b"# coding: klingon\n"):
            (root / "a.py").write_bytes(data)
            (line,) = [line for line in found.run() if line.startswith("a.py:")]
            assert " PCL901 " in line
        (root / "a.py").write_text("x = 2\n")
        assert places(found.run()) == []
    finally:
        found.process.kill()
        found.process.wait()


def test_its_own_fixes_are_no_change(root: Path) -> None:
    found = Watching(root, "--fix")
    try:
        assert "Fixed 1 finding; none left." in found.run()
        assert found.is_silent()
        (root / "a.py").write_text(OLD + "d.has_key(2)\n")
        assert "Fixed 2 findings; none left." in found.run()
    finally:
        found.process.kill()
        found.process.wait()


def test_a_file_that_was_named_may_come_and_go(root: Path) -> None:
    watched = _Watched([str(root / "b.py")], Configuration, ())
    before = watched.look()
    (root / "b.py").write_text("")
    assert watched._again(before) != before
    before = watched.look()
    (root / "b.py").unlink()
    assert watched._again(before) != before


def test_what_is_around_counts_too(root: Path) -> None:
    (root / "pkg").mkdir()
    watched = _Watched([str(root / "pkg")], Configuration, (str(root / "b.jsonl"),))
    before = watched.look()
    (root / "b.jsonl").write_text("")
    between = watched._again(before)
    assert between != before
    time.sleep(0.01)
    (root / "a.py").write_text("x = 12345\n")
    assert watched._again(between) != between


@pytest.mark.parametrize(
    ("options", "clash"),
    [
        (["--add-noqa"], "--add-noqa"),
        (["--update-baseline"], "--update-baseline"),
        (["-"], "the path -"),
        (["--stdin-filename", "a.py"], "the path -"),
    ],
)
def test_what_is_done_once_cannot_be_watched(
    capsys: pytest.CaptureFixture[str], options: list[str], clash: str
) -> None:
    assert main(["--watch", *options]) == 2
    assert f"--watch can't be combined with {clash} " in capsys.readouterr().err
