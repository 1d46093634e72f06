"""What comes of reading a text as Python 2: its Python 3 text, and the way back."""

from __future__ import annotations

from bisect import bisect_right

from ...base.typed import NamedTuple

# (start, end, new text): a replacement in the original text; an empty range inserts.
TextEdit = tuple[int, int, str]


class Construct(NamedTuple):
    """One thing that Python 2 reads and Python 3 refuses, or reads as something else.

    `start` and `end` are offsets (characters) in the original text, the end exclusive.
    `edits` replace ranges of the original text, sorted, and must be made together; they are
    None where there is no local way to say the same in Python 3. Edits of different constructs
    never overlap, unless they are equal: constructs that can't be changed one without the other
    carry the same edits. `safe` is False where the meaning may change.
    """

    kind: str
    message: str
    start: int
    end: int
    fix_message: str
    edits: tuple[TextEdit, ...] | None
    safe: bool


class Piece(NamedTuple):
    """A run of the translated text, and the range of the original that it stands for.

    Both ends are exclusive. A copied piece is that range, character by character.
    """

    start: int
    end: int
    original_start: int
    original_end: int
    copied: bool


class Translation(NamedTuple):
    """A text that Python 2 reads.

    `text` is the original with the edits of all constructs made, and the running Python's
    `ast.parse` accepts it. A keyword of Python 3 that is used as a name, for which there are no
    edits, has in `text` another spelling of the same name: `spellings` are these and the
    keywords. `constructs` are sorted by their start.
    """

    text: str
    constructs: tuple[Construct, ...]
    pieces: tuple[Piece, ...]
    spellings: tuple[tuple[str, str], ...] = ()

    def spelled(self, code: str) -> str:
        """Some code of `text`, or words about it, as the original spells the names in it."""
        for spelling, name in self.spellings:
            code = code.replace(spelling, name)
        return code

    def to_original(self, offset: int) -> int:
        """The offset in the original text of what stands at an offset of `text`.

        Inside text that the translation wrote, it is where the text that it replaces starts.
        Raises ValueError where `text` has no such offset (its length counts as one).
        """
        piece = self.pieces[self._index(offset)]
        if offset >= piece.end:
            return piece.original_end
        return piece.original_start + (offset - piece.start if piece.copied else 0)

    def span_to_original(self, start: int, end: int) -> tuple[int, int]:
        """The range of the original text that a range of `text` stands for: where to report it.

        It is never empty unless the given one is. Raises ValueError as `to_original`.
        """
        first = self.to_original(start)
        if end <= start:
            return first, first
        piece = self.pieces[self._index(end - 1)]
        if piece.copied:
            return first, max(first, piece.original_start + end - piece.start)
        return first, max(first + 1, piece.original_end)

    def range_to_original(self, start: int, end: int) -> tuple[int, int] | None:
        """The range of the original text where an edit of this range of `text` does the same.

        None where the range touches what the translation wrote. Raises ValueError as
        `to_original`.
        """
        index = self._index(start)
        piece = self.pieces[index]
        if start == end == piece.start and index > 0:
            return self._insertion_to_original(self.pieces[index - 1], piece)
        if not piece.copied or end > piece.end:
            return None
        shift = piece.original_start - piece.start
        return start + shift, end + shift

    def _insertion_to_original(self, before: Piece, after: Piece) -> tuple[int, int] | None:
        """Between two pieces: beside a range that is replaced, but not where text is inserted, as
        either could come first."""
        written, place = (before, after.original_start)
        if after.copied == before.copied:
            return None
        if before.copied:
            written, place = after, before.original_end
        edges = (written.original_start, written.original_end)
        return (place, place) if edges[0] < edges[1] and place in edges else None

    def _index(self, offset: int) -> int:
        """Which is the last piece that starts at or before an offset of `text`."""
        if not 0 <= offset <= len(self.text):
            raise ValueError(f"the translation has no offset {offset}")
        return bisect_right(self.pieces, offset, key=lambda piece: piece.start) - 1
