"""What importing a module does, played through without running it: which modules it loads, in which
order, and what is in their namespaces.

The statements of a module are followed from top to bottom, into functions that it calls. Of each
thing it is known whether it surely happens or only may. What no source tells (other distributions,
compiled modules) is said to be unknown.
"""

from __future__ import annotations

import ast
import builtins
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import FrozenImporter, PathFinder

from ..analysis.conditions import evaluate, truth
from ..base.answer import Answer, answer
from ..base.typed import TYPE_CHECKING
from ..index.binder import dotted_name
from ..index.layout import Found
from ..index.loading import ONLY_READS_NAME
from ..index.names import STANDARD_LIBRARY, live_namespace
from ..source.ast_nodes import COMPREHENSIONS, FUNCTIONS, child_nodes
from ..source.python3 import parse_python3

if TYPE_CHECKING:
    from typing import Any

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
_GLOBALS = "the module's dictionary"
_MAXIMUM_CALLS = 8
_MAXIMUM_STEPS = 400_000
_IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError"})
_ALL_ERRORS = frozenset({"", "Exception", "BaseException"})


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


class _Left(Exception):
    """The block at hand is left, by `return`, `break` or `continue`.

    `is_sure`: what follows is not reached; otherwise it may not be. `is_loop`: the loop around is
    left, and not the function.
    """

    def __init__(self, is_sure: bool = True, is_loop: bool = False) -> None:
        super().__init__()
        self.is_sure = is_sure
        self.is_loop = is_loop


class Simulation:
    """A fresh interpreter, into which modules are imported.

    Args:
        project: the project.
        here: a path of the project, from where imports start.
    """

    def __init__(self, project: Project, here: str, trees: dict[str, ast.Module | None]) -> None:
        self.project = project
        self.here = here
        self.trees = trees
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
        self._load_chain(dotted, "", 0)
        return self.loaded[dotted]

    # Loading

    def _load_chain(self, dotted: str, by: str, line: int) -> Namespace | None:
        """Load a module and the packages around it; gives it, or None where that isn't known."""
        parts = dotted.split(".")
        found: Namespace | None = None
        for number in range(1, len(parts) + 1):
            found = self._load(".".join(parts[:number]), by, line)
            if found is None:
                return None
        return found

    def _load(self, dotted: str, by: str, line: int) -> Namespace | None:
        known = self.loaded.get(dotted)
        if known is not None:
            is_there = known.path or self._is_compiled(dotted)
            self.may_lack |= not is_there
            if self.is_sure and not known.is_sure and (is_there or not self.trying):
                self._make_sure(known, by, line)
            return known
        path = self._find(dotted)
        is_sure = self.is_sure and self.is_module_sure
        if path is None:
            self.risky = self.may_lack = True
            namespace = Namespace(dotted, "", by, line, is_sure and not self.trying)
            namespace.unknown.append("it isn't the project's: what it loads isn't known")
            self._enter(namespace)
            namespace.is_running = False
            return namespace
        if path == "" and not self._is_compiled(dotted):
            if not self.is_sure:
                self.risky = self.may_lack = True
                return None
            raise ImportFails("ModuleNotFoundError", f"No module named '{dotted}'", by, line)
        namespace = Namespace(dotted, path, by, line, is_sure)
        namespace.is_relatively_sure = self.is_sure
        if path == "":
            for other in _COMPILED_IMPORTS.get(dotted, ()):
                self._load_chain(other, dotted, 0)
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
            self._bind(
                self.loaded[package],
                name,
                Entry(
                    f"a submodule, imported by {namespace.by or 'what asks for it'}",
                    0,
                    namespace.is_sure,
                    module=namespace.dotted,
                ),
            )

    def _find(self, dotted: str) -> str | None:
        """The file of a module: "" for one without source, None where that isn't known."""
        importer = self.stack[-1].path if self.stack and self.stack[-1].path else self.here
        if importer.startswith(STANDARD_LIBRARY + os.sep) and "site-packages" not in importer:
            importer = self.here
        found = self.project.layout.find(dotted, importer)
        top = dotted.partition(".")[0]
        if found is not None and found.kind in ("module", "package"):
            return found.path
        if found is not None and found.kind == "namespace" and top not in sys.stdlib_module_names:
            return found.path
        if found is not None or self.project.layout.find(top, importer) is not None:
            return "" if found is None else None
        if top not in sys.stdlib_module_names:
            return None
        standard = self.project.find_import(dotted, os.path.join(STANDARD_LIBRARY, "os.py"))
        return standard.path if isinstance(standard, Found) else ""

    def _is_compiled(self, dotted: str) -> bool:
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
                _Body(self, namespace).block(tree.body)
            except _Left:
                pass
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

    def _bind(self, namespace: Namespace, name: str, entry: Entry) -> None:
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


class _Body:
    """The statements of a module, or of a function that is called while a module runs."""

    def __init__(
        self, simulation: Simulation, namespace: Namespace, function: FunctionNode | None = None
    ) -> None:
        self.simulation = simulation
        self.namespace = namespace
        self.function = function
        self.globals: set[str] = set()
        self.locals: dict[str, Entry] = {}
        self.is_class = False

    def block(self, statements: list[ast.stmt]) -> None:
        """Statements that are run. Raises _Left or _MaybeLeft where they leave the block around."""
        for number, statement in enumerate(statements):
            self.simulation.steps -= 1
            if self.simulation.steps < 0:
                self._opened("it takes too many steps to follow")
                return
            try:
                self._statement(statement)
            except _Left as left:
                if left.is_sure:
                    raise
                rest = self.maybe_block(statements[number + 1 :])
                is_sure = rest is not None and rest.is_sure
                raise _joined(left, rest, is_sure) from None

    def maybe_block(self, statements: list[ast.stmt]) -> _Left | None:
        """Statements that may be run; gives how they leave the block around them, if they do."""
        try:
            with self.simulation.maybe():
                self.block(statements)
        except _Left as left:
            return left
        except ImportFails:
            self.simulation.risky = True
        return None

    def _statement(self, node: ast.stmt) -> None:
        match node:
            case ast.Import():
                self._import(node)
            case ast.ImportFrom():
                self._import_from(node)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._evaluate(*node.decorator_list, *node.args.defaults)
                self._evaluate(*(each for each in node.args.kw_defaults if each is not None))
                self._decorate(node)
                function = None if node.decorator_list else (self.namespace, node)
                self._bind(node.name, "a function", node.lineno, function=function)
            case ast.ClassDef():
                self._evaluate(*node.decorator_list, *node.bases)
                self._evaluate(*(keyword.value for keyword in node.keywords))
                self._class(node)
                self._decorate(node)
                self._bind(node.name, "a class", node.lineno)
            case ast.If():
                self._if(node)
            case ast.Try() | ast.TryStar():
                self._try(node)
            case ast.With() | ast.AsyncWith():
                self._with(node)
            case ast.For() | ast.AsyncFor():
                self._for(node)
            case ast.While():
                self._while(node)
            case ast.Match():
                self._evaluate(node.subject)
                self.simulation.risky = True
                leaving: list[_Left | None] = []
                for case in node.cases:
                    with self.simulation.maybe():
                        self._captures(case.pattern)
                    leaving.append(self.maybe_block(case.body))
                self._leave(*leaving, None)
            case ast.Return():
                self._evaluate(node.value)
                raise _Left
            case ast.Break() | ast.Continue():
                raise _Left(is_loop=True)
            case ast.Raise():
                self._raise(node)
            case ast.Global():
                self.globals.update(node.names)
            case ast.Delete():
                self._delete(node)
            case ast.Assign():
                self._evaluate(node.value)
                self._assign(node)
            case ast.AnnAssign():
                self._evaluate(node.value)
                if node.value is not None:
                    self._target(node.target, node.value)
            case ast.AugAssign():
                self._evaluate(node.value)
                self._augment(node)
            case ast.Assert():
                self._evaluate(node.test)
            case ast.Expr():
                self._evaluate(node.value)
                self._extend(node.value)
            case _:
                for child in child_nodes(node):
                    if isinstance(child, ast.expr) and isinstance(
                        getattr(child, "ctx", ast.Load()), ast.Load
                    ):
                        self._evaluate(child)
                name = getattr(node, "name", None)
                if node.__class__.__name__ == "TypeAlias" and isinstance(name, ast.Name):
                    self._bind(name.id, "a type", node.lineno)

    # Names

    def _bind(self, name: str, what: str, line: int, **more: Any) -> None:
        if name in ("*", ""):
            return
        entry = Entry(what, line, self.simulation.is_sure, **more)
        if self.is_class or (self.function is not None and name not in self.globals):
            self.locals[name] = entry
            return
        self.simulation._bind(self.namespace, name, entry)

    def entry(self, name: str) -> Entry | None:
        return self.locals.get(name) or self.namespace.names.get(name)

    def _module_named(self, dotted: str) -> Namespace | None:
        """The module that a dotted name is, if it is known."""
        first, _, rest = dotted.partition(".")
        entry = self.entry(first)
        found = None if entry is None or not entry.module else self._loaded(entry.module)
        for part in filter(None, rest.split(".")):
            if found is None:
                return None
            inner = found.names.get(part)
            found = None if inner is None or not inner.module else self._loaded(inner.module)
        return found

    def _loaded(self, dotted: str) -> Namespace | None:
        return self.simulation.loaded.get(dotted)

    def _target(self, target: ast.expr, value: ast.expr | None) -> None:
        if isinstance(target, ast.Name):
            more: dict[str, Any] = {}
            if value is not None:
                module = self._module_named(dotted_name(value)) if dotted_name(value) else None
                known = self.entry(dotted_name(value)) if isinstance(value, ast.Name) else None
                more = {
                    "module": "" if module is None else module.dotted,
                    "function": None if known is None else known.function,
                    "is_true": truth(value, self._known),
                    "strings": self._strings(value),
                    "text": _text_of(value),
                }
            is_globals = value is not None and self._is_globals(value)
            self._bind(target.id, _GLOBALS if is_globals else "a value", target.lineno, **more)
        elif isinstance(target, (ast.Tuple, ast.List)):
            values: list[ast.expr | None] = [None] * len(target.elts)
            if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts):
                values = [*value.elts]
            for part, item in zip(target.elts, values, strict=True):
                self._target(part, item)
        elif isinstance(target, ast.Starred):
            self._target(target.value, None)
        elif isinstance(target, ast.Subscript):
            self._put(target, value)
        elif isinstance(target, ast.Attribute):
            if target.attr == "__name__" and value is not None:
                text = self._text(value)
                if text is not None:
                    self.simulation.named[self.namespace.dotted, dotted_name(target.value)] = text
            module = self._module_named(dotted_name(target.value))
            if module is not None and module is not self.namespace:
                self.simulation._bind(
                    module,
                    target.attr,
                    Entry(f"set by {self.namespace.dotted}", 0, self.simulation.is_sure),
                )

    def _put(self, target: ast.Subscript, value: ast.expr | None) -> None:
        """`sys.modules["name"] = …` and `globals()["name"] = …`."""
        held = target.value
        if isinstance(held, ast.Attribute) and held.attr == "modules":
            name = self._text(target.slice)
            if name is None:
                place = f"{self.namespace.dotted} (line {target.lineno})"
                said = f"{place} puts into `sys.modules` what isn't named there"
                if said not in self.simulation.unknown:
                    self.simulation.unknown.append(said)
            if name is None or name in self.simulation.loaded:
                return
            other = self._module_named(dotted_name(value)) if value is not None else None
            made = Namespace(
                name, "", self.namespace.dotted, target.lineno, self.simulation.is_sure
            )
            if other is not None:
                made.names, made.is_open, made.path = other.names, other.is_open, other.path
            made.is_running = False
            made.depth = len(self.simulation.stack)
            self.simulation.loaded[name] = made
            self.simulation.order.append(name)
        elif self._is_globals(held):
            name = self._text(target.slice)
            if name is None:
                self._opened("fills its namespace under names that aren't written down")
            else:
                entry = Entry("a value", target.lineno, self.simulation.is_sure)
                self.simulation._bind(self.namespace, name, entry)

    def _is_globals(self, node: ast.expr) -> bool:
        """Is it the dictionary of the module at hand?"""
        if isinstance(node, ast.Name):
            entry = self.entry(node.id)
            return entry is not None and entry.what == _GLOBALS
        if isinstance(node, ast.Call):
            name = dotted_name(node.func)
            return name == "globals" or (name == "vars" and not node.args)
        return False

    def _opened(self, why: str) -> None:
        self.namespace.is_open = True
        if why not in self.namespace.unknown:
            self.namespace.unknown.append(why)

    def _assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            self._target(target, node.value)

    def _augment(self, node: ast.AugAssign) -> None:
        if not isinstance(node.target, ast.Name):
            return
        known = self.entry(node.target.id)
        more = self._strings(node.value)
        strings = None
        if known is not None and known.strings is not None and more is not None:
            strings = (*known.strings, *more)
        self._bind(node.target.id, "a value", node.lineno, strings=strings)

    def _extend(self, node: ast.expr) -> None:
        """`__all__.extend(…)`, `.append(…)`, `.remove(…)`, and `globals().update(…)`."""
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            return
        held, how = node.func.value, node.func.attr
        if self._is_globals(held):
            if how in ("update", "setdefault", "pop", "clear", "__setitem__"):
                self._opened("fills its namespace under names that aren't written down")
            return
        entry = self.entry(held.id) if isinstance(held, ast.Name) else None
        if entry is None or entry.strings is None or not node.args:
            return
        if how == "extend":
            more = self._strings(node.args[0])
            entry.strings = None if more is None else (*entry.strings, *more)
        elif how in ("append", "remove"):
            text = self._text(node.args[0])
            if text is None:
                entry.strings = None
            elif how == "append":
                entry.strings = (*entry.strings, text)
            else:
                entry.strings = tuple(each for each in entry.strings if each != text)
        if not self.simulation.is_sure:
            entry.strings = None

    def _strings(self, node: ast.expr) -> tuple[str, ...] | None:
        """What is in a list or tuple of strings."""
        if isinstance(node, (ast.List, ast.Tuple)):
            found: list[str] = []
            for item in node.elts:
                if isinstance(item, ast.Starred):
                    more = self._strings(item.value)
                    if more is None:
                        return None
                    found += more
                elif isinstance(item, ast.Constant) and isinstance(item.value, str):
                    found.append(item.value)
                else:
                    return None
            return tuple(found)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            left, right = self._strings(node.left), self._strings(node.right)
            return None if left is None or right is None else (*left, *right)
        if isinstance(node, ast.Name):
            entry = self.entry(node.id)
            return None if entry is None else entry.strings
        if isinstance(node, ast.Attribute):
            module = self._module_named(dotted_name(node.value))
            if module is not None and (module.dotted, node.attr) == ("sys", "builtin_module_names"):
                return tuple(sys.builtin_module_names)
            entry = None if module is None else module.names.get(node.attr)
            return None if entry is None else entry.strings
        return None

    def _text(self, node: ast.expr) -> str | None:
        if isinstance(node, ast.Name) and node.id != "__name__":
            entry = self.entry(node.id)
            return entry.text if entry is not None and entry.is_sure else None
        if isinstance(node, ast.Attribute) and node.attr == "__name__":
            return self.simulation.named.get((self.namespace.dotted, dotted_name(node.value)))
        try:
            value = evaluate(node, self._constants(node))
        except (LookupError, TypeError, ValueError, AttributeError):
            value = None
        if value is None and isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            left, right = self._text(node.left), self._text(node.right)
            value = None if left is None or right is None else left + right
        return value if isinstance(value, str) else None

    def _delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            for each in target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]:
                if isinstance(each, ast.Name):
                    self._forget(each.id)
                elif isinstance(each, ast.Subscript):
                    held = each.value
                    name = self._text(each.slice)
                    if isinstance(held, ast.Attribute) and held.attr == "modules" and name:
                        self.simulation.loaded.pop(name, None)
                        if name in self.simulation.order:
                            self.simulation.order.remove(name)

    def _forget(self, name: str) -> None:
        names = self.locals if name in self.locals else self.namespace.names
        if self.is_class or (self.function is not None and name not in self.globals):
            names = self.locals
        if self.simulation.is_sure:
            names.pop(name, None)
        elif name in names:
            names[name].is_sure = False

    def _captures(self, pattern: ast.pattern) -> None:
        waiting: list[ast.AST] = [pattern]
        while waiting:
            part = waiting.pop()
            name = getattr(part, "name", None) or getattr(part, "rest", None)
            if isinstance(name, str):
                self._bind(name, "a value", getattr(part, "lineno", 0))
            waiting += child_nodes(part)

    # Imports

    def _import(self, node: ast.Import) -> None:
        for alias in node.names:
            found = self._load(alias.name, node.lineno)
            if found is None and self.simulation.is_sure:
                self.simulation.risky = self.simulation.may_lack = True
            if alias.asname:
                self._bind(alias.asname, "a module", node.lineno, module=alias.name)
            else:
                top = alias.name.partition(".")[0]
                self._bind(top, "a module", node.lineno, module=top)

    def _load(self, dotted: str, line: int) -> Namespace | None:
        return self.simulation._load_chain(dotted, self.namespace.dotted, line)

    def _import_from(self, node: ast.ImportFrom) -> None:
        dotted = self._absolute(node)
        if dotted is None and not self.simulation.is_sure:
            return
        if dotted is None:
            raise ImportFails(
                "ImportError",
                "attempted relative import beyond top-level package",
                self.namespace.dotted,
                node.lineno,
            )
        if node.module == "__future__" and not node.level:
            self._load("__future__", node.lineno)
            for alias in node.names:
                self._bind(alias.asname or alias.name, "an imported name", node.lineno)
            return
        source = self._load(dotted, node.lineno)
        for alias in node.names:
            if alias.name == "*":
                self._import_all(source, node.lineno)
            else:
                self._import_name(source, alias, node.lineno)

    def _absolute(self, node: ast.ImportFrom) -> str | None:
        if not node.level:
            return node.module or ""
        parts = self.namespace.package.split(".") if self.namespace.package else []
        if node.level > len(parts):
            return None
        base = parts[: len(parts) - node.level + 1]
        return ".".join([*base, node.module] if node.module else base)

    def _import_name(self, source: Namespace | None, alias: ast.alias, line: int) -> None:
        more: dict[str, Any] = {}
        what = "an imported name"
        sure = True
        if source is None:
            sure = False
        else:
            entry = source.names.get(alias.name)
            if entry is None:
                found = self._submodule(source, alias.name, line)
                if found is not None:
                    more = {"module": found.dotted}
                    what = "a module"
                elif self._has(source, alias.name) is Answer.NO:
                    if self.simulation.is_sure:
                        raise ImportFails(
                            "ImportError",
                            f"cannot import name '{alias.name}' from '{source.dotted}'",
                            self.namespace.dotted,
                            line,
                        )
                    self.simulation.risky = self.simulation.may_lack = True
                    return
                elif self._has(source, alias.name) is Answer.UNKNOWN:
                    sure = False
            else:
                what = "a module" if entry.module else "an imported name"
                more = {
                    "module": entry.module,
                    "function": entry.function,
                    "is_true": entry.truth,
                    "strings": entry.strings,
                }
                if not entry.is_sure:
                    sure = False
        if not sure:
            self.simulation.risky = self.simulation.may_lack = True
        self._bind(alias.asname or alias.name, what, line, **more)

    def _submodule(self, package: Namespace, name: str, line: int) -> Namespace | None:
        dotted = f"{package.dotted}.{name}"
        if dotted in self.simulation.loaded:
            return self.simulation._load(dotted, self.namespace.dotted, line)
        if not package.is_package and not os.path.isdir(package.path):
            return None
        path = self.simulation._find(dotted)
        if not path and not (path == "" and self.simulation._is_compiled(dotted)):
            return None
        return self.simulation._load(dotted, self.namespace.dotted, line)

    def _has(self, source: Namespace, name: str) -> Answer:
        """Has a module a name that its statements don't bind?"""
        if not source.path or source.is_startup:
            live = live_namespace(source.dotted)
            return answer(name in live) if live else Answer.UNKNOWN
        is_open = source.is_open or "__getattr__" in source.names
        return Answer.UNKNOWN if is_open else Answer.NO

    def _import_all(self, source: Namespace | None, line: int) -> None:
        if source is None or (not source.path and not live_namespace(source.dotted)):
            self._opened("a star import brings names that can't be known")
            self.simulation.risky = self.simulation.may_lack = True
            return
        if not source.path or source.is_startup:
            live = live_namespace(source.dotted)
            public = [name for name in live if not name.startswith("_")]
            for name in live.get("__all__", public):
                self._bind(name, "an imported name", line)
            return
        listed = source.names.get("__all__")
        if listed is None:
            for name, entry in list(source.names.items()):
                if not name.startswith("_"):
                    self._take(name, entry, line)
            if source.is_open:
                self._opened("a star import brings names that can't be known")
            return
        if listed.strings is None:
            self._opened("a star import brings names that can't be known")
            with self.simulation.maybe():
                for name, entry in list(source.names.items()):
                    if not name.startswith("_"):
                        self._take(name, entry, line)
            return
        for name in listed.strings:
            known = source.names.get(name)
            if known is not None:
                self._take(name, known, line)
            else:
                self._import_name(source, ast.alias(name=name, asname=None), line)

    def _take(self, name: str, entry: Entry, line: int) -> None:
        more = {
            "module": entry.module,
            "function": entry.function,
            "is_true": entry.truth,
            "strings": entry.strings,
        }
        if entry.is_sure:
            self._bind(name, "an imported name", line, **more)
        else:
            with self.simulation.maybe():
                self._bind(name, "an imported name", line, **more)

    # Compound statements

    def _class(self, node: ast.ClassDef) -> None:
        inner = _Body(self.simulation, self.namespace, self.function)
        inner.is_class = True
        inner.locals = dict(self.locals)
        inner.block(node.body)

    def _if(self, node: ast.If) -> None:
        self._evaluate(node.test)
        outcome = truth(node.test, self._known)
        if outcome is Answer.UNKNOWN and _raises(node.body):
            outcome = Answer.NO  # otherwise the import fails
        elif outcome is Answer.UNKNOWN and _raises(node.orelse):
            outcome = Answer.YES
        if outcome is not Answer.UNKNOWN:
            self.block(node.body if outcome is Answer.YES else node.orelse)
            return
        before = set(self.namespace.names)
        left = self.maybe_block(node.body)
        after_body = {name for name in self.namespace.names if name not in before}
        left_else = self.maybe_block(node.orelse)
        if node.orelse and self.simulation.is_sure and self.function is None:
            self._bound_in_both(node, after_body)
        self._leave(left, left_else)

    def _leave(self, *branches: _Left | None) -> None:
        """Leave the block at hand, as far as one of some branches that may be taken does."""
        leaving = [left for left in branches if left is not None]
        if leaving:
            is_sure = all(left is not None and left.is_sure for left in branches)
            raise _joined(leaving[0], leaving[-1], is_sure)

    def _bound_in_both(self, node: ast.If, names: set[str]) -> None:
        """What both branches bind is there, whichever is taken."""
        others = _surely_bound(node.orelse)
        for name in names & _surely_bound(node.body) & others:
            self.namespace.names[name].is_sure = True

    def _try(self, node: Any) -> None:
        simulation = self.simulation
        outer = simulation.risky, simulation.may_lack
        simulation.risky = simulation.may_lack = False
        raised: ImportFails | None = None
        left: _Left | None = None
        caught = {name for handler in node.handlers for name in _caught(handler)}
        only_imports = bool(caught) and caught <= _IMPORT_ERRORS
        attributes = caught <= {*_IMPORT_ERRORS, "AttributeError", "NameError"} and bool(caught)
        failing = self._failing(node.body) if attributes and not only_imports else None
        lacks = bool(caught & {*_IMPORT_ERRORS, *_ALL_ERRORS})
        simulation.trying += lacks
        try:
            if failing is not None:
                self.block(node.body[:failing])
                raised = ImportFails(sorted(caught)[0], "", self.namespace.dotted, 0)
            else:
                self._attempt(node.body, lacks)
        except ImportFails as error:
            raised = error
        except _Left as leaving:
            left = leaving
        finally:
            simulation.trying -= lacks
        plain = attributes and all(map(_is_simple, node.body))
        may_fail = simulation.may_lack or not (only_imports or (plain and not simulation.risky))
        simulation.risky, simulation.may_lack = outer
        if raised is not None:
            for handler in node.handlers:
                if _handles(handler, raised.name):
                    self._handler(handler)
                    self.block(node.finalbody)
                    return
            self.block(node.finalbody)
            raise raised
        leaves: list[_Left | None] = []
        if may_fail and node.handlers:
            for handler in node.handlers:
                if not _raises(handler.body):
                    leaves.append(self.maybe_block(handler.body))
                    with self.simulation.maybe():
                        self._forget(handler.name or "")
            self._unsure(node)
        if left is not None:
            self.block(node.finalbody)
            raise left
        self.block(node.orelse)
        self.block(node.finalbody)
        self._leave(*leaves, None)

    def _attempt(self, body: list[ast.stmt], lacks: bool) -> None:
        """The body of a `try`: what follows an import that may fail may not be reached."""
        for number, statement in enumerate(body, 1):
            self.block([statement])
            if lacks and self.simulation.may_lack and body[number:]:
                left = self.maybe_block(body[number:])
                if left is not None:
                    raise _Left(False, left.is_loop)
                return

    def _unsure(self, node: Any) -> None:
        """What a `try` binds that may fail may not be there, unless the handlers bind it, too, or
        leave."""
        if not self.simulation.is_sure or self.function is not None:
            return
        bound = _bound_in(node.body)
        going_on = [handler for handler in node.handlers if not _leaves(handler.body)]
        both = set.intersection(bound, *(_surely_bound(handler.body) for handler in going_on))
        for name in both & self.namespace.names.keys():
            self.namespace.names[name].is_sure = True
        for handler in going_on:
            for name in bound - _surely_bound(handler.body):
                entry = self.namespace.names.get(name)
                # A failure in the statement that binds it is what the handler is for.
                if (
                    entry is not None
                    and len(entry.lines) == 1
                    and not _binds_first(node.body, name)
                ):
                    entry.is_sure = False

    def _failing(self, body: list[ast.stmt]) -> int | None:
        """The first statement that asks for a name or attribute which surely isn't there."""
        for number, statement in enumerate(body):
            if any(map(self._is_missing, _evaluated(statement))):
                return number
        return None

    def _is_missing(self, part: ast.AST) -> bool:
        """Is it a name, or an attribute of a module, that surely isn't there?"""
        if isinstance(part, ast.Attribute):
            module = self._module_named(dotted_name(part.value))
            if module is None or part.attr in module.names:
                return False
            return self._has(module, part.attr) is Answer.NO
        if not isinstance(part, ast.Name) or not isinstance(part.ctx, ast.Load):
            return False
        if hasattr(builtins, part.id) or self.entry(part.id) is not None:
            return False
        return not self.namespace.is_open and self.function is None

    def _handler(self, handler: ast.ExceptHandler) -> None:
        self.block(handler.body)
        if handler.name:
            self._forget(handler.name)

    def _with(self, node: ast.With | ast.AsyncWith) -> None:
        suppressed: set[str] = set()
        for item in node.items:
            self._evaluate(item.context_expr)
            call = item.context_expr
            if isinstance(call, ast.Call) and dotted_name(call.func).endswith("suppress"):
                suppressed.update(dotted_name(each).rpartition(".")[2] for each in call.args)
            if item.optional_vars is not None:
                self._target(item.optional_vars, None)
        try:
            self.block(node.body)
        except ImportFails as error:
            if error.name not in suppressed and not suppressed & _IMPORT_ERRORS:
                raise

    def _for(self, node: ast.For | ast.AsyncFor) -> None:
        self._evaluate(node.iter)
        iterated = node.iter
        is_sure = isinstance(iterated, (ast.Tuple, ast.List, ast.Set)) and bool(iterated.elts)
        if isinstance(iterated, ast.Constant) and isinstance(iterated.value, str):
            is_sure = bool(iterated.value)
        if isinstance(iterated, ast.Name):
            entry = self.entry(iterated.id)
            is_sure = entry is not None and bool(entry.strings)
        try:
            if is_sure:
                self._target(node.target, None)
                self.block(node.body)
            else:
                with self.simulation.maybe():
                    self._target(node.target, None)
                    self.block(node.body)
        except _Left as left:
            self._leave_loop(left, is_sure)
        self.block(node.orelse)

    @staticmethod
    def _leave_loop(left: _Left, is_run: bool) -> None:
        """Leave the function, if that is what a loop's body does."""
        if not left.is_loop:
            raise _Left(left.is_sure and is_run)

    def _while(self, node: ast.While) -> None:
        self._evaluate(node.test)
        outcome = truth(node.test, self._known)
        try:
            if outcome is Answer.YES:
                self.block(node.body)
            elif outcome is Answer.UNKNOWN:
                left = self.maybe_block(node.body)
                if left is not None:
                    raise left
        except _Left as left:
            self._leave_loop(left, outcome is Answer.YES)
        self.block(node.orelse)

    def _raise(self, node: ast.Raise) -> None:
        self._evaluate(node.exc)
        if not self.simulation.is_sure:
            self.simulation.risky = True
            raise ImportFails("Exception", "", self.namespace.dotted, node.lineno)
        called = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        name = "" if called is None else dotted_name(called)
        said = "it raises an error"
        raise ImportFails(name or "Exception", said, self.namespace.dotted, node.lineno)

    # Tests

    def _constants(self, asked: ast.expr) -> dict[str, Any]:
        """What the names in an expression are, as far as it is known."""
        known: dict[str, Any] = {}
        for part in _walk(asked):
            entry = self.entry(part.id) if isinstance(part, ast.Name) else None
            if entry is not None and entry.is_sure and entry.text is not None:
                known[part.id] = entry.text  # type: ignore[attr-defined]
        return known | {
            ".version_info": tuple(sys.version_info),
            ".version_info.major": sys.version_info.major,
            ".version_info.minor": sys.version_info.minor,
            ".hexversion": sys.hexversion,
            "sys.platform": sys.platform,
            "_sys.platform": sys.platform,
            "os.name": os.name,
            "_os.name": os.name,
            ".byteorder": sys.byteorder,
            "sys.maxsize": sys.maxsize,
            "sys.implementation.name": sys.implementation.name,
            "sys.flags.optimize": 0,
            "__name__": self.namespace.dotted,
            "__debug__": True,
        }

    def _known(self, test: ast.expr) -> Answer:
        """How a test comes out in the interpreter that runs this."""
        name = dotted_name(test)
        if name.rpartition(".")[2] == "TYPE_CHECKING":
            return Answer.NO
        if isinstance(test, ast.Name):
            entry = self.entry(test.id)
            if entry is not None:
                return entry.truth if entry.is_sure else Answer.UNKNOWN
        if isinstance(test, ast.Call):
            return self._known_call(test)
        if isinstance(test, ast.Compare) and len(test.ops) == 1:
            asked = self._known_membership(test)
            if asked is not Answer.UNKNOWN:
                return asked
        try:
            return answer(bool(evaluate(test, self._constants(test))))
        except (LookupError, TypeError, ValueError, AttributeError, KeyError):
            return Answer.UNKNOWN

    def _known_call(self, test: ast.Call) -> Answer:
        if dotted_name(test.func) == "hasattr" and len(test.args) == 2:
            module = self._module_named(dotted_name(test.args[0]))
            name = self._text(test.args[1])
            if module is None or name is None:
                return Answer.UNKNOWN
            entry = module.names.get(name)
            if entry is not None:
                return Answer.YES if entry.is_sure else Answer.UNKNOWN
            return self._has(module, name)
        asked = self._known_result(test)
        if asked is not Answer.UNKNOWN:
            return asked
        try:
            return answer(bool(evaluate(test, self._constants(test))))
        except (LookupError, TypeError, ValueError, AttributeError, KeyError):
            return Answer.UNKNOWN

    def _known_result(self, test: ast.Call) -> Answer:
        """How a function comes out that does nothing but return the answer to a test."""
        entry = self.entry(test.func.id) if isinstance(test.func, ast.Name) else None
        if entry is None or entry.function is None or not entry.is_sure or test.keywords:
            return Answer.UNKNOWN
        namespace, function = entry.function
        statement = function.body[-1]
        parameters = [arg.arg for arg in function.args.args]
        if len(function.body) != 1 or len(parameters) != len(test.args):
            return Answer.UNKNOWN
        if not isinstance(statement, ast.Return) or statement.value is None:
            return Answer.UNKNOWN
        inner = _Body(self.simulation, namespace, function)
        for name, argument in zip(parameters, test.args, strict=True):
            inner.locals[name] = Entry("a value", 0, True, text=self._text(argument))
        if self.simulation.asking >= _MAXIMUM_CALLS:
            return Answer.UNKNOWN
        self.simulation.asking += 1
        try:
            return truth(statement.value, inner._known)
        finally:
            self.simulation.asking -= 1

    def _known_membership(self, test: ast.Compare) -> Answer:
        """`"posix" in sys.builtin_module_names`, `"x" in globals()`."""
        name = self._text(test.left)
        operator = type(test.ops[0])
        if name is None or operator not in (ast.In, ast.NotIn):
            return Answer.UNKNOWN
        found = self._is_in(name, test.comparators[0])
        return found if operator is ast.In else found.opposite

    def _is_in(self, name: str, held: ast.expr) -> Answer:
        """Is a string in what an expression means?"""
        strings = self._strings(held)
        if strings is not None:
            return answer(name in strings)
        is_globals = isinstance(held, ast.Call) and dotted_name(held.func) == "globals"
        if not is_globals or self.namespace.is_open:
            return Answer.UNKNOWN
        entry = self.namespace.names.get(name)
        return Answer.NO if entry is None else Answer.YES if entry.is_sure else Answer.UNKNOWN

    # Expressions

    def _evaluate(self, *expressions: ast.expr | None) -> None:
        for expression in expressions:
            if expression is not None:
                self._expression(expression)

    def _expression(self, node: ast.expr) -> None:
        if isinstance(node, (ast.Constant, ast.Name, ast.Lambda)):
            return
        if isinstance(node, ast.BoolOp):
            self._expression(node.values[0])
            with self.simulation.maybe():
                self._evaluate(*node.values[1:])
            return
        if isinstance(node, ast.IfExp):
            self._expression(node.test)
            outcome = truth(node.test, self._known)
            if outcome is not Answer.UNKNOWN:
                self._expression(node.body if outcome is Answer.YES else node.orelse)
                return
            with self.simulation.maybe():
                self._evaluate(node.body, node.orelse)
            return
        if isinstance(node, COMPREHENSIONS):
            self._expression(node.generators[0].iter)
            with self.simulation.maybe():
                for child in child_nodes(node):
                    if isinstance(child, ast.expr):
                        self._expression(child)
            return
        for child in child_nodes(node):
            if isinstance(child, ast.expr):
                self._expression(child)
            elif isinstance(child, ast.keyword):
                self._expression(child.value)
        if isinstance(node, ast.NamedExpr):
            self._target(node.target, node.value)
        elif isinstance(node, ast.Call):
            self._call(node)

    def _decorate(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        for decorator in reversed(node.decorator_list):
            name = dotted_name(decorator)
            if name:
                self._run_function(name, decorator.lineno)
            if name.rpartition(".")[2] == "global_enum":
                self._opened(f"`{name}` puts the members of `{node.name}` into the module")

    def _call(self, node: ast.Call) -> None:
        name = dotted_name(node.func)
        if not name:
            return
        last = name.rpartition(".")[2]
        if last in ("import_module", "__import__") and node.args:
            wanted = self._text(node.args[0])
            if wanted is not None and not wanted.startswith("."):
                self._load(wanted, node.lineno)
                return
            self._opened("loads modules by names that aren't written down")
            self.simulation.risky = True
            return
        if name in ("exec", "eval") and len(node.args) < 2 and name == "exec":
            self._opened("runs code that isn't written down")
            self.simulation.risky = True
            return
        is_given_name = any(
            isinstance(each, ast.Name) and each.id == "__name__" for each in node.args
        )
        if is_given_name and last not in ONLY_READS_NAME and self.function is None:
            self._opened(
                f"`{name}` is given the module's name, and may fill it (line {node.lineno})"
            )
        self._run_function(name, node.lineno)

    def _run_function(self, name: str, line: int) -> None:
        """Follow a call into the function, for what it imports and which globals it binds."""
        simulation = self.simulation
        owner, _, last = name.rpartition(".")
        entry: Entry | None
        if owner:
            module = self._module_named(owner)
            entry = None if module is None else module.names.get(last)
        else:
            entry = self.entry(name)
        if entry is None or entry.function is None or len(simulation.calls) > _MAXIMUM_CALLS:
            if entry is None and not hasattr(builtins, name):
                simulation.risky = True
            return
        namespace, function = entry.function
        key = (namespace.path, function.lineno, simulation.is_sure)
        if isinstance(function, ast.AsyncFunctionDef) or key in simulation.called:
            return
        simulation.called.add(key)
        if not _matters(function):
            return
        simulation.calls.append((namespace.path, function.lineno))
        inner = _Body(simulation, namespace, function)
        try:
            inner.block(function.body)
        except _Left:
            pass
        finally:
            simulation.calls.pop()


def _joined(one: _Left, other: _Left | None, is_sure: bool) -> _Left:
    return _Left(is_sure, one.is_loop and (other is None or other.is_loop))


def _raises(body: list[ast.stmt]) -> bool:
    return bool(body) and isinstance(body[-1], ast.Raise)


def _text_of(node: ast.expr) -> str | None:
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return str(node.value) if is_text else None  # type: ignore[attr-defined]


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
    waiting: list[ast.AST] = list(body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            return True
        if not isinstance(node, (*FUNCTIONS, ast.ClassDef, ast.expr)):
            waiting += child_nodes(node)
    return False


_MATTERS: dict[ast.AST, bool] = {}


def _matters(function: ast.AST) -> bool:
    """Has a function imports, globals, or calls that may lead to some?"""
    if function not in _MATTERS:
        found = False
        waiting = list(getattr(function, "body", ()))
        while waiting and not found:
            node = waiting.pop()
            if isinstance(node, (ast.Yield, ast.YieldFrom)):
                break
            found = isinstance(node, (ast.Import, ast.ImportFrom, ast.Global, ast.Call))
            if not isinstance(node, (*FUNCTIONS, ast.ClassDef)):
                waiting += child_nodes(node)
        _MATTERS[function] = found and not _is_generator(function)
    return _MATTERS[function]


def _is_generator(function: ast.AST) -> bool:
    waiting = list(getattr(function, "body", ()))
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            waiting += child_nodes(node)
    return False


def _caught(handler: ast.ExceptHandler) -> set[str]:
    if handler.type is None:
        return {""}
    parts = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return {dotted_name(part).rpartition(".")[2] for part in parts}


def _handles(handler: ast.ExceptHandler, name: str) -> bool:
    caught = _caught(handler)
    names = {name, *_ALL_ERRORS}
    if name == "ModuleNotFoundError":
        names.add("ImportError")
    return bool(caught & names)


def _is_simple(statement: ast.stmt) -> bool:
    """May a statement fail by nothing but an import, a name or an attribute?"""
    if isinstance(statement, (ast.Import, ast.ImportFrom, ast.Pass)):
        return True
    value = getattr(statement, "value", None)
    if not isinstance(statement, (ast.Assign, ast.Expr, ast.AnnAssign)) or value is None:
        return False
    return all(isinstance(part, (ast.Name, ast.Attribute, ast.Constant)) for part in _walk(value))


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting += child_nodes(current)


def _evaluated(statement: ast.stmt) -> Iterator[ast.AST]:
    if _is_simple(statement):
        yield from _walk(statement)


def _surely_bound(body: list[ast.stmt]) -> set[str]:
    """The names that statements bind in whatever way they run."""
    found: set[str] = set()
    for statement in body:
        found |= (
            _bound_in([statement])
            if not isinstance(statement, (ast.If, ast.For, ast.While, ast.Try, ast.Match))
            else set()
        )
        if isinstance(statement, ast.If) and statement.orelse:
            found |= _surely_bound(statement.body) & _surely_bound(statement.orelse)
    return found


def _bound_in(body: list[ast.stmt]) -> set[str]:
    found: set[str] = set()
    waiting: list[ast.AST] = list(body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            name = getattr(node, "name", None)
            found.update((name,) if name else ())
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.alias):
            found.add(node.asname or node.name.partition(".")[0])
        waiting += child_nodes(node)
    return found


def _leaves(body: list[ast.stmt]) -> bool:
    return bool(body) and isinstance(body[-1], (ast.Raise, ast.Return, ast.Continue, ast.Break))


def _binds_first(body: list[ast.stmt], name: str) -> bool:
    return (
        bool(body)
        and isinstance(body[0], (ast.FunctionDef, ast.ClassDef))
        and (body[0].name == name)
    )
