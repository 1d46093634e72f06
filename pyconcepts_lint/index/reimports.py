"""Modules that a program gets twice, or others in their place: what it does to `sys.path` and
`sys.modules`."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator

from ..base.typed import TYPE_CHECKING, NamedTuple
from ..source.ast_nodes import walk
from ..source.python3 import parsed_or_none
from .facts import LoaderKind
from .layout import Found
from .model import Module
from .tracking import keys, question, rows, table

if TYPE_CHECKING:
    from .model import Index


# Second names


class Added(NamedTuple):
    """What a top-level name finds in a folder of the project that `by` puts on `sys.path`."""

    path: str
    by: Module

    @property
    def key(self) -> str:
        return f"{self.path} {self.by.path}"


@keys
def script_names(module: Module) -> Iterator[str]:
    """The last names of the scripts of the project."""
    if module.is_script:
        yield module.name.dotted.rpartition(".")[2]


@keys
def searching(module: Module) -> Iterator[str]:
    """The modules that put folders on `sys.path`."""
    if any(loader.kind is LoaderKind.SEARCH for loader in module.facts.loaders):
        yield module.path


@table
def second_names(project: Index) -> dict[str, tuple[Added, ...]]:
    """The modules of packages that have a top-level name, too, because something in the project puts
    their folder on `sys.path`, by that name."""
    found: dict[str, list[Added]] = {}
    layout = project.layout
    paths = project.keys(searching)
    modules = [project.module(path) for path in sorted(paths)]
    for module in modules:
        for loader in () if module is None else module.facts.loaders:
            assert module is not None
            folder = _folder(module, loader.place) if loader.kind is LoaderKind.SEARCH else ""
            if not folder or not layout.is_regular_package(folder):
                continue
            for entry in sorted(layout.listing(folder)):
                name = entry.removesuffix(".py")
                one = layout.find_below(folder, [name]) if name.isidentifier() else None
                if name != "__init__" and one is not None and one.is_file:
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
            if not isinstance(target, Found) or not target.is_file:
                return ""
            directory = os.path.dirname(target.path)
        rest = rest.lstrip("/")
    folder = os.path.normpath(os.path.join(directory, rest))
    return folder if folder.startswith(root.rstrip(os.sep) + os.sep) else ""


# What may put another object into the place of a module

_READS = frozenset({"get", "keys", "items", "values", "pop", "copy", "__contains__"})
_COPY = frozenset({"any", "dict", "frozenset", "iter", "len", "list", "set", "sorted", "tuple"})


@rows(lambda module, _: module)
def users_of_modules(module: Module) -> Iterator[tuple[str, None]]:
    """The modules that have `sys.modules`, or what may be that, in one row."""
    if any(attribute == "modules" for _, attribute, _ in module.facts.attribute_uses) or any(
        each.module == "sys" and any(name in ("modules", "*") for name, _ in each.names)
        for each in module.facts.imports
    ):
        yield "sys.modules", None


def module_may_be_replaced(project: Index, name: str, but: Module | None = None) -> bool:
    """May a module of the project, other than `but`, put another object into the place of a module
    of that name, which it spells?"""
    for user in project.row(users_of_modules, "sys.modules"):
        text = project.text(user) if user is not but else ""
        if text is None or (name in text and may_replace_modules(project, user.path)):
            return True
    return False


@question
def may_replace_modules(project: Index, path: str) -> bool:
    """May a file's use of what is called `modules` put another object into `sys.modules`, or give a
    module that it finds there another class? Asking what is there, or taking it away, doesn't."""
    module = project.module(path)
    tree = parsed_or_none(None if module is None else project.text(module))
    if tree is None:
        return True
    nodes = walk(tree)
    harmless = {id(part) for node in nodes for part in _only_reads(node)}
    return any(
        (isinstance(node, ast.Constant) and node.value == "__class__")
        or (
            "modules" in (getattr(node, "attr", ""), getattr(node, "id", ""))
            and id(node) not in harmless
        )
        for node in nodes
    )


def _only_reads(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a node of which it only asks what is in them, or that it takes away."""
    if isinstance(node, ast.Compare):
        yield from node.comparators
    elif isinstance(node, ast.Subscript):
        if not isinstance(node.ctx, ast.Store):
            yield node.value
    elif isinstance(node, ast.Attribute):
        if node.attr in _READS:
            yield node.value
    elif isinstance(node, ast.Call):
        if isinstance(node.func, ast.Name) and node.func.id in _COPY:
            yield from node.args
    elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
        yield node.iter
