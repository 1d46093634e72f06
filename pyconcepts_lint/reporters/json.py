"""A JSON list of objects: the form that stays stable for other programs."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ..base.finding import Finding
from ..base.neutral import json_text
from ..base.typed import TYPE_CHECKING
from . import Style

if TYPE_CHECKING:
    from typing import Any, TextIO


def write(findings: Sequence[Finding], out: TextIO, style: Style) -> None:
    found = [as_object(finding, style) for finding in findings]
    for piece in json.JSONEncoder(indent=2).iterencode(found):
        out.write(json_text(piece))
    out.write("\n")


def as_object(finding: Finding, style: Style) -> dict[str, Any]:
    """A finding as JSON, its paths as they are shown."""
    found = finding.to_json()
    found["path"] = style.path(found["path"])
    for related in found["related"]:
        related["path"] = style.path(related["path"])
    if found["fix"] is not None:
        _show_paths(found["fix"], style)
    return found


def _show_paths(fix: dict[str, Any], style: Style) -> None:
    for edit in fix["edits"]:
        edit["path"] = style.path(edit["path"])
    for other in fix["alternatives"]:
        _show_paths(other, style)
