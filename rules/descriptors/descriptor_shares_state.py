from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from pyconcepts_lint.index.kinds import AttributeKind
from pyconcepts_lint.index.model import SourceClass
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.descriptors._hooks import Function, bound_in_classes, hook
from pyconcepts_lint.rules.descriptors._runs import parameters
from pyconcepts_lint.rules.descriptors._self_uses import (
    CONTEXTS,
    DELETE,
    READ,
    SET,
    SelfUses,
    Use,
)
from pyconcepts_lint.source.ast_nodes import child_nodes, own_nodes, walk


class DescriptorSharesState(Rule):
    """A descriptor that keeps what it is given on itself has one value for all instances.

    ## What it finds

    A `__set__(self, instance, value)` that assigns the value to an attribute of `self`, the
    descriptor, under a fixed name, where `__get__` returns that attribute whatever the instance is.
    `setattr(self, "value", value)` and `self.__dict__["value"] = value` are such assignments, too.

    ## Why

    A descriptor is an attribute of a class, made once, when the class body runs. All instances
    share it, as they share any class attribute. Whose attribute is being set is what the parameter
    `instance` says; the value belongs there, in the instance's dictionary or in a mapping with
    the instances as its keys.

    ## Bad

    ```python
    class Text:
        def __get__(self, instance, owner=None):
            return self.value

        def __set__(self, instance, value):
            self.value = str(value)


    class Address:
        street = Text()


    home, work = Address(), Address()
    home.street = "Elm Street"
    work.street = "Wall Street"
    print(home.street)
    ```

    ```output
    Wall Street
    ```

    ## Good

    ```python
    class Text:
        def __set_name__(self, owner, name):
            self.name = name

        def __get__(self, instance, owner=None):
            return self if instance is None else vars(instance)[self.name]

        def __set__(self, instance, value):
            vars(instance)[self.name] = str(value)


    class Address:
        street = Text()


    home, work = Address(), Address()
    home.street = "Elm Street"
    work.street = "Wall Street"
    print(home.street)
    ```

    ```output
    Elm Street
    ```

    ## Fix

    There is none: where the values belong is the descriptor's own choice. The usual place is the
    instance's dictionary, as above; where instances have none, a `WeakKeyDictionary` with the
    instances as its keys.

    ## When to ignore it

    Where one value for all instances is what the descriptor is for.

    ## See also

    - [Descriptor guide](https://docs.python.org/3/howto/descriptor.html)
    - [Implementing descriptors](https://docs.python.org/3/reference/datamodel.html#implementing-descriptors)
    """

    code = "PCL502"
    name = "descriptor-shares-state"
    reads_stubs = False
    words = ("__set__",)
    silences = {
        "the value is kept by the instance": "by-instance",
        "what is kept is not the value": "constant",
        "`__get__` looks at the instance": "uses-instance",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        if file.module is None or "__set__" not in file.cached(bound_in_classes):
            return
        for model in file.module.classes:
            if "__set__" not in model.bound_names:
                continue
            setter, getter = hook(file, model, "__set__"), hook(file, model, "__get__")
            if setter is None or getter is None or not model.plain:
                continue
            kept = list(_kept(setter, model))
            places = {id(node) for node, _ in kept}
            otherwise = {each for node, each in _changes(setter, model) if id(node) not in places}
            for node, name in kept:
                is_given = name not in otherwise and _gives_back(getter, model, name)
                if is_given and _is_plain(model, name):
                    yield Claim(
                        file.ast_range(node),
                        f"`{_shown(file, node)}` keeps the value on the `{model.name}` object, "
                        "which all instances share, and `__get__` returns it for each of them: "
                        "set on one, it is set on all",
                    )


def _shown(file: FileContext, node: ast.expr) -> str:
    text = file.ast_quote(node)
    return text if isinstance(node, ast.Call) else f"{text} = …"


def _is_plain(model: SourceClass, name: str) -> bool:
    attribute = model.lookup(name)
    return attribute is None or attribute.kind in (
        AttributeKind.FIELD,
        AttributeKind.SLOT,
        AttributeKind.VALUE,
    )


def _names(function: Function) -> tuple[str, ...]:
    """The names of the positional parameters; "" for `self` where the function rebinds it."""
    args = (*function.args.posonlyargs, *function.args.args)
    return (*parameters(function)[:1], *(arg.arg for arg in args[1:]))


def _kept(function: Function, model: SourceClass) -> Iterator[tuple[ast.expr, str]]:
    """Where a `__set__` keeps the value in fixed attributes of its `self`, whatever the instance
    is, and which these are."""
    names = _names(function)
    if len(names) < 3:
        return
    receiver, instance, value = names[:3]
    waiting: list[ast.stmt] = list(function.body)
    for node in waiting:
        if isinstance(node, ast.If):
            # A test of the value alone comes out the same for all instances.
            if not _mentions(node.test, {receiver, instance}):
                waiting += (*node.body, *node.orelse)
        elif isinstance(node, (ast.With, ast.Try)):
            waiting += node.body
        else:
            for target, assigned in _assigned(node):
                found = _attribute(target, model, receiver, SET)
                is_value = _mentions(assigned, {value}) and not _mentions(assigned, {instance})
                if found is not None and is_value:
                    yield target, found


def _assigned(node: ast.stmt) -> Iterator[tuple[ast.expr, ast.expr]]:
    """The targets of a statement, with the values that they surely get."""
    if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            yield from _pairs(target, node.value)
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        arguments = node.value.args
        if len(arguments) == 3:
            yield node.value, arguments[2]


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[ast.expr, ast.expr]]:
    """A target and its value, taken apart where both are written out."""
    kinds = (ast.Tuple, ast.List)
    if isinstance(target, kinds) and isinstance(value, kinds):
        both = [*target.elts, *value.elts]
        if len(target.elts) == len(value.elts) and not any(
            isinstance(each, ast.Starred) for each in both
        ):
            for one, other in zip(target.elts, value.elts, strict=True):
                yield from _pairs(one, other)
    else:
        yield target, value


def _changes(function: Function, model: SourceClass) -> Iterator[tuple[ast.AST, str]]:
    """All that a `__set__` does to attributes of its `self`."""
    receiver = _names(function)[0]
    for node in own_nodes(*child_nodes(function)):
        for kind in (SET, DELETE):
            found = _attribute(node, model, receiver, kind)
            if found is not None:
                yield node, found


def _attribute(node: ast.AST, model: SourceClass, receiver: str, kind: str) -> str | None:
    """The attribute of a fixed name that a node reads, sets or deletes on a descriptor: `self.x`,
    `setattr(self, "x", …)`, `self.__dict__["x"]`."""
    uses = SelfUses(receiver, model.name, methods=False)
    if isinstance(node, ast.Subscript):
        key = node.slice
        if CONTEXTS[type(node.ctx)] != kind or uses.of(node.value, READ) != Use(READ, "__dict__"):
            return None
        return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else None
    called = node.func if isinstance(node, ast.Call) else None
    if isinstance(called, ast.Name) and (
        called.id == "hasattr" or called.id in model.module.bindings
    ):
        return None
    use = uses.of(node, kind)
    return None if use is None or use.name == "__dict__" else use.name


def _gives_back(function: Function, model: SourceClass, name: str) -> bool:
    """Does a `__get__` return an attribute of its `self`, whatever the instance is?"""
    names = _names(function)
    if len(names) < 2:
        return False
    receiver, instance = names[:2]
    nodes = own_nodes(*child_nodes(function))
    tested = {id(part) for node in nodes for part in _tested_for_presence(node)}
    if any(
        isinstance(node, ast.Name) and node.id == instance and id(node) not in tested
        for node in walk(*function.body)
    ):
        return False
    returned = [node.value for node in nodes if isinstance(node, ast.Return) and node.value]
    held = {
        node.id
        for value in returned
        for node in walk(value)
        if isinstance(node, ast.Name) and node.id != receiver
    }
    returned += [value for name in held for value in _only_value(nodes, name)]
    return any(
        _attribute(part, model, receiver, READ) == name
        for value in returned
        for part in walk(value)
    )


def _only_value(nodes: Sequence[ast.AST], name: str) -> list[ast.expr]:
    """What the only statement that binds a local variable assigns to it."""
    stores = [
        node
        for node in nodes
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
    ]
    values = [
        node.value
        for node in nodes
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and node.targets[0] in stores
    ]
    return values if len(stores) == 1 else []


def _tested_for_presence(node: ast.AST) -> list[ast.expr]:
    """What a node asks of only whether it is there: `if x`, `not x`, `x is None`."""
    if isinstance(node, (ast.If, ast.IfExp)):
        return [node.test]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return [node.operand]
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        other = node.comparators[0]
        if isinstance(other, ast.Constant) and other.value is None:
            return [node.left]
    return []


def _mentions(node: ast.AST, names: set[str]) -> bool:
    return any(isinstance(part, ast.Name) and part.id in names for part in walk(node))
