from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from pyconcepts_lint.rule_api.claim import Claim, RelatedPlace, line_range
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.closures._facts import names_of_past_handlers
from pyconcepts_lint.source.ast_nodes import COMPREHENSIONS, FUNCTIONS, SCOPES


class HandlerNameGone(Rule):
    """A name that `except … as name` binds is read where that clause has taken it away.

    ## What it finds

    A read of a name behind an `except … as name` clause, in the same function or module, where
    nothing else binds the name there. Whether the clause has run or not, the name has no value.

    It is silent where a function inside binds the name by `nonlocal` or `global`, where `locals()`,
    `exec` or a star import may bring it, in lambdas, functions and generator expressions, which are run later, and in
    Python 2 source, where the name stays.

    ## Why

    An exception has its traceback, that has the frames, and a frame has its local variables. If one of
    them were the exception, they would keep each other alive. So Python deletes the name at the end of
    the clause, as if `del name` stood in a `finally` there.

    ## Bad

    ```python
    def read(path):
        try:
            return open(path).read()
        except OSError as problem:
            print("not readable")
        return str(problem)


    read("/no/such/file")
    ```

    ```output
    not readable
    UnboundLocalError: cannot access local variable 'problem' where it is not associated with a value
    ```

    ## Good

    ```python
    def read(path):
        try:
            return open(path).read()
        except OSError as error:
            print("not readable")
            problem = error
        return type(problem).__name__


    print(read("/no/such/file"))
    ```

    ```output
    not readable
    FileNotFoundError
    ```

    ## Fix

    There is none: what the name is to be where no exception was raised has to be decided.

    ## When to ignore it

    In tests of the error itself.

    ## See also

    - [The try statement](https://docs.python.org/3/reference/compound_stmts.html#except-clause)
    - [PEP 3110](https://peps.python.org/pep-3110/)
    """

    code = "PCL806"
    name = "handler-name-gone"
    severity = "error"
    reads_stubs = False
    words = ("except",)
    facts = ("names_of_past_handlers",)
    raises = ("NameError", "UnboundLocalError")

    def claims(self, file: FileContext) -> Iterator[Claim]:
        if file.module is None or file.is_python2:
            return
        for row in names_of_past_handlers.of(file.module.facts):
            node = file.ast_at(row.line, row.column, ast.Name)
            if node is None:
                continue
            error = _error(file.ast_around(node))
            yield Claim(
                file.ast_range(node),
                f"`{row.name}` is bound by `except … as {row.name}` alone, which takes it away at its "
                f"end: {error}",
                raises=("NameError", error),
                related=(RelatedPlace("this clause binds it", line_range(row.handler_line)),),
                thing=row.name,
            )


def _error(around: Sequence[ast.AST]) -> str:
    """What a read raises, by what is around it. UnboundLocalError is a NameError, too."""
    inner = next((part for part in around if isinstance(part, (*SCOPES, *COMPREHENSIONS))), None)
    return "UnboundLocalError" if isinstance(inner, FUNCTIONS) else "NameError"
