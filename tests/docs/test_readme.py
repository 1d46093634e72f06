"""What the README says is so."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import tomli

from pyconcepts_lint.base import settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str, text: str = README) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_the_table_of_rules_is_current() -> None:
    command = [sys.executable, str(ROOT / "docs" / "rule_table.py"), "--check"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stderr
    assert README.count("| PCL101 | class-attribute-shadowed |") == 1


def test_the_quick_start_is_two_complete_commands() -> None:
    main_job, tests = blocks("sh")[0].splitlines()
    for line in (main_job, tests):
        assert line.startswith("python3 -m venv .venv && .venv/bin/pip install ")
    assert main_job.endswith("docs/sample")
    assert "pytest" in tests


def test_the_settings_shown_are_valid(tmp_path: Path) -> None:
    for block in blocks("toml"):
        tomli.loads(block)
        (tmp_path / "pyproject.toml").write_text(block, encoding="utf-8")
        settings.Configuration().for_path(str(tmp_path))


def test_files_that_the_pages_name_are_there() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for target in re.findall(r"`((?:pyconcepts_lint|rules)/[^`]*)`", text):
        # In a checkout `pyconcepts_lint/rules` is a link; an unpacked sdist has no links.
        assert (ROOT / re.sub("^pyconcepts_lint/rules", "rules", target)).exists(), target
