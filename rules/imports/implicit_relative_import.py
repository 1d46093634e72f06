from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cached_property

from pyconcepts_lint.base.answer import Answer
from pyconcepts_lint.base.finding import Applicability, Fix
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.additions import runs
from pyconcepts_lint.index.facts import IN_FUNCTION, Import
from pyconcepts_lint.index.handled import is_failure_handled
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.imports._guards import is_one_of_two
from pyconcepts_lint.rules.imports._own_package import (
    is_hidden,
    is_known_by_own_name,
    is_run_by_path,
)
from pyconcepts_lint.rules.imports._qualified_uses import is_taken
from pyconcepts_lint.rules.imports._siblings import Sibling, Siblings
from pyconcepts_lint.rules.imports._statements import (
    name_as,
    range_of_name,
    with_module,
    with_names,
)

_ERROR = "ModuleNotFoundError"


class ImplicitRelativeImport(Rule):
    """A module is imported by its bare name because it lies beside the importer, as in Python 2.

    ## What it finds

    In a regular package, `import sibling`, `from sibling import name` and `import sub.module`
    where the module meant is the package's own. What is meant is known

    - in Python 2 source (a file that Python 3 can't parse), and in a module with a neighbour in
      Python 2 source that imports its own neighbours so, by Python 2's own rule: without
      `from __future__ import absolute_import` it looks beside the importer first;
    - in other source, by evidence: the module beside the importer has every name that the
      importer takes from it, and the name is not the standard library's, not that of a
      dependency which the project declares or another of its modules imports, not that of a
      module at a root, and not the importer's own. The package has to be used as one (and a
      script as a module), and nothing in it may change `sys.path`.

    Not an import that stands in one branch of a test on Python's version, or in a `try` with
    another import of the same name in its `except`; in Python 3 source none whose
    `ModuleNotFoundError` is caught. And not in a module that is loaded by its path, or by a name
    that starts at its own folder: see PCL202.

    ## Why

    Python 2 looked for `import prices` in the importer's own package, and on `sys.path` only
    where it found nothing there. So adding a file `string.py` to a package changed what
    `import string` meant to its neighbours. Python 3 takes every name without dots as absolute,
    from `sys.path`; a name that is relative to the importer's package says so by its dots.

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
    import prices

    total = prices.APPLE * 2
    ```

    ```python
    # main.py
    from shop import basket

    print(basket.total)
    ```

    ```output
    ModuleNotFoundError: No module named 'prices'
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
    from . import prices

    total = prices.APPLE * 2
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

    `from prices import APPLE` becomes `from .prices import APPLE`, and `import prices` becomes
    `from . import prices`. `import sub.module` loads `sub.module` and binds `sub`; so does
    `from . import sub` with `from .sub import module` after it, which binds `module` as well: as
    `_module` where the file has such a name already.

    The fix is safe where what is meant is known. It is unsafe where the module, or a script beside
    it that imports it by its bare name, may be started or loaded by its path, or may have another
    name (see PCL202): it is in no package then. It is unsafe where another module catches the
    ModuleNotFoundError of this one: that module would do something else then. It is unsafe, too, where it can't be known whether
    the package has something else under the module's name (`from . import name` takes the package's
    attribute; where it has, there is no fix), and where Python 3 can read the file and would find
    another module of that name, or the module may import this one (Python 2 gives a package its
    modules as attributes only when they have run; what only Python 2 reads is fixed together with
    its syntax).

    What Python 2 would find is known only as long as there is Python 2 source. Where a package is
    brought to Python 3, make the unsafe fixes of this rule before those of PCL902, or together
    with them.

    ## Options

    `src`: the directories that imports start from.

    ## When to ignore it

    Where the directory is on `sys.path` by other means, so that its modules really are top-level
    ones.

    ## See also

    - [Package relative imports](https://docs.python.org/3/reference/import.html#package-relative-imports)
    - [Python 2's tutorial: Intra-package References](https://docs.python.org/2/tutorial/modules.html#intra-package-references)
    - [PEP 328](https://peps.python.org/pep-0328/)
    """

    code = "PCL203"
    name = "implicit-relative-import"
    severity = "error"
    reads_stubs = False
    facts = ("imports_of_project",)

    _siblings: Siblings
    silences = {
        "in Python 3 source nothing tells that the module beside it is meant": "no-evidence",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        module = file.module
        if module is None or not module.name.regular:
            return
        if module.project.layout.has_two_names(module.path):
            return
        if "absolute_import" in module.facts.future:
            return
        self._siblings = Siblings(module)
        candidates = [statement for statement in module.facts.imports if self._may_be(statement)]
        if not candidates or is_hidden(module):
            return
        for statement in candidates:
            found = {
                number: sibling
                for number in range(1 if statement.module else len(statement.names))
                if (sibling := self._meant(statement, number)) is not None
            }
            if found and not is_one_of_two(file, statement):
                yield from self._claims_of(statement, found)

    def _may_be(self, statement: Import) -> bool:
        """Does an import statement name something beside the module?"""
        return not statement.level and any(
            self._siblings.has(statement.module or name) for name, _ in statement.names
        )

    def _claims_of(self, statement: Import, found: dict[int, Sibling]) -> Iterator[Claim]:
        raises = () if self._is_python2 else (_ERROR,)
        if statement.module:
            fix: Fix | None = self._fix_of_from(statement, found[0])
        else:
            fix = self._fix_of_import(statement, found)
        for number, sibling in found.items():
            place = range_of_name(self.file, statement, number)
            yield Claim(place, self._message(sibling), fix, raises)

    @cached_property
    def _is_python2(self) -> bool:
        """Is it Python 2's rule that decides?"""
        return self.file.is_python2 or self._siblings.are_python2

    def _meant(self, statement: Import, number: int) -> Sibling | None:
        """What one name of a statement means, where that lies beside the module."""
        siblings = self._siblings
        sibling = siblings.find(statement.module or statement.names[number][0])
        if sibling is None or self._is_python2:
            return sibling
        return sibling if siblings.is_evident(self.file, statement, number, sibling) else None

    # What is said

    def _message(self, sibling: Sibling) -> str:
        siblings = self._siblings
        own = siblings.module.name
        name = ".".join(sibling.parts)
        meant = f"{own.package}.{name}"
        error = f": imported as `{own.dotted}`, this raises {_ERROR}"
        if not self._is_python2:
            return (
                f"`{meant}` lies beside this module, but a name without dots is looked for on "
                f"`sys.path` only{error}"
            )
        before = (
            f"`{name}` is `{meant}` to Python 2, which looks beside the importer first; Python 3 "
            "looks on `sys.path` only"
        )
        if sibling.head in sys.stdlib_module_names:
            return f"{before} and finds the standard library's `{sibling.head}`"
        is_certain = siblings.stem.isidentifier() and siblings.is_only_here(sibling.head)
        return before + error if is_certain and not siblings.is_elsewhere(sibling.head) else before

    # What is done about it

    def _fix_of_from(self, statement: Import, sibling: Sibling) -> Fix:
        module = f".{statement.module}"
        return self.fix(
            self._applicability(statement, certain=self._is_certain(sibling)),
            f"Import from `{module}`",
            [with_module(self.file, statement, module)],
        )

    def _fix_of_import(self, statement: Import, found: dict[int, Sibling]) -> Fix | None:
        chosen: dict[int, list[tuple[str, str]]] = {}
        certain = True
        leads_back = False
        for number, sibling in found.items():
            is_attribute = self._siblings.is_attribute(sibling)
            if is_attribute is Answer.NO:
                return None
            certain = certain and is_attribute is Answer.YES and self._is_certain(sibling)
            if self._is_python2 and not statement.flags & IN_FUNCTION:
                leads_back = leads_back or self._leads_back(sibling)
            *parents, leaf = sibling.parts
            alias = statement.names[number][1]
            if not parents or alias:
                chosen[number] = [("." + ".".join(parents), name_as(leaf, alias))]
                continue
            name = self._free_name(sibling)
            if name is None:
                return None
            chosen[number] = [
                (".", sibling.head),
                ("." + ".".join(parents), name_as(leaf, name)),
            ]
        # What Python 2 can still run must not be given what Python 2 can't find.
        certain = certain and (self.file.is_python2 or not leads_back)
        return self.fix(
            self._applicability(statement, certain=certain),
            "Import relatively",
            [with_names(self.file, statement, chosen)],
            python3=leads_back,
        )

    def _leads_back(self, sibling: Sibling) -> bool:
        """May the module still be running when it is imported here?

        Python 2 binds it in its package only afterwards, and `from . import name` asks the package.
        """
        module = self._siblings.module
        return any(runs(module.project, path, module.path) for path in sibling.files)

    def _is_certain(self, sibling: Sibling) -> bool:
        """Is nothing else meant, either, by those who run the file with Python 3?"""
        return self.file.is_python2 or not self._siblings.is_elsewhere(sibling.head)

    def _applicability(self, statement: Import, *, certain: bool) -> Applicability:
        is_safe = (
            certain
            and is_known_by_own_name(self._siblings.module)
            and not is_run_by_path(self._siblings.module, statement.line)
            and not self._is_run_from_here
            and not self._is_failure_handled(statement)
        )
        return "safe" if is_safe else "unsafe"

    def _is_failure_handled(self, statement: Import) -> bool:
        """May another module count on it that this one can't be imported in Python 3?"""
        if self._is_python2 or statement.flags & IN_FUNCTION:
            return False
        return is_failure_handled(self.file.project, self.file.path, _ERROR)

    @cached_property
    def _is_run_from_here(self) -> bool:
        return self._siblings.is_run_from_here()

    def _free_name(self, sibling: Sibling) -> str | None:
        """A name for a module that is imported only to be loaded.

        Its own, unless the file has that already, or others take all public names of the file.
        """
        leaf = sibling.parts[-1]
        names = [f"_{leaf}", "_" + "_".join(sibling.parts)]
        if not self._is_star_imported:
            names.insert(0, leaf)
        return next((n for n in names if not is_taken(self.file, n, sibling.path)), None)

    @cached_property
    def _is_star_imported(self) -> bool:
        """Does another module take all names of this one?"""
        module = self.file.module
        assert module is not None
        return module.facts.dunder_all is None and any(
            any(name == "*" for name, _ in statement.names)
            and other.absolute("." * statement.level + statement.module) == module.name.dotted
            for other, statement in tables.imports(self.file.project)
        )
