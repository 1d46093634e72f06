"""`--since REV`: only what is in lines that have changed since a revision of git.

Compared are the files as they are now, saved and not committed, with the last commit that REV
and HEAD have in common, as in `git diff --merge-base REV`: what others have done on the branch
REV meanwhile is not a change of one's own. All lines of a file that git doesn't track (and
doesn't ignore) are changed. A finding counts if any line of its range has changed. What lies in
a submodule is compared with the commit of it that the revision has.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence

from ..base.cells import NOTEBOOK
from ..base.errors import Error
from ..base.finding import Finding
from ..base.typed import NamedTuple
from ..source.text import Source, SourceError
from .baseline import text_of

_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_LONE_RETURN = re.compile(r"\r(?!\n)")

# git names them (`git rev-parse --local-env-vars`); a hook's would lead into another repository.
_OF_A_REPOSITORY = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
)

Lines = frozenset[int] | None
"""Line numbers (1-based); None for all lines."""


class SinceError(Error):
    """No answer from git; the text is a sentence."""

    def __str__(self) -> str:
        return f"--since: {self.args[0]}"


def checked_revision(revision: str) -> None:
    """Raises SinceError for what git would take for something else."""
    if not revision or revision.startswith("-") or "\0" in revision:
        raise SinceError(f"{revision!r} is no revision")


class Since:
    """The lines that have changed since a revision.

    Args:
        revision: as git knows it.
        paths: files and directories; the revision is looked up in their repositories.

    Raises SinceError.
    """

    def __init__(self, revision: str, paths: Iterable[str]) -> None:
        checked_revision(revision)
        self._changes: dict[str, _Changes] = {}
        self._tops: dict[str, str | None] = {}
        for path in paths:
            path = os.path.realpath(path)
            top = self._top(path if os.path.isdir(path) else os.path.dirname(path))
            if top is None:
                raise SinceError(f"{path} is not in a git repository")
            if top not in self._changes:
                self._changes[top] = _changes(top, merge_base(top, revision))

    def new(self, findings: Sequence[Finding], contents: Mapping[str, bytes]) -> list[Finding]:
        """Those of the findings that are in changed lines.

        Args:
            findings: some findings.
            contents: what files contain instead of what is on disk; there, what differs from
                the disk has changed, too.
        """
        lines: dict[str, Lines] = {}
        kept = []
        for finding in findings:
            path = finding.path
            if path not in lines:
                lines[path] = self._lines(path, contents)
            changed = lines[path]
            if changed is None or not changed.isdisjoint(_range(finding)):
                kept.append(finding)
        return kept

    def _lines(self, path: str, contents: Mapping[str, bytes]) -> Lines:
        lines = self._lines_on_disk(path)
        if lines is None:
            return None
        before = text_of(path, {}) or ""
        if path.endswith(NOTEBOOK):
            lines = _in_program(path, lines)
        elif lines and _LONE_RETURN.search(before):
            lines = _as_python_counts(before, lines)
        if path in contents:
            lines = _carried(lines, before, text_of(path, contents) or "")
        return lines

    def _lines_on_disk(self, path: str) -> Lines:
        real = os.path.realpath(path)
        top = self._top(os.path.dirname(real))
        if top is None:
            return frozenset()
        return self._changes_of(top).lines(real)

    def _top(self, directory: str) -> str | None:
        if directory not in self._tops:
            self._tops[directory] = repository_of(directory)
        return self._tops[directory]

    def _changes_of(self, top: str) -> _Changes:
        """Those of a repository; of one inside another, since the commit that the other has."""
        if top not in self._changes:
            outer = self._top(os.path.dirname(top))
            if outer is None:
                changes = _Changes(top, "", {}, frozenset())
            else:
                around = self._changes_of(outer)
                commit = _submodule_commit(around, top)
                # What the outer repository doesn't know, or didn't, is new to it.
                changes = (
                    _Changes(top, "", {}, frozenset({""}))
                    if commit is None
                    else _changes(top, commit)
                )
            self._changes[top] = changes
        return self._changes[top]


class _Changes(NamedTuple):
    """What has changed in a repository since a commit.

    `tracked` are lines by path, `new` paths of which all is new; a directory's ends with a slash,
    and the repository's own is empty.
    """

    top: str
    base: str
    tracked: dict[str, set[int]]
    new: frozenset[str]

    def lines(self, path: str) -> Lines:
        relative = os.path.relpath(path, self.top).replace(os.sep, "/")
        if relative in self.tracked:
            return frozenset(self.tracked[relative])
        parts = relative.split("/")
        above = {"/".join((*parts[:n], "")) for n in range(1, len(parts))}
        if not self.new.isdisjoint({relative, "", *above}):
            return None
        return frozenset()


def repository_of(directory: str) -> str | None:
    """The directory of the repository or submodule that a directory is in."""
    while not os.path.lexists(os.path.join(directory, ".git")):
        parent = os.path.dirname(directory)
        if parent == directory:
            return None
        directory = parent
    return directory


def _range(finding: Finding) -> range:
    """The lines of a finding; the end, which is exclusive, may be a line's start."""
    last = finding.end_line - (finding.end_column == 1)
    return range(finding.line, max(last, finding.line) + 1)


def _as_python_counts(text: str, lines: frozenset[int]) -> frozenset[int]:
    """git's line numbers in Python's counting, which a lone CR ends a line for, too."""
    counted: set[int] = set()
    number = 1
    for theirs, line in enumerate(text.split("\n"), 1):
        more = len(_LONE_RETURN.findall(line.removesuffix("\r")))
        if theirs in lines:
            counted.update(range(number, number + more + 1))
        number += more + 1
    return frozenset(counted)


def _in_program(path: str, lines: frozenset[int]) -> frozenset[int]:
    """The lines of the program of a notebook that stand on some lines of the file."""
    try:
        notebook = Source.read(path).notebook if lines else None
    except SourceError:
        return lines
    return lines if notebook is None else notebook.lines_written_on(lines)


def _carried(lines: frozenset[int], before: str, after: str) -> frozenset[int]:
    """Where changed lines are in a later text, with what has changed since."""
    from difflib import SequenceMatcher
    from io import StringIO

    old, new = (list(StringIO(text, newline="")) for text in (before, after))
    carried: set[int] = set()
    for kind, first, last, start, end in SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            moved = start - first
            carried.update(n + moved for n in range(first + 1, last + 1) if n in lines)
        else:
            carried.update(range(start + 1, end + 1))
    return frozenset(carried)


# Asking git

# A repository that comes as a directory brings its own settings, and git runs what they name.
_HARMLESS = (
    *("-c", "core.fsmonitor="),
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "core.quotePath=true"),
)
_NEEDS_FETCH = re.compile(rb"promisor|lazy fetching|transport .* not allowed")
_RUN_BY_FILTERS = ("clean", "smudge", "process")


def git(
    top: str, *arguments: str, codes: tuple[int, ...] = (0,), given: bytes | None = None
) -> tuple[int, bytes]:
    """What git prints, with something given on its standard input. Raises SinceError with git's own words for another exit code."""
    environment = {key: value for key, value in os.environ.items() if key not in _OF_A_REPOSITORY}
    environment.update(GIT_OPTIONAL_LOCKS="0", LC_ALL="C")
    # What a partial clone lacks would be fetched by whatever its settings name.
    environment.update(GIT_NO_LAZY_FETCH="1", GIT_ALLOW_PROTOCOL="")
    try:
        done = subprocess.run(
            ["git", "--no-pager", *_HARMLESS, "-C", top, *arguments],
            stdin=subprocess.DEVNULL if given is None else None,
            input=given,
            capture_output=True,
            env=environment,
            check=False,
        )
    except FileNotFoundError:
        raise SinceError("there is no git to ask") from None
    except OSError as error:
        raise SinceError(f"git cannot be run: {error.strerror}") from None
    if done.returncode not in codes:
        said = done.stderr.decode(errors="replace").strip().splitlines() or ["it says nothing"]
        hint = ""
        if _NEEDS_FETCH.search(done.stderr):
            hint = (
                "; a partial clone has to have the revision's files (`git diff REV` fetches them)"
            )
        raise SinceError(f"git fails in {top}: {said[0]}{hint}")
    return done.returncode, done.stdout


def merge_base(top: str, revision: str) -> str:
    """The commit to compare with."""
    commits = []
    for name in (revision, "HEAD"):
        code, out = git(
            top, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}", codes=(0, 1, 128)
        )
        if code:
            git(top, "rev-parse", "--git-dir")  # says what is wrong with the repository, if so
            hint = ""
            if os.path.exists(os.path.join(_git_directory(top), "shallow")):
                hint = "; its history is cut off (in CI: fetch all of it, `fetch-depth: 0`)"
            raise SinceError(f"{top} has no revision {name}{hint}")
        commits.append(out.decode("ascii").strip())
    code, out = git(top, "merge-base", *commits, codes=(0, 1))
    if code:
        message = f"{revision} and HEAD have no commit in common in {top}"
        raise SinceError(f"{message}, as far as its history goes")
    return out.decode("ascii").split()[0]


def _git_directory(top: str) -> str:
    _, out = git(top, "rev-parse", "--git-common-dir")
    return os.path.join(top, os.fsdecode(out.rstrip(b"\n")))


def renames(top: str, base: str) -> dict[str, str]:
    """What files of a commit are called now: new paths by old ones, from the top."""
    _, out = git(
        top,
        *_without_own_filters(top),
        *("diff", "--find-renames", "--diff-filter=R", "--name-status", "-z"),
        *("--no-ext-diff", "--no-textconv", "--ignore-submodules=all", base, "--"),
    )
    fields = list(map(os.fsdecode, out.split(b"\0")))
    return dict(zip(fields[1::3], fields[2::3], strict=False))


def _submodule_commit(around: _Changes, top: str) -> str | None:
    """The commit of a submodule that the repository around it had; None where it had none."""
    if not around.base:
        return None
    path = os.path.relpath(top, around.top).replace(os.sep, "/")
    _, out = git(around.top, "--literal-pathspecs", "ls-tree", "-z", around.base, "--", path)
    entry = out.split(b"\t", 1)[0].split()
    return entry[2].decode("ascii") if entry[1:2] == [b"commit"] else None


def _without_own_filters(top: str) -> list[str]:
    """Options that leave out what the repository's settings run on contents.

    Those of the user's own settings stay.
    """
    _, out = git(top, "config", "--list", "--show-scope", "-z")
    fields = iter(out.split(b"\0"))
    own: set[str] = set()
    users: dict[str, str] = {}
    for scope, entry in zip(fields, fields, strict=False):
        key, _, value = os.fsdecode(entry).partition("\n")
        section, _, variable = key.rpartition(".")
        if not section.startswith("filter.") or variable not in (*_RUN_BY_FILTERS, "required"):
            continue
        if scope in (b"system", b"global"):
            users[key] = value
        else:
            if "=" in key:
                raise SinceError(f"{top} has settings for a filter with an odd name: {key}")
            own.add(section)
    options = []
    for section in sorted(own):
        for variable in (*_RUN_BY_FILTERS, "required"):
            unless = "false" if variable == "required" else ""
            value = users.get(f"{section}.{variable}", unless)
            options += ["-c", f"{section}.{variable}={value}"]
    return options


def _changes(top: str, base: str) -> _Changes:
    _, patch = git(
        top,
        *_without_own_filters(top),
        "diff",
        *("--unified=0", "--inter-hunk-context=0", "--find-renames", "--no-color"),
        *("--no-ext-diff", "--no-textconv", "--ignore-submodules=all", "--submodule=short"),
        *("--src-prefix=a/", "--dst-prefix=b/", base, "--"),
    )
    _, others = git(top, "ls-files", "--others", "--exclude-standard", "-z")
    new = frozenset(os.fsdecode(name) for name in others.split(b"\0") if name)
    return _Changes(top, base, _changed_lines(patch), new)


def _changed_lines(patch: bytes) -> dict[str, set[int]]:
    """The lines that a patch without context adds, by the files' new paths."""
    changed: dict[str, set[int]] = {}
    own: set[int] = set()
    body = 0  # lines of a hunk that are still to come: they may look like anything
    for line in patch.split(b"\n"):
        if body and line[:1] in (b"+", b"-"):
            body -= 1
        elif line.startswith(b"+++ "):
            own = changed.setdefault(_path(line[4:]), set())
        elif hunk := _HUNK.match(line):
            removed, start, added = (1 if part is None else int(part) for part in hunk.groups())
            own.update(range(start, start + added))
            body = removed + added
    return changed


def _path(written: bytes) -> str:
    """The path on a patch's line: behind one with a blank stands a tab, odd ones are quoted."""
    written = written.removesuffix(b"\t")
    if written.startswith(b'"'):
        import ast

        # git's escapes are those of a bytes literal.
        written = ast.literal_eval("b" + written.decode("ascii"))
    return os.fsdecode(written.removeprefix(b"b/"))
