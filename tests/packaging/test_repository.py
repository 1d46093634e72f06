"""What a repository needs to be taken up by others: workflows, forms, one address, one version."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
import tomli
import yaml

ROOT = Path(__file__).parents[2]
PROJECT = tomli.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
FORMS = sorted(
    path for path in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml") if path.stem != "config"
)
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def test_the_address_is_the_same_everywhere() -> None:
    command = [sys.executable, str(ROOT / "docs" / "repository.py"), "--check"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr


def test_another_address_is_replaced_wherever_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "docs")
    with_address = runpy.run_path(str(ROOT / "docs" / "repository.py"))["with_address"]
    text = (
        "repo: https://github.com/other/pyconcepts-lint\n"
        "- uses: other/pyconcepts-lint@v1\n"
        "https://github.com/another/pyconcepts-lint-extra\n"
    )
    owner = PROJECT["urls"]["Repository"].split("/")[-2]
    assert with_address(text) == (
        f"repo: https://github.com/{owner}/pyconcepts-lint\n"
        f"- uses: {owner}/pyconcepts-lint@v1\n"
        "https://github.com/another/pyconcepts-lint-extra\n"
    )


def test_all_addresses_of_the_project_lie_below_the_repository() -> None:
    for name, address in PROJECT["urls"].items():
        assert address.startswith(PROJECT["urls"]["Repository"]), name


def test_the_files_for_the_package_index_have_only_whole_links(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import setuptools

    given: dict[str, str] = {}
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(setuptools, "setup", lambda **said: given.update(said))
    runpy.run_path(str(ROOT / "setup.py"))
    targets = re.findall(r"\[[^]]*\]\(([^)]*)\)", given["long_description"])
    assert len(targets) > 10
    for target in targets:
        assert re.match("https:|#", target), target
    base = f"{PROJECT['urls']['Repository']}/blob/v{PROJECT['version']}/"
    for target in targets:
        if target.startswith(base):
            assert (ROOT / target.removeprefix(base).partition("#")[0]).exists(), target


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_has_no_more_rights_than_its_jobs_say(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    for name, job in workflow["jobs"].items():
        assert job["timeout-minutes"] <= 60, name
        for step in job["steps"]:
            # What comes from outside is passed in the environment, never pasted into a script.
            assert "${{" not in step.get("run", ""), (name, step)


def test_the_action_pastes_no_input_into_its_scripts() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    for step in action["runs"]["steps"]:
        assert "${{" not in step.get("run", ""), step


def test_the_actions_script_hands_on_paths_and_options(tmp_path: Path) -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    script = action["runs"]["steps"][-1]["run"]
    command = tmp_path / "pyconcepts-lint" / "bin" / "pyconcepts-lint"
    command.parent.mkdir(parents=True)
    command.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    variables = {"RUNNER_TEMP": str(tmp_path), "ARGS": "--select PCL1", "PATHS": "src *.py $(x)"}
    run = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        env={"PATH": "/usr/bin:/bin", **variables},
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    )
    expected = ["--output-format", "github", "--select", "PCL1", "--", "src", "*.py", "$(x)"]
    assert run.stdout.splitlines() == expected


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_an_issue_form_has_the_keys_that_github_asks_for(path: Path) -> None:
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert form["name"]
    assert form["description"]
    ids = [part["id"] for part in form["body"] if part["type"] != "markdown"]
    assert len(ids) == len(set(ids)) >= 1
    for part in form["body"]:
        assert part["type"] in ("markdown", "textarea", "input")
        assert part["attributes"]["value" if part["type"] == "markdown" else "label"]


def version(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / ".ci" / "version.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)


def test_a_tag_of_another_version_stops_the_release() -> None:
    run = version("v99.0.0")
    assert run.returncode == 1
    assert "pyproject.toml says version " + PROJECT["version"] in run.stderr


def test_the_changes_of_a_version_are_its_section_of_the_changelog() -> None:
    changes = runpy.run_path(str(ROOT / ".ci" / "version.py"))["changes"]
    log = "# Changelog\n\n## [Unreleased]\n\n- c\n\n## [1.1.0] - 2026-01-02\n\n- b\n\n## [1.0.0]\n\n- a\n"
    assert changes("1.1.0", log) == "- b"
    with pytest.raises(SystemExit, match="has no date"):
        changes("1.0.0", log)
    with pytest.raises(SystemExit, match="has no section"):
        changes("1.2.0", log)


def test_the_citation_names_this_version() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == PROJECT["version"]
    assert citation["repository-code"] == PROJECT["urls"]["Repository"]


def test_the_changelog_has_a_dated_section_of_this_version() -> None:
    run = version(f"v{PROJECT['version']}", "--changes")
    assert run.returncode == 0, run.stderr
    assert "### Fixed" in run.stdout


def test_what_readers_copy_names_this_version() -> None:
    seen = 0
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        text = page.read_text(encoding="utf-8")
        for tag in re.findall(r"rev: (\S+)|pyconcepts-lint@(v[\d.]+\d)", text):
            assert "".join(tag) == f"v{PROJECT['version']}", page.name
            seen += 1
    assert seen > 5
