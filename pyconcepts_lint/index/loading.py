"""What import statements reach and load, and which names modules have for them.

The model is that of https://docs.python.org/3/reference/import.html: a dotted name is loaded
part by part, each module runs once, from top to bottom, and a submodule that has been loaded is
bound in its package. Code that can't be read (compiled modules, what others have installed) is
never guessed at: it is said to be unknown.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Collection, Iterable, Iterator
from types import ModuleType

from ..base.answer import Answer, answer
from ..base.lazy import lazy_pattern
from ..base.regular import read_regular
from ..base.typed import TYPE_CHECKING, NamedTuple
from ..source.discovery import is_git_ignored
from .facts import IMPORT_KINDS, IN_FUNCTION, Access, BindingKind, Import
from .facts import TYPE_CHECKING as ONLY_FOR_TYPES
from .installed import distribution, is_spelled, may_make_submodule
from .layout import COMPILED_SUFFIXES, UNBUILT_SUFFIXES, Found, FoundKind
from .model import Module
from .reimports import module_may_be_replaced
from .tables import declared_dependencies, external_attribute_writes, uses
from .tracking import Input, question

if TYPE_CHECKING:
    from .model import Index

# What Python itself gives every module that it has loaded from a file, and every object.
EVERY_MODULE_HAS = frozenset(dir(ModuleType)) | {
    *("__annotations__", "__warningregistry__"),
    *("__builtins__", "__cached__", "__doc__", "__file__", "__loader__", "__name__"),
    *("__package__", "__path__", "__spec__"),
}
# Modules that a build writes.
_GENERATED = lazy_pattern(
    r"_*(?:(?:git_?)?version|revision|generated|buildinfo)_*|\w+_pb2(?:_grpc)?"
)
# What may give a module names that no statement of it binds, or another module its place.
_FILLS_NAMESPACES = lazy_pattern(
    r"""\bmodules\s*(?:\[\s*(?!["'])|\.\s*(?:get|setdefault|update|__getitem__)\b)"""
    r"|=\s*sys\.modules\b(?!\s*[\[.])|_getframe|f_globals|currentframe|global_enum|_convert_\b"
    r"|\blazy_?(?:import|load|module)|apipkg"
)
_NAMED_MODULE = lazy_pattern(r"""\bmodules\s*\[\s*["']([\w.]+)["']""")
# Modules that a program gets hold of by their names, other than its own.
_OTHER_MODULE = (
    r"(?:sys\.modules(?:\[\s*(?!__name__)|\.get\b|\.values\b)|\bimport_module\(|__import__\()"
)
_HOLDS_OTHER = lazy_pattern(rf"(?<!\w)(\w+)\s*=\s*(?:importlib\.)?{_OTHER_MODULE}")
_GETS_OTHER = lazy_pattern(_OTHER_MODULE)
_LOOP = lazy_pattern(r"for (\w+) in ")
_SETS_IN_OTHER = lazy_pattern(rf"\bsetattr\(\s*(?:importlib\.)?{_OTHER_MODULE}")
# A call that is given the module's name may fill the module.
_IS_GIVEN_NAME = lazy_pattern(r"(?<!\w)(\w+)\s*\((?:[^()\n]*,)?\s*(?:\w+\s*=\s*)?__name__\s*[,)]")
ONLY_READS_NAME = frozenset(
    {
        *("getLogger", "get_logger", "getChild", "Blueprint", "Flask", "Sanic", "Quart"),
        *("resource_filename", "resource_string", "resource_stream", "resource_listdir"),
        *("files", "get_data", "contents", "print", "repr", "str", "isinstance", "len"),
        *("warn", "debug", "info", "DocTestSuite", "NullTranslations", "translation"),
        *("Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "namedtuple", "make_dataclass"),
    }
)
_BUILD_FILE = lazy_pattern(
    r"(?:\w*build\w*|\w*setup\w*|\w*ffi\w*|\w*gen\w*|tasks|noxfile|conanfile)\.py|setup\.cfg"
    r"|[\w.-]+\.toml|meson\.build|CMakeLists\.txt|[\w.-]*[Mm]akefile(?:\.\w+)?|BUILD(?:\.\w+)?"
    r"|SConstruct|SConscript|configure(?:\.ac|\.in)?|MANIFEST\.in|[\w.-]+\.(?:ac|am|bzl|mk|sh)"
)


# What loads one module, whose name it spells.
LOADS_ONE = lazy_pattern(
    r"""(?:importlib\.import_module|__import__)\(\s*(["'])(?P<name>\w+(?:\.\w+)*)\1\s*\)"""
)


_LOADS_BY_STRINGS = lazy_pattern(
    r"\b(?:import_module|__import__|import_string|load_module|exec_module|lazy_?\w*|iter_modules"
    r"|walk_packages|autodiscover\w*|find_modules|import_submodules|importorskip|imp|resolve_name)\b"
)
_WORD = lazy_pattern(r"\w+")


class StringLoads(NamedTuple):
    """The last names of modules of the project that a file may load by strings.

    `any` are those that stand anywhere in a file which loads modules by strings, with "" where it
    does; `one` are those of which it spells the whole name in the call.
    """

    any: frozenset[str]
    one: frozenset[str]


_CHANGES_MODULES = lazy_pattern(r"\bsys\.modules\b|\bmodules\[|__path__|__getattr__|__class__\s*=")


class Namespace(NamedTuple):
    """The names that a module's own code binds.

    `names` are those that a statement binds, on whatever condition, functions with a `global`
    statement included. `stars` are the modules, as the file writes them, whose names it imports
    with a star. `is_open`: names may be there that aren't written down, by a `__getattr__`, by
    `globals()`, by `exec`.
    """

    names: frozenset[str]
    stars: tuple[str, ...]
    dunder_all: tuple[str, ...] | None
    dunder_all_known: bool
    is_open: bool


class Handed(NamedTuple):
    """The names that star imports of a module bind.

    Submodules of `packages` (directories) are among them, too. `is_open`: its own star imports may
    bind any others; `may_hand_on_more`: these, or those in what they import, may bind any that
    don't start with an underscore.
    """

    names: frozenset[str]
    packages: frozenset[str]
    is_open: bool
    may_hand_on_more: bool


class _Brought(NamedTuple):
    """What the star imports of one module bind, by the modules that they name alone: see `Handed`.

    `targets` are the files of those that hand on what they star-import themselves.
    """

    names: frozenset[str]
    packages: frozenset[str]
    targets: tuple[str, ...]
    is_open: bool


class Reached(NamedTuple):
    """How far a dotted name leads: what each of its `parts` is, up to the first that isn't there.

    Where `found` is shorter than `parts`, the last one found has no module of the next name.
    """

    parts: tuple[str, ...]
    found: tuple[Found, ...]

    @property
    def target(self) -> Found | None:
        """What the whole name means; None where a part of it isn't there."""
        return self.found[-1] if len(self.found) == len(self.parts) else None


class Closure(NamedTuple):
    """All that is loaded, at import time, when a module is.

    `paths` are the files of the project, `standard` the modules of the standard library by
    dotted name, `unknown` the dotted names of all others that are imported there, and the paths of
    compiled modules. `lazily` are
    files of the project that functions of these modules import.
    """

    paths: frozenset[str]
    standard: frozenset[str]
    unknown: frozenset[str]
    lazily: frozenset[str]


class _Loads(NamedTuple):
    """What the import statements of one file name: files and directories that are loaded at import
    time, those that functions load, and names that weren't found in the project."""

    paths: tuple[str, ...]
    lazily: tuple[str, ...]
    outside: tuple[str, ...]


class Loading:
    """The import world of a project, statement by statement."""

    def __init__(self, project: Index) -> None:
        self.project = project
        self.layout = project.layout
        self.tracker = project.tracker
        self._reached: dict[tuple[str, ...], tuple[Reached | None, frozenset[Input]]] = {}
        self._stars: dict[str, tuple[list[Found | None], frozenset[Input]]] = {}
        self._further: dict[str, tuple[_Brought, frozenset[Input]]] = {}
        self._compiled: dict[str, tuple[dict[str, bool], frozenset[str]]] = {}
        self._loads: dict[str, tuple[_Loads, frozenset[Input]]] = {}

    # What a dotted name reaches

    def reach(self, importer: Module, dotted: str, *, is_relative: bool = False) -> Reached | None:
        """What an absolute dotted name leads to when `importer` imports it.

        Args:
            importer: the module whose statement it is.
            dotted: the absolute name (see `Module.absolute`).
            is_relative: does the statement name it with leading dots? Then it can only mean the
                importer's own package.

        Returns None where the name surely is none of the project's, or may be another distribution's.
        """
        own = importer.name
        beside = "" if own.regular else os.path.dirname(importer.path)
        key = (own.root, own.dotted.partition(".")[0], beside, dotted, "." if is_relative else "")

        def find() -> Reached | None:
            root = own.root if is_relative else self._root_of(importer, dotted)
            return None if root is None else self._reach(root, dotted)

        return self.tracker.once(self._reached, key, find)

    def _root_of(self, importer: Module, dotted: str) -> str | None:
        """The directory from which an absolute name surely starts."""
        own = importer.name
        top = dotted.partition(".")[0]
        is_own = own.regular and own.dotted.partition(".")[0] == top
        if is_own and self.is_established(own.root):
            return own.root
        if own.regular and self.layout.find_below(own.root, [top]) is None:
            beside: tuple[str, ...] = ()
        else:
            beside = (own.root, os.path.dirname(importer.path))
        roots = dict.fromkeys((*beside, *self.layout.import_roots))
        holding = [root for root in roots if self.layout.find_below(root, [top]) is not None]
        if len(holding) != 1 or top in sys.stdlib_module_names:
            return None
        root = holding[0]
        if not self.is_established(root) and (own.regular or root not in beside):
            return None
        if top.lower() != os.path.basename(self.project.root or "").lower():
            # An own package of that name is what a dependency of the name would be.
            is_regular = self.layout.is_regular_package(os.path.join(root, top))
            if not is_regular and self.project.has(declared_dependencies, top.lower()):
                return None
        return root

    def is_established(self, root: str) -> bool:
        """Is a directory one that imports surely start from: the project's own, its `src`, or one
        that the settings name?"""
        layout = self.layout
        if layout.src is not None:
            return root in layout.import_roots
        return layout.root is not None and root in (layout.root, os.path.join(layout.root, "src"))

    def imports_itself(self, module: Module, dotted: str) -> bool:
        """Is a module that finds itself by a name surely known by it, or run from its directory?

        In a directory that may be a namespace package, a library may be what the name means.
        """
        name = module.name
        is_known = name.regular or self.is_established(name.root)
        return module.is_script or (is_known and name.dotted == dotted)

    def _reach(self, root: str, dotted: str) -> Reached | None:
        parts = tuple(dotted.split("."))
        found: list[Found] = []
        directory = root
        for part in parts:
            one = self.layout.find_below(directory, [part])
            if one is None:
                break
            found.append(one)
            if not one.holds_modules:
                break
            directory = os.path.join(directory, part)
        return Reached(parts, tuple(found)) if found else None

    def package(self, importer: Module, dotted: str, *, is_relative: bool) -> Found | None:
        """The project's regular package of that absolute name, where nothing else can be meant."""
        reached = self.reach(importer, dotted, is_relative=is_relative)
        target = None if reached is None else reached.target
        return target if target is not None and target.is_package else None

    def below(self, package: Found, name: str) -> Found | None:
        """The module or package of a name in a regular package's directory."""
        return self.layout.find_below(os.path.dirname(package.path), [name])

    def is_in_project(self, importer: Module, dotted: str) -> bool:
        """May the first part of an absolute name mean something in the project?"""
        top = dotted.partition(".")[0]
        own = importer.name.root
        return any(
            self.layout.find_below(root, [top]) is not None
            for root in dict.fromkeys(
                (own, os.path.dirname(importer.path), *self.layout.import_roots)
            )
        )

    # Which names a module has

    def namespace(self, path: str) -> Namespace | None:
        """The names that a module's code binds; None for a module that can't be read."""
        return namespace(self.project, path)

    def has(self, found: Found, name: str) -> Answer:
        """May `from module import name` find the name, once the module has run?

        By what the module's own code says and what lies in its directory. Whether other modules
        put the name there is asked of `may_be_given`.
        """
        has = self._has_unwritten(found, name)
        return self.binds(found.path, name) if has is Answer.NO else has

    def has_otherwise(self, found: Found, name: str) -> Answer:
        """May a module have a name though no statement of it says so, a star import aside?"""
        has = self._has_unwritten(found, name)
        return self._is_handed_on(found.path, name) if has is Answer.NO else has

    def _has_unwritten(self, found: Found, name: str) -> Answer:
        if not found.is_file or self._is_compiled(found.path):
            return Answer.UNKNOWN
        return answer(
            name in EVERY_MODULE_HAS
            or (
                found.is_package
                and self.layout.find_below(os.path.dirname(found.path), [name]) is not None
            )
        )

    def binds(self, path: str, name: str) -> Answer:
        """Does a module's own code bind the name, by a statement or a star import?"""
        namespace = self.namespace(path)
        if namespace is None:
            return Answer.UNKNOWN
        return Answer.YES if name in namespace.names else self._is_handed_on(path, name)

    def _is_handed_on(self, path: str, name: str) -> Answer:
        """Does a star import of a module bind the name?"""
        handed = handed_on(self.project, path)
        is_public = not name.startswith("_")
        if name in handed.names or (
            is_public
            and any(self.layout.find_below(package, [name]) for package in handed.packages)
        ):
            return Answer.YES
        is_open = handed.is_open or (is_public and handed.may_hand_on_more)
        return Answer.UNKNOWN if is_open else Answer.NO

    def handed_on(self, path: str) -> Handed:
        """What the star imports of a module bind, those in what they import included."""
        names: set[str] = set()
        packages: set[str] = set()
        first = self._brought(path, is_first=True)
        is_open = False
        seen, waiting = {path}, [path]
        while waiting:
            current = waiting.pop()
            brought = first if current == path else self._brought_further(current)
            names |= brought.names
            packages |= brought.packages
            is_open |= brought.is_open
            waiting += (target for target in brought.targets if target not in seen)
            seen.update(brought.targets)
        return Handed(frozenset(names), frozenset(packages), first.is_open, is_open)

    def _brought_further(self, path: str) -> _Brought:
        """What another module is given that star-imports one with star imports."""
        return self.tracker.once(self._further, path, lambda: self._brought(path, is_first=False))

    def _brought(self, path: str, *, is_first: bool) -> _Brought:
        names: set[str] = set()
        packages: set[str] = set()
        targets: dict[str, None] = {}
        own = self.namespace(path)
        if own is None or own.is_open:
            return _Brought(frozenset(), frozenset(), (), True)
        is_open = False
        for target in self._star_targets(path, own.stars):
            source = None if target is None else self.namespace(target.path)
            if target is None or source is None or not source.dunder_all_known:
                is_open = True
                continue
            brought = source.names if source.dunder_all is None else source.dunder_all
            names.update(brought if is_first and source.dunder_all else _public(brought))
            if source.dunder_all is None:
                if target.is_package:
                    packages.add(os.path.dirname(target.path))
                targets[target.path] = None
        return _Brought(frozenset(names), frozenset(packages), tuple(targets), is_open)

    def _star_targets(self, path: str, stars: Iterable[str]) -> list[Found | None]:
        """The modules of star imports; None for one of which nothing is known."""
        return self.tracker.once(
            self._stars,
            path,
            lambda: [
                None if target is None or self._is_compiled(target.path) else target
                for target in (self._star_target(path, star) for star in stars)
            ],
        )

    def _star_target(self, path: str, star: str) -> Found | None:
        module = self.project.module(path)
        absolute = None if module is None else module.absolute(star)
        if module is None or absolute is None:
            return None
        reached = self.reach(module, absolute, is_relative=star.startswith("."))
        target = None if reached is None else reached.target
        return target if target is not None and target.is_file else None

    def _is_compiled(self, path: str) -> bool:
        """Is there, or will a build make, a compiled module in the place of a source file?"""
        directory, name = os.path.split(path)
        stem = name.partition(".")[0]
        listing = self.layout.listing(directory)
        known = self._compiled.get(directory)
        if known is None or known[0] is not listing:
            compiled = (*COMPILED_SUFFIXES, ".pyx", ".pyx.in")
            stems = (entry.partition(".")[0] for entry in listing if entry.endswith(compiled))
            known = self._compiled[directory] = (listing, frozenset(stems))
        return stem in known[1]

    def lacks(self, module: Module, name: str) -> bool:
        """Has an installed module surely no such name, when it has been imported?

        Its own code says so, nothing in its package spells the name as a string or binds an
        attribute of it, and no package above it puts modules in the place of others.
        """
        if not module.is_installed or module.is_stub or not name.isidentifier():
            return False
        found = found_of(module)
        own = _namespace_of(module)
        if name in own.names or own.is_open or own.stars:
            return False
        if self._has_unwritten(found, name) is not Answer.NO:
            return False
        text = self.project.text(module)
        if text is None or _FILLS_NAMESPACES.search(text) or _IS_GIVEN_NAME.search(text):
            return False
        above = self._texts_above(module)
        if above is None or any(_CHANGES_MODULES.search(each) for each in (text, *above)):
            return False
        if self._is_given_to_installed(module, name) or self._may_be_named_after(module, name):
            return False
        top = self._top_of(module)
        return not os.path.isdir(top) or not is_spelled(self.project, f"{top}\0{name}")

    def lacks_submodule(self, module: Module, name: str) -> bool:
        """Has an installed module surely no submodule of a name?

        There is no file of it, nothing in its package makes one otherwise, and the project
        replaces none.
        """
        project = self.project
        if not module.is_installed or module.is_stub or not name.isidentifier():
            return False
        if self.layout.find_installed(f"{module.name.dotted}.{name}") is not None:
            return False
        if self._has_unwritten(found_of(module), name) is not Answer.NO:
            return False
        text = project.text(module)
        above = self._texts_above(module)
        if text is None or above is None or any(map(_CHANGES_MODULES.search, (text, *above))):
            return False
        if project.row(uses, "meta_path") or project.row(uses, "path_hooks"):
            return False
        if module_may_be_replaced(project, name):
            return False
        return not may_make_submodule(project, f"{self._top_of(module)}\0{name}")

    @staticmethod
    def _top_of(module: Module) -> str:
        """The directory, or the file, of the top-level package or module of an installed module."""
        depth = module.name.dotted.count(".") + module.name.is_package
        path = module.path
        for _ in range(depth):
            path = os.path.dirname(path)
        return path

    def _texts_above(self, module: Module) -> list[str] | None:
        """The texts of the packages that hold an installed module; None where one can't be read."""
        found: list[str] = []
        parts = module.name.dotted.split(".")
        for number in range(1, len(parts)):
            package = self.layout.find_installed(".".join(parts[:number]))
            if package is None or not package.holds_modules:
                return None
            if package.is_package:
                known = self.project.module(package.path)
                text = None if known is None else self.project.text(known)
                if text is None:
                    return None
                found.append(text)
        return found

    def distribution_of(self, module: Module) -> tuple[str, str] | None:
        """The name and the version of the distribution that has installed a module."""
        return distribution(self.project, module.path)

    def may_be_given(self, path: str, name: str, seen: tuple[str, ...] = ()) -> bool:
        """May a module have a name that its statements don't bind?

        Because another module assigns it there, or because its own code fills its namespace in a
        way that only running it would tell, or puts another object in its place; or because a star
        import brings such a name. `seen` are the modules that are being asked already.
        """
        project = self.project
        module = project.module(path)
        if module is None or self._is_given_by_project(path, name):
            return True
        text = project.text(module)
        if text is None or _FILLS_NAMESPACES.search(text):
            return True
        if module.name.dotted in _NAMED_MODULE.findall(text):
            return True
        if self._meets_filler(module) or self._may_be_named_after(module, name):
            return True
        if self._is_keyword(module, text, name):
            return True
        stars = [
            self.source(module, statement)
            for statement in module.facts.imports
            if statement.names and statement.names[0][0] == "*"
        ]
        if any(
            star is not None
            and star.path.endswith(".py")
            and star.path not in (path, *seen)
            and self.may_be_given(star.path, name, (path, *seen))
            for star in stars
        ):
            return True
        return any(match[1] not in ONLY_READS_NAME for match in _IS_GIVEN_NAME.finditer(text))

    def _is_keyword(self, module: Module, text: str, name: str) -> bool:
        """Is a name a keyword argument of a statement of the module that calls what can't be read?

        `public(now=factory.now)` of `atpublic` gives the module a `now`.
        """
        calls = re.findall(rf"^([\w.]+)\([^#\n]*\b{re.escape(name)}\s*=(?!=)", text, re.MULTILINE)
        return any(self.project.resolve(module, called) is None for called in calls)

    def _is_given_by_project(self, path: str, name: str) -> bool:
        """May a module of the project assign an attribute of a name to the module of a file?"""
        project = self.project
        return project.has(external_attribute_writes, name) or any(
            context is not Access.READ and receiver and self._may_be(other, receiver, path)
            for other, receiver, context in (*project.row(uses, name), *project.row(uses, ""))
        )

    def _is_given_to_installed(self, module: Module, name: str) -> bool:
        """May the project give an installed module an attribute of a name?

        What it does to objects of which nothing is known, under names that it computes, it hardly
        does to that module.
        """
        project = self.project
        return project.has(external_attribute_writes, name) or any(
            context is not Access.READ
            and receiver
            and (
                self._may_be(other, receiver, module.path)
                if attribute
                else project.resolve(other, receiver) is module
            )
            for attribute in (name, "")
            for other, receiver, context in project.row(uses, attribute)
        )

    def _may_be_named_after(self, module: Module, name: str) -> bool:
        """Does code that can't be read get hold of something after which a name may be called?

        A decorator, a base, a metaclass or a function knows the module and the name of a class that
        it is given, and may put `Event_Store` beside `Event`.
        """
        word = name.replace("_", "").lower()

        def is_part(given: str) -> bool:
            return given.replace("_", "").lower() in word

        if any(is_part(model.name) and not model.is_as_written for model in module.classes):
            return True
        decorators = (
            decorator
            for bindings in module.bindings.values()
            for binding in bindings
            if binding.kind is BindingKind.FUNCTION and is_part(binding.name)
            for decorator in binding.decorators
        )
        functions = (
            function for given, function in module.facts.escaping_arguments if is_part(given)
        )
        return any(
            self.project.resolve(module, called.removesuffix("()")) is None
            for called in (*decorators, *functions)
        )

    def _meets_filler(self, module: Module) -> bool:
        """Does a module use, or is it named by, one that gives names to other modules?"""
        project = self.project
        dynamic_setters = project.cached(_fillers)
        if not dynamic_setters:
            return False
        if any(module.name.dotted in text for text in dynamic_setters.values()):
            return True
        for binding in module.facts.bindings:
            if binding.kind in IMPORT_KINDS:
                symbol = project.bound(module, binding)
                path = getattr(symbol, "path", "") or getattr(
                    getattr(symbol, "module", None), "path", ""
                )
                if path in dynamic_setters:
                    return True
        return False

    def _may_be(self, module: Module, receiver: str, path: str) -> bool:
        """May a receiver of `ModuleFacts.attribute_uses` be the module of a file?"""
        symbol = self.project.resolve(module, receiver)
        return symbol is None or (isinstance(symbol, Module) and symbol.path == path)

    def may_be_made(self, package: Found, dotted: str) -> bool:
        """May a package have a submodule which isn't there as a file?

        One that a build, or the program itself, makes: declared in a build's configuration,
        generated, ignored by git, found in a changed `__path__`, put into `sys.modules`.

        Args:
            package: the package or module that should hold it.
            dotted: the submodule's whole name.
        """
        name = dotted.rpartition(".")[2]
        directory = os.path.dirname(package.path)
        listing = self.layout.listing(directory)
        if _GENERATED.fullmatch(name) or any(name + s in listing for s in UNBUILT_SUFFIXES):
            return True
        if package.path.endswith(".pyi") or self._is_compiled(package.path):
            return True
        if self.is_declared(os.path.join(directory, name)):
            return True
        project = self.project
        module = project.module(package.path)
        text = None if module is None else project.text(module)
        if text is None or "__path__" in text or _FILLS_NAMESPACES.search(text):
            return True
        if project.row(uses, "__path__") or project.row(uses, "meta_path"):
            return True
        return module_may_be_replaced(project, name)

    def is_declared(self, path: str) -> bool:
        """Does a build's configuration, in a file's directory or above, speak of a name (that of the
        module which the file would be), or git ignore the file?"""
        return is_declared(self.project, path)

    def find_declaration(self, path: str) -> bool:
        """See `is_declared`."""
        directory, name = os.path.split(path)
        root = self.project.root
        word = re.compile(rf"(?<![\w]){re.escape(name)}(?![\w])")
        while True:
            for entry, is_directory in self.layout.listing(directory).items():
                if not is_directory and _BUILD_FILE.fullmatch(entry):
                    try:
                        data = read_regular(os.path.join(directory, entry))
                    except OSError:
                        return True
                    if word.search(data.decode("utf-8", "replace")):
                        return True
            parent = os.path.dirname(directory)
            if directory == root or parent == directory or root is None:
                break
            directory = parent
        return root is not None and (
            is_git_ignored(path + ".py", root) or is_git_ignored(path + "/__init__.py", root)
        )

    # What is loaded

    def loaded(self, importer: Module, statement: Import) -> Iterator[tuple[str, Found | None]]:
        """The modules that executing an import statement loads, in order, each with its packages
        before it, if they haven't been loaded yet.

        These are the ones that the statement names; what running them loads in turn is not told.
        What can't be found in the project comes with None: a module of the standard library or
        another distribution's.
        """
        if not statement.is_from:
            for name, _ in statement.names:
                absolute = importer.absolute(name)
                if absolute is not None:
                    yield from self.chain(importer, absolute, is_relative=False)
            return
        dots = "." * statement.level
        absolute = importer.absolute(dots + statement.module)
        if absolute is None:
            return
        package: Found | None = None
        for _, package in self.chain(importer, absolute, is_relative=bool(dots)):
            yield _, package
        if package is None or not package.holds_modules:
            return
        directory = package.path
        if package.is_package:
            directory = os.path.dirname(package.path)
        for name in self._asked_of(package, statement):
            found = self.layout.find_below(directory, [name])
            if found is not None:
                yield f"{absolute}.{name}", found

    def _asked_of(self, package: Found, statement: Import) -> Iterator[str]:
        """The names that a `from` statement looks for as submodules of a package: those that the
        package doesn't bind (https://docs.python.org/3/reference/simple_stmts.html#import)."""
        namespace = self.namespace(package.path) if package.is_package else None
        for name, _ in statement.names:
            if name == "*":
                if namespace is not None:
                    yield from namespace.dunder_all or ()
            else:
                yield name

    def chain(
        self, importer: Module, dotted: str, *, is_relative: bool
    ) -> Iterator[tuple[str, Found | None]]:
        """A module's packages and the module itself, as far as they are there."""
        own = importer.name
        parts = dotted.split(".")
        if is_relative or (own.regular and parts[0] == own.dotted.partition(".")[0]):
            reached = self._reach(own.root, dotted)
            found = () if reached is None else reached.found
        else:
            top = self.layout.find(parts[0], importer.path)
            if top is None:
                yield dotted, None
                return
            directory = os.path.dirname(top.path)
            if top.is_package:
                directory = os.path.dirname(directory)
            reached = self._reach(directory, dotted)
            found = () if reached is None else reached.found
        for number, one in enumerate(found, 1):
            yield ".".join(parts[:number]), one
        if len(found) < len(parts):
            yield dotted, None

    def closure(self, path: str) -> Closure:
        """All that is loaded at import time when the module of a file is.

        Statements under a condition count as executed, those in functions and under
        `if TYPE_CHECKING` don't. A module's packages are loaded before it.
        """
        return closure(self.project, path)

    def closure_without(self, path: str, lines: Iterable[int]) -> Closure:
        """The same, were there no imports on some lines of the file."""
        return closure_without(self.project, f"{' '.join(map(str, lines))}:{path}")

    def follow(self, start: str, without: Collection[int] = ()) -> Closure:
        """See `closure` and `closure_without`."""
        paths: dict[str, None] = {}
        lazily: set[str] = set()
        outside: set[str] = set()
        waiting = [start]
        while waiting:
            path = waiting.pop()
            if path in paths:
                continue
            paths[path] = None
            if path == start and path.endswith(".py"):
                waiting += self.packages_above(path)
            left_out = without if path == start else ()
            loads = self._found_in(path, left_out) if left_out else self._loads_of(path)
            waiting += loads.paths
            lazily.update(loads.lazily)
            outside.update(loads.outside)
        standard = {n for n in outside if n.partition(".")[0] in sys.stdlib_module_names}
        return Closure(
            frozenset(paths),
            frozenset(standard),
            frozenset(outside - standard),
            frozenset(lazily - paths.keys()),
        )

    def _loads_of(self, path: str) -> _Loads:
        """What the statements of a file load."""
        return self.tracker.once(self._loads, path, lambda: self._found_in(path))

    def _found_in(self, path: str, without: Collection[int] = ()) -> _Loads:
        paths: dict[str, None] = {}
        lazily: set[str] = set()
        outside: set[str] = set()
        module = self.project.module(path) if path.endswith(".py") else None
        if module is None:
            if not os.path.isdir(path):
                outside.add(path)
            return _Loads((), (), tuple(outside))
        for statement in module.facts.imports:
            if statement.flags & ONLY_FOR_TYPES or statement.line in without:
                continue
            for dotted, found in self.loaded(module, statement):
                if statement.flags & IN_FUNCTION:
                    if found is not None:
                        lazily.add(found.path)
                elif found is None:
                    outside.add(dotted)
                    if statement.is_from and statement.names[0][0] != "*":
                        outside.update(f"{dotted}.{name}" for name, _ in statement.names)
                else:
                    paths[found.path] = None
        return _Loads(tuple(paths), tuple(lazily), tuple(outside))

    def may_load_by_string(self, fully: Iterable[str], others: Iterable[str], name: str) -> bool:
        """May a module load a module of that name by a string, other than by one that spells the
        whole name of what it loads?

        Args:
            fully: files in which anything that loads modules by strings says so.
            others: files in which the name has to stand, too.
            name: the last part of the module's name.
        """
        fully = frozenset(fully)
        is_listed = name in self.project.cached(_last_names)  # what is compiled isn't
        for path in sorted({*fully, *others}):
            loads = string_loads(self.project, path)
            if loads is None or (
                loads.any and (path in fully or not is_listed or name in loads.any)
            ):
                return True
        return False

    def packages_above(self, path: str) -> list[str]:
        """The `__init__` files of the packages around a module, the outermost first.

        There may be directories without one between them.
        """
        name = self.layout.name_of(path)
        directory = os.path.dirname(path)
        if name.is_package:
            directory = os.path.dirname(directory)
        found: list[str] = []
        while len(directory) > len(name.root):
            init = self.layout.init_file(directory)
            if init is not None:
                found.append(init)
            directory = os.path.dirname(directory)
        return found[::-1]

    def source(self, importer: Module, statement: Import) -> Found | None:
        """The module that a `from` statement asks for names; None where the project has none."""
        dots = "." * statement.level
        absolute = importer.absolute(dots + statement.module)
        if absolute is None:
            return None
        reached = list(self.chain(importer, absolute, is_relative=bool(dots)))
        return reached[-1][1] if reached else None


def loading_of(project: Index) -> Loading:
    """The import world of a project."""
    return project.cached(Loading)


@question
def namespace(project: Index, path: str) -> Namespace | None:
    module = project.module(path) if path.endswith(".py") else None
    return None if module is None else _namespace_of(module)


@question
def handed_on(project: Index, path: str) -> Handed:
    return loading_of(project).handed_on(path)


def found_of(module: Module) -> Found:
    """What an import of a module finds."""
    is_package = module.name.is_package
    return Found(FoundKind.PACKAGE if is_package else FoundKind.MODULE, module.path)


@question
def string_loads(project: Index, path: str) -> StringLoads | None:
    module = project.module(path) if path.endswith(".py") else None
    text = None if module is None else project.text(module)
    if text is None:
        return None
    names = project.cached(_last_names)
    words = _WORD.findall(text) if _LOADS_BY_STRINGS.search(LOADS_ONE.sub("", text)) else ()
    one = (found["name"].rpartition(".")[2] for found in LOADS_ONE.finditer(text))
    return StringLoads(frozenset(["", *names.intersection(words)] if words else ()), frozenset(one))


def _last_names(project: Index) -> frozenset[str]:
    """The last names that files may have as modules."""
    split = (os.path.split(path) for path in project.files)
    return frozenset(
        stem if stem != "__init__" else os.path.basename(directory)
        for directory, name in split
        for stem in [name.partition(".")[0]]
    )


@question
def closure(project: Index, path: str) -> Closure:
    return loading_of(project).follow(path)


@question
def closure_without(project: Index, key: str) -> Closure:
    lines, _, path = key.partition(":")
    return loading_of(project).follow(path, [*map(int, lines.split())])


@question
def is_declared(project: Index, path: str) -> bool:
    return loading_of(project).find_declaration(path)


def _public(names: Iterable[str]) -> Iterator[str]:
    return (name for name in names if not name.startswith("_"))


def _fillers(project: Index) -> dict[str, str]:
    """The files, with their texts, that give names which aren't written down to modules which they
    get hold of by their names."""
    modules = [module for module, _, _ in project.row(uses, "modules")]
    modules += [module for module, _, _ in project.row(uses, "import_module")]
    return {
        module.path: project.text(module) or ""
        for module in dict.fromkeys(modules)
        if fills_others(project, module.path)
    }


@question
def fills_others(project: Index, path: str) -> bool:
    """See `_fillers`, of one file."""
    module = project.module(path)
    if module is None or module.is_test:
        return False
    text = project.text(module) or ""
    held = set(_HOLDS_OTHER.findall(text))
    fills = _SETS_IN_OTHER.search(text) is not None
    for line in text.split("\n"):
        if others := list(_GETS_OTHER.finditer(line)):
            held.update(_LOOP.findall(line, 0, others[-1].start()))
            fills |= "].__dict__" in line[others[0].end() :]
    names = "|".join(sorted(held))
    return fills or (
        bool(held)
        and re.search(
            rf"\bsetattr\(\s*(?:{names})\b"
            rf"|\b(?:vars\(\s*(?:{names})\s*\)|(?:{names})\.__dict__)\s*(?:\[|\.update|\.setdefault)",
            text,
        )
        is not None
    )


def _deleted(module: Module) -> frozenset[str]:
    """The names that the last statement which has them surely deletes, and that no function binds."""
    deleted = {
        b.name for b in module.facts.bindings if b.kind is BindingKind.DELETE and not b.flags
    }
    return frozenset(
        name
        for name in deleted
        if module.bindings[name][-1].kind is BindingKind.DELETE
        and not module.bindings[name][-1].flags
        and all(b.kind is not BindingKind.GLOBAL for b in module.bindings[name])
    )


def _namespace_of(module: Module) -> Namespace:
    facts = module.facts
    names = frozenset(b.name for b in facts.bindings if b.kind is not BindingKind.ANNOTATION)
    names -= _deleted(module)
    return Namespace(
        names,
        tuple(
            "." * statement.level + statement.module
            for statement in facts.imports
            if statement.names and statement.names[0][0] == "*"
        ),
        facts.dunder_all,
        facts.dunder_all_known and ("__all__" not in names or facts.dunder_all is not None),
        "__getattr__" in names or facts.dynamic_namespace,
    )
