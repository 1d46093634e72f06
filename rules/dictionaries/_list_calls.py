"""What a text looks like in which a view of a dictionary may be used as if it were a list.

This is asked of every file that calls `keys` or its like, so nothing else is imported for it.
"""

from __future__ import annotations

import re

from pyconcepts_lint.base.lazy import lazy_pattern
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rules.dictionaries._walks import VIEWS

# The methods of lists that no view has.
LIST_METHODS = frozenset(
    {
        *("append", "clear", "copy", "count", "extend", "index", "insert", "pop", "remove"),
        *("reverse", "sort"),
    }
)
# Those of them that change the list.
CHANGING_METHODS = LIST_METHODS - {"copy", "count", "index"}
CHOOSERS = ("choice", "choices", "sample", "shuffle")
_CALLS = tuple(f".{view}()" for view in sorted(VIEWS))
# What stands before `.keys()` on its line, at the start of the line and anywhere on it. What it is
# called on may be any expression.
_ASSIGNED = lazy_pattern(r"[ \t;:]*([^\W\d]\w*)[ \t]*=(?!=)")
_TAKERS = (*CHOOSERS, "next")
_GIVEN = lazy_pattern(rf"\+|\b(?:{'|'.join(_TAKERS)})\(")
_LONGEST_TAKER = max(map(len, _TAKERS)) + 1
_GOES_ON = lazy_pattern(r"[ \t]*[)\]}]")
"""The start of a line that ends an expression of the lines before."""


def may_have_list_uses(file: FileContext) -> bool:
    """May a view be used as a list, as far as the text looks like it?

    Calls of `keys` and its like are everywhere. What is asked is what stands around them, and for
    a name that is assigned one, what stands behind the name.
    """
    text = file.text
    for call in _CALLS:
        end = 0
        place = text.find(call)
        while place >= 0:
            looked_at, end = end, place + len(call)
            after = text[end : end + 1]
            if after in "[.+ \\":
                after = text[end : end + 40].lstrip(" \\\r\n\t")
                if after[:1] in ("[", "+") or (
                    after[:1] == "." and after[1:].split("(", 1)[0].strip() in LIST_METHODS
                ):
                    return True
            start = max(text.rfind("\n", 0, place), text.rfind("\r", 0, place)) + 1
            # Of a line with many calls, what stands before an earlier one isn't looked at again.
            begin = max(start, looked_at - _LONGEST_TAKER)
            if _GOES_ON.match(text, start, place) or _GIVEN.search(text, begin, place):
                return True
            if text[end : end + 40].lstrip(" \t")[:1] in ("\n", "\r", "#", ";", ""):
                match = _ASSIGNED.match(text, start, place)
                if match and _may_be_used_as_list(text, match[1], start, end):
                    return True
            place = text.find(call, end)
    return False


def _may_be_used_as_list(text: str, name: str, line: int, start: int) -> bool:
    """May a name be used as a list from `start` on, in the function of the line that binds it?"""
    stop = _end_of_function(text, line)
    place = text.find(name, start, stop)
    while place >= 0:
        end = place + len(name)
        before, after = text[place - 1], text[end : end + 40].lstrip(" \t")
        if before.isalnum() or before in "_.":
            place = text.find(name, end, stop)
            continue  # a part of another name
        if after[:1] in ("[", "+") or (
            after[:1] == "." and after[1:].split("(", 1)[0].strip() in LIST_METHODS
        ):
            return True
        before = text[max(place - 12, 0) : place].rstrip()
        if before.endswith(("+", *(f"{taker}(" for taker in _TAKERS))):
            return True
        place = text.find(name, end, stop)
    return False


def _end_of_function(text: str, line: int) -> int:
    """Where the function that a line stands in ends at the latest, as far as indentation tells;
    `line` is the offset of its start. The end of the text, where there is no such function."""
    own = _indentation(text, line)
    place = text.rfind("def ", 0, line)
    while place >= 0:
        start = max(text.rfind("\n", 0, place), text.rfind("\r", 0, place)) + 1
        around = _indentation(text, start)
        if around < own and text[start:place].strip() in ("", "async"):
            next_one = re.compile(rf"[\r\n][ \t]{{0,{around}}}(?:def|class|async|@)\b").search(
                text, line
            )
            return len(text) if next_one is None else next_one.start()
        place = text.rfind("def ", 0, place)
    return len(text)


def _indentation(text: str, line: int) -> int:
    end = line
    while text[end : end + 1] in (" ", "\t"):
        end += 1
    return end - line
