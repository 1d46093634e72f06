"""What absolute names mean inside a regular package, and how they are written with dots.

A relative name is resolved against the importer's `__package__` alone (see
https://docs.python.org/3/library/importlib.html#importlib.util.resolve_name), so it means the
same module as an absolute one exactly where the absolute one starts with the names of the
packages that the importer really is in. That is asked of the directories, never of the text.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise

from pyconcepts_lint.base.answer import Answer, answer
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index.alone import is_run_alone
from pyconcepts_lint.index.layout import UNBUILT_SUFFIXES, Found, Layout
from pyconcepts_lint.index.model import Module
from pyconcepts_lint.index.names import STANDARD_LIBRARY
from pyconcepts_lint.index.standing import HIDDEN, PLAIN, PROVEN, standing

# Modules that a build makes.
_GENERATED = frozenset({"_version", "__version__"})
_GENERATED_SUFFIXES = ("_pb2", "_pb2_grpc")
_EVERY_MODULE_HAS = frozenset({"__doc__", "__file__", "__loader__", "__name__", "__package__"})
_OWN_PLACE_NAMES = ("__name__", "__package__", "__path__", "__spec__")


class Relative(NamedTuple):
    """An absolute module name as its importer could write it.

    `name` has the leading dots, of which there are `dots`. `here` is the importer and
    `dropped` the innermost of the packages that `name` leaves unnamed. `certain` is False
    where the importer may also be known by another name, so that dots could lead elsewhere.
    """

    name: str
    dots: int
    here: str
    dropped: str
    certain: bool


class Submodule(NamedTuple):
    """A module of the package: its absolute name, its parent, the last part of its name, its
    file."""

    dotted: str
    parent: Relative
    name: str
    path: str


class _Place(NamedTuple):
    """One way to see where a module stands: a root, and the packages from there to it.

    `gaps` is how many of the first packages are namespace packages.
    """

    root: str
    packages: tuple[str, ...]
    gaps: int


class OwnPackage:
    """The regular packages around a module."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.project = module.project
        self.layout: Layout = module.project.layout
        self.directory = os.path.dirname(module.path)

    @cached_property
    def places(self) -> tuple[_Place, ...]:
        return tuple(self._places())

    def _places(self) -> Iterator[_Place]:
        """The place that the module's name tells; none where it may have two names."""
        own = self.module.name
        top = self.layout.top_package(self.directory)
        if not own.regular or top is None or self.layout.has_two_names(self.module.path):
            return
        packages = _parts_between(own.root, self.directory)
        if packages and all(part.isidentifier() for part in packages):
            yield _Place(own.root, packages, len(_parts_between(own.root, os.path.dirname(top))))

    @cached_property
    def first_names(self) -> frozenset[str]:
        """With what an absolute name of something in the package may start."""
        return frozenset(place.packages[0] for place in self.places if _is_first(place))

    def relative(self, dotted: str, names: Sequence[str]) -> Relative | None:
        """How `from dotted import names` can be written with dots.

        Returns None where `dotted` lies elsewhere, beyond a namespace package, or may as well
        mean another top-level package of that name.
        """
        parts = tuple(dotted.split("."))
        meant = [
            place
            for place in self._candidates(parts)
            if self._is_meant(place, parts, self._target(place, parts), names)
        ]
        return self._relative(meant[0], parts) if len(meant) == 1 else None

    def relative_submodule(self, dotted: str) -> Submodule | None:
        """How the module `dotted` can be imported from its parent, written with dots.

        Returns None as `relative` does, for what is no module, and where the parent binds
        something else to the module's name: `import parent.module` would load the module all
        the same, `from parent import module` would not.
        """
        *parents, leaf = dotted.split(".")
        parts = tuple(parents)
        if not parts:
            return None
        meant = [
            (place, package, module)
            for place in self._candidates(parts)
            if (package := self._target(place, parts)) is not None
            and self.is_init(package)
            and (module := self._submodule(package, leaf)) is not None
        ]
        if len(meant) != 1:
            return None
        place, package, module = meant[0]
        is_attribute = self.attribute_is_module(package, leaf, module)
        if is_attribute is Answer.NO or not self._are_attributes(place, parts):
            return None
        parent = self._relative(place, parts)
        parent = parent._replace(certain=parent.certain and is_attribute is Answer.YES)
        return Submodule(dotted, parent, leaf, module)

    def _are_attributes(self, place: _Place, parts: Sequence[str]) -> bool:
        """Is each package on the way what the one around it has under its name?

        `import a.b.c as c` goes there by attributes, `from .b import c` doesn't.
        """
        directory = place.root
        for outer, inner in pairwise(parts):
            directory = os.path.join(directory, outer)
            init = self.layout.init_file(directory)
            below = self.layout.find_below(directory, [inner])
            if init is None or below is None:
                continue
            if self.attribute_is_module(init, inner, below.path) is Answer.NO:
                return False
        return True

    def longest_module(self, names: Sequence[str]) -> int:
        """How many of the names, from the first one, are a module of the package."""
        for place in self._candidates(names):
            directory = place.root
            for number, name in enumerate(names):
                found = self.layout.find_below(directory, [name])
                if found is None or (found.is_namespace and number >= place.gaps):
                    return number
                directory = os.path.join(directory, name)
            return len(names)
        return 0

    @staticmethod
    def is_init(path: str) -> bool:
        return os.path.basename(path).partition(".")[0] == "__init__"

    # Where a name leads

    def _candidates(self, parts: Sequence[str]) -> Iterator[_Place]:
        """The places from which a name may start that is inside the package."""
        first = parts[0]
        if first not in self.first_names or self.module.is_beside(first):
            return
        for place in self.places:
            if place.packages[0] != first or not _is_first(place):
                continue
            if _shared(place.packages, parts) <= place.gaps:
                continue
            if place.root == self.module.name.root or not self._rival(place, parts):
                yield place

    def _rival(self, place: _Place, parts: Sequence[str]) -> Found | None:
        """What a root that the importer isn't below has under the same name, and may as well be
        meant."""
        roots = {place.root for place in self.places}
        for root in self.layout.import_roots:
            if root in roots:
                continue
            top = self.layout.find_below(root, parts[:1])
            if top is None or top.is_namespace:
                continue
            # A regular package anywhere on sys.path hides all namespace portions.
            found = top if place.gaps else self.layout.find_below(root, parts)
            if found is not None:
                return found
        return None

    def _target(self, place: _Place, parts: Sequence[str]) -> str | None:
        """The file that a name leads to through regular packages only.

        "" where a build would make it; None where there is nothing.
        """
        directory = os.path.join(place.root, *place.packages[: place.gaps])
        rest = parts[place.gaps :]
        for number, part in enumerate(rest):
            path = os.path.join(directory, part)
            init = self.layout.init_file(path) if self._is_directory(directory, part) else None
            if init is None:
                if number < len(rest) - 1:
                    return None
                return self._file(directory, part)
            directory, target = path, init
        return target

    def _is_directory(self, directory: str, name: str) -> bool:
        return self.layout.listing(directory).get(name) is True

    def _file(self, directory: str, name: str) -> str | None:
        found = self.layout.find_below(directory, [name])
        if found is not None:
            return None if found.is_namespace else found.path
        listing = self.layout.listing(directory)
        if (
            name in _GENERATED
            or name.endswith(_GENERATED_SUFFIXES)
            or any(name + suffix in listing for suffix in UNBUILT_SUFFIXES)
        ):
            return ""
        return None

    def _submodule(self, package: str, name: str) -> str | None:
        """The file of a package's submodule; None for none and for a namespace package."""
        directory = os.path.dirname(package)
        found = self.layout.find_below(directory, [name])
        return None if found is None or found.is_namespace else found.path

    # What the importer means

    def _is_meant(
        self, place: _Place, parts: Sequence[str], path: str | None, names: Sequence[str]
    ) -> bool:
        """Is it this package's module that the names are imported from?

        A directory may be called like a package from elsewhere, with examples or tests for it
        inside: what is imported has to be there. At a root of the project that is no question.
        """
        if path is None:
            return False
        if self._is_established(place.root):
            if path == "":
                return place.root == self.module.name.root and not self._rival(place, parts[:1])
            return len(parts) > 1 or all(self.binds(path, name) is not Answer.NO for name in names)
        if path == "" or (len(parts) == 1 and "*" in names):
            return False
        return all(name == "*" or self.binds(path, name) is Answer.YES for name in names)

    def _is_established(self, root: str) -> bool:
        if self.layout.src is not None:
            return root in self.layout.import_roots
        project_root = self.layout.root
        return project_root is not None and root in (
            project_root,
            os.path.join(project_root, "src"),
        )

    def binds(self, path: str, name: str) -> Answer:
        """Does a module have a name, be it a submodule?"""
        directory = os.path.dirname(path)
        if self.is_init(path):
            if self.layout.find_below(directory, [name]) is not None or name == "__path__":
                return Answer.YES
            if self._file(directory, name) == "":
                return Answer.UNKNOWN
        if name in _EVERY_MODULE_HAS:
            return Answer.YES
        module = self.project.module(path) if path.endswith((".py", ".pyi")) else None
        if module is None:
            return Answer.UNKNOWN
        if name in module.bindings or self.project.member(module, name) is not None:
            return Answer.YES
        return Answer.UNKNOWN if self._has_unknown_names(module) else Answer.NO

    def _has_unknown_names(self, module: Module) -> bool:
        return (
            "__getattr__" in module.bindings
            or module.facts.dynamic_namespace
            or self.project.has_unknown_star(module)
        )

    def attribute_is_module(self, package: str, name: str, path: str) -> Answer:
        """Is a package's attribute of the name of a submodule that submodule?"""
        module = self.project.module(package)
        if module is None:
            return Answer.UNKNOWN
        symbol = self.project.member(module, name)
        if symbol is not None or name in module.bindings:
            return answer(isinstance(symbol, Module) and symbol.path == path)
        return Answer.UNKNOWN if self._has_unknown_names(module) else Answer.YES

    # The name with dots

    def _relative(self, place: _Place, parts: Sequence[str]) -> Relative:
        shared = _shared(place.packages, parts)
        dots = len(place.packages) - shared + 1
        here = ".".join(place.packages)
        if not self.module.name.is_package:
            here += "." + os.path.basename(self.module.path).partition(".")[0]
        return Relative(
            "." * dots + ".".join(parts[shared:]),
            dots,
            here,
            ".".join(place.packages[:shared]),
            self._is_certain(place),
        )

    def _is_certain(self, place: _Place) -> bool:
        if place.gaps:
            return any(
                ".".join(place.packages[: number + 1]) in self.project.namespace_packages
                for number in range(place.gaps)
            )
        return True


def _is_first(place: _Place) -> bool:
    """Does the name of the first package mean that one, not the standard library's?"""
    first = place.packages[0]
    return first not in sys.stdlib_module_names or first == "test" or place.root == STANDARD_LIBRARY


def is_hidden(module: Module) -> bool:
    """Does nothing import the module by the name that its folder gives it, where it may be loaded
    otherwise? Then it may be in no package."""
    return standing(module.project, module.path) == HIDDEN


def is_known_by_own_name(module: Module) -> bool:
    """Is the module surely loaded by the name that its folder gives it, and by no other?"""
    return standing(module.project, module.path) in (PLAIN, PROVEN)


def is_run_by_path(module: Module, line: int) -> bool:
    """May the code at a line run where the module was started, or loaded by its path, so that
    it is in no package? A relative import above would have ended that."""
    if any(name in module.bindings for name in _OWN_PLACE_NAMES):
        return True
    return module.first_relative_import >= line and is_run_alone(module)


def _parts_between(root: str, directory: str) -> tuple[str, ...]:
    """The names of the directories from a root down to a directory; () where it isn't below."""
    prefix = root.rstrip(os.sep) + os.sep
    return tuple(directory[len(prefix) :].split(os.sep)) if directory.startswith(prefix) else ()


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    """How many names two dotted names have in common from the start."""
    number = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        number += 1
    return number
