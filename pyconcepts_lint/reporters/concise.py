"""One line a finding: `path:line:column: CODE message [severity]`."""

from __future__ import annotations

from collections.abc import Sequence

from ..base.finding import Finding
from ..base.typed import TYPE_CHECKING
from . import LOOKS, Style

if TYPE_CHECKING:
    from typing import TextIO


def write(findings: Sequence[Finding], out: TextIO, style: Style) -> None:
    if not findings:
        return
    from .columns import one_line
    from .drawing import draw

    draw(
        (
            [
                (one_line(style.path(finding.path)), style.to_file("bold", finding.path)),
                (f":{finding.line}:{finding.column}: ", ""),
                (finding.code, style.to_page(LOOKS[finding.severity], finding.code)),
                (f" {one_line(finding.message)}", ""),
                (f" [{finding.severity}]", "dim"),
            ]
            for finding in findings
        ),
        out,
        style.color,
    )
