"""Processes that do tasks for this one, end with it, and may end before it.

Unlike `concurrent.futures.ProcessPoolExecutor`, nothing here waits for a process that was killed, or
is lost with it: what it was at is done again, by another process. A process ends when this one does,
however that ends (killed, too): it waits at the other end of a pipe, and Linux is asked to kill it.
"""

from __future__ import annotations

import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from ..base.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from typing import Any

_STOPPING = ("SIGINT", "SIGTERM", "SIGHUP")
_PR_SET_PDEATHSIG = 1


class Pool:
    """Processes that do one task, on one list of paths after the other.

    Args:
        workers: how many processes.
        task: what each does.
        prepare: called first in each process, with `shared`.
        shared: what a process is started with; a fork has it for nothing.
    """

    def __init__(
        self,
        workers: int,
        task: Callable[[list[str]], Any],
        prepare: Callable[..., None],
        shared: tuple[Any, ...],
    ) -> None:
        import multiprocessing

        # A fork starts at once and shares the index; macOS's system libraries don't stand it.
        self._forks = sys.platform == "linux"
        self._context: Any = multiprocessing.get_context("fork" if self._forks else None)
        self._workers = workers
        self._start_with = (task, prepare, shared)
        self._processes: dict[Connection, BaseProcess] = {}
        self._busy: dict[Connection, list[str]] = {}
        self._idle: list[Connection] = []
        self._life, self._held = self._context.Pipe(False)

    def map(
        self,
        batches: Sequence[list[str]],
        here: Callable[[list[str]], Any],
        lost: Callable[[str], Any],
        meanwhile: Callable[[], None] | None = None,
    ) -> Iterator[Any]:
        """The results for all batches, as they come.

        Args:
            batches: what to do; the first are begun first.
            here: does a batch in this process, where no other can be started.
            lost: gives the result for a path at which a process has ended twice.
            meanwhile: called once, when all processes have something to do.
        """
        from multiprocessing.connection import wait

        waiting = deque(batches)
        suspects: set[str] = set()  # a process has ended over them
        try:
            while waiting or self._busy:
                while waiting and len(self._busy) < self._workers and self._give(waiting[0]):
                    waiting.popleft()
                if meanwhile is not None:
                    meanwhile()
                    meanwhile = None
                if not self._busy:
                    yield here(waiting.popleft())
                    continue
                ready: list[Any] = wait(list(self._busy))
                for connection in ready:
                    answer = self._answer(connection)
                    batch = self._busy.pop(connection)
                    if answer is None:
                        self._bury(connection)
                        if len(batch) == 1 and batch[0] in suspects:
                            yield lost(batch[0])
                        else:
                            suspects.update(batch)
                            waiting.extendleft([path] for path in reversed(batch))
                        continue
                    self._idle.append(connection)
                    is_done, result = answer
                    # An error is raised by the same thing here, where its cause can be seen.
                    yield result if is_done else here(batch)
        finally:
            self._end()

    def _give(self, batch: list[str]) -> bool:
        """Have some process do a batch; False where there is none, and none can be started."""
        while True:
            connection = self._idle.pop() if self._idle else self._start()
            if connection is None:
                return False
            try:
                connection.send(batch)
            except OSError:  # it has ended meanwhile
                self._bury(connection)
                continue
            self._busy[connection] = batch
            return True

    def _start(self) -> Connection | None:
        with _signals_held_back() as mask:
            ours, theirs = self._context.Pipe()
            # A fork has our ends of all pipes, too, which would keep them open for ever.
            inherited = [*self._processes, ours, self._held] if self._forks else []
            process = self._context.Process(
                target=_work, args=(theirs, self._life, inherited, mask, *self._start_with)
            )
            try:
                process.start()
            except (OSError, AssertionError):  # too many, or this process may have none
                ours.close()
                theirs.close()
                return None
            theirs.close()
            self._processes[ours] = process
        return ours  # type: ignore[no-any-return]

    @staticmethod
    def _answer(connection: Connection) -> Any:
        try:
            return connection.recv()
        except (EOFError, OSError):
            return None

    def _bury(self, connection: Connection) -> None:
        connection.close()
        process = self._processes.pop(connection)
        process.kill()
        process.join(1)

    def _end(self) -> None:
        """End all processes: those that have nothing to do by themselves, the others at once."""
        self._held.close()
        self._life.close()
        for connection, process in self._processes.items():
            connection.close()
            if connection in self._busy:
                process.kill()
        for process in self._processes.values():
            process.join(1)
            if process.is_alive():
                process.kill()
                process.join(1)
        self._processes.clear()


@contextmanager
def _signals_held_back() -> Iterator[Any]:
    """What interrupts this process does so before or after, and a fork begins without it; gives
    which signals are held back otherwise."""
    if not hasattr(signal, "pthread_sigmask"):
        yield None
        return
    numbers = {getattr(signal, name) for name in _STOPPING}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
    try:
        yield before
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(
    tasks: Connection,
    life: Connection,
    inherited: list[Connection],
    mask: Any,
    task: Callable[[list[str]], object],
    prepare: Callable[..., None],
    shared: tuple[Any, ...],
) -> None:
    """What a process does: one task after the other, until there are no more."""
    # A terminal sends Ctrl-C to all; the one that started this one decides what comes of it.
    for name in _STOPPING:
        if hasattr(signal, name):
            ignored = name == "SIGINT"
            signal.signal(getattr(signal, name), signal.SIG_IGN if ignored else signal.SIG_DFL)
    if mask is not None:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    for connection in inherited:
        connection.close()
    _end_with_parent(life)
    prepare(*shared)
    while True:
        try:
            batch = tasks.recv()
        except (EOFError, OSError):
            return
        try:
            answer = (True, task(batch))
        except BaseException:
            answer = (False, None)
        try:
            tasks.send(answer)
        except OSError:
            return


def _end_with_parent(life: Connection) -> None:
    import threading

    def watch() -> None:
        with suppress(EOFError, OSError):
            life.recv()  # nothing is ever sent
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
    if sys.platform == "linux":
        # While C code runs, the thread can't.
        with suppress(Exception):
            import ctypes

            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
