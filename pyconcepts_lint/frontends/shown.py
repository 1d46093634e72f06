"""`--show-files` and `--show-settings`: what a run would look at, and how."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from ..base.neutral import neutral
from ..base.report import Report
from ..base.request import RunRequest
from ..base.settings import TABLE, Configuration, Settings
from ..base.typed import TYPE_CHECKING
from ..workspace.environment import Environment, environment_of

if TYPE_CHECKING:
    from typing import TextIO

    from ..reporters import Style

_SURROGATES = re.compile(r"\\ud[89ab]..\\ud[c-f]..")
_NO_KEYS = ("root", "config_file", "is_project", "is_inside")


def write_files(
    paths: Sequence[str],
    stdin_filename: str | None,
    configuration: Configuration,
    style: Style,
    out: TextIO,
) -> list[str]:
    """Write the paths of the files that a run would look at, each on a line.

    Gives what is wrong with the paths that were named.
    """
    from ..running.run import files_of

    report = Report()
    request = RunRequest(tuple(paths), stdin=b"", stdin_filename=stdin_filename)
    for path in sorted(files_of(request, configuration, report)):
        out.write(f"{neutral(style.path(path))}\n")
    return report.errors


def write_settings(configuration: Configuration, path: str, form: str | None, out: TextIO) -> None:
    """Write the settings for a path: as TOML, or as JSON where `form` is that."""
    settings = configuration.for_path(path)
    environment = environment_of(settings)
    keys = [name for name in Settings._fields if name not in _NO_KEYS]
    if form in ("json", "jsonl"):
        table = {name.replace("_", "-"): getattr(settings, name) for name in keys}
        found = {
            "root": settings.root,
            "config-file": settings.config_file,
            "extended": sorted(configuration.extended),
            "environment": environment.directory or None,
            "environment-why": environment.why,
            "settings": table
            | {"per-file-ignores": dict(settings.per_file_ignores)}
            | {"severity": dict(settings.severity)}
            | {"rules": {code: dict(options) for code, options in settings.rules}},
        }
        out.write(json.dumps(found, indent=2 if form == "json" else None) + "\n")
        return
    out.write(f"# project: {neutral(settings.root)}\n")
    out.write(f"# read from: {neutral(settings.config_file or 'no file')}\n")
    for base in sorted(configuration.extended):
        out.write(f"# which extends: {neutral(base)}\n")
    out.write(f"# installed packages: {neutral(_described(environment))}\n")
    out.write(f"\n[{TABLE}]\n")
    tables = []
    for name in keys:
        key, value = name.replace("_", "-"), getattr(settings, name)
        if value is None:
            out.write(f"# {key}: not set\n")
        elif name in ("per_file_ignores", "rules", "severity"):
            tables.append((key, value))
        else:
            out.write(f"{key} = {_toml(value)}\n")
    for key, value in tables:
        for name, items in value if key == "rules" else ():
            out.write(f"\n[{TABLE}.{key}.{name}]\n")
            out.writelines(f"{_toml(option)} = {_toml(item)}\n" for option, item in items)
        if value and key != "rules":
            out.write(f"\n[{TABLE}.{key}]\n")
            out.writelines(f"{_toml(name)} = {_toml(item)}\n" for name, item in value)


def _described(environment: Environment) -> str:
    """The environment of a project, and why it is that one."""
    if not environment.directory:
        return f"none ({environment.why})"
    version = f", Python {environment.version}" if environment.version else ""
    return f"{environment.directory}{version} ({environment.why})"


def _toml(value: object) -> str:
    """A value as TOML has it, which is JSON for strings, numbers, booleans and lists."""
    return _SURROGATES.sub(_as_one, json.dumps(value))


def _as_one(pair: re.Match[str]) -> str:
    return f"\\U{ord(json.loads(f'{chr(34)}{pair[0]}{chr(34)}')):08x}"
