"""A whole run: from paths to findings, and to fixed files.

Every file belongs to the project of its nearest root (see `settings.Configuration`); what a rule
says about a file depends on the file and its project, never on which other paths were named.
"""

from __future__ import annotations

import os

from ..base.report import MOST_NOTES, Report, is_of_installed
from ..base.typed import TYPE_CHECKING
from ..index.installed import looked_at
from ..rule_api.faults import TOO_DEEP
from ..workspace.workspace import Workspace, Workspaces
from .scheduler import Scheduler

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..base.report import FileResult
    from ..base.request import Choose, Progress, RunRequest
    from ..base.settings import Configuration
    from .run_cache import RunCache


MANY_UNRESOLVED, SHARE_UNRESOLVED = 10, 10
"""How many classes with a base that wasn't found are spoken of, and at which share in percent."""


def run(
    request: RunRequest,
    configuration: Configuration,
    *,
    progress: Progress | None = None,
    run_cache: RunCache | None = None,
    choose: Choose | None = None,
) -> Report:
    """Lint, and if asked for fix, what a request names.

    Args:
        request: what to do.
        configuration: where the settings come from.
        progress: called with the number of files looked at and of all files.
        memory: where the whole run is kept for the next one like it.
        choose: gives those of all findings that count, to be reported and fixed; it is told what
            files contain instead of what is on disk.

    A path that doesn't exist is among the report's errors; the others are looked at.

    Raises SettingsError for a configuration that can't be used.
    """
    from ..plugins.registry import faults as faults_of_rules

    report = Report()
    workspaces = _workspaces(request, configuration)
    files = _files_of(request, workspaces, report)
    report.files = len(files)
    work = Scheduler(workspaces, request, progress)
    results = work.lint(files)
    if request.fix:
        from .fixing import Fixing

        within = None if request.fix_elsewhere else set(workspaces.contents)
        fixing = Fixing(work, results, report, request.unsafe_fixes, within, choose, request.write)
        fixing.ask = request.ask
        fixing.make()
    newer = classes = unresolved = 0
    faults: dict[str, str] = {}
    for result in results.values():
        if result.path in result.contents:
            report.contents[result.path] = result.contents[result.path]
        report.findings.extend(result.findings)
        report.errors.extend(f"{result.path}: {message}" for _, message in result.errors)
        report.notes.extend(result.skipped)
        faults |= result.faults
        newer += result.newer
        classes += result.classes[0]
        unresolved += result.classes[1]
    for workspace in workspaces:
        faults |= workspace.faults
    faults |= faults_of_rules()
    for path, fault in sorted(faults.items()):
        said = report.notes if fault == TOO_DEEP else report.errors
        said.append(f"{path}: {fault}")
    if newer:
        share = f"({100 * newer / max(report.files, 1):.0f} % of all)"
        files_are = f"1 file {share} is" if newer == 1 else f"{newer} files {share} are"
        report.notes.append(
            f"{files_are} written for a newer Python than the one that runs this tool; run by "
            "that one, it would see more there"
        )
    if unresolved >= MANY_UNRESOLVED and 100 * unresolved >= SHARE_UNRESOLVED * classes:
        report.notes.append(
            f"{unresolved:,} of {classes:,} classes ({100 * unresolved / classes:.0f} %) have a base "
            "that was not found, so less can be said of them; `--show-unresolved` lists them"
        )
    for workspace in workspaces:
        report.notes.extend(workspace.environment.problems)
        if workspace.settings.config_file is not None or configuration.overrides:
            from ..workspace.unmatched import unmatched

            report.notes.extend(unmatched(workspace, configuration, files))
    report.findings.sort(key=lambda finding: finding.sort_key)
    report.overviews = _overviews(report, workspaces)
    if run_cache is not None and not request.fix:
        known = {
            path
            for workspace in workspaces
            for path in (*workspace.files, *workspace.declaring_files)
        }
        own = known.union(files, workspaces.visited, _files_of_rules())
        run_cache.remember(report, own, _installed(workspaces, results.values()))
    if choose is not None:
        report.findings = choose(report.findings, workspaces.contents)
    return report


def _installed(workspaces: Workspaces, results: Iterable[FileResult]) -> set[str]:
    """The files and directories of what is installed that results rest on."""
    found = {path for workspace in workspaces for path in workspace.environment.watched}
    inputs = {(kind, of) for result in results for kind, of, _ in result.inputs}  # many share one
    for kind, of in inputs:
        if is_of_installed(kind):
            found.update(looked_at(kind, of))
    return found


def _overviews(report: Report, workspaces: Workspaces) -> dict[str, str]:
    """What rules say of the projects in which they have many notes."""
    from ..plugins.registry import listed

    counts: dict[str, int] = {}
    for finding in report.findings:
        if finding.severity == "note":
            counts[finding.code] = counts.get(finding.code, 0) + 1
    projects = [workspace.project for workspace in workspaces]
    return {
        code: said
        for code, number in sorted(counts.items())
        if number > MOST_NOTES
        and code in listed()
        and (said := listed()[code].load().overview(projects))
    }


def files_of(request: RunRequest, configuration: Configuration, report: Report) -> list[str]:
    """The files that a run would look at; what is wrong with the paths goes into the report."""
    return _files_of(request, _workspaces(request, configuration), report)


def files_by_workspace(
    request: RunRequest, configuration: Configuration, report: Report
) -> dict[Workspace, list[str]]:
    """The files that a run would look at, by their projects; what is wrong with the paths goes into
    the report."""
    workspaces = _workspaces(request, configuration)
    found: dict[Workspace, list[str]] = {}
    for path in sorted(_files_of(request, workspaces, report)):
        found.setdefault(workspaces.of(path), []).append(path)
    return found


def _workspaces(request: RunRequest, configuration: Configuration) -> Workspaces:
    from ..plugins.registry import tables

    contents: dict[str, bytes] = {}
    if "-" in request.paths:
        path = os.path.abspath(request.stdin_filename or "stdin.py")
        contents[path] = request.stdin or b""
    return Workspaces(configuration, contents, request.alone, tables())


def _files_of(request: RunRequest, workspaces: Workspaces, report: Report) -> list[str]:
    from ..source.discovery import discover

    files: list[str] = []
    there: list[str] = []
    for path in request.paths:
        problem = "" if path == "-" else _problem_of(path)
        if problem:
            report.errors.append(f"{path}: {problem}")
        elif path != "-":
            there.append(path)
    if there:
        files += discover(
            there,
            settings_for=workspaces.settings,
            warn=report.errors.append,
            visit=workspaces.visited.add,
        )
    for path in workspaces.contents:
        settings = workspaces.settings(path)
        if path not in files and not (settings.force_exclude and settings.excludes_below(path)):
            files.append(path)
    return files


def _problem_of(path: str) -> str:
    """Why there is nothing to look at under a path that was named; "" where there is something."""
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return "there is no such file or directory"
    except (OSError, ValueError) as error:
        return f"cannot look at it: {getattr(error, 'strerror', None) or error}"
    return ""


def _files_of_rules() -> set[str]:
    """The files of rules from elsewhere: a run says something else when one of them changes."""
    from ..plugins.rule_packages import files_of, from_elsewhere

    return {path for entry_point in from_elsewhere() for path in files_of(entry_point)}
