"""What comes of an import statement that isn't there yet: a fix wants to add it to a module.

An added import runs another module, and what that imports, in the middle of the module that
gets it. Three things can go wrong. The other module may ask one that is still running for a name
(a cycle is closed). It may fail for reasons of its own, which stayed hidden as long as nothing
loaded it. And what it loads may take the place of names that its packages bind.
"""

from __future__ import annotations

import ast
import builtins
import os
import sys
from collections.abc import Iterator

from ..base.answer import Answer
from ..base.typed import TYPE_CHECKING, NamedTuple
from ..source.python3 import parsed_or_none
from .cycles import LOADS_OTHERS
from .facts import CONDITIONAL, IMPORT_KINDS, IN_FUNCTION, Import
from .facts import TYPE_CHECKING as ONLY_FOR_TYPES
from .layout import Found
from .loading import loading_of
from .model import Module
from .tables import imports

if TYPE_CHECKING:
    from .model import Index

CLOSES_CYCLE, UNKNOWN, HARMLESS = range(3)

# Modules of the standard library that not every interpreter has.
_NOT_EVERYWHERE = frozenset(
    {
        *("_winapi", "_winreg", "bz2", "crypt", "ctypes", "curses", "dbm", "fcntl", "grp"),
        *("idlelib", "lib2to3", "lzma", "msilib", "msvcrt", "multiprocessing", "nis", "nt"),
        *("ossaudiodev", "posix", "pty", "pwd", "readline", "resource", "spwd", "sqlite3", "ssl"),
        *("syslog", "termios", "tkinter", "tty", "turtle", "turtledemo", "winreg", "winsound"),
        *("asyncore", "asynchat", "smtpd", "imp", "distutils"),
    }
)
_ENDS_PROGRAM = frozenset({"exit", "_exit", "main", "run"})


def runs(project: Index, path: str, other: str) -> bool:
    """May importing one module run another, at import time?"""
    module = project.module(path)
    return module is not None and other in Additions(module).all_run_by(path)


def is_name_handed_on(project: Index, module: Module, name: str) -> bool:
    """May another module that takes all names of this one with a star notice a new one?"""
    if module.facts.dunder_all is not None and name not in module.facts.dunder_all:
        return False
    seen = {module.path}
    waiting = [module.path]
    while waiting:
        path = waiting.pop()
        for other, statement in imports(project):
            if statement.names[0][0] != "*" or other.path in seen:
                continue
            source = loading_of(project).source(other, statement)
            if source is not None and source.path == path:
                text = project.text(other)
                if text is None or name in text:
                    return True
                seen.add(other.path)
                waiting.append(other.path)
    return False


class _Edges(NamedTuple):
    """Files that importing a module runs, if they haven't been run, and those it asks for names.

    `sure` are those of `runs` that no condition keeps from being run; `outside` are the names
    of what isn't the project's, likewise.
    """

    runs: frozenset[str]
    asks: frozenset[str]
    sure: frozenset[str]
    outside: frozenset[str]


class Additions:
    """What imports that are added to a module would do when it is imported."""

    def __init__(self, importer: Module) -> None:
        self.project = importer.project
        self.loading = loading_of(importer.project)
        self.importer = importer
        self._known: dict[str, _Edges] = {}
        self._reached: dict[str, frozenset[str]] = {}

    def judge(self, path: str) -> int:
        """What an import of the module at `path` does.

        CLOSES_CYCLE: it asks a module that may still be running then. UNKNOWN: it may fail by
        itself, or change what others find. HARMLESS: neither.
        """
        begun = {self.importer.path, *self.loading.packages_above(self.importer.path)}
        added = {path} - begun
        for first in (path, *self.loading.packages_above(path)):
            if first not in begun:
                added |= {first, *self.all_run_by(first)}
        for one in added:
            for asked in self._edges(one).asks:
                running = self.all_run_by(asked)
                if asked == self.importer.path or self.importer.path in running or one in running:
                    return CLOSES_CYCLE
        loaded, outside = self._surely_run_by(self.importer.path)
        for one in sorted(added - loaded):
            if not self._runs_quietly(one, outside) or self._hides_a_name(one):
                return UNKNOWN
        return HARMLESS

    def surely_succeeds(self, statement: Import) -> bool:
        """Is there nothing that might fail in what an import statement of the module runs?"""
        reached = [found for _, found in self.loading.loaded(self.importer, statement)]
        paths = {found.path for found in reached if found is not None}
        paths.update(*(self.all_run_by(path) for path in paths.copy()))
        return self._succeeds(self.importer, statement, set()) and all(
            self._runs_quietly(path, set()) for path in sorted(paths)
        )

    # The graph

    def _edges(self, path: str) -> _Edges:
        if path not in self._known:
            self._known[path] = self._edges_of(path)
        return self._known[path]

    def _edges_of(self, path: str) -> _Edges:
        module = self.project.module(path) if path.endswith(".py") else None
        runs: set[str] = set()
        asks: set[str] = set()
        sure: set[str] = set()
        outside: set[str] = set()
        own = set(self.loading.packages_above(path))
        for statement in () if module is None else module.facts.imports:
            assert module is not None
            if statement.flags & (IN_FUNCTION | ONLY_FOR_TYPES):
                continue
            is_sure = not statement.flags & CONDITIONAL
            for dotted, found in self.loading.loaded(module, statement):
                if found is not None and found.path not in own:
                    runs.add(found.path)
                    sure.update((found.path,) if is_sure else ())
                elif found is None and is_sure:
                    outside.add(dotted)
            asked = self._asked(module, statement)
            asks.update(() if asked is None else (asked.path,))
        return _Edges(frozenset(runs), frozenset(asks), frozenset(sure), frozenset(outside))

    def _asked(self, module: Module, statement: Import) -> Found | None:
        """The module that a statement takes a name from, which isn't that of a submodule: that
        would be found while the package still runs."""
        if not statement.is_from:
            return None
        source = self.loading.source(module, statement)
        if source is None or not source.is_file:
            return None
        if source.is_package and all(
            self.loading.below(source, name) is not None for name, _ in statement.names
        ):
            return None
        return source

    def all_run_by(self, path: str) -> frozenset[str]:
        known = self._reached.get(path)
        if known is None:
            found: set[str] = set()
            waiting = [path]
            while waiting:
                for other in self._edges(waiting.pop()).runs - found:
                    found.add(other)
                    waiting.append(other)
            known = self._reached[path] = frozenset(found)
        return known

    def _surely_run_by(self, path: str) -> tuple[set[str], set[str]]:
        found = {path, *self.loading.packages_above(path)}
        outside: set[str] = set()
        waiting = list(found)
        while waiting:
            edges = self._edges(waiting.pop())
            outside |= edges.outside
            waiting += edges.sure - found
            found |= edges.sure
        return found, outside

    # One of the modules that are run

    def _runs_quietly(self, path: str, needed: set[str]) -> bool:
        """Is there nothing in the module that might fail when it is run?

        Args:
            path: its file.
            needed: names of others' modules that are needed anyway.
        """
        if os.path.isdir(path):
            return True  # a namespace package
        module = self.project.module(path) if path.endswith(".py") else None
        text = None if module is None else self.project.text(module)
        if module is None or text is None or any(word in text for word in LOADS_OTHERS):
            return False
        return all(
            self._succeeds(module, statement, needed)
            for statement in module.facts.imports
            if not statement.flags & (IN_FUNCTION | ONLY_FOR_TYPES)
        ) and self._is_plain(module, text)

    def _succeeds(self, module: Module, statement: Import, needed: set[str]) -> bool:
        dots = "." * statement.level
        names = [statement.module] if statement.is_from else []
        names += [name for name, _ in statement.names if not names]
        if any(module.absolute(dots + name) is None for name in names):
            return False
        reached = list(self.loading.loaded(module, statement))
        for dotted, found in reached:
            top = dotted.partition(".")[0]
            if found is not None and found.is_compiled:
                return False
            if found is None and dotted not in needed:
                is_standard = top in sys.stdlib_module_names and top not in _NOT_EVERYWHERE
                if not is_standard or self.loading.is_in_project(module, dotted):
                    return False
        if not statement.is_from or not reached or reached[-1][1] is None:
            return True
        source = self.loading.source(module, statement)
        if source is None:
            return False
        names = [name for name, _ in statement.names]
        if names == ["*"]:
            # A star import asks for all that `__all__` says.
            names = list(self._exported(source))
        return all(self._has(source, name) for name in names)

    def _exported(self, source: Found) -> tuple[str, ...]:
        is_file = source.is_file
        namespace = self.loading.namespace(source.path) if is_file else None
        return () if namespace is None else namespace.dunder_all or ()

    def _has(self, source: Found, name: str) -> bool:
        if source.is_namespace:
            return self.project.layout.find_below(source.path, [name]) is not None
        return self.loading.has(source, name) is Answer.YES

    def _is_plain(self, module: Module, text: str) -> bool:
        tree = parsed_or_none(text)
        if tree is None:
            return False
        imported = {b.name for b in module.facts.bindings if b.kind in IMPORT_KINDS}
        nodes = list(_run_at_import(tree))
        bound = {
            node.id
            for node in nodes
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        bound -= module.bindings.keys()  # what comprehensions and classes bind is left
        bound.update(
            name
            for name, bindings in module.bindings.items()
            if any(not binding.flags & CONDITIONAL for binding in bindings)
        )
        has_stars = any(s.names[0][0] == "*" for s in module.facts.imports)
        for node in nodes:
            if isinstance(node, (ast.Raise, ast.Assert)):
                return False
            if isinstance(node, ast.Call) and _last_name(node.func) in _ENDS_PROGRAM:
                return False
            if isinstance(node, ast.Attribute) and self._is_of_the_project(module, node, imported):
                return False
            if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load):
                continue
            if node.id not in bound:
                is_there = has_stars and self.project.may_bind(module, node.id)
                if not is_there and not hasattr(builtins, node.id):
                    return False
        return True

    def _is_of_the_project(self, module: Module, node: ast.Attribute, imported: set[str]) -> bool:
        """May it be an attribute of one of the project's modules?"""
        if not isinstance(node.value, ast.Name) or node.value.id not in imported:
            return False
        symbol = self.project.resolve(module, node.value.id)
        return isinstance(symbol, (Module, Found)) and getattr(symbol, "in_project", True)

    def _hides_a_name(self, path: str) -> bool:
        """Does the module's package bind its name to something else?"""
        above = list(self.loading.packages_above(path))
        package = self.project.module(above[-1]) if above else None
        if package is None:
            return False
        directory, name = os.path.split(path)
        name = os.path.basename(directory) if name.startswith("__init__.") else name[:-3]
        if name not in package.bindings:
            return self.loading.binds(package.path, name) is not Answer.NO
        symbol = self.project.member(package, name)
        return not (isinstance(symbol, Module) and symbol.path == path)


def _run_at_import(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a module that may be run when it is imported."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            waiting += node.decorator_list
            waiting += (d for d in (*node.args.defaults, *node.args.kw_defaults) if d is not None)
        elif isinstance(node, ast.If) and "__main__" in ast.dump(node.test):
            waiting += node.orelse
        elif not isinstance(node, ast.Lambda):
            waiting += ast.iter_child_nodes(node)


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
