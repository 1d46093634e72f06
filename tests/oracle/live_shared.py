"""Looks at what PCL104 and PCL109 speak of in live classes; run by itself, in a process.

python live_shared.py questions.json answers.json
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from typing import Any

from live import bare_instance, find_class


def shared(cls: type, owner: str, name: str, kind: str) -> str:
    """Why `name`, as an instance finds it, isn't one object of that kind that `owner` has, or ""."""
    found = next((base for base in cls.__mro__ if name in vars(base)), None)
    if found is None or found.__name__ != owner:
        return f"it is {found}'s"
    value = vars(found)[name]
    if type(value).__name__ != kind:
        return f"a {type(value).__name__}"
    instances: list[Any] = [bare_instance(cls), bare_instance(cls)]
    return "" if all(getattr(one, name) is value for one in instances) else "not shared"


def hidden(cls: Any, owner: str, name: str) -> str | None:
    """Why instances don't have `name` in their dictionaries, or ""; None if none can be made."""
    if name not in vars(cls) or not any(base.__name__ == owner for base in cls.__mro__[1:]):
        return "another class"
    try:
        instance = cls()
    except Exception:
        return None
    return "" if name in vars(instance) else "not bound on the instance"


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        task = json.load(file)
    sys.path[:0] = task["path"]
    exec(task["prelude"], {})
    answers: dict[str, str | None] = {}
    for key, module, qualname, code, *claim in task["claims"]:
        answers[key] = None
        try:
            cls = find_class(importlib.import_module(module), qualname)
        except BaseException as error:
            print(f"{module}: {error!r}", file=sys.stderr)
            continue
        if cls is not None:
            answers[key] = (shared if code == "PCL104" else hidden)(cls, *claim)
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(answers, file)
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
