"""Regular expressions that are compiled when they are first used."""

from __future__ import annotations

import re

from .typed import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any, AnyStr


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
