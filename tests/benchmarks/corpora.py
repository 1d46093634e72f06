"""The files that the tools are measured on."""

from __future__ import annotations

import ast
import platform
import re
import sysconfig
import warnings
from collections import Counter
from pathlib import Path, PurePath
from typing import NamedTuple

PYTHON = f"{platform.python_implementation()} {platform.python_version()}"

LEFT_OUT = (
    # Tests, which are wrong on purpose here and there.
    *("idle_test", "test", "tests"),
    # Not the corpus's own.
    *("__pycache__", "dist-packages", "node_modules", "site-packages"),
    # Left out by one or another of the tools, which would make it look faster.
    *("_build", "build", "buck-out", "CVS", "dist", "venv"),
)
"""Names of directories; those that start with a dot are left out, too."""

PART = (
    *("asyncio", "collections", "concurrent", "email", "http", "importlib", "json"),
    *("logging", "multiprocessing", "unittest", "urllib"),
)
"""Packages of the standard library, for the tools that take minutes for all of it."""
PART_SIZE = 2_300_000
"""Bytes of the part of a corpus that has none of these packages."""

_IMPORT = re.compile(rb"^[ \t]*(?:from|import)[ \t]+([A-Za-z_]\w*)", re.MULTILINE)


class Corpus(NamedTuple):
    """Some files, as bytes by path."""

    name: str
    files: dict[PurePath, bytes]

    @property
    def size(self) -> int:
        """In bytes."""
        return sum(map(len, self.files.values()))

    def __str__(self) -> str:
        return f"{len(self.files)} files, {self.size / 1e6:.1f} MB"

    def part(self) -> Corpus:
        """Some of its packages, or its first files."""
        chosen = {path: data for path, data in self.files.items() if path.parts[0] in PART}
        if chosen:
            return Corpus("the packages " + ", ".join(f"`{name}`" for name in PART), chosen)
        room = PART_SIZE
        for path, data in self.files.items():
            if chosen and room < len(data):
                break
            room -= len(data)
            chosen[path] = data
        return Corpus("its first files in order of their names", chosen)

    def copies(self, count: int) -> Corpus:
        """Several copies as packages beside each other."""
        files: dict[PurePath, bytes] = {}
        for number in range(1, count + 1):
            files[PurePath(f"copy{number}", "__init__.py")] = b""
            files |= {PurePath(f"copy{number}", path): data for path, data in self.files.items()}
        return Corpus(f"{count} copies", files)

    def middle(self) -> PurePath:
        """The file of median size."""
        paths = sorted(self.files, key=lambda path: (len(self.files[path]), path))
        return paths[len(paths) // 2]

    def most_imported(self) -> PurePath:
        """The top-level module or package that most of the files import."""
        importers = Counter(
            name.decode() for data in self.files.values() for name in set(_IMPORT.findall(data))
        )
        for name, _ in importers.most_common():
            for path in (PurePath(f"{name}.py"), PurePath(name, "__init__.py")):
                if path in self.files:
                    return path
        return self.middle()

    def write(self, directory: Path) -> None:
        """Make it a project of its own."""
        for path, data in self.files.items():
            target = directory / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        (directory / "pyproject.toml").write_text("[tool.pyconcepts-lint]\n", encoding="utf-8")


def load(directory: Path | None) -> Corpus:
    """The corpus in a directory; the running Python's standard library for None.

    Raises ValueError where there is nothing to measure on.
    """
    if directory is None:
        name = f"the standard library of {PYTHON}"
        root = Path(sysconfig.get_path("stdlib"))
    else:
        name, root = "a directory of its own (`--corpus`)", directory
    files: dict[PurePath, bytes] = {}
    for path in sorted(root.rglob("*.py")):
        inside = path.relative_to(root)
        if path.is_file() and not any(
            part in LEFT_OUT or part.startswith(".") for part in inside.parts[:-1]
        ):
            data = path.read_bytes()
            if _is_read(data):
                files[inside] = data
    if not files:
        raise ValueError(f"no Python files in {root}")
    return Corpus(name, files)


def _is_read(data: bytes) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(data)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True
