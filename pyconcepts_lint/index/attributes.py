"""Who else binds attributes of a class, or of its instances: two questions and one policy.

What is assigned through a name that means a class concerns that class and those above and below it;
under a name that isn't known (`setattr(C, name, 1)`), that class and those below it. What is
assigned to an attribute of the name through anything that isn't known (`thing.x = 1`, where `thing`
is a parameter, or comes from elsewhere) may be done to the class, or to an instance of it: the answer
is UNKNOWN then. It is NO where every such receiver is something else, a module, another class, or
an object that the call of a class which comes from outside of the project has made.
UNKNOWN silences the claims that it could make false, and only those.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator

from ..base.answer import Answer
from ..base.lazy import lazy_pattern
from ..base.typed import NamedTuple
from . import tables
from .facts import IMPORT_KINDS, Access, AttributeAccess, BindingKind, Receiver, ValueKind
from .kinds import AttributeKind
from .layout import Found
from .model import ClassModel, External, Module, SourceClass, Symbol, Value

_COMPUTED_SETATTR = lazy_pattern(
    r"""\bsetattr\s*\((?!\s*self\s*,|\s*[\w.]+\s*,\s*(?:"[^"\n]*"|'[^'\n]*')\s*,)"""
)


class Write(NamedTuple):
    """That something binds or deletes an attribute through what may be a class.

    `target` is the class, None for what isn't known. `deletes`: it takes the attribute away.
    `may_be_descriptor`: what it binds may take over what instances do with the attribute.
    `by_method`: a method of the class does it, to the class that it is called on.
    """

    target: ClassModel | None
    deletes: bool
    may_be_descriptor: bool
    by_method: bool = False


def writes(model: ClassModel, name: str) -> Iterator[Write]:
    """What the code outside of class bodies does to an attribute of a class, or of one above or below
    it, and what it does to one of that name through receivers of which nothing is known."""
    project = model.project
    for module, receiver, context in project.row(tables.uses, name):
        if context is not Access.READ:
            target = project.resolve(module, receiver)
            if _may_be(model, module, receiver, target):
                yield Write(_class(target), context is Access.DELETE, False)
    for module, receiver, callee in project.row(tables.attribute_makers, name):
        target = project.resolve(module, receiver)
        if _may_be(model, module, receiver, target) and _may_make_descriptor(module, callee):
            yield Write(_class(target), False, True)
    for module, receiver, context in project.row(tables.uses, ""):  # setattr(C, name, …)
        if context is not Access.READ:
            target = project.resolve(module, receiver)
            if isinstance(target, ClassModel) and model.is_subclass_of(target):
                yield Write(target, True, True)
    for other, access in project.row(tables.class_accesses, name):
        if access.kind is not Access.READ and are_related(model, other):
            yield Write(other, access.kind is Access.DELETE, False, True)


def rebinds(model: ClassModel, name: str) -> Answer:
    """May code outside of the class bodies give a class, or one above or below it, another attribute
    of that name, or take it away?"""
    if is_untouched(model, name):
        return Answer.NO
    found = list(writes(model, name))
    if any(write.target is not None for write in found):
        return Answer.YES
    if found or model.project.has(tables.external_attribute_writes, name):
        return Answer.UNKNOWN
    is_given = model.escapes and any(
        is_given_by_functions(base, name) for base in model.mro or (model,)
    )
    return Answer.UNKNOWN if is_given else Answer.NO


def is_untouched(model: ClassModel, name: str) -> bool:
    """Is there nothing outside of class bodies that names an attribute so, sets one whose name isn't
    known, or gets hold of the class or one on its MRO? Then `rebinds` is NO for all of these."""
    project = model.project
    return not (
        model.escapes
        or any(project.row(tables.uses, each) for each in (name, ""))
        or project.row(tables.class_accesses, name)
        or project.has(tables.external_attribute_writes, name)
    )


def instances_bind(
    model: SourceClass,
    name: str,
    *,
    augmented: bool = False,
    is_dead: Callable[[SourceClass, AttributeAccess], bool] = lambda model, access: False,
    is_other: Callable[[], bool] = lambda: False,
    trusted: Container[SourceClass] = (),
) -> Answer:
    """May instances of a class have an attribute of that name of their own?

    Args:
        model: the class.
        name: the attribute.
        augmented: do augmented assignments in methods (which read it first) count, too?
        is_dead: which assignments of methods never run.
        is_other: is all else that gets an attribute of that name known to be something else?
        trusted: classes that set attributes under names which aren't written down, but none of that
            name.
    """
    project = model.project
    kinds = (Access.SET, Access.AUGMENT, Access.REBUILD) if augmented else (Access.SET,)
    classes = classes_of_instances(model)
    for other, access in accesses_on_instances(classes, name):
        if access.kind in kinds and not is_dead(other, access):
            return Answer.YES
    if any(c.facts.dynamic_instances and c not in trusted for c in classes):
        return Answer.UNKNOWN
    is_stored = project.has(tables.external_attribute_writes, name) or any(
        context is not Access.READ and not isinstance(project.resolve(module, receiver), ClassModel)
        for module, receiver, context in project.row(tables.uses, name)
    )
    return Answer.UNKNOWN if is_stored and not is_other() else Answer.NO


def classes_of_instances(model: SourceClass) -> list[SourceClass]:
    """The classes whose methods may run on an object that is a `model`."""
    found: dict[ClassModel, None] = {}
    waiting: list[ClassModel] = [model, *model.project.subclasses(model)]
    for current in waiting:
        if current not in found:
            found[current] = None
            if current.mro is not None:
                waiting += current.bases or ()
    return [each for each in found if isinstance(each, SourceClass)]


def accesses_on_instances(
    classes: Iterable[SourceClass], name: str
) -> Iterator[tuple[SourceClass, AttributeAccess]]:
    """What methods of some classes do to an attribute of their instances."""
    for model in classes:
        for access in model.facts.accesses:
            if access.attribute == name and access.receiver is Receiver.INSTANCE:
                yield model, access


def are_related(one: ClassModel, other: ClassModel) -> bool:
    """Is a class another one, or above or below it, or might it be?"""
    return one.is_subclass_of(other) or other.is_subclass_of(one) or None in (one.mro, other.mro)


def _class(symbol: Symbol | None) -> ClassModel | None:
    return symbol if isinstance(symbol, ClassModel) else None


def _may_be(model: ClassModel, module: Module, receiver: str, symbol: Symbol | None) -> bool:
    """May what a name of a module means be a class, or one above or below it?

    Args:
        model: the class.
        module: where the name is used.
        receiver: the name.
        symbol: what it means, None where that isn't known.
    """
    if symbol is not None:
        return _may_mean(model, symbol)
    bindings = module.bindings.get(receiver, ())
    has_star = any(statement.names[0][0] == "*" for statement in module.facts.imports)
    if not bindings or has_star:
        return True
    # Which of several statements has bound it isn't known, but what each of them binds may be.
    bound = [module.project.bound(module, binding) for binding in bindings]
    return any(each is None or _may_mean(model, each) for each in bound)


def _may_mean(model: ClassModel, symbol: Symbol) -> bool:
    if isinstance(symbol, ClassModel):
        return are_related(model, symbol)
    return isinstance(symbol, Value) and _may_be_class(symbol, model)


def _may_be_class(value: Value, model: ClassModel) -> bool:
    binding, module = value.binding, value.module
    if binding.kind is not BindingKind.ASSIGN or binding.value is not ValueKind.CALL:
        return binding.value is ValueKind.UNKNOWN
    made_by = module.project.class_named(module, binding.target)
    if made_by is None or made_by.mro is None:
        return not is_foreign_class(module, binding.target) or bool(
            module.project.row(tables.escaping_arguments, model.name)
        )
    # What a class makes is no class, other than what a metaclass makes.
    return any(base.full_name == "builtins.type" for base in made_by.mro)


def is_foreign_class(module: Module, dotted: str) -> bool:
    """Does a name lead out of the project and the standard library, to what is written like a
    class? What a call of that makes is none of the project's classes."""
    bindings = module.bindings.get(dotted.partition(".")[0], ())
    sources = [
        module.absolute(binding.imported.module)
        for binding in bindings
        if binding.kind in IMPORT_KINDS
    ]
    return (
        dotted.rpartition(".")[2][:1].isupper()
        and bool(sources)
        and len(sources) == len(bindings)
        and all(
            source is not None and _is_foreign(module, source.partition(".")[0])
            for source in sources
        )
    )


def _is_foreign(module: Module, top: str) -> bool:
    """Is a top-level module neither the project's nor the standard library's?"""
    found = module.project.imported(module, top)
    if isinstance(found, Module):
        return found.is_installed
    is_elsewhere = isinstance(found, Found) and module.project.layout.is_installed(found.path)
    return found is None or is_elsewhere


def _may_make_descriptor(module: Module, callee: str) -> bool:
    """May what a call returns be a data descriptor?"""
    called = module.project.resolve(module, callee)
    if isinstance(called, ClassModel):
        return called.mro is None or called.binds_on_mro("__set__", "__delete__")
    if isinstance(called, Value):  # none of the standard library's functions makes one
        return not called.module.is_standard
    return not isinstance(called, External)


def is_given_by_functions(model: ClassModel, attribute: str) -> bool:
    """May a function that a module-level statement of the project passes the class to give it an
    attribute of that name?"""
    project = model.project
    return isinstance(model, SourceClass) and any(
        project.resolve(module, dotted) in (model, None) and _may_give(module, function, attribute)
        for module, dotted, function in project.row(tables.escaping_arguments, model.name)
    )


def _may_give(module: Module, function: str, attribute: str) -> bool:
    called = module.project.resolve(module, function) if function else None
    if isinstance(called, Value):
        # What decorates a function may do anything, and so may what an installed one calls.
        is_plain = called.binding.kind is BindingKind.FUNCTION and not called.binding.decorators
        if called.module.is_installed:
            return True
        return not is_plain or _may_store(called.module, called.binding.name, attribute)
    if called is not None:
        is_standard = isinstance(called, ClassModel) and called.is_standard
        return not (is_standard or isinstance(called, External))
    owner_name, _, method = function.rpartition(".")
    owner = module.project.class_named(module, owner_name)
    if owner is None or owner.mro is None:
        return True
    found = owner.lookup(method)
    if found is None:
        metaclass = owner.metaclass
        is_abstract = metaclass is not None and metaclass.full_name == "abc.ABCMeta"
        return not is_abstract or method != "register"
    if found.kind not in (AttributeKind.FUNCTION, AttributeKind.CLASS_METHOD, AttributeKind.STATIC):
        return True
    return isinstance(found.owner, SourceClass) and (
        found.owner.module.is_installed or _may_store(found.owner.module, method, attribute)
    )


def _may_store(module: Module, function: str, attribute: str) -> bool:
    """May a function give an attribute of that name to what it is passed?"""
    facts = module.facts
    return (
        function in facts.dynamic_setters
        or attribute in facts.external_attribute_writes
        or module.project.has(tables.external_attribute_writes, attribute)
    )


def has_computed_setattr(module: Module) -> bool:
    """Does a module call `setattr` with a name that isn't written down, on anything but `self`?"""
    text = module.project.text(module)
    return text is None or _COMPUTED_SETATTR.search(text) is not None


def may_be_set_by_computed_name(model: SourceClass) -> bool:
    """May a module of the project that knows the class, or one of its bases, bind attributes of
    instances under names that aren't written down?"""
    bases = [
        base for base in model.mro or () if isinstance(base, SourceClass) and base.is_project_class
    ]
    modules = {base.module.path: base.module for base in bases}
    for base in bases:
        for module, _ in tables.modules_naming(model.project, base.name):
            modules.setdefault(module.path, module)
    return any(map(has_computed_setattr, modules.values()))
