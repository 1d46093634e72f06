"""Says which names live modules have; run by itself, in a process.

    python live_imports.py questions.json answers.json

`modules` are imported one after the other; the answer is, by module, the names of its namespace and
of the modules in its directory that can be imported. None for one that can't be imported.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from types import ModuleType


def can_import(name: str) -> bool:
    try:
        importlib.import_module(name)
    except BaseException as error:
        # A module that is there and raises is there.
        return not isinstance(error, ModuleNotFoundError) or error.name != name
    return True


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        task = json.load(file)
    sys.path[:0] = task["path"]
    exec(task["prelude"], {})
    live: dict[str, ModuleType | None] = {}
    for name in task["modules"]:
        try:
            live[name] = importlib.import_module(name)
        except BaseException as error:
            print(f"{name}: {error!r}", file=sys.stderr)
            live[name] = None
    answers: dict[str, list[str] | None] = {}
    for name, module in live.items():
        if module is None or not str(getattr(module, "__file__", ".py")).endswith(".py"):
            # A compiled one beside the source says nothing of what the source binds.
            answers[name] = None
            continue
        found = [each for each in task["modules"][name] if hasattr(module, each)]
        if hasattr(module, "__path__"):
            found += [each for each in task["modules"][name] if can_import(f"{name}.{each}")]
        answers[name] = sorted({*vars(module), *found})
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(answers, file)
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
