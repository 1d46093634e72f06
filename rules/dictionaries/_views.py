"""What Python 2's six dictionary methods become, and where an iterator is needed."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from pyconcepts_lint.analysis.names import is_builtin, is_local
from pyconcepts_lint.base.finding import Edit
from pyconcepts_lint.index.collect import dotted_name
from pyconcepts_lint.index.facts import IMPORT_KINDS
from pyconcepts_lint.rule_api.file import FileContext

PYTHON3_NAMES = {
    "iteritems": "items",
    "iterkeys": "keys",
    "itervalues": "values",
    "viewitems": "items",
    "viewkeys": "keys",
    "viewvalues": "values",
}

# Which positional arguments of these take any iterable, and do nothing but walk it.
_FIRST, _SECOND, _ALL = range(1), range(1, 2), range(1000)
_CONSUMERS: dict[str, range] = {
    **dict.fromkeys(("all", "any", "bytearray", "dict", "enumerate", "frozenset"), _FIRST),
    **dict.fromkeys(("iter", "list", "set", "sorted", "sum", "tuple"), _FIRST),
    **dict.fromkeys(("collections.Counter", "collections.OrderedDict"), _FIRST),
    **dict.fromkeys(("collections.deque", "itertools.accumulate", "itertools.batched"), _FIRST),
    **dict.fromkeys(("itertools.chain.from_iterable", "itertools.combinations"), _FIRST),
    **dict.fromkeys(("itertools.cycle", "itertools.groupby", "itertools.islice"), _FIRST),
    **dict.fromkeys(("itertools.pairwise", "itertools.permutations", "itertools.tee"), _FIRST),
    **dict.fromkeys(("collections.defaultdict", "filter", "functools.reduce"), _SECOND),
    **dict.fromkeys(("heapq.nlargest", "heapq.nsmallest", "itertools.dropwhile"), _SECOND),
    **dict.fromkeys(("itertools.filterfalse", "itertools.ifilter"), _SECOND),
    **dict.fromkeys(("itertools.ifilterfalse", "itertools.starmap"), _SECOND),
    **dict.fromkeys(("itertools.takewhile", "reduce"), _SECOND),
    **dict.fromkeys(("itertools.imap", "map"), _ALL[1:]),
    **dict.fromkeys(("heapq.merge", "itertools.chain", "itertools.compress"), _ALL),
    **dict.fromkeys(("itertools.izip", "itertools.izip_longest", "itertools.product"), _ALL),
    **dict.fromkeys(("itertools.zip_longest", "zip"), _ALL),
}
_SMALLEST_AND_LARGEST = frozenset({"max", "min"})
# Modules that give the built-ins of Python 3 under their own names.
_AS_BUILTINS = ("builtins.", "future_builtins.", "future.builtins.", "six.moves.")
# Methods of lists, sets, dictionaries, strings and files that walk what they are given.
_CONSUMING_METHODS = frozenset(
    {
        "difference",
        "difference_update",
        "extend",
        "extendleft",
        "fromkeys",
        "intersection",
        "intersection_update",
        "isdisjoint",
        "issubset",
        "issuperset",
        "join",
        "symmetric_difference",
        "symmetric_difference_update",
        "union",
        "update",
        "writelines",
    }
)


def has_one_argument(call: ast.Call) -> bool:
    """Does a call pass one argument, and that by its position?"""
    return len(call.args) == 1 and not call.keywords and not isinstance(call.args[0], ast.Starred)


def is_walked(file: FileContext, path: Sequence[ast.AST]) -> bool:
    """Does what is around an expression do nothing with its value but walk through it?

    There a view does what an iterator does.

    Args:
        file: the file at hand.
        path: the nodes around the expression, the outermost first, and itself as the last.
    """
    for number in range(len(path) - 1, 0, -1):
        parent, child = path[number - 1], path[number]
        if isinstance(parent, ast.comprehension):
            return child is parent.iter and not parent.is_async
        if isinstance(parent, ast.For):
            return child is parent.iter
        if isinstance(parent, ast.Call):
            return _is_consumer(file, path[:number], child)
        if isinstance(parent, ast.Assign):
            return child is parent.value and all(
                isinstance(target, (ast.Tuple, ast.List)) for target in parent.targets
            )
        if isinstance(parent, ast.Compare):
            return any(
                side is child and isinstance(operator, (ast.In, ast.NotIn))
                for operator, side in zip(parent.ops, parent.comparators, strict=True)
            )
        if isinstance(parent, (ast.Expr, ast.YieldFrom, ast.Starred)):
            return True
        if isinstance(parent, ast.IfExp):
            if child is parent.test:
                return False
        elif not isinstance(parent, ast.BoolOp) or child is not parent.values[-1]:
            # What stands left of `and` and `or` is asked for its truth: an iterator is true,
            # an empty view isn't.
            return False
    return False


def iterator_edits(file: FileContext, path: Sequence[ast.AST]) -> list[Edit] | None:
    """Make an iterator of the view that a call becomes; `.next()` on it becomes `next(…)`.

    Args:
        file: the file at hand.
        path: the nodes around the call, the outermost first, and itself as the last.
    """
    call, around = path[-1], path[-2]
    assert isinstance(call, ast.Call)
    start, end = file.ast_span(call)
    if not (isinstance(around, ast.Attribute) and around.attr == "next"):
        return [file.edit(start, start, "iter("), file.edit(end, end, ")")]
    whole = path[-3]
    if not isinstance(whole, ast.Call) or whole.func is not around or whole.args or whole.keywords:
        return [
            file.edit(start, start, "iter("),
            file.edit(end, end, ")"),
            file.edit(file.ast_name_start(around), file.ast_span(around)[1], "__next__"),
        ]
    stop = file.ast_span(whole)[1]
    if "#" in file.text[end:stop] or not is_builtin(file, "next", path):
        return None
    return [file.edit(start, start, "next(iter("), file.edit(end, stop, "))")]


def _is_consumer(file: FileContext, path: Sequence[ast.AST], argument: ast.AST) -> bool:
    """Does the call at the end of `path` walk its argument, and take any iterable for it?"""
    call = path[-1]
    assert isinstance(call, ast.Call)
    position = next((number for number, other in enumerate(call.args) if other is argument), None)
    if position is None:
        return False  # what is called, or an argument that is passed by name
    if any(isinstance(other, ast.Starred) for other in call.args[:position]):
        return False
    name = _called(file, path, call)
    if name in _SMALLEST_AND_LARGEST:
        return len(call.args) == 1 and all(keyword.arg for keyword in call.keywords)
    if name in _CONSUMERS:
        return position in _CONSUMERS[name]
    return isinstance(call.func, ast.Attribute) and call.func.attr in _CONSUMING_METHODS


def _called(file: FileContext, path: Sequence[ast.AST], call: ast.Call) -> str:
    """The full name of what is called: a built-in's own name; "" where it isn't known."""
    name = dotted_name(call.func)
    root = name.partition(".")[0]
    if not name or is_builtin(file, root, path):
        return name
    if file.module is None or is_local(file, root, path):
        return ""
    bindings = file.module.bindings.get(root)
    if not bindings or any(binding.kind not in IMPORT_KINDS for binding in bindings):
        return ""
    qualified = file.module.qualified(name)
    for prefix in _AS_BUILTINS:
        qualified = qualified.removeprefix(prefix)
    return qualified
