"""What an editor shows of a place: what its name or attribute finds, and the pages of rules."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator, Sequence

from ..base.finding import Finding
from ..plugins.registry import RegistryError, listed
from ..plugins.site import url_of, with_whole_links
from ..reporters import Style
from ..rule_api.faults import FileFault
from ..source.text import SourceError
from .projects import Projects

_CODE = re.compile(r"\b[A-Z]{1,3}[0-9]{3}\b")
WIDTH = 100


def hover(projects: Projects, path: str, line: int, column: int, text_line: str) -> str:
    """What there is to show of a place, as Markdown; "" for nothing.

    Args:
        projects: what is known.
        path: the file.
        line, column: the place, 1-based.
        text_line: the line's text.
    """
    code = _code_at(text_line, column)
    if code:
        return page(code)
    parts = []
    if projects.is_ready(path) and not projects.is_half_typed(path):
        lookup = _lookup(projects, path, line, column)
        if lookup:
            parts.append(f"```text\n{lookup}\n```")
    parts += _summaries(projects.findings(path), line, column)
    return "\n\n".join(parts)


def page(code: str) -> str:
    """The page of a rule; "" where there is no such rule."""
    rule = listed().get(code)
    if rule is None:
        return ""
    try:
        text = rule.load().page()
    except RegistryError:
        return ""
    return f"# {code} {rule.name}\n\n{with_whole_links(text)}"


def _code_at(text: str, column: int) -> str:
    """The code of a rule that is named at a column, in a comment say."""
    for match in _CODE.finditer(text):
        if match.start() < column <= match.end() + 1 and match[0] in listed():
            return match[0]
    return ""


def _lookup(projects: Projects, path: str, line: int, column: int) -> str:
    from ..showing.answers import Unanswerable
    from ..showing.asked import lookup_at
    from ..showing.text import write

    workspace = projects.workspace(path)
    if workspace is None:
        return ""
    try:
        file = workspace.open(path)
        if file.tree is None or file.module is None or file.is_python2:
            return ""
        answer = lookup_at(file, line, column)
    except (Unanswerable, SourceError, FileFault):
        return ""
    out = io.StringIO()
    write(answer, out, Style(WIDTH, False, _directory(projects, path)))
    return out.getvalue().rstrip()


def _directory(projects: Projects, path: str) -> str:
    settings = projects.settings(path)
    return os.path.dirname(path) if settings is None else settings.root


def _summaries(findings: Sequence[Finding], line: int, column: int) -> Iterator[str]:
    """The first paragraph of the page of each rule that has found something there."""
    for code in dict.fromkeys(each.code for each in findings if _holds(each, line, column)):
        rule = listed().get(code)
        if rule is None:
            continue
        try:
            summary = rule.load().summary()
        except RegistryError:
            continue
        url = url_of(code)
        title = f"[{code}]({url})" if url else code
        yield f"**{title}** {rule.name}: {summary}"


def _holds(finding: Finding, line: int, column: int) -> bool:
    start, end = (finding.line, finding.column), (finding.end_line, finding.end_column)
    return start <= (line, column) <= end
