"""Programs that bit the people who asked about them: named, repaired, and let be once corrected.

What the linter doesn't name or repair stands in `open.txt`, and only that.
`python tests/questions/score.py --update` writes that file anew.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest
from programs import Library, Program, collection, is_named, open_programs

PROGRAMS = [program for programs in collection().values() for program in programs]
EVERY = 8
"""One in so many programs is run in the quick tests, all of them with the marker `corpus`."""


def runs(programs: list[Program]) -> list[object]:
    """Parameters for tests that start Python, most of them with the marker `corpus`."""
    return [
        pytest.param(program, id=program.id, marks=[pytest.mark.corpus] if number % EVERY else [])
        for number, program in enumerate(programs)
    ]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return Library(tmp_path_factory.mktemp("questions"), PROGRAMS)


@pytest.fixture(scope="module")
def fixed(library: Library) -> Library:
    library.fix()
    return library


@pytest.fixture(scope="module")
def named(library: Library) -> dict[str, set[str]]:
    return library.named()


@pytest.fixture(scope="module")
def corrected(library: Library) -> dict[str, set[str]]:
    found = library.findings_in_corrected()
    return {name: {finding.code for finding in findings} for name, findings in found.items()}


def test_each_program_has_an_id_of_its_own() -> None:
    assert [name for name, count in Counter(p.id for p in PROGRAMS).items() if count > 1] == []


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.id)
def test_a_program_says_what_it_has_to(program: Program) -> None:
    assert program.asked.strip()
    assert program.code == "-" or program.code.startswith("PCL")
    assert program.fix in ("safe", "unsafe", "none")
    assert program.should
    files = dict(program.files)
    for name, text in program.faults:
        assert files[name].count(text) == 1, f"{text} isn't once in {name}"
    assert program.faults


def test_what_is_not_named_is_listed_as_open(named: dict[str, set[str]]) -> None:
    listed = {name for name, (missing, _) in open_programs().items() if "named" in missing}
    claimed = [program for program in PROGRAMS if program.code != "-"]
    today = {program.id for program in claimed if not is_named(program, named[program.id])}
    assert sorted(today - listed) == [], "these are named no more"
    assert sorted(listed - today) == [], "these are named now: take them out of open.txt"


def test_what_no_rule_claims_is_named_by_none(named: dict[str, set[str]]) -> None:
    found = {program.id: named[program.id] for program in PROGRAMS if program.code == "-"}
    assert {name: codes for name, codes in found.items() if codes} == {}, "give them their code"


def test_what_is_open_is_a_program() -> None:
    assert open_programs().keys() - {program.id for program in PROGRAMS} == set()


@pytest.mark.parametrize("program", runs([p for p in PROGRAMS if p.goes_wrong_here()]))
def test_a_program_goes_wrong(library: Library, program: Program) -> None:
    done = library.run(program)
    assert done.returncode != 0, done.stdout


@pytest.mark.parametrize(
    "program", runs([p for p in PROGRAMS if p.goes_wrong_here() and p.fix != "none"])
)
def test_a_program_is_repaired_unless_that_is_listed_as_open(
    fixed: Library, program: Program
) -> None:
    missing, _ = open_programs().get(program.id, (set(), ""))
    repaired = fixed.is_repaired(program)
    if "fixed" in missing:
        assert not repaired, "the fixes repair it now: take it out of open.txt"
    else:
        assert repaired, fixed.run(program, "safe" if program.fix == "safe" else "unsafe").stderr


@pytest.mark.parametrize("program", [p for p in PROGRAMS if p.runs_on_python2], ids=lambda p: p.id)
def test_python_2_source_runs_under_python_2(
    library: Library, program: Program, python2: str
) -> None:
    done = library.run(program, python=python2)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "program", [p for p in PROGRAMS if p.corrected and p.code != "-"], ids=lambda p: p.id
)
def test_a_corrected_program_gets_no_such_finding(
    corrected: dict[str, set[str]], program: Program
) -> None:
    assert not is_named(program, corrected.get(program.id, set()))


@pytest.mark.parametrize("program", runs([p for p in PROGRAMS if p.corrected]))
def test_a_corrected_program_does_what_was_meant(
    library: Library, corrected: dict[str, set[str]], program: Program
) -> None:
    done = library.run(program, "corrected")
    assert done.returncode == 0, done.stderr


def test_the_score_counts_each_program_of_a_file(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    sys.path.insert(0, str(Path(__file__).parent))
    from score import main

    path = tmp_path / "one.txt"
    path.write_text(
        "@@ 1 | shared list | a thread\n"
        "!! main.py: self.items.append\n"
        "## main.py\n"
        "class Cart:\n"
        "    items = []\n\n"
        "    def add(self, item):\n"
        "        self.items.append(item)\n"
        "        assert self.items == [item]\n\n\n"
        "Cart().add(1)\n"
        "Cart().add(2)\n",
        encoding="utf-8",
    )
    main([str(path)])
    row = capsys.readouterr().out.splitlines()[-1].split()
    assert row == ["all", "1", "1", "1", "1", row[-1]]
