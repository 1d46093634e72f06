"""What Python's import system would find on disk: roots, packages, modules.

Everything here comes from directory listings, and from the names that the project's imports spell;
no file is opened. Paths are absolute.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum

from ..base.cells import NOTEBOOK
from ..base.typed import TYPE_CHECKING, NamedTuple
from .installed import NOTHING, STUBS, Installed, entry, search_path
from .tracking import Input, Tracker, fact, question

if TYPE_CHECKING:
    from typing import Protocol

    class HasLayout(Protocol):
        layout: Layout


SOURCE_SUFFIXES = (".py", ".pyi")
COMPILED_SUFFIXES = (".so", ".pyd", ".pyc")
# Of what a build makes modules.
UNBUILT_SUFFIXES = (".c", ".cc", ".cpp", ".pxd", ".py.in", ".pyx", ".pyx.in", ".rs")


@question
def names_in(project: HasLayout, directory: str) -> object:
    """The names in a directory that may be modules or packages."""
    listing = project.layout.listing(directory)
    return sorted(item for item in listing.items() if _matters(*item))


@fact
def roots(project: HasLayout) -> object:
    """From where imports start, and what the names of files rest on beside directories."""
    return project.layout.judgement


def _matters(name: str, is_directory: bool) -> bool:
    """Could a name in a directory be a module or a package?"""
    if is_directory:
        return name.isidentifier() and name != "__pycache__"
    return name.endswith((*SOURCE_SUFFIXES, *COMPILED_SUFFIXES, *UNBUILT_SUFFIXES))


class ModuleName(NamedTuple):
    """Where a file stands in the import world.

    `root` is the directory that has to be on `sys.path`, `dotted` the name to import from
    there (the package's own for an `__init__` file), `package` the dotted name of the package
    that relative imports start from ("" outside any). `regular` is True inside a regular
    package, whose name and root the directories leave no doubt about.
    """

    root: str
    dotted: str
    package: str
    is_package: bool
    regular: bool


class FoundKind(StrEnum):
    """What an import finds."""

    MODULE = "module"
    PACKAGE = "package"
    NAMESPACE = "namespace"  # a package without `__init__`
    COMPILED = "compiled"  # a module that is there, but can't be read


class Found(NamedTuple):
    """What an import of a dotted name would reach.

    `path` is the file of a module or package, the directory of a namespace package. `portions` are
    the further directories of that, in the order of the search path.
    """

    kind: FoundKind
    path: str
    portions: tuple[str, ...] = ()

    @property
    def is_module(self) -> bool:
        return self.kind is FoundKind.MODULE

    @property
    def is_package(self) -> bool:
        """Is it a package with an `__init__` file?"""
        return self.kind is FoundKind.PACKAGE

    @property
    def is_namespace(self) -> bool:
        return self.kind is FoundKind.NAMESPACE

    @property
    def is_compiled(self) -> bool:
        return self.kind is FoundKind.COMPILED

    @property
    def is_file(self) -> bool:
        """Is it a module, or package, with Python source?"""
        return self.kind is FoundKind.MODULE or self.kind is FoundKind.PACKAGE

    @property
    def holds_modules(self) -> bool:
        """Is it a package of either kind?"""
        return self.kind is FoundKind.PACKAGE or self.kind is FoundKind.NAMESPACE


class Layout:
    """The import world of one project.

    Args:
        root: the project's root directory, or None for files that belong to no project.
        src: import roots that the settings name; None to find them.
        files: the project's own files.
        extra_files: files that count as there although they aren't on disk yet.
        tracker: is told of the directories that answers rest on.
        spelled: gives the dotted names that absolute imports of the project spell.
        installed: where the modules lie that are installed beside the project.
    """

    def __init__(
        self,
        root: str | None,
        src: Sequence[str] | None,
        files: Iterable[str],
        extra_files: Iterable[str] = (),
        tracker: Tracker | None = None,
        spelled: Callable[[], Iterable[str]] = tuple,
        installed: Installed = NOTHING,
    ) -> None:
        self._spelled = spelled
        self.installed = installed
        self._installed_prefixes = installed.prefixes()
        self._is_installed: dict[str, bool] = {}
        self.root = root
        self.tracker = tracker or Tracker()
        self.src = src
        self._files = files
        self._extra: dict[str, list[str]] = {}
        for path in extra_files:
            directory, name = os.path.split(path)
            self._extra.setdefault(directory, []).append(name)
        self._listings: dict[str, dict[str, bool]] = {}
        self._compiled: dict[str, frozenset[str]] = {}
        self._names: dict[str, tuple[ModuleName, frozenset[Input]]] = {}
        self._roots: tuple[str, ...] | None = None
        # Directories above topmost regular packages that are packages themselves, with the import
        # root above them; and those that may be both a package and an import root.
        self._namespaces: dict[str, str] = {}
        self._doubtful: set[str] = set()
        self._is_cut_at_root = False

    def listing(self, directory: str) -> dict[str, bool]:
        """The names in a directory, each with whether it is a directory itself.

        What an answer owes to a directory of installed modules is noted name by name.
        """
        if not self.is_installed(directory):
            self.tracker.note(names_in, directory)
        listing = self._listings.get(directory)
        if listing is None:
            listing = {}
            try:
                with os.scandir(directory) as entries:
                    for entry in entries:
                        listing[entry.name] = _is_directory(entry)
            except OSError:
                pass
            for name in self._extra.get(directory, ()):
                listing.setdefault(name, False)
            self._listings[directory] = listing
        return listing

    def is_installed(self, path: str) -> bool:
        """Does a file or a directory lie among what is installed?"""
        prefixes = self._installed_prefixes
        if not prefixes:
            return False
        known = self._is_installed.get(path)
        if known is None:
            known = self._is_installed[path] = (path + os.sep).startswith(prefixes)
        return known

    def init_file(self, directory: str) -> str | None:
        """The file that makes a directory a regular package, or None."""
        listing = self.listing(directory)
        for name in ("__init__.py", "__init__.pyi"):
            if listing.get(name) is False:
                return os.path.join(directory, name)
        return None

    def is_regular_package(self, directory: str) -> bool:
        return self.init_file(directory) is not None

    def top_package(self, directory: str) -> str | None:
        """The topmost directory of the chain of regular packages that holds `directory`."""
        top = None
        while self.is_regular_package(directory):
            top = directory
            parent = os.path.dirname(directory)
            if parent == directory:
                break
            directory = parent
        return top

    @property
    def import_roots(self) -> tuple[str, ...]:
        """The directories that imports start from, the likeliest first."""
        self.tracker.note(roots, "")
        if self._roots is None:
            with self.tracker.ignore():
                self._roots = self._import_roots()
        return self._roots

    def _import_roots(self) -> tuple[str, ...]:
        if self.src is not None:
            base = self.root or os.getcwd()
            return tuple(dict.fromkeys(os.path.normpath(os.path.join(base, s)) for s in self.src))
        roots: dict[str, None] = {}
        above: dict[str, None] = {}  # directories that hold topmost regular packages
        if self.root is not None:
            source = os.path.join(self.root, "src")
            if self.listing(self.root).get("src") and not self.is_regular_package(source):
                above[source] = None
                roots[source] = None
            roots[self.root] = None
        directories = {os.path.dirname(path) for path in self._files}
        for directory in sorted(directories):
            top = self.top_package(directory)
            if top is not None:
                above.setdefault(os.path.dirname(top))
        above.pop(self.root or "", None)
        names = _Spelled(self._spelled()) if above else _Spelled(())
        self._judge(above, roots, names)
        if self.root is not None and self.is_regular_package(self.root):
            self._judge_root(self.root, names)
        return tuple(roots)

    def _judge_root(self, root: str, names: _Spelled) -> None:
        """Is the project's root, which has an `__init__` file, a package or an import root?"""
        above = os.path.dirname(self.top_package(root) or root)
        package = ".".join(_parts(above, root))
        entries = {name.partition(".")[0] for name in self.listing(root)}
        is_package = any(f"{package}.{entry}" in names.modules for entry in entries)
        is_root = any(
            name.partition(".")[0] in entries
            and name.partition(".")[0] not in sys.stdlib_module_names
            and self.find_below(above, name.split(".")) is None
            and self.find_below(root, name.split(".")) is not None
            for name in names.modules
        )
        if is_root and not is_package:
            self._is_cut_at_root = True
        elif is_root or not is_package:
            self._doubtful.add(above)

    def _judge(self, above: Iterable[str], roots: dict[str, None], names: _Spelled) -> None:
        """Which of the directories above topmost regular packages do imports start from?

        One that imports go through, by a name that starts at a root above it, is a namespace
        package, and so is one in a regular package or below `src`, as long as no import starts
        from it.
        """
        source = None if self.root is None else os.path.join(self.root, "src")
        for directory in sorted(above, key=len):
            root = max((r for r in roots if directory.startswith(r + os.sep)), key=len, default="")
            parts = _parts(root, directory)
            if not parts or not all(part.isidentifier() for part in parts):
                roots.setdefault(directory)
                continue
            dotted = ".".join(parts)
            entries = {
                name.partition(".")[0]
                for name, is_directory in self.listing(directory).items()
                if is_directory or name.endswith(SOURCE_SUFFIXES)
            }
            is_package = dotted in names.folders or any(
                f"{dotted}.{entry}" in names.modules for entry in entries
            )
            is_root = any(
                entry in names.firsts
                and entry not in sys.stdlib_module_names
                and all(r == directory or self.find_below(r, [entry]) is None for r in roots)
                for entry in entries
            )
            lies_inside = any(
                self.is_regular_package(os.path.join(root, *parts[:number]))
                for number in range(1, len(parts))
            )
            if is_package and is_root:
                self._doubtful.add(directory)
                roots.setdefault(directory)
            elif is_package or ((lies_inside or root == source) and not is_root):
                self._namespaces[directory] = root
                roots.pop(directory, None)
            else:
                roots.setdefault(directory)

    @property
    def judgement(self) -> tuple[object, ...]:
        """What `import_roots` and the names of files rest on, beside directories."""
        roots = self.import_roots
        return roots, sorted(self._namespaces.items()), sorted(self._doubtful), self._is_cut_at_root

    def namespace_above(self, directory: str) -> tuple[str, str]:
        """For a directory above a topmost regular package, the root that its name starts from, and
        that name: "" for a root itself."""
        if self.src is not None:
            roots = [r for r in self.import_roots if f"{directory}{os.sep}".startswith(r + os.sep)]
            root = max(roots, key=len, default=directory)
            parts = _parts(root, directory)
            if all(part.isidentifier() for part in parts):
                return root, ".".join(parts)
            return directory, ""
        if directory == self.root or self.root is None:
            return directory, ""
        self.import_roots  # noqa: B018 - it judges the directories, and notes that it is asked
        root = self._namespaces.get(directory, directory)
        return root, ".".join(_parts(root, directory))

    def has_two_names(self, path: str) -> bool:
        """Do imports of the project name what lies around a file, in a regular package, both from
        the directory above its topmost package and from a root further up?"""
        top = self.top_package(os.path.dirname(path))
        if top is None or self.src is not None or os.path.dirname(top) == self.root:
            return False
        self.import_roots  # noqa: B018
        return os.path.dirname(top) in self._doubtful

    def name_of(self, path: str) -> ModuleName:
        """The import name of a file: by the regular packages around it, else by its root."""
        known = self._names.get(path)
        if known is None:
            with self.tracker.record() as inputs:
                name = self._name_of(path)
            known = self._names[path] = (name, frozenset(inputs))
        else:
            self.tracker.note_all(known[1])
        return known[0]

    def _name_of(self, path: str) -> ModuleName:
        directory, file_name = os.path.split(path)
        stem = file_name.partition(".")[0]
        if file_name.endswith(NOTEBOOK):
            # No import reaches it, and it is run in its directory as a script would be.
            return ModuleName(directory, f"{stem}-notebook", "", False, False)
        is_package = stem == "__init__"
        top = self.top_package(directory)
        if top is not None:
            root, package = self._package_of(directory, top)
            dotted = package if is_package else f"{package}.{stem}"
            return ModuleName(root, dotted, package, is_package, True)
        if self.src is not None or self.root is not None:
            # Through namespace packages, from the nearest root above.
            for root in sorted(self.import_roots, key=len, reverse=True):
                if directory.startswith(root + os.sep):
                    parts = os.path.relpath(directory, root).split(os.sep)
                    if all(part.isidentifier() for part in parts):
                        package = ".".join(parts)
                        return ModuleName(root, f"{package}.{stem}", package, False, False)
                    break
        return ModuleName(directory, stem, "", False, False)

    def _package_of(self, directory: str, top: str) -> tuple[str, str]:
        """The root and the name of a regular package, of which `top` is the topmost."""
        parent = os.path.dirname(top)
        root, namespace = self.namespace_above(parent)
        cuts: Iterable[str] = ()
        if self.src is not None:
            cuts = sorted(self.import_roots, key=len, reverse=True)
        elif self._is_cut_at_root and self.root is not None:
            cuts = [self.root]
        for cut in cuts:
            parts = _parts(cut, directory)
            if parts and all(part.isidentifier() for part in parts):
                return cut, ".".join(parts)
        parts = _parts(parent, directory)
        return root, ".".join([namespace, *parts] if namespace else parts)

    def find_below(self, directory: str, parts: Sequence[str]) -> Found | None:
        """What the dotted name `parts` reaches from `directory`, by the file system alone."""
        return self.find_on((directory,), parts)

    def find_on(self, places: Sequence[str], parts: Sequence[str]) -> Found | None:
        """What the dotted name `parts` reaches on a search path of these directories.

        That is what `importlib.machinery.PathFinder` says: the first directory on the path that
        has a module or a regular package wins, and all that could be portions of a namespace
        package make one where none has. What has nothing but a stub comes between the two. Below
        a compiled module that is no package all is taken for compiled, for it may put there what
        it likes.
        """
        found: Found | None = None
        for number, part in enumerate(parts):
            found, portions = None, []
            for place in places:
                one = self._find_in(place, part)
                if one is None:
                    continue
                if one.is_namespace:
                    portions.append(one.path)
                    continue
                if found is None or not self._is_stub(one):
                    found = one
                if not self._is_stub(one):
                    break
            if found is None:
                if not portions:
                    return None
                found = Found(FoundKind.NAMESPACE, portions[0], tuple(portions[1:]))
                places = portions
            elif found.is_package:
                places = (os.path.dirname(found.path),)
            elif found.is_compiled and self._is_compiled_package(found.path):
                places = (found.path,)
            elif number < len(parts) - 1:
                return found if found.is_compiled else None
        return found

    def find_installed(self, dotted: str) -> Found | None:
        """What a dotted name reaches among what is installed."""
        self.tracker.note(search_path, "")
        parts = dotted.split(".")
        found = self.find_on(self.installed.places, parts)
        if found is None or found.is_namespace:
            found = self._find_mapped(parts) or found
        if found is None or found.is_compiled:
            # Stubs of a package may be a distribution of their own
            # (https://typing.python.org/en/latest/spec/distributing.html#stub-only-packages).
            stub = self.find_on(self.installed.places, [parts[0] + STUBS, *parts[1:]])
            is_stub = stub is not None and stub.is_file
            found = stub if is_stub else found
        return found

    def _find_mapped(self, parts: Sequence[str]) -> Found | None:
        """What a dotted name reaches by way of an editable install."""
        path = dict(self.installed.mapped).get(parts[0])
        if path is None:
            return None
        if path.endswith(".py"):
            return Found(FoundKind.MODULE, path) if len(parts) == 1 else None
        if len(parts) > 1:
            return self.find_on((path,), parts[1:])
        self.tracker.note(entry, os.path.join(path, "__init__"))
        init = self.init_file(path)
        return Found(FoundKind.NAMESPACE, path) if init is None else Found(FoundKind.PACKAGE, init)

    def reached(self, directory: str, name: str) -> list[object]:
        """What a name reaches in a directory of installed modules, and what of it `find_on` asks."""
        found = self._found_in(directory, name)
        if found is None:
            return []
        return [*found, self._is_stub(found), self._is_compiled_package(found.path)]

    def _find_in(self, directory: str, name: str) -> Found | None:
        """What a name without dots reaches in one directory."""
        if self.is_installed(directory):
            self.tracker.note(entry, f"{directory}{os.sep}{name}")
        return self._found_in(directory, name)

    def _found_in(self, directory: str, name: str) -> Found | None:
        """See `_find_in`.

        The source of a module, or a stub, is found before what is compiled of it.
        """
        listing = self.listing(directory)
        is_directory = listing.get(name)
        path = f"{directory}{os.sep}{name}"
        stub = None
        if is_directory:
            init = self.init_file(path)
            if init is not None:
                stub = Found(FoundKind.PACKAGE, init)
                if not self._is_stub(stub):
                    return stub
            elif self._is_compiled_package(path):
                return Found(FoundKind.COMPILED, path)
        for suffix in SOURCE_SUFFIXES:
            if listing.get(name + suffix) is False:
                module = Found(FoundKind.MODULE, path + suffix)
                return stub if stub is not None and self._is_stub(module) else module
        if name in self._compiled_in(directory, listing):
            return Found(FoundKind.COMPILED, path)
        return stub or (Found(FoundKind.NAMESPACE, path) if is_directory else None)

    def _is_compiled_package(self, directory: str) -> bool:
        return "__init__" in self._compiled_in(directory, self.listing(directory))

    def _is_stub(self, found: Found) -> bool:
        """Is there a stub of a module and nothing else?"""
        if not found.path.endswith(".pyi"):
            return False
        directory, name = os.path.split(found.path)
        return name[:-4] not in self._compiled_in(directory, self.listing(directory))

    def _compiled_in(self, directory: str, listing: dict[str, bool]) -> frozenset[str]:
        """The names of the compiled modules in a directory."""
        stems = self._compiled.get(directory)
        if stems is None:
            stems = self._compiled[directory] = frozenset(
                name.partition(".")[0]
                for name, is_directory in listing.items()
                if not is_directory and name.endswith(COMPILED_SUFFIXES)
            )
        return stems

    def find(self, dotted: str, importer: str) -> Found | None:
        """What `import dotted` in the file `importer` reaches within the project.

        The importer's own root goes first, then the other roots; a name that two other roots
        have is unknown (None), for which of them is on `sys.path` can't be known.
        """
        parts = dotted.split(".")
        own, others = self._search_path(importer)
        found = self.find_on(own, parts)
        if found is not None and not found.is_namespace:
            return None if self._may_be_elsewhere(parts[0], importer) else found
        candidates = {found} if found is not None else set()
        for root in others:
            one = self.find_below(root, parts)
            if one is not None:
                candidates.add(one)
        solid = {found for found in candidates if not found.is_namespace}
        chosen = solid or candidates
        return chosen.pop() if len(chosen) == 1 else None

    def _may_be_elsewhere(self, first: str, importer: str) -> bool:
        """Is it open whether a name without dots is looked for beside a file's own root, for that
        is a package of its own in other imports of the project?"""
        own = self.name_of(importer)
        if self.src is not None or (own.regular and own.dotted.partition(".")[0] == first):
            return False
        self.import_roots  # noqa: B018 - it judges the directories, and notes that it is asked
        return own.root in self._doubtful

    def has_module(self, name: str, importer: str) -> bool:
        """Is a name without dots surely or possibly a module or a regular package of the project?

        A directory that could be a part of a namespace package hides nothing further down the
        search path, such as the standard library.
        """
        own, others = self._search_path(importer)
        return any(
            found is not None and not found.is_namespace
            for found in (self._find_in(place, name) for place in (*own, *others))
        )

    def _search_path(self, importer: str) -> tuple[list[str], list[str]]:
        """From where the imports of a file start: its own root, with its directory where it may
        be run as a script, and the other roots."""
        own = self.name_of(importer)
        places = [own.root]
        directory = os.path.dirname(importer)
        if not own.regular and directory != own.root:
            places.append(directory)
        return places, [root for root in self.import_roots if root not in places]


def _is_directory(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads in a circle, or to a place that may not be read
        return False


class _Spelled:
    """The names that absolute imports spell.

    `modules` are they and all that they start with, `firsts` their first parts where more follows,
    `folders` packages of which all modules are imported by computed names.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.modules: set[str] = set()
        self.firsts: set[str] = set()
        self.folders: set[str] = set()
        for name in names:
            dotted = name.removesuffix(".*")
            if dotted != name:
                self.folders.add(dotted)
            if "." in dotted:
                self.firsts.add(dotted.partition(".")[0])
            while dotted and dotted not in self.modules:
                self.modules.add(dotted)
                dotted = dotted.rpartition(".")[0]


def _parts(root: str, directory: str) -> list[str]:
    """The names of the directories from a root down to a directory; [] where it isn't below."""
    prefix = root.rstrip(os.sep) + os.sep
    return directory[len(prefix) :].split(os.sep) if directory.startswith(prefix) else []
