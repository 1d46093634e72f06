"""What is noted of each file for the rules about source."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator

from pyconcepts_lint.base.typed import TYPE_CHECKING, NamedTuple
from pyconcepts_lint.index.extractor import extractor

if TYPE_CHECKING:
    from pyconcepts_lint.index.binder import FileIndex


class Refused(NamedTuple):
    """What the compiler says of a file that can be parsed."""

    line: int
    column: int
    message: str


@extractor(Refused, words=("return", "nonlocal", "global", "__future__", "*"))
def refused(index: FileIndex) -> Iterator[Refused]:
    """The first error, where something in the file looks like one. Compiling takes as long as all
    the rest."""
    if not index.may_be_refused:
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            compile(index.text, "<source>", "exec", flags, dont_inherit=True)
    except SyntaxError as error:
        yield Refused(error.lineno or 1, error.offset or 1, error.msg)
    except (ValueError, RecursionError, MemoryError):
        return
