"""What a name reaches in random trees of files, against Python's own path finder."""

from __future__ import annotations

import importlib
import itertools
import random
import shutil
from collections.abc import Iterator, Sequence
from importlib.machinery import (
    EXTENSION_SUFFIXES,
    FileFinder,
    ModuleSpec,
    PathFinder,
    SourceFileLoader,
)
from pathlib import Path

import pytest

from pyconcepts_lint.index.layout import Found, Layout

NAMES = ("a", "b", "c")
DEPTH = 3


def entries(chance: random.Random, name: str) -> Iterator[str]:
    """The files of one name in a directory; a directory ends with a slash."""
    for suffix, share in (
        (".py", 0.25),
        (".pyi", 0.15),
        (EXTENSION_SUFFIXES[0], 0.1),
        (EXTENSION_SUFFIXES[-1], 0.05),
        (".pyc", 0.05),
        (".txt", 0.1),
        ("/", 0.6),
    ):
        if chance.random() < share:
            yield name + suffix


def grow(chance: random.Random, directory: Path, depth: int) -> None:
    directory.mkdir()
    init = chance.choice(
        ["", "", "__init__.py", "__init__.py", "__init__.pyi", f"__init__{EXTENSION_SUFFIXES[0]}"]
    )
    if init and depth < DEPTH:
        (directory / init).touch()
    for name in NAMES:
        for entry in entries(chance, name):
            if not entry.endswith("/"):
                (directory / entry).touch()
            elif depth > 1:
                grow(chance, directory / name, depth - 1)


def one_spec(name: str, places: Sequence[str]) -> ModuleSpec | None:
    """What Python finds; where that is nothing, or a namespace package, a stub if there is one."""
    spec = PathFinder.find_spec(name, list(places))
    if spec is not None and spec.origin is not None:
        return spec
    for place in places:
        stub = FileFinder(place, (SourceFileLoader, [".pyi"])).find_spec(name)
        if stub is not None and stub.origin is not None:
            return stub
    return spec


def pythons_answer(dotted: str, path: Sequence[str]) -> tuple[str, ...] | None:
    """The kind, and the files or directories without the suffixes that only tell how a module is
    written; `compiled` for what is below a compiled module."""
    places: Sequence[str] | None = path
    spec = None
    for part in dotted.split("."):
        if places is None:
            return ("compiled",) if is_compiled(spec) else None
        spec = one_spec(part, places)
        if spec is None:
            return None
        locations = spec.submodule_search_locations
        places = None if locations is None else list(locations)
    assert spec is not None
    if spec.origin is None:
        return ("namespace", *(places or ()))
    if is_compiled(spec):
        return ("compiled",)
    return ("module" if places is None else "package", spec.origin)


def is_compiled(spec: ModuleSpec | None) -> bool:
    """Has a module no text? Where it has one beside what is compiled of it, that is read."""
    assert spec is not None
    assert spec.origin is not None
    path = Path(spec.origin)
    stem = path.name.partition(".")[0]
    return not any((path.parent / f"{stem}{suffix}").exists() for suffix in (".py", ".pyi"))


def our_answer(found: Found | None) -> tuple[str, ...] | None:
    if found is None:
        return None
    if found.is_namespace:
        return ("namespace", found.path, *found.portions)
    return ("compiled",) if found.is_compiled else (found.kind, found.path)


def same_text(answer: tuple[str, ...] | None) -> tuple[str, ...] | None:
    """Python loads what is compiled, where the text beside it is what is read."""
    if answer is None or answer[0] not in ("module", "package"):
        return answer
    path = Path(answer[1])
    return (answer[0], str(path.parent / path.name.partition(".")[0]))


def check(directory: Path, seed: int) -> None:
    chance = random.Random(seed)
    roots = [directory / f"root{number}" for number in range(3)]
    for root in roots:
        grow(chance, root, DEPTH)
    chance.shuffle(roots)
    path = [str(root) for root in roots]
    importer = roots[0] / "main.py"
    importer.touch()
    importlib.invalidate_caches()
    layout = Layout(str(directory), path, [str(importer)])
    alone = Layout(path[0], path[:1], [str(importer)])
    for length in range(1, DEPTH + 1):
        for parts in itertools.product(NAMES, repeat=length):
            dotted = ".".join(parts)
            for found, places in (
                (layout.find_on(path, parts), path),
                (layout.find_on(path[::-1], parts), path[::-1]),
                (alone.find(dotted, str(importer)), path[:1]),
            ):
                theirs = pythons_answer(dotted, places)
                assert same_text(our_answer(found)) == same_text(theirs), (seed, dotted)
    for root in roots:
        shutil.rmtree(root)


def test_names_in_random_trees_reach_what_python_finds(tmp_path: Path) -> None:
    for seed in range(60):
        check(tmp_path, seed)


@pytest.mark.corpus
def test_names_in_many_random_trees_reach_what_python_finds(tmp_path: Path) -> None:
    for seed in range(1000, 3000):
        check(tmp_path, seed)
