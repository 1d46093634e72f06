from __future__ import annotations

import re
from collections.abc import Iterator

from pyconcepts_lint.analysis.related import class_statement, slots_of
from pyconcepts_lint.index.model import SourceClass
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext, Range
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.attribute_access._slots import dict_bringer

_HEADER = re.compile(r"class(?:[ \t\f]+\w+)?")


class SlotsWithoutEffect(Rule):
    """`__slots__` keeps no instance from having a `__dict__` that a base class gives it.

    ## What it finds

    Classes with `__slots__` one of whose bases, in other modules too, gives instances a
    `__dict__`: a class without `__slots__`, or a built-in one such as `Exception`. Classes that
    list `__dict__` in their `__slots__` ask for it and are left alone, as are those with a base,
    decorator or metaclass that can't be resolved.

    ## Why

    An instance has a `__dict__` if any class among its bases gives it one. `__slots__` only
    keeps this one class from adding it. Where a base has done so already, instances are no
    smaller (the slots come on top), and take any attribute, so that a misspelt one goes
    unnoticed. Slots work where all classes up to `object` have them.

    ## Bad

    ```python
    class Product:
        def __init__(self, name):
            self.name = name


    class Book(Product):
        __slots__ = ("isbn",)


    book = Book("Emma")
    book.isbm = "978-0-14-143958-7"
    print(vars(book))
    ```

    ```output
    {'name': 'Emma', 'isbm': '978-0-14-143958-7'}
    ```

    ## Good

    ```python
    class Product:
        __slots__ = ("name",)

        def __init__(self, name):
            self.name = name


    class Book(Product):
        __slots__ = ("isbn",)


    book = Book("Emma")
    book.isbm = "978-0-14-143958-7"
    ```

    ```output
    AttributeError: 'Book' object has no attribute 'isbm'
    ```

    ## Fix

    There is none: the base would have to get `__slots__`, or this class to lose its own, and
    either changes what instances can do.

    ## When to ignore it

    Where the slots are there for their descriptors (access to them is a little faster than
    to the dictionary), or the base is about to get `__slots__`, too.

    ## See also

    - [Notes on using `__slots__`](https://docs.python.org/3/reference/datamodel.html#slots)
    """

    code = "PCL608"
    name = "slots-without-effect"
    reads_stubs = False
    words = ("__slots__", "slots")
    silences = {
        "its slots ask for a `__dict__`": "asks-for-it",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for model in file.module.classes if file.module is not None else ():
            has_slots = model.facts.slots is not None or model.is_slotted_dataclass
            bringer = dict_bringer(model) if has_slots else None
            if bringer is None:
                continue
            if isinstance(bringer, SourceClass):
                why = f"its base `{bringer.name}` has no `__slots__`"
            else:
                why = f"its base `{bringer.name}` gives them one"
            line, column = model.facts.line, model.facts.column
            header = _HEADER.match(file.code.line(line), column - 1)
            end = header.end() + 1 if header else column
            yield Claim(
                Range(line, column, line, end),
                f"instances of `{model.name}` have a `__dict__` in spite of its "
                f"{'`slots=True`' if model.facts.slots is None else '`__slots__`'}, for {why}",
                related=(
                    *slots_of(model),
                    *class_statement(bringer, f"`{bringer.name}` has no `__slots__`"),
                ),
            )
