"""The Reviewdog Diagnostic Format, by which reviewdog comments on reviews.

https://github.com/reviewdog/reviewdog/tree/master/proto/rdf
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from ..base.finding import Finding
from ..base.neutral import json_text
from ..base.report import UNREADABLE
from ..base.typed import TYPE_CHECKING
from ..plugins.site import url_of
from . import Style
from .places import Places

if TYPE_CHECKING:
    from typing import Any, TextIO


def write(findings: Sequence[Finding], out: TextIO, style: Style) -> None:
    places = Places(style, "utf-8")  # columns are counted in bytes of UTF-8
    out.write('{"source": {"name": "pyconcepts-lint"}, "severity": "WARNING", "diagnostics": [')
    between = "\n"
    for finding in findings:
        row = _diagnostic(finding, style, places)
        out.write(f"{between}{json_text(json.dumps(row))}")
        between = ",\n"
    out.write("\n]}\n" if findings else "]}\n")


def _diagnostic(finding: Finding, style: Style, places: Places) -> dict[str, Any]:
    def range_of(*place: int) -> dict[str, Any]:
        start, end = (
            {"line": line, "column": places.units_before(finding.path, line, column) + 1}
            for line, column in (place[:2], place[2:])
        )
        return {"start": start, "end": end}

    code = {"value": finding.code}
    url = url_of(finding.code)
    row: dict[str, Any] = {
        "message": finding.message,
        "location": {
            "path": style.path(finding.path),
            "range": range_of(finding.line, finding.column, finding.end_line, finding.end_column),
        },
        "severity": "ERROR" if finding.code == UNREADABLE[0] else "WARNING",
        "code": code | {"url": url} if url else code,
    }
    edits = finding.fix.edits if finding.fix is not None and finding.fix.is_safe else ()
    # Suggestions are taken one by one, and don't say that they are unsafe.
    if len(edits) == 1 and edits[0].path == finding.path:
        edit = edits[0]
        row["suggestions"] = [{"range": range_of(*edit.start, *edit.end), "text": edit.new_text}]
    return row
