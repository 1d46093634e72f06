"""PCL214 against CPython: of each claim the two modules are imported, the objects compared and the
functions' own code read. No claim may be false."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from oracle import module_name
from test_class_attributes_live import DJANGO, STANDARD_LIBRARY, copy, installed, modules
from test_slots_live import ask

from pyconcepts_lint.testing import lint_paths as run

SCRIPT = "live_stale_imports.py"
SOME_OF_IT = ("asyncio", "concurrent", "importlib", "logging", "multiprocessing", "unittest")
CLAIM = re.compile(
    r"`(\w+)` stays the object that `([\w.]+)` has when this import runs: (?:its|`([\w.]+)`'s) "
    r"`([\w.]+)\(\)` binds `\w+` anew \(line \d+\), and `(\w+)\(\)` here goes on with the old one"
)

__all__ = ["installed"]


def check(
    root: Path, files: Sequence[Path], scratch: Path, path: Iterable[str] = (), prelude: str = ""
) -> Counter[str]:
    (root / "pyproject.toml").write_text("[tool.pyconcepts-lint]\n", encoding="utf-8")
    overrides = {"no_cache": True, "select": ("PCL214",), "respect_gitignore": False}
    report = run([str(file) for file in files], overrides=overrides, jobs=1)
    assert report.errors == []
    questions: dict[str, list[str]] = {}
    for finding in report.findings:
        match = CLAIM.fullmatch(finding.message)
        assert match, finding.message
        name, source, other, function, user = match.groups()
        line = Path(finding.path).read_text(encoding="utf-8").splitlines()[finding.line - 1]
        alias = re.search(rf"\b{name}\s+as\s+(\w+)", line)
        importer = module_name(Path(finding.path), root)
        questions[f"{finding.path}:{finding.line}:{name}"] = [
            *(importer, alias[1] if alias else name, source, name, other or source, function, user)
        ]
    task = {"path": list(path), "prelude": prelude, "questions": questions}
    counts: Counter[str] = Counter()
    false: list[str] = []
    for key, answer in ask(scratch, SCRIPT, **task).items():
        counts["not importable" if answer is None else "false" if answer else "true"] += 1
        if answer:
            false.append(f"{key}: {answer}")
    assert false == [], counts
    return counts


def test_some_of_the_standard_library(tmp_path: Path) -> None:
    files = [file for name in SOME_OF_IT for file in modules(STANDARD_LIBRARY / name)]
    root = tmp_path / "lib"
    check(root, copy(files, STANDARD_LIBRARY, root), tmp_path)


def test_a_small_project(tmp_path: Path) -> None:
    root = tmp_path / "project"
    texts = {
        "settings.py": "a = b = None\n\ndef switch():\n    global a\n    a = 1\n",
        "other.py": "import settings\n\nclass C:\n    def m(self):\n        settings.b = 1\n",
        "user.py": "from settings import a, b as c\n\ndef use():\n    return a, c\n",
    }
    root.mkdir()
    for name, text in texts.items():
        (root / name).write_text(text, encoding="utf-8")
    counts = check(root, sorted(root.glob("*.py")), tmp_path, [str(root)])
    assert counts == {"true": 2}


@pytest.mark.corpus
def test_the_whole_standard_library(tmp_path: Path) -> None:
    root = tmp_path / "lib"
    print(check(root, copy(modules(STANDARD_LIBRARY), STANDARD_LIBRARY, root), tmp_path))


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("packages", "prelude"),
    [
        (("attr", "attrs", "click", "requests", "rich", "urllib3", "werkzeug"), ""),
        (("billiard", "celery", "docutils", "kombu", "tornado", "vine"), ""),
        (("sqlalchemy",), ""),
        (("django",), DJANGO),
    ],
    ids=["small", "large", "sqlalchemy", "django"],
)
def test_installed_packages(
    installed: Path, tmp_path: Path, packages: tuple[str, ...], prelude: str
) -> None:
    files = [file for name in packages for file in modules(installed / name)]
    print(check(installed, files, tmp_path, [str(installed)], prelude))
