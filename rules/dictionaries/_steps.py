"""The statements and expressions of a body, one by one, and what each binds or changes."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterable, Iterator, Sequence

from pyconcepts_lint.analysis.flow import Way, ways_from
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.rules.dictionaries._walks import RESIZERS
from pyconcepts_lint.source.ast_nodes import SCOPES, child_nodes

PUTTING = frozenset({"setdefault", "update"})
"""Methods of dictionaries that put items in."""
_BLOCKS = ("body", "orelse", "finalbody")


class Rest(NamedTuple):
    """The statements of a block from one of its places on: their ways out, and the number of loops
    in the loop that the block is in."""

    ways: Way
    depth: int


class Step(NamedTuple):
    """A statement or expression that runs in the body of a loop.

    `rests` are the statements that may come after it in the same turn: of each block around it,
    the innermost first, with the number of loops in the loop that the block is in. `path` are the
    branches that lead to it: the statements around it and which of their blocks.
    """

    node: ast.AST
    rests: tuple[Rest, ...]
    path: tuple[tuple[ast.stmt, str], ...]


def parameters_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.arg]:
    args = function.args
    every = (*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg)
    return [parameter for parameter in every if parameter is not None]


def targets_of(node: ast.AST) -> Iterator[ast.expr]:
    """What a node binds or deletes: names, attributes and items."""
    if isinstance(node, (ast.Assign, ast.Delete)):
        waiting = list(node.targets)
    elif isinstance(node, (ast.For, ast.AsyncFor, ast.NamedExpr)):
        waiting = [node.target]
    elif isinstance(node, ast.AnnAssign):
        waiting = [node.target] if node.value is not None else []
    elif isinstance(node, ast.AugAssign):
        # `d |= other` leaves a dictionary the same object.
        waiting = [] if isinstance(node.op, ast.BitOr) else [node.target]
    elif isinstance(node, (ast.With, ast.AsyncWith)):
        waiting = [item.optional_vars for item in node.items if item.optional_vars is not None]
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        names = [each.asname or each.name.partition(".")[0] for each in node.names]
        waiting = [ast.Name(name, lineno=node.lineno) for name in names]
    elif isinstance(node, (*SCOPES, ast.ExceptHandler, ast.MatchAs, ast.MatchStar)):
        name = getattr(node, "name", None)
        waiting = [ast.Name(name, lineno=node.lineno)] if name else []
    else:
        return
    while waiting:
        target = waiting.pop()
        if isinstance(target, (ast.Tuple, ast.List)):
            waiting += target.elts
        elif isinstance(target, ast.Starred):
            waiting.append(target.value)
        else:
            yield target


def keys_taken(node: ast.AST) -> list[ast.expr]:
    """The keys of the items that a statement or call takes out of dictionaries."""
    if isinstance(node, ast.Delete):
        return [each.slice for each in node.targets if isinstance(each, ast.Subscript)]
    return node.args[:1] if isinstance(node, ast.Call) else []


def method_called(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def changed_by(node: ast.AST) -> Iterator[ast.expr]:
    """What a statement or call changes, if it changes a dictionary."""
    if isinstance(node, (ast.Assign, ast.Delete, ast.AnnAssign)):
        for target in targets_of(node):
            if isinstance(target, ast.Subscript):
                yield target.value
    elif isinstance(node, ast.AugAssign):
        if isinstance(node.op, ast.BitOr):
            yield node.target
    elif (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in RESIZERS
    ):
        yield node.func.value


def block_steps(
    body: Sequence[ast.stmt],
    depth: int,
    rests: tuple[Rest, ...],
    path: tuple[tuple[ast.stmt, str], ...],
) -> Iterator[Step]:
    """The steps of a block of a loop's body; the arguments but the first are as in `Step`."""
    ways = ways_from(body)
    for number, statement in enumerate(body):
        here = (Rest(ways[number], depth), *rests)
        blocks = _blocks(statement)
        nested = {part for _, block in blocks for part in block}
        yield Step(statement, here, path)
        if isinstance(statement, SCOPES):
            continue
        for node in running([statement], without=nested):
            if node is not statement:
                yield Step(node, here, path)
        is_loop = isinstance(statement, (ast.For, ast.AsyncFor, ast.While))
        # A loop may have another turn.
        after = here if is_loop else (Rest(ways[number + 1], depth), *rests)
        for name, block in blocks:
            behind = after
            if isinstance(statement, (ast.Try, ast.TryStar)):
                if name != "finalbody":
                    behind = (Rest(ways_from(statement.finalbody)[0], depth), *behind)
                if name == "body":
                    behind = (Rest(ways_from(statement.orelse)[0], depth), *behind)
            inner = depth + (is_loop and name == "body")
            yield from block_steps(block, inner, behind, (*path, (statement, name)))


def _blocks(statement: ast.stmt) -> list[tuple[str, list[ast.stmt]]]:
    """The blocks of a compound statement, each with a name."""
    if isinstance(statement, SCOPES):
        return []
    blocks = [(name, getattr(statement, name, [])) for name in _BLOCKS]
    for number, part in enumerate(getattr(statement, "handlers", ())):
        blocks.append((f"handler {number}", part.body))
    for number, part in enumerate(getattr(statement, "cases", ())):
        blocks.append((f"case {number}", part.body))
    return blocks


def running(
    parts: Iterable[ast.AST],
    *,
    without: Container[ast.AST] = (),
    into_functions: bool = False,
) -> list[ast.AST]:
    """The nodes themselves and those below them that run when they do.

    Not what functions contain, unless asked for, nor generators: they run later.
    """
    left_out = (ast.GeneratorExp, ast.Lambda, *(() if into_functions else SCOPES))
    waiting = list(parts)
    for node in waiting:
        if not isinstance(node, left_out):
            waiting += [child for child in child_nodes(node) if child not in without]
    return waiting


def exclude(one: Step, other: Step) -> bool:
    """Are two steps in different branches of one `if` or `match`?"""
    for (statement, name), (around, block) in zip(one.path, other.path, strict=False):
        if statement is not around:
            return False
        if name != block:
            return isinstance(statement, (ast.If, ast.Match))
    return False
