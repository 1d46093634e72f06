"""Messages quote source text on one line, and shorten it in the middle where it is long."""

from __future__ import annotations

import ast
import sysconfig
import time
from pathlib import Path

import pytest

from pyconcepts_lint.source.quoting import LONGEST_QUOTE, quoted

STDLIB = Path(sysconfig.get_path("stdlib"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a.b", "a.b"),
        ("f(\n    1,\n    2,\n)", "f(1, 2,)"),
        ("f(  # why\n    1,  # one\r\n    2)", "f(1, 2)"),
        ("a \\\n  .b", "a .b"),
        ('f(\'#\', """a\nb""")', 'f(\'#\', """a\\nb""")'),
        ("x = (\r  1\r)", "x = (1)"),
        ("a" * 30 + "b" * 31, "a" * 30 + "b" * 8 + "…" + "b" * 21),
    ],
)
def test_what_is_quoted(text: str, shown: str) -> None:
    assert quoted(text) == shown


def test_no_quote_is_longer_than_the_longest() -> None:
    for length in range(3 * LONGEST_QUOTE):
        assert len(quoted("x" * length)) == min(length, LONGEST_QUOTE)


def test_a_text_of_many_lines_is_quoted_at_once() -> None:
    text = "[\n" + "    '1', # one\n" * 300_000 + "    'last']"
    start = time.perf_counter()
    assert quoted(text) == "['1', '1', '1', '1', '1', '1', '1', '1…1', '1', '1', 'last']"
    assert time.perf_counter() - start < 1


@pytest.mark.parametrize("name", ["argparse", "inspect", "typing", "shutil", "enum"])
def test_what_stays_whole_means_the_same(name: str) -> None:
    source = (STDLIB / f"{name}.py").read_text(encoding="utf-8")
    seen = 0
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.expr) and node.end_lineno != node.lineno:
            text = ast.get_source_segment(source, node) or ""
            shown = quoted(text)
            if "…" not in shown:
                parsed = ast.parse(f"({text})"), ast.parse(f"({shown})")
                assert ast.dump(parsed[0]) == ast.dump(parsed[1])
                seen += 1
    assert seen > 1


def test_rules_leave_shortening_to_the_one_helper() -> None:
    for path in sorted((Path(__file__).parents[2] / "rules").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        assert "_LONGEST_QUOTE" not in text, path.name
        assert "`…`" not in text, path.name
        assert '"….' not in text, path.name
