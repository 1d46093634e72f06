"""The options of the command line, and how most command lines are read.

`argparse` reads all of them, says what is wrong and what there is. Importing it and making its
parser takes longer than a small file takes to lint, so what is plain is read without.
"""

from __future__ import annotations

from ..base.errors import __version__
from ..base.finding import SEVERITIES
from ..base.request import Options
from ..base.settings import OUTPUT_FORMATS
from ..base.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any


class Option(NamedTuple):
    """What `ArgumentParser.add_argument` is given."""

    flags: tuple[str, ...]
    keywords: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The attribute of `Options` that has its value."""
        longest = max(self.flags, key=len)
        return str(self.keywords.get("dest", longest.lstrip("-").replace("-", "_")))

    @property
    def default(self) -> object:
        """Its value where it isn't given."""
        is_flag = self.keywords.get("action") == "store_true"
        return self.keywords.get("default", False if is_flag else None)


class Group(NamedTuple):
    """Options that are shown together."""

    title: str
    description: str | None
    options: tuple[Option, ...]


def _option(*flags: str, **keywords: Any) -> Option:
    return Option(flags, keywords)


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
            raise _wrong(f"{part!r} is not of the form PATTERN:CODES")
        found.append((pattern, _codes(codes)))
    return found


def _wrong(message: str) -> Exception:
    import argparse

    return argparse.ArgumentTypeError(message)


def _jobs(text: str) -> int:
    if text == "auto":
        return 0
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise _wrong(f"{text!r} is not a positive number")
    return number


GROUPS = (
    Group(
        "what to look at",
        None,
        (
            _option(
                "paths",
                nargs="*",
                metavar="PATH",
                help="files and directories (default: .); - is stdin; @FILE lists arguments",
            ),
            _option(
                "--exclude",
                action="append",
                type=_patterns,
                metavar="PATTERNS",
                help="leave these out, instead of .git, .venv, build and their like",
            ),
            _option(
                "--extend-exclude",
                action="append",
                type=_patterns,
                metavar="PATTERNS",
                help="leave these out, too",
            ),
            _option(
                "--force-exclude",
                action="store_true",
                default=None,
                help="leave out a PATH, too, that is excluded",
            ),
            _option("--show-files", action="store_true", help="list the files, and look at none"),
            _option(
                "--show-unresolved",
                action="store_true",
                help="list the classes with a base that wasn't found, which are hardly judged",
            ),
            _option(
                "--stdin-filename", metavar="PATH", help="the file that standard input stands for"
            ),
        ),
    ),
    Group(
        "which rules",
        "CODES are codes, what they start with, or names: PCL101,PCL2,dict-has-key",
        (
            _option(
                "--select",
                action="append",
                type=_codes,
                metavar="CODES",
                help="only these, not those that are on by default",
            ),
            _option("--ignore", action="append", type=_codes, metavar="CODES", help="not these"),
            _option(
                "--extend-select", action="append", type=_codes, metavar="CODES", help="these, too"
            ),
            _option(
                "--extend-ignore", action="append", type=_codes, metavar="CODES", help="nor these"
            ),
            _option(
                "--per-file-ignores",
                action="append",
                type=_per_file_ignores,
                metavar="PATTERN:CODES",
                help='not these in those files: "tests/*:PCL1,PCL202 docs/*:PCL"',
            ),
        ),
    ),
    Group(
        "fixes",
        None,
        (
            _option(
                "--fix",
                action="store_true",
                default=None,
                help="make the safe fixes, report what is left",
            ),
            _option(
                "--ask",
                action="store_true",
                help="with --fix: show each fix, unsafe ones too, and ask whether to make it",
            ),
            _option(
                "--unsafe-fixes",
                action="store_true",
                default=None,
                help="with --fix or --diff: also those that may change the meaning",
            ),
            _option(
                "--diff",
                action="store_true",
                help="show what --fix would change, and change nothing; exit code 1 if anything",
            ),
            _option(
                "--fixable",
                action="append",
                type=_codes,
                metavar="CODES",
                help="offer and make the fixes of these only",
            ),
            _option(
                "--unfixable",
                action="append",
                type=_codes,
                metavar="CODES",
                help="offer and make no fixes of these",
            ),
            _option(
                "--fix-only",
                action="store_true",
                help="make the safe fixes, report nothing; exit code 0 whatever is left",
            ),
            _option("--show-fixes", action="store_true", help="say which fixes were made, by file"),
            _option(
                "--exit-non-zero-on-fix",
                action="store_true",
                help="exit with 1 if anything was fixed, too",
            ),
        ),
    ),
    Group(
        "in an old code base",
        None,
        (
            _option(
                "--baseline",
                metavar="FILE",
                help="leave out the findings that this file holds, and don't fix them",
            ),
            _option(
                "--no-baseline",
                dest="baseline",
                action="store_const",
                const="",
                help="use no baseline, whatever the settings say",
            ),
            _option(
                "--update-baseline",
                action="store_true",
                help="put all findings into the baseline, and remove stale entries",
            ),
            _option(
                "--since",
                metavar="REV",
                help="only what is in lines changed since this revision of git",
            ),
            _option(
                "--changed-findings",
                action="store_true",
                help="with --since: only what the revision didn't have, in whatever line it is",
            ),
            _option(
                "--add-noqa",
                action="store_true",
                help="write a `# noqa: CODE` for each finding, and fix nothing",
            ),
        ),
    ),
    Group(
        "output",
        None,
        (
            _option(
                "--output-format",
                choices=OUTPUT_FORMATS,
                metavar="FORMAT",
                help=f"{', '.join(OUTPUT_FORMATS)} (default: full on a terminal, else concise)",
            ),
            _option(
                "-o", "--output-file", metavar="FILE", help="write there, not to standard output"
            ),
            _option(
                "--min-severity",
                choices=SEVERITIES,
                metavar="SEVERITY",
                help="leave out what is less severe than this: error, warning, note (default)",
            ),
            _option("--show-notes", action="store_true", help="show each note, however many"),
            _option("--statistics", action="store_true", help="only count, by rule and by concept"),
            _option(
                "--color",
                choices=("auto", "always", "never"),
                default="auto",
                metavar="WHEN",
                help="auto, always, never (default: auto, on a terminal)",
            ),
            _option(
                "--watch", action="store_true", help="run again when a file changes, until Ctrl-C"
            ),
            _option(
                "-q", "--quiet", action="store_true", help="findings only: no summary, no progress"
            ),
            _option(
                "--fail-on",
                choices=SEVERITIES,
                metavar="SEVERITY",
                help="exit with 1 for these and what is more severe (default: warning)",
            ),
            _option(
                "--exit-zero", action="store_true", help="exit with 0 whatever there is to report"
            ),
        ),
    ),
    Group(
        "settings and speed",
        None,
        (
            _option("--config", metavar="FILE", help="read the settings from this TOML file"),
            _option("--isolated", action="store_true", help="read no settings file"),
            _option(
                "--show-settings",
                action="store_true",
                help="show those of the first PATH, and where they come from",
            ),
            _option(
                "--target-version",
                metavar="VERSION",
                help="the oldest Python that runs it: py311 (default: requires-python)",
            ),
            _option(
                "--python",
                metavar="PATH",
                help="the environment whose packages are read (default: the active one, or .venv)",
            ),
            _option(
                "-j", "--jobs", type=_jobs, metavar="N", help="processes (default: one a processor)"
            ),
            _option(
                "--no-cache",
                action="store_true",
                default=None,
                help="neither read nor write the cache",
            ),
            _option("--cache-dir", metavar="DIR", help="where it is (default: .pyconcepts_cache)"),
        ),
    ),
    Group(
        "about the rules, and about this",
        None,
        (
            _option(
                "--explain",
                metavar="RULE",
                help="show the page of a rule or a concept: PCL103, class-attribute-augmented, 1xx",
            ),
            _option("--list-rules", action="store_true", help="show all rules in a table"),
            _option(
                "--print-completion",
                choices=("bash", "zsh", "tcsh", "fish", "powershell"),
                metavar="SHELL",
                help="print a script for bash, zsh and others that completes these options",
            ),
            _option(
                "-V",
                "--version",
                action="version",
                version=f"%(prog)s {__version__}",
                help="show the version",
            ),
            _option("-h", "--help", action="help", help="show this"),
        ),
    ),
)


def value_of(option: Option, text: str) -> object:
    """The value that an option has by a text. Raises ValueError, which says what is wrong."""
    if option.keywords.get("action") == "store_true":
        words = {"1": True, "true": True, "yes": True, "0": None, "false": None, "no": None}
        if text.lower() not in words:
            raise ValueError(f"{text!r} is none of {', '.join(words)}")
        return words[text.lower()]
    try:
        value: object = option.keywords.get("type", str)(text)
    except Exception as error:
        raise ValueError(str(error)) from None
    choices = option.keywords.get("choices", (value,))
    if value not in choices:
        raise ValueError(f"{text!r} is not one of {', '.join(map(str, choices))}")
    return value


def read_plainly(arguments: Sequence[str]) -> Options | None:
    """What the parser makes of names of options, their values behind them, and paths at one place.

    None for everything else, and for what is wrong: the parser says it.
    """
    known = {flag: option for group in GROUPS for option in group.options for flag in option.flags}
    values: dict[str, Any] = {option.name: option.default for option in known.values()}
    del values["help"], values["version"]
    paths: list[str] = []
    values["paths"] = paths
    follows_path = False
    waiting = list(reversed(arguments))
    while waiting:
        argument = waiting.pop()
        if _is_value(argument):
            if paths and not follows_path:
                return None
            paths.append(argument)
            follows_path = True
        else:
            follows_path = False
            option = known.get(argument)
            if option is None or not _take(option, waiting, values):
                return None
    return Options(**values)


def _is_value(argument: str) -> bool:
    return argument == "-" or not argument.startswith("-")


def _take(option: Option, waiting: list[str], values: dict[str, Any]) -> bool:
    """Take an option, with the value that it has among the waiting arguments; False for no."""
    action = option.keywords.get("action", "store")
    if action == "store_true":
        values[option.name] = True
    elif action == "store_const":
        values[option.name] = option.keywords["const"]
    elif action in ("append", "store") and waiting and _is_value(waiting[-1]):
        value: Any = waiting.pop()
        try:
            value = option.keywords.get("type", str)(value)
        except Exception:
            return False
        if value not in option.keywords.get("choices", (value,)):
            return False
        if action == "append":
            value = [*(values[option.name] or ()), value]
        values[option.name] = value
    else:
        return False
    return True
