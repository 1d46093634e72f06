"""Answers about a program of which not all is known."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Answer(Enum):
    """YES, NO, or UNKNOWN where the code doesn't tell; always compared, never taken for a truth."""

    NO = "no"
    UNKNOWN = "unknown"
    YES = "yes"

    def __bool__(self) -> bool:
        raise TypeError("an Answer has three values: compare it")

    @property
    def opposite(self) -> Answer:
        """The answer to the negated question."""
        return self if self is Answer.UNKNOWN else answer(self is Answer.NO)


def answer(is_so: bool) -> Answer:
    """The answer where it is known."""
    return Answer.YES if is_so else Answer.NO


def all_of(answers: Iterable[Answer]) -> Answer:
    """The answer to several questions joined by `and`."""
    found = tuple(answers)
    for one in (Answer.NO, Answer.UNKNOWN):
        if one in found:
            return one
    return Answer.YES


def any_of(answers: Iterable[Answer]) -> Answer:
    """The answer to several questions joined by `or`."""
    return all_of(one.opposite for one in answers).opposite
