from __future__ import annotations

import ast
from collections.abc import Iterator

from pyconcepts_lint.analysis.context import path_in
from pyconcepts_lint.analysis.names import is_builtin
from pyconcepts_lint.base.finding import Fix
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.attribute_access._source import (
    calls,
    is_searched,
    is_test,
    replace_expression,
)
from pyconcepts_lint.source.ast_nodes import walk


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
    severity = "note"
    reads_stubs = False
    words = ("dir",)

    def claims(self, file: FileContext) -> Iterator[Claim]:
        if is_test(file):
            return
        lines = [
            file.code.position(place)[0]
            for place in calls(file, "dir")
            if is_searched(file.text, place) and not file.literals.hold(place)
        ]
        for node in walk(*file.statements_at(lines)):
            if isinstance(node, ast.Compare):
                for number, call in enumerate(node.comparators):
                    if _is_dir(call) and isinstance(node.ops[number], (ast.In, ast.NotIn)):
                        assert isinstance(call, ast.Call)
                        yield from self._claim(node, number, call)

    def _claim(self, node: ast.Compare, number: int, call: ast.Call) -> Iterator[Claim]:
        file = self.file
        place = file.ast_range(node)
        path = path_in(file, place)
        if not is_builtin(file, "dir", path):
            return
        key = [node.left, *node.comparators][number]
        word = "in" if isinstance(node.ops[number], ast.In) else "not in"
        thing, name = file.ast_quote(call.args[0]), file.ast_quote(key)
        yield Claim(
            place,
            f"`{name} {word} dir({thing})` makes a sorted list of attribute names to search it; "
            f"`hasattr({thing}, {name})` asks the object itself, its `__getattr__` included",
            self._fix(node, word, call) if is_builtin(file, "hasattr", path) else None,
        )

    def _fix(self, node: ast.Compare, word: str, call: ast.Call) -> Fix | None:
        file, key, subject = self.file, node.left, call.args[0]
        if (
            len(node.ops) > 1
            or not isinstance(key, ast.Constant)
            or not isinstance(key.value, str)
            or "#" in file.ast_text(node)
            or isinstance(subject, ast.GeneratorExp)
        ):
            return None
        opening = file.text[file.ast_span(call.func)[1] : file.ast_span(subject)[0]].count("(") - 1
        text = "(" * opening + file.ast_text(subject) + ")" * opening
        asked = f"hasattr({text}, {file.ast_text(key)})"
        asked = asked if word == "in" else f"not {asked}"
        return self.fix("unsafe", "Use `hasattr`", [replace_expression(file, node, asked)])


def _is_dir(node: ast.expr) -> bool:
    """Is it a call of `dir` with one argument?"""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "dir"
        and len(node.args) == 1
        and not node.keywords
        and not isinstance(node.args[0], ast.Starred)
    )
