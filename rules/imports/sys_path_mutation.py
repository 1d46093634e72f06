from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from pyconcepts_lint.analysis.context import asks_how_it_runs, path_in
from pyconcepts_lint.index.collect import dotted_name
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.imports._sys import uses_of
from pyconcepts_lint.source.ast_nodes import FUNCTIONS, walk

_CHANGES = frozenset(
    {"append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort", "__setitem__"}
)
_DOCUMENTATION = frozenset({"doc", "docs", "documentation"})
_STATEMENTS = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Delete)
_MAY_SKIP = (ast.If, ast.Try, ast.TryStar, ast.For, ast.While, ast.Match, ast.IfExp)


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
    severity = "note"
    reads_stubs = False
    on = False
    words = ("path", "addsitedir")

    def claims(self, file: FileContext) -> Iterator[Claim]:
        if self._is_exempt():
            return
        changes = [*map(_change, uses_of(file, "path")), *_calls_of_addsitedir(file)]
        for node, path in {path[-1]: path for path in changes if path}.items():
            is_inside = any(isinstance(each, FUNCTIONS) for each in path)
            if not is_inside and not asks_how_it_runs(path):
                assert isinstance(node, (ast.expr, ast.stmt))
                yield Claim(file.ast_range(node), self._message(node, path))

    def _is_exempt(self) -> bool:
        module = self.file.module
        if module is None or module.is_test:
            return True
        *directories, name = module.file_name.split("/")
        return name == "conf.py" and not _DOCUMENTATION.isdisjoint(directories)

    def _message(self, node: ast.expr | ast.stmt, path: Sequence[ast.AST]) -> str:
        runs = "may run" if any(isinstance(each, _MAY_SKIP) for each in path) else "runs"
        return (
            f"`{self.file.ast_quote(node)}` {runs} when this module is imported: from then on the "
            "whole program looks for modules in other places"
        )


def _change(path: list[ast.AST]) -> list[ast.AST]:
    """The path to the call or statement that changes `sys.path`, to which `path` leads; empty where
    it isn't changed."""
    changed, parent = path[-1], path[-2]
    if isinstance(parent, ast.Attribute):
        is_call = isinstance(path[-3], ast.Call) and path[-3].func is parent
        return path[:-2] if is_call and parent.attr in _CHANGES else []
    if isinstance(parent, ast.Subscript) and parent.value is changed:
        changed = parent
    if not isinstance(changed, (ast.Attribute, ast.Subscript)) or isinstance(changed.ctx, ast.Load):
        return []
    while not isinstance(path[-1], ast.stmt):
        path = path[:-1]
    statement = path[-1]
    if isinstance(statement, ast.AnnAssign) and statement.value is None:
        return []
    return path if isinstance(statement, _STATEMENTS) else []


def _calls_of_addsitedir(file: FileContext) -> Iterator[list[ast.AST]]:
    module = file.module
    if module is None or "addsitedir" not in file.text:
        return
    for node in walk(*file.statements_at(file.lines_with(("addsitedir",)))):
        if isinstance(node, ast.Call):
            name = dotted_name(node.func)
            if name.endswith("addsitedir") and module.qualified(name) == "site.addsitedir":
                yield path_in(file, file.ast_range(node))
