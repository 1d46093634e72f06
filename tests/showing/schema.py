"""The JSON schema of the answers of `show`, from their annotations.

python tests/showing/schema.py      writes it into docs/_static/show.schema.json
"""

from __future__ import annotations

import json
import types
import typing
from pathlib import Path
from typing import Any

from pyconcepts_lint.showing import answers

SCHEMA = Path(__file__).parents[2] / "docs" / "_static" / "show.schema.json"
ANSWERS = {
    "lookup": answers.Lookups,
    "class": answers.ClassAnswer,
    "module": answers.ModuleAnswer,
    "imports": answers.ImportsAnswer,
}
PLAIN = {str: "string", int: "integer", bool: "boolean", types.NoneType: "null"}


def schema() -> dict[str, Any]:
    definitions: dict[str, Any] = {}
    whole = []
    for kind, answer in ANSWERS.items():
        of = _of(answer, definitions)
        whole.append({"allOf": [of, {"properties": {"kind": {"const": kind}}}]})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "pyconcepts-lint show --output-format json",
        "oneOf": whole,
        "$defs": definitions,
    }


def _of(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if kind in PLAIN:
        return {"type": PLAIN[kind]}
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return {"anyOf": [_of(part, definitions) for part in parts]}
    if origin is tuple and parts[-1:] == (Ellipsis,):
        return {"type": "array", "items": _of(parts[0], definitions)}
    if origin is tuple:
        items = [_of(part, definitions) for part in parts]
        return {"type": "array", "prefixItems": items, "items": False, "minItems": len(items)}
    name = kind.__name__
    if name not in definitions:
        definitions[name] = {}  # it may have others of its kind
        hints = typing.get_type_hints(kind)
        definitions[name] = {
            "type": "object",
            "properties": {key: _of(hints[key], definitions) for key in kind._fields},
            "required": [*kind._fields],
            "additionalProperties": False,
        }
    return {"$ref": f"#/$defs/{name}"}


if __name__ == "__main__":
    SCHEMA.write_text(json.dumps(schema(), indent=1) + "\n", encoding="utf-8")
