"""Patterns of .gitignore mean what git says that they mean, but for what pathspec takes otherwise,
and take no time."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from pyconcepts_lint.base import settings
from pyconcepts_lint.source import discovery
from pyconcepts_lint.source.ignored import IgnorePattern, read_patterns, without_backtracking

needs_git = pytest.mark.skipif(
    shutil.which("git") is None or os.name == "nt", reason="there is no git"
)


def git_ignores(root: Path, paths: Iterable[str]) -> set[str]:
    """Those of some paths that a .gitignore in the root ignores, each by itself."""
    asked = b"\0".join(os.fsencode(path) for path in paths)
    done = subprocess.run(
        ["git", "-c", "core.excludesFile=/dev/null", "check-ignore", "--no-index", "-z", "--stdin"],
        cwd=root,
        input=asked,
        capture_output=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return {os.fsdecode(path) for path in done.stdout.split(b"\0") if path}


def ignores(patterns: Sequence[IgnorePattern], path: str) -> bool | None:
    """What the last pattern of a file that matches says of a path."""
    return next((each.include for each in patterns if each.match_file(path) is not None), None)


def ignored(data: bytes, paths: Iterable[str]) -> set[str]:
    patterns = read_patterns(data)
    found = set()
    for path in paths:
        parts = path.rstrip("/").split("/")
        for end in range(1, len(parts) + 1):
            is_directory = end < len(parts) or path.endswith("/")
            part = "/".join(parts[:end]) + "/" * is_directory
            if ignores(patterns, part):
                found.add(path)
                break
    return found


PIECES = [
    *("a", "b", "ab", ".py", "a", "b", "/", "/", "*", "*", "**/", "/**", "/**/", "?"),
    *("[ab]", "[!a]", "[^b]", "[a-c]", "[]a]", "[!]a]", "[a", "[-a]", "[a-]", "[[]", "[.-0]"),
    *("\\a", "\\*", " ", "\\ ", "!", "#"),
]
OTHERWISE = re.compile(r"[^/!]\*\*|\*\*[^/]|\*\*/$|\[[^]]*/")
"""What pathspec takes otherwise than git: `**` beside a part of a name or before the last slash, and
a set that isn't closed before a slash."""
NAMES = [
    "a",
    "b",
    "ab",
    "ba",
    "c",
    "a.py",
    "b.py",
    "]",
    "-",
    "a b",
    "aab",
    "*",
    " ",
    "[a",
]


def random_pattern(rng: random.Random) -> str:
    text = "".join(rng.choice(PIECES) for _ in range(rng.randint(1, 6)))
    if rng.random() < 0.5:  # one that may well match
        text = "".join(
            rng.choice(PIECES) if rng.random() < 0.3 else each for each in random_path(rng)
        )
    return rng.choice(["", "", "", "!", "/", "**/"]) + text + rng.choice(["", "", "", "/", "/**"])


def random_path(rng: random.Random) -> str:
    return "/".join(rng.choice(NAMES) for _ in range(rng.randint(1, 4)))


@needs_git
@pytest.mark.parametrize("seed", range(4))
def test_random_patterns_mean_what_git_says(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    matched = 0
    for number in range(150):
        lines = [random_pattern(rng) for _ in range(rng.choice([1, 1, 1, 2, 3]))]
        lines = [line for line in lines if not OTHERWISE.search(line)]
        data = "\n".join(lines).encode("utf-8", "surrogateescape")
        (tmp_path / ".gitignore").write_bytes(data)
        paths = sorted({random_path(rng) for _ in range(60)})
        expected = git_ignores(tmp_path, paths)
        assert ignored(data, paths) == expected, (seed, number, lines)
        matched += bool(expected)
    assert matched > 15


@needs_git
@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbfa\r\nb \nc\\ \n",
        b"*\n!*/\n!a.py\n",
        b"/a/*\n!/a/b\n",
        b"a/**/b\n**/c/**\n",
        b"[a-c]?\n",
        b"*\n!foo/\n!*.py\n",
        b"a/**\n!a/b\n",
        b"*/\n!a/\n",
        b"*/**\n!a/**\n",
        b"\xc3\xa9*\n",
        b"[z-a]\nb\n",
        b"\\!a\n\\#b\n# c\n",
        b"ab/\n",
        b"//a\na//b\n/\n//\n",
    ],
)
def test_forms_that_git_knows(tmp_path: Path, data: bytes) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_bytes(data)
    rng = random.Random(1)
    paths = {random_path(rng) for _ in range(300)} | {
        "!a",
        "#b",
        "# c",
        "A",
        "9",
        "Ab/x",
        "c ",
        "é.py",
    }
    assert ignored(data, paths) == git_ignores(tmp_path, paths)


@needs_git
def test_a_linked_gitignore_does_not_count_as_for_git(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "patterns").write_text("a.py\n")
    (tmp_path / "a.py").write_text("")
    (tmp_path / ".gitignore").symlink_to("patterns")
    found = discovery.discover([str(tmp_path)], settings_for=settings.Configuration().for_path)
    assert found == [str(tmp_path / "a.py")]
    listed = ["git", "ls-files", "--others", "--exclude-standard"]
    assert b"a.py" in subprocess.run(listed, cwd=tmp_path, capture_output=True, check=True).stdout


@pytest.mark.parametrize(
    "pattern",
    [
        "*a" * 25 + "b",
        "x/" + "*a" * 25 + "b",
        "**/" * 25 + "b",
        "**/a*" * 25 + "/b",
        "**/*a*a*a*a*a*a*a*a/" * 10 + "b",
        "?*" * 40 + "b",
        "[a-z]*" * 40 + "b",
        "/**/a" * 30 + "/**/b",
        "*" * 5000 + "b",
        "[" * 20_000,
        "[a" * 20_000,
        "[[:" * 10_000,
        "\\" * 20_001,
    ],
)
def test_no_pattern_takes_long(pattern: str) -> None:
    started = time.process_time()
    patterns = read_patterns(f"{pattern}\n!{pattern}c\n".encode())
    for path in ("a" * 250 + ".py", "x/" + "a" * 250, "/".join(["a"] * 120), "aaa/" * 60 + "c"):
        assert ignores(patterns, path) is not True
    assert time.process_time() - started < 5


def test_an_expression_of_another_form_stays_if_it_has_few_stars() -> None:
    assert without_backtracking("^(?:a.*|b)$") == "^(?:a.*|b)$"
    assert without_backtracking("^" + "(?:.*a)" * 7 + "$") is None
