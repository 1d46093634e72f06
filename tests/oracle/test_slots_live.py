"""PCL604, 606 and 608 against CPython: what instances hold is tried out on live ones.

The index's model of each class is compared with the live class; then each class gets a subclass
with methods that assign to every name it knows, and what these raise is compared with what the
rules say. No claim may be false.
"""

from __future__ import annotations

import keyword
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from live_questions import answers_of, facts_of
from oracle import module_name
from test_class_attributes_live import DJANGO, PACKAGES, STANDARD_LIBRARY, copy, installed, modules

from pyconcepts_lint.base.answer import Answer, answer
from pyconcepts_lint.index.model import SourceClass
from pyconcepts_lint.index.project import Project
from pyconcepts_lint.testing import lint_paths as run

SOME_OF_IT = ("_collections_abc.py", "asyncio", "concurrent", "dataclasses.py", "fractions.py")
SOME_OF_IT += (
    "importlib",
    "ipaddress.py",
    "pathlib.py",
    "statistics.py",
    "typing.py",
    "weakref.py",
)
MOST_NAMES = 40

__all__ = ["installed"]


def ask(scratch: Path, script: str = "live_slots.py", **task: Any) -> dict[str, Any]:
    """What a script says of live classes: see there."""
    answers: dict[str, Any] = answers_of(Path(__file__).with_name(script), scratch, task)
    return answers


def models_of(root: Path, files: Iterable[Path]) -> dict[str, SourceClass]:
    """The models of the classes whose names say which they are, as `module:qualified name`."""
    paths = sorted(map(str, files))
    project = Project(str(root), paths, facts_of)
    found: dict[str, SourceClass] = {}
    for path in paths:
        module = project.module(path)
        if module is None:
            continue
        count = Counter(model.qualname for model in module.classes)
        for model in module.classes:
            if count[model.qualname] == 1 and "<locals>" not in model.qualname:
                found[f"{module_name(Path(path), root)}:{model.qualname}"] = model
    return found


def generated(key: str, live: Mapping[str, Any], number: int) -> str:
    """A subclass without slots of its own, and methods that assign every name it may know."""
    module, _, qualname = key.partition(":")
    names = {"no_such_name", *live["slots"], *live["names"][:MOST_NAMES]}
    # The rule gives up where an instance may get another class.
    names = {n for n in names - {"__class__"} if n.isidentifier() and not keyword.iskeyword(n)}
    lines = [f"from {module} import {qualname} as Base{number}", ""]
    lines += [f"class Generated(Base{number}):", "    __slots__ = ()"]
    for count, name in enumerate(sorted(names)):
        if not name.startswith("__") or name.endswith("__"):
            lines.append(f"    def method{count}(self): self.{name} = 1")
    lines.append("    def method_vars(self): vars(self)")
    lines.append("    def method_dict(self): self.__dict__")
    return "\n".join(lines) + "\n"


def check(
    root: Path,
    files: list[Path],
    scratch: Path,
    at_least: int,
    path: Iterable[str] = (),
    prelude: str = "",
) -> Counter[str]:
    """Compare models and claims with live classes.

    Returns how many were known and not, and how many claims were tried.
    """
    models = models_of(root, files)
    questions: dict[str, list[str]] = {}
    for key in models:
        module, _, qualname = key.partition(":")
        questions.setdefault(module, []).append(qualname)
    path = list(path)
    answers = ask(scratch, path=path, prelude=prelude, modules=questions, generated=[])
    counts: Counter[str] = Counter()
    project = scratch / "generated"
    project.mkdir()
    for key, live in answers.items():
        model = models[key]
        if live is None:
            continue  # the standard library has a faster one in C
        known = model.has_instance_dict
        counts[known.value] += 1
        if known is Answer.UNKNOWN:
            continue
        assert known is answer(live["dict"]), key
        if known is Answer.NO:
            ours = model.slot_names - {"__dict__", "__weakref__"}
            assert sorted(ours) == live["slots"], key
        name = project / f"g{len(list(project.iterdir()))}.py"
        if "." not in key.partition(":")[2] and (known is Answer.NO or counts["yes"] % 10 == 0):
            text = generated(key, live, counts.total())
            name.write_text(text, encoding="utf-8")
    counts += claims(project, scratch, path, prelude)
    assert counts["yes"] + counts["no"] >= 0.8 * (counts["unknown"] + counts["yes"])
    assert counts["claims"] >= at_least
    return counts


def claims(project: Path, scratch: Path, path: list[str], prelude: str) -> Counter[str]:
    """Lint the generated classes, try them out, and compare.

    For the linter to find the classes, the packages lie beside the generated modules.
    """
    for entry in path:
        for package in Path(entry).iterdir():
            if not (project / package.name).exists():
                (project / package.name).symlink_to(package)
    (project / "pyproject.toml").write_text("[tool.pyconcepts-lint]\n", encoding="utf-8")
    sources = sorted(project.glob("g*.py"))
    answers = ask(
        scratch, path=path, prelude=prelude, modules={}, generated=list(map(str, sources))
    )
    overrides = {"no_cache": True, "select": ("PCL604", "PCL606", "PCL608")}
    report = run(list(map(str, sources)), overrides=overrides, jobs=1)
    assert report.errors == []
    said: dict[tuple[str, int], str] = {(f.path, f.line): f.code for f in report.findings}
    counts: Counter[str] = Counter()
    for source in sources:
        raised = answers[str(source)]
        if isinstance(raised, str):
            counts["unusable"] += 1
            continue
        for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), 1):
            code = said.get((str(source), number), "")
            method = line.strip().partition("(")[0].removeprefix("def ")
            if line.startswith("class "):
                happened, expected = raised[""], "__dict__"
            elif method in raised:
                happened = raised[method]
                expected = "TypeError" if method == "method_vars" else "AttributeError"
            else:
                continue
            if code:
                assert happened == expected, f"{code}: {source.read_text()}"
                counts["claims"] += 1
                counts[code] += 1
            elif happened == expected:
                counts["silent"] += 1
    return counts


def test_what_instances_of_some_of_the_standard_library_hold_is_known(tmp_path: Path) -> None:
    files = [file for name in SOME_OF_IT for file in modules(STANDARD_LIBRARY / name)]
    root = tmp_path / "lib"
    check(root, copy(files, STANDARD_LIBRARY, root), tmp_path, 300)


@pytest.mark.corpus
def test_what_instances_of_the_whole_standard_library_hold_is_known(tmp_path: Path) -> None:
    tops = [path for path in STANDARD_LIBRARY.iterdir() if path.is_dir() or path.suffix == ".py"]
    files = [file for top in tops for file in modules(top)]
    root = tmp_path / "lib"
    print(check(root, copy(files, STANDARD_LIBRARY, root), tmp_path, 500))


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("packages", "prelude", "at_least"),
    [
        (("attr", "attrs", "click", "requests", "rich", "urllib3", "werkzeug"), "", 100),
        (("billiard", "celery", "docutils", "kombu", "tornado", "vine"), "", 50),
        (("sqlalchemy",), "", 1000),
        (("django",), DJANGO, 50),
    ],
    ids=["small", "large", "sqlalchemy", "django"],
)
def test_what_instances_of_installed_packages_hold_is_known(
    installed: Path, tmp_path: Path, packages: tuple[str, ...], prelude: str, at_least: int
) -> None:
    assert PACKAGES
    files = [file for name in packages for file in modules(installed / name)]
    print(check(installed, files, tmp_path, at_least, [str(installed)], prelude))
