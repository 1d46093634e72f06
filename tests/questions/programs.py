"""Programs that go wrong, after questions that people asked: read, written out, linted and run.

A file of them has, for each program:

    @@ id | concept | where it was asked
    => PCL104                       the code that names it, or how that starts; "-": no rule has to
    !! main.py: self.items.append   text on the line at fault (one line for each)
    >> python main.py               the command that goes wrong (this is the default)
    fix: unsafe                     which fixes repair it: safe, unsafe or none
    should: two carts, each with its own items
    before: 3.14                    from this version on CPython does otherwise
    python2: runs                   under Python 2.7 the command succeeds
    ## main.py                      a file, and its text
    ## fixed/main.py                the file as a person would correct it

`stubs.txt` has small stand-ins for frameworks. The linter can't see them, Python can.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from pyconcepts_lint.base.finding import Finding
from pyconcepts_lint.testing import lint_paths, python2

HERE = Path(__file__).parent
OPEN = HERE / "open.txt"
STUBS = HERE / "stubs.txt"
NO_PROGRAMS = {OPEN.name, STUBS.name}
FIXED = "fixed/"
SECONDS = 30


class Program(NamedTuple):
    """A program that goes wrong, and what a person meant by it."""

    id: str
    concept: str
    asked: str
    code: str = ""
    faults: tuple[tuple[str, str], ...] = ()
    command: str = "python main.py"
    fix: str = "unsafe"
    should: str = ""
    before: tuple[int, ...] = ()
    runs_on_python2: bool = False
    files: tuple[tuple[str, str], ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()

    def lines_at_fault(self) -> set[tuple[str, int]]:
        texts = dict(self.files)
        return {
            (name, number)
            for name, wanted in self.faults
            for number, line in enumerate(texts[name].splitlines(), 1)
            if wanted in line
        }

    def goes_wrong_here(self) -> bool:
        """Does this CPython do what the program says that Python does?"""
        return not self.before or sys.version_info[: len(self.before)] < self.before


def read(path: Path) -> list[Program]:
    """The programs of one file."""
    blocks = re.split(r"^@@ ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return [_parse(block) for block in blocks]


def collection() -> dict[str, list[Program]]:
    """All programs of the directory, by the name of their file."""
    paths = sorted(path for path in HERE.glob("*.txt") if path.name not in NO_PROGRAMS)
    return {path.stem: read(path) for path in paths}


def _parse(block: str) -> Program:
    head, *parts = re.split(r"^## ", block, flags=re.MULTILINE)
    title, *lines = head.splitlines()
    name, concept, asked = (part.strip() for part in title.split("|", 2))
    files: dict[str, str] = {}
    for part in parts:
        path, _, text = part.partition("\n")
        files[path.strip()] = text.rstrip("\n") + "\n" if text.strip() else ""
    said: dict[str, list[str]] = defaultdict(list)
    for line in filter(None, lines):
        key, value = line[:2], line[2:]
        if key not in ("=>", "!!", ">>"):
            key, _, value = line.partition(":")
        said[key].append(value.strip())
    before = said["before"][0] if said["before"] else ""
    return Program(
        name,
        concept,
        asked,
        code="".join(said["=>"]),
        faults=tuple(_fault(text) for text in said["!!"]),
        command=said[">>"][0] if said[">>"] else "python main.py",
        fix=said["fix"][0] if said["fix"] else "unsafe",
        should=" ".join(said["should"]),
        before=tuple(int(part) for part in before.split(".") if part),
        runs_on_python2=bool(said["python2"]),
        files=tuple(pair for pair in files.items() if not pair[0].startswith(FIXED)),
        corrected=tuple(
            (path.removeprefix(FIXED), text)
            for path, text in files.items()
            if path.startswith(FIXED)
        ),
    )


def _fault(text: str) -> tuple[str, str]:
    path, _, wanted = text.partition(": ")
    return path, wanted


def write(root: Path, files: Iterable[tuple[str, str]]) -> None:
    for name, text in files:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


class Library:
    """Programs written out below a directory, each a project of its own, and what becomes of them.

    One run of the linter looks at all of them: as they were asked about, fixed, and as a person
    would correct them.
    """

    def __init__(self, directory: Path, programs: Iterable[Program]) -> None:
        self.directory = directory
        self.programs = list(programs)
        self._write("asked", corrected=False)
        write(directory / "stubs", _stubs())

    def _write(self, kind: str, *, corrected: bool) -> Path:
        project = ("pyproject.toml", "[tool.pyconcepts-lint]\n")
        for program in self.programs:
            files = {**dict(program.files), **dict(program.corrected if corrected else ())}
            if not corrected or program.corrected:
                write(self.directory / kind / program.id, [project, *files.items()])
        return self.directory / kind

    def findings(self) -> dict[str, list[Finding]]:
        """What the linter says of each program, by id."""
        return self._lint(self.directory / "asked")

    def findings_in_corrected(self) -> dict[str, list[Finding]]:
        """What the linter says of the programs that have a corrected form, in that form."""
        return self._lint(self._write("corrected", corrected=True))

    def fix(self) -> None:
        """Make the fixes: the safe ones in one place, in another then the unsafe ones too."""
        safe, unsafe = (self._write(kind, corrected=False) for kind in ("safe", "unsafe"))
        for root, with_unsafe in ((safe, False), (unsafe, False), (unsafe, True)):
            self._run_linter(root, fix=True, unsafe_fixes=with_unsafe)

    def _lint(self, root: Path) -> dict[str, list[Finding]]:
        found = defaultdict(list)
        for finding in self._run_linter(root):
            found[Path(finding.path).relative_to(root).parts[0]].append(finding)
        return found

    def _run_linter(self, root: Path, **options: bool) -> list[Finding]:
        report = lint_paths([str(root)], {"no_cache": True}, jobs=1, **options)
        assert not report.errors, report.errors
        return report.findings

    def place(self, program: Program, finding: Finding) -> tuple[str, int]:
        """The file and line of a finding in a program."""
        return "/".join(Path(finding.path).relative_to(self.directory).parts[2:]), finding.line

    def named(self) -> dict[str, set[str]]:
        """The codes that the linter gives on the lines at fault of each program, by id."""
        findings = self.findings()
        return {
            program.id: {
                finding.code
                for finding in findings[program.id]
                if self.place(program, finding) in program.lines_at_fault()
            }
            for program in self.programs
        }

    def run(
        self, program: Program, kind: str = "asked", python: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run a program's command, as it was `asked` about, `safe`, `unsafe` or `corrected`."""
        directory = self.directory / kind / program.id
        first, *arguments = shlex.split(program.command)
        assert first == "python", program.command
        environment = {**os.environ, "PYTHONPATH": str(self.directory / "stubs")}
        for name in ("PYTHONSAFEPATH", "PYTHONSTARTUP", "PYTHONWARNINGS"):
            environment.pop(name, None)
        return subprocess.run(
            [python or sys.executable, "-B", "-S", *arguments],
            cwd=directory,
            env=environment,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )

    def is_repaired(self, program: Program) -> bool:
        """Does the command succeed after the fixes that should repair it? `fix` comes first."""
        kind = "safe" if program.fix == "safe" else "unsafe"
        return self.run(program, kind).returncode == 0

    def run_on_python2(self, program: Program) -> subprocess.CompletedProcess[str] | None:
        """Run a program's command under Python 2.7; None where there is none."""
        path = python2()
        return self.run(program, python=path) if path else None


def is_named(program: Program, codes: set[str]) -> bool:
    """Is it named by these codes? A program may say only how the code starts, or none: any."""
    return any(code.startswith(program.code.removeprefix("-")) for code in codes)


def _stubs() -> Iterator[tuple[str, str]]:
    for part in re.split(r"^## ", STUBS.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        path, _, text = part.partition("\n")
        yield path.strip(), text


def open_programs() -> dict[str, tuple[set[str], str]]:
    """What `open.txt` lists: by id what is missing (`named`, `fixed`), and of what kind that is."""
    rows = {}
    for line in OPEN.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, missing, kind = (part.strip() for part in line.split("|", 2))
            rows[name] = ({*missing.split(", ")}, kind)
    return rows
