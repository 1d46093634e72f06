"""PCL304 and 305 against CPython: metaclasses and MROs of live classes, and new ones below them.

The index's metaclass and MRO of each class are compared with those of the live class; then
classes are made below two or three of them, and what that raises is compared with what the rules
say of the same class statement. No claim may be false.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from test_class_attributes_live import DJANGO, STANDARD_LIBRARY, copy, installed, modules
from test_slots_live import ask, models_of

from pyconcepts_lint.testing import lint_paths as run

SCRIPT = "live_class_statements.py"
SOME_OF_IT = ("_collections_abc.py", "asyncio", "collections", "enum.py", "http", "importlib")
SOME_OF_IT += ("io.py", "pathlib.py", "socketserver.py", "typing.py", "unittest", "weakref.py")
A_FILE = 50  # class statements

__all__ = ["installed"]


def check(
    root: Path,
    files: list[Path],
    scratch: Path,
    statements: int,
    path: Iterable[str] = (),
    prelude: str = "",
) -> Counter[str]:
    """Compare what is known and what is claimed with live classes; returns how often what is so."""
    path = list(path)
    models = models_of(root, files)
    questions: dict[str, list[str]] = {}
    for key in models:
        module, _, qualname = key.partition(":")
        questions.setdefault(module, []).append(qualname)
    task = {"path": path, "prelude": prelude}
    live = ask(scratch, SCRIPT, modules=questions, statements=[], **task)["classes"]
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    usable: list[str] = []
    for key, found in live.items():
        if found is None:
            continue  # the standard library has a faster one in C
        model = models[key]
        metaclass, mro = model.metaclass, model.mro
        counts["classes"] += 1
        if metaclass is not None:
            counts["metaclasses"] += 1
            if metaclass.full_name != found["metaclass"]:
                wrong.append(f"{key}: {metaclass.full_name} is {found['metaclass']}")
            assert mro is not None
            if len(mro) != len(found["mro"]):
                wrong.append(f"{key}: {[base.full_name for base in mro]} is {found['mro']}")
        if found["can be a base"] and "." not in key.partition(":")[2]:
            usable.append(key)
    assert wrong == []
    below: dict[str, list[str]] = {}
    for key in usable:
        for base in live[key]["bases"]:
            below.setdefault(base, []).append(key)
    lists = chosen(usable, below, statements)
    made = ask(scratch, SCRIPT, modules={}, statements=lists, **task)["made"]
    return counts + claims(scratch, root, files, lists, made)


def chosen(usable: list[str], below: dict[str, list[str]], number: int) -> list[list[str]]:
    """Bases for new classes: any of them, and those which are derived from one another."""
    choose = random.Random(1)
    lists: list[list[str]] = []
    while len(lists) < number:
        keys = choose.choices(usable, k=choose.choice((2, 2, 2, 3)))
        derived = below.get(keys[0].replace(":", "."))
        if derived and choose.random() < 0.5:
            keys[1] = choose.choice(derived)
        lists.append(keys)
    return lists


def claims(
    scratch: Path, root: Path, files: list[Path], lists: list[list[str]], made: list[str]
) -> Counter[str]:
    """Lint modules of these class statements beside the classes, and compare."""
    project = scratch / "generated"
    project.mkdir()
    for entry in {file.relative_to(root).parts[0] for file in files}:
        (project / entry).symlink_to(root / entry)
    (project / "pyproject.toml").write_text("[tool.pyconcepts-lint]\n", encoding="utf-8")
    expected: dict[tuple[str, int], str] = {}
    sources: list[str] = []
    for start in range(0, len(lists), A_FILE):
        lines: list[str] = []
        source = project / f"generated{start}.py"
        for number, keys in enumerate(lists[start : start + A_FILE], start):
            bases = []
            for count, key in enumerate(keys):
                module, _, name = key.partition(":")
                bases.append(f"Base{number}x{count}")
                lines.append(f"from {module} import {name} as {bases[-1]}")
            lines.append(f"class Made{number}({', '.join(bases)}): pass")
            expected[str(source), len(lines)] = made[number]
        source.write_text("\n".join(lines) + "\n", encoding="utf-8")
        sources.append(str(source))
    overrides = {"no_cache": True, "select": ("PCL304", "PCL305")}
    report = run(sources, overrides=overrides, jobs=1)
    assert report.errors == []
    counts: Counter[str] = Counter()
    said = {(finding.path, finding.line): finding.code for finding in report.findings}
    false: list[str] = []
    for place, raised in expected.items():
        code = said.get(place, "")
        failed = "PCL304" if "metaclass conflict" in raised else ""
        if "consistent method resolution" in raised or "duplicate base" in raised:
            failed = "PCL305"
        if code:
            counts[code] += 1
            # Something else may be in the way of an MRO before Python comes to look for one.
            if not (code == failed or (code == "PCL305" and raised.startswith("TypeError"))):
                line = Path(place[0]).read_text(encoding="utf-8").splitlines()[place[1] - 1]
                false.append(f"{code} {raised!r}: {line}")
        elif failed:
            counts[f"silent {failed}"] += 1
        else:
            counts["rightly silent"] += 1
    assert false == []
    return counts


def test_classes_of_some_of_the_standard_library(tmp_path: Path) -> None:
    files = [file for name in SOME_OF_IT for file in modules(STANDARD_LIBRARY / name)]
    root = tmp_path / "lib"
    counts = check(root, copy(files, STANDARD_LIBRARY, root), tmp_path, 400)
    assert counts["metaclasses"] > 0.9 * counts["classes"]
    assert counts["PCL304"] > 5
    assert counts["PCL305"] > 30
    assert counts["silent PCL304"] + counts["silent PCL305"] < counts["PCL304"] + counts["PCL305"]


@pytest.mark.corpus
def test_classes_of_the_whole_standard_library(tmp_path: Path) -> None:
    tops = [path for path in STANDARD_LIBRARY.iterdir() if path.is_dir() or path.suffix == ".py"]
    files = [file for top in tops for file in modules(top)]
    root = tmp_path / "lib"
    print(check(root, copy(files, STANDARD_LIBRARY, root), tmp_path, 3000))


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
def test_classes_of_installed_packages(
    installed: Path, tmp_path: Path, packages: tuple[str, ...], prelude: str
) -> None:
    files = [file for name in packages for file in modules(installed / name)]
    print(check(installed, files, tmp_path, 2000, [str(installed)], prelude))
