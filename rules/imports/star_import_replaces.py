from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from pyconcepts_lint.analysis.context import path_in
from pyconcepts_lint.analysis.names import is_local
from pyconcepts_lint.index.facts import (
    CONDITIONAL,
    IMPORT_KINDS,
    IN_CLASS,
    IN_FUNCTION,
    TYPE_CHECKING,
    Binding,
    BindingKind,
    Import,
    ValueKind,
)
from pyconcepts_lint.index.loading import loading_of
from pyconcepts_lint.index.model import ClassModel, External, Module, Symbol, Value
from pyconcepts_lint.index.names import Resolver, live_namespace
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.imports._module_objects import module_at
from pyconcepts_lint.rules.imports._statements import range_of
from pyconcepts_lint.source.ast_nodes import FUNCTIONS, walk

_OTHERS = CONDITIONAL | IN_CLASS | IN_FUNCTION | TYPE_CHECKING
_OBJECTS = frozenset(
    {
        BindingKind.ASSIGN,
        BindingKind.CLASS,
        BindingKind.FROM,
        BindingKind.FUNCTION,
        BindingKind.IMPORT,
    }
)


class StarImportReplaces(Rule):
    """`from module import *` replaces a built-in, or an earlier name, that is used below.

    ## What it finds

    A star import at module level that surely brings a name which this module uses below it (or in a
    function), and which meant something else before: a built-in, or what an import, `def`, `class` or
    assignment above has bound. What it brings has to be known: from a module of the project or the
    standard library, by its `__all__` or its public names.

    Silent where both are the same object, where one of the two isn't known, and where a statement
    below binds the name anew.

    ## Why

    A star import binds every name of `__all__`, or without that every name which doesn't start with
    an underscore, whatever the names mean here. The names are written nowhere in this file. That goes
    for the names that the other module has imported, and for those it will get in its next version.
    Built-ins are asked last, so a global of the name hides them.

    ## Bad

    ```python
    # store.py
    def open(path):
        return {"path": path}
    ```

    ```python
    # main.py
    from store import *

    with open(__file__) as file:
        print(file.readline())
    ```

    ```output
    TypeError: 'dict' object does not support the context manager protocol
    ```

    ## Good

    ```python
    # store.py
    def open(path):
        return {"path": path}
    ```

    ```python
    # main.py
    import store

    with open(__file__) as file:
        print(file.readline().strip(), store.open("a")["path"])
    ```

    ```output
    # main.py a
    ```

    ## Fix

    There is none: which of the two is meant where is for you to say. Import the names that are needed,
    or the module.

    ## When to ignore it

    Where the other module is there to replace these names.

    ## See also

    - [The import statement](https://docs.python.org/3/reference/simple_stmts.html#the-import-statement)
    - [More on modules](https://docs.python.org/3/tutorial/modules.html#more-on-modules)
    """

    code = "PCL220"
    name = "star-import-replaces"
    reads_stubs = False
    facts = ("star_imports",)
    silences = {
        "`__all__` of the module leaves the name out": "listed",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        module = file.module
        for statement in () if module is None else module.facts.imports:
            if statement.names[0][0] != "*" or statement.flags & _OTHERS:
                continue
            assert module is not None
            source = module_at(module, "." * statement.level + statement.module)
            if source is None or source is module:
                continue
            for name in sorted(_brought(source)):
                if name in file.text:
                    yield from self._claims_of(module, statement, source, name)

    def _claims_of(
        self, module: Module, statement: Import, source: Module | External, name: str
    ) -> Iterator[Claim]:
        before = _before(module, statement, name)
        if before is None:
            return
        what, symbol = before
        after = self.file.project.attribute_of(source, name)
        if not _is_other(source, name, symbol, after):
            return
        use = self._use(statement, name)
        if use is not None and not loading_of(module.project).may_be_given(module.path, name):
            written = "." * statement.level + statement.module
            yield Claim(
                range_of(statement),
                f"`{name}` is no longer {what} below this, but what "
                f"`{written}` has by that name{_described(after)}; line {use.lineno} uses it",
            )

    def _use(self, statement: Import, name: str) -> ast.Name | None:
        """The first use of the global below a statement, or in a function."""
        found: list[ast.Name] = []
        for node in () if self.file.tree is None else walk(self.file.tree):
            if (
                isinstance(node, ast.Name)
                and node.id == name
                and isinstance(node.ctx, ast.Load)
                and self.file.stands_there(node)
            ):
                path = path_in(self.file, self.file.ast_range(node))
                in_function = any(isinstance(each, FUNCTIONS) for each in path)
                if (in_function or node.lineno > statement.end_line) and not is_local(
                    self.file, name, path
                ):
                    found.append(node)
        return min(found, key=lambda node: (node.lineno, node.col_offset), default=None)


def _brought(source: Module | External) -> frozenset[str]:
    """Names that a star import of a module surely binds."""
    if isinstance(source, External) or not source.in_project:
        dotted = source.name if isinstance(source, External) else source.name.dotted
        return frozenset(Resolver.star_names(dotted))
    facts = source.facts
    if facts.dunder_all is not None:
        return frozenset(facts.dunder_all) if facts.dunder_all_known else frozenset()
    if "__all__" in source.bindings:
        return frozenset()
    return frozenset(
        name
        for name, bindings in source.bindings.items()
        if not name.startswith("_")
        and any(_is_sure(binding) for binding in bindings)
        and not any(binding.kind is BindingKind.DELETE for binding in bindings)
    )


def _is_sure(binding: Binding) -> bool:
    return binding.kind in _OBJECTS and not binding.flags & _OTHERS


def _before(module: Module, statement: Import, name: str) -> tuple[str, Symbol] | None:
    """What a name surely meant above a star import, in words, and what it was; None where that, or
    what it is below, can't be known."""
    bindings = [b for b in module.bindings.get(name, ()) if b.kind is not BindingKind.ANNOTATION]
    place = statement.line, statement.column
    if any((b.line, b.column) > place or not _is_sure(b) for b in bindings):
        return None
    others = (
        each
        for each in module.facts.imports
        if each.names[0][0] == "*" and (each.line, each.column) > place
    )
    if any(True for _ in others) and module.project.member(module, name) is None:
        return None
    if not bindings:
        known = hasattr(builtins, name) and not name.startswith("__")
        return ("the built-in", External(f"builtins.{name}")) if known else None
    last = bindings[-1]
    symbol = module.project.bound(module, last)
    is_import = last.kind in IMPORT_KINDS
    what = "what is imported" if is_import else "what is bound"
    return (f"{what} in line {last.line}", symbol) if symbol is not None else None


def _is_other(source: Module | External, name: str, before: Symbol, after: Symbol | None) -> bool:
    """Is what a star import brings surely another object than the one before it?"""
    is_standard = isinstance(source, External) or not source.in_project
    if isinstance(before, External) and is_standard:
        dotted = source.name if isinstance(source, External) else source.name.dotted
        brought = live_namespace(dotted)
        is_builtin = before.name == f"builtins.{name}"
        return is_builtin and name in brought and brought[name] is not getattr(builtins, name)
    if after is None or before == after or _may_be_any(before) or _may_be_any(after):
        return False
    if isinstance(before, External):
        return _is_own(after)
    if isinstance(after, External):
        return _is_own(before)
    return not (
        isinstance(before, ClassModel)
        and isinstance(after, ClassModel)
        and before.full_name == after.full_name
    )


def _may_be_any(symbol: Symbol) -> bool:
    """May it be an object that has another name, too?"""
    return (
        isinstance(symbol, Value)
        and symbol.binding.kind is not BindingKind.FUNCTION
        and symbol.binding.value in (ValueKind.CALL, ValueKind.NAME, ValueKind.UNKNOWN)
    )


def _is_own(symbol: Symbol) -> bool:
    """Is it defined in the project?"""
    module = getattr(symbol, "module", symbol)
    return isinstance(module, Module) and module.in_project


def _described(symbol: Symbol | None) -> str:
    if isinstance(symbol, ClassModel):
        return ", a class"
    if isinstance(symbol, Module):
        return ", a module"
    if isinstance(symbol, Value):
        return ", a function" if symbol.binding.kind is BindingKind.FUNCTION else ", a variable"
    return ""
