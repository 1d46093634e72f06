"""What is left of statements that are parsed without the bodies of their methods."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from pyconcepts_lint.base.settings import Configuration
from pyconcepts_lint.rule_api.file import LintedFile
from pyconcepts_lint.source.ast_nodes import walk
from pyconcepts_lint.workspace.workspace import Workspaces

SHOP = """\
import os

@decorated(
    1)
class Shop(Base):
    x = 1
    @property
    def price(self, *, factor=(1,
                               2)) -> float:
        y = 2

        # a comment
        return self._price * factor  \n\
    async def buy(self): # one line
        class Inner:
            def n(self):
                z = 3
            w = 4
        return Inner

    def text(self, quote=")"): return '''
       a string'''
    u = v = \\
        5

    def last(self):
        return 1
"""


def _opened(directory: Path, text: str) -> LintedFile:
    path = directory / "shop.py"
    path.write_bytes(text.encode())
    workspaces = Workspaces(Configuration({"no_cache": True}, isolated=True))
    return workspaces.of(str(path)).open(str(path))


def _statements(roots: list[ast.stmt]) -> list[tuple[str, int, int | None]]:
    return [
        (type(node).__name__, node.lineno, node.end_lineno)
        for node in walk(*roots)
        if isinstance(node, ast.stmt)
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_the_bodies_of_methods_are_left_out_and_nothing_moves(tmp_path, newline):
    file = _opened(tmp_path, SHOP.replace("\n", newline))
    (outline,) = file.outlines_at([5])
    (whole,) = file.statements_at([5])
    assert isinstance(outline, ast.ClassDef)
    assert isinstance(whole, ast.ClassDef)
    bodies = [getattr(part, "body", []) for part in outline.body]
    assert [ast.unparse(body[0]) for body in bodies if body] == [
        "pass",
        "pass",
        ast.unparse(whole.body[3].body[0]),
        "pass",
    ]
    assert [ast.unparse(part) for part in outline.body if not hasattr(part, "body")] == [
        "x = 1",
        "u = v = 5",
    ]
    for left, part in zip(outline.body, whole.body, strict=True):
        assert (left.lineno, left.end_lineno) == (part.lineno, part.end_lineno)
        if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert isinstance(left, type(part))
            assert ast.dump(left.args) == ast.dump(part.args)
            assert list(map(ast.dump, left.decorator_list)) == list(
                map(ast.dump, part.decorator_list)
            )


def test_a_method_that_holds_one_of_the_lines_keeps_its_body(tmp_path):
    file = _opened(tmp_path, SHOP)
    (outline,) = file.outlines_at([15])
    inner = next(node for node in walk(outline) if getattr(node, "name", "") == "Inner")
    assert _statements(inner.body) == [
        ("FunctionDef", 16, 17),
        ("Assign", 18, 18),
        ("Assign", 17, 17),
    ]


def test_statements_that_hold_none_of_the_lines_are_not_parsed(tmp_path):
    file = _opened(tmp_path, SHOP)
    assert [type(part) for part in file.outlines_at([1])] == [ast.Import]
    assert file.outlines_at([2]) == file.outlines_at([]) == []
