"""What an attribute of a class can be, and what is known of decorators, metaclasses and bases of the
standard library and of some packages; the order of C3."""

from __future__ import annotations

import types
from collections import Counter
from enum import StrEnum

from ..base.lazy import lazy_pattern
from ..base.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeVar

    T = TypeVar("T")


class AttributeKind(StrEnum):
    """What an attribute of a class is."""

    VALUE = "value"  # an object that takes no part in attribute access
    FUNCTION = "function"  # binds: a method
    STATIC = "static method"
    CLASS_METHOD = "class method"
    PROPERTY = "property"
    DATA_DESCRIPTOR = "data descriptor"
    DESCRIPTOR = "descriptor"  # with __get__ only
    CLASS = "class"
    FIELD = "field"  # annotation only: no attribute of the class
    SLOT = "slot"
    UNKNOWN = "unknown"


# What a property can have (https://docs.python.org/3/library/functions.html#property).
GETTER = "getter"
SETTER = "setter"
DELETER = "deleter"
ACCESSOR_SUFFIXES = (".getter", ".setter", ".deleter")

METHOD_DECORATORS = {
    "staticmethod": AttributeKind.STATIC,
    "builtins.staticmethod": AttributeKind.STATIC,
    "classmethod": AttributeKind.CLASS_METHOD,
    "builtins.classmethod": AttributeKind.CLASS_METHOD,
    "property": AttributeKind.PROPERTY,
    "builtins.property": AttributeKind.PROPERTY,
    "abc.abstractproperty": AttributeKind.PROPERTY,
    "abc.abstractclassmethod": AttributeKind.CLASS_METHOD,
    "abc.abstractstaticmethod": AttributeKind.STATIC,
    "functools.cached_property": AttributeKind.DESCRIPTOR,
    "functools.singledispatchmethod": AttributeKind.DESCRIPTOR,
}
ABSTRACT_DECORATORS = frozenset(
    {
        "abc.abstractmethod",
        "abc.abstractproperty",
        "abc.abstractclassmethod",
        "abc.abstractstaticmethod",
    }
)
# Functions that Python itself wraps
# (https://docs.python.org/3/reference/datamodel.html#object.__init_subclass__ and the like).
IMPLICIT_KINDS = {
    "__new__": AttributeKind.STATIC,
    "__init_subclass__": AttributeKind.CLASS_METHOD,
    "__class_getitem__": AttributeKind.CLASS_METHOD,
}
# Decorators that leave a function a function (or something that binds as one does).
TRANSPARENT_DECORATORS = frozenset(
    {
        "abc.abstractmethod",
        "typing.final",
        "typing.overload",
        "typing.override",
        "functools.lru_cache",
        "functools.lru_cache()",
        "functools.cache",
        "functools.wraps()",
        "contextlib.contextmanager",
        "contextlib.asynccontextmanager",
    }
)
# Class decorators that return the class itself and leave attribute access alone.
HARMLESS_CLASS_DECORATORS = frozenset(
    {
        "functools.total_ordering",
        "typing.final",
        "typing.runtime_checkable",
        "enum.unique",
        "unittest.skip()",
        "unittest.skipIf()",
        "unittest.skipUnless()",
        "abc.update_abstractmethods",
        # Of libraries, whether they are found or not.
        "django.contrib.admin.register()",
        "django.test.override_settings()",
        "django.test.tag()",
        "django.test.utils.override_settings()",
        "pytest.mark.django_db",
        "pytest.mark.django_db()",
        "pytest.mark.parametrize()",
        "pytest.mark.skip()",
        "pytest.mark.skipif()",
        "pytest.mark.usefixtures()",
        "pytest.mark.xfail()",
        "rich.repr.auto",
        "rich.repr.auto()",
        "zope.interface.declarations.implementer()",
        "zope.interface.declarations.provider()",
        "zope.interface.implementer()",
        "zope.interface.provider()",
    }
)
HARMLESS_METACLASSES = frozenset({"builtins.type", "abc.ABCMeta"})
# Annotations by which `dataclasses` knows what is no field.
_NO_FIELD = lazy_pattern(r"""['"\s]*(?:\w+\.)*(?:ClassVar|InitVar|KW_ONLY)\b""")


def says_no_field(annotation: str) -> bool:
    """Does an annotation in a dataclass say that the name is no field?"""
    return _NO_FIELD.match(annotation) is not None


# Metaclasses whose `__new__` makes the class that the class statement says.
FAITHFUL_METACLASSES = frozenset(
    {"abc.ABCMeta", "enum.EnumMeta", "enum.EnumType", "typing._ProtocolMeta"}
)
# Functions that a class statement may name as a base
# (https://docs.python.org/3/library/typing.html#typing.NamedTuple).
NAMED_TUPLES = frozenset({"typing.NamedTuple", "typing_extensions.NamedTuple"})
TYPED_DICTS = frozenset({"typing.TypedDict", "typing_extensions.TypedDict"})
FIELD_DECORATORS = frozenset(
    {
        "dataclasses.dataclass",
        "attr.s",
        "attr.attrs",
        "attr.define",
        "attr.frozen",
        "attr.mutable",
        "attr.dataclass",
        "attrs.define",
        "attrs.frozen",
        "attrs.mutable",
        "pydantic.dataclasses.dataclass",
    }
)
FIELD_BASES = frozenset(
    {
        "enum.Enum",
        "typing.NamedTuple",
        "typing.TypedDict",
        "typing.Protocol",
        "typing_extensions.Protocol",
        "pydantic.BaseModel",
        "pydantic.main.BaseModel",
        "msgspec.Struct",
        "sqlalchemy.orm.DeclarativeBase",
        "django.db.models.Model",
        "django.db.models.base.Model",
        "django.forms.Form",
        "django.forms.ModelForm",
        "django.forms.forms.Form",
        "django.forms.forms.BaseForm",
        "rest_framework.serializers.Serializer",
        "ctypes.Structure",
        "_ctypes.Structure",
        "_ctypes.Union",
    }
)
FIELDS_BY_TYPE = frozenset(
    name for name in FIELD_BASES if name.startswith(("django.", "rest_framework."))
)
"""Those of them that make fields only of objects of their own field classes."""
METACLASSES_THAT_LEAVE_VALUES = frozenset(
    {
        "django.db.models.base.ModelBase",
        "django.forms.forms.DeclarativeFieldsMetaclass",
        "django.forms.models.ModelFormMetaclass",
        "django.forms.widgets.MediaDefiningClass",
        "marshmallow.schema.SchemaMeta",
        "rest_framework.serializers.SerializerMetaclass",
        "textual.message_pump._MessagePumpMeta",
        "wtforms.form.FormMeta",
    }
)
"""Metaclasses of libraries that make something of objects of their own field classes only: a list
that a class body writes down stays an attribute of the class, and they set none on instances."""
MUTABLE_CLASSES = frozenset(
    {
        "builtins.list",
        "builtins.dict",
        "builtins.set",
        "builtins.bytearray",
        "collections.deque",
        "_collections.deque",
        "collections.defaultdict",
        "_collections.defaultdict",
        "collections.OrderedDict",
        "_collections.OrderedDict",
        "collections.Counter",
    }
)


def merge(sequences: list[list[T]]) -> list[T] | None:
    """C3 linearization (https://docs.python.org/3/howto/mro.html); None where there is none."""
    result: list[T] = []
    waiting = [sequence[::-1] for sequence in sequences if sequence]  # their heads come last
    behind = Counter(model for sequence in waiting for model in sequence[:-1])
    while waiting:
        head = next((sequence[-1] for sequence in waiting if not behind[sequence[-1]]), None)
        if head is None:
            return None
        result.append(head)
        for sequence in waiting:
            if sequence[-1] is head:
                sequence.pop()
                if sequence:
                    behind[sequence[-1]] -= 1
        waiting = [sequence for sequence in waiting if sequence]
    return result


def linearization(orders: list[tuple[T, ...]], bases: Sequence[T]) -> list[T] | None:
    """The order in which a class with several bases has those above it; None where there is none.

    What the orders of all bases end with comes last: in a chain of diamonds that is nearly all.
    """
    shared = min(map(len, orders)) - 1  # none of the bases themselves
    tail = orders[0][len(orders[0]) - shared :]
    if shared < 1 or any(order[len(order) - shared :] != tail for order in orders):
        return merge([*map(list, orders), list(bases)])
    merged = merge([*(list(order[: len(order) - shared]) for order in orders), list(bases)])
    return None if merged is None else [*merged, *tail]


def live_accessors(value: property) -> frozenset[str]:
    """See `Attribute.accessors`."""
    functions = {GETTER: value.fget, SETTER: value.fset, DELETER: value.fdel}
    return frozenset(name for name, function in functions.items() if function is not None)


def live_kind(value: object) -> AttributeKind:
    """What an object is as an attribute of a class."""
    if isinstance(value, staticmethod):
        return AttributeKind.STATIC
    if isinstance(value, (classmethod, types.ClassMethodDescriptorType)):
        return AttributeKind.CLASS_METHOD
    if isinstance(value, type):
        return AttributeKind.CLASS
    if isinstance(value, property):
        return AttributeKind.PROPERTY
    kind = type(value)
    if hasattr(kind, "__set__") or hasattr(kind, "__delete__"):
        return AttributeKind.DATA_DESCRIPTOR
    if isinstance(
        value,
        (types.FunctionType, types.MethodDescriptorType, types.WrapperDescriptorType),
    ):
        return AttributeKind.FUNCTION
    return AttributeKind.DESCRIPTOR if hasattr(kind, "__get__") else AttributeKind.VALUE
