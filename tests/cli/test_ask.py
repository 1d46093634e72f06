"""`--fix --ask`: what is answered by yes is made, and nothing else."""

from __future__ import annotations

import io
import os
import pty
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pyconcepts_lint import fix_source
from pyconcepts_lint.base.request import RunRequest
from pyconcepts_lint.base.settings import Configuration
from pyconcepts_lint.frontends.ask import HELP, Asker
from pyconcepts_lint.reporters import Style
from pyconcepts_lint.running.run import run

COUNTER = "class Counter:\n    count = 0\n\n    def tick(self):\n        self.count += 1\n"
OLD = "d = {}\nd.iteritems()\nd.iterkeys()\nd.has_key(1)\n"
PYTHON2 = "print 'a'\nprint 'b'\n"


class Talk:
    """Fixes a directory with some answers; `shown` is what was asked."""

    def __init__(self, root: Path, *answers: str) -> None:
        self.out = io.StringIO()
        self.waiting = list(answers)
        asker = Asker(Style(directory=str(root)), self.out, self.answer)
        request = RunRequest((str(root),), fix=True, unsafe_fixes=True, jobs=1, ask=asker)
        self.report = run(request, Configuration({"no_cache": True}, isolated=True))
        assert self.report.errors == []

    def answer(self, question: str) -> str | None:
        self.out.write(question + "\n")
        return f"{self.waiting.pop(0)}\n" if self.waiting else None

    @property
    def shown(self) -> str:
        return self.out.getvalue()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "a.py").write_text(COUNTER)
    (tmp_path / "b.py").write_text(OLD)
    (tmp_path / "c.py").write_text(OLD)
    return tmp_path


def texts(root: Path) -> tuple[str, ...]:
    return tuple((root / name).read_text() for name in ("a.py", "b.py", "c.py"))


FIXED_COUNTER = fix_source(COUNTER, unsafe=True, isolated=True)
FIXED_OLD = "d = {}\nd.items()\nd.keys()\n1 in d\n"


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ("", (COUNTER, OLD, OLD)),
        ("q", (COUNTER, OLD, OLD)),
        ("n q", (COUNTER, OLD, OLD)),
        ("y q", (FIXED_COUNTER, OLD, OLD)),
        ("n a", (COUNTER, FIXED_OLD, FIXED_OLD)),
        ("a", (FIXED_COUNTER, FIXED_OLD, FIXED_OLD)),
        ("n f q", (COUNTER, FIXED_OLD, OLD)),
        ("n F ALL", (COUNTER, FIXED_OLD, FIXED_OLD)),
        ("n y n yes q", (COUNTER, "d = {}\nd.items()\nd.iterkeys()\n1 in d\n", OLD)),
        ("? 7 maybe y q", (FIXED_COUNTER, OLD, OLD)),
    ],
)
def test_answers_decide(root: Path, answers: str, expected: tuple[str, ...]) -> None:
    talk = Talk(root, *answers.split())
    assert texts(root) == expected
    assert talk.waiting == []


def test_enter_is_no(root: Path) -> None:
    talk = Talk(root, "", "", "y", "q")
    assert texts(root) == (COUNTER, OLD.replace("iterkeys", "keys"), OLD)
    assert talk.waiting == []


def test_nothing_is_asked_twice(root: Path) -> None:
    talk = Talk(root, "y", *"nynnnn")
    assert talk.shown.count("Make this fix?") == 7
    assert texts(root) == (FIXED_COUNTER, OLD.replace("iterkeys", "keys"), OLD)


def test_yes_to_all_safe_ones_does_not_mean_unsafe_ones(root: Path) -> None:
    (root / "z.py").write_text(COUNTER)
    talk = Talk(root, "n", "a", "n")
    assert talk.shown.count("Make this fix?") == 3
    assert texts(root) == (COUNTER, FIXED_OLD, FIXED_OLD)
    assert (root / "z.py").read_text() == COUNTER


def test_what_is_asked_is_shown_before(root: Path) -> None:
    talk = Talk(root, "?", "q")
    before, question, after = talk.shown.partition("Make this fix? [y,n,a,f,q,")
    assert before.startswith("a.py:5:9: PCL103 class-attribute-augmented [note]\n")
    assert "unsafe fix (--unsafe-fixes): " in before
    assert before.count("\n   5 - ") or before.count(" + ")
    assert question
    assert after.partition("\n")[2].startswith(HELP)


def test_fixes_that_go_together_are_one_question(tmp_path: Path) -> None:
    (tmp_path / "old.py").write_text(PYTHON2)
    talk = Talk(tmp_path, "n")
    assert "Make these 2 fixes?" in talk.shown
    assert (tmp_path / "old.py").read_text() == PYTHON2
    talk = Talk(tmp_path, "y")
    assert (tmp_path / "old.py").read_text() == "print('a')\nprint('b')\n"
    assert talk.shown.count("Make") == 1


ALTERNATIVE = """\
class Basket:
    items = []

    def put(self, item):
        self.items.append(item)


Basket().put(1)
"""


def test_another_fix_can_be_chosen(tmp_path: Path) -> None:
    (tmp_path / "basket.py").write_text(ALTERNATIVE)
    request = RunRequest((str(tmp_path),), jobs=1)
    (found,) = run(request, Configuration({"no_cache": True}, isolated=True)).findings
    assert found.fix is not None
    (other, *_) = found.fix.alternatives
    talk = Talk(tmp_path, "1")
    assert f"1: unsafe fix (--unsafe-fixes): {other.message.split()[0]}" in talk.shown
    assert "[y,n,a,f,q,1" in talk.shown
    assert [fixed.fix.message for fixed in talk.report.fixed if fixed.fix] == [other.message]
    assert (tmp_path / "basket.py").read_text() != ALTERNATIVE


# The command line

COMMAND = [sys.executable, "-m", "pyconcepts_lint", "--isolated", "--no-cache"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--ask"], "--ask goes with --fix"),
        (["--ask", "--fix"], "--ask needs a terminal"),
        (["--ask", "--fix", "--diff"], "--ask can't be combined with --diff"),
        (["--ask", "--fix", "--add-noqa"], "--ask can't be combined with --add-noqa"),
        (["--ask", "--fix", "--watch"], "--watch can't be combined with --ask"),
        (["--ask", "--fix", "-"], "--ask can't be combined with the path -"),
    ],
)
def test_where_nobody_can_answer_it_is_an_error(
    root: Path, arguments: list[str], message: str
) -> None:
    done = subprocess.run(
        [*COMMAND, *arguments], cwd=root, input="y\n", capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert f"error: {message}" in done.stderr
    assert texts(root) == (COUNTER, OLD, OLD)


@pytest.fixture
def screen(root: Path) -> Iterator[Callable[[str], str]]:
    """A terminal of tmux's, in which a command runs; `screen(keys)` types, and gives what is shown."""
    if shutil.which("tmux") is None:
        pytest.skip("there is no tmux")
    socket = f"pyconcepts-{os.getpid()}"
    tmux = ["tmux", "-L", socket, "-f", os.devnull]

    def call(*arguments: str) -> str:
        done = subprocess.run([*tmux, *arguments], capture_output=True, text=True, timeout=30)
        return done.stdout

    command = shlex.join([*COMMAND, "--fix", "--ask", "--color", "never", "a.py", "b.py"])
    call("new-session", "-d", "-x", "100", "-y", "60", "-c", str(root), f"{command}; sleep 100")

    def type_(keys: str, until: str) -> str:
        if keys:
            call("send-keys", *keys.split())
        end = time.monotonic() + 60
        shown = ""
        while time.monotonic() < end:
            shown = call("capture-pane", "-p")
            if until in shown:
                return shown
            time.sleep(0.2)
        pytest.fail(f"{until!r} isn't shown:\n{shown}")

    yield type_
    call("kill-server")


def test_a_talk_on_a_real_terminal(screen: Callable[[str, str], str], root: Path) -> None:
    shown = screen("", "Make this fix?")
    assert "unsafe fix (--unsafe-fixes): " in shown
    screen("n Enter", "d.items()")
    screen("y Enter", "d.keys()")
    shown = screen("q Enter", "left:")
    assert "Fixed 1 finding; 3 left: 2 errors, 1 note." in shown
    assert texts(root) == (COUNTER, OLD.replace("iteritems", "items"), OLD)


@pytest.mark.skipif(os.name == "nt", reason="there is no pty")
def test_ctrl_c_changes_nothing(root: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "--fix", "--ask", "b.py"],
        cwd=root,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown = b""
    os.write(ours, b"y\n")
    while shown.count(b"Make this fix?") < 2:
        shown += os.read(ours, 65536)
    process.send_signal(2)
    assert process.wait(60) == 130
    os.close(ours)
    assert texts(root) == (COUNTER, OLD, OLD)
