"""The libcst side: parse some statements, walk them once for all rules, find positions.

libcst is imported here and in the rules only, and this module only where a file has something
to look at.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache

from ..base.typed import TYPE_CHECKING
from . import cst

if TYPE_CHECKING:
    from typing import Any

    Handler = Callable[[Any], None]

# Parts of nodes that hold no expression or statement of their own.
_SKIPPED = frozenset(
    {
        "leading_lines",
        "lines_after_decorators",
        "lines_after_parameters",
        "header",
        "footer",
        "trailing_whitespace",
        "lpar",
        "rpar",
        "lbracket",
        "rbracket",
        "lbrace",
        "rbrace",
        "comma",
        "semicolon",
        "operator",
        "equal",
        "dot",
        "colon",
        "first_line",
        "indent",
        "empty_lines",
        "newline",
        "star",
        "posonly_ind",
        "star_arg_equal",
        "asynchronous",
    }
)
_fields: dict[type, tuple[str, ...]] = {}


def child_fields(kind: type) -> tuple[str, ...]:
    """The fields of a node class that hold nodes worth visiting, in the order of the source."""
    fields = _fields.get(kind)
    if fields is None:
        names = getattr(kind, "__dataclass_fields__", {})
        fields = _fields[kind] = tuple(
            name
            for name in names
            if name not in _SKIPPED and not name.startswith(("whitespace", "_"))
        )
    return fields


class _Nodes(dict[type, bool]):
    """Which classes are those of nodes: `isinstance` takes long with an abstract class."""

    def __missing__(self, kind: type) -> bool:
        self[kind] = issubclass(kind, cst.CSTNode)
        return self[kind]


_is_node = _Nodes()


def children(node: cst.CSTNode) -> list[cst.CSTNode]:
    """The child nodes that are no whitespace or punctuation."""
    found: list[cst.CSTNode] = []
    for field in child_fields(node.__class__):
        value = getattr(node, field)
        kind = value.__class__
        if kind is tuple or kind is list:
            found += value
        elif _is_node[kind]:
            found.append(value)
    return found


def nodes(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """A node itself and all below it, without whitespace and punctuation, in no set order."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting += children(current)


def names_one(node: cst.CSTNode, names: Collection[str]) -> bool:
    """Does one of the names stand in what a node holds?"""
    return any(isinstance(part, cst.Name) and part.value in names for part in nodes(node))


@cache
def _methods(kind: Any) -> tuple[tuple[str, type, str], ...]:
    """The `visit_Name` and `leave_Name` methods of a class, with the node classes they name."""
    return tuple(
        (prefix, getattr(cst, rest), name)
        for name in dir(kind)
        for prefix, _, rest in (name.partition("_"),)
        if prefix in ("visit", "leave") and rest
    )


class Dispatcher:
    """One walk that calls every rule's methods for the nodes that they ask for.

    `ancestors` are, during the walk, the nodes around the current one, the outermost first.

    Args:
        visitors: objects with `visit_…` and `leave_…` methods.
        failed: told of a visitor whose method raised, and what; that visitor is called no
            more, the others are.
    """

    def __init__(
        self, visitors: Iterable[Any], failed: Callable[[Any, BaseException], None]
    ) -> None:
        self.enter: dict[type, list[Handler]] = {}
        self.leave: dict[type, list[Handler]] = {}
        self.ancestors: list[cst.CSTNode] = []
        self._failed = failed
        for visitor in visitors:
            try:
                methods = _methods(visitor.__class__)
            except AttributeError as error:  # there is no such class of nodes
                failed(visitor, error)
                continue
            for prefix, kind, name in methods:
                handlers = self.enter if prefix == "visit" else self.leave
                handlers.setdefault(kind, []).append(getattr(visitor, name))

    def walk(self, node: cst.CSTNode) -> None:
        kind = node.__class__
        if kind in self.enter:
            self._call(self.enter[kind], node)
        ancestors = self.ancestors
        ancestors.append(node)
        for field in child_fields(kind):
            value = getattr(node, field)
            inside = value.__class__
            if inside is tuple or inside is list:
                for item in value:
                    self.walk(item)
            elif _is_node[inside]:
                self.walk(value)
        ancestors.pop()
        if kind in self.leave:
            self._call(self.leave[kind], node)

    def _call(self, handlers: list[Handler], node: cst.CSTNode) -> None:
        for handler in handlers[:]:
            try:
                handler(node)
            except KeyboardInterrupt:
                raise
            except BaseException as error:
                visitor = handler.__self__  # type: ignore[attr-defined]
                for table in (self.enter, self.leave):
                    for kind, methods in table.items():
                        table[kind] = [
                            method
                            for method in methods
                            if method.__self__ is not visitor  # type: ignore[attr-defined]
                        ]
                self._failed(visitor, error)


def dotted(node: cst.CSTNode) -> str:
    """`a.b.c` for a name or attributes of a name, else ""."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    if not isinstance(node, cst.Name):
        return ""
    return ".".join([node.value, *reversed(parts)])
