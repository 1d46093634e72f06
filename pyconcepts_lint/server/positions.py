"""Places in a text, as editors count them: from 0, in code units of UTF-16 or what was agreed on."""

from __future__ import annotations

import io

from ..base.typed import NamedTuple

UTF8, UTF16, UTF32 = "utf-8", "utf-16", "utf-32"
BOM = "\ufeff"


class Place(NamedTuple):
    """A line and a character of it, as the protocol counts them."""

    line: int
    character: int


class Text:
    """A text as an editor has it.

    Args:
        text: all of it; a byte order mark that stands before it is a character for the editor only.
        encoding: what characters are counted in.
    """

    def __init__(self, text: str, encoding: str = UTF16) -> None:
        self.text = text
        self.encoding = encoding
        self.lines = list(io.StringIO(text, newline=""))
        self._shift = 1 if text.startswith(BOM) else 0

    @property
    def end(self) -> Place:
        """The place behind the last character."""
        if not self.lines or self.lines[-1].endswith(("\n", "\r")):
            return Place(len(self.lines), 0)
        return Place(len(self.lines) - 1, self._units(self.lines[-1]))

    def to_place(self, line: int, column: int) -> Place:
        """A 1-based line and column, in characters. What lies outside is moved to the nearest end."""
        if line < 1:
            return Place(0, 0)
        if line > len(self.lines):
            return self.end
        whole = self.lines[line - 1]
        content = whole.rstrip("\r\n")
        number = max(column - 1, 0) + (self._shift if line == 1 else 0)
        if number >= len(whole) and len(whole) > len(content):
            return Place(line, 0)  # behind the line's end the next one starts
        return Place(line - 1, self._units(content[:number]))

    def from_place(self, place: Place) -> tuple[int, int]:
        """The 1-based line and column of a place; one inside of a character is moved before it."""
        if place.line >= len(self.lines):
            return place.line + 1, 1
        content = self.lines[place.line].rstrip("\r\n")
        if content.isascii() or self.encoding == UTF32:
            number = min(place.character, len(content))
        else:
            number, units = 0, 0
            for character in content:
                units += self._units(character)
                if units > place.character:
                    break
                number += 1
        if place.line == 0:
            number = max(number - self._shift, 0)
        return place.line + 1, number + 1

    def replaced(self, start: Place, end: Place, new: str) -> str:
        """The text with a range of it replaced."""
        first, last = self._offset(start), self._offset(end)
        return self.text[:first] + new + self.text[max(first, last) :]

    def _offset(self, place: Place) -> int:
        line, column = self.from_place(place)
        if line > len(self.lines):
            return len(self.text)
        shift = self._shift if line == 1 and place.character else 0
        return sum(map(len, self.lines[: line - 1])) + column - 1 + shift

    def _units(self, text: str) -> int:
        if text.isascii() or self.encoding == UTF32:
            return len(text)
        if self.encoding == UTF8:
            return len(text.encode("utf-8", "surrogatepass"))
        return len(text) + sum(character > "\uffff" for character in text)
