from __future__ import annotations

import ast

from pyconcepts_lint.analysis.related import definition
from pyconcepts_lint.index.facts import ValueKind
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rules.class_attributes._assignments import (
    AssignmentRule,
    Hiding,
    what_is_hidden,
    written_name,
)


class ClassAttributeShadowed(AssignmentRule):
    """An assignment through an instance leaves the shared class attribute as it was.

    ## What it finds

    `self.x = value`, in any form of assignment, where `x` is a class attribute of the class or
    of one of its bases (in other modules of the project, too) that the project uses as shared:

    - somewhere it is assigned or read as `C.x`, `cls.x`, `type(self).x` or `self.__class__.x`
      (a read in `__init__`, or in the very statement that assigns, only takes a default);
    - or it is annotated `ClassVar` or `Final`;
    - or its name is in capitals, as a constant's.

    A default with an annotation, `x: int = 0`, counts as shared only where it is assigned through
    the class, or has a constant's name. What may take part in the assignment is left alone:
    properties and other descriptors, slots, `__setattr__`, a metaclass or a class decorator that
    isn't known, a base that can't be found.

    A finding is a note where only tests use the attribute as shared, where nothing but its name in
    capitals says so and the class has a value (None waits for one) or an `__init__` assigns it, and
    where the instance keeps what the class has at that moment:
    `self.number = Order.number` before `Order.number += 1`.

    Everything else that hides a class attribute is
    [PCL102](class-default-shadowed.md)'s; `self.x += value` is mostly
    [PCL103](class-attribute-augmented.md)'s.

    ## Why

    A class attribute belongs to the class, and its instances share it. Reading `self.x` finds
    it through the class; assigning `self.x` does not go that way: it binds `x` in the
    instance's own dictionary. From then on this instance has a value of its own, and everybody
    else still sees the class's.

    ## Bad

    ```python
    class Account:
        rate = 0.02

        def set_rate(self, rate):
            self.rate = rate


    savings = Account()
    savings.set_rate(0.03)
    print(Account.rate, savings.rate, vars(savings))
    ```

    ```output
    0.02 0.03 {'rate': 0.03}
    ```

    ## Good

    ```python
    class Account:
        rate = 0.02

        @classmethod
        def set_rate(cls, rate):
            Account.rate = rate


    savings = Account()
    savings.set_rate(0.03)
    print(Account.rate, savings.rate, vars(savings))
    ```

    ```output
    0.03 0.03 {}
    ```

    ## Fix

    Names the class that owns the attribute: `Account.rate = rate`. It is unsafe: the value is
    then everybody's, which may not be what was meant. There is none where an `__init__` assigns the
    attribute: each object then starts with its own. Nor is there one where the class can't be named
    at that place, where a subclass has an attribute of its own of that name, and where the attribute
    is a method.

    ## Options

    `field-classes`: classes whose class-level names describe fields of their instances; this
    rule leaves them alone.

    ## When to ignore it

    Where the instance is meant to have a value of its own. Then say so: with an annotation
    without `ClassVar` (PEP 526) the class's value is declared a default.

    ## See also

    - [Class and instance variables](https://docs.python.org/3/tutorial/classes.html#class-and-instance-variables)
    - [Assignment to an attribute](https://docs.python.org/3/reference/simple_stmts.html#assignment-statements)
    - [PEP 526](https://peps.python.org/pep-0526/#class-and-instance-variable-annotations)
    """

    code = "PCL101"
    name = "class-attribute-shadowed"
    reads_stubs = False
    facts = ("changed_class_attributes",)
    silences = {
        "the name is a slot: assigning it is what slots are for": "slots",
        "the class is a dataclass, or another whose names are fields, and the name is annotated": "field-class",
        "the class has a descriptor under the name": "descriptor",
        "a `__setattr__` decides what an assignment does": "own-setattr",
        "what the class body calls to make the value isn't known: it may be a descriptor": "unknown-call",
    }

    def claim(self, node: ast.expr, hiding: Hiding) -> Claim:
        attribute = hiding.attribute
        name = written_name(attribute.owner, attribute.name)
        return Claim(
            self.file.ast_range(node),
            f"`{self.statement(node, hiding)}` binds `{name}` on the instance, where it hides "
            f"{what_is_hidden(attribute, 'the class attribute')}; `{attribute.owner.name}.{name}`, "
            f"which {hiding.why}, is not changed",
            self.class_fix(node, hiding),
            severity="note" if self._is_harmless(node, hiding) else None,
            related=definition(attribute),
        )

    def _is_harmless(self, node: ast.expr, hiding: Hiding) -> bool:
        """Does nothing but a test, or a name in capitals, speak for sharing, or does the instance
        keep the value that the class has at that moment?"""
        if hiding.only_in_tests and not hiding.model.module.is_test:
            return True
        if hiding.why == "is named as a constant" and (
            hiding.access.method == "__init__" or hiding.attribute.value is not ValueKind.NONE
        ):
            return True
        statement = self.around(node)
        value = statement.value if isinstance(statement, (ast.Assign, ast.AnnAssign)) else None
        return isinstance(value, ast.Attribute) and value.attr == getattr(node, "attr", None)
