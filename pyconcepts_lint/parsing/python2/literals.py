"""Literals whose value in Python 3 takes another spelling than in Python 2.

All functions take the text of one token and return the token to write, or None where it can
stay as it is.
"""

from __future__ import annotations

import ast
import re
import warnings

from .lexer import Unreadable

_PARTS = re.compile(
    r"""(?P<prefix>[a-zA-Z]*)(?P<quote>'''|\"\"\"|'|")(?P<body>.*)(?P=quote)""", re.DOTALL
)
# What is an escape in a text literal but not in a bytes literal, behind all of its backslashes.
_TEXT_ESCAPE = re.compile(r"(?<!\\)(\\++)([NuU])")
_UNICODE_ESCAPE = re.compile(r"(?<!\\)(\\++)(u(?:[0-9a-fA-F]{4})?|U(?:[0-9a-fA-F]{8})?)")
_LINE_END = re.compile(r"\r\n?|\n")
_NON_ASCII = re.compile(r"[^\x00-\x7f]")


def number(token: str) -> str | None:
    """An integer without `L`, an octal one with `0o`."""
    digits = token.rstrip("lL")
    if len(digits) > 1 and digits[0] == "0" and digits.isdigit() and digits.strip("0"):
        return f"0o{digits[1:]}"
    return digits if digits != token else None


def is_octal(token: str) -> bool:
    """Is it written as only Python 2 writes octal numbers?"""
    return (number(token) or "").startswith("0o") and token[1] not in "oO"


class Literal:
    """A string literal as Python 2 reads it; `unicode_literals` is that of its file."""

    def __init__(self, token: str, unicode_literals: bool, encoding: str) -> None:
        match = _PARTS.fullmatch(token)
        if match is None:
            raise Unreadable
        self._token = token
        self._encoding = encoding
        self.prefix, self._quote, self._body = match.group("prefix", "quote", "body")
        letters = self.prefix.lower()
        self.is_raw = "r" in letters
        self.is_bytes = "b" in letters
        self.is_unicode = "u" in letters or (unicode_literals and not self.is_bytes)

    def raw_unicode(self) -> str | None:
        """A raw Unicode literal: `\\u` and `\\U` are escapes there in Python 2 only.

        Raises Unreadable where such an escape is cut short.
        """
        if not self.is_raw or not self.is_unicode:
            return None
        escapes = [match for match in _UNICODE_ESCAPE.finditer(self._body) if len(match[1]) % 2]
        if any(len(match[2]) == 1 for match in escapes):
            raise Unreadable
        if not escapes:
            without_u = self.prefix.strip("uU")
            return self._spelled(without_u, self._body) if without_u != self.prefix else None
        kept = {match.end(1) - 1 for match in escapes}
        return self._spelled(self.prefix.strip("rR"), self._cooked(kept))

    def escaped(self) -> str | None:
        """A byte string without prefix: `\\N`, `\\u` and `\\U` are escapes in Python 3 only."""
        if self.is_raw or self.is_bytes or self.is_unicode:
            return None
        body = _without_text_escapes(self._body)
        return self._spelled(self.prefix, body) if body != self._body else None

    def ascii_bytes(self) -> str | None:
        """A bytes literal in which only Python 2 allows characters beyond ASCII."""
        if not self.is_bytes or self._body.isascii():
            return None
        body = self._cooked(set()) if self.is_raw else self._body
        return self._spelled(self.prefix.strip("rR"), self._with_escaped_bytes(body))

    def as_bytes(self) -> str:
        """The same byte string with the prefix `b`."""
        if self.is_bytes:
            return self.ascii_bytes() or self._token
        if self._body.isascii():
            return self._spelled("b" + self.prefix, self._body)
        body = self._cooked(set()) if self.is_raw else self._body
        return self._spelled("b", self._with_escaped_bytes(body))

    def as_text(self) -> str:
        """The same characters without the prefix `b`; raises Unreadable beyond ASCII."""
        if not self.is_bytes:
            return self.raw_unicode() or self._token
        if not self._body.isascii():
            raise Unreadable
        body = self._body if self.is_raw else _without_text_escapes(self._body)
        return self._spelled(self.prefix.strip("bB"), body)

    def _spelled(self, prefix: str, body: str) -> str:
        return f"{prefix}{self._quote}{body}{self._quote}"

    def _cooked(self, kept: set[int]) -> str:
        """The body of a raw literal for one that isn't; the backslashes at `kept` stay."""
        body = self._body
        written: list[str] = []
        position = 0
        while position < len(body):
            character = body[position]
            position += 1
            if character != "\\" or position - 1 in kept:
                written.append(character)
                continue
            written.append("\\\\")
            if position == len(body):
                continue
            line_end = _LINE_END.match(body, position)
            if line_end and len(self._quote) == 1:
                # The newline is in the value, and can't stand in such a literal by itself.
                written.append(f"\\n\\{line_end[0]}")
                position = line_end.end()
            elif body[position] in "'\"":
                written.append(f"\\{body[position]}")
                position += 1
            elif body[position] == "\\" and position not in kept:
                written.append("\\\\")
                position += 1
        return "".join(written)

    def _with_escaped_bytes(self, body: str) -> str:
        def escape(match: re.Match[str]) -> str:
            return "".join(f"\\x{byte:02x}" for byte in match[0].encode(self._encoding))

        # A backslash in front of such a character stands for itself.
        body = re.sub(r"(?<!\\)((?:\\\\)*)\\(?=[^\x00-\x7f])", r"\1\\\\", body)
        return _NON_ASCII.sub(escape, body)


def _without_text_escapes(body: str) -> str:
    def double(match: re.Match[str]) -> str:
        slashes = match[1]
        return f"{slashes}\\{match[2]}" if len(slashes) % 2 else match[0]

    return _TEXT_ESCAPE.sub(double, body)


def ends_in_whitespace(token: str) -> bool:
    """Does the string end in white space other than a blank? Python 2's `print` writes no
    blank behind it."""
    match = _PARTS.fullmatch(token)
    if match is None or not match["body"]:
        return False
    quote, body = match["quote"], match["body"]
    raw = "r" if "r" in match["prefix"].lower() else ""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            value = ast.literal_eval(f"{raw}{quote}{body}{quote}")
    except (SyntaxError, ValueError):
        return False
    last = value[-1] if isinstance(value, str) and value else ""
    return last.isspace() and last != " " and last.isascii()
