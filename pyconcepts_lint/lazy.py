"""libcst is imported when something first touches it: a clean file's run never does."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any


class _Lazy(ModuleType):
    """Stands in `sys.modules` for a module until an attribute of it is asked for.

    `importlib.util.LazyLoader` would do, but `import name` itself reads the module's `__spec__`,
    which loads it there (https://docs.python.org/3/library/importlib.html#importlib.util.LazyLoader).
    """

    def __getattr__(self, attribute: str) -> Any:
        name = self.__name__
        if sys.modules.get(name) is self:
            del sys.modules[name]  # noqa: PCL211 - the stand-in makes room for the module
        real = importlib.import_module(name)
        # Whoever has imported the stand-in keeps it.
        self.__dict__.update(vars(real))
        return getattr(real, attribute)


def make_lazy(name: str) -> None:
    """Let `import name` cost nothing until an attribute of the module is asked for."""
    if name not in sys.modules:
        sys.modules[name] = _Lazy(name)
