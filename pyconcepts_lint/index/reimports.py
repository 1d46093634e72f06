"""Folders that a program puts on `sys.path`, and the second names that their modules get by that."""

from __future__ import annotations

import os

from ..base.typed import TYPE_CHECKING, NamedTuple
from .layout import Found
from .model import Module
from .tracking import table

if TYPE_CHECKING:
    from .model import Index


class Added(NamedTuple):
    """What a top-level name finds in a folder of the project that `by` puts on `sys.path`."""

    path: str
    by: Module

    @property
    def key(self) -> str:
        return f"{self.path} {self.by.path}"


@table
def second_names(project: Index) -> dict[str, tuple[Added, ...]]:
    """The modules of packages that have a top-level name, too, because something in the project puts
    their folder on `sys.path`, by that name."""
    found: dict[str, list[Added]] = {}
    layout = project.layout
    for module in project.modules():
        for loader in module.facts.loaders:
            folder = _folder(module, loader.place) if loader.kind == "search" else ""
            if not folder or not layout.is_regular_package(folder):
                continue
            for entry in sorted(layout.listing(folder)):
                name = entry.removesuffix(".py")
                one = layout.find_below(folder, [name]) if name.isidentifier() else None
                if name != "__init__" and one is not None and one.kind in ("module", "package"):
                    found.setdefault(name, []).append(Added(one.path, module))
    return {name: tuple(dict.fromkeys(added)) for name, added in found.items()}


def _folder(module: Module, place: str) -> str:
    """The folder of the project that a place (see `Loader.place`) surely is; "" for any other."""
    root = module.project.root
    if root is None or "*" in place:
        return ""
    directory, rest = root, place
    if place.startswith("<"):
        of, _, rest = place[1:].partition(">")
        directory = os.path.dirname(module.path)
        if of:
            absolute = module.absolute(of)
            target = module.project.layout.find(absolute, module.path) if absolute else None
            if not isinstance(target, Found) or target.kind not in ("module", "package"):
                return ""
            directory = os.path.dirname(target.path)
        rest = rest.lstrip("/")
    folder = os.path.normpath(os.path.join(directory, rest))
    return folder if folder.startswith(root.rstrip(os.sep) + os.sep) else ""
