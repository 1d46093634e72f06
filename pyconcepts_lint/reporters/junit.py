"""JUnit's XML, which about every CI service shows as test results.

There is no official schema; this keeps to what Jenkins takes:
https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby

from ..base.cells import file_of
from ..base.finding import Finding
from ..base.neutral import COMMAND
from ..base.typed import TYPE_CHECKING
from . import Style

if TYPE_CHECKING:
    from typing import TextIO

TOOL = "pyconcepts-lint"
# https://www.w3.org/TR/xml/#charsets: the characters that XML has no way to write.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPECIAL = re.compile("[&<>\r\n]")
_SPECIAL_IN_ATTRIBUTES = re.compile('[&<>"\t\n\r]')


def write(findings: Sequence[Finding], out: TextIO, style: Style) -> None:
    by_file = [
        (path, list(found)) for path, found in groupby(findings, lambda finding: finding.path)
    ]
    problems = len(style.errors)
    # A run without a test would be no report at all to some services.
    of_tool = problems or not findings
    tests = len(findings) + max(problems, not findings)
    failures = sum(1 for finding in findings if finding.severity != "note")
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    counts = _attributes(tests=tests, failures=failures, errors=problems)
    out.write(f"<testsuites{_attributes(name=TOOL)}{counts}>\n")
    if of_tool:
        counts = _attributes(tests=max(problems, 1), failures=0, errors=problems)
        out.write(f"  <testsuite{_attributes(name=TOOL)}{counts}>\n")
        for number, error in enumerate(style.errors, 1):
            case = _attributes(name=f"error {number}", classname=TOOL)
            said = _attributes(type="error", message=style.said(error))
            out.write(f"    <testcase{case}>\n      <error{said}/>\n    </testcase>\n")
        if not problems:
            out.write(f"    <testcase{_attributes(name='nothing to report', classname=TOOL)}/>\n")
        out.write("  </testsuite>\n")
    for path, found in by_file:
        _suite(style.path(path), style.path(file_of(path)), found, out)
    out.write("</testsuites>\n")


def _suite(shown: str, file: str, findings: Iterable[Finding], out: TextIO) -> None:
    found = list(findings)
    notes = sum(1 for finding in found if finding.severity == "note")
    counts = _attributes(tests=len(found), failures=len(found) - notes, errors=0)
    if notes:
        counts += _attributes(skipped=notes)
    out.write(f"  <testsuite{_attributes(name=shown)}{counts}{_attributes(file=file)}>\n")
    module = re.sub(r"\.pyi?$", "", shown).strip("/").replace("/", ".")
    # Services take two tests of one name for one.
    seen: Counter[str] = Counter()
    for finding in found:
        name = f"{finding.code} {finding.name} ({finding.line}:{finding.column})"
        seen[name] += 1
        if seen[name] > 1:
            name += f" {seen[name]}"
        place = f"{shown}:{finding.line}:{finding.column}"
        # A note is shown, and is no failure.
        kind = "skipped" if finding.severity == "note" else "failure"
        said = _attributes(message=finding.message)
        if kind == "failure":
            said = _attributes(type=finding.code) + said
        out.write(f"    <testcase{_attributes(name=name, classname=module)}>\n      <{kind}{said}>")
        out.write(_escaped(f"{place}: {finding.code} {finding.message} [{finding.severity}]"))
        out.write(f"</{kind}>\n    </testcase>\n")
    out.write("  </testsuite>\n")


def _attributes(**values: object) -> str:
    return "".join(
        f' {name}="{_escaped(str(value), _SPECIAL_IN_ATTRIBUTES)}"'
        for name, value in values.items()
    )


def _escaped(text: str, special: re.Pattern[str] = _SPECIAL) -> str:
    """A text as XML, in ASCII, so that it is the same in whatever encoding it is written."""
    text = _NOT_XML.sub(lambda match: ascii(match[0])[1:-1], text)
    text = special.sub(lambda match: f"&#{ord(match[0])};", text)
    text = COMMAND.sub("&#35;", text)
    return text.encode("ascii", "xmlcharrefreplace").decode("ascii")
