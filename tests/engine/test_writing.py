"""Files are written wholly or not at all, and only in the place of what was looked at."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyconcepts_lint.source import writing
from pyconcepts_lint.source.writing import (
    FileChanged,
    check_writable,
    clear_left_behind,
    holds,
    write_atomically,
)

on_posix = pytest.mark.skipif(os.name != "posix", reason="POSIX modes and links")
PACKAGE = str(Path(__file__).parents[2])


@pytest.fixture(params=["without a name", "with a name"])
def temporary_files(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Where the system has files without a name, and where it hasn't."""
    if request.param == "with a name":
        monkeypatch.setattr(writing, "_unnamed", lambda directory, mode: None)
    return str(request.param)


def test_writing_keeps_the_mode(tmp_path: Path) -> None:
    file = tmp_path / "m.py"
    file.write_bytes(b"old")
    file.chmod(0o640 if os.name == "posix" else 0o666)
    before = stat.S_IMODE(file.stat().st_mode)
    write_atomically(str(file), b"new\r\n")
    assert file.read_bytes() == b"new\r\n"
    assert stat.S_IMODE(file.stat().st_mode) == before
    assert os.listdir(tmp_path) == ["m.py"]


@on_posix
def test_a_new_file_gets_the_mode_that_open_gives(tmp_path: Path) -> None:
    (tmp_path / "opened").write_bytes(b"")
    write_atomically(str(tmp_path / "new"), b"")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "opened").stat().st_mode


@on_posix
def test_a_symbolic_link_stays_and_its_target_changes(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target = tmp_path / "real" / "m.py"
    target.write_bytes(b"old")
    link = tmp_path / "link.py"
    link.symlink_to(os.path.join("real", "m.py"))
    write_atomically(str(link), b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert os.listdir(tmp_path / "real") == ["m.py"]


def test_a_failed_write_leaves_the_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "m.py"
    file.write_bytes(b"old")

    def fail(*args: object) -> None:
        raise OSError("disk full")

    for function in ("fsync", "replace"):
        with monkeypatch.context() as patch:
            patch.setattr(os, function, fail)
            with pytest.raises(OSError, match="disk full"):
                write_atomically(str(file), b"new")
    assert file.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["m.py"]


def test_a_directory_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "d").mkdir()
    with pytest.raises(OSError, match="regular"):
        write_atomically(str(tmp_path / "d"), b"new")


def test_a_write_protected_file_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "m.py"
    file.write_bytes(b"old")
    # Asked of os.access, for a test run by root may write everything.
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(PermissionError):
        write_atomically(str(file), b"new")
    assert file.read_bytes() == b"old"


@pytest.mark.parametrize("now", [b"mine", b"", None], ids=["other", "empty", "gone"])
def test_a_file_that_holds_something_else_is_not_replaced(
    tmp_path: Path, now: bytes | None
) -> None:
    file = tmp_path / "m.py"
    if now is not None:
        file.write_bytes(now)
    with pytest.raises(FileChanged) as raised:
        write_atomically(str(file), b"new", b"old")
    assert raised.value.strerror == "has changed while it was looked at; left as it is"
    assert holds(str(file), now)
    assert os.listdir(tmp_path) == ([] if now is None else ["m.py"])


@pytest.mark.usefixtures("temporary_files")
def test_what_a_file_holds_is_looked_at_when_the_new_text_is_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "m.py"
    file.write_bytes(b"old")
    original = os.fsync

    def change(descriptor: int) -> None:
        original(descriptor)
        file.write_bytes(b"mine")

    monkeypatch.setattr(os, "fsync", change)
    with pytest.raises(FileChanged):
        write_atomically(str(file), b"new", b"old")
    assert file.read_bytes() == b"mine"
    assert os.listdir(tmp_path) == ["m.py"]


@pytest.mark.usefixtures("temporary_files")
def test_a_new_file_does_not_take_the_place_of_one_made_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "m.py"
    write_atomically(str(file), b"new", None)
    assert file.read_bytes() == b"new"
    with pytest.raises(FileChanged):
        write_atomically(str(file), b"other", None)
    file.unlink()
    original = os.fsync

    def make(descriptor: int) -> None:
        original(descriptor)
        file.write_bytes(b"mine")

    monkeypatch.setattr(os, "fsync", make)
    with pytest.raises(FileChanged):
        write_atomically(str(file), b"other", None)
    assert file.read_bytes() == b"mine"
    assert os.listdir(tmp_path) == ["m.py"]


def test_without_hard_links_a_new_file_takes_no_place_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise OSError(errno.ENOTSUP, "no hard links")

    monkeypatch.setattr(os, "link", refuse)
    file = tmp_path / "m.py"
    write_atomically(str(file), b"new", None)
    assert file.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["m.py"]
    with pytest.raises(FileChanged):
        writing._put_new(str(tmp_path / "x"), str(file), b"other")
    assert file.read_bytes() == b"new"


@on_posix
def test_a_link_that_leads_nowhere_is_no_place_for_a_new_file(tmp_path: Path) -> None:
    (tmp_path / "m.py").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileChanged):
        write_atomically(str(tmp_path / "m.py"), b"new", None)
    assert os.listdir(tmp_path) == ["m.py"]


@on_posix
def test_another_hard_link_keeps_the_old_text(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_bytes(b"old")
    os.link(tmp_path / "m.py", tmp_path / "other.py")
    write_atomically(str(tmp_path / "m.py"), b"new", b"old")
    assert (tmp_path / "m.py").read_bytes() == b"new"
    assert (tmp_path / "other.py").read_bytes() == b"old"


def test_every_refusal_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "m.py"
    file.write_bytes(b"old")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    for refused in (lambda: write_atomically(str(file), b"new"), lambda: check_writable(str(file))):
        with pytest.raises(PermissionError) as raised:
            refused()
        assert raised.value.strerror == "it is write-protected"
    monkeypatch.setattr(os, "access", lambda path, mode: path != str(tmp_path))
    with pytest.raises(PermissionError) as raised:
        check_writable(str(file))
    assert raised.value.strerror == "its directory is write-protected"


def left_behind(directory: Path, name: str = "0123456789abcdef", age: float = 60) -> Path:
    path = directory / f".pyconcepts-{name}.tmp"
    path.write_bytes(b"half a fi")
    os.utime(path, (time.time() - age,) * 2)
    return path


def test_what_a_killed_process_left_is_cleared_and_nothing_else(tmp_path: Path) -> None:
    old = left_behind(tmp_path)
    kept = [
        left_behind(tmp_path, "fedcba9876543210", age=0),  # of a process that is at work
        left_behind(tmp_path, "notes"),
        left_behind(tmp_path, "0123456789ABCDEF"),
        tmp_path / "m.py",
    ]
    kept[-1].write_bytes(b"")
    (tmp_path / ".pyconcepts-00000000000000aa.tmp").mkdir()
    clear_left_behind([str(tmp_path), str(tmp_path / "gone")])
    assert not old.exists()
    assert all(path.exists() for path in kept)
    assert (tmp_path / ".pyconcepts-00000000000000aa.tmp").is_dir()


@on_posix
def test_a_link_with_the_name_of_a_temporary_file_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    target = left_behind(tmp_path / "target")
    link = tmp_path / target.name
    link.symlink_to(target)
    clear_left_behind([str(tmp_path)])
    assert link.is_symlink()
    assert target.exists()


@on_posix
def test_a_file_that_is_being_written_slowly_is_left_alone(tmp_path: Path) -> None:
    import fcntl

    path = left_behind(tmp_path)
    with path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        clear_left_behind([str(tmp_path)])
        assert path.exists()
    clear_left_behind([str(tmp_path)])
    assert not path.exists()


WRITES_WITHOUT_END = """
import sys
from pyconcepts_lint.source import writing
if sys.argv[2] == "with a name":
    writing._unnamed = lambda directory, mode: None
print("started", flush=True)
while True:
    for text in (b"a" * 100_000, b"b" * 100_000):
        writing.write_atomically(sys.argv[1], text)
"""


@pytest.fixture
def writer(tmp_path: Path, temporary_files: str) -> Iterator[subprocess.Popen[str]]:
    (tmp_path / "m.py").write_bytes(b"a" * 100_000)
    process = subprocess.Popen(
        [sys.executable, "-c", WRITES_WITHOUT_END, str(tmp_path / "m.py"), temporary_files],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": PACKAGE},
    )
    yield process
    process.kill()
    process.communicate()


@on_posix
def test_a_killed_process_leaves_the_file_whole_and_the_next_one_clears_up(
    tmp_path: Path, writer: subprocess.Popen[str]
) -> None:
    assert writer.stdout is not None
    assert writer.stdout.readline() == "started\n"
    time.sleep(0.1)
    writer.kill()
    writer.wait()
    assert (tmp_path / "m.py").read_bytes() in (b"a" * 100_000, b"b" * 100_000)
    for path in tmp_path.glob(".pyconcepts-*"):
        os.utime(path, (time.time() - 60,) * 2)
    clear_left_behind([str(tmp_path)])
    assert os.listdir(tmp_path) == ["m.py"]
