from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise

from pyconcepts_lint.index.collect import dotted_name
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.imports._sys import uses_of

# What puts something into `sys.modules`, or back there.
_PUTS = re.compile(
    r"\bmodules\s*\[[^\n]*\]\s*=(?!=)|\bmodules\s*\.\s*(?:update|setdefault|clear)\s*\("
    r"|\bpatch\s*\.\s*dict\b|\bsys\s*\.\s*modules\s*=(?!=)"
)
_TAKES = re.compile(
    r"\bdel\s+[\w.]*modules\s*\[|\bmodules\s*\.\s*(?:pop|update|clear)\s*\(|\bpatch\s*\.\s*dict\b"
)


class SysModulesMutation(Rule):
    """`sys.modules` is how Python keeps each module single; what is changed there changes imports.

    ## What it finds

    - `del sys.modules[name]` and `sys.modules.pop(name)`: modules that have imported it keep
      it, and the next import runs the file again and makes a second one;
    - `sys.modules[name] = None`: every import of that name raises `ModuleNotFoundError` from then
      on;
    - `sys.modules[__name__] = obj`: modules that import this one get `obj` in its place.

    Not in tests; not where the same class or function also puts modules there (it restores what it
    found, or takes away what it added); not in an `except` or `finally` clause, where modules that
    couldn't be loaded are cleared away. A finding is a note: who writes it mostly means it, and knows
    what it costs.

    ## Why

    An import statement looks into `sys.modules` first, and runs a module's file only where it
    finds nothing there. That a module runs once, and that all who import it share one object,
    with its classes and its state, rests on that dictionary alone. A second module object has
    second classes: `isinstance` and `except` know nothing of the first.

    ## Bad

    ```python
    # settings.py
    language = "en"
    ```

    ```python
    # main.py
    import sys

    import settings

    del sys.modules["settings"]

    import settings as fresh

    fresh.language = "de"
    print(settings.language, settings is fresh)
    ```

    ```output
    en False
    ```

    ## Good

    `importlib.reload` runs the file again in the module that is there:

    ```python
    # settings.py
    language = "en"
    ```

    ```python
    # main.py
    import importlib

    import settings

    fresh = importlib.reload(settings)

    fresh.language = "de"
    print(settings.language, settings is fresh)
    ```

    ```output
    de True
    ```

    A module that wants to compute its attributes defines `__getattr__` (PEP 562), and stays the
    module that it is.

    ## Fix

    There is none: what should happen instead depends on why the entry is changed.

    ## When to ignore it

    In what loads, unloads and replaces modules as its work: import hooks, plugin managers,
    development servers that reload.

    ## See also

    - [The module cache](https://docs.python.org/3/reference/import.html#the-module-cache)
    - [`importlib.reload`](https://docs.python.org/3/library/importlib.html#importlib.reload)
    - [PEP 562](https://peps.python.org/pep-0562/)
    """

    code = "PCL211"
    name = "sys-modules-mutation"
    severity = "note"
    reads_stubs = False
    words = ("modules",)
    silences = {
        "the file is a test": "test",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        module = file.module
        if module is None or module.is_test:
            return
        yield from self._changes(file)

    def _changes(self, file: FileContext) -> Iterator[Claim]:
        for path in uses_of(file, "modules"):
            modules = path.pop()
            parent = path[-1]
            if isinstance(parent, ast.Attribute):
                call = path[-2]
                if parent.attr == "pop" and isinstance(call, ast.Call) and call.func is parent:
                    yield from self._removal(call, call.args, path)
            elif isinstance(parent, ast.Subscript) and parent.value is modules:
                if isinstance(parent.ctx, ast.Del):
                    yield from self._removal(parent, [parent.slice], path)
                elif isinstance(path[-2], ast.Assign) and parent in path[-2].targets:
                    yield from self._assignment(parent, path[-2].value, path)

    def _removal(
        self, node: ast.expr, keys: Sequence[ast.expr], path: Sequence[ast.AST]
    ) -> Iterator[Claim]:
        if not keys or _clears_away(path) or self._does_around(_PUTS, path):
            return
        key = keys[0]
        name = self.file.ast_quote(key)
        shown = name if isinstance(key, ast.Constant) else f"`{name}`"
        imported = _literal(key)
        again = f"`import {imported}`" if imported else "import of it"
        yield Claim(
            self.file.ast_range(node),
            f"this takes {shown} out of `sys.modules`, but not from those who have imported it: the "
            f"next {again} has to load it anew, as a second module",
        )

    def _assignment(
        self, node: ast.Subscript, value: ast.expr, path: Sequence[ast.AST]
    ) -> Iterator[Claim]:
        key, where = node.slice, self.file.ast_range(node)
        if isinstance(value, ast.Constant) and value.value is None:
            if self._does_around(_TAKES, path):
                return
            name = _literal(key)
            imported = f"`import {name}`" if name else f"an import of `{self.file.ast_quote(key)}`"
            yield Claim(
                where, f"with None in its place, {imported} raises ModuleNotFoundError from now on"
            )
        elif dotted_name(key) == "__name__" and not self._is_the_module(value):
            given = f"`{self.file.ast_quote(value)}`"
            yield Claim(
                where,
                f"modules that import this one get {given} in its place; a module that computes "
                "its attributes can define `__getattr__` (PEP 562) and stay a module",
            )

    def _is_the_module(self, value: ast.expr) -> bool:
        return self.file.ast_text(value).replace(" ", "") == "sys.modules[__name__]"

    def _does_around(self, what: re.Pattern[str], path: Sequence[ast.AST]) -> bool:
        """Is that done in the class or else the function around, or else in the file?"""
        classes = [node for node in path if isinstance(node, ast.ClassDef)]
        functions = [
            node for node in path if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        ]
        around = [*functions[:1], *classes[-1:]]
        if around:
            return what.search(self.file.ast_text(around[-1])) is not None
        known = self._does_in_file
        if what not in known:
            known[what] = what.search(self.file.text) is not None
        return known[what]

    @cached_property
    def _does_in_file(self) -> dict[re.Pattern[str], bool]:
        """What the file does, as far as that has been asked."""
        return {}


def _literal(key: ast.expr) -> str:
    return key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else ""


def _clears_away(path: Sequence[ast.AST]) -> bool:
    """Is it cleared away what couldn't be loaded?"""
    return any(
        isinstance(child, ast.ExceptHandler)
        or (isinstance(parent, (ast.Try, ast.TryStar)) and child in parent.finalbody)
        for parent, child in pairwise(path)
    )
