"""GitLab's Code Quality report, which merge requests show.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from ..base.finding import Finding, Related
from ..base.fingerprints import fingerprints
from ..base.neutral import json_text
from ..base.typed import TYPE_CHECKING
from . import Style

if TYPE_CHECKING:
    from typing import Any, TextIO


LEVELS = {"error": "critical", "warning": "major", "note": "info"}
"""GitLab's words for severities; it has `minor` and `blocker`, too."""


def write(findings: Sequence[Finding], out: TextIO, style: Style) -> None:
    # GitLab takes paths from the top of the repository, wherever this runs.
    top = style.from_top("CI_PROJECT_DIR")
    out.write("[")
    between = "\n"
    known_by = fingerprints(findings, top.text, top.directory)
    for finding, fingerprint in zip(findings, known_by, strict=True):
        issue: dict[str, Any] = {
            "description": f"{finding.code} {finding.message}",
            "check_name": finding.code,
            "fingerprint": fingerprint,
            "severity": LEVELS[finding.severity],
            "location": _location(finding, top),
        }
        if finding.related:
            issue["other_locations"] = [_location(related, top) for related in finding.related]
        out.write(f"{between}{json_text(json.dumps(issue))}")
        between = ",\n"
    out.write("\n]\n" if findings else "]\n")


def _location(of: Finding | Related, top: Style) -> dict[str, Any]:
    last = of.end_line
    if last > of.line and of.end_column == 1:
        last -= 1
    return {"path": top.path(of.path), "lines": {"begin": of.line, "end": last}}
