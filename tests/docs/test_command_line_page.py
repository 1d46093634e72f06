"""docs/command-line.md has every option that there is, with its argument, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from pyconcepts_lint.frontends.options import GROUPS

PAGE = (Path(__file__).parents[2] / "docs" / "command-line.md").read_text(encoding="utf-8")


def test_every_option_has_its_row_under_its_heading() -> None:
    expected = {}
    for group in GROUPS:
        for option in group.options:
            if option.flags[0].startswith("-"):
                metavar = option.keywords.get("metavar", "")
                shown = [f"`{flag} {metavar}`" if metavar else f"`{flag}`" for flag in option.flags]
                expected[", ".join(shown)] = group.title
    found = {}
    for section in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]:
        title = section.partition("\n")[0].lower()
        found |= dict.fromkeys(re.findall(r"^\| (`-[^|]*`) \| ", section, re.MULTILINE), title)
    assert found == expected
