"""What names mean: in a module once it has run, through imports, re-exports and star imports.

Nothing is imported: modules of the project, of the standard library and of what is installed are
read as source.
What the standard library has only in C (and the built-ins) is asked of the running interpreter.
"""

from __future__ import annotations

import builtins
import importlib
import os
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from ..base.answer import Answer, all_of, answer
from ..base.typed import TYPE_CHECKING
from .candidates import candidates, imported_modules, loads
from .facts import CONDITIONAL, IMMUTABLE_VALUES, MUTABLE_VALUES, Binding, BindingKind, ValueKind
from .kinds import AttributeKind, live_kind
from .layout import Found, FoundKind, Layout
from .made import DECLARATIVE_BASE, FROM_QUERYSET, METACLASS_MAKER, PARTLY_KNOWN
from .made import live as live_made
from .made_classes import LiveMadeClass, MadeClass, PartlyKnownClass
from .model import (
    ClassModel,
    External,
    LiveClass,
    Module,
    SourceClass,
    Symbol,
    Value,
    kind_of_instance,
)
from .references import (
    LocalReference,
    class_number,
    is_local_reference,
    local_reference,
    made_number,
    to_made,
)

if TYPE_CHECKING:
    from typing import Any

    from .facts import Import, Made
    from .tracking import Input

STANDARD_LIBRARY = os.path.dirname(os.path.abspath(os.__file__))
_STANDARD_PLACES = (
    STANDARD_LIBRARY + os.sep,
    # Some systems keep the compiled modules apart, in a `lib64`.
    os.path.join(sys.base_exec_prefix, sys.platlibdir, os.path.basename(STANDARD_LIBRARY), ""),
)
_PLAIN_VALUES = IMMUTABLE_VALUES | MUTABLE_VALUES | {ValueKind.PLAIN}
# Modules of the standard library of Python 2 that Python 3 hasn't
# (https://docs.python.org/2/library/index.html); what is called so isn't looked for elsewhere.
_GONE = frozenset(
    {
        *("BaseHTTPServer", "CGIHTTPServer", "ConfigParser", "Cookie", "DocXMLRPCServer"),
        *("HTMLParser", "Queue", "SimpleHTTPServer", "SimpleXMLRPCServer", "SocketServer"),
        *("StringIO", "Tkinter", "UserDict", "UserList", "UserString", "__builtin__", "anydbm"),
        *("cPickle", "cStringIO", "commands", "cookielib", "copy_reg", "dummy_thread"),
        *("exceptions", "htmlentitydefs", "htmllib", "httplib", "md5", "mimetools", "robotparser"),
        *("sets", "sha", "thread", "tkFileDialog", "tkFont", "tkMessageBox", "tkSimpleDialog"),
        *("urllib2", "urlparse", "whichdb", "xmlrpclib"),
    }
)
_MAKERS_IN = frozenset({"collections", "dataclasses", "enum", "typing"})
_DJANGO_MANAGER = "django.db.models.manager.BaseManager"
_MAXIMUM_STEPS = 32  # of re-exports and aliases that a name is followed through


class Resolver:
    """What names mean in a project's modules.

    Args:
        files: the project's own files.
        layout: where modules lie.
    """

    def __init__(self, files: Iterable[str], layout: Layout) -> None:
        self.layout = layout
        self._own = frozenset(files)
        self._resolving: set[tuple[str, str]] = set()
        self._cuts = 0  # how often a name was found to lead back to itself
        self._made: dict[tuple[str, int], tuple[ClassModel | None, frozenset[Input]]] = {}

    def module(self, path: str) -> Module | None:
        """The module of a file; None where the file can't be read."""
        raise NotImplementedError

    def find_import(self, dotted: str, importer: str) -> Found | str | None:
        """What `import dotted` in the file `importer` reaches.

        Returns:
            where it lies in the project, the standard library or an installed package; the name
            itself for a module of the standard library that has no Python source; None where it
            can't be known.
        """
        top = dotted.partition(".")[0]
        if importer not in self._own:
            if self.layout.is_installed(importer):
                is_standard = top in sys.stdlib_module_names
                return self._find_standard(dotted) if is_standard else self._find_installed(dotted)
            if importer.startswith(STANDARD_LIBRARY + os.sep):
                return self._find_standard(dotted)
        if top in sys.stdlib_module_names and not self.layout.has_module(top, importer):
            return self._find_standard(dotted)
        found = self.layout.find(dotted, importer)
        if found is not None and not found.is_namespace:
            return found
        if self.layout.has_module(top, importer):
            return found
        return self._merged(found, self._find_installed(dotted))

    def _find_installed(self, dotted: str) -> Found | None:
        """What is installed under a name, as far as it can be read."""
        found = self.layout.find_installed(dotted)
        is_readable = found is not None and not found.is_compiled
        return found if is_readable else None

    @staticmethod
    def _merged(own: Found | None, installed: Found | None) -> Found | None:
        """What a name means for which the project has a part of a namespace package at most."""
        if own is None or installed is None or not installed.is_namespace:
            return installed or own
        parts = (*own.portions, installed.path, *installed.portions)
        return own._replace(
            portions=tuple(dict.fromkeys(part for part in parts if part != own.path))
        )

    @staticmethod
    def _find_standard(dotted: str) -> Found | str | None:
        if dotted.partition(".")[0] not in sys.stdlib_module_names:
            return None
        base = os.path.join(STANDARD_LIBRARY, *dotted.split("."))
        init = os.path.join(base, "__init__.py")
        if os.path.isfile(init):
            return Found(FoundKind.PACKAGE, init)
        if os.path.isfile(base + ".py"):
            return Found(FoundKind.MODULE, base + ".py")
        return dotted

    def imported(self, importer: Module, dotted: str) -> Symbol | None:
        """The module that the absolute name `dotted` means in `importer`, or what is known."""
        found = self.find_import(dotted, importer.path)
        if found is None:
            return None
        if isinstance(found, str):
            return External(found)
        return self._symbol_at(found)

    def _symbol_at(self, found: Found | None) -> Symbol | None:
        if found is None:
            return None
        if found.is_file:
            return self.module(found.path)
        # Of what is installed and compiled, nothing is known.
        is_known = found.is_namespace or not self.layout.is_installed(found.path)
        return found if is_known else None

    # Names

    def resolve(self, module: Module, dotted: str) -> Symbol | None:
        """What a dotted name means at the end of `module`'s execution; None where unknown.

        Receivers of `ModuleFacts.attribute_uses` can be asked for, too.
        """
        if is_local_reference(dotted):
            return self._resolve_local(module, local_reference(dotted))
        parts = dotted.split(".")
        symbol = self.member(module, parts[0])
        if symbol is None and not self.may_bind(module, parts[0]):
            symbol = self.builtin(parts[0])
        return self._along(symbol, parts[1:])

    def resolve_at(self, module: Module, dotted: str, place: tuple[int, int]) -> Symbol | None:
        """What a dotted name means where a statement of a module's top level runs; None where
        unknown.

        A module runs from top to bottom: what binds the name further down comes too late.
        """
        root, _, rest = dotted.partition(".")
        bindings = module.bindings.get(root, ())
        if (
            not bindings
            or (len(bindings) == 1 and (bindings[0].line, bindings[0].column) < place)
            or module.is_standard
            or any(binding.kind is BindingKind.GLOBAL for binding in bindings)
            or any(statement.names[0][0] == "*" for statement in module.facts.imports)
        ):
            return self.resolve(module, dotted)
        latest = self.candidates(module, root, place)
        if latest:
            found = {self.bound(module, binding) for binding in latest}
            symbol = found.pop() if len(found) == 1 else None
        else:
            symbol = self.builtin(root)
            if symbol is None:  # NameError, or some way there that can't be seen
                return self.resolve(module, dotted) if len(bindings) == 1 else None
        return self._along(symbol, rest.split("."))

    def _resolve_local(self, module: Module, reference: LocalReference) -> Symbol | None:
        symbol: Symbol | None
        if reference.class_number >= 0:
            symbol = module.classes[reference.class_number]
        else:
            absolute = module.absolute(reference.imported.module)
            symbol = None if absolute is None else self.imported(module, absolute)
        return self._along(symbol, (reference.imported.name, *reference.rest.split(".")))

    def _along(self, symbol: Symbol | None, parts: Iterable[str]) -> Symbol | None:
        """What the attributes behind something are, one after the other; "" is none."""
        for part in filter(None, parts):
            symbol = None if symbol is None else self.attribute_of(symbol, part)
        return symbol

    def builtin(self, name: str) -> Symbol | None:
        """What a name means that only the built-ins have; None for none of them."""
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
        if isinstance(symbol, Found) and symbol.is_namespace:
            found = self.layout.find_on((symbol.path, *symbol.portions), [name])
            return self._symbol_at(found)
        return None

    @staticmethod
    def _class_attribute(model: ClassModel, name: str) -> Symbol | None:
        """A class statement in a class body, its own or that of a base; asks `attributes` nothing,
        which asks this."""
        for owner in model.start_of_mro:
            if not isinstance(owner, SourceClass):
                return None
            bindings = [binding for binding in owner.facts.body if binding.name == name]
            if bindings:
                is_class = len(bindings) == 1 and bindings[0].kind is BindingKind.CLASS
                return owner.module.classes[bindings[0].class_number] if is_class else None
        return None

    def submodule(self, package: Module, name: str) -> Symbol | None:
        if not package.name.is_package:
            return None
        if package.is_installed:
            return self._symbol_at(self._find_installed(f"{package.name.dotted}.{name}"))
        return self._symbol_at(self.layout.find_below(os.path.dirname(package.path), [name]))

    def member(self, module: Module, name: str) -> Symbol | None:
        """What a module's global `name` is once the module has run; None where unknown."""
        key = (module.path, name)
        if key in self._resolving or len(self._resolving) > _MAXIMUM_STEPS:
            self._cuts += 1
            return None
        self._resolving.add(key)
        try:
            return self._member(module, name)
        finally:
            self._resolving.discard(key)

    def _member(self, module: Module, name: str) -> Symbol | None:
        symbol = self._written_member(module, name)
        if symbol is not None or not module.is_standard:
            return symbol
        # The standard library fills some modules under names that it computes.
        live = self._live_member(module.name.dotted, name)
        return self.class_of(live.live) if isinstance(live, LiveClass) else None

    def _written_member(self, module: Module, name: str) -> Symbol | None:
        bindings = module.bindings.get(name)
        if not bindings:
            return self._starred(module, name)
        if len(bindings) > 1:
            bindings = self.candidates(module, name) or bindings
        symbols = [self.bound(module, binding) for binding in bindings]
        first = symbols[0]
        overridden = self._may_be_overridden(module, name, bindings[-1].line)
        is_open = overridden or len(symbols) > 1 or _is_made(first, bindings[0])
        if module.is_standard and is_open:
            live = self._chosen(module, name, symbols)
            if live is not None:
                return live
        if overridden:
            return None
        if len(symbols) == 1:
            return first
        if any(symbol is None for symbol in symbols):
            return None
        if all(symbol == first for symbol in symbols):
            return first
        if bindings[-1].kind in (BindingKind.CLASS, BindingKind.FUNCTION) and not any(
            binding.flags & CONDITIONAL or binding.kind is BindingKind.GLOBAL
            for binding in bindings
        ):
            return symbols[-1]
        return None

    def candidates(
        self, module: Module, name: str, place: tuple[int, int] | None = None
    ) -> list[Binding]:
        """Which statements may give a name its value: see `candidates.candidates`."""
        return candidates(module, name, place)

    def finds(self, module: Module, statement: Import) -> Answer:
        """Does an import statement surely find what it names, or surely not?"""
        return all_of(
            self._finds(module, dotted, statement.names if statement.is_from else [])
            for dotted in imported_modules(module, statement)
        )

    def _finds(self, importer: Module, dotted: str, names: Sequence[tuple[str, str]]) -> Answer:
        """Is there a module of that name, and has it all of the names?"""
        origin = self.imported(importer, dotted)
        if origin is None:
            is_gone = dotted.partition(".")[0] in _GONE or self._is_absent(importer, dotted)
            return Answer.NO if is_gone else Answer.UNKNOWN
        if isinstance(origin, Module) and not origin.is_standard:
            is_whole = not origin.in_project or loads(origin.project, origin.path)
            exists = Answer.YES if is_whole else Answer.UNKNOWN
            return all_of([exists, *(self._has(origin, name) for name, _ in names)])
        if isinstance(origin, Found):
            return Answer.UNKNOWN if names else Answer.YES
        standard = origin.name.dotted if isinstance(origin, Module) else dotted
        if not live_namespace(standard):
            return Answer.UNKNOWN if isinstance(origin, Module) else Answer.NO
        return answer(
            all(
                name == "*"
                or live_attribute(standard, name) is not None
                or (isinstance(origin, Module) and self.submodule(origin, name) is not None)
                for name, _ in names
            )
        )

    def _has(self, origin: Module, name: str) -> Answer:
        """Has a module of the project the name, once it has run?"""
        bindings = origin.bindings.get(name, ())
        if name == "*" or self.submodule(origin, name) is not None:
            return Answer.YES
        if any(not binding.flags & CONDITIONAL for binding in bindings):
            return Answer.YES
        if bindings or origin.facts.dynamic_namespace or "__getattr__" in origin.bindings:
            return Answer.UNKNOWN
        return Answer.UNKNOWN if self.may_bind(origin, name) else Answer.NO

    def _chosen(
        self, module: Module, name: str, symbols: Sequence[Symbol | None]
    ) -> ClassModel | Module | None:
        """Which of several things a module of the standard library has in this interpreter.

        It replaces some of its classes by faster ones written in C, and some of its modules by
        the system's.
        """
        for symbol in symbols:
            if isinstance(symbol, Module):
                namespace = live_namespace(module.name.dotted)
                if getattr(namespace.get(name), "__name__", "") == symbol.name.dotted:
                    return symbol
        live = self._live_member(module.name.dotted, name)
        if not isinstance(live, LiveClass):
            return None
        if live in symbols or live.is_written_in_c:
            return live
        return self.class_of(live.live)

    def bound(self, module: Module, binding: Binding) -> Symbol | None:
        """What one binding of `module` binds its name to; None where unknown."""
        kind = binding.kind
        if kind is BindingKind.CLASS:
            return module.classes[binding.class_number]
        if kind is BindingKind.IMPORT:
            absolute = module.absolute(binding.target)
            return None if absolute is None else self.imported(module, absolute)
        if kind is BindingKind.FROM:
            source, name = binding.imported
            absolute = module.absolute(source)
            if absolute is None:
                return None
            origin = self.imported(module, absolute)
            return None if origin is None else self.attribute_of(origin, name)
        if kind is BindingKind.ASSIGN and binding.value is ValueKind.NAME:
            root = binding.target.partition(".")[0]
            place = (binding.line, binding.column)
            return None if root == binding.name else self.resolve_at(module, binding.target, place)
        if kind in (BindingKind.FUNCTION, BindingKind.ASSIGN) and not module.is_stub:
            is_call = binding.value is ValueKind.CALL
            return (self._called(module, binding) if is_call else None) or Value(module, binding)
        return None

    def _called(self, module: Module, binding: Binding) -> ClassModel | None:
        """The class that a call returns to which a name is bound."""
        place = (binding.line, binding.column)
        for number, made in enumerate(module.facts.made):
            if (made.line, made.column) == place:
                return self.made_class(module, to_made(number))
        return self.made_class(module, binding.target)

    def made_class(self, module: Module, called: str) -> ClassModel | None:
        """The class that a call returns: see `ClassFacts.called`."""
        number = made_number(called)
        if number is None:
            function = self.resolve(module, called)
            if not isinstance(function, Value) or function.binding.kind is not BindingKind.FUNCTION:
                return None
            makers = dict(function.module.facts.class_makers)
            return self.class_named(function.module, makers.get(function.binding.name, ""))
        made = module.facts.made[number]
        key = (module.path, number)
        return module.tracker.once(self._made, key, lambda: self._make(module, number, made))

    def _make(self, module: Module, number: int, made: Made) -> ClassModel | None:
        last = made.maker.rpartition(".")[2]
        if last == METACLASS_MAKER or (made.maker == "type" and not self.may_bind(module, "type")):
            return MadeClass(module, number, made)
        if last in PARTLY_KNOWN:
            is_meant = self._is_library_maker(module, made.maker)
            return PartlyKnownClass(module, number, made) if is_meant else None
        source, _, function = module.qualified(made.maker).rpartition(".")
        source = source.replace("typing_extensions", "typing")
        make = live_attribute(source, function) if source in _MAKERS_IN else None
        live = live_made(made, make) if callable(make) else None
        return None if live is None else LiveMadeClass(module, number, live)

    def _is_library_maker(self, module: Module, maker: str) -> bool:
        """Is it the function or method of a library that makes classes: see `PARTLY_KNOWN`?"""
        receiver, _, last = maker.rpartition(".")
        if last == DECLARATIVE_BASE:
            function = self.resolve(module, maker)
            source = function.module.name.dotted if isinstance(function, Value) else ""
            return f"{source or module.qualified(maker)}.".startswith("sqlalchemy.")
        if last == FROM_QUERYSET:
            manager = self.class_named(module, receiver)
            above = () if manager is None else manager.declared_mro or ()
            return any(each.full_name == _DJANGO_MANAGER for each in above)
        registry = self.resolve(module, receiver)
        if not isinstance(registry, Value) or registry.binding.value is not ValueKind.CALL:
            return False
        called = registry.module.qualified(registry.binding.target)
        return called.startswith("sqlalchemy.") and called.endswith(".registry")

    def _star_sources(self, module: Module, below: int = 0) -> Iterator[Symbol | None]:
        """What is star-imported, in statements below a line."""
        for statement in module.facts.imports:
            if statement.names and statement.names[0][0] == "*" and statement.line > below:
                absolute = module.absolute("." * statement.level + statement.module)
                if absolute is None:
                    yield None
                elif not (statement.flags & CONDITIONAL and self._is_absent(module, absolute)):
                    yield self.imported(module, absolute)

    def _is_absent(self, importer: Module, dotted: str) -> bool:
        """Does an installed module surely not find a package of that name in its environment?

        The project's own modules may be run in another one.
        """
        top = dotted.partition(".")[0]
        return (
            importer.is_installed
            and top not in sys.stdlib_module_names
            and self.layout.find(top, importer.path) is None
            and self.layout.find_installed(top) is None
        )

    def _may_be_overridden(self, module: Module, name: str, line: int) -> bool:
        """May a star import below a line bind the name again?"""
        for source in self._star_sources(module, line):
            if isinstance(source, External):
                if name in self.star_names(source.name):
                    return True
                continue
            if not isinstance(source, Module):
                return True
            names, are_known = self._exported(source)
            if names is None and name.startswith("_"):
                continue
            if self._hands_back(source, name, module):
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
                if live is not None and name in self.star_names(source.name):
                    found.append(live)
                continue
            if not isinstance(source, Module):
                return None
            names, are_known = self._exported(source)
            if names is None and name.startswith("_"):
                continue
            if names is not None and are_known and name not in names:
                continue
            if not are_known and (source.facts.dynamic_namespace or hasattr(builtins, name)):
                return None  # whether it comes from here or from elsewhere can't be told
            if self._hands_back(source, name, module):
                continue
            symbol = self.member(source, name)
            if symbol is None and not are_known:
                symbol = self.submodule(source, name)
            if symbol is not None:
                found.append(symbol)
            elif name in source.bindings or self.has_unknown_star(source):
                return None
        if not found or all(symbol == found[0] for symbol in found):
            return found[0] if found else None
        return self._chosen(module, name, found) if module.is_standard else None

    def _hands_back(self, source: Module, name: str, module: Module) -> bool:
        """Has a module that name from `module` itself, which star-imports it in a circle?"""
        current = source
        for _ in range(_MAXIMUM_STEPS):
            bindings = current.bindings.get(name, ())
            if len(bindings) != 1 or bindings[0].kind is not BindingKind.FROM:
                return False
            dotted, original = bindings[0].imported
            absolute = current.absolute(dotted)
            origin = None if absolute is None else self.imported(current, absolute)
            if origin is module:
                return original == name
            if not isinstance(origin, Module) or original != name:
                return False
            current = origin
        return False

    def _exported(self, module: Module) -> tuple[Iterable[str] | None, bool]:
        """A module's `__all__`, None without one, and whether that is all of it."""
        facts = module.facts
        if facts.dunder_all is None or facts.dunder_all_known or not module.is_standard:
            return facts.dunder_all, facts.dunder_all_known
        live = live_namespace(module.name.dotted).get("__all__")
        return (facts.dunder_all, False) if live is None else (live, True)

    def may_bind(self, module: Module, name: str) -> bool:
        """May a module have a global `name`, be it one of which nothing is known?

        By a statement of its own or a star import. What other modules put there is not asked.
        """
        if name in module.bindings:
            return True
        key = (module.path, f"{name}?")
        if key in self._resolving:
            self._cuts += 1
            return False
        self._resolving.add(key)
        try:
            return any(self._may_hand_on(source, name) for source in self._star_sources(module))
        finally:
            self._resolving.discard(key)

    def _may_hand_on(self, source: Symbol | None, name: str) -> bool:
        """May a star import of `source` bind the name?"""
        if isinstance(source, External):
            return name in self.star_names(source.name)
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
            self._cuts += 1
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
        number = class_number(name)
        if number is not None:
            return module.classes[number]
        symbol = self.resolve(module, name)
        return symbol if isinstance(symbol, ClassModel) else None

    def live_class(self, live: type) -> LiveClass:
        """The model of a class of the running interpreter."""
        raise NotImplementedError

    def class_of(self, live: type) -> ClassModel:
        """The model of a class of the running interpreter: by its class statement where the
        standard library has one that makes just this class."""
        model = self.live_class(live)
        if model.is_written_in_c or not _is_reached(live):
            return model
        found = self._find_standard(live.__module__)
        module = self.module(found.path) if isinstance(found, Found) else None
        classes = module.classes if module is not None and module.is_standard else ()
        written = [each for each in classes if each.qualname == live.__qualname__]
        return written[0] if len(written) == 1 and not _is_remade(written[0]) else model

    def live_bases(self, model: SourceClass) -> tuple[ClassModel, ...] | None:
        """The bases of a class of the standard library in the running interpreter; None where it
        isn't there."""
        if not model.module.is_standard:
            return None
        live = live_namespace(model.module.name.dotted).get(model.qualname)
        if not isinstance(live, type) or live.__qualname__ != model.qualname:
            return None
        return tuple(map(self.class_of, live.__bases__))

    def builtin_class(self, name: str) -> LiveClass:
        return self.live_class(getattr(builtins, name))

    def _live_member(self, module: str, name: str) -> Symbol | None:
        """A name of a standard-library module that has no Python source."""
        live = live_attribute(module, name)
        if live is None:
            return None
        return self.live_class(live) if isinstance(live, type) else External(f"{module}.{name}")

    def kind_as_attribute(self, symbol: Symbol | None) -> AttributeKind:
        """What an object is when it is made an attribute of a class (see `Attribute.kind`)."""
        if isinstance(symbol, ClassModel):
            return AttributeKind.CLASS
        if isinstance(symbol, External):
            module, _, name = symbol.name.rpartition(".")
            namespace = live_namespace(module)
            return live_kind(namespace[name]) if name in namespace else AttributeKind.UNKNOWN
        if isinstance(symbol, Value):
            binding = symbol.binding
            if binding.kind is BindingKind.FUNCTION:
                return AttributeKind.FUNCTION if not binding.decorators else AttributeKind.UNKNOWN
            if binding.value in _PLAIN_VALUES:
                return AttributeKind.VALUE
            if binding.value is ValueKind.CALL:
                return kind_of_instance(self.class_named(symbol.module, binding.target))
        return AttributeKind.UNKNOWN

    @staticmethod
    def star_names(module: str) -> Iterable[str]:
        """What `from module import *` brings from such a module."""
        namespace = live_namespace(module)
        public = [name for name in namespace if not name.startswith("_")]
        names: Iterable[str] = namespace.get("__all__", public)
        return names


def _is_made(symbol: Symbol | None, binding: Binding) -> bool:
    """May it be a class that is made otherwise than by a class statement, or another one?"""
    if isinstance(symbol, ClassModel):
        return bool(binding.flags & CONDITIONAL) or _is_remade(symbol)
    return symbol is None or (
        isinstance(symbol, Value) and symbol.binding.value in (ValueKind.CALL, ValueKind.UNKNOWN)
    )


def _is_remade(model: ClassModel) -> bool:
    """Does a decorator of the standard library make an enumeration of a class statement's body?"""
    return isinstance(model, SourceClass) and any(
        decorator.rpartition(".")[2] == "_simple_enum()" for decorator in model.facts.decorators
    )


def _is_reached(live: type) -> bool:
    """Is a class what its full name means? A `namedtuple` that is a base may say another's."""
    first, *rest = live.__qualname__.split(".")
    found = live_namespace(live.__module__).get(first)
    for name in rest:
        found = getattr(found, "__dict__", {}).get(name)
    return found is live


# What importing these does is seen or heard.
_NEVER_IMPORTED = frozenset({"antigravity", "idlelib", "test", "this", "turtledemo"})


@cache
def live_namespace(module: str) -> Mapping[str, Any]:
    """A module of the standard library as it is in the running interpreter; empty without.

    Nothing else is imported, not even where the standard library would: a project's file that
    lies in its way on `sys.path` is code that is linted.
    """
    root = module.partition(".")[0]
    if root not in sys.stdlib_module_names and root != "builtins":
        return {}
    if root in _NEVER_IMPORTED or module.endswith(".__main__"):
        return {}
    path = sys.path
    sys.path = [entry for entry in path if _is_standard_place(entry)]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = importlib.import_module(module)
    except ImportError:
        return {}
    finally:
        sys.path = path
    origin = getattr(found.__spec__, "origin", None) or ""
    is_standard = origin in ("built-in", "frozen") or origin.startswith(_STANDARD_PLACES)
    return vars(found) if is_standard else {}


def live_attribute(module: str, name: str) -> object | None:
    """What a module of the standard library has under a name, be it by its `__getattr__`."""
    namespace = live_namespace(module)
    if name in namespace or "__getattr__" not in namespace or name.startswith("__"):
        return namespace.get(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found: object = namespace["__getattr__"](name)
        except (AttributeError, ImportError):
            return None
    return found


def _is_standard_place(entry: str) -> bool:
    return (entry + os.sep).startswith(_STANDARD_PLACES) and "site-packages" not in entry
