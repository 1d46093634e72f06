"""The nodes below a node of libcst."""

from __future__ import annotations

from . import cst

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
