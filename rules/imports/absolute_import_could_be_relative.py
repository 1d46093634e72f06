from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from pyconcepts_lint.base.finding import Applicability, Edit, Fix
from pyconcepts_lint.index.facts import Import
from pyconcepts_lint.rule_api import cst
from pyconcepts_lint.rule_api.file import LintedFile
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.imports._guards import Place, one_of_two
from pyconcepts_lint.rules.imports._own_package import (
    OwnPackage,
    Relative,
    Submodule,
    is_hidden,
    is_known_by_own_name,
    is_run_by_path,
)
from pyconcepts_lint.rules.imports._qualified_uses import (
    Scope,
    Use,
    count_of,
    is_taken,
    is_taken_from_outside,
    scopes_of,
    statements_with,
    stored,
    use_of,
)
from pyconcepts_lint.rules.imports._statements import (
    ImportStatement,
    import_statement,
    name_as,
    rewritten,
)

_INSIDE = "in this module's own package"


class AbsoluteImportCouldBeRelative(Rule):
    """A module imports from its own package by the package's full name.

    ## What it finds

    In a regular package, imports that name a module of the same package from the top:
    `from shop.models import Product`, `from shop import models`, `import shop.models as m`, and
    `import shop.models` with its uses `shop.models.Product`.

    Which module an import means is looked up in the directories, name by name: `shop` is not
    the start of `shopping`, and a folder `tests/django` is not Django. An import across a
    directory without `__init__.py` is left alone, and so are the imports in a branch on
    Python's version, or in a `try` with another import of the same name in its `except`.

    A module that is loaded by its path, or by a name that doesn't start at the top-level package,
    is in no package, or in one of another name: dots would lead elsewhere. Where something in
    the project loads modules so (`spec_from_file_location` with a computed path, `import_module`
    with a computed name after a change of `sys.path`, a folder of plugins in the settings), the
    rule is silent in the modules that it may load and that no import, entry point or
    `import_module(f"shop.plugins.{name}")` names. So it is in what a tool loads by its path, such
    as Alembic's versions.

    ## Why

    An absolute import starts from the top-level package: it spells out names that the module
    itself doesn't decide about. A relative import starts from where the module is: Python
    takes `__package__`, the name of the package that the module was imported from, strips a
    part for each dot after the first, and appends the rest. Both lead to the same module
    object. But only the relative one still does when the package is renamed, moved into
    another one, or copied to stand beside the original; and it shows at a glance what comes
    from the same package.

    PEP 8 recommends absolute imports and accepts explicit relative ones. This rule is for
    those who want their packages to be movable.

    ## Bad

    ```python
    # shop/__init__.py
    ```

    ```python
    # shop/models.py
    class Product:
        price = 5
    ```

    ```python
    # store/__init__.py
    ```

    ```python
    # store/models.py
    class Product:
        price = 7
    ```

    ```python
    # store/basket.py
    # The package was called `shop` once; this is a copy with other prices.
    from store import models
    from shop.models import Product

    print(models.Product.price, Product.price)
    ```

    ```output
    7 5
    ```

    ## Good

    ```python
    # store/__init__.py
    ```

    ```python
    # store/models.py
    class Product:
        price = 7
    ```

    ```python
    # store/basket.py
    from . import models
    from .models import Product

    print(models.Product.price, Product.price)
    ```

    ```output
    7 7
    ```

    ## Fix

    Writes the module's name with dots, and nothing else: names, comments and brackets stay.
    `import shop.models as m` becomes `from . import models as m`; of several modules in one
    `import`, each keeps its turn.

    The fix is safe where Python surely knows the module by the name that the import implies. It is
    unsafe where the module is a script or may be loaded by its path: started as a file, it has no
    package to be relative to (unless a relative import above keeps it from being started so). It is
    also unsafe where the directory above its package has no `__init__.py` and isn't listed in
    `namespace-packages`, for then the module may go by another name. In a project that loads
    modules by computed paths or names, it is safe only where the program imports the module by its
    full name, and nothing loads what lies beside it otherwise.

    `import shop.models` binds `shop`, not `models`. That fix rewrites the uses, too
    (`shop.models.Product` becomes `models.Product`), so it is unsafe; it is left out where
    `models` is another name in the module already, or a star import may bring one, and where `shop`
    is used otherwise, be it by a module that takes it from this one.

    ## Options

    - `relative-import-levels`: the most leading dots to write; imports that need more stay.
      `1` is for siblings only. Any number by default.
    - `src`: the directories that imports start from.
    - `namespace-packages`: directories without `__init__.py` that are packages on purpose.

    ## When to ignore it

    Where a project has settled on absolute imports, turn the rule off; where only the tests
    have, say so in `per-file-ignores`.

    ## See also

    - [Package relative imports](https://docs.python.org/3/reference/import.html#package-relative-imports)
    - [importlib.util.resolve_name](https://docs.python.org/3/library/importlib.html#importlib.util.resolve_name)
    - [PEP 328](https://peps.python.org/pep-0328/)
    - [PEP 8, Imports](https://peps.python.org/pep-0008/#imports)
    """

    code = "PCL202"
    name = "absolute-import-could-be-relative"
    dead_code = {"type checking": "type checkers look the import up, too"}
    needs = ("imports of the project",)

    def __init__(self, file: LintedFile) -> None:
        super().__init__(file)
        self._relatives: dict[Import, Relative | None] = {}
        self._walked: set[Place] = set()
        self._statements: dict[Place, ImportStatement] = {}
        self._uses: dict[int, Use] = {}

    # What the facts tell

    @cached_property
    def _package(self) -> OwnPackage | None:
        module = self.file.module
        return OwnPackage(module) if module is not None and module.name.regular else None

    @cached_property
    def _candidates(self) -> dict[Place, Import]:
        """The import statements that name something of the module's own package."""
        package = self._package
        if package is None:
            return {}
        found = {
            (statement.line, statement.column): statement
            for statement in package.module.facts.imports
            if not statement.level
            and (
                self._relative(statement) is not None
                if statement.module
                else any(
                    name.partition(".")[0] in package.first_names for name, _ in statement.names
                )
            )
        }
        return {} if found and is_hidden(package.module) else found

    def _relative(self, statement: Import) -> Relative | None:
        """How the module of a `from` import is written with dots."""
        assert self._package is not None
        if statement not in self._relatives:
            names = [name for name, _ in statement.names]
            found = self._package.relative(statement.module, names)
            is_wanted = found is not None and self._within_levels(found)
            self._relatives[statement] = found if is_wanted else None
        return self._relatives[statement]

    @cached_property
    def _qualified(self) -> frozenset[str]:
        """The names that `import pkg.mod` and `import pkg` bind here."""
        assert self._package is not None
        tops = {
            _bound_top(names)
            for statement in self._candidates.values()
            if not statement.module
            for names in statement.names
        }
        return self._package.first_names & tops

    @cached_property
    def _guarded(self) -> frozenset[Place]:
        """The candidates that are to be left alone."""
        if any(statement.flags for statement in self._candidates.values()):
            return one_of_two(self.file)
        return frozenset()

    def _applicability(self, statement: Import, *, certain: bool) -> Applicability:
        assert self._package is not None
        module = self._package.module
        is_safe = (
            certain and is_known_by_own_name(module) and not is_run_by_path(module, statement.line)
        )
        return "safe" if is_safe else "unsafe"

    def _within_levels(self, relative: Relative) -> bool:
        most = self.file.settings.relative_import_levels
        return most is None or relative.dots <= most

    def _submodule(self, dotted: str) -> Submodule | None:
        assert self._package is not None
        found = self._package.relative_submodule(dotted)
        return found if found is not None and self._within_levels(found.parent) else None

    # The gate

    def _stands_alone(self, statement: Import) -> bool:
        """Is a statement the first thing on its line, so that it can be read by itself?"""
        return not self.file.code.line(statement.line)[: statement.column - 1].strip()

    def lines(self) -> Iterable[int]:
        return [
            statement.line
            for statement in self._candidates.values()
            if not self._stands_alone(statement)
        ]

    def statements(self) -> Iterable[tuple[int, int]]:
        if not self._candidates:
            return ()
        alone = [
            (statement.line, statement.end_line)
            for statement in self._candidates.values()
            if self._stands_alone(statement)
        ]
        return [*alone, *statements_with(self.file, self._qualified)] if self._qualified else alone

    # The walk

    def visit_ImportFrom(self, node: cst.ImportFrom) -> None:
        statement = self._candidate(node)
        if statement is None or node.module is None:
            return
        relative = self._relative(statement)
        if relative is None:
            return
        if statement.module == relative.here:
            is_package = self._package is not None and self._package.module.name.is_package
            where = "this package" if is_package else "this module itself"
        elif statement.module == relative.dropped:
            where = "a package around this module"
        else:
            where = _INSIDE
        message = (
            f"`{statement.module}` is {where}: from `{relative.here}` it is `{relative.name}`, "
            f"whatever `{relative.dropped}` is called"
        )
        fix = self.fix(
            self._applicability(statement, certain=relative.certain),
            f"Import from `{relative.name}`",
            [self.file.replace(node.module, relative.name)],
        )
        self.report(node, message, fix)

    def visit_Import(self, node: cst.Import) -> None:
        statement = self._candidate(node)
        if statement is None:
            return
        walked = import_statement(self.file, node, statement.names)
        self._statements[statement.line, statement.column] = walked
        found = {
            number: submodule
            for number, (name, alias) in enumerate(statement.names)
            if alias and (submodule := self._submodule(name)) is not None
        }
        if not found:
            return
        certain = all(submodule.parent.certain for submodule in found.values())
        fix = self.fix(
            self._applicability(statement, certain=certain),
            "Import relatively",
            [self._rewritten(walked, {number: [found[number]] for number in found})],
        )
        for number, submodule in found.items():
            self._report_import(walked, number, submodule, statement.names[number][1], fix)

    def visit_Attribute(self, node: cst.Attribute) -> None:
        if not self._candidates or not self._qualified:
            return
        use = use_of(self.file, node, self.ancestors[-1], self._qualified)
        if use is not None:
            # A statement may be walked alone, and as a part of what is around it.
            self._uses[use.start] = use

    def _candidate(self, node: cst.Import | cst.ImportFrom) -> Import | None:
        """The facts about a statement, if it may be reported."""
        if not self._candidates:
            return None
        place = self.file.place(node)
        if place in self._guarded or place in self._walked:
            return None
        # Both the statement alone and what is around it may be walked.
        self._walked.add(place)
        return self._candidates.get(place)

    def _report_import(
        self, statement: ImportStatement, number: int, found: Submodule, alias: str, fix: Fix | None
    ) -> None:
        message = (
            f"`{found.dotted}` is {_INSIDE}: in `{found.parent.here}`, "
            f"`from {found.parent.name} import {name_as(found.name, alias)}` imports it, whatever "
            f"`{found.parent.dropped}` is called"
        )
        self.report(statement.place_of(number), message, fix)

    def _rewritten(self, statement: ImportStatement, chosen: Mapping[int, list[Submodule]]) -> Edit:
        """Relative imports in the place of some of a statement's names, each in its turn."""
        return rewritten(
            self.file.path,
            statement,
            {
                number: [
                    (found.parent.name, name_as(found.name, statement.names[number][1]))
                    for found in many
                ]
                for number, many in chosen.items()
            },
        )

    # `import pkg.mod` and its uses

    def finish(self) -> None:
        if self._candidates:
            for name in sorted(self._qualified):
                self._finish_name(name)

    def _finish_name(self, name: str) -> None:
        """Report the imports that bind `name`, with one fix for those of each namespace."""
        places = [
            place
            for place, statement in self._candidates.items()
            if not statement.module and name in map(_bound_top, statement.names)
        ]
        uses = [use for use in self._uses.values() if use.names[0] == name]
        scopes = scopes_of(self.file, name, places)
        if scopes is None or count_of(self.file, name) != len(uses):
            self._finish_scope(name, places, uses, can_follow=False)
            return
        inside: dict[Scope, list[Use]] = {scope: [] for scope in scopes}
        for use in uses:
            # The innermost come first.
            nearest = next((s for s in scopes if s.first <= use.line <= s.last), None)
            if nearest is not None:
                inside[nearest].append(use)
        assert self._package is not None
        for scope, its_uses in inside.items():
            its_places = [place for place in places if place in scope.imports]
            is_needed = scope.is_module and is_taken_from_outside(self._package.module, name)
            self._finish_scope(name, its_places, its_uses, can_follow=not is_needed)

    def _finish_scope(
        self, name: str, places: list[Place], uses: list[Use], *, can_follow: bool
    ) -> None:
        assert self._package is not None
        found: dict[Place, dict[int, list[Submodule]]] = {}
        modules: dict[tuple[str, ...], Submodule] = {}
        whole: list[tuple[Place, int]] = []
        for place in places:
            walked = self._statements.get(place)
            if walked is None:
                can_follow = False
                continue
            for number, names in enumerate(walked.names):
                if _bound_top(names) != name:
                    continue
                if names[0] == name:
                    whole.append((place, number))
                elif (submodule := self._submodule(names[0])) is not None:
                    found.setdefault(place, {})[number] = [submodule]
                    modules[tuple(names[0].split("."))] = submodule
                else:
                    can_follow = False
        taken: list[tuple[Use, Submodule]] = []
        of_whole: dict[str, Submodule] = {}
        for use in uses:
            lengths = [n for n in range(2, len(use.names) + 1) if use.names[:n] in modules]
            if lengths:
                taken.append((use, modules[use.names[: lengths[-1]]]))
                continue
            length = self._package.longest_module(use.names) if whole else 0
            submodule = self._submodule(".".join(use.names[:length])) if length > 1 else None
            if submodule is None:
                can_follow = False
            else:
                of_whole[submodule.dotted] = submodule
                taken.append((use, submodule))
        if of_whole:
            for place, number in whole:
                found.setdefault(place, {})[number] = list(of_whole.values())
        fix = None
        if can_follow and found and self._can_rewrite(found, taken):
            edits = [self._rewritten(self._statements[place], found[place]) for place in found]
            edits += [
                self.file.edit(use.start, use.ends[submodule.dotted.count(".")], submodule.name)
                for use, submodule in taken
            ]
            fix = self.fix("unsafe", f"Import relatively, without `{name}`", edits)
        for place, of_statement in found.items():
            for number, submodules in of_statement.items():
                self._report_import(self._statements[place], number, submodules[0], "", fix)

    def _can_rewrite(
        self,
        found: Mapping[Place, Mapping[int, list[Submodule]]],
        uses: Iterable[tuple[Use, Submodule]],
    ) -> bool:
        """Are the modules' own names free, and is every use one that only reads the module?"""
        modules = {
            submodule.name: submodule
            for of_statement in found.values()
            for submodules in of_statement.values()
            for submodule in submodules
        }
        count = len({s.dotted for f in found.values() for many in f.values() for s in many})
        if len(modules) < count:
            return False
        if any(
            name.startswith("__") or is_taken(self.file, name, submodule.path)
            for name, submodule in modules.items()
        ):
            return False
        assigned = stored(self.file)
        for use, submodule in uses:
            length = submodule.dotted.count(".") + 1
            if "#" in self.file.text[use.start : use.ends[length - 1]]:
                return False
            if any(use.names[:number] in assigned for number in range(2, length + 1)):
                return False
        return True


def _bound_top(names: tuple[str, str]) -> str:
    """The name that `import pkg.mod` binds; "" for `import pkg.mod as m`."""
    name, alias = names
    return "" if alias else name.partition(".")[0]
