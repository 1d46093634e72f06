"""Any text is read as what it is, and none kills the process."""

from __future__ import annotations

import ast
import contextlib
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import libcst as cst
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyconcepts_lint.parsing import syntax
from pyconcepts_lint.source.nesting import is_too_deep
from pyconcepts_lint.source.python3 import parse_python3
from pyconcepts_lint.source.text import Source
from pyconcepts_lint.testing import Project


def kind(text: str) -> str:
    parsed = syntax.parse(text)
    if parsed.translation is not None:
        return "Python 2"
    if parsed.newer:
        return "newer"
    return "Python 3" if parsed.tree is not None else "problem"


# What a text is

READ = {
    "empty": "",
    "a line end": "\n",
    "a comment": "# nothing",
    "spaces": "   ",
    "form feeds": "\x0cx = 1\n\x0c\n\x0cy = 2\n",
    "CR": "x = 1\ry = 2\r",
    "CR LF": "if x:\r\n    y = 2\r\n",
    "mixed line ends": "x = 1\r\ny = 2\rz = 3\n",
    "no last line end": "if x:\n    y",
    "a long literal": "x = '" + "a" * 10_000_000 + "'\n",
    "a long literal of escapes": "x = '" + r"\n" * 1_000_000 + "'\n",
    "a long display": "x = [" + "1, " * 100_000 + "]\n",
    "a long row of strings": "x = (" + "'a'\n" * 100_000 + ")\n",
    "thousands of elifs": "if x:\n    y\n" + "elif x:\n    y\n" * 2_500,
    "what the parser warns of": "x = '\\d' is 1\n",
}


@pytest.mark.parametrize("text", READ.values(), ids=READ)
def test_what_python_reads_has_a_tree(text: str) -> None:
    parsed = syntax.parse(text)
    assert kind(text) == "Python 3"
    assert parsed.tree is not None
    assert parsed.problem is None
    assert parsed.text == text


NEWER = {
    (3, 12): {
        "type parameters": "def f[T: int, *Ts, **P](x: T) -> T: ...\nclass C[T](B): ...\n",
        "type statement": "type A[T] = list[T]\n",
        "quotes in an f-string": 'x = f"{a["b"]}"\n',
        "nested f-strings": 'x = f"{f"{f"{1 + 1}"}"}" "b"\n',
        "a backslash in an f-string": "x = f\"{'\\n'.join(a)}\"\n",
        "a comment in an f-string": 'x = f"""{\na  # why\n}"""\n',
    },
    (3, 13): {"type parameters with defaults": "class C[T = int]: ...\n"},
    (3, 14): {
        "a template string": 'x = t"{a}"\n',
        "except* in one line with others": "try: f()\nexcept* A, b: x = t'{a}'\n",
    },
    (3, 15): {
        "unpacking in comprehensions": "x = [*a for a in b], {**a for a in b}, {*a for a in b}\n",
        "a lazy import": "lazy import a\nlazy from a import b\n",
    },
}
NEW = {name: (since, text) for since, texts in NEWER.items() for name, text in texts.items()}


@pytest.mark.parametrize(("since", "text"), NEW.values(), ids=NEW)
def test_what_a_newer_python_reads_is_no_error(since: tuple[int, int], text: str) -> None:
    parsed = syntax.parse(text)
    assert kind(text) == ("Python 3" if sys.version_info >= since else "newer")
    assert parsed.problem is None


UNBRACKETED = """
try:
    x = 1
except A, B, C: y = 2; z = [a for a in b]
except OSError, socket.timeout:  # é
    s = "except A, B:"
except é.A, json.JSONDecodeError, C:
    pass
try: pass
except* OSError, ValueError: print('é', 1)
"""


def test_except_without_brackets_is_read_on_every_python() -> None:
    parsed = syntax.parse(UNBRACKETED)
    assert kind(UNBRACKETED) == "Python 3"
    assert parsed.tree is not None
    bracketed = re.sub(r"^(except\*?) ([^:]*,[^:]*):", r"\1 (\2):", UNBRACKETED, flags=re.MULTILINE)
    expected = ast.parse(bracketed)
    assert ast.dump(parsed.tree) == ast.dump(expected)
    for node, other in zip(ast.walk(parsed.tree), ast.walk(expected), strict=True):
        segment = ast.get_source_segment(UNBRACKETED, node)
        wanted = ast.get_source_segment(bracketed, other)
        assert (segment is None) is (wanted is None)
        if segment is not None and isinstance(node, (ast.expr, ast.Assign, ast.Expr)):
            assert segment == (wanted or "").strip("()" if isinstance(node, ast.Tuple) else "")


@pytest.mark.parametrize(
    "text", ["try: f()\nexcept A, B as e: pass\n", "try: f()\nexcept A, B, c = 1: pass\n"]
)
def test_what_no_python_reads_is_no_except_without_brackets(text: str) -> None:
    assert kind(text) == "problem"


@pytest.mark.parametrize(
    "text",
    [
        "type A = int\nf() = 1\n",
        # libcst reads these.
        "type A = int\nx = b'é'\n",
        "type A = int\nx = '\\N{no such character}'\n",
        "x = f'{f() = 1}'\n",
        "def f[T](x): return '\\x1'\n",
    ],
)
def test_new_syntax_does_not_hide_an_error(text: str) -> None:
    assert kind(text) == "problem"


def test_python_2_is_read_before_what_is_newer() -> None:
    # From Python 3.14 on, this is Python 3; Python 2 has had it always.
    code = "try:\n    print 'x'\nexcept A, B:\n    pass\n"
    parsed = syntax.parse(code)
    assert kind(code) == "Python 2"
    assert parsed.tree is not None
    assert "except A as B" in parsed.text


@pytest.mark.parametrize("text", ["x = '\ud800'\n", "x = 1\0\n", "x = 9" + "9" * 5_000 + "\n"])
def test_what_is_no_text_for_python_is_a_problem(text: str) -> None:
    parsed = syntax.parse(text)
    assert parsed.tree is None
    assert parsed.problem is not None
    with pytest.raises((SyntaxError, ValueError)):
        compile(text, "x", "exec")


def test_the_answer_does_not_depend_on_how_deep_the_caller_is() -> None:
    def deep(levels: int, text: str) -> str:
        return kind(text) if levels == 0 else deep(levels - 1, text)

    for count in (2_900, 3_100, 12_000):
        text = "x = " + "+".join(["a"] * count) + "\n"
        expected = kind(text)
        assert deep(300, text) == expected
        with syntax.deep_recursion():
            assert kind(text) == expected
            assert deep(5_000, text) == expected


FRAGMENTS = st.sampled_from(
    [
        *("(", ")", "[", "]", "{", "}", "'", '"', "'''", "\\", "\n", "\r", "\t", " ", "\x0c", "é"),
        *("x", "1", "=", ":", ";", ",", ".", "#", "f'", "{x}", "if x:", "\n    ", "print 'a'"),
        *("import .x", "lambda", "def f[T]():", "t'", "0x", "1_", "\x00", "\ud800", "async ", "$"),
        *("except A, B:", "try:", "else:", "`x`", "exec 'x'", "\u2028", "\ufeff", "not ", "*"),
    ]
)


@given(st.lists(FRAGMENTS, max_size=12).map("".join))
@settings(max_examples=300, deadline=None)
def test_any_text_is_something_and_an_error_has_a_place_in_it(text: str) -> None:
    parsed = syntax.parse(text)
    try:
        parse_python3(text)
    except (SyntaxError, ValueError):
        assert parsed.translation is not None or parsed.tree is None
    else:
        assert kind(text) == "Python 3"
    if parsed.tree is None and not parsed.newer and parsed.translation is None:
        assert parsed.problem is not None
    if parsed.problem is not None:
        source = Source("x.py", b"", text, "utf-8", False)
        source.offset(parsed.problem.line, parsed.problem.column)


# Depth

DEEP: dict[str, Callable[[int], str]] = {
    "brackets": lambda n: "x = " + "(" * n + "1" + ")" * n,
    "open brackets": lambda n: "x = " + "[" * n,
    "displays": lambda n: "x = " + "[1, " * n + "]" * n,
    "dictionaries": lambda n: "x = " + "{1: " * n + "1" + "}" * n,
    "calls of calls": lambda n: "x = " + "f(" * n + ")" * n,
    "operators": lambda n: "x = " + " + ".join(["a"] * n),
    "powers": lambda n: "x = " + "**".join(["a"] * n),
    "and": lambda n: "x = " + " and ".join(["a"] * n),
    "and, or": lambda n: "x = " + " and b or ".join(["a"] * n),
    "attributes": lambda n: "x = a" + ".b" * n,
    "calls": lambda n: "x = a" + "()" * n,
    "subscripts": lambda n: "x = a" + "[0]" * n,
    "lines of calls": lambda n: "x = (a" + "\n.b(1)" * n + ")",
    "minus": lambda n: "x = " + "-" * n + "a",
    "not": lambda n: "x = " + "not " * n + "a",
    "await": lambda n: "async def f(): x = " + "await " * n + "a",
    "lambdas": lambda n: "x = " + "lambda: " * n + "a",
    "lambdas with parameters": lambda n: "x = " + "lambda a, b: " * n + "a",
    "conditions": lambda n: "x = " + "a if b else " * n + "c",
    "for in comprehensions": lambda n: "x = [a " + "for a, b in c " * n + "]",
    "elifs": lambda n: "if a:\n x\n" + "elif b:\n x\n" * n,
    "blocks": lambda n: "".join(" " * i + "if a:\n" for i in range(min(n, 1_000))) + " " * 1_000,
    "strings": lambda n: "x = (" + "'a'\n" * n + ")",
    "dotted imports": lambda n: "import a" + ".b" * n,
    "dotted patterns": lambda n: "match x:\n case a" + ".b" * n + ": pass",
    "nested f-strings": lambda n: "x = " + 'f"{' * n + "1" + '}"' * n,
    "format specifiers": lambda n: "x = f'" + "{a:" * n + "}" * n + "'",
    "brackets in an f-string": lambda n: "x = f'''{" + "[" * n + "]" * n + "}'''",
    "brackets behind quotes in quotes": lambda n: "x = f'{a['b']}' + " + "(" * n + ")" * n,
    "walrus": lambda n: "x = " + "(a := " * n + "1" + ")" * n,
}
FLAT: dict[str, Callable[[int], str]] = {
    "elements": lambda n: "x = [" + "1, " * n + "]",
    "rows": lambda n: "x = [" + "(1, -2.5, 'a', f(x).y), " * n + "]",
    "lines of rows": lambda n: "x = {\n" + "    'key': [1, 2, {'a': b.c + d}],\n" * n + "}",
    "comparisons": lambda n: "x = " + " < ".join(["a"] * n),
    "targets": lambda n: "a = " * n + "b",
    "statements": lambda n: "x = -1; " * n,
    "lines": lambda n: "x = a.b(c)[d] + e\n" * n,
    "functions": lambda n: "def f(a, b=(1, 2)):\n    if a:\n        return b.c\n" * n,
    "ifs with elifs": lambda n: "if a:\n    b\nelif c:\n    d\n" * n,
    "handlers": lambda n: "try: x\n" + "except A.B: y\n" * n,
    "decorators": lambda n: "@a.b(c)\n" * n + "def f(): pass",
    "fields": lambda n: "x = f'" + "{a[0]!r:>{w}}" * n + "'",
    "comments": lambda n: "# ((( ''' [[[\n" * n + "x = 1",
    "brackets in strings": lambda n: "x = '" + "([{" * n + "'",
    "brackets in a text": lambda n: "x = '''\n" + '([{ "\n' * n + "'''",
    "escaped braces": lambda n: "x = f'" + "{{" * n + "'",
    "lambdas": lambda n: "x = [" + "lambda a, b: a.b, " * n + "]",
}


@pytest.mark.parametrize("make", DEEP.values(), ids=DEEP)
def test_what_nests_30_000_times_is_too_deep(make: Callable[[int], str]) -> None:
    assert is_too_deep(make(30_000) + "\n")


@pytest.mark.parametrize("make", DEEP.values(), ids=DEEP)
def test_what_nests_a_little_is_not_too_deep(make: Callable[[int], str]) -> None:
    assert not is_too_deep(make(50) + "\n")


@pytest.mark.parametrize("make", FLAT.values(), ids=FLAT)
def test_what_stands_side_by_side_is_not_too_deep(make: Callable[[int], str]) -> None:
    text = make(5_000) + "\n"
    ast.parse(text)
    assert not is_too_deep(text)
    assert not is_too_deep(text, f_strings=False)


def _case(pattern: str) -> str:
    return f"match x:\n    case {pattern}: pass\n"


# What libcst takes twice as long for, or four times, with every level.
TRIED: dict[str, Callable[[int], str]] = {
    "sequences": lambda n: _case("[" * n + "z" + "]" * n),
    "longer sequences": lambda n: _case("[a, " * n + "z" + ", *b]" * n),
    "brackets": lambda n: _case("(" * n + "z" + ")" * n),
    "tuples": lambda n: _case("(" * n + "z" + ",)" * n),
    "classes": lambda n: _case("A(" * n + "z" + ")" * n),
    "keywords": lambda n: _case("A(x=" * n + "z" + ")" * n),
    "mappings": lambda n: _case("{'k': " * n + "z" + "}" * n),
    "sequences in mappings": lambda n: _case("{'k': [" * n + "z" + "]}" * n),
    "sequences in classes": lambda n: _case("A(x=[" * n + "z" + "])" * n),
    "alternatives": lambda n: _case("(a.b | " * n + "z" + ")" * n),
    "names": lambda n: _case("(" * n + "z" + " as a)" * n),
    "one of many": lambda n: _case("1") + _case("[" * n + "z" + "]" * n),
    "in an if": lambda n: (
        "if a:\n    match x:\n        case [" + "[" * n + "z" + "]" * n + "]: pass\n"
    ),
    "without an end": lambda n: _case("[" * n),
    "deleted": lambda n: "del " + "(" * n + "z" + ",)" * n + "\n",
    "deleted behind a case": lambda n: _case("1").replace(
        "pass", "del " + "(" * n + "z" + ",)" * n
    ),
    "deleted behind a semicolon": lambda n: "x; del " + "(" * n + "z" + ",)" * n + "\n",
}


@pytest.mark.parametrize("make", TRIED.values(), ids=TRIED)
def test_what_libcst_reads_again_and_again_is_too_deep_at_a_few_levels(
    make: Callable[[int], str],
) -> None:
    assert not is_too_deep(make(4))
    assert is_too_deep(make(22))
    deepest = next(make(n - 1) for n in range(5, 23) if is_too_deep(make(n)))
    started = time.process_time()
    with contextlib.suppress(cst.ParserSyntaxError):
        cst.parse_module(deepest)
    assert time.process_time() - started < 2


def test_many_patterns_and_what_looks_like_one_are_not_too_deep() -> None:
    case = (
        "        case {'a': [b, C(d=(e, f))]} if g(h(i(j(k(l(m(n(o(p))))))))):\n            pass\n"
    )
    assert not is_too_deep("match x:\n    case 1:\n      match y:\n" + case * 2_000)
    assert not is_too_deep("match = 1\ncase = " + "[" * 100 + "]" * 100 + "\n")


def test_in_a_statement_with_patterns_that_libcst_would_never_read_a_finding_has_no_fix(
    project: Callable[..., Project],
) -> None:
    guard = " if {}.has_key('json'):\n        pass\n"
    deep = "match x:\n    case " + "[" * 22 + "z" + "]" * 22 + guard
    findings = project(deep + "{}.has_key('json')\n").lint("PCL704")
    assert [(finding.line, finding.fix is None) for finding in findings] == [(2, True), (4, False)]


def test_for_python_2_an_f_before_a_string_is_a_name() -> None:
    text = "x = f'{' + " + "(" * 30_000 + "\n"
    assert is_too_deep(text, f_strings=False)


def test_no_module_of_the_standard_library_is_too_deep() -> None:
    for file in Path(ast.__file__).parent.glob("[a-e]*.py"):
        assert not is_too_deep(file.read_text(encoding="utf-8", errors="replace"))


# Everything that reads a text, in a process that may die of it; the gate is off, so that libcst
# and its code generation see all that is let through to them.
LINT = """
import sys
from pyconcepts_lint.running.check_file import lint_file
from pyconcepts_lint.source.python3 import parse_python3
from pyconcepts_lint.plugins.registry import rules, tables
from pyconcepts_lint.workspace.workspace import Workspaces
from test_syntax import DEEP

path = sys.argv[1]
for name, make in DEEP.items():
    for count, tail in ((190, ""), (2_900, ""), (2_900, "print 'x'"), (12_000, "type A = int")):
        print(name, count, tail, flush=True)
        text = f"class A:\\n  n = 0\\n  def f(self): self.n = 1\\n{make(count)}\\n{tail}\\n"
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        result = lint_file(Workspaces(tables=tables()).of(path), path, rules().values(), gate=False)
        assert not result.errors, result.errors
        assert result.findings or result.skipped or result.newer
print("done")
"""


def test_nothing_kills_the_process(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.pyconcepts-lint]\n")
    done = subprocess.run(
        [sys.executable, "-c", LINT, str(tmp_path / "deep.py")],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.stdout.endswith("done\n"), (
        done.returncode,
        done.stdout[-200:],
        done.stderr[-2000:],
    )
