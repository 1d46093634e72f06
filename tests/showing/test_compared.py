"""What `show` says of classes and modules is what the live interpreter has: see `compared`."""

from __future__ import annotations

from pathlib import Path

import compared
import pytest
from compared import PACKAGES, ROWS, Shares, compare, compare_classes, compare_imports, world_of

CLASSES = (
    *("argparse", "collections", "datetime", "email.message", "enum", "json.decoder", "logging"),
    *("pathlib", "socketserver", "threading", "unittest.case", "abc", "dataclasses", "typing"),
)
MODULES = (
    *("textwrap", "os", "collections", "json", "json.decoder", "email.message", "typing", "re"),
    *("xml.etree.ElementTree", "logging", "concurrent.futures", "dataclasses", "sched"),
)


@pytest.fixture
def world(tmp_path: Path) -> compared.World:
    (tmp_path / "pyproject.toml").write_text("[tool.pyconcepts-lint]\n", encoding="utf-8")
    return world_of(tmp_path)


def test_classes_have_their_mro_and_attributes(world: compared.World, tmp_path: Path) -> None:
    mros, owners = compare_classes(world, tmp_path, CLASSES)
    assert mros.different == owners.different == []
    assert mros.counted["equal"] > 180
    assert mros.of("equal") > 0.97
    assert owners.counted["equal"] > 8_000
    assert owners.of("equal") > 0.95


def test_imports_load_and_bind_what_they_do(world: compared.World) -> None:
    loads, names = compare_imports(world, MODULES)
    assert loads.different == names.different == []
    assert sum(loads.counted.values()) == sum(names.counted.values()) == len(MODULES)
    assert loads.counted["equal"] >= 8
    assert names.counted["equal"] >= 9


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["", *PACKAGES])
def test_the_standard_library_and_packages_are_what_is_said(name: str, tmp_path: Path) -> None:
    if name:
        pytest.importorskip(name)
    found: dict[str, Shares] = compare(name, tmp_path)
    for row in ROWS:
        assert found[row].of("different") < 0.03, (row, found[row].different)
    assert found["MRO"].of("equal") > 0.95
    assert found["MRO"].different == []
