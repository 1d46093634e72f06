"""Special methods that ask their own instance for what they are to give: `repr(self)` in `__repr__`."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pyconcepts_lint.base.lazy import lazy_pattern
from pyconcepts_lint.index.model import SourceClass

# Built-in functions and classes that call a special method of their argument
# (https://docs.python.org/3/reference/datamodel.html#special-method-names).
_ASKING = {
    "abs": "__abs__",
    "ascii": "__repr__",
    "bool": "__bool__",
    "bytes": "__bytes__",
    "dir": "__dir__",
    "format": "__format__",
    "hash": "__hash__",
    "iter": "__iter__",
    "len": "__len__",
    "next": "__next__",
    "print": "__str__",
    "repr": "__repr__",
    "reversed": "__reversed__",
    "round": "__round__",
    "str": "__str__",
}
ASKED = frozenset(_ASKING.values())
"""The special methods that are looked at."""
BUILTINS = frozenset(_ASKING)
_CONVERSIONS = {"r": "__repr__", "a": "__repr__", "s": "__str__"}
_PERCENT = lazy_pattern(r"%(?:(\()|[-#0 +]*(\*)?[\d.]*(\*)?([a-zA-Z%]))")


def asked_of(node: ast.AST, receiver: str) -> Iterator[str]:
    """The special methods of an object that evaluating a node itself calls.

    `receiver` is the name of the object.
    """
    if isinstance(node, ast.JoinedStr):
        for part in node.values:
            if isinstance(part, ast.FormattedValue) and _is(part.value, receiver):
                if part.conversion >= 0:
                    yield _CONVERSIONS[chr(part.conversion)]
                elif part.format_spec is None:
                    yield "__format__"
    elif isinstance(node, ast.BinOp):
        if isinstance(node.op, ast.Mod) and isinstance(node.left, ast.Constant):
            yield from _by_percent(node.left.value, node.right, receiver)
    elif isinstance(node, ast.Call):
        yield from _by_call(node, receiver)


def _by_call(node: ast.Call, receiver: str) -> Iterator[str]:
    func, args = node.func, node.args
    if isinstance(func, ast.Name):
        looked_at = args if func.id == "print" else args[:1] if len(args) == 1 else []
        if func.id in _ASKING and any(_is(argument, receiver) for argument in looked_at):
            yield _ASKING[func.id]
    elif isinstance(func, ast.Attribute):
        if func.attr in ASKED and _is(func.value, receiver) and not args:
            yield func.attr
        elif func.attr == "format" and isinstance(func.value, ast.Constant):
            yield from _by_format(func.value.value, node, receiver)


def _by_percent(text: object, values: ast.expr, receiver: str) -> Iterator[str]:
    if not isinstance(text, str):
        return
    items = values.elts if isinstance(values, ast.Tuple) else [values]
    kinds: list[str] = []
    for mapping, width, precision, kind in _PERCENT.findall(text):
        if mapping or width or precision:
            return
        kinds += () if kind == "%" else (kind,)
    if len(kinds) == len(items):
        for kind, item in zip(kinds, items, strict=True):
            if _is(item, receiver) and kind in _CONVERSIONS:
                yield _CONVERSIONS[kind]


def _by_format(text: object, call: ast.Call, receiver: str) -> Iterator[str]:
    if not isinstance(text, str) or any(isinstance(each, ast.Starred) for each in call.args):
        return
    from string import Formatter

    try:
        fields = [*Formatter().parse(text)]
    except ValueError:
        return
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    number = 0
    for _, name, spec, conversion in fields:
        if name is None:
            continue
        value = named.get(name)
        if not name or name.isdecimal():
            place = int(name) if name else number
            number += 1
            value = call.args[place] if place < len(call.args) else None
        if value is not None and _is(value, receiver):
            if conversion:
                yield _CONVERSIONS[conversion]
            elif not spec:
                yield "__format__"


def _is(node: ast.expr, receiver: str) -> bool:
    return isinstance(node, ast.Name) and node.id == receiver


def leads_to(model: SourceClass, asked: str) -> str:
    """The special method that a class of the project has for what is asked; "" where none is known.

    What `object` does without a format is to call `__str__`, and for that `__repr__`.
    """
    below = model.project.subclasses(model)
    for name in (asked, *_INSTEAD.get(asked, ())):
        found = model.lookup(name)
        if found is None or any(name in each.bound_names for each in below):
            return ""
        if found.owner.full_name != "builtins.object":
            return name if found.owner is model else ""
    return ""


_INSTEAD = {"__format__": ("__str__", "__repr__"), "__str__": ("__repr__",)}
