"""What instances of a class may have."""

from __future__ import annotations

from collections.abc import Collection

from pyconcepts_lint.analysis.instances import spells
from pyconcepts_lint.base.answer import Answer
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.attributes import classes_of_instances, instances_bind, rebinds
from pyconcepts_lint.index.facts import Access, AttributeAccess
from pyconcepts_lint.index.model import LiveClass, Module, SourceClass

_HOOKS = ("__getattr__", "__getattribute__", "__setattr__", "__setstate__", "__class__")


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
