"""Tokens that Python 3 spells otherwise."""

from __future__ import annotations

import re
from itertools import pairwise

from fissix.pgen2 import token as kinds

from . import literals
from .context import Context, strings
from .lexer import Token, Unreadable
from .parser import Node
from .translation import Construct

# Python 3's keywords that Python 2 takes for names, with the version that made them keywords.
NEW_KEYWORDS = {"async": "3.7", "await": "3.7", "nonlocal": "3.0"}
_SUSPECT_STRING = re.compile(r"[bB][rR]?[\"']|[uU][rR][\"']|\\[NuU]")


def numbers(context: Context) -> None:
    """Octal and long integers."""
    for token in context.parsed.tokens:
        if token.kind != kinds.NUMBER or not (written := literals.number(token.text)):
            continue
        if literals.is_octal(token.text):
            kind, message = (
                "octal-literal",
                f"`{token.text}` is {int(written, 8)} in Python 2, as an octal number; "
                f"Python 3 spells it `{written}`",
            )
        else:
            kind, message = (
                "long-literal",
                f"`{token.text}` is a `long` in Python 2; in Python 3 every integer is an `int`, "
                "without `L`",
            )
        number = context.new(kind, message, token.start, token.end, f"Write `{written}`")
        following = context.text[token.end : token.end + 1]
        if following == ".":
            written = f"({written})"
        elif following.isalnum():
            written += " "
        context.changes.replace(number, token.start, token.end, written)


def operators(context: Context) -> None:
    """`<>`; and `@`, which Python 2 has only for decorators."""
    if "<>" in context.text:
        for token in context.parsed.tokens:
            if token.text == "<>":
                number = context.new(
                    "not-equal",
                    "`<>` is another spelling of `!=` in Python 2; Python 3 has only `!=`",
                    token.start,
                    token.end,
                    "Write `!=`",
                )
                context.changes.replace(number, token.start, token.end, "!=")
    if "@" in context.text:
        for before, token in pairwise(context.parsed.tokens):
            if token.kind == kinds.AT and before.kind not in (
                kinds.NEWLINE,
                kinds.INDENT,
                kinds.DEDENT,
            ):
                raise Unreadable


def last_backslash(context: Context) -> None:
    """A backslash with no line behind it."""
    end = max((token.end for token in context.parsed.tokens if token.text), default=0)
    rest = context.text[end:]
    if rest.lstrip(" \t\f").startswith("\\"):
        end += rest.index("\\")
        number = context.new(
            "last-backslash",
            "The last line ends in a backslash, which Python 2 allows; Python 3 wants a line there",
            end,
            end + 1,
            "Take the backslash away",
        )
        context.changes.replace(number, end, end + 1)


def string_literals(context: Context) -> None:
    """Strings that Python 3 refuses, or that have another value there."""
    if not _SUSPECT_STRING.search(context.text):
        return
    joined = _joined_literals(context)
    for token in context.parsed.tokens:
        if token.kind != kinds.STRING or token.start in joined:
            continue
        literal = context.literal(token.text)
        if written := literal.raw_unicode():
            is_prefixed = "u" in literal.prefix.lower()
            kind, message, fix_message = (
                "ur-string",
                "A raw Unicode literal has the prefix `ur`, and `\\u` is an escape in it, in "
                "Python 2; Python 3 has neither"
                if is_prefixed
                else "Under `unicode_literals`, `\\u` is an escape in a raw literal in Python 2; "
                "in Python 3 it is not",
                "Write the same characters as Python 3 spells them",
            )
        elif written := literal.escaped():
            kind, message, fix_message = (
                "text-escape",
                "`\\N`, `\\u` and `\\U` are no escapes in a `str` of Python 2; "
                "in Python 3 they are",
                "Double the backslash",
            )
        elif written := literal.ascii_bytes():
            kind, message, fix_message = (
                "bytes-literal",
                "A bytes literal may hold characters beyond ASCII in Python 2; "
                "in Python 3 it may not",
                f"Write them as their bytes in {context.parsed.encoding}",
            )
        else:
            continue
        number = context.new(kind, message, token.start, token.end, fix_message)
        _replace(context, number, token, written)


def _joined_literals(context: Context) -> set[int]:
    """Literals side by side of which some have the prefix `b`; gives where their tokens start."""
    handled: set[int] = set()
    for node in context.parsed.found:
        tokens = strings(node)
        parts = [context.literal(context.source(token)) for token in tokens]
        if len({part.is_bytes for part in parts}) < 2:
            continue
        is_text = any(part.is_unicode for part in parts)
        number = context.new(
            "mixed-bytes",
            'Python 2 joins `b""` and other literals that stand side by side; Python 3 refuses to',
            node.start,
            node.end,
            "Make all of them text" if is_text else "Make all of them bytes",
        )
        for token, part in zip(tokens, parts, strict=True):
            written = part.as_text() if is_text else part.as_bytes()
            handled.add(token.start)
            if written != context.source(token):
                _replace(context, number, token, written)
    return handled


def _replace(context: Context, number: int, token: Token | Node, written: str) -> None:
    # Quotes must not run together with those of a literal before.
    quotes = context.text[token.start - 1 : token.start] + written[0]
    blank = " " if len(quotes) == 2 and set(quotes) <= {'"', "'"} else ""
    context.changes.replace(number, token.start, token.end, blank + written)


def keyword_as_name(token: Token) -> Construct:
    """A keyword of Python 3 that is used as a name: there is no way around it."""
    if since := NEW_KEYWORDS.get(token.text):
        message = f"`{token.text}` is a name in Python 2; since Python {since} it is a keyword"
    else:
        message = (
            f"`{token.text}` is used as a name can be in Python 2; in Python 3 it is a keyword"
        )
    return Construct("keyword-as-name", message, token.start, token.end, "", None, True)
