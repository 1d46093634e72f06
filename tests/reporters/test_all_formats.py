"""What must hold of every format: odd paths, standard input, fixed files, errors of the tool."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from pathlib import Path

import pytest
from odd_project import ODD, OLD, OddProject

from pyconcepts_lint import reporters
from pyconcepts_lint.__main__ import main
from pyconcepts_lint.reporters import FORMATS, Style

LINE = re.compile(r"(.*?):(\d+):(\d+): ([A-Z]+\d+) (.*)")


def shown(path: str) -> str:
    """A path on one line of a terminal."""
    return path.replace("\n", " ").replace("\t", " ").replace("\x1b", "\\x1b")


def test_json_has_the_paths_as_they_are(odd: OddProject) -> None:
    rows = json.loads(odd.write("json"))
    assert {row["path"] for row in rows} >= {*ODD, str(odd.outside)}
    assert [json.loads(line) for line in odd.write("jsonl").splitlines()] == rows


def test_concise_is_a_line_for_each_finding(odd: OddProject) -> None:
    lines = odd.write("concise").splitlines()
    found = [LINE.fullmatch(line) for line in lines]
    assert all(found)
    assert {match[1] for match in found if match} >= {*map(shown, ODD), str(odd.outside)}
    assert len(lines) == len(json.loads(odd.write("json")))


def test_full_moves_no_cursor(odd: OddProject) -> None:
    text = odd.write("full")
    assert text.replace("\n", "").isprintable()
    for path in ODD:
        assert f"{shown(path)}:" in text


def test_github_is_a_command_for_each_finding(odd: OddProject) -> None:
    lines = odd.write("github").splitlines()
    assert len(lines) == len(json.loads(odd.write("json")))
    starts = ("::error file=", "::warning file=", "::notice file=")
    assert all(line.startswith(starts) for line in lines)
    files = {line.partition(",line=")[0].partition(" file=")[2] for line in lines}
    escapes = {"%": "%25", "\n": "%0A", ":": "%3A", ",": "%2C", "\t": "\\t", "\x1b": "\\x1b"}
    pattern = "[%\n:,\t\x1b]"
    assert files >= {re.sub(pattern, lambda found: escapes[found[0]], path) for path in ODD}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "pyproject.toml").write_text("[tool.pyconcepts-lint]\nfail-on = 'note'\n")
    (tmp_path / "old.py").write_bytes(OLD.encode())
    return tmp_path


def written(*arguments: str) -> tuple[int, str]:
    code = main(["--no-cache", "--jobs", "1", *arguments, "--output-file", "report"])
    return code, Path("report").read_bytes().decode()


@pytest.mark.parametrize("name", FORMATS)
def test_standard_input_is_reported_as_the_file_would_be(
    name: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = written("--output-format", name, "old.py")
    (root / "old.py").write_text("")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(OLD.encode())))
    assert written("--output-format", name, "-", "--stdin-filename", "old.py") == there
    assert there[0] == 1
    assert "PCL701" in there[1]


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_left_after_fixing_is_reported(name: str, root: Path) -> None:
    counter = "class A:\n    n = 0\n\n    def f(self):\n        self.n += 1\n\n\n"
    (root / "old.py").write_bytes((counter + OLD).encode())
    code, text = written("--output-format", name, "--fix", "old.py")
    fixed = counter + OLD.replace("iteritems", "items")
    assert (root / "old.py").read_bytes() == fixed.encode()
    assert code == 1
    assert "PCL103" in text
    if name == "sarif":  # all rules are described there
        text = text.partition('"results"')[2]
    assert "PCL701" not in text


@pytest.mark.parametrize("name", FORMATS)
def test_python_2_source_is_reported(name: str, root: Path) -> None:
    (root / "two.py").write_text("# -*- coding: latin-1 -*-\nprint 'x'\n")
    code, text = written("--output-format", name, "two.py")
    assert code == 1
    assert "PCL902" in text


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_that_cannot_be_decoded_is_reported(name: str, root: Path) -> None:
    (root / "bad.py").write_bytes(b"x = '\xff'\n")
    code, text = written("--output-format", name, "bad.py")
    assert code == 1
    assert "PCL901" in text


@pytest.mark.parametrize("name", FORMATS)
def test_a_missing_path_does_not_take_the_report_away(name: str, root: Path) -> None:
    code, text = written("--output-format", name, "missing.py", "old.py")
    assert code == 2
    assert "PCL701" in text


def test_a_report_in_a_file_is_summed_up_on_standard_error(
    root: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in FORMATS:
        written("--output-format", name, "old.py")
        assert capfd.readouterr() == ("", "Found 1 finding, an error. 1 fixable with --fix.\n")


@pytest.mark.skipif(os.name == "nt", reason="file names are text there")
def test_a_path_that_is_not_text_is_reported_in_every_format(root: Path) -> None:
    path = os.path.join(os.fsencode(root), b"\xff.py")
    try:
        with open(path, "wb") as file:
            file.write(OLD.encode())
    except OSError:
        pytest.skip("this file system takes text only")
    for name in FORMATS:
        code, text = written("--output-format", name, os.fsdecode(b"\xff.py"))
        assert (code, "PCL701" in text) == (1, True)


@pytest.mark.parametrize("name", ["sarif", "junit", "html"])
def test_errors_of_the_tool_do_not_tell_where_the_project_lies(name: str) -> None:
    out = io.StringIO()
    error = "/home/qx17/shop/cart.py: not written: Permission denied"
    style = Style(directory="/home/qx17/shop", errors=[error])
    reporters.writer(name)([], out, style)
    assert "cart.py: not written" in out.getvalue()
    assert "qx17" not in out.getvalue()
