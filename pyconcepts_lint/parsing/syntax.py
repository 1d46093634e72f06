"""From text to a syntax tree, whatever the text is.

`ast` reads a file first, and guards libcst from much of what would kill the process. What it
refuses may be Python 2 (see `python2`) or written for a newer Python than the running one (see
`newer`); what is neither is a syntax error.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from ..base.typed import TYPE_CHECKING, NamedTuple
from ..source.python3 import parse_python3

if TYPE_CHECKING:
    from types import FrameType

    from ..source.notebook import Notebook
    from ..source.text import Source
    from .python2 import Translation

# Python calls that Python's parser has for a text, whatever calls it: up to 3.11 it takes trees that
# are three times as deep, and with our own limit it would take one that overflows its C stack.
PARSER_RECURSION = 1_000
# The deepest trees that any `ast` takes have some ten thousand levels (3.13), and each level
# costs a few calls. Calls from Python to Python need no C stack since 3.11.
RECURSION_LIMIT = 50_000


class SyntaxProblem(NamedTuple):
    """Why no Python reads a file: CPython's own words, 1-based line and column."""

    message: str
    line: int
    column: int


class Parsed(NamedTuple):
    """What a text is.

    `text` is what rules look at: the file's own text, or its Python 3 translation. `tree` is
    None where the running Python can't read it; `problem` says why, unless `newer` is True:
    the file is written for a newer Python, and libcst reads it. Of a notebook, there is a tree of
    the cells that can be read, too; what is wrong with further ones is in `further`.
    """

    text: str
    tree: ast.Module | None
    translation: Translation | None
    problem: SyntaxProblem | None
    newer: bool
    further: tuple[SyntaxProblem, ...] = ()


@contextmanager
def deep_recursion() -> Iterator[None]:
    """Room for code of ours that goes down deep trees."""
    with _recursion_limit(max(sys.getrecursionlimit(), RECURSION_LIMIT)):
        yield


@contextmanager
def _recursion_limit(limit: int) -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(limit)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def parse(text: str) -> Parsed:
    """Read a text as Python 3, Python 2 or newer Python, in this order. Never raises.

    What comes out depends on the text and the running Python alone, not on how deep the caller is.
    """
    try:
        with _recursion_limit(_depth() + PARSER_RECURSION):
            return Parsed(text, parse_python3(text, is_sure=False), None, None, False)
    except SyntaxError as error:
        problem = _problem(error, text)
    except (ValueError, MemoryError, RecursionError) as error:
        problem = SyntaxProblem(_too_complex(error), 1, 1)
    from ..source.nesting import is_too_deep
    from . import newer_python, python2

    with deep_recursion():
        translation = None
        if not is_too_deep(text, f_strings=False):
            translation = python2.translate(text)
        if translation is not None:
            tree = parse_python3(translation.text)
            return Parsed(translation.text, tree, translation, None, False)
        with (
            suppress(SyntaxError, ValueError, MemoryError, RecursionError),
            _recursion_limit(_depth() + PARSER_RECURSION),
        ):
            return Parsed(text, parse_python3(text), None, None, False)
        if not is_too_deep(text) and newer_python.is_newer(text):
            return Parsed(text, None, None, None, True)
    return Parsed(text, None, None, problem, False)


def parse_source(source: Source) -> Parsed:
    """Read a file. A cell of a notebook that can't be read keeps nothing from the others: it may
    bind any name."""
    parsed = parse(source.text)
    if parsed.problem is None or source.notebook is None:
        return parsed
    problems = dict(_problems_of_cells(source, source.notebook))
    if not problems:
        return parsed
    rest = parse(source.notebook.without(problems))
    if rest.tree is None or rest.translation is not None:
        # Places in a translation are carried back by their offsets.
        first, *further = problems.values()
        return parsed._replace(problem=first, further=tuple(further))
    said = [each for each in problems.values() if not source.notebook.expects_errors(each.line)]
    return rest._replace(problem=said[0] if said else None, further=tuple(said[1:]))


def _problems_of_cells(source: Source, notebook: Notebook) -> Iterator[tuple[int, SyntaxProblem]]:
    """What is wrong with the syntax of cells, by their numbers."""
    for cell in notebook.cells:
        # Each by itself: what one leaves open would be an error of the next one.
        marker = cell.first - 1
        lines = source.lines[marker - 1 : marker + len(cell.lines)]
        problem = parse("".join(lines)).problem
        if problem is not None:
            yield cell.number, problem._replace(line=problem.line + marker - 1)


def _depth() -> int:
    """How many Python calls are under way."""
    frame: FrameType | None = sys._getframe()
    depth = 0
    while frame is not None:
        depth += 1
        frame = frame.f_back
    return depth


def _problem(error: SyntaxError, text: str) -> SyntaxProblem:
    """The error at a place that the text has: CPython also names the line after the last."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    line = min(max(error.lineno or 1, 1), len(lines))
    column = min(max(error.offset or 1, 1), len(lines[line - 1]) + 1)
    return SyntaxProblem(f"{type(error).__name__}: {error.msg}", line, column)


def _too_complex(error: Exception) -> str:
    """What to say of an error that has no place: the text is no text, or the parser gives up."""
    if isinstance(error, ValueError):
        return f"{type(error).__name__}: {error}"
    return f"{type(error).__name__}: too deeply nested for Python's parser"
