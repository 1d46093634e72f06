"""Which classes of a project aren't judged, by what wasn't found of what they are derived from."""

from __future__ import annotations

from collections.abc import Iterable

from ..base.typed import TYPE_CHECKING, NamedTuple
from ..index.model import SourceClass

if TYPE_CHECKING:
    from ..index.model import Index

COMPUTED = "a base that only running the program tells"
NO_ORDER = "no method resolution order"


class Coverage(NamedTuple):
    """How much of some files is known.

    `missing` has the classes without a known method resolution order, by what wasn't found: the
    full name of a base, or what else is wrong. A class may be there under several names. `files`
    and `unread` are numbers of files, `classes`, `unjudged` and `partly` of class statements:
    `partly` are those whose order is known, and not all that is on it, for there is only a stub of
    a base, or a library's function makes it.
    """

    missing: dict[str, list[SourceClass]]
    files: int
    unread: int
    classes: int
    unjudged: int
    partly: int


def coverage(projects: Iterable[tuple[Index, Iterable[str]]]) -> Coverage:
    """What is known of files of some projects, and which of their classes aren't judged."""
    missing: dict[str, list[SourceClass]] = {}
    files = unread = classes = unjudged = partly = 0
    for project, paths in projects:
        for path in paths:
            files += 1
            module = project.module(path)
            if module is None:
                unread += 1
                continue
            classes += len(module.classes)
            for model in module.classes:
                if model.mro is not None:
                    continue
                partly += model.declared_mro is not None
                reasons = _reasons(model) if model.declared_mro is None else []
                unjudged += bool(reasons)
                for reason in reasons:
                    missing.setdefault(reason, []).append(model)
    return Coverage(missing, files, unread, classes, unjudged, partly)


def _reasons(model: SourceClass) -> list[str]:
    """What isn't known above a class, each once."""
    found: dict[str, None] = {}
    waiting = [model]
    for current in waiting:
        called = dict(current.facts.called)
        if "" in current.facts.keywords:
            found[COMPUTED] = None
        for number, base in enumerate(current.written_bases):
            if base is None:
                found[_missing(current, current.facts.bases[number], called.get(number, ""))] = None
            elif not isinstance(base, SourceClass) and base.declared_mro is None:
                found[COMPUTED] = None
            elif (
                isinstance(base, SourceClass) and base.declared_mro is None and base not in waiting
            ):
                waiting.append(base)
    return list(found) or [NO_ORDER]


def _missing(model: SourceClass, name: str, called: str) -> str:
    """What a base is that isn't known: its full name, with `()` behind what is called."""
    if called.startswith("="):
        called = model.module.facts.made[int(called[1:])].maker
        return f"{model.module.qualified(called)}()"
    if name.startswith("#") or not name + called:
        return COMPUTED
    qualified = model.module.qualified(name or called)
    return qualified if name else f"{qualified}()"
