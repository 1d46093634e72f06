"""`--watch`: run, and run again when a file that the run looks at has changed.

Where watchfiles is installed (the extra `watch`), the system says when something has changed. Without
it, files are asked for their state every now and then, which works on every file system. Either way
their states decide whether to run, and the cache makes a further run quick.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence

from ..base.digests import Stat, stat_of
from ..base.errors import Error
from ..base.neutral import tell
from ..base.settings import SETTINGS_FILES, Configuration, and_above
from ..base.stopping import exit_code_of, lost
from ..source.discovery import PathError, discover

INTERVAL = 0.25
"""Seconds from one look to the next; more where a look takes long."""
SHARE = 0.05
"""How much of its time the process spends on looking, at most."""

LONGEST = 5_000
"""Milliseconds after which files are asked for their state though the system has said nothing: it
says nothing of some network file systems."""

_CLEAR = "\x1b[H\x1b[2J\x1b[3J"

States = dict[str, Stat | None]


def watch(
    run: Callable[[dict[str, bytes]], int],
    paths: Sequence[str],
    configure: Callable[[], Configuration],
    *,
    also: Iterable[str] = (),
    quiet: bool = False,
) -> int:
    """Run until it is interrupted; gives the exit code of that.

    Args:
        run: does one run, and gives its exit code; it puts the files that it has written into
            the dictionary, with their contents.
        paths: the files and directories to look at.
        configure: makes the configuration anew; its settings may be wrong while they are edited.
        also: other files whose change is a reason to run.
        quiet: don't say that it is watching.
    """
    # Other than for a single run, what is left behind has to be cleared away.
    gc.enable()
    watched = _Watched(paths, configure, tuple(also))
    try:
        while True:
            before = watched.look()
            if sys.stdout.isatty():
                sys.stdout.write(_CLEAR)
            written: dict[str, bytes] = {}
            run(written)
            sys.stdout.flush()
            before |= _states_after(written)
            if not quiet:
                tell("Watching for changes; Ctrl-C ends it.")
            gc.collect()
            watched.wait(before)
    except KeyboardInterrupt as error:
        return exit_code_of(error)


class _Watched:
    """The files that a run depends on, and the directories in which there may be new ones."""

    def __init__(
        self, paths: Sequence[str], configure: Callable[[], Configuration], also: tuple[str, ...]
    ) -> None:
        self._named = [os.path.abspath(path) for path in paths]
        self._configure = configure
        self._also = [os.path.abspath(path) for path in also]
        self._directories: States = {}

    def look(self) -> States:
        """The states of all files now."""
        configuration = self._configure()
        roots = (configuration.root_of(path)[0] for path in self._named)
        tops = {*self._named, *(root for root in roots if root is not None)}
        directories: set[str] = set()
        try:
            files = discover(
                [path for path in tops if os.path.exists(path)],
                settings_for=configuration.for_path,
                visit=directories.add,
            )
        except (Error, PathError):
            files = []
        files += [path for path in self._named if path not in directories]
        above = {each for path in (*directories, *self._named) for each in and_above(path)}
        around = (os.path.join(each, name) for each in above for name in SETTINGS_FILES)
        self._directories = {path: stat_of(path) for path in directories}
        return {path: stat_of(path) for path in (*files, *self._also, *around)}

    def wait(self, before: States) -> None:
        """Come back when something has changed, and nothing has since the look before."""
        changed = before
        waits = self._notices(before)
        while True:
            started = time.monotonic()
            now = self._again(changed)
            if now != before and now == changed:
                return
            if waits is None or now != before:
                time.sleep(max(INTERVAL, (time.monotonic() - started) / SHARE))
            else:
                next(waits)
            changed = now

    def _notices(self, states: States) -> Iterator[object] | None:
        """Comes back whenever the system says that something has changed that may be looked at, and
        every now and then; None where it can't be asked."""
        try:
            from watchfiles import watch as notices
        except ImportError:
            return None
        places = {*self._directories, *map(os.path.dirname, states)}
        return _until_stopped(
            notices(
                *sorted(path for path in places if os.path.isdir(path)),
                watch_filter=lambda _, path: (
                    path in states or os.path.dirname(path) in self._directories
                ),
                recursive=False,
                rust_timeout=LONGEST,
                yield_on_timeout=True,
            )
        )

    def _again(self, last: States) -> States:
        """The states of the files now; directories are gone through only where one has changed."""
        if any(stat_of(path) != state for path, state in self._directories.items()):
            return self.look()
        return {path: stat_of(path) for path in last}


def _until_stopped(notices: Iterable[object]) -> Iterator[object]:
    """The notices, and the exception of a signal that comes instead of the one that they make of it.

    Where the system has no room for more watched directories, waiting goes on without it.
    """
    try:
        yield from notices
    except KeyboardInterrupt:
        raise lost() from None
    except (OSError, RuntimeError):
        while True:
            time.sleep(INTERVAL)
            yield None


def _states_after(written: dict[str, bytes]) -> States:
    """The states of files that a run has written, where they hold that still.

    Whatever else has changed since the run began is a reason for another one.
    """
    from ..source.writing import holds

    states = {path: stat_of(path) for path in written}
    return {path: state for path, state in states.items() if holds(path, written[path])}
