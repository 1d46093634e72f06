"""Some statements of a file as a libcst tree, and where its nodes stand in the file."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

import libcst as cst
from libcst._nodes.internal import CodegenState

from ..base.typed import NamedTuple
from .nesting import is_too_deep

_HOLDER = "if 1:\n"


_FORM_FEEDS = re.compile(r"^[ \t\x0c]*\x0c", re.MULTILINE)
_BLANKS = " \t\f\\\r\n"
_LONE_BACKSLASH = re.compile(r"^[ \t]*\\[\r\n]", re.MULTILINE)


class Unreadable(Exception):
    """What libcst can't read, or not without losing something, though Python can.

    `line` is 1-based and counts from the start of the chunk.
    """

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message, line)
        self.message = message
        self.line = line


class _Omission(NamedTuple):
    """Text that libcst doesn't read, or forgets: offsets into the file's text."""

    start: int
    end: int


class Chunk:
    """Some whole statements of a file, parsed on their own.

    Args:
        text: their text, from the start of a line to the end of one.
        offset: where that starts in the file's text.

    Raises Unreadable.
    """

    def __init__(self, text: str, offset: int) -> None:
        # libcst forgets form feeds before a statement; Python starts counting its columns there.
        self._omissions = [
            _Omission(offset + match.start(), offset + match.end())
            for match in (_FORM_FEEDS.finditer(text) if "\x0c" in text else ())
        ]
        text = self._without(text, offset)
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
            if state.place < len(self.text):
                self._omissions = sorted([*self._omissions, *self._forgotten()])
                self._note_moves()
        start, end = self._spans[node]
        return self._original_start(start), self._original_end(end)

    def _original_start(self, place: int) -> int:
        """The offset into the file's text of what starts at a place of this chunk's."""
        place += self.offset
        return place + self._lengths[bisect_right(self._places, place)]

    def _original_end(self, place: int) -> int:
        place += self.offset
        return place + self._lengths[bisect_left(self._places, place)]

    def _forgotten(self) -> Iterator[_Omission]:
        """The blanks that libcst has forgotten: those before the colon in `except X :` and in
        `{x !r :>5}` of an f-string."""
        code = self.module.code
        place = 0
        for start, character in enumerate(self.text):
            if code[place : place + 1] == character:
                place += 1
            elif character in _BLANKS:
                original = self._original_start(start)
                yield _Omission(original, original + 1)
            else:
                raise AssertionError(f"libcst has changed {self.text[start : start + 20]!r}")

    def _without(self, text: str, offset: int) -> str:
        """The text without what is omitted."""
        pieces: list[str] = []
        last = 0
        for start, end in self._omissions:
            pieces.append(text[last : start - offset])
            last = end - offset
        self._note_moves()
        return "".join([*pieces, text[last:]]) if pieces else text

    def _note_moves(self) -> None:
        """From the places where something is missing (as they are then) on, places have moved by
        the length at the index behind theirs."""
        self._places: list[int] = []
        self._lengths = [0]
        total = 0
        for start, end in self._omissions:
            self._places.append(start - total)
            total += end - start
            self._lengths.append(total)


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
