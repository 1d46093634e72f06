"""One finding for each thing: where several places of a file say the same of it, the others are
related places of the first.

Places are told apart until the report is written: each may be suppressed, known to a baseline, in
a changed line, or fixed, by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from .finding import SEVERITIES, Edit, Finding, Fix, Related, collide


def one_for_each_thing(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, those of one thing as one, which stands where the first of the most severe
    ones does. Its fix mends all places; where that can't be, they are findings of their own."""
    groups: dict[object, list[Finding]] = {}
    for number, finding in enumerate(findings):
        kind = finding.fix and (finding.fix.applicability, finding.fix.message)
        key = (finding.path, finding.code, finding.thing, kind) if finding.thing else number
        groups.setdefault(key, []).append(finding)
    if len(groups) and all(len(group) == 1 for group in groups.values()):
        return [group[0] for group in groups.values()]
    found = [finding for group in groups.values() for finding in _as_one(group)]
    return sorted(found, key=lambda finding: finding.sort_key)


def _as_one(group: list[Finding]) -> list[Finding]:
    first = min(group, key=lambda finding: (SEVERITIES.index(finding.severity), finding.sort_key))
    if len(group) == 1:
        return group
    fixes = [finding.fix for finding in group if finding.fix is not None]
    fix = _united(fixes)
    if fix is None and fixes:
        return group
    others = sorted((each for each in group if each is not first), key=lambda each: each.sort_key)
    places = (Related("and here", each.path, *each[4:8]) for each in others)
    reasons = (related for each in others for related in each.related)
    related = dict.fromkeys((*first.related, *reasons, *places))
    return [first._replace(fix=fix, related=tuple(related))]


def _united(fixes: Sequence[Fix]) -> Fix | None:
    """One fix that does what some fixes of one kind do; None where they can't be made together."""
    if not fixes or any(fix.together or fix.python3 for fix in fixes):
        return None
    edits = tuple(dict.fromkeys(edit for fix in fixes for edit in fix.edits))
    if _collide(edits):
        return None
    return fixes[0]._replace(edits=edits, alternatives=tuple(_alternatives(fixes)))


def _alternatives(fixes: Sequence[Fix]) -> Iterable[Fix]:
    """Those that each of the fixes has, for all places together."""
    for alternative in fixes[0].alternatives:
        kind = alternative.applicability, alternative.message
        same = [
            other
            for fix in fixes
            for other in fix.alternatives
            if (other.applicability, other.message) == kind
        ]
        if len(same) == len(fixes) and (united := _united(same)) is not None:
            yield united


def _collide(edits: Sequence[Edit]) -> bool:
    """Does one of the edits get into another one's way?"""
    order = sorted(edits, key=lambda edit: (edit.path, edit.start, edit.end))
    return any(one.path == other.path and collide(one, other) for one, other in pairwise(order))
