"""`show module`: what a module's dictionary holds when its import ends, and what the import loads."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ..index.model import Module
from .answers import FOUND, MAYBE, Load, ModuleAnswer, Name, Submodule
from .following import interpreter
from .importing import ImportFails, Namespace, Simulation
from .world import World


def show(
    world: World, module: Module, trees: dict[str, ast.Module | None] | None = None
) -> ModuleAnswer:
    """The answer for a module. `trees` are what files have been parsed to, for more than one."""
    trees = {} if trees is None else trees
    project = world.workspaces.of(module.path).project if module.in_project else world.project
    dotted = module.name.dotted
    # A file from elsewhere is imported from where it lies.
    here = module.path if module.in_project else world.here
    at_start = _loaded_by_site(interpreter(project, here, trees))
    simulation = interpreter(project, here, trees)
    fails = ""
    try:
        simulation.run(dotted)
    except ImportFails as error:
        place = f" (`{error.dotted}`, line {error.line})" if error.line else ""
        fails = f"{error.name}: {error.message}{place}"
    namespace = simulation.loaded.get(dotted)
    unknown = [*([] if namespace is None else namespace.unknown), *simulation.unknown]
    return ModuleAnswer(
        "module",
        dotted,
        module.path,
        fails,
        namespace is not None and namespace.is_open,
        tuple(_names(namespace)),
        tuple(_loads(simulation, at_start)),
        tuple(_submodules(simulation, dotted)),
        tuple(unknown),
    )


def _loaded_by_site(simulation: Simulation) -> frozenset[str]:
    """What Python has loaded when a program starts."""
    try:
        simulation.run("site")
    except ImportFails:
        return frozenset()
    return frozenset(name for name in simulation.order if simulation.loaded[name].is_sure)


def _names(namespace: Namespace | None) -> Iterator[Name]:
    for name, entry in {} if namespace is None else namespace.names.items():
        lines = tuple(dict.fromkeys(line for line in entry.lines if line))
        yield Name(name, entry.what, lines, FOUND if entry.is_sure else MAYBE)


def _loads(simulation: Simulation, at_start: frozenset[str]) -> Iterator[Load]:
    for name in simulation.order:
        namespace = simulation.loaded[name]
        yield Load(
            name,
            namespace.path,
            namespace.by,
            _path_of(simulation, namespace.by),
            namespace.line,
            namespace.depth,
            FOUND if namespace.is_sure else MAYBE,
            name in at_start,
            "; ".join(namespace.unknown),
        )


def _submodules(simulation: Simulation, dotted: str) -> Iterator[Submodule]:
    """Of the module's own package and those around it, the submodules that are attributes then."""
    packages = [dotted]
    while "." in packages[-1]:
        packages.append(packages[-1].rpartition(".")[0])
    for package in reversed(packages):
        known = simulation.loaded.get(package)
        for name, entry in {} if known is None else known.names.items():
            inner = simulation.loaded.get(f"{package}.{name}")
            if inner is not None and entry.module == inner.dotted:
                status = FOUND if inner.is_sure and entry.is_sure else MAYBE
                by_path = _path_of(simulation, inner.by)
                yield Submodule(package, name, inner.by, by_path, inner.line, status)


def _path_of(simulation: Simulation, dotted: str) -> str:
    return simulation.loaded[dotted].path if dotted in simulation.loaded else ""
