"""What one walk over a file's tree finds: its scopes, and the nodes that extractors ask for."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from ..base.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Any


class Scope:
    """A namespace: that of a module, a class, a function or lambda, or a comprehension."""

    __slots__ = (
        "class_index",
        "elsewhere",
        "first",
        "inside",
        "is_class_method",
        "kind",
        "known",
        "loop",
        "method",
        "name",
        "names",
        "parent",
        "pending",
        "reads",
        "rebound",
        "statement",
    )

    def __init__(self, kind: str, name: str, parent: Scope | None) -> None:
        self.kind = kind
        self.name = name
        self.parent = parent
        self.names: set[str] = set()
        self.rebound: set[str] = set()
        self.elsewhere: tuple[str, ...] = ()  # of a function: what it has global or nonlocal
        self.first = ""  # the parameter of a method that gets its instance or class
        # The method around: its name, its first parameter, its line.
        self.method: tuple[str, str, int] = ("", "", 0) if parent is None else parent.method
        self.is_class_method = False
        self.class_index = -1
        self.known: dict[str, str] = {}  # local names that one import or class statement binds
        # What is done to attributes of plain names, until it is known whose names they are:
        # (root, dotted receiver, attribute, context, line, column, a default being taken?,
        # through type()?, by setattr()?, statement)
        self.pending: list[Use] = []
        # The names that its code uses; and those that scopes inside of a class use and don't
        # bind. A name is there as `name=` where a statement reads it before it binds it.
        self.reads: set[str] = set()
        self.inside: set[str] = set()
        self.statement: ast.FunctionDef | ast.AsyncFunctionDef | None = None
        self.loop: ast.stmt | None = None  # the outermost one around the statement at hand

    def hand_on_reads(self) -> None:
        """Note for the scopes around what this one uses and doesn't bind."""
        free = self.reads - self.names
        scope = self.parent
        # A class body is not an enclosing scope of what stands in it.
        while free and scope is not None:
            if scope.kind != "class":
                scope.reads |= free
                return
            scope.inside |= free
            scope = scope.parent


Use = tuple[str, str, str, str, int, int, bool, bool, bool, ast.stmt]


class FileIndex:
    """A file, as one walk over its tree has found it.

    `nodes` has, for each class of nodes that was asked for, the nodes with the scope and the
    statement in which they stand, in the order of the walk. Names, constants, and displays that
    are assigned to, are left out.
    """

    def __init__(self, tree: ast.Module, text: str, wanted: Iterable[type[ast.AST]] = ()) -> None:
        self.tree = tree
        self.text = text
        self.nodes: dict[type[ast.AST], list[tuple[ast.AST, Scope, ast.stmt]]] = {
            kind: [] for kind in wanted
        }

    def nodes_of(self, *kinds: type[ast.AST]) -> Iterator[Any]:
        """The nodes of some classes, which have to have been asked for."""
        for kind in kinds:
            for node, _, _ in self.nodes[kind]:
                yield node
