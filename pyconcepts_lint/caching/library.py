"""The facts of installed files, kept once for all of a user's projects that share an environment.

A row holds as long as its file is what it was. It is asked for when a question leads to the file.
"""

from __future__ import annotations

import os
import time
from functools import cache

from ..base.digests import stat_of
from ..base.typed import TYPE_CHECKING
from ..base.user_cache import user_cache_directory
from ..index.codec import decode
from ..index.facts import ModuleFacts
from ..workspace.workspace import read_installed
from .database import Cache
from .results import is_settled, own_key

if TYPE_CHECKING:
    from ..base.digests import Stat

KIND = "installed"
LARGEST_LIBRARY = 400_000_000
"""Bytes above which the facts of all environments are forgotten: some of them will be gone."""


class Library:
    """What is kept of installed files.

    Args:
        cache: where it is kept.
        variant: what facts owe to the tool.
    """

    def __init__(self, cache: Cache, variant: str) -> None:
        self._cache = cache
        self._variant = variant
        self._started = time.time_ns()
        self._new: dict[str, tuple[Stat, ModuleFacts | None]] = {}

    def read(self, path: str) -> ModuleFacts | None:
        """The facts of an installed file; None for one that isn't plain Python 3."""
        stat = stat_of(path)
        if stat is None:
            return None
        key = self._key(path)
        row = self._cache.get(KIND, [key]).get(key)
        try:
            if row is not None and row[0] == list(stat):
                return None if row[1] is None else decode(ModuleFacts, row[1])
        except Exception:
            pass  # a row that nothing here has made
        facts = read_installed(path)
        if is_settled(stat, self._started):
            self._new[path] = (stat, facts)
        return facts

    def save(self) -> None:
        """Write what is new, where the files are still what was read."""
        for path, (stat, facts) in self._new.items():
            if stat_of(path) == stat:
                self._cache.put(KIND, self._key(path), [stat, facts])
        if self._new:
            self._cache.limit(LARGEST_LIBRARY)
            self._cache.save()
            self._new.clear()

    def _key(self, path: str) -> str:
        return f"{path}-{self._variant}"


@cache
def library() -> Library | None:
    """The user's; None where there is no place for it."""
    try:
        directory = os.path.join(user_cache_directory(), "installed")
    except FileNotFoundError:
        return None
    return Library(Cache(directory), own_key())
