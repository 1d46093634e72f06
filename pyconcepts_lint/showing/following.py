"""What the statements of a module do when it is imported: what they load, and what they bind.

They are followed from top to bottom, and into functions that are called. Where a test can't be
decided, what it guards may happen or not.
"""

from __future__ import annotations

import ast
import builtins
import os
import sys
from collections.abc import Iterator

from ..base.answer import Answer, answer
from ..base.typed import TYPE_CHECKING
from ..index.binder import dotted_name
from ..index.conditions import evaluate, truth
from ..index.loading import ONLY_READS_NAME
from ..index.names import live_namespace
from ..source.ast_nodes import COMPREHENSIONS, FUNCTIONS, bound_names, child_nodes, own_nodes, walk
from .importing import Entry, ImportFails, Namespace, Simulation

if TYPE_CHECKING:
    from typing import Any

    from ..index.project import Project

    FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef

_GLOBALS = "the module's dictionary"
_MAXIMUM_CALLS = 8
_IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError"})
_ALL_ERRORS = frozenset({"", "Exception", "BaseException"})


def interpreter(project: Project, here: str, trees: dict[str, ast.Module | None]) -> Simulation:
    """A fresh interpreter: see `Simulation`."""
    return Simulation(project, here, trees, _follow)


def _follow(simulation: Simulation, namespace: Namespace, tree: ast.Module) -> None:
    try:
        _Body(simulation, namespace).block(tree.body)
    except _Left:  # a `break` that stands where none may stand
        return


class _Left(Exception):
    """The block at hand is left, by `return`, `break` or `continue`.

    `is_sure`: what follows is not reached; otherwise it may not be. `is_loop`: the loop around is
    left, and not the function.
    """

    def __init__(self, is_sure: bool = True, is_loop: bool = False) -> None:
        super().__init__()
        self.is_sure = is_sure
        self.is_loop = is_loop


class _Body:
    """The statements of a module, or of a function that is called while a module runs."""

    def __init__(
        self, simulation: Simulation, namespace: Namespace, function: FunctionNode | None = None
    ) -> None:
        self.simulation = simulation
        self.namespace = namespace
        self.function = function
        self.globals: set[str] = set()
        self.locals: dict[str, Entry] = {}
        self.is_class = False

    def block(self, statements: list[ast.stmt]) -> None:
        """Statements that are run. Raises _Left or _MaybeLeft where they leave the block around."""
        for number, statement in enumerate(statements):
            self.simulation.steps -= 1
            if self.simulation.steps < 0:
                self._opened("it takes too many steps to follow")
                return
            try:
                self._statement(statement)
            except _Left as left:
                if left.is_sure:
                    raise
                rest = self.maybe_block(statements[number + 1 :])
                is_sure = rest is not None and rest.is_sure
                raise _joined(left, rest, is_sure) from None

    def maybe_block(self, statements: list[ast.stmt]) -> _Left | None:
        """Statements that may be run; gives how they leave the block around them, if they do."""
        try:
            with self.simulation.maybe():
                self.block(statements)
        except _Left as left:
            return left
        except ImportFails:
            self.simulation.risky = True
        return None

    def _statement(self, node: ast.stmt) -> None:
        match node:
            case ast.Import():
                self._import(node)
            case ast.ImportFrom():
                self._import_from(node)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._evaluate(*node.decorator_list, *node.args.defaults)
                self._evaluate(*(each for each in node.args.kw_defaults if each is not None))
                self._decorate(node)
                function = None if node.decorator_list else (self.namespace, node)
                self._bind(node.name, "a function", node.lineno, function=function)
            case ast.ClassDef():
                self._evaluate(*node.decorator_list, *node.bases)
                self._evaluate(*(keyword.value for keyword in node.keywords))
                self._class(node)
                self._decorate(node)
                self._bind(node.name, "a class", node.lineno)
            case ast.If():
                self._if(node)
            case ast.Try() | ast.TryStar():
                self._try(node)
            case ast.With() | ast.AsyncWith():
                self._with(node)
            case ast.For() | ast.AsyncFor():
                self._for(node)
            case ast.While():
                self._while(node)
            case ast.Match():
                self._evaluate(node.subject)
                self.simulation.risky = True
                leaving: list[_Left | None] = []
                for case in node.cases:
                    with self.simulation.maybe():
                        self._captures(case.pattern)
                    leaving.append(self.maybe_block(case.body))
                self._leave(*leaving, None)
            case ast.Return():
                self._evaluate(node.value)
                raise _Left
            case ast.Break() | ast.Continue():
                raise _Left(is_loop=True)
            case ast.Raise():
                self._raise(node)
            case ast.Global():
                self.globals.update(node.names)
            case ast.Delete():
                self._delete(node)
            case ast.Assign():
                self._evaluate(node.value)
                self._assign(node)
            case ast.AnnAssign():
                self._evaluate(node.value)
                if node.value is not None:
                    self._target(node.target, node.value)
            case ast.AugAssign():
                self._evaluate(node.value)
                self._augment(node)
            case ast.Assert():
                self._evaluate(node.test)
            case ast.Expr():
                self._evaluate(node.value)
                self._extend(node.value)
            case _:
                for child in child_nodes(node):
                    if isinstance(child, ast.expr) and isinstance(
                        getattr(child, "ctx", ast.Load()), ast.Load
                    ):
                        self._evaluate(child)
                name = getattr(node, "name", None)
                if node.__class__.__name__ == "TypeAlias" and isinstance(name, ast.Name):
                    self._bind(name.id, "a type", node.lineno)

    # Names

    def _bind(self, name: str, what: str, line: int, **more: Any) -> None:
        if name in ("*", ""):
            return
        entry = Entry(what, line, self.simulation.is_sure, **more)
        if self.is_class or (self.function is not None and name not in self.globals):
            self.locals[name] = entry
            return
        self.simulation.bind(self.namespace, name, entry)

    def entry(self, name: str) -> Entry | None:
        return self.locals.get(name) or self.namespace.names.get(name)

    def _module_named(self, dotted: str) -> Namespace | None:
        """The module that a dotted name is, if it is known."""
        first, _, rest = dotted.partition(".")
        entry = self.entry(first)
        found = None if entry is None or not entry.module else self._loaded(entry.module)
        for part in filter(None, rest.split(".")):
            if found is None:
                return None
            inner = found.names.get(part)
            found = None if inner is None or not inner.module else self._loaded(inner.module)
        return found

    def _loaded(self, dotted: str) -> Namespace | None:
        return self.simulation.loaded.get(dotted)

    def _target(self, target: ast.expr, value: ast.expr | None) -> None:
        if isinstance(target, ast.Name):
            more: dict[str, Any] = {}
            if value is not None:
                module = self._module_named(dotted_name(value)) if dotted_name(value) else None
                known = self.entry(dotted_name(value)) if isinstance(value, ast.Name) else None
                more = {
                    "module": "" if module is None else module.dotted,
                    "function": None if known is None else known.function,
                    "is_true": truth(value, self._known),
                    "strings": self._strings(value),
                    "text": _text_of(value),
                }
            is_globals = value is not None and self._is_globals(value)
            self._bind(target.id, _GLOBALS if is_globals else "a value", target.lineno, **more)
        elif isinstance(target, (ast.Tuple, ast.List)):
            values: list[ast.expr | None] = [None] * len(target.elts)
            if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(target.elts):
                values = [*value.elts]
            for part, item in zip(target.elts, values, strict=True):
                self._target(part, item)
        elif isinstance(target, ast.Starred):
            self._target(target.value, None)
        elif isinstance(target, ast.Subscript):
            self._put(target, value)
        elif isinstance(target, ast.Attribute):
            if target.attr == "__name__" and value is not None:
                text = self._text(value)
                if text is not None:
                    self.simulation.named[self.namespace.dotted, dotted_name(target.value)] = text
            module = self._module_named(dotted_name(target.value))
            if module is not None and module is not self.namespace:
                self.simulation.bind(
                    module,
                    target.attr,
                    Entry(f"set by {self.namespace.dotted}", 0, self.simulation.is_sure),
                )

    def _put(self, target: ast.Subscript, value: ast.expr | None) -> None:
        """`sys.modules["name"] = …` and `globals()["name"] = …`."""
        held = target.value
        if isinstance(held, ast.Attribute) and held.attr == "modules":
            name = self._text(target.slice)
            if name is None:
                place = f"{self.namespace.dotted} (line {target.lineno})"
                said = f"{place} puts into `sys.modules` what isn't named there"
                if said not in self.simulation.unknown:
                    self.simulation.unknown.append(said)
            if name is None or name in self.simulation.loaded:
                return
            other = self._module_named(dotted_name(value)) if value is not None else None
            is_sure = self.simulation.is_sure and self.simulation.is_module_sure
            made = Namespace(name, "", self.namespace.dotted, target.lineno, is_sure)
            made.is_relatively_sure = self.simulation.is_sure
            if other is not None:
                made.names, made.is_open, made.path = other.names, other.is_open, other.path
            made.is_running = False
            made.depth = len(self.simulation.stack)
            self.simulation.loaded[name] = made
            self.simulation.order.append(name)
        elif self._is_globals(held):
            name = self._text(target.slice)
            if name is None:
                self._opened("fills its namespace under names that aren't written down")
            else:
                entry = Entry("a value", target.lineno, self.simulation.is_sure)
                self.simulation.bind(self.namespace, name, entry)

    def _is_globals(self, node: ast.expr) -> bool:
        """Is it the dictionary of the module at hand?"""
        if isinstance(node, ast.Name):
            entry = self.entry(node.id)
            return entry is not None and entry.what == _GLOBALS
        if isinstance(node, ast.Call):
            name = dotted_name(node.func)
            return name == "globals" or (name == "vars" and not node.args)
        return False

    def _opened(self, why: str) -> None:
        self.namespace.is_open = True
        if why not in self.namespace.unknown:
            self.namespace.unknown.append(why)

    def _assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            self._target(target, node.value)

    def _augment(self, node: ast.AugAssign) -> None:
        if not isinstance(node.target, ast.Name):
            return
        known = self.entry(node.target.id)
        more = self._strings(node.value)
        strings = None
        if known is not None and known.strings is not None and more is not None:
            strings = (*known.strings, *more)
        self._bind(node.target.id, "a value", node.lineno, strings=strings)

    def _extend(self, node: ast.expr) -> None:
        """`__all__.extend(…)`, `.append(…)`, `.remove(…)`, and `globals().update(…)`."""
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            return
        held, how = node.func.value, node.func.attr
        if self._is_globals(held):
            if how in ("update", "setdefault", "pop", "clear", "__setitem__"):
                self._opened("fills its namespace under names that aren't written down")
            return
        entry = self.entry(held.id) if isinstance(held, ast.Name) else None
        if entry is None or entry.strings is None or not node.args:
            return
        if how == "extend":
            more = self._strings(node.args[0])
            entry.strings = None if more is None else (*entry.strings, *more)
        elif how in ("append", "remove"):
            text = self._text(node.args[0])
            if text is None:
                entry.strings = None
            elif how == "append":
                entry.strings = (*entry.strings, text)
            else:
                entry.strings = tuple(each for each in entry.strings if each != text)
        if not self.simulation.is_sure:
            entry.strings = None

    def _strings(self, node: ast.expr) -> tuple[str, ...] | None:
        """What is in a list or tuple of strings."""
        if isinstance(node, (ast.List, ast.Tuple)):
            found: list[str] = []
            for item in node.elts:
                if isinstance(item, ast.Starred):
                    more = self._strings(item.value)
                    if more is None:
                        return None
                    found += more
                elif isinstance(item, ast.Constant) and isinstance(item.value, str):
                    found.append(item.value)
                else:
                    return None
            return tuple(found)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            left, right = self._strings(node.left), self._strings(node.right)
            return None if left is None or right is None else (*left, *right)
        if isinstance(node, ast.Name):
            entry = self.entry(node.id)
            return None if entry is None else entry.strings
        if isinstance(node, ast.Attribute):
            module = self._module_named(dotted_name(node.value))
            if module is not None and (module.dotted, node.attr) == ("sys", "builtin_module_names"):
                return tuple(sys.builtin_module_names)
            entry = None if module is None else module.names.get(node.attr)
            return None if entry is None else entry.strings
        return None

    def _text(self, node: ast.expr) -> str | None:
        if isinstance(node, ast.Name) and node.id != "__name__":
            entry = self.entry(node.id)
            return entry.text if entry is not None and entry.is_sure else None
        if isinstance(node, ast.Attribute) and node.attr == "__name__":
            return self.simulation.named.get((self.namespace.dotted, dotted_name(node.value)))
        try:
            value = evaluate(node, self._constants(node))
        except (LookupError, TypeError, ValueError, AttributeError):
            value = None
        if value is None and isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            left, right = self._text(node.left), self._text(node.right)
            value = None if left is None or right is None else left + right
        return value if isinstance(value, str) else None

    def _delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            for each in target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]:
                if isinstance(each, ast.Name):
                    self._forget(each.id)
                elif isinstance(each, ast.Subscript):
                    held = each.value
                    name = self._text(each.slice)
                    if isinstance(held, ast.Attribute) and held.attr == "modules" and name:
                        self.simulation.loaded.pop(name, None)
                        if name in self.simulation.order:
                            self.simulation.order.remove(name)

    def _forget(self, name: str) -> None:
        names = self.locals if name in self.locals else self.namespace.names
        if self.is_class or (self.function is not None and name not in self.globals):
            names = self.locals
        if self.simulation.is_sure:
            names.pop(name, None)
        elif name in names:
            names[name].is_sure = False

    def _captures(self, pattern: ast.pattern) -> None:
        waiting: list[ast.AST] = [pattern]
        while waiting:
            part = waiting.pop()
            name = getattr(part, "name", None) or getattr(part, "rest", None)
            if isinstance(name, str):
                self._bind(name, "a value", getattr(part, "lineno", 0))
            waiting += child_nodes(part)

    # Imports

    def _import(self, node: ast.Import) -> None:
        for alias in node.names:
            found = self._load(alias.name, node.lineno)
            if found is None and self.simulation.is_sure:
                self.simulation.risky = self.simulation.may_lack = True
            if alias.asname:
                self._bind(alias.asname, "a module", node.lineno, module=alias.name)
            else:
                top = alias.name.partition(".")[0]
                self._bind(top, "a module", node.lineno, module=top)

    def _load(self, dotted: str, line: int) -> Namespace | None:
        return self.simulation.load_chain(dotted, self.namespace.dotted, line)

    def _import_from(self, node: ast.ImportFrom) -> None:
        dotted = self._absolute(node)
        if dotted is None and not self.simulation.is_sure:
            return
        if dotted is None:
            raise ImportFails(
                "ImportError",
                "attempted relative import beyond top-level package",
                self.namespace.dotted,
                node.lineno,
            )
        if node.module == "__future__" and not node.level:
            self._load("__future__", node.lineno)
            for alias in node.names:
                self._bind(alias.asname or alias.name, "an imported name", node.lineno)
            return
        source = self._load(dotted, node.lineno)
        for alias in node.names:
            if alias.name == "*":
                self._import_all(source, node.lineno)
            else:
                self._import_name(source, alias, node.lineno)

    def _absolute(self, node: ast.ImportFrom) -> str | None:
        if not node.level:
            return node.module or ""
        parts = self.namespace.package.split(".") if self.namespace.package else []
        if node.level > len(parts):
            return None
        base = parts[: len(parts) - node.level + 1]
        return ".".join([*base, node.module] if node.module else base)

    def _import_name(self, source: Namespace | None, alias: ast.alias, line: int) -> None:
        more: dict[str, Any] = {}
        what = "an imported name"
        sure = True
        if source is None:
            sure = False
        else:
            entry = source.names.get(alias.name)
            if entry is None:
                found = self._submodule(source, alias.name, line)
                if found is not None:
                    more = {"module": found.dotted}
                    what = "a module"
                elif self._has(source, alias.name) is Answer.NO:
                    if self.simulation.is_sure:
                        raise ImportFails(
                            "ImportError",
                            f"cannot import name '{alias.name}' from '{source.dotted}'",
                            self.namespace.dotted,
                            line,
                        )
                    self.simulation.risky = self.simulation.may_lack = True
                    return
                elif self._has(source, alias.name) is Answer.UNKNOWN:
                    sure = False
            else:
                what = "a module" if entry.module else "an imported name"
                more = {
                    "module": entry.module,
                    "function": entry.function,
                    "is_true": entry.truth,
                    "strings": entry.strings,
                }
                if not entry.is_sure:
                    sure = False
        if not sure:
            self.simulation.risky = self.simulation.may_lack = True
        self._bind(alias.asname or alias.name, what, line, **more)

    def _submodule(self, package: Namespace, name: str, line: int) -> Namespace | None:
        dotted = f"{package.dotted}.{name}"
        if dotted in self.simulation.loaded:
            return self.simulation.load(dotted, self.namespace.dotted, line)
        if not package.is_package and not os.path.isdir(package.path):
            return None
        path = self.simulation.find(dotted)
        if not path and not (path == "" and self.simulation.is_compiled(dotted)):
            return None
        return self.simulation.load(dotted, self.namespace.dotted, line)

    def _has(self, source: Namespace, name: str) -> Answer:
        """Has a module a name that its statements don't bind?"""
        if not source.path or source.is_startup:
            live = live_namespace(source.dotted)
            return answer(name in live) if live else Answer.UNKNOWN
        is_open = source.is_open or "__getattr__" in source.names
        return Answer.UNKNOWN if is_open else Answer.NO

    def _import_all(self, source: Namespace | None, line: int) -> None:
        if source is None or (not source.path and not live_namespace(source.dotted)):
            self._opened("a star import brings names that can't be known")
            self.simulation.risky = self.simulation.may_lack = True
            return
        if not source.path or source.is_startup:
            live = live_namespace(source.dotted)
            public = [name for name in live if not name.startswith("_")]
            for name in live.get("__all__", public):
                self._bind(name, "an imported name", line)
            return
        listed = source.names.get("__all__")
        if listed is None:
            for name, entry in list(source.names.items()):
                if not name.startswith("_"):
                    self._take(name, entry, line)
            if source.is_open:
                self._opened("a star import brings names that can't be known")
            return
        if listed.strings is None:
            self._opened("a star import brings names that can't be known")
            with self.simulation.maybe():
                for name, entry in list(source.names.items()):
                    if not name.startswith("_"):
                        self._take(name, entry, line)
            return
        for name in listed.strings:
            known = source.names.get(name)
            if known is not None:
                self._take(name, known, line)
            else:
                self._import_name(source, ast.alias(name=name, asname=None), line)

    def _take(self, name: str, entry: Entry, line: int) -> None:
        more = {
            "module": entry.module,
            "function": entry.function,
            "is_true": entry.truth,
            "strings": entry.strings,
        }
        if entry.is_sure:
            self._bind(name, "an imported name", line, **more)
        else:
            with self.simulation.maybe():
                self._bind(name, "an imported name", line, **more)

    # Compound statements

    def _class(self, node: ast.ClassDef) -> None:
        inner = _Body(self.simulation, self.namespace, self.function)
        inner.is_class = True
        inner.locals = dict(self.locals)
        inner.block(node.body)

    def _if(self, node: ast.If) -> None:
        self._evaluate(node.test)
        outcome = truth(node.test, self._known)
        if outcome is Answer.UNKNOWN and _raises(node.body):
            outcome = Answer.NO  # otherwise the import fails
        elif outcome is Answer.UNKNOWN and _raises(node.orelse):
            outcome = Answer.YES
        if outcome is not Answer.UNKNOWN:
            self.block(node.body if outcome is Answer.YES else node.orelse)
            return
        before = set(self.namespace.names)
        left = self.maybe_block(node.body)
        after_body = {name for name in self.namespace.names if name not in before}
        left_else = self.maybe_block(node.orelse)
        if node.orelse and self.simulation.is_sure and self.function is None:
            self._bound_in_both(node, after_body)
        self._leave(left, left_else)

    def _leave(self, *branches: _Left | None) -> None:
        """Leave the block at hand, as far as one of some branches that may be taken does."""
        leaving = [left for left in branches if left is not None]
        if leaving:
            is_sure = all(left is not None and left.is_sure for left in branches)
            raise _joined(leaving[0], leaving[-1], is_sure)

    def _bound_in_both(self, node: ast.If, names: set[str]) -> None:
        """What both branches bind is there, whichever is taken."""
        others = _surely_bound(node.orelse)
        for name in names & _surely_bound(node.body) & others:
            self.namespace.names[name].is_sure = True

    def _try(self, node: Any) -> None:
        simulation = self.simulation
        outer = simulation.risky, simulation.may_lack
        simulation.risky = simulation.may_lack = False
        raised: ImportFails | None = None
        left: _Left | None = None
        caught = {name for handler in node.handlers for name in _caught(handler)}
        only_imports = bool(caught) and caught <= _IMPORT_ERRORS
        attributes = caught <= {*_IMPORT_ERRORS, "AttributeError", "NameError"} and bool(caught)
        failing = self._failing(node.body) if attributes and not only_imports else None
        lacks = bool(caught & {*_IMPORT_ERRORS, *_ALL_ERRORS})
        simulation.trying += lacks
        try:
            if failing is not None:
                self.block(node.body[:failing])
                raised = ImportFails(sorted(caught)[0], "", self.namespace.dotted, 0)
            else:
                self._attempt(node.body, lacks)
        except ImportFails as error:
            raised = error
        except _Left as leaving:
            left = leaving
        finally:
            simulation.trying -= lacks
        plain = attributes and all(map(_is_simple, node.body))
        may_fail = simulation.may_lack or not (only_imports or (plain and not simulation.risky))
        simulation.risky, simulation.may_lack = outer
        if raised is not None:
            for handler in node.handlers:
                if _handles(handler, raised.name):
                    self._handler(handler)
                    self.block(node.finalbody)
                    return
            self.block(node.finalbody)
            raise raised
        leaves: list[_Left | None] = []
        if may_fail and node.handlers:
            for handler in node.handlers:
                if not _raises(handler.body):
                    leaves.append(self.maybe_block(handler.body))
                    with self.simulation.maybe():
                        self._forget(handler.name or "")
            self._unsure(node)
        if left is not None:
            self.block(node.finalbody)
            raise left
        self.block(node.orelse)
        self.block(node.finalbody)
        self._leave(*leaves, None)

    def _attempt(self, body: list[ast.stmt], lacks: bool) -> None:
        """The body of a `try`: what follows an import that may fail may not be reached."""
        for number, statement in enumerate(body, 1):
            self.block([statement])
            if lacks and self.simulation.may_lack and body[number:]:
                left = self.maybe_block(body[number:])
                if left is not None:
                    raise _Left(False, left.is_loop)
                return

    def _unsure(self, node: Any) -> None:
        """What a `try` binds that may fail may not be there, unless the handlers bind it, too, or
        leave."""
        if not self.simulation.is_sure or self.function is not None:
            return
        bound = _bound_in(node.body)
        going_on = [handler for handler in node.handlers if not _leaves(handler.body)]
        both = set.intersection(bound, *(_surely_bound(handler.body) for handler in going_on))
        for name in both & self.namespace.names.keys():
            self.namespace.names[name].is_sure = True
        for handler in going_on:
            for name in bound - _surely_bound(handler.body):
                entry = self.namespace.names.get(name)
                # A failure in the statement that binds it is what the handler is for.
                if (
                    entry is not None
                    and len(entry.lines) == 1
                    and not _binds_first(node.body, name)
                ):
                    entry.is_sure = False

    def _failing(self, body: list[ast.stmt]) -> int | None:
        """The first statement that asks for a name or attribute which surely isn't there."""
        for number, statement in enumerate(body):
            if any(map(self._is_missing, _evaluated(statement))):
                return number
        return None

    def _is_missing(self, part: ast.AST) -> bool:
        """Is it a name, or an attribute of a module, that surely isn't there?"""
        if isinstance(part, ast.Attribute):
            module = self._module_named(dotted_name(part.value))
            if module is None or part.attr in module.names:
                return False
            return self._has(module, part.attr) is Answer.NO
        if not isinstance(part, ast.Name) or not isinstance(part.ctx, ast.Load):
            return False
        if hasattr(builtins, part.id) or self.entry(part.id) is not None:
            return False
        return not self.namespace.is_open and self.function is None

    def _handler(self, handler: ast.ExceptHandler) -> None:
        self.block(handler.body)
        if handler.name:
            self._forget(handler.name)

    def _with(self, node: ast.With | ast.AsyncWith) -> None:
        suppressed: set[str] = set()
        for item in node.items:
            self._evaluate(item.context_expr)
            call = item.context_expr
            if isinstance(call, ast.Call) and dotted_name(call.func).endswith("suppress"):
                suppressed.update(dotted_name(each).rpartition(".")[2] for each in call.args)
            if item.optional_vars is not None:
                self._target(item.optional_vars, None)
        try:
            self.block(node.body)
        except ImportFails as error:
            if error.name not in suppressed and not suppressed & _IMPORT_ERRORS:
                raise

    def _for(self, node: ast.For | ast.AsyncFor) -> None:
        self._evaluate(node.iter)
        iterated = node.iter
        is_sure = isinstance(iterated, (ast.Tuple, ast.List, ast.Set)) and bool(iterated.elts)
        if isinstance(iterated, ast.Constant) and isinstance(iterated.value, str):
            is_sure = bool(iterated.value)
        if isinstance(iterated, ast.Name):
            entry = self.entry(iterated.id)
            is_sure = entry is not None and bool(entry.strings)
        try:
            if is_sure:
                self._target(node.target, None)
                self.block(node.body)
            else:
                with self.simulation.maybe():
                    self._target(node.target, None)
                    self.block(node.body)
        except _Left as left:
            self._leave_loop(left, is_sure)
        self.block(node.orelse)

    @staticmethod
    def _leave_loop(left: _Left, is_run: bool) -> None:
        """Leave the function, if that is what a loop's body does."""
        if not left.is_loop:
            raise _Left(left.is_sure and is_run)

    def _while(self, node: ast.While) -> None:
        self._evaluate(node.test)
        outcome = truth(node.test, self._known)
        try:
            if outcome is Answer.YES:
                self.block(node.body)
            elif outcome is Answer.UNKNOWN:
                left = self.maybe_block(node.body)
                if left is not None:
                    raise left
        except _Left as left:
            self._leave_loop(left, outcome is Answer.YES)
        self.block(node.orelse)

    def _raise(self, node: ast.Raise) -> None:
        self._evaluate(node.exc)
        if not self.simulation.is_sure:
            self.simulation.risky = True
            raise ImportFails("Exception", "", self.namespace.dotted, node.lineno)
        called = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        name = "" if called is None else dotted_name(called)
        said = "it raises an error"
        raise ImportFails(name or "Exception", said, self.namespace.dotted, node.lineno)

    # Tests

    def _constants(self, asked: ast.expr) -> dict[str, Any]:
        """What the names in an expression are, as far as it is known."""
        known: dict[str, Any] = {}
        for part in walk(asked):
            entry = self.entry(part.id) if isinstance(part, ast.Name) else None
            if entry is not None and entry.is_sure and entry.text is not None:
                known[part.id] = entry.text  # type: ignore[attr-defined]
        return known | {
            ".version_info": tuple(sys.version_info),
            ".version_info.major": sys.version_info.major,
            ".version_info.minor": sys.version_info.minor,
            ".hexversion": sys.hexversion,
            "sys.platform": sys.platform,
            "_sys.platform": sys.platform,
            "os.name": os.name,
            "_os.name": os.name,
            ".byteorder": sys.byteorder,
            "sys.maxsize": sys.maxsize,
            "sys.implementation.name": sys.implementation.name,
            "sys.flags.optimize": 0,
            "__name__": self.namespace.dotted,
            "__debug__": True,
        }

    def _known(self, test: ast.expr) -> Answer:
        """How a test comes out in the interpreter that runs this."""
        name = dotted_name(test)
        if name.rpartition(".")[2] == "TYPE_CHECKING":
            return Answer.NO
        if isinstance(test, ast.Name):
            entry = self.entry(test.id)
            if entry is not None:
                return entry.truth if entry.is_sure else Answer.UNKNOWN
        if isinstance(test, ast.Call):
            return self._known_call(test)
        if isinstance(test, ast.Compare) and len(test.ops) == 1:
            asked = self._known_membership(test)
            if asked is not Answer.UNKNOWN:
                return asked
        return self._evaluated(test)

    def _evaluated(self, test: ast.expr) -> Answer:
        """How a test comes out that asks constants only."""
        try:
            return answer(bool(evaluate(test, self._constants(test))))
        except (LookupError, TypeError, ValueError, AttributeError):
            return Answer.UNKNOWN

    def _known_call(self, test: ast.Call) -> Answer:
        if dotted_name(test.func) == "hasattr" and len(test.args) == 2:
            module = self._module_named(dotted_name(test.args[0]))
            name = self._text(test.args[1])
            if name is None:
                return Answer.UNKNOWN
            if module is None:
                live = self._live(dotted_name(test.args[0]))
                return Answer.UNKNOWN if live is None else answer(hasattr(live, name))
            entry = module.names.get(name)
            if entry is not None:
                return Answer.YES if entry.is_sure else Answer.UNKNOWN
            return self._has(module, name)
        asked = self._known_result(test)
        return self._evaluated(test) if asked is Answer.UNKNOWN else asked

    def _live(self, dotted: str) -> object:
        """An object in a module that has no source, as the interpreter that runs this has it."""
        owner, _, name = dotted.rpartition(".")
        module = self._module_named(owner) if owner else None
        if module is None or module.path:
            return None
        return live_namespace(module.dotted).get(name)

    def _known_result(self, test: ast.Call) -> Answer:
        """How a function comes out that does nothing but return the answer to a test."""
        entry = self.entry(test.func.id) if isinstance(test.func, ast.Name) else None
        if entry is None or entry.function is None or not entry.is_sure or test.keywords:
            return Answer.UNKNOWN
        namespace, function = entry.function
        statement = function.body[-1]
        parameters = [arg.arg for arg in function.args.args]
        if len(function.body) != 1 or len(parameters) != len(test.args):
            return Answer.UNKNOWN
        if not isinstance(statement, ast.Return) or statement.value is None:
            return Answer.UNKNOWN
        inner = _Body(self.simulation, namespace, function)
        for name, argument in zip(parameters, test.args, strict=True):
            inner.locals[name] = Entry("a value", 0, True, text=self._text(argument))
        if self.simulation.asking >= _MAXIMUM_CALLS:
            return Answer.UNKNOWN
        self.simulation.asking += 1
        try:
            return truth(statement.value, inner._known)
        finally:
            self.simulation.asking -= 1

    def _known_membership(self, test: ast.Compare) -> Answer:
        """`"posix" in sys.builtin_module_names`, `"x" in globals()`."""
        name = self._text(test.left)
        operator = type(test.ops[0])
        if name is None or operator not in (ast.In, ast.NotIn):
            return Answer.UNKNOWN
        found = self._is_in(name, test.comparators[0])
        return found if operator is ast.In else found.opposite

    def _is_in(self, name: str, held: ast.expr) -> Answer:
        """Is a string in what an expression means?"""
        strings = self._strings(held)
        if strings is not None:
            return answer(name in strings)
        if isinstance(held, ast.Attribute) and held.attr == "modules":
            loaded = self.simulation.loaded.get(name)
            return Answer.NO if loaded is None else _sure(loaded.is_sure)
        is_globals = isinstance(held, ast.Call) and dotted_name(held.func) == "globals"
        if not is_globals or self.namespace.is_open:
            return Answer.UNKNOWN
        entry = self.namespace.names.get(name)
        return Answer.NO if entry is None else _sure(entry.is_sure)

    # Expressions

    def _evaluate(self, *expressions: ast.expr | None) -> None:
        for expression in expressions:
            if expression is not None:
                self._expression(expression)

    def _expression(self, node: ast.expr) -> None:
        if isinstance(node, (ast.Constant, ast.Name, ast.Lambda)):
            return
        if isinstance(node, ast.BoolOp):
            self._expression(node.values[0])
            with self.simulation.maybe():
                self._evaluate(*node.values[1:])
            return
        if isinstance(node, ast.IfExp):
            self._expression(node.test)
            outcome = truth(node.test, self._known)
            if outcome is not Answer.UNKNOWN:
                self._expression(node.body if outcome is Answer.YES else node.orelse)
                return
            with self.simulation.maybe():
                self._evaluate(node.body, node.orelse)
            return
        if isinstance(node, COMPREHENSIONS):
            self._expression(node.generators[0].iter)
            with self.simulation.maybe():
                for child in child_nodes(node):
                    if isinstance(child, ast.expr):
                        self._expression(child)
            return
        for child in child_nodes(node):
            if isinstance(child, ast.expr):
                self._expression(child)
            elif isinstance(child, ast.keyword):
                self._expression(child.value)
        if isinstance(node, ast.NamedExpr):
            self._target(node.target, node.value)
        elif isinstance(node, ast.Call):
            self._call(node)

    def _decorate(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        for decorator in reversed(node.decorator_list):
            name = dotted_name(decorator)
            if name:
                self._run_function(name, decorator.lineno)
            if name.rpartition(".")[2] == "global_enum":
                self._opened(f"`{name}` puts the members of `{node.name}` into the module")

    def _call(self, node: ast.Call) -> None:
        name = dotted_name(node.func)
        if not name:
            return
        last = name.rpartition(".")[2]
        if last in ("import_module", "__import__") and node.args:
            wanted = self._text(node.args[0])
            if wanted is not None and not wanted.startswith("."):
                self._load(wanted, node.lineno)
                return
            self._opened("loads modules by names that aren't written down")
            self.simulation.risky = True
            return
        if name in ("exec", "eval") and len(node.args) < 2 and name == "exec":
            self._opened("runs code that isn't written down")
            self.simulation.risky = True
            return
        is_given_name = any(
            isinstance(each, ast.Name) and each.id == "__name__" for each in node.args
        )
        if is_given_name and last not in ONLY_READS_NAME and self.function is None:
            self._opened(
                f"`{name}` is given the module's name, and may fill it (line {node.lineno})"
            )
        self._run_function(name, node.lineno)

    def _run_function(self, name: str, line: int) -> None:
        """Follow a call into the function, for what it imports and which globals it binds."""
        simulation = self.simulation
        owner, _, last = name.rpartition(".")
        entry: Entry | None
        if owner:
            module = self._module_named(owner)
            entry = None if module is None else module.names.get(last)
        else:
            entry = self.entry(name)
        if entry is None or entry.function is None or len(simulation.calls) > _MAXIMUM_CALLS:
            if entry is None and not hasattr(builtins, name):
                simulation.risky = True
            return
        namespace, function = entry.function
        key = (namespace.path, function.lineno, simulation.is_sure)
        if isinstance(function, ast.AsyncFunctionDef) or key in simulation.called:
            return
        simulation.called.add(key)
        if not _matters(simulation, function):
            return
        simulation.calls.append((namespace.path, function.lineno))
        inner = _Body(simulation, namespace, function)
        try:
            inner.block(function.body)
        except _Left:
            pass
        finally:
            simulation.calls.pop()


def _sure(is_sure: bool) -> Answer:
    return Answer.YES if is_sure else Answer.UNKNOWN


def _joined(one: _Left, other: _Left | None, is_sure: bool) -> _Left:
    return _Left(is_sure, one.is_loop and (other is None or other.is_loop))


def _raises(body: list[ast.stmt]) -> bool:
    return bool(body) and isinstance(body[-1], ast.Raise)


def _text_of(node: ast.expr) -> str | None:
    is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
    return str(node.value) if is_text else None  # type: ignore[attr-defined]


def _matters(simulation: Simulation, function: FunctionNode) -> bool:
    """Has a function imports, globals, or calls that may lead to some? Calling a generator function
    runs none of it."""
    if function not in simulation.matters:
        nodes = own_nodes(*function.body)
        is_generator = any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in nodes)
        simulation.matters[function] = not is_generator and any(
            isinstance(node, (ast.Import, ast.ImportFrom, ast.Global, ast.Call)) for node in nodes
        )
    return simulation.matters[function]


def _caught(handler: ast.ExceptHandler) -> set[str]:
    if handler.type is None:
        return {""}
    parts = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return {dotted_name(part).rpartition(".")[2] for part in parts}


def _handles(handler: ast.ExceptHandler, name: str) -> bool:
    caught = _caught(handler)
    names = {name, *_ALL_ERRORS}
    if name == "ModuleNotFoundError":
        names.add("ImportError")
    return bool(caught & names)


def _is_simple(statement: ast.stmt) -> bool:
    """May a statement fail by nothing but an import, a name or an attribute?"""
    if isinstance(statement, (ast.Import, ast.ImportFrom, ast.Pass)):
        return True
    value = getattr(statement, "value", None)
    if not isinstance(statement, (ast.Assign, ast.Expr, ast.AnnAssign)) or value is None:
        return False
    return all(isinstance(part, (ast.Name, ast.Attribute, ast.Constant)) for part in walk(value))


def _evaluated(statement: ast.stmt) -> Iterator[ast.AST]:
    if _is_simple(statement):
        yield from walk(statement)


def _surely_bound(body: list[ast.stmt]) -> set[str]:
    """The names that statements bind in whatever way they run."""
    found: set[str] = set()
    for statement in body:
        found |= (
            _bound_in([statement])
            if not isinstance(statement, (ast.If, ast.For, ast.While, ast.Try, ast.Match))
            else set()
        )
        if isinstance(statement, ast.If) and statement.orelse:
            found |= _surely_bound(statement.body) & _surely_bound(statement.orelse)
    return found


def _bound_in(body: list[ast.stmt]) -> set[str]:
    found: set[str] = set()
    for node in own_nodes(*body):
        if isinstance(node, (*FUNCTIONS, ast.ClassDef, ast.Name, ast.alias)):
            found.update(bound_names(node)[:1])
    return found


def _leaves(body: list[ast.stmt]) -> bool:
    return bool(body) and isinstance(body[-1], (ast.Raise, ast.Return, ast.Continue, ast.Break))


def _binds_first(body: list[ast.stmt], name: str) -> bool:
    return (
        bool(body)
        and isinstance(body[0], (ast.FunctionDef, ast.ClassDef))
        and (body[0].name == name)
    )
