"""Whole programs: what Python 2.7 printed is what Python 3 prints after the translation."""

from __future__ import annotations

import difflib
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from pyconcepts_lint.parsing.python2 import translate


class Program(NamedTuple):
    name: str
    source: str
    output: str


def _programs() -> list[Program]:
    text = Path(__file__).with_name("programs.txt").read_text(encoding="utf-8")
    programs = []
    for part in text.split("==== ")[1:]:
        name, _, rest = part.partition("\n")
        source, _, output = rest.partition("---- prints\n")
        programs.append(Program(name, source, output))
    return programs


PROGRAMS = _programs()
each_program = pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)


def output(python: str, source: str, directory: Path) -> str:
    script = directory / "program.py"
    script.write_bytes(source.encode())
    command = [python, "-W", "ignore", str(script)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=directory, timeout=60)
    assert done.stderr == ""
    return done.stdout


def test_there_are_programs_enough() -> None:
    assert len(PROGRAMS) >= 30
    assert len({program.name for program in PROGRAMS}) == len(PROGRAMS)


@each_program
def test_python2_prints_what_is_recorded(program: Program, python2: str, tmp_path: Path) -> None:
    assert output(python2, program.source, tmp_path) == program.output


@each_program
def test_python3_prints_the_same_after_the_translation(program: Program, tmp_path: Path) -> None:
    translation = translate(program.source)
    assert translation is not None
    assert output(sys.executable, translation.text, tmp_path) == program.output


@each_program
def test_every_construct_of_the_programs_has_a_safe_fix(program: Program) -> None:
    translation = translate(program.source)
    assert translation is not None
    assert translation.constructs
    for construct in translation.constructs:
        assert construct.safe, construct
        assert construct.edits, construct
        assert construct.message
        assert construct.fix_message


@each_program
def test_lines_without_a_construct_stay_as_they_are(program: Program) -> None:
    translation = translate(program.source)
    assert translation is not None
    before = program.source.splitlines(keepends=True)
    after = translation.text.splitlines(keepends=True)
    touched: set[int] = set()
    for construct in translation.constructs:
        for start, end, _ in construct.edits or ():
            first = program.source.count("\n", 0, start)
            touched.update(range(first, program.source.count("\n", 0, end) + 1))
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, first, last, _, _ in matcher.get_opcodes():
        assert tag in ("equal", "insert") or touched.issuperset(range(first, last))
    # Those between parameters go with what they are about.
    comments, comments_after = (
        sorted(line.partition("#")[2] for line in lines if "#" in line) for lines in (before, after)
    )
    assert comments == comments_after
