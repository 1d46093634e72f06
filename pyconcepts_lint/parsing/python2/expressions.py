"""Expressions and argument lists of Python 2, and what fissix reads only for Python 3's sake."""

from __future__ import annotations

import re

from fissix.pgen2 import token as kinds

from .context import Context, is_keyword_argument
from .lexer import Unreadable
from .parser import Node, symbols

_STARS = (kinds.STAR, kinds.DOUBLESTAR)


def refuse(context: Context, node: Node) -> None:
    """Python 3 alone has it."""
    raise Unreadable


def atom(context: Context, node: Node) -> None:
    """Backticks, and an ellipsis with blanks in it."""
    first, *inner, last = node.children
    if first.kind == kinds.BACKQUOTE:
        number = context.new(
            "backticks",
            f"{context.shown(node)} is `repr()` of what the backticks enclose in Python 2; "
            "Python 3 has no backticks",
            node.start,
            node.end,
            "Call `repr()`",
        )
        if context.cached(_may_bind_repr):
            context.doubt(number)
        brackets = 2 if inner[0].kind == symbols.testlist1 else 1
        follows_word = context.text[node.start - 1 : node.start].isalnum()
        becomes_call = context.text.endswith(("print", "exec"), 0, node.start)
        blank = " " if follows_word and not becomes_call else ""
        context.changes.replace(number, first.start, first.end, f"{blank}repr{'(' * brackets}")
        context.changes.replace(number, last.start, last.end, ")" * brackets)
    elif first.kind == kinds.DOT and node.end - node.start > 3:
        number = context.new(
            "spaced-ellipsis",
            "The dots of an ellipsis may stand apart in Python 2; in Python 3 they are one token",
            node.start,
            node.end,
            "Write `...`",
        )
        context.changes.replace(number, node.start, node.end, "...")


_BINDS_REPR = re.compile(
    r"\b(?:def|class|as|import|for|global|lambda)\b[^\n]*(?<![\w.])repr\b"
    r"|(?<![\w.])repr[ \t]*(?:,[^\n()]*)?=(?!=)"
)


def _may_bind_repr(context: Context) -> bool:
    """May `repr` be something else than the built-in somewhere in the text?"""
    return "repr" in context.parsed.names and _BINDS_REPR.search(context.text) is not None


def check_ellipses(context: Context) -> None:
    """Python 2 has them only in subscripts."""
    for node in context.parsed.nodes():
        is_subscript = node.kind == symbols.subscriptlist or (
            node.kind == symbols.trailer and node.children[0].kind == kinds.LSQB
        )
        if not is_subscript and any(map(is_ellipsis, node.children)):
            raise Unreadable


def is_ellipsis(node: Node) -> bool:
    return bool(node.kind == symbols.atom and node.children[0].kind == kinds.DOT)


def display(context: Context, node: Node) -> None:
    """What stands in the brackets of a list, a tuple or a generator."""
    if node.children[1].kind == symbols.comp_for:
        _clauses(context, node.children[1])


def braces(context: Context, node: Node) -> None:
    """What stands in the braces of a dictionary or set."""
    for child in node.children:
        if child.kind == kinds.DOUBLESTAR:
            raise Unreadable
        if child.kind == symbols.comp_for:
            _clauses(context, child)


def _clauses(context: Context, clause: Node) -> None:
    """What Python 3 wants in brackets in the clauses of a comprehension."""
    while True:
        is_for = clause.kind == symbols.comp_for
        part = clause.children[3 if is_for else 1]
        if part.kind in (symbols.testlist_safe, symbols.old_lambdef):
            number = context.new(
                "comprehension-brackets",
                f"`{context.shown(part)}` needs no brackets in a comprehension in Python 2; "
                "in Python 3 it does",
                part.start,
                part.end,
                "Put it in brackets",
            )
            context.changes.open(number, part.start, "(")
            context.changes.close(number, part.end, ")")
        # Each clause ends in the one that comes next.
        following = clause.children[4 if is_for else 2 :]
        if not following:
            return
        clause = following[0]


def parameters(context: Context, node: Node) -> None:
    """Behind `*args`, Python 2 has only `**keywords`."""
    positions = [p for p, child in enumerate(node.children) if child.kind in _STARS]
    if positions:
        shape = [child.kind for child in node.children[positions[0] :]]
        args, keywords = [kinds.STAR, kinds.NAME], [kinds.DOUBLESTAR, kinds.NAME]
        if shape not in (args, keywords, [*args, kinds.COMMA, *keywords]):
            raise Unreadable


def arguments(context: Context, node: Node) -> None:
    """The order of a call's arguments in Python 2; a generator without brackets of its own."""
    shape = "".join(_shape(argument) for argument in node.children)
    if not re.fullmatch(r"([g=.],)*([g=.],?|\*(,=)*(,d)?|d)", shape):
        raise Unreadable
    if "g" not in shape:
        return
    # Python 2 refuses others beside a generator, but forgets those with stars.
    if not re.fullmatch(r"g,([*d].*)?", shape):
        raise Unreadable
    generator = node.children[0]
    number = context.new(
        "bare-generator",
        "This generator stands beside a comma or another argument, which Python 2 allows; "
        "in Python 3 it needs brackets of its own",
        generator.start,
        generator.end,
        "Put it in brackets",
    )
    context.changes.open(number, generator.start, "(")
    context.changes.close(number, generator.end, ")")


def _shape(argument: Node) -> str:
    """One letter: `*` and `d` for stars, `=` for a keyword, `g` for a generator."""
    if argument.kind == kinds.COMMA:
        return ","
    if argument.kind != symbols.argument:
        return "."
    if argument.children[0].kind in _STARS:
        return "*" if argument.children[0].kind == kinds.STAR else "d"
    return "=" if is_keyword_argument(argument) else "g"


def argument(context: Context, node: Node) -> None:
    """A generator as an argument; a keyword in brackets."""
    if node.children[1].kind == symbols.comp_for:
        _clauses(context, node.children[1])
    name = node.children[0]
    if not is_keyword_argument(node) or name.kind != symbols.atom:
        return
    inner: Node | None = name
    while inner is not None and inner.kind != kinds.NAME:
        inner = context.within(inner)
    if inner is None:
        raise Unreadable
    number = context.new(
        "bracketed-keyword",
        f"The name of a keyword argument may stand in brackets in Python 2, as {context.shown(name)}"
        "; in Python 3 it may not",
        name.start,
        name.end,
        "Take the brackets away",
    )
    context.changes.replace(number, name.start, name.end, context.source(inner))


def class_definition(context: Context, node: Node) -> None:
    """Python 2 has nothing but bases in the brackets."""
    for child in node.children:
        bases = child.children if child.kind == symbols.arglist else [child]
        if any(base.kind == symbols.argument for base in bases):
            raise Unreadable


def yield_argument(context: Context, node: Node) -> None:
    """`yield from` is Python 3's."""
    if context.is_(node.children[0], "from"):
        raise Unreadable
