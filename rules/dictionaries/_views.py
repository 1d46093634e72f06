"""What Python 2's six dictionary methods become, and where an iterator is needed."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from pyconcepts_lint.finding import Edit
from pyconcepts_lint.linted import LintedFile
from pyconcepts_lint.names import is_builtin, is_local
from pyconcepts_lint.tree import dotted

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


def is_walked(file: LintedFile, path: Sequence[cst.CSTNode]) -> bool:
    """Does what is around an expression do nothing with its value but walk through it?

    There a view does what an iterator does.

    Args:
        file: the file at hand.
        path: the nodes around the expression, the outermost first, and itself as the last.
    """
    for number in range(len(path) - 1, 0, -1):
        parent, child = path[number - 1], path[number]
        if isinstance(parent, (cst.For, cst.CompFor)):
            return child is parent.iter and parent.asynchronous is None
        if isinstance(parent, cst.Arg):
            return _is_consumer(file, path[: number - 1], parent)
        if isinstance(parent, cst.Assign):
            return child is parent.value and all(
                isinstance(target.target, (cst.Tuple, cst.List)) for target in parent.targets
            )
        if isinstance(parent, cst.ComparisonTarget):
            return isinstance(parent.operator, (cst.In, cst.NotIn))
        if isinstance(parent, (cst.Expr, cst.From, cst.StarredElement)):
            return True
        if isinstance(parent, cst.IfExp):
            if child is parent.test:
                return False
        elif not isinstance(parent, cst.BooleanOperation) or child is not parent.right:
            # What stands left of `and` and `or` is asked for its truth: an iterator is true,
            # an empty view isn't.
            return False
    return False


def iterator_edits(
    file: LintedFile, call: cst.Call, path: Sequence[cst.CSTNode]
) -> list[Edit] | None:
    """Make an iterator of the view that a call becomes; `.next()` on it becomes `next(…)`.

    Args:
        file: the file at hand.
        call: the call.
        path: the nodes around it, and itself as the last.
    """
    start, end = file.span(call)
    around = path[-2]
    if not (isinstance(around, cst.Attribute) and around.attr.value == "next"):
        return [file.edit(start, start, "iter("), file.edit(end, end, ")")]
    whole = path[-3]
    if not isinstance(whole, cst.Call) or whole.func is not around or whole.args:
        return [
            file.edit(start, start, "iter("),
            file.edit(end, end, ")"),
            file.replace(around.attr, "__next__"),
        ]
    stop = file.span(whole)[1]
    if "#" in file.text[end:stop] or not is_builtin(file, "next", path):
        return None
    return [file.edit(start, start, "next(iter("), file.edit(end, stop, "))")]


def _is_consumer(file: LintedFile, path: Sequence[cst.CSTNode], argument: cst.Arg) -> bool:
    """Does the call at the end of `path` walk its argument, and take any iterable for it?"""
    call = path[-1]
    if not isinstance(call, cst.Call) or argument.keyword is not None:
        return isinstance(call, cst.ClassDef) and argument.star == "*"
    if argument.star:
        return argument.star == "*"
    positional = [other for other in call.args if other.keyword is None]
    if any(other.star for other in positional[: positional.index(argument)]):
        return False
    position = positional.index(argument)
    name = _called(file, path, call)
    if name in _SMALLEST_AND_LARGEST:
        return len(positional) == 1
    if name in _CONSUMERS:
        return position in _CONSUMERS[name]
    return isinstance(call.func, cst.Attribute) and call.func.attr.value in _CONSUMING_METHODS


def _called(file: LintedFile, path: Sequence[cst.CSTNode], call: cst.Call) -> str:
    """The full name of what is called: a built-in's own name; "" where it isn't known."""
    name = dotted(call.func)
    root = name.partition(".")[0]
    if not name or is_builtin(file, root, path):
        return name
    if file.module is None or is_local(file, root, path):
        return ""
    bindings = file.module.bindings.get(root)
    if not bindings or any(binding.kind not in ("import", "from") for binding in bindings):
        return ""
    qualified = file.module.qualified(name)
    for prefix in _AS_BUILTINS:
        qualified = qualified.removeprefix(prefix)
    return qualified
