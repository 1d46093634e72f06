"""Facts as JSON and back.

Named tuples become arrays, without names: the cache's key holds the version of the tool.
"""

from __future__ import annotations

from ..base.typed import TYPE_CHECKING
from ..parsing.syntax import Parsed, SyntaxProblem
from .facts import (
    Accessors,
    Binding,
    ClassCall,
    ClassFacts,
    Event,
    Import,
    Loader,
    Loop,
    Method,
    ModuleFacts,
    Mutation,
)

if TYPE_CHECKING:
    from typing import Any


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
        made_bases=tuple(facts.made_bases),
        passed=_tuples(facts.passed),
        class_calls=tuple(ClassCall(*item) for item in facts.class_calls),
        stored_functions=_tuples(facts.stored_functions),
        stored_calls=tuple(facts.stored_calls),
        supers=_tuples(facts.supers),
        identities=_tuples(facts.identities),
        unbound=tuple(facts.unbound),
        taken_reads=_tuples(facts.taken_reads),
        fillers=tuple(facts.fillers),
        changing_loops=tuple(Loop(*item) for item in facts.changing_loops),
        early_reads=_tuples(facts.early_reads),
        captures=_tuples(facts.captures),
        lost_assignments=_tuples(facts.lost_assignments),
        base_calls=tuple(facts.base_calls),
        own_names=_tuples(facts.own_names),
        loaders=tuple(Loader(*item) for item in facts.loaders),
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
        accessors=tuple(Accessors(*item) for item in facts.accessors),
        refusing=_tuples(facts.refusing),
        slot_sources=tuple(facts.slot_sources),
        decorator_keywords=tuple(facts.decorator_keywords),
        dict_uses=_tuples(facts.dict_uses),
        unseen=tuple(facts.unseen),
        mutations=tuple(Mutation(*item) for item in facts.mutations),
    )


IS_PYTHON3 = ModuleFacts._fields.index("is_python3")
"""Where in the JSON of facts it stands whether the file is Python 3."""


def encode_odd(parsed: Parsed) -> list[object]:
    """How a file that isn't Python 3 reads, as JSON."""
    text = None if parsed.translation is not None else parsed.text
    return [text, parsed.translation, parsed.problem, parsed.newer]


def decode_odd(row: list[Any]) -> Parsed:
    """What `encode_odd` was given.

    Raises TypeError, ValueError or IndexError for what it didn't make.
    """
    from ..parsing.python2 import Construct, Piece, Translation

    text, translated, trouble, newer = row
    problem = None if trouble is None else SyntaxProblem(*trouble)
    if translated is None:
        return Parsed(text, None, None, problem, bool(newer))
    new_text, constructs, pieces, spellings = translated
    translation = Translation(
        new_text,
        tuple(
            found if found.edits is None else found._replace(edits=_tuples(found.edits))
            for found in (Construct(*item) for item in constructs)
        ),
        tuple(Piece(*item) for item in pieces),
        tuple((spelling, name) for spelling, name in spellings),
    )
    return Parsed(text or new_text, None, translation, problem, bool(newer))
