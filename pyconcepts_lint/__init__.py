"""A linter that knows Python's object model and import model.

`lint`, `fix`, `lint_source` and `fix_source` do what the command line does and print nothing;
`Rule` is what a rule of one's own inherits from, and `pyconcepts_lint.testing` helps to test it.
All names are imported when they are first asked for.
"""

TYPE_CHECKING = False  # as `typing` has it, which takes longer to import than all of this
if TYPE_CHECKING:
    from .api import fix, fix_source, lint, lint_source
    from .finding import Edit, Finding, Fix
    from .linted import LintedFile, Range
    from .registry import RegistryError
    from .report import Report
    from .rule import Rule
    from .settings import SettingsError

__version__ = "0.1.0"

__all__ = [
    "Edit",
    "Error",
    "Finding",
    "Fix",
    "LintedFile",
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
    "Edit": "finding",
    "Finding": "finding",
    "Fix": "finding",
    "LintedFile": "linted",
    "Range": "linted",
    "RegistryError": "registry",
    "Report": "report",
    "Rule": "rule",
    "SettingsError": "settings",
    "fix": "api",
    "fix_source": "api",
    "lint": "api",
    "lint_source": "api",
}


class Error(Exception):
    """What this package raises where it can't do what it was asked for; the text says why."""


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
