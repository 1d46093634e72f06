"""For the tests of rules: small projects that are linted, fixed and run, and pages held to account.

It needs no test framework: what isn't as it has to be raises AssertionError.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from .base import pages
from .base.finding import Finding
from .base.report import Report
from .base.request import RunRequest
from .base.settings import Configuration
from .base.typed import TYPE_CHECKING
from .plugins import registry
from .rule_api.rule import Rule
from .running.run import run

if TYPE_CHECKING:
    from typing import Any

__all__ = ["Project", "check_page"]

SECTIONS = ("What it finds", "Why", "Bad", "Good", "Fix", "When to ignore it", "See also")
"""The sections of a rule's page, in their order; `Options` stands after `Fix`."""
LONGEST_SUMMARY = 100
PYTHON = sys.executable
"""What runs the programs: the Python that runs this."""


def lint_paths(
    paths: Iterable[str],
    overrides: Mapping[str, object] | None = None,
    *,
    isolated: bool = False,
    **options: Any,
) -> Report:
    """What a run gives.

    Args:
        paths: files and directories.
        overrides: settings that win over those of the files.
        isolated: read no settings.
        **options: as for `RunRequest`.
    """
    request = RunRequest(tuple(paths), **options)
    return run(request, Configuration(overrides, isolated=isolated, code_of=registry.code_of))


class Project:
    """A small project on disk, what the linter says of it, and what Python does with it.

    Args:
        root: the directory for it, such as pytest's `tmp_path`; made where it isn't there.
        files: texts by path, with forward slashes; or one text, which is `main.py` then. The
            indentation that all lines have is taken away. Bytes are written as they are.
        **settings: what its pyproject.toml says, by the names of the settings with underscores.

    Codes are codes of rules or what they start with: `project.lint("SHP101")`.
    """

    def __init__(
        self,
        root: str | os.PathLike[str],
        files: Mapping[str, str | bytes] | str | bytes,
        **settings: Any,
    ) -> None:
        self.root = Path(root)
        lines = ["[tool.pyconcepts-lint]"]
        lines += [f"{key.replace('_', '-')} = {_toml(value)}" for key, value in settings.items()]
        if isinstance(files, str | bytes):
            files = {"main.py": files}
        self.write({"pyproject.toml": "\n".join(lines) + "\n", **files})

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write more files, or others in their place."""
        for name, content in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            data = content if isinstance(content, bytes) else textwrap.dedent(content).encode()
            path.write_bytes(data)

    def report(self, *codes: str, **options: Any) -> Report:
        """What a run over the whole project gives.

        Args:
            *codes: the rules to run; without any, those that are on.
            **options: as for `RunRequest`.
        """
        overrides: dict[str, object] = {"no_cache": True}
        if codes:
            overrides["select"] = codes
            unknown = registry.unknown_code(overrides)
            _check(unknown is None, unknown[1] if unknown else "")
        report = lint_paths([str(self.root)], overrides, jobs=1, **options)
        _check(not report.errors, "\n".join(report.errors))
        return report

    def lint(self, *codes: str) -> list[Finding]:
        """The findings of these rules; the gate must make no difference."""
        with_gate = self.report(*codes).findings
        without = self.report(*codes, gate=False).findings
        _check(
            with_gate == without,
            "the rule's `words` or `needs` leave out what it would report:\n"
            f"with them    {with_gate}\nwithout them {without}",
        )
        return with_gate

    def places(self, *codes: str) -> list[tuple[str, int, int]]:
        """Path, line and column of each finding."""
        return [(self.relative(f.path), f.line, f.column) for f in self.lint(*codes)]

    def messages(self, *codes: str) -> list[str]:
        """The message of each finding."""
        return [finding.message for finding in self.lint(*codes)]

    def relative(self, path: str) -> str:
        """A path as it is in `files`."""
        return os.path.relpath(path, self.root).replace(os.sep, "/")

    def fix(self, *codes: str, unsafe: bool = False) -> dict[str, str]:
        """Make the fixes on disk; every file's text afterwards. Fixing again must change nothing."""
        self.report(*codes, fix=True, unsafe_fixes=unsafe)
        again = self.report(*codes, fix=True, unsafe_fixes=unsafe, write=False)
        _check(not again.changed, f"fixing once more changes {[*again.changed]}")
        return self.texts()

    def texts(self) -> dict[str, str]:
        """Every file's text, by its path."""
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes().decode()
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and path.suffix != ".pyc" and path.name != "pyproject.toml"
        }

    def run(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a file with the Python that runs this: `project.run("main.py").stdout`."""
        return self._python([name, *arguments])

    def run_module(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a module, as `python -m` does."""
        return self._python(["-m", name, *arguments])

    def _python(self, arguments: Iterable[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [PYTHON, "-B", *arguments],
            cwd=self.root,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )


def check_page(rule: type[Rule]) -> None:
    """Hold a rule's page (its docstring) against Python and against the rule.

    The sections have to be there in their order, and every option has to be in `Options`. The
    examples have to do under the running Python what the page says (those in Python 2 where there
    is a `python2.7`). The rule has to report every bad example and no good one. Where it fixes a
    bad one, the section `Fix` has to say whether that is safe or unsafe, and what comes out has to be
    Python without anything left to fix.

    Raises AssertionError that says what isn't so. The rule has to be registered (its package
    installed).
    """
    registered = registry.rules().get(rule.code)
    _check(
        registered is rule,
        f"{rule.code} is not registered as {rule.__module__}.{rule.__qualname__}: is the package "
        "installed, with an entry point in the group pyconcepts_lint.rules?",
    )
    check_sections(rule)
    page = pages.parse(rule.page())
    with tempfile.TemporaryDirectory() as directory:
        for title in ("Bad", "Good"):
            found = page.programs(title)
            _check(bool(found), f"{rule.code}: there is no example under {title}")
            for number, program in enumerate(found):
                place = Path(directory, f"{title}{number}")
                check_program(program, place / "run")
                check_findings(rule, title, Project(place / "lint", program.files), program)


def check_sections(rule: type[Rule]) -> None:
    """Has a rule's page the sections that it needs? Raises AssertionError."""
    page = pages.parse(rule.page())
    says = f"{rule.code}: the page's"
    _check(page.summary.endswith("."), f"{says} first line is no sentence: {page.summary}")
    _check(
        10 < len(page.summary) <= LONGEST_SUMMARY,
        f"{says} first line has {len(page.summary)} characters, not 11 to {LONGEST_SUMMARY}",
    )
    titles = list(page.sections)
    needed = list(SECTIONS)
    if "Options" in titles:
        needed.insert(needed.index("Fix") + 1, "Options")
    _check(titles == needed, f"{says} sections are {titles}, not {needed}")
    for title, text in page.sections.items():
        _check(bool(text), f"{says} section {title} is empty")
    for name in rule.options:
        is_there = f"`{name}`" in page.sections.get("Options", "")
        _check(is_there, f"{says} section Options says nothing of `{name}`")


def check_program(program: pages.Program, directory: Path) -> None:
    """Does an example do what its page says? It is written into the directory, and run.

    Raises AssertionError.
    """
    interpreter = PYTHON if program.language == "python" else python2()
    if interpreter is None:
        return
    for path, text in program.files.items():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_text(text, encoding="utf-8")
    done = subprocess.run(
        [interpreter, "-B", *program.arguments],
        cwd=directory,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    _check(
        program.is_confirmed(done.returncode, done.stdout, done.stderr),
        f"the page says:\n{program.output}\nPython says:\n{done.stdout}\n{done.stderr}",
    )


def check_findings(rule: type[Rule], title: str, project: Project, program: pages.Program) -> None:
    """Does a rule report what stands under `Bad`, and fix it, and not what stands under `Good`?

    Raises AssertionError.
    """
    found = project.lint(rule.code)
    if title == "Good":
        _check(not found, f"{rule.code} reports a good example: {found}")
        return
    _check(bool(found), f"{rule.code} doesn't report this bad example:\n{program.files}")
    if not any(finding.fix for finding in found):
        return
    explained = pages.parse(rule.page()).sections["Fix"]
    for kind in {finding.fix.applicability for finding in found if finding.fix}:
        is_said = re.search(rf"\b{kind}\b", explained) is not None
        _check(is_said, f"{rule.code} has a fix that is {kind}, and its page doesn't say so")
    before = project.texts()
    after = project.fix(rule.code, unsafe=True)
    _check(after != before, f"the fix of {rule.code} changes nothing in its bad example")
    for path, text in after.items():
        if text != before.get(path) and path.endswith(".py") and program.language == "python":
            ast.parse(text, path)
    left = project.lint(rule.code)
    _check(
        len(left) < len(found) and not any(finding.fix for finding in left),
        f"what {rule.code} has fixed in its bad example, it reports still: {left}",
    )


@cache
def python2() -> str | None:
    """The path of a Python 2.7 that runs; None where there is none."""
    path = shutil.which("python2.7")
    if path is None:
        return None
    try:
        version = subprocess.run([path, "-V"], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.SubprocessError):
        return None
    return path if re.match("Python 2.7", version.stderr) else None


def _check(is_so: bool, otherwise: str) -> None:
    """As `assert`, which this Python may have been told to leave out."""
    if not is_so:
        raise AssertionError(otherwise)


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, Mapping):
        pairs = (f"{_toml(key)} = {_toml(item)}" for key, item in value.items())
        return "{ " + ", ".join(pairs) + " }"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)
