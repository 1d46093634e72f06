"""What is noted of each file for the rules about descriptors."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from pyconcepts_lint.base.typed import TYPE_CHECKING, NamedTuple
from pyconcepts_lint.index.binder import STORING, dotted_name, mangled
from pyconcepts_lint.index.extractor import Line, extractor
from pyconcepts_lint.index.facts import BindingKind
from pyconcepts_lint.source.ast_nodes import own_nodes

if TYPE_CHECKING:
    from pyconcepts_lint.index.binder import FileIndex

HOOKS = ("__getattr__", "__getattribute__", "__setattr__", "__delattr__")


@extractor(Line, words=("@",))
def decorated_methods(index: FileIndex) -> Iterator[Line]:
    """The functions in class bodies that have a decorator."""
    for facts in index.classes:
        for binding in facts.body:
            if binding.kind is BindingKind.FUNCTION and binding.decorators:
                yield Line(binding.line)


@extractor(Line, words=("class",))
def attribute_hooks(index: FileIndex) -> Iterator[Line]:
    """What a class body has under the name of a method that Python asks for any attribute, and the
    properties that it makes by a call."""
    for facts in index.classes:
        for accessors in facts.accessors:
            yield Line(accessors.line)
        for binding in facts.body:
            if binding.name in HOOKS:
                yield Line(binding.line)


class StoredCall(NamedTuple):
    """The dotted name of what is called to make what an attribute is assigned."""

    called: str


@extractor(StoredCall, words=("class",), nodes=STORING)
def stored_calls(index: FileIndex) -> Iterator[StoredCall]:
    """Calls of the built-in classes and functions that make no descriptors don't count."""
    has_stars = any(name == "*" for found in index.imports for name, _ in found.names)
    for value, _ in index.stored_values:
        if isinstance(value, ast.Call):
            name = dotted_name(value.func)
            built_in = getattr(builtins, name, None) if "." not in name else None
            is_bound = has_stars or name in index.module.names
            if built_in is None or is_bound or hasattr(built_in, "__get__"):
                yield StoredCall(name)


@extractor(
    Line,
    words=("__repr__", "__str__", "__format__", "__len__", "__hash__", "__bool__", "__iter__"),
    nodes=(ast.Call, ast.JoinedStr, ast.BinOp),
)
def own_questions(index: FileIndex) -> Iterator[Line]:
    """The special methods that may ask their own instance for what they are to give."""
    from pyconcepts_lint.rules.descriptors._own_questions import ASKED, asked_of

    for kind in (ast.Call, ast.JoinedStr, ast.BinOp):
        for node, scope, _ in index.nodes[kind]:
            name, first, line = scope.method
            if name in ASKED and next(asked_of(node, first), ""):
                yield Line(line)


class CalledAttribute(NamedTuple):
    """A name by which the file calls an attribute of what has a name, or of what a call gives."""

    name: str


@extractor(CalledAttribute, words=(".",), nodes=(ast.Call,))
def called_attributes(index: FileIndex) -> Iterator[CalledAttribute]:
    names = {
        call.func.attr
        for call, _, _ in index.nodes[ast.Call]
        if call.func.__class__ is ast.Attribute
        and call.func.value.__class__ in (ast.Name, ast.Call)
    }
    yield from map(CalledAttribute, sorted(names))


class PlainProperty(NamedTuple):
    """A property whose getter surely returns what can't be called; `gives` names its type."""

    name: str
    line: int
    gives: str


@extractor(PlainProperty, words=("property",), nodes=(ast.ClassDef,))
def plain_properties(index: FileIndex) -> Iterator[PlainProperty]:
    for node in index.nodes_of(ast.ClassDef):
        for part in node.body:
            if isinstance(part, ast.FunctionDef) and any(
                dotted_name(each).rpartition(".")[2] in ("property", "cached_property")
                for each in part.decorator_list
            ):
                gives = _given(part)
                if gives:
                    yield PlainProperty(mangled(part.name, node.name), part.lineno, gives)


def _given(getter: ast.FunctionDef) -> str:
    """The type of what a getter returns, as its annotation or each `return` says; "" where that may
    be called, or isn't known."""
    annotated = dotted_name(getter.returns) if getter.returns is not None else ""
    if annotated in _NOT_CALLABLE:
        return annotated
    nodes = own_nodes(*getter.body)
    if any(isinstance(node, (ast.Yield, ast.YieldFrom)) for node in nodes):
        return ""
    returned = [node.value for node in nodes if isinstance(node, ast.Return)]
    kinds = {"" if value is None else _kind_of(value) for value in returned}
    return kinds.pop() if len(kinds) == 1 and isinstance(getter.body[-1], ast.Return) else ""


def _kind_of(value: ast.expr) -> str:
    if isinstance(value, ast.Constant) and value.value is not None and value.value is not ...:
        return type(value.value).__name__
    if isinstance(value, ast.JoinedStr):
        return "str"
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        name = value.func.id
        return "int" if name == "len" else name if name in _NOT_CALLABLE else ""
    return _DISPLAYS.get(type(value), "")


_NOT_CALLABLE = frozenset(
    {"bool", "bytes", "dict", "float", "frozenset", "int", "list", "set", "str"}
)
_DISPLAYS: dict[type[ast.expr], str] = {
    **dict.fromkeys((ast.List, ast.ListComp), "list"),
    **dict.fromkeys((ast.Dict, ast.DictComp), "dict"),
    **dict.fromkeys((ast.Set, ast.SetComp), "set"),
    ast.Tuple: "tuple",
}
