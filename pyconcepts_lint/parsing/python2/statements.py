"""Python 2's `print` and `exec` statements.

Three things about `print` show only at run time: a value that ends in a newline or tab, after
which Python 2 writes no blank; a comma at the end with nothing printed in that line afterwards,
where the blank is never written; and values that print something themselves when they are
evaluated, which Python 2 does between writing the others. The first is doubted of what looks like
a line of a file, the second of streams other than the standard ones; else a blank more or less
in what is shown is taken for the same.
"""

from __future__ import annotations

import ast
import re
import warnings

from fissix.pgen2 import token as kinds

from . import literals
from .changes import Content
from .context import Context, is_call, is_tuple, strings
from .lexer import Token
from .parser import Node, symbols

# What may follow a `print` statement, on a line of its own behind any comments, or on the same:
# `print` by itself, or a write that Python 2 puts no blank in front of.
_BLANKS = r"[ \t\f]*+"
_LINE_BREAK = rf"{_BLANKS}(?:\#[^\r\n]*+)?(?:\r\n?|\n)"
_ENDS_PRINTED_LINE = re.compile(
    rf"{_BLANKS}(?:;{_BLANKS}(?![\#\r\n])|;?(?>(?:{_LINE_BREAK})+)(?P<indentation>{_BLANKS}))"
    rf"(?:print{_BLANKS}(?:[;\#\r\n]|\Z)|sys\.stdout\.write\b)"
)


def print_statement(context: Context, node: Node) -> None:
    """`print` with anything behind it."""
    keyword, *rest = node.children
    stream = None
    if rest[0].kind == kinds.RIGHTSHIFT:
        stream = rest[1]
        rest = rest[3:]
    comma = rest.pop() if rest and rest[-1].kind == kinds.COMMA else None
    values = rest[::2]
    if len(values) == 1 and not stream and not comma and context.is_argument_list(values[0]):
        return
    number = _new_print(context, node)
    extra = _separators(context, number, values)
    if comma:
        is_ended = _ends_in_whitespace(context, values[-1]) or (
            stream is None and _line_is_ended_next(context, node)
        )
        extra.append(', end=""' if is_ended else ', end=" "')
        if not is_ended and (
            _may_be_line(context, values[-1]) or not _is_continued(context, node, stream)
        ):
            context.doubt(number)
    if stream:
        if _calls(stream) and any(map(_calls, values)):
            # Python 2 evaluates the stream first, Python 3 last.
            context.doubt(number)
        extra.append(", file=" if values else "file=")
        extra += context.changes.take(number, stream.start, stream.end)
    if not values:
        context.changes.replace(number, keyword.end, node.end, "(", *extra, ")")
        return
    if len(values) == 1 and context.within(values[0]):
        # The brackets that are there become the call's.
        if stream:
            context.changes.replace(number, keyword.end, values[0].start)
        context.changes.close(number, values[0].end - 1, *extra)
        if comma:
            context.changes.replace(number, values[0].end, comma.end)
        return
    if stream:
        gap = context.gap(node.children[3].end, values[0].start)
        context.changes.replace(number, keyword.end, gap, "(")
    else:
        context.open_call(number, keyword.end, values[0].start)
    if comma:
        context.changes.replace(number, values[-1].end, comma.end, *extra, ")")
    else:
        context.changes.close(number, values[-1].end, *extra, ")")


def bare_print(context: Context, token: Token) -> None:
    """`print` with nothing behind it."""
    context.changes.close(_new_print(context, token), token.end, "()")


def _new_print(context: Context, node: Node | Token) -> int:
    return context.new(
        "print-statement",
        "`print` is a statement here, as in Python 2; in Python 3 it is a function",
        node.start,
        node.end,
        "Call `print()`",
    )


def _separators(context: Context, number: int, values: list[Node]) -> list[Content]:
    """Python 2 writes no blank behind a string that ends in other white space: where there is
    one, the blanks become arguments of their own."""
    silent = [_ends_in_whitespace(context, value) for value in values[:-1]]
    if not any(silent):
        return []
    for value, is_silent in zip(values, silent, strict=False):
        if not is_silent:
            context.changes.close(number, value.end, ', " "')
    return [', sep=""']


_STANDARD_STREAMS = frozenset({"sys.stdout", "sys.stderr", "sys.__stdout__", "sys.__stderr__"})
_READS_LINES = re.compile(
    r"\b(?:open|file|fopen|popen\d?|urlopen|readlines?|xreadlines|read)[ \t]*\(|\bstdin\b"
)
_LOOP = re.compile(r"\bfor\b([^:]*?)\bin\b([^:]*)")
_LONGEST_LINE = 1000


def _is_continued(context: Context, node: Node, stream: Node | None) -> bool:
    """Is it the standard output or error, or does a `print` to the same stream follow further down?

    Else the text of the stream, which may be asked for, ends in a blank.
    """
    if stream is None or context.source(stream) in _STANDARD_STREAMS:
        return True
    again = re.compile(rf"\bprint{_BLANKS}>>{_BLANKS}{re.escape(context.source(stream))}")
    return again.search(context.text, node.end) is not None


def _may_be_line(context: Context, value: Node) -> bool:
    """Does it look like a line of a file, with its line end?"""
    shown = context.source(value)
    return shown in context.cached(_names_of_lines) or _READS_LINES.search(shown) is not None


def _names_of_lines(context: Context) -> frozenset[str]:
    """The names to which what looks like files, and lines of them, are bound."""
    files: set[str] = set()
    loops: list[tuple[set[str], str]] = []
    for line in context.text.splitlines():
        if len(line) > _LONGEST_LINE:
            continue
        if _READS_LINES.search(line):
            files.add(line.partition("=")[0].strip())
            files.update(re.findall(r"\bas[ \t]+(\w+)", line))
        if loop := _LOOP.search(line):
            loops.append((set(re.findall(r"\w+", loop[1])), loop[2]))
    found = set(files)
    for targets, walked in loops:
        words = re.findall(r"\w+", walked)
        if _READS_LINES.search(walked) or not files.isdisjoint(words):
            found |= targets
    return frozenset(found)


def _ends_in_whitespace(context: Context, value: Node) -> bool:
    """Is it printed as text that surely ends in white space other than a blank?"""
    if tokens := strings(value):
        return literals.ends_in_whitespace(context.source(tokens[-1]))
    if inner := context.within(value):
        return _ends_in_whitespace(context, inner)
    if value.kind == symbols.arith_expr and value.children[-2].kind == kinds.PLUS:
        return _ends_in_whitespace(context, value.children[-1])
    if value.kind == symbols.term:
        operators = {operator.kind for operator in value.children[1::2]}
        return operators == {kinds.PERCENT} and _ends_in_whitespace(context, value.children[0])
    return False


def _line_is_ended_next(context: Context, node: Node) -> bool:
    """Does the statement after this one end the printed line, or write without a blank?"""
    following = _ENDS_PRINTED_LINE.match(context.text, node.end)
    if following is None:
        return False
    line = context.parsed.line_of(node.start)
    indentation = context.text[line.start : line.code]
    return following["indentation"] is None or (
        line.code == node.start and following["indentation"] == indentation
    )


def _calls(node: Node) -> bool:
    """Is anything called in it?"""
    stack = [node]
    while stack:
        node = stack.pop()
        if is_call(node) or node.kind == kinds.BACKQUOTE:
            return True
        stack.extend(node.children)
    return False


def exec_statement(context: Context, node: Node) -> None:
    """`exec code`, with or without `in`."""
    keyword, code, *rest = node.children
    if not rest and (context.is_argument_list(code) or is_tuple(code)):
        return
    in_function = not rest and any(
        function.start < node.start < function.end for function in context.cached(_functions)
    )
    number = context.new(
        "exec-statement",
        "`exec` is a statement here, as in Python 2, and can bind local variables of this "
        "function; in Python 3 it is a function, and can't"
        if in_function
        else "`exec` is a statement here, as in Python 2; in Python 3 it is a function",
        node.start,
        node.end,
        "Call `exec()`",
        safe=not in_function and not _is_python2_only(context, code),
    )
    if _is_open_file(context, code):
        context.changes.close(number, code.end, ".read()")
    if rest and context.within(code):
        # The brackets that are there become the call's.
        context.changes.replace(number, code.end - 1, rest[0].end, ",")
    else:
        context.open_call(number, keyword.end, code.start)
        if rest:
            context.changes.replace(number, code.end, rest[0].end, ",")
    context.changes.close(number, node.end, ")")


def _is_python2_only(context: Context, code: Node) -> bool:
    """Is it a literal with code that Python 3 can't read?"""
    if not strings(code):
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(ast.literal_eval(context.source(code)))
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return True
    return False


def _functions(context: Context) -> list[Node]:
    return [node for node in context.parsed.found if node.kind == symbols.funcdef]


def _is_open_file(context: Context, node: Node) -> bool:
    """`open(...)` or `file(...)`: Python 2 executes files, too."""
    return (
        node.kind == symbols.power
        and len(node.children) == 2
        and context.source(node.children[0]) in ("open", "file")
        and is_call(node.children[1])
    )
