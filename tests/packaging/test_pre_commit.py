"""The pre-commit hooks are what pre-commit expects, and work from a clone of this repository."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_each_hook_can_be_run_on_many_files_at_once_and_leaves_excluded_ones_alone() -> None:
    yaml = pytest.importorskip("yaml")
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    *by_file, whole = hooks
    assert [hook["id"] for hook in by_file] == ["pyconcepts-lint", "pyconcepts-lint-fix"]
    assert (whole["id"], whole["pass_filenames"]) == ("pyconcepts-lint-project", False)
    for hook in by_file:
        assert hook["entry"].split()[0] == "pyconcepts-lint"
        assert "--force-exclude" in hook["entry"].split()
        assert hook["language"] == "python"
        assert hook["types_or"] == ["python", "pyi", "jupyter"]
        # One process sees all files, so that it indexes the project once.
        assert hook["require_serial"] is True
    assert "--fix" in hooks[1]["entry"].split()


@pytest.mark.skipif(not shutil.which("pre-commit"), reason="pre-commit is not installed")
@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="pre-commit clones a git repository")
def test_pre_commit_runs_both_hooks(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "pyproject.toml").write_text(
        '[tool.pyconcepts-lint]\nextend-exclude = ["generated.py"]\n', encoding="utf-8"
    )
    counter = "class Counter:\n    count = 0\n\n    def hit(self):\n        self.count += 1\n"
    (project / "counter.py").write_text(counter, encoding="utf-8")
    (project / "generated.py").write_text(counter, encoding="utf-8")
    (project / "prices.py").write_text(
        "def cheap(prices):\n    return [name for name, p in prices.iteritems() if p < 5]\n",
        encoding="utf-8",
    )
    subprocess.run(["git", "init", "--quiet"], cwd=project, check=True)
    subprocess.run(["git", "add", "."], cwd=project, check=True)
    # What is committed: without a revision pre-commit adds what is changed, but no new files.
    command = ["pre-commit", "try-repo", str(ROOT), "--ref", "HEAD"]
    run = subprocess.run(
        [*command, "--all-files", "--color", "never"],
        cwd=project,
        env={**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    first, _, second = run.stdout.partition("- hook id: pyconcepts-lint-fix")
    assert run.returncode == 1, run.stdout + run.stderr
    assert "counter.py:5:9: PCL103" in first
    assert re.search(r"prices\.py:2:\d+: PCL701", first)
    assert "generated.py" not in run.stdout
    assert "- files were modified by this hook" in second
    assert "PCL701" not in second
    assert "prices.items()" in (project / "prices.py").read_text(encoding="utf-8")
    assert (project / "counter.py").read_text(encoding="utf-8") == counter
