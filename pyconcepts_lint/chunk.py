"""Some statements of a file as a libcst tree, and where its nodes stand in the file."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable

import libcst as cst
from libcst._nodes.internal import CodegenState

from .nesting import is_too_deep
from .typed import NamedTuple

_HOLDER = "if 1:\n"


_FORM_FEEDS = re.compile(r"^[ \t\x0c]*\x0c", re.MULTILINE)
_LONE_BACKSLASH = re.compile(r"^[ \t]*\\[\r\n]", re.MULTILINE)


class Unreadable(Exception):
    """What libcst can't read, or not without losing something, though Python can.

    `line` is 1-based and counts from the start of the chunk.
    """

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message, line)
        self.message = message
        self.line = line


class Omission(NamedTuple):
    """Text that libcst needn't read: `start` and `end` are offsets into the file's text; what is
    read in its place is as long as its end, and stands there."""

    start: int
    end: int
    instead: str


class Chunk:
    """Some whole statements of a file, parsed on their own.

    Args:
        text: their text, from the start of a line to the end of one.
        offset: where that starts in the file's text.
        omissions: what to leave out of it, in the order of the text.

    Raises Unreadable.
    """

    def __init__(self, text: str, offset: int, omissions: Iterable[Omission] = ()) -> None:
        # libcst forgets form feeds before a statement; Python starts counting its columns there.
        if "\x0c" in text:
            omissions = (
                Omission(offset + match.start(), offset + match.end(), "")
                for match in _FORM_FEEDS.finditer(text)
            )
        text = self._without(text, offset, omissions)
        if is_too_deep(text):
            raise Unreadable("this statement is nested too deeply for libcst", 1)
        if text[:1] in (" ", "\t"):
            # Something has to hold an indented statement.
            text = _HOLDER + text
            offset -= len(_HOLDER)
        self.text = text
        self.offset = offset
        try:
            self.module = cst.parse_module(text)
        except cst.ParserSyntaxError as error:
            line = error.raw_line - text.startswith(_HOLDER)
            raise Unreadable("libcst can't read this statement", max(line, 1)) from None
        # libcst forgets a backslash that stands alone before a statement, and every place
        # behind it would be wrong.
        if _LONE_BACKSLASH.search(text) and self.module.code != text:
            raise Unreadable("libcst can't read this statement as it is", 1)
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
        if self._places:
            start += self._lengths[bisect_right(self._places, start)]
            end += self._lengths[bisect_left(self._places, end)]
        return start, end

    def _without(self, text: str, offset: int, omissions: Iterable[Omission]) -> str:
        """The text without some of it. From the places where something is missing (as they are
        then) on, places have moved by the length at the index behind theirs."""
        pieces: list[str] = []
        self._places: list[int] = []
        self._lengths = [0]
        last = total = 0
        for start, end, instead in omissions:
            pieces += (text[last : start - offset], instead)
            self._places.append(start - total)
            total += end - start - len(instead)
            self._lengths.append(total)
            last = end - offset
        return "".join([*pieces, text[last:]]) if pieces else text


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

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            return
        spans = self.state.spans
        start = self.start if self.start_node is None else spans[self.start_node][0]
        end = self.state.place if self.end_node is None else spans[self.end_node][1]
        spans[self.node] = (start, end)
