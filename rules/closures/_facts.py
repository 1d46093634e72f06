"""What is noted of each file for the rules about closures."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pyconcepts_lint.base.typed import TYPE_CHECKING, NamedTuple
from pyconcepts_lint.index.extractor import Lines, extractor
from pyconcepts_lint.source.ast_nodes import first_line

if TYPE_CHECKING:
    from pyconcepts_lint.index.binder import FileIndex, Scope


class NameInFunction(NamedTuple):
    """A name, and the lines of a function, with its decorators."""

    name: str
    first_line: int
    last_line: int


@extractor(NameInFunction, words=("def",))
def early_reads(index: FileIndex) -> Iterator[NameInFunction]:
    """The names that a function reads, in the order of the text, before it binds them, and that a
    function around it or the module binds too; with that function.

    Whether they have a value there is for the paths to tell.
    """
    rebound = {binding.name for binding in index.bindings if binding.kind == "global"}
    for scope, name in index.read_first:
        if scope.statement is None or name in scope.elsewhere:
            continue
        if scope.binder_of(name) is not None or name in rebound:
            yield NameInFunction(name, *_lines(scope.statement))


@extractor(NameInFunction, words=("def",))
def lost_assignments(index: FileIndex) -> Iterator[NameInFunction]:
    """The names that a function binds and it, or one inside of it, reads, and which another
    function inside of it binds and doesn't read; with the outer one."""
    for scope in index.scopes:
        if scope.kind != "function" or not scope.rebound or _around(scope).kind != "function":
            continue
        for name in (scope.rebound - scope.reads).difference(scope.elsewhere):
            outer = scope.binder_of(name)
            if outer is None or outer.statement is None or name in outer.elsewhere:
                continue
            if name in outer.reads:
                yield NameInFunction(name, *_lines(outer.statement))


@extractor(Lines, words=("def", "lambda"))
def captures(index: FileIndex) -> Iterator[Lines]:
    """The outermost loops, and statements with comprehensions, in which a function is made that
    uses a name which the scope around binds."""
    for scope in index.scopes:
        if scope.kind != "function":
            continue
        assert scope.parent is not None
        free = scope.reads - scope.names
        parent, statement = scope.parent, None
        while parent.kind == "comprehension":
            if not free.isdisjoint(parent.names):
                statement = scope.around
            assert parent.parent is not None
            parent = parent.parent
        if scope.loop_around is not None and parent.kind != "class":
            # Parameters aren't rebound in the loop.
            bound = parent.names if parent.kind == "module" else parent.rebound
            if not free.isdisjoint(bound):
                statement = scope.loop_around
        if statement is not None:
            yield Lines(*_lines(statement))


def _around(scope: Scope) -> Scope:
    """The scope around a function; a class body is not an enclosing scope of its functions."""
    parent = scope.parent
    while parent is not None and parent.kind == "class":
        parent = parent.parent
    assert parent is not None
    return parent


def _lines(node: ast.stmt) -> tuple[int, int]:
    return first_line(node), node.end_lineno or node.lineno
