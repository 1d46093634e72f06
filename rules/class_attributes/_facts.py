"""What is noted of each file for the rules about class attributes."""

from __future__ import annotations

import builtins
from collections.abc import Iterator

from pyconcepts_lint.base.typed import TYPE_CHECKING, NamedTuple
from pyconcepts_lint.index.extractor import extractor

if TYPE_CHECKING:
    from pyconcepts_lint.index.binder import FileIndex

_BUILTINS = frozenset(dir(builtins))


class NameInClass(NamedTuple):
    """A name bound in a class body, and neither in the module nor by Python, that functions,
    comprehensions and classes inside of it use without binding it.

    It is no matter that Python has the name, too, where a statement reads it before it binds it.
    """

    name: str


@extractor(NameInClass, words=("class",))
def names_in_classes(index: FileIndex) -> Iterator[NameInClass]:
    for scope in index.scopes:
        if scope.kind == "class":
            for used in sorted(scope.inside):
                name = used.removesuffix("=")
                if name in scope.names and not (name in index.module.names or used in _BUILTINS):
                    yield NameInClass(name)
