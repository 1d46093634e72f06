from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from pyconcepts_lint.analysis.context import only_if_it_has, path_in
from pyconcepts_lint.analysis.followed import classes_written_to, instance_writes
from pyconcepts_lint.analysis.related import definition
from pyconcepts_lint.base.lazy import lazy_pattern
from pyconcepts_lint.base.typed import TYPE_CHECKING
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.attributes import are_related, writes
from pyconcepts_lint.index.facts import Access, AttributeAccess, BindingKind, Receiver, ValueKind
from pyconcepts_lint.index.kinds import DELETER, SETTER, AttributeKind
from pyconcepts_lint.index.model import Attribute, ClassModel, LiveClass, SourceClass
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.descriptors._self_uses import node_of
from pyconcepts_lint.source.ast_nodes import augmented_operator

if TYPE_CHECKING:
    from pyconcepts_lint.index.model import Index

# No `\b` first: a pattern that begins with letters is found ten times as fast.
_DELETES = lazy_pattern(r"del(?<!\wdel)\b")
_DESCRIBED = "the class has this descriptor"


class ReadOnlyPropertyAssigned(Rule):
    """Assigning to a property without a setter raises AttributeError.

    ## What it finds

    - `self.x = value`, in any form (`self.x += 1`, `setattr(self, "x", value)`, as the target of
      a loop, of `with`, of an unpacking), where `x` is a `property` without a setter;
    - `del self.x`, where `x` is a property without a deleter;
    - the same where `x` is an instance of a class of the project whose `__set__` (`__delete__`)
      always raises an exception, or that has only the other one of the two.

    So it is outside of methods where the object surely is an instance (`cart = Cart()`,
    `cart.total = 5`).

    The property may come from a base class, of another module too. Silent where it is abstract,
    where a subclass in the project has another `x`, where a `__setattr__` or a metaclass takes
    part, and where a base class isn't known.

    ## Why

    A property is a data descriptor: an assignment to an attribute of that name, on any instance,
    goes to the property, never to the instance's dictionary. `@property` makes one with a getter
    only; it has `__set__` and `__delete__` all the same, and they raise AttributeError as long as
    there is no function to call.

    ## Bad

    ```python
    class Cart:
        def __init__(self):
            self.prices = [3, 4]

        @property
        def total(self):
            return sum(self.prices)

        def clear(self):
            self.prices.clear()
            self.total = 0


    Cart().clear()
    ```

    ```output
    AttributeError: property 'total' of 'Cart' object has no setter
    ```

    ## Good

    ```python
    class Cart:
        def __init__(self):
            self.prices = [3, 4]

        @property
        def total(self):
            return sum(self.prices)

        def clear(self):
            self.prices.clear()


    cart = Cart()
    cart.clear()
    print(cart.total)
    ```

    ```output
    0
    ```

    ## Fix

    There is none: whether the property needs a setter, or the assignment another attribute, or
    neither should be there, depends on what the property is for.

    ## When to ignore it

    Where classes outside the project override the property with one that can be assigned.
    `@abstractmethod` on the property says so.

    ## See also

    - [`property`](https://docs.python.org/3/library/functions.html#property)
    - [Implementing descriptors](https://docs.python.org/3/reference/datamodel.html#implementing-descriptors)
    """

    code = "PCL504"
    name = "read-only-property-assigned"
    severity = "error"
    reads_stubs = False
    facts = ("changed_class_attributes", "external_attribute_writes", "attribute_uses")
    raises = ("AttributeError",)
    silences = {
        "the property has a setter": "setter",
        "the property is abstract: a subclass gives another one": "abstract",
        "a subclass has another attribute of that name": "subclass",
        "a `__setattr__` decides what an assignment does": "own-setattr",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for model in file.module.classes if file.module is not None else ():
            changes = [
                e
                for e in model.facts.accesses
                if e.receiver is Receiver.INSTANCE and e.kind is not Access.READ
            ]
            names = {access.attribute for access in changes}
            descriptors = _possible_descriptors(model, names) if names else ()
            for access in changes:
                refusal = refusal_of(model, access) if access.attribute in descriptors else None
                node = None if refusal is None else node_of(file, access)
                if refusal is None or node is None:
                    continue
                where = file.ast_range(node)
                if not only_if_it_has(path_in(file, where), {access.attribute}):
                    error, why = refusal
                    message = f"{_statement(file, access, node)} raises {error}: {why}"
                    found = model.lookup(access.attribute)
                    related = () if found is None else definition(found, _DESCRIBED)
                    yield Claim(where, message, raises=(error,), related=related)
        yield from _outside(file)


def _outside(file: FileContext) -> Iterator[Claim]:
    """What is assigned to attributes of instances outside of their methods."""
    if file.module is None:
        return
    facts = file.module.facts
    written = {*facts.external_attribute_writes}
    written.update(name for _, name, context in facts.attribute_uses if context is not Access.READ)
    deletes = _DELETES.search(file.text) is not None
    names = {name for name in written if _may_refuse(file.project, name, deletes)}
    for node, kind, models in instance_writes(file, names) if names else ():
        line, column = file.ast_place(node.lineno, node.col_offset)
        access = AttributeAccess(
            node.attr, kind, Receiver.INSTANCE, "", line, column, False, line, line
        )
        refusals = [
            refusal_of(model, access)
            if isinstance(model, SourceClass) and model.is_project_class
            else None
            for model in models
        ]
        refusal = refusals[0]
        where = file.ast_range(node)
        if refusal is None or None in refusals:
            continue
        if not only_if_it_has(path_in(file, where), {node.attr}):
            error, why = refusal
            message = f"{_statement(file, access, node)} raises {error}: {why}"
            yield Claim(where, message, raises=(error,))


def _may_refuse(project: Index, name: str, deletes: bool) -> bool:
    """Does a class of the project bind the name to what can't be assigned, or not be deleted?

    To be asked before the values of a file's variables are followed, which takes long.
    """
    bound = (model.attributes.get(name) for model in project.row(tables.possible_descriptors, name))
    return any(
        _refusal(attribute, deletes=False) or (deletes and _refusal(attribute, deletes=True))
        for attribute in bound
        if attribute is not None
        and attribute.kind in (AttributeKind.PROPERTY, AttributeKind.DATA_DESCRIPTOR)
    )


def _statement(file: FileContext, access: AttributeAccess, node: ast.Attribute | ast.Call) -> str:
    text = file.ast_quote(node)
    if access.by_setattr:
        return f"`{text}`"
    if access.kind is Access.DELETE:
        return f"`del {text}`"
    around = file.ast_around(node)[0]
    operator = augmented_operator(around) if isinstance(around, ast.AugAssign) else "="
    return f"`{text} {operator} …`"


def _possible_descriptors(model: SourceClass, names: set[str]) -> set[str]:
    """Those of the names that a class of the MRO binds to a property, or to what a call makes.

    To be asked before finding out what all the attributes of these classes are.
    """
    found: set[str] = set()
    for base in model.mro or ():
        bound = names & base.bound_names
        if bound and isinstance(base, SourceClass):
            found.update(
                binding.name
                for binding in base.facts.body
                if binding.name in bound
                and (
                    binding.value is ValueKind.CALL
                    or (binding.kind is BindingKind.FUNCTION and binding.decorators)
                    or (binding.annotation and base.is_named_tuple)
                )
            )
        elif bound:
            found |= bound
    return found


def refusal_of(model: SourceClass, access: AttributeAccess) -> tuple[str, str] | None:
    """The built-in exception that such an assignment or deletion in a method of a class surely
    raises, and why."""
    attribute = model.lookup(access.attribute)
    if attribute is None or attribute.kind not in (
        AttributeKind.PROPERTY,
        AttributeKind.DATA_DESCRIPTOR,
    ):
        return None
    hook = "delattr" if access.kind is Access.DELETE else "setattr"
    if access.by_setattr and hook in model.module.bindings:
        return None
    if not _is_plain(model) or _has_hook(model, f"__{hook}__"):
        return None
    owner = attribute.owner
    if isinstance(owner, SourceClass) and attribute.name in (owner.facts.slots or ()):
        return None  # there is no such class
    refusal = _refusal(attribute, deletes=access.kind is Access.DELETE)
    if refusal is None or _may_be_another(model, attribute, f"__{hook}__"):
        return None
    return refusal


def _is_plain(model: SourceClass) -> bool:
    """Is assigning attributes Python's own? A dataclass that isn't frozen changes nothing of it."""
    return model.mro is not None and all(
        base.plain_by_itself
        or (
            isinstance(base, SourceClass)
            and base.plain_body
            and base.decorators_keep_class
            and not any("frozen=" in keywords for keywords in base.facts.decorator_keywords)
        )
        for base in model.mro
    )


def _is_tuple_field(attribute: Attribute) -> bool:
    """Is it what a named tuple has for one of its fields?"""
    owner = attribute.owner
    if isinstance(owner, SourceClass):
        return owner.is_named_tuple and bool(attribute.annotation)
    if not isinstance(owner, LiveClass) or not issubclass(owner.live, tuple):
        return False
    return attribute.name in getattr(owner.live, "_fields", ())


def _refusal(attribute: Attribute, *, deletes: bool) -> tuple[str, str] | None:
    """The exception that assigning to (or deleting) an attribute raises, and why, if it does."""
    shown = f"`{attribute.owner.name}.{attribute.name}`"
    if attribute.kind is AttributeKind.PROPERTY:
        accessor = DELETER if deletes else SETTER
        if attribute.is_abstract or attribute.accessors is None or accessor in attribute.accessors:
            return None
        return "AttributeError", f"{shown} is a property without a {accessor}"
    if _is_tuple_field(attribute):
        return "AttributeError", f"{shown} is a field of a named tuple"
    descriptor = _descriptor_class(attribute)
    if descriptor is None:
        return None
    method = "__delete__" if deletes else "__set__"
    owner = next((c for c in descriptor.mro or () if method in c.bound_names), None)
    if owner is None:
        other = "__set__" if deletes else "__delete__"
        why = f"is an instance of `{descriptor.name}`, which has `{other}` but no `{method}`"
        return "AttributeError", f"{shown} {why}"
    error = _always_raises(owner, method)
    if error is None:
        return None
    why = f"is an instance of `{descriptor.name}`, whose `{method}` always raises it"
    return error, f"{shown} {why}"


def _descriptor_class(attribute: Attribute) -> ClassModel | None:
    """The class of a descriptor that a class body makes by calling it."""
    owner = attribute.owner
    if not isinstance(owner, SourceClass) or attribute.value is not ValueKind.CALL:
        return None
    found = owner.class_meant(attribute.target)
    # What a class body makes under a condition may be something else.
    return found if found is not None and found.plain else None


def _always_raises(owner: ClassModel, method: str) -> str | None:
    """The built-in exception that a method does nothing but raise."""
    if not isinstance(owner, SourceClass):
        return None
    bindings = [binding for binding in owner.facts.body if binding.name == method]
    if len(bindings) != 1 or bindings[0].kind is not BindingKind.FUNCTION or bindings[0].decorators:
        return None
    error = dict(owner.facts.always_raising).get(bindings[0].line, "")
    kind = getattr(builtins, error, None)
    is_builtin = isinstance(kind, type) and issubclass(kind, Exception)
    return error if is_builtin and error not in owner.module.bindings else None


def _may_be_another(model: SourceClass, attribute: Attribute, hook: str) -> bool:
    """May instances on which methods of `model` run have another attribute of that name, or
    another way of setting it?"""
    project = model.project
    for below in project.subclasses(model):
        found = below.lookup(attribute.name)
        if below.mro is None or found is None or found.owner is not attribute.owner:
            return True
        if _has_hook(below, hook):
            return True
    if any(map(_fills_subclasses, model.mro or ())):
        return True
    # A variable of which nothing is known is an instance, whose assignment fails as well.
    return any(True for _ in writes(model, attribute.name)) or any(
        are_related(model, other) for other in classes_written_to(project, attribute.name)
    )


def _fills_subclasses(model: ClassModel) -> bool:
    """May the class's `__init_subclass__` give its subclasses any attribute?"""
    return (
        isinstance(model, SourceClass)
        and model.facts.dynamic_instances
        and "__init_subclass__" in model.bound_names
    )


def _has_hook(model: ClassModel, hook: str) -> bool:
    """Does a class of the known MRO that is written in Python define the method?"""
    return any(base.has_source and hook in base.bound_names for base in model.mro or (model,))
