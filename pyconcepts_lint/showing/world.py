"""The project that a question is about, and how files, modules and classes are named in it."""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Iterable, Iterator

from ..base.settings import Configuration
from ..base.typed import TYPE_CHECKING
from ..index.layout import Found
from ..index.model import ClassModel, External, Module, SourceClass
from ..index.names import STANDARD_LIBRARY
from ..workspace.workspace import Workspace, Workspaces
from .answers import Unanswerable

if TYPE_CHECKING:
    from ..index.project import Project

MOST_NAMED = 10
"""So many things are named in one message."""


class World:
    """A project as a program sees it that starts there.

    Args:
        configuration: where its settings come from.
        directory: a directory of the project.
    """

    def __init__(self, configuration: Configuration, directory: str) -> None:
        self.directory = os.path.abspath(directory)
        self.workspaces = Workspaces(configuration)
        # Of a file that isn't there, it is the project around it.
        self.here = os.path.join(self.directory, "pyconcepts-lint-show.py")

    @property
    def workspace(self) -> Workspace:
        return self.workspaces.of(self.here)

    @property
    def project(self) -> Project:
        return self.workspace.project

    @property
    def no_project(self) -> str:
        """What to add to an error where nothing marks the directory as part of a project."""
        if self.workspaces.settings(self.here).is_project:
            return ""
        return "; nothing marks this directory as one of a project: --project names another"

    # Modules

    def module(self, name: str) -> Module:
        """The module of a dotted name, or of a file. Raises Unanswerable."""
        found = self.module_of_file(name) if _is_path(name) else self.find_module(name)
        if found is not None:
            return found
        if name in sys.builtin_module_names or name in sys.stdlib_module_names:
            raise Unanswerable(f"{name} has no Python source: it is a module of the interpreter")
        near = nearest(name, (module.name.dotted for module in self.project.modules()))
        raise Unanswerable(f"there is no module {name} here{near}{self.no_project}")

    def module_of_file(self, name: str) -> Module:
        path = os.path.join(self.directory, name)
        path = os.path.realpath(path) if os.path.islink(path) else os.path.normpath(path)
        if os.path.isdir(path):
            path = os.path.join(path, "__init__.py")
        if not os.path.isfile(path):
            raise Unanswerable(f"{name}: there is no such file")
        found = self.workspaces.of(path).project.module(path)
        if found is None:
            raise Unanswerable(f"{name}: it can't be read as Python")
        return found

    def find_module(self, dotted: str) -> Module | None:
        """The module of a dotted name, in the project or else in the standard library."""
        if not all(part.isidentifier() for part in dotted.split(".")):
            return None
        project = self.project
        found = project.find_import(dotted, self.here)
        if isinstance(found, Found) and found.is_file:
            return project.module(found.path)
        by_name = [module for module in project.modules() if module.name.dotted == dotted]
        if len(by_name) > 1:
            raise Unanswerable(
                f"{dotted} is more than one file: {_listed(m.path for m in by_name)}"
            )
        return by_name[0] if by_name else None

    # Classes

    def model(self, name: str) -> ClassModel:
        """The class of a name, a qualified or a full one, or `FILE:NAME`. Raises Unanswerable."""
        file, colon, rest = name.rpartition(":")
        if colon:
            module = self.module(file)
            named = [model for model in module.classes if rest == model.qualname]
            named = named or [model for model in module.classes if rest == model.name]
            return self._one(name, named, (model.qualname for model in module.classes))
        return self._one(name, self.find_classes(name), self._class_names())

    def find_classes(self, name: str) -> list[ClassModel]:
        """The classes that a name may mean: a full one, the end of one, or one of a built-in."""
        found: dict[ClassModel, None] = {}
        last = name.rpartition(".")[2]
        for model in self._classes():
            if model.name == last and f".{model.full_name}".endswith(f".{name}"):
                found[model] = None
        exact = [model for model in found if model.full_name == name]
        if exact or found:
            return list(exact or found)
        known = self._resolved(name)
        return [] if known is None else [known]

    def _resolved(self, name: str) -> ClassModel | None:
        """The class that a dotted name means, by way of a module or among the built-ins."""
        owner, _, last = name.rpartition(".")
        if not owner:
            import builtins

            live = getattr(builtins, last, None)
            return self.project.live_class(live) if isinstance(live, type) else None
        parts = name.split(".")
        for number in range(len(parts) - 1, 0, -1):
            dotted = ".".join(parts[:number])
            found = self.find_module(dotted)
            symbol = found or (
                External(dotted) if self.project.find_import(dotted, self.here) == dotted else None
            )
            for part in parts[number:]:
                symbol = symbol and self.project.attribute_of(symbol, part)  # type: ignore[assignment]
            if isinstance(symbol, ClassModel):
                return symbol
        return None

    def _classes(self) -> Iterator[SourceClass]:
        for module in self.project.modules():
            yield from module.classes

    def _class_names(self) -> Iterator[str]:
        for model in self._classes():
            yield from (model.name, model.full_name)

    def _one(
        self, name: str, found: list[ClassModel] | list[SourceClass], known: Iterable[str]
    ) -> ClassModel:
        if len(found) == 1:
            return found[0]
        if found:
            places = (f"{model.full_name} ({place_of(model)})" for model in found)
            raise Unanswerable(f"{name} is more than one class: {_listed(places)}")
        near = nearest(name, known)
        raise Unanswerable(f"there is no class {name} here{near}{self.no_project}")


def place_of(model: ClassModel) -> str:
    if isinstance(model, SourceClass):
        return f"{model.module.file_name}:{model.facts.line}"
    return "a class of the interpreter"


def is_standard(path: str) -> bool:
    """Does a file belong to the standard library of the running interpreter?"""
    return path.startswith(STANDARD_LIBRARY + os.sep) and "site-packages" not in path


def nearest(name: str, known: Iterable[str]) -> str:
    """What to add to a sentence that says that there is no such name."""
    found = difflib.get_close_matches(name, sorted(set(known)), 3, 0.6)
    return f"; did you mean {' or '.join(found)}?" if found else ""


def _listed(names: Iterable[str]) -> str:
    listed = list(names)
    more = f" and {len(listed) - MOST_NAMED} more" if len(listed) > MOST_NAMED else ""
    return ", ".join(listed[:MOST_NAMED]) + more


def _is_path(name: str) -> bool:
    return name.endswith((".py", ".pyi")) or "/" in name or os.sep in name
