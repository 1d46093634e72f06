from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from pyconcepts_lint.analysis import context
from pyconcepts_lint.analysis.instances import makers, may_be_filled, spells
from pyconcepts_lint.base.answer import Answer
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.attributes import instances_bind, rebinds
from pyconcepts_lint.index.binder import dotted_name, mangled
from pyconcepts_lint.index.facts import Access, Receiver
from pyconcepts_lint.index.kinds import AttributeKind
from pyconcepts_lint.index.model import ClassModel, Module, SourceClass
from pyconcepts_lint.rule_api.claim import Claim, RelatedPlace, line_range
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.descriptors._hooks import Function, bound_in_classes, hook
from pyconcepts_lint.rules.descriptors._runs import Run, parameters
from pyconcepts_lint.rules.descriptors._self_uses import BUILTIN_FUNCTIONS, READ, SelfUses, Use
from pyconcepts_lint.source.ast_nodes import child_nodes, own_nodes

# What lets `copy` and `pickle` make an object without asking the new one for `__setstate__`.
# The modules that copy objects, or send them to other processes.
_COPIERS = frozenset(
    {"copy", "pickle", "dill", "cloudpickle", "joblib", "shelve", "multiprocessing"}
    | {"ProcessPoolExecutor", "dask", "distributed", "ray"}
)
_COPIES_ITSELF = frozenset({"__reduce__", "__reduce_ex__", "__setstate__", "__new__"})


class GetattrBeforeInit(Rule):
    """`__getattr__` that needs an attribute made by `__init__` calls itself where there is none.

    ## What it finds

    In `__getattr__(self, name)`, a read on `self` (`self._target`, `getattr(self, "_target")`,
    `hasattr` too) of an attribute that only methods set, or that nothing binds, if nothing before it ends the recursion:
    no test of the name, no look into `self.__dict__`, no `except` that catches RecursionError.
    A test that sorts out dunder names is enough: `copy` and `pickle` ask only for those.

    A finding is a note where none of the modules that know the class copies or pickles anything.

    Silent where the class says itself how it is copied (`__reduce__`, `__reduce_ex__`,
    `__setstate__`) or made (`__new__`), where a class attribute of that name is there, and where a
    base class isn't known.

    ## Why

    Python calls `__getattr__` for an attribute that isn't found in the ordinary way. As long as
    `__init__` hasn't run, `_target` isn't found either: reading it calls `__getattr__("_target")`,
    which reads it again. Objects are made without `__init__` all the time: `copy.copy()` and
    `pickle.loads()` call `cls.__new__(cls)`, and then ask the new object for `__setstate__`,
    before they fill its dictionary. `except AttributeError` doesn't help, since what is raised in
    the end is RecursionError.

    ## Bad

    ```python
    import copy


    class Lazy:
        def __init__(self, target):
            self._target = target

        def __getattr__(self, name):
            return getattr(self._target, name)


    copy.copy(Lazy([1, 2]))
    ```

    ```output
    RecursionError: maximum recursion depth exceeded
    ```

    ## Good

    ```python
    import copy


    class Lazy:
        def __init__(self, target):
            self._target = target

        def __getattr__(self, name):
            if name == "_target":
                raise AttributeError(name)
            return getattr(self._target, name)


    print(copy.copy(Lazy([1, 2])).count(1))
    ```

    ```output
    1
    ```

    ## Fix

    There is none: which names `__getattr__` should refuse, only the author knows.

    ## When to ignore it

    Where objects of the class are surely never copied, pickled or made by `__new__` alone.

    ## See also

    - [`object.__getattr__`](https://docs.python.org/3/reference/datamodel.html#object.__getattr__)
    - [Pickling class instances](https://docs.python.org/3/library/pickle.html#pickling-class-instances)
    """

    code = "PCL506"
    name = "getattr-before-init"
    severity = "error"
    reads_stubs = False
    words = ("__getattr__",)
    silences = {
        "a test of the name comes first": "test",
        "a class attribute of that name is there": "class-attribute",
        "the class says itself how it is copied": "copies-itself",
        "a base isn't known": "unknown-base",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        if file.module is None or "__getattr__" not in file.cached(bound_in_classes):
            return
        for model in file.module.classes:
            if "__getattr__" not in model.bound_names or not _is_made_without_init(model):
                continue
            function = hook(file, model, "__getattr__")
            reads = (
                sorted(_endless_reads(model, function), key=lambda read: _place(read[0]))
                if function
                else []
            )
            places = [(file.ast_range(node), name) for node, name in reads]
            for where, name in places:
                if not context.dead_code(context.path_in(file, where)):
                    owner = model.name
                    is_set = _is_set_by_methods(model, name)
                    who = f"`{owner}` objects have no `{name}`, which nothing binds"
                    if is_set:
                        who = (
                            f"`{owner}` objects made without `__init__` (by `copy`, `pickle`, "
                            f"`__new__`) have no `{name}`"
                        )
                    elif not _is_surely_unbound(file, model, name):
                        continue
                    yield Claim(
                        where,
                        f"{who}: reading it here calls `{owner}.__getattr__` again, without end: "
                        "RecursionError",
                        severity="note" if is_set and _is_never_copied(model) else None,
                        related=_set_in(model, name),
                    )
                    break  # the others are never come to


def _is_never_copied(model: SourceClass) -> bool:
    """Does no module that knows the class copy objects?"""
    project = model.project
    classes: list[SourceClass] = [model, *project.subclasses(model)]
    paths = dict.fromkeys(path for each in classes for path in _users(each))
    return not any(_copies(project.module(path)) for path in paths)


def _users(model: SourceClass) -> Iterator[str]:
    """The modules that define a class, or import it by its name."""
    yield model.module.path
    yield from (module.path for module, _ in model.project.row(tables.imported_names, model.name))


def _copies(module: Module | None) -> bool:
    """Does a module import what copies objects, or sends them elsewhere?"""
    return module is not None and any(
        part in _COPIERS
        for statement in module.facts.imports
        for name in (statement.module, *(name for name, _ in statement.names))
        for part in name.split(".")
    )


def _set_in(model: SourceClass, name: str) -> tuple[RelatedPlace, ...]:
    """Where a method sets an attribute."""
    for base in model.mro or ():
        for access in base.facts.accesses if isinstance(base, SourceClass) else ():
            if (
                access.attribute == name
                and access.kind is Access.SET
                and access.receiver is Receiver.INSTANCE
            ):
                assert isinstance(base, SourceClass)
                said = f"`{base.name}.{access.method}` sets it, where that has run"
                return (RelatedPlace(said, line_range(access.line), base.module.path),)
    return ()


def _is_made_without_init(model: SourceClass) -> bool:
    """Do `copy` and `pickle` make an instance that looks nothing up in ways of its own?"""
    if model.mro is None:
        return False
    for base in model.mro:
        if base.full_name == "builtins.object":
            continue
        copies_itself = _COPIES_ITSELF if base.has_source else _COPIES_ITSELF - {"__new__"}
        if not base.bound_names.isdisjoint(copies_itself) or not base.plain_metaclass:
            return False
        if isinstance(base, SourceClass) and (
            base.facts.dynamic_body
            or not base.harmless_decorators
            or "__getattribute__" in base.bound_names
        ):
            return False
    return True


def _endless_reads(
    model: SourceClass, function: Function
) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    receiver, parameter, *_ = *parameters(function), "", ""
    module = model.module
    are_builtin = not any(name in module.bindings for name in BUILTIN_FUNCTIONS)
    uses = SelfUses(receiver, model.name, parameter, functions=are_builtin, methods=False)
    nodes = own_nodes(*child_nodes(function))
    others = [
        n for n in nodes if _looks_without_getattr(n, receiver) or _runs_code(n, model, receiver)
    ]
    other = min(map(_place, others), default=(sys.maxsize, 0))
    read = (uses.of(node, READ) for node in nodes)
    for name in {use.name: None for use in read if use is not None}:
        if not name or not _may_be_missing(model, name):
            continue
        runs = [
            Run(lambda node, name=name: uses.of(node, READ) == Use(READ, name), parameter, asked)  # type: ignore[misc]
            # `copy` and `pickle` ask for the one, and that asks for the other.
            for asked in ("__setstate__", name)
        ]
        if all(run.meets(function) for run in runs):
            yield from ((node, name) for node in runs[1].met if _place(node) < other)


def _looks_without_getattr(node: ast.AST, receiver: str) -> bool:
    """May evaluating a node raise for a missing attribute, without `__getattr__` being called?

    What looks into an attribute of the object has read that first.
    """
    if isinstance(node, ast.Subscript):
        held = node.value
        if isinstance(held, ast.Call) and dotted_name(held.func) == "vars":
            return not held.args or not _reads_of(held.args[0], receiver)
        return (
            isinstance(held, ast.Attribute)
            and held.attr == "__dict__"
            and not _reads_of(held.value, receiver)
        )
    return (
        isinstance(node, ast.Attribute)
        and node.attr == "__getattribute__"
        and not _reads_of(node.value, receiver)
    )


def _reads_of(node: ast.expr, receiver: str) -> bool:
    """Does an expression start with an attribute of the object?"""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        if isinstance(node.value, ast.Name):
            return isinstance(node, ast.Attribute) and node.value.id == receiver
        node = node.value
    return False


_OF_EVERY_OBJECT = frozenset(dir(object))


def _runs_code(node: ast.AST, model: SourceClass, receiver: str) -> bool:
    """Is it a read of what the class has, which may call one of its methods?"""
    if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
        return False
    name = mangled(node.attr, model.name)
    if node.value.id != receiver or name in _OF_EVERY_OBJECT:
        return False
    attribute = model.lookup(name)
    return attribute is not None and attribute.kind not in (
        AttributeKind.FIELD,
        AttributeKind.SLOT,
        AttributeKind.VALUE,
    )


def _place(node: ast.AST) -> tuple[int, int]:
    return node.lineno, node.col_offset  # type: ignore[attr-defined]


def _has_no_class(model: SourceClass, name: str) -> bool:
    """Has no class that an instance may be of the attribute?"""
    if any(_has(base, name) for base in model.mro or ()):
        return False
    return not any(
        _has(base, name)
        for below in model.project.subclasses(model)
        for base in below.mro or (below,)
    )


def _may_be_missing(model: SourceClass, name: str) -> bool:
    """Has no class the attribute, while methods set it on their instances, or nothing does?"""
    if not _has_no_class(model, name):
        return False
    written = [base for base in model.mro or () if isinstance(base, SourceClass)]
    if any("__setattr__" in base.bound_names for base in written):
        # That may put it elsewhere, on the class even.
        return not any(
            access.attribute == name and access.kind is Access.SET
            for base in written
            for access in base.facts.accesses
        ) and _is_set_by_methods(model, name)
    # Python itself may have what has a special name.
    return _is_set_by_methods(model, name) or not (name.startswith("__") and name.endswith("__"))


def _is_set_by_methods(model: SourceClass, name: str) -> bool:
    """Do methods of the class set the attribute on their instances, or may they?"""
    written = [base for base in model.mro or () if isinstance(base, SourceClass)]
    is_special = name.startswith("__") and name.endswith("__")
    return any(
        access.attribute == name
        and access.receiver is Receiver.INSTANCE
        and access.kind is Access.SET
        for base in written
        for access in base.facts.accesses
    ) or (not is_special and any(base.facts.dynamic_instances for base in written))


def _is_surely_unbound(file: FileContext, model: SourceClass, name: str) -> bool:
    """Does nothing bind the attribute, on instances that the project makes?"""
    if rebinds(model, name) is not Answer.NO or instances_bind(model, name) is not Answer.NO:
        return False
    made_in = makers(file, model)
    own = {each.module for each in model.mro or () if isinstance(each, SourceClass)}
    return bool(made_in) and not any(
        may_be_filled(each) or spells(each, name) for each in own.union(made_in)
    )


def _has(model: ClassModel, name: str) -> bool:
    attribute = model.attributes.get(name)
    return attribute is not None and attribute.kind not in (AttributeKind.FIELD, AttributeKind.SLOT)
