"""`import` statements, and the `from` statements that take their place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
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


def is_annotation(path: Sequence[cst.CSTNode]) -> bool:
    """Is the end of a path in an annotation, which may never be evaluated?

    It isn't after `from __future__ import annotations` (PEP 563), for a local variable, and, from
    Python 3.14 on, until somebody asks for it (PEP 649).
    """
    return any(isinstance(node, cst.Annotation) for node in path)


@cache
def _may_skip() -> tuple[type[cst.CSTNode], ...]:
    """What may leave out a part of itself, or run it later."""
    return (
        *(cst.FunctionDef, cst.Lambda, cst.If, cst.For, cst.While, cst.Try, cst.TryStar, cst.With),
        *(cst.Match, cst.Assert, cst.Comparison, cst.CompFor, cst.GeneratorExp, cst.Annotation),
        *(cst.ListComp, cst.SetComp, cst.DictComp),
    )


def runs_at_import(path: Sequence[cst.CSTNode]) -> bool:
    """Is the end of a path surely evaluated when its module is imported?"""
    for parent, child in pairwise(path):
        if isinstance(parent, _may_skip()):
            return False
        if isinstance(parent, (cst.BooleanOperation, cst.IfExp)):
            first = parent.left if isinstance(parent, cst.BooleanOperation) else parent.test
            if child is not first:
                return False
    return True
