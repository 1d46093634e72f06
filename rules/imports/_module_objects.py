"""Names that import statements bind to module objects, and what stands behind them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

from pyconcepts_lint.base.answer import Answer
from pyconcepts_lint.base.lazy import lazy_pattern
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.facts import Access, Import
from pyconcepts_lint.index.layout import Found
from pyconcepts_lint.index.loading import loading_of
from pyconcepts_lint.index.model import External, Module, Symbol
from pyconcepts_lint.index.reimports import may_replace_modules, module_may_be_replaced
from pyconcepts_lint.rules.imports._own_package import OwnPackage

_MAY_CHANGE = lazy_pattern(r"""__class__\s*=[^=]|["']__class__["']|\blazy_|apipkg""")
"""What is in a module that may give itself another class."""


def module_at(module: Module, written: str) -> Module | External | None:
    """The module that `import written` (with leading dots, too) surely loads."""
    is_relative = written.startswith(".")
    absolute = module.absolute(written)
    if absolute is None:
        return None
    loading = loading_of(module.project)
    reached = loading.reach(module, absolute, is_relative=is_relative)
    target = None if reached is None else reached.target
    if target is not None:
        return module.project.module(target.path) if _has_source(target) else None
    if is_relative or loading.is_in_project(module, absolute):
        return None
    found = module.project.imported(module, absolute)
    return found if isinstance(found, (Module, External)) and _is_standard(found) else None


def attribute_module(package: Module | External, name: str) -> Module | External | None:
    """The module that surely is what a package has under a name once that has been imported."""
    if not isinstance(package, Module):
        return None
    project = package.project
    if not package.in_project:
        found = project.attribute_of(package, name)
        return found if isinstance(found, Module) else None
    below = project.layout.find_below(os.path.dirname(package.path), [name])
    if below is None or not _has_source(below) or not package.name.is_package:
        return None
    if OwnPackage(package).attribute_is_module(package.path, name, below.path) is not Answer.YES:
        return None
    if loading_of(project).may_be_given(package.path, name):
        return None
    return project.module(below.path)


def is_plain_object(module: Module | External) -> bool:
    """Is a module surely of the class `ModuleType`, and what `sys.modules` has by its name?"""
    if isinstance(module, External) or not module.in_project:
        return True
    project = module.project
    text = project.text(module)
    if text is None or _MAY_CHANGE.search(text) or module.facts.dynamic_namespace:
        return False
    if "modules" in text and may_replace_modules(project, module.path):
        return False
    leaf = module.name.dotted.rpartition(".")[2]
    return not module_may_be_replaced(project, leaf, module) and not any(
        other_text is None or leaf in other_text
        for other, _, context in project.row(tables.uses, "__class__")
        if other is not module and context is not Access.READ
        for other_text in (project.text(other),)
    )


def imported_object(
    module: Module, statement: Import, number: int, rest: Iterable[str] = ()
) -> Module | External | None:
    """The module that an import statement surely binds one of its names to, or that stands behind
    further names with dots."""
    name, alias = statement.names[number]
    if statement.is_from:
        top = statement.module.partition(".")[0]
        if not statement.level and top in sys.stdlib_module_names:
            from pyconcepts_lint.index.standard import SUBMODULES

            dotted = f"{statement.module}.{name}"
            if dotted not in SUBMODULES and dotted != "os.path":
                return None  # asked without reading any source
        source = module_at(module, "." * statement.level + statement.module)
        found = None if source is None else attribute_module(source, name)
    elif alias:
        first, *parts = name.split(".")
        found, rest = module_at(module, first), [*parts, *rest]
    else:
        found = module_at(module, name.partition(".")[0])
    for part in rest:
        found = None if found is None else attribute_module(found, part)
    return found


def _has_source(found: Found) -> bool:
    return found.is_file and found.path.endswith(".py")


def _is_standard(symbol: Symbol) -> bool:
    if isinstance(symbol, External):
        return "." not in symbol.name
    return isinstance(symbol, Module) and symbol.is_standard
