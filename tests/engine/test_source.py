"""Source files are read as CPython reads them, and written back as they were."""

from __future__ import annotations

import ast
import codecs
import io
import os
import subprocess
import sys
import tokenize
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyconcepts_lint.source.text import BOM, Source, SourceError

PATH = os.path.abspath("module.py")


def python_reads(data: bytes) -> str | None:
    """The string that the last line's `x = '…'` makes under Python; None where it refuses."""
    try:
        tree = ast.parse(data)
    except (SyntaxError, ValueError):
        return None
    return last_string(tree)


def source_reads(data: bytes) -> str | None:
    try:
        source = Source.from_bytes(data, PATH)
    except SourceError:
        return None
    return last_string(ast.parse(source.text))


def last_string(tree: ast.Module) -> str:
    last = tree.body[-1]
    assert isinstance(last, ast.Assign)
    return str(ast.literal_eval(last.value))


def python_refuses(data: bytes) -> bool:
    try:
        compile(data, "module.py", "exec")
    except (SyntaxError, ValueError):
        return True
    return False


ASSIGNMENT = b"x = 'a\xc3\xa9b'"
HEADS = [
    b"",
    b"# -*- coding: utf-8 -*-\n",
    b"# coding: utf8\n",
    b"# coding=UTF_8_sig\n",
    b"# coding: utf-8-whatever\n",
    b"# coding: latin-1\n",
    b"# coding: iso-8859-1-unix\n",
    b"# vim: set fileencoding=cp1252 :\n",
    b"#!/usr/bin/python\n# coding: cp1250\n",
    b"\n# coding: latin-1\n",
    b"\n\n# coding: latin-1\n",
    b" \t\x0c\n\x0c# coding: latin-1\n",
    b"#\r# coding: latin-1\r",
    b"#\r\n# coding: latin-1\r\n",
    b"y = 1\n# coding: latin-1\n",
    b"y = 1\r# coding: latin-1\r",
    b"y = 1 # coding: latin-1\n",
    b"'''\n# coding: latin-1'''\n",
    b"\\\n# coding: latin-1\n",
    b"# encoding: coding: latin-1\n",
    b"# coding : latin-1\n",
    b"# coding:\n# coding: latin-1\n",
    b"# coding: coding: latin-1\n",
    b"# coding: no-such-codec\n",
    b"# coding: rot13\n",
    b"# coding: undefined\n",
    b"# coding: ascii\n",
    b"# coding: shift_jis\n",
    b"# coding: utf-7\n",
]


@pytest.mark.parametrize("bom", [b"", BOM], ids=["plain", "bom"])
@pytest.mark.parametrize("head", HEADS)
def test_the_encoding_is_the_one_that_python_uses(head: bytes, bom: bytes) -> None:
    data = bom + head + ASSIGNMENT + b"\n"
    assert source_reads(data) == python_reads(data)


@pytest.mark.parametrize("head", HEADS)
def test_bytes_that_are_not_utf_8_are_refused_where_python_refuses_them(head: bytes) -> None:
    data = head + b"x = 'a\xe9b'\n"
    assert source_reads(data) == python_reads(data)


def test_undecodable_bytes_are_named_with_their_place() -> None:
    with pytest.raises(SourceError) as caught:
        Source.from_bytes(b"a = 1\r\nb = '\xc3\xa9'\rc = '\xc3\xa9\xff'\n", PATH)
    error = caught.value
    assert (error.path, error.line, error.column) == (PATH, 3, 7)
    assert "0xFF" in error.message
    assert "UTF-8" in error.message


def test_bytes_that_the_declared_encoding_lacks_are_named_with_the_declaration() -> None:
    with pytest.raises(SourceError) as caught:
        Source.from_bytes(b"#!\n# coding: ascii\nx = '\xe9'\n", PATH)
    assert (caught.value.line, caught.value.column) == (3, 6)
    assert "ascii" in caught.value.message
    assert "line 2" in caught.value.message


@pytest.mark.parametrize(
    ("data", "line", "word"),
    [
        (b"# a\n# coding: klingon\n", 2, "klingon"),
        (BOM + b"# coding: latin-1\n", 1, "latin-1"),
        (b"# coding: rot13\n", 1, "text encoding"),
        (b"x = 1\ny = '\0'\n", 2, "NUL"),
        (codecs.BOM_UTF16_LE + "x = 1\n".encode("utf-16-le"), 1, "UTF-16"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_line(data: bytes, line: int, word: str) -> None:
    with pytest.raises(SourceError) as caught:
        Source.from_bytes(data, PATH)
    assert caught.value.line == line
    assert word in caught.value.message
    assert python_refuses(data)


def test_a_file_that_is_not_there_is_a_source_error(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot read"):
        Source.read(str(tmp_path / "gone.py"))
    with pytest.raises(SourceError, match="cannot read"):
        Source.read(str(tmp_path))


def test_read_gives_an_absolute_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "m.py").write_bytes(b"x = 1\n")
    monkeypatch.chdir(tmp_path)
    assert Source.read("m.py").path == os.path.join(os.getcwd(), "m.py")


@pytest.mark.parametrize(
    ("text", "newline"),
    [("", "\n"), ("x", "\n"), ("x\ny\r\n", "\n"), ("x\r\ny\n", "\r\n"), ("x\ry\r\n", "\r")],
)
def test_newline_is_the_first_line_end(text: str, newline: str) -> None:
    assert Source.from_text(text, PATH).newline == newline


PIECES = st.sampled_from(
    ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]
)
TEXTS = st.lists(PIECES | st.sampled_from("aé😀 #"), max_size=20).map("".join)


@given(TEXTS)
def test_lines_are_the_lines_of_python(text: str) -> None:
    lines = Source.from_text(text, PATH).lines
    assert "".join(lines) == text
    # Each piece after `#` is a comment, so that any of these texts tokenizes; the last line
    # is counted by a name on a line of its own.
    commented = "".join("#" + line for line in lines)
    if not commented.endswith(("\n", "\r")):
        commented += "#\n" if not commented else "\n"
    tree = ast.parse(commented + "x")
    assert tree.body[0].lineno == max(len(lines), 1) + 1


@given(TEXTS)
def test_offsets_and_positions_are_each_other_s_inverse(text: str) -> None:
    source = Source.from_text(text, PATH)
    for offset in range(len(text) + 1):
        line, column = source.position(offset)
        assert source.offset(line, column) == offset
        if line <= len(source.lines):
            assert (
                source.lines[line - 1][column - 1 :]
                == text[offset:][: len(source.lines[line - 1]) - column + 1]
            )
    assert source.position(0) == (1, 1)


@pytest.mark.parametrize("place", [(0, 1), (1, 0), (1, 6), (2, 2), (3, 1)])
def test_places_outside_the_text_are_refused(place: tuple[int, int]) -> None:
    source = Source.from_text("abc\n", PATH)
    assert source.offset(2, 1) == 4
    with pytest.raises(ValueError, match="has no"):
        source.offset(*place)


def test_offsets_outside_the_text_are_refused() -> None:
    source = Source.from_text("abc\n", PATH)
    for offset in (-1, 5):
        with pytest.raises(ValueError, match="has no"):
            source.position(offset)


def test_line_has_no_line_end_and_is_empty_where_there_is_none() -> None:
    source = Source.from_text("a\r\nb\x0c\rc", PATH)
    assert [source.line(n) for n in range(6)] == ["", "a", "b\x0c", "c", "", ""]


@given(TEXTS, st.booleans(), st.sampled_from(["", "# coding: latin-1\n", "# coding: utf-8\n"]))
def test_a_text_comes_back_as_the_bytes_it_came_from(text: str, bom: bool, head: str) -> None:
    if "latin" in head:
        text, bom = text.encode("latin-1", "ignore").decode("latin-1"), False
    text = head + text
    source = Source.from_text(("\ufeff" if bom else "") + text, PATH)
    again = Source.from_bytes(source.data, PATH)
    assert (again.text, again.bom, again.encoding) == (text, bom, source.encoding)
    assert source.encode(source.text) == source.data


def test_a_character_that_the_encoding_lacks_is_named() -> None:
    source = Source.from_bytes(b"# coding: latin-1\nx = '\xe9'\n", PATH)
    with pytest.raises(SourceError, match=r"U\+20AC.*iso8859-1") as caught:
        source.encode("# coding: latin-1\nx = 'é'\ny = '€'\n")
    assert (caught.value.line, caught.value.column) == (3, 6)


@pytest.mark.parametrize(
    "text",
    [
        "import a\n\n# coding: latin-1\nx = 'é'\n",
        "# coding: utf-8\nx = 'é'\n",
        "# coding: klingon\nx = 'é'\n",
    ],
)
def test_a_text_that_would_be_read_in_another_encoding_is_refused(text: str) -> None:
    source = Source.from_bytes(b"# coding: latin-1\nx = '\xe9'\n", PATH)
    with pytest.raises(SourceError):
        source.encode(text)


def test_a_utf_8_file_that_would_gain_another_encoding_is_refused() -> None:
    source = Source.from_text("x = 1\n# coding: latin-1\ny = 'é'\n", PATH)
    with pytest.raises(SourceError):
        source.encode("# coding: latin-1\ny = 'é'\n")


def test_a_codec_that_writes_other_bytes_than_it_read_is_refused() -> None:
    # The escape sequence that selects ASCII again is superfluous, and gets lost.
    data = b"# coding: iso2022_jp\n# \x1b(B\n"
    source = Source.from_bytes(data, PATH)
    assert source.text.encode("iso2022_jp") != data
    with pytest.raises(SourceError, match="other bytes"):
        source.encode(source.text)


def test_a_text_that_cannot_be_encoded_is_a_source_error() -> None:
    with pytest.raises(SourceError, match=r"U\+D800"):
        Source.from_text("x = '\ud800'\n", PATH)
    with pytest.raises(SourceError, match="NUL"):
        Source.from_text("x = '\0'\n", PATH)


def test_the_standard_library_is_read_as_tokenize_reads_it() -> None:
    root = Path(os.__file__).parent
    files = [*root.glob("*.py"), *root.glob("test/test_*encod*.py"), *root.glob("test/*cod*.py")]
    for file in files:
        try:
            with tokenize.open(str(file)) as opened:
                expected = opened.read()
        except SyntaxError:
            continue
        text = Source.read(str(file)).text
        assert io.IncrementalNewlineDecoder(None, translate=True).decode(text) == expected


def test_reading_imports_no_tokenizer() -> None:
    package_root = str(Path(__file__).parents[2])
    code = (
        "import sys; from pyconcepts_lint.source.text import Source;"
        "Source.from_bytes(b'# coding: latin-1\\n', 'm.py').lines;"
        "print(sorted({'tokenize', 'tempfile', 'inspect'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        env={**os.environ, "PYTHONPATH": package_root},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(
    ("codec", "broken"),
    [
        ("unicode_escape", rb"\x1"),
        ("raw_unicode_escape", rb"\u12"),
        ("utf_7", b"+AGE\x80"),
        ("utf_16", b"\xff"),
        ("idna", b"xn--\xe9"),
    ],
)
def test_whatever_a_codec_says_of_itself_what_it_cannot_read_has_a_place(
    codec: str, broken: bytes
) -> None:
    data = b"# coding: " + codec.encode() + b'\nx = "' + broken + b'"\n'
    with pytest.raises(SourceError) as raised:
        Source.from_bytes(data, PATH)
    assert raised.value.line in (1, 2)
    assert python_reads(data) is None
