"""What is different in a project after some files have changed, as inputs (see `tracking`).

Of a changed file, the old facts are compared with the new ones, part by part, and what it has in
each table with what it had there. What is the same in both can have touched nothing.
"""

from __future__ import annotations

from ..base.typed import TYPE_CHECKING
from . import installed, layout, reimports, tables
from .loaders import spelled_names
from .loading import is_declared
from .model import FILE, Module, Origin
from .parts import changed_parts
from .tracking import ROW_TABLES, name_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from .facts import ModuleFacts
    from .project import Project
    from .tracking import Input

TEXT = name_of(tables.text)
FILES = name_of(tables.files)
"""Which modules there are: where that changes, all is asked again."""
ROOTS = name_of(layout.roots)
LISTING = name_of(layout.names_in)
_OF_DISK = frozenset(
    map(
        name_of,
        (
            is_declared,
            layout.names_in,
            layout.roots,
            tables.declared_dependencies,
            tables.lowest_minor,
        ),
    )
)
OF_LAYOUT = tuple(
    map(name_of, (reimports.script_names, tables.escaping_arguments, tables.made_from_names))
)
"""Tables of rows that rest on where files lie, too."""
_ = installed  # registers its inputs


def is_of_disk(kind: str) -> bool:
    """Does an input rest on more than the facts of the project's files, so that only asking tells
    whether it is what it was?"""
    return kind in _OF_DISK or kind.startswith("installed.")


def is_answer(kind: str) -> bool:
    """Is an input an answer that rests on other inputs?"""
    return not (
        kind in ROW_TABLES
        or kind in (TEXT, FILE, FILES)
        or kind.startswith("parts.")
        or is_of_disk(kind)
    )


def touched(path: str, old: ModuleFacts, new: ModuleFacts) -> Iterator[Input]:
    """The inputs that are something else since a file has the new facts instead of the old ones;
    without rows of tables."""
    yield TEXT, path
    yield from changed_parts(path, old, new)
    if set(spelled_names(old)) != set(spelled_names(new)):
        yield ROOTS, ""


def different_rows(
    project: Project, path: str, old: ModuleFacts, new: ModuleFacts
) -> dict[str, dict[str, list[Any]]]:
    """In which tables a file has something else by its new facts: the keys there, with what it has
    under them now."""
    before, after = _rows_in(project, path, old), _rows_in(project, path, new)
    found: dict[str, dict[str, list[Any]]] = {}
    for name in ROW_TABLES:
        one, other = before[name], after[name]
        for key in one.keys() | other.keys():
            if one.get(key) != other.get(key):
                found.setdefault(name, {})[key] = other.get(key, [])
    return found


def _rows_in(project: Project, path: str, facts: ModuleFacts) -> dict[str, dict[str, list[Any]]]:
    """What a file has in each table, by the keys there."""
    found: dict[str, dict[str, list[Any]]] = {name: {} for name in ROW_TABLES}
    with project.tracker.ignore():
        module = Module(project, path, None, facts, Origin.PROJECT)
        for name, table in ROW_TABLES.items():
            for key, plain in table.contribution(module):
                found[name].setdefault(key, []).append(plain)
    return found
