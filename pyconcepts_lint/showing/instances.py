"""What making a class gives its instances room for: a `__dict__`, weak references.

That is the work of `type.__new__`
(https://docs.python.org/3/reference/datamodel.html#slots): the base that decides how instances lie
in memory hands on what it has, and a class without `__slots__` adds what is missing.
"""

from __future__ import annotations

from ..base.answer import Answer
from ..index.model import ClassModel, LiveClass, SourceClass


def adds_dict(model: ClassModel) -> Answer:
    """Does making the class itself give its instances a `__dict__`, which no base gave them?"""
    return _adds(model, "__dict__")


def adds_weakref(model: ClassModel) -> Answer:
    return _adds(model, "__weakref__")


def _adds(model: ClassModel, name: str) -> Answer:
    if not isinstance(model, SourceClass):
        return Answer.NO
    bases = model.bases
    base = best_base(model)
    if bases is None or base is None:
        return Answer.UNKNOWN
    inherited = _has(base, name)
    if inherited is not Answer.NO:
        return Answer.NO if inherited is Answer.YES else Answer.UNKNOWN
    if name == "__weakref__" and _has_items(model):
        return Answer.NO
    if model.is_slotted_dataclass:
        # `weakref_slot` is another option.
        return Answer.NO if name == "__dict__" else Answer.UNKNOWN
    if "__slots__" not in model.bound_names:
        return Answer.YES
    if model.own_slots is None:
        return Answer.UNKNOWN
    if name in model.own_slots:
        return Answer.YES
    others = [_has(other, name) for other in bases if other is not base]
    if Answer.YES in others:
        return Answer.YES
    return Answer.UNKNOWN if Answer.UNKNOWN in others else Answer.NO


def _has(model: ClassModel, name: str) -> Answer:
    """Do instances have it, by the class or a base that it shares its layout with?"""
    if isinstance(model, LiveClass):
        offset = model.live.__dictoffset__ if name == "__dict__" else model.live.__weakrefoffset__
        return Answer.YES if offset else Answer.NO
    adds = _adds(model, name)
    base = best_base(model)
    if adds is not Answer.NO or base is None:
        return adds
    return _has(base, name)


def _has_items(model: ClassModel) -> bool:
    """Are its instances of varying size, as those of `int` and `tuple`?"""
    return any(isinstance(each, LiveClass) and each.live.__itemsize__ for each in model.mro or ())


def best_base(model: ClassModel) -> ClassModel | None:
    """The base whose layout of instances a class takes over; None where it isn't known."""
    if isinstance(model, LiveClass):
        return model.project.live_class(model.live.__base__) if model.live.__base__ else None
    if model.mro is None:
        return None
    found: ClassModel | None = None
    solid: ClassModel | None = None
    for base in model.bases or ():
        candidate = _solid(base)
        if candidate is None:
            return None
        if solid is None or (solid is not candidate and candidate.is_subclass_of(solid)):
            found, solid = base, candidate
    return found


def _solid(model: ClassModel) -> ClassModel | None:
    """The class that gave instances their layout last."""
    if isinstance(model, LiveClass):
        live = model.live
        while live.__base__ is not None and _size(live) == _size(live.__base__):
            live = live.__base__
        return model.project.live_class(live)
    assert isinstance(model, SourceClass)
    if "__slots__" in model.bound_names or model.is_slotted_dataclass:
        own = model.own_slots
        if own is None:
            return None
        if own - {"__dict__", "__weakref__"}:
            return model
    base = best_base(model)
    return None if base is None else _solid(base)


def _size(live: type) -> tuple[int, int]:
    """The size of instances, without the room for `__dict__` and weak references."""
    pointers = sum(1 for offset in (live.__dictoffset__, live.__weakrefoffset__) if offset > 0)
    return live.__basicsize__ - 8 * pointers, live.__itemsize__
