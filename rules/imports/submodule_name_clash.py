from __future__ import annotations

import os
from collections.abc import Iterator

from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.facts import CONDITIONAL, TYPE_CHECKING, Binding, BindingKind, ValueKind
from pyconcepts_lint.index.loading import loading_of
from pyconcepts_lint.index.model import ClassModel, Module, Value
from pyconcepts_lint.index.project import Project
from pyconcepts_lint.rule_api.claim import Claim, RelatedPlace, line_range
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule

# Kinds of bindings that hold an object of which it is certain that it is no module.
_VALUES = frozenset({BindingKind.CLASS, BindingKind.FUNCTION, BindingKind.ASSIGN, BindingKind.FROM})


class _Clash(NamedTuple):
    """A name that a package binds, and its submodule of that name.

    `importer` is a module of the project that imports the submodule (it, or a name from it, or one
    in it) after the package has run, `line` where.
    """

    binding: Binding
    path: str
    importer: Module
    line: int


class SubmoduleNameClash(Rule):
    """A package binds a name that its own submodule takes over as soon as that is imported.

    ## What it finds

    A module-level class, function or assignment in an `__init__.py`, or what it imports from
    another module, under the name of a submodule of that package, where

    - nothing that the `__init__.py` imports loads that submodule, so that the name holds the
      package's own object when the package has been imported; and
    - a module of the project imports the submodule, or something from it.

    Not reported: `from .client import client`, which loads the submodule itself, so that what the
    name holds is settled when `__init__` ends; names that start with an underscore; names bound
    only under a condition; and packages with code that binds names which aren't written down.

    ## Why

    When a submodule has been loaded, Python binds it in its package's namespace, under its own
    name, whatever is bound there already. So `pkg.name` is one thing before `pkg.name` has been
    imported, and a module after that: the program depends on who imports what first.

    ## Bad

    ```python
    # shop/__init__.py
    catalog = {"apple": 3}
    ```

    ```python
    # shop/catalog.py
    title = "Spring"
    ```

    ```python
    # main.py
    import shop

    print(type(shop.catalog).__name__)

    from shop.catalog import title

    print(type(shop.catalog).__name__)
    ```

    ```output
    dict
    module
    ```

    ## Good

    ```python
    # shop/__init__.py
    prices = {"apple": 3}
    ```

    ```python
    # shop/catalog.py
    title = "Spring"
    ```

    ```python
    # main.py
    import shop
    from shop.catalog import title

    print(shop.prices["apple"], title)
    ```

    ```output
    3 Spring
    ```

    ## Fix

    There is none: one of the two needs another name, and code elsewhere may know either.

    ## When to ignore it

    Where no program both imports the submodule and uses the package's own object of that name.

    ## See also

    - [Submodules](https://docs.python.org/3/reference/import.html#submodules)
    """

    code = "PCL207"
    name = "submodule-name-clash"
    reads_stubs = False
    facts = ("is_package",)
    silences = {
        "the package imports the submodule itself": "imported-there",
    }

    def _clashes(self, module: Module) -> Iterator[_Clash]:
        directory = os.path.dirname(module.path)
        layout = self.file.project.layout
        listing = layout.listing(directory)
        for name, bindings in module.bindings.items():
            if name.startswith("_") or not (f"{name}.py" in listing or listing.get(name)):
                continue
            submodule = layout.find_below(directory, [name])
            if submodule is None or not submodule.is_file:
                continue
            clash = self._clash(module, bindings, submodule.path)
            if clash is not None:
                yield clash

    def _clash(self, module: Module, bindings: list[Binding], path: str) -> _Clash | None:
        project = self.file.project
        last = bindings[-1]
        if any(b.flags & CONDITIONAL or b.kind not in _VALUES for b in bindings):
            return None
        if module.facts.dynamic_namespace or "__path__" in module.bindings:
            return None
        for binding in bindings:
            if binding.kind is BindingKind.ASSIGN and binding.value in (
                ValueKind.NAME,
                ValueKind.CALL,
                ValueKind.UNKNOWN,
            ):
                # It may be the module itself, or a stand-in that loads it.
                symbol = project.bound(module, binding)
                if symbol is None or getattr(symbol, "path", path) == path:
                    return None
            if binding.kind is BindingKind.FROM and not self._is_other(module, binding):
                return None
        loading = loading_of(project)
        closure = loading.closure(module.path)
        if path in closure.paths or path in closure.lazily:
            return None
        if loading.may_be_given(module.path, last.name):
            return None
        importer = next(self._importers(module, path), None)
        return None if importer is None else _Clash(last, path, *importer)

    def _is_other(self, module: Module, binding: Binding) -> bool:
        """Is what a `from` import brings surely no module?"""
        symbol = self.file.project.bound(module, binding)
        return isinstance(symbol, (ClassModel, Value))

    def _importers(self, package: Module, path: str) -> Iterator[tuple[Module, int]]:
        """Who imports the submodule, or one in it, or a name from it."""
        project: Project = self.file.project
        dotted = f"{package.name.dotted}.{os.path.basename(path).partition('.')[0]}"
        if os.path.basename(path) == "__init__.py":
            dotted = f"{package.name.dotted}.{os.path.basename(os.path.dirname(path))}"
        for module, statement in tables.imports(project):
            if statement.flags & TYPE_CHECKING or module.is_test:
                continue
            if not statement.is_from:
                names = [name for name, _ in statement.names]
            else:
                names = ["." * statement.level + statement.module]
            for name in names:
                absolute = module.absolute(name)
                if absolute is None or not f"{absolute}.".startswith(f"{dotted}."):
                    continue
                is_relative = absolute != name
                reached = loading_of(project).reach(module, absolute, is_relative=is_relative)
                if reached is not None and any(found.path == path for found in reached.found):
                    yield module, statement.line

    def claims(self, file: FileContext) -> Iterator[Claim]:
        module = file.module
        if module is None or not module.name.is_package or not module.path.endswith(".py"):
            return
        for clash in self._clashes(module):
            binding = clash.binding
            where = file.line_range(binding.line)._replace(start_column=binding.column)
            submodule = f"{module.name.dotted}.{binding.name}"
            yield Claim(
                where,
                f"`{submodule}` is what this binds only until the submodule of that name "
                f"({self._file_name(clash.path)}) is imported, as "
                f"{self._file_name(clash.importer.path)} does in line {clash.line}: from then on "
                f"`{submodule}` is that module",
                related=(
                    RelatedPlace(
                        f"`{submodule}` is imported here",
                        line_range(clash.line),
                        clash.importer.path,
                    ),
                ),
            )

    def _file_name(self, path: str) -> str:
        return os.path.relpath(path, self.file.settings.root).replace(os.sep, "/")
