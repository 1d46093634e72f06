"""The files of a run are those that git, flake8 and ruff users expect."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pyconcepts_lint.base import settings
from pyconcepts_lint.base.settings import Configuration
from pyconcepts_lint.source.discovery import PathError, discover, python_files

on_posix = pytest.mark.skipif(os.name != "posix", reason="POSIX links and modes")


def own_files(root: str) -> list[str]:
    configuration = Configuration()
    return python_files(root, configuration.for_path(root), configuration.root_of)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A directory that is a project and a repository, whatever is above it."""
    make(tmp_path, ".git/HEAD", "setup.py")
    return tmp_path


def make(root: Path, *files: str, **texts: str) -> None:
    for name in files:
        file = root.joinpath(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    for name, text in texts.items():
        (root / name.replace("_", ".")).write_text(text, encoding="utf-8")


def ignore(directory: Path, *lines: str, file: str = ".gitignore") -> None:
    target = directory.joinpath(file)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")


def configure(directory: Path, text: str = "") -> None:
    (directory / "pyproject.toml").write_text(f"[tool.pyconcepts-lint]\n{text}\n", encoding="utf-8")


def found(root: Path, *paths: str, **options: object) -> list[str]:
    """The files found, relative to `root`; `options` are given as on the command line."""
    files = discover(
        [str(root.joinpath(path)) for path in paths or (".",)],
        settings_for=Configuration(options).for_path,
        warn=pytest.fail,
    )
    assert all(map(os.path.isabs, files))
    assert files == sorted(files)
    return [Path(os.path.relpath(file, root)).as_posix() for file in files]


def test_python_files_and_stubs_are_found(root: Path) -> None:
    make(root, "a.py", "b.pyi", "c.txt", "d.pyc", "e", "pkg/m.py", "dir.py/n.py", ".hidden/o.py")
    assert found(root) == [".hidden/o.py", "a.py", "b.pyi", "dir.py/n.py", "pkg/m.py", "setup.py"]


def test_a_named_file_is_taken_whatever_it_is_called(root: Path) -> None:
    make(root, "script", "build/m.py", "ignored.py")
    ignore(root, "ignored.py")
    assert found(root, "script", "build/m.py", "ignored.py") == [
        "build/m.py",
        "ignored.py",
        "script",
    ]


def test_each_file_comes_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(root, "pkg/m.py")
    monkeypatch.chdir(root)
    files = discover(
        ["pkg/m.py", "pkg", "./pkg/../pkg", str(root)], settings_for=Configuration().for_path
    )
    assert files == [str(root / "pkg" / "m.py"), str(root / "setup.py")]


def test_a_path_that_does_not_exist_is_named(root: Path) -> None:
    with pytest.raises(PathError, match=r"gone\.py: no such file") as caught:
        found(root, ".", "gone.py")
    assert caught.value.path == str(root / "gone.py")


def test_usual_excludes_are_left_out(root: Path) -> None:
    make(root, "a.py", "pkg/m.py", "pkg/build/__init__.py", "pkg/build/m.py")
    for name in settings.DEFAULT_EXCLUDE:
        make(root, f"{name.replace('*', 'x')}/m.py", f"pkg/sub/{name.replace('*', 'x')}/m.py")
    assert found(root) == [
        "a.py",
        "pkg/build/__init__.py",
        "pkg/build/m.py",
        "pkg/m.py",
        "setup.py",
    ]


def test_excludes_of_the_settings_are_left_out(root: Path) -> None:
    make(root, "a.py", "docs/conf.py", "pkg/gen/m.py", "pkg/x_pb2.py", "build/m.py")
    assert found(root, extend_exclude=["docs", "pkg/gen", "*_pb2.py"]) == ["a.py", "setup.py"]
    assert "build/m.py" in found(root, exclude=["docs"])


def test_a_named_directory_is_walked_whatever_excludes_it(root: Path) -> None:
    make(root, "build/lib/m.py", "build/lib/dist/n.py")
    assert found(root) == ["setup.py"]
    assert found(root, "build") == ["build/lib/m.py"]
    assert found(root, "build/lib") == ["build/lib/m.py"]


def test_force_exclude_holds_for_named_paths(root: Path) -> None:
    make(root, "build/lib/m.py", "a.py", "ignored.py")
    ignore(root, "ignored.py")
    paths = ["build/lib/m.py", "build", "a.py", "ignored.py"]
    assert found(root, *paths, force_exclude=True) == ["a.py", "ignored.py"]


def test_gitignore_files_hold_at_every_level(root: Path) -> None:
    make(root, "a.py", "b.py", "pkg/a.py", "pkg/b.py", "pkg/c.py", "pkg/sub/c.py", "out/m.py")
    ignore(root, "b.py", "/out/")
    ignore(root / "pkg", "c.py", "!b.py", "!/sub/c.py")
    expected = ["a.py", "pkg/a.py", "pkg/b.py", "pkg/sub/c.py", "setup.py"]
    assert found(root) == expected
    assert found(root, "pkg") == expected[1:-1]
    assert found(root, "pkg/sub") == ["pkg/sub/c.py"]
    assert "b.py" in found(root, respect_gitignore=False)


def test_a_named_directory_is_walked_though_it_is_ignored(root: Path) -> None:
    make(root, "out/lib/m.py", "out/lib/n.py", "out/b.py")
    ignore(root, "/out/", "b.py")
    ignore(root / "out" / "lib", "n.py")
    assert found(root) == ["setup.py"]
    assert found(root, "out") == ["out/b.py", "out/lib/m.py"]
    assert found(root, "out/lib") == ["out/lib/m.py"]


def test_gitignore_files_above_the_repository_do_not_hold(root: Path) -> None:
    make(root, "inner/.git/HEAD", "inner/a.py", "inner/pkg/b.py")
    ignore(root, "a.py", "b.py")
    assert found(root) == ["inner/a.py", "inner/pkg/b.py", "setup.py"]
    assert found(root, "inner/pkg") == ["inner/pkg/b.py"]


def test_without_a_repository_gitignore_files_hold_from_the_project_down(tmp_path: Path) -> None:
    make(tmp_path, "project/setup.py", "project/a.py", "project/pkg/b.py")
    ignore(tmp_path, "a.py")
    ignore(tmp_path / "project", "b.py")
    if Configuration().root_of(str(tmp_path))[0] is not None:
        pytest.skip("the temporary directory lies in a project")
    assert found(tmp_path, "project") == ["project/a.py", "project/setup.py"]
    assert found(tmp_path, "project/pkg") == []


def test_the_repository_s_own_excludes_hold(root: Path) -> None:
    make(root, "a.py", "b.py")
    ignore(root, "a.py", file=".git/info/exclude")
    assert found(root) == ["b.py", "setup.py"]
    ignore(root, "!a.py")
    assert found(root) == ["a.py", "b.py", "setup.py"]


def test_worktrees_and_submodules_have_the_excludes_of_their_repository(root: Path) -> None:
    ignore(root, "a.py", file=".git/info/exclude")
    ignore(root, "b.py", file=".git/modules/sub/info/exclude")
    ignore(root, "../..", file=".git/worktrees/tree/commondir")
    for name, pointer in ("tree", "worktrees/tree"), ("sub", "modules/sub"):
        make(root, f"{name}/a.py", f"{name}/b.py")
        ignore(root, f"gitdir: ../.git/{pointer}", file=f"{name}/.git")
    assert found(root, "tree", "sub") == ["sub/a.py", "tree/b.py"]


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_what_is_found_in_a_real_repository_is_what_git_would_add(tmp_path: Path) -> None:
    def git(*arguments: str) -> str:
        return subprocess.run(
            ["git", "-c", "core.excludesFile=", *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    git("init", "--quiet")
    for top in "abc":
        for middle in "abc":
            for name in "abc":
                make(tmp_path, f"{top}/{middle}/{name}.py", f"{top}/{middle}/x_{name}.py")
    ignore(tmp_path, "a/b/", "x_*.py", "!x_a.py", "/c")
    ignore(tmp_path / "a", "!b/", "c.py", "**/a/b.py", "!/c/x_b.py")
    ignore(tmp_path / "a" / "b", "*", "!a.py")
    ignore(tmp_path / "b" / "c", "/[ab].py", "!*", "c.py")
    ignore(tmp_path, "b/a/a.py", file=".git/info/exclude")
    listed = git("ls-files", "--others", "--exclude-standard").splitlines()
    assert found(tmp_path) == sorted(name for name in listed if name.endswith(".py"))


@on_posix
def test_links_to_directories_are_not_followed(root: Path) -> None:
    make(root, "project/pkg/m.py", "outside/o.py")
    (root / "project" / "loop").symlink_to(root / "project")
    (root / "project" / "away").symlink_to(root / "outside")
    assert found(root, "project") == ["project/pkg/m.py"]
    assert found(root, "project/away") == ["project/away/o.py"]


@on_posix
def test_a_file_with_several_names_comes_once_by_its_real_one(root: Path) -> None:
    make(root, "project/z.py", "project/script", "outside.py")
    (root / "project" / "a.py").symlink_to("z.py")
    (root / "project" / "b.py").symlink_to("script")
    (root / "project" / "c.py").symlink_to(root / "outside.py")
    (root / "project" / "broken.py").symlink_to("gone.py")
    assert found(root, "project") == ["project/b.py", "project/z.py"]
    assert found(root, "project/a.py", "project") == ["project/b.py", "project/z.py"]
    assert found(root, "project/c.py") == ["project/c.py"]


@on_posix
def test_a_directory_that_cannot_be_read_is_reported_and_the_rest_found(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(root, "a/m.py", "b/n.py")
    scan = os.scandir

    def refuse(path: str) -> object:
        if path.endswith(f"{os.sep}a"):
            raise PermissionError(13, "Permission denied", path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    warnings: list[str] = []
    files = discover([str(root)], settings_for=Configuration().for_path, warn=warnings.append)
    assert files == [str(root / "b" / "n.py"), str(root / "setup.py")]
    assert warnings == [f"{root / 'a'}: cannot read the directory: Permission denied"]


def test_every_project_below_has_its_own_settings(root: Path) -> None:
    configure(root, "extend-exclude = ['x.py']")
    for name in "one", "two":
        make(root, f"{name}/x.py", f"{name}/y.py", f"{name}/sub/x.py")
    configure(root / "two", "extend-exclude = ['y.py']")
    assert found(root) == ["one/y.py", "setup.py", "two/sub/x.py", "two/x.py"]


def test_a_project_s_own_files_are_not_those_of_projects_below(root: Path) -> None:
    make(root, "a.py", "pkg/m.py", "build/n.py", "marked/setup.cfg", "marked/o.py", "own/p.py")
    configure(root / "own")
    top = str(root)
    own = own_files(top)
    assert [Path(os.path.relpath(file, top)).as_posix() for file in own] == [
        "a.py",
        "pkg/m.py",
        "setup.py",
    ]
    configure(root)
    # With a table at the top, a mere marker further down makes no project.
    assert str(root / "marked" / "o.py") in own_files(top)
    assert own_files(str(root / "own")) == [str(root / "own" / "p.py")]


@on_posix
def test_a_project_s_own_files_have_all_the_names_that_import_them(root: Path) -> None:
    make(root, "z.py")
    (root / "a.py").symlink_to("z.py")
    own = own_files(str(root))
    assert own == [str(root / name) for name in ("a.py", "setup.py", "z.py")]


def test_a_walk_without_a_gitignore_imports_little(root: Path) -> None:
    code = (
        "import sys; from pyconcepts_lint.source.discovery import discover\n"
        "from pyconcepts_lint.base.settings import Configuration\n"
        "discover(sys.argv[1:], settings_for=Configuration().for_path)\n"
        "print(sorted({'pathlib', 'fnmatch', 'inspect', 'tomli', 'pathspec'} & {*sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code, str(root)],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"
