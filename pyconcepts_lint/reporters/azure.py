"""Logging commands, which Azure Pipelines shows as issues of a run.

https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
"""

from __future__ import annotations

from collections.abc import Sequence

from ..base.finding import Finding
from ..base.neutral import escaped
from ..base.typed import TYPE_CHECKING
from . import Style
from .columns import one_line

if TYPE_CHECKING:
    from typing import TextIO


def write(findings: Sequence[Finding], out: TextIO, style: Style) -> None:
    # Azure takes paths from the top of the checkout, wherever this runs.
    top = style.from_top("BUILD_SOURCESDIRECTORY")
    for finding in findings:
        properties = {
            # Azure knows nothing less than a warning.
            "type": "error" if finding.severity == "error" else "warning",
            "sourcepath": top.path(finding.path),
            "linenumber": finding.line,
            "columnnumber": finding.column,
            "code": finding.code,
        }
        said = "".join(f"{name}={_property(str(value))};" for name, value in properties.items())
        out.write(f"##vso[task.logissue {said}]{_data(f'{finding.code} {finding.message}')}\n")


def _data(text: str) -> str:
    return escaped(one_line(text)).replace("%", "%AZP25")


def _property(text: str) -> str:
    return _data(text).replace(";", "%3B").replace("]", "%5D")
