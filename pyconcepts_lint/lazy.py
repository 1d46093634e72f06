"""What takes time to make, and most runs don't need, is made when something first touches it:
libcst, and compiled regular expressions."""

from __future__ import annotations

import importlib
import re
import sys
from types import ModuleType

from .typed import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, AnyStr


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


class _Pattern:
    def __init__(self, expression: Any, flags: int) -> None:
        self._given = expression, flags

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("_"):  # `copy` and `pickle` ask for such before there is `_given`
            raise AttributeError(attribute)
        found = getattr(re.compile(*self._given), attribute)
        self.__dict__[attribute] = found
        return found


def lazy_pattern(expression: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As `re.compile`, which is called when the pattern is first used."""
    return _Pattern(expression, flags)  # type: ignore[return-value]
