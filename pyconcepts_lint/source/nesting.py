"""How deep a recursive parser would have to go for a text, found out without going there.

libcst's native parser takes a few kilobytes of the C stack for every level of the tree that it
makes, and where brackets and chains nest it knows no limit: a few thousand levels kill the
process. CPython's own parser refuses more than 200 nested brackets and 100 levels of indentation,
but what it accepts can be too deep for libcst all the same: `a and b and c …`, adjacent strings
and dotted imports are one node for CPython, and nested ones for libcst.

Patterns, and the targets of `del`, cost it time instead: it reads what is in a bracket there anew
for each way on that its grammar has, so that every level doubles the time, or takes four times as
long.
"""

from __future__ import annotations

import re
import sys

from .literals import NO_CODE, REST, STRING_TOKEN

# What a level costs libcst 1.9 of the C stack, in kilobytes and rounded up: measured on x86-64
# by letting it fail under small stacks. Of each group the dearest kind counts: a class in a class,
# a replacement field, a lambda, an `elif`, one of adjacent strings.
_BLOCK = 27
_BRACKET = 8
_LINK = 3
_ELIF = 2
_STRING = 1
# What it may take of the main thread's stack: that is 8 MB on Linux and macOS, 2 MB on Windows.
_STACK = 1_400 if sys.platform == "win32" else 6_000
# For some chains libcst takes quadratic time, about two seconds at this length.
_LINKS = 1_000
# What a character can cost at most: a bracket takes two of them.
_CHARACTER = (_BRACKET + _LINK + 1) // 2

# In a pattern, or behind `del`, libcst 1.9 reads what is in brackets twice, in braces and in round
# brackets with a comma four times. A token that it reads takes about 1.5 microseconds.
_READS = 300_000
# More than ordinary code needs, so that a long file may have many patterns.
_READS_PER_CHARACTER = 16

_F_PREFIX = r"(?<!\w)(?:[fFtT][rR]?|[rR][fFtT])"
_F_STRING = re.compile(rf"{_F_PREFIX}(?P<quote>'''|\"\"\"|'|\")")
_F_TOKEN = re.compile(
    rf"#[^\r\n]*|\\(?:\r\n?|\n)|{_F_STRING.pattern}|(?P<string>{STRING_TOKEN})|[()\[\]{{}}:]",
    re.DOTALL,
)
"""What has to be known where f-strings are code: as above, and what ends a replacement field."""


def _literal(quote: str, braces: str, doubled: str) -> re.Pattern[str]:
    newline = "" if len(quote) == 3 else r"\r\n"
    lone_quote = f"{quote[0]}(?!{quote[1:]})" if len(quote) == 3 else "(?!)"
    return re.compile(
        rf"(?>(?:[^\\{{{braces}{quote[0]}{newline}]++|{doubled}|\\(?:\r\n|[^{{}}]|)|{lone_quote})*)"
        rf"(?P<end>{quote}|[{{{braces}])?",
        re.DOTALL,
    )


_LITERALS = {
    (quote, is_specifier): _literal(quote, *args)
    for quote in REST
    for is_specifier, args in ((False, ("", r"\{\{")), (True, ("}", "(?!)")))
}
"""What is literal in an f-string, or in a format specifier of one, and what ends that."""

_TRIED = re.compile(r"(?:^|[;:])[ \t\f]*(?:case|del)\b", re.MULTILINE)
"""Behind these stands what libcst reads in several ways, one after the other."""
_TRIED_TOKEN = re.compile(r"\w+|[^\w \t\f]")
_LINE = re.compile(r"([ \t\f]*)([^\r\n]*)(?:\r\n?|\n|\Z)")
_TOKEN = re.compile(
    r"""
    (?P<link>\*\*|//|<<|>>|[-+*/%@&|^~.`]|\b(?:and|or|not|if|else|await|yield|from)\b)
    |(?P<open>[(\[{])
    |(?P<close>[)\]}])
    |(?P<comma>[,;])
    |(?P<colon>:)
    |(?P<string>")
    |(?P<lambda>\blambda\b)
    |(?P<for>\bfor\b)
    """,
    re.VERBOSE,
)


def is_too_deep(text: str, *, f_strings: bool = True) -> bool:
    """Could libcst's parser run out of stack, or of all patience, over this text?

    Takes time in proportion to the text, which may be wrong in any way. What counts is what can
    nest: brackets, blocks, and the links of chains, counted rather too high than too low. The
    elements of a display don't nest, however many they are.

    Args:
        text: whole lines.
        f_strings: read f-strings as code, as Python does since 3.12; otherwise they are strings,
            as they are for Python 2.
    """
    is_tried = "del" in text or ("case" in text and "match" in text)
    if len(text) * _CHARACTER <= _STACK and not (is_tried and _TRIED.search(text)):
        return False
    if f_strings and _F_STRING.search(text):
        code = _with_fields(text)
    else:
        code = NO_CODE.sub(_placeholder, text)
    if is_tried and _reads(code) > _most_reads(code):
        return True
    blocks = _Blocks()
    depth = start = 0
    for line in _LINE.finditer(code):
        content = line[2]
        if depth == 0:
            start = line.start()
            blocks.start_line(line[1], content)
        depth += content.count("(") + content.count("[") + content.count("{")
        depth -= content.count(")") + content.count("]") + content.count("}")
        depth = max(depth, 0)
        if depth == 0 and _exceeds(code[start : line.end()], _STACK - blocks.cost):
            return True
    return depth > 0 and _exceeds(code[start:], _STACK - blocks.cost)


def _most_reads(text: str) -> int:
    return _READS + len(text) * _READS_PER_CHARACTER


def _reads(code: str) -> int:
    """How often libcst reads a token of what it reads in several ways, all in all; counted up to
    where it is clear that it is too often."""
    limit = _most_reads(code)
    reads = end = 0
    for start in _TRIED.finditer(code):
        if start.start() < end:
            continue  # in the brackets of the one before
        # For each open bracket, how often what is in it is read.
        factors: list[int] = []
        factor, before = 1, "("
        for token in _TRIED_TOKEN.finditer(code, start.end()):
            word = token.group()
            reads += factor
            if reads > limit:
                return reads
            if word in ("(", "[", "{"):
                is_class = word == "(" and (before[-1].isalnum() or before[-1] == "_")
                factors.append(2 if word == "[" or is_class else 4)
                factor *= factors[-1]
            elif word in (")", "]", "}"):
                factor //= factors.pop() if factors else 1
            elif not factors and word in ("if", ":", ";", "=", "\n", "\r"):
                break
            before, end = word, token.end()
    return reads


def _placeholder(match: re.Match[str]) -> str:
    return '"' if match["string"] else " "


def _with_fields(text: str) -> str:
    """The text without comments, with a quote for each string, and with f-strings as brackets
    around their replacement fields. Any code may stand in a field, strings with the same quotes
    included."""
    pieces: list[str] = []
    # What is open, outwards from the innermost f-string: the quotes of f-strings, "}" for their
    # fields, ":" for format specifiers, and the brackets in fields as ")".
    around: list[str] = []
    quotes: list[str] = []
    place = 0
    while True:
        inner = around[-1] if around else ""
        if inner == ":" or inner in REST:
            literal = _LITERALS[quotes[-1], inner == ":"].match(text, place)
            assert literal is not None
            place = literal.end()
            end = literal["end"]
            if end == "{":
                pieces.append("{")
                around.append("}")
            elif end == "}":
                pieces.append("},")
                del around[-2:]
            else:
                # The quote, or the end of the line, ends the string with all that is open in it.
                while around.pop() not in REST:
                    pieces.append(")")
                pieces.append(")")
                quotes.pop()
            continue
        match = _F_TOKEN.search(text, place)
        if match is None:
            pieces.append(text[place:])
            return "".join(pieces)
        pieces.append(text[place : match.start()])
        place = match.end()
        token = match.group()
        if match["quote"]:
            pieces.append('"(')
            around.append(match["quote"])
            quotes.append(match["quote"])
        elif len(token) > 1 or token not in "()[]{}:":
            pieces.append(_placeholder(match))
        else:
            pieces.append(token)
            if token in "([{":
                if around:
                    around.append(")")
            elif token == ":":
                if inner == "}":
                    around.append(":")
            elif inner == ")":
                around.pop()
            elif inner == "}" and token == "}":
                pieces.append(",")
                around.pop()


class _Blocks:
    """The blocks around a line: how far each is indented, and the `elif`s of its last `if`."""

    def __init__(self) -> None:
        self.widths = [0]
        self.elifs = [0]
        self.cost = 0

    def start_line(self, indentation: str, content: str) -> None:
        if not content:
            return
        width = len(indentation.rpartition("\f")[2].expandtabs(8))
        while self.widths[-1] > width:
            self.widths.pop()
            self.elifs.pop()
        if self.widths[-1] < width:
            self.widths.append(width)
            self.elifs.append(0)
        if content.startswith("elif"):
            self.elifs[-1] += 1
        elif not content.startswith("else"):
            self.elifs[-1] = 0
        self.cost = (len(self.widths) - 1) * _BLOCK + sum(self.elifs) * _ELIF


class _Level:
    """What is known of a logical line, or of an open bracket in it.

    `links`, `strings` and `inner` belong to the element at hand, which is what stands between two
    commas: how many links its chains can have, how many strings stand in it, and what the deepest
    of its brackets costs. `worst` is the cost of the deepest element so far; `clauses` are the
    `for`s of a comprehension, whose targets may have commas of their own.
    """

    __slots__ = ("clauses", "inner", "lambdas", "links", "strings", "worst")

    def __init__(self) -> None:
        self.links = 0
        self.strings = 0
        self.inner = 0
        self.worst = 0
        self.lambdas = 0
        self.clauses = 0

    def end_element(self) -> None:
        if self.links > _LINKS:
            self.worst = _STACK + 1
        cost = self.links * _LINK + self.strings * _STRING + self.inner
        self.worst = max(self.worst, cost)
        self.links = self.strings = self.inner = 0

    def cost(self) -> int:
        self.end_element()
        return self.worst + self.clauses * _LINK


def _exceeds(code: str, limit: int) -> bool:
    """Does a logical line cost more?"""
    if len(code) * _CHARACTER <= limit:
        return False
    level = _Level()
    around: list[_Level] = []
    for match in _TOKEN.finditer(code):
        kind = match.lastgroup
        if kind == "link":
            level.links += 1
        elif kind == "string":
            level.strings += 1
        elif kind == "open":
            level.links += 1
            around.append(level)
            if len(around) * _BRACKET > limit:
                return True
            level = _Level()
        elif kind == "close":
            if around:
                cost = level.cost() + _BRACKET
                level = around.pop()
                level.inner = max(level.inner, cost)
        elif kind == "comma":
            # The commas between the parameters of a lambda end nothing.
            if not level.lambdas:
                level.end_element()
        elif kind == "colon":
            level.lambdas = max(level.lambdas - 1, 0)
        elif kind == "lambda":
            level.links += 1
            level.lambdas += 1
        else:
            level.clauses += 1
    while around:
        cost = level.cost() + _BRACKET
        level = around.pop()
        level.inner = max(level.inner, cost)
    return level.cost() > limit
