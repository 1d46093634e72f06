"""How a table of facts is made: by a function that reads what one walk over a file has found."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable

from ..base.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Any

    from .binder import FileIndex


class Extractor(NamedTuple):
    """A table of facts.

    `words`: a text without any of them has no row; an empty tuple says nothing. `may_have` asks
    more of the text. `nodes` are the classes of nodes that `rows` takes from `FileIndex.nodes`.
    """

    name: str
    rows: Callable[[FileIndex], Iterable[Any]]
    words: tuple[str, ...] = ()
    nodes: tuple[type[ast.AST], ...] = ()
    may_have: Callable[[str], bool] | None = None

    def applies(self, text: str) -> bool:
        """May the file with this text have a row?"""
        words = self.words
        if words and not any(word in text for word in words):
            return False
        return self.may_have is None or self.may_have(text)
