from __future__ import annotations

import ast
from collections.abc import Iterator

from pyconcepts_lint.analysis.related import slots_of
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.attribute_access._slots import conflicts

_BINDERS: tuple[type[ast.expr] | type[ast.stmt], ...] = (
    *(ast.Name, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import),
    ast.ImportFrom,
)


class SlotsConflict(Rule):
    """A class that binds a name which is also in its own `__slots__` can't be made.

    ## What it finds

    A class attribute (an assignment, a method, a nested class, an import in the class body)
    whose name is in the `__slots__` of the same class body. An annotation alone binds nothing
    and is left alone; so are names that are bound under a condition or deleted again, and classes
    whose metaclass isn't known.

    ## Why

    For each name in `__slots__` Python makes a descriptor and puts it into the class under that
    name. A class attribute of the same name would be in its place, so that Python refuses to
    make the class. A slot can't have a class-level default: give it its value in `__init__`.

    ## Bad

    ```python
    class Parcel:
        __slots__ = ("weight", "zone")
        weight = 1.0
    ```

    ```output
    ValueError: 'weight' in __slots__ conflicts with class variable
    ```

    ## Good

    ```python
    class Parcel:
        __slots__ = ("weight", "zone")

        def __init__(self, zone, weight=1.0):
            self.zone = zone
            self.weight = weight


    print(Parcel("EU").weight)
    ```

    ```output
    1.0
    ```

    ## Fix

    There is none: a default goes into `__init__`; a value that all instances share needs another
    name.

    ## When to ignore it

    Never; the module that holds such a class can't be imported.

    ## See also

    - [Notes on using `__slots__`](https://docs.python.org/3/reference/datamodel.html#slots)
    """

    code = "PCL607"
    name = "slots-conflict"
    severity = "error"
    reads_stubs = False
    words = ("__slots__",)
    raises = ("ValueError",)

    def claims(self, file: FileContext) -> Iterator[Claim]:
        version = " in Python 3" if file.is_python2 else ""
        for model, binding in conflicts(file):
            name = binding.name.removeprefix(f"_{model.name.lstrip('_')}__")
            name = f"__{name}" if name != binding.name else name
            node = file.ast_at(binding.line, binding.column, *_BINDERS)
            if node is not None:
                yield Claim(
                    file.ast_range(node),
                    f"`{name}` is a class attribute here and in `__slots__`, too: the class "
                    f"statement of `{model.name}` raises ValueError{version}",
                    related=slots_of(model),
                )
