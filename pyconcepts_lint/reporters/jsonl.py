"""One JSON object a line, for programs that read as they go."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ..base.finding import Finding
from ..base.neutral import json_text
from ..base.typed import TYPE_CHECKING
from . import Style
from .json import as_object

if TYPE_CHECKING:
    from typing import TextIO


def write(findings: Sequence[Finding], out: TextIO, style: Style) -> None:
    for finding in findings:
        out.write(json_text(json.dumps(as_object(finding, style))) + "\n")
