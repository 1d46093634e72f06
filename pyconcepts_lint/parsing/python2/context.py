"""A text that the grammar of Python 2 accepts, and what has been found in it so far."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar, cast

from fissix.pgen2 import token as kinds

from ...source.quoting import quoted
from .changes import Changes
from .indentation import reindented
from .lexer import Line, Token, Unreadable, tokenize
from .literals import Literal
from .meaning import Question, Verdicts
from .parser import Node, parse, symbols
from .translation import Construct

_COOKIE = re.compile(r"(?:[^\r\n]*(?:\r\n?|\n))?[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANKS = re.compile(r"[ \t\f]*")
_FUTURE_FEATURES = frozenset(
    (
        *("absolute_import", "division", "generators", "nested_scopes", "print_function"),
        *("unicode_literals", "with_statement"),
    )
)

_T = TypeVar("_T")


class Parsed:
    """The tokens, logical lines and tree of a text; raises Unreadable where Python 2's grammar
    has no place for it. `found` are the nodes of the wanted kinds, children before parents."""

    def __init__(self, text: str, wanted: frozenset[int]) -> None:
        self.text = text
        self.tokens, self.lines, self.comments = tokenize(text)
        features = _future_features(self.tokens) if "__future__" in text else set()
        self.print_statement = "print_function" not in features
        self.unicode_literals = "unicode_literals" in features
        self.root, self.found = parse(self.tokens, self.print_statement, wanted)
        cookie = _COOKIE.match(text)
        self.encoding = cookie[1] if cookie else "utf-8"
        self.names = {token.text for token in self.tokens if token.kind == kinds.NAME}

    def line_of(self, offset: int) -> Line:
        """The logical line in which an offset lies."""
        return self.lines[bisect_right(self.lines, offset, key=lambda line: line.start) - 1]

    def nodes(self) -> Iterator[Node]:
        """All nodes of the tree, in no particular order."""
        stack = [self.root]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(node.children)


def _future_features(tokens: list[Token]) -> set[str]:
    """The features that the file imports from `__future__`, which it must do first of all.

    Raises Unreadable where it does so later, or wants one of Python 3's.
    """
    features: set[str] = set()
    statement: list[str] = []
    is_start = True
    docstring_allowed = True
    for token in tokens:
        if token.kind not in (kinds.NEWLINE, kinds.SEMI):
            statement.append(token.text if token.kind != kinds.STRING else '""')
            continue
        if statement[:3] == ["from", "__future__", "import"]:
            imported = re.sub(r"\bas \w+|[(),]", "", " ".join(statement[3:])).split()
            if not is_start or not _FUTURE_FEATURES.issuperset(imported):
                raise Unreadable
            features.update(imported)
        elif statement:
            is_start = is_start and docstring_allowed and set(statement) == {'""'}
            docstring_allowed = False
        statement = []
    return features


@dataclass(slots=True)
class _Draft:
    kind: str
    message: str
    start: int
    end: int
    fix_message: str
    safe: bool = True


class Context:
    """What is known of a text, and the constructs that have been found in it.

    A construct is known by its number. What only the whole program tells (`verdicts`) may be
    missing at first: `questions` say what there is to be known.
    """

    def __init__(self, parsed: Parsed, verdicts: Verdicts) -> None:
        self.parsed = parsed
        self.text = parsed.text
        self.verdicts = verdicts
        self.questions: list[Question] = []
        self.changes = Changes(parsed.text)
        self._drafts: list[_Draft] = []
        self._indentations: dict[int, str] = {}
        self._shared: dict[Callable[[Context], Any], Any] = {}
        self._mixed_tabs()

    def cached(self, analysis: Callable[[Context], _T]) -> _T:
        """What an analysis of the text finds, made once."""
        if analysis not in self._shared:
            self._shared[analysis] = analysis(self)
        return cast(_T, self._shared[analysis])

    # Constructs

    def new(
        self, kind: str, message: str, start: int, end: int, fix_message: str, safe: bool = True
    ) -> int:
        """Note a construct; without a `fix_message` it has no fix."""
        self._drafts.append(_Draft(kind, message, start, end, fix_message, safe))
        return len(self._drafts) - 1

    def doubt(self, number: int) -> None:
        """The changes of this construct may change the meaning."""
        self._drafts[number].safe = False

    def constructs(self) -> tuple[Construct, ...]:
        for number in self.changes.dropping(self.parsed.comments):
            self.doubt(number)
        edits = self.changes.edits()
        constructs = [
            Construct(
                draft.kind,
                draft.message,
                draft.start,
                draft.end,
                draft.fix_message,
                edits[number] if draft.fix_message else None,
                draft.safe,
            )
            for number, draft in enumerate(self._drafts)
        ]
        return tuple(sorted(constructs, key=lambda construct: construct.start))

    def unused(self, name: str, taken: set[str]) -> str:
        """This name, longer where the file has it or it is taken; it is taken from now on."""
        while name in self.parsed.names or name in taken:
            name += "_"
        taken.add(name)
        return name

    @cached_property
    def exception_name(self) -> str:
        """A name that the file doesn't use, for an exception."""
        free = [name for name in ("error", "exception") if name not in self.parsed.names]
        return free[0] if free else self.unused("error", set())

    # Nodes

    def source(self, node: Node) -> str:
        return self.text[node.start : node.end]

    def shown(self, node: Node) -> str:
        """The node's text as a message quotes it."""
        return quoted(self.source(node))

    def is_(self, node: Node, text: str) -> bool:
        """Is the node this one token?"""
        return not node.children and self.source(node) == text

    def within(self, node: Node) -> Node | None:
        """What stands in a pair of round brackets; None where there is no pair, or nothing in
        it. A pair that belongs to a tuple, a generator or `yield` is none."""
        if not is_bracketed(node) or len(node.children) != 3:
            return None
        inner = node.children[1]
        if inner.kind in (symbols.testlist_gexp, symbols.yield_expr) or self.is_(inner, "yield"):
            return None
        return inner

    def is_argument_list(self, node: Node) -> bool:
        """Is it, brackets and all, a call's argument list with just what is in the brackets?"""
        if self.within(node):
            return True
        return (
            is_bracketed(node)
            and node.children[1].kind == symbols.testlist_gexp
            and not is_tuple(node)
        )

    # Lines

    def after_blanks(self, place: int) -> int:
        found = _BLANKS.match(self.text, place)
        assert found is not None  # it matches the empty string
        return found.end()

    def gap(self, start: int, end: int) -> int:
        """How much of a gap between tokens can go: all of it, or the blanks in front of the first
        backslash."""
        return min(self.after_blanks(start), end)

    def open_call(self, number: int, start: int, end: int) -> None:
        """Put a bracket in the place of the gap between a function and its first argument."""
        gap = self.gap(start, end)
        if gap > start:
            self.changes.replace(number, start, gap, "(")
        else:
            self.changes.open(number, start, "(")

    def indentation_at(self, offset: int) -> str:
        """The indentation that a statement in the line of this offset has when all is done."""
        line = self.parsed.line_of(offset)
        return self._indentations.get(line.start, self.text[line.start : line.code])

    def _mixed_tabs(self) -> None:
        for bad, changes in reindented(self.text, self.parsed.lines):
            number = self.new(
                "mixed-tabs",
                "How deep this line is depends on the width of a tab: Python 2 takes it to the next "
                "multiple of 8 columns, Python 3 raises TabError",
                bad.start,
                bad.code,
                "Indent as Python 2 reads it",
            )
            for start, end, indentation in changes:
                self._indentations[start] = indentation
                self.changes.replace(number, start, end, indentation)

    # Literals

    def literal(self, token: str) -> Literal:
        return Literal(token, self.parsed.unicode_literals, self.parsed.encoding)


def is_bracketed(node: Node) -> bool:
    """Is it something in round brackets, or a tuple with its brackets?"""
    return bool(node.kind == symbols.atom and node.children[0].kind == kinds.LPAR)


def is_tuple(node: Node) -> bool:
    """Is it a tuple with its brackets, the empty one too?"""
    if not is_bracketed(node):
        return False
    inner = node.children[1]
    if inner.kind == kinds.RPAR:
        return True
    return bool(inner.kind == symbols.testlist_gexp and inner.children[1].kind == kinds.COMMA)


def is_call(trailer: Node) -> bool:
    """Is it an argument list with its brackets, behind what is called?"""
    return bool(trailer.kind == symbols.trailer and trailer.children[0].kind == kinds.LPAR)


def strings(node: Node) -> Sequence[Node]:
    """The tokens of a string literal; none for anything else."""
    if node.kind == kinds.STRING:
        return [node]
    if node.kind == symbols.atom and node.children[0].kind == kinds.STRING:
        return node.children
    return []


def is_keyword_argument(node: Node) -> bool:
    return bool(node.kind == symbols.argument and node.children[1].kind == kinds.EQUAL)
