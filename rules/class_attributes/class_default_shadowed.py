from __future__ import annotations

import ast

from pyconcepts_lint.analysis.related import definition
from pyconcepts_lint.index.kinds import VALUE
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rules.class_attributes._assignments import (
    AssignmentRule,
    Hiding,
    what_is_hidden,
    written_name,
)


class ClassDefaultShadowed(AssignmentRule):
    """An instance attribute hides the class attribute of the same name.

    ## What it finds

    `self.x = value`, in any form of assignment, where `x` is a class attribute of the class or
    of one of its bases that nothing uses as shared: a class-level default, a method or a nested
    class. An attribute that is used as shared is
    [PCL101](class-attribute-shadowed.md)'s.

    A finding is a note where it is a default of the same class; it is a warning where a method, a
    nested class or a base's attribute is hidden.

    By PEP 526 `x: int = 0` in a class body declares an instance variable with a default: that
    is left alone, and so are the fields of dataclasses and their kin, slots, and descriptors.

    ## Why

    Assigning to an attribute of an instance does not change the class: it binds the name in the
    instance's dictionary, and from then on the instance's value is found first. As a default
    that is harmless, but it takes two places to say what the attribute is, and a reader of
    the class body sees one shared value where each instance will have its own.

    ## Bad

    ```python
    class Connection:
        timeout = 30

        def connect(self, timeout):
            self.timeout = timeout


    slow, other = Connection(), Connection()
    slow.connect(300)
    print(vars(slow), vars(other), other.timeout)
    ```

    ```output
    {'timeout': 300} {} 30
    ```

    ## Good

    ```python
    class Connection:
        timeout: int = 30

        def connect(self, timeout):
            self.timeout = timeout


    slow, other = Connection(), Connection()
    slow.connect(300)
    print(vars(slow), vars(other), other.timeout)
    ```

    ```output
    {'timeout': 300} {} 30
    ```

    ## Fix

    Names the class that owns the attribute: `Connection.timeout = timeout`. It is unsafe, and
    right only where one value for all instances is meant; otherwise annotate the default, or
    bind the attribute in `__init__` only. There is none where an `__init__` assigns the attribute:
    each object then starts with its own. Nor is there one where the class can't be named at that
    place, where a subclass has an attribute of its own of that name, and for methods: a function
    of the class would be given the instance.

    ## Options

    `field-classes`: classes whose class-level names describe fields of their instances.

    ## When to ignore it

    In code that uses class-level defaults throughout, ignore the rule as a whole:
    `extend-ignore = ["PCL102"]`. PCL101 and PCL103 go on to find the ones that matter.

    ## See also

    - [Class and instance variables](https://docs.python.org/3/tutorial/classes.html#class-and-instance-variables)
    - [PEP 526](https://peps.python.org/pep-0526/#class-and-instance-variable-annotations)
    """

    code = "PCL102"
    name = "class-default-shadowed"
    severity = "note"
    reads_stubs = False
    facts = ("changed_class_attributes",)

    def claim(self, node: ast.expr, hiding: Hiding) -> Claim:
        name = written_name(hiding.attribute.owner, hiding.attribute.name)
        is_default = hiding.attribute.kind == VALUE and hiding.attribute.owner is hiding.model
        return Claim(
            self.file.ast_range(node),
            f"`{self.statement(node, hiding)}` binds `{name}` on the instance, where it hides "
            f"{what_is_hidden(hiding.attribute, 'the class-level default')}{hiding.unless}",
            self.class_fix(node, hiding),
            severity=None if is_default else "warning",
            related=definition(hiding.attribute),
            thing=f"{hiding.attribute.owner.key} {name}",
        )
