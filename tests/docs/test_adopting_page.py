"""docs/adopting.md: its commands work, in its order, on the sample project."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from pyconcepts_lint.__main__ import main

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "adopting.md").read_text(encoding="utf-8")
COMMANDS = [
    command
    for fence in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    for line in fence.splitlines()
    if (command := shlex.split(line, comments=True))
]


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")
def test_the_commands_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "project"
    shutil.copytree(ROOT / "docs" / "sample", root)
    (root / "shop").rename(root / "src_shop")
    (root / "src").mkdir()
    (root / "src_shop").rename(root / "src" / "shop")
    monkeypatch.chdir(root)
    (setting,) = re.findall(r"```toml\n\[tool\.pyconcepts-lint\]\n(.*?)```", PAGE, re.DOTALL)
    (root / "pyproject.toml").write_text(f"[tool.pyconcepts-lint]\n{setting}")

    def git(*arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=True)

    git("init", "-q")
    git("add", "-A")
    git("-c", "user.name=A", "-c", "user.email=a@b.c", "commit", "-qm", "first")
    git("update-ref", "refs/remotes/origin/main", "HEAD")
    has_baseline = False
    for program, *arguments in COMMANDS:
        if program == "git":
            git(*arguments)
            continue
        assert program == "pyconcepts-lint"
        if not has_baseline and "--update-baseline" not in arguments:
            arguments.append("--no-baseline")
        has_baseline = has_baseline or "--update-baseline" in arguments
        code = main(arguments)
        assert code in (0, 1), (arguments, capfd.readouterr())
    assert has_baseline
    assert (root / "pyconcepts-baseline.jsonl").is_file()
