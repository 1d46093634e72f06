"""What Python 2 finds beside an importer, and what tells that an import means just that."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from functools import cached_property

from pyconcepts_lint.analysis.names import scopes
from pyconcepts_lint.base.answer import Answer, all_of
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.alone import is_run_alone
from pyconcepts_lint.index.facts import TYPE_CHECKING, Access, BindingKind, Import
from pyconcepts_lint.index.model import Module
from pyconcepts_lint.index.references import as_written, to_imported, to_local
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rules.imports._own_package import OwnPackage

# `extend_sys_path(…)`, `monkeypatch.syspath_prepend(…)`, `DirsOnSysPath(…)` and their like.
_CHANGES_PATH = re.compile(r"sys_?path|addsitedir", re.IGNORECASE)


class Sibling(NamedTuple):
    """A module beside the importer, or in a package there.

    `parts` is its name as the importer writes it; `files` are those of the module and of the
    packages that lead there, the outermost first.
    """

    parts: tuple[str, ...]
    files: tuple[str, ...]

    @property
    def head(self) -> str:
        return self.parts[0]

    @property
    def path(self) -> str:
        return self.files[-1]


class Siblings:
    """The modules beside a module of a regular package."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.project = module.project
        self.layout = module.project.layout
        self.package = OwnPackage(module)
        self.directory = os.path.dirname(module.path)
        self.stem = os.path.basename(module.path).partition(".")[0]

    def has(self, name: str) -> bool:
        """Is there another module or package beside the importer that a name starts with?"""
        head = name.partition(".")[0]
        if head == self.stem:
            return False
        found = self.layout.find_below(self.directory, [head])
        return found is not None and not found.is_namespace

    def find(self, name: str) -> Sibling | None:
        """What Python 2 finds there by the whole name."""
        if not self.has(name):
            return None
        parts = tuple(name.split("."))
        files: list[str] = []
        for number in range(1, len(parts) + 1):
            found = self.layout.find_below(self.directory, parts[:number])
            if found is None or found.is_namespace:
                return None
            files.append(found.path)
        return Sibling(parts, tuple(files))

    def is_attribute(self, sibling: Sibling) -> Answer:
        """Is each module on the way the attribute of its package by which it is named?

        `from . import name` takes the attribute, `import name` takes the module.
        """
        package = self.layout.init_file(self.directory)
        answers: list[Answer] = []
        for part, path in zip(sibling.parts, sibling.files, strict=True):
            if package is None:
                return Answer.UNKNOWN
            found = self.package.attribute_is_module(package, part, path)
            if found is Answer.NO and package == self.layout.init_file(self.directory):
                found = self._is_imported_bare(package, part)
            answers.append(found)
            package = path
        return all_of(answers)

    def _is_imported_bare(self, init: str, name: str) -> Answer:
        """Does a package bind a submodule's name only by a bare import of the same kind as ours?"""
        module = self.project.module(init)
        bindings = [] if module is None else module.bindings.get(name, [])
        if bindings and all(b.kind is BindingKind.IMPORT and b.target == name for b in bindings):
            is_open = module is not None and self.project.has_unknown_star(module)
            return Answer.UNKNOWN if is_open else Answer.YES
        return Answer.NO

    def is_run_from_here(self) -> bool:
        """May a script beside the importer import it by its bare name, directly or through others?

        Then the importer is in no package, and has no module to be relative to.
        """
        waiting = [module for module in self._beside() if is_run_alone(module)]
        seen = {module.path for module in waiting}
        while waiting:
            for name in _absolute_names(waiting.pop().facts.imports):
                found = self.layout.find_below(self.directory, [name.partition(".")[0]])
                if found is None or found.path in seen or not found.is_module:
                    continue
                if found.path == self.module.path:
                    return True
                seen.add(found.path)
                module = self.project.module(found.path)
                if module is not None:
                    waiting.append(module)
        return False

    def _beside(self) -> Iterator[Module]:
        for name, is_directory in sorted(self.layout.listing(self.directory).items()):
            if name.endswith(".py") and not is_directory:
                module = self.project.module(os.path.join(self.directory, name))
                if module is not None and module is not self.module:
                    yield module

    # Evidence

    @cached_property
    def are_python2(self) -> bool:
        """Does Python 2 source beside the importer import what lies there by bare names?"""
        return any(
            not module.facts.is_python3
            and any(map(module.is_beside, _absolute_names(module.facts.imports)))
            for module in self._beside()
        )

    def is_elsewhere(self, head: str) -> bool:
        """May a top-level module or package of that name be meant?"""
        return (
            head in sys.stdlib_module_names
            or any(
                self.layout.find_below(root, [head]) is not None
                for root in (self.module.name.root, *self.layout.import_roots)
            )
            or self.project.has(tables.declared_dependencies, (head).lower())
        )

    def _is_imported_elsewhere(self, head: str) -> bool:
        """Does a module import that name that has no such module beside it?

        Then there is a top-level module of the name, or this directory is on `sys.path`.
        """
        return any(
            module.path != self.module.path
            and self.layout.find_below(os.path.dirname(module.path), [head]) is None
            and any(name.partition(".")[0] == head for name in _absolute_names([statement]))
            for module, statement in tables.imports(self.project)
        )

    @cached_property
    def _is_package_in_use(self) -> bool:
        """Is something imported by the package's own name, or relatively inside it?"""
        return self._is_named(self.module.name.package) or any(
            statement.level and os.path.dirname(module.path) == self.directory
            for module, statement in tables.imports(self.project)
        )

    def _is_named(self, dotted: str) -> bool:
        """Does an import name a module, or something in it, from the top-level package on?"""
        for module, statement in tables.imports(self.project):
            if statement.level:
                base = module.absolute("." * statement.level + statement.module)
                names = [base or "", *(f"{base}.{name}" for name, _ in statement.names)]
            else:
                names = list(_absolute_names([statement]))
                names += [f"{statement.module}.{name}" for name, _ in statement.names]
            if any(f"{name}.".startswith(f"{dotted}.") for name in names):
                return True
        return False

    @cached_property
    def _changes_path(self) -> bool:
        """Does a module in the same top-level package, or a conftest.py, change `sys.path`?"""
        top = self.layout.top_package(self.directory) or self.directory
        changes = {"append", "extend", "insert", "addsitedir"}
        uses = [use for name in changes for use in self.project.row(tables.uses, name)]
        uses += [use for use in self.project.row(tables.uses, "path") if use[2] is Access.SET]
        return any(
            as_written(receiver).endswith(("sys", "sys.path", "site", "path"))
            and (
                module.path.startswith(top + os.sep)
                or os.path.basename(module.path) == "conftest.py"
            )
            for module, receiver, _ in uses
        )

    def is_evident(
        self, file: FileContext, statement: Import, number: int, sibling: Sibling
    ) -> bool:
        """Can nothing else be meant by one name of an import, and has the module what is used?"""
        if statement.flags & TYPE_CHECKING or self.is_elsewhere(sibling.head):
            return False
        if file.cached(_changes_path):
            return False
        if is_run_alone(self.module) and not self._is_named(self.module.name.dotted):
            return False  # started as a file, it finds what lies beside it
        wanted = _wanted_names(file, statement, number, sibling)
        if self.module.name.is_package and not wanted:
            # A package that imports its own modules, for others to use.
            has_names = True
        elif wanted is None:
            has_names = any(self._has_name(sibling, name) for name in _unbound_names(file))
        else:
            # That `sub` has a module `mod` says enough of `import sub.mod`.
            has_names = bool(wanted or len(sibling.parts) > 1) and all(
                self._has_name(sibling, name) for name in wanted
            )
        return has_names and self.is_only_here(sibling.head)

    def _has_name(self, sibling: Sibling, name: str) -> bool:
        return self.package.binds(sibling.path, name) is Answer.YES

    def is_only_here(self, head: str) -> bool:
        """Is the package used as one, and nothing there to say that its directory is searched?"""
        return (
            self._is_package_in_use
            and not self._changes_path
            and not self._is_imported_elsewhere(head)
        )


def _changes_path(file: FileContext) -> bool:
    return _CHANGES_PATH.search(file.text) is not None


def _absolute_names(imports: Sequence[Import]) -> Iterator[str]:
    """The modules that statements without leading dots name."""
    for statement in imports:
        if statement.level:
            continue
        if statement.is_from:
            yield statement.module
        else:
            yield from (name for name, _ in statement.names)


def _wanted_names(
    file: FileContext, statement: Import, number: int, sibling: Sibling
) -> set[str] | None:
    """Which names of the module the importer uses, as far as it says; None for a star import."""
    if statement.is_from:
        names = {name for name, _ in statement.names}
        return None if "*" in names else names
    name, alias = statement.names[number]
    receivers = {alias or name, to_local(to_imported(name))}
    assert file.module is not None
    return {
        attribute
        for receiver, attribute, context in file.module.facts.attribute_uses
        if receiver in receivers and context is Access.READ
    }


def _unbound_names(file: FileContext) -> set[str]:
    """The names that the code uses and that nothing but a star import binds."""
    import builtins

    found = file.cached(scopes)
    if found is None or file.module is None:
        return set()
    return {
        name
        for scope in found
        for name in scope.used
        if name not in file.module.bindings
        and not hasattr(builtins, name)
        and scope.find(name) in (None, found.module)
    }
