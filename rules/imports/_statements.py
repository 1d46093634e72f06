"""`import` statements, and the `from` statements that take their place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import libcst as cst

from pyconcepts_lint.finding import Edit
from pyconcepts_lint.linted import LintedFile, Range


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
