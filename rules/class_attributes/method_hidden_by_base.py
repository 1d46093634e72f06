from __future__ import annotations

from collections.abc import Iterator

from pyconcepts_lint.analysis.related import bound_on_instance
from pyconcepts_lint.index.facts import CONDITIONAL, Access, ValueKind
from pyconcepts_lint.index.init_effects import SUPER, Start
from pyconcepts_lint.index.kinds import AttributeKind
from pyconcepts_lint.index.model import Attribute, ClassModel, SourceClass
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext, Range
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.class_attributes._assignments import (
    CLASS_LEVEL,
    annotation_of,
    hidden_attribute,
    uses_through_class,
    what_is_hidden,
    written_name,
)


class MethodHiddenByBase(Rule):
    """A base's `__init__` binds an instance attribute over the subclass's method of that name.

    ## What it finds

    A method, or another class attribute, of a class whose base assigns the same name on `self`,
    on every path through its `__init__`, where the class inherits that `__init__` or calls it in
    its own on every path. The bases may be the standard library's.

    It is silent where the base (or the class itself) reads the name first, as in
    `self.run = wrap(self.run)`, where methods of the class bind or delete the name on the
    instance themselves, where the class's attribute is a property or another descriptor, and
    where it is used through the class (`C.run`, `cls.run`, `type(self).run`), as class methods
    are. So it is of a value where the base's is a parameter that has to be passed. A finding is a
    note where an annotation declares an instance variable, and in a test.

    ## Why

    The instance's own dictionary comes before the class, whichever class it is. Overriding works
    among class attributes: the subclass's comes before the base's. What the base's `__init__`
    binds is no class attribute: it is in the instance, in front of all classes, and
    `instance.name` never gets as far as the subclass.

    ## Bad

    ```python
    class Handler:
        def __init__(self):
            self.notify = None


    class MailHandler(Handler):
        def notify(self, order):
            return f"Mail about {order}"


    print(MailHandler().notify)
    ```

    ```output
    None
    ```

    ## Good

    ```python
    class Handler:
        def notify(self, order):
            return None


    class MailHandler(Handler):
        def notify(self, order):
            return f"Mail about {order}"


    print(MailHandler().notify(7))
    ```

    ```output
    Mail about 7
    ```

    ## Fix

    There is none: which of the two should go is for people to say. Where subclasses are meant to
    set the value, make it a class attribute of the base, too.

    ## Options

    `field-classes`: classes whose class-level names describe fields of their instances.

    ## When to ignore it

    Where the class's attribute is looked up on the class only, in a way that can't be seen: by a
    framework, or in code outside the project.

    ## See also

    - [Invoking descriptors](https://docs.python.org/3/reference/datamodel.html#invoking-descriptors), on where `a.x` is looked for
    - [Inheritance](https://docs.python.org/3/tutorial/classes.html#inheritance)
    """

    code = "PCL109"
    name = "method-hidden-by-base"
    reads_stubs = False
    facts = ("derived_classes",)
    silences = {
        "the base looks the class's up for what it assigns": "read-through-class",
        "the subclass's `__init__` doesn't run the base's": "own-init",
        "the subclass's is a property: the assignment goes to it": "property",
        "it is used through the class": "class-use",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for model in file.module.classes if file.module is not None else ():
            for attribute in _hidden(model):
                # Only now: finding out what an `__init__` surely does takes its time.
                base = _assigned_by(model, attribute)
                if base is not None:
                    yield Claim(
                        _place(file, model, attribute),
                        f"`{base.name}.__init__` binds `{attribute.name}` on the instance, where "
                        f"it hides {what_is_hidden(attribute, 'the class attribute')}",
                        severity="note" if _is_harmless(model, attribute) else None,
                        related=bound_on_instance(base, attribute.name, "__init__"),
                    )


def _is_harmless(model: SourceClass, attribute: Attribute) -> bool:
    """Is it the declaration of an instance variable, or a test's?"""
    return model.module.is_test or bool(annotation_of(model, attribute))


def _hidden(model: SourceClass) -> Iterator[Attribute]:
    """The attributes of the class's own body that instances won't see if a base's `__init__`
    binds them, which the class doesn't know of."""
    for name in model.set_by_inits_of_bases.intersection(model.bound_names):
        attribute = hidden_attribute(model, name)
        if (
            attribute is not None
            and attribute.owner is model
            and attribute.value is not ValueKind.NONE
            and attribute.kind is not AttributeKind.CLASS_METHOD
            and not CLASS_LEVEL.match(annotation_of(model, attribute))
            and not uses_through_class(model, attribute)
            and not _is_known(model, name)
        ):
            yield attribute


def _is_known(model: SourceClass, name: str) -> bool:
    """Do methods of the class bind the name, or does any code delete it, which shows that the
    instance's is known?"""
    if any(access.attribute == name for access in model.facts.accesses):
        return True
    return any(
        access.attribute == name and access.kind is Access.DELETE
        for other in (*(model.mro or ()), *model.project.subclasses(model))
        if isinstance(other, SourceClass)
        for access in other.facts.accesses
    )


def _assigned_by(model: SourceClass, attribute: Attribute) -> SourceClass | None:
    """The base whose `__init__` surely binds an attribute on instances of a class, and doesn't
    ask for the class's before that."""
    for owner, start in _inits(model):
        if attribute.name in start.sets and owner is not model:
            # What everybody must pass is something else than what the class says of itself.
            is_other = attribute.kind is AttributeKind.VALUE and attribute.name in start.given
            return None if is_other else owner
        if attribute.name in start.read:
            return None
    return None


def _inits(model: SourceClass) -> Iterator[tuple[SourceClass, Start]]:
    """The classes whose `__init__` surely runs when an instance is made, in that order, and what
    it surely does."""
    mro = model.mro
    if mro is None:
        return
    seen: set[ClassModel] = set()
    waiting = [_first_with_init(mro)]
    while waiting:
        owner = waiting.pop(0)
        if not isinstance(owner, SourceClass) or owner in seen or owner not in mro:
            continue
        seen.add(owner)
        init = owner.attributes["__init__"]
        start = owner.module.init_effects.get(init.line)
        if init.kind is not AttributeKind.FUNCTION or init.flags & CONDITIONAL or start is None:
            continue
        yield owner, start
        called: list[ClassModel | None] = []
        for name in start.calls:
            if name == SUPER:
                called.append(_first_with_init(mro[mro.index(owner) + 1 :]))
            else:
                base = owner.project.class_named(owner.module, name)
                called.append(_first_with_init(base.mro or ()) if base is not None else None)
        waiting = called + waiting


def _first_with_init(classes: tuple[ClassModel, ...]) -> ClassModel | None:
    return next((model for model in classes if "__init__" in model.bound_names), None)


def _place(file: FileContext, model: SourceClass, attribute: Attribute) -> Range:
    """Where the name is bound: from `def` or `class` to the name, or the name alone."""
    binding = next(
        b
        for b in reversed(model.facts.body)
        if (b.name, b.line) == (attribute.name, attribute.line)
    )
    name = written_name(model, binding.name)
    start = file.code.line(binding.line).find(name, binding.column - 1)
    end = start + len(name) + 1 if start >= 0 else binding.column
    return Range(binding.line, binding.column, binding.line, end)
