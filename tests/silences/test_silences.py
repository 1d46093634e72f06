"""Each reason for which a rule is silent is shown by a program, and by the one without the reason."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from pairs import REPORTED, SILENT, Pair, pairs

from pyconcepts_lint.plugins.registry import rules
from pyconcepts_lint.testing import lint_paths

ROOT = Path(__file__).parents[2]
PAIRS = pairs()
MET_MOST = (
    *(*(f"PCL{number}" for number in range(101, 114)), "PCL205", "PCL206", "PCL209"),
    *(*(f"PCL{number}" for number in range(401, 412)), "PCL606", "PCL703"),
    *(f"PCL{number}" for number in (*range(501, 509), *range(801, 805))),
)
"""The rules that people meet most: none of them is without a reason."""


def declared() -> set[tuple[str, str]]:
    return {
        (code, name) for code, rule in rules().items() for name in rule.load().silences.values()
    }


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], set[str]]:
    """The codes that each of the two programs gets, by the pair's id and the mark."""
    codes: dict[tuple[str, str], set[str]] = {}
    for mark, kind in ((SILENT, "silent"), (REPORTED, "reported")):
        root = tmp_path_factory.mktemp(kind)
        for pair in PAIRS:
            pair.write(root / pair.id, mark)
            codes[pair.id, mark] = set()
        report = lint_paths([str(root)], {"no_cache": True, "select": ["PCL"]}, jobs=1)
        assert not report.errors, report.errors
        for finding in report.findings:
            codes[Path(finding.path).relative_to(root).parts[0], mark].add(finding.code)
    return codes


def test_each_reason_has_a_program_and_each_program_a_reason() -> None:
    shown = [(pair.code, pair.name) for pair in PAIRS]
    assert [each for each, count in Counter(shown).items() if count > 1] == []
    assert sorted(declared() - {*shown}) == [], "there is no such program"
    assert sorted({*shown} - declared()) == [], "no rule declares it"


def test_the_rules_that_are_met_most_declare_their_reasons() -> None:
    assert sorted({*MET_MOST} - {code for code, _ in declared()}) == []


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.id)
def test_a_program_with_the_reason_gets_no_such_finding(
    found: dict[tuple[str, str], set[str]], pair: Pair
) -> None:
    assert pair.code not in found[pair.id, SILENT]


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.id)
def test_the_program_without_the_reason_is_reported(
    found: dict[tuple[str, str], set[str]], pair: Pair
) -> None:
    assert pair.code in found[pair.id, REPORTED]


@pytest.mark.parametrize("mark", [SILENT, REPORTED])
def test_both_are_programs(tmp_path: Path, mark: str) -> None:
    for pair in PAIRS:
        pair.write(tmp_path / pair.id, mark)
    for path in tmp_path.rglob("*.py"):
        compile(path.read_text(encoding="utf-8"), str(path), "exec")


def test_the_page_is_current() -> None:
    command = [sys.executable, str(ROOT / "docs" / "silence_table.py"), "--check"]
    assert subprocess.run(command, check=False).returncode == 0
