"""Python 2.7's tokens, with their offsets in the text as it is.

Follows the "Lexical analysis" chapter of Python 2's Language Reference: what is a token only in
Python 3 (`->`, `1_000`, `f""`, a name with an umlaut) is none here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fissix.pgen2 import token as kinds
from fissix.pgen2.grammar import opmap

from ...base.typed import NamedTuple

TAB_SIZE = 8


class Unreadable(Exception):
    """Python 2 can't read the text."""


class Token(NamedTuple):
    """A token, its kind (a number of fissix.pgen2.token) and its offsets, the end exclusive."""

    kind: int
    text: str
    start: int
    end: int


class Line(NamedTuple):
    """A logical line: where its indentation starts, where its code starts, how deep it is."""

    start: int
    code: int
    depth: int


_STRING = r"""
    (?:[bBuU]?[rR]?(?=["']))
    (?: \"{3} [^"\\]* (?: (?: \\. | "(?!"") ) [^"\\]* )* \"{3}
      | '{3}  [^'\\]* (?: (?: \\. | '(?!'') ) [^'\\]* )* '{3}
      | " (?!"") [^"\\\r\n]* (?: \\ (?: \r\n | . ) [^"\\\r\n]* )* "
      | ' (?!'') [^'\\\r\n]* (?: \\ (?: \r\n | . ) [^'\\\r\n]* )* ' )"""
_NUMBER = r"""
    (?: [0-9]+ \. [0-9]* | \. [0-9]+ ) (?: [eE][-+]?[0-9]+ )? [jJ]?
  | [0-9]+ [eE][-+]?[0-9]+ [jJ]?
  | [0-9]+ [jJ]
  | (?: 0[xX][0-9a-fA-F]+ | 0[oO][0-7]+ | 0[bB][01]+ | 0[0-7]* | [1-9][0-9]* ) [lL]?"""
_OPERATOR = r"\*\*=?|>>=?|<<=?|<>|!=|//=?|[-+*/%&|^=<>]=?|[][(){}~:.,;`@]"
_GAP = r"[ \t\f]*+ (?> (?: \\ (?: \r\n? | \n | \Z ) [ \t\f]*+ )* )"
_TOKEN = re.compile(
    rf"""{_GAP} (?: ({_STRING}) | ([A-Za-z_][A-Za-z0-9_]*) | ({_NUMBER}) | ({_OPERATOR})
      | (\r\n? | \n | \Z) | (\#[^\r\n]*) )""",
    re.VERBOSE | re.DOTALL,
)
_STRING_GROUP, _NAME_GROUP, _NUMBER_GROUP, _OPERATOR_GROUP, _NEWLINE_GROUP, _COMMENT_GROUP = range(
    1, 7
)
_SKIPPED = re.compile(rf"{_GAP}.?", re.VERBOSE | re.DOTALL)
_BLANK_LINES = re.compile(
    r"(?>(?:[ \t\f]*+(?:\#[^\r\n]*+)?(?:\r\n?|\n))*)([ \t\f]*+)(?:\#[^\r\n]*+\Z)?"
)

_KIND_OF_GROUP = {
    _STRING_GROUP: kinds.STRING,
    _NAME_GROUP: kinds.NAME,
    _NUMBER_GROUP: kinds.NUMBER,
}


def indentation_width(indentation: str, tab_size: int = TAB_SIZE) -> int:
    """The column (from 0) where the code after this indentation starts.

    Python 2 takes a tab to the next multiple of 8 columns; a form feed starts over.
    """
    if indentation.isspace() and not indentation.strip(" "):
        return len(indentation)
    column = 0
    for character in indentation:
        if character == " ":
            column += 1
        elif character == "\t":
            column = (column // tab_size + 1) * tab_size
        else:
            column = 0
    return column


def scan(text: str) -> Iterator[Token]:
    """The tokens of a text that may be written in any Python, or in none.

    A NEWLINE is there only outside of brackets. What is no token is left out; where a string has
    no end, the tokens end.
    """
    position = brackets = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            if text.startswith(('"""', "'''"), position):
                return
            skipped = _SKIPPED.match(text, position)
            assert skipped is not None  # it matches the empty string
            position = max(skipped.end(), position + 1)
            continue
        group = found.lastindex
        assert group is not None  # every alternative is a group
        start, position = found.span(group)
        value = found[group]
        if group == _OPERATOR_GROUP:
            brackets = max(0, brackets + (value in "([{") - (value in ")]}"))
            yield Token(opmap[value], value, start, position)
        elif group == _NEWLINE_GROUP:
            if not brackets:
                yield Token(kinds.NEWLINE, value, start, position)
        elif group != _COMMENT_GROUP:
            yield Token(_KIND_OF_GROUP[group], value, start, position)


class Lexed(NamedTuple):
    """The tokens of a text, its logical lines, and where the comments in these lines start."""

    tokens: list[Token]
    lines: list[Line]
    comments: list[int]


def tokenize(text: str) -> Lexed:
    """Raises Unreadable where Python 2 finds no token."""
    lexed = Lexed([], [], [])
    tokens, lines, _ = lexed
    columns = [0]
    position = 0
    while True:
        blank = _BLANK_LINES.match(text, position)
        assert blank is not None  # it matches the empty string
        position = blank.end()
        if position == len(text):
            break
        start = blank.start(1)
        column = indentation_width(text[start:position])
        if column > columns[-1]:
            columns.append(column)
            tokens.append(Token(kinds.INDENT, "", start, position))
        else:
            end = tokens[-1].end if tokens else 0
            while column < columns[-1]:
                columns.pop()
                tokens.append(Token(kinds.DEDENT, "", end, end))
            if column != columns[-1]:
                raise Unreadable
        lines.append(Line(start, position, len(columns) - 1))
        position = _logical_line(text, position, lexed)
    end = tokens[-1].end if tokens else 0
    tokens.extend([Token(kinds.DEDENT, "", end, end)] * (len(columns) - 1))
    tokens.append(Token(kinds.ENDMARKER, "", len(text), len(text)))
    return lexed


def _logical_line(text: str, position: int, lexed: Lexed) -> int:
    """Append the tokens of the logical line whose code starts here; return where it ends."""
    brackets = 0
    match = _TOKEN.match
    append = lexed.tokens.append
    while True:
        found = match(text, position)
        if found is None:
            raise Unreadable
        group = found.lastindex
        assert group is not None  # every alternative is a group
        value = found[group]
        start, position = found.span(group)
        if group == _OPERATOR_GROUP:
            append(Token(opmap[value], value, start, position))
            if value in "([{":
                brackets += 1
            elif value in ")]}":
                brackets -= 1
        elif group == _NEWLINE_GROUP:
            if brackets <= 0:
                append(Token(kinds.NEWLINE, value, start, position))
                return position
            if not value:
                raise Unreadable
        elif group == _COMMENT_GROUP:
            lexed.comments.append(start)
        else:
            append(Token(_KIND_OF_GROUP[group], value, start, position))
