"""PCL904 against CPython: is the class that is named the one in the cell of the live function?

No claim may be false; hardly a call may be missing of which CPython would say the same.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from live_questions import answers_of
from oracle import module_name
from test_class_attributes_live import STANDARD_LIBRARY, copy, modules

from pyconcepts_lint.base.settings import Configuration
from pyconcepts_lint.plugins.registry import rules, tables
from pyconcepts_lint.running.check_file import lint_file
from pyconcepts_lint.workspace.workspace import Workspaces

SOME_OF_IT = (
    *("argparse.py", "concurrent", "email", "fractions.py", "http", "logging", "multiprocessing"),
    *("_pyio.py", "unittest", "urllib", "zipfile.py"),
)
PACKAGES = ("boto==2.49.0", "CherryPy==18.10.0", "docutils==0.23", "peewee==4.5.3", "sympy==1.14.0")

Question = tuple[str, int, str, str]


def compare(
    root: Path, files: Iterable[Path], scratch: Path, *, path: Iterable[str] = (), prelude: str = ""
) -> tuple[int, list[str], list[str]]:
    """The number of claims that are confirmed, the ones that are refuted, and those missed."""
    files = sorted(files)
    (root / "pyproject.toml").write_text("[tool.pyconcepts-lint]\n", encoding="utf-8")
    questions = [question for file in files for question in _questions(file)]
    claimed = set(_claimed(files))
    wanted = {name for name, *_ in questions}
    names = [module_name(file, root) for file in files if str(file) in wanted]
    task = {"path": list(path), "prelude": prelude, "modules": names, "questions": questions}
    answers = answers_of(Path(__file__).with_name("live_supers.py"), scratch, task)
    confirmed, refuted, missed = 0, [], []
    for question, said in zip(questions, answers, strict=True):
        is_claimed = question[:2] in claimed
        if is_claimed and said not in ([], ["same"]):
            refuted.append(f"{question}: {said}")
        confirmed += is_claimed and said == ["same"]
        if not is_claimed and said == ["same"]:
            missed.append(str(question))
    return confirmed, refuted, missed


def _questions(file: Path) -> Iterator[Question]:
    try:
        tree = ast.parse(file.read_bytes())
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 2:
            first, second = node.args
            is_named = isinstance(first, (ast.Name, ast.Attribute)) and isinstance(second, ast.Name)
            if node.func.id == "super" and is_named:
                yield str(file), node.lineno, ast.unparse(first), ast.unparse(second)


def _claimed(files: Iterable[Path]) -> Iterator[tuple[str, int]]:
    workspaces = Workspaces(
        Configuration({"no_cache": True, "respect_gitignore": False}), tables=tables()
    )
    chosen = [rules()["PCL904"]]
    for file in files:
        result = lint_file(workspaces.of(str(file)), str(file), chosen, noqa=False)
        assert not result.errors, result.errors
        yield from ((finding.path, finding.line) for finding in result.findings)


def check(outcome: tuple[int, list[str], list[str]], at_least: int) -> None:
    confirmed, refuted, missed = outcome
    assert refuted == []
    assert confirmed >= at_least
    assert len(missed) <= confirmed // 20, "\n".join(missed)


def test_claims_about_some_of_the_standard_library_are_true(tmp_path: Path) -> None:
    root = tmp_path / "lib"
    files = [file for name in SOME_OF_IT for file in modules(STANDARD_LIBRARY / name)]
    copies = copy(files, STANDARD_LIBRARY, root)
    check(compare(root, copies, tmp_path, path=[str(root)]), 20)


@pytest.mark.corpus
@pytest.mark.parametrize("names", [("boto", "cherrypy", "docutils", "sympy"), ("peewee",)])
def test_claims_about_installed_packages_are_true(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, names: tuple[str, ...]
) -> None:
    target = tmp_path_factory.mktemp("installed")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-compile"]
    done = subprocess.run(
        [*command, "--target", str(target), *PACKAGES], capture_output=True, text=True, timeout=600
    )
    if done.returncode:
        pytest.skip(f"pip can't install them: {done.stderr[-500:]}")
    tops = [target / name if (target / name).is_dir() else target / f"{name}.py" for name in names]
    files = [file for top in tops for file in modules(top)]
    check(compare(target, files, tmp_path, path=[str(target)]), 20)
