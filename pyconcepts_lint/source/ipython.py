"""What IPython reads otherwise than Python, and what stands for it in a program.

That is what its input transformers change before Python's parser sees a cell: `%magic` and
`%%magic`, `!command`, `name?`, what is assigned from the first two, and indented cells. See
https://ipython.readthedocs.io/en/stable/interactive/reference.html.

A line that is masked keeps its indentation, and what stands before a magic on it its place.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Iterator, Sequence
from keyword import iskeyword

from ..base.cells import SHELL
from ..base.lazy import lazy_pattern
from ..base.typed import NamedTuple

ANYTHING = f"exec({SHELL}())"
"""Stands for what may bind any name."""
SOMETHING = f"{SHELL}()"
"""Stands for a value of which nothing is known."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_STATEMENT_MAGICS = frozenset({"time", "prun"})
"""Magics that run the statement behind them in the namespace of the notebook."""
_EXPRESSION_MAGICS = frozenset({"timeit", "memit"})
"""Magics that run what stands behind them elsewhere, so that nothing is bound."""
_QUIET_MAGICS = _words(
    """
    alias alias_magic autoawait autocall autoindent automagic autoreload autosave bookmark cat cd
    clear colors conda config connect_info cp debug dhist dirs doctest_mode ed edit env gui hist
    history jupyter killbgscripts ldir less lf lk ll load_ext loadpy logoff logon logstart logstate
    logstop lprun ls lsmagic lx magic mamba man matplotlib memit micromamba mkdir more mprun mv
    notebook page pastebin pdb pdef pdoc pfile pinfo pinfo2 pip popd pprint precision prun psearch
    psource pushd pwd pycat qtconsole quickref recall rehashx reload_ext rep rm rmdir save set_env
    sx system tb tensorboard time timeit unalias unload_ext uv watermark who whos xdel xmode
    """
)
"""Magics that bind no name."""
_PYTHON_CELLS = frozenset({"capture", "prun", "time"})
"""Magics whose cell runs in the namespace of the notebook."""
_QUIET_CELLS = _words(
    """
    ! HTML SVG bash cmd file html javascript js latex markdown memit mprun perl pypy python python2
    python3 ruby script sh svg sx system timeit writefile
    """
)
"""Magics whose cell runs elsewhere, or isn't run at all, and binds no name."""

_BINDS = lazy_pattern(r"--(?:out|err|proc)\b")
_CELL_MAGIC = lazy_pattern(r"%%(!|[\w.]*)[ \t]*(.*)")
_MAGIC = lazy_pattern(r"%([\w.]*)[ \t]*")
_ASSIGNS = lazy_pattern(r"(?<![=!<>:+\-*/%&|^@])=[ \t]*(?:!|%(?=[A-Za-z_]))")
_AUTOMAGIC = lazy_pattern(r"([a-z_]+)[ \t]+[\w./~*-]")
_TOKEN = lazy_pattern(r"""("{3}|'{3}|["'])|(#)|([(\[{])|([)\]}])|(\\[ \t]*(?:\r\n?|\n|\Z))|(=)""")
_REST = {
    quote: lazy_pattern(rf"(?s)(?:\\.|(?!{quote}).)*?{quote}") for quote in ('"""', "'''", '"', "'")
}


class Masked(NamedTuple):
    """How a cell reads.

    `masks` has by index the lines that stand for others, with their line ends. `is_indented`: the
    first line of code is, which IPython allows. `last_code` is the index of the last line that is
    neither blank nor a comment, -1 for none. `starts_with_magic`: a `%%magic` has to stay the first
    line.
    """

    masks: dict[int, str]
    is_indented: bool
    last_code: int
    starts_with_magic: bool


def masked(lines: Sequence[str], mark: Callable[[], str]) -> Masked | None:
    """How a cell reads; None for one that says nothing to the rest of the notebook.

    Args:
        lines: the cell, with line ends.
        mark: gives comments, each of which stands nowhere else.
    """
    first = next((n for n, line in enumerate(lines) if line.strip()), len(lines))
    magic = _CELL_MAGIC.match(lines[first]) if first < len(lines) else None
    masks: dict[int, str] = {}
    if magic:
        name, argument = magic[1], magic[2].strip()
        if name not in _PYTHON_CELLS:
            if name in _QUIET_CELLS and not _BINDS.search(argument):
                return None
            masks = {n: _line(mark(), line) for n, line in enumerate(lines)}
            masks[first] = _line(f"{ANYTHING}  {mark()}", lines[first])
            return Masked(masks, False, len(lines) - 1, True)
        last = argument.split()[-1:]
        captured = f"{last[0]} = {SOMETHING}  " if any(map(_is_name, last)) else ""
        masks[first] = _line(captured + mark(), lines[first])
    reader = _Reader(lines, masks, mark)
    reader.read(first + 1 if magic else first)
    return Masked(masks, reader.is_indented, reader.last_code, bool(magic))


def _is_name(text: str) -> bool:
    return text.isidentifier() and not iskeyword(text)


def _line(text: str, line: str) -> str:
    """A text with the end of a line."""
    return text + line[len(line.rstrip("\r\n")) :]


class _Reader:
    """Reads a cell line by line, as far as to tell where statements start."""

    def __init__(
        self, lines: Sequence[str], masks: dict[int, str], mark: Callable[[], str]
    ) -> None:
        self.lines = lines
        self.masks = masks
        self.mark = mark
        self.is_indented = False
        self.last_code = -1
        self._depth = 0
        self._quote = ""  # of the string that goes on in the next line
        self._goes_on = False  # by a backslash

    def read(self, first: int) -> None:
        number = first
        while number < len(self.lines):
            line = self.lines[number]
            if self._depth or self._quote or self._goes_on:
                self.last_code = number
                self._scan(line)
            elif line.strip() and line.lstrip()[0] != "#":
                if self.last_code < 0:
                    self.is_indented = line[0] in " \t"
                self.last_code = number
                mask = self._mask(line)
                if mask is not None:
                    self._depth, self._quote, self._goes_on = 0, "", False
                    for index in self._with_continuations(number):
                        self.masks[index] = _line(self.mark(), self.lines[index])
                        self.last_code = number = index
                    self.masks[self._start] = _line(mask, line)
            number += 1

    def _with_continuations(self, number: int) -> Iterator[int]:
        """A line, and those that follow it by a backslash."""
        self._start = number
        yield number
        while self.lines[number].rstrip("\r\n").endswith("\\") and number + 1 < len(self.lines):
            number += 1
            yield number

    def _mask(self, line: str) -> str | None:
        """What stands for a line with which a statement starts; None for one of plain Python."""
        text = line.lstrip(" \t").rstrip()
        indent = line[: len(line) - len(line.lstrip(" \t"))]
        if text[0] == "%":
            return self._magic(indent, text)
        if text[0] in "!?,;/":
            return self._quietly(indent)
        found = self._scan(line)
        if found == "?" and not self._depth:
            return self._quietly(indent)
        if found:
            return f"{found}{SOMETHING}  {self.mark()}"
        word = _AUTOMAGIC.match(text)
        if word and word[1] in _QUIET_MAGICS and not iskeyword(word[1]) and not _parses(text):
            return self._quietly(indent)
        return None

    def _magic(self, indent: str, text: str) -> str:
        found = _MAGIC.match(text)
        assert found
        name, rest = found[1], text[found.end() :]
        runs = name in _STATEMENT_MAGICS or (
            name in _EXPRESSION_MAGICS and _parses(rest, is_expression=True)
        )
        if runs and rest and _parses(f"pass;{rest}"):
            return f"{indent}{'pass;':<{found.end()}}{rest}  {self.mark()}"
        if name in _QUIET_MAGICS and not (runs or name in _STATEMENT_MAGICS):
            return self._quietly(indent)
        return f"{indent}{ANYTHING}  {self.mark()}"

    def _quietly(self, indent: str) -> str:
        """A comment does where no block needs a statement: nothing is put before what follows."""
        return f"{indent}pass  {self.mark()}" if indent else self.mark()

    def _scan(self, line: str) -> str:
        """Go through a line: what stands before a magic that is assigned, "?" for a line that asks
        for help, "" for plain Python."""
        place = 0
        assigned = False
        self._goes_on = False
        code_end = ""
        while True:
            if self._quote:
                end = _REST[self._quote].match(line, place)
                if end is None:
                    if len(self._quote) == 1 and not line.rstrip("\r\n").endswith("\\"):
                        self._quote = ""  # an error of the cell, and none of the next line
                    return ""
                place, self._quote, code_end = end.end(), "", ""
            token = _TOKEN.search(line, place)
            between = line[place : token.start() if token else len(line)].strip()
            code_end = between or code_end
            if token is None:
                break
            quote, comment, opens, closes, goes_on, equals = token.groups()
            place = token.end()
            if comment:
                break
            if not equals or not between:
                code_end = between if goes_on or (equals and between) else ""
            if quote:
                self._quote = quote
            elif opens:
                self._depth += 1
            elif closes:
                self._depth = max(self._depth - 1, 0)
            elif goes_on:
                self._goes_on = True
                break
            elif not self._depth and not assigned:
                found = _ASSIGNS.match(line, token.start())
                if found:
                    return line[: found.end() - 1]
                assigned = not line.startswith("=", place) and line[token.start() - 1] not in "=!<>"
        return "?" if code_end.endswith("?") else ""


def _parses(text: str, *, is_expression: bool = False) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text, mode="eval" if is_expression else "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
