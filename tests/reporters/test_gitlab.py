"""GitLab's Code Quality report, as its documentation has it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from odd_project import ODD, OLD, OddProject


@pytest.fixture(scope="module")
def issues(odd: OddProject) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(odd.write("gitlab"))
    return found


def test_every_issue_has_what_gitlab_requires(issues: list[dict[str, Any]]) -> None:
    for issue in issues:
        keys = ["description", "check_name", "fingerprint", "severity", "location"]
        assert list(issue)[:5] == keys
        assert list(issue)[5:] in ([], ["other_locations"])
        assert issue["description"].startswith(issue["check_name"] + " ")
        assert issue["severity"] in ("critical", "major", "info")
        if issue["check_name"] == "PCL901":
            assert issue["severity"] == "critical"
        lines = issue["location"]["lines"]
        assert 1 <= lines["begin"] <= lines["end"]


def test_fingerprints_are_unique(issues: list[dict[str, Any]]) -> None:
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)


def test_fingerprints_survive_moved_lines(issues: list[dict[str, Any]], odd: OddProject) -> None:
    path = odd.root / "-.py"
    try:
        path.write_bytes(b"\r\n\r\n" + OLD.encode())
        moved = json.loads(odd.write("gitlab"))
    finally:
        path.write_bytes(OLD.encode())
    assert [issue["fingerprint"] for issue in moved] == [issue["fingerprint"] for issue in issues]


def test_paths_are_relative_without_a_dot(issues: list[dict[str, Any]], odd: OddProject) -> None:
    paths = {issue["location"]["path"] for issue in issues}
    assert paths >= {*ODD, "shop/models.py", str(odd.outside)}


def test_paths_start_at_the_top_of_the_repository(
    odd: OddProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI_PROJECT_DIR", str(odd.root.parent))
    (issue,) = json.loads(odd.write("gitlab", "secrets.py"))
    assert issue["location"]["path"] == f"{odd.root.name}/secrets.py"


def test_the_lines_of_a_range_are_told(issues: list[dict[str, Any]]) -> None:
    (issue,) = (issue for issue in issues if issue["location"]["path"] == "a b#c%41d.py")
    assert issue["location"]["lines"] == {"begin": 3, "end": 5}


def test_nothing_to_report_is_an_empty_list(odd: OddProject) -> None:
    assert odd.write("gitlab", "--select", "PCL1", "secrets.py") == "[]\n"
