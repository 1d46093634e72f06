"""Who else may bind attributes of a class or of its instances."""

from __future__ import annotations

from . import tables
from .kinds import CLASS_METHOD, FUNCTION, STATIC
from .model import ClassModel, External, Module, SourceClass, Value


def is_passed_to_functions(model: SourceClass) -> bool:
    """Does a module-level statement of the project, or of the class's own module, pass the
    class (or another one of that name) to a function, which may give it attributes?"""
    return bool(model.project.row(tables.passed, model.name)) or any(
        name in (model.name, model.qualname) for name, _ in model.module.facts.passed
    )


def is_given_by_functions(model: SourceClass, attribute: str) -> bool:
    """May a function that a module-level statement of the project passes the class to give it
    an attribute of that name?"""
    return any(
        module.project.resolve(module, dotted) in (model, None)
        and _may_give(module, function, attribute)
        for module, dotted, function in model.project.row(tables.passed, model.name)
    )


def _may_give(module: Module, function: str, attribute: str) -> bool:
    called = module.project.resolve(module, function) if function else None
    if isinstance(called, Value):
        # What decorates a function may do anything.
        is_plain = called.binding.kind == "function" and not called.binding.value
        return not is_plain or _may_store(called.module, called.binding.name, attribute)
    if called is not None:
        return not isinstance(called, External) and not (
            isinstance(called, ClassModel) and not called.is_project_class
        )
    owner_name, _, method = function.rpartition(".")
    owner = module.project.class_named(module, owner_name)
    if owner is None or owner.mro is None:
        return True
    found = owner.lookup(method)
    if found is None:
        metaclass = owner.metaclass
        is_abstract = metaclass is not None and metaclass.full_name == "abc.ABCMeta"
        return not is_abstract or method != "register"
    if found.kind not in (FUNCTION, CLASS_METHOD, STATIC):
        return True
    return isinstance(found.owner, SourceClass) and _may_store(
        found.owner.module, method, attribute
    )


def _may_store(module: Module, function: str, attribute: str) -> bool:
    """May a function give an attribute of that name to what it is passed?"""
    facts = module.facts
    return (
        function in facts.fillers
        or attribute in facts.foreign_stores
        or module.project.has(tables.foreign_stores, attribute)
    )
