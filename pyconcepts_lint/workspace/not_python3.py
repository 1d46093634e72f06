"""How a file reads that isn't Python 3, as JSON and back: it takes long to find out."""

from __future__ import annotations

from ..base.typed import TYPE_CHECKING
from ..index.codec import decode
from ..parsing.syntax import Parsed, SyntaxProblem

if TYPE_CHECKING:
    from typing import Any


def encode_not_python3(parsed: Parsed) -> list[object]:
    """A reading without its tree."""
    text = None if parsed.translation is not None else parsed.text
    return [text, parsed.translation, parsed.problem, parsed.newer, parsed.further]


def decode_not_python3(row: list[Any]) -> Parsed:
    """What `encode_odd` was given. Raises an exception for what it didn't make."""
    from ..parsing.python2 import Translation

    text, translated, trouble, newer, more = row
    problem = None if trouble is None else decode(SyntaxProblem, trouble)
    further = tuple(decode(SyntaxProblem, each) for each in more)
    if translated is None:
        return Parsed(text, None, None, problem, bool(newer), further)
    translation = decode(Translation, translated)
    return Parsed(text or translation.text, None, translation, problem, bool(newer), further)
