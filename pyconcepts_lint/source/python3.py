"""The running Python's own parser, without its warnings."""

from __future__ import annotations

import ast
import warnings

from .ast_nodes import note_first_lines


def parse_python3(text: str, minor: int | None = None) -> ast.Module:
    """`ast.parse` without warnings about the code (invalid escapes and the like).

    With `minor`, syntax that is newer than Python 3.`minor` is refused, as far as Python's own
    parser knows of what is newer.
    """
    version = None if minor is None else (3, minor)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(text, feature_version=version)
    note_first_lines(tree, text)
    return tree
