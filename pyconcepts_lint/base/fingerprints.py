"""What a finding is known by from one version of a file to the next.

A baseline, SARIF's `partialFingerprints` and GitLab's Code Quality `fingerprint` tell by it
which findings are new. Lines that move up or down don't change it; another file name, rule,
message or text of the finding's own lines does.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from .digests import digest
from .finding import Finding


def fingerprints(
    findings: Sequence[Finding], text_of: Callable[[str], str | None], root: str
) -> list[str]:
    """A hexadecimal string for each finding, in their order.

    It is made from the path relative to `root`, the code, the message without line numbers, the
    text of the finding's lines without the blanks around it, and a count that tells apart what
    is equal in all of these within a file, from top to bottom.

    Args:
        findings: all findings of the files that they are in, in any order.
        text_of: the decoded text of the file at a path; None where there is none, which leaves
            the lines' text out.
        root: an absolute directory.
    """
    files: dict[str, tuple[str, list[str]]] = {}
    seen: dict[tuple[str, ...], int] = {}
    result = [""] * len(findings)
    for number in sorted(range(len(findings)), key=lambda n: findings[n].sort_key):
        finding = findings[number]
        path = finding.path
        if path not in files:
            files[path] = relative_path(path, root), _lines(text_of(path) or "")
        relative, lines = files[path]
        same = (
            relative,
            finding.code,
            without_line_numbers(finding.message),
            own_text(finding, lines),
        )
        seen[same] = seen.get(same, 0) + 1
        result[number] = digest("\0".join((*same, str(seen[same]))))
    return result


def relative_path(path: str, root: str) -> str:
    """A path as it is on every machine: from `root`, with slashes.

    What lies on another drive keeps its absolute path.
    """
    try:
        relative = os.path.relpath(path, root)
    except ValueError:
        relative = path
    return relative.replace(os.sep, "/")


def without_line_numbers(message: str) -> str:
    """A message as it would be wherever the lines were that it speaks of."""
    if "line" not in message:
        return message
    import re

    return re.sub(r"\b(lines?) \d+", r"\1 …", message)


def own_text(finding: Finding, lines: Sequence[str]) -> str:
    """The text of a finding's lines, each without the blanks around it."""
    end = finding.end_line - 1 if finding.end_column == 1 else finding.end_line
    own = lines[finding.line - 1 : max(end, finding.line)]
    return "\n".join(line.strip() for line in own)


def _lines(text: str) -> list[str]:
    """The lines where Python's tokenizer ends them; str.splitlines ends more."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
