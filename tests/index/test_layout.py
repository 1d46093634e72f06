"""Import roots, module names and what a dotted name reaches, as Python's own finders see it."""

from __future__ import annotations

import importlib.machinery
import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from pyconcepts_lint.base.settings import Configuration
from pyconcepts_lint.index.layout import Found, Layout
from pyconcepts_lint.testing import lint_paths

TREE = (
    "app/__init__.py",
    "app/main.py",
    "app/sub/__init__.py",
    "app/sub/deep.py",
    "app/data/table.py",
    "app/both/__init__.py",
    "app/both.py",
    "app/folder.py",
    "app/folder/inner.py",
    "namespace/part/thing.py",
    "script.py",
    "not-a-name/x.py",
    "empty/readme.txt",
    "stubs/__init__.pyi",
    "stubs/typed.pyi",
)
NAMES = (
    *("app", "app.main", "app.sub", "app.sub.deep", "app.data", "app.data.table", "app.both"),
    *("app.folder", "app.folder.inner", "app.main.x", "app.nothing", "namespace", "namespace.part"),
    *("namespace.part.thing", "script", "script.x", "empty", "nothing", "nothing.at.all"),
)


def grow(root: Path, files: Iterable[str]) -> list[str]:
    for name in files:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return [str(root / name) for name in files if name.endswith((".py", ".pyi"))]


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(str(tmp_path), None, grow(tmp_path, TREE))


def pythons_answer(root: Path, dotted: str) -> tuple[str, str] | None:
    """What importlib's path finder makes of a dotted name, without importing anything."""
    places: list[str] | None = [str(root)]
    spec = None
    importlib.invalidate_caches()
    for part in dotted.split("."):
        if places is None:
            return None
        spec = importlib.machinery.PathFinder.find_spec(part, places)
        if spec is None:
            return None
        locations = spec.submodule_search_locations
        places = None if locations is None else list(locations)
    assert spec is not None
    if spec.origin is None:
        assert places is not None
        return ("namespace", places[0])
    return ("package" if places is not None else "module", spec.origin)


@pytest.mark.parametrize("dotted", NAMES)
def test_dotted_name_reaches_what_python_finds(layout: Layout, tmp_path: Path, dotted: str) -> None:
    found = layout.find_below(str(tmp_path), dotted.split("."))
    assert found == (pythons_answer(tmp_path, dotted) and Found(*pythons_answer(tmp_path, dotted)))  # type: ignore[misc]


def test_compiled_module_is_there_but_can_not_be_read(tmp_path: Path) -> None:
    suffix = importlib.machinery.EXTENSION_SUFFIXES[0]
    files = grow(tmp_path, ["pkg/__init__.py", f"pkg/fast{suffix}", "pkg/slow.py"])
    layout = Layout(str(tmp_path), None, files)
    found = layout.find("pkg.fast", str(tmp_path / "pkg/slow.py"))
    assert found is not None
    assert found.is_compiled


def test_stubs_stand_for_modules(layout: Layout, tmp_path: Path) -> None:
    assert layout.find_below(str(tmp_path), ["stubs", "typed"]) == Found(
        "module", str(tmp_path / "stubs/typed.pyi")
    )


@pytest.mark.parametrize(
    ("path", "dotted", "package", "is_package", "regular"),
    [
        ("app/__init__.py", "app", "app", True, True),
        ("app/main.py", "app.main", "app", False, True),
        ("app/sub/__init__.py", "app.sub", "app.sub", True, True),
        ("app/sub/deep.py", "app.sub.deep", "app.sub", False, True),
        ("app/data/table.py", "app.data.table", "app.data", False, False),
        ("namespace/part/thing.py", "namespace.part.thing", "namespace.part", False, False),
        ("script.py", "script", "", False, False),
        ("not-a-name/x.py", "x", "", False, False),
        ("stubs/typed.pyi", "stubs.typed", "stubs", False, True),
    ],
)
def test_name_of_a_file(
    layout: Layout,
    tmp_path: Path,
    path: str,
    dotted: str,
    package: str,
    is_package: bool,
    regular: bool,
) -> None:
    name = layout.name_of(str(tmp_path / path))
    assert name[1:] == (dotted, package, is_package, regular)
    assert name.root == str(tmp_path / "not-a-name" if dotted == "x" else tmp_path)


def test_roots_are_src_the_project_and_what_is_above_packages(tmp_path: Path) -> None:
    files = grow(tmp_path, ["src/a/__init__.py", "libs/one/b/__init__.py", "setup.py"])
    assert Layout(str(tmp_path), None, files).import_roots == (
        str(tmp_path / "src"),
        str(tmp_path),
        str(tmp_path / "libs/one"),
    )


def test_src_that_is_a_package_is_no_root(tmp_path: Path) -> None:
    files = grow(tmp_path, ["src/__init__.py", "src/a.py"])
    layout = Layout(str(tmp_path), None, files)
    assert layout.import_roots == (str(tmp_path),)
    assert layout.name_of(str(tmp_path / "src/a.py")).dotted == "src.a"


def test_roots_of_the_settings_are_the_roots(tmp_path: Path) -> None:
    files = grow(tmp_path, ["lib/a.py", "lib/inner/b.py", "c.py"])
    layout = Layout(str(tmp_path), ["lib", "./lib"], files)
    assert layout.import_roots == (str(tmp_path / "lib"),)
    assert layout.name_of(str(tmp_path / "lib/inner/b.py")).dotted == "inner.b"


def test_name_that_two_other_roots_have_is_nobodys(tmp_path: Path) -> None:
    files = grow(
        tmp_path,
        [
            "one/pkg/__init__.py",
            "one/same.py",
            "two/other/__init__.py",
            "two/same.py",
            "three/x.py",
        ],
    )
    layout = Layout(str(tmp_path), ["one", "two", "three"], files)
    assert layout.find("same", str(tmp_path / "three/x.py")) is None
    assert layout.find("same", str(tmp_path / "one/pkg/__init__.py")) == Found(
        "module", str(tmp_path / "one/same.py")
    )
    assert layout.find("pkg", str(tmp_path / "three/x.py")) is not None


def test_files_that_are_not_written_yet_count(tmp_path: Path) -> None:
    files = grow(tmp_path, ["pkg/a.py"])
    new = str(tmp_path / "pkg" / "__init__.py")
    layout = Layout(str(tmp_path), None, files, extra_files=[new])
    assert layout.is_regular_package(str(tmp_path / "pkg"))
    assert layout.name_of(files[0]).regular


def test_directory_that_is_not_there_is_empty(tmp_path: Path) -> None:
    layout = Layout(None, None, ())
    assert layout.listing(str(tmp_path / "nowhere")) == {}
    assert layout.find_below(str(tmp_path / "nowhere"), ["a"]) is None
    assert layout.top_package(os.sep) is None


@pytest.mark.parametrize("spelled", ["import plug.titlecase\n", "import plug.sub, sub.more\n"])
def test_an_unpacked_wheel_is_one_project_namespace_packages_included(
    tmp_path: Path, spelled: str
) -> None:
    files = {
        "plug-1.0.dist-info/METADATA": "",
        "app/__init__.py": spelled,
        "plug/sub/__init__.py": "",
        "plug/titlecase.py": "from titlecase import titlecase\n\nprint(titlecase('x'))\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    root = Configuration(isolated=True).for_path(str(tmp_path / "plug/titlecase.py")).root
    assert root == str(tmp_path)
    report = lint_paths([str(tmp_path)], {"select": ["PCL205", "PCL209"], "no_cache": True})
    assert report.findings == []
