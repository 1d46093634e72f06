"""Carries out what a page of the docs shows, and gives the page with what really comes out.

    python tests/docs/shown.py      writes the outputs into the pages

In the order of the page, in one directory:

- a `python` or `toml` block whose first line is a comment with a path is written to that file;
- an `output` block is what the last such Python file prints, with the last line of the traceback;
- a `console` block holds commands, each behind `$ `, and what they show on a terminal of 80
  columns: standard output, then standard error.
"""

from __future__ import annotations

import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("index", "tutorial", "fixes", "reports", "show")
STARTS_WITH = {"tutorial": DOCS / "sample", "reports": DOCS / "sample"}

FENCE = re.compile(r"^```(python|output|toml|console)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"# (\S+\.(?:py|toml))\n")
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def carried_out(page: str, directory: Path) -> str:
    """The text of a page, with the outputs that its programs and commands have now.

    `directory` is where they run; it may hold files already, and gets those of the page.
    """
    program = ""

    def replacement(fence: re.Match[str]) -> str:
        nonlocal program
        language, text = fence.groups()
        named = NAMED.match(text)
        if language == "console":
            text = "".join(
                f"$ {command}\n{_on_terminal(command, directory)}"
                for command in re.findall(r"^\$ (.*)\n", text, re.MULTILINE)
            )
        elif language == "output":
            text = _output(program, directory)
        elif named:
            (directory / named[1]).write_text(text, encoding="utf-8")
            program = named[1]
        return f"```{language}\n{text}```"

    return FENCE.sub(replacement, (DOCS / f"{page}.md").read_text(encoding="utf-8"))


def _output(program: str, directory: Path) -> str:
    command = [sys.executable, "-B", program]
    run = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=60)
    return run.stdout + "".join(run.stderr.splitlines(keepends=True)[-1:])


def _on_terminal(command: str, directory: Path) -> str:
    scripts = os.path.dirname(sys.executable)
    without = ("COLUMNS", "FORCE_COLOR", "CI")
    env = {name: value for name, value in os.environ.items() if name not in without}
    env |= {
        "PATH": f"{scripts}{os.pathsep}{env['PATH']}",
        "COLUMNS": "80",
        "NO_COLOR": "1",
        "TERM": "xterm",
        "PYTHONIOENCODING": "utf-8",
    }
    ours, theirs = pty.openpty()
    # A progress bar comes and goes on a terminal's standard error: so that is none.
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            ["bash", "-c", command],
            stdin=theirs,
            stdout=theirs,
            stderr=errors,
            cwd=directory,
            env=env,
        )
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 65536):
                shown += piece
        except OSError:  # Linux's way to say that the other end is closed
            pass
        os.close(ours)
        process.wait(60)
        errors.seek(0)
        shown += errors.read()
    lines = ESCAPE.sub("", shown.decode().replace("\r\n", "\n")).splitlines()
    return "".join(f"{line.rstrip()}\n" for line in lines)


def start(page: str, directory: Path) -> None:
    """Put into a directory what has to be there for a page's commands."""
    if page in STARTS_WITH:
        ignored = shutil.ignore_patterns(".pyconcepts_cache", "__pycache__")
        shutil.copytree(STARTS_WITH[page], directory, dirs_exist_ok=True, ignore=ignored)


def main() -> None:
    for page in PAGES:
        with tempfile.TemporaryDirectory() as name:
            start(page, Path(name))
            text = carried_out(page, Path(name))
        (DOCS / f"{page}.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
