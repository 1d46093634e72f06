"""Variables of the process's environment that say where installed packages lie."""

from __future__ import annotations

VARIABLES = ("VIRTUAL_ENV", "CONDA_PREFIX", "PRE_COMMIT")
"""The first two name an environment; the last one is there where pre-commit has made one."""
