"""The report for people: the place is where the underline is, whatever stands before it."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from pyconcepts_lint.base.finding import Edit, Finding, Fix
from pyconcepts_lint.reporters import Style, full

PATH = "/shop/cart.py"


def finding(
    start: tuple[int, int],
    end: tuple[int, int],
    message: str = "`x` is `y`",
    fix: Fix | None = None,
    path: str = PATH,
) -> Finding:
    return Finding("PCL000", "some-rule", message, path, *start, *end, fix)


def report(
    text: str | bytes, *findings: Finding, width: int = 80, color: bool = False, encoding: str = ""
) -> list[str]:
    data = text if isinstance(text, bytes) else text.encode()
    style = Style(width, color, "/shop", {PATH: data})
    if not encoding:
        out = io.StringIO()
        full.write(findings, out, style)
        return out.getvalue().splitlines()
    buffer = io.BytesIO()
    stream = io.TextIOWrapper(buffer, encoding)  # strict: nothing may need replacing
    full.write(findings, stream, style)
    stream.flush()
    return buffer.getvalue().decode(encoding).splitlines()


def underlined(lines: Sequence[str]) -> str:
    """What stands above the carets."""
    at = next(n for n, line in enumerate(lines) if re.fullmatch(r" +[│|] +\^+|.*[│|] \^+", line))
    line, marks = lines[at - 1], lines[at]
    start, end = cell_len(marks[: marks.index("^")]), cell_len(marks)
    column, found = 0, ""
    for character in line:
        if start <= column < end:
            found += character
        column += cell_len(character)
    return found


def test_the_parts_of_a_finding_in_their_order() -> None:
    fix = Fix("unsafe", "Use `Cart`", (Edit(PATH, 2, 5, 2, 9, "Cart"),))
    text = "def add(self):\n    self.size += 1\n"
    assert report(text, finding((2, 5), (2, 14), fix=fix)) == [
        "cart.py:2:5: PCL000 some-rule [warning]",
        "   2 │     self.size += 1",
        "     │     ^^^^^^^^^",
        "       `x` is `y`",
        "       unsafe fix (--unsafe-fixes): Use `Cart`",
        "   2 -     self.size += 1",
        "   2 +     Cart.size += 1",
        "",
    ]


@pytest.mark.parametrize(
    "before",
    ["", "    ", "\t", " \t", "a\tb\t; ", "größe; ", "'日本語'; ", "'e\u0301\u0302'; ", "'\x0c'; "],
)
@pytest.mark.parametrize("place", ["self.x", "日本", "größe", "a\u0301b"])
def test_the_underline_is_below_the_place(before: str, place: str) -> None:
    text = f"{before}{place} = 1\n"
    start = len(before) + 1
    lines = report(text, finding((1, start), (1, start + len(place))))
    # A combining character draws nothing of its own.
    assert underlined(lines).replace("\u0301", "") == place.replace("\u0301", "")


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "shift_jis", "utf-8"])
def test_the_underline_is_below_the_place_in_any_encoding(encoding: str) -> None:
    lines = report("größe = '日本…'; self.maß += 1\n", finding((1, 16), (1, 24)), encoding=encoding)
    expected = "self.maß".encode(encoding, "backslashreplace").decode(encoding)
    assert underlined(lines) == expected


@pytest.mark.parametrize("start", [0, 60, 500, 990])
@pytest.mark.parametrize("filler", ["x", "日", "\t", "é"])
def test_a_very_long_line_is_cut_around_the_place(start: int, filler: str) -> None:
    text = f"{filler * start}PLACE{filler * (1000 - start)}.\n"
    lines = report(text, finding((1, start + 1), (1, start + 6)))
    assert underlined(lines) == "PLACE"
    assert all(cell_len(line) <= 80 for line in lines)
    assert "…" in lines[1]


def test_a_place_wider_than_the_terminal_is_cut() -> None:
    lines = report("x" * 300 + "\n", finding((1, 1), (1, 301)), width=40)
    assert all(len(line) <= 40 for line in lines)
    assert set(underlined(lines)) <= {"x", "…"}


def test_of_several_lines_the_first_and_the_last_are_underlined() -> None:
    text = "x = call(\n    1,\n    2,\n)  # end\n"
    assert report(text, finding((1, 5), (4, 2)))[1:-2] == [
        "   1 │ x = call(",
        "     │     ^^^^^",
        "   2 │     1,",
        "   3 │     2,",
        "   4 │ )  # end",
        "     │ ^",
    ]


def test_of_many_lines_only_the_first_is_shown() -> None:
    text = "class Cart:\n" + "    x = 1\n" * 50
    assert report(text, finding((1, 1), (51, 10)))[1:-2] == [
        "   1 │ class Cart:",
        "     │ ^^^^^^^^^^^",
        "     │ … to line 51",
    ]


def test_a_range_that_ends_at_the_start_of_a_line_does_not_show_that_line() -> None:
    lines = report("if a:\n    b\nc\n", finding((1, 1), (3, 1)))
    assert [line[:4] for line in lines[1:5]] == ["   1", "    ", "   2", "    "]
    assert "c" not in lines[4]


@pytest.mark.parametrize("place", [((1, 1), (1, 1)), ((1, 4), (1, 4)), ((1, 3), (2, 1))])
def test_an_empty_place_has_one_caret(place: tuple[tuple[int, int], tuple[int, int]]) -> None:
    assert sum(line.count("^") for line in report("abc\n", finding(*place))) == 1


@pytest.mark.parametrize("text", ["", "\n", "x", "\r\n\r\n", "\ufeff# bom\n"])
@pytest.mark.parametrize("start", [(1, 1), (1, 2), (2, 1), (9, 9)])
def test_a_place_that_is_not_there_does_no_harm(text: str, start: tuple[int, int]) -> None:
    lines = report(text, finding(start, (start[0], start[1] + 1)))
    assert lines[0] == f"cart.py:{start[0]}:{start[1]}: PCL000 some-rule [warning]"


def test_a_file_that_cannot_be_read_has_no_excerpt() -> None:
    lines = report("", finding((1, 1), (1, 2), path="/shop/gone.py"))
    assert lines == ["gone.py:1:1: PCL000 some-rule [warning]", "       `x` is `y`", ""]
    lines = report(b"\xff", finding((1, 1), (1, 2)))
    assert lines == ["cart.py:1:1: PCL000 some-rule [warning]", "       `x` is `y`", ""]


def test_a_message_is_wrapped_between_words_and_keeps_code_together() -> None:
    message = "so `self.x = y` and " * 20 + "日本 " * 40 + "w" * 100
    lines = report("x\n", finding((1, 1), (1, 2), message))[3:-1]
    assert " ".join(line.strip() for line in lines).split() == message.split()
    assert all(line.startswith("       ") for line in lines)
    assert all(cell_len(line) <= 80 for line in lines[:-1])
    assert all(line.count("`") % 2 == 0 for line in lines)


def test_a_piece_of_code_too_long_for_a_line_is_broken() -> None:
    lines = report("x\n", finding((1, 1), (1, 2), "`" + "word " * 40 + "`"))
    assert all(len(line) <= 80 for line in lines)


def test_a_message_is_not_wider_than_eighty_columns() -> None:
    lines = report("x\n", finding((1, 1), (1, 2), "word " * 60), width=300)
    assert max(map(len, lines)) <= 80


def test_a_new_file_is_shown_with_its_lines() -> None:
    for text, shown in (("", []), ("a = 1\nb = 2\n", ["   1 + a = 1", "   2 + b = 2"])):
        fix = Fix("safe", "Create it", (Edit("/shop/new/__init__.py", 1, 1, 1, 1, text),))
        lines = report("x\n", finding((1, 1), (1, 2), fix=fix))
        assert lines[4:-1] == [
            "       safe fix: Create it",
            "     + new/__init__.py (new file)",
            *shown,
        ]


def test_changes_of_other_files_are_below_their_names() -> None:
    style = Style(80, False, "/shop", {PATH: b"x = 1\n", "/shop/b.py": b"y = 1\n"})
    fix = Fix(
        "safe",
        "Rename",
        (Edit("/shop/b.py", 1, 1, 1, 2, "z"), Edit(PATH, 1, 1, 1, 2, "z")),
    )
    out = io.StringIO()
    full.write([finding((1, 1), (1, 2), fix=fix)], out, style)
    assert out.getvalue().splitlines()[5:-1] == [
        "       b.py",
        "   1 - y = 1",
        "   1 + z = 1",
        "       cart.py",
        "   1 - x = 1",
        "   1 + z = 1",
    ]


def test_a_long_change_is_cut() -> None:
    text = "".join(f"x{n} = {n}\n" for n in range(30))
    fix = Fix("safe", "Remove", (Edit(PATH, 1, 1, 31, 1, ""),))
    lines = report(text, finding((1, 1), (1, 2), fix=fix))
    assert lines[-2] == "     - … 22 more lines"
    assert len(lines) < 20


def test_big_line_numbers_keep_the_columns() -> None:
    text = "\n" * 12344 + "abc\n"
    fix = Fix("safe", "Remove", (Edit(PATH, 12345, 1, 12345, 2, ""),))
    lines = report(text, finding((12345, 1), (12345, 2), fix=fix))
    assert lines[1:3] == ["12345 │ abc", "      │ ^"]
    assert lines[-3:-1] == ["12345 - abc", "12345 + bc"]


def test_colours_change_nothing_but_colours() -> None:
    fix = Fix("unsafe", "Use `日本`", (Edit(PATH, 1, 3, 1, 5, "y\tz"),))
    found = finding((1, 3), (1, 5), "so `日本` " * 30, fix)
    text = "\t 日本 = [1] # [bold] :smile: \x1b[0m\n"
    plain = report(text, found)
    coloured = report(text, found, color=True)
    assert any("\x1b[" in line for line in coloured)
    assert [re.sub(r"\x1b\[[0-9;]*m", "", line).rstrip() for line in coloured] == plain


def test_nothing_of_the_source_reaches_the_terminal_as_a_command() -> None:
    nasty = "x = '\x1b]0;title\x07\x9b31m\u202e'\n"
    fix = Fix("safe", "Use \x1b[1m", (Edit(PATH, 1, 1, 1, 2, "\x1b[2Jy"),))
    lines = report(nasty, finding((1, 1), (1, 2), "so \x1b[31m", fix))
    assert all(line.isprintable() for line in lines)


PIECES = (
    *(
        "a",
        "when",
        "the function is made",
        "`x`",
        "(`x`),",
        "`self.x = …`:",
        "`",
        "`b",
        "c`",
        "[1]",
    ),
    *(
        "`lambda: f(width, height)`'s",
        "日本語",
        "é",
        "—",
        "`" + "a long code span, " * 9 + "`",
        "x" * 90,
    ),
)


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=14), st.integers(20, 200))
@example(["`b", "(`x`)", "(`x`)"], 80)
def test_a_message_without_its_layout_is_the_message(pieces: list[str], width: int) -> None:
    message = " ".join(pieces)
    _, _, _, *prose = report("x = 1\n", finding((1, 1), (1, 2), message), width=width)
    assert " ".join(" ".join(prose).split()) == " ".join(message.split())
    label = Fix("unsafe", message, ())
    shown = report("x = 1\n", finding((1, 1), (1, 2), "says", label), width=width)[4:]
    whole = " ".join(" ".join(shown).split())
    assert whole == "unsafe fix (--unsafe-fixes): " + " ".join(message.split())
