"""Runs the examples of pages, to compare what they do with what the page says."""

from __future__ import annotations

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from pyconcepts_lint import pages


@cache
def python2() -> str | None:
    """A Python 2.7 that works, if there is one."""
    path = shutil.which("python2.7")
    if path is None or subprocess.run([path, "-c", ""], capture_output=True).returncode:
        return None
    return path


def run(program: pages.Program, directory: Path) -> None:
    """Run an example in a directory that is made for it."""
    interpreter = sys.executable if program.language == "python" else python2()
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
    assert program.is_confirmed(done.returncode, done.stdout, done.stderr), (
        f"the page says:\n{program.output}\nPython says:\n{done.stdout}\n{done.stderr}"
    )
