"""SARIF 2.1.0, the exchange format of static analysis, which code scanning services take.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath
from typing import Any, TextIO
from urllib.parse import quote

from ..base.cells import InJson
from ..base.errors import __version__
from ..base.finding import Edit, Finding, Fix, Related
from ..base.fingerprints import fingerprints
from ..base.neutral import json_text
from . import Style

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
BASE = "%SRCROOT%"
"""What paths are relative to, by the name that code scanning services know."""
FINGERPRINT = "findingHash/v1"
DESCRIPTION_LENGTH = 1024
"""GitHub takes no longer descriptions."""

_CODE = re.compile(r"`([^`]+)`")
# A placeholder `{0}` and an embedded link `[text](1)`, as they may stand in quoted code.
_PLACEHOLDER = re.compile(r"\{(\d+)\}")
_LINK = re.compile(r"\[(?=[^\[\]]*\]\()")
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~])")

Object = dict[str, Any]


def write(findings: Sequence[Finding], out: TextIO, style: Style) -> None:
    top = style.from_top("GITHUB_WORKSPACE")
    rules = _rules(findings)
    index = {rule["id"]: number for number, rule in enumerate(rules)}
    head = {
        "tool": {
            "driver": {"name": "pyconcepts-lint", "version": __version__, "rules": rules},
        },
        "invocations": [
            {
                "executionSuccessful": not style.errors,
                "toolExecutionNotifications": [
                    *_notifications("error", map(top.said, style.errors)),
                    *_notifications("note", map(top.said, style.notes)),
                ],
            }
        ],
        # No `uri`: where the sources lay when they were looked at is not for others to know.
        "originalUriBaseIds": {
            BASE: {"description": {"text": "The top directory of the sources."}},
        },
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\r", "\n"],
        "defaultEncoding": "utf-8",
        "defaultSourceLanguage": "python",
    }
    out.write(f'{{"$schema": {json.dumps(SCHEMA)}, "version": "2.1.0", "runs": [\n')
    out.write(json_text(json.dumps(head, indent=1))[:-2] + ',\n "results": [')
    between = "\n"
    known_by = fingerprints(findings, top.text, top.directory)
    for finding, fingerprint in zip(findings, known_by, strict=True):
        result = _result(finding, fingerprint, index[finding.code], top)
        out.write(f"{between}{json_text(json.dumps(result))}")
        between = ",\n"
    out.write("\n ]\n}]}\n" if findings else "]\n}]}\n")


def _notifications(level: str, said: Iterable[str]) -> Iterator[Object]:
    return ({"level": level, "message": {"text": _plain(text)}} for text in said)


# Texts


def _message(text: str) -> Object:
    """A sentence of ours, with code between backticks, in both of the forms there are."""
    parts = _CODE.split(text)
    marked = [
        f"`{part}`" if n % 2 else _MARKDOWN.sub(r"\\\1", part) for n, part in enumerate(parts)
    ]
    return {
        "text": _plain(text),
        "markdown": _PLACEHOLDER.sub(r"{{\1}}", "".join(marked)),
    }


def _of_page(text: str) -> Object:
    """A piece of a rule's page, which is Markdown."""
    return {"text": _CODE.sub(_in_quotes, text), "markdown": text}


def _plain(text: str) -> str:
    quoted = _CODE.sub(_in_quotes, text)
    return _LINK.sub(r"\\[", _PLACEHOLDER.sub(r"{{\1}}", quoted))


def _in_quotes(code: re.Match[str]) -> str:
    """GitHub shows underscores between backticks in plain text with backslashes."""
    quote = next((quote for quote in "'\"" if quote not in code[1]), "`")
    return f"{quote}{code[1]}{quote}"


# Rules


def _rules(findings: Iterable[Finding]) -> list[Object]:
    """All rules there are, and whatever else was found."""
    from ..plugins.concepts import concept_of
    from ..plugins.registry import rules
    from ..plugins.site import url_of, with_whole_links

    found: dict[str, Object] = {
        code: {
            "id": code,
            "name": rule.name,
            **_descriptions(with_whole_links(rule.page()), code),
            **({"helpUri": url} if (url := url_of(code)) else {}),
            "defaultConfiguration": {"enabled": rule.on, "level": rule.severity},
            "properties": {"tags": [concept_of(rule).name]},
        }
        for code, rule in rules().items()
    }
    for finding in findings:
        if finding.code not in found:
            found[finding.code] = {"id": finding.code, "name": finding.name}
    return [found[code] for code in sorted(found)]


def _descriptions(text: str, code: str) -> Object:
    from ..base.pages import parse
    from ..plugins.site import url_of

    page = parse(text)
    if not page.summary:
        return {}
    finds = ""
    for paragraph in page.sections.get("What it finds", page.summary).split("\n\n"):
        if len(finds) + len(paragraph) + 2 > DESCRIPTION_LENGTH:
            break
        finds += f"\n\n{paragraph}" if finds else paragraph
    if url_of(code) is None:
        text = f"{text}\n\n`pyconcepts-lint --explain {code}` shows this page."
    return {
        "shortDescription": _of_page(page.summary),
        "fullDescription": _of_page(finds or page.summary),
        "help": {"text": text, "markdown": text},
    }


# Results


def _result(finding: Finding, fingerprint: str, index: int, style: Style) -> Object:
    result: Object = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": finding.severity,
        "message": _message(finding.message),
        "locations": [{"physicalLocation": _location(finding, style), **_in_cell(finding.path)}],
        "partialFingerprints": {FINGERPRINT: fingerprint},
    }
    if finding.related:
        result["relatedLocations"] = [
            {
                "id": number,
                "physicalLocation": _location(related, style),
                **_in_cell(related.path),
                "message": _message(related.message),
            }
            for number, related in enumerate(finding.related, 1)
        ]
    fixes = (finding.fix, *finding.fix.alternatives) if finding.fix else ()
    if fixes:
        result["fixes"] = [_fix(fix, style) for fix in fixes]
    return result


def _location(of: Finding | Related, style: Style) -> Object:
    place = of.line, of.column, of.end_line, of.end_column
    # A place without length is for insertions; what is said of it concerns the line.
    region = {"startLine": of.line} if place[:2] == place[2:] else _region(*place)
    return {"artifactLocation": _artifact(of.path, style), "region": region}


def _in_cell(path: str) -> Object:
    """The cell of a notebook that a place is in, for those who read the location."""
    if not isinstance(path, InJson):
        return {}
    return {
        "logicalLocations": [
            {"name": path.place.partition(":")[0], "fullyQualifiedName": path.place}
        ]
    }


def _region(line: int, column: int, end_line: int, end_column: int) -> Object:
    return {
        "startLine": line,
        "startColumn": column,
        "endLine": end_line,
        "endColumn": end_column,
    }


def _artifact(path: str, style: Style) -> Object:
    """Where a file is: below the base as a relative reference, elsewhere as an absolute URI."""
    shown = style.path(path)
    if os.path.isabs(shown):
        return {"uri": PurePath(shown).as_uri()}
    return {"uri": quote(os.fsencode(shown)), "uriBaseId": BASE}


def _fix(fix: Fix, style: Style) -> Object:
    by_path: dict[str, list[Edit]] = {}
    for edit in fix.edits:
        by_path.setdefault(edit.path, []).append(edit)
    unsafe = "" if fix.is_safe else " (unsafe: it may change what the program does)"
    return {
        "description": _message(f"{fix.message}{unsafe}"),
        "artifactChanges": [
            {
                "artifactLocation": _artifact(path, style),
                "replacements": [
                    {
                        "deletedRegion": _region(*edit.start, *edit.end),
                        "insertedContent": {"text": edit.new_text},
                    }
                    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end))
                ],
            }
            for path, edits in by_path.items()
        ],
        "properties": {"applicability": fix.applicability},
    }
