"""Who offers rules is found as `importlib.metadata` finds it, and with what files."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from pyconcepts_lint.plugins import rule_packages
from pyconcepts_lint.plugins.rule_packages import OWN, EntryPoint, entry_point_of, files_of


def distribution(directory: Path, name: str, text: str, suffix: str = "-1.0.dist-info") -> None:
    place = directory / (name.replace("-", "_") + suffix)
    place.mkdir(parents=True)
    file = "PKG-INFO" if suffix.endswith(".egg-info") else "METADATA"
    (place / file).write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (place / "entry_points.txt").write_text(text)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def by_metadata() -> list[EntryPoint]:
    return [
        EntryPoint(entry.dist.name, entry.name, entry.value)
        for entry in entry_points(group=rule_packages.GROUP)
        if entry.dist is not None
    ]


def test_entry_points_are_read_as_the_standard_library_reads_them(site: Path) -> None:
    distribution(
        site,
        "Shop-Rules",
        "[console_scripts]\nshop = shop:main\n\n"
        "[pyconcepts_lint.rules]\n# the first\none = shop.rules\ntwo=shop.more:Rule\n\n"
        "[other]\npyconcepts_lint.rules = no\n",
    )
    distribution(site, "tea", "[pyconcepts_lint.rules]\ntea = tea\n", ".egg-info")
    distribution(site, "else", "[flake8.extension]\nE = pyconcepts_lint.rules:E\n")
    found = rule_packages._scanned()
    assert found is not None
    assert sorted(found) == sorted(by_metadata())
    assert {offer.distribution for offer in found} == {"Shop-Rules", "tea", "pyconcepts-lint"}
    assert OWN in found


def test_the_first_of_two_distributions_of_a_name_counts(site: Path) -> None:
    distribution(site / "a", "tea", "[pyconcepts_lint.rules]\ntea = first\n")
    distribution(site / "b", "tea", "[pyconcepts_lint.rules]\ntea = second\n")
    sys.path[0:0] = [str(site / "a"), str(site / "b")]
    try:
        found = rule_packages._scanned()
        assert found is not None
        assert [offer.value for offer in found if offer != OWN] == ["first"]
        assert sorted(found) == sorted(by_metadata())
    finally:
        del sys.path[0:2]


def test_the_files_of_an_offer_are_those_of_its_whole_package(site: Path) -> None:
    for name in ("shop/__init__.py", "shop/tax.py", "shop/rules/__init__.py", "shop/rules/a.py"):
        (site / name).parent.mkdir(exist_ok=True)
        (site / name).touch()
    (site / "shop" / "__pycache__").mkdir()
    (site / "shop" / "__pycache__" / "tax.py").touch()
    (site / "shop" / "notes.txt").touch()
    found = files_of(EntryPoint("shop", "shop", "shop.rules"))
    assert {Path(path).relative_to(site).as_posix() for path in found} == {
        *("shop", "shop/__init__.py", "shop/tax.py"),
        *("shop/rules", "shop/rules/__init__.py", "shop/rules/a.py"),
    }
    assert "shop" not in sys.modules


def test_of_a_namespace_package_only_the_offers_own_part_counts(site: Path) -> None:
    for name in ("company/teams/a/__init__.py", "company/teams/b/__init__.py", "company/c.py"):
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).touch()
    found = files_of(EntryPoint("a", "a", "company.teams.a"))
    assert [Path(path).relative_to(site).as_posix() for path in found] == [
        "company/teams/a",
        "company/teams/a/__init__.py",
    ]
    (path,) = files_of(EntryPoint("c", "c", "company.c:Rule"))
    assert Path(path) == site / "company" / "c.py"


def test_an_offer_of_one_module_or_of_nothing(site: Path) -> None:
    (site / "tea_rules.py").touch()
    assert files_of(EntryPoint("tea", "tea", "tea_rules")) == [str(site / "tea_rules.py")]
    assert files_of(EntryPoint("no", "no", "no_such_rules.at.all")) == []


def test_a_module_belongs_to_the_offer_that_is_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = (
        EntryPoint("one", "x", "company.one.rules"),
        EntryPoint("other", "x", "company.other"),
    )
    monkeypatch.setattr(rule_packages, "entry_points", lambda: (OWN, one, other))
    assert entry_point_of("company.one.tax") == one
    assert entry_point_of("company.other.rules.a") == other
    assert entry_point_of("pyconcepts_lint.rules.imports.import_cycle") == OWN
    assert entry_point_of("json") is None


def test_metadata_is_not_imported_where_directories_tell() -> None:
    program = (
        "import sys; from pyconcepts_lint.plugins.rule_packages import entry_points, OWN\n"
        "assert OWN in entry_points()\nprint('importlib.metadata' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:] = {sys.path!r}\n{program}"],
        capture_output=True,
        text=True,
    )
    assert done.stdout == "False\n", done.stderr


def test_a_checkout_that_is_not_installed_has_its_rules(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    code = (
        "import importlib.metadata, sys\n"
        "importlib.metadata.entry_points = lambda **wanted: ()\n"
        "from pyconcepts_lint.plugins import rule_packages as offers\n"
        "offers._scanned = lambda: None\n"
        "print(offers.entry_points() == (offers.OWN,))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.stdout == "True\n", done.stderr
