"""Tables over the whole project, and what is known of the project as a whole.

Each is made once. A row is given away by `Index.row` or `Index.has`, the rest by `Index.ask`: these
note what an answer rests on.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet

from ..base.lazy import lazy_pattern
from ..base.typed import TYPE_CHECKING
from .codec import decode
from .facts import (
    IN_FUNCTION,
    Access,
    AttributeAccess,
    BindingKind,
    ClassFacts,
    Import,
    Receiver,
    ValueKind,
)
from .loaders import spelled_names
from .model import Module, SourceClass
from .references import class_number
from .tracking import fact, kept, keys, question, rows, table

if TYPE_CHECKING:
    from typing import Any

    from .model import Index

    _Statement = tuple[str, int, str]
    Plain = Any
    """Strings, numbers, None, and tuples of these."""

# The project as it is


@fact
def files(project: Index) -> list[str]:
    """Which modules there are."""
    return [module.path for module in project.modules()]


@question
def text(project: Index, path: str) -> str | None:
    module = project.module(path)
    return None if module is None else project.text(module)


# What starts with a letter is found several times faster than what starts with `\b`.
_CLASS_TEST = lazy_pattern(r"is(?<!\wis)(?:instance|subclass)\s*\((.*)")
_HANDLER = lazy_pattern(r"except(?<!\wexcept)\b([^:\n]*)")
_WORD = lazy_pattern(r"\w+")


@question
def words_of_class_tests(project: Index, path: str) -> frozenset[str]:
    """The words that stand on a line of a module behind what asks for the class of an object."""
    written = text(project, path) or ""
    tests = "\n".join([*_CLASS_TEST.findall(written), *_HANDLER.findall(written)])
    return frozenset(_WORD.findall(tests))


def _class_of(module: Module, of: Any) -> SourceClass:
    return module.listed_class(of[0], of[1])


def _use_of(module: Module, of: Any) -> tuple[Module, str, Access]:
    return module, of[0], Access(of[1])


def _two_of(module: Module, of: Any) -> tuple[Module, str, str]:
    return module, of[0], of[1]


def _one_of(module: Module, of: Any) -> tuple[Module, str]:
    return module, of


def _module_of(module: Module, _: Any) -> Module:
    return module


def _access_of(module: Module, of: Any) -> tuple[SourceClass, AttributeAccess]:
    access = of[3] if isinstance(of[3], AttributeAccess) else decode(AttributeAccess, of[3])
    return module.listed_class(of[0], of[2]), access


@fact
def imports(project: Index) -> tuple[tuple[Module, Import], ...]:
    """Every import statement of the project with its module."""
    return tuple(
        (module, statement) for module in project.modules() for statement in module.facts.imports
    )


@fact
def has_python2_source(project: Index) -> bool:
    """Is there a module in the project that only Python 2 reads?"""
    return any(not module.facts.is_python3 for module in project.modules())


@table
def declared_dependencies(project: Index) -> AbstractSet[str]:
    """The names, in lower case, of modules that a dependency which the project declares may install."""
    from .dependencies import declared

    return frozenset() if project.root is None else declared(project.root)


@fact
def lowest_minor(project: Index) -> int:
    """The 3.x from which on Python runs the project, as far as it says so; else 0."""
    from .dependencies import lowest_minor as declared_minor

    if project.target_minor is not None:
        return project.target_minor
    return 0 if project.root is None else declared_minor(project.root)


@keys
def spelled(module: Module) -> Iterator[str]:
    """The names that absolute imports spell."""
    return spelled_names(module.facts)


# Uses of attributes and names


@rows(_use_of)
def uses(module: Module) -> Iterator[tuple[str, Plain]]:
    """The (module, dotted receiver, context) of `ModuleFacts.attribute_uses`, by attribute."""
    for receiver, attribute, context in module.facts.attribute_uses:
        yield attribute, (receiver, context)


@rows(_two_of)
def attribute_makers(module: Module) -> Iterator[tuple[str, Plain]]:
    """The (module, dotted receiver, what is called) of `ModuleFacts.attribute_makers`, by attribute."""
    for receiver, attribute, callee in module.facts.attribute_makers:
        yield attribute, (receiver, callee)


@keys
def external_attribute_writes(module: Module) -> Iterable[str]:
    """The attributes that are assigned on objects that aren't a method's own instance or class."""
    return module.facts.external_attribute_writes


@rows(_module_of)
def external_writers(module: Module) -> Iterator[tuple[str, Plain]]:
    """The modules that assign such attributes, by attribute."""
    for attribute in module.facts.external_attribute_writes:
        yield attribute, None


@rows(_class_of)
def possible_descriptors(module: Module) -> Iterator[tuple[str, Plain]]:
    """The classes that bind a name to a decorated function, to what a call makes, or as the field
    of a named tuple, by name."""
    for number, facts in enumerate(module.facts.classes):
        has_fields = any(base.endswith("NamedTuple") for base in facts.bases)
        for binding in facts.body:
            if (
                binding.value is ValueKind.CALL
                or (binding.kind is BindingKind.FUNCTION and binding.decorators)
                or (has_fields and binding.annotation)
            ):
                yield binding.name, (number, facts.qualname)


@rows(lambda _, how: how, each_once=True)
def own_names(module: Module) -> Iterable[tuple[str, Plain]]:
    """How the project has names of Python 2's attributes for things of its own: see
    `old_names.own_names`. What its classes bind is told by `bound_attributes`."""
    return module.facts.own_names


@keys
def rebound_names(module: Module) -> Iterator[str]:
    """The names of globals that functions bind, and of attributes that something assigns to what may
    be a module."""
    for binding in module.facts.bindings:
        if binding.kind is BindingKind.GLOBAL:
            yield binding.name
    for _, name, context in module.facts.attribute_uses:
        if context is not Access.READ:
            yield name


@rows(_two_of)
def escaping_arguments(module: Module) -> Iterator[tuple[str, Plain]]:
    """What modules pass to functions, by the last part of its name there or where it comes from."""
    for dotted, function in module.facts.escaping_arguments:
        for name in {dotted, module.qualified(dotted)}:
            yield name.rpartition(".")[2], (dotted, function)


@rows(_one_of)
def imported_names(module: Module) -> Iterator[tuple[str, Plain]]:
    """The modules that import a name by a `from` import, and what they call it; `*` for all names."""
    for statement in module.facts.imports:
        if statement.is_from:
            for name, alias in statement.names:
                yield name, alias or name


def modules_naming(project: Index, name: str) -> Iterator[tuple[Module, str]]:
    """The modules that take a name from another one, by a `from` import or as an attribute of it,
    and what they call it."""
    yield from project.row(imported_names, name)
    for module, receiver, _ in project.row(uses, name):
        if receiver:
            yield module, name


@keys
def names_imported_early(module: Module) -> Iterator[str]:
    """The parts of the names that import statements outside of functions name."""
    return _parts_imported(module, in_functions=False)


@keys
def names_imported_late(module: Module) -> Iterator[str]:
    """The parts of the names that import statements in functions name."""
    return _parts_imported(module, in_functions=True)


def _parts_imported(module: Module, *, in_functions: bool) -> Iterator[str]:
    for statement in module.facts.imports:
        if bool(statement.flags & IN_FUNCTION) is in_functions:
            yield from statement.module.split(".")
            for name, _ in statement.names:
                yield from name.split(".")


@rows(lambda _, of: (of[0], of[1]))
def loaded_files(module: Module) -> Iterator[tuple[str, Plain]]:
    """What the project loads or runs by its path, by file name: the ending of the path, and the
    directory that the file has to be in ("" for any)."""
    directory = os.path.dirname(module.path)
    for name in module.facts.loads:
        path = name.replace("\\", "/") if name.endswith(".py") else name + ".py"
        ending = os.path.normpath(path.lstrip("./")).replace("/", os.sep)
        is_root = directory == module.project.root
        anywhere = os.sep in ending or (is_root and name.endswith(".py"))
        yield os.path.basename(ending), (ending, "" if anywhere else directory)


def is_loaded_by_path(project: Index, path: str) -> bool:
    """Does a module of the project, as far as its strings tell, load or run the file?"""
    directory, name = os.path.split(path)
    return any(
        path.endswith(os.sep + ending) and beside in (directory, "")
        for ending, beside in project.row(loaded_files, name)
    )


# Classes


@rows(_access_of)
def class_accesses(module: Module) -> Iterator[tuple[str, Plain]]:
    """What methods do to attributes through their class (`cls.x`), by attribute."""
    for number, facts in enumerate(module.facts.classes):
        for place, access in enumerate(facts.accesses):
            if access.receiver is Receiver.CLASS:
                yield access.attribute, (number, place, facts.qualname, access)


@rows(_access_of)
def accesses_in_init(module: Module) -> Iterator[tuple[str, Plain]]:
    """What methods named `__init__` do to attributes of their instances, but for reading them, by
    attribute."""
    for number, facts in enumerate(module.facts.classes):
        for place, access in enumerate(facts.accesses):
            is_own = access.receiver is Receiver.INSTANCE
            if is_own and access.method == "__init__" and access.kind is not Access.READ:
                yield access.attribute, (number, place, facts.qualname, access)


@rows(_class_of)
def bound_attributes(module: Module) -> Iterator[tuple[str, Plain]]:
    """The classes that bind a name in their bodies or on their instances, by name."""
    for number, facts in enumerate(module.facts.classes):
        names = {binding.name for binding in facts.body}
        names.update(facts.slots or ())
        names.update(
            access.attribute for access in facts.accesses if access.kind is not Access.READ
        )
        for name in names:
            yield name, (number, facts.qualname)


@rows(lambda _, of: (of[0], of[1]), each_once=True)
def methods_taken(module: Module) -> Iterator[tuple[str, Plain]]:
    """What the functions of a name take that the bodies of the project's classes define, and what
    decorates them (`Binding.target` and `decorators`), by that name; each once."""
    for facts in module.facts.classes:
        for binding in facts.body:
            if binding.kind is BindingKind.FUNCTION:
                yield binding.name, (binding.target, binding.decorators)


def is_bound(project: Index, attribute: str) -> bool:
    """Does a class of the project bind a name, or is it assigned on some other object?"""
    return bool(project.row(bound_attributes, attribute)) or project.has(
        external_attribute_writes, attribute
    )


@fact
def descriptor_names(project: Index) -> frozenset[str]:
    """The names of the project's classes that bind `__get__`, `__set__` or `__delete__`, and of all
    that have a base of such a name."""
    waiting = [*project.keys(_descriptors)]
    names = set(waiting)
    for name in waiting:
        new = set(project.row(_names_by_base, name)) - names
        names |= new
        waiting += new
    return frozenset(names)


@keys
def _descriptors(module: Module) -> Iterator[str]:
    """The names of classes that bind methods of descriptors."""
    methods = ("__get__", "__set__", "__delete__")
    for facts in module.facts.classes:
        if any(binding.name in methods for binding in facts.body):
            yield facts.name


@rows(lambda _, name: name, each_once=True)
def _names_by_base(module: Module) -> Iterator[tuple[str, Plain]]:
    """The names of classes by the last parts of their bases as these are written."""
    for facts in module.facts.classes:
        for base in facts.bases:
            yield base.rpartition(".")[2], facts.name


@fact
def called_through_metaclass(project: Index) -> frozenset[str]:
    """The names that modules may have for classes of which a metaclass of the project has a
    `__call__` of its own, as far as names tell."""
    metaclasses = _names_below(project, set(project.row(_names_binding, "__call__")))
    below = {name for each in metaclasses for name in project.row(_names_by_metaclass, each)}
    return _names_below(project, below)


@rows(lambda _, name: name, each_once=True)
def _names_binding(module: Module) -> Iterator[tuple[str, Plain]]:
    """As `bound_attributes`, the names of the classes."""
    for name, (number, _) in bound_attributes.contribution(module):  # type: ignore[attr-defined]
        yield name, module.facts.classes[number].name


@rows(lambda _, name: name, each_once=True)
def _names_by_metaclass(module: Module) -> Iterator[tuple[str, Plain]]:
    """The names of classes by the last parts of the names of their metaclasses."""
    for facts in module.facts.classes:
        yield (facts.metaclass or "").rpartition(".")[2], facts.name


def _names_below(project: Index, names: set[str]) -> frozenset[str]:
    """Names of classes, and those that other modules, and classes with such bases, have for them."""
    waiting, found = list(names), set(names)
    for name in waiting:
        new = set(project.row(_names_from_names, name)) - found
        found |= new
        waiting += new
    return frozenset(found)


@rows(lambda _, name: name, each_once=True)
def _names_from_names(module: Module) -> Iterator[tuple[str, Plain]]:
    """The names of classes by the last parts of the names of their bases, and what imports and
    assignments call something by the last part of its name there."""
    facts = module.facts
    for each in facts.classes:
        for base in each.bases:
            number = class_number(base)
            written = base if number is None else facts.classes[number].name
            yield written.rpartition(".")[2], each.name
    for binding in facts.bindings:
        last = ""
        if binding.kind is BindingKind.FROM:
            last = binding.imported.name
        elif binding.value is ValueKind.NAME:
            last = binding.target.rpartition(".")[2]
        if last and last != binding.name:
            yield last, binding.name


@fact
def slotted_names(project: Index) -> frozenset[str]:
    """The names of the project's classes with `__slots__`."""
    return frozenset(project.keys(_slotted))


@keys
def _slotted(module: Module) -> Iterator[str]:
    for facts in module.facts.classes:
        if _asks_for_slots(facts):
            yield facts.name


def has_slots(model: SourceClass) -> bool:
    """Does the class statement ask for `__slots__`, written down, by `@dataclass` or by
    `NamedTuple`?"""
    return _asks_for_slots(model.facts)


def _asks_for_slots(facts: ClassFacts) -> bool:
    return (
        facts.slots is not None
        or any("slots=" in each for each in facts.decorator_keywords)
        or any(base.endswith("NamedTuple") for base in facts.bases)
    )


@question
def base_keys(project: Index, path: str) -> tuple[tuple[int, str, str], ...]:
    """The keys of the classes that the class statements of a module name as bases, each behind the
    number of the statement and the name that it has there."""
    module = project.module(path)
    return tuple(
        (model.number, model.qualname, known.key)
        for model in (() if module is None else module.classes)
        for known in model.written_bases
        if known is not None
    )


def _as_kept(project: Index, row: dict[str, list[_Statement]]) -> dict[str, list[_Statement]]:
    return row


@kept(lambda table: table, _as_kept)
def _direct_subclasses(project: Index) -> dict[str, list[_Statement]]:
    """The class statements that name a class as a base, by its key: the path of the module, the
    number of the statement, its name there."""
    direct: dict[str, list[_Statement]] = {}
    for path in files(project):
        for number, qualname, key in base_keys(project, path):
            direct.setdefault(key, []).append((path, number, qualname))
    return direct


@question
def subclasses(project: Index, key: str) -> list[SourceClass]:
    """The project's classes below one, however far, other bases known or not."""
    direct = project.whole(_direct_subclasses)
    found: dict[SourceClass, None] = {}
    waiting = list(direct.get(key, ()))
    while waiting:
        path, number, qualname = waiting.pop()
        current = project.listed(path).listed_class(number, qualname)
        if current not in found:
            found[current] = None
            waiting.extend(direct.get(current.key, ()))
    return list(found)


def may_be_made_from(model: SourceClass) -> bool:
    """May the project make a class from `model` otherwise than by a class statement that names it
    as a base: by calling `type`, a metaclass, a function that returns a base?"""
    project = model.project
    return project.has(made_from_names, model.name) or project.has(
        made_from_modules, model.module.path
    )


@keys
def made_from_names(module: Module) -> Iterator[str]:
    """The names of classes that others may be made from without a class statement that names them."""
    for dotted in module.facts.dynamic_bases:
        if dotted:
            yield dotted.rpartition(".")[2]
            yield module.qualified(dotted).rpartition(".")[2]
        else:
            for binding in module.facts.bindings:
                if binding.kind is BindingKind.FROM:
                    yield binding.imported.name


@keys
def made_from_modules(module: Module) -> Iterator[str]:
    """The modules that may make classes from any of their classes so."""
    if "" in module.facts.dynamic_bases:
        yield module.path
