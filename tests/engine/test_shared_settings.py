"""Settings that other files share, and which versions a project is for."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pyconcepts_lint.base import settings
from pyconcepts_lint.base.settings import Configuration, SettingsError
from pyconcepts_lint.testing import Project, lint_paths

TABLE = "[tool.pyconcepts-lint]\n"


def made(root: Path, **files: str) -> Configuration:
    for name, text in files.items():
        path = root / f"{name.replace('__', '/')}.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(TABLE + text)
    return Configuration()


# extend


def test_a_file_extends_another_one_key_by_key(tmp_path: Path) -> None:
    found = made(
        tmp_path,
        company="select = ['PCL1', 'PCL2']\nignore = ['PCL102']\n",
        team__base="extend = '../company.toml'\njobs = 2\nextend-exclude = ['gen']\n",
        pyproject="extend = 'team/base.toml'\nselect = ['PCL7']\n",
    ).for_path(str(tmp_path))
    assert found.select == ("PCL7",)
    assert (found.ignore, found.jobs, found.extend_exclude) == (("PCL102",), 2, ("gen",))
    assert found.root == str(tmp_path)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (
            {"pyproject": "extend = 'no.toml'"},
            r"pyproject\.toml: `\S+\.extend`: there is no file .*no\.toml",
        ),
        ({"pyproject": "extend = 'pyproject.toml'"}, r"pyproject\.toml: .* extends this file"),
        (
            {"pyproject": "extend = 'a.toml'", "a": "extend = 'pyproject.toml'"},
            r"a\.toml: .*pyproject\.toml extends this file",
        ),
        ({"pyproject": "extend = 'a.toml'", "a": "selct = []"}, r"a\.toml: .*selct.*`select`"),
        ({"pyproject": "extend = 3"}, r"pyproject\.toml: .*extend` must be a string"),
    ],
)
def test_what_cannot_be_extended_is_named(
    tmp_path: Path, files: dict[str, str], message: str
) -> None:
    with pytest.raises(SettingsError, match=message):
        made(tmp_path, **files).for_path(str(tmp_path))


def test_a_file_without_the_table_cannot_be_extended(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("[tool.other]\n")
    with pytest.raises(SettingsError, match=r"a\.toml: the file has no \[tool\.pyconcepts-lint\]"):
        made(tmp_path, pyproject="extend = 'a.toml'").for_path(str(tmp_path))


def test_a_change_of_the_extended_file_counts_at_once(tmp_path: Path) -> None:
    made(tmp_path, a="select = ['PCL7']", pyproject="extend = 'a.toml'")
    (tmp_path / "main.py").write_text(
        "class A:\n    x = 1\n\n    def f(self):\n        self.x += 1\n"
    )
    run = [sys.executable, "-m", "pyconcepts_lint", "--quiet", "--fail-on", "note", "."]
    for select, expected in (("PCL7", 0), ("PCL1", 1), ("PCL7", 0)):
        (tmp_path / "a.toml").write_text(f"{TABLE}select = ['{select}']\n")
        done = subprocess.run(run, cwd=tmp_path, capture_output=True, timeout=60, check=False)
        assert (done.returncode, done.stderr) == (expected, b""), select


# required-version


@pytest.mark.parametrize(
    ("wanted", "is_met"),
    [
        ("0.4.2", True),
        ("==0.4.2", True),
        ("0.4", False),
        (">=0.4", True),
        (">=0.4, <1", True),
        (">0.4.2", False),
        ("<0.4.10", True),
        ("<=0.4.1", False),
        ("!=0.4.2", False),
        ("~=0.4.1", True),
        ("~=0.3.9", False),
        ("~=0.3", True),
        (">=0.4.2.0", True),
    ],
)
def test_another_version_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wanted: str, is_met: bool
) -> None:
    monkeypatch.setattr(settings, "__version__", "0.4.2")
    # The key that a later version has is not what is wrong.
    later = "" if is_met else "brand-new = 1"
    configuration = made(tmp_path, pyproject=f"{later}\nrequired-version = '{wanted}'")
    if is_met:
        assert configuration.for_path(str(tmp_path)).required_version == wanted
    else:
        message = (
            f"pyproject.toml: `.*required-version`: {re.escape(wanted)} is asked for, and this is"
        )
        with pytest.raises(SettingsError, match=message):
            configuration.for_path(str(tmp_path))


@pytest.mark.parametrize("wanted", ["", "new", ">=", "~=1", ">=1,", "=>1", "1.*"])
def test_what_is_no_bound_is_said(tmp_path: Path, wanted: str) -> None:
    with pytest.raises(SettingsError, match="required-version` must be a version, or bounds"):
        made(tmp_path, pyproject=f"required-version = '{wanted}'").for_path(str(tmp_path))


# target-version

COMMA = "try:\n    pass\nexcept ValueError, TypeError:\n    pass\n"
"""What Python 2 reads as binding a name, and Python 3.14 as two exceptions."""


@pytest.mark.parametrize(
    ("target", "requires", "found"),
    [
        (None, None, ["PCL902"]),
        (None, ">=3.14", []),
        ("py314", None, []),
        ("3.14", ">=3.9", []),
        ("py311", ">=3.14", ["PCL902"]),
    ],
)
def test_the_oldest_python_is_that_of_the_settings_or_of_requires_python(
    tmp_path: Path, target: str | None, requires: str | None, found: list[str]
) -> None:
    lines = [f"requires-python = '{requires}'"] if requires else []
    (tmp_path / "pyproject.toml").write_text("\n".join(["[project]", *lines, TABLE]))
    (tmp_path / "main.py").write_text(COMMA)
    overrides = {"no_cache": True, "select": ["PCL902"], "target_version": target}
    report = lint_paths([str(tmp_path)], overrides)
    assert [finding.code for finding in report.findings] == found


def test_the_target_is_a_setting_too(project: Callable[..., Project]) -> None:
    assert project(COMMA, target_version="py314").lint("PCL902") == []


@pytest.mark.parametrize("target", ["py27", "3", "python3.11", "py3", "", "2.7"])
def test_what_is_no_python_is_said(tmp_path: Path, target: str) -> None:
    with pytest.raises(SettingsError, match='target-version` must be a Python 3 such as "py311"'):
        made(tmp_path, pyproject=f"target-version = '{target}'").for_path(str(tmp_path))


def test_a_file_for_python_3_14_has_facts_on_every_python(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\nrequires-python = '>=3.14'\n")
    base = f"{COMMA}\nclass Base:\n    items = []\n\n    def grow(self):\n        self.items.append(1)\n"
    (tmp_path / "base.py").write_text(base)
    cart = (
        "from base import Base\n\nclass Cart(Base):\n    def add(self):\n        self.items.pop()\n"
    )
    (tmp_path / "main.py").write_text(cart)
    report = lint_paths([str(tmp_path)], {"no_cache": True, "select": ["PCL104"]})
    found = [(os.path.basename(f.path), f.line, f.column) for f in report.findings]
    assert sorted(found) == [("base.py", 10, 9), ("main.py", 5, 9)]
