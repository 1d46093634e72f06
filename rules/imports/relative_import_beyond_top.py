from __future__ import annotations

import os
from collections.abc import Iterator

from pyconcepts_lint.analysis.context import conditions, path_in
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.facts import Import
from pyconcepts_lint.index.loading import loading_of
from pyconcepts_lint.index.model import Module
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext, Range
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.imports._statements import range_of


class RelativeImportBeyondTop(Rule):
    """A relative import has more leading dots than there are packages around its module.

    ## What it finds

    `from ..module import name` and its like where the dots lead out of the topmost package, and
    any relative import in a module that is in no package. What packages a module is in is told by
    the directories from a root of the project (its own directory, `src`, or one that the settings
    name) down to the file.

    Silent elsewhere: a directory above may be a namespace package. Silent, too, where the project
    imports something by the name of the root's own directory, or says in its build configuration
    which directories are which packages (`package_dir`); where the module assigns `__package__`;
    where it is loaded by its path; and where ImportError is caught.

    ## Why

    One dot is the package of the module at hand (in an `__init__.py`: the package itself), each
    further dot the package around that. Packages, not directories: the topmost package has none
    around it, however many directories there are. A file that is run as a script, or imported by
    its bare name, is in no package at all.

    ## Bad

    ```python
    # prices.py
    APPLE = 3
    ```

    ```python
    # shop/__init__.py
    ```

    ```python
    # shop/basket.py
    from ..prices import APPLE

    total = APPLE * 2
    ```

    ```python
    # main.py
    from shop import basket

    print(basket.total)
    ```

    ```output
    ImportError: attempted relative import beyond top-level package
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

    total = APPLE * 2
    ```

    ```python
    # main.py
    from shop import basket

    print(basket.total)
    ```

    ```output
    6
    ```

    ## Fix

    There is none: the import has a dot too many, or the module should lie in a package, and only
    the author knows which.

    ## Options

    `src`: the directories that imports start from.

    ## When to ignore it

    Where the directory that holds the topmost package is on purpose a package to those who run
    the program.

    ## See also

    - [Package relative imports](https://docs.python.org/3/reference/import.html#package-relative-imports)
    - [Intra-package references](https://docs.python.org/3/tutorial/modules.html#intra-package-references)
    """

    code = "PCL204"
    name = "relative-import-beyond-top"
    severity = "error"
    reads_stubs = False
    facts = ("relative_imports",)
    raises = ("ImportError",)
    silences = {
        "there are as many packages as dots": "enough-packages",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        module = file.module
        if module is None:
            return
        depth = _depth(module)
        beyond = [statement for statement in module.facts.imports if statement.level > depth]
        if beyond and self._is_top(module):
            for statement in beyond:
                place = range_of(statement)
                if not _only_in_a_package(file, place):
                    yield Claim(place, _message(module, statement))

    def _is_top(self, module: Module) -> bool:
        """Is there surely no package around those that the directories show?"""
        project = self.file.project
        root = module.name.root
        if not loading_of(project).is_established(root):
            return False
        if "__package__" in module.bindings or "__path__" in module.bindings:
            return False
        if tables.is_loaded_by_path(project, module.path):
            return False
        if any(
            loading_of(project).is_declared(os.path.join(root, word))
            for word in ("package_dir", "package-dir")
        ):
            return False
        own_name = os.path.basename(root)
        return not own_name.isidentifier() or not any(
            not statement.level and _names_top(statement, own_name)
            for _, statement in tables.imports(project)
        )


def _message(module: Module, statement: Import) -> str:
    written = "." * statement.level + statement.module
    depth = _depth(module)
    if not depth:
        return (
            f"`{module.name.dotted}` is in no package, so there is nothing that the "
            f"{_dots(statement.level)} of `{written}` can start from: this raises ImportError"
        )
    where = "is" if module.name.is_package else "is in"
    packages = "1 package" if depth == 1 else f"{depth} packages"
    return (
        f"the {_dots(statement.level)} of `{written}` lead out of the topmost package: "
        f"`{module.name.dotted}` {where} `{module.name.package}`, {packages} deep: this raises "
        "ImportError"
    )


def _depth(module: Module) -> int:
    """How many packages a module is in."""
    package = module.name.package
    return package.count(".") + 1 if package else 0


def _dots(number: int) -> str:
    return "dot" if number == 1 else f"{number} dots"


def _names_top(statement: Import, name: str) -> bool:
    """Does an absolute import start with a name?"""
    modules = [statement.module] if statement.module else [m for m, _ in statement.names]
    return any(module.partition(".")[0] == name for module in modules)


def _only_in_a_package(file: FileContext, place: Range) -> bool:
    """Does a test on `__package__` or `__name__` decide whether the import is executed?"""
    return any(
        name in file.ast_text(test)
        for test, _ in conditions(path_in(file, place))
        for name in ("__package__", "__name__", "__spec__")
    )
