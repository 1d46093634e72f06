"""The cases of lib2to3's own tests, read from the Python that runs: none of them is kept here.

lib2to3 is gone from Python 3.13 on (https://docs.python.org/3/whatsnew/3.13.html), and its tests
are left out of many an installation.
"""

from __future__ import annotations

import ast
import builtins
import importlib
import re
import unittest
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from pyconcepts_lint.base.finding import Finding
from pyconcepts_lint.testing import lint_paths

CODES = {
    "ne": "PCL902",
    "has_key": "PCL704",
    "print": "PCL902",
    "exec": "PCL902",
    "repr": "PCL902",
    "except": "PCL902",
    "raise": "PCL902",
    "dict": "PCL70",
    "funcattrs": "PCL406",
    "methodattrs": "PCL406",
    "numliterals": "PCL902",
    "tuple_params": "PCL902",
    "import": "PCL203",
    "metaclass": "PCL301",
}
"""The fixers whose subject is that of a rule, with how its code starts."""


class Case(NamedTuple):
    """A text that a fixer changes, or leaves alone (`after` is the same), and what it makes of it.

    `id` is the name of the test, and which of its cases this is. `files` are there beside it.
    `is_warned`: the fixer warns of it.
    """

    id: str
    fixer: str
    before: str
    after: str
    files: tuple[str, ...] = ()
    is_warned: bool = False

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


def cases() -> list[Case]:
    """All cases of these fixers; none where the tests aren't installed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tests = importlib.import_module("lib2to3.tests.test_fixers")
            support = importlib.import_module("lib2to3.tests.support")
    except ImportError:
        return []
    found: list[Case] = []
    for fixer in CODES:
        kind = getattr(tests, f"Test_{fixer}", None)
        for name in () if kind is None else unittest.defaultTestLoader.getTestCaseNames(kind):
            found += _cases_of(kind, name, fixer, support.reformat)
    return found


def _cases_of(kind: Any, name: str, fixer: str, reformat: Any) -> list[Case]:
    """What one test hands to the checks, which do nothing but note it."""
    found: list[Case] = []

    def note(before: str, after: str, *, is_warned: bool = False) -> None:
        files = set(getattr(test, "present_files", ()))
        if getattr(test, "always_exists", False):
            files.add("*")
        where = f"{fixer}.{name}.{len(found) + 1}"
        texts = reformat(before), reformat(after)
        found.append(Case(where, fixer, *texts, tuple(sorted(files)), is_warned))

    test = kind(name)
    test.check = lambda before, after, *_, **__: note(before, after)
    test.warns = lambda before, after, *_, **__: note(before, after)
    test.unchanged = lambda before, *_, **__: note(before, before)
    test.warns_unchanged = lambda before, *_, **__: note(before, before, is_warned=True)
    test.check_both = test.check
    test.setUp()
    try:
        getattr(test, name)()
    except Exception:  # it looks at what the fixer has done
        return []
    finally:
        test.tearDown()
    return found


# What the linter makes of them


class Results:
    """The cases written out, each as a program of its own, linted and fixed."""

    def __init__(self, directory: Path, found: list[Case]) -> None:
        self.directory = directory
        self.cases = found
        for kind in ("asked", "fixed"):
            for number, case in enumerate(found):
                _write(directory / kind / str(number), case)
        self.findings = self._by_case("asked")
        for unsafe in (False, True):
            lint_paths(
                [str(directory / "fixed")],
                {"no_cache": True, "select": sorted({*CODES.values()})},
                jobs=1,
                fix=True,
                unsafe_fixes=unsafe,
            )
        self.left = self._by_case("fixed")

    def _by_case(self, kind: str) -> dict[int, list[Finding]]:
        root = self.directory / kind
        report = lint_paths([str(root)], {"no_cache": True, "select": ["PCL"]}, jobs=1)
        found: dict[int, list[Finding]] = {number: [] for number in range(len(self.cases))}
        for finding in report.findings:
            path = Path(finding.path).relative_to(root)
            number = int(path.parts[0])
            if path.name == "case.py" and finding.code.startswith(CODES[self.cases[number].fixer]):
                found[number].append(finding)
        return found

    def text(self, number: int) -> str:
        """What the fixes make of a case."""
        return (self.directory / "fixed" / str(number) / "pkg/case.py").read_text(encoding="utf-8")

    def outcome(self, number: int) -> str:
        """ "" where all is well, else what is missing: see `test_lib2to3_cases.py`."""
        case, findings = self.cases[number], self.findings[number]
        if not case.is_changed and not case.is_warned:
            return "named, and lib2to3 leaves it alone" if findings else ""
        if case.is_warned and not findings:
            return ""
        if not findings:
            return "not named"
        if not any(finding.fix for finding in findings):
            return ""
        text = self.text(number)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                compile(text, case.id, "exec")
            tree = ast.parse(text)
        except SyntaxError as error:
            return f"no Python 3 afterwards: {error.msg}"
        if self.left[number]:
            return "named again afterwards"
        return "" if case.is_warned or means(tree, case) else "something else afterwards"


def means(tree: ast.Module, case: Case) -> bool:
    """Is it the same program as what the fixer makes of a case, but for names of its own?"""
    try:
        other = ast.parse(case.after)
    except SyntaxError:
        return True  # that is none, or one that needs more than one fixer
    known = set(re.findall(r"\w+", case.before))
    return _plain(tree, known) == _plain(other, known) or _give_the_same(tree, other)


def _plain(tree: ast.Module, known: set[str]) -> str:
    """A program with its own names, those that aren't known, counted."""
    own: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            call = node.value  # an iterator that is thrown away is as good as what it walks
            if isinstance(call.func, ast.Name) and call.func.id == "iter":
                node.value = call.args[0]
        for field in ("id", "arg", "name"):
            name = getattr(node, field, None)
            if isinstance(name, str) and name not in known and name not in dir(builtins):
                setattr(node, field, own.setdefault(name, f"own{len(own)}"))
    return ast.dump(tree)


VALUES: tuple[object, ...] = ((3,), (3, 5), (3, (5, 7)))


def _give_the_same(one: ast.Module, other: ast.Module) -> bool:
    """Are both one function without a name, which give the same of all that they can take?"""
    given = []
    for tree in (one, other):
        if len(tree.body) != 1 or not isinstance(tree.body[0], ast.Expr):
            return False
        if not isinstance(tree.body[0].value, ast.Lambda):
            return False
        function = eval(ast.unparse(tree), {"f": lambda value: value * 10})
        given.append([_given(function, value) for value in VALUES])
    both = [pair for pair in zip(*given, strict=True) if None not in pair]
    return bool(both) and all(first == second for first, second in both)


def _given(function: Any, value: object) -> object:
    try:
        return function(value)
    except (TypeError, IndexError, ValueError):
        return None


def _write(directory: Path, case: Case) -> None:
    package = directory / "pkg"
    package.mkdir(parents=True)
    (directory / "pyproject.toml").write_text("[tool.pyconcepts-lint]\n", encoding="utf-8")
    (package / "case.py").write_text(case.before, encoding="utf-8")
    if case.fixer != "import":
        return
    if {"*", "__init__.py"}.intersection(case.files):
        (package / "__init__.py").write_text("", encoding="utf-8")
    # Only Python 2 looks beside the importer: a module there says that this is its source.
    (package / "of_python2.py").write_text("import case\nprint case\n", encoding="utf-8")
    for name, text in _modules(case):
        path = package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _modules(case: Case) -> Iterator[tuple[str, str]]:
    """The modules that its imports mean, as far as its files say that they are there."""
    for node in ast.walk(ast.parse(case.before)):
        if isinstance(node, ast.Import):
            wanted = [(alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = ", ".join(alias.name for alias in node.names)
            wanted = [(node.module, f"{names.replace(', ', ' = ')} = 1\n")]
        else:
            continue
        for dotted, text in wanted:
            *packages, last = dotted.split(".")
            top = dotted.partition(".")[0]
            if not {"*", f"{top}.py", f"{top}/"}.intersection(case.files):
                continue
            for number in range(len(packages)):
                yield "/".join((*packages[: number + 1], "__init__.py")), ""
            is_package = f"{top}/" in case.files and not packages
            yield "/".join((*packages, f"{last}/__init__.py" if is_package else f"{last}.py")), text
