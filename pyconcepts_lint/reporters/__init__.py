"""The forms in which findings are written; each in a file of its own, imported when asked for."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Sequence
from typing import NamedTuple, TextIO

from pyconcepts_lint.finding import Finding

FORMATS = ("full", "concise", "json", "jsonl", "github")
"""The names of the formats; each is a module of this package with a function `write`."""

FOR_PEOPLE = frozenset({"full", "concise"})
"""Formats after which a summary is said on standard error."""


class Style(NamedTuple):
    """How to draw: `width` is in terminal columns; `directory` is what paths are relative to."""

    width: int = 80
    color: bool = False
    directory: str = ""

    def path(self, path: str) -> str:
        """A path relative to the directory where it lies below it, with forward slashes."""
        inside = self.directory and path.startswith(self.directory.rstrip(os.sep) + os.sep)
        shown = os.path.relpath(path, self.directory) if inside else path
        return shown.replace(os.sep, "/")


Writer = Callable[[Sequence[Finding], TextIO, Style], None]


def writer(name: str) -> Writer:
    """The function that writes findings in a format: `write(findings, out, style)`."""
    module = importlib.import_module(f"{__name__}.{name}")
    found: Writer = module.write
    return found
