from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pyconcepts_lint.base.finding import Applicability, Edit, Fix
from pyconcepts_lint.base.typed import TYPE_CHECKING
from pyconcepts_lint.index.facts import Import
from pyconcepts_lint.index.model import Module
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.imports._guards import is_one_of_two
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
    is_taken,
    is_taken_from_outside,
    scopes_of,
    stored,
    uses_of,
)
from pyconcepts_lint.rules.imports._statements import (
    name_as,
    range_of,
    range_of_name,
    with_module,
    with_names,
)

if TYPE_CHECKING:
    from pyconcepts_lint.index.project import Project


_INSIDE = "in this module's own package"


class AbsoluteImportCouldBeRelative(Rule):
    """A module imports from its own package by the package's full name.

    ## What it finds

    In a regular package, imports that name a module of the same package from the top:
    `from shop.models import Product`, `from shop import models`, `import shop.models as m`, and
    `import shop.models` with its uses `shop.models.Product`.

    A module that is reached by more than two dots is left alone: `from ....models import Product`
    is no easier to read than the full name. `relative-import-levels` sets another limit.

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

    - `relative-import-levels`: the most leading dots to write; imports that need more
      stay. Two, where nothing is said.
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
    severity = "note"
    dead_code = {"type checking": "type checkers look the import up, too"}
    facts = ("imports_of_project",)

    _package: OwnPackage
    _one_of_two: set[Import]

    def claims(self, file: FileContext) -> Iterator[Claim]:
        module = file.module
        if module is None or not module.name.regular:
            return
        self._package = OwnPackage(module)
        candidates = self._candidates(module)
        if not candidates or is_hidden(module):
            return
        self._one_of_two = {each for each in candidates if is_one_of_two(file, each)}
        whole: dict[str, list[Import]] = {}
        for statement, relative in candidates.items():
            if relative is None:
                for top in dict.fromkeys(map(_bound_top, statement.names)):
                    whole.setdefault(top, []).append(statement)
            if statement in self._one_of_two:
                continue
            if relative is not None:
                yield self._claim_of_from(statement, relative)
            else:
                yield from self._claims_of_renamed(statement)
        for name in sorted(self._package.first_names & whole.keys()):
            yield from self._claims_of_qualified(name, whole[name])

    # What the facts tell

    def _candidates(self, module: Module) -> dict[Import, Relative | None]:
        """The import statements that name something of the module's own package, with how the
        module of a `from` import is written with dots."""
        found: dict[Import, Relative | None] = {}
        for statement in module.facts.imports:
            if statement.level:
                continue
            names = [name for name, _ in statement.names]
            if statement.module:
                relative = self._package.relative(statement.module, names)
                if relative is not None and self._within_levels(relative):
                    found[statement] = relative
            elif any(name.partition(".")[0] in self._package.first_names for name in names):
                found[statement] = None
        return found

    @classmethod
    def overview(cls, projects: Sequence[Project]) -> str:
        absolute = relative = 0
        for module in (module for project in projects for module in project.modules()):
            top = module.name.dotted.partition(".")[0]
            for statement in module.facts.imports:
                names = [statement.module] if statement.module else [n for n, _ in statement.names]
                relative += statement.level > 0
                absolute += not statement.level and any(
                    name.partition(".")[0] == top for name in names
                )
        share = round(100 * absolute / (absolute + relative or 1))
        return f"this project writes {share} % of its own imports absolutely"

    def _applicability(self, statement: Import, *, certain: bool) -> Applicability:
        module = self._package.module
        is_safe = (
            certain and is_known_by_own_name(module) and not is_run_by_path(module, statement.line)
        )
        return "safe" if is_safe else "unsafe"

    def _within_levels(self, relative: Relative) -> bool:
        return relative.dots <= self.file.settings.relative_import_levels

    def _submodule(self, dotted: str) -> Submodule | None:
        found = self._package.relative_submodule(dotted)
        return found if found is not None and self._within_levels(found.parent) else None

    # `from pkg.mod import name`, `import pkg.mod as m`

    def _claim_of_from(self, statement: Import, relative: Relative) -> Claim:
        if statement.module == relative.here:
            is_package = self._package.module.name.is_package
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
            [with_module(self.file, statement, relative.name)],
        )
        return Claim(range_of(statement), message, fix)

    def _claims_of_renamed(self, statement: Import) -> Iterator[Claim]:
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
            [self._rewritten(statement, {number: [found[number]] for number in found})],
        )
        for number, submodule in found.items():
            yield self._claim_of_import(statement, number, submodule, fix)

    def _claim_of_import(
        self, statement: Import, number: int, found: Submodule, fix: Fix | None
    ) -> Claim:
        name = name_as(found.name, statement.names[number][1])
        message = (
            f"`{found.dotted}` is {_INSIDE}: in `{found.parent.here}`, "
            f"`from {found.parent.name} import {name}` imports it, whatever "
            f"`{found.parent.dropped}` is called"
        )
        return Claim(range_of_name(self.file, statement, number), message, fix)

    def _rewritten(self, statement: Import, chosen: Mapping[int, list[Submodule]]) -> Edit:
        """Relative imports in the place of some of a statement's names, each in its turn."""
        written = {
            number: [
                (found.parent.name, name_as(found.name, statement.names[number][1]))
                for found in many
            ]
            for number, many in chosen.items()
        }
        return with_names(self.file, statement, written)

    # `import pkg.mod` and its uses

    def _claims_of_qualified(self, name: str, statements: list[Import]) -> Iterator[Claim]:
        """The imports that bind `name`, with one fix for those of each namespace."""
        uses = uses_of(self.file, name)
        scopes = scopes_of(self.file, name, statements)
        if scopes is None or any(len(use.names) == 1 for use in uses):
            yield from self._claims_of_scope(name, statements, uses, can_follow=False)
            return
        inside: dict[Scope, list[Use]] = {scope: [] for scope in scopes}
        for use in uses:
            # The innermost come first.
            nearest = next((s for s in scopes if s.first <= use.line <= s.last), None)
            if nearest is not None:
                inside[nearest].append(use)
        for scope, its_uses in inside.items():
            its_own = [statement for statement in statements if statement in scope.imports]
            is_needed = scope.is_module and is_taken_from_outside(self._package.module, name)
            yield from self._claims_of_scope(name, its_own, its_uses, can_follow=not is_needed)

    def _claims_of_scope(
        self, name: str, statements: list[Import], uses: list[Use], *, can_follow: bool
    ) -> Iterator[Claim]:
        found: dict[Import, dict[int, list[Submodule]]] = {}
        modules: dict[tuple[str, ...], Submodule] = {}
        whole: list[tuple[Import, int]] = []
        for statement in statements:
            if statement in self._one_of_two:
                can_follow = False
                continue
            for number, names in enumerate(statement.names):
                if _bound_top(names) != name:
                    continue
                if names[0] == name:
                    whole.append((statement, number))
                elif (submodule := self._submodule(names[0])) is not None:
                    found.setdefault(statement, {})[number] = [submodule]
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
            for statement, number in whole:
                found.setdefault(statement, {})[number] = list(of_whole.values())
        fix = None
        if can_follow and found and self._can_rewrite(found, taken):
            edits = [self._rewritten(statement, chosen) for statement, chosen in found.items()]
            edits += [
                self.file.edit(use.start, use.ends[submodule.dotted.count(".")], submodule.name)
                for use, submodule in taken
            ]
            fix = self.fix("unsafe", f"Import relatively, without `{name}`", edits)
        for statement, chosen in found.items():
            for number, submodules in chosen.items():
                yield self._claim_of_import(statement, number, submodules[0], fix)

    def _can_rewrite(
        self,
        found: Mapping[Import, Mapping[int, list[Submodule]]],
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
