"""Which rules there are: found through the entry-point group `pyconcepts_lint.rules`.

Importing all of them takes longer than a small file takes to lint. So what has to be known of a
rule before it is run is kept in the user's own cache directory, and a rule is imported where a
file has something for it.
"""

from __future__ import annotations

import importlib
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from types import ModuleType
from typing import Any, Protocol

from . import Error
from .lazy import make_lazy
from .rule import Rule
from .settings import Settings, SettingsError

GROUP = "pyconcepts_lint.rules"
OWN = ("pyconcepts-lint", "pyconcepts_lint.rules")
FACTS = ("code", "name", "on", "words", "needs_index", "reads_broken_files")
"""What is known of a rule before it is imported."""


class RegistryError(Error):
    """A rule package that can't be used; the message names it."""


class Listed(Protocol):
    """What is known of a rule before it is imported: a rule class says the same of itself."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def on(self) -> bool: ...
    @property
    def words(self) -> tuple[str, ...]: ...
    @property
    def needs_index(self) -> bool: ...
    @property
    def reads_broken_files(self) -> bool: ...

    def load(self) -> type[Rule]:
        """The rule class."""


class _Listing:
    """A rule that need not have been imported."""

    __slots__ = (*FACTS, "_loaded", "module", "qualname")

    code: str
    name: str
    on: bool
    words: tuple[str, ...]
    needs_index: bool
    reads_broken_files: bool

    def __init__(self, row: dict[str, Any]) -> None:
        """Raises KeyError, TypeError or ValueError for what `_row` hasn't made."""
        for fact in FACTS:
            setattr(self, fact, row[fact])
        self.words = tuple(row["words"])
        self.module, self.qualname = row["module"], row["qualname"]
        self._loaded: type[Rule] | None = None
        if not self.module.startswith(OWN[1] + "."):
            raise ValueError(self.module)

    def load(self) -> type[Rule]:
        """Raises RegistryError for a rule that doesn't load."""
        if self._loaded is None:
            self._loaded = self._import()
        return self._loaded

    def _import(self) -> type[Rule]:
        make_lazy("libcst")
        try:
            found: Any = importlib.import_module(self.module)
            for name in self.qualname.split("."):
                found = getattr(found, name)
        except Exception as error:
            message = f"the rules of {OWN[0]} ({self.module}) don't load: {error!r}"
            raise RegistryError(message) from error
        return found  # type: ignore[no-any-return]


def _row(rule: type[Rule]) -> dict[str, Any]:
    row = {fact: getattr(rule, fact) for fact in FACTS}
    return {**row, "module": rule.__module__, "qualname": rule.__qualname__}


@cache
def listed() -> dict[str, Listed]:
    """All rules by code, in the order of their codes; imported only where that is needed.

    Raises RegistryError as `rules` does.
    """
    known = _kept() if _only_ours() else None
    if known is None:
        found = dict(rules())
        if _only_ours():
            _keep(found.values())
        return dict(found)
    return known


def _kept() -> dict[str, Listed] | None:
    """The rules as they were listed before, if nothing about them has changed."""
    import json

    try:
        with open(_listing_file(), encoding="utf-8") as file:
            kept = json.load(file)
        if kept["sources"] != _sources():
            return None
        listings = [_Listing(row) for row in kept["rules"]]
        return {listing.code: listing for listing in listings}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _keep(found: Iterable[type[Rule]]) -> None:
    import json

    if sys.dont_write_bytecode:
        return
    kept = {"sources": _sources(), "rules": [_row(rule) for rule in found]}
    path = _listing_file()
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        beside = f"{path}.{os.getpid()}"
        with open(beside, "w", encoding="utf-8") as file:
            json.dump(kept, file)
        os.replace(beside, path)
    except OSError:
        return


def _listing_file() -> str:
    """One file for each place where the tool is installed, in the user's cache directory."""
    from .cache import digest

    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.expanduser(r"~\AppData\Local")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    place = digest(os.path.dirname(os.path.abspath(__file__)))
    return os.path.join(base, "pyconcepts-lint", f"rules-{place}.json")


def _sources() -> list[list[object]]:
    """The files of the rules, with what shows that one has changed."""
    package = importlib.import_module(OWN[1])
    found: list[list[object]] = [[sys.version]]
    waiting = list(package.__path__)
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.name.endswith(".py"):
                    stat = entry.stat()
                    found.append([entry.path, stat.st_mtime_ns, stat.st_size])
                elif entry.is_dir() and entry.name != "__pycache__":
                    waiting.append(entry.path)
    return found


@cache
def rules() -> dict[str, type[Rule]]:
    """All rule classes by code, in the order of their codes.

    Raises RegistryError, naming the package, for an entry point that doesn't load and for a
    code that two rules have.
    """
    make_lazy("libcst")
    found: dict[str, tuple[type[Rule], str]] = {}
    for owner, value in _entry_points():
        for rule in _load(owner, value):
            if rule.code in found and found[rule.code][0] is not rule:
                raise RegistryError(
                    f"{rule.code} is both {found[rule.code][0].name} (from {found[rule.code][1]}) "
                    f"and {rule.name} (from {owner})"
                )
            found[rule.code] = (rule, owner)
    return {code: found[code][0] for code in sorted(found)}


def _entry_points() -> Iterator[tuple[str, str]]:
    """The distributions that offer rules, and the module or class that each offers."""
    if _only_ours():
        yield OWN
        return
    from importlib.metadata import entry_points

    for entry_point in entry_points(group=GROUP):
        owner = entry_point.dist.name if entry_point.dist else entry_point.value
        yield owner, entry_point.value


@cache
def _only_ours() -> bool:
    """Is it plain that no other distribution offers rules?

    `importlib.metadata` takes longer to import than a small file takes to lint; it is asked as
    soon as a file of entry points speaks of the group, or something but directories and
    ordinary finders may hold distributions.
    """
    for finder in sys.meta_path:
        if hasattr(finder, "find_distributions") and "importlib" not in finder.__module__:
            return False
    ours = 0
    for path in dict.fromkeys(sys.path):
        try:
            names = os.listdir(path or ".")
        except NotADirectoryError:
            return False
        except OSError:
            continue
        for name in names:
            if name.endswith((".dist-info", ".egg-info", ".egg")):
                try:
                    with open(os.path.join(path, name, "entry_points.txt"), "rb") as file:
                        offers = GROUP.encode() in file.read()
                except (FileNotFoundError, NotADirectoryError):
                    if name.endswith(".egg"):
                        return False
                    continue
                except OSError:
                    return False
                if offers:
                    if not name.startswith(("pyconcepts_lint-", "pyconcepts_lint.")):
                        return False
                    ours += 1
    return ours > 0


def _load(owner: str, value: str) -> list[type[Rule]]:
    """The rule classes that a module, all modules of a package, or one class offers."""
    module_name, _, attributes = value.partition(":")
    try:
        loaded: object = importlib.import_module(module_name.strip())
        for attribute in filter(None, attributes.strip().split(".")):
            loaded = getattr(loaded, attribute)
        modules = _modules(loaded) if isinstance(loaded, ModuleType) else []
    except Exception as error:
        raise RegistryError(f"the rules of {owner} ({value}) don't load: {error!r}") from error
    candidates = [loaded] if not modules else [v for m in modules for v in vars(m).values()]
    classes = [
        candidate
        for candidate in candidates
        if isinstance(candidate, type)
        and issubclass(candidate, Rule)
        and hasattr(candidate, "code")
    ]
    return list(dict.fromkeys(classes))


def _modules(package: ModuleType) -> list[ModuleType]:
    """A module, and all below it where it is a package."""
    modules = [package]
    for directory in getattr(package, "__path__", ()):
        for name in sorted(os.listdir(directory)):
            stem, suffix = os.path.splitext(name)
            is_package = os.path.isfile(os.path.join(directory, name, "__init__.py"))
            if stem.isidentifier() and (suffix == ".py" or is_package) and stem != "__init__":
                modules += _modules(importlib.import_module(f"{package.__name__}.{stem}"))
    return modules


def known_prefix(text: str) -> bool:
    """Does a code of some rule start so?"""
    return any(code.startswith(text) for code in listed())


def unknown_code(given: Mapping[str, object]) -> tuple[str, str] | None:
    """The first of some settings with a code that no rule's starts with, and what to say of it.

    `given` are settings by their Python names, as the command line or a call gives them.
    """
    for name in ("select", "ignore", "extend_select", "extend_ignore", "per_file_ignores"):
        value: Any = given.get(name) or ()
        lists = value.values() if isinstance(value, Mapping) else [value]
        for code in (code for codes in lists for code in codes):
            if code != "ALL" and not known_prefix(code):
                return name, _no_rule(code)
    return None


def _no_rule(code: str) -> str:
    near = nearest_code(code)
    return f"no rule has the code {code}" + (f"; did you mean {near}?" if near else "")


def check_codes(settings: Settings) -> None:
    """Every code in the settings has to be the start of some rule's: a typo would do nothing.

    Codes of other prefixes than the rules have are somebody else's (flake8's, say).

    Raises SettingsError, naming the file, the key and the nearest code.
    """
    ours = {re.match("[A-Z]*", code)[0] for code in listed()}  # type: ignore[index]
    given = {
        "select": settings.select or (),
        "ignore": settings.ignore,
        "extend-select": settings.extend_select,
        "extend-ignore": settings.extend_ignore,
        "per-file-ignores": [code for _, codes in settings.per_file_ignores for code in codes],
    }
    for key, codes in given.items():
        for code in codes:
            if any(code.startswith(prefix) for prefix in ours) and not known_prefix(code):
                raise SettingsError(f"{key}: {_no_rule(code)}", settings.config_file, key)


_LOOKS_LIKE = str.maketrans("lIiOoS", "111005")


def nearest_code(text: str) -> str | None:
    """The code, or the code of the name, that a mistyped one is likeliest to mean."""
    import difflib

    names = {rule.name: code for code, rule in listed().items()}
    seen = text[:3].upper() + text[3:].translate(_LOOKS_LIKE)
    if seen in listed():
        return seen
    close = difflib.get_close_matches(text.upper(), listed(), 1, 0.5)
    if close:
        return close[0]
    close = difflib.get_close_matches(text.lower(), names, 1, 0.5)
    return names[close[0]] if close else None
