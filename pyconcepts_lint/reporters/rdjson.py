"""The Reviewdog Diagnostic Format, by which reviewdog comments on reviews.

https://github.com/reviewdog/reviewdog/tree/master/proto/rdf
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from ..base.finding import Finding, Related
from ..base.neutral import json_text
from ..base.typed import TYPE_CHECKING
from ..plugins.site import url_of
from . import Style
from .places import Places

if TYPE_CHECKING:
    from typing import Any, TextIO


LEVELS = {"error": "ERROR", "warning": "WARNING", "note": "INFO"}


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
    def range_of(path: str, *place: int) -> dict[str, Any]:
        start, end = (
            {"line": line, "column": places.units_before(path, line, column) + 1}
            for line, column in (place[:2], place[2:])
        )
        return {"start": start, "end": end}

    def location_of(of: Finding | Related) -> dict[str, Any]:
        place = of.line, of.column, of.end_line, of.end_column
        return {"path": style.path(of.path), "range": range_of(of.path, *place)}

    code = {"value": finding.code}
    url = url_of(finding.code)
    row: dict[str, Any] = {
        "message": finding.message,
        "location": location_of(finding),
        "severity": LEVELS[finding.severity],
        "code": code | {"url": url} if url else code,
    }
    if finding.related:
        row["related_locations"] = [
            {"message": related.message, "location": location_of(related)}
            for related in finding.related
        ]
    edits = finding.fix.edits if finding.fix is not None and finding.fix.is_safe else ()
    # Suggestions are taken one by one, and don't say that they are unsafe.
    if len(edits) == 1 and edits[0].path == finding.path:
        edit = edits[0]
        row["suggestions"] = [
            {"range": range_of(edit.path, *edit.start, *edit.end), "text": edit.new_text}
        ]
    return row
