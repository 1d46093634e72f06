"""The fix that gives each instance an attribute of its own, bound in `__init__`."""

from __future__ import annotations

import ast
import re
from functools import cached_property

from pyconcepts_lint.analysis.names import reachable_name
from pyconcepts_lint.base.answer import Answer
from pyconcepts_lint.base.finding import Edit, Fix
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index.facts import CONDITIONAL, IMPORT_KINDS, BindingKind
from pyconcepts_lint.index.kinds import MUTABLE_CLASSES
from pyconcepts_lint.index.model import Attribute, ClassModel, External, SourceClass
from pyconcepts_lint.rule_api.edits import take_out
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.source.ast_nodes import FUNCTIONS, bound_names, child_nodes, first_line, walk

from ._assignments import written_name
from ._fields import as_field
from ._inits import Place, generates_init, init_for_all, init_of, opened

Assignment = ast.Assign | ast.AnnAssign
_ASSIGNS = re.compile(r"[\s\\)]*=(?!=)[ \t]*")
_GETATTR = re.compile(r"""\bgetattr\([^()'\"]*['\"](\w+)['\"]""")
_OTHER_SUPER = re.compile(r"\bsuper\([ \t]*\w")
# Functions whose result is as good for each instance, made anew.
_PURE = frozenset(
    {
        *("builtins.bool", "builtins.bytes", "builtins.enumerate", "builtins.float"),
        *("builtins.frozenset", "builtins.int", "builtins.len", "builtins.max", "builtins.min"),
        *("builtins.range", "builtins.reversed", "builtins.sorted", "builtins.str"),
        *("builtins.sum", "builtins.tuple", "builtins.zip", "builtins.dict.fromkeys"),
    }
)


def own_for_each(file: FileContext, attribute: Attribute, *, in_depth: bool = False) -> Fix | None:
    """The fix by which each instance gets the attribute for itself; None where there is none.

    There is none where an instance might be left without it, or with what another one has.

    Args:
        file: the file at hand.
        attribute: an attribute that the body of a class of the project makes.
        in_depth: is an element of its value changed? A copy would share that.
    """
    known = file.cached(_answers)
    key = (attribute.owner, attribute.name, in_depth)
    if key not in known:
        known[key] = _own(file, attribute, in_depth=in_depth)
    return known[key]


def _answers(file: FileContext) -> dict[tuple[ClassModel, str, bool], Fix | None]:
    """What has been asked for already; filled as it is."""
    return {}


def _own(file: FileContext, attribute: Attribute, *, in_depth: bool) -> Fix | None:
    owner = attribute.owner
    assert isinstance(owner, SourceClass)
    home = opened(file, owner)
    node = None if home is None else home.class_nodes.get((owner.facts.line, owner.name))
    if home is None or node is None or owner.has_instance_dict is Answer.NO:
        return None
    if owner.has_instance_dict is Answer.UNKNOWN and owner.mro is not None:
        return None
    name = written_name(owner, attribute.name)
    place = init_for_all(file, owner, name)
    body = _Body(home, owner, node)
    if place is None or "__new__(" in home.text_of_lines(owner.facts.line, owner.facts.end_line):
        return None
    statement = body.assignment(name)
    below = owner.project.subclasses(owner)
    is_overridden = any(attribute.name in model.bound_names for model in below)
    is_fresh = (
        statement is not None
        and not is_overridden
        and body.means_the_same_later(statement, attribute.name)
    )
    if generates_init(owner):
        if statement is None or not is_fresh:
            return None
        return as_field(home, owner, node, statement, attribute)
    if owner.has_field_decorator and not owner.is_dataclass:
        return None
    writer = _Writer(home, owner, node, body, name)
    if statement is not None and is_fresh:
        taken = None if body.is_read(name) else writer.taken_out(statement)
        bound = writer.bound_anew(statement, place, taken)
        message = f"Bind `{name}` in `__init__`, for each instance its own"
    elif _can_be_copied(attribute, below, in_depth=in_depth) and not file.is_python2:
        bound = writer.bound([f"{{first}}.{name} = {{first}}.{name}.copy()"], place, None)
        message = f"Copy `{name}` in `__init__`, for each instance its own"
    else:
        return None
    if not bound:
        return None
    calls = [writer.call_from(file, model) for model in place.callers]
    edits = [*bound, *filter(None, calls)]
    return Rule.fix("unsafe", message, edits) if None not in calls else None


def value_in_body(file: FileContext, attribute: Attribute) -> ast.expr | None:
    """The value that the body of a class of the project gives an attribute, if one statement does."""
    owner = attribute.owner
    assert isinstance(owner, SourceClass)
    home = opened(file, owner)
    node = None if home is None else home.class_nodes.get((owner.facts.line, owner.name))
    if home is None or node is None:
        return None
    statement = _Body(home, owner, node).assignment(written_name(owner, attribute.name))
    return None if statement is None else statement.value


def _can_be_copied(attribute: Attribute, below: list[SourceClass], *, in_depth: bool) -> bool:
    """Does what each class has under that name have a `copy` method?"""
    found = [model.attributes.get(attribute.name) for model in below]
    return (
        bool(attribute.mutable)
        and not in_depth
        and all(other is None or other.mutable for other in found)
    )


def _asked_by_name(file: FileContext) -> frozenset[str]:
    """The attributes that `getattr(…, "name")` asks for somewhere in a file."""
    return frozenset(_GETATTR.findall(file.text))


def _writes_out_super(file: FileContext) -> bool:
    """Does the file say `super(C, self)` everywhere?"""
    return "super()" not in file.text and _OTHER_SUPER.search(file.text) is not None


class _Body:
    """The body of a class statement."""

    def __init__(self, home: FileContext, owner: SourceClass, node: ast.ClassDef) -> None:
        self.home = home
        self.owner = owner
        self.node = node

    def assignment(self, name: str) -> Assignment | None:
        """The one statement that binds a name, if it binds nothing else."""
        found = [binding for binding in self.owner.facts.body if self._is(binding.name, name)]
        real = [binding for binding in found if binding.kind is not BindingKind.ANNOTATION]
        if len(real) != 1 or real[0].flags & CONDITIONAL:
            return None
        for statement in self.node.body:
            match statement:
                case ast.Assign(targets=[ast.Name(target)]) if target == name:
                    return statement
                case ast.AnnAssign(target=ast.Name(target), value=ast.expr()) if target == name:
                    return statement
        return None

    def _is(self, bound: str, name: str) -> bool:
        return written_name(self.owner, bound) == name

    @cached_property
    def _reads(self) -> frozenset[str]:
        """The names that the body itself reads, outside of its functions."""
        found: set[str] = set()
        waiting: list[ast.AST] = list(self.node.body)
        while waiting:
            part = waiting.pop()
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load):
                found.add(part.id)
            elif isinstance(part, FUNCTIONS):
                waiting += (*part.args.defaults, *filter(None, part.args.kw_defaults))
                if not isinstance(part, ast.Lambda):
                    waiting += part.decorator_list
            else:
                waiting += child_nodes(part)
        return frozenset(found)

    def is_read(self, name: str) -> bool:
        """Does the body, or something that asks for attributes by name, read it?"""
        return name in self._reads or name in self.home.cached(_asked_by_name)

    def means_the_same_later(self, statement: Assignment, attribute: str) -> bool:
        """Would the value, evaluated in `__init__`, be an equal object that nothing else has?"""
        assert statement.value is not None
        if not self._is_made_anew(statement.value):
            return False
        inner = {
            part.id
            for part in walk(statement.value)
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
        }
        inner.update(part.arg for part in walk(statement.value) if isinstance(part, ast.arg))
        names = {part.id for part in walk(statement.value) if isinstance(part, ast.Name)} - inner
        return all(map(self._lasts, names)) and names.isdisjoint(self._locals_of_init)

    def _is_made_anew(self, value: ast.expr) -> bool:
        for part in walk(value):
            if isinstance(part, (ast.NamedExpr, ast.Yield, ast.YieldFrom, ast.Await)):
                return False
            if isinstance(part, ast.Call):
                called = self._called(part.func)
                if called not in _PURE and called not in MUTABLE_CLASSES:
                    return False
        return True

    def _called(self, function: ast.expr) -> str:
        """The full name of what is called, or ""."""
        name = ast.unparse(function)
        if not re.fullmatch(r"\w+(\.\w+)*", name):
            return ""
        project, module = self.home.project, self.owner.module
        symbol = project.resolve(module, name)
        if isinstance(symbol, ClassModel):
            return symbol.full_name
        return symbol.name if isinstance(symbol, External) else ""

    def _lasts(self, name: str) -> bool:
        """Will a name mean in `__init__` what it means in the class body?"""
        if name in self.owner.bound_names or name.startswith("__"):
            return False
        bindings = self.owner.module.bindings.get(name, ())
        if self.owner.facts.in_function or self.owner.facts.parent >= 0:
            return not bindings and not self.home.project.may_bind(self.owner.module, name)
        if not bindings:
            return not self.home.project.may_bind(self.owner.module, name)
        return len(bindings) == 1 and bindings[0].kind in (
            BindingKind.ASSIGN,
            BindingKind.CLASS,
            BindingKind.FUNCTION,
            *IMPORT_KINDS,
        )

    @cached_property
    def _locals_of_init(self) -> frozenset[str]:
        """The names that `__init__`, or anything in it, binds or declares."""
        init = init_of(self.home, self.owner)
        parts = [] if init is None else walk(init)
        return frozenset(name for part in parts if part is not init for name in bound_names(part))


class _Taken(NamedTuple):
    """What takes a statement out of the class body, and the text that goes with it.

    `lines` are the comments above it, the statement, and its docstring, without their indent.
    """

    edit: Edit | None
    before: tuple[str, ...]
    comment: str
    after: tuple[str, ...]


class _Writer:
    """Writes into a class statement."""

    def __init__(
        self, home: FileContext, owner: SourceClass, node: ast.ClassDef, body: _Body, name: str
    ) -> None:
        self.home = home
        self.owner = owner
        self.node = node
        self.body = body
        self.name = name

    @property
    def newline(self) -> str:
        return self.home.code.newline

    # Layout

    @cached_property
    def indent(self) -> str:
        """What the header of the class is indented by."""
        return self._indent_of(self.node.lineno)

    @cached_property
    def step(self) -> str:
        """What a block is indented by, more than what is around it."""
        for block in (self.node, *self.node.body):
            for part in getattr(block, "body", ()):
                inner, outer = self._indent_of(first_line(part)), self._indent_of(block.lineno)
                if first_line(part) > block.lineno and inner.startswith(outer) and inner != outer:
                    return inner.removeprefix(outer)
        return "    "

    @cached_property
    def inner(self) -> str:
        """What the statements of the body are indented by."""
        line = first_line(self.node.body[0])
        return self._indent_of(line) if line > self._end_of_header else self.indent + self.step

    @cached_property
    def _end_of_header(self) -> int:
        """The last line of the header, where the body starts on a later one."""
        return self._line_of_colon(self.node)

    def _indent_of(self, line: int) -> str:
        text = self.home.code.line(line)
        return text[: len(text) - len(text.lstrip(" \t\f"))].replace("\f", "")

    def _line_of_colon(self, node: ast.ClassDef | ast.FunctionDef) -> int:
        """The line on which the header of a statement ends."""
        line = first_line(node.body[0]) - 1
        while line > node.lineno:
            text = self.home.code.line(line).strip(" \t\f")
            if text and not text.startswith("#"):
                break
            line -= 1
        return max(line, node.lineno)

    def _starts_line(self, statement: ast.stmt) -> bool:
        place = self.home.ast_place(statement.lineno, statement.col_offset)
        line = first_line(statement)
        before = self.home.code.line(line)[: place[1] - 1] if line == place[0] else ""
        return not before.strip(" \t\f")

    def _ends_line(self, statement: ast.stmt) -> bool:
        place = self.home.ast_range(statement)
        after = self.home.code.line(place.end_line)[place.end_column - 1 :].strip(" \t\f")
        return not after or after.startswith("#")

    # The class body

    def taken_out(self, statement: Assignment) -> _Taken | None:
        """What takes an assignment out of the body; an annotation stays."""
        home, code = self.home, self.home.code
        if isinstance(statement, ast.AnnAssign):
            start = home.ast_span(statement.annotation)[1]
            brackets = home.text[start:].lstrip(" \t")[:1]
            if brackets != "=":
                return None
            return _Taken(home.edit(start, home.ast_span(statement)[1], ""), (), "", ())
        if not self._starts_line(statement) or not self._ends_line(statement):
            if len(self.node.body) == 1:
                return _Taken(None, (), "", ())
            return _Taken(take_out(home, [self.node, statement]), (), "", ())
        place = home.ast_range(statement)
        first, last = place.start_line, place.end_line
        comment = code.line(last)[place.end_column - 1 :].rstrip()
        number = self.node.body.index(statement)
        others = self.node.body[number + 1 :]
        after: tuple[str, ...] = ()
        if others and _is_docstring(others[0]) and self._is_line_below(others[0], last):
            after = (home.ast_text(others[0]),)
            last = home.ast_range(others.pop(0)).end_line
        above = first
        while code.line(above - 1).strip(" \t").startswith("#") and above - 1 > self.node.lineno:
            above -= 1
        before: tuple[str, ...] = ()
        # A comment above several statements may speak of all of them.
        is_alone = not others or first_line(others[0]) > last + 1 or _defines(others[0])
        starts = not code.line(above - 1).strip(" \t") or above - 1 == self._end_of_header
        if is_alone and starts and above < first:
            before = tuple(code.line(n).strip(" \t") for n in range(above, first))
            first = above
        if number == 0 or not code.line(first - 1).strip(" \t"):
            while last < code.line_count and not code.line(last + 1).strip(" \t") and others:
                last += 1
        end = code.offset(last + 1, 1) if last < code.line_count else len(home.text)
        return _Taken(home.edit(code.offset(first, 1), end, ""), before, comment, after)

    def _is_line_below(self, statement: ast.stmt, line: int) -> bool:
        place = self.home.ast_range(statement)
        return (
            place.start_line == line + 1 == place.end_line
            and self._starts_line(statement)
            and self._ends_line(statement)
        )

    # Bindings

    def bound_anew(self, statement: Assignment, place: Place, taken: _Taken | None) -> list[Edit]:
        """The edits by which `__init__` evaluates the value of an assignment."""
        assert statement.value is not None
        home = self.home
        end = statement.annotation if isinstance(statement, ast.AnnAssign) else statement.targets[0]
        found = _ASSIGNS.match(home.text, home.ast_span(end)[1])
        if found is None:
            return []
        value = home.text[found.end() : home.ast_span(statement)[1]]
        comment = taken.comment if taken is not None else ""
        text = f"{{first}}.{self.name} = {_escaped(value)}{_escaped(comment)}"
        first, *others = text.split("\n")
        kept = {
            line - statement.lineno
            for part in walk(statement.value)
            if isinstance(part, (ast.Constant, ast.JoinedStr))
            for line in range(part.lineno + 1, (part.end_lineno or part.lineno) + 1)
        }  # what stands in a string stays where it is
        skipped = home.text.count("\n", *sorted((home.ast_span(statement)[0], found.end())))
        lines = [first]
        for number, line in enumerate(others, 1 + skipped):
            lines.append(line if number in kept else self._moved(line))
        if taken is not None:
            before = map(_escaped, taken.before)
            lines = [*before, "\n".join(lines), *map(_escaped, taken.after)]
        else:
            lines = ["\n".join(lines)]
        return self.bound(lines, place, taken)

    def _moved(self, line: str) -> str:
        """A further line of an assignment, as far indented as the first one will be."""
        return "\0" + line.removeprefix(self.inner) if line.startswith(self.inner) else line

    def bound(self, lines: list[str], place: Place, taken: _Taken | None) -> list[Edit]:
        """The edits by which `__init__` runs some statements first."""
        removal = [] if taken is None or taken.edit is None else [taken.edit]
        if place.is_new:
            return self._new_init(lines, place, taken)
        init = init_of(self.home, self.owner)
        parameters = [] if init is None else [*init.args.posonlyargs, *init.args.args]
        if init is None or not parameters:
            return []
        edit = self._first_in(init, self._written(lines, parameters[0].arg, self._inner_of(init)))
        return [] if edit is None else [*removal, edit]

    def _inner_of(self, function: ast.FunctionDef) -> str:
        last = function.body[-1]
        if first_line(last) > self._line_of_colon(function):
            return self._indent_of(first_line(last))
        return self._indent_of(function.lineno) + self.step

    def _written(self, lines: list[str], first: str, indent: str) -> str:
        """Statements as text; in `lines`, NUL stands for an indent."""
        return "".join(
            indent + line.format(first=first).replace("\0", indent) + self.newline for line in lines
        )

    def _first_in(self, function: ast.FunctionDef, text: str) -> Edit | None:
        """Put lines before the first statement of a function, below its docstring."""
        home, code = self.home, self.home.code
        body = function.body
        if not self._starts_line(body[0]):
            if _is_docstring(body[0]):
                return None
            place = home.ast_range(body[0])
            start = code.offset(place.start_line, place.start_column)
            before = home.text[:start].rstrip(" \t")
            indent = self._inner_of(function)
            if not before.endswith(":"):
                return None
            return home.edit(len(before), start, self.newline + text + indent)
        if _is_docstring(body[0]):
            if len(body) == 1:
                line = home.ast_range(body[0]).end_line + 1
                if not self._ends_line(body[0]) or line > code.line_count:
                    return None
                return home.insert(line, 1, text)
            body = body[1:]
        number = 0
        while number + 1 < len(body) and self._is_like_it(function, body[number]):
            number += 1
        if not self._starts_line(body[number]):
            return None
        line = first_line(body[number])
        while code.line(line - 1).lstrip(" \t").startswith("#"):
            line -= 1
        return home.insert(line, 1, text)

    def _is_like_it(self, function: ast.FunctionDef, statement: ast.stmt) -> bool:
        """Does a statement bind another attribute to what it makes itself?"""
        match statement:
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(first))], value=value) if (
                first == (*function.args.posonlyargs, *function.args.args)[0].arg
            ):
                return self._ends_line(statement) and not any(
                    isinstance(part, (ast.Name, ast.Call)) for part in walk(value)
                )
        return False

    def _new_init(self, lines: list[str], place: Place, taken: _Taken | None) -> list[Edit]:
        """Write an `__init__` above the first method."""
        home, code = self.home, self.home.code
        indent = self.inner
        parameters, returns = "self, *args, **kwargs", ""
        given = "*args, **kwargs"
        if not place.passes_on:
            parameters, given = "self", ""
            returns = " -> None" if self._is_annotated() else ""
        # A base that has none may get one in the same run.
        if place.passes_on or len(self.owner.mro or ()) > 2:
            call = self._call_of_next(given)
            if not call:
                return []
            lines = [*lines, call]
        head = f"def __init__({parameters}){returns}:"
        text = indent + head + self.newline + self._written(lines, "self", indent + self.step)
        removed = None if taken is None else taken.edit
        body = self.node.body
        if not self._starts_line(body[0]):
            return self._new_suite(text, taken)
        method = next((part for part in body if _defines(part)), None)
        if method is None:
            return self._at_end(text, removed)
        line = first_line(method)
        while code.line(line - 1).lstrip(" \t").startswith("#") and line - 1 > self.node.lineno:
            line -= 1
        above = line - 1
        start, end = (line, 1), (line, 1)
        if removed is not None and removed.end == (line, 1) and not removed.new_text:
            above, start = removed.start_line - 1, removed.start
        is_tight = code.line(above).strip(" \t") != "" and above > self._end_of_header
        text = (self.newline if is_tight else "") + text + self.newline
        edit = Edit(home.path, *start, *end, text)
        return [edit] if start != end or removed is None else [removed, edit]

    def _at_end(self, text: str, removed: Edit | None) -> list[Edit]:
        """Write a method below the last statement of a class that has none."""
        home, code = self.home, self.home.code
        last = self.node.body[-1]
        if not self._ends_line(last):
            return []
        line = home.ast_range(last).end_line
        text = text.removesuffix(self.newline)
        whole = len(code.line(line)) + 1
        if (
            removed is not None
            and removed.start_line <= line < removed.end_line + (removed.end_column > 1)
            and removed.start_column == 1
        ):
            above = removed.start_line - 1
            is_tight = code.line(above).strip(" \t") != "" and above > self._end_of_header
            text = (self.newline if is_tight else "") + text
            if removed.end_column == 1:
                text += self.newline
            return [removed._replace(new_text=text)]
        edit = home.insert(line, whole, self.newline + self.newline + text)
        return [edit] if removed is None else [removed, edit]

    def _new_suite(self, text: str, taken: _Taken | None) -> list[Edit]:
        """Put the statements of a class that stand on its header's line below that line."""
        home = self.home
        body = self.node.body
        start, end = home.ast_span(body[0])[0], home.ast_span(body[-1])[1]
        before = home.text[:start].rstrip(" \t")
        if not before.endswith(":") or not self._ends_line(body[-1]):
            return []
        kept = [
            part
            for part in body
            if taken is None or not (isinstance(part, ast.Assign) and self._binds(part))
        ]
        lines = [self.inner + home.ast_text(part) + self.newline for part in kept]
        if taken is not None:
            lines = [
                line
                if not isinstance(part, ast.AnnAssign) or not self._binds(part)
                else f"{self.inner}{self.name}: {home.ast_text(part.annotation)}{self.newline}"
                for part, line in zip(kept, lines, strict=True)
            ]
        blank = self.newline if lines else ""
        whole = self.newline + "".join(lines) + blank + text.removesuffix(self.newline)
        return [home.edit(len(before), end, whole)]

    def _binds(self, statement: Assignment) -> bool:
        target = statement.target if isinstance(statement, ast.AnnAssign) else statement.targets[0]
        return isinstance(target, ast.Name) and target.id == self.name

    def _is_annotated(self) -> bool:
        return any(
            isinstance(part, ast.FunctionDef) and part.returns is not None
            for part in self.node.body
        )

    def _call_of_next(self, given: str) -> str:
        """The call of the next `__init__`, or "" where it can't be written."""
        module = self.owner.module
        if module.facts.is_python3 and not self.home.cached(_writes_out_super):
            return f"super().__init__({given})"
        name = reachable_name(self.home, self.owner, self.node.lineno, self.owner)
        if module.facts.is_python3 and name is not None:
            return f"super({name}, self).__init__({given})"
        bases = self.owner.facts.bases
        if len(bases) != 1 or not re.match(r"\w", bases[0]):
            return ""
        return f"{bases[0]}.__init__({', '.join(filter(None, ('self', given)))})"

    def call_from(self, file: FileContext, model: SourceClass) -> Edit | None:
        """The edit by which the `__init__` of a subclass first calls that of the class."""
        init = init_of(file, model)
        node = file.class_nodes.get((model.facts.line, model.name))
        parameters = [] if init is None else [*init.args.posonlyargs, *init.args.args]
        if init is None or node is None or not parameters or not model.module.facts.is_python3:
            return None
        writer = _Writer(file, model, node, self.body, self.name)
        text = writer._written(["super().__init__()"], "", writer._inner_of(init))
        return writer._first_in(init, text)


def _is_docstring(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Constant(value=str())):
            return True
    return False


def _defines(statement: ast.stmt) -> bool:
    return isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef))


def _escaped(text: str) -> str:
    """A text as `str.format` gives it back."""
    return text.replace("{", "{{").replace("}", "}}")
