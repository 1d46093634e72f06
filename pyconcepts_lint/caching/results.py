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
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress

from ..base.digests import Stat, digest, digest_of, stat_of
from ..base.errors import __version__
from ..base.regular import LARGEST_SOURCE, read_regular
from ..base.report import FileResult, is_of_installed
from ..base.settings import Settings
from ..base.typed import TYPE_CHECKING
from .database import DIRECTORY, Cache

if TYPE_CHECKING:
    from typing import Any

    from ..index.tracking import Input, Stored
    from ..workspace.workspace import Workspace
    from .dependents import Verdict

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
        from .dependents import Dependents

        tool = digest(f"{tool_key()} {state_at_start()}")
        self._key = digest(f"{tool} {settings_key(workspace.settings)} {variant}")
        tables = sorted(table.name for table in workspace.tables)
        self._facts_variant = digest(f"{tool} {tables}")
        self._digests: dict[str, str | None] = {}
        self._stats: dict[str, Stat | None] = {}
        self._known: set[str] = set()
        self._rows: dict[str, Any] = {}
        self._kept: dict[str, FileResult] = {}
        self._valid: dict[str, FileResult] = {}
        self._failed: set[str] = set()
        self._rests_on: dict[Input, Collection[Input]] = {}
        self._frozen: dict[str, object] = {}
        self._last: Verdict | None = None
        self._judged: object = None
        self._is_judging = False
        self.dependents = Dependents(workspace, cache, self._key)
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
        present = self.cache.present("facts", set(keys.values()))
        stored = {path: self._digests[path] for path, key in keys.items() if key in present}
        self._known.update(stored)
        self.workspace.add_stored({p: found for p, found in stored.items() if found}, self._fetch)
        self.workspace.project.stored = _stored(self)
        if not self._state and not contents and self._digests.keys() >= set(self.workspace.files):
            self._state = self._whole_state()

    def _fetch(self, paths: Iterable[str]) -> dict[str, tuple[Any, Any]]:
        """What the cache has of files that were found to be in it: facts, and how a file reads that
        isn't Python 3."""
        keys = {path: self._facts_key(found) for path in paths if (found := self._digests[path])}
        facts = self.cache.get("facts", set(keys.values()))
        not_python3 = self.cache.get(
            "odd", {key for key, row in facts.items() if _is_not_python3(row)}
        )
        return {
            path: (facts[key], not_python3.get(key))
            for path, key in keys.items()
            if key in facts and (key in not_python3 or not _is_not_python3(facts[key]))
        }

    def _read_digest(self, path: str) -> str | None:
        try:
            return digest_of(path, read_regular(path, LARGEST_SOURCE))
        except OSError:
            return None

    def _facts_key(self, content: str) -> str:
        return f"{content}-{self._facts_variant}"

    def results(
        self, paths: Sequence[str], *, check: bool = True, whole: bool = False
    ) -> dict[str, FileResult]:
        """What was found in some files before and still holds.

        Args:
            paths: the files; `load` has to have seen them.
            check: find out, with the index, whether what the findings rest on is as it was.
                Otherwise only those are given of which the whole project's state tells.
            whole: give what they rest on, too.
        """
        if self.workspace.contents:
            return {}
        keys = {self._result_key(path): path for path in paths if path not in self._rows}
        rows = self.cache.get("result", keys)
        self._rows.update((path, rows.get(key)) for key, path in keys.items())
        found: dict[str, FileResult] = {}
        doubtful: dict[str, FileResult] = {}
        for path in paths:
            try:
                row = self._rows[path]
                if row["content"] is None or row["content"] != self._digests.get(path):
                    continue
                result = FileResult.from_json(row)
                if result.path != path or not self._hold(result.inputs):
                    continue  # what is installed is no part of the project's state
                if row["state"] == self._state != "":
                    found[path] = result
                elif check:
                    doubtful[path] = result
            except Exception:
                continue  # a row that nothing here has made
        if doubtful:
            self._ask(doubtful, found)
        if whole:
            missing = self._inputs([path for path in found if path not in self._kept])
            for path in list(found):
                if path in missing:
                    found[path].inputs = missing[path]
                elif path not in self._kept:
                    del found[path]
        self._valid.update(found)
        return {path: found[path] for path in paths if path in found}

    def _ask(self, doubtful: Mapping[str, FileResult], found: dict[str, FileResult]) -> None:
        """Put those results into `found` that hold, as far as what they rest on tells."""
        verdict = self._verdict()
        asked: dict[str, set[Input] | None] = {}
        for path, result in doubtful.items():
            if verdict is None or self._rows[path]["serial"] != self.dependents.serials.get(path):
                asked[path] = None
            elif path in verdict.stale:
                continue
            else:
                touched = verdict.doubtful.get(path, set())
                holding = set(map(self.dependents.still_holds, touched))
                if holding <= {True}:
                    found[path] = result
                elif False not in holding:
                    asked[path] = touched
        rows = self._inputs(asked)
        for path, inputs in asked.items():
            answers = rows.get(path)
            if answers is None:
                continue
            if inputs is not None:
                if self._hold(each for each in answers if each[:2] in inputs):
                    found[path] = doubtful[path]
            elif self._hold(answers):
                result = found[path] = doubtful[path]
                result.inputs = answers
                self._kept[path] = result

    def has_verdict(self, project: object) -> bool:
        """Is it known what the changes since the last run touch, of the project as it is now?"""
        if self._is_judging or project is not self.workspace.project:
            return False
        return self._verdict() is not None

    def _verdict(self) -> Verdict | None:
        """What the changes since the last run touch; None where that isn't known."""
        dependents = self.dependents
        if self._judged is self.workspace.project:
            return self._last
        self._judged = self.workspace.project
        self._last = None
        if not dependents.is_usable(self._digests):
            return None
        changed = dependents.changed(self._digests)
        old = {
            path: self._facts_key(content)
            for path in changed
            if (content := dependents.files[path])
        }
        rows = self.cache.get("facts", old.values())
        from ..index.codec import decode
        from ..index.facts import ModuleFacts

        try:
            facts = {path: decode(ModuleFacts, rows[old[path]]) for path in changed}
            if not all(each.is_python3 for each in facts.values()):
                return None
            self._is_judging = True
            self._last = dependents.verdict(facts)
        except Exception:
            pass  # rows that nothing here has made, or none at all
        finally:
            self._is_judging = False
        return self._last

    def _inputs(self, paths: Iterable[str]) -> dict[str, list[tuple[str, str, str]]]:
        """What the findings in some files rest on, and what that was."""
        keys = {self._result_key(path): path for path in paths}
        found: dict[str, list[tuple[str, str, str]]] = {}
        for key, row in self.cache.get("inputs", keys).items():
            path = keys[key]
            with suppress(Exception):  # a row that nothing here has made
                if row["serial"] == self._rows[path]["serial"]:
                    found[path] = [(kind, of, answer) for kind, of, answer in row["inputs"]]
        return found

    def release(self) -> None:
        """Forget the rows that were read: they are read again where need be."""
        self._rows.clear()
        self._valid.clear()

    def _hold(self, inputs: Iterable[tuple[str, str, str]]) -> bool:
        """Is what results rest on as it was?"""
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
        self._rests_on |= result.rests_on
        self._frozen |= result.frozen
        if self.workspace.contents:
            return
        if result.errors or result.faults:
            self._failed.add(result.path)
        else:
            self._kept[result.path] = result

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
        saved: dict[str, str] = {}
        for result in self._kept.values():
            content = result.contents.get(result.path, self._digests.get(result.path))
            if self._digests.get(result.path) == content and self.is_unchanged(result.path):
                saved[result.path] = self._save_result(result, content, state)
        self._save_dependents(saved)
        self._kept.clear()
        paths = list(self._digests)
        contents = [self._facts_key(found) for found in self._digests.values() if found]
        self.cache.save(
            {
                "file": paths,
                "facts": contents,
                "odd": contents,
                "result": [self._result_key(path) for path in paths],
                "inputs": [self._result_key(path) for path in paths],
                "head": [self._key],
                "rests": self.dependents.keys,
                "answers": self.dependents.keys,
                "table": self.dependents.keys,
            }
        )

    def _save_result(self, result: FileResult, content: str | None, state: str) -> str:
        """Put a result into the cache; gives what tells it apart from others of the file."""
        key = self._result_key(result.path)
        row: dict[str, Any] = result.to_json()
        serial = digest(f"{time.time_ns()} {os.getpid()} {key}")
        row["inputs"] = [each for each in result.inputs if is_of_installed(each[0])]
        row |= {"content": content, "state": state, "serial": serial}
        self.cache.put("result", key, row)
        self.cache.put("inputs", key, {"serial": serial, "inputs": result.inputs})
        return serial

    def _save_dependents(self, saved: Mapping[str, str]) -> None:
        """Keep who rests on what, if all findings of the project hold as it is now.

        Args:
            saved: by path, what tells apart the results that were put into the cache.
        """
        if not saved or self.workspace.contents or not self._is_state_unchanged():
            return
        dependents = self.dependents
        holding = saved.keys() | self._valid.keys() | self._failed
        holding -= self._kept.keys() - saved.keys()
        if self._last is None:
            if holding >= set(self.workspace.files):
                self._save_all_dependents(saved)
            return
        touched = {*dependents.changed(self._digests), *self._last.stale, *self._last.doubtful}
        if not holding >= touched or len(holding) * 2 < len(self.workspace.files):
            return
        before = self._inputs(path for path in saved if self._rows.get(path))
        for path, serial in saved.items():
            if path in dependents.files:
                is_in_head = path in before and (
                    self._rows[path]["serial"] == dependents.serials.get(path)
                )
                known = [each[:2] for each in before[path]] if is_in_head else []
                dependents.add(self._kept[path], serial, known)
        self._conclude_dependents()

    def _save_all_dependents(self, saved: Mapping[str, str]) -> None:
        dependents = self.dependents
        others = [
            path for path in self.workspace.files if path in self._valid.keys() - saved.keys()
        ]
        inputs = self._inputs(others)
        if len(inputs) < len(others):
            return
        dependents.begin()
        for path, serial in saved.items():
            if self.workspace.owns(path):
                dependents.add(self._kept[path], serial)
        for path in others:
            row, result = self._rows[path], FileResult(path)
            result.inputs = inputs[path]
            dependents.add(result, row["serial"])
        self._conclude_dependents()

    def _conclude_dependents(self) -> None:
        for path in self._failed:
            self.dependents.serials.pop(path, None)
        rests_on = self._rests_on | self.workspace.project.rests_on
        frozen = self._frozen | self.workspace.project.new_frozen()
        self.dependents.conclude(self._digests, rests_on, frozen)
        self._last = None
        self._valid.clear()
        self._failed.clear()


def _stored(store: Store) -> Stored:
    """What the cache has of the tables over a project, for the project as it is when this is
    called."""
    from ..index.tracking import Stored

    project = store.workspace.project

    class StoredTables(Stored):
        def rows(self, name: str) -> Mapping[str, Sequence[tuple[str, Any]]] | None:
            return store.dependents.rows(name) if store.has_verdict(project) else None

        def answer(self, name: str) -> Any:
            return store.dependents.answer(name) if store.has_verdict(project) else None

    return StoredTables()


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
