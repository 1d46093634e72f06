"""Named tuples as JSON and back, by their annotations.

They become arrays, without names: the cache's key holds the version of the tool. A field is a
string, a number, a truth value or None, or one of these: a member of a `StrEnum` (its value),
a named tuple, a tuple, a mapping of strings.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import cache
from types import GenericAlias, UnionType

from ..base.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, TypeVar

    T = TypeVar("T")


def decode(kind: type[T], row: Any) -> T:
    """The named tuple of a class that `row` (its JSON) says.

    Raises an exception for what isn't one.
    """
    return _reader(kind)(row)  # type: ignore[no-any-return, misc, arg-type]


@cache
def _reader(kind: Any) -> Callable[[Any], Any] | None:
    """What makes a value of some type of what JSON has for it; None where that is the same."""
    if isinstance(kind, UnionType):
        readers = [reader for part in kind.__args__ if (reader := _reader(part)) is not None]
        return _or_none(readers[0]) if readers else None
    if isinstance(kind, GenericAlias):
        parts = kind.__args__
        if kind.__origin__ is Mapping:
            return _mapping(_reader(parts[1]) or _same)
        if parts[1:] == (...,):
            each = _reader(parts[0])
            return tuple if each is None else _tuple(each)
        return _values(tuple, parts)
    if isinstance(kind, type) and hasattr(kind, "_fields"):
        return _values(lambda values: kind(*values), _field_types(kind))
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return {member.value: member for member in kind}.__getitem__
    return None


def _field_types(kind: type) -> tuple[Any, ...]:
    namespace = vars(sys.modules[kind.__module__])
    found: list[Any] = []
    for annotation in kind.__annotations__.values():
        text = getattr(annotation, "__forward_arg__", annotation)
        found.append(eval(text, namespace) if isinstance(text, str) else text)
    return tuple(found)


def _values(make: Callable[[Any], Any], kinds: tuple[Any, ...]) -> Callable[[Any], Any]:
    """Reads values of different types."""
    readers = [(n, read) for n, kind in enumerate(kinds) if (read := _reader(kind)) is not None]
    if not readers:
        return make

    def read_values(row: Any) -> Any:
        values = list(row)
        for number, read in readers:
            values[number] = read(values[number])
        return make(values)

    return read_values


def _tuple(each: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda items: tuple([each(item) for item in items])


def _mapping(each: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda items: {name: each(item) for name, item in items.items()}


def _or_none(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else read(value)


def _same(value: Any) -> Any:
    return value
