"""Is a text written for a newer Python than the one that runs this tool?

libcst reads the syntax of Pythons to come, but also some text that no Python takes. So what is
new is taken out of the tree: what is left must be right for the running Python.
"""

from __future__ import annotations

import libcst as cst

from ..source.python3 import parse_python3


def is_newer(text: str) -> bool:
    """Does libcst read a text that `ast` has refused, with new syntax as the only reason?

    Never raises. The text must not be too deep: see `nesting.is_too_deep`.
    """
    try:
        module = cst.parse_module(text)
        eraser = _Eraser()
        older = module.visit(eraser).code
        parse_python3("\n".join([older, *eraser.expressions]))
    except Exception:
        # libcst's native parser and its nodes' checks raise many kinds; `ast` raises its own.
        return False
    return True


class _Eraser(cst.CSTTransformer):
    """Says in old words what libcst reads and only newer Pythons do.

    `expressions` are those from f-strings, which have to be right, too.
    """

    def __init__(self) -> None:
        super().__init__()
        self.expressions: list[str] = []

    # PEP 695 and PEP 696, Python 3.12 and 3.13

    def leave_FunctionDef(
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef:
        return updated_node.with_changes(type_parameters=None)

    def leave_ClassDef(
        self, original_node: cst.ClassDef, updated_node: cst.ClassDef
    ) -> cst.ClassDef:
        return updated_node.with_changes(type_parameters=None)

    def leave_TypeAlias(
        self, original_node: cst.TypeAlias, updated_node: cst.TypeAlias
    ) -> cst.Assign:
        return cst.Assign([cst.AssignTarget(updated_node.name)], updated_node.value)

    # PEP 701 and PEP 750, Python 3.12 and 3.14

    def leave_FormattedString(
        self, original_node: cst.FormattedString, updated_node: cst.FormattedString
    ) -> cst.SimpleString:
        return cst.SimpleString('""')

    def leave_TemplatedString(
        self, original_node: cst.TemplatedString, updated_node: cst.TemplatedString
    ) -> cst.SimpleString:
        return cst.SimpleString('""')

    def leave_FormattedStringExpression(
        self,
        original_node: cst.FormattedStringExpression,
        updated_node: cst.FormattedStringExpression,
    ) -> cst.FormattedStringExpression:
        self._keep(updated_node.expression)
        return updated_node

    def leave_TemplatedStringExpression(
        self,
        original_node: cst.TemplatedStringExpression,
        updated_node: cst.TemplatedStringExpression,
    ) -> cst.TemplatedStringExpression:
        self._keep(updated_node.expression)
        return updated_node

    def _keep(self, expression: cst.BaseExpression) -> None:
        self.expressions.append(f"({cst.Module([]).code_for_node(expression)}\n)")

    # PEP 758, Python 3.14

    def leave_ExceptHandler(
        self, original_node: cst.ExceptHandler, updated_node: cst.ExceptHandler
    ) -> cst.ExceptHandler:
        return updated_node.with_changes(type=_in_brackets(updated_node.type))

    def leave_ExceptStarHandler(
        self, original_node: cst.ExceptStarHandler, updated_node: cst.ExceptStarHandler
    ) -> cst.ExceptStarHandler:
        return updated_node.with_changes(type=_in_brackets(updated_node.type))

    # PEP 798 and PEP 810, Python 3.15

    def leave_ListComp(
        self, original_node: cst.ListComp, updated_node: cst.ListComp
    ) -> cst.ListComp:
        return updated_node.with_changes(elt=_without_star(updated_node.elt))

    def leave_SetComp(self, original_node: cst.SetComp, updated_node: cst.SetComp) -> cst.SetComp:
        return updated_node.with_changes(elt=_without_star(updated_node.elt))

    def leave_GeneratorExp(
        self, original_node: cst.GeneratorExp, updated_node: cst.GeneratorExp
    ) -> cst.GeneratorExp:
        return updated_node.with_changes(elt=_without_star(updated_node.elt))

    def leave_StarredDictComp(
        self, original_node: cst.StarredDictComp, updated_node: cst.StarredDictComp
    ) -> cst.DictComp:
        return cst.DictComp(updated_node.value, updated_node.value, updated_node.for_in)

    def leave_LazyImport(
        self, original_node: cst.LazyImport, updated_node: cst.LazyImport
    ) -> cst.Import:
        return cst.Import(updated_node.names)

    def leave_LazyImportFrom(
        self, original_node: cst.LazyImportFrom, updated_node: cst.LazyImportFrom
    ) -> cst.Pass:
        # Where it is allowed to stand, and that it names something, is for libcst to know.
        return cst.Pass()


def _without_star(node: cst.BaseExpression | cst.StarredElement) -> cst.BaseExpression:
    return node.value if isinstance(node, cst.StarredElement) else node


def _in_brackets(node: cst.BaseExpression | None) -> cst.BaseExpression | None:
    if isinstance(node, cst.Tuple) and not node.lpar:
        return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    return node
