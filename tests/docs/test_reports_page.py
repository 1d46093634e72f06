"""The page of the reports names every format, and its commands are ones that there are."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from pyconcepts_lint.frontends.cli import parser
from pyconcepts_lint.reporters import FORMATS

PAGE = (Path(__file__).parents[2] / "docs" / "reports.md").read_text(encoding="utf-8")


def test_every_format_has_a_row_and_a_section() -> None:
    sections = " ".join(re.findall(r"^## (.*)$", PAGE, re.MULTILINE))
    rows = " ".join(re.findall(r"^\| (\[.*?\))", PAGE, re.MULTILINE))
    for name in FORMATS:
        assert f"`{name}`" in sections
        assert f"`{name}`" in rows


def test_every_command_is_understood() -> None:
    blocks = re.findall(r"^```(?:sh|yaml|groovy)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    commands = re.findall(r"\bpyconcepts-lint (--.*?)'?$", "\n".join(blocks), re.MULTILINE)
    assert len(commands) == 8
    for command in commands:
        options = parser().parse_args(shlex.split(command))
        if options.output_file:
            named = re.search(rf"{re.escape(options.output_file)}['\n]", PAGE)
            assert named or options.output_format == "html"
