"""`--explain`: which page is meant, and how it looks in a pipe and to a program."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from rich.cells import cell_len

from pyconcepts_lint.__main__ import main
from pyconcepts_lint.frontends import explain
from pyconcepts_lint.plugins.concepts import Concept, concepts
from pyconcepts_lint.plugins.other_words import OTHER_WORDS
from pyconcepts_lint.plugins.registry import rules
from pyconcepts_lint.reporters import Style


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(list(arguments)) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(
    "wanted",
    [
        *("1xx", "1XX", "PCL1", "pcl1", "PCL1xx", "class-attributes", "class_attributes"),
        *("Class attributes", " CLASS ATTRIBUTES "),
    ],
)
def test_a_concept_goes_by_number_name_and_title(
    wanted: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shown(capsys, "--explain", wanted).startswith("# 1xx Class attributes\n\n")


@pytest.mark.parametrize(
    "wanted", ["PCL103", "pcl103", "103", "class-attribute-augmented", "Class_Attribute_Augmented"]
)
def test_a_rule_goes_by_code_and_name(wanted: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(capsys, "--explain", wanted)
    assert text.startswith("# PCL103 class-attribute-augmented\n\n")
    assert text.endswith("`--explain 1xx`).*\n")


def test_every_concept_is_found_by_all_its_names(capsys: pytest.CaptureFixture[str]) -> None:
    for concept in concepts():
        pages = {
            shown(capsys, "--explain", name)
            for name in (concept.number, f"PCL{concept.number}", concept.name, concept.title)
        }
        assert len(pages) == 1
        text = pages.pop()
        assert all(f"- **{rule.code} {rule.name}**" in text for rule in concept.rules)
        assert text.count(" (off by default): ") == sum(not rule.on for rule in concept.rules)


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [
        ("PCL7O1", "PCL701"),
        ("PCLl03", "PCL103"),
        ("PCL104x", "PCL104"),
        ("clas-atributes", "class-attributes"),
        ("clas-attribute-shadowed", "class-attribute-shadowed"),
        ("missing_nonlocl", "missing-nonlocal"),
        ("closure", "closures"),
        ("decriptors", "descriptors"),
        ("attribute dictionary", '"Attribute dictionaries"'),
    ],
)
def test_a_typo_gets_the_nearest_code_or_name(
    wanted: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--explain", wanted]) == 2
    said = capsys.readouterr().err
    assert f"there is no rule or concept {wanted}; did you mean {meant}?" in said


def test_what_is_like_nothing_gets_no_guess(capsys: pytest.CaptureFixture[str]) -> None:
    for wanted in ("zz", "PCL", ""):
        assert main(["--explain", wanted]) == 2
        assert "--list-rules shows all rules" in capsys.readouterr().err


def test_json_of_a_rule(capsys: pytest.CaptureFixture[str]) -> None:
    facts = json.loads(shown(capsys, "--explain", "PCL106", "--output-format", "json"))
    rule = rules()["PCL106"]
    assert facts["kind"] == "rule"
    assert (facts["code"], facts["name"], facts["on"]) == ("PCL106", rule.name, False)
    assert facts["summary"] == rule.summary()
    assert facts["explanation"] == rule.page()
    assert facts["fix"] in rule.page()
    assert facts["concept"] == {
        "number": "1xx",
        "name": "class-attributes",
        "title": "Class attributes",
    }


def test_json_of_a_concept(capsys: pytest.CaptureFixture[str]) -> None:
    line = shown(capsys, "--explain", "8xx", "--output-format", "jsonl")
    assert line.count("\n") == 1
    facts = json.loads(line)
    assert (facts["kind"], facts["number"], facts["name"]) == ("concept", "8xx", "closures")
    assert [row["code"] for row in facts["rules"]] == [code for code in rules() if "PCL8" in code]
    assert facts["explanation"] == next(c for c in concepts() if c.number == "8xx").page


def test_the_documents_name_all_keys() -> None:
    page = (Path(__file__).parents[2] / "docs" / "reports.md").read_text(encoding="utf-8")
    section = page.partition("## `--explain`")[2].partition("\n## ")[0]
    concept = concepts()[0]
    facts = explain.rule_facts(concept.rules[0]) | explain.concept_facts(concept)
    named = [re.findall(r"`(\w+)`", row) for row in re.findall(r"^\| (`.*?) \|", section, re.M)]
    assert {key for keys in named for key in keys} == set(facts)


@pytest.mark.parametrize("option", [["--explain", "PCL101"], ["--list-rules"]])
def test_forms_of_reports_are_refused_with_those_there_are(
    option: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*option, "--output-format", "github"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert f"{option[0]} has full, concise, json and jsonl, but not github" in said.err


def test_a_page_can_go_into_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "page.md"
    assert shown(capsys, "--explain", "PCL103", "--output-file", str(page)) == ""
    assert page.read_text(encoding="utf-8") == shown(capsys, "--explain", "PCL103")
    assert main(["--explain", "PCL1O9x", "--output-file", str(tmp_path / "none.md")]) == 2
    assert not (tmp_path / "none.md").exists()


def test_in_a_pipe_no_link_leads_to_a_file_that_is_not_there(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for code in rules():
        text = shown(capsys, "--explain", code)
        assert re.findall(r"\]\((?!https://)", text) == [], code


ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("width", [80, 60])
def test_on_a_terminal_nothing_of_any_page_is_cut_or_too_wide(width: int) -> None:
    for found in [*rules().values(), *concepts()]:
        is_concept = isinstance(found, Concept)
        wanted = found.number if is_concept else found.code
        text = explain.concept_text(found) if is_concept else explain.rule_text(found)
        out = Terminal()
        explain.explain(wanted, out, None, Style(width))
        shown = ESCAPE.sub("", out.getvalue())
        lines = shown.splitlines()
        for line in lines:
            assert cell_len(line.rstrip()) <= width or line.startswith("   https://"), line
        for address in re.findall(r"^- \[.+\]\((https:.+?)\)", text, re.MULTILINE):
            assert f"   {address}" in lines
        # Marks of Markdown may go, and nothing else.
        assert letters(shown.replace("prints", "")) == letters(
            re.sub(r"```\w+", "", text).replace("prints", "")
        )


def letters(text: str) -> Counter[str]:
    return Counter(re.findall(r"[^\W\d_]", text))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("circular import", "PCL209"),
        ("Circular  Imports", "PCL209"),
        ("method resolution order", "PCL305"),
        ("mixin", "PCL403"),
        ("closure in a loop", "PCL801"),
        ("__slots__", "PCL606"),
        ("UnboundLocalError", "PCL802"),
    ],
)
def test_words_that_people_look_for_lead_to_a_rule(words: str, code: str) -> None:
    found = explain.find(words)
    assert not isinstance(found, Concept)
    assert found.code == code


def test_late_binding_leads_to_its_concept() -> None:
    found = explain.find("late binding")
    assert isinstance(found, Concept)
    assert found.name == "closures"


def test_other_words_are_those_of_one_thing_that_there_is() -> None:
    targets = {*rules(), *(concept.number for concept in concepts())}
    assert set(OTHER_WORDS) <= targets
    names = [explain._key(rule.name) for rule in rules().values()]
    words = [explain._key(word) for own in OTHER_WORDS.values() for word in own]
    assert [word for word, count in Counter(words + names).items() if count > 1] == []
    for target, own in OTHER_WORDS.items():
        for word in own:
            assert explain.find(word) == explain.find(target)


def test_pages_that_have_the_words_are_named() -> None:
    with pytest.raises(explain.NothingFound, match=r"these speak of it: .*PCL209 import-cycle"):
        explain.find("still running")
    with pytest.raises(explain.NothingFound, match="--list-rules shows all rules"):
        explain.find("quantum chromodynamics")
