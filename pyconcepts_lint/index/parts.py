"""The parts of what a file says about itself, so that findings rest on no more than they asked for.

A module gives away views of its facts and of its names. They note each part that is looked at:
another file's findings hold when a function is added to a module of which they asked for a class.
"""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterator, KeysView, Mapping, ValuesView

from ..base.typed import TYPE_CHECKING
from .facts import Binding, ModuleFacts
from .tracking import register_part

if TYPE_CHECKING:
    from typing import Any, Protocol

    from .tracking import Input, Tracker

    class FileModule(Protocol):
        """A module, as far as it is asked here."""

        @property
        def path(self) -> str: ...
        @property
        def tracker(self) -> Tracker: ...
        @property
        def own_facts(self) -> ModuleFacts: ...


NAME, ONE_CLASS, CLASS_NAMES = "parts.name", "parts.class", "parts.class_names"
"""The bindings of one name (`PATH:NAME`), one class (`PATH:NUMBER`), which classes there are."""
TABLE = "parts.table"
"""What an extractor has noted (`PATH:NAME`)."""
BY_NAME = frozenset({NAME, ONE_CLASS, TABLE})
_TABLES = ModuleFacts._fields.index("tables")


def _whole(number: int) -> Callable[[ModuleFacts, str], object]:
    return lambda facts, _: facts[number]


def _name(facts: ModuleFacts, name: str) -> object:
    return [binding for binding in facts.bindings if binding.name == name]


def _class(facts: ModuleFacts, number: str) -> object:
    return facts.classes[int(number)] if int(number) < len(facts.classes) else None


def _class_names(facts: ModuleFacts, _: str) -> object:
    return [(each.name, each.qualname) for each in facts.classes]


def _table(facts: ModuleFacts, name: str) -> object:
    return facts.tables.get(name)


def changed_parts(path: str, old: ModuleFacts, new: ModuleFacts) -> Iterator[tuple[str, str]]:
    """The inputs that are something else by the new facts of a file than by the old ones."""
    for number, name in enumerate(ModuleFacts._fields):
        if old[number] != new[number]:
            yield f"parts.{name}", path
    if old.bindings != new.bindings:
        before, after = grouped(old), grouped(new)
        for name in before.keys() | after.keys():
            if before.get(name) != after.get(name):
                yield NAME, f"{path}:{name}"
    if old.classes != new.classes:
        for number in range(max(len(old.classes), len(new.classes))):
            if _class(old, str(number)) != _class(new, str(number)):
                yield ONE_CLASS, f"{path}:{number}"
        if _class_names(old, "") != _class_names(new, ""):
            yield CLASS_NAMES, path
    for name in old.tables.keys() | new.tables.keys():
        if old.tables.get(name) != new.tables.get(name):
            yield TABLE, f"{path}:{name}"


def grouped(facts: ModuleFacts) -> dict[str, list[Binding]]:
    """The module-level bindings by name, in the order of the source."""
    found: dict[str, list[Binding]] = {}
    for binding in facts.bindings:
        found.setdefault(binding.name, []).append(binding)
    return found


class _View:
    """As `ModuleFacts`, of a file of the project."""

    __slots__ = ("_module", "_path", "_tracker")

    def __init__(self, module: FileModule) -> None:
        self._module = module
        self._path = module.path
        self._tracker = module.tracker

    @property
    def tables(self) -> Mapping[str, tuple[tuple[object, ...], ...]]:
        return _Tables(self._module.own_facts, self._path, self._tracker)


class _Tables(Mapping[str, "tuple[tuple[object, ...], ...]"]):
    """What extractors have noted, which notes what is looked at."""

    __slots__ = ("_path", "_tables", "_tracker")

    def __init__(self, facts: ModuleFacts, path: str, tracker: Tracker) -> None:
        self._tables = facts.tables
        self._path = path
        self._tracker = tracker

    def _note(self, name: str) -> None:
        recordings = self._tracker._open
        if recordings:
            recordings[-1].add((TABLE, f"{self._path}:{name}"))

    def __getitem__(self, name: str) -> tuple[tuple[object, ...], ...]:
        self._note(name)
        return self._tables[name]

    def get(self, name: str, default: Any = None) -> Any:
        self._note(name)
        return self._tables.get(name, default)

    def __contains__(self, name: object) -> bool:
        self._note(str(name))
        return name in self._tables

    def __iter__(self) -> Iterator[str]:
        recordings = self._tracker._open
        if recordings:
            recordings[-1].add(("parts.tables", self._path))
        return iter(self._tables)

    def __len__(self) -> int:
        return len(list(iter(self)))


def _part(number: int, name: str) -> property:
    kind = f"parts.{name}"

    def read(view: _View) -> Any:
        recordings = view._tracker._open
        if recordings:
            recordings[-1].add((kind, view._path))
        return view._module.own_facts[number]

    return property(read)


register_part(NAME, _name, by_name=True)
register_part(ONE_CLASS, _class, by_name=True)
register_part(CLASS_NAMES, _class_names)
register_part(TABLE, _table, by_name=True)


def view_of(module: FileModule) -> ModuleFacts:
    """The facts of a file, which note what is looked at."""
    return _View(module)  # type: ignore[return-value]


class _WholeView:
    """As `ModuleFacts`, of an installed file: whatever is looked at, it is noted as a whole."""

    __slots__ = ("_inputs", "_module")

    def __init__(self, module: FileModule, inputs: tuple[Input, ...]) -> None:
        self._module = module
        self._inputs = inputs


def _any_part(number: int) -> property:
    def read(view: _WholeView) -> Any:
        view._module.tracker.note_all(view._inputs)
        return view._module.own_facts[number]

    return property(read)


for _number, _field in enumerate(ModuleFacts._fields):
    if _number != _TABLES:
        setattr(_View, _field, _part(_number, _field))
    setattr(_WholeView, _field, _any_part(_number))
    register_part(f"parts.{_field}", _whole(_number))


def whole_view_of(module: FileModule, inputs: tuple[Input, ...]) -> ModuleFacts:
    """The facts of a file, of which one input is noted for all."""
    return _WholeView(module, inputs)  # type: ignore[return-value]


class Names(Mapping[str, "list[Binding]"]):
    """The bindings of a module by name, which note the names that are looked at."""

    __slots__ = ("_grouped", "_path", "_tracker")

    def __init__(self, facts: ModuleFacts, path: str, tracker: Tracker) -> None:
        self._grouped = grouped(facts)
        self._path = path
        self._tracker = tracker

    def _note(self, name: str) -> None:
        recordings = self._tracker._open
        if recordings:
            recordings[-1].add((NAME, f"{self._path}:{name}"))

    def _note_all(self) -> None:
        recordings = self._tracker._open
        if recordings:
            recordings[-1].add(("parts.bindings", self._path))

    def __getitem__(self, name: str) -> list[Binding]:
        self._note(name)
        return self._grouped[name]

    def get(self, name: str, default: Any = None) -> Any:
        self._note(name)
        return self._grouped.get(name, default)

    def __contains__(self, name: object) -> bool:
        self._note(str(name))
        return name in self._grouped

    def __iter__(self) -> Iterator[str]:
        self._note_all()
        return iter(self._grouped)

    def __len__(self) -> int:
        self._note_all()
        return len(self._grouped)

    def keys(self) -> KeysView[str]:
        self._note_all()
        return self._grouped.keys()

    def items(self) -> ItemsView[str, list[Binding]]:
        self._note_all()
        return self._grouped.items()

    def values(self) -> ValuesView[list[Binding]]:
        self._note_all()
        return self._grouped.values()
