"""What is known of classes with a base that can't be found."""

from __future__ import annotations

from ..base.typed import NamedTuple
from ..index.facts import IMPORT_KINDS
from ..index.model import ClassModel, SourceClass


class Above(NamedTuple):
    """What a class is derived from: the classes of the project and of Python, itself included, and
    the full names of those that can't be found."""

    classes: frozenset[ClassModel]
    unknown: frozenset[str]


def above(model: SourceClass) -> Above | None:
    """What a class is derived from, however far; None where a class statement there makes something
    else than it says, or has a base that no import statement names."""
    unknown: set[str] = set()
    classes: set[ClassModel] = {model}
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
                unknown.add(imported_as(current, name))
            elif base not in classes:
                classes.update(base.mro or (base,))
                if isinstance(base, SourceClass) and base.mro is None:
                    waiting.append(base)
    return None if "" in unknown else Above(frozenset(classes), frozenset(unknown))


def imported_as(model: SourceClass, base: str) -> str:
    """The full name of a base that one import statement brings, or ""."""
    bindings = model.module.bindings.get(base.partition(".")[0], ())
    if len(bindings) != 1 or bindings[0].kind not in IMPORT_KINDS or bindings[0].flags:
        return ""
    return model.module.qualified(base)
