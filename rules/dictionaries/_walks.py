"""What loops walk: the object behind `d.items()`, `enumerate(d)`, `(k for k in d if k)`."""

from __future__ import annotations

import ast

from pyconcepts_lint.base.typed import NamedTuple

VIEWS = frozenset({"items", "keys", "values"})
RESIZERS = frozenset({"clear", "pop", "popitem", "setdefault", "update"})
"""Methods of dictionaries that take items out of them, or put them in."""

# Which argument of these is walked, before any other and item by item.
_LAZY = {"enumerate": 0, "filter": 1, "iter": 0, "map": 1, "reversed": 0, "zip": 0}


class Walk(NamedTuple):
    """What is walked while a loop goes over an iterable.

    `view` is the method that gives a view of it, or "", and `iterable` the call of that, or the
    object itself. `wrappers` are what passes its items on one by one, the outermost first: calls
    of built-in functions, and generator expressions.
    """

    walked: ast.expr
    view: str
    iterable: ast.expr
    wrappers: tuple[ast.Call | ast.GeneratorExp, ...]


def walk_of(iterable: ast.expr) -> Walk:
    """What a loop over `iterable` walks, if the names in it mean what Python means by them."""
    wrappers: list[ast.Call | ast.GeneratorExp] = []
    while True:
        if isinstance(iterable, ast.GeneratorExp):
            wrappers.append(iterable)
            iterable = iterable.generators[0].iter
            continue
        if not isinstance(iterable, ast.Call):
            return Walk(iterable, "", iterable, tuple(wrappers))
        func, args = iterable.func, iterable.args
        if isinstance(func, ast.Attribute) and func.attr in VIEWS:
            if not args and not iterable.keywords:
                return Walk(func.value, func.attr, iterable, tuple(wrappers))
        elif isinstance(func, ast.Name) and func.id in _LAZY:
            number = _LAZY[func.id]
            if len(args) > number and not any(
                isinstance(each, ast.Starred) for each in args[: number + 1]
            ):
                wrappers.append(iterable)
                iterable = args[number]
                continue
        return Walk(iterable, "", iterable, tuple(wrappers))


def spelled(node: ast.expr) -> str:
    """`a.b[c]` as it is written, for attributes and items of a name; "" for all else.

    The keys of items are names, attributes of names, and constants.
    """
    if node.__class__ is ast.Name:
        return node.id
    if isinstance(node, ast.Attribute):
        owner = spelled(node.value)
        return owner and f"{owner}.{node.attr}"
    if isinstance(node, ast.Subscript):
        owner, key = spelled(node.value), node.slice
        inside = repr(key.value) if isinstance(key, ast.Constant) else spelled(key)
        return f"{owner}[{inside}]" if owner and inside else ""
    return ""
