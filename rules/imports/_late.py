"""Which modules are imported late, when the program has been set up: PCL214."""

from __future__ import annotations

from pyconcepts_lint.index import tables
from pyconcepts_lint.index.facts import IN_FUNCTION, TYPE_CHECKING
from pyconcepts_lint.index.loading import loading_of
from pyconcepts_lint.index.model import Module

_MOST_IMPORTERS = 40


def is_imported_late(module: Module) -> bool:
    """Do all ways to a module lead through import statements in functions, as far as the project's
    imports tell?

    Modules that nothing imports, and scripts, are where programs begin.
    """
    known = {module.path: module}
    waiting = [module]
    is_late = False
    while waiting:
        asked = waiting.pop()
        importers = 0
        for other, is_in_function in _importers(asked):
            importers += 1
            if is_in_function:
                is_late = is_late or other.path not in known
            elif other.path not in known:
                known[other.path] = other
                waiting.append(other)
        if not importers or asked.is_script or len(known) > _MOST_IMPORTERS:
            return False
    return is_late


def _importers(module: Module) -> list[tuple[Module, bool]]:
    """The modules that import a module, or something below it, and whether they do so in a
    function."""
    loading = loading_of(module.project)
    leaf = module.name.dotted.rpartition(".")[2]
    found = []
    for other, statement in tables.imports(module.project):
        if other is module or other.is_test or statement.flags & TYPE_CHECKING:
            continue
        names = (statement.module, *(name for name, _ in statement.names))
        if not any(leaf in name.split(".") for name in names) and not (
            statement.level and statement.module == ""
        ):
            continue
        if any(
            each is not None and each.path == module.path
            for _, each in loading.loaded(other, statement)
        ):
            found.append((other, bool(statement.flags & IN_FUNCTION)))
    return found
