"""Jupyter notebooks: the program that the code cells of an `.ipynb` file make, and the way back.

The program has the lines of all code cells, in their order, with the columns that they have there;
before each cell stands a comment, its marker. What IPython reads otherwise than Python is masked
(see `ipython`), each line with a text that nothing else in the program has, and is never changed.

The way back replaces the pieces of the file's text that hold changed lines of cells, and no other
character: outputs, metadata, indentation, and escapes in other lines stay what they are.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence
from difflib import SequenceMatcher
from functools import cached_property
from itertools import count
from keyword import iskeyword

from ..base.lazy import lazy_pattern
from ..base.typed import TYPE_CHECKING, NamedTuple
from .ipython import ANYTHING, SOMETHING, Masked, masked

if TYPE_CHECKING:
    from typing import Any

FORMAT = 4
"""The major version of the notebook format (https://nbformat.readthedocs.io) that is read."""

_PYTHON = lazy_pattern(r"(?i)i?python[\d.]*|sage(?:math)?")
_SPACE = lazy_pattern(r"[ \t\n\r]*")
_LINE = lazy_pattern(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
_LINE_END = lazy_pattern(r"\r\n?|\n")
_UNIT = lazy_pattern(r"(?s)\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u....|\\.|.")
"""What JSON writes for one character."""
_INDENTED = "if True:  "
"""Stands on the marker of an indented cell."""
_BROKEN = f"{ANYTHING}; "
_NAME = lazy_pattern(r"[^\W\d]\w*")
_NO_SOURCE = lazy_pattern("[\0\ud800-\udfff]")


class NotebookError(Exception):
    """A file that is no notebook that can be read, or a change of one that can't be made.

    `message` is a sentence without the path; `offset` is an index in the text of the file.
    """

    def __init__(self, message: str, offset: int = 0) -> None:
        super().__init__(message, offset)
        self.message = message
        self.offset = offset


class _Piece(NamedTuple):
    """A part of a cell's source: what it says, and where the file says it, without the quotes."""

    text: str
    start: int
    end: int


class _Found(NamedTuple):
    """The source of a code cell in the file; `quotes` are around each of its pieces, if it is a
    list of them."""

    number: int
    pieces: tuple[_Piece, ...]
    is_list: bool
    start: int
    end: int
    expects_errors: bool

    @property
    def text(self) -> str:
        return "".join([piece.text for piece in self.pieces])


class Cell(NamedTuple):
    """A code cell.

    `number` counts all cells of the notebook from 1. `marker` stands on the line of the program
    before its `first` one. `lines` are the cell's own, with their line ends; `read` tells what
    stands for some of them in the program. `found` is where the file has it.
    """

    number: int
    marker: str
    first: int
    lines: tuple[str, ...]
    read: Masked
    found: _Found

    @property
    def masks(self) -> dict[int, str]:
        return self.read.masks

    @property
    def text(self) -> str:
        return "".join(self.lines)


class Notebook:
    """A notebook as a program.

    Args:
        raw: the text of the file.

    Attributes:
        raw: the text of the file.
        text: the program.
        cells: the code cells in it.
        language: of the code, where that isn't Python; there are no cells then.

    Raises NotebookError.
    """

    def __init__(self, raw: str) -> None:
        self.raw = raw
        try:
            read = _File(raw)
        except RecursionError:
            raise NotebookError("it is no notebook: its JSON is nested too deeply") from None
        self.language = read.language
        self.cells: list[Cell] = []
        self.text = "" if self.language else self._program(read.cells)

    def _program(self, found: Sequence[_Found]) -> str:
        sign = "#:"
        while any(f"{sign} " in source.text for source in found):
            sign += ":"
        numbers = count(1)
        program: list[str] = []
        for source in found:
            lines = tuple(_LINE.findall(source.text))
            read = masked(lines, lambda: f"{sign} {next(numbers)}")
            if read is None:
                continue
            marker = f"{_INDENTED if read.is_indented else ''}{sign} cell {source.number}"
            program.append(f"{marker}\n")
            first = len(program) + 1
            self.cells.append(Cell(source.number, marker, first, lines, read, source))
            program += (read.masks.get(n, line) for n, line in enumerate(lines))
            if not _ends_line(program[-1]):
                program[-1] += "\n"
        return "".join(program)

    def without(self, numbers: Collection[int]) -> str:
        """The program with some cells masked: they may bind any name, and those that stand in them
        are something unknown."""
        program = list(_LINE.findall(self.text))
        for cell in self.cells:
            if cell.number in numbers:
                # What is indented is the body of the marker's statement.
                program[cell.first - 2] = cell.marker.removeprefix(_INDENTED) + "\n"
                lines = range(cell.first - 1, cell.first - 1 + len(cell.lines))
                program[lines.start : lines.stop] = ["\n"] * len(lines)
                names = dict.fromkeys(_NAME.findall(cell.text))
                bound = "".join(f"{name} = " for name in names if not iskeyword(name))
                program[lines.start] = f"{_BROKEN}{bound}{SOMETHING}\n"
        return "".join(program)

    @staticmethod
    def stands_for_cell(line: str) -> bool:
        """Is a line what stands for a whole cell in `without`?"""
        return line.startswith(_BROKEN)

    # Places

    @cached_property
    def _firsts(self) -> list[int]:
        return [cell.first for cell in self.cells]

    def cell_at(self, line: int) -> Cell | None:
        """The cell that a line of the program is in, or whose marker it is."""
        if not self.cells:
            return None
        return self.cells[max(bisect_right(self._firsts, line + 1) - 1, 0)]

    def cell(self, number: int) -> Cell | None:
        """The cell with a number; None where the program has none."""
        return next((cell for cell in self.cells if cell.number == number), None)

    def range_in_cell(
        self, start: tuple[int, int], end: tuple[int, int]
    ) -> tuple[int, int, int, int, int]:
        """Cell, line, column, end line and end column for two places of the program; 0 as a cell
        where there is none.

        What is inserted at a marker belongs to the end of the cell before it.
        """
        cell = self.cell_at(start[0])
        if cell is None:
            return 0, *start, *end
        if start == end and start[0] < cell.first and cell is not self.cells[0]:
            cell = self.cells[self.cells.index(cell) - 1]
        last = len(cell.lines) + 1
        places = (
            (1, 1) if line < cell.first else (min(line - cell.first + 1, last), column)
            for line, column in (start, end)
        )
        return cell.number, *next(places), *next(places)

    def place_in_file(self, line: int, column: int) -> tuple[int, int]:
        """The line and column of the file at which it writes a place of the program."""
        cell = self.cell_at(line)
        if cell is None:
            return 1, 1
        index = min(max(line - cell.first, 0), len(cell.lines))
        offset = sum(map(len, cell.lines[:index]))
        if index < len(cell.lines):
            offset += min(column - 1, len(cell.lines[index].rstrip("\r\n")))
        return self.position(self._offset_in_file(cell.found, offset))

    def _offset_in_file(self, found: _Found, offset: int) -> int:
        """Where the file writes a character of a cell."""
        for piece in found.pieces:
            if offset < len(piece.text) or (
                piece is found.pieces[-1] and offset == len(piece.text)
            ):
                return piece.start + sum(map(len, self._units(piece)[:offset]))
            offset -= len(piece.text)
        return found.start

    def _units(self, piece: _Piece) -> list[str]:
        """What the file writes for each character of a piece."""
        return _UNIT.findall(self.raw, piece.start, piece.end)

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_END.finditer(self.raw))]

    def position(self, offset: int) -> tuple[int, int]:
        """The 1-based line and column of an index in the text of the file."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def lines_written_on(self, lines: Iterable[int]) -> frozenset[int]:
        """The lines of the program that are written on some lines of the file."""
        wanted = frozenset(lines)
        return frozenset(
            line
            for cell in self.cells
            for line in range(cell.first, cell.first + len(cell.lines))
            if self.place_in_file(line, 1)[0] in wanted
        )

    # What is asked about places

    def ends_cell(self, line: int) -> bool:
        """Is a line of the program the last one with code in its cell?"""
        cell = self.cell_at(line)
        return cell is not None and line == cell.first + cell.read.last_code

    def opens_cell(self, line: int) -> bool:
        """Is a line of the program the marker of a cell?"""
        cell = self.cell_at(line)
        return cell is not None and line < cell.first

    def expects_errors(self, line: int) -> bool:
        """Does the cell of a line have the tag `raises-exception`?"""
        cell = self.cell_at(line)
        return cell is not None and cell.found.expects_errors

    def may_edit(self, start: tuple[int, int], end: tuple[int, int]) -> bool:
        """Can other text be put between two places of the program?

        It can't where that touches a marker or a masked line, or comes before a `%%magic`.
        """
        cell = self.cell_at(start[0])
        if cell is None:
            return False
        if start == end and end[1] == 1:
            # Before a marker is at the end of the cell before, for all but the first one.
            is_before = start[0] < cell.first and cell is not self.cells[0]
            return is_before or not cell.read.starts_with_magic or start[0] > cell.first
        last = end[0] if end[1] > 1 or start[0] == end[0] else end[0] - 1
        return all(self._is_free(line) for line in range(start[0], last + 1))

    def _is_free(self, line: int) -> bool:
        cell = self.cell_at(line)
        return cell is not None and line >= cell.first and line - cell.first not in cell.masks

    # The way back

    def changed(self, program: str) -> str:
        """The text of the file for another program. Raises NotebookError."""
        parts = self._parts(program)
        edits: list[tuple[int, int, str]] = []
        for cell, new in zip(self.cells, parts, strict=True):
            if new != cell.text:
                edits += self._edits(cell.found, new)
        written: list[str] = []
        end = 0
        for start, stop, new in sorted(edits):
            written += [self.raw[end:start], new]
            end = stop
        raw = "".join([*written, self.raw[end:]])
        if [cell.text for cell in Notebook(raw).cells] != parts:
            raise NotebookError("the cells would not be read back as they are to be")
        return raw

    def _parts(self, program: str) -> list[str]:
        """What each cell says in another program."""
        parts: list[list[str]] = [[] for _ in self.cells]
        at = -1
        for line in _LINE.findall(program):
            if at + 1 < len(parts) and line.rstrip("\r\n") == self.cells[at + 1].marker:
                at += 1
            else:
                parts[max(at, 0)].append(line)
        if at + 1 != len(parts):
            raise NotebookError("more than one cell would be changed at one place")
        return [_without_masks(cell, lines) for cell, lines in zip(self.cells, parts, strict=True)]

    def _edits(self, found: _Found, new: str) -> list[tuple[int, int, str]]:
        """What changes the source of a cell in the text of the file."""
        pieces, quote = found.pieces, '"' if found.is_list else ""
        if not pieces:
            written = ", ".join(f'"{self._json(line)}"' for line in _split(new, found.is_list))
            return [(found.start, found.end, f"[{written}]")]
        between = self._between(found)
        lines = _split(new, found.is_list)
        edits: list[tuple[int, int, str]] = []
        old = [piece.text for piece in pieces]
        for kind, i, j, first, last in SequenceMatcher(None, old, lines, False).get_opcodes():
            if kind == "equal":
                continue
            own = pieces[i:j]
            written = between.join(
                self._like(own[n], line) if n < len(own) else self._json(line)
                for n, line in enumerate(lines[first:last])
            )
            if kind == "replace":
                edits.append((own[0].start, own[-1].end, written))
            elif kind == "insert" and i < len(pieces):
                edits.append((pieces[i].start, pieces[i].start, written + between))
            elif kind == "insert":
                edits.append((pieces[-1].end, pieces[-1].end, between + written))
            elif j < len(pieces):
                edits.append((own[0].start, pieces[j].start, ""))
            elif i:
                edits.append((pieces[i - 1].end, own[-1].end, ""))
            else:
                edits.append((own[0].start - len(quote), own[-1].end + len(quote), quote * 2))
        return edits

    def _between(self, found: _Found) -> str:
        """What stands between two pieces, with the quotes around them."""
        pieces = found.pieces
        if not found.is_list:
            return ""
        if len(pieces) > 1:
            return self.raw[pieces[0].end : pieces[1].start]
        indent = self.raw[found.start + 1 : pieces[0].start - 1]
        return f'",{indent or " "}"'

    @cached_property
    def _escapes(self) -> bool:
        return self.raw.isascii() and "\\u" in self.raw

    def _json(self, text: str) -> str:
        return json.dumps(text, ensure_ascii=self._escapes)[1:-1]

    def _like(self, piece: _Piece, text: str) -> str:
        """A text as the file writes it, where what is left of a piece is written as it was."""
        old, units = piece.text, self._units(piece)
        room = min(len(old), len(text))
        before = next((n for n in range(room) if old[n] != text[n]), room)
        room -= before
        after = next((n for n in range(room) if old[-1 - n] != text[-1 - n]), room)
        middle = self._json(text[before : len(text) - after])
        return "".join([*units[:before], middle, *units[len(units) - after :]])


def _ends_line(text: str) -> bool:
    return text.endswith(("\n", "\r"))


def _without_masks(cell: Cell, lines: Iterable[str]) -> str:
    """The text of a cell for the lines of the program that are its."""
    masks = {mask.rstrip("\r\n"): index for index, mask in cell.masks.items()}
    restored: list[str] = []
    found: list[int] = []
    for line in lines:
        bare = line.rstrip("\r\n")
        index = masks.get(bare)
        if index is not None:
            found.append(index)
            line = cell.lines[index].rstrip("\r\n") + line[len(bare) :]
        restored.append(line)
    if found != sorted(masks.values()):
        raise NotebookError("a line that only IPython reads would be changed")
    text = "".join(restored)
    if not _ends_line(cell.text):
        bare = text.rstrip("\r\n")
        end = text[len(bare) :]
        text = bare + end[: len(end) - (2 if end.endswith("\r\n") else 1)] if end else text
    return text


def _split(text: str, is_list: bool) -> list[str]:
    """A text in pieces: as the notebook format does it in a list, or by line ends."""
    return text.splitlines(keepends=True) if is_list else _LINE.findall(text)


class _File:
    """What is read in the JSON of a notebook. Raises NotebookError, RecursionError."""

    def __init__(self, raw: str) -> None:
        self._raw = raw
        self._skip = json.JSONDecoder().raw_decode
        self.cells: list[_Found] = []
        self._format: object = None
        self._metadata: object = None
        self._has_cells = False
        if not raw.strip():
            raise NotebookError("it is no notebook: it is empty")
        start = self._blank(0)
        if raw[start] != "{":
            self._value(start)
            raise NotebookError("it is no notebook: its JSON is no object", start)
        end = self._blank(self._object(start, self._top))
        if end < len(raw):
            raise NotebookError("it is no notebook: something stands behind its JSON", end)
        self._check()
        self.language = self._language()

    def _check(self) -> None:
        if not isinstance(self._format, int):
            raise NotebookError("it is no notebook: its JSON says no `nbformat`")
        if self._format != FORMAT:
            hint = "; `jupyter nbconvert --to notebook --inplace` converts it"
            message = f"it is a notebook of format {self._format}, and only format 4 is read"
            raise NotebookError(message + (hint if self._format < FORMAT else ""))
        if not self._has_cells:
            raise NotebookError("it is no notebook: its JSON has no `cells`")
        for cell in self.cells:
            for piece in cell.pieces:
                odd = _NO_SOURCE.search(piece.text)
                if odd:
                    what = "a NUL" if odd[0] == "\0" else "half of a surrogate pair"
                    message = f"cell {cell.number} contains {what}, which Python source cannot"
                    raise NotebookError(message, piece.start)

    def _language(self) -> str:
        """What language the notebook says its code is in; "" for Python."""
        metadata = self._metadata if isinstance(self._metadata, dict) else {}
        for key, name in (("language_info", "name"), ("kernelspec", "language")):
            says = metadata.get(key)
            language = says.get(name) if isinstance(says, dict) else None
            if isinstance(language, str) and language.strip():
                return "" if _PYTHON.fullmatch(language.strip()) else language.strip()
        return ""

    # Its members

    def _top(self, key: str, start: int) -> int:
        if key == "cells" and self._raw[start] == "[":
            self._has_cells = True
            self.cells.clear()
            numbers = count(1)
            return self._array(start, lambda place: self._cell(next(numbers), place))
        value, end = self._value(start)
        if key == "nbformat":
            self._format = value
        elif key == "metadata":
            self._metadata = value
        return end

    def _cell(self, number: int, start: int) -> int:
        if self._raw[start] != "{":
            self._value(start)
            raise NotebookError(f"it is no notebook: its cell {number} is no object", start)
        members: dict[str, Any] = {}
        source: list[_Found] = []

        def member(key: str, place: int) -> int:
            if key == "source":
                found = self._source(number, place)
                source[:] = [found]
                return found.end
            members[key], end = self._value(place)
            return end

        end = self._object(start, member)
        if members.get("cell_type") != "code":
            return end
        if not source:
            raise NotebookError(f"it is no notebook: its cell {number} has no `source`", start)
        metadata = members.get("metadata")
        if _is_in_python(metadata):
            self.cells.append(source[0]._replace(expects_errors=_expects_errors(metadata)))
        return end

    def _source(self, number: int, start: int) -> _Found:
        if self._raw[start] == '"':
            text, end = self._value(start)
            place = start + 1
            pieces: list[_Piece] = []
            for line in _LINE.findall(text):
                units = self._units_of(len(line), place)
                pieces.append(_Piece(line, place, units))
                place = units
            if not pieces:
                pieces.append(_Piece("", start + 1, start + 1))
            return _Found(number, tuple(pieces), False, start, end, False)
        pieces = []

        def item(place: int) -> int:
            text, end = self._value(place)
            if not isinstance(text, str):
                raise NotebookError(f"it is no notebook: cell {number} is no text", place)
            pieces.append(_Piece(text, place + 1, end - 1))
            return end

        if self._raw[start] != "[":
            self._value(start)
            raise NotebookError(f"it is no notebook: cell {number} is no text", start)
        end = self._array(start, item)
        return _Found(number, tuple(pieces), True, start, end, False)

    def _units_of(self, length: int, start: int) -> int:
        """Where so many characters of a string end."""
        for _ in range(length):
            unit = _UNIT.match(self._raw, start)
            assert unit
            start = unit.end()
        return start

    # JSON

    def _blank(self, start: int) -> int:
        found = _SPACE.match(self._raw, start)
        assert found
        return found.end()

    def _value(self, start: int) -> tuple[Any, int]:
        try:
            return self._skip(self._raw, start)
        except json.JSONDecodeError as error:
            raise self._broken(error.msg, error.pos) from None

    def _broken(self, what: str, place: int) -> NotebookError:
        return NotebookError(f"it is no notebook: its JSON is broken ({what})", place)

    def _object(self, start: int, member: Callable[[str, int], int]) -> int:
        def item(place: int) -> int:
            if self._raw[place : place + 1] != '"':
                raise self._broken("Expecting property name enclosed in double quotes", place)
            key, end = self._value(place)
            colon = self._blank(end)
            if self._raw[colon : colon + 1] != ":":
                raise self._broken("Expecting ':' delimiter", colon)
            return member(key, self._before_value(colon + 1))

        return self._items(start, "}", item)

    def _array(self, start: int, item: Callable[[int], int]) -> int:
        return self._items(start, "]", lambda place: item(self._before_value(place)))

    def _before_value(self, start: int) -> int:
        place = self._blank(start)
        if place == len(self._raw):
            raise self._broken("Expecting value", place)
        return place

    def _items(self, start: int, closing: str, item: Callable[[int], int]) -> int:
        place = self._blank(start + 1)
        if self._raw[place : place + 1] == closing:
            return place + 1
        while True:
            place = self._blank(item(place))
            sign = self._raw[place : place + 1]
            if sign == closing:
                return place + 1
            if sign != ",":
                raise self._broken("Expecting ',' delimiter", place)
            place = self._blank(place + 1)


def _is_in_python(metadata: object) -> bool:
    """Does a cell say of no other language that it is in it, as editors for several do?"""
    for key, name in (("vscode", "languageId"), ("polyglot_notebook", "kernelName")):
        says = metadata.get(key) if isinstance(metadata, dict) else None
        language = says.get(name) if isinstance(says, dict) else None
        if isinstance(language, str) and not _PYTHON.fullmatch(language):
            return False
    return True


def _expects_errors(metadata: object) -> bool:
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    return isinstance(tags, list) and "raises-exception" in tags
