from __future__ import annotations

import ast
from collections.abc import Iterator

from pyconcepts_lint.analysis.names import scopes
from pyconcepts_lint.analysis.related import place_of
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.facts import IN_FUNCTION, BindingKind, Import
from pyconcepts_lint.index.facts import TYPE_CHECKING as ONLY_FOR_TYPES
from pyconcepts_lint.index.model import Module, Value
from pyconcepts_lint.index.rebinding import Rebinding, rebinding_below_import, rebinding_of
from pyconcepts_lint.rule_api.claim import Claim, RelatedPlace, line_range
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.imports._as_attributes import AsAttributes, Imported, source_of
from pyconcepts_lint.rules.imports._late import is_imported_late
from pyconcepts_lint.rules.imports._statements import range_of
from pyconcepts_lint.source.scopes import Scope, ScopeKind


class _Stale(NamedTuple):
    """A name that an import statement binds, what binds it anew, and a function that uses it."""

    imported: Imported
    rebinding: Rebinding
    function: str


class StaleImport(Rule):
    """A name imported from a module that binds it anew later: this module keeps the old object.

    ## What it finds

    `from module import name` (or a star import that brings the name) at module level, where functions
    of this module use the name, and

    - a function of `module` binds it anew when it is called (by a `global` statement), or a function
      of another module does (`module.name = …`);
    - or another module does so when it is imported or run, below an import by which this module has
      been loaded.

    Tests don't count, and their own imports are left alone.

    Functions that the body of their own module may call are left alone: what they bind is bound
    when the import ends.

    A finding is a note where all ways to this module lead through import statements in functions: by
    then, the name may have been bound anew already.

    ## Why

    An import statement binds a name in the module it stands in to the object that the name has in
    the other module *at that moment*. These are two names. When one of them is bound to another
    object, the other one keeps what it had.

    ## Bad

    ```python
    # settings.py
    language = "en"


    def switch_language(code):
        global language
        language = code
    ```

    ```python
    # main.py
    from settings import language, switch_language


    def greeting():
        return {"en": "Hello", "de": "Hallo"}[language]


    switch_language("de")
    print(greeting())
    ```

    ```output
    Hello
    ```

    ## Good

    ```python
    # settings.py
    language = "en"


    def switch_language(code):
        global language
        language = code
    ```

    ```python
    # main.py
    import settings


    def greeting():
        return {"en": "Hello", "de": "Hallo"}[settings.language]


    settings.switch_language("de")
    print(greeting())
    ```

    ```output
    Hallo
    ```

    ## Fix

    Imports the module, unless an import above has done so, and writes `module.name` where the name is
    used; all names of a statement that are stale are mended together. It is unsafe: the program does
    something else then. It is withheld where the module's name is taken here or in the module's
    package, where others may import the name from here, and where the import statement has comments
    or several lines; there is none for a star import.

    ## When to ignore it

    Where the first object is the one that is wanted.

    ## See also

    - [The import statement](https://docs.python.org/3/reference/simple_stmts.html#the-import-statement)
    - [How do I share global variables across modules?](https://docs.python.org/3/faq/programming.html#how-do-i-share-global-variables-across-modules)
    """

    code = "PCL214"
    name = "stale-import"
    reads_stubs = False
    facts = ("imports_of_project",)
    silences = {
        "the name is rebound only while the module itself is run": "rebound-at-import",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        module = file.module
        if module is None or module.is_test or module.path.endswith(".pyi"):
            return  # tests bind things anew to try them out
        mending = AsAttributes(file, module)
        for statement in module.facts.imports:
            if not statement.is_from or statement.flags & (IN_FUNCTION | ONLY_FOR_TYPES):
                continue
            chosen = [
                (number, name, alias or name)
                for number, (name, alias) in enumerate(statement.names)
                if module.project.has(tables.rebound_names, name)
                and len(module.bindings.get(alias or name, ())) == 1
            ]
            is_star = statement.names[0][0] == "*"
            source = source_of(module, statement) if chosen or is_star else None
            if source is None:
                continue
            if is_star:
                yield from self._of_star(module, statement, source)
                continue
            stale = [
                one
                for number, name, here in chosen
                if (one := self._stale(module, number, source, name, here)) is not None
            ]
            node = file.ast_at(statement.line, statement.column, ast.ImportFrom) if stale else None
            if node is not None:
                yield from self._claims_of(mending, node, source, stale)

    def _stale(
        self, module: Module, number: int, source: Module, name: str, here: str
    ) -> _Stale | None:
        if name == "*":
            return None
        if source.name.is_package and module.project.submodule(source, name) is not None:
            return None
        if name not in source.bindings:
            return None
        rebinding = rebinding_of(source, name) or rebinding_below_import(source, name, module)
        if rebinding is None:
            return None
        function = self._function_that_uses(here)
        return (
            None if function is None else _Stale(Imported(number, name, here), rebinding, function)
        )

    def _of_star(self, module: Module, statement: Import, source: Module) -> Iterator[Claim]:
        """The first of the names that a star import brings, and that are bound anew."""
        names = source.facts.dunder_all
        if names is None:
            names = tuple(name for name in source.bindings if not name.startswith("_"))
        for name in names:
            if name in module.bindings or not module.project.has(tables.rebound_names, name):
                continue
            if not _comes_from(module, name, source):
                continue
            stale = self._stale(module, 0, source, name, name)
            if stale is not None:
                message = self._message(source, name, stale.rebinding, stale.function)
                yield Claim(range_of(statement), message)
                return

    def _claims_of(
        self, mending: AsAttributes, node: ast.ImportFrom, source: Module, stale: list[_Stale]
    ) -> Iterator[Claim]:
        mended = [one for one in stale if mending.can_be_replaced(one.imported.here)]
        # One fix for all of them: the statement can be written anew only once.
        chosen = [one.imported for one in mended]
        made = mending.edits(node, source, chosen) if mended else None
        fix = None if made is None else self.fix("unsafe", f"Use {' and '.join(made[0])}", made[1])
        for one in stale:
            alias = node.names[one.imported.number]
            yield Claim(
                self.file.ast_range(alias if len(node.names) > 1 else node),
                self._message(source, one.imported.name, one.rebinding, one.function),
                fix if one in mended else None,
                severity="note" if self._is_imported_late() else None,
                related=(
                    *_bound_first(source, one.imported.name),
                    RelatedPlace(
                        f"{_binder(one.rebinding)} binds it anew here",
                        line_range(one.rebinding.line),
                        one.rebinding.module.path,
                    ),
                ),
                thing=f"{source.name.dotted} {one.imported.name}",
            )

    def _is_imported_late(self) -> bool:
        """Is this module imported in functions only, as far as the project's imports tell? The name
        may have been bound anew by then."""
        module = self.file.module
        assert module is not None
        name = module.name.dotted.rpartition(".")[2]
        return (
            module.project.has(tables.names_imported_late, name)
            and not module.project.has(tables.names_imported_early, name)
        ) or is_imported_late(module)

    def _message(self, source: Module, name: str, rebinding: Rebinding, function: str) -> str:
        if rebinding.function:
            whose = "its" if rebinding.module is source else f"`{rebinding.module.name.dotted}`'s"
            whose = f"{whose} `{rebinding.function}()` binds `{name}` anew (line {rebinding.line})"
        else:
            whose = (
                f"`{rebinding.module.file_name}` binds `{name}` anew below its imports, which have "
                f"loaded this module (line {rebinding.line})"
            )
        return (
            f"`{name}` stays the object that `{source.name.dotted}` has when this import runs: "
            f"{whose}, and `{function}()` here goes on with the old one"
        )

    def _function_that_uses(self, name: str) -> str | None:
        """A function of the file that reads the global."""
        found = self.file.cached(scopes)
        if found is None:
            return None
        readers = [
            scope
            for scope in found.of.values()
            if scope.kind is not ScopeKind.CLASS
            and name in scope.used
            and name not in scope.named
            and scope.find(name) in (None, found.module)
        ]
        for scope in sorted(readers, key=_depth_and_place):
            around = next(
                (each.node for each in scope.around() if each.kind is ScopeKind.FUNCTION), None
            )
            if around is not None:  # else a comprehension that runs while the module is imported
                return getattr(around, "name", "lambda")
        return None


def _comes_from(module: Module, name: str, source: Module) -> bool:
    """Is a name that only star imports bind in a module surely the one of `source`?"""
    stars = sum(statement.names[0][0] == "*" for statement in module.facts.imports)
    symbol = module.project.member(module, name)
    return (isinstance(symbol, Value) and symbol.module is source) or (
        stars == 1 and symbol is None and not module.facts.dynamic_namespace
    )


def _depth_and_place(scope: Scope) -> tuple[int, int, int]:
    node = scope.node
    assert isinstance(node, (ast.stmt, ast.expr))
    return len([*scope.around()]), node.lineno, node.col_offset


def _bound_first(source: Module, name: str) -> Iterator[RelatedPlace]:
    """Where a module binds a name when it is imported."""
    for binding in source.bindings.get(name, ()):
        if binding.kind not in (BindingKind.ANNOTATION, BindingKind.DELETE, BindingKind.GLOBAL):
            yield RelatedPlace(f"`{name}` is bound here first", place_of(binding), source.path)
            return


def _binder(rebinding: Rebinding) -> str:
    return f"`{rebinding.function}()`" if rebinding.function else "the module"
