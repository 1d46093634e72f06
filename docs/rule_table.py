"""Write the tables of rules into README.md and severity.md, from what the rules say of themselves,
and into README.md and index.md how many of them find what no other tool does.

    python docs/rule_table.py [--check]

With `--check` nothing is written; the exit code is 1 where the table is not current.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from current import write_or_check

from pyconcepts_lint.base.finding import SEVERITIES
from pyconcepts_lint.plugins.registry import rules

DOCS = Path(__file__).parent
README, INDEX, SEVERITY = DOCS.parent / "README.md", DOCS / "index.md", DOCS / "severity.md"
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


def between(begin: str, end: str, text: str, new: str) -> str:
    """A text with something else between two markers."""
    before, _, rest = text.partition(begin)
    _, _, after = rest.partition(end)
    return f"{before}{begin}\n{new}\n{end}{after}"


def with_table(text: str) -> str:
    """The text of the README with the current table between its markers."""
    return between(BEGIN, END, text, table())


def with_count(text: str, link: str) -> str:
    """A text with the number of rules whose mistakes no other tool points at."""
    measured = json.loads((DOCS / "comparison.json").read_text(encoding="utf-8"))["rules"]
    alone = sum(
        not any({"says", "near"} & {*said} for tool, said in row["tools"].items() if tool != "ours")
        for row in measured.values()
    )
    said = (
        f"{alone} of its {len(measured)} rules find mistakes at which none of "
        f"[ten other tools]({link}) points."
    )
    return between("<!-- alone:begin -->", "<!-- alone:end -->", text, said)


def with_severities(text: str) -> str:
    """The text of docs/severity.md with the current table between its markers."""
    lines = ["| severity | rules |", "| --- | --- |"]
    for severity in SEVERITIES:
        codes = [
            code
            for code, rule in rules().items()
            if rule.severity == severity and rule.__module__.startswith("pyconcepts_lint.rules.")
        ]
        lines.append(f"| `{severity}` | {', '.join(codes)} |")
    begin, end = "<!-- severities:begin -->", "<!-- severities:end -->"
    return between(begin, end, text, "\n".join(lines))


if __name__ == "__main__":
    sys.exit(
        write_or_check(
            {
                README: with_count(
                    with_table(README.read_text(encoding="utf-8")), "docs/comparison.md"
                ),
                INDEX: with_count(INDEX.read_text(encoding="utf-8"), "comparison.md"),
                SEVERITY: with_severities(SEVERITY.read_text(encoding="utf-8")),
            }
        )
    )
