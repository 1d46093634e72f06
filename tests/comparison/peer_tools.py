"""The tools that are compared: what is installed, how each is run, and what it then says.

Each runs with everything that it has switched on, nobody's settings and no cache. A few bans that
need a setting to say what is banned have nothing to say here.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

Files = Mapping[str, str]
"""Texts by path, with forward slashes."""


class Finding(NamedTuple):
    """What a tool said.

    `line` is 1-based; 0 where it names none. `fix` is "safe" or "unsafe" where a fix comes along,
    and "" where none does, or where only running the fixer shows it (`Tool.fixer`).
    """

    path: str
    line: int
    code: str
    message: str
    fix: str


class ToolError(Exception):
    """A tool that can't be installed or did not run to its end; the text says why."""


Output = tuple[str, str]
"""What a command wrote: standard output and standard error."""


class Tool(NamedTuple):
    """A tool, or several that run as one.

    `command` is the program and its arguments, run in the directory of an example; `{cache}` is a
    directory of that run's own, which holds nothing but what the standard library needs. `settings` are
    files that are put there first. `fixer` is a command that makes its fixes in place, and
    `listing` one that lists all rules, each with a line in which `_LISTED` finds something.
    """

    name: str
    title: str
    requirements: tuple[str, ...]
    command: tuple[str, ...]
    read: Callable[[Output], Iterator[Finding]]
    settings: Files = MappingProxyType({})
    fixer: tuple[str, ...] = ()
    listing: tuple[str, ...] = ()


def _ruff(output: Output) -> Iterator[Finding]:
    for found in json.loads(output[0]):
        fix = (found["fix"] or {}).get("applicability", "")
        yield Finding(
            found["filename"],
            found["location"]["row"],
            found["code"] or "invalid-syntax",
            found["message"],
            fix if fix in ("safe", "unsafe") else "",
        )


def _pylint(output: Output) -> Iterator[Finding]:
    for found in json.loads(output[0])["messages"]:
        yield Finding(found["path"], found["line"], found["symbol"], found["message"], "")


def _mypy(output: Output) -> Iterator[Finding]:
    for line in output[0].splitlines():
        found = json.loads(line or "{}")
        if found.get("severity") == "error":
            yield Finding(
                found["file"], found["line"], found["code"] or "", found["message"].strip(), ""
            )


def _pyright(output: Output) -> Iterator[Finding]:
    for found in json.loads(output[0])["generalDiagnostics"]:
        line = found["range"]["start"]["line"] + 1 if "range" in found else 0
        yield Finding(found["file"], line, found.get("rule", "error"), found["message"], "")


_LISTED = re.compile(r"""^ *"code":|^:[a-z0-9-]+ \(""", re.MULTILINE)
_LINE = r"^(?P<path>[^\n:]+):(?P<line>\d+)(?::\d+)?:? "


def _lines(pattern: str) -> Callable[[Output], Iterator[Finding]]:
    """A reader of `path:line:column` and then `pattern`, which has `code` and `message`."""
    compiled = re.compile(_LINE + pattern, re.MULTILINE)

    def read(output: Output) -> Iterator[Finding]:
        for match in compiled.finditer(output[0]):
            path, line, code, message = match.group("path", "line", "code", "message")
            yield Finding(path, int(line), code, message.strip(), "")

    return read


def _fixit(output: Output) -> Iterator[Finding]:
    """What it can't parse is an exception for it, in which it numbers lines from where it likes."""
    for path in re.findall(r"^([^\n:]+): EXCEPTION: Syntax Error", output[0], re.MULTILINE):
        yield Finding(path, 0, "syntax error", "", "")
    for found in _lines(r"(?P<code>\w+): (?P<message>.*)")(output):
        has_fix = "(has autofix)" in found.message
        yield found._replace(fix="safe" if has_fix else "")


def _refurb(output: Output) -> Iterator[Finding]:
    """Where mypy can't go on, refurb prints mypy's errors, which have no code of refurb's."""
    for found in _lines(r"(?:\[(?P<code>FURB\d+)\]: |error: )(?P<message>.*)")(output):
        yield found if found.code else found._replace(code="mypy error")


def _pyupgrade(output: Output) -> Iterator[Finding]:
    """It only rewrites, so `run` compares; what it can't read, it names."""
    for path in re.findall(r"^(?:Rewriting|.*SyntaxError.*) (\S+)$", output[1], re.MULTILINE):
        yield Finding(path, 0, "rewrites", "", "safe")


_EXTENSIONS = (
    *("bad_builtin", "broad_try_clause", "check_elif", "code_style", "comparison_placement"),
    *("confusing_elif", "consider_refactoring_into_while_condition", "consider_ternary_expression"),
    *("dict_init_mutate", "docparams", "docstyle", "dunder", "empty_comment", "eq_without_hash"),
    *("for_any_all", "magic_value", "mccabe", "no_self_use", "overlapping_exceptions"),
    *("private_import", "redefined_loop_name", "redefined_variable_type", "set_membership"),
    *("typing", "while_used"),
)
_MYPY_CODES = (
    *("deprecated", "exhaustive-match", "explicit-override", "ignore-without-code"),
    *("mutable-override", "possibly-undefined", "redundant-expr", "redundant-self"),
    *("truthy-bool", "truthy-iterable", "unimported-reveal", "unused-awaitable", "unused-ignore"),
)
_FIXIT = """\
[tool.fixit]
root = true
enable = ["fixit.rules", "fixit.rules.extra", "fixit.upgrade"]
"""
_STARTED_WITH = (
    "import abc, copy, dataclasses, functools, importlib, json, os, pkgutil, sys, types\n"
)
"""What a tool that caches has looked at before: a cache that examples share mixes them up."""
_FLAKE8_CODES = "A,B,B9,C,CCE,E,F,I,INP,ITI,N,NQA,PIE,SIM,SPR,TID,W,Y"

TOOLS = (
    Tool(
        "ruff",
        "ruff",
        ("ruff==0.17.6",),
        (
            *("ruff", "check", "--isolated", "--select", "ALL", "--preview", "--no-cache"),
            *("--target-version", "py311", "--output-format", "json", "--exit-zero", "."),
        ),
        _ruff,
        listing=("ruff", "rule", "--all", "--output-format", "json"),
    ),
    Tool(
        "pylint",
        "pylint",
        ("pylint==4.1.4",),
        (
            *("pylint", "--rcfile=", "--enable=all", "--persistent=n", "--py-version=3.11"),
            "--load-plugins=" + ",".join(f"pylint.extensions.{name}" for name in _EXTENSIONS),
            *("--source-roots=.", "--recursive=y", "--output-format=json2", "."),
        ),
        _pylint,
        listing=("pylint", "--rcfile=", "--list-msgs"),
    ),
    Tool(
        "flake8",
        "flake8",
        (
            *("flake8==7.5.0", "pyflakes==4.1.0", "pycodestyle==2.15.0"),
            *("flake8-bugbear==26.10.27", "flake8-builtins==3.1.0"),
            *("flake8-class-attributes-order==0.3.0", "flake8-comprehensions==3.17.0"),
            *("flake8-iteritems==0.0.0.3", "flake8-no-pep420==2.9.0", "flake8-noqa==1.5.0"),
            *("flake8-pie==0.16.0", "flake8-pyi==26.5.0", "flake8-simplify==0.31.1"),
            *("flake8-super==0.1.3", "flake8-tidy-imports==4.12.0", "pep8-naming==0.15.1"),
            "setuptools<81",
        ),
        (
            *("flake8", "--isolated", "--ignore=", f"--select={_FLAKE8_CODES}", "--jobs=1"),
            *("--use-class-attributes-order-strict-mode", "--noqa-require-code", "."),
        ),
        _lines(r"(?P<code>[A-Z]+\d+) (?P<message>.*)"),
    ),
    Tool(
        "wemake",
        "wemake",
        ("wemake-python-styleguide==1.8.1",),
        ("flake8", "--isolated", "--ignore=", "--select=WPS,E9", "--jobs=1", "."),
        _lines(r"(?P<code>[A-Z]+\d+) (?P<message>.*)"),
    ),
    Tool(
        "fixit",
        "Fixit",
        ("fixit==2.2.1",),
        ("fixit", "--output-format", "vscode", "lint", "."),
        _fixit,
        settings={"pyproject.toml": _FIXIT},
    ),
    Tool(
        "pyupgrade",
        "pyupgrade",
        ("pyupgrade==3.22.0",),
        ("pyupgrade", "--py311-plus", "--exit-zero-even-if-changed", "{files}"),
        _pyupgrade,
    ),
    Tool(
        "refurb",
        "refurb",
        ("refurb==2.3.1",),
        ("refurb", "--enable-all", "--quiet", "--python-version", "3.11", "."),
        _refurb,
    ),
    Tool(
        "mypy",
        "mypy",
        ("mypy==2.4.1",),
        (
            *("mypy", "--config-file=", "--strict", "--check-untyped-defs", "--output=json"),
            *(f"--enable-error-code={code}" for code in _MYPY_CODES),
            *("--local-partial-types", "--warn-unreachable", "--python-version=3.11"),
            "--no-error-summary",
            *("--cache-dir={cache}", "."),
        ),
        _mypy,
    ),
    Tool(
        "pyright",
        "pyright",
        ("basedpyright==1.40.2",),
        ("basedpyright", "--outputjson", "--project", "pyrightconfig.json"),
        _pyright,
        settings={"pyrightconfig.json": '{"typeCheckingMode": "all", "pythonVersion": "3.11"}\n'},
    ),
    Tool(
        "ty",
        "ty",
        ("ty==0.0.105",),
        (
            *("ty", "check", "--error", "all", "--python-version", "3.11"),
            *("--output-format", "concise", "--no-progress", "--exit-zero", "."),
        ),
        _lines(r"error\[(?P<code>[\w-]+)\] (?P<message>.*)"),
        fixer=("ty", "check", "--error", "all", "--python-version", "3.11", "--fix", "."),
    ),
)

BASEDPYRIGHT_ONLY = frozenset(
    {
        *("reportAny", "reportExplicitAny", "reportIgnoreCommentWithoutRule"),
        *("reportImplicitRelativeImport", "reportIncompatibleUnannotatedOverride"),
        *("reportInvalidAbstractMethod", "reportInvalidCast", "reportPrivateLocalImportUsage"),
        *("reportSelfClsDefault", "reportUnannotatedClassAttribute", "reportUnreachable"),
        *("reportUnsafeMultipleInheritance", "reportUnusedParameter", "reportEmptyAbstractUsage"),
    }
)
"""What basedpyright reports and pyright doesn't."""


class Installed:
    """A tool in a virtual environment of its own.

    Args:
        tool: which.
        directory: where the environment is, or is made; a complete one is used as it is.

    Raises ToolError.
    """

    def __init__(self, tool: Tool, directory: Path) -> None:
        self.tool = tool
        self.programs = directory / tool.name / "bin"
        self._home = directory / tool.name / "home"
        self._cache = directory / tool.name / "start-cache"
        complete = directory / tool.name / "complete"
        wanted = "\n".join(tool.requirements)
        if not complete.is_file() or complete.read_text(encoding="utf-8") != wanted:
            print(f"installing {' '.join(tool.requirements)}", file=sys.stderr)
            self._execute([sys.executable, "-m", "venv", "--clear", str(directory / tool.name)])
            pip = [str(self.programs / "python"), "-m", "pip", "install", "--quiet"]
            self._execute([*pip, "--disable-pip-version-check", *tool.requirements])
            self._home.mkdir()
            complete.write_text(wanted, encoding="utf-8")
        if any("{cache}" in argument for argument in tool.command) and not self._cache.is_dir():
            self.run({"start.py": _STARTED_WITH}, self._cache.with_suffix(".project"))
            self._cache.with_suffix(".project-cache").rename(self._cache)

    def versions(self) -> dict[str, str]:
        """The versions of what was asked for, by distribution."""
        pip = [str(self.programs / "python"), "-m", "pip", "--disable-pip-version-check", "list"]
        output, _ = self._execute([*pip, "--format", "json"])
        found = {_normal(each["name"]): each["version"] for each in json.loads(output)}
        asked = [re.split(r"[=<>]", each)[0] for each in self.tool.requirements]
        return {name: found[_normal(name)] for name in asked if name != "setuptools"}

    def rules(self) -> int:
        """How many rules it lists; 0 where it has no list."""
        if not self.tool.listing:
            return 0
        program, *arguments = self.tool.listing
        output, _ = self._execute([str(self.programs / program), *arguments])
        return len(_LISTED.findall(output))

    def run(self, files: Files, directory: Path) -> list[Finding]:
        """What the tool says of some files, which are written into a new directory for it.

        Raises ToolError.
        """
        lay_out({**files, **self.tool.settings}, directory)
        found = self._lint(files, directory)
        if self.tool.name == "pyupgrade":
            return list(_rewritten(found, files, directory))
        if self.tool.fixer and found:
            self._call(self.tool.fixer, files, directory)
            left = [finding.code for finding in self._lint(files, directory)]
            for index, finding in enumerate(found):
                if finding.code in left:
                    left.remove(finding.code)
                else:
                    found[index] = finding._replace(fix="safe")
        return found

    def _lint(self, files: Files, directory: Path) -> list[Finding]:
        output = self._call(self.tool.command, files, directory)
        try:
            found = list(self.tool.read(output))
        except (ValueError, KeyError, TypeError) as error:
            raise ToolError(f"{self.tool.name}: {error!r}: {output[1][-500:]}") from error
        return sorted(
            finding._replace(path=_relative(finding.path, directory)) for finding in found
        )

    def _call(self, command: tuple[str, ...], files: Files, directory: Path) -> Output:
        cache = directory.with_name(f"{directory.name}-cache")
        if self._cache.is_dir() and not cache.is_dir():
            shutil.copytree(self._cache, cache)
        arguments: list[str] = []
        for argument in command[1:]:
            if argument == "{files}":
                arguments += files
            else:
                arguments.append(argument.replace("{cache}", str(cache)))
        return self._execute([str(self.programs / command[0]), *arguments], directory)

    def _execute(self, command: list[str], directory: Path | None = None) -> Output:
        """Run a command; an exit code that isn't 0 is no error where something is checked."""
        environment = dict(os.environ)
        if directory is not None:
            environment = {
                "HOME": str(self._home),
                "LANG": "C.UTF-8",
                "NO_COLOR": "1",
                "PATH": f"{self.programs}{os.pathsep}{os.defpath}",
                "PYTHONDONTWRITEBYTECODE": "1",
            }
        try:
            done = subprocess.run(
                command,
                cwd=directory,
                env=environment,
                capture_output=True,
                encoding="utf-8",
                timeout=900,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ToolError(f"{command[0]}: {error}") from error
        if directory is None and done.returncode:
            raise ToolError(f"{' '.join(command)}: {done.stderr}")
        return done.stdout, done.stderr


def _normal(name: str) -> str:
    return name.lower().replace("_", "-")


def lay_out(files: Files, directory: Path) -> None:
    """Write files into a directory, which must not be there yet."""
    directory.mkdir(parents=True)
    for path, text in files.items():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_text(text, encoding="utf-8")


def _relative(path: str, directory: Path) -> str:
    return Path(os.path.relpath(directory / path, directory)).as_posix()


def _rewritten(found: Iterable[Finding], files: Files, directory: Path) -> Iterator[Finding]:
    """One finding for each group of lines that were rewritten."""
    for path in sorted({finding.path for finding in found}):
        old = files[path].splitlines()
        new = (directory / path).read_text(encoding="utf-8").splitlines()
        matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
        for tag, start, end, other, until in matcher.get_opcodes():
            if tag != "equal":
                message = f"{'; '.join(old[start:end])} -> {'; '.join(new[other:until])}"
                yield Finding(path, start + 1, "rewrites", message, "safe")
