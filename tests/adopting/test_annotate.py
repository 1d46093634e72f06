"""`--add-noqa` puts comments where they count, and changes nothing but comments."""

from __future__ import annotations

import ast
import importlib.util
import os
import stat
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyconcepts_lint.__main__ import main
from pyconcepts_lint.adopting.add_noqa import annotate, annotate_files
from pyconcepts_lint.base.digests import digest
from pyconcepts_lint.base.finding import Finding
from pyconcepts_lint.source.noqa import Suppressions
from pyconcepts_lint.source.text import Source


def finding(line: int, code: str = "PCL101", path: str = "m.py") -> Finding:
    return Finding(code, "name", "it is so", path, line, 1, line, 2)


def annotated(text: str, *places: tuple[int, str]) -> tuple[str, list[str]]:
    """The text afterwards, and the reasons for what was refused."""
    source = Source.from_text(text, "m.py")
    after, refused = annotate(source, [finding(*place) for place in places])
    suppressions = Suppressions(Source.from_text(after, "m.py"))
    left = [each for each, _ in refused]
    for place in places:
        assert suppressions.suppresses(*place) is (finding(*place) not in left)
    return after, [reason for _, reason in refused]


A = "PCL101"
B = "PCL202"


@pytest.mark.parametrize(
    ("before", "line", "after"),
    [
        ("x = 1\n", 1, "x = 1  # noqa: PCL101\n"),
        ("x = 1", 1, "x = 1  # noqa: PCL101"),
        ("x = 1 \t\r\ny\r\n", 1, "x = 1  # noqa: PCL101\r\ny\r\n"),
        ("x = 1\ry = 2\r", 2, "x = 1\ry = 2  # noqa: PCL101\r"),
        ("\tx = 1; y = 2\n", 1, "\tx = 1; y = 2  # noqa: PCL101\n"),
        ("x = 1  # type: ignore\n", 1, "x = 1  # type: ignore  # noqa: PCL101\n"),
        ("x = 1  # ends with \\\n", 1, "x = 1  # ends with \\  # noqa: PCL101\n"),
        ("x = 1  #noqa\n", 1, "x = 1  #noqa  # noqa: PCL101\n"),
        # Existing directives keep their codes, and what stands behind them.
        ("x = 1  # noqa: E501\n", 1, "x = 1  # noqa: E501, PCL101\n"),
        ("x = 1  # noqa:E501 as a reason\n", 1, "x = 1  # noqa:E501, PCL101 as a reason\n"),
        ("x = 1  # NOQA: E501,W1 # fmt: skip\n", 1, "x = 1  # NOQA: E501,W1, PCL101 # fmt: skip\n"),
        ("x = 1  # noqa: E501because\n", 1, "x = 1  # noqa: E501, PCL101because\n"),
        ("x = 1  # noqa: PCL202\n", 1, "x = 1  # noqa: PCL202, PCL101\n"),
        # What a backslash or a string joins has one place, behind the last line.
        ("x = 1 + \\\n  2\n", 1, "x = 1 + \\\n  2  # noqa: PCL101\n"),
        ("x = '''\na\n'''\n", 1, "x = '''\na\n'''  # noqa: PCL101\n"),
        ("x = '''\na\n'''\n", 2, "x = '''\na\n'''  # noqa: PCL101\n"),
        ("assert x, \\\n  '''a\n  b'''\n", 1, "assert x, \\\n  '''a\n  b'''  # noqa: PCL101\n"),
        ('def f():\n    """A\n    b."""\n', 2, 'def f():\n    """A\n    b."""  # noqa: PCL101\n'),
        ("x = '''\n''' + y  # noqa: E1\n", 1, "x = '''\n''' + y  # noqa: E1, PCL101\n"),
        # Within brackets each line has its own.
        ("from a import (\n  b,\n)\n", 1, "from a import (  # noqa: PCL101\n  b,\n)\n"),
        ("f(\n  a,\n  b)\n", 2, "f(\n  a,  # noqa: PCL101\n  b)\n"),
        ("f('''\n''', [\n1])\n", 1, "f('''\n''', [  # noqa: PCL101\n1])\n"),
        # Comments and blank lines.
        ("# -*- coding: utf-8 -*-\nx = 1\n", 1, "# -*- coding: utf-8 -*-  # noqa: PCL101\nx = 1\n"),
        ("\nx = 1\n", 1, "# noqa: PCL101\nx = 1\n"),
        ("", 1, "# noqa: PCL101\n"),
        ("\x0cx = 1\n", 1, "\x0cx = 1  # noqa: PCL101\n"),
        ("größe = '\u2028'\n", 1, "größe = '\u2028'  # noqa: PCL101\n"),
    ],
)
def test_the_comment_stands_where_it_counts(before: str, line: int, after: str) -> None:
    assert annotated(before, (line, A)) == (after, [])
    assert annotated(after, (line, B))[1] == []


def test_codes_of_lines_that_belong_together_stand_together() -> None:
    text = "x = a + \\\n    b\ny = c\n"
    after, refused = annotated(text, (2, B), (1, A), (1, B), (3, B))
    assert after == "x = a + \\\n    b  # noqa: PCL101, PCL202\ny = c  # noqa: PCL202\n"
    assert refused == []


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("#!/usr/bin/env python\nx = 1\n", 1, "starts with #!"),
        ("x = '# noqa: E501'\n", 1, "in the text of a string"),
        ("x = '''\n# noqa: E501\n'''  # noqa: PCL202\n", 1, "in the text of a string"),
        ("x = 1\n", 2, "behind the last line"),
    ],
)
def test_where_there_is_no_place_nothing_is_written(text: str, line: int, reason: str) -> None:
    after, (said,) = annotated(text, (line, A))
    assert after == text
    assert reason in said


F_STRING = 'x = f"""{\n    y\n    =}\n"""\n'


def test_nothing_is_written_into_an_f_string() -> None:
    after, refused = annotated(F_STRING, (2, A))
    assert ast.dump(ast.parse(after)) == ast.dump(ast.parse(F_STRING))
    if sys.version_info >= (3, 12):
        # flake8 looks for the comment in the field, where it would be part of the string.
        assert (after, refused) == (F_STRING, ["no comment can stand where its line ends"])
    else:
        assert after == F_STRING[:-1] + "  # noqa: PCL101\n"


def test_what_python_cannot_take_apart_is_left_as_it_is() -> None:
    text = "x = '''\ny\n"
    after, (reason,) = annotated(text, (1, A))
    assert after == text
    assert "no comment can stand" in reason


PIECES = [
    *("x = 1", "y = (", "1, ", ")", "z = '''", "'''", '"""', "a", " \\", "if x:", "    pass"),
    *("\t", "#", "# c", "  # noqa: E501", "# noqa", "f'{x}'", "\x0c", "é", "#!", ";", "[", "]"),
    *("\n", "\n", "\n", "\n", "\r\n", "\r"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=25), st.data())
def test_the_program_is_the_same(pieces: list[str], data: st.DataObject) -> None:
    text = "".join(pieces)
    try:
        before = ast.dump(ast.parse(text))
    except SyntaxError:
        before = ""
    count = Source.from_text(text, "m.py").line_count
    line = st.integers(1, max(count, 1))
    places = data.draw(st.lists(st.tuples(line, st.sampled_from([A, B])), max_size=5))
    suppressed = Suppressions(Source.from_text(text, "m.py"))
    places = [place for place in places if not suppressed.suppresses(*place)]
    after, _ = annotated(text, *places)
    if before:
        assert ast.dump(ast.parse(after)) == before


@pytest.mark.parametrize("name", ["ast", "dataclasses", "textwrap", "turtle"])
def test_every_line_of_real_modules_can_be_annotated(name: str) -> None:
    spec = importlib.util.find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    source = Source.read(spec.origin)
    suppressed = Suppressions(source)
    lines = range(1, source.line_count + 1)
    places = [(line, A) for line in lines if not suppressed.suppresses(line, A)]
    after, refused = annotated(source.text, *places)
    assert ast.dump(ast.parse(after)) == ast.dump(ast.parse(source.text))
    assert len(refused) <= 1  # the line with #!


COUNTER = """\
class Counter:
    count = 0

    def tick(self):
        self.count += 1{}


class Text:
    text = 1

    def change(self):
        self.text = '''
        é''', \\
            2
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[tool.pyconcepts-lint]\nno-cache = true\n")
    return tmp_path


def test_files_keep_what_else_they_are(root: Path) -> None:
    file = root / "a.py"
    text = COUNTER.format("  # noqa: E501 it's long").replace("\n", "\r\n").rstrip()
    file.write_bytes(b"\xef\xbb\xbf" + text.encode())
    file.chmod(0o750)
    latin = root / "b.py"
    latin.write_bytes(b"# coding: latin-1\n" + COUNTER.format("").encode("latin-1"))
    python2 = root / "c.py"
    python2.write_text("print 'a', `1`, 0777\nfor k in {}.iteritems(): print k\n")
    assert main(["-q"]) == 1
    before = [ast.dump(ast.parse(each.read_bytes())) for each in (file, latin)]
    assert main(["--add-noqa"]) == 0
    assert [ast.dump(ast.parse(each.read_bytes())) for each in (file, latin)] == before
    data = file.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert b"+= 1  # noqa: E501, PCL103 it's long\r\n" in data
    assert data.endswith(b"2  # noqa: PCL102")
    assert data.count(b"\n") == data.count(b"\r\n")
    assert b"\xe9'''" in latin.read_bytes()
    first, second = python2.read_text().splitlines()
    assert first == "print 'a', `1`, 0777  # noqa: PCL902"
    assert second.endswith(" print k  # noqa: PCL701, PCL902")
    if os.name == "posix":
        assert stat.S_IMODE(file.stat().st_mode) == 0o750


def test_afterwards_nothing_is_left_to_say_or_do(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "a.py").write_text(COUNTER.format(""))
    assert main(["--add-noqa"]) == 0
    assert capsys.readouterr().err == "Added `# noqa` for 2 findings in 1 file.\n"
    after = (root / "a.py").read_text()
    assert main(["--select", "ALL", "--ignore", "PCL106"]) == 0
    capsys.readouterr()
    assert main(["--add-noqa"]) == 0
    assert capsys.readouterr().err == "Added `# noqa` for 0 findings in 0 files.\n"
    assert (root / "a.py").read_text() == after
    assert main(["--select", "PCL905"]) == 0


def test_what_cannot_be_annotated_is_reported(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "a.py").write_text("def f(:\n")
    (root / "b.py").write_text("x = 1  # noqa: PCL9\ny = 1  # noqa: PCL101\n")
    (root / "c.py").write_text(COUNTER.format("; '# noqa: E501'"))
    texts = [(root / name).read_text() for name in ("a.py", "b.py")]
    assert main(["--add-noqa"]) == 1
    out, err = capsys.readouterr()
    assert [line.split()[1] for line in out.splitlines()] == ["PCL901", "PCL905", "PCL103"]
    assert "a.py:1: no `# noqa` for PCL901: a file that can't be parsed is not annotated" in err
    assert "c.py:5: no `# noqa` for PCL103: a `# noqa` in the text of a string holds for it" in err
    assert err.endswith("Added `# noqa` for 1 finding in 1 file.\n")
    assert [(root / name).read_text() for name in ("a.py", "b.py")] == texts
    assert main(["--add-noqa", "-q", "--exit-zero"]) == 0
    assert capsys.readouterr().err == ""


def test_fixes_are_not_made(root: Path) -> None:
    (root / "pyproject.toml").write_text("[tool.pyconcepts-lint]\nfix = true\n")
    (root / "a.py").write_text("d = {}\nd.has_key(1)\n")
    assert main(["--add-noqa", "--no-cache"]) == 0
    assert (root / "a.py").read_text() == "d = {}\nd.has_key(1)  # noqa: PCL704\n"


@pytest.mark.parametrize(
    ("options", "clash"),
    [
        (["--fix"], "--fix"),
        (["--diff"], "--diff"),
        (["--update-baseline"], "--update-baseline"),
        (["-"], "the path -"),
    ],
)
def test_it_goes_with_nothing_else_that_writes(
    root: Path, capsys: pytest.CaptureFixture[str], options: list[str], clash: str
) -> None:
    assert main(["--add-noqa", *options]) == 2
    said = f"pyconcepts-lint: error: --add-noqa can't be combined with {clash}\n"
    assert capsys.readouterr().err == said


def test_a_file_that_cannot_be_written_is_an_error(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pyconcepts_lint.adopting.add_noqa.write_atomically", refuse)
    file = root / "a.py"
    file.write_text("x = 1\n")
    contents = {str(file): digest(file.read_bytes())}
    done = annotate_files([finding(1, path=str(file))], contents)
    assert done.errors == [f"{file}: not annotated: Permission denied"]
    assert (len(done.done), len(done.refused), done.files) == (0, 1, 0)
