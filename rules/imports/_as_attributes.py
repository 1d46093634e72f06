"""The fix that imports a module in the place of its variables: `name` becomes `module.name`."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterable, Sequence

from pyconcepts_lint.analysis.names import is_local_somewhere
from pyconcepts_lint.base.answer import Answer
from pyconcepts_lint.base.finding import Edit
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.additions import is_name_handed_on
from pyconcepts_lint.index.facts import Import
from pyconcepts_lint.index.model import Module
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rules.imports._own_package import OwnPackage
from pyconcepts_lint.rules.imports._qualified_uses import is_taken
from pyconcepts_lint.source.ast_nodes import walk


class Imported(NamedTuple):
    """A name that a `from` statement binds: its number there, its name in the other module and
    here."""

    number: int
    name: str
    here: str


def source_of(module: Module, statement: Import) -> Module | None:
    """The other module of the project that a `from` statement takes its names from."""
    absolute = module.absolute("." * statement.level + statement.module)
    if absolute is None:
        return None
    found = module.project.imported(module, absolute)
    is_other = isinstance(found, Module) and found is not module and found.in_project
    return found if is_other else None  # type: ignore[return-value]


class AsAttributes:
    """What there is to change in a file so that it asks modules for their variables."""

    def __init__(self, file: FileContext, module: Module) -> None:
        self.file = file
        self.module = module
        self._leaves: dict[str, Module] = {}

    def can_be_replaced(self, here: str) -> bool:
        """May a name of the module go: does nothing else ask for it, and can all its uses be
        written otherwise?"""
        return not (
            here in (self.module.facts.dunder_all or ())
            or self._is_asked_for(here)
            or self._is_lost_in_f_string(here)
            or is_local_somewhere(self.file, here)
        )

    def edits(
        self, node: ast.ImportFrom, source: Module, chosen: Sequence[Imported]
    ) -> tuple[list[str], list[Edit]] | None:
        """What the names are written as then, and the edits; None where that can't be done.

        Args:
            node: the statement that imports them.
            source: the module that it imports them from.
            chosen: the names that are to go.
        """
        module, path = self.module, self.file.path
        leaf = source.name.dotted.rpartition(".")[2]
        text = self.file.code.line(node.lineno)
        indent = text[: self.file.ast_range(node).start_column - 1]
        written = "." * node.level + (node.module or "")
        if (
            source.name.is_package
            or node.lineno != node.end_lineno
            or "#" in text
            or ";" in text
            or indent.strip()
            or module.name.is_package
            or not self._is_attribute(source, written)
            or self._leaves.setdefault(leaf, source) is not source
        ):
            return None
        statement = _import_of_module(written, leaf)
        is_there = self._is_imported_above(source, leaf, node)
        if not is_there and (
            is_taken(self.file, leaf, path) or is_name_handed_on(module.project, module, leaf)
        ):
            return None
        numbers = {one.number for one in chosen}
        kept = [
            f"{alias.name} as {alias.asname}" if alias.asname else alias.name
            for number, alias in enumerate(node.names)
            if number not in numbers
        ]
        lines = [f"from {written} import {', '.join(kept)}"] if kept else []
        if not is_there or not lines:
            # Where the module has been imported above, that says it once more: a block needs a line.
            lines.append(statement)
        new = f"{self.file.code.newline}{indent}".join(lines)
        edits = [Edit(path, *self.file.ast_range(node), new)]
        attributes = {one.here: f"{leaf}.{one.name}" for one in chosen}
        edits += (
            Edit(path, *self.file.ast_range(use), attributes[use.id])
            for use in self._nodes()
            if isinstance(use, ast.Name) and use.id in attributes
        )
        return [f"`{name}`" for name in attributes.values()], edits

    def _nodes(self) -> Iterable[ast.AST]:
        return () if self.file.tree is None else walk(self.file.tree)

    def _is_attribute(self, source: Module, written: str) -> bool:
        """Is the module what its package has under its name?"""
        package = self.module.project.layout.init_file(os.path.dirname(source.path))
        if "." not in written or package is None:
            return True
        leaf = source.name.dotted.rpartition(".")[2]
        return OwnPackage(self.module).attribute_is_module(package, leaf, source.path) is Answer.YES

    def _is_imported_above(self, source: Module, leaf: str, node: ast.ImportFrom) -> bool:
        """Is the name the module's already, for all that the file says?"""
        module = self.module
        bindings = module.bindings.get(leaf, ())
        return (
            bool(bindings)
            and not is_local_somewhere(self.file, leaf)
            and not module.project.has_unknown_star(module)
            and module.project.member(module, leaf) is source
            and any(not b.flags and b.line < node.lineno for b in bindings)
        )

    def _is_lost_in_f_string(self, name: str) -> bool:
        """Is it in an f-string of which Python 3.11 doesn't say where its expressions stand?"""
        found = {
            part: self.file.ast_range(part)
            for node in self._nodes()
            if isinstance(node, ast.JoinedStr)
            for part in walk(node)
            if isinstance(part, ast.Name) and part.id == name
        }
        return len({*found.values()}) < len(found) or not all(map(self.file.stands_there, found))

    def _is_asked_for(self, name: str) -> bool:
        """May another module take the name from this one?"""
        module, project = self.module, self.module.project
        return any(
            project.resolve(other, receiver) is module
            for other, receiver, _ in project.row(tables.uses, name)
        ) or any(
            imported in (name, "*")
            and other is not module
            and (absolute := other.absolute("." * statement.level + statement.module)) is not None
            and project.imported(other, absolute) is module
            for other, statement in tables.imports(project)
            if statement.is_from
            for imported, _ in statement.names
        )


def _import_of_module(written: str, leaf: str) -> str:
    package, dot, _ = written.rpartition(".")
    if not package and not dot:
        return f"import {leaf}"
    return f"from {package if package.strip('.') else package + dot} import {leaf}"
