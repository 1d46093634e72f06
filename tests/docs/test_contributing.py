"""The rule that CONTRIBUTING.md shows is a rule, and passes the tests that it shows."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pyconcepts_lint import registry

TEXT = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")
RULE, TESTS = re.findall(r"^```python\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


@pytest.fixture
def shown_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("shown_rule")
    exec(RULE, vars(module))
    rule = module.LeftoverIntrospection
    monkeypatch.setitem(sys.modules, "shown_rule", module)
    monkeypatch.setattr(registry, "rules", lambda: {rule.code: rule})


@pytest.mark.usefixtures("shown_rule")
def test_the_shown_rule_passes_the_shown_tests(project: Callable[..., Any]) -> None:
    tests: dict[str, Any] = {}
    exec(TESTS, tests)
    shown = [test for name, test in tests.items() if name.startswith("test_")]
    assert len(shown) == 2
    for test in shown:
        test(project)
