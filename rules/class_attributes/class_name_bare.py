from __future__ import annotations

from collections.abc import Iterable

import libcst as cst
from pyconcepts_lint.rules.class_attributes._class_scope import Unseen, unseen_names

from pyconcepts_lint import guards
from pyconcepts_lint.finding import Fix
from pyconcepts_lint.names import reachable_name
from pyconcepts_lint.rule import Rule


class ClassNameBare(Rule):
    """A function in a class doesn't see the names of the class body around it.

    ## What it finds

    A bare name in a method, or in any function or lambda inside of a class, that is bound in the
    class body and nowhere Python looks for it: not in the function, the functions around it, the
    module, or among the built-in names. Reading it raises NameError. With `n += 1` the name is a
    local variable of the function, and reading that raises UnboundLocalError.

    ## Why

    A class body is a block of its own, with a namespace that becomes the attributes of the class.
    When Python looks a name up it goes from the function to the functions around it, then to
    the module and the built-in names, and passes the class bodies on the way. What the class has
    is reached as an attribute: of the instance, or of the class.

    ## Bad

    ```python
    class Till:
        rate = 2

        def price(self, amount):
            return amount * rate


    print(Till().price(3))
    ```

    ```output
    NameError: name 'rate' is not defined
    ```

    ## Good

    ```python
    class Till:
        rate = 2

        def price(self, amount):
            return amount * self.rate


    print(Till().price(3))
    ```

    ```output
    6
    ```

    ## Fix

    Reads the attribute: `self.rate`, or `cls.rate`, under the name that the method has for it;
    `Till.rate` in a static method. It is unsafe, for a module that runs today may never come
    there, and another name may have been meant. There is none where the method's first parameter
    is hidden, and in a lambda of the class body.

    ## When to ignore it

    Where somebody puts the name into the module from outside, in a way that can't be seen here.

    ## See also

    - [Resolution of names](https://docs.python.org/3/reference/executionmodel.html#resolution-of-names)
    - [Scopes and namespaces](https://docs.python.org/3/tutorial/classes.html#python-scopes-and-namespaces)
    """

    code = "PCL107"
    name = "class-name-bare"

    def lines(self) -> Iterable[int]:
        uses = self.file.share(unseen_names)
        return {line for (line, _), unseen in uses.items() if unseen.in_function}

    def visit_Name(self, node: cst.Name) -> None:
        uses = self.file.share(unseen_names)
        unseen = uses.get(self.file.place(node)) if uses else None
        if unseen is None or not unseen.in_function or node.value != unseen.name:
            return
        path = [*self.ancestors, node]
        error = "UnboundLocalError" if unseen.is_augmented else "NameError"
        if (
            guards.caught_by(path, error)
            or guards.only_in_python2(path)
            or guards.only_for_type_checkers(path)
        ):
            return
        owner, name = unseen.model.name, unseen.name
        if unseen.is_augmented:
            message = (
                f"`{name}` is a local variable here, without a value: UnboundLocalError; the "
                f"attribute `{owner}.{name}` is another thing"
            )
        else:
            message = (
                f"`{name}` is bound in the body of `{owner}` only, where functions don't look: "
                f"NameError; it is the attribute `{owner}.{name}`"
            )
        self.report(node, message, self._fix(node, unseen))

    def _fix(self, node: cst.Name, unseen: Unseen) -> Fix | None:
        owner: str | None = unseen.first
        if unseen.method is not None and unseen.method.kind == "static":
            line = self.file.place(node)[0]
            owner = reachable_name(self.file, unseen.model, line, unseen.model)
        elif unseen.method is None or unseen.method.kind not in ("instance", "class"):
            return None
        if not owner or isinstance(self.ancestors[-1], cst.FormattedStringExpression):
            return None
        text = f"{owner}.{unseen.name}"
        return self.fix("unsafe", f"Write `{text}`", [self.file.replace(node, text)])
