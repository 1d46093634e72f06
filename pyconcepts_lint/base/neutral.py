"""What comes from a project, made fit for a terminal and for the log of a CI service.

Names of files, settings and source may hold what moves a terminal's cursor, and what a service
takes for a command where it stands in a job's log: GitHub's `::error …` at the start of a line,
and `##[error]…`, `##vso[…]`, `##teamcity[…]` anywhere. All that this tool writes for people goes
through here, or is quoted as its format quotes it.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress

from .lazy import lazy_pattern

COMMAND = lazy_pattern(r"#(?=#\w*\[)")
"""The sign that makes a command of what follows it in a line."""


def neutral(text: str) -> str:
    """A text as a line of its own, in which nothing is a command."""
    return line_start(escaped(text))


def escaped(text: str) -> str:
    """A text on one line; what can't be shown, or would make a command of it, is escaped."""
    if is_plain(text):
        return text
    return "".join(map(visible, COMMAND.sub(r"\\x23", text)))


def is_plain(text: str) -> bool:
    """Is it shown as it is, wherever in a line it stands?"""
    return text.isascii() and text.isprintable() and "##" not in text


def visible(character: str) -> str:
    """A character as it is shown; an escape for what isn't printed, or not seen."""
    if character.isprintable():
        return character
    import unicodedata

    if unicodedata.category(character) == "Zs":
        return character
    return ascii(character)[1:-1]


def line_start(line: str) -> str:
    """A line that starts with no command."""
    if line.lstrip().startswith("::"):
        return line.replace(":", r"\x3a", 1)
    return line


def json_text(text: str) -> str:
    """JSON that says the same, and in which nothing is a command."""
    return COMMAND.sub(r"\\u0023", text) if "##" in text else text


def ask(question: str) -> None:
    """Put a question on standard error, for an answer behind it."""
    print(neutral(question), end=" ", file=sys.stderr, flush=True)


def tell(text: str) -> None:
    """Say one line on standard error, if that can be written: there is no other place to say so."""
    if sys.stderr is None:
        return
    try:
        print(neutral(text), file=sys.stderr, flush=True)
    except OSError:
        # Nothing of it may be flushed when the process ends, which would be another exit code.
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
