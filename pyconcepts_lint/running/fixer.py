"""Applying fixes: as many as don't touch each other, all of a fix or none of it."""

from __future__ import annotations

from bisect import bisect_left, insort_right
from collections.abc import Iterable, Sequence
from itertools import pairwise

from ..base.finding import Edit, Finding, collide
from ..source.text import Source

Key = tuple[tuple[int, int], tuple[int, int]]
Unit = tuple[Finding, ...]


class Plan:
    """The fixes of one pass over a project, chosen so that no two of them collide.

    Attributes:
        units: findings whose fixes are made together; one each, most often.
        edits: by path what the fixes change there, sorted.
        impossible: findings with fixes whose own edits collide: they can never be made.
    """

    def __init__(self) -> None:
        self.units: list[Unit] = []
        self.edits: dict[str, list[Edit]] = {}
        self.impossible: list[Unit] = []

    @property
    def findings(self) -> list[Finding]:
        return [finding for unit in self.units for finding in unit]

    def add(self, findings: Sequence[Finding]) -> bool:
        """Take the fixes of some findings, unless an edit of theirs collides with another.

        The same text in the place of the same text, and the same insertion where both fixes share
        it, is one edit.
        """
        unit = tuple(findings)
        own = _edits_of(unit)
        if own is None:
            self.impossible.append(unit)
            return False
        new: list[Edit] = []
        for edit in own:
            known = self.edits.get(edit.path, [])
            place = bisect_left(known, _key(edit), key=_key)
            if _is_among(edit, known, place):
                continue
            if any(collide(edit, other) for other in known[max(place - 1, 0) : place + 1]):
                return False
            new.append(edit)
        for edit in new:
            insort_right(self.edits.setdefault(edit.path, []), edit, key=_key)
        self.units.append(unit)
        return True


def _edits_of(unit: Unit) -> list[Edit] | None:
    """All edits of some findings, of which each is needed; None where they overlap.

    What they insert at one place comes in their order.
    """
    found: dict[str, list[Edit]] = {}
    for finding in unit:
        for edit in finding.fix.edits if finding.fix is not None else ():
            own = found.setdefault(edit.path, [])
            if not _is_among(edit, own, bisect_left(own, _key(edit), key=_key)):
                insort_right(own, edit, key=_key)
    edits = [edit for own in found.values() for edit in own]
    for one, other in pairwise(edits):
        if one.path == other.path and collide(one, other) and not (one.inserts and other.inserts):
            return None
    return edits


def _is_among(edit: Edit, known: Sequence[Edit], place: int) -> bool:
    """Does one of the edits from a place in their order do what another is for?"""
    while place < len(known) and _key(known[place]) == _key(edit):
        other = known[place]
        if other.new_text == edit.new_text and (not edit.inserts or (edit.shared and other.shared)):
            return True
        place += 1
    return False


def resolve_conversion_fixes(findings: Sequence[Finding]) -> list[Finding]:
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

    What is inserted at one place comes in the order of the edits. Raises ValueError for a place
    which the file doesn't have.
    """
    pieces: list[str] = []
    end = len(source.text)
    in_order = sorted(edits, key=_key)
    for edit in reversed(in_order):
        start, stop = source.offset(*edit.start), source.offset(*edit.end)
        if stop > end or start > stop:
            raise ValueError(f"edits of {source.path} overlap at line {edit.start_line}")
        pieces += [source.text[stop:end], edit.new_text]
        end = start
    pieces.append(source.text[:end])
    return "".join(reversed(pieces))
