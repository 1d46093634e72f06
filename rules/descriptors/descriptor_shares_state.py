from __future__ import annotations

import ast
from collections.abc import Iterator

from pyconcepts_lint.index.facts import Access
from pyconcepts_lint.index.kinds import FIELD, SLOT, VALUE
from pyconcepts_lint.index.model import SourceClass
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.descriptors._hooks import Function, bound_in_classes, hook
from pyconcepts_lint.rules.descriptors._runs import parameters
from pyconcepts_lint.rules.descriptors._self_uses import DELETE, READ, SET, SelfUses
from pyconcepts_lint.source.ast_nodes import child_nodes, own_nodes, walk


class DescriptorSharesState(Rule):
    """A descriptor that keeps what it is given on itself has one value for all instances.

    ## What it finds

    A `__set__(self, instance, value)` that assigns the value to an attribute of `self`, the
    descriptor, under a fixed name, where `__get__` returns that attribute whatever the instance is.

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

    def claims(self, file: FileContext) -> Iterator[Claim]:
        if file.module is None or "__set__" not in file.cached(bound_in_classes):
            return
        for model in file.module.classes:
            if not any(
                e.method == "__set__" and e.kind is Access.SET for e in model.facts.accesses
            ):
                continue
            setter, getter = hook(file, model, "__set__"), hook(file, model, "__get__")
            if setter is None or getter is None or not model.plain:
                continue
            kept = list(_kept(setter, model))
            places = {id(node) for node, _ in kept}
            otherwise = {name for node, name in _set(setter, model) if id(node) not in places}
            for node, name in kept:
                attribute = model.lookup(name)
                is_plain = attribute is None or attribute.kind in (FIELD, SLOT, VALUE)
                if is_plain and name not in otherwise and _gives_back(getter, model, name):
                    yield Claim(
                        file.ast_range(node),
                        f"`{file.ast_quote(node)} = …` keeps the value on the `{model.name}` object, which all "
                        "instances share, and `__get__` returns it for each of them: set on one, "
                        "it is set on all",
                    )


def _names(function: Function) -> tuple[str, ...]:
    """The names of the positional parameters; "" for `self` where the function rebinds it."""
    args = (*function.args.posonlyargs, *function.args.args)
    return (*parameters(function)[:1], *(arg.arg for arg in args[1:]))


def _kept(function: Function, model: SourceClass) -> Iterator[tuple[ast.expr, str]]:
    """The assignments of a `__set__` to fixed attributes of its `self` which keep the value,
    whatever the instance is: where they stand, and the attribute."""
    names = _names(function)
    if len(names) < 3:
        return
    receiver, instance, value = names[:3]
    uses = SelfUses(receiver, model.name, functions=False)
    waiting: list[ast.stmt] = list(function.body)
    for node in waiting:
        if isinstance(node, ast.If):
            # A test of the value alone comes out the same for all instances.
            if not _mentions(node.test, {receiver, instance}):
                waiting += (*node.body, *node.orelse)
        elif isinstance(node, (ast.With, ast.Try)):
            waiting += node.body
        elif isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if _mentions(node.value, {value}) and not _mentions(node.value, {instance}):
                for target in targets:
                    use = uses.of(target, SET)
                    if use is not None:
                        yield target, use.name


def _set(function: Function, model: SourceClass) -> Iterator[tuple[ast.AST, str]]:
    """All that a `__set__` does to attributes of its `self`."""
    uses = SelfUses(_names(function)[0], model.name)
    for node in own_nodes(*child_nodes(function)):
        for kind in (SET, DELETE):
            use = uses.of(node, kind)
            if use is not None:
                yield node, use.name


def _gives_back(function: Function, model: SourceClass, name: str) -> bool:
    """Does a `__get__` return an attribute of its `self`, whatever the instance is?"""
    names = _names(function)
    if len(names) < 2:
        return False
    receiver, instance = names[:2]
    uses = SelfUses(receiver, model.name, functions=False)
    nodes = own_nodes(*child_nodes(function))
    tested = {id(part) for node in nodes for part in _tested_for_presence(node)}
    if any(
        isinstance(node, ast.Name) and node.id == instance and id(node) not in tested
        for node in walk(*function.body)
    ):
        return False
    returned = [node.value for node in nodes if isinstance(node, ast.Return) and node.value]
    reads = (uses.of(part, READ) for value in returned for part in walk(value))
    return any(use is not None and use.name == name for use in reads)


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
