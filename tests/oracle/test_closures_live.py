"""PCL801-803 against CPython: programs are made, linted, run on all their paths, fixed, and run
again.

Of the standard library it is tried out what the symbol tables say of the names that PCL802 and
PCL803 look at.
"""

from __future__ import annotations

import itertools
import os
import symtable
import sysconfig
import warnings
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyconcepts_lint.base.finding import Finding
from pyconcepts_lint.index.collect import collect
from pyconcepts_lint.rules.closures._facts import early_reads, lost_assignments
from pyconcepts_lint.running import fixer
from pyconcepts_lint.source.python3 import parse_python3
from pyconcepts_lint.source.text import Source
from pyconcepts_lint.testing import lint_paths as run

FULL = os.environ.get("PYCONCEPTS_LINT_CORPUS") == "full"
CHOICES = 5

SIMPLE = ["x = 1", "x += done(LINE)", "use(mark(LINE), x)", "use(mark(LINE), x)", "pass"]
SIMPLE += ["raise KeyError", "return", "x, y = 1, 2", "[x := 1]", "y = [use(mark(LINE), x)]"]
SIMPLE += ["choose() and use(mark(LINE), x)", "del x"]
IN_LOOP = ["break", "continue"]
BLOCKS = ["if choose():\n{}", "if choose():\n{}\nelse:\n{}", "with swallow():\n{}"]
BLOCKS += ["try:\n{}\nexcept KeyError:\n{}", "try:\n{}\nfinally:\n{}"]
BLOCKS += ["try:\n{}\nexcept KeyError as x:\n{}\nelse:\n{}\nfinally:\n{}"]
LOOPS = ["while choose():\n{}", "for y in turns():\n{}\nelse:\n    x = 2", "for x in turns():\n{}"]


def indented(lines: list[str]) -> str:
    return "\n".join("    " + line for line in "\n".join(lines).split("\n"))


def blocks(depth: int, *, in_loop: bool) -> st.SearchStrategy[list[str]]:
    simple = st.sampled_from(SIMPLE + IN_LOOP * in_loop)
    if not depth:
        return st.lists(simple, min_size=1, max_size=3)

    def filled(form: str, *, in_loop: bool) -> st.SearchStrategy[str]:
        bodies = [blocks(depth - 1, in_loop=in_loop)] * form.count("{}")
        return st.tuples(*bodies).map(lambda parts: form.format(*map(indented, parts)))

    compound = st.sampled_from(BLOCKS).flatmap(lambda form: filled(form, in_loop=in_loop))
    loops = st.sampled_from(LOOPS).flatmap(lambda form: filled(form, in_loop=True))
    return st.lists(simple | simple | compound | loops, min_size=1, max_size=3)


def program(body: list[str]) -> str:
    text = f"def outer(x=5):\n    def inner():\n{indented([indented(body)])}\n    return inner()\n"
    lines = text.split("\n")
    return "\n".join(line.replace("LINE", str(n)) for n, line in enumerate(lines, 1))


class Run:
    """One run of a program, with given choices."""

    def __init__(self, code: Any, choices: tuple[bool, ...]) -> None:
        self.read: list[int] = []
        self.marked: list[int] = []
        rest = iter(choices)

        def choose() -> bool:
            return next(rest, False)

        def turns() -> Iterator[int]:
            while choose():
                yield 1

        namespace = {
            "choose": choose,
            "turns": turns,
            "swallow": lambda: suppress(KeyError),
            "mark": lambda line: self.marked.append(line) or line,  # type: ignore[func-returns-value]
            "use": lambda line, value: self.read.append(line),
            "done": lambda line: self.read.append(line) or 1,  # type: ignore[func-returns-value]
        }
        exec(code, namespace)
        self.error = ""
        try:
            namespace["outer"]()  # type: ignore[operator]
        except Exception as error:
            self.error = type(error).__name__


def runs(text: str) -> list[Run]:
    code = compile(text, "main.py", "exec")
    return [Run(code, choices) for choices in itertools.product((True, False), repeat=CHOICES)]


def findings(text: str, code: str) -> list[Finding]:
    report = run(["-"], overrides={"select": (code,)}, isolated=True, stdin=text.encode(), jobs=1)
    assert report.errors == []
    return report.findings


def fixed(text: str, found: Finding) -> str:
    assert found.fix is not None
    return fixer.apply(Source.from_bytes(text.encode(), found.path), found.fix.edits)


@settings(max_examples=400 if FULL else 40, deadline=None, derandomize=True)
@given(blocks(2, in_loop=False))
def test_reads_reported_by_pcl802_never_succeed(body: list[str]) -> None:
    text = program(["use(mark(0), x) if choose() else 0", *body])
    before = runs(text)
    found = findings(text, "PCL802")
    for finding in found:
        assert all(finding.line not in one.read for one in before), text
    if found and found[0].fix is not None and found[0].fix.applicability == "safe":
        for one, other in zip(before, runs(fixed(text, found[0])), strict=True):
            assert other.error != "UnboundLocalError", text
            assert one.error == "UnboundLocalError" or (one.read, one.error) == (
                other.read,
                other.error,
            ), text


LOOPS_801 = ["for i in {}:", "for i, j in enumerate({}):", "for k in {}:\n    i = k + 1"]
FUNCTIONS_801 = ["kept.append(lambda: i)", "table[i] = lambda *a, **k: i", "kept.append(made(i))"]
FUNCTIONS_801 += ["kept.append(lambda i=i: i)", "f = lambda: i\n    kept.append(f)"]
FUNCTIONS_801 += ["def f(a=1):\n        return i\n    kept.append(f)", "kept.append((lambda: i)())"]
FUNCTIONS_801 += [
    "if i == 1:\n        kept.append(lambda: i)\n        break",
    "max(x, key=lambda a: i)",
]
COMPREHENSIONS = ["kept = [lambda: i for i in {}]", "kept = [(lambda: i)() for i in {}]"]
COMPREHENSIONS += [
    "table = {{i: lambda: i for i in {}}}",
    "kept = [f() for f in (lambda: i for i in {})]",
]
COMPREHENSIONS += ["kept = list(lambda: i for i in {})", "kept = [lambda i=i: i for i in {}]"]
LATE = [f"{loop}\n    {function}" for loop in LOOPS_801 for function in FUNCTIONS_801]


@pytest.mark.parametrize("form", LATE + COMPREHENSIONS)
def test_functions_reported_by_pcl801_share_the_last_value(form: str) -> None:
    text = "def make(x, kept, table, made):\n    " + form.format("x").replace("\n", "\n    ")
    text += "\n    return [*kept, *table.values()]\n"

    def values(text: str) -> set[int]:
        namespace: dict[str, Any] = {}
        exec(text, namespace)
        functions = namespace["make"]([1, 2, 3], [], {}, lambda i: lambda: i)
        return {f() if callable(f) else f for f in functions}

    found = findings(text, "PCL801")
    several = "lambda: i" in form or "def f" in form or "**k" in form
    assert (len(found) == 1) is (several and len(values(text)) == 1 and "break" not in form)
    if found:
        assert len(values(fixed(text, found[0]))) == 3


ASSIGNING = ["x = 1", "x = y = 1", "nonlocal x; x = 1", "x = 1; return x", "x += 0", "pass"]
AFTER = ["inner()\n", "later.append(inner)\n", "run(inner)\n", "", "inner()\nx = 0\n"]
READING = ["return x", "return [x][0]", "return (lambda: x)()", "return 0", "x = 0; return x"]


@pytest.mark.parametrize("parts", list(itertools.product(ASSIGNING, AFTER, READING)), ids=" ".join)
def test_assignments_reported_by_pcl803_change_nothing(parts: tuple[str, str, str]) -> None:
    assigning, after, reading = parts
    body = f"def inner():\n    {assigning}\n{after}{reading}"
    text = "def outer(run, later, x=0):\n    " + body.replace("\n", "\n    ") + "\n"

    def value(text: str) -> object:
        namespace: dict[str, Any] = {}
        exec(text, namespace)
        try:
            return namespace["outer"](lambda f: f(), [])
        except UnboundLocalError:
            return None

    found = findings(text, "PCL803")
    if found:
        assert value(text) == 0
        assert value(fixed(text, found[0])) in (0, 1)
    wanted = assigning in ("x = 1", "x = y = 1") and "x = 0" not in after + reading
    runs_it = after.startswith(("inner", "run"))
    if wanted and runs_it and reading != "return 0":
        assert value(fixed(text, found[0])) == 1


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _tables(child)


def test_the_names_of_the_index_are_local_variables_by_the_symbol_tables() -> None:
    root = Path(sysconfig.get_path("stdlib"))
    paths = sorted(root.rglob("*.py") if FULL else root.glob("[a-p]*.py"))
    for path in paths:
        try:
            text = path.read_bytes().decode()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tables = (early_reads, lost_assignments)
                facts = collect(parse_python3(text), text, tables=tables)
                rows = early_reads.of(facts) + lost_assignments.of(facts)
                table = symtable.symtable(text, str(path), "exec") if rows else None
        except (SyntaxError, ValueError, RecursionError):
            continue
        if table is None:
            continue
        functions = [t for t in _tables(table) if isinstance(t, symtable.Function)]
        for name, first, last in rows:
            around = [t for t in functions if first <= t.get_lineno() <= last]
            assert any(name in t.get_locals() for t in around), (path, name, first)
