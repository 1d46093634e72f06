"""SARIF as its schema and its consumers read it."""

from __future__ import annotations

import io
import json
import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from odd_project import OLD, WIDE, OddProject

from pyconcepts_lint import __version__, reporters
from pyconcepts_lint.base.finding import Edit, Finding, Fix
from pyconcepts_lint.plugins.concepts import concept_of
from pyconcepts_lint.plugins.registry import rules
from pyconcepts_lint.reporters import Style
from pyconcepts_lint.source.text import Source
from pyconcepts_lint.testing import lint_paths as run

jsonschema = pytest.importorskip("jsonschema")

SCHEMA = json.loads(
    (Path(__file__).parent / "schemas" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8")
)
# RFC 3986: the characters of a URI reference, and escapes in full.
URI = re.compile(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]|%[0-9A-F]{2})*")


def checked(text: str) -> dict[str, Any]:
    """The one run of a log that is valid."""
    log = json.loads(text)
    jsonschema.Draft4Validator(SCHEMA).validate(log)
    (found,) = log["runs"]
    return found  # type: ignore[no-any-return]


def written(findings: list[Finding], style: Style) -> dict[str, Any]:
    out = io.StringIO()
    reporters.writer("sarif")(findings, out, style)
    return checked(out.getvalue())


@pytest.fixture(scope="module")
def log(odd: OddProject) -> dict[str, Any]:
    return checked(odd.write("sarif"))


def file_of(artifact: dict[str, str], root: Path) -> Path:
    """Where an artifact is, as a consumer finds it that has the sources at `root`."""
    uri = artifact["uri"]
    assert URI.fullmatch(uri)
    parts = urlsplit(uri)
    assert not parts.query
    assert not parts.fragment
    path = os.fsdecode(unquote_to_bytes(parts.path))
    if parts.scheme:
        assert (parts.scheme, "uriBaseId" in artifact) == ("file", False)
        return Path(path)
    assert artifact["uriBaseId"] == "%SRCROOT%"
    assert not path.startswith("/")
    assert ".." not in path.split("/")
    return root / path


def location(result: dict[str, Any]) -> dict[str, Any]:
    (only,) = result["locations"]
    return only["physicalLocation"]  # type: ignore[no-any-return]


def found_in(log: dict[str, Any], path: Path) -> list[dict[str, Any]]:
    return [
        result
        for result in log["results"]
        if file_of(location(result)["artifactLocation"], path.parent).name == path.name
    ]


def text_at(text: str, region: dict[str, int]) -> str:
    """The text of a region, by SARIF's own defaults for what isn't there."""
    source = Source.from_text(text, "x.py")
    line, end_line = region["startLine"], region.get("endLine", region["startLine"])
    start = source.offset(line, region.get("startColumn", 1))
    end_column = region.get("endColumn", len(source.line(end_line)) + 1)
    return source.text[start : source.offset(end_line, end_column)]


def test_it_is_valid_and_names_the_tool(log: dict[str, Any]) -> None:
    driver = log["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("pyconcepts-lint", __version__)
    assert log["columnKind"] == "unicodeCodePoints"


def in_quotes(code: re.Match[str]) -> str:
    return f'"{code[1]}"' if "'" in code[1] else f"'{code[1]}'"


def test_every_rule_is_described(log: dict[str, Any]) -> None:
    described = {rule["id"]: rule for rule in log["tool"]["driver"]["rules"]}
    assert list(described) == sorted(rules())
    for code, rule in rules().items():
        ours = described[code]
        assert ours["name"] == rule.name
        assert "`" not in ours["shortDescription"]["text"]
        assert ours["shortDescription"]["text"] == re.sub("`([^`]+)`", in_quotes, rule.summary())
        assert 0 < len(ours["fullDescription"]["text"]) <= 1024
        assert ours["help"]["markdown"].partition("\n\n`pyconcepts-lint --explain")[0] == re.sub(
            r"\[(\w+)\]\([\w-]+\.md\)", r"\1", rule.page()
        )
        assert ours["help"]["text"]
        assert ours["properties"]["tags"] == [concept_of(rule).name]
        assert ours["defaultConfiguration"]["enabled"] is rule.on
        assert ours["defaultConfiguration"]["level"] == rules()[code].severity


def test_results_name_rules_files_and_places(log: dict[str, Any], odd: OddProject) -> None:
    described = log["tool"]["driver"]["rules"]
    report = run(
        [str(odd.root), str(odd.outside)], overrides={"no_cache": True}, jobs=1, isolated=False
    )
    results = log["results"]
    assert len(results) == len(report.findings)
    for result, finding in zip(results, report.findings, strict=True):
        assert described[result["ruleIndex"]]["id"] == result["ruleId"] == finding.code
        assert file_of(location(result)["artifactLocation"], odd.root) == Path(finding.path)
        region = location(result)["region"]
        assert list(region.values()) == [
            *(finding.line, finding.column, finding.end_line, finding.end_column)
        ]


def test_columns_count_characters(log: dict[str, Any], odd: OddProject) -> None:
    (result,) = found_in(log, odd.root / "a b#c%41d.py")
    assert result["ruleId"] == "PCL904"
    found = "super(\n            Zähler, self\n        )"
    assert text_at(WIDE, location(result)["region"]) == found


def test_no_absolute_path_of_the_project_is_told(log: dict[str, Any], odd: OddProject) -> None:
    text = json.dumps(log, ensure_ascii=False)
    assert odd.root.as_uri() not in text
    assert str(odd.root) not in text
    assert "uri" not in log["originalUriBaseIds"]["%SRCROOT%"]
    (result,) = found_in(log, odd.outside)
    assert location(result)["artifactLocation"] == {"uri": odd.outside.as_uri()}


def apply(fix: dict[str, Any], root: Path) -> dict[Path, str]:
    """A fix made as the standard says: the texts of the files that it changes."""
    changed = {}
    for change in fix["artifactChanges"]:
        path = file_of(change["artifactLocation"], root)
        before = path.read_bytes().decode() if path.exists() else ""
        text, moved = before, 0
        places = []
        for replacement in change["replacements"]:
            region = replacement["deletedRegion"]
            source = Source.from_text(before, "x.py")
            start = source.offset(region["startLine"], region["startColumn"])
            end = source.offset(region["endLine"], region["endColumn"])
            places += [start, end]
            new = replacement["insertedContent"]["text"]
            text = text[: start + moved] + new + text[end + moved :]
            moved += len(new) - (end - start)
        assert places == sorted(places)
        changed[path] = text
    assert len(changed) == len(fix["artifactChanges"])
    return changed


def test_fixes_do_what_our_own_do(log: dict[str, Any], odd: OddProject) -> None:
    (result,) = found_in(log, odd.root / "größe 日本.py")
    (fix,) = result["fixes"]
    assert apply(fix, odd.root) == {
        odd.root / "größe 日本.py": OLD.replace("iteritems", "items"),
    }
    assert fix["properties"] == {"applicability": "safe"}
    for result in log["results"]:
        path = file_of(location(result)["artifactLocation"], odd.root)
        for fix in result.get("fixes", ()):
            changed = apply(fix, odd.root)
            unsafe = fix["properties"]["applicability"] == "unsafe"
            assert ("unsafe" in fix["description"]["text"]) is unsafe
            if result["ruleId"] == "PCL201":
                assert changed == {path.with_name("__init__.py"): ""}
            else:
                assert all(text != path.read_bytes().decode() for text in changed.values())


def test_alternatives_are_fixes_too(log: dict[str, Any]) -> None:
    (result,) = (result for result in log["results"] if result["ruleId"] == "PCL104")
    assert len(result["fixes"]) == 2


def test_fingerprints_are_unique_and_survive_moved_lines(
    log: dict[str, Any], odd: OddProject
) -> None:
    def told(log: dict[str, Any]) -> list[str]:
        return [result["partialFingerprints"]["findingHash/v1"] for result in log["results"]]

    assert len(set(told(log))) == len(log["results"])
    path = odd.root / "größe 日本.py"
    try:
        path.write_bytes(b"# one\r\n\r\n# three\r\n" + OLD.encode())
        assert told(checked(odd.write("sarif"))) == told(log)
    finally:
        path.write_bytes(OLD.encode())


def test_a_file_that_has_vanished_is_no_error(tmp_path: Path) -> None:
    finding = Finding("XPL001", "gone", "gone", str(tmp_path / "gone.py"), 3, 1, 3, 2)
    run = written([finding], Style(directory=str(tmp_path)))
    (result,) = run["results"]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "XPL001"


def test_a_place_without_length_is_a_line(tmp_path: Path) -> None:
    finding = Finding("PCL901", "syntax-error", "odd", str(tmp_path / "x.py"), 3, 5, 3, 5)
    finding = finding._replace(severity="error")
    (result,) = written([finding], Style(directory=str(tmp_path)))["results"]
    assert location(result)["region"] == {"startLine": 3}
    assert result["level"] == "error"


def test_quoted_code_is_neither_a_placeholder_nor_a_link(tmp_path: Path) -> None:
    said = "`'{0}'.format(x)` and `h[0](1)` and `{}`, `[1]` of pkg/__init__.py"
    fix = Fix("safe", said, (Edit(str(tmp_path / "x.py"), 1, 1, 1, 1, "{0} [a](1)"),))
    finding = Finding("PCL901", "syntax-error", said, str(tmp_path / "x.py"), 3, 5, 3, 6, fix)
    (result,) = written([finding], Style(directory=str(tmp_path)))["results"]
    escaped = {
        "text": "\"'{{0}}'.format(x)\" and 'h\\[0](1)' and '{}', '[1]' of pkg/__init__.py",
        "markdown": "`'{{0}}'.format(x)` and `h[0](1)` and `{}`, `[1]` of pkg/\\_\\_init\\_\\_.py",
    }
    assert result["message"] == escaped
    (made,) = result["fixes"]
    assert made["description"] == escaped
    (change,) = made["artifactChanges"]
    assert change["replacements"][0]["insertedContent"] == {"text": "{0} [a](1)"}


def test_what_went_wrong_in_the_tool_is_said(odd: OddProject) -> None:
    run = checked(odd.write("sarif", "missing.py", "secrets.py"))
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    (error,) = invocation["toolExecutionNotifications"]
    assert error["level"] == "error"
    assert "missing.py" in error["message"]["text"]
    assert [result["ruleId"] for result in run["results"]] == ["PCL208"]


def test_nothing_to_report_is_a_successful_run_without_results(odd: OddProject) -> None:
    run = checked(odd.write("sarif", "--select", "PCL1", "secrets.py"))
    assert run["results"] == []
    assert run["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]


def test_paths_start_at_the_top_of_the_checkout(
    odd: OddProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_WORKSPACE", str(odd.root.parent))
    (result,) = checked(odd.write("sarif", str(odd.outside)))["results"]
    assert location(result)["artifactLocation"]["uri"] == "else%20where/out.py"


def test_a_path_that_is_not_text_keeps_its_bytes() -> None:
    path = os.fsdecode(b"/no/such/\xff.py")
    finding = Finding("PCL901", "syntax-error", "odd", path, 1, 1, 1, 2)
    (result,) = written([finding], Style(directory="/no/such"))["results"]
    assert location(result)["artifactLocation"]["uri"] == "%FF.py"
