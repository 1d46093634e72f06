"""Classes that calls make, as models: see `made`."""

from __future__ import annotations

from ..base.answer import Answer
from .facts import IMMUTABLE_VALUES, MUTABLE_VALUES, Made, ValueKind
from .kinds import AttributeKind
from .made import METACLASS_MAKER
from .model import (
    Attribute,
    ClassModel,
    LiveClass,
    MetaclassConflict,
    Module,
    appropriate_metaclass,
)
from .tracking import tracked

_VALUES = IMMUTABLE_VALUES | MUTABLE_VALUES | {ValueKind.PLAIN, ValueKind.GENERATOR}


class LiveMadeClass(LiveClass):
    """The class that a function of the standard library makes of literals."""

    def __init__(self, module: Module, number: int, live: type) -> None:
        super().__init__(module.project, live)
        self.full_name = f"{module.name.dotted}.{self.name}"
        self.key = f"{module.path}={number} {self.name}"

    @tracked
    def is_field_class(self) -> bool:
        return "__dataclass_fields__" in self.bound_names or super().is_field_class


class MadeClass(ClassModel):
    """What `type(…)` makes of literals, or `with_metaclass(…)`."""

    def __init__(self, module: Module, number: int, made: Made) -> None:
        self.project = module.project
        self.tracker = module.tracker
        self.module = module
        self.number = number
        self.made = made
        self.name = self.qualname = made.name
        self.full_name = f"{module.name.dotted}.{self.name}"
        self.key = f"{module.path}={number} {self.name}"

    def __repr__(self) -> str:
        return f"<MadeClass {self.full_name}>"

    @tracked
    def is_temporary(self) -> bool:
        return self.made.maker.rpartition(".")[2] == METACLASS_MAKER

    @tracked
    def bases(self) -> tuple[ClassModel, ...] | None:
        if self in self.project.open_mros:
            return None
        self.project.open_mros.append(self)
        try:
            found = [self.project.class_named(self.module, name) for name in self.made.bases]
        finally:
            self.project.open_mros.pop()
        known = [base for base in found if base is not None]
        if len(known) < len(found):
            return None
        return tuple(known) or (self.project.builtin_class("object"),)

    @tracked
    def own_metaclass(self) -> ClassModel | str | None:
        if not self.made.metaclass:
            return None
        return self.project.class_named(self.module, self.made.metaclass) or ""

    @tracked
    def metaclass(self) -> ClassModel | None:
        own = self.own_metaclass
        if self.mro is None or isinstance(own, str):
            return None
        found = appropriate_metaclass(own, self.bases or ())
        is_known = found is not None and not isinstance(found, MetaclassConflict)
        return found if is_known and found.passes_bases_on else None  # type: ignore[union-attr, return-value]

    @tracked
    def plain_by_itself(self) -> bool:
        hooks = ("__setattr__", "__getattribute__")
        return self.plain_metaclass and self.bound_names.isdisjoint(hooks)

    @tracked
    def is_field_class(self) -> bool:
        return any(self._of_bases("is_field_class"))

    @tracked
    def defines_dict(self) -> Answer:
        return Answer.UNKNOWN if "__slots__" in self.bound_names else Answer.YES

    @tracked
    def bound_names(self) -> frozenset[str]:
        return frozenset(name for name, _ in self.made.names)

    @tracked
    def attributes(self) -> dict[str, Attribute]:
        return {
            name: Attribute(name, _kind(value), self, self.made.line)
            for name, value in self.made.names
        }


class PartlyKnownClass(MadeClass):
    """What a library's function makes: its bases are known, its attributes and metaclass are not."""

    @tracked
    def mro(self) -> tuple[ClassModel, ...] | None:
        return None  # for `mro` is asked for all that there is to be found on it

    @tracked
    def plain_by_itself(self) -> bool:
        return False

    @tracked
    def defines_dict(self) -> Answer:
        return Answer.UNKNOWN


def _kind(value: ValueKind | None) -> AttributeKind:
    if value is ValueKind.LAMBDA:
        return AttributeKind.FUNCTION
    return AttributeKind.VALUE if value in _VALUES else AttributeKind.UNKNOWN
