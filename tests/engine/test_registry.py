"""What is known of the rules without importing them is what they say of themselves."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pyconcepts_lint.plugins import registry

CLEAN = "def double(number):\n    return 2 * number\n"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "clean.py").write_text(CLEAN)
    kept = ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME")
    names = {name: str(tmp_path / "user") for name in kept}
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"} | names


def imported(environment: dict[str, str], *paths: str) -> set[str]:
    """The modules of rules that a run over some files imports."""
    program = (
        "import sys; from pyconcepts_lint.frontends.cli import run; run(sys.argv[1:]);"
        "print(*(name for name in sys.modules if name.startswith('pyconcepts_lint.rules.')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "--no-cache", "--quiet", "--isolated", *paths],
        cwd=Path(environment["HOME"]).parent,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return set(done.stdout.splitlines()[-1].split())


def listing(environment: dict[str, str]) -> Path:
    (path,) = Path(environment["HOME"]).rglob("rules-*.txt")
    return path


def test_the_list_says_of_each_rule_what_the_class_says(environment: dict[str, str]) -> None:
    imported(environment, "clean.py")
    _, *rows, _ = listing(environment).read_text().split("\n")
    tables = [row[1:] for row in rows if row.startswith(registry._TABLE)]
    listings = [registry.RuleInfo(row) for row in rows[: -len(tables)]]
    found = [registry._table(row) for row in tables]
    assert [(one.name, one.words, one.module) for one in found] == [
        (one.name, one.words, one.module) for one in registry.extractors()
    ]
    assert [one.load() for one in found] == list(registry.extractors())
    assert [one.load() for one in listings] == list(registry.rules().values())
    for one in listings:
        for fact in registry.FACTS:
            assert getattr(one, fact) == getattr(one.load(), fact)


def test_rules_are_imported_where_a_file_has_a_word_of_theirs(environment: dict[str, str]) -> None:
    imported(environment, "clean.py")
    rule = registry.rules()["PCL701"]
    assert rule.words
    assert rule.__module__ not in imported(environment, "clean.py")
    dirty = Path(environment["HOME"]).parent / "dirty.py"
    dirty.write_text(f"def f(d):\n    return d.{rule.words[0]}()\n")
    assert rule.__module__ in imported(environment, "dirty.py")


SMALL = '''\
"""What a customer has chosen so far."""

from collections.abc import Iterator
from decimal import Decimal

RATES = {"books": Decimal("0.07")}


class Basket:
    currency = "EUR"

    def __init__(self, prices: dict[str, Decimal]) -> None:
        self.prices = dict(prices)

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self.prices))

    def add(self, name: str, price: Decimal) -> None:
        self.prices[name] = price


def gross(basket: Basket, kind: str) -> str:
    return f"{RATES[kind]:.2f} {basket.currency}"
'''


def test_few_rules_are_imported_for_a_small_file(environment: dict[str, str]) -> None:
    (Path(environment["HOME"]).parent / "small.py").write_text(SMALL)
    imported(environment, "small.py")
    loaded = imported(environment, "small.py")
    in_concepts = {name for name in loaded if name.count(".") == 3}
    extracting = {name for name in in_concepts if name.endswith("._facts")}
    assert len(in_concepts - extracting) < 13, loaded
    assert len(extracting) < 10, loaded


@pytest.mark.parametrize(
    "damaged", ["", "[]", "{whole}\n", "{sources}\n60", "{sources}\nPCL101\n1", "{most}", "\x00"]
)
def test_a_damaged_list_costs_time_only(environment: dict[str, str], damaged: str) -> None:
    imported(environment, "clean.py")
    path = listing(environment)
    whole = path.read_text()
    sources, most = whole.partition("\n")[0], whole.rpartition("\n")[0]
    path.write_text(damaged.format(sources=sources, whole=whole, most=most))
    everything = imported(environment, "clean.py")
    assert {rule.__module__ for rule in registry.rules().values()} <= everything
    assert path.read_text() == whole


@pytest.mark.parametrize(
    "named",
    [
        "pyconcepts_lint.rules.class_attributes.class_attribute_shadowed",
        "pyconcepts_lint.rules.methods._facts",  # extractors
    ],
)
def test_a_list_names_no_modules_but_the_tools_own_rules(
    environment: dict[str, str], named: str
) -> None:
    imported(environment, "clean.py")
    path = listing(environment)
    assert named in path.read_text()
    path.write_text(path.read_text().replace(named, "antigravity"))
    everything = imported(environment, "clean.py")
    assert {rule.__module__ for rule in registry.rules().values()} <= everything


def test_a_list_of_another_form_is_outdated(environment: dict[str, str]) -> None:
    imported(environment, "clean.py")
    path = listing(environment)
    whole = path.read_text()
    assert "'facts', " in whole
    path.write_text(whole.replace("'facts', ", ""))  # as before rules had any
    everything = imported(environment, "clean.py")
    assert {rule.__module__ for rule in registry.rules().values()} <= everything
    assert path.read_text() == whole


def test_rules_that_have_changed_are_listed_again(environment: dict[str, str]) -> None:
    imported(environment, "clean.py")
    path = listing(environment)
    whole = path.read_text()
    file = registry.rules()["PCL101"].__module__.rpartition(".")[2]
    before, name, after = whole.partition(f"{file}.py', ")
    path.write_text(f"{before}{name}1{after}")  # as if it had been written at another time
    imported(environment, "clean.py")
    assert path.read_text() == whole


def test_nothing_is_written_where_python_is_told_not_to(environment: dict[str, str]) -> None:
    imported({**environment, "PYTHONDONTWRITEBYTECODE": "1"}, "clean.py")
    assert not Path(environment["HOME"]).exists()
