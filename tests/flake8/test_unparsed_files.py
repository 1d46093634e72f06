"""flake8 with files that it can't parse: nothing by its own format, all by ours."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

OLD = """\
#!/usr/bin/python2
# -*- coding: latin-1 -*-
class Base:
    size = 1

class Derived(Base):
    def grow(self, d):
        self.size += 2; print 'gr\u00f6\u00dfer', `d`
        self.size += 3; print d  # noqa: PCL103
        for k in d.iteritems(): print k,  # noqa
        for k in d.itervalues(): print k
        return '''
        ''', d.iterkeys()  # noqa: PCL701
"""
FILES = {
    "pyproject.toml": "[tool.pyconcepts-lint]\n",
    "old.py": OLD,
    "new.py": "class C:\n    __metaclass__ = type\n",
    "quiet.py": "# flake8: noqa\nprint 'nothing is said of this'\n",
    "broken.py": "import .old\n",
    "pkg/__init__.py": "",
    "pkg/user.py": "import other\nprint other.x\n",
    "pkg/other.py": "x = 0777\n",
}

needs_entry_point = pytest.mark.skipif(
    not any(point.name == "pyconcepts-lint" for point in entry_points(group="flake8.report")),
    reason="this installation is from before there was the formatter",
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="latin-1")
    return tmp_path


def run(root: Path, module: str, *arguments: str, given: bytes | None = None) -> list[str]:
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=root, capture_output=True, timeout=120, input=given)
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    assert done.returncode == 1
    return [line.removeprefix("./") for line in done.stdout.decode().splitlines()]


def runner(root: Path, *arguments: str) -> list[str]:
    lines = run(root, "pyconcepts_lint", "--output-format", "concise", *arguments)
    # flake8 knows no severities.
    return sorted(line.rpartition(" [")[0] for line in lines)


def flake8(root: Path, *arguments: str, given: bytes | None = None) -> list[str]:
    options = ["--isolated", "--format", "pyconcepts-lint", "--select", "PCL,E9"]
    return run(root, "flake8", *options, *arguments, given=given)


def ours(lines: list[str]) -> list[str]:
    return sorted(line for line in lines if " PCL" in line)


def test_flake8s_own_format_has_only_its_error(root: Path) -> None:
    lines = run(root, "flake8", "--isolated", "--select", "PCL,E9", "old.py")
    assert [line.split()[1] for line in lines] == ["E999"]


@needs_entry_point
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_our_format_says_what_the_runner_says(root: Path, jobs: str) -> None:
    expected = runner(root)
    assert {line.split()[1] for line in expected} == {
        *("PCL103", "PCL203", "PCL301", "PCL701", "PCL901", "PCL902"),
    }
    found = flake8(root, "--jobs", jobs, ".")
    assert ours(found) == expected
    # Behind flake8's own error about the file.
    for number, line in enumerate(found):
        path = line.partition(":")[0]
        if path != "new.py" and " PCL" in line:
            before = [other for other in found[:number] if " E999 " in other]
            assert before[-1].startswith(f"{path}:")


@needs_entry_point
def test_noqa_works_as_in_other_files(root: Path) -> None:
    found = ours(flake8(root, "old.py"))
    lines = {int(line.split(":")[1]) for line in found}
    assert lines.isdisjoint({10, 12, 13})
    assert [line.split()[1] for line in found if "old.py:9:" in line] == ["PCL902"]
    every = ours(flake8(root, "--disable-noqa", "old.py"))
    assert {int(line.split(":")[1]) for line in every} - lines == {10, 13}


@needs_entry_point
def test_flake8s_options_say_which_codes(root: Path) -> None:
    assert {line.split()[1] for line in ours(flake8(root, "--ignore", "PCL9,PCL2", "."))} == {
        *("PCL103", "PCL301", "PCL701"),
    }
    found = flake8(root, "--per-file-ignores", "old.py:PCL1,PCL7", "old.py")
    assert {line.split()[1] for line in found} == {"E999", "PCL902"}
    assert ours(flake8(root, "--select", "E9", "old.py")) == []


@needs_entry_point
def test_standard_input_is_the_file_it_stands_for(root: Path) -> None:
    expected = [line for line in runner(root) if line.startswith("pkg/user.py")]
    assert len(expected) == 2
    (root / "pkg/user.py").write_text("")
    given = FILES["pkg/user.py"].encode()
    found = flake8(root, "--stdin-display-name", "pkg/user.py", "-", given=given)
    assert ours(found) == expected


@needs_entry_point
def test_source_is_shown_where_asked_for(root: Path) -> None:
    lines = flake8(root, "--show-source", "pkg/user.py")
    place = next(number for number, line in enumerate(lines) if "PCL203" in line)
    assert lines[place + 1 : place + 3] == ["import other", "^"]


@needs_entry_point
def test_a_file_that_is_not_there_is_flake8s_matter(root: Path) -> None:
    assert [line.split()[1] for line in flake8(root, "missing.py")] == ["E902"]
