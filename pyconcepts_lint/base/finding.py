"""What a rule says about a place in the code, and how it would change it."""

from __future__ import annotations

from .cells import cell_of, file_of
from .typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Any, Literal

    Applicability = Literal["safe", "unsafe"]
    Severity = Literal["error", "warning", "note"]
else:
    Applicability = Severity = str

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
"""How severe a finding can be, the most severe first: what runs this raises; it does something else
than it says; it could be said better."""


def is_as_severe(severity: Severity, least: Severity) -> bool:
    """Is it as severe as another severity, or more?"""
    return SEVERITIES.index(severity) <= SEVERITIES.index(least)


class Edit(NamedTuple):
    """One replacement of a range of text.

    Lines and columns are 1-based and count characters of the decoded text; the end is
    exclusive, so an edit whose start and end are the same inserts. An edit of a path that
    does not exist creates that file with `new_text`.

    `shared` says of an insertion that another fix which has the same one means the same by it,
    such as an import that both need: it is made once.
    """

    path: str
    start_line: int
    start_column: int
    end_line: int
    end_column: int
    new_text: str
    shared: bool = False

    @property
    def start(self) -> tuple[int, int]:
        return self.start_line, self.start_column

    @property
    def end(self) -> tuple[int, int]:
        return self.end_line, self.end_column

    @property
    def inserts(self) -> bool:
        return self.start == self.end

    def to_json(self) -> dict[str, Any]:
        """The stable form of the JSON reports."""
        row = _row(self)
        del row["shared"]
        return row


def collide(one: Edit, other: Edit) -> bool:
    """Do two edits of a file get into each other's way?

    An insertion at the start or the end of a replacement doesn't: it is clear what comes first.
    Two insertions at one place do.
    """
    if one.inserts and other.inserts and one.start == other.start:
        return True
    return one.start < other.end and other.start < one.end


class Fix(NamedTuple):
    """A change that answers a finding; all of its edits are made, or none.

    `alternatives` are other ways out, for editors to offer: no command-line option applies them.
    `together`, where it isn't 0, says that the fix is right only with the others of the same
    rule in the file, and how many they are with itself: all of them are made, or none.
    `python3` says of a fix of Python 2 source that it writes what is right in Python 3 only: it
    is made along with fixes that belong together and make the file Python 3 source, or not at
    all.
    """

    applicability: Applicability
    message: str
    edits: tuple[Edit, ...]
    alternatives: tuple[Fix, ...] = ()
    together: int = 0
    python3: bool = False

    @property
    def is_safe(self) -> bool:
        return self.applicability == "safe"

    def to_json(self) -> dict[str, Any]:
        """The stable form of the JSON reports."""
        return {
            "applicability": self.applicability,
            "message": self.message,
            "edits": [edit.to_json() for edit in self.edits],
            "alternatives": [fix.to_json() for fix in self.alternatives],
        }


class Related(NamedTuple):
    """Another place that a finding speaks of, and what is there: the definition of an attribute,
    the base's method, the loop around a function.

    Lines and columns are those of a `Finding`.
    """

    message: str
    path: str
    line: int
    column: int
    end_line: int
    end_column: int


class Finding(NamedTuple):
    """One true sentence about one place in one file.

    Lines and columns are 1-based and count characters; the end is exclusive. `path` is
    absolute; reporters make it relative to the current directory where it lies below it. While
    findings are made and fixed, lines of notebooks are those of the program that the cells make;
    a report has the lines of the cell, and a path that names it (see `base.cells`).

    Findings of a rule in a file that have a `thing` in common, such as one attribute, are reported
    as one, with the other places as related ones (see `base.things`).
    """

    code: str
    name: str
    message: str
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    fix: Fix | None = None
    severity: Severity = "warning"
    related: tuple[Related, ...] = ()
    thing: str = ""

    @property
    def cell(self) -> int | None:
        """The number of the cell (among all cells, from 1) for a finding in a notebook."""
        return cell_of(self.path)

    @property
    def sort_key(self) -> tuple[str, int, int, str]:
        return self.path, self.line, self.column, self.code

    def to_json(self) -> dict[str, Any]:
        """The stable form of the JSON reports."""
        row = _row(self)
        del row["thing"]
        row["fix"] = self.fix.to_json() if self.fix else None
        row["related"] = [_row(related) for related in self.related]
        return row


def _row(place: Edit | Related | Finding) -> dict[str, Any]:
    """What a place says, by name; with the number of the cell behind the path of a notebook."""
    row: dict[str, Any] = {}
    for name, value in place._asdict().items():
        row[name] = value
        if name == "path" and (cell := cell_of(value)) is not None:
            row.update(path=file_of(value), cell=cell)
    return row
