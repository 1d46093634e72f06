"""Which classes of a project aren't judged, by what wasn't found of what they are derived from."""

from __future__ import annotations

import os
from collections.abc import Iterable

from ..base.typed import TYPE_CHECKING, NamedTuple
from ..index.installed import LARGEST_INSTALLED
from ..index.layout import Found
from ..index.model import Module, SourceClass
from ..index.references import class_number, made_number

if TYPE_CHECKING:
    from ..index.model import Index, Symbol

_MOST_STEPS = 8  # of imports that a name is followed through
COMPUTED = "a base that only running the program tells"
NO_ORDER = "no method resolution order"


class Coverage(NamedTuple):
    """How much of some files is known.

    `missing` has the classes without a known method resolution order, by what wasn't found: the
    full name of a base, or what else is wrong. A class may be there under several names. `files`
    and `unread` are numbers of files, `classes`, `unjudged` and `partly` of class statements:
    `partly` are those whose order is known, and not all that is on it, for there is only a stub of
    a base, or a library's function makes it. `why` tells of some of the names why they weren't
    found: what is there can't be read.
    """

    missing: dict[str, list[SourceClass]]
    files: int
    unread: int
    classes: int
    unjudged: int
    partly: int
    why: dict[str, str]


def coverage(projects: Iterable[tuple[Index, Iterable[str]]]) -> Coverage:
    """What is known of files of some projects, and which of their classes aren't judged."""
    missing: dict[str, list[SourceClass]] = {}
    why: dict[str, str] = {}
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
                reasons = _reasons(model) if model.declared_mro is None else {}
                unjudged += bool(reasons)
                for reason, said in reasons.items():
                    if said:
                        why[reason] = said
                    missing.setdefault(reason, []).append(model)
    return Coverage(missing, files, unread, classes, unjudged, partly, why)


def _reasons(model: SourceClass) -> dict[str, str]:
    """What isn't known above a class, each once, with why that is so, or ""."""
    found: dict[str, str] = {}
    waiting = [model]
    for current in waiting:
        called = dict(current.facts.called)
        if "" in current.facts.keywords:
            found[COMPUTED] = ""
        for number, base in enumerate(current.written_bases):
            if base is None:
                name = _missing(current, current.facts.bases[number], called.get(number, ""))
                found[name] = "" if name == COMPUTED else _unread(current, name)
            elif not isinstance(base, SourceClass) and base.declared_mro is None:
                found[COMPUTED] = ""
            elif (
                isinstance(base, SourceClass) and base.declared_mro is None and base not in waiting
            ):
                waiting.append(base)
    return found or {NO_ORDER: ""}


def _unread(model: SourceClass, dotted: str) -> str:
    """Why the module of a full name can't be read, if there is one; "" where there is none, or the
    name isn't in it."""
    module, project = model.module, model.project
    parts = dotted.removesuffix("()").split(".")
    for _ in range(_MOST_STEPS):
        found: Symbol | None = None
        number = 0
        for number in range(1, len(parts)):
            name = ".".join(parts[:number])
            found = project.imported(module, name)
            if found is None:
                place = project.layout.find(name, module.path)
                place = place or project.layout.find_installed(name)
                return "" if place is None else _why_not_read(place)
            if not isinstance(found, Module) or parts[number] in found.bindings:
                break
        if not isinstance(found, Module):
            return ""
        sources = {found.source(binding) for binding in found.bindings.get(parts[number], ())}
        source = sources.pop() if len(sources) == 1 else None
        if source is None:
            return ""
        module, parts = found, [*source.split("."), *parts[number + 1 :]]
    return ""


def _why_not_read(place: Found) -> str:
    if place.is_compiled:
        return f"{place.path} is compiled, and there is no stub of it"
    if not place.is_file:
        return ""
    try:
        size = os.path.getsize(place.path)
    except OSError as error:
        return f"{place.path} can't be read: {error.strerror}"
    if size > LARGEST_INSTALLED:
        return f"{place.path} is not read, for it is larger than {LARGEST_INSTALLED:,} bytes"
    return f"{place.path} is not read, for it doesn't parse as Python 3"


def _missing(model: SourceClass, name: str, called: str) -> str:
    """What a base is that isn't known: its full name, with `()` behind what is called."""
    made = made_number(called)
    if made is not None:
        return f"{model.module.qualified(model.module.facts.made[made].maker)}()"
    if class_number(name) is not None or not name + called:
        return COMPUTED
    qualified = model.module.qualified(name or called)
    return qualified if name else f"{qualified}()"
