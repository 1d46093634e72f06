"""What a project asks for, in the `[tool.pyconcepts-lint]` table of its pyproject.toml.

All paths and patterns of one Settings are meant relative to its `root`, the directory of the
project, wherever they were written.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache

from .errors import Error, __version__
from .finding import SEVERITIES, Severity
from .lazy import lazy_pattern
from .regular import read_regular
from .typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import Any

CodeOf = Callable[[str], str | None]
OptionValue = bool | int | str | tuple[str, ...]
"""What an option of a rule can be."""

TABLE = "tool.pyconcepts-lint"
_REQUIRED = f"{TABLE}.required-version"
_RELEASE_PARTS = 6
PROJECT_MARKERS = ("pyproject.toml", "setup.py", "setup.cfg", ".git", ".hg")
# These mark no project in a package: there `setup.py` is a module like any other.
_MARKERS_OUTSIDE_OF_PACKAGES = ("setup.py", "setup.cfg")
PACKAGE_FILES = ("__init__.py", "__init__.pyi")
SETTINGS_FILES = ("pyproject.toml", ".gitignore")
"""What decides, in a directory or one above it, which files there are and what is said of them."""
OUTPUT_FORMATS = (
    *("full", "concise", "json", "jsonl"),
    *("sarif", "github", "gitlab", "junit", "html"),
    *("grouped", "pylint", "rdjson", "azure", "sonar"),
)
# Version control, environments, caches and what builds leave behind: the names that flake8
# and ruff have between them.
DEFAULT_EXCLUDE = (
    "*.egg",
    ".bzr",
    ".direnv",
    ".eggs",
    ".git",
    ".git-rewrite",
    ".hg",
    ".ipynb_checkpoints",
    ".mypy_cache",
    ".nox",
    ".pants.d",
    ".pyconcepts_cache",
    ".pyenv",
    ".pytest_cache",
    ".pytype",
    ".ruff_cache",
    ".svn",
    ".tox",
    ".venv",
    "CVS",
    "__pycache__",
    "__pypackages__",
    "_build",
    "buck-out",
    "build",
    "dist",
    "node_modules",
    "site-packages",
    "venv",
)

# Names among those that may as well be a package of the project (pip has one called `build`).
_MAYBE_PACKAGES = frozenset({"_build", "build", "dist", "venv"})

CODE = lazy_pattern(r"[A-Z]{1,3}[0-9]{3}")
"""The form of a rule's code: what flake8 takes for one."""
_CODE_PREFIX = lazy_pattern(r"[A-Z]+[0-9]*")
RULE_NAME = lazy_pattern(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")
"""The form of a rule's name."""
CODE_LISTS = ("select", "ignore", "extend_select", "extend_ignore", "fixable", "unfixable")
"""The settings that are lists of codes, by their Python names."""
_HUGE_NUMBER = lazy_pattern(r"[0-9_]{1000}")
_MISSPELLED_TABLE = lazy_pattern(rb"^[ \t]*\[\[?tool\.[\"']?pyconcepts_?lint\b", re.MULTILINE)
_TARGET = lazy_pattern(r"(?:py3|3\.)([0-9]{1,2})")
_VERSION = lazy_pattern(r"[0-9]+(?:\.[0-9]+)*")
_BOUND = lazy_pattern(r"(==|>=|<=|<|>|!=|~=)?\s*([0-9]+(?:\.[0-9]+)*)")
_MODULE_NAME = lazy_pattern(r"[^\W\d]\w*(\.[^\W\d]\w*)*")


class SettingsError(Error):
    """A configuration that can't be used.

    `message` is a sentence without the file; `path` is the file, None for the command line;
    `key` is the option it is about, as it is spelled in the file; `line` is 1-based.
    """

    def __init__(
        self,
        message: str,
        path: str | None = None,
        key: str | None = None,
        line: int | None = None,
    ) -> None:
        super().__init__(message, path, key, line)
        self.message = message
        self.path = path
        self.key = key
        self.line = line

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.path, self.line) if part is not None)
        return f"{place}: {self.message}" if place else self.message


class Settings(NamedTuple):
    """The settings of one project.

    `root` is its absolute directory, `config_file` the file that the settings come from.
    `select` is None where the rules that are on by default are meant. `src` is None where
    the import roots are to be found. `jobs`, `output_format`,
    `cache_dir`, `baseline`, `target_version` and `python` are None where nothing was said, and `fixable` where
    every fix may be made. `extend` and `required_version` are as they were written; what they ask
    for is done. `rules` are the options of rules, by
    code; so are the severities. `is_project` is False for files that lie in no project.
    `is_inside`: the Python that runs this tool may be the project's own (flake8's is, mostly).
    """

    root: str
    config_file: str | None = None
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    extend_ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    exclude: tuple[str, ...] = DEFAULT_EXCLUDE
    extend_exclude: tuple[str, ...] = ()
    force_exclude: bool = False
    respect_gitignore: bool = True
    src: tuple[str, ...] | None = None
    relative_import_levels: int = 2
    namespace_packages: tuple[str, ...] = ()
    field_classes: tuple[str, ...] = ()
    rules: tuple[tuple[str, tuple[tuple[str, OptionValue], ...]], ...] = ()
    fix: bool = False
    unsafe_fixes: bool = False
    output_format: str | None = None
    jobs: int | None = None
    cache_dir: str | None = None
    no_cache: bool = False
    baseline: str | None = None
    fixable: tuple[str, ...] | None = None
    unfixable: tuple[str, ...] = ()
    target_version: str | None = None
    python: str | None = None
    extend: str | None = None
    required_version: str | None = None
    severity: tuple[tuple[str, Severity], ...] = ()
    min_severity: Severity = "note"
    fail_on: Severity = "warning"
    generated: tuple[str, ...] = ()
    is_project: bool = True
    is_inside: bool = False

    def selects(self, code: str, on_by_default: bool) -> bool:
        """Is the rule with this code to run?

        The longest prefix of `code` in `select`, `extend_select`, `ignore` and
        `extend_ignore` decides; on equal length, `ignore`. A rule that is off by default is
        selected by any prefix of its code.
        """
        chosen = _longest(code, self.extend_select)
        if self.select is not None:
            chosen = max(chosen, _longest(code, self.select))
        elif on_by_default:
            chosen = max(chosen, 0)
        return chosen > max(_longest(code, self.ignore), _longest(code, self.extend_ignore))

    def names(self, code: str) -> bool:
        """Is the rule with this code selected by its code, or its name?"""
        return code in (self.select or ()) or code in self.extend_select

    def severity_of(self, code: str) -> Severity | None:
        """The severity of a rule's findings, where the settings have one: that of the longest
        prefix of its code."""
        if not self.severity:
            return None
        length, severity = max(
            ((_longest(code, (prefix,)), severity) for prefix, severity in self.severity),
            key=lambda pair: pair[0],
        )
        return severity if length >= 0 else None

    def is_generated(self, path: str) -> bool:
        """Do `generated` patterns name the file at the absolute `path`, or a directory above it?"""
        return bool(self.generated) and any(
            path_matches(each, self.root, self.generated)
            for each in _with_directories(path, self.root)
        )

    def fixes(self, code: str) -> bool:
        """Are the fixes of the rule with this code to be offered and made?"""
        chosen = 0 if self.fixable is None else _longest(code, self.fixable)
        return chosen > _longest(code, self.unfixable)

    @property
    def target_minor(self) -> int | None:
        """The 3.x that `target_version` says, which is the oldest Python that runs the project."""
        if self.target_version is None:
            return None
        found = _TARGET.fullmatch(self.target_version)
        assert found is not None
        return int(found[1])

    def ignores(self, path: str, code: str) -> bool:
        """Do `ignore`, `extend_ignore` or `per_file_ignores` name this code, for a file?"""
        given = (*self.ignore, *self.extend_ignore)
        return code_matches(code, given) or self.ignored_in(path, code)

    def rule_options(self, code: str) -> dict[str, OptionValue]:
        """What is set of the options of the rule with this code."""
        return {name: value for of, options in self.rules if of == code for name, value in options}

    def ignored_in(self, path: str, code: str) -> bool:
        """Does `per_file_ignores` take this code out of the file at the absolute `path`?

        A pattern that starts with `!` stands for the files that the rest doesn't match.
        """
        return any(
            code_matches(code, prefixes) and self._applies_to(path, pattern)
            for pattern, prefixes in self.per_file_ignores
        )

    def _applies_to(self, path: str, pattern: str) -> bool:
        wanted = pattern.removeprefix("!")
        above = _with_directories(path, self.root)
        return any(path_matches(each, self.root, (wanted,)) for each in above) is (
            wanted == pattern
        )

    def excludes(self, path: str) -> bool:
        """Do `exclude` and `extend_exclude` name the absolute `path` itself?

        Where `exclude` is the default, a directory called `build`, `dist`, `_build` or `venv`
        that has an `__init__.py` is a package like others.
        """
        if path_matches(path, self.root, self.extend_exclude):
            return True
        if not path_matches(path, self.root, self.exclude):
            return False
        return (
            self.exclude != DEFAULT_EXCLUDE
            or os.path.basename(path) not in _MAYBE_PACKAGES
            or not os.path.isfile(os.path.join(path, "__init__.py"))
        )

    def excludes_below(self, path: str) -> bool:
        """Do they name `path` or a directory between it and the root?"""
        return any(map(self.excludes, _with_directories(path, self.root)))


def code_matches(code: str, prefixes: Iterable[str]) -> bool:
    """Is one of `prefixes` the start of `code`? (`ALL` is that of any code.)"""
    return _longest(code, prefixes) >= 0


def _longest(code: str, prefixes: Iterable[str]) -> int:
    """The length of the longest of `prefixes` that starts `code`, -1 where none does."""
    return max(
        (
            0 if prefix == "ALL" else len(prefix)
            for prefix in prefixes
            if prefix == "ALL" or code.startswith(prefix)
        ),
        default=-1,
    )


def path_matches(path: str, root: str, patterns: tuple[str, ...]) -> bool:
    """Does one of the patterns match the absolute `path`?

    As in flake8 and ruff, a pattern without a slash is compared with the name of the file or
    directory, another one with the path from the root (it may be absolute, too); `*` and `?`
    match slashes there, and `**/` matches nothing as well as directories. There are `[…]` sets
    and `{…,…}` alternatives. Outside of the root only the name counts.
    """
    compiled = _compiled(patterns, root)
    name = os.path.basename(path)
    if (name.lower() if _FOLDS_CASE else name) in compiled.names:
        return True
    if compiled.name is not None and compiled.name.fullmatch(name):
        return True
    if compiled.path is None or not _is_below(path, root):
        return False
    relative = path[len(root) :].lstrip(os.sep).replace(os.sep, "/")
    return compiled.path.fullmatch(relative) is not None


def _is_below(path: str, root: str) -> bool:
    return path.startswith(root if root.endswith(os.sep) else root + os.sep)


def _with_directories(path: str, root: str) -> Iterator[str]:
    """The path, and each directory above it that is below the root."""
    yield path
    directory = os.path.dirname(path)
    while _is_below(directory, root):
        yield directory
        directory = os.path.dirname(directory)


class _Patterns(NamedTuple):
    names: frozenset[str]
    name: re.Pattern[str] | None
    path: re.Pattern[str] | None


@lru_cache(maxsize=256)
def _compiled(patterns: tuple[str, ...], root: str) -> _Patterns:
    names = set()
    globs: dict[bool, list[str]] = {False: [], True: []}
    absolute_root = root.replace(os.sep, "/").rstrip("/") + "/"
    for pattern in patterns:
        pattern = pattern.replace(os.sep, "/")
        if pattern.startswith(absolute_root):
            pattern = "./" + pattern.removeprefix(absolute_root)
        pattern = pattern.rstrip("/")
        if "/" in pattern:
            globs[True].append(_glob(pattern.removeprefix("./"), "."))
        elif _MAGIC.search(pattern):
            globs[False].append(_glob(pattern, "[^/]"))
        else:
            names.add(pattern.lower() if _FOLDS_CASE else pattern)
    return _Patterns(frozenset(names), _any_of(globs[False]), _any_of(globs[True]))


def _any_of(expressions: list[str]) -> re.Pattern[str] | None:
    if not expressions:
        return None
    flags = re.DOTALL | (re.IGNORECASE if _FOLDS_CASE else 0)
    return re.compile("|".join(expressions), flags)


_FOLDS_CASE = os.path.normcase("A") == "a"
_MAGIC = lazy_pattern(r"[*?\[{\\]")
LONGEST_PATTERN = 4096
"""Characters of a pattern: no path is longer."""
MOST_ALTERNATIVES = 256
"""How many patterns one with `{…,…}` may stand for."""
_GLOB_TOKEN = lazy_pattern(r"(?<![^/])\*\*/|\*+|\?|\{[^{}]*\}|\\?.", re.DOTALL)
_SET = lazy_pattern(r"\[[^]/]+\]")


def _glob(pattern: str, any_character: str) -> str:
    """The expression for a pattern; raises re.error for one that is too much.

    It takes no longer than the product of its length and the path's: a star takes the first place
    where what stands between it and the next one fits, for the next one takes what is left.
    """
    if len(pattern) > LONGEST_PATTERN:
        raise re.error("the pattern is too long")
    return "|".join(_star_by_star(tokens, any_character) for tokens in _expanded(pattern))


def _expanded(pattern: str) -> list[list[str]]:
    """The tokens of all patterns that one with alternatives stands for."""
    found: list[list[str]] = [[]]
    for token in _glob_tokens(pattern):
        if token[0] == "{" and len(token) > 1:
            items = [list(_glob_tokens(item)) for item in token[1:-1].split(",")]
            found = [before + item for before in found for item in items]
        else:
            found = [[*before, token] for before in found]
        if len(found) > MOST_ALTERNATIVES:
            raise re.error("there are too many alternatives")
    done = []
    while found:
        tokens = found.pop()
        gap = _gap_in_name(tokens)
        if gap is None:
            done.append(tokens)
        else:  # none, or any path
            before, behind = tokens[:gap], tokens[gap + 1 :]
            found += [[*before, *behind], [*before, "**", "/", *behind]]
        if len(found) + len(done) > MOST_ALTERNATIVES:
            raise re.error("there are too many alternatives")
    return done


def _gap_in_name(tokens: list[str]) -> int | None:
    """The place of a `**/` that starts an alternative, and stands within a name so."""
    for index in range(1, len(tokens)):
        if tokens[index] == "**/" and tokens[index - 1][-1] != "/":
            return index
    return None


def _glob_tokens(pattern: str) -> Iterator[str]:
    at = 0
    no_set_before = 0
    while at < len(pattern):
        match = None
        if pattern[at] == "[" and at >= no_set_before:
            match = _SET.match(pattern, at)
            if match is None:  # nor does one start before the same end
                ends = (pattern.find(end, at + 2) for end in "/]")
                no_set_before = min((end for end in ends if end > 0), default=len(pattern))
        match = match or _GLOB_TOKEN.match(pattern, at)
        assert match is not None
        yield match[0]
        at = match.end()


def _star_by_star(tokens: list[str], any_character: str) -> str:
    stars: list[str] = []
    between: list[list[str]] = [[]]
    for token in tokens:
        if token == "**/":
            stars.append("(?:.*?/)??")
            between.append([])
        elif token[0] == "*":
            stars.append(f"{any_character}*?" if token == "*" else ".*?")
            between.append([])
        elif token == "?":
            between[-1].append(any_character)
        elif token[0] == "[" and len(token) > 1:
            negated = len(token) > 3 and token[1] in "!^"
            members = re.sub(r"([^\w-])", r"\\\1", token[1 + negated : -1])
            between[-1].append(f"[{'^' if negated else ''}{members}]")
        else:
            between[-1].append(re.escape(token[-1]))
    first, *others = map("".join, between)
    if not others:
        return first
    pieces = [f"(?>{star}{piece})" for star, piece in zip(stars, others, strict=True)]
    return first + "".join(pieces[:-1]) + stars[-1] + others[-1]


class Configuration:
    """Where the settings of a run come from: the files, and what is given beside them.

    Each file is read once; a process that outlives a change of them makes a new configuration.

    Args:
        overrides: options of the command line under their Python names (None: not given). They
            win over the files. A `select` among them replaces `extend_select` of the files, too,
            and a code that they select is not ignored for the files' sake.
        file: a TOML file to use instead of the projects' own.
        isolated: read no file.
        code_of: gives the code of the rule with a name, None where there is no such rule. Without
            it, a name in a list of codes stands for nothing.
        is_inside: is it asked for by code that may run in the project's own environment?

    `extended` are the files that those of the projects extend, as far as they have been read.
    """

    def __init__(
        self,
        overrides: Mapping[str, object] | None = None,
        file: str | None = None,
        isolated: bool = False,
        code_of: CodeOf | None = None,
        is_inside: bool = False,
    ) -> None:
        self.overrides = {
            name: value for name, value in (overrides or {}).items() if value is not None
        }
        self.file = None if file is None else os.path.abspath(file)
        self.isolated = isolated
        self.code_of = code_of
        self.is_inside = is_inside
        self._roots: dict[str, tuple[str | None, str | None]] = {}
        self._tables: dict[str, dict[str, Any] | None] = {}
        self._settings: dict[tuple[str, str | None], Settings] = {}
        self.extended: set[str] = set()

    @property
    def key(self) -> tuple[list[tuple[str, str]], str | None, bool]:
        """What tells two configurations apart that read the same files."""
        given = sorted((name, repr(value)) for name, value in self.overrides.items())
        return given, self.file, self.isolated

    @cached_property
    def of_files(self) -> Configuration:
        """The same without what is given beside the files."""
        if not self.overrides:
            return self
        return Configuration(None, self.file, self.isolated, self.code_of, self.is_inside)

    def root_of(self, path: str) -> tuple[str | None, str | None]:
        """The directory of the project that `path` (a file or directory) is in, and its settings.

        That is the nearest directory above with a `[tool.pyconcepts-lint]` table in its
        pyproject.toml, and that file; else the nearest with any of PROJECT_MARKERS (`setup.py`
        and `setup.cfg` only where no `__init__` file makes it a package), and None;
        else None and None. A file that names this tool and isn't TOML counts; `for_path` raises
        for it.
        """
        path = os.path.abspath(path)
        return self._root_above(path if os.path.isdir(path) else os.path.dirname(path))

    def _root_above(self, directory: str) -> tuple[str | None, str | None]:
        if directory not in self._roots:
            self._roots[directory] = self._look_above(directory)
        return self._roots[directory]

    def _look_above(self, directory: str) -> tuple[str | None, str | None]:
        file = os.path.join(directory, "pyproject.toml")
        try:
            is_ours = self._table(file) is not None
        except SettingsError:
            is_ours = True  # `for_path` says so, unless it is told to read no file
        if is_ours:
            return directory, file
        parent = os.path.dirname(directory)
        root, config = self._root_above(parent) if parent != directory else (None, None)
        if config is None and _has_marker(directory):
            root = directory
        return root, config

    def _table(self, file: str) -> dict[str, Any] | None:
        if file not in self._tables:
            self._tables[file] = _table(file)
        return self._tables[file]

    def for_path(self, path: str) -> Settings:
        """The settings for a file or directory; the same object for all of a project.

        Raises SettingsError.
        """
        root, file = self.root_of(path)
        is_project = root is not None
        if root is None:
            root = _outside_of_packages(os.path.abspath(path))
        if self.file is not None:
            file = self.file
            if not os.path.isfile(file):
                raise SettingsError("there is no such file", file)
        if self.isolated:
            file = None
        if (root, file) not in self._settings:
            made = self._made(root, file)
            self._settings[root, file] = made._replace(
                is_project=is_project, is_inside=self.is_inside
            )
        return self._settings[root, file]

    def _made(self, root: str, file: str | None) -> Settings:
        options = {} if file is None else self._options_of(file, ())
        overrides = {}
        for name, value in sorted(self.overrides.items()):
            key = name.replace("_", "-")
            overrides[name] = checked(key, _frozen(value), f"--{key}")
        if self.code_of is not None:
            options, overrides = _by_code(options, self.code_of), _by_code(overrides, self.code_of)
        if "select" in overrides:
            options.pop("extend_select", None)
        wanted = {*overrides.get("select", ()), *overrides.get("extend_select", ())}
        for name in ("ignore", "extend_ignore", "unfixable"):
            if name == "unfixable":
                wanted = set(overrides.get("fixable", ()))
            options[name] = tuple(code for code in options.get(name, ()) if code not in wanted)
        return Settings(root=root, config_file=file, **{**options, **overrides})

    def _options_of(self, file: str, extending: tuple[str, ...]) -> dict[str, Any]:
        """The options of a file with those of the file that it extends, by their Python names."""
        table = self._table(file)
        if table is None:
            raise SettingsError(f"the file has no [{TABLE}] table", file)
        if "required-version" in table:  # an option may be newer than this version
            _require(checked("required-version", table["required-version"], _REQUIRED, file), file)
        options: dict[str, Any] = {}
        for key, value in table.items():
            options[key.replace("-", "_")] = checked(key, value, f"{TABLE}.{key}", file)
        if "extend" not in options:
            return options
        key = f"{TABLE}.extend"
        base = os.path.join(os.path.dirname(file), os.path.expanduser(options["extend"]))
        base = os.path.normpath(base)
        if base in (file, *extending):
            raise SettingsError(f"`{key}`: {base} extends this file", file, "extend")
        if not os.path.isfile(base):
            raise SettingsError(f"`{key}`: there is no file {base}", file, "extend")
        self.extended.add(base)
        return {**self._options_of(base, (file, *extending)), **options}


def _has_marker(directory: str) -> bool:
    """Does something in a directory say that a project starts there?"""
    found = [m for m in PROJECT_MARKERS if os.path.exists(os.path.join(directory, m))]
    if not set(found) <= set(_MARKERS_OUTSIDE_OF_PACKAGES):
        return True
    return bool(found) and not any(
        os.path.exists(os.path.join(directory, name)) for name in PACKAGE_FILES
    )


def _require(wanted: str, file: str) -> None:
    """Raises SettingsError where a file wants another version of this tool."""
    here = _release(_VERSION.match(__version__)[0])  # type: ignore[index]
    for operator, version in _bounds(wanted):
        bound = _release(version)
        length = version.count(".") + 1
        holds = {
            "==": here == bound,
            "": here == bound,
            "!=": here != bound,
            ">=": here >= bound,
            "<=": here <= bound,
            ">": here > bound,
            "<": here < bound,
            "~=": here >= bound and here[: length - 1] == bound[: length - 1],
        }
        if not holds[operator]:
            message = f"`{_REQUIRED}`: {wanted} is asked for, and this is {__version__}"
            raise SettingsError(message, file, "required-version")


def _bounds(wanted: str) -> list[tuple[str, str]]:
    """What a version has to be: operators and versions. Raises _WrongValueError."""
    found = [_BOUND.fullmatch(part.strip()) for part in wanted.split(",")]
    if any(each is None or (each[1] == "~=" and "." not in each[2]) for each in found):
        raise _WrongValueError('a version, or bounds of one (">=0.2,<1")', _described(wanted))
    return [(each[1] or "", each[2]) for each in found if each is not None]


def _release(version: str) -> tuple[int, ...]:
    parts = tuple(map(int, version.split(".")))
    return parts + (0,) * (_RELEASE_PARTS - len(parts))


def _by_code(options: dict[str, Any], code_of: CodeOf) -> dict[str, Any]:
    """The options with codes in the place of rules' names."""

    def codes(given: tuple[str, ...]) -> tuple[str, ...]:
        return tuple((RULE_NAME.fullmatch(each) and code_of(each)) or each for each in given)

    found: dict[str, Any] = {
        name: codes(given) for name, given in options.items() if name in CODE_LISTS
    }
    if "per_file_ignores" in options:
        pairs = options["per_file_ignores"]
        found["per_file_ignores"] = tuple((pattern, codes(given)) for pattern, given in pairs)
    if "severity" in options:
        found["severity"] = tuple(
            (code, severity) for name, severity in options["severity"] for code in codes((name,))
        )
    return {**options, **found}


def _frozen(value: object) -> object:
    if isinstance(value, Mapping):
        return tuple((key, _frozen(item)) for key, item in value.items())
    if isinstance(value, list | tuple):
        return tuple(map(_frozen, value))
    return value


def _outside_of_packages(path: str) -> str:
    """For a file of no project: the directory that its import names start from."""
    directory = path if os.path.isdir(path) else os.path.dirname(path)
    while os.path.isfile(os.path.join(directory, "__init__.py")):
        directory = os.path.dirname(directory)
    # What a wheel holds lies beside its `.dist-info`, namespace packages, too.
    above = directory
    while os.path.basename(above).isidentifier():
        above = os.path.dirname(above)
        try:
            if any(name.endswith(".dist-info") for name in os.listdir(above)):
                return above
        except OSError:
            break
    return directory


def _table(file: str) -> dict[str, Any] | None:
    """This tool's table in a TOML file; None where there is no such table, or no such file."""
    try:
        data = read_regular(file)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    except OSError as error:
        if not os.path.lexists(file):
            return None  # what is wrong is the way there: a directory that can't be entered
        raise SettingsError(f"cannot read the file: {error.strerror or error}", file) from None
    # Most projects that a file is searched for in have nothing to do with this tool.
    if b"pyconcepts-lint" not in data:
        misspelled = _MISSPELLED_TABLE.search(data)
        if misspelled is None:
            return None
        line = data.count(b"\n", 0, misspelled.start()) + 1
        raise SettingsError(f"the table of settings is called [{TABLE}]", file, line=line)
    import tomli

    try:
        document: Any = tomli.loads(data.decode())
    except tomli.TOMLDecodeError as error:
        message = f"the file is not valid TOML: {error.msg}"
        raise SettingsError(message, file, line=error.lineno) from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SettingsError("the file is not UTF-8, which TOML must be", file, line=line) from None
    except RecursionError:
        raise SettingsError("the file is nested too deeply", file) from None
    except ValueError as error:
        raise _number_error(data.decode(), file) or SettingsError(
            f"the file is not valid TOML: {error}", file
        ) from None
    for part in TABLE.split("."):
        document = document.get(part)
        if document is None:
            return None
        if not isinstance(document, dict):
            raise SettingsError(f"`{part}` must be a table, not {_described(document)}", file)
    table: dict[str, Any] | None = document
    return table


def _number_error(text: str, file: str) -> SettingsError | None:
    """What to say of a number that Python doesn't convert, for it has thousands of digits."""
    for number, line in enumerate(text.split("\n"), 1):
        if _HUGE_NUMBER.search(line):
            key = line.partition("=")[0].strip()
            message = f"`{key}` is a number of too many digits"
            return SettingsError(message, file, key, number)
    return None


class _WrongValueError(Exception):
    def __init__(self, expected: str, found: str, part: str = "") -> None:
        super().__init__(expected, found, part)
        self.expected = expected
        self.found = found
        self.part = part


def checked(key: str, value: Any, shown: str, file: str | None = None) -> Any:
    """The value of an option in its Python form.

    Args:
        key: the option's name in the file.
        value: what was given for it.
        shown: the option's name where it was given.
        file: where it was given, None where that was no file.

    Raises SettingsError.
    """
    check = _OPTIONS.get(key)
    if check is None or "_" in key:
        from difflib import get_close_matches

        nearest = get_close_matches(key, _OPTIONS, n=1, cutoff=0.5)
        hint = f"did you mean `{nearest[0]}`?" if nearest else f"they are {', '.join(_OPTIONS)}"
        raise SettingsError(f"`{shown}` is not an option; {hint}", file, key)
    unusable = _unusable(value)
    if unusable is not None:
        raise SettingsError(f"`{shown}` {unusable}", file, key)
    try:
        return check(value)
    except _WrongValueError as error:
        message = f"`{shown}{error.part}` must be {error.expected}, not {error.found}"
        raise SettingsError(message, file, key) from None


def _unusable(value: object) -> str | None:
    """What no option takes, for neither files nor the cache could be asked with it."""
    match value:
        case str() if "\0" in value:
            return "has a NUL character in it"
        case int() if not _is_sane(value):
            return f"has {_described(value)} in it"
        case dict():
            return _unusable([*value, *value.values()])
        case list() | tuple():
            return next((found for item in value if (found := _unusable(item))), None)
    return None


def _is_sane(value: int) -> bool:
    """Is it one of the integers that TOML has?"""
    return -(2**63) <= value < 2**63


def _described(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f'the string "{value}"'
        case int() if not _is_sane(value):
            return "a number of more than 64 bits"
        case int() | float():
            return f"the number {value}"
        case dict():
            return "a table"
        case list() | tuple():
            return "a list"
    return str(value)


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise _WrongValueError("true or false", _described(value))


def _positive(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return value
    raise _WrongValueError("an integer above 0", _described(value))


def _string(value: Any) -> str:
    if isinstance(value, str) and value:
        return value
    raise _WrongValueError("a string that is not empty", _described(value))


def _output_format(value: Any) -> str:
    if value in OUTPUT_FORMATS:
        return str(value)
    raise _WrongValueError(f"one of {', '.join(OUTPUT_FORMATS)}", _described(value))


def _severity(value: Any) -> Severity:
    if value in SEVERITIES:
        found: Severity = value
        return found
    raise _WrongValueError(f"one of {', '.join(SEVERITIES)}", _described(value))


def _severities(value: Any) -> tuple[tuple[str, Severity], ...]:
    expected = "a table of codes, each with a severity"
    result = []
    for code, severity in _items(value, expected):
        if not isinstance(code, str) or not _is_code(code):
            raise _WrongValueError(expected, f'a table with "{code}"')
        try:
            result.append((code, _severity(severity)))
        except _WrongValueError as error:
            raise _WrongValueError(error.expected, error.found, f".{code}") from None
    return tuple(result)


def _target_version(value: Any) -> str:
    if isinstance(value, str) and _TARGET.fullmatch(value):
        return value
    raise _WrongValueError('a Python 3 such as "py311" or "3.11"', _described(value))


def _required_version(value: Any) -> str:
    if not isinstance(value, str):
        raise _WrongValueError("a string", _described(value))
    _bounds(value)
    return value


def _list_of(words: str, is_item: Callable[[str], object]) -> Callable[[Any], tuple[str, ...]]:
    expected = f"a list of {words}"

    def check(value: Any) -> tuple[str, ...]:
        if not isinstance(value, list | tuple):
            raise _WrongValueError(expected, _described(value))
        for item in value:
            if not isinstance(item, str) or not is_item(item):
                raise _WrongValueError(expected, f"a list with {_described(item)} in it")
        return tuple(value)

    return check


def _is_pattern(text: str) -> bool:
    try:
        _compiled((text,), os.sep)
    except re.error:
        return False
    return bool(text)


def _is_code(text: str) -> bool:
    return bool(_CODE_PREFIX.fullmatch(text) or RULE_NAME.fullmatch(text))


_codes = _list_of('codes, their prefixes or names of rules ("PCL1", "PCL101")', _is_code)
_paths = _list_of("paths", bool)
_patterns = _list_of("patterns", _is_pattern)
_module_names = _list_of("dotted names", _MODULE_NAME.fullmatch)


def _per_file_ignores(value: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    pairs = value.items() if isinstance(value, dict) else value
    if not isinstance(value, dict | tuple):
        raise _WrongValueError("a table of patterns and lists of codes", _described(value))
    result = []
    for pattern, codes in pairs:
        if not _is_pattern(pattern):
            expected = "a table of patterns and lists of codes"
            raise _WrongValueError(expected, f'a table with "{pattern}"')
        try:
            result.append((pattern, _codes(codes)))
        except _WrongValueError as error:
            raise _WrongValueError(error.expected, error.found, f'."{pattern}"') from None
    return tuple(result)


def _rule_options(value: Any) -> tuple[tuple[str, tuple[tuple[str, OptionValue], ...]], ...]:
    expected = "a table of codes, each with a table of options"
    result = []
    for code, options in _items(value, expected):
        if not isinstance(code, str) or not CODE.fullmatch(code):
            raise _WrongValueError(expected, f'a table with "{code}"')
        try:
            pairs = _items(options, "a table of options")
            result.append((code, tuple((name, _option_value(name, item)) for name, item in pairs)))
        except _WrongValueError as error:
            raise _WrongValueError(error.expected, error.found, f".{code}{error.part}") from None
    return tuple(result)


def _items(value: Any, expected: str) -> Iterable[tuple[Any, Any]]:
    if isinstance(value, dict):
        return value.items()
    # A table that has been made hashable.
    if isinstance(value, tuple) and all(isinstance(p, tuple) and len(p) == 2 for p in value):
        return value
    raise _WrongValueError(expected, _described(value))


def _option_value(name: str, value: Any) -> OptionValue:
    if isinstance(value, bool | int | str):
        return value
    if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return tuple(value)
    expected = "true or false, an integer, a string or a list of strings"
    raise _WrongValueError(expected, _described(value), f".{name}")


_OPTIONS: dict[str, Callable[[Any], Any]] = {
    "select": _codes,
    "ignore": _codes,
    "extend-select": _codes,
    "extend-ignore": _codes,
    "per-file-ignores": _per_file_ignores,
    "exclude": _patterns,
    "extend-exclude": _patterns,
    "force-exclude": _boolean,
    "respect-gitignore": _boolean,
    "src": _paths,
    "relative-import-levels": _positive,
    "namespace-packages": _module_names,
    "field-classes": _module_names,
    "rules": _rule_options,
    "fix": _boolean,
    "unsafe-fixes": _boolean,
    "output-format": _output_format,
    "jobs": _positive,
    "cache-dir": _string,
    "no-cache": _boolean,
    "baseline": _string,
    "fixable": _codes,
    "unfixable": _codes,
    "target-version": _target_version,
    "python": _string,
    "extend": _string,
    "required-version": _required_version,
    "severity": _severities,
    "min-severity": _severity,
    "fail-on": _severity,
    "generated": _patterns,
}


def and_above(path: str) -> Iterator[str]:
    """A path and all directories above it."""
    yield path
    parent = os.path.dirname(path)
    while parent != path:
        yield parent
        path, parent = parent, os.path.dirname(parent)
