"""The comparison is of the rules that there are, and its page is what was measured."""

from __future__ import annotations

import json
import re

import compare
import comparison_page
import measured
import peer_tools
import pytest
import verdicts
from peer_tools import Finding
from verdicts import Decisions, Entry

from pyconcepts_lint.plugins.registry import rules

OWN = [
    code for code, rule in rules().items() if rule.__module__.startswith("pyconcepts_lint.rules.")
]
DATA = json.loads(compare.DATA.read_text(encoding="utf-8"))
PAGE = compare.PAGE.read_text(encoding="utf-8")
TOOLS = {tool.name for tool in peer_tools.TOOLS}
COMMAND = "measure again: python tests/comparison/compare.py"


def of(code: str, line: int = 1, message: str = "", path: str = "main.py") -> Finding:
    return Finding(path, line, code, message, "")


def test_every_rule_has_been_measured_and_stands_on_the_page() -> None:
    assert list(DATA["rules"]) == OWN, COMMAND
    for code in OWN:
        assert f"| {code} {rules()[code].name} |" in PAGE


def test_the_examples_measured_are_those_of_the_rules_pages() -> None:
    examples = list(measured.own_examples())
    for code in OWN:
        now = measured.digest(each for each in examples if each.subject == code)
        assert DATA["rules"][code]["digest"] == now, f"{COMMAND} {code}"


def test_the_peers_examples_measured_are_those_of_the_file() -> None:
    examples = list(measured.peer_examples())
    assert list(DATA["peers"]) == [each.name for each in examples], COMMAND
    for each in examples:
        assert DATA["peers"][each.name]["digest"] == measured.digest([each.example]), COMMAND
        assert each.concept in comparison_page.CONCEPTS
        assert each.sentence.endswith(".")


def test_the_page_is_what_the_data_says() -> None:
    assert comparison_page.page(DATA) == PAGE, f"{COMMAND} --page"


def test_our_own_rule_names_each_of_its_bad_examples_and_no_good_one() -> None:
    for code, row in DATA["rules"].items():
        assert code in {found[2] for found in row["tools"]["ours"]["says"]}
        assert "good" not in row["tools"]["ours"]


def test_some_tool_finds_each_of_the_peers_examples() -> None:
    for name, row in DATA["peers"].items():
        assert any("says" in row["tools"].get(tool, {}) for tool in TOOLS), name


def test_decisions_are_about_what_there_is() -> None:
    decisions = verdicts.load()
    subjects = {*OWN, *(each.name for each in measured.peer_examples()), "python2-source"}
    assert set(decisions.subjects) <= subjects
    entries = [*decisions.unrelated]
    for row in decisions.subjects.values():
        entries += [entry for kind in row.values() for entry in kind]
    assert {entry.tool for entry in entries} <= {*TOOLS, "ours"}


def test_what_the_data_names_is_what_was_decided() -> None:
    decisions = verdicts.load()
    for subject, row in DATA["rules"].items():
        for tool in row["tools"].keys() - {"ours"}:
            codes = {
                found[2] for kind in ("says", "near") for found in row["tools"][tool].get(kind, ())
            }
            entries = [
                entry for kind in ("says", "near") for entry in decisions.subjects[subject][kind]
            ]
            for code in codes:
                assert any(entry._replace(piece="").matches(tool, of(code)) for entry in entries), (
                    f"{subject}: {tool} {code}"
                )


def test_a_candidate_is_what_the_bad_example_has_more_often() -> None:
    bad = [of("A", 1), of("A", 2), of("B", 2), of("C", 3)]
    assert verdicts.candidates(bad, [of("A", 9), of("B", 9)]) == [
        of("A", 1),
        of("A", 2),
        of("C", 3),
    ]


@pytest.mark.parametrize(
    ("entry", "finding", "matches"),
    [
        ("ruff F821", of("F821"), True),
        ("pylint F821", of("F821"), False),
        ("ruff ANN*", of("ANN001"), True),
        ("ruff A*: say so", of("ANN001", message="they say so"), True),
        ("ruff A*: say so", of("ANN001", message="they don't"), False),
        ("ruff INP001: pkg/", of("INP001", path="pkg/a.py"), True),
    ],
)
def test_an_entry_matches_tool_code_and_piece(entry: str, finding: Finding, matches: bool) -> None:
    assert Entry.parse(entry).matches("ruff", finding) is matches


def test_a_verdict_keeps_what_was_decided_and_where_it_is_said_of_the_good_example() -> None:
    decisions = Decisions(
        'unrelated = ["ruff D1*"]\n[PCL101]\nsays = ["ruff A1"]\nnear = ["ruff A2"]\n'
        'against = ["ruff A3"]'
    )
    bad = [of("A1", 4), of("A2"), of("D100"), of("X")]
    row = verdicts.verdict(decisions, "PCL101", "ruff", bad, [of("A1"), of("A3"), of("A2")])
    assert row == {
        "says": [["main.py", 4, "A1", ""]],
        "near": [["main.py", 1, "A2", ""]],
        "good": ["A1"],
        "against": ["A3"],
    }
    left = verdicts.unread(decisions, "PCL101", {"ruff": (bad, []), "ty": ([of("Y")], [])})
    assert left == [("ruff", of("X")), ("ty", of("Y"))]


@pytest.mark.parametrize(
    ("tool", "output", "found"),
    [
        (
            "flake8",
            ("./shop/a.py:3:1: F401 'os' imported but unused\n", ""),
            Finding("./shop/a.py", 3, "F401", "'os' imported but unused", ""),
        ),
        (
            "fixit",
            ("main.py:1:0 NoInheritFromObject: It is. (has autofix)\n", ""),
            Finding("main.py", 1, "NoInheritFromObject", "It is. (has autofix)", "safe"),
        ),
        (
            "fixit",
            ("main.py: EXCEPTION: Syntax Error @ 16:22.\n", ""),
            Finding("main.py", 0, "syntax error", "", ""),
        ),
        (
            "refurb",
            ("main.py:2:1 [FURB135]: Replace it\n", ""),
            Finding("main.py", 2, "FURB135", "Replace it", ""),
        ),
        (
            "ty",
            ("main.py:2:1: error[missing-attribute] Type `int` has none\n", ""),
            Finding("main.py", 2, "missing-attribute", "Type `int` has none", ""),
        ),
        (
            "mypy",
            (
                '{"file": "a.py", "line": 2, "message": "M", "code": "misc", "severity": "error"}\n',
                "",
            ),
            Finding("a.py", 2, "misc", "M", ""),
        ),
        (
            "pylint",
            ('{"messages": [{"path": "a.py", "line": 2, "symbol": "s", "message": "M"}]}', ""),
            Finding("a.py", 2, "s", "M", ""),
        ),
        (
            "pyright",
            ('{"generalDiagnostics": [{"file": "/a.py", "rule": "r", "message": "M"}]}', ""),
            Finding("/a.py", 0, "r", "M", ""),
        ),
        (
            "ruff",
            (
                '[{"filename": "/a.py", "location": {"row": 2}, "code": "F1", "message": "M",'
                ' "fix": {"applicability": "unsafe"}}]',
                "",
            ),
            Finding("/a.py", 2, "F1", "M", "unsafe"),
        ),
        ("pyupgrade", ("", "Rewriting main.py\n"), Finding("main.py", 0, "rewrites", "", "safe")),
    ],
)
def test_what_a_tool_prints_is_read(tool: str, output: tuple[str, str], found: Finding) -> None:
    (chosen,) = [each for each in peer_tools.TOOLS if each.name == tool]
    assert list(chosen.read(output)) == [found]


def test_every_tool_is_pinned() -> None:
    for tool in peer_tools.TOOLS:
        assert re.fullmatch(r"[\w-]+==[\d.]+", tool.requirements[0])


def test_the_data_file_is_json_with_short_lines_for_lists() -> None:
    data = {"a": {"b": [["x.py", 1, "C", ""]], "c": []}, "d": 1, "e": []}
    text = compare.as_text(data)
    assert json.loads(text) == data
    assert '"b": [["x.py", 1, "C", ""]]' in text
    assert compare.as_text(DATA) == compare.DATA.read_text(encoding="utf-8")


def test_tables_have_the_same_cells_in_every_row() -> None:
    width = 0
    for line in PAGE.splitlines():
        if line.startswith("| "):
            cells = line.count("|")
            assert cells == (width or cells), line
            width = cells
        else:
            width = 0
