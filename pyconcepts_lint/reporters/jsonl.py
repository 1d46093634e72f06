"""One JSON object a line, for programs that read as they go."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TextIO

from ..finding import Finding
from . import Style
from .json import as_object


def write(findings: Sequence[Finding], out: TextIO, style: Style) -> None:
    for finding in findings:
        out.write(json.dumps(as_object(finding, style)) + "\n")
