"""The table of safe fixes in docs/fixes.md, and programs that run before and after each of them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from pyconcepts_lint import testing
from pyconcepts_lint.base import pages
from pyconcepts_lint.plugins import registry
from pyconcepts_lint.testing import Project

Make = Callable[..., Project]
HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "fixes.md"
KINDS = ("same", "works", "python2", "unsafe", "unsafe python2", "doubt", "none")
SAFE = {"same", "works", "python2"}
UNSAFE = {"unsafe", "unsafe python2", "doubt"}
NOTHING = "\N{EN DASH}"


class Program(NamedTuple):
    """A program, and what the fixes of a rule do to it: see programs.txt."""

    code: str
    kind: str
    about: str
    files: dict[str, str]

    @property
    def codes(self) -> tuple[str, ...]:
        """The rules to run: of Python 2 source, the syntax is fixed as well."""
        return (self.code, "PCL902") if "python2" in self.kind else (self.code,)


class Row(NamedTuple):
    """What the page says of a rule's fix."""

    code: str
    assumes: str
    shown_by: str
    only_unsafe: str
    none: str


class Outcome(NamedTuple):
    returncode: int
    output: str
    error: str


def programs() -> Iterator[Program]:
    text = (HERE / "programs.txt").read_text(encoding="utf-8")
    for part in re.split(r"^==== ", text, flags=re.MULTILINE)[1:]:
        head, _, rest = part.partition("\n")
        title, _, about = head.partition(": ")
        code, _, kind = title.partition(" ")
        files = {}
        for section in re.split(r"^---- ", rest, flags=re.MULTILINE):
            path, _, body = section.partition("\n")
            files[path] = body
        if len(files) == 1:
            files = {"main.py": rest}
        else:
            assert files.pop("") == ""
        yield Program(code, kind, about, files)


def rows() -> Iterator[Row]:
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if re.match(r"\| \[?PCL\d+", line):
            code, *cells = (cell.strip() for cell in line.strip("| ").split(" | "))
            found = re.search(r"PCL\d+", code)
            assert found is not None
            yield Row(found[0], *cells)


def rules_with_a_safe_fix() -> set[str]:
    """Those whose pages say so; the tests of the pages see to it that a page says what is."""
    return {
        code
        for code, rule in registry.rules().items()
        if re.search(r"\bsafe\b", pages.parse(rule.page()).sections["Fix"])
    }


PROGRAMS = list(programs())
ROWS = list(rows())


def chosen(*kinds: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "program",
        [program for program in PROGRAMS if program.kind in kinds],
        ids=lambda program: f"{program.code} {program.about}",
    )


def outcome(program: Program, small: Project, interpreter: str = "") -> Outcome:
    done = subprocess.run(
        [interpreter or testing.PYTHON, "-B", "-W", "ignore", "main.py"],
        cwd=small.root,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    # What comes before the last line of a traceback shows the source.
    return Outcome(done.returncode, done.stdout, done.stderr.strip().rpartition("\n")[2])


def after(program: Program, small: Project, *, unsafe: bool = False) -> Outcome:
    """What the program does after the fix, which has to change files."""
    before = small.texts()
    assert small.fix(*program.codes, unsafe=unsafe) != before
    return outcome(program, small)


def test_every_rule_with_a_safe_fix_has_a_row() -> None:
    assert [row.code for row in ROWS] == sorted(rules_with_a_safe_fix())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.code)
def test_every_line_of_the_table_has_its_programs(row: Row) -> None:
    kinds = {program.kind for program in PROGRAMS if program.code == row.code}
    assert kinds <= set(KINDS)
    assert row.assumes != NOTHING
    assert row.shown_by != NOTHING
    assert kinds & SAFE
    assert (row.only_unsafe != NOTHING) == bool(kinds & UNSAFE)
    assert (row.none != NOTHING) == ("none" in kinds)


def test_each_program_says_what_it_is_about() -> None:
    titles = [(program.code, program.about) for program in PROGRAMS]
    assert len(set(titles)) == len(titles)
    assert {program.code for program in PROGRAMS} == {row.code for row in ROWS}


@chosen("same")
def test_the_program_does_what_it_did(project: Make, program: Program) -> None:
    small = project(program.files)
    before = outcome(program, small)
    assert before.returncode == 0, before.error
    assert before.output
    assert after(program, small) == before


@chosen("works")
def test_what_failed_works_and_has_done_before_what_it_did(project: Make, program: Program) -> None:
    small = project(program.files)
    before = outcome(program, small)
    assert before.returncode != 0
    fixed = after(program, small)
    assert fixed.returncode == 0, fixed.error
    assert fixed.output.startswith(before.output)


@chosen("python2")
def test_python3_does_what_python2_did(project: Make, program: Program, python2: str) -> None:
    small = project(program.files)
    before = outcome(program, small, python2)
    assert before.returncode == 0, before.error
    assert before.output
    assert after(program, small) == before


@chosen("unsafe")
def test_what_would_do_something_else_is_not_fixed_unasked(project: Make, program: Program) -> None:
    small = project(program.files)
    before = outcome(program, small)
    assert before.returncode == 0, before.error
    texts = small.texts()
    assert small.fix(*program.codes) == texts
    assert after(program, small, unsafe=True) != before


@chosen("unsafe python2")
def test_what_would_not_do_what_python2_did_is_not_fixed_unasked(
    project: Make, program: Program, python2: str
) -> None:
    small = project(program.files)
    before = outcome(program, small, python2)
    assert before.returncode == 0, before.error
    texts = small.texts()
    assert small.fix(*program.codes) == texts
    assert after(program, small, unsafe=True) != before


@chosen("doubt")
def test_what_is_in_doubt_is_fixed_only_where_asked_for(project: Make, program: Program) -> None:
    small = project(program.files)
    texts = small.texts()
    assert small.fix(*program.codes) == texts
    assert small.fix(*program.codes, unsafe=True) != texts


@chosen("none")
def test_there_is_no_fix_whatever_is_asked_for(project: Make, program: Program) -> None:
    small = project(program.files)
    texts = small.texts()
    assert small.fix(*program.codes, unsafe=True) == texts
