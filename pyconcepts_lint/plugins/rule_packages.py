"""Who offers rules: the packages with an entry point in the group `pyconcepts_lint.rules`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import cache

from ..base.regular import read_regular
from ..base.typed import NamedTuple

GROUP = "pyconcepts_lint.rules"


class EntryPoint(NamedTuple):
    """An entry point: the name of the distribution that has it, its own name, and its value, which
    is a module, a package, or `module:class`."""

    distribution: str
    name: str
    value: str

    @property
    def module(self) -> str:
        return self.value.partition(":")[0].strip()

    def __str__(self) -> str:
        return f"{self.distribution} (entry point {self.name} = {self.value})"


OWN = EntryPoint("pyconcepts-lint", "pyconcepts-lint", "pyconcepts_lint.rules")


@cache
def entry_points() -> tuple[EntryPoint, ...]:
    """All offers of rules, this project's own among them."""
    found = _scanned()
    if found is not None and OWN in found:
        return tuple(found)
    from importlib.metadata import entry_points

    named = tuple(
        EntryPoint(entry.dist.name if entry.dist else entry.value, entry.name, entry.value)
        for entry in entry_points(group=GROUP)
    )
    # A checkout that isn't installed has no entry points, and rules all the same.
    is_there = any(entry_point.module == OWN.module for entry_point in named)
    return named if is_there else (OWN, *named)


def _scanned() -> list[EntryPoint] | None:
    """The offers that the directories on `sys.path` hold; None where there may be others.

    `importlib.metadata` takes longer to import than a small file takes to lint; it is asked where
    something but directories and ordinary finders may hold distributions.
    """
    for finder in sys.meta_path:
        if hasattr(finder, "find_distributions") and "importlib" not in finder.__module__:
            return None
    found: list[EntryPoint] = []
    seen: set[str] = set()
    for path in dict.fromkeys(sys.path):
        try:
            names = os.listdir(path or ".")
        except NotADirectoryError:
            return None
        except OSError:
            continue
        for name in names:
            if not name.endswith((".dist-info", ".egg-info", ".egg")):
                continue
            stem, suffix = os.path.splitext(name)
            distribution = stem.partition("-")[0].lower()
            if distribution in seen:
                continue
            directory = os.path.join(path, name)
            try:
                data = read_regular(os.path.join(directory, "entry_points.txt"))
            except (FileNotFoundError, NotADirectoryError):
                if suffix == ".egg":
                    return None
                continue
            except OSError:
                return None
            seen.add(distribution)
            if GROUP.encode() in data:
                shown = _distribution_name(directory) or stem.partition("-")[0]
                found += [
                    EntryPoint(shown, *pair) for pair in _pairs(data.decode("utf-8", "replace"))
                ]
    return found


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """The names and values of the group, in the text of an `entry_points.txt`."""
    group = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            group = line.strip("[]").strip()
        elif group == GROUP and "=" in line and not line.startswith(("#", ";")):
            name, _, value = line.partition("=")
            yield name.strip(), value.strip()


def _distribution_name(directory: str) -> str | None:
    for name in ("METADATA", "PKG-INFO"):
        try:
            data = read_regular(os.path.join(directory, name))
        except OSError:
            continue
        for line in data.decode("utf-8", "replace").splitlines():
            if line.startswith("Name:"):
                return line[5:].strip()
    return None


def entry_point_of(module: str) -> EntryPoint | None:
    """Whose offer a module most likely belongs to, by its dotted name."""
    parts = module.split(".")

    def shared(entry_point: EntryPoint) -> int:
        pairs = zip(parts, entry_point.module.split("."), strict=False)
        return next((n for n, (one, other) in enumerate(pairs) if one != other), len(parts))

    best = max(entry_points(), key=shared, default=None)
    return best if best is not None and shared(best) > 0 else None


def from_elsewhere() -> list[EntryPoint]:
    """The offers of other packages than this one."""
    return [entry_point for entry_point in entry_points() if entry_point != OWN]


def files_of(entry_point: EntryPoint) -> list[str]:
    """The source files of an offer, and their directories: the whole of the package that its
    module is in, for what a rule says may depend on any of it. Nothing is imported."""
    from importlib.util import find_spec

    top, *inner = entry_point.module.split(".")
    try:
        spec = find_spec(top)
    except (ImportError, ValueError):
        return []
    if spec is None:
        return []
    if spec.submodule_search_locations is None:
        return [spec.origin] if spec.origin else []
    directories = list(spec.submodule_search_locations)
    # Of a namespace package, others may have other parts.
    while inner and not any(map(_is_regular, directories)):
        below = [os.path.join(directory, inner[0]) for directory in directories]
        directories = [path for path in below if os.path.isdir(path)]
        files = [f"{path}.py" for path in below if os.path.isfile(f"{path}.py")]
        if files:
            return files
        del inner[0]
    found: list[str] = []
    for directory in directories:
        found += _source_tree(directory)
    return found


def _is_regular(directory: str) -> bool:
    return os.path.isfile(os.path.join(directory, "__init__.py"))


def _source_tree(directory: str) -> Iterator[str]:
    for place, names, files in os.walk(directory):
        names[:] = sorted(name for name in names if name != "__pycache__")
        yield place
        yield from (os.path.join(place, name) for name in sorted(files) if name.endswith(".py"))


def state_from_elsewhere() -> str:
    """What changes with the rules of other packages; "" where there are none."""
    others = from_elsewhere()
    if not others:
        return ""
    from ..base.digests import digest, stat_of

    files = sorted({path for entry_point in others for path in files_of(entry_point)})
    stats = [(path, stat_of(path)) for path in files if not os.path.isdir(path)]
    return digest(repr((sorted(others), stats)))


@cache
def state_at_start() -> str:
    """What `state_from_elsewhere` was when this process first asked: its rules are from then."""
    return state_from_elsewhere()
