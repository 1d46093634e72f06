"""What `show lookup` is asked: a place in a file, or an attribute of a class or module."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterator

from ..analysis.followed import possible
from ..analysis.values import Instance, PossibleValues, Reader
from ..index.binder import mangled
from ..index.layout import Found
from ..index.model import ClassModel, External, Module, SourceClass, Value
from ..rule_api.faults import FileFault
from ..rule_api.file import FileContext
from ..source.ast_nodes import walk
from ..source.scopes import How, Scope
from ..source.text import SourceError
from .answers import UNKNOWN, Lookup, Lookups, Unanswerable
from .lookup import on_class, on_instance, on_module
from .names import on_name
from .world import World

_PLACE = re.compile(r"(?P<file>.+):(?P<line>\d+):(?P<column>\d+)", re.DOTALL)
_LINE_ONLY = re.compile(r"(?P<file>.+):(?P<line>\d+)", re.DOTALL)


def lookup(world: World, question: str) -> Lookups:
    """Answer `FILE:LINE:COL`, `Class.attribute` or `module.name`. Raises Unanswerable."""
    place = _PLACE.fullmatch(question)
    if place:
        file = open_file(world, place["file"])
        return lookup_at(file, int(place["line"]), int(place["column"]))
    line_only = _LINE_ONLY.fullmatch(question)
    if line_only and line_only["file"].endswith((".py", ".pyi")):
        file = open_file(world, line_only["file"])
        listed = _on_line(file, _checked_line(file, int(line_only["line"])))
        raise Unanswerable(f"{question}: a column is missing{listed}")
    return lookup_dotted(world, question)


def lookup_dotted(world: World, question: str) -> Lookups:
    """Answer `Class.attribute` (for an instance, and for the class itself) or `module.name`."""
    owner, dot, name = question.rpartition(".")
    if not dot or not owner or not name.isidentifier():
        raise Unanswerable(f"{question} is neither FILE:LINE:COL nor Class.attribute")
    classes = world.find_classes(owner) if ":" not in owner else [world.model(owner)]
    if not classes and (module := world.find_module(owner)) is not None:
        return Lookups("lookup", (on_module(module, name, question),))
    model = classes[0] if len(classes) == 1 else world.model(owner)
    attribute = mangled(name, model.name)
    return Lookups(
        "lookup",
        (
            on_instance(model, attribute, f"instance.{name}"),
            on_class(model, attribute, f"{model.name}.{name}"),
        ),
    )


def open_file(world: World, name: str) -> FileContext:
    """A file as rules see it. Raises Unanswerable."""
    path = os.path.normpath(os.path.join(world.directory, name))
    if not os.path.isfile(path):
        raise Unanswerable(f"{name}: there is no such file")
    try:
        file = world.workspaces.of(path).open(path)
    except SourceError as error:
        raise Unanswerable(str(error)) from None
    except FileFault as error:
        raise Unanswerable(f"{name}: {error}") from None
    if file.problem is not None or file.module is None or file.tree is None:
        why = "" if file.problem is None else f": {file.problem.message}"
        raise Unanswerable(f"{name}: it can't be read as Python{why}")
    if file.is_python2:
        raise Unanswerable(f"{name} is Python 2 source; places are known in Python 3 source only")
    return file


def lookup_at(file: FileContext, line: int, column: int) -> Lookups:
    """What the name or attribute at a 1-based line and column (in characters) finds."""
    shown = os.path.relpath(file.path)
    text = file.code.line(_checked_line(file, line))
    if not 1 <= column <= len(text) + 1:
        raise Unanswerable(
            f"{shown}:{line}:{column}: the line has {len(text)} columns{_on_line(file, line)}"
        )
    node = _node_at(file, line, column)
    if node is None:
        raise Unanswerable(
            f"{shown}:{line}:{column}: there is no name and no attribute{_on_line(file, line)}"
        )
    scope = _scope_of(file, node)
    place = file.ast_place(*_start(node))
    if isinstance(node, ast.Name):
        name = _mangled(node.id, scope)
        found = on_name(file, name, scope, *place)
        return Lookups("lookup", (_with_use(found, node),))
    answers = [
        _with_use(each._replace(path=file.path, line=place[0], column=place[1]), node)
        for each in _attribute(file, node, scope)
    ]
    return Lookups("lookup", tuple(answers))


def _checked_line(file: FileContext, line: int) -> int:
    count = file.code.line_count
    if not 1 <= line <= count:
        raise Unanswerable(f"{os.path.relpath(file.path)}:{line}: the file has {count} lines")
    return line


def _with_use(found: Lookup, node: ast.Name | ast.Attribute) -> Lookup:
    """What is to be said where the place binds or deletes what it names."""
    if isinstance(node.ctx, ast.Load):
        return found
    verb = "deletes" if isinstance(node.ctx, ast.Del) else "binds"
    said = f"the line itself {verb} it; shown is what reading it finds"
    return found._replace(notes=(said, *found.notes))


# What stands at a place


def _start(node: ast.Name | ast.Attribute) -> tuple[int, int]:
    """Where the name itself starts, as `ast` counts."""
    if isinstance(node, ast.Name):
        return node.lineno, node.col_offset
    return node.end_lineno or node.lineno, (node.end_col_offset or 0) - len(node.attr.encode())


def _named(file: FileContext) -> Iterator[tuple[int, int, int, ast.Name | ast.Attribute]]:
    """Line, first and last column of each name and each attribute's name."""
    assert file.tree is not None
    for node in walk(file.tree):
        if isinstance(node, (ast.Name, ast.Attribute)):
            line, first = file.ast_place(*_start(node))
            text = node.id if isinstance(node, ast.Name) else node.attr
            yield line, first, first + len(text) - 1, node


def _node_at(file: FileContext, line: int, column: int) -> ast.Name | ast.Attribute | None:
    near = [
        each for each in _named(file) if each[0] == line and each[1] - 1 <= column <= each[2] + 1
    ]
    # On the name itself, else just behind it, else on the dot before it.
    near.sort(key=lambda each: (not each[1] <= column <= each[2], column < each[1]))
    for _, first, _, node in near:
        if column >= first or isinstance(node, ast.Attribute):
            return node
    return None


def _on_line(file: FileContext, line: int) -> str:
    """The names on a line with their columns, to be added to an error."""
    found = sorted(
        (first, node.id if isinstance(node, ast.Name) else node.attr)
        for number, first, _, node in _named(file)
        if number == line
    )
    if not found:
        return ""
    listed = ", ".join(f"{name} at column {first}" for first, name in found[:12])
    return f"; on line {line} there are {listed}"


def _scope_of(file: FileContext, wanted: ast.AST) -> Scope:
    """The scope in which an expression is evaluated."""
    assert file.tree is not None
    reader = Reader(file.tree, lambda node: node if node is wanted else None)
    for _, _, scope in reader.asked:
        return scope
    return reader.module


def _mangled(name: str, scope: Scope) -> str:
    around = scope.class_scope
    return name if around is None else mangled(name, getattr(around.node, "name", ""))


# What attributes are asked of


def _attribute(file: FileContext, node: ast.Attribute, scope: Scope) -> Iterator[Lookup]:
    name = _mangled(node.attr, scope)
    subject = file.ast_quote(node)
    behind = _class_of_super(file, node.value, scope)
    if behind is not None:
        of = f"`super()` in `{behind.full_name}`: what stands behind it in the MRO of its instances"
        found = on_instance(behind, name, subject, of=of, after=behind)
        below = "in instances of a subclass, other classes may come first"
        yield found._replace(notes=(*found.notes, below))
        return
    if _is_super(node.value, with_arguments=True):
        yield _unknown(file, node, subject)
        return
    values = next(iter(possible(file, lambda each: node.value if each is node else None)), None)
    origin = PossibleValues() if values is None else values.origin
    is_self = _is_first_parameter(node.value, scope)
    said = False
    for item in sorted(origin.objects, key=repr):
        found_one = _on(item, name, subject, is_self)
        if found_one is not None:
            said = True
            if origin.is_open and not is_self:
                more = f"`{ast.unparse(node.value)}` may be something else, too"
                found_one = found_one._replace(unknown=(*found_one.unknown, more))
            yield found_one
    if not said:
        yield _unknown(file, node, subject)


def _unknown(file: FileContext, node: ast.Attribute, subject: str) -> Lookup:
    receiver = file.ast_quote(node.value)
    of = f"`{receiver}`, of which it isn't known what it is"
    why = f"what `{receiver}` is can't be known here"
    return Lookup(subject, of, file.path, 0, 0, (), UNKNOWN, "it isn't known", None, (), (why,))


def _on(item: object, name: str, subject: str, is_self: bool) -> Lookup | None:
    if isinstance(item, Instance):
        of = f"an instance of `{item.model.full_name}`"
        return on_instance(
            item.model, name, subject, of=f"{of} or of a class below it" if is_self else of
        )
    if isinstance(item, ClassModel):
        return on_class(item, name, subject)
    if isinstance(item, Module):
        return on_module(item, name, subject)
    if isinstance(item, (Found, External, Value)):
        return None
    return None


def _is_first_parameter(node: ast.expr, scope: Scope) -> bool:
    if not isinstance(node, ast.Name):
        return False
    owner = scope.find(node.id)
    return owner is not None and any(
        each.how is How.FIRST_PARAMETER for each in owner.bound.get(node.id, ())
    )


def _is_super(node: ast.expr, with_arguments: bool = False) -> bool:
    if not isinstance(node, ast.Call) or bool(node.args or node.keywords) is not with_arguments:
        return False
    return isinstance(node.func, ast.Name) and node.func.id == "super"


def _class_of_super(file: FileContext, node: ast.expr, scope: Scope) -> SourceClass | None:
    """The class in whose method `super()` stands."""
    if not _is_super(node):
        return None
    around = scope.class_scope
    if around is None or file.module is None or not isinstance(around.node, ast.ClassDef):
        return None
    place = file.ast_place(around.node.lineno, around.node.col_offset)
    return file.module.class_at(*place)
