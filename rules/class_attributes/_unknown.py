"""Attributes of classes with a base, or a decorator, that can't be found, and what that could undo;
and of those whose metaclass is a library's that leaves values alone."""

from __future__ import annotations

from collections.abc import Iterable

from pyconcepts_lint.analysis.unknown_bases import Above, above
from pyconcepts_lint.base.answer import Answer
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index.attributes import (
    accesses_on_instances,
    instances_bind,
    is_given_by_functions,
    writes,
)
from pyconcepts_lint.index.facts import (
    CONDITIONAL,
    IMMUTABLE_VALUES,
    MUTABLE_VALUES,
    Access,
    BindingKind,
)
from pyconcepts_lint.index.kinds import (
    FIELD_BASES,
    FIELDS_BY_TYPE,
    HARMLESS_METACLASSES,
    METACLASSES_THAT_LEAVE_VALUES,
    AttributeKind,
)
from pyconcepts_lint.index.model import Attribute, ClassModel, SourceClass

_LITERALS = IMMUTABLE_VALUES | MUTABLE_VALUES
_FAITHFUL = METACLASSES_THAT_LEAVE_VALUES | HARMLESS_METACLASSES
_HOOKS = ("__setattr__", "__getattribute__", "__slots__", "__new__")


class Conditional(NamedTuple):
    """An attribute that instances have from the body of their class, as far as is known, and the
    bases that aren't known, those of which there is only a stub, and the decorators that aren't
    known."""

    attribute: Attribute
    bases: tuple[str, ...]
    stubs: tuple[str, ...] = ()
    decorators: tuple[str, ...] = ()

    def unless(self, does: str) -> str:
        """The condition on what isn't known, for the end of a sentence."""
        conditions = []
        if self.bases:
            were = "was" if len(self.bases) == 1 else "were"
            conditions.append(f"{_listed(self.bases)}, which {were} not found,")
        if self.stubs:
            conditions.append(f"{_listed(self.stubs)}, of which only a stub was found,")
        said = [f"{' or '.join(conditions)} {does}"] if conditions else []
        if self.decorators:
            were = "was" if len(self.decorators) == 1 else "were"
            said.append(f"{_listed(self.decorators)}, which {were} not found, changes the class")
        return f", unless {', or '.join(said)}" if said else ""


def conditional_attribute(
    model: SourceClass, name: str, kind: AttributeKind, *, but_in: Iterable[str] = ()
) -> Conditional | None:
    """What the body of a class binds under a name, if nothing but an unknown base or decorator could
    bind it on the instance, or make another class.

    Values have to be written down, without an annotation: frameworks make fields of others.

    Args:
        model: a class of which the bases or decorators aren't all known, or that has a metaclass of
            a library.
        name: the attribute.
        kind: the kind that it has to be, `VALUE` or `FUNCTION`.
        but_in: the methods that may bind it.
    """
    if name not in model.bound_names or name.startswith("__"):
        return None
    if model.mro is not None and model.plain:
        return None
    bindings = [binding for binding in model.facts.body if binding.name == name]
    if len(bindings) != 1 or bindings[0].flags & CONDITIONAL or bindings[0].annotation:
        return None
    if kind is AttributeKind.VALUE and bindings[0].value not in _LITERALS:
        return None
    if kind is AttributeKind.FUNCTION and (
        bindings[0].kind is not BindingKind.FUNCTION or bindings[0].decorators
    ):
        return None
    known = above(model, decorated=True, made_by=_FAITHFUL)
    attribute = model.attributes.get(name)
    if known is None or attribute is None or attribute.kind != kind:
        return None
    if not _is_left_alone(model, name, known, set(but_in)):
        return None
    bases = sorted({full_name.rpartition(".")[2] for full_name in known.unknown})
    stubs = sorted({each.name for each in known.nearest})
    decorators = sorted({full_name.rpartition(".")[2] for full_name in known.decorators})
    return Conditional(attribute, tuple(bases), tuple(stubs), tuple(decorators))


def _listed(names: Iterable[str]) -> str:
    return " or ".join(f"`{name}`" for name in names)


def _is_left_alone(model: SourceClass, name: str, known: Above, but_in: set[str]) -> bool:
    """Does nothing that is known bind the name elsewhere, or take part in attribute access?"""
    project = model.project
    below = project.subclasses(model)
    if any(name in each.bound_names for each in below):
        return False
    # An attribute that a stub declares, other than as a method, is most likely set on instances.
    if any(not _declares_only_function(each, name) for each in known.stubs):
        return False
    related = [
        each for each in (*known.classes, *known.stubs, *below) if isinstance(each, SourceClass)
    ]
    trusted = _of_libraries(related)
    for each in related:
        if not each.bound_names.isdisjoint(_HOOKS):
            return False
        if each in trusted:
            continue
        if _makes_fields(each):
            return False
        if each.facts.dynamic_instances or each.facts.dynamic_class:
            return False
        if is_given_by_functions(each, name):
            return False
    if any(_may_take_part(each) for each in known.classes):
        return False
    assigned = {
        access.method
        for _, access in accesses_on_instances(related, name)
        if access.kind in (Access.SET, Access.DELETE)
    }
    if not assigned <= but_in or any(True for _ in writes(model, name)):
        return False
    return bool(but_in) or instances_bind(model, name, trusted=trusted) is Answer.NO


def _of_libraries(classes: Iterable[SourceClass]) -> frozenset[SourceClass]:
    """The classes of the libraries of which the metaclasses are known to leave values alone: what
    they set on instances under computed names are fields."""
    installed = [each for each in classes if each.module.is_installed]
    libraries = {
        metaclass.full_name.partition(".")[0]
        for each in installed
        if isinstance(metaclass := each.header_metaclass, ClassModel)
        and metaclass.full_name in METACLASSES_THAT_LEAVE_VALUES
    }
    return frozenset(each for each in installed if each.full_name.partition(".")[0] in libraries)


def _declares_only_function(stub: SourceClass, name: str) -> bool:
    bindings = [binding for binding in stub.facts.body if binding.name == name]
    return all(each.kind is BindingKind.FUNCTION and not each.decorators for each in bindings)


def _makes_fields(model: SourceClass) -> bool:
    """May a class make fields of values that are written down in its body?"""
    if not model.is_field_class:
        return False
    named = model.project.field_classes
    bases = {model.module.qualified(base) for base in model.facts.bases}
    return (
        model.has_field_decorator
        or not bases.isdisjoint(FIELD_BASES - FIELDS_BY_TYPE)
        or not {*bases, *model.facts.bases, model.name, model.full_name}.isdisjoint(named)
        or bases.isdisjoint(FIELDS_BY_TYPE)
    )


def _may_take_part(model: ClassModel) -> bool:
    return not isinstance(model, SourceClass) and not model.plain_by_itself
