"""Schedules linting: in this process, in a process pool, or on a given `Executor`."""

from __future__ import annotations

import _thread
import gc
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from operator import itemgetter

from ..base.regular import LARGEST_SOURCE, read_regular
from ..base.typed import TYPE_CHECKING
from ..index.model import is_of
from ..source.text import Source, SourceError
from ..workspace.workspace import Reading, Workspace, Workspaces, read_source

if TYPE_CHECKING:
    from typing import Any, ClassVar, TypeVar

    from ..base.report import FileResult
    from ..base.request import Progress, RunRequest
    from ..caching.results import Store
    from ..index.extractor import Table
    from ..index.tracking import Input

    T = TypeVar("T")

SMALL_WORK = 300_000
"""Bytes of source below which starting processes costs more than it saves."""
BATCHES_PER_PROCESS = 8
FILES_PER_COLLECTION = 200
"""After so many files what they have left behind is cleared away, where the collector is off."""
_ENDED = "looking at it ended the process, twice"


class Scheduler:
    """The files of a run and how they are looked at.

    Args:
        workspaces: the projects.
        request: what the run is asked to do. Findings whose fixes are to be made are not taken
            from the cache, which may be forged. What they rest on is noted: `stale` tells what to
            look at again.
        progress: called with the number of files looked at and of all files; 0 while the
            project is still being read.
    """

    def __init__(
        self,
        workspaces: Workspaces,
        request: RunRequest,
        progress: Progress | None = None,
    ) -> None:
        self.fresh = request.fix
        self._stores: dict[int, Store | None] = {}
        self.workspaces = workspaces
        self.gate = request.gate
        self.jobs = request.jobs or _processors()
        self.executor = request.executor
        self.progress = progress

    def bytes_of(self, path: str) -> bytes | None:
        """What a file contains now, fixes included; None where there is none.

        Raises OSError for one that can't be read.
        """
        workspace = self.workspaces.of(path)
        if path in workspace.contents:
            return workspace.contents[path]
        if not os.path.lexists(path):
            return None
        return read_regular(path, LARGEST_SOURCE)

    def change(self, contents: Mapping[str, bytes]) -> None:
        """Take new contents for some files."""
        grouped: dict[int, tuple[Workspace, dict[str, bytes]]] = {}
        for path, data in contents.items():
            workspace = self.workspaces.of(path)
            grouped.setdefault(id(workspace), (workspace, {}))[1][path] = data
        for workspace, changed in grouped.values():
            workspace.change(changed)
        self.workspaces.contents.update(contents)

    def change_one(self, path: str, data: bytes) -> set[Input] | None:
        """Take new contents for one file; gives what may be something else now, None for all."""
        reached = self.workspaces.of(path).change_one(path, data)
        self.workspaces.contents[path] = data
        return reached

    def restore(self, paths: Collection[str]) -> None:
        """Take what is on disk now for some files, whatever they were changed to."""
        grouped = self._grouped(paths)
        for path in paths:
            self.workspaces.contents.pop(path, None)
        for workspace, own in grouped:
            workspace.restore(own)

    def lint(self, paths: Sequence[str]) -> dict[str, FileResult]:
        """Look at files; the results by path, in the order of the paths."""
        groups = self._grouped(paths)
        from ..plugins.registry import check_codes

        found: dict[str, FileResult] = {}
        with quiet_garbage_collector():
            remaining = [
                (workspace, self._known(workspace, members, found)) for workspace, members in groups
            ]
            missing = [path for _, members in remaining for path in members]
            parallel = self.executor is not None or (
                self.jobs > 1 and len(missing) > 1 and is_large(missing)
            )
            if missing:
                # Before any fork: what is imported here is there in every process.
                for workspace, _ in remaining:
                    check_codes(workspace.settings)
            if parallel:
                for workspace, _ in remaining:
                    workspace.fetch_all()
                self.index(remaining)
            for result in self._results(remaining, parallel):
                found[result.path] = result
                if self.progress is not None:
                    self.progress(len(found), len(paths))
            for workspace, members in remaining:
                store = self._store(workspace)
                if store is not None:
                    for path in members:
                        store.keep(found[path])
                    store.save()
        return {path: found[path] for path in paths}

    def known(self, paths: Iterable[str], *, check: bool = False) -> dict[str, FileResult]:
        """What the cache has of files. The facts of their projects are taken from it, too.

        Args:
            paths: the files.
            check: find out whether what findings rest on is as it was. Otherwise only those are
                given whose projects haven't changed at all.
        """
        found: dict[str, FileResult] = {}
        for workspace, members in self._grouped(paths):
            store = self._store(workspace)
            if store is not None:
                store.load([*workspace.files, *members])
                found.update(store.results(members, check=check, whole=True))
        return found

    def release(self) -> None:
        """Forget what was taken from the cache and has been given away."""
        for store in self._stores.values():
            if store is not None:
                store.release()

    def keep(self, results: Iterable[FileResult]) -> None:
        """Put into the cache what was found in files as they are on disk."""
        by_path = {result.path: result for result in results}
        for workspace, members in self._grouped(by_path):
            store = self._store(workspace)
            if store is not None:
                for path in members:
                    store.keep(by_path[path])
                store.save()

    def _grouped(self, paths: Iterable[str]) -> list[tuple[Workspace, list[str]]]:
        """Files by their workspaces."""
        groups: dict[int, tuple[Workspace, list[str]]] = {}
        for path in paths:
            workspace = self.workspaces.of(path)
            groups.setdefault(id(workspace), (workspace, []))[1].append(path)
        return list(groups.values())

    def _store(self, workspace: Workspace) -> Store | None:
        """What is kept of a workspace; None where nothing is."""
        if self.workspaces.alone or workspace.settings.no_cache:
            return None
        from ..caching.library import library
        from ..caching.results import Store, cache_of
        from ..plugins.registry import faults

        if id(workspace) not in self._stores:
            workspace.use(library())
            cache = cache_of(workspace.settings)
            variant = f"gate={self.gate} {sorted(faults())}"
            self._stores[id(workspace)] = (
                None if cache is None else Store(workspace, cache, variant)
            )
        return self._stores[id(workspace)]

    def _keeps(self, workspace: Workspace) -> bool:
        """Is what the findings rest on asked for?"""
        return self.fresh or (not workspace.contents and self._store(workspace) is not None)

    def stale(self, results: Iterable[FileResult], changed: Collection[str]) -> list[str]:
        """The files whose findings need not hold any longer, after `change` of some others."""
        return [
            result.path
            for result in results
            if result.errors
            or result.faults
            or not result.contents.keys().isdisjoint(changed)
            or not self.workspaces.of(result.path).gives_still(result.inputs)
        ]

    def _known(
        self, workspace: Workspace, members: list[str], found: dict[str, FileResult]
    ) -> list[str]:
        """Put what is known already into `found`; gives the files that are left."""
        store = self._store(workspace)
        if store is None:
            return members
        store.load([*workspace.files, *members])
        if not self.fresh:
            found.update(store.results(members))
        return [path for path in members if path not in found]

    def index(self, groups: Sequence[tuple[Workspace, list[str]]]) -> None:
        """Read the facts of whole projects at once, where they are looked at as a whole."""
        owners: dict[str, Workspace] = {}
        contents: dict[str, bytes] = {}
        for workspace, members in groups:
            if len(members) * 2 >= len(workspace.files):
                for path in {*workspace.files, *members}:
                    if not workspace.knows(path):
                        owners[path] = workspace
                        if path in workspace.contents:
                            contents[path] = workspace.contents[path]
        if not owners:
            return
        call = partial(index_files, self.workspaces.tables, contents)
        for readings in self._map(
            call, list(owners), _lost_reading, meanwhile=_import_what_rules_need
        ):
            for path, found in readings.items():
                owners[path].add(path, found)
            if self.progress is not None:
                self.progress(0, sum(len(members) for _, members in groups))

    def _results(
        self, groups: list[tuple[Workspace, list[str]]], parallel: bool
    ) -> Iterator[FileResult]:
        workspaces = [workspace for workspace, _ in groups]
        owner = {path: n for n, (_, members) in enumerate(groups) for path in members}
        if not parallel:
            for workspace, members in groups:
                yield from lint_files(workspace, self.gate, members, self._keeps(workspace))
            return
        keep = [self._keeps(workspace) for workspace in workspaces]
        shared = (workspaces, owner, self.gate, keep)
        for results in self._map(lint_batch, list(owner), _lost_results, shared):
            yield from results

    def _map(
        self,
        task: Callable[..., T],
        paths: Sequence[str],
        lost: Callable[[str], T],
        shared: tuple[Any, ...] = (),
        meanwhile: Callable[[], None] | None = None,
    ) -> Iterator[T]:
        """Do a task on batches of paths, in processes, and another here; results as they come.

        `lost` gives the result for a path at which processes end.

        The largest batches go first, so that none keeps the rest waiting at the end.
        """
        from concurrent.futures import as_completed

        batches = _batches(paths, self.jobs * BATCHES_PER_PROCESS)
        if self.executor is not None:
            call = partial(task, Parcel(shared)) if shared else task
            futures = [self.executor.submit(call, batch) for batch in batches]
            for future in as_completed(futures):
                yield future.result()
            return
        from .pool import Pool

        call = partial(task, None) if shared else task
        here = partial(task, _Opened(shared)) if shared else task
        pool = Pool(min(self.jobs, len(batches)), call, _share, (shared,))
        yield from pool.map(batches, here, lost, meanwhile)


# What a process was started with: a project is large, and a fork has it for nothing.
_shared: tuple[Any, ...] = ()


def _share(shared: tuple[Any, ...]) -> None:
    global _shared
    _shared = shared
    gc.disable()


def index_files(
    tables: Sequence[Table], contents: Mapping[str, bytes], paths: Iterable[str]
) -> dict[str, Reading]:
    """What reading some files gives."""
    found: dict[str, Reading] = {}
    for path in paths:
        try:
            data = contents.get(path)
            source = Source.read(path) if data is None else Source.from_bytes(data, path)
        except SourceError:
            found[path] = Reading(None, None)
        else:
            found[path] = read_source(source, tables)
    return found


def _lost_reading(path: str) -> dict[str, Reading]:
    return {path: Reading(None, None, _ENDED)}


def _lost_results(path: str) -> list[FileResult]:
    from ..base.report import FileResult

    result = FileResult(path)
    result.errors.append(("", _ENDED))
    return [result]


def _import_what_rules_need() -> None:
    """Import here, once, what every process would: a fork has it then."""
    from ..plugins.registry import RegistryError, listed, tables

    for rule in listed().values():
        with suppress(RegistryError):  # which is said of the files that it would look at
            rule.load()
    for table in tables():
        table.load()
    from ..source import cst_statement  # noqa: F401


class _Opened:
    """What tasks share, where it is already."""

    def __init__(self, shared: tuple[Any, ...]) -> None:
        self._shared = shared

    def open(self) -> tuple[Any, ...]:
        return self._shared


class Parcel:
    """What tasks share, packed once; a process that gets several tasks unpacks it once."""

    _opened: ClassVar[dict[str, tuple[Any, ...]]] = {}

    def __init__(self, shared: tuple[Any, ...]) -> None:
        import pickle

        from ..base.digests import digest

        self.packed = pickle.dumps(shared, pickle.HIGHEST_PROTOCOL)
        self.name = digest(self.packed)

    def open(self) -> tuple[Any, ...]:
        if self.name not in self._opened:
            import pickle

            self._opened.clear()
            self._opened[self.name] = pickle.loads(self.packed)
        return self._opened[self.name]


# An executor may run tasks in threads of one process, and a project answers one at a time.
_one_at_a_time = _thread.allocate_lock()


def lint_batch(parcel: Parcel | _Opened | None, paths: Sequence[str]) -> list[FileResult]:
    """Look at some files of the workspaces in a parcel, or of those the process started with."""
    with _one_at_a_time:
        workspaces, owner, gate, keep = _shared if parcel is None else parcel.open()
        members: dict[int, list[str]] = {}
        for path in paths:
            members.setdefault(owner[path], []).append(path)
        results: list[FileResult] = []
        for number, own in members.items():
            results.extend(lint_files(workspaces[number], gate, own, keep[number]))
            if keep[number] and results:
                project = workspaces[number].project
                results[-1].rests_on |= project.new_answers()
                results[-1].frozen |= project.new_frozen()
        return results


def lint_files(
    workspace: Workspace, gate: bool, paths: Iterable[str], keep: bool
) -> Iterator[FileResult]:
    """Look at files one by one; with what the findings rest on, if they are to be kept."""
    from ..plugins.registry import listed
    from .check_file import lint_file

    settings = workspace.settings
    selected = [rule for rule in listed().values() if settings.selects(rule.code, rule.on)]
    for number, path in enumerate(paths):
        if number and number % FILES_PER_COLLECTION == 0:
            gc.collect(0)  # only what is new since the last time is looked through
        chosen = [rule for rule in selected if not settings.ignored_in(path, rule.code)]
        result = lint_file(workspace, path, chosen, gate=gate)
        if keep:
            note_answers(workspace, result)
        yield result
    workspace.save_installed()


def note_answers(workspace: Workspace, result: FileResult) -> None:
    """Put beside each input of a result what it is now, so that the result can be kept."""
    result.inputs = [
        (kind, of, workspace.answer(kind, of))
        for kind, of, _ in result.inputs
        if not is_of(result.path, kind, of)
    ]


def _processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def is_large(paths: Sequence[str]) -> bool:
    size = 0
    for path in paths:
        size += _size(path)
        if size > SMALL_WORK:
            return True
    return False


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


def _batches(paths: Sequence[str], count: int) -> list[list[str]]:
    """Batches of about the same size in bytes, the largest first.

    Neighbours stay together: what one file rests on, those beside it often rest on, too.
    """
    sized = [(path, _size(path)) for path in sorted(paths)]
    limit = max(sum(size for _, size in sized) // max(count, 1), 1)
    batches: list[tuple[int, list[str]]] = []
    current: list[str] = []
    total = 0
    for path, size in sized:
        if current and total + size > limit:
            batches.append((total, current))
            current, total = [], 0
        current.append(path)
        total += size
    if current:
        batches.append((total, current))
    return [batch for _, batch in sorted(batches, key=itemgetter(0), reverse=True)]


@contextmanager
def quiet_garbage_collector() -> Iterator[None]:
    """Trees make many objects and few cycles: collecting while parsing costs a third of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
