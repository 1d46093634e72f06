"""Comments that suppress findings: `# noqa`, and `# pyconcepts-lint: disable=CODE`.

`# noqa` has the meaning that flake8 gives it.

A `# noqa` holds for all lines of the string or of the backslash-continued line that it ends,
with the codes that follow it (compared as prefixes, in capitals), or without any for every
code. flake8 looks for it in text, not in comments: one inside a string counts as well, and of
several in the same lines only the first does. A line that starts with `# flake8: noqa` takes
the whole file out, whatever follows it. Where the names of rules are known, they may stand in the
place of codes; flake8 itself takes a `# noqa` with names only for one without codes.

`# pyconcepts-lint: disable=CODE` on a line of its own holds for what follows, to the end of the block
that it stands in (the first statement with less indentation), or to an `enable=` of the code. Behind
a statement it holds for that line. Of several that concern a line, the last counts.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from itertools import accumulate

from ..base.typed import NamedTuple
from .text import Source

_WHOLE_FILE = re.compile(r"\s*# flake8[:=]\s*noqa", re.IGNORECASE)
_DIRECTIVE = re.compile(r"# noqa(?::\s?(?P<codes>(?:[A-Z]+[0-9]+[,\s]*)+))?", re.IGNORECASE)
_CODE = re.compile(r"[^,\s]+")
_COLON = re.compile(r"# noqa:\s?", re.IGNORECASE)
_NAME = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+"
_ITEM = re.compile(rf"[, \t]*({_NAME}|[a-z]+[0-9]+)(?![\w-])", re.IGNORECASE)
_OF_COMMENTS = "PCL905"
"""Under which code comments are reported themselves."""
_TOOL = "pyconcepts-lint:"
_BLOCK = re.compile(rf"#\s*{_TOOL}\s*(?i:(disable|enable))\b(?:\s*=)?")
_BLOCK_ITEM = re.compile(rf"\s*({_NAME}|[a-z]+[0-9]*)(?![\w-])\s*(,?)", re.IGNORECASE)

Names = Callable[[], Mapping[str, str]]
"""Gives the codes of rules by their names."""


class NoqaCode(NamedTuple):
    """A code or name as it is written in a directive; 1-based, the end is exclusive.

    `means` is what the codes start with that it stands for.
    """

    code: str
    line: int
    column: int
    end_column: int
    means: str


class Noqa(NamedTuple):
    """A `# noqa` that counts.

    `line` and `column` (1-based) are where its `#` stands; it holds for the findings in
    `lines`. Without `codes` it holds for all of them. `in_comment` is False where it stands
    in a string, or where the file has no tokens to tell. `unknown` are words in the place of
    names that no rule has, where nothing else stands behind the colon.
    """

    line: int
    column: int
    codes: tuple[NoqaCode, ...]
    lines: range
    in_comment: bool
    unknown: tuple[NoqaCode, ...] = ()

    @property
    def is_mistaken(self) -> bool:
        """Does it hold for everything only because its words are no names of rules?"""
        return bool(self.unknown) and not self.codes

    def covers(self, code: str) -> bool:
        return not self.codes or code.startswith(tuple(each.means for each in self.codes))


class Block(NamedTuple):
    """A `# pyconcepts-lint: disable=…` or `enable=…`, with where it stands and what for."""

    disables: bool
    line: int
    column: int
    end_column: int
    codes: tuple[NoqaCode, ...]
    lines: range


class Suppressions:
    """What the comments of one file say about the findings in it.

    Args:
        source: the file.
        names: gives the codes of rules by their names, which may stand for them.
    """

    def __init__(self, source: Source, names: Names | None = None) -> None:
        self._source = source
        self._names = names
        self._mentioned = "noqa" in source.text.lower()
        self._covered: dict[tuple[int, str], bool] = {}
        self._disabled: dict[str, bytes] = {}

    def suppresses(self, line: int, code: str) -> bool:
        """Is a finding with this code in this line (1-based) not to be reported?"""
        if self.disables(line, code):
            return True
        if not self._mentioned:
            return False
        if self.whole_file:
            return True
        directive = self._by_line.get(line)
        if directive is None or (code == _OF_COMMENTS and directive.is_mistaken):
            return False
        asked = directive.line, code
        if asked not in self._covered:
            self._covered[asked] = directive.covers(code)
        return self._covered[asked]

    def disables(self, line: int, code: str) -> bool:
        """Does a `# pyconcepts-lint: disable=` hold for a code in a line?"""
        if not self.blocks:
            return False
        if code not in self._disabled:
            lines = bytearray(self._source.line_count + 2)
            for block in self.blocks:
                if any(code.startswith(each.means) for each in block.codes):
                    sign = b"\1" if block.disables else b"\0"
                    lines[block.lines.start : block.lines.stop] = sign * len(block.lines)
            self._disabled[code] = bytes(lines)
        return bool(self._disabled[code][line : line + 1].strip(b"\0"))

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """All `# pyconcepts-lint: disable=…` and `enable=…`, from top to bottom."""
        if _TOOL not in self._source.text:
            return ()
        return tuple(_blocks(translated(self._source), self._known_names))

    @cached_property
    def _known_names(self) -> Mapping[str, str]:
        return {} if self._names is None else self._names()

    @cached_property
    def whole_file(self) -> bool:
        """Is there a `# flake8: noqa`?"""
        return self._mentioned and any(map(_WHOLE_FILE.match, self._source.lines))

    @cached_property
    def directives(self) -> tuple[Noqa, ...]:
        """All `# noqa` that count, from top to bottom."""
        if not self._mentioned:
            return ()
        lines = translated(self._source)
        marked = {n for n, line in enumerate(lines, 1) if _DIRECTIVE.search(line)}
        if not marked:
            return ()
        groups, comments = tokenized(lines)
        grouped = {n for group in groups for n in group}
        groups.extend(range(n, n + 1) for n in marked - grouped)
        groups.sort(key=lambda group: group.start)
        return tuple(
            _directive(lines, group, comments, self._known_names)
            for group in groups
            if not marked.isdisjoint(group)
        )

    @cached_property
    def _by_line(self) -> dict[int, Noqa]:
        return {n: directive for directive in self.directives for n in directive.lines}


def translated(source: Source) -> list[str]:
    """The lines as flake8 looks at them: each ends with LF.

    An expression that goes on over a line end does tell CR LF from LF.
    """
    return [
        line.rstrip("\r\n") + "\n" if line.endswith(("\n", "\r")) else line for line in source.lines
    ]


def tokenized(lines: list[str]) -> tuple[list[range], dict[int, int]]:
    """The lines that belong together, and by line the column (1-based) where a comment starts.

    Lines that a string or a backslash joins belong together, those within brackets don't:
    what counts is the next line end that is a token. Both are empty for what isn't tokens.
    """
    import tokenize

    groups: list[range] = []
    comments: dict[int, int] = {}
    first = 0
    try:
        for kind, _, (line, column), (last, _), _ in tokenize.generate_tokens(iter(lines).__next__):
            if kind in (tokenize.ENDMARKER, tokenize.DEDENT):
                continue
            first = first or line
            if kind == tokenize.COMMENT:
                comments[line] = column + 1
            elif kind in (tokenize.NL, tokenize.NEWLINE):
                groups.append(range(first, last + 1))
                first = 0
    except (tokenize.TokenError, SyntaxError):
        return [], {}
    return groups, comments


def _directive(
    lines: list[str], group: range, comments: dict[int, int], names: Mapping[str, str]
) -> Noqa:
    own = lines[group.start - 1 : group.stop - 1]
    text = "".join(own)
    starts = list(accumulate(map(len, own), initial=0))[:-1]

    def place(offset: int) -> tuple[int, int]:
        index = bisect_right(starts, offset) - 1
        return group.start + index, offset - starts[index] + 1

    def written(word: str, offset: int) -> NoqaCode:
        line, column = place(offset)
        means = names.get(word.lower(), word)
        return NoqaCode(word, line, column, column + len(word), means)

    match = _DIRECTIVE.search(text)
    assert match is not None
    spans = []
    if match["codes"] is not None:
        spans = [code.span() for code in _CODE.finditer(text, *match.span("codes"))]
    known, unknown = _named(text, match, spans, names) if names else (spans, [])
    codes = tuple(written(text[start:end], start) for start, end in known)
    words = tuple(written(text[start:end], start) for start, end in unknown)
    line, column = place(match.start())
    in_comment = line in comments and comments[line] <= column
    return Noqa(line, column, codes, group, in_comment, words)


Span = tuple[int, int]


def _named(
    text: str, directive: re.Match[str], codes: list[Span], names: Mapping[str, str]
) -> tuple[list[Span], list[Span]]:
    """The places of codes and names behind a `# noqa:`, and those of words that are neither.

    Args:
        text: what the directive stands in.
        directive: its match.
        codes: what flake8 takes for codes.
        names: the names of rules.

    Words count only where there is nothing else: `# noqa: re-raised below` is prose.
    """
    colon = _COLON.match(text, directive.start())
    if colon is None:
        return codes, []
    if codes and text[codes[-1][1] :][:1] == "-":
        codes = codes[:-1]  # the start of a name, such as python2-syntax
    at = codes[-1][1] if codes else colon.end()
    known, all_known = list(codes), list(codes)
    unknown: list[Span] = []
    while item := _ITEM.match(text, at):
        at = item.end()
        word = item[1].lower()
        is_known = word in names if "-" in word else bool(all_known)
        (all_known if is_known else unknown).append(item.span(1))
        if not unknown:
            known = list(all_known)
    rest = text[at:].strip(", \t\r\n")
    if rest and not rest.startswith("#"):
        return known, []
    return all_known, unknown


def _blocks(lines: list[str], names: Mapping[str, str]) -> Iterator[Block]:
    groups, comments = tokenized(lines)
    group_of = {n: group for group in groups for n in group}
    ends = _ends(lines, comments)
    for number, column in comments.items():
        line = lines[number - 1]
        match = _BLOCK.match(line, column - 1)
        if match is None:
            continue
        is_alone = not line[: column - 1].strip()
        covered = range(number, ends[number]) if is_alone else group_of[number]
        codes = tuple(_block_codes(line, number, match.end(), names))
        end = codes[-1].end_column if codes else match.end() + 1
        yield Block(match[1].lower() == "disable", number, column, end, codes, covered)


def _block_codes(text: str, line: int, at: int, names: Mapping[str, str]) -> Iterator[NoqaCode]:
    if text[at - 1] != "=":
        return
    while item := _BLOCK_ITEM.match(text, at):
        at = item.end()
        word = item[1]
        means = "" if word.lower() == "all" else names.get(word.lower(), word)
        yield NoqaCode(word, line, item.start(1) + 1, item.end(1) + 1, means)
        if not item[2]:
            break


def _ends(lines: list[str], comments: dict[int, int]) -> dict[int, int]:
    """By the line of each comment, the first line with less indented code below it."""
    import heapq

    indentations = _indentations(lines)
    found: dict[int, int] = {}
    waiting: list[tuple[int, int]] = []  # columns, the largest first, and lines
    for number in range(1, len(lines) + 1):
        column = indentations.get(number)
        while column is not None and waiting and -waiting[0][0] > column:
            found[heapq.heappop(waiting)[1]] = number
        if number in comments:
            heapq.heappush(waiting, (-comments[number], number))
    return dict.fromkeys(comments, len(lines) + 1) | found


def _indentations(lines: list[str]) -> dict[int, int]:
    """By the first line of each statement, the column (1-based) where it starts."""
    import tokenize

    found: dict[int, int] = {}
    passed_over = (tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT)
    is_at_start = True
    try:
        for kind, _, (line, column), _, _ in tokenize.generate_tokens(iter(lines).__next__):
            if kind == tokenize.NEWLINE:
                is_at_start = True
            elif is_at_start and kind not in passed_over:
                found[line] = column + 1
                is_at_start = False
    except (tokenize.TokenError, SyntaxError):
        return {}
    return found
