"""How many findings there are, rule by rule and concept by concept."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from ..base.finding import SEVERITIES, Finding
from ..base.typed import TYPE_CHECKING
from . import Style
from .drawing import Piece, draw

if TYPE_CHECKING:
    from typing import Any, TextIO


class Count:
    """How many findings, how many of each severity, and how many have a safe or an unsafe fix."""

    __slots__ = ("findings", "safe", "severities", "unsafe")

    def __init__(self) -> None:
        self.findings = self.safe = self.unsafe = 0
        self.severities: dict[str, int] = dict.fromkeys(SEVERITIES, 0)

    def add(self, finding: Finding) -> None:
        self.findings += 1
        self.severities[finding.severity] += 1
        if finding.fix is not None:
            self.safe += finding.fix.is_safe
            self.unsafe += not finding.fix.is_safe

    def to_json(self) -> dict[str, int]:
        return {
            "count": self.findings,
            **{f"{severity}s": number for severity, number in self.severities.items()},
            "safe_fixes": self.safe,
            "unsafe_fixes": self.unsafe,
        }


class Statistics:
    """The counts of all findings: in all, by rule and by concept, the most frequent first.

    `rules` go by code and name, `concepts` by number and name (see `concepts.Concept`).
    `concept_of` has the number of a rule's concept by its code.
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.all = Count()
        self.concept_of: dict[str, str] = {}
        rules: dict[tuple[str, str], Count] = {}
        concepts: dict[tuple[str, str], Count] = {}
        concept_of = _concepts() if findings else {}
        for finding in findings:
            rule = finding.code, finding.name
            concept = concept_of.get(finding.code, rule)
            self.concept_of[finding.code] = concept[0]
            self.all.add(finding)
            rules.setdefault(rule, Count()).add(finding)
            concepts.setdefault(concept, Count()).add(finding)
        self.rules = _most_frequent_first(rules)
        self.concepts = _most_frequent_first(concepts)


def _concepts() -> dict[str, tuple[str, str]]:
    from ..plugins.concepts import concepts

    return {
        rule.code: (concept.number, concept.name)
        for concept in concepts()
        for rule in concept.rules
    }


def _most_frequent_first(
    counts: dict[tuple[str, str], Count],
) -> list[tuple[tuple[str, str], Count]]:
    return sorted(counts.items(), key=lambda item: (-item[1].findings, item[0]))


def write(findings: Sequence[Finding], out: TextIO, style: Style, name: str) -> None:
    """Write the statistics: as JSON where the format `name` is that, else as a table."""
    statistics = Statistics(findings)
    if name == "json":
        json.dump(_as_object(statistics), out, indent=2)
        out.write("\n")
    elif name == "jsonl":
        for row in _as_rows(statistics):
            out.write(json.dumps(row) + "\n")
    else:
        draw(_lines(statistics), out, style.color)


def _as_object(statistics: Statistics) -> dict[str, Any]:
    return {
        "total": statistics.all.to_json(),
        "concepts": [
            {"concept": number, "name": name, **count.to_json()}
            for (number, name), count in statistics.concepts
        ],
        "rules": [
            {
                "code": code,
                "name": name,
                "concept": statistics.concept_of[code],
                **count.to_json(),
            }
            for (code, name), count in statistics.rules
        ],
    }


def _as_rows(statistics: Statistics) -> Iterator[dict[str, Any]]:
    found = _as_object(statistics)
    yield from ({"by": "rule", **row} for row in found["rules"])
    yield from ({"by": "concept", **row} for row in found["concepts"])
    yield {"by": "total", **found["total"]}


def _lines(statistics: Statistics) -> Iterator[list[Piece]]:
    if not statistics.rules:
        return
    named = [*statistics.rules, *statistics.concepts]
    widths = (
        len(str(statistics.all.findings)),
        max(len(code) for (code, _), _ in named),
        max(len(name) for (_, name), _ in named),
    )
    for (code, name), count in statistics.rules:
        yield _line(count, code, name, "bold red", widths)
    yield []
    for (number, name), count in statistics.concepts:
        yield _line(count, number, name, "bold", widths)
    yield []
    yield _line(statistics.all, "", "in all", "", widths)


def _line(
    count: Count, code: str, name: str, style: str, widths: tuple[int, int, int]
) -> list[Piece]:
    for_count, for_code, for_name = widths
    line: list[Piece] = [
        (f"{count.findings:>{for_count}}  ", ""),
        (f"{code:<{for_code}}", style),
        (f"  {name:<{for_name}}", ""),
    ]
    kinds = [
        f"{number} {severity}{'' if number == 1 else 's'}"
        for severity, number in count.severities.items()
        if number
    ]
    line.append((f"  {', '.join(kinds)}", ""))
    fixes = [
        f"{number} {kind}"
        for number, kind in ((count.safe, "safe"), (count.unsafe, "unsafe"))
        if number
    ]
    if fixes:
        line.append((f"  fixes: {', '.join(fixes)}", "dim"))
    return line
