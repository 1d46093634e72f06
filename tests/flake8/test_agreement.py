"""flake8 with the plugin says what the runner says."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from flake8.exceptions import ExecutionError

FILES = {
    "pyproject.toml": "[tool.pyconcepts-lint]\n",
    "pkg/__init__.py": "",
    "pkg/base.py": "class Base:\n    size = 1\n    LIMIT = 2\n",
    "pkg/derived.py": (
        "from pkg.base import Base\n\n\nclass Derived(Base):\n"
        "    def grow(self, d):\n        self.size += 2; self.LIMIT = 3\n"
        "        é, self.size = 1, 2\n"
        "        return next(d.iteritems())\n"
    ),
    "pkg/inner/module.py": "x = 1\n",
    "pkg/quiet.py": "def f(d):\n    return list(d.iterkeys())  # noqa: PCL701\n",
    "old.py": "class C:\n    __metaclass__ = type\n",
    "stub.pyi": "from pkg.base import Base\n",
}
LINE = re.compile(r"(?P<place>.+?:\d+:\d+:) (?P<said>PCL\d+ .*)")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def run(root: Path, module: str, *arguments: str, given: str | None = None) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        input=given,
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert "Error" not in done.stderr, done.stderr
    return sorted(line.removeprefix("./") for line in done.stdout.splitlines() if " PCL" in line)


def runner(root: Path, *arguments: str) -> list[str]:
    lines = run(root, "pyconcepts_lint", "--output-format", "concise", *arguments)
    # flake8 knows no severities.
    return [line.rpartition(" [")[0] for line in lines]


def flake8(root: Path, *arguments: str, given: str | None = None) -> list[str]:
    return run(root, "flake8", "--isolated", "--filename=*.py,*.pyi", *arguments, given=given)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_findings_are_the_same(root: Path, jobs: str) -> None:
    expected = runner(root)
    assert {line.split()[1] for line in expected} == {
        *("PCL101", "PCL102", "PCL201", "PCL202", "PCL301", "PCL701"),
    }
    assert flake8(root, "--select", "PCL", "--jobs", jobs, ".") == expected
    assert flake8(root, "--jobs", jobs, ".") == expected


def test_one_file_says_what_it_says_among_all(root: Path) -> None:
    expected = [line for line in runner(root) if line.startswith("pkg/derived.py")]
    assert len(expected) > 3
    assert flake8(root, "pkg/derived.py") == expected


def test_standard_input_is_the_file_it_stands_for(root: Path) -> None:
    expected = [line for line in runner(root) if line.startswith("pkg/derived.py")]
    text = (root / "pkg/derived.py").read_text(encoding="utf-8")
    (root / "pkg/derived.py").write_text("")
    found = flake8(root, "--stdin-display-name", "pkg/derived.py", "-", given=text)
    assert found == expected


def test_flake8s_own_options_rule(root: Path) -> None:
    assert flake8(root, "--extend-ignore", "PCL1,PCL2,PCL3", ".") == [
        line for line in runner(root) if " PCL7" in line
    ]
    assert flake8(root, "--per-file-ignores", "pkg/*:PCL", "pkg") == []
    assert any("pkg/quiet.py" in line for line in flake8(root, "--disable-noqa", "pkg"))


def test_the_projects_settings_hold_for_what_flake8_has_no_word_for(root: Path) -> None:
    (root / "pyproject.toml").write_text(
        "[tool.pyconcepts-lint]\nrelative-import-levels = 1\nfield-classes = ['pkg.base.Base']\n"
    )
    expected = runner(root)
    assert not any("PCL102" in line for line in expected)
    assert flake8(root, ".") == expected


TABLE = "[tool.pyconcepts-lint]\n"
RULE = "[tool.pyconcepts-lint.rules.PCL105]\n"


def started(root: Path, *exclude: str) -> None:
    """Do what flake8 does before it starts its processes."""
    from flake8.options.parse_args import parse_args

    parse_args(["--isolated", "--jobs", "2", str(root), *exclude])


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("pyproject.toml", TABLE + "src = 3\n", "`tool.pyconcepts-lint.src` must be"),
        ("pyproject.toml", TABLE + RULE + "near = 3\n", "PCL105 has no such option"),
        ("pkg/inner/pyproject.toml", TABLE + "src = 3\n", "`tool.pyconcepts-lint.src` must be"),
        ("pkg/inner/pyproject.toml", TABLE + RULE + "near = 3\n", "PCL105 has no such option"),
    ],
)
def test_wrong_settings_are_said_before_there_are_processes(
    root: Path, name: str, text: str, said: str
) -> None:
    # multiprocessing's pool may hang where one of its processes raises.
    (root / name).write_text(text)
    with pytest.raises(ExecutionError) as caught:
        started(root)
    assert said in str(caught.value)
    assert str(root / name) in str(caught.value)


@pytest.mark.parametrize("pattern", ["inner", "pkg", "{root}/pkg", "*/inner/*"])
def test_settings_of_files_that_flake8_leaves_out_may_be_wrong(
    root: Path, pattern: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    (root / "pkg/inner/pyproject.toml").write_text(TABLE + "src = 3\n")
    # flake8 takes a blank for the end of a pattern.
    started(root, "--exclude", pattern.format(root=str(root).replace(" ", "?")))


def test_a_wrong_setting_is_said_without_a_traceback(root: Path) -> None:
    (root / "pyproject.toml").write_text("[tool.pyconcepts-lint]\nfield-clases = []\n")
    done = subprocess.run(
        [sys.executable, "-m", "flake8", "--isolated", "."],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert "field-clases" in said
    assert "field-classes" in said
    assert "Traceback" not in said
