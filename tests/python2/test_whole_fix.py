"""Whole programs: after one `--fix`, safe fixes only, Python 3 prints what Python 2.7 printed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from recording import Program, output, programs

from pyconcepts_lint.base.report import Report
from pyconcepts_lint.testing import lint_paths as run

PROGRAMS = list(programs())
each_program = pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)


def fix(directory: Path) -> Report:
    (directory / "pyproject.toml").write_text("[tool.pyconcepts-lint]\n")
    report = run([str(directory)], fix=True, jobs=1, overrides={"no_cache": True})
    assert report.errors == []
    return report


def test_there_are_programs_enough() -> None:
    assert len(PROGRAMS) >= 30
    assert len({program.name for program in PROGRAMS}) == len(PROGRAMS)
    assert all(program.prints for program in PROGRAMS)


@each_program
def test_python2_prints_what_is_recorded(program: Program, python2: str, tmp_path: Path) -> None:
    assert output(python2, program.written_to(tmp_path)) == program.prints


@each_program
def test_python3_prints_the_same_after_the_fix(program: Program, tmp_path: Path) -> None:
    main = program.written_to(tmp_path)
    report = fix(tmp_path)
    assert report.changed
    assert [f.message for f in report.findings if f.code in ("PCL901", "PCL902")] == []
    assert output(sys.executable, main) == program.prints
    assert fix(tmp_path).changed == {}


@each_program
def test_line_ends_make_no_difference(program: Program, tmp_path: Path) -> None:
    plain, windows = tmp_path / "plain", tmp_path / "windows"
    program.written_to(plain)
    files = {path: text.replace("\n", "\r\n") for path, text in program.files.items()}
    program._replace(files=files).written_to(windows)
    fix(plain)
    fix(windows)
    for path in program.files:
        expected = (plain / path).read_bytes().replace(b"\n", b"\r\n")
        assert (windows / path).read_bytes() == expected
