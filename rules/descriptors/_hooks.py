"""The functions of a file that Python calls for attribute access: hooks and accessors."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index.collect import unmangled
from pyconcepts_lint.index.facts import Access, Binding, BindingKind, Method
from pyconcepts_lint.index.model import SourceClass
from pyconcepts_lint.rule_api.file import FileContext

Function = ast.FunctionDef | ast.AsyncFunctionDef

_SUFFIXES = (".getter", ".setter", ".deleter")


class Accessor(NamedTuple):
    """A function that a property of a class calls.

    `name` is the property's, mangled where it is private; `accessor` is `getter`, `setter` or
    `deleter`.
    """

    name: str
    accessor: str
    function: Function


def bound_in_classes(file: FileContext) -> frozenset[str]:
    """The names that the class bodies of a file bind, and the decorators of their functions."""
    classes = file.module.facts.classes if file.module is not None else ()
    names = {binding.name for found in classes for binding in found.body}
    names.update(name for found in classes for b in found.body for name in b.decorators)
    return frozenset(names)


def hook(file: FileContext, model: SourceClass, name: str) -> Function | None:
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
    if len(bindings) != 1 or bindings[0].kind is not BindingKind.FUNCTION or bindings[0].decorators:
        return None
    methods = model.facts.methods
    return _function(file, next((m for m in methods if m.line == bindings[0].line), None))


def changes_class(model: SourceClass) -> bool:
    """Does a method assign `self.__class__`?"""
    return any(
        access.attribute == "__class__" and access.kind is Access.SET
        for base in model.mro or (model,)
        if isinstance(base, SourceClass)
        for access in base.facts.accesses
    )


def accessors_naming_themselves(file: FileContext, model: SourceClass) -> Iterator[Accessor]:
    """The accessors of a class's properties, where their text may use the property's own name."""
    suspects = {
        (name, accessor): method
        for (name, accessor), method in _accessors(model).items()
        if _mentions(file, method, unmangled(name, model.name))
    }
    if not suspects or not model.plain or changes_class(model):
        return
    for (name, accessor), method in suspects.items():
        attribute = model.attributes[name]
        function = _function(file, method)
        if accessor in (attribute.accessors or ()) and not attribute.is_abstract and function:
            yield Accessor(name, accessor, function)


def _accessors(model: SourceClass) -> dict[tuple[str, str], Method]:
    """The methods that may be accessors in the end, by the name of the property, and which."""
    facts = model.facts
    found: dict[tuple[str, str], Method] = {}
    decorated = [b for b in facts.body if b.decorators and b.kind is BindingKind.FUNCTION]
    if not decorated and not facts.accessors:
        return found
    by_line = {method.line: method for method in facts.methods}
    for binding in decorated:
        accessor = _accessor(binding)
        if accessor and binding.line in by_line:
            found[binding.name, accessor] = by_line[binding.line]
    if facts.accessors:
        given = {(one.line, one.column): one.given for one in facts.accessors}
        methods: dict[str, Method] = {}
        for binding in facts.body:
            if binding.kind is BindingKind.FUNCTION and binding.line in by_line:
                methods[by_line[binding.line].name] = by_line[binding.line]
            for accessor, name in given.get((binding.line, binding.column)) or ():
                if name in methods:
                    found[binding.name, accessor] = methods[name]
    return found


def _accessor(binding: Binding) -> str:
    """What a decorated function is to the property that it becomes; "" for others."""
    if any("property" in name for name in binding.decorators):
        return "getter"
    decorator = next((name for name in binding.decorators if name.endswith(_SUFFIXES)), "")
    return decorator.rpartition(".")[2]


def _mentions(file: FileContext, method: Method, name: str) -> bool:
    """May a method use the attribute `name` of what it gets first, as its text has it?"""
    code = file.code
    end = method.end_line + 1
    last = code.offset(end, 1) if end <= code.line_count else len(code.text)
    text = code.text[code.offset(method.line, 1) : last]
    uses = (f"{method.first_parameter}.{name}", f"'{name}'", f'"{name}"')
    return any(use in text for use in uses)


def _function(file: FileContext, method: Method | None) -> Function | None:
    found = None if method is None else file.statement(method.line, method.end_line)
    return found if isinstance(found, (ast.FunctionDef, ast.AsyncFunctionDef)) else None
