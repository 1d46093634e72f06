from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

from pyconcepts_lint.analysis.flow import Paths, Way
from pyconcepts_lint.analysis.values import Instance, PossibleValues, origins
from pyconcepts_lint.index.collect import dotted_name
from pyconcepts_lint.index.model import ClassModel, External
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.metaclasses._new import (
    New,
    is_made_plainly,
    local_names,
    new_methods,
)
from pyconcepts_lint.source.ast_nodes import walk

# Built-in functions that call, or find, whatever they are told to.
_MAY_MAKE_ANYTHING = frozenset(
    {
        *("__build_class__", "__import__", "compile", "eval", "exec", "filter", "getattr"),
        *("globals", "locals", "map", "max", "min", "next", "setattr", "sorted", "super", "vars"),
    }
)


class MetaclassSkipsSuper(Rule):
    """A metaclass's `__new__` makes the class by calling the `__new__` of the metaclass above.

    ## What it finds

    The `__new__` of a metaclass from which no path reaches the making of a class
    (`super().__new__(…)`, `type.__new__(…)`, `type(…)`, another metaclass), and whose results
    are known to be something else: a `dict`, a string, an instance of an ordinary class. Silent
    where it calls anything that can't be resolved. Where the result is None, PCL303 speaks.

    ## Why

    Everything is an object, classes too, and a metaclass makes them. A class statement calls the
    metaclass with the name, the bases and the namespace of the class; that calls
    `Meta.__new__`, and binds what it returns to the class's name. Only `type.__new__` makes a
    new class. A `__new__` that never gets there leaves the class statement with some other
    object: it has no instances, no methods and no subclasses.

    ## Bad

    ```python
    class Described(type):
        def __new__(meta, name, bases, namespace):
            return dict(namespace, name=name)


    class Basket(metaclass=Described):
        size = 3


    print(type(Basket).__name__)
    ```

    ```output
    dict
    ```

    ## Good

    ```python
    class Described(type):
        def __new__(meta, name, bases, namespace):
            namespace = dict(namespace, name=name)
            return super().__new__(meta, name, bases, namespace)


    class Basket(metaclass=Described):
        size = 3


    print(type(Basket).__name__, Basket.name)
    ```

    ```output
    Described Basket
    ```

    ## Fix

    There is none: what the class should be made of, only the author knows.

    ## When to ignore it

    Where the class statement is meant as a way to write down something that is no class. A
    function says so more clearly: `metaclass=` takes one.

    ## See also

    - [Metaclasses](https://docs.python.org/3/reference/datamodel.html#metaclasses)
    - [`type`](https://docs.python.org/3/library/functions.html#type)
    """

    code = "PCL307"
    name = "metaclass-skips-super"
    reads_stubs = False
    words = ("__new__",)
    silences = {
        "a path makes a class": "makes-class",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        doubtful = [
            (new, returned)
            for new in file.cached(new_methods)
            if new.is_of_metaclass
            and is_made_plainly(new.model)
            and (returned := _returned(new))
            and not _may_make_class(new)
        ]
        for new, kinds in _kinds(file, doubtful):
            name = new.model.name
            yield Claim(
                file.definition_range(new.binding.line, new.binding.column),
                f"`{name}.__new__` returns {kinds}, not a class: "
                f"`class C(metaclass={name})` binds `C` to that",
            )


def _returned(new: New) -> list[ast.expr]:
    """What a `__new__` returns; nothing where that may be None."""
    paths = Paths(new.node.body, unknown=True)
    returned = [node.value for node in paths.reached if isinstance(node, ast.Return)]
    is_value = [node is not None and not _is_none(node) for node in returned]
    if Way.END in paths.ways or not all(is_value):
        return []
    return [node for node in returned if node is not None]


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _may_make_class(new: New) -> bool:
    """May something in the function make a class, or do what isn't known?"""
    local = local_names(new.node)
    for node in walk(*new.node.body):
        if isinstance(node, ast.ClassDef) or getattr(node, "decorator_list", None):
            return True
        if isinstance(node, ast.Attribute) and node.attr in ("__new__", "__call__", "__class__"):
            return True
        if isinstance(node, ast.Call) and not _is_harmless(node.func, new, local):
            return True
    return False


def _is_harmless(function: ast.expr, new: New, local: frozenset[str]) -> bool:
    """Is it known what is called, and that it makes no class?"""
    if isinstance(function, ast.Attribute) and function.attr in _METHODS:
        value = function.value
        arguments = {part.arg for part in (*new.node.args.posonlyargs, *new.node.args.args)}
        return isinstance(value, ast.Constant) or (
            isinstance(value, ast.Name) and value.id in arguments
        )
    name = dotted_name(function)
    if not name or name.partition(".")[0] in local:
        return False
    symbol = new.model.project.resolve(new.model.module, name)
    if isinstance(symbol, External):
        module, _, builtin = symbol.name.rpartition(".")
        return module == "builtins" and builtin not in _MAY_MAKE_ANYTHING
    return isinstance(symbol, ClassModel) and _has_ordinary_instances(symbol)


# What the name, the bases and the namespace have.
_METHODS = frozenset(
    name for kind in (dict, str, tuple) for name in dir(kind) if not name.startswith("_")
)


def _has_ordinary_instances(model: ClassModel) -> bool:
    """Are the instances of a class surely no classes?"""
    return model.makes_own_instances and all(
        base.full_name != "builtins.type" for base in model.mro or ()
    )


def _kinds(
    file: FileContext, doubtful: Sequence[tuple[New, list[ast.expr]]]
) -> Iterator[tuple[New, str]]:
    """What the expressions that methods return surely are, where that is known and no class."""
    owners = {
        (node.lineno + new.line - 1, node.col_offset, type(node)): number
        for number, (new, returned) in enumerate(doubtful)
        for node in returned
    }

    def owner(node: ast.expr) -> int | None:
        return owners.get((node.lineno, node.col_offset, type(node)))

    answers: dict[int, list[PossibleValues]] = {}
    for node, origin in (
        origins(file, lambda node: None if owner(node) is None else node) if owners else ()
    ):
        assert isinstance(node, ast.expr)
        number = owner(node)
        assert number is not None
        answers.setdefault(number, []).append(origin)
    for number, (new, _) in enumerate(doubtful):
        kinds = _kind_of(answers.get(number, []))
        if kinds:
            yield new, kinds


def _kind_of(answers: Iterable[PossibleValues]) -> str:
    """What returned expressions surely are; "" where that isn't known or may be a class."""
    names: set[str] = set()
    for origin in answers:
        if origin.is_open or origin.is_unresolved or not origin.objects:
            return ""
        for item in origin.objects:
            if not isinstance(item, Instance) or not _has_ordinary_instances(item.model):
                return ""
            article = "an" if item.model.name[:1].lower() in "aeiou" else "a"
            names.add(f"{article} `{item.model.name}`")
    return " or ".join(sorted(names))
