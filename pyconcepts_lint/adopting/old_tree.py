"""`--since REV --changed-findings`: what the tree of a revision didn't have, wherever it stands.

A change may break a file that it doesn't touch: it takes away a name that another module imports,
or puts `__slots__` into a base class. So the files of the last commit that REV and HEAD have in
common are looked at, too, by today's settings, and what is found there is known. Findings are told
apart as baselines do it: by path, code, message and the text of their lines.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress

from ..base.finding import Finding
from ..base.fingerprints import fingerprints
from ..base.request import RunRequest
from ..base.settings import Configuration
from ..base.typed import NamedTuple
from .baseline import text_of
from .since import SinceError, checked_revision, git, merge_base, renames, repository_of

_READ = (".py", ".pyi", ".ipynb", ".toml", ".cfg", ".txt", ".ini", ".in", ".gitignore")
"""How the names of files end that are of interest; of others it is, that they are there."""
_FORBIDDEN = ("", ".", "..", ".git")
_LINK, _SUBMODULE = b"120000", b"160000"


class OldTree:
    """The findings that were there at a revision.

    Args:
        revision: as git knows it.
        paths: the files and directories of the run; what it was is asked of their repositories.
        configuration: that of the run.
        jobs: how many processes may look at the old files.

    Raises SinceError, and SettingsError for a configuration that can't be used.
    """

    def __init__(
        self,
        revision: str,
        paths: Iterable[str],
        configuration: Configuration,
        jobs: int | None,
    ) -> None:
        checked_revision(revision)
        named: dict[str, list[str]] = {}
        for path in map(os.path.realpath, paths):
            top = repository_of(path if os.path.isdir(path) else os.path.dirname(path))
            if top is None:
                raise SinceError(f"{path} is not in a git repository")
            named.setdefault(top, []).append(path)
        self._known: dict[str, frozenset[str]] = {}
        for top, own in named.items():
            base = merge_base(top, revision)
            self._known[top] = frozenset(_findings_at(top, base, own, configuration, jobs))

    def new(self, findings: Sequence[Finding], contents: Mapping[str, bytes]) -> list[Finding]:
        """Those of the findings that weren't there.

        Args:
            findings: all findings of some files.
            contents: what files contain instead of what is on disk.
        """
        kept: set[Finding] = set()
        real = {each.path: os.path.realpath(each.path) for each in findings}
        given = {real[path]: data for path, data in contents.items() if path in real}
        for top, known in self._known.items():
            own = [each for each in findings if real[each.path].startswith(os.path.join(top, ""))]
            moved = [each._replace(path=real[each.path]) for each in own]
            found = fingerprints(moved, lambda path: text_of(path, given), top)
            kept.update(
                finding
                for finding, fingerprint in zip(own, found, strict=True)
                if fingerprint not in known
            )
        return [finding for finding in findings if finding in kept]


def _findings_at(
    top: str, base: str, paths: Sequence[str], configuration: Configuration, jobs: int | None
) -> list[str]:
    """The fingerprints of what is found in the files of a commit."""
    from ..running.run import run

    tree = os.path.realpath(tempfile.mkdtemp(prefix="pyconcepts-lint-"))
    try:
        _write_tree(top, base, tree)
        _take_settings(top, tree, paths, configuration)
        moved = [os.path.normpath(os.path.join(tree, os.path.relpath(path, top))) for path in paths]
        there = tuple(path for path in moved if os.path.exists(path))
        if not there:
            return []
        overrides = {**configuration.overrides, "no_cache": True}
        its_own = Configuration(
            overrides, configuration.file, configuration.isolated, configuration.code_of
        )
        report = run(RunRequest(there, jobs=jobs), its_own)
        names = renames(top, base)
        now: dict[str, str] = {}
        findings = []
        for finding in report.findings:
            relative = os.path.relpath(finding.path, tree).replace(os.sep, "/")
            path = os.path.join(tree, *names.get(relative, relative).split("/"))
            now[path] = finding.path
            findings.append(finding._replace(path=path))
        return fingerprints(findings, lambda path: text_of(now[path], {}), tree)
    finally:
        shutil.rmtree(tree, ignore_errors=True)


def _take_settings(top: str, tree: str, paths: Iterable[str], configuration: Configuration) -> None:
    """Have the old files looked at by the settings of today."""
    for directory, _, names in os.walk(tree):
        if "pyproject.toml" in names:
            today = os.path.join(top, os.path.relpath(directory, tree), "pyproject.toml")
            if configuration.root_of(os.path.dirname(today))[1] == os.path.normpath(today):
                shutil.copyfile(today, os.path.join(directory, "pyproject.toml"))


class _Entry(NamedTuple):
    mode: bytes
    sha: bytes
    path: str


def _write_tree(top: str, commit: str, directory: str) -> None:
    """Write the files of a commit, as far as they matter, and those of its submodules."""
    os.makedirs(os.path.join(directory, ".git"), exist_ok=True)  # it marks a project
    entries = list(_entries(top, commit))
    wanted = [each for each in entries if each.mode != _SUBMODULE and _is_read(each)]
    texts = dict(zip(wanted, _contents(top, [each.sha for each in wanted]), strict=True))
    for entry in entries:
        path = os.path.join(directory, *entry.path.split("/"))
        with suppress(OSError):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            if entry.mode == _SUBMODULE:
                inner = os.path.join(top, *entry.path.split("/"))
                if os.path.lexists(os.path.join(inner, ".git")):
                    with suppress(SinceError):
                        _write_tree(inner, entry.sha.decode("ascii"), path)
            elif entry.mode == _LINK:
                _link(os.fsdecode(texts[entry]), path, directory)
            else:
                with open(path, "xb") as out:
                    out.write(texts.get(entry, b""))


def _is_read(entry: _Entry) -> bool:
    return entry.mode == _LINK or entry.path.endswith(_READ)


def _link(target: str, path: str, directory: str) -> None:
    """Make a symbolic link, if it stays within the directory."""
    reached = os.path.normpath(os.path.join(os.path.dirname(path), target))
    if not os.path.isabs(target) and reached.startswith(os.path.join(directory, "")):
        os.symlink(target, path)


def _entries(top: str, commit: str) -> Iterator[_Entry]:
    _, out = git(top, "ls-tree", "-r", "-z", "--full-tree", commit)
    for line in out.split(b"\0"):
        about, _, name = line.partition(b"\t")
        path = os.fsdecode(name)
        parts = path.replace("\\", "/").split("/") if os.name == "nt" else path.split("/")
        if about and not any(part.lower() in _FORBIDDEN for part in parts):
            mode, _, sha = about.split()
            yield _Entry(mode, sha, path)


def _contents(top: str, shas: Sequence[bytes]) -> Iterator[bytes]:
    if not shas:
        return
    _, out = git(top, "cat-file", "--batch", given=b"\n".join(shas) + b"\n")
    at = 0
    for _ in shas:
        end = out.index(b"\n", at)
        head = out[at:end].split()
        if head[1:2] != [b"blob"]:
            raise SinceError(f"{top} lacks files of the revision")
        size = int(head[2])
        yield out[end + 1 : end + 1 + size]
        at = end + 1 + size + 1
