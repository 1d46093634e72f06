"""One page that stands for itself: no network, light and dark, whole without its script.

The script filters and folds (see `html_script`); it is the only one that the page lets run, by its
digest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache
from html import escape
from itertools import groupby

from ..base.errors import __version__
from ..base.finding import Finding, Fix
from ..base.typed import TYPE_CHECKING, NamedTuple
from ..source.text import Source
from . import Style
from .changes import Hunk, hunks
from .columns import cells, one_line, span_of_related
from .html_script import SCRIPT
from .html_style import CSS
from .statistics import Count, Statistics

if TYPE_CHECKING:
    from typing import TextIO

CONTEXT = 2
"""So many lines are shown before a place, and after it."""
MAXIMUM_LINES = 20
"""Of a range, and of a change, no more lines are shown."""

_CODE = re.compile(r"`([^`]+)`")


def write(findings: Sequence[Finding], out: TextIO, style: Style) -> None:
    page = _Page(findings, style)
    for piece in page.pieces():
        # With references for all else, the page is the same in every encoding.
        out.write(piece.encode("ascii", "xmlcharrefreplace").decode("ascii"))


class _Group(NamedTuple):
    """Findings that can be shown alone: those of a concept, or of a rule."""

    kind: str
    id: str
    code: str
    name: str
    summary: str
    counted: Count


class _Page:
    """The page, piece by piece."""

    def __init__(self, findings: Sequence[Finding], style: Style) -> None:
        self.statistics = Statistics(findings)
        self.style = style
        self.files = [
            (style.path(path), list(found))
            for path, found in groupby(findings, lambda finding: finding.path)
        ]
        # Findings come file by file, and their fixes seldom reach further.
        self.read: Callable[[str], Source | None] = lru_cache(maxsize=8)(style.source)
        self.groups = list(_groups(self.statistics)) if findings else []
        self.number = 0

    def pieces(self) -> Iterator[str]:
        yield from self._head()
        yield from self._header()
        yield '<div class="page">\n'
        if self.files:
            yield from self._navigation()
        yield "<main>\n"
        for number, (shown, findings) in enumerate(self.files, 1):
            yield from self._file(number, shown, findings)
        yield from self._about_groups()
        yield "</main>\n</div>\n"
        yield f"<footer>pyconcepts-lint {_text(__version__)}</footer>\n"
        yield (
            f"<script>{SCRIPT}</script>\n</body>\n</html>\n" if self.files else "</body>\n</html>\n"
        )

    def _head(self) -> Iterator[str]:
        yield (
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            '<meta name="color-scheme" content="light dark">\n'
            '<meta http-equiv="Content-Security-Policy"'
            f" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src '{_digest()}'\">\n"
            f"<title>{self._found()}</title>\n<style>\n{CSS}</style>\n</head>\n<body>\n"
        )

    def _found(self) -> str:
        number = self.statistics.all.findings
        if not number:
            return "Notes only" if self.style.folded else "Nothing to report"
        return f"{_count(number, 'finding')} in {_count(len(self.files), 'file')}"

    def _header(self) -> Iterator[str]:
        yield f"<header>\n<h1>{self._found()}</h1>\n"
        if self.files:
            counted = self.statistics.all
            yield f"<p>{_severities(counted)} {_fixes(counted)}</p>\n"
        for folded in self.style.folded:
            yield (
                f'<p class="folded"><b>{_text(folded.code)}</b> {_text(folded.name)} '
                f'<span class="note">note</span>: {_prose(folded.text)}</p>\n'
            )
        if self.style.errors:
            yield '<ul class="errors">\n'
            for error in self.style.errors:
                yield f"<li>Error: {_text(self.style.said(error))}</li>\n"
            yield "</ul>\n"
        if self.files:
            yield from self._filters()
        yield "</header>\n"

    def _filters(self) -> Iterator[str]:
        """What the script shows and obeys."""
        yield (
            '<form id="filters" hidden>\n'
            '<label>Text <input id="search" type="search" autocomplete="off"></label>\n'
            '<label>Rule <select id="by-rule">\n<option value="">all</option>\n'
        )
        for group in self.groups:
            indent = "&#160;&#160;" if group.kind == "rule" else ""
            yield (
                f'<option value="{_text(group.code)}">{indent}{_text(group.code)} '
                f"{_text(group.name)} ({group.counted.findings:,})</option>\n"
            )
        yield '</select></label>\n<label>Severity <select id="by-severity">\n'
        yield '<option value="">any</option>\n'
        for severity, number in self.statistics.all.severities.items():
            if number:
                yield f'<option value="{severity}">{severity} ({number:,})</option>\n'
        yield '</select></label>\n<label>Fix <select id="by-fix">\n'
        for value, shown in (
            ("", "any or none"),
            ("safe", "safe"),
            ("unsafe", "unsafe"),
            ("no", "none"),
        ):
            yield f'<option value="{value}">{shown}</option>\n'
        yield '</select></label>\n<label>File <select id="by-file">\n<option value="">all</option>\n'
        for number, (shown, findings) in enumerate(self.files, 1):
            yield f'<option value="file-{number}">{_text(shown)} ({len(findings):,})</option>\n'
        yield (
            '</select></label>\n<button id="clear" type="button">Clear</button>\n'
            '<button id="fold" type="button">Fold all</button>\n'
            '<button id="unfold" type="button">Unfold all</button>\n'
            '<output id="shown"></output>\n'
            "<p><small>Keys: / text, j and k next and previous finding, o folds its file, "
            "0 clears the filters.</small></p>\n</form>\n"
        )

    # The lists of rules and of files

    def _navigation(self) -> Iterator[str]:
        yield "<nav>\n<details open>\n<summary>Rules</summary>\n<ul>\n"
        for group in self.groups:
            title = f' title="{_text(group.summary)}"' if group.summary else ""
            yield (
                f'<li class="{group.kind}"><a href="#{group.id}" data-group="{_text(group.code)}"'
                f"{title}><b>{_text(group.code)}</b> {_text(group.name)}</a>"
                f" <small>{group.counted.findings:,}</small></li>\n"
            )
        yield "</ul>\n</details>\n<details>\n<summary>Files</summary>\n<ul>\n"
        for number, (shown, findings) in enumerate(self.files, 1):
            yield (
                f'<li><a href="#file-{number}" data-file="file-{number}">{_text(shown)}</a>'
                f" <small>{len(findings):,}</small></li>\n"
            )
        yield "</ul>\n</details>\n</nav>\n"

    # Findings

    def _file(self, number: int, shown: str, findings: Sequence[Finding]) -> Iterator[str]:
        yield (
            f'<section class="file" id="file-{number}" data-path="{_text(shown)}">\n<details open>\n'
            f"<summary><h2>{_text(shown)}</h2> <small>{len(findings):,}</small></summary>\n"
        )
        for finding in findings:
            yield from self._finding(finding)
        yield "</details>\n</section>\n"

    def _about_groups(self) -> Iterator[str]:
        """What is behind the findings: a list, of which the script shows the chosen one on top."""
        if self.groups:
            yield "<section>\n<h2>The rules</h2>\n"
            for group in self.groups:
                about = f": {_prose(group.summary)}" if group.summary else ""
                yield (
                    f'<div class="about" id="{group.id}" data-group="{_text(group.code)}">\n'
                    f"<p><b>{_text(group.code)}</b> {_text(group.name)}{about}</p>\n<p>"
                    f"{_fixes(group.counted)} <code>pyconcepts-lint --explain {_text(group.code)}"
                    "</code> says more.</p>\n</div>\n"
                )
            yield "</section>\n"

    def _finding(self, finding: Finding) -> Iterator[str]:
        self.number += 1
        fix = finding.fix.applicability if finding.fix is not None else "no"
        yield (
            f'<article id="finding-{self.number}" data-rule="{_text(finding.code)}" '
            f'data-concept="{_text(self.statistics.concept_of[finding.code])}" data-fix="{fix}" data-severity="{finding.severity}">\n'
            f'<h3><a href="#finding-{self.number}">{finding.line}:{finding.column}</a> '
            f"<b>{_text(finding.code)}</b> {_text(finding.name)} "
            f'<span class="{finding.severity}">{finding.severity}</span></h3>\n'
            f"<p>{_prose(finding.message)}</p>\n"
        )
        source = self.read(finding.path)
        if source is not None:
            yield from _excerpt(finding, source)
        yield from self._related(finding)
        if finding.fix is not None:
            yield from self._fix(finding.fix, finding.path, " open")
            for other in finding.fix.alternatives:
                yield from self._fix(other, finding.path, "")
        yield "</article>\n"

    def _related(self, finding: Finding) -> Iterator[str]:
        if not finding.related:
            return
        yield '<ul class="related">\n'
        for related in finding.related:
            place = f"{self.style.path(related.path)}:{related.line}"
            yield f'<li><span class="path">{_text(place)}</span> {_prose(related.message)}\n'
            source = self.read(related.path)
            if source is not None and 1 <= related.line <= source.line_count:
                line = source.line(related.line)
                start, end = span_of_related(related, line)
                marked = _numbered(related.line, _marked(line.rstrip(), start, end))
                yield f'<pre tabindex="0">{marked}</pre>'
            yield "</li>\n"
        yield "</ul>\n"

    def _fix(self, fix: Fix, path: str, state: str) -> Iterator[str]:
        kind = "Safe fix" if fix.is_safe else "Unsafe fix"
        yield (
            f"<details{state}>\n<summary>"
            f'<span class="{fix.applicability}">{kind}:</span> {_prose(fix.message)}</summary>\n'
        )
        for hunk in hunks(fix, self.read):
            if hunk.path != path or hunk.creates:
                new = " (new file)" if hunk.creates else ""
                yield f'<p class="path">{_text(self.style.path(hunk.path))}{new}</p>\n'
                path = hunk.path
            if hunk.old or hunk.new:
                yield from _change(hunk)
        yield "</details>\n"


def _excerpt(finding: Finding, source: Source) -> Iterator[str]:
    last = finding.end_line
    if last > finding.line and finding.end_column == 1:
        last -= 1
    shown = min(last, finding.line + MAXIMUM_LINES - 1)
    yield '<pre tabindex="0">'
    first = max(finding.line - CONTEXT, 1)
    for number in range(first, min(shown + CONTEXT, source.line_count) + 1):
        line = source.line(number)
        if finding.line <= number <= shown:
            start = finding.column - 1 if number == finding.line else _indentation(line)
            end = finding.end_column - 1 if number == finding.end_line else len(line.rstrip())
            yield _numbered(number, _marked(line, start, max(end, start + 1)))
        else:
            yield _numbered(number, "".join(cells(line)), "around")
        if number == shown < last:
            yield f'<span class="around">      &#8230; to line {last}</span>\n'
            break
    yield "</pre>\n"


def _numbered(number: int, drawn: str, kind: str = "") -> str:
    if kind:
        drawn = f'<span class="{kind}">{escape(drawn)}</span>'
    return f"<s>{number:>5} </s>{drawn}\n"


def _marked(line: str, start: int, end: int) -> str:
    drawn = cells(line)
    before, marked, after = (
        escape("".join(part)) for part in (drawn[:start], drawn[start:end], drawn[end:])
    )
    return f"{before}<mark>{marked or ' '}</mark>{after}"


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip())


def _change(hunk: Hunk) -> Iterator[str]:
    yield '<pre tabindex="0">'
    for sign, tag, first, lines in (
        ("-", "del", hunk.line, hunk.old),
        ("+", "ins", hunk.new_line, hunk.new),
    ):
        for number, line in enumerate(lines[:MAXIMUM_LINES], first):
            drawn = escape("".join(cells(line)))
            yield f"<{tag}><s>{number:>5} {sign} </s>{drawn}</{tag}>\n"
        more = len(lines) - MAXIMUM_LINES
        if more > 0:
            yield f'<span class="around">      {sign} &#8230; {_count(more, "more line")}</span>\n'
    yield "</pre>\n"


def _groups(statistics: Statistics) -> Iterator[_Group]:
    """Each concept, followed by its rules."""
    from ..plugins.concepts import concepts
    from ..plugins.registry import rules

    titles = {concept.number: concept.title for concept in concepts()}
    known = rules()
    for (number, name), count in statistics.concepts:
        concept = _id("concept", number)
        yield _Group("concept", concept, number, titles.get(number, name), "", count)
        for (code, rule_name), rule_count in statistics.rules:
            if statistics.concept_of[code] == number:
                summary = known[code].summary() if code in known else rule_name
                yield _Group("rule", _id("rule", code), code, rule_name, summary, rule_count)


def _id(kind: str, name: str) -> str:
    return f"{kind}-" + re.sub(r"[^A-Za-z0-9_-]", "-", name)


def _fixes(count: Count) -> str:
    parts = [
        f"{number:,} with {kind} fix"
        for number, kind in ((count.safe, "a safe"), (count.unsafe, "an unsafe"))
        if number
    ]
    return f"{', '.join(parts)}." if parts else "No fixes."


def _severities(count: Count) -> str:
    parts = [_count(number, kind) for kind, number in count.severities.items() if number]
    return f"{', '.join(parts)}." if parts else ""


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


@cache
def _digest() -> str:
    """That of the script, as a policy names it."""
    from base64 import b64encode
    from hashlib import sha256

    return f"sha256-{b64encode(sha256(SCRIPT.encode()).digest()).decode()}"


def _text(text: str) -> str:
    return escape(one_line(text))


def _prose(text: str) -> str:
    """Words in which code stands between backticks."""
    return _CODE.sub(r"<code>\1</code>", _text(text))
