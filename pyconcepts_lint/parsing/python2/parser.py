"""A parser for Python 2 on fissix's grammar, which keeps offsets instead of white space.

fissix's own engine builds the same tree, with a prefix on each leaf and a node for each level of
the expression grammar before it collapses them; this one takes a third of its time.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from fissix.pgen2 import token as kinds
from fissix.pgen2.grammar import Grammar

from ...base.typed import NamedTuple
from .grammar import pygram
from .lexer import Token, Unreadable

symbols = pygram.python_symbols

# The clauses of comprehensions have two rules each: the one for lists has this added to its number.
_CLAUSES = (symbols.comp_for, symbols.comp_if, symbols.comp_iter)
_IN_LIST = 10_000


class Node:
    """A token or a grammar rule with more than one child; offsets, the end exclusive."""

    __slots__ = ("children", "end", "kind", "start")

    def __init__(self, kind: int, start: int, end: int, children: Sequence[Node]) -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.children = children

    def __repr__(self) -> str:
        return f"<{pygram.python_grammar.number2symbol.get(self.kind, self.kind)} {self.start}:{self.end}>"


class _Move(NamedTuple):
    """What a token does in a state: rules are entered, then it is shifted.

    `returns` are the states to go on from when these rules are done, the outermost first.
    """

    returns: tuple[int, ...]
    target: int


class _Tables(NamedTuple):
    """The grammar's automata with all their states numbered through."""

    moves: list[dict[int, _Move]]
    accepts: list[bool]
    rule: list[int]
    start: int


def parse(
    tokens: list[Token], print_statement: bool, wanted: frozenset[int]
) -> tuple[Node, list[Node]]:
    """The tree of a module, and its nodes of the kinds that are wanted, children before parents.

    Raises Unreadable where the grammar has no place for a token.
    """
    grammar = _grammar(print_statement)
    moves, accepts, rule, state = _tables(print_statement)
    keyword = grammar.keywords.get
    labels = grammar.tokens
    name_label = labels[kinds.NAME]
    found: list[Node] = []
    # The values of all rules that are being read lie on one stack; each rule knows its base.
    values: list[Node] = []
    stack: list[tuple[int, int]] = []
    base = 0
    for kind, text, start, end in tokens:
        label = keyword(text, name_label) if kind == kinds.NAME else labels[kind]
        while True:
            move = moves[state].get(label)
            if move is not None:
                break
            if not accepts[state] or not stack:
                raise Unreadable
            if len(values) - base > 1:
                children = values[base:]
                node = Node(rule[state], children[0].start, children[-1].end, children)
                values[base:] = [node]
                if node.kind in wanted:
                    found.append(node)
            state, base = stack.pop()
        for after in move.returns:
            stack.append((after, base))
            base = len(values)
        values.append(Node(kind, start, end, ()))
        state = move.target
    root = Node(symbols.file_input, 0, tokens[-1].end, values)
    return root, found


@cache
def _grammar(print_statement: bool) -> Grammar:
    """Python 2's keywords: `nonlocal` is none, nor is `print` where the file says so."""
    grammar = pygram.python_grammar.copy()
    del grammar.keywords["nonlocal"]
    if not print_statement:
        del grammar.keywords["print"]
    return grammar


@cache
def _tables(print_statement: bool) -> _Tables:
    grammar = _grammar(print_statement)
    rules = {number: states for number, (states, _) in grammar.dfas.items()}
    for number in _CLAUSES:
        rules[_IN_LIST + number] = rules[number]
    first_state: dict[int, int] = {}
    rule: list[int] = []
    arcs: list[list[tuple[int, int]]] = []
    for number, states in rules.items():
        first_state[number] = offset = len(arcs)
        rule.extend([number] * len(states))
        arcs += [[(label, offset + target) for label, target in state] for state in states]
    # The arc (0, state) marks a state in which the rule may end.
    known: dict[int, dict[int, _Move]] = {}

    def moves_of(state: int) -> dict[int, _Move]:
        if state not in known:
            moves: dict[int, _Move] = {}
            for label, target in arcs[state]:
                kind = grammar.labels[label][0]
                if kind >= kinds.NT_OFFSET:
                    entered = first_state[_entered(rule[state], kind)]
                    for entry, move in moves_of(entered).items():
                        moves[entry] = _Move((target, *move.returns), move.target)
                elif label:
                    moves[label] = _Move((), target)
            known[state] = moves
        return known[state]

    return _Tables(
        moves=[moves_of(state) for state in range(len(arcs))],
        accepts=[any(label == 0 for label, _ in state) for state in arcs],
        rule=[number % _IN_LIST for number in rule],
        start=first_state[grammar.start],
    )


def _entered(rule: int, kind: int) -> int:
    """The rule that Python 2 has where fissix's grammar has `kind` in a rule.

    `in 1, 2` without brackets can stand in a list's comprehension, but in no other.
    """
    if kind in _CLAUSES and (rule == symbols.listmaker or rule > _IN_LIST):
        return _IN_LIST + kind
    if rule == symbols.comp_for and kind == symbols.testlist_safe:
        return int(symbols.or_test)
    return kind
