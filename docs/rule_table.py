"""Write the table of rules into README.md, from what the rules say of themselves.

    python docs/rule_table.py [--check]

With `--check` nothing is written; the exit code is 1 where the table is not current.
"""

from __future__ import annotations

import sys
from pathlib import Path

from current import write_or_check

from pyconcepts_lint.plugins.registry import rules

README = Path(__file__).parents[1] / "README.md"
BEGIN = "<!-- rules:begin -->"
END = "<!-- rules:end -->"


def table() -> str:
    """The project's own rules as a Markdown table, in the order of their codes."""
    lines = ["| code | name | what it finds |", "| --- | --- | --- |"]
    for code, rule in rules().items():
        if rule.__module__.startswith("pyconcepts_lint.rules."):
            shown = code if rule.on else f"{code} (off)"
            lines.append(
                f"| {shown} | {rule.name} | {rule.summary().replace('|', chr(92) + '|')} |"
            )
    return "\n".join(lines)


def with_table(text: str) -> str:
    """The text of the README with the current table between its markers."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    sys.exit(write_or_check({README: with_table(README.read_text(encoding="utf-8"))}))
