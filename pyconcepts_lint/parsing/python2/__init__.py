"""Reading Python 2 source.

`translate` reads a text as Python 2; `python3_traps` finds what is left of Python 2 in text that
Python 3 parses; `import_dot` explains each `import .x`, which no Python reads.
"""

from __future__ import annotations

import ast

from .translation import Construct, Piece, TextEdit, Translation

__all__ = [
    "Construct",
    "Piece",
    "TextEdit",
    "Translation",
    "import_dot",
    "python3_traps",
    "translate",
]


def translate(text: str) -> Translation | None:
    """Read a text as Python 2 and say the same in Python 3.

    Returns None where Python 2 can't read the text either. Never raises. Which encoding the file
    has is not looked at: Python 2 also refuses characters beyond ASCII without a coding line.
    """
    # fissix and its grammar are loaded for the first file that Python 3 refuses.
    from . import reading

    return reading.translate(text)


def python3_traps(text: str, tree: ast.Module) -> list[Construct]:
    """Python 2's `print` statements that Python 3 parses, as something else.

    `tree` is what `ast.parse` makes of the text.
    """
    from . import leftovers

    return leftovers.python3_traps(text, tree)


def import_dot(text: str) -> list[Construct]:
    """Each `import` statement with a leading dot, in a text that need not be readable."""
    from . import leftovers

    return leftovers.import_dot(text)
