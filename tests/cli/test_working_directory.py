"""`python -m pyconcepts_lint` imports nothing from the working directory, which may be hostile."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TRACE = "import os\nos.write(2, b'RAN NAME\\n')\nraise ImportError('NAME is hostile')\n"
BAD = "for a in {}.iteritems():\n    print a\n\n\nclass Cart:\n    items = []\n"


def python(cwd: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, **environment},
    )


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A directory with a hostile module for each that Python itself doesn't load before."""
    (tmp_path / "trivial").mkdir()
    (tmp_path / "trivial" / "__init__.py").write_text("")
    (tmp_path / "trivial" / "__main__.py").write_text(
        "import json, sys\nprint(json.dumps([m for m in sys.modules if m not in LATER]))\n".replace(
            "LATER", "('json', '__future__')"
        )
    )
    loaded = json.loads(python(tmp_path, "-m", "trivial").stdout)
    root = tmp_path / "project"
    root.mkdir()
    others = ("libcst", "rich", "tomli", "pathspec", "fissix", "flake8", "evilrules")
    for name in {*sys.stdlib_module_names, *others} - {*loaded, *sys.builtin_module_names}:
        (root / f"{name}.py").write_text(TRACE.replace("NAME", name))
    info = root / "evil.egg-info"
    info.mkdir()
    (info / "entry_points.txt").write_text("[pyconcepts_lint.rules]\nevil = evilrules\n")
    (info / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: evil\nVersion: 1\n")
    (root / "code").mkdir()
    (root / "code" / "old.py").write_text(BAD)
    (root / "code" / "pyproject.toml").write_text("[tool.pyconcepts-lint]\n")
    return root


@pytest.mark.parametrize(
    "arguments",
    [
        ["code"],
        ["--output-format=full", "--color=always", "--no-cache", "-j2", "code", "code/old.py"],
        ["--output-format=sarif", "code"],
        ["--explain", "PCL101"],
        ["--list-rules"],
        ["--fix", "--diff", "code"],
        ["--no-such-option"],
        ["--version"],
    ],
)
def test_no_module_and_no_rule_of_the_working_directory_is_imported(
    hostile: Path, tmp_path: Path, arguments: list[str]
) -> None:
    cache = str(tmp_path / "cache")  # so that the rules are imported, too
    done = python(hostile, "-m", "pyconcepts_lint", *arguments, XDG_CACHE_HOME=cache)
    assert "RAN" not in done.stdout + done.stderr
    assert "hostile" not in done.stdout + done.stderr
    assert done.returncode == (2 if arguments == ["--no-such-option"] else done.returncode)
    assert done.returncode in (0, 1) or arguments == ["--no-such-option"], done.stderr


def test_the_hostile_modules_would_be_imported_without_that(hostile: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, ''); import pyconcepts_lint.__main__ as m; m.main(['code'])"
    )
    assert "RAN" in python(hostile, "-c", code).stderr


def test_a_directory_that_is_gone_is_no_trouble(tmp_path: Path) -> None:
    code = (
        "import os, sys; os.mkdir('gone'); os.chdir('gone'); os.rmdir('../gone'); "
        "os.execv(sys.executable, [sys.executable, '-m', 'pyconcepts_lint', '--version'])"
    )
    assert python(tmp_path, "-c", code).returncode == 0
