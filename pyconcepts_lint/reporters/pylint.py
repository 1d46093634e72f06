"""`path:line: [CODE] message [severity]`: what pylint's parseable format was, which many programs read."""

from __future__ import annotations

from collections.abc import Sequence

from ..base.finding import Finding
from ..base.typed import TYPE_CHECKING
from . import Style
from .columns import one_line
from .drawing import draw

if TYPE_CHECKING:
    from typing import TextIO


def write(findings: Sequence[Finding], out: TextIO, style: Style) -> None:
    draw(
        (
            [
                (f"{one_line(style.path(finding.path))}:{finding.line}: ", ""),
                (f"[{finding.code}] {one_line(finding.message)} [{finding.severity}]", ""),
            ]
            for finding in findings
        ),
        out,
        False,
    )
