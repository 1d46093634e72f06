from __future__ import annotations

from collections.abc import Iterable

import libcst as cst
from pyconcepts_lint.rules.attribute_access._slots import Unassignable, unassignable
from pyconcepts_lint.rules.attribute_access._source import quote

from pyconcepts_lint import guards
from pyconcepts_lint.names import is_builtin
from pyconcepts_lint.rule import Rule


class AttributeNotInSlots(Rule):
    """An instance without a `__dict__` has room for the attributes in `__slots__` only.

    ## What it finds

    `self.x = value`, in any form of assignment, where neither the class nor any of its bases
    gives instances a `__dict__`, and none of them has a slot `x`. The same where `x` is a class
    attribute: such an instance can read it, but has no place for one of its own.

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
    reads_stubs = False
    words = ("slots",)

    def lines(self) -> Iterable[int]:
        return {line for line, _ in self.file.share(unassignable)}

    def visit_Attribute(self, node: cst.Attribute) -> None:
        if isinstance(node.value, cst.Name):
            self._at(node)

    def visit_Call(self, node: cst.Call) -> None:
        if isinstance(node.func, cst.Name) and node.func.value == "setattr":
            self._at(node)

    def _at(self, node: cst.Attribute | cst.Call) -> None:
        claims = self.file.share(unassignable)
        claim = claims.get(self.file.place(node)) if claims else None
        if claim is None or claim.event.by_setattr is not isinstance(node, cst.Call):
            return
        path = [*self.ancestors, node]
        if claim.event.by_setattr and not is_builtin(self.file, "setattr", path):
            return
        if (
            guards.caught_by(path, "AttributeError")
            or guards.only_if_it_has(path, (claim.event.attribute,))
            or guards.only_in_python2(path)
            or guards.only_for_type_checkers(path)
        ):
            return
        self._report(node, claim)

    def _report(self, node: cst.Attribute | cst.Call, claim: Unassignable) -> None:
        model = claim.model
        if isinstance(node, cst.Call):
            statement = quote(self.file, node, "setattr(…)")
            name = claim.event.attribute
        else:
            parent = self.ancestors[-1]
            operator = "="
            if isinstance(parent, cst.AugAssign) and parent.target is node:
                operator = self.file.text_of(parent.operator).strip()
            statement = f"{self.file.text_of(node)} {operator} …"
            name = node.attr.value
        version = " in Python 3" if self.file.is_python2 else ""
        if claim.attribute is None:
            why = f"instances of `{model.name}` have no `__dict__` and no slot `{name}`"
        else:
            owner = claim.attribute.owner.name
            why = (
                f"`{owner}.{name}` is a class attribute, and instances of `{model.name}` have no "
                f"`__dict__` and no slot for one of their own"
            )
        self.report(node, f"`{statement}` raises AttributeError{version}: {why}")
