"""`--show-unresolved`: the classes that aren't judged, by what wasn't found."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ..analysis.unresolved import Coverage, coverage
from ..base.neutral import neutral
from ..base.report import Report
from ..base.request import RunRequest
from ..base.settings import Configuration
from ..base.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, TextIO

    from ..index.model import SourceClass
    from ..reporters import Style
    from ..workspace.workspace import Workspace


def write_unresolved(
    paths: Sequence[str],
    stdin_filename: str | None,
    configuration: Configuration,
    form: str | None,
    style: Style,
    out: TextIO,
) -> list[str]:
    """Write which classes of some files aren't judged: as text, or as JSON where `form` is that.

    Gives what is wrong with the paths that were named.
    """
    from ..running.run import files_by_workspace

    report = Report()
    request = RunRequest(tuple(paths), stdin=b"", stdin_filename=stdin_filename)
    found: dict[Workspace, list[str]] = files_by_workspace(request, configuration, report)
    known = coverage((workspace.project, files) for workspace, files in found.items())
    if form in ("json", "jsonl"):
        out.write(json.dumps(_plain(known, style), indent=2 if form == "json" else None) + "\n")
    else:
        _write_text(known, style, out)
    return report.errors


def _plain(known: Coverage, style: Style) -> dict[str, Any]:
    return {
        "files": known.files,
        "unread-files": known.unread,
        "classes": known.classes,
        "unjudged-classes": known.unjudged,
        "partly-known-classes": known.partly,
        "unresolved": [
            {
                "name": name,
                "why": known.why.get(name),
                "classes": [
                    {"class": model.qualname, "path": path, "line": line, "column": column}
                    for model, path, line, column in _places(models, style)
                ],
            }
            for name, models in _ordered(known)
        ],
    }


def _write_text(known: Coverage, style: Style, out: TextIO) -> None:
    for name, models in _ordered(known):
        number = len(models)
        out.write(f"{neutral(name)}: {number:,} {'class' if number == 1 else 'classes'}\n")
        if name in known.why:
            out.write(f"  ({neutral(known.why[name])})\n")
        for model, path, line, column in _places(models, style):
            out.write(f"  {neutral(path)}:{line}:{column} {neutral(model.qualname)}\n")
    out.write(f"{_share(known.unjudged, known.classes)} classes have a base that ")
    out.write("wasn't found; what only such a base could undo isn't said of them.\n")
    if known.partly:
        out.write(f"{_share(known.partly, known.classes)} classes have a base of which not all is ")
        out.write("known: it comes of a stub, or a library's function makes it.\n")
    if known.unread:
        out.write(f"{_share(known.unread, known.files)} files weren't read.\n")


def _ordered(known: Coverage) -> list[tuple[str, list[SourceClass]]]:
    """What most classes lack first."""
    return sorted(known.missing.items(), key=lambda item: (-len(item[1]), item[0]))


def _places(models: Sequence[SourceClass], style: Style) -> list[tuple[SourceClass, str, int, int]]:
    return [
        (model, style.path(model.module.path), model.facts.line, model.facts.column)
        for model in models
    ]


def _share(part: int, whole: int) -> str:
    return f"{part:,} of {whole:,} ({100 * part / whole if whole else 0:.0f} %)"
