"""What only a whole function tells about a construct: where a name goes, what a value is.

Python 3 unbinds the name of an `except` clause where the clause ends (Language Reference, "The
try statement"); Python 2 doesn't. Python 2's `raise E, v` raises `v` itself where it is an `E`.
"""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import Literal, NamedTuple

from ...source.ast_nodes import child_nodes, walk
from ...source.scopes import Scope, ScopeKind, Scopes

Verdict = Literal["instance", "plain"]


class Question(NamedTuple):
    """Something to know about the `except` clause or `raise` statement at an offset.

    `exception` is None for an `except` clause: is `value`, its name, used behind it? Otherwise
    it is the class that is raised (empty where there is only a value): what is `value`?
    """

    start: int
    value: str
    exception: str | None


class Verdicts(NamedTuple):
    """The answers, by offset: clauses whose name is used behind them; what a raised value is
    (an exception of the class that is raised, or surely none, and no tuple and no None)."""

    leaking: frozenset[int] = frozenset()
    raised: dict[int, Verdict] = {}  # noqa: RUF012 - a tuple's default; it is never changed


# Python 2's built-in exceptions that have a subclass among them, by base.
_PYTHON2_BASES = {
    "StandardError": "Exception",
    "ArithmeticError": "StandardError",
    "AssertionError": "StandardError",
    "AttributeError": "StandardError",
    "BufferError": "StandardError",
    "EOFError": "StandardError",
    "EnvironmentError": "StandardError",
    "Exception": "BaseException",
    "FloatingPointError": "ArithmeticError",
    "GeneratorExit": "BaseException",
    "IOError": "EnvironmentError",
    "ImportError": "StandardError",
    "IndentationError": "SyntaxError",
    "IndexError": "LookupError",
    "KeyError": "LookupError",
    "KeyboardInterrupt": "BaseException",
    "LookupError": "StandardError",
    "MemoryError": "StandardError",
    "NameError": "StandardError",
    "NotImplementedError": "RuntimeError",
    "OSError": "EnvironmentError",
    "OverflowError": "ArithmeticError",
    "ReferenceError": "StandardError",
    "RuntimeError": "StandardError",
    "StopIteration": "Exception",
    "SyntaxError": "StandardError",
    "SystemError": "StandardError",
    "SystemExit": "BaseException",
    "TabError": "IndentationError",
    "TypeError": "StandardError",
    "UnboundLocalError": "NameError",
    "UnicodeDecodeError": "UnicodeError",
    "UnicodeEncodeError": "UnicodeError",
    "UnicodeError": "ValueError",
    "UnicodeTranslateError": "UnicodeError",
    "ValueError": "StandardError",
    "ZeroDivisionError": "ArithmeticError",
}
_PLAIN_CALLS = frozenset({"str", "repr", "int", "len", "unicode", "format", "list", "dict"})

_ATTRIBUTE_METHODS = frozenset({"__getattr__", "__getattribute__", "__setattr__", "__delattr__"})

_Block = tuple[int, ...]
_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


class _Use(NamedTuple):
    """Where a name is bound or read: places are numbered in the order they run, blocks and loops
    are those around it, the outermost first."""

    place: int
    block: _Block
    loops: _Block


class _Binding(NamedTuple):
    """A name is bound to a value, or to one item of it; the value is None where it isn't known."""

    use: _Use
    value: ast.expr | None
    item: int | None


class _Handler(NamedTuple):
    """An `except` clause that binds a name, from its first place to its last."""

    node: ast.ExceptHandler
    start: int
    end: int
    loops: _Block
    # Nothing runs in this scope behind it.
    leaves: bool


@dataclass
class _Variable:
    """One name in one scope; it escapes where code outside of the scope can see it."""

    bindings: list[_Binding] = field(default_factory=list)
    reads: list[_Use] = field(default_factory=list)
    handlers: dict[ast.ExceptHandler, _Handler] = field(default_factory=dict)
    escapes: bool = False

    @cached_property
    def _bound_before(self) -> list[_Use | None]:
        """For each read, the last binding that every way to it passes."""
        return [self._last_binding(read) for read in self.reads]

    @cached_property
    def _earliest_bound(self) -> list[int]:
        """For each read, the earliest place where it or a later one has been bound."""
        places = [use.place if use else 0 for use in self._bound_before]
        return list(accumulate(reversed(places), min))[::-1]

    def _last_binding(self, read: _Use) -> _Use | None:
        first_behind = bisect_left(self.bindings, read.place, key=lambda b: b.use.place)
        for binding in reversed(self.bindings[:first_behind]):
            block = binding.use.block
            if block == read.block[: len(block)]:
                return binding.use
        return None

    def is_read_behind(self, handler: _Handler) -> bool:
        """Can a read run behind the handler without passing another binding?"""
        first_behind = bisect_left(self.reads, handler.end, key=lambda read: read.place)
        if first_behind < len(self.reads) and self._earliest_bound[first_behind] < handler.end:
            return True
        if not handler.loops:
            return False
        # The loops come back to reads before the handler; they are numbered as places are.
        first_before = bisect_left(self.reads, handler.loops[0], key=lambda read: read.place)
        for position in range(first_before, first_behind):
            read, bound = self.reads[position], self._bound_before[position]
            common = _common(handler.loops, read.loops)
            in_loop = bound is not None and bound.loops[: len(common)] == common
            if read.place < handler.start and common and not in_loop:
                return True
        return False


_Variables = dict[tuple[Scope, str], _Variable]
"""By the scope that has the variable, and the name."""


class _Found(NamedTuple):
    """A handler or a `raise` statement, for the questions about it."""

    node: ast.ExceptHandler | ast.Raise
    scope: Scope
    place: int


def answer(
    questions: Iterable[Question],
    tree: ast.Module,
    original_offset: Callable[[ast.ExceptHandler | ast.Raise], int],
) -> Verdicts:
    """Answer what can be told from the tree of the text as it was translated without answers.

    `original_offset` gives the place of a node in the original text.
    """
    asked = {question.start: question for question in questions}
    names = {name for question in asked.values() for name in (question.value, question.exception)}
    walker = _Walker(tree, {name for name in names if name})
    walker.block(tree.body)
    leaking: set[int] = set()
    raised: dict[int, Verdict] = {}
    for found in walker.found:
        start = original_offset(found.node)
        question = asked.get(start)
        if question is None:
            continue
        if isinstance(found.node, ast.ExceptHandler):
            if _leaks(walker.variables, found, question.value):
                leaking.add(start)
        elif verdict := _raised(walker.variables, found, question):
            raised[start] = verdict
    return Verdicts(frozenset(leaking), raised)


def _leaks(variables: _Variables, found: _Found, name: str) -> bool:
    """Is the name of the clause read behind it, where nothing has bound it again?"""
    variable = variables.get((found.scope, name))
    if variable is None or not isinstance(found.node, ast.ExceptHandler):
        return True
    handler = variable.handlers.get(found.node)
    if handler is None or variable.escapes or found.scope.kind is ScopeKind.CLASS:
        return True
    if handler.leaves:
        return False
    return variable.is_read_behind(handler)


def _common(first: _Block, second: _Block) -> _Block:
    length = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        length += 1
    return first[:length]


def _raised(variables: _Variables, found: _Found, question: Question) -> Verdict | None:
    """What the value of a `raise` statement is."""
    assert question.exception is not None
    variable = variables.get((found.scope, question.value))
    if variable is None:
        return None
    around = [h for h in variable.handlers.values() if h.start <= found.place <= h.end]
    if around:
        handler = max(around, key=lambda handler: handler.start)
        rebound = any(handler.start < b.use.place < handler.end for b in variable.bindings)
        return None if rebound else _caught(handler, question.exception)
    if variable.escapes or not variable.bindings:
        return None
    class_ = variables.get((found.scope, question.exception))
    verdicts = {_bound_value(class_, b, question.exception) for b in variable.bindings}
    return verdicts.pop() if len(verdicts) == 1 else None


def _caught(handler: _Handler, exception: str) -> Verdict | None:
    if not exception:
        return "instance"
    type_ = handler.node.type
    if type_ is None:
        return None
    parts = type_.elts if isinstance(type_, ast.Tuple) else [type_]
    caught = [ast.unparse(part) for part in parts]
    if all(exception in _with_bases(name) for name in caught):
        return "instance"
    known = exception in _PYTHON2_BASES and all(name in _PYTHON2_BASES for name in caught)
    if known and not any(
        exception in _with_bases(name) or name in _with_bases(exception) for name in caught
    ):
        return "plain"
    return None


def _with_bases(name: str) -> Iterator[str]:
    """A class and, where it is built in, its bases in Python 2."""
    yield name
    while name in _PYTHON2_BASES:
        name = _PYTHON2_BASES[name]
        yield name


def _bound_value(class_: _Variable | None, binding: _Binding, exception: str) -> Verdict | None:
    """What a variable is bound to; `class_` is the variable that is named as the exception."""
    value = binding.value
    if value is None:
        return None
    if binding.item is not None:
        if binding.item == 1 and _is_exc_info(value) and class_ is not None:
            pairs = any(other.value is value and other.item == 0 for other in class_.bindings)
            return "instance" if pairs and len(class_.bindings) == 1 else None
        return None
    if isinstance(value, ast.Call) and exception and ast.unparse(value.func) == exception:
        return "instance"
    return "plain" if _is_plain(value) and exception else None


def _is_exc_info(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and ast.unparse(value.func) in ("sys.exc_info", "exc_info")


def _is_plain(value: ast.expr) -> bool:
    """Surely no tuple, no None and no exception."""
    match value:
        case ast.Constant():
            return value.value is not None
        case ast.BinOp(op=ast.Mod()):
            return _is_plain(value.left)
        case ast.BinOp(op=ast.Add()):
            return _is_plain(value.left) or _is_plain(value.right)
        case ast.Call(func=ast.Name(id=name)):
            return name in _PLAIN_CALLS
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str()))):
            return True
        case ast.List() | ast.Dict() | ast.Set() | ast.ListComp() | ast.DictComp() | ast.SetComp():
            return True
    return False


class _Walker:
    """Notes where some names are bound and read, in the order in which it runs."""

    def __init__(self, tree: ast.Module, names: set[str]) -> None:
        self.found: list[_Found] = []
        self.variables: _Variables = {}
        self._names = names
        self._scopes = Scopes(tree)
        self._scope = self._scopes.module
        self._block: _Block = ()
        self._loops: _Block = ()
        self._place = 0
        self._tries = 0

    def block(self, body: list[ast.stmt]) -> None:
        for statement in body:
            self._statement(statement)

    def _next(self) -> int:
        self._place += 1
        return self._place

    def _use(self) -> _Use:
        return _Use(self._next(), self._block, self._loops)

    def _variable(self, name: str) -> _Variable:
        scope = self._scope
        owner = scope if scope.owns(name) else scope.find(name) or scope
        variable = self.variables.setdefault((owner, name), _Variable())
        if owner is not scope:
            variable.escapes = True
        return variable

    def _read(self, name: str) -> None:
        if name in self._names:
            self._variable(name).reads.append(self._use())

    def _bind(
        self, name: str | None, value: ast.expr | None = None, item: int | None = None
    ) -> None:
        if name in self._names and name is not None:
            self._variable(name).bindings.append(_Binding(self._use(), value, item))

    @contextmanager
    def _inside(self, loop: bool = False) -> Iterator[None]:
        """A block that may not run, or run again."""
        before = self._block, self._loops
        number = self._next()
        self._block = (*self._block, number)
        if loop:
            self._loops = (*self._loops, number)
        yield
        self._block, self._loops = before

    @contextmanager
    def _in_scope_of(self, node: ast.AST) -> Iterator[None]:
        before = self._scope, self._block, self._loops, self._tries
        self._scope = self._scopes.of[node]
        self._block, self._loops, self._tries = (), (), 0
        yield
        self._scope, self._block, self._loops, self._tries = before

    def _statement(self, node: ast.stmt) -> None:
        match node:
            case ast.FunctionDef():
                self._expressions(node.decorator_list)
                self._function(node, node.name)
                self._bind(node.name)
            case ast.ClassDef():
                self._expressions([*node.decorator_list, *node.bases])
                with self._in_scope_of(node):
                    self.block(node.body)
                self._bind(node.name)
            case ast.For():
                self._expression(node.iter)
                with self._inside(loop=True):
                    self._target(node.target)
                    self.block(node.body)
                with self._inside():
                    self.block(node.orelse)
            case ast.While():
                with self._inside(loop=True):
                    self._expression(node.test)
                    self.block(node.body)
                with self._inside():
                    self.block(node.orelse)
            case ast.If():
                self._expression(node.test)
                for body in (node.body, node.orelse):
                    with self._inside():
                        self.block(body)
            case ast.With():
                for item in node.items:
                    self._expression(item.context_expr)
                    if item.optional_vars:
                        self._target(item.optional_vars)
                self.block(node.body)
            case ast.Try():
                self._try(node)
            case ast.Assign():
                self._expression(node.value)
                for target in node.targets:
                    self._target(target, node.value)
            case ast.AugAssign():
                self._expression(node.value)
                if isinstance(node.target, ast.Name):
                    self._read(node.target.id)
                # What is added to a string is one; what is formatted is one as well.
                value = ast.Constant("") if isinstance(node.op, ast.Mod) else node.value
                is_known = isinstance(node.op, ast.Add | ast.Mod)
                self._target(node.target, value if is_known else None)
            case ast.Import() | ast.ImportFrom():
                for alias in node.names:
                    self._bind(alias.asname or alias.name.partition(".")[0])
            case ast.Delete():
                for name in walk(node):
                    if isinstance(name, ast.Name):
                        self._read(name.id)
            case _:
                self._expressions(
                    child for child in child_nodes(node) if isinstance(child, ast.expr)
                )
                if isinstance(node, ast.Raise):
                    self.found.append(_Found(node, self._scope, self._place))

    def _try(self, node: ast.Try) -> None:
        self._tries += 1
        with self._inside():
            self.block(node.body)
        for handler in node.handlers:
            if handler.type:
                self._expression(handler.type)
            with self._inside():
                self._handler(handler, bool(node.finalbody))
        for body in (node.orelse, node.finalbody):
            with self._inside():
                self.block(body)
        self._tries -= 1

    def _handler(self, node: ast.ExceptHandler, has_finally: bool) -> None:
        name = node.name
        if name is None or name not in self._names:
            self.block(node.body)
            return
        variable = self._variable(name)
        start = self._next()
        self.found.append(_Found(node, self._scope, start))
        variable.bindings.append(_Binding(_Use(start, self._block, self._loops), None, None))
        self.block(node.body)
        ends = isinstance(node.body[-1], ast.Return | ast.Raise)
        leaves = ends and self._tries == 1 and not has_finally
        variable.handlers[node] = _Handler(node, start, self._next(), self._loops, leaves)

    def _function(self, node: ast.FunctionDef | ast.Lambda, function_name: str = "") -> None:
        arguments = node.args
        self._expressions(arguments.defaults)
        with self._in_scope_of(node):
            for position, argument in enumerate(arguments.args):
                # Python calls these methods with the name of an attribute.
                is_name = position == 1 and function_name in _ATTRIBUTE_METHODS
                self._bind(argument.arg, ast.Constant("") if is_name else None)
            for other in (arguments.vararg, arguments.kwarg):
                self._bind(other.arg if other else None)
            if isinstance(node, ast.Lambda):
                self._expression(node.body)
            else:
                self.block(node.body)

    def _target(self, node: ast.expr, value: ast.expr | None = None) -> None:
        match node:
            case ast.Name():
                self._bind(node.id, value)
            case ast.Tuple() | ast.List():
                for item, element in enumerate(node.elts):
                    if isinstance(element, ast.Name):
                        self._bind(element.id, value, item)
                    else:
                        self._target(element)
            case _:
                self._expression(node)

    def _expressions(self, nodes: Iterable[ast.expr]) -> None:
        for node in nodes:
            self._expression(node)

    def _expression(self, node: ast.AST) -> None:
        match node:
            case ast.Name():
                self._read(node.id)
            case ast.Lambda():
                self._function(node)
            case ast.GeneratorExp():
                self._expression(node.generators[0].iter)
                with self._in_scope_of(node):
                    self._comprehension(node, [node.elt])
            case ast.ListComp() | ast.SetComp():
                self._expression(node.generators[0].iter)
                self._comprehension(node, [node.elt])
            case ast.DictComp():
                self._expression(node.generators[0].iter)
                self._comprehension(node, [node.key, node.value])
            case _:
                for child in child_nodes(node):
                    self._expression(child)

    def _comprehension(self, node: _Comprehension, parts: list[ast.expr]) -> None:
        """All but the first iterable, which is evaluated outside; its own names are no others'."""
        before = self._names
        self._names = before - self._scopes.of[node].bound.keys()
        for position, clause in enumerate(node.generators):
            self._expressions([*([clause.iter] if position else []), *clause.ifs])
        self._expressions(parts)
        self._names = before
