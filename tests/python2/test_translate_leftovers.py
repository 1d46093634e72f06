"""Python 2 in what Python 3 parses, and `import .x`."""

from __future__ import annotations

import ast
import io
from contextlib import redirect_stdout

import pytest

from pyconcepts_lint.parsing.python2 import Construct, import_dot, python3_traps


def traps(source: str) -> list[Construct]:
    return python3_traps(source, ast.parse(source))


def fixed(source: str, constructs: list[Construct]) -> str:
    edits = sorted(edit for construct in constructs for edit in construct.edits or ())
    for start, end, text in reversed(edits):
        source = source[:start] + text + source[end:]
    return source


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("print", "print()"),
        ("if x:\n    print  # c\n", "if x:\n    print()  # c\n"),
        ("x; print; y", "x; print(); y"),
        ("print >>f, x", "print(x, file=f)"),
        ("print >>f, x,", 'print(x, end=" ", file=f)'),
        ("print >>sys.stderr", "print(file=sys.stderr)"),
        ("'\xe9'; print >>f, '\xe9', 1", "'\xe9'; print('\xe9', 1, file=f)"),
        ("print >>f, (\r\n  x)\r\n", "print(x, file=f)\r\n".replace("x", "\r\n  x", 1)),
        ("print >>f, '\\u20ac'", "print('\\u20ac', file=f)"),
    ],
)
def test_print_statements_that_python3_parses(source: str, expected: str) -> None:
    found = traps(source)
    assert len(found) == 1
    if "(\r" in source:
        expected = "print(\r\n  x, file=f)\r\n"
    assert fixed(source, found) == expected
    # What a stream holds in the end may have one blank less than before.
    assert found[0].safe is not source.endswith(",")


def test_the_messages_are_what_python_does() -> None:
    bare, shift = traps("import sys\nprint\nprint >>sys.stdout, 1")
    assert bare.message.startswith("`print` by itself does nothing")
    output = io.StringIO()
    with redirect_stdout(output):
        exec("print")
    assert output.getvalue() == ""
    assert shift.message == "`print >>sys.stdout` shifts the function `print`: TypeError"
    with pytest.raises(TypeError, match=r"unsupported operand type\(s\) for >>"):
        exec("import sys\nprint >>sys.stdout, 1")


def test_what_fissix_cannot_read_has_no_fix() -> None:
    (found,) = traps("print >>f, f'{x}'")
    assert found.edits is None


@pytest.mark.parametrize(
    "source",
    [
        "print(1)",
        "x = print",
        "f(print)",
        "(print)",
        "print.__doc__",
        # An object may know how to be shifted by a function.
        "print >> f",
        "print = 1\nprint",
        "def f(print):\n    print",
        "def f():\n    global print\n    print = 1\nprint",
        "def f():\n    print = str\n    def g():\n        print >>sys.stderr, 1",
        "def print(): pass\nprint",
        "from rich import print\nprint",
        "from rich import *\nprint",
        "import builtins\nbuiltins.print = 1\nprint",
        "'print'",
    ],
)
def test_what_is_no_print_statement(source: str) -> None:
    assert traps(source) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import .x", "from . import x"),
        ("import .x # c\n", "from . import x # c\n"),
        ("import ..x as y", "from .. import x as y"),
        ("import .x as x", "from . import x"),
        ("import .a.b as c", "from .a import b as c"),
        ("import .x, .y as z", "from . import x, y as z"),
        ("import ...a.b as b, ...a.c as d", "from ...a import b, c as d"),
        ("import \\\n  .x\n", "from . import x\n"),
        ("if a: import .x; b", "if a: from . import x; b"),
        ("\tx = f'{a}'; import .x\r\n", "\tx = f'{a}'; from . import x\r\n"),
    ],
)
def test_import_with_dots(source: str, expected: str) -> None:
    (found,) = import_dot(source)
    assert fixed(source, [found]) == expected
    ast.parse(expected.strip())
    assert "have no leading dots" in found.message
    with pytest.raises(SyntaxError):
        ast.parse(source.strip())


@pytest.mark.parametrize(
    "source", ["import .a.b", "import os, .x", "import .x, ..y", "import .a.b, .a.c as d"]
)
def test_import_that_would_bind_another_name_has_no_fix(source: str) -> None:
    (found,) = import_dot(source)
    assert found.edits is None


@pytest.mark.parametrize(
    "source",
    [
        "import x",
        "import a.b as c",
        "from . import x",
        "'import .x'",
        '"""\nimport .x\n"""',
        '"""\nimport .x\n',
        "# import .x",
        "import .",
        "import .x.",
        "import (.x)",
        "x.import .y",
        "",
        "import",
    ],
)
def test_what_is_no_import_with_dots(source: str) -> None:
    assert import_dot(source) == []


@pytest.mark.parametrize(
    "source",
    [
        "def f(print): pass\nprint >>sys.stderr, 1",
        "class C:\n    def print(self): pass\nprint",
        "def f():\n    print = 1\ndef g():\n    print",
        "f(print=1)\nprint",
    ],
)
def test_another_scope_s_print_is_no_reason(source: str) -> None:
    assert len(traps(source)) == 1
