"""What is known of classes with a base that can't be found, or of which there is only a stub."""

from __future__ import annotations

from ..base.typed import NamedTuple
from ..index.facts import IMPORT_KINDS, IN_CLASS, IN_FUNCTION, TYPE_CHECKING
from ..index.made_classes import PartlyKnownClass
from ..index.model import ClassModel, SourceClass
from ..index.references import class_number

_OTHERWISE = IN_CLASS | IN_FUNCTION | TYPE_CHECKING


class Above(NamedTuple):
    """What a class is derived from: the classes of which there is source, or Python's own, itself
    included; the full names of those that can't be found; and those of which there is only a stub,
    with `nearest` those that a class with source names."""

    classes: frozenset[ClassModel]
    unknown: frozenset[str]
    stubs: frozenset[SourceClass]
    nearest: frozenset[SourceClass]


def above(model: SourceClass) -> Above | None:
    """What a class is derived from, however far; None where a class statement there makes something
    else than it says, or has a base that no import statement names."""
    unknown: set[str] = set()
    classes: set[ClassModel] = {model}
    nearest: set[SourceClass] = set()
    waiting = [model]
    while waiting:
        current = waiting.pop()
        facts = current.facts
        if facts.metaclass is not None or facts.keywords or facts.dynamic_body:
            return None
        if not current.decorators_keep_class:
            return None
        for base, name in zip(current.written_bases, facts.bases, strict=True):
            if base is None:
                found = _candidates(current, name)
                if found is None:
                    return None
                classes |= found[0]
                unknown |= found[1]
            elif isinstance(base, PartlyKnownClass):
                return None  # its metaclass may make something else of what is in the body
            elif base not in classes:
                classes.update(base.mro or (base,))
                if isinstance(base, SourceClass) and base.mro is None:
                    waiting.append(base)
                    if base.module.is_stub and not current.module.is_stub:
                        nearest.add(base)
    stubs = {each for each in classes if isinstance(each, SourceClass) and each.module.is_stub}
    return Above(
        frozenset(classes - stubs), frozenset(unknown), frozenset(stubs), frozenset(nearest)
    )


def _candidates(model: SourceClass, name: str) -> tuple[set[ClassModel], set[str]] | None:
    """What a base may be that isn't known: the classes that take its place where an import fails,
    and the full names that imports say; None where it may be anything else."""
    root, _, rest = name.partition(".")
    module, project = model.module, model.project
    if not root or class_number(root) is not None:
        return None
    place = None if model.facts.in_function else (model.facts.line, model.facts.column)
    classes: set[ClassModel] = set()
    unknown: set[str] = set()
    for binding in project.candidates(module, root, place):
        symbol = project.bound(module, binding)
        for part in filter(None, rest.split(".")):
            symbol = None if symbol is None else project.attribute_of(symbol, part)
        source = module.source(binding)
        if isinstance(symbol, ClassModel) and symbol.mro is not None:
            classes.update(symbol.mro)
        elif isinstance(symbol, ClassModel) or source is None or binding.flags & _OTHERWISE:
            return None
        else:
            unknown.add(f"{source}.{rest}" if rest else source)
    return (classes, unknown) if unknown else None


def imported_as(model: SourceClass, base: str) -> str:
    """The full name of a base that one import statement brings, or ""."""
    bindings = model.module.bindings.get(base.partition(".")[0], ())
    if len(bindings) != 1 or bindings[0].kind not in IMPORT_KINDS or bindings[0].flags:
        return ""
    return model.module.qualified(base)
