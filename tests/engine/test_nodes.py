"""The quick ways through a tree find what the standard library's slow ones find."""

from __future__ import annotations

import ast
import sysconfig
from pathlib import Path

import pytest

from pyconcepts_lint.source.ast_nodes import child_nodes, lines_with, walk, walk_at
from pyconcepts_lint.workspace.workspace import Workspaces

SINGLETONS = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)
# Every kind of field: strings and None among nodes, names that are nodes and names that aren't.
ODD = """
global a, b
def f(a, /, b: int = 1, *c, d=2, e, **g) -> None: return {**a, 1: 2}
match a:
    case {"x": 1, **rest} | [*others] | C(1, y=2) as name: pass
    case None | True | {None: 3}: pass
try: pass
except* E as error: raise error from None
async def g():
    async with a as b, c: x: int
    return [y async for y in z if not y < 3 <= 4], f"{a!r:>{b}}", lambda: (yield), a[1:2, ::3]
import a.b as c
from . import d
"""


def test_a_walk_finds_every_node_that_stands_in_the_source() -> None:
    library = Path(sysconfig.get_path("stdlib"))
    texts = [ODD, *(path.read_text("utf-8") for path in sorted(library.glob("[a-d]*.py")))]
    for text in texts:
        tree = ast.parse(text)
        wanted = [node for node in ast.walk(tree) if not isinstance(node, SINGLETONS)]
        assert walk(tree) == wanted
        for node in wanted:
            children = ast.iter_child_nodes(node)
            assert child_nodes(node) == [c for c in children if not isinstance(c, SINGLETONS)]


def test_a_walk_starts_from_several_nodes() -> None:
    first, second = ast.parse("a = b\nc").body
    names = [node.id for node in walk(first, second) if isinstance(node, ast.Name)]
    assert sorted(names) == ["a", "b", "c"]


SPOILED = '''\
@decorated(
    "spoiled"
)
class Apple:
    """An apple."""

    skin = "red"

    def peel(self, spoiled=False):
        for slice in [part for part in self.parts if part != "spoiled"]:
            yield slice


if Apple:
    print(f"""
{Apple('spoiled')}
""")
else:
    print("fresh")
'''


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_near_the_lines_with_a_word_are_all_nodes_that_tell_of_it(newline: str) -> None:
    text = SPOILED.replace("\n", newline)
    tree = ast.parse(text)
    lines = lines_with(text, ["spoiled"])
    near = walk_at(lines, tree)
    assert set(near) <= set(walk(tree))
    telling = [
        node for node in walk(tree) if getattr(node, "value", getattr(node, "arg", "")) == "spoiled"
    ]
    assert len(telling) == 4
    assert set(telling) <= set(near)
    assert "An apple." not in {getattr(node, "value", "") for node in near}
    assert "fresh" not in {getattr(node, "value", "") for node in near}


def test_no_node_is_near_a_word_that_is_not_there() -> None:
    assert walk_at(lines_with(SPOILED, ["pear"]), *ast.parse(SPOILED).body) == []


PLACED = '''\
@first.one
@second(
    [third for third in fourth.five]
)
def total(self, *rest: int, key: dict = {}) -> None:
    with self.open(a) as b, c: x = y = b.c.d[e.f](g=h)
    return f"""{x.y!r:>{z}}
{
        x.z}""", lambda: é.q, "é" f"""{
    k.l:{
    w}}""" "é", m.n
'''


@pytest.mark.parametrize("name", ["", "abc.py", "bisect.py", "queue.py"])
def test_the_nodes_at_a_place_and_around_one_are_those_of_the_whole_tree(
    tmp_path: Path, name: str
) -> None:
    text = Path(sysconfig.get_path("stdlib"), name).read_text("utf-8") if name else PLACED
    (tmp_path / "main.py").write_text(text, "utf-8")
    path = str(tmp_path / "main.py")
    file = Workspaces().of(path).open(path)
    for statement in file.statements():
        above = {child: node for node in walk(statement) for child in child_nodes(node)}
        first: dict[tuple[int, int], list[ast.AST]] = {}
        for node in walk(statement):
            if isinstance(node, (ast.expr, ast.stmt)):
                first.setdefault((node.lineno, node.col_offset), []).append(node)
                around = [node]
                while around[-1] in above:
                    around.append(above[around[-1]])
                assert file.ast_around(node) == around[1:]
        for place, nodes in first.items():
            assert file.ast_at(*file.ast_place(*place), ast.expr, ast.stmt) is nodes[0]
            assert file.innermost_at(*file.ast_place(*place), ast.expr, ast.stmt) is nodes[-1]
