"""Assigns to and deletes attributes of live instances; run by itself, in a process.

    python live_descriptors.py questions.json answers.json

The questions are, module by module and class by class, the attributes to try; the answers are the
names of the exceptions that came of it, the properties that can't be assigned or deleted, and
whether `copy` would find an endless `__getattr__`.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from typing import Any

from live import bare_instance, find_class

sys.setrecursionlimit(1000)


def outcome(cls: type, name: str, kind: str) -> str | None:
    """The exception of assigning to (or deleting) an attribute; None without an instance."""
    try:
        instance = bare_instance(cls)
    except Exception:
        return None
    try:
        if kind == "set":
            setattr(instance, name, object())
        else:
            delattr(instance, name)
    except Exception as error:
        return type(error).__name__
    return ""


def read_only(cls: type) -> list[list[str]]:
    """The attributes that are properties without a setter, or without a deleter."""
    found = {name: value for base in reversed(cls.__mro__) for name, value in vars(base).items()}
    missing = []
    for name, value in found.items():
        if type(value) is property:
            missing += [[name, "set"]] if value.fset is None else []
            missing += [[name, "delete"]] if value.fdel is None else []
    hooked = cls.__setattr__ is not object.__setattr__ or cls.__delattr__ is not object.__delattr__
    return [] if hooked or type(cls).__name__ not in ("type", "ABCMeta") else missing


def is_endless(cls: type) -> bool | None:
    """Does a bare instance answer with a RecursionError when `copy` asks for `__setstate__`?"""
    if not hasattr(cls, "__getattr__"):
        return False
    try:
        instance = bare_instance(cls)
    except Exception:
        return None
    try:
        hasattr(instance, "__setstate__")
    except RecursionError:
        return True
    except Exception:
        pass
    return False


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        task = json.load(file)
    sys.path[:0] = task["path"]
    exec(task["prelude"], {})
    answers: dict[str, Any] = {}
    for name, classes in task["modules"].items():
        try:
            module = importlib.import_module(name)
        except BaseException as error:
            print(f"{name}: {error!r}", file=sys.stderr)
            continue
        if not (module.__file__ or "").endswith(".py") or "setuptools" in (module.__file__ or ""):
            continue  # compiled, or another module in its place
        for qualname, questions in classes.items():
            cls = find_class(module, qualname)
            if cls is not None:
                outcomes = [outcome(cls, *question) for question in questions]
                answers[f"{name}:{qualname}"] = [outcomes, read_only(cls), is_endless(cls)]
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(answers, file)
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
