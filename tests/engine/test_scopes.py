"""The scopes that `source.scopes` finds, compared with the compiler's own symbol tables."""

from __future__ import annotations

import ast
import os
import symtable
import textwrap
import warnings
from collections import Counter
from pathlib import Path

import pytest

from pyconcepts_lint.source.scopes import How, Scopes

PROGRAMS = [
    "x = 1\ndef f(a, /, b, *c, d=x, **e): return a + x",
    "def f():\n x = 1\n def g():\n  nonlocal x\n  x += y\n  def h(): return x\n return g",
    "def f():\n global x\n import x.y as z, x\n from x import w as v\n x = 1",
    "class C:\n x = 1\n def f(self): return x\n y = [x for x in x if z]",
    "class C:\n global x\n x = 1\n def f(self): return x",
    "def f():\n [y := x for x in a for z in x if z]\n return y",
    "def f():\n return {k: (lambda v=v: v + k) for k, v in d.items()}",
    "def f():\n try: pass\n except E as e: pass\n with a as b, c as (d, *g): pass",
    "def f(x):\n match x:\n  case [a, *b]: pass\n  case {'k': c, **d}: pass\n  case C(e) as g: pass",
    "def f():\n del x\n y += 1\n z: int\n w: int = 1\n for i, (j, k) in q: pass\n a.b, c[d] = 1, 2",
    "async def f():\n async for x in y: pass\n async with z as w: pass\n return [i async for i in x]",
    "@d(x)\nclass C(B, metaclass=M):\n def f(self, a: A = b) -> R: pass",
    "def f():\n class C:\n  nonlocal_ = x\n  def g(self): return x\n x = 1",
    "lambda x, *y: (x, y, z)",
]


def _is_plain(name: str) -> bool:
    """Is it neither a private name, which the compiler mangles, nor one that it makes itself?"""
    return "__" not in name and name[:1] != "."


def compiled(text: str) -> Counter[tuple[object, ...]]:
    """Each table: where it starts, and what it binds and reads."""
    waiting = [symtable.symtable(text, "m.py", "exec")]
    found: Counter[tuple[object, ...]] = Counter()
    for table in waiting:
        waiting += table.get_children()
        if table.get_type() not in ("module", "class", "function"):
            continue  # type parameters, annotations
        is_module = table.get_type() == "module"
        symbols = [s for s in table.get_symbols() if _is_plain(s.get_name())]
        names = {s.get_name() for s in symbols if s.is_local()}
        parameters = {s.get_name() for s in symbols if s.is_parameter()}
        imported = {s.get_name() for s in symbols if s.is_imported()}
        used = {s.get_name() for s in symbols if s.is_referenced()}
        line = 0 if is_module else table.get_lineno()
        found[line, *map(frozenset, (names, parameters, imported, used))] += 1
    return found


def bound(text: str) -> Counter[tuple[object, ...]]:
    found: Counter[tuple[object, ...]] = Counter()
    for scope in Scopes(ast.parse(text)):
        named = {name for name in scope.named if name != "*"}
        names = {name for name in named if scope.owns(name)}
        parameters = {name for name in named if scope.has_parameter(name)}
        imported = {name for name in named if scope.imports(name)}
        parts = (names, parameters, imported, scope.used)
        sets = (frozenset(filter(_is_plain, part)) for part in parts)
        found[getattr(scope.node, "lineno", 0), *sets] += 1
    return found


@pytest.mark.parametrize("text", PROGRAMS)
def test_scopes_have_the_names_that_the_compiler_gives_them(text: str) -> None:
    assert bound(text) == compiled(text)


@pytest.mark.parametrize(
    "path", sorted(Path(os.__file__).parent.glob("*.py")), ids=lambda p: p.stem
)
def test_so_they_have_in_the_standard_library(path: Path) -> None:
    text = path.read_text("utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert bound(text) == compiled(text)


def test_how_names_get_their_values_is_noted() -> None:
    text = """
        def f(self, a, *b, **c):
            x, (y, *z) = 1, w
            for i in x: pass
            with x as j: pass
            try: pass
            except E as e: pass
            import m
            t: int = 0
            def g(): pass
            class C: pass
            match x:
                case [n]: pass
        """
    scopes = Scopes(ast.parse(textwrap.dedent(text)))
    (function, *_) = scopes.of.values()
    hows = {name: {each.how for each in found} for name, found in function.bound.items()}
    assert hows == {
        "self": {How.FIRST_PARAMETER},
        "a": {How.PARAMETER},
        "b": {How.ARGUMENTS},
        "c": {How.KEYWORDS},
        "x": {How.VALUE},
        "y": {How.ELEMENT},
        "z": {How.STARRED},
        "i": {How.ELEMENT},
        "j": {How.CONTEXT},
        "e": {How.ERROR},
        "m": {How.IMPORT},
        "t": {How.ANNOTATION, How.ANNOTATED_VALUE},
        "g": {How.FUNCTION},
        "C": {How.CLASS},
        "n": {How.PATTERN},
    }
