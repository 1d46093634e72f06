"""The `__new__` methods of a file's classes, and what becomes of calling them."""

from __future__ import annotations

import ast

from pyconcepts_lint.analysis.flow import Returns, returns_in
from pyconcepts_lint.base.answer import Answer
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index.facts import Binding, BindingKind, Method
from pyconcepts_lint.index.model import ClassModel, SourceClass
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.source.ast_nodes import own_nodes


class New(NamedTuple):
    """The `__new__` that a class body defines.

    `node` is parsed on its own: what it calls line 1 is the file's line `line`; its columns are
    the file's.
    """

    model: SourceClass
    binding: Binding
    node: ast.FunctionDef
    line: int

    @property
    def is_of_metaclass(self) -> bool:
        return any(base.full_name == "builtins.type" for base in self.model.mro or ())


def new_methods(file: FileContext) -> list[New]:
    """The functions that are the `__new__` of a class of the file.

    Left out are those that a decorator other than `staticmethod` makes something else of, and
    those of which calling gives no more than a coroutine or a generator.
    """
    if file.module is None:
        return []
    found: list[New] = []
    for model in file.module.classes:
        if model.facts.new_passes_on is None:
            continue
        for method in model.facts.methods:
            if method.name == "__new__":
                bindings = [b for b in model.facts.body if b.name == "__new__" and _counts(b)]
                if len(bindings) != 1 or bindings[0].line != method.line:
                    continue
                node = parsed_function(file, method)
                if node is not None and set(bindings[0].decorators) <= {"staticmethod"}:
                    found.append(New(model, bindings[0], node, method.line))
    return found


def _counts(binding: Binding) -> bool:
    """Does a binding make the attribute, rather than say something of its type?"""
    names = (name.rpartition(".")[2] for name in binding.decorators)
    return binding.kind is not BindingKind.ANNOTATION and "overload" not in names


def parsed_function(file: FileContext, method: Method) -> ast.FunctionDef | None:
    """A method without its decorators, its lines counted from 1; None for a generator or a
    coroutine. A whole file takes much longer to parse."""
    code = file.code
    start = code.offset(method.line, 1)
    end = (
        code.offset(method.end_line + 1, 1) if method.end_line < code.line_count else len(file.text)
    )
    try:
        holder = ast.parse("if 1:\n" + file.text[start:end]).body[0]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    assert isinstance(holder, ast.If)
    ast.increment_lineno(holder, -1)
    node = holder.body[0]
    if not isinstance(node, ast.FunctionDef):
        return None
    if any(isinstance(part, (ast.Yield, ast.YieldFrom)) for part in own_nodes(*node.body)):
        return None
    return node


def local_names(function: ast.FunctionDef) -> frozenset[str]:
    """The names that a function binds, and perhaps some more."""
    names = {part.arg for part in ast.walk(function.args) if isinstance(part, ast.arg)}
    for node in own_nodes(*function.body):
        if isinstance(node, ast.Name):
            if not isinstance(node.ctx, ast.Load):
                names.add(node.id)
        elif isinstance(node, ast.alias):
            names.add((node.asname or node.name).partition(".")[0])
        else:
            name = getattr(node, "name", None) or getattr(node, "rest", None)
            if isinstance(name, str):
                names.add(name)
    return frozenset(names)


def returns_for(new: New) -> Returns:
    """Which calls in a `__new__` return (see `flow.returns_in`)."""
    known = returns_in(new.model.module, local_names(new.node))

    def returns(call: ast.Call) -> Answer:
        found = known(call)
        if found is Answer.UNKNOWN and isinstance(call.func, ast.Attribute):
            # Python's own protocols, and what containers do.
            name = call.func.attr
            is_special = name.startswith("__") and name.endswith("__")
            return Answer.YES if is_special or name in _CONTAINER_METHODS else Answer.UNKNOWN
        return found

    return returns


_CONTAINER_METHODS = frozenset(
    name for kind in (list, dict, set) for name in dir(kind) if not name.startswith("_")
)


def is_made_plainly(model: ClassModel) -> bool:
    """Does calling the class surely give what its `__new__` returns?"""
    return (
        isinstance(model, SourceClass)
        and model.mro is not None
        and model.harmless_decorators
        and all(base.plain_metaclass for base in model.mro)
    )
