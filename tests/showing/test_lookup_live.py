"""`show lookup` against CPython: generated classes are made and asked, and what the compiler says of
the names in real files is compared."""

from __future__ import annotations

import ast
import dis
import json
import os
import random
import subprocess
import sys
import types
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyconcepts_lint.analysis.values import Reader, Scope
from pyconcepts_lint.base.settings import Configuration
from pyconcepts_lint.index.binder import mangled
from pyconcepts_lint.showing.answers import ABSENT, FOUND, HIDDEN, MAYBE, SKIPPED, Lookup
from pyconcepts_lint.showing.lookup import on_class, on_instance
from pyconcepts_lint.showing.names import on_name
from pyconcepts_lint.showing.world import World

STANDARD_LIBRARY = Path(os.__file__).parent

HELPERS = """
class Data:
    def __init__(self, of):
        self.of = of
    def __get__(self, instance, owner):
        return self if instance is None else ("data", self.of)
    def __set__(self, instance, value):
        pass


class Plain:
    def __init__(self, of):
        self.of = of
    def __get__(self, instance, owner):
        return self if instance is None else ("plain", self.of)
"""

KINDS = ("value", "function", "property", "writable", "data", "plain", "", "", "", "")


def program(chance: random.Random) -> tuple[str, list[str]]:
    """Classes that may have an attribute `x` in each of the ways there are, and their names."""
    lines = ["from helpers import Data, Plain", ""]
    names: list[str] = []
    for name in "ABCDE"[: chance.randint(2, 5)]:
        bases = chance.sample(names, min(len(names), chance.choice((0, 1, 1, 2))))
        lines += ["", f"class {name}({', '.join(bases)}):", f"    mark = {name!r}"]
        if chance.random() < 0.12 and not bases:
            lines.append(f"    __slots__ = {chance.choice([('x',), ('y',)])!r}")
        lines += attribute(chance.choice(KINDS), name)
        if chance.random() < 0.4:
            lines.append("    def __init__(self):")
            lines += chance.choice(
                [
                    [f"        self.x = ('instance', {name!r})"],
                    [f"        if self.mark == 'A':\n            self.x = ('instance', {name!r})"],
                    ["        super().__init__()"],
                    [f"        super().__init__()\n        self.x = ('instance', {name!r})"],
                ]
            )
        if chance.random() < 0.3:
            lines += ["    def late(self):", f"        self.x = ('instance', {name!r})"]
        if chance.random() < 0.2:
            lines += ["    def __getattr__(self, name):", f"        return ('getattr', {name!r})"]
        names.append(name)
    return "\n".join(lines) + "\n", names


def attribute(kind: str, owner: str) -> list[str]:
    marked = f"({kind!r}, {owner!r})"
    match kind:
        case "value":
            return [f"    x = {marked}"]
        case "function":
            return ["    def x(self):", "        pass", f"    x.mark = {marked}"]
        case "property" | "writable":
            lines = ["    @property", "    def x(self):", f"        return {marked}"]
            if kind == "writable":
                lines += ["    @x.setter", "    def x(self, value):", "        pass"]
            return lines
        case "data" | "plain":
            return [f"    x = {kind.title()}({owner!r})"]
    return []


RUN = """
import importlib, json, sys
found = {}
for number in range(int(sys.argv[1])):
    try:
        module = importlib.import_module(f"made_{number}")
    except (TypeError, ValueError):
        continue
    for name, model in list(vars(module).items()):
        if len(name) != 1:
            continue
        owner = next((base.__name__ for base in model.__mro__ if "x" in vars(base)), "")
        answers = {"class": owner}
        try:
            instance = model()
        except AttributeError:
            instance = None
        for late in (False, True):
            if instance is None:
                continue
            if late and hasattr(model, "late"):
                try:
                    instance.late()
                except AttributeError:
                    pass
            try:
                value = instance.x
            except AttributeError:
                value = ("nothing", "")
            answers[str(late)] = getattr(value, "mark", value)
        found[f"{number} {name}"] = answers
print(json.dumps(found))
"""


@pytest.mark.parametrize("seed", range(3))
def test_an_attribute_is_found_where_python_finds_it(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    programs = [program(chance) for _ in range(60)]
    (tmp_path / "pyproject.toml").write_text("[tool.pyconcepts-lint]\n", encoding="utf-8")
    (tmp_path / "helpers.py").write_text(HELPERS, encoding="utf-8")
    for number, (text, _) in enumerate(programs):
        (tmp_path / f"made_{number}.py").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(len(programs))],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    world = World(Configuration({"no_cache": True}), str(tmp_path))
    counted: Counter[str] = Counter()
    for key, live in json.loads(done.stdout).items():
        number, name = key.split()
        model = world.model(f"made_{number}.{name}")
        of_class = on_class(model, "x", "")
        owner = "" if of_class.result is None else of_class.result.by.rpartition(".")[2]
        assert owner == live["class"], (key, programs[int(number)][0])
        found = on_instance(model, "x", "")
        for late in ("False", "True"):
            if late in live:
                counted[found.status] += 1
                assert may_be(found, tuple(live[late])), (key, late, found, live)
        if found.status == FOUND and "False" in live:
            assert is_so(found, tuple(live["False"])), (key, found, live, programs[int(number)][0])
    assert {FOUND, MAYBE, ABSENT} <= counted.keys() <= {FOUND, MAYBE, ABSENT}
    assert counted[FOUND] > counted[MAYBE]


def is_so(found: Lookup, value: tuple[str, str]) -> bool:
    """Is it exactly what an answer says is found?"""
    kind, owner = value
    row = found.result
    if row is None:
        return kind == "nothing"
    where = next(step.where for step in found.steps if row in step.rows)
    if where == "instance":
        return kind == "instance"
    if where == "getattr":
        return value == ("getattr", row.by.rpartition(".")[2])
    if row.what == "a slot":
        return kind in ("instance", "nothing", "getattr")
    return owner == row.by.rpartition(".")[2] and kind not in ("instance", "getattr", "nothing")


def may_be(found: Lookup, value: tuple[str, str]) -> bool:
    """Is it one of the things that an answer allows?"""
    kind, owner = value
    if found.status == ABSENT:
        return kind == "nothing"
    rows = [
        (step.where, row)
        for step in found.steps
        for row in step.rows
        if row.status in (FOUND, MAYBE)
    ]
    if kind == "nothing":
        return found.status == MAYBE or any(row.what == "a slot" for _, row in rows)
    if kind == "instance":
        return any(where == "instance" or row.what == "a slot" for where, row in rows)
    if kind == "getattr":
        return any(
            (where == "getattr" and row.by.endswith(f".{owner}")) or row.what == "a slot"
            for where, row in rows
        )
    return any(
        where in ("data descriptors", "class") and row.by.endswith(f".{owner}")
        for where, row in rows
    )


# Names


KIND_OF = {
    "LOAD_FAST": "own",
    "LOAD_FAST_CHECK": "own",
    "LOAD_FAST_BORROW": "own",
    "LOAD_FAST_AND_CLEAR": "own",
    "LOAD_DEREF": "cell",
    "LOAD_CLASSDEREF": "class cell",
    "LOAD_FROM_DICT_OR_DEREF": "class cell",
    "LOAD_GLOBAL": "global",
    "LOAD_NAME": "name",
}


def compiled_names(path: Path) -> Iterator[tuple[tuple[int, int, str], str]]:
    """What the compiler does with each name that a file reads, by line, column and name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        waiting = [compile(path.read_bytes(), str(path), "exec")]
    while waiting:
        code = waiting.pop()
        waiting += [each for each in code.co_consts if isinstance(each, types.CodeType)]
        for instruction in dis.get_instructions(code):
            kind = KIND_OF.get(instruction.opname)
            place = instruction.positions
            if kind is not None and place is not None and place.lineno is not None:
                assert place.col_offset is not None
                yield (place.lineno, place.col_offset, instruction.argval), kind


def read_names(world: World, path: Path) -> Iterator[tuple[tuple[int, int, str], Lookup, Scope]]:
    file = world.workspaces.of(str(path)).open(str(path))
    assert file.tree is not None

    def ask(node: ast.expr) -> ast.expr | None:
        is_read = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        return node if is_read else None

    for node, _, scope in Reader(file.tree, ask).asked:
        assert isinstance(node, ast.Name)
        around = scope.class_scope
        name = node.id if around is None else mangled(node.id, around.node.name)  # type: ignore[attr-defined]
        place = file.ast_place(node.lineno, node.col_offset)
        yield (node.lineno, node.col_offset, name), on_name(file, name, scope, *place), scope


def check_names(paths: list[Path]) -> Counter[str]:
    world = World(Configuration({"no_cache": True}), str(STANDARD_LIBRARY))
    counted: Counter[str] = Counter()
    for path in paths:
        compiled = dict(compiled_names(path))
        for place, found, scope in read_names(world, path):
            kind = compiled.get(place)
            if kind is None:
                counted["not compiled"] += 1  # annotations, dead code
                continue
            first = next(
                (step.where for step in found.steps if step.status not in (ABSENT, SKIPPED)), ""
            )
            expected = {
                "own": ("local",),
                "cell": ("local", "enclosing"),
                "class cell": ("class body", "enclosing"),
                "global": ("global", "builtin", ""),
                "name": ("class body", "global", "builtin", ""),
            }[kind]
            assert first in expected, (path, place, kind, found)
            assert [step.status for step in found.steps].count(FOUND) <= 1
            counted[kind] += 1
            assert scope is not None
    return counted


def test_names_are_found_where_the_compiler_looks_for_them() -> None:
    names = ("dataclasses", "functools", "enum", "contextlib", "textwrap", "statistics", "fnmatch")
    counted = check_names([STANDARD_LIBRARY / f"{name}.py" for name in names])
    assert counted["own"] > 3000
    assert counted["cell"] > 100
    assert counted["global"] > 1000


@pytest.mark.corpus
def test_names_of_the_standard_library_are_found_where_the_compiler_looks_for_them() -> None:
    counted = check_names(sorted(STANDARD_LIBRARY.glob("*.py")))
    assert counted["own"] > 60_000
    assert counted["not compiled"] < counted["own"] / 50


def test_hidden_rows_stand_behind_what_is_found(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.pyconcepts-lint]\n", encoding="utf-8")
    text = "class A:\n    x = 1\n\n\nclass B(A):\n    x = 2\n"
    (tmp_path / "a.py").write_text(text, encoding="utf-8")
    world = World(Configuration({"no_cache": True}), str(tmp_path))
    found = on_instance(world.model("B"), "x", "b.x")
    rows = [(row.by, row.line, row.status) for step in found.steps for row in step.rows]
    assert rows == [("a.B", 6, FOUND), ("a.A", 2, HIDDEN)]
