"""`import` statements, and the `from` statements that take their place."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from itertools import pairwise

from pyconcepts_lint.base.finding import Edit
from pyconcepts_lint.base.lazy import lazy_pattern
from pyconcepts_lint.index.facts import Import
from pyconcepts_lint.rule_api.file import FileContext, Range

_FROM = lazy_pattern(r"from[\s\\]+([^\s\\.]+(?:[\s\\]*\.[\s\\]*[^\s\\.]+)*)")
"""The start of a `from` statement without leading dots, up to the end of the module's name."""


def range_of(statement: Import) -> Range:
    return Range(statement.line, statement.column, statement.end_line, statement.end_column)


def range_of_name(file: FileContext, statement: Import, number: int) -> Range:
    """Where to report one name of an `import` statement: the statement, where it has no other;
    and a `from` statement as a whole."""
    if statement.module or len(statement.names) == 1:
        return range_of(statement)
    return file.ast_range(_names(file, statement)[number])


def _names(file: FileContext, statement: Import) -> list[ast.alias]:
    node = file.ast_at(statement.line, statement.column, ast.Import)
    return [] if node is None else node.names


def with_module(file: FileContext, statement: Import, module: str) -> Edit:
    """The edit that has a `from` statement import from another module."""
    found = _FROM.match(file.text, file.code.offset(statement.line, statement.column))
    assert found is not None
    return file.edit(*found.span(1), module)


def with_names(
    file: FileContext, statement: Import, chosen: Mapping[int, Sequence[tuple[str, str]]]
) -> Edit:
    """The edit that puts other imports into the place of some names of an `import` statement, each
    in its turn.

    Args:
        file: the file at hand.
        statement: the statement.
        chosen: by the number of the name: what to import instead, as pairs of a module (with
            its dots) and a name that it has (with its `as`).
    """
    written: list[tuple[str, list[str]]] = []
    for number, alias in enumerate(_names(file, statement)):
        parts = [("import ", file.text[slice(*file.ast_span(alias))])]
        if number in chosen:
            parts = [(f"from {module} import ", name) for module, name in chosen[number]]
        for start, name in parts:
            if written and written[-1][0] == start:
                written[-1][1].append(name)
            else:
                written.append((start, [name]))
    code = file.code
    before = code.line(statement.line)[: statement.column - 1]
    separator = code.newline + before if _has_own_line(file, statement) else "; "
    text = separator.join(start + ", ".join(names) for start, names in written)
    return Edit(file.path, *range_of(statement), text)


def _has_own_line(file: FileContext, statement: Import) -> bool:
    """Is there no other statement on the lines of a statement?"""
    code = file.code
    above = code.line(statement.line - 1) if statement.line > 1 else ""
    before = code.line(statement.line)[: statement.column - 1]
    after = code.line(statement.end_line)[statement.end_column - 1 :].lstrip(" \t\f")
    return not before.strip(" \t\f") and not above.endswith("\\") and after[:1] in ("", "#")


def name_as(name: str, alias: str) -> str:
    """A name in an import statement, with its `as` where it needs one."""
    return f"{name} as {alias}" if alias and alias != name else name


def import_after(file: FileContext, statement: Import, text: str) -> Edit:
    """The edit that puts another import statement behind one that is there.

    Args:
        file: the file at hand.
        statement: the statement that is there.
        text: the new statement, without a line end.
    """
    code = file.code
    before = code.line(statement.line)[: statement.column - 1]
    if not _has_own_line(file, statement):
        end = statement.end_line, statement.end_column
        return file.insert(*end, f"; {text}", shared=True)
    if statement.end_line == code.line_count:
        column = len(code.line(statement.end_line)) + 1
        line = f"{code.newline}{before}{text}"
        return file.insert(statement.end_line, column, line, shared=True)
    return file.insert(statement.end_line + 1, 1, f"{before}{text}{code.newline}", shared=True)


def is_annotation(path: Sequence[ast.AST]) -> bool:
    """Is the end of a path in an annotation, which may never be evaluated?

    It isn't after `from __future__ import annotations` (PEP 563), for a local variable, and, from
    Python 3.14 on, until it is asked for (PEP 649).
    """
    return any(
        (isinstance(parent, (ast.arg, ast.AnnAssign)) and child is parent.annotation)
        or (isinstance(parent, _FUNCTIONS) and child is parent.returns)
        for parent, child in pairwise(path)
    )


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_MAY_SKIP = (
    *(*_FUNCTIONS, ast.Lambda, ast.If, ast.For, ast.AsyncFor, ast.While, ast.Try, ast.TryStar),
    *(ast.With, ast.AsyncWith, ast.Match, ast.Assert, ast.Compare, ast.comprehension),
    *(ast.GeneratorExp, ast.ListComp, ast.SetComp, ast.DictComp),
)
"""What may leave out a part of itself, or run it later."""


def runs_at_import(path: Sequence[ast.AST]) -> bool:
    """Is the end of a path surely evaluated when its module is imported?"""
    for parent, child in pairwise(path):
        if isinstance(parent, _MAY_SKIP):
            return False
        if isinstance(parent, ast.BoolOp) and child is not parent.values[0]:
            return False
        if isinstance(parent, ast.IfExp) and child is not parent.test:
            return False
    return not is_annotation(path)
