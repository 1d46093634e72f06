"""Small Python 2 programs of several files, with what Python 2.7 printed when it ran them.

    python tests/python2/recording.py

runs them all again with the `python2.7` that is on the path, and writes what they print into
`whole_programs.txt`.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

RECORDED = Path(__file__).with_name("whole_programs.txt")
_NAME, _FILE, _PRINTS = "==== ", "---- ", "---- prints\n"


class Program(NamedTuple):
    """A program: its files, of which `main.py` is started, and what it prints in Python 2.7."""

    name: str
    files: dict[str, str]
    prints: str

    def written_to(self, directory: Path) -> Path:
        """Write the files; gives the one to start."""
        for name, text in self.files.items():
            path = directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        return directory / "main.py"


def programs() -> Iterator[Program]:
    """All that are recorded, in their order."""
    _, *parts = re.split(f"^{_NAME}", RECORDED.read_text(encoding="utf-8"), flags=re.MULTILINE)
    for part in parts:
        name, _, rest = part.partition("\n")
        sources, _, prints = rest.partition(_PRINTS)
        files: dict[str, str] = {}
        for source in sources.split(_FILE)[1:]:
            path, _, text = source.partition("\n")
            files[path] = text
        yield Program(name, files, prints)


def output(python: str, main: Path) -> str:
    """What a program prints; it must print no error."""
    command = [python, "-B", "-W", "ignore", main.name]
    done = subprocess.run(command, cwd=main.parent, capture_output=True, text=True, timeout=60)
    assert done.stderr == "", done.stderr
    return done.stdout


def main() -> None:
    written = [RECORDED.read_text(encoding="utf-8").partition(_NAME)[0]]
    for program in programs():
        with tempfile.TemporaryDirectory() as directory:
            prints = output("python2.7", program.written_to(Path(directory)))
        written.append(f"{_NAME}{program.name}\n")
        written += [f"{_FILE}{path}\n{text}" for path, text in program.files.items()]
        written += [_PRINTS, prints]
    RECORDED.write_text("".join(written), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
