"""The `ast` side: quick ways through a tree that the standard library's `ast` has made.

`ast.walk` and `ast.iter_child_nodes` ask every field of every node, and make a generator for
each; over a whole file that costs more than parsing it did.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

from ..base.lazy import lazy_pattern
from ..base.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any

# Fields that hold no node, or one of the singletons (`ast.Load()`, `ast.Add()` …) which stand
# nowhere in the source.
_WITHOUT_NODES = frozenset(
    {
        *("arg", "asname", "attr", "conversion", "ctx", "id", "is_async", "kind", "kwd_attrs"),
        *("level", "module", "op", "ops", "rest", "simple", "tag", "type_comment"),
    }
)

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
SCOPES = (*FUNCTIONS, ast.ClassDef)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
EXPRESSIONS = frozenset(ast.expr.__subclasses__())
BLOCKS = ("body", "handlers", "orelse", "finalbody", "cases")
"""The fields with statements, or with what has such fields."""

_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.MatMult: "@",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.BitAnd: "&",
}


class _Fields(dict[type, tuple[str, ...]]):
    """The fields of each class of nodes that may hold nodes."""

    def __missing__(self, kind: type[ast.AST]) -> tuple[str, ...]:
        if kind in (ast.Constant, ast.MatchSingleton):  # their value is an object
            fields: tuple[str, ...] = ()
        else:
            fields = tuple(name for name in kind._fields if name not in _WITHOUT_NODES)
        self[kind] = fields
        return fields


node_fields = _Fields()


def first_line(statement: ast.stmt) -> int:
    """The line on which a statement starts, its decorators included."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    if not decorators:
        return statement.lineno
    line: int = getattr(statement, _FIRST_LINE, min(statement.lineno, decorators[0].lineno))
    return line


_FIRST_LINE = "_first_line"
_MAY_BE_LONE = lazy_pattern(r"@[\s(\\#]")  # much faster than the one below
_LONE_SIGN = lazy_pattern(r"^[ \t\f]*@[ \t\f(\\]*(?:#.*)?$", re.MULTILINE)
"""The sign of a decorator that stands on a later line."""


def note_first_lines(tree: ast.Module, text: str) -> None:
    """Tell `first_line` of the statements whose first decorator stands below its `@`.

    A node has the place of the decorator's expression, without brackets around it: only the text
    tells where the sign is.
    """
    if not _MAY_BE_LONE.search(text):
        return
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not _LONE_SIGN.search(text):
        return
    lines = text.split("\n")
    for node in walk(tree):
        decorators: list[ast.expr] = getattr(node, "decorator_list", [])
        if decorators:
            line = decorators[0].lineno
            while line > 1 and not lines[line - 1].lstrip(" \t\f\ufeff").startswith("@"):
                line -= 1
            setattr(node, _FIRST_LINE, line)


def augmented_operator(statement: ast.AugAssign) -> str:
    """The operator of an augmented assignment, as it is written."""
    return f"{_OPERATORS[type(statement.op)]}="


def child_nodes(node: ast.AST) -> list[ast.AST]:
    """The nodes directly below a node, in the order of its fields, without contexts (`Load`,
    `Store`, `Del`) and operators."""
    found: list[Any] = []
    values = node.__dict__
    for name in node_fields[node.__class__]:
        value = values.get(name)
        if value.__class__ is list:
            found += value
        else:
            found.append(value)
    return [item for item in found if item is not None and item.__class__ is not str]


def own_nodes(*roots: ast.AST) -> list[ast.AST]:
    """As `walk`, of those nodes that stand in the scope of the roots: functions and classes below
    them, and roots that are such, are there, but not what is in them."""
    found = list(roots)
    for node in found:
        if not isinstance(node, SCOPES):
            found += child_nodes(node)
    return found


def bound_names(node: ast.AST) -> Sequence[str]:
    """The names that a node itself binds, deletes, or declares global or nonlocal."""
    if isinstance(node, ast.Name):
        return () if isinstance(node.ctx, ast.Load) else (node.id,)
    if isinstance(node, ast.arg):
        return (node.arg,)
    if isinstance(node, (ast.Global, ast.Nonlocal)):
        return node.names
    if isinstance(node, ast.alias):
        return ((node.asname or node.name).partition(".")[0], node.name)
    name = getattr(node, "name", None) or getattr(node, "rest", None)
    return (name,) if isinstance(name, str) else ()


def lines_with(text: str, words: Iterable[str]) -> list[int]:
    """The lines of a text, as `ast` counts them, on which one of some words stands."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    places: set[int] = set()
    for word in words:
        place = text.find(word)
        while place >= 0:
            places.add(place)
            place = text.find(word, place + 1)
    lines: list[int] = []
    line, before = 1, 0
    for place in sorted(places):
        line += text.count("\n", before, place)
        before = place
        lines.append(line)
    return lines


def walk_at(lines: Sequence[int], *roots: ast.AST) -> list[ast.AST]:
    """As `walk`, of those nodes that stand on some of the lines (sorted), at least in part."""
    found: list[ast.AST] = []
    waiting: list[Any] = list(roots)
    for node in waiting:
        kind = node.__class__
        if node is None or kind is str:
            continue
        if kind is ast.JoinedStr:  # before Python 3.12 what is in it has no true place
            found += walk(node)
            continue
        last = getattr(node, "end_lineno", None)
        if last is not None:
            number = bisect_left(lines, first_line(node))
            if number == len(lines) or lines[number] > last:
                continue
        found.append(node)
        waiting += children_at(lines, node)
    return found


def children_at(lines: Sequence[int], node: ast.AST) -> list[Any]:
    """What is directly below a node, but for most of what stands on none of the lines (sorted);
    with None and names among the nodes."""
    found: list[Any] = []
    values = node.__dict__
    for name in node_fields[node.__class__]:
        value = values.get(name)
        if value.__class__ is not list:
            found.append(value)
        elif len(value) < _LONG:
            found += value
        else:
            found += _near(lines, value)
    return found


def _near(lines: Sequence[int], nodes: list[Any]) -> list[Any]:
    """Those of many siblings that stand between the first and the last line; they are in the order
    of the text."""
    if any(getattr(node, "end_lineno", None) is None for node in (nodes[0], nodes[-1])):
        return nodes
    try:
        start = bisect_left(nodes, lines[0], key=_last_line)
        return nodes[start : bisect_right(nodes, lines[-1], lo=start, key=first_line)]
    except AttributeError:  # the keys of a dictionary, with `**`
        return nodes


def _last_line(node: Any) -> int:
    line: int = node.end_lineno
    return line


_LONG = 16


def walk(*roots: ast.AST) -> list[ast.AST]:
    """The nodes themselves and all below them, without contexts and operators.

    Those near the roots come first, siblings in the order of their fields.
    """
    found: list[ast.AST] = []
    waiting: list[Any] = list(roots)
    for node in waiting:
        if node is None or node.__class__ is str:
            continue
        found.append(node)
        values = node.__dict__
        for name in node_fields[node.__class__]:
            value = values.get(name)
            if value.__class__ is list:
                waiting += value
            else:
                waiting.append(value)
    return found


def nested_statements(*roots: ast.stmt) -> list[ast.stmt]:
    """Statements and those in their blocks, however deep; those near the roots come first.

    No expression is looked at: none has a statement in it.
    """
    found: list[Any] = list(roots)
    for node in found:
        for name in BLOCKS:
            for part in getattr(node, name, ()):
                if isinstance(part, ast.stmt):
                    found.append(part)
                else:
                    found += part.body
    return found
