"""Facts and findings of earlier runs, for one project.

Facts are kept by the content that they come from. Findings are kept by file, with the file's
content, the settings, and what else of the project they rest on: they hold while all of that
is as it was. Whether it is takes the index to tell, so the state of the whole project is kept
beside: where no file of it has changed, nothing that they rest on has.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Sequence

from ..base.digests import Stat, digest, digest_of, stat_of
from ..base.errors import __version__
from ..base.regular import LARGEST_SOURCE, read_regular
from ..base.report import FileResult, is_of_installed
from ..base.settings import Settings
from ..base.typed import TYPE_CHECKING
from .database import DIRECTORY, Cache

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..workspace.workspace import Workspace

SETTLED = 100_000_000
"""Nanoseconds after which a change surely gets another time stamp than the last one."""


def cache_of(settings: Settings) -> Cache | None:
    """The cache of a project; None for files of no project, or where none is wanted."""
    if settings.no_cache:
        return None
    if settings.cache_dir is not None:
        return Cache(os.path.join(settings.root, settings.cache_dir), settings.root)
    if not settings.is_project:
        return None
    return Cache(os.path.join(settings.root, DIRECTORY), settings.root)


def tool_key() -> str:
    """What the findings owe to the tool: its version and files, its Python, what is installed.

    Rules from elsewhere are installed beside this tool, which changes the directory there.
    """
    stats: list[object] = [own_key()]
    for path in dict.fromkeys(map(os.path.abspath, sys.path)):
        if os.path.basename(path) in ("site-packages", "dist-packages"):
            stats.append((path, (stat_of(path) or (None,))[0]))
        else:
            stats += _entry_points_in(path)
    return digest(repr(stats))


def own_key() -> str:
    """What facts owe to the tool: its version and files, and its Python."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    stats: list[object] = [__version__, sys.version, sys.platform]
    for directory, names, files in os.walk(package, followlinks=True):  # `rules` may be a link
        names[:] = sorted(name for name in names if name != "__pycache__")
        stats += [
            (name, stat_of(os.path.join(directory, name)))
            for name in sorted(files)
            if name.endswith(".py")
        ]
    return digest(repr(stats))


def _entry_points_in(path: str) -> list[tuple[str, Stat]]:
    """The entry points of other packages that a directory has: it may be on the path or not."""
    try:
        names = os.listdir(path)
    except OSError:
        return []
    files = (
        os.path.join(path, name, "entry_points.txt")
        for name in names
        if name.endswith((".dist-info", ".egg-info")) and not name.startswith("pyconcepts_lint")
    )
    return sorted((file, stat) for file in files if (stat := stat_of(file)))


def settings_key(settings: Settings) -> str:
    """What the findings owe to the settings."""
    ruling = settings._replace(
        fix=False,
        unsafe_fixes=False,
        output_format=None,
        jobs=None,
        cache_dir=None,
        no_cache=False,
        baseline=None,
        extend=None,
        required_version=None,
        fail_on="warning",
    )
    return digest(repr(ruling))


State = Stat | list[str] | None


def state_of(path: str, cache: Cache) -> State:
    """What tells that a file or a directory's list of files has not changed.

    The directory that holds the cache changes when the cache is made: there the names of the
    others tell.
    """
    if path == os.path.dirname(cache.directory):
        try:
            return sorted(set(os.listdir(path)) - {os.path.basename(cache.directory)})
        except OSError:
            return None
    return stat_of(path)


def is_settled(state: State, started: int) -> bool:
    """Would a change after `started` (nanoseconds since the epoch) show in `state`?"""
    if isinstance(state, tuple):
        return max(state[0], state[1]) < started - SETTLED
    return state is not None


class Store:
    """What is kept of one workspace.

    Where files have other contents there than on disk (an editor's buffer, standard input, fixes
    that aren't written yet), the facts of the others are kept all the same; findings are neither
    taken nor kept, for they may rest on those contents.

    Args:
        workspace: the project.
        cache: where it is kept.
        variant: what else the findings owe to how they are looked for.
    """

    def __init__(self, workspace: Workspace, cache: Cache, variant: str) -> None:
        self.workspace = workspace
        self.cache = cache
        self.started = time.time_ns()
        from ..plugins.rule_packages import state_at_start

        tool = digest(f"{tool_key()} {state_at_start()}")
        self._key = digest(f"{tool} {settings_key(workspace.settings)} {variant}")
        tables = sorted(table.name for table in workspace.tables)
        self._facts_variant = digest(f"{tool} {tables}")
        self._digests: dict[str, str | None] = {}
        self._stats: dict[str, Stat | None] = {}
        self._known: set[str] = set()
        self._rows: dict[str, Any] = {}
        self._kept: list[FileResult] = []
        self._directories = self._directory_states()
        self._state = ""

    def load(self, paths: Iterable[str]) -> None:
        """Give the workspace the facts that are known of some files."""
        contents = self.workspace.contents
        paths = [path for path in paths if path not in self._digests and path not in contents]
        rows = self.cache.get("file", paths)
        for path in paths:
            stat = self._stats[path] = stat_of(path)
            known = _file_row(rows.get(path))
            if known is not None and known[0] == stat and is_settled(stat, self.started):
                self._digests[path] = known[1]
            else:
                self._digests[path] = self._read_digest(path)
                if is_settled(stat, self.started):
                    self.cache.put("file", path, [stat, self._digests[path]])
        keys = {path: self._facts_key(found) for path in paths if (found := self._digests[path])}
        facts = self.cache.get("facts", set(keys.values()))
        not_python3 = self.cache.get(
            "odd", {key for key, row in facts.items() if _is_not_python3(row)}
        )
        for path, key in keys.items():
            content = self._digests[path]
            if content and key in facts and (key in not_python3 or not _is_not_python3(facts[key])):
                self._known.add(path)
                self.workspace.add_known(path, facts[key], not_python3.get(key), content)
        if not self._state and not contents and self._digests.keys() >= set(self.workspace.files):
            self._state = self._whole_state()

    def _read_digest(self, path: str) -> str | None:
        try:
            return digest_of(path, read_regular(path, LARGEST_SOURCE))
        except OSError:
            return None

    def _facts_key(self, content: str) -> str:
        return f"{content}-{self._facts_variant}"

    def results(self, paths: Sequence[str], *, check: bool = True) -> dict[str, FileResult]:
        """What was found in some files before and still holds.

        Args:
            paths: the files; `load` has to have seen them.
            check: find out, with the index, whether what the findings rest on is as it was.
                Otherwise only those are given of which the whole project's state tells.
        """
        if self.workspace.contents:
            return {}
        keys = {self._result_key(path): path for path in paths if path not in self._rows}
        rows = self.cache.get("result", keys)
        self._rows.update((path, rows.get(key)) for key, path in keys.items())
        found: dict[str, FileResult] = {}
        for path in paths:
            row = self._rows[path]
            if row is None:
                continue
            try:
                if row["content"] is None or row["content"] != self._digests.get(path):
                    continue
                result = FileResult.from_json(row)
                if result.path != path:
                    continue
                # What is installed is no part of the project's state.
                is_as_it_was = row["state"] == self._state != ""
                if is_as_it_was and self._hold(result, is_of_installed):
                    found[path] = result
                elif check and not is_as_it_was and self._hold(result):
                    found[path] = result
                    self._kept.append(result)
            except Exception:
                continue  # a row that nothing here has made
        return found

    def release(self) -> None:
        """Forget the rows that were read: they are read again where need be."""
        self._rows.clear()

    def _hold(self, result: FileResult, counts: Callable[[str], bool] | None = None) -> bool:
        """Is what a result rests on as it was, or that of it which counts?"""
        inputs = result.inputs
        if counts is not None:
            inputs = [each for each in inputs if counts(each[0])]
        return self.workspace.gives_still(inputs)

    def _whole_state(self) -> str:
        """The state of all the project's files; "" where a change might not show in it."""
        directories = self._directories
        if not all(is_settled(state, self.started) for state in directories.values()):
            return ""
        files = [(path, self._digests.get(path)) for path in self.workspace.files]
        others = {path: stat_of(path) for path in self.workspace.declaring_files}
        if not all(is_settled(stat, self.started) for stat in others.values()):
            return ""
        return digest(repr((files, others, directories)))

    def _directory_states(self) -> dict[str, State]:
        directories = sorted(self.workspace.directories)
        return {path: state_of(path, self.cache) for path in directories}

    def _is_state_unchanged(self) -> bool:
        """Is the project still what it was, so that nothing else has been looked at?"""
        return self._directories == self._directory_states() and all(
            stat_of(path) == stat for path, stat in self._stats.items()
        )

    def _result_key(self, path: str) -> str:
        return f"{path}-{self._key}"

    def keep(self, result: FileResult) -> None:
        """Remember what a file gave; written by `save`."""
        if not result.errors and not result.faults and not self.workspace.contents:
            self._kept.append(result)

    def is_unchanged(self, path: str) -> bool:
        """Is the file still what its digest was made from?"""
        if path not in self._digests or stat_of(path) != self._stats[path]:
            return False
        return (
            is_settled(self._stats[path], self.started)
            or self._read_digest(path) == self._digests[path]
        )

    def save(self) -> None:
        """Write all that is new."""
        from ..workspace.not_python3 import encode_not_python3

        for path, content in self._digests.items():
            reading = self.workspace.reading(path)
            if (
                content is not None
                and reading is not None
                and path not in self._known
                and path not in self.workspace.contents
                and reading.fault is None
                and reading.content in ("", content)
                and self.is_unchanged(path)
            ):
                self._known.add(path)
                key = self._facts_key(content)
                self.cache.put("facts", key, reading.facts)
                if reading.not_python3 is not None:
                    self.cache.put("odd", key, encode_not_python3(reading.not_python3))
        state = self._state if self._kept and self._is_state_unchanged() else ""
        for result in self._kept:
            content = result.contents.get(result.path, self._digests.get(result.path))
            if self._digests.get(result.path) == content and self.is_unchanged(result.path):
                row: dict[str, Any] = result.to_json()
                row["content"] = self._digests[result.path]
                row["state"] = state
                self.cache.put("result", self._result_key(result.path), row)
        self._kept.clear()
        paths = list(self._digests)
        contents = [self._facts_key(found) for found in self._digests.values() if found]
        self.cache.save(
            {
                "file": paths,
                "facts": contents,
                "odd": contents,
                "result": [self._result_key(path) for path in paths],
            }
        )


def _file_row(row: object) -> tuple[Stat, str] | None:
    """The state and the digest of a file, as the cache has them; None for what isn't that."""
    match row:
        case [[int(mtime), int(ctime), int(size), int(inode)], str(content)]:
            return (mtime, ctime, size, inode), content
    return None


def _is_not_python3(facts: object) -> bool:
    """Are facts, as the cache has them, not those of a file that Python 3 reads?"""
    from ..index.facts import IS_PYTHON3

    return not isinstance(facts, list) or facts[IS_PYTHON3 : IS_PYTHON3 + 1] != [True]
