from __future__ import annotations

from collections.abc import Iterable

import libcst as cst
from pyconcepts_lint.rules.class_attributes._class_scope import is_guarded, unseen_names

from pyconcepts_lint.rule import Rule


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

    Where somebody puts the name into the module from outside, in a way that can't be seen here.

    ## See also

    - [Resolution of names](https://docs.python.org/3/reference/executionmodel.html#resolution-of-names)
    - [Displays for lists, sets and dictionaries](https://docs.python.org/3/reference/expressions.html#displays-for-lists-sets-and-dictionaries)
    """

    code = "PCL108"
    name = "class-scope-skipped"
    reads_stubs = False
    needs = ("classes.unseen",)

    def lines(self) -> Iterable[int]:
        uses = self.file.share(unseen_names)
        return {line for (line, _), unseen in uses.items() if not unseen.in_function}

    def visit_Name(self, node: cst.Name) -> None:
        uses = self.file.share(unseen_names)
        unseen = uses.get(self.file.place(node)) if uses else None
        if unseen is None or unseen.in_function or node.value != unseen.name:
            return
        if is_guarded([*self.ancestors, node], unseen.name, "NameError"):
            return
        name, owner = unseen.name, unseen.model.name
        scopes = (cst.ClassDef, cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp)
        inner = next(node for node in reversed(self.ancestors) if isinstance(node, scopes))
        inside = "classes" if isinstance(inner, cst.ClassDef) else "comprehensions"
        # Python 2 runs list comprehensions in the class body itself.
        of_python3 = (
            " in Python 3" if self.file.is_python2 and isinstance(inner, cst.ListComp) else ""
        )
        self.report(
            node,
            f"`{name}` is bound in the body of `{owner}` only, where {inside} inside of it don't "
            f"look{of_python3}: NameError when this is evaluated",
        )
