"""The functions of a file that Python calls for attribute access: hooks and accessors."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from pyconcepts_lint.index.classes import SourceClass
from pyconcepts_lint.index.collect import dotted_name
from pyconcepts_lint.index.facts import Binding
from pyconcepts_lint.linted import LintedFile
from pyconcepts_lint.nodes import walk

Function = ast.FunctionDef | ast.AsyncFunctionDef
Place = tuple[int, int]

_SUFFIXES = (".getter", ".setter", ".deleter")
_PROPERTIES = frozenset({"property", "builtins.property"})
_ARGUMENTS = {"fget": "getter", "fset": "setter", "fdel": "deleter"}


class Accessor(NamedTuple):
    """A function that a property of a class calls.

    `name` is the property's, mangled where it is private; `accessor` is `getter`, `setter` or
    `deleter`.
    """

    name: str
    accessor: str
    function: Function


def functions(file: LintedFile, model: SourceClass) -> dict[tuple[int, str], Function]:
    """The functions in a class by the line of `def` and their name, as the index has them."""
    return {
        (node.lineno, node.name): node
        for node in _nodes(file, model)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    }


def _nodes(file: LintedFile, model: SourceClass) -> list[ast.AST]:
    """The nodes of a class statement; of the whole file where that can't be read by itself."""
    statement = file.statement(model.facts.first_line, model.facts.end_line)
    if statement is None:
        return walk(file.tree) if file.tree is not None else []
    return walk(statement)


def hook(file: LintedFile, model: SourceClass, name: str) -> Function | None:
    """The method `name` of a class, if Python surely calls it on the class's instances.

    None where the body binds the name otherwise too, where a decorator may have replaced the
    method or the class, where the metaclass isn't known, or methods give the instance another
    class.
    """
    if name not in model.bound_names or not model.harmless_decorators or not model.plain_metaclass:
        return None
    if changes_class(model):
        return None
    bindings = [binding for binding in model.facts.body if binding.name == name]
    if len(bindings) != 1 or (bindings[0].kind, bindings[0].value) != ("function", ""):
        return None
    return functions(file, model).get((bindings[0].line, name))


def changes_class(model: SourceClass) -> bool:
    """Does a method assign `self.__class__`?"""
    return any(
        event.attribute == "__class__" and event.kind == "set"
        for base in model.mro or (model,)
        if isinstance(base, SourceClass)
        for event in base.facts.events
    )


def accessors_naming_themselves(file: LintedFile, model: SourceClass) -> Iterator[Accessor]:
    """The accessors of a class's properties, where their text may use the property's own name."""
    if not _may_name_itself(file, model) or not model.plain or changes_class(model):
        return
    written = {method.line: method.name for method in model.facts.methods}
    calls = _property_calls(file, model)
    own = functions(file, model)
    methods: dict[str, Function] = {}
    found: dict[tuple[str, str], Function] = {}
    for binding in model.facts.body:
        if binding.kind == "function":
            name = written.get(binding.line, binding.name)
            function = own.get((binding.line, name))
            if function is not None:
                methods[name] = function
                accessor = _accessor(binding)
                if accessor:
                    found[binding.name, accessor] = function
        for accessor, name in calls.get((binding.line, binding.column), {}).items():
            if name in methods:
                found[binding.name, accessor] = methods[name]
    for (name, accessor), function in found.items():
        attribute = model.attributes[name]
        if accessor in (attribute.accessors or ()) and not attribute.is_abstract:
            yield Accessor(name, accessor, function)


def _accessor(binding: Binding) -> str:
    """What a decorated function is to the property that it becomes; "" for others."""
    if "property" in binding.value.lower():
        return "getter"
    decorator = next((name for name in binding.value.split() if name.endswith(_SUFFIXES)), "")
    return decorator.rpartition(".")[2]


def _may_name_itself(file: LintedFile, model: SourceClass) -> bool:
    """Told by the text alone, as most properties don't."""
    body = [binding for binding in model.facts.body if binding.kind == "function"]
    ends = [*(binding.line for binding in body[1:]), model.facts.end_line + 1]
    written = {method.line: method.name for method in model.facts.methods}
    for binding, end in zip(body, ends, strict=False):
        if _accessor(binding):
            text = _lines(file, binding.line, end)
            if _mentions(text, written.get(binding.line, binding.name)):
                return True
    return any(
        binding.value == "call"
        and binding.target in _PROPERTIES
        and _mentions(_lines(file, model.facts.line, ends[-1]), binding.name)
        for binding in model.facts.body
    )


def _lines(file: LintedFile, first: int, end: int) -> str:
    code = file.code
    last = code.offset(end, 1) if end <= code.line_count else len(code.text)
    return code.text[code.offset(first, 1) : last]


def _mentions(text: str, name: str) -> bool:
    """Does the text use an attribute of that name, or hold it as a string?"""
    return f".{name}" in text or f"'{name}'" in text or f'"{name}"' in text


def _property_calls(file: LintedFile, model: SourceClass) -> dict[Place, dict[str, str]]:
    """Of `x = property(getx, setx)`: the functions' names by accessor, by the place of `x`."""
    found: dict[Place, dict[str, str]] = {}
    for node in _nodes(file, model):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            call = node.value
            if dotted_name(call.func) in _PROPERTIES:
                arguments = dict(zip(_ARGUMENTS.values(), call.args, strict=False))
                for keyword in call.keywords:
                    if keyword.arg in _ARGUMENTS:
                        arguments[_ARGUMENTS[keyword.arg]] = keyword.value
                names = {key: dotted_name(value) for key, value in arguments.items()}
                for target in node.targets:
                    found[file.ast_place(target.lineno, target.col_offset)] = names
    return found
