"""What is noted of each file for the rules about methods."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pyconcepts_lint.base.typed import TYPE_CHECKING, NamedTuple
from pyconcepts_lint.index.binder import STORING
from pyconcepts_lint.index.extractor import Line, extractor

if TYPE_CHECKING:
    from typing import Any

    from pyconcepts_lint.index.binder import FileIndex


class Identity(NamedTuple):
    """An attribute that `is` or `is not` compares with anything but a literal.

    `receiver` is "" where it isn't a plain name. Private names are mangled.
    """

    receiver: str
    attribute: str
    line: int


def compared(node: ast.Compare) -> Iterator[tuple[Any, ast.Is | ast.IsNot, Any]]:
    """The operands that `is` and `is not` compare, neither of them a literal."""
    operands = (node.left, *node.comparators)
    for left, operator, right in zip(operands, node.ops, operands[1:], strict=False):
        if (
            isinstance(operator, (ast.Is, ast.IsNot))
            and left.__class__ is not ast.Constant
            and right.__class__ is not ast.Constant
        ):
            yield left, operator, right


@extractor(Identity, words=("is",), nodes=(ast.Compare,))
def identities(index: FileIndex) -> Iterator[Identity]:
    for node, scope, _ in index.nodes[ast.Compare]:
        for left, _, right in compared(node):
            for operand in (left, right):
                if isinstance(operand, ast.Attribute):
                    receiver = getattr(operand.value, "id", "")
                    yield Identity(receiver, scope.mangled(operand.attr), operand.lineno)


@extractor(Line, words=("class",), nodes=(ast.Call,))
def base_calls(index: FileIndex) -> Iterator[Line]:
    """The methods in which a method of the same name is called with the method's own first
    parameter: `Base.m(self)` in `m`, or in a function in it."""
    for node, scope, _ in index.nodes[ast.Call]:
        name, first, line = scope.method
        if name and node.args and isinstance(node.func, ast.Attribute):
            passed = node.args[0]
            if node.func.attr == name and isinstance(passed, ast.Name) and passed.id == first:
                yield Line(line)


@extractor(Line, words=("class",))
def methods_without_parameter(index: FileIndex) -> Iterator[Line]:
    """The functions in class bodies that have no first parameter by position."""
    for facts in index.classes:
        for method in facts.methods:
            if not method.first_parameter:
                yield Line(method.line)


@extractor(Line, words=("class",))
def functions_from_elsewhere(index: FileIndex) -> Iterator[Line]:
    """Where a class body assigns a lambda, or what has a name."""
    for facts in index.classes:
        for binding in facts.body:
            if binding.value in ("lambda", "name"):
                yield Line(binding.line)


class StoredFunction(NamedTuple):
    """Where an attribute is assigned something by a name that a `from` import or a function with a
    `self`, outside of classes, has; "" for a lambda with one."""

    name: str
    line: int


@extractor(StoredFunction, nodes=(*STORING, ast.FunctionDef, ast.AsyncFunctionDef))
def stored_functions(index: FileIndex) -> Iterator[StoredFunction]:
    functions = {
        node.name
        for kind in (ast.FunctionDef, ast.AsyncFunctionDef)
        for node, scope, _ in index.nodes[kind]
        if scope.kind != "class" and _first_parameter(node.args) == "self"
    }
    imported = {binding.name for binding in index.bindings if binding.kind == "from"}
    for value, scope in index.stored_values:
        if isinstance(value, ast.Lambda) and _first_parameter(value.args) == "self":
            yield StoredFunction("", value.lineno)
        elif isinstance(value, ast.Name):
            is_local = value.id in scope.names and scope.kind != "module"
            if value.id in functions or (value.id in imported and not is_local):
                yield StoredFunction(value.id, value.lineno)


def _first_parameter(args: ast.arguments) -> str:
    named = args.posonlyargs or args.args
    return named[0].arg if named else ""
