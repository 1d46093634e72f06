"""What a run in an old code base leaves out: what is in a baseline, what hasn't changed."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from ..base.errors import Error
from ..base.finding import Finding
from ..base.fingerprints import relative_path
from ..base.neutral import neutral
from ..base.report import Report
from ..base.settings import Configuration
from ..base.typed import TYPE_CHECKING
from ..running.fixer import resolve_conversion_fixes
from .baseline import Baselines

if TYPE_CHECKING:
    from ..base.request import Options
    from .old_tree import OldTree
    from .since import Since


class FindingFilter:
    """Tells which findings are to be reported and fixed.

    A finding that is left out is as if it weren't there: it is not fixed either. A line that a
    fix has changed is a changed line, for a baseline and for `since`.
    """

    def __init__(self, baselines: Baselines | None, since: Since | OldTree | None) -> None:
        self.baselines = baselines
        self.since = since
        self.left_out = ""
        self.where_old = "in lines that have not changed"

    def __call__(self, findings: Sequence[Finding], contents: Mapping[str, bytes]) -> list[Finding]:
        """The findings that count.

        Args:
            findings: all findings of the files.
            contents: what files contain instead of what is on disk.
        """
        kept = list(findings)
        counts = []
        if self.baselines is not None:
            kept = self.baselines.new(kept, contents)
            counts.append((len(findings) - len(kept), "in the baseline"))
        if self.since is not None:
            before = len(kept)
            kept = self.since.new(kept, contents)
            counts.append((before - len(kept), self.where_old))
        self.left_out = ", ".join(f"{count} {where}" for count, where in counts if count)
        if len(kept) < len(findings) and any(each.fix and each.fix.python3 for each in kept):
            kept = _settled(kept)
        return kept


def _settled(findings: Sequence[Finding]) -> list[Finding]:
    """What is left may lack what its fixes need: see `fixer.settled`."""
    by_path: dict[str, list[Finding]] = {}
    for finding in findings:
        by_path.setdefault(finding.path, []).append(finding)
    return [finding for own in by_path.values() for finding in resolve_conversion_fixes(own)]


def finding_filter(
    options: Options, paths: Sequence[str], configuration: Configuration
) -> FindingFilter:
    """What the options of the command line and the settings leave out.

    Args:
        options: those of the command line.
        paths: the files and directories that are named there.
        configuration: where the settings come from.

    Raises Error for what can't be used.
    """
    _check_combinations(options, paths)
    made = FindingFilter(_baselines(options, configuration), None)
    if made.baselines is not None:
        places = [options.stdin_filename or "."] if paths == ["-"] else paths
        named = [made.baselines.of(path) for path in places]
        if options.update_baseline and not any(named):
            raise Error(
                "--update-baseline: there is no baseline: name one by --baseline FILE, or by "
                "`baseline` in the settings"
            )
    if options.since is not None:
        places = [options.stdin_filename or "."] if paths == ["-"] else paths
        if options.changed_findings:
            from .old_tree import OldTree

            made.since = OldTree(options.since, places, configuration, options.jobs)
            made.where_old = "that the revision has, too"
        else:
            from .since import Since

            made.since = Since(options.since, places)
    return made


def _check_combinations(options: Options, paths: Sequence[str]) -> None:
    for name, others in (
        ("add_noqa", ("fix", "fix_only", "diff", "update_baseline")),
        ("update_baseline", ("fix_only", "diff", "since")),
    ):
        if not getattr(options, name):
            continue
        clashes = ["--" + other.replace("_", "-") for other in others if getattr(options, other)]
        clashes += ["the path -"] if paths == ["-"] else []
        if clashes:
            raise Error(f"--{name.replace('_', '-')} can't be combined with {clashes[0]}")
    if options.update_baseline and options.baseline == "":
        raise Error("--update-baseline can't be combined with --no-baseline")


def _baselines(options: Options, configuration: Configuration) -> Baselines | None:
    if options.baseline == "":
        return None
    return Baselines(configuration, options.baseline, options.update_baseline)


def conclude(
    options: Options,
    report: Report,
    paths: Sequence[str],
    configuration: Configuration,
    finding_filter: FindingFilter | None,
) -> tuple[FindingFilter, str]:
    """Update the baselines, add the comments, and report stale entries, as the options say.

    Args:
        options, paths, configuration: as for `choice`.
        report: is changed to what is left; without a `choice` it holds all findings so far.
        choice: that which the run was given, if any.

    With the choice comes what was done, in words. Raises Error for what can't be written.
    """
    if finding_filter is None:
        finding_filter = FindingFilter(_baselines(options, configuration), None)
        report.findings = finding_filter(report.findings, {})
    done = ""
    if options.update_baseline and finding_filter.baselines is not None:
        done = _update(finding_filter.baselines, report, paths)
    elif finding_filter.baselines is not None and paths != ["-"]:
        for baseline, entries in finding_filter.baselines.stale(paths).items():
            match = "1 entry matches" if len(entries) == 1 else f"{len(entries)} entries match"
            file = _shown(baseline.file)
            report.notes.append(
                f"{file}: {match} nothing any more; --update-baseline takes them out"
            )
    if options.add_noqa:
        done = _annotate(report)
    return finding_filter, done


def _update(baselines: Baselines, report: Report, paths: Sequence[str]) -> str:
    if report.errors:
        report.errors.append("the baseline was not updated, for the reasons above")
        return ""
    said = []
    for update in baselines.update(paths):
        findings = "1 finding" if update.size == 1 else f"{update.size} findings"
        file = _shown(update.file)
        said.append(neutral(f"{file}: {findings} ({update.new} new, {update.gone} gone)."))
    report.findings = [each for each in report.findings if baselines.of(each.path) is None]
    return "\n".join(said)


def _annotate(report: Report) -> str:
    """Write `# noqa` comments for a run's findings; its report keeps what can't have one.

    Gives what was done, in words.
    """
    from ..reporters import Style
    from ..reporters.cells import placed
    from .add_noqa import annotate_files

    done = annotate_files(report.findings, report.contents)
    report.findings = [finding for finding, _ in done.refused]
    report.errors += done.errors
    refused = placed([finding for finding, _ in done.refused], Style().source)
    for finding, (_, reason) in zip(refused, done.refused, strict=True):
        path = _shown(finding.path)
        report.notes.append(f"{path}:{finding.line}: no `# noqa` for {finding.code}: {reason}")
    findings = "1 finding" if len(done.done) == 1 else f"{len(done.done)} findings"
    files = "1 file" if done.files == 1 else f"{done.files} files"
    return f"Added `# noqa` for {findings} in {files}."


def _shown(path: str) -> str:
    return relative_path(path, os.getcwd())
