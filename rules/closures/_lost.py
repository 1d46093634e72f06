"""Assignments in nested functions to variables of their own that nothing reads, beside variables of
the functions around them that are read afterwards."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rules.closures import _facts
from pyconcepts_lint.rules.closures._declarations import hidden_variable
from pyconcepts_lint.rules.closures._paths import FunctionNode, State, VariablePaths
from pyconcepts_lint.source.ast_nodes import child_nodes, own_nodes, walk
from pyconcepts_lint.source.control_flow import Step

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_DEFINITIONS = (*_FUNCTIONS, ast.ClassDef)
# What gets at a function's variables otherwise than by their names.
_REFLECTING = frozenset({"locals", "vars", "dir", "eval", "exec", "execfile"})


class Lost(NamedTuple):
    """An assignment in `function` that leaves the variable of `outer` as it is; `reader` is the
    function that reads that one afterwards: `outer` itself, or one inside of it."""

    target: ast.Name
    function: FunctionNode
    outer: FunctionNode
    reader: str


def lost_assignments(file: FileContext) -> Iterator[Lost]:
    """The first of each function and name."""
    facts = _facts.lost_assignments.of(file.module.facts) if file.module is not None else ()
    for name, first, last in facts:
        outer = file.statement(first, last)
        if isinstance(outer, _FUNCTIONS) and name != "_" and not name.startswith("__"):
            for lost in _lost(outer, name):
                variable = hidden_variable(file, lost.function, name)
                if variable is not None and variable.function == outer.name:
                    yield lost


def _lost(outer: FunctionNode, name: str) -> Iterator[Lost]:
    if not _is_plain_variable(outer, name) or _reflects(outer):
        return
    parts = _Parts(outer, name)
    for child, function in _nested(outer):
        target = _only_assigned(function, name)
        if target is not None:
            reader = _LaterReads(parts, child, function).reader
            if reader:
                yield Lost(target, function, outer, reader)


def _is_plain_variable(function: FunctionNode, name: str) -> bool:
    """Do only parameters and assignments bind a variable of a function?"""
    parents = {child: node for node in own_nodes(*function.body) for child in child_nodes(node)}
    for node in own_nodes(*function.body):
        if _binds_otherwise(node, name):
            return False
        if isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load):
            while isinstance(parents.get(node), (ast.Tuple, ast.List, ast.Starred)):
                node = parents[node]
            around = parents.get(node)
            if not isinstance(around, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.NamedExpr)):
                return False
    return True


def _binds_otherwise(node: ast.AST, name: str) -> bool:
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return any((alias.asname or alias.name.partition(".")[0]) == name for alias in node.names)
    return name in (getattr(node, "name", None), getattr(node, "rest", None))


def _reflects(function: FunctionNode) -> bool:
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in _REFLECTING
        for node in walk(function)
    )


def _nested(outer: FunctionNode) -> Iterator[tuple[ast.stmt, FunctionNode]]:
    """The functions inside of a function, each with the definition in its own block around it."""
    for child in own_nodes(*outer.body):
        if isinstance(child, _DEFINITIONS):
            for node in walk(child):
                if isinstance(node, _FUNCTIONS):
                    yield child, node


def _only_assigned(function: FunctionNode, name: str) -> ast.Name | None:
    """The first target where a function assigns a name that nothing in it reads."""
    for node in walk(*function.body):
        if isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Store):
            return None
        if isinstance(node, (ast.Global, ast.Nonlocal)) and name in node.names:
            return None
    if any(_binds_otherwise(node, name) for node in own_nodes(*function.body)):
        return None
    stored = {
        node for node in own_nodes(*function.body) if isinstance(node, ast.Name) and node.id == name
    }
    targets = _assigned_by_name(function, name)
    if not targets or stored != {*targets}:
        return None
    return min(targets, key=lambda target: (target.lineno, target.col_offset))


def _assigned_by_name(function: FunctionNode, name: str) -> list[ast.Name]:
    """Where a function assigns to a name for its own sake: not where what is unpacked has parts that
    it leaves unused."""
    targets: list[ast.Name] = []
    for node in own_nodes(*function.body):
        if isinstance(node, ast.NamedExpr):
            targets.append(node.target)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    targets.append(target)
                elif isinstance(target, (ast.Tuple, ast.List)):
                    targets += _unpacked_by_name(function, target)
    return [target for target in targets if target.id == name]


def _unpacked_by_name(function: FunctionNode, target: ast.Tuple | ast.List) -> list[ast.Name]:
    names = [part for part in target.elts if isinstance(part, ast.Name)]
    reads = {
        node.id
        for node in walk(*function.body)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    is_unread = len(names) == len(target.elts) and reads.isdisjoint(each.id for each in names)
    return names if is_unread else []


class _Parts:
    """What the nested functions of `outer` have in common, as far as the variable `name` goes:
    its `definitions`, who in them reads the variable, and all names that they spell."""

    def __init__(self, outer: FunctionNode, name: str) -> None:
        self.outer = outer
        self.name = name
        self.definitions = [
            node for node in own_nodes(*outer.body) if isinstance(node, _DEFINITIONS)
        ]
        self.readers = {node: _reader(node, name, None) for node in self.definitions}
        self.spelled = {node: _spelled(node) for node in self.definitions}
        # By the statements of the body that do nothing but evaluate expressions: the names that
        # these have. None for the other statements.
        self._evaluated = [_evaluated_names(statement) for statement in outer.body]

    def body_with(self, names: Collection[str], but: ast.stmt) -> Iterator[ast.stmt]:
        """The statements of the body that have to do with some names, and `but`."""
        for statement, evaluated in zip(self.outer.body, self._evaluated, strict=True):
            if evaluated is None or statement is but or not evaluated.isdisjoint(names):
                yield statement


def _evaluated_names(statement: ast.stmt) -> frozenset[str] | None:
    """The names, and the parameters of lambdas, in what a statement evaluates; None where control
    may go elsewhere from it."""
    if isinstance(statement, _FUNCTIONS):
        nodes = walk(*statement.decorator_list, statement.args)
    elif isinstance(statement, (ast.Expr, ast.Assign, ast.AugAssign, ast.AnnAssign)):
        nodes = walk(statement)
    else:
        return None
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return frozenset(names | {node.arg for node in nodes if isinstance(node, ast.arg)})


class _LaterReads(VariablePaths):
    """Is a variable read where a nested function may have run since it was bound?

    Args:
        parts: the function that has the variable, and what is in it.
        child: the definition in the function's own block that is, or holds, the nested function.
        function: the nested function, which doesn't count as a reader.

    `reader` is the name of the function that reads it, "" for none. A function inside of `outer`
    reads the variable where it is mentioned itself, or at any time from then on.
    """

    def __init__(self, parts: _Parts, child: ast.stmt, function: FunctionNode) -> None:
        assert isinstance(child, _DEFINITIONS)
        self._parts = parts
        self._outer = parts.outer
        self._child = child
        # The definitions that read the variable when they are run, by name.
        self._readers: dict[str, str] = {}
        self._runners = {child.name}
        self._waiting = ""  # a reader that may run at any time from now on
        self.reader = ""
        for node in parts.definitions:
            reader = parts.readers[node]
            if node is child:
                is_class = isinstance(node, ast.ClassDef)
                reader = _reader(node, parts.name, function) if is_class else ""
            if reader:
                self._readers[node.name] = reader
        self._add_callers()
        names = {parts.name, *self._readers, *self._runners}
        super().__init__(parts.outer, parts.name, parts.body_with(names, child))

    def _add_callers(self) -> None:
        """Note who else runs the nested function."""
        count = 0
        while count < len(self._runners):
            count = len(self._runners)
            for node, spelled in self._parts.spelled.items():
                if not spelled.isdisjoint(self._runners):
                    self._runners.add(node.name)

    def run(self, step: Step, state: State) -> State | None:
        after = super().run(step, state)
        if step.node is self._child and self._child.decorator_list and after is not None:
            return self._run(after)
        return after

    def _run(self, state: State) -> State:
        if State.WAITING in state:
            self.reader = self.reader or self._waiting
        return state & State.WAITING | State.AFTER

    def _expression(self, node: ast.AST, state: State, *, surely: bool) -> State:
        if any(_has_parameter(part, self._name) for part in walk(node)):
            return State.NOWHERE
        reader = ""
        for part in walk(node):
            if not isinstance(part, ast.Name) or not isinstance(part.ctx, ast.Load):
                continue
            if part.id == self._name:
                reader = reader or self._outer.name
            elif part.id in self._readers:
                reader = self._waiting = self._readers[part.id]
                state |= State.WAITING
        if reader and State.AFTER in state:
            self.reader = self.reader or reader
        return self._run(state) if not self._runners.isdisjoint(_spelled(node)) else state

    def _read(self, node: ast.Name, state: State, *, surely: bool = True) -> State:
        if State.AFTER in state:
            self.reader = self.reader or self._outer.name
        return state

    def _bind(self, state: State) -> State:
        return state & State.WAITING | State.BEFORE


def _reader(definition: ast.AST, name: str, but: FunctionNode | None) -> str:
    """The name of a function in a definition, or of the definition, that reads a variable of the
    function around it; "" for none, and where the name may be another variable."""
    found = ""
    for node in walk(definition):
        if node is not but and _has_parameter(node, name):
            return ""
        own = own_nodes(*node.body) if isinstance(node, _FUNCTIONS) and node is not but else ()
        for part in own:
            if isinstance(part, ast.Name) and part.id == name:
                if not isinstance(part.ctx, ast.Load) and not _is_nonlocal(node, name):
                    return ""
                if isinstance(part.ctx, ast.Load):
                    found = found or node.name  # type: ignore[attr-defined]
            elif _binds_otherwise(part, name):
                return ""
    return found


def _has_parameter(node: ast.AST, name: str) -> bool:
    return isinstance(node, (*_FUNCTIONS, ast.Lambda)) and any(
        isinstance(part, ast.arg) and part.arg == name for part in walk(node.args)
    )


def _is_nonlocal(function: ast.AST, name: str) -> bool:
    return any(isinstance(node, ast.Nonlocal) and name in node.names for node in walk(function))


def _spelled(node: ast.AST) -> frozenset[str]:
    return frozenset(part.id for part in walk(node) if isinstance(part, ast.Name))
