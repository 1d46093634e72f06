"""Python 3.11.0 to 3.11.4 match `(?:…)*+` wrongly: https://github.com/python/cpython/issues/106052.

Where the last repetition fails on its way, what follows is matched from there. An atomic group
around an ordinary repetition, `(?>(?:…)*)`, means the same and is right everywhere.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = [*(ROOT / "pyconcepts_lint").rglob("*.py"), *(ROOT / "rules").rglob("*.py")]
POSSESSIVE = re.compile(r"(?<!\\)\)\s*(?:[*+?]|\{\d*,?\d*\})\+")


def literals(text: str) -> list[str]:
    """The string literals of a module, f-strings with what is literal in them."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
            value = node.value
            found.append(value if isinstance(value, str) else value.decode("latin-1"))
    return found


@pytest.mark.parametrize("text", ["r'(?:ab)*+'", "rf'(?:{x})++c'", "b'(a){2,3}+'", "'(a) ?+'"])
def test_one_is_found(text: str) -> None:
    assert any(map(POSSESSIVE.search, literals(text)))


def test_no_pattern_repeats_a_group_possessively() -> None:
    assert len(FILES) > 100
    for path in FILES:
        for literal in literals(path.read_text(encoding="utf-8")):
            assert not POSSESSIVE.search(literal), (path, literal)
