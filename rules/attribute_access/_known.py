"""Of which objects it is sure that they have a `__dict__`: PCL601."""

from __future__ import annotations

import ast
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from pyconcepts_lint.analysis.names import is_bound_again
from pyconcepts_lint.analysis.values import Function, Instance, PossibleValues, origins
from pyconcepts_lint.base.answer import Answer
from pyconcepts_lint.index.facts import Method, MethodKind
from pyconcepts_lint.index.model import ClassModel, External, Module, SourceClass
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.source.ast_nodes import walk

Place = tuple[int, int]


def dictionaries_for_sure(file: FileContext) -> frozenset[Place]:
    """Where `__dict__` stands in `x.__dict__`, by line and column, with an `x` that surely has one.

    That is so of modules, classes, functions, and instances of classes that are known to give
    them one, among them the first parameter of a method.
    """
    own = set(_own_receivers(file))
    return frozenset(
        file.code.position(file.ast_span(node)[1] - len("__dict__"))
        for node, origin in origins(file, _receiver)
        if isinstance(node, ast.Attribute)
        and (node in own or _is_class(file, node.value) or _has_one(origin))
    )


def _receiver(node: ast.expr) -> ast.expr | None:
    return node.value if isinstance(node, ast.Attribute) and node.attr == "__dict__" else None


def _own_receivers(file: FileContext) -> Iterator[ast.Attribute]:
    """`self.__dict__` in methods of classes whose instances have one, and `cls.__dict__`."""
    methods: dict[tuple[int, str], tuple[SourceClass, Method]] = {
        (method.line, method.name): (model, method)
        for model in (file.module.classes if file.module is not None else ())
        for method in model.facts.methods
        if method.kind is MethodKind.CLASS
        or (method.kind is MethodKind.INSTANCE and model.has_instance_dict is Answer.YES)
    }
    lines = file.lines_with(("__dict__",))
    for function in walk(file.tree) if file.tree is not None else ():
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        _, method = methods.get((function.lineno, function.name), (None, None))
        has_none = bisect_left(lines, function.lineno) == bisect_right(
            lines, function.end_lineno or 0
        )
        if method is None or has_none or is_bound_again(function, method.first_parameter):
            continue
        for node in walk(function):
            receiver = _receiver(node) if isinstance(node, ast.Attribute) else None
            if isinstance(receiver, ast.Name) and receiver.id == method.first_parameter:
                assert isinstance(node, ast.Attribute)
                yield node


def _is_class(file: FileContext, node: ast.expr) -> bool:
    """Is it `type(x)`, or the `x.__class__` that Python gives every object?"""
    if isinstance(node, ast.Attribute):
        return node.attr == "__class__"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and file.module is not None:
        is_type = node.func.id == "type" and len(node.args) == 1 and not node.keywords
        return is_type and not file.project.may_bind(file.module, "type")
    return False


def _has_one(origin: PossibleValues) -> bool:
    if origin.is_open or origin.is_unresolved or not origin.objects:
        return False
    return all(
        isinstance(item, (Module, ClassModel, Function))
        or (isinstance(item, Instance) and item.model.has_instance_dict is Answer.YES)
        or (isinstance(item, External) and item.name in sys.stdlib_module_names)
        for item in origin.objects
    )
