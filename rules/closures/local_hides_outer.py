from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from pyconcepts_lint.base.finding import Edit, Fix
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.rule_api.claim import Claim, RelatedPlace, line_range
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.closures._declarations import Outer, is_imported, is_own_variable
from pyconcepts_lint.rules.closures._facts import BUILTINS, hidden_names
from pyconcepts_lint.rules.closures._paths import FunctionNode, State
from pyconcepts_lint.rules.closures._unbound import (
    UnboundRead,
    UnboundReads,
    first_unbound_read,
)
from pyconcepts_lint.source.ast_nodes import bound_names, own_nodes, walk

_LOOK_AT_NAMES = frozenset({"locals", "vars", "eval", "exec", "dir"})


class LocalHidesOuter(Rule):
    """A local variable with the name of a built-in or an import hides it in all of the function.

    ## What it finds

    A function that binds the name of a built-in, or of something that the module imports, and reads
    the name on whose way there nothing has bound it. All paths to the place are looked at; where
    one of them may have bound the name, nothing is said. Other names of the module and of functions
    around are the matter of [PCL802](missing-nonlocal.md).

    ## Why

    A name that a function binds anywhere is a local variable in all of the function, also on the
    right side of that very assignment. So the built-in, or the import, can't be reached by its
    name there, and the variable has no value yet: UnboundLocalError.

    ## Bad

    ```python
    def summary(prices):
        max = max(prices)
        return f"up to {max}"


    print(summary([3, 4]))
    ```

    ```output
    UnboundLocalError: cannot access local variable 'max' where it is not associated with a value
    ```

    ## Good

    ```python
    def summary(prices):
        highest = max(prices)
        return f"up to {highest}"


    print(summary([3, 4]))
    ```

    ```output
    up to 4
    ```

    ## Fix

    Gives the variable another name, with `_` behind it. It is unsafe, for what the other uses of
    the name mean is concluded from where they stand. There is none where a scope inside of the
    function uses the name, where what binds it is no assignment, loop or `with`, and where the
    function looks at its variables by `locals()` or the like.

    ## When to ignore it

    In tests of the error itself.

    ## See also

    - [Binding of names](https://docs.python.org/3/reference/executionmodel.html#binding-of-names)
    - [Why am I getting an UnboundLocalError?](https://docs.python.org/3/faq/programming.html#why-am-i-getting-an-unboundlocalerror-when-the-variable-has-a-value)
    - [Built-in functions](https://docs.python.org/3/library/functions.html)
    """

    code = "PCL804"
    name = "local-hides-outer"
    severity = "error"
    reads_stubs = False
    facts = ("hidden_names",)
    raises = ("UnboundLocalError",)
    silences = {
        "a path binds it before": "may-be-bound",
        "it is a parameter": "parameter",
        "`global` says that the module's is meant": "global",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for found in _found(file):
            function, name = found.function.name, found.name
            hidden = "built-in" if found.is_builtin else "imported"
            message = (
                f"`{function}` binds `{name}`, which makes it a local variable, and "
                f"{found.read.how(file)}: UnboundLocalError; the {hidden} `{name}` is hidden in all "
                "of it"
            )
            related = _related(file, found)
            yield Claim(found.read.place, message, self._fix(found), related=related)

    def _fix(self, found: _Found) -> Fix | None:
        edits = _renamed(self.file, found)
        if edits is None:
            return None
        return self.fix("unsafe", f"Name the variable `{found.name}_`", edits)


class _Found(NamedTuple):
    """The first read of a local variable without a value, and what its name means outside."""

    name: str
    function: FunctionNode
    read: UnboundRead
    is_builtin: bool


def _found(file: FileContext) -> Iterator[_Found]:
    module = file.module
    if module is None:
        return
    for name, first, last in hidden_names.of(module.facts):
        function = file.statement(first, last)
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        imported = is_imported(file, name, Outer(""))
        if not imported and (name not in BUILTINS or file.project.may_bind(module, name)):
            continue
        read = first_unbound_read(file, function, name)
        if read is not None and is_own_variable(file, function, name):
            yield _Found(name, function, read, not imported)


def _related(file: FileContext, found: _Found) -> tuple[RelatedPlace, ...]:
    """What binds the name in the function, first in the text."""
    said = f"this makes `{found.name}` a local variable of `{found.function.name}`"
    places = [
        file.ast_range(node) if isinstance(node, ast.Name) else line_range(node.lineno)
        for node in own_nodes(*found.function.body)
        if found.name in bound_names(node) and hasattr(node, "lineno")
    ]
    return (RelatedPlace(said, min(places)),) if places else ()


# The fix


def _renamed(file: FileContext, found: _Found) -> list[Edit] | None:
    """The edits that give the variable another name; None where what a use means isn't clear.

    Up to the end of the first statement that binds the variable, and where no binding of it leads to,
    the name means what is hidden; elsewhere it means the variable, but where a built-in is called.
    """
    function, name = found.function, found.name
    if re.search(rf"\b{name}_\b", file.text) or not _is_only_assigned(function, name):
        return None
    uses = [
        node for node in own_nodes(*function.body) if isinstance(node, ast.Name) and node.id == name
    ]
    stored = [node for node in uses if not isinstance(node.ctx, ast.Load)]
    if not stored:
        return None
    bound = min(_end_of_binding(function, node) for node in stored)
    outer: list[ast.expr] = []
    renamed = list(stored)
    without_value = _ReadsWithoutValue(function, name).found()
    used = {each: how for node in own_nodes(*function.body) for each, how in _used_by(node)}
    for node in uses:
        if isinstance(node.ctx, ast.Load):
            is_before = _start(node) < bound or node in without_value
            is_called = used.get(node) == "call" and found.is_builtin
            (outer if is_before or is_called else renamed).append(node)
    if any(node not in used for node in outer):
        return None
    if any(file.ast_text(node) != name for node in renamed):
        return None
    return [
        Edit(file.path, *file.ast_range(node), f"{name}_") for node in sorted(renamed, key=_start)
    ]


class _ReadsWithoutValue(UnboundReads):
    """The reads that no path reaches with a value, where reading without one ends no path.

    Reads in comprehensions are none of them: the flow of the function doesn't lead there.
    """

    def __init__(self, function: FunctionNode, name: str) -> None:
        self._looked_at: set[ast.Name] = set()
        self._with_value: set[ast.Name] = set()
        super().__init__(function, name)

    def found(self) -> set[ast.Name]:
        return self._looked_at - self._with_value

    def _read(self, node: ast.Name, state: State, *, surely: bool = True) -> State:
        self._looked_at.add(node)
        if state & State.AFTER:
            self._with_value.add(node)
        return super()._read(node, state, surely=False)


def _is_only_assigned(function: FunctionNode, name: str) -> bool:
    """Is the variable bound by plain targets only, and used by the function's own code only?"""
    parts = walk(*function.body)
    own = set(own_nodes(*function.body))
    for node in parts:
        if isinstance(node, ast.Name):
            if node.id == name and (node not in own or isinstance(node.ctx, ast.Del)):
                return False
            if node.id in _LOOK_AT_NAMES:
                return False
        elif isinstance(node, ast.AugAssign):
            if isinstance(node.target, ast.Name) and node.target.id == name:
                return False
        elif isinstance(node, ast.alias):
            if name in (node.asname, node.name.partition(".")[0]):
                return False
        elif not isinstance(node, (ast.Attribute, ast.Constant, ast.keyword)) and any(
            value == name for value in node.__dict__.values() if type(value) is str
        ):
            return False
    return True


def _end_of_binding(function: FunctionNode, target: ast.expr) -> tuple[int, int]:
    """Where the simple statement, or the header of the compound one, ends that binds a target."""
    place = _start(target)
    held = [
        each
        for each in own_nodes(*function.body)
        if isinstance(each, ast.stmt)
        and _start(each) <= place < (each.end_lineno or 0, each.end_col_offset or 0)
    ]
    statement = max(held, key=_start)
    body: list[ast.stmt] = getattr(statement, "body", [])
    if body:
        return _start(body[0])
    return statement.end_lineno or 0, statement.end_col_offset or 0


def _start(node: ast.expr | ast.stmt) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _used_by(node: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    """What a node calls, or takes an attribute of."""
    if isinstance(node, ast.Call):
        yield node.func, "call"
    elif isinstance(node, (ast.Attribute, ast.Subscript)):
        yield node.value, "attribute"
