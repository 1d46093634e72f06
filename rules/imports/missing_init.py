from __future__ import annotations

import os
from collections.abc import Iterator

from pyconcepts_lint.base.finding import Edit, Severity
from pyconcepts_lint.index.packages import Unmarked, unmarked_at
from pyconcepts_lint.index.standing import PLAIN, PROVEN, standing
from pyconcepts_lint.rule_api.claim import DEAD, Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule


class MissingInit(Rule):
    """A directory of modules is used as a package but has no `__init__.py`.

    ## What it finds

    A directory of modules (or of packages) without `__init__.py`,

    - whose parent is a regular package; or
    - whose modules are imported through it, as `directory.module`; or
    - whose modules import each other relatively.

    Once for each directory, at its first module; a note in a package of tests. Not a directory that imports start from
    (`src`, or one whose modules are imported by their bare names), one of scripts that nothing
    imports, one whose name says that it holds data, examples or templates and that nothing
    imports, or one whose `__path__` the project looks through, so that others can add to it.

    ## Why

    An `__init__.py`, be it empty, makes a directory a *regular package*. Without one Python
    still imports it, as a *namespace package*: a package in several portions, to which every
    directory of that name on `sys.path` adds its modules. Such a package has no code of its own,
    and it comes last: any regular package or module of that name, anywhere on `sys.path`, goes
    before it.

    Tools treat it as no package, too: `setuptools.find_packages()` leaves it out of the
    distribution, and `unittest` doesn't look for tests in it.

    ## Bad

    ```python
    # shop/__init__.py
    ```

    ```python
    # shop/payment/card.py
    fee = 2
    ```

    ```python
    # main.py
    import pkgutil

    import shop
    import shop.payment.card

    print(shop.payment.__file__)
    found = pkgutil.walk_packages(shop.__path__, "shop.")
    print([module.name for module in found])
    ```

    ```output
    None
    []
    ```

    ## Good

    ```python
    # shop/__init__.py
    ```

    ```python
    # shop/payment/__init__.py
    ```

    ```python
    # shop/payment/card.py
    fee = 2
    ```

    ```python
    # main.py
    import pkgutil

    import shop

    found = pkgutil.walk_packages(shop.__path__, "shop.")
    print([module.name for module in found])
    ```

    ```output
    ['shop.payment', 'shop.payment.card']
    ```

    ## Fix

    Creates an empty `__init__.py`. It is safe where the parent is a regular package, and unsafe
    elsewhere: there the directory may be a namespace package on purpose. It is unsafe, too, in a
    project that loads modules by their paths, unless the first of these is imported by its name.

    ## Options

    - `namespace-packages`: the dotted names of directories that have no `__init__.py` on
      purpose.
    - `src`: the directories that imports start from.

    ## When to ignore it

    Where several distributions share a package: list it in `namespace-packages`.

    ## See also

    - [Regular packages](https://docs.python.org/3/reference/import.html#regular-packages)
    - [Namespace packages](https://docs.python.org/3/reference/import.html#namespace-packages)
    - [PEP 420](https://peps.python.org/pep-0420/)
    """

    code = "PCL201"
    name = "missing-init"
    dead_code = dict.fromkeys(DEAD, "it speaks of a directory, whatever its code does")
    facts = ("unmarked_directories",)
    silences = {
        "no package is around it, and nothing names it as one": "namespace",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for unmarked in unmarked_at(file.project, file.path):
            init = Edit(os.path.join(unmarked.directory, "__init__.py"), 1, 1, 1, 1, "")
            fix = self.fix(
                "safe" if self._is_surely_a_package(unmarked) else "unsafe",
                f"Create {self._relative_path(init.path)}",
                [init],
            )
            is_test = file.module is not None and file.module.is_test
            severity: Severity | None = "note" if is_test and unmarked.inside else None
            yield Claim(file.line_range(1), self._message(unmarked), fix, severity=severity)

    def _is_surely_a_package(self, unmarked: Unmarked) -> bool:
        known = standing(self.file.project, self.file.path)
        return unmarked.reason == "parent" and known in (PLAIN, PROVEN)

    def _message(self, unmarked: Unmarked) -> str:
        start = f"`{self._relative_path(unmarked.directory)}` has no `__init__.py`"
        name = unmarked.dotted
        if unmarked.inside:
            return f"{start}: in the regular package `{unmarked.inside}`, `{name}` is a namespace package"
        witness = self._relative_path(unmarked.witness)
        return (
            f"{start}, and {witness} imports `{unmarked.name}`: `{name}` is a namespace package, "
            f"which any regular package or module `{name}` on `sys.path` hides"
        )

    def _relative_path(self, path: str) -> str:
        return os.path.relpath(path, self.file.settings.root).replace(os.sep, "/")
