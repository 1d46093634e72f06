"""What a class itself has: the names of its body, and those that making a class adds."""

from __future__ import annotations

import sys

from ..base.answer import Answer
from ..base.typed import TYPE_CHECKING, NamedTuple
from ..index import tables
from ..index.facts import Access, BindingKind, Receiver, ValueKind
from ..index.kinds import HARMLESS_CLASS_DECORATORS, HARMLESS_METACLASSES, AttributeKind
from ..index.made_classes import PartlyKnownClass
from ..index.model import Attribute, ClassModel, SourceClass
from .instances import adds_dict, adds_weakref

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..index.model import Index, Module

DATA_DESCRIPTORS = frozenset(
    {AttributeKind.PROPERTY, AttributeKind.DATA_DESCRIPTOR, AttributeKind.SLOT}
)
_WORDS = {
    AttributeKind.VALUE: "a value",
    AttributeKind.FUNCTION: "a function",
    AttributeKind.STATIC: "a static method",
    AttributeKind.CLASS_METHOD: "a class method",
    AttributeKind.PROPERTY: "a property",
    AttributeKind.DATA_DESCRIPTOR: "a data descriptor",
    AttributeKind.DESCRIPTOR: "a descriptor without `__set__`",
    AttributeKind.CLASS: "a class",
    AttributeKind.SLOT: "a slot",
    AttributeKind.UNKNOWN: "something of which the kind isn't known",
}
_ANNOTATIONS_ARE_KEPT = sys.version_info < (3, 14)


class Known(NamedTuple):
    """The classes of an MRO that are known, the class itself first.

    `is_whole`: they are all of it. Otherwise `why` says what isn't known, and any class may follow.
    """

    classes: tuple[ClassModel, ...]
    is_whole: bool
    why: str = ""


def known_mro(model: ClassModel) -> Known:
    """The MRO, or the part of it that is known: where there is one base, its MRO follows."""
    if model.mro is not None:
        for base in model.mro:
            if isinstance(base, SourceClass) and _is_rebased(model, base):
                return Known(model.mro, False, f"code assigns other bases to `{base.name}`")
        return Known(model.mro, True, _why_not_as_written(model))
    found: list[ClassModel] = []
    current: ClassModel | None = model
    while current is not None and current not in found:
        if current.mro is not None:
            found += current.mro
            break
        found.append(current)
        if not isinstance(current, SourceClass):
            break
        written = current.written_bases
        current = written[0] if len(written) == 1 and "" not in current.facts.keywords else None
    return Known(tuple(found), False, why_no_mro(model))


def why_no_mro(model: ClassModel) -> str:
    """Why the MRO of a class isn't known, or that there is none."""
    waiting: list[ClassModel | None] = [model]
    for current in waiting:
        if isinstance(current, PartlyKnownClass):
            return f"`{current.full_name}` is made by a library's function"
        if not isinstance(current, SourceClass):
            continue
        if current.module.is_stub:
            return f"of `{current.full_name}` there is only a stub"
        facts = current.facts
        if "" in facts.keywords:
            return f"`{current.full_name}` is made with keywords that only running it tells"
        for name, base in zip(facts.bases, current.written_bases, strict=True):
            if base is None:
                said = f"the base `{name}`" if name else "a base"
                place = f"{current.module.file_name}:{facts.line}"
                return f"{said} of `{current.full_name}` ({place}) isn't known"
        if current.bases is not None and all(base.mro is not None for base in current.bases):
            return f"the bases of `{current.full_name}` have no consistent order: it can't be made"
        waiting += (base for base in current.written_bases if base not in waiting)
    return "a base isn't known"


def _why_not_as_written(model: ClassModel) -> str:
    if not isinstance(model, SourceClass):
        return ""
    if model.is_as_written:
        return _why_more(model)
    facts = model.facts
    if facts.dynamic_body:
        return f"the body of `{model.name}` fills its namespace under names that aren't written"
    if not model.decorators_keep_class:
        return f"a decorator of `{model.name}` may replace it by something else"
    return f"the metaclass of `{model.name}` may make another class than the statement says"


def _why_more(model: SourceClass) -> str:
    """What may give a class other attributes than its statement says."""
    metaclass = model.metaclass
    if metaclass is None:
        return f"the metaclass of `{model.name}` isn't known"
    if metaclass.full_name not in HARMLESS_METACLASSES:
        return f"the metaclass `{metaclass.full_name}` may give `{model.name}` other attributes"
    for other in model.mro or ():
        if not isinstance(other, SourceClass):
            continue
        if "__slots__" in other.bound_names and other.own_slots is None:
            return f"what is in the `__slots__` of `{other.name}` isn't known"
        if (by := _filled_by(other)) is not None:
            return by
        if other.facts.dynamic_body:
            return f"the body of `{other.name}` fills its namespace under names that aren't written"
        if other.facts.dynamic_class:
            return f"methods of `{other.name}` give classes attributes under computed names"
        for number, decorator in enumerate(other.facts.decorators):
            if not _is_transparent(other, number):
                return f"the decorator `{decorator}` of `{other.name}` may give it other attributes"
    return ""


def _filled_by(model: SourceClass) -> str | None:
    """What gives a class attributes from outside, under names that aren't written down there."""
    project = model.project
    in_project = model.module.in_project
    own = model.module.facts
    uses = (
        project.row(tables.uses, "")
        if in_project
        else [
            (model.module, receiver, context)
            for receiver, name, context in own.attribute_uses
            if not name
        ]
    )
    for module, receiver, context in uses:
        if context is not Access.READ and project.resolve(module, receiver) is model:
            return f"`{module.name.dotted}` gives `{model.name}` attributes by `setattr`"
    passed = (
        project.row(tables.escaping_arguments, model.name)
        if in_project
        else [(model.module, dotted, function) for dotted, function in own.escaping_arguments]
    )
    for module, dotted, function in passed:
        if dotted.rpartition(".")[2] == model.name and _is_it(project, module, dotted, model):
            called = f"`{function}`" if function else "a function"
            return f"{called} is given `{model.name}`, and may change it"
    return None


def _is_rebased(model: ClassModel, base: SourceClass) -> bool:
    """Does the project, or the module of a class or of its base, assign to the base's `__bases__`?"""
    project = base.project
    own = (
        (module, receiver, context)
        for module in {getattr(model, "module", base.module), base.module}
        for receiver, name, context in module.facts.attribute_uses
        if name == "__bases__"
    )
    return any(
        context is not Access.READ and project.resolve(module, receiver) is base
        for module, receiver, context in (*project.row(tables.uses, "__bases__"), *own)
    )


def _is_it(project: Index, module: Module, dotted: str, model: SourceClass) -> bool:
    symbol = project.resolve(module, dotted)
    return symbol is model or (symbol is None and module is model.module)


def _is_transparent(model: ClassModel, number: int) -> bool:
    """Does a decorator surely leave the attributes of a class as they are?"""
    assert isinstance(model, SourceClass)
    qualified = model.module.qualified(model.facts.decorators[number])
    return qualified in HARMLESS_CLASS_DECORATORS and qualified != "functools.total_ordering"


def own_attribute(model: ClassModel, name: str) -> Attribute | None:
    """What a class itself has under a name."""
    attribute = model.attributes.get(name)
    if (
        attribute is not None
        and attribute.kind is not AttributeKind.FIELD
        and not _is_taken_away(model, name)
    ):
        return attribute
    return _added(model).get(name) or _given(model).get(name)


def own_attributes(model: ClassModel) -> Iterator[Attribute]:
    """What a class itself has, in the order of the source, what is added to it last."""
    for attribute in model.attributes.values():
        if attribute.kind is not AttributeKind.FIELD and not _is_taken_away(model, attribute.name):
            yield attribute
    for name, attribute in {**_given(model), **_added(model)}.items():
        if name not in model.attributes or model.attributes[name].kind is AttributeKind.FIELD:
            yield attribute


def _is_taken_away(model: ClassModel, name: str) -> bool:
    """Does `ABCMeta` take what the body binds out of the class?"""
    return name == "__abc_tpflags__" and isinstance(model, SourceClass) and _is_abstract(model)


def _is_abstract(model: SourceClass) -> bool:
    metaclass = model.metaclass
    return metaclass is not None and any(
        each.full_name == "abc.ABCMeta" for each in metaclass.mro or ()
    )


def _added(model: ClassModel) -> dict[str, Attribute]:
    """What making a class adds to what its body binds
    (https://docs.python.org/3/reference/datamodel.html#creating-the-class-object)."""
    if not isinstance(model, SourceClass):
        return {}
    line = model.facts.line
    found = {
        name: Attribute(name, AttributeKind.VALUE, model, line, flags=0)
        for name in ("__module__", "__doc__")
    }
    bound = model.bound_names
    if "__eq__" in bound and "__hash__" not in bound:
        found["__hash__"] = Attribute(
            "__hash__", AttributeKind.VALUE, model, line, value=ValueKind.NONE
        )
    if _ANNOTATIONS_ARE_KEPT and any(
        binding.annotation and binding.kind in (BindingKind.ANNOTATION, BindingKind.ASSIGN)
        for binding in model.facts.body
    ):
        found["__annotations__"] = Attribute("__annotations__", AttributeKind.VALUE, model, line)
    if "typing.final" in map(model.module.qualified, model.facts.decorators):
        found["__final__"] = Attribute("__final__", AttributeKind.VALUE, model, line)
    if _is_abstract(model):
        for name in ("__abstractmethods__", "_abc_impl"):
            found[name] = Attribute(name, AttributeKind.VALUE, model, line)
    if any(base.full_name == "typing.Generic" for base in (model.mro or ())[1:]):
        found["__parameters__"] = Attribute("__parameters__", AttributeKind.VALUE, model, line)
    for name, has in (("__dict__", adds_dict(model)), ("__weakref__", adds_weakref(model))):
        if has is Answer.YES:
            found[name] = Attribute(name, AttributeKind.DATA_DESCRIPTOR, model, line)
        elif has is Answer.UNKNOWN:
            found[name] = Attribute(name, AttributeKind.UNKNOWN, model, line)
    return found


def _given(model: ClassModel) -> dict[str, Attribute]:
    """What code outside of the class body may give a class: its class methods, and assignments
    through its name."""
    if not isinstance(model, SourceClass):
        return {}
    found = {
        access.attribute: Attribute(access.attribute, AttributeKind.UNKNOWN, model, access.line)
        for access in model.facts.accesses
        if access.receiver is Receiver.CLASS and access.kind not in (Access.READ, Access.DELETE)
    }
    for base in (model.mro or ())[1:]:
        for access in base.facts.accesses if isinstance(base, SourceClass) else ():
            # What makes a subclass calls this for it.
            if access.method == "__init_subclass__" and access.receiver is Receiver.CLASS:
                found.setdefault(
                    access.attribute,
                    Attribute(access.attribute, AttributeKind.UNKNOWN, model, model.facts.line),
                )
    for name, module in _assigned(model):
        line = model.facts.line if module is model.module else 0
        found.setdefault(name, Attribute(name, AttributeKind.UNKNOWN, model, line))
    return found


def _assigned(model: SourceClass) -> Iterator[tuple[str, Module]]:
    """The attributes that are assigned through the name of a class, and where."""
    if model.module.in_project:
        for name, module in model.project.cached(_all_assigned).get(model.key, ()):
            yield name, module
        return
    for receiver, name, context in model.module.facts.attribute_uses:
        is_set = context is Access.SET and name
        if is_set and model.project.resolve(model.module, receiver) is model:
            yield name, model.module


def _all_assigned(project: Index) -> dict[str, list[tuple[str, Module]]]:
    """By the classes of a project, what is assigned through their names."""
    found: dict[str, list[tuple[str, Module]]] = {}
    for module in project.modules():
        for receiver, name, context in module.facts.attribute_uses:
            if context is Access.SET and name and receiver:
                target = project.resolve(module, receiver)
                if isinstance(target, SourceClass):
                    found.setdefault(target.key, []).append((name, module))
    return found


def in_words(attribute: Attribute) -> str:
    """What an attribute is, with an article: "a property"."""
    if attribute.kind is AttributeKind.PROPERTY and attribute.accessors is not None:
        extra = sorted(attribute.accessors - {"getter"}, reverse=True)
        return (
            f"a property with {' and '.join(f'a {each}' for each in extra)}"
            if extra
            else ("a property that can only be read")
        )
    if attribute.kind is AttributeKind.VALUE and attribute.mutable:
        return f"a value that can be changed in place ({attribute.mutable.rpartition('.')[2]})"
    return (
        _WORDS[attribute.kind]
        if attribute.kind is not AttributeKind.UNKNOWN
        else _unknown_in_words(attribute)
    )


def _unknown_in_words(attribute: Attribute) -> str:
    """How something is bound of which it isn't known what it is."""
    owner = attribute.owner
    bindings = owner.facts.body if isinstance(owner, SourceClass) else ()
    for binding in bindings:
        if (binding.name, binding.line) == (attribute.name, attribute.line):
            if binding.kind is BindingKind.FUNCTION:
                names = " and ".join(f"`@{name}`" for name in binding.decorators)
                return f"a function that {names} may replace" if names else "a function, or not"
            if (
                binding.kind is BindingKind.ASSIGN
                and binding.value is ValueKind.CALL
                and binding.target
            ):
                return f"what `{binding.target}(…)` returns"
    return _WORDS[AttributeKind.UNKNOWN]


def path_of(model: ClassModel) -> str:
    return model.module.path if isinstance(model, SourceClass) else ""


def line_of(model: ClassModel) -> int:
    return model.facts.line if isinstance(model, SourceClass) else 0
