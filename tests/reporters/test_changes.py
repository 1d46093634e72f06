"""The lines that a fix changes are those that applying it changes."""

from __future__ import annotations

import re

import pytest

from pyconcepts_lint.base.finding import Edit, Fix
from pyconcepts_lint.reporters.changes import Hunk, hunks
from pyconcepts_lint.running import fixer
from pyconcepts_lint.source.text import Source

PATH = "/shop/cart.py"
TEXT = "import os\n\n\nclass Cart:\n    size = 0\n\n    def add(self):\n        self.size += 1\n"


def fix(*edits: tuple[int, int, int, int, str]) -> Fix:
    return Fix("safe", "title", tuple(Edit(PATH, *edit) for edit in edits))


def changes(text: str, found: Fix) -> list[Hunk]:
    return list(hunks(found, lambda path: Source.from_text(text, path) if path == PATH else None))


CASES = {
    "within a line": fix((8, 9, 8, 13, "Cart")),
    "twice in a line": fix((8, 9, 8, 13, "Cart"), (8, 22, 8, 23, "2")),
    "a line goes": fix((5, 1, 6, 1, "")),
    "a line comes": fix((2, 1, 2, 1, "import sys\n")),
    "a line comes at the end": fix((9, 1, 9, 1, "x = 1\n")),
    "lines become one": fix((4, 1, 7, 19, "class Cart: pass")),
    "one becomes several": fix((5, 5, 5, 13, "size = (\n        0\n    )")),
    "far from each other": fix((1, 8, 1, 10, "sys"), (8, 9, 8, 13, "Cart"), (5, 12, 5, 13, "1")),
    "a line goes above others that change": fix((1, 1, 2, 1, ""), (8, 9, 8, 13, "Cart")),
}


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("case", CASES)
def test_the_hunks_make_the_text_that_the_fixer_makes(case: str, newline: str) -> None:
    text = TEXT.replace("\n", newline)
    wanted = fixer.apply(Source.from_text(text, PATH), CASES[case].edits)
    lines = re.split(r"\r\n?|\n", text)
    for hunk in reversed(changes(text, CASES[case])):
        start = hunk.line - 1
        assert lines[start : start + len(hunk.old)] == hunk.old
        lines[start : start + len(hunk.old)] = hunk.new
        assert hunk.old != hunk.new
    after = re.split(r"\r\n?|\n", wanted)
    assert lines == after
    for hunk in changes(text, CASES[case]):
        assert after[hunk.new_line - 1 : hunk.new_line - 1 + len(hunk.new)] == hunk.new


def test_only_lines_that_change_are_shown() -> None:
    assert changes(TEXT, CASES["a line goes"]) == [Hunk(PATH, 5, 5, ["    size = 0"], [])]
    assert changes(TEXT, CASES["a line comes"]) == [Hunk(PATH, 2, 2, [], ["import sys"])]


def test_a_file_that_is_not_there_is_created() -> None:
    created = Fix("safe", "title", (Edit("/shop/__init__.py", 1, 1, 1, 1, "x = 1\n"),))
    assert changes(TEXT, created) == [Hunk("/shop/__init__.py", 1, 1, [], ["x = 1"], creates=True)]


def test_edits_of_a_file_that_has_changed_meanwhile_are_not_shown() -> None:
    assert changes("x\n", CASES["within a line"]) == []
