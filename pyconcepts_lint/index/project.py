"""The project as a whole: which file a module is, what a name means, which class is which.

Nothing is imported: modules of the project and of the standard library are read as source.
What the standard library has only in C (and the built-ins) is asked of the running interpreter.
"""

from __future__ import annotations

import builtins
import importlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from math import inf

from ..base.typed import TYPE_CHECKING, NamedTuple
from .classes import (
    CLASS,
    CLASS_METHOD,
    FUNCTION,
    STATIC,
    UNKNOWN,
    VALUE,
    ClassModel,
    LiveClass,
    SourceClass,
    kind_of_instance,
    live_kind,
)
from .facts import (
    CONDITIONAL,
    IMMUTABLE_VALUES,
    MUTABLE_VALUES,
    Binding,
    Event,
    Import,
    ModuleFacts,
)
from .layout import (
    COMPILED_SUFFIXES,
    SOURCE_SUFFIXES,
    UNBUILT_SUFFIXES,
    Found,
    Layout,
    ModuleName,
)
from .packages import (
    Unmarked,
    is_marked,
    is_run_alone,
    loaded_files,
    unmarked_packages,
)
from .tracking import Input, Tracker, tracked

if TYPE_CHECKING:
    from typing import TypeVar

    from .cycles import Failure
    from .loaders import Names
    from .loading import Loading
    from .starting import Start

    T = TypeVar("T")

STANDARD_LIBRARY = os.path.dirname(os.path.abspath(os.__file__))
_STANDARD_PLACES = (
    STANDARD_LIBRARY + os.sep,
    # Some systems keep the compiled modules apart, in a `lib64`.
    os.path.join(sys.base_exec_prefix, sys.platlibdir, os.path.basename(STANDARD_LIBRARY), ""),
)
_PLAIN_VALUES = IMMUTABLE_VALUES | MUTABLE_VALUES | {"plain"}
_MAXIMUM_STEPS = 32  # of re-exports and aliases that a name is followed through


class Module:
    """One module of the project or the standard library.

    `path` is its file's absolute path, `name` where it stands in the import world (None for what
    the project's layout says).
    """

    def __init__(
        self,
        project: Project,
        path: str,
        name: ModuleName | None,
        facts: ModuleFacts,
        in_project: bool,
    ) -> None:
        self.project = project
        self.tracker = project.tracker
        self.path = path
        self._name = name
        self.in_project = in_project
        self._facts = facts
        self._input = (("file", path),) if in_project else None

    def __repr__(self) -> str:
        return f"<Module {self.name.dotted}>"

    @property
    def name(self) -> ModuleName:
        return self._name or self.project.layout.name_of(self.path)

    @property
    def facts(self) -> ModuleFacts:
        """What the file says about itself."""
        if self._input is not None:
            self.tracker.note_all(self._input)
        return self._facts

    @property
    def file_name(self) -> str:
        """The path below the project's root, with forward slashes."""
        root = self.project.root
        inside = root is not None and self.path.startswith(root.rstrip(os.sep) + os.sep)
        path = os.path.relpath(self.path, root) if inside else os.path.basename(self.path)
        return path.replace(os.sep, "/")

    @tracked
    def bindings(self) -> dict[str, list[Binding]]:
        """The module-level bindings by name, in the order of the source."""
        grouped: dict[str, list[Binding]] = {}
        for binding in self.facts.bindings:
            grouped.setdefault(binding.name, []).append(binding)
        return grouped

    @tracked
    def classes(self) -> tuple[SourceClass, ...]:
        """The models of its class statements, in the order of the source."""
        return tuple(
            SourceClass(self.project, self, number) for number in range(len(self.facts.classes))
        )

    @tracked
    def _classes_by_place(self) -> dict[tuple[int, int], SourceClass]:
        found: dict[tuple[int, int], SourceClass] = {}
        for model, facts in zip(self.classes, self.facts.classes, strict=True):
            found.setdefault((facts.line, facts.column), model)
        return found

    def class_at(self, line: int, column: int) -> SourceClass | None:
        """The model of the class statement that starts at a place."""
        return self._classes_by_place.get((line, column))

    @tracked
    def starts(self) -> dict[int, Start]:
        """What the `__init__`s of its classes surely do: see `starting.starts`.

        The text is parsed anew for that, so this is to be asked rarely.
        """
        from ..source.python3 import parse_python3
        from .starting import starts

        text = self.project.text(self)
        return {} if text is None else starts(parse_python3(text))

    @tracked
    def is_test(self) -> bool:
        """`tests/`, `test/`, `test_*.py`, `*_test.py` or `conftest.py`."""
        directory, file_name = os.path.split(self.path)
        stem = file_name.partition(".")[0]
        if stem.startswith("test_") or stem.endswith("_test") or stem == "conftest":
            return True
        root = self.project.root or self.name.root
        relative = os.path.relpath(directory, root) if directory.startswith(root) else directory
        return not {"tests", "test"}.isdisjoint(relative.split(os.sep))

    @tracked
    def is_run_alone(self) -> bool:
        """See `packages.is_run_alone`."""
        return is_run_alone(self)

    @tracked
    def first_relative_import(self) -> float:
        """The line of its first relative import that runs wherever the module does."""
        lines = (part.line for part in self.facts.imports if part.level and not part.flags)
        return min(lines, default=inf)

    @tracked
    def is_script(self) -> bool:
        """A `__main__` guard, a shebang, or the name `__main__.py`."""
        return (
            self.facts.has_main_guard
            or self.facts.has_shebang
            or os.path.basename(self.path) == "__main__.py"
        )

    def qualified(self, dotted: str) -> str:
        """The full name that a dotted name of this module stands for, by its imports alone.

        `dataclass()` after `from dataclasses import dataclass` is `dataclasses.dataclass()`.
        Names that no import binds (or more than one thing does) come back as they are.
        """
        root, dot, rest = dotted.partition(".")
        bare = root.removesuffix("()")
        call = root[len(bare) :]
        bound = self.bindings.get(bare)
        if not bound:
            return dotted
        sources = {self._source(binding) for binding in bound}
        if len(sources) != 1 or (source := sources.pop()) is None:
            return dotted
        return f"{source}{call}{dot}{rest}"

    def _source(self, binding: Binding) -> str | None:
        if binding.kind == "import":
            return self.absolute(binding.target)
        if binding.kind == "from":
            module, _, name = binding.target.partition(":")
            absolute = self.absolute(module)
            return f"{absolute}.{name}" if absolute else None
        return None

    def absolute(self, module: str) -> str | None:
        """The absolute name of the module that an import statement in this module names.

        Leading dots (`..x`) count from this module's package; None where they lead out of it.
        A name without dots is absolute, except in Python 2 source: see `is_beside`.
        """
        stripped = module.lstrip(".")
        level = len(module) - len(stripped)
        if not level:
            return f"{self.name.package}.{module}" if self.is_beside(module) else module
        package = self.name.package.split(".") if self.name.package else []
        if level > len(package):
            return None
        parts = package[: len(package) - level + 1]
        return ".".join([*parts, stripped] if stripped else parts)

    def is_beside(self, module: str) -> bool:
        """Does Python 2 find a module that is named without dots in this module's own package?

        It looks there first (https://docs.python.org/2/tutorial/modules.html, "Intra-package
        References"), and nowhere else once it has found the first part of the name. False for
        Python 3 source, and after `from __future__ import absolute_import`.
        """
        if not self.name.regular:
            return False
        facts = self.facts
        if facts.is_python3 or "absolute_import" in facts.future:
            return False
        first = module.partition(".")[0]
        found = self.project.layout.find_below(os.path.dirname(self.path), [first])
        # Namespace packages are Python 3's.
        return found is not None and found.kind != "namespace"


class Value(NamedTuple):
    """A module-level name that is neither a class nor a module."""

    module: Module
    binding: Binding


class External(NamedTuple):
    """An object of the running interpreter that is neither a class nor a module."""

    name: str


Symbol = ClassModel | Module | Value | Found | External


class Project:
    """The modules of one project, read as they are asked for.

    Args:
        root: the project's root directory; None for files that belong to none.
        files: the project's own files, absolute paths.
        read: gives a file's facts, or None for a file that can't be read.
        src: import roots from the settings, None to find them.
        field_classes: names of classes whose class-level names are fields.
        namespace_packages: dotted names of directories without `__init__.py` on purpose.
        extra_files: files that count as there although they aren't on disk yet.
        text: gives the Python 3 text that a file's facts were read from, None where there is none.
        tracker: is told what answers rest on.
        target_minor: the oldest 3.x that is to run it, None where that is told by its own files.
    """

    def __init__(
        self,
        root: str | None,
        files: Sequence[str],
        read: Callable[[str], ModuleFacts | None],
        *,
        src: Sequence[str] | None = None,
        field_classes: Iterable[str] = (),
        namespace_packages: Iterable[str] = (),
        extra_files: Iterable[str] = (),
        text: Callable[[str], str | None] | None = None,
        tracker: Tracker | None = None,
        target_minor: int | None = None,
    ) -> None:
        self.root = root
        self.target_minor = target_minor
        self.files = tuple(files)
        self.field_classes = frozenset(field_classes)
        self.namespace_packages = frozenset(namespace_packages)
        self.tracker = tracker or Tracker()
        self.layout = Layout(root, src, self.files, extra_files, self.tracker, self._spelled)
        self.open_mros: list[ClassModel] = []
        self._read = read
        self._text = text
        self._own = frozenset(self.files)
        self._modules: dict[str, Module | None] = {}
        self._live: dict[type, LiveClass] = {}
        self._resolving: set[tuple[str, str]] = set()
        self._tables: dict[object, object] = {}
        self._standings: dict[str, tuple[str, frozenset[Input]]] = {}
        self._shared: dict[object, tuple[object, frozenset[Input]]] = {}

    @cached_property
    def loading(self) -> Loading:
        """What importing its modules loads."""
        from .loading import Loading

        return Loading(self)

    def share(self, make: Callable[[Project], T]) -> T:
        """What `make(project)` gives, made once for all files and rules that ask."""
        known = self._shared.get(make)
        if known is None:
            with self.tracker.record() as inputs:
                value = make(self)
            known = self._shared[make] = (value, frozenset(inputs))
        else:
            self.tracker.note_all(known[1])
        return known[0]  # type: ignore[return-value]

    def _spelled(self) -> set[str]:
        """The names that absolute imports spell, be they computed ones, and those that build files
        declare; `.*` after a package of which all modules are imported so.

        It is asked for the names of modules, so it asks for none.
        """
        from .loaders import declared_names, spelled_names

        names = set(declared_names(self.root))
        for path in self.files:
            facts = self._read(path)
            if facts is not None:
                names.update(spelled_names(facts))
        return names

    # Modules

    def module(self, path: str) -> Module | None:
        """The module of a file; None where the file can't be read."""
        if path in self._own or not path.startswith(STANDARD_LIBRARY + os.sep):
            self.tracker.note("file", path)
        if path not in self._modules:
            facts = self._read(path)
            if facts is None:
                self._modules[path] = None
            else:
                standard = path not in self._own and path.startswith(STANDARD_LIBRARY + os.sep)
                name = self._standard_name(path) if standard else None
                self._modules[path] = Module(self, path, name, facts, not standard)
        return self._modules[path]

    def text(self, module: Module) -> str | None:
        """The text of a module, for the rare question that its facts don't answer; a translation
        for Python 2 source."""
        if module.in_project:
            self.tracker.note("text", module.path)
        return None if self._text is None else self._text(module.path)

    @staticmethod
    def _standard_name(path: str) -> ModuleName:
        relative = os.path.relpath(path, STANDARD_LIBRARY)
        parts = relative.removesuffix(".py").split(os.sep)
        if parts[-1] == "__init__":
            package = ".".join(parts[:-1])
            return ModuleName(STANDARD_LIBRARY, package, package, True, True)
        package = ".".join(parts[:-1])
        return ModuleName(STANDARD_LIBRARY, ".".join(parts), package, False, bool(package))

    def modules(self) -> Iterator[Module]:
        """Every readable module of the project, in the order of its files."""
        self.tracker.note("project", "")
        for path in self.files:
            module = self.module(path)
            if module is not None:
                yield module

    def find_import(self, dotted: str, importer: str) -> Found | str | None:
        """What `import dotted` in the file `importer` reaches.

        Returns:
            where it lies in the project or the standard library; the name itself for a module
            of the standard library that has no Python source; None where it can't be known.
        """
        if importer.startswith(STANDARD_LIBRARY + os.sep) and importer not in self._own:
            return self._find_standard(dotted)
        found = self.layout.find(dotted, importer)
        if found is not None:
            return found
        if self.layout.find(dotted.partition(".")[0], importer) is not None:
            return None
        return self._find_standard(dotted)

    @staticmethod
    def _find_standard(dotted: str) -> Found | str | None:
        if dotted.partition(".")[0] not in sys.stdlib_module_names:
            return None
        base = os.path.join(STANDARD_LIBRARY, *dotted.split("."))
        init = os.path.join(base, "__init__.py")
        if os.path.isfile(init):
            return Found("package", init)
        if os.path.isfile(base + ".py"):
            return Found("module", base + ".py")
        return dotted

    def imported(self, importer: Module, dotted: str) -> Symbol | None:
        """The module that the absolute name `dotted` means in `importer`, or what is known."""
        found = self.find_import(dotted, importer.path)
        if found is None:
            return None
        if isinstance(found, str):
            return self._live_module_symbol(found)
        if found.kind in ("module", "package"):
            return self.module(found.path)
        return found

    def _live_module_symbol(self, dotted: str) -> Symbol | None:
        return External(dotted)

    # Names

    def resolve(self, module: Module, dotted: str) -> Symbol | None:
        """What a dotted name means at the end of `module`'s execution; None where unknown.

        Receivers of `ModuleFacts.attribute_uses` can be asked for, too.
        """
        if dotted[:1] == "@":
            return self._resolve_local(module, dotted[1:])
        parts = dotted.split(".")
        symbol = self.member(module, parts[0])
        if symbol is None and not self.may_bind(module, parts[0]):
            symbol = self._builtin(parts[0])
        for part in parts[1:]:
            if symbol is None:
                return None
            symbol = self.attribute_of(symbol, part)
        return symbol

    def _resolve_local(self, module: Module, dotted: str) -> Symbol | None:
        symbol: Symbol | None
        if dotted.startswith("#"):
            number, _, rest = dotted[1:].partition(".")
            symbol = module.classes[int(number)]
        else:
            source, _, rest = dotted.partition(":")
            absolute = module.absolute(source)
            symbol = None if absolute is None else self.imported(module, absolute)
        for part in filter(None, rest.split(".")):
            if symbol is None:
                return None
            symbol = self.attribute_of(symbol, part)
        return symbol

    def _builtin(self, name: str) -> Symbol | None:
        if not hasattr(builtins, name):
            return None
        live = getattr(builtins, name)
        return self.live_class(live) if isinstance(live, type) else External(f"builtins.{name}")

    def attribute_of(self, symbol: Symbol, name: str) -> Symbol | None:
        """What `symbol.name` is; None where unknown."""
        if isinstance(symbol, Module):
            return self.member(symbol, name) or self.submodule(symbol, name)
        if isinstance(symbol, ClassModel):
            return self._class_attribute(symbol, name)
        if isinstance(symbol, External):
            return self._live_member(symbol.name, name)
        if isinstance(symbol, Found) and symbol.kind == "namespace":
            found = self.layout.find_below(symbol.path, [name])
            if found is None:
                return None
            return self.module(found.path) if found.kind in ("module", "package") else found
        return None

    @staticmethod
    def _class_attribute(model: ClassModel, name: str) -> Symbol | None:
        """A class statement in a class body; asks `attributes` nothing, which asks this."""
        if not isinstance(model, SourceClass):
            return None
        bindings = [binding for binding in model.facts.body if binding.name == name]
        if len(bindings) != 1 or bindings[0].kind != "class":
            return None
        return model.module.classes[int(bindings[0].target)]

    def submodule(self, package: Module, name: str) -> Symbol | None:
        if not package.name.is_package:
            return None
        found = self.layout.find_below(os.path.dirname(package.path), [name])
        if found is None:
            return None
        return self.module(found.path) if found.kind in ("module", "package") else found

    def member(self, module: Module, name: str) -> Symbol | None:
        """What a module's global `name` is once the module has run; None where unknown."""
        key = (module.path, name)
        if key in self._resolving or len(self._resolving) > _MAXIMUM_STEPS:
            return None
        self._resolving.add(key)
        try:
            return self._member(module, name)
        finally:
            self._resolving.discard(key)

    def _member(self, module: Module, name: str) -> Symbol | None:
        bindings = module.bindings.get(name)
        if not bindings:
            return self._starred(module, name)
        symbols = [self.bound(module, binding) for binding in bindings]
        first = symbols[0]
        overridden = self._may_be_overridden(module, name, bindings[-1].line)
        if not module.in_project and (overridden or len(symbols) > 1 or _is_made(first)):
            live = self._chosen(module, name, symbols)
            if live is not None:
                return live
        if overridden:
            return None
        if len(symbols) == 1:
            return first
        if any(symbol is None for symbol in symbols):
            return None
        if all(symbol is first for symbol in symbols):
            return first
        if bindings[-1].kind in ("class", "function") and not any(
            binding.flags & CONDITIONAL or binding.kind == "global" for binding in bindings
        ):
            return symbols[-1]
        return None

    def _chosen(
        self, module: Module, name: str, symbols: Sequence[Symbol | None]
    ) -> ClassModel | Module | None:
        """Which of several things a module of the standard library has in this interpreter.

        It replaces some of its classes by faster ones written in C, and some of its modules by
        the system's.
        """
        for symbol in symbols:
            if isinstance(symbol, Module):
                namespace = _live_namespace(module.name.dotted)
                if getattr(namespace.get(name), "__name__", "") == symbol.name.dotted:
                    return symbol
        live = self._live_member(module.name.dotted, name)
        if not isinstance(live, LiveClass):
            return None
        if live in symbols or live.is_written_in_c:
            return live
        written = (symbol for symbol in symbols if isinstance(symbol, SourceClass))
        return next((model for model in written if model.full_name == live.full_name), live)

    def bound(self, module: Module, binding: Binding) -> Symbol | None:
        """What one binding of `module` binds its name to; None where unknown."""
        kind = binding.kind
        if kind == "class":
            return module.classes[int(binding.target)]
        if kind == "import":
            absolute = module.absolute(binding.target)
            return None if absolute is None else self.imported(module, absolute)
        if kind == "from":
            source, _, name = binding.target.partition(":")
            absolute = module.absolute(source)
            if absolute is None:
                return None
            origin = self.imported(module, absolute)
            return None if origin is None else self.attribute_of(origin, name)
        if kind == "assign" and binding.value == "name":
            root = binding.target.partition(".")[0]
            return None if root == binding.name else self.resolve(module, binding.target)
        if kind in ("function", "assign"):
            return Value(module, binding)
        return None

    def _star_sources(self, module: Module, below: int = 0) -> Iterator[Symbol | None]:
        """What is star-imported, in statements below a line."""
        for statement in module.facts.imports:
            if statement.names and statement.names[0][0] == "*" and statement.line > below:
                absolute = module.absolute("." * statement.level + statement.module)
                yield None if absolute is None else self.imported(module, absolute)

    def _may_be_overridden(self, module: Module, name: str, line: int) -> bool:
        """May a star import below a line bind the name again?"""
        for source in self._star_sources(module, line):
            if isinstance(source, External):
                if name in self._star_names(source.name):
                    return True
                continue
            if not isinstance(source, Module):
                return True
            names, are_known = self._exported(source)
            if names is None and name.startswith("_"):
                continue
            if names is None or not are_known:
                if name in source.bindings or self.has_unknown_star(source):
                    return True
                if self.submodule(source, name) is not None:
                    return True
                if self._starred(source, name) is not None:
                    return True
            elif name in names:
                return True
        return False

    def _starred(self, module: Module, name: str) -> Symbol | None:
        found: list[Symbol] = []
        for source in self._star_sources(module):
            if isinstance(source, External):
                live = self._live_member(source.name, name)
                if live is not None and name in self._star_names(source.name):
                    found.append(live)
                continue
            if not isinstance(source, Module):
                return None
            names, are_known = self._exported(source)
            if names is not None:
                if not are_known:
                    return None
                if name not in names:
                    continue
            elif name.startswith("_"):
                continue
            symbol = self.member(source, name)
            if symbol is not None:
                found.append(symbol)
            elif name in source.bindings or self.has_unknown_star(source):
                return None
        if not found or all(symbol == found[0] for symbol in found):
            return found[0] if found else None
        return None if module.in_project else self._chosen(module, name, found)

    def _exported(self, module: Module) -> tuple[Iterable[str] | None, bool]:
        """A module's `__all__`, None without one, and whether that is all of it."""
        facts = module.facts
        if facts.dunder_all is None or facts.dunder_all_known or module.in_project:
            return facts.dunder_all, facts.dunder_all_known
        live = _live_namespace(module.name.dotted).get("__all__")
        from typing import cast

        return (facts.dunder_all, False) if live is None else (cast("Iterable[str]", live), True)

    def may_bind(self, module: Module, name: str) -> bool:
        """May a module have a global `name`, be it one of which nothing is known?

        By a statement of its own or a star import. What other modules put there is not asked.
        """
        if name in module.bindings:
            return True
        key = (module.path, f"{name}?")
        if key in self._resolving:
            return False
        self._resolving.add(key)
        try:
            return any(self._may_hand_on(source, name) for source in self._star_sources(module))
        finally:
            self._resolving.discard(key)

    def _may_hand_on(self, source: Symbol | None, name: str) -> bool:
        """May a star import of `source` bind the name?"""
        if isinstance(source, External):
            return name in self._star_names(source.name)
        if not isinstance(source, Module):
            return True
        names, are_known = self._exported(source)
        if names is not None:
            return name in names or not are_known
        if "__all__" not in source.bindings and name.startswith("_"):
            return False
        # A package has its submodules, too, as soon as they are loaded.
        return self.may_bind(source, name) or self.submodule(source, name) is not None

    def has_unknown_star(self, module: Module) -> bool:
        """May a star import bring names that can't be known?"""
        key = (module.path, "*")
        if key in self._resolving:
            return False
        self._resolving.add(key)
        try:
            return any(
                not isinstance(source, (Module, External))
                or (isinstance(source, Module) and self.has_unknown_star(source))
                for source in self._star_sources(module)
            )
        finally:
            self._resolving.discard(key)

    # Classes

    def class_named(self, module: Module, name: str) -> ClassModel | None:
        """The class that a base (or a dotted name) in `module` means: see `ClassFacts.bases`."""
        if not name:
            return None
        if name.startswith("#"):
            return module.classes[int(name[1:])]
        symbol = self.resolve(module, name)
        return symbol if isinstance(symbol, ClassModel) else None

    def live_class(self, live: type) -> LiveClass:
        model = self._live.get(live)
        if model is None:
            model = self._live[live] = LiveClass(self, live)
        return model

    def builtin_class(self, name: str) -> LiveClass:
        return self.live_class(getattr(builtins, name))

    def _live_member(self, module: str, name: str) -> Symbol | None:
        """A name of a standard-library module that has no Python source."""
        namespace = _live_namespace(module)
        if name not in namespace:
            return None
        live = namespace[name]
        return self.live_class(live) if isinstance(live, type) else External(f"{module}.{name}")

    def kind_as_attribute(self, symbol: Symbol | None) -> str:
        """What an object is when it is made an attribute of a class (see `Attribute.kind`)."""
        if isinstance(symbol, ClassModel):
            return CLASS
        if isinstance(symbol, External):
            module, _, name = symbol.name.rpartition(".")
            namespace = _live_namespace(module)
            return live_kind(namespace[name]) if name in namespace else UNKNOWN
        if isinstance(symbol, Value):
            binding = symbol.binding
            if binding.kind == "function":
                return FUNCTION if not binding.value else UNKNOWN
            if binding.value in _PLAIN_VALUES:
                return VALUE
            if binding.value == "call":
                return kind_of_instance(self.class_named(symbol.module, binding.target))
        return UNKNOWN

    @staticmethod
    def _star_names(module: str) -> Iterable[str]:
        """What `from module import *` brings from such a module."""
        namespace = _live_namespace(module)
        public = [name for name in namespace if not name.startswith("_")]
        from typing import cast

        return cast("Iterable[str]", namespace.get("__all__", public))

    @property
    def project_classes(self) -> tuple[SourceClass, ...]:
        """The models of every class statement of the project."""
        self.tracker.note("project", "")
        return self._table(_project_classes)

    def subclasses(self, model: ClassModel) -> list[SourceClass]:
        """The project's classes below `model`, however far, other bases known or not."""
        if isinstance(model, SourceClass):
            self.tracker.note("subclasses", f"{model.module.path}:{model.number}")
        else:
            self.tracker.note("subclasses", model.full_name)
        return self._below(model)

    def _below(self, model: ClassModel) -> list[SourceClass]:
        direct = self._table(_direct_subclasses)
        found: dict[SourceClass, None] = {}
        waiting = list(direct.get(model, ()))
        while waiting:
            current = waiting.pop()
            if current not in found:
                found[current] = None
                waiting.extend(direct.get(current, ()))
        return list(found)

    def may_have_unseen_subclasses(self, model: SourceClass) -> bool:
        """May the project make a class from `model` otherwise than by a class statement that
        names it as a base: by calling `type`, a metaclass, a function that returns a base?"""
        self.tracker.note("made", f"{model.module.path}:{model.number}")
        return self._is_made_from(model)

    def is_passed_to_functions(self, model: SourceClass) -> bool:
        """Does a module-level statement of the project, or of the class's own module, pass the
        class (or another one of that name) to a function, which may give it attributes?"""
        self.tracker.note("passed", model.name)
        return bool(self._passed(model.name)) or any(
            name in (model.name, model.qualname) for name, _ in model.module.facts.passed
        )

    def is_given_by_functions(self, model: SourceClass, attribute: str) -> bool:
        """May a function that a module-level statement of the project passes the class to give it
        an attribute of that name?"""
        self.tracker.note("passed", model.name)
        return any(
            self.resolve(module, dotted) in (model, None)
            and self._may_give(module, function, attribute)
            for module, dotted, function in self._passed(model.name)
        )

    def _may_give(self, module: Module, function: str, attribute: str) -> bool:
        called = self.resolve(module, function) if function else None
        if isinstance(called, Value):
            # What decorates a function may do anything.
            is_plain = called.binding.kind == "function" and not called.binding.value
            return not is_plain or self._may_store(called.module, called.binding.name, attribute)
        if called is not None:
            return not isinstance(called, External) and not (
                isinstance(called, ClassModel) and not called.is_project_class
            )
        owner_name, _, method = function.rpartition(".")
        owner = self.class_named(module, owner_name)
        if owner is None or owner.mro is None:
            return True
        found = owner.lookup(method)
        if found is None:
            metaclass = owner.metaclass
            is_abstract = metaclass is not None and metaclass.full_name == "abc.ABCMeta"
            return not is_abstract or method != "register"
        if found.kind not in (FUNCTION, CLASS_METHOD, STATIC):
            return True
        return isinstance(found.owner, SourceClass) and self._may_store(
            found.owner.module, method, attribute
        )

    def _may_store(self, module: Module, function: str, attribute: str) -> bool:
        """May a function give an attribute of that name to what it is passed?"""
        facts = module.facts
        return (
            function in facts.fillers
            or attribute in facts.foreign_stores
            or self.is_stored_elsewhere(attribute)
        )

    def _passed(self, name: str) -> Sequence[tuple[Module, str, str]]:
        return self._table(_passed).get(name, ())

    def _is_made_from(self, model: SourceClass) -> bool:
        names, modules = self._table(_made_bases)
        return model.name in names or model.module in modules

    # Uses across the project

    def uses_of(self, attribute: str) -> Sequence[tuple[Module, str, str]]:
        """The (module, dotted receiver, context) of `ModuleFacts.attribute_uses` of a name."""
        self.tracker.note("uses", attribute)
        return self._table(_uses).get(attribute, ())

    def is_stored_elsewhere(self, attribute: str) -> bool:
        """Is the attribute assigned on an object that isn't a method's own instance or class?"""
        self.tracker.note("stores", attribute)
        return attribute in self._table(_foreign_stores)

    def class_events(self, attribute: str) -> Sequence[tuple[SourceClass, Event]]:
        """What methods do to an attribute through their class (`cls.x`)."""
        self.tracker.note("class events", attribute)
        return self._table(_class_events).get(attribute, ())

    def classes_binding(self, attribute: str) -> Sequence[SourceClass]:
        """The project's classes that bind a name in their bodies or on their instances."""
        self.tracker.note("binds", attribute)
        return self._table(_bound_attributes).get(attribute, ())

    @property
    def descriptor_names(self) -> frozenset[str]:
        """The names of the project's classes that bind `__get__`, `__set__` or `__delete__`, and
        of all that have a base of such a name."""
        self.tracker.note("descriptors", "")
        return self._table(_descriptor_names)

    def binds_somewhere(self, attribute: str) -> bool:
        """Does a class of the project bind a name, or is it assigned on some other object?"""
        return bool(self.classes_binding(attribute)) or self.is_stored_elsewhere(attribute)

    def own_uses(self, name: str) -> frozenset[str]:
        """How the project has a name of Python 2's attributes for things of its own: see
        `old_names.own_names`. What its classes bind is told by `classes_binding`."""
        self.tracker.note("own name", name)
        return self._table(_own_names).get(name, frozenset())

    @property
    def has_python2_source(self) -> bool:
        """Is there a module in the project that only Python 2 reads?"""
        self.tracker.note("python 2", "")
        return self._table(_has_python2_source)

    @property
    def imports(self) -> tuple[tuple[Module, Import], ...]:
        """Every import statement of the project with its module."""
        self.tracker.note("imports", "")
        return self._table(_imports)

    def unmarked_at(self, path: str) -> tuple[Unmarked, ...]:
        """The directories that miss an `__init__.py` and whose first module is the file."""
        if is_marked(self, path):
            return ()
        self.tracker.note("unmarked", path)
        return self._table(unmarked_packages).get(path, ())

    def may_be_rebound(self, name: str) -> bool:
        """Does a function of the project bind a global of that name, or does something assign an
        attribute of the name to what may be a module?"""
        self.tracker.note("rebound", name)
        return name in self._table(_rebound_names)

    def failing_imports(self, path: str) -> tuple[Failure, ...]:
        """What fails in a file while modules import each other."""
        self.tracker.note("cycle", path)
        return self._table(_failing_imports).get(path, ())

    def may_depend_on(self, name: str) -> bool:
        """May a dependency that the project declares install a module of this name?"""
        self.tracker.note("dependency", name)
        return name.lower() in self._table(_dependencies)

    def supports_python(self, minor: int) -> bool:
        """May Python 3.`minor` run the project, as far as it says which ones do?"""
        self.tracker.note("python", str(minor))
        return minor >= self._table(_lowest_minor)

    @property
    def lowest_minor(self) -> int:
        """The 3.x from which on Python runs the project, as far as it says so; else 0."""
        self.tracker.note("python", "")
        return self._table(_lowest_minor)

    def is_loaded_by_path(self, path: str) -> bool:
        """Does a module of the project, as far as its strings tell, load or run the file?"""
        self.tracker.note("loaded", path)
        directory, name = os.path.split(path)
        return any(
            path.endswith(os.sep + ending) and beside in (directory, "")
            for ending, beside in self._table(loaded_files).get(name, ())
        )

    def standing(self, path: str) -> str:
        """How sure it is that a module is known by the name that its folder gives it: see
        `loaders.Names.standing`."""
        self.tracker.note("standing", path)
        known = self._standings.get(path)
        if known is None:
            with self.tracker.record() as inputs:
                answer = self._table(_names).standing(path)
            self._standings[path] = answer, frozenset(inputs)
            return answer
        self.tracker.note_all(known[1])
        return known[0]

    def _table(self, make: Callable[[Project], T]) -> T:
        """A table over the whole project, made once; whoever gives away an entry notes it."""
        if make not in self._tables:
            with self.tracker.ignore():
                self._tables[make] = make(self)
        return self._tables[make]  # type: ignore[return-value]

    # What kept findings rest on

    def answer(self, kind: str, of: str) -> object:
        """What an input that the tracker was told of is now, in a form that can be compared."""
        with self.tracker.ignore():
            return self._answer(kind, of)

    def _answer(self, kind: str, of: str) -> object:
        if kind == "file":
            module = self.module(of)
            return None if module is None else module.facts
        if kind == "text":
            return None if self._text is None else self._text(of)
        if kind == "directory":
            return sorted(item for item in self.layout.listing(of).items() if _matters(*item))
        if kind == "roots":
            return self.layout.judgement
        if kind == "uses":
            return [(m.path, receiver, context) for m, receiver, context in self.uses_of(of)]
        if kind == "stores":
            return self.is_stored_elsewhere(of)
        if kind == "python 2":
            return self.has_python2_source
        if kind == "own name":
            return sorted(self.own_uses(of))
        if kind == "descriptors":
            return sorted(self.descriptor_names)
        if kind == "class events":
            return [(c.module.path, c.qualname, event) for c, event in self.class_events(of)]
        if kind == "binds":
            return [(c.module.path, c.number) for c in self.classes_binding(of)]
        if kind == "subclasses":
            path, _, number = of.rpartition(":")
            if not path:
                models = [m for m in self._live.values() if m.full_name == of]
                return [(c.module.path, c.number) for m in models for c in self._below(m)]
            module = self.module(path)
            if module is None or int(number) >= len(module.classes):
                return None
            below = self._below(module.classes[int(number)])
            return [(c.module.path, c.number) for c in below]
        if kind == "passed":
            return [(m.path, name, function) for m, name, function in self._passed(of)]
        if kind == "made":
            path, _, number = of.rpartition(":")
            module = self.module(path)
            if module is None or int(number) >= len(module.classes):
                return None
            return self._is_made_from(module.classes[int(number)])
        if kind == "unmarked":
            return self.unmarked_at(of)
        if kind == "rebound":
            return self.may_be_rebound(of)
        if kind == "cycle":
            return self.failing_imports(of)
        if kind == "loaded":
            return self.is_loaded_by_path(of)
        if kind == "standing":
            return self.standing(of)
        if kind == "python":
            return self.supports_python(int(of)) if of else self.lowest_minor
        if kind == "dependency":
            return self.may_depend_on(of)
        if kind in ("namespace", "closure", "handled", "made file"):
            return self.loading.answer(kind, of)
        if kind == "imports":
            return [(module.path, statement) for module, statement in self.imports]
        return [(module.path, module.facts) for module in self.modules()]


def _is_made(symbol: Symbol | None) -> bool:
    """May it be a class that is made otherwise than by a class statement?"""
    return symbol is None or (
        isinstance(symbol, Value) and symbol.binding.value in ("call", "unknown")
    )


@cache
def _live_namespace(module: str) -> Mapping[str, object]:
    """A module of the standard library as it is in the running interpreter; empty without.

    Nothing else is imported, not even where the standard library would: a project's file that
    lies in its way on `sys.path` is code that is linted.
    """
    root = module.partition(".")[0]
    if root not in sys.stdlib_module_names and root != "builtins":
        return {}
    path = sys.path
    sys.path = [entry for entry in path if _is_standard_place(entry)]
    try:
        found = importlib.import_module(module)
    except ImportError:
        return {}
    finally:
        sys.path = path
    origin = getattr(found.__spec__, "origin", None) or ""
    is_standard = origin in ("built-in", "frozen") or origin.startswith(_STANDARD_PLACES)
    return vars(found) if is_standard else {}


def _is_standard_place(entry: str) -> bool:
    return (entry + os.sep).startswith(_STANDARD_PLACES) and "site-packages" not in entry


def _matters(name: str, is_directory: bool) -> bool:
    """Could a name in a directory be a module or a package?"""
    if is_directory:
        return name.isidentifier() and name != "__pycache__"
    return name.endswith((*SOURCE_SUFFIXES, *COMPILED_SUFFIXES, *UNBUILT_SUFFIXES))


def _dependencies(project: Project) -> frozenset[str]:
    from .dependencies import declared

    return frozenset() if project.root is None else declared(project.root)


def _rebound_names(project: Project) -> frozenset[str]:
    names: set[str] = set()
    for module in project.modules():
        names.update(b.name for b in module.facts.bindings if b.kind == "global")
        names.update(
            name for _, name, context in module.facts.attribute_uses if context[:4] != "read"
        )
    return frozenset(names)


def _failing_imports(project: Project) -> dict[str, tuple[Failure, ...]]:
    from .cycles import failing_imports

    return failing_imports(project)


def _names(project: Project) -> Names:
    from .loaders import Names

    return Names(project)


def _lowest_minor(project: Project) -> int:
    from .dependencies import lowest_minor

    if project.target_minor is not None:
        return project.target_minor
    return 0 if project.root is None else lowest_minor(project.root)


def _project_classes(project: Project) -> tuple[SourceClass, ...]:
    return tuple(model for module in project.modules() for model in module.classes)


def _direct_subclasses(project: Project) -> dict[ClassModel, list[SourceClass]]:
    direct: dict[ClassModel, list[SourceClass]] = {}
    for model in project.project_classes:
        for known in model.written_bases:
            if known is not None:
                direct.setdefault(known, []).append(model)
    return direct


def _made_bases(project: Project) -> tuple[frozenset[str], frozenset[Module]]:
    """The names of classes that others may be made from without a class statement that names
    them, and the modules that may use any of their classes so."""
    names: set[str] = set()
    modules: set[Module] = set()
    for module in project.modules():
        for dotted in module.facts.made_bases:
            if dotted:
                names.update(
                    (dotted.rpartition(".")[2], module.qualified(dotted).rpartition(".")[2])
                )
            else:
                modules.add(module)
                imported = (b.target for b in module.facts.bindings if b.kind == "from")
                names.update(target.rpartition(":")[2] for target in imported)
    return frozenset(names), frozenset(modules)


def _passed(project: Project) -> dict[str, list[tuple[Module, str, str]]]:
    """What modules pass to functions, by the last part of its name there or where it comes from."""
    found: dict[str, list[tuple[Module, str, str]]] = {}
    for module in project.modules():
        for dotted, function in module.facts.passed:
            for name in {dotted, module.qualified(dotted)}:
                found.setdefault(name.rpartition(".")[2], []).append((module, dotted, function))
    return found


def _uses(project: Project) -> dict[str, list[tuple[Module, str, str]]]:
    found: dict[str, list[tuple[Module, str, str]]] = {}
    for module in project.modules():
        for receiver, attribute, context in module.facts.attribute_uses:
            found.setdefault(attribute, []).append((module, receiver, context))
    return found


def _foreign_stores(project: Project) -> frozenset[str]:
    return frozenset(
        attribute for module in project.modules() for attribute in module.facts.foreign_stores
    )


def _has_python2_source(project: Project) -> bool:
    return any(not module.facts.is_python3 for module in project.modules())


def _own_names(project: Project) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for module in project.modules():
        for name, how in module.facts.own_names:
            found[name] = found.get(name, frozenset()) | {how}
    return found


def _class_events(project: Project) -> dict[str, list[tuple[SourceClass, Event]]]:
    found: dict[str, list[tuple[SourceClass, Event]]] = {}
    for model in project.project_classes:
        for event in model.facts.events:
            if event.receiver == "class":
                found.setdefault(event.attribute, []).append((model, event))
    return found


def _bound_attributes(project: Project) -> dict[str, list[SourceClass]]:
    found: dict[str, list[SourceClass]] = {}
    for model in project.project_classes:
        names = {binding.name for binding in model.facts.body}
        names.update(model.facts.slots or ())
        names.update(event.attribute for event in model.facts.events if event.kind != "read")
        for name in names:
            found.setdefault(name, []).append(model)
    return found


def _descriptor_names(project: Project) -> frozenset[str]:
    methods = {"__get__", "__set__", "__delete__"}
    names = {
        model.name
        for model in project.project_classes
        if any(binding.name in methods for binding in model.facts.body)
    }
    below = [(model.name, model.facts.bases) for model in project.project_classes]
    known = 0
    while known < len(names):
        known = len(names)
        names.update(
            name for name, bases in below if any(b.rpartition(".")[2] in names for b in bases)
        )
    return frozenset(names)


def _imports(project: Project) -> tuple[tuple[Module, Import], ...]:
    return tuple(
        (module, statement) for module in project.modules() for statement in module.facts.imports
    )
