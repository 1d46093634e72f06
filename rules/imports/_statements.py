"""`import` statements, and the `from` statements that take their place."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from itertools import pairwise

from pyconcepts_lint.base.finding import Edit
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index.facts import Import
from pyconcepts_lint.rule_api import cst
from pyconcepts_lint.rule_api.file import LintedFile, Range


class ImportStatement(NamedTuple):
    """An `import` statement that was walked.

    `names` are its imported names and their `as` names, `texts` their source, `ranges` their
    places; `separator` is what new statements in its stead are divided by.
    """

    names: tuple[tuple[str, str], ...]
    texts: tuple[str, ...]
    ranges: tuple[Range, ...]
    range: Range
    separator: str

    def place_of(self, number: int) -> Range:
        """Where to report one of its names: the statement, where it has no other."""
        return self.range if len(self.names) == 1 else self.ranges[number]


def import_statement(
    file: LintedFile, node: cst.Import, names: tuple[tuple[str, str], ...]
) -> ImportStatement:
    """The statement that is being walked; `names` are those of the facts about it."""
    return ImportStatement(
        names,
        tuple(file.text_of(alias).rstrip().removesuffix(",") for alias in node.names),
        tuple(file.range(alias) for alias in node.names),
        file.range(node),
        _separator(file, node),
    )


def _separator(file: LintedFile, node: cst.Import) -> str:
    line = file.ancestors[-1]
    if not isinstance(line, cst.SimpleStatementLine) or len(line.body) > 1:
        return "; "
    number, column = file.place(node)
    return file.code.newline + file.code.line(number)[: column - 1]


def rewritten(
    path: str, statement: ImportStatement, chosen: Mapping[int, Sequence[tuple[str, str]]]
) -> Edit:
    """Other imports in the place of some of a statement's names, each in its turn.

    Args:
        path: the file.
        statement: the statement.
        chosen: by the number of the name: what to import instead, as pairs of a module (with
            its dots) and a name that it has (with its `as`).
    """
    written: list[tuple[str, list[str]]] = []
    for number, text in enumerate(statement.texts):
        parts = [("import ", text)]
        if number in chosen:
            parts = [(f"from {module} import ", name) for module, name in chosen[number]]
        for start, name in parts:
            if written and written[-1][0] == start:
                written[-1][1].append(name)
            else:
                written.append((start, [name]))
    text = statement.separator.join(start + ", ".join(names) for start, names in written)
    return Edit(path, *statement.range, text)


def name_as(name: str, alias: str) -> str:
    """A name in an import statement, with its `as` where it needs one."""
    return f"{name} as {alias}" if alias and alias != name else name


def import_after(file: LintedFile, statement: Import, text: str) -> Edit:
    """The edit that puts another import statement behind one that is there.

    Args:
        file: the file at hand.
        statement: the statement that is there.
        text: the new statement, without a line end.
    """
    code = file.code
    before = code.line(statement.line)[: statement.column - 1]
    after = code.line(statement.end_line)[statement.end_column - 1 :].lstrip(" \t\f")
    if before.strip(" \t\f") or after[:1] not in ("", "#"):
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
    Python 3.14 on, until somebody asks for it (PEP 649).
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


def stands_there(file: LintedFile, node: ast.Name | ast.Attribute) -> bool:
    """Does a dotted name of the tree stand at its place in the text?

    Up to Python 3.11, `ast` places what is in an f-string of several lines wrongly.
    """
    first: ast.expr = node
    while isinstance(first, ast.Attribute):
        first = first.value
    assert isinstance(first, ast.Name)
    last = node.attr if isinstance(node, ast.Attribute) else node.id
    place = file.ast_range(node)
    start, end = place.start_column - 1, place.end_column - 1
    return file.code.line(place.start_line).startswith(first.id, start) and file.code.line(
        place.end_line
    )[:end].endswith(last)
