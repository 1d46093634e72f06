"""Which errors the code around an import catches, and in which modules others count on them.

Where a module can't be imported and another one catches that (`except ImportError`), the program
works without it. A fix with which the import succeeds changes what such a program does.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable

from ..base.lazy import lazy_pattern
from ..base.typed import TYPE_CHECKING
from .facts import CATCHES, IN_FUNCTION
from .facts import TYPE_CHECKING as ONLY_FOR_TYPES

if TYPE_CHECKING:
    from .project import Module, Project

_ALL = sum(CATCHES.values())
_SUPPRESSING = frozenset({"suppress", "raises", "assertRaises", "assertRaisesRegex"})
_NAMED_BY_STRING = lazy_pattern(
    r"""(?:import_module|__import__|importorskip)\(\s*["']([\w.]+)["']"""
)


def caught_by(types: Iterable[ast.expr | None]) -> int:
    """Flags of the errors that `except` clauses with these types catch; of all for what isn't
    the plain name of a built-in exception."""
    flags = 0
    for kind in types:
        parts = kind.elts if isinstance(kind, ast.Tuple) else [kind]
        for part in parts:
            caught = getattr(builtins, part.id, None) if isinstance(part, ast.Name) else None
            if not isinstance(caught, type):
                return _ALL
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


def handled_failures(project: Project) -> dict[str, int]:
    """Flags of the errors with which the import of a file may end without ending the program, by
    the file: those that an import of it catches, or one of what imports it at import time."""
    handled: dict[str, int] = {}
    imported: dict[str, set[str]] = {}
    begun: dict[str, set[str]] = {}
    for module, statement in project.imports:
        if statement.flags & ONLY_FOR_TYPES:
            continue
        if module.path not in begun:
            begun[module.path] = {module.path, *project.loading.packages_above(module.path)}
        for _, found in project.loading.loaded(module, statement):
            if found is not None and found.path not in begun[module.path]:
                handled[found.path] = handled.get(found.path, 0) | statement.flags & _ALL
                if not statement.flags & IN_FUNCTION:
                    imported.setdefault(module.path, set()).add(found.path)
    for module in project.modules():
        for path in _caught_by_name(project, module):
            handled[path] = _ALL
    waiting = [path for path, flags in handled.items() if flags]
    while waiting:
        path = waiting.pop()
        for other in imported.get(path, ()):
            flags = handled.get(other, 0) | handled[path]
            if flags != handled.get(other, 0):
                handled[other] = flags
                waiting.append(other)
    return handled


def _caught_by_name(project: Project, module: Module) -> Iterable[str]:
    """The files that a module imports by strings, where it may catch what comes of that."""
    text = project.text(module) or ""
    names = set(_NAMED_BY_STRING.findall(text))
    if not names or not any(word in text for word in ("except", "suppress", "importorskip")):
        return
    for name in sorted(names):
        for _, found in project.loading.chain(module, name, is_relative=False):
            if found is not None:
                yield found.path
