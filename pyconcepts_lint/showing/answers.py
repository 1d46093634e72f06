"""The answers of `show`: plain data, which says of what isn't known that it is unknown.

Lines are 1-based, 0 where there is none; paths are absolute, "" for what has no file.
"""

from __future__ import annotations

from ..base.errors import Error
from ..base.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Any

FOUND = "found"
MAYBE = "may be found"
HIDDEN = "hidden"
ABSENT = "not there"
SKIPPED = "skipped"
UNKNOWN = "unknown"


class Unanswerable(Error):
    """There is no answer: the question names what isn't there, or more than one thing."""


class Row(NamedTuple):
    """One thing that is met on the way.

    `by` is the class, the method, the scope or the module that has it; `what` says what it is,
    "" where nothing is there. `status` is one of the words above.
    """

    by: str
    what: str = ""
    path: str = ""
    line: int = 0
    status: str = ABSENT
    note: str = ""


class Step(NamedTuple):
    """One place where Python looks. `status` is that of the step as a whole.

    `where` is a word for programs: `getattribute`, `data descriptors`, `instance`, `class`,
    `getattr`, `metaclass data descriptors`, `metaclass`, `metaclass getattr`, `module`,
    `submodules`, `local`, `enclosing`, `class body`, `global`, `builtin`.
    """

    where: str
    title: str
    status: str = ABSENT
    rows: tuple[Row, ...] = ()
    note: str = ""


class Lookup(NamedTuple):
    """What a name or an attribute finds.

    `subject` is what was asked about, `of` what it is asked of. `result` is the row that is found;
    None where nothing is, or it isn't known: `outcome` says it in words. `unknown` are sentences
    about what isn't known.
    """

    subject: str
    of: str
    path: str
    line: int
    column: int
    steps: tuple[Step, ...]
    status: str
    outcome: str
    result: Row | None = None
    notes: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


class Lookups(NamedTuple):
    """The answer of `show lookup`: one for each thing that the receiver may be."""

    kind: str
    lookups: tuple[Lookup, ...]


def as_json(answer: object) -> Any:
    """An answer as JSON has it."""
    if isinstance(answer, tuple):
        fields = getattr(answer, "_fields", None)
        if fields is None:
            return [as_json(item) for item in answer]
        return {name: as_json(value) for name, value in zip(fields, answer, strict=True)}
    if isinstance(answer, dict):
        return {key: as_json(value) for key, value in answer.items()}
    return answer
