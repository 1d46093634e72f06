"""How Python 2 catches and raises exceptions."""

from __future__ import annotations

import re

from fissix.pgen2 import token as kinds

from .changes import Content, Moved
from .context import Context, is_call, is_tuple, strings
from .lexer import Unreadable
from .meaning import Question
from .parser import Node, symbols

# What gives a value that is no tuple, no None and no exception.
_PLAIN_FUNCTIONS = frozenset(
    (
        *("abs", "bool", "chr", "dict", "float", "format", "gettext", "hex", "int", "len", "list"),
        *("long", "oct", "ord", "repr", "round", "sorted", "str", "ugettext", "unichr", "unicode"),
        "_",
    )
)


def try_statement(context: Context, node: Node) -> None:
    """All clauses of a `try` statement that name the exception."""
    for clause, suite in zip(node.children, node.children[2:], strict=False):
        if clause.kind == symbols.except_clause and len(clause.children) == 4:
            _except_clause(context, clause, suite)


def _except_clause(context: Context, clause: Node, suite: Node) -> None:
    _, exceptions, separator, written_target = clause.children
    target = written_target
    while inner := context.within(target):
        target = inner
    shown = context.shown(written_target)
    if separator.kind == kinds.COMMA:
        kind, message = (
            "except-comma",
            f"`except {context.shown(exceptions)}, {shown}` binds the exception to `{shown}` in "
            "Python 2; Python 3 has `as` in the place of the comma",
        )
    elif written_target.kind == kinds.NAME:
        return
    else:
        kind, message = (
            "except-target",
            f"`as {shown}` assigns the exception as any assignment does, which Python 2 allows; "
            "in Python 3 a name has to be there",
        )
    number = context.new(kind, message, clause.start, clause.end, "Bind the exception with `as`")
    if target.kind == kinds.NAME:
        context.questions.append(Question(clause.start, context.source(target), None))
        if clause.start not in context.verdicts.leaking:
            context.changes.replace(
                number, exceptions.end, clause.end, " as ", Moved(target.start, target.end)
            )
            return
    # The name goes with the clause, so that one does for all clauses.
    name = context.exception_name
    is_unpacked = target.kind == symbols.atom and context.source(target)[0] in "(["
    assigned = take_target(context, number, target)
    prepend(context, number, suite, *assigned, f" = {name}.args" if is_unpacked else f" = {name}")
    context.changes.replace(number, exceptions.end, clause.end, f" as {name}")


def take_target(context: Context, number: int, target: Node) -> tuple[Content, ...]:
    """What is assigned to, to be put elsewhere; without the brackets of a tuple in one line."""
    if target.kind not in (kinds.NAME, symbols.power) and context.source(target).startswith("("):
        inner = target.children[1]
        if len(inner.children) > 2 and not re.search(r"[\r\n]", context.source(target)):
            target = inner
    return context.changes.take(number, target.start, target.end)


def prepend(context: Context, number: int, suite: Node, *statement: Content) -> None:
    """Put a statement in front of all others of a suite."""
    if suite.kind == symbols.suite:
        first = suite.children[2].start
        line_end = context.source(suite.children[0])
        indentation = context.indentation_at(first)
        context.changes.open(number, first, *statement, line_end, indentation)
    else:
        context.changes.open(number, suite.start, *statement, "; ")


def raise_statement(context: Context, node: Node) -> None:
    """`raise` with a value, or a value and a traceback."""
    if len(node.children) < 4:
        return
    _, exception, separator, value, *rest = node.children
    if separator.kind != kinds.COMMA:
        raise Unreadable
    parts = [exception, value, *rest[1:]]
    if rest and context.is_(rest[1], "None"):
        parts.pop()
    traceback = parts[2] if len(parts) == 3 else None
    number = context.new(
        "raise-traceback" if traceback else "raise-comma",
        f"`raise {', '.join(map(context.shown, parts))}` makes the exception that it raises, as "
        "in Python 2; in Python 3 `raise` takes the exception, made already",
        node.start,
        node.end,
        "Raise the exception itself",
    )
    changes = context.changes
    while is_tuple(exception) and exception.children[1].children:
        # Python 2 raises the first one.
        first = exception.children[1].children[0]
        changes.replace(number, exception.start, first.start)
        changes.replace(number, first.end, exception.end)
        exception = first
    if context.is_(value, "None"):
        closing = ""
        if traceback:
            closing = "" if _is_made(context, number, node, parts) else "()"
            _bracket(context, number, exception)
        after = parts[0].end
    elif _is_instance(context, parts) or _is_known_instance(context, number, node, parts):
        changes.replace(number, exception.start, value.start)
        if traceback:
            _bracket(context, number, value)
        after, closing = value.end, ""
    else:
        _bracket(context, number, exception)
        after = value.end
        if context.is_argument_list(value) or is_tuple(value):
            changes.replace(number, parts[0].end, value.start)
            closing = ""
        else:
            gap = context.gap(separator.end, value.start)
            changes.replace(number, parts[0].end, gap, "(")
            closing = ")"
    if traceback:
        changes.replace(number, after, traceback.start, f"{closing}.with_traceback(")
        changes.close(number, traceback.end, ")")
    elif after < node.end:
        changes.replace(number, after, node.end, closing)
    elif closing:
        changes.close(number, after, closing)


def _is_made(context: Context, number: int, node: Node, parts: list[Node]) -> bool:
    """Is what is raised without a value an exception, and not a class?"""
    text = context.source(parts[0])
    context.questions.append(Question(node.start, text, ""))
    if context.verdicts.raised.get(node.start) == "instance":
        return True
    if _triple_name(context, [parts[0], parts[0], parts[2]]):
        return True
    name = text.rpartition(".")[2]
    if name[:1].isupper() and name.isidentifier():
        return False
    context.doubt(number)
    return True


def _is_instance(context: Context, parts: list[Node]) -> bool:
    """Does the statement itself say that the value is an exception of this class?"""
    exception, value = parts[:2]
    if value.kind == symbols.power and is_call(value.children[-1]):
        called = context.text[value.start : value.children[-1].start]
        return called == context.source(exception)
    return context.source(exception).endswith("[0]") and _triple_name(context, parts)


def _triple_name(context: Context, parts: list[Node]) -> bool:
    """The idiom that raises again what `sys.exc_info()` gave: is the second part its item 1, and
    the third one its item 2?"""
    name = context.source(parts[1]).removesuffix("[1]")
    others = [context.source(part).rpartition("[")[0] for part in parts]
    if set(others) != {name}:
        return False
    return (len(parts) == 3 and context.source(parts[2]) == f"{name}[2]") or "exc" in name.lower()


def _is_known_instance(context: Context, number: int, node: Node, parts: list[Node]) -> bool:
    """What the rest of the program tells of a raised value."""
    exception, value = parts[:2]
    if _is_plain(context, value) or is_tuple(value):
        return False
    context.questions.append(Question(node.start, context.source(value), context.source(exception)))
    verdict = context.verdicts.raised.get(node.start)
    if verdict is None:
        context.doubt(number)
    return verdict == "instance"


def _is_plain(context: Context, value: Node) -> bool:
    """Is the value surely no tuple, no None and no exception?"""
    if inner := context.within(value):
        return _is_plain(context, inner)
    if value.kind == kinds.NUMBER or strings(value):
        return True
    if value.kind == symbols.atom:
        return value.children[0].kind in (kinds.BACKQUOTE, kinds.LSQB, kinds.LBRACE)
    if value.kind == symbols.arith_expr:
        return any(_is_plain(context, operand) for operand in value.children[::2])
    if value.kind == symbols.term:
        is_format = value.children[1].kind == kinds.PERCENT
        return is_format and _is_plain(context, value.children[0])
    if value.kind == symbols.power:
        function, *trailers = value.children
        if not is_call(trailers[-1]):
            return False
        if strings(function):
            return len(trailers) == 2
        return len(trailers) == 1 and context.source(function) in _PLAIN_FUNCTIONS
    return value.kind in (symbols.comparison, symbols.not_test, symbols.lambdef)


def _bracket(context: Context, number: int, node: Node) -> None:
    """Make sure that a call or an attribute can follow."""
    if node.kind == symbols.power:
        is_primary = all(child.kind != kinds.DOUBLESTAR for child in node.children)
    else:
        is_primary = node.kind in (symbols.atom, kinds.NAME, kinds.STRING)
    if not is_primary:
        context.changes.open(number, node.start, "(")
        context.changes.close(number, node.end, ")")
