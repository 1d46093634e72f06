"""Tries out on live classes how their functions are called; run by itself, in a process.

    python live_methods.py questions.json answers.json

Only calls that CPython refuses while it binds their arguments are made: no body runs.
"""

from __future__ import annotations

import importlib
import inspect
import json
import os
import sys
import types
from typing import Any

from live import bare_instance, find_class


def parameters(function: types.FunctionType) -> list[Any]:
    """What a function takes, in the form of `signatures.Parameters`."""
    code = function.__code__
    names = code.co_varnames
    positional = list(names[: code.co_argcount])
    keyword_only = list(names[code.co_argcount : code.co_argcount + code.co_kwonlyargcount])
    defaults = function.__kwdefaults__ or {}
    return [
        positional,
        code.co_posonlyargcount,
        code.co_argcount - len(function.__defaults__ or ()),
        keyword_only,
        [name for name in keyword_only if name not in defaults],
        bool(code.co_flags & inspect.CO_VARARGS),
        bool(code.co_flags & inspect.CO_VARKEYWORDS),
    ]


def refusal(call: Any) -> str:
    try:
        call()
    except TypeError as error:
        return str(error)
    return "no TypeError"


def answer(cls: type, name: str) -> dict[str, Any]:
    """What the class has under a name, and what calls without arguments raise."""
    found = next((vars(base)[name] for base in cls.__mro__ if name in vars(base)), None)
    wrapped = hasattr(found, "__wrapped__")
    function: Any = inspect.unwrap(found) if wrapped else found  # type: ignore[arg-type]
    if not isinstance(function, types.FunctionType):
        return {"kind": type(function).__name__}
    takes = parameters(function)
    said = {"kind": "function", "parameters": takes, "through class": "", "on instance": ""}
    if takes[2]:
        said["through class"] = refusal(getattr(cls, name))
    if not takes[0] and not takes[5]:
        said["on instance"] = refusal(getattr(bare_instance(cls), name))
    return said


def stays_unbound(cls: type, name: str) -> str | None:
    """Put a function on an instance, and look whether it is handed out as it is; None where no
    instance can be made."""

    def function(self: object) -> None: ...

    try:
        instance = bare_instance(cls)
    except Exception:
        return None
    try:
        setattr(instance, name, function)
        return "" if getattr(instance, name) is function else "bound"
    except Exception as error:
        return repr(error)


def makes_another(cls: type, name: str, *, through_class: bool) -> str | None:
    """Look a method up twice; None where no instance can be made."""
    try:
        place = cls if through_class else bare_instance(cls)
    except Exception:
        return None
    try:
        one, other = getattr(place, name), getattr(place, name)
    except AttributeError as error:
        return None if name == "__class_getitem__" else repr(error)
    if one is other:
        return "the same"
    return "" if isinstance(one, types.MethodType) and one == other else f"made {one!r}"


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
        file = module.__file__ or ""
        if not file.endswith(".py") or "setuptools" in file:
            continue  # compiled, or another module in its place
        for qualname, (functions, stores, methods, class_methods) in classes.items():
            cls = find_class(module, qualname)
            on_heap, immutable = 1 << 9, 1 << 8  # Py_TPFLAGS_HEAPTYPE, Py_TPFLAGS_IMMUTABLETYPE
            if cls is None or not cls.__flags__ & on_heap or cls.__flags__ & immutable:
                continue
            answers[f"{name}:{qualname}"] = [
                {function: answer(cls, function) for function in functions},
                {store: stays_unbound(cls, store) for store in stores},
                {method: makes_another(cls, method, through_class=False) for method in methods},
                {
                    method: makes_another(cls, method, through_class=True)
                    for method in class_methods
                },
            ]
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(answers, file)
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
