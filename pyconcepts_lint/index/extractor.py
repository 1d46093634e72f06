"""Tables of facts: what rules note of a file, beside the facts that the project itself asks for.

An extractor reads what one walk over a file has found and gives the rows of one table. They are
stored with the file's other facts, so they have to come from its text alone.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable

from ..base.typed import TYPE_CHECKING, NamedTuple
from .codec import decode

if TYPE_CHECKING:
    from typing import Any, Generic, Protocol, TypeVar

    from .binder import FileIndex
    from .facts import ModuleFacts

    Row = TypeVar("Row")

    class _Of(Generic[Row]):
        pass

    class Table(Protocol):
        """What is known of an extractor before it is imported: it says the same of itself."""

        @property
        def name(self) -> str: ...
        @property
        def words(self) -> tuple[str, ...]: ...

        def load(self) -> Extractor[Any] | None:
            """The extractor; None where it can't be imported."""

else:
    Row = None

    class _Of:
        def __class_getitem__(cls, row: object) -> type:
            return cls


class Line(NamedTuple):
    """A row for a table that says where something is."""

    line: int


class Lines(NamedTuple):
    """A row for a table that says in which statement, decorators included, something is."""

    first_line: int
    last_line: int


class Extractor(_Of[Row]):
    """A table of facts, and how its rows are made.

    Args:
        row: the named tuple that a row is: strings, numbers, None, and tuples of these.
        rows: makes the rows of a file, in any order.
        words: a text without any of them has no row, and the extractor isn't imported then.
        nodes: the classes of nodes that it takes from `FileIndex.nodes`.
        may_have: asks more of a text than the words do.

    Its name is that of the function.
    """

    def __init__(
        self,
        row: type[Row],
        rows: Callable[[FileIndex], Iterable[Row]],
        words: tuple[str, ...] = (),
        nodes: tuple[type[ast.AST], ...] = (),
        may_have: Callable[[str], bool] | None = None,
    ) -> None:
        self.name = rows.__name__
        self.module = rows.__module__
        self.rows = rows
        self.words = words
        self.nodes = nodes
        self.may_have = may_have
        self.row = row

    def load(self) -> Extractor[Any]:
        return self

    def of(self, facts: ModuleFacts) -> tuple[Row, ...]:
        """The table's rows of one file."""
        return tuple(decode(self.row, row) for row in facts.tables.get(self.name, ()))


def extractor(
    row: type[Row],
    *,
    words: tuple[str, ...] = (),
    nodes: tuple[type[ast.AST], ...] = (),
    may_have: Callable[[str], bool] | None = None,
) -> Callable[[Callable[[FileIndex], Iterable[Row]]], Extractor[Row]]:
    """A decorator that makes an `Extractor` of a function: see there."""
    return lambda rows: Extractor(row, rows, words, nodes, may_have)


def has_any(text: str, words: Iterable[str]) -> bool:
    """Has a text one of some words? A loop takes half as long as `any` with a generator."""
    for word in words:  # noqa: SIM110
        if word in text:
            return True
    return False


def applying(tables: Iterable[Table], text: str) -> list[Extractor[Any]]:
    """The extractors that may find rows in a text; no others are imported."""
    found: list[Extractor[Any]] = []
    for table in tables:
        if not table.words or has_any(text, table.words):
            extractor = table.load()
            if extractor is None:
                continue
            if extractor.may_have is None or extractor.may_have(text):
                found.append(extractor)
    return found
