"""Edits that make fields of dataclasses, with a value of its own for each instance."""

from __future__ import annotations

import ast
import re

from pyconcepts_lint.base.finding import Edit, Fix
from pyconcepts_lint.index.facts import BindingKind
from pyconcepts_lint.index.model import Attribute, SourceClass
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule

_MODULE = "dataclasses"


def field_function(home: FileContext, owner: SourceClass) -> tuple[str, list[Edit]] | None:
    """The name under which the body of a class reaches `dataclasses.field`, and the edits that
    import it; None where there is none."""
    module = owner.module
    if owner.facts.in_function:
        return None
    for name, bindings in module.bindings.items():
        if len(bindings) != 1 or bindings[0].flags or name in owner.bound_names:
            continue
        binding = bindings[0]
        if binding.line >= owner.facts.line:
            continue
        if binding.kind is BindingKind.FROM and binding.target == f"{_MODULE}:field":
            return name, []
        if binding.kind is BindingKind.IMPORT and binding.target == _MODULE:
            return f"{name}.field", []
    if "field" in owner.bound_names or home.project.may_bind(module, "field"):
        return None
    for statement in home.statements():
        match statement:
            case ast.ImportFrom(module="dataclasses", level=0, names=[*_, last]):
                if last.name == "*":
                    return None
                end = home.ast_span(last)[1]
                return "field", [home.edit(end, end, ", field")]
    return None


def factory_of(home: FileContext, value: ast.expr) -> str:
    """What makes such a value, as `default_factory` takes it."""
    match value:
        case ast.Call(func=ast.Name() | ast.Attribute() as function, args=[], keywords=[]):
            return home.ast_text(function)
        case ast.List(elts=[]):
            return "list"
        case ast.Dict(keys=[]):
            return "dict"
    return f"lambda: {home.ast_text(value)}"


def as_field(
    home: FileContext,
    owner: SourceClass,
    node: ast.ClassDef,
    statement: ast.Assign | ast.AnnAssign,
    attribute: Attribute,
) -> Fix | None:
    """The fix that makes an attribute of a dataclass a field; None where there is none."""
    assert statement.value is not None
    function = field_function(home, owner)
    if function is None or not owner.is_dataclass:
        return None
    field, imports = function
    value, target = statement.value, home.ast_text(_target(statement))
    if isinstance(statement, ast.AnnAssign):
        return None
    annotation = _type_of(value)
    names = {annotation, factory_of(home, value)} & {"list", "dict", "set", "bytearray"}
    if any(
        name in owner.bound_names or home.project.may_bind(owner.module, name) for name in names
    ):
        return None
    arguments = [f"default_factory={factory_of(home, value)}"]
    if _is_followed(owner, node, statement):
        arguments.append("init=False")
    if any(
        re.search(r"\b(frozen|unsafe_hash|order)=(?!False)|\*\*", words)
        for words in owner.facts.decorator_keywords
    ):
        arguments.append("compare=False")
    text = f"{target}: {annotation} = {field}({', '.join(arguments)})"
    edit = home.edit(*home.ast_span(statement), text)
    message = f"Make `{target}` a field, for each instance its own"
    return Rule.fix("unsafe", message, [*imports, edit])


def _target(statement: ast.Assign | ast.AnnAssign) -> ast.expr:
    return statement.target if isinstance(statement, ast.AnnAssign) else statement.targets[0]


def _type_of(value: ast.expr) -> str:
    """The annotation for a value that is a display or a call of a class."""
    if isinstance(value, ast.Call):
        return ast.unparse(value.func)
    if isinstance(value, (ast.Dict, ast.DictComp)):
        return "dict"
    return "set" if isinstance(value, (ast.Set, ast.SetComp)) else "list"


def _is_followed(owner: SourceClass, node: ast.ClassDef, statement: ast.stmt) -> bool:
    """Do other fields come after it, whose places among the arguments would change?"""
    behind = node.body[node.body.index(statement) + 1 :]
    return any(isinstance(part, ast.AnnAssign) for part in behind) or any(
        model.is_dataclass for model in owner.project.subclasses(owner)
    )
