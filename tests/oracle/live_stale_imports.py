"""Looks at live modules for names that are bound anew after an import; run by itself.

    python live_stale_imports.py questions.json answers.json

The questions are of the importing module, its name for the object, the module that the object
comes from and the name there, the module and qualified name of the function that binds it anew,
and the name of the function that goes on with the old one. The answers say, for each, what isn't
so ("" where everything is), or None where a module can't be imported.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from types import CodeType, ModuleType
from typing import Any


def codes(module: ModuleType) -> Iterator[CodeType]:
    """All code of the module's file, as compiled."""
    with open(str(module.__file__), "rb") as file:
        waiting: list[CodeType] = [compile(file.read(), str(module.__file__), "exec")]
    while waiting:
        code = waiting.pop()
        yield code
        waiting += (part for part in code.co_consts if isinstance(part, CodeType))


def stores(code: CodeType, name: str) -> bool:
    """Does a function, or one inside of it, bind the global or the attribute of that name?"""
    import dis

    return any(
        instruction.opname in ("STORE_GLOBAL", "STORE_ATTR") and instruction.argval == name
        for instruction in dis.get_instructions(code)
    ) or any(stores(part, name) for part in code.co_consts if isinstance(part, CodeType))


def wrong(question: list[str]) -> str | None:
    importer_name, here, source_name, name, other_name, function, user = question
    try:
        importer, source, other = map(
            importlib.import_module, (importer_name, source_name, other_name)
        )
    except BaseException:
        return None
    old: Any = vars(source).get(name)
    if here not in vars(importer) or vars(importer)[here] is not old:
        return "it is another object already"
    if not any(stores(c, name) for c in codes(other) if c.co_qualname == function):
        return f"{function} doesn't bind it"
    if not any(c.co_name in (user, f"<{user}>") and here in c.co_names for c in codes(importer)):
        return f"{user} doesn't use it"
    setattr(source, name, object())
    try:
        return "" if vars(importer)[here] is old else "the new object is seen"
    finally:
        setattr(source, name, old)


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        task = json.load(file)
    sys.path[:0] = task["path"]
    exec(task["prelude"], {})
    answers = {key: wrong(question) for key, question in task["questions"].items()}
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(answers, file)


if __name__ == "__main__":
    main()
