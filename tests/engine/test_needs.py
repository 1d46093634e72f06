"""What a rule needs is asked of the facts, and keeps it from being run where it has nothing to say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pyconcepts_lint.base.settings import Configuration
from pyconcepts_lint.rule_api import needs
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import LintedFile
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.workspace.workspace import Workspaces

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


@pytest.fixture
def opened(project: Callable[..., Any]) -> Callable[[str], LintedFile]:
    """A file of a small project, as rules see it."""
    root = project(SHOP).root

    def file(name: str) -> LintedFile:
        path = str(root / name)
        return Workspaces(Configuration({"no_cache": True})).of(path).open(path)

    return file


@pytest.mark.parametrize(
    "need",
    [
        "classes",
        "classes.bases",
        "classes.events",
        "classes.events.kind=delete",
        "classes.body.name=count",
        "attributes of packages",
        "class attributes on instances",
        "decorated methods",
        "imports of the project",
        "stored results of calls",
    ],
)
def test_a_file_has_it_or_has_not(opened: Callable[[str], LintedFile], need: str) -> None:
    assert needs.is_need(need)
    assert needs.has_one(opened("shop/basket.py"), ("captures", need))
    assert not needs.has_one(opened("shop/plain.py"), ("captures", need))


@pytest.mark.parametrize(
    ("value", "counts"),
    [
        ("dict(x)", False),
        ("open(x)", False),
        ("staticmethod(x)", True),
        ("property(x)", True),
        ("Lock()", True),
        ("here.dict(x)", True),
        ("str(x)", True),  # which the file binds
    ],
)
def test_calls_of_built_in_classes_are_not_stored_to_be_descriptors(
    project: Callable[..., Any], value: str, counts: bool
) -> None:
    source = f"from here import str\n\nclass C:\n    def f(self, x):\n        self.x = {value}\n"
    path = str(project({"c.py": source}).root / "c.py")
    file = Workspaces(Configuration({"no_cache": True})).of(path).open(path)
    assert needs.has_one(file, ("stored_calls",))
    assert needs.has_one(file, ("stored results of calls",)) is counts


def test_a_package_is_one(opened: Callable[[str], LintedFile]) -> None:
    assert needs.has_one(opened("shop/__init__.py"), ("package",))
    assert not needs.has_one(opened("shop/basket.py"), ("package",))


@pytest.mark.parametrize("need", ["captures", "classes.events.kind=read", "imports.level", "loads"])
def test_what_is_empty_is_not_there(opened: Callable[[str], LintedFile], need: str) -> None:
    assert needs.is_need(need)
    assert not needs.has_one(opened("shop/basket.py"), (need,))


def test_a_file_without_facts_may_have_anything(project: Callable[..., Any]) -> None:
    path = str(project({"broken.py": "def f(:\n"}).root / "broken.py")
    file = Workspaces(Configuration({"no_cache": True})).of(path).open(path)
    assert file.module is None
    assert needs.has_one(file, ("captures",))


def says_no(file: LintedFile) -> bool:
    return False


def fails(file: LintedFile) -> bool:
    raise RuntimeError(file.path)


def test_a_function_is_asked(opened: Callable[[str], LintedFile]) -> None:
    file = opened("shop/basket.py")
    assert needs.is_need(f"{__name__}:says_no")
    assert not needs.has_one(file, (f"{__name__}:says_no",))
    # What is wrong with it is said of the rule.
    assert needs.has_one(file, (f"{__name__}:fails",))
    assert not needs.is_need(f"{__name__}:nothing")
    assert not needs.is_need("no_such_module:nothing")


@pytest.mark.parametrize(
    "need", ["", "clases", "classes.events.knd", "captures.line", "a question"]
)
def test_what_no_file_can_have_is_no_need(need: str) -> None:
    assert not needs.is_need(need)


def test_what_the_tools_own_rules_need_can_be_had() -> None:
    from pyconcepts_lint.plugins.registry import rules

    found = {need for rule in rules().values() for need in rule.needs}
    assert len(found) > 10
    assert all(map(needs.is_need, found))
    assert found >= set(needs.QUESTIONS), "a question that no rule asks"


class Quiet(Rule):
    """It says something of each file that it looks at."""

    code = "TST901"
    name = "quiet"
    needs = ("classes.events.kind=delete",)

    def claims(self, file: LintedFile) -> Iterator[Claim]:
        yield Claim(file.line_range(1), "a file was looked at")


def test_a_rule_is_run_where_the_file_has_what_it_needs(
    opened: Callable[[str], LintedFile],
) -> None:
    from pyconcepts_lint.running.check_file import lint_file

    path = opened("shop/basket.py").path
    workspace = Workspaces(Configuration({"no_cache": True})).of(path)

    def codes(name: str, *, gate: bool) -> list[str]:
        found = lint_file(workspace, path.replace("basket", name), [Quiet], gate=gate)
        return [finding.code for finding in found.findings]

    assert codes("basket", gate=True) == ["TST901"]
    assert codes("plain", gate=True) == []
    assert codes("plain", gate=False) == ["TST901"]  # so that tests see what the gate leaves out
