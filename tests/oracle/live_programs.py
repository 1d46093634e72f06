"""Runs small programs; run by itself, in a process.

    python live_programs.py questions.json answers.json

Each program is the name of a module, whose names it sees ("" for none), and its text; the answer
is the exception that ended it, as `Type: message`, "" for none, None where there is no such module.
"""

from __future__ import annotations
import __future__

import importlib
import json
import os
import sys
import warnings

sys.setrecursionlimit(5000)


def outcome(module: str, text: str) -> str | None:
    namespace: dict[str, object] = {"__name__": "program"}
    if module:
        try:
            namespace |= vars(importlib.import_module(module))
        except BaseException as error:
            print(f"{module}: {error!r}", file=sys.stderr)
            return None
    features = [value for value in namespace.values() if type(value) is __future__._Feature]
    flags = sum({feature.compiler_flag for feature in features})
    try:
        exec(compile(text, "program", "exec", flags, dont_inherit=True), namespace)
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
    return ""


def main() -> None:
    warnings.simplefilter("ignore")
    with open(sys.argv[1], encoding="utf-8") as file:
        task = json.load(file)
    sys.path[:0] = task["path"]
    exec(task["prelude"], {})
    answers = [outcome(*program) for program in task["programs"]]
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(answers, file)
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
