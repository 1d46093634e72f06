"""Which of the findings are about the mistake: what was read and decided, and what follows.

The decisions stand in verdicts.toml. Under a rule's code (or the name of a peers' example), each
entry is a tool's name and a code (`*` stands for anything), and where the code says too little,
behind `: ` a piece of `path: message`. `says`: it names this mistake, in whatever words. `near`: it points at the place for
another reason, or to a symptom. `other`: read, and about something else. `against`: it objects to
the good example, for that is what it wants otherwise. Of a peers' example only `says` is listed. `unrelated` at the top is what is about
none of these mistakes anywhere.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, NamedTuple

from peer_tools import Finding

DECISIONS = Path(__file__).with_name("verdicts.toml")
KINDS = ("says", "near", "other", "against")


class Entry(NamedTuple):
    """A decision about a tool's codes, where `path: message` contains `piece`."""

    tool: str
    code: str
    piece: str

    @classmethod
    def parse(cls, text: str) -> Entry:
        """Raises ValueError where there is no code."""
        head, _, piece = text.partition(": ")
        tool, code = head.split(" ", 1)
        return cls(tool, code, piece)

    def matches(self, tool: str, finding: Finding) -> bool:
        return (
            self.tool == tool
            and fnmatchcase(finding.code, self.code)
            and self.piece in f"{finding.path}: {finding.message}"
        )


class Decisions:
    """What verdicts.toml says."""

    def __init__(self, text: str) -> None:
        table: dict[str, Any] = tomllib.loads(text)
        self.unrelated = [Entry.parse(each) for each in table.pop("unrelated", ())]
        self.subjects: dict[str, dict[str, list[Entry]]] = {
            subject: {kind: [Entry.parse(each) for each in row.get(kind, ())] for kind in KINDS}
            for subject, row in table.items()
        }

    def kind(self, subject: str, tool: str, finding: Finding) -> str | None:
        """What was decided; None where nobody has read it.

        Of our own rules, only the one that a bad example is of is about its mistake.
        """
        if tool == "ours" and subject.startswith("PCL"):
            return "says" if finding.code == subject else "other"
        for kind, entries in self.subjects.get(subject, {}).items():
            if any(entry.matches(tool, finding) for entry in entries):
                return kind
        if any(entry.matches(tool, finding) for entry in self.unrelated):
            return "other"
        return None


def load() -> Decisions:
    return Decisions(DECISIONS.read_text(encoding="utf-8"))


def candidates(bad: Iterable[Finding], good: Iterable[Finding]) -> list[Finding]:
    """The findings that the bad example has and the good one hasn't as often.

    A code that is as frequent in both is about something that both have.
    """
    left = Counter(finding.code for finding in bad)
    left.subtract(finding.code for finding in good)
    return [finding for finding in bad if left[finding.code] > 0]


def verdict(
    decisions: Decisions,
    subject: str,
    tool: str,
    bad: Sequence[Finding],
    good: Sequence[Finding],
) -> dict[str, list[Any]]:
    """What a tool says of a mistake, in the form in which the data file keeps it.

    `says` and `near` list path, line, code and fix of what it says of the bad example; `good`
    lists the codes by which it says the same of the good example; `against` those by which it
    objects to the good example. What is empty is left out.
    """
    row: dict[str, list[Any]] = {"says": [], "near": [], "good": [], "against": []}
    for finding in bad:
        kind = decisions.kind(subject, tool, finding)
        if kind in ("says", "near"):
            row[kind].append([finding.path, finding.line, finding.code, finding.fix])
    for finding in good:
        kind = decisions.kind(subject, tool, finding)
        place = {"says": "good", "against": "against"}.get(kind or "")
        if place and finding.code not in row[place]:
            row[place].append(finding.code)
    return {name: found for name, found in row.items() if found}


def unread(
    decisions: Decisions,
    subject: str,
    said: Mapping[str, tuple[Sequence[Finding], Sequence[Finding]]],
) -> list[tuple[str, Finding]]:
    """The candidates that nobody has read yet, with the tool.

    `said` has, by tool, what it says of the bad examples and of the good ones.
    """
    return [
        (tool, finding)
        for tool, (bad, good) in said.items()
        for finding in candidates(bad, good)
        if decisions.kind(subject, tool, finding) is None
    ]
