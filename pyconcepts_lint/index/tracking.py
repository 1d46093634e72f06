"""What an answer of the index rests on, so that it can be kept until that changes.

While a file is looked at, the index notes each *input* that it gives something away of: the
facts of a file, the listing of a directory, the uses of an attribute across the project. An
answer that is kept in memory keeps its inputs with it and notes them again for the next who
asks. What the rules said about a file then holds as long as the file, the settings and those
inputs are what they were.

What can be an input is registered here, as a function that says what it is now. Only such a
function can be noted, so whatever findings rest on can be asked again by its name:

* `rows`, `keys`: `(module) -> Iterable`, what one module has in a table over the whole project. One
  row is an input.
* `table`: `(project) -> Mapping` or `-> Set`, over the whole project. One row is an input.
* `question`: `(project, key) -> value`.
* `fact`: `(project) -> value`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from importlib import import_module

from ..base.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from typing import Any, TypeVar

    F = TypeVar("F", bound=Callable[..., object])
    T = TypeVar("T")
    V = TypeVar("V")

Input = tuple[str, str]
"""The name of a registered function (`tables.uses`, `layout.directory`), and a key ("" without)."""

WHOLE = "<whole>"
"""The key by which an answer notes that it rests on all rows of a table: nothing asks for it, and
findings never rest on it, for what gives a part of a table away notes that part."""

WHOLE_FILE = "model.file"
"""What files' facts as a whole are noted by: see `model.file`."""
_MOST_PARTS = 64  # of one file that are noted one by one
_PARTS: dict[str, bool] = {}  # does the key of such a part name more than the path?
_NAMES: dict[object, str] = {}
_ANSWERS: dict[str, Callable[[Any, str], object]] = {}
ROW_TABLES: dict[str, RowTable] = {}
"""The tables whose rows come from single modules, by their names."""


def _register(function: F, answer: Callable[[Any, str], object]) -> F:
    module = function.__module__.removeprefix(f"{__package__}.")
    name = f"{module}.{function.__name__}"
    assert name not in _ANSWERS, name
    _NAMES[function] = name
    _ANSWERS[name] = answer
    return function


def table(function: F) -> F:
    """Its rows are given away by `Index.row` and `Index.has`, which note them."""
    return _register(function, lambda project, key: _entry(project.whole(function), key))


class RowTable:
    """A table of which each row says what single modules have under a key.

    Args:
        contribution: gives the keys of one module, each with what the module has there: strings,
            numbers, None, and tuples of these.
        thaw: makes an entry of the table of a module and what it has; None for a set of keys.
        each_once: leaves out what is there already.
    """

    def __init__(
        self,
        contribution: Callable[[Any], Iterable[tuple[str, Any]]],
        thaw: Callable[[Any, Any], object] | None,
        each_once: bool,
    ) -> None:
        self.contribution = contribution
        self.thaw = thaw
        self.each_once = each_once

    def row(self, project: Any, key: str, plain: Iterable[tuple[str, Any]]) -> object:
        """An entry, made of what modules have, by their paths."""
        if self.thaw is None:
            return bool(plain)
        found = [self.thaw(project.listed(path), each) for path, each in plain]
        return list(dict.fromkeys(found)) if self.each_once else found


def rows(
    thaw: Callable[[Any, Any], T], *, each_once: bool = False
) -> Callable[[Callable[[Any], Iterable[tuple[str, Any]]]], Callable[[Any], dict[str, list[T]]]]:
    """A table of rows, of a function that gives what one module has in it: see `RowTable`."""
    return lambda contribution: _row_table(contribution, thaw, each_once)


def keys(
    contribution: Callable[[Any], Iterable[str]],
) -> Callable[[Any], AbstractSet[str]]:
    """A table that is a set, of a function that gives the keys that one module has in it."""
    made: Callable[[Any], AbstractSet[str]] = _row_table(
        contribution, None, False, lambda module: ((k, None) for k in contribution(module))
    )
    return made


def _row_table(
    function: Callable[[Any], Any],
    thaw: Callable[[Any, Any], object] | None,
    each_once: bool,
    contribution: Callable[[Any], Iterable[tuple[str, Any]]] | None = None,
) -> Any:
    made = RowTable(contribution or function, thaw, each_once)
    _register(function, lambda project, key: project.entry(made, key))
    name = _NAMES.pop(function)
    _NAMES[made] = name
    ROW_TABLES[name] = made
    return made


class Stored:
    """What earlier runs have found out of the whole project: see `Project.stored`."""

    def rows(self, name: str) -> Mapping[str, Sequence[tuple[str, Any]]] | None:
        """The rows of a table: by keys the paths of modules, each with what it has there; None
        where they aren't known."""
        return None

    def answer(self, name: str) -> Any:
        """What a table made of the whole project was, in JSON; None where it isn't known."""
        return None


class Form(NamedTuple):
    """How a table that is made of the whole project is kept: as plain JSON, and made of that."""

    freeze: Callable[[Any], object]
    thaw: Callable[[Any, Any], object]


FORMS: dict[str, Form] = {}
"""The tables of the whole project that are kept, by their names."""


def kept(
    freeze: Callable[[T], object], thaw: Callable[[Any, Any], T]
) -> Callable[[Callable[[Any], T]], Callable[[Any], T]]:
    """A table of the whole project is kept, for it takes long to be made.

    Args:
        freeze: makes it plain: strings, numbers, truth values, None, lists, mappings of strings.
        thaw: is given the project and what comes of that, and makes the table of it.
    """

    def keep(function: Callable[[Any], T]) -> Callable[[Any], T]:
        FORMS[table_name(function)] = Form(freeze, thaw)
        return function

    return keep


def as_tuple(value: Any) -> Any:
    """What JSON has as a list, as the tuple that it was."""
    return tuple(map(as_tuple, value)) if isinstance(value, list) else value


def _entry(rows: Any, key: str) -> object:
    return rows.get(key) if isinstance(rows, dict) else key in rows


def question(function: F) -> F:
    """Calling it notes the input; the answer is found out once."""

    @wraps(function)
    def ask(project: Any, key: str) -> object:
        return project.ask(function, key)

    _NAMES[ask] = name_of(_register(function, ask))
    return ask  # type: ignore[return-value]


def fact(function: F) -> F:
    """As `question`, about the project as a whole."""

    @wraps(function)
    def ask(project: Any, _: str = "") -> object:
        return project.ask(function)

    _NAMES[ask] = name_of(_register(function, ask))
    return ask  # type: ignore[return-value]


def register_part(name: str, part: Callable[[Any, str], object], *, by_name: bool = False) -> None:
    """Register a part of a file's facts: see `parts`.

    Args:
        name: what inputs name it by; their keys are paths.
        part: what it is, by the file's facts and what follows the path behind a colon.
        by_name: does anything follow?
    """

    def ask(project: Any, key: str) -> object:
        path, _, of = key.rpartition(":") if by_name else (key, "", "")
        module = project.module(path)
        return None if module is None else part(module.own_facts, of)

    assert name not in _ANSWERS, name
    _NAMES[ask] = name
    _ANSWERS[name] = ask
    _PARTS[name] = by_name


def table_name(function: Any) -> str:
    """The name of what makes a table of the whole project, registered or not."""
    return _NAMES.get(function) or f"{function.__module__}.{function.__qualname__}"


def name_of(function: object) -> str:
    """The name by which the cache asks a registered function again."""
    return _NAMES[function]


def answer(project: Any, name: str, key: str) -> object:
    """What an input is now. Raises LookupError or ImportError for what is none."""
    if name not in _ANSWERS:
        module, _, function = name.rpartition(".")
        if not (module.isidentifier() and function.isidentifier()):
            raise LookupError(name)
        import_module(f"{__package__}.{module}")
    return _ANSWERS[name](project, key)


def plain(value: Any) -> object:
    """For `json.dumps`: a set in order, what an object of the index is known by."""
    return sorted(value) if isinstance(value, (frozenset, set)) else value.key


class Tracker:
    """Notes inputs for the recording at hand; nested recordings note for the outer ones, too."""

    __slots__ = ("_open",)

    def __init__(self) -> None:
        self._open: list[set[Input]] = []

    def note(self, function: object, key: str) -> None:
        """Note an input: a registered function, and what it was asked."""
        if self._open:
            self._open[-1].add((_NAMES[function], key))

    def note_whole(self, name: str) -> None:
        """Note a table as a whole."""
        if self._open:
            self._open[-1].add((name, WHOLE))

    def note_all(self, inputs: Iterable[Input]) -> None:
        if self._open:
            self._open[-1].update(inputs)

    def once(self, memo: dict[T, tuple[V, frozenset[Input]]], key: T, make: Callable[[], V]) -> V:
        """What `make` gives, made once for a key; its inputs are kept with it and noted again."""
        known = memo.get(key)
        if known is None:
            with self.record() as inputs:
                value = make()
            known = memo[key] = (value, frozenset(inputs))
        else:
            self.note_all(known[1])
        return known[0]

    def record(self) -> _Recording:
        return _Recording(self)

    @contextmanager
    def isolated(self) -> Iterator[set[Input]]:
        """Record for an answer that is an input itself: nothing is noted further out."""
        before, inputs = self._open, set[Input]()
        self._open = [inputs]
        try:
            yield inputs
        finally:
            self._open = before

    @contextmanager
    def ignore(self) -> Iterator[None]:
        """For tables over the whole project, of which single entries are noted when asked for."""
        before, self._open = self._open, []
        try:
            yield
        finally:
            self._open = before


def _condense(inputs: set[Input]) -> None:
    """Put a whole file in the place of its parts, where an answer rests on very many of them: that
    of the last class of a chain would rest on each class, and that of each class so."""
    parts: dict[str, list[Input]] = {}
    for each in inputs:
        kind, key = each
        if kind in _PARTS:
            parts.setdefault(key.rpartition(":")[0] if _PARTS[kind] else key, []).append(each)
    for path, found in parts.items():
        if len(found) > _MOST_PARTS:
            inputs.difference_update(found)
            inputs.add((WHOLE_FILE, path))


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
        if len(self._inputs) > _MOST_PARTS:
            _condense(self._inputs)
        self._tracker._open.pop()
        self._tracker.note_all(self._inputs)


if TYPE_CHECKING:
    from functools import cached_property

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
