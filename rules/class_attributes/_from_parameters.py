"""Values that a method takes from its caller, and assigns to its class."""

from __future__ import annotations

import ast

from pyconcepts_lint.index import tables
from pyconcepts_lint.index.facts import Access
from pyconcepts_lint.index.model import ClassModel, SourceClass
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.source.ast_nodes import walk

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
_NESTED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


def comes_from_parameters(function: FunctionNode, statement: ast.stmt) -> bool:
    """Does the value that a statement assigns depend on what the function is called with?

    The instance itself doesn't count; names that are bound more than once don't either.
    """
    given = _parameters(function)
    first = (*function.args.posonlyargs, *function.args.args)[:1]
    given.difference_update(part.arg for part in first)
    bound: dict[str, list[ast.expr | None]] = {}
    assigned: dict[ast.AST, ast.expr] = {}
    for part in walk(*function.body):
        if isinstance(part, ast.Assign):
            assigned.update((target, part.value) for target in part.targets)
        elif isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load):
            bound.setdefault(part.id, []).append(assigned.get(part))
    given = {name for name in given if name not in bound or _is_refined(bound[name], given)}
    for _ in bound:
        more = {
            name
            for name, values in bound.items()
            if name not in given and len(values) == 1 and _mentions(values[0], given)
        }
        if not more:
            break
        given |= more
    return _mentions(getattr(statement, "value", None), given)


def _parameters(function: FunctionNode) -> set[str]:
    args = function.args
    named = [*args.posonlyargs, *args.args, *args.kwonlyargs]
    return {part.arg for part in (*named, args.vararg, args.kwarg) if part is not None}


def _is_refined(values: list[ast.expr | None], given: set[str]) -> bool:
    """Is a parameter only bound to what depends on parameters?"""
    return all(_mentions(value, given) for value in values)


def _mentions(value: ast.expr | None, names: set[str]) -> bool:
    return value is not None and any(
        isinstance(part, ast.Name) and part.id in names for part in walk(value)
    )


def method_around(file: FileContext, node: ast.expr) -> tuple[FunctionNode, ast.ClassDef] | None:
    """The method that a node stands in directly, and its class."""
    around = file.ast_around(node)
    for number, part in enumerate(around):
        if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)):
            outer = around[number + 1] if number + 1 < len(around) else None
            return (part, outer) if isinstance(outer, ast.ClassDef) else None
        if isinstance(part, _NESTED):
            return None
    return None


def is_read_through_class(model: SourceClass, name: str) -> bool:
    """Does something read the attribute of a class above or below `model`, or of that one?"""
    project = model.project

    def is_related(other: object) -> bool:
        return isinstance(other, ClassModel) and (
            model.is_subclass_of(other) or other.is_subclass_of(model)
        )

    return any(
        context in (Access.READ, Access.DELETE) and is_related(project.resolve(module, receiver))
        for module, receiver, context in project.row(tables.uses, name)
    ) or any(
        access.kind is not Access.SET and is_related(other)
        for other, access in project.row(tables.class_accesses, name)
    )
