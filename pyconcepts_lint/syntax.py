"""From text to a syntax tree, whatever the text is.

`ast` reads a file first, and guards libcst from what would kill the process. What it refuses
may be Python 2 (fissix reads it) or written for a newer Python than the running one (libcst
reads it); what is neither is a syntax error.
"""

from __future__ import annotations

import ast
import re
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pyconcepts_lint.python2 import Translation

# Brackets and indentation nested deeper than CPython's own parser takes (its MAXLEVEL is 200,
# its MAXINDENT 100) are refused before anything that recurses over them is tried.
MAXIMUM_NESTING = 200
# Trees that `ast` accepts can be a few thousand nodes deep, and each node costs a few frames.
RECURSION_LIMIT = 50_000


class SyntaxProblem(NamedTuple):
    """Why no Python reads a file: CPython's own message, 1-based line and column."""

    message: str
    line: int
    column: int


class Parsed(NamedTuple):
    """What a text is.

    `text` is what rules look at: the file's own text, or its Python 3 translation. `tree` is
    None where the running Python can't read it; `problem` says why, unless `newer` is True:
    the file is written for a newer Python, and libcst reads it.
    """

    text: str
    tree: ast.Module | None
    translation: Translation | None
    problem: SyntaxProblem | None
    newer: bool


@contextmanager
def deep_recursion() -> Iterator[None]:
    """Room for deep trees: pure Python calls need no C stack since CPython 3.11."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, RECURSION_LIMIT))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def parse(text: str) -> Parsed:
    """Read a text as Python 3, Python 2 or newer Python, in this order. Never raises."""
    problem = None
    try:
        return Parsed(text, parse_python3(text), None, None, False)
    except SyntaxError as error:
        problem = _problem(error)
    except (ValueError, MemoryError, RecursionError) as error:
        problem = SyntaxProblem(_too_complex(error), 1, 1)
    if is_nested_too_deep(text):
        return Parsed(text, None, None, problem, False)
    from pyconcepts_lint import python2

    with deep_recursion():
        translation = python2.translate(text)
    if translation is not None and translation.text is not None:
        try:
            tree = parse_python3(translation.text)
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            pass
        else:
            return Parsed(translation.text, tree, translation, None, False)
    newer = translation is None and _libcst_reads(text)
    return Parsed(text, None, translation, None if newer else problem, newer)


def parse_python3(text: str) -> ast.Module:
    """`ast.parse` without warnings about the code (invalid escapes and the like)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def _problem(error: SyntaxError) -> SyntaxProblem:
    message = error.msg or "invalid syntax"
    return SyntaxProblem(message, max(error.lineno or 1, 1), max(error.offset or 1, 1))


def _too_complex(error: BaseException) -> str:
    if isinstance(error, ValueError) and str(error):
        return str(error)
    return "too deeply nested for Python's parser"


_TOKEN = re.compile(
    r"""(?P<skip>\#[^\r\n]*
        |[rRbBfFuUtT]{0,3}(?:'''(?:\\.|[^\\])*?(?:'''|\Z)|\"\"\"(?:\\.|[^\\])*?(?:\"\"\"|\Z)
        |'(?:\\.|[^'\\\r\n])*(?:'|$)|"(?:\\.|[^"\\\r\n])*(?:"|$)))
        |(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<chain>(?:[-+~]|\bnot\b|\blambda\b)\s*)""",
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)


def is_nested_too_deep(text: str) -> bool:
    """Would a recursive parser be in danger? Counts brackets outside strings, and runs of
    prefix operators; generous with what is broken anyway."""
    depth = chain = end = 0
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth = max(depth - 1, 0)
        if kind == "chain":
            chain = chain + 1 if match.start() == end else 1
            end = match.end()
        if depth > MAXIMUM_NESTING or chain > MAXIMUM_NESTING:
            return True
    longest = max(map(len, text.splitlines()), default=0)
    # A chain of thousands of operators nests as deep as it is long.
    return longest > 100_000 or _operators(text) > MAXIMUM_NESTING * 10


def _operators(text: str) -> int:
    """The most operators in one logical line, roughly: the depth that a chain could reach."""
    return max(
        (
            len(re.findall(r"[-+*/%@&|^.<>=]|\b(?:and|or|if|in|is)\b", line))
            for line in _logical(text)
        ),
        default=0,
    )


def _logical(text: str) -> list[str]:
    return re.sub(r"\\\r?\n", " ", text).splitlines()


def _libcst_reads(text: str) -> bool:
    import libcst

    try:
        libcst.parse_module(text)
    except (libcst.ParserSyntaxError, RecursionError, ValueError):
        return False
    except Exception:  # libcst's native parser raises its own kinds on odd input
        return False
    return True
