"""Which errors the code around an import catches."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable

from ..base.typed import TYPE_CHECKING
from .facts import CATCHES

if TYPE_CHECKING:
    pass

ALL = sum(CATCHES.values())
_SUPPRESSING = frozenset({"suppress", "raises", "assertRaises", "assertRaisesRegex"})


def caught_by(types: Iterable[ast.expr | None]) -> int:
    """Flags of the errors that `except` clauses with these types catch; of all for what isn't
    the plain name of a built-in exception."""
    flags = 0
    for kind in types:
        parts = kind.elts if isinstance(kind, ast.Tuple) else [kind]
        for part in parts:
            caught = getattr(builtins, part.id, None) if isinstance(part, ast.Name) else None
            if not isinstance(caught, type):
                return ALL
            for name, flag in CATCHES.items():
                flags |= flag if issubclass(getattr(builtins, name), caught) else 0
    return flags


def caught_in_with(node: ast.With | ast.AsyncWith) -> int:
    """Flags of the errors that `with suppress(…)` and its like keep from leaving the block."""
    flags = 0
    for item in node.items:
        call = item.context_expr
        if isinstance(call, ast.Call):
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            flags |= caught_by(call.args) if name in _SUPPRESSING else 0
    return flags
