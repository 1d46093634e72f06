"""What a person sees on a terminal, and what happens when something goes wrong underneath."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len

from pyconcepts_lint.__main__ import main
from pyconcepts_lint.running import run_cache

pty = pytest.importorskip("pty", reason="there are no pseudo-terminals here")

COUNTER = "class Zähler:\n    stand = 0\n\n    def tick(self):\n        self.stand += 1  # 日本\n"
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")

Terminal = Callable[..., str]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text(
        "[tool.pyconcepts-lint]\nselect = ['PCL1']\nseverity = {PCL103 = 'warning'}\n"
    )
    (tmp_path / "counter.py").write_text(COUNTER, encoding="utf-8")
    return tmp_path


@pytest.fixture
def terminal(root: Path) -> Terminal:
    """Run the command line on a terminal of 80 columns; gives all that it shows."""

    def run(*arguments: str, **environment: str) -> str:
        ours, theirs = pty.openpty()
        env = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
        for name in ("NO_COLOR", "FORCE_COLOR"):
            env.pop(name, None)
        env |= {"TERM": "xterm-256color", "COLUMNS": "80", "PYTHONIOENCODING": "utf-8"}
        process = subprocess.Popen(
            [sys.executable, "-m", "pyconcepts_lint", *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=root,
            env=env | environment,
        )
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 65536):
                shown += piece
        except OSError:  # Linux's way to say that the other end is closed
            pass
        os.close(ours)
        process.wait(60)
        return shown.decode().replace("\r\n", "\n")

    return run


def test_findings_are_shown_in_full_and_in_colour(terminal: Terminal) -> None:
    shown = terminal()
    assert "\x1b[1;33mPCL103\x1b[0m" in shown
    lines = ESCAPE.sub("", shown).splitlines()
    assert lines[:6] == [
        "counter.py:5:9: PCL103 class-attribute-augmented [warning]",
        "   2 │     stand = 0",
        "     │     ----- `Zähler.stand` is bound here, in the class body",
        "     …",
        "   5 │         self.stand += 1  # 日本",
        "     │         ^^^^^^^^^^",
    ]
    assert lines[-1] == "Found 1 finding, a warning. 1 fixable with --fix --unsafe-fixes."


def test_colours_go_when_they_are_not_wanted(terminal: Terminal) -> None:
    coloured = ESCAPE.sub("", terminal())
    for shown in (
        terminal(NO_COLOR="1"),
        terminal("--color", "never"),
        terminal(TERM="dumb"),
    ):
        assert "\x1b" not in shown
        assert shown == coloured
    assert "\x1b[" in terminal("--color", "always", NO_COLOR="1")


def test_nothing_is_wider_than_the_terminal(terminal: Terminal) -> None:
    for arguments in ((), ("--diff", "--unsafe-fixes"), ("--list-rules",), ("--statistics",)):
        lines = ESCAPE.sub("", terminal(*arguments)).splitlines()
        assert lines
        assert all(cell_len(line) <= 80 for line in lines), arguments


def test_a_page_is_set_as_text(terminal: Terminal) -> None:
    shown = terminal("--explain", "PCL103")
    text = ESCAPE.sub("", shown)
    assert "\x1b[" in shown
    assert "#" not in text.replace(".html#", "")
    assert "```" not in text
    assert "Why" in text
    assert "https://docs.python.org/" in text
    assert "\x1b[3" not in terminal("--explain", "PCL103", NO_COLOR="1").replace("\x1b[3m", "")


def read_from(text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pyconcepts_lint", "-", "--output-format", "full", *arguments],
        input=text,
        capture_output=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        timeout=60,
        check=False,
    )


def test_standard_input_is_shown_as_it_was_read(root: Path) -> None:
    run = read_from(COUNTER.replace("stand", "count"), "--stdin-filename", "counter.py")
    assert "   5 │         self.count += 1" in run.stdout


def test_what_is_left_of_fixed_standard_input_is_shown_as_it_is_now(root: Path) -> None:
    text = COUNTER + "\n\nfor key in {}.iteritems():\n    pass\n"
    run = read_from(text, "--fix", "--select", "PCL1,PCL701", "--stdin-filename", "other.py")
    assert run.stdout == text.replace("iteritems", "items")
    assert "   5 │         self.stand += 1" in run.stderr
    assert not (root / "other.py").exists()


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (KeyboardInterrupt(), 130, ""),
        (ValueError("odd"), 2, "internal error: ValueError('odd') (test_terminal.py:"),
        (RecursionError("deep"), 2, "internal error: RecursionError('deep')"),
    ],
)
def test_what_goes_wrong_underneath_is_no_traceback(
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    error: BaseException,
    code: int,
    said: str,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(run_cache, "run", fail)
    assert main([]) == code
    out, err = capfd.readouterr()
    assert out == ""
    assert said in err
    assert "Traceback" not in err


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no device that is full")
@pytest.mark.parametrize("arguments", [(), ("--list-rules",), ("--explain", "PCL101")])
def test_a_full_disk_is_said_in_a_sentence(root: Path, arguments: tuple[str, ...]) -> None:
    with open("/dev/full", "w") as full:
        run = subprocess.run(
            [sys.executable, "-m", "pyconcepts_lint", *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert run.returncode == 2
    assert "standard output: No space left on device" in run.stderr
    assert "Traceback" not in run.stderr
    assert "Exception ignored" not in run.stderr


def test_no_files_are_no_praise(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (root / "empty").mkdir()
    assert main(["empty"]) == 0
    assert capfd.readouterr().err == "There are no Python files to look at.\n"
