from __future__ import annotations

import ast
from collections.abc import Iterator

from pyconcepts_lint.analysis.context import asks_how_it_runs, path_in
from pyconcepts_lint.index.facts import Binding, BindingKind, ValueKind
from pyconcepts_lint.index.model import Module
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule

_NAMES = ("__package__", "__path__", "__name__", "__spec__", "__loader__")
_KINDS = frozenset(
    {
        BindingKind.ASSIGN,
        BindingKind.AUGMENT,
        BindingKind.FOR,
        BindingKind.FROM,
        BindingKind.GLOBAL,
        BindingKind.WALRUS,
        BindingKind.WITH,
    }
)
_NO_STRINGS = frozenset(
    {
        ValueKind.BOOL,
        ValueKind.BYTES,
        ValueKind.DICT,
        ValueKind.ELLIPSIS,
        ValueKind.LIST,
        ValueKind.NUMBER,
        ValueKind.SET,
        ValueKind.TUPLE,
    }
)


class ImportAttributeAssigned(Rule):
    """The import system sets a module's `__package__`, `__name__` and `__spec__`, and goes by them.

    ## What it finds

    A module that assigns

    - `__package__`, from which its relative imports start. Not PEP 366's lines for a module that
      is run as a script (`if __name__ == "__main__" and __package__ is None: …`). A value that is
      no string gets its own words;
    - `__path__`, anywhere but in an `__init__.py`: what has a `__path__` is a package;
    - `__name__`, `__spec__`, `__loader__`.

    ## Why

    These attributes are set before a module's code runs, and imports read them back from the
    module's own global variables. `from . import x` asks `__package__` what the dot means;
    `import m.x` asks `m` for its `__path__` to see whether there can be an `x` at all; each `def`
    and `class` takes its `__module__` from `__name__`, by which pickle finds it again.

    ## Bad

    ```python
    # shop/__init__.py
    ```

    ```python
    # shop/prices.py
    APPLE = 3
    ```

    ```python
    # shop/basket.py
    __package__ = "shop.basket"

    from .prices import APPLE
    ```

    ```python
    # main.py
    try:
        from shop import basket
    except ModuleNotFoundError as error:
        print(error)
    ```

    ```output
    No module named 'shop.basket.prices'; 'shop.basket' is not a package
    ```

    ## Good

    ```python
    # shop/__init__.py
    ```

    ```python
    # shop/prices.py
    APPLE = 3
    ```

    ```python
    # shop/basket.py
    from .prices import APPLE
    ```

    ```python
    # main.py
    from shop import basket

    print(basket.__package__, basket.APPLE)
    ```

    ```output
    shop 3
    ```

    ## Fix

    There is none: what the assignment was for, only the author knows. Mostly it can simply go.

    ## When to ignore it

    In a module that is loaded by other means than an import statement. From Python 3.15 on,
    `__package__` is no longer asked.

    ## See also

    - [Import-related attributes on module objects](https://docs.python.org/3/reference/datamodel.html#import-related-attributes-on-module-objects)
    - [PEP 366](https://peps.python.org/pep-0366/)
    """

    code = "PCL213"
    name = "import-attribute-assigned"
    reads_stubs = False
    words = ("__package__", "__path__", "__name__", "__spec__", "__loader__")
    facts = ("import_attributes",)

    def claims(self, file: FileContext) -> Iterator[Claim]:
        module = file.module
        if module is None or module.path.endswith(".pyi"):
            return
        for binding in self._assigned(module):
            node = file.ast_at(binding.line, binding.column, ast.Name, ast.ImportFrom)
            if isinstance(node, (ast.Name, ast.ImportFrom)):
                where = file.ast_range(node)
                if not asks_how_it_runs(path_in(file, where)):
                    yield Claim(where, _message(module, binding))

    @staticmethod
    def _assigned(module: Module) -> Iterator[Binding]:
        """The bindings of these names; of several at one place, such as by one import, the last."""
        found = {
            (binding.line, binding.column): binding
            for name in _NAMES
            if not (name == "__path__" and module.name.is_package)
            for binding in module.bindings.get(name, ())
            if binding.kind in _KINDS and not _is_the_same(binding, module)
        }
        yield from found.values()


def _message(module: Module, binding: Binding) -> str:
    name = binding.name
    if name == "__package__":
        return _message_on_package(module, binding)
    if name == "__path__":
        return (
            "what has a `__path__` is a package: with this assignment, the import system looks "
            f"for submodules of `{module.name.dotted}` there"
        )
    if name == "__name__":
        return (
            "Python has set `__name__` to the name of this module; with another one, what is "
            "defined from here on says that it comes from another module"
        )
    return (
        f"Python has set `{name}` to what it loaded this module by; with another one, "
        "`importlib.reload` and whatever else asks for it goes by that"
    )


def _message_on_package(module: Module, binding: Binding) -> str:
    if binding.value in _NO_STRINGS:
        return (
            "a `__package__` that is not a string: every relative import of this module raises "
            "TypeError from here on"
        )
    if binding.value is ValueKind.NONE:
        return "Python has set `__package__` itself; without it, relative imports go by `__spec__`"
    package = module.name.package
    before = f" to `{package}`" if package and module.name.regular else ""
    return (
        f"Python has set `__package__`{before}; relative imports of this module start from "
        "what is assigned here instead"
    )


def _is_the_same(binding: Binding, module: Module) -> bool:
    """Is it `__package__ = __name__` in the `__init__` of a package, which Python sets so?"""
    given = (binding.name, binding.value, binding.target)
    return module.name.is_package and given == ("__package__", ValueKind.NAME, "__name__")
