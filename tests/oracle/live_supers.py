"""Asks live functions whether `super()` would mean what they write; run by itself, in a process.

    python live_supers.py questions.json answers.json

A question is a place of `super(C, self)`; the answer is whether the name `C` is, in the function
that stands there, the class in the cell `__class__`, and `self` its first local variable.
"""

from __future__ import annotations

import functools
import gc
import importlib
import json
import sys
import types
from typing import Any

sys.setrecursionlimit(5000)


def functions() -> dict[str, list[types.FunctionType]]:
    """All functions there are, by their files."""
    found: dict[str, list[types.FunctionType]] = {}
    for item in gc.get_objects():
        if isinstance(item, types.FunctionType):
            found.setdefault(item.__code__.co_filename, []).append(item)
    return found


def named(function: types.FunctionType, dotted: str) -> Any:
    """What a name means in a function. Raises LookupError or AttributeError."""
    root, *rest = dotted.split(".")
    code = function.__code__
    if root in code.co_varnames or root in code.co_cellvars:
        raise LookupError(root)
    if root in code.co_freevars:
        cells = function.__closure__ or ()
        found = cells[code.co_freevars.index(root)].cell_contents
    else:
        found = function.__globals__[root]
    return functools.reduce(getattr, rest, found)


def answer(function: types.FunctionType, class_name: str, instance: str) -> str:
    code = function.__code__
    if not code.co_argcount or code.co_varnames[0] != instance:
        return "another instance"
    if "__class__" not in code.co_freevars:
        return "no cell"
    try:
        written = named(function, class_name)
    except (LookupError, AttributeError, ValueError):
        return "no such name"
    held = (function.__closure__ or ())[code.co_freevars.index("__class__")]
    try:
        return "same" if held.cell_contents is written else "another class"
    except ValueError:
        return "empty cell"


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        task = json.load(file)
    sys.path[:0] = task["path"]
    exec(task["prelude"], {})
    for name in task["modules"]:
        try:
            importlib.import_module(name)
        except BaseException as error:
            print(f"{name}: {error!r}", file=sys.stderr)
    known = functions()
    answers = []
    for path, line, class_name, instance in task["questions"]:
        there = [
            function
            for function in known.get(path, ())
            if any(at == line for _, _, at in function.__code__.co_lines())
            and "super" in function.__code__.co_names
        ]
        answers.append(sorted({answer(function, class_name, instance) for function in there}))
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(answers, file)


if __name__ == "__main__":
    main()
