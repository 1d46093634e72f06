"""Old packages, written for Python 2: every file is read, and `--fix` makes Python 3 of it."""

from __future__ import annotations

import ast
import functools
import io
import json
import os
import shutil
import subprocess
import tomllib
import warnings
from collections.abc import Iterable
from pathlib import Path

import download
import pytest
from fissix.pgen2 import token as kinds
from fissix.pgen2.tokenize import generate_tokens

from pyconcepts_lint.base.finding import Edit
from pyconcepts_lint.parsing import syntax
from pyconcepts_lint.running import fixer
from pyconcepts_lint.source.text import Source, SourceError
from pyconcepts_lint.testing import lint_paths as run

pytestmark = pytest.mark.corpus

FULL = os.environ.get("PYCONCEPTS_LINT_CORPUS") == "full"
OLD = [package.label for package in download.packages() if package.kind == "old"]
BOUNDED = ["web.py-0.38", "BeautifulSoup-3.2.1", "feedparser-5.1.3"]
KNOWN = tomllib.loads(Path(__file__).with_name("python2.toml").read_text(encoding="utf-8"))

each_package = pytest.mark.parametrize("label", OLD if FULL else BOUNDED)
each_mode = pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "unsafe"])


def source_of(label: str) -> Path:
    """The unpacked source of a pinned package; skips the test where it can't be had."""
    package = next(package for package in download.packages() if package.label == label)
    try:
        return download.unpacked(package)
    except download.Unavailable as reason:
        pytest.skip(str(reason))


def python_files(directory: Path) -> list[str]:
    return sorted(path.relative_to(directory).as_posix() for path in directory.rglob("*.py"))


def known(what: str, label: str) -> set[str]:
    return set(KNOWN[what].get(label, ()))


def is_python3(data: bytes) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def test_what_is_known_is_known_of_files_that_are_there() -> None:
    for files in KNOWN.values():
        assert set(files) <= set(OLD)
    for label in OLD if FULL else BOUNDED:
        root = source_of(label)
        for what in KNOWN:
            assert all((root / path).is_file() for path in known(what, label))


COMPILE_ALL = """
import json, os, py_compile, sys
for path in json.load(sys.stdin):
    try:
        py_compile.compile(path, os.devnull, doraise=True)
    except py_compile.PyCompileError:
        print(path)
"""


@each_package
def test_python2_compiles_the_files_that_are_said_to(label: str, python2: str) -> None:
    root = source_of(label)
    done = subprocess.run(
        [python2, "-W", "ignore", "-c", COMPILE_ALL],
        input=json.dumps(python_files(root)),
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    assert set(done.stdout.splitlines()) == known("refused_by_python2", label)


@each_package
def test_every_file_that_python2_compiles_is_read(label: str) -> None:
    root = source_of(label)
    for path in python_files(root):
        if path in known("refused_by_python2", label):
            continue
        try:
            text = Source.read(str(root / path)).text
        except SourceError:
            assert path in known("undecodable", label)
        else:
            parsed = syntax.parse(text)
            assert parsed.tree is not None, path
            assert (parsed.translation is None) == is_python3((root / path).read_bytes()), path


class Applied:
    """The texts that fixes were applied to, pass by pass."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.passes: dict[str, list[tuple[str, list[Edit], str]]] = {}
        original = fixer.apply

        @functools.wraps(original)
        def apply(source: Source, edits: Iterable[Edit]) -> str:
            made = list(edits)
            text = original(source, made)
            self.passes.setdefault(source.path, []).append((source.text, made, text))
            return text

        monkeypatch.setattr(fixer, "apply", apply)


@each_mode
@each_package
def test_one_fix_goes_all_the_way(
    label: str, unsafe: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = source_of(label)
    for path in python_files(original):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(original / path, tmp_path / path)
    files = [str(tmp_path / path) for path in python_files(tmp_path)]
    applied = Applied(monkeypatch)
    options = {"isolated": True, "fix": True, "unsafe_fixes": unsafe}
    overrides: dict[str, object] = {"no_cache": True}
    report = run(files, overrides=overrides, **options)  # type: ignore[arg-type]
    assert report.errors == []

    # All of it is Python 3, but for what is known to have no fix.
    left = {
        path for path in python_files(tmp_path) if not is_python3((tmp_path / path).read_bytes())
    }
    expected = known("undecodable", label) | known("without_fix", label)
    if not unsafe:
        expected |= known("with_unsafe_fix", label)
    assert left - known("refused_by_python2", label) == expected

    # What no fix is about is as it was.
    for path, passes in applied.passes.items():
        if path not in files:
            continue  # an `__init__.py` that was missing
        before = Source.read(str(original / Path(path).relative_to(tmp_path)))
        after = Source.read(path)
        assert passes[0][0] == before.text
        assert passes[-1][2] == after.text
        assert (before.encoding, before.bom) == (after.encoding, after.bom)
        for old, edits, new in passes:
            check_untouched_lines(old, edits, new)
        assert comments(before.text) == comments(after.text), path

    again = run(files, overrides=overrides, write=False, **options)  # type: ignore[arg-type]
    assert again.changed == {}


def check_untouched_lines(old: str, edits: list[Edit], new: str) -> None:
    """The lines that no edit touches are all there, in their order."""
    touched = {n for edit in edits for n in range(edit.start_line, edit.end_line + 1)}
    rest = iter(lines_of(new))
    for number, line in enumerate(lines_of(old), 1):
        if number not in touched:
            assert line in rest, line


def lines_of(text: str) -> list[str]:
    return io.StringIO(text, newline="").readlines()


def comments(text: str) -> list[str]:
    """All comments of a text, be it Python 2 or 3. Fixes may change the order of a few."""
    lines = io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", " "))
    return sorted(
        value.rstrip()
        for kind, value, *_ in generate_tokens(lines.readline)
        if kind == kinds.COMMENT
    )
