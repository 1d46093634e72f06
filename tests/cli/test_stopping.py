"""However a run is ended from outside: at once, by the right exit code, and nothing stays behind."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")

TEXT = (
    "class Cart:\n    items = []\n\n    def add(self, stock):\n"
    "        for name, price in stock.iteritems():\n            self.items.append((name, price))\n"
)
FILES = 80
COMMAND = [sys.executable, "-m", "pyconcepts_lint", "--no-cache", "-j2", "."]
PATIENCE = 30.0
"""Seconds after which a process hangs; that it is one second is shown by the long run."""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("large")
    (root / "pyproject.toml").write_text("[project]\n")
    for number in range(FILES):
        text = f"import m{(number + 1) % FILES}\n" + TEXT * 4
        (root / f"m{number}.py").write_text(text + "# What makes it worth while.\n" * 150)
    return root


def start(root: Path, *arguments: str, **options: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,  # type: ignore[call-overload]
    )


def below(pid: int) -> list[int]:
    """The processes that a process has started."""
    found = []
    for directory in Path("/proc").iterdir():
        with contextlib.suppress(OSError, IndexError, ValueError):
            state = (directory / "stat").read_text().rpartition(")")[2].split()
            if state[0] != "Z" and int(state[1]) == pid:
                found.append(int(directory.name))
    return found


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_for_workers(process: subprocess.Popen[str]) -> list[int]:
    end = time.monotonic() + 60
    while time.monotonic() < end and process.poll() is None:
        workers = below(process.pid)
        if len(workers) == 2:
            return workers
        time.sleep(0.01)
    raise AssertionError("no process was started")


def ends(workers: list[int]) -> bool:
    end = time.monotonic() + PATIENCE
    while any(map(is_alive, workers)):
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


CODES = {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 129, "SIGKILL": -9}


@pytest.mark.parametrize("name", CODES)
def test_no_process_outlives_the_one_that_started_it(root: Path, name: str) -> None:
    process = start(root)
    workers = wait_for_workers(process)
    process.send_signal(getattr(signal, name))
    # Whoever reads its output isn't kept waiting either.
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == CODES[name]
    assert (out, err) == ("", "")
    assert ends(workers)


def test_a_stopped_worker_ends_as_well(root: Path) -> None:
    process = start(root)
    workers = wait_for_workers(process)
    os.kill(workers[0], signal.SIGSTOP)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 143
    assert ends(workers)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_worker_that_is_killed_costs_only_time(root: Path, number: int) -> None:
    process = start(root)
    for worker in wait_for_workers(process):
        os.kill(worker, number)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 1
    assert len(out.splitlines()) == FILES * 8
    assert err.startswith(f"Found {FILES * 8} findings: ")


def test_a_file_that_kills_every_process_is_named(root: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    info = site / "bad_rules-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: bad-rules\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[pyconcepts_lint.rules]\nbad = bad_rules\n")
    (site / "bad_rules.py").write_text(
        "import os\nfrom pyconcepts_lint import Rule\n\n\nclass Bad(Rule):\n    'Bad.'\n"
        "    code = 'BAD101'\n    name = 'bad'\n\n    def claims(self, file):\n"
        "        if self.file.path.endswith('m7.py'):\n            os._exit(0)\n        return ()\n"
    )
    env = {**os.environ, "PYTHONPATH": str(site), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    process = start(root, env=env)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 2
    assert len(out.splitlines()) == (FILES - 1) * 8
    assert f"{root}/m7.py: looking at it ended the process, twice" in err


def moments(root: Path, count: int) -> Iterator[tuple[float, float, int, str]]:
    """Interrupt as many runs at a random moment: when, how long that took, and what came of it."""
    started = time.monotonic()
    start(root).communicate(timeout=120)
    whole = time.monotonic() - started
    chance = random.Random(14)
    for _ in range(count):
        process = start(root, start_new_session=True)
        moment = chance.uniform(0.1, whole * 0.8)
        time.sleep(moment)
        # As a terminal does: all processes get it.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGINT)
        sent = time.monotonic()
        _, err = process.communicate(timeout=60)
        yield moment, time.monotonic() - sent, process.returncode, err


def test_ctrl_c_ends_it_at_some_moments(root: Path) -> None:
    for moment, took, code, err in moments(root, 3):
        assert took < PATIENCE, moment
        assert code in (130, 1), (moment, err)  # 1: it was done before
        assert "Traceback" not in err


@pytest.mark.corpus
def test_ctrl_c_ends_it_at_any_moment(root: Path) -> None:
    interrupted = 0
    for moment, took, code, err in moments(root, 200):
        assert took < 1, moment
        assert code in (130, 1), (moment, err)
        assert "Traceback" not in err
        interrupted += code == 130
    assert interrupted > 150
