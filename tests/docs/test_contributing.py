"""The rule that CONTRIBUTING.md shows is a rule, and passes the tests that it shows."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pyconcepts_lint import testing
from pyconcepts_lint.index.collect import collect
from pyconcepts_lint.plugins import registry

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
RULE, FACTS, TESTS = re.findall(r"^```python\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


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


def test_the_shown_page_passes_the_tests_of_pages(shown_rule: Any) -> None:
    testing.check_page(shown_rule)


def test_the_shown_extractor_finds_what_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("shown_facts")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(FACTS, vars(module))
    table = module.formatted_strings
    text = "total = 7 % 2\nif total:\n    print('%s left' % total)\n"
    assert table.of(collect(ast.parse(text), text, tables=(table,))) == ((3, 11),)
    assert table.of(collect(ast.parse("x = 1"), "x = 1", tables=(table,))) == ()
