"""`show class`: what a class is made of, and what its instances have."""

from __future__ import annotations

from ..base.answer import Answer
from ..base.typed import TYPE_CHECKING
from ..index import model as models
from ..index.facts import Access, BindingKind, Receiver
from ..index.kinds import AttributeKind
from ..index.model import ClassModel, SourceClass
from .answers import FOUND, HIDDEN, MAYBE, Attribute, ClassAnswer, InstanceAttribute, Row
from .attributes import (
    DATA_DESCRIPTORS,
    in_words,
    known_mro,
    line_of,
    own_attribute,
    own_attributes,
    path_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def show(model: ClassModel) -> ClassAnswer:
    known = known_mro(model)
    below = [*model.project.subclasses(model)] if isinstance(model, SourceClass) else []
    bound = _bound_on_instances(known.classes)
    attributes = tuple(_attributes(known.classes, below, bound))
    is_written = isinstance(model, SourceClass)
    metaclass = model.metaclass
    unknown = [known.why] if known.why else []
    if isinstance(model, SourceClass):
        unknown += _bound_again(model)
    return ClassAnswer(
        "class",
        model.full_name,
        path_of(model),
        line_of(model),
        model.facts.bases if isinstance(model, SourceClass) else (),
        tuple(_row(each) for each in known.classes),
        known.is_whole,
        tuple(
            (each.full_name, base.full_name) for each in known.classes for base in each.bases or ()
        ),
        "" if metaclass is None else metaclass.full_name,
        model.facts.decorators if isinstance(model, SourceClass) else (),
        tuple(sorted(model.slot_names)) if known.is_whole or is_written else (),
        model.has_instance_dict.value,
        attributes,
        tuple(_instance_attributes(known.classes, bound)),
        tuple(_row(each) for each in below),
        tuple(unknown),
    )


def _row(model: ClassModel) -> Row:
    return Row(model.full_name, "a class", path_of(model), line_of(model), FOUND)


def _of(attribute: models.Attribute, status: str) -> Row:
    owner = attribute.owner
    line = attribute.line or line_of(owner)
    return Row(owner.full_name, in_words(attribute), path_of(owner), line, status)


def _bound_on_instances(classes: Sequence[ClassModel]) -> dict[str, list[Row]]:
    """What methods bind on instances, by attribute, in the order of the MRO."""
    found: dict[str, list[Row]] = {}
    for model in classes:
        for access in model.facts.accesses if isinstance(model, SourceClass) else ():
            if access.receiver is Receiver.INSTANCE and access.kind is not Access.READ:
                what = "deletes it" if access.kind is Access.DELETE else "binds it"
                by = f"{model.full_name}.{access.method}"
                row = Row(by, what, path_of(model), access.line, MAYBE)
                found.setdefault(access.attribute, []).append(row)
    return found


def _attributes(
    classes: Sequence[ClassModel], below: Sequence[SourceClass], bound: dict[str, list[Row]]
) -> Iterator[Attribute]:
    seen: set[str] = set()
    for number, model in enumerate(classes):
        for attribute in own_attributes(model):
            name = attribute.name
            if name in seen:
                continue
            seen.add(name)
            behind = (own_attribute(other, name) for other in classes[number + 1 :])
            over = (own_attribute(other, name) for other in below)
            is_added = isinstance(model, SourceClass) and name not in model.attributes
            is_data = attribute.kind in DATA_DESCRIPTORS
            row = _of(attribute, FOUND)
            yield Attribute(
                name,
                row.what,
                row.by,
                row.path,
                row.line,
                tuple(_of(each, HIDDEN) for each in behind if each is not None),
                () if is_added else tuple(_of(each, FOUND) for each in over if each is not None),
                () if is_data else tuple(bound.get(name, ())),
                is_added,
            )


def _instance_attributes(
    classes: Sequence[ClassModel], bound: dict[str, list[Row]]
) -> Iterator[InstanceAttribute]:
    for name, rows in bound.items():
        found = (own_attribute(model, name) for model in classes)
        first = next((attribute for attribute in found if attribute is not None), None)
        note = ""
        if first is not None and first.kind in DATA_DESCRIPTORS:
            note = f"goes to {in_words(first)} of `{first.owner.full_name}`"
        elif first is not None and first.kind is not AttributeKind.UNKNOWN:
            note = f"hides {in_words(first)} of `{first.owner.full_name}`"
        elif classes and classes[0].has_instance_dict is Answer.NO:
            note = "instances have no room for it"
        yield InstanceAttribute(name, tuple(rows), note)


def _bound_again(model: SourceClass) -> Iterator[str]:
    """That the name of the class means something else once its module has run."""
    if model.facts.in_function or model.facts.parent >= 0:
        return
    bindings = model.module.bindings.get(model.name, [])
    others = [
        b for b in bindings if b.kind is not BindingKind.ANNOTATION and b.line != model.facts.line
    ]
    if others:
        lines = ", ".join(str(binding.line) for binding in others)
        yield f"the module binds the name `{model.name}` elsewhere, too: in line {lines}"
