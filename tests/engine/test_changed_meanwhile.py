"""A file that changes while it is looked at is left as it is, by all that writes files."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import pyconcepts_lint
from pyconcepts_lint.__main__ import main
from pyconcepts_lint.adopting import selection
from pyconcepts_lint.base.report import Report
from pyconcepts_lint.base.settings import Configuration
from pyconcepts_lint.frontends import watch
from pyconcepts_lint.running import fixing, scheduler
from pyconcepts_lint.running.fixing import Fixing
from pyconcepts_lint.running.scheduler import Scheduler
from pyconcepts_lint.testing import lint_paths as run

OLD = "def f(stock):\n    for name in stock.iteritems():\n        print(name)\n"
NEW = OLD.replace("iteritems", "items")
SAVED = OLD.replace("    for", "    n_in_stock_tot = stock_all_totals_of_all\n    for", 1)
CHANGED = "has changed while it was looked at; left as it is"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pyproject.toml").write_text("[tool.pyconcepts-lint]\n")
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_text(OLD)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def fixed(root: Path, **options: Any) -> Report:
    overrides = {"no_cache": True, "select": ("PCL701",)}
    return run([str(root)], fix=True, overrides=overrides, **{"jobs": 1, **options})


def once(action: Callable[[], object]) -> Callable[[], None]:
    """Do something when first called."""
    waiting = [action]

    def call() -> None:
        if waiting:
            waiting.pop()()

    return call


def before(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, action: Any) -> None:
    """Have something happen before each call of a function or a method."""
    original = getattr(owner, name)

    def watched(*arguments: Any, **options: Any) -> Any:
        action()
        return original(*arguments, **options)

    monkeypatch.setattr(owner, name, watched)


def save(root: Path, text: str | None = SAVED) -> Callable[[], None]:
    """What a user does once: save `a.py`, or remove it."""
    file = root / "a.py"
    return once(lambda: file.unlink() if text is None else file.write_text(text))


MOMENTS: dict[str, Callable[[pytest.MonkeyPatch, Callable[[], None]], None]] = {
    "before the fixes are made": lambda patch, action: before(patch, Fixing, "make", action),
    "before the first write": lambda patch, action: before(patch, Fixing, "_write", action),
    "before the write of this file": lambda patch, action: before(
        patch, fixing, "write_atomically", action
    ),
    "when the new text is on the disk": lambda patch, action: before(patch, os, "fsync", action),
}


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("text", [SAVED, "mine = 1\n", "", None], ids=["more", "less", "0", "gone"])
def test_a_file_that_was_saved_meanwhile_is_left_alone_and_the_others_are_fixed(
    root: Path, monkeypatch: pytest.MonkeyPatch, moment: str, text: str | None
) -> None:
    MOMENTS[moment](monkeypatch, save(root, text))
    report = fixed(root)
    file = root / "a.py"
    assert (file.read_text() if file.exists() else None) == text
    assert report.errors == [f"{file}: {CHANGED}"]
    assert (root / "b.py").read_text() == NEW
    assert [finding.path for finding in report.fixed] == [str(root / "b.py")]
    assert report.changed.keys() == {str(root / "b.py")}


def test_what_is_said_of_it_then_is_what_is_in_it_now(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before(monkeypatch, Fixing, "_write", save(root))
    report = fixed(root)
    assert [(os.path.basename(f.path), f.line, f.column) for f in report.findings] == [
        ("a.py", 3, 17)
    ]
    assert fixed(root).errors == []
    assert (root / "a.py").read_text() == SAVED.replace("iteritems", "items")


@pytest.mark.parametrize("jobs", [1, 2])
def test_facts_of_what_a_file_was_do_not_meet_the_text_that_it_has(
    root: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    # PCL701 asks the facts which statements to look at: in "more" lines than there are.
    (root / "a.py").write_text("x = 1\n" * 500 + OLD)
    monkeypatch.setattr(scheduler, "SMALL_WORK", 100)
    before(monkeypatch, Scheduler, "_results", save(root))
    report = fixed(root, jobs=jobs)
    assert report.errors == []
    assert (root / "a.py").read_text() == SAVED.replace("iteritems", "items")
    assert (root / "b.py").read_text() == NEW


def test_facts_from_the_cache_do_not_either(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["--select", "PCL701", "-q"]) == 1
    before(monkeypatch, Scheduler, "_results", save(root))
    assert main(["--select", "PCL701", "-q", "--fix"]) == 0
    assert (root / "a.py").read_text() == SAVED.replace("iteritems", "items")


@pytest.mark.parametrize("executor", [None, ThreadPoolExecutor])
def test_what_other_processes_looked_at_comes_with_what_they_found(
    root: Path, monkeypatch: pytest.MonkeyPatch, executor: type[Executor] | None
) -> None:
    monkeypatch.setattr(scheduler, "SMALL_WORK", 100)
    before(monkeypatch, Fixing, "make", save(root))
    if executor is None:
        report = fixed(root, jobs=2)
    else:
        with executor(2) as pool:
            report = fixed(root, jobs=None, executor=pool)
    assert (root / "a.py").read_text() == SAVED
    assert report.errors == [f"{root / 'a.py'}: {CHANGED}"]
    assert (root / "b.py").read_text() == NEW


def test_the_function_fix_leaves_it_alone_too(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before(monkeypatch, Fixing, "make", save(root))
    report = pyconcepts_lint.fix(root, select=["PCL701"], no_cache=True)
    assert (root / "a.py").read_text() == SAVED
    assert report.errors == [f"{root / 'a.py'}: {CHANGED}"]


@pytest.mark.parametrize("cache", [[], ["--no-cache"]], ids=["cache", "no cache"])
@pytest.mark.parametrize("runs", [0, 2])
def test_no_comment_is_added_to_a_file_that_was_saved_meanwhile(
    root: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    cache: list[str],
    runs: int,
) -> None:
    arguments = ["--select", "PCL701", *cache]
    for path in root.iterdir():
        os.utime(path, (1, 1))
    for _ in range(runs):  # after which this one is told by the cache what the last one said
        main(arguments)
    capsys.readouterr()
    before(monkeypatch, selection, "_annotate", save(root))
    assert main([*arguments, "--add-noqa"]) == 2
    assert (root / "a.py").read_text() == SAVED
    assert "# noqa: PCL701" in (root / "b.py").read_text()
    err = capsys.readouterr().err
    assert f"pyconcepts-lint: {root / 'a.py'}: {CHANGED}\n" in err
    assert "Added `# noqa` for 1 finding in 1 file." in err


# What fixes create


@pytest.fixture
def package(root: Path) -> Path:
    """A regular package with a directory that lacks its `__init__.py`."""
    for name in ("shop", "shop/part"):
        (root / name).mkdir()
    (root / "shop" / "__init__.py").write_text("")
    (root / "shop" / "part" / "one.py").write_text("x = 1\n")
    return root / "shop" / "part"


@pytest.mark.parametrize("moment", [m for m in MOMENTS if "disk" not in m])
def test_a_file_made_meanwhile_is_kept(
    root: Path, package: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    init = package / "__init__.py"
    MOMENTS[moment](monkeypatch, once(lambda: init.write_text("mine = 1\n")))
    overrides = {"no_cache": True, "select": ("PCL201",)}
    report = run([str(root)], fix=True, overrides=overrides, jobs=1)
    assert init.read_text() == "mine = 1\n"
    assert report.errors == [f"{init}: {CHANGED}"]
    assert (report.fixed, report.changed) == ([], {})


def test_a_file_that_is_still_missing_is_made(root: Path, package: Path) -> None:
    overrides = {"no_cache": True, "select": ("PCL201",)}
    report = run([str(root)], fix=True, overrides=overrides, jobs=1)
    assert (package / "__init__.py").read_bytes() == b""
    assert (report.errors, report.findings, len(report.fixed)) == ([], [], 1)


# What can't be written


def refuse(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Let some files not be writable: asked of os.access, for root may write everything."""
    original = os.access
    monkeypatch.setattr(
        os,
        "access",
        lambda path, mode: os.path.basename(path) not in names and original(path, mode),
    )


def test_what_cannot_be_written_is_not_fixed_and_stays_reported(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    refuse(monkeypatch, "a.py")
    assert main(["--select", "PCL701", "--fix", "--no-cache"]) == 2
    out, err = capsys.readouterr()
    assert f"{root / 'a.py'}: not written: it is write-protected\n" in err
    assert "Fixed 1 finding; 1 left, an error." in err
    assert [line.partition(" ")[0] for line in out.splitlines()] == ["a.py:2:17:"]
    assert (root / "a.py").read_text() == OLD


def test_a_disk_that_is_full_is_said_and_the_findings_stay(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: str, *arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(fixing, "write_atomically", full)
    report = fixed(root)
    assert report.errors == [
        f"{root / name}: not written: No space left on device" for name in ("a.py", "b.py")
    ]
    assert (report.fixed, report.changed) == ([], {})
    assert [(f.path, f.line) for f in report.findings] == [
        (str(root / "a.py"), 2),
        (str(root / "b.py"), 2),
    ]


# More than one at work


def all_lines(count: int) -> str:
    """A file whose lines all tell of how many there are, so that a mix of two shows."""
    body = "".join(f"    x{n} = {count}\n" for n in range(count))
    return (
        f"def f(stock):\n{body}    for name in stock.iteritems():\n        print(name, {count})\n"
    )


TEXTS = [all_lines(count) for count in range(1, 40, 3)]
WHOLE = {*TEXTS, *(text.replace("iteritems", "items") for text in TEXTS)}


@pytest.fixture
def many(root: Path) -> Path:
    for number in range(60):
        (root / f"m{number}.py").write_text(TEXTS[number % len(TEXTS)])
    return root


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("is_atomic", [True, False], ids=["replaced", "in place"])
def test_no_file_is_a_mix_while_another_thread_saves_files(
    many: Path, seed: int, is_atomic: bool
) -> None:
    random_ = random.Random(seed)
    is_over = threading.Event()
    saved: list[str] = []

    def save_files() -> None:
        while not is_over.wait(0.001):
            name = f"m{random_.randrange(60)}.py"
            text = random_.choice(TEXTS)
            if is_atomic:
                (many / "new").write_text(text)
                os.replace(many / "new", many / name)
            else:
                (many / name).write_text(text)
            saved.append(name)

    thread = threading.Thread(target=save_files)
    thread.start()
    try:
        report = fixed(many, jobs=1 + seed % 2)
    finally:
        is_over.set()
        thread.join()
    assert len(saved) > 20
    for path in many.glob("m*.py"):
        assert path.read_text() in WHOLE, path
    assert all(error.endswith(CHANGED) for error in report.errors)
    assert fixed(many).errors == []
    assert {path.read_text() for path in many.glob("m*.py")} <= WHOLE - {*TEXTS}


def test_two_runs_at_once_leave_each_file_whole(many: Path) -> None:
    command = [sys.executable, "-m", "pyconcepts_lint", "--fix", "--select", "PCL701", "-q"]
    processes = [
        subprocess.Popen(command, cwd=many, stderr=subprocess.PIPE, text=True) for _ in range(2)
    ]
    said = [process.communicate()[1] for process in processes]
    assert {path.read_text() for path in many.glob("m*.py")} <= WHOLE - {*TEXTS}
    assert all(line.endswith(CHANGED) for text in said for line in text.splitlines()), said
    assert list(many.glob(".pyconcepts-*.tmp")) == []


# Watching


@pytest.mark.parametrize("name", ["a.py", "b.py", "c.py"])
def test_what_was_saved_during_a_run_is_a_reason_for_another_and_what_it_wrote_is_none(
    root: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[list[str]] = []
    waits: list[Mapping[str, Any]] = []

    def one_run(written: dict[str, bytes]) -> int:
        runs.append(sorted(os.listdir(root)))
        if len(runs) > 1:
            raise KeyboardInterrupt
        (root / "b.py").write_text(NEW)
        written[str(root / "b.py")] = NEW.encode()
        (root / name).write_text(SAVED)
        return 0

    def give_up(seconds: float) -> None:
        waits.append({})
        if len(waits) > 8:
            raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "watchfiles", None)  # each wait is a sleep, to be counted
    monkeypatch.setattr("pyconcepts_lint.frontends.watch.time.sleep", give_up)
    assert watch.watch(one_run, [str(root)], Configuration, quiet=True) == 130
    assert len(runs) == 2


def test_a_run_that_wrote_all_that_has_changed_is_followed_by_none(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = []
    waits = []

    def one_run(written: dict[str, bytes]) -> int:
        runs.append(1)
        for name in ("b.py", "new.py"):
            (root / name).write_text(NEW)
            written[str(root / name)] = NEW.encode()
        return 0

    def give_up(seconds: float) -> None:
        waits.append(1)
        if len(waits) > 8:
            raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "watchfiles", None)  # each wait is a sleep, to be counted
    monkeypatch.setattr("pyconcepts_lint.frontends.watch.time.sleep", give_up)
    assert watch.watch(one_run, [str(root)], Configuration, quiet=True) == 130
    assert len(runs) == 1
