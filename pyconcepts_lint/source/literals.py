"""Where a text surely is no code: in its comments and string literals."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Sequence

from ..base.lazy import lazy_pattern

REST = {
    "'": r"(?>(?:[^\\'\r\n]++|\\(?:\r\n|.))*)'?",
    '"': r'(?>(?:[^\\"\r\n]++|\\(?:\r\n|.))*)"?',
    "'''": r"(?>(?:[^\\']++|\\.|'(?!''))*)(?:''')?",
    '"""': r'(?>(?:[^\\"]++|\\.|"(?!""))*)(?:""")?',
}
"""What follows the opening quote of a string, as far as the tokenizer takes it for one."""
STRING_TOKEN = "|".join(f"{quote}{REST[quote]}" for quote in ("'''", '"""', "'", '"'))
NO_CODE = lazy_pattern(rf"#[^\r\n]*|\\(?:\r\n?|\n)|(?P<string>{STRING_TOKEN})", re.DOTALL)
"""Comments, strings (from their quotes on), and line ends that a backslash takes away."""

# Inside of these is code; since Python 3.12 (PEP 701) quotes of their own kind, too.
_PREFIXES_OF_CODE = frozenset("fFtT")
_QUOTES_NEST = sys.version_info >= (3, 12)


class Literals:
    """The comments and string literals of a text that Python can parse.

    The literal parts of f-strings count as code, and from the first f-string of a Python that
    lets quotes nest in it, everything in its section does.

    Args:
        text: the text.
        sections: offsets, sorted, that surely are in no string literal. What lies between two of
            them is looked at when it is first asked for.
    """

    def __init__(self, text: str, sections: Sequence[int] = ()) -> None:
        self._text = text
        self._sections = [0, *sections]
        self._known: dict[int, tuple[list[int], list[int]]] = {}

    def hold(self, offset: int) -> bool:
        """Is the character at an offset surely part of a comment or string literal?"""
        section = bisect_right(self._sections, offset)
        if section not in self._known:
            following = self._sections[section : section + 1] or [len(self._text)]
            self._known[section] = self._places(self._sections[section - 1], *following)
        starts, ends = self._known[section]
        number = bisect_right(starts, offset) - 1
        return number >= 0 and offset < ends[number]

    def _places(self, first: int, last: int) -> tuple[list[int], list[int]]:
        """Where comments and literals start and end between two offsets."""
        starts: list[int] = []
        ends: list[int] = []
        for match in NO_CODE.finditer(self._text, first, last):
            start, end = match.span()
            if match["string"] and not _PREFIXES_OF_CODE.isdisjoint(_prefix(self._text, start)):
                if _QUOTES_NEST:
                    break
                continue
            starts.append(start)
            ends.append(end)
        return starts, ends


def _prefix(text: str, quote: int) -> str:
    """The letters right before a string literal's first quote, at most two."""
    start = quote
    while start > quote - 2 and start > 0 and text[start - 1].isalpha():
        start -= 1
    return text[start:quote]
