"""PCL401, 402, 404, 405 and 407 against CPython: what they rest on is tried out on live classes.

Each function that a class is said to have must be there and take what it is said to take; calls
that are said to fail must fail with those words; what is stored on an instance must stay there
unbound; what is said to make a bound method must make another one each time. No claim may be
false.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from test_class_attributes_live import DJANGO, STANDARD_LIBRARY, copy, installed, modules
from test_slots_live import ask, models_of

from pyconcepts_lint.base.answer import Answer
from pyconcepts_lint.index.model import SourceClass
from pyconcepts_lint.rules.methods._functions import (
    PlainFunction,
    finds_class_attributes,
    makes_bound_method,
    plain_function,
)
from pyconcepts_lint.rules.methods.function_on_instance import leaves_alone
from pyconcepts_lint.source.signatures import Arguments

SOME_OF_IT = ("argparse.py", "bdb.py", "email", "enum.py", "functools.py", "logging", "optparse.py")
SOME_OF_IT += ("pathlib.py", "selectors.py", "tarfile.py", "threading.py", "turtle.py", "unittest")

__all__ = ["installed"]


def functions_of(model: SourceClass) -> dict[str, PlainFunction]:
    found = ((name, plain_function(model, name)) for name in sorted(model.names_on_mro))
    return {name: function for name, function in found if function is not None}


def methods_of(model: SourceClass, *, through_class: bool) -> list[str]:
    names = sorted(model.names_on_mro)
    return [name for name in names if makes_bound_method(model, name, through_class=through_class)]


def stores_of(model: SourceClass) -> list[str]:
    """Names that a function can be stored under on an instance, where it isn't bound."""
    names = ["no_such_name", *sorted(model.bound_names)[:20]]
    has_dict = model.has_instance_dict is Answer.YES and "__weakref__" not in model.bound_names
    return [name for name in names if has_dict and name[:2] != "__" and leaves_alone(model, name)]


def check(
    root: Path, files: list[Path], scratch: Path, path: Iterable[str] = (), prelude: str = ""
) -> Counter[str]:
    """Compare with the live classes; returns how much there was of each kind of claim."""
    models = models_of(root, files)
    functions = {key: functions_of(model) for key, model in models.items()}
    questions: dict[str, dict[str, Any]] = {}
    for key, model in models.items():
        module, _, qualname = key.partition(":")
        methods = (methods_of(model, through_class=through) for through in (False, True))
        asked = [list(functions[key]), stores_of(model), *methods]
        questions.setdefault(module, {})[qualname] = asked
    answers = ask(scratch, "live_methods.py", path=list(path), prelude=prelude, modules=questions)
    counts: Counter[str] = Counter()
    for key, (live_functions, stores, *methods) in answers.items():
        for name, live in live_functions.items():
            if live["kind"] == "cython_function_or_method":
                continue  # of a base that is compiled, beside its source
            function = functions[key][name]
            ours = [list(p) if isinstance(p, tuple) else p for p in function.parameters]
            assert live["kind"] == "function", (key, name)
            assert live["parameters"] == ours, (key, name)
            counts["functions"] += 1
            if live["through class"]:
                refusal = function.parameters.refusal(Arguments(0))
                assert live["through class"] == f"{function.name}() {refusal}", (key, name)
                counts["through class"] += 1
            if live["on instance"] and finds_class_attributes(models[key]):
                refusal = function.parameters.refusal(Arguments(1))
                assert live["on instance"] == f"{function.name}() {refusal}", (key, name)
                counts["on instance"] += 1
        for name, happened in stores.items():
            assert not happened, (key, name)
            counts["stores"] += happened is not None
        for where, made in zip(("methods", "class methods"), methods, strict=True):
            for name, happened in made.items():
                assert not happened, (key, name)
                counts[where] += happened is not None
    return counts


def test_claims_about_some_of_the_standard_library_are_true(tmp_path: Path) -> None:
    files = [file for name in SOME_OF_IT for file in modules(STANDARD_LIBRARY / name)]
    root = tmp_path / "lib"
    counts = check(root, copy(files, STANDARD_LIBRARY, root), tmp_path)
    assert counts["through class"] > 1000
    assert counts["stores"] > 300
    assert counts["methods"] > 2000
    assert counts["class methods"] > 50


@pytest.mark.corpus
def test_claims_about_the_whole_standard_library_are_true(tmp_path: Path) -> None:
    tops = [path for path in STANDARD_LIBRARY.iterdir() if path.is_dir() or path.suffix == ".py"]
    files = [file for top in tops for file in modules(top)]
    root = tmp_path / "lib"
    counts = check(root, copy(files, STANDARD_LIBRARY, root), tmp_path)
    print(counts)
    assert counts["through class"] > 5000
    assert counts["on instance"] > 1


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
    assert counts["through class"] > 500
