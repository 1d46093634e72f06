"""A diff is a patch: git and patch make of the old files what the fixes make of them."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import pytest

from pyconcepts_lint.reporters import Style, diff

CHANGED: dict[str, tuple[bytes | None, bytes]] = {
    "a.py": (b"one\ntwo\nthree\n", b"one\n2\nthree\n"),
    "crlf.py": (b"one\r\ntwo\r\n", b"one\r\n2\r\n"),
    "latin.py": (b"# coding: latin-1\nx = '\xe9'\n", b"# coding: latin-1\ny = '\xe9'\n"),
    "no end.py": (b"one\ntwo", b"one\n2"),
    "gets_end.py": (b"one", b"one\n"),
    "new/full.py": (None, b"x = 1\n"),
    "new/__init__.py": (None, b""),
    "new/deeper/__init__.py": (None, b""),
    "emptied.py": (b"x = 1\n", b""),
}


def written(root: Path, color: bool = False) -> bytes:
    buffer = io.BytesIO()
    out = io.TextIOWrapper(buffer, "utf-8", newline="\n")
    changed = {str(root / name): states for name, states in CHANGED.items()}
    diff.write(changed, out, Style(color=color, directory=str(root)))
    out.flush()
    return buffer.getvalue()


@pytest.mark.parametrize("command", [["git", "apply", "-p0"], ["patch", "-p0", "--binary"]])
def test_the_patch_makes_the_new_files(command: list[str], tmp_path: Path) -> None:
    if shutil.which(command[0]) is None:
        pytest.skip(f"there is no {command[0]}")
    for name, (before, _) in CHANGED.items():
        if before is not None:
            (tmp_path / name).write_bytes(before)
    run = subprocess.run(
        command, input=written(tmp_path), cwd=tmp_path, capture_output=True, timeout=60, check=False
    )
    assert run.returncode == 0, run.stderr + run.stdout
    for name, (_, after) in CHANGED.items():
        path = tmp_path / name
        # patch removes a file that it has emptied.
        assert (path.read_bytes() if path.exists() else b"") == after, name


def test_colours_are_for_reading(tmp_path: Path) -> None:
    text = written(tmp_path, color=True).decode()
    assert "\x1b[" in text
    assert "-two" in text
    assert "\ufffd" in text  # not UTF-8


def test_a_stream_without_bytes_below_it_will_do(tmp_path: Path) -> None:
    out = io.StringIO()
    diff.write({"/x.py": (b"a\n", b"b\n")}, out, Style(directory="/"))
    assert out.getvalue() == "--- x.py\n+++ x.py\n@@ -1 +1 @@\n-a\n+b\n"
