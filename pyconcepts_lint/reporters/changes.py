"""What a fix changes, line by line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from ..base.finding import Edit, Fix
from ..base.typed import NamedTuple
from ..running import fixer
from ..source.text import Source

_LINE_END = re.compile(r"\r\n?|\n")


class Hunk(NamedTuple):
    """Lines that give way to others, without their line ends.

    `path` is the file; `line` is the 1-based number of the first old line (where there is none,
    of the line before which the new ones go), `new_line` that of the first new one. `creates`:
    there is no such file before.
    """

    path: str
    line: int
    new_line: int
    old: list[str]
    new: list[str]
    creates: bool = False


def hunks(fix: Fix, read: Callable[[str], Source | None]) -> Iterator[Hunk]:
    """The changes of a fix, file by file in the order of its edits.

    `read` gives a file as it is before them, None where there is none yet.
    """
    for path in dict.fromkeys(edit.path for edit in fix.edits):
        edits = sorted(
            (edit for edit in fix.edits if edit.path == path),
            key=lambda edit: (edit.start, edit.end),
        )
        source = read(path)
        if source is not None:
            yield from _changes(source, edits)
        else:
            new = _lines("".join(edit.new_text for edit in edits))
            yield Hunk(path, 1, 1, [], new, creates=True)


def _changes(source: Source, edits: list[Edit]) -> Iterator[Hunk]:
    more = 0
    for group in _groups(edits):
        first, last = group[0].start_line, max(edit.end_line for edit in group)
        text = "".join(source.lines[first - 1 : last])
        moved = [
            edit._replace(
                start_line=edit.start_line - first + 1, end_line=edit.end_line - first + 1
            )
            for edit in group
        ]
        try:
            part = Source(source.path, b"", text, source.encoding, False)
            old, new = _lines(text), _lines(fixer.apply(part, moved))
        except ValueError:
            return  # the file is no longer what was looked at
        same = 0
        while same < min(len(old), len(new)) and old[same] == new[same]:
            same += 1
        end = 0
        while end < min(len(old), len(new)) - same and old[-1 - end] == new[-1 - end]:
            end += 1
        old, new = old[same : len(old) - end], new[same : len(new) - end]
        if old or new:
            yield Hunk(source.path, first + same, first + same + more, old, new)
        more += len(new) - len(old)


def _groups(edits: list[Edit]) -> Iterator[list[Edit]]:
    """Edits that share lines belong together."""
    group: list[Edit] = []
    for edit in edits:
        if group and edit.start_line > max(other.end_line for other in group):
            yield group
            group = []
        group.append(edit)
    yield group


def _lines(text: str) -> list[str]:
    lines = _LINE_END.split(text)
    return lines if lines[-1] else lines[:-1]
