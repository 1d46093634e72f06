"""Answers as text: for terminals in colours, for pipes without."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence

from ..base.typed import TYPE_CHECKING
from ..index.names import STANDARD_LIBRARY
from ..reporters import Style
from ..reporters.columns import columns, one_line
from ..reporters.drawing import Piece, draw
from .answers import (
    ABSENT,
    FOUND,
    HIDDEN,
    MAYBE,
    SKIPPED,
    UNKNOWN,
    Attribute,
    ClassAnswer,
    Cycle,
    Edge,
    ImportsAnswer,
    Load,
    Lookup,
    Lookups,
    ModuleAnswer,
    Row,
    Submodule,
)
from .world import is_standard

if TYPE_CHECKING:
    from typing import TextIO

LOOKS = {
    FOUND: "bold green",
    MAYBE: "yellow",
    HIDDEN: "dim",
    ABSENT: "dim",
    SKIPPED: "dim",
    UNKNOWN: "magenta",
}
TITLE = "bold"
SET_BY_IMPORT = "set by the import"
Line = list[Piece]


def write(answer: object, out: TextIO, style: Style) -> None:
    """Write an answer for people."""
    encoding = getattr(out, "encoding", None) or "utf-8"
    lines = (
        [(one_line(text, encoding), look) for text, look in line] for line in _lines(answer, style)
    )
    draw(lines, out, style.color)


def _lines(answer: object, style: Style) -> Iterator[Line]:
    if isinstance(answer, Lookups):
        for number, lookup in enumerate(answer.lookups):
            if number:
                yield []
            yield from _lookup(lookup, style)
    elif isinstance(answer, ClassAnswer):
        yield from _class(answer, style)
    elif isinstance(answer, ModuleAnswer):
        yield from _module(answer, style)
    elif isinstance(answer, ImportsAnswer):
        yield from _imports(answer, style)


def place(path: str, line: int, style: Style) -> str:
    if not path:
        return ""
    if is_standard(path):
        version = os.path.basename(STANDARD_LIBRARY)
        path = f"…/{version}/{os.path.relpath(path, STANDARD_LIBRARY)}"
    return f"{style.path(path)}:{line}" if line else style.path(path)


def table(rows: Iterable[Sequence[Piece]], indent: int) -> Iterator[Line]:
    """Rows of cells, each as wide as the widest of its column."""
    listed = [list(row) for row in rows]
    widths: list[int] = []
    for row in listed:
        widths += [0] * (len(row) - len(widths))
        for number, (text, _) in enumerate(row):
            widths[number] = max(widths[number], columns(text))
    for row in listed:
        line: Line = [(" " * indent, "")]
        for number, (text, look) in enumerate(row):
            is_last = number == len(row) - 1
            gap = "" if is_last else " " * (widths[number] - columns(text) + 2)
            line += [(text, look), (gap, "")]
        yield line


def _lookup(found: Lookup, style: Style) -> Iterator[Line]:
    yield [(found.subject, TITLE), (f"  {found.of}", "")]
    at = place(found.path, found.line, style) + (f":{found.column}" if found.column else "")
    if at:
        yield [(f"  at {at}", "dim")]
    result = found.result
    where = place(result.path, result.line, style) if result is not None else ""
    yield [
        ("  finds ", ""),
        (found.outcome, LOOKS[found.status]),
        (f"  {where}" if where else "", ""),
    ]
    for number, step in enumerate(found.steps, 1):
        line: Line = [(f"  {number}. ", ""), (step.title, ""), (": ", "")]
        line.append((step.status, LOOKS[step.status]))
        if step.note:
            line.append((f" ({step.note})", "dim"))
        yield line
        yield from table(_rows(step.rows, style), 5)
    yield from sentences(found.notes, "note", "dim")
    yield from sentences(found.unknown, "unknown", "magenta")


def _rows(rows: Iterable[Row], style: Style) -> Iterator[Sequence[Piece]]:
    for row in rows:
        note = f"{row.status}: {row.note}" if row.note else row.status
        yield (
            (row.by, "cyan" if row.status in (FOUND, MAYBE) else ""),
            (row.what, ""),
            (place(row.path, row.line, style) or "(built in)", "blue" if row.path else "dim"),
            (note, LOOKS[row.status]),
        )


def sentences(said: Iterable[str], word: str, look: str) -> Iterator[Line]:
    for sentence in said:
        yield [(f"  {word}: ", look), (sentence, "")]


def _class(found: ClassAnswer, style: Style) -> Iterator[Line]:
    at = place(found.path, found.line, style)
    yield [(f"class {found.name}", TITLE), (f"  {at}" if at else "  (built in)", "dim")]
    known = "" if found.is_mro_known else "  (and classes that aren't known)"
    yield [("  MRO", ""), (known, LOOKS[UNKNOWN])]
    yield from table(
        (
            ((row.by, "cyan"), (place(row.path, row.line, style) or "(built in)", "dim"))
            for row in found.mro
        ),
        5,
    )
    yield [
        ("  metaclass ", ""),
        (found.metaclass or UNKNOWN, "" if found.metaclass else LOOKS[UNKNOWN]),
    ]
    for decorator in found.decorators:
        yield [("  decorated by ", ""), (f"@{decorator or '?'}", "")]
    if found.slots:
        yield [("  slots ", ""), (", ".join(found.slots), "")]
    says = {"yes": "instances have a `__dict__`", "no": "instances have no `__dict__`"}
    said = says.get(found.has_dict, "whether instances have a `__dict__` is unknown")
    yield [(f"  {said}", "" if found.has_dict in says else LOOKS[UNKNOWN])]
    yield [("  attributes, each with the class that has it", "")]
    shown = [a for a in found.attributes if not a.is_added and a.by != "builtins.object"]
    yield from _attribute_table(shown, style)
    rest = len(found.attributes) - len(shown)
    if rest:
        yield [(f"     and {rest} that every class has, or that making the class adds", "dim")]
    if found.instance_attributes:
        yield [("  attributes of instances, and what binds them", "")]
        yield from _instance_table(found, style)
    if found.subclasses:
        yield [("  subclasses", "")]
        yield from table(
            (
                ((row.by, "cyan"), (place(row.path, row.line, style), "dim"))
                for row in found.subclasses
            ),
            5,
        )
    yield from sentences(found.unknown, "unknown", LOOKS[UNKNOWN])


def _attribute_table(attributes: Sequence[Attribute], style: Style) -> Iterator[Line]:
    rows: list[Sequence[Piece]] = []
    for each in attributes:
        rows.append(
            (
                (each.name, TITLE),
                (each.what, ""),
                (each.by, "cyan"),
                (place(each.path, each.line, style) or "(built in)", "dim"),
            )
        )
        for word, others in (
            ("overrides", each.overrides),
            ("overridden by", each.overridden_by),
            ("hidden, on the instance, by", each.hidden_by),
        ):
            rows += (
                (
                    ("", ""),
                    (f"  {word}", "dim"),
                    (other.by, "dim"),
                    (place(other.path, other.line, style) or "(built in)", "dim"),
                )
                for other in others
            )
    return table(rows, 5)


def _instance_table(found: ClassAnswer, style: Style) -> Iterator[Line]:
    rows: list[Sequence[Piece]] = []
    for each in found.instance_attributes:
        for number, row in enumerate(each.rows):
            name = "" if number else each.name
            note = "" if number else each.note
            at = place(row.path, row.line, style)
            rows.append(((name, TITLE), (row.by, "cyan"), (at, "dim"), (note, LOOKS[HIDDEN])))
    return table(rows, 5)


def _module(found: ModuleAnswer, style: Style) -> Iterator[Line]:
    yield [(f"module {found.name}", TITLE), (f"  {place(found.path, 0, style)}", "dim")]
    if found.fails:
        yield [("  its import fails  ", "bold red"), (found.fails, "")]
    else:
        yield [("  its dictionary, when the import ends", "")]
    own = [each for each in found.names if each.what != SET_BY_IMPORT]
    yield from table(
        (
            (
                (each.name, TITLE),
                (each.what, ""),
                (_lines_in_words(each.lines), "blue"),
                ("" if each.status == FOUND else each.status, LOOKS[each.status]),
            )
            for each in own
        ),
        5,
    )
    rest = len(found.names) - len(own)
    if rest:
        yield [(f"     and {rest} that every import sets, such as `__name__`", "dim")]
    yield [("  what the import loads, in the order in which it has run", "")]
    yield from _load_table(found, style)
    early = sum(1 for each in found.loads if each.at_start)
    if early:
        yield [(f"     and {early} that Python has loaded when a program starts, as `os`", "dim")]
    if found.submodules:
        yield [("  submodules that are attributes of their package, and why", "")]
        yield from table(
            (
                (
                    (f"{each.package}.{each.name}", TITLE),
                    (_reason(each), ""),
                    (place(each.by_path, each.line, style), "blue"),
                    ("" if each.status == FOUND else each.status, LOOKS[each.status]),
                )
                for each in found.submodules
            ),
            5,
        )
    yield from sentences(found.unknown, "unknown", LOOKS[UNKNOWN])


def _load_table(found: ModuleAnswer, style: Style) -> Iterator[Line]:
    rows: list[Sequence[Piece]] = []
    for each in found.loads:
        if each.at_start:
            continue
        said = "" if each.status == FOUND else each.status
        by = f"by {each.by}" if each.by else "as its package"
        if each.name == found.name:
            by = f"{by}: the module itself" if each.by else "the module itself"
        rows.append(
            (
                ("  " * each.depth + each.name, "cyan" if each.status == FOUND else ""),
                (by, "dim"),
                (place(each.by_path, each.line, style) if each.by_path else "", "blue"),
                (said or _note(each), LOOKS[each.status]),
            )
        )
    return table(rows, 5)


def _note(each: Load) -> str:
    """What isn't known of a module; nothing of those of the standard library."""
    return "" if is_standard(each.path) else each.note


def _lines_in_words(lines: Sequence[int]) -> str:
    said = ", ".join(map(str, lines))
    return f"line{'s' if len(lines) > 1 else ''} {said}" if lines else ""


def _reason(each: Submodule) -> str:
    return f"imported by {each.by}" if each.by else "what was asked about"


def _imports(found: ImportsAnswer, style: Style) -> Iterator[Line]:
    of = f"imports around {found.about}" if found.about else "imports"
    yield [(of, TITLE), (f"  {len(found.modules)} modules, {len(found.edges)} imports", "dim")]
    for when, title in WHEN.items():
        edges = [edge for edge in found.edges if edge.when == when]
        if edges:
            yield [(f"  {title}", "")]
            yield from table(_edge_rows(edges, style), 5)
    if found.outside:
        yield [("  what isn't the project's: ", ""), (", ".join(found.outside), "dim")]
    for cycle in found.cycles:
        yield from _cycle(cycle, style)
    if not found.cycles:
        yield [("  no cycles at import time", "")]


WHEN = {
    "import time": "when a module is imported",
    "function": "when a function is called",
    "typing": "for type checkers only",
}


def _edge_rows(edges: Iterable[Edge], style: Style) -> Iterator[Sequence[Piece]]:
    before = ""
    for edge in edges:
        name = "" if edge.importer == before else edge.importer
        before = edge.importer
        yield (
            (name, "cyan"),
            (edge.imported, ""),
            (place(edge.path, edge.line, style), "blue"),
            ("under a condition" if edge.is_conditional else "", "dim"),
        )


def _cycle(cycle: Cycle, style: Style) -> Iterator[Line]:
    names = ", ".join(cycle.modules)
    if not cycle.failures:
        yield [("  cycle that doesn't fail: ", LOOKS[FOUND]), (names, "")]
    else:
        yield [("  cycle that fails: ", "bold red"), (names, "")]
    for failure in cycle.failures:
        at = place(failure.path, failure.line, style)
        yield [
            (f"     import {failure.entry}", TITLE),
            (" first: ", ""),
            (f"{failure.owner} has no `{failure.wanted}` yet", ""),
            (f"  {at}", "blue"),
        ]
        chain = [f"{name} (line {line})" for name, line in failure.chain]
        if chain:
            yield [(f"       {' → '.join([*chain, failure.module])}", "dim")]
