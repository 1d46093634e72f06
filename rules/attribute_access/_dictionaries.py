"""Where the dictionary behind an object's attributes is asked for: PCL601, 602 and 604."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator

from pyconcepts_lint.analysis.values import Instance, PossibleValues, origins
from pyconcepts_lint.base.answer import Answer
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.facts import Access
from pyconcepts_lint.index.model import ClassModel, External, Module
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rules.attribute_access._slots import lacks_dict, slotted_classes
from pyconcepts_lint.rules.attribute_access._source import is_in_word

Place = tuple[int, int]

_SPACE = r"(?:[\s\\()]|#[^\n]*\n)*"
# `module.__dict__["name"]` and `vars(module)["name"]`, from the special name on.
_ITEM_OF_DICT = re.compile(rf"__dict__{_SPACE}\[{_SPACE}[uUrR]?['\"]")
_VARS_OF = re.compile(rf"vars\s*\({_SPACE}(\w++)")
_UP_TO_ITEM = re.compile(r"(?>(?:[\w.\s\\()]|#[^\n]*\n)*)")
_ITEM = re.compile(rf"\[{_SPACE}[uUrR]?['\"]")
# What stands before the special name in `name.more.__dict__`, and in `Name(…).__dict__`.
_ROOT = re.compile(r"(?<![\w.])(\w+)(?:[\s\\)]*\.[\s\\]*\w+)*[\s\\)]*\.[\s\\]*\Z")
_CALLED = re.compile(r"(?<![\w.])([\w.]+)\([^()]*\)[\s)]*\.\s*\Z")
_MADE_BY = re.compile(r"[\s(]*([\w.]+)\s*\(")  # behind `name =`
_ARGUMENT = re.compile(r"vars\s*\([\s(]*([\w.]+)")
_FARTHEST = 80  # characters before `__dict__` in which the receiver is looked for


class ModuleItem(NamedTuple):
    """That an item of a module's `__dict__` is assigned or deleted."""

    node: ast.Subscript
    module: Module | str
    """The module, or the name of one that is written in C."""
    key: str


def dictionary_of(node: ast.expr) -> ast.expr | None:
    """`x` for `x.__dict__` and `vars(x)`."""
    if isinstance(node, ast.Attribute):
        return node.value if node.attr == "__dict__" else None
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "vars"
        and len(node.args) == 1
        and not node.keywords
        and not isinstance(node.args[0], ast.Starred)
    ):
        return node.args[0]
    return None


# Modules


def module_items(file: FileContext) -> dict[Place, ModuleItem]:
    """The places of `module.__dict__["name"]` and `vars(module)["name"]` where they are
    assigned to or deleted, by line and column."""
    found: dict[Place, ModuleItem] = {}
    if not _may_have_items(file):
        return found
    for node, origin in origins(file, _module_item):
        assert isinstance(node, ast.Subscript)
        assert isinstance(node.slice, ast.Constant)
        module = _one_module(origin)
        if module is not None and not (isinstance(module, Module) and _replaces_itself(module)):
            place = file.ast_place(node.lineno, node.col_offset)
            assert isinstance(node.slice.value, str)
            found[place] = ModuleItem(node, module, node.slice.value)
    return found


def _may_have_items(file: FileContext) -> bool:
    """Is such an item written down, of something that starts with an imported name?

    A look at the text that saves parsing.
    """
    text = file.text
    roots: set[str] = set()
    end, has_item = 0, False
    for place in _places(text, "vars"):
        match = _VARS_OF.match(text, place)
        if match is None:
            continue
        if match.end() > end:  # otherwise the same comes next as behind the one before
            up_to = _UP_TO_ITEM.match(text, match.end())
            assert up_to is not None
            end = up_to.end()
            has_item = _ITEM.match(text, end) is not None
        if has_item:
            roots.add(match[1])
    for place in _places(text, "__dict__"):
        if _ITEM_OF_DICT.match(text, place) and (match := _root(text, place)):
            roots.add(match[1])
    imports = file.module.facts.imports if file.module is not None and roots else ()
    return any(
        (bound or name).partition(".")[0] in roots
        for statement in imports
        for name, bound in statement.names
    )


def _root(text: str, place: int) -> re.Match[str] | None:
    return _ROOT.search(text[max(place - _FARTHEST, 0) : place])


def _places(text: str, word: str) -> Iterator[int]:
    place = text.find(word)
    while place >= 0:
        yield place
        place = text.find(word, place + 1)


def _module_item(node: ast.expr) -> ast.expr | None:
    if (
        isinstance(node, ast.Subscript)
        and not isinstance(node.ctx, ast.Load)
        and isinstance(node.slice, ast.Constant)
        and isinstance(node.slice.value, str)
    ):
        return dictionary_of(node.value)
    return None


def _one_module(origin: PossibleValues) -> Module | str | None:
    """The module that an expression surely is."""
    if origin.is_open or origin.is_unresolved or len(origin.objects) != 1:
        return None
    (symbol,) = origin.objects
    if isinstance(symbol, Module):
        return symbol
    if isinstance(symbol, External) and symbol.name in sys.stdlib_module_names:
        return symbol.name
    return None


def _replaces_itself(module: Module) -> bool:
    """May another object be in the module's place, or the module be of another class?"""
    return any(
        attribute in ("modules", "__class__") for _, attribute, _ in module.facts.attribute_uses
    ) or any(binding.target == "sys:modules" for binding in module.facts.bindings)


# Instances


class MissingDictionary(NamedTuple):
    """That `node` asks for the `__dict__` of an instance of `model`, which has none."""

    node: ast.expr
    model: ClassModel


def missing_dictionaries(file: FileContext) -> dict[Place, MissingDictionary]:
    """Where a file has `x.__dict__` or `vars(x)` for an instance `x` without a `__dict__`, by line
    and column."""
    found: dict[Place, MissingDictionary] = {}
    text = file.text
    if file.module is None or ("__dict__" not in text and "vars" not in text):
        return found
    for model in slotted_classes(file):
        if _has_none(model):
            for place in model.facts.dict_uses:
                use = file.innermost_at(*place, ast.Attribute, ast.Call)
                if use is not None:
                    found[place] = MissingDictionary(use, model)
    if not _may_use_such_an_instance(file):
        return found
    for node, origin in origins(file, _own_or_local):
        models = {item.model for item in origin.objects if isinstance(item, Instance)}
        if origin.is_open or origin.is_unresolved or len(models) < len(origin.objects):
            continue
        if not _is_bound_from_outside(file, node) and all(
            model.makes_own_instances and (_has_none(model) or _is_built_in(model))
            for model in models
        ):
            place = file.ast_place(node.lineno, node.col_offset)
            first = min(models, key=lambda model: model.full_name)
            found[place] = MissingDictionary(node, first)
    return found


def _is_bound_from_outside(file: FileContext, node: ast.expr) -> bool:
    """Is the receiver a name that another module assigns as an attribute of this one?"""
    receiver = dictionary_of(node)
    return isinstance(receiver, ast.Name) and any(
        context is not Access.READ and file.project.resolve(module, name) is file.module
        for module, name, context in file.project.row(tables.uses, receiver.id)
    )


def _has_none(model: ClassModel) -> bool:
    """Has surely no instance of the class, or of one below it, something as its `__dict__`?"""
    below = model.project.subclasses(model)
    hooks = ("__getattr__", "__getattribute__")
    return lacks_dict(model) and not any(
        base.has_source and not base.bound_names.isdisjoint(hooks)
        for one in (model, *below)
        for base in one.mro or ()
    )


def _is_built_in(model: ClassModel) -> bool:
    """Is it a class in C, of which the call of the class surely makes an instance without one?"""
    return not model.has_source and model.has_instance_dict is Answer.NO


def _may_use_such_an_instance(file: FileContext) -> bool:
    """Is there a name that may stand for such an instance where its dictionary is asked for?

    A look at the text that saves parsing: most files ask only `self` and classes.
    """
    assert file.module is not None
    text = file.text
    called: list[tuple[str, int]] = []
    names: list[tuple[str, int]] = []
    for place in _places(text, "__dict__"):
        before = text[max(place - _FARTHEST, 0) : place]
        if before.endswith(("self.", "cls.", "__class__.")):
            continue
        if match := _CALLED.search(before):
            called.append((match[1], place))
        elif match := _ROOT.search(before):
            names.append((match[1], place))
    for place in _places(text, "vars"):
        if not is_in_word(text[place - 1 : place]) and (match := _ARGUMENT.match(text, place)):
            called.append((match[1], place))
            names.append((match[1], place))
    for name in {name for name, _ in names}:
        for assignment in (f"{name} =", f"{name}="):
            for start in _places(text, assignment):
                if match := _MADE_BY.match(text, start + len(assignment)):
                    called += ((match[1], place) for other, place in names if other == name)
    return any(
        _is_slotted(file.project.class_named(file.module, name)) and not file.literals.hold(place)
        for name, place in dict.fromkeys(called)
    )


def _is_slotted(model: ClassModel | None) -> bool:
    return model is not None and model.has_instance_dict is Answer.NO


def _own_or_local(node: ast.expr) -> ast.expr | None:
    receiver = dictionary_of(node)
    return receiver if isinstance(receiver, (ast.Name, ast.Call)) else None
