"""Applying fixes: as many as don't touch each other, all of a fix or none of it."""

from __future__ import annotations

from collections.abc import Iterable

from pyconcepts_lint.finding import Edit, Finding
from pyconcepts_lint.source import Source

Place = tuple[int, int]


class Plan:
    """The fixes of one pass over a project, chosen so that no two of them collide."""

    def __init__(self) -> None:
        self.edits: dict[str, list[Edit]] = {}
        self.findings: list[Finding] = []
        self._taken: dict[str, set[Edit]] = {}

    def add(self, finding: Finding) -> bool:
        """Take a finding's fix, unless one of its edits collides with one taken before.

        The same edit, asked for by two findings (an import that both need), is made once.
        """
        assert finding.fix is not None
        edits = finding.fix.edits
        for edit in edits:
            taken = self._taken.get(edit.path, set())
            if edit not in taken and any(collide(edit, other) for other in taken):
                return False
        for edit in edits:
            taken = self._taken.setdefault(edit.path, set())
            if edit not in taken:
                taken.add(edit)
                self.edits.setdefault(edit.path, []).append(edit)
        self.findings.append(finding)
        return True


def collide(one: Edit, other: Edit) -> bool:
    """Do two edits of a file touch? Two insertions at one place do: their order would be chance."""
    if one.start == one.end or other.start == other.end:
        return one.start <= other.end and other.start <= one.end
    return one.start < other.end and other.start < one.end


def plan(findings: Iterable[Finding], unsafe: bool) -> Plan:
    """Choose fixes in the order of the findings: safe ones, and unsafe ones if asked for."""
    chosen = Plan()
    for finding in findings:
        fix = finding.fix
        if fix is not None and fix.edits and (unsafe or fix.is_safe):
            chosen.add(finding)
    return chosen


def apply(source: Source, edits: Iterable[Edit]) -> str:
    """The text of a file after edits that don't collide.

    Raises ValueError for a place which the file doesn't have.
    """
    pieces: list[str] = []
    end = len(source.text)
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end), reverse=True):
        start, stop = source.offset(*edit.start), source.offset(*edit.end)
        if stop > end or start > stop:
            raise ValueError(f"edits of {source.path} overlap at line {edit.start_line}")
        pieces += [source.text[stop:end], edit.new_text]
        end = start
    pieces.append(source.text[:end])
    return "".join(reversed(pieces))
