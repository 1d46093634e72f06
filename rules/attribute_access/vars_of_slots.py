from __future__ import annotations

import ast
from collections.abc import Iterator

from pyconcepts_lint.analysis.context import only_if_it_has, path_in
from pyconcepts_lint.analysis.names import is_builtin
from pyconcepts_lint.analysis.related import slots_of
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.attribute_access._dictionaries import missing_dictionaries


class VarsOfSlots(Rule):
    """An instance whose classes all have `__slots__` has no `__dict__` that `vars` could return.

    ## What it finds

    `vars(x)` and `x.__dict__` where `x` is known to be an instance (`self` in a method, or a
    name bound to nothing but calls of such classes) and neither its class nor a base of it
    gives instances a `__dict__`. Built-in types such as `int` and `tuple` have none either.

    The rule is silent where a class of the project below that one adds a `__dict__`, where a
    base, decorator or metaclass can't be resolved, where the class has an attribute `__dict__`
    or a `__getattr__`, under `hasattr(x, "__dict__")`, and where the error is caught.

    ## Why

    `__slots__` makes room for the listed attributes in the instance itself, in place of the
    dictionary. There is nothing then that `vars(x)` could return: it raises TypeError, as
    `x.__dict__` raises AttributeError. The attributes are still there, one by one.

    ## Bad

    ```python
    class Voucher:
        __slots__ = ("code", "value")

        def __init__(self, code, value):
            self.code = code
            self.value = value

        def dump(self):
            return vars(self)


    Voucher("A1", 5).dump()
    ```

    ```output
    TypeError: vars() argument must have __dict__ attribute
    ```

    ## Good

    ```python
    class Voucher:
        __slots__ = ("code", "value")

        def __init__(self, code, value):
            self.code = code
            self.value = value

        def dump(self):
            return {name: getattr(self, name) for name in self.__slots__}


    print(Voucher("A1", 5).dump())
    ```

    ```output
    {'code': 'A1', 'value': 5}
    ```

    ## Fix

    There is none: what the dictionary was wanted for decides what can take its place.

    ## When to ignore it

    Where the class is there to be inherited from by classes outside this project that have a
    `__dict__`.

    ## See also

    - [`__slots__`](https://docs.python.org/3/reference/datamodel.html#slots)
    - [`vars`](https://docs.python.org/3/library/functions.html#vars)
    """

    code = "PCL604"
    name = "vars-of-slots"
    severity = "error"
    reads_stubs = False
    words = ("__dict__", "vars")
    raises = ("AttributeError", "TypeError")
    silences = {
        "a subclass of the project brings a `__dict__`": "has-dict",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        version = " in Python 3" if file.is_python2 else ""
        for node, model in file.cached(missing_dictionaries).values():
            is_call = isinstance(node, ast.Call)
            place = file.ast_range(node)
            path = path_in(file, place)
            if only_if_it_has(path, ("__dict__",)) or (
                is_call and not is_builtin(file, "vars", path)
            ):
                continue
            error = "TypeError" if is_call else "AttributeError"
            yield Claim(
                place,
                f"`{file.ast_quote(node)}` raises {error}{version}: instances of `{model.name}` have no "
                "`__dict__`",
                raises=(error,),
                related=slots_of(model),
            )
