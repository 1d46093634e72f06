"""Baselines: findings that are known and left for later.

A baseline is a file of JSON lines: first one that says what it is, then one for each finding,
with its path, code and message for people and its fingerprint (see `fingerprints`) for the tool.
Nothing in it is counted or numbered, so two branches that change it merge as well as text can.
Paths in it are relative to its own directory: a finding has the same line from wherever the tool
is run.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence

from ..base.finding import Finding
from ..base.fingerprints import fingerprints, relative_path, without_line_numbers
from ..base.regular import read_regular
from ..base.settings import Configuration, Settings, SettingsError
from ..base.typed import TYPE_CHECKING, NamedTuple
from ..source.text import Source, SourceError

if TYPE_CHECKING:
    from typing import Any

VERSION = 1
_HEAD = {
    "baseline": VERSION,
    "about": "findings that pyconcepts-lint leaves for later; --update-baseline writes this file",
}
_DAMAGED = "the baseline is damaged"

Contents = Mapping[str, bytes]


class Entry(NamedTuple):
    """A finding in a baseline; `path` is relative to the baseline's directory, with slashes."""

    path: str
    code: str
    message: str
    fingerprint: str


class Update(NamedTuple):
    """What an update did to a baseline."""

    file: str
    size: int
    new: int
    gone: int


class Baseline:
    """One baseline file. Where `entries` are given, nothing is read, and it is a new file."""

    def __init__(self, file: str, entries: Iterable[Entry] | None = None) -> None:
        self.file = file
        self.root = os.path.dirname(file)
        self._before: bytes | None = None
        if entries is None:
            self._before = _content(file)
            entries = _entries(self._before, file)
        self.entries = {entry.fingerprint: entry for entry in entries}
        self._paths = {entry.path for entry in self.entries.values()}

    def path_of(self, entry: Entry) -> str:
        """The absolute path of an entry's file."""
        return os.path.normpath(os.path.join(self.root, entry.path))

    def known(
        self, findings: Sequence[Finding], text_of: Callable[[str], str | None]
    ) -> dict[Finding, Entry]:
        """Those of the findings (all of their files) that are in the baseline."""
        paths = {finding.path for finding in findings}
        mine = {path for path in paths if relative_path(path, self.root) in self._paths}
        candidates = [finding for finding in findings if finding.path in mine]
        return {
            finding: self.entries[fingerprint]
            for finding, fingerprint in zip(
                candidates, fingerprints(candidates, text_of, self.root), strict=True
            )
            if fingerprint in self.entries
        }

    def entries_for(
        self, findings: Sequence[Finding], text_of: Callable[[str], str | None]
    ) -> list[Entry]:
        """What findings (all of their files) would be in the baseline."""
        return [
            Entry(
                relative_path(finding.path, self.root),
                finding.code,
                without_line_numbers(finding.message),
                fingerprint,
            )
            for finding, fingerprint in zip(
                findings, fingerprints(findings, text_of, self.root), strict=True
            )
        ]

    def write(self) -> None:
        """Raises OSError, and FileChanged for a file that isn't any longer what was read."""
        data = _dumped(self.entries.values())
        if self._before is not None and self._before.replace(b"\r\n", b"\n") == data:
            return
        from ..source.writing import write_atomically

        write_atomically(self.file, data, self._before)
        self._before = data


def _content(file: str) -> bytes:
    """Raises SettingsError."""
    try:
        return read_regular(file)
    except FileNotFoundError:
        message = "there is no such baseline; --update-baseline makes it"
        raise SettingsError(message, file) from None
    except OSError as error:
        raise SettingsError(f"cannot read the baseline: {error.strerror}", file) from None


def _entries(data: bytes, file: str) -> list[Entry]:
    """Raises SettingsError, with the line."""
    import json

    entries = []
    is_head = True
    for number, line in enumerate(data.split(b"\n"), 1):
        if not line.strip():
            continue
        if line.startswith((b"<<<<<<<", b"=======", b">>>>>>>", b"|||||||")):
            message = f"{_DAMAGED}: a merge conflict is left in it"
            raise SettingsError(message, file, line=number)
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            raise SettingsError(f"{_DAMAGED}: not JSON", file, line=number) from None
        if isinstance(row, dict) and "baseline" in row:
            if row["baseline"] != VERSION:
                message = f"the baseline is of version {row['baseline']}, which is not known here"
                raise SettingsError(message, file, line=number)
        elif is_head:
            raise SettingsError("this is no baseline of pyconcepts-lint", file, line=number)
        else:
            entries.append(_entry(row, file, number))
        is_head = False
    return entries


def _entry(row: Any, file: str, line: int) -> Entry:
    if not isinstance(row, dict):
        raise SettingsError(f"{_DAMAGED}: not an entry", file, line=line)
    values = []
    for name in Entry._fields:
        value = row.get(name)
        if not isinstance(value, str):
            raise SettingsError(f"{_DAMAGED}: an entry without its {name}", file, line=line)
        values.append(value)
    return Entry(*values)


def _dumped(entries: Iterable[Entry]) -> bytes:
    import json

    lines = [json.dumps(_HEAD).encode()]
    for entry in sorted(entries):
        row = entry._asdict()
        try:
            lines.append(json.dumps(row, ensure_ascii=False).encode())
        except UnicodeEncodeError:  # a file name that isn't text
            lines.append(json.dumps(row).encode())
    return b"\n".join(lines) + b"\n"


class Baselines:
    """The baselines of a run: that of the command line, or those of the projects' settings.

    Args:
        configuration: where the settings come from.
        file: the baseline that the command line names; it holds for all projects.
        update: are the baselines to be written? One that isn't there is empty then.
    """

    def __init__(
        self,
        configuration: Configuration,
        file: str | None = None,
        update: bool = False,
    ) -> None:
        self.configuration = configuration
        self.update_wanted = update
        self._named = None if file is None else os.path.abspath(file)
        self._open: dict[str, Baseline] = {}
        self._by_directory: dict[str, Baseline | None] = {}
        self._matched: set[tuple[str, str]] = set()
        self._all: list[Finding] = []
        self._contents: Contents = {}

    def of(self, path: str) -> Baseline | None:
        """The baseline that a file's or a directory's findings may be in. Raises SettingsError."""
        directory = path if os.path.isdir(path) else os.path.dirname(os.path.abspath(path))
        if directory not in self._by_directory:
            file = self._named
            if file is None:
                file = baseline_file(self.configuration.of_files.for_path(directory))
            self._by_directory[directory] = None if file is None else self._opened(file)
        return self._by_directory[directory]

    def _opened(self, file: str) -> Baseline:
        if file not in self._open:
            is_new = self.update_wanted and not os.path.lexists(file)
            self._open[file] = Baseline(file, [] if is_new else None)
        return self._open[file]

    def new(self, findings: Sequence[Finding], contents: Contents) -> list[Finding]:
        """Those of all findings of a run that are in no baseline.

        Args:
            findings: all of them.
            contents: what files contain instead of what is on disk.
        """
        known = self.known(findings, contents)
        return [finding for finding in findings if finding not in known]

    def known(self, findings: Sequence[Finding], contents: Contents) -> set[Finding]:
        """Those that are in one; see `new`."""
        self._all = list(findings)
        self._contents = contents
        self._matched.clear()
        known: set[Finding] = set()
        for baseline, own in self._grouped().items():
            found = baseline.known(own, self._text_of)
            known.update(found)
            self._matched.update((baseline.file, each.fingerprint) for each in found.values())
        return known

    def _grouped(self) -> dict[Baseline, list[Finding]]:
        groups: dict[Baseline, list[Finding]] = {}
        for finding in self._all:
            baseline = self.of(os.path.dirname(finding.path))
            if baseline is not None:
                groups.setdefault(baseline, []).append(finding)
        return groups

    def _text_of(self, path: str) -> str | None:
        return text_of(path, self._contents)

    def stale(self, paths: Sequence[str]) -> dict[Baseline, list[Entry]]:
        """By baseline, the entries that match nothing any more.

        Those of files that weren't looked at are not among them, nor those of rules that only
        the command line kept from running.

        Args:
            paths: the files and directories that were named.
        """
        found: dict[Baseline, list[Entry]] = {}
        looked_at: _LookedAt | None = None
        for baseline in self._open.values():
            for entry in baseline.entries.values():
                if (baseline.file, entry.fingerprint) not in self._matched:
                    looked_at = looked_at or _LookedAt(paths, self)
                    if looked_at.covers(baseline.path_of(entry), entry.code):
                        found.setdefault(baseline, []).append(entry)
        return found

    def update(self, paths: Sequence[str]) -> list[Update]:
        """Write all findings of the run into their baselines, and remove stale entries.

        Args:
            paths: the files and directories that were named.

        Raises SettingsError for a file that can't be written.
        """
        stale = self.stale(paths)
        groups = self._grouped()
        updates = []
        for baseline in sorted(self._open.values(), key=lambda each: each.file):
            before = set(baseline.entries)
            for entry in stale.get(baseline, ()):
                del baseline.entries[entry.fingerprint]
            for entry in baseline.entries_for(groups.get(baseline, []), self._text_of):
                baseline.entries[entry.fingerprint] = entry
            try:
                baseline.write()
            except OSError as error:
                reason = error.strerror or str(error)
                raise SettingsError(f"cannot write the baseline: {reason}", baseline.file) from None
            after = set(baseline.entries)
            sizes = len(after), len(after - before), len(before - after)
            updates.append(Update(baseline.file, *sizes))
        return updates


class _LookedAt:
    """What a run has looked at: found out where it matters, for entries that match nothing."""

    def __init__(self, paths: Sequence[str], run: Baselines) -> None:
        from ..source.discovery import discover

        self._run = run
        self._named = [os.path.abspath(path) for path in paths]
        self._files = set(
            discover(
                [path for path in paths if os.path.exists(path)],
                settings_for=run.configuration.for_path,
                warn=lambda message: None,
            )
        )

    def covers(self, path: str, code: str) -> bool:
        """Would a finding with this code in this file have been found?"""
        if path not in self._files and (
            os.path.exists(path) or not any(_is_in(path, named) for named in self._named)
        ):
            return False
        from ..plugins.registry import faults, listed

        rule = listed().get(code)
        if rule is None:
            return not faults()  # it may be a rule's that can't be used now

        def runs(settings: Settings) -> bool:
            return settings.selects(code, rule.on) and not settings.ignored_in(path, code)

        configuration = self._run.configuration
        asked, saved = configuration.for_path(path), configuration.of_files.for_path(path)
        if asked.min_severity != saved.min_severity:
            return False  # what was less severe than the command line asks for wasn't looked at
        return runs(configuration.for_path(path)) or not runs(configuration.of_files.for_path(path))


def _is_in(path: str, named: str) -> bool:
    return path == named or path.startswith(named.rstrip(os.sep) + os.sep)


def baseline_file(settings: Settings) -> str | None:
    """The absolute path of the baseline that settings name."""
    if settings.baseline is None:
        return None
    return os.path.normpath(os.path.join(settings.root, settings.baseline))


def text_of(path: str, contents: Contents) -> str | None:
    """The text of a file; None for what can't be read as text."""
    data = contents.get(path)
    try:
        source = Source.read(path) if data is None else Source.from_bytes(data, path)
    except SourceError:
        return None
    return source.text
