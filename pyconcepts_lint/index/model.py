"""What modules and classes are: data that asks an `Index` about the rest of the project.

A class comes from a class statement's facts or, for what has no Python source (the built-ins and
the standard library's C modules), from the live class of the running interpreter.
"""

from __future__ import annotations

import os
import types
from collections.abc import Collection, Iterable
from enum import Enum
from functools import cache, cached_property

from ..base.answer import Answer, answer, any_of
from ..base.cells import NOTEBOOK
from ..base.typed import TYPE_CHECKING, NamedTuple
from ..source.python3 import parse_python3
from .facts import (
    CONDITIONAL,
    IMMUTABLE_VALUES,
    MUTABLE_VALUES,
    Access,
    Binding,
    BindingKind,
    ClassFacts,
    Import,
    ModuleFacts,
    ValueKind,
)
from .facts import TYPE_CHECKING as UNDER_TYPE_CHECKING
from .installed import installed_file
from .kinds import (
    ABSTRACT_DECORATORS,
    ACCESSOR_SUFFIXES,
    FAITHFUL_METACLASSES,
    FIELD_BASES,
    FIELD_DECORATORS,
    GETTER,
    HARMLESS_CLASS_DECORATORS,
    HARMLESS_METACLASSES,
    IMPLICIT_KINDS,
    METHOD_DECORATORS,
    MUTABLE_CLASSES,
    NAMED_TUPLES,
    TRANSPARENT_DECORATORS,
    TYPED_DICTS,
    AttributeKind,
    linearization,
    live_accessors,
    live_kind,
    merge,
    says_no_field,
)
from .layout import Found, Layout, ModuleName
from .parts import BY_NAME, CLASS_NAMES, ONE_CLASS, Names, grouped, view_of, whole_view_of
from .paths_of_tests import is_test
from .references import class_number
from .tracking import WHOLE_FILE, Input, Tracker, name_of, question, tracked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet
    from typing import Any, Protocol, TypeVar

    from .init_effects import Start

    T = TypeVar("T")

    class Index(Protocol):
        """What modules and classes, and all that looks at them, may ask of a project."""

        root: str | None
        target_minor: int | None
        files: tuple[str, ...]
        field_classes: frozenset[str]
        namespace_packages: frozenset[str]
        tracker: Tracker
        layout: Layout
        open_mros: list[ClassModel]

        def module(self, path: str) -> Module | None: ...
        def listed(self, path: str) -> Module: ...
        def modules(self) -> Iterator[Module]: ...
        def text(self, module: Module) -> str | None: ...

        def row(
            self, table: Callable[[Index], Mapping[str, Sequence[T]]], key: str
        ) -> Sequence[T]: ...
        def has(self, table: Callable[[Index], AbstractSet[str]], key: str) -> bool: ...
        def keys(self, table: Callable[[Index], AbstractSet[str]]) -> Collection[str]: ...
        def whole(self, table: Callable[[Index], T]) -> T: ...
        def cached(self, make: Callable[[Index], T]) -> T: ...
        def is_passed_on(self, name: str) -> bool: ...
        def subclasses(self, model: ClassModel) -> list[SourceClass]: ...

        def resolve(self, module: Module, dotted: str) -> Symbol | None: ...
        def resolve_at(
            self, module: Module, dotted: str, place: tuple[int, int]
        ) -> Symbol | None: ...
        def class_named(self, module: Module, name: str) -> ClassModel | None: ...
        def attribute_of(self, symbol: Symbol, name: str) -> Symbol | None: ...
        def member(self, module: Module, name: str) -> Symbol | None: ...
        def submodule(self, package: Module, name: str) -> Symbol | None: ...
        def bound(self, module: Module, binding: Binding) -> Symbol | None: ...
        def imported(self, importer: Module, dotted: str) -> Symbol | None: ...
        def may_bind(self, module: Module, name: str) -> bool: ...
        def made_class(self, module: Module, called: str) -> ClassModel | None: ...
        def candidates(
            self, module: Module, name: str, place: tuple[int, int] | None = None
        ) -> list[Binding]: ...
        def finds(self, module: Module, statement: Import) -> Answer: ...
        def has_unknown_star(self, module: Module) -> bool: ...
        def live_class(self, live: type) -> LiveClass: ...
        def class_of(self, live: type) -> ClassModel: ...
        def live_bases(self, model: SourceClass) -> tuple[ClassModel, ...] | None: ...
        def builtin_class(self, name: str) -> LiveClass: ...
        def kind_as_attribute(self, symbol: Symbol | None) -> AttributeKind: ...


@question
def file(project: Index, path: str) -> bool:
    """Can a file be read? What it says about itself is noted part by part."""
    return project.module(path) is not None


# What an enumeration makes a member of.
_MEMBER_VALUES = IMMUTABLE_VALUES | MUTABLE_VALUES | {ValueKind.PLAIN}


FILE = name_of(file)
assert FILE == WHOLE_FILE
_INSTALLED_FILE = name_of(installed_file)


def is_of(path: str, kind: str, of: str) -> bool:
    """Is an input something that a file says about itself?"""
    if kind in BY_NAME:
        of = of.rpartition(":")[0]
    return of == path and (kind.startswith("parts.") or kind == FILE)


class Origin(Enum):
    """Whose a module is."""

    PROJECT = "project"
    STANDARD = "standard"
    INSTALLED = "installed"


class Attribute(NamedTuple):
    """One attribute of a class.

    `mutable` is the name of the type
    (`list`, `collections.deque` …) where the value is known to be made in the class body as
    one that can be changed in place. `line` is 0 for a live class. `accessors` are those of
    GETTER, SETTER and DELETER that a property has, None where that isn't known. `is_abstract`:
    it is there to be overridden, by `abc`'s decorators or a getter that only raises
    NotImplementedError.
    """

    name: str
    kind: AttributeKind
    owner: ClassModel
    line: int
    value: ValueKind | None = None
    target: str = ""
    annotation: str = ""
    mutable: str = ""
    flags: int = 0
    accessors: frozenset[str] | None = None
    is_abstract: bool = False
    decorators: tuple[str, ...] = ()

    @property
    def class_number(self) -> int | None:
        """Of a class statement in the class body, its number in the facts of the owner's module."""
        return (
            int(self.target) if self.kind is AttributeKind.CLASS and self.target.isdigit() else None
        )


class ClassModel:
    """A class as the program will see it, as far as its source tells.

    Compare models with `is`: a project makes one for each class.
    """

    name: str
    qualname: str
    full_name: str
    """The module's name and the qualified name."""
    key: str
    """By which what findings rest on names it."""
    has_source = False
    project: Index
    tracker: Tracker

    @tracked
    def attributes(self) -> dict[str, Attribute]:
        """The attributes that the class's own body makes."""
        raise NotImplementedError

    @tracked
    def bound_names(self) -> frozenset[str]:
        """The names that the class's own body binds: the keys of `attributes`, without what
        they are. To be asked where finding out what an attribute is leads to another class."""
        raise NotImplementedError

    @tracked
    def names_on_mro(self) -> frozenset[str]:
        """The names that the classes of its known MRO bind in their bodies."""
        return _joined(self.bound_names, self._of_bases("names_on_mro"))

    def _of_bases(self, question: str) -> list[Any]:
        """What the bases answer to a question about all classes on a known MRO.

        That of the class is made of its own answer and of theirs, so a chain of classes costs no
        more than its length.
        """
        bases = (self.bases or ()) if self.mro is not None else ()
        key = f"_tracked_{question}"
        if any(key not in base.__dict__ for base in bases):
            for model in reversed((self.mro or ())[1:]):  # none of them has to ask far up then
                if key not in model.__dict__:
                    getattr(model, question)
        return [getattr(base, question) for base in bases]

    @tracked
    def escapes(self) -> bool:
        """Does a module-level statement pass the class, or one on its known MRO, to a function, as
        far as names tell?"""
        is_passed = self.has_source and self.project.is_passed_on(self.name)
        return is_passed or any(self._of_bases("escapes"))

    @tracked
    def maybe_own(self) -> AbstractSet[str] | None:
        """The names that `attributes` may have, None where that isn't quickly told."""
        return None

    def binds_on_mro(self, *names: str) -> bool:
        """Does a class of its known MRO bind one of the names?"""
        return not self.names_on_mro.isdisjoint(names)

    @tracked
    def bases(self) -> tuple[ClassModel, ...] | None:
        """The direct bases, `object` included; None where one of them isn't known."""
        raise NotImplementedError

    @tracked
    def own_metaclass(self) -> ClassModel | str | None:
        """The metaclass that the class itself names, None for none, "" for an unknown one."""
        raise NotImplementedError

    @tracked
    def metaclass(self) -> ClassModel | None:
        """The metaclass that it has in the end, its bases' considered; None where unknown."""
        raise NotImplementedError

    @tracked
    def decorators_keep_class(self) -> bool:
        """Do its decorators surely give back the class itself, or one of the same kind?"""
        return True

    @tracked
    def passes_bases_on(self) -> bool:
        """Does it, as a metaclass, make each class of the bases and the metaclass that the class
        statement says?

        True where its MRO is known and every `__new__` on it only hands on what it is given, none
        overrides `mro`, and no metaclass of its own has a say.
        """
        return self.mro is not None and all(
            model.full_name in FAITHFUL_METACLASSES
            or (isinstance(model, LiveClass) and model.is_written_in_c)
            or (
                isinstance(model, SourceClass)
                and model.own_metaclass is None
                and model.decorators_keep_class
                and "mro" not in model.bound_names
                and ("__new__" not in model.bound_names or model.facts.new_passes_on is True)
                and all(
                    access.attribute not in ("__bases__", "__class__")
                    for access in model.facts.accesses
                    if access.kind is not Access.READ
                )
            )
            for model in self.mro
        )

    @tracked
    def defines_dict(self) -> Answer:
        """Do its own lines give instances a `__dict__`?"""
        raise NotImplementedError

    @tracked
    def is_project_class(self) -> bool:
        return False

    @property
    def is_standard(self) -> bool:
        """Is it Python's own: a built-in, or the standard library's?"""
        return True

    @tracked
    def is_temporary(self) -> bool:
        """Do its own bases and metaclass step in for it where it is a base?"""
        return False

    @tracked
    def is_named_tuple(self) -> bool:
        """Is it a class statement with the base `NamedTuple`?"""
        return False

    @tracked
    def mro(self) -> tuple[ClassModel, ...] | None:
        """The method resolution order; None where a class in it isn't known, or none exists."""
        bases = self.bases
        if bases is None:
            return None
        orders: list[tuple[ClassModel, ...]] = []
        for base in bases:
            if base.mro is None:
                return None
            orders.append(base.mro)
        merged = linearization(orders, bases) if orders else []
        return None if merged is None else (self, *merged)

    @tracked
    def start_of_mro(self) -> tuple[ClassModel, ...]:
        """The classes that its method resolution order surely begins with, be the rest known or
        not: the first base comes before all others."""
        return self.mro or (self,)

    @tracked
    def declared_mro(self) -> tuple[ClassModel, ...] | None:
        """The method resolution order, be it one that leads through classes of which not all is
        known: those of stubs, and those that a library's functions make.

        Stubs say only what type checkers need: an attribute that is on none of its classes may be
        there all the same. So `mro` is None then, and so is what is told by it. Ask this one for
        what a class is derived from, and `mro` for what it has.
        """
        if self.mro is not None:
            return self.mro
        bases = self.bases
        if not bases or self in self.project.open_mros:
            return None
        self.project.open_mros.append(self)
        try:
            sequences: list[list[ClassModel]] = []
            for base in bases:
                if base.declared_mro is None:
                    return None
                sequences.append(list(base.declared_mro))
            merged = merge([*sequences, list(bases)])
            return None if merged is None else (self, *merged)
        finally:
            self.project.open_mros.pop()

    def lookup(self, name: str) -> Attribute | None:
        """The attribute that the class has under `name`: the first on a known MRO.

        Ask `mro` first: without one this looks at the class's own body only.
        """
        lookups: dict[str, tuple[Attribute | None, frozenset[Input]]]
        lookups = self.__dict__.setdefault("_lookups", {})
        known = lookups.get(name)
        if known is None:  # the classes above are asked this of each class below
            with self.tracker.record() as inputs:
                found = self._looked_up(name)
            lookups[name] = (found, frozenset(inputs))
            return found
        self.tracker.note_all(known[1])
        return known[0]

    def _looked_up(self, name: str) -> Attribute | None:
        for model in self.mro or (self,):
            own = model.maybe_own
            if own is None or name in own:
                attribute = model.attributes.get(name)
                if attribute is not None and attribute.kind is not AttributeKind.FIELD:
                    return attribute
        return None

    def is_subclass_of(self, other: ClassModel) -> bool:
        return self.mro is not None and other in self.mro

    @tracked
    def plain(self) -> bool:
        """Is attribute access on its instances Python's own?

        True where the MRO is known and nothing on it takes part in setting attributes: no
        `__setattr__`, `__getattribute__`, no class decorator that may replace the class, no
        metaclass but `type` and `ABCMeta`, no body that fills its namespace dynamically.
        """
        return self.mro is not None and self.plain_by_itself and all(self._of_bases("plain"))

    @tracked
    def plain_by_itself(self) -> bool:
        raise NotImplementedError

    @tracked
    def makes_own_instances(self) -> bool:
        """Does calling the class surely return a direct instance of it?

        True where the MRO is known and has no `__new__` written in Python and no metaclass but
        `type` and `ABCMeta`, whose `__call__` is Python's own.
        """
        return self.mro is not None and all(
            model.plain_metaclass
            and (model.is_named_tuple or not model.has_source or "__new__" not in model.bound_names)
            for model in self.mro
        )

    @tracked
    def plain_metaclass(self) -> bool:
        """Is the metaclass that the class itself names none, `type` or `ABCMeta`?"""
        metaclass = self.own_metaclass
        return metaclass is None or (
            isinstance(metaclass, ClassModel) and metaclass.full_name in HARMLESS_METACLASSES
        )

    @tracked
    def is_field_class(self) -> bool:
        """Do its class-level names describe fields of its instances (dataclasses and kin)?"""
        raise NotImplementedError

    @tracked
    def has_instance_dict(self) -> Answer:
        """Do its instances have a `__dict__`?"""
        if self.mro is None:
            return Answer.UNKNOWN
        return any_of((self.defines_dict, *self._of_bases("has_instance_dict")))

    @tracked
    def slot_names(self) -> frozenset[str]:
        """The names in `__slots__` over the whole known MRO."""
        attributes = self.attributes.values() if self.maybe_own is None else ()
        own = frozenset(each.name for each in attributes if each.kind is AttributeKind.SLOT)
        return _joined(own, self._of_bases("slot_names"))

    @tracked
    def has_faithful_metaclasses(self) -> bool:
        """Do the metaclasses that it and the classes on its known MRO name make the classes that
        class statements say?"""
        metaclass = self.own_metaclass
        is_faithful = metaclass is None or _is_faithful(metaclass)
        return is_faithful and all(self._of_bases("has_faithful_metaclasses"))


def _joined(own: frozenset[str], inherited: list[frozenset[str]]) -> frozenset[str]:
    """The names of a class and of its bases; the very set of a base that has all of them."""
    largest = max(inherited, key=len, default=own)
    if all(names <= largest for names in (own, *inherited)):
        return largest
    return own.union(*inherited)


class MetaclassConflict(NamedTuple):
    """Two metaclasses of a class statement, neither of which is derived from the other.

    The first is that of the base `of`, or where that is None the header's own; the second is
    that of the base `other_of`.
    """

    metaclass: ClassModel
    of: ClassModel | None
    other: ClassModel
    other_of: ClassModel


def appropriate_metaclass(
    own: ClassModel | None, bases: Iterable[ClassModel]
) -> ClassModel | MetaclassConflict | None:
    """The metaclass of a class statement, or why there is none; None where it isn't known
    (https://docs.python.org/3/reference/datamodel.html#determining-the-appropriate-metaclass).

    Args:
        own: what `metaclass=` names, if it is there.
        bases: the bases of the class, `object` included.
    """
    found, of = own, None
    for base in bases:
        metaclass = base.metaclass
        if metaclass is None:
            return None
        if found is None:
            found, of = metaclass, base
        elif found.mro is None or metaclass.mro is None:
            return None
        elif not _derives_from(found, metaclass):
            if not _derives_from(metaclass, found):
                return MetaclassConflict(found, of, metaclass, base)
            found, of = metaclass, base
    return found


def _derives_from(one: ClassModel, other: ClassModel) -> bool:
    """Is a class surely the other one or below it?

    By name: a class of the standard library may have two models, from its source and live.
    """
    return any(model.full_name == other.full_name for model in one.mro or (one,))


def _without_generic(
    bases: list[ClassModel], subscripted: Collection[int]
) -> tuple[ClassModel, ...]:
    """The bases that `Generic[T]` among them leaves: it steps back before other generic ones that
    have a subscript, too, and before `Protocol`
    (https://peps.python.org/pep-0560/#mro-entries)."""

    def takes_over(number: int, base: ClassModel) -> bool:
        if base.full_name == "typing.Protocol":
            return True
        return number in subscripted and any(
            model.full_name == "typing.Generic" for model in base.mro or ()
        )

    return tuple(
        base
        for number, base in enumerate(bases)
        if base.full_name != "typing.Generic"
        or not any(takes_over(n, other) for n, other in enumerate(bases) if n > number)
    )


# Built-in types whose `__setattr__` is object's under another name.
_GENERIC_SETATTR = (object, BaseException, types.ModuleType, types.SimpleNamespace)


class LiveClass(ClassModel):
    """A class of the running interpreter that has no Python source."""

    def __init__(self, project: Index, live: type) -> None:
        self.project = project
        self.tracker = project.tracker
        self.live = live
        self.name = live.__name__
        self.qualname = live.__qualname__
        self.full_name = self.key = f"{live.__module__}.{live.__qualname__}"

    def __repr__(self) -> str:
        return f"<LiveClass {self.full_name}>"

    @property
    def is_written_in_c(self) -> bool:
        """What a class statement makes is on the heap, and can be changed."""
        on_heap, immutable = 1 << 9, 1 << 8  # Py_TPFLAGS_HEAPTYPE, Py_TPFLAGS_IMMUTABLETYPE
        return not self.live.__flags__ & on_heap or bool(self.live.__flags__ & immutable)

    @tracked
    def bases(self) -> tuple[ClassModel, ...] | None:
        return tuple(map(self.project.class_of, self.live.__bases__))

    @tracked
    def mro(self) -> tuple[ClassModel, ...] | None:
        return (self, *map(self.project.class_of, self.live.__mro__[1:]))

    @tracked
    def own_metaclass(self) -> ClassModel | str | None:
        metaclass = type(self.live)
        return None if metaclass is type else self.project.class_of(metaclass)

    @tracked
    def metaclass(self) -> ClassModel | None:
        return self.project.class_of(type(self.live))

    @tracked
    def plain_by_itself(self) -> bool:
        # Some built-in types list a `__getattribute__` or `__setattr__` of their own that does
        # what object's does; the instances of `type` and `super` do look elsewhere.
        return (
            type(self.live) is type
            and self.live not in (type, super)
            and ("__setattr__" not in vars(self.live) or self.live in _GENERIC_SETATTR)
        )

    @tracked
    def is_field_class(self) -> bool:
        return any(model.full_name in FIELD_BASES for model in self.mro or ())

    @tracked
    def defines_dict(self) -> Answer:
        return answer(self.live.__dictoffset__ != 0)

    @tracked
    def bound_names(self) -> frozenset[str]:
        return frozenset(vars(self.live))

    @tracked
    def attributes(self) -> dict[str, Attribute]:
        return {
            name: Attribute(
                name,
                live_kind(value),
                self,
                0,
                accessors=live_accessors(value) if isinstance(value, property) else None,
                is_abstract=bool(getattr(value, "__isabstractmethod__", False)),
            )
            for name, value in vars(self.live).items()
        }


_MISPRINT = (".sipsimplewrapper", ".sip.simplewrapper")
"""What all stubs of PyQt5 have for a base, and mean by it."""


class SourceClass(ClassModel):
    """A class of which the source is known."""

    has_source = True

    def __init__(self, project: Index, module: Module, number: int, qualname: str) -> None:
        self.project = project
        self.tracker = project.tracker
        self.module = module
        self.number = number
        self.name = qualname.rpartition(".")[2]
        self.qualname = qualname
        self._inputs = module._inputs
        if module.in_project:
            self._inputs = ((ONE_CLASS, f"{module.path}:{number}"),)
        self.key = f"{module.path}:{number} {self.qualname}"
        self.full_name = f"{module.name.dotted}.{self.qualname}"

    def __repr__(self) -> str:
        return f"<SourceClass {self.full_name}>"

    @property
    def facts(self) -> ClassFacts:
        self.tracker.note_all(self._inputs)
        return self.module.own_facts.classes[self.number]

    @tracked
    def is_project_class(self) -> bool:
        return self.module.in_project

    @property
    def is_standard(self) -> bool:
        return self.module.is_standard

    @tracked
    def written_bases(self) -> tuple[ClassModel | None, ...]:
        """The classes that its header names, None for what isn't known."""
        called = dict(self.facts.called)
        return tuple(
            self.project.made_class(self.module, called[number])
            if number in called
            else self._written_base(name)
            for number, name in enumerate(self.facts.bases)
        )

    def _written_base(self, name: str) -> ClassModel | None:
        """The class that a name of the header means where the class statement runs."""
        module = self.module
        if module.is_stub:
            name = name.replace(*_MISPRINT)
        qualified = module.qualified(name)
        if qualified in NAMED_TUPLES:
            return self.project.builtin_class("tuple")
        if qualified in TYPED_DICTS:
            return self.project.builtin_class("dict")
        return self.class_meant(name)

    def class_meant(self, name: str) -> ClassModel | None:
        """The class that a name of the header or the body means: see `meaning`."""
        number = class_number(name)
        if number is not None:
            return self.module.classes[number]
        symbol = self.meaning(name) if name else None
        return symbol if isinstance(symbol, ClassModel) else None

    def meaning(self, name: str) -> Symbol | None:
        """What a dotted name of the module means where the class statement runs; None where that
        isn't known.

        Of a class in a function: what it means once the module has run.
        """
        if self.facts.in_function:
            return self.project.resolve(self.module, name)
        return self.project.resolve_at(self.module, name, (self.facts.line, self.facts.column))

    @tracked
    def bases(self) -> tuple[ClassModel, ...] | None:
        if "" in self.facts.keywords:
            return None
        if self.temporary_base is not None:
            return self.temporary_base.bases
        models: list[ClassModel] = []
        for model in self.written_bases:
            if model is None or model is self:
                return self.project.live_bases(self)
            models.append(model)
        if self.says_typed_dict:
            generic = [model for model in models if model.full_name == "typing.Generic"]
            return (*generic, self.project.builtin_class("dict"))
        if not models:
            models.append(self.project.builtin_class("object"))
        return _without_generic(models, self.facts.subscripted)

    @tracked
    def temporary_base(self) -> ClassModel | None:
        """What `with_metaclass(…)` returns, where that is its base."""
        only = self.written_bases[0] if len(self.facts.bases) == 1 else None
        return only if only is not None and only.is_temporary else None

    @tracked
    def mro(self) -> tuple[ClassModel, ...] | None:
        if self.module.is_stub:
            return None  # for `mro` is asked for all that there is to be found on it
        # A class can't be among its own bases; two names bound in a circle can look like that.
        if self in self.project.open_mros:
            return None
        self.project.open_mros.append(self)
        try:
            bases = self.bases
            if bases is None or any(base.mro is None for base in bases):
                return None
            if any(isinstance(base, SourceClass) and base.is_typed_dict for base in bases):
                # What makes such classes takes over the keys of the bases, and drops these.
                above = [model for base in bases for model in base.mro or ()]
                generic = [model for model in above if model.full_name == "typing.Generic"]
                bases = (*generic[:1], self.project.builtin_class("dict"))
            if len(bases) == 1:
                return (self, *(bases[0].mro or ()))
            merged = linearization([base.mro or () for base in bases], bases) if bases else []
            return None if merged is None else (self, *merged)
        finally:
            self.project.open_mros.pop()

    @tracked
    def start_of_mro(self) -> tuple[ClassModel, ...]:
        if self.mro is not None or self in self.project.open_mros or "" in self.facts.keywords:
            return self.mro or (self,)
        self.project.open_mros.append(self)
        try:
            first = next(iter(self.written_bases), None)
            if first is None or (isinstance(first, SourceClass) and first.module.is_stub):
                return (self,)
            return (self, *(first.start_of_mro if len(self.facts.bases) == 1 else (first,)))
        finally:
            self.project.open_mros.pop()

    @tracked
    def says_typed_dict(self) -> bool:
        """Does its header name `TypedDict`?"""
        return any(self.module.qualified(base) in TYPED_DICTS for base in self.facts.bases)

    @tracked
    def is_typed_dict(self) -> bool:
        """Is it a `TypedDict`, of which calls make dictionaries? Ask its `mro` first."""
        return self.says_typed_dict or any(
            isinstance(base, SourceClass) and base.is_typed_dict for base in self.bases or ()
        )

    @tracked
    def is_named_tuple(self) -> bool:
        return any(self.module.qualified(base) in NAMED_TUPLES for base in self.facts.bases)

    @tracked
    def makes_properties(self) -> bool:
        """Are its instances properties that differ from others in their class only?"""
        mro = self.mro or ()
        return any(model.full_name == "builtins.property" for model in mro) and all(
            isinstance(model, LiveClass)
            or (
                isinstance(model, SourceClass)
                and model.is_as_written
                and model.bound_names.isdisjoint(_OF_PROPERTIES)
            )
            for model in mro
        )

    @tracked
    def set_by_inits(self) -> frozenset[str]:
        """The attributes that its `__init__`, or one of its bases, binds on instances."""
        found = frozenset(
            access.attribute
            for access in self.facts.accesses
            if access.method == "__init__" and access.kind is Access.SET
        )
        return found.union(self.set_by_inits_of_bases) if found else self.set_by_inits_of_bases

    @tracked
    def set_by_inits_of_bases(self) -> frozenset[str]:
        """The attributes that an `__init__` of one of its bases binds on instances."""
        bases = [base for base in self.bases or () if isinstance(base, SourceClass)]
        if self.mro is None or not bases:
            return frozenset()
        first, *others = [base.set_by_inits for base in bases]
        return first.union(*others) if others else first

    @tracked
    def is_told_of_subclasses(self) -> bool:
        """Has it, or a base written in Python, an `__init_subclass__`?"""
        return "__init_subclass__" in self.bound_names or self.has_told_base

    @tracked
    def has_told_base(self) -> bool:
        """Has a base written in Python an `__init_subclass__`?"""
        return any(
            isinstance(base, SourceClass) and base.is_told_of_subclasses
            for base in self.bases or ()
        )

    @tracked
    def own_metaclass(self) -> ClassModel | str | None:
        if "__metaclass__" in self.bound_names:
            return ""  # Python 2 means it, Python 3 doesn't
        if self.is_named_tuple:
            return None  # what it is made by is gone in the end
        if self.mro is not None and self.is_typed_dict:
            return self.metaclass
        return self.header_metaclass

    @tracked
    def header_metaclass(self) -> ClassModel | str | None:
        """What `metaclass=` names, None without, "" where it isn't known; also "" where only
        Python 2 reads the source and a `__metaclass__` has a say."""
        if "__metaclass__" in self.bound_names and not self.module.facts.is_python3:
            return ""
        if self.is_named_tuple or (self.mro is not None and self.is_typed_dict):
            return ""  # their own makes the class, and takes keywords that no base gets
        if self.facts.metaclass is None:
            temporary = self.temporary_base
            return None if temporary is None else temporary.own_metaclass
        return self.class_meant(self.facts.metaclass) or ""

    @tracked
    def metaclass(self) -> ClassModel | None:
        if self.mro is not None and self.is_typed_dict:
            return self.project.class_of(type(typed_dict()))
        if self.is_named_tuple:
            return self.project.builtin_class("type")
        own = self.header_metaclass
        if self.mro is None or isinstance(own, str) or not self.decorators_keep_class:
            return None
        found = appropriate_metaclass(own, self.bases or ())
        return found if isinstance(found, ClassModel) and found.passes_bases_on else None

    @tracked
    def plain_by_itself(self) -> bool:
        return self.plain_body and self.harmless_decorators

    @tracked
    def plain_body(self) -> bool:
        """Is it plain by itself as far as the class statement goes, without its decorators?"""
        if self.facts.dynamic_body or "" in self.facts.keywords:
            return False
        if not self.plain_metaclass:
            return False
        return self.bound_names.isdisjoint(("__setattr__", "__getattribute__"))

    @tracked
    def harmless_decorators(self) -> bool:
        """Do its decorators surely give back the class itself?"""
        return all(
            self.module.qualified(decorator) in HARMLESS_CLASS_DECORATORS
            for decorator in self.facts.decorators
        )

    @tracked
    def is_returned_by_decorators(self) -> bool:
        """Do its decorators surely give back the very class that the class statement makes?

        `@dataclass(slots=True)` makes another one.
        """
        return all(
            self.keeps_class(number)
            and not any(word.startswith("slots=") for word in keywords.split())
            for number, keywords in enumerate(self.facts.decorator_keywords)
        )

    @tracked
    def is_field_class(self) -> bool:
        if self._says_field_class:
            return True
        return any(self._of_bases("is_field_class"))

    @tracked
    def has_field_decorator(self) -> bool:
        """Does a decorator (`@dataclass` or one of its kin) make fields of names in the body?"""
        return any(
            self.module.qualified(decorator).removesuffix("()") in FIELD_DECORATORS
            for decorator in self.facts.decorators
        )

    @tracked
    def has_annotated_fields_only(self) -> bool:
        """Are what its class-level names describe fields only where they have an annotation?

        That is so where nothing but the standard library's `@dataclass` makes fields, none of
        which refuses assignments.
        """
        return all(
            not model.is_field_class
            or (
                isinstance(model, SourceClass)
                and model.plain_body
                and (model.is_dataclass or model.harmless_decorators)
                and model.decorators_keep_class
                and not model.names_field_class
                and not any("frozen=" in words for words in model.facts.decorator_keywords)
            )
            for model in self.mro or (self,)
        )

    @tracked
    def is_dataclass(self) -> bool:
        """Is it decorated with the standard library's `@dataclass`?"""
        return any(
            self.module.qualified(decorator).removesuffix("()") == "dataclasses.dataclass"
            for decorator in self.facts.decorators
        )

    @tracked
    def _says_field_class(self) -> bool:
        return self.has_field_decorator or self.names_field_class

    @tracked
    def names_field_class(self) -> bool:
        """Does its header, or a setting, say that its class-level names are fields?"""
        named = self.project.field_classes
        for base in self.facts.bases:
            qualified = self.module.qualified(base)
            if qualified in FIELD_BASES or qualified in named or base in named:
                return True
        return self.full_name in named or self.full_name in FIELD_BASES or self.name in named

    @tracked
    def defines_dict(self) -> Answer:
        if not self.is_as_written:
            return Answer.UNKNOWN
        if self.is_named_tuple:
            return Answer.NO
        if "__slots__" not in self.bound_names:
            return answer(not self.is_slotted_dataclass)
        if self.own_slots is not None:
            return answer("__dict__" in self.own_slots)
        # `if not PYPY: __slots__ = (…, "__dict__")` gives instances one either way.
        bindings = [binding for binding in self.facts.body if binding.name == "__slots__"]
        is_given = len(bindings) == 1 and "__dict__" in (self.facts.slots or ())
        return Answer.YES if is_given else Answer.UNKNOWN

    @tracked
    def own_slots(self) -> frozenset[str] | None:
        """The names in its own `__slots__`, as they are in the class; None where there is no
        `__slots__`, or what is in it can't be known."""
        if self.is_slotted_dataclass:
            return frozenset().union(
                *(base.dataclass_fields for base in self.mro or () if isinstance(base, SourceClass))
            )
        facts = self.facts
        if self.is_named_tuple:
            return frozenset()
        if facts.slots is None or not facts.slots_known:
            return None
        names = set(facts.slots)
        for source in facts.slot_sources:
            model = self.class_meant(source)
            if facts.in_function or not isinstance(model, SourceClass):
                return None
            if model is self or model not in (self.mro or ()):
                return None  # anything else might lead back here
            own = model.own_slots if "__slots__" in model.bound_names else None
            mangled_as = f"_{model.name.lstrip('_')}__"
            if own is None or any(name.startswith(mangled_as) for name in own):
                return None  # private names are mangled anew
            names.update(own)
        return frozenset(names)

    @tracked
    def is_as_written(self) -> bool:
        """Is the class what its statement says: not replaced by a decorator, not made otherwise
        by a metaclass?"""
        if self.facts.dynamic_body or "" in self.facts.keywords or self.mro is None:
            return False
        if not self.decorators_keep_class:
            return False
        return self.has_faithful_metaclasses

    @tracked
    def decorators_keep_class(self) -> bool:
        return all(map(self.keeps_class, range(len(self.facts.decorators))))

    def keeps_class(self, number: int) -> bool:
        """Does a decorator give back the class itself, or one of the same kind with slots?"""
        qualified = self.module.qualified(self.facts.decorators[number])
        if qualified in HARMLESS_CLASS_DECORATORS or qualified == "dataclasses.dataclass":
            return True
        return qualified == "dataclasses.dataclass()" and not any(
            word in ("**", "slots=…") for word in self.facts.decorator_keywords[number].split()
        )

    @tracked
    def dataclass_fields(self) -> frozenset[str]:
        """The fields that `@dataclasses.dataclass` finds in its own body."""
        if not self.is_dataclass:
            return frozenset()
        return frozenset(
            binding.name
            for binding in self.facts.body
            if binding.annotation
            and not says_no_field(binding.annotation)
            and not binding.flags & UNDER_TYPE_CHECKING
        )

    @tracked
    def is_slotted_dataclass(self) -> bool:
        """Does `@dataclass(slots=True)` make a class with slots of it?"""
        return any(
            "slots=True" in keywords.split()
            and self.module.qualified(decorator) == "dataclasses.dataclass()"
            for decorator, keywords in zip(
                self.facts.decorators, self.facts.decorator_keywords, strict=True
            )
        )

    @tracked
    def bound_names(self) -> frozenset[str]:
        names = frozenset(
            binding.name
            for binding in self.facts.body
            if binding.kind is not BindingKind.ANNOTATION or self.is_named_tuple
        )
        return names | named_tuple_names() if self.is_named_tuple else names

    @tracked
    def maybe_own(self) -> AbstractSet[str] | None:
        facts = self.facts
        if facts.slots is not None or facts.slot_sources or facts.decorators:
            return None
        if any(base.rpartition(".")[2] == "NamedTuple" for base in facts.bases):
            return None
        return {binding.name for binding in facts.body}

    @tracked
    def enum_members(self) -> frozenset[str]:
        """The names in its body that surely are members of it, where it is an `Enum` whose
        members are no descriptors."""
        is_enum = any(model.full_name == "enum.Enum" for model in self.mro or ())
        if not is_enum or not self.is_as_written:
            return frozenset()
        if self.binds_on_mro("__get__", "__set__", "__delete__"):
            return frozenset()
        return frozenset(
            binding.name
            for binding in self.facts.body
            if binding.kind is BindingKind.ASSIGN
            and (
                binding.value in _MEMBER_VALUES
                or (
                    binding.value is ValueKind.CALL
                    and self.module.qualified(binding.target) == "enum.auto"
                )
            )
        )

    @tracked
    def attributes(self) -> dict[str, Attribute]:
        grouped: dict[str, list[Binding]] = {}
        for binding in self.facts.body:
            grouped.setdefault(binding.name, []).append(binding)
        found = {name: self._attribute(name, group) for name, group in grouped.items()}
        for slot in self.own_slots or self.facts.slots or ():
            known = found.get(slot)
            if known is None or known.kind is AttributeKind.FIELD or self.is_slotted_dataclass:
                found[slot] = Attribute(slot, AttributeKind.SLOT, self, self.facts.line)
        if self.is_named_tuple:
            found.update(self._made_for_named_tuple(found))
        return found

    def _made_for_named_tuple(self, found: dict[str, Attribute]) -> Iterator[tuple[str, Attribute]]:
        """The attributes that `NamedTuple` makes, beside those of the body."""
        for name, value in vars(named_tuple()).items():
            if name not in found and name not in ("__doc__", "__module__"):
                yield name, Attribute(name, live_kind(value), self, self.facts.line)
        for name, attribute in list(found.items()):
            if attribute.annotation:  # its value, if any, is the default of the field
                yield (
                    name,
                    attribute._replace(
                        kind=AttributeKind.DATA_DESCRIPTOR, mutable="", accessors=None
                    ),
                )

    def _attribute(self, name: str, bindings: list[Binding]) -> Attribute:
        annotation = next((b.annotation for b in bindings if b.annotation), "")
        real = [
            b
            for b in bindings
            if b.kind not in (BindingKind.ANNOTATION, BindingKind.AUGMENT)
            and not b.flags & UNDER_TYPE_CHECKING
        ]
        if not real:
            kind = (
                AttributeKind.UNKNOWN
                if any(b.kind is BindingKind.AUGMENT for b in bindings)
                else AttributeKind.FIELD
            )
            return Attribute(name, kind, self, bindings[0].line, annotation=annotation)
        last = real[-1]
        kinds = [self._kind(binding) for binding in real]
        first_kind, mutable = kinds[-1]
        if any(kind != first_kind for kind, _ in kinds[:-1]) and any(
            binding.flags & CONDITIONAL for binding in real
        ):
            first_kind = AttributeKind.UNKNOWN
        if all(binding.flags & CONDITIONAL for binding in real):
            first_kind = AttributeKind.UNKNOWN  # it may not be there at all
        if any(binding.kind is BindingKind.DELETE for binding in real):
            first_kind = AttributeKind.UNKNOWN
        if len({mutable for _, mutable in kinds}) > 1:
            mutable = ""
        flags = 0
        for binding in real:
            flags |= binding.flags
        return Attribute(
            name,
            first_kind,
            self,
            last.line,
            last.value,
            last.target,
            annotation,
            mutable if first_kind is AttributeKind.VALUE else "",
            flags,
            self._accessors(last)
            if first_kind is AttributeKind.PROPERTY and not flags & CONDITIONAL
            else None,
            any(map(self._is_abstract, real)),
            last.decorators,
        )

    def _kind(self, binding: Binding) -> tuple[AttributeKind, str]:
        """The kind of one binding, and the mutable type of its value if it is one."""
        if binding.kind is BindingKind.CLASS:
            return AttributeKind.CLASS, ""
        if binding.kind is BindingKind.FUNCTION:
            return self._function_kind(binding), ""
        if binding.kind not in (BindingKind.ASSIGN, BindingKind.WALRUS):
            return AttributeKind.UNKNOWN, ""
        value = binding.value
        if value in MUTABLE_VALUES:
            return AttributeKind.VALUE, str(value)
        if value in IMMUTABLE_VALUES or value in (ValueKind.PLAIN, ValueKind.GENERATOR):
            return AttributeKind.VALUE, ""
        if value is ValueKind.LAMBDA:
            return AttributeKind.FUNCTION, ""
        if value is ValueKind.CALL:
            return self._call_kind(binding)
        if value is ValueKind.NAME:
            return self._name_kind(binding), ""
        return AttributeKind.UNKNOWN, ""

    def _function_kind(self, binding: Binding) -> AttributeKind:
        kind = IMPLICIT_KINDS.get(binding.name, AttributeKind.FUNCTION)
        for decorator in binding.decorators:
            known = self._wrapper_kind(decorator, binding)
            if known is not None:
                kind = known
            elif decorator.endswith(ACCESSOR_SUFFIXES):
                kind = AttributeKind.PROPERTY
            elif self.module.qualified(decorator) not in TRANSPARENT_DECORATORS:
                return AttributeKind.UNKNOWN
        return kind

    def _wrapper_kind(self, name: str, binding: Binding) -> AttributeKind | None:
        """What a function becomes by `property`, `classmethod` and their like, under any name."""
        qualified = self.module.qualified(name)
        kind = METHOD_DECORATORS.get(qualified)
        if kind is None and self._is_property_class(name):
            kind = AttributeKind.PROPERTY
        elif kind is None or (qualified == name and name in self.module.bindings):
            return None
        root = name.partition(".")[0]
        return None if root in self.bound_names and self._above(root, binding) else kind

    def _is_property_class(self, name: str) -> bool:
        """Is it a class of the project derived from `property`, which leaves alone what that does?"""
        if self.facts.in_function or not name.isidentifier():
            return False
        model = self.class_meant(name)
        return isinstance(model, SourceClass) and model.makes_properties

    def _is_abstract(self, binding: Binding) -> bool:
        if binding.kind is not BindingKind.FUNCTION:
            return False
        return (binding.line, "NotImplementedError") in self.facts.always_raising or any(
            self.module.qualified(decorator) in ABSTRACT_DECORATORS
            for decorator in binding.decorators
        )

    def _accessors(self, binding: Binding) -> frozenset[str] | None:
        """What the property has that a binding makes; None where it isn't known."""
        made: frozenset[str] | None = None
        if binding.kind is BindingKind.FUNCTION:
            for decorator in reversed(binding.decorators):
                if self._wrapper_kind(decorator, binding) is AttributeKind.PROPERTY:
                    made = frozenset({GETTER})
                elif decorator.endswith(ACCESSOR_SUFFIXES):
                    name, _, accessor = decorator.rpartition(".")
                    base = self._property_named(name, binding)
                    made = base and base | {accessor}
                elif self.module.qualified(decorator) not in TRANSPARENT_DECORATORS:
                    return None
        elif binding.kind is BindingKind.ASSIGN and binding.value is ValueKind.CALL:
            place = binding.line, binding.column
            given = next(
                (a.given for a in self.facts.accessors if (a.line, a.column) == place), None
            )
            if given is None:
                return None
            made = frozenset(accessor for accessor, _ in given)
            if binding.target.endswith(ACCESSOR_SUFFIXES):
                base = self._property_named(binding.target.rpartition(".")[0], binding)
                made = base and base | made
        return made

    def _property_named(self, name: str, binding: Binding) -> frozenset[str] | None:
        """What the property `name` (`x`, `Base.x`) has above a binding of the body."""
        owner, _, last = name.rpartition(".")
        above = self._above(name.partition(".")[0], binding)
        if above:
            kind, _ = self._kind(above[-1])
            is_known = (
                not owner and kind is AttributeKind.PROPERTY and not above[-1].flags & CONDITIONAL
            )
            return self._accessors(above[-1]) if is_known else None
        if self.facts.in_function or not owner:
            return None
        model = self.class_meant(owner)
        if model is None or model is self or not self.is_subclass_of(model):
            return None  # anything else might lead back here
        attribute = model.lookup(last)
        return None if attribute is None else attribute.accessors

    def _above(self, name: str, binding: Binding) -> list[Binding]:
        """What the body has bound to a name above one of its bindings."""
        place = binding.line, binding.column
        return [b for b in self.facts.body if b.name == name and (b.line, b.column) < place]

    def _bound_above(self, binding: Binding) -> list[Binding]:
        """What the body has bound already of the name that a value starts with."""
        return self._above(binding.target.partition(".")[0], binding)

    def _call_kind(self, binding: Binding) -> tuple[AttributeKind, str]:
        callee = binding.target
        known = self._wrapper_kind(callee, binding)
        if known is not None:
            return known, ""
        if callee.endswith(ACCESSOR_SUFFIXES):
            is_property = self._property_named(callee.rpartition(".")[0], binding) is not None
            return AttributeKind.PROPERTY if is_property else AttributeKind.UNKNOWN, ""
        if self.facts.in_function or self._bound_above(binding):
            return AttributeKind.UNKNOWN, ""  # the name may be a local variable's
        model = self.class_meant(callee)
        is_mutable = model is not None and model.full_name in MUTABLE_CLASSES
        return kind_of_instance(model), model.full_name if model and is_mutable else ""

    def _name_kind(self, binding: Binding) -> AttributeKind:
        name = binding.target
        own = self._bound_above(binding)
        if own:
            simple = len(own) == 1 and own[0].name == name
            return self._kind(own[0])[0] if simple else AttributeKind.UNKNOWN
        if self.facts.in_function:
            return AttributeKind.UNKNOWN  # the name may be a local variable's
        kind = self.project.kind_as_attribute(self.meaning(name))
        owner, _, last = name.rpartition(".")
        if kind is AttributeKind.UNKNOWN and owner:
            model = self.class_meant(owner)
            if isinstance(model, SourceClass) and last in model.enum_members:
                return AttributeKind.VALUE
        return kind


_OF_PROPERTIES = frozenset(vars(property)) - {"__doc__"}


@cache
def named_tuple() -> type:
    """What `NamedTuple` makes of a class without any field."""
    from collections import namedtuple

    return namedtuple("_Empty", ())


@cache
def named_tuple_names() -> frozenset[str]:
    return frozenset(vars(named_tuple())) - {"__doc__", "__module__"}


@cache
def typed_dict() -> type:
    from typing import TypedDict

    class Empty(TypedDict):
        pass

    return Empty


def kind_of_instance(model: ClassModel | None) -> AttributeKind:
    """What an object that a call of a class makes is as an attribute of another class."""
    if model is None or not model.makes_own_instances:
        return AttributeKind.UNKNOWN
    if model.binds_on_mro("__set__", "__delete__"):
        return AttributeKind.DATA_DESCRIPTOR
    return AttributeKind.DESCRIPTOR if model.binds_on_mro("__get__") else AttributeKind.VALUE


def _is_faithful(metaclass: ClassModel | str) -> bool:
    """Does a metaclass make the class that the class statement says?"""
    if isinstance(metaclass, str):
        return False
    if metaclass.full_name in FAITHFUL_METACLASSES or metaclass.full_name == "builtins.type":
        return True
    return metaclass.mro is not None and all(
        model.full_name in ("builtins.type", "builtins.object", *FAITHFUL_METACLASSES)
        or (model.has_source and model.bound_names.isdisjoint(("__new__", "__prepare__", "mro")))
        for model in metaclass.mro
    )


class Module:
    """One module of the project, the standard library, or an installed package.

    `path` is its file's absolute path, `name` where it stands in the import world (None for what
    the project's layout says), `origin` whose it is. `facts` are what the file says about itself;
    `own_facts` are the same, and what is taken from them isn't noted. They may be read when they
    are first asked for.
    """

    def __init__(
        self,
        project: Index,
        path: str,
        name: ModuleName | None,
        facts: ModuleFacts | Callable[[], ModuleFacts | None],
        origin: Origin,
    ) -> None:
        self.project = project
        self.tracker = project.tracker
        self.path = self.key = path
        self._name = name
        self.in_project = origin is Origin.PROJECT
        self.is_standard = origin is Origin.STANDARD
        self.is_installed = origin is Origin.INSTALLED
        self.is_stub = self.is_installed and path.endswith(".pyi")
        self._read = facts
        self._listed_classes: dict[int, SourceClass] = {}
        self._inputs: tuple[Input, ...] = ()
        if self.in_project:
            self.facts = view_of(self)
            self._inputs = ((CLASS_NAMES, path),)
        elif self.is_installed:
            self._inputs = ((_INSTALLED_FILE, path),)
            self.facts = whole_view_of(self, self._inputs)
        else:
            self.facts = self.own_facts

    @cached_property
    def own_facts(self) -> ModuleFacts:
        facts = self._read
        if callable(facts):
            read = facts()
            if read is None:
                raise LookupError(self.path)
            facts = read
        return facts

    def __repr__(self) -> str:
        return f"<Module {self.name.dotted}>"

    @property
    def name(self) -> ModuleName:
        return self._name or self.project.layout.name_of(self.path)

    @property
    def file_name(self) -> str:
        """The path below the project's root, with forward slashes."""
        root = self.project.root
        inside = root is not None and self.path.startswith(root.rstrip(os.sep) + os.sep)
        path = os.path.relpath(self.path, root) if inside else os.path.basename(self.path)
        return path.replace(os.sep, "/")

    @property
    def bindings(self) -> Mapping[str, list[Binding]]:
        """The module-level bindings by name, in the order of the source."""
        if self.is_installed:
            self.tracker.note_all(self._inputs)
        return self._bindings

    @cached_property
    def _bindings(self) -> Mapping[str, list[Binding]]:
        if self.in_project:
            return Names(self.own_facts, self.path, self.tracker)
        return grouped(self.own_facts)

    @property
    def classes(self) -> tuple[SourceClass, ...]:
        """The models of its class statements, in the order of the source."""
        self.tracker.note_all(self._inputs)
        return self._classes

    @cached_property
    def _classes(self) -> tuple[SourceClass, ...]:
        classes = self.own_facts.classes
        return tuple(self.listed_class(n, each.qualname) for n, each in enumerate(classes))

    def listed_class(self, number: int, qualname: str) -> SourceClass:
        """The model of a class statement that surely is there, for a row of a table names it."""
        model = self._listed_classes.get(number)
        if model is None:
            model = self._listed_classes[number] = SourceClass(self.project, self, number, qualname)
        return model

    @tracked
    def _classes_by_place(self) -> dict[tuple[int, int], SourceClass]:
        found: dict[tuple[int, int], SourceClass] = {}
        for model, facts in zip(self.classes, self.facts.classes, strict=True):
            found.setdefault((facts.line, facts.column), model)
        return found

    def class_at(self, line: int, column: int) -> SourceClass | None:
        """The model of the class statement that starts at a place."""
        return self._classes_by_place.get((line, column))

    @tracked
    def init_effects(self) -> dict[int, Start]:
        """What the `__init__`s of its classes surely do: see `init_effects.init_effects`.

        The text is parsed anew for that, so this is to be asked rarely.
        """
        from .init_effects import init_effects

        text = self.project.text(self)
        return {} if text is None else init_effects(parse_python3(text))

    @tracked
    def is_test(self) -> bool:
        """Is it a test, by its path?"""
        return is_test(self.path, self.project.root or self.name.root)

    @tracked
    def first_relative_import(self) -> float:
        """The line of its first relative import that runs wherever the module does."""
        lines = (part.line for part in self.facts.imports if part.level and not part.flags)
        return min(lines, default=float("inf"))

    @tracked
    def is_script(self) -> bool:
        """A `__main__` guard, a shebang, or the name `__main__.py`; or a notebook."""
        return (
            self.path.endswith(NOTEBOOK)
            or self.facts.has_main_guard
            or self.facts.has_shebang
            or os.path.basename(self.path) == "__main__.py"
        )

    def qualified(self, dotted: str) -> str:
        """The full name that a dotted name of this module stands for, by its imports alone.

        `dataclass()` after `from dataclasses import dataclass` is `dataclasses.dataclass()`.
        Names that no import binds (or more than one thing does) come back as they are.
        """
        root, dot, rest = dotted.partition(".")
        bare = root.removesuffix("()")
        call = root[len(bare) :]
        bound = self.bindings.get(bare)
        if not bound:
            return dotted
        sources = {self.source(binding) for binding in bound}
        if len(sources) != 1 or (source := sources.pop()) is None:
            return dotted
        return f"{source}{call}{dot}{rest}"

    def source(self, binding: Binding) -> str | None:
        """The full name of what an import binds, None for any other binding."""
        if binding.kind is BindingKind.IMPORT:
            return self.absolute(binding.target)
        if binding.kind is BindingKind.FROM:
            module, name = binding.imported
            absolute = self.absolute(module)
            return f"{absolute}.{name}" if absolute else None
        return None

    def absolute(self, module: str) -> str | None:
        """The absolute name of the module that an import statement in this module names.

        Leading dots (`..x`) count from this module's package; None where they lead out of it.
        A name without dots is absolute, except in Python 2 source: see `is_beside`.
        """
        stripped = module.lstrip(".")
        level = len(module) - len(stripped)
        if not level:
            return f"{self.name.package}.{module}" if self.is_beside(module) else module
        package = self.name.package.split(".") if self.name.package else []
        if level > len(package):
            return None
        parts = package[: len(package) - level + 1]
        return ".".join([*parts, stripped] if stripped else parts)

    def is_beside(self, module: str) -> bool:
        """Does Python 2 find a module that is named without dots in this module's own package?

        It looks there first (https://docs.python.org/2/tutorial/modules.html, "Intra-package
        References"), and nowhere else once it has found the first part of the name. False for
        Python 3 source, and after `from __future__ import absolute_import`.
        """
        if not self.name.regular:
            return False
        facts = self.facts
        if facts.is_python3 or "absolute_import" in facts.future:
            return False
        first = module.partition(".")[0]
        found = self.project.layout.find_below(os.path.dirname(self.path), [first])
        # Namespace packages are Python 3's.
        return found is not None and not found.is_namespace


class Value(NamedTuple):
    """A module-level name that is neither a class nor a module."""

    module: Module
    binding: Binding


class External(NamedTuple):
    """An object of the running interpreter that is neither a class nor a module."""

    name: str


Symbol = ClassModel | Module | Value | Found | External
