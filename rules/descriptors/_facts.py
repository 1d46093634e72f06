"""What is noted of each file for the rules about descriptors."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from pyconcepts_lint.base.typed import TYPE_CHECKING, NamedTuple
from pyconcepts_lint.index.binder import STORING, dotted_name
from pyconcepts_lint.index.extractor import Line, extractor
from pyconcepts_lint.index.facts import BindingKind

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
