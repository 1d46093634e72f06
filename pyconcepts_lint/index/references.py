"""How facts refer to what isn't reached by a dotted name: the one place that writes and reads it.

Facts are stored by the thousand, so a reference is a string. Most are dotted names that the module
itself would look up. The others are

* `#n` for class number n of the module;
* `=n` for number n of `ModuleFacts.made`;
* `module:name` for what a `from` statement imports, `module` with its leading dots;
* `@` and one of these, with what follows, for what only a function has: `@module:name.attribute`,
  where the name is "" for the module itself, or `@#n.attribute`.
"""

from __future__ import annotations

from ..base.typed import NamedTuple

_CLASS, _MADE, _LOCAL, _NAME = "#", "=", "@", ":"


class Imported(NamedTuple):
    """What an import gives: a name of a module, or the module itself where that is ""."""

    module: str
    name: str


class LocalReference(NamedTuple):
    """What a function refers to: a class by its number (-1 for none) or what an import there gives,
    and the dotted attributes behind it, "" for none."""

    class_number: int
    imported: Imported
    rest: str


def to_class(number: int | str) -> str:
    return f"{_CLASS}{number}"


def to_made(number: int) -> str:
    return f"{_MADE}{number}"


def to_imported(module: str, name: str = "") -> str:
    return f"{module}{_NAME}{name}"


def to_local(reference: str) -> str:
    """What a function has under a reference; dotted attributes may follow."""
    return f"{_LOCAL}{reference}"


def class_number(reference: str) -> int | None:
    """The number of the class that a reference names; None for any other reference."""
    return int(reference[1:]) if reference[:1] == _CLASS else None


def made_number(reference: str) -> int | None:
    """The number of the call that makes the class; None for any other reference."""
    return int(reference[1:]) if reference[:1] == _MADE else None


def imported(reference: str) -> Imported:
    """What an import gives, by its reference."""
    module, _, name = reference.partition(_NAME)
    return Imported(module, name)


def is_local_reference(reference: str) -> bool:
    """Does only a function have it?"""
    return reference[:1] == _LOCAL


def local_reference(reference: str) -> LocalReference:
    """What a reference says for which `is_local_reference` is true."""
    if reference[1:2] == _CLASS:
        number, _, rest = reference[2:].partition(".")
        return LocalReference(int(number), Imported("", ""), rest)
    module, _, behind = reference[1:].partition(_NAME)
    name, _, rest = behind.partition(".")
    return LocalReference(-1, Imported(module, name), rest)


def as_written(reference: str) -> str:
    """The dotted name by which a module would have to import it; of other references themselves."""
    if not is_local_reference(reference):
        return reference
    _, (module, name), rest = local_reference(reference)
    return ".".join(filter(None, (module, name, rest)))
