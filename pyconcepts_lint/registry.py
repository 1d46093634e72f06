"""Which rules there are: found through the entry-point group `pyconcepts_lint.rules`."""

from __future__ import annotations

import importlib
import os
import re
import sys
from collections.abc import Iterator
from functools import cache
from types import ModuleType

from .lazy import make_lazy
from .rule import Rule
from .settings import Settings, SettingsError

GROUP = "pyconcepts_lint.rules"
OWN = ("pyconcepts-lint", "pyconcepts_lint.rules")


class RegistryError(Exception):
    """A rule package that can't be used; the message names it."""


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
                    ours += name.startswith("pyconcepts_lint-")
                    if not name.startswith("pyconcepts_lint-"):
                        return False
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
    return any(code.startswith(text) for code in rules())


def check_codes(settings: Settings) -> None:
    """Every code in the settings has to be the start of some rule's: a typo would do nothing.

    Codes of other prefixes than the rules have are somebody else's (flake8's, say).

    Raises SettingsError, naming the file, the key and the nearest code.
    """
    ours = {re.match("[A-Z]*", code)[0] for code in rules()}  # type: ignore[index]
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
                near = nearest_code(code)
                hint = f"; did you mean {near}?" if near else ""
                message = f"{key}: no rule has the code {code}{hint}"
                raise SettingsError(message, settings.config_file, key)


def nearest_code(text: str) -> str | None:
    """The code, or the code of the name, that a mistyped one is likeliest to mean."""
    import difflib

    names = {rule.name: code for code, rule in rules().items()}
    close = difflib.get_close_matches(text.upper(), rules(), 1, 0.5)
    if close:
        return close[0]
    close = difflib.get_close_matches(text.lower(), names, 1, 0.5)
    return names[close[0]] if close else None
