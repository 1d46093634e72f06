"""Answers as graphs, for the forms that draw them."""

from __future__ import annotations

from ..base.typed import TYPE_CHECKING, NamedTuple
from ..reporters import Style
from .answers import (
    ABSENT,
    FOUND,
    HIDDEN,
    MAYBE,
    ClassAnswer,
    ImportsAnswer,
    Lookup,
    Lookups,
    ModuleAnswer,
)
from .text import place

if TYPE_CHECKING:
    from collections.abc import Iterable

PLAIN, CHOSEN, DIM, BAD = "plain", "chosen", "dim", "bad"
SOLID, DASHED, DOTTED = "solid", "dashed", "dotted"


class Node(NamedTuple):
    """`look` is one of PLAIN, CHOSEN, DIM and BAD. `where` is a file and line, "" for none."""

    id: str
    label: str
    where: str = ""
    look: str = PLAIN


class Arrow(NamedTuple):
    """An edge. `line` is one of SOLID, DASHED and DOTTED."""

    start: str
    end: str
    label: str = ""
    line: str = SOLID
    look: str = PLAIN


class Graph(NamedTuple):
    title: str
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]


def graph_of(answer: object, style: Style) -> Graph:
    if isinstance(answer, Lookups):
        return _lookups(answer, style)
    if isinstance(answer, ClassAnswer):
        return _class(answer, style)
    if isinstance(answer, ModuleAnswer):
        return _module(answer, style)
    assert isinstance(answer, ImportsAnswer)
    return _imports(answer, style)


def _lookups(found: Lookups, style: Style) -> Graph:
    nodes: list[Node] = []
    arrows: list[Arrow] = []
    for number, lookup in enumerate(found.lookups):
        start = f"{number}"
        where = place(lookup.path, lookup.line, style)
        nodes.append(Node(start, f"{lookup.subject}\n{_plain(lookup.of)}", where))
        before = start
        for count, step in enumerate(lookup.steps):
            this = f"{number}.{count}"
            look = {FOUND: CHOSEN, MAYBE: CHOSEN, ABSENT: DIM, HIDDEN: DIM}.get(step.status, PLAIN)
            nodes.append(Node(this, f"{count + 1}. {step.title}\n{step.status}", "", look))
            arrows.append(Arrow(before, this, "" if count else "first"))
            for place_number, row in enumerate(step.rows):
                at = place(row.path, row.line, style)
                seen = CHOSEN if row.status in (FOUND, MAYBE) else DIM
                name = f"{this}.{place_number}"
                nodes.append(Node(name, f"{row.by}\n{_plain(row.what)}: {row.status}", at, seen))
                arrows.append(Arrow(this, name, "", DOTTED if seen == DIM else SOLID, seen))
            before = this
    return Graph(_title(found.lookups), tuple(nodes), tuple(arrows))


def _title(lookups: tuple[Lookup, ...]) -> str:
    return "lookup of " + ", ".join(dict.fromkeys(lookup.subject for lookup in lookups))


def _plain(text: str) -> str:
    return text.replace("`", "")


def _class(found: ClassAnswer, style: Style) -> Graph:
    nodes = [
        Node(
            row.by,
            f"{number}. {row.by}",
            place(row.path, row.line, style),
            CHOSEN if row.by == found.name else PLAIN,
        )
        for number, row in enumerate(found.mro, 1)
    ]
    arrows = [Arrow(one, other) for one, other in found.inheritance]
    if not found.is_mro_known:
        nodes.append(Node("?", "classes that aren't known", "", DIM))
        arrows.append(Arrow(found.mro[-1].by, "?", "", DASHED, DIM))
    known = {node.id for node in nodes}
    for row in found.subclasses:
        if row.by not in known:
            known.add(row.by)
            nodes.append(Node(row.by, row.by, place(row.path, row.line, style), DIM))
            arrows.append(Arrow(row.by, found.name, "subclass", DASHED, DIM))
    return Graph(f"class {found.name}", tuple(nodes), tuple(arrows))


def _module(found: ModuleAnswer, style: Style) -> Graph:
    loads = [each for each in found.loads if not each.at_start]
    known = {each.name for each in loads}
    nodes = [
        Node(
            each.name,
            each.name,
            place(each.path, 0, style),
            CHOSEN if each.name == found.name else PLAIN if each.status == FOUND else DIM,
        )
        for each in loads
    ]
    arrows = [
        Arrow(
            each.by,
            each.name,
            f"line {each.line}" if each.line else "",
            SOLID if each.status == FOUND else DASHED,
            PLAIN if each.status == FOUND else DIM,
        )
        for each in loads
        if each.by in known
    ]
    return Graph(f"what importing {found.name} loads", tuple(nodes), tuple(arrows))


def _imports(found: ImportsAnswer, style: Style) -> Graph:
    failing = {
        (one, other)
        for cycle in found.cycles
        if cycle.failures
        for one in cycle.modules
        for other in cycle.modules
    }
    in_failing = {one for one, _ in failing}
    nodes = [
        Node(
            name,
            name,
            place(path, 0, style),
            BAD if name in in_failing else CHOSEN if name == found.about else PLAIN,
        )
        for name, path in found.modules
    ]
    lines = {"import time": SOLID, "function": DASHED, "typing": DOTTED}
    strongest: dict[tuple[str, str], str] = {}
    for edge in found.edges:
        pair = edge.importer, edge.imported
        strongest[pair] = min(strongest.get(pair, edge.when), edge.when, key=[*lines].index)
    labels = {"import time": "", "function": "in a function", "typing": "typing only"}
    arrows = [
        Arrow(
            *pair,
            labels[when],
            lines[when],
            BAD if pair in failing and when == "import time" else PLAIN,
        )
        for pair, when in strongest.items()
    ]
    title = f"imports around {found.about}" if found.about else "imports"
    return Graph(title, tuple(nodes), tuple(arrows))


# Mermaid (https://mermaid.js.org/syntax/flowchart.html) and Graphviz

_MERMAID_LINES = {SOLID: "-->", DASHED: "-.->", DOTTED: "-.->"}
_COLORS = {CHOSEN: "#1a7f37", DIM: "#818b98", BAD: "#cf222e"}


def mermaid(graph: Graph) -> str:
    """A graph in Mermaid's words."""
    ids = {node.id: f"n{number}" for number, node in enumerate(graph.nodes)}
    lines = ["---", f"title: {_quoted(graph.title)}", "---", "flowchart LR"]
    for node in graph.nodes:
        label = "<br>".join(map(_entities, node.label.split("\n")))
        where = f"<br>{_entities(node.where)}" if node.where else ""
        lines.append(f'    {ids[node.id]}["{label}{where}"]:::{node.look}')
    for arrow in graph.arrows:
        label = f'|"{_entities(arrow.label)}"|' if arrow.label else ""
        line = _MERMAID_LINES[arrow.line]
        lines.append(f"    {ids[arrow.start]} {line}{label} {ids[arrow.end]}")
    lines.append("    classDef plain stroke-width:1px")
    for look, color in _COLORS.items():
        width = "1px,stroke-dasharray:4" if look == DIM else "2px"
        lines.append(f"    classDef {look} stroke:{color},stroke-width:{width}")
    return "\n".join(lines) + "\n"


def _entities(text: str) -> str:
    """Text in which nothing is a command of Mermaid or HTML."""
    special = {*'"#&<>`\\;'}
    return "".join(
        f"#{ord(each)};" if each in special or not each.isprintable() else each for each in text
    )


def dot(graph: Graph) -> str:
    """A graph in Graphviz's words."""
    lines = [
        "digraph {",
        f"    graph [rankdir=LR, label={_quoted(graph.title)}, labelloc=t]",
        '    node [shape=box, style=rounded, fontname="sans-serif"]',
        '    edge [fontname="sans-serif", fontsize=10]',
    ]
    for node in graph.nodes:
        text = "\n".join(filter(None, (node.label, node.where)))
        color = f", color={_quoted(_COLORS[node.look])}" if node.look in _COLORS else ""
        lines.append(f"    {_quoted(node.id)} [label={_quoted(text)}{color}]")
    for arrow in graph.arrows:
        color = f", color={_quoted(_COLORS[arrow.look])}" if arrow.look in _COLORS else ""
        said = f", label={_quoted(arrow.label)}" if arrow.label else ""
        lines.append(
            f"    {_quoted(arrow.start)} -> {_quoted(arrow.end)} [style={arrow.line}{color}{said}]"
        )
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(text: str) -> str:
    """A string as Graphviz and YAML read it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return '"' + "".join(each if each.isprintable() else " " for each in escaped) + '"'


# Where nodes stand


def layers(graph: Graph) -> dict[str, tuple[int, int]]:
    """The layer of each node, and its place there: what arrows lead to stands further on, as far as
    there are no circles, and near what it is joined with."""
    after: dict[str, list[str]] = {node.id: [] for node in graph.nodes}
    before: dict[str, list[str]] = {node.id: [] for node in graph.nodes}
    for arrow in _without_circles(graph):
        after[arrow.start].append(arrow.end)
        before[arrow.end].append(arrow.start)
    layer: dict[str, int] = {}
    for name in _in_order(after, before):
        layer[name] = max((layer[other] + 1 for other in before[name]), default=0)
    columns: dict[int, list[str]] = {}
    for name, number in layer.items():
        columns.setdefault(number, []).append(name)
    row = {name: place for names in columns.values() for place, name in enumerate(names)}
    for neighbours in (before, after, before, after, before):
        for names in columns.values():
            names.sort(key=lambda name: _middle(row, neighbours[name], row[name]))
            row.update((name, place) for place, name in enumerate(names))
    return {name: (layer[name], row[name]) for name in layer}


def _middle(row: dict[str, int], names: list[str], otherwise: int) -> float:
    return sum(row[name] for name in names) / len(names) if names else otherwise


def _without_circles(graph: Graph) -> Iterable[Arrow]:
    """The arrows, without those that close a circle."""
    after: dict[str, list[Arrow]] = {node.id: [] for node in graph.nodes}
    for arrow in graph.arrows:
        after[arrow.start].append(arrow)
    done: set[str] = set()
    for root in after:
        open_: dict[str, None] = {}
        work = [(root, iter(after[root]))] if root not in done else []
        if work:
            open_[root] = None
        while work:
            name, arrows = work[-1]
            for arrow in arrows:
                if arrow.end in open_:
                    continue
                yield arrow
                if arrow.end not in done:
                    open_[arrow.end] = None
                    work.append((arrow.end, iter(after[arrow.end])))
                    break
            else:
                work.pop()
                open_.pop(name)
                done.add(name)


def _in_order(after: dict[str, list[str]], before: dict[str, list[str]]) -> Iterable[str]:
    """The nodes, each behind those before it."""
    left = {name: len(others) for name, others in before.items()}
    waiting = [name for name, count in left.items() if not count]
    for name in waiting:
        yield name
        for other in after[name]:
            left[other] -= 1
            if not left[other]:
                waiting.append(other)
