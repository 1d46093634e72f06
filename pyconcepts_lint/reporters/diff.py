"""What fixes change, as one patch: `patch -p0` and `git apply -p0` take it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from difflib import diff_bytes, unified_diff

from ..base.typed import TYPE_CHECKING
from . import Style
from .columns import one_line
from .drawing import Piece, draw

if TYPE_CHECKING:
    from typing import TextIO

Changed = Mapping[str, tuple[bytes | None, bytes]]

_LINE = re.compile(rb"[^\n]*\n|[^\n]+")
_ODD_IN_NAMES = re.compile(rb'[\x00-\x1f\x7f"\\]')
_ESCAPES = {
    b'"': rb"\"",
    b"\\": rb"\\",
    b"\a": rb"\a",
    b"\b": rb"\b",
    b"\t": rb"\t",
    b"\n": rb"\n",
    b"\v": rb"\v",
    b"\f": rb"\f",
    b"\r": rb"\r",
}
_COLORS = {"+": "green", "-": "red", "@": "cyan"}


def write(changed: Changed, out: TextIO, style: Style) -> None:
    """Write the differences.

    Where they are neither coloured nor go to a terminal, the bytes of the files are kept: their
    encodings and line ends may differ.

    Args:
        changed: path → (bytes before, or None for a new file, bytes after).
        out: where to; flushed, then written to below its text layer where it has one.
        style: what paths are relative to, and whether to use colours.
    """
    lines = _lines(changed, style)
    if style.color or out.isatty():
        encoding = getattr(out, "encoding", None) or "utf-8"
        drawn = (_drawn(line.decode("utf-8", "replace"), encoding) for line in lines)
        draw(drawn, out, style.color)
    elif hasattr(out, "buffer"):
        out.flush()
        out.buffer.writelines(lines)
    else:
        out.writelines(line.decode("utf-8", "replace") for line in lines)


def _lines(changed: Changed, style: Style) -> Iterator[bytes]:
    """The lines with their ends; new files that are empty come last, for only git has a word
    for them, and it takes what follows as theirs."""
    for path, (before, after) in sorted(changed.items(), key=lambda item: (not item[1][1], item)):
        name = _quoted(os.fsencode(style.path(path)))
        if before is None and not after:
            yield b"diff --git %b %b\n" % (name, name)
            yield b"new file mode 100644\n"
            yield b"index 0000000..e69de29\n"
            continue
        marked = name + b"\t" if b" " in name and name[:1] != b'"' else name
        difference = diff_bytes(
            unified_diff,
            _LINE.findall(before or b""),
            _LINE.findall(after),
            b"/dev/null" if before is None else marked,
            marked,
        )
        for line in difference:
            if line.endswith(b"\n"):
                yield line
            else:
                yield line + b"\n"
                yield b"\\ No newline at end of file\n"


def _quoted(name: bytes) -> bytes:
    """A file's name as git writes it: what would end the line, or the name, is escaped."""
    if not _ODD_IN_NAMES.search(name):
        return name

    def escape(match: re.Match[bytes]) -> bytes:
        return _ESCAPES.get(match[0]) or b"\\%03o" % ord(match[0])

    return b'"%b"' % _ODD_IN_NAMES.sub(escape, name)


def _drawn(line: str, encoding: str) -> list[Piece]:
    style = "bold" if line.startswith(("--- ", "+++ ")) else _COLORS.get(line[0], "")
    return [(one_line(line.rstrip("\r\n"), encoding), style)]
