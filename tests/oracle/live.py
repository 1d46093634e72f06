"""Asks live classes what an assignment through an instance does; run by itself, in a process.

    python live.py questions.json answers.json

The questions are module by module; the answers are what CPython really does.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import types
from typing import Any

sys.setrecursionlimit(5000)
kept: list[object] = []  # half-made instances must not meet their `__del__`


def find_class(module: types.ModuleType, qualname: str) -> type | None:
    found: Any = module
    for part in qualname.split("."):
        found = vars(found).get(part) if hasattr(found, "__dict__") else None
    if isinstance(found, type) and found.__module__ == module.__name__:
        return found
    return None


def is_written_at(function: object, first: int, last: int) -> bool:
    code = getattr(function, "__code__", None)
    return code is not None and first <= code.co_firstlineno <= last


def method_kind(cls: type, name: str, first: int, last: int) -> str:
    """What the function written at these lines is given first: `instance`, `class`, `static`,
    or `unknown`, where it isn't found or somebody has wrapped it."""
    raw: Any = vars(cls).get(name)
    if isinstance(raw, types.FunctionType) and is_written_at(raw, first, last):
        return "instance"
    if isinstance(raw, property) and any(
        is_written_at(accessor, first, last) for accessor in (raw.fget, raw.fset, raw.fdel)
    ):
        return "instance"
    for kind, wrapper in (("class", classmethod), ("static", staticmethod)):
        if isinstance(raw, wrapper) and is_written_at(raw.__func__, first, last):
            return kind
    if is_written_at(getattr(raw, "func", None), first, last):
        return "instance"  # cached_property
    wrapped = getattr(raw, "__wrapped__", None)
    return "wrapped" if is_written_at(wrapped, first, last) else "unknown"


def value_kind(value: object) -> str:
    if hasattr(type(value), "__set__") or hasattr(type(value), "__delete__"):
        return "data descriptor"
    if isinstance(value, types.FunctionType):
        return "function"
    if isinstance(value, (staticmethod, classmethod)):
        return type(value).__name__
    if isinstance(value, type) and not hasattr(type(value), "__get__"):
        return "class"
    return "descriptor" if hasattr(type(value), "__get__") else "value"


def bare_instance(cls: Any) -> object:
    """An instance without `__init__` or a `__new__` written in Python having run."""
    if getattr(cls, "__abstractmethods__", None):
        cls.__abstractmethods__ = frozenset()
    for base in cls.__mro__:
        if isinstance(base.__new__, types.BuiltinFunctionType):
            instance = base.__new__(cls)
            kept.append(instance)
            return instance
    raise TypeError("no built-in __new__")


def is_bound_on_instance(cls: type, owner: type, name: str) -> bool | str:
    """Do it, and look: is it the instance that has it now, and the class what it was?"""
    before = vars(owner)[name]
    value = object()
    try:
        instance = bare_instance(cls)
        setattr(instance, name, value)
        return vars(instance).get(name) is value and vars(owner)[name] is before
    except Exception as error:
        return repr(error)


def is_field_class(cls: type) -> bool:
    names = {f"{base.__module__}.{base.__qualname__}" for base in cls.__mro__}
    return bool(
        {"enum.Enum", "_ctypes.Structure", "_ctypes.Union"} & names
        or {"django.db.models.base.Model", "django.forms.forms.BaseForm"} & names
        or hasattr(cls, "__dataclass_fields__")
        or hasattr(cls, "__attrs_attrs__")
        or any(vars(base).get("_is_protocol") for base in cls.__mro__)
        or (issubclass(cls, tuple) and hasattr(cls, "_fields"))
    )


def is_taken_over_below(cls: type, name: str) -> bool:
    """Does a class below keep the assignment from reaching the instance's dictionary?"""
    below: Any
    for below in type.__subclasses__(cls):
        found = next((vars(base)[name] for base in below.__mro__ if name in vars(base)), None)
        if value_kind(found) == "data descriptor" or is_taken_over_below(below, name):
            return True
        if below.__setattr__ is not object.__setattr__:
            return True
    return False


def answer(cls: type, attribute: str) -> dict[str, Any]:
    owner = next((base for base in cls.__mro__ if attribute in vars(base)), None)
    if owner is None:
        return {"owner": ""}
    value = vars(owner)[attribute]
    hooks = ("__setattr__", "__getattribute__")
    if isinstance(value, types.FunctionType):
        made_of = [f"{value.__module__}:"]
    else:
        classes = value.__mro__ if isinstance(value, type) else type(value).__mro__
        made_of = [f"{base.__module__}:{base.__qualname__}" for base in classes]
    return {
        "owner": owner.__qualname__,
        "owner module": owner.__module__,
        "kind": value_kind(value),
        "type": type(value).__name__,
        "made of": made_of,
        "bound": is_bound_on_instance(cls, owner, attribute),
        "metaclass": type(cls).__qualname__,
        "hooks": any(getattr(cls, hook) is not getattr(object, hook) for hook in hooks),
        "taken over below": is_taken_over_below(cls, attribute),
        "fields": is_field_class(cls),
        "mro": [f"{base.__module__}:{base.__qualname__}" for base in cls.__mro__],
    }


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        task = json.load(file)
    sys.path[:0] = task["path"]
    exec(task["prelude"], {})
    answers: dict[str, dict[str, Any]] = {}
    for name, questions in task["modules"].items():
        try:
            module = importlib.import_module(name)
        except BaseException as error:
            print(f"{name}: {error!r}", file=sys.stderr)
            continue
        for key, qualname, method, first, last, attribute in questions:
            cls = find_class(module, qualname)
            if cls is None:
                continue
            kind = method_kind(cls, method, first, last)
            if kind != "unknown":
                answers[key] = {"method": kind, **answer(cls, attribute)}
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(answers, file)
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
