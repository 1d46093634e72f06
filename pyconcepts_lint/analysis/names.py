"""What a name means at a place of a file: the scopes around it, and class names."""

from __future__ import annotations

import ast

from ..base.lazy import lazy_pattern
from ..base.typed import TYPE_CHECKING
from ..index import tables
from ..index.binder import mangled
from ..index.facts import Access, BindingKind, statements_at
from ..index.references import class_number, to_imported, to_local
from ..source.ast_nodes import COMPREHENSIONS, SCOPES, walk
from ..source.scopes import Scope, ScopeKind, Scopes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    from ..index.facts import Method
    from ..index.model import Module, SourceClass
    from ..rule_api.file import FileContext

    Path: TypeAlias = "Sequence[ast.AST]"

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


def scopes(file: FileContext) -> Scopes | None:
    """The scopes of a file; None where it can't be parsed."""
    return None if file.tree is None else Scopes(file.tree)


def is_local_somewhere(file: FileContext, name: str) -> bool:
    """Does a scope below the module's have the name for something of its own?"""
    found = file.cached(scopes)
    return found is None or any(scope.owns(name) for scope in found.of.values())


def _scopes_by_root(file: FileContext) -> dict[ast.AST, Scopes]:
    """What `_scopes_in` has found; filled as it is asked for."""
    return {}


def _scopes_in(file: FileContext, root: ast.AST) -> Scopes | None:
    """The scopes of a statement; None where the compiler refuses them."""
    known = file.cached(_scopes_by_root)
    if root not in known:
        known[root] = Scopes(root)
    return None if known[root].is_refused else known[root]


def _scopes_at(file: FileContext, line: int) -> Scopes | None:
    """The scopes of the top-level statement that holds a line; None where there is none, or where
    the compiler refuses them.

    Those of the whole file would say the same, and take longer.
    """
    statement = file.statement_around(line)
    return None if statement is None else _scopes_in(file, statement)


def functions_between(file: FileContext, top: int, line: int) -> list[Scope] | None:
    """The scopes of all functions (lambdas and comprehensions, too) that may hold a line.

    These are the ones of the same top-level statement that start between the lines `top` and
    `line`: more than the ones around the place, never fewer. None where the file can't be parsed.
    """
    found = _scopes_at(file, line)
    if found is None:
        return None
    return [
        scope
        for node, scope in found.of.items()
        if scope.kind is not ScopeKind.CLASS and top <= node.lineno <= line  # type: ignore[attr-defined]
    ]


def scope_of(file: FileContext, function: FunctionNode) -> Scope | None:
    """The scope of a function; None where more than one on its line could be meant."""
    found = _scopes_at(file, function.lineno)
    place = function.name, function.lineno
    meant = [
        scope
        for node, scope in (() if found is None else found.of.items())
        if isinstance(node, FunctionNode) and (node.name, node.lineno) == place
    ]
    return meant[0] if len(meant) == 1 else None


def _bound_below(file: FileContext) -> dict[tuple[str, int], bool]:
    """What `_may_be_bound_below` has answered; filled as it is asked for."""
    return {}


def _may_be_bound_below(file: FileContext, name: str, top: int) -> bool:
    """May a statement below the line `top` bind the name, by what the text looks like?

    Binding the scopes takes as long as parsing the file. `name.x`, `name(…)` and `super(name, …)` bind
    nothing, except behind `import`, `def` and `class`; nor does the name in a statement such as
    `return`.
    """
    text = file.text
    place = text.find(name, file.code.offset(top, 1))
    while place >= 0:
        end = place + len(name)
        before, after = text[place - 1 : place], text[end : end + 1]
        is_part = before.isalnum() or before in ("_", ".") or after.isalnum() or after == "_"
        if not is_part and not text.endswith("super(", 0, place):
            number, column = file.code.position(place)
            line = file.code.line(number)
            words = line[: column - 1].split()
            if number == top and words[-1:] == ["class"]:
                may_bind = False  # the class around the place, which is no function
            elif after in (".", "("):
                may_bind = not _BINDERS.isdisjoint(words[-1:] + words[:1])
            else:
                is_read = words[:1] != [] and words[0] in _READERS
                may_bind = not is_read or _BINDS.search(line) is not None
            if may_bind and not file.literals.hold(place):
                return True
        place = text.find(name, end)
    return False


# Statements without targets, and what binds a name in an expression.
_READERS = frozenset({"assert", "elif", "if", "raise", "return", "while"})
_BINDS = lazy_pattern(r":=|\blambda\b|\bfor\b|\bas\b|;|:\s*\S|\\$|\($|,$|\[$")
_BINDERS = frozenset({"import", "from", "def", "class", "async"})


def is_bound_locally(file: FileContext, name: str, line: int, top: int) -> bool:
    """May a function between the lines `top` and `line` have a local variable `name`?"""
    known = file.cached(_bound_below)
    if (name, top) not in known:
        known[name, top] = _may_be_bound_below(file, name, top)
    if not known[name, top]:
        return False
    functions = functions_between(file, top, line)
    return functions is None or any(scope.owns(name) for scope in functions)


_STAR_IMPORT = lazy_pattern(r"import[ \t\f\\\r\n]*\*")


def may_be_bound_around(file: FileContext, name: str, line: int) -> bool:
    """May the top-level statement around a line bind the name? None does without saying it.

    In Python 2 a function may have `from x import *`; names are the same that NFKC makes the same
    (PEP 3131).
    """
    statements = () if file.module is None else file.module.facts.statements
    for lines in statements_at(statements, [line]):
        text = file.text_of_lines(*lines)
        return name in text or not text.isascii() or _STAR_IMPORT.search(text) is not None
    return True


def is_local(file: FileContext, name: str, path: Path) -> bool:
    """Is `name` (maybe) bound in a function, or directly in the class, around a place?

    Args:
        file: the file at hand.
        name: a name that the code at the place uses.
        path: the nodes around the place, the outermost first.
    """
    around = [node for node in path if isinstance(node, (*SCOPES, *COMPREHENSIONS))]
    if not around or not may_be_bound_around(file, name, around[0].lineno):
        return False
    functions = [node for node in around if not isinstance(node, ast.ClassDef)]
    if functions:
        found = _scopes_in(file, around[0])
        if found is None or any(found.of[node].owns(name) for node in functions):
            return True
    innermost = around[-1]
    if file.module is None or not isinstance(innermost, ast.ClassDef):
        return False
    model = file.module.class_at(*file.ast_place(innermost.lineno, innermost.col_offset))
    return model is not None and name in model.bound_names


def is_import(file: FileContext, name: str, path: Path) -> bool:
    """Is a name what an import binds, in the module or in a function around a place?"""
    if not is_local(file, name, path):
        return True
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    line = path[-1].lineno  # type: ignore[attr-defined]
    top = next((node.lineno for node in path if isinstance(node, functions)), line)
    may_hold = functions_between(file, top, line) or ()
    owners = [scope for scope in may_hold if scope.owns(name)]
    return bool(owners) and all(
        scope.imports(name) and not scope.has_parameter(name) for scope in owners
    )


def is_builtin(file: FileContext, name: str, path: Path) -> bool:
    """Does `name` surely mean the built-in at the place that `path` leads to?"""
    module = file.module
    if module is None or file.project.may_bind(module, name):
        return False
    return not is_local(file, name, path)


_BUILTINS_IN_FUNCTIONS = tuple(to_local(to_imported(n)) for n in ("builtins", "__builtin__"))
"""What `ModuleFacts.attribute_uses` has for the module where a function imports it."""


def is_replaced(file: FileContext, name: str) -> bool:
    """Does the project assign a built-in `name` on `builtins`, or on the file's own module?

    What a fix writes would meet that, where the code has not used the name so far.
    """
    project = file.project
    return any(
        context is not Access.READ
        and (
            receiver in _BUILTINS_IN_FUNCTIONS
            or module.qualified(receiver).rpartition(".")[2] in ("builtins", "__builtin__")
            or project.resolve(module, receiver) is file.module
        )
        for module, receiver, context in project.row(tables.uses, name)
        if receiver
    )


def reachable_name(
    file: FileContext, model: SourceClass, line: int, inside: SourceClass
) -> str | None:
    """A dotted name under which the functions of `inside` reach the class `model`.

    Args:
        file: the file at hand.
        model: the class to be named.
        line: the line where the name is to stand, in a method of `inside`.
        inside: the class whose method it is.

    Returns None where no name of the module surely means the class there.
    """
    module = file.module
    if module is None:
        return None
    project = file.project
    facts = inside.facts
    candidates: list[str] = []
    if model.module is module:
        if model.facts.in_function:
            # A class in a function is a local variable there, and free in its own methods.
            name = model.name
            if model is not inside or model.facts.parent >= 0 or mangled(name, name) != name:
                return None
            return None if is_bound_locally(file, name, line, facts.line) else name
        candidates.append(model.qualname)
    else:
        candidates.extend(base for base in facts.bases if base and class_number(base) is None)
        candidates.extend(
            name
            for name, bindings in module.bindings.items()
            if len(bindings) == 1 and bindings[0].kind is BindingKind.FROM and not bindings[0].flags
        )
    for candidate in candidates:
        parts = candidate.split(".")
        if any(mangled(part, inside.name) != part for part in parts):
            continue
        if project.resolve(module, candidate) is not model:
            continue
        if not is_bound_locally(file, parts[0], line, facts.line if not facts.in_function else 1):
            return candidate
    return None


def is_bound_again(function: ast.AST, name: str) -> bool:
    """Is the name of a parameter bound anywhere else in its function?"""
    bound = 0
    for node in walk(function):
        if isinstance(node, ast.Name):
            bound += node.id == name and not isinstance(node.ctx, ast.Load)
        elif not isinstance(node, (ast.Attribute, ast.keyword)):
            # `except … as name`, `import … as name`, parameters, patterns, `def` and so on.
            bound += sum(value == name for value in node.__dict__.values() if type(value) is str)
    return bound > 1


def method_at(module: Module, line: int) -> tuple[SourceClass | None, Method | None]:
    """The innermost class around a line, and the method of it that holds the line."""
    around = [m for m in module.classes if m.facts.line <= line <= m.facts.end_line]
    for model in reversed(around):
        for method in model.facts.methods:
            if method.line <= line <= method.end_line:
                return model, method
    return None, None
