from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from pyconcepts_lint.analysis.related import place_of
from pyconcepts_lint.base.finding import Edit, Fix
from pyconcepts_lint.index.facts import IN_FUNCTION, TYPE_CHECKING, Binding, BindingKind, Import
from pyconcepts_lint.index.model import Module
from pyconcepts_lint.rule_api.claim import Claim, RelatedPlace
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.imports._as_attributes import AsAttributes, Imported, source_of
from pyconcepts_lint.rules.imports._qualified_uses import binds_name
from pyconcepts_lint.rules.imports._statements import range_of
from pyconcepts_lint.source.ast_nodes import walk

# What a variable of a module is bound by.
_VARIABLE = frozenset(
    {
        BindingKind.ANNOTATION,
        BindingKind.ASSIGN,
        BindingKind.AUGMENT,
        BindingKind.DELETE,
        BindingKind.FOR,
        BindingKind.GLOBAL,
        BindingKind.WITH,
    }
)


class ImportedNameGlobal(Rule):
    """`global name` for an imported name: it is bound anew in this module only.

    ## What it finds

    A function that says `global name` and assigns `name`, also as `name += 1`, among other targets or
    under a condition, where nothing but `from module import name` binds `name` in this module, and
    `name` is a variable of that other module, which lies in the project too. Tests are left alone.

    ## Why

    `global` means the names of the module that the function stands in. The import statement has made
    a name of this module, which is bound to the same object as the other module's. Assigning it binds
    this name to another object. `module.name` stays what it was, for `module`'s own functions and for
    all others that ask for it.

    ## Bad

    ```python
    # settings.py
    language = "en"


    def greeting():
        return {"en": "Hello", "de": "Hallo"}[language]
    ```

    ```python
    # main.py
    from settings import greeting, language


    def switch_language(code):
        global language
        language = code


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


    def greeting():
        return {"en": "Hello", "de": "Hallo"}[language]
    ```

    ```python
    # main.py
    import settings
    from settings import greeting


    def switch_language(code):
        settings.language = code


    switch_language("de")
    print(greeting())
    ```

    ```output
    Hallo
    ```

    ## Fix

    Imports the module, unless an import above has done so, writes `module.name` where the name is used
    in this file, and takes it out of the `global` statements. It is unsafe: the program does something
    else then. It is withheld where the module's name is taken here, where others may take the name
    from here, where something other than a target binds it, and where the import statement has
    comments or several lines.

    ## When to ignore it

    Where this module is to have a variable of its own that only starts with the other one's value.

    ## See also

    - [The global statement](https://docs.python.org/3/reference/simple_stmts.html#the-global-statement)
    - [How do I share global variables across modules?](https://docs.python.org/3/faq/programming.html#how-do-i-share-global-variables-across-modules)
    """

    code = "PCL219"
    name = "imported-name-global"
    reads_stubs = False
    words = ("global",)
    silences = {
        "the function doesn't say that it binds the module's name": "not-read",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        module = file.module
        if module is None or module.is_test:
            return
        changing = AsAttributes(file, module)
        for statement in module.facts.imports:
            if not statement.is_from or statement.flags & (IN_FUNCTION | TYPE_CHECKING):
                continue
            chosen = [
                Imported(number, name, alias or name)
                for number, (name, alias) in enumerate(statement.names)
                if _is_bound_by_functions(module.bindings.get(alias or name, ()))
            ]
            source = source_of(module, statement) if chosen else None
            chosen = [one for one in chosen if source and _is_variable(source, one.name)]
            if source is not None and chosen:
                fix = self._fix(changing, statement, source, chosen)
                for one in chosen:
                    related = _related(statement, source, one)
                    yield from self._claims_of(module, source, one, fix, related)

    def _claims_of(
        self,
        module: Module,
        source: Module,
        one: Imported,
        fix: Fix | None,
        related: tuple[RelatedPlace, ...],
    ) -> Iterator[Claim]:
        message = (
            f"this binds `{one.here}` of this module; `{source.name.dotted}.{one.name}`, from which "
            f"it was imported, stays what it was"
        )
        for binding in module.bindings[one.here]:
            node = self.file.ast_at(binding.line, binding.column, ast.Name)
            if binding.kind is BindingKind.GLOBAL and node is not None:
                yield Claim(self.file.ast_range(node), message, fix, related=related)

    def _fix(
        self, changing: AsAttributes, statement: Import, source: Module, chosen: Sequence[Imported]
    ) -> Fix | None:
        node = self.file.ast_at(statement.line, statement.column, ast.ImportFrom)
        names = frozenset(one.here for one in chosen)
        if node is None or not all(map(changing.can_be_replaced, names)):
            return None
        made = changing.edits(node, source, chosen)
        declared = self._without_declarations(names)
        if made is None or declared is None:
            return None
        return self.fix("unsafe", f"Use {' and '.join(made[0])}", [*made[1], *declared])

    def _without_declarations(self, names: frozenset[str]) -> list[Edit] | None:
        """The edits that take names out of `global` statements; None where something binds one that
        can't be written as an attribute."""
        edits: list[Edit] = []
        for node in () if self.file.tree is None else walk(self.file.tree):
            if isinstance(node, ast.Global):
                if not names.isdisjoint(node.names):
                    edits.append(self._declaration(node, names))
            elif isinstance(node, ast.NamedExpr):
                if node.target.id in names:
                    return None
            elif not isinstance(node, ast.Name) and any(binds_name(node, name) for name in names):
                return None
        return edits

    def _declaration(self, node: ast.Global, names: frozenset[str]) -> Edit:
        where = self.file.ast_range(node)
        kept = [name for name in node.names if name not in names]
        if kept:
            return Edit(self.file.path, *where, f"global {', '.join(kept)}")
        code = self.file.code
        parent = self.file.ast_around(node)[0]
        is_alone = any(block == [node] for block in vars(parent).values())
        line = code.line(node.lineno)
        is_line = where.start_line == where.end_line < code.line_count and (
            line.strip() == self.file.ast_text(node)
        )
        if is_alone or not is_line:
            return Edit(self.file.path, *where, "pass")
        return Edit(self.file.path, node.lineno, 1, node.lineno + 1, 1, "")


def _related(statement: Import, source: Module, one: Imported) -> tuple[RelatedPlace, ...]:
    """The import, and what binds the name in the module that it was imported from, first."""
    first = source.bindings[one.name][0]
    said = f"`{source.name.dotted}.{one.name}` is bound here"
    return (
        RelatedPlace(f"`{one.here}` is imported here", range_of(statement)),
        RelatedPlace(said, place_of(first), source.path),
    )


def _is_bound_by_functions(bindings: Sequence[Binding]) -> bool:
    """Do one import and functions bind a name, and nothing else?"""
    kinds = [binding.kind for binding in bindings if binding.kind is not BindingKind.GLOBAL]
    return kinds == [BindingKind.FROM] and len(bindings) > 1


def _is_variable(source: Module, name: str) -> bool:
    bindings = source.bindings.get(name, ())
    return any(binding.kind is BindingKind.ASSIGN for binding in bindings) and all(
        binding.kind in _VARIABLE for binding in bindings
    )
