"""What an answer of the index rests on, so that it can be kept until that changes.

While a file is looked at, the index notes each *input* that it gives something away of: the
facts of a file, the listing of a directory, the uses of an attribute across the project. An
answer that is kept in memory keeps its inputs with it and notes them again for the next who
asks. What the rules said about a file then holds as long as the file, the settings and those
inputs are what they were.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from ..base.typed import TYPE_CHECKING

Input = tuple[str, str]
"""A kind (`file`, `directory`, `uses` …) and what it is of."""


class Tracker:
    """Notes inputs for whoever records; nested recordings note for the outer ones, too."""

    __slots__ = ("_open",)

    def __init__(self) -> None:
        self._open: list[set[Input]] = []

    def note(self, kind: str, of: str) -> None:
        if self._open:
            self._open[-1].add((kind, of))

    def note_all(self, inputs: Iterable[Input]) -> None:
        if self._open:
            self._open[-1].update(inputs)

    def record(self) -> _Recording:
        return _Recording(self)

    @contextmanager
    def ignore(self) -> Iterator[None]:
        """For tables over the whole project, of which single entries are noted when asked for."""
        before, self._open = self._open, []
        try:
            yield
        finally:
            self._open = before


class _Recording:
    """A class of its own: a generator takes three times as long, and answers are many."""

    __slots__ = ("_inputs", "_tracker")

    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker
        self._inputs: set[Input] = set()

    def __enter__(self) -> set[Input]:
        self._tracker._open.append(self._inputs)
        return self._inputs

    def __exit__(self, *_: object) -> None:
        self._tracker._open.pop()
        self._tracker.note_all(self._inputs)


if TYPE_CHECKING:
    from functools import cached_property
    from typing import Any

    tracked = cached_property
else:

    class tracked:
        """As `functools.cached_property`, and the inputs of the answer are kept with it.

        The instance has its `Tracker` as `tracker`.
        """

        def __init__(self, function: Callable[[Any], Any]) -> None:
            self.function = function
            self.__doc__ = function.__doc__

        def __set_name__(self, owner: type, name: str) -> None:
            self.key = f"_tracked_{name}"

        def __get__(self, instance: Any, owner: type) -> Any:
            if instance is None:
                return self
            memo: tuple[Any, frozenset[Input]] | None = instance.__dict__.get(self.key)
            if memo is None:
                with instance.tracker.record() as inputs:
                    value = self.function(instance)
                memo = instance.__dict__[self.key] = (value, frozenset(inputs))
            elif memo[1]:
                instance.tracker.note_all(memo[1])
            return memo[0]
