"""Stubs never run: nothing is said of them that is about run time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pyconcepts_lint.base import pages
from pyconcepts_lint.plugins.registry import rules
from pyconcepts_lint.rule_api.rule import Rule

Project = Callable[..., Any]

# They speak of the text, of the layout of the project, or of a way to say the same.
OF_THE_TEXT = frozenset(f"PCL{number}" for number in (106, 201, 202, 302, 901, 902, 903, 904, 905))
CASES = [
    (rule, number, program)
    for rule in rules().values()
    for number, program in enumerate(pages.parse(rule.page()).programs("Bad"))
]


@pytest.mark.parametrize(
    ("rule", "program"),
    [(rule, program) for rule, _, program in CASES],
    ids=[f"{rule.code}-{number}" for rule, number, _ in CASES],
)
def test_what_is_wrong_at_run_time_is_not_wrong_in_a_stub(
    project: Project, rule: type[Rule], program: pages.Program
) -> None:
    small = project({f"{path}i": text for path, text in program.files.items()})
    assert rule.reads_stubs is (rule.code in OF_THE_TEXT)
    messages = small.messages(rule.code)
    if not rule.reads_stubs:
        assert messages == []
    assert not any(message.endswith("Error") for message in messages)


def test_a_bare_print_in_a_stub_is_left_alone(project: Project) -> None:
    small = project({"main.pyi": "print\n", "main.py": "print\n"})
    assert small.places("PCL902") == [("main.py", 1, 1)]


def test_python_2_source_in_a_stub_is_told(project: Project) -> None:
    assert project({"main.pyi": "print 1\n"}).places("PCL902") == [("main.pyi", 1, 1)]


def test_a_noqa_for_what_is_not_said_of_stubs_is_no_claim(project: Project) -> None:
    source = "class A:\n    def m(): ...  # noqa: PCL401\n"
    assert project({"main.pyi": source}).messages("PCL4", "PCL905") == []
    assert project({"main.py": source}).messages("PCL4", "PCL905") == []
