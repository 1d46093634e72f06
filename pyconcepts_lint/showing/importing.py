"""A fresh interpreter into which modules are imported, played through without running any.

Which modules are loaded, in which order, and what is in their namespaces: of each it is known
whether it surely is so or only may be. What no source tells (other distributions, compiled modules)
is said to be unknown. `following` tells what the statements of a module do.
"""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.machinery import FrozenImporter, PathFinder

from ..base.answer import Answer
from ..base.typed import TYPE_CHECKING
from ..index.layout import Found
from ..index.names import STANDARD_LIBRARY, live_namespace
from ..source.ast_nodes import own_nodes
from ..source.python3 import parse_python3

if TYPE_CHECKING:
    from ..index.project import Project

    FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef

STARTED = (
    *("sys", "builtins", "_frozen_importlib", "_imp", "_thread", "_warnings", "_weakref", "_io"),
    *("marshal", "posix", "_frozen_importlib_external", "time", "zipimport", "_codecs", "codecs"),
    *("encodings.aliases", "encodings", "encodings.utf_8", "_signal", "_abc", "abc", "io"),
    "__main__",
)
"""The modules that an interpreter has loaded which has run nothing yet (`python -I -S`)."""
_COMPILED_IMPORTS = {
    "_asyncio": ("collections.abc", "asyncio"),
    "_curses_panel": ("_curses",),
    "_decimal": ("numbers", "collections.abc"),
    "_elementtree": ("copy", "xml.etree.ElementPath", "pyexpat"),
    "_pickle": ("copyreg", "_compat_pickle", "functools"),
    "_sqlite3": ("functools",),
    "_ssl": ("_socket",),
    "_zoneinfo": ("datetime", "zoneinfo"),
    "array": ("collections.abc",),
}
"""What modules import that have no Python source."""
_COMPILED_MAKES = {"pyexpat": ("pyexpat.errors", "pyexpat.model")}
_FIRST_NAMES = ("__name__", "__doc__", "__package__", "__loader__", "__spec__")
_MAXIMUM_STEPS = 400_000


class Entry:
    """A name in a module's dictionary.

    `is_sure`: it is there when the import ends. `module` is the dotted name of the module that it
    is, if that is known; `function` the function, with the module whose namespace it has; `truth`
    how it comes out as a test; `strings` what the list or tuple has in it.
    """

    __slots__ = (
        *("function", "is_sure", "line", "lines", "module", "strings", "text", "truth", "what"),
    )

    def __init__(
        self,
        what: str,
        line: int,
        is_sure: bool,
        *,
        module: str = "",
        function: tuple[Namespace, FunctionNode] | None = None,
        is_true: Answer = Answer.UNKNOWN,
        strings: tuple[str, ...] | None = None,
        text: str | None = None,
    ) -> None:
        self.text = text
        self.what = what
        self.line = line
        self.lines = [line]
        self.is_sure = is_sure
        self.module = module
        self.function = function
        self.truth = is_true
        self.strings = strings


class Namespace:
    """A module that is loaded, as far as it has run.

    `status` is `found` where it surely is loaded, `may be found` where it may be. `by` is the module
    whose statement on `line` loads it, "" for the one that was asked about.
    """

    def __init__(self, dotted: str, path: str, by: str, line: int, is_sure: bool) -> None:
        self.dotted = dotted
        self.path = path
        self.by = by
        self.line = line
        self.is_sure = is_sure
        self.is_relatively_sure = is_sure  # if the module that loads it is loaded
        self.is_package = os.path.basename(path).startswith("__init__.") or os.path.isdir(path)
        self.names: dict[str, Entry] = {}
        self.is_running = True
        self.is_open = not path  # it may have any name
        self.is_startup = False
        self.depth = 0
        self.unknown: list[str] = []

    @property
    def package(self) -> str:
        return self.dotted if self.is_package else self.dotted.rpartition(".")[0]


class ImportFails(Exception):
    """The statement at hand surely raises an error. `name` is its class."""

    def __init__(self, name: str, message: str, dotted: str, line: int) -> None:
        super().__init__(message)
        self.name = name
        self.message = message
        self.dotted = dotted
        self.line = line


class Simulation:
    """A fresh interpreter, into which modules are imported.

    Args:
        project: the project.
        here: a path of the project, from where imports start.
        trees: what files have been parsed to, for more than one interpreter.
        follow: runs the statements of a module. Raises ImportFails where they surely fail.
    """

    def __init__(
        self,
        project: Project,
        here: str,
        trees: dict[str, ast.Module | None],
        follow: Callable[[Simulation, Namespace, ast.Module], None],
    ) -> None:
        self.project = project
        self.here = here
        self.trees = trees
        self._follow = follow
        self.matters: dict[ast.AST, bool] = {}  # functions that may load or bind something
        self.loaded: dict[str, Namespace] = {}
        self.failed: list[ImportFails] = []
        self.order: list[str] = []
        self.is_sure = True  # if the module at hand is run
        self.is_module_sure = True  # is the module at hand run?
        self.risky = False  # something in the block at hand may raise an error
        self.may_lack = False  # an import in the block at hand may fail
        self.trying = 0  # blocks around that handle failing imports
        self.unknown: list[str] = []
        self.asking = 0  # functions whose result is asked for just now
        self.named: dict[tuple[str, str], str] = {}  # what `x.__name__` has been set to
        self.steps = _MAXIMUM_STEPS
        self.stack: list[Namespace] = []
        self.calls: list[tuple[str, int]] = []
        self.called: set[tuple[str, int, bool]] = set()
        for name in STARTED:
            self._start_with(name)

    def _start_with(self, name: str) -> None:
        path = os.path.join(STANDARD_LIBRARY, *name.split("."))
        file = next(
            (p for p in (os.path.join(path, "__init__.py"), f"{path}.py") if os.path.isfile(p)), ""
        )
        namespace = Namespace(name, file, "", 0, True)
        namespace.is_startup = True
        namespace.is_running = False
        self.loaded[name] = namespace
        if name in ("codecs", "abc", "io", "encodings", "zipimport"):
            for key in live_namespace(name):
                namespace.names[key] = Entry("a value", 0, True)
            namespace.is_open = True

    def run(self, dotted: str) -> Namespace:
        """Import a module. Raises ImportFails."""
        self.load_chain(dotted, "", 0)
        return self.loaded[dotted]

    # Loading

    def load_chain(self, dotted: str, by: str, line: int) -> Namespace | None:
        """Load a module and the packages around it; gives it, or None where that isn't known."""
        parts = dotted.split(".")
        found: Namespace | None = None
        for number in range(1, len(parts) + 1):
            found = self.load(".".join(parts[:number]), by, line)
            if found is None:
                return None
        return found

    def load(self, dotted: str, by: str, line: int) -> Namespace | None:
        known = self.loaded.get(dotted)
        if known is not None:
            is_there = known.path or self.is_compiled(dotted)
            self.may_lack |= not is_there
            if self.is_sure and not known.is_sure and (is_there or not self.trying):
                self._make_sure(known, by, line)
            return known
        path = self.find(dotted)
        is_sure = self.is_sure and self.is_module_sure
        if path is None:
            self.risky = self.may_lack = True
            namespace = Namespace(dotted, "", by, line, is_sure and not self.trying)
            namespace.unknown.append("it isn't the project's: what it loads isn't known")
            self._enter(namespace)
            namespace.is_running = False
            return namespace
        if path == "" and not self.is_compiled(dotted):
            if not self.is_sure:
                self.risky = self.may_lack = True
                return None
            raise ImportFails("ModuleNotFoundError", f"No module named '{dotted}'", by, line)
        namespace = Namespace(dotted, path, by, line, is_sure)
        namespace.is_relatively_sure = self.is_sure
        if path == "":
            for other in _COMPILED_IMPORTS.get(dotted, ()):
                self.load_chain(other, dotted, 0)
            for other in _COMPILED_MAKES.get(dotted, ()):
                made = Namespace(other, "", dotted, 0, is_sure)
                made.is_running = False
                self._enter(made)
            if dotted in self.loaded:
                return self.loaded[dotted]
            self._enter(namespace)
            namespace.is_running = False
        else:
            self._enter(namespace)
            try:
                self._execute(namespace)
            except ImportFails:
                if self.is_sure:
                    raise
                self.risky = self.may_lack = True
                return None
        self._bind_in_package(namespace)
        return namespace

    def _enter(self, namespace: Namespace) -> None:
        namespace.depth = len(self.stack)
        self.loaded[namespace.dotted] = namespace
        self.order.append(namespace.dotted)

    def _make_sure(self, known: Namespace, by: str, line: int) -> None:
        """What may have been loaded before surely is from now on, with all that it surely loads.

        It takes its place in the order here, for where it may have been loaded, it seldom is.
        """
        if not self.is_module_sure:
            return
        waiting = [known]
        found: list[Namespace] = []
        while waiting:
            current = waiting.pop()
            current.is_sure = True
            found.append(current)
            package, _, name = current.dotted.rpartition(".")
            if package in self.loaded and name in self.loaded[package].names:
                self.loaded[package].names[name].is_sure = True
            waiting += (
                other
                for other in map(self.loaded.get, self.order)
                if other is not None
                and other.by == current.dotted
                and other.is_relatively_sure
                and not other.is_sure
            )
        if known.by:
            known.unknown.append(f"`{known.by}` (line {known.line}) may have loaded it earlier")
        known.by, known.line, known.is_relatively_sure = by, line, True
        deeper = len(self.stack) - known.depth
        moved = {namespace.dotted for namespace in found if not namespace.is_running}
        for namespace in found:
            namespace.depth += deeper
        self.order.sort(key=moved.__contains__)

    def _bind_in_package(self, namespace: Namespace) -> None:
        """A submodule that has been loaded is bound in its package."""
        package, _, name = namespace.dotted.rpartition(".")
        if package in self.loaded:
            self.bind(
                self.loaded[package],
                name,
                Entry(
                    f"a submodule, imported by {namespace.by or 'what asks for it'}",
                    0,
                    namespace.is_sure,
                    module=namespace.dotted,
                ),
            )

    def find(self, dotted: str) -> str | None:
        """The file of a module: "" for one without source, None where that isn't known."""
        importer = self.stack[-1].path if self.stack and self.stack[-1].path else self.here
        if importer.startswith(STANDARD_LIBRARY + os.sep) and "site-packages" not in importer:
            importer = self.here
        found = self.project.layout.find(dotted, importer)
        top = dotted.partition(".")[0]
        if found is not None and found.is_file:
            return found.path
        if found is not None and found.is_namespace and top not in sys.stdlib_module_names:
            return found.path
        if found is not None or self.project.layout.find(top, importer) is not None:
            return "" if found is None else None
        if top not in sys.stdlib_module_names:
            return None
        standard = self.project.find_import(dotted, os.path.join(STANDARD_LIBRARY, "os.py"))
        return standard.path if isinstance(standard, Found) else ""

    def is_compiled(self, dotted: str) -> bool:
        """Has the interpreter such a module, without Python source?"""
        if dotted in sys.builtin_module_names:
            return True
        parent, _, _ = dotted.rpartition(".")
        if parent in self.loaded:
            file = self.loaded[parent].path
            places = [os.path.dirname(file)] if file else []
        else:
            dynamic = os.path.join(STANDARD_LIBRARY, "lib-dynload")
            places = [STANDARD_LIBRARY, dynamic]
        if dotted in sys.stdlib_module_names or parent:
            return bool(places) and PathFinder.find_spec(dotted, places) is not None
        return False

    # Running

    def _tree(self, path: str) -> ast.Module | None:
        if path not in self.trees:
            self.trees[path] = _parsed(self.project, path)
        return self.trees[path]

    def _execute(self, namespace: Namespace) -> None:
        if os.path.isdir(namespace.path):
            namespace.is_running = False
            return
        tree = self._tree(namespace.path)
        for name in _FIRST_NAMES:
            namespace.names[name] = Entry("set by the import", 0, True)
        if namespace.is_package:
            namespace.names["__path__"] = Entry("set by the import", 0, True)
        frozen = FrozenImporter.find_spec(namespace.dotted) is not None
        for name in ("__file__", *(() if frozen else ("__cached__",)), "__builtins__"):
            namespace.names[name] = Entry("set by the import", 0, True)
        if tree is None:
            namespace.is_open = True
            namespace.unknown.append("its source can't be read")
            self.risky = self.may_lack = True
        else:
            if sys.version_info < (3, 14) and _has_annotations(tree.body):
                namespace.names["__annotations__"] = Entry("set by annotations", 0, True)
            self.stack.append(namespace)
            outer = self.risky, self.calls, self.is_sure, self.is_module_sure
            outer_lack, self.may_lack = self.may_lack, False
            self.risky, self.calls = False, []
            self.is_sure, self.is_module_sure = True, namespace.is_sure
            try:
                self._follow(self, namespace, tree)
            except ImportFails:
                self.stack.pop()
                self._forget(namespace)
                raise
            finally:
                self.risky, self.calls, self.is_sure, self.is_module_sure = outer
                self.may_lack |= outer_lack
            self.stack.pop()
        self._done(namespace)

    def _done(self, namespace: Namespace) -> None:
        """A module that has run is put at the end of `sys.modules`."""
        namespace.is_running = False
        if self.loaded.get(namespace.dotted) is namespace:
            self.order.remove(namespace.dotted)
            self.order.append(namespace.dotted)

    def _forget(self, namespace: Namespace) -> None:
        """A module whose import fails is taken out of `sys.modules`; what it has loaded stays."""
        self.loaded.pop(namespace.dotted, None)
        if namespace.dotted in self.order:
            self.order.remove(namespace.dotted)

    @contextmanager
    def maybe(self) -> Iterator[None]:
        """What happens here may not happen."""
        before = self.is_sure
        self.is_sure = False
        try:
            yield
        finally:
            self.is_sure = before

    def bind(self, namespace: Namespace, name: str, entry: Entry) -> None:
        known = namespace.names.get(name)
        if known is not None:
            entry.lines = [*known.lines, entry.line]
            if not entry.is_sure:
                # It may have been bound before, and may be something else then.
                entry.is_sure = known.is_sure
                entry.module = entry.module if entry.module == known.module else ""
                entry.function = None
                entry.truth = Answer.UNKNOWN
                if entry.strings != known.strings:
                    entry.strings = None
        namespace.names[name] = entry


def _parsed(project: Project, path: str) -> ast.Module | None:
    is_standard = path.startswith(STANDARD_LIBRARY + os.sep) and "site-packages" not in path
    try:
        if is_standard:
            with open(path, "rb") as file:
                return ast.parse(file.read())
        module = project.module(path)
        text = None if module is None else project.text(module)
        return None if text is None else parse_python3(text)
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _has_annotations(body: list[ast.stmt]) -> bool:
    return any(
        isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
        for node in own_nodes(*body)
    )
