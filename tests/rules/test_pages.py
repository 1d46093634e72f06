"""Every rule's page: it has its sections, and what it says of its examples is so."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pyconcepts_lint import testing
from pyconcepts_lint.base import pages, settings
from pyconcepts_lint.plugins.registry import rules
from pyconcepts_lint.rule_api.rule import Rule

RULES = list(rules().values())
WIDEST_CODE = 76
"""What a terminal of 80 columns shows unbroken, with the page's margins."""

pytestmark = pytest.mark.parametrize("rule", RULES, ids=[rule.code for rule in RULES])


def page_of(rule: type[Rule]) -> pages.Page:
    return pages.parse(rule.page())


def test_code_name_and_file_belong_together(rule: type[Rule]) -> None:
    assert re.fullmatch(r"PCL[1-9]\d\d", rule.code)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", rule.name)
    assert rule.__module__.rpartition(".")[2] == rule.name.replace("-", "_")


def test_sections_are_all_there_in_their_order(rule: type[Rule]) -> None:
    testing.check_sections(rule)


def test_options_that_a_page_names_are_there(rule: type[Rule]) -> None:
    section = page_of(rule).sections.get("Options", "")
    named = set(re.findall(r"`([a-z-]+)`(?=:| \()", section))
    assert bool(named) == bool(section)
    assert named <= {*settings._OPTIONS, *rule.options}


def test_see_also_leads_to_pythons_own_words(rule: type[Rule]) -> None:
    links = re.findall(r"\]\((.+?)\)", page_of(rule).sections["See also"])
    assert any(
        link.startswith(("https://docs.python.org/3/", "https://peps.python.org/"))
        for link in links
    )


def test_links_stand_whole_on_lines_of_their_own(rule: type[Rule]) -> None:
    for line in page_of(rule).sections["See also"].splitlines():
        assert re.fullmatch(r"- \[[^\]]+\]\([^)\s]+\)(, .+)?", line), line


def test_code_is_not_wider_than_a_terminal(rule: type[Rule]) -> None:
    page = page_of(rule)
    for program in [*page.programs("Bad"), *page.programs("Good")]:
        for text in program.files.values():
            assert max(map(len, text.splitlines()), default=0) <= WIDEST_CODE, text


def test_links_to_other_rules_name_them_rightly(rule: type[Rule]) -> None:
    names = {other.code: other.name for other in RULES}
    for code, target in re.findall(r"\[(PCL\d+)\]\((.+?)\)", rule.page()):
        assert target == f"{names[code]}.md"


@pytest.mark.parametrize("title", ["Bad", "Good"])
def test_examples_do_what_the_page_says(rule: type[Rule], title: str, tmp_path: Path) -> None:
    found = page_of(rule).programs(title)
    assert found
    for number, program in enumerate(found):
        assert program.output is not None
        testing.check_program(program, tmp_path / str(number))


@pytest.mark.parametrize("title", ["Bad", "Good"])
def test_every_bad_example_is_reported_and_fixed_and_no_good_one(
    rule: type[Rule], title: str, project: Callable[..., Any]
) -> None:
    for program in page_of(rule).programs(title):
        testing.check_findings(rule, title, project(program.files), program)


def test_a_rule_without_a_fix_says_so(rule: type[Rule], project: Callable[..., Any]) -> None:
    page = page_of(rule)
    for program in page.programs("Bad"):
        if not any(finding.fix for finding in project(program.files).lint(rule.code)):
            assert re.search(r"\b[Tt]here is none\b", page.sections["Fix"])
