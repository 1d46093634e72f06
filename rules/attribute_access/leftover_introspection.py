from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from pyconcepts_lint.analysis.context import conditions, expected_by, path_in
from pyconcepts_lint.analysis.names import is_builtin
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.edits import take_out
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.attribute_access._source import (
    calls,
    is_statement,
    is_test,
    is_tried,
)
from pyconcepts_lint.source.ast_nodes import walk

_DOES = {
    "dir": "makes a list of names that nothing uses",
    "vars": "returns a dictionary that nothing uses",
    "help": "shows a page of help whenever it runs, and may wait there for a key",
}
# Files that editors run cell by cell, showing the value of a cell's last expression.
_CELL = re.compile(r"^[ \t]*#[ \t]*(?:%%|In ?\[|<codecell>|COMMAND ---)", re.MULTILINE)
_REDIRECTION = re.compile(
    r"\bstdout\s*=(?!=)|redirect_stdout|patch[\w.]*\(.*stdout|\bpager\s*=(?!=)"
)


class LeftoverIntrospection(Rule):
    """A statement that is only `dir(…)`, `help(…)` or `vars(…)` was left from trying things out.

    ## What it finds

    Expression statements that are nothing but a call of the built-in `dir`, `help` or `vars`.

    Left alone are tests (they may call these just to see that it works), code in a `try` that
    handles errors, `help(…)` under a `__main__` guard or where the code around sends the standard
    output elsewhere, files that are split into cells with
    `# %%` or its like, the last statement of a notebook's cell (which shows its value), and
    functions of the module's own under these names.

    ## Why

    At the interactive prompt `dir(x)` and `vars(x)` are useful, because the prompt shows the
    value of every expression. In a program nothing does: the list or dictionary is made and
    dropped. `help(x)` does show something, to the user of the program, and on a
    terminal it waits in a pager.

    ## Bad

    ```python
    class Order:
        def __init__(self, number):
            self.number = number


    order = Order(7)
    dir(order)
    vars(order)
    print(order.number)
    ```

    ```output
    7
    ```

    ## Good

    ```python
    class Order:
        def __init__(self, number):
            self.number = number


    order = Order(7)
    print(order.number)
    ```

    ```output
    7
    ```

    ## Fix

    Takes the statement away, but no comment. It is unsafe: the call evaluates its argument and
    may run the object's own `__dir__`.

    ## When to ignore it

    Where `help(…)` is what the program is for.

    ## See also

    - [`dir`](https://docs.python.org/3/library/functions.html#dir)
    - [`help`](https://docs.python.org/3/library/functions.html#help)
    - [`vars`](https://docs.python.org/3/library/functions.html#vars)
    """

    code = "PCL605"
    name = "leftover-introspection"
    unnecessary = True
    severity = "note"
    reads_stubs = False
    words = ("dir", "help", "vars")

    def claims(self, file: FileContext) -> Iterator[Claim]:
        lines = [] if is_test(file) else list(_lines(file))
        if not lines or _CELL.search(file.text):
            return
        statements = [n for n in walk(*file.statements_at(lines)) if isinstance(n, ast.Expr)]
        for node in statements:
            name = _called(node)
            if not name or file.is_shown(node):
                continue
            place = file.ast_range(node)
            path = path_in(file, place)[:-1]
            if (
                is_tried(path)
                or expected_by(path, "TypeError")
                or (name == "help" and (_is_under_main_guard(path) or _is_redirected(file, path)))
                or not is_builtin(file, name, path)
            ):
                continue
            yield Claim(
                place,
                f"`{file.ast_quote(node.value)}` as a statement {_DOES[name]}",
                self.fix("unsafe", f"Remove the `{name}(…)` statement", [take_out(file, path)]),
            )


def _lines(file: FileContext) -> Iterator[int]:
    """The lines on which such a statement may start, by the look of the text."""
    for name in _DOES:
        for place in calls(file, name):
            if not is_statement(file.text, place):
                continue
            if file.module is None or file.project.may_bind(file.module, name):
                break
            if not file.literals.hold(place):
                yield file.code.position(place)[0]


def _called(node: ast.Expr) -> str:
    """The function that a statement consists of a call of, without brackets around either."""
    call = node.value
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
        return ""
    starts = {(part.lineno, part.col_offset) for part in (node, call, call.func)}
    return call.func.id if call.func.id in _DOES and len(starts) == 1 else ""


def _is_redirected(file: FileContext, path: Sequence[ast.AST]) -> bool:
    """Does the function around, or the module, send elsewhere what is printed?"""
    for function in reversed(path):
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            text = file.text_of_lines(function.lineno, function.end_lineno or function.lineno)
            text += "".join(file.ast_text(each) for each in function.decorator_list)
            return _REDIRECTION.search(text) is not None
    return file.cached(_redirects)


def _redirects(file: FileContext) -> bool:
    return _REDIRECTION.search(file.text) is not None


def _is_under_main_guard(path: Sequence[ast.AST]) -> bool:
    return any(
        isinstance(node, ast.Name) and node.id == "__name__"
        for test, outcome in conditions(path)
        if outcome and isinstance(test, ast.Compare)
        for node in (test.left, *test.comparators)
    )
