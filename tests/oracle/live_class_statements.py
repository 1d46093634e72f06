"""Says what live classes are made by, and makes further ones; run by itself, in a process.

    python live_class_statements.py questions.json answers.json

`modules` asks for the metaclass and the MRO of classes; `statements` are bases (`module:name`) of
which each list is to make a class: the answer is what that raises, or "".
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from typing import Any

from live import find_class

sys.setrecursionlimit(5000)


def full_name(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"


def class_at(key: str) -> type | None:
    module, _, qualname = key.partition(":")
    try:
        return find_class(importlib.import_module(module), qualname)
    except BaseException as error:
        print(f"{module}: {error!r}", file=sys.stderr)
        return None


def answer(key: str) -> dict[str, Any] | None:
    cls = class_at(key)
    if cls is None:
        return None
    return {
        "metaclass": full_name(type(cls)),
        "mro": [full_name(base) for base in cls.__mro__],
        "bases": [full_name(base) for base in cls.__bases__],
        "can be a base": cls.__flags__ & 1 << 10 != 0,  # Py_TPFLAGS_BASETYPE
    }


def outcome(keys: list[str]) -> str:
    bases = [class_at(key) for key in keys]
    names = [f"b{number}" for number in range(len(bases))]
    try:
        exec(f"class Made({', '.join(names)}): pass", dict(zip(names, bases, strict=True)))
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
    return ""


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        task = json.load(file)
    sys.path[:0] = task["path"]
    exec(task["prelude"], {})
    answers = {
        f"{module}:{qualname}": answer(f"{module}:{qualname}")
        for module, qualnames in task["modules"].items()
        for qualname in qualnames
    }
    made = [outcome(keys) for keys in task["statements"]]
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump({"classes": answers, "made": made}, file)
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
