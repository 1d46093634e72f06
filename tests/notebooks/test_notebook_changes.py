"""The way back from the program to the file: only lines of cells change."""

from __future__ import annotations

import difflib
import io
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_notebooks import code, markdown, notebook, sources, without_sources

from pyconcepts_lint.source.notebook import Notebook, NotebookError

FORMS = [
    {"indent": 1, "ensure_ascii": False},
    {"indent": 4, "ensure_ascii": True},
    {"indent": "\t"},
    {"separators": (",", ":")},
    {},
]


def changed_lines(before: str, after: str) -> list[str]:
    return [
        line
        for line in difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
        if line[:1] in "+-" and line[:3] not in ("+++", "---")
    ]


def test_only_the_changed_line_is_written_anew() -> None:
    raw = notebook("import os\nprint 'é'\nx = 1", "y = 2")
    after = Notebook(raw).changed(Notebook(raw).text.replace("print 'é'", "print('é')"))
    assert changed_lines(raw, after) == ["-    \"print 'é'\\n\",", "+    \"print('é')\\n\","]


def test_escapes_are_kept_in_what_is_left_of_a_line() -> None:
    raw = (
        notebook("x = 'EEE', old, 'FFF'\n")
        .replace("EEE", r"\u00e9\/\ud83d\ude00")
        .replace("FFF", r"é\u0041")
    )
    book = Notebook(raw)
    assert book.text == "#: cell 1\nx = 'é/😀', old, 'éA'\n"
    assert book.changed(book.text.replace("old", "newer")) == raw.replace("old", "newer")


def test_new_text_has_escapes_where_the_file_has_them() -> None:
    raw = json.dumps(json.loads(notebook("x = 'é'\ny = 1")), indent=1)
    book = Notebook(raw)
    assert r"z = '\u00e9'" in book.changed(book.text.replace("y = 1", "z = 'é'"))
    plain = Notebook(notebook("x = 'é'\ny = 1"))
    assert "z = 'é'" in plain.changed(plain.text.replace("y = 1", "z = 'é'"))


@pytest.mark.parametrize(
    ("before", "program", "after"),
    [
        ("a\nb\nc", "a\nc\n", "a\nc"),
        ("a\nb\nc", "a\nb\n", "a\nb"),
        ("a\nb\n", "a\n", "a\n"),
        ("a", "", ""),
        ("a", "a\nb\n", "a\nb"),
        ("a", "b\na\n", "b\na"),
        ("", "a\nb\n", "a\nb"),
        ("a\n\n", "b\n\n", "b\n\n"),
        ("a\r\nb", "a\r\nc\n", "a\r\nc"),
    ],
)
@pytest.mark.parametrize("form", ["list", "string"])
def test_lines_come_and_go(before: str, program: str, after: str, form: str) -> None:
    cell = code(before) if form == "list" else {**code(""), "source": before}
    raw = notebook("first", cell, "last")
    book = Notebook(raw)
    text = f"#: cell 1\nfirst\n#: cell 2\n{program}#: cell 3\nlast\n"
    new = book.changed(text)
    assert sources(new) == ["first", after, "last"]
    assert without_sources(new) == without_sources(raw)
    assert type(json.loads(new)["cells"][1]["source"]) is type(cell["source"])


def test_what_comes_before_the_first_marker_goes_into_the_first_cell() -> None:
    book = Notebook(notebook(markdown("x"), "a", "b"))
    assert sources(book.changed("new\n" + book.text)) == ["x", "new\na", "b"]


def test_what_comes_before_a_marker_ends_the_cell_before() -> None:
    book = Notebook(notebook("a", "b"))
    assert sources(book.changed("#: cell 1\na\nnew\n#: cell 2\nb\n")) == ["a\nnew", "b"]


@pytest.mark.parametrize(
    "text", ["#: cell 1\na\nb\n", "a\n#: cell 2\nb\n", "#: cell 2\nb\n#: cell 1\na\n", ""]
)
def test_a_change_across_cells_is_refused(text: str) -> None:
    with pytest.raises(NotebookError, match="more than one cell"):
        Notebook(notebook("a", "b")).changed(text)


def test_a_change_of_a_masked_line_is_refused() -> None:
    book = Notebook(notebook("%cd x\nx = !ls\na"))
    lines = book.text.splitlines(keepends=True)
    for bad in (
        lines[:1] + lines[2:],
        [*lines[:2], "y" + lines[2], *lines[3:]],
        [*lines, lines[1]],
        [lines[0], lines[2], lines[1], lines[3]],
    ):
        with pytest.raises(NotebookError, match="only IPython reads"):
            book.changed("".join(bad))


def test_lines_around_masked_ones_may_change() -> None:
    raw = notebook("a\n%cd é\nb\nx = !ls\nc")
    book = Notebook(raw)
    text = book.text.replace("a\n", "A\n").replace("\nb\n", "\nB\nBB\n").replace("\nc\n", "\n")
    assert sources(book.changed(text)) == ["A\n%cd é\nB\nBB\nx = !ls"]


def test_what_may_be_edited_is_known_beforehand() -> None:
    book = Notebook(notebook("a\n%cd x\nb", "%%time\nc", "d"))
    assert book.text.splitlines()[0::4] == ["#: cell 1", "#: cell 2", "d"]
    assert book.may_edit((2, 1), (2, 2))
    assert book.may_edit((2, 1), (3, 1))
    assert book.may_edit((4, 1), (5, 1))
    assert book.may_edit((3, 1), (3, 1))
    assert book.may_edit((5, 1), (5, 1))
    assert not book.may_edit((6, 1), (6, 1))
    assert not book.may_edit((3, 1), (3, 2))
    assert not book.may_edit((2, 1), (4, 1))
    assert not book.may_edit((4, 1), (6, 1))
    assert not book.may_edit((5, 1), (5, 2))
    assert book.may_edit((8, 1), (8, 1))


# Anything at all

LINES = st.one_of(
    st.sampled_from(
        ["x = 1", "%cd é", "!ls", "y = !ls", "%time f()", "", "  z", "# c", "'''", "é = '\u2028'"]
    ),
    st.text("ab\u00e9\u2028\x0c\U0001f600'\"\\ =%!?#", max_size=8),
)
CELLS = st.lists(LINES, max_size=6).map("\n".join)


@given(st.lists(CELLS, max_size=4), st.sampled_from(FORMS), st.booleans(), st.data())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_change_is_in_the_lines_of_its_cells_only(
    texts: list[str], form: dict[str, object], as_strings: bool, data: st.DataObject
) -> None:
    cells = [{**code(""), "source": text} if as_strings else code(text) for text in texts]
    raw = json.dumps(json.loads(notebook(markdown("é"), *cells)), **form)  # type: ignore[arg-type]
    book = Notebook(raw)
    assert book.changed(book.text) == raw
    lines = _lines(book.text)
    free = [
        number for number in range(1, len(lines) + 1) if book.may_edit((number, 1), (number, 2))
    ]
    if not free:
        return
    number = data.draw(st.sampled_from(free))
    cell = book.cell_at(number)
    assert cell is not None
    new = data.draw(st.sampled_from(["", "new\n", "é\nnew\n"])) + data.draw(
        st.sampled_from(["", lines[number - 1]])
    )
    after = book.changed("".join([*lines[: number - 1], new, *lines[number:]]))
    assert without_sources(after) == without_sources(raw)
    before_sources, after_sources = sources(raw), sources(after)
    for index, (one, other) in enumerate(zip(before_sources, after_sources, strict=True)):
        if index + 1 == cell.number:
            own = _lines(one)
            at = number - cell.first
            whole = "".join([*own[:at], new, *own[at + 1 :]])
            assert other in (whole, whole.removesuffix("\n"))
        else:
            assert other == one
    assert raw[: cell.found.start] == after[: cell.found.start]
    rest = raw[cell.found.end :]
    assert after.endswith(rest)


def _lines(text: str) -> list[str]:
    """The lines where Python's tokenizer ends them."""
    return list(io.StringIO(text, newline=""))
