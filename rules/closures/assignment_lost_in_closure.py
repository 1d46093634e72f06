from __future__ import annotations

from collections.abc import Iterator

from pyconcepts_lint.rule_api.claim import Claim, RelatedPlace, line_range
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.closures._declarations import declare
from pyconcepts_lint.rules.closures._lost import lost_assignments


class AssignmentLostInClosure(Rule):
    """An assignment in a nested function makes a variable of its own, which ends with the call.

    ## What it finds

    A nested function that assigns a name and never reads it, while a function around it has a
    variable of that name, which it, or another function inside of it, reads after the nested
    function can have run. Nothing is said where the outer function binds its variable anew between
    the two, where it is a loop variable, an import or a definition there, and where one of the
    functions uses `locals()` or its like.

    ## Why

    A function sees the variables of the functions around it, but what it assigns is a variable of
    its own, unless `nonlocal` says otherwise. The value is gone when the call ends, and who reads
    the outer variable finds what it was before.

    ## Bad

    ```python
    def checkout(charge):
        paid = False

        def on_success():
            paid = True

        charge(on_success)
        return paid


    print(checkout(lambda callback: callback()))
    ```

    ```output
    False
    ```

    ## Good

    ```python
    def checkout(charge):
        paid = False

        def on_success():
            nonlocal paid
            paid = True

        charge(on_success)
        return paid


    print(checkout(lambda callback: callback()))
    ```

    ```output
    True
    ```

    ## Fix

    Declares the name `nonlocal` at the start of the nested function. It is unsafe, for it changes
    what the program does; where a variable of its own was meant, another name says so. Python 2 has
    no `nonlocal`: what only Python 2 can read gets it together with the fixes of its syntax.

    ## When to ignore it

    Where the name is the same by chance.

    ## See also

    - [The nonlocal statement](https://docs.python.org/3/reference/simple_stmts.html#the-nonlocal-statement)
    - [Binding of names](https://docs.python.org/3/reference/executionmodel.html#binding-of-names)
    """

    code = "PCL803"
    name = "assignment-lost-in-closure"
    reads_stubs = False
    facts = ("lost_assignments",)
    silences = {
        "the nested function reads it itself": "read-inside",
        "nothing reads the outer one afterwards": "not-read-afterwards",
        "it is one part of what is unpacked, of which another is used": "unpacked",
        "one of the functions uses `locals()` or its like": "reflecting",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for lost in lost_assignments(file):
            name, function = lost.target.id, lost.function
            # A later function may have the same name.
            another = "another " if lost.reader == function.name else ""
            yield Claim(
                file.ast_range(lost.target),
                f"`{function.name}` assigns a variable `{name}` of its own, which nothing reads; "
                f"the `{name}` of `{lost.outer.name}`, which {another}`{lost.reader}` reads "
                "afterwards, stays as it is",
                self.fix(
                    "unsafe",
                    f"Declare `nonlocal {name}`",
                    [declare(file, function, "nonlocal", name)],
                    python3=True,
                ),
                related=(
                    RelatedPlace(
                        f"the variable that `{lost.reader}` reads is that of `{lost.outer.name}`",
                        line_range(file.ast_place(lost.outer.lineno, 0)[0]),
                    ),
                ),
            )
