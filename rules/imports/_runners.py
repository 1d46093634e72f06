"""Which files of the project are run by their path: PCL216, PCL217."""

from __future__ import annotations

import os

from pyconcepts_lint.index import tables
from pyconcepts_lint.index.model import Module
from pyconcepts_lint.rules.imports._facts import run_files

_RUN = ("executable", "run_path", "system", "run", "call", "check_call", "check_output", "Popen")
"""The attributes of modules that run files."""


def runner_of(module: Module) -> Module | None:
    """Another module of the project that runs a module by its path."""
    project = module.project
    for attribute in _RUN:
        for other, _, _ in project.row(tables.uses, attribute):
            if other is not module and any(
                f"/{module.file_name}".endswith(f"/{os.path.normpath(run.path)}")
                for run in run_files.of(other.facts)
            ):
                return other
    return None
