"""PCL504-506 against CPython: what they would say of real classes is tried out on instances.

Each attribute of which PCL504 would say that assigning or deleting it raises must do so, and of
the properties that are read-only by CPython's word hardly any may be missing. A `__getattr__` that
PCL506 speaks of must recur when `copy` asks a bare instance. No claim may be false.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from test_class_attributes_live import DJANGO, STANDARD_LIBRARY, copy, installed, modules
from test_slots_live import ask, models_of

from pyconcepts_lint.base.finding import Finding
from pyconcepts_lint.base.settings import Configuration
from pyconcepts_lint.index.facts import Access, AttributeAccess, Receiver
from pyconcepts_lint.index.model import SourceClass
from pyconcepts_lint.plugins.registry import rules, tables
from pyconcepts_lint.rules.descriptors.read_only_property_assigned import refusal_of
from pyconcepts_lint.running.check_file import lint_file
from pyconcepts_lint.workspace.workspace import Workspaces

SOME_OF_IT = (
    "ast.py",
    "fractions.py",
    "importlib",
    "os.py",
    "pathlib.py",
    "threading.py",
    "xmlrpc",
)

__all__ = ["installed"]


def errors_of(model: SourceClass) -> dict[tuple[str, str], str]:
    """What PCL504 would say of `self.x = …` and `del self.x`, for all that the class has."""
    found = {}
    for name in sorted(model.names_on_mro):
        for kind in (Access.SET, Access.DELETE):
            event = AttributeAccess(name, kind, Receiver.INSTANCE, "method", 1, 1, False, 1, 1)
            refusal = refusal_of(model, event)
            if refusal is not None:
                found[name, kind] = refusal[0]
    return found


def findings(files: Iterable[Path], codes: Iterable[str]) -> list[Finding]:
    workspaces = Workspaces(
        Configuration({"no_cache": True, "respect_gitignore": False}), tables=tables()
    )
    chosen = [rules()[code] for code in codes]
    return [
        finding
        for file in files
        for finding in lint_file(workspaces.of(str(file)), str(file), chosen, noqa=False).findings
    ]


def class_at(models: Iterable[SourceClass], finding: Finding) -> SourceClass:
    """The innermost class around a finding."""
    around = (
        model
        for model in models
        if model.module.path == finding.path
        and model.facts.line <= finding.line <= model.facts.end_line
    )
    return max(around, key=lambda model: model.facts.line)


def check(
    root: Path, files: list[Path], scratch: Path, path: Iterable[str] = (), prelude: str = ""
) -> Counter[str]:
    """Compare with the live classes; returns how much there was of each kind of claim."""
    models = models_of(root, files)
    errors = {key: errors_of(model) for key, model in models.items()}
    endless = {class_at(models.values(), f) for f in findings(files, ["PCL506"])}
    assert findings(files, ["PCL507"]) == []  # these modules can be imported
    questions: dict[str, dict[str, Any]] = {}
    for key in models:
        module, _, qualname = key.partition(":")
        questions.setdefault(module, {})[qualname] = list(errors[key])
    answers = ask(
        scratch, "live_descriptors.py", path=list(path), prelude=prelude, modules=questions
    )
    counts: Counter[str] = Counter()
    for key, (outcomes, read_only, is_endless) in answers.items():
        for (question, error), outcome in zip(errors[key].items(), outcomes, strict=True):
            assert outcome in (error, None), (key, question)
            counts["raises"] += outcome is not None
        for name, kind in read_only:
            counts["read-only"] += 1
            counts["known"] += (name, kind) in errors[key]
        if models[key] in endless:
            assert is_endless in (True, None), key
            counts["endless"] += is_endless is True
        elif is_endless:
            counts["endless, silent"] += 1
    return counts


def test_claims_about_some_of_the_standard_library_are_true(tmp_path: Path) -> None:
    files = [file for name in SOME_OF_IT for file in modules(STANDARD_LIBRARY / name)]
    root = tmp_path / "lib"
    counts = check(root, copy(files, STANDARD_LIBRARY, root), tmp_path)
    assert counts["raises"] > 50
    assert counts["endless"] > 3


@pytest.mark.corpus
def test_claims_about_the_whole_standard_library_are_true(tmp_path: Path) -> None:
    tops = [path for path in STANDARD_LIBRARY.iterdir() if path.is_dir() or path.suffix == ".py"]
    files = [file for top in tops for file in modules(top)]
    root = tmp_path / "lib"
    counts = check(root, copy(files, STANDARD_LIBRARY, root), tmp_path)
    print(counts)
    assert counts["raises"] > 500


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
def test_claims_about_installed_packages_are_true(
    installed: Path, tmp_path: Path, packages: tuple[str, ...], prelude: str
) -> None:
    files = [file for name in packages for file in modules(installed / name)]
    counts = check(installed, files, tmp_path, [str(installed)], prelude)
    print(counts)
    assert counts["raises"] > 100
