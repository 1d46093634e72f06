"""Whether the project makes instances of a class, and what may fill them."""

from __future__ import annotations

import ast
import re

from ..base.lazy import lazy_pattern
from ..index import tables
from ..index.attributes import has_computed_setattr
from ..index.binder import dotted_name
from ..index.model import Module, SourceClass
from ..rule_api.file import FileContext
from ..source.ast_nodes import walk
from ..source.python3 import parsed_or_none

_FILLS = lazy_pattern(
    r"""__dict__|\bvars\s*\(|\bnamespace\s*=|\bsetattr\s*\(\s*self\s*,\s*(?!["'])|\bmock\b|\bexec\s*\("""
)
"""What a module may fill an object with, under names that aren't written down."""


def spells(module: Module, name: str) -> bool:
    """Is a name a string in a module, so that it may be asked for, or bound, by that?"""
    text = module.project.text(module)
    return text is None or f'"{name}"' in text or f"'{name}'" in text


def makers(file: FileContext, model: SourceClass) -> list[Module]:
    """The modules of the project that make instances of just this class by calling it, or whose
    tests `unittest` runs."""
    if any(each.full_name == "unittest.case.TestCase" for each in model.mro or ()):
        return [model.module]
    return [module for module, names in _users(model) if _makes(file, module, names, model)]


def may_be_filled(module: Module) -> bool:
    """May a module give objects attributes whose names it doesn't write down?"""
    text = module.project.text(module)
    return text is None or _FILLS.search(text) is not None or has_computed_setattr(module)


def _users(model: SourceClass) -> list[tuple[Module, set[str]]]:
    """The modules that have a name for a class, with such names."""
    project = model.project
    found = {model.module.path: (model.module, {model.name})}
    for module, alias in tables.modules_naming(project, model.name):
        found.setdefault(module.path, (module, set()))[1].add(alias)
    return list(found.values())


def _makes(file: FileContext, module: Module, names: set[str], model: SourceClass) -> bool:
    text = module.project.text(module)
    written = "|".join(map(re.escape, sorted(names)))
    if text is None or not re.search(rf"(?<!class )\b(?:{written})\s*\(", text):
        return False
    tree = file.tree if module is file.module else parsed_or_none(text)
    called = {
        dotted_name(node.func)
        for node in ([] if tree is None else walk(tree))
        if isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute))
    }
    return any(name and module.project.resolve(module, name) is model for name in called)
