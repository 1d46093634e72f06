"""Loops that add items to the dictionary which they walk, or take items out of it."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum, auto
from functools import cached_property

from pyconcepts_lint.analysis.flow import Way
from pyconcepts_lint.analysis.followed import possible
from pyconcepts_lint.analysis.values import Place
from pyconcepts_lint.base.answer import Answer, all_of, answer
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rules.dictionaries import _facts
from pyconcepts_lint.rules.dictionaries._called import Called
from pyconcepts_lint.rules.dictionaries._kinds import (
    are_dictionaries,
    is_known,
)
from pyconcepts_lint.rules.dictionaries._steps import (
    PUTTING,
    Step,
    block_steps,
    changed_by,
    exclude,
    keys_taken,
    method_called,
    parameters_of,
    running,
    targets_of,
)
from pyconcepts_lint.rules.dictionaries._walks import Walk, spelled, walk_of
from pyconcepts_lint.source.ast_nodes import COMPREHENSIONS, SCOPES, child_nodes, walk

# What surely walks a generator to its end.
_EXHAUST = frozenset({"dict", "frozenset", "list", "max", "min", "set", "sorted", "sum", "tuple"})
# Email messages and headers of HTTP have lists of keys and items.
_MESSAGES = re.compile(r"(headers?|message|msg)_*$", re.IGNORECASE)


class Effect(Enum):
    """What a change does to the size of a dictionary."""

    ADDS = auto()
    MAY_ADD = auto()
    DELETES = auto()
    MAY_DELETE = auto()

    @property
    def takes_out(self) -> bool:
        return self in (Effect.DELETES, Effect.MAY_DELETE)


class Change(NamedTuple):
    """One change of the dictionary that a loop walks.

    `is_balanced`: the loop has changes in the other direction as well, so that the size may be
    the same again when it goes on. `by_number`: an item is taken out by the number that
    `enumerate` counts, and not by a key. `line` is where the function that is called there makes
    the change, or 0.
    """

    node: ast.stmt | ast.expr
    effect: Effect
    dictionary: str
    is_balanced: bool
    by_number: bool = False
    line: int = 0


class ChangingLoop(NamedTuple):
    """A loop that changes what it walks.

    `builtins` are the names in its header that have to mean the built-in functions. `is_known`: what
    it walks surely is a dictionary.
    """

    walk: Walk
    changes: tuple[Change, ...]
    builtins: frozenset[str]
    has_view: bool
    is_comprehension: bool
    is_known: bool


def changing_loops(file: FileContext) -> Iterator[ChangingLoop]:
    """The loops of a file that change the dictionary which they walk, and then go on."""
    facts = _facts.changing_loops.of(file.module.facts) if file.module is not None else ()
    doubtful = {
        (fact.line, fact.column)
        for fact in facts
        if _may_change(file, (fact.line, fact.column), file.statement(*fact[2:]))
    }
    if not doubtful or file.tree is None:
        return
    loops: dict[ast.AST, tuple[_Loop, tuple[Change, ...]]] = {}
    for loop in _loops_at(file, file.tree, doubtful):
        changes = tuple(loop.changes())
        if changes:
            loops[loop.dictionary] = loop, changes
    for node, origin in possible(file, lambda node: node if node in loops else None):
        loop, changes = loops[node]
        if not origin.objects and (
            not loop.has_view or origin.is_made or _MESSAGES.search(spelled(loop.dictionary))
        ):
            continue
        if are_dictionaries(origin):
            yield ChangingLoop(
                loop.walk,
                changes,
                loop.builtins,
                loop.has_view,
                not isinstance(loop.node, ast.For),
                is_known(origin),
            )


def _may_change(file: FileContext, place: Place, statement: ast.stmt | None) -> bool:
    """May the loop at a place change what it walks, as far as the statement around it tells?

    Most of those that look so assign to the key that the loop is at. To find that out, the rest
    of the file isn't needed, unless something has two names.
    """
    if statement is None:
        return True
    loops = list(_loops_at(file, statement, {place}))
    return not loops or any(loop.changes() or not loop.changes_by_name() for loop in loops)


def _loops_at(file: FileContext, root: ast.AST, places: Iterable[Place]) -> Iterator[_Loop]:
    """The loops below a node whose iterables stand at some places."""
    wanted = set(places)
    lines = sorted({line for line, _ in wanted})
    called = file.cached(Called)
    waiting: list[tuple[ast.AST, tuple[ast.AST, ...]]] = [(root, ())]
    while waiting:
        node, around = waiting.pop()
        if isinstance(node, ast.For):
            if _place(file, node.iter) in wanted:
                yield _Loop(node, node.iter, node.target, around, called)
        elif isinstance(node, COMPREHENSIONS):
            for number, generator in enumerate(node.generators):
                if not generator.is_async and _place(file, generator.iter) in wanted:
                    yield _Loop(node, generator.iter, generator.target, around, called, number)
        path = (*around, node)
        for child in child_nodes(node):
            first = getattr(child, "lineno", None)
            if first is None:
                waiting.append((child, path))
                continue
            next_line = bisect_left(lines, first)
            if next_line < len(lines) and lines[next_line] <= child.end_lineno:  # type: ignore[attr-defined]
                waiting.append((child, path))


def _place(file: FileContext, node: ast.expr) -> Place:
    return file.ast_place(node.lineno, node.col_offset)


class _Loop:
    """One loop.

    Args:
        node: the `for` statement or the comprehension.
        iterable: what it is over.
        target: what each item is assigned to.
        around: the nodes around it, the outermost first.
        called: tells what calls change.
        number: which `for` of a comprehension it is.
    """

    def __init__(
        self,
        node: ast.For | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp,
        iterable: ast.expr,
        target: ast.expr,
        around: Sequence[ast.AST],
        called: Called,
        number: int = 0,
    ) -> None:
        self.node = node
        self._called = called
        self.target = target
        self.around = around
        self.number = number
        self.walk = walk_of(iterable)
        self.builtins = frozenset(
            wrapper.func.id
            for wrapper in self.walk.wrappers
            if isinstance(wrapper, ast.Call) and isinstance(wrapper.func, ast.Name)
        )
        self.dictionary = self.walk.walked
        self.has_view = bool(self.walk.view)
        self._aliases = _aliases(node, around)
        self._steps = list(self._all_steps())
        name = spelled(self.dictionary)
        self._names = {name} - {""}
        meant = self._aliases.get(name)
        if meant is not None and not (meant.view and self.has_view):
            self.dictionary = meant.walked
            self.has_view = self.has_view or bool(meant.view)
            # A name for a view is none for the dictionary.
            self._names = {spelled(meant.walked)} if meant.view else {name, spelled(meant.walked)}
        self._keys = self._own_keys()
        self._of_values = self._names_of_values()

    # What is changed

    def changes(self) -> list[Change]:
        """The changes of the dictionary after which the loop goes on."""
        if not self._names or self._is_rebound():
            return []
        if isinstance(self.node, ast.GeneratorExp) and not self._is_exhausted(self.node):
            return []
        found: list[tuple[Step, Effect, ast.expr, int]] = []
        for step in self._steps:
            for effect, changed, line in self._effects(step):
                if self._goes_on(step):
                    found.append((step, effect, changed, line))
                    break
        changes: list[Change] = []
        out = [step for step, effect, *_ in found if effect.takes_out]
        into = [step for step, effect, *_ in found if not effect.takes_out]
        puts = self._puts() if out else []
        for step, effect, changed, line in found:
            others = (into, puts) if effect.takes_out else (out,)
            is_balanced = any(not exclude(step, other) for each in others for other in each)
            if not (is_balanced and any(change.is_balanced for change in changes)):
                assert isinstance(step.node, (ast.stmt, ast.expr))
                keys = [] if line else keys_taken(step.node)
                by_number = effect.takes_out and any(map(self._is_number, keys))
                name = spelled(changed)
                changes.append(Change(step.node, effect, name, is_balanced, by_number, line))
        return changes

    def _is_number(self, key: ast.expr) -> bool:
        """Is it the number that `enumerate` counts?"""
        wrapper = self.walk.wrappers[0] if self.walk.wrappers else None
        if not isinstance(wrapper, ast.Call) or not isinstance(self.target, (ast.Tuple, ast.List)):
            return False
        if not (isinstance(wrapper.func, ast.Name) and wrapper.func.id == "enumerate"):
            return False
        number = self.target.elts[0] if self.target.elts else None
        return isinstance(number, ast.Name) and isinstance(key, ast.Name) and key.id == number.id

    def _puts(self) -> list[Step]:
        """The steps that assign to an item: it may be the one that has been taken out."""
        return [
            step
            for step in self._steps
            if not isinstance(step.node, ast.Delete)
            and not (isinstance(step.node, ast.Call) and method_called(step.node) not in PUTTING)
            and any(map(self._is_it, changed_by(step.node)))
        ]

    def changes_by_name(self) -> bool:
        """Does it change what is written as what it walks is, in whatever way?"""
        name = spelled(self.walk.walked)
        return any(
            name == spelled(changed) for step in self._steps for changed in changed_by(step.node)
        )

    def _is_it(self, node: ast.expr) -> bool:
        name = spelled(node)
        if name in self._names:
            return True
        meant = self._aliases.get(name)
        return meant is not None and not meant.view and spelled(meant.walked) in self._names

    def _effects(self, step: Step) -> Iterator[tuple[Effect, ast.expr, int]]:
        """What a step does to the dictionary, the expression for that there, and the line where a
        function does it that the step calls, or 0."""
        for changed in changed_by(step.node):
            if self._is_it(changed):
                effect = self._effect(step, changed)
                if effect is not None:
                    yield effect, changed, 0
        if isinstance(step.node, ast.Call):
            called = self._called.change_by(step.node, self._names, self.around)
            if called is None:
                return
            takes_out, is_sure, keys, line = called
            if takes_out:
                yield Effect.DELETES if is_sure else Effect.MAY_DELETE, self.dictionary, line
            elif all_of(self._is_there(step, key) for key in keys) is not Answer.YES:
                yield Effect.MAY_ADD, self.dictionary, line

    def _effect(self, step: Step, changed: ast.expr) -> Effect | None:
        node = step.node
        if isinstance(node, ast.AugAssign):
            return self._updating(step, [node.value])
        if isinstance(node, ast.Call):
            assert isinstance(node.func, ast.Attribute)
            return self._calling(step, node, node.func.attr)
        keys = [
            target.slice
            for target in targets_of(node)
            if isinstance(target, ast.Subscript) and target.value is changed
        ]
        if any(isinstance(key, ast.Slice) for key in keys):
            return None
        return (
            self._deleting(step, keys)
            if isinstance(node, ast.Delete)
            else self._setting(step, keys)
        )

    def _calling(self, step: Step, call: ast.Call, method: str) -> Effect | None:
        args = call.args
        if any(isinstance(each, ast.Starred) for each in args):
            return None
        if method in ("clear", "popitem"):
            return None if args or call.keywords else Effect.DELETES
        if method == "pop":
            if not args or call.keywords:
                return None
            return self._deleting(step, args[:1], may_lack=len(args) > 1)
        if method == "setdefault":
            return self._setting(step, args[:1])
        keywords = [
            ast.Constant(each.arg, lineno=call.lineno) if each.arg else None
            for each in call.keywords
        ]
        return self._updating(step, args, keywords)

    def _updating(
        self, step: Step, args: Sequence[ast.expr], keywords: Sequence[ast.expr | None] = ()
    ) -> Effect | None:
        keys = list(keywords)
        for each in args:
            if isinstance(each, ast.Dict):
                keys += each.keys
            elif not self._is_it(each):
                keys.append(None)
        return self._setting(step, keys)

    def _setting(self, step: Step, keys: Sequence[ast.expr | None]) -> Effect | None:
        """What assigning to items under these keys does; None is a key that isn't written down."""
        there = all_of(Answer.UNKNOWN if key is None else self._is_there(step, key) for key in keys)
        if there is Answer.YES:
            return None
        return Effect.ADDS if there is Answer.NO else Effect.MAY_ADD

    def _deleting(self, step: Step, keys: Sequence[ast.expr], *, may_lack: bool = False) -> Effect:
        tried = any(isinstance(each, ast.Try) and name == "body" for each, name in step.path)
        if (may_lack or tried) and not any(
            self._is_there(step, key) is Answer.YES and not self._is_number(key) for key in keys
        ):
            return Effect.MAY_DELETE
        return Effect.DELETES

    # Keys

    def _is_there(self, step: Step, key: ast.expr) -> Answer:
        """Has the dictionary, at a step, an item of that key?

        It has where the code is at that item, or has read it; else tests may tell. A key that the
        item's value gives counts as there.
        """
        written = ast.unparse(key)
        if self._keys is not None and written in self._keys:
            return Answer.YES
        for statement, block in step.path:
            if isinstance(statement, ast.If):
                found = self._tested(statement.test, block == "body", written)
                if found is not Answer.UNKNOWN:
                    return found
        first = self._first_uses.get(written)
        if first is not None and first <= key.lineno:
            return Answer.YES
        names = {part.id for part in walk(key) if isinstance(part, ast.Name)}
        if self._keys is None or not names.isdisjoint(self._of_values):
            return Answer.YES  # values know their keys, more often than not
        return Answer.UNKNOWN

    def _tested(self, test: ast.expr, outcome: bool, key: str) -> Answer:
        """What the outcome of a test says about an item."""
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            return self._tested(test.operand, not outcome, key)
        if isinstance(test, ast.BoolOp):
            if isinstance(test.op, ast.And) is not outcome:
                return Answer.UNKNOWN
            found = (self._tested(part, outcome, key) for part in test.values)
            return next((each for each in found if each is not Answer.UNKNOWN), Answer.UNKNOWN)
        if outcome and isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Eq):
            sides = {ast.unparse(test.left), ast.unparse(test.comparators[0])}
            if key in sides and self._keys is not None and not sides.isdisjoint(self._keys):
                return Answer.YES
        if isinstance(test, ast.Compare) and self._asked_for(test) == key:
            return answer(isinstance(test.ops[0], ast.In) is outcome)
        return Answer.UNKNOWN

    @cached_property
    def _first_uses(self) -> dict[str, int]:
        """By the keys as they are written, the first lines with a use of an item that shows that it
        is there, or with a question whether it is."""
        found: dict[str, int] = {}
        for step in self._steps:
            node = step.node
            line = getattr(node, "lineno", 0)
            if isinstance(node, ast.AugAssign):
                node = node.target
            elif isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
                continue
            if isinstance(node, ast.Subscript):
                written = ast.unparse(node.slice) if self._is_it(node.value) else ""
            else:
                written = self._asked_for(node)
            if written:
                found[written] = min(line, found.get(written, line))
        return found

    def _asked_for(self, test: ast.AST) -> str:
        """The key for which a test asks the dictionary, as it is written; "" for none."""
        if (
            isinstance(test, ast.Compare)
            and isinstance(test.ops[0], (ast.In, ast.NotIn))
            and self._is_it(test.comparators[0])
        ):
            return ast.unparse(test.left)
        return ""

    def _own_keys(self) -> frozenset[str] | None:
        """How the key of the item that the loop is at may be written; None where that can't be
        seen.

        Other loops over the same dictionary, around this one or in it, are at items as well.
        """
        keys = _keys_of_items(self.target, self.walk)
        if keys is None:
            return None
        others = {
            node: None
            for node in (*self.around, *(step.node for step in self._steps))
            if isinstance(node, ast.For) and spelled(walk_of(node.iter).walked) in self._names
        }
        for loop in others:
            keys += _keys_of_items(loop.target, walk_of(loop.iter)) or []
        bound = Counter(
            spelled(target)
            for step in self._steps
            if step.node not in others
            for target in targets_of(step.node)
        )
        own = {
            ast.unparse(key)
            for key in keys
            if not any(isinstance(part, ast.Name) and part.id in bound for part in walk(key))
        }
        for step in self._steps:
            if isinstance(step.node, ast.Assign) and ast.unparse(step.node.value) in own:
                own.update(
                    target.id
                    for target in step.node.targets
                    if isinstance(target, ast.Name) and bound[target.id] == 1
                )
        return frozenset(own)

    def _names_of_values(self) -> set[str]:
        """The names for the value of the item that the loop is at, and for what is got from it.

        So is the number that `enumerate` gives: under that, lists are assigned to.
        """
        keys = _keys_of_items(self.target, self.walk) or []
        of_key = {part.id for part in walk(*keys) if isinstance(part, ast.Name)}
        names = {part.id for part in walk(self.target) if isinstance(part, ast.Name)} - of_key
        for step in self._steps:
            if isinstance(step.node, ast.Assign):
                read = {part.id for part in walk(step.node.value) if isinstance(part, ast.Name)}
                if not names.isdisjoint(read):
                    names.update(map(spelled, targets_of(step.node)))
        return names - of_key

    def _is_rebound(self) -> bool:
        """Is a name, or an attribute or item, that leads to the dictionary bound again in it?"""
        leading = {
            spelled(part)
            for node in (self.walk.walked, self.dictionary)
            for part in walk(node)
            if isinstance(part, (ast.Name, ast.Attribute, ast.Subscript))
        }
        targets = {spelled(target) for step in self._steps for target in targets_of(step.node)}
        targets |= {spelled(part) for part in walk(self.target) if isinstance(part, ast.expr)}
        return not leading.isdisjoint(targets - {""})

    # What runs

    def _all_steps(self) -> Iterator[Step]:
        """All statements and expressions of the loop that run in its turns."""
        if isinstance(self.node, ast.For):
            yield from block_steps(self.node.body, 0, (), ())
            return
        parts: list[ast.AST] = []
        for number, generator in enumerate(self.node.generators):
            if number > self.number:
                parts.append(generator.iter)
            if number >= self.number:
                parts += generator.ifs
        if isinstance(self.node, ast.DictComp):
            parts += (self.node.key, self.node.value)
        else:
            parts.append(self.node.elt)
        for node in running(parts):
            yield Step(node, (), ())

    def _goes_on(self, step: Step) -> bool:
        """Does the loop, once a step has been made, surely not end by a way out of it?"""
        if self._yields:
            return False  # it goes on if asked to
        deepest = len(step.rests)  # more than there are loops around it
        for ways, depth in step.rests:
            if depth > deepest:
                continue  # that block has been left
            if Way.RETURN in ways or (Way.BREAK in ways and not depth):
                return False
            if Way.END not in ways:
                if not depth:
                    return Way.CONTINUE in ways
                if not ways & (Way.CONTINUE | Way.BREAK):
                    return False
                deepest = depth - 1
        return True

    @cached_property
    def _yields(self) -> bool:
        return any(isinstance(step.node, (ast.Yield, ast.YieldFrom)) for step in self._steps)

    def _is_exhausted(self, generator: ast.GeneratorExp) -> bool:
        parent = self.around[-1] if self.around else None
        return (
            isinstance(parent, ast.Call)
            and isinstance(parent.func, ast.Name)
            and parent.func.id in _EXHAUST
            and parent.args[:1] == [generator]
        )


def _keys_of_items(target: ast.expr, walked: Walk) -> list[ast.expr] | None:
    """The expressions for the key of the item that a loop is at; None where there may be others."""
    view = walked.view
    if view == "values":
        return None
    for wrapper in walked.wrappers:
        if isinstance(wrapper, ast.GeneratorExp):
            inner = wrapper.generators[0].target
            if wrapper is walked.wrappers[-1] and view == "items":
                # `(k for k, v in d.items())` gives keys.
                keys = _keys_of_items(inner, walked._replace(wrappers=())) or []
                if ast.unparse(wrapper.elt) in map(ast.unparse, keys):
                    return [target]
            if len(wrapper.generators) > 1 or ast.unparse(wrapper.elt) != ast.unparse(inner):
                return None
            continue
        assert isinstance(wrapper.func, ast.Name)
        name = wrapper.func.id
        if name == "map":
            return None
        if name in ("enumerate", "zip"):
            if not isinstance(target, (ast.Tuple, ast.List)) or len(target.elts) < 2:
                return None
            target = target.elts[1 if name == "enumerate" else 0]
    if view != "items":
        return [target]
    if isinstance(target, (ast.Tuple, ast.List)):
        return target.elts[:1]
    return [ast.Subscript(target, ast.Constant(0), ast.Load())]


# Names


def _aliases(node: ast.AST, around: Sequence[ast.AST]) -> dict[str, Walk]:
    """What local names stand for, at a loop, that are bound once, to a dictionary or its view.

    Nothing that leads to the dictionary is bound again from there on.
    """
    function = next(
        (each for each in reversed(around) if isinstance(each, (*SCOPES, ast.Module))),
        None,
    )
    bound: dict[str, list[ast.AST]] = {}
    if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
        for parameter in parameters_of(function):
            bound.setdefault(parameter.arg, []).append(parameter)
    elif not isinstance(function, ast.Module):
        return {}
    names_elsewhere: set[str] = set()
    assigned: list[tuple[str, ast.Assign]] = []
    for part in running(function.body, into_functions=True):
        if isinstance(part, (ast.Global, ast.Nonlocal)):
            names_elsewhere.update(part.names)
        for target in targets_of(part):
            bound.setdefault(spelled(target), []).append(target)
        if (
            isinstance(part, ast.Assign)
            and len(part.targets) == 1
            and isinstance(part.targets[0], ast.Name)
            and part.lineno < node.lineno  # type: ignore[attr-defined]
        ):
            assigned.append((part.targets[0].id, part))
    found: dict[str, Walk] = {}
    for name, statement in assigned:
        meant = walk_of(statement.value)
        if meant.wrappers or not spelled(meant.walked) or name in names_elsewhere:
            continue
        leading = [spelled(each) for each in walk(meant.walked) if isinstance(each, ast.expr)]
        is_kept = all(
            each.lineno <= statement.lineno  # type: ignore[attr-defined]
            for other in leading
            for each in bound.get(other, ())
        )
        if len(bound[name]) == 1 and is_kept and names_elsewhere.isdisjoint(leading):
            found[name] = meant
    return found
