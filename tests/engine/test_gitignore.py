"""The patterns of .gitignore files mean what they mean to git, which is asked."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from pyconcepts_lint.gitignore import GitIgnore

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

NAMES = ["a", "b", "z", "ab", "a.py", "b.py", "[", "a b", "a!", "é", "#x", "-", "]"]
PIECES = [
    *("a", "b", "z", "é", "a.py", ".py", "*.py", "!", "#", " ", "-", "\\", "\\*", "\\a", "\\ "),
    *("*", "**", "?", "/", "/", "**/", "/**", "[", "]", "[]", "[!", "[^", "[a"),
    *("[ab]", "[!a]", "[^b]", "[a-b]", "[]a]", "[!]a]", "[\\]a]", "[a/b]", "[z-a]", "[a-c-e]"),
    *("[--a]", "[a-]", "[\\-a]", "[[:alpha:]]", "[[:foo:]]", "[[:digit:][:lower:]]"),
    *("[b-[:digit:]]",),
]


class Repository:
    """Some files, and what git ignores among them and their directories."""

    def __init__(self, root: Path, paths: set[str]) -> None:
        self.root = root
        git(root, "init", "--quiet")
        taken = {path for path in paths if not any(o.startswith(path + "/") for o in paths)}
        self.entries: dict[str, bool] = {}
        for path in taken:
            file = root.joinpath(path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
            self.entries[path] = False
            for parent in Path(path).parents[:-1]:
                self.entries[parent.as_posix()] = True

    def ignored(self, text: str) -> set[str]:
        (self.root / ".gitignore").write_bytes(text.encode())
        names = "".join(path + "\0" for path in self.entries)
        out = git(self.root, "check-ignore", "--no-index", "-z", "--stdin", given=names)
        return set(out.split("\0")) - {""}


def git(root: Path, *arguments: str, given: str = "") -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        ["git", "-c", "core.excludesFile=", *arguments],
        cwd=root,
        input=given.encode(),
        capture_output=True,
        env=clean,
        check=False,
    )
    return done.stdout.decode()


def ignored_here(text: str, entries: dict[str, bool]) -> set[str]:
    patterns = GitIgnore(text.encode())
    ignored: set[str] = set()
    for path in sorted(entries, key=len):
        parents = {parent.as_posix() for parent in Path(path).parents}
        if parents & ignored or patterns.ignores(path, entries[path]):
            ignored.add(path)
    return ignored


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    pick = random.Random(1)
    paths = {"/".join(pick.choices(NAMES, k=pick.randint(1, 3))) for _ in range(80)}
    return Repository(tmp_path_factory.mktemp("repository"), paths)


@pytest.mark.parametrize("seed", range(150))
def test_what_is_ignored_is_what_git_ignores(repository: Repository, seed: int) -> None:
    pick = random.Random(seed)
    lines = [
        "!" * (pick.random() < 0.25)
        + "".join(pick.choices(PIECES, k=pick.randint(1, 5)))
        + "/" * (pick.random() < 0.2)
        for _ in range(pick.randint(1, 4))
    ]
    text = "\n".join(lines) + pick.choice(["", "\n", "\r\n"])
    assert ignored_here(text, repository.entries) == repository.ignored(text), text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# a\n\n   \n!\n/\n//\n",
        "a\n!a.py\n",
        "*\n!*/\n!*.py\n",
        "/*\n!/a\n",
        "a/\n!a/b\n",
        "a/b\nb/**\n**/z\n",
        "\ufeffa.py\n",
        "a.py  \na\\ b\n",
        "\\!x\n\\#x\n#x\n",
        "?\n",
        "a**/b.py\n*a**/b.py\n",
    ],
)
def test_the_usual_and_the_odd_are_read_as_git_reads_them(
    repository: Repository, text: str
) -> None:
    assert ignored_here(text, repository.entries) == repository.ignored(text)


def test_a_file_without_patterns_is_false() -> None:
    assert not GitIgnore(b"# nothing\n\n!\n")
    assert GitIgnore(b"x")


def test_the_last_line_that_matches_decides() -> None:
    patterns = GitIgnore(b"*.py\n!a.py\nx/a.py\n")
    assert patterns.ignores("b.py", False) is True
    assert patterns.ignores("a.py", False) is False
    assert patterns.ignores("x/a.py", False) is True
    assert patterns.ignores("a.txt", False) is None
