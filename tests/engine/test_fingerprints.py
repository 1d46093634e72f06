"""Fingerprints stay as lines move, and change with what a finding is about."""

from __future__ import annotations

import ntpath
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyconcepts_lint.base import fingerprints as module
from pyconcepts_lint.base.finding import Finding
from pyconcepts_lint.base.fingerprints import fingerprints

ROOT = os.path.abspath("project")
FILE = os.path.join(ROOT, "pkg", "a.py")


def finding(line: int, message: str = "it is so", end: int = 0, path: str = FILE) -> Finding:
    return Finding("PCL101", "name", message, path, line, 1, end or line, 5)


def of(text: str | None, *findings: Finding) -> list[str]:
    return fingerprints(findings, lambda path: text, ROOT)


def test_moved_lines_keep_it() -> None:
    before = of("x = 1\ny = 2\n", finding(1), finding(2))
    after = of("# new\n\nif z:\n    x = 1\n\ty = 2  \n", finding(4), finding(5))
    assert after == before
    assert before[0] != before[1]


def test_what_a_finding_is_about_changes_it() -> None:
    (known,) = of("x = 1\n", finding(1))
    other_file = os.path.join(ROOT, "pkg", "b.py")
    others = [
        of("y = 1\n", finding(1)),
        of("x = 1\n", finding(1, path=other_file)),
        of("x = 1\n", finding(1)._replace(code="PCL102")),
        of("x = 1\n", finding(1, "it is otherwise")),
        of(None, finding(1)),
    ]
    assert len({known, *(each for (each,) in others)}) == 1 + len(others)


def test_equal_findings_are_counted_from_top_to_bottom() -> None:
    text = "x = 1\nz = 1\nx = 1\n"
    first, second = of(text, finding(1), finding(3))
    assert first != second
    assert of(text, finding(3), finding(1)) == [second, first]
    assert of(text, finding(3)) == [first]
    same_line = of(text, finding(1), finding(1)._replace(column=3), finding(1)._replace(column=3))
    assert len(set(same_line)) == 3


def test_other_codes_do_not_count() -> None:
    text = "x = 1\n"
    other = finding(1)._replace(code="PCL001")
    assert of(text, other, finding(1))[1:] == of(text, finding(1))


@pytest.mark.parametrize(
    "message",
    [
        "`x` is bound again in line {}",
        "lines {} and 7 (line {}) say so",
        "'(' was never closed (detected at line {})",
    ],
)
def test_line_numbers_in_the_message_do_not_count(message: str) -> None:
    before = of("x = 1\n", finding(1, message.format(9, 8)))
    assert of("x = 1\n", finding(1, message.format(10, 11))) == before
    assert of("x = 1\n", finding(1, message.format(10, 11) + "!")) != before


def test_all_lines_of_a_finding_count_and_no_others() -> None:
    def at(text: str, **ends: int) -> list[str]:
        return of(text, finding(1)._replace(**ends))

    both = at("x = (\n  1)\ny\n", end_line=2, end_column=5)
    assert at("x = (\n1)\nz\n", end_line=2, end_column=5) == both
    assert at("x = (\n2)\ny\n", end_line=2, end_column=5) != both
    # The end is exclusive.
    assert at("x = 1\ny\n", end_line=2, end_column=1) == at("x = 1\n", end_line=1, end_column=5)
    assert at("x\n", end_line=1, end_column=1) == at("x\n", end_line=1, end_column=2)


def test_lines_end_where_python_ends_them() -> None:
    known = of("a\nb\x0c\u2028c\nx = 1\n", finding(3))
    assert of("a\r\nb\r\nx = 1\r\n", finding(3)) == known
    assert of("a\rb\rx = 1", finding(3)) == known


def test_paths_are_the_same_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    known = of("x = 1\n", finding(1))
    monkeypatch.setattr(module, "os", SimpleNamespace(path=ntpath, sep="\\"))
    at = finding(1, path="C:\\work\\project\\pkg\\a.py")
    for root in ("C:\\work\\project", "c:\\Work\\project\\"):
        assert fingerprints([at], lambda path: "x = 1\r\n", root) == known
    assert module.relative_path("D:\\a\\b.py", "C:\\work") == "D:/a/b.py"


def test_a_backslash_is_part_of_a_name_elsewhere() -> None:
    if os.sep == "/":
        assert module.relative_path("/r/a\\b.py", "/r") == "a\\b.py"


def test_text_beyond_ascii_counts() -> None:
    one, other = (of(f"{name} = 1\n", finding(1)) for name in ("größe", "grösse"))
    assert one != other
    undecodable = os.path.join(ROOT, "\udcff.py")
    (found,) = of("\udcff = 1\n", finding(1, "»\udcff«", path=undecodable))
    assert set(found) <= set("0123456789abcdef")


def test_it_is_the_same_in_every_process() -> None:
    code = (
        "from pyconcepts_lint.base.finding import Finding\n"
        "from pyconcepts_lint.base.fingerprints import fingerprints\n"
        "f = Finding('PCL101', 'n', 'm in line 3', '/r/p/é.py', 1, 1, 1, 2)\n"
        "print(*fingerprints([f], lambda path: 'x = 1', '/r'))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1


@given(st.text(), st.integers(1, 9), st.integers(0, 9), st.integers(0, 9))
def test_no_place_is_too_odd(text: str, line: int, more: int, column: int) -> None:
    at = finding(line)._replace(end_line=line + more, end_column=column)
    assert of(text, at) == of(text, at)
