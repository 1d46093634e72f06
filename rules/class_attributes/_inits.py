"""Which `__init__` runs for every instance of a class, and what has to be done that one does."""

from __future__ import annotations

import ast

from pyconcepts_lint.analysis.unknown_bases import above
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index.init_effects import SUPER
from pyconcepts_lint.index.model import ClassModel, SourceClass
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.source.ast_nodes import walk
from pyconcepts_lint.source.text import Source, SourceError

_INIT = "__init__"


class Place(NamedTuple):
    """The `__init__` of a class, which binds what all of its instances are to have.

    `is_new`: the class has none yet. `passes_on`: it has to hand on what it is given to another
    one. `callers` are the subclasses whose own `__init__` has to call it, and doesn't yet.
    """

    is_new: bool
    passes_on: bool
    callers: tuple[SourceClass, ...]


def generates_init(model: ClassModel) -> bool:
    """Does `@dataclass`, or one of its kin, write the `__init__` of the class?"""
    return (
        isinstance(model, SourceClass)
        and _INIT not in model.bound_names
        and model.has_field_decorator
        and not any("init=False" in words.split() for words in model.facts.decorator_keywords)
    )


def init_for_all(file: FileContext, owner: SourceClass, name: str) -> Place | None:
    """Where `self.name` can be bound for all instances of `owner`; None where that isn't known.

    Args:
        file: the file at hand.
        owner: a class of the project.
        name: the attribute, as the source writes it.
    """
    if owner.mro is None:
        return _with_unknown_bases(owner)
    is_new = _INIT not in owner.bound_names and not generates_init(owner)
    below = [owner, *owner.project.subclasses(owner)]
    if any(not _makes_plainly(model, is_new=is_new) for model in below):
        return None
    if is_new and _is_collected(below):
        return None
    behind = [_behind(model, owner) for model in below]
    passes_on = is_new and any(_first_init(rest) is not None for rest in behind)
    if is_new and any(_takes_arguments_by_new(rest) for rest in behind):
        return None
    callers: dict[SourceClass, None] = {}
    for model in below:
        first = _first_init(model.mro or (), owner)
        if first is owner or (
            generates_init(owner) and first is not None and generates_init(first)
        ):
            continue
        if not isinstance(first, SourceClass):
            return None
        if _leads_to(model, first, owner):
            if not _asks_late(file, first, name):
                return None
        elif is_new and not passes_on and _may_call(file, model, first, owner):
            callers[first] = None
        else:
            return None
    return Place(is_new, passes_on, tuple(callers))


def _with_unknown_bases(owner: SourceClass) -> Place | None:
    """The `__init__` of a class with a base that isn't known: that one is handed what it is given."""
    below = owner.project.subclasses(owner)
    for model in below:
        start = model.module.init_effects.get(_line_of_init(model))
        if _INIT in model.bound_names and (start is None or SUPER not in start.calls):
            return None
    is_new = _INIT not in owner.bound_names
    if above(owner) is None or (is_new and _is_collected([owner, *below])):
        return None
    return Place(is_new, is_new, ())


def _makes_plainly(model: SourceClass, *, is_new: bool) -> bool:
    """Does each call of the class make an instance, and run an `__init__` with what it is given?"""
    if model.mro is None or not all(each.plain_metaclass for each in model.mro):
        return False
    return not any(
        "__new__" in each.bound_names and each.has_source and (is_new or not each.is_standard)
        for each in model.mro
    )


def _is_collected(models: list[SourceClass]) -> bool:
    """Would pytest leave out the tests of one of the classes, if it had an `__init__`?"""
    return any(
        model.name.startswith("Test")
        and model.module.is_test
        and not any(each.full_name == "unittest.case.TestCase" for each in model.mro or ())
        for model in models
    )


def _behind(model: SourceClass, owner: SourceClass) -> tuple[ClassModel, ...]:
    """What comes after `owner` on the MRO of a class below it."""
    mro = model.mro or ()
    return mro[mro.index(owner) + 1 :]


def _has_init(model: ClassModel) -> bool:
    if model.full_name == "builtins.object":
        return False
    return _INIT in model.bound_names or generates_init(model)


def _first_init(
    classes: tuple[ClassModel, ...], owner: SourceClass | None = None
) -> ClassModel | None:
    """The first class with an `__init__`; `owner` counts as one."""
    return next((model for model in classes if model is owner or _has_init(model)), None)


def _takes_arguments_by_new(classes: tuple[ClassModel, ...]) -> bool:
    """Is it a `__new__` in C, as that of `int`, that takes what a call of the class passes?"""
    for model in classes:
        if model.full_name == "builtins.object" or _INIT in model.bound_names:
            return False
        if not model.has_source and "__new__" in model.bound_names:
            return True
    return False


def _leads_to(model: SourceClass, first: ClassModel, owner: SourceClass) -> bool:
    """Does the `__init__` of `first` surely call that of `owner`, perhaps by way of others?"""
    mro = model.mro or ()
    current: ClassModel | None = first
    seen: set[ClassModel] = set()
    while current is not owner:
        if not isinstance(current, SourceClass) or current in seen:
            return False
        seen.add(current)
        start = current.module.init_effects.get(_line_of_init(current))
        if start is None:
            return False
        if SUPER in start.calls:
            current = _first_init(mro[mro.index(current) + 1 :], owner)
            continue
        named = (current.project.class_named(current.module, name) for name in start.calls)
        current = next(
            (
                _first_init(other.mro or (), owner)
                for other in named
                if other is not None and other.is_subclass_of(owner)
            ),
            None,
        )
    return True


def _line_of_init(model: SourceClass) -> int:
    lines = [method.line for method in model.facts.methods if method.name == _INIT]
    return lines[0] if len(lines) == 1 else 0


def _may_call(
    file: FileContext, model: SourceClass, first: SourceClass, owner: SourceClass
) -> bool:
    """Could the `__init__` of `first` call that of `owner` by `super().__init__()`?"""
    mro = model.mro or ()
    function = init_of(file, first)
    return (
        first.module is file.module
        and function is not None
        and _first_init(mro[mro.index(first) + 1 :], owner) is owner
        and not any(
            (isinstance(part, ast.Attribute) and part.attr == _INIT)
            or (isinstance(part, ast.Name) and part.id == "super")
            for part in walk(function)
        )
    )


def _asks_late(file: FileContext, model: SourceClass, name: str) -> bool:
    """Does an `__init__` call that of a base before anything there can ask for the attribute?"""
    function = init_of(file, model)
    if function is None:
        return False
    arguments = (*function.args.posonlyargs, *function.args.args)
    for statement in function.body:
        parts = walk(statement)
        calls = [
            part
            for part in parts
            if isinstance(part, ast.Call)
            and isinstance(part.func, ast.Attribute)
            and part.func.attr == _INIT
        ]
        first = arguments[0].arg if arguments else ""
        if calls:
            given = [part for part in calls[0].args if not _is_named(part, first)]
            parts = walk(*given, *calls[0].keywords)
        attributes = {part.value for part in parts if isinstance(part, ast.Attribute)}
        called = {part.func for part in parts if isinstance(part, ast.Call)}
        for part in parts:
            if isinstance(part, ast.Attribute):
                if part.attr == name or (_is_named(part.value, first) and part in called):
                    return False
            elif _is_named(part, first) and part not in attributes:
                return False
        if calls:
            return True
    return False


def _is_named(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def init_of(file: FileContext, model: SourceClass) -> ast.FunctionDef | None:
    """The `__init__` that the body of a class defines once and without decorators."""
    home = opened(file, model)
    node = None if home is None else home.class_nodes.get((model.facts.line, model.name))
    bound = [binding for binding in model.facts.body if binding.name == _INIT]
    if node is None or len(bound) != 1 or bound[0].flags & 1:
        return None
    found = next((part for part in node.body if getattr(part, "name", "") == _INIT), None)
    return found if isinstance(found, ast.FunctionDef) and not found.decorator_list else None


def _opened(file: FileContext) -> dict[str, FileContext | None]:
    """What has been opened already, by path; filled as it is asked for."""
    return {}


def opened(file: FileContext, model: SourceClass) -> FileContext | None:
    """The file of a class, to be looked at and changed; None where it isn't to be changed, or
    only its translation could be."""
    module = model.module
    if module is file.module:
        return file
    known = file.cached(_opened)
    if module.path not in known:
        known[module.path] = None
        text = None
        if module.facts.is_python3 and module.path in file.project.files:
            text = file.project.text(module)
        if text is not None:
            try:
                source = Source.from_text(text, module.path)
            except SourceError:
                return None
            known[module.path] = FileContext(source, source, module, file.project, file.settings)
    return known[module.path]
