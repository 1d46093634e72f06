"""fissix's grammar, wherever the user's cache directory is.

When `fissix.pygram` is imported, it makes a directory there for what it makes of its grammar files,
and fails where it can't.
"""

from __future__ import annotations

from types import ModuleType
from typing import Any

import fissix
from fissix.pgen2 import driver, pgen

__all__ = ["pygram"]

_load: Any = driver.load_grammar


def _load_or_make(source: str, *arguments: Any, **options: Any) -> Any:
    if fissix.CACHE_DIR.is_absolute():  # without a home it would lie in the working directory
        try:
            return _load(source, *arguments, **options)
        except Exception:  # a directory that can't be made, a file that holds something else
            pass
    return pgen.generate_grammar(source)


def _import_pygram() -> ModuleType:
    driver.load_grammar = _load_or_make
    try:
        from fissix import pygram
    finally:
        driver.load_grammar = _load
    return pygram  # type: ignore[no-any-return]


pygram = _import_pygram()
