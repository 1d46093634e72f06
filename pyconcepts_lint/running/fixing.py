"""The fixes of a run: pass after pass until nothing changes, and then onto the disk.

A finding says what was so in the content that was looked at, and a fix changes that content. Both
mean nothing for any other: a file that has changed since is left as it is.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Collection, Iterable, Sequence

from ..base.digests import digest_of
from ..base.finding import Finding
from ..base.typed import TYPE_CHECKING
from ..parsing import syntax
from ..source.text import Source, SourceError
from ..source.writing import (
    CHANGED,
    FileChanged,
    check_writable,
    clear_left_behind,
    holds,
    write_atomically,
)
from .fixer import Plan, Unit, apply, plan

if TYPE_CHECKING:
    from ..base.finding import Edit
    from ..base.report import FileResult, Report
    from ..base.request import Choose
    from .scheduler import Scheduler

MAXIMUM_PASSES = 20
"""Fixing stops after so many passes; each but the last makes at least one change."""
MAXIMUM_TRIALS = 200
"""How often a file is parsed to find out which of its fixes break it."""

BROKEN = "the result would not parse"


class Fixing:
    """The fixes of a run.

    Args:
        work: the files of the run.
        results: what was found in them; becomes what is left.
        report: is told what was fixed, what changed, and what couldn't be done.
        unsafe: make the unsafe fixes, too.
        within: make no fixes that change other files than these.
        choose: gives those findings that count.
        write: write the changed files.
    """

    def __init__(
        self,
        work: Scheduler,
        results: dict[str, FileResult],
        report: Report,
        unsafe: bool,
        within: Collection[str] | None,
        choose: Choose | None,
        write: bool,
    ) -> None:
        self.work = work
        self.results = results
        self.report = report
        self.unsafe = unsafe
        self.within = within
        self.choose = choose
        self.write = write
        self.ask: Choose | None = None
        """Gives those of the findings that count whose fixes are to be made."""
        self.given = frozenset(work.workspaces.contents)  # these aren't what is on disk
        self.left: dict[str, str] = {}  # the files that are left as they are, and why
        self.refused: dict[Unit, tuple[str, str]] = {}  # the file that is in the way, and why
        self._bases: dict[str, tuple[bytes | None, str]] = {}
        self._tried: dict[str, tuple[list[Edit], bytes]] = {}

    def make(self) -> None:
        """Fix, look again, until nothing changes; then write."""
        for _ in range(MAXIMUM_PASSES):
            if not self._pass():
                break
            # Indexes and trees refer to each other, and the collector may be off.
            gc.collect()
        else:
            message = f"fixing stopped after {MAXIMUM_PASSES} passes, with fixes left to make"
            self.report.errors.append(message)
        if self.write:
            self._write()
        if self.left:
            self._look_again()
        self._say_what_is_left()

    def _say_what_is_left(self) -> None:
        grouped: dict[tuple[str, str], set[str]] = {}
        for unit, problem in self.refused.items():
            grouped.setdefault(problem, set()).update(finding.code for finding in unit)
        said = [
            f"{path}: not fixed ({', '.join(sorted(codes))}): {reason}"
            for (path, reason), codes in grouped.items()
        ]
        said += (f"{path}: {reason}" for path, reason in self.left.items())
        self.report.errors.extend(sorted(said))

    # What is changed

    def _pass(self) -> bool:
        """Make the fixes of what was found, as many as don't collide; was there any to make?"""
        self._bases.clear()
        self._tried.clear()
        chosen, contents = self._chosen()
        if not contents:
            return False
        for path, data in contents.items():
            known = self.report.changed.get(path)
            before = self._bases[path][0] if known is None else known[0]
            self.report.changed[path] = (before, data)
        self.report.fixed.extend(chosen.findings)
        self.work.change(contents)
        others = [result for path, result in self.results.items() if path not in contents]
        stale = self.work.stale(others, contents)
        self.results.update(self.work.lint([*stale, *contents]))
        return True

    def _chosen(self) -> tuple[Plan, dict[str, bytes]]:
        """The fixes that can be made at once, and the new contents of the files they change.

        A fix that can't be made is left out, with all of its edits; the others go on without it.
        """
        candidates = self._candidates()
        self.refused.clear()
        while True:
            left_out = {finding for unit in self.refused for finding in unit}
            chosen = plan(
                (
                    finding
                    for finding in candidates
                    if finding not in left_out and self.left.keys().isdisjoint(_paths([finding]))
                ),
                self.unsafe,
            )
            contents = self._contents(chosen)
            if contents is not None:
                self.refused.update(
                    (unit, (unit[0].path, "its edits overlap")) for unit in chosen.impossible
                )
                return chosen, contents

    def _candidates(self) -> list[Finding]:
        found = [each for path in sorted(self.results) for each in self.results[path].findings]
        if self.choose is not None:
            found = self.choose(found, self.work.workspaces.contents)
        if self.ask is not None:
            found = self.ask(found, self.work.workspaces.contents)
        if self.within is None:
            return found
        return [finding for finding in found if _paths([finding]) <= set(self.within)]

    def _contents(self, chosen: Plan) -> dict[str, bytes] | None:
        """The new contents of the files that fixes change; None where not all of the fixes can
        be made: `refused` and `left` tell which."""
        units: dict[str, list[Unit]] = {}
        for unit in chosen.units:
            for path in _paths(unit):
                units.setdefault(path, []).append(unit)
        contents: dict[str, bytes] = {}
        problems: dict[Unit, tuple[str, str]] = {}
        is_whole = True
        for path, own in units.items():
            if not self._may_change(path, own):
                is_whole = False
                continue
            tried = self._tried.get(path)
            if tried is None or tried[0] != chosen.edits[path]:
                found = self._fixed(path, own)
                if isinstance(found, bytes):
                    self._tried[path] = (chosen.edits[path], found)
                    contents[path] = found
                else:
                    problems.update((unit, (path, reason)) for unit, reason in found.items())
            else:
                contents[path] = tried[1]
        changed = {path for path, data in contents.items() if data != self._bases[path][0]}
        if is_whole and not problems:
            # They would stay in the way of those that collide with them.
            problems.update(
                (unit, (unit[0].path, "it changes nothing"))
                for unit in chosen.units
                if changed.isdisjoint(_paths(unit))
            )
        self.refused.update(problems)
        return {path: contents[path] for path in changed} if is_whole and not problems else None

    def _may_change(self, path: str, units: Iterable[Unit]) -> bool:
        """Does a file hold what the findings were made from, and can it be written?"""
        if path not in self._bases:
            try:
                data = self.work.bytes_of(path)
                if self.write and path not in self.given and path not in self.report.changed:
                    check_writable(path)
            except OSError as error:
                self.left[path] = _not_written(error)
                return False
            self._bases[path] = (data, "" if data is None else digest_of(path, data))
        for finding in (finding for unit in units for finding in unit):
            result = self.results.get(finding.path)
            known = None if result is None else result.contents.get(path)
            if path in _paths([finding]) and known != self._bases[path][1]:
                self.left[path] = CHANGED
                return False
        return True

    def _fixed(self, path: str, units: Sequence[Unit]) -> bytes | dict[Unit, str]:
        """The new contents of a file; or the fixes that keep it from having one, and why."""
        try:
            source = Source.from_bytes(self._bases[path][0] or b"", path)
        except SourceError as error:
            return dict.fromkeys(units, error.message)
        found = applied(source, units)
        if isinstance(found, bytes):
            return found
        if len(units) == 1:
            return {units[0]: found}
        return _problems(source, units)

    # On disk

    def _write(self) -> None:
        """Write the changed files; what can't be written is as if it hadn't been fixed."""
        failed: dict[str, str] = {}
        paths = [path for path in self.report.changed if path not in self.given]
        for group in _connected(paths, self.report.fixed):
            failed.update(self._write_together(group))
        clear_left_behind({*self.work.workspaces.visited, *map(os.path.dirname, paths)})
        self.left.update(failed)
        for path in failed:
            del self.report.changed[path]
        self.report.fixed = [
            finding for finding in self.report.fixed if failed.keys().isdisjoint(_paths([finding]))
        ]

    def _write_together(self, paths: Sequence[str]) -> dict[str, str]:
        """Write files that the same fixes change; gives those that weren't written, and why."""
        failed: dict[str, str] = {}
        if len(paths) > 1:
            for path in paths:
                try:
                    if not holds(path, self.report.changed[path][0]):
                        raise FileChanged(path)
                    check_writable(path)
                except OSError as error:
                    failed[path] = _not_written(error)
        done = []
        for path in paths:
            if failed:
                break
            before, data = self.report.changed[path]
            try:
                write_atomically(path, data, before)
            except OSError as error:
                # Another run may have made the same fixes meanwhile.
                if not (isinstance(error, FileChanged) and holds(path, data)):
                    failed[path] = _not_written(error)
                    break
            done.append(path)
        if failed:
            because = f"not written, because {next(iter(failed))} was not"
            failed.update((path, because) for path in paths if path not in {*failed, *done})
        return failed

    def _look_again(self) -> None:
        """Look at the files that were left as they are, and at what rests on them."""
        self.work.restore([path for path in self.left if path not in self.given])
        for path in self.left:
            if not os.path.lexists(path):
                self.results.pop(path, None)
        others = [result for path, result in self.results.items() if path not in self.left]
        again = [path for path in self.left if path in self.results]
        stale = self.work.stale(others, self.left)
        self.results.update(self.work.lint([*stale, *again]))


def _paths(findings: Iterable[Finding]) -> set[str]:
    """The files that the fixes of some findings change."""
    return {edit.path for each in findings if each.fix is not None for edit in each.fix.edits}


def _connected(paths: Iterable[str], fixed: Iterable[Finding]) -> list[list[str]]:
    """Groups of files: those that one fix changes are in one group."""
    groups = {path: [path] for path in sorted(paths)}
    for finding in fixed:
        own = [groups[path] for path in sorted(_paths([finding])) if path in groups]
        for group in own[1:]:
            if group is not own[0]:
                own[0].extend(group)
                groups.update(dict.fromkeys(group, own[0]))
    return list({id(group): group for group in groups.values()}.values())


def _not_written(error: OSError) -> str:
    return (
        str(error.strerror)
        if isinstance(error, FileChanged)
        else f"not written: {error.strerror or error}"
    )


def applied(source: Source, units: Iterable[Unit]) -> bytes | str:
    """A file with some fixes made; or why they can't be."""
    merged = Plan()
    for unit in units:
        merged.add(unit)
    try:
        text = apply(source, merged.edits[source.path])
        return source.encode(text) if _still_reads(source.text, text) else BROKEN
    except SourceError as error:
        return error.message
    except ValueError as error:
        return str(error)


def _problems(source: Source, units: Sequence[Unit]) -> dict[Unit, str]:
    """The fixes of a file without which the others can be made, and what is wrong with them."""
    made: list[Unit] = []
    problems: dict[Unit, str] = {}
    half = len(units) // 2
    waiting = [units[half:], units[:half]]
    trials = 0
    while waiting:
        part = waiting.pop()
        trials += 1
        found = applied(source, [*made, *part]) if trials <= MAXIMUM_TRIALS else BROKEN
        if isinstance(found, bytes):
            made += part
        elif len(part) == 1 or trials > MAXIMUM_TRIALS:
            problems.update(dict.fromkeys(part, found))
        else:
            half = len(part) // 2
            waiting += [part[half:], part[:half]]
    return problems


def _still_reads(before: str, after: str) -> bool:
    """Does some Python read the new text? One as new as before: Python 3 stays Python 3."""
    with syntax.deep_recursion():
        parsed = syntax.parse(after)
        if parsed.tree is not None and parsed.translation is None:
            return True
        old = syntax.parse(before)
    if old.problem is not None:
        return True
    return parsed.problem is None and (parsed.translation is None) == (old.translation is None)
