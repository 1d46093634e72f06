"""The facts that a rule can ask for by name: see `Rule.facts`.

They are tables of extractors, fields of `ModuleFacts`, and these questions, of which the answers
depend on more of the project than the file.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from ..base.typed import TYPE_CHECKING
from . import tables
from .facts import ModuleFacts
from .packages import unmarked_at

if TYPE_CHECKING:
    from .model import Module


def imports_of_project(module: Module) -> bool:
    """Has an import leading dots, or is there something in the project that its first name may
    mean?"""
    layout = module.project.layout
    places = {module.name.root, os.path.dirname(module.path), *layout.import_roots}
    for statement in module.facts.imports:
        if statement.level:
            return True
        written = [statement.module] if statement.module else [name for name, _ in statement.names]
        for top in {name.partition(".")[0] for name in written}:
            if any(layout.find_below(place, [top]) is not None for place in places):
                return True
    return False


def imports_of_installed(module: Module) -> bool:
    """Is there a `from` import without leading dots, or one of a submodule, and are there installed
    packages?"""
    return bool(module.project.layout.installed.places) and any(
        not statement.level
        and (statement.is_from or any("." in name for name, _ in statement.names))
        for statement in module.facts.imports
    )


def changed_class_attributes(module: Module) -> bool:
    """Does a method set, delete or change an attribute of its instance that a class has, too?"""
    for model in module.classes:
        used = {access.attribute for access in model.facts.accesses}
        used.update(mutation.attribute for mutation in model.facts.mutations)
        if used and model.binds_on_mro(*used):
            return True
    return False


def slotted_instances(module: Module) -> bool:
    """Has it a class with `__slots__`, or calls something of the name of one of the project's?"""
    if any(tables.has_slots(model) for model in module.classes):
        return True
    called = {row[0] for row in module.facts.tables.get("call_shapes", ())}
    return bool(called) and not called.isdisjoint(tables.slotted_names(module.project))


def is_package(module: Module) -> bool:
    """Is it the `__init__` of a package?"""
    return module.name.is_package


def unmarked_directories(module: Module) -> bool:
    """Is there a directory without `__init__.py` of which it is the first module?"""
    return bool(unmarked_at(module.project, module.path))


def unreadable(module: Module) -> bool:
    """Can no Python read the file? What has facts can be read."""
    return False


QUESTIONS: Mapping[str, Callable[[Module], bool]] = {
    question.__name__: question
    for question in (
        imports_of_project,
        imports_of_installed,
        changed_class_attributes,
        slotted_instances,
        is_package,
        unmarked_directories,
        unreadable,
    )
}


def is_known(name: str) -> bool:
    """Is it a field of facts or a question? Tables of extractors have other names."""
    return name in ModuleFacts._fields or name in QUESTIONS


def has_facts(module: Module, name: str) -> bool:
    """Has a module facts of that name?"""
    if name in QUESTIONS:
        return QUESTIONS[name](module)
    return bool(getattr(module.facts, name, ())) or name in module.facts.tables
