from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import libcst as cst
from pyconcepts_lint.rules.imports._sys import (
    function_around,
    is_sys_attribute,
    lines_with_attribute,
    quoted,
)

from pyconcepts_lint import guards
from pyconcepts_lint.linted import LintedFile
from pyconcepts_lint.rule import Rule
from pyconcepts_lint.tree import dotted

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
    on = False

    def lines(self) -> Iterable[int]:
        if self._is_exempt():
            return
        yield from lines_with_attribute(self.file, "path", self._may_change)
        if "addsitedir" in self.file.text:
            yield from self.file.lines_with(("addsitedir",))

    def _may_change(self, line: int) -> bool:
        """May a line that names `path` change that of `sys` outside of functions? Most of them
        speak of `os.path`, or stand in a function."""
        file = self.file
        text, above = file.code.line(line), file.code.line(line - 1) if line > 1 else ""
        names = self._names_of_sys
        if not any(name in text for name in names):
            # The name before the dot may stand on the line above.
            starts = text.lstrip().startswith(".") or above.rstrip().endswith((".", "\\"))
            if not starts:
                return False
        return not any(first < line <= last for first, last in file.share(_functions))

    @cached_property
    def _names_of_sys(self) -> frozenset[str]:
        """The names under which the file knows `sys` or `sys.path`, but for `path` itself."""
        module = self.file.module
        names = {"sys"}
        for statement in module.facts.imports if module is not None else ():
            for name, alias in statement.names:
                if statement.statement == "import" and name == "sys" and alias:
                    names.add(alias)
                elif statement.module == "sys" and name == "path":
                    names.add(alias or name)
        return frozenset(names)

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
