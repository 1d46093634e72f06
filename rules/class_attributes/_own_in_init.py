"""The edits that take an attribute out of the class body, and make it in `__init__`."""

from __future__ import annotations

import ast
from functools import cached_property

from pyconcepts_lint.base.finding import Edit
from pyconcepts_lint.index.model import SourceClass
from pyconcepts_lint.rule_api.file import LintedFile
from pyconcepts_lint.source.ast_nodes import first_line, walk

from ._assignments import written_name

Assignment = ast.Assign | ast.AnnAssign


def own_in_init(file: LintedFile, owner: SourceClass, attribute: str) -> list[Edit]:
    """Edits by which each instance of `owner` gets an attribute of its own.

    None (an empty list) where the class stands in another file, where its body or the value
    doesn't show that the assignment means the same in `__init__`, and where that would take more
    than moving a statement.

    Args:
        file: the file at hand.
        owner: the class whose body makes the attribute.
        attribute: its name, mangled where it is private.
    """
    known = _body(file, owner)
    name = written_name(owner, attribute)
    statement = None if known is None else known.assignment(name)
    if known is None or statement is None or not owner.has_instance_dict:
        return []
    body = known.body
    assert statement.value is not None
    used = {part.id for part in walk(statement.value) if isinstance(part, ast.Name)}
    if not used.isdisjoint(owner.bound_names) or any(
        isinstance(part, (ast.NamedExpr, ast.Yield, ast.YieldFrom, ast.Await))
        for part in walk(statement.value)
    ):
        return []
    bound = [binding for binding in owner.facts.body if binding.name == "__init__"]
    if not bound:
        return _with_new_init(file, owner, body, statement, name)
    init = known.init
    if len(bound) != 1 or not isinstance(init, ast.FunctionDef) or init.decorator_list:
        return []
    if not used.isdisjoint(known.locals_of_init):
        return []
    return _in_init(file, init, body, statement, name)


class _Body:
    """The body of a class statement, looked through once for all that is asked about it."""

    def __init__(self, node: ast.ClassDef) -> None:
        self.body = node.body

    @cached_property
    def _uses(self) -> dict[str, list[ast.Name]]:
        """Where names stand in it."""
        found: dict[str, list[ast.Name]] = {}
        for part in walk(*self.body):
            if isinstance(part, ast.Name):
                found.setdefault(part.id, []).append(part)
        return found

    @cached_property
    def _bindings(self) -> dict[ast.AST, Assignment]:
        """The statements that only bind a name, by the node of that name."""
        found: dict[ast.AST, Assignment] = {}
        for statement in self.body:
            if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
                found[statement.targets[0]] = statement
            elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
                found[statement.target] = statement
        return found

    def assignment(self, name: str) -> Assignment | None:
        """The one statement that has to do with a name, if it only binds it."""
        uses = self._uses.get(name, ())
        return self._bindings.get(uses[0]) if len(uses) == 1 else None

    @cached_property
    def init(self) -> ast.stmt | None:
        """What is called `__init__` first."""
        return next((part for part in self.body if getattr(part, "name", "") == "__init__"), None)

    @cached_property
    def locals_of_init(self) -> frozenset[str]:
        """The names that `__init__`, or anything in it, binds."""
        parts = [] if self.init is None else walk(self.init)
        return frozenset(
            part.arg if isinstance(part, ast.arg) else part.id
            for part in parts
            if isinstance(part, ast.arg)
            or (isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load))
        )


def _bodies(file: LintedFile) -> dict[ast.ClassDef, _Body]:
    """What has been asked for already; filled as it is."""
    return {}


def _body(file: LintedFile, owner: SourceClass) -> _Body | None:
    if owner.module is not file.module:
        return None
    node = file.class_nodes.get((owner.facts.line, owner.name))
    if node is None:
        return None
    return file.share(_bodies).setdefault(node, _Body(node))


def _in_init(
    file: LintedFile,
    init: ast.FunctionDef,
    body: list[ast.stmt],
    statement: Assignment,
    name: str,
) -> list[Edit]:
    parameters = (*init.args.posonlyargs, *init.args.args)
    first = init.body[0]
    if ast.get_docstring(init, clean=False) is not None:
        if len(init.body) == 1:
            return []
        first = init.body[1]
    line = first_line(first)
    indent = _indent(file, line)
    taken = _taken_out(file, body, statement)
    if not parameters or taken is None or indent is None or line <= init.lineno:
        return []
    above = line - 1
    while file.code.line(above).lstrip(" \t").startswith("#"):
        above -= 1
    assignment = _as_instance_attribute(file, statement, f"{indent}{parameters[0].arg}.{name}")
    return [taken, file.insert(above + 1, 1, assignment + file.code.newline)]


def _with_new_init(
    file: LintedFile,
    owner: SourceClass,
    body: list[ast.stmt],
    statement: Assignment,
    name: str,
) -> list[Edit]:
    """Write an `__init__` above the first method."""
    mro = owner.mro or ()
    if len(mro) != 2 or "__new__" in owner.bound_names:
        return []  # it would have to take what others take, and to call what comes after it
    if any(len(below.facts.bases) > 1 for below in owner.project.subclasses(owner)):
        return []
    method = next((part for part in body if isinstance(part, ast.FunctionDef)), None)
    taken = _taken_out(file, body, statement)
    if method is None or taken is None:
        return []
    line = first_line(method)
    indent, inner = _indent(file, line), _indent(file, method.body[0].lineno)
    while file.code.line(line - 1).lstrip(" \t").startswith("#"):
        line -= 1
    if indent is None or inner is None or not inner.startswith(indent) or inner == indent:
        return []
    newline = file.code.newline
    text = f"{indent}def __init__(self):{newline}"
    text += _as_instance_attribute(file, statement, f"{inner}self.{name}") + newline + newline
    if taken.end == (line, 1):
        return [taken._replace(new_text=text)]
    return [taken, file.insert(line, 1, text)]


def _indent(file: LintedFile, line: int) -> str | None:
    """The white space that a statement's line starts with; None for an odd one."""
    text = file.code.line(line)
    indent = text[: len(text) - len(text.lstrip(" \t"))]
    return indent or None


def _stands_alone(file: LintedFile, statement: ast.stmt) -> bool:
    place = file.ast_range(statement)
    before = file.code.line(place.start_line)[: place.start_column - 1]
    after = file.code.line(place.end_line)[place.end_column - 1 :].strip(" \t\f")
    return not before.strip(" \t") and (not after or after.startswith("#"))


def _as_instance_attribute(file: LintedFile, statement: Assignment, target: str) -> str:
    """The assignment, with the comment behind it, to another target and as far indented."""
    assert statement.value is not None
    code = file.code
    value, whole = file.ast_range(statement.value), file.ast_range(statement)
    if isinstance(statement, ast.AnnAssign):
        start = code.offset(value.start_line, value.start_column)
        end = code.offset(value.end_line, value.end_column)
        text = f"{target} = {file.text[start:end]}"
    else:
        start = code.offset(whole.start_line, whole.start_column)
        end = code.offset(whole.end_line, len(code.line(whole.end_line)) + 1)
        text = target + file.text[start:end].removeprefix(target.rpartition(".")[2]).rstrip()
    if any(
        isinstance(part, (ast.Constant, ast.JoinedStr)) and part.end_lineno != part.lineno
        for part in walk(statement.value)
    ):
        return text  # a string may go over several lines
    old = _indent(file, whole.start_line) or ""
    new = target[: len(target) - len(target.lstrip(" \t"))]
    first, *others = text.split("\n")
    moved = (new + o.removeprefix(old) if o.startswith(old) else o for o in others)
    return "\n".join([first, *moved])


def _taken_out(file: LintedFile, body: list[ast.stmt], statement: Assignment) -> Edit | None:
    """What takes the assignment out of the class body; an annotation stays."""
    if not _stands_alone(file, statement):
        return None
    code = file.code
    place = file.ast_range(statement)
    if isinstance(statement, ast.AnnAssign):
        annotation = file.ast_range(statement.annotation)
        between = code.offset(annotation.end_line, annotation.end_column)
        if not file.text[between:].lstrip(" \t").startswith("="):
            return None  # brackets around the annotation
        return file.edit(between, code.offset(place.end_line, place.end_column), "")
    first, last = place.start_line, place.end_line
    if len(body) == 1 or last == code.line_count:
        return None
    if statement is body[0] or not code.line(first - 1).strip(" \t"):
        while last < code.line_count and not code.line(last + 1).strip(" \t"):
            last += 1
    return file.edit(code.offset(first, 1), code.offset(last + 1, 1), "")
