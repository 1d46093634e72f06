from __future__ import annotations

import ast
from collections.abc import Iterator

from pyconcepts_lint.base.answer import Answer
from pyconcepts_lint.index.attributes import classes_of_instances, rebinds
from pyconcepts_lint.index.collect import unmangled
from pyconcepts_lint.index.kinds import AttributeKind
from pyconcepts_lint.index.model import SourceClass
from pyconcepts_lint.rule_api.claim import Claim, RelatedPlace, line_range
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.class_attributes._facts import EarlyRow, reads_before_binding
from pyconcepts_lint.rules.class_attributes._instances import is_closed, lends


class AttributeReadTooEarly(Rule):
    """`__init__` reads an attribute of its instance before anything has bound it.

    ## What it finds

    `self.x` in an `__init__`, or in a method of the class that it calls, on the way that every call
    takes, where only what comes later binds an `x`: a statement further down, or a method that
    hasn't been called by then.

    It is silent

    - behind `super().__init__()`, a call of an inherited method, and wherever else other code gets
      the instance: it may bind anything;
    - behind a compound statement, or a method, that may bind the attribute, return or raise;
    - where the class, a base or a subclass has the attribute, where another class of the instance
      binds it, where a base isn't known, and where `__new__`, `__getattr__`, `__setattr__`, a
      decorator or a metaclass takes part;
    - where a method that has been called by then is abstract, or overridden in the project.

    ## Why

    An instance has no attributes of its own when its `__init__` starts. They are made one by one, by
    the assignments, in the order in which these run. It doesn't matter where in the class an
    assignment stands, nor that the class has it at all: a read that comes first finds nothing.

    ## Bad

    ```python
    class Basket:
        def __init__(self, first):
            self.add(first)
            self.items = []

        def add(self, item):
            self.items.append(item)


    Basket("tea")
    ```

    ```output
    AttributeError: 'Basket' object has no attribute 'items'
    ```

    ## Good

    ```python
    class Basket:
        def __init__(self, first):
            self.items = []
            self.add(first)

        def add(self, item):
            self.items.append(item)


    print(Basket("tea").items)
    ```

    ```output
    ['tea']
    ```

    ## Fix

    There is none: which statement has to go where depends on what they need of each other.

    ## When to ignore it

    Where only subclasses outside of the project make instances, and bind the attribute first.

    ## See also

    - [Class objects](https://docs.python.org/3/tutorial/classes.html#class-objects), on `__init__`
    - [`object.__init__`](https://docs.python.org/3/reference/datamodel.html#object.__init__)
    """

    code = "PCL114"
    name = "attribute-read-too-early"
    severity = "error"
    reads_stubs = False
    words = ("self.",)
    facts = ("reads_before_binding",)
    raises = ("AttributeError",)

    def claims(self, file: FileContext) -> Iterator[Claim]:
        module = file.module
        if module is None:
            return
        for row in reads_before_binding.of(module.facts):
            model = module.classes[row.number]
            node = file.ast_at(row.line, row.column, ast.Attribute)
            if node is not None and _is_sure(model, row):
                name = unmangled(row.name, model.name)
                reads = f"calls `{row.method}`, which reads" if row.method else "reads"
                related = [RelatedPlace("this binds it", line_range(row.bound_line))]
                if row.method:
                    related.insert(0, RelatedPlace("it is read here", line_range(row.read_line)))
                yield Claim(
                    file.ast_range(node),
                    f"`{model.name}.__init__` {reads} `self.{name}` before anything has bound it: "
                    "AttributeError",
                    related=tuple(related),
                    thing=row.name,
                )


def _is_sure(model: SourceClass, row: EarlyRow) -> bool:
    """Has an instance surely no such attribute when the read comes?"""
    if model.mro is None or model.is_field_class or not is_closed(model):
        return False
    if any(base.has_source and "__new__" in base.bound_names for base in model.mro):
        return False
    found = model.lookup(row.name)
    if found is not None and found.kind is not AttributeKind.SLOT:
        return False
    for each in classes_of_instances(model):
        if each is model:
            continue
        if row.name in each.bound_names or any(
            access.attribute == row.name for access in each.facts.accesses
        ):
            return False
        if each.facts.dynamic_instances or not each.bound_names.isdisjoint(row.called):
            return False
    if rebinds(model, row.name) is not Answer.NO or lends(model, "__init__"):
        return False
    return not any(_is_hook(model, name) for name in row.called)


def _is_hook(model: SourceClass, name: str) -> bool:
    """Is a method there to be overridden, or may other code have replaced it?"""
    found = model.lookup(name)
    return found is None or found.is_abstract or rebinds(model, name) is not Answer.NO
