"""What has changed on disk since the last look: files, directories, settings."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from ..base.digests import Stat, stat_of
from ..base.settings import DEFAULT_EXCLUDE, PROJECT_MARKERS, SETTINGS_FILES, and_above
from ..base.typed import NamedTuple
from ..source.discovery import SUFFIXES


class Changes(NamedTuple):
    """What has changed: `files` have other contents, or are gone; with `is_structure`, there are
    other files or directories, or other settings."""

    files: set[str]
    is_structure: bool


def settings_around(directories: Iterable[str]) -> dict[str, Stat | None]:
    """The state of the files, there or not, that hold settings for some directories."""
    around = {each for path in directories for each in and_above(path)}
    paths = (os.path.join(each, name) for each in around for name in SETTINGS_FILES)
    return {path: stat_of(path) for path in paths}


class Disk:
    """The state of files and directories as it was last seen.

    Args:
        files: the files that are looked at.
        directories: those in which there may be more.
        others: other files on which everything rests.
        settings: the state of files with settings, from before they were read: what is written
            meanwhile is a change.
    """

    def __init__(
        self,
        files: Iterable[str],
        directories: Iterable[str],
        others: Iterable[str],
        settings: Mapping[str, Stat | None],
    ) -> None:
        tops = set(directories)
        self._files = {path: stat_of(path) for path in files}
        self._others = {path: stat_of(path) for path in others} | settings_around(tops)
        self._others |= settings
        self._directories: dict[str, tuple[Stat | None, frozenset[str]]] = {
            path: (stat_of(path), _names(path)) for path in tops
        }

    def add(self, path: str) -> None:
        """Look at a file, too."""
        self._files.setdefault(path, stat_of(path))

    def look(self) -> Changes:
        """What has changed since the last look."""
        changed = set()
        for path, before in self._files.items():
            now = stat_of(path)
            if now != before:
                changed.add(path)
                self._files[path] = now
        is_structure = False
        for path, before in self._others.items():
            now = stat_of(path)
            if now != before:
                self._others[path] = now
                is_structure = True
        for path, (state, names) in self._directories.items():
            now = stat_of(path)
            if now != state:
                # A saved file may have been written beside and moved: the names are as they were.
                found = _names(path)
                self._directories[path] = now, found
                is_structure = is_structure or found != names
        return Changes(changed, is_structure)


def _names(directory: str) -> frozenset[str]:
    """The names in a directory that make a difference."""
    try:
        with os.scandir(directory) as entries:
            return frozenset(entry.name for entry in entries if _counts(entry))
    except OSError:
        return frozenset()


def _counts(entry: os.DirEntry[str]) -> bool:
    if entry.name.endswith(SUFFIXES) or entry.name in PROJECT_MARKERS:
        return True
    try:
        return entry.name not in DEFAULT_EXCLUDE and entry.is_dir(follow_symlinks=False)
    except OSError:
        return False
