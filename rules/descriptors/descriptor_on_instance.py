from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from pyconcepts_lint.analysis.names import is_bound_locally
from pyconcepts_lint.base.answer import Answer
from pyconcepts_lint.base.lazy import lazy_pattern
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.collect import dotted_name
from pyconcepts_lint.index.facts import Access, AttributeAccess, Receiver
from pyconcepts_lint.index.kinds import AttributeKind
from pyconcepts_lint.index.model import ClassModel, SourceClass
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.descriptors._facts import stored_calls
from pyconcepts_lint.rules.descriptors._self_uses import node_of

_METHODS = ("__get__", "__set__", "__delete__")
_DISPLAYS = (ast.Tuple, ast.List)
# The descriptors of the standard library that a program might make.
_STANDARD = frozenset(
    {
        *("property", "abstractproperty", "classmethod", "cached_property", "partialmethod"),
        *("singledispatchmethod", "DynamicClassAttribute"),
    }
)


class DescriptorOnInstance(Rule):
    """A descriptor works as an attribute of a class; on an instance it is an object like any other.

    ## What it finds

    `self.x = Descriptor()`, `self.x = property(…)`: an object whose class has `__get__`, `__set__`
    or `__delete__` is made, and assigned to an attribute of an instance. The class may come from
    the project or the standard library.

    Silent where the descriptor can be called (decorators can), where the file calls its `__get__`
    or uses its other attributes (`self.x.name`), where the class that stores it is a metaclass or a
    descriptor itself, in tests, and where it isn't sure that the instance's dictionary gets the
    object.

    ## Why

    For `self.x` Python looks `x` up in the class (and its bases) first, and asks what it finds
    there for `__get__`. What it finds in the instance's own dictionary it returns as it is. So the
    read gives the descriptor object, and the next assignment to `self.x` replaces it.

    ## Bad

    ```python
    class Celsius:
        def __init__(self):
            self.degrees = 20
            self.fahrenheit = property(lambda self: self.degrees * 1.8 + 32)


    print(type(Celsius().fahrenheit))
    ```

    ```output
    <class 'property'>
    ```

    ## Good

    ```python
    class Celsius:
        def __init__(self):
            self.degrees = 20

        fahrenheit = property(lambda self: self.degrees * 1.8 + 32)


    print(Celsius().fahrenheit)
    ```

    ```output
    68.0
    ```

    ## Fix

    There is none: make the descriptor an attribute of the class, and keep on the instance what
    differs between instances.

    ## When to ignore it

    Where the object is only kept there, to be made an attribute of a class later on.

    ## See also

    - [Invoking descriptors](https://docs.python.org/3/reference/datamodel.html#invoking-descriptors)
    - [Descriptor guide](https://docs.python.org/3/howto/descriptor.html)
    """

    code = "PCL501"
    name = "descriptor-on-instance"
    reads_stubs = False
    facts = ("stored_calls",)
    silences = {
        "the object can be called, so it may be meant as a function": "called",
        "its `__get__` is called explicitly": "asked-itself",
        "it is assigned to the class": "on-class",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for suspect in _suspects(file):
            node = node_of(file, suspect.access)
            value = None if node is None else _stored(file, node)
            if node is None or not isinstance(value, ast.Call):
                continue
            made = _made(file, suspect, dotted_name(value.func))
            if made is None or _is_used_as_object(file, made, suspect.access.attribute):
                continue
            statement = file.ast_quote(node)
            if isinstance(node, ast.Attribute):
                statement += f" = {file.ast_quote(value.func)}(…)"
            method = next(name for name in _METHODS if made.binds_on_mro(name))
            yield Claim(
                file.ast_range(node),
                f"`{statement}` puts a descriptor into the instance's dictionary, where Python "
                f"doesn't call its `{method}`: only what a class has as an attribute works as one",
            )


class _Suspect(NamedTuple):
    """An assignment to an attribute of an instance, of something that a call may have made."""

    model: SourceClass
    access: AttributeAccess


def _suspects(file: FileContext) -> list[_Suspect]:
    """Told from the index and the text."""
    module = file.module
    if module is None or module.is_test:
        return []  # a test may hold a descriptor to look at it
    names = _STANDARD | tables.descriptor_names(file.project)
    called = {
        name.rpartition(".")[2]
        for (name,) in stored_calls.of(module.facts)
        if module.qualified(name).rpartition(".")[2] in names
    }
    if not called:
        return []
    calls = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(called)))})\s*\(")
    return [
        _Suspect(model, access)
        for model in module.classes
        for access in model.facts.accesses
        if access.kind is Access.SET and access.receiver is Receiver.INSTANCE
        if calls.search(_lines(file, access.first_line, access.last_line))
        if _gets_into_dictionary(model, access)
    ]


def _stored(file: FileContext, node: ast.Attribute | ast.Call) -> ast.expr | None:
    """What an assignment puts into an attribute, or a call of `setattr`."""
    if isinstance(node, ast.Call):
        return node.args[2] if len(node.args) == 3 else None
    for statement in file.ast_around(node):
        if isinstance(statement, ast.stmt):
            targets = getattr(statement, "targets", None) or [getattr(statement, "target", None)]
            value = getattr(statement, "value", None)
            found = (_part_for(node, target, value) for target in targets)
            return next((part for part in found if part is not None), None)
    return None


def _part_for(node: ast.expr, target: ast.expr | None, value: ast.expr | None) -> ast.expr | None:
    """What a target in another one gets of a value."""
    if target is node:
        return value
    if isinstance(target, _DISPLAYS) and isinstance(value, _DISPLAYS):
        items = [*target.elts, *value.elts]
        if len(items) == 2 * len(target.elts) and not any(
            isinstance(item, ast.Starred) for item in items
        ):
            pairs = zip(target.elts, value.elts, strict=True)
            found = (_part_for(node, one, other) for one, other in pairs)
            return next((part for part in found if part is not None), None)
    return None


def _lines(file: FileContext, first: int, last: int) -> str:
    return "\n".join(map(file.code.line, range(first, last + 1)))


def _gets_into_dictionary(model: SourceClass, access: AttributeAccess) -> bool:
    """Does the assignment surely put what it assigns into the instance's dictionary, as it is?"""
    if (
        not model.plain
        or model.has_instance_dict is not Answer.YES
        or access.attribute in model.slot_names
    ):
        return False
    if access.by_setattr and "setattr" in model.module.bindings:
        return False
    # Descriptors may hold descriptors, and call their methods.
    if model.binds_on_mro(*_METHODS):
        return False
    for below in (model, *model.project.subclasses(model)):
        attribute = below.lookup(access.attribute)
        if attribute is not None and attribute.kind is not AttributeKind.VALUE:
            return False
    return True


def _made(file: FileContext, suspect: _Suspect, callee: str) -> ClassModel | None:
    """The descriptor class that is called under a name, if its instances can't be called."""
    facts, project = suspect.model.facts, file.project
    top = 1 if facts.in_function else facts.line
    root = callee.partition(".")[0]
    if not callee or file.module is None or is_bound_locally(file, root, suspect.access.line, top):
        return None
    model = project.class_named(file.module, callee)
    if model is None or not model.makes_own_instances:
        return None
    if not model.binds_on_mro(*_METHODS) or model.binds_on_mro("__call__"):
        return None
    is_decorated = any(
        isinstance(base, SourceClass) and not base.harmless_decorators for base in model.mro or ()
    )
    return None if is_decorated else model


def _is_used_as_object(file: FileContext, made: ClassModel, name: str) -> bool:
    """Does the file use attributes that the descriptor has, or hand it to a class?"""
    used = file.cached(_attributes_of_attributes).get(name, ())
    if used and not set(_attributes(made)).isdisjoint(used):
        return True
    return name in file.cached(_in_setattr)


_USE = lazy_pattern(r"\.\s*(\w++)(?=\s*\.\s*(\w+))")
_SETATTR = lazy_pattern(r"\bsetattr\((.*)")
_ATTRIBUTE = lazy_pattern(r"\.(\w+)")


def _attributes_of_attributes(file: FileContext) -> dict[str, set[str]]:
    """Which attributes of which attributes a text uses."""
    found: dict[str, set[str]] = {}
    for name, attribute in _USE.findall(file.text):
        found.setdefault(name, set()).add(attribute)
    return found


def _in_setattr(file: FileContext) -> frozenset[str]:
    """The attributes that stand on a line behind a `setattr(`."""
    return frozenset(
        name for behind in _SETATTR.findall(file.text) for name in _ATTRIBUTE.findall(behind)
    )


def _attributes(model: ClassModel) -> Iterator[str]:
    for base in model.mro or ():
        if base.full_name != "builtins.object":
            yield from base.bound_names
            if isinstance(base, SourceClass):
                yield from (access.attribute for access in base.facts.accesses)
