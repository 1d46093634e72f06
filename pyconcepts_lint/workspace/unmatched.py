"""Settings that match nothing in their project: most often a path or a name was mistyped."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator

from ..base.settings import DEFAULT_EXCLUDE, path_matches
from ..base.typed import TYPE_CHECKING
from ..source.discovery import is_git_ignored

if TYPE_CHECKING:
    from ..base.settings import Configuration, Settings
    from .workspace import Workspace

_MAGIC = "*?[{\\"


def unmatched(
    workspace: Workspace, configuration: Configuration, looked_at: Collection[str]
) -> Iterator[str]:
    """What to say of a project's settings, each with its key and its value.

    Only what a run over the whole project has seen can be said of patterns and names of classes.

    Args:
        workspace: the project.
        configuration: where its settings come from.
        looked_at: the files of the run.
    """
    settings = workspace.settings
    no_directory = "there is no such directory"
    said = [("src", each, no_directory) for each in _missing_roots(settings)]
    if settings.select == () and not settings.extend_select:
        said.append(("select", "[]", "no rule runs"))
    said += (("namespace-packages", each, no_directory) for each in _missing_packages(workspace))
    if workspace.files and set(workspace.files) <= set(looked_at):
        said += ((*each, "no file or directory matches") for each in _lonely_patterns(workspace))
        no_class = "no class of the project has that name or base"
        said += (("field-classes", each, no_class) for each in _missing_classes(workspace))
    for key, value, reason in said:
        shown = value if value == "[]" else f'"{value}"'
        if key.replace("-", "_") in configuration.overrides:
            yield f"--{key} {shown}: {reason}"
        else:
            yield f"{settings.config_file}: {key}: {shown}: {reason}"


def _missing_roots(settings: Settings) -> Iterator[str]:
    for each in settings.src or ():
        if not os.path.isdir(os.path.join(settings.root, each)):
            yield each


def _missing_packages(workspace: Workspace) -> Iterator[str]:
    for name in workspace.settings.namespace_packages:
        parts = name.split(".")
        roots = (workspace.settings.root, *workspace.project.layout.import_roots)
        if not any(os.path.isdir(os.path.join(root, *parts)) for root in roots):
            yield name


def _lonely_patterns(workspace: Workspace) -> Iterator[tuple[str, str]]:
    settings = workspace.settings
    asked = [("extend-exclude", each) for each in settings.extend_exclude]
    if settings.exclude != DEFAULT_EXCLUDE:
        asked += (("exclude", each) for each in settings.exclude)
    # What builds leave behind may be there the next time.
    asked = [(key, each) for key, each in asked if each not in DEFAULT_EXCLUDE]
    names = [("per-file-ignores", each) for each, _ in settings.per_file_ignores]
    if asked or names:
        entries = list(_entries(workspace.directories))
        for key, pattern in (*asked, *names):
            if not _may_match(pattern.removeprefix("!"), workspace, entries):
                yield key, pattern


def _entries(directories: Iterable[str]) -> Iterator[str]:
    for directory in directories:
        try:
            yield from (os.path.join(directory, name) for name in os.listdir(directory))
        except OSError:
            continue


def _may_match(pattern: str, workspace: Workspace, entries: Iterable[str]) -> bool:
    """Does a pattern match something, or may it, where discovery doesn't look?"""
    root = workspace.settings.root
    if any(path_matches(path, root, (pattern,)) for path in entries):
        return True
    start = min((pattern.find(sign) for sign in _MAGIC if sign in pattern), default=len(pattern))
    literal = os.path.join(root, pattern[:start])
    above = os.path.normpath(literal if start == len(pattern) else os.path.dirname(literal))
    if above != root and is_git_ignored(os.path.join(above, "any"), root):
        return True  # it is there after a build, say
    while above.startswith(os.path.join(root, "")):
        if os.path.isdir(above) and above not in workspace.directories:
            return True
        above = os.path.dirname(above)
    return False


def _missing_classes(workspace: Workspace) -> list[str]:
    missing = set(workspace.settings.field_classes)
    if missing:
        for module in workspace.project.modules():
            for model in module.classes:
                found = {*model.facts.bases, *map(module.qualified, model.facts.bases)}
                missing -= {*found, model.full_name, model.name}
            if not missing:
                break
    return [each for each in workspace.settings.field_classes if each in missing]
