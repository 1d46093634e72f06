"""The formats for programs, read back as those programs read them."""

from __future__ import annotations

import io
import json
import os
import re
from pathlib import Path

import pytest

from pyconcepts_lint import reporters
from pyconcepts_lint.base import settings
from pyconcepts_lint.base.finding import Edit, Finding, Fix, Related
from pyconcepts_lint.reporters import Style

ALTERNATIVE = Fix("unsafe", "Otherwise", (Edit("/work/b.py", 1, 1, 1, 1, "é"),))
FIX = Fix("safe", "Fix", (Edit("/work/pkg/a.py", 2, 3, 2, 4, "日"),), (ALTERNATIVE,))
RELATED = (Related("defined here", "/work/pkg/b.py", 1, 2, 1, 3),)
FINDINGS = [
    Finding(
        "PCL000",
        "some-rule",
        "100% `a`\nof, it: é",
        "/work/pkg/a.py",
        2,
        3,
        2,
        7,
        FIX,
        "warning",
        RELATED,
    ),
    Finding("PCL001", "other-rule", "plain", "/elsewhere/a,b:c%.py", 1, 1, 4, 2, None, "note"),
]
HERE = Style(directory="/work")


def written(name: str, findings: list[Finding] = FINDINGS, style: Style = HERE) -> str:
    buffer = io.BytesIO()
    out = io.TextIOWrapper(buffer, "ascii", errors="strict", newline="\n")
    if name in reporters.FOR_PEOPLE:
        out.reconfigure(errors="backslashreplace")
    reporters.writer(name)(findings, out, style)
    out.flush()
    return buffer.getvalue().decode()


@pytest.mark.parametrize("name", reporters.FORMATS)
def test_every_list_of_findings_may_be_empty(name: str) -> None:
    text = written(name, [])
    if name in ("json", "gitlab"):
        assert text == "[]\n"
    elif name not in (
        "sarif",
        "junit",
        "html",
        "rdjson",
        "sonar",
    ):  # these say that there was a run
        assert text == ""


@pytest.mark.parametrize("name", reporters.FORMATS)
def test_every_format_is_a_setting(name: str, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        f"[tool.pyconcepts-lint]\noutput-format = '{name}'\n", encoding="utf-8"
    )
    assert settings.Configuration().for_path(str(tmp_path)).output_format == name


def test_json_has_all_of_a_finding_with_shown_paths() -> None:
    first, second = json.loads(written("json"))
    assert first == {
        "code": "PCL000",
        "name": "some-rule",
        "message": "100% `a`\nof, it: é",
        "path": "pkg/a.py",
        "line": 2,
        "column": 3,
        "end_line": 2,
        "end_column": 7,
        "fix": {
            "applicability": "safe",
            "message": "Fix",
            "edits": [
                {
                    "path": "pkg/a.py",
                    "start_line": 2,
                    "start_column": 3,
                    "end_line": 2,
                    "end_column": 4,
                    "new_text": "日",
                }
            ],
            "alternatives": [
                {
                    "applicability": "unsafe",
                    "message": "Otherwise",
                    "edits": [
                        {
                            "path": "b.py",
                            "start_line": 1,
                            "start_column": 1,
                            "end_line": 1,
                            "end_column": 1,
                            "new_text": "é",
                        }
                    ],
                    "alternatives": [],
                }
            ],
        },
        "severity": "warning",
        "related": [
            {
                "message": "defined here",
                "path": "pkg/b.py",
                "line": 1,
                "column": 2,
                "end_line": 1,
                "end_column": 3,
            }
        ],
    }
    assert second["severity"] == "note"
    assert second["path"] == "/elsewhere/a,b:c%.py"
    assert second["fix"] is None


def test_jsonl_is_json_line_by_line() -> None:
    assert [json.loads(line) for line in written("jsonl").splitlines()] == json.loads(
        written("json")
    )


def test_a_path_that_is_not_text_is_still_json() -> None:
    path = os.fsdecode(b"/work/\xff.py")
    (found,) = json.loads(written("json", [FINDINGS[0]._replace(path=path)]))
    assert os.fsencode(found["path"]) == b"\xff.py"


def test_concise_is_a_line_for_a_finding() -> None:
    assert written("concise").splitlines() == [
        r"pkg/a.py:2:3: PCL000 100% `a` of, it: \xe9 [warning]",
        "/elsewhere/a,b:c%.py:1:1: PCL001 plain [note]",
    ]


def workflow_command(line: str) -> tuple[dict[str, str], str]:
    """A command as GitHub's runner takes it apart."""
    match = re.fullmatch(r"::(?:warning|notice) (.*?)::(.*)", line)
    assert match
    pairs = (pair.split("=", 1) for pair in match[1].split(","))
    unescaped = {"%3A": ":", "%2C": ",", "%0D": "\r", "%0A": "\n", "%25": "%"}

    def text(escaped: str) -> str:
        return re.sub("%(3A|2C|0D|0A|25)", lambda found: unescaped[found[0]], escaped)

    return {name: text(value) for name, value in pairs}, text(match[2])


def test_github_reads_back_what_was_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    out = io.StringIO()
    reporters.writer("github")(FINDINGS, out, HERE)
    (properties, message), (others, _) = map(workflow_command, out.getvalue().splitlines())
    assert properties == {
        "file": "pkg/a.py",
        "line": "2",
        "col": "3",
        "endLine": "2",
        "endColumn": "7",
        "title": "PCL000 some-rule",
    }
    assert message == "pkg/a.py:2:3: PCL000 100% `a`\nof, it: é"
    # The annotations API takes columns only where both lines are the same.
    assert others == {
        "file": "/elsewhere/a,b:c%.py",
        "line": "1",
        "endLine": "4",
        "title": "PCL001 other-rule",
    }


def test_github_gets_paths_from_the_top_of_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_WORKSPACE", "/work")
    out = io.StringIO()
    reporters.writer("github")(FINDINGS[:1], out, Style(directory="/work/pkg"))
    properties, message = workflow_command(out.getvalue().rstrip("\n"))
    assert properties["file"] == "pkg/a.py"
    assert message.startswith("a.py:2:3: ")


@pytest.mark.parametrize(
    ("directory", "path", "shown"),
    [
        ("/work", "/work/a.py", "a.py"),
        ("/work", "/workshop/a.py", "/workshop/a.py"),
        ("/", "/a.py", "a.py"),
        ("/work/deep", "/work/a.py", "/work/a.py"),
    ],
)
def test_paths_are_relative_below_the_directory(directory: str, path: str, shown: str) -> None:
    assert Style(directory=directory).path(path) == shown
