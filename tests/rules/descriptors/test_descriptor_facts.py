"""What is noted of a file for the rules about descriptors."""

from __future__ import annotations

import ast

import pytest

from pyconcepts_lint.index.collect import collect
from pyconcepts_lint.rules.descriptors._facts import stored_calls


@pytest.mark.parametrize(
    ("value", "counts"),
    [
        ("dict(x)", False),
        ("open(x)", False),
        ("staticmethod(x)", True),
        ("property(x)", True),
        ("Lock()", True),
        ("here.dict(x)", True),
        ("str(x)", True),  # which the file binds
    ],
)
def test_calls_of_built_in_classes_are_not_stored_to_be_descriptors(
    value: str, counts: bool
) -> None:
    text = f"from here import str\n\nclass C:\n    def f(self, x):\n        self.x = {value}\n"
    rows = stored_calls.of(collect(ast.parse(text), text, tables=(stored_calls,)))
    assert [row.called for row in rows] == [value.partition("(")[0]] * counts


def test_a_star_import_may_bind_any_built_in_name() -> None:
    text = "from here import *\n\nclass C:\n    def f(self, x):\n        self.x = dict(x)\n"
    rows = stored_calls.of(collect(ast.parse(text), text, tables=(stored_calls,)))
    assert [row.called for row in rows] == ["dict"]
