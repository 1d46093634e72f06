"""What instances of classes with `__slots__` can hold: PCL604, 606, 607 and 608."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from pyconcepts_lint.analysis.followed import classes_written_to, instance_writes
from pyconcepts_lint.base.answer import Answer
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.attributes import are_related, is_given_by_functions, writes
from pyconcepts_lint.index.facts import (
    CONDITIONAL,
    Access,
    AttributeAccess,
    Binding,
    BindingKind,
    Receiver,
)
from pyconcepts_lint.index.kinds import AttributeKind
from pyconcepts_lint.index.model import Attribute, ClassModel, SourceClass
from pyconcepts_lint.rule_api.file import FileContext

# Class attributes that leave an assignment through an instance to the instance itself.
_LEFT_TO_INSTANCE = frozenset(
    {
        AttributeKind.VALUE,
        AttributeKind.FUNCTION,
        AttributeKind.STATIC,
        AttributeKind.CLASS_METHOD,
        AttributeKind.DESCRIPTOR,
    }
)


# Bindings that are there once their statement has run.
_SURE_KINDS = frozenset(
    {
        BindingKind.ASSIGN,
        BindingKind.AUGMENT,
        BindingKind.CLASS,
        BindingKind.FROM,
        BindingKind.FUNCTION,
        BindingKind.IMPORT,
        BindingKind.TYPE,
        BindingKind.WITH,
    }
)


# Below these only empty `__slots__` are possible: Python looks at that first, and raises TypeError.
_WITHOUT_SLOTS = frozenset({"builtins.bytes", "builtins.int", "builtins.tuple", "builtins.type"})


class Unassignable(NamedTuple):
    """That `event` assigns what instances of `model` have no place for.

    `attribute` is the class attribute of that name, if there is one.
    """

    model: SourceClass
    access: AttributeAccess
    attribute: Attribute | None


def unassignable(file: FileContext) -> Iterator[Unassignable]:
    """The assignments of a file that fail for want of a slot."""
    for model in slotted_classes(file):
        for access in model.facts.accesses:
            if access.receiver is Receiver.INSTANCE and access.kind in (
                Access.SET,
                Access.AUGMENT,
                Access.REBUILD,
            ):
                name = access.attribute
                if not _has_place(model, name) and not _is_changed(model, name):
                    yield Unassignable(model, access, model.lookup(name))


class UnassignableElsewhere(NamedTuple):
    """That `node`, outside of methods, is assigned what instances of `model` have no place for."""

    model: SourceClass
    node: ast.Attribute
    attribute: Attribute | None


def unassignable_elsewhere(file: FileContext) -> Iterator[UnassignableElsewhere]:
    """The assignments to instances, outside of their methods, that fail for want of a slot."""
    if file.module is None:
        return
    facts = file.module.facts
    called = {str(row[0]) for row in facts.tables.get("call_shapes", ())}
    if not called or called.isdisjoint(tables.slotted_names(file.project)):
        return
    written = {*facts.external_attribute_writes}
    written.update(name for _, name, context in facts.attribute_uses if context is not Access.READ)
    for node, kind, models in instance_writes(file, written) if written else ():
        found = [
            model
            for model in models
            if isinstance(model, SourceClass)
            and model.is_project_class
            and tables.has_slots(model)
            and lacks_dict(model)
            and not _has_place(model, node.attr)
            and not _is_changed(model, node.attr)
        ]
        if kind is not Access.DELETE and len(found) == len(models):
            yield UnassignableElsewhere(found[0], node, found[0].lookup(node.attr))


def slotted_classes(file: FileContext) -> Iterator[SourceClass]:
    """The classes of a file of which neither they nor a class of the project below them may
    give instances a `__dict__`."""
    if file.module is None:
        return
    for model in file.module.classes:
        if tables.has_slots(model) and lacks_dict(model):
            yield model


def lacks_dict(model: ClassModel) -> bool:
    """Do instances of a class, and of the project's classes below it, have no `__dict__`?"""
    if model.has_instance_dict is not Answer.NO:
        return False
    below = model.project.subclasses(model)
    if any(one.has_instance_dict is not Answer.NO for one in below):
        return False
    if any(one.binds_on_mro("__dict__") for one in (model, *below)):
        return False
    return not any(
        isinstance(one, SourceClass) and tables.may_be_made_from(one) for one in (model, *below)
    )


def _has_place(model: SourceClass, name: str) -> bool:
    """May `self.name = …` in a method of `model` find a slot, a descriptor or a hook?"""
    for one in (model, *model.project.subclasses(model)):
        if name == "__weakref__" or any(name in _own_slots(base) for base in one.mro or ()):
            return True
        if not all(_leaves_assignments_alone(base) for base in one.mro or ()):
            return True
        attribute = one.lookup(name)
        if attribute is not None and attribute.kind not in _LEFT_TO_INSTANCE:
            return True
    return False


def _own_slots(model: ClassModel) -> frozenset[str]:
    return (model.own_slots if isinstance(model, SourceClass) else None) or frozenset()


def _leaves_assignments_alone(model: ClassModel) -> bool:
    if not isinstance(model, SourceClass):
        return model.plain_by_itself
    frozen = any("frozen=" in keywords for keywords in model.facts.decorator_keywords)
    return model.plain_body and model.is_as_written and not frozen


def _is_changed(model: SourceClass, name: str) -> bool:
    """May other code give the class an attribute `name`, or the instance another class?"""
    project = model.project
    for one in (model, *project.subclasses(model)):
        for base in one.mro or ():
            if isinstance(base, SourceClass) and (
                is_given_by_functions(base, name)
                or any(
                    e.attribute == "__class__" and e.kind is Access.SET for e in base.facts.accesses
                )
            ):
                return True
    # Another attribute of the class doesn't help, unless it is one that takes the value.
    return any(write.may_be_descriptor for write in writes(model, name)) or any(
        are_related(model, other) for other in classes_written_to(project, name)
    )


# What the class statement itself does


class Conflict(NamedTuple):
    """That a class body binds a name which is also in its `__slots__`."""

    model: SourceClass
    binding: Binding


def conflicts(file: FileContext) -> Iterator[Conflict]:
    """Class attributes of a file that make their class statement fail."""
    for model in file.module.classes if file.module is not None else ():
        facts = model.facts
        if not facts.slots or not facts.slots_known or model.mro is None:
            continue
        if facts.dynamic_body or not all(base.plain_metaclass for base in model.mro):
            continue
        if any(base.full_name in _WITHOUT_SLOTS for base in model.mro) or not all(
            name.isidentifier() for name in facts.slots
        ):
            continue
        slots = set(facts.slots) - {"__dict__", "__weakref__", "__qualname__", "__classcell__"}
        for binding in _surely_bound(facts.body, slots):
            yield Conflict(model, binding)


def _surely_bound(body: Iterable[Binding], names: set[str]) -> Iterator[Binding]:
    """The first binding of each of the names that are there when the class body ends."""
    left = names - {binding.name for binding in body if binding.kind is BindingKind.DELETE}
    for binding in body:
        if binding.name in left and binding.kind in _SURE_KINDS and not binding.flags & CONDITIONAL:
            left.discard(binding.name)
            yield binding


def dict_bringer(model: SourceClass) -> ClassModel | None:
    """The nearest base of a class with `__slots__` that gives its instances a `__dict__`.

    None where there is none, where the class or that base asks for one by `__dict__` in its
    slots, and where it isn't known what the class statement makes.
    """
    facts = model.facts
    bindings = [binding for binding in facts.body if binding.name == "__slots__"]
    if model.is_slotted_dataclass and not bindings:
        return _bringer(model) if model.is_as_written else None
    if facts.slots is None or "__dict__" in (model.own_slots or facts.slots):
        return None
    if not any(b.kind is BindingKind.ASSIGN and not b.flags & CONDITIONAL for b in bindings):
        return None
    if any(binding.kind is BindingKind.DELETE for binding in bindings) or not model.is_as_written:
        return None
    return _bringer(model)


def _bringer(model: SourceClass) -> ClassModel | None:
    bringer = next(
        (base for base in (model.mro or ())[1:] if base.defines_dict is Answer.YES), None
    )
    if isinstance(bringer, SourceClass) and "__slots__" in bringer.bound_names:
        return None  # that one asks for it
    return bringer
