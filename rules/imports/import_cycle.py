from __future__ import annotations

from collections.abc import Iterator

from pyconcepts_lint.index.cycles import Failure, failures
from pyconcepts_lint.rule_api.claim import Claim, RelatedPlace, line_range
from pyconcepts_lint.rule_api.file import FileContext, Range
from pyconcepts_lint.rule_api.rule import Rule


class ImportCycle(Rule):
    """In a cycle of imports, a module is asked for a name that it hasn't bound yet.

    ## What it finds

    A cycle of modules in which `from module import name`, or a use of `module.name` at import time,
    runs while `module` itself is still running and hasn't come to the line that binds `name`. The
    finding stands at the statement that fails, and tells which module has to be imported first for
    it to fail, and by which imports control gets there.

    A module that imports itself is such a cycle, too, be it for a name that nothing else binds in it:
    a script that is called like the library which it uses.

    A cycle alone is no mistake, and isn't reported: most of them work whatever is imported first.
    The imports are followed as Python runs them: packages before their modules, every module once,
    from top to bottom. Imports in functions and under `if TYPE_CHECKING` don't run at import time;
    those under other conditions and in `try` may run or not: what depends on them is left alone,
    and so is all that follows where they may fail themselves, as are modules that import others in ways that can't be seen.

    ## Why

    A module is put into `sys.modules` before its first line runs. An import that meets it there
    gets it as it is: with the names that the lines run so far have bound. `from module import name`
    needs the name at once. So which import of a cycle fails depends on which module was imported
    first: one test passes, another one, or a script, fails.

    ## Bad

    ```python
    # shop/__init__.py
    ```

    ```python
    # shop/customers.py
    from .orders import Order


    class Customer:
        def order(self):
            return Order(self)
    ```

    ```python
    # shop/orders.py
    from .customers import Customer


    class Order:
        def __init__(self, customer):
            assert isinstance(customer, Customer)
    ```

    ```python
    # main.py
    try:
        import shop.orders
    except ImportError as error:
        print(str(error).partition(" (")[0])
    ```

    ```output
    cannot import name 'Order' from partially initialized module 'shop.orders'
    ```

    ## Good

    ```python
    # shop/__init__.py
    ```

    ```python
    # shop/customers.py
    from . import orders


    class Customer:
        def order(self):
            return orders.Order(self)
    ```

    ```python
    # shop/orders.py
    from . import customers


    class Order:
        def __init__(self, customer):
            assert isinstance(customer, customers.Customer)
    ```

    ```python
    # main.py
    import shop.orders

    print(shop.orders.Order(shop.customers.Customer()) is not None)
    ```

    ```output
    True
    ```

    ## Fix

    There is none: what belongs where is for you to say. Import the module and use `module.name`
    when the function runs; move the import into the function; or move what both modules need into a
    third.

    ## When to ignore it

    Where no program ever imports that module first. Importing the modules in the right order in the
    package's `__init__.py` makes sure of that, and the finding goes.

    ## See also

    - [How can I have modules that mutually import each other?](https://docs.python.org/3/faq/programming.html#how-can-i-have-modules-that-mutually-import-each-other)
    - [Loading](https://docs.python.org/3/reference/import.html#loading)
    """

    code = "PCL209"
    name = "import-cycle"
    severity = "error"
    reads_stubs = False
    facts = ("imports_of_project",)
    silences = {
        "the import runs only when a function is called": "in-function",
        "the name is bound before the circle is entered": "bound-before",
        "the error is caught": "handled",
        "it is there for type checkers only": "type-checking",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        if file.module is None or file.path.endswith(".pyi"):
            return
        for failure in failures(file.project, file.path):
            place = Range(failure.line, failure.column, failure.end_line, failure.end_column)
            yield Claim(place, self._message(failure), related=tuple(_chain(failure)))

    def _message(self, failure: Failure) -> str:
        error = "AttributeError" if failure.is_use else "ImportError"
        asked = f"`{failure.owner}`"
        module = self.file.module
        assert module is not None
        if failure.bound_line:
            when = f"which binds `{failure.wanted}` only in line {failure.bound_line}"
        elif failure.owner == module.name.dotted and not module.name.is_package:
            when = f"and nothing else binds `{failure.wanted}` in it"
        else:
            when = f"whose submodule `{failure.wanted}` hasn't run to its end"
        if not failure.chain:
            return f"{error} if `{module.name.dotted}` is imported: here {asked} is still running, {when}"
        first = failure.chain[0].dotted
        links = [f"{link.dotted} (line {link.line})" for link in failure.chain]
        return (
            f"{error} if `{first}` is imported first: {' -> '.join(links)} -> here, while "
            f"{asked} is still running, {when}"
        )


def _chain(failure: Failure) -> Iterator[RelatedPlace]:
    """The way from the module that is imported first to the place, and what is missed there."""
    names = [f"`{link.dotted}`" for link in failure.chain[1:]]
    loads = zip(failure.chain, [*names, "this module"], strict=False)
    for number, (link, loaded) in enumerate(loads, 1):
        said = f"{number}. `{link.dotted}` starts to load {loaded}"
        yield RelatedPlace(said, line_range(link.line), link.path)
    if failure.bound_line and failure.owner_path:
        said = f"`{failure.owner}` would bind `{failure.wanted}` here"
        yield RelatedPlace(said, line_range(failure.bound_line), failure.owner_path)
