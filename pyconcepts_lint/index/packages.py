"""Directories that the project's imports use as packages, and by which names."""

from __future__ import annotations

import keyword
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from ..base.typed import TYPE_CHECKING, NamedTuple
from . import tables
from .alone import absolute_names, is_run_alone
from .layout import COMPILED_SUFFIXES, SOURCE_SUFFIXES
from .model import Module
from .paths_of_tests import is_named_as_test
from .standing import HIDDEN, standing
from .tracking import table

if TYPE_CHECKING:
    from .model import Index

# Directories whose modules are data, or are run and copied rather than imported.
_NO_PACKAGES = frozenset(
    {
        "asset",
        "assets",
        "bench",
        "benchmark",
        "benchmarks",
        "bin",
        "data",
        "demo",
        "demos",
        "doc",
        "docs",
        "example",
        "examples",
        "files",
        "fixture",
        "fixtures",
        "notebooks",
        "resources",
        "sample",
        "samples",
        "script",
        "scripts",
        "skeleton",
        "snippets",
        "static",
        "template",
        "templates",
        "test_data",
        "testcases",
        "testdata",
        "tutorial",
        "tutorials",
    }
)


class Unmarked(NamedTuple):
    """A directory without `__init__.py` that is, or is used as, a package.

    `dotted` is its import name. `inside` is the regular package that it lies in, if any, at
    most below other such directories. `reason` is `parent` (it lies in one directly, or below
    others that are reported for that), `imported` (its modules are imported through it)
    or `relative` (its modules import each other relatively); for the latter two, `name` is what
    the module at `witness` imports.
    """

    directory: str
    dotted: str
    inside: str
    reason: str
    name: str = ""
    witness: str = ""


@table
def unmarked_packages(project: Index) -> dict[str, tuple[Unmarked, ...]]:
    """The directories that miss an `__init__.py`, by the first of their modules."""
    found: dict[str, list[Unmarked]] = {}
    survey = _Survey(project)
    for directory in sorted(survey.candidates):
        unmarked = survey.judge(directory)
        first = survey.first_module(directory) if unmarked is not None else None
        if unmarked is not None and first is not None:
            if unmarked.reason == "parent":
                survey.missing.add(directory)
            found.setdefault(first, []).append(unmarked)
    return {path: tuple(unmarked) for path, unmarked in found.items()}


def unmarked_at(project: Index, path: str) -> Sequence[Unmarked]:
    """The directories that miss an `__init__.py` and whose first module is the file."""
    return () if is_marked(project, path) else project.row(unmarked_packages, path)


def is_marked(project: Index, path: str) -> bool:
    """Have all directories from the project's root (or `src`) down to a file an `__init__`
    file?"""
    layout, root = project.layout, project.root
    directory = os.path.dirname(path)
    while root is not None and directory not in (root, os.path.join(root, "src")):
        if len(directory) <= len(root) or not layout.is_regular_package(directory):
            return False
        directory = os.path.dirname(directory)
    return True


class _Survey:
    """What there is to know about the directories without `__init__.py` of a project."""

    def __init__(self, project: Index) -> None:
        self.project = project
        self.layout = project.layout
        self.missing: set[str] = set()  # in regular packages, found so far
        self.modules: dict[str, list[str]] = {}
        self.candidates: set[str] = set()
        root = project.root
        if root is None:
            return
        prefix = root.rstrip(os.sep) + os.sep
        for path in sorted(path for path in project.files if path.endswith(SOURCE_SUFFIXES)):
            directory, file_name = os.path.split(path)
            stem = file_name.partition(".")[0]
            if stem.isidentifier() and not keyword.iskeyword(stem) and stem != "__init__":
                self.modules.setdefault(directory, []).append(path)
            while directory.startswith(prefix) and directory not in self.candidates:
                self.candidates.add(directory)
                directory = os.path.dirname(directory)
        self.candidates = {d for d in self.candidates if self._can_be_package(d, root)}

    def _can_be_package(self, directory: str, root: str) -> bool:
        """Could an empty `__init__.py` make it a package, and does it need one for that?"""
        parent, name = os.path.split(directory)
        if not name.isidentifier() or keyword.iskeyword(name):
            return False
        if "{" in directory[len(root) :]:  # {{ cookiecutter.name }}
            return False
        if any(entry.startswith("__init__.") for entry in self.layout.listing(directory)):
            return False
        # A module of the name goes before a directory without `__init__.py`.
        beside = self.layout.listing(parent)
        return not any(
            entry.partition(".")[0] == name and entry.endswith(SOURCE_SUFFIXES + COMPILED_SUFFIXES)
            for entry in beside
        )

    def first_module(self, directory: str) -> str | None:
        """The first module in a directory; where it has only packages, the first below it."""
        paths = self.modules.get(directory)
        if paths is None:
            below = directory + os.sep
            paths = [
                path
                for path in self.project.files
                if path.startswith(below) and path.endswith(SOURCE_SUFFIXES)
            ]
        return next((p for p in sorted(paths) if self.project.module(p) is not None), None)

    def judge(self, directory: str) -> Unmarked | None:
        if directory in self._configured_roots:
            return None
        parent = os.path.dirname(directory)
        if self.layout.is_regular_package(parent) or parent in self.missing:
            return self._judge_inside(directory)
        if directory not in self.modules:
            return None
        imported = self.imported.get(directory)
        if imported is not None:
            module, name = imported
            dotted = name.rpartition(".")[0]
            if self._is_listed(dotted) or self._is_root(directory):
                return None
            inside = self._regular_above(dotted, directory)
            return Unmarked(directory, dotted, inside, "imported", name, module.path)
        relative = self._relative(directory)
        if relative is None or self._is_data(directory) or self._is_root(directory):
            return None
        module, name = relative
        dotted = self._dotted(directory)
        if self._is_listed(dotted):
            return None
        return Unmarked(directory, dotted, "", "relative", name, module.path)

    def _judge_inside(self, directory: str) -> Unmarked | None:
        """A directory in a regular package."""
        dotted = self._dotted(directory)
        if self._is_listed(dotted) or self._is_walked(dotted) or self._is_root(directory):
            return None
        if directory not in self.modules and not self._holds_packages(directory):
            return None
        is_used = (
            directory in self.imported
            or directory in self.imported_relatively
            or self._relative(directory) is not None
        )
        if is_used or not (
            self._is_data(directory) or self._is_run(directory) or self._is_hidden(directory)
        ):
            return Unmarked(directory, dotted, self._regular_above(dotted, directory), "parent")
        return None

    def _regular_above(self, dotted: str, directory: str) -> str:
        """The nearest regular package above a directory, as far as its dotted name goes."""
        while dotted and not self.layout.is_regular_package(directory):
            directory = os.path.dirname(directory)
            dotted = dotted.rpartition(".")[0]
        return dotted

    def _dotted(self, directory: str) -> str:
        """The name of a directory: below its packages, or from the nearest root above."""
        names = [os.path.basename(directory)]
        parent = os.path.dirname(directory)
        while self.layout.is_regular_package(parent) or parent in self.missing:
            names.append(os.path.basename(parent))
            parent = os.path.dirname(parent)
        _, namespace = self.layout.namespace_above(parent)
        return ".".join([namespace, *reversed(names)] if namespace else reversed(names))

    def _holds_packages(self, directory: str) -> bool:
        return any(
            is_directory
            and name.isidentifier()
            and self.layout.is_regular_package(os.path.join(directory, name))
            for name, is_directory in self.layout.listing(directory).items()
        ) or any(
            os.path.dirname(other) == directory and other in self.modules
            for other in self.candidates
        )

    def _is_run(self, directory: str) -> bool:
        """Are its modules scripts, or among the tests what they run or read?"""
        paths = self.modules.get(directory)
        if paths is None:
            return False
        modules = [module for path in paths if (module := self.project.module(path)) is not None]
        if all(is_run_alone(module) for module in modules):
            return True
        return all(module.is_test for module in modules) and not any(
            is_named_as_test(path) for path in paths
        )

    def _is_hidden(self, directory: str) -> bool:
        """Are its modules loaded by their paths, as far as is known?"""
        paths = self.modules.get(directory)
        return paths is not None and all(standing(self.project, p) == HIDDEN for p in paths)

    def _is_data(self, directory: str) -> bool:
        """Is it, or is it in, a directory whose files are data by its name?"""
        root = self.project.root or ""
        below = directory[len(root) :].split(os.sep)
        return any(
            "namespace" in name or not _NO_PACKAGES.isdisjoint(name.lower().split("_"))
            for name in below
        )

    @cached_property
    def _configured_roots(self) -> frozenset[str]:
        root = self.project.root or ""
        if self.layout.src is not None:
            return frozenset((root, *self.layout.import_roots))
        return frozenset((root, os.path.join(root, "src")))

    def _is_listed(self, dotted: str) -> bool:
        return dotted in self.project.namespace_packages

    def _is_walked(self, dotted: str) -> bool:
        """Does any code look through `__path__` of the package, for others to add to it?"""
        name = dotted.rpartition(".")[2]
        return any(
            receiver.rpartition(".")[2] == name
            for _, receiver, _ in self.project.row(tables.uses, "__path__")
        )

    # What the project's imports say

    def _imports(self, *, relative: bool) -> Iterator[tuple[Module, str]]:
        """Who imports what, by absolute names, in relative or absolute imports."""
        for module, statement in tables.imports(self.project):
            names: Iterable[str] = ()
            if not statement.level:
                names = () if relative else absolute_names(statement)
            elif relative:
                base = module.absolute("." * statement.level + statement.module)
                names = () if base is None else (base, *(f"{base}.{n}" for n, _ in statement.names))
            for name in names:
                yield module, name

    @cached_property
    def imported(self) -> dict[str, tuple[Module, str]]:
        """The directories through which an absolute import names one of their modules: who
        imports, and what."""
        return self._imported_through(relative=False)

    @cached_property
    def imported_relatively(self) -> dict[str, tuple[Module, str]]:
        return self._imported_through(relative=True)

    def _imported_through(self, *, relative: bool) -> dict[str, tuple[Module, str]]:
        modules: dict[tuple[str, str], list[str]] = {}
        for directory in self.candidates:
            for path in self.modules.get(directory, ()):
                stem = os.path.basename(path).partition(".")[0]
                modules.setdefault((os.path.basename(directory), stem), []).append(directory)
        found: dict[str, tuple[Module, str]] = {}
        for module, dotted in self._imports(relative=relative):
            parts = dotted.split(".")
            if len(parts) < 2 or tuple(parts[-2:]) not in modules:
                continue
            reached = self.layout.find(dotted, module.path)
            directory = os.path.dirname(reached.path) if reached is not None else ""
            if directory in modules[parts[-2], parts[-1]]:
                found.setdefault(directory, (module, dotted))
        return found

    def _relative(self, directory: str) -> tuple[Module, str] | None:
        """A relative import of one module of a directory by another."""
        for path in self.modules.get(directory, ()):
            module = self.project.module(path)
            for statement in module.facts.imports if module is not None else ():
                if module is None or statement.level != 1:
                    continue
                names = [statement.module] if statement.module else [n for n, _ in statement.names]
                for name in names:
                    first = name.partition(".")[0]
                    if self.layout.find_below(directory, [first]) is not None:
                        return module, "." + name
        return None

    @cached_property
    def _first_names(self) -> frozenset[str]:
        """With what the names of absolute imports start."""
        return frozenset(name.partition(".")[0] for _, name in self._imports(relative=False))

    def _is_root(self, directory: str) -> bool:
        """Does any code import what is in a directory as if it were on `sys.path`?"""
        roots = {*self._configured_roots, *self.layout.import_roots} - {directory}
        for entry, is_directory in self.layout.listing(directory).items():
            name = entry.partition(".")[0]
            if name == "__pycache__" or name in sys.stdlib_module_names:
                continue
            if not is_directory and not entry.endswith(SOURCE_SUFFIXES):
                continue
            if name not in self._first_names:
                continue
            if is_directory and not self.layout.is_regular_package(os.path.join(directory, entry)):
                continue
            if all(self.layout.find_below(root, [name]) is None for root in roots):
                return True
        return False
