"""Whatever the input is, the run says what is wrong, and looks at the rest."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pyconcepts_lint.testing import lint_paths as run

GOOD = "class A:\n    n = 0\n\n    def f(self):\n        self.n += 1\n"

INPUTS = {
    "not UTF-8": b"x = 1\ny = '\xe9'\n",
    "an unknown encoding": b"# coding: klingon\nx = 1\n",
    "a NUL byte": b"x = 1\ny = \0\n",
    "broken syntax": b"def f(:\n    pass\n",
    "import with a dot": b"import .sibling\n",
    "20,000 nested brackets": b"x = " + b"(" * 20_000 + b")" * 20_000 + b"\n",
    "30,000 open brackets": b"x = " + b"[" * 30_000 + b"\n",
    "30,000 chained operators": b"x = " + b"+".join([b"1"] * 30_000) + b"\n",
    "20,000 prefix operators": b"x = " + b"-" * 20_000 + b"1\n",
    "20,000 attributes": b"x = a" + b".b" * 20_000 + b"\n",
    "5,000 nested lambdas": b"x = " + b"lambda: " * 5_000 + b"1\n",
    "an unterminated string": b"x = '''\n" * 3,
    "a surrogate": b"x = '\xed\xa0\x80'\n",
    "binary": bytes(range(256)) * 20,
}
LEGAL = {
    "empty": b"",
    "comments only": b"# nothing\n",
    "a BOM": b"\xef\xbb\xbfx = 1\n",
    "carriage returns": b"x = 1\ry = 2\r",
    "form feeds": b"x = 1\n\x0c\ny = 2\n",
    "2,000 elifs": b"if x == 0:\n    pass\n"
    + b"".join(b"elif x == %d:\n    pass\n" % n for n in range(2_000)),
    "a long display": b"x = [" + b"1, " * 100_000 + b"]\n",
    "a long string": b"x = '" + b"a" * 1_000_000 + b"'\n",
    "Python 2": b"print 'x'\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("[tool.pyconcepts-lint]\n")
    (tmp_path / "good.py").write_text(GOOD)
    return tmp_path


def command(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own, so that one that dies is seen."""
    return subprocess.run(
        [sys.executable, "-m", "pyconcepts_lint", "--no-cache", *arguments],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("data", INPUTS.values(), ids=INPUTS)
def test_what_no_python_reads_is_reported_and_left_alone(root: Path, data: bytes) -> None:
    bad = root / "bad.py"
    bad.write_bytes(data)
    done = command(root, "--fix", "--ignore", "PCL902")
    assert "Traceback" not in done.stderr
    assert done.returncode == 1, done.stderr
    lines = done.stdout.splitlines()
    assert [line.split()[1] for line in lines if line.startswith("good.py")] == ["PCL103"]
    assert any(line.startswith("bad.py:") and " PCL901 " in line for line in lines) or (
        # Where the fix was made, the file has changed into one that Python reads.
        data.startswith(b"import .") and bad.read_bytes() == b"from . import sibling\n"
    )
    if not data.startswith(b"import ."):
        assert bad.read_bytes() == data


@pytest.mark.parametrize("data", LEGAL.values(), ids=LEGAL)
def test_what_python_reads_is_no_syntax_error(root: Path, data: bytes) -> None:
    (root / "odd.py").write_bytes(data)
    done = command(root, "--select", "PCL901,PCL103")
    assert done.stderr.splitlines()[:-1] == []
    assert [line.split()[1] for line in done.stdout.splitlines()] == ["PCL103"]


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="the running Python reads it itself")
@pytest.mark.parametrize(
    "code", ["def f[T](x: T) -> T:\n    return x\n", "type A = int\n", "x = f'{'a' + \"b\"}'\n"]
)
def test_source_for_a_newer_python_is_no_syntax_error_and_is_spoken_of(
    root: Path, code: str
) -> None:
    (root / "new.py").write_text(code)
    done = command(root)
    assert "PCL901" not in done.stdout
    assert done.stderr.count("newer Python") == 1


def test_a_file_that_vanishes_is_named(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pyconcepts_lint.source import discovery

    found = discovery.discover

    def vanishing(*arguments: object, **options: object) -> list[str]:
        files = found(*arguments, **options)  # type: ignore[arg-type]
        (root / "gone.py").unlink()
        return files

    (root / "gone.py").write_text("x = 1\n")
    monkeypatch.setattr(discovery, "discover", vanishing)
    report = run([str(root)], jobs=1, overrides={"no_cache": True})
    said = [(os.path.basename(f.path), f.code) for f in report.findings]
    assert said == [("gone.py", "PCL901"), ("good.py", "PCL103")]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file_is_named(root: Path) -> None:
    (root / "locked.py").write_text("x = 1\n")
    (root / "locked.py").chmod(0)
    done = command(root)
    assert done.returncode == 1
    assert "locked.py:1:1: PCL901" in done.stdout
