"""Edits that leave what is around them as it is."""

from __future__ import annotations

import ast
import textwrap

import pytest

from pyconcepts_lint.base.settings import Settings
from pyconcepts_lint.index.project import Project
from pyconcepts_lint.rule_api.edits import take_out
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.running.fixer import apply
from pyconcepts_lint.source.ast_nodes import child_nodes
from pyconcepts_lint.source.text import Source


def without_gone(text: str) -> str:
    """The text without its statement `gone`."""
    source = Source.from_bytes(text.encode(), "main.py")
    tree = ast.parse(source.text)
    project = Project(None, [], lambda path: None)
    file = FileContext(source, source, None, project, Settings(None), tree=tree)
    waiting: list[list[ast.AST]] = [[statement] for statement in reversed(tree.body)]
    while waiting:
        path = waiting.pop()
        if isinstance(path[-1], ast.Expr) and getattr(path[-1].value, "id", "") == "gone":
            return apply(source, [take_out(file, path)])
        waiting.extend([*path, child] for child in child_nodes(path[-1]))
    raise AssertionError("nothing to remove")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("gone\n", ""),
        ("gone", ""),
        ("a\ngone\n", "a\n"),
        ("a\ngone", "a\n"),
        ("gone\n\n\na\n", "a\n"),
        ("a\n\ngone\n\n\nb\n", "a\n\n\nb\n"),
        ("a\n\n\ngone\n\nb\n", "a\n\n\nb\n"),
        ("a\ngone\n\nb\n", "a\n\nb\n"),
        ("a\n\ngone\nb\n", "a\n\nb\n"),
        ("a\n\n\ngone\n", "a\n"),
        ("a; gone\n", "a\n"),
        ("gone; a\n", "a\n"),
        ("a; gone; b\n", "a; b\n"),
        ("a; gone;\n", "a;\n"),
        ("gone;\nb\n", "b\n"),
        ("gone  # why\nb\n", "# why\nb\n"),
        ("gone;  # why\nb\n", "# why\nb\n"),
        ("# above\ngone\nb\n", "# above\nb\n"),
        ("# above\n\ngone\n\nb\n", "# above\n\nb\n"),
        ("a; \\\n  gone\nb\n", "a\nb\n"),
        ("(\n    gone\n)\nb\n", "b\n"),
        ("if a: gone\n", "if a: pass\n"),
        ("if a: gone;\n", "if a: pass;\n"),
        ("if a: gone  # why\n", "if a: pass  # why\n"),
        ("if a: b; gone\n", "if a: b\n"),
        ("if a: gone; b\n", "if a: b\n"),
        ("if a:\n    gone\n", "if a:\n    pass\n"),
        ("if a:\n    gone  # why\n", "if a:\n    pass  # why\n"),
        ("if a:\n    # why\n    gone\n", "if a:\n    # why\n    pass\n"),
        ("if a:\n    gone\n    b\n", "if a:\n    b\n"),
        ("if a:\n    gone\n\n    b\n", "if a:\n    b\n"),
        ("if a:\n\n    gone\n\n    b\n", "if a:\n\n    b\n"),
        ("if a:\n    # why\n    gone\n\n    b\n", "if a:\n    # why\n\n    b\n"),
        ("if a:\n    b\n\n    gone\n\n\nc\n", "if a:\n    b\n\n\nc\n"),
        ("if a:\n    b\n    gone\n    # end\n\nc\n", "if a:\n    b\n    # end\n\nc\n"),
        ("if a:\n\tgone\n\tb\n", "if a:\n\tb\n"),
        ("if a:\r\n    gone\r\n\r\n    b\r\n", "if a:\r\n    b\r\n"),
        ("a\n\x0c\ngone\n\nb\n", "a\n\x0c\n\nb\n"),
        ("é = 'é'; gone; b\n", "é = 'é'; b\n"),
    ],
)
def test_a_statement_goes_and_no_comment_with_it(before: str, after: str) -> None:
    assert without_gone(before) == after


def test_what_is_left_still_runs() -> None:
    text = textwrap.dedent(
        """
        def f(a):
            if a:
                gone
            else:
                b = 2; gone
            gone  # why
            return a
        """
    )
    for _ in range(3):
        text = without_gone(text)
    names: dict[str, object] = {}
    exec(text, names)
    assert names["f"](3) == 3  # type: ignore[operator]
    assert "# why" in text
