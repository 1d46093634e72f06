"""What an editor says of its own: settings of the linter, and what the server is to look at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..base.errors import Error
from ..base.settings import Configuration, SettingsError, checked
from ..base.typed import NamedTuple
from ..plugins.registry import code_of, unknown_code

SECTION = "pyconcepts-lint"
SCOPES = ("project", "open")


class Options(NamedTuple):
    """What was said.

    `overrides` are settings by their Python names; they win over the files, as those of the
    command line do. With `scope` "open", nothing is said of files that aren't open.
    """

    overrides: Mapping[str, object] = {}
    config: str | None = None
    isolated: bool = False
    scope: str = "project"

    def configure(self) -> Configuration:
        """A configuration in which nothing has been read yet."""
        return Configuration(self.overrides, self.config, self.isolated, code_of)

    def given(self, said: object) -> Options:
        """These with what an editor says: settings by their names in pyproject.toml, `config`,
        `isolated` and `scope`. Raises Error."""
        if isinstance(said, Mapping) and isinstance(said.get(SECTION), Mapping):
            said = said[SECTION]
        if not isinstance(said, Mapping):
            return self
        overrides: dict[str, Any] = {}
        found = self
        for name, value in said.items():
            if value is None:
                continue
            if name == "config":
                found = found._replace(
                    config=_checked(name, value, isinstance(value, str), "a path")
                )
            elif name == "isolated":
                is_right = isinstance(value, bool)
                found = found._replace(isolated=_checked(name, value, is_right, "true or false"))
            elif name == "scope":
                words = " or ".join(SCOPES)
                found = found._replace(scope=_checked(name, value, value in SCOPES, words))
            else:
                overrides[str(name).replace("-", "_")] = checked(str(name), value, str(name))
        unknown = unknown_code(overrides)
        if unknown is not None:
            raise SettingsError(f"`{unknown[0]}`: {unknown[1]}", None, unknown[0])
        return found._replace(overrides={**found.overrides, **overrides})


def _checked(name: str, value: Any, is_right: bool, expected: str) -> Any:
    if not is_right:
        raise Error(f"`{name}` must be {expected}, not {value!r:.40}")
    return value
