"""Control flow: the blocks of a body and the edges between them, and a solver that runs analyses.

`Graph` has every path that the syntax allows, `finally`, `with` and handlers included. What can't
happen (a test that never comes out so, a call that never returns, a step that raises nothing) is
for the analysis to say. The bodies of functions and classes inside have graphs of their own.
"""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import Enum, auto
from functools import cached_property
from heapq import heappop, heappush

from ..base.typed import TYPE_CHECKING, Generic, NamedTuple
from .ast_nodes import COMPREHENSIONS, child_nodes, walk

if TYPE_CHECKING:
    from typing import Any, TypeVar

    S = TypeVar("S")
else:
    S = None

_DEEPEST_COPIES = 3
"""`finally` is copied for each way through it; from this depth of one in another on, it isn't."""


class Act(Enum):
    """What a step does with its node."""

    RUN = auto()
    """Run a simple statement or a definition; evaluate an expression; of a compound statement, a
    handler or a `case`, evaluate what is evaluated before control branches."""
    BIND = auto()
    """Bind the targets of a `for`, `with … as`, `except … as` or `case`."""
    UNBIND = auto()
    """Delete the name of an `except … as`, at the end of its block."""
    ENTER = auto()
    """Evaluate a context manager, and call its `__enter__`."""
    EXIT = auto()
    """Call the `__exit__` of a context manager."""


class Step(NamedTuple):
    """Something that is done without a branch in it, but perhaps an exception."""

    act: Act
    node: ast.AST

    @property
    def parts(self) -> list[ast.AST]:
        """What is run, evaluated or bound: a statement, expressions, patterns, targets."""
        return [part for part in _parts(self.act, self.node) if part is not None]


class Exit(Enum):
    """How control leaves a body."""

    END = auto()
    BREAK = auto()
    CONTINUE = auto()
    RETURN = auto()
    RAISE = auto()
    """By a `raise` statement or an `assert`."""
    ERROR = auto()
    """By an exception that evaluating something raises."""


class Edge(NamedTuple):
    """A way from the end of a block to another.

    Where something decides whether it is taken, that is `decider`: a test (or the guard of a
    `case`), a `for` (True: there is another item), a handler (True: it catches the exception), a
    `case` (True: it matches), a `match` (True: no case has matched), or a `withitem` (True: the
    context manager swallows the exception).
    """

    target: Block
    decider: ast.AST | None = None
    outcome: bool = True


class Block:
    """Steps that follow each other, then one of some edges.

    `error` is where control goes when a step raises an exception. Exits have no edges.
    """

    __slots__ = ("edges", "error", "steps")

    def __init__(self, error: Block | None) -> None:
        self.steps: list[Step] = []
        self.edges: list[Edge] = []
        self.error = error

    @property
    def successors(self) -> Iterator[Block]:
        if self.error is not None and self.steps:
            yield self.error
        for edge in self.edges:
            yield edge.target


class Graph:
    """The control flow of a body. Statements that no edge leads to have blocks, too."""

    def __init__(self, body: Sequence[ast.stmt]) -> None:
        self.exits = {exit: Block(None) for exit in Exit}
        builder = _Builder()
        context = _Context(None, dict(self.exits))
        self.entry = builder.block(context)
        end = builder.body(body, self.entry, context)
        end.edges.append(Edge(self.exits[Exit.END]))
        self._blocks = [*builder.blocks, *self.exits.values()]

    @cached_property
    def order(self) -> list[Block]:
        """The blocks: each before those that its edges lead to, but for loops. Those that control
        doesn't come to are the first."""
        found: list[Block] = []
        seen: set[Block] = set()
        waiting = [(block, False) for block in (*self._blocks, self.entry)]
        while waiting:
            block, is_done = waiting.pop()
            if is_done:
                found.append(block)
            elif block not in seen:
                seen.add(block)
                waiting.append((block, True))
                waiting += ((target, False) for target in block.successors)
        return found[::-1]


class Analysis(ABC, Generic[S]):
    """What is asked about the paths through a graph, for `solve`. States are never None."""

    @abstractmethod
    def join(self, one: S, other: S) -> S:
        """The state where paths come together."""

    @abstractmethod
    def run(self, step: Step, state: S) -> S | None:
        """The state behind a step; None if control doesn't come there."""

    def take(self, edge: Edge, state: S) -> S | None:
        """The state behind an edge that something decides about; None if it isn't taken."""
        return state

    def fail(self, step: Step, before: S, after: S | None) -> S | None:
        """The state in which a step may raise an exception; None if it raises none."""
        return before if after is None else self.join(before, after)


def solve(graph: Graph, analysis: Analysis[S], start: S) -> dict[Block, S]:
    """The states in which control comes to blocks, those that it comes to."""
    order = graph.order
    numbers = {block: number for number, block in enumerate(order)}
    states = {graph.entry: start}
    waiting = [numbers[graph.entry]]
    queued = {*waiting}

    def flow(target: Block, state: S) -> None:
        old = states.get(target)
        new = state if old is None else analysis.join(old, state)
        if old is None or new != old:
            states[target] = new
            if numbers[target] not in queued:
                queued.add(numbers[target])
                heappush(waiting, numbers[target])

    while waiting:
        queued.discard(number := heappop(waiting))
        block = order[number]
        state: S | None = states[block]
        failed: S | None = None
        for step in block.steps:
            assert state is not None
            after = analysis.run(step, state)
            error = analysis.fail(step, state, after)
            if error is not None:
                failed = error if failed is None else analysis.join(failed, error)
            state = after
            if state is None:
                break
        if failed is not None and block.error is not None:
            flow(block.error, failed)
        for edge in block.edges if state is not None else ():
            assert state is not None
            taken = state if edge.decider is None else analysis.take(edge, state)
            if taken is not None:
                flow(edge.target, taken)
    return states


# How graphs are made

_Via = Callable[[Exit, Block], Block]


class _Context:
    """Where control goes from the inside of a statement.

    Args:
        outer: the context around it.
        targets: where it goes by exits, as far as that is known.
        via: leads from inside by an exit to where it goes from `outer`.
    """

    def __init__(
        self, outer: _Context | None, targets: dict[Exit, Block], via: _Via | None = None
    ) -> None:
        self._outer = outer
        self._targets = targets
        self._via = via

    def to(self, exit: Exit) -> Block:
        found = self._targets.get(exit)
        if found is None:
            assert self._outer is not None
            found = self._outer.to(exit)
            found = self._targets[exit] = found if self._via is None else self._via(exit, found)
        return found


class _Builder:
    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._depth = 0  # of `finally` in `finally`

    def block(self, context: _Context, *steps: Step) -> Block:
        block = Block(context.to(Exit.ERROR))
        block.steps += steps
        self.blocks.append(block)
        return block

    def body(self, body: Sequence[ast.stmt], block: Block, context: _Context) -> Block:
        """Put statements at the end of a block; returns the block at their own end."""
        for statement in body:
            block.steps.append(Step(Act.RUN, statement))
            branch = _BRANCHES.get(statement.__class__)
            if branch is not None:
                block = branch(self, statement, block, context)
            elif statement.__class__ in _JUMPS:
                block.edges.append(Edge(context.to(_JUMPS[statement.__class__])))
                block = self.block(context)
        return block

    def _arm(
        self,
        body: Sequence[ast.stmt],
        start: tuple[Block, ast.AST, bool],
        after: Block,
        context: _Context,
    ) -> None:
        """Make the statements behind an edge from `start`, which go on to `after`."""
        block, decider, outcome = start
        arm = self.block(context)
        block.edges.append(Edge(arm, decider, outcome))
        self.body(body, arm, context).edges.append(Edge(after))

    def _if(self, node: ast.If, block: Block, context: _Context) -> Block:
        after = self.block(context)
        self._arm(node.body, (block, node.test, True), after, context)
        while len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
            orelse = self.block(context, Step(Act.RUN, node.orelse[0]))
            block.edges.append(Edge(orelse, node.test, False))
            node, block = node.orelse[0], orelse
            self._arm(node.body, (block, node.test, True), after, context)
        self._arm(node.orelse, (block, node.test, False), after, context)
        return after

    def _assert(self, node: ast.Assert, block: Block, context: _Context) -> Block:
        after = self.block(context)
        block.edges.append(Edge(after, node.test, True))
        message = () if node.msg is None else (Step(Act.RUN, node.msg),)
        failing = self.block(context, *message)
        block.edges.append(Edge(failing, node.test, False))
        failing.edges.append(Edge(context.to(Exit.RAISE)))
        return after

    def _while(self, node: ast.While, block: Block, context: _Context) -> Block:
        block.steps.pop()
        head = self.block(context, Step(Act.RUN, node))
        block.edges.append(Edge(head))
        after = self.block(context)
        inside = _Context(context, {Exit.BREAK: after, Exit.CONTINUE: head})
        self._arm(node.body, (head, node.test, True), head, inside)
        self._arm(node.orelse, (head, node.test, False), after, context)
        return after

    def _for(self, node: ast.For | ast.AsyncFor, block: Block, context: _Context) -> Block:
        head = self.block(context)
        after = self.block(context)
        inside = _Context(context, {Exit.BREAK: after, Exit.CONTINUE: head})
        turn = self.block(inside, Step(Act.BIND, node))
        block.edges.append(Edge(turn if _has_items(node) else head))
        head.edges.append(Edge(turn, node, True))
        self.body(node.body, turn, inside).edges.append(Edge(head))
        self._arm(node.orelse, (head, node, False), after, context)
        return after

    def _with(self, node: ast.With | ast.AsyncWith, block: Block, context: _Context) -> Block:
        around: list[tuple[ast.withitem, _Context, Block]] = []
        for item in node.items:
            block.steps.append(Step(Act.ENTER, item))
            after = self.block(context)
            around.append((item, context, after))
            context = _Context(context, {}, self._leaving(item, context, after))
            inside = self.block(context)
            if item.optional_vars is not None:
                inside.steps.append(Step(Act.BIND, item))
            block.edges.append(Edge(inside))
            block = inside
        block = self.body(node.body, block, context)
        for item, context, after in reversed(around):
            leaving = self.block(context, Step(Act.EXIT, item))
            block.edges.append(Edge(leaving))
            leaving.edges.append(Edge(after))
            block = after
        return block

    def _leaving(self, item: ast.withitem, context: _Context, after: Block) -> _Via:
        def via(exit: Exit, target: Block) -> Block:
            block = self.block(context, Step(Act.EXIT, item))
            if exit in (Exit.RAISE, Exit.ERROR):
                block.edges.append(Edge(after, item, True))
                block.edges.append(Edge(target, item, False))
            else:
                block.edges.append(Edge(target))
            return block

        return via

    def _try(self, node: ast.Try | ast.TryStar, block: Block, context: _Context) -> Block:
        end = after = self.block(context)
        if node.finalbody:
            finish = self._finally(node.finalbody, context)
            context = _Context(context, {}, finish)
            end = finish(Exit.END, after)
        inside = context
        if isinstance(node, ast.TryStar):
            inside = _Context(context, {}, self._star_handlers(node, end, context))
        elif node.handlers:
            inside = _Context(context, {}, self._handlers(node, end, context))
        tried = self.block(inside)
        block.edges.append(Edge(tried))
        tried = self.body(node.body, tried, inside)
        orelse = self.block(context)
        tried.edges.append(Edge(orelse))
        self.body(node.orelse, orelse, context).edges.append(Edge(end))
        return after

    def _finally(self, body: Sequence[ast.stmt], context: _Context) -> _Via:
        made: dict[Block | None, tuple[Block, Block]] = {}
        is_copied = self._depth < _DEEPEST_COPIES

        def via(exit: Exit, target: Block) -> Block:
            key = target if is_copied else None
            if key not in made:
                self._depth += 1
                entry = self.block(context)
                made[key] = entry, self.body(body, entry, context)
                self._depth -= 1
            entry, end = made[key]
            if all(edge.target is not target for edge in end.edges):
                end.edges.append(Edge(target))
            return entry

        return via

    def _handlers(self, node: ast.Try, end: Block, context: _Context) -> _Via:
        entries: list[Block] = []

        def via(exit: Exit, target: Block) -> Block:
            if exit not in (Exit.RAISE, Exit.ERROR):
                return target
            if not entries:
                entries.extend(self._handler(part, end, context) for part in node.handlers)
            first = block = self.block(context)
            for handler, entry in zip(node.handlers, entries, strict=True):
                block.steps.append(Step(Act.RUN, handler))
                block.edges.append(Edge(entry, handler, True))
                if handler.type is None:
                    return first
                other = self.block(context)
                block.edges.append(Edge(other, handler, False))
                block = other
            block.edges.append(Edge(target))
            return first

        return via

    def _star_handlers(self, node: ast.TryStar, end: Block, context: _Context) -> _Via:
        """Each of them may take a part of the exceptions; then the others have their turn."""
        made: list[Block] = []

        def via(exit: Exit, target: Block) -> Block:
            if exit not in (Exit.RAISE, Exit.ERROR):
                return target
            if not made:
                made.extend(self.block(context) for _ in (*node.handlers, end))
                for handler, block, other in zip(node.handlers, made, made[1:], strict=False):
                    inside = _Context(context, {Exit.RAISE: other, Exit.ERROR: other})
                    block.steps.append(Step(Act.RUN, handler))
                    block.edges.append(Edge(self._handler(handler, other, inside), handler, True))
                    block.edges.append(Edge(other, handler, False))
                made[-1].edges += (Edge(end), Edge(context.to(Exit.RAISE)))
            return made[0]

        return via

    def _handler(self, handler: ast.ExceptHandler, end: Block, context: _Context) -> Block:
        if handler.name is None:
            entry = self.block(context)
            self.body(handler.body, entry, context).edges.append(Edge(end))
            return entry

        def unbind(exit: Exit, target: Block) -> Block:
            block = self.block(context, Step(Act.UNBIND, handler))
            block.edges.append(Edge(target))
            return block

        inside = _Context(context, {}, unbind)
        entry = self.block(inside, Step(Act.BIND, handler))
        self.body(handler.body, entry, inside).edges.append(Edge(unbind(Exit.END, end)))
        return entry

    def _match(self, node: ast.Match, block: Block, context: _Context) -> Block:
        after = self.block(context)
        for case in node.cases:
            block.steps.append(Step(Act.RUN, case))
            matched = self.block(context, Step(Act.BIND, case))
            other = self.block(context)
            block.edges.append(Edge(matched, case, True))
            if not is_irrefutable(case.pattern):
                block.edges.append(Edge(other, case, False))
            if case.guard is not None:
                matched.steps.append(Step(Act.RUN, case.guard))
                matched.edges.append(Edge(other, case.guard, False))
                self._arm(case.body, (matched, case.guard, True), after, context)
            else:
                self.body(case.body, matched, context).edges.append(Edge(after))
            block = other
        block.edges.append(Edge(after, node, True))
        return after


_BRANCHES: dict[type[ast.AST], Callable[[_Builder, Any, Block, _Context], Block]] = {
    ast.If: _Builder._if,
    ast.Assert: _Builder._assert,
    ast.While: _Builder._while,
    ast.For: _Builder._for,
    ast.AsyncFor: _Builder._for,
    ast.With: _Builder._with,
    ast.AsyncWith: _Builder._with,
    ast.Try: _Builder._try,
    ast.TryStar: _Builder._try,
    ast.Match: _Builder._match,
}
_JUMPS = {
    ast.Return: Exit.RETURN,
    ast.Raise: Exit.RAISE,
    ast.Break: Exit.BREAK,
    ast.Continue: Exit.CONTINUE,
}


def _has_items(loop: ast.For | ast.AsyncFor) -> bool:
    """Does a loop go over a display that isn't empty?"""
    return (
        isinstance(loop, ast.For)
        and isinstance(loop.iter, (ast.Tuple, ast.List, ast.Set))
        and any(not isinstance(item, ast.Starred) for item in loop.iter.elts)
    )


def is_irrefutable(pattern: ast.pattern) -> bool:
    """Does a pattern match anything
    (https://docs.python.org/3/reference/compound_stmts.html#irrefutable-case-blocks)?"""
    if isinstance(pattern, ast.MatchAs):
        return pattern.pattern is None or is_irrefutable(pattern.pattern)
    return isinstance(pattern, ast.MatchOr) and any(map(is_irrefutable, pattern.patterns))


# What steps do


def _parts(act: Act, node: Any) -> Sequence[ast.AST | None]:
    match node:
        case ast.If() | ast.While() | ast.Assert():
            return (node.test,)
        case ast.For() | ast.AsyncFor():
            return (node.iter,) if act is Act.RUN else (node.target,)
        case ast.With() | ast.AsyncWith() | ast.Try() | ast.TryStar():
            return ()
        case ast.withitem():
            by_act = {Act.ENTER: (node.context_expr,), Act.BIND: (node.optional_vars,)}
            return by_act.get(act, ())
        case ast.ExceptHandler():
            return (node.type,) if act is Act.RUN else ()
        case ast.Match():
            return (node.subject,)
        case ast.match_case():
            return (node.pattern,)
        case ast.Expr() | ast.Return():
            return (node.value,)
        case ast.Raise():
            return (node.exc, node.cause)
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return (*node.decorator_list, *node.args.defaults, *node.args.kw_defaults)
        case ast.ClassDef():
            values = (keyword.value for keyword in node.keywords)
            return (*node.decorator_list, *node.bases, *values)
    return (node,)


class Effect(NamedTuple):
    """A part of a step: an expression is evaluated, or a name is bound or deleted.

    `name` is "" for an evaluation, of the expression `node`. Otherwise that is what binds the
    name: a statement, a handler, a pattern. `ast.Delete` deletes it.
    """

    name: str
    node: ast.AST


def effects(step: Step) -> Iterator[Effect]:
    """What a step does, in its order. Targets that aren't names are evaluated; that of an augmented
    assignment is evaluated first, even if it is a name.

    Annotations are left out: Python may never look at them. That the end of a handler deletes
    its name is left out, too.
    """
    if step.act is Act.BIND:
        yield from _bound_by(step.node)
    elif step.act in (Act.RUN, Act.ENTER):
        yield from _run_by(step, step.node)


def _bound_by(node: Any) -> Iterator[Effect]:
    match node:
        case ast.For() | ast.AsyncFor():
            yield from _targets(node.target, node)
        case ast.withitem():
            yield from _targets(node.optional_vars, node)
        case ast.ExceptHandler():
            yield Effect(node.name or "", node)
        case ast.match_case():
            for part in walk(node.pattern):
                name = getattr(part, "name", None) or getattr(part, "rest", None)
                if name:
                    yield Effect(name, part)


def _run_by(step: Step, node: Any) -> Iterator[Effect]:
    match node:
        case ast.Assign():
            yield Effect("", node.value)
            for target in node.targets:
                yield from _targets(target, node)
        case ast.AugAssign():
            yield Effect("", node.target)
            yield Effect("", node.value)
            if isinstance(node.target, ast.Name):
                yield Effect(node.target.id, node)
        case ast.AnnAssign():
            if node.value is not None:
                yield Effect("", node.value)
                yield from _targets(node.target, node)
            elif not isinstance(node.target, ast.Name):
                yield from _evaluations(child_nodes(node.target))  # nothing is assigned
        case ast.Delete():
            for target in node.targets:
                yield from _targets(target, node)
        case ast.Import() | ast.ImportFrom():
            for alias in node.names:
                yield Effect(alias.asname or alias.name.partition(".")[0], node)
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            is_generic = isinstance(node, ast.ClassDef) and bool(getattr(node, "type_params", ()))
            yield from _evaluations(node.decorator_list if is_generic else step.parts)
            yield Effect(node.name, node)
        case ast.match_case():
            for pattern in walk(node.pattern):
                if isinstance(pattern, ast.pattern):
                    yield from _evaluations(child_nodes(pattern))
        case _:
            yield from _evaluations(step.parts)
            if isinstance(getattr(node, "name", None), ast.Name):  # type x = …
                yield Effect(node.name.id, node)


def _evaluations(parts: Iterable[ast.AST]) -> Iterator[Effect]:
    return (Effect("", part) for part in parts if isinstance(part, ast.expr))


def _targets(target: ast.expr | None, by: ast.AST) -> Iterator[Effect]:
    if isinstance(target, (ast.Tuple, ast.List)):
        for part in target.elts:
            yield from _targets(part, by)
    elif isinstance(target, ast.Starred):
        yield from _targets(target.value, by)
    elif target is not None:
        yield Effect(target.id, by) if isinstance(target, ast.Name) else Effect("", target)


def may_raise(step: Step) -> bool:
    """May a step raise an exception? Names that exist are taken for granted."""
    node = step.node
    if isinstance(node, (ast.For, ast.AsyncFor, ast.ClassDef)):
        return True
    if isinstance(node, ast.withitem) and step.act is not Act.BIND:
        return True
    if isinstance(node, ast.match_case):
        return step.act is Act.RUN and not is_irrefutable(node.pattern)
    return not all(map(_is_harmless, step.parts))


def _is_harmless(part: ast.AST) -> bool:
    if isinstance(part, ast.Compare):
        is_identity = all(isinstance(op, (ast.Is, ast.IsNot)) for op in part.ops)
        return is_identity and all(map(_is_harmless, (part.left, *part.comparators)))
    return isinstance(part, _HARMLESS)


_HARMLESS = (
    *(ast.Constant, ast.Name, ast.Pass, ast.Break, ast.Continue, ast.Global, ast.Nonlocal),
)


def evaluated_parts(node: ast.AST) -> tuple[Sequence[ast.AST], Sequence[ast.AST]]:
    """The parts of an expression that are evaluated in the same scope: those that surely are if
    the expression is, and the others."""
    if isinstance(node, COMPREHENSIONS):
        return [node.generators[0].iter], []
    if isinstance(node, ast.Lambda):
        return [*node.args.defaults, *filter(None, node.args.kw_defaults)], []
    if isinstance(node, ast.IfExp):
        return [node.test], [node.body, node.orelse]
    if isinstance(node, ast.BoolOp):
        return node.values[:1], node.values[1:]
    if isinstance(node, ast.Compare):
        return [node.left, node.comparators[0]], node.comparators[1:]
    return child_nodes(node), []
