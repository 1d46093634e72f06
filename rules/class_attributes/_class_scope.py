"""Names of a class body, used where Python doesn't look in the class body.

What a class body binds is no variable of the functions, comprehensions and classes inside of it
(https://docs.python.org/3/reference/executionmodel.html#resolution-of-names).
"""

from __future__ import annotations

import ast
from typing import NamedTuple

from pyconcepts_lint.index.classes import ClassModel, SourceClass
from pyconcepts_lint.index.facts import Method
from pyconcepts_lint.index.project import Module
from pyconcepts_lint.linted import LintedFile
from pyconcepts_lint.origins import FreeName, Scope, free_names

# Built-in names of Python 2, and what runners put among the built-ins.
_MAYBE_BUILTIN = frozenset(
    {
        *("apply", "basestring", "buffer", "cmp", "coerce", "execfile", "file", "intern", "long"),
        *("raw_input", "reduce", "reload", "unichr", "unicode", "xrange", "WindowsError"),
        *("_", "gettext", "ngettext", "get_ipython", "display", "reveal_type", "profile"),
    }
)


class Unseen(NamedTuple):
    """A use of a name that only the body of `model` binds, around the scope that uses it.

    `in_function` is False where there is nothing but comprehensions and class bodies between.
    `method` is the method that it stands in, `first` that method's first parameter where this
    still means it at the use. `is_augmented` is as in `FreeName`.
    """

    name: str
    model: SourceClass
    in_function: bool
    method: Method | None
    first: str
    is_augmented: bool


def unseen_names(file: LintedFile) -> dict[tuple[int, int], Unseen]:
    """The uses by 1-based line and column."""
    module = file.module
    if module is None:
        return {}
    names = {
        name.removesuffix("=") for model in module.classes for name in model.facts.unseen
    } - _MAYBE_BUILTIN
    names = {name for name in names if not _is_dunder(name) and not _may_be_global(module, name)}
    if not names:
        return {}
    models = {(model.facts.line, model.name): model for model in module.classes}
    found: dict[tuple[int, int], Unseen] = {}
    for use in free_names(file, names):
        unseen = _unseen(use, models)
        if unseen is not None:
            found[file.ast_place(use.node.lineno, use.node.col_offset)] = unseen
    return found


def _unseen(use: FreeName, models: dict[tuple[int, str], SourceClass]) -> Unseen | None:
    name = use.node.id
    function: Scope | None = None  # the outermost one below the class
    scope: Scope | None = use.scope
    while scope is not None:
        if scope.kind == "function":
            function = scope
        node = scope.node
        if isinstance(node, ast.ClassDef) and name in scope.bound and scope is not use.scope:
            model = models.get((node.lineno, node.name))
            if model is None:
                return None
            method, first = _method(model, function, use.scope)
            return Unseen(name, model, function is not None, method, first, use.is_augmented)
        scope = scope.parent
    return None


def _method(model: SourceClass, function: Scope | None, inside: Scope) -> tuple[Method | None, str]:
    """The method that a function is, and its first parameter as seen from a scope."""
    node = function.node if function is not None else None
    if function is None or not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return None, ""
    for method in model.facts.methods:
        if (method.line, method.name) == (node.lineno, node.name):
            first = method.first_parameter
            means_it = inside.find(first) is function and [
                how for how, _, _ in function.bound[first]
            ] == ["first parameter"]
            return method, first if means_it else ""
    return None, ""


def _is_dunder(name: str) -> bool:
    return name.startswith("__")


def _may_be_global(module: Module, name: str) -> bool:
    """May something put the name into the module's namespace, or among the built-ins?"""
    project = module.project
    if module.facts.dynamic_namespace or project.may_bind(module, name):
        return True
    if project.is_stored_elsewhere(name):
        return True
    return any(
        context.partition(" ")[0] in ("set", "replace")
        and not isinstance(project.resolve(other, receiver), ClassModel)
        for other, receiver, context in project.uses_of(name)
    )
