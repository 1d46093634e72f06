"""A linter that knows Python's object model and import model.

`lint`, `fix`, `lint_source` and `fix_source` do what the command line does and print nothing;
`Rule` is what a rule of one's own inherits from, and `pyconcepts_lint.testing` helps to test it.
All names are imported when they are first asked for.
"""

from .base.errors import Error, __version__

TYPE_CHECKING = False  # as `typing` has it, which takes longer to import than all of this
if TYPE_CHECKING:
    from .base.finding import Edit, Finding, Fix
    from .base.report import Report
    from .base.settings import SettingsError
    from .frontends.api import fix, fix_source, lint, lint_source
    from .plugins.registry import RegistryError
    from .rule_api.claim import Claim
    from .rule_api.file import FileContext, Range
    from .rule_api.rule import Rule


__all__ = [
    "Claim",
    "Edit",
    "Error",
    "FileContext",
    "Finding",
    "Fix",
    "Range",
    "RegistryError",
    "Report",
    "Rule",
    "SettingsError",
    "__version__",
    "fix",
    "fix_source",
    "lint",
    "lint_source",
]

_HOMES = {
    "Claim": "rule_api.claim",
    "Edit": "base.finding",
    "Finding": "base.finding",
    "Fix": "base.finding",
    "FileContext": "rule_api.file",
    "Range": "rule_api.file",
    "RegistryError": "plugins.registry",
    "Report": "base.report",
    "Rule": "rule_api.rule",
    "SettingsError": "base.settings",
    "fix": "frontends.api",
    "fix_source": "frontends.api",
    "lint": "frontends.api",
    "lint_source": "frontends.api",
}


if not TYPE_CHECKING:  # else every name would be taken for one of this module's

    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        found = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
        globals()[name] = found
        return found

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
