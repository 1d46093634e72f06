"""What one walk over a file's tree finds: its scopes, and the nodes that extractors ask for."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cached_property
from operator import itemgetter

from ..base.typed import TYPE_CHECKING
from ..source.scopes import Namespace, ScopeKind

if TYPE_CHECKING:
    from typing import Any

    from .facts import Access, Binding, ClassFacts, Import

    Use = tuple[str, str, str, Access, str, int, int, bool, bool, bool, ast.stmt]


def mangled(name: str, class_name: str) -> str:
    """The name that a private name of a class body stands for
    (https://docs.python.org/3/reference/expressions.html#private-name-mangling)."""
    if not name.startswith("__") or name.endswith("__") or "." in name:
        return name
    stripped = class_name.lstrip("_")
    return f"_{stripped}{name}" if stripped else name


def dotted_name(node: ast.AST) -> str:
    """`a.b.c` for a name or attributes of a name, else ""."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    parts.append(node.id)
    return ".".join(reversed(parts))


class Scope(Namespace):
    """A namespace, with what facts ask of it.

    The walk over each file of a project can't afford to keep how each name is bound: see
    `source.scopes.Scope`, which the rules for single places ask.
    """

    __slots__ = (
        "class_index",
        "first",
        "globals",
        "inside",
        "is_class_method",
        "known",
        "loop",
        "loop_around",
        "made_in",
        "method",
        "name",
        "names",
        "pending",
        "reads",
        "rebound",
        "statement",
    )

    def __init__(self, kind: ScopeKind, name: str, parent: Scope | None) -> None:
        super().__init__(kind, parent)
        self.name = name
        self.names: set[str] = set()
        self.rebound: set[str] = set()
        self.globals: frozenset[str] = frozenset()  # those of `declared` that are the module's
        self.first = ""  # the parameter of a method that gets its instance or class
        # The method around: its name, its first parameter, its line.
        self.method: tuple[str, str, int] = ("", "", 0) if parent is None else parent.method
        self.is_class_method = False
        self.class_index = -1
        self.known: dict[str, str] = {}  # local names that one import or class statement binds
        # What is done to attributes of plain names, until it is known whose names they are:
        # (root, dotted receiver, attribute, context, what is called or passed, or how it is mutated,
        # line, column, a default being taken?, through type()?, by setattr()?, statement)
        self.pending: list[Use] = []
        # The names that its code uses; and those that scopes inside of a class use and don't
        # bind. A name is there as `name=` where a statement reads it before it binds it.
        self.reads: set[str] = set()
        self.inside: set[str] = set()
        self.statement: ast.FunctionDef | ast.AsyncFunctionDef | None = None
        self.loop: ast.stmt | None = None  # the outermost one around the statement at hand
        self.loop_around = None if parent is None else parent.loop  # that around the scope itself
        self.made_in: ast.stmt | None = None  # the statement in which a function or lambda stands

    @property
    def class_name(self) -> str:
        """The name of the innermost class around, or "": that of which private names are."""
        around = self.class_scope
        return "" if around is None else around.name

    def mangled(self, name: str) -> str:
        """The attribute that a name stands for in this scope."""
        return mangled(name, self.class_name) if name.startswith("__") else name

    def binder_of(self, name: str) -> Scope | None:
        """The scope around this one that a name which it doesn't bind belongs to, if any."""
        return next((scope for scope in self.enclosing() if name in scope.names), None)

    def hand_on_reads(self) -> None:
        """Note for the scopes around what this one uses and doesn't bind."""
        free = self.reads - self.names
        if free:
            for scope in self.outside():
                if scope.kind is not ScopeKind.CLASS:
                    scope.reads |= free
                    return
                scope.inside |= free


class FileIndex:
    """A file, as one walk over its tree has found it.

    `nodes` has, for each class of nodes that was asked for, the nodes with the scope and the
    statement in which they stand, in the order of the walk. Names, constants, and displays that
    are assigned to, are left out.

    `scopes` are in the order in which they end. `read_first` are the local names that a function
    reads, in the order of the text, before it binds them, or deletes. The rest are facts of the
    module.
    """

    def __init__(self, tree: ast.Module, text: str, wanted: Iterable[type[ast.AST]] = ()) -> None:
        self.tree = tree
        self.text = text
        self.nodes: dict[type[ast.AST], list[tuple[Any, Scope, ast.stmt]]] = {
            kind: [] for kind in wanted
        }
        self.module = Scope(ScopeKind.MODULE, "", None)
        self.scopes: list[Scope] = []
        self.read_first: list[tuple[Scope, str]] = []
        # Is there something that the compiler may refuse, though it can be parsed?
        self.may_be_refused = False
        self.bindings: list[Binding] = []
        self.imports: list[Import] = []
        self.classes: list[ClassFacts] = []
        # See `ModuleFacts.attribute_uses`, and what it leaves out.
        self.uses: set[tuple[str, str, Access]] = set()
        self.makers: set[tuple[str, str, str]] = set()
        self.taken: set[tuple[str, str]] = set()

    @cached_property
    def calls(self) -> dict[str, list[tuple[int, ast.Call, Scope]]]:
        """The calls of names and attributes by the last name of what is called, each with its
        number; they have to have been asked for. Most extractors want a few of very many."""
        found: dict[str, list[tuple[int, ast.Call, Scope]]] = {}
        for number, (call, scope, _) in enumerate(self.nodes[ast.Call]):
            func = call.func
            if func.__class__ is ast.Attribute:
                name = func.attr
            elif func.__class__ is ast.Name:
                name = func.id
            else:
                continue
            if name in found:
                found[name].append((number, call, scope))
            else:
                found[name] = [(number, call, scope)]
        return found

    def calls_of(self, names: Iterable[str]) -> Iterator[tuple[ast.Call, Scope]]:
        """The calls of some names, and of attributes of these names, in the order of the walk."""
        calls = self.calls
        found = [each for name in names if name in calls for each in calls[name]]
        found.sort(key=itemgetter(0))
        for _, call, scope in found:
            yield call, scope

    @cached_property
    def stored_values(self) -> list[tuple[ast.expr, Scope]]:
        """What attributes are assigned, and where; `STORING` has to have been asked for.

        Names of special methods are left out: most of them belong to classes.
        """
        found: list[tuple[ast.expr, Scope]] = []
        for node, scope, _ in self.nodes[ast.Assign]:
            for target in node.targets:
                if target.__class__ is not ast.Name and target.__class__ is not ast.Subscript:
                    found += ((value, scope) for value in _stored(target, node.value))
        for node, scope, _ in self.nodes[ast.AnnAssign]:
            if node.value is not None and node.target.__class__ is not ast.Name:
                found.append((node.value, scope))
        for node, scope in self.calls_of(("setattr",)):
            if node.func.__class__ is ast.Name and len(node.args) == 3:
                name = getattr(node.args[1], "value", None)
                if isinstance(name, str) and name[:2] != "__" and dotted_name(node.args[0]):
                    found.append((node.args[2], scope))
        return found

    def place(self, node: Any) -> int:
        """The 1-based column, in characters, of a statement or expression."""
        raise NotImplementedError

    def nodes_of(self, *kinds: type[ast.AST]) -> Iterator[Any]:
        """The nodes of some classes, which have to have been asked for."""
        for kind in kinds:
            for node, _, _ in self.nodes[kind]:
                yield node


STORING: tuple[type[ast.AST], ...] = (ast.Assign, ast.AnnAssign, ast.Call)


def _stored(target: ast.expr, value: ast.expr) -> Iterator[ast.expr]:
    """What an assignment gives to attributes."""
    if isinstance(target, ast.Attribute):
        if target.attr[:2] != "__":
            yield value
    elif isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, (ast.Tuple, ast.List)):
        parts = (*target.elts, *value.elts)
        if len(parts) == 2 * len(value.elts) and not any(p.__class__ is ast.Starred for p in parts):
            for part, item in zip(target.elts, value.elts, strict=True):
                yield from _stored(part, item)
