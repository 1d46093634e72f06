"""Parameters that unpack their argument."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from fissix.pgen2 import token as kinds

from .changes import Content
from .context import Context, is_call, is_keyword_argument, strings
from .exceptions import prepend, take_target
from .parser import Node, symbols

_PATTERNS = (symbols.tfpdef, symbols.vfpdef)
_LONGEST_NAME = 40
# Functions that call another one with each item of an iterable; and what gives tuples as items.
_CALLERS = frozenset({"filter", "ifilter", "imap", "map", "max", "min", "sorted"})
_TUPLE_FUNCTIONS = frozenset({"enumerate", "zip", "izip"})
_TUPLE_METHODS = frozenset({".items", ".iteritems"})


def function_definition(context: Context, node: Node) -> None:
    """`def f(a, (b, c)):`"""
    parameters, suite = node.children[2].children[1], node.children[4]
    taken: set[str] = set()
    # What is put in front of the others last comes first.
    for pattern in reversed(_patterns(parameters)):
        number = _new(context, pattern)
        inner = _unwrapped(pattern)
        if inner.kind == kinds.NAME:
            name = context.source(inner)
        else:
            name = _joined_name(context, inner, taken)
            target = take_target(context, number, inner)
            _add_statement(context, number, suite, *target, f" = {name}")
        context.changes.replace(number, pattern.start, pattern.end, name)


def _add_statement(context: Context, number: int, suite: Node, *statement: Content) -> None:
    """Put a statement in front of all others of a function, but not of its docstring."""
    statements = [suite]
    if suite.kind == symbols.suite:
        statements = [child for child in suite.children[2:] if child.kind != kinds.DEDENT]
    first = statements[0]
    if first.kind != symbols.simple_stmt or not strings(first.children[0]):
        prepend(context, number, suite, *statement)
    elif len(first.children) > 3:
        context.changes.open(number, first.children[2].start, *statement, "; ")
    elif len(statements) > 1:
        line_end = context.source(first.children[-1])
        place = statements[1].start
        indentation = context.indentation_at(place)
        context.changes.open(number, place, *statement, line_end, indentation)
    else:
        context.changes.close(number, first.children[0].end, "; ", *statement)


def lambda_expression(context: Context, node: Node) -> None:
    """`lambda a, (b, c): …` calls a function of all the names with the unpacked argument."""
    if len(node.children) != 4:
        return
    parameters, body = node.children[1], node.children[3]
    opening: list[str] = []
    closing: list[str] = []
    numbers: list[int] = []
    taken: set[str] = set()
    for pattern in _patterns(parameters):
        number = _new(context, pattern)
        inner = _unwrapped(pattern)
        if inner.kind == kinds.NAME:
            name = context.source(inner)
        else:
            name = _joined_name(context, inner, taken)
            takes_tuple = pattern is parameters and node in context.cached(_called_with_tuples)
            if not takes_tuple or not _index(context, number, node, inner, name):
                _unpack(context, inner, name, opening, closing, taken)
                numbers.append(number)
        blank = " " if context.text[pattern.start - 1].isalnum() else ""
        context.changes.replace(number, pattern.start, pattern.end, blank + name)
    if numbers:
        for number in numbers[1:]:
            context.changes.join(numbers[0], number)
        context.changes.open(numbers[0], body.start, *opening)
        context.changes.close(numbers[0], body.end, *reversed(closing))


def _unpack(
    context: Context,
    pattern: Node,
    name: str,
    opening: list[str],
    closing: list[str],
    taken: set[str],
) -> None:
    parts = [_unwrapped(part) for part in _elements(pattern)]
    names = [
        context.source(part) if part.kind == kinds.NAME else _joined_name(context, part, taken)
        for part in parts
    ]
    opening.append(f"(lambda {', '.join(names)}: ")
    closing.append(f")(*{name})")
    for part, part_name in zip(parts, names, strict=True):
        if part.kind != kinds.NAME:
            _unpack(context, part, part_name, opening, closing, taken)


def _index(context: Context, number: int, node: Node, pattern: Node, name: str) -> bool:
    """Where the argument is a tuple, its items can be written for the names; but not where the
    names may mean something else, in another `lambda` or a comprehension."""
    names = [context.source(element) for element in _elements(pattern)]
    tokens = context.parsed.tokens
    body = range(
        bisect_left(tokens, node.children[3].start, key=lambda token: token.start),
        bisect_left(tokens, node.end, key=lambda token: token.start),
    )
    inner_scopes = any(tokens[position].text in ("lambda", "for") for position in body)
    if inner_scopes or not all(map(str.isidentifier, names)):
        return False
    for position in body:
        token = tokens[position]
        is_attribute = tokens[position - 1].text == "."
        is_keyword = tokens[position + 1].text == "="
        if token.text in names and not is_attribute and not is_keyword:
            item = f"{name}[{names.index(token.text)}]"
            context.changes.replace(number, token.start, token.end, item)
    return True


def _called_with_tuples(context: Context) -> set[Node]:
    """The `lambda` expressions that are called with the items of a dictionary, `zip()` or
    `enumerate()`."""
    functions = (_called_with_tuple(context, node) for node in context.parsed.nodes())
    return {function for function in functions if function}


def _called_with_tuple(context: Context, call: Node) -> Node | None:
    if call.kind != symbols.power or len(call.children) != 2 or not is_call(call.children[1]):
        return None
    arguments = call.children[1].children[1]
    if context.source(call.children[0]) not in _CALLERS or arguments.kind != symbols.arglist:
        return None
    values = [
        argument.children[2] if is_keyword_argument(argument) else argument
        for argument in arguments.children[::2]
    ]
    functions = [value for value in values if value.kind == symbols.lambdef]
    iterables = [value for value in values if value.kind != symbols.lambdef]
    if len(functions) == len(iterables) == 1 and _gives_tuples(context, iterables[0]):
        return functions[0]
    return None


def _gives_tuples(context: Context, node: Node) -> bool:
    if node.kind != symbols.power or not is_call(node.children[-1]):
        return False
    called = node.children[-2]
    if called.kind == symbols.trailer:
        has_arguments = len(node.children[-1].children) > 2
        return not has_arguments and context.source(called) in _TUPLE_METHODS
    return len(node.children) == 2 and context.source(called) in _TUPLE_FUNCTIONS


def _new(context: Context, pattern: Node) -> int:
    return context.new(
        "tuple-parameter",
        f"The parameter `{context.shown(pattern)}` unpacks its argument in Python 2; "
        "in Python 3 a parameter is a name",
        pattern.start,
        pattern.end,
        "Unpack the argument in the body",
    )


def _patterns(parameters: Node) -> list[Node]:
    is_list = parameters.kind in (symbols.typedargslist, symbols.varargslist)
    candidates = parameters.children if is_list else [parameters]
    return [node for node in candidates if node.kind in _PATTERNS]


def _unwrapped(pattern: Node) -> Node:
    """`((a))` is `a`, and `((a, b))` is `(a, b)`."""
    while pattern.kind in _PATTERNS and pattern.children[1].kind in (kinds.NAME, *_PATTERNS):
        pattern = pattern.children[1]
    return pattern


def _elements(pattern: Node) -> Sequence[Node]:
    return pattern.children[1].children[::2]


def _joined_name(context: Context, pattern: Node, taken: set[str]) -> str:
    source = re.sub(r"#.*", "", context.source(pattern))
    joined = "_".join(re.findall(r"\w+", source))
    return context.unused(joined if len(joined) <= _LONGEST_NAME else "parameter", taken)
