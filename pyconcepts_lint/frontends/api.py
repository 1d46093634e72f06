"""What `pyconcepts_lint.lint` and its kin do: runs like the command line's, without a word said."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from difflib import get_close_matches
from threading import Lock
from typing import Any, TypedDict, TypeVar, Unpack

from ..base import settings
from ..base.cells import NOTEBOOK
from ..base.errors import Error
from ..base.finding import Finding, Fix, Severity
from ..base.report import Report
from ..base.request import RunRequest
from ..base.things import one_for_each_thing
from ..plugins.registry import code_of, unknown_code
from ..running import run as engine
from ..running import run_cache
from ..source.text import Source, SourceError

T = TypeVar("T")

Path = str | os.PathLike[str]
Strings = list[str] | tuple[str, ...]

STRING = "<string>"
"""The path of what comes from no file."""

# No file can be there, and nothing lies around it.
_NOWHERE = os.path.join(os.path.abspath(os.sep), STRING, "main.py")

# What a run leaves in the process for the next one (the settings that were read, the recursion
# limit that it needs) is no business of two at once.
_one_at_a_time = Lock()


class Settings(TypedDict, total=False):
    """The settings that the functions take: the keys of `[tool.pyconcepts-lint]`, with underscores.

    Paths and patterns are meant relative to the project's root, as they are in the file.
    """

    select: Strings
    ignore: Strings
    fixable: Strings
    unfixable: Strings
    target_version: str
    python: str
    extend_select: Strings
    extend_ignore: Strings
    per_file_ignores: Mapping[str, Strings]
    exclude: Strings
    extend_exclude: Strings
    force_exclude: bool
    respect_gitignore: bool
    src: Strings
    namespace_packages: Strings
    relative_import_levels: int
    field_classes: Strings
    severity: Mapping[str, Severity]
    min_severity: Severity
    generated: Strings
    rules: Mapping[str, Mapping[str, bool | int | str | Strings]]
    cache_dir: str
    no_cache: bool


def lint(
    paths: Path | Iterable[Path],
    *,
    config: Path | None = None,
    isolated: bool = False,
    jobs: int | None = 1,
    executor: Executor | None = None,
    **settings: Unpack[Settings],
) -> Report:
    """Look at files, and at the Python files in directories.

    Args:
        paths: one path, or some.
        config: a TOML file whose `[tool.pyconcepts-lint]` table counts instead of each project's.
        isolated: read no settings from any file.
        jobs: how many processes look at the files; None for as many as there are processors. More
            than one are started by `multiprocessing`, by which a program is imported again on some
            systems: see its "Safe importing of main module".
        executor: do the work there instead; `jobs` doesn't count then.
        **settings: settings by their names in the file, with underscores; they win over the file.

    Raises SettingsError for settings that can't be used, Error for a path that isn't there, and
    TypeError for a keyword that is no setting. What goes wrong with one file, and a package of
    rules that can't be used, are among the report's `errors`.
    """
    return _run("lint", paths, config, isolated, jobs, executor, settings)


def fix(
    paths: Path | Iterable[Path],
    *,
    unsafe: bool = False,
    write: bool = True,
    config: Path | None = None,
    isolated: bool = False,
    jobs: int | None = 1,
    executor: Executor | None = None,
    **settings: Unpack[Settings],
) -> Report:
    """Make the safe fixes in files, and look at what is left.

    Args:
        unsafe: make the unsafe fixes, too.
        write: write the files. Otherwise the report's `changed` is all that comes of it.
        paths, config, isolated, jobs, executor, **settings: as for `lint`.

    The report's `fixed` are the findings whose fixes were made, its `changed` the files before and
    after, its `findings` what is left. Raises what `lint` raises.
    """
    return _run(
        "fix",
        paths,
        config,
        isolated,
        jobs,
        executor,
        settings,
        fix=True,
        unsafe_fixes=unsafe,
        write=write,
    )


def lint_source(
    text: str,
    path: Path | None = None,
    *,
    config: Path | None = None,
    isolated: bool = False,
    **settings: Unpack[Settings],
) -> Report:
    """Look at a text.

    Args:
        text: Python source.
        path: the file that would contain it, be it there or not: then the settings of its project
            and what the text imports from there count. Without, the text is a project of its own,
            no settings are read but those of `config`, and its path is "<string>".
        config, isolated, **settings: as for `lint`.

    Raises what `lint` raises, and Error for a text that no file could contain.
    """
    report, name, _ = _run_text("lint_source", text, path, config, isolated, settings)
    if path is None:
        report.findings = [_renamed(finding, name) for finding in report.findings]
        report.contents = dict(zip([STRING], report.contents.values(), strict=False))
        report.errors = [message.replace(name, STRING) for message in report.errors]
        report.notes = [message.replace(name, STRING) for message in report.notes]
    return report


def fix_source(
    text: str,
    path: Path | None = None,
    *,
    unsafe: bool = False,
    config: Path | None = None,
    isolated: bool = False,
    **settings: Unpack[Settings],
) -> str:
    """The text with its safe fixes made.

    Args:
        text: Python source.
        unsafe: make the unsafe fixes, too.
        path, config, isolated, **settings: as for `lint_source`.

    No file is written, and fixes that would change other files are not made. Raises what
    `lint_source` raises, and Error where a rule fails.
    """
    report, name, encoded = _run_text(
        "fix_source",
        text,
        path,
        config,
        isolated,
        settings,
        fix=True,
        unsafe_fixes=unsafe,
        write=False,
        fix_elsewhere=False,
    )
    if report.errors:
        raise Error("; ".join(report.errors).replace(name, STRING if path is None else name))
    if name not in report.changed:
        return text
    after = Source.from_bytes(report.changed[name][1], name)
    # A byte order mark that the text came with is a character of it.
    return ("\ufeff" if encoded.bom else "") + after.of_json().text


def _run(
    function: str,
    paths: Path | Iterable[Path],
    config: Path | None,
    isolated: bool,
    jobs: int | None,
    executor: Executor | None,
    given: Mapping[str, object],
    **options: Any,
) -> Report:
    if isinstance(paths, str | os.PathLike):
        paths = [paths]
    names = [os.fspath(path) for path in paths]
    if jobs is not None and jobs < 1:
        raise ValueError(f"jobs is a number of processes, not {jobs}")
    for name in names:
        if not os.path.exists(name):
            raise Error(f"{name}: there is no such file or directory")
    report = _guarded(
        lambda: run_cache.run(
            RunRequest(
                # A file of that name is no standard input.
                tuple(os.path.abspath(name) for name in names),
                # With an executor it is only about how many pieces there are.
                jobs=jobs if executor is None else None,
                executor=executor,
                **options,
            ),
            _configuration(function, given, config, isolated),
        )
    )
    return _concluded(report)


def _run_text(
    function: str,
    text: str,
    path: Path | None,
    config: Path | None,
    isolated: bool,
    given: Mapping[str, object],
    **options: Any,
) -> tuple[Report, str, Source]:
    name = _NOWHERE if path is None else os.path.abspath(path)
    try:
        source = Source.from_text(text, name)
    except SourceError as error:
        shown = STRING if path is None else name
        raise Error(f"{shown}:{error.line}:{error.column}: {error.message}") from None
    report = _guarded(
        lambda: engine.run(
            RunRequest(
                ("-",),
                stdin=source.data,
                stdin_filename=name,
                alone=path is None,
                jobs=1,
                **options,
            ),
            _configuration(function, given, config, isolated),
        )
    )
    return _concluded(report, {name: source.data}), name, source


def _guarded(run: Callable[[], T]) -> T:
    with _one_at_a_time:
        return run()


def _concluded(report: Report, given: Mapping[str, bytes] | None = None) -> Report:
    """A report as it is given away: one finding for each thing, with places in cells.

    Args:
        report: a report.
        given: what files contain instead of what is on disk.
    """
    report.findings = one_for_each_thing(report.findings)
    if any(each.path.endswith(NOTEBOOK) for each in (*report.findings, *report.fixed)):
        from ..reporters import Style
        from ..reporters.cells import placed

        before = {path: old for path, (old, _) in report.changed.items() if old is not None}
        after = {path: new for path, (_, new) in report.changed.items()}
        given = given or {}
        report.fixed = placed(report.fixed, Style(contents={**given, **before}).source)
        report.findings = placed(report.findings, Style(contents={**given, **after}).source)
    return report


def _configuration(
    function: str, given: Mapping[str, object], config: Path | None, isolated: bool
) -> settings.Configuration:
    file = None if config is None else os.fspath(config)
    return settings.Configuration(_checked(function, given), file, isolated, code_of, True)


def _checked(function: str, given: Mapping[str, object]) -> dict[str, object]:
    """The settings that a function was given, if there are such."""
    for name, value in given.items():
        if name not in Settings.__annotations__:
            near = get_close_matches(name, [*Settings.__annotations__, "config", "isolated"], 1)
            hint = f". Did you mean '{near[0]}'?" if near else ""
            raise TypeError(f"{function}() got an unexpected keyword argument '{name}'{hint}")
        settings.checked(name.replace("_", "-"), value, name)
    unknown = unknown_code(given)
    if unknown is not None:
        name, message = unknown
        raise settings.SettingsError(f"`{name}`: {message}", None, name)
    return dict(given)


def _renamed(finding: Finding, name: str) -> Finding:
    """A finding in what comes from no file."""
    return finding._replace(
        path=STRING if finding.path == name else finding.path,
        fix=_renamed_fix(finding.fix, name),
        related=tuple(
            each._replace(path=STRING if each.path == name else each.path)
            for each in finding.related
        ),
    )


def _renamed_fix(fix: Fix | None, name: str) -> Fix | None:
    if fix is None:
        return None
    edits = (e._replace(path=STRING if e.path == name else e.path) for e in fix.edits)
    others = (_renamed_fix(other, name) for other in fix.alternatives)
    return fix._replace(
        edits=tuple(edits), alternatives=tuple(other for other in others if other is not None)
    )
