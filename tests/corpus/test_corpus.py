"""What must hold on any real code, whatever the rules say of it."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import download
import pytest

pytestmark = pytest.mark.corpus

FULL = os.environ.get("PYCONCEPTS_LINT_CORPUS") == "full"
# Together about 700 files, a minute's work: two of Python 2's, and what has tests of its own.
BOUNDED = ("web.py-0.38", "Mako-0.3.6", "requests-2.34.2", "attrs-26.1.0", "click-8.5.1")
BOUNDED_STANDARD_LIBRARY = ("collections", "concurrent", "email", "importlib", "json", "unittest")
OWN_TESTS = {
    "attrs-26.1.0": "src",
    "click-8.5.1": "src",
    "more-itertools-11.2.1": ".",
}


def source_of(label: str) -> Path:
    """The unpacked source of a pinned package; skips the test where it can't be had."""
    package = next(package for package in download.packages() if package.label == label)
    try:
        return download.unpacked(package)
    except download.Unavailable as reason:
        pytest.skip(str(reason))


def standard_library() -> list[Path]:
    """The running Python's own modules, without what is installed beside them."""
    root = Path(sysconfig.get_path("stdlib"))
    if not FULL:
        return [path for name in BOUNDED_STANDARD_LIBRARY for path in (root / name).rglob("*.py")]
    return [path for path in root.rglob("*.py") if "site-packages" not in path.parts]


@pytest.fixture(params=[p.label for p in download.packages()] if FULL else BOUNDED)
def package(request: pytest.FixtureRequest) -> Path:
    return source_of(request.param)


def run(command: list[str], directory: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=directory, capture_output=True, text=True, timeout=900, check=False, **options
    )


def lint(directory: Path, *arguments: str) -> list[dict[str, Any]]:
    """The findings as JSON says them; the run must be free of errors of the linter's own."""
    command = [sys.executable, "-m", "pyconcepts_lint", "--isolated", "--no-cache"]
    command += ["--exit-zero"]
    done = run([*command, "--output-format", "json", *arguments], directory)
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Traceback" not in done.stderr
    findings: list[dict[str, Any]] = json.loads(done.stdout)
    return findings


def python_files(directory: Path) -> list[str]:
    return sorted(str(path.relative_to(directory)) for path in directory.rglob("*.py"))


def syntax_is_right(data: bytes) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def check_findings(findings: list[dict[str, Any]], directory: Path) -> None:
    order = [(f["path"], f["line"], f["column"], f["code"]) for f in findings]
    assert order == sorted(order)
    lines: dict[str, int] = {}
    for finding in findings:
        path = finding["path"]
        if path not in lines:
            lines[path] = len((directory / path).read_bytes().splitlines()) + 1
        assert 1 <= finding["line"] <= lines[path] + 1
        assert finding["column"] >= 1
        start = finding["line"], finding["column"]
        assert start <= (finding["end_line"], finding["end_column"])


def test_all_rules_together_meet_no_error(package: Path) -> None:
    check_findings(lint(package, "--select", "PCL", *python_files(package)), package)


def test_all_rules_together_meet_no_error_in_the_standard_library(tmp_path: Path) -> None:
    files = [str(path) for path in standard_library()]
    findings = lint(tmp_path, "--select", "PCL", *files)
    check_findings(findings, tmp_path)


def test_flake8_and_the_runner_say_the_same(package: Path) -> None:
    # flake8 reports a file that it can't parse as its own E999, and runs no plugin on it.
    files = [
        path for path in python_files(package) if syntax_is_right((package / path).read_bytes())
    ]
    command = [sys.executable, "-m", "flake8", "--isolated", "--select", "PCL", "--exit-zero"]
    flake8 = run([*command, "--format", "%(path)s:%(row)d:%(col)d:%(code)s", *files], package)
    assert flake8.returncode == 0, flake8.stderr[-3000:]
    runner = lint(package, "--select", "PCL", *files)
    assert sorted(flake8.stdout.split("\n")[:-1]) == sorted(
        f"{f['path']}:{f['line']}:{f['column']}:{f['code']}" for f in runner
    )


def test_safe_fixes_keep_every_file_sound_and_leave_nothing_to_a_second_run(
    package: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(package, copy)
    lint(copy, "--select", "PCL", "--fix", ".")
    once = {path: (copy / path).read_bytes() for path in python_files(copy)}
    for path, after in once.items():
        original = package / path
        before = original.read_bytes() if original.exists() else b""
        if after != before:
            assert syntax_is_right(after) or not syntax_is_right(before), path
    lint(copy, "--select", "PCL", "--fix", ".")
    assert {path: (copy / path).read_bytes() for path in python_files(copy)} == once


def test_the_finding_that_the_readme_shows_is_what_the_linter_says() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    line, _, shown = readme.partition("```console\n$ ")[2].partition("```")[0].partition("\n")
    tool, *arguments = line.split()
    assert tool == "pyconcepts-lint"
    command = [sys.executable, "-m", "pyconcepts_lint", "--no-cache", "--output-format", "full"]
    done = run([*command, *arguments], source_of("Django-5.2.19"))
    assert done.stdout + done.stderr == shown


IMPORT_ALL = """
import importlib, sys
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except BaseException:
        continue
    print("imported", name)
"""


def importable(root: Path, names: Iterable[str]) -> set[str]:
    """Which of the modules can be imported; this runs their code."""
    done = run([sys.executable, "-c", IMPORT_ALL, *names], root, stdin=subprocess.DEVNULL)
    return set(re.findall(r"^imported (\S+)$", done.stdout, re.MULTILINE))


@pytest.mark.parametrize("label", [label for label in OWN_TESTS if FULL or label in BOUNDED])
def test_relative_imports_leave_a_package_as_importable_and_as_correct_as_before(
    label: str, tmp_path: Path
) -> None:
    """PCL202 undoes what this test does first: all imports made absolute."""
    root = tmp_path / label
    shutil.copytree(source_of(label), root)
    source = root / OWN_TESTS[label]
    # Where importlib.metadata looks for the version that the package's own tests ask for.
    metadata = source / f"{label.rpartition('-')[0]}.egg-info"
    metadata.mkdir(exist_ok=True)
    shutil.copy(root / "PKG-INFO", metadata)
    names = [name for path in python_files(source) if (name := module_name(path, source))]
    assert names
    changed = sum(make_imports_absolute(source / path, source) for path in python_files(source))
    assert changed > 0
    could_be_imported = importable(source, names)
    outcome = own_tests(root, source)

    packages = sorted({name.split(".")[0] for name in names})
    before = lint(source, "--select", "PCL202", *packages)
    lint(source, "--select", "PCL202", "--fix", "--unsafe-fixes", *packages)
    left = lint(source, "--select", "PCL202", *packages)

    assert len(before) >= changed
    assert not [finding for finding in left if finding["fix"]]
    assert importable(source, names) == could_be_imported
    assert own_tests(root, source) == outcome


def module_name(path: str, source: Path) -> str | None:
    """The dotted name of a file that lies in regular packages all the way, else None."""
    *parents, last = Path(path).with_suffix("").parts
    directories = [source.joinpath(*parents[: n + 1]) for n in range(len(parents))]
    if not parents or not all((directory / "__init__.py").exists() for directory in directories):
        return None
    if parents[0] in {"tests", "docs"} or last == "__main__":
        return None
    return ".".join(parents if last == "__init__" else [*parents, last])


def make_imports_absolute(file: Path, source: Path) -> int:
    """Rewrite `from .x import y` to `from package.x import y`; returns how many there were."""
    name = module_name(str(file.relative_to(source)), source)
    if name is None:
        return 0
    package = name if file.name == "__init__.py" else name.rpartition(".")[0]
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    count = 0
    for node in ast.walk(ast.parse("".join(lines))):
        if isinstance(node, ast.ImportFrom) and node.level:
            parent = package.split(".")[: len(package.split(".")) - node.level + 1]
            absolute = ".".join([*parent, *([node.module] if node.module else [])])
            line = lines[node.lineno - 1]
            relative = "." * node.level + (node.module or "")
            line = line.replace(f"from {relative} ", f"from {absolute} ", 1)
            lines[node.lineno - 1] = re.sub("# noqa.*", "", line)
            count += 1
    file.write_text("".join(lines), encoding="utf-8")
    return count


def own_tests(root: Path, source: Path) -> dict[str, int]:
    """How the package's own tests end: how many passed, failed, …"""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--no-header"]
    done = run(
        [*command, "-o", f"pythonpath={source}", "-W", "default", "tests"],
        root,
        stdin=subprocess.DEVNULL,
    )
    counts = re.findall(r"(\d+) (passed|failed|errors?|skipped|xfailed)", done.stdout[-500:])
    outcome = {word: int(count) for count, word in counts}
    assert outcome.get("passed", 0) > 50, done.stdout[-3000:] + done.stderr[-3000:]
    return outcome
