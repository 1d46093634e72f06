"""The facts that a rule asks for keep it from being run where it has nothing to say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pyconcepts_lint.base.settings import Configuration
from pyconcepts_lint.index.questions import has_facts, is_known
from pyconcepts_lint.plugins import registry
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.workspace.workspace import Workspace, Workspaces

RULES = Path(__file__).parents[2] / "rules"
SHOP = {
    "shop/__init__.py": "",
    "shop/prices.py": "class Prices:\n    rate = 2\n\n    def __len__(self):\n        return 0\n",
    "shop/plain.py": "import decimal\n\nprint(decimal.Decimal(0))\n",
    "shop/basket.py": """
        import json
        from shop.prices import Prices

        class Basket(Prices):
            def close(self):
                self.rate = 3
                self.state = json.decoder.JSONDecoder()
                del self.items

            @property
            def count(self):
                return json.decoder
    """,
}


def workspace_of(path: str) -> Workspace:
    configuration = Configuration({"no_cache": True})
    return Workspaces(configuration, tables=registry.tables()).of(path)


@pytest.fixture
def opened(project: Callable[..., Any]) -> Callable[[str], FileContext]:
    """A file of a small project, as rules see it."""
    root = project(SHOP).root

    def file(name: str) -> FileContext:
        path = str(root / name)
        return workspace_of(path).open(path)

    return file


@pytest.mark.parametrize(
    "name",
    [
        *("classes", "stored_calls", "derived_classes", "decorated_methods", "standard_packages"),
        *("imports_of_project", "changed_class_attributes"),
    ],
)
def test_a_file_has_them_or_has_not(opened: Callable[[str], FileContext], name: str) -> None:
    basket, plain = opened("shop/basket.py").module, opened("shop/plain.py").module
    assert basket is not None
    assert plain is not None
    assert has_facts(basket, name)
    assert not has_facts(plain, name)


def test_a_package_is_one(opened: Callable[[str], FileContext]) -> None:
    package, basket = opened("shop/__init__.py").module, opened("shop/basket.py").module
    assert package is not None
    assert basket is not None
    assert has_facts(package, "is_package")
    assert not has_facts(basket, "is_package")


@pytest.mark.parametrize("name", ["captures", "relative_imports", "loads", "unmarked_directories"])
def test_what_is_empty_is_not_there(opened: Callable[[str], FileContext], name: str) -> None:
    module = opened("shop/basket.py").module
    assert module is not None
    assert not has_facts(module, name)


@pytest.mark.parametrize("name", ["", "clases", "classes.bases", "has_facts", "is_python2"])
def test_what_no_file_can_have_is_no_name_of_facts(name: str) -> None:
    assert not is_known(name)


def test_each_table_of_the_tools_own_rules_is_used() -> None:
    asked = {name for rule in registry.rules().values() for name in rule.facts}
    read = "".join(path.read_text("utf-8") for path in RULES.rglob("*.py"))
    for extractor in registry.extractors():
        assert extractor.name in asked or f"{extractor.name}.of(" in read


class Quiet(Rule):
    """It says something of each file that it looks at."""

    code = "TST901"
    name = "quiet"
    facts = ("captures", "derived_classes")

    def claims(self, file: FileContext) -> Iterator[Claim]:
        yield Claim(file.line_range(1), "a file was looked at")


def test_a_rule_is_run_where_the_file_has_the_facts(
    opened: Callable[[str], FileContext],
) -> None:
    from pyconcepts_lint.running.check_file import lint_file

    path = opened("shop/basket.py").path
    workspace = workspace_of(path)

    def codes(name: str, *, gate: bool) -> list[str]:
        found = lint_file(workspace, path.replace("basket", name), [Quiet], gate=gate)
        return [finding.code for finding in found.findings]

    assert codes("basket", gate=True) == ["TST901"]
    assert codes("plain", gate=True) == []
    assert codes("plain", gate=False) == ["TST901"]  # so that tests see what the gate leaves out


def test_a_rule_is_run_on_a_file_without_facts(project: Callable[..., Any]) -> None:
    from pyconcepts_lint.running.check_file import lint_file

    class Broken(Quiet):
        reads_broken_files = True

    path = str(project({"broken.py": "def f(:\n"}).root / "broken.py")
    found = lint_file(workspace_of(path), path, [Broken]).findings
    assert "TST901" in [finding.code for finding in found]
