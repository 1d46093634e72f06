"""Tables over the whole project, and what is known of the project as a whole.

Each is made once. A row is given away by `Index.row` or `Index.has`, the rest by `Index.ask`: these
note what an answer rests on.
"""

from __future__ import annotations

import os
from collections.abc import Set as AbstractSet

from ..base.lazy import lazy_pattern
from ..base.typed import TYPE_CHECKING
from .facts import IN_FUNCTION, Access, AttributeAccess, BindingKind, Import, Receiver, ValueKind
from .model import Module, SourceClass
from .tracking import fact, question, table

if TYPE_CHECKING:
    from .model import Index

# The project as it is


@fact
def contents(project: Index) -> list[tuple[str, object]]:
    """All modules, and what they say about themselves."""
    return [(module.path, module.facts) for module in project.modules()]


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


def _classes(project: Index) -> tuple[SourceClass, ...]:
    """The models of every class statement of the project."""
    return tuple(model for module in project.modules() for model in module.classes)


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


# Uses of attributes and names


@table
def uses(project: Index) -> dict[str, list[tuple[Module, str, Access]]]:
    """The (module, dotted receiver, context) of `ModuleFacts.attribute_uses`, by attribute."""
    found: dict[str, list[tuple[Module, str, Access]]] = {}
    for module in project.modules():
        for receiver, attribute, context in module.facts.attribute_uses:
            found.setdefault(attribute, []).append((module, receiver, context))
    return found


@table
def attribute_makers(project: Index) -> dict[str, list[tuple[Module, str, str]]]:
    """The (module, dotted receiver, what is called) of `ModuleFacts.attribute_makers`, by attribute."""
    found: dict[str, list[tuple[Module, str, str]]] = {}
    for module in project.modules():
        for receiver, attribute, callee in module.facts.attribute_makers:
            found.setdefault(attribute, []).append((module, receiver, callee))
    return found


@table
def external_attribute_writes(project: Index) -> AbstractSet[str]:
    """The attributes that are assigned on objects that aren't a method's own instance or class."""
    return frozenset(
        attribute
        for module in project.modules()
        for attribute in module.facts.external_attribute_writes
    )


@table
def external_writers(project: Index) -> dict[str, list[Module]]:
    """The modules that assign such attributes, by attribute."""
    found: dict[str, list[Module]] = {}
    for module in project.modules():
        for attribute in module.facts.external_attribute_writes:
            found.setdefault(attribute, []).append(module)
    return found


@table
def possible_descriptors(project: Index) -> dict[str, list[SourceClass]]:
    """The classes that bind a name to a decorated function, or to what a call makes, by name."""
    found: dict[str, list[SourceClass]] = {}
    for model in project.whole(_classes):
        for binding in model.facts.body:
            if binding.value is ValueKind.CALL or (
                binding.kind is BindingKind.FUNCTION and binding.decorators
            ):
                found.setdefault(binding.name, []).append(model)
    return found


@table
def own_names(project: Index) -> dict[str, list[str]]:
    """How the project has names of Python 2's attributes for things of its own: see
    `old_names.own_names`. What its classes bind is told by `bound_attributes`."""
    found: dict[str, list[str]] = {}
    for module in project.modules():
        for name, how in module.facts.own_names:
            if how not in found.setdefault(name, []):
                found[name].append(how)
    return found


@table
def rebound_names(project: Index) -> AbstractSet[str]:
    """The names of globals that functions bind, and of attributes that something assigns to what may
    be a module."""
    names: set[str] = set()
    for module in project.modules():
        names.update(b.name for b in module.facts.bindings if b.kind is BindingKind.GLOBAL)
        names.update(
            name for _, name, context in module.facts.attribute_uses if context is not Access.READ
        )
    return frozenset(names)


@table
def escaping_arguments(project: Index) -> dict[str, list[tuple[Module, str, str]]]:
    """What modules pass to functions, by the last part of its name there or where it comes from."""
    found: dict[str, list[tuple[Module, str, str]]] = {}
    for module in project.modules():
        for dotted, function in module.facts.escaping_arguments:
            for name in {dotted, module.qualified(dotted)}:
                found.setdefault(name.rpartition(".")[2], []).append((module, dotted, function))
    return found


@table
def imported_names(project: Index) -> dict[str, list[tuple[Module, str]]]:
    """The modules that import a name by a `from` import, and what they call it; `*` for all names."""
    found: dict[str, list[tuple[Module, str]]] = {}
    for module, statement in imports(project):
        if statement.statement == "from":
            for name, alias in statement.names:
                found.setdefault(name, []).append((module, alias or name))
    return found


@table
def names_imported_early(project: Index) -> AbstractSet[str]:
    """The parts of the names that import statements outside of functions name."""
    return _parts_imported(project, in_functions=False)


@table
def names_imported_late(project: Index) -> AbstractSet[str]:
    """The parts of the names that import statements in functions name."""
    return _parts_imported(project, in_functions=True)


def _parts_imported(project: Index, *, in_functions: bool) -> frozenset[str]:
    found: set[str] = set()
    for _, statement in imports(project):
        if bool(statement.flags & IN_FUNCTION) is in_functions:
            found.update(statement.module.split("."))
            for name, _ in statement.names:
                found.update(name.split("."))
    return frozenset(found)


@table
def loaded_files(project: Index) -> dict[str, list[tuple[str, str]]]:
    """What the project loads or runs by its path, by file name: the ending of the path, and the
    directory that the file has to be in ("" for any)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for module in project.modules():
        directory = os.path.dirname(module.path)
        for name in module.facts.loads:
            path = name.replace("\\", "/") if name.endswith(".py") else name + ".py"
            ending = os.path.normpath(path.lstrip("./")).replace("/", os.sep)
            anywhere = os.sep in ending or (directory == project.root and name.endswith(".py"))
            found.setdefault(os.path.basename(ending), []).append(
                (ending, "" if anywhere else directory)
            )
    return found


def is_loaded_by_path(project: Index, path: str) -> bool:
    """Does a module of the project, as far as its strings tell, load or run the file?"""
    directory, name = os.path.split(path)
    return any(
        path.endswith(os.sep + ending) and beside in (directory, "")
        for ending, beside in project.row(loaded_files, name)
    )


# Classes


@table
def class_accesses(project: Index) -> dict[str, list[tuple[SourceClass, AttributeAccess]]]:
    """What methods do to attributes through their class (`cls.x`), by attribute."""
    found: dict[str, list[tuple[SourceClass, AttributeAccess]]] = {}
    for model in project.whole(_classes):
        for access in model.facts.accesses:
            if access.receiver is Receiver.CLASS:
                found.setdefault(access.attribute, []).append((model, access))
    return found


@table
def accesses_in_init(project: Index) -> dict[str, list[tuple[SourceClass, AttributeAccess]]]:
    """What methods named `__init__` do to attributes of their instances, but for reading them, by
    attribute."""
    found: dict[str, list[tuple[SourceClass, AttributeAccess]]] = {}
    for model in project.whole(_classes):
        for access in model.facts.accesses:
            is_own = access.receiver is Receiver.INSTANCE
            if is_own and access.method == "__init__" and access.kind is not Access.READ:
                found.setdefault(access.attribute, []).append((model, access))
    return found


@table
def bound_attributes(project: Index) -> dict[str, list[SourceClass]]:
    """The classes that bind a name in their bodies or on their instances, by name."""
    found: dict[str, list[SourceClass]] = {}
    for model in project.whole(_classes):
        names = {binding.name for binding in model.facts.body}
        names.update(model.facts.slots or ())
        names.update(
            access.attribute for access in model.facts.accesses if access.kind is not Access.READ
        )
        for name in names:
            found.setdefault(name, []).append(model)
    return found


@table
def methods_taken(project: Index) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """What the functions of a name take that the bodies of the project's classes define, and what
    decorates them (`Binding.target` and `decorators`), by that name; each once."""
    found: dict[str, dict[tuple[str, tuple[str, ...]], None]] = {}
    for model in project.whole(_classes):
        for binding in model.facts.body:
            if binding.kind is BindingKind.FUNCTION:
                found.setdefault(binding.name, {})[binding.target, binding.decorators] = None
    return {name: list(written) for name, written in found.items()}


def is_bound(project: Index, attribute: str) -> bool:
    """Does a class of the project bind a name, or is it assigned on some other object?"""
    return bool(project.row(bound_attributes, attribute)) or project.has(
        external_attribute_writes, attribute
    )


@fact
def descriptor_names(project: Index) -> frozenset[str]:
    """The names of the project's classes that bind `__get__`, `__set__` or `__delete__`, and of all
    that have a base of such a name."""
    methods = {"__get__", "__set__", "__delete__"}
    names = {
        model.name
        for model in project.whole(_classes)
        if any(binding.name in methods for binding in model.facts.body)
    }
    below = [(model.name, model.facts.bases) for model in project.whole(_classes)]
    known = 0
    while known < len(names):
        known = len(names)
        names.update(
            name for name, bases in below if any(b.rpartition(".")[2] in names for b in bases)
        )
    return frozenset(names)


@fact
def called_through_metaclass(project: Index) -> frozenset[str]:
    """The names that modules may have for classes of which a metaclass of the project has a
    `__call__` of its own, as far as names tell."""
    binding = project.row(bound_attributes, "__call__")
    metaclasses = _names_below(project, {model.name for model in binding})
    return _names_below(
        project,
        {
            model.name
            for model in project.whole(_classes)
            if (model.facts.metaclass or "").rpartition(".")[2] in metaclasses
        },
    )


def _names_below(project: Index, names: set[str]) -> frozenset[str]:
    """Names of classes, and those that other modules, and classes with such bases, have for them."""
    below = project.whole(_names_from_names)
    waiting, found = list(names), set(names)
    for name in waiting:
        new = below.get(name, set()) - found
        found |= new
        waiting += new
    return frozenset(found)


def _names_from_names(project: Index) -> dict[str, set[str]]:
    """The names of classes by the last parts of the names of their bases, and what imports and
    assignments call something by the last part of its name there."""
    found: dict[str, set[str]] = {}
    for module in project.modules():
        for model in module.classes:
            for base in model.facts.bases:
                written = module.classes[int(base[1:])].name if base[:1] == "#" else base
                found.setdefault(written.rpartition(".")[2], set()).add(model.name)
        for binding in module.facts.bindings:
            if binding.kind is BindingKind.FROM or binding.value is ValueKind.NAME:
                last = binding.target.replace(":", ".").rpartition(".")[2]
                if last != binding.name:
                    found.setdefault(last, set()).add(binding.name)
    return found


@fact
def slotted_names(project: Index) -> frozenset[str]:
    """The names of the project's classes with `__slots__`."""
    return frozenset(model.name for model in project.whole(_classes) if has_slots(model))


def has_slots(model: SourceClass) -> bool:
    """Does the class statement ask for `__slots__`, written down or by `@dataclass`?"""
    facts = model.facts
    return facts.slots is not None or any("slots=" in each for each in facts.decorator_keywords)


def _direct_subclasses(project: Index) -> dict[str, list[SourceClass]]:
    """The classes whose statements name a class as a base, by its key."""
    direct: dict[str, list[SourceClass]] = {}
    for model in project.whole(_classes):
        for known in model.written_bases:
            if known is not None:
                direct.setdefault(known.key, []).append(model)
    return direct


@question
def subclasses(project: Index, key: str) -> list[SourceClass]:
    """The project's classes below one, however far, other bases known or not."""
    direct = project.whole(_direct_subclasses)
    found: dict[SourceClass, None] = {}
    waiting = direct.get(key, [])[:]
    while waiting:
        current = waiting.pop()
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


@table
def made_from_names(project: Index) -> AbstractSet[str]:
    """The names of classes that others may be made from without a class statement that names them."""
    names: set[str] = set()
    for module in project.modules():
        for dotted in module.facts.dynamic_bases:
            if dotted:
                names.update(
                    (dotted.rpartition(".")[2], module.qualified(dotted).rpartition(".")[2])
                )
            else:
                imported = (b.target for b in module.facts.bindings if b.kind is BindingKind.FROM)
                names.update(target.rpartition(":")[2] for target in imported)
    return names


@table
def made_from_modules(project: Index) -> AbstractSet[str]:
    """The modules that may make classes from any of their classes so."""
    return {module.path for module in project.modules() if "" in module.facts.dynamic_bases}
