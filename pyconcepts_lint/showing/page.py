"""An answer as one page that stands for itself: the picture, with zoom and search, and the text."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Iterator
from html import escape

from ..base.errors import __version__
from ..base.typed import TYPE_CHECKING
from ..reporters import Style
from . import text
from .graphs import Arrow, Graph, Node, graph_of, layers

if TYPE_CHECKING:
    from typing import TextIO

ROW, GAP = 77, 90
HIGHEST = 30
"""So many nodes stand above each other."""
CHARACTER = 7.4
_CSS = """\
:root { color-scheme: light dark; --text: #1f2328; --dim: #59636e; --back: #fff; --box: #f6f8fa;
  --line: #818b98; --chosen: #1a7f37; --bad: #cf222e; --mark: #fff2b3 }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --dim: #9198a1; --back: #0d1117;
  --box: #161b22; --line: #6e7681; --chosen: #3fb950; --bad: #f85149; --mark: #5a4a00 } }
* { box-sizing: border-box }
body { margin: 0; padding: 0 1rem 2rem; color: var(--text); background: var(--back);
  font: 1rem/1.5 system-ui, sans-serif }
h1 { font-size: 1.3rem; margin: 1rem 0 .5rem; overflow-wrap: anywhere }
form { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin: .5rem 0 }
input, button { font: inherit; color: inherit; background: var(--box);
  border: 1px solid var(--line); border-radius: .3rem; padding: .2rem .5rem }
input { flex: 0 1 20rem; min-width: 0 }
#picture { border: 1px solid var(--line); border-radius: .3rem; height: 70vh; overflow: hidden;
  touch-action: none; cursor: grab }
svg { display: block; width: 100%; height: 100% }
.node rect { fill: var(--box); stroke: var(--line) }
.node text { fill: var(--text); font: 12px ui-monospace, Consolas, monospace }
.node .where, .arrow text { fill: var(--dim) }
.arrow path { fill: none; stroke: var(--line) }
.arrow text { font: 10px system-ui, sans-serif }
.dashed path { stroke-dasharray: 6 4 }
.dotted path { stroke-dasharray: 2 3 }
.chosen rect, .chosen path { stroke: var(--chosen); stroke-width: 2 }
.bad rect, .bad path { stroke: var(--bad); stroke-width: 2 }
.node.dim { opacity: .75 }
.searched .node:not(.hit), .searched .arrow:not(.hit) { opacity: .15 }
.node.hit rect { fill: var(--mark) }
pre { background: var(--box); border: 1px solid var(--line); border-radius: .3rem; padding: .75rem;
  overflow-x: auto; font: .85rem/1.45 ui-monospace, Consolas, monospace }
footer { color: var(--dim) }
"""
_SCRIPT = """\
"use strict";
const picture = document.getElementById("picture");
const svg = picture.querySelector("svg");
const whole = svg.viewBox.baseVal;
const all = { x: whole.x, y: whole.y, width: whole.width, height: whole.height };
let view = { ...all };
if (all.width > 6000) // the whole would be too small to be read
  view = { x: all.x, y: all.y, width: 3000, height: 3000 * all.height / all.width };
const show = () => svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
show();
function zoom(factor, x, y) {
  const width = Math.min(all.width * 4, Math.max(50, view.width * factor));
  const by = width / view.width;
  view = { x: x - (x - view.x) * by, y: y - (y - view.y) * by, width, height: view.height * by };
  show();
}
function at(event) {
  const point = new DOMPoint(event.clientX, event.clientY);
  return point.matrixTransform(svg.getScreenCTM().inverse());
}
const middle = () => [view.x + view.width / 2, view.y + view.height / 2];
picture.addEventListener("wheel", event => {
  event.preventDefault();
  const point = at(event);
  zoom(event.deltaY < 0 ? 0.8 : 1.25, point.x, point.y);
}, { passive: false });
let held = null;
picture.addEventListener("pointerdown", event => {
  held = at(event);
  picture.setPointerCapture(event.pointerId);
});
picture.addEventListener("pointermove", event => {
  if (held === null) return;
  const point = at(event);
  view.x += held.x - point.x;
  view.y += held.y - point.y;
  show();
});
for (const kind of ["pointerup", "pointercancel"])
  picture.addEventListener(kind, () => { held = null; });
const search = document.getElementById("search");
const said = document.getElementById("said");
const nodes = [...svg.querySelectorAll(".node")];
const arrows = [...svg.querySelectorAll(".arrow")];
let hits = [];
let current = -1;
function find() {
  const words = search.value.trim().toLowerCase();
  hits = words === "" ? [] : nodes.filter(node => node.textContent.toLowerCase().includes(words));
  current = -1;
  svg.classList.toggle("searched", words !== "");
  const ids = new Set(hits.map(node => node.dataset.id));
  for (const node of nodes) node.classList.toggle("hit", ids.has(node.dataset.id));
  for (const arrow of arrows)
    arrow.classList.toggle("hit", ids.has(arrow.dataset.start) || ids.has(arrow.dataset.end));
  said.textContent = words === "" ? "" : `${hits.length} found`;
}
search.addEventListener("input", find);
function go() {
  if (hits.length === 0) return;
  current = (current + 1) % hits.length;
  const box = hits[current].querySelector("rect");
  const [x, y] = ["x", "y"].map(name => Number(box.getAttribute(name)));
  view.width = Math.min(view.width, 900);
  view.height = view.width * all.height / all.width;
  view.x = x + Number(box.getAttribute("width")) / 2 - view.width / 2;
  view.y = y - view.height / 2;
  show();
  said.textContent = `${current + 1} of ${hits.length}`;
}
document.querySelector("form").addEventListener("submit", event => {
  event.preventDefault();
  go();
});
document.getElementById("in").addEventListener("click", () => zoom(0.7, ...middle()));
document.getElementById("out").addEventListener("click", () => zoom(1.4, ...middle()));
document.getElementById("all").addEventListener("click", () => { view = { ...all }; show(); });
for (const node of nodes) node.addEventListener("dblclick", () => {
  search.value = node.querySelector("text").textContent;
  find();
});
"""


def write(answer: object, out: TextIO, style: Style) -> None:
    graph = graph_of(answer, style)
    said = io.StringIO()
    text.write(answer, said, style._replace(color=False))
    digest = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    pieces = [
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f"<title>{escape(graph.title)}</title>\n<style>\n{_CSS}</style>\n</head>\n<body>\n"
        f"<h1>{escape(graph.title)}</h1>\n"
        '<form><input id="search" type="search" placeholder="Search" aria-label="Search">\n'
        '<button type="submit">Next</button> <button type="button" id="in">Larger</button>\n'
        '<button type="button" id="out">Smaller</button>\n'
        '<button type="button" id="all">All</button> <output id="said"></output></form>\n'
        '<div id="picture">\n',
        *_picture(graph),
        f"</div>\n<pre>{escape(said.getvalue())}</pre>\n",
        f"<footer>pyconcepts-lint {escape(__version__)}</footer>\n",
        f"<script>{_SCRIPT}</script>\n</body>\n</html>\n",
    ]
    for piece in pieces:
        # With references for all else, the page is the same in every encoding.
        out.write(piece.encode("ascii", "xmlcharrefreplace").decode("ascii"))


def _lines(node: Node) -> list[str]:
    return [*node.label.split("\n"), *([node.where] if node.where else [])]


def _width(node: Node) -> float:
    return 20 + CHARACTER * max(map(len, _lines(node)))


def _picture(graph: Graph) -> Iterator[str]:
    """The graph as SVG: layers from the left to the right."""
    # A layer with many nodes has several columns.
    placed = {
        name: ((layer, row // HIGHEST), row % HIGHEST)
        for name, (layer, row) in layers(graph).items()
    }
    widths: dict[tuple[int, int], float] = {}
    for node in graph.nodes:
        column = placed[node.id][0]
        widths[column] = max(widths.get(column, 0), _width(node))
    lefts: dict[tuple[int, int], float] = {}
    left = 0.0
    for column in sorted(widths):
        lefts[column] = left
        left += widths[column] + GAP
    boxes: dict[str, Box] = {}
    for node in graph.nodes:
        column, row = placed[node.id]
        height = 12 + 15 * len(_lines(node))
        boxes[node.id] = (lefts[column], row * ROW, _width(node), height)
    right = max((x + width for x, _, width, _ in boxes.values()), default=100)
    bottom = max((y + height for _, y, _, height in boxes.values()), default=100)
    yield f'<svg viewBox="-20 -20 {right + 40:.0f} {bottom + 40:.0f}" role="img">\n'
    yield (
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8"'
        ' markerUnits="userSpaceOnUse" markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z" fill="currentColor"/></marker>'
        "</defs>\n"
    )
    for arrow in graph.arrows:
        yield _arrow(arrow, boxes)
    for node in graph.nodes:
        yield _node(node, boxes[node.id])
    yield "</svg>\n"


Box = tuple[float, float, float, float]


def _arrow(arrow: Arrow, boxes: dict[str, Box]) -> str:
    x, y, width, height = boxes[arrow.start]
    to_x, to_y, to_width, to_height = boxes[arrow.end]
    start, end = (x + width, y + height / 2), (to_x, to_y + to_height / 2)
    bend = max(40.0, (end[0] - start[0]) / 2)
    if to_x <= x:  # back, or within a layer: below
        start, end = (x + width / 2, y + height), (to_x + to_width / 2, to_y + to_height)
        deep = max(start[1], end[1]) + 45
        curve = f"{start[0]:.0f} {deep:.0f} {end[0]:.0f} {deep:.0f}"
    else:
        curve = f"{start[0] + bend:.0f} {start[1]:.0f} {end[0] - bend:.0f} {end[1]:.0f}"
    label = ""
    if arrow.label:
        at = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2 - 3
        label = (
            f'<text x="{at[0]:.0f}" y="{at[1]:.0f}" text-anchor="middle">'
            f"{escape(arrow.label)}</text>"
        )
    return (
        f'<g class="arrow {arrow.line} {arrow.look}" data-start="{escape(arrow.start)}"'
        f' data-end="{escape(arrow.end)}"><path marker-end="url(#tip)"'
        f' d="M{start[0]:.0f} {start[1]:.0f}C{curve} {end[0]:.0f} {end[1]:.0f}"/>{label}</g>\n'
    )


def _node(node: Node, box: Box) -> str:
    x, y, width, height = box
    said = "".join(
        f'<text x="{x + 10:.0f}" y="{y + 19 + 15 * number:.0f}"'
        f"{_where(node, number)}>"
        f"{escape(line)}</text>"
        for number, line in enumerate(_lines(node))
    )
    return (
        f'<g class="node {node.look}" data-id="{escape(node.id)}"><rect x="{x:.0f}" y="{y:.0f}"'
        f' width="{width:.0f}" height="{height}" rx="5"/>{said}</g>\n'
    )


def _where(node: Node, number: int) -> str:
    return ' class="where"' if node.where and number == len(_lines(node)) - 1 else ""
