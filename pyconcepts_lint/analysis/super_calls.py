"""What `super()` without arguments means at a place, and whether it can be said there.

It takes the class from the cell `__class__`, which every function in a class body has that names
`super`, however deep it stands, and the instance from the first local variable of the code that
runs (https://docs.python.org/3/library/functions.html#super,
https://docs.python.org/3/reference/datamodel.html#creating-the-class-object). A generator
expression is code of its own; so were the other comprehensions up to Python 3.11 (PEP 709).
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from functools import cached_property

from ..base.answer import Answer
from ..base.typed import NamedTuple
from ..index import tables
from ..index.attributes import rebinds
from ..index.binder import mangled
from ..index.facts import CONDITIONAL, Access, MethodKind
from ..index.model import SourceClass
from ..rule_api.file import FileContext
from ..source import signatures
from ..source.ast_nodes import COMPREHENSIONS, FUNCTIONS, bound_names, child_nodes, first_line, walk
from ..source.scopes import scopes_along

Place = tuple[int, int]
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
Path = tuple[ast.AST, ...]

_INLINED = (ast.ListComp, ast.SetComp, ast.DictComp)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)

NO_ARGUMENTS = "RuntimeError: super(): no arguments"
NO_CELL = "RuntimeError: super(): __class__ cell not found"
EMPTY_CELL = "RuntimeError: super(): empty __class__ cell"
OTHER_INSTANCE = "TypeError: super(type, obj): obj must be an instance or subtype of type"


class Context:
    """Where an expression stands, as far as `super` asks.

    Args:
        file: the file at hand.
        path: the nodes around the expression, the module first, and itself as the last.
    """

    def __init__(self, file: FileContext, path: Path) -> None:
        self.file = file
        self.path = path
        self.scopes = tuple(scopes_along(path))
        """The classes, functions and comprehensions in which it is evaluated, outermost first."""

    @cached_property
    def running(self) -> ast.AST | None:
        """The innermost of `scopes`; None in a module's own code."""
        return self.scopes[-1] if self.scopes else None

    @cached_property
    def class_statement(self) -> ast.ClassDef | None:
        """The statement whose class the cell `__class__` holds; None where there is no cell."""
        around = (scope for scope in reversed(self.scopes[:-1]) if isinstance(scope, ast.ClassDef))
        return next(around, None)

    @cached_property
    def model(self) -> SourceClass | None:
        """The index's model of that class."""
        node, module = self.class_statement, self.file.module
        if node is None or module is None:
            return None
        return module.class_at(*self.file.ast_place(node.lineno, node.col_offset))

    @cached_property
    def method(self) -> FunctionNode | None:
        """The function around the place that stands directly in the body of that class."""
        if self.class_statement is None:
            return None
        inside = self.scopes[self.scopes.index(self.class_statement) + 1]
        return inside if isinstance(inside, FunctionNode) else None

    @property
    def _is_static(self) -> bool:
        if self.method is None or self.model is None:
            return False
        known = self.file.cached(_static_methods)
        if self.model not in known:
            methods = self.model.facts.methods
            known[self.model] = {each.line for each in methods if each.kind is MethodKind.STATIC}
        return self.method.lineno in known[self.model]

    @property
    def is_in_method(self) -> bool:
        """Is it evaluated by the method itself, and not by a function in it?"""
        return self.method is not None and self.method is self.running

    def may_have_deleted(self, name: str) -> bool:
        """Does the method delete its first argument somewhere?"""
        return self.method is not None and name in _names_in(self.file, self.method).deleted

    def failure(self, *, inlined: bool) -> str:
        """The exception that `super()` without arguments surely raises there, as CPython says
        it; "" where it may work.

        Args:
            inlined: are comprehensions run by the function around them, as since Python 3.12?
        """
        scopes = self.scopes
        while inlined and scopes and isinstance(scopes[-1], _INLINED):
            scopes = scopes[:-1]
        running = scopes[-1] if scopes else None
        if running is None or isinstance(running, ast.ClassDef):
            return NO_ARGUMENTS
        if isinstance(running, FUNCTIONS) and not first_parameter(running):
            return NO_ARGUMENTS
        if self.class_statement is None:
            return NO_CELL
        if isinstance(running, COMPREHENSIONS):
            return EMPTY_CELL if isinstance(scopes[-2], ast.ClassDef) else OTHER_INSTANCE
        return ""

    def instance_name(self) -> str:
        """The name under which the instance or class that the method gets is surely known at the
        place; "" where there is none."""
        method = self.method
        name = "" if self._is_static else first_parameter(method)
        if method is None or not name or name in self._names_bound.otherwise:
            return ""
        inside = self.scopes[self.scopes.index(method) + 1 :]
        return "" if any(name in _names_in(self.file, each).bound for each in inside) else name

    def class_name(self) -> str:
        """A dotted name that surely means the class of the cell at the place; "" for none."""
        model = self.model
        if model is None:
            return ""
        name = model.name if model.facts.in_function else model.qualname
        return name if self.means_class(name) else ""

    def means_class(self, dotted: str) -> bool:
        """Does a dotted name, at the place, surely mean the class that the cell holds?"""
        model, statement = self.model, self.class_statement
        if model is None or statement is None or not dotted:
            return False
        if dotted == "__class__":
            return True
        root, *rest = parts = dotted.split(".")
        if any(mangled(part, model.name) != part for part in parts):
            return False
        if not model.is_returned_by_decorators:
            return False
        number = self.scopes.index(statement)
        # A class in a function is a local variable there, and free in its own functions.
        owner = self.scopes[number - 1] if model.facts.in_function else self.path[0]
        above = self.path[self.path.index(owner) : self.path.index(statement)]
        if any(isinstance(node, _LOOPS) for node in above):
            return False  # a class for each round
        if model.facts.in_function:
            return (
                not rest
                and root == model.name
                and isinstance(owner, FunctionNode)
                and not _binds(owner, root, statement)
            )
        return not self.may_bind(root) and _resolves(model, parts)

    def may_bind(self, name: str) -> bool:
        """May a function that stands in the body of the class, and in which the place is, or
        anything in it have a variable `name` of its own?"""
        return name in self._names_bound.by_parameters or name in self._names_bound.otherwise

    @cached_property
    def _names_bound(self) -> _NamesBound:
        """What binds names in the function that stands in the body of the class."""
        if self.class_statement is None:
            return _NamesBound(set(), set(), set())
        return _names_in(self.file, self.scopes[self.scopes.index(self.class_statement) + 1])


class _NamesBound(NamedTuple):
    """The names that a scope, or anything in it, binds or sends elsewhere."""

    by_parameters: set[str]
    otherwise: set[str]
    deleted: set[str]

    @property
    def bound(self) -> set[str]:
        return self.by_parameters | self.otherwise


def _names_by_scope(file: FileContext) -> dict[ast.AST, _NamesBound]:
    """What `_names_in` has found; filled as it is asked for."""
    return {}


def _static_methods(file: FileContext) -> dict[SourceClass, set[int]]:
    """The lines of the static methods of classes; filled as they are asked about."""
    return {}


def _names_in(file: FileContext, scope: ast.AST) -> _NamesBound:
    known = file.cached(_names_by_scope)
    if scope not in known:
        known[scope] = found = _NamesBound(set(), set(), set())
        for node in _nodes_in(scope):
            names = found.by_parameters if isinstance(node, ast.arg) else found.otherwise
            names.update(bound_names(node))
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del):
                found.deleted.add(node.id)
    return known[scope]


def _resolves(model: SourceClass, parts: Sequence[str]) -> bool:
    """Does a name of the module mean the class, and does nothing put another in its place?"""
    module = model.module
    project = module.project
    if project.resolve(module, ".".join(parts)) is not model:
        return False
    for number, part in enumerate(parts):
        owner = project.resolve(module, ".".join(parts[:number])) if number else module
        if number and not (isinstance(owner, SourceClass) and owner.is_returned_by_decorators):
            return False
        if isinstance(owner, SourceClass):
            if rebinds(owner, part) is not Answer.NO:
                return False
            continue
        for user, receiver, context in project.row(tables.uses, part):
            if context is not Access.READ and project.resolve(user, receiver) is owner:
                return False
    return True


def first_parameter(node: ast.AST | None) -> str:
    """The name of a function's first positional parameter, or ""."""
    return signatures.first_parameter(node.args) if isinstance(node, FUNCTIONS) else ""


def _binds(scope: ast.AST, name: str, but: ast.AST) -> bool:
    """Does a function, or anything in it, bind the name or send it elsewhere?"""
    return any(name in bound_names(node) for node in _nodes_in(scope) if node is not but)


def _nodes_in(scope: ast.AST) -> list[ast.AST]:
    """All that is in a scope; of a function statement not its decorators and return annotation."""
    return walk(scope) if not isinstance(scope, FunctionNode) else walk(scope.args, *scope.body)


# The uses of `super` in a file

# A `\b` in front would keep `re` from looking for the letters first, which is much faster.
_SUPER = re.compile(r"super\b(?P<used>\s*(?P<use>[.(]))?")
_CELL = re.compile(r"__class__\b")
# No statement has such a word behind a name that it binds.
_PROSE = re.compile(r"[ \t]+(?!(?:in|as|if)\b)[A-Za-z]")


class Use(NamedTuple):
    """A call of the built-in `super`, or a reference to one of its own attributes (`super.m`).

    `node` is that call or reference.
    """

    node: ast.Call | ast.Attribute
    context: Context


def uses(file: FileContext) -> dict[Place, Use]:
    """The uses of the built-in `super` in a file that rules may have something to say about, by
    the 1-based line and column of the name.

    Left out are those that the facts leave out (see `ModuleFacts.supers`), and all where the file
    binds the name `super` or `__class__`.
    """
    module = file.module
    if module is None:
        return {}
    return uses_at(file, {*module.facts.supers, *_attributes(file)})


def uses_at(file: FileContext, places: Collection[Place]) -> dict[Place, Use]:
    """The uses at some of the places where the name stands, plain ones, too."""
    if not places or not file.cached(is_builtin):
        return {}
    found: dict[Place, Use] = {}
    lines = {line for line, _ in places}
    for start in parts(file, lines):
        for path in paths(file, places, start):
            node = path[-1]
            if not _is_super(node):
                continue
            assert isinstance(node, (ast.Call, ast.Attribute))
            place = file.ast_place(node.lineno, node.col_offset)
            if file.stands_there(node.func if isinstance(node, ast.Call) else node):
                found[place] = Use(node, Context(file, path))
    return found


def parts(file: FileContext, lines: Collection[int]) -> Iterator[Path]:
    """The ways down to methods and statements that together hold some lines: each is the nodes
    around one, the module first, and itself as the last.

    To parse a method is much cheaper than to parse the file, and what is around it is known to
    the index: where the class stands in no loop and no function, the way starts at a class
    statement that has nothing but the method.
    """
    assert file.module is not None
    others = set(lines)
    ordered = sorted(others)
    for model in file.module.classes:
        facts = model.facts
        in_class = others.intersection(_between(ordered, facts.line, facts.end_line))
        ordered_in_class = sorted(in_class)
        for method in facts.methods if in_class and _stands_apart(model) else ():
            inside = set(_between(ordered_in_class, method.line, method.end_line))
            function = file.statement(method.line, method.end_line) if inside else None
            if isinstance(function, FunctionNode):
                others -= inside
                before = file.code.line(facts.line)[: facts.column - 1]
                place = {"lineno": facts.line, "col_offset": len(before.encode())}
                header = ast.ClassDef(model.name, [], [], [function], [], **place)
                yield ast.Module([header], []), header, function
    for statement in file.statements_at(others):
        yield ast.Module([statement], []), statement


def _between(ordered: Sequence[int], first: int, last: int) -> Sequence[int]:
    return ordered[bisect_left(ordered, first) : bisect_right(ordered, last)]


def _stands_apart(model: SourceClass) -> bool:
    """Is its class statement, and each around it, one that runs once, wherever it is?"""
    facts = model.facts
    while not facts.in_function and not facts.flags & CONDITIONAL:
        if facts.parent < 0:
            return True
        facts = model.module.classes[facts.parent].facts
    return False


def is_builtin(file: FileContext) -> bool:
    """Is `super` the built-in all over the file, and `__class__` what the compiler makes?"""
    module = file.module
    if module is None or "super" in module.bindings or file.project.has_unknown_star(module):
        return False
    if file.project.member(module, "super") is not None:
        return False
    if not _may_be_bound(file):
        return True
    return file.tree is not None and not any(map(_binds_either, walk(file.tree)))


def _attributes(file: FileContext) -> Iterator[Place]:
    for match in _words(file, _SUPER):
        if match["use"] == "." and not file.literals.hold(match.start()):
            yield file.code.position(match.start())


def _may_be_bound(file: FileContext) -> bool:
    """Look at the text: does it use the names otherwise than to call `super`?"""
    for match in _words(file, _SUPER):
        before = file.text[max(match.start() - 20, 0) : match.start()].split()
        is_used = match["used"] or _PROSE.match(file.text, match.end())
        may_bind = not is_used or before[-1:] in (["def"], ["class"])
        if may_bind and not file.literals.hold(match.start()):
            return True
    return any(
        file.text[match.start() - 1] != "." and not file.literals.hold(match.start())
        for match in _words(file, _CELL)
    )


def _words(file: FileContext, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Where a name may stand in code, by what stands right before it.

    Whether that is in a comment or a string is left to ask: finding out where a file has these
    takes much longer.
    """
    for match in pattern.finditer(file.text):
        before = file.text[match.start() - 1 : match.start()]
        if not before or not (before in "_\"'" or before.isalnum()):
            yield match


def _binds_either(node: ast.AST) -> bool:
    if isinstance(node, ast.ClassDef):
        return node.name == "super"
    return not {"super", "__class__"}.isdisjoint(bound_names(node))


def _is_super(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        called = node.func
    elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
        called = node.value
    else:
        return False
    return isinstance(called, ast.Name) and called.id == "super"


def paths(file: FileContext, places: Collection[Place], start: Path) -> Iterator[Path]:
    """The ways from the last node of `start` down to the expressions that start at some places.

    Each is `start`, the nodes around an expression, and itself as the last. Of the expressions
    that start at the same place, all are there.
    """
    known = {line for line, _ in places}
    waiting: list[tuple[Path, Sequence[int]]] = [(start, sorted(known))]
    while waiting:
        path, wanted = waiting.pop()
        for node in child_nodes(path[-1]):
            first = getattr(node, "lineno", 0)
            if first:
                if getattr(node, "decorator_list", ()):
                    first = first_line(node)  # type: ignore[arg-type]
                last = node.end_lineno  # type: ignore[attr-defined]
                inside = _between(wanted, first, last)
                if not inside:
                    continue
                if (
                    isinstance(node, ast.expr)
                    and node.lineno in known
                    and file.ast_place(node.lineno, node.col_offset) in places
                ):
                    yield (*path, node)
            else:
                inside = wanted
            waiting.append(((*path, node), inside))
