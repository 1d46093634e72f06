"""Which functions made in a loop or comprehension outlive the iteration that makes them.

A function is followed from the place where it is made to its holder: a container from outside of
the loop, the list that a comprehension makes, an object that the loop goes over, a call that keeps
it. What a call does with a function is known where the callee is found (`_callees`); where it
isn't, names that mean registration everywhere (`command=`, `connect`, `on_click`) count, and the
message says that it goes by the name. Any other call may be done with the function when it
returns, so nothing is said.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from heapq import heapify, heappop, heappush

from pyconcepts_lint.analysis.flow import Way, ways_from
from pyconcepts_lint.analysis.values import captured_names
from pyconcepts_lint.base.typed import TYPE_CHECKING, NamedTuple
from pyconcepts_lint.index.collect import dotted_name
from pyconcepts_lint.index.facts import BindingKind, MethodKind
from pyconcepts_lint.index.kinds import AttributeKind
from pyconcepts_lint.index.model import Module, SourceClass, Value
from pyconcepts_lint.rule_api.file import FileContext, Range
from pyconcepts_lint.rules.closures._callees import (
    is_for_later,
    is_registering_decorator,
    is_registration,
)
from pyconcepts_lint.rules.closures._facts import PUTS, captures, kept_parameters
from pyconcepts_lint.source.ast_nodes import (
    COMPREHENSIONS,
    SCOPES,
    child_nodes,
    own_nodes,
    walk,
)

if TYPE_CHECKING:
    from typing import TypeAlias

Made: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda"
Turns: TypeAlias = (
    "ast.For | ast.AsyncFor | ast.While | ast.ListComp | ast.SetComp | ast.DictComp"
    " | ast.GeneratorExp"
)

Loop: TypeAlias = "ast.For | ast.AsyncFor | ast.While"

_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_PUTS_ALL = frozenset({"extend", "extendleft", "update"})
# Functions that go through an iterable at once and keep what it gives.
_COLLECT = frozenset({"list", "tuple", "set", "frozenset", "dict", "deque", "OrderedDict"})
# Calls whose result holds the function that they are given.
_WRAP = frozenset(
    {
        *("MethodType", "asynccontextmanager", "cache", "cached_property", "classmethod"),
        *("contextmanager", "lru_cache", "partial", "partialmethod", "property", "staticmethod"),
    }
)
_THREADS = frozenset({"Thread", "threading.Thread", "Timer", "threading.Timer"})
# Functions that have a coroutine run while the loop goes on.
_TASKS = frozenset({"create_task", "ensure_future", "run_coroutine_threadsafe"})
# Methods that call off what was registered, or wait for it.
_END = frozenset(
    {
        *("after_cancel", "cancel", "clear", "disconnect", "doCleanups", "gather", "join"),
        *("processEvents", "result", "run_forever", "run_until_complete", "shutdown", "wait"),
    }
)
# Decorators whose result holds the function, and is used as it would be.
_WRAPPERS = frozenset(
    {
        *("asynccontextmanager", "cache", "contextlib.asynccontextmanager"),
        *("contextlib.contextmanager", "contextmanager", "functools.cache"),
        *("functools.lru_cache", "functools.wraps", "lru_cache", "staticmethod", "wraps"),
    }
)
_ACCESSORS = (".setter", ".getter", ".deleter")
# What goes through an iterable of objects that exist without it.
_WALKS = frozenset({"enumerate", "reversed", "sorted", "zip"})
_VIEWS = frozenset({"items", "keys", "values"})


class Holder(NamedTuple):
    """What holds a function when the iteration is over.

    `what` says it in words: "`handlers` keeps it". Where only a name speaks for it, `by_name` is
    what is called, or assigned, and `what` is "".
    """

    what: str
    by_name: str = ""


class Escape(NamedTuple):
    """A function that outlives its iteration: the names that it takes from the loop, its holder.

    `in_comprehension`: the loop is a comprehension.
    """

    function: Made
    names: tuple[str, ...]
    holder: Holder
    in_comprehension: bool


def escapes(file: FileContext) -> Iterable[Escape]:
    """The functions of a file that outlive their iteration.

    What a loop and a statement in it both hold comes once.
    """
    found: dict[Range, Escape] = {}
    facts = captures.of(file.module.facts) if file.module is not None else ()
    for first, last in facts:
        statement = file.statement(first, last)
        if statement is not None:
            for escape in _Statement(file, statement).escapes():
                found[file.ast_range(escape.function)] = escape
    return found.values()


class _Statement:
    """One statement with loops or comprehensions that make functions."""

    def __init__(self, file: FileContext, statement: ast.stmt) -> None:
        self._file = file
        self._statement = statement
        self._parents: dict[ast.AST, ast.AST] = {}
        for node in walk(statement):
            for child in child_nodes(node):
                self._parents[child] = node
        self._names: dict[ast.AST, _Names] = {}
        self._fills: dict[tuple[ast.AST, str], bool] = {}
        self._ways: dict[int, tuple[dict[ast.AST, int], list[Way]]] = {}
        self._ends: dict[ast.AST, bool] = {}
        self._bodies: dict[ast.AST, _Body] = {}
        self._made_of_targets: dict[tuple[ast.AST, frozenset[str]], bool] = {}

    def escapes(self) -> Iterator[Escape]:
        known: dict[Made, dict[str, tuple[Holder, Turns]]] = {}
        checked: set[tuple[Made, str]] = set()
        names = captured_names(self._statement)
        names.sort(key=lambda captured: (captured.node.lineno, captured.node.col_offset))
        for node, function, owner in names:
            if (function, node.id) in checked:
                continue
            checked.add((function, node.id))
            turns = self._turns(node.id, function, owner)
            holder = None if turns is None else self._holder_of(function, turns)
            if turns is not None and holder is not None:
                known.setdefault(function, {})[node.id] = holder, turns
        for function, names_of_it in known.items():
            holder, turns = next(iter(names_of_it.values()))
            in_comprehension = isinstance(turns, COMPREHENSIONS)
            yield Escape(function, tuple(names_of_it), holder, in_comprehension)

    # What is bound anew

    def _turns(self, name: str, function: Made, owner: ast.AST) -> Turns | None:
        """The innermost loop around a function that binds a name anew in each turn."""
        if isinstance(owner, COMPREHENSIONS):
            return owner
        node: ast.AST = function
        while node is not self._statement:
            child, node = node, self._parents[node]
            if isinstance(node, SCOPES):
                return None
            if isinstance(node, _LOOPS) and child in node.body:
                if _is_target(name, node):
                    return None if _is_single(node) else node
                if self._is_counter(name, node):
                    return node
                if self._names_in(node).bound.get(name):
                    return node if self._is_made_anew(name, node, function) else None
        return None

    def _is_made_anew(self, name: str, loop: ast.stmt, function: Made) -> bool:
        """Does each iteration, and nothing else around it, bind a name before a function is made?"""
        assert isinstance(loop, _LOOPS)
        if not all(
            self._is_bound_before(binding, loop, function)
            for binding in self._names_in(loop).bound.get(name, ())
        ):
            return False
        # Outside of the loop it may be a variable that is meant to go on.
        around = self._file.cached(_Scopes).at(loop.lineno)
        if around is None:
            return False
        return all(
            loop.lineno <= node.lineno <= (loop.end_lineno or 0)  # type: ignore[attr-defined]
            for node in self._names_in(around).bound.get(name, ())
        )

    def _is_bound_before(self, binding: ast.AST, loop: ast.stmt, function: Made) -> bool:
        """Does a binding in a loop come before a function on all ways to it, with a new value?"""
        if isinstance(binding, (ast.Import, ast.ImportFrom, ast.ExceptHandler)):
            return False  # the same module; a name that is deleted when the handler ends
        part = binding
        while not isinstance(part, ast.stmt):
            part = self._parents[part]
            if isinstance(part, ast.match_case):
                return function in walk(part)
        if isinstance(part, (ast.Assign, ast.AnnAssign)) and isinstance(part.value, ast.Constant):
            return False
        if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and not any(
            _is_target(name, loop) for name in _spelled(part)
        ):
            return False  # the same code as in any other iteration
        if isinstance(part, (ast.Delete, ast.AugAssign, ast.Global, ast.Nonlocal)):
            return False
        inner: ast.AST = function
        block = self._block_of(part)
        while inner is not loop and inner not in block:
            inner = self._parents[inner]
        return inner in block and block.index(inner) >= block.index(part)

    def _block_of(self, statement: ast.stmt) -> list[ast.stmt]:
        """The statements among which one stands."""
        parent = self._parents[statement]
        for field in ("body", "orelse", "finalbody"):
            block = getattr(parent, field, None)
            if isinstance(block, list) and statement in block:
                return block
        return []

    def _names_in(self, owner: ast.AST) -> _Names:
        """The names in the own code of a loop or scope."""
        if owner not in self._names:
            self._names[owner] = _Names(own_nodes(*owner.body))  # type: ignore[attr-defined]
        return self._names[owner]

    def _statement_of(self, node: ast.AST) -> ast.AST:
        while not isinstance(node, ast.stmt):
            node = self._parents[node]
        return node

    # What holds a function

    def _holder_of(self, function: Made, turns: Turns) -> Holder | None:
        if isinstance(function, ast.Lambda):
            return self._holder(function, turns)
        if isinstance(turns, COMPREHENSIONS):
            return None
        for decorator in reversed(function.decorator_list):
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            name = dotted_name(called)
            if name in _WRAPPERS or name.endswith(_ACCESSORS):
                continue
            last = name.rpartition(".")[2] or getattr(called, "attr", "")
            kept = self._kept_by_callee(called, 0, None, function) if called is decorator else None
            if kept == "result":
                continue
            if kept is not None and self._goes_on(function, turns):
                return Holder(kept)
            if is_registering_decorator(last) and self._goes_on(function, turns):
                return Holder("", f"@{name or last}")
            return None
        return self._holder_of_name(function.name, function, turns)

    def _holder_of_name(self, name: str, bound_at: ast.AST, turns: ast.stmt) -> Holder | None:
        """What holds what a statement in the body of a loop binds to a name."""
        assert isinstance(turns, _LOOPS)
        names = self._names_in(turns)
        if len(names.bound.get(name, ())) != 1:
            return None
        for node in names.read.get(name, ()):
            if node.lineno > bound_at.lineno:  # type: ignore[attr-defined]
                call = self._parents.get(node)
                if isinstance(call, ast.Call) and call.func is node and _runs_later(bound_at):
                    node = call
                holder = self._holder(node, turns)
                if holder is not None:
                    return holder
        return self._used_afterwards(name, bound_at, turns)

    def _used_afterwards(self, name: str, bound_at: ast.AST, turns: ast.stmt) -> Holder | None:
        """Is what one iteration binds under a condition used behind the loop, which goes on?"""
        assert isinstance(turns, _LOOPS)
        if not isinstance(bound_at, ast.stmt) or bound_at in turns.body or turns.orelse:
            return None
        if not self._goes_on(bound_at, turns):
            return None
        around = self._file.cached(_Scopes).at(turns.lineno)
        last = turns.end_lineno or turns.lineno
        is_used = around is not None and any(
            node.lineno > last  # type: ignore[attr-defined]
            for node in self._names_in(around).read.get(name, ())
        )
        return Holder(f"`{name}` is used after the loop") if is_used else None

    def _holder(self, value: ast.AST, turns: Turns) -> Holder | None:
        """What holds a value beyond an iteration of a loop; None for nothing known."""
        while value is not turns:
            parent = self._parents.get(value)
            if isinstance(parent, ast.Dict) and (name := self._given_as(value, parent, turns)):
                return self._registered(parent, Holder("", name), turns)
            if isinstance(parent, (ast.Tuple, ast.List, ast.Set, ast.Dict, ast.BoolOp)):
                pass
            elif isinstance(parent, ast.IfExp):
                if value is parent.test:
                    return None
            elif isinstance(parent, (ast.keyword, ast.Call)):
                call = self._parents[parent] if isinstance(parent, ast.keyword) else parent
                assert isinstance(call, ast.Call)
                holder = self._holder_in_call(value, call, turns)
                if not isinstance(holder, ast.Call):
                    return holder
                parent = call
            elif isinstance(parent, COMPREHENSIONS):
                found = self._holder_in_comprehension(value, parent, turns)
                if found is not parent:
                    return found  # type: ignore[return-value]
            elif isinstance(parent, ast.Attribute) and parent.attr == "start":
                return self._started(value, parent, turns)
            elif isinstance(parent, (ast.Assign, ast.AnnAssign)):
                return self._assigned(value, parent, turns)
            elif isinstance(parent, ast.NamedExpr):
                holder = (
                    self._holder_of_name(parent.target.id, parent, turns)
                    if isinstance(turns, _LOOPS)
                    else None
                )
                if holder is not None:
                    return holder
            elif isinstance(parent, ast.AugAssign):
                # What else has a `+=` may use the function up.
                is_display = isinstance(value, (ast.List, ast.Tuple, ast.Set, *COMPREHENSIONS))
                return self._put_into(parent.target, parent, turns) if is_display else None
            elif isinstance(parent, ast.Yield):
                return self._yielded(parent, turns)
            elif isinstance(parent, ast.Expr) and _is_task(value):
                return self._registered(parent, Holder("the task runs it"), turns)
            else:
                return None
            value = parent
        return None

    def _given_as(self, value: ast.AST, display: ast.Dict, turns: Turns) -> str:
        """The keyword argument, `Button(command=…)`, that an item of a dictionary display is."""
        number = next((n for n, item in enumerate(display.values) if item is value), None)
        key = None if number is None else display.keys[number]
        if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
            return ""
        if not is_for_later(key.value):
            return ""
        uses: list[ast.AST] = [display]
        statement = self._parents.get(display)
        if isinstance(statement, ast.Assign) and isinstance(turns, _LOOPS):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    uses += self._names_in(turns).read.get(target.id, ())
        for use in uses:
            keyword = self._parents.get(use)
            if isinstance(keyword, ast.keyword) and keyword.arg is None:
                call = self._parents[keyword]
                assert isinstance(call, ast.Call)
                called = self._file.ast_quote(call.func)
                return f"{called}({key.value}=…)"
        return ""

    def _holder_in_comprehension(
        self, value: ast.AST, comprehension: ast.AST, turns: Turns
    ) -> Holder | ast.AST | None:
        """As `_holder`, for the element of a comprehension, which is returned to follow it."""
        if isinstance(comprehension, ast.DictComp):
            if value is not comprehension.value:
                return None
        elif value is not comprehension.elt:  # type: ignore[attr-defined]
            return None
        if isinstance(comprehension, ast.GeneratorExp):
            call = self._parents.get(comprehension)
            if not isinstance(call, ast.Call) or call.args != [comprehension]:
                return None
            called = dotted_name(call.func)
            takes_all = called.rpartition(".")[2] in _PUTS_ALL and isinstance(
                call.func, ast.Attribute
            )
            if called not in _COLLECT and not takes_all:
                return None
            return Holder(f"`{called}` keeps it") if comprehension is turns else comprehension
        if comprehension is turns:
            is_list = isinstance(comprehension, ast.ListComp)
            kind = "set" if isinstance(comprehension, ast.SetComp) else "dict"
            return Holder(f"the {'list' if is_list else kind} keeps it")
        return comprehension

    def _holder_in_call(
        self, value: ast.AST, call: ast.Call, turns: Turns
    ) -> Holder | ast.Call | None:
        """As `_holder`, for an argument of a call, which is returned to follow its result."""
        if value is call.func:
            return None
        keyword = next((one.arg for one in call.keywords if one.value is value), None)
        number = call.args.index(value) if value in call.args else -1
        called = dotted_name(call.func)
        if called.rpartition(".")[2] in _WRAP:
            return call
        if _is_task(call) and isinstance(value, ast.Call):
            return call  # a coroutine
        if called in _THREADS and (keyword in ("target", "function") or number == 1):
            return call
        if called in _COLLECT and isinstance(value, COMPREHENSIONS):
            return call
        method = call.func.attr if isinstance(call.func, ast.Attribute) else called
        if isinstance(call.func, ast.Attribute):
            if called == "object.__setattr__" or called == "setattr":
                return None
            if PUTS.get(method) == number or (method in _PUTS_ALL and number == 0):
                if method in _PUTS_ALL and not isinstance(
                    value, (ast.List, ast.Tuple, ast.Set, ast.Dict, *COMPREHENSIONS)
                ):
                    return None
                return self._put_into(call.func.value, call, turns)
        elif called == "setattr" and number == 2:
            return self._set(call.args[0], call.args[1], call, turns)
        if called == "atexit.register":
            return self._registered(call, Holder("`atexit.register` has it called later"), turns)
        kept = self._kept_by_callee(call.func, number, keyword, call)
        if kept is not None:
            return call if kept == "result" else self._registered(call, Holder(kept), turns)
        is_class_for_later = method[:1].isupper() and is_for_later(method) and number >= 0
        if (
            is_registration(method)
            or is_class_for_later
            or (keyword is not None and is_for_later(keyword))
        ):
            shown = called or self._file.ast_quote(call.func)
            if keyword is not None and not is_registration(method) and not is_class_for_later:
                shown = f"{shown}({keyword}=…)"
            return self._registered(call, Holder("", shown), turns)
        return None

    def _kept_by_callee(
        self, called: ast.expr, number: int, keyword: str | None, where: ast.AST
    ) -> str | None:
        """What the callee surely does with an argument, where it is found.

        Args:
            number: the argument's position, or -1.
            keyword: its keyword.
            where: the node at which the callee is looked up.

        Returns:
            What keeps the argument, in words, or "result", or None for nothing known.
        """
        found = self._callee(called, where)
        if found is None:
            return None
        module, function, given = found
        for kept in kept_parameters.of(module.facts):
            if kept.function != function:
                continue
            if kept.parameter == keyword or (0 <= number == kept.position - given):
                if kept.holder == "self" and function.endswith(".__init__"):
                    return "result"
                return "result" if kept.holder == "result" else f"`{dotted_name(called)}` keeps it"
        return None

    def _callee(self, called: ast.expr, where: ast.AST) -> tuple[Module, str, int] | None:
        """The function of the project, or of a library, that a call runs: its module, its
        qualified name, and how many arguments the call itself adds."""
        name, module = dotted_name(called), self._file.module
        if not name or module is None:
            return None
        root, _, rest = name.partition(".")
        if rest and "." not in rest and (model := self._class_around(root, where)) is not None:
            return _method(model, rest)
        around = self._file.cached(_Scopes).at(where.lineno)  # type: ignore[attr-defined]
        if around is not self._file.tree and (
            around is None or self._names_in(around).bound.get(root)
        ):
            return None
        symbol = module.project.resolve(module, name)
        if isinstance(symbol, SourceClass):
            return _method(symbol, "__init__")
        if isinstance(symbol, Value) and symbol.binding.kind is BindingKind.FUNCTION:
            return symbol.module, symbol.binding.name, 0
        return None

    def _class_around(self, name: str, where: ast.AST) -> SourceClass | None:
        """The class of whose methods a name is the first parameter, at a node in one of them."""
        module = self._file.module
        assert module is not None
        line: int = where.lineno  # type: ignore[attr-defined]
        for model in module.classes:
            for method in model.facts.methods:
                if method.line < line <= method.end_line and method.first_parameter == name:
                    return model if method.kind is MethodKind.INSTANCE else None
        return None

    def _set(self, owner: ast.expr, key: ast.expr, where: ast.AST, turns: Turns) -> Holder | None:
        """`setattr(owner, key, function)`."""
        if not isinstance(turns, _LOOPS):
            return None
        root = _root(owner)
        if root is not None and _is_target(root, turns):
            return self._put_on_element(owner, root, f"`{ast.unparse(owner)}`", where, turns)
        if self._differs(key, turns) and dotted_name(owner) and self._goes_on(where, turns):
            return Holder(f"`{dotted_name(owner)}` keeps it")
        return None

    def _put_into(self, container: ast.expr, where: ast.AST, turns: Turns) -> Holder | None:
        """A container, if it was there before a loop and isn't used up in it."""
        name = dotted_name(container)
        if not name or not isinstance(turns, _LOOPS) or not self._goes_on(where, turns):
            return None
        if (turns, name) not in self._fills:
            self._fills[turns, name] = self._only_fills(turns, name)
        return Holder(f"`{name}` keeps it") if self._fills[turns, name] else None

    def _only_fills(self, turns: ast.stmt, name: str) -> bool:
        """Does a loop do nothing with a container but fill it, and look at its items?"""
        root = name.partition(".")[0]
        assert isinstance(turns, _LOOPS)
        for node in walk(*turns.body, *turns.orelse):
            if root in _names_of(node):
                is_filled = isinstance(self._parents.get(node), ast.AugAssign)
                if not (is_filled and name == root):
                    return False
            if dotted_name(node) == name and not self._is_harmless(node):
                return False
        return True

    def _is_harmless(self, container: ast.AST) -> bool:
        """Is a container only filled at a place, or asked whether it has something?"""
        parent = self._parents.get(container)
        if isinstance(parent, ast.Attribute):
            is_called = isinstance(self._parents.get(parent), ast.Call)
            return is_called and (parent.attr in PUTS or parent.attr in _PUTS_ALL)
        if isinstance(parent, ast.Subscript):
            while isinstance(outer := self._parents.get(parent), ast.Subscript):
                parent = outer
            # An item may be looked at, but not called or handed on.
            if isinstance(parent.ctx, ast.Store):
                return True
            return isinstance(outer, (ast.Attribute, ast.Assign, ast.Compare, ast.If))
        if isinstance(parent, ast.Call):
            return dotted_name(parent.func) == "len"
        if isinstance(parent, ast.Compare):
            return all(isinstance(op, (ast.In, ast.NotIn)) for op in parent.ops)
        return isinstance(parent, ast.AugAssign) and parent.target is container

    def _assigned(
        self, value: ast.AST, statement: ast.Assign | ast.AnnAssign, turns: Turns
    ) -> Holder | None:
        if not isinstance(turns, _LOOPS):
            return None
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        for target in targets:
            holder = None
            if isinstance(target, ast.Name):
                holder = self._holder_of_name(target.id, statement, turns)
            elif isinstance(target, (ast.Attribute, ast.Subscript)):
                holder = self._assigned_in(target, statement, turns)
            if holder is not None:
                return holder
        return None

    def _assigned_in(
        self, target: ast.Attribute | ast.Subscript, statement: ast.stmt, turns: Loop
    ) -> Holder | None:
        """What holds what is assigned to an attribute or an item, however deep."""
        part: ast.expr = target
        while isinstance(part, (ast.Attribute, ast.Subscript)):
            if isinstance(part, ast.Subscript) and self._differs(part.slice, turns):
                holder = self._put_into(part.value, statement, turns)
                if holder is not None:
                    return holder
            part = part.value
        if not isinstance(part, ast.Name):
            return None
        shown = f"`{ast.unparse(target)}`"
        holder = self._put_on_element(target.value, part.id, shown, statement, turns)
        if holder is not None:
            return holder
        is_own = bool(self._names_in(turns).bound.get(part.id)) or _is_target(part.id, turns)
        if is_own and isinstance(target, ast.Attribute) and is_for_later(target.attr):
            return self._registered(statement, Holder("", ast.unparse(target)), turns)
        if is_own and isinstance(target, ast.Attribute) and part is target.value:
            # The object that the iteration makes holds the function: follow the object.
            return self._holder_of_name(part.id, statement, turns)
        return None

    def _differs(self, key: ast.expr, turns: ast.stmt) -> bool:
        """Is a key made from what a loop goes over?"""
        assert isinstance(turns, _LOOPS)
        names = frozenset(_spelled(key))
        if (turns, names) not in self._made_of_targets:
            made_of = self._body_of(turns).sources(names)
            found = any(self._is_anew(name, turns) for name in made_of)
            self._made_of_targets[turns, names] = found
        return self._made_of_targets[turns, names]

    def _is_anew(self, name: str, turns: ast.stmt) -> bool:
        """Is it a target of a loop, or the counter of a `while`?"""
        return _is_target(name, turns) or self._is_counter(name, turns)

    def _is_counter(self, name: str, turns: ast.AST) -> bool:
        """Does a `while` bind a name in its test, or test it and add something in each iteration?"""
        if not isinstance(turns, ast.While):
            return False
        if any(
            isinstance(part, ast.NamedExpr) and part.target.id == name for part in walk(turns.test)
        ):
            return True
        return name in _spelled(turns.test) and any(
            isinstance(part, ast.AugAssign) and name in _names_of(part.target)
            for part in turns.body
        )

    def _body_of(self, turns: ast.stmt) -> _Body:
        if turns not in self._bodies:
            self._bodies[turns] = _Body(turns)
        return self._bodies[turns]

    def _put_on_element(
        self, owner: ast.expr, root: str, shown: str, where: ast.AST, turns: ast.stmt
    ) -> Holder | None:
        """What a loop goes over, where its target is an object that the loop doesn't make.

        Args:
            owner: the element, or what is reached from it.
            root: the first name of the owner.
            shown: what holds the function, in backquotes.
        """
        if not isinstance(turns, ast.For) or not _is_target(root, turns):
            return None
        walked = turns.iter
        while isinstance(walked, ast.Call):
            if dotted_name(walked.func) in _WALKS and walked.args:
                walked = walked.args[-1]
            elif isinstance(walked.func, ast.Attribute) and walked.func.attr in _VIEWS:
                walked = walked.func.value
            else:
                return None
        if not dotted_name(walked):
            return None
        body = self._body_of(turns)
        if body.bound[root] != 1 or not self._goes_on(where, turns):
            return None
        # What is done with the object in the same turn may use the function up.
        line = self._statement_of(where).lineno  # type: ignore[attr-defined]
        if body.last_calls.get(root, 0) > line:
            return None
        return Holder(f"{shown} keeps it")

    def _started(self, thread: ast.AST, attribute: ast.Attribute, turns: Turns) -> Holder | None:
        call = self._parents.get(attribute)
        is_thread = isinstance(thread, ast.Call) and dotted_name(thread.func) in _THREADS
        if not is_thread or not isinstance(call, ast.Call):
            return None
        return self._registered(call, Holder("the thread calls it"), turns)

    def _registered(self, where: ast.AST, holder: Holder, turns: Turns) -> Holder | None:
        if isinstance(turns, COMPREHENSIONS):
            return holder
        if not self._goes_on(where, turns):
            return None
        if turns not in self._ends:
            self._ends[turns] = any(
                isinstance(node, ast.Attribute) and node.attr in _END for node in own_nodes(turns)
            )
        return None if self._ends[turns] else holder

    def _yielded(self, node: ast.Yield, turns: Turns) -> Holder | None:
        module = self._file.module
        is_test = module is not None and module.is_test
        if is_test or not isinstance(turns, _LOOPS) or not self._goes_on(node, turns):
            return None
        return Holder("it is yielded")

    def _ways_in(self, block: list[ast.stmt]) -> tuple[dict[ast.AST, int], list[Way]]:
        """The places of the statements of a block, and the ways out from each on."""
        if id(block) not in self._ways:
            is_code = bool(block) and isinstance(block[0], ast.stmt)
            places: dict[ast.AST, int] = {part: number for number, part in enumerate(block)}
            self._ways[id(block)] = places, ways_from(block) if is_code else []
        return self._ways[id(block)]

    def _goes_on(self, node: ast.AST, turns: ast.stmt) -> bool:
        """May a loop make another turn behind the statement that holds a node?"""
        current = self._statement_of(node)
        if isinstance(current, (ast.Return, ast.Raise)):
            return False
        while current is not turns:
            parent = self._parents[current]
            block = next(
                block
                for field in ("body", "orelse", "finalbody", "handlers", "cases")
                for block in [getattr(parent, field, None)]
                if isinstance(block, list) and current in self._ways_in(block)[0]
            )
            ways = Way.END
            if isinstance(current, ast.stmt):
                places, ways_from_places = self._ways_in(block)
                ways = ways_from_places[places[current] + 1]
            if Way.END not in ways:
                if not ways & (Way.CONTINUE | Way.BREAK):
                    return False
                while not isinstance(parent, _LOOPS):
                    parent = self._parents[parent]
                if parent is turns:
                    return Way.CONTINUE in ways
            current = parent
        return True


class _Names:
    """The names that nodes bind or delete, and those that they read, with the nodes in order."""

    def __init__(self, nodes: Iterable[ast.AST]) -> None:
        self.bound: dict[str, list[ast.AST]] = {}
        self.read: dict[str, list[ast.AST]] = {}
        for node in nodes:
            for name in dict.fromkeys(_names_of(node)):
                self.bound.setdefault(name, []).append(node)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                self.read.setdefault(node.id, []).append(node)


class _Body:
    """What the own code of a loop assigns and calls.

    `bound` counts the nodes that bind a name or delete it, the loop's targets included;
    `last_calls` has the last lines on which calls start that have a name in them.
    """

    def __init__(self, turns: ast.stmt) -> None:
        assert isinstance(turns, _LOOPS)
        self.bound = Counter(
            name for node in own_nodes(turns) for name in dict.fromkeys(_names_of(node))
        )
        self.last_calls: dict[str, int] = {}
        self._values: list[ast.expr] = []
        self._assigned: dict[str, list[int]] = {}
        for node in own_nodes(*turns.body):
            if isinstance(node, ast.Call):
                for name in _spelled(node):
                    self.last_calls[name] = max(self.last_calls.get(name, 0), node.lineno)
            elif isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        self._assigned.setdefault(target.id, []).append(len(self._values))
                self._values.append(node.value)

    def sources(self, names: Iterable[str]) -> set[str]:
        """The names, and those in what is assigned to them, followed once through the body."""
        found = set(names)
        waiting = [number for name in found for number in self._assigned.get(name, ())]
        heapify(waiting)
        last = -1
        while waiting:
            number = heappop(waiting)
            if number == last:
                continue
            last = number
            for name in _spelled(self._values[number]) - found:
                found.add(name)
                for later in self._assigned.get(name, ()):
                    if later > number:
                        heappush(waiting, later)
        return found


class _Scopes:
    """The module and the functions of a file."""

    def __init__(self, file: FileContext) -> None:
        self._tree = file.tree
        self._functions = [
            node
            for node in ([] if self._tree is None else walk(self._tree))
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        ]
        self._known: dict[int, ast.AST | None] = {}

    def at(self, line: int) -> ast.AST | None:
        """The innermost around a line that is no header; None where the file has no tree."""
        if line not in self._known:
            found: ast.AST | None = self._tree
            for node in self._functions:
                if node.lineno < line <= (node.end_lineno or 0):
                    found = node
            self._known[line] = found
        return self._known[line]


def _is_target(name: str, loop: ast.AST) -> bool:
    return isinstance(loop, (ast.For, ast.AsyncFor)) and any(
        name in _names_of(part) for part in walk(loop.target)
    )


def _is_single(loop: ast.AST) -> bool:
    """Does a loop go over a display of one item?"""
    walked = getattr(loop, "iter", None)
    return (
        isinstance(walked, (ast.Tuple, ast.List, ast.Set))
        and len(walked.elts) == 1
        and not isinstance(walked.elts[0], ast.Starred)
    )


def _method(model: SourceClass, name: str) -> tuple[Module, str, int] | None:
    """The method that a class finds under a name: see `_Statement._callee`."""
    attribute = model.lookup(name)
    if attribute is None or not isinstance(attribute.owner, SourceClass):
        return None
    owner = attribute.owner
    if attribute.kind is not AttributeKind.FUNCTION or "." in owner.facts.qualname:
        return None
    return owner.module, f"{owner.facts.qualname}.{name}", 1


def _runs_later(node: ast.AST) -> bool:
    """Is it a function whose body doesn't run when it is called, but when its result is used?"""
    if isinstance(node, ast.AsyncFunctionDef):
        return True
    return isinstance(node, ast.FunctionDef) and any(
        isinstance(part, (ast.Yield, ast.YieldFrom)) for part in own_nodes(*node.body)
    )


def _is_task(node: ast.AST) -> bool:
    """Is it a call that has a coroutine run by and by?"""
    return isinstance(node, ast.Call) and dotted_name(node.func).rpartition(".")[2] in _TASKS


def _root(node: ast.expr) -> str | None:
    """The name that `a.b[c].d` starts with."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _spelled(node: ast.AST) -> set[str]:
    """The names in an expression."""
    return {part.id for part in walk(node) if isinstance(part, ast.Name)}


def _names_of(node: ast.AST) -> tuple[str, ...]:
    """The names that a node itself binds or deletes."""
    if isinstance(node, ast.Name):
        return () if isinstance(node.ctx, ast.Load) else (node.id,)
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return (node.name,)
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return tuple(alias.asname or alias.name.partition(".")[0] for alias in node.names)
    if isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)):
        return (node.name,) if node.name else ()
    return (node.rest,) if isinstance(node, ast.MatchMapping) and node.rest else ()
