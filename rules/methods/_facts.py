"""What is noted of each file for the rules about methods."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from pyconcepts_lint.base.typed import TYPE_CHECKING, NamedTuple
from pyconcepts_lint.index.binder import STORING, dotted_name
from pyconcepts_lint.index.extractor import Line, extractor
from pyconcepts_lint.index.facts import BindingKind, ValueKind
from pyconcepts_lint.source.scopes import ScopeKind
from pyconcepts_lint.source.signatures import first_parameter

if TYPE_CHECKING:
    from typing import Any

    from pyconcepts_lint.index.binder import FileIndex, Scope


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
    methods = {method.name for facts in index.classes for method in facts.methods}
    for node, scope in index.calls_of(methods):
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


_INSTANCE_OR_CLASS = re.compile(r"self|cls|klass|class|this|meta|mcs|inst|^_", re.IGNORECASE)


@extractor(Line, words=("class",))
def methods_with_another_first(index: FileIndex) -> Iterator[Line]:
    """The functions in class bodies of which the first parameter isn't called as one for an
    instance or a class."""
    for facts in index.classes:
        plain = {b.line for b in facts.body if b.kind is BindingKind.FUNCTION and not b.decorators}
        for method in facts.methods:
            first = method.first_parameter
            if first and method.line in plain and not _INSTANCE_OR_CLASS.search(first):
                yield Line(method.line)


@extractor(Line, words=("class",))
def functions_from_elsewhere(index: FileIndex) -> Iterator[Line]:
    """Where a class body assigns a lambda, or what has a name."""
    for facts in index.classes:
        for binding in facts.body:
            if binding.value in (ValueKind.LAMBDA, ValueKind.NAME):
                yield Line(binding.line)


class CallShape(NamedTuple):
    """What calls of something look like: the last name of what is called, and what is passed.

    `owner` is the number of the class through whose instance, the first parameter of a method, an
    attribute is called, or -1. `receiver` is the name of that parameter, or the dotted name of what
    the attribute belongs to, with `()` behind it where the call of that name makes it; "?" where it
    has no name, and "" where what is called is a plain name. Only such are noted as may be a
    class, or an object that the call of one has made, by what binds their names. Calls with `*` or
    `**` are left out.
    """

    name: str
    receiver: str
    owner: int
    positional: int
    keywords: tuple[str, ...]


@extractor(CallShape, nodes=(ast.Call, ast.Assign))
def call_shapes(index: FileIndex) -> Iterator[CallShape]:
    names = {
        binding.name
        for binding in index.bindings
        if binding.kind in (BindingKind.CLASS, BindingKind.FROM)
    }
    names.update(facts.name for facts in index.classes)
    made: dict[str, set[str]] = {}
    for node in index.nodes_of(ast.Assign):
        if isinstance(node.value, ast.Call) and _may_be_class(node.value.func, names):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    made.setdefault(target.id, set()).add(_result(node.value))
        elif isinstance(node.value, ast.Name) and node.value.id in names:
            for target in node.targets:  # the class itself, by another name
                if isinstance(target, ast.Name):
                    made.setdefault(target.id, set()).add(node.value.id)
    modules = {binding.name for binding in index.bindings if binding.kind is BindingKind.IMPORT}
    found: set[tuple[str, str, int, int, tuple[str, ...]]] = set()
    for call, scope, _ in index.nodes[ast.Call]:
        function, owner = call.func, -1
        receivers: Iterable[str]
        if function.__class__ is ast.Attribute:
            receiver, name = function.value, function.attr
            if receiver.__class__ is ast.Name:
                if scope.method[1] and receiver.id == scope.method[1]:
                    owner = _class_around(scope)
                    receivers = (receiver.id,)
                elif receiver.id in names or (name[:1].isupper() and receiver.id in modules):
                    receivers = {receiver.id, *made.get(receiver.id, ())}
                elif receiver.id in made:
                    receivers = made[receiver.id]
                else:
                    continue
            elif isinstance(receiver, ast.Call):
                if dotted_name(receiver.func) != "super" and not _may_be_class(
                    receiver.func, names
                ):
                    continue
                receivers = (_result(receiver),)
            elif isinstance(receiver, ast.Attribute) and (
                receiver.attr[:1].isupper() or name[:1].isupper()
            ):
                receivers = (dotted_name(receiver) or "?",)
            else:
                continue
        elif function.__class__ is ast.Name and function.id in names:
            name, receivers = function.id, ("",)
        else:
            continue
        keywords = tuple([keyword.arg for keyword in call.keywords]) if call.keywords else ()
        if None in keywords or ast.Starred in map(type, call.args):
            continue
        for written in receivers:
            found.add((name, written, owner, len(call.args), keywords))
    yield from map(CallShape._make, sorted(found))


def _result(call: ast.Call) -> str:
    """What a call makes: `Basket()`, or "?"."""
    name = dotted_name(call.func)
    return f"{name}()" if name else "?"


def _may_be_class(called: ast.expr, names: set[str]) -> bool:
    if isinstance(called, ast.Name):
        return called.id in names
    return isinstance(called, ast.Attribute) and called.attr[:1].isupper()


def _class_around(scope: Scope) -> int:
    around = scope.class_scope
    return -1 if around is None else around.class_index


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
        if scope.kind is not ScopeKind.CLASS and first_parameter(node.args) == "self"
    }
    imported = {binding.name for binding in index.bindings if binding.kind is BindingKind.FROM}
    for value, scope in index.stored_values:
        if isinstance(value, ast.Lambda) and first_parameter(value.args) == "self":
            yield StoredFunction("", value.lineno)
        elif isinstance(value, ast.Name):
            is_local = value.id in scope.names and scope.kind is not ScopeKind.MODULE
            if value.id in functions or (value.id in imported and not is_local):
                yield StoredFunction(value.id, value.lineno)
