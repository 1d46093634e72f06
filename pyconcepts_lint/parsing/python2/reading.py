"""Reads a text as Python 2, and proves the translation with the running Python's parser."""

from __future__ import annotations

import ast
import re
import string
import warnings
from collections.abc import Iterator, Mapping, Sequence
from itertools import count, product

from fissix.pgen2 import token as kinds

from ...source.ast_nodes import walk
from . import compilation, meaning, spelling
from .constructs import find, parse
from .context import Parsed
from .lexer import Token, Unreadable
from .translation import Translation

_CONSTANTS = frozenset({"True", "False", "None"})
# From a letter of ASCII to the same letter in full width.
_FULL_WIDTH = ord("\uff41") - ord("a")
_LINE_END = re.compile(r"\r\n?|\n")


def translate(text: str) -> Translation | None:
    """Read a text as Python 2; None where Python 2 can't read it either. Never raises."""
    try:
        return _translate(text)
    # A text of any kind can be too deep, and a literal in it too long or without a codec.
    except (Unreadable, SyntaxError, ValueError, LookupError, MemoryError, RecursionError):
        return None


def _translate(text: str) -> Translation:
    parsed = parse(text)
    context = find(parsed, meaning.Verdicts())
    new_text, pieces = context.changes.result()
    try:
        tree = _parse(new_text)
    except SyntaxError:
        tokens = list(_keywords_as_names(parsed))
        if not tokens:
            raise
        return _without_keywords(text, tokens)
    translation = Translation(new_text, (), pieces)
    place = Places(new_text)
    if context.questions:
        verdicts = meaning.answer(
            context.questions, tree, lambda node: translation.to_original(place.start(node))
        )
        if any(verdicts):
            context = find(parsed, verdicts)
            new_text, pieces = context.changes.result()
            tree = _parse(new_text)
            translation = Translation(new_text, (), pieces)
            place = Places(new_text)
    for refused in compilation.refused(new_text, tree):
        start, end = translation.span_to_original(
            place.start(refused.node), place.end(refused.node)
        )
        context.new(refused.kind, refused.message, start, end, "")
    return translation._replace(constructs=context.constructs())


def _without_keywords(text: str, tokens: Sequence[Token]) -> Translation:
    """The translation of a text in which some names are keywords of Python 3.

    Other names of the same lengths are read in their stead. What comes out has another spelling of
    the keywords, one letter of which is no ASCII: Python 3 takes that for a name, and it is the
    same name (https://docs.python.org/3/reference/lexical_analysis.html#identifiers).
    """
    names = {word: _unused(word, text) for word in {token.text for token in tokens}}
    spellings = {word: chr(ord(word[0]) + _FULL_WIDTH) + word[1:] for word in names}
    if any(spelling in text for spelling in spellings.values()):
        raise Unreadable
    pieces: list[str] = []
    position = 0
    for token in tokens:
        pieces += [text[position : token.start], names[token.text]]
        position = token.end
    found = _translate("".join([*pieces, text[position:]]))

    def replaced(code: str, words: Mapping[str, str]) -> str:
        for word, name in names.items():
            code = code.replace(name, words[word])
        return code

    keywords = {word: word for word in names}
    constructs = [
        construct._replace(
            message=replaced(construct.message, keywords),
            fix_message=replaced(construct.fix_message, keywords),
            edits=None
            if construct.edits is None
            else tuple(
                (start, end, replaced(new_text, keywords))
                for start, end, new_text in construct.edits
            ),
        )
        for construct in found.constructs
    ]
    constructs += map(spelling.keyword_as_name, tokens)
    return Translation(
        replaced(found.text, spellings),
        tuple(sorted(constructs, key=lambda construct: construct.start)),
        found.pieces,
        tuple((spelling, word) for word, spelling in spellings.items()),
    )


def _unused(word: str, text: str) -> str:
    """A name of the same length that the text has nowhere."""
    for letters in product(string.ascii_letters, repeat=2):
        name = word[:-2] + "".join(letters)
        if name not in text:
            return name
    raise Unreadable


def _parse(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


class Places:
    """Offsets in a text of the nodes that `ast.parse` made of it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]

    def start(self, node: ast.expr | ast.stmt | ast.ExceptHandler) -> int:
        return self._offset(node.lineno, node.col_offset)

    def end(self, node: ast.expr | ast.stmt | ast.ExceptHandler) -> int:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._offset(node.end_lineno, node.end_col_offset)

    def _offset(self, line: int, column: int) -> int:
        start = self._starts[line - 1]
        # ast counts columns in bytes of UTF-8; each character has at least one.
        return start + len(self._text[start : start + column].encode()[:column].decode())


def _keywords_as_names(parsed: Parsed) -> Iterator[Token]:
    """The tokens that are keywords in Python 3 and names here, in a text that doesn't parse.

    Raises SyntaxError where there is something else about it, too, and Unreadable where Python 2
    wants no name there.
    """
    unused = (name for n in count() if (name := f"name{n}") not in parsed.names)
    replaced: dict[str, Token] = {}
    written: list[str] = []
    position = 0
    for token in parsed.tokens:
        if token.kind == kinds.NAME and token.text in {*spelling.NEW_KEYWORDS, *_CONSTANTS}:
            name = next(unused)
            replaced[name] = token
            written += [parsed.text[position : token.start], name]
            position = token.end
    written.append(parsed.text[position:])
    tree = _parse(find(parse("".join(written)), meaning.Verdicts()).changes.result()[0])
    bound = {name for node in walk(tree) for name in bound_names(node)}
    attributes = {node.attr for node in walk(tree) if isinstance(node, ast.Attribute)}
    for name, token in replaced.items():
        if token.text == "None" and name in bound:
            raise Unreadable
        if token.text in spelling.NEW_KEYWORDS or name in bound or name in attributes:
            yield token


def bound_names(node: ast.AST) -> Iterator[str | None]:
    """The names that a node gives to something."""
    match node:
        case ast.Name(ctx=ast.Store() | ast.Del()):
            yield node.id
        case ast.Attribute(ctx=ast.Store() | ast.Del()):
            yield node.attr
        case ast.arg() | ast.keyword():
            yield node.arg
        case ast.FunctionDef() | ast.ClassDef() | ast.ExceptHandler():
            yield node.name
        case ast.alias():
            yield from node.name.split(".")
            yield node.asname
        case ast.ImportFrom():
            yield from (node.module or "").split(".")
        case ast.Global():
            yield from node.names
