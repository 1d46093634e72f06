"""What a method finds on its instance, by the paths through its own file."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from pyconcepts_lint.index.facts import Access, AttributeAccess, Mutation, Receiver
from pyconcepts_lint.index.model import ClassModel, SourceClass
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.source.ast_nodes import FUNCTIONS, walk

from ._inits import init_of

_LOOPS = (ast.For, ast.AsyncFor, ast.While)


def never_binds(file: FileContext, access: AttributeAccess) -> bool:
    """Does an assignment stand under `if not hasattr(self, "x")`, where the class has an `x`?"""
    node = file.innermost_at(access.line, access.column, ast.Attribute, ast.Call)
    if node is None:
        return False
    inner: ast.AST = node
    for outer in file.ast_around(node):
        if isinstance(outer, FUNCTIONS):
            return False
        if isinstance(outer, ast.If) and (
            (inner in outer.body and _says_missing(outer.test, access))
            or (inner in outer.orelse and _says_present(outer.test, access))
        ):
            return True
        inner = outer
    return False


def _says_missing(test: ast.expr, access: AttributeAccess) -> bool:
    return (
        isinstance(test, ast.UnaryOp)
        and isinstance(test.op, ast.Not)
        and _says_present(test.operand, access)
    )


def _says_present(test: ast.expr, access: AttributeAccess) -> bool:
    match test:
        case ast.Call(
            func=ast.Name("hasattr"), args=[ast.Name(), ast.Constant(value=name)], keywords=[]
        ):
            return bool(name == access.attribute)
    return False


def counts_every_object(file: FileContext, access: AttributeAccess) -> bool:
    """Is it `self.x += 1`, or another number, that every call of `__init__` does?"""
    node = file.innermost_at(access.line, access.column, ast.Attribute)
    if node is None or access.method != "__init__":
        return False
    match file.ast_around(node)[:2]:
        case [
            ast.AugAssign(op=ast.Add() | ast.Sub(), value=ast.Constant(value=int() | float())),
            ast.FunctionDef(name="__init__"),
        ]:
            return True
    return False


def finds_class_attribute(
    file: FileContext, model: SourceClass, use: AttributeAccess | Mutation
) -> bool:
    """Does `self.x` at a place in `__init__` surely find what the class has?

    It does as long as nothing before it can have bound it on the instance.
    """
    function = init_of(file, model) if use.method == "__init__" else None
    if function is None or model.module is not file.module or _is_prepared(model, use.attribute):
        return False
    arguments = (*function.args.posonlyargs, *function.args.args)
    node = file.innermost_at(use.line, use.column, ast.Attribute)
    if not arguments or node is None:
        return False
    around = file.ast_around(node)
    if next((part for part in around if isinstance(part, FUNCTIONS)), None) is not function:
        return False
    bases = (model.mro or ())[1:]
    binds = any(_may_bind(base, use.attribute) for base in bases)
    return not any(
        _may_have_bound(part, parents, arguments[0].arg, node, binds=binds)
        for part, parents in _before(function, node, around)
    )


def _is_prepared(model: SourceClass, name: str) -> bool:
    """May an instance have the attribute before `__init__` of the class starts?"""
    below = model.project.subclasses(model)
    return model.mro is None or any(
        (each.has_source and "__new__" in each.bound_names)
        or (each is not model and each in below and _may_bind(each, name))
        for each in (*model.mro, *below)
    )


def _may_bind(model: ClassModel, name: str) -> bool:
    """May a method of the class bind the attribute on its instance?"""
    if not isinstance(model, SourceClass):
        return False
    return model.facts.dynamic_instances or any(
        access.attribute == name
        and access.receiver is Receiver.INSTANCE
        and access.kind is not Access.DELETE
        for access in model.facts.accesses
    )


def _before(
    function: ast.FunctionDef, place: ast.AST, around: Iterable[ast.AST]
) -> Iterator[tuple[ast.AST, dict[ast.AST, ast.AST]]]:
    """What may be evaluated before a place, and the parents of all nodes."""
    parents = {child: part for part in walk(*function.body) for child in ast.iter_child_nodes(part)}
    loops = [part for part in around if isinstance(part, _LOOPS)]
    repeated = set(walk(*loops[-1:]))
    line, column = place.lineno, place.col_offset  # type: ignore[attr-defined]
    for part in walk(*function.body):
        start = getattr(part, "lineno", None)
        if start is None:
            continue
        if (start, part.col_offset) < (line, column) or part in repeated:  # type: ignore[attr-defined]
            yield part, parents


def _may_have_bound(
    part: ast.AST, parents: dict[ast.AST, ast.AST], first: str, place: ast.AST, *, binds: bool
) -> bool:
    """May the attribute be bound by what uses the instance, or by what a base does?"""
    if not isinstance(part, ast.Name):
        return False
    if part.id == "super":
        return binds
    if part.id != first:
        return False
    parent = parents.get(part)
    if isinstance(parent, ast.Attribute):
        if isinstance(parents.get(parent), ast.Call) and parents[parent].func is parent:  # type: ignore[attr-defined]
            return True
        same = parent.attr == place.attr  # type: ignore[attr-defined]
        return same and parent is not place and not isinstance(parent.ctx, ast.Load)
    if isinstance(parent, ast.Call) and parent.args[:1] == [part]:
        called = parent.func
        if isinstance(called, ast.Attribute) and called.attr == "__init__":
            return binds
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name):
        return parent.func.id != "super"
    return True
