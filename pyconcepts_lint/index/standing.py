"""Which modules of a project are known by the names that their folders give them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from ..base.lazy import lazy_pattern
from ..base.typed import TYPE_CHECKING
from .alone import is_loaded_alone, is_migration, is_run_alone
from .facts import TYPE_CHECKING as ONLY_FOR_TYPES
from .facts import Import, LoaderKind
from .loaders import ANYTHING, declarations, declared_names
from .model import Module
from .paths_of_tests import is_named_as_test
from .tracking import question, tracked

if TYPE_CHECKING:
    from .model import Index

PLAIN = "plain"
PROVEN = "proven"
OPEN = "open"
HIDDEN = "hidden"


@question
def standing(project: Index, path: str) -> str:
    """How sure it is that a module is known by the name that its folder gives it: see
    `_Names.standing`."""
    return project.whole(_Names).standing(path)


class _Place:
    """The files that a loader may load.

    `is_one`: it names one file; `is_any`: nothing is known of what it loads; `is_search`: it only
    puts the `folder` ("" where that has a `*`) on `sys.path`; `has_computed_imports`: modules of
    whatever names are imported then.
    """

    def __init__(self, pattern: str, *, is_search: bool = False) -> None:
        self.is_search = is_search
        self.folder = pattern if is_search and "*" not in pattern else ""
        pattern = f"{pattern}/*" if is_search else pattern
        text = re.sub(r"\*[*/]*(?=\*)", "", pattern)  # one star is as good as many
        self.is_any = not text.removesuffix(".py").strip("*/")
        self.is_one = "*" not in text.removeprefix("*")
        self.has_computed_imports = False
        parts = text.split("*")
        self._head, self._last = parts[0], parts[-1]
        self._between = parts[1:-1]
        self._is_whole = len(parts) == 1

    def holds(self, path: str) -> bool:
        if self._is_whole:
            return path == self._head
        if not path.startswith(self._head) or not path.endswith(self._last):
            return False
        start, end = len(self._head), len(path) - len(self._last)
        for part in self._between:
            found = path.find(part, start, end)
            if found < 0:
                return False
            start = found + len(part)
        return start <= end


class _Names:
    """Which modules of a project are known by the names that their folders give them.

    What imports them by these names proves it, be it `import_module` with the folder's name; so
    does a relative import in a module of which it is proven, and what the project's build files
    declare. Tests prove it of tests only: they import what the program loads by its path.
    """

    def __init__(self, project: Index) -> None:
        self.project = project
        self.tracker = project.tracker
        self._modules = {module.path: module for module in project.modules()}
        self._spelled: set[str] = set()
        self._by_tests: set[str] = set()
        self._folders: set[str] = set()  # packages of which all modules are imported by name
        self._places: list[_Place] = []
        self._relative: dict[str, list[Module]] = {}  # who imports relatively, by its name
        self._waiting: list[Module] = []  # those of them of which the name turned out to be sure
        self._read_loaders()
        self._read_imports()
        packaged = [module for module in self._modules.values() if "." in module.name.dotted]
        self._places = [p for p in self._places if any(self._may_load(p, m) for m in packaged)]

    def standing(self, path: str) -> str:
        """How sure it is that a module is known by the name that its folder gives it.

        Returns:
            PLAIN: nothing in the project loads modules otherwise; PROVEN: something does, and
            this one is imported by its name, and nothing shows that it is loaded in another way;
            OPEN: it may be known by another name, too; HIDDEN: nothing imports it by its name,
            and it may be loaded without.
        """
        module = self._modules.get(path)
        if module is None:
            return PLAIN
        if os.path.splitext(os.path.basename(path))[0].count("."):
            return HIDDEN  # `menu.gpr.py`: no import finds it
        is_named = self._is_named(module)
        if self._is_alone(module):
            return OPEN if is_named and not is_migration(module) else HIDDEN
        readers = [place for place in self._places if self._may_load(place, module)]
        if not readers:
            if is_named or all(place.is_one for place in self._places):
                return PROVEN if self._places else PLAIN
            return OPEN
        if not is_named:
            return OPEN if _is_collected(module) else HIDDEN
        if any(self._is_aimed_at(place, module) for place in readers):
            return OPEN
        # A loader of which no folder is known has its modules where something has to load them.
        return OPEN if os.path.dirname(path) in self._plugin_folders else PROVEN

    def _is_alone(self, module: Module) -> bool:
        return is_loaded_alone(module) and not any(
            statement.level and not statement.flags for statement in module.facts.imports
        )

    @tracked
    def _plugin_folders(self) -> frozenset[str]:
        """The folders with modules that nothing imports by their names."""
        return frozenset(
            os.path.dirname(path)
            for path, module in self._modules.items()
            if self._is_plugin(module)
        )

    def _is_plugin(self, module: Module) -> bool:
        return not (
            module.name.is_package
            or module.is_test
            or self._is_named(module)
            or is_run_alone(module)
        )

    # Who loads what

    def _may_load(self, place: _Place, module: Module) -> bool:
        if not place.holds(module.path):
            return False
        if not place.is_search or self._is_imported_from(place, module):
            return True
        return place.has_computed_imports and bool(self._short_names(place, module))

    def _is_aimed_at(self, place: _Place, module: Module) -> bool:
        """Is it the module's very folder that a loader names?"""
        if place.is_any:
            return False
        if not place.folder or self._is_imported_from(place, module):
            return True
        return os.path.dirname(module.path) == place.folder

    def _is_imported_from(self, place: _Place, module: Module) -> bool:
        """Does an import statement name the module as it is found from a folder on `sys.path`?"""
        names = self._short_names(place, module) if place.is_search else frozenset()
        return not names.isdisjoint(self._spelled) or not names.isdisjoint(self._by_tests)

    @staticmethod
    def _short_names(place: _Place, module: Module) -> frozenset[str]:
        """The names, other than its own, by which a module is found from a folder on `sys.path`."""
        dotted = module.name.dotted
        parts = dotted.split(".")
        if not place.folder:
            return frozenset(".".join(parts[number:]) for number in range(1, len(parts)))
        below = module.path.removeprefix(place.folder).strip(os.sep).partition(".")[0]
        name = below.removesuffix(f"{os.sep}__init__").replace(os.sep, ".")
        return frozenset({name} - {dotted})

    def _read_loaders(self) -> None:
        computed: set[str] = set()
        searched: list[tuple[str, _Place]] = []
        for module in self._modules.values():
            for loader in module.facts.loaders:
                name = self._absolute(module, loader.name)
                if loader.kind is LoaderKind.NAME:
                    if not self._note_name(module, name):
                        computed.add(module.path)
                elif loader.kind is LoaderKind.PATH:
                    if self._is_package(name.rpartition(".")[0], module):
                        self._note_name(module, name)
                    else:
                        self._places += map(_Place, self._pattern(module, loader.place))
                else:
                    patterns = self._pattern(module, loader.place)
                    searched += (
                        (module.path, _Place(pattern, is_search=True)) for pattern in patterns
                    )
        self._places += [_Place(pattern) for pattern in _declared_folders(self.project.root)]
        by_program = any(self._is_of_program(path) for path in computed)
        for path, place in searched:
            is_of_program = self._is_of_program(path)
            has_computed_imports = path in computed or (by_program and is_of_program)
            # Where neither the folder nor what is imported is known, nothing is.
            if not place.is_any or has_computed_imports:
                place.has_computed_imports = has_computed_imports
                self._places.append(place)

    def _is_of_program(self, path: str) -> bool:
        module = self._modules[path]
        return not module.is_test and not is_run_alone(module)

    @staticmethod
    def _absolute(module: Module, name: str) -> str:
        """An absolute module name, with `*` from where on it isn't known; `*` for a wrong one."""
        if name[:1] == "@":
            return module.name.dotted + name[1:]
        if name[:1] == "%":
            return module.name.package + name[1:]
        if name[:1] != ".":
            return name
        stripped = name.lstrip(".")
        base = module.absolute("." * (len(name) - len(stripped)))
        if base is None:
            return ANYTHING
        return f"{base}.{stripped}" if stripped else base

    def _note_name(self, module: Module, name: str) -> bool:
        """Note what a computed import proves; False for one that may import anything."""
        head, star, _ = name.partition("*")
        if not star:
            self._spell(module, name)
            return True
        folder = head.rpartition(".")[0]
        if not folder:
            return False
        if not module.is_test:
            self._folders.add(folder)
            self._spell(module, folder)
        return True

    def _is_package(self, dotted: str, importer: Module) -> bool:
        """Is it the name of a package of the project?"""
        if not dotted or "*" in dotted:
            return False
        found = self.project.layout.find(dotted, importer.path)
        return found is not None and found.holds_modules

    def _pattern(self, module: Module, place: str) -> Iterator[str]:
        """A place as a pattern of absolute paths; nothing for one that is not in the project."""
        text = re.sub(r"\*+", "*", place)
        if text[:1] == "<":
            of, _, rest = text[1:].partition(">")
            directory = os.path.dirname(module.path)
            if of:
                absolute = module.absolute(of)
                found = absolute and self.project.layout.find(absolute, module.path)
                if not found:
                    return
                directory = found.path if found.is_namespace else os.path.dirname(found.path)
            text = directory + rest
        elif text[:1] not in ("/", "*"):
            # Below the working directory, whichever that is.
            parts = [part for part in text.split("/") if part not in (".", "..", "")]
            if not parts or parts[0] == "~":
                return
            text = "*/" + "/".join(parts)
        if "*/.." in text:
            text = ANYTHING
        head, star, rest = text.partition("*")
        head = _normalized(head)
        root = self.project.root or ""
        if head.startswith(root) or root.startswith(head):
            yield head + star + rest

    # What is imported by its name

    def _is_named(self, module: Module) -> bool:
        dotted = module.name.dotted
        if dotted in self._spelled or dotted.rpartition(".")[0] in self._folders:
            return True
        return module.is_test and dotted in self._by_tests

    def _spell(self, module: Module | None, dotted: str) -> None:
        """Note a name by which something is imported, and the packages on the way."""
        known = self._by_tests if module is not None and module.is_test else self._spelled
        while dotted and dotted not in known:
            known.add(dotted)
            self._waiting += self._relative.pop(dotted, ())
            dotted = dotted.rpartition(".")[0]

    def _read_imports(self) -> None:
        for module in self._modules.values():
            has_relative = False
            for statement in module.facts.imports:
                if statement.flags & ONLY_FOR_TYPES:
                    continue
                if statement.level:
                    has_relative = True
                else:
                    self._spell_all(module, statement, statement.module)
            if has_relative:
                if self._is_known(module):
                    self._waiting.append(module)
                else:
                    self._relative.setdefault(module.name.dotted, []).append(module)
        for name in declared_names(self.project.root):
            self._spell(None, name)
        for name in self._spelled & self._relative.keys():
            self._waiting += self._relative.pop(name)
        while self._waiting:
            module = self._waiting.pop()
            for statement in module.facts.imports:
                if statement.level and not statement.flags & ONLY_FOR_TYPES:
                    base = module.absolute("." * statement.level + statement.module)
                    if base is not None:
                        self._spell_all(module, statement, base)

    def _is_known(self, module: Module) -> bool:
        """Is a module's name sure, so that its relative imports tell those of others?"""
        name = module.name
        if name.is_package and name.root == os.path.dirname(os.path.dirname(module.path)):
            return True  # a topmost package is what programs import
        if os.path.basename(module.path) == "__main__.py" or name.dotted in self._spelled:
            return True
        return not any(place.holds(module.path) for place in self._places)

    def _spell_all(self, module: Module, statement: Import, base: str) -> None:
        if not statement.is_from:
            for name, _ in statement.names:
                self._spell(module, name)
            return
        self._spell(module, base)
        for name, _ in statement.names:
            if name != "*":
                self._spell(module, f"{base}.{name}")


def _normalized(head: str) -> str:
    """A path up to what isn't known, without its dots."""
    if "/." not in head:
        return head
    return os.path.normpath(head) + ("/" if head.endswith("/") else "")


def _is_collected(module: Module) -> bool:
    """Does a test runner import it, by the name that its folder gives it?"""
    return is_named_as_test(module.path)


_FOLDERS = lazy_pattern(
    r"""^[ \t]*["']?[\w-]*(?:addon|dag|extension|plugin)s?[-_]?(?:dir|directorie|folder|path)s?["']?"""
    r"""[ \t]*[=:](.*(?:\n[ \t]+.*)*)""",
    re.MULTILINE,
)
_PATH = lazy_pattern(r"[\w.-]+(?:/[\w.-]+)*")


def _declared_folders(root: str | None) -> Iterator[str]:
    """The files in folders of plugins that a project's settings name, as patterns."""
    for text in declarations(root, ("pyproject.toml", "setup.cfg", "tox.ini")):
        for values in _FOLDERS.findall(text):
            for value in _PATH.findall(values):
                folder = os.path.normpath(os.path.join(root or "", value))
                if folder != root and os.path.isdir(folder):
                    yield f"{folder}/*"
