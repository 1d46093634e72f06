"""One line a finding: `path:line:column: CODE message`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TextIO

from pyconcepts_lint.finding import Finding
from pyconcepts_lint.reporters import Style


def write(findings: Sequence[Finding], out: TextIO, style: Style) -> None:
    if style.color:
        from pyconcepts_lint.reporters.drawing import Drawing

        drawing = Drawing(out, style.width)
        for finding in findings:
            drawing.add(place(finding, style), "bold")
            drawing.add(f" {finding.code}", "bold red")
            drawing.add(f" {finding.message}")
            drawing.line()
        return
    for finding in findings:
        out.write(f"{place(finding, style)} {finding.code} {finding.message}\n")


def place(finding: Finding, style: Style) -> str:
    return f"{style.path(finding.path)}:{finding.line}:{finding.column}:"
