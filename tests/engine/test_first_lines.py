"""A decorated statement starts at its first `@`, wherever the decorator's expression is."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Callable
from typing import Any

import pytest

from pyconcepts_lint.parsing.syntax import parse
from pyconcepts_lint.source.ast_nodes import first_line, walk

DECORATORS = [
    "@str\n",
    "@(\n    str\n)\n",
    "@(  # why\n    # @not this\n\n    str\n)\n",
    "@\\\nstr\n",
    "@ \\\n ( \\\n  (\n str ) )\n",
    "@str(\n    1\n)\n@(\n    str\n)\n",
    "@(str\n   @ int)\n",
    "@(\n    str\n    @ int)\n",
    "@((\n    lambda f: f)\n)\n",
]
WHOLES = [f"{one}def f(): pass\n" for one in DECORATORS] + [
    f"x = 1\n\n{one}class A:\n    x = '''\n@(\n'''\n" for one in DECORATORS
]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("text", WHOLES)
def test_it_is_the_line_of_the_sign(text: str, newline: str) -> None:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    signs = [token.start[0] for token in tokens if token.string == "@" and token.start[1] == 0]
    tree = parse(text.replace("\n", newline)).tree
    assert tree is not None
    (found,) = (node for node in walk(tree) if getattr(node, "decorator_list", ()))
    assert first_line(found) == signs[0]  # type: ignore[arg-type]


def test_a_declaration_is_written_above_the_sign(project: Callable[..., Any]) -> None:
    before = (
        "def counter():\n    count = 0\n\n    def add():\n        @(\n            staticmethod\n"
        "        )\n        def inner():\n            pass\n\n        count += 1\n        return inner\n"
        "\n    return add\n"
    )
    made = project({"main.py": before}).fix(unsafe=True)["main.py"]
    assert made == before.replace("        @(\n", "        nonlocal count\n        @(\n")
