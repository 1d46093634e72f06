from __future__ import annotations

from collections.abc import Iterable

import libcst as cst
from pyconcepts_lint.rules.class_attributes._class_scope import (
    Unseen,
    is_enum,
    is_guarded,
    unseen_names,
)

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
    `Till.rate` in a static method, in an `Enum`, and for a function that is called with `self`
    already. It is unsafe, for a module that runs today may never come there, and another name may
    have been meant. There is none where the method's first parameter is hidden, and in a lambda of
    the class body.

    ## When to ignore it

    Where somebody puts the name into the module from outside, in a way that can't be seen here.

    ## See also

    - [Resolution of names](https://docs.python.org/3/reference/executionmodel.html#resolution-of-names)
    - [Scopes and namespaces](https://docs.python.org/3/tutorial/classes.html#python-scopes-and-namespaces)
    """

    code = "PCL107"
    name = "class-name-bare"
    reads_stubs = False
    needs = ("classes.unseen",)

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
        if is_guarded(path, unseen.name, error):
            return
        owner, name = unseen.model.name, unseen.name
        if unseen.is_augmented:
            message = (
                f"`{name}` is a local variable here, without a value: UnboundLocalError; the "
                f"attribute `{owner}.{name}` is another thing"
            )
        elif unseen.is_annotated:
            message = (
                f"`{name}` is declared in the body of `{owner}` only, where functions don't look: "
                "NameError"
            )
        else:
            message = (
                f"`{name}` is bound in the body of `{owner}` only, where functions don't look: "
                f"NameError; it is the attribute `{owner}.{name}`"
            )
        self.report(node, message, self._fix(node, unseen))

    def _fix(self, node: cst.Name, unseen: Unseen) -> Fix | None:
        model, method = unseen.model, unseen.method
        if method is None or method.kind == "unknown" or self._is_shown(node):
            return None
        owner: str | None = unseen.first
        if method.kind == "static" or self._is_given(unseen.first, node) or is_enum(model):
            if unseen.is_annotated:
                return None
            owner = reachable_name(self.file, model, self.file.place(node)[0], model)
        if not owner:
            return None
        text = f"{owner}.{unseen.name}"
        return self.fix("unsafe", f"Write `{text}`", [self.file.replace(node, text)])

    def _is_shown(self, node: cst.Name) -> bool:
        """Is it in an f-string that shows its own text (`{x=}`)?"""
        parent = self.ancestors[-1]
        return isinstance(parent, cst.FormattedStringExpression) and parent.equal is not None

    def _is_given(self, first: str, node: cst.Name) -> bool:
        """Is it called with the method's first parameter, which a bound method has already?"""
        call = self.ancestors[-1]
        if not isinstance(call, cst.Call) or call.func is not node or not call.args:
            return False
        argument = call.args[0]
        return (
            isinstance(argument.value, cst.Name)
            and argument.value.value == first
            and argument.keyword is None
            and not argument.star
        )
