"""Finds what Python 2 reads and Python 3 doesn't, and notes how Python 3 says the same.

Python 2's side of the claims is its Language Reference; Python 3's is the running interpreter's
parser, which has the last word on the translation.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from fissix.pgen2 import token as kinds

from . import exceptions, expressions, parameters, spelling, statements
from .context import Context, Parsed
from .meaning import Verdicts
from .parser import Node, symbols

_HANDLERS: dict[int, Callable[[Context, Node], None]] = {
    symbols.annassign: expressions.refuse,
    symbols.arglist: expressions.arguments,
    symbols.argument: expressions.argument,
    symbols.atom: expressions.atom,
    symbols.classdef: expressions.class_definition,
    symbols.dictsetmaker: expressions.braces,
    symbols.exec_stmt: statements.exec_statement,
    symbols.funcdef: parameters.function_definition,
    symbols.lambdef: parameters.lambda_expression,
    symbols.listmaker: expressions.display,
    symbols.old_lambdef: parameters.lambda_expression,
    symbols.print_stmt: statements.print_statement,
    symbols.raise_stmt: exceptions.raise_statement,
    symbols.star_expr: expressions.refuse,
    symbols.testlist_gexp: expressions.display,
    symbols.tname: expressions.refuse,
    symbols.try_stmt: exceptions.try_statement,
    symbols.typedargslist: expressions.parameters,
    symbols.varargslist: expressions.parameters,
    symbols.yield_arg: expressions.yield_argument,
}
_WANTED = frozenset(_HANDLERS)


def parse(text: str) -> Parsed:
    """Raises Unreadable where Python 2's grammar has no place for the text."""
    return Parsed(text, _WANTED)


def find(parsed: Parsed, verdicts: Verdicts) -> Context:
    """All constructs of a text; raises Unreadable where it has what Python 2 refuses."""
    context = Context(parsed, verdicts)
    spelling.numbers(context)
    spelling.operators(context)
    spelling.string_literals(context)
    spelling.last_backslash(context)
    if parsed.print_statement and "print" in parsed.names:
        for token, after in pairwise(parsed.tokens):
            if token.text == "print" and after.kind in (kinds.NEWLINE, kinds.SEMI):
                statements.bare_print(context, token)
    if any(map(expressions.is_ellipsis, parsed.found)):
        expressions.check_ellipses(context)
    for node in parsed.found:
        _HANDLERS[node.kind](context, node)
    return context
