"""Findings as the protocol has them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from lsprotocol import types

from ..base.finding import Finding
from ..base.settings import SettingsError
from ..plugins.registry import RegistryError, listed
from ..plugins.site import url_of
from .positions import Text

SOURCE = "pyconcepts-lint"
SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "note": types.DiagnosticSeverity.Information,
}
TextOf = Callable[[str], Text | None]
UriOf = Callable[[str], str]


def diagnostics(
    findings: Iterable[Finding], text: Text, text_of: TextOf, uri_of: UriOf
) -> list[types.Diagnostic]:
    """What a file's findings are in an editor.

    Args:
        findings: those of one file.
        text: the file's.
        text_of: gives the text of another file.
        uri_of: gives the address of a file.
    """
    return [_diagnostic(finding, text, text_of, uri_of) for finding in findings]


def _diagnostic(finding: Finding, text: Text, text_of: TextOf, uri_of: UriOf) -> types.Diagnostic:
    url = url_of(finding.code)
    related = []
    for each in finding.related:
        other = text if each.path == finding.path else text_of(each.path)
        if other is not None:
            place = range_of(other, *each[2:6])
            location = types.Location(uri_of(each.path), place)
            related.append(types.DiagnosticRelatedInformation(location, each.message))
    return types.Diagnostic(
        range=range_of(text, *finding[4:8]),
        message=finding.message,
        severity=SEVERITIES[finding.severity],
        code=finding.code,
        code_description=None if url is None else types.CodeDescription(url),
        source=SOURCE,
        tags=_tags(finding.code),
        related_information=related or None,
        data={"name": finding.name},
    )


def _tags(code: str) -> list[types.DiagnosticTag] | None:
    rule = listed().get(code)
    try:
        is_unnecessary = rule is not None and rule.load().unnecessary
    except RegistryError:
        is_unnecessary = False
    return [types.DiagnosticTag.Unnecessary] if is_unnecessary else None


def of_settings(error: SettingsError) -> types.Diagnostic:
    """Settings that can't be used, in their file."""
    line = (error.line or 1) - 1
    place = types.Range(types.Position(line, 0), types.Position(line + 1, 0))
    return types.Diagnostic(
        range=place,
        message=error.message,
        severity=types.DiagnosticSeverity.Error,
        source=SOURCE,
    )


def range_of(text: Text, line: int, column: int, end_line: int, end_column: int) -> types.Range:
    start, end = text.to_place(line, column), text.to_place(end_line, end_column)
    return types.Range(types.Position(*start), types.Position(*end))
