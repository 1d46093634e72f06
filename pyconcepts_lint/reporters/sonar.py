"""SonarQube's generic format for issues that other tools find.

https://docs.sonarsource.com/sonarqube-server/analyzing-source-code/importing-external-issues/generic-issue-import-format/
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from ..base.finding import SEVERITIES, Finding, Related
from ..base.neutral import json_text
from ..base.typed import TYPE_CHECKING
from . import Style
from .places import Places

if TYPE_CHECKING:
    from typing import Any, TextIO

ENGINE = "pyconcepts-lint"


LEVELS = {"error": "HIGH", "warning": "MEDIUM", "note": "LOW"}


def write(findings: Sequence[Finding], out: TextIO, style: Style) -> None:
    places = Places(style, "utf-16-le", 2)  # columns are counted in UTF-16, from 0
    found: dict[str, Any] = {
        "rules": [_rule(*rule) for rule in _rules(findings)],
        "issues": [_issue(finding, style, places) for finding in findings],
    }
    for piece in json.JSONEncoder(indent=1).iterencode(found):
        out.write(json_text(piece))
    out.write("\n")


def _rules(findings: Sequence[Finding]) -> list[tuple[str, str, str]]:
    """Code, name and severity of each rule that has found something: SonarQube has no severities
    of single issues, so it is that of the most severe one."""
    found: dict[tuple[str, str], str] = {}
    for finding in sorted(findings, key=lambda each: SEVERITIES.index(each.severity)):
        found.setdefault((finding.code, finding.name), finding.severity)
    return [(code, name, severity) for (code, name), severity in sorted(found.items())]


def _rule(code: str, name: str, severity: str) -> dict[str, Any]:
    from ..plugins.registry import rules

    known = rules().get(code)
    return {
        "id": code,
        "name": name,
        "description": known.summary() if known is not None else name,
        "engineId": ENGINE,
        "cleanCodeAttribute": "LOGICAL",
        "impacts": [{"softwareQuality": "RELIABILITY", "severity": LEVELS[severity]}],
    }


def _issue(finding: Finding, style: Style, places: Places) -> dict[str, Any]:
    def place(of: Finding | Related) -> dict[str, Any]:
        return {
            "message": of.message,
            "filePath": style.path(of.path),
            "textRange": _range(of, places),
        }

    issue: dict[str, Any] = {"ruleId": finding.code, "primaryLocation": place(finding)}
    if finding.related:
        issue["secondaryLocations"] = [place(related) for related in finding.related]
    return issue


def _range(finding: Finding | Related, places: Places) -> dict[str, int]:
    """A range that SonarQube takes: it refuses one without length, and lines beyond the end."""
    path, line, end_line = finding.path, finding.line, finding.end_line
    start = places.units_before(path, line, finding.column)
    end = places.units_before(path, end_line, finding.end_column)
    if end_line > line and finding.end_column == 1:
        end_line -= 1
        end = places.length(places.line(path, end_line))
    last = places.length(places.line(path, end_line))
    if start >= places.length(places.line(path, line)) or end > last:
        return {"startLine": line, "endLine": end_line}
    if (line, start) >= (end_line, end):
        return {"startLine": line, "endLine": line}
    return {"startLine": line, "endLine": end_line, "startColumn": start, "endColumn": end}
