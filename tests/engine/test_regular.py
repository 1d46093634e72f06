"""Files of a hostile project are read only where that comes to an end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pyconcepts_lint.base.regular import read_regular
from pyconcepts_lint.base.settings import Configuration, SettingsError

BAD = "class Cart:\n    items = []\n\n    def add(self, item):\n        self.items.append(item)\n"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="there are no such files")


def lint(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pyconcepts_lint", "--select=PCL104,PCL901", *arguments],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def odd(path: Path, kind: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if kind == "fifo":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "cart.py").write_text(BAD)
    (tmp_path / "pyproject.toml").write_text("[tool.pyconcepts-lint]\n")
    return tmp_path


def test_all_of_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "file"
    for data in (b"", b"x" * 70_000):
        file.write_bytes(data)
        assert read_regular(str(file)) == data
    if os.path.exists("/proc/self/status"):
        assert b"Name:" in read_regular("/proc/self/status")


def test_what_is_no_regular_file_or_too_large_is_refused(tmp_path: Path) -> None:
    odd(tmp_path / "fifo", "fifo")
    odd(tmp_path / "zero", "zero")
    (tmp_path / "large").write_bytes(b"12345")
    (tmp_path / "link").symlink_to("large")
    for name in ("fifo", "zero"):
        with pytest.raises(OSError, match="not a regular file"):
            read_regular(str(tmp_path / name))
    with pytest.raises(OSError, match="too large"):
        read_regular(str(tmp_path / "large"), 4)
    with pytest.raises(IsADirectoryError):
        read_regular(str(tmp_path))
    with pytest.raises(OSError, match="regular"):
        read_regular(str(tmp_path / "link"), follow=False)
    with pytest.raises(OSError, match="null"):
        read_regular("a\0b")


@pytest.mark.parametrize("kind", ["fifo", "zero"])
@pytest.mark.parametrize(
    "name",
    [
        ".gitignore",
        ".git/info/exclude",
        "requirements.txt",
        "setup.py",
        "setup.cfg",
        "package/.gitignore",
    ],
)
def test_odd_files_where_git_or_nothing_is_said_are_passed_over(
    root: Path, kind: str, name: str
) -> None:
    odd(root / name, kind)
    for _ in range(2):
        done = lint(root, ".")
        assert (done.returncode, "PCL104" in done.stdout) == (1, True), done.stderr


@pytest.mark.parametrize("kind", ["fifo", "zero"])
def test_a_git_file_that_leads_to_odd_files_is_passed_over(root: Path, kind: str) -> None:
    (root / ".git").write_text("gitdir: elsewhere\n")
    odd(root / "elsewhere" / "commondir", kind)
    assert lint(root, ".").returncode == 1
    (root / ".git").unlink()
    odd(root / ".git", kind)
    assert lint(root, ".").returncode == 1


@pytest.mark.parametrize("kind", ["fifo", "zero"])
def test_odd_settings_and_baselines_are_an_error(root: Path, kind: str) -> None:
    odd(root / "known", kind)
    done = lint(root, "--baseline=known", ".")
    assert done.returncode == 2
    assert "known: cannot read the baseline: it is not a regular file" in done.stderr
    (root / "pyproject.toml").unlink()
    odd(root / "pyproject.toml", kind)
    done = lint(root, ".")
    assert done.returncode == 2
    assert "pyproject.toml: cannot read the file: it is not a regular file" in done.stderr


@pytest.mark.parametrize("kind", ["fifo", "zero"])
def test_an_odd_list_of_rules_costs_time_only(
    root: Path, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "")
    assert lint(root, "cart.py").returncode == 1
    (listing,) = (tmp_path / "home" / "pyconcepts-lint").glob("rules-*.txt")
    listing.unlink()
    odd(listing, kind)
    assert lint(root, "--no-cache", "cart.py").returncode == 1
    assert listing.is_file()


@pytest.mark.parametrize("kind", ["fifo", "zero"])
def test_an_odd_file_that_is_named_cannot_be_read(root: Path, kind: str) -> None:
    odd(root / "odd.py", kind)
    for arguments in (["odd.py"], ["odd.py", "--fix"], ["odd.py", "--no-cache"], ["odd.py"]):
        done = lint(root, *arguments)
        assert done.returncode, arguments
        assert "cannot read the file: it is not a regular file" in done.stdout + done.stderr
    done = lint(root, ".")
    assert "PCL104" in done.stdout
    assert "odd.py" not in done.stdout


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        ('src = ["a\\u0000b"]', "src", "has a NUL character in it"),
        ('cache-dir = "\\u0000"', "cache-dir", "has a NUL character in it"),
        ('baseline = "\\u0000"', "baseline", "has a NUL character in it"),
        ('per-file-ignores = {"a\\u0000" = ["PCL1"]}', "per-file-ignores", "NUL character"),
        ('rules.PCL104 = {x = ["\\u0000"]}', "rules", "NUL character"),
        (f"jobs = {'9' * 5000}", "jobs", "is a number of too many digits"),
        (f"jobs = 0x{'f' * 5000}", "jobs", "a number of more than 64 bits"),
        (f"select = [0x{'f' * 5000}]", "select", "a number of more than 64 bits"),
        (f"rules.PCL104.x = 0x{'f' * 5000}", "rules", "a number of more than 64 bits"),
    ],
)
def test_settings_that_nothing_can_be_asked_with_are_named(
    tmp_path: Path, text: str, key: str, said: str
) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text(f"[tool.pyconcepts-lint]\n{text}\n")
    with pytest.raises(SettingsError, match=said) as caught:
        Configuration().for_path(str(tmp_path))
    assert (caught.value.path, caught.value.key) == (str(file), key)
