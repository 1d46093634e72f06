"""Class headers: a keyword more, and whether a metaclass agrees with all around it."""

from __future__ import annotations

import ast
import re

from pyconcepts_lint.base.finding import Edit
from pyconcepts_lint.index.collect import dotted_name
from pyconcepts_lint.index.facts import ValueKind
from pyconcepts_lint.index.model import ClassModel, SourceClass, Value
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.source.ast_nodes import walk

_OPENING = re.compile(r"[\s\\]*\(")
_BEHIND_ARGUMENT = re.compile(r"(?>(?:[\s\\]|#[^\r\n]*+)*)([,)])")

Metaclass = ClassModel | str | None
"""A class, a name for something that isn't known to be one, "" for what has no name, None for
none but `type`."""


def add_keyword(file: FileContext, node: ast.ClassDef, keyword: str) -> Edit:
    """The edit that writes `keyword` (`metaclass=M`) last into a class header."""
    parts: list[ast.expr | ast.keyword] = [*node.bases, *node.keywords]
    arguments = sorted(parts, key=file.ast_span)
    if not arguments:
        end = _end_of_name(file, node)
        bracket = _OPENING.match(file.text, end)
        if bracket is None:
            return file.edit(end, end, f"({keyword})")
        return file.edit(bracket.end(), bracket.end(), keyword)
    start, end = file.ast_span(arguments[-1])
    comma, closing = None, end
    while (found := _BEHIND_ARGUMENT.match(file.text, closing)) is not None:
        closing = found.end()
        if found[1] == ",":
            comma = closing
        elif comma is None and _BEHIND_ARGUMENT.match(file.text, closing) is not None:
            # A bracket around the argument.
            start, end = file.text.rindex("(", 0, start), closing
    if comma is None:
        return file.edit(end, end, f", {keyword}")
    rest = file.text[comma:closing]
    line, column = file.code.position(start)
    indent = file.code.line(line)[: column - 1]
    if ("\n" not in rest and "\r" not in rest) or indent.strip():
        return file.edit(comma, comma, f" {keyword},")
    next_line = file.code.position(comma)[0] + 1
    return file.insert(next_line, 1, f"{indent}{keyword},{file.code.newline}")


def _end_of_name(file: FileContext, node: ast.ClassDef) -> int:
    """Where the name in a class header ends, with its type parameters."""
    parameters = getattr(node, "type_params", ())
    if parameters:
        return file.text.index("]", file.ast_span(parameters[-1])[1]) + 1
    place = file.definition_range(*file.ast_place(node.lineno, node.col_offset))
    return file.code.offset(place.end_line, place.end_column)


def metaclass_named(model: SourceClass, name: str, *, is_local: bool = False) -> Metaclass:
    """What a dotted name is as the metaclass of a class.

    Args:
        model: the class.
        name: the dotted name, "" for an expression that is none.
        is_local: may a function's own variable have the name?
    """
    if not name or is_local:
        return ""
    module, symbol = model.module, model.meaning(name)
    if isinstance(symbol, ClassModel):
        return None if symbol.full_name == "builtins.type" else symbol
    if isinstance(symbol, Value):
        return f"{symbol.module.path}:{symbol.binding.name}"
    qualified = module.qualified(name)
    return qualified if qualified != name else f"{module.path}:{name}"


def eventual_metaclass(model: ClassModel) -> Metaclass:
    """The metaclass that a class names itself, once `__metaclass__` is `metaclass=`, too."""
    if not isinstance(model, SourceClass):
        return model.own_metaclass
    facts = model.facts
    if facts.metaclass is not None:
        return metaclass_named(model, facts.metaclass, is_local=facts.in_function)
    bindings = [binding for binding in facts.body if binding.name == "__metaclass__"]
    if not bindings:
        return None
    name = bindings[-1].target if bindings[-1].value is ValueKind.NAME else ""
    return metaclass_named(model, name, is_local=facts.in_function)


def has_metaclass(model: SourceClass, metaclass: Metaclass) -> bool:
    """Is a class surely made by `metaclass`, or by one below it, because a base of it is?"""
    if not isinstance(metaclass, ClassModel):
        return False
    for base in model.bases or ():
        for other in base.mro or ():
            own = other.header_metaclass if isinstance(other, SourceClass) else other.own_metaclass
            if isinstance(own, ClassModel) and own.is_subclass_of(metaclass):
                return True
    return False


def could_conflict(model: SourceClass, metaclass: Metaclass, tree: ast.Module | None) -> bool:
    """May `metaclass` as the metaclass of `model` be out of line with another one?

    With that of one of its bases, or of one of the project's classes below it; where one of
    them isn't known, it may be
    (https://docs.python.org/3/reference/datamodel.html#determining-the-appropriate-metaclass).

    Args:
        model: the class.
        metaclass: what is to be its metaclass.
        tree: the syntax tree of its module.
    """
    if model.facts.in_function and _may_meet_another(tree, model.name):
        return True
    for below in (model, *model.project.subclasses(model)):
        if below.mro is None:
            return True
        for other in below.mro:
            if other is not model and not _agree(metaclass, eventual_metaclass(other)):
                return True
    return False


def _may_meet_another(tree: ast.Module | None, name: str) -> bool:
    """May a class below the local class `name` have further metaclasses?

    The index knows nothing of the classes below one that a function defines; here all classes
    that have a base of that name are taken for them.
    """
    if tree is None:
        return True
    classes = [node for node in walk(tree) if isinstance(node, ast.ClassDef)]
    names = {name}
    while True:
        below = [
            node
            for node in classes
            if node.name not in names
            and any(dotted_name(base).rpartition(".")[2] in names for base in node.bases)
        ]
        if not below:
            return False
        if any(len(node.bases) > 1 or node.keywords or _binds_metaclass(node) for node in below):
            return True
        names.update(node.name for node in below)


def _binds_metaclass(node: ast.ClassDef) -> bool:
    return any(
        isinstance(part, ast.Name) and part.id == "__metaclass__"
        for statement in node.body
        for part in walk(statement)
    )


def _agree(one: Metaclass, other: Metaclass) -> bool:
    """Is one of two metaclasses surely the other, or derived from it?"""
    if one is None or other is None:
        return True
    if isinstance(one, ClassModel) and isinstance(other, ClassModel):
        return one.is_subclass_of(other) or other.is_subclass_of(one)
    return one == other and one != ""
