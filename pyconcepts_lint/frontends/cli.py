"""The command line: options in, reports and exit codes out."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from .. import reporters
from ..base.cells import NOTEBOOK
from ..base.errors import Error
from ..base.finding import SEVERITIES, is_as_severe
from ..base.neutral import tell
from ..base.request import Options, RunRequest
from ..base.settings import CODE_LISTS, Configuration, Settings
from ..base.stopping import exit_code_of
from ..base.typed import TYPE_CHECKING
from .options import GROUPS, read_plainly, value_of

if TYPE_CHECKING:
    import argparse
    from typing import Any, NoReturn, TextIO

    from ..base.finding import Finding
    from ..base.report import Report
    from ..base.request import Choose
    from ..reporters.folding import Folded

CLEAN, FINDINGS, FAILED = 0, 1, 2
PIPE_WIDTH = 120
"""How wide source lines may be where there is no terminal."""
COMMANDS: dict[str, list[str]] = {"check": [], "rule": ["--explain"]}
"""First words that users of ruff type, and what they stand for."""
PROGRAMS: dict[str, Callable[[Sequence[str]], int]] = {
    "show": lambda words: _show_python(words),
    "server": lambda words: _serve(words),
}
"""First words that have options of their own, and what runs with the words behind them."""
STATISTICS_FORMATS = ("full", "concise", "json", "jsonl")
IN_ENVIRONMENT = ("output_format", "output_file", "cache_dir", "no_cache", "jobs")
"""Options that the environment may set: `PYCONCEPTS_LINT_OUTPUT_FORMAT` and so on."""
STDIN = "stdin.py"
"""The file that standard input is where nothing else is said."""

_EPILOG = """\
pyconcepts-lint show --help: questions about what a program does.
pyconcepts-lint server --help: a language server for editors.

exit code: 0 nothing but notes is left, 1 errors or warnings are left, or what
was selected by its code, 2 wrong usage, wrong configuration or an internal
error.

Settings are read from [tool.pyconcepts-lint] in the nearest pyproject.toml;
what is given here wins. `# noqa`, `# noqa: PCL101` and `# flake8: noqa` mean
what they mean in flake8.
"""


class UsageError(Exception):
    """Words on the command line that can't be used."""


def run(arguments: Sequence[str]) -> int:
    """Run with some arguments; gives the exit code."""
    _open_what_is_closed()
    for name in ("COLUMNS", "LINES"):
        if name in os.environ and not _is_size(os.environ[name]):
            del os.environ[name]  # rich would take it for a number
    try:
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")  # which writes what is waiting
        code = _run_guarded(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt as error:
        return exit_code_of(error)
    except BrokenPipeError:
        # The reader of the output has closed it.
        _close_output()
        return FINDINGS
    except OSError as error:
        _close_output()
        return _fail(_described(error))
    return code


def _open_what_is_closed() -> None:
    """A stream that was closed (`>&-`) would be missing, and its number taken by the next file.

    What is written to standard output fails then, as it would; what goes to standard error is lost.
    """
    if sys.stdin is not None and sys.stdout is not None and sys.stderr is not None:
        return
    for number, flags in enumerate((os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, flags)  # which takes the lowest number
    if sys.stdout is None:
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


def _described(error: OSError) -> str:
    """An error of the system, and what it is about: files are named by what opens them."""
    reason = error.strerror or str(error)
    if error.filename is not None:
        return f"{os.fsdecode(error.filename)}: {reason}"
    try:
        os.getcwd()
    except OSError:
        return "the working directory is gone"
    return f"standard output: {reason}"


def _run_guarded(arguments: Sequence[str]) -> int:
    def start() -> int:
        given = _expanded(arguments)
        if given and given[0] in PROGRAMS and not os.path.lexists(given[0]):
            return PROGRAMS[given[0]](given[1:])
        options = read_plainly(given)
        if options is None:
            try:
                options = parser().parse_args(given, Options())
            except SystemExit as done:  # --help and --version
                return int(done.code or CLEAN)
        return _watch(options) if options.watch else _run(options)

    return _guarded(start)


def _expanded(arguments: Sequence[str]) -> list[str]:
    """The arguments with those of files (`@FILE`), and with options for words that are commands."""
    found: list[str] = []
    for argument in arguments:
        if argument.startswith("@") and len(argument) > 1:
            found += _listed_in(argument[1:])
        else:
            found.append(argument)
    # A path of that name is meant: what once worked goes on to.
    if found and found[0] in COMMANDS and not os.path.lexists(found[0]):
        found[:1] = COMMANDS[found[0]]
    return found


def _listed_in(file: str) -> list[str]:
    """The arguments in a file, one in each line that has any."""
    try:
        with open(file, "rb") as given:  # it may be a pipe: `@<(git diff --name-only)`
            lines = os.fsdecode(given.read().removeprefix(b"\xef\xbb\xbf")).splitlines()
    except OSError as error:
        raise UsageError(f"@{file}: {error.strerror or error}; ./@{file} is a path") from None
    return [line for line in map(str.strip, lines) if line]


def _show_python(words: Sequence[str]) -> int:
    from . import show

    def style_for(out: TextIO, color: str) -> reporters.Style:
        return reporters.Style(_width(), _wants_color(Options(color=color), out), _here())

    return show.run(words, style_for)


def _serve(words: Sequence[str]) -> int:
    from . import serve

    return serve.run(words)


def _watch(options: Options) -> int:
    clashes = [name for name in ("add_noqa", "update_baseline", "ask") if getattr(options, name)]
    if clashes or "-" in options.paths or options.stdin_filename is not None:
        other = f"--{clashes[0].replace('_', '-')}" if clashes else "the path -"
        raise UsageError(f"--watch can't be combined with {other}")
    from .watch import watch

    return watch(
        lambda written: _guarded(lambda: _run(options, written)),
        options.paths or ["."],
        lambda: _configuration(options),
        also=[each for each in (options.config, options.baseline) if each],
        quiet=options.quiet,
    )


def _guarded(call: Callable[[], int]) -> int:
    try:
        return call()
    except UsageError as error:
        return _fail(f"{error} (see pyconcepts-lint --help)")
    except Error as error:
        return _fail(str(error))
    except OSError:
        raise
    except (Exception, SystemExit) as error:
        return _fail_internally(error)


def _close_output() -> None:
    """Nothing may be flushed into standard output when the process ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(message: str) -> int:
    tell(f"pyconcepts-lint: error: {message}")
    return FAILED


def _fail_internally(error: BaseException) -> int:
    import traceback

    if sys.flags.dev_mode:
        raise error
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{os.path.basename(last.filename)}:{last.lineno}"
    return _fail(f"internal error: {error!r} ({place}); python -X dev shows where it comes from")


def parser() -> argparse.ArgumentParser:
    """The options, in the words that flake8's and ruff's users know."""
    import argparse

    class Parser(argparse.ArgumentParser):
        def error(self, message: str) -> NoReturn:
            raise UsageError(message + _meant(message))

        def _print_message(self, message: str, file: Any = None) -> None:
            # argparse's own passes over what can't be written.
            print(message, end="", file=file, flush=True)

    def formatter(prog: str) -> argparse.HelpFormatter:
        return argparse.RawDescriptionHelpFormatter(prog, max_help_position=27, width=80)

    made = Parser(
        prog="pyconcepts-lint",
        usage="pyconcepts-lint [OPTIONS] [PATH ...]",
        description="Says what a line of Python really does, and fixes it.",
        epilog=_EPILOG,
        formatter_class=formatter,
        allow_abbrev=False,
        add_help=False,
    )

    for title, description, options in GROUPS:
        group = made.add_argument_group(title, description)
        for option in options:
            group.add_argument(*option.flags, **option.keywords)
    return made


def _meant(message: str) -> str:
    """What to add to argparse's word on an option that there isn't: the one that was meant."""
    import difflib

    says, _, rest = message.partition(": ")
    given = rest.split(" ")[0].partition("=")[0]
    if says != "unrecognized arguments" or not given.startswith("--"):
        return ""
    known = [flag for group in GROUPS for option in group.options for flag in option.flags]
    near = difflib.get_close_matches(given.replace("_", "-").lower(), known, 1)
    return f"; did you mean {near[0]}?" if near else ""


def _take_environment(options: Options) -> None:
    """Give options that aren't there the values that the environment has for them.

    Raises UsageError for a value that can't be used.
    """
    known = {option.name: option for group in GROUPS for option in group.options}
    for name in IN_ENVIRONMENT:
        variable = f"PYCONCEPTS_LINT_{name.upper()}"
        text = os.environ.get(variable)
        if not text or getattr(options, name) is not None:
            continue
        try:
            setattr(options, name, value_of(known[name], text))
        except ValueError as error:
            raise UsageError(f"{variable}: {error}") from None


def _overrides(options: Options) -> dict[str, object]:
    """What the command line says of the settings, by the settings' names."""
    overrides: dict[str, object] = {}
    for name in (
        *("select", "ignore", "extend_select", "extend_ignore", "exclude", "extend_exclude"),
        *("fixable", "unfixable"),
    ):
        given: list[list[str]] | None = getattr(options, name)
        if given is not None:
            overrides[name] = [item for items in given for item in items]
    if options.per_file_ignores is not None:
        merged: dict[str, list[str]] = {}
        for pairs in options.per_file_ignores:
            for pattern, codes in pairs:
                merged.setdefault(pattern, []).extend(codes)
        overrides["per_file_ignores"] = merged
    for name in (
        *("force_exclude", "no_cache", "cache_dir", "target_version"),
        *("min_severity", "fail_on", "python"),
    ):
        if getattr(options, name) is not None:
            overrides[name] = getattr(options, name)
    if "cache_dir" in overrides:
        overrides["cache_dir"] = os.path.abspath(str(overrides["cache_dir"]))
    if options.python is not None and os.path.lexists(options.python):
        overrides["python"] = os.path.abspath(options.python)  # settings are meant from the root
    return overrides


def _configuration(options: Options) -> Configuration:
    return Configuration(_overrides(options), options.config, options.isolated, _code_of)


def _code_of(name: str) -> str | None:
    from ..plugins.registry import code_of

    return code_of(name)


def _run(options: Options, written: dict[str, bytes] | None = None) -> int:
    """One run.

    Args:
        options: those of the command line.
        written: gets the files that the run has written, with their contents.
    """
    if options.list_rules or options.explain is not None:
        return _show_pages(options)
    if options.print_completion is not None:
        return _print_completion(options)
    paths = options.paths or ["."]
    if options.stdin_filename is not None and "-" not in paths:
        if options.paths:
            raise UsageError("--stdin-filename goes with the path -")
        paths = ["-"]
    if "-" in paths and len(paths) > 1:
        raise UsageError("- can't be combined with other paths")
    _take_environment(options)
    if options.changed_findings and options.since is None:
        raise UsageError("--changed-findings goes with --since")
    configuration = _configuration(options)
    _check_codes(configuration.overrides)
    first = options.stdin_filename or "." if paths == ["-"] else paths[0]
    if options.show_files or options.show_settings or options.show_unresolved:
        return _show(options, paths, first, configuration)
    settings = configuration.for_path(first)
    fix = settings.fix if options.fix is None else options.fix
    fix = fix or options.fix_only
    unsafe = settings.unsafe_fixes if options.unsafe_fixes is None else options.unsafe_fixes
    if options.add_noqa:
        fix = False
    if options.statistics:
        _check_statistics(options.output_format or settings.output_format)
    ask = _asker(options, paths, fix) if options.ask else None
    finding_filter = None
    if _leaves_out(options, settings, fix):
        from ..adopting import selection

        finding_filter = selection.finding_filter(options, paths, configuration)
    stdin = _read_stdin() if paths == ["-"] else None

    run_over: Callable[..., Report]
    if settings.no_cache:
        from ..running.run import run as run_over
    else:
        from ..running.run_cache import run as run_over
    with _progress(options) as progress:
        request = RunRequest(
            tuple(paths),
            stdin=stdin,
            stdin_filename=options.stdin_filename,
            fix=fix or options.diff,
            unsafe_fixes=unsafe or ask is not None,
            write=not options.diff and stdin is None,
            jobs=options.jobs if options.jobs is not None else settings.jobs,
            ask=ask,
        )
        report = run_over(request, configuration, progress=progress, choose=finding_filter)
    if written is not None and not options.diff:
        written.update((path, after) for path, (_, after) in report.changed.items())
    done = ""
    if finding_filter is not None or _has_baseline(options, report, configuration):
        from ..adopting import selection

        finding_filter, done = selection.conclude(
            options, report, paths, configuration, finding_filter
        )
    if stdin is not None and fix and not options.diff:
        here = os.path.abspath(options.stdin_filename or STDIN)
        report.notes += [
            f"{path}: not written, for the fixes of standard input go to standard output only"
            for path in report.changed
            if path != here
        ]
    for error in report.errors:
        tell(f"pyconcepts-lint: {error}")
    if not options.quiet:
        for note in report.notes:
            tell(f"pyconcepts-lint: note: {note}")
    if options.diff:
        _print_diff(report, options)
        left = bool(report.changed)
    elif options.fix_only:
        left = False
        if stdin is not None:
            _write_bytes(_text_of_stdin(report, options, stdin))
        if options.show_fixes:
            _tell_summary(_fixes_by_file(report), options)
        _tell_summary(_summary_of_fixes(report), options)
    else:
        from ..base.things import one_for_each_thing

        report.findings = one_for_each_thing(report.findings)
        done = done or _summary(
            report, finding_filter.left_out if finding_filter is not None else ""
        )
        _print_report(report, options, settings, configuration, stdin, fix, done)
        left = _fails(report.findings, configuration)
    if report.errors:
        return FAILED
    left = left or bool(options.exit_non_zero_on_fix and report.fixed)
    return FINDINGS if left and not options.exit_zero else CLEAN


def _fails(findings: Sequence[Finding], configuration: Configuration) -> bool:
    """Is there a finding for which a run fails: one that is severe enough, or was asked for?"""

    def counts(finding: Finding) -> bool:
        settings = configuration.for_path(os.path.dirname(finding.path))
        return is_as_severe(finding.severity, settings.fail_on) or settings.names(finding.code)

    return any(map(counts, findings))


def _show(options: Options, paths: Sequence[str], first: str, configuration: Configuration) -> int:
    """`--show-files`, `--show-settings` and `--show-unresolved`."""
    from . import shown

    with _output(options, False) as out:
        if options.show_settings:
            shown.write_settings(configuration, first, options.output_format, out)
            return CLEAN
        here = reporters.Style(directory=_here())
        if options.show_unresolved:
            from .unresolved import write_unresolved

            form = options.output_format
            problems = write_unresolved(
                paths, options.stdin_filename, configuration, form, here, out
            )
            return _told(problems)
        problems = shown.write_files(paths, options.stdin_filename, configuration, here, out)
    return _told(problems)


def _told(problems: Sequence[str]) -> int:
    for problem in problems:
        tell(f"pyconcepts-lint: {problem}")
    return FAILED if problems else CLEAN


def _asker(options: Options, paths: Sequence[str], fix: bool) -> Choose:
    """What asks about each fix. Raises UsageError where it can't be."""
    clashes = [name for name in ("diff", "add_noqa") if getattr(options, name)]
    if clashes or paths == ["-"]:
        other = f"--{clashes[0].replace('_', '-')}" if clashes else "the path -"
        raise UsageError(f"--ask can't be combined with {other}")
    if not fix:
        raise UsageError("--ask goes with --fix")
    if sys.stdin is None or not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError("--ask needs a terminal")
    from .ask import Asker, typed_on_terminal

    style = reporters.Style(_width(), _wants_color(options, sys.stderr), _here())
    return Asker(style, sys.stderr, typed_on_terminal)


def _check_statistics(form: str | None) -> None:
    if form not in (None, *STATISTICS_FORMATS):
        offered = ", ".join(STATISTICS_FORMATS)
        raise UsageError(f"--statistics has no {form} form: --output-format may be {offered}")


def _read_stdin() -> bytes:
    if sys.stdin is None:
        raise UsageError("-: standard input is closed")
    try:
        return sys.stdin.buffer.read()
    except OSError as error:
        raise UsageError(f"-: standard input: {error.strerror}") from None


def _leaves_out(options: Options, settings: Settings, fix: bool) -> bool:
    """May findings be left out of the report, or be kept from being fixed?"""
    return bool(
        (settings.baseline if options.baseline is None else options.baseline)
        or (options.baseline is None and (fix or options.diff))
        or options.update_baseline
        or options.add_noqa
        or options.since is not None
    )


def _has_baseline(options: Options, report: Report, configuration: Configuration) -> bool:
    """Does a project that isn't the one of the first path name a baseline?"""
    if options.baseline is not None:
        return False
    directories = {os.path.dirname(finding.path) for finding in report.findings}
    return any(configuration.of_files.for_path(directory).baseline for directory in directories)


def _check_codes(overrides: Mapping[str, object]) -> None:
    """Every code has to be the start of some rule's; a typo would silently do nothing."""
    if overrides.keys().isdisjoint(("per_file_ignores", *CODE_LISTS)):
        return
    from ..plugins.registry import unknown_code

    unknown = unknown_code(overrides)
    if unknown is not None:
        raise UsageError(f"--{unknown[0].replace('_', '-')}: {unknown[1]}")
    if overrides.get("select") == [] and not overrides.get("extend_select"):
        raise UsageError("--select: it names no code, so no rule would run")


def _print_report(
    report: Report,
    options: Options,
    settings: Settings,
    configuration: Configuration,
    stdin: bytes | None,
    fix: bool,
    summary: str,
) -> None:
    to_terminal = options.output_file is None and sys.stdout.isatty()
    name = options.output_format or settings.output_format or ("full" if to_terminal else "concise")
    contents = {path: after for path, (_, after) in report.changed.items()}
    if stdin is not None:
        contents = {os.path.abspath(options.stdin_filename or STDIN): stdin, **contents}
        if fix:
            # The fixed text goes where a pipe reads it, and the findings where a person does.
            _write_bytes(_text_of_stdin(report, options, stdin))
    with _output(options, stdin is not None and fix) as out:
        style = reporters.Style(
            _width(),
            _wants_color(options, out),
            _here(),
            contents,
            report.errors,
            report.notes,
            out.isatty() and _has_links(os.environ),
        )
        if options.statistics:
            from ..reporters import statistics

            statistics.write(report.findings, out, style, name)
        else:
            findings: Sequence[Finding] = report.findings
            if name in reporters.FOLDING:
                findings, folded = _arranged(report, options, configuration)
                style = style._replace(folded=folded)
            if any(finding.path.endswith(NOTEBOOK) for finding in findings):
                from ..reporters.cells import placed

                findings = placed(findings, style.source, name)
            reporters.writer(name)(findings, out, style)
        out.flush()
    if name in reporters.FOR_PEOPLE or options.output_file is not None:
        if options.show_fixes:
            _tell_summary(_fixes_by_file(report), options)
        _tell_summary(summary, options)


def _arranged(
    report: Report, options: Options, configuration: Configuration
) -> tuple[list[Finding], list[Folded]]:
    """The findings in the order in which people want them, without notes that are too many."""
    from ..reporters.folding import fold, worst_first

    def is_asked_for(finding: Finding) -> bool:
        return configuration.for_path(os.path.dirname(finding.path)).names(finding.code)

    if options.show_notes:
        return worst_first(report.findings), []
    findings, folded = fold(report.findings, is_asked_for, report.overviews)
    return worst_first(findings), folded


def _tell_summary(summary: str, options: Options) -> None:
    for line in summary.split("\n") if summary and not options.quiet else ():
        tell(line)


def _text_of_stdin(report: Report, options: Options, stdin: bytes) -> bytes:
    """What standard input says when its fixes are made."""
    path = os.path.abspath(options.stdin_filename or STDIN)
    return report.changed[path][1] if path in report.changed else stdin


def _write_bytes(data: bytes) -> None:
    if hasattr(sys.stdout, "buffer"):
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
    else:
        sys.stdout.write(data.decode("utf-8", "replace"))


def _summary_of_fixes(report: Report) -> str:
    files = _count(len(report.changed), "file")
    return f"Fixed {_count(len(report.fixed), 'finding')} in {files}." if report.fixed else ""


def _fixes_by_file(report: Report) -> str:
    """The fixes that were made: a line for each file, and below it one for each rule."""
    counts: dict[str, dict[str, int]] = {}
    for finding in report.fixed:
        rules = counts.setdefault(finding.path, {})
        rule = f"{finding.code} {finding.name}"
        rules[rule] = rules.get(rule, 0) + 1
    lines = []
    for path, rules in sorted(counts.items()):
        lines.append(reporters.Style(directory=_here()).path(path))
        lines += (f"{number:>5}  {rule}" for rule, number in sorted(rules.items()))
    return "\n".join(lines)


def _summary(report: Report, left_out: str) -> str:
    said = _summary_of_rest(report)
    return f"{said} Left out: {left_out}." if left_out else said


def _summary_of_rest(report: Report) -> str:
    if not report.files:
        return "There are no Python files to look at."
    left = len(report.findings)
    fixed = f"Fixed {_count(len(report.fixed), 'finding')}" if report.fixed else ""
    if not left:
        return (
            f"{fixed}; none left."
            if fixed
            else f"Nothing to report in {_count(report.files, 'file')}."
        )
    kinds = _by_severity(report.findings)
    said = f"{fixed}; {left} left{kinds}." if fixed else f"Found {_count(left, 'finding')}{kinds}."
    safe = sum(1 for finding in report.findings if finding.fix and finding.fix.is_safe)
    unsafe = sum(1 for finding in report.findings if finding.fix and not finding.fix.is_safe)
    if safe:
        more = f" ({unsafe} more with --unsafe-fixes)" if unsafe else ""
        return f"{said} {safe} fixable with --fix{more}."
    return f"{said} {unsafe} fixable with --fix --unsafe-fixes." if unsafe else said


def _by_severity(findings: Sequence[Finding]) -> str:
    """How many of them are errors, warnings and notes: what follows their number in a sentence."""
    numbers = dict.fromkeys(SEVERITIES, 0)
    for finding in findings:
        numbers[finding.severity] += 1
    counts = {kind: number for kind, number in numbers.items() if number}
    if len(counts) > 1:
        return f": {', '.join(_count(number, kind) for kind, number in counts.items())}"
    ((kind, number),) = counts.items()
    if number == 1:
        return f", {'an' if kind == 'error' else 'a'} {kind}"
    return f", all {kind}s"


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _print_diff(report: Report, options: Options) -> None:
    from ..reporters import diff

    with _output(options, False) as out:
        style = reporters.Style(_width(), _wants_color(options, out), _here())
        diff.write(report.changed, out, style)
    if not options.quiet:
        if options.show_fixes:
            _tell_summary(_fixes_by_file(report), options)
        fixes = _count(len(report.fixed), "finding")
        files = _count(len(report.changed), "file")
        tell(f"Would fix {fixes} in {files}.")


@contextmanager
def _output(options: Options, instead: bool) -> Iterator[TextIO]:
    """Where the report goes: the file that was named, or standard output (or error)."""
    if options.output_file is None:
        yield sys.stderr if instead else sys.stdout
        return
    is_new = not os.path.lexists(options.output_file)
    try:
        with open(options.output_file, "w", encoding="utf-8", errors="backslashreplace") as out:
            yield out
    except OSError as error:
        if is_new:
            with suppress(OSError):
                os.unlink(options.output_file)
        raise UsageError(f"--output-file: {options.output_file}: {error.strerror}") from None


def _here() -> str:
    """The directory that paths are shown from; "" where it is gone."""
    try:
        return os.getcwd()
    except OSError:
        return ""


def _is_size(text: str) -> bool:
    """Is it a number of columns or lines that a terminal may have?"""
    return text.isdecimal() and len(text) < 6 and int(text) > 0


def _width() -> int:
    """As `shutil.get_terminal_size`, whose module takes longer to import than a report takes."""
    if "COLUMNS" in os.environ:  # see `run`
        return int(os.environ["COLUMNS"])
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or PIPE_WIDTH  # type: ignore[union-attr]
    except (AttributeError, OSError, ValueError):
        return PIPE_WIDTH


def _wants_color(options: Options, out: TextIO) -> bool:
    if options.color != "auto":
        return bool(options.color == "always")
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return out.isatty() and os.environ.get("TERM") != "dumb"


def _has_links(environment: Mapping[str, str]) -> bool:
    """Does the terminal say of itself that it follows links (OSC 8)? Others show them as text."""
    forced = environment.get("FORCE_HYPERLINK")
    if forced is not None:
        return forced not in ("", "0")
    kind = environment.get("TERM", "")
    if environment.get("CI") or kind.startswith(("tmux", "screen", "dumb")):
        return False
    if kind in ("xterm-kitty", "xterm-ghostty", "alacritty", "wezterm") or kind.startswith("foot"):
        return True
    if environment.get("TERM_PROGRAM") in ("iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper"):
        return True
    if environment.keys() & {"WT_SESSION", "KONSOLE_VERSION", "DOMTERM"}:
        return True
    version = environment.get("VTE_VERSION", "")
    return version.isdecimal() and int(version) >= 5000


@contextmanager
def _progress(options: Options) -> Iterator[Callable[[int, int], None] | None]:
    """A bar on a terminal's standard error, for what takes longer than a second."""
    if options.quiet or options.ask or not sys.stderr.isatty():
        yield None
        return
    import time

    started = time.monotonic()
    bar: Any = None
    task: Any = None

    def show(done: int, total: int) -> None:
        nonlocal bar, task
        if bar is None:
            if time.monotonic() - started < 1 or done >= total:
                return
            from rich.console import Console
            from rich.progress import Progress

            # Without a thread of its own: processes may be forked while it is shown.
            bar = Progress(console=Console(stderr=True), transient=True, auto_refresh=False)
            bar.start()
            task = bar.add_task("", total=None)
        says = "Linting" if done else "Reading"
        # Without a total, the bar is one that only moves.
        bar.update(
            task, description=says, completed=done, total=total if done else None, refresh=True
        )

    try:
        yield show
    finally:
        if bar is not None:
            bar.stop()


def _show_pages(options: Options) -> int:
    """`--explain` and `--list-rules`."""
    from . import explain

    asked = "--list-rules" if options.list_rules else "--explain"
    form = options.output_format
    if form not in (None, *explain.FORMATS):
        offered = f"{', '.join(explain.FORMATS[:-1])} and {explain.FORMATS[-1]}"
        raise UsageError(f"--output-format: {asked} has {offered}, but not {form}")
    try:
        if not options.list_rules:
            explain.find(options.explain)  # before a file is opened
    except explain.NothingFound as error:
        _tell_faults()  # it may be a rule of theirs
        raise UsageError(f"--explain: {error}") from None
    with _output(options, False) as out:
        style = reporters.Style(_width(), _wants_color(options, out))
        if options.list_rules:
            explain.list_rules(out, form, style)
        else:
            explain.explain(options.explain, out, form, style)
    return FAILED if _tell_faults() else CLEAN


def _print_completion(options: Options) -> int:
    from . import completion

    try:
        script = completion.script(parser(), options.print_completion)
    except completion.CompletionError as error:
        raise UsageError(f"--print-completion: {error}") from None
    with _output(options, False) as out:
        out.write(script.rstrip("\n") + "\n")
    return CLEAN


def _tell_faults() -> bool:
    """Name the packages of rules that can't be used, if there are any."""
    from ..plugins.registry import faults

    for entry_point, fault in sorted(faults().items()):
        tell(f"pyconcepts-lint: {entry_point}: {fault}")
    return bool(faults())
