"""Which rules there are: found through the entry-point group `pyconcepts_lint.rules`.

Importing all of them takes longer than a small file takes to lint. So what has to be known of a
rule before it is run is kept in the user's own cache directory, and a rule module is imported
only when a file contains what the rule checks.
"""

from __future__ import annotations

import importlib
import os
import re
import sys
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from types import ModuleType

from ..base.errors import Error
from ..base.finding import SEVERITIES
from ..base.lazy import lazy_pattern
from ..base.regular import read_regular
from ..base.settings import CODE, CODE_LISTS, RULE_NAME, Settings, SettingsError
from ..base.typed import TYPE_CHECKING
from ..base.user_cache import user_cache_directory
from ..index.extractor import Extractor
from ..rule_api.rule import Rule
from .rule_packages import OWN, EntryPoint, entry_point_of, entry_points, files_of, from_elsewhere

if TYPE_CHECKING:
    from typing import Any, Protocol

    from ..index.extractor import Table

FACTS = (
    "code",
    "name",
    "on",
    "words",
    "facts",
    "needs_index",
    "reads_broken_files",
    "reads_stubs",
)
"""What is known of a rule before it is imported."""


class RegistryError(Error):
    """A rule package that can't be used; the message names it."""

    def __init__(self, entry_point: EntryPoint, what: str) -> None:
        super().__init__(f"{entry_point}: {what}")
        self.entry_point = entry_point
        self.what = what

    def __reduce__(self) -> tuple[type[RegistryError], tuple[EntryPoint, str]]:
        return RegistryError, (self.entry_point, self.what)


if TYPE_CHECKING:

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
        def facts(self) -> tuple[str, ...]: ...
        @property
        def needs_index(self) -> bool: ...
        @property
        def reads_broken_files(self) -> bool: ...
        @property
        def reads_stubs(self) -> bool: ...

        def load(self) -> type[Rule]:
            """The rule class."""


class RuleInfo:
    """A rule that need not have been imported."""

    __slots__ = (*FACTS, "_loaded", "module", "qualname")

    code: str
    name: str
    on: bool
    words: tuple[str, ...]
    facts: tuple[str, ...]
    needs_index: bool
    reads_broken_files: bool
    reads_stubs: bool

    def __init__(self, row: str) -> None:
        """Raises ValueError for what `_row` hasn't made."""
        *values, self.module, self.qualname = row.split(_BETWEEN_FACTS)
        for fact, value in zip(FACTS, values, strict=True):
            default = getattr(Rule, fact, "")
            if isinstance(default, bool):
                setattr(self, fact, value == str(True))
            elif isinstance(default, tuple):
                setattr(self, fact, tuple(value.split(_BETWEEN_ITEMS)) if value else ())
            else:
                setattr(self, fact, value)
        self._loaded: type[Rule] | None = None
        if not _is_offered(self.module):
            raise ValueError(row)

    def load(self) -> type[Rule]:
        """Raises RegistryError for a rule that doesn't load."""
        if self._loaded is None:
            self._loaded = _imported(self.module, self.qualname)
        return self._loaded


class _ListedTable:
    """An extractor that need not have been imported."""

    __slots__ = ("module", "name", "words")

    def __init__(self, name: str, words: tuple[str, ...], module: str) -> None:
        self.name = name
        self.words = words
        self.module = module
        if not _is_offered(module):
            raise ValueError(module)

    def load(self) -> Extractor[Any] | None:
        try:
            return _imported(self.module, self.name)  # type: ignore[no-any-return]
        except RegistryError:
            return None  # which is said of its package


@cache
def _imported(module: str, qualname: str) -> Any:
    try:
        found: Any = importlib.import_module(module)
        for name in qualname.split("."):
            found = getattr(found, name)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise _noted(_load_error(entry_point_of(module) or OWN, error)) from error
    return found


def _is_offered(module: str) -> bool:
    """Is it a module of a package that offers rules?"""
    return any(
        module.startswith(f"{_package(entry_point)}.") or module == _package(entry_point)
        for entry_point in entry_points()
    )


def _package(entry_point: EntryPoint) -> str:
    return entry_point.module if entry_point == OWN else entry_point.module.partition(".")[0]


# The list of rules is a text file: what its sources are, a line for each rule, then one for each
# extractor, and how many there are.
_BETWEEN_FACTS, _BETWEEN_ITEMS, _TABLE = "\x1e", "\x1f", "\x1d"


def _row(rule: type[Rule]) -> str | None:
    """A rule as a line of the list; None for one that can't be listed."""
    values: list[str] = []
    for fact in FACTS:
        value = getattr(rule, fact)
        items = value if isinstance(value, tuple) else (str(value),)
        if not all(item.isprintable() and item for item in items):
            return None
        values.append(_BETWEEN_ITEMS.join(items))
    if not _is_offered(rule.__module__) or "<" in rule.__qualname__:
        return None
    return _BETWEEN_FACTS.join((*values, rule.__module__, rule.__qualname__))


def listed() -> dict[str, Listed]:
    """All rules by code, in the order of their codes; imported only where that is needed."""
    return _listing()[0]


def tables() -> tuple[Table, ...]:
    """The extractors that the rules bring; imported only where that is needed."""
    return _listing()[1]


@cache
def _listing() -> tuple[dict[str, Listed], tuple[Table, ...]]:
    known = _kept()
    if known is None:
        found, extractors = _loaded()
        noted = tuple(_ListedTable(each.name, each.words, each.module) for each in extractors)
        if not _faults:
            _keep(found.values(), noted)
        return dict(found), noted
    return known


def _kept() -> tuple[dict[str, Listed], tuple[Table, ...]] | None:
    """The rules as they were listed before, if nothing about them has changed."""
    try:
        sources, *rows, count = read_regular(_listing_file()).decode().split("\n")
        if count != str(len(rows)) or sources != _sources():
            return None
        of_tables = [row[1:] for row in rows if row.startswith(_TABLE)]
        listings = map(RuleInfo, rows[: len(rows) - len(of_tables)])
        return {listing.code: listing for listing in listings}, tuple(map(_table, of_tables))
    except (OSError, ValueError):
        return None


def _table(row: str) -> _ListedTable:
    """Raises ValueError for what `_keep` hasn't made."""
    name, words, module = row.split(_BETWEEN_FACTS)
    return _ListedTable(name, tuple(words.split(_BETWEEN_ITEMS)) if words else (), module)


def _keep(found: Collection[type[Rule]], noted: Iterable[_ListedTable]) -> None:
    if sys.dont_write_bytecode:
        return
    rows = [row for rule in found if (row := _row(rule)) is not None]
    if len(rows) < len(found):
        return
    for table in noted:
        if not all(word.isprintable() and word for word in table.words):
            return
        values = (table.name, _BETWEEN_ITEMS.join(table.words), table.module)
        rows.append(_TABLE + _BETWEEN_FACTS.join(values))
    try:
        path = _listing_file()
        os.makedirs(os.path.dirname(path), exist_ok=True)
        beside = f"{path}.{os.getpid()}"
        with open(beside, "w", encoding="utf-8") as file:
            file.write("\n".join((_sources(), *rows, str(len(rows)))))
        os.replace(beside, path)
    except OSError:
        return


def _listing_file() -> str:
    """One file for each place where the tool is installed, in the user's cache directory.

    Raises FileNotFoundError where there is none.
    """
    place = os.fsencode(os.path.dirname(os.path.abspath(__file__)))
    number = int.from_bytes(place, "big") % (2**61 - 1)
    return os.path.join(user_cache_directory(), f"rules-{number:x}.txt")


def _sources() -> str:
    """A line that changes with the files of the rules, and with what is kept of a rule."""
    found: list[list[object]] = [[sys.version], [*FACTS]]
    for entry_point in from_elsewhere():
        found.append(list(entry_point))
        for path in files_of(entry_point):
            if not os.path.isdir(path):
                stat = os.stat(path)
                found.append([path, stat.st_mtime_ns, stat.st_size])
    waiting = list(importlib.import_module(OWN.module).__path__)
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.name.endswith(".py"):
                    stat = entry.stat()
                    found.append([entry.path, stat.st_mtime_ns, stat.st_size])
                elif entry.is_dir() and entry.name != "__pycache__":
                    waiting.append(entry.path)
    return repr(found)


_faults: dict[str, str] = {}


def faults() -> dict[str, str]:
    """Packages whose rules can't be used, with their entry points, and what is wrong with each.

    A package is left out as a whole. One that was fine when it was listed, and doesn't load now,
    is among them as soon as one of its rules is needed.
    """
    listed()
    return _faults


def _noted(error: RegistryError) -> RegistryError:
    _faults[str(error.entry_point)] = error.what
    return error


def rules() -> dict[str, type[Rule]]:
    """All rule classes by code, in the order of their codes, of the packages that can be used."""
    return _loaded()[0]


def extractors() -> tuple[Extractor[Any], ...]:
    """All extractors of the packages that can be used."""
    return _loaded()[1]


@cache
def _loaded() -> tuple[dict[str, type[Rule]], tuple[Extractor[Any], ...]]:
    """All rule classes by code, and the extractors that they bring."""
    _faults.clear()
    found: dict[str, tuple[type[Rule], EntryPoint]] = {}
    extractors: dict[str, Extractor[Any]] = {}
    # Where two rules have one code, it isn't this project's that gives way.
    for entry_point in sorted(entry_points(), key=lambda entry_point: entry_point != OWN):
        try:
            loaded, brought = _load(entry_point)
            _check_against(found, loaded, entry_point)
            _check_tables(extractors, loaded, brought, entry_point)
        except RegistryError as error:
            _noted(error)
        else:
            found.update((rule.code, (rule, entry_point)) for rule in loaded)
            extractors.update((each.name, each) for each in brought)
    return {code: found[code][0] for code in sorted(found)}, tuple(extractors.values())


def _check_against(
    found: Mapping[str, tuple[type[Rule], EntryPoint]],
    loaded: Iterable[type[Rule]],
    entry_point: EntryPoint,
) -> None:
    """Raises RegistryError for a code that another rule has."""
    known = dict(found)
    for rule in loaded:
        other, owner = known.setdefault(rule.code, (rule, entry_point))
        if other is not rule:
            whose = "" if owner == entry_point else f" of {owner}"
            raise RegistryError(
                entry_point,
                f"its rule {rule.name} has the code {rule.code}, as {other.name}{whose} has",
            )


def _check_tables(
    known: Mapping[str, Extractor[Any]],
    loaded: Iterable[type[Rule]],
    brought: Iterable[Extractor[Any]],
    entry_point: EntryPoint,
) -> None:
    """Raises RegistryError for an extractor with the name of another one, and for a rule that asks
    for facts which there are not."""
    from ..index.questions import is_known

    found = dict(known)
    for each in brought:
        if is_known(each.name) or found.setdefault(each.name, each) is not each:
            raise RegistryError(
                entry_point, f"its extractor {each.module}:{each.name} has the name of other facts"
            )
    for rule in loaded:
        for name in rule.facts:
            if name not in found and not is_known(name):
                place = f"{rule.__module__}.{rule.__qualname__}"
                raise RegistryError(
                    entry_point,
                    f"its rule {place} can't be used: it asks for the facts {name!r}, which no "
                    "extractor makes",
                )


_Loaded = tuple[list["type[Rule]"], list["Extractor[Any]"]]


def _load(entry_point: EntryPoint) -> _Loaded:
    """The rule classes that a module, all modules of a package, or one class offers, and the
    extractors in the same modules.

    Raises RegistryError, whatever is raised by what is imported.
    """
    try:
        return _load_unguarded(entry_point)
    except (RegistryError, KeyboardInterrupt):
        raise
    except BaseException as error:
        raise _load_error(entry_point, error) from error


def _load_unguarded(entry_point: EntryPoint) -> _Loaded:
    attributes = entry_point.value.partition(":")[2]
    loaded: object = importlib.import_module(entry_point.module)
    for attribute in filter(None, attributes.strip().split(".")):
        loaded = getattr(loaded, attribute)
    modules = _modules(loaded) if isinstance(loaded, ModuleType) else []
    if not modules and not (isinstance(loaded, type) and issubclass(loaded, Rule)):
        raise RegistryError(entry_point, f"it offers {loaded!r}, which is no subclass of Rule")
    candidates = [loaded] if not modules else [v for m in modules for v in vars(m).values()]
    classes = [
        candidate
        for candidate in candidates
        if isinstance(candidate, type)
        and issubclass(candidate, Rule)
        and hasattr(candidate, "code")
    ]
    if not classes:
        raise RegistryError(entry_point, "it offers no rule: no subclass of Rule there has a code")
    found = list(dict.fromkeys(classes))
    for rule in found:
        problem = _problem(rule)
        if problem:
            place = f"{rule.__module__}.{rule.__qualname__}"
            raise RegistryError(entry_point, f"its rule {place} can't be used: {problem}")
    around = [*modules, *(sys.modules[rule.__module__] for rule in found)]
    values = (value for module in around for value in vars(module).values())
    return found, list(dict.fromkeys(each for each in values if isinstance(each, Extractor)))


def _load_error(entry_point: EntryPoint, error: BaseException) -> RegistryError:
    import traceback

    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith("<frozen") and frame.filename != __file__
    ]
    place = f" ({frames[-1].filename}:{frames[-1].lineno})" if frames else ""
    try:
        text = str(error)
    except Exception:
        text = ""
    shown = f"{type(error).__name__}{': ' if text else ''}{text}"
    return RegistryError(entry_point, f"its rules don't load: {shown}{place}")


_NAME = lazy_pattern(r"[a-z0-9]+(-[a-z0-9]+)*")


def _problem(rule: type[Rule]) -> str | None:
    """Why a class is not what the rest of this tool takes for a rule."""
    name: object = getattr(rule, "name", None)
    if not isinstance(rule.code, str) or not CODE.fullmatch(rule.code):
        return f"its code is {rule.code!r}, not one to three capital letters and three digits"
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        return f"its name is {name!r}, not words-with-hyphens in lower case"
    if not (rule.__doc__ or "").strip() and sys.flags.optimize < 2:
        return "it has no docstring, which is the page that documents it"
    for fact in ("words", "facts"):
        value: object = getattr(rule, fact)
        if not _is_strings(value):
            return f"its {fact} are {value!r}, not a tuple of strings"
    for fact, default in vars(Rule).items():
        if isinstance(default, bool) and not isinstance(getattr(rule, fact), bool):
            return f"its {fact} is {getattr(rule, fact)!r}, not True or False"
    if rule.severity not in SEVERITIES:
        return f"its severity is {rule.severity!r}, none of {', '.join(SEVERITIES)}"
    stale = _never_called(rule)
    if stale:
        return (
            f"its method {stale} is called by nothing: `claims(self, file)` yields what a rule has to "
            "say, each a `Claim` of a range"
        )
    options: object = rule.options
    if not isinstance(options, Mapping):
        return f"its options are {options!r}, not a dict"
    for option, default in options.items():
        if not isinstance(option, str) or not _NAME.fullmatch(option):
            return f"its option {option!r} is not words-with-hyphens in lower case"
        if not isinstance(default, bool | int | str) and not _is_strings(default):
            return (
                f"the default of its option {option!r} is {default!r}, not a bool, an int, a str "
                "or a tuple of str"
            )
    return None


def _never_called(rule: type[Rule]) -> str | None:
    """A method by which rules used to look at a file, before there were claims."""
    names = [name for name in dir(rule) if name.startswith(("visit_", "leave_"))]
    if rule.claims is Rule.claims and rule.review is Rule.review:
        names += [name for name in ("check", "finish") if hasattr(rule, name)]
    return names[0] if names else None


def _is_strings(value: object) -> bool:
    return isinstance(value, tuple) and all(isinstance(item, str) for item in value)


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


def code_of(name: str) -> str | None:
    """The code of the rule with a name."""
    return codes_by_name().get(name)


def codes_by_name() -> dict[str, str]:
    """The codes of the rules by their names."""
    return {rule.name: code for code, rule in listed().items()}


def unknown_code(given: Mapping[str, object]) -> tuple[str, str] | None:
    """The first of some settings with a code that no rule's starts with, and what to say of it.

    `given` are settings by their Python names, as the command line or a call gives them. Where a
    package can't be used, the code may be one of its rules'.
    """
    if faults():
        return None
    for name in (*CODE_LISTS, "per_file_ignores", "severity"):
        value: Any = given.get(name) or ()
        if name == "severity":
            lists: Any = [list(value)]
        else:
            lists = value.values() if isinstance(value, Mapping) else [value]
        for code in (code for codes in lists for code in codes):
            if code != "ALL" and not known_prefix(code) and code_of(code) is None:
                return name, _no_rule(code)
    return None


def _no_rule(code: str) -> str:
    near = nearest_code(code)
    if RULE_NAME.fullmatch(code):
        near = near and listed()[near].name
        return f"no rule is called {code}" + (f"; did you mean {near}?" if near else "")
    near = _shorter(code) or near
    return f"no rule has the code {code}" + (f"; did you mean {near}?" if near else "")


def _shorter(code: str) -> str | None:
    """The prefix that is meant by `PCL1xx`."""
    start = code.rstrip("xX*")
    is_prefix = start != code and start[-1:].isdigit() and known_prefix(start)
    return start if is_prefix else None


def check_codes(settings: Settings) -> None:
    """Every code in the settings has to be the start of some rule's: a typo would do nothing.

    Codes of other prefixes than the rules have belong to other tools (flake8's, say).

    Raises SettingsError, naming the file, the key and the nearest code, and as `check_options`.
    """
    check_options(settings)
    if faults():
        return  # it may be a code of what can't be used
    ours = {re.match("[A-Z]*", code)[0] for code in listed()}  # type: ignore[index]
    given = {
        "select": settings.select or (),
        "ignore": settings.ignore,
        "extend-select": settings.extend_select,
        "extend-ignore": settings.extend_ignore,
        "per-file-ignores": [code for _, codes in settings.per_file_ignores for code in codes],
        "severity": [code for code, _ in settings.severity],
    }
    for key, codes in given.items():
        for code in codes:
            is_ours = any(map(code.startswith, ours)) or RULE_NAME.fullmatch(code)
            if is_ours and not known_prefix(code) and code_of(code) is None:
                raise SettingsError(f"{key}: {_no_rule(code)}", settings.config_file, key)


def check_options(settings: Settings) -> None:
    """The options of rules have to be those that the rules have.

    Raises SettingsError, naming the file, the key, and what is near.
    """
    for code, given in settings.rules:
        key = f"rules.{code}"
        listing = listed().get(code)
        if listing is None:
            if faults():
                continue  # it may be one of what can't be used
            raise SettingsError(f"{key}: {_no_rule(code)}", settings.config_file, key)
        try:
            options = listing.load().options
        except RegistryError:
            continue  # which is said of its package
        for name, value in given:
            key = f"rules.{code}.{name}"
            if name not in options:
                message = f"{key}: {code} has no such option; {_what_there_is(name, options)}"
                raise SettingsError(message, settings.config_file, key)
            if type(value) is not type(options[name]):
                expected = _TYPES[type(options[name])]
                message = f"{key}: it must be {expected}, not {value!r}"
                raise SettingsError(message, settings.config_file, key)


_TYPES = {bool: "true or false", int: "an integer", str: "a string", tuple: "a list of strings"}


def _what_there_is(name: str, options: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, list(options), 1)
    if near:
        return f"did you mean {near[0]}?"
    return f"it has {', '.join(options)}" if options else "it has none"


def _length_in_common(one: str, other: str) -> int:
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


_LOOKS_LIKE = str.maketrans("lIiOoS", "111005")


def nearest_code(text: str) -> str | None:
    """The code, or the code of the name, that a mistyped one is likeliest to mean."""
    import difflib

    names = codes_by_name()
    seen = text[:3].upper() + text[3:].translate(_LOOKS_LIKE)
    if seen in listed():
        return seen
    close = difflib.get_close_matches(text.upper(), listed(), 9, 0.5)
    if close:
        # Those that start alike are likelier than those that end alike.
        return max(close, key=lambda code: _length_in_common(code, text.upper()))
    close = difflib.get_close_matches(text.lower(), names, 1, 0.5)
    return names[close[0]] if close else None
