"""What looking at files gave. Plain data: it is kept in the cache and crosses processes."""

from __future__ import annotations

from .finding import SEVERITIES, Edit, Finding, Fix, Related
from .typed import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

UNREADABLE = ("PCL901", "syntax-error")
"""Under which code and name a file that no Python can read is reported."""

MOST_NOTES = 5
"""If there are more notes of one rule, people are told of them in one paragraph."""


def is_of_installed(kind: str) -> bool:
    """Is an input of a result one that installed packages tell (`index/installed.py`)?"""
    return kind.startswith("installed.")


class FileResult:
    """What looking at one file gave.

    Attributes:
        path: the file.
        findings: what the rules reported, sorted.
        contents: where there are findings, by path the digests of what they were made from: the
            file, and those that their fixes change ("" for one that isn't there).
        errors: rules that failed: their codes ("" where it wasn't a rule), and what went wrong.
        faults: files of the project that could not be indexed, by path, and packages of rules
            that don't load, by name: what went wrong.
        newer: is the file written for a newer Python than the running one?
        classes: how many class statements it has, and how many of these have a base that wasn't
            found; 0 and 0 where no rule was run that asks for bases.
        skipped: which rules could not look at the file, for it is nested too deeply.
        inputs: what else of the project the findings rest on: kind, what of, and the digest of
            the answer (see `index.tracking`).
        rests_on: what answers rest on that were found out on the way.
        frozen: tables of the whole project that were made on the way, in plain form.
    """

    __slots__ = (
        *("classes", "contents", "errors", "faults", "findings", "frozen", "inputs", "newer"),
        *("path", "rests_on", "skipped"),
    )

    def __init__(self, path: str) -> None:
        self.path = path
        self.findings: list[Finding] = []
        self.contents: dict[str, str] = {}
        self.errors: list[tuple[str, str]] = []
        self.faults: dict[str, str] = {}
        self.newer = False
        self.classes = (0, 0)
        self.skipped: list[str] = []
        self.inputs: list[tuple[str, str, str]] = []
        self.rests_on: dict[tuple[str, str], Collection[tuple[str, str]]] = {}
        self.frozen: dict[str, object] = {}

    def to_json(self) -> dict[str, Any]:
        return {
            "path": self.path,
            "findings": self.findings,
            "contents": self.contents,
            "newer": self.newer,
            "classes": self.classes,
            "skipped": self.skipped,
            "inputs": self.inputs,
        }

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> FileResult:
        """Raises TypeError, ValueError or KeyError for what `to_json` didn't make."""
        result = cls(row["path"])
        result.findings = [finding_from(item) for item in row["findings"]]
        result.contents = {str(path): str(found) for path, found in row["contents"].items()}
        result.newer = bool(row["newer"])
        number, unresolved = row["classes"]
        result.classes = (int(number), int(unresolved))
        result.skipped = [str(item) for item in row["skipped"]]
        result.inputs = [(kind, of, answer) for kind, of, answer in row["inputs"]]
        return result


def finding_from(row: list[Any]) -> Finding:
    """A finding from the JSON array of one; raises TypeError for what isn't one."""
    finding = Finding(*row)
    _check(finding[:4], str)
    _check(finding[4:8], int)
    _check((finding.thing,), str)
    if finding.severity not in SEVERITIES:
        raise ValueError(finding.severity)
    finding = finding._replace(related=tuple(map(_related_from, finding.related)))
    return finding if finding.fix is None else finding._replace(fix=_fix_from(finding.fix))


def _related_from(row: Any) -> Related:
    related = Related(*row)
    _check(related[:2], str)
    _check(related[2:], int)
    return related


def _fix_from(row: Any) -> Fix:
    fix = Fix(*row)
    _check(fix[:2], str)
    return fix._replace(
        edits=tuple(map(_edit_from, fix.edits)),
        alternatives=tuple(_fix_from(other) for other in fix.alternatives),
    )


def _edit_from(row: Any) -> Edit:
    edit = Edit(*row)
    _check((edit.path, edit.new_text), str)
    _check(edit[1:5], int)
    return edit


def _check(values: tuple[object, ...], kind: type) -> None:
    if not all(isinstance(value, kind) for value in values):
        raise TypeError


class Report:
    """What a run has to say.

    Attributes:
        findings: what is left to report, sorted by path, line, column and code.
        errors: what went wrong in the tool itself, for standard error.
        notes: harmless things to say once, for standard error.
        files: how many files were looked at.
        contents: path → the digest of the content in which findings were made.
        fixed: the findings whose fix was made.
        changed: path → (bytes before, or None for a new file, bytes after).
        overviews: what rules with many notes say of the projects as a whole, by code.
    """

    __slots__ = (
        *("changed", "contents", "errors", "files", "findings", "fixed", "notes"),
        "overviews",
    )

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.errors: list[str] = []
        self.notes: list[str] = []
        self.files = 0
        self.contents: dict[str, str] = {}
        self.fixed: list[Finding] = []
        self.changed: dict[str, tuple[bytes | None, bytes]] = {}
        self.overviews: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"<Report: {len(self.findings)} findings, {self.files} files>"
