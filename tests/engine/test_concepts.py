"""A package of rules is a concept, whoever wrote it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyconcepts_lint.plugins import concepts as concepts_module
from pyconcepts_lint.plugins import registry, rule_packages
from pyconcepts_lint.plugins.concepts import concept_of, concepts, number_of
from pyconcepts_lint.plugins.registry import rules
from pyconcepts_lint.plugins.rule_packages import OWN, EntryPoint


def test_every_rule_belongs_to_the_concept_of_its_package() -> None:
    found = concepts()
    assert [code for concept in found for code in (rule.code for rule in concept.rules)] == list(
        rules()
    )
    assert [concept.number for concept in found] == [f"{n}xx" for n in range(1, 10)]
    for concept in found:
        for rule in concept.rules:
            assert concept_of(rule) is concept
            assert rule.__module__.split(".")[-2].replace("_", "-") == concept.name
            assert number_of(rule.code) == concept.number


def test_number_is_how_the_codes_begin() -> None:
    assert number_of("PCL103") == "1xx"
    assert number_of("SHOP103") == "SHOP1xx"
    assert number_of("X2") == "X2"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two packages of rules and a module, as another distribution may bring them."""
    rule = (
        "from pyconcepts_lint.rule_api.rule import Rule\n\n\n"
        "class {name}(Rule):\n    '''{name} is so.'''\n\n    code = '{code}'\n    name = 'x-{code}'.lower()\n"
    )
    for path, text in {
        "shop_lint/__init__.py": '"""Prices.\n\nA price is a Decimal.\n"""\n',
        "shop_lint/price.py": rule.format(name="Price", code="SHP101"),
        "shop_lint/no_docs/__init__.py": "",
        "shop_lint/no_docs/rest.py": rule.format(name="Rest", code="SHP201"),
        "shop_single.py": '"""Customers"""\n' + rule.format(name="Customer", code="CUS101"),
    }.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    shown = (
        OWN,
        EntryPoint("shop-lint", "shop", "shop_lint"),
        EntryPoint("single", "one", "shop_single"),
    )
    for module in (rule_packages, registry):
        monkeypatch.setattr(module, "entry_points", lambda: shown)
    caches = (registry._loaded, registry._listing, concepts_module.concepts)
    for cached in caches:
        cached.cache_clear()
    yield
    for name in [name for name in sys.modules if name.startswith("shop_")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.undo()
    for cached in caches:
        cached.cache_clear()


@pytest.mark.usefixtures("shop")
def test_packages_from_elsewhere_are_concepts_in_the_same_way() -> None:
    theirs = {concept.number: concept for concept in concepts() if concept.number[0].isalpha()}
    assert [theirs[number].title for number in ("SHP1xx", "SHP2xx", "CUS1xx")] == [
        "Prices",
        "No docs",
        "Customers",
    ]
    assert theirs["SHP1xx"].page == "A price is a Decimal."
    assert theirs["SHP2xx"].page == ""
    assert [rule.code for rule in theirs["SHP1xx"].rules] == ["SHP101"]


@pytest.mark.usefixtures("shop")
def test_concepts_from_elsewhere_are_found_and_explained() -> None:
    from pyconcepts_lint.frontends import explain

    for wanted in ("SHP1xx", "shp1", "shop-lint", "prices"):
        assert explain.find(wanted) is next(c for c in concepts() if c.title == "Prices")
    text = explain.concept_text(next(c for c in concepts() if c.title == "Prices"))
    assert text.startswith("# SHP1xx Prices\n\nA price is a Decimal.\n")
    assert "- **SHP101 x-shp101**: Price is so.\n" in text
