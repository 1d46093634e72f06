"""Colours what `console` blocks show about as the linter does on a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pygments.lexer import Lexer
from pygments.lexers.shell import BashLexer
from pygments.token import Comment, Generic, Text, _TokenType

if TYPE_CHECKING:
    from sphinx.application import Sphinx

Token = tuple[int, _TokenType, str]

COMMAND = re.compile(r"(\$ )(.*\n)")
# What a line of output looks like, and the kinds of its groups.
LINES = [
    (r"(\S+?:\d+:\d+: )([A-Z]+\d+)( .*\n)", (Generic.Strong, Generic.Error, Generic.Output)),
    (r"( *│ +)(\^+\n)", (Comment, Generic.Error)),
    (r"( *\d+ │ )(.*\n)", (Comment, Text)),
    (r"( *\d+ )(- .*\n)", (Comment, Generic.Deleted)),
    (r"( *\d+ )(\+ .*\n)", (Comment, Generic.Inserted)),
    (r"(---.*\n|\+\+\+.*\n|@@.*\n)", (Generic.Subheading,)),
    (r"(-.*\n)", (Generic.Deleted,)),
    (r"(\+.*\n)", (Generic.Inserted,)),
    (r"(.*\n)", (Generic.Output,)),
]
OUTPUT = [(re.compile(pattern), kinds) for pattern, kinds in LINES]


class Terminal(Lexer):
    """Commands behind `$ `, and what they show."""

    name = "Terminal"
    aliases = ("console",)

    def get_tokens_unprocessed(self, text: str) -> Iterator[Token]:
        position = 0
        for line in text.splitlines(keepends=True):
            yield from _tokens(line, position)
            position += len(line)


def _tokens(line: str, position: int) -> Iterator[Token]:
    command = COMMAND.fullmatch(line)
    if command:
        yield position, Generic.Prompt, command[1]
        for start, kind, value in BashLexer().get_tokens_unprocessed(command[2]):
            yield position + len(command[1]) + start, kind, value
        return
    for pattern, kinds in OUTPUT:
        match = pattern.fullmatch(line)
        if match:
            for number, kind in enumerate(kinds, 1):
                yield position + match.start(number), kind, match[number]
            return


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_lexer("console", Terminal)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
