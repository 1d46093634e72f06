"""PCL104 and PCL109 against CPython: what they say of real classes is looked up in live ones.

No claim may be false.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from oracle import module_name
from test_class_attributes_live import DJANGO, STANDARD_LIBRARY, copy, installed, modules
from test_slots_live import ask

from pyconcepts_lint.base.finding import Finding
from pyconcepts_lint.index.binder import mangled
from pyconcepts_lint.testing import lint_paths as run

SHARED = re.compile(r"changes (?:a \w+ in )?the (\w+) `(\w+)\.(\w+)`")
HIDDEN = re.compile(r"`(\w+)\.__init__` binds `(\w+)` on the instance")
SOME_OF_IT = ("idlelib", "logging", "smtpd.py", "urllib")

__all__ = ["installed"]


def class_at(path: str, line: int) -> str:
    """The qualified name of the innermost class around a line."""
    found = ""
    waiting: list[tuple[ast.AST, str]] = [(ast.parse(Path(path).read_bytes()), "")]
    while waiting:
        node, prefix = waiting.pop()
        name = prefix
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            name = f"{prefix}{node.name}"
            if isinstance(node, ast.ClassDef) and node.lineno <= line <= (node.end_lineno or 0):
                found = max(found, name, key=len)
            name += "." if isinstance(node, ast.ClassDef) else ".<locals>."
        waiting.extend((child, name) for child in ast.iter_child_nodes(node))
    return found


def claim(finding: Finding) -> tuple[str, ...]:
    if finding.code == "PCL109":
        found = HIDDEN.search(finding.message)
        assert found is not None
        return found[1], found[2]
    found = SHARED.search(finding.message)
    assert found is not None
    return found[2], mangled(found[3], found[2]), found[1]


def refuted(
    root: Path, files: Iterable[Path], scratch: Path, path: list[str], prelude: str = ""
) -> tuple[int, list[str]]:
    """How many claims about a project could be looked at, and those that aren't so."""
    (root / "pyproject.toml").write_text("[tool.pyconcepts-lint]\n", encoding="utf-8")
    names = {str(file): module_name(file, root) for file in files}
    chosen = {"select": ["PCL104", "PCL109"], "no_cache": True, "respect_gitignore": False}
    report = run([*names], overrides=chosen, jobs=1)
    assert report.errors == []
    findings = {str(number): finding for number, finding in enumerate(report.findings)}
    claims = [
        (key, names[f.path], class_at(f.path, f.line), f.code, *claim(f))
        for key, f in findings.items()
    ]
    answers = ask(scratch, "live_shared.py", path=path, prelude=prelude, claims=claims)
    tried = {key: answer for key, answer in answers.items() if answer is not None}
    return len(tried), [f"{why}: {findings[key]}" for key, why in tried.items() if why]


def test_claims_about_some_of_the_standard_library_are_true(tmp_path: Path) -> None:
    root = tmp_path / "lib"
    root.mkdir()
    files = [file for name in SOME_OF_IT for file in modules(STANDARD_LIBRARY / name)]
    tried, wrong = refuted(root, copy(files, STANDARD_LIBRARY, root), tmp_path, [])
    assert wrong == []
    assert tried >= 1


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("packages", "prelude"),
    [(("celery", "kombu", "docutils", "tornado", "sqlalchemy"), ""), (("django",), DJANGO)],
    ids=["large", "django"],
)
def test_claims_about_installed_packages_are_true(
    installed: Path, tmp_path: Path, packages: tuple[str, ...], prelude: str
) -> None:
    files = [file for name in packages for file in modules(installed / name)]
    tried, wrong = refuted(installed, files, tmp_path, [str(installed)], prelude)
    assert wrong == []
    assert tried >= 1
