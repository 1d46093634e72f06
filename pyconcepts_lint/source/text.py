"""Source files as Python reads them: bytes, encoding, lines and positions, and back to bytes.

What counts as the encoding follows CPython's own reading of PEP 263 (the "Encoding
declarations" section of the Language Reference), and what counts as a line follows its
tokenizer: a line ends with LF, CR LF or CR, and with nothing else.
"""

from __future__ import annotations

import codecs
import io
import os
from bisect import bisect_right
from itertools import accumulate

from ..base.cells import NOTEBOOK
from ..base.lazy import lazy_pattern
from ..base.regular import LARGEST_SOURCE, read_regular
from ..base.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from ..base.cells import InCell
    from .notebook import Notebook

BOM = codecs.BOM_UTF8

_BLANK_OR_COMMENT = lazy_pattern(rb"[ \t\f]*(?:[#\r\n]|\Z)")
_COOKIE = lazy_pattern(rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
# The names that CPython's tokenizer knows without a look-up, whatever follows a further hyphen.
_KNOWN_ENCODING = lazy_pattern(r"((?P<utf8>utf-8)|latin-1|iso-8859-1|iso-latin-1)(-.*)?")
_LINE = lazy_pattern(rb"[^\r\n]*(?:\r\n?|\n|\Z)")
_LINE_END = lazy_pattern(r"\r\n?|\n")


class SourceError(Exception):
    """A file that can't be read, decoded or encoded.

    `message` is a sentence without the path; `line` and `column` are 1-based.
    """

    def __init__(self, path: str, message: str, line: int = 1, column: int = 1) -> None:
        super().__init__(path, message, line, column)
        self.path = path
        self.message = message
        self.line = line
        self.column = column

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.message}"


class Source:
    """The text of one Python file, with what it takes to write it back as it was.

    `path` is absolute, or a name to show where the text came from no file. `data` is what
    the file holds; `text` is what it says, without byte order mark and with its line ends
    as they are. `encoding` names a codec that is known to exist. Of a `notebook`, `text` is the
    program that its cells make.
    """

    __slots__ = ("_lines", "_starts", "bom", "data", "encoding", "notebook", "path", "text")

    def __init__(
        self,
        path: str,
        data: bytes,
        text: str,
        encoding: str,
        bom: bool,
        notebook: Notebook | None = None,
    ) -> None:
        self.path = path
        self.data = data
        self.text = text
        self.encoding = encoding
        self.bom = bom
        self.notebook = notebook
        self._lines: list[str] | None = None
        self._starts: list[int] | None = None

    def __repr__(self) -> str:
        return f"<Source {self.path!r} {self.encoding}>"

    @classmethod
    def read(cls, path: str) -> Source:
        """Read the file at `path`.

        Raises SourceError where the file can't be read or is not text that Python would take.
        """
        path = os.path.abspath(path)
        try:
            data = read_regular(path, LARGEST_SOURCE)
        except OSError as error:
            raise SourceError(path, f"cannot read the file: {_reason(error)}") from None
        return cls.from_bytes(data, path)

    @classmethod
    def from_bytes(cls, data: bytes, path: str) -> Source:
        """Make a Source of what a file at `path` would hold; raises SourceError as `read`."""
        bom = data.startswith(BOM)
        body = data[len(BOM) :] if bom else data
        if path.endswith(NOTEBOOK):
            return cls._of_notebook(path, data, body, bom)
        if b"\0" in body:
            raise _nul_error(body, path)
        encoding, cookie_line = _encoding(body, bom, path)
        try:
            text = str(body, encoding)
        except UnicodeDecodeError as error:
            raise _decode_error(error, body, encoding, cookie_line, path) from None
        except (LookupError, ValueError) as error:
            # `undefined` and `idna` raise a bare UnicodeError, `rot13` a LookupError.
            message = f"cannot decode the file as {encoding}: {error}"
            raise SourceError(path, message, cookie_line or 1) from None
        return cls(path, data, text, encoding, bom)

    @classmethod
    def _of_notebook(cls, path: str, data: bytes, body: bytes, bom: bool) -> Source:
        from .notebook import Notebook, NotebookError

        try:
            raw = body.decode("utf-8")
        except UnicodeDecodeError as error:
            raise _decode_error(error, body, "utf-8", None, path) from None
        try:
            notebook = Notebook(raw)
        except NotebookError as error:
            place = _end_position(raw[: error.offset])
            raise SourceError(path, error.message, *place) from None
        return cls(path, data, notebook.text, "utf-8", bom, notebook)

    @classmethod
    def from_text(cls, text: str, path: str) -> Source:
        """Make a Source of decoded text, as an editor hands it over.

        A leading U+FEFF is taken as the byte order mark. Raises SourceError where the text
        can't be encoded in the encoding it declares, or declares none that exists.
        """
        bom = text.startswith("\ufeff")
        if bom:
            text = text[1:]
        if "\0" in text:
            raise _nul_error(text.encode("utf-8", "replace"), path)
        encoding, _ = _encoding(text.encode("utf-8", "replace"), bom, path)
        source = cls(path, b"", text, encoding, bom)
        source.data = (BOM if bom else b"") + source._encoded(text)
        return source

    @property
    def newline(self) -> str:
        """The first line end in the file, LF where it has none."""
        match = _LINE_END.search(self.text)
        return match.group() if match else "\n"

    @property
    def lines(self) -> list[str]:
        """The lines, each with its line end."""
        if self._lines is None:
            # Unlike str.splitlines, this ends lines only where Python's tokenizer does.
            self._lines = list(io.StringIO(self.text, newline=""))
        return self._lines

    @property
    def line_count(self) -> int:
        """The number of lines; an empty one behind the last line end doesn't count."""
        return len(self.lines)

    def line(self, n: int) -> str:
        """Line `n` (1-based) without its line end; empty where the file has no such line."""
        if not 1 <= n <= len(self.lines):
            return ""
        return self.lines[n - 1].rstrip("\r\n")

    def offset(self, line: int, column: int) -> int:
        """The index in `text` of a 1-based line and column (in characters).

        The place right after a line, its line end included, counts as part of it; the line
        after the last line end exists and is empty. Raises ValueError for any other place.
        """
        starts = self._line_starts()
        if not 1 <= line <= len(starts):
            raise ValueError(f"{self.path} has no line {line}")
        offset = starts[line - 1] + column - 1
        end = starts[line] if line < len(starts) else len(self.text)
        if column < 1 or offset > end:
            raise ValueError(f"{self.path} has no column {column} in line {line}")
        return offset

    def position(self, offset: int) -> tuple[int, int]:
        """The 1-based line and column (in characters) of an index in `text`.

        Raises ValueError where the text has no such index; its length counts as one.
        """
        if not 0 <= offset <= len(self.text):
            raise ValueError(f"{self.path} has no offset {offset}")
        starts = self._line_starts()
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def encode(self, text: str) -> bytes:
        """The bytes of a file that says `text` in this file's encoding, with its BOM if any.

        Raises SourceError where they would not be read back as `text`: a character that the
        encoding lacks, a declaration of the encoding that has changed or is out of place, or
        a codec that doesn't write what was read.
        """
        if self.notebook is not None:
            return self._encoded_notebook(self.notebook, text)
        data = (BOM if self.bom else b"") + self._encoded(text)
        if (
            self.encoding == "utf-8"
            and b"coding" not in data[: _two_lines(data)]
            and not text.startswith("\ufeff")
        ):
            return data
        if Source.from_bytes(data, self.path).text != text:
            raise SourceError(self.path, f"the encoding {self.encoding} would not be kept")
        if self._encoded(self.text) != (self.data[len(BOM) :] if self.bom else self.data):
            message = f"the codec {self.encoding} writes other bytes than it has read"
            raise SourceError(self.path, message)
        return data

    def of_cell(self, path: InCell) -> Source | None:
        """A cell of a notebook by itself, its last line ended; None where there is none."""
        cell = None if self.notebook is None else self.notebook.cell(path.cell)
        if cell is None:
            return None
        end = "" if cell.text.endswith(("\n", "\r")) else "\n"
        return Source(path, b"", cell.text + end, "utf-8", False)

    def of_json(self) -> Source:
        """The text of a notebook's file."""
        raw = self.text if self.notebook is None else self.notebook.raw
        return Source(self.path, self.data, raw, self.encoding, self.bom)

    def _encoded_notebook(self, notebook: Notebook, text: str) -> bytes:
        from .notebook import NotebookError

        try:
            raw = notebook.changed(text)
        except NotebookError as error:
            raise SourceError(self.path, error.message) from None
        return (BOM if self.bom else b"") + self._encoded(raw)

    def with_text(self, text: str) -> Source:
        """What another text says, such as a translation, in the place of this file's.

        Raises SourceError as `from_text`.
        """
        if self.notebook is not None:
            # Comments in cells declare no encoding.
            return Source(self.path, self.data, text, self.encoding, self.bom)
        return Source.from_text(text, self.path)

    def _encoded(self, text: str) -> bytes:
        try:
            return text.encode(self.encoding)
        except UnicodeEncodeError as error:
            line, column = _end_position(text[: error.start])
            message = (
                f"the character U+{ord(text[error.start]):04X} cannot be written in the "
                f"file's encoding, {self.encoding}"
            )
            raise SourceError(self.path, message, line, column) from None
        except (LookupError, ValueError) as error:
            message = f"cannot encode the file as {self.encoding}: {error}"
            raise SourceError(self.path, message) from None

    def _line_starts(self) -> list[int]:
        if self._starts is None:
            self._starts = list(accumulate(map(len, self.lines), initial=0))
            # Without a line end at the end of the text there is no line after it.
            if self.lines and not self.lines[-1].endswith(("\n", "\r")):
                self._starts.pop()
        return self._starts


def _encoding(body: bytes, bom: bool, path: str) -> tuple[str, int | None]:
    """The codec name for a file's bytes (without BOM), and the line that declares it, if any."""
    if b"coding" not in body[: _two_lines(body)]:
        return "utf-8", None
    line, name = _cookie(body)
    if line is None:
        return "utf-8", None
    normal = name[:12].lower().replace("_", "-")
    known = _KNOWN_ENCODING.fullmatch(normal)
    if known and known["utf8"]:
        return "utf-8", line
    if bom:
        message = f"the file starts with a UTF-8 byte order mark but declares the encoding {name}"
        raise SourceError(path, message, line)
    if known:
        return "iso8859-1", line
    try:
        return codecs.lookup(name).name, line
    except LookupError:
        raise SourceError(path, f"unknown encoding: {name}", line) from None


def _cookie(body: bytes) -> tuple[int | None, str]:
    """PEP 263: in a comment on the first line, or on the second below a blank or a comment."""
    first = _LINE.match(body)
    assert first
    second = _LINE.match(body, first.end())
    for number, match in enumerate((first, second), 1):
        line = match.group().rstrip(b"\r\n") if match else b""
        cookie = _COOKIE.match(line)
        if cookie:
            return number, cookie[1].decode("ascii")
        if not _BLANK_OR_COMMENT.match(line):
            break
    return None, ""


def _two_lines(data: bytes) -> int:
    """An index at or behind the end of the second line."""
    end = data.find(b"\n", data.find(b"\n") + 1)
    return end if end >= 0 else len(data)


def _nul_error(body: bytes, path: str) -> SourceError:
    index = body.index(b"\0")
    line, column = _end_position(body[:index].decode("utf-8", "replace"))
    message = "the file contains a NUL byte, which Python source cannot"
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        message += "; it looks like UTF-16"
    return SourceError(path, message, line, column)


def _decode_error(
    error: UnicodeDecodeError, body: bytes, encoding: str, cookie_line: int | None, path: str
) -> SourceError:
    # The codec may be wrong about its own name, and fail on what comes before, too.
    try:
        before = body[: error.start].decode(encoding, "replace")
    except (LookupError, ValueError):
        before = body[: error.start].decode("latin-1")
    line, column = _end_position(before)
    byte = f"the byte 0x{body[error.start]:02X}"
    if cookie_line is None:
        message = f"{byte} is not UTF-8, and the file declares no other encoding ({error.reason})"
    else:
        message = (
            f"{byte} is not {error.encoding}, the encoding that line {cookie_line} declares "
            f"({error.reason})"
        )
    return SourceError(path, message, line, column)


def _end_position(text: str) -> tuple[int, int]:
    """The 1-based line and column right after `text`."""
    line, start = 1, 0
    for match in _LINE_END.finditer(text):
        line, start = line + 1, match.end()
    return line, len(text) - start + 1


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
