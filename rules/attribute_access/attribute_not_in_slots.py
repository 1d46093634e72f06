from __future__ import annotations

import ast
from collections.abc import Iterator

from pyconcepts_lint.analysis.context import only_if_it_has, path_in
from pyconcepts_lint.analysis.names import is_builtin
from pyconcepts_lint.analysis.related import definition, slots_of
from pyconcepts_lint.index.model import Attribute, SourceClass
from pyconcepts_lint.rule_api.claim import Claim, RelatedPlace
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.attribute_access._slots import (
    Unassignable,
    unassignable,
    unassignable_elsewhere,
)
from pyconcepts_lint.source.ast_nodes import augmented_operator


class AttributeNotInSlots(Rule):
    """An instance without a `__dict__` has room for the attributes in `__slots__` only.

    ## What it finds

    `self.x = value`, in any form of assignment, where neither the class nor any of its bases
    gives instances a `__dict__`, and none of them has a slot `x`. The same where `x` is a class
    attribute: such an instance can read it, but has no place for one of its own. So it is outside of
    methods where the object surely is an instance (`point = Point()`, `point.label = "a"`).

    The rule is silent where a class of the project below this one has a `__dict__` or such a
    slot (`self` may be one of its instances), where a base, decorator or metaclass can't be
    resolved, where `__setattr__` or a descriptor takes part, and where the AttributeError is
    caught.

    ## Why

    Ordinarily an instance keeps its attributes in a dictionary, which takes any name. A class
    with `__slots__` reserves room for exactly the names that are listed, and makes no
    dictionary, unless a base class has brought one. There is nowhere to put another name then.

    ## Bad

    ```python
    class Voucher:
        __slots__ = ("code", "value")

        def __init__(self, code, value):
            self.code = code
            self.value = value

        def redeem(self):
            self.redeemed = True


    Voucher("A1", 5).redeem()
    ```

    ```output
    AttributeError: 'Voucher' object has no attribute 'redeemed'
    ```

    ## Good

    ```python
    class Voucher:
        __slots__ = ("code", "redeemed", "value")

        def __init__(self, code, value):
            self.code = code
            self.value = value
            self.redeemed = False

        def redeem(self):
            self.redeemed = True


    voucher = Voucher("A1", 5)
    voucher.redeem()
    print(voucher.redeemed)
    ```

    ```output
    True
    ```

    ## Fix

    There is none: the name may be missing in `__slots__`, or it may be misspelt.

    ## When to ignore it

    Where the class is there to be inherited from by classes outside this project that have the
    slot.

    ## See also

    - [`__slots__`](https://docs.python.org/3/reference/datamodel.html#slots)
    """

    code = "PCL606"
    name = "attribute-not-in-slots"
    severity = "error"
    reads_stubs = False
    facts = ("slotted_instances",)
    raises = ("AttributeError",)
    silences = {
        "an instance has a `__dict__`": "has-dict",
        "a subclass of the project brings a `__dict__`": "subclass-has-dict",
        "a `__setattr__` decides what an assignment does": "own-setattr",
        "a base isn't known: it may have the slot, or a `__dict__`": "unknown-base",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for found in unassignable(file):
            access = found.access
            node = file.innermost_at(access.line, access.column, ast.Attribute, ast.Call)
            if node is None:
                continue
            place = file.ast_range(node)
            path = path_in(file, place)
            if access.by_setattr and not is_builtin(file, "setattr", path):
                continue
            if not only_if_it_has(path, (access.attribute,)):
                message = _message(file, node, found.model, access.attribute, found.attribute)
                yield Claim(place, message, related=_related(found))
        for model, node, attribute in unassignable_elsewhere(file):
            place = file.ast_range(node)
            if not only_if_it_has(path_in(file, place), (node.attr,)):
                yield Claim(place, _message(file, node, model, node.attr, attribute))


def _message(
    file: FileContext,
    node: ast.expr,
    model: SourceClass,
    name: str,
    attribute: Attribute | None,
) -> str:
    if isinstance(node, ast.Attribute):
        statement = f"{file.ast_quote(node)} {_operator(file, node)} …"
        name = node.attr
    else:
        statement = file.ast_quote(node)
    version = " in Python 3" if file.is_python2 else ""
    if attribute is None:
        why = f"instances of `{model.name}` have no `__dict__` and no slot `{name}`"
    else:
        owner = attribute.owner.name
        why = (
            f"`{owner}.{name}` is a class attribute, and instances of `{model.name}` have no "
            f"`__dict__` and no slot for one of their own"
        )
    return f"`{statement}` raises AttributeError{version}: {why}"


def _related(found: Unassignable) -> tuple[RelatedPlace, ...]:
    own = () if found.attribute is None else definition(found.attribute)
    return (*own, *slots_of(found.model))


def _operator(file: FileContext, target: ast.Attribute) -> str:
    parent = file.ast_around(target)[0]
    return augmented_operator(parent) if isinstance(parent, ast.AugAssign) else "="
