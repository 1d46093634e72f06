from __future__ import annotations

import ast
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from pyconcepts_lint.analysis.introspection import reads_namespaces
from pyconcepts_lint.base.finding import Applicability, Edit
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index.binder import mangled
from pyconcepts_lint.index.facts import CONDITIONAL, BindingKind, ClassFacts
from pyconcepts_lint.index.kinds import AttributeKind
from pyconcepts_lint.index.model import SourceClass
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.edits import remove_lines
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.source.ast_nodes import COMPREHENSIONS, child_nodes, first_line, walk

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_LITERALS = (ast.Constant, ast.Tuple, ast.List, ast.Set, ast.Dict)
_NOTHING_MORE = re.compile(r"[ \t\f]*(?:#.*)?")
_COMMENT = re.compile(r"[ \t\f]*#")

# The statements that bind class attributes at a place of their own.
Assignment = ast.Assign | ast.AnnAssign


class _Late(NamedTuple):
    """An assignment below the first method; its lines, with the comments above it, if it could
    be moved."""

    statement: Assignment
    names: tuple[str, ...]
    lines: tuple[int, int] | None
    is_safe: bool


class ClassAttributeAfterMethod(Rule):
    """A class attribute stands below the class's methods, where it is easily overlooked.

    ## What it finds

    An assignment in a class body that stands below the first method of the class. It says nothing
    of special names (`__hash__ = None`), of fields (in an `Enum`, a dataclass and their like, and in
    classes whose bases or decorators aren't known), of functions and properties that are made by
    an assignment, and where the value needs a name which the class body binds that far down, as
    `size = property(get_size)` does.

    ## Why

    A class body is run from top to bottom like any other code, and a class attribute may be bound
    anywhere in it. But readers of a method who come upon `self.timeout` have to know what the
    class attribute is that all instances start with; at the top of the class it is found at a
    glance.

    ## Bad

    ```python
    class Client:
        def connect(self):
            return f"waiting {self.timeout} s"

        timeout = 30


    print(Client().connect())
    ```

    ```output
    waiting 30 s
    ```

    ## Good

    ```python
    class Client:
        timeout = 30

        def connect(self):
            return f"waiting {self.timeout} s"


    print(Client().connect())
    ```

    ```output
    waiting 30 s
    ```

    ## Fix

    Moves the assignments of a class up, with the comments above them and the string below that
    tells of them, below the statements that
    the class begins with. It is safe for literals and displays of literals that nothing else binds
    the name of, in a class in which nothing looks at the order of its attributes: no metaclass, base
    or decorator, no `dir`, `vars`, `locals`, `eval` or `exec` in the class body, and no `vars` or
    `__dict__` of anything but `self` in the file. Anything else may mean something else at another
    time: there the fix is unsafe.
    There is none for statements that share a line, where the name is bound more than once from
    the first method on, and where something that would come to stand below reads it.

    ## Options

    `field-classes`: classes whose class-level names describe fields of their instances.

    ## When to ignore it

    Where an attribute is kept beside the methods that it is for, on purpose.

    ## See also

    - [Class definitions](https://docs.python.org/3/reference/compound_stmts.html#class-definitions)
    - [Class and instance variables](https://docs.python.org/3/tutorial/classes.html#class-and-instance-variables)
    """

    code = "PCL106"
    name = "class-attribute-after-method"
    on = False
    severity = "note"
    silences = {
        "its value needs a name that is bound below the header": "needs-name",
        "the class is an enumeration": "enum",
        "the name is a special one": "dunder",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        if file.module is None:
            return
        models = {
            (model.facts.line, model.facts.column): model
            for model in file.module.classes
            if (names := _names_bound_late(model.facts))
            and model.is_as_written
            and not model.is_field_class
            and any(_is_plain_attribute(model, name) for name in names)
        }
        for node in walk(*file.statements_at([line for line, _ in models])):
            if isinstance(node, ast.ClassDef):
                model = models.get(file.ast_place(node.lineno, node.col_offset))
                if model is not None:
                    yield from self._in_body(model, node.body)

    def _in_body(self, model: SourceClass, body: Sequence[ast.stmt]) -> Iterator[Claim]:
        number = next((n for n, part in enumerate(body) if isinstance(part, _FUNCTIONS)), None)
        if number is None:
            return
        method = body[number]
        assert isinstance(method, _FUNCTIONS)
        known = _known_of(model, body, number)
        late: list[_Late] = []
        below = 0  # the number of the statement which all must stand below
        for statement in body[number + 1 :]:
            if isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value is not None:
                names = _attributes(model, statement)
                needed = self._needed(model, statement, body[:number], known)
                if names and needed is not None:
                    below = max(below, needed)
                    late.append(self._late(model, statement, names, body, known))
        if not late:
            return
        below = max([below, *(n for n in range(1, number + 1) if _is_simple(body[n - 1]))])
        moves = {
            is_safe: self._moves(
                [found for found in late if found.lines and found.is_safe is is_safe], body, below
            )
            for is_safe in (True, False)
        }
        for found in late:
            yield self._claim(model, method.name, found, moves[found.is_safe])

    def _claim(self, model: SourceClass, method: str, found: _Late, moves: list[Edit]) -> Claim:
        shown = " and ".join(f"`{model.name}.{name}`" for name in found.names)
        verb = "stands" if len(found.names) == 1 else "stand"
        applicability: Applicability = "safe" if found.is_safe else "unsafe"
        return Claim(
            self.file.ast_range(found.statement),
            f"the class attribute{'s'[: len(found.names) - 1]} {shown} {verb} below the first "
            f"method of the class, `{method}`",
            self.fix(applicability, "Move it up", moves) if found.lines and moves else None,
        )

    # What is late

    def _needed(
        self, model: SourceClass, statement: Assignment, top: Sequence[ast.stmt], known: _Known
    ) -> int | None:
        """The number of statements of `top` that have to stay above an assignment; None where
        what it needs isn't bound by these alone."""
        number = 0
        for name in _evaluated(statement):
            name = mangled(name, model.name)
            for line in known.bound.get(name, ()):
                holder = bisect_left(top, line, key=lambda part: part.end_lineno or 0)
                if holder == len(top) or first_line(top[holder]) > line:
                    return None
                number = max(number, holder + 1)
        return number

    def _late(
        self,
        model: SourceClass,
        statement: Assignment,
        names: tuple[str, ...],
        body: Sequence[ast.stmt],
        known: _Known,
    ) -> _Late:
        index = known.numbers[statement]
        private = [mangled(name, model.name) for name in names]
        bound = [known.bound.get(name, []) for name in private]
        is_bound_once = all(len(lines) == 1 for lines in bound)
        # Further up, the name would be bound again, or read before it means what it means now.
        can_be_moved = all(known.between.get(name, index) >= index for name in private) and all(
            sum(line >= known.line for line in lines) == 1 for lines in bound
        )
        assert statement.value is not None
        return _Late(
            statement,
            names,
            self._own_lines(statement, body, index) if can_be_moved else None,
            is_bound_once
            and all(known.evaluated.get(name, index) >= index for name in private)
            and _is_literal(statement.value)
            and known.looks_around >= index
            and _is_order_free(model)
            and not self.file.cached(reads_namespaces),
        )

    def _own_lines(
        self, statement: Assignment, body: Sequence[ast.stmt], index: int
    ) -> tuple[int, int] | None:
        """The lines of a statement, the comments above it and the string below that tells of it;
        None where it shares a line."""
        code = self.file.code
        before = body[index - 1]
        told = next((part for part in body[index + 1 : index + 2] if _is_docstring(part)), None)
        first, last = statement.lineno, statement.end_lineno or statement.lineno
        place = self.file.ast_range(statement)
        if code.line(first)[: place.start_column - 1].strip(" \t\f"):
            return None
        if not _NOTHING_MORE.fullmatch(code.line(last), place.end_column - 1):
            return None
        if told is not None:
            last, end_column = told.end_lineno or last, self.file.ast_range(told).end_column
            if not _NOTHING_MORE.fullmatch(code.line(last), end_column - 1):
                return None
        end = before.end_lineno or 0
        if first > end + 1 and code.line(first - 1).endswith("\\"):
            return None
        while first > end + 1 and _COMMENT.match(code.line(first - 1)):
            first -= 1
        if any("noqa" in code.line(number).lower() for number in range(first, last + 1)):
            return None
        return first, last

    # Moving it

    def _moves(self, late: Sequence[_Late], body: Sequence[ast.stmt], below: int) -> list[Edit]:
        """Put assignments below the first statements of a class body, `below` in number."""
        code = self.file.code
        ranges: list[tuple[int, int]] = []
        for found in late:
            assert found.lines is not None
            first, last = found.lines
            if ranges and not any(
                code.line(number).strip(" \t\f") for number in range(ranges[-1][1] + 1, first)
            ):
                first = ranges.pop()[0]
            ranges.append((first, last))
        if not ranges:
            return []
        end = body[-1].end_lineno or 0
        lines = [
            code.lines[number - 1]
            for found in late
            if found.lines
            for number in range(found.lines[0], found.lines[1] + 1)
        ]
        if not lines[-1].endswith(("\n", "\r")):
            lines[-1] += code.newline
        insertion = self._insertion(lines, body, below)
        if insertion is None:
            return []
        removals = (
            remove_lines(self.file, first, last, is_first=False, is_last=last >= end)
            for first, last in ranges
        )
        return [insertion, *removals]

    def _insertion(self, lines: list[str], body: Sequence[ast.stmt], below: int) -> Edit | None:
        code = self.file.code
        if below:
            above = body[below - 1]
            last = above.end_lineno or 0
            if code.line(last).endswith("\\"):
                return None
            is_blank = not code.line(last + 1).strip(" \t\f")
            if not _is_simple(above) or (below == 1 and _is_docstring(above) and is_blank):
                lines = [code.newline, *lines]
        else:
            last = first_line(body[0]) - 1
            while not code.line(last).strip(" \t\f") or _COMMENT.match(code.line(last)):
                last -= 1
        if code.line(last + 1).strip(" \t\f"):
            lines = [*lines, code.newline]
        return self.file.insert(last + 1, 1, "".join(lines))


def _names_bound_late(facts: ClassFacts) -> list[str]:
    """The names that assignments of a class body may bind below a method."""
    found: list[str] = []
    has_method = False
    for binding in facts.body:
        if not binding.flags & CONDITIONAL:
            if binding.kind is BindingKind.FUNCTION:
                has_method = True
            elif has_method and binding.kind is BindingKind.ASSIGN:
                found.append(binding.name)
    return found


def _is_plain_attribute(model: SourceClass, name: str) -> bool:
    """Is it no special name, and what the class body binds to it no function or descriptor?"""
    attribute = model.attributes.get(name)
    return (
        attribute is not None
        and attribute.kind in (AttributeKind.VALUE, AttributeKind.CLASS, AttributeKind.UNKNOWN)
        and not (name.startswith("__") and name.endswith("__"))
    )


def _attributes(model: SourceClass, statement: Assignment) -> tuple[str, ...]:
    """The names of the class attributes that an assignment makes; () where it does more than
    that, or what it makes is no plain attribute."""
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    names: list[str] = []
    for target in targets:
        for part in target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]:
            if not isinstance(part, ast.Name):
                return ()
            names.append(part.id)
    if not all(_is_plain_attribute(model, mangled(name, model.name)) for name in names):
        return ()
    assert statement.value is not None
    if isinstance(statement.value, ast.Lambda) or _has_walrus(statement.value):
        return ()
    return tuple(names)


def _has_walrus(node: ast.expr) -> bool:
    return any(isinstance(part, ast.NamedExpr) for part in walk(node))


class _Known(NamedTuple):
    """What is asked of a class body for each of its assignments.

    `line` is the first one of the first method, `numbers` are the places of the statements in the
    body; `bound` are the lines on which names are bound, `evaluated` the numbers of the first
    statements that look names up, and `between` of the first that stay above what is moved.
    `looks_around` is the number of the first that looks at what the body has bound so far. All
    names are mangled.
    """

    line: int
    numbers: dict[ast.stmt, int]
    bound: dict[str, list[int]]
    evaluated: dict[str, int]
    between: dict[str, int]
    looks_around: int


def _known_of(model: SourceClass, body: Sequence[ast.stmt], first: int) -> _Known:
    """See there; `first` is the number of the first method."""
    looks = next((n for n, part in enumerate(body) if _looks_around(part)), len(body))
    known = _Known(first_line(body[first]), {}, {}, {}, {}, looks)
    for binding in model.facts.body:
        if binding.kind is not BindingKind.ANNOTATION:
            known.bound.setdefault(binding.name, []).append(binding.line)
    for number, statement in enumerate(body):
        known.numbers[statement] = number
        stays_above = number >= first or not _is_simple(statement)
        for name in _evaluated(statement):
            known.evaluated.setdefault(mangled(name, model.name), number)
            if stays_above:
                known.between.setdefault(mangled(name, model.name), number)
    return known


def _evaluated(node: ast.AST) -> set[str]:
    """The names that a statement of a class body looks up there when it is run."""
    names: set[str] = set()
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, ast.Name):
            if not isinstance(part.ctx, ast.Store):
                names.add(part.id)
        elif isinstance(part, COMPREHENSIONS):
            waiting.append(part.generators[0].iter)
        elif isinstance(part, (*_FUNCTIONS, ast.Lambda, ast.ClassDef)):
            inside = part.body if isinstance(part.body, list) else [part.body]
            waiting += [child for child in child_nodes(part) if child not in inside]
        else:
            if isinstance(part, ast.AugAssign) and isinstance(part.target, ast.Name):
                names.add(part.target.id)
            waiting += child_nodes(part)
    return names


def _is_literal(node: ast.expr) -> bool:
    """Is it a literal, or a display of literals?"""
    return all(
        isinstance(part, _LITERALS)
        or (isinstance(part, ast.UnaryOp) and isinstance(part.operand, ast.Constant))
        for part in walk(node)
    )


def _looks_around(statement: ast.stmt) -> bool:
    """Does a statement of a class body name what looks at the names that are bound so far?"""
    return not _evaluated(statement).isdisjoint(("dir", "eval", "exec", "locals", "vars"))


def _is_order_free(model: SourceClass) -> bool:
    """Does nothing look at the order in which the class's attributes are made?"""
    return (
        model.plain
        and not model.facts.keywords
        and not any(
            base.has_source and "__init_subclass__" in base.bound_names for base in model.mro or ()
        )
    )


def _is_simple(statement: ast.stmt) -> bool:
    """Has it no block of its own?"""
    return not hasattr(statement, "body") and not isinstance(statement, ast.Match)


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
