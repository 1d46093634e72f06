"""The project as a whole: its modules, and what is asked of all of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial

from ..base.typed import TYPE_CHECKING
from . import tables, tracking
from .facts import ModuleFacts
from .installed import NOTHING, Installed, installed_file, parts_below
from .layout import Layout, ModuleName
from .loaders import declared_names
from .model import ClassModel, LiveClass, Module, Origin, SourceClass, file
from .names import STANDARD_LIBRARY, Resolver
from .tracking import FORMS, WHOLE, Input, RowTable, Stored, Tracker, name_of, table_name

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from typing import Any, TypeVar

    from .model import Index, Symbol

    T = TypeVar("T")


class Project(Resolver):
    """The modules of one project, read as they are asked for.

    Args:
        root: the project's root directory; None for files that belong to none.
        files: the project's own files, absolute paths.
        read: gives a file's facts, or None for a file that can't be read.
        src: import roots from the settings, None to find them.
        field_classes: names of classes whose class-level names are fields.
        namespace_packages: dotted names of directories without `__init__.py` on purpose.
        extra_files: files that count as there although they aren't on disk yet.
        text: gives the Python 3 text that a file's facts were read from, None where there is none.
        tracker: is told what answers rest on.
        target_minor: the oldest 3.x that is to run it, None where that is told by its own files.
        installed: where the modules lie that are installed beside it.
    """

    def __init__(
        self,
        root: str | None,
        files: Sequence[str],
        read: Callable[[str], ModuleFacts | None],
        *,
        src: Sequence[str] | None = None,
        field_classes: Iterable[str] = (),
        namespace_packages: Iterable[str] = (),
        extra_files: Iterable[str] = (),
        text: Callable[[str], str | None] | None = None,
        tracker: Tracker | None = None,
        target_minor: int | None = None,
        installed: Installed = NOTHING,
    ) -> None:
        self.root = root
        self.target_minor = target_minor
        self.files = tuple(files)
        self.field_classes = frozenset(field_classes)
        self.namespace_packages = frozenset(namespace_packages)
        self.tracker = tracker or Tracker()
        self.open_mros: list[ClassModel] = []
        super().__init__(
            self.files,
            Layout(root, src, self.files, extra_files, self.tracker, self._spelled, installed),
        )
        self._read = read
        self._text = text
        self._modules: dict[str, Module | None] = {}
        self._live: dict[type, LiveClass] = {}
        self._tables: dict[object, Any] = {}
        self.stored = Stored()
        self._rows: dict[RowTable, Mapping[str, Sequence[tuple[str, Any]]]] = {}
        self._entries: dict[tuple[RowTable, str], Any] = {}
        self.rests_on: dict[Input, frozenset[Input]] = {}
        self._told = 0
        self._given: set[str] = set()
        # Of what `carrying` has taken over: tables, how many answers, and the questions by their
        # names.
        self.carried_tables: set[Input] = set()
        self.carried = 0
        self.carried_questions: dict[str, Any] = {}
        self._answers: dict[tuple[object, ...], Any] = {}
        self._shared: dict[object, tuple[Any, frozenset[Input]]] = {}
        self._members: dict[tuple[str, str], tuple[Symbol | None, frozenset[Input]]] = {}

    def _spelled(self) -> set[str]:
        """The names that absolute imports spell, be they computed ones, and those that build files
        declare; `.*` after a package of which all modules are imported so.

        It is asked for the names of modules, so it asks for none.
        """
        return {*declared_names(self.root), *self._plain(tables.spelled)}  # type: ignore[arg-type]

    # What is asked of the project

    def row(self, table: Callable[[Index], Mapping[str, Sequence[T]]], key: str) -> Sequence[T]:
        """What a table has under a key; () for nothing."""
        self.tracker.note(table, key)
        if isinstance(table, RowTable):
            return self.entry(table, key)
        return self._whole(table).get(key, ())

    def has(self, table: Callable[[Index], AbstractSet[str]], key: str) -> bool:
        """Is a key in a table that is a set?"""
        self.tracker.note(table, key)
        if isinstance(table, RowTable):
            return bool(self._plain(table).get(key))
        return key in self._whole(table)

    def keys(self, table: Callable[[Index], AbstractSet[str]]) -> Collection[str]:
        """All keys of a table of rows."""
        assert isinstance(table, RowTable)
        self.tracker.note(table, WHOLE)
        return self._plain(table).keys()

    def entry(self, table: RowTable, key: str) -> Any:
        """What a table of rows has under a key; it isn't noted."""
        known = self._entries.get((table, key))
        if known is None:
            plain = self._plain(table).get(key, ())
            with self.tracker.ignore():
                known = self._entries[table, key] = table.row(self, key, plain)
        return known

    def _plain(self, table: RowTable) -> Mapping[str, Sequence[tuple[str, Any]]]:
        """All rows of a table: what modules have in it, by their paths, in the order of the files."""
        found = self._rows.get(table)
        if found is None:
            found = self.stored.rows(name_of(table))
            if found is None:
                found = self._made_rows(table)
            self._rows[table] = found
        return found

    def _made_rows(self, table: RowTable) -> dict[str, list[tuple[str, Any]]]:
        found: dict[str, list[tuple[str, Any]]] = {}
        with self.tracker.ignore():
            for module in self.modules():
                for key, plain in table.contribution(module):
                    found.setdefault(key, []).append((module.path, plain))
        return found

    def whole(self, table: Callable[[Index], T]) -> T:
        """A table, computed once. Callers that give away a part of it note that part."""
        self.tracker.note_whole(table_name(table))
        return self._whole(table)

    def _whole(self, table: Callable[[Index], T]) -> T:
        if table not in self._tables and not self._is_stored(table):
            with self.tracker.isolated() as inputs:
                self._tables[table] = table(self)
            self.rests_on[table_name(table), WHOLE] = frozenset(inputs)
        return self._tables[table]  # type: ignore[no-any-return]

    def _is_stored(self, table: Callable[[Index], Any]) -> bool:
        """Take a table of the whole project from what is stored, if it is there."""
        name = table_name(table)
        form = FORMS.get(name)
        row = None if form is None else self.stored.answer(name)
        if form is None or row is None:
            return False
        try:
            with self.tracker.ignore():
                self._tables[table] = form.thaw(self, row)
        except Exception:
            return False  # a row that nothing here has made
        return True

    def rows_of(self, name: str) -> Mapping[str, Sequence[tuple[str, Any]]]:
        """All rows of a table of rows, by its name."""
        return self._plain(tracking.ROW_TABLES[name])

    def frozen(self, name: str) -> object:
        """What a table made of the whole project is, to be stored; None where it wasn't made."""
        if (name, WHOLE) not in self.rests_on:
            return None
        for table, value in self._tables.items():
            if table_name(table) == name:
                return FORMS[name].freeze(value)
        return None

    def new_answers(self) -> dict[Input, frozenset[Input]]:
        """What answers rest on that were found out since this was asked the last time."""
        new = dict(list(self.rests_on.items())[self._told :])
        self._told = len(self.rests_on)
        return new

    def new_frozen(self) -> dict[str, object]:
        """The tables of the whole project, to be stored, that were made since this was asked the
        last time."""
        new = [name for name in FORMS if name not in self._given and (name, WHOLE) in self.rests_on]
        self._given.update(new)
        return {name: self.frozen(name) for name in new}

    def is_passed_on(self, name: str) -> bool:
        """Does a module-level statement pass what has that name to a function?"""
        return bool(self.row(tables.escaping_arguments, name))

    def ask(self, function: Callable[..., T], *key: str) -> T:
        """What a question or a fact says, found out once; for `tracking`."""
        self.tracker.note(function, *key or ("",))
        asked = (function, *key)
        if asked not in self._answers:
            with self.tracker.isolated() as inputs:
                self._answers[asked] = function(self, *key)
            self.rests_on[name_of(function), (*key, "")[0]] = frozenset(inputs)
        return self._answers[asked]  # type: ignore[no-any-return]

    def cached(self, make: Callable[[Index], T]) -> T:
        """What `make(project)` gives, made once for all files and rules that ask."""
        known: T = self.tracker.once(self._shared, make, lambda: make(self))
        return known

    def answer(self, name: str, key: str) -> object:
        """What an input that the tracker was told of is now, for `json.dumps` with
        `tracking.plain`."""
        with self.tracker.ignore():
            return tracking.answer(self, name, key)

    # Modules

    def module(self, path: str) -> Module | None:
        """The module of a file; None where the file can't be read."""
        origin = self._origin_of(path)
        if origin is Origin.PROJECT:
            self.tracker.note(file, path)
        elif origin is Origin.INSTALLED:
            self.tracker.note(installed_file, path)
        return self._module(path, origin)

    def _module(self, path: str, origin: Origin) -> Module | None:
        if path not in self._modules:
            facts = self._read(path)
            if facts is None:
                self._modules[path] = None
            else:
                name = self._name_outside(path, origin)
                self._modules[path] = Module(self, path, name, facts, origin)
        return self._modules[path]

    def listed(self, path: str) -> Module:
        """The module of a file that surely has facts, for a row of a table names it; they are
        read when they are asked for."""
        known = self._modules.get(path)
        if known is None:
            read = partial(self._read, path)
            known = self._modules[path] = Module(self, path, None, read, Origin.PROJECT)
        return known

    def _origin_of(self, path: str) -> Origin:
        if path in self._own:
            return Origin.PROJECT
        if self.layout.is_installed(path):
            return Origin.INSTALLED
        is_standard = path.startswith(STANDARD_LIBRARY + os.sep)
        return Origin.STANDARD if is_standard else Origin.PROJECT

    def text(self, module: Module) -> str | None:
        """The text of a module, for the rare question that its facts don't answer; a translation
        for Python 2 source."""
        if module.in_project:
            self.tracker.note(tables.text, module.path)
        elif not module.is_standard:
            self.tracker.note(installed_file, module.path)
        return None if self._text is None else self._text(module.path)

    def _name_outside(self, path: str, origin: Origin) -> ModuleName | None:
        """Where a module stands that isn't the project's; None for the project's own."""
        if origin is Origin.PROJECT:
            return None
        if origin is Origin.INSTALLED:
            place, parts = self.layout.installed.place_of(path)
        else:
            place, parts = STANDARD_LIBRARY, parts_below(STANDARD_LIBRARY, path)
        if parts[-1] == "__init__":
            package = ".".join(parts[:-1])
            return ModuleName(place, package, package, True, True)
        package = ".".join(parts[:-1])
        return ModuleName(place, ".".join(parts), package, False, bool(package))

    def modules(self) -> Iterator[Module]:
        """Every readable module of the project, in the order of its files."""
        self.tracker.note(tables.files, "")
        for path in self.files:
            module = self._module(path, Origin.PROJECT)
            if module is not None:
                yield module

    def member(self, module: Module, name: str) -> Symbol | None:
        """As `Resolver.member`. What is found is kept, but where a circle may have cut the search
        short: then the answer holds only for the question with which it began."""
        key = (module.path, name)
        known = self._members.get(key)
        if known is None:
            cuts = self._cuts
            with self.tracker.record() as inputs:
                symbol = super().member(module, name)
            if self._cuts == cuts and not self.open_mros:
                self._members[key] = (symbol, frozenset(inputs))
            return symbol
        self.tracker.note_all(known[1])
        return known[0]

    def live_class(self, live: type) -> LiveClass:
        model = self._live.get(live)
        if model is None:
            model = self._live[live] = LiveClass(self, live)
        return model

    def subclasses(self, model: ClassModel) -> list[SourceClass]:
        """The project's classes below `model`, however far, other bases known or not."""
        return tables.subclasses(self, model.key)

    def supports_python(self, minor: int) -> bool:
        """May Python 3.`minor` run the project, as far as it says which ones do?"""
        return minor >= tables.lowest_minor(self)
