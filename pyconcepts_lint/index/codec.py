"""Facts as JSON and back.

Named tuples become arrays, without names: the cache's key holds the version of the tool.
"""

from __future__ import annotations

from typing import Any

from pyconcepts_lint.index.facts import (
    Binding,
    ClassFacts,
    Event,
    Import,
    Method,
    ModuleFacts,
)


def decode(row: list[Any]) -> ModuleFacts:
    """The facts that `row` (JSON of a `ModuleFacts`) says.

    Raises TypeError, ValueError or IndexError for what isn't one.
    """
    facts = ModuleFacts(*row)
    return facts._replace(
        bindings=tuple(Binding(*item) for item in facts.bindings),
        imports=tuple(_import(item) for item in facts.imports),
        classes=tuple(_class(item) for item in facts.classes),
        attribute_uses=_tuples(facts.attribute_uses),
        foreign_stores=tuple(facts.foreign_stores),
        dunder_all=None if facts.dunder_all is None else tuple(facts.dunder_all),
        future=tuple(facts.future),
        statements=_tuples(facts.statements),
        loads=tuple(facts.loads),
    )


def _tuples(rows: Any) -> tuple[Any, ...]:
    return tuple(tuple(row) for row in rows)


def _import(row: Any) -> Import:
    found = Import(*row)
    return found._replace(names=_tuples(found.names))


def _class(row: Any) -> ClassFacts:
    facts = ClassFacts(*row)
    return facts._replace(
        bases=tuple(facts.bases),
        keywords=tuple(facts.keywords),
        decorators=tuple(facts.decorators),
        body=tuple(Binding(*item) for item in facts.body),
        methods=tuple(Method(*item) for item in facts.methods),
        events=tuple(Event(*item) for item in facts.events),
        slots=None if facts.slots is None else tuple(facts.slots),
    )
