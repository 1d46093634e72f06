"""Modules that are run, or that a tool loads by their paths, without their packages."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from .facts import Import
from .model import Module
from .tables import is_loaded_by_path

# Task runners load these by their paths.
_RUN_BY_NAME = frozenset({"dodo", "fabfile", "noxfile", "setup", "wscript"})
# These run the files that import them.
_RUN_FILES = frozenset({"locust", "manim", "streamlit"})


def is_run_alone(module: Module) -> bool:
    """Is the module a script, or does a tool load it by its path, without its package?"""
    return module.is_script or is_loaded_alone(module)


def is_loaded_alone(module: Module) -> bool:
    """Does the project or a tool load the module by its path, without its package?"""
    if is_loaded_by_path(module.project, module.path):
        return True
    stem = os.path.basename(module.path).partition(".")[0]
    if stem in _RUN_BY_NAME or not re.fullmatch(r"\w+", stem):
        return True
    if stem == "conf" and "extensions" in module.bindings:  # Sphinx
        return True
    imports = module.facts.imports
    tools: set[str] = set()
    for statement in imports:
        if not statement.level:
            names = [statement.module] if statement.module else [n for n, _ in statement.names]
            tools.update(name.partition(".")[0] for name in names)
    if "alembic" in tools:
        return is_migration(module)
    if "airflow" in tools:
        imported = (name for statement in imports for name in absolute_names(statement))
        return any(name.rpartition(".")[2] in ("DAG", "dag") for name in imported)
    return not _RUN_FILES.isdisjoint(tools)


def is_migration(module: Module) -> bool:
    """Does Alembic load the module, by its path, whatever else imports it?"""
    return (
        "revision" in module.bindings or os.path.basename(module.path).partition(".")[0] == "env"
    ) and any(
        name.partition(".")[0] == "alembic"
        for statement in module.facts.imports
        for name in absolute_names(statement)
    )


def absolute_names(statement: Import) -> Iterator[str]:
    """What a statement may import, by absolute names: for `from a import b` that is `a` and, for
    `b` may be a module, `a.b`. Nothing for a relative import."""
    if statement.level:
        return
    if statement.module:
        yield statement.module
    for name, _ in statement.names:
        if name != "*":
            yield f"{statement.module}.{name}" if statement.module else name
