"""What comes first in a report for people, and which notes are only counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby

from ..base.finding import SEVERITIES, Finding
from ..base.report import MOST_NOTES
from ..base.typed import NamedTuple


class Folded(NamedTuple):
    """The notes of one rule, and what is said instead of each."""

    code: str
    name: str
    text: str


def worst_first(findings: Sequence[Finding]) -> list[Finding]:
    """The findings file by file: those files first that have the most severe ones."""
    files = [list(own) for _, own in groupby(findings, lambda finding: finding.path)]
    files.sort(key=lambda own: min(SEVERITIES.index(each.severity) for each in own))
    return [finding for own in files for finding in own]


def fold(
    findings: Sequence[Finding],
    is_asked_for: Callable[[Finding], bool],
    overviews: Mapping[str, str],
) -> tuple[list[Finding], list[Folded]]:
    """The findings to be shown, and paragraphs about the others.

    Args:
        findings: all of them.
        is_asked_for: is a note to be shown, however many there are?
        overviews: what rules say of whole projects, by code.
    """
    notes: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.severity == "note" and not is_asked_for(finding):
            notes.setdefault(finding.code, []).append(finding)
    many = {code: own for code, own in notes.items() if len(own) > MOST_NOTES}
    folded = {id(finding) for own in many.values() for finding in own}
    shown = [finding for finding in findings if id(finding) not in folded]
    return shown, [
        Folded(code, own[0].name, _said(own, overviews.get(code, "")))
        for code, own in sorted(many.items(), key=lambda item: (-len(item[1]), item[0]))
    ]


def _said(notes: Sequence[Finding], overview: str) -> str:
    code, files = notes[0].code, len({finding.path for finding in notes})
    safe = sum(1 for finding in notes if finding.fix is not None and finding.fix.is_safe)
    unsafe = sum(1 for finding in notes if finding.fix is not None) - safe
    said = f"{len(notes):,} in {files:,} file{'' if files == 1 else 's'}"
    fixes = [
        "all with a safe fix" if number == len(notes) else f"{number:,} with {kind} fix"
        for number, kind in ((safe, "a safe"), (unsafe, "an unsafe"))
        if number
    ]
    if unsafe == len(notes):
        fixes = ["all with an unsafe fix"]
    said = ", ".join([said, *fixes])
    said += f"; {overview}." if overview else "."
    said += " `--show-notes` lists them"
    if safe:
        what = "mends them" if safe == len(notes) else "mends those with a safe fix"
        said += f", `--fix --select {code}` {what}"
    return f"{said}."
