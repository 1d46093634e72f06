"""Where a file asks modules of the standard library for certain names."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from pyconcepts_lint.analysis.context import conditions, path_in
from pyconcepts_lint.analysis.names import is_local
from pyconcepts_lint.base.typed import TYPE_CHECKING, NamedTuple
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.binder import dotted_name
from pyconcepts_lint.index.conditions import is_version_test
from pyconcepts_lint.index.facts import IMPORT_KINDS, Access
from pyconcepts_lint.index.loading import loading_of
from pyconcepts_lint.index.model import Module
from pyconcepts_lint.rule_api.file import FileContext, Range
from pyconcepts_lint.rules.imports._guards import is_one_of_two
from pyconcepts_lint.source.ast_nodes import own_nodes, walk

if TYPE_CHECKING:
    from pyconcepts_lint.index.extractor import Extractor
    from pyconcepts_lint.rules.imports._facts import AskedName


class Asked(NamedTuple):
    """That a name is asked of the module `source`, and the error where it isn't there."""

    node: ast.expr | ast.stmt | ast.alias
    source: str
    name: str
    error: str
    where: Range
    path: Sequence[ast.AST]


def asked_of_standard(
    file: FileContext, noted: Extractor[AskedName], table: Collection[tuple[str, str]]
) -> Iterator[Asked]:
    """Where Python 3 source asks for what a table has, by module and name, as an attribute or by a
    `from` import, with no other way to it. `noted` are the names of those that a file asks for.

    The module surely is the standard library's. Nothing is asked under a test of the version, in an
    `except` clause, below a line of the same `try` block that asks for the same, and where the
    project assigns an attribute of that name to something.
    """
    module = file.module
    if module is None or file.tree is None or file.is_python2:
        return
    names = {row.name for row in noted.of(module.facts)}
    for node in walk(file.tree):
        if isinstance(node, ast.Attribute) and node.attr in names:
            source = _source(file, module, node)
            if (source, node.attr) in table:
                yield from _asked(file, module, node, source, node.attr)
    for statement in module.facts.imports:
        source = "" if statement.level else statement.module
        for number, (name, _) in enumerate(statement.names):
            if (source, name) in table and not is_one_of_two(file, statement):
                found = file.ast_at(statement.line, statement.column, ast.ImportFrom)
                if found is not None:
                    where = found if len(found.names) == 1 else found.names[number]
                    yield from _asked(file, module, where, source, name)


def _source(file: FileContext, module: Module, node: ast.Attribute) -> str:
    """The dotted name of the module that an attribute is read of, by the file's imports; "" for
    anything else."""
    owner = dotted_name(node.value)
    root = owner.partition(".")[0]
    bound = module.bindings.get(root, ())
    if (
        isinstance(node.ctx, ast.Load)
        and bound
        and all(binding.kind in IMPORT_KINDS for binding in bound)
        and file.stands_there(node)
        and not is_local(file, root, path_in(file, file.ast_range(node)))
    ):
        return module.qualified(owner)
    return ""


def _asked(
    file: FileContext, module: Module, node: ast.expr | ast.stmt | ast.alias, source: str, name: str
) -> Iterator[Asked]:
    where = file.ast_range(node)
    path = path_in(file, where)
    if not (
        loading_of(file.project).is_in_project(module, source)
        or any(context is not Access.READ for _, _, context in file.project.row(tables.uses, name))
        or any(isinstance(each, ast.ExceptHandler) for each in path)
        or any(is_version_test(test) for test, _ in conditions(path))
        or _is_tried_above(path, node)
    ):
        error = "AttributeError" if isinstance(node, ast.Attribute) else "ImportError"
        yield Asked(node, source, name, error, where, path)


def _is_tried_above(path: Sequence[ast.AST], node: ast.AST) -> bool:
    """Does a line above, in a `try` block around, ask for the same? Where that fails, nothing below
    runs, and no function is made there."""
    if not isinstance(node, ast.Attribute):
        return False
    asked = dotted_name(node)
    return any(
        isinstance(statement, (ast.Expr, ast.Assign))
        and any(
            isinstance(each, ast.Attribute) and dotted_name(each) == asked
            for each in own_nodes(statement)
        )
        for around, below in pairwise(path)
        if isinstance(around, ast.Try) and below in around.body
        for statement in around.body[: around.body.index(below)]
    )
