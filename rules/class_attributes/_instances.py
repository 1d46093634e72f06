"""What instances of a class may have, and whether the project makes any."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection

from pyconcepts_lint.base.answer import Answer
from pyconcepts_lint.base.lazy import lazy_pattern
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.attributes import (
    classes_of_instances,
    has_computed_setattr,
    instances_bind,
    rebinds,
)
from pyconcepts_lint.index.binder import dotted_name
from pyconcepts_lint.index.facts import Access, AttributeAccess
from pyconcepts_lint.index.model import LiveClass, Module, SourceClass
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.source.ast_nodes import walk
from pyconcepts_lint.source.python3 import parsed_or_none

_HOOKS = ("__getattr__", "__getattribute__", "__setattr__", "__setstate__", "__class__")
_FILLS = lazy_pattern(
    r"""__dict__|\bvars\s*\(|\bnamespace\s*=|\bsetattr\s*\(\s*self\s*,\s*(?!["'])|\bmock\b|\bexec\s*\("""
)
"""What a module may fill an object with, under names that aren't written down."""


def is_closed(model: SourceClass) -> bool:
    """Has an instance of the class surely no attributes but those that are written down?"""
    classes = model.mro
    if classes is None or tables.may_be_made_from(model):
        return False
    for each in classes:
        if isinstance(each, LiveClass):
            if not each.full_name.startswith("builtins."):
                return False  # what is written in C may bind anything
        elif not isinstance(each, SourceClass) or not _is_closed_itself(each):
            return False
    return True


def _is_closed_itself(model: SourceClass) -> bool:
    if not model.bound_names.isdisjoint(_HOOKS) or not (
        model.plain_metaclass and model.is_as_written
    ):
        return False
    facts = model.facts
    return not (facts.dynamic_instances or facts.dynamic_class or facts.dynamic_body)


def may_have(model: SourceClass, name: str, never_run: Collection[str] = ()) -> bool:
    """May an instance of a class that `is_closed` have an attribute, its own or its class's?
    `never_run` are methods of the class that nothing calls."""

    def is_dead(owner: SourceClass, access: AttributeAccess) -> bool:
        return owner is model and access.method in never_run

    project = model.project
    if (
        model.lookup(name) is not None
        or instances_bind(model, name, is_dead=is_dead) is not Answer.NO
    ):
        return True
    for each in classes_of_instances(model):
        if name in each.bound_names or any(b.name == name for b in each.facts.body):
            return True
        if not each.is_project_class and _may_write(each.module, name):
            return True
    if rebinds(model, name) is not Answer.NO:
        return True
    return any(
        context is not Access.READ for _, _, context in project.row(tables.uses, name)
    ) or any(_is_lent(owner, name) for owner in project.row(tables.bound_attributes, name))


def _is_lent(owner: SourceClass, name: str) -> bool:
    """May a method of a class that binds the attribute run on any object: `D.__init__(c)`?"""
    methods = {each.method for each in owner.facts.accesses if each.attribute == name}
    return any(lends(owner, method) for method in methods)


def lends(owner: SourceClass, method: str) -> bool:
    """Does code look a method up on the class itself, so that it may run on any object?"""
    project = owner.project
    return any(
        project.resolve(module, receiver) is owner
        for module, receiver, _ in project.row(tables.uses, method)
        if receiver
    )


def _may_write(module: Module, name: str) -> bool:
    """May a module of the standard library bind an attribute on whatever it is given?"""
    text = module.project.text(module)
    return text is None or f".{name} =" in text or spells(module, name)


def spells(module: Module, name: str) -> bool:
    """Is a name a string in a module, so that it may be asked for, or bound, by that?"""
    text = module.project.text(module)
    return text is None or f'"{name}"' in text or f"'{name}'" in text


def makers(file: FileContext, model: SourceClass) -> list[Module]:
    """The modules of the project that make instances of just this class by calling it, or whose
    tests `unittest` runs."""
    if any(each.full_name == "unittest.case.TestCase" for each in model.mro or ()):
        return [model.module]
    return [module for module, names in _users(model) if _makes(file, module, names, model)]


def may_be_filled(module: Module) -> bool:
    """May a module give objects attributes whose names it doesn't write down?"""
    text = module.project.text(module)
    return text is None or _FILLS.search(text) is not None or has_computed_setattr(module)


def _users(model: SourceClass) -> list[tuple[Module, set[str]]]:
    """The modules that have a name for a class, with such names."""
    project = model.project
    found = {model.module.path: (model.module, {model.name})}
    for module, alias in project.row(tables.imported_names, model.name):
        found.setdefault(module.path, (module, set()))[1].add(alias)
    for module, receiver, _ in project.row(tables.uses, model.name):
        if receiver:
            found.setdefault(module.path, (module, set()))[1].add(model.name)
    return list(found.values())


def _makes(file: FileContext, module: Module, names: set[str], model: SourceClass) -> bool:
    text = module.project.text(module)
    written = "|".join(map(re.escape, sorted(names)))
    if text is None or not re.search(rf"(?<!class )\b(?:{written})\s*\(", text):
        return False
    tree = file.tree if module is file.module else parsed_or_none(text)
    called = {
        dotted_name(node.func)
        for node in ([] if tree is None else walk(tree))
        if isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute))
    }
    return any(name and module.project.resolve(module, name) is model for name in called)
