"""What an assignment through an instance does to a class attribute: PCL101, 102 and 103.

Which of the three rules speaks of an assignment is decided here, once for all of them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator

from pyconcepts_lint.analysis.followed import is_written_to_others
from pyconcepts_lint.analysis.names import reachable_name
from pyconcepts_lint.base.answer import Answer
from pyconcepts_lint.base.finding import Edit, Fix
from pyconcepts_lint.base.typed import TYPE_CHECKING, NamedTuple
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.attributes import (
    classes_of_instances,
    instances_bind,
    is_given_by_functions,
    writes,
)
from pyconcepts_lint.index.collect import unmangled
from pyconcepts_lint.index.facts import (
    IMMUTABLE_VALUES,
    Access,
    AttributeAccess,
    Receiver,
    ValueKind,
)
from pyconcepts_lint.index.kinds import AttributeKind
from pyconcepts_lint.index.model import Attribute, ClassModel, SourceClass
from pyconcepts_lint.index.references import is_local_reference
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule

from ._first_reads import counts_every_object, finds_class_attribute, never_binds
from ._from_parameters import comes_from_parameters, is_read_through_class, method_around
from ._unknown import conditional_attribute

if TYPE_CHECKING:
    from pyconcepts_lint.index.model import Index

CLASS_LEVEL = re.compile(r"""['"\s]*+(?:(?:\w+\.)*Annotated\[)?\s*+(?:\w+\.)*(ClassVar|Final)\b""")
# What is called so is there to be shared.
MEANT_FOR_ALL = re.compile(r"cache|memo|pool|registr(y|ies)|instances", re.IGNORECASE)
_CLASS_VARIABLE = re.compile(r"""['"\s]*+(?:\w+\.)*ClassVar\b""")
_CAN_BE_HIDDEN = frozenset(
    {
        AttributeKind.VALUE,
        AttributeKind.FUNCTION,
        AttributeKind.STATIC,
        AttributeKind.CLASS_METHOD,
        AttributeKind.CLASS,
    }
)
# What keeps an assignment from reaching the instance's dictionary.
_TAKES_OVER = frozenset({AttributeKind.PROPERTY, AttributeKind.DATA_DESCRIPTOR, AttributeKind.SLOT})
# Special methods that Python never looks up on the instance
# (https://docs.python.org/3/reference/datamodel.html#special-method-lookup).
_LOOKED_UP_ON_CLASS = re.compile(
    r"__(abs|add|aenter|aexit|aiter|and|anext|await|bool|bytes|call|complex|contains|delattr|delitem"
    r"|divmod|enter|eq|exit|float|floordiv|format|ge|getattr|getitem|gt|hash|iadd|index|int|invert"
    r"|iter|le|len|lshift|lt|matmul|mod|mul|ne|neg|next|or|pos|pow|radd|repr|reversed|rmul|rshift"
    r"|setitem|str|sub|truediv|xor)__"
)

# The augmented assignments that change an object of these types in place
# (https://docs.python.org/3/reference/simple_stmts.html#augmented-assignment-statements).
_IN_PLACE: dict[str, frozenset[type[ast.operator]]] = {
    "list": frozenset({ast.Add, ast.Mult}),
    "bytearray": frozenset({ast.Add, ast.Mult}),
    "deque": frozenset({ast.Add, ast.Mult}),
    "set": frozenset({ast.BitOr, ast.BitAnd, ast.Sub, ast.BitXor}),
    "dict": frozenset({ast.BitOr}),
    "defaultdict": frozenset({ast.BitOr}),
    "OrderedDict": frozenset({ast.BitOr}),
    "Counter": frozenset({ast.Add, ast.Sub, ast.BitOr, ast.BitAnd}),
}


class Hiding(NamedTuple):
    """That `event` binds on an instance what is an attribute of a class.

    `code` is the rule that speaks of it. `model` is the class of the method, `attribute.owner`
    the class that has the attribute; `why` says, for PCL101, how it is used as shared. Is it only
    tests that use it so? `unless` is the condition on bases that weren't found, for the end of a
    sentence.
    """

    code: str
    model: SourceClass
    access: AttributeAccess
    attribute: Attribute
    why: str
    only_in_tests: bool = False
    unless: str = ""


def hidings(file: FileContext) -> list[Hiding]:
    """The assignments of a file that PCL101, 102 or 103 speaks of."""
    return [
        hiding
        for model in (file.module.classes if file.module is not None else ())
        for access in model.facts.accesses
        if access.receiver is Receiver.INSTANCE
        and access.kind in (Access.SET, Access.AUGMENT, Access.REBUILD)
        if (hiding := _hiding(file, model, access)) is not None
        if access.kind is not Access.SET or not never_binds(file, access)
    ]


def _hiding(file: FileContext, model: SourceClass, access: AttributeAccess) -> Hiding | None:
    if model.mro is None:
        return _with_unknown_bases(file, model, access)
    attribute = hidden_attribute(model, access.attribute)
    if attribute is None:
        return _with_unknown_bases(file, model, access)
    if access.by_setattr and "setattr" in model.module.bindings:
        return None
    annotation = annotation_of(model, attribute)
    declared = CLASS_LEVEL.match(annotation)
    # By PEP 526 an annotation without ClassVar declares an instance variable with a default.
    is_default = bool(annotation) and declared is None
    why, only_in_tests = _used_as_shared(attribute, declared[1] if declared else "", is_default)
    if access.kind is not Access.SET:
        if attribute.kind is not AttributeKind.VALUE:
            return None  # functions and classes have no operators
        if not may_be_bound_on_instance(model, access.attribute, file) or finds_class_attribute(
            file, model, access
        ):
            if attribute.value is ValueKind.NONE:
                return None  # neither has None: something unseen must bind the attribute
            if why or not is_default or (attribute.mutable and access.kind is Access.AUGMENT):
                return Hiding("PCL103", model, access, attribute, "")
            if attribute.value is ValueKind.NUMBER and (
                counts_every_object(file, access)
                or _used_as_shared(attribute, "", is_default=False)[0]
            ):
                return Hiding("PCL103", model, access, attribute, "")
        if access.kind is Access.AUGMENT and attribute.value not in IMMUTABLE_VALUES:
            return None  # it may change the class's object, or another
    if why:
        return Hiding("PCL101", model, access, attribute, why, only_in_tests)
    if is_default or access.kind is Access.AUGMENT:
        return None
    return Hiding("PCL102", model, access, attribute, "")


def _with_unknown_bases(
    file: FileContext, model: SourceClass, access: AttributeAccess
) -> Hiding | None:
    """A counter that is read as the class's, or a method that an `__init__` hides, where a base
    isn't known."""
    name = access.attribute
    if access.by_setattr or name not in model.bound_names:
        return None
    if access.kind is Access.SET:
        found = conditional_attribute(model, name, AttributeKind.FUNCTION, but_in={"__init__"})
        if found is None or access.method != "__init__":
            return None
        unless = found.unless("has a `__setattr__` of its own")
        return Hiding("PCL102", model, access, found.attribute, "", unless=unless)
    found = conditional_attribute(model, name, AttributeKind.VALUE)
    if found is None or found.attribute.value is ValueKind.NONE:
        return None
    if (
        counts_every_object(file, access)
        or found.attribute.mutable
        or _used_as_shared(found.attribute, "", is_default=False)[0]
    ):
        unless = found.unless(f"sets `{name}` itself")
        return Hiding("PCL103", model, access, found.attribute, "", unless=unless)
    return None


def hidden_attribute(model: SourceClass, name: str) -> Attribute | None:
    """The class attribute that `self.name = …`, in a method of `model`, surely hides, if any."""
    attribute = class_attribute(model, name)
    return attribute if attribute is not None and model.has_instance_dict is Answer.YES else None


def class_attribute(model: SourceClass, name: str) -> Attribute | None:
    """The class attribute that methods of `model` surely find as `self.name`, if there is one
    and the instance has none of its own."""
    if name not in model.names_on_mro:  # most aren't, and this is quickly told
        return None
    attribute = model.lookup(name)
    if attribute is None or not attribute.owner.is_project_class:
        return None
    if attribute.kind not in _CAN_BE_HIDDEN or not _is_plain(model, attribute):
        return None
    if name in model.slot_names:
        return None
    if attribute.kind is AttributeKind.CLASS and not _is_no_descriptor(attribute):
        return None
    for below in model.project.subclasses(model):
        found = below.lookup(name)
        if found is not None and found.kind in _TAKES_OVER:
            return None
        if "__setattr__" in below.bound_names:
            return None
    return None if _may_be_replaced(model, attribute) else attribute


def _is_plain(model: SourceClass, attribute: Attribute) -> bool:
    """Does nothing take part in what an assignment to the attribute does, and is it no field?"""
    if not model.is_field_class:
        return model.plain
    if model.mro is None or not model.has_annotated_fields_only:
        return False
    if any(not each.is_field_class and not each.plain_by_itself for each in model.mro):
        return False
    annotation = annotation_of(model, attribute)
    return not annotation or _CLASS_VARIABLE.match(annotation) is not None


def _is_no_descriptor(attribute: Attribute) -> bool:
    """Is a nested class, or a class under another name, surely what its statement says?"""
    owner = attribute.owner
    assert isinstance(owner, SourceClass)
    found: ClassModel | None
    if attribute.class_number is not None:
        found = owner.module.classes[attribute.class_number]
    else:
        found = owner.class_meant(attribute.target)
    if found is None or found.mro is None:
        return False
    if isinstance(found, SourceClass) and not found.harmless_decorators:
        return False
    for model in found.mro:
        metaclass = model.own_metaclass
        if isinstance(metaclass, str):
            return False
        if metaclass is not None and (
            metaclass.mro is None or metaclass.binds_on_mro("__get__", "__set__", "__delete__")
        ):
            return False
    return True


def _may_be_replaced(model: SourceClass, attribute: Attribute) -> bool:
    """Does other code delete the attribute that instances of `model` find, put a descriptor in
    its place, or give a class that comes before its owner one of its own?"""
    project = model.project
    mro = model.mro or ()
    for one in mro[: mro.index(attribute.owner) + 1]:
        if isinstance(one, SourceClass) and (
            one.facts.dynamic_class
            or (model.escapes and is_given_by_functions(one, attribute.name))
        ):
            return True
    for write in writes(model, attribute.name):
        if write.target is None:
            if write.may_be_descriptor:
                return True
        elif _has(write.target, attribute) and (
            write.deletes
            or write.may_be_descriptor
            or (
                not write.by_method
                and write.target is not attribute.owner
                and model.is_subclass_of(write.target)
            )
        ):
            return True
    for other, access in project.row(tables.class_accesses, attribute.name):
        gives_to_subclasses = (
            access.method == "__init_subclass__" and access.kind is not Access.READ
        )
        if gives_to_subclasses and model is not other and model.is_subclass_of(other):
            return True
    return False


def annotation_of(model: SourceClass, attribute: Attribute) -> str:
    """The annotation of a class attribute: its own, or the nearest on the MRO."""
    if attribute.annotation:
        return attribute.annotation
    for base in model.mro or ():
        found = base.attributes.get(attribute.name)
        if found is not None and found.annotation:
            return found.annotation
    return ""


def may_be_bound_on_instance(
    model: SourceClass,
    name: str,
    file: FileContext | None = None,
    *,
    augmented: bool = False,
    follows: bool = False,
) -> bool:
    """May an instance of `model` have an attribute `name` of its own?

    Args:
        model: the class.
        name: the attribute.
        file: the file at hand, where some assignments may turn out never to run.
        augmented: do augmented assignments in methods (which read it first) count, too?
        follows: are the objects followed to which code elsewhere gives such an attribute? That takes
            time: files are parsed.
    """

    def is_dead(other: SourceClass, access: AttributeAccess) -> bool:
        return file is not None and other.module is file.module and never_binds(file, access)

    def is_other() -> bool:
        return follows and is_written_to_others(model, name)

    found = instances_bind(model, name, augmented=augmented, is_dead=is_dead, is_other=is_other)
    return found is not Answer.NO


def is_assigned_anywhere(project: Index, name: str) -> bool:
    """Does anything in the project assign to an attribute of that name, of whatever object?"""
    return (
        project.has(tables.external_attribute_writes, name)
        or any(context is not Access.READ for _, _, context in project.row(tables.uses, name))
        or any(
            access.attribute == name and access.kind not in (Access.READ, Access.DELETE)
            for model in project.row(tables.bound_attributes, name)
            for access in model.facts.accesses
        )
    )


def is_made_by_init(model: SourceClass, assigned: AttributeAccess) -> bool:
    """Does an `__init__` assign the attribute, so that each object starts with its own?

    An assignment to the class would then change it for all with each object that is made, or for
    none of those that have their own.
    """
    return _does_in_init(model, assigned.attribute, (Access.SET,))


def _does_in_init(model: SourceClass, name: str, kinds: Collection[Access]) -> bool:
    """Does an `__init__` that may run on instances do such a thing to the attribute?"""
    found = [
        other
        for other, access in model.project.row(tables.accesses_in_init, name)
        if access.kind in kinds
    ]
    return bool(found) and not set(found).isdisjoint(classes_of_instances(model))


def uses_through_class(model: SourceClass, attribute: Attribute) -> bool:
    """Does the project use the attribute through a class above or below `model`, or that one
    itself: `C.x`, `cls.x`, `type(self).x`?"""
    project = model.project

    def is_related(other: object) -> bool:
        return isinstance(other, ClassModel) and (
            other is model
            or model.is_subclass_of(other)
            or other.is_subclass_of(attribute.owner)
            or (model.mro is None and other in project.subclasses(model))
        )

    return any(
        is_related(project.resolve(module, receiver))
        for module, receiver, _ in project.row(tables.uses, attribute.name)
    ) or any(is_related(other) for other, _ in project.row(tables.class_accesses, attribute.name))


def is_shared_on_purpose(model: SourceClass, attribute: Attribute) -> bool:
    """Is it declared as the class's, or used through the class?"""
    is_declared = CLASS_LEVEL.match(annotation_of(model, attribute)) is not None
    return is_declared or uses_through_class(model, attribute)


def counts_objects(model: SourceClass, name: str) -> bool:
    """Does an `__init__` add to the attribute, and so count the objects that are made?"""
    return _does_in_init(model, name, (Access.AUGMENT, Access.REBUILD))


def _used_as_shared(attribute: Attribute, declared: str, is_default: bool) -> tuple[str, bool]:
    """How the project uses a class attribute as one that all instances share, or "", and whether
    only its tests do."""
    if declared:
        return f"is declared `{declared}`", False
    name = written_name(attribute.owner, attribute.name)
    if name.isupper() and attribute.kind is AttributeKind.VALUE:
        return "is named as a constant", False
    uses = _uses_as_shared(attribute, name, is_default)
    why, is_test = next(uses, ("", False))
    return why, is_test and all(other_is_test for _, other_is_test in uses)


def _uses_as_shared(
    attribute: Attribute, name: str, is_default: bool
) -> Iterator[tuple[str, bool]]:
    """The uses of a class attribute as a shared one, and whether they are a test's."""
    owner = attribute.owner
    assert isinstance(owner, SourceClass)
    project = owner.project
    contexts = (Access.SET,) if is_default else (Access.READ, Access.SET)
    for module, receiver, context in project.row(tables.uses, attribute.name):
        if context in contexts:
            model = project.resolve(module, receiver)
            # Assigning to a subclass gives that one an attribute of its own.
            if model is owner if context is Access.SET else _has(model, attribute):
                verb = "read" if context is Access.READ else "assigned"
                if is_local_reference(receiver):
                    receiver = owner.name
                yield f"is {verb} as `{receiver}.{name}` in {module.file_name}", module.is_test
    for other, access in project.row(tables.class_accesses, attribute.name):
        if is_default and access.kind is Access.READ:
            continue
        if _has(other, attribute) if access.kind is Access.READ else owner.is_subclass_of(other):
            verb = "read" if access.kind is Access.READ else "assigned"
            said = f"is {verb} through the class in `{other.name}.{access.method}`"
            yield said, other.module.is_test


def _has(model: object, attribute: Attribute) -> bool:
    """Is it a class that has the attribute, its own or inherited?"""
    if not isinstance(model, ClassModel):
        return False
    found = model.lookup(attribute.name)
    return found is not None and found.owner is attribute.owner


def written_name(model: ClassModel, name: str) -> str:
    """An attribute's name as the source of `model` writes it: private names unmangled."""
    return unmangled(name, model.name)


class AssignmentRule(Rule):
    """What the three rules share: each speaks of those assignments that bear its code."""

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for hiding in file.cached(hidings):
            access = hiding.access
            if hiding.code == self.code:
                node = file.innermost_at(access.line, access.column, ast.Attribute, ast.Call)
                if node is not None:
                    yield self.claim(node, hiding)

    def claim(self, node: ast.expr, hiding: Hiding) -> Claim:
        raise NotImplementedError

    def statement(self, node: ast.expr, hiding: Hiding) -> str:
        """The assignment, short enough to be quoted."""
        if isinstance(node, ast.Call):
            return self.file.ast_quote(node)
        if hiding.access.kind is not Access.SET:
            return self.file.ast_quote(self.around(node))
        return f"{self.file.ast_quote(node)} = …"

    def _is_for_one(self, node: ast.expr, hiding: Hiding) -> bool:
        """Does the value come from the caller, and is the attribute read from instances only?

        On the class it would be what PCL111 reports.
        """
        method = method_around(self.file, node)
        return (
            method is not None
            and comes_from_parameters(method[0], self.around(node))
            and not is_read_through_class(hiding.model, hiding.attribute.name)
        )

    def around(self, node: ast.expr) -> ast.stmt:
        """The statement that a node stands in."""
        return next(part for part in self.file.ast_around(node) if isinstance(part, ast.stmt))

    def class_fix(
        self, node: ast.expr, hiding: Hiding, others: Iterable[ast.expr] = ()
    ) -> Fix | None:
        """Say the class instead of the instance: see the function of that name."""
        model, attribute, line = hiding.model, hiding.attribute, hiding.access.line
        if hiding.access.kind is Access.SET and (
            is_made_by_init(model, hiding.access) or self._is_for_one(node, hiding)
        ):
            return None
        title = "Assign to the class attribute"
        return class_fix(self.file, receiver_of(node), model, attribute, line, title, others)


def receiver_of(node: ast.expr) -> ast.expr:
    """The instance of `self.x` and `setattr(self, "x", …)`."""
    if isinstance(node, ast.Call):
        return node.args[0]
    assert isinstance(node, ast.Attribute)
    return node.value


def class_fix(
    file: FileContext,
    receiver: ast.expr,
    model: SourceClass,
    attribute: Attribute,
    line: int,
    title: str,
    others: Iterable[ast.expr] = (),
    alternatives: Iterable[Fix] = (),
) -> Fix | None:
    """The fix that says the class where `receiver` (and `others`) say the instance.

    Withheld for methods, since a function would be bound again where it is called through
    an instance, where a subclass has an attribute of its own in the class's place, and where the
    class can't be named.

    Args:
        file: the file at hand.
        receiver: the name of the instance.
        model: the class of the method.
        attribute: the class attribute.
        line: where the class's name is to stand.
        title: what the fix does; the attribute's full name is put behind it.
        others: further places where the instance is named.
        alternatives: see `Rule.fix`.
    """
    if attribute.kind not in (AttributeKind.VALUE, AttributeKind.CLASS):
        return None
    if any(attribute.name in below.bound_names for below in model.project.subclasses(model)):
        return None
    owner = attribute.owner
    assert isinstance(owner, SourceClass)
    name = written_name(owner, attribute.name)
    if name != attribute.name and owner is not model:
        return None
    shown = reachable_name(file, owner, line, model)
    if shown is None:
        return None
    edits = [Edit(file.path, *file.ast_range(instance), shown) for instance in (receiver, *others)]
    return Rule.fix("unsafe", f"{title} `{shown}.{name}`", edits, alternatives)


def in_place(attribute: Attribute, statement: ast.stmt) -> str:
    """The type whose object an augmented assignment changes in place, or ""."""
    kind = attribute.mutable.rpartition(".")[2]
    if isinstance(statement, ast.AugAssign) and type(statement.op) in _IN_PLACE.get(kind, ()):
        return kind
    return ""


def what_is_hidden(attribute: Attribute, value: str) -> str:
    """Say what it is that an instance attribute hides; `value` is the word for a plain value."""
    kind = {
        AttributeKind.FUNCTION: "the method",
        AttributeKind.STATIC: "the static method",
        AttributeKind.CLASS_METHOD: "the class method",
        AttributeKind.CLASS: "the class",
        AttributeKind.VALUE: value,
    }[attribute.kind]
    name = written_name(attribute.owner, attribute.name)
    hidden = f"{kind} `{attribute.owner.name}.{name}`"
    if attribute.kind is not AttributeKind.VALUE and _LOOKED_UP_ON_CLASS.fullmatch(name):
        return f"{hidden}, which Python's own calls, made through the class, still reach"
    return hidden
