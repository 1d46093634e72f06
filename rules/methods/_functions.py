"""Which function a class has under a name, as far as its source tells: PCL401, 402, 404, 405."""

from __future__ import annotations

import sys
from collections.abc import Collection

from pyconcepts_lint.base.answer import Answer
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.attributes import instances_bind, rebinds
from pyconcepts_lint.index.facts import Binding, BindingKind, ValueKind
from pyconcepts_lint.index.kinds import AttributeKind
from pyconcepts_lint.index.model import Attribute, ClassModel, Module, SourceClass, Value
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.source.signatures import Arguments, Parameters, read_parameters


def is_standard(module: Module, source: str) -> bool:
    """Does an import in a module name one of the standard library's, and nothing of the project in
    its way?"""
    top = (module.absolute(source) or source).partition(".")[0]
    return top in sys.stdlib_module_names and module.project.layout.find(top, module.path) is None


class PlainFunction(NamedTuple):
    """A function that a class body makes an attribute of its class, and that nothing wraps.

    `name` is what a TypeError calls it.
    """

    attribute: Attribute
    owner: SourceClass
    parameters: Parameters
    name: str


def plain_function(model: ClassModel, name: str) -> PlainFunction | None:
    """The function that `model.name` surely is, when the class is asked for it.

    None where the class, or a class on its MRO before the function's owner, may be something
    else than what its statement says, or where other code may have put something in its place.
    """
    written = _as_written(model, name, {AttributeKind.FUNCTION})
    found = None if written is None else function_of(written.owner, written.binding)
    return None if written is None or found is None else PlainFunction(*written[:2], *found)


def makes_bound_method(model: ClassModel, name: str, *, through_class: bool) -> bool:
    """Does looking the name up surely make a bound method: on an instance, or on the class?"""
    kinds = (
        {AttributeKind.CLASS_METHOD}
        if through_class
        else {AttributeKind.CLASS_METHOD, AttributeKind.FUNCTION}
    )
    written = _as_written(model, name, kinds)
    if written is None or not isinstance(model, SourceClass):
        return False
    if not (through_class or finds_class_attributes(model)):
        return False
    if not through_class and instances_bind(model, name) is not Answer.NO:
        return False
    return not tables.may_be_made_from(model) and all(
        below.mro is not None and below.attributes.get(name, written.attribute).kind in kinds
        for below in model.project.subclasses(model)
    )


class _Written(NamedTuple):
    """An attribute that a class surely has, and the one statement that binds it."""

    attribute: Attribute
    owner: SourceClass
    binding: Binding


def _as_written(
    model: ClassModel, name: str, kinds: Collection[str], behind: ClassModel | None = None
) -> _Written | None:
    """The attribute of one of these kinds that the class has, if nothing interferes; with `behind`
    the one that the classes of its MRO behind that one have."""
    attribute = _looked_up(model, name, behind) if model.mro is not None else None
    if attribute is None or attribute.kind not in kinds:
        return None
    owner = attribute.owner
    if not isinstance(owner, SourceClass) or not all(map(is_as_written, model.mro or ())):
        return None
    if (isinstance(model, SourceClass) and rebinds(model, name) is not Answer.NO) or (
        name.startswith("__") and _is_enumeration(model)
    ):
        return None
    if makes_special_methods(model, owner) and name.startswith("__") and name.endswith("__"):
        return None
    bindings = [
        b for b in owner.facts.body if b.name == name and b.kind is not BindingKind.ANNOTATION
    ]
    if len(bindings) != 1 or any("overload" in decorator for decorator in bindings[0].decorators):
        return None
    return _Written(attribute, owner, bindings[0])


def makes_special_methods(model: ClassModel, owner: ClassModel) -> bool:
    """Is there a class before `owner` on the MRO that a decorator such as `@dataclass` gives special
    methods?"""
    mro = model.mro or ()
    before = mro[: mro.index(owner)] if owner in mro else mro
    return any(isinstance(base, SourceClass) and base.has_field_decorator for base in before)


def _looked_up(model: ClassModel, name: str, behind: ClassModel | None) -> Attribute | None:
    if behind is None:
        return model.lookup(name)
    above = (model.mro or ())[(model.mro or ()).index(behind) + 1 :]
    found = (base.attributes.get(name) for base in above)
    return next(
        (each for each in found if each is not None and each.kind is not AttributeKind.FIELD), None
    )


class Callee(NamedTuple):
    """What is called under a name of a class: see `PlainFunction`. `is_bound`: the instance, or
    the class, is put before the arguments."""

    attribute: Attribute
    owner: SourceClass
    parameters: Parameters
    name: str
    is_bound: bool

    def refusal(self, arguments: Arguments) -> str | None:
        """See `Parameters.refusal`."""
        return self.parameters.refusal(arguments.after_instance if self.is_bound else arguments)


def callee(
    model: ClassModel, name: str, *, through_class: bool, behind: ClassModel | None = None
) -> Callee | None:
    """What a call of `name`, through an instance of a class or through the class itself, surely
    calls; None where something else may be there.

    Args:
        model: the class.
        name: the attribute, mangled where it is private.
        through_class: is it looked up on the class?
        behind: where it is looked up by `super()`, the class behind which that starts.
    """
    written = _as_written(
        model,
        name,
        {AttributeKind.FUNCTION, AttributeKind.CLASS_METHOD, AttributeKind.STATIC},
        behind,
    )
    found = None if written is None else function_of(written.owner, written.binding)
    if written is None or found is None:
        return None
    kind = written.attribute.kind
    is_bound = kind is AttributeKind.CLASS_METHOD or (
        kind is AttributeKind.FUNCTION and not through_class
    )
    return Callee(*written[:2], *found, is_bound)


def function_of(owner: SourceClass, binding: Binding) -> tuple[Parameters, str] | None:
    """What the function takes that a class body binds a name to, and what an error calls it."""
    if binding.kind is BindingKind.FUNCTION:
        name = binding.name.removeprefix(f"_{owner.name.lstrip('_')}") or binding.name
        written = name if name.startswith("__") else binding.name
        return read_parameters(binding.target), f"{owner.qualname}.{written}"
    if binding.kind is not BindingKind.ASSIGN:
        return None
    if binding.value is ValueKind.LAMBDA:
        return read_parameters(binding.target), f"{owner.qualname}.<lambda>"
    if binding.value is ValueKind.NAME and not owner.facts.in_function:
        symbol = owner.meaning(binding.target)
        if isinstance(symbol, Value):
            function = symbol.binding
            if function.kind is BindingKind.FUNCTION and not function.value:
                return read_parameters(function.target), function.name
    return None


def is_as_written(model: ClassModel) -> bool:
    """Is an attribute of the class what its body says, and what asking the class for it gives?"""
    if not isinstance(model, SourceClass):
        return True
    metaclass = model.own_metaclass
    if isinstance(metaclass, ClassModel) and not metaclass.is_standard:
        return False  # its methods may do anything to its classes
    return model.is_as_written and not _changes_subclasses(model)


def _is_enumeration(model: ClassModel) -> bool:
    """`enum` gives its classes special methods of their own when they are made."""
    return any(base.full_name == "enum.Enum" for base in model.mro or ())


def _changes_subclasses(model: SourceClass) -> bool:
    return "__init_subclass__" in model.bound_names and model.facts.dynamic_instances


def may_be_patched(file: FileContext, name: str) -> bool:
    """May a file replace an attribute for a while, naming it in a string?

    `mock.patch.object(C, "m")`, `mock.patch("pkg.C.m")`, `monkeypatch.setattr(C, "m", …)`.
    """
    text = file.text
    if "patch" not in text and "setattr" not in text:
        return False
    return f"{name}'" in text or f'{name}"' in text


def finds_class_attributes(model: ClassModel) -> bool:
    """Does looking an attribute up on an instance surely ask its dictionary, then the class?"""
    return model.mro is not None and not any(
        isinstance(base, SourceClass) and "__getattribute__" in base.bound_names
        for base in model.mro
    )
