"""GitLab's Code Quality report, which merge requests show.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from ..base.finding import Finding
from ..base.fingerprints import fingerprints
from ..base.neutral import json_text
from ..base.report import UNREADABLE
from ..base.typed import TYPE_CHECKING
from . import Style

if TYPE_CHECKING:
    from typing import TextIO


def write(findings: Sequence[Finding], out: TextIO, style: Style) -> None:
    # GitLab takes paths from the top of the repository, wherever this runs.
    top = style.from_top("CI_PROJECT_DIR")
    out.write("[")
    between = "\n"
    known_by = fingerprints(findings, top.text, top.directory)
    for finding, fingerprint in zip(findings, known_by, strict=True):
        last = finding.end_line
        if last > finding.line and finding.end_column == 1:
            last -= 1
        issue = {
            "description": f"{finding.code} {finding.message}",
            "check_name": finding.code,
            "fingerprint": fingerprint,
            "severity": "critical" if finding.code == UNREADABLE[0] else "major",
            "location": {
                "path": top.path(finding.path),
                "lines": {"begin": finding.line, "end": last},
            },
        }
        out.write(f"{between}{json_text(json.dumps(issue))}")
        between = ",\n"
    out.write("\n]\n" if findings else "]\n")
