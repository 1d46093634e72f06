"""Tries out on live instances what they can hold; run by itself, in a process.

    python live_slots.py questions.json answers.json

Describes the classes of modules, and runs the methods of generated subclasses of them.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import types
from typing import Any

from live import bare_instance, find_class


def description(cls: type) -> dict[str, Any] | None:
    """What instances have; None for a class that no class statement has made."""
    on_heap, immutable = 1 << 9, 1 << 8  # Py_TPFLAGS_HEAPTYPE, Py_TPFLAGS_IMMUTABLETYPE
    if not cls.__flags__ & on_heap or cls.__flags__ & immutable:
        return None
    slots = {
        name
        for base in cls.__mro__
        if base.__flags__ & on_heap and not base.__flags__ & immutable
        for name, value in vars(base).items()
        if isinstance(value, types.MemberDescriptorType) and value.__objclass__ is base
    }
    return {
        "dict": cls.__dictoffset__ != 0,
        "slots": sorted(slots),
        "names": sorted({name for base in cls.__mro__ for name in vars(base)}),
    }


def outcomes(path: str) -> dict[str, str]:
    """What the class statement of a generated module makes, and what its methods raise."""
    namespace: dict[str, Any] = {"__name__": "generated"}
    with open(path, encoding="utf-8") as file:
        exec(compile(file.read(), path, "exec"), namespace)
    cls = namespace["Generated"]
    raised = {"": "__dict__" if cls.__dictoffset__ else ""}
    instance = bare_instance(cls)
    for name, method in list(vars(cls).items()):
        if name.startswith("method"):
            try:
                method(instance)
            except Exception as error:
                raised[name] = type(error).__name__
            else:
                raised[name] = ""
    return raised


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        task = json.load(file)
    sys.path[:0] = task["path"]
    exec(task["prelude"], {})
    answers: dict[str, Any] = {}
    for name, qualnames in task["modules"].items():
        try:
            module = importlib.import_module(name)
        except BaseException as error:
            print(f"{name}: {error!r}", file=sys.stderr)
            continue
        for qualname in qualnames:
            cls = find_class(module, qualname)
            if cls is not None and cls.__qualname__ == qualname:
                answers[f"{name}:{qualname}"] = description(cls)
    for path in task["generated"]:
        try:
            answers[path] = outcomes(path)
        except BaseException as error:
            answers[path] = repr(error)
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(answers, file)
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
