"""Applying fixes: as many as don't touch each other, all of a fix or none of it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from .finding import Edit, Finding
from .source import Source

Key = tuple[tuple[int, int], tuple[int, int]]


class Plan:
    """The fixes of one pass over a project, chosen so that no two of them collide."""

    def __init__(self) -> None:
        self.edits: dict[str, list[Edit]] = {}
        self.findings: list[Finding] = []

    def add(self, findings: Sequence[Finding]) -> bool:
        """Take the fixes of some findings, unless an edit of theirs collides with another.

        The same edit, asked for by two findings (an import that both need), is made once.
        """
        taken: list[Edit] = []
        for finding in findings:
            assert finding.fix is not None
            for edit in finding.fix.edits:
                known = self.edits.setdefault(edit.path, [])
                place = bisect_left(known, _key(edit), key=_key)
                if edit in known[place : place + 1]:
                    continue
                if any(collide(edit, other) for other in known[max(place - 2, 0) : place + 2]):
                    for each in taken:
                        self.edits[each.path].remove(each)
                    return False
                known.insert(place, edit)
                taken.append(edit)
        self.findings.extend(findings)
        return True


def settled(findings: Sequence[Finding]) -> list[Finding]:
    """The findings of a file of Python 2 source, with only those fixes that can be made.

    What writes Python 3 needs the fixes that make the file Python 3 source, and is no safer.
    """
    groups = [group for group in _groups(findings).values() if _is_whole(group)]
    is_safe = all(finding.fix and finding.fix.is_safe for group in groups for finding in group)
    result: list[Finding] = []
    for finding in findings:
        fix = finding.fix
        if fix is not None and fix.python3:
            if not groups:
                fix = None
            elif not is_safe:
                fix = fix._replace(applicability="unsafe")
            finding = finding._replace(fix=fix)
        result.append(finding)
    return result


def _groups(findings: Iterable[Finding]) -> dict[tuple[str, str], list[Finding]]:
    """The findings whose fixes belong together, by file and code."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        if finding.fix is not None and finding.fix.together:
            groups.setdefault((finding.path, finding.code), []).append(finding)
    return groups


def _is_whole(group: Sequence[Finding]) -> bool:
    """Are all of the fixes there that belong together?"""
    return all(finding.fix and finding.fix.together == len(group) for finding in group)


def _key(edit: Edit) -> Key:
    return edit.start, edit.end


def collide(one: Edit, other: Edit) -> bool:
    """Do two edits of a file get into each other's way?

    An insertion at the start or the end of a replacement doesn't: it is clear what comes first.
    Two insertions at one place do.
    """
    if one.start == one.end == other.start == other.end:
        return True
    return one.start < other.end and other.start < one.end


def plan(findings: Iterable[Finding], unsafe: bool) -> Plan:
    """Choose fixes in the order of the findings: safe ones, and unsafe ones if asked for."""
    chosen = Plan()
    wanted = [
        finding
        for finding in findings
        if finding.fix and finding.fix.edits and (unsafe or finding.fix.is_safe)
    ]
    made_python3 = {
        path
        for (path, _), group in _groups(wanted).items()
        if _is_whole(group) and chosen.add(group)
    }
    for finding in wanted:
        assert finding.fix is not None
        if not finding.fix.together and (not finding.fix.python3 or finding.path in made_python3):
            chosen.add([finding])
    return chosen


def apply(source: Source, edits: Iterable[Edit]) -> str:
    """The text of a file after edits that don't collide.

    Raises ValueError for a place which the file doesn't have.
    """
    pieces: list[str] = []
    end = len(source.text)
    for edit in sorted(edits, key=_key, reverse=True):
        start, stop = source.offset(*edit.start), source.offset(*edit.end)
        if stop > end or start > stop:
            raise ValueError(f"edits of {source.path} overlap at line {edit.start_line}")
        pieces += [source.text[stop:end], edit.new_text]
        end = start
    pieces.append(source.text[:end])
    return "".join(reversed(pieces))
