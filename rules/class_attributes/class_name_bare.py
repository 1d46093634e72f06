from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from pyconcepts_lint.analysis.names import reachable_name
from pyconcepts_lint.analysis.related import bound_in_body
from pyconcepts_lint.base.finding import Edit, Fix
from pyconcepts_lint.index.facts import MethodKind
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.edits import is_shown
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.class_attributes._class_scope import Unseen, is_enum, unseen_names


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

    Where other code puts the name into the module from outside, in a way that can't be seen here.

    ## See also

    - [Resolution of names](https://docs.python.org/3/reference/executionmodel.html#resolution-of-names)
    - [Scopes and namespaces](https://docs.python.org/3/tutorial/classes.html#python-scopes-and-namespaces)
    """

    code = "PCL107"
    name = "class-name-bare"
    severity = "error"
    reads_stubs = False
    facts = ("names_in_classes",)
    raises = ("NameError",)
    silences = {
        "the module has the name, too": "module-name",
        "the function binds it first": "local",
        "a star import of what isn't known may bind it": "star",
        "a built-in has the name": "builtin",
        "it is used in the class body, where the name is known": "class-scope",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for unseen in file.cached(unseen_names):
            if unseen.in_function:
                error = "UnboundLocalError" if unseen.is_augmented else "NameError"
                place = file.ast_range(unseen.node)
                yield Claim(
                    place,
                    _message(unseen),
                    self._fix(unseen),
                    raises=(error,),
                    related=bound_in_body(unseen.model, unseen.node.id),
                )

    def _fix(self, unseen: Unseen) -> Fix | None:
        model, method = unseen.model, unseen.method
        place = self.file.ast_range(unseen.node)
        node = self.file.ast_at(place.start_line, place.start_column, ast.Name)
        if method is None or method.kind is MethodKind.UNKNOWN or node is None:
            return None
        path = [*reversed(self.file.ast_around(node)), node]
        if is_shown(self.file, path):
            return None
        owner: str | None = unseen.first
        if method.kind is MethodKind.STATIC or _is_given(unseen.first, path) or is_enum(model):
            if unseen.is_annotated:
                return None
            owner = reachable_name(self.file, model, place.start_line, model)
        if not owner:
            return None
        text = f"{owner}.{node.id}"
        return self.fix("unsafe", f"Write `{text}`", [Edit(self.file.path, *place, text)])


def _message(unseen: Unseen) -> str:
    owner, name = unseen.model.name, unseen.node.id
    if unseen.is_augmented:
        return (
            f"`{name}` is a local variable here, without a value: UnboundLocalError; the "
            f"attribute `{owner}.{name}` is another thing"
        )
    if unseen.is_annotated:
        return (
            f"`{name}` is declared in the body of `{owner}` only, where functions don't look: "
            "NameError"
        )
    return (
        f"`{name}` is bound in the body of `{owner}` only, where functions don't look: "
        f"NameError; it is the attribute `{owner}.{name}`"
    )


def _is_given(first: str, path: Sequence[ast.AST]) -> bool:
    """Is the last node called with the method's first parameter, which a bound method has
    already?"""
    call = path[-2]
    if not isinstance(call, ast.Call) or call.func is not path[-1] or not call.args:
        return False
    return isinstance(call.args[0], ast.Name) and call.args[0].id == first
