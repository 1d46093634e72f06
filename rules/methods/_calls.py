"""The calls of a file that go through an attribute, and through what: PCL405 and 407."""

from __future__ import annotations

import ast
from collections.abc import Collection
from typing import NamedTuple

from pyconcepts_lint.linted import LintedFile
from pyconcepts_lint.origins import Origin, origins
from pyconcepts_lint.signatures import Arguments, arguments_of


class Use(NamedTuple):
    """That an attribute is read of some object.

    `called_with` is what a call of it passes; None where it isn't called there.
    """

    node: ast.Attribute
    receiver: Origin
    called_with: Arguments | None


def uses_of(file: LintedFile, names: Collection[str]) -> list[Use]:
    """Where attributes of these names are read in a file, in no order."""
    calls: dict[ast.expr, ast.Call] = {}

    def ask(node: ast.expr) -> ast.expr | None:
        if isinstance(node, ast.Call):
            calls[node.func] = node
        elif isinstance(node, ast.Attribute) and node.attr in names:
            return node.value if isinstance(node.ctx, ast.Load) else None
        return None

    return [
        Use(node, origin, arguments_of(calls[node]) if node in calls else None)
        for node, origin in origins(file, ask)
        if isinstance(node, ast.Attribute)
    ]
