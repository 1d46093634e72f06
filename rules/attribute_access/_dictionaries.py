"""Where the dictionary behind an object's attributes is asked for: PCL601, 602 and 604."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from typing import NamedTuple

from pyconcepts_lint.rules.attribute_access._slots import is_stub, lacks_dict, slotted_classes

from pyconcepts_lint.index.classes import ClassModel, SourceClass
from pyconcepts_lint.index.project import External, Module
from pyconcepts_lint.linted import LintedFile
from pyconcepts_lint.origins import Instance, Origin, origins

Place = tuple[int, int]

_SPACE = r"(?:[\s\\()]|#[^\n]*\n)*"
# `module.__dict__["name"]` and `vars(module)["name"]`, from the special name on.
_ITEM_OF = {
    "__dict__": re.compile(rf"__dict__{_SPACE}\[{_SPACE}[uUrR]?['\"]"),
    "vars": re.compile(rf"vars(?:[\w.\s\\()]|#[^\n]*\n)*\[{_SPACE}[uUrR]?['\"]"),
}
# What stands before the name in `name.__dict__` and `Name(…).__dict__`.
_RECEIVER = re.compile(r"(\w+)[\s)]*(?:\([^()]*\)[\s)]*)?\.\s*\Z")
_ARGUMENT = re.compile(r"vars\s*\([\s(]*([\w.]+)")
_FARTHEST = 80  # characters before `__dict__` in which the receiver's name is looked for


class ModuleItem(NamedTuple):
    """That an item of a module's `__dict__` is assigned or deleted."""

    module: Module | str
    """The module, or the name of one that is written in C."""
    key: str


def dictionary_of(node: ast.expr) -> ast.expr | None:
    """`x` for `x.__dict__` and `vars(x)`."""
    if isinstance(node, ast.Attribute):
        return node.value if node.attr == "__dict__" else None
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "vars"
        and len(node.args) == 1
        and not node.keywords
        and not isinstance(node.args[0], ast.Starred)
    ):
        return node.args[0]
    return None


# Modules


def module_items(file: LintedFile) -> dict[Place, ModuleItem]:
    """The places of `module.__dict__["name"]` and `vars(module)["name"]` where they are
    assigned to or deleted, by line and column."""
    found: dict[Place, ModuleItem] = {}
    if is_stub(file) or not _has_items(file.text):
        return found
    for node, origin in origins(file, _module_item):
        assert isinstance(node, ast.Subscript)
        assert isinstance(node.slice, ast.Constant)
        module = _one_module(origin)
        if module is not None and not (isinstance(module, Module) and _replaces_itself(module)):
            place = file.ast_place(node.lineno, node.col_offset)
            found[place] = ModuleItem(module, node.slice.value)
    return found


def _has_items(text: str) -> bool:
    """A look at the text that saves parsing."""
    return any(
        pattern.match(text, place)
        for word, pattern in _ITEM_OF.items()
        for place in _places(text, word)
    )


def _places(text: str, word: str) -> Iterator[int]:
    place = text.find(word)
    while place >= 0:
        yield place
        place = text.find(word, place + 1)


def _module_item(node: ast.expr) -> ast.expr | None:
    if (
        isinstance(node, ast.Subscript)
        and not isinstance(node.ctx, ast.Load)
        and isinstance(node.slice, ast.Constant)
        and isinstance(node.slice.value, str)
    ):
        return dictionary_of(node.value)
    return None


def _one_module(origin: Origin) -> Module | str | None:
    """The module that an expression surely is."""
    if origin.is_open or origin.is_unresolved or len(origin.objects) != 1:
        return None
    (symbol,) = origin.objects
    if isinstance(symbol, Module):
        return symbol
    if isinstance(symbol, External) and symbol.name in sys.stdlib_module_names:
        return symbol.name
    return None


def _replaces_itself(module: Module) -> bool:
    """May another object be in the module's place, or the module be of another class?"""
    return any(
        attribute in ("modules", "__class__") for _, attribute, _ in module.facts.attribute_uses
    ) or any(binding.target == "sys:modules" for binding in module.facts.bindings)


# Instances


def missing_dictionaries(file: LintedFile) -> dict[Place, ClassModel]:
    """The places of `x.__dict__` and `vars(x)` where `x` is an instance without a `__dict__`, by
    line and column, and the class of `x`."""
    found: dict[Place, ClassModel] = {}
    text = file.text
    if file.module is None or is_stub(file) or ("__dict__" not in text and "vars" not in text):
        return found
    for model in slotted_classes(file):
        if _has_none(model):
            found.update(dict.fromkeys(model.facts.dict_uses, model))
    if not _may_use_such_an_instance(file):
        return found
    for node, origin in origins(file, _own_or_local):
        models = {item.model for item in origin.objects if isinstance(item, Instance)}
        if origin.is_open or origin.is_unresolved or len(models) < len(origin.objects):
            continue
        if not _is_bound_from_outside(file, node) and all(
            model.makes_own_instances and _has_none(model) for model in models
        ):
            place = file.ast_place(node.lineno, node.col_offset)
            found[place] = min(models, key=lambda model: model.full_name)
    return found


def _is_bound_from_outside(file: LintedFile, node: ast.expr) -> bool:
    """Is the receiver a name that another module assigns as an attribute of this one?"""
    receiver = dictionary_of(node)
    return isinstance(receiver, ast.Name) and any(
        context != "read" and file.project.resolve(module, name) is file.module
        for module, name, context in file.project.uses_of(receiver.id)
    )


def _has_none(model: ClassModel) -> bool:
    """Has surely no instance of the class, or of one below it, something as its `__dict__`?"""
    below = model.project.subclasses(model)
    hooks = ("__getattr__", "__getattribute__")
    return lacks_dict(model) and not any(
        base.has_source and not base.bound_names.isdisjoint(hooks)
        for one in (model, *below)
        for base in one.mro or ()
    )


def _may_use_such_an_instance(file: LintedFile) -> bool:
    """Is there a name that may stand for such an instance where its dictionary is asked for?

    A look at the text that saves parsing: most files ask only `self` and classes.
    """
    assert file.module is not None
    for name in _receivers(file.text) - {"self", "cls", "__class__"}:
        values = re.findall(rf"\b{re.escape(name)}\s*=[\s(]*([\w.]+)\s*\(", file.text)
        for called in {*values, name}:
            model = file.project.class_named(file.module, called)
            if isinstance(model, SourceClass) and model.has_instance_dict is False:
                return True
    return False


def _receivers(text: str) -> set[str]:
    """The names in `name.__dict__`, `vars(name)`, `Name(…).__dict__` and `vars(Name(…))`."""
    found = [_ARGUMENT.match(text, place) for place in _places(text, "vars")]
    found += [
        _RECEIVER.search(text[max(place - _FARTHEST, 0) : place])
        for place in _places(text, "__dict__")
    ]
    return {match[1] for match in found if match}


def _own_or_local(node: ast.expr) -> ast.expr | None:
    receiver = dictionary_of(node)
    if isinstance(receiver, (ast.Name, ast.Call, ast.Constant, ast.List, ast.Tuple, ast.Dict)):
        return receiver
    return None
