from __future__ import annotations

import ast
from collections.abc import Iterator

from pyconcepts_lint.analysis.context import conditions, only_if_it_has, only_if_it_lacks, path_in
from pyconcepts_lint.analysis.names import is_local
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.collect import dotted_name
from pyconcepts_lint.index.conditions import is_version_test
from pyconcepts_lint.index.facts import IMPORT_KINDS, Access
from pyconcepts_lint.index.loading import loading_of
from pyconcepts_lint.index.model import Module
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.imports._facts import gone_names
from pyconcepts_lint.rules.imports._gone import GONE, INSTEAD
from pyconcepts_lint.rules.imports._guards import is_one_of_two
from pyconcepts_lint.source.ast_nodes import walk


class StandardNameGone(Rule):
    """A module of the standard library is asked for what it no longer has.

    ## What it finds

    `module.name` and `from module import name`, where the standard library's module had the name once
    and hasn't it any more: what Python 2 had (`string.letters`, `itertools.izip`, `urllib.quote`,
    `sys.maxint`), and what Python 3 has removed since (`time.clock`, `collections.Mapping`,
    `inspect.getargspec`).

    Silent under a test of Python's version or of such a name, in an `except` clause, where the import
    is one of two ways to the name, where the project assigns the name to something, in Python 2 source, where a module of the
    project may be meant, and for names that only local variables have.

    ## Why

    A module has the attributes that its file binds when it runs, and that file comes with Python. An
    attribute that isn't there raises AttributeError when the line runs, which may be long after the
    program was started; `from module import name` raises ImportError.

    ## Bad

    ```python
    import string


    def is_word(text):
        return all(sign in string.letters for sign in text)


    print(is_word("shop"))
    ```

    ```output
    AttributeError: module 'string' has no attribute 'letters'
    ```

    ## Good

    ```python
    import string


    def is_word(text):
        return all(sign in string.ascii_letters for sign in text)


    print(is_word("shop"))
    ```

    ```output
    True
    ```

    ## Fix

    There is none: what has taken the place of a name mostly isn't quite the same. The message names
    it.

    ## When to ignore it

    Where the program only ever runs under a Python that still has the name.

    ## See also

    - [What's new in Python](https://docs.python.org/3/whatsnew/index.html)
    - [Porting Python 2 code to Python 3](https://docs.python.org/3/howto/pyporting.html)
    """

    code = "PCL221"
    name = "standard-name-gone"
    severity = "error"
    reads_stubs = False
    facts = ("gone_names",)

    def claims(self, file: FileContext) -> Iterator[Claim]:
        module = file.module
        if module is None or file.is_python2 or file.tree is None:
            return
        names = {row.name for row in gone_names.of(module.facts)}
        for node in walk(file.tree):
            if isinstance(node, ast.Attribute) and node.attr in names:
                yield from self._of_attribute(module, node)
        for statement in module.facts.imports:
            source = "" if statement.level else statement.module
            for number, (name, _) in enumerate(statement.names):
                if (source, name) in GONE and not is_one_of_two(file, statement):
                    found = file.ast_at(statement.line, statement.column, ast.ImportFrom)
                    if found is not None:
                        alias = found.names[number]
                        where = found if len(found.names) == 1 else alias
                        yield from self._claim(module, where, source, name, "ImportError")

    def _of_attribute(self, module: Module, node: ast.Attribute) -> Iterator[Claim]:
        owner = dotted_name(node.value)
        root = owner.partition(".")[0]
        bound = module.bindings.get(root, ())
        if (
            isinstance(node.ctx, ast.Load)
            and bound
            and all(binding.kind in IMPORT_KINDS for binding in bound)
            and (source := module.qualified(owner), node.attr) in GONE
            and self.file.stands_there(node)
            and not is_local(self.file, root, path_in(self.file, self.file.ast_range(node)))
        ):
            yield from self._claim(module, node, source, node.attr, "AttributeError")

    def _claim(
        self,
        module: Module,
        node: ast.expr | ast.stmt | ast.alias,
        source: str,
        name: str,
        error: str,
    ) -> Iterator[Claim]:
        file = self.file
        where = file.ast_range(node)
        path = path_in(file, where)
        if (
            loading_of(file.project).is_in_project(module, source)
            or any(
                context is not Access.READ for _, _, context in file.project.row(tables.uses, name)
            )
            or only_if_it_has(path, [gone for of, gone in GONE if of == source])
            or only_if_it_lacks(path, (INSTEAD.get((source, name), "").rpartition(".")[2],))
            or any(isinstance(each, ast.ExceptHandler) for each in path)
            or any(is_version_test(test) for test, _ in conditions(path))
        ):
            return
        minor = GONE[source, name]
        since = f"since Python 3.{minor}" if minor else "in Python 3"
        message = f"`{source}` has no `{name}` any more {since}: this raises {error}"
        instead = INSTEAD.get((source, name))
        message += f". `{instead}` has taken its place" if instead else ""
        yield Claim(where, message, raises=(error,))
