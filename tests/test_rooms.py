"""The rooms of the engine: imports go down only, and go in no circle."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "pyconcepts_lint"
ROOMS = [
    *("base", "source", "parsing", "index", "rule_api", "analysis", "workspace", "plugins"),
    *("caching", "running", "reporters", "showing", "adopting", "server", "frontends"),
]
"""From the bottom to the top."""


def modules() -> dict[str, Path]:
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if parts[:2] != ("pyconcepts_lint", "rules"):
            found[".".join(parts).removesuffix(".__init__")] = path
    return found


MODULES = modules()


def imports_in(text: str, package: str) -> Iterator[str]:
    """The modules of this package that a module imports, in whatever way and place."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in MODULES)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")
            base = above[: len(above) - node.level + 1] if node.level else []
            whole = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                name = f"{whole}.{alias.name}"
                if name in MODULES or whole in MODULES:
                    yield name if name in MODULES else whole


def imports_of(name: str) -> set[str]:
    path = MODULES[name]
    package = name if path.stem == "__init__" else name.rpartition(".")[0]
    return {*imports_in(path.read_text(encoding="utf-8"), package)} - {name}


def imports_in_functions(name: str) -> set[str]:
    path = MODULES[name]
    package = name if path.stem == "__init__" else name.rpartition(".")[0]
    return {
        other
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        for other in imports_in(ast.unparse(function), package)
    } - {name}


def lazy_doors() -> frozenset[str]:
    """The modules and packages that may be imported in functions: see docs/architecture.md."""
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = page.partition("| lazy door |")[2].partition("\n\n")[0]
    doors = (re.findall(r"`([\w/]+)`", row.split("|")[1]) for row in table.splitlines()[2:])
    return frozenset(f"pyconcepts_lint.{door.replace('/', '.')}" for row in doors for door in row)


def circles(graph: dict[str, set[str]]) -> set[frozenset[str]]:
    """The groups of modules that import each other, however indirectly."""
    reached = {name: set(others) for name, others in graph.items()}
    for middle in graph:
        for others in reached.values():
            if middle in others:
                others |= reached[middle]
    return {
        frozenset(other for other in others if name in reached.get(other, ()))
        for name, others in reached.items()
        if name in others
    }


def room_of(name: str) -> str:
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else ""


def test_every_module_is_in_a_room() -> None:
    outside = {name for name in MODULES if room_of(name) not in ROOMS}
    assert outside == {"pyconcepts_lint", "pyconcepts_lint.__main__", "pyconcepts_lint.testing"}


def test_every_module_is_on_the_map() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for room in ROOMS:
        assert f"| `{room}/` |" in page


@pytest.mark.parametrize("name", MODULES)
def test_no_import_goes_up(name: str) -> None:
    if room_of(name) in ROOMS:
        floor = ROOMS.index(room_of(name))
        above = {
            other
            for other in imports_of(name)
            if room_of(other) in ROOMS and ROOMS.index(room_of(other)) > floor
        }
        assert above == set(), f"{name} imports from a room above it"


@pytest.mark.parametrize("room", ROOMS)
def test_no_modules_of_a_room_import_each_other(room: str) -> None:
    graph = {name: imports_of(name) for name in MODULES if room_of(name) == room}
    # A package's `__init__` counts as imported only where something of its own is taken.
    found = circles(graph)
    allowed = {frozenset({"pyconcepts_lint.running.run", "pyconcepts_lint.running.run_cache"})}
    assert found <= allowed


@pytest.mark.parametrize(
    "name", [n for n in MODULES if room_of(n) in ROOMS[: ROOMS.index("plugins")]]
)
def test_a_lower_room_imports_in_functions_only_through_the_lazy_doors(name: str) -> None:
    doors = lazy_doors()
    hidden = {
        other
        for other in imports_in_functions(name)
        if not any(f"{other}.".startswith(f"{door}.") for door in doors)
    }
    assert hidden == set(), f"{name} hides imports in functions"


def test_every_lazy_door_is_used() -> None:
    used = {o for n in MODULES for o in imports_in_functions(n)}
    for door in lazy_doors():
        assert any(f"{other}.".startswith(f"{door}.") for other in used), door


@pytest.mark.parametrize("rule", sorted((ROOT / "rules").rglob("*.py")), ids=lambda path: path.stem)
def test_a_rule_imports_no_other_concept_and_nothing_that_runs_it(rule: Path) -> None:
    concept = rule.parent.name
    for node in ast.walk(ast.parse(rule.read_text(encoding="utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            if name.startswith("pyconcepts_lint.rules."):
                assert name.split(".")[2] == concept, f"{rule} imports {name}"
            elif name.startswith("pyconcepts_lint."):
                allowed = ["base", "source", "parsing", "index", "rule_api", "analysis"]
                if rule.stem == "unused_noqa":
                    allowed.append("plugins")  # which codes there are
                assert room_of(name) in allowed, f"{rule} imports {name}"
