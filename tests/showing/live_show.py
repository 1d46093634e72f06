"""Says what live classes are like; run by itself, in a process.

    python live_show.py questions.json answers.json

The answers are, for each class that the modules define, its MRO, and the class that has each of its
attributes, by `inspect.getattr_static`, with whether that is a data descriptor.
"""

from __future__ import annotations

import importlib
import json
import os
import sys


def classes_of(module: object) -> dict[str, type]:
    """The classes whose statements stand in a module, by their qualified names."""
    found: dict[str, type] = {}
    waiting: list[object] = [module]
    name = module.__name__  # type: ignore[attr-defined]
    while waiting:
        for key, value in list(vars(waiting.pop()).items()):
            if isinstance(value, type) and value.__module__ == name:
                qualname = value.__qualname__
                if qualname not in found and qualname.rpartition(".")[2] == key:
                    found[qualname] = value
                    waiting.append(value)
    return found


def is_data(value: object) -> bool:
    kind = type(value)
    return hasattr(kind, "__set__") or hasattr(kind, "__delete__")


def described(model: type) -> dict[str, object]:
    import inspect

    attributes: dict[str, object] = {}
    mro = type.__dict__["__mro__"].__get__(model)
    for number, owner in enumerate(mro):
        for name, value in type.__dict__["__dict__"].__get__(owner).items():
            if name not in attributes:
                assert inspect.getattr_static(model, name) is value, name
                attributes[name] = [number, is_data(value)]
    return {
        "mro": [{"name": owner.__qualname__, "module": owner.__module__} for owner in mro],
        "attributes": attributes,
    }


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        task = json.load(file)
    sys.path[:0] = task["path"]
    answers: dict[str, object] = {}
    for name in task["classes"]:
        try:
            module = importlib.import_module(name)
        except BaseException as error:
            print(f"{name}: {error!r}", file=sys.stderr)
            continue
        answers[name] = {
            qualname: described(model) for qualname, model in classes_of(module).items()
        }
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(answers, file)
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
