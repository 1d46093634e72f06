"""The findings of each file below its name, in columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from ..base.finding import Finding
from ..base.typed import TYPE_CHECKING
from . import LOOKS, Style
from .columns import one_line
from .drawing import Piece, draw

if TYPE_CHECKING:
    from typing import TextIO


def write(findings: Sequence[Finding], out: TextIO, style: Style) -> None:
    draw(_lines(findings, style), out, style.color)


def _lines(findings: Sequence[Finding], style: Style) -> Iterator[list[Piece]]:
    for path, found in groupby(findings, lambda finding: finding.path):
        own = list(found)
        yield [(one_line(style.path(path)), style.to_file("bold", path)), (":", "")]
        places = [f"{finding.line}:{finding.column}" for finding in own]
        width = max(map(len, places))
        for place, finding in zip(places, own, strict=True):
            yield [
                (f"  {place:<{width}}  ", ""),
                (finding.code, style.to_page(LOOKS[finding.severity], finding.code)),
                (f" {one_line(finding.message)}", ""),
                (f" [{finding.severity}]", "dim"),
            ]
        yield []
