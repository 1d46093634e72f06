"""In which modules others count on the import of a module to fail.

Where a module can't be imported and another one catches that (`except ImportError`), the program
works without it. A fix with which the import succeeds changes what such a program does.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..base.lazy import lazy_pattern
from ..base.typed import TYPE_CHECKING
from .facts import CATCHES, IN_FUNCTION
from .facts import TYPE_CHECKING as ONLY_FOR_TYPES
from .handlers import ALL
from .loading import loading_of
from .model import Module
from .tables import imports
from .tracking import question

if TYPE_CHECKING:
    from .model import Index
_NAMED_BY_STRING = lazy_pattern(
    r"""(?:import_module|__import__|importorskip)\(\s*["']([\w.]+)["']"""
)


def is_failure_handled(project: Index, path: str, error: str) -> bool:
    """May another module catch the error that ends the import of a file, and go on otherwise?

    Args:
        project: the project.
        path: the module's file.
        error: the name of the error, one of `facts.CATCHES`.
    """
    return bool(handled(project, path) & CATCHES[error])


@question
def handled(project: Index, path: str) -> int:
    return project.whole(handled_failures).get(path, 0)


def handled_failures(project: Index) -> dict[str, int]:
    """Flags of the errors with which the import of a file may end without ending the program, by
    the file: those that an import of it catches, or one of what imports it at import time."""
    handled: dict[str, int] = {}
    imported: dict[str, set[str]] = {}
    begun: dict[str, set[str]] = {}
    for module, statement in imports(project):
        if statement.flags & ONLY_FOR_TYPES:
            continue
        if module.path not in begun:
            begun[module.path] = {module.path, *loading_of(project).packages_above(module.path)}
        for _, found in loading_of(project).loaded(module, statement):
            if found is not None and found.path not in begun[module.path]:
                handled[found.path] = handled.get(found.path, 0) | statement.flags & ALL
                if not statement.flags & IN_FUNCTION:
                    imported.setdefault(module.path, set()).add(found.path)
    for module in project.modules():
        for path in _caught_by_name(project, module):
            handled[path] = ALL
    waiting = [path for path, flags in handled.items() if flags]
    while waiting:
        path = waiting.pop()
        for other in imported.get(path, ()):
            flags = handled.get(other, 0) | handled[path]
            if flags != handled.get(other, 0):
                handled[other] = flags
                waiting.append(other)
    return handled


def _caught_by_name(project: Index, module: Module) -> Iterable[str]:
    """The files that a module imports by strings, where it may catch what comes of that."""
    text = project.text(module) or ""
    names = set(_NAMED_BY_STRING.findall(text))
    if not names or not any(word in text for word in ("except", "suppress", "importorskip")):
        return
    for name in sorted(names):
        for _, found in loading_of(project).chain(module, name, is_relative=False):
            if found is not None:
                yield found.path
