"""The rule that CONTRIBUTING.md shows is a rule, and passes the tests that it shows."""

from __future__ import annotations

import re
import runpy
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pyconcepts_lint import registry

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
RULE, TESTS = re.findall(r"^```python\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


@pytest.fixture
def shown_rule(monkeypatch: pytest.MonkeyPatch) -> Any:
    module = ModuleType("shown_rule")
    exec(RULE, vars(module))
    rule = module.LeftoverIntrospection
    for name in ("rules", "listed"):
        monkeypatch.setattr(registry, name, lambda: {rule.code: rule})
    return rule


@pytest.mark.usefixtures("shown_rule")
def test_the_shown_rule_passes_the_shown_tests(project: Callable[..., Any]) -> None:
    tests: dict[str, Any] = {}
    exec(TESTS, tests)
    shown = [test for name, test in tests.items() if name.startswith("test_")]
    assert len(shown) == 2
    for test in shown:
        test(project)


def test_the_shown_page_passes_the_tests_of_pages(
    shown_rule: Any,
    project: Callable[..., Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.syspath_prepend(ROOT / "tests" / "rules")
    checks = runpy.run_path(str(ROOT / "tests" / "rules" / "test_pages.py"))
    checks["test_sections_are_all_there_in_their_order"](shown_rule)
    checks["test_see_also_leads_to_pythons_own_words"](shown_rule)
    for title in ("Bad", "Good"):
        directory = tmp_path / title
        directory.mkdir()
        checks["test_examples_do_what_the_page_says"](shown_rule, title, directory)
    checks["test_every_bad_example_is_reported"](shown_rule, project)
    checks["test_no_good_example_is_reported"](shown_rule, project)
