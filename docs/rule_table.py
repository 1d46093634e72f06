"""Write the tables of rules into README.md and severity.md, from what the rules say of themselves.

    python docs/rule_table.py [--check]

With `--check` nothing is written; the exit code is 1 where the table is not current.
"""

from __future__ import annotations

import sys
from pathlib import Path

from current import write_or_check

from pyconcepts_lint.base.finding import SEVERITIES
from pyconcepts_lint.plugins.registry import rules

README = Path(__file__).parents[1] / "README.md"
SEVERITY = Path(__file__).parent / "severity.md"
BEGIN, END = "<!-- rules:begin -->", "<!-- rules:end -->"


def table() -> str:
    """The project's own rules as a Markdown table, in the order of their codes."""
    lines = ["| code | name | severity | what it finds |", "| --- | --- | --- | --- |"]
    for code, rule in rules().items():
        if rule.__module__.startswith("pyconcepts_lint.rules."):
            shown = code if rule.on else f"{code} (off)"
            lines.append(
                f"| {shown} | {rule.name} | {rule.severity} "
                f"| {rule.summary().replace('|', chr(92) + '|')} |"
            )
    return "\n".join(lines)


def with_table(text: str) -> str:
    """The text of the README with the current table between its markers."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def with_severities(text: str) -> str:
    """The text of docs/severity.md with the current table between its markers."""
    begin, end = "<!-- severities:begin -->", "<!-- severities:end -->"
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    lines = ["| severity | rules |", "| --- | --- |"]
    for severity in SEVERITIES:
        codes = [
            code
            for code, rule in rules().items()
            if rule.severity == severity and rule.__module__.startswith("pyconcepts_lint.rules.")
        ]
        lines.append(f"| `{severity}` | {', '.join(codes)} |")
    table = "\n".join(lines)
    return f"{before}{begin}\n{table}\n{end}{after}"


if __name__ == "__main__":
    sys.exit(
        write_or_check(
            {
                README: with_table(README.read_text(encoding="utf-8")),
                SEVERITY: with_severities(SEVERITY.read_text(encoding="utf-8")),
            }
        )
    )
