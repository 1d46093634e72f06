from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Sequence

from pyconcepts_lint.analysis import guards
from pyconcepts_lint.index.collect import dotted_name
from pyconcepts_lint.rule_api import cst
from pyconcepts_lint.rule_api.file import LintedFile
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.imports._sys import (
    function_around,
    is_sys_attribute,
    lines_that_matter,
    lines_with_names,
    names_of,
    quoted,
)
from pyconcepts_lint.source.cst_nodes import dotted

_CHANGES = frozenset(
    {"append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort", "__setitem__"}
)
_DOCUMENTATION = frozenset({"doc", "docs", "documentation"})


class SysPathMutation(Rule):
    """A module that changes `sys.path` when it is imported changes every import of the program.

    ## What it finds

    What changes `sys.path` while a module is imported: `insert`, `append`, `extend`, `remove`
    and the other methods of lists, `+=`, an assignment to it, to an item or to a slice, `del`,
    and `site.addsitedir(…)`. Not in functions, not under `if __name__ == "__main__"`, not in tests
    and in the documentation's `conf.py`.

    ## Why

    `sys.path` is one list for the whole program. From the moment that the module is imported, all
    others find their modules in other places, or in another order, too; what they find depends on
    whether, and when, that import ran. The same file, reached by two ways, becomes two modules.
    A package that is installed (`pip install -e .`) is found without any of this, and so are its
    own modules by relative imports.

    ## Bad

    ```python
    # vendored/json.py
    def dumps(value):
        return "not what you expect"
    ```

    ```python
    # setup_paths.py
    import sys

    sys.path.insert(0, "vendored")
    ```

    ```python
    # main.py
    import setup_paths
    import json

    print(json.dumps([1]))
    ```

    ```output
    not what you expect
    ```

    ## Good

    ```python
    # vendored/json.py
    def dumps(value):
        return "not what you expect"
    ```

    ```python
    # main.py
    import json
    from vendored import json as vendored_json

    print(json.dumps([1]))
    print(vendored_json.dumps([1]))
    ```

    ```output
    [1]
    not what you expect
    ```

    ## Fix

    There is none: what makes the change needless is installing the package, or a relative import.

    ## When to ignore it

    In scripts that are never imported and have to find what lies beside them. The rule is off
    by default.

    ## See also

    - [`sys.path`](https://docs.python.org/3/library/sys.html#sys.path)
    - [The initialization of the module search path](https://docs.python.org/3/library/sys_path_init.html)
    """

    code = "PCL210"
    name = "sys-path-mutation"
    reads_stubs = False
    on = False
    words = ("path", "addsitedir")

    def lines(self) -> Iterable[int]:
        file = self.file
        names = names_of(file, "path")
        lines = lines_with_names(file, names)
        sites = file.lines_with(("addsitedir",)) if "addsitedir" in file.text else []
        if not (lines or sites) or self._is_exempt():
            return []
        functions = file.share(_functions)
        outside = [n for n in lines if not any(first < n <= last for first, last in functions)]
        return [*sites, *lines_that_matter(file, outside, lambda node: _may_change(node, names))]

    def _is_exempt(self) -> bool:
        module = self.file.module
        if module is None or module.is_test:
            return True
        *directories, name = module.file_name.split("/")
        return name == "conf.py" and not _DOCUMENTATION.isdisjoint(directories)

    def visit_Call(self, node: cst.Call) -> None:
        path = [*self.ancestors, node]
        function = node.func
        if not isinstance(function, cst.Attribute):
            is_site = isinstance(function, cst.Name) and function.value == "addsitedir"
            if is_site and self._is_addsitedir("addsitedir"):
                self._report(node, path)
        elif function.attr.value == "addsitedir":
            if self._is_addsitedir(dotted(function)):
                self._report(node, path)
        elif function.attr.value in _CHANGES and self._is_path(function.value, path):
            self._report(node, path)

    def visit_Assign(self, node: cst.Assign) -> None:
        path = [*self.ancestors, node]
        if any(self._changes(target.target, path) for target in node.targets):
            self._report(node, path)

    def visit_AugAssign(self, node: cst.AugAssign) -> None:
        path = [*self.ancestors, node]
        if self._changes(node.target, path):
            self._report(node, path)

    def visit_AnnAssign(self, node: cst.AnnAssign) -> None:
        path = [*self.ancestors, node]
        if node.value is not None and self._changes(node.target, path):
            self._report(node, path)

    def visit_Del(self, node: cst.Del) -> None:
        path = [*self.ancestors, node]
        if self._changes(node.target, path):
            self._report(node, path)

    def _changes(self, target: cst.BaseExpression, path: Sequence[cst.CSTNode]) -> bool:
        """Is `sys.path`, or an item or slice of it, among what is assigned or deleted?"""
        if isinstance(target, (cst.Tuple, cst.List)):
            return any(self._changes(element.value, path) for element in target.elements)
        if isinstance(target, cst.Subscript):
            return self._is_path(target.value, path)
        return isinstance(target, cst.Attribute) and self._is_path(target, path)

    def _is_path(self, node: cst.BaseExpression, path: Sequence[cst.CSTNode]) -> bool:
        return is_sys_attribute(self.file, node, "path", path)

    def _is_addsitedir(self, name: str) -> bool:
        module = self.file.module
        return module is not None and module.qualified(name) == "site.addsitedir"

    def _report(self, node: cst.CSTNode, path: Sequence[cst.CSTNode]) -> None:
        if self._is_exempt() or function_around(path) is not None or guards.asks_how_it_runs(path):
            return
        under = (cst.If, cst.Try, cst.TryStar, cst.For, cst.While, cst.Match, cst.IfExp)
        runs = "may run" if any(isinstance(each, under) for each in path) else "runs"
        self.report(
            node,
            f"`{quoted(self.file, node, '…')}` {runs} when this module is imported: from then on the "
            "whole program looks for modules in other places",
        )


def _may_change(node: ast.AST, names: Collection[str]) -> bool:
    """Does it change what has one of the names?"""
    if isinstance(node, ast.Call):
        called = node.func
        return (
            isinstance(called, ast.Attribute)
            and called.attr in _CHANGES
            and dotted_name(called.value) in names
        )
    if isinstance(node, (ast.Attribute, ast.Subscript)) and not isinstance(node.ctx, ast.Load):
        changed = node.value if isinstance(node, ast.Subscript) else node
        return dotted_name(changed) in names
    return False


def _functions(file: LintedFile) -> list[tuple[int, int]]:
    """The first and last lines of the functions that stand at the top of the file or of a class."""
    if file.module is None:
        return []
    facts = file.module.facts
    return [
        *(
            (first, last)
            for first, last in facts.statements
            if file.code.line(first).startswith(("def ", "async def "))
        ),
        *((method.line, method.end_line) for each in facts.classes for method in each.methods),
    ]
