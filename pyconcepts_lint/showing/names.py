"""What a bare name finds: the scopes in which Python looks, and those that it skips
(https://docs.python.org/3/reference/executionmodel.html#resolution-of-names)."""

from __future__ import annotations

import ast
import builtins

from ..base.typed import TYPE_CHECKING
from ..rule_api.file import FileContext
from ..source.ast_nodes import COMPREHENSIONS
from ..source.scopes import Scope, ScopeKind
from .answers import ABSENT, FOUND, HIDDEN, MAYBE, SKIPPED, UNKNOWN, Lookup, Row, Step

if TYPE_CHECKING:
    from ..index.model import Module

_KINDS: dict[type[ast.AST], str] = {
    ast.FunctionDef: "a function",
    ast.AsyncFunctionDef: "a coroutine function",
    ast.ClassDef: "a class",
    ast.arg: "a parameter",
    ast.alias: "an import",
    ast.ExceptHandler: "an exception",
}
_BUILTINS = "built-ins"


def on_name(file: FileContext, name: str, scope: Scope, line: int, column: int) -> Lookup:
    """What a name finds that is used in a scope.

    Args:
        file: the file at hand.
        name: the name, as the compiler has it (private ones mangled).
        scope: the innermost scope around the use.
        line: where it is used.
        column: where it is used, 1-based in characters.
    """
    assert file.module is not None
    owner = scope.find(name)
    steps: list[Step] = []
    is_found = False
    current: Scope | None = scope
    while current is not None and current.kind is not ScopeKind.MODULE:
        rows = _rows(file, name, current)
        title = _title(current)
        where = "class body" if current.kind is ScopeKind.CLASS else "enclosing"
        if current is scope and current.kind is not ScopeKind.CLASS:
            where = "local"
        if not rows:
            if current.kind is not ScopeKind.CLASS or current is scope:
                steps.append(Step(where, title, ABSENT))
        elif current is owner:
            is_found = True
            steps.append(Step(where, title, FOUND, _with(rows, FOUND)))
        elif current.kind is ScopeKind.CLASS and current is not scope:
            note = "functions in a class don't see the names of its body"
            steps.append(Step(where, title, SKIPPED, _with(rows, SKIPPED), note))
        elif is_found:
            steps.append(Step(where, title, HIDDEN, _with(rows, HIDDEN)))
        else:
            note = (
                f"passed over: `{name}` is declared global"
                if owner is None or (owner.kind is ScopeKind.MODULE)
                else f"passed over: `{name}` is declared nonlocal"
            )
            steps.append(Step(where, title, SKIPPED, _with(rows, SKIPPED), note))
        current = current.parent
    return _ended(file, name, scope, owner, steps, (line, column))


def _ended(
    file: FileContext,
    name: str,
    scope: Scope,
    owner: Scope | None,
    steps: list[Step],
    place: tuple[int, int],
) -> Lookup:
    """The answer, with the module's names and the built-in ones as the last steps."""
    module = file.module
    assert module is not None
    is_inside = owner is not None and owner.kind is not ScopeKind.MODULE
    rows = _of_module(module, name)
    status = ABSENT
    if rows:
        status = HIDDEN if is_inside else rows[-1].status
        if is_inside:
            rows = _with(rows, HIDDEN)
    steps.append(Step("global", f"global: the module {module.name.dotted}", status, rows))
    is_builtin = hasattr(builtins, name)
    # A class body looks on among the globals, where it has not bound the name yet.
    is_last = not is_inside and status in (ABSENT, MAYBE)
    if is_builtin:
        state = (FOUND if status == ABSENT else MAYBE) if is_last else HIDDEN
        row = Row("builtins", "a built-in", "", 0, state)
        steps.append(Step("builtin", _BUILTINS, state, (row,)))
    else:
        steps.append(Step("builtin", _BUILTINS, ABSENT))
    stars_unknown = not is_inside and file.project.has_unknown_star(module) and not rows
    result = next(
        (
            row
            for step in steps
            if step.status in (FOUND, MAYBE)
            for row in reversed(step.rows)
            if row.status in (FOUND, MAYBE)
        ),
        None,
    )
    notes: list[str] = []
    unknown: list[str] = []
    if stars_unknown:
        unknown.append("a star import brings names that can't be known")
        result = None
    if result is None:
        said = (
            "it isn't known"
            if stars_unknown
            else f"nothing: `NameError: name '{name}' is not defined`"
        )
        state = UNKNOWN if stars_unknown else ABSENT
    else:
        state = FOUND if result.status == FOUND else MAYBE
        said = f"{result.what} in {result.by}" if result.by != "builtins" else "a built-in"
    if (
        owner is not None
        and owner is scope
        and owner.kind in (ScopeKind.FUNCTION, ScopeKind.COMPREHENSION)
    ):
        notes.append("local: where nothing has bound it yet, it is an `UnboundLocalError`")
    elif owner is not None and owner is scope and owner.kind is ScopeKind.CLASS:
        notes.append(
            "as long as the class body has not bound it, Python looks among the globals, "
            "and not in functions around the class"
        )
    elif is_inside:
        notes.append("free: where nothing has bound it yet, it is a `NameError`")
    return Lookup(
        name,
        f"the name in {_title(scope)}",
        file.path,
        place[0],
        place[1],
        tuple(steps),
        state,
        said,
        result,
        tuple(notes),
        tuple(unknown),
    )


def _title(scope: Scope) -> str:
    node = scope.node
    line = getattr(node, "lineno", 0)
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return f"function {node.name} (line {line})"
    if isinstance(node, ast.ClassDef):
        return f"class {node.name} (line {line})"
    if isinstance(node, ast.Lambda):
        return f"lambda (line {line})"
    if isinstance(node, COMPREHENSIONS):
        return f"comprehension (line {line})"
    return "the module"


def _with(rows: tuple[Row, ...], status: str) -> tuple[Row, ...]:
    return tuple(row._replace(status=status) for row in rows)


def _rows(file: FileContext, name: str, scope: Scope) -> tuple[Row, ...]:
    """What binds a name in a scope that isn't the module's."""
    if name not in scope.bound and name not in scope.elsewhere:
        return ()
    if name in scope.elsewhere:
        return ()
    title = _title(scope)
    own = sorted(scope.named.get(name, ()), key=_place)
    found = [
        Row(title, _KINDS.get(type(node), "a variable"), file.path, _line(node)) for node in own
    ]
    for _, node, at in scope.bound.get(name, ()):
        if at is not None:  # by `nonlocal`
            found.append(Row(_title(at), "a variable", file.path, _line(node)))
    return tuple(found) or (Row(title, "a variable", file.path, _line(scope.node)),)


def _line(node: ast.AST) -> int:
    return getattr(node, "lineno", 0)


def _place(node: ast.AST) -> tuple[int, int]:
    return _line(node), getattr(node, "col_offset", 0)


def _of_module(module: Module, name: str) -> tuple[Row, ...]:
    from .lookup import on_module

    step = on_module(module, name, name).steps[0]
    return step.rows if step.status != ABSENT or step.rows else ()
