"""`# noqa` comments, with the meaning that flake8 gives them.

A `# noqa` holds for all lines of the string or of the backslash-continued line that it ends,
with the codes that follow it (compared as prefixes, in capitals), or without any for every
code. flake8 looks for it in text, not in comments: one inside a string counts as well, and of
several in the same lines only the first does. A line that starts with `# flake8: noqa` takes
the whole file out, whatever follows it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate

from ..base.typed import NamedTuple
from .text import Source

_WHOLE_FILE = re.compile(r"\s*# flake8[:=]\s*noqa", re.IGNORECASE)
_DIRECTIVE = re.compile(r"# noqa(?::\s?(?P<codes>(?:[A-Z]+[0-9]+[,\s]*)+))?", re.IGNORECASE)
_CODE = re.compile(r"[^,\s]+")


class NoqaCode(NamedTuple):
    """A code as it is written in a directive; 1-based, the end is exclusive."""

    code: str
    line: int
    column: int
    end_column: int


class Noqa(NamedTuple):
    """A `# noqa` that counts.

    `line` and `column` (1-based) are where its `#` stands; it holds for the findings in
    `lines`. Without `codes` it holds for all of them. `in_comment` is False where it stands
    in a string, or where the file has no tokens to tell.
    """

    line: int
    column: int
    codes: tuple[NoqaCode, ...]
    lines: range
    in_comment: bool

    def covers(self, code: str) -> bool:
        return not self.codes or code.startswith(tuple(each.code for each in self.codes))


class Suppressions:
    """What the comments of one file say about the findings in it."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._mentioned = "noqa" in source.text.lower()
        self._covered: dict[tuple[int, str], bool] = {}

    def suppresses(self, line: int, code: str) -> bool:
        """Is a finding with this code in this line (1-based) not to be reported?"""
        if not self._mentioned:
            return False
        if self.whole_file:
            return True
        directive = self._by_line.get(line)
        if directive is None:
            return False
        asked = directive.line, code
        if asked not in self._covered:
            self._covered[asked] = directive.covers(code)
        return self._covered[asked]

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
            _directive(lines, group, comments) for group in groups if not marked.isdisjoint(group)
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


def _directive(lines: list[str], group: range, comments: dict[int, int]) -> Noqa:
    own = lines[group.start - 1 : group.stop - 1]
    text = "".join(own)
    starts = list(accumulate(map(len, own), initial=0))[:-1]

    def place(offset: int) -> tuple[int, int]:
        index = bisect_right(starts, offset) - 1
        return group.start + index, offset - starts[index] + 1

    match = _DIRECTIVE.search(text)
    assert match is not None
    codes = []
    if match["codes"] is not None:
        for code in _CODE.finditer(text, *match.span("codes")):
            line, column = place(code.start())
            codes.append(NoqaCode(code[0], line, column, column + len(code[0])))
    line, column = place(match.start())
    in_comment = line in comments and comments[line] <= column
    return Noqa(line, column, tuple(codes), group, in_comment)
