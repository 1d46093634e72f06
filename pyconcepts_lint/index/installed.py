"""What is installed beside a project: where its imports lead when the project has no such module.

Installed modules are known as those of the standard library are. They are never evidence of what
the project does, and nothing is reported in them. A file of theirs is read only when a question
leads there, and what an answer rests on is noted name by name and file by file: to install or
remove a package makes only that stale which has asked for its names.
"""

from __future__ import annotations

import os
import re

from ..base.digests import stat_of
from ..base.regular import read_regular
from ..base.typed import TYPE_CHECKING, NamedTuple
from .tracking import fact, name_of, question

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Protocol

    class Finder(Protocol):
        installed: Installed

        def reached(self, directory: str, name: str) -> list[object]: ...

    class HasLayout(Protocol):
        @property
        def layout(self) -> Finder: ...


STUBS = "-stubs"
"""What the name of a package that has nothing but stubs ends with."""


class Installed(NamedTuple):
    """Where installed modules lie.

    `places` are the directories of the search path behind the project's own and the standard
    library, in their order. `mapped` has what editable installs find elsewhere: top-level names,
    each with the directory of a package or the file of a module.
    """

    places: tuple[str, ...] = ()
    mapped: tuple[tuple[str, str], ...] = ()

    def prefixes(self) -> tuple[str, ...]:
        """What the paths of all installed files start with."""
        above = (path if path.endswith(".py") else path + os.sep for _, path in self.mapped)
        return (*(place.rstrip(os.sep) + os.sep for place in self.places), *above)

    def place_of(self, path: str) -> tuple[str, list[str]]:
        """From where the name of an installed file starts, and the parts of that, `__init__` for
        that of a package."""
        for name, mapped in self.mapped:
            if path == mapped:
                return os.path.dirname(mapped), [name]
            if path.startswith(mapped + os.sep):
                inside = os.path.splitext(path[len(mapped) + 1 :])[0]
                return os.path.dirname(mapped), [name, *inside.split(os.sep)]
        holding = [each for each in self.places if path.startswith(each.rstrip(os.sep) + os.sep)]
        place = max(holding, key=len)
        first, *others = parts_below(place, path)
        return place, [first.removesuffix(STUBS), *others]


def parts_below(place: str, path: str) -> list[str]:
    """The names of the directories from a place down to a file of source, and the file's."""
    return os.path.splitext(os.path.relpath(path, place))[0].split(os.sep)


NOTHING = Installed()
LARGEST_INSTALLED = 3_000_000
"""Bytes of an installed file that is read: what is larger holds data or is generated."""
LARGEST_RECORD = 20_000_000
ROOM_FOR_SPELLINGS = 40_000_000
"""Characters of a package that are looked through for a name."""


def looked_at(kind: str, of: str) -> Iterator[str]:
    """The files and directories that tell whether such an input is what it was."""
    if kind == name_of(installed_file):
        yield of
    elif kind == name_of(entry):
        yield os.path.dirname(of)
        yield of  # it may be a package


@fact
def search_path(project: HasLayout) -> object:
    """Where installed modules lie."""
    return list(project.layout.installed)


@question
def entry(project: HasLayout, path: str) -> object:
    """What a name without dots reaches in a directory of installed modules."""
    directory, name = os.path.split(path)
    return project.layout.reached(directory, name)


@question
def installed_file(project: HasLayout, path: str) -> object:
    """The state of an installed file."""
    return stat_of(path)


@question
def distribution(project: HasLayout, path: str) -> tuple[str, str] | None:
    """The name and the version of the distribution that has installed a file; None where that isn't
    told."""
    place, parts = project.layout.installed.place_of(path)
    try:
        told = [each for each in os.listdir(place) if each.endswith((".dist-info", ".egg-info"))]
    except OSError:
        return None
    written = os.path.relpath(path, place).replace(os.sep, "/")
    # Most are called as what they install.
    told.sort(key=lambda each: (not each.lower().startswith(f"{parts[0].lower()}-"), each))
    for each in told:
        record = _read(os.path.join(place, each, "RECORD"))
        if record.startswith(f"{written},") or f"\n{written}," in record:
            metadata = _read(os.path.join(place, each, "METADATA")).split("\n\n")[0]
            fields = dict(line.partition(": ")[::2] for line in metadata.splitlines())
            if fields.get("Name") and fields.get("Version"):
                return fields["Name"].strip(), fields["Version"].strip()
    return None


def _read(path: str) -> str:
    try:
        return read_regular(path, LARGEST_RECORD).decode("utf-8", "replace")
    except OSError:
        return ""


@question
def is_spelled(project: HasLayout, key: str) -> bool:
    """Does a file of an installed package spell a name in quotes, or bind an attribute of that name?

    The key is the package's directory, a NUL, and the name. A package that is too large to be
    looked through may spell any.
    """
    package, _, name = key.partition("\0")
    spelled = rf"""["']{re.escape(name)}["']|\.{re.escape(name)}\s*(?::[^=\n]*)?=[^=]"""
    return _says(package, spelled)


@question
def may_make_submodule(project: HasLayout, key: str) -> bool:
    """May the code of an installed package make a submodule of a name that no file is?

    It does so where it spells the name at the end of a string, or changes how modules are found.
    The key is that of `is_spelled`; in place of the directory there may be one file.
    """
    package, _, name = key.partition("\0")
    return _says(package, rf"""["'][\w.]*(?<!\w){re.escape(name)}["']|{_MAKES_MODULES}""")


_MAKES_MODULES = (
    r"\bmeta_path\b|\bpath_hooks\b|\bextend_path\b|\bapipkg\b|\bdeclare_namespace\b"
    r"|\bmodules\[[^\n]*\]\s*=[^=]|\bmodules\.(?:update|setdefault|__setitem__)\b"
    r"|__path__\s*(?:\.(?:append|insert|extend)\b|\+?=[^=]|\[[^\n]*\]\s*=[^=])"
)


def _says(package: str, pattern: str) -> bool:
    """Is a pattern found in a file of a package, or is it too large to be looked through?"""
    found = re.compile(pattern)
    room = ROOM_FOR_SPELLINGS
    for path in _sources(package):
        text = _read(path)
        room -= len(text)
        if room < 0 or found.search(text):
            return True
    return False


def _sources(package: str) -> Iterator[str]:
    if not os.path.isdir(package):
        yield package
    for directory, names, files in os.walk(package):
        names[:] = [each for each in names if each not in ("__pycache__", "tests", "test")]
        for file in files:
            if file.endswith((".py", ".pyi")):
                yield os.path.join(directory, file)
