"""Streams that are closed or full, a directory that is gone: a sentence at most, and an exit code."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from pyconcepts_lint.__main__ import main

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell closes the streams")

CART = "class A:\n    n = 0\n\n    def f(self):\n        self.n += 1\n"
FOUND = "cart.py:5:9: PCL103 "
CLOSED = "pyconcepts-lint: error: standard output: Bad file descriptor\n"
FULL = "pyconcepts-lint: error: standard output: No space left on device\n"
GONE = "pyconcepts-lint: error: the working directory is gone\n"
LEAVE = 'mkdir gone; cd gone; rmdir "$OLDPWD/gone"; '
NUMBERS = ("9" * 5000, "²", "-1", "0", "", "80x", "1e3", "99999")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    (root / "pyproject.toml").write_text(
        "[tool.pyconcepts-lint]\nno-cache = true\nfail-on = 'note'\n"
    )
    (root / "cart.py").write_text(CART)
    (root / "clean.py").write_text("x = 1\n")
    return root


def shell(root: Path, line: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a line in which LINT is this tool, by a shell."""
    lint = f"{shlex.quote(sys.executable)} -m pyconcepts_lint"
    done = subprocess.run(
        ["sh", "-c", line.replace("LINT", lint)],
        cwd=root,
        env={**os.environ, "ROOT": str(root), **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    for word in ("Traceback", "internal error", "Exception ignored"):
        assert word not in done.stderr
    return done


SPEAKING = [
    *("--version", "-V", "--help", "--list-rules", "--explain PCL103", "cart.py", "--statistics"),
    *("--output-format full", "--output-format json", "--output-format html", "--fix - < cart.py"),
]


@pytest.mark.parametrize("arguments", SPEAKING)
def test_where_nothing_can_be_written_the_exit_code_and_a_sentence_say_so(
    root: Path, arguments: str
) -> None:
    done = shell(root, f"LINT {arguments} >&-")
    assert (done.stdout, done.stderr, done.returncode) == ("", CLOSED, 2)
    if os.path.exists("/dev/full"):
        done = shell(root, f"LINT {arguments} >/dev/full")
        assert (done.stderr, done.returncode) == (FULL, 2)
        assert shell(root, f"LINT {arguments} >/dev/full 2>/dev/full").returncode == 2


@pytest.mark.parametrize("where", ["2>&-", "2>/dev/full", "<&-", "2>&- <&-"])
def test_what_goes_to_standard_error_may_be_lost(root: Path, where: str) -> None:
    if "full" in where and not os.path.exists("/dev/full"):
        pytest.skip("there is no device that is full")
    for arguments, code in (("cart.py", 1), ("clean.py", 0), ("missing.py", 2), ("--nothing", 2)):
        done = shell(root, f"LINT {arguments} {where}")
        assert done.returncode == code
        assert done.stdout.startswith(FOUND if code == 1 else "")
        assert code == 1 or done.stdout == ""


@pytest.mark.parametrize("options", ["-", "--fix -", "--stdin-filename cart.py"])
def test_closed_standard_input_is_no_empty_file(root: Path, options: str) -> None:
    done = shell(root, f"LINT {options} <&-")
    assert (done.stdout, done.returncode) == ("", 2)
    assert "-: standard input is closed" in done.stderr


def test_the_number_of_a_closed_stream_goes_to_no_file(root: Path) -> None:
    done = shell(root, "LINT --fix --unsafe-fixes -o report.txt cart.py >&- 2>&- <&-")
    assert done.returncode in (0, 1)
    assert (root / "cart.py").read_text().startswith("class A:\n")
    assert sorted(path.name for path in root.iterdir()) == [
        *("cart.py", "clean.py", "pyproject.toml", "report.txt")
    ]


@pytest.mark.parametrize("number", NUMBERS, ids=[number[:5] or "nothing" for number in NUMBERS])
def test_whatever_number_of_columns_there_is_said_to_be(
    root: Path, number: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(root)
    for options in ([], ["--color", "always", "--output-format", "full"]):
        for name in ("COLUMNS", "LINES"):
            with monkeypatch.context() as environment:
                environment.setenv(name, number)
                assert main([*options, "cart.py"]) == 1
            out, err = capfd.readouterr()
            assert "PCL103" in out
            assert "Traceback" not in err
            assert "internal error" not in err
    done = shell(root, "LINT --color always --explain PCL103", COLUMNS=number, LINES=number)
    assert (done.stderr, done.returncode) == ("", 0)


@pytest.mark.parametrize("arguments", ["", ".", "cart.py", '- <"$ROOT/cart.py"', "--add-noqa"])
def test_a_working_directory_that_is_gone_is_named(root: Path, arguments: str) -> None:
    done = shell(root, f"{LEAVE}LINT {arguments}")
    assert (done.stdout, done.stderr, done.returncode) == ("", GONE, 2)


def test_what_needs_no_working_directory_does_without(root: Path) -> None:
    done = shell(root, f'{LEAVE}LINT "$ROOT/cart.py"')
    assert done.stdout.startswith(f"{root}/{FOUND}")
    assert done.returncode == 1
    for arguments in ("--version", "--explain PCL103", "--list-rules", '"$ROOT/clean.py"'):
        assert shell(root, f"{LEAVE}LINT {arguments}").returncode == 0


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no device that is full")
def test_a_report_that_cannot_be_written_is_named_by_its_file(root: Path) -> None:
    done = shell(root, "LINT -o /dev/full cart.py")
    assert "--output-file: /dev/full: No space left on device" in done.stderr
    assert (done.stdout, done.returncode) == ("", 2)


@pytest.mark.parametrize("options", ["", "--output-format html", "--list-rules"])
def test_a_full_disk_leaves_no_empty_report(root: Path, options: str) -> None:
    # A limit for the size of files is the full disk that needs no administrator.
    limit = "trap '' XFSZ; ulimit -f 0; "
    done = shell(root, f"{limit}LINT {options} -o report.txt cart.py")
    assert "--output-file: report.txt: File too large" in done.stderr
    assert done.returncode == 2
    assert not (root / "report.txt").exists()
