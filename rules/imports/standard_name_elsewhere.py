from __future__ import annotations

import ast
from collections.abc import Iterator

from pyconcepts_lint.analysis.context import only_if_it_has
from pyconcepts_lint.base.finding import Fix
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.imports._facts import misplaced_names
from pyconcepts_lint.rules.imports._gone import ELSEWHERE
from pyconcepts_lint.rules.imports._standard import Asked, asked_of_standard

_BELOW = {
    "os": "path",
    "datetime": "datetime",
}
"""What stands between a module and the name, where each of the names works so as it was called."""
_OF_OBJECTS = frozenset({"astimezone", "isoformat", "strftime", "timestamp", "weekday"})


class StandardNameElsewhere(Rule):
    """A module of the standard library is asked for what its class, or another module, has.

    ## What it finds

    `datetime.now()` and `datetime.strptime(…)` where `datetime` is the module and the class of that
    name has the method, `socket.connect(…)`, `os.exists(…)` and what else is in `os.path`,
    `logging.RotatingFileHandler` (of `logging.handlers`), `os.argv`, `sys.getenv`, `os.sleep`,
    `itertools.reduce`, `math.abs` and others that are often looked for in the wrong place; also
    `from os import exists`.

    Silent under a test of Python's version or for such a name, in an `except` clause, where the
    import is one of two ways to the name, where the project assigns the name to something, in
    Python 2 source, where a module of the project may be meant, and for names that only local
    variables have.

    ## Why

    `import datetime` binds the name to a module, and a dot behind a module asks its dictionary: what
    the module's file has bound. A class in it is an object of its own, with its own attributes. So
    the class `datetime` of the module `datetime` is `datetime.datetime`, and its method is
    `datetime.datetime.now`. `from datetime import datetime` binds the same name to the class.

    ## Bad

    ```python
    import datetime

    print(datetime.strptime("2026-11-30", "%Y-%m-%d").year)
    ```

    ```output
    AttributeError: module 'datetime' has no attribute 'strptime'
    ```

    ## Good

    ```python
    import datetime

    print(datetime.datetime.strptime("2026-11-30", "%Y-%m-%d").year)
    ```

    ```output
    2026
    ```

    ## Fix

    Writes the class, or `path`, between the module and the name. It is safe: the line fails as it
    is. What is in another module, or a method of objects, gets no fix; the message says where it is.

    ## When to ignore it

    Where something outside of the project puts the name into the module.

    ## See also

    - [Modules](https://docs.python.org/3/tutorial/modules.html)
    - [Module objects](https://docs.python.org/3/reference/datamodel.html#modules)
    """

    code = "PCL222"
    name = "standard-name-elsewhere"
    severity = "error"
    reads_stubs = False
    facts = ("misplaced_names",)

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for asked in asked_of_standard(file, misplaced_names, ELSEWHERE):
            if only_if_it_has(asked.path, (asked.name,)):
                continue
            there = ELSEWHERE[asked.source, asked.name]
            message = (
                f"the module `{asked.source}` has no `{asked.name}`: this raises {asked.error}. "
                f"There is `{there}`"
            )
            yield Claim(asked.where, message, self._fix(asked, there), raises=(asked.error,))

    def _fix(self, asked: Asked, there: str) -> Fix | None:
        node, between = asked.node, _BELOW.get(asked.source)
        if (
            not isinstance(node, ast.Attribute)
            or there != f"{asked.source}.{between}.{asked.name}"
            or asked.name in _OF_OBJECTS
        ):
            return None
        end = self.file.ast_span(node.value)[1]
        edit = self.file.edit(end, end, f".{between}")
        written = f"{ast.unparse(node.value)}.{between}.{asked.name}"
        return self.fix("safe", f"Write `{written}`", [edit])
