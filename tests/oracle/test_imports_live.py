"""PCL205 and 206 against CPython: imports of names that are there and that aren't, and uses of
submodules that are loaded and that aren't.

What the rules say of generated imports is compared with live modules. No claim may be false.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from oracle import module_name
from test_class_attributes_live import DJANGO, STANDARD_LIBRARY, copy, installed, modules
from test_slots_live import ask

from pyconcepts_lint.index.standard import PACKAGES, SUBMODULES
from pyconcepts_lint.testing import lint_paths as run

SCRIPT = "live_imports.py"
SOME_OF_IT = ("asyncio", "concurrent", "email", "http", "json", "logging")
SOME_OF_IT += ("multiprocessing", "unittest", "urllib", "xml")
OTHERS = ("argparse", "ast", "inspect", "pathlib", "pkgutil", "ssl", "subprocess", "tempfile")
OTHERS += ("typing", "unittest", "uuid", "webbrowser", "zipfile", "asyncio", "doctest", "pydoc")

__all__ = ["installed"]


# PCL205


def check_names(
    root: Path, files: Sequence[Path], scratch: Path, path: Iterable[str] = (), prelude: str = ""
) -> Counter[str]:
    """Import from each module of packages the names that it has live, and others."""
    chance = random.Random(205)
    names = {module_name(file, root): file for file in files}
    packages = {name for name, file in names.items() if file.stem == "__init__"}
    names = {name: file for name, file in names.items() if name.partition(".")[0] in packages}
    words = sorted({name.rpartition(".")[2] for name in names} | {"missing", "Nothing", "_no"})
    wanted = {name: chance.sample(words, min(8, len(words))) for name in names}
    task = {"path": list(path), "prelude": prelude, "modules": wanted}
    live = ask(scratch, SCRIPT, **task)
    (root / "pyproject.toml").write_text("[tool.pyconcepts-lint]\n", encoding="utf-8")
    questions: dict[tuple[str, int], tuple[str, str, bool]] = {}
    generated: list[Path] = []
    for number, (name, has) in enumerate(live.items()):
        if has is None:
            continue
        file = root / name.partition(".")[0] / f"generated_{number}.py"
        lines: list[str] = []
        for each in dict.fromkeys((*has, *wanted[name])):
            if not each.isidentifier() or not each.isascii():
                continue
            lines.append(f"from {name} import {each}")
            questions[str(file), len(lines)] = (name, each, each in has)
        file.write_text("\n".join(lines) + "\n", encoding="utf-8")
        generated.append(file)
    try:
        claims = said(map(str, generated), "PCL205")
    finally:
        for file in generated:
            file.unlink()
    return compared(questions, claims)


def said(paths: Iterable[str], code: str) -> set[tuple[str, int]]:
    overrides = {"no_cache": True, "select": (code,), "respect_gitignore": False}
    report = run(list(paths), overrides=overrides, jobs=1)
    assert report.errors == []
    return {(finding.path, finding.line) for finding in report.findings}


def compared(
    questions: dict[tuple[str, int], tuple[str, str, bool]], claims: set[tuple[str, int]]
) -> Counter[str]:
    counts: Counter[str] = Counter()
    false: list[str] = []
    for place, (holder, name, is_there) in questions.items():
        if place in claims:
            counts["claims"] += 1
            if is_there:
                false.append(f"{holder}: {name}")
        else:
            counts["rightly silent" if is_there else "missed"] += 1
    assert false == [], counts
    return counts


def test_names_of_some_of_the_standard_library(tmp_path: Path) -> None:
    files = [file for name in SOME_OF_IT for file in modules(STANDARD_LIBRARY / name)]
    root = tmp_path / "lib"
    counts = check_names(root, copy(files, STANDARD_LIBRARY, root), tmp_path)
    assert counts["claims"] > 200
    assert counts["rightly silent"] > 4000


PACKAGES_TO_TRY = pytest.mark.parametrize(
    ("packages", "prelude"),
    [
        (("attr", "attrs", "click", "requests", "rich", "urllib3", "werkzeug"), ""),
        (("billiard", "celery", "docutils", "kombu", "tornado", "vine"), ""),
        (("sqlalchemy",), ""),
        (("django",), DJANGO),
    ],
    ids=["small", "large", "sqlalchemy", "django"],
)


@pytest.mark.corpus
def test_names_of_the_whole_standard_library(tmp_path: Path) -> None:
    tops = [path for path in STANDARD_LIBRARY.iterdir() if path.is_dir()]
    files = [file for top in tops for file in modules(top)]
    root = tmp_path / "lib"
    print(check_names(root, copy(files, STANDARD_LIBRARY, root), tmp_path))


@pytest.mark.corpus
@PACKAGES_TO_TRY
def test_names_of_installed_packages(
    installed: Path, tmp_path: Path, packages: tuple[str, ...], prelude: str
) -> None:
    files = [file for name in packages for file in modules(installed / name)]
    root = tmp_path / "project"  # of these packages alone: what others do would silence the rule
    copies = copy(files, installed, root)
    print(check_names(root, copies, tmp_path, [str(installed)], prelude))


# PCL206


def check_submodules(
    root: Path,
    questions: Sequence[tuple[tuple[str, ...], str, Sequence[str]]],
    options: Sequence[str] = (),
    prelude: str = "",
) -> Counter[str]:
    """Use submodules of a package after some imports; each in an interpreter of its own.

    Args:
        root: the project, which is on `sys.path`.
        questions: modules to import, a package among them, and names of its submodules.
        options: of the interpreter.
        prelude: a program to run first.
    """
    (root / "pyproject.toml").write_text("[tool.pyconcepts-lint]\n", encoding="utf-8")
    asked: dict[tuple[str, int], tuple[str, str, bool]] = {}
    generated: list[Path] = []
    for number, (imported, package, names) in enumerate(questions):
        imports = "".join(f"import {name}\n" for name in imported)
        look = f"print([n for n in {list(names)!r} if hasattr({package}, n)])"
        program = f"import sys\nsys.path.insert(0, {str(root)!r})\n{prelude}\n{imports}{look}"
        done = subprocess.run(
            [sys.executable, *options, "-c", program],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        if done.returncode:
            continue
        has = json.loads(done.stdout.splitlines()[-1].replace("'", '"'))
        file = root / f"generated_{number}.py"
        file.write_text(imports + "".join(f"{package}.{n}\n" for n in names), encoding="utf-8")
        generated.append(file)
        for line, name in enumerate(names, len(imported) + 1):
            asked[str(file), line] = (imports + package, name, name in has)
    try:
        claims = said(map(str, generated), "PCL206")
    finally:
        for file in generated:
            file.unlink()
    return compared(asked, claims)


def standard_questions(number: int) -> list[tuple[tuple[str, ...], str, list[str]]]:
    chance = random.Random(206)
    found = []
    for package in chance.choices(sorted(PACKAGES - {"distutils.command"}), k=number):
        names = [n.rpartition(".")[2] for n in SUBMODULES if n.rpartition(".")[0] == package]
        others = chance.sample(OTHERS, chance.randrange(3))
        found.append(((package, *others), package, sorted(names)))
    return found


def test_submodules_of_the_standard_library(tmp_path: Path) -> None:
    counts = check_submodules(tmp_path, standard_questions(25), ("-I", "-S", "-W", "ignore"))
    assert counts["claims"] > 50
    assert counts["missed"] < counts["claims"] / 4


@pytest.mark.corpus
def test_submodules_of_the_standard_library_with_more_imports(tmp_path: Path) -> None:
    print(check_submodules(tmp_path, standard_questions(300), ("-I", "-S", "-W", "ignore")))


@pytest.mark.corpus
@PACKAGES_TO_TRY
def test_submodules_of_installed_packages(
    installed: Path, tmp_path: Path, packages: tuple[str, ...], prelude: str
) -> None:
    files = [file for name in packages for file in modules(installed / name)]
    print(check_submodules(installed, package_questions(installed, files), prelude=prelude))


def package_questions(
    root: Path, files: Sequence[Path], number: int = 150
) -> list[tuple[tuple[str, ...], str, list[str]]]:
    chance = random.Random(207)
    names = [module_name(file, root) for file in files]
    below: dict[str, list[str]] = {}
    for name in names:
        parent, _, own = name.rpartition(".")
        if parent and own.isidentifier():
            below.setdefault(parent, []).append(own)
    found: list[tuple[tuple[str, ...], str, list[str]]] = []
    for package in chance.choices(sorted(below), k=number):
        others = chance.sample(names, chance.randrange(2))
        found.append(((package, *others), package, below[package]))
    return found
