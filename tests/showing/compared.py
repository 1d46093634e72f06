"""Compares the answers of `show` with the live interpreter.

    python tests/showing/compared.py            over the standard library and three packages
    python tests/showing/compared.py --update   and writes the shares into docs/show.md

Classes are imported in one process, and each module by itself in a fresh one (`python -I -S`), for
what `sys.modules` and its namespace hold then.
"""

from __future__ import annotations

import argparse
import ast
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pyconcepts_lint.base.settings import Configuration
from pyconcepts_lint.index.kinds import AttributeKind
from pyconcepts_lint.index.model import SourceClass
from pyconcepts_lint.showing import attributes, modules
from pyconcepts_lint.showing.answers import FOUND, ModuleAnswer, Unanswerable
from pyconcepts_lint.showing.attributes import DATA_DESCRIPTORS, known_mro
from pyconcepts_lint.showing.lookup import on_class
from pyconcepts_lint.showing.world import World

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent))  # as it is for pytest

from live_questions import answers_of  # noqa: E402

PAGE = HERE.parents[1] / "docs" / "show.md"
STANDARD_LIBRARY = Path(os.__file__).parent
PACKAGES = ("docutils", "jinja2", "attr")
NOT_IMPORTED = re.compile(
    r"(?:test|tests|idlelib|turtledemo|lib2to3|site-packages|ensurepip|encodings|config-.*|msilib)"
    r"(?:\.|$)|.*\.(?:tests?|__main__)(?:\.|$)|antigravity|this|tkinter\.tix|_sysconfigdata.*|.*-.*|pydoc_data.*"
)
"""Tests, programs, what opens a browser or needs another system, and what changes other modules."""


@dataclass
class Shares:
    """How many answers are `equal`, how many say that something is `unknown`, and the others."""

    counted: Counter[str] = field(default_factory=Counter)
    different: list[str] = field(default_factory=list)

    def add(self, kind: str, what: str = "") -> None:
        self.counted[kind] += 1
        if kind == "different":
            self.different.append(what)

    def of(self, kind: str) -> float:
        return self.counted[kind] / max(1, sum(self.counted.values()))


def world_of(root: Path) -> World:
    return World(Configuration({"no_cache": True}), str(root))


def module_names(root: Path) -> list[str]:
    """The modules below a directory that can be imported without doing any harm."""
    found = []
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        if "__pycache__" in parts or "site-packages" in parts:
            continue
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if name and not NOT_IMPORTED.match(name):
            found.append(name)
    return found


def asked(scratch: Path, **task: Any) -> dict[str, Any]:
    """The answers of `live_show.py`."""
    found: dict[str, Any] = answers_of(HERE / "live_show.py", scratch, task)
    return found


# Classes


def compare_classes(
    world: World, scratch: Path, names: Iterable[str], path: Iterable[str] = ()
) -> tuple[Shares, Shares]:
    """The MROs of the classes of some modules, and the classes that have their attributes."""
    mros, owners = Shares(), Shares()
    for module, classes in asked(scratch, classes=list(names), path=list(path)).items():
        for qualname, live in classes.items():
            name = f"{module}.{qualname}"
            try:
                model = world.model(name)
            except Unanswerable:
                continue  # a class that no class statement makes
            if isinstance(model, SourceClass):
                _compare_class(model, name, live, mros, owners)
    return mros, owners


def _compare_class(
    model: SourceClass, name: str, live: dict[str, Any], mros: Shares, owners: Shares
) -> None:
    known = known_mro(model)
    ours = [each.qualname for each in known.classes]
    theirs = [each["name"] for each in live["mro"]]
    if not known.is_whole or (known.why and ours != theirs):
        mros.add("unknown")
        return
    mros.add("equal" if ours == theirs else "different", f"{name}: {ours} is {theirs}")
    if ours != theirs:
        return
    has: dict[str, tuple[int, Any]] = {}
    for number, each in enumerate(known.classes):
        for attribute in attributes.own_attributes(each):
            has.setdefault(attribute.name, (number, attribute))
    for attribute_name in has.keys() | live["attributes"].keys():
        owner, attribute = has.get(attribute_name, (None, None))
        live_owner, is_data = live["attributes"].get(attribute_name, (None, None))
        is_equal = owner == live_owner
        if attribute is not None and attribute.kind != AttributeKind.UNKNOWN:
            is_equal = is_equal and (attribute.kind in DATA_DESCRIPTORS) == is_data
        if is_equal and (attribute is None or attribute.kind != AttributeKind.UNKNOWN):
            owners.add("equal")
        elif (
            known.why
            or (attribute is not None and attribute.kind == AttributeKind.UNKNOWN)
            or on_class(model, attribute_name, "").unknown
        ):
            owners.add("unknown")
        else:
            owners.add("different", f"{name}.{attribute_name}: {owner} is {live_owner}")


# Imports

IMPORT = """
import _warnings
import sys
# Showing a warning loads more; the option -W would load `warnings`.
_warnings.filters.insert(0, ("ignore", None, Warning, None, 0))
getattr(_warnings, "_filters_mutated", lambda: None)()
before = {{*sys.modules}}
sys.path[:0] = {path!r}
try:
    __import__({name!r})
except BaseException as error:
    print("\\nfails", type(error).__name__)
else:
    print("\\nloaded", *(each for each in sys.modules if each not in before))
    print("has", *vars(sys.modules[{name!r}]))
sys.stdout.flush()
"""


def imported(name: str, path: Iterable[str] = ()) -> tuple[list[str], list[str]] | None:
    """What a fresh process has in `sys.modules`, and in the module, once it has imported it."""
    done = subprocess.run(
        [
            sys.executable,
            "-I",
            "-S",
            "-c",
            IMPORT.format(path=list(path), name=name),
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
        cwd=tempfile.gettempdir(),
    )
    loaded = re.search(r"^loaded (.*)\nhas (.*)", done.stdout, re.MULTILINE)
    if loaded is None:
        return None
    # What a warning leaves behind depends on which ones are shown.
    names = [each for each in loaded[2].split(" ") if each != "__warningregistry__"]
    return loaded[1].split(" "), names


def answers(world: World, names: Iterable[str]) -> Iterator[tuple[str, ModuleAnswer]]:
    trees: dict[str, ast.Module | None] = {}
    for name in names:
        module = world.find_module(name)
        if module is not None:
            yield name, modules.show(world, module, trees)


def compare_imports(
    world: World, names: Iterable[str], path: Iterable[str] = ()
) -> tuple[Shares, Shares]:
    """What the imports of some modules load, in order, and what the modules have then, in order."""
    loads, namespaces = Shares(), Shares()
    for name, answer in answers(world, names):
        live = imported(name, path)
        if live is None:
            continue  # it is for another system, or needs what isn't installed
        loaded, has = live
        if answer.fails:
            loads.add("different", f"{name}: {answer.fails}")
            continue
        sure = [each.name for each in answer.loads if each.status == FOUND]
        may = {each.name for each in answer.loads if each.status != FOUND}
        is_open = any(
            (not each.path and each.note) or "by names that" in each.note for each in answer.loads
        ) or any("sys.modules" in said for said in answer.unknown)
        _add(loads, name, sure, may, loaded, is_open)
        sure = [each.name for each in answer.names if each.status == FOUND]
        may = {each.name for each in answer.names if each.status != FOUND}
        _add(namespaces, name, sure, may, has, answer.is_open)
    return loads, namespaces


def _add(
    shares: Shares, name: str, sure: list[str], may: set[str], live: list[str], is_open: bool
) -> None:
    extra = [each for each in sure if each not in live]
    missing = [each for each in live if each not in sure and each not in may]
    if sure == live:
        shares.add("equal")
    elif extra or (missing and not is_open):
        shares.add("different", f"{name}: not there {extra[:5]}, left out {missing[:5]}")
    elif not missing and not any(each in may for each in live):
        shares.add("order")
    else:
        shares.add("unknown")


# The whole


def copied(package: str, scratch: Path) -> Path | None:
    """A project of an installed package; None where there is none."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return None
    root = scratch / package
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
    shutil.copytree(Path(spec.origin).parent, root / package, ignore=ignored)
    (root / "pyproject.toml").write_text("[tool.pyconcepts-lint]\n", encoding="utf-8")
    return root


def site_packages(package: str) -> list[str]:
    spec = importlib.util.find_spec(package)
    return [] if spec is None or spec.origin is None else [str(Path(spec.origin).parents[1])]


ROWS = ("MRO", "class with an attribute", "loaded modules", "names of a module")


def compare(name: str, scratch: Path) -> dict[str, Shares]:
    """All comparisons over the standard library (""), or a package."""
    if name:
        root = copied(name, scratch)
        assert root is not None, f"{name} is not installed"
        names, path = module_names(root), [str(root), *site_packages(name)]
    else:
        root = scratch / "empty"
        root.mkdir(exist_ok=True)
        (root / "pyproject.toml").write_text("[tool.pyconcepts-lint]\n", encoding="utf-8")
        names, path = module_names(STANDARD_LIBRARY), []
    world = world_of(root)
    found = (*compare_classes(world, scratch, names, path), *compare_imports(world, names, path))
    return dict(zip(ROWS, found, strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    version = ".".join(map(str, sys.version_info[:2]))
    lines = [
        "| of | what | answers | equal | unknown in part | different |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
    ]
    for name in options.names or ("", *PACKAGES):
        shown = name if name not in ("", "std") else f"the standard library of Python {version}"
        with tempfile.TemporaryDirectory() as scratch:
            for what, shares in compare("" if name == "std" else name, Path(scratch)).items():
                total = sum(shares.counted.values())
                unknown = shares.of("unknown") + shares.of("order")
                cells = (
                    shown,
                    what,
                    f"{total:,}",
                    *(
                        f"{100 * part:.1f} %"
                        for part in (shares.of("equal"), unknown, shares.of("different"))
                    ),
                )
                lines.append(f"| {' | '.join(cells)} |")
                print(lines[-1], dict(shares.counted), flush=True)
                for each in shares.different[:30]:
                    print("   ", each[:300], flush=True)
    if options.update:
        text = PAGE.read_text(encoding="utf-8")
        start, end = "<!-- measured -->\n", "<!-- end -->"
        before, found, rest = text.partition(start)
        _, also_found, after = rest.partition(end)
        assert found, PAGE
        assert also_found, PAGE
        table = "\n".join(lines)
        PAGE.write_text(f"{before}{start}{table}\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
