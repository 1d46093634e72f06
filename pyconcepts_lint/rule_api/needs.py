"""What a file must have for a rule to say anything of it: asked before the rule is imported.

A need (see `Rule.needs`) is a field of the file's facts, `captures`, which then isn't empty; with
further names behind dots a field of what stands there, `classes.mutations`, which isn't empty for
one of the classes; and `classes.events.kind=delete` asks for a value of it. `package.module:name`
is a function that is asked about the `LintedFile`; it is imported without the rule, so it should
stand in a module of its own. The others are the `QUESTIONS`.
"""

from __future__ import annotations

import builtins
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from importlib import import_module

from ..base.typed import TYPE_CHECKING
from ..index import facts
from ..index.packages import unmarked_at

if TYPE_CHECKING:
    from typing import Any

    from ..index.model import Module
    from .file import LintedFile


def has_one(file: LintedFile, needs: Iterable[str]) -> bool:
    """Has the file one of these? A file without facts may have anything."""
    return file.module is None or any(_has(file, need) for need in needs)


def _has(file: LintedFile, need: str) -> bool:
    assert file.module is not None
    # Every rule with this need asks it of the same file.
    answers = file.share(_answers)
    if need not in answers:
        try:
            answers[need] = _answer(file, file.module, need)
        except Exception:
            # The rule will come to the same, and then it is said whose fault it is.
            answers[need] = True
    return answers[need]


def _answer(file: LintedFile, module: Module, need: str) -> bool:
    if need in QUESTIONS:
        return QUESTIONS[need](module)
    if ":" in need:
        return bool(file.share(_function(need)))
    fields, value = _parsed(need)
    return _is_there([module.facts], fields, value)


@cache
def _function(need: str) -> Callable[[LintedFile], object]:
    module, _, name = need.partition(":")
    found: Callable[[LintedFile], object] = getattr(import_module(module), name)
    return found


def _answers(file: LintedFile) -> dict[str, bool]:
    return {}


@cache
def _parsed(need: str) -> tuple[tuple[str, ...], str | None]:
    fields, equals, value = need.partition("=")
    return tuple(fields.split(".")), value if equals else None


def _is_there(items: Iterable[Any], fields: Sequence[str], value: str | None) -> bool:
    name, *rest = fields
    for item in items:
        found = getattr(item, name)
        if rest:
            if _is_there(found, rest, value):
                return True
        elif found if value is None else found == value:
            return True
    return False


# What the tuples in these fields of facts are.
_ITEMS: Mapping[str, type[tuple[Any, ...]]] = {
    "bindings": facts.Binding,
    "body": facts.Binding,
    "changing_loops": facts.Loop,
    "class_calls": facts.ClassCall,
    "classes": facts.ClassFacts,
    "events": facts.Event,
    "imports": facts.Import,
    "methods": facts.Method,
    "mutations": facts.Mutation,
}


def is_need(need: str) -> bool:
    """Is it something that a rule can need?"""
    if need in QUESTIONS:
        return True
    if ":" in need:
        try:
            return callable(_function(need))
        except (ImportError, AttributeError, ValueError):
            return False
    kind: type[tuple[Any, ...]] | None = facts.ModuleFacts
    for name in _parsed(need)[0]:
        if kind is None or name not in kind._fields:  # type: ignore[attr-defined]
            return False
        kind = _ITEMS.get(name)
    return True


# Questions


def _imports_of_project(module: Module) -> bool:
    """Does an import have leading dots, or is there something in the project that its first name
    may mean?"""
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


def _attributes_of_packages(module: Module) -> bool:
    """Is an attribute read of what an import may have bound to a package: one of the project's, or
    of the standard library?"""
    if not module.facts.taken_reads and not module.facts.attribute_uses:
        return False
    from ..index.standard import PACKAGES

    for statement in module.facts.imports:
        for name, _ in statement.names:
            dotted = f"{statement.module}.{name}" if statement.module else name
            if dotted in PACKAGES or dotted.partition(".")[0] in PACKAGES:
                return True
    return _imports_of_project(module)


def _class_attributes_on_instances(module: Module) -> bool:
    """Does a method set, delete or change an attribute of its instance that a class has, too?"""
    for model in module.classes:
        used = {event.attribute for event in model.facts.events}
        used.update(mutation.attribute for mutation in model.facts.mutations)
        if used and model.binds_on_mro(*used):
            return True
    return False


def _decorated_methods(module: Module) -> bool:
    """Does a function in a class body have a decorator?"""
    return any(
        binding.value and binding.kind == "function"
        for model in module.facts.classes
        for binding in model.body
    )


def _stored_results_of_calls(module: Module) -> bool:
    """Does a method assign its instance what a call makes? Calls of the built-in classes and
    functions that make no descriptors don't count."""
    return any(
        not hasattr(builtins, name)
        or hasattr(getattr(builtins, name), "__get__")
        or module.project.may_bind(module, name)
        for name in module.facts.stored_calls
    )


def _is_package(module: Module) -> bool:
    """Is it the `__init__` of a package?"""
    return module.name.is_package


def _directories_without_init(module: Module) -> bool:
    """Is there a directory without `__init__.py` of which it is the first module?"""
    return bool(unmarked_at(module.project, module.path))


def _no_python(module: Module) -> bool:
    """Can no Python read it? What has facts can be read; a file without has anything."""
    return False


QUESTIONS: Mapping[str, Callable[[Module], bool]] = {
    "attributes of packages": _attributes_of_packages,
    "class attributes on instances": _class_attributes_on_instances,
    "decorated methods": _decorated_methods,
    "no python": _no_python,
    "package": _is_package,
    "directories without __init__": _directories_without_init,
    "imports of the project": _imports_of_project,
    "stored results of calls": _stored_results_of_calls,
}
"""What no field of the facts says by itself; the functions tell what they ask."""
