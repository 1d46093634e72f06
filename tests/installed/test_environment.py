"""Which environment is a project's, and where its packages lie."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from pyconcepts_lint.base.settings import Configuration
from pyconcepts_lint.workspace.environment import Environment, environment_of

PACKAGES = "lib/python3.11/site-packages"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    directory = tmp_path / "project"
    directory.mkdir()
    (directory / "pyproject.toml").write_text("")
    return directory


def found(root: Path, python: str | None = None, *, is_inside: bool = False) -> Environment:
    configuration = Configuration({"python": python}, is_inside=is_inside)
    return environment_of(configuration.for_path(str(root)))


def places(environment: Environment) -> list[str]:
    return list(environment.installed.places)


def test_without_any_environment_nothing_is_installed(root: Path) -> None:
    assert found(root).directory == ""
    assert places(found(root)) == []


@pytest.mark.parametrize("name", [".venv", "venv"])
def test_an_environment_beside_the_project_is_its_own(root, environment, name) -> None:
    made = environment({}, root / name)
    assert found(root).directory == str(made)
    assert found(root).version == "3.11"
    assert name in found(root).why
    assert places(found(root)) == [str(made / PACKAGES)]


def test_a_directory_that_is_called_venv_is_no_environment_by_that(root: Path) -> None:
    (root / "venv").mkdir()
    assert found(root).directory == ""


@pytest.mark.parametrize("variable", ["VIRTUAL_ENV", "CONDA_PREFIX"])
def test_an_active_environment_goes_before_one_beside_the_project(
    root, environment, monkeypatch, variable
) -> None:
    environment({}, root / ".venv")
    active = environment({}, "active")
    monkeypatch.setenv(variable, str(active))
    assert found(root).directory == str(active)
    assert found(root).why == variable


def test_an_active_environment_that_is_gone_is_passed_over(root, environment, monkeypatch) -> None:
    beside = environment({}, root / ".venv")
    monkeypatch.setenv("VIRTUAL_ENV", str(root / "gone"))
    assert found(root).directory == str(beside)


def test_a_setting_names_a_directory_from_the_root_or_an_interpreter(root, environment) -> None:
    made = environment({}, root / "tools" / "env")
    (made / "bin").mkdir()
    (made / "bin" / "python").symlink_to(sys.executable)
    for python in ("tools/env", "tools/env/bin/python", str(made), str(made / PACKAGES)):
        assert places(found(root, python)) == [str(made / PACKAGES)], python


def test_a_setting_goes_before_an_active_environment(root, environment, monkeypatch) -> None:
    monkeypatch.setenv("VIRTUAL_ENV", str(environment({}, "active")))
    environment({}, root / ".venv")
    assert found(root, ".venv").directory == str(root / ".venv")
    assert found(root, "none").directory == ""


@pytest.mark.parametrize("python", ["gone", "empty", "file.txt", "dangling", "no-such-python3.11"])
def test_a_setting_that_names_no_environment_is_a_note(root: Path, python: str) -> None:
    (root / "empty").mkdir()
    (root / "file.txt").write_text("")
    (root / "dangling").symlink_to(root / "nowhere")
    [problem] = found(root, python).problems
    assert problem.startswith("`python`: ")
    assert problem.endswith("no installed packages are read")
    assert places(found(root, python)) == []


def test_python_2_is_said(root, environment) -> None:
    environment({}, root / "old", library="lib/python2.7/site-packages", says="")
    [problem] = found(root, "old").problems
    assert "an environment of Python 2;" in problem


@pytest.mark.parametrize(
    ("library", "version"),
    [
        ("lib/python3.8/site-packages", "3.8"),
        ("lib/pypy3.10/site-packages", "3.10"),
        ("lib64/python3.13t/site-packages", "3.13"),
        ("lib/python3/dist-packages", "3.0"),
        ("Lib/site-packages", ""),
        ("site-packages", ""),
    ],
)
def test_other_pythons_have_their_packages_elsewhere(root, environment, library, version) -> None:
    made = environment({}, root / ".venv", library=library, says="")
    assert places(found(root)) == [str(made / library)]
    assert found(root).version == version


def test_of_two_pythons_in_one_environment_the_one_counts_that_it_says(root, environment) -> None:
    made = environment({}, root / ".venv", library="lib/python3.9/site-packages")
    environment({}, root / ".venv", library="lib/python3.8/site-packages", says="version = 3.8.1")
    assert places(found(root)) == [str(made / "lib/python3.8/site-packages")]


def test_an_environment_may_have_what_its_base_has(root, environment) -> None:
    base = environment({}, "base")
    says = f"home = {base / 'bin'}\ninclude-system-site-packages = true\nversion = 3.11.9\n"
    made = environment({}, root / ".venv", says=says)
    assert places(found(root)) == [str(made / PACKAGES), str(base / PACKAGES)]


def test_path_files_name_directories_and_are_not_run(root, environment, tmp_path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    lines = [
        f"import os; os.mkdir({str(tmp_path / 'run')!r})",
        "import\tsys",
        "# a comment",
        "",
        str(tmp_path / "one"),
        "beside",
        "gone",
        "../../../../two",
        "a\0b",
    ]
    made = environment({"some.pth": "\n".join(lines), ".hidden.pth": str(tmp_path)}, root / ".venv")
    (made / PACKAGES / "beside").mkdir()
    os.rename(tmp_path / "two", root / "two")
    assert places(found(root)) == [
        str(made / PACKAGES),
        str(tmp_path / "one"),
        str(made / PACKAGES / "beside"),
    ]
    assert not (tmp_path / "run").exists()


def test_a_path_file_that_names_the_project_adds_nothing(root, environment) -> None:
    (root / "src").mkdir()
    lines = f"{root / 'src'}\n{root}\n{root.parent}\n/\n"
    made = environment({"__editable__.shop.pth": lines}, root / ".venv")
    assert places(found(root)) == [str(made / PACKAGES)]


def test_a_path_file_of_many_directories_ends_somewhere(root, environment, tmp_path) -> None:
    for number in range(300):
        (tmp_path / "many" / str(number)).mkdir(parents=True)
    names = "\n".join(str(tmp_path / "many" / str(number)) for number in range(300))
    environment({"many.pth": names}, root / ".venv")
    assert len(places(found(root))) == 200
    assert "name more than 200 directories" in found(root).problems[0]


def test_editable_installs_are_found_by_their_tables(root, environment, tmp_path) -> None:
    for name in ("shop/lib", "tools"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "shop" / "lib" / "__init__.py").write_text("")
    (tmp_path / "tools" / "one.py").write_text("")
    finder = f"""
        MAPPING: dict[str, str] = {{"shop": {str(tmp_path / "shop/lib")!r}, "gone": "/gone"}}
        raise SystemExit
    """
    other = f"""
        from editables.redirector import RedirectingFinder as F
        F.install()
        F.map_module("one", {str(tmp_path / "tools" / "one.py")!r})
    """
    files = {"__editable___shop_1_finder.py": finder, "_editable_impl_one.py": other}
    environment(files, root / ".venv")
    assert dict(found(root).installed.mapped) == {
        "shop": str(tmp_path / "shop" / "lib"),
        "one": str(tmp_path / "tools" / "one.py"),
    }


# What this tool itself runs in


def installs(environment, monkeypatch, where: Path | str, *names: str) -> Path:
    """An environment with distributions, in which this tool seems to run."""
    made = environment({f"{name}.dist-info/METADATA": "" for name in names}, where)
    monkeypatch.setattr(sys, "prefix", str(made))
    return made


@pytest.mark.parametrize(
    ("names", "is_taken"),
    [
        (("Django-5.0", "django_filter-1.0"), True),
        (("flake8-7.0",), False),
        (("django-5.0", "flake8-7.0"), False),
        ((), False),
    ],
)
def test_inside_another_program_its_own_packages_count_if_the_project_depends_on_them(
    root, environment, monkeypatch, names, is_taken
) -> None:
    wanted = '[project]\ndependencies = ["django>=4", "Django-Filter"]\n'
    (root / "pyproject.toml").write_text(wanted)
    made = installs(environment, monkeypatch, "here", *names)
    assert found(root).directory == ""
    assert found(root, is_inside=True).directory == (str(made) if is_taken else "")


def test_the_environment_of_a_hook_is_not_the_projects(root, environment, monkeypatch) -> None:
    made = installs(environment, monkeypatch, "hook", "libcst-1.0")
    monkeypatch.setenv("VIRTUAL_ENV", str(made))
    assert found(root).directory == str(made)
    monkeypatch.setenv("PRE_COMMIT", "1")
    assert found(root).directory == ""
    beside = environment({}, root / ".venv")
    assert found(root).directory == str(beside)


def test_an_active_environment_with_this_tool_counts_if_the_project_is_at_home_there(
    root, environment, monkeypatch
) -> None:
    (root / "pyproject.toml").write_text('[project]\ndependencies = ["django"]\n')
    made = installs(environment, monkeypatch, "tool", "libcst-1.0")
    monkeypatch.setenv("VIRTUAL_ENV", str(made))
    assert found(root).directory == ""
    environment({"django-5.0.dist-info/METADATA": ""}, "tool")
    assert found(root).directory == str(made)
