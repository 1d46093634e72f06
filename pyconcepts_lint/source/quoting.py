"""Source text as messages quote it: on one line, and shortened in the middle where it is long."""

from __future__ import annotations

import re

from ..base.lazy import lazy_pattern

LONGEST_QUOTE = 60
_START, _END = 38, 21  # what is left of a long text, around the "…"
_MOST_READ = 2000  # characters at either end of a text of many lines
_LINE_END = lazy_pattern(r"(\\?)(?:\r\n?|\n)")
_JOINT = lazy_pattern(r"(?:([(\[{])|(?<![ \t\f(\[{]))[ \t\f]*[\r\n]\s*([)\]}]?)")


def quoted(text: str) -> str:
    """What a message says for the source text of an expression or a simple statement."""
    if "\n" in text or "\r" in text:
        text = _on_one_line(text)
    if len(text) <= LONGEST_QUOTE:
        return text
    return f"{text[:_START].rstrip()}…{text[-_END:].lstrip()}"


def _on_one_line(text: str) -> str:
    """The text without its comments, with its lines joined."""
    if len(text) > 2 * _MOST_READ:
        # The end starts with a whole line; what is a string before it no longer matters.
        end = text[-_MOST_READ:]
        text = f"{text[:_MOST_READ]}\n{end[max(end.find(chr(10)), end.find(chr(13))) + 1 :]}"
    from .literals import NO_CODE

    return _JOINT.sub(_joined, NO_CODE.sub(_without_line_ends, text))


def _without_line_ends(match: re.Match[str]) -> str:
    """A string that stays, a comment that goes, or a backslash that only joined lines."""
    if match["string"] is not None:
        return _LINE_END.sub(lambda end: "" if end[1] else r"\n", match[0])
    return "" if match[0].startswith("#") else "\n"


def _joined(match: re.Match[str]) -> str:
    """One blank in the place of a line end, none beside a bracket."""
    opening, closing = match.groups("")
    return f"{opening}{closing}" if opening or closing else " "
