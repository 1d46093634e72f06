"""A run of which nothing has changed since the last one: no tree, no rule, no index.

What a whole run said is kept with the state of every file and directory that it looked at.
Where all of them are as they were, it is said again.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence

from ..base.digests import digest
from ..base.report import FileResult, Report
from ..base.settings import PACKAGE_FILES, PROJECT_MARKERS, Configuration, and_above
from ..base.typed import TYPE_CHECKING
from ..base.variables import VARIABLES
from ..caching.database import Cache
from ..caching.results import State, cache_of, is_settled, state_of, tool_key

if TYPE_CHECKING:
    from ..base.request import Choose, Progress, RunRequest

_CONFIGURATION = (*PROJECT_MARKERS, *PACKAGE_FILES, ".gitignore")


class RunCache:
    """The memory of one kind of run: the same paths, options and tool.

    Args:
        cache: where it is kept.
        paths: the absolute paths that were named.
        configuration: where the settings come from.
    """

    def __init__(self, cache: Cache, paths: Sequence[str], configuration: Configuration) -> None:
        self.started = time.time_ns()
        self.cache = cache
        active = [os.environ.get(name) for name in VARIABLES]
        self.key = digest(repr((list(paths), configuration.key, active, tool_key())))
        self.config = [] if configuration.file is None else [configuration.file]
        self.configuration = configuration

    def recall(self) -> Report | None:
        """What the run said, if nothing has changed since."""
        row = self.cache.get("run", [self.key]).get(self.key)
        try:
            if row is None or any(
                _as_json(state_of(path, self.cache)) != state
                for path, state in row["states"].items()
            ):
                return None
            report = Report()
            report.files = int(row["files"])
            report.notes = [str(note) for note in row["notes"]]
            report.overviews = {str(of): str(said) for of, said in row["overviews"].items()}
            found = FileResult.from_json({**_OF_ONE_FILE, **row})
            report.findings, report.contents = found.findings, found.contents
            return report
        except Exception:
            return None  # a row that nothing here has made

    def remember(
        self, report: Report, looked_at: Iterable[str], elsewhere: Iterable[str] = ()
    ) -> None:
        """Keep what a run said.

        Args:
            report: what it said.
            looked_at: every file and directory that it rests on.
            elsewhere: those of what is installed.
        """
        from ..plugins.rule_packages import state_at_start, state_from_elsewhere

        if report.errors or state_from_elsewhere() != state_at_start():
            return
        paths = {*looked_at, *self.config, *self.configuration.extended}
        directories = {path for path in paths if os.path.isdir(path)}
        above = {parent for directory in directories for parent in and_above(directory)}
        for directory in above:
            paths.update(os.path.join(directory, name) for name in _CONFIGURATION)
        states = {path: state_of(path, self.cache) for path in paths.union(elsewhere)}
        if all(is_settled(state, self.started) for state in states.values() if state is not None):
            row = {
                "states": states,
                "files": report.files,
                "notes": report.notes,
                "overviews": report.overviews,
                "findings": report.findings,
                "contents": report.contents,
            }
            self.cache.put("run", self.key, row)
            self.cache.save()


# What a run keeps file by file, or not at all.
_OF_ONE_FILE = {"path": "", "newer": False, "classes": [0, 0], "skipped": [], "inputs": []}


def run_cache_of(paths: Sequence[str], configuration: Configuration) -> RunCache | None:
    """The memory of runs over some paths; None where nothing is kept.

    Raises SettingsError for a configuration that can't be used.
    """
    if not paths or "-" in paths:
        return None
    absolute = [os.path.abspath(path) for path in paths]
    cache = cache_of(configuration.for_path(absolute[0]))
    return None if cache is None else RunCache(cache, absolute, configuration)


def run(
    request: RunRequest,
    configuration: Configuration,
    *,
    progress: Progress | None = None,
    choose: Choose | None = None,
) -> Report:
    """As `engine.run`, which is asked where the memory doesn't help."""
    run_cache = None if request.fix else run_cache_of(request.paths, configuration)
    if run_cache is not None:
        report = run_cache.recall()
        if report is not None:
            if choose is not None:
                report.findings = choose(report.findings, {})
            return report
    from . import run as engine

    return engine.run(request, configuration, progress=progress, run_cache=run_cache, choose=choose)


def _as_json(state: State) -> list[object] | None:
    return None if state is None else list(state)
