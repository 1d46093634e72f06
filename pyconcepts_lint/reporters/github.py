"""Workflow commands, which GitHub shows as annotations at the changed lines.

The escapes are those of
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..base.finding import Finding
from ..base.neutral import escaped
from ..base.typed import TYPE_CHECKING
from . import Style
from .cells import place_of

if TYPE_CHECKING:
    from typing import TextIO


COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}
_PARTS = re.compile(r"[\r\n]|[^\r\n]+")


def write(findings: Sequence[Finding], out: TextIO, style: Style) -> None:
    # GitHub takes paths from the top of the checkout, wherever this runs.
    top = style.from_top("GITHUB_WORKSPACE")
    for finding in findings:
        properties = {
            "file": top.path(finding.path),
            "line": finding.line,
            "col": finding.column,
            "endLine": finding.end_line,
            "endColumn": finding.end_column,
            "title": f"{finding.code} {finding.name}",
        }
        if finding.end_line != finding.line:
            # Columns are for places within a line: GitHub refuses an annotation that has both.
            del properties["col"], properties["endColumn"]
        said = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
        # The log of a job shows nothing but the message.
        place = f"{style.path(finding.path)}:{place_of(finding)}"
        out.write(
            f"::{COMMANDS[finding.severity]} {said}::{_data(f'{place}: {finding.code} {finding.message}')}\n"
        )


def _data(text: str) -> str:
    kept = "".join(part if part in "\r\n" else escaped(part) for part in _PARTS.findall(text))
    return kept.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
