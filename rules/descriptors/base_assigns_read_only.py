from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from pyconcepts_lint.analysis.context import (
    caught_by,
    conditions,
    dead_code,
    path_to,
)
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index.collect import unmangled
from pyconcepts_lint.index.facts import (
    CONDITIONAL,
    IMMUTABLE_VALUES,
    Access,
    AttributeAccess,
    Binding,
    BindingKind,
    Receiver,
    ValueKind,
)
from pyconcepts_lint.index.init_effects import SUPER
from pyconcepts_lint.index.kinds import AttributeKind
from pyconcepts_lint.index.model import ClassModel, Module, SourceClass
from pyconcepts_lint.rule_api.claim import Claim, RelatedPlace, line_range
from pyconcepts_lint.rule_api.file import FileContext, Range
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.descriptors.read_only_property_assigned import refusal_of
from pyconcepts_lint.source.ast_nodes import first_line, walk
from pyconcepts_lint.source.python3 import parse_python3

_ASKS_WHAT_IT_IS = frozenset({"type", "isinstance", "issubclass", "hasattr", "getattr"})
_FIELD_VALUES = IMMUTABLE_VALUES | {None}


class BaseAssignsReadOnly(Rule):
    """A property without a setter over a name that a base class assigns on its instances.

    ## What it finds

    A class that has a property without a setter (or another descriptor that refuses to be
    assigned), and inherits from a class of which a method assigns that attribute on `self`. The
    method has to be inherited; an `__init__` may also be called by that of the class, on every path.
    The fields of a `@dataclass` count as assigned in its `__init__`. The same for `del`.

    Silent where the assignment handles the error or asks what the object is, where the property is
    abstract, where a subclass in the project has another attribute of that name, where a
    `__setattr__` or a metaclass takes part, and where a base class isn't known.

    ## Why

    An assignment to an attribute goes to the data descriptor that the class of the instance has
    under that name, wherever the assignment stands. A property is one, with or without a setter. So
    overriding an attribute of instances by a property changes what the base's own assignments do.

    ## Bad

    ```python
    class Product:
        def __init__(self, price):
            self.price = price


    class Gift(Product):
        @property
        def price(self):
            return 0


    Gift(5)
    ```

    ```output
    AttributeError: property 'price' of 'Gift' object has no setter
    ```

    ## Good

    ```python
    class Product:
        def __init__(self, price):
            self._price = price

        @property
        def price(self):
            return self._price


    class Gift(Product):
        @property
        def price(self):
            return 0


    print(Gift(5).price)
    ```

    ```output
    0
    ```

    ## Fix

    There is none: the property may get a setter, another name, or be one in the base class, too.

    ## When to ignore it

    Where the base's method is never called on instances of this class, or is expected to fail.

    ## See also

    - [`property`](https://docs.python.org/3/library/functions.html#property)
    - [Implementing descriptors](https://docs.python.org/3/reference/datamodel.html#implementing-descriptors)
    """

    code = "PCL508"
    name = "base-assigns-read-only"
    severity = "error"
    reads_stubs = False
    words = ("class",)
    facts = ("derived_classes",)
    silences = {
        "the property has a setter": "setter",
        "the subclass doesn't run the base's method": "not-run",
        "the error is caught there": "handled",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for model in file.module.classes if file.module is not None else ():
            for binding in _descriptors(model):
                found = _assigned(file, model, binding.name)
                if found is not None:
                    verb = "deleted" if found.access.kind is Access.DELETE else "assigned"
                    there = RelatedPlace(
                        f"it is {verb} here",
                        line_range(found.access.line),
                        found.base.module.path,
                    )
                    yield Claim(_place(file, model, binding), _message(found), related=(there,))


class _Assigned(NamedTuple):
    """That a base assigns or deletes a name that a class has for a descriptor which refuses."""

    base: SourceClass
    access: AttributeAccess
    error: str
    why: str


def _message(found: _Assigned) -> str:
    name = unmangled(found.access.attribute, found.base.name)
    verb = "deletes" if found.access.kind is Access.DELETE else "assigns"
    where = f"`{found.base.name}.{found.access.method}`"
    return f"{where} {verb} `self.{name}`, and {found.why}: {found.error} there"


def _descriptors(model: SourceClass) -> Iterator[Binding]:
    """The last bindings of the names in a class body that may be descriptors."""
    if not model.facts.bases:
        return
    last = {binding.name: binding for binding in model.facts.body}
    for binding in last.values():
        if binding.value is ValueKind.CALL or (
            binding.kind is BindingKind.FUNCTION and binding.decorators
        ):
            yield binding


def _assigned(file: FileContext, model: SourceClass, name: str) -> _Assigned | None:
    """The first assignment of a name, in a method that instances of a class run, that fails."""
    for base in (model.mro or ())[1:]:
        if not isinstance(base, SourceClass):
            continue
        for access in (
            *file.cached(_Changes).of(base).get(name, ()),
            *_of_field(model, base, name),
        ):
            refusal = refusal_of(model, access)
            if refusal is None:
                break
            if _runs(model, base, access) and not _is_guarded(
                file, base.module, access, refusal[0]
            ):
                return _Assigned(base, access, *refusal)
    return None


class _Changes:
    """What the methods of classes assign and delete on their instances, by the attribute."""

    def __init__(self, file: FileContext) -> None:
        self._known: dict[SourceClass, dict[str, list[AttributeAccess]]] = {}

    def of(self, model: SourceClass) -> dict[str, list[AttributeAccess]]:
        if model not in self._known:
            found: dict[str, list[AttributeAccess]] = {}
            for access in model.facts.accesses:
                if access.receiver is Receiver.INSTANCE and access.kind is not Access.READ:
                    found.setdefault(access.attribute, []).append(access)
            self._known[model] = found
        return self._known[model]


def _of_field(model: SourceClass, base: SourceClass, name: str) -> Iterator[AttributeAccess]:
    """The assignment of a field in the `__init__` that `@dataclass` makes."""
    if name not in base.dataclass_fields or not _is_made_by_dataclass(model, base):
        return
    bindings = [binding for binding in base.facts.body if binding.name == name]
    if len(bindings) == 1 and bindings[0].value in _FIELD_VALUES:
        line = bindings[0].line
        kind, receiver = Access.SET, Receiver.INSTANCE
        yield AttributeAccess(name, kind, receiver, "__init__", line, 0, False, line, line)


def _is_made_by_dataclass(model: SourceClass, base: SourceClass) -> bool:
    """Is the `__init__` of a class the one that `@dataclass` makes for one of its bases?"""
    above = (model.mro or ())[: (model.mro or ()).index(base) + 1]
    if any("__init__" in each.bound_names or "__new__" in each.bound_names for each in above):
        return False
    if any(isinstance(each, SourceClass) and each.facts.decorators for each in above[:-1]):
        return False
    keywords = " ".join(base.facts.decorator_keywords)
    return len(base.facts.decorators) == 1 and "init=" not in keywords and "**" not in keywords


# Whether it runs


def _runs(model: SourceClass, base: SourceClass, access: AttributeAccess) -> bool:
    """Does an instance of a class run that method of a base?"""
    if not access.column:
        return True  # of a dataclass
    above = (model.mro or ())[: (model.mro or ()).index(base)]
    if access.method.startswith("__") and any(
        isinstance(each, SourceClass) and each.has_field_decorator for each in above
    ):
        return False  # `@dataclass` makes such methods of its own
    attribute = model.lookup(access.method)
    if attribute is None or attribute.flags & CONDITIONAL:
        return False
    if attribute.owner is base:
        return True
    return access.method == "__init__" and base in _inits(model)


def _inits(model: SourceClass) -> list[SourceClass]:
    """The classes whose `__init__` surely runs when an instance is made."""
    mro = model.mro or ()
    found: list[SourceClass] = []
    waiting = [_first_with_init(mro)]
    while waiting:
        owner = waiting.pop()
        if not isinstance(owner, SourceClass) or owner in found or owner not in mro:
            continue
        init = owner.attributes["__init__"]
        if init.kind is not AttributeKind.FUNCTION or init.flags & CONDITIONAL:
            continue
        found.append(owner)
        start = owner.module.init_effects.get(init.line)
        for name in () if start is None else start.calls:
            base = owner.project.class_named(owner.module, name) if name != SUPER else None
            above = mro[mro.index(owner) + 1 :] if name == SUPER else base and base.mro
            waiting.append(_first_with_init(above or ()))
    return found


def _first_with_init(classes: Sequence[ClassModel]) -> ClassModel | None:
    return next((model for model in classes if "__init__" in model.bound_names), None)


def _is_guarded(file: FileContext, module: Module, access: AttributeAccess, error: str) -> bool:
    """Is the assignment in code that never runs, or that asks first, or is its error handled?"""
    if not access.column:
        return False
    tree = file.tree if module is file.module else file.cached(_Trees).of(module)
    for path in _paths(tree, access):
        asks = any(
            isinstance(part, ast.Name) and part.id in _ASKS_WHAT_IT_IS
            for test, _ in conditions(path)
            for part in walk(test)
        )
        return asks or bool(dead_code(path)) or caught_by(path, error)
    return True


class _Trees:
    """The trees of other modules, each parsed once."""

    def __init__(self, file: FileContext) -> None:
        self._project = file.project
        self._known: dict[Module, ast.Module | None] = {}

    def of(self, module: Module) -> ast.Module | None:
        if module not in self._known:
            text = self._project.text(module)
            self._known[module] = None if text is None else parse_python3(text)
        return self._known[module]


def _paths(tree: ast.Module | None, access: AttributeAccess) -> Iterator[list[ast.AST]]:
    """The ways down to what assigns or deletes the attribute."""
    for statement in [] if tree is None else tree.body:
        if first_line(statement) <= access.line <= (statement.end_lineno or 0):
            for node in walk(statement):
                if _may_be_it(node, access):
                    start = node.lineno, node.col_offset  # type: ignore[attr-defined]
                    end = node.end_lineno, node.end_col_offset  # type: ignore[attr-defined]
                    yield path_to(statement, start, end)


def _may_be_it(node: ast.AST, access: AttributeAccess) -> bool:
    if getattr(node, "lineno", 0) != access.line:
        return False
    if access.by_setattr:
        return isinstance(node, ast.Call)
    return (
        isinstance(node, ast.Attribute)
        and not isinstance(node.ctx, ast.Load)
        and access.attribute.endswith(node.attr)
    )


def _place(file: FileContext, model: SourceClass, binding: Binding) -> Range:
    """Where the name is bound: from `def` to the name, or the name alone."""
    text = file.code.line(binding.line)[binding.column - 1 :]
    if text.startswith(("def", "async")):
        return file.definition_range(binding.line, binding.column)
    length = len(unmangled(binding.name, model.name))
    return Range(binding.line, binding.column, binding.line, binding.column + length)
