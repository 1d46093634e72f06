from __future__ import annotations

from collections.abc import Iterable

import libcst as cst
from pyconcepts_lint.rules.attribute_access._source import (
    bracketed,
    calls,
    is_searched,
    is_test,
    only_argument,
    quote,
    replace_expression,
)

from pyconcepts_lint.finding import Fix
from pyconcepts_lint.names import is_builtin
from pyconcepts_lint.rule import Rule


class DirMembership(Rule):
    """Whether an object has an attribute is what `hasattr` asks; `dir` makes a list of names.

    ## What it finds

    `"x" in dir(obj)` and `"x" not in dir(obj)`, with a name that is written down or with any
    other expression in its place. `dir()` without an argument, which lists the names of the
    current scope, is left alone, and so are a `dir` of the module's own, and tests: what they
    look at is often the listing itself.

    ## Why

    `dir(obj)` is there for people: it asks the object's `__dir__`, which puts the names in
    the instance's dictionary, in its class and in all the base classes together, and sorts
    them. Python itself never looks at that list. It may hold names that can't be read from the
    object, and it lacks what `__getattr__` answers for.

    ## Bad

    ```python
    class Settings:
        def __getattr__(self, name):
            if name == "language":
                return "en"
            raise AttributeError(name)


    settings = Settings()
    print("language" in dir(settings), settings.language)
    ```

    ```output
    False en
    ```

    ## Good

    ```python
    class Settings:
        def __getattr__(self, name):
            if name == "language":
                return "en"
            raise AttributeError(name)


    settings = Settings()
    print(hasattr(settings, "language"), settings.language)
    ```

    ```output
    True en
    ```

    ## Fix

    `hasattr(obj, "x")` where the name is a literal string. It is unsafe: `hasattr` really reads
    the attribute, which may run a property, and can come out otherwise, as above. There is none
    in a chain of comparisons, and where a comment would get lost.

    ## When to ignore it

    Where it is the listing that matters, or where reading the attribute would do something.

    ## See also

    - [`hasattr`](https://docs.python.org/3/library/functions.html#hasattr)
    - [`dir`](https://docs.python.org/3/library/functions.html#dir)
    """

    code = "PCL603"
    name = "dir-membership"
    reads_stubs = False
    words = ("dir",)

    def lines(self) -> Iterable[int]:
        file = self.file
        if is_test(file):
            return
        for place in calls(file, "dir"):
            if is_searched(file.text, place) and not file.literals.hold(place):
                yield file.code.position(place)[0]

    def visit_Comparison(self, node: cst.Comparison) -> None:
        if is_test(self.file):
            return
        for number, comparison in enumerate(node.comparisons):
            operator = comparison.operator
            call = comparison.comparator
            if (
                isinstance(operator, (cst.In, cst.NotIn))
                and isinstance(call, cst.Call)
                and isinstance(call.func, cst.Name)
                and call.func.value == "dir"
            ):
                subject = only_argument(call)
                path = [*self.ancestors, node]
                if subject is not None and is_builtin(self.file, "dir", path):
                    key = node.comparisons[number - 1].comparator if number else node.left
                    self._report(node, key, operator, subject)

    def _report(
        self,
        node: cst.Comparison,
        key: cst.BaseExpression,
        operator: cst.In | cst.NotIn,
        subject: cst.BaseExpression,
    ) -> None:
        word = "in" if isinstance(operator, cst.In) else "not in"
        thing = quote(self.file, subject, "…")
        name = quote(self.file, key, "…")
        asked = f"hasattr({thing}, {name})"
        self.report(
            node,
            f"`{name} {word} dir({thing})` makes a sorted list of attribute names to search it; "
            f"`{asked}` asks the object itself, its `__getattr__` included",
            self._fix(node, key, word, subject),
        )

    def _fix(
        self,
        node: cst.Comparison,
        key: cst.BaseExpression,
        word: str,
        subject: cst.BaseExpression,
    ) -> Fix | None:
        if (
            len(node.comparisons) > 1
            or not isinstance(key, (cst.SimpleString, cst.ConcatenatedString))
            or not isinstance(key.evaluated_value, str)
            or "#" in self.file.text_of(node)
            or isinstance(subject, cst.GeneratorExp)
            or not is_builtin(self.file, "hasattr", [*self.ancestors, node])
        ):
            return None
        call = f"hasattr({bracketed(self.file, subject)}, {self.file.text_of(key)})"
        call = call if word == "in" else f"not {call}"
        return self.fix("unsafe", "Use `hasattr`", [replace_expression(self.file, node, call)])
