"""The libcst side: parse some statements, walk them once for all rules, find positions.

libcst is imported here and in the rules only, and this module only where a file has something
to look at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import libcst as cst
from libcst._nodes.internal import CodegenState

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


def children(node: cst.CSTNode) -> Iterable[cst.CSTNode]:
    """The child nodes that are no whitespace or punctuation."""
    for field in child_fields(node.__class__):
        value = getattr(node, field)
        if isinstance(value, cst.CSTNode):
            yield value
        elif isinstance(value, (tuple, list)):
            for item in value:
                if isinstance(item, cst.CSTNode):
                    yield item


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

    def __init__(self, visitors: Iterable[Any], failed: Callable[[Any, Exception], None]) -> None:
        self.enter: dict[type, list[Handler]] = {}
        self.leave: dict[type, list[Handler]] = {}
        self.ancestors: list[cst.CSTNode] = []
        self._failed = failed
        for visitor in visitors:
            for prefix, kind, name in _methods(visitor.__class__):
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
            if value.__class__ is tuple or value.__class__ is list:
                for item in value:
                    self.walk(item)
            elif isinstance(value, cst.CSTNode):
                self.walk(value)
        ancestors.pop()
        if kind in self.leave:
            self._call(self.leave[kind], node)

    def _call(self, handlers: list[Handler], node: cst.CSTNode) -> None:
        for handler in handlers[:]:
            try:
                handler(node)
            except Exception as error:
                visitor = handler.__self__  # type: ignore[attr-defined]
                for table in (self.enter, self.leave):
                    for kind, methods in table.items():
                        table[kind] = [
                            method
                            for method in methods
                            if method.__self__ is not visitor  # type: ignore[attr-defined]
                        ]
                self._failed(visitor, error)
                return


_HOLDER = "if 1:\n"


_FORM_FEEDS = re.compile(r"^[ \t\x0c]*\x0c", re.MULTILINE)


class Chunk:
    """Some whole statements of a file, parsed on their own.

    Args:
        text: their text, from the start of a line to the end of one.
        offset: where that starts in the file's text.

    Raises libcst.ParserSyntaxError.
    """

    def __init__(self, text: str, offset: int) -> None:
        # libcst forgets form feeds before a statement; Python starts counting its columns there.
        self._left_out: list[tuple[int, int]] = []
        if "\x0c" in text:
            text = self._without_form_feeds(text, offset)
        if text[:1] in (" ", "\t"):
            # Something has to hold an indented statement.
            text = _HOLDER + text
            offset -= len(_HOLDER)
        self.text = text
        self.offset = offset
        self.module = cst.parse_module(text)
        self._spans: dict[cst.CSTNode, tuple[int, int]] | None = None

    def span(self, node: cst.CSTNode) -> tuple[int, int]:
        """The start and end of a node of this chunk, as offsets into the file's text."""
        if self._spans is None:
            state = _SpanState(
                default_indent=self.module.default_indent,
                default_newline=self.module.default_newline,
            )
            self.module._codegen(state)
            self._spans = state.spans
        start, end = self._spans[node]
        start, end = self.offset + start, self.offset + end
        for place, length in self._left_out:
            start += length if place <= start else 0
            end += length if place < end else 0
        return start, end

    def _without_form_feeds(self, text: str, offset: int) -> str:
        pieces: list[str] = []
        last = 0
        for match in _FORM_FEEDS.finditer(text):
            pieces.append(text[last : match.start()])
            self._left_out.append((offset + match.start(), match.end() - match.start()))
            last = match.end()
        pieces.append(text[last:])
        return "".join(pieces)


class _SpanState(CodegenState):
    """Code generation that keeps no code, only where each node starts and ends.

    As in libcst's own PositionProvider, a node's whitespace, brackets around it and, for
    definitions, decorators lie outside its span.
    """

    def __init__(self, default_indent: str, default_newline: str) -> None:
        super().__init__(default_indent=default_indent, default_newline=default_newline)
        self.place = 0
        self.spans: dict[cst.CSTNode, tuple[int, int]] = {}
        self.starts: list[int] = []

    def add_indent_tokens(self) -> None:
        for token in self.indent_tokens:
            self.place += len(token)

    def add_token(self, value: str) -> None:
        self.place += len(value)

    def before_codegen(self, node: cst.CSTNode) -> None:
        self.starts.append(self.place)

    def after_codegen(self, node: cst.CSTNode) -> None:
        start = self.starts.pop()
        if node not in self.spans:
            self.spans[node] = (start, self.place)

    def record_syntactic_position(  # type: ignore[override]
        self,
        node: cst.CSTNode,
        *,
        start_node: cst.CSTNode | None = None,
        end_node: cst.CSTNode | None = None,
    ) -> _Recording:
        return _Recording(self, node, start_node, end_node)


class _Recording:
    __slots__ = ("end_node", "node", "start", "start_node", "state")

    def __init__(
        self,
        state: _SpanState,
        node: cst.CSTNode,
        start_node: cst.CSTNode | None,
        end_node: cst.CSTNode | None,
    ) -> None:
        self.state = state
        self.node = node
        self.start_node = start_node
        self.end_node = end_node

    def __enter__(self) -> None:
        self.start = self.state.place

    def __exit__(self, *_: object) -> None:
        spans = self.state.spans
        start = self.start if self.start_node is None else spans[self.start_node][0]
        end = self.state.place if self.end_node is None else spans[self.end_node][1]
        spans[self.node] = (start, end)


def dotted(node: cst.CSTNode) -> str:
    """`a.b.c` for a name or attributes of a name, else ""."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    if not isinstance(node, cst.Name):
        return ""
    return ".".join([node.value, *reversed(parts)])
