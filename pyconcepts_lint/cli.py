"""The command line: options in, reports and exit codes out."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

from pyconcepts_lint import __version__, reporters
from pyconcepts_lint.settings import Settings, SettingsError, load

if TYPE_CHECKING:
    from pyconcepts_lint.report import Report

CLEAN, FINDINGS, FAILED = 0, 1, 2
PIPE_WIDTH = 120
"""How wide source lines may be where there is no terminal."""
STDIN = "stdin.py"
"""The file that standard input is where nothing else is said."""

_EPILOG = """\
exit code: 0 nothing is left to report, 1 findings are left, 2 wrong usage,
wrong configuration or an internal error.

Settings are read from [tool.pyconcepts-lint] in the nearest pyproject.toml;
what is given here wins. `# noqa`, `# noqa: PCL101` and `# flake8: noqa` mean
what they mean in flake8.
"""


class UsageError(Exception):
    """Words on the command line that can't be used."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(message)


def run(arguments: Sequence[str]) -> int:
    """Run with some arguments; gives the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        options = parser().parse_args(list(arguments))
        return _run(options)
    except UsageError as error:
        return _fail(f"{error} (see pyconcepts-lint --help)")
    except SettingsError as error:
        return _fail(str(error))
    except BrokenPipeError:
        # Whoever read has had enough; nothing may be flushed into the closed pipe at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINDINGS
    except KeyboardInterrupt:
        return 130


def _fail(message: str) -> int:
    print(f"pyconcepts-lint: error: {message}", file=sys.stderr)
    return FAILED


def parser() -> argparse.ArgumentParser:
    """The options, in the words that flake8's and ruff's users know."""
    made = _Parser(
        prog="pyconcepts-lint",
        description="Says what a line of Python really does, and fixes it.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    made.add_argument(
        "paths", nargs="*", metavar="PATH", help="files and directories (default: .); - is stdin"
    )

    fixing = made.add_argument_group("fixing")
    fixing.add_argument("--fix", action="store_true", default=None, help="make the safe fixes")
    fixing.add_argument(
        "--unsafe-fixes",
        action="store_true",
        default=None,
        help="with --fix or --diff: make the unsafe fixes, too",
    )
    fixing.add_argument(
        "--diff", action="store_true", help="show what --fix would change, and change nothing"
    )

    choice = made.add_argument_group("which rules")
    for name, says in (
        ("--select", "the rules to run, instead of those that are on by default"),
        ("--ignore", "rules not to run"),
        ("--extend-select", "rules to run besides"),
        ("--extend-ignore", "more rules not to run"),
    ):
        choice.add_argument(
            name, action="append", type=_codes, metavar="CODES", help=f"{says}: codes or prefixes"
        )
    choice.add_argument(
        "--per-file-ignores",
        action="append",
        type=_per_file_ignores,
        metavar="PATTERN:CODES",
        help="rules not to run in some files",
    )

    files = made.add_argument_group("which files")
    files.add_argument("--exclude", action="append", type=_patterns, metavar="PATTERNS")
    files.add_argument("--extend-exclude", action="append", type=_patterns, metavar="PATTERNS")
    files.add_argument(
        "--force-exclude",
        action="store_true",
        default=None,
        help="exclude files even if they are named (for pre-commit)",
    )
    files.add_argument(
        "--stdin-filename", metavar="PATH", help="the file that standard input stands for"
    )

    output = made.add_argument_group("output")
    output.add_argument(
        "--output-format",
        choices=reporters.FORMATS,
        help="default: full on a terminal, else concise",
    )
    output.add_argument("--output-file", metavar="FILE", help="write the report there")
    output.add_argument("--statistics", action="store_true", help="count findings by rule instead")
    output.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto", help="default: auto"
    )
    output.add_argument("--exit-zero", action="store_true", help="exit with 0 despite findings")
    output.add_argument("-q", "--quiet", action="store_true", help="say nothing but findings")

    settings = made.add_argument_group("settings and speed")
    settings.add_argument("--config", metavar="FILE", help="use this TOML file's settings")
    settings.add_argument("--isolated", action="store_true", help="use no settings file")
    settings.add_argument(
        "-j", "--jobs", type=_jobs, metavar="N", help="processes (default: one a processor)"
    )
    settings.add_argument(
        "--no-cache", action="store_true", default=None, help="neither use nor write the cache"
    )
    settings.add_argument("--cache-dir", metavar="DIR", help="default: .pyconcepts_cache")

    about = made.add_argument_group("about the rules")
    about.add_argument("--explain", metavar="CODE", help="print a rule's page")
    about.add_argument("--list-rules", action="store_true", help="print a table of the rules")
    about.add_argument("-V", "--version", action="version", version=f"%(prog)s {__version__}")
    return made


def _codes(text: str) -> list[str]:
    return [code for code in text.replace(",", " ").split() if code]


def _patterns(text: str) -> list[str]:
    return [pattern.strip() for pattern in text.split(",") if pattern.strip()]


def _per_file_ignores(text: str) -> list[tuple[str, list[str]]]:
    """`tests/*:PCL101,PCL102 docs/*:PCL2`, as flake8 and ruff have it."""
    found: list[tuple[str, list[str]]] = []
    for part in text.split():
        pattern, colon, codes = part.rpartition(":")
        if not colon or not pattern or not _codes(codes):
            raise argparse.ArgumentTypeError(f"{part!r} is not of the form PATTERN:CODES")
        found.append((pattern, _codes(codes)))
    return found


def _jobs(text: str) -> int:
    if text == "auto":
        return 0
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive number")
    return number


def _overrides(options: argparse.Namespace) -> dict[str, object]:
    """What the command line says of the settings, by the settings' names."""
    overrides: dict[str, object] = {}
    for name in (
        *("select", "ignore", "extend_select", "extend_ignore", "exclude", "extend_exclude"),
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
    for name in ("force_exclude", "no_cache", "cache_dir"):
        if getattr(options, name) is not None:
            overrides[name] = getattr(options, name)
    if "cache_dir" in overrides:
        overrides["cache_dir"] = os.path.abspath(str(overrides["cache_dir"]))
    return overrides


def _run(options: argparse.Namespace) -> int:
    if options.list_rules:
        return _list_rules(options)
    if options.explain is not None:
        return _explain(options)
    paths = options.paths or ["."]
    if options.stdin_filename is not None and "-" not in paths:
        if options.paths:
            raise UsageError("--stdin-filename goes with the path -")
        paths = ["-"]
    if "-" in paths and len(paths) > 1:
        raise UsageError("- can't be combined with other paths")
    overrides = _overrides(options)
    _check_codes(overrides)
    settings = load(
        options.stdin_filename or "." if paths == ["-"] else paths[0],
        overrides,
        options.config,
        options.isolated,
    )
    fix = settings.fix if options.fix is None else options.fix
    unsafe = settings.unsafe_fixes if options.unsafe_fixes is None else options.unsafe_fixes
    stdin = sys.stdin.buffer.read() if paths == ["-"] else None

    from pyconcepts_lint import warm

    with _progress(options) as progress:
        report = warm.run(
            paths,
            overrides=overrides,
            config=options.config,
            isolated=options.isolated,
            stdin=stdin,
            stdin_filename=options.stdin_filename,
            fix=fix or options.diff,
            unsafe_fixes=unsafe,
            write=not options.diff and stdin is None,
            jobs=options.jobs if options.jobs is not None else settings.jobs,
            progress=progress,
        )
    for error in report.errors:
        print(f"pyconcepts-lint: {error}", file=sys.stderr)
    if not options.quiet:
        for note in report.notes:
            print(f"pyconcepts-lint: note: {note}", file=sys.stderr)
    if options.diff:
        _print_diff(report, options)
        left = bool(report.changed)
    else:
        _print_report(report, options, settings, stdin, fix)
        left = bool(report.findings)
    if report.errors:
        return FAILED
    return FINDINGS if left and not options.exit_zero else CLEAN


def _check_codes(overrides: Mapping[str, object]) -> None:
    """Every code has to be the start of some rule's; a typo would silently do nothing."""
    names = ("select", "ignore", "extend_select", "extend_ignore", "per_file_ignores")
    given = [(name, overrides[name]) for name in names if name in overrides]
    if not given:
        return
    from pyconcepts_lint.registry import known_prefix, nearest_code

    for name, value in given:
        codes: Iterable[str] = (
            [code for items in value.values() for code in items]
            if isinstance(value, dict)
            else value  # type: ignore[assignment]
        )
        for code in codes:
            if code != "ALL" and not known_prefix(code):
                near = nearest_code(code)
                hint = f"; did you mean {near}?" if near else ""
                raise UsageError(f"--{name.replace('_', '-')}: no rule has the code {code}{hint}")


def _print_report(
    report: Report, options: argparse.Namespace, settings: Settings, stdin: bytes | None, fix: bool
) -> None:
    to_terminal = options.output_file is None and sys.stdout.isatty()
    name = options.output_format or settings.output_format or ("full" if to_terminal else "concise")
    contents = {path: after for path, (_, after) in report.changed.items()}
    if stdin is not None:
        contents = {os.path.abspath(options.stdin_filename or STDIN): stdin, **contents}
        if fix:
            # The fixed text goes where a pipe reads it, and the findings where a person does.
            _write_bytes(contents[os.path.abspath(options.stdin_filename or STDIN)])
    with _output(options, stdin is not None and fix) as out:
        style = reporters.Style(_width(), _wants_color(options, out), os.getcwd(), contents)
        if options.statistics:
            _print_statistics(report, out, name, style)
        else:
            reporters.writer(name)(report.findings, out, style)
        out.flush()
    if not options.quiet and name in reporters.FOR_PEOPLE:
        print(_summary(report, settings, options), file=sys.stderr)


def _write_bytes(data: bytes) -> None:
    if hasattr(sys.stdout, "buffer"):
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
    else:
        sys.stdout.write(data.decode("utf-8", "replace"))


def _summary(report: Report, settings: Settings, options: argparse.Namespace) -> str:
    files = _count(report.files, "file")
    said = [f"Fixed {_count(len(report.fixed), 'finding')}."] if report.fixed else []
    if not report.findings:
        said.append(f"Nothing {'left ' if report.fixed else ''}to report in {files}.")
        return " ".join(said)
    left = " left" if report.fixed else ""
    said.append(f"Found {_count(len(report.findings), 'finding')}{left} in {files}.")
    safe = sum(1 for finding in report.findings if finding.fix and finding.fix.is_safe)
    unsafe = sum(1 for finding in report.findings if finding.fix and not finding.fix.is_safe)
    if safe and unsafe:
        said.append(f"{safe} fixable with --fix, {unsafe} more with --fix --unsafe-fixes.")
    elif safe:
        said.append(f"{safe} fixable with --fix.")
    elif unsafe:
        said.append(f"{unsafe} fixable with --fix --unsafe-fixes.")
    return " ".join(said)


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def _print_statistics(report: Report, out: TextIO, name: str, style: reporters.Style) -> None:
    counts: dict[tuple[str, str], list[int]] = {}
    for finding in report.findings:
        row = counts.setdefault((finding.code, finding.name), [0, 0, 0])
        row[0] += 1
        if finding.fix is not None:
            row[1 if finding.fix.is_safe else 2] += 1
    ordered = sorted(counts.items(), key=lambda item: (-item[1][0], item[0]))
    if name in ("json", "jsonl"):
        import json

        rows = [
            {"code": code, "name": rule, "count": n, "safe_fixes": safe, "unsafe_fixes": unsafe}
            for (code, rule), (n, safe, unsafe) in ordered
        ]
        text = json.dumps(rows, indent=2) if name == "json" else "\n".join(map(json.dumps, rows))
        out.write(text + "\n")
        return
    width = max((len(str(row[0])) for _, row in ordered), default=1)
    longest = max((len(rule) for (_, rule), _ in ordered), default=1)
    for (code, rule), (number, safe, unsafe) in ordered:
        fixable = ", ".join(
            part
            for part in (f"{safe} safe" if safe else "", f"{unsafe} unsafe" if unsafe else "")
            if part
        )
        line = f"{number:>{width}}  {code}  {rule:<{longest}}"
        out.write(f"{line}  fixes: {fixable}\n" if fixable else line.rstrip() + "\n")


def _print_diff(report: Report, options: argparse.Namespace) -> None:
    from pyconcepts_lint.reporters import diff

    with _output(options, False) as out:
        style = reporters.Style(_width(), _wants_color(options, out), os.getcwd())
        diff.write(report.changed, out, style)
    if not options.quiet:
        fixes = _count(len(report.fixed), "finding")
        files = _count(len(report.changed), "file")
        print(f"Would fix {fixes} in {files}.", file=sys.stderr)


@contextmanager
def _output(options: argparse.Namespace, instead: bool) -> Iterator[TextIO]:
    """Where the report goes: the file that was named, or standard output (or error)."""
    if options.output_file is None:
        yield sys.stderr if instead else sys.stdout
        return
    try:
        out = open(options.output_file, "w", encoding="utf-8", errors="backslashreplace")  # noqa: SIM115
    except OSError as error:
        raise UsageError(f"--output-file: {options.output_file}: {error.strerror}") from None
    with out:
        yield out


def _width() -> int:
    import shutil

    return shutil.get_terminal_size((PIPE_WIDTH, 24)).columns


def _wants_color(options: argparse.Namespace, out: TextIO) -> bool:
    if options.color != "auto":
        return bool(options.color == "always")
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return out.isatty() and os.environ.get("TERM") != "dumb"


@contextmanager
def _progress(options: argparse.Namespace) -> Iterator[Callable[[int, int], None] | None]:
    """A bar on a terminal's standard error, for what takes longer than a second."""
    if options.quiet or not sys.stderr.isatty():
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
            task = bar.add_task("Linting", total=total)
        bar.update(task, completed=done, total=total, refresh=True)

    try:
        yield show
    finally:
        if bar is not None:
            bar.stop()


def _list_rules(options: argparse.Namespace) -> int:
    from pyconcepts_lint.registry import rules

    if options.output_format in ("json", "jsonl"):
        import json

        rows = [
            {"code": rule.code, "name": rule.name, "on": rule.on, "summary": rule.summary()}
            for rule in rules().values()
        ]
        many = options.output_format == "json"
        print(json.dumps(rows, indent=2) if many else "\n".join(map(json.dumps, rows)))
        return CLEAN
    longest = max(len(rule.name) for rule in rules().values())
    for rule in rules().values():
        state = "on " if rule.on else "off"
        print(f"{rule.code}  {state}  {rule.name:<{longest}}  {rule.summary()}")
    return CLEAN


def _explain(options: argparse.Namespace) -> int:
    from pyconcepts_lint.registry import nearest_code, rules

    wanted = options.explain
    by_name = {rule.name: rule for rule in rules().values()}
    rule = rules().get(wanted.upper()) or by_name.get(wanted.lower())
    if rule is None:
        near = nearest_code(wanted)
        hint = f"; did you mean {near}?" if near else ""
        raise UsageError(f"--explain: there is no rule {wanted}{hint}")
    state = "on" if rule.on else "off"
    text = f"# {rule.code} {rule.name}\n\n{rule.page()}\n\n*This rule is {state} by default.*\n"
    if sys.stdout.isatty() and _wants_color(options, sys.stdout):
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(text))
    else:
        print(text, end="")
    return CLEAN
