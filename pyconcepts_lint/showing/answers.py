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


class Attribute(NamedTuple):
    """One attribute of a class, which `by` has.

    `overrides` are those of the same name behind it, `overridden_by` those of subclasses,
    `hidden_by` what methods bind on instances, where that hides it. `is_added`: making the class
    adds it, no line of the source does.
    """

    name: str
    what: str
    by: str
    path: str
    line: int
    overrides: tuple[Row, ...] = ()
    overridden_by: tuple[Row, ...] = ()
    hidden_by: tuple[Row, ...] = ()
    is_added: bool = False


class InstanceAttribute(NamedTuple):
    """An attribute that methods bind on instances. `note` says where it goes instead, or what it
    hides."""

    name: str
    rows: tuple[Row, ...]
    note: str = ""


class ClassAnswer(NamedTuple):
    """The answer of `show class`.

    `mro` is as far as it is known, whole where `is_mro_known`; `inheritance` are pairs of a class of
    it and one of its bases. `metaclass` is "" where it isn't known. `slots` are those of the whole MRO; `has_dict` is `yes`, `no` or `unknown`.
    """

    kind: str
    name: str
    path: str
    line: int
    bases: tuple[str, ...]
    mro: tuple[Row, ...]
    is_mro_known: bool
    inheritance: tuple[tuple[str, str], ...]
    metaclass: str
    decorators: tuple[str, ...]
    slots: tuple[str, ...]
    has_dict: str
    attributes: tuple[Attribute, ...]
    instance_attributes: tuple[InstanceAttribute, ...]
    subclasses: tuple[Row, ...]
    unknown: tuple[str, ...] = ()


class Name(NamedTuple):
    """A name in a module's dictionary. `lines` are those that bind it, the last one is what it means
    in the end; 0 for what the import itself sets."""

    name: str
    what: str
    lines: tuple[int, ...]
    status: str


class Load(NamedTuple):
    """A module that an import loads. `by` is the module whose `line` loads it, `depth` how many
    modules are running then. `at_start`: Python has it loaded when a program starts (`site`)."""

    name: str
    path: str
    by: str
    by_path: str
    line: int
    depth: int
    status: str
    at_start: bool
    note: str = ""


class Submodule(NamedTuple):
    """A submodule that is an attribute of its package, and who has loaded it."""

    package: str
    name: str
    by: str
    by_path: str
    line: int
    status: str


class ModuleAnswer(NamedTuple):
    """The answer of `show module`: what there is when its import into a fresh interpreter ends.

    `names` are in the order of the module's dictionary, `loads` in the order in which they have
    run, as in `sys.modules`. `fails` says how the import fails, where it surely does. `is_open`:
    there may be more names.
    """

    kind: str
    name: str
    path: str
    fails: str
    is_open: bool
    names: tuple[Name, ...]
    loads: tuple[Load, ...]
    submodules: tuple[Submodule, ...]
    unknown: tuple[str, ...] = ()


class Edge(NamedTuple):
    """That a module imports another one, in the statement on `line`.

    `when` is `import time`, `function` or `typing`. `is_conditional`: the statement stands under a
    condition or in a `try`.
    """

    importer: str
    imported: str
    path: str
    line: int
    when: str
    is_conditional: bool


class FailingImport(NamedTuple):
    """An import in a cycle that fails where `entry` is imported first."""

    entry: str
    module: str
    path: str
    line: int
    wanted: str
    owner: str
    chain: tuple[tuple[str, int], ...]


class Cycle(NamedTuple):
    """Modules that import each other at import time. `failures` is empty where none of them fails,
    whichever is imported first, as far as the source tells."""

    modules: tuple[str, ...]
    edges: tuple[Edge, ...]
    failures: tuple[FailingImport, ...]


class ImportsAnswer(NamedTuple):
    """The answer of `show imports`: of the whole project, or around the module `about`.

    `modules` are pairs of dotted names and paths. `outside` are the names of what isn't the
    project's.
    """

    kind: str
    about: str
    modules: tuple[tuple[str, str], ...]
    edges: tuple[Edge, ...]
    cycles: tuple[Cycle, ...]
    outside: tuple[str, ...]


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
