"""What goes wrong inside the tool, or in a rule: put into words, and kept to the file it is about.

Every handler here and in the engine lets KeyboardInterrupt through, which ends the run, and takes
all else, SystemExit included: a rule that calls `sys.exit` must not look like a clean run.
"""

from __future__ import annotations

import os

from ..base.typed import TYPE_CHECKING
from ..source.ast_nodes import child_nodes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from .file import FileContext
TOO_DEEP = "too deeply nested to look at"
"""What is said of source whose own depth is the cause of a RecursionError."""
_DEEP = 200
"""Levels of a tree from which on its depth may exhaust Python's stack."""


class FileFault(Exception):
    """The index could not be made of a file, because of an error in this tool; the text says it."""


def described(error: BaseException) -> str:
    """An exception in one line, with the place where it was raised."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    last = frames[-1] if frames else None
    where = f" ({os.path.basename(last.filename)}:{last.lineno})" if last else ""
    try:
        # The text of a KeyError may be a whole tree.
        what = str(error).partition("\n")[0][:200]
    except Exception:
        what = ""
    return f"{type(error).__name__}{': ' if what else ''}{what}{where}"


def is_deep(file: FileContext) -> bool:
    """Is the source itself nested so deeply that this may be the cause of a RecursionError?

    A rule that calls itself without end raises one over any source.
    """
    from ..source import cst
    from ..source.cst_nodes import children
    from ..source.nesting import is_too_deep

    try:
        if file.tree is not None and has_levels(file.tree, child_nodes):
            return True
        if is_too_deep(file.text):
            return True
        # What is one node for `ast`, such as `a and b and c`, may be nested nodes for libcst.
        return has_levels(cst.parse_module(file.text), children)
    except RecursionError:
        return True
    except Exception:
        return False


def has_levels(root: Any, below: Callable[[Any], Iterable[Any]]) -> bool:
    """Has a tree so many levels that its depth may exhaust Python's stack?"""
    level = [root]
    for _ in range(_DEEP):
        level = [child for node in level for child in below(node)]
        if not level:
            return False
    return True
