"""The scopes of a tree, bound once: which names each binds and reads, and how it binds them.

See https://docs.python.org/3/reference/executionmodel.html#resolution-of-names. Scopes refer to
those around them only, so that they go with the last reference to the innermost.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum, StrEnum

from ..base.typed import TYPE_CHECKING, NamedTuple
from .ast_nodes import BLOCKS, COMPREHENSIONS, SCOPES, child_nodes, node_fields

if TYPE_CHECKING:
    from typing import Any, Self


class How(Enum):
    """How a name gets what the node of a `Bound` says."""

    VALUE = "it is the value of an expression"
    ANNOTATED_VALUE = "it is the value of an expression, and has an annotation"
    ANNOTATION = "the expression is its annotation"
    ELEMENT = "it is an item of the value of an expression"
    ITEM_VALUE = "it is a value in the mapping that an expression gives"
    STARRED = "it is a list of such items"
    CONTEXT = "the value of an expression is the context manager that gives it"
    FUNCTION = "a `def` statement makes it"
    CLASS = "a class statement makes it"
    FIRST_PARAMETER = "it is the first positional parameter"
    PARAMETER = "it is another parameter"
    ARGUMENTS = "it is `*args`"
    KEYWORDS = "it is `**kwargs`, or what a mapping pattern leaves"
    ERROR = "an `except` clause gives it"
    IMPORT = "an import does"
    PATTERN = "a pattern captures it"
    TYPE = "a `type` statement makes it"


class ScopeKind(StrEnum):
    """What has the scope."""

    MODULE = "module"
    CLASS = "class"
    FUNCTION = "function"  # or a lambda
    COMPREHENSION = "comprehension"


class Bound(NamedTuple):
    """One way in which a name of a scope gets a value.

    `scope` is the one whose code does it, where that is another than the one that has the name.
    """

    how: How
    node: ast.AST
    scope: Scope | None = None


class Namespace:
    """That of a module, a class, a function or lambda, or a comprehension: what is around it, and
    where a name is looked up from there.

    `parent` is the one around it; `declared` are the names of its `global` and `nonlocal`
    statements. Which names it has is for subclasses to know.
    """

    __slots__ = ("declared", "kind", "parent")

    def __init__(self, kind: ScopeKind, parent: Self | None) -> None:
        self.kind = kind
        self.parent = parent
        self.declared: frozenset[str] = frozenset()

    def around(self) -> Iterator[Self]:
        """The scope itself and those around it, the innermost first."""
        yield self
        yield from self.outside()

    def outside(self) -> Iterator[Self]:
        """The scopes around it, the innermost first."""
        scope = self.parent
        while scope is not None:
            yield scope
            scope = scope.parent

    def enclosing(self) -> Iterator[Self]:
        """The scopes in which a name is looked up that it doesn't bind, the innermost first.

        A class body is not an enclosing scope of what stands in it.
        """
        scope = self.parent
        while scope is not None:
            if scope.kind is not ScopeKind.CLASS:
                yield scope
            scope = scope.parent

    @property
    def class_scope(self) -> Self | None:
        """The class in whose method this is."""
        return next((scope for scope in self.around() if scope.kind is ScopeKind.CLASS), None)

    @property
    def of_statements(self) -> Self:
        """The innermost that is none of a comprehension: in it an assignment expression binds."""
        return next(each for each in self.around() if each.kind is not ScopeKind.COMPREHENSION)


class Scope(Namespace):
    """A namespace, with all that its own code does with names.

    `node` has it. `named` are the names that its own code binds (parameters, too) or deletes,
    wherever they belong, with the nodes that do so; `used` are those that it reads. `bound` says
    how names get values.
    """

    __slots__ = ("bound", "elsewhere", "named", "node", "used")

    def __init__(self, kind: ScopeKind, node: ast.AST, parent: Scope | None) -> None:
        super().__init__(kind, parent)
        self.node = node
        self.named: dict[str, list[ast.AST]] = {}
        self.used: set[str] = set()
        self.bound: dict[str, list[Bound]] = {}
        self.elsewhere: dict[str, Scope] = {}  # those of `declared` that have been found

    def name(self, name: str, node: ast.AST) -> None:
        self.named.setdefault(name, []).append(node)

    def give(self, name: str, how: How, node: ast.AST) -> None:
        """Note that a name, which is noted elsewhere, gets a value."""
        self.bound.setdefault(name, []).append(Bound(how, node))

    def bind(self, name: str, how: How, node: ast.AST) -> None:
        """Note that a node binds a name."""
        self.name(name, node)
        self.give(name, how, node)

    def owns(self, name: str) -> bool:
        """Is it one of its own variables?"""
        return name in self.named and name not in self.declared

    def knows(self, name: str) -> bool:
        """Does its own code name it?"""
        return name in self.named or name in self.used or name in self.declared

    def has_parameter(self, name: str) -> bool:
        return any(isinstance(each.node, ast.arg) for each in self.bound.get(name, ()))

    def imports(self, name: str) -> bool:
        return any(each.how is How.IMPORT for each in self.bound.get(name, ()))

    def find(self, name: str) -> Scope | None:
        """The scope in which Python looks the name up; None for the built-ins."""
        if name in self.elsewhere:
            return self.elsewhere[name]
        if name in self.bound:
            return self
        return next((scope for scope in self.enclosing() if name in scope.bound), None)


_BINDING: frozenset[type[ast.AST]] = frozenset(
    {
        *(*SCOPES, *COMPREHENSIONS),
        *(ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.For, ast.AsyncFor, ast.withitem),
        *(ast.ExceptHandler, ast.Import, ast.ImportFrom),
        *(ast.MatchAs, ast.MatchStar, ast.MatchMapping),
        getattr(ast, "TypeAlias", ast.MatchAs),  # new in Python 3.12
    }
)
"""The nodes that make a scope or bind a name, but for plain names."""
_NEITHER = frozenset({ast.Constant, str, type(None)})
_COMPOUND = frozenset(
    {
        *(ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Match),
        *(ast.Try, ast.TryStar, ast.ExceptHandler, ast.match_case),
    }
)
"""The nodes with blocks of statements in the same scope."""


def body_of(node: Any) -> list[ast.AST]:
    """The statements of a function or class, or the expression of a lambda."""
    return node.body if isinstance(node.body, list) else [node.body]


def own_parts(node: ast.AST) -> set[ast.AST]:
    """What of a function or class is evaluated in its own scope.

    Decorators, bases, defaults and annotations are evaluated in the one around it.
    """
    return {*body_of(node), *getattr(node, "type_params", ())}


def scopes_along(path: Sequence[ast.AST]) -> list[ast.AST]:
    """The functions, classes and comprehensions in which the last node of a path is evaluated, the
    outermost first. A path leads from a node to one below it."""
    return [
        node
        for node, *below in zip(path, path[1:], (*path[2:], None), strict=False)
        if (isinstance(node, SCOPES) and below[0] in own_parts(node))
        # The first iterable of a comprehension is evaluated in the scope around it.
        or (isinstance(node, COMPREHENSIONS) and node.generators[0].iter not in below)
    ]


class Scopes:
    """The scopes of a module, or of one statement or expression.

    `of` has the scope of each node that makes one, those around others first. `is_refused` is
    True where a parameter is declared global or nonlocal, which the compiler refuses.
    """

    def __init__(self, root: ast.AST) -> None:
        self.module = Scope(ScopeKind.MODULE, root, None)
        self.of: dict[ast.AST, Scope] = {}
        self.is_refused = False
        self._waiting: list[tuple[ast.AST, Scope]] = [(root, self.module)]
        self.review(self._walked())

    def _walked(self) -> list[tuple[ast.AST, Scope]]:
        """Go through the tree. Most nodes bind nothing: for these nothing is called."""
        waiting = self._waiting
        walked: list[tuple[ast.AST, Scope]] = []
        pop, push, note = waiting.pop, waiting.append, walked.append
        while waiting:
            at = pop()
            note(at)
            node, scope = at
            kind = node.__class__
            if kind is ast.Name:
                if node.ctx.__class__ is ast.Load:  # type: ignore[attr-defined]
                    scope.used.add(node.id)  # type: ignore[attr-defined]
                else:
                    scope.name(node.id, node)  # type: ignore[attr-defined]
            elif kind in _BINDING:
                self.visit(node, scope)
            else:
                values: Any = node.__dict__
                for field in node_fields[kind]:
                    value = values.get(field)
                    if value.__class__ is list:
                        for part in value:
                            if part.__class__ not in _NEITHER:
                                push((part, scope))
                    elif value.__class__ not in _NEITHER:
                        push((value, scope))
        return walked

    def review(self, walked: list[tuple[ast.AST, Scope]]) -> None:
        """Subclasses are given all nodes but constants, each with the scope in which it stands.

        The first iterable of a comprehension is there, without the `comprehension` around it.
        """

    def __iter__(self) -> Iterator[Scope]:
        """All of them, the outermost first."""
        yield self.module
        yield from self.of.values()

    def visit(self, node: ast.AST, scope: Scope) -> None:
        """Note what a node that binds names does in its scope, and put off its parts."""
        if isinstance(node, SCOPES):
            inside = self._open(node, scope)
            self._declare(body_of(node), inside)
            if any(map(inside.has_parameter, inside.declared)):
                self.is_refused = True
            own = own_parts(node)
            for child in child_nodes(node):
                self._put_off([child], inside if child in own else scope)
        elif isinstance(node, COMPREHENSIONS):
            inside = self.of[node] = Scope(ScopeKind.COMPREHENSION, node, scope)
            first = node.generators[0]
            self._put_off([child for child in child_nodes(node) if child is not first], inside)
            self._put_off([first.iter], scope)
            self._put_off([first.target, *first.ifs], inside)
            for generator in node.generators:
                self._target(generator.target, How.ELEMENT, generator.iter, inside)
        elif isinstance(node, ast.NamedExpr):
            owner = scope.of_statements
            owner.give(node.target.id, How.VALUE, node.value)
            self._put_off([node.target], owner)
            self._put_off([node.value], scope)
        else:
            self._note(node, scope)
            self._put_off(child_nodes(node), scope)

    def _put_off(self, nodes: Iterable[ast.AST], scope: Scope) -> None:
        self._waiting += [(node, scope) for node in nodes if node.__class__ is not ast.Constant]

    def _open(self, node: ast.AST, scope: Scope) -> Scope:
        """The scope of what is inside a function or class."""
        if isinstance(node, ast.ClassDef):
            inside = Scope(ScopeKind.CLASS, node, scope)
            scope.bind(node.name, How.CLASS, node)
        else:
            inside = Scope(ScopeKind.FUNCTION, node, scope)
            self._parameters(node.args, inside)  # type: ignore[attr-defined]
            if not isinstance(node, ast.Lambda):
                scope.bind(node.name, How.FUNCTION, node)  # type: ignore[attr-defined]
        self.of[node] = inside
        return inside

    def _declare(self, body: Sequence[ast.AST], scope: Scope) -> None:
        """Find `global` and `nonlocal` before all else: they decide where names go."""
        waiting = list(body)
        while waiting:
            node = waiting.pop()
            if isinstance(node, (ast.Global, ast.Nonlocal)):
                scope.declared |= {*node.names}
                if isinstance(node, ast.Global):
                    scope.elsewhere.update(dict.fromkeys(node.names, self.module))
            elif node.__class__ in _COMPOUND:
                for field in BLOCKS:
                    waiting += getattr(node, field, ())

    @staticmethod
    def _parameters(args: ast.arguments, scope: Scope) -> None:
        for number, arg in enumerate((*args.posonlyargs, *args.args)):
            scope.bind(arg.arg, How.PARAMETER if number else How.FIRST_PARAMETER, arg)
        for arg in args.kwonlyargs:
            scope.bind(arg.arg, How.PARAMETER, arg)
        if args.vararg:
            scope.bind(args.vararg.arg, How.ARGUMENTS, args.vararg)
        if args.kwarg:
            scope.bind(args.kwarg.arg, How.KEYWORDS, args.kwarg)

    def _note(self, node: Any, scope: Scope) -> None:
        """Note what one statement or pattern binds."""
        if isinstance(node, ast.Assign):
            for target in node.targets:
                self._target(target, How.VALUE, node.value, scope)
        elif isinstance(node, ast.AnnAssign):
            self._target(node.target, How.ANNOTATION, node.annotation, scope)
            if node.value is not None:
                self._target(node.target, How.ANNOTATED_VALUE, node.value, scope)
        elif isinstance(node, (ast.For, ast.AsyncFor)):
            self._target(node.target, How.ELEMENT, node.iter, scope)
        elif isinstance(node, ast.withitem):
            if node.optional_vars is not None:
                self._target(node.optional_vars, How.CONTEXT, node.context_expr, scope)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                scope.bind((alias.asname or alias.name).partition(".")[0], How.IMPORT, alias)
        elif isinstance(node, ast.MatchMapping):
            if node.rest:
                scope.bind(node.rest, How.KEYWORDS, node)
        elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)):
            if node.name:
                is_error = isinstance(node, ast.ExceptHandler)
                scope.bind(node.name, How.ERROR if is_error else How.PATTERN, node)
        else:
            scope.give(node.name.id, How.TYPE, node)

    def _target(self, target: ast.expr, how: How, node: ast.expr, scope: Scope) -> None:
        if isinstance(target, ast.Name):
            scope.give(target.id, how, node)
        elif isinstance(target, ast.Starred):
            self._target(target.value, How.STARRED, node, scope)
        elif isinstance(target, (ast.Tuple, ast.List)):
            is_display = how is How.VALUE and isinstance(node, (ast.Tuple, ast.List))
            items = node.elts if is_display else []  # type: ignore[attr-defined]
            paired = len(items) == len(target.elts) and not any(
                isinstance(item, ast.Starred) for item in (*items, *target.elts)
            )
            for number, part in enumerate(target.elts):
                if paired:
                    self._target(part, How.VALUE, items[number], scope)
                else:
                    self._target(part, How.ELEMENT, node, scope)
        elif isinstance(target, ast.Attribute):
            self.assign_attribute(target, how, node, scope)

    def assign_attribute(
        self, target: ast.Attribute, how: How, node: ast.expr, scope: Scope
    ) -> None:
        """What an attribute is assigned is for subclasses to note."""
