"""Pairs of programs that show when a rule is silent: with the reason, and without it.

`programs.txt` has both in one:

    @@ PCL103 bound-before
    class Counter:
        n = 0
        def __init__(self):
            self.n = 0  #-
        def add(self):
            self.n += 1

A line that ends in `#-` is there in the silent program only, one that ends in `#+` in the other,
which is reported. `## name.py` begins another file than `main.py`. A block that would be empty gets
`pass`. What the reason is, the rule says in `silences`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

PROGRAMS = Path(__file__).parent / "programs.txt"
SILENT, REPORTED = "#-", "#+"


class Pair(NamedTuple):
    """A program, by the code of the rule and its own name, and its files with the marks."""

    code: str
    name: str
    files: tuple[tuple[str, str], ...]

    @property
    def id(self) -> str:
        return f"{self.code}-{self.name}"

    def write(self, directory: Path, mark: str) -> None:
        """Write the files of one of the two programs."""
        directory.mkdir(parents=True)
        (directory / "pyproject.toml").write_text("[tool.pyconcepts-lint]\n", encoding="utf-8")
        for name, text in self.files:
            path = directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_with(mark, text), encoding="utf-8")


def pairs(path: Path = PROGRAMS) -> list[Pair]:
    """All pairs of a file."""
    found = []
    for block in re.split(r"^@@ ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        head, _, body = block.partition("\n")
        code, name = head.split()
        if not body.startswith("## "):
            body = f"## main.py\n{body}"
        parts = re.split(r"^## ", body, flags=re.MULTILINE)[1:]
        files = tuple((part.partition("\n")[0].strip(), part.partition("\n")[2]) for part in parts)
        found.append(Pair(code, name, files))
    return found


def _with(mark: str, text: str) -> str:
    other = REPORTED if mark == SILENT else SILENT
    lines = [line for line in text.splitlines() if line.strip() and not line.endswith(f"  {other}")]
    lines = [line.removesuffix(f"  {mark}") for line in lines]
    whole: list[str] = []
    for number, line in enumerate(lines):
        whole.append(line)
        indent = len(line) - len(line.lstrip())
        after = lines[number + 1] if number + 1 < len(lines) else ""
        if line.endswith(":") and len(after) - len(after.lstrip()) <= indent:
            whole.append(" " * (indent + 4) + "pass")
    return "".join(f"{line}\n" for line in whole)
