"""PCL107 and PCL108 against the compiler's symbol tables.

What is said of a name has to be so by them; of what they tell, only that may be missed of which
other files could make something else.
"""

from __future__ import annotations

import builtins
import re
import symtable
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pytest
from test_class_attributes_live import STANDARD_LIBRARY, installed, modules

from pyconcepts_lint.base.settings import Configuration
from pyconcepts_lint.plugins.registry import rules, tables
from pyconcepts_lint.running.check_file import lint_file
from pyconcepts_lint.workspace.workspace import Workspaces

SOME_OF_IT = (
    *("argparse.py", "cmd.py", "ftplib.py", "http/client.py", "logging/handlers.py"),
    *("sched.py", "smtplib.py", "tarfile.py", "threading.py"),
)
__all__ = ["installed"]
CLAIM = re.compile(r"`(\w+)` is (?:bound|declared) in the body of `(\w+)` only")
COMPREHENSIONS = {"listcomp", "setcomp", "dictcomp", "genexpr", "<listcomp>", "<genexpr>"}


class Use(NamedTuple):
    """A name that the class body `owner` binds, used inside of it but looked up elsewhere."""

    name: str
    owner: str
    in_function: bool


def uses_by_the_compiler(text: str) -> set[Use]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        top = symtable.symtable(text, "main.py", "exec")
    known = {*dir(builtins), *_bound(top)}
    for table in _below(top):
        known.update(s.get_name() for s in table.get_symbols() if s.is_declared_global())
    found: set[Use] = set()
    _collect(top, [], known, found)
    return found


def _collect(
    table: symtable.SymbolTable,
    around: list[symtable.SymbolTable],
    known: set[str],
    found: set[Use],
) -> None:
    for symbol in table.get_symbols():
        name = symbol.get_name()
        # symtable takes every function called `top` for a module.
        is_global = symbol.is_global() and not (table.get_name() == "top" and symbol.is_assigned())
        if is_global and symbol.is_referenced() and name not in known:
            for number, outer in enumerate(around):
                if outer.get_type() == "class" and name in _bound(outer):
                    in_function = any(map(_is_function, [table, *around[:number]]))
                    found.add(Use(name, outer.get_name(), in_function))
                    break
    for child in table.get_children():
        _collect(child, [table, *around], known, found)


def _is_function(table: symtable.SymbolTable) -> bool:
    return table.get_type() == "function" and table.get_name() not in COMPREHENSIONS


def _bound(table: symtable.SymbolTable) -> set[str]:
    return {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()
    }


def _below(table: symtable.SymbolTable) -> Iterable[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _below(child)


def claims(path: Path) -> set[Use]:
    workspaces = Workspaces(
        Configuration({"no_cache": True, "respect_gitignore": False}), tables=tables()
    )
    chosen = [rules()[code] for code in ("PCL107", "PCL108")]
    result = lint_file(workspaces.of(str(path)), str(path), chosen, noqa=False)
    assert not result.errors
    found = (CLAIM.search(finding.message) for finding in result.findings)
    return {
        Use(claim[1], claim[2], finding.code == "PCL107")
        for finding, claim in zip(result.findings, found, strict=True)
        if claim is not None
    }


def without_self(text: str) -> str:
    """Real code with the mistake made all over: `x` for each `self.x` that a class body binds."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tables = list(_below(symtable.symtable(text, "main.py", "exec")))
    names = {name for t in tables if t.get_type() == "class" for name in _bound(t)}
    return re.sub(r"\bself\.([A-Za-z]\w*)", lambda m: m[1] if m[1] in names else m[0], text)


def compare(files: Iterable[Path], root: Path) -> tuple[int, list[str], list[str]]:
    """How many claims are true; which are false; and what is missed.

    Each file is looked at as a project of its own: what others do to it is not asked.
    """
    true, false, missed = 0, [], []
    for number, file in enumerate(files):
        try:
            text = without_self(file.read_text(encoding="utf-8"))
            expected = uses_by_the_compiler(text)
        except (SyntaxError, ValueError, RecursionError):
            continue
        directory = root / f"n{number}"
        directory.mkdir()
        (directory / "pyproject.toml").write_text("[tool.pyconcepts-lint]\n", encoding="utf-8")
        copy = directory / file.name
        copy.write_text(text, encoding="utf-8")
        found = claims(copy)
        true += len(found & expected)
        false += [f"{file}: {use}" for use in found - expected]
        missed += [
            f"{file}: {use}" for use in expected - found if not _may_be_elsewhere(use.name, text)
        ]
    return true, false, missed


def _may_be_elsewhere(name: str, text: str) -> bool:
    """May the module have the name all the same, or the code do without: was it built in once, is
    the namespace got at, are names imported that nobody sees, is the attribute of some object
    assigned, is any error caught?"""
    return bool(
        name in ("file", "buffer", "long", "reduce", "_")
        or re.search(
            r"\b(?:globals|exec|vars|locals) ?\(|import \*|f_globals|except(?: Exception)?:", text
        )
        or re.search(rf"[.\s]{name}(?:, [\w.]+)* (?:[-+*/|]?=|in)\s|setattr\([^,]*, '{name}'", text)
    )


def check(files: Iterable[Path], root: Path, at_least: int) -> None:
    true, false, missed = compare(files, root)
    assert false == []
    assert missed == []
    assert true >= at_least


def test_claims_about_some_of_the_standard_library_are_true(tmp_path: Path) -> None:
    check((file for name in SOME_OF_IT for file in modules(STANDARD_LIBRARY / name)), tmp_path, 100)


@pytest.mark.corpus
def test_claims_about_the_whole_standard_library_are_true(tmp_path: Path) -> None:
    tops = [path for path in STANDARD_LIBRARY.iterdir() if path.is_dir() or path.suffix == ".py"]
    check((file for top in tops for file in modules(top)), tmp_path, 1500)


@pytest.mark.corpus
def test_claims_about_installed_packages_are_true(installed: Path, tmp_path: Path) -> None:
    check((file for top in installed.iterdir() for file in modules(top)), tmp_path, 3000)
