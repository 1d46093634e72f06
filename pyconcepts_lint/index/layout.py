"""What Python's import system would find on disk: roots, packages, modules.

Everything here comes from directory listings; no file is opened. Paths are absolute.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence

from ..typed import NamedTuple
from .tracking import Input, Tracker

SOURCE_SUFFIXES = (".py", ".pyi")
COMPILED_SUFFIXES = (".so", ".pyd")
# Of what a build makes modules.
UNBUILT_SUFFIXES = (".c", ".cc", ".cpp", ".pxd", ".py.in", ".pyx", ".pyx.in", ".rs")


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


class Found(NamedTuple):
    """What an import of a dotted name would reach.

    `kind` is `module` or `package` (`path` is its file), `namespace` (`path` is the directory),
    or `compiled` (there, but it can't be read).
    """

    kind: str
    path: str


class Layout:
    """The import world of one project.

    Args:
        root: the project's root directory, or None for files that belong to no project.
        src: import roots that the settings name; None to find them.
        files: the project's own files.
        extra_files: files that count as there although they aren't on disk yet.
        tracker: is told of the directories that answers rest on.
    """

    def __init__(
        self,
        root: str | None,
        src: Sequence[str] | None,
        files: Iterable[str],
        extra_files: Iterable[str] = (),
        tracker: Tracker | None = None,
    ) -> None:
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

    def listing(self, directory: str) -> dict[str, bool]:
        """The names in a directory, each with whether it is a directory itself."""
        self.tracker.note("directory", directory)
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
        self.tracker.note("roots", "")
        if self._roots is None:
            with self.tracker.ignore():
                self._roots = self._import_roots()
        return self._roots

    def _import_roots(self) -> tuple[str, ...]:
        if self.src is not None:
            base = self.root or os.getcwd()
            return tuple(dict.fromkeys(os.path.normpath(os.path.join(base, s)) for s in self.src))
        roots: dict[str, None] = {}
        if self.root is not None:
            source = os.path.join(self.root, "src")
            if self.listing(self.root).get("src") and not self.is_regular_package(source):
                roots[source] = None
            roots[self.root] = None
        directories = {os.path.dirname(path) for path in self._files}
        for directory in sorted(directories):
            top = self.top_package(directory)
            if top is not None:
                roots.setdefault(os.path.dirname(top))
        return tuple(roots)

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
        is_package = stem == "__init__"
        top = self.top_package(directory)
        if top is not None:
            root = os.path.dirname(top)
            package = directory[len(root) :].strip(os.sep).replace(os.sep, ".")
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

    def find_below(self, directory: str, parts: Sequence[str]) -> Found | None:
        """What the dotted name `parts` reaches from `directory`, by the file system alone."""
        found: Found | None = None
        for number, part in enumerate(parts):
            listing = self.listing(directory)
            is_directory = listing.get(part)
            path = f"{directory}{os.sep}{part}"
            if is_directory:
                init = self.init_file(path)
                if init is not None:
                    found = Found("package", init)
                    directory = path
                    continue
            for suffix in SOURCE_SUFFIXES:
                if listing.get(part + suffix) is False:
                    found = Found("module", path + suffix)
                    break
            else:
                if part in self._compiled_in(directory, listing):
                    return Found("compiled", path)
                if not is_directory:
                    return None
                found = Found("namespace", path)
                directory = path
                continue
            return found if number == len(parts) - 1 else None
        return found

    def _compiled_in(self, directory: str, listing: dict[str, bool]) -> frozenset[str]:
        """The names of the compiled modules in a directory."""
        stems = self._compiled.get(directory)
        if stems is None:
            stems = self._compiled[directory] = frozenset(
                name.partition(".")[0] for name in listing if name.endswith(COMPILED_SUFFIXES)
            )
        return stems

    def find(self, dotted: str, importer: str) -> Found | None:
        """What `import dotted` in the file `importer` reaches within the project.

        The importer's own root goes first, then the other roots; a name that two other roots
        have is nobody's (None), for which of them is on `sys.path` can't be known.
        """
        parts = dotted.split(".")
        own = self.name_of(importer)
        roots = [own.root]
        directory = os.path.dirname(importer)
        if not own.regular and directory != own.root:
            roots.append(directory)
        candidates: set[Found] = set()
        for root in roots:
            found = self.find_below(root, parts)
            if found is not None:
                if found.kind != "namespace":
                    return found
                candidates.add(found)
        for root in self.import_roots:
            found = self.find_below(root, parts) if root not in roots else None
            if found is not None:
                candidates.add(found)
        solid = {found for found in candidates if found.kind != "namespace"}
        chosen = solid or candidates
        return chosen.pop() if len(chosen) == 1 else None


def _is_directory(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads in a circle, or to where nobody may go
        return False
