"""The libcst nodes that stand at the ranges of claims: parsed only for the fixes of claims."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

import libcst as cst

from ..base.typed import TYPE_CHECKING
from ..source.ast_nodes import first_line
from ..source.cst_nodes import children
from ..source.cst_statement import Chunk, Unreadable
from .file import FileContext, Range

if TYPE_CHECKING:
    from typing import TypeVar

    T = TypeVar("T")


class Located:
    """The nodes of one file by where they stand.

    The smallest statement around a range that libcst can read by itself is parsed, once for all
    ranges in it.
    """

    def __init__(self, file: FileContext) -> None:
        self._file = file
        self._parsed: dict[tuple[int, int], _Statement | None] = {}

    def at(
        self,
        place: Range,
        path: Sequence[ast.AST],
        kinds: tuple[str, ...],
        use: Callable[[cst.CSTNode], T],
    ) -> T | None:
        """What `use` makes of the outermost node of some classes that stands at a range.

        Args:
            place: the range.
            path: the `ast` nodes around it, the outermost first.
            kinds: names of libcst's node classes; empty for any.
            use: called while `file.chunk` and `file.ancestors` are those of the node.

        Returns None where libcst can't read the statement, or has no such node there.
        """
        for statement in reversed([node for node in path if isinstance(node, ast.stmt)]):
            found = self._statement(first_line(statement), statement.end_lineno or 0)
            node = None if found is None else found.node_at(self._file, place, kinds)
            if found is not None and node is not None:
                file = self._file
                file.chunk, file.ancestors = found.chunk, found.ancestors(node)
                try:
                    return use(node)
                finally:
                    file.chunk, file.ancestors = None, []
        return None

    def _statement(self, first: int, last: int) -> _Statement | None:
        key = (first, last)
        if key not in self._parsed:
            start, end = self._file.span_of_lines(first, last)
            try:
                self._parsed[key] = _Statement(Chunk(self._file.text[start:end], start))
            except Unreadable:
                self._parsed[key] = None
        return self._parsed[key]


class _Statement:
    """A parsed statement: its nodes by their spans, and what is around each."""

    def __init__(self, chunk: Chunk) -> None:
        self.chunk = chunk
        self._around: dict[cst.CSTNode, cst.CSTNode] = {}
        self._nodes: dict[tuple[int, int], list[cst.CSTNode]] | None = None

    def node_at(
        self, file: FileContext, place: Range, kinds: tuple[str, ...]
    ) -> cst.CSTNode | None:
        if self._nodes is None:
            self._nodes = self._read()
        start = file.code.offset(place.start_line, place.start_column)
        span = (start, file.code.offset(place.end_line, place.end_column))
        for node in self._nodes.get(span, ()):
            if not kinds or type(node).__name__ in kinds:
                return node
        return None

    def _read(self) -> dict[tuple[int, int], list[cst.CSTNode]]:
        found: dict[tuple[int, int], list[cst.CSTNode]] = {}
        waiting: list[cst.CSTNode] = [self.chunk.module]
        for node in waiting:  # breadth first: the outermost of a span comes first
            found.setdefault(self.chunk.span(node), []).append(node)
            for child in children(node):
                self._around[child] = node
                waiting.append(child)
        return found

    def ancestors(self, node: cst.CSTNode) -> list[cst.CSTNode]:
        found: list[cst.CSTNode] = []
        while node in self._around:
            node = self._around[node]
            found.append(node)
        return found[::-1]
