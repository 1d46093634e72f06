"""Which functions made in a loop or comprehension certainly outlive the turn they are made in.

A function is followed from the place where it is made to what keeps it: a container from outside
of the loop, the list that a comprehension makes, whoever it is yielded to or registered with.
Where it goes anywhere else (most of all into a call, which may use it up at once), it isn't known
to be kept.
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
from pyconcepts_lint.rule_api.file import LintedFile, Range
from pyconcepts_lint.source.ast_nodes import child_nodes, walk

if TYPE_CHECKING:
    from typing import TypeAlias

Made: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda"
Turns: TypeAlias = (
    "ast.For | ast.AsyncFor | ast.While | ast.ListComp | ast.SetComp | ast.DictComp"
    " | ast.GeneratorExp"
)

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_SCOPES = (*_FUNCTIONS, ast.ClassDef)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
# Methods that put an argument into a container; which one that is.
_PUTS = {"append": 0, "appendleft": 0, "add": 0, "insert": 1, "setdefault": 1}
_PUTS_ALL = frozenset({"extend", "extendleft", "update"})
# Functions that go through an iterable at once and keep what it gives.
_COLLECT = frozenset({"list", "tuple", "set", "frozenset", "dict", "deque", "OrderedDict"})
_PARTIAL = frozenset({"partial", "functools.partial"})
_THREADS = frozenset({"Thread", "threading.Thread", "Timer", "threading.Timer"})
# Methods that have a function called later, and those that call one off or wait for it.
_REGISTER = frozenset(
    {
        *("add_done_callback", "addCleanup", "after", "after_idle", "call_at", "call_later"),
        *("call_soon", "call_soon_threadsafe", "connect"),
    }
)
_END = frozenset(
    {
        *("after_cancel", "cancel", "clear", "disconnect", "doCleanups", "gather", "join"),
        *("processEvents", "result", "run_forever", "run_until_complete", "shutdown", "wait"),
    }
)
# What goes through an iterable of objects that exist without it.
_WALKS = frozenset({"enumerate", "reversed", "sorted", "zip"})
_VIEWS = frozenset({"items", "keys", "values"})


class Kept(NamedTuple):
    """A function that is kept: the names that it takes from the loop, and what keeps it, in words.

    `in_comprehension`: the loop is a comprehension.
    """

    function: Made
    names: tuple[str, ...]
    keeper: str
    in_comprehension: bool


def kept_functions(file: LintedFile) -> Iterable[Kept]:
    """The kept functions of a file; what a loop and a statement in it both hold comes once."""
    found: dict[Range, Kept] = {}
    facts = file.module.facts.captures if file.module is not None else ()
    for first, last in facts:
        statement = file.statement(first, last)
        if statement is not None:
            for kept in _Statement(file, statement).kept():
                found[file.ast_range(kept.function)] = kept
    return found.values()


class _Statement:
    """One statement with loops or comprehensions that make functions."""

    def __init__(self, file: LintedFile, statement: ast.stmt) -> None:
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

    def kept(self) -> Iterator[Kept]:
        known: dict[Made, dict[str, tuple[str, Turns]]] = {}
        checked: set[tuple[Made, str]] = set()
        names = captured_names(self._statement)
        names.sort(key=lambda captured: (captured.node.lineno, captured.node.col_offset))
        for node, function, owner in names:
            if (function, node.id) in checked:
                continue
            checked.add((function, node.id))
            turns = self._turns(node.id, function, owner)
            keeper = "" if turns is None else self._keeper_of(function, turns)
            if turns is not None and keeper:
                known.setdefault(function, {})[node.id] = keeper, turns
        for function, kept in known.items():
            keeper, turns = next(iter(kept.values()))
            in_comprehension = isinstance(turns, _COMPREHENSIONS)
            yield Kept(function, tuple(kept), keeper, in_comprehension)

    # What is bound anew

    def _turns(self, name: str, function: Made, owner: ast.AST) -> Turns | None:
        """The innermost loop around a function that binds a name anew in each turn."""
        if isinstance(owner, _COMPREHENSIONS):
            return owner
        node: ast.AST = function
        while node is not self._statement:
            child, node = node, self._parents[node]
            if isinstance(node, _SCOPES):
                return None
            if isinstance(node, _LOOPS) and child in node.body:
                if _is_target(name, node):
                    return None if _is_single(node) else node
                if self._names_in(node).bound.get(name):
                    return node if self._is_made_anew(name, node, function) else None
        return None

    def _is_made_anew(self, name: str, loop: ast.stmt, function: Made) -> bool:
        """Does a loop, and nothing else around it, assign a name before it makes a function?"""
        assert isinstance(loop, _LOOPS)
        for binding in self._names_in(loop).bound.get(name, ()):
            statement = self._statement_of(binding)
            if statement not in loop.body or not isinstance(statement, ast.Assign):
                return False
            if isinstance(statement.value, ast.Constant) or statement.lineno >= function.lineno:
                return False
        # Outside of the loop it may be a variable that is meant to go on.
        around = self._file.share(_Scopes).at(loop.lineno)
        if around is None:
            return False
        return all(
            loop.lineno <= node.lineno <= (loop.end_lineno or 0)  # type: ignore[attr-defined]
            for node in self._names_in(around).bound.get(name, ())
        )

    def _names_in(self, owner: ast.AST) -> _Names:
        """The names in the own code of a loop or scope."""
        if owner not in self._names:
            self._names[owner] = _Names(_own_nodes(owner.body))  # type: ignore[attr-defined]
        return self._names[owner]

    def _statement_of(self, node: ast.AST) -> ast.AST:
        while not isinstance(node, ast.stmt):
            node = self._parents[node]
        return node

    # What keeps a function

    def _keeper_of(self, function: Made, turns: Turns) -> str:
        if isinstance(function, ast.Lambda):
            return self._keeper(function, turns)
        if isinstance(turns, _COMPREHENSIONS) or function.decorator_list:
            return ""
        return self._keeper_of_name(function.name, function, turns)

    def _keeper_of_name(self, name: str, bound_at: ast.AST, turns: ast.stmt) -> str:
        """What keeps what a statement in the body of a loop binds to a name."""
        assert isinstance(turns, _LOOPS)
        names = self._names_in(turns)
        if len(names.bound.get(name, ())) != 1:
            return ""
        for node in names.read.get(name, ()):
            if node.lineno > bound_at.lineno:  # type: ignore[attr-defined]
                keeper = self._keeper(node, turns)
                if keeper:
                    return keeper
        return ""

    def _keeper(self, value: ast.AST, turns: Turns) -> str:
        """What certainly keeps a value beyond a turn of a loop; "" for nothing known."""
        while value is not turns:
            parent = self._parents.get(value)
            if isinstance(parent, (ast.Tuple, ast.List, ast.Set, ast.Dict)):
                pass
            elif isinstance(parent, ast.IfExp):
                if value is parent.test:
                    return ""
            elif isinstance(parent, ast.keyword):
                call = self._parents[parent]
                assert isinstance(call, ast.Call)
                if dotted_name(call.func) not in _THREADS or parent.arg not in (
                    "target",
                    "function",
                ):
                    return ""
                parent = call
            elif isinstance(parent, ast.Call):
                keeper = self._keeper_in_call(value, parent, turns)
                if keeper is not None:
                    return keeper
            elif isinstance(parent, _COMPREHENSIONS):
                keeper = self._keeper_in_comprehension(value, parent, turns)
                if keeper is not None:
                    return keeper
            elif isinstance(parent, ast.Attribute) and parent.attr == "start":
                return self._started(value, parent, turns)
            elif isinstance(parent, ast.Assign):
                return self._assigned(value, parent, turns)
            elif isinstance(parent, ast.AugAssign):
                # What else has a `+=` may use the function up.
                is_display = isinstance(value, (ast.List, ast.Tuple, ast.Set, *_COMPREHENSIONS))
                return self._put_into(parent.target, parent, turns) if is_display else ""
            elif isinstance(parent, ast.Yield):
                return self._yielded(parent, turns)
            else:
                return ""
            value = parent
        return ""

    def _keeper_in_comprehension(
        self, value: ast.AST, comprehension: ast.AST, turns: Turns
    ) -> str | None:
        """As `_keeper`, for the element of a comprehension; None to follow its result."""
        if isinstance(comprehension, ast.DictComp):
            if value is not comprehension.value:
                return ""
        elif value is not comprehension.elt:  # type: ignore[attr-defined]
            return ""
        if isinstance(comprehension, ast.GeneratorExp):
            call = self._parents.get(comprehension)
            if not isinstance(call, ast.Call) or call.args != [comprehension]:
                return ""
            called = dotted_name(call.func)
            takes_all = called.rpartition(".")[2] in _PUTS_ALL and isinstance(
                call.func, ast.Attribute
            )
            if called not in _COLLECT and not takes_all:
                return ""
            if comprehension is turns:
                return f"`{called}` keeps it"
            return None
        if comprehension is turns:
            is_list = isinstance(comprehension, ast.ListComp)
            kind = "set" if isinstance(comprehension, ast.SetComp) else "dict"
            return f"the {'list' if is_list else kind} keeps it"
        return None

    def _keeper_in_call(self, value: ast.AST, call: ast.Call, turns: Turns) -> str | None:
        """As `_keeper`, for an argument of a call; None to follow what it returns."""
        if value not in call.args:
            return ""
        number = call.args.index(value)
        called = dotted_name(call.func)
        if called in _PARTIAL and number == 0:
            return None
        if called in _COLLECT and isinstance(value, _COMPREHENSIONS):
            return None
        if not isinstance(call.func, ast.Attribute):
            return ""
        method = call.func.attr
        if _PUTS.get(method) == number or (method in _PUTS_ALL and number == 0):
            if method in _PUTS_ALL and not isinstance(
                value, (ast.List, ast.Tuple, ast.Set, ast.Dict, *_COMPREHENSIONS)
            ):
                return ""
            return self._put_into(call.func.value, call, turns)
        if method in _REGISTER or called == "atexit.register":
            return self._registered(call, f"`{called or method}` has it called later", turns)
        return ""

    def _put_into(self, container: ast.expr, where: ast.AST, turns: Turns) -> str:
        """A container, if it was there before a loop and isn't used up in it."""
        name = dotted_name(container)
        if not name or not isinstance(turns, _LOOPS) or not self._goes_on(where, turns):
            return ""
        if (turns, name) not in self._fills:
            self._fills[turns, name] = self._only_fills(turns, name)
        return f"`{name}` keeps it" if self._fills[turns, name] else ""

    def _only_fills(self, turns: ast.stmt, name: str) -> bool:
        """Does a loop do nothing with a container but fill it?"""
        root = name.partition(".")[0]
        for node in walk(turns):
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
            return is_called and (parent.attr in _PUTS or parent.attr in _PUTS_ALL)
        if isinstance(parent, ast.Subscript):
            return isinstance(parent.ctx, ast.Store)
        if isinstance(parent, ast.Call):
            return dotted_name(parent.func) == "len"
        if isinstance(parent, ast.Compare):
            return all(isinstance(op, (ast.In, ast.NotIn)) for op in parent.ops)
        return isinstance(parent, ast.AugAssign) and parent.target is container

    def _assigned(self, value: ast.AST, statement: ast.Assign, turns: Turns) -> str:
        if not isinstance(turns, _LOOPS):
            return ""
        for target in statement.targets:
            keeper = ""
            if isinstance(target, ast.Name):
                keeper = self._keeper_of_name(target.id, statement, turns)
            elif isinstance(target, ast.Subscript) and self._differs(target.slice, turns):
                keeper = self._put_into(target.value, statement, turns)
            if not keeper and isinstance(target, (ast.Attribute, ast.Subscript)):
                keeper = self._put_on_element(target, statement, turns)
            if keeper:
                return keeper
        return ""

    def _differs(self, key: ast.expr, turns: ast.stmt) -> bool:
        """Is a key made from what a loop goes over?"""
        assert isinstance(turns, _LOOPS)
        names = frozenset(_spelled(key))
        if (turns, names) not in self._made_of_targets:
            made_of = self._body_of(turns).sources(names)
            found = any(_is_target(name, turns) for name in made_of)
            self._made_of_targets[turns, names] = found
        return self._made_of_targets[turns, names]

    def _body_of(self, turns: ast.stmt) -> _Body:
        if turns not in self._bodies:
            self._bodies[turns] = _Body(turns)
        return self._bodies[turns]

    def _put_on_element(
        self, target: ast.Attribute | ast.Subscript, statement: ast.stmt, turns: ast.stmt
    ) -> str:
        """What a loop goes over, where its target is an object that the loop doesn't make."""
        owner = target.value
        if not isinstance(turns, ast.For) or not isinstance(owner, ast.Name):
            return ""
        walked = turns.iter
        while isinstance(walked, ast.Call):
            if dotted_name(walked.func) in _WALKS and walked.args:
                walked = walked.args[-1]
            elif isinstance(walked.func, ast.Attribute) and walked.func.attr in _VIEWS:
                walked = walked.func.value
            else:
                return ""
        if not dotted_name(walked) or not _is_target(owner.id, turns):
            return ""
        body = self._body_of(turns)
        if body.bound[owner.id] != 1 or not self._goes_on(statement, turns):
            return ""
        # What is done with the object in the same turn may use the function up.
        if body.last_calls.get(owner.id, 0) > statement.lineno:
            return ""
        return f"`{ast.unparse(target)}` keeps it"

    def _started(self, thread: ast.AST, attribute: ast.Attribute, turns: Turns) -> str:
        call = self._parents.get(attribute)
        is_thread = isinstance(thread, ast.Call) and dotted_name(thread.func) in _THREADS
        if not is_thread or not isinstance(call, ast.Call):
            return ""
        return self._registered(call, "the thread calls it", turns)

    def _registered(self, call: ast.Call, calls: str, turns: Turns) -> str:
        if not isinstance(turns, _LOOPS) or not self._goes_on(call, turns):
            return ""
        if turns not in self._ends:
            self._ends[turns] = any(
                isinstance(node, ast.Attribute) and node.attr in _END for node in walk(turns)
            )
        return "" if self._ends[turns] else calls

    def _yielded(self, node: ast.Yield, turns: Turns) -> str:
        module = self._file.module
        is_test = module is not None and module.is_test
        if is_test or not isinstance(turns, _LOOPS) or not self._goes_on(node, turns):
            return ""
        return "it is yielded"

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
            name for node in _own_nodes([turns]) for name in dict.fromkeys(_names_of(node))
        )
        self.last_calls: dict[str, int] = {}
        self._values: list[ast.expr] = []
        self._assigned: dict[str, list[int]] = {}
        for node in _own_nodes(turns.body):
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

    def __init__(self, file: LintedFile) -> None:
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


def _own_nodes(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """The nodes of a block, but for those of functions and classes in it."""
    waiting: list[ast.AST] = list(body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, _SCOPES):
            waiting += child_nodes(node)
