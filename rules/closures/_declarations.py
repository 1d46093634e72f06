"""Which variable outside of a function a name would mean there, and the statement that says so."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pyconcepts_lint.analysis.names import scope_of
from pyconcepts_lint.base.finding import Edit
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index.binder import mangled
from pyconcepts_lint.index.facts import IMPORT_KINDS, BindingKind
from pyconcepts_lint.index.facts import TYPE_CHECKING as ONLY_FOR_TYPES
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rules.closures._paths import FunctionNode
from pyconcepts_lint.source.ast_nodes import first_line
from pyconcepts_lint.source.scopes import Scope, ScopeKind


class Outer(NamedTuple):
    """Whose variable a function's own one hides: a function's around it, "" for the module's."""

    function: str

    @property
    def keyword(self) -> str:
        return "nonlocal" if self.function else "global"

    @property
    def owner(self) -> str:
        return f"`{self.function}`" if self.function else "the module"


def hidden_variable(file: FileContext, function: FunctionNode, name: str) -> Outer | None:
    """The variable that a name would mean in a function that didn't bind it.

    None where there is none, and where the name is no local variable of the function or one of
    its parameters.
    """
    scope = scope_of(file, function)
    if scope is None or not _is_variable(scope, name):
        return None
    for around in _functions_around(scope):
        if name in around.elsewhere:  # by `global`
            break
        if around.owns(name):
            return Outer(around.node.name)  # type: ignore[attr-defined]
    return Outer("") if _is_bound_in_module(file, name) else None


def is_imported(file: FileContext, name: str, outer: Outer) -> bool:
    """Is the outer variable the module's, and is all that binds it an import?"""
    bindings = () if file.module is None else file.module.bindings.get(name, ())
    kinds = {binding.kind for binding in bindings if not binding.flags & ONLY_FOR_TYPES}
    return not outer.function and bool(kinds) and kinds <= IMPORT_KINDS


def is_own_variable(file: FileContext, function: FunctionNode, name: str) -> bool:
    """Is a name a local variable of a function, but none of its parameters, and of no scope around
    it?"""
    scope = scope_of(file, function)
    if scope is None or not _is_variable(scope, name):
        return False
    around = _functions_around(scope)
    return not any(each.owns(name) or name in each.elsewhere for each in around)


def _functions_around(scope: Scope) -> Iterator[Scope]:
    return (each for each in scope.outside() if each.kind is ScopeKind.FUNCTION)


def _is_variable(scope: Scope, name: str) -> bool:
    around = scope.class_scope
    if around is not None and mangled(name, around.node.name) != name:  # type: ignore[attr-defined]
        return False  # a private name of the class means another one outside of it
    return scope.owns(name) and not scope.has_parameter(name)


def _is_bound_in_module(file: FileContext, name: str) -> bool:
    bindings = () if file.module is None else file.module.bindings.get(name, ())
    return any(
        binding.kind not in (BindingKind.ANNOTATION, BindingKind.DELETE)
        and not binding.flags & ONLY_FOR_TYPES
        for binding in bindings
    )


def declare(file: FileContext, function: FunctionNode, keyword: str, name: str) -> Edit:
    """The edit that declares a name `global` or `nonlocal` at the start of a function's body.

    It goes behind the docstring, or into the declaration that is there already.
    """
    body = function.body
    has_docstring = ast.get_docstring(function, clean=False) is not None
    first = body[1] if has_docstring and len(body) > 1 else body[0]
    code = file.code
    kind = ast.Global if keyword == "global" else ast.Nonlocal
    if isinstance(first, kind):
        end = file.ast_range(first)
        return file.insert(end.end_line, end.end_column, f", {name}", shared=True)
    line, column = file.ast_place(first.lineno, first.col_offset)
    if getattr(first, "decorator_list", ()):
        line = first_line(first)
        while line > 1 and not code.line(line).lstrip().startswith("@"):
            line -= 1  # `@(` stands above what is in the brackets
    before = code.line(line)[: column - 1]
    if before.strip(" \t\f") or code.line(line - 1).endswith("\\"):
        return file.insert(line, column, f"{keyword} {name}; ", shared=True)
    while code.line(line - 1).startswith(f"{before}#"):
        line -= 1
    text = f"{before}{keyword} {name}{code.newline}"
    return file.insert(line, 1, text, shared=True)
