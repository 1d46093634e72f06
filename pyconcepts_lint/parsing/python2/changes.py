"""Small changes to a text, made by constructs that may stand inside one another."""

from __future__ import annotations

import sys
from bisect import bisect_left, insort
from itertools import count, groupby

from ...base.typed import NamedTuple
from .translation import Piece, TextEdit


class Moved(NamedTuple):
    """A range of the original text that a change puts elsewhere."""

    start: int
    end: int


# What a change writes: new text, or text from elsewhere.
Content = str | Moved


class _Change(NamedTuple):
    """A replacement in the original text; its first fields say where it comes in the order."""

    start: int
    end: int
    # At one place: what closes, the inner first; what opens, the outer first; what replaces.
    role: int
    turn: int
    owner: int
    contents: tuple[Content, ...]


_CLOSES, _OPENS, _REPLACES = range(3)


class Changes:
    """The changes that the constructs of a text make, each construct known by a number.

    The changes of inner constructs must come before those of the ones around them.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        # Sorted by their places.
        self._changes: list[_Change] = []
        self._count = count()
        self._group_of: dict[int, int] = {}

    def replace(self, owner: int, start: int, end: int, *contents: Content) -> None:
        """Write `contents` in the place of a range that isn't empty."""
        insort(self._changes, _Change(start, end, _REPLACES, next(self._count), owner, contents))

    def open(self, owner: int, place: int, *contents: Content) -> None:
        """Insert what belongs to the text that follows."""
        insort(self._changes, _Change(place, place, _OPENS, -next(self._count), owner, contents))

    def close(self, owner: int, place: int, *contents: Content) -> None:
        """Insert what belongs to the text before."""
        insort(self._changes, _Change(place, place, _CLOSES, next(self._count), owner, contents))

    def take(self, owner: int, start: int, end: int) -> tuple[Content, ...]:
        """The contents of a range, with the changes made inside, to be put elsewhere.

        The changes become the owner's, who has to replace the range.
        """
        # What closes at the start belongs to the text before, what opens at the end to that behind.
        first, last = (
            bisect_left(self._changes, _Change(place, place, _OPENS, -sys.maxsize, 0, ()))
            for place in (start, end)
        )
        inside = self._changes[first:last]
        del self._changes[first:last]
        contents: list[Content] = []
        for change in inside:
            contents += [Moved(start, change.start), *change.contents]
            start = change.end
            self.join(owner, change.owner)
        return (*contents, Moved(start, end))

    def join(self, owner: int, other: int) -> None:
        """Let two constructs share all their changes."""
        self._group_of.setdefault(owner, owner)
        self._group_of.setdefault(other, other)
        self._group_of[self._group(other)] = self._group(owner)

    def dropping(self, offsets: list[int]) -> set[int]:
        """The constructs whose changes leave something out that starts at one of the offsets."""
        moved = [
            content
            for change in self._changes
            for content in change.contents
            if isinstance(content, Moved)
        ]
        return {
            change.owner
            for change in self._changes
            for offset in offsets[
                bisect_left(offsets, change.start) : bisect_left(offsets, change.end)
            ]
            if not any(start <= offset < end for start, end in moved)
        }

    def edits(self) -> dict[int, tuple[TextEdit, ...]]:
        """The edits of each construct. Constructs that share a place share all their edits."""
        together = [list(changes) for _, changes in groupby(self._changes, _place)]
        for changes in together:
            for change in changes[1:]:
                self.join(changes[0].owner, change.owner)
        by_group: dict[int, list[TextEdit]] = {}
        for changes in together:
            start, end = _place(changes[0])
            text = "".join(
                self._render(content) for change in changes for content in change.contents
            )
            by_group.setdefault(self._group(changes[0].owner), []).append((start, end, text))
        return {
            owner: tuple(by_group[self._group(owner)])
            for owner in {*self._group_of, *(change.owner for change in self._changes)}
        }

    def result(self) -> tuple[str, tuple[Piece, ...]]:
        """The text with all changes made, and what each part of it stands for.

        Raises ValueError where changes overlap.
        """
        pieces: list[Piece] = []
        written: list[str] = []
        length = position = 0

        def write(text: str, start: int, end: int, copied: bool) -> None:
            nonlocal length
            pieces.append(Piece(length, length + len(text), start, end, copied))
            written.append(text)
            length += len(text)

        for change in self._changes:
            if change.start < position:
                raise ValueError("changes overlap")
            if change.start > position:
                write(self._text[position : change.start], position, change.start, True)
            for content in change.contents or ("",):
                if isinstance(content, Moved):
                    if content.start < content.end:
                        write(self._render(content), *content, True)
                else:
                    write(content, change.start, change.end, False)
            position = change.end
        if position < len(self._text) or not pieces:
            write(self._text[position:], position, len(self._text), True)
        return "".join(written), tuple(pieces)

    def _render(self, content: Content) -> str:
        return content if isinstance(content, str) else self._text[content.start : content.end]

    def _group(self, owner: int) -> int:
        while (group := self._group_of.get(owner, owner)) != owner:
            owner = group
        return owner


def _place(change: _Change) -> tuple[int, int]:
    return change.start, change.end
