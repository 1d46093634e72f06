"""The places of a chunk's nodes are places of the file, whatever libcst forgets of the text."""

from __future__ import annotations

import libcst as cst
import pytest

from pyconcepts_lint.source.cst_nodes import children
from pyconcepts_lint.source.cst_statement import Chunk

FORGETFUL = [
    "except X :",
    "except X   :  # c",
    "except (X)\t:",
    "except X\\\n :",
    "except (A , B) \\\n\t :",
    "except X as e :",
    "except* X  :",
]
REST = "    pass\nz . after ( x  ,y )\nf'{ a !r : >{ b } } {c!s  :}' , tail\n"


def texts(chunk: Chunk, text: str) -> list[tuple[str, str]]:
    """Each name and attribute of a chunk, and what stands where it should."""
    found: list[tuple[str, str]] = []
    waiting: list[cst.CSTNode] = [chunk.module]
    while waiting:
        node = waiting.pop()
        if isinstance(node, cst.Name):
            found.append((node.value, text[slice(*chunk.span(node))]))
        elif isinstance(node, cst.Attribute):
            code = chunk.module.code_for_node(node)
            found.append((code, text[slice(*chunk.span(node))]))
        waiting += children(node)
    return found


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("clause", FORGETFUL)
def test_forgotten_blanks_move_nothing(clause: str, newline: str) -> None:
    body = f"try:\n    x . y\n{clause}\n{REST}try: u\n{clause}\n  t\nlast\n"
    text = ("before = 1\n" + body).replace("\n", newline)
    found = texts(Chunk(text[text.index("try") :], text.index("try")), text)
    assert {name for name, _ in found} >= {"x", "z", "a", "b", "c", "tail", "t", "last"}
    assert [name for name, _ in found] == [shown for _, shown in found]


def test_forgotten_blanks_go_together_with_what_is_left_out() -> None:
    text = "if 1:\n \x0c    def f(): pass\n\x0c    try: g\n    except X  : h\n    i . j\n"
    start = text.index(" \x0c")
    found = texts(Chunk(text[start:], start), text)
    assert {name for name, _ in found} >= {"f", "g", "h", "i . j"}
    assert [name for name, _ in found] == [shown for _, shown in found]
