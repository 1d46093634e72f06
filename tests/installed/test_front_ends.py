"""The runner, flake8, the API and pre-commit's hooks see the environment, or rightly don't."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from test_installed_names import LIBRARY
from test_stale import FILES, SETS_NOT

from pyconcepts_lint.frontends import api

DEPENDS = "[project]\ndependencies = ['lib']\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    directory = tmp_path / "project"
    directory.mkdir()
    for name, text in FILES.items():
        (directory / name).write_text(text)
    (directory / "pyproject.toml").write_text(DEPENDS + FILES["pyproject.toml"])
    return directory


@pytest.fixture
def lib(environment: Callable[..., Path]) -> Path:
    """An environment outside of the project with what that depends on."""
    files = {"lib/__init__.py": "", "lib/core.py": SETS_NOT, "lib-1.0.dist-info/RECORD": ""}
    return environment(files, "elsewhere")


def runs(root: Path, *command: str, **variables: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=100,
        env={**os.environ, **variables},
        check=False,
    )
    assert done.stderr == ""
    return done.stdout


CERTAIN = "changes the list `Basket.items`, which all instances of `Basket` share"
CONDITION = "unless `Base`, which was not found"
LINT = ("pyconcepts_lint", "--no-cache", "--quiet", "--output-format", "concise", "basket.py")
FLAKE8 = ("flake8", "--select", "PCL104", "basket.py")


@pytest.mark.parametrize("command", [LINT, FLAKE8])
def test_an_active_environment_is_seen(root: Path, lib: Path, command: tuple[str, ...]) -> None:
    assert CONDITION in runs(root, *command)
    seen = runs(root, *command, VIRTUAL_ENV=str(lib))
    assert CERTAIN in seen
    assert CONDITION not in seen


def test_an_option_and_a_setting_name_the_environment(root: Path, lib: Path) -> None:
    assert CONDITION not in runs(root, *LINT, "--python", "../elsewhere")
    settings = (root / "pyproject.toml").read_text()
    (root / "pyproject.toml").write_text(settings + f"python = {str(lib)!r}\n")
    assert CONDITION not in runs(root, *LINT)
    assert CONDITION not in runs(root, *FLAKE8)
    assert CONDITION in runs(root, *LINT, "--python", "none")


def test_the_api_sees_what_is_installed_beside_it_if_the_project_depends_on_that(
    root: Path, lib: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def said() -> str:
        found = api.lint([root], select=["PCL104"], no_cache=True).findings
        return "\n".join(finding.message for finding in found if "Basket" in finding.message)

    assert CONDITION in said()
    monkeypatch.setattr(sys, "prefix", str(lib))
    assert CONDITION not in said()
    (root / "pyproject.toml").write_text(FILES["pyproject.toml"])
    assert CONDITION in said()


def test_a_text_that_is_no_file_has_no_environment(lib: Path, monkeypatch) -> None:
    monkeypatch.setenv("VIRTUAL_ENV", str(lib))
    found = api.lint_source(FILES["basket.py"], select=["PCL104"]).findings
    assert CONDITION in found[0].message


def test_the_settings_that_are_shown_name_the_environment_and_why(root: Path, lib: Path) -> None:
    show = ("pyconcepts_lint", "--show-settings")
    assert "# installed packages: none (there is none beside" in runs(root, *show)
    shown = runs(root, *show, VIRTUAL_ENV=str(lib))
    assert f"# installed packages: {lib}, Python 3.11 (VIRTUAL_ENV)\n" in shown
    found = json.loads(
        runs(root, *show, "--output-format", "json", "--python", str(lib / "nowhere"))
    )
    assert found["environment"] is None
    assert "there is no such file or directory" in found["environment-why"]


def test_an_environment_that_is_gone_is_a_note_and_the_run_goes_on(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *(part for part in LINT if part != "--quiet"), "--python", ".gone"],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 1
    assert CONDITION in done.stdout
    assert "note: `python`: " in done.stderr
    assert "there is no such file or directory; no installed packages are read" in done.stderr


# What is broken in an environment


@pytest.mark.parametrize(
    "library",
    [
        {"lib-1.0.dist-info/RECORD": "lib/core.py,,\n"},  # its files are gone
        {"lib/py.typed": ""},  # only its directory is left
        {"lib/__init__.py": "", "lib/core/__init__.py": ""},
        {"lib/__init__.py": "from .core import Base\n", "lib/core.py": "from lib import Base\n"},
        {"lib/__init__.py": "", "lib/core.py": "class Base(Base): ...\n"},
        {"lib/__init__.py": "", "lib/core.py": "from .core import *\nfrom lib.core import Base\n"},
    ],
)
def test_a_package_that_is_broken_is_as_one_that_is_not_there(
    root: Path, environment: Callable[..., Path], library: dict[str, str]
) -> None:
    environment(library, root / ".venv")
    found = api.lint([root / "basket.py"], select=["PCL104"], no_cache=True).findings
    assert [CERTAIN in finding.message for finding in found] == [True]


def test_of_two_versions_on_the_path_the_first_counts(
    root: Path, environment: Callable[..., Path], tmp_path: Path
) -> None:
    made = environment({"more.pth": str(tmp_path / "more")}, root / ".venv")
    (tmp_path / "more" / "lib").mkdir(parents=True)
    (tmp_path / "more" / "lib" / "core.py").write_text(SETS_NOT)
    (tmp_path / "more" / "lib" / "__init__.py").write_text("")
    for name, text in LIBRARY.items():
        path = made / "lib/python3.11/site-packages" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    (made / "lib/python3.11/site-packages/lib/core.py").write_text(
        "class Base:\n    def __init__(self):\n        self.items = []\n"
    )
    assert api.lint([root / "basket.py"], select=["PCL104"], no_cache=True).findings == []
