"""What is known of classes with a base that can't be found, or of which there is only a stub."""

from __future__ import annotations

from collections.abc import Container

from ..base.lazy import lazy_pattern
from ..base.typed import NamedTuple
from ..index.facts import IMPORT_KINDS, IN_CLASS, IN_FUNCTION, TYPE_CHECKING
from ..index.kinds import FIELD_DECORATORS
from ..index.made_classes import PartlyKnownClass
from ..index.model import ClassModel, SourceClass
from ..index.references import class_number

# By their names, such decorators make fields of what is in the body, or another class of it.
_MAY_MAKE_FIELDS = lazy_pattern(
    r"(?i)class|attr|field|defin|struct|model|frozen|mutable|slot|record|enum|meta|proxy|mixin"
    r"|property|schema|entity|table|config|setting|param|autodoc|singleton|^s$|^ib$"
)
_OTHERWISE = IN_CLASS | IN_FUNCTION | TYPE_CHECKING


class Above(NamedTuple):
    """What a class is derived from: the classes of which there is source, or Python's own, itself
    included; the full names of those that can't be found; and those of which there is only a stub,
    with `nearest` those that a class with source names. `decorators` are the full names of class
    decorators that can't be found."""

    classes: frozenset[ClassModel]
    unknown: frozenset[str]
    stubs: frozenset[SourceClass]
    nearest: frozenset[SourceClass]
    decorators: frozenset[str] = frozenset()


def above(
    model: SourceClass, *, decorated: bool = False, made_by: Container[str] = ()
) -> Above | None:
    """What a class is derived from, however far; None where a class statement there makes something
    else than it says, or has a base that no import statement names.

    Args:
        model: the class.
        decorated: take classes that have decorators which can't be found.
        made_by: the full names of metaclasses that make what the class statement says, as far as
            that matters.
    """
    decorators: set[str] = set()
    unknown: set[str] = set()
    classes: set[ClassModel] = {model}
    nearest: set[SourceClass] = set()
    waiting = [model]
    while waiting:
        current = waiting.pop()
        facts = current.facts
        if facts.keywords or facts.dynamic_body:
            return None
        if facts.metaclass is not None:
            metaclass = current.header_metaclass
            if not isinstance(metaclass, ClassModel) or metaclass.full_name not in made_by:
                return None
        if not current.decorators_keep_class:
            names = _decorators_not_found(current) if decorated else None
            if names is None:
                return None
            decorators |= names
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
                if not decorated:
                    classes.update(base.mro or (base,))
                classes.add(base)
                if not isinstance(base, SourceClass):
                    classes.update(base.mro or ())
                elif base.mro is None or decorated:
                    waiting.append(base)
                    if base.module.is_stub and not current.module.is_stub:
                        nearest.add(base)
    stubs = {each for each in classes if isinstance(each, SourceClass) and each.module.is_stub}
    return Above(
        frozenset(classes - stubs),
        frozenset(unknown),
        frozenset(stubs),
        frozenset(nearest),
        frozenset(decorators),
    )


def _decorators_not_found(model: SourceClass) -> set[str] | None:
    """The full names of decorators that imports say, and that aren't found; None where another one
    may make something else of the class, or one may make fields by its name."""
    found: set[str] = set()
    for number, decorator in enumerate(model.facts.decorators):
        if model.keeps_class(number):
            continue
        called = decorator.removesuffix("()")
        full_name = imported_as(model, called)
        last = full_name.rpartition(".")[2]
        if not full_name or _MAY_MAKE_FIELDS.search(last) or full_name in FIELD_DECORATORS:
            return None
        if model.project.resolve(model.module, called) is not None:
            return None
        found.add(full_name)
    return found


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
