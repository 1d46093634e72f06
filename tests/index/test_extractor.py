"""Tables of facts: who is asked, what of a file they see, and how their rows are stored."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from pyconcepts_lint.index.binder import FileIndex
from pyconcepts_lint.index.codec import decode
from pyconcepts_lint.index.collect import collect
from pyconcepts_lint.index.extractor import Extractor, extractor
from pyconcepts_lint.index.facts import ModuleFacts
from pyconcepts_lint.plugins.registry import tables

TEXT = """
import os

class Shop:
    def close(self):
        @wraps
        def inner(x=os.sep):
            return [late for late in x if late.is_late(self)]
        return inner
"""


class Inside(NamedTuple):
    """A row with a tuple of its own."""

    line: int
    inside: tuple[str, tuple[str, ...]]
    note: str | None


def facts_of(text: str, *tables: Extractor[Inside]) -> ModuleFacts:
    return collect(ast.parse(text), text, tables=tables)


def calls(index: FileIndex) -> Iterator[Inside]:
    for call, scope, statement in index.nodes[ast.Call]:
        yield Inside(call.lineno, (scope.kind, (type(statement).__name__,)), None)
        yield Inside(call.lineno, (scope.kind, (type(statement).__name__,)), None)


def test_each_node_comes_with_its_scope_and_its_statement() -> None:
    table = extractor(Inside, nodes=(ast.Call,))(calls)
    assert table.of(facts_of(TEXT, table)) == (Inside(8, ("comprehension", ("Return",)), None),)


def test_rows_are_the_same_from_the_cache() -> None:
    table = extractor(Inside, nodes=(ast.Call,))(calls)
    facts = facts_of(TEXT, table)
    stored = decode(ModuleFacts, json.loads(json.dumps(facts)))
    assert json.dumps(stored) == json.dumps(facts)
    assert table.of(stored) == table.of(facts)
    (row,) = table.of(stored)
    assert isinstance(row, Inside)
    assert isinstance(row.inside[1], tuple)


@pytest.mark.parametrize("words", [("no such word",), ("Shop", "no such word")])
def test_an_extractor_is_asked_where_the_text_has_a_word(words: tuple[str, ...]) -> None:
    asked: list[str] = []

    def note(index: FileIndex) -> Iterator[Inside]:
        asked.append(index.text)
        return iter(())

    facts_of(TEXT, extractor(Inside, words=words)(note))
    assert asked == [TEXT] * ("Shop" in words)


def test_the_index_has_scopes_and_facts() -> None:
    seen: list[tuple[list[str], list[str], list[str]]] = []

    def look(index: FileIndex) -> Iterator[Inside]:
        kinds = [scope.kind for scope in index.scopes]
        seen.append((kinds, [c.name for c in index.classes], [b.name for b in index.bindings]))
        return iter(())

    facts_of(TEXT, extractor(Inside)(look))
    kinds = ["comprehension", "function", "function", "class"]
    assert seen == [(kinds, ["Shop"], ["os", "Shop"])]


def test_a_text_without_words_of_an_extractor_has_no_rows_of_it() -> None:
    texts = [TEXT, "x = [y for y in z]\n", "import a.b as c\nc.d is c.e\n"]
    for table in tables():
        extractor = table.load()
        assert extractor is not None
        for text in texts:
            if table.words and not any(word in text for word in table.words):
                unguarded = Extractor(extractor.row, extractor.rows, (), extractor.nodes)
                assert unguarded.of(facts_of(text, unguarded)) == ()
