from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property

from pyconcepts_lint.analysis import guards
from pyconcepts_lint.index.collect import dotted_name
from pyconcepts_lint.rule_api import cst
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.imports._sys import (
    is_sys_attribute,
    lines_that_matter,
    lines_with_names,
    names_of,
    quoted,
)

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

    - `del sys.modules[name]` and `sys.modules.pop(name)`: whoever has imported the module keeps
      it, and the next import runs the file again and makes a second one;
    - `sys.modules[name] = None`: every import of that name raises `ModuleNotFoundError` from then
      on;
    - `sys.modules[__name__] = obj`: whoever imports this module gets `obj` in its place.

    Not in tests; not where the same class or function also puts modules there (it restores what it
    found, or takes away what it added); not in an `except` or `finally` clause, where modules that
    couldn't be loaded are cleared away.

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
    reads_stubs = False
    words = ("modules",)

    def lines(self) -> Iterable[int]:
        module = self.file.module
        if module is None or module.is_test:
            return ()
        names = names_of(self.file, "modules")
        lines = lines_with_names(self.file, names)
        return lines_that_matter(self.file, lines, lambda node: _may_change(node, names))

    def visit_Call(self, node: cst.Call) -> None:
        if not isinstance(node.func, cst.Attribute) or node.func.attr.value != "pop":
            return
        path = [*self.ancestors, node]
        if node.args and self._is_modules(node.func.value, path):
            self._report_removal(node, node.args[0].value, path)

    def visit_Subscript(self, node: cst.Subscript) -> None:
        parent = self.ancestors[-1]
        if not isinstance(parent, (cst.Del, cst.AssignTarget, cst.Element)) or len(node.slice) != 1:
            return
        index = node.slice[0].slice
        path = [*self.ancestors, node]
        if not isinstance(index, cst.Index) or not self._is_modules(node.value, path):
            return
        if isinstance(parent, cst.AssignTarget):
            assignment = self.ancestors[-2]
            assert isinstance(assignment, cst.Assign)
            self._report_assignment(node, index.value, assignment.value, path)
        elif any(isinstance(above, cst.Del) for above in path):
            self._report_removal(node, index.value, path)

    def _is_modules(self, node: cst.BaseExpression, path: Sequence[cst.CSTNode]) -> bool:
        module = self.file.module
        return (
            module is not None
            and not module.is_test
            and is_sys_attribute(self.file, node, "modules", path)
            and not guards.only_in_python2(path)
        )

    def _report_removal(
        self, node: cst.BaseExpression, key: cst.BaseExpression, path: Sequence[cst.CSTNode]
    ) -> None:
        if _clears_away(path) or self._does_around(_PUTS, path):
            return
        name = quoted(self.file, key, "…")
        shown = name if isinstance(key, cst.SimpleString) or name == "…" else f"`{name}`"
        imported = self._literal(key)
        again = f"`import {imported}`" if imported else "import of it"
        self.report(
            node,
            f"this takes {shown} out of `sys.modules`, but not from those who have imported it: the "
            f"next {again} has to load it anew, as a second module",
        )

    def _report_assignment(
        self,
        node: cst.Subscript,
        key: cst.BaseExpression,
        value: cst.BaseExpression,
        path: Sequence[cst.CSTNode],
    ) -> None:
        if isinstance(value, cst.Name) and value.value == "None":
            if self._does_around(_TAKES, path):
                return
            name = self._literal(key)
            imported = f"`import {name}`" if name else f"an import of {quoted(self.file, key, '…')}"
            self.report(
                node, f"with None in its place, {imported} raises ModuleNotFoundError from now on"
            )
        elif isinstance(key, cst.Name) and key.value == "__name__":
            module = self.file.module
            if module is None or self._is_the_module(value):
                return
            given = quoted(self.file, value, "another object")
            given = f"`{given}`" if given != "another object" else given
            self.report(
                node,
                f"whoever imports this module gets {given} in its place; a module that computes "
                "its attributes can define `__getattr__` (PEP 562) and stay a module",
            )

    def _literal(self, key: cst.BaseExpression) -> str:
        value = key.evaluated_value if isinstance(key, cst.SimpleString) else ""
        return value if isinstance(value, str) else ""

    def _is_the_module(self, value: cst.BaseExpression) -> bool:
        return self.file.text_of(value).replace(" ", "") == "sys.modules[__name__]"

    def _does_around(self, what: re.Pattern[str], path: Sequence[cst.CSTNode]) -> bool:
        """Is that done in the class or else the function around, or else in the file?"""
        classes = [node for node in path if isinstance(node, cst.ClassDef)]
        functions = [node for node in path if isinstance(node, cst.FunctionDef)]
        around = [*functions[:1], *classes[-1:]]
        if around:
            return what.search(self.file.text_of(around[-1])) is not None
        known = self._does_in_file
        if what not in known:
            known[what] = what.search(self.file.text) is not None
        return known[what]

    @cached_property
    def _does_in_file(self) -> dict[re.Pattern[str], bool]:
        """What the file does, as far as that has been asked."""
        return {}


def _may_change(node: ast.AST, names: Collection[str]) -> bool:
    """Does it change what has one of the names, in one of the ways that are reported?"""
    if isinstance(node, ast.Call):
        called = node.func
        return (
            isinstance(called, ast.Attribute)
            and called.attr == "pop"
            and dotted_name(called.value) in names
        )
    if isinstance(node, ast.Subscript):
        return isinstance(node.ctx, ast.Del) and dotted_name(node.value) in names
    if not isinstance(node, ast.Assign):
        return False
    is_none = isinstance(node.value, ast.Constant) and node.value.value is None
    return any(
        isinstance(target, ast.Subscript)
        and dotted_name(target.value) in names
        and (is_none or dotted_name(target.slice) == "__name__")
        for target in node.targets
    )


def _clears_away(path: Sequence[cst.CSTNode]) -> bool:
    """Is it cleared away what couldn't be loaded?"""
    return any(
        isinstance(node, (cst.ExceptHandler, cst.ExceptStarHandler, cst.Finally)) for node in path
    )
