"""What a terminal shows of a text, measured by a terminal's rules."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from pyconcepts_lint.reporters.columns import cells, columns, one_line, window


@pytest.mark.parametrize(
    "text", ["", "plain", "größe", "日本語", "\uff46ull", "e\u0301te\u0301", "한국어"]
)
def test_columns_are_those_that_rich_counts(text: str) -> None:
    assert columns(text) == cell_len(text)


def test_a_tab_goes_to_the_next_stop() -> None:
    assert cells("\ta\tbcd\te") == ["    ", "a", "   ", "b", "c", "d", " ", "e"]
    assert "".join(cells("日\tx")) == "日  x"


@pytest.mark.parametrize(
    ("character", "drawn"),
    [
        ("\x1b", r"\x1b"),  # would start an escape sequence
        ("\x0c", r"\x0c"),
        ("\x7f", r"\x7f"),
        ("\u202e", r"\u202e"),  # would turn the rest of the line around
        ("\u200b", r"\u200b"),  # would not be seen
        ("\u3000", "\u3000"),
        ("\xa0", "\xa0"),
        ("é", "é"),
    ],
)
def test_what_a_terminal_obeys_or_hides_is_an_escape(character: str, drawn: str) -> None:
    assert cells(f"a{character}b") == ["a", drawn, "b"]


def test_what_the_encoding_lacks_is_drawn_as_the_stream_would_write_it() -> None:
    text = "maß = '日本'"
    for encoding in ("ascii", "latin-1", "utf-8"):
        written = text.encode(encoding, "backslashreplace").decode(encoding)
        assert "".join(cells(text, encoding)) == written


def test_a_message_stays_on_one_line() -> None:
    assert one_line("one\r\ntwo\nthree\tfour\x1b[31m") == r"one two three four\x1b[31m"


def test_a_line_that_fits_is_shown_whole() -> None:
    assert window(list("short"), 0, 1, 5) == (0, 5)


@pytest.mark.parametrize("start", [0, 10, 50, 99])
@pytest.mark.parametrize("length", [1, 10, 60])
@pytest.mark.parametrize("character", ["x", "日"])
def test_a_window_holds_the_start_of_the_place_and_fits(
    start: int, length: int, character: str
) -> None:
    drawn = [character] * 100
    first, end = window(drawn, start, start + length, 20)
    assert first <= start < end
    assert 18 <= columns("".join(drawn[first:end])) <= 20


def test_a_place_that_fits_is_whole_in_the_window() -> None:
    for start in range(90):
        first, end = window(["x"] * 100, start, start + 10, 20)
        assert first <= start
        assert end >= start + 10
