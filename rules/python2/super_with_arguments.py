from __future__ import annotations

import ast
from collections.abc import Iterator

from pyconcepts_lint.analysis import super_calls
from pyconcepts_lint.analysis.super_calls import Context, first_parameter
from pyconcepts_lint.base.finding import Applicability, Fix
from pyconcepts_lint.index.collect import dotted_name
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.python2._both_pythons import runs_in_python2


class SuperWithArguments(Rule):
    """In a method, `super(C, self)` is what `super()` means in Python 3.

    ## What it finds

    `super(C, self)` and `super(Outer.Inner, self)` in a method of that class, with the method's own
    first argument, whatever its name (`super(Meta, cls)`); and `super(__class__, self)`.

    The rule is silent where `super()` would be something else, or might be: in functions,
    lambdas and comprehensions inside of a method, where the first argument is another one or may
    have been deleted, in `def method(*args)`; where the name isn't surely the class whose body this
    is, because it is bound more than once, or because of a decorator that isn't known or makes
    another class (`@dataclass(slots=True)`, `@six.add_metaclass`).

    ## Why

    `super` needs to know two things: the class behind which the search in the method resolution
    order starts, and the instance (or class) whose order that is. Without arguments it takes both
    from where it is called. The compiler gives every function of a class body that names `super`
    a cell `__class__`, in which the class is put as soon as it has been made; the other is the
    first argument of the function that is running. Thus the class is right even where its name
    comes to mean something else, and nothing has to be changed when the class is renamed.

    ## Bad

    ```python
    class Shape:
        def describe(self):
            return "a shape"


    class Square(Shape):
        def describe(self):
            return super(Square, self).describe() + " with four sides"


    print(Square().describe(), Square.describe.__code__.co_freevars)
    ```

    ```output
    a shape with four sides ('__class__',)
    ```

    ## Good

    ```python
    class Shape:
        def describe(self):
            return "a shape"


    class Square(Shape):
        def describe(self):
            return super().describe() + " with four sides"


    print(Square().describe(), Square.describe.__code__.co_freevars)
    ```

    ```output
    a shape with four sides ('__class__',)
    ```

    ## Fix

    Takes the arguments out. It is safe where `super()` finds the same two. It is unsafe where a
    comment would go with them, and in a file that shows that Python 2 runs it, too (it imports
    `six` or `future`, has a `from __future__` import that is meant for Python 2, or asks for the
    version), in a project that doesn't say which Python 3 it requires: in Python 2 `super()` raises
    TypeError. Of Python 2 source it is made together with the fixes of PCL902, or not at all.

    ## When to ignore it

    In code that is still run by Python 2, too.

    ## See also

    - [`super`](https://docs.python.org/3/library/functions.html#super)
    - [Creating the class object](https://docs.python.org/3/reference/datamodel.html#creating-the-class-object), on `__class__`
    - [PEP 3135](https://peps.python.org/pep-3135/), which introduced `super()`
    """

    code = "PCL904"
    name = "super-with-arguments"
    severity = "note"
    words = ("super",)

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for use in file.cached(super_calls.uses).values():
            node = use.node
            if not isinstance(node, ast.Call) or not _is_redundant(node, use.context):
                continue
            written = f"super({', '.join(map(ast.unparse, node.args))})"
            message = f"`{written}` is what `super()` means here"
            if file.is_python2:
                message += " in Python 3"
            yield Claim(file.ast_range(node), message, self._fix(node))

    def _fix(self, node: ast.Call) -> Fix:
        end = self.file.ast_span(node)[1]
        opening = self.file.text.index("(", self.file.ast_span(node.func)[1])
        safety: Applicability = "safe"
        if "#" in self.file.text[opening:end] or self.file.cached(runs_in_python2):
            safety = "unsafe"
        edit = self.file.edit(opening + 1, end - 1, "")
        return self.fix(safety, "Take the arguments out", [edit], python3=True)


def _is_redundant(call: ast.Call, context: Context) -> bool:
    if call.keywords or len(call.args) != 2 or not context.is_in_method:
        return False
    instance = call.args[1]
    return (
        isinstance(instance, ast.Name)
        and instance.id == first_parameter(context.running)
        and not context.may_have_deleted(instance.id)
        and context.means_class(dotted_name(call.args[0]))
    )
