from __future__ import annotations

import ast
from collections.abc import Iterator

from pyconcepts_lint.analysis.context import only_if_it_has, path_in
from pyconcepts_lint.analysis.related import definition
from pyconcepts_lint.base.answer import Answer
from pyconcepts_lint.index.attributes import instances_bind
from pyconcepts_lint.index.facts import Access, AttributeAccess, Receiver
from pyconcepts_lint.index.model import Attribute, SourceClass
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.class_attributes._assignments import (
    class_fix,
    hidden_attribute,
    is_assigned_anywhere,
    receiver_of,
    written_name,
)


class ClassAttributeDeleted(Rule):
    """Deleting a class attribute through an instance raises AttributeError.

    ## What it finds

    `del self.x` (or `delattr(self, "x")`) where `x` is an attribute of the class or of one of
    its bases in the project, and nothing in the project assigns to `x` on any object, so that the
    instance has no `x` of its own.

    What may take part in the deletion is left alone: properties and other descriptors, slots,
    `__delattr__`, a metaclass or a class decorator that isn't known, a base that can't be found.
    So is a deletion for which the code is prepared, by `except AttributeError` or `hasattr`.

    ## Why

    Reading an attribute goes from the instance to its class; deleting one doesn't, as assigning
    doesn't either. `del self.x` takes `x` out of the instance's own dictionary, and where there
    is none, that fails, although `self.x` can be read.

    ## Bad

    ```python
    class Product:
        season = "summer"

        def end_season(self):
            del self.season


    shirt = Product()
    print(shirt.season)
    try:
        shirt.end_season()
    except AttributeError as error:
        print(type(error).__name__)
    ```

    ```output
    summer
    AttributeError
    ```

    ## Good

    ```python
    class Product:
        season = "summer"

        def end_season(self):
            del Product.season


    shirt = Product()
    print(shirt.season)
    shirt.end_season()
    print(hasattr(shirt, "season"))
    ```

    ```output
    summer
    False
    ```

    ## Fix

    Names the class that owns the attribute: `del Product.season`. It is unsafe: the attribute is
    then gone for all instances. There is none where the class can't be named at that place, where
    a subclass has an attribute of its own of that name, and for methods.

    ## Options

    `field-classes`: classes whose class-level names describe fields of their instances.

    ## When to ignore it

    Where code outside the project gives the instances an attribute of that name.

    ## See also

    - [The `del` statement](https://docs.python.org/3/reference/simple_stmts.html#the-del-statement)
    - [`object.__delattr__`](https://docs.python.org/3/reference/datamodel.html#object.__delattr__)
    """

    code = "PCL105"
    name = "class-attribute-deleted"
    severity = "error"
    reads_stubs = False
    words = ("del",)
    facts = ("changed_class_attributes",)
    raises = ("AttributeError",)
    silences = {
        "something in the project assigns an attribute of that name": "bound",
        "a `__delattr__` decides what `del` does": "own-delattr",
        "a base isn't known: it may bind the attribute": "unknown-base",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for model in file.module.classes if file.module is not None else ():
            for access in model.facts.accesses:
                if access.kind is Access.DELETE and access.receiver is Receiver.INSTANCE:
                    attribute = _deleted(model, access)
                    if attribute is not None:
                        yield from self._claim(model, access, attribute)

    def _claim(
        self, model: SourceClass, access: AttributeAccess, attribute: Attribute
    ) -> Iterator[Claim]:
        file, name = self.file, written_name(attribute.owner, attribute.name)
        node = file.innermost_at(access.line, access.column, ast.Attribute, ast.Call)
        if node is None or only_if_it_has(path_in(file, file.ast_range(node)), {name}):
            return
        text = file.ast_quote(node)
        statement = text if access.by_setattr else f"del {text}"
        title = "Delete the class attribute"
        yield Claim(
            file.ast_range(node),
            f"`{statement}` raises AttributeError: `{name}` is an attribute of the class "
            f"`{attribute.owner.name}`, and nothing gives the instance one of its own",
            class_fix(file, receiver_of(node), model, attribute, access.line, title),
            related=definition(attribute),
        )


def _deleted(model: SourceClass, access: AttributeAccess) -> Attribute | None:
    """The class attribute that a deletion through an instance doesn't reach, if that is so."""
    name = access.attribute
    attribute = hidden_attribute(model, name)
    if attribute is None or (access.by_setattr and "delattr" in model.module.bindings):
        return None
    family = (model, *model.project.subclasses(model))
    if any(
        base.has_source and "__delattr__" in base.bound_names
        for member in family
        for base in member.mro or (member,)
    ):
        return None
    if is_assigned_anywhere(model.project, name) or instances_bind(model, name) is not Answer.NO:
        return None
    return attribute
