"""Findings in notebooks, with the places that a report gives them: in cells, or in the JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from ..base.cells import NOTEBOOK, InCell, InJson
from ..base.finding import Edit, Finding, Fix
from ..base.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TypeVar

    from ..base.finding import Related
    from ..source.notebook import Notebook
    from ..source.text import Source

    Place = TypeVar("Place", Finding, Related)

IN_JSON = frozenset({"azure", "github", "gitlab", "rdjson", "sarif", "sonar"})
"""The formats for programs that know of files only, and show the lines of their text."""


def placed(
    findings: Iterable[Finding], read: Callable[[str], Source | None], form: str = ""
) -> list[Finding]:
    """The findings as a format shows them: those in notebooks with the lines of their cells, or,
    for a format that can't tell of cells, with those of the file and without fixes.

    Args:
        findings: some findings, with the lines of programs.
        read: gives a file as it was looked at.
        form: the name of the format.
    """
    return list(_placed(findings, lru_cache(maxsize=8)(read), form in IN_JSON))


def place_of(finding: Finding) -> str:
    """What people call the place of a finding in its file: line and column, behind the cell."""
    path = finding.path
    return path.place if isinstance(path, InJson) else f"{finding.line}:{finding.column}"


def _placed(
    findings: Iterable[Finding], read: Callable[[str], Source | None], in_json: bool
) -> Iterator[Finding]:
    for finding in findings:
        notebook = _notebook(finding.path, read)
        related = tuple(_related(each, read, in_json) for each in finding.related)
        fix = finding.fix
        if notebook is not None:
            finding = (_in_json if in_json else _in_cell)(finding, notebook)
        if fix is not None:
            fix = _fix(fix, read, in_json)
        if (fix, related) != (finding.fix, finding.related):
            finding = finding._replace(fix=fix, related=related)
        yield finding


def _notebook(path: str, read: Callable[[str], Source | None]) -> Notebook | None:
    """The notebook of a path, unless the path says already what lines are meant."""
    if not path.endswith(NOTEBOOK) or type(path) is not str:
        return None
    source = read(path)
    return None if source is None or source.notebook is None else source.notebook


def _related(related: Related, read: Callable[[str], Source | None], in_json: bool) -> Related:
    notebook = _notebook(related.path, read)
    if notebook is None:
        return related
    return (_in_json if in_json else _in_cell)(related, notebook)


def _in_cell(place: Place, notebook: Notebook) -> Place:
    cell, *own = notebook.range_in_cell(
        (place.line, place.column), (place.end_line, place.end_column)
    )
    return _moved(place, InCell(place.path, cell), *own) if cell else place


def _in_json(place: Place, notebook: Notebook) -> Place:
    start, end = (place.line, place.column), (place.end_line, place.end_column)
    cell, line, column, _, _ = notebook.range_in_cell(start, end)
    path = InJson(place.path, f"cell {cell}:{line}:{column}")
    return _moved(place, path, *notebook.place_in_file(*start), *notebook.place_in_file(*end))


def _moved(
    place: Place, path: str, line: int, column: int, end_line: int, end_column: int
) -> Place:
    return place._replace(
        path=path, line=line, column=column, end_line=end_line, end_column=end_column
    )


def _fix(fix: Fix, read: Callable[[str], Source | None], in_json: bool) -> Fix | None:
    """A fix with places in cells; None for one of a notebook in a format without them."""
    edits: list[Edit] = []
    for edit in fix.edits:
        notebook = _notebook(edit.path, read)
        if notebook is None:
            edits.append(edit)
        elif in_json:
            return None
        else:
            edits.append(_edit(edit, notebook))
    others = tuple(new for other in fix.alternatives if (new := _fix(other, read, in_json)))
    return fix._replace(edits=tuple(edits), alternatives=others)


def _edit(edit: Edit, notebook: Notebook) -> Edit:
    cell, line, column, end_line, end_column = notebook.range_in_cell(edit.start, edit.end)
    return edit._replace(
        path=InCell(edit.path, cell),
        start_line=line,
        start_column=column,
        end_line=end_line,
        end_column=end_column,
    )
