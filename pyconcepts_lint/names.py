"""What a name means at a place of a file: Python's own symbol tables, and class names."""

from __future__ import annotations

import symtable
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyconcepts_lint.index.classes import SourceClass
    from pyconcepts_lint.linted import LintedFile


def symbols(file: LintedFile) -> symtable.SymbolTable:
    """The compiler's symbol table of a file's code."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return symtable.symtable(file.text, file.path, "exec")


def enclosing_functions(file: LintedFile, line: int, top: int) -> Iterator[symtable.SymbolTable]:
    """The symbol tables of all functions (lambdas and comprehensions, too) that may hold a line.

    These are the ones that start between the lines `top` and `line`: more than the ones around
    the place, never fewer.
    """
    waiting = [file.share(symbols)]
    while waiting:
        table = waiting.pop()
        if table.get_type() == "function" and top <= table.get_lineno() <= line:
            yield table
        waiting.extend(table.get_children())


def is_bound_locally(file: LintedFile, name: str, line: int, top: int) -> bool:
    """May a function between the lines `top` and `line` have a local variable `name`?"""
    return any(
        name in table.get_identifiers() and table.lookup(name).is_local()
        for table in enclosing_functions(file, line, top)
    )


def reachable_name(
    file: LintedFile, model: SourceClass, line: int, inside: SourceClass
) -> str | None:
    """A dotted name under which the functions of `inside` reach the class `model`.

    Args:
        file: the file at hand.
        model: the class to be named.
        line: the line where the name is to stand, in a method of `inside`.
        inside: the class whose method it is.

    Returns None where no name of the module surely means the class there.
    """
    module = file.module
    if module is None:
        return None
    project = file.project
    facts = inside.facts
    candidates: list[str] = []
    if model.module is module:
        if model.facts.in_function:
            # A class in a function is a local variable there, and free in its own methods.
            name = model.name
            if model is not inside or model.facts.parent >= 0:
                return None
            return None if is_bound_locally(file, name, line, facts.line) else name
        candidates.append(model.qualname)
    else:
        candidates.extend(base for base in facts.bases if base and not base.startswith("#"))
        candidates.extend(
            name
            for name, bindings in module.bindings.items()
            if len(bindings) == 1 and bindings[0].kind == "from" and not bindings[0].flags
        )
    for candidate in candidates:
        root = candidate.partition(".")[0]
        if project.resolve(module, candidate) is not model:
            continue
        if not is_bound_locally(file, root, line, facts.line if not facts.in_function else 1):
            return candidate
    return None
