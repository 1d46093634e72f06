"""The program that the cells of a notebook make, and where its lines are in the file."""

from __future__ import annotations

import ast
import json

import pytest
from made_notebooks import code, markdown, notebook

from pyconcepts_lint.source.notebook import Notebook, NotebookError
from pyconcepts_lint.source.text import Source, SourceError


def program(*cells: object) -> str:
    return Notebook(notebook(*cells)).text  # type: ignore[arg-type]


def body(cell: str) -> str:
    """What the program has for a notebook of one cell, without its marker."""
    return program(cell).partition("\n")[2]


def test_code_cells_make_one_program() -> None:
    text = program("import os\nx = 1", markdown("# Title\n"), "", "print(x)\n")
    assert text == "#: cell 1\nimport os\nx = 1\n#: cell 3\n#: cell 4\nprint(x)\n"


def test_the_source_of_a_cell_may_be_one_string() -> None:
    cell = {**code(""), "source": "x = 1\ny = 2"}
    assert program(cell) == "#: cell 1\nx = 1\ny = 2\n"


def test_a_cell_may_be_split_anywhere() -> None:
    assert program(code(["x =", " 1\ny = 2\n", "", "z = 3"])) == "#: cell 1\nx = 1\ny = 2\nz = 3\n"


def test_other_line_ends_are_kept() -> None:
    assert program("x = 1\r\ny = 2\rz = 3") == "#: cell 1\nx = 1\r\ny = 2\rz = 3\n"


@pytest.mark.parametrize(
    "line",
    [
        "%matplotlib inline",
        "%cd ..",
        "!pip install shop",
        "!!ls",
        "shop?",
        "shop.cart??",
        "?shop",
        "%timeit?",
        "/print 1",
        "pip install shop",
        "cd ..",
    ],
)
def test_what_only_ipython_reads_is_blank(line: str) -> None:
    text = body(f"x = 1\n{line}\ny = 2")
    assert [ast.unparse(node) for node in ast.parse(text).body] == ["x = 1", "y = 2"]
    assert text.splitlines()[1].startswith("#")


@pytest.mark.parametrize("line", ["%cd x", "!ls {name}", "name?", "%timeit f(name)", "%time f()"])
def test_a_block_keeps_a_statement_where_a_magic_stands(line: str) -> None:
    text = body(f"for name in names:\n    {line}\n")
    ast.parse(text)
    assert text.splitlines()[1].startswith("    pass")


@pytest.mark.parametrize(
    "line",
    [
        "x = 7 \\\n  % 2",
        "x = [7\n% 2]",
        "text = '''\n%s\n!x\n?\n'''",
        'text = """\n# %%\n%cd x\n"""',
        "if a != b: pass",
        "text = 'really?'",
        "x = 1  # really?",
        "x = a % b",
        "x %= 2",
        "f(a=b, c='=!')",
        "cd = 1\ncd [0]",
        "text = 'a' \\\n'%s'",
        "print(f'{a!r}')",
    ],
)
def test_python_that_looks_like_a_magic_is_left_alone(line: str) -> None:
    assert body(line) == f"{line}\n"


@pytest.mark.parametrize(
    ("line", "start"),
    [
        ("files = !ls", "files = get_ipython()"),
        ("found = %sql SELECT 1", "found = get_ipython()"),
        ("d['a=b'] = !ls *.py", "d['a=b'] = get_ipython()"),
        ("a, b = !ls", "a, b = get_ipython()"),
    ],
)
def test_what_is_assigned_from_a_command_is_unknown(line: str, start: str) -> None:
    text = body(line)
    assert text.startswith(start)
    ast.parse(text)


@pytest.mark.parametrize(
    "line", ["%run other.py", "%pylab inline", "%store -r", "%own_magic x", "%time for x in y: x"]
)
def test_a_magic_that_may_bind_names_may_bind_any(line: str) -> None:
    assert body(line).startswith("exec(get_ipython())")


@pytest.mark.parametrize("magic", ["%time", "%timeit", "%prun"])
def test_a_statement_behind_a_magic_keeps_its_place(magic: str) -> None:
    text = body(f"{magic} total(prices)")
    (_, statement) = ast.parse(text).body
    assert ast.unparse(statement) == "total(prices)"
    assert statement.col_offset == len(magic) + 1


def test_what_timeit_assigns_is_bound_nowhere() -> None:
    assert "x" not in body("%timeit x = 1")


def test_a_command_goes_on_behind_a_backslash() -> None:
    text = body("!pip install \\\n    shop \\\n  cart\nx = 1")
    assert [ast.unparse(node) for node in ast.parse(text).body] == ["x = 1"]
    assert text.count("\n") == 4


@pytest.mark.parametrize("magic", ["%%bash", "%%html", "%%writefile a.py", "%%timeit", "%%!"])
def test_a_cell_that_runs_elsewhere_is_left_out(magic: str) -> None:
    assert program(f"{magic}\nx = 1\n", "y = 2") == "#: cell 2\ny = 2\n"


@pytest.mark.parametrize("magic", ["%%cython", "%%bash --out x", "%%own_magic"])
def test_a_cell_of_an_unknown_magic_may_bind_any_name(magic: str) -> None:
    text = program(f"{magic}\nreturn 1\n  2\n", "y = 2")
    (anything, _) = ast.parse(text).body
    assert ast.unparse(anything) == "exec(get_ipython())"
    assert Notebook(notebook(f"{magic}\nreturn 1\n  2\n", "y = 2")).cells[1].first == 6


@pytest.mark.parametrize("magic", ["%%time", "%%capture", "%%prun"])
def test_a_cell_that_runs_in_the_notebook_is_read(magic: str) -> None:
    assert ast.unparse(ast.parse(body(f"{magic}\nx = 1\n"))) == "x = 1"


def test_what_a_cell_prints_may_be_captured_by_a_name() -> None:
    assert body("%%capture --no-stderr printed\nf()").startswith("printed = get_ipython()")


def test_a_cell_may_be_indented() -> None:
    text = program("x = 1", "  y = 2\n  if y:\n    z = 3\n", "w = 4")
    assert [type(node) for node in ast.parse(text).body] == [ast.Assign, ast.If, ast.Assign]


def test_a_top_level_await_is_allowed() -> None:
    ast.parse(body("x = await f()\nasync with x: pass\n"))


def test_markers_and_masks_are_told_from_comments_of_the_notebook() -> None:
    raw = notebook("#: cell 2\n#: 1\n%cd x", "#:: 3\nx = 1")
    book = Notebook(raw)
    assert [cell.text for cell in book.cells] == ["#: cell 2\n#: 1\n%cd x", "#:: 3\nx = 1"]
    assert book.changed(book.text) == raw


@pytest.mark.parametrize(
    "metadata",
    [
        {"kernelspec": {"language": "R"}},
        {"language_info": {"name": "julia"}, "kernelspec": {"language": "python"}},
    ],
)
def test_a_notebook_in_another_language_has_no_program(metadata: dict[str, object]) -> None:
    book = Notebook(notebook("x <- 1", metadata=metadata))
    assert (book.text, bool(book.language)) == ("", True)


@pytest.mark.parametrize(
    "metadata",
    [{}, {"language_info": {"name": "ipython"}}, {"kernelspec": {"language": "python3"}}],
)
def test_a_notebook_is_in_python_unless_it_says_otherwise(metadata: dict[str, object]) -> None:
    assert Notebook(notebook("x = 1", metadata=metadata)).text == "#: cell 1\nx = 1\n"


def test_a_cell_that_an_editor_marks_as_sql_is_left_out() -> None:
    cell = code("SELECT 1", vscode={"languageId": "sql"})
    assert program(cell, code("x = 1", vscode={"languageId": "python"})) == "#: cell 2\nx = 1\n"


# Places


def test_a_place_is_known_in_the_cell_and_in_the_file() -> None:
    raw = notebook("x = 1", markdown("text"), 'a = "é"\nb = "\\t", 2')
    book = Notebook(raw)
    line = book.text.splitlines().index('b = "\\t", 2') + 1
    assert book.range_in_cell((line, 11), (line, 12)) == (3, 2, 11, 2, 12)
    in_file, column = book.place_in_file(line, 11)
    assert raw.splitlines()[in_file - 1][column - 1 :] == '2"'


def test_lines_of_the_file_are_known_in_the_program() -> None:
    raw = notebook("x = 1\ny = 2", "z = 3")
    book = Notebook(raw)
    wanted = [number for number, line in enumerate(raw.splitlines(), 1) if '"z = 3"' in line]
    assert book.lines_written_on(wanted) == {5}
    assert book.lines_written_on(range(1, 6)) == frozenset()


# What is no notebook


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        ("", "it is no notebook: it is empty"),
        ("x = 1", "it is no notebook: its JSON is broken (Expecting value)"),
        ('{"nbformat": 4, "cells": [}', "it is no notebook: its JSON is broken"),
        ('{"nbformat": 4, "cells": [', "it is no notebook: its JSON is broken"),
        ('{"nbformat": 4 "cells": []}', "it is no notebook: its JSON is broken"),
        ('{"nbformat"', "it is no notebook: its JSON is broken"),
        ("{", "it is no notebook: its JSON is broken"),
        ('{"cells":', "it is no notebook: its JSON is broken"),
        ("[1]", "it is no notebook: its JSON is no object"),
        ("{}", "it is no notebook: its JSON says no `nbformat`"),
        ('{"nbformat": 4}', "it is no notebook: its JSON has no `cells`"),
        ('{"nbformat": 4, "cells": {}}', "it is no notebook: its JSON has no `cells`"),
        ('{"nbformat": 4, "cells": [1]}', "it is no notebook: its cell 1 is no object"),
        (
            '{"nbformat": 4, "cells": [{"cell_type": "code"}]}',
            "it is no notebook: its cell 1 has no `source`",
        ),
        (
            '{"nbformat": 4, "cells": [{"cell_type": "code", "source": [1]}]}',
            "it is no notebook: cell 1 is no text",
        ),
        ('{"nbformat": 4, "cells": []} x', "it is no notebook: something stands behind its JSON"),
        ('{"nbformat": 3, "worksheets": []}', "it is a notebook of format 3, and only format 4"),
        ('{"nbformat": 5, "cells": []}', "it is a notebook of format 5, and only format 4"),
        ('{"nbformat": 4, "cells": ' + "[" * 100_000, "it is no notebook: its JSON is nested too"),
        (notebook("x = '\0'").replace("\0", "\\u0000"), "cell 1 contains a NUL"),
        (notebook("x").replace('"x"', r'"\ud800"'), "cell 1 contains half of a surrogate pair"),
    ],
)
def test_what_is_no_notebook_gets_a_clear_word(raw: str, says: str) -> None:
    with pytest.raises(NotebookError) as error:
        Notebook(raw)
    assert error.value.message.startswith(says)


def test_a_broken_notebook_is_told_with_its_place() -> None:
    with pytest.raises(SourceError) as error:
        Source.from_bytes(b'{\n "nbformat": 4,,\n}', "/nb.ipynb")
    assert (error.value.line, error.value.column) == (2, 16)


def test_a_notebook_is_utf_8() -> None:
    with pytest.raises(SourceError, match="is not UTF-8"):
        Source.from_bytes(notebook("x = 'é'").encode("latin-1"), "/nb.ipynb")


def test_a_byte_order_mark_is_kept() -> None:
    data = b"\xef\xbb\xbf" + notebook("x = 1").encode()
    source = Source.from_bytes(data, "/nb.ipynb")
    assert source.encode(source.text) == data
    assert source.encode(source.text.replace("x = 1", "x = 2")) == data.replace(b"x = 1", b"x = 2")


def test_of_two_members_of_one_name_the_last_counts() -> None:
    raw = '{"nbformat": 4, "cells": [1], "cells": [{"cell_type": "code", "source": "x"}]}'
    with pytest.raises(NotebookError):
        Notebook(raw)
    raw = raw.replace("[1]", '[{"cell_type": "code", "source": "y", "source": "z"}]')
    assert Notebook(raw).text == "#: cell 1\nx\n"
    assert json.loads(raw)["cells"][0]["source"] == "x"
