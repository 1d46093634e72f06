"""A thread that does jobs in the order in which they come, and between them other work in pieces.

What is known of projects belongs to this thread alone, so nothing of it is locked. A job waits for
one piece at most.
"""

from __future__ import annotations

import gc
import threading
from collections import deque
from collections.abc import Callable

STACK = 256 * 1024 * 1024
"""Bytes of address space for the stack: deep trees are gone down as in the main thread."""
IDLE = 1.0
"""Seconds without work after which what is left behind is cleared away."""

Job = Callable[[], None]


class Worker:
    """The thread.

    Args:
        piece: does one piece of the other work; False where none is left.
        rest: is called where there has been nothing to do for a while.
        tell: is told what went wrong: the thread goes on.
    """

    def __init__(
        self, piece: Callable[[], bool], rest: Job, tell: Callable[[Exception], None]
    ) -> None:
        self._piece = piece
        self._rest = rest
        self._tell = tell
        self._jobs: deque[Job] = deque()
        self._changed = threading.Condition()
        self._is_ended = False

    def start(self) -> None:
        before = threading.stack_size(STACK)
        try:
            # It is a daemon: a program that ends doesn't wait for a piece to be done.
            threading.Thread(target=self._work, name="pyconcepts-lint", daemon=True).start()
        finally:
            threading.stack_size(before)

    def do(self, job: Job) -> None:
        """Do a job as soon as those before it are done."""
        with self._changed:
            self._jobs.append(job)
            self._changed.notify()

    def end(self) -> None:
        """Start nothing any more."""
        with self._changed:
            self._is_ended = True
            self._changed.notify()

    def _work(self) -> None:
        # The collector would look through all that is known, at any time.
        gc.disable()
        is_more = True
        has_rested = True
        while True:
            with self._changed:
                if not self._jobs and not is_more and not self._is_ended:
                    self._changed.wait(None if has_rested else IDLE)
                if self._is_ended:
                    return
                job = self._jobs.popleft() if self._jobs else None
            try:
                if job is not None:
                    is_more, has_rested = True, False
                    job()
                elif is_more:
                    is_more = has_rested = False
                    is_more = self._piece()
                    gc.collect(0)
                elif not has_rested:
                    has_rested = True
                    self._rest()
            except Exception as error:
                self._tell(error)
