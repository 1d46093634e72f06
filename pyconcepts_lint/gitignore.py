"""What the patterns of a .gitignore match, as git's own wildmatch.c has it, byte by byte.

Each pattern becomes a regular expression that takes no longer than the product of its length and
the path's, whatever both are: no star is tried again when what follows it has once matched. A star
within a name, and `**` before whole names, may as well take the first place where what stands
between it and the next one fits, for the next one takes what is left.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from .lazy import lazy_pattern
from .typed import NamedTuple

_SPECIAL = lazy_pattern(rb"[*?\[\\]")
_CLASSES = {
    b"alnum": rb"[0-9A-Za-z]",
    b"alpha": rb"[A-Za-z]",
    b"blank": rb"[ \t]",
    b"cntrl": rb"[\x00-\x1f\x7f]",
    b"digit": rb"[0-9]",
    b"graph": rb"[!-~]",
    b"lower": rb"[a-z]",
    b"print": rb"[ -~]",
    b"punct": rb"[!-/:-@\[-`{-~]",
    b"space": rb"[ \t-\r]",
    b"upper": rb"[A-Z]",
    b"xdigit": rb"[0-9A-Fa-f]",
}

STAR = b"*"
GAP = b"**/"
"""Any number of whole names, each with its slash."""
GAP_OF_SOME = b"**/+"
GAP_WITHIN = b"a**/"
"""The same behind the start of a name: none, or the rest of that name before them."""
GAP_OF_SOME_WITHIN = b"a**/+"
_GAPS = {
    GAP: rb"(?:[^/]++/)*?",
    GAP_OF_SOME: rb"(?:[^/]++/)+?",
    GAP_WITHIN: rb"(?:[^/]*+/(?:[^/]++/)*?)??",
    GAP_OF_SOME_WITHIN: rb"[^/]*+/(?:[^/]++/)*?",
}
REST = b"**"
"""All that is left."""


class _NeverError(Exception):
    """The pattern matches nothing, whatever comes."""


class _Pattern(NamedTuple):
    expression: bytes
    ignores: bool
    only_directories: bool
    is_of_names: bool


class Patterns:
    """The patterns of one file; the paths that it is asked for are relative to its directory."""

    __slots__ = ("_compiled", "_names", "_paths")

    def __init__(self, data: bytes) -> None:
        found = list(_patterns(data))
        self._compiled = [
            (each, re.compile(each.expression, re.DOTALL).match) for each in reversed(found)
        ]
        self._names = _any_of([each.expression for each in found if each.is_of_names])
        self._paths = _any_of([each.expression for each in found if not each.is_of_names])

    def __bool__(self) -> bool:
        return bool(self._compiled)

    def ignores(self, path: str, is_directory: bool) -> bool | None:
        """What the last pattern that matches the path itself says of it; None without one."""
        of_path = os.fsencode(path)
        of_name = of_path[of_path.rfind(b"/") + 1 :]
        named = self._names is not None and self._names.match(of_name)
        if not named and not (self._paths is not None and self._paths.match(of_path)):
            return None
        for pattern, match in self._compiled:
            if pattern.only_directories and not is_directory:
                continue
            if match(of_name if pattern.is_of_names else of_path):
                return pattern.ignores
        return None


def _any_of(expressions: list[bytes]) -> re.Pattern[bytes] | None:
    return re.compile(b"|".join(expressions), re.DOTALL) if expressions else None


def _patterns(data: bytes) -> Iterator[_Pattern]:
    for line in data.removeprefix(b"\xef\xbb\xbf").split(b"\n"):
        if line.startswith(b"#"):
            continue
        text = _without_blanks(line.removesuffix(b"\r").partition(b"\0")[0])
        ignores = not text.startswith(b"!")
        text = text.removeprefix(b"!")
        only_directories = text.endswith(b"/")
        text = text.removesuffix(b"/")
        is_of_names = b"/" not in text
        if not text:
            continue
        try:
            expression = _expression(_tokens(text.removeprefix(b"/"), is_of_names))
        except _NeverError:
            continue
        yield _Pattern(expression, ignores, only_directories, is_of_names)


def _without_blanks(line: bytes) -> bytes:
    """A line without the blanks at its end, unless there is a backslash before them."""
    stripped = line.rstrip(b" ")
    slashes = len(stripped) - len(stripped.rstrip(b"\\"))
    return line[: len(stripped) + 1] if slashes % 2 else stripped


def _tokens(text: bytes, is_of_names: bool) -> list[bytes]:
    """The stars of a pattern, and the expressions for all else: each for one byte."""
    tokens: list[bytes] = []
    special = _SPECIAL.search(text)
    # git compares what is before with the path, and takes the rest for a pattern of its own.
    start = special.start() if special else 0
    at = 0
    while at < len(text):
        byte = text[at : at + 1]
        if byte == b"*":
            end = at
            while text[end : end + 1] == b"*":
                end += 1
            is_within_name = at > 0 and text[at - 1 : at] != b"/"
            if end - at == 1 or is_of_names or (is_within_name and at != start):
                tokens.append(STAR)
            elif end == len(text):
                tokens.append(REST)
            elif text[end : end + 1] == b"/":
                tokens.append(GAP_WITHIN if is_within_name else GAP)
                end += 1
            elif text[end : end + 2] == b"\\/":
                tokens.append(GAP_OF_SOME_WITHIN if is_within_name else GAP_OF_SOME)
                end += 2
            else:
                tokens.append(STAR)
            at = end
        elif byte == b"?":
            tokens.append(b"[^/]")
            at += 1
        elif byte == b"[":
            expression, at = _set(text, at)
            tokens.append(expression)
        else:
            if byte == b"\\":
                at += 1
                byte = text[at : at + 1]
                if not byte:
                    raise _NeverError
            tokens.append(re.escape(byte))
            at += 1
    return tokens


def _set(text: bytes, at: int) -> tuple[bytes, int]:
    """The expression for a set that starts at an index, and the index behind it."""

    def byte(index: int) -> int:
        if index >= len(text):
            raise _NeverError
        return text[index]

    at += 1
    negated = byte(at) in b"!^"
    at += negated
    parts: list[bytes] = []
    before = 0
    while True:
        this = byte(at)
        if this == ord("\\"):
            at += 1
            this = byte(at)
            parts.append(_one(this))
        elif this == ord("-") and before and byte(at + 1) != ord("]"):
            at += 1
            last = byte(at)
            if last == ord("\\"):
                at += 1
                last = byte(at)
            if before <= last:
                parts.append(b"[\\x%02x-\\x%02x]" % (before, last))
            this = 0
        elif text[at : at + 2] == b"[:":
            end = text.find(b"]", at + 2)
            if end < 0:
                raise _NeverError
            if end > at + 2 and text[end - 1 : end] == b":":
                name = text[at + 2 : end - 1]
                if name not in _CLASSES:
                    raise _NeverError
                parts.append(_CLASSES[name])
                at = end
                this = 0
            else:
                parts.append(_one(this))
        else:
            parts.append(_one(this))
        before = this
        at += 1
        if byte(at) == ord("]"):
            break
    members = b"".join(part[1:-1] for part in parts)
    if negated:
        return b"[^/%b]" % members, at + 1
    if not members:
        raise _NeverError
    return b"(?!/)[%b]" % members, at + 1


def _one(byte: int) -> bytes:
    return b"[\\x%02x]" % byte


def _expression(tokens: list[bytes]) -> bytes:
    """Parts with gaps between them; each is as many whole names as it has."""
    parts: list[list[bytes]] = [[]]
    gaps: list[bytes] = []
    for token in tokens:
        if token in _GAPS:
            gaps.append(_GAPS[token])
            parts.append([])
        else:
            parts[-1].append(token)
    written = [_part(parts[0], is_last=not gaps)]
    for number, (gap, part) in enumerate(zip(gaps, parts[1:], strict=True), 1):
        is_last = number == len(gaps)
        piece = gap + _part(part, is_last=is_last)
        written.append(piece if is_last else b"(?>%b)" % piece)
    return b"(?:%b)" % b"".join(written)


def _part(tokens: list[bytes], *, is_last: bool) -> bytes:
    if tokens[-1:] == [REST]:
        return _names(tokens[:-1]) + rb".*\Z"
    return _names(tokens) + (rb"\Z" if is_last else b"")


def _names(tokens: list[bytes]) -> bytes:
    written: list[bytes] = []
    name: list[bytes] = []
    for token in (*tokens, None):
        if token is None or token == b"/":
            written.append(_name(name))
            name = []
            if token is not None:
                written.append(b"/")
        else:
            name.append(token)
    return b"".join(written)


def _name(tokens: list[bytes]) -> bytes:
    """The expression for a whole name: it matches in one way only."""
    pieces: list[list[bytes]] = [[]]
    for token in tokens:
        if token == STAR:
            pieces.append([])
        else:
            pieces[-1].append(token)
    first, *others = (b"".join(piece) for piece in pieces)
    if not others:
        return first
    between = b"".join(b"(?>[^/]*?%b)" % piece for piece in others[:-1] if piece)
    return rb"(?>%b%b[^/]*%b(?=/|\Z))" % (first, between, others[-1])
