"""What ends the command line from outside: Ctrl-C and the signals that ask a process to end.

Each is an exception where it comes, so that what has been begun is cleared away; where that is lost
(in a destructor, a callback, code that takes every exception), or takes long, the process ends all
the same. Only the command line uses this: signals are their own business of all other programs.
"""

from __future__ import annotations

import os
import signal
import sys

from .typed import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

PATIENCE = 0.4
"""Seconds for clearing away."""


class Stopped(KeyboardInterrupt):
    """A signal that asks this process to end."""

    def __init__(self, number: int = signal.SIGINT) -> None:
        super().__init__(number)
        self.exit_code = 128 + number


def exit_code_of(error: KeyboardInterrupt) -> int:
    return error.exit_code if isinstance(error, Stopped) else 128 + signal.SIGINT


class _Stop:
    """The handler of the signals."""

    def __init__(self) -> None:
        self.number = 0
        self.is_over = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self.is_over:
            os._exit(128 + number)
        if not self.number:
            self.number = number
            if hasattr(signal, "setitimer"):
                signal.signal(signal.SIGALRM, self._give_up)
                signal.setitimer(signal.ITIMER_REAL, PATIENCE)
            raise Stopped(number)

    def _give_up(self, number: int, frame: FrameType | None) -> None:
        os._exit(128 + self.number)

    def unraisable(self, unraisable: Any) -> None:
        """Instead of a traceback of what a destructor or a callback has lost."""
        if isinstance(unraisable.exc_value, Stopped):
            os._exit(unraisable.exc_value.exit_code)
        sys.__unraisablehook__(unraisable)


_stop = _Stop()


def listen() -> None:
    """Have the signals raise Stopped. One that is ignored (`nohup`) stays ignored."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _stop)
    sys.unraisablehook = _stop.unraisable


def lost() -> Stopped:
    """The exception of the signal that has come, after code that took it."""
    return Stopped(_stop.number or signal.SIGINT)


def leave(code: int) -> int:
    """End at once where a signal has come; from here on one ends the process without a word."""
    _stop.is_over = True
    if _stop.number:
        os._exit(128 + _stop.number)
    return code
