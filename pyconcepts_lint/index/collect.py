"""From a syntax tree to facts, in one walk.

The walk runs over every file of a project, so it is written for speed: statements are
dispatched by type, expressions are taken from a stack, and nothing is resolved here that
needs another file.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence

from ..base import typed
from ..source.ast_nodes import first_line, own_nodes, walk
from ..source.scopes import ScopeKind
from ..source.signatures import arguments_of, first_parameter, written_arguments, written_parameters
from .binder import FileIndex, Scope
from .binder import dotted_name as dotted_name
from .binder import mangled as mangled
from .conditions import ALL_INTERPRETERS, runs_in
from .extractor import applying
from .facts import (
    CATCHES,
    CONDITIONAL,
    IMMUTABLE_VALUES,
    IN_CLASS,
    IN_FUNCTION,
    IN_HANDLER,
    IN_TRY,
    MUTABLE_VALUES,
    MUTATORS,
    NEVER_RETURNS,
    TYPE_CHECKING,
    Access,
    Accessors,
    AttributeAccess,
    Binding,
    BindingKind,
    Block,
    BlockKind,
    Change,
    ClassCall,
    ClassFacts,
    Import,
    Made,
    Method,
    MethodKind,
    ModuleFacts,
    Mutation,
    Receiver,
    ValueKind,
)
from .handlers import caught_by, caught_in_with
from .loaders import loaders, loads
from .made import MAKERS, made
from .new_result import passes_on
from .old_names import own_names
from .references import is_local_reference, to_class, to_imported, to_local, to_made

if typed.TYPE_CHECKING:
    from typing import Any

    from .binder import Use
    from .extractor import Table

# The walk asks for these too often to look them up in the enum.
_MODULE, _CLASS, _FUNCTION, _COMPREHENSION = ScopeKind
# Decorators that hand the instance on to the function's first parameter.
_INSTANCE_DECORATORS = frozenset(
    {
        "property",
        "abstractmethod",
        "abc.abstractmethod",
        "abc.abstractproperty",
        "cached_property",
        "functools.cached_property",
        "functools.lru_cache",
        "functools.lru_cache()",
        "lru_cache",
        "lru_cache()",
        "functools.cache",
        "cache",
        "contextmanager",
        "contextlib.contextmanager",
        "contextlib.asynccontextmanager",
        "asynccontextmanager",
        "override",
        "typing.override",
        "final",
        "typing.final",
        "overload",
        "typing.overload",
        "functools.wraps()",
        "wraps()",
    }
)
# Methods that Python itself makes class methods or static methods
# (https://docs.python.org/3/reference/datamodel.html#object.__new__ and the hooks there).
_IMPLICIT_CLASS_METHODS = frozenset({"__new__", "__init_subclass__", "__class_getitem__"})
_ACCESSOR_SUFFIXES = (".setter", ".getter", ".deleter")
_ACCESSOR_ARGUMENTS = {"fget": "getter", "fset": "setter", "fdel": "deleter"}
# What a function that only raises has none of.
_OTHER_ENDS = (ast.Return, ast.Yield, ast.YieldFrom, ast.Try, ast.TryStar, ast.While, ast.With)
_RETURNS = (ast.Return, ast.Yield, ast.YieldFrom)
_REFUSABLE = frozenset({"__set__", "__delete__"})


class _Class:
    """A class statement while its body is being read."""

    __slots__ = (
        "accesses",
        "accessors",
        "always_raising",
        "bindings",
        "dict_uses",
        "dynamic_body",
        "dynamic_class",
        "dynamic_instances",
        "methods",
        "mutations",
        "new_passes_on",
        "slot_sources",
        "slots",
        "slots_known",
        "wrapped",
    )

    def __init__(self) -> None:
        self.bindings: list[Binding] = []
        self.methods: list[Method] = []
        self.accesses: list[AttributeAccess] = []
        self.mutations: list[Mutation] = []
        self.slots: tuple[str, ...] | None = None
        self.slots_known = True
        self.slot_sources: tuple[str, ...] = ()
        self.dynamic_instances = False
        self.dynamic_class = False
        self.dynamic_body = False
        self.wrapped: list[tuple[str, str, bool]] = []  # see _Collector.wrap
        self.accessors: list[Accessors] = []
        self.dict_uses: list[tuple[int, int]] = []
        self.always_raising: list[tuple[int, str]] = []
        self.new_passes_on: bool | None = None


def unmangled(name: str, class_name: str) -> str:
    """An attribute's name as the source of a class writes it: the opposite of `mangled`."""
    prefix = "_" + class_name.lstrip("_")
    return name[len(prefix) :] if name.startswith(prefix + "__") else name


def decorator_text(node: ast.expr) -> str:
    if isinstance(node, ast.Call):
        return (dotted_name(node.func) or "?") + "()"
    return dotted_name(node) or "?"


def string_items(node: ast.expr) -> tuple[str, ...] | None:
    """The strings of a display of string literals (or of one string), else None."""
    if isinstance(node, ast.Constant):
        return (node.value,) if isinstance(node.value, str) else None
    if isinstance(node, ast.Dict):
        items: Iterable[ast.expr | None] = node.keys
    elif isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        items = node.elts
    else:
        return None
    strings: list[str] = []
    for item in items:
        if not isinstance(item, ast.Constant) or not isinstance(item.value, str):
            return None
        strings.append(item.value)
    return tuple(strings)


_COLLECTIONS = frozenset({"tuple", "list", "set", "frozenset", "sorted"})


def slot_items(node: ast.expr) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """What a `__slots__` holds: names, and the classes whose own `__slots__` are part of it.

    None where that can't be seen.
    """
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return (node.value,), ()
    names: list[str] = []
    sources: list[str] = []
    waiting: list[ast.expr] = [node]
    while waiting:
        part = waiting.pop()
        items: Iterable[ast.expr | None] = ()
        if isinstance(part, (ast.Tuple, ast.List, ast.Set)):
            items = part.elts
        elif isinstance(part, ast.Dict):
            waiting += (d for k, d in zip(part.keys, part.values, strict=True) if k is None)
            items = filter(None, part.keys)
        elif isinstance(part, ast.BinOp) and isinstance(part.op, (ast.Add, ast.BitOr)):
            waiting += (part.left, part.right)
        elif isinstance(part, ast.Attribute) and part.attr == "__slots__":
            sources.append(dotted_name(part.value))
        elif isinstance(part, ast.Call) and not part.keywords:
            called = dotted_name(part.func)
            if called in _COLLECTIONS or called == "dict.fromkeys":
                waiting += part.args[:1]
            elif _is_split(part):
                names += part.func.value.value.split()  # type: ignore[attr-defined]
            else:
                return None
        else:
            return None
        for item in items:
            if isinstance(item, ast.Starred):
                waiting.append(item.value)
            elif isinstance(item, ast.Constant) and isinstance(item.value, str):
                names.append(item.value)
            else:
                return None
    return (tuple(names), tuple(sources)) if all(sources) else None


def _is_split(call: ast.Call) -> bool:
    """Is it `"some words".split()`?"""
    return (
        isinstance(call.func, ast.Attribute)
        and call.func.attr == "split"
        and isinstance(call.func.value, ast.Constant)
        and isinstance(call.func.value.value, str)
        and not call.args
    )


_LITERALS: dict[type, ValueKind] = {
    type(None): ValueKind.NONE,
    bool: ValueKind.BOOL,
    int: ValueKind.NUMBER,
    float: ValueKind.NUMBER,
    complex: ValueKind.NUMBER,
    str: ValueKind.STR,
    bytes: ValueKind.BYTES,
    type(...): ValueKind.ELLIPSIS,
}
_DISPLAYS: dict[type[ast.AST], ValueKind] = {
    ast.List: ValueKind.LIST,
    ast.ListComp: ValueKind.LIST,
    ast.Dict: ValueKind.DICT,
    ast.DictComp: ValueKind.DICT,
    ast.Set: ValueKind.SET,
    ast.SetComp: ValueKind.SET,
    ast.Tuple: ValueKind.TUPLE,
    ast.GeneratorExp: ValueKind.GENERATOR,
    ast.JoinedStr: ValueKind.STR,
}
_PLAIN = (IMMUTABLE_VALUES | MUTABLE_VALUES | {ValueKind.PLAIN}) - {ValueKind.ELLIPSIS}
_SEQUENCES = frozenset({ValueKind.STR, ValueKind.BYTES, ValueKind.TUPLE, ValueKind.LIST})


def value_of(node: ast.expr) -> tuple[ValueKind, str]:
    """What an assigned expression is, and the dotted name that goes with it: see `Binding`."""
    kind = node.__class__
    if kind is ast.Constant:
        return _LITERALS[type(node.value)], ""  # type: ignore[attr-defined]
    if kind in _DISPLAYS:
        return _DISPLAYS[kind], ""
    if kind is ast.Lambda:
        return ValueKind.LAMBDA, written_parameters(node.args)  # type: ignore[attr-defined]
    if kind is ast.Name or kind is ast.Attribute:
        name = dotted_name(node)
        return (ValueKind.NAME, name) if name else (ValueKind.UNKNOWN, "")
    if kind is ast.Call:
        name = dotted_name(node.func)  # type: ignore[attr-defined]
        return (ValueKind.CALL, name) if name else (ValueKind.UNKNOWN, "")
    if isinstance(node, ast.BinOp):
        left = value_of(node.left)[0]
        if left in _PLAIN and (right := value_of(node.right)[0]) in _PLAIN:
            return _operation(left, right), ""
        # `"…" % anything` is a string: str.__mod__ goes first, and only a subclass of str could
        # take that from it.
        if isinstance(node.op, ast.Mod) and left is ValueKind.STR:
            return ValueKind.STR, ""
        return ValueKind.UNKNOWN, ""
    if isinstance(node, ast.UnaryOp):
        if isinstance(node.op, ast.Not):
            return ValueKind.BOOL, ""
        operand = value_of(node.operand)[0]
        return (_operation(operand, operand), "") if operand in _PLAIN else (ValueKind.UNKNOWN, "")
    if isinstance(node, (ast.BoolOp, ast.IfExp)):
        parts = node.values if isinstance(node, ast.BoolOp) else (node.body, node.orelse)
        kinds = {value_of(part)[0] for part in parts}
        if kinds <= _PLAIN:
            return (kinds.pop() if len(kinds) == 1 else ValueKind.PLAIN), ""
        return ValueKind.UNKNOWN, ""
    if isinstance(node, ast.NamedExpr):
        return value_of(node.value)
    return ValueKind.UNKNOWN, ""


def _operation(left: ValueKind, right: ValueKind) -> ValueKind:
    """What an operator makes of two plain values, as far as their kinds tell."""
    if {left, right} <= {ValueKind.BOOL, ValueKind.NUMBER}:
        return ValueKind.NUMBER
    if left is right and left in _SEQUENCES:
        return left  # only `+` takes two of these, or `%` its own kind
    if right is ValueKind.NUMBER and left in _SEQUENCES:
        return left  # `*`, or `%`
    return ValueKind.PLAIN


def _given_accessors(call: ast.Call, names: Iterable[str]) -> tuple[tuple[str, str], ...] | None:
    """See `Accessors.given`; `names` are those of the positional arguments."""
    arguments = dict(zip(names, call.args, strict=False))
    for keyword in call.keywords:
        if keyword.arg is None:
            return None
        if keyword.arg in _ACCESSOR_ARGUMENTS:
            arguments[_ACCESSOR_ARGUMENTS[keyword.arg]] = keyword.value
    given: list[tuple[str, str]] = []
    for accessor, value in arguments.items():
        if isinstance(value, (ast.Name, ast.Attribute, ast.Lambda)):
            given.append((accessor, dotted_name(value)))
        elif not isinstance(value, ast.Constant) or value.value is not None:
            return None
    return tuple(given)


def is_type_checking(test: ast.expr) -> bool:
    return dotted_name(test).rpartition(".")[2] == "TYPE_CHECKING"


def is_main_guard(test: ast.expr) -> bool:
    """`__name__ == "__main__"`, either way round, alone or as part of an `and`."""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        return any(is_main_guard(part) for part in test.values)
    if not isinstance(test, ast.Compare) or len(test.ops) != 1:
        return False
    if not isinstance(test.ops[0], ast.Eq):
        return False
    sides = (test.left, test.comparators[0])
    return any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides) and any(
        isinstance(side, ast.Constant) and side.value == "__main__" for side in sides
    )


class _Collector(FileIndex):
    def __init__(self, tree: ast.Module, text: str, wanted: Iterable[type[ast.AST]]) -> None:
        super().__init__(tree, text, wanted)
        self.ascii = text.isascii()
        self._lines: list[bytes] | None = None
        self.open: list[ClassFacts | None] = []  # None for a class that is still being read
        self.open_classes: dict[int, _Class] = {}
        self.dynamic_bases: set[str] = set()
        self.dynamic_setters: set[str] = set()
        self.foreign: set[str] = set()
        self.class_calls: list[ClassCall] = []
        self.supers: list[tuple[int, int]] = []
        self.imported: set[str] = set()  # names that imports bind, anywhere
        self.dunder_all: tuple[str, ...] | None = None
        self.dunder_all_known = True
        self.future: list[str] = []
        self.has_main_guard = False
        self.dynamic_namespace = False
        self.scope = self.module
        self.class_name = ""
        self.flags = 0
        self.blocks: list[Block] = []
        self.made: list[Made] = []
        self.class_makers: list[tuple[str, str]] = []
        self.aug_target: ast.AST | None = None
        self.callee = ""
        self.statement: ast.stmt = ast.Pass()
        self.rebuilt: set[int] = set()
        self.assigned: tuple[tuple[str, str], ...] = ()
        self.statements: dict[type[ast.AST], Callable[[Any], None]] = {
            ast.FunctionDef: self.function,
            ast.AsyncFunctionDef: self.function,
            ast.ClassDef: self.class_,
            ast.Assign: self.assign,
            ast.AugAssign: self.augassign,
            ast.AnnAssign: self.annassign,
            ast.Return: self.return_,
            ast.If: self.if_,
            ast.For: self.for_,
            ast.AsyncFor: self.for_,
            ast.While: self.while_,
            ast.With: self.with_,
            ast.AsyncWith: self.with_,
            ast.Try: self.try_,
            ast.Import: self.import_,
            ast.ImportFrom: self.import_from,
            ast.Global: self.global_,
            ast.Nonlocal: self.nonlocal_,
            ast.Delete: self.delete,
        }
        if hasattr(ast, "TryStar"):
            self.statements[ast.TryStar] = self.try_
        self.statements[ast.Match] = self.match
        if hasattr(ast, "TypeAlias"):
            self.statements[ast.TypeAlias] = self.type_alias
        self.block(tree.body)
        self.close_module()
        self.chunks = _chunks(tree.body)

    # Places

    def column(self, line: int, offset: int) -> int:
        """The 1-based column, in characters, of a byte offset that `ast` gives."""
        if self.ascii:
            return offset + 1
        if self._lines is None:
            self._lines = _utf8_lines(self.text)
        return len(self._lines[line - 1][:offset].decode("utf-8", "replace")) + 1

    # Blocks

    def block(self, body: list[ast.stmt]) -> None:
        statements = self.statements
        nodes = self.nodes
        for statement in body:
            self.statement = statement
            kind = statement.__class__
            if kind in nodes:
                nodes[kind].append((statement, self.scope, statement))
            if kind is ast.Expr:
                self.expression(statement.value)  # type: ignore[attr-defined]
            elif kind in statements:
                statements[kind](statement)
            else:
                self.expression(statement)

    def nested_block(
        self,
        body: list[ast.stmt],
        flags: int = CONDITIONAL,
        *,
        kind: BlockKind = BlockKind.OTHER,
        of: ast.stmt | None = None,
        possible: int = ALL_INTERPRETERS,
        sure: int = 0,
    ) -> None:
        if body and flags and self.scope.kind is _MODULE:
            line, last = first_line(body[0]), body[-1].end_lineno or 0
            start = line if of is None else of.lineno
            self.blocks.append(Block(kind, start, line, last, possible, sure))
        before = self.flags
        self.flags |= flags
        self.block(body)
        self.flags = before

    def return_(self, node: ast.Return) -> None:
        if self.scope.kind is not _FUNCTION:
            self.may_be_refused = True
        if node.value is not None:
            self.expression(node.value)

    def if_(self, node: ast.If) -> None:
        self.expression(node.test)
        flags = CONDITIONAL | TYPE_CHECKING if is_type_checking(node.test) else CONDITIONAL
        if self.scope.kind is not _MODULE:
            self.nested_block(node.body, flags)
            self.nested_block(node.orelse)
            return
        if is_main_guard(node.test):
            self.has_main_guard = True
        possible, sure = runs_in(node.test)
        self.nested_block(node.body, flags, possible=possible, sure=sure)
        everywhere = ALL_INTERPRETERS
        self.nested_block(node.orelse, possible=everywhere & ~sure, sure=everywhere & ~possible)

    def for_(self, node: ast.For | ast.AsyncFor) -> None:
        self.expression(node.iter)
        self.target(node.target, BindingKind.FOR, ValueKind.UNKNOWN)
        self.turns(node)
        self.nested_block(node.orelse)

    def while_(self, node: ast.While) -> None:
        self.expression(node.test)
        self.turns(node)
        self.nested_block(node.orelse)

    def turns(self, node: ast.For | ast.AsyncFor | ast.While) -> None:
        """The body of a loop."""
        scope = self.scope
        if scope.loop is None:
            scope.loop = node
            self.nested_block(node.body)
            scope.loop = None
        else:
            self.nested_block(node.body)

    def with_(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            self.expression(item.context_expr)
            if item.optional_vars is not None:
                self.target(item.optional_vars, BindingKind.WITH, ValueKind.UNKNOWN)
        self.nested_block(node.body, CONDITIONAL | caught_in_with(node))

    def try_(self, node: ast.Try) -> None:
        flags = IN_TRY | caught_by(handler.type for handler in node.handlers)
        kinds = BlockKind
        tries = kinds.TRY if self.scope.kind is _MODULE and _only_imports(node) else kinds.OTHER
        flags = CONDITIONAL | (flags if node.handlers else 0)
        self.nested_block(node.body, flags, kind=tries, of=node)
        for handler in node.handlers:
            if handler.type is not None:
                self.expression(handler.type)
            if handler.name:
                self.bind(handler.name, BindingKind.EXCEPT, handler, ValueKind.UNKNOWN)
            catches = tries is kinds.TRY and caught_by([handler.type]) & _IMPORT_ERRORS
            kind = kinds.HANDLER if catches else kinds.OTHER
            self.nested_block(handler.body, CONDITIONAL | IN_HANDLER, kind=kind, of=node)
        kind = kinds.ELSE if tries is kinds.TRY else kinds.OTHER
        self.nested_block(node.orelse, kind=kind, of=node)
        self.nested_block(node.finalbody, 0)

    def match(self, node: ast.Match) -> None:
        self.expression(node.subject)
        for case in node.cases:
            for part in walk(case.pattern):
                name = getattr(part, "name", None) or getattr(part, "rest", None)
                if isinstance(name, str):
                    self.bind(name, BindingKind.MATCH, part, ValueKind.UNKNOWN)
                elif isinstance(part, ast.MatchValue):
                    self.expression(part.value)
                elif isinstance(part, ast.MatchClass):
                    self.expression(part.cls)
            if case.guard is not None:
                self.expression(case.guard)
            self.nested_block(case.body)

    # Bindings

    def bind(
        self,
        name: str,
        kind: BindingKind,
        node: Any,
        value: ValueKind | None = None,
        target: str = "",
        annotation: str = "",
        decorators: tuple[str, ...] = (),
    ) -> None:
        scope = self.scope
        if scope.kind is _FUNCTION:
            if name in scope.globals:
                self.bindings.append(
                    Binding(name, BindingKind.GLOBAL, node.lineno, self.place(node), value, target)
                )
            else:
                if name not in scope.names:
                    if kind in _KNOWN_KINDS:
                        scope.known[name] = _local_name(kind, target)
                    if name in scope.reads:
                        self.read_first.append((scope, name))
                    scope.names.add(name)
                elif name in scope.known:
                    del scope.known[name]
                if kind is not BindingKind.ANNOTATION:
                    scope.rebound.add(name)
            return
        if scope.kind is _CLASS:
            current = self.open_classes[scope.class_index]
            if name in scope.declared:
                self.bindings.append(
                    Binding(name, BindingKind.GLOBAL, node.lineno, self.place(node), value, target)
                )
                return
            bindings = current.bindings
            if name in scope.reads and name not in scope.names:
                scope.reads.add(f"{name}=")
        else:
            bindings = self.bindings
        scope.names.add(name)
        bindings.append(
            Binding(
                name,
                kind,
                node.lineno,
                self.place(node),
                value,
                target,
                annotation,
                self.flags,
                decorators,
            )
        )

    def place(self, node: Any) -> int:
        return self.column(node.lineno, node.col_offset)

    def target(self, node: ast.expr, kind: BindingKind, value: ValueKind, source: str = "") -> None:
        """Bind an assignment target: a name, an attribute, a display of them."""
        if isinstance(node, ast.Name):
            self.bind(node.id, kind, node, value, source)
        elif isinstance(node, (ast.Tuple, ast.List)):
            for item in node.elts:
                self.target(item, kind, ValueKind.UNKNOWN)
        elif isinstance(node, ast.Starred):
            self.target(node.value, kind, ValueKind.LIST)
        else:
            self.item(node, Change.SET_ITEM)
            self.expression(node)

    def assign(self, node: ast.Assign) -> None:
        scope = self.scope
        if scope.kind is _FUNCTION and not scope.globals:
            if len(node.targets) == 1 and node.targets[0].__class__ is ast.Name:
                # What `bind` does for a local variable, of which there are more than of all else.
                name = node.targets[0].id
                if name in scope.known:
                    del scope.known[name]
                is_new = name not in scope.names
                scope.names.add(name)
                scope.rebound.add(name)
                before, self.assigned = self.assigned, ()
                self.expression(node.value)
                self.assigned = before
                if is_new and name in scope.reads:
                    self.read_first.append((scope, name))
                return
            value, source = ValueKind.UNKNOWN, ""  # the value of a local variable isn't asked for
        else:
            value, source = value_of(node.value)
            self.special(node, value)
            if (
                isinstance(node.value, ast.Call)
                and scope.kind is _MODULE
                and len(node.targets) == 1
            ):
                self.made_by(node.value, node.targets[0])
        if scope.kind is _CLASS:
            self.read_before(node.targets, node.value)
        assigned: list[tuple[str, str]] = []
        new: list[str] = []
        if scope.kind is _FUNCTION and node.targets[0].__class__ is not ast.Attribute:
            new = self.new_names(node.targets)
        for target in node.targets:
            kind = target.__class__
            if kind is ast.Name:
                self.bind(target.id, BindingKind.ASSIGN, target, value, source)  # type: ignore[attr-defined]
            elif kind is ast.Tuple or kind is ast.List:
                self.unpack(target, node.value)  # type: ignore[arg-type]
                assigned.extend(
                    (part.value.id, part.attr)
                    for part in _flat(target)
                    if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name)
                )
            elif isinstance(target, ast.Attribute):
                if isinstance(target.value, ast.Name):
                    assigned.append((target.value.id, target.attr))
                    if isinstance(node.value, ast.BinOp) and _reads_operand(node.value, target):
                        self.rebuilt.add(id(target))
                if node.value.__class__ is ast.Call:
                    self.callee = self.replaced_by(dotted_name(target.value), node.value)
                self.expression(target)
            else:
                self.may_be_refused |= kind is ast.Starred
                self.target(target, BindingKind.ASSIGN, value, source)
        self.callee = ""
        before, self.assigned = self.assigned, tuple(assigned)
        self.expression(node.value)
        self.assigned = before
        for name in new:
            if name in scope.reads:
                self.read_first.append((scope, name))

    def replaced_by(self, receiver: str, call: ast.Call) -> str:
        """What is called to make an attribute of what may be a class: see `attribute_uses`."""
        root = receiver.partition(".")[0]
        scope = self.scope
        if scope.kind is not _MODULE and root in scope.names:
            return ""
        return dotted_name(call.func) or "?"

    def new_names(self, targets: Sequence[ast.expr]) -> list[str]:
        """The targets, or parts of them, that are names which the scope hasn't bound so far."""
        names = self.scope.names
        new: list[str] = []
        for target in targets:
            if target.__class__ is ast.Tuple or target.__class__ is ast.List:
                new += self.new_names(target.elts)
            elif target.__class__ is ast.Name and target.id not in names:
                new.append(target.id)
        return new

    def read_before(self, targets: Sequence[ast.expr], value: ast.expr) -> None:
        """`x = x` in a class inside of a class: note that the name is read before it is bound."""
        if self.scope.parent.kind is not _CLASS:  # type: ignore[union-attr]
            return
        names = {target.id for target in targets if isinstance(target, ast.Name)}
        for part in walk(value):
            if isinstance(part, ast.Name) and part.id in names - self.scope.names:
                self.scope.reads.add(f"{part.id}=")

    def wrap(self, targets: Sequence[ast.expr], call: ast.expr) -> None:
        """`f = classmethod(f)` in a class body: note the decorator, the function, and whether
        the result takes the function's name. Of `x = property(getx)`, what it is given."""
        while isinstance(call, ast.NamedExpr):
            call = call.value
        assert isinstance(call, ast.Call)
        called = dotted_name(call.func)
        name = called.rpartition(".")[2]
        is_one = called.endswith(_ACCESSOR_SUFFIXES) and len(call.args) == 1 and not call.keywords
        if is_one or "property" in name.lower():
            given = _given_accessors(call, [name] if is_one else _ACCESSOR_ARGUMENTS.values())
            self.open_classes[self.scope.class_index].accessors.extend(
                Accessors(target.lineno, self.place(target), given)
                for target in targets
                if isinstance(target, ast.Name)
            )
        names = {target.id for target in targets if isinstance(target, ast.Name)}
        for argument in call.args[:1]:
            if isinstance(argument, ast.Name):
                self.open_classes[self.scope.class_index].wrapped.append(
                    (called, argument.id, argument.id in names)
                )

    def unpack(self, target: ast.Tuple | ast.List, value: ast.expr) -> None:
        """`a, b = 1, 2` binds each name to a value that can be seen."""
        if (
            isinstance(value, (ast.Tuple, ast.List))
            and len(value.elts) == len(target.elts)
            and not any(isinstance(item, ast.Starred) for item in (*value.elts, *target.elts))
        ):
            for part, item in zip(target.elts, value.elts, strict=True):
                if isinstance(part, (ast.Tuple, ast.List)):
                    self.unpack(part, item)
                else:
                    self.target(part, BindingKind.ASSIGN, *value_of(item))
        else:
            self.target(target, BindingKind.ASSIGN, ValueKind.UNKNOWN)

    def special(self, node: ast.Assign | ast.AnnAssign, kind: ValueKind) -> None:
        """`__slots__` and wrapped functions of a class, `__all__` of a module."""
        value = node.value
        assert value is not None
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if kind is ValueKind.CALL and self.scope.kind is _CLASS:
            self.wrap(targets, value)
        for target in targets:
            if not isinstance(target, ast.Name):
                continue
            if target.id == "__slots__" and self.scope.kind is _CLASS:
                self.slots(value, is_new=True)
            elif target.id == "__all__" and self.scope.kind is _MODULE:
                items = None if isinstance(value, ast.Constant) else string_items(value)
                if items is None or self.dunder_all is not None or self.flags & CONDITIONAL:
                    self.dunder_all_known = False
                self.dunder_all = items or ()

    def slots(self, value: ast.expr, *, is_new: bool) -> None:
        """`__slots__ = value`, or `__slots__ += value`, in a class body."""
        current = self.open_classes[self.scope.class_index]
        found = slot_items(value)
        names, sources = found or ((), ())
        if (
            found is None
            or (current.slots is not None) is is_new
            or self.flags & CONDITIONAL
            or "__slots__" in self.scope.declared
        ):
            current.slots_known = False
        current.slots = names if is_new else (*(current.slots or ()), *names)
        current.slot_sources = sources if is_new else (*current.slot_sources, *sources)

    def augassign(self, node: ast.AugAssign) -> None:
        target = node.target
        if isinstance(target, ast.Name):
            if target.id not in self.scope.names:
                self.scope.reads.add(f"{target.id}=")
                self.read_first.append((self.scope, target.id))
            self.bind(target.id, BindingKind.AUGMENT, target, ValueKind.UNKNOWN)
            if target.id == "__all__" and self.scope.kind is _MODULE:
                items = string_items(node.value)
                if items is None or self.dunder_all is None:
                    self.dunder_all_known = False
                else:
                    self.dunder_all += items
            elif target.id == "__slots__" and self.scope.kind is _CLASS:
                self.slots(node.value, is_new=False)
        else:
            self.item(target, Change.SET_ITEM)
            self.aug_target = target
            self.expression(target)
            self.aug_target = None
        before = self.assigned
        if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
            self.assigned = ((target.value.id, target.attr),)
        self.expression(node.value)
        self.assigned = before

    def annassign(self, node: ast.AnnAssign) -> None:
        annotation = ast.unparse(node.annotation) if self.scope.kind is not _FUNCTION else ""
        target = node.target
        self.expression(node.annotation)
        if self.scope.kind is _CLASS and node.value is not None:
            self.read_before([target], node.value)
        if node.value is None:
            if isinstance(target, ast.Name):
                self.bind(target.id, BindingKind.ANNOTATION, target, annotation=annotation)
            return
        if isinstance(target, ast.Name):
            value, source = value_of(node.value)
            self.bind(target.id, BindingKind.ASSIGN, target, value, source, annotation)
            self.special(node, value)
            if isinstance(node.value, ast.Call) and self.scope.kind is _MODULE:
                self.made_by(node.value, target)
        else:
            if isinstance(target, ast.Attribute) and _reads_operand(node.value, target):
                self.rebuilt.add(id(target))
            self.item(target, Change.SET_ITEM)
            self.expression(target)
        before = self.assigned
        if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
            self.assigned = ((target.value.id, target.attr),)
        self.expression(node.value)
        self.assigned = before

    def delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            for part in _flat(target):
                if isinstance(part, ast.Name):
                    if self.scope.kind is _FUNCTION:
                        self.read_first.append((self.scope, part.id))  # it has to have a value
                    self.bind(part.id, BindingKind.DELETE, part)
                else:
                    self.item(part, Change.DELETE_ITEM)
                    self.expression(part)

    def type_alias(self, node: Any) -> None:
        self.bind(node.name.id, BindingKind.TYPE, node, ValueKind.UNKNOWN)

    def global_(self, node: ast.Global) -> None:
        scope = self.scope
        if scope.kind is not _MODULE:
            if not (scope.names.isdisjoint(node.names) and scope.reads.isdisjoint(node.names)):
                self.may_be_refused = True
            scope.declared |= {*node.names}
            scope.globals |= {*node.names}

    def nonlocal_(self, node: ast.Nonlocal) -> None:
        """The names belong to an enclosing function; for what is asked here, that is where
        they are rebound."""
        own = self.scope
        own.declared |= {*node.names}
        functions = [scope for scope in own.outside() if scope.kind is _FUNCTION]
        is_first = own.names.isdisjoint(node.names) and own.reads.isdisjoint(node.names)
        if not functions or not is_first:
            self.may_be_refused = True
        for scope in functions:
            scope.rebound.update(node.names)
            for name in node.names:
                scope.known.pop(name, None)

    def import_(self, node: ast.Import) -> None:
        names = tuple((alias.name, alias.asname or "") for alias in node.names)
        self.add_import(0, "", names, node)
        for alias in node.names:
            root = alias.name.partition(".")[0]
            if alias.asname:
                self.imported.add(alias.asname)
                self.bind(alias.asname, BindingKind.IMPORT, node, None, alias.name)
            else:
                self.imported.add(root)
                self.bind(root, BindingKind.IMPORT, node, None, root)

    def import_from(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        names = tuple((alias.name, alias.asname or "") for alias in node.names)
        self.add_import(node.level, module, names, node)
        if module == "__future__":
            if len(self.bindings) > len(self.future) or self.scope.kind is not _MODULE:
                self.may_be_refused = True
            self.future.extend(alias.name for alias in node.names)
        source = "." * node.level + module
        for alias in node.names:
            if alias.name != "*":
                bound = alias.asname or alias.name
                self.imported.add(bound)
                self.bind(bound, BindingKind.FROM, node, None, to_imported(source, alias.name))

    def add_import(
        self,
        level: int,
        module: str,
        names: tuple[tuple[str, str], ...],
        node: ast.Import | ast.ImportFrom,
    ) -> None:
        flags = self.flags
        if self.scope.kind is _CLASS:
            flags |= IN_CLASS
        if any(scope.kind is _FUNCTION for scope in self.scope.around()):
            flags |= IN_FUNCTION
        end_line = node.end_lineno or node.lineno
        self.imports.append(
            Import(
                isinstance(node, ast.ImportFrom),
                level,
                module,
                names,
                node.lineno,
                self.place(node),
                end_line,
                self.column(end_line, node.end_col_offset or 0),
                flags,
            )
        )

    # Functions and classes

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        decorators: tuple[str, ...] = ()
        if node.decorator_list:
            decorators = tuple([decorator_text(item) for item in node.decorator_list])
            for item in node.decorator_list:
                self.expression(item)
        args = node.args
        self.signature(args)
        if node.returns is not None:
            self.expression(node.returns)
        outer = self.scope
        written = "" if outer.kind is _FUNCTION else written_parameters(args)
        flags = self.flags
        if _never_returns(node):
            self.flags |= NEVER_RETURNS
        self.bind(node.name, BindingKind.FUNCTION, node, None, written, decorators=decorators)
        self.flags = flags
        scope = self.open_function(node.name, args)
        scope.statement = node
        first = first_parameter(args)
        if outer.kind is _CLASS:
            methods = self.open_classes[outer.class_index].methods
            if decorators:
                earlier = next((m.kind for m in reversed(methods) if m.name == node.name), None)
                kind = _method_kind(node.name, decorators, earlier)
            else:
                is_implicit = node.name in _IMPLICIT_CLASS_METHODS
                kind = MethodKind.CLASS if is_implicit else MethodKind.INSTANCE
            last = node.end_lineno or node.lineno
            methods.append(Method(node.name, node.lineno, kind, first, last))
            scope.method = (node.name, first, node.lineno)
            if node.name == "__new__":
                current = self.open_classes[outer.class_index]
                current.new_passes_on = current.new_passes_on is not False and passes_on(node)
            if node.body[-1].__class__ is ast.Raise and node.__class__ is ast.FunctionDef:
                self.refuse(node, decorators, self.open_classes[outer.class_index])
            if kind is MethodKind.INSTANCE or kind is MethodKind.CLASS:
                scope.first = first
                scope.is_class_method = kind is MethodKind.CLASS
                scope.class_index = outer.class_index
        flags, self.flags = self.flags, 0
        assigned, self.assigned = self.assigned, ()
        self.block(node.body)
        self.flags = flags
        self.assigned = assigned
        if outer.kind is _MODULE and not decorators and isinstance(node, ast.FunctionDef):
            self.class_maker(node, scope)
        self.close_function(scope)

    def refuse(self, node: ast.FunctionDef, decorators: tuple[str, ...], current: _Class) -> None:
        """A method that ends in `raise`: note it where nothing else can come of it."""
        is_accessor = node.name in _REFUSABLE or "property" in decorators
        if is_accessor and not any(isinstance(part, _OTHER_ENDS) for part in walk(*node.body)):
            error = node.body[-1].exc  # type: ignore[attr-defined]
            name = dotted_name(error.func if isinstance(error, ast.Call) else error)
            current.always_raising.append((node.lineno, name))

    def open_function(self, name: str, args: ast.arguments) -> Scope:
        scope = Scope(_FUNCTION, name, self.scope)
        scope.made_in = self.statement
        names = scope.names
        for arg in args.args:
            names.add(arg.arg)
        for arg in args.posonlyargs:
            names.add(arg.arg)
        for arg in args.kwonlyargs:
            names.add(arg.arg)
        if args.vararg:
            names.add(args.vararg.arg)
        if args.kwarg:
            names.add(args.kwarg.arg)
        self.scope = scope
        return scope

    def signature(self, args: ast.arguments) -> None:
        """Defaults and annotations are evaluated in the enclosing scope."""
        for default in args.defaults:
            self.expression(default)
        for kw_default in args.kw_defaults:
            if kw_default is not None:
                self.expression(kw_default)
        for arg in args.args:
            if arg.annotation is not None:
                self.expression(arg.annotation)
        if args.posonlyargs or args.kwonlyargs or args.vararg or args.kwarg:
            for other in (*args.posonlyargs, *args.kwonlyargs, args.vararg, args.kwarg):
                if other is not None and other.annotation is not None:
                    self.expression(other.annotation)

    def close_function(self, scope: Scope) -> None:
        parent = scope.parent
        assert parent is not None
        self.scope = parent
        scope.hand_on_reads()
        self.scopes.append(scope)
        around = next(scope.enclosing())
        names = scope.names
        own = scope.first if scope.first not in scope.rebound else ""
        for use in scope.pending:
            root = use[0]
            if root == own and own:
                self.access(scope, use, scope.is_class_method)
            elif root in scope.known and not use[8]:
                self.add_use(to_local(scope.known[root]) + use[1][len(root) :], use)
            elif root in names:
                if not use[2]:
                    self.dynamic_setters.add(scope.name)
                self.local_use(use)
            elif root == "__class__" and scope.class_index >= 0:
                self.access(scope, use, True)
            else:
                around.pending.append(use)

    def local_use(self, use: Use) -> None:
        """A use of an attribute of some object that a local name stands for."""
        if use[3] in _WRITES and use[2]:
            self.foreign.add(use[2])

    def access(self, scope: Scope, use: Use, is_class: bool) -> None:
        _, receiver, attribute, context, how, line, column, taken, by_class, by_setattr, at = use
        current = self.open_classes.get(scope.class_index)
        if current is None:
            return
        path = receiver.split(".")[1:]
        if context is Access.CALL:
            if is_class and not path:
                self.add_use(to_local(to_class(scope.class_index)), use, is_own_class=True)
            return
        if context is Access.MUTATE or context is Access.MUTATE_ITEM:
            if not is_class:
                of_item = context is Access.MUTATE_ITEM
                current.mutations.append(
                    Mutation(attribute, Change(how), of_item, scope.name, line, column)
                )
            return
        if path[:1] == ["__dict__"] or (not path and attribute in ("", "__dict__")):
            current.dynamic_instances = True
            current.dynamic_class |= is_class and not attribute
            if not path and attribute and not is_class and not by_class:
                current.dict_uses.append((line, column))
            return
        if not attribute:
            current.dynamic_class |= path == ["__class__"]
            return
        through_class = by_class or path == ["__class__"]
        if (path and not through_class) or (is_class and through_class):
            # An attribute of an attribute's value, or of the metaclass.
            if context is not Access.READ:
                self.foreign.add(attribute)
            return
        on_class = is_class or through_class
        if context is Access.READ and (not on_class or taken):
            return
        current.accesses.append(
            AttributeAccess(
                attribute,
                context,
                Receiver.CLASS if on_class else Receiver.INSTANCE,
                scope.name,
                line,
                column,
                by_setattr,
                first_line(at),
                at.end_lineno or at.lineno,
            )
        )

    def class_(self, node: ast.ClassDef) -> None:
        outer = self.scope
        decorators = tuple(decorator_text(item) for item in node.decorator_list)
        for item in (*node.decorator_list, *node.bases):
            self.expression(item)
        metaclass: str | None = None
        keywords: list[str] = []
        for keyword in node.keywords:
            self.expression(keyword.value)
            if keyword.arg == "metaclass":
                # A subscript is none, unlike that of a base.
                is_subscript = keyword.value.__class__ is ast.Subscript
                metaclass = "" if is_subscript else self.base(keyword.value)
            else:
                keywords.append(keyword.arg or "")
        index = len(self.open)
        self.open.append(None)
        bases = tuple(self.base(item) for item in node.bases)
        called = tuple(self.called_bases(node.bases)) if "" in bases else ()
        if "" in bases:
            for name, item in zip(bases, node.bases, strict=True):
                maker = dotted_name(item.func) if isinstance(item, ast.Call) else ""
                if not name and not maker.endswith("namedtuple"):
                    self.dynamic_bases.add("")
                    self.make_class(item)
        self.bind(node.name, BindingKind.CLASS, node, None, str(index))
        parent = -1
        in_function = False
        for scope in outer.around():
            if scope.kind is _CLASS and parent < 0 and not in_function:
                parent = scope.class_index
            if scope.kind is _FUNCTION:
                in_function = True

        current = self.open_classes[index] = _Class()
        inner = self.scope = Scope(_CLASS, node.name, outer)
        inner.class_index = index
        flags, self.flags = self.flags, 0
        assigned, self.assigned = self.assigned, ()
        class_name, self.class_name = self.class_name, node.name
        self.block(node.body)
        self.class_name = class_name
        self.flags = flags
        self.assigned = assigned
        self.scope = outer
        if current.slots is not None and _uses_slots(node.body):
            current.slots_known = False
        self.reconsider(current)
        inner.hand_on_reads()
        self.scopes.append(inner)
        enclosing = next(inner.enclosing())
        for use in inner.pending:
            if use[0] in inner.names:
                self.local_use(use)
            else:
                enclosing.pending.append(use)
        self.open[index] = ClassFacts(
            name=node.name,
            qualname=_qualname(outer, node.name),
            line=node.lineno,
            column=self.place(node),
            first_line=first_line(node),
            end_line=node.end_lineno or node.lineno,
            parent=parent,
            in_function=in_function,
            bases=bases,
            subscripted=tuple(
                number for number, item in enumerate(node.bases) if isinstance(item, ast.Subscript)
            ),
            called=called,
            metaclass=metaclass,
            keywords=tuple(keywords),
            decorators=decorators,
            body=tuple(
                binding._replace(name=mangled(binding.name, node.name))
                if binding.name.startswith("__")
                else binding
                for binding in current.bindings
            ),
            methods=tuple(current.methods),
            accesses=tuple(current.accesses),
            slots=(
                None
                if current.slots is None
                else tuple(mangled(slot, node.name) for slot in current.slots)
            ),
            slots_known=current.slots_known,
            dynamic_instances=current.dynamic_instances,
            dynamic_body=current.dynamic_body,
            flags=self.flags,
            accessors=tuple(current.accessors),
            always_raising=tuple(current.always_raising),
            slot_sources=current.slot_sources,
            dict_uses=tuple(current.dict_uses),
            decorator_keywords=tuple(map(_keywords, node.decorator_list)),
            mutations=tuple(current.mutations),
            dynamic_class=current.dynamic_class,
            new_passes_on=current.new_passes_on,
        )
        del self.open_classes[index]

    def called_bases(self, bases: Iterable[ast.expr]) -> Iterable[tuple[int, str]]:
        """See `ClassFacts.called`."""
        for number, item in enumerate(bases):
            if isinstance(item, ast.Call):
                name = self.made_by(item, item) or self.base(item.func)
                if name:
                    yield number, name

    def made_by(self, call: ast.Call, place: ast.expr) -> str:
        """Note a class that a call makes, as far as it is written down: its reference."""
        if dotted_name(call.func).rpartition(".")[2] not in MAKERS:
            return ""
        where = (place.lineno, self.place(place))
        found = made(call, where, self.base, lambda value: value_of(value)[0])
        if found is None:
            return ""
        self.made.append(found)
        return to_made(len(self.made) - 1)

    def class_maker(self, node: ast.FunctionDef, scope: Scope) -> None:
        """Note that a function of the module returns a class, wherever it returns."""
        last = node.body[-1]
        name = dotted_name(last.value) if isinstance(last, ast.Return) and last.value else ""
        is_local = name.partition(".")[0] in scope.names
        target = scope.known.get(name, "") if is_local else name
        if target and not any(
            not isinstance(part, ast.Return) or dotted_name(part.value or part) != name
            for part in own_nodes(*node.body)
            if isinstance(part, _RETURNS)
        ):
            self.class_makers.append((node.name, target))

    def reconsider(self, current: _Class) -> None:
        """Functions of a class body that turn out not to be given an instance first.

        Some are wrapped by a later statement (`f = staticmethod(f)`), some are there to be
        called in the class body itself, as a decorator mostly.
        """
        helpers = {
            binding.target for binding in current.bindings if binding.value is ValueKind.CALL
        }
        for binding in current.bindings:
            if binding.kind is BindingKind.FUNCTION:
                helpers.update(name.removesuffix("()") for name in binding.decorators)
        for number, method in enumerate(current.methods):
            kind = method.kind
            for decorator, name, same_name in current.wrapped:
                if name == method.name and kind is MethodKind.INSTANCE:
                    wrapped = _method_kind(name, (decorator,))
                    if same_name or wrapped in (MethodKind.CLASS, MethodKind.STATIC):
                        kind = wrapped
            is_helper = method.name in helpers and method.first_parameter != "self"
            if is_helper and kind is MethodKind.INSTANCE:
                kind = MethodKind.UNKNOWN
            if kind is not method.kind:
                current.methods[number] = method._replace(kind=kind)
                current.accesses = [
                    access
                    if access.method != method.name
                    else access._replace(receiver=Receiver.CLASS)
                    for access in current.accesses
                    if kind is MethodKind.CLASS or access.method != method.name
                ]
                current.mutations = [
                    mutation for mutation in current.mutations if mutation.method != method.name
                ]

    def base(self, node: ast.expr) -> str:
        """A base class as the module's namespace reaches it: see `ClassFacts.bases`."""
        while isinstance(node, ast.Subscript):  # Generic[T], list[int]
            node = node.value
        name = dotted_name(node)
        if not name:
            return ""
        root, _, rest = name.partition(".")
        for scope in self.scope.around():
            if scope.kind is _MODULE:
                break
            if root in scope.names and (scope is self.scope or scope.kind is _FUNCTION):
                if scope.kind is _FUNCTION:
                    return ""
                found = [
                    binding
                    for binding in self.open_classes[scope.class_index].bindings
                    if binding.name == root
                ]
                if len(found) == 1 and found[0].kind is BindingKind.CLASS and not rest:
                    return to_class(found[0].target)
                return ""
        return name

    # Expressions

    def expression(self, node: Any) -> None:
        # Most nodes are names and constants: they are dealt with where they are met, and never
        # reach the stack.
        scope = self.scope
        reads = scope.reads
        kind = node.__class__
        if kind is ast.Name:
            reads.add(node.id)
            return
        if kind is ast.Constant:
            return
        stack: list[Any] = [node]
        pop = stack.pop
        push = stack.append
        fields = _FIELDS
        nodes = self.nodes
        names = scope.names if scope.kind is not _MODULE else ()
        while stack:
            part = pop()
            kind = part.__class__
            if kind in nodes:
                nodes[kind].append((part, scope, self.statement))
            if kind is ast.Attribute:
                value = part.value
                if value.__class__ is ast.Name:
                    root = value.id
                    reads.add(root)
                    if (
                        root in names
                        and part.ctx.__class__ is ast.Load
                        and root not in scope.known
                        and part.attr[:2] != "__"
                        and not (scope.is_class_method and root == scope.first)
                    ):
                        continue  # of some object that a local name stands for
                self.attribute(part, push)
                continue
            if kind is ast.Call:
                func = part.func
                if func.__class__ is ast.Name:
                    reads.add(func.id)
                    if func.id in _TELLING_CALLS:
                        self.call(part, func.id)
                else:
                    push(func)
                    if func.__class__ is ast.Attribute:
                        owner = func.value
                        # Most classes have names that sort before the lower-case letters.
                        if owner.__class__ is ast.Name:
                            if owner.id < "a" or owner.id == "cls":
                                self.class_call(part, func, owner.id)
                        elif owner.__class__ is ast.Attribute:
                            if owner.attr < "a":
                                self.class_call(part, func, dotted_name(owner))
                            if func.attr in MUTATORS:
                                self.mutate(owner, MUTATORS[func.attr])
                        elif owner.__class__ is ast.Subscript and func.attr in MUTATORS:
                            self.mutate_item(owner, MUTATORS[func.attr])
                args = part.args
                if len(args) > 2 and args[1].__class__ is ast.Tuple:
                    self.make_class(args[1])
                for value in args:
                    kind = value.__class__
                    if kind is ast.Name:
                        reads.add(value.id)
                    elif kind is not ast.Constant:
                        push(value)
                if part.keywords:
                    stack += [keyword.value for keyword in part.keywords]
                continue
            if kind is ast.Name:
                reads.add(part.id)
                continue
            if kind is ast.Constant or part is None:
                continue
            if kind is ast.Lambda:
                self.lambda_(part)
                continue
            if kind in _COMPREHENSIONS:
                self.comprehension(part)
                continue
            if kind is ast.NamedExpr:
                self.walrus(part)
                part = part.value
                if part.__class__ is ast.Name:
                    reads.add(part.id)
                else:
                    push(part)
                continue
            values = part.__dict__
            for field in fields[kind]:
                value = values[field]
                kind = value.__class__
                if kind is ast.Name:
                    reads.add(value.id)
                elif kind is list:
                    for item in value:
                        if item.__class__ is ast.Name:
                            reads.add(item.id)
                        elif item.__class__ is not ast.Constant:
                            push(item)
                elif kind is not ast.Constant and value is not None:
                    push(value)

    def walrus(self, node: ast.NamedExpr) -> None:
        before = self.scope
        scope = self.scope = before.of_statements
        value, source = value_of(node.value)
        name = node.target.id
        if scope.kind is _FUNCTION and any(
            name == getattr(part, "id", "") for part in walk(node.value)
        ):  # what has bound it before isn't known: the walk goes from right to left
            self.read_first.append((scope, name))
        self.bind(name, BindingKind.WALRUS, node.target, value, source)
        if value is ValueKind.CALL and scope.kind is _CLASS:
            self.wrap([node.target], node.value)
        self.scope = before

    def attribute(self, node: ast.Attribute, push: Callable[[ast.AST], None]) -> None:
        context = node.ctx.__class__
        value = node.value
        attribute = node.attr
        if attribute[:2] == "__":
            if attribute == "__setattr__":
                self.fills_instances()
            elif attribute == "__metaclass__" and context is ast.Load:
                self.uses.add(("", attribute, Access.READ))
            attribute = mangled(attribute, self.class_name)
        scope = self.scope
        if value.__class__ is ast.Name:
            scope.reads.add(value.id)
            receiver = root = value.id
            by_class = False
            if (
                context is ast.Load
                and root in scope.names
                and root not in scope.known
                and scope.kind is not _MODULE
                and attribute != "__dict__"
                and not (scope.is_class_method and root == scope.first)
            ):
                return
        elif value.__class__ is ast.Attribute:
            receiver = dotted_name(value)
            push(value)
            if not receiver:
                if context is not ast.Load:
                    self.foreign.add(attribute)
                return
            root = receiver.partition(".")[0]
            by_class = False
            if (
                context is ast.Load
                and root in scope.names
                and root not in scope.known
                and scope.kind is not _MODULE
                and "__" not in receiver
            ):
                return
        else:
            push(value)
            if (
                isinstance(value, ast.Call)
                and isinstance(value.func, ast.Name)
                and value.func.id == "type"
                and len(value.args) == 1
                and isinstance(value.args[0], ast.Name)
            ):
                receiver = root = value.args[0].id
                by_class = True
            else:
                if context is not ast.Load:
                    self.foreign.add(attribute)
                return
        if context is ast.Load:
            kind = _READ
        elif context is ast.Del:
            kind = Access.DELETE
        elif node is self.aug_target:
            kind = Access.AUGMENT
        elif id(node) in self.rebuilt:
            kind = Access.REBUILD
        else:
            kind = _SET
        taken = kind is _READ and (
            scope.name == "__init__" or any(assigned == node.attr for _, assigned in self.assigned)
        )
        scope.pending.append(
            (
                root,
                receiver,
                attribute,
                kind,
                self.callee if kind is _SET else "",
                node.lineno,
                self.column(node.lineno, node.col_offset),
                taken,
                by_class,
                False,
                self.statement,
            )
        )

    def fills_instances(self) -> None:
        """`object.__setattr__(self, …)`, `super().__setattr__(…)` in a method."""
        for scope in self.scope.around():
            if scope.kind is _FUNCTION and scope.class_index >= 0:
                self.open_classes[scope.class_index].dynamic_instances = True
                return

    def call(self, node: ast.Call, name: str) -> None:
        """A call of something that has a name of its own."""
        args = node.args
        if name == "setattr" or name == "delattr":
            if len(args) < 2 or node.keywords:
                return
            receiver, key = dotted_name(args[0]), args[1]
            literal = isinstance(key, ast.Constant) and isinstance(key.value, str)
            attribute = str(key.value) if literal else ""  # type: ignore[attr-defined]
            if not receiver:
                if attribute:
                    self.foreign.add(attribute)
                return
            called = ""
            if name == "setattr" and args[-1].__class__ is ast.Call:
                called = self.replaced_by(receiver, args[-1])
            self.scope.pending.append(
                (
                    receiver.partition(".")[0],
                    receiver,
                    attribute,
                    Access.SET if name == "setattr" else Access.DELETE,
                    called,
                    node.lineno,
                    self.place(node),
                    False,
                    False,
                    True,
                    self.statement,
                )
            )
        elif name == "type":
            if len(args) == 3 and not isinstance(args[1], ast.Tuple):
                self.dynamic_bases.add("")
        elif name == "getattr" or name == "hasattr":
            if len(args) > 1 and getattr(args[1], "value", "") == "__metaclass__":
                self.uses.add(("", "__metaclass__", Access.READ))
        elif name == "vars" and len(args) == 1:
            receiver = dotted_name(args[0])
            if receiver:
                self.scope.pending.append(
                    (
                        receiver,
                        receiver,
                        "__dict__",
                        Access.SET,
                        "",
                        node.lineno,
                        self.place(node),
                        False,
                        False,
                        False,
                        self.statement,
                    )
                )
        elif name == "exec" and len(args) > 1 and getattr(args[1], "value", "") is not None:
            pass  # what it binds goes into that dictionary; `globals()` says so itself
        elif name in ("locals", "vars", "exec", "globals"):
            if self.scope.kind is _CLASS:
                self.open_classes[self.scope.class_index].dynamic_body = True
            if (name != "locals" and name != "vars") or self.scope.kind is _MODULE:
                self.dynamic_namespace = True
        elif name == "super" and (args or node.keywords or not self.scope.first):
            self.supers.append((node.lineno, self.place(node)))

    def class_call(self, node: ast.Call, func: ast.Attribute, receiver: str) -> None:
        """A call through what has the name of a class, unless it passes `self` itself."""
        args = node.args
        if args and args[0].__class__ is ast.Name and args[0].id == "self":
            return
        arguments = arguments_of(node)
        if receiver and not arguments.is_open:
            self.scope.pending.append(
                (
                    receiver.partition(".")[0],
                    receiver,
                    mangled(func.attr, self.class_name),
                    Access.CALL,
                    written_arguments(arguments),
                    func.lineno,
                    self.place(func),
                    False,
                    False,
                    False,
                    self.statement,
                )
            )

    def item(self, target: ast.expr, how: Change) -> None:
        """A target that may be an item of an attribute's value."""
        if target.__class__ is ast.Subscript:
            if target.value.__class__ is ast.Attribute:
                self.mutate(target.value, how)
            elif target.value.__class__ is ast.Subscript:
                self.mutate_item(target.value, how)

    def mutate_item(self, node: ast.Subscript, how: Change) -> None:
        """An item of an attribute's value is changed in place, or an item of such an item."""
        inner: ast.expr = node
        while inner.__class__ is ast.Subscript:
            inner = inner.value
        if inner.__class__ is ast.Attribute:
            self.mutate(inner, how, Access.MUTATE_ITEM)

    def mutate(self, node: ast.Attribute, how: Change, access: Access = Access.MUTATE) -> None:
        """The value of an attribute is changed in place: see `Mutation`."""
        value, scope = node.value, self.scope
        if value.__class__ is not ast.Name or scope.kind is _MODULE or scope.kind is _CLASS:
            return
        root = value.id
        if root in scope.names and root != scope.first:
            return
        scope.pending.append(
            (
                root,
                root,
                mangled(node.attr, self.class_name),
                access,
                how,
                node.lineno,
                self.place(node),
                False,
                False,
                False,
                self.statement,
            )
        )

    def make_class(self, bases: ast.expr) -> None:
        """What may be the bases of a class that a call makes."""
        self.dynamic_bases.update(filter(None, map(dotted_name, walk(bases))))

    def lambda_(self, node: ast.Lambda) -> None:
        self.signature(node.args)
        scope = self.open_function("<lambda>", node.args)
        self.expression(node.body)
        self.close_function(scope)

    def comprehension(self, node: Any) -> None:
        # The first iterable is evaluated outside
        # (https://docs.python.org/3/reference/expressions.html#displays-for-lists-sets-and-dictionaries).
        self.expression(node.generators[0].iter)
        outer = self.scope
        scope = self.scope = Scope(_COMPREHENSION, outer.name, outer)
        for number, generator in enumerate(node.generators):
            if number:
                self.expression(generator.iter)
            for part in _flat(generator.target):
                if isinstance(part, ast.Name):
                    scope.names.add(part.id)
                else:
                    self.expression(part)
            for test in generator.ifs:
                self.expression(test)
        if isinstance(node, ast.DictComp):
            self.expression(node.key)
            self.expression(node.value)
        else:
            self.expression(node.elt)
        self.scope = outer
        scope.hand_on_reads()
        self.scopes.append(scope)
        for use in scope.pending:
            if use[0] in scope.names:
                self.local_use(use)
            else:
                outer.pending.append(use)

    def close_module(self) -> None:
        self.classes = [found for found in self.open if found is not None]
        self.open.clear()
        for use in self.scope.pending:
            if not use[8]:
                self.add_use(use[1], use)
        # `__all__.append(…)` and its like.
        if self.dunder_all is not None and any(use[0] == "__all__" for use in self.uses):
            self.dunder_all_known = False

    def add_use(self, receiver: str, use: Use, *, is_own_class: bool = False) -> None:
        _, _, attribute, context, how, line, column, taken, _, _, statement = use
        if not attribute:
            if context is not Access.DELETE:
                self.uses.add((receiver, "", Access.SET))
            return
        if taken:
            if is_local_reference(receiver) or use[0] in self.imported:
                self.taken.add((receiver, attribute))
            return
        if context is Access.CALL:
            self.class_calls.append(
                ClassCall(
                    receiver,
                    attribute,
                    how,
                    is_own_class,
                    line,
                    column,
                    first_line(statement),
                    statement.end_lineno or statement.lineno,
                )
            )
            return
        if context is _SET:
            if how:
                self.makers.add((receiver, attribute, how))
        elif context is not _READ and context is not Access.DELETE:
            context = _SET
        self.uses.add((receiver, attribute, context))


class _Fields(dict[type, tuple[str, ...]]):
    """The fields of a node class in which expressions can stand."""

    _without = frozenset(
        {"arg", "attr", "conversion", "ctx", "id", "is_async", "kind", "op", "ops", "str"}
    )

    def __missing__(self, kind: type) -> tuple[str, ...]:
        names = getattr(kind, "_fields", ())
        fields = self[kind] = tuple(name for name in names if name not in self._without)
        return fields


_FIELDS = _Fields()
_READ, _SET = Access.READ, Access.SET
_WRITES = frozenset({Access.SET, Access.AUGMENT, Access.REBUILD, Access.DELETE})
_KNOWN_KINDS = frozenset({BindingKind.CLASS, BindingKind.FROM, BindingKind.IMPORT})
_TELLING_CALLS = frozenset(
    {
        *("delattr", "exec", "getattr", "globals", "hasattr", "locals", "setattr", "super"),
        *("type", "vars"),
    }
)
_IMPORTS = (ast.Import, ast.ImportFrom)
_IMPORT_ERRORS = CATCHES["ImportError"] | CATCHES["ModuleNotFoundError"]
_COMPREHENSIONS = frozenset({ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp})


def _local_name(kind: BindingKind, target: str) -> str:
    """What a function binds, in the form that `ModuleFacts.attribute_uses` gives it."""
    if kind is BindingKind.CLASS:
        return to_class(target)
    return target if kind is BindingKind.FROM else to_imported(target)


def _flat(target: ast.expr) -> Iterable[ast.expr]:
    if isinstance(target, (ast.Tuple, ast.List)):
        for item in target.elts:
            yield from _flat(item)
    elif isinstance(target, ast.Starred):
        yield from _flat(target.value)
    else:
        yield target


def _reads_operand(value: ast.expr, target: ast.Attribute) -> bool:
    """Is `value` an operation with `target`'s own attribute as an operand, however deep?"""
    if not isinstance(value, ast.BinOp) or not isinstance(target.value, ast.Name):
        return False
    operands: list[ast.expr] = [value]
    while operands:
        operand = operands.pop()
        if isinstance(operand, ast.BinOp):
            operands += (operand.left, operand.right)
        elif (
            isinstance(operand, ast.Attribute)
            and operand.attr == target.attr
            and isinstance(operand.value, ast.Name)
            and operand.value.id == target.value.id
        ):
            return True
    return False


def _passed(body: list[ast.stmt]) -> set[tuple[str, str]]:
    """See `ModuleFacts.escaping_arguments`."""
    found: set[tuple[str, str]] = set()
    waiting: list[Any] = list(body)
    while waiting:
        statement = waiting.pop()
        if isinstance(statement, ast.Expr):
            call = statement.value
            if isinstance(call, ast.Call):
                values = [*call.args, *(keyword.value for keyword in call.keywords)]
                called = dotted_name(call.func)
                found.update((name, called) for name in map(dotted_name, values) if name)
        elif isinstance(statement, (ast.If, ast.For, ast.With, ast.Try, ast.While)):
            if isinstance(statement, ast.For):
                # What the loop does with its variable it does with each of them.
                items = getattr(statement.iter, "elts", ())
                found.update((name, "") for name in map(dotted_name, items) if name)
            waiting += statement.body
            waiting += getattr(statement, "orelse", ())
    return found


def _only_imports(node: ast.Try) -> bool:
    """Does nothing in the body of a `try` fail but its imports?"""
    return any(isinstance(part, _IMPORTS) for part in node.body) and all(
        isinstance(part, (*_IMPORTS, ast.Pass))
        or (
            isinstance(part, ast.Assign)
            and isinstance(part.targets[0], ast.Name)
            and value_of(part.value)[0] in (ValueKind.NAME, *_PLAIN)
        )
        for part in node.body
    )


def _several(bindings: Iterable[Binding]) -> bool:
    """Does one name have several bindings?"""
    names = [binding.name for binding in bindings]
    return len(set(names)) < len(names)


def _uses_slots(body: list[ast.stmt]) -> bool:
    """Does a class body use its `__slots__` otherwise than by assigning it?"""
    return any(
        isinstance(node, ast.Name) and node.id == "__slots__" and isinstance(node.ctx, ast.Load)
        for statement in body
        if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef))
        for node in walk(statement)
    )


def _keywords(decorator: ast.expr) -> str:
    """See `ClassFacts.decorator_keywords`."""
    words: list[str] = []
    for keyword in decorator.keywords if isinstance(decorator, ast.Call) else ():
        value = keyword.value
        shown = repr(value.value) if isinstance(value, ast.Constant) else "…"
        words.append(f"{keyword.arg}={shown}" if keyword.arg else "**")
    return " ".join(words)


def _chunks(body: list[ast.stmt]) -> tuple[tuple[int, int], ...]:
    """The line ranges of the top-level statements; those that share a line share a range."""
    chunks: list[tuple[int, int]] = []
    for statement in body:
        first = first_line(statement)
        last = statement.end_lineno or first
        if chunks and chunks[-1][1] >= first:
            chunks[-1] = (chunks[-1][0], last)
        else:
            chunks.append((first, last))
    return tuple(chunks)


def _never_returns(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Does a function say, or show by its lines, that no call of it returns?"""
    if node.returns is not None:
        name = dotted_name(node.returns).rpartition(".")[2]
        return name == "NoReturn" or name == "Never"
    return (
        node.body[-1].__class__ is ast.Raise
        and node.__class__ is ast.FunctionDef
        and not any(isinstance(part, _RETURNS) for part in walk(*node.body))
    )


def _method_kind(
    name: str, decorators: tuple[str, ...], earlier: MethodKind | None = None
) -> MethodKind:
    """What a method's first parameter receives.

    `earlier` is the kind of an earlier method of the same name in the class, if any.
    """
    if "staticmethod" in decorators:
        return MethodKind.STATIC
    if "classmethod" in decorators or "abc.abstractclassmethod" in decorators:
        return MethodKind.CLASS
    if name in _IMPLICIT_CLASS_METHODS:
        return MethodKind.CLASS
    for decorator in decorators:
        if decorator in _INSTANCE_DECORATORS:
            continue
        if decorator.endswith(_ACCESSOR_SUFFIXES) and earlier in (None, MethodKind.INSTANCE):
            continue  # `@x.setter`, unless `x` is known to be something else than a property
        # A decorator may pass on anything, a class under the name of `self`, too.
        return MethodKind.UNKNOWN
    return MethodKind.INSTANCE


def _qualname(scope: Scope, name: str) -> str:
    parts = [name]
    for around in scope.around():
        if around.kind is _FUNCTION:
            parts.append("<locals>")
        if around.kind is _FUNCTION or around.kind is _CLASS:
            parts.append(around.name)
    return ".".join(reversed(parts))


def _utf8_lines(text: str) -> list[bytes]:
    data = text.encode("utf-8", "surrogatepass")
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")


_CORE = (own_names, loaders, loads)


def collect(
    tree: ast.Module, text: str, *, is_python3: bool = True, tables: Iterable[Table] = ()
) -> ModuleFacts:
    """Read the facts of one module.

    Args:
        tree: the module's syntax tree.
        text: the text that it was parsed from, for columns in characters.
        is_python3: False where that is a translation.
        tables: what to note for rules.
    """
    core = applying(_CORE, text)
    extractors = applying(tables, text)
    wanted = {kind for extractor in (*core, *extractors) for kind in extractor.nodes}
    collector = _Collector(tree, text, wanted)
    fields = {each.name: tuple(sorted(set(each.rows(collector)))) for each in core}
    rows = {
        each.name: tuple(dict.fromkeys(map(tuple, each.rows(collector)))) for each in extractors
    }
    # Its methods refer to it: nothing collects such cycles while files are read.
    collector.statements.clear()
    return ModuleFacts(
        bindings=tuple(collector.bindings),
        imports=tuple(collector.imports),
        classes=tuple(collector.classes),
        attribute_uses=tuple(sorted(collector.uses)),
        attribute_makers=tuple(sorted(collector.makers)),
        external_attribute_writes=tuple(sorted(collector.foreign)),
        dunder_all=collector.dunder_all,
        dunder_all_known=collector.dunder_all_known,
        future=tuple(collector.future),
        has_main_guard=collector.has_main_guard,
        has_shebang=text.startswith("#!"),
        dynamic_namespace=collector.dynamic_namespace,
        statements=collector.chunks,
        is_python3=is_python3,
        dynamic_bases=tuple(sorted(collector.dynamic_bases)),
        escaping_arguments=tuple(sorted(_passed(tree.body))),
        class_calls=tuple(collector.class_calls),
        supers=tuple(collector.supers),
        dynamic_setters=tuple(sorted(collector.dynamic_setters)),
        made=tuple(collector.made),
        class_makers=tuple(collector.class_makers),
        blocks=tuple(collector.blocks) if _several(collector.bindings) else (),
        tables={name: found for name, found in rows.items() if found},
        **fields,
    )
