"""What an expression may evaluate to, as far as the file and the project's index tell.

A name is followed to everything that is ever assigned to it, an attribute to what its class's
body and methods assign to it, a call to the class that is called or to what the function
returns. Which of several assignments came last is not asked: all of them count.
"""

from __future__ import annotations

import ast
import sys
import types
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cached_property
from itertools import takewhile

from ..base.cells import SHELL
from ..base.typed import TYPE_CHECKING, NamedTuple
from ..index.attributes import is_foreign_class
from ..index.collect import dotted_name
from ..index.facts import (
    IMMUTABLE_VALUES,
    MUTABLE_VALUES,
    Access,
    Binding,
    BindingKind,
    MethodKind,
    Receiver,
    ValueKind,
)
from ..index.kinds import AttributeKind
from ..index.layout import Found
from ..index.model import Attribute, ClassModel, External, Module, SourceClass, Symbol, Value
from ..index.references import to_imported
from ..rule_api.file import FileContext
from ..source.ast_nodes import EXPRESSIONS, child_nodes, walk
from ..source.scopes import How, Scope, ScopeKind, Scopes

if TYPE_CHECKING:
    from typing import Any

_MAXIMUM_DEPTH = 100
_OF_LITERALS = (ast.Constant, ast.List, ast.Tuple, ast.Set, ast.Dict, ast.expr_context)
_MAXIMUM_ROUNDS = 20  # of looking again at what leads back to itself, for one question

Place = tuple[int, int]
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
# What an object of these kinds is an instance of has their name.
_BUILT_IN = (MUTABLE_VALUES | IMMUTABLE_VALUES) - {
    *(ValueKind.NONE, ValueKind.NUMBER, ValueKind.ELLIPSIS)
}


class Instance(NamedTuple):
    """An instance of a class, or of one of its subclasses."""

    model: ClassModel


class Function(NamedTuple):
    """A function that the file at hand defines."""

    node: FunctionNode


class PossibleValues(NamedTuple):
    """What an expression may evaluate to.

    `objects` are what it is known to be: instances, classes, modules, functions, other objects
    with a name. `is_open`: it may be anything else as well (a parameter is). `is_unresolved`:
    it may come from a class or an import that can't be resolved. `is_unknown`: it is open not only
    because an annotation, or the class of a method, says no more than what it should be.
    `is_made`: it may be what a variable of unknown origin returned when it was called.
    `may_be_own`: what is unresolved of it may be an object that the project has made; what a class
    from elsewhere makes that is given nothing of the project's is none.
    """

    objects: frozenset[Instance | Function | Symbol] = frozenset()
    is_open: bool = False
    is_unresolved: bool = False
    is_unknown: bool = False
    is_made: bool = False
    may_be_own: bool = False

    def __or__(self, other: PossibleValues) -> PossibleValues:
        return PossibleValues(
            self.objects | other.objects,
            self.is_open or other.is_open,
            self.is_unresolved or other.is_unresolved,
            self.is_unknown or other.is_unknown,
            self.is_made or other.is_made,
            self.may_be_own or other.may_be_own,
        )

    @property
    def something(self) -> PossibleValues:
        """Something that is got from it."""
        return UNRESOLVED if self.is_unresolved else OPEN


NOTHING = PossibleValues()
OPEN = PossibleValues(is_open=True, is_unknown=True)
UNRESOLVED = PossibleValues(is_unresolved=True, may_be_own=True)
_MADE_ELSEWHERE = PossibleValues(is_unresolved=True)


class Asked(NamedTuple):
    """An expression that was asked about."""

    node: ast.expr
    """What holds it: the node for which `ask` gave the expression."""
    origin: PossibleValues
    """What the expression may be; open where nothing is known."""


def origins(file: FileContext, ask: Callable[[ast.expr], ast.expr | None]) -> list[Asked]:
    """What some expressions of a file may be.

    Args:
        file: the file at hand.
        ask: called once for each expression of the file but constants; returns the expression
            that is asked about (it may be a part of the given one, such as the receiver of an
            attribute reference), or None.

    Names are taken in the scope where the given expression stands.
    """
    if file.tree is None or file.module is None:
        return []
    return origins_in(file.module, file.tree, ask)


def origins_in(
    module: Module, tree: ast.Module, ask: Callable[[ast.expr], ast.expr | None]
) -> list[Asked]:
    """As `origins`, for any module of the project."""
    reader = Reader(tree, ask)
    known = ValueInference(module, reader)
    answers: list[Asked] = []
    for node, expression, scope in reader.asked:
        origin = known.of(expression, scope)
        answers.append(Asked(node, OPEN if origin == NOTHING else origin))
    reader.close()
    return answers


def receivers(file: FileContext, names: Collection[str]) -> dict[Place, PossibleValues]:
    """Where the receivers of some attributes come from.

    Args:
        file: the file at hand.
        names: the attributes, `name` in `receiver.name`.

    Returns the origins of the receivers wherever such an attribute is read, by the 1-based line
    and column where the attribute's own name starts.
    """

    def ask(node: ast.expr) -> ast.expr | None:
        if isinstance(node, ast.Attribute) and node.attr in names:
            return node.value if isinstance(node.ctx, ast.Load) else None
        return None

    found: dict[Place, PossibleValues] = {}
    for node, origin in origins(file, ask):
        assert isinstance(node, ast.Attribute)
        found[name_place(file, node)] = origin
    return found


def name_place(file: FileContext, node: ast.Attribute) -> Place:
    """The 1-based line and column where an attribute's own name starts in `receiver.name`."""
    start = (node.end_col_offset or 0) - len(node.attr.encode())
    return file.ast_place(node.end_lineno or node.lineno, start)


class FreeName(NamedTuple):
    """A use of a name that no scope of the file binds, as far as Python looks there.

    `scope` is the innermost one around it. `is_augmented`: the name is the target of an
    augmented assignment, which makes it a local variable of a function without a value.
    """

    node: ast.Name
    scope: Scope
    is_augmented: bool


def free_names(file: FileContext, names: Collection[str]) -> list[FreeName]:
    """Where some names are used, in functions, comprehensions and classes, and found nowhere.

    Only uses that are surely evaluated with what is around them are given: no annotations, and
    nothing of a name that the file deletes or has for a type parameter.
    """
    if file.tree is None:
        return []
    augmented: set[ast.AST] = set()
    apart: set[ast.AST] = set()  # annotations, and what else is evaluated in scopes of that kind
    passed_over: set[str] = set()
    for node in walk(file.tree):
        if isinstance(node, ast.AugAssign):
            augmented.add(node.target)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del):
            passed_over.add(node.id)
        for field in ("annotation", "returns"):
            part = getattr(node, field, None)
            if isinstance(part, ast.AST):
                apart.update(walk(part))
        for parameter in getattr(node, "type_params", ()):
            passed_over.add(parameter.name)
            apart.update(walk(parameter))
        if node.__class__.__name__ == "TypeAlias":
            apart.update(walk(node))

    def ask(node: ast.expr) -> ast.expr | None:
        if not isinstance(node, ast.Name) or node.id not in names or node.id in passed_over:
            return None
        is_use = isinstance(node.ctx, ast.Load) or node in augmented
        return node if is_use and node not in apart else None

    reader = Reader(file.tree, ask)
    local = {
        (node.id, scope)  # type: ignore[attr-defined]
        for node, _, scope in reader.asked
        if node in augmented and scope.kind is ScopeKind.FUNCTION
    }
    found: list[FreeName] = []
    for node, _, scope in reader.asked:
        assert isinstance(node, ast.Name)
        is_augmented = (node.id, scope) in local
        if is_augmented and node not in augmented:
            continue
        owner = scope.find(node.id)
        is_free = owner is None or (owner is scope and _is_read_first(node, scope))
        if is_free and not any((node.id, each) in local for each in scope.outside()):
            found.append(FreeName(node, scope, is_augmented))
    return found


class CapturedName(NamedTuple):
    """A use of a name in a function, where a scope outside of the function binds it.

    `function` is the outermost one between the two, `owner` the comprehension that binds the
    name, or the statement that was asked about.
    """

    node: ast.Name
    function: FunctionNode | ast.Lambda
    owner: ast.AST


def captured_names(statement: ast.stmt) -> list[CapturedName]:
    """The names that functions made in a statement take from it, or from comprehensions there.

    Names that such a function rebinds, or has for global ones, are left out, and so is what stands
    in a class.
    """
    tree = ast.Module(body=[statement], type_ignores=[])
    declared: set[str] = set()
    for part in walk(statement):
        if isinstance(part, (ast.Global, ast.Nonlocal)):
            declared.update(part.names)

    def ask(node: ast.expr) -> ast.expr | None:
        is_read = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        return node if is_read else None

    reader = Reader(tree, ask)
    for augmented, name, scope in reader.rebound:
        scope.give(name, How.VALUE, augmented)
    found: list[CapturedName] = []
    for node, _, inner in reader.asked:
        assert isinstance(node, ast.Name)
        owner = inner.find(node.id)
        if (
            owner is None
            or node.id in declared
            or owner.kind not in (ScopeKind.MODULE, ScopeKind.COMPREHENSION)
        ):
            continue
        around = list(takewhile(lambda scope: scope is not owner, inner.around()))  # noqa: B023
        functions = [scope.node for scope in around if scope.kind is ScopeKind.FUNCTION]
        if not functions or any(scope.kind is ScopeKind.CLASS for scope in around):
            continue
        holder = statement if owner is reader.module else owner.node
        found.append(CapturedName(node, functions[-1], holder))  # type: ignore[arg-type]
    reader.close()
    return found


# What is bound only when the expression that is kept with the binding has been evaluated.
_BOUND_AFTERWARDS = frozenset(
    {How.VALUE, How.ANNOTATED_VALUE, How.ELEMENT, How.CONTEXT, How.FUNCTION, How.CLASS}
)


def _is_read_first(name: ast.Name, scope: Scope) -> bool:
    """Does a class body read a name for the very value that it binds it to, with nothing that
    binds the name around it? Then the name is looked up in the module."""
    bindings = [each for each in scope.bound[name.id] if each.how is not How.ANNOTATION]
    if scope.kind is not ScopeKind.CLASS or len(bindings) != 1:
        return False
    if bindings[0].how not in _BOUND_AFTERWARDS or name not in walk(bindings[0].node):
        return False
    return not any(
        around.kind is not ScopeKind.CLASS and name.id in around.bound for around in scope.around()
    )


# Scopes


class Reader(Scopes):
    """The scopes of a file, the expressions asked about, and what methods assign on `self`."""

    def __init__(self, tree: ast.Module, ask: Callable[[ast.expr], ast.expr | None]) -> None:
        self._ask = ask
        self.asked: list[tuple[ast.expr, ast.expr, Scope]] = []
        self.assigned: dict[tuple[ast.AST, str], list[tuple[How, ast.AST, Scope]]] = {}
        self.imported: dict[ast.AST, Binding] = {}
        self.rebound: list[tuple[ast.AugAssign, str, Scope]] = []
        super().__init__(tree)
        for scope in self.of.values():
            _hand_over(scope)
        self.augmented = {
            (name, owner)
            for statement, name, scope in self.rebound
            if _may_change_kind(statement.op) and (owner := scope.find(name)) is not None
        }

    @cached_property
    def functions(self) -> dict[tuple[int, str], FunctionNode]:
        return {
            (node.lineno, node.name): node for node in self.of if isinstance(node, FunctionNode)
        }

    @cached_property
    def classes(self) -> dict[tuple[int, str], ast.ClassDef]:
        return {
            (node.lineno, node.name): node for node in self.of if isinstance(node, ast.ClassDef)
        }

    def close(self) -> None:
        """Let go of the tree, at once: scopes with `global` names refer to each other, and nothing
        collects cycles while files are looked at."""
        for scope in self:
            scope.bound.clear()
            scope.elsewhere.clear()

    def review(self, walked: list[tuple[ast.AST, Scope]]) -> None:
        expressions: list[tuple[ast.expr, Scope]] = []
        note = expressions.append
        node: Any
        for node, scope in walked:
            kind = node.__class__
            if kind in EXPRESSIONS:  # nearly all are
                note((node, scope))
            elif kind is ast.AugAssign:
                if isinstance(node.target, ast.Name):
                    self.rebound.append((node, node.target.id, scope))
            elif kind is ast.Import or kind is ast.ImportFrom:
                self.imported.update(zip(node.names, _imported(node), strict=True))
        self.note_expressions(expressions)

    def note_expressions(self, expressions: list[tuple[ast.expr, Scope]]) -> None:
        """Note those that are asked about."""
        ask = self._ask
        for node, scope in expressions:
            if (expression := ask(node)) is not None:
                self.asked.append((node, expression, scope))

    def assign_attribute(
        self, target: ast.Attribute, how: How, node: ast.expr, scope: Scope
    ) -> None:
        owner = None
        if isinstance(target.value, ast.Name):
            owner = class_of_first_parameter(target.value.id, scope)
        if owner is not None:
            self.assigned.setdefault((owner, target.attr), []).append((how, node, scope))


def _hand_over(scope: Scope) -> None:
    """Give what a scope binds to names of others to those that have them."""
    for name in scope.declared:
        owner = scope.elsewhere.get(name)
        if owner is None and scope.parent is not None:
            owner = scope.parent.find(name)
        if owner is not None:
            scope.elsewhere[name] = owner
            given = [each._replace(scope=scope) for each in scope.bound.pop(name, ())]
            if given:
                owner.bound.setdefault(name, []).extend(given)


def _may_change_kind(operator: ast.operator) -> bool:
    """May a name be bound to something of another kind by `name operator= value`?"""
    return not isinstance(operator, ast.BitOr)  # a dictionary stays one


def _imported(statement: ast.Import | ast.ImportFrom) -> Iterator[Binding]:
    """What an import statement binds, as the index says it of a module's namespace."""
    for alias in statement.names:
        if isinstance(statement, ast.ImportFrom):
            source = "." * statement.level + (statement.module or "")
            yield Binding(
                alias.asname or alias.name,
                BindingKind.FROM,
                0,
                0,
                None,
                to_imported(source, alias.name),
            )
        else:
            target = alias.name if alias.asname else alias.name.partition(".")[0]
            yield Binding(alias.asname or target, BindingKind.IMPORT, 0, 0, None, target)


def class_of_first_parameter(name: str, scope: Scope) -> ast.AST | None:
    """The class whose method has `name` as its first parameter, seen from `scope`."""
    found = scope.find(name)
    if (
        found is None
        or found.kind is not ScopeKind.FUNCTION
        or found.parent is None
        or name not in found.bound
    ):
        return None
    is_first = any(each.how is How.FIRST_PARAMETER for each in found.bound[name])
    return found.parent.node if is_first and found.parent.kind is ScopeKind.CLASS else None


# What things are

_LITERALS: dict[type[ast.AST], str] = {
    ast.Dict: "dict",
    ast.DictComp: "dict",
    ast.List: "list",
    ast.ListComp: "list",
    ast.Set: "set",
    ast.SetComp: "set",
    ast.Tuple: "tuple",
    ast.JoinedStr: "str",
}
_TYPING_MAPPINGS = frozenset(
    {"Dict", "DefaultDict", "OrderedDict", "Counter", "Mapping", "MutableMapping", "ChainMap"}
)
_TYPING_WRAPPERS = frozenset(
    {"Optional", "Union", "Annotated", "ClassVar", "Final", "Required", "NotRequired"}
)
_BUILTINS_WITH_DICTS = frozenset({"builtins.vars", "builtins.globals", "builtins.locals"})


class ValueInference:
    """Answers for the expressions of one file."""

    def __init__(self, module: Module, reader: Reader) -> None:
        self.module = module
        self.project = module.project
        self.reader = reader
        self._busy: set[tuple[object, ...]] = set()
        self._known: dict[tuple[object, ...], PossibleValues] = {}
        self._passing: dict[tuple[object, ...], PossibleValues] = {}
        self._circles = 0
        self._led_back: set[tuple[object, ...]] = set()
        self._so_far: dict[tuple[object, ...], PossibleValues] = {}
        self._rounds = 0

    def of(self, node: ast.AST, scope: Scope) -> PossibleValues:
        """What an expression, evaluated in a scope, may be.

        NOTHING where all that is known is that it may be None.
        """
        return self._once((node, scope), lambda: self._of(node, scope))

    def _once(self, key: tuple[object, ...], find: Callable[[], PossibleValues]) -> PossibleValues:
        """What `find` finds, looked for once.

        Where that is going on already, it is what has been found so far; when that was not all, it
        is looked for again: `Box = Box()` binds the class, and an instance of it. What was found in
        a circle otherwise may lack what the circle leads back to. That is kept only until the
        question that came first is answered.
        """
        known = self._known.get(key) or self._passing.get(key)
        if known is not None:
            return known
        if key in self._busy:
            self._circles += 1
            self._led_back.add(key)
            return self._so_far.get(key, NOTHING)
        if len(self._busy) > _MAXIMUM_DEPTH:
            return UNRESOLVED
        before = self._circles
        self._busy.add(key)
        try:
            found = find()
            while key in self._led_back and found != self._so_far.get(key, NOTHING):
                self._rounds += 1
                if self._rounds > _MAXIMUM_ROUNDS:
                    break
                self._so_far[key] = found
                self._passing.clear()
                found |= find()
        finally:
            self._busy.discard(key)
            self._so_far.pop(key, None)
        if not self._busy:
            self._passing.clear()
            self._led_back.clear()
            self._rounds = 0
            self._known[key] = found
        elif self._circles == before:
            self._known[key] = found
        else:
            self._passing[key] = found
        return found

    def _of(self, node: ast.AST, scope: Scope) -> PossibleValues:
        if isinstance(node, ast.Name):
            return self._name(node.id, scope)
        if isinstance(node, ast.Attribute):
            return self._attribute(self.of(node.value, scope), node.attr)
        if isinstance(node, ast.Call):
            return self._call(node, scope)
        if isinstance(node, ast.Constant):
            return NOTHING if node.value is None else self._instance(type(node.value))
        if type(node) in _LITERALS:
            return self._builtin(_LITERALS[type(node)])
        if isinstance(node, ast.BoolOp):
            return joined(self.of(part, scope) for part in node.values)
        if isinstance(node, ast.IfExp):
            return self.of(node.body, scope) | self.of(node.orelse, scope)
        if isinstance(node, ast.NamedExpr):
            return self.of(node.value, scope)
        if isinstance(node, ast.BinOp):
            both = self.of(node.left, scope) | self.of(node.right, scope)
            is_union = isinstance(node.op, ast.BitOr) and both == self._builtin("dict")
            return both if is_union else both.something
        if isinstance(node, (ast.Subscript, ast.Await, ast.Starred)):
            return self.of(node.value, scope).something
        return OPEN

    def _instance(self, live: type) -> PossibleValues:
        return PossibleValues(frozenset({Instance(self.project.live_class(live))}))

    def _builtin(self, name: str) -> PossibleValues:
        return PossibleValues(frozenset({Instance(self.project.builtin_class(name))}))

    # Names

    def _name(self, name: str, scope: Scope) -> PossibleValues:
        found = scope.find(name)
        if found is None or name not in found.bound:
            if self.project.has_unknown_star(self.module):
                return UNRESOLVED
            if self._is_given(name, scope):
                return OPEN
            return self._symbol(self.project.resolve(self.module, name))
        return self._once(
            (name, found),
            lambda: self._all_bound(name, found),
        )

    def _is_given(self, name: str, scope: Scope) -> bool:
        """Is it a name that nothing binds, so that the program is run with a value for it, as a
        snippet is?"""
        found = scope.find(name)
        return (
            (found is None or name not in found.bound)
            and name != SHELL  # which is given for what can't be read in a notebook
            and not self.project.may_bind(self.module, name)
            and self.project.resolve(self.module, name) is None
        )

    def _all_bound(self, name: str, scope: Scope) -> PossibleValues:
        found = joined(
            self._bound(each.how, each.node, each.scope or scope) for each in scope.bound[name]
        )
        return found._replace(is_unknown=True) if (name, scope) in self.reader.augmented else found

    def _bound(self, how: How, node: ast.AST, scope: Scope) -> PossibleValues:
        match how:
            case How.IMPORT:
                return self._symbol(self.project.bound(self.module, self.reader.imported[node]))
            case How.VALUE:
                return self.of(node, scope)
            case How.ANNOTATED_VALUE:
                value = self.of(node, scope)
                return NOTHING if value.is_unknown else value
            case How.ELEMENT:
                return self.of(node, scope).something
            case How.CONTEXT:
                # What `__enter__` returns is the manager itself, more often than not.
                manager = self.of(node, scope)
                return manager | manager.something
            case How.ANNOTATION:
                return self._annotated(node, scope)
            case How.PARAMETER | How.FIRST_PARAMETER:
                return self._parameter(node, how, scope)
            case How.ARGUMENTS:
                return self._builtin("tuple")
            case How.STARRED:
                return self._builtin("list")
            case How.KEYWORDS:
                return self._builtin("dict")
            case How.ERROR:
                return self._error(node, scope)
            case How.CLASS:
                return self._symbol(self._model(node))
            case How.FUNCTION:
                return PossibleValues(frozenset({Function(node)}))  # type: ignore[arg-type]
        return OPEN

    def _parameter(self, node: ast.AST, how: How, scope: Scope) -> PossibleValues:
        parent = scope.parent
        if how is How.FIRST_PARAMETER and parent is not None and parent.kind is ScopeKind.CLASS:
            model = self._model(parent.node)
            for method in model.facts.methods if model is not None else ():
                if method.line == getattr(scope.node, "lineno", 0) and model is not None:
                    if method.kind is MethodKind.INSTANCE:
                        return PossibleValues(frozenset({Instance(model)}), is_open=True)
                    if method.kind is MethodKind.CLASS:
                        return PossibleValues(frozenset({model}), is_open=True)
        annotation = getattr(node, "annotation", None)
        return OPEN if annotation is None else self._annotated(annotation, scope)

    def _error(self, node: ast.AST, scope: Scope) -> PossibleValues:
        kind = getattr(node, "type", None)
        if kind is None:
            return OPEN
        parts = kind.elts if isinstance(kind, ast.Tuple) else [kind]
        return joined(self._made_by(self.of(part, scope)) | OPEN for part in parts)

    def _model(self, node: ast.AST) -> SourceClass | None:
        """The index's model of a class statement."""
        if isinstance(node, ast.ClassDef):
            for model in self.module.classes:
                if (model.facts.line, model.name) == (node.lineno, node.name):
                    return model
        return None

    def _symbol(self, symbol: Symbol | None) -> PossibleValues:
        """What a name of some module's namespace is."""
        if symbol is None:
            return UNRESOLVED
        if isinstance(symbol, External):
            return self._live(symbol)
        if not isinstance(symbol, Value):
            return PossibleValues(frozenset({symbol}))
        binding = symbol.binding
        if binding.kind is BindingKind.FUNCTION:
            node = self._function(symbol.module, binding.line, binding.name)
            return PossibleValues(frozenset({Function(node) if node else symbol}))
        place = (binding.line, binding.column)
        return self._assigned_value(
            binding.value,
            lambda: self.project.resolve_at(symbol.module, binding.target, place),
        )

    def _live(self, symbol: External) -> PossibleValues:
        """An object of the running interpreter: what it is, if it isn't to be called."""
        module, _, name = symbol.name.rpartition(".")
        live = getattr(sys.modules.get(module), name, None)
        if live is None or callable(live) or isinstance(live, types.ModuleType):
            return PossibleValues(frozenset({symbol}))
        return self._instance(type(live))

    def _assigned_value(
        self, value: ValueKind | None, meaning: Callable[[], Symbol | None]
    ) -> PossibleValues:
        """What an assignment binds, by what the facts say of it (see `facts.Binding`), and by what
        the name in it means."""
        if value is ValueKind.NONE:
            return NOTHING
        if value in _BUILT_IN:
            return self._builtin(str(value))
        if value is ValueKind.NAME:
            return self._symbol(meaning())
        if value is ValueKind.CALL:
            callee = meaning()
            return (
                UNRESOLVED if callee is None else self._made_by(PossibleValues(frozenset({callee})))
            )
        return OPEN

    def _function(self, module: Module, line: int, name: str) -> FunctionNode | None:
        return self.reader.functions.get((line, name)) if module is self.module else None

    # Annotations

    def _annotated(self, node: ast.AST, scope: Scope) -> PossibleValues:
        """What a name with that annotation may be."""
        if isinstance(node, ast.Constant):
            if not isinstance(node.value, str):
                return NOTHING if node.value is None else OPEN
            try:
                node = ast.parse(node.value.strip(), mode="eval").body
            except (SyntaxError, ValueError, RecursionError, MemoryError):
                return OPEN
            return self._annotated(node, scope)
        if isinstance(node, ast.BinOp):
            return self._annotated(node.left, scope) | self._annotated(node.right, scope)
        qualified = self.module.qualified(
            dotted_name(node.value if isinstance(node, ast.Subscript) else node)
        )
        module, _, name = qualified.rpartition(".")
        if module in ("typing", "typing_extensions"):
            if name in _TYPING_MAPPINGS:
                return self._builtin("dict")._replace(is_open=True)
            if isinstance(node, ast.Subscript) and name in _TYPING_WRAPPERS:
                inner = node.slice
                parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
                return joined(self._annotated(part, scope) for part in parts)
            return OPEN
        if isinstance(node, ast.Subscript):
            return self._annotated(node.value, scope)
        if isinstance(node, (ast.Name, ast.Attribute)):
            if self._is_given(dotted_name(node).partition(".")[0], scope):
                return UNRESOLVED | OPEN  # no such class is known
            made = self._made_by(self.of(node, scope))
            return made._replace(is_open=True) if made.objects else made | OPEN
        return OPEN

    # Attributes

    def _attribute(self, origin: PossibleValues, name: str) -> PossibleValues:
        if name == "__dict__":
            own = self._builtin("dict")
            is_instances = origin.objects and all(isinstance(i, Instance) for i in origin.objects)
            return own if is_instances else own | self._instance(types.MappingProxyType)
        may_be_own = origin.is_unresolved
        found = origin._replace(objects=frozenset(), is_made=False, may_be_own=may_be_own)
        for item in origin.objects:
            found |= self._attribute_of(item, name)
        return found

    def _attribute_of(self, item: Instance | Function | Symbol, name: str) -> PossibleValues:
        if isinstance(item, Instance):
            if name == "__class__":
                return PossibleValues(frozenset({item.model}), is_open=True)
            return self._once((item, name), lambda: self._instance_attribute(item.model, name))
        if isinstance(item, ClassModel):
            return self._once((item, name), lambda: self._class_attribute(item, name))
        if isinstance(item, (Module, Found, External)):
            return self._symbol(self.project.attribute_of(item, name))
        return OPEN

    def _instance_attribute(self, model: ClassModel, name: str) -> PossibleValues:
        assigned = list(self._assigned_on_instances(model, name))
        if assigned:
            inherited = self._class_attribute(model, name, otherwise=PossibleValues(is_open=True))
            return joined(assigned) | inherited._replace(is_unresolved=False)
        return self._class_attribute(model, name)

    def _assigned_on_instances(self, model: ClassModel, name: str) -> Iterator[PossibleValues]:
        """What methods of the class and its bases assign to an attribute of their instances."""
        for owner in self._known_mro(model):
            if not isinstance(owner, SourceClass):
                continue
            node = None
            if owner.module is self.module:
                node = self.reader.classes.get((owner.facts.line, owner.name))
            if node is not None:
                for how, value, scope in self.reader.assigned.get((node, name), ()):
                    yield self._bound(how, value, scope)
            elif any(
                event.attribute == name
                and event.receiver is Receiver.INSTANCE
                and event.kind is Access.SET
                for event in owner.facts.accesses
            ):
                yield OPEN

    def _class_attribute(
        self, model: ClassModel, name: str, otherwise: PossibleValues | None = None
    ) -> PossibleValues:
        for owner in self._known_mro(model):
            attribute = owner.attributes.get(name)
            if attribute is not None:
                return self._value(attribute, owner)
        if otherwise is not None:
            return otherwise
        return OPEN if model.mro is not None else UNRESOLVED

    def _value(self, attribute: Attribute, owner: ClassModel) -> PossibleValues:
        if not isinstance(owner, SourceClass):
            return OPEN
        if attribute.annotation and not attribute.value:
            if owner.module is not self.module:
                return OPEN
            return self._annotated(ast.Constant(attribute.annotation), self.reader.module)
        if attribute.kind in (
            AttributeKind.FUNCTION,
            AttributeKind.STATIC,
            AttributeKind.CLASS_METHOD,
            AttributeKind.PROPERTY,
        ):
            node = self._function(owner.module, attribute.line, attribute.name)
            if node is None:
                return OPEN
            if attribute.kind is AttributeKind.PROPERTY:
                return self.returned_by(node)
            return PossibleValues(frozenset({Function(node)}))
        if attribute.class_number is not None:
            return PossibleValues(frozenset({owner.module.classes[attribute.class_number]}))
        if attribute.value is ValueKind.CALL and any(
            binding.name == attribute.target.partition(".")[0] for binding in owner.facts.body
        ):
            return OPEN
        return self._assigned_value(attribute.value, lambda: owner.meaning(attribute.target))

    def _known_mro(self, model: ClassModel) -> Iterable[ClassModel]:
        """The class and what is known of its bases, near ones first."""
        if model.mro is not None:
            return model.mro
        found: dict[ClassModel, None] = {model: None}
        waiting: list[ClassModel] = [model]
        while waiting:
            current = waiting.pop(0)
            if isinstance(current, SourceClass):
                for name in current.facts.bases:
                    base = current.class_meant(name)
                    if base is not None and base not in found:
                        found[base] = None
                        waiting.append(base)
        return found

    # Calls

    def _call(self, node: ast.Call, scope: Scope) -> PossibleValues:
        func = node.func
        if isinstance(func, ast.Attribute):
            receiver = self.of(func.value, scope)
            if (
                func.attr == "copy"
                and receiver.objects
                and all(
                    isinstance(item, Instance) and not item.model.has_source
                    for item in receiver.objects
                )
            ):
                return receiver
            if func.attr == "fromkeys":
                return self._made_by(receiver)
        callee = self.of(func, scope)
        if node.args and any(
            isinstance(item, Value) and item.module.name.dotted == "copy" for item in callee.objects
        ):
            return self.of(node.args[0], scope)
        if callee.objects == {self.project.builtin_class("super")}:
            return self._super(scope)
        if callee.objects == {self.project.builtin_class("type")} and len(node.args) == 1:
            return self._attribute(self.of(node.args[0], scope), "__class__")
        if callee == UNRESOLVED and self._is_made_elsewhere(node, scope):
            return _MADE_ELSEWHERE
        made = self._made_by(callee)
        is_variable = isinstance(func, ast.Name) and callee.is_unknown
        return made._replace(is_made=True) if is_variable else made

    def _is_made_elsewhere(self, call: ast.Call, scope: Scope) -> bool:
        """Does a call make an object of a class from elsewhere, of literals alone?"""
        called = dotted_name(call.func)
        given = (*call.args, *(keyword.value for keyword in call.keywords))
        found = scope.find(called.partition(".")[0])
        return (
            (found is None or found.kind is ScopeKind.MODULE)
            and is_foreign_class(self.module, called)
            and all(isinstance(part, _OF_LITERALS) for each in given for part in walk(each))
        )

    def _super(self, scope: Scope) -> PossibleValues:
        """What stands in for the one base of the class in whose method `scope` is."""
        around = scope.class_scope
        model = self._model(around.node) if around is not None else None
        if model is None or model.bases is None or len(model.bases) != 1:
            return UNRESOLVED
        return PossibleValues(frozenset({Instance(model.bases[0])}), is_open=True)

    def _made_by(self, callee: PossibleValues) -> PossibleValues:
        """What a call returns."""
        may_be_own = callee.is_unresolved
        found = callee._replace(objects=frozenset(), is_made=False, may_be_own=may_be_own)
        for item in callee.objects:
            if isinstance(item, ClassModel):
                made = PossibleValues(frozenset({Instance(item)}))
                is_own = item.makes_own_instances or item.mro is None or item.is_standard
                found |= made if is_own else made | OPEN
            elif isinstance(item, Function):
                found |= self.returned_by(item.node)
            elif isinstance(item, External) and item.name in _BUILTINS_WITH_DICTS:
                found |= self._builtin("dict")
            else:
                found |= OPEN
        return found

    def returned_by(self, node: FunctionNode) -> PossibleValues:
        """What a function of the file returns."""
        return self._once((node,), lambda: self._returned(node))

    def _returned(self, node: FunctionNode) -> PossibleValues:
        scope = self.reader.of[node]
        if isinstance(node, ast.AsyncFunctionDef):
            return OPEN
        returned: list[PossibleValues] = []
        waiting: list[ast.AST] = list(node.body)
        while waiting:
            current = waiting.pop()
            if isinstance(current, (ast.Yield, ast.YieldFrom)):
                return self._instance(types.GeneratorType)
            if isinstance(current, ast.Return):
                if current.value is not None:
                    returned.append(self.of(current.value, scope))
            elif isinstance(
                current, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
            ):
                continue
            waiting.extend(child_nodes(current))
        found = joined(returned)
        decorated = any(
            dotted_name(decorator) not in ("staticmethod", "classmethod", "property")
            for decorator in node.decorator_list
        )
        return found | OPEN if decorated or found == NOTHING else found


def joined(origins: Iterable[PossibleValues]) -> PossibleValues:
    """What may be one of several."""
    found = NOTHING
    for origin in origins:
        found |= origin
    return found
