"""Which rules there are: found through the entry-point group `pyconcepts_lint.rules`."""

from __future__ import annotations

import importlib
import pkgutil
import re
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType

from pyconcepts_lint.lazy import make_lazy
from pyconcepts_lint.rule import Rule
from pyconcepts_lint.settings import Settings, SettingsError

GROUP = "pyconcepts_lint.rules"


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
    for entry_point in entry_points(group=GROUP):
        owner = entry_point.dist.name if entry_point.dist else entry_point.value
        for rule in _load(entry_point, owner):
            if rule.code in found and found[rule.code][0] is not rule:
                raise RegistryError(
                    f"{rule.code} is both {found[rule.code][0].name} (from {found[rule.code][1]}) "
                    f"and {rule.name} (from {owner})"
                )
            found[rule.code] = (rule, owner)
    return {code: found[code][0] for code in sorted(found)}


def _load(entry_point: EntryPoint, owner: str) -> list[type[Rule]]:
    """The rule classes that a module, all modules of a package, or one class offers."""
    try:
        loaded = entry_point.load()
        modules = _modules(loaded) if isinstance(loaded, ModuleType) else []
    except Exception as error:
        raise RegistryError(
            f"the rules of {owner} ({entry_point.value}) don't load: {error!r}"
        ) from error
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
    modules = [package]
    path = getattr(package, "__path__", None)
    if path is not None:
        modules.extend(
            importlib.import_module(info.name)
            for info in pkgutil.walk_packages(path, package.__name__ + ".")
        )
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
