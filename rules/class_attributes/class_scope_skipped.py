from __future__ import annotations

import ast
from collections.abc import Iterator

from pyconcepts_lint.analysis.context import path_in
from pyconcepts_lint.analysis.related import bound_in_body
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.class_attributes._class_scope import Unseen, unseen_names

_SCOPES = (ast.ClassDef, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class ClassScopeSkipped(Rule):
    """A comprehension or class in a class body doesn't see the names of that body.

    ## What it finds

    A name of a class body, and of nothing else that Python would look in, used in a comprehension
    or generator expression of that body, or in the body of a nested class: NameError when it is
    evaluated. The iterable of the first `for` of a comprehension is evaluated in the class body
    itself and sees all of it.

    ## Why

    A comprehension has a scope of its own, as a function has, and so has a nested class. What is
    around them is looked up in functions and in the module; class bodies are passed. A `for` loop
    has no scope, and works.

    ## Bad

    ```python
    class Rates:
        tax = 2
        prices = [1, 2, 3]
        gross = [price * tax for price in prices]
    ```

    ```output
    NameError: name 'tax' is not defined
    ```

    ## Good

    ```python
    class Rates:
        tax = 2
        prices = [1, 2, 3]
        gross = []
        for price in prices:
            gross.append(price * tax)
        del price


    print(Rates.gross)
    ```

    ```output
    [2, 4, 6]
    ```

    ## Fix

    There is none: whether a loop, a function with a parameter or a name outside of the class
    serves best depends on what the value is for.

    ## When to ignore it

    Where other code puts the name into the module from outside, in a way that can't be seen here.

    ## See also

    - [Resolution of names](https://docs.python.org/3/reference/executionmodel.html#resolution-of-names)
    - [Displays for lists, sets and dictionaries](https://docs.python.org/3/reference/expressions.html#displays-for-lists-sets-and-dictionaries)
    """

    code = "PCL108"
    name = "class-scope-skipped"
    severity = "error"
    reads_stubs = False
    facts = ("names_in_classes",)
    raises = ("NameError",)
    silences = {
        "the first iterable of a comprehension is evaluated in the class body": "first-iterable",
        "the module has the name, too": "module-name",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for unseen in file.cached(unseen_names):
            if not unseen.in_function:
                yield self._claim(unseen)

    def _claim(self, unseen: Unseen) -> Claim:
        place = self.file.ast_range(unseen.node)
        path = path_in(self.file, place)
        inner = next(node for node in reversed(path) if isinstance(node, _SCOPES))
        inside = "classes" if isinstance(inner, ast.ClassDef) else "comprehensions"
        # Python 2 runs list comprehensions in the class body itself.
        runs_in_python2 = self.file.is_python2 and isinstance(inner, ast.ListComp)
        of_python3 = " in Python 3" if runs_in_python2 else ""
        return Claim(
            place,
            f"`{unseen.node.id}` is bound in the body of `{unseen.model.name}` only, where "
            f"{inside} inside of it don't look{of_python3}: NameError when this is evaluated",
            related=bound_in_body(unseen.model, unseen.node.id),
        )
