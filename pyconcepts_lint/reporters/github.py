"""Workflow commands, which GitHub shows as annotations at the changed lines.

The escapes are those of
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from pyconcepts_lint.finding import Finding
from pyconcepts_lint.reporters import Style


def write(findings: Sequence[Finding], out: TextIO, style: Style) -> None:
    for finding in findings:
        path = style.path(finding.path)
        properties = {
            "title": f"{finding.code} ({finding.name})",
            "file": path,
            "line": str(finding.line),
            "col": str(finding.column),
            "endLine": str(finding.end_line),
            "endColumn": str(finding.end_column),
        }
        said = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
        message = f"{path}:{finding.line}:{finding.column}: {finding.code} {finding.message}"
        out.write(f"::error {said}::{_data(message)}\n")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
