from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import libcst as cst
from pyconcepts_lint.rules.attribute_access._source import (
    calls,
    is_statement,
    is_test,
    is_tried,
    quote,
)

from pyconcepts_lint import guards
from pyconcepts_lint.edits import remove_statement
from pyconcepts_lint.linted import LintedFile
from pyconcepts_lint.names import is_builtin
from pyconcepts_lint.rule import Rule

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


def _has_cells(file: LintedFile) -> bool:
    return _CELL.search(file.text) is not None


class LeftoverIntrospection(Rule):
    """A statement that is only `dir(…)`, `help(…)` or `vars(…)` was left from trying things out.

    ## What it finds

    Expression statements that are nothing but a call of the built-in `dir`, `help` or `vars`.

    Left alone are tests (they may call these just to see that it works), code in a `try` that
    handles errors, `help(…)` under a `__main__` guard or where the code around sends the standard
    output elsewhere, files that are split into cells with
    `# %%` or its like, and functions of the module's own under these names.

    ## Why

    At the interactive prompt `dir(x)` and `vars(x)` are useful, because the prompt shows the
    value of every expression. In a program nothing does: the list or dictionary is made and
    dropped. `help(x)` does show something, to whoever happens to run the program, and on a
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
    reads_stubs = False
    words = ("dir", "help", "vars")

    def lines(self) -> Iterable[int]:
        file = self.file
        if is_test(file) or file.module is None:
            return
        for name in _DOES:
            for place in calls(file, name):
                if not is_statement(file.text, place):
                    continue
                if file.project.may_bind(file.module, name):
                    break
                if not file.literals.hold(place):
                    yield file.code.position(place)[0]

    def visit_Expr(self, node: cst.Expr) -> None:
        call = node.value
        if not isinstance(call, cst.Call) or not isinstance(call.func, cst.Name):
            return
        if call.lpar or call.func.lpar:
            return  # the gate looks for statements that start with the name
        name = call.func.value
        if name not in _DOES or is_test(self.file) or self.file.share(_has_cells):
            return
        path = [*self.ancestors, node]
        if (
            is_tried(path)
            or guards.expected_by(path, "TypeError")
            or (name == "help" and (_is_under_main_guard(path) or self._is_redirected(path)))
            or not is_builtin(self.file, name, path)
        ):
            return
        statement = quote(self.file, call, f"{name}(…)")
        self.report(
            node,
            f"`{statement}` as a statement {_DOES[name]}",
            self.fix(
                "unsafe", f"Remove the `{name}(…)` statement", [remove_statement(self.file, path)]
            ),
        )

    def _is_redirected(self, path: Sequence[cst.CSTNode]) -> bool:
        """Does the function around, or the module, send elsewhere what is printed?"""
        functions = [node for node in path if isinstance(node, cst.FunctionDef)]
        text = self.file.text
        if functions:
            first = self.file.place(functions[-1])[0]
            last = self.file.range(functions[-1]).end_line
            text = self.file.text_of_lines(first, last)
            text += "".join(self.file.text_of(each) for each in functions[-1].decorators)
        return _REDIRECTION.search(text) is not None


def _is_under_main_guard(path: Sequence[cst.CSTNode]) -> bool:
    return any(
        isinstance(node, cst.Name) and node.value == "__name__"
        for test, outcome in guards.conditions(path)
        if outcome and isinstance(test, cst.Comparison)
        for node in (test.left, *(part.comparator for part in test.comparisons))
    )
