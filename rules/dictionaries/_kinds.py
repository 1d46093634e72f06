"""Which classes' instances behave as `dict` does."""

from __future__ import annotations

from pyconcepts_lint.analysis.values import Instance, PossibleValues
from pyconcepts_lint.index.model import ClassModel

_OWN = frozenset({"collections.Counter", "collections.OrderedDict", "collections.defaultdict"})
_SHAPING = frozenset(
    {
        *("__delitem__", "__getattribute__", "__iter__", "__len__", "__setitem__", "clear"),
        *("items", "keys", "pop", "popitem", "setdefault", "update", "values"),
    }
)


def is_dictionary_class(model: ClassModel) -> bool:
    """Are instances surely dictionaries that are walked, and changed, as `dict` itself is?"""
    if model.mro is None or not model.is_subclass_of(model.project.builtin_class("dict")):
        return False
    return all(
        base.full_name in _OWN or base.bound_names.isdisjoint(_SHAPING)
        for base in _below_dict(model)
    )


def _below_dict(model: ClassModel) -> list[ClassModel]:
    assert model.mro is not None
    return list(model.mro)[: model.mro.index(model.project.builtin_class("dict"))]


def are_dictionaries(origin: PossibleValues) -> bool:
    """Is all that something is known to be a dictionary? It may be unknown all the same."""
    return not origin.is_unresolved and all(
        isinstance(item, Instance) and is_dictionary_class(item.model) for item in origin.objects
    )


def may_be_dictionary(origin: PossibleValues) -> bool:
    """May something be anything, a dictionary among others?"""
    return origin.is_unknown and any(
        isinstance(item, Instance) and is_dictionary_class(item.model) for item in origin.objects
    )


def is_known(origin: PossibleValues) -> bool:
    """Is it known what something is, as far as annotations can be trusted?"""
    return bool(origin.objects) and not origin.is_unknown
