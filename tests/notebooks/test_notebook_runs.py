"""Notebooks on the command line, in the API, in flake8 and in all formats."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from made_notebooks import code, markdown, notebook, sources, without_sources

import pyconcepts_lint
from pyconcepts_lint.__main__ import main

Run = Callable[..., SimpleNamespace]

SHOP = notebook(
    markdown("# Prices"),
    "%matplotlib inline\nprices = {'apple': 3}",
    "for name, price in prices.iteritems():\n    print(name, price)\n",
)
FOUND = "shop.ipynb:cell 3:1:20: PCL701 `prices` is a dictionary"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Calls the command line in a project with a notebook."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[tool.pyconcepts-lint]\n")
    (tmp_path / "shop.ipynb").write_text(SHOP, encoding="utf-8")

    def call(*arguments: str) -> SimpleNamespace:
        code = main(list(arguments))
        out, err = capfd.readouterr()
        return SimpleNamespace(code=code, out=out, err=err)

    return call


def changed_lines(before: str, after: str) -> list[tuple[str, str]]:
    lines = zip(before.splitlines(), after.splitlines(), strict=True)
    return [(one, other) for one, other in lines if one != other]


def test_a_finding_names_the_cell(run: Run) -> None:
    done = run(".")
    assert done.code == 1
    assert done.out.startswith(FOUND)


def test_a_second_run_says_the_same(run: Run) -> None:
    assert [run(".").out for _ in range(3)] == [run("--no-cache", ".").out] * 3


def test_a_fix_changes_the_line_of_the_cell_only(run: Run, tmp_path: Path) -> None:
    assert run("--fix", ".").code == 0
    after = (tmp_path / "shop.ipynb").read_text(encoding="utf-8")
    assert changed_lines(SHOP, after) == [
        (
            '    "for name, price in prices.iteritems():\\n",',
            '    "for name, price in prices.items():\\n",',
        )
    ]


def test_a_diff_is_one_of_the_file(run: Run, tmp_path: Path) -> None:
    patch = run("--diff", ".").out
    assert patch.startswith("--- shop.ipynb\n+++ shop.ipynb\n")
    added = [line for line in patch.splitlines() if line[0] in "+-"][2:]
    assert added == [
        '-    "for name, price in prices.iteritems():\\n",',
        '+    "for name, price in prices.items():\\n",',
    ]


def test_a_notebook_comes_through_standard_input(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "stdin", (tmp_path / "shop.ipynb").open(encoding="utf-8"))
    assert run("--stdin-filename", "new.ipynb", "-").out.startswith("new.ipynb:cell 3:1:20: ")
    monkeypatch.setattr(sys, "stdin", (tmp_path / "shop.ipynb").open(encoding="utf-8"))
    fixed = run("--stdin-filename", "new.ipynb", "--fix", "-").out
    assert len(changed_lines(SHOP, fixed)) == 1


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_json_has_the_cell_beside_the_path(run: Run, form: str) -> None:
    out = run("--output-format", form, ".").out
    (found,) = json.loads(out) if form == "json" else map(json.loads, out.splitlines())
    assert {key: found[key] for key in ("path", "cell", "line", "column", "end_line")} == {
        "path": "shop.ipynb",
        "cell": 3,
        "line": 1,
        "column": 20,
        "end_line": 1,
    }
    (edit,) = found["fix"]["edits"]
    assert (edit["path"], edit["cell"], edit["start_line"]) == ("shop.ipynb", 3, 1)


def test_files_that_are_no_notebooks_have_no_cell(run: Run, tmp_path: Path) -> None:
    (tmp_path / "shop.ipynb").rename(tmp_path / "old.txt")
    (tmp_path / "shop.py").write_text("d = {}\nd.iteritems()\n")
    (found,) = json.loads(run("--output-format", "json", ".").out)
    assert "cell" not in found


@pytest.mark.parametrize("form", ["full", "concise", "grouped", "pylint", "html", "junit"])
def test_formats_for_people_name_the_cell(run: Run, form: str) -> None:
    out = run("--output-format", form, ".").out
    assert "shop.ipynb:cell 3" in out
    if form in ("full", "html"):
        assert "iteritems" in out
        assert "items" in out.replace("iteritems", "")


@pytest.mark.parametrize("form", ["azure", "github", "gitlab", "rdjson", "sarif", "sonar"])
def test_formats_for_services_name_the_line_of_the_file(run: Run, form: str) -> None:
    number = next(n for n, line in enumerate(SHOP.splitlines(), 1) if "iteritems" in line)
    out = run("--output-format", form, ".").out
    places = {
        "azure": f"sourcepath=shop.ipynb;linenumber={number};",
        "github": f"file=shop.ipynb,line={number},col=25,",
        "gitlab": f'"begin": {number}',
        "rdjson": f'"line": {number}',
        "sarif": f'"startLine": {number}',
        "sonar": f'"startLine": {number}',
    }
    assert places[form] in out
    if form in ("github", "sarif"):
        assert "cell 3:1:20" in out


def test_full_shows_cells_as_they_are_written(run: Run, tmp_path: Path) -> None:
    text = notebook("d = {}\nx = !ls", "%time d.iteritems()", "d.iterkeys()\n'é'")
    (tmp_path / "shop.ipynb").write_text(text, encoding="utf-8")
    out = run("--output-format", "full", ".").out
    assert "   1 │ %time d.iteritems()\n" in out
    assert "   1 - d.iterkeys()\n   1 + d.keys()\n" in out


def test_a_fix_leaves_what_only_ipython_reads(run: Run, tmp_path: Path) -> None:
    text = notebook("d = {}\nx = !ls\n%time d.iteritems()\nd.iteritems()\n%cd x\n")
    (tmp_path / "shop.ipynb").write_text(text, encoding="utf-8")
    done = run("--fix", ".")
    assert done.out.startswith("shop.ipynb:cell 1:3:7: PCL701 ")
    assert sources((tmp_path / "shop.ipynb").read_bytes()) == [
        "d = {}\nx = !ls\n%time d.iteritems()\nd.items()\n%cd x\n"
    ]


def test_names_bound_in_any_cell_count(run: Run, tmp_path: Path) -> None:
    text = notebook("prices.iteritems()", "prices = Prices()", "class Prices: iteritems = print")
    (tmp_path / "shop.ipynb").write_text(text, encoding="utf-8")
    assert run(".").code == 0
    text = notebook("d.iteritems()", "d = {}")
    (tmp_path / "shop.ipynb").write_text(text, encoding="utf-8")
    assert run(".").out.startswith("shop.ipynb:cell 1:1:1: PCL701 `d` is a dictionary")


@pytest.mark.parametrize(
    ("magic", "count"), [("%cd x", 1), ("%run other.py", 0), ("%%cython\nd = 1", 0), ("%own", 0)]
)
def test_a_magic_may_bind_a_name_anew(run: Run, tmp_path: Path, magic: str, count: int) -> None:
    text = notebook("import pprint", magic, "pprint({})")
    (tmp_path / "shop.ipynb").write_text(text, encoding="utf-8")
    assert len(run("--select", "PCL218", ".").out.splitlines()) == count


def test_the_last_expression_of_a_cell_is_shown(run: Run, tmp_path: Path) -> None:
    cells = [
        "dir(int)\ndir(str)  # all of it\n",
        "dir(int);",
        "if True:\n    dir(int)",
        "  dir(int)",
    ]
    (tmp_path / "shop.ipynb").write_text(notebook(*cells), encoding="utf-8")
    out = run("--select", "PCL605", ".").out
    places = [line.partition(": ")[0] for line in out.splitlines()]
    assert places == ["shop.ipynb:cell 1:1:1", "shop.ipynb:cell 2:1:1", "shop.ipynb:cell 3:2:5"]


def test_a_cell_that_is_to_raise_raises(run: Run, tmp_path: Path) -> None:
    cell = "prices = {}\nprices.iteritems()"
    text = notebook(code(cell, tags=["raises-exception"]), code("prices.iterkeys()"))
    (tmp_path / "shop.ipynb").write_text(text, encoding="utf-8")
    (line,) = run(".").out.splitlines()
    assert line.startswith("shop.ipynb:cell 2:1:1: PCL701 ")


def test_a_comment_in_a_cell_suppresses_a_finding(run: Run, tmp_path: Path) -> None:
    cell = "d = {}\nd.iteritems()  # noqa: PCL701\nd.iterkeys()"
    (tmp_path / "shop.ipynb").write_text(notebook(cell), encoding="utf-8")
    assert [line.split(": ")[0] for line in run(".").out.splitlines()] == ["shop.ipynb:cell 1:3:1"]


def test_comments_are_added_in_cells(run: Run, tmp_path: Path) -> None:
    text = notebook("d = {}\n%time d.iteritems()\nd.iterkeys()", "d.itervalues()\n")
    (tmp_path / "shop.ipynb").write_text(text, encoding="utf-8")
    done = run("--add-noqa", ".")
    after = (tmp_path / "shop.ipynb").read_text(encoding="utf-8")
    assert sources(after) == [
        "d = {}\n%time d.iteritems()\nd.iterkeys()  # noqa: PCL701",
        "d.itervalues()  # noqa: PCL701\n",
    ]
    assert without_sources(after) == without_sources(text)
    assert "shop.ipynb:cell 1:2: no `# noqa` for PCL701: its line is one that only IPython" in (
        done.err
    )


def test_a_baseline_holds_findings_of_notebooks(run: Run, tmp_path: Path) -> None:
    assert run("--baseline", "known.jsonl", "--update-baseline", ".").code == 0
    assert run("--baseline", "known.jsonl", ".").out == ""
    moved = notebook("import os", *(cell for cell in sources(SHOP)[1:]), "prices.iterkeys()")
    (tmp_path / "shop.ipynb").write_text(moved, encoding="utf-8")
    (line,) = run("--baseline", "known.jsonl", ".").out.splitlines()
    assert line.startswith("shop.ipynb:cell 4:1:1: ")


def test_changed_lines_of_cells_are_known_by_the_file(run: Run, tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(
            ["git", "-c", "user.name=x", "-c", "user.email=x@y", *arguments],
            check=True,
            cwd=tmp_path,
        )

    git("init", "-q", ".")
    git("add", "-A")
    git("commit", "-qm", "x")
    assert run("--since", "HEAD", ".").out == ""
    more = notebook(*sources(SHOP), "prices.iterkeys()")
    (tmp_path / "shop.ipynb").write_text(more, encoding="utf-8")
    for options in (["--since", "HEAD"], ["--since", "HEAD", "--changed-findings"]):
        (line,) = [line for line in run(*options, ".").out.splitlines() if "iterkeys" in line]
        assert line.startswith("shop.ipynb:cell 4:1:1: ")


@pytest.mark.parametrize(
    ("raw", "place", "says"),
    [
        ('{"nbformat": 3}', "1:1", "it is a notebook of format 3, and only format 4 is read"),
        ('{\n"nbformat": 4,}', "2:15", "it is no notebook: its JSON is broken"),
        ("", "1:1", "it is no notebook: it is empty"),
    ],
)
def test_what_is_no_notebook_gets_a_clear_word(
    run: Run, tmp_path: Path, raw: str, place: str, says: str
) -> None:
    (tmp_path / "shop.ipynb").write_text(raw)
    done = run(".")
    assert done.code == 1
    assert done.out.startswith(f"shop.ipynb:{place}: PCL901 {says}")
    for form in ("full", "json", "html", "sarif", "gitlab"):
        assert run("--output-format", form, ".").code == 1


def test_a_notebook_in_another_language_is_a_note(run: Run, tmp_path: Path) -> None:
    text = notebook("x <- 1", metadata={"language_info": {"name": "R"}})
    (tmp_path / "shop.ipynb").write_text(text)
    done = run(".")
    assert (done.code, done.out) == (0, "")
    assert "shop.ipynb: its code is R, not Python" in done.err


@pytest.mark.parametrize(
    ("cell", "place"),
    [("y = (1\n", "1:5"), ("if y:", "1:6"), ("@y", "1:1"), ("  y = = 1", "1:7"), ("y = '", "1:5")],
)
def test_a_syntax_error_names_its_cell(run: Run, tmp_path: Path, cell: str, place: str) -> None:
    cells = ("x = 1", cell, "  z = 2", "def w(): pass")
    (tmp_path / "shop.ipynb").write_text(notebook(*cells), encoding="utf-8")
    assert run(".").out.startswith(f"shop.ipynb:cell 2:{place}: PCL901 ")


def test_a_cell_that_cannot_be_read_keeps_nothing_from_the_others(run: Run, tmp_path: Path) -> None:
    cells = ("dir(1);", "x = (1", "  y = 1\n  if y:", "def f(z):\n    dir(z)\n    return missing")
    (tmp_path / "shop.ipynb").write_text(notebook(*cells), encoding="utf-8")
    found = [line.split(" ")[:3] for line in run(".").out.splitlines()]
    assert [(cell.partition(":")[0], code) for _, cell, code in found] == [
        ("1", "PCL605"),
        ("2", "PCL901"),
        ("3", "PCL901"),
        ("4", "PCL605"),
    ]
    assert run(".").out.count("PCL901") == 2  # a second run says the same


def test_a_fix_leaves_a_cell_that_cannot_be_read(run: Run, tmp_path: Path) -> None:
    before = notebook("x = {}\n", "  x = (1\n", "for each in x.iteritems():\n    print(each)\n")
    (tmp_path / "shop.ipynb").write_text(before, encoding="utf-8")
    run("--fix", ".")
    after = (tmp_path / "shop.ipynb").read_text(encoding="utf-8")
    assert changed_lines(before, after) == []
    (tmp_path / "shop.ipynb").write_text(
        notebook("  y = (1\n", "x = {}\nfor each in x.iteritems():\n    print(each)\n"),
        encoding="utf-8",
    )
    run("--fix", ".")
    after = (tmp_path / "shop.ipynb").read_text(encoding="utf-8")
    assert sources(after)[1] == "x = {}\nfor each in x.items():\n    print(each)\n"


def test_a_cell_that_is_to_raise_may_be_one_that_cannot_be_read(run: Run, tmp_path: Path) -> None:
    raising = code("x = (1")
    raising["metadata"] = {"tags": ["raises-exception"]}
    (tmp_path / "shop.ipynb").write_text(notebook(raising, "dir(1);"), encoding="utf-8")
    assert [line.split(" ")[2] for line in run(".").out.splitlines()] == ["PCL605"]


def test_what_is_wrong_with_cells_of_python_2_is_all_that_is_said(run: Run, tmp_path: Path) -> None:
    cells = ("x = (1", "print 'a'", "y = )", "dir(1)")
    (tmp_path / "shop.ipynb").write_text(notebook(*cells), encoding="utf-8")
    assert [line.split(" ")[2] for line in run(".").out.splitlines()] == ["PCL901", "PCL901"]


def test_python_2_in_a_notebook_is_repaired(run: Run, tmp_path: Path) -> None:
    text = notebook("print 'a'\n%cd é", "x = !ls\nfor each in x:\n    print each\n")
    (tmp_path / "shop.ipynb").write_text(text, encoding="utf-8")
    run("--fix", ".")
    after = (tmp_path / "shop.ipynb").read_text(encoding="utf-8")
    assert sources(after) == ["print('a')\n%cd é", "x = !ls\nfor each in x:\n    print(each)\n"]


def test_a_notebook_is_no_module(run: Run, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").unlink()
    (tmp_path / "setup.py").write_text("")
    (tmp_path / "shop.ipynb").write_text(notebook("class Cart: prices = []"), encoding="utf-8")
    (tmp_path / "main.py").write_text("from shop import Missing\n\nMissing()\n")
    assert run("--select", "PCL2", ".").out == ""
    (tmp_path / "shop.py").write_text("x = 1\n")
    assert run("--select", "PCL2", ".").out.startswith("main.py:1:1: PCL205 ")


def test_a_notebook_imports_what_lies_beside_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "books").mkdir()
    (tmp_path / "books" / "prices.py").write_text("PRICES = {'apple': 3}\n")
    text = notebook("from prices import PRICES", "PRICES.iteritems()")
    (tmp_path / "books" / "shop.ipynb").write_text(text, encoding="utf-8")
    (tmp_path / "shop.ipynb").unlink()
    assert run(".").out.startswith("books/shop.ipynb:cell 2:1:1: PCL701 ")


def test_a_notebook_beside_a_module_of_its_name_is_another_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_bytes((tmp_path / "shop.ipynb").read_bytes())
    once, again = run(".").out, run(".").out
    assert once == again
    assert once.startswith("shop.ipynb:cell 3:1:20: ")


def test_checkpoints_are_left_out(run: Run, tmp_path: Path) -> None:
    (tmp_path / ".ipynb_checkpoints").mkdir()
    (tmp_path / ".ipynb_checkpoints" / "shop-checkpoint.ipynb").write_text(SHOP)
    assert "1 finding" in run(".").err
    assert run("--show-files", ".").out.splitlines() == ["shop.ipynb"]


def test_the_api_gives_the_cell(run: Run, tmp_path: Path) -> None:
    (found,) = pyconcepts_lint.lint(tmp_path, no_cache=True).findings
    assert (found.cell, found.line, found.column) == (3, 1, 20)
    assert found.path == f"{tmp_path / 'shop.ipynb'}:cell 3"
    (given,) = pyconcepts_lint.lint_source(SHOP, tmp_path / "new.ipynb").findings
    assert (given.cell, given.line) == (3, 1)
    fixed = pyconcepts_lint.fix_source(SHOP, tmp_path / "new.ipynb")
    assert fixed == SHOP.replace("iteritems", "items")
    report = pyconcepts_lint.fix(tmp_path, no_cache=True)
    assert [(each.cell, each.line) for each in report.fixed] == [(3, 1)]
    assert report.findings == []


def test_flake8_gets_the_line_of_the_file(run: Run, tmp_path: Path) -> None:
    number = next(n for n, line in enumerate(SHOP.splitlines(), 1) if "iteritems" in line)
    done = subprocess.run(
        [sys.executable, "-m", "flake8", "--select=PCL", "--filename=*.ipynb", "shop.ipynb"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith(f"shop.ipynb:{number}:25: PCL701 "), done


@pytest.mark.parametrize(
    "command", [["pyconcepts-lint"], ["pyconcepts_lint"], ["--nbqa-shell", "pyconcepts-lint"]]
)
def test_nbqa_can_run_it(run: Run, tmp_path: Path, command: list[str]) -> None:
    pytest.importorskip("nbqa")
    done = subprocess.run(
        [sys.executable, "-m", "nbqa", *command, "shop.ipynb"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={
            **os.environ,
            # In a checkout that isn't installed anew since, the module is found there.
            "PYTHONPATH": os.pathsep.join((*sys.path, str(Path(__file__).parents[2]))),
            "PATH": os.pathsep.join((os.path.dirname(sys.executable), os.environ["PATH"])),
        },
    )
    assert "shop.ipynb:cell_2:1:20: PCL701 " in done.stdout, done


def test_a_fixed_notebook_is_a_notebook(run: Run, tmp_path: Path) -> None:
    nbformat: Any = pytest.importorskip("nbformat")
    book = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# Prices"),
            nbformat.v4.new_code_cell("%cd x\nd = {'é': 1}\nd.iteritems()"),
            nbformat.v4.new_code_cell("d.iterkeys()\n"),
        ]
    )
    nbformat.write(book, tmp_path / "shop.ipynb")
    run("--fix", ".")
    after = nbformat.read(tmp_path / "shop.ipynb", as_version=4)
    nbformat.validate(after)
    assert [cell.source for cell in after.cells] == [
        "# Prices",
        "%cd x\nd = {'é': 1}\nd.items()",
        "d.keys()\n",
    ]
    for cell in after.cells:
        cell.source = ""
    for cell in book.cells:
        cell.source = ""
    assert after == book


def test_a_later_cell_may_import_from_the_future(run: Run, tmp_path: Path) -> None:
    cells = ("x = 1", "from __future__ import annotations\ndir(x)\nx = 2")
    (tmp_path / "shop.ipynb").write_text(notebook(*cells), encoding="utf-8")
    assert [line.split(" ")[2] for line in run(".").out.splitlines()] == ["PCL605"]
