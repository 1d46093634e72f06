from __future__ import annotations

import ast

from pyconcepts_lint.analysis.related import definition
from pyconcepts_lint.base.finding import Fix
from pyconcepts_lint.index.collect import dotted_name
from pyconcepts_lint.index.facts import IMMUTABLE_VALUES, Access, ValueKind
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rules.class_attributes._assignments import (
    AssignmentRule,
    Hiding,
    counts_objects,
    in_place,
    is_shared_on_purpose,
    written_name,
)
from pyconcepts_lint.rules.class_attributes._own_in_init import own_for_each


class ClassAttributeAugmented(AssignmentRule):
    """An augmented assignment reads the class's attribute and binds the instance's.

    ## What it finds

    `self.x += value` (with any operator) and `self.x = self.x + value`, where `x` is a class
    attribute and nothing binds `x` on the instance before: no method of the class, its bases
    or the project's subclasses, no other code of the project, and no code that fills the
    instance's dictionary under names which aren't written down.

    A finding is a note where the attribute is a plain value that each instance may well start to
    count from: nothing uses it through the class, and no `__init__` counts the objects.

    ## Why

    An augmented assignment is a read and an assignment. The read finds no `x` in the instance
    and goes on to the class; the assignment stops at the instance. So each instance counts from
    the class's value, and the class's value stays where it was.

    It is worse where the class attribute is mutable: `self.items += [1]` changes the list that
    all instances share, in place, *and* binds that same list on this instance.

    ## Bad

    ```python
    class Counter:
        count = 0

        def tick(self):
            self.count += 1


    one, two = Counter(), Counter()
    one.tick()
    two.tick()
    print(one.count, two.count, Counter.count)
    ```

    ```output
    1 1 0
    ```

    ## Good

    ```python
    class Counter:
        count = 0

        def tick(self):
            Counter.count += 1


    one, two = Counter(), Counter()
    one.tick()
    two.tick()
    print(one.count, two.count, Counter.count)
    ```

    ```output
    2 2 2
    ```

    ## Fix

    It is unsafe, since it depends on what is meant.

    Where the project reads the attribute through the class, or `__init__` counts (the objects,
    then), it names the class that owns the attribute: `Counter.count += 1`. Else each instance
    counts for itself: the attribute is bound in `__init__`, as the fix of
    [PCL104](shared-mutable-mutated.md) does it; so it is for a list that is extended. Editors offer
    the other way, too.

    There is none where the class can't be named at that place, where a subclass has an attribute of
    its own of that name, or where not every instance runs that `__init__`.

    ## Options

    `field-classes`: classes whose class-level names describe fields of their instances.

    ## When to ignore it

    Where the class attribute is the value that each instance starts to count from, on purpose.
    An annotation says so: `count: int = 0`. It isn't believed where the project reads `C.count`
    through the class, or where each `__init__` counts one on.

    ## See also

    - [Augmented assignment statements](https://docs.python.org/3/reference/simple_stmts.html#augmented-assignment-statements)
    - [Class and instance variables](https://docs.python.org/3/tutorial/classes.html#class-and-instance-variables)
    """

    code = "PCL103"
    name = "class-attribute-augmented"
    reads_stubs = False
    facts = ("changed_class_attributes",)
    silences = {
        "`__init__` binds it on the instance first": "bound-before",
        "the method itself binds it above": "bound-in-same-method",
        "other code may bind it on an instance of which nothing is known": "bound-elsewhere",
        "a method fills the instance's dictionary under names that aren't written down": "filled",
        "the name is a slot": "slot",
    }

    def claim(self, node: ast.expr, hiding: Hiding) -> Claim:
        attribute = hiding.attribute
        name = written_name(attribute.owner, attribute.name)
        shared = f"`{attribute.owner.name}.{name}`"
        statement = self.statement(node, hiding)
        kind = in_place(attribute, self.around(node))
        if kind:
            message = (
                f"`{statement}` changes the {kind} {shared} in place, for all instances, and "
                f"binds it on this one as well"
            )
        elif attribute.mutable or attribute.value in IMMUTABLE_VALUES:
            message = (
                f"`{statement}` reads {shared}, then makes an instance attribute; {shared} "
                "itself is not changed"
            )
        else:
            message = (
                f"`{statement}` reads {shared}, and binds the result on the instance, not on the "
                "class"
            )
        return Claim(
            self.file.ast_range(node),
            message + hiding.unless,
            self._fix(node, hiding, kind),
            severity="note" if _starts_from_class_value(hiding) else None,
            related=definition(attribute),
        )

    def _fix(self, node: ast.expr, hiding: Hiding, kind: str) -> Fix | None:
        """Count for the class where it is asked, or where objects are counted; else for each
        instance. The other way is offered beside it."""
        model, attribute = hiding.model, hiding.attribute
        shared = self.class_fix(node, hiding, self._operands(node, hiding))
        if is_shared_on_purpose(model, attribute):
            return shared
        own = own_for_each(self.file, attribute)
        ways = [own, shared]
        if attribute.value is ValueKind.NUMBER and counts_objects(model, attribute.name):
            ways.reverse()
        elif own is None:
            return None
        fixes = [fix for fix in ways if fix is not None]
        return fixes[0]._replace(alternatives=tuple(fixes[1:])) if fixes else None

    def _operands(self, node: ast.expr, hiding: Hiding) -> list[ast.expr]:
        """The instance, where `self.x = self.x + value` reads it."""
        statement = self.around(node)
        if hiding.access.kind is not Access.REBUILD or not isinstance(
            statement, (ast.Assign, ast.AnnAssign)
        ):
            return []
        found: list[ast.expr] = []
        operands = [statement.value]
        while operands:
            operand = operands.pop()
            if isinstance(operand, ast.BinOp):
                operands += (operand.left, operand.right)
            elif isinstance(operand, ast.Attribute) and dotted_name(operand) == dotted_name(node):
                found.append(operand.value)
        return found


def _starts_from_class_value(hiding: Hiding) -> bool:
    """Is it a counter that starts from what the class has, as far as the project tells?"""
    model, attribute = hiding.model, hiding.attribute
    return (
        attribute.value in IMMUTABLE_VALUES
        and not is_shared_on_purpose(model, attribute)
        and not counts_objects(model, attribute.name)
    )
