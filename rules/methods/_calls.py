"""How an attribute is used in the modules around a class: PCL405 and 407."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator

from pyconcepts_lint.analysis.names import is_bound_again, method_at
from pyconcepts_lint.analysis.values import PossibleValues, origins_in
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index.facts import MethodKind
from pyconcepts_lint.index.model import ClassModel, Module, SourceClass
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.source.ast_nodes import walk
from pyconcepts_lint.source.python3 import parse_python3
from pyconcepts_lint.source.signatures import Arguments, arguments_of

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Use(NamedTuple):
    """That an attribute is read of some object.

    `called_with` is what a call of it passes; None where it isn't called there. `receiver` is not
    open where it is the very object that a method gets first.
    """

    module: Module
    node: ast.Attribute
    receiver: PossibleValues
    called_with: Arguments | None


def uses_around(
    file: FileContext, models: Iterable[ClassModel], names: Collection[str]
) -> list[Use]:
    """Where attributes of these names are read in a file, and in the modules of the project
    that hold bases or subclasses of some classes."""
    assert file.module is not None
    found = list(_uses(file.module, file.tree, names))
    for module in _modules_of(file, models):
        if module is not file.module:
            text = file.project.text(module)
            if text is not None and any(name in text for name in names):
                found += _uses(module, parse_python3(text), names)
    return found


def _modules_of(file: FileContext, models: Iterable[ClassModel]) -> Iterable[Module]:
    found: dict[Module, None] = {}
    for model in models:
        for related in (*(model.mro or ()), *file.project.subclasses(model)):
            if isinstance(related, SourceClass):
                found[related.module] = None
    return found


def _uses(module: Module, tree: ast.Module | None, names: Collection[str]) -> Iterator[Use]:
    if tree is None:
        return
    calls: dict[ast.expr, ast.Call] = {}
    functions = {node.lineno: node for node in walk(tree) if isinstance(node, _FUNCTIONS)}

    def is_own(receiver: ast.expr) -> bool:
        _, method = method_at(module, receiver.lineno)
        if method is None or method.kind not in (MethodKind.INSTANCE, MethodKind.CLASS):
            return False
        name, function = method.first_parameter, functions.get(method.line)
        is_first = isinstance(receiver, ast.Name) and receiver.id == name
        return is_first and function is not None and not is_bound_again(function, name)

    def ask(node: ast.expr) -> ast.expr | None:
        if isinstance(node, ast.Call):
            calls[node.func] = node
        elif isinstance(node, ast.Attribute) and node.attr in names:
            return node.value if isinstance(node.ctx, ast.Load) else None
        return None

    for node, origin in origins_in(module, tree, ask):
        assert isinstance(node, ast.Attribute)
        if origin.is_open and is_own(node.value):
            origin = origin._replace(is_open=False)
        yield Use(module, node, origin, arguments_of(calls[node]) if node in calls else None)
