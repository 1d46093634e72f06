"""What is noted of each file for the rules about class attributes."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator

from pyconcepts_lint.base.lazy import lazy_pattern
from pyconcepts_lint.base.typed import TYPE_CHECKING, NamedTuple
from pyconcepts_lint.index.binder import dotted_name, mangled
from pyconcepts_lint.index.extractor import Line, extractor
from pyconcepts_lint.index.facts import MUTATORS, Access, BindingKind, Change, Mutation
from pyconcepts_lint.source.ast_nodes import walk
from pyconcepts_lint.source.scopes import ScopeKind

if TYPE_CHECKING:
    from pyconcepts_lint.index.binder import FileIndex, Scope
    from pyconcepts_lint.index.facts import ClassFacts

_BUILTINS = frozenset(dir(builtins))


class NameInClass(NamedTuple):
    """A name bound in a class body, and neither in the module nor by Python, that functions,
    comprehensions and classes inside of it use without binding it.

    It is no matter that Python has the name, too, where a statement reads it before it binds it.
    """

    name: str


class ClassPlace(NamedTuple):
    """A class, by the place of its `class`."""

    line: int
    column: int


@extractor(ClassPlace, words=("class",), nodes=(ast.ClassDef,))
def classes_naming_themselves(index: FileIndex) -> Iterator[ClassPlace]:
    """The classes whose names are used in their own class statements, outside of functions."""
    found: set[ClassPlace] = set()
    for node in index.nodes_of(ast.ClassDef):
        header = walk(*node.decorator_list, *node.bases, *node.keywords)
        if any(isinstance(part, ast.Name) and part.id == node.name for part in header):
            found.add(ClassPlace(node.lineno, index.place(node)))
    for scope in index.scopes:
        around: Scope | None = scope
        while around is not None and around.kind in (ScopeKind.CLASS, ScopeKind.COMPREHENSION):
            if around.kind is ScopeKind.CLASS and around.name in scope.reads:
                facts = index.classes[around.class_index]
                found.add(ClassPlace(facts.line, facts.column))
            around = around.parent
    yield from sorted(found)


@extractor(Line, words=("class",), nodes=(ast.Assign, ast.AnnAssign))
def methods_assigning_to_classes(index: FileIndex) -> Iterator[Line]:
    """The methods in which an attribute is assigned of what may be the method's own class."""
    for kind in (ast.Assign, ast.AnnAssign):
        for node, scope, _ in index.nodes[kind]:
            name, first, line = scope.method
            if name:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                target = targets[0]
                if isinstance(target, ast.Attribute) and _may_be_class(target.value, first, scope):
                    yield Line(line)


def _may_be_class(receiver: ast.expr, first: str, scope: Scope) -> bool:
    if isinstance(receiver, ast.Name):
        return receiver.id != first and receiver.id not in scope.names
    if isinstance(receiver, ast.Attribute):
        return receiver.attr == "__class__" or not dotted_name(receiver).startswith(f"{first}.")
    return isinstance(receiver, ast.Call)


@extractor(NameInClass, words=("class",))
def names_in_classes(index: FileIndex) -> Iterator[NameInClass]:
    for scope in index.scopes:
        if scope.kind is ScopeKind.CLASS:
            for used in sorted(scope.inside):
                name = used.removesuffix("=")
                if name in scope.names and not (name in index.module.names or used in _BUILTINS):
                    yield NameInClass(name)


@extractor(Mutation, nodes=(ast.Call, ast.Subscript))
def outside_mutations(index: FileIndex) -> Iterator[Mutation]:
    """What is done in place to the value of an attribute of anything but a method's own instance
    or class: `x.items.append(1)`. The method is that around."""
    for node, scope in index.calls_of(MUTATORS):
        func = node.func
        if isinstance(func, ast.Attribute):
            yield from _outside(index, func.value, MUTATORS[func.attr], scope)
    for node, scope, _ in index.nodes[ast.Subscript]:
        if node.ctx.__class__ is not ast.Load:
            is_del = node.ctx.__class__ is ast.Del
            how = Change.DELETE_ITEM if is_del else Change.SET_ITEM
            yield from _outside(index, node.value, how, scope)


def _outside(index: FileIndex, changed: ast.expr, how: Change, scope: Scope) -> Iterator[Mutation]:
    inner = changed
    while isinstance(inner, ast.Subscript):
        inner = inner.value
    if not isinstance(inner, ast.Attribute):
        return
    name, first, _ = scope.method
    if isinstance(inner.value, ast.Name) and inner.value.id == first:
        return
    attribute, of_item = scope.mangled(inner.attr), inner is not changed
    yield Mutation(attribute, how, of_item, name, inner.lineno, index.place(inner))


class UnboundReads(NamedTuple):
    """The attributes of `self` that a class names and does not bind itself, by the number of the
    class. Private names are mangled."""

    number: int
    names: tuple[str, ...]


# No `\b` first: a pattern that begins with letters is found ten times as fast.
_LINE_ENDS = lazy_pattern(r"\r\n?|\n")  # as `ast` counts lines
_OF_SELF = lazy_pattern(r"self(?<!\wself)[ \t]*\.[ \t]*([^\W\d]\w*)")


@extractor(UnboundReads, words=("self.",))
def unbound_reads(index: FileIndex) -> Iterator[UnboundReads]:
    lines: list[str] = []
    for number, facts in enumerate(index.classes):
        lines = lines or _LINE_ENDS.split(index.text)
        text = "\n".join(lines[facts.line - 1 : facts.end_line])
        bound = {binding.name for binding in facts.body}
        never_run = nearly_inits(facts, index.text)
        bound.update(
            each.attribute
            for each in facts.accesses
            if each.kind is Access.SET and each.method not in never_run
        )
        bound.update(facts.slots or ())
        used = {mangled(name, facts.name) for name in set(_OF_SELF.findall(text))}
        names = tuple(sorted(used.difference(bound, _OF_OBJECTS)))
        if names:
            yield UnboundReads(number, names)


class EarlyRow(NamedTuple):
    """What an `__init__` reads too early: see `_early.EarlyRead`. `number` is that of the class; the
    place is that of the read, or of the call in `__init__` of the method that reads it in
    `read_line`, and `method` its name then."""

    number: int
    name: str
    line: int
    column: int
    method: str
    read_line: int
    bound_line: int
    called: tuple[str, ...]


def _may_read_early(text: str) -> bool:
    return "def __init__(self" in text


def _reads_in_init(node: ast.ClassDef) -> bool:
    """Does the `__init__` of a class read an attribute at all?"""
    return any(
        part.__class__ is ast.AugAssign
        or (part.__class__ is ast.Attribute and part.ctx.__class__ is ast.Load)
        for function in node.body
        if isinstance(function, ast.FunctionDef) and function.name == "__init__"
        for part in walk(*function.body)
    )


@extractor(EarlyRow, words=("self.",), nodes=(ast.ClassDef,), may_have=_may_read_early)
def reads_before_binding(index: FileIndex) -> Iterator[EarlyRow]:
    nodes = list(filter(_reads_in_init, index.nodes_of(ast.ClassDef)))
    if not nodes:
        return
    from pyconcepts_lint.rules.class_attributes._early import early_reads_of

    numbers = {(facts.line, facts.column): number for number, facts in enumerate(index.classes)}
    for node in nodes:
        number = numbers.get((node.lineno, index.place(node)))
        for found in early_reads_of(node) if number is not None else ():
            place = found.call or found.read
            method = "" if found.call is None else found.call.attr
            assert number is not None
            yield EarlyRow(
                number,
                found.name,
                place.lineno,
                index.place(place),
                method,
                found.read.lineno,
                found.bound_line,
                found.called,
            )


def nearly_inits(facts: ClassFacts, text: str) -> list[str]:
    """The methods of a class that have a name which people write who mean `__init__`, and that
    nothing calls in the text of its module, nor does Python."""
    return [
        binding.name
        for binding in facts.body
        if binding.name in _NEARLY_INIT
        and binding.kind is BindingKind.FUNCTION
        and (binding.name != "__int__" or len(binding.target.split()) > 1)
        and not re.search(rf"""\.\s*{binding.name}\b|["']{binding.name}["']""", text)
    ]


_NEARLY_INIT = frozenset(
    {
        *("_init_", "__init", "__init_", "_init__", "__int__", "__inti__", "__intit__", "__ini__"),
        *("__initt__", "__iniit__", "__innit__", "__Init__", "__INIT__", "__initialize__"),
        *("___init___", "___init__", "__init___"),
    }
)
_OF_OBJECTS = frozenset(dir(object)) | {"__dict__", "__module__", "__weakref__"}
