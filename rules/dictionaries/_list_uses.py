"""Where a view of a dictionary is used as if it were a list."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise

from pyconcepts_lint.analysis.followed import possible, reaching_values
from pyconcepts_lint.analysis.values import Instance, PossibleValues
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index.collect import dotted_name
from pyconcepts_lint.index.facts import IMPORT_KINDS
from pyconcepts_lint.index.model import Module
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rules.dictionaries._kinds import are_dictionaries, is_known, may_be_dictionary
from pyconcepts_lint.rules.dictionaries._list_calls import CHOOSERS, LIST_METHODS
from pyconcepts_lint.rules.dictionaries._walks import VIEWS
from pyconcepts_lint.source.ast_nodes import SCOPES, child_nodes, walk

_SET_OPERATORS = (ast.BitAnd, ast.BitOr, ast.BitXor, ast.Sub)


class ListUse(NamedTuple):
    """One use of a view.

    `node` is the expression that uses it, `used` the part of it that is the view, and `view` the
    call that makes it; `name` is the local name through which that is used, or "". `attribute` is the method that is missing, or "".
    `is_set`: the same name is used as a set, too, which no list is. `sorting` are the assignment
    to the name and the call of its `sort`, where that is the next statement. `is_known`: the view
    surely is one of a dictionary. `is_on_one_path`: the name is bound to something else, too, on
    another way to the use. `is_iterated`: `next` is asked for an item of it.
    """

    node: ast.expr
    used: ast.expr
    view: ast.Call
    name: str
    attribute: str
    is_set: bool
    sorting: tuple[ast.Assign, ast.Call] | None
    is_known: bool = False
    is_on_one_path: bool = False
    is_iterated: bool = False


def list_uses(file: FileContext) -> Iterator[ListUse]:
    """Where views of dictionaries are used as lists."""
    uses = list(_uses(file, file.tree)) if file.tree is not None else []
    if not uses:
        return
    asked = {node for use in uses for node in (_receiver(use), _added(use))}
    known = dict(possible(file, lambda node: node if node in asked else None))
    for use in uses:
        origin = known.get(_receiver(use))  # of a literal nothing is known
        if origin is None or not (
            are_dictionaries(origin) or (file.is_python2 and may_be_dictionary(origin))
        ):
            continue
        if (use.is_on_one_path or use.is_iterated) and not is_known(origin):
            continue
        other = _added(use)
        if other is not None and not _is_list_or_view(file, other, known.get(other)):
            continue
        if origin.objects or file.is_python2:
            yield use._replace(is_known=is_known(origin))


def _receiver(use: ListUse) -> ast.expr:
    """What the view is one of."""
    assert isinstance(use.view.func, ast.Attribute)
    return use.view.func.value


def _added(use: ListUse) -> ast.expr | None:
    """What a view is added to; None where that isn't what is done, or it is the view itself."""
    if not isinstance(use.node, ast.BinOp):
        return None
    for side in (use.node.left, use.node.right):
        if side is not use.used and not (isinstance(side, ast.Name) and side.id == use.name):
            return side
    return None


def _uses(file: FileContext, tree: ast.Module) -> Iterator[ListUse]:
    """All uses, whatever it is that the views are of."""
    nodes = walk(tree)
    calls = {node for node in nodes if node.__class__ is ast.Call and _view(node) is not None}
    if not calls:
        return
    is_named = any(node.__class__ is ast.Assign and node.value in calls for node in nodes)
    named = _named_views(tree) if is_named else {}
    as_sets: set[str] = set()
    sorting: dict[ast.Call, tuple[ast.Assign, ast.Call]] = {}
    if named:
        sorting.update(_sorted_next(nodes))
        as_sets.update(
            side.id
            for node in nodes
            if isinstance(node, ast.BinOp) and isinstance(node.op, _SET_OPERATORS)
            for side in (node.left, node.right)
            if isinstance(side, ast.Name)
        )
    using = [
        (node, used, attribute)
        for node in nodes
        if node.__class__ in _USING
        for used, attribute in _used_as_list(file, node)
    ]
    reached = _reached(file, [used for _, used, _ in using], named) if is_named else {}
    done: set[ast.AST] = set()
    for node, used, attribute in using:
        view, name, is_one = _view(used), "", False
        if view is None and isinstance(used, ast.Name):
            view, is_one = reached.get(used, (named.get(used), False))
            name = used.id
        if view is None or node in done:
            continue
        done.add(node)
        assert isinstance(node, ast.expr)
        yield ListUse(
            node,
            used,
            view,
            name,
            attribute,
            name in as_sets,
            sorting.get(view),
            is_on_one_path=is_one,
            is_iterated=isinstance(node, ast.Call) and _is_next(node),
        )


def _reached(
    file: FileContext, used: Iterable[ast.expr], named: dict[ast.Name, ast.Call]
) -> dict[ast.Name, tuple[ast.Call, bool]]:
    """Uses of names that have been bound to views, and whether that is so on one way of several."""
    assert file.tree is not None
    names = {node for node in used if isinstance(node, ast.Name) and node not in named}
    # What is asked whether it is a list may be made one.
    asked = {
        argument.id
        for call in walk(file.tree)
        if isinstance(call, ast.Call) and dotted_name(call.func) in _TYPE_TESTS
        for argument in call.args[:1]
        if isinstance(argument, ast.Name)
    }
    wanted = {node for node in names if node.id not in asked}
    if not wanted:
        return {}
    found: dict[ast.Name, tuple[ast.Call, bool]] = {}
    for node, values in reaching_values(file, lambda node: node in wanted).items():
        views = [view for value in values if value and (view := _view(value)) is not None]
        if views:
            found[node] = views[0], len(values) > 1
    return found


def _is_next(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == "next"


_TYPE_TESTS = frozenset({"hasattr", "isinstance", "type"})
_USING = frozenset({ast.Subscript, ast.Attribute, ast.BinOp, ast.Call})


def _view(node: ast.expr) -> ast.Call | None:
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in VIEWS
        and not node.args
        and not node.keywords
    ):
        return node
    return None


def _used_as_list(file: FileContext, node: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    """The parts of an expression that have to be lists, and the method that they need, or ""."""
    if isinstance(node, ast.Subscript):
        yield node.value, ""
    elif isinstance(node, ast.Attribute):
        if node.attr in LIST_METHODS and isinstance(node.ctx, ast.Load):
            yield node.value, node.attr
    elif isinstance(node, ast.BinOp):
        if isinstance(node.op, ast.Add):
            yield node.left, ""
            yield node.right, ""
    elif isinstance(node, ast.Call) and node.args and file.module is not None:
        name = dotted_name(node.func)
        if _is_next(node):
            if not file.project.may_bind(file.module, "next"):
                yield node.args[0], ""
        elif name.rpartition(".")[2] in CHOOSERS and _is_of_random(file.module, name):
            yield node.args[0], ""


def _is_of_random(module: Module, name: str) -> bool:
    """Is a function one of the module `random`, as far as all imports tell that bind its name?"""
    root, _, rest = name.partition(".")
    bindings = module.bindings.get(root, ())
    if bindings:
        found = module.qualified(name).rpartition(".")[0]
        return found == "random" and all(each.kind in IMPORT_KINDS for each in bindings)
    sources = {
        f"{statement.module}.{full}" if statement.module else full
        for statement in module.facts.imports
        for full, alias in statement.names
        if root == (alias or full)
    }
    return sources == ({"random"} if rest else {f"random.{root}"})


def _named_views(tree: ast.Module) -> dict[ast.Name, ast.Call]:
    """Uses of names that a function, or the module, binds once, to a view."""
    found: dict[ast.Name, ast.Call] = {}
    names_of: dict[ast.AST, _Names] = {}
    waiting: list[tuple[ast.AST, ast.AST]] = [(tree, tree)]
    for node, scope in waiting:
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target, view = node.targets[0], _view(node.value)
            is_local = isinstance(target, ast.Name) and not isinstance(scope, ast.ClassDef)
            if view is not None and is_local:
                if scope not in names_of:
                    names_of[scope] = _Names(scope)
                found.update(dict.fromkeys(names_of[scope].uses_of(target.id), view))  # type: ignore[attr-defined]
        inside = node if isinstance(node, SCOPES) else scope
        waiting += [(child, inside) for child in child_nodes(node)]
    return found


class _Names:
    """The names of a scope and the ones in it: where they are used, and how often bound."""

    def __init__(self, scope: ast.AST) -> None:
        self._uses: dict[str, list[ast.Name]] = {}
        self._bound: Counter[str] = Counter()
        for node in walk(*child_nodes(scope)):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                self._uses.setdefault(node.id, []).append(node)
            else:
                self._bound.update(_names_bound(node))

    def uses_of(self, name: str) -> list[ast.Name]:
        """The uses of a name, if nothing binds it but once."""
        return self._uses.get(name, []) if self._bound[name] == 1 else []


def _names_bound(node: ast.AST) -> Iterable[str]:
    """The names that a node itself binds; those that it sends elsewhere twice."""
    if isinstance(node, ast.Name):
        return (node.id,)
    if isinstance(node, (ast.Global, ast.Nonlocal)):
        return [*node.names, *node.names]
    if isinstance(node, ast.alias):
        return {node.asname or "", node.name.partition(".")[0]}
    if isinstance(node, ast.keyword):
        return ()
    names = (getattr(node, field, None) for field in ("arg", "name", "rest"))
    return {name for name in names if isinstance(name, str)}


def _sorted_next(
    nodes: Iterable[ast.AST],
) -> Iterator[tuple[ast.Call, tuple[ast.Assign, ast.Call]]]:
    """Views that are assigned to a name of which the next statement calls `sort`."""
    for node in nodes:
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            for first, second in pairwise(block if isinstance(block, list) else ()):
                if (
                    isinstance(first, ast.Assign)
                    and isinstance(second, ast.Expr)
                    and isinstance(second.value, ast.Call)
                    and not second.value.args
                    and (view := _view(first.value)) is not None
                    and dotted_name(second.value.func) == f"{dotted_name(first.targets[0])}.sort"
                ):
                    yield view, (first, second.value)


def _is_list_or_view(file: FileContext, node: ast.expr, origin: PossibleValues | None) -> bool:
    """Is what a view is added to something that takes no views?"""
    if _view(node) is not None or isinstance(node, (ast.List, ast.ListComp)):
        return True
    lists = {Instance(file.project.builtin_class(name)) for name in ("list", "tuple")}
    return (
        origin is not None
        and bool(origin.objects)
        and origin.objects <= lists
        and not origin.is_open
        and not origin.is_unresolved
    )
