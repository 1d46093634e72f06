"""Imports modules of projects, each in a process of its own, and calls their functions.

    python live_trees.py < questions.json

The questions are pairs of a directory and the modules to import there. Prints, as JSON and in
their order, what comes of each module: what its import raises, or else its constants and what
its functions give when they are called, by name. What is raised is told as its type and the places
(file, line) in the project where it came by, the innermost last.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from types import FunctionType, ModuleType
from typing import Any


def said_of(value: object) -> object:
    if isinstance(value, ModuleType | type):
        return f"<{value.__name__}>"
    return repr(value) if not callable(value) else f"<{getattr(value, '__module__', '')}>"


def raised(error: BaseException, directory: str) -> dict[str, Any]:
    places = []
    traceback = error.__traceback__
    while traceback is not None:
        path = traceback.tb_frame.f_code.co_filename
        if path.startswith(directory + os.sep):
            relative = os.path.relpath(path, directory).replace(os.sep, "/")
            places.append([relative, traceback.tb_lineno])
        traceback = traceback.tb_next
    return {"raises": type(error).__name__, "places": places, "message": str(error)}


def outcome(directory: str, name: str) -> dict[str, Any]:
    sys.path.insert(0, directory)
    try:
        module = importlib.import_module(name)
    except Exception as error:
        return {"failed": raised(error, directory)}
    answers: dict[str, Any] = {}
    for key, value in list(vars(module).items()):
        if key.startswith("V"):
            answers[key] = {"gives": said_of(value)}
        elif key.startswith("use") and isinstance(value, FunctionType):
            if value.__module__ != name:
                continue
            try:
                answers[key] = {"gives": said_of(value())}
            except Exception as error:
                answers[key] = raised(error, directory)
    return {"failed": None, "answers": answers}


def in_a_process(directory: str, name: str) -> dict[str, Any]:
    reads, writes = os.pipe()
    if not os.fork():
        os.close(reads)
        with open(writes, "w", encoding="utf-8") as pipe:
            json.dump(outcome(directory, name), pipe)
        os._exit(0)
    os.close(writes)
    with open(reads, encoding="utf-8") as pipe:
        found: dict[str, Any] = json.load(pipe)
    os.wait()
    return found


if __name__ == "__main__":
    sys.dont_write_bytecode = True
    json.dump(
        [
            [in_a_process(os.path.realpath(directory), name) for name in names]
            for directory, names in json.load(sys.stdin)
        ],
        sys.stdout,
    )
