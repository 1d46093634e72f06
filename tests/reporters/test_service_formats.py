"""Formats of other tools and services: places in their units, paths and signs as they want them."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from odd_project import OddProject

from pyconcepts_lint import reporters
from pyconcepts_lint.base.finding import Edit, Finding, Fix
from pyconcepts_lint.frontends import cli
from pyconcepts_lint.frontends.explain import rule_facts
from pyconcepts_lint.plugins import site
from pyconcepts_lint.plugins.registry import rules
from pyconcepts_lint.reporters import Style

PATH = "/work/pkg/a.py"
TEXT = "x = 'é日\U0001f40d'; self.y = 1\n\nlast\n"
COLUMN = TEXT.index("self") + 1


def finding(*place: int, fix: Fix | None = None, path: str = PATH) -> Finding:
    return Finding("PCL000", "some-rule", "`y` is so", path, *place, fix)


def written(name: str, *findings: Finding, links: bool = False, color: bool = False) -> str:
    out = io.StringIO()
    style = Style(100, color, "/work", {PATH: TEXT.encode()}, links=links)
    reporters.writer(name)(findings, out, style)
    return out.getvalue()


ON_FIRST_LINE = (1, COLUMN, 1, COLUMN + 4)


def test_grouped_names_each_file_once_and_sets_places_in_columns() -> None:
    text = written(
        "grouped", finding(1, 1, 1, 2), finding(1, 12, 1, 13), finding(1, 1, 1, 2, path="/b")
    )
    assert text.splitlines() == [
        "pkg/a.py:",
        "  1:1   PCL000 `y` is so [warning]",
        "  1:12  PCL000 `y` is so [warning]",
        "",
        "/b:",
        "  1:1  PCL000 `y` is so [warning]",
        "",
    ]


def test_pylint_is_path_line_and_code() -> None:
    assert written("pylint", finding(1, 5, 1, 6)) == "pkg/a.py:1: [PCL000] `y` is so [warning]\n"


def test_azure_is_a_logging_command_with_escaped_properties(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("BUILD_SOURCESDIRECTORY", raising=False)
    odd = finding(1, 5, 1, 6, path="/work/a;b]c%.py")._replace(
        message="100% of\n`x`; [1]", severity="error"
    )
    assert written("azure", odd) == (
        "##vso[task.logissue type=error;sourcepath=a%3Bb%5Dc%AZP25.py;linenumber=1;columnnumber=5;"
        "code=PCL000;]PCL000 100%AZP25 of `x`; [1]\n"
    )
    monkeypatch.setenv("BUILD_SOURCESDIRECTORY", "/work/pkg")
    assert "sourcepath=a.py;" in written("azure", finding(1, 5, 1, 6))


def rdjson(*findings: Finding) -> list[dict[str, Any]]:
    found = json.loads(written("rdjson", *findings))
    assert found["source"]["name"] == "pyconcepts-lint"
    return found["diagnostics"]  # type: ignore[no-any-return]


def test_rdjson_counts_bytes_of_utf_8() -> None:
    (row,) = rdjson(finding(*ON_FIRST_LINE))
    line = TEXT.splitlines()[0].encode()
    span = row["location"]["range"]
    assert line[span["start"]["column"] - 1 : span["end"]["column"] - 1] == b"self"
    assert row["location"]["path"] == "pkg/a.py"
    assert row["code"] == {"value": "PCL000"}


@pytest.mark.parametrize(
    ("applicability", "edits", "is_suggested"),
    [
        ("safe", [Edit(PATH, *ON_FIRST_LINE, "cls")], True),
        ("unsafe", [Edit(PATH, *ON_FIRST_LINE, "cls")], False),
        ("safe", [Edit(PATH, *ON_FIRST_LINE, "cls"), Edit(PATH, 2, 1, 2, 1, "x\n")], False),
        ("safe", [Edit("/work/b.py", *ON_FIRST_LINE, "cls")], False),
    ],
)
def test_rdjson_suggests_what_may_be_taken_alone(
    applicability: str, edits: list[Edit], is_suggested: bool
) -> None:
    (row,) = rdjson(finding(*ON_FIRST_LINE, fix=Fix(applicability, "Do", tuple(edits))))
    suggested = [{"range": row["location"]["range"], "text": "cls"}] if is_suggested else None
    assert row.get("suggestions") == suggested


def sonar(*place: int) -> dict[str, int]:
    found = json.loads(written("sonar", finding(*place)))
    assert [rule["id"] for rule in found["rules"]] == ["PCL000"]
    (issue,) = found["issues"]
    assert issue["ruleId"] == "PCL000"
    assert issue["primaryLocation"]["filePath"] == "pkg/a.py"
    return issue["primaryLocation"]["textRange"]  # type: ignore[no-any-return]


def test_sonar_counts_units_of_utf_16_from_0() -> None:
    span = sonar(*ON_FIRST_LINE)
    line = TEXT.splitlines()[0].encode("utf-16-le")
    assert line[span["startColumn"] * 2 : span["endColumn"] * 2].decode("utf-16-le") == "self"


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ((1, 3, 1, 3), {"startLine": 1, "endLine": 1}),  # no length
        ((2, 1, 3, 1), {"startLine": 2, "endLine": 2}),  # a line end
        ((3, 1, 4, 1), {"startLine": 3, "endLine": 3, "startColumn": 0, "endColumn": 4}),
        ((3, 5, 3, 9), {"startLine": 3, "endLine": 3}),  # behind the line
        ((9, 1, 9, 2), {"startLine": 9, "endLine": 9}),  # a file that is another by now
    ],
)
def test_sonar_gets_no_range_that_it_refuses(place: tuple[int, ...], expected: object) -> None:
    assert sonar(*place) == expected


def test_odd_projects_have_valid_reports(odd: OddProject) -> None:
    rows = json.loads(odd.write("json"))
    diagnostics = json.loads(odd.write("rdjson"))["diagnostics"]
    sonars = json.loads(odd.write("sonar"))
    assert [each["location"]["path"] for each in diagnostics] == [row["path"] for row in rows]
    assert {each["ruleId"] for each in sonars["issues"]} == {each["id"] for each in sonars["rules"]}
    for row, issue in zip(rows, sonars["issues"], strict=True):
        span = issue["primaryLocation"]["textRange"]
        assert span["startLine"] == row["line"]
        assert span["endLine"] <= row["end_line"]
        if "startColumn" in span:
            assert (span["startLine"], span["startColumn"]) < (span["endLine"], span["endColumn"])


# Pages on the web


@pytest.fixture
def on_the_web(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(site, "site", lambda: "https://example.org/lint")
    return "https://example.org/lint/rules/dict-iteritems.html"


def sarif_rule(code: str) -> dict[str, Any]:
    (run,) = json.loads(written("sarif"))["runs"]
    return next(rule for rule in run["tool"]["driver"]["rules"] if rule["id"] == code)


def test_reports_lead_to_the_page_of_a_rule(on_the_web: str) -> None:
    rule = sarif_rule("PCL701")
    assert rule["helpUri"] == on_the_web
    assert (
        "[PCL702](https://example.org/lint/rules/compat-iteritems.html)" in rule["help"]["markdown"]
    )
    assert "--explain" not in rule["help"]["text"].rpartition("\n")[2]
    found = finding(*ON_FIRST_LINE)._replace(code="PCL701")
    (row,) = rdjson(found)
    assert row["code"] == {"value": "PCL701", "url": on_the_web}
    assert rule_facts(rules()["PCL701"])["url"] == on_the_web


def test_without_a_site_pages_have_no_dead_links() -> None:
    (run,) = json.loads(written("sarif"))["runs"]
    for rule in run["tool"]["driver"]["rules"]:
        assert "helpUri" not in rule
        assert not re.search(r"\]\((?!https?://)", json.dumps(rule["help"]))
        assert rule["help"]["text"].endswith(
            f"`pyconcepts-lint --explain {rule['id']}` shows this page."
        )
    facts = rule_facts(rules()["PCL701"])
    assert facts["url"] is None
    assert ".md)" not in facts["explanation"]


@pytest.mark.parametrize(
    ("urls", "expected"),
    [
        (["Site, https://example.org/x/", "Documentation, https://other"], "https://example.org/x"),
        (["Documentation, https://example.org"], None),
        (["Site, javascript:alert(1)"], None),
        (None, None),
    ],
)
def test_the_site_is_what_the_package_was_built_with(
    monkeypatch: pytest.MonkeyPatch, urls: list[str] | None, expected: str | None
) -> None:
    from email.message import Message
    from importlib import metadata

    found = Message()
    for url in urls or ():
        found["Project-URL"] = url
    monkeypatch.setattr(metadata, "metadata", lambda name: found)
    assert site.site.__wrapped__() == expected


# Links on a terminal


def test_links_lead_to_the_file_and_to_the_page(on_the_web: str) -> None:
    found = finding(*ON_FIRST_LINE, path="/work/größe 1.py")._replace(code="PCL701")
    for name in ("full", "concise", "grouped"):
        text = written(name, found, links=True, color=True)
        assert re.search(r"\x1b\]8;[^;]*;file:///work/gr%C3%B6%C3%9Fe%201\.py\x1b\\", text)
        assert f";{on_the_web}\x1b\\" in text
        assert "\x1b]8" not in written(name, found, links=True)
        assert "\x1b]8" not in written(name, found, color=True)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"TERM": "xterm-256color"}, False),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7402"}, True),
        ({"TERM": "xterm-256color", "VTE_VERSION": "4200"}, False),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, True),
        ({"TERM": "xterm-kitty"}, True),
        ({"TERM": "tmux-256color", "VTE_VERSION": "7402"}, False),
        ({"TERM": "xterm-kitty", "CI": "true"}, False),
        ({"TERM": "xterm", "FORCE_HYPERLINK": "1"}, True),
        ({"TERM": "xterm-kitty", "FORCE_HYPERLINK": "0"}, False),
        ({}, False),
    ],
)
def test_terminals_say_whether_they_follow_links(
    environment: dict[str, str], expected: bool
) -> None:
    assert cli._has_links(environment) is expected


@pytest.mark.skipif(os.name == "nt", reason="there is no pty")
def test_only_a_terminal_gets_links(tmp_path: Path) -> None:
    (tmp_path / "old.py").write_text("for key in {}.iteritems():\n    print(key)\n")
    command = [sys.executable, "-m", "pyconcepts_lint", "--isolated", "--no-cache", "old.py"]
    env = {**os.environ, "TERM": "xterm", "FORCE_HYPERLINK": "1"}
    env.pop("NO_COLOR", None)
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, env=env, timeout=60)
    assert b"\x1b]8" not in done.stdout
    ours, theirs = pty.openpty()
    process = subprocess.Popen(command, cwd=tmp_path, stdout=theirs, stderr=theirs, env=env)
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 65536):
            shown += piece
    except OSError:
        pass
    os.close(ours)
    process.wait(60)
    assert b";file://" + os.fsencode(tmp_path) + b"/old.py" in shown
