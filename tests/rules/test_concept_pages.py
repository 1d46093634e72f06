"""Every concept's page: it tells the model, its rules, and what Python itself does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pyconcepts_lint import testing
from pyconcepts_lint.base import pages
from pyconcepts_lint.plugins.concepts import Concept, concepts
from pyconcepts_lint.plugins.registry import rules

CONCEPTS = [c for c in concepts() if c.rules[0].__module__.startswith("pyconcepts_lint.rules.")]
MOST_WORDS = 1_400

pytestmark = pytest.mark.parametrize("concept", CONCEPTS, ids=[c.name for c in CONCEPTS])


def sections(concept: Concept) -> dict[str, str]:
    return pages.parse(f"{concept.title}\n\n{concept.page}").sections


def test_page_has_the_parts_that_every_concept_has(concept: Concept) -> None:
    titles = list(sections(concept))
    assert re.fullmatch(r"[A-Z][^.]{5,30}", concept.title)
    assert concept.page.partition("\n## ")[0].strip()
    assert titles[-2:] == ["Often misunderstood", "See also"]
    assert len(concept.page.split()) <= MOST_WORDS


def test_every_program_says_what_comes_out(concept: Concept, tmp_path: Path) -> None:
    found = pages.programs(concept.page)
    assert len(found) > 2
    for number, program in enumerate(found):
        assert program.output is not None, program.files[program.main]
        testing.check_program(program, tmp_path / str(number))


def test_page_speaks_of_each_of_its_rules_and_of_none_that_is_not(concept: Concept) -> None:
    named = set(re.findall(r"PCL\d+", re.sub(r"`[^`]*`", "", concept.page)))
    assert named >= {rule.code for rule in concept.rules}
    assert named <= set(rules())


def test_other_concepts_are_named_by_their_numbers(concept: Concept) -> None:
    numbers = {other.number for other in concepts()}
    assert set(re.findall(r"\b\dxx\b", concept.page)) <= numbers - {concept.number}


def test_see_also_leads_to_pythons_own_words_only(concept: Concept) -> None:
    links = re.findall(r"\]\((.+?)\)", concept.page)
    assert len(links) >= 4
    assert all(
        link.startswith(("https://docs.python.org/3/", "https://peps.python.org/"))
        for link in links
    )
