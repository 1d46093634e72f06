"""Write when rules are silent into silences.md, from what the rules say of themselves.

    python docs/silence_table.py [--check]

With `--check` nothing is written; the exit code is 1 where the page is not current.
"""

from __future__ import annotations

import sys
from pathlib import Path

from current import write_or_check
from rule_table import between

from pyconcepts_lint.plugins.registry import rules

PAGE = Path(__file__).parent / "silences.md"
BEGIN, END = "<!-- silences:begin -->", "<!-- silences:end -->"


def table() -> str:
    """The reasons as a Markdown table, in the order of the rules' codes."""
    lines = ["| rule | silent where |", "| --- | --- |"]
    for code, listed in rules().items():
        rule = listed.load()
        shown = f"{code} {rule.name}"
        if rule.__module__.startswith("pyconcepts_lint.rules."):
            for reason in rule.silences:
                lines.append(f"| {shown} | {reason.replace('|', chr(92) + '|')} |")
                shown = ""
    return "\n".join(lines)


if __name__ == "__main__":
    text = PAGE.read_text(encoding="utf-8")
    sys.exit(write_or_check({PAGE: between(BEGIN, END, text, table())}))
