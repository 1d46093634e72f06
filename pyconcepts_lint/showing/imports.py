"""`show imports`: which modules import each other, when, and which cycles fail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..base.typed import TYPE_CHECKING
from ..index.cycles import components, failing_imports
from ..index.facts import CONDITIONAL, IN_FUNCTION, Import
from ..index.facts import TYPE_CHECKING as ONLY_FOR_TYPES
from ..index.loading import loading_of
from ..index.model import Module
from .answers import Cycle, Edge, FailingImport, ImportsAnswer

if TYPE_CHECKING:
    from ..index.project import Project

IMPORT_TIME = "import time"
FUNCTION = "function"
TYPING = "typing"


def show(project: Project, about: Module | None = None) -> ImportsAnswer:
    """The imports of a project, or those around one of its modules."""
    modules = {module.path: module for module in project.modules()}
    names = {path: module.name.dotted for path, module in modules.items()}
    edges: list[Edge] = []
    outside: set[str] = set()
    for module in modules.values():
        for edge, path in _edges(module):
            if path in names:
                edges.append(edge._replace(imported=names[path]))
            elif not path:
                outside.add(edge.imported)
    cycles = list(_cycles(project, names, edges))
    if about is not None:
        name = about.name.dotted
        cycles = [cycle for cycle in cycles if name in cycle.modules]
        around = {name, *(other for cycle in cycles for other in cycle.modules)}
        edges = [
            edge
            for edge in edges
            if name in (edge.importer, edge.imported) or {edge.importer, edge.imported} <= around
        ]
        shown = {name, *(e.importer for e in edges), *(e.imported for e in edges)}
        modules = {path: module for path, module in modules.items() if names[path] in shown}
        outside = {edge.imported for edge, path in _edges(about) if not path}
    return ImportsAnswer(
        "imports",
        "" if about is None else about.name.dotted,
        tuple(sorted((names[path], path) for path in modules)),
        tuple(sorted(set(edges), key=lambda edge: (edge.importer, edge.line, edge.imported))),
        tuple(cycles),
        tuple(sorted(outside)),
    )


def _edges(module: Module) -> Iterator[tuple[Edge, str]]:
    """What the statements of a module load, with the file, "" for what isn't the project's."""
    loading = loading_of(module.project)
    own = {module.path, *loading.packages_above(module.path)}
    for statement in module.facts.imports:
        loaded = list(loading.loaded(module, statement))
        for dotted, found in loaded:
            path = "" if found is None else found.path
            if path in own and len(loaded) > 1:
                continue  # its own packages are running already
            yield (
                Edge(
                    module.name.dotted,
                    dotted,
                    module.path,
                    statement.line,
                    _when(statement),
                    bool(statement.flags & CONDITIONAL),
                ),
                path,
            )


def _when(statement: Import) -> str:
    if statement.flags & ONLY_FOR_TYPES:
        return TYPING
    return FUNCTION if statement.flags & IN_FUNCTION else IMPORT_TIME


def _cycles(project: Project, names: dict[str, str], edges: Iterable[Edge]) -> Iterator[Cycle]:
    graph: dict[str, list[str]] = {name: [] for name in names.values()}
    for edge in edges:
        if edge.when == IMPORT_TIME:
            graph[edge.importer].append(edge.imported)
    failures = [failure for path in names for failure in _failures(project, path, names[path])]
    for component in sorted(components(graph)):
        if len(component) < 2 and component[0] not in graph[component[0]]:
            continue
        inside = set(component)
        own = tuple(
            edge
            for edge in edges
            if edge.when == IMPORT_TIME and edge.importer in inside and edge.imported in inside
        )
        failing = tuple(each for each in failures if each.module in inside)
        yield Cycle(tuple(component), own, failing)


def _failures(project: Project, path: str, name: str) -> Iterator[FailingImport]:
    for failure in project.row(failing_imports, path):
        chain = tuple((link.dotted, link.line) for link in failure.chain)
        entry = chain[0][0] if chain else name
        yield FailingImport(entry, name, path, failure.line, failure.wanted, failure.owner, chain)
