from __future__ import annotations

import ast
import os
from collections.abc import Iterator

from pyconcepts_lint.analysis.context import caught_by, dead_code, path_in
from pyconcepts_lint.analysis.names import is_local, is_local_somewhere, scopes
from pyconcepts_lint.base.answer import Answer
from pyconcepts_lint.base.finding import Fix
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.additions import is_name_handed_on
from pyconcepts_lint.index.collect import dotted_name
from pyconcepts_lint.index.facts import TYPE_CHECKING, Access, Import
from pyconcepts_lint.index.handled import is_failure_handled
from pyconcepts_lint.index.loading import loading_of
from pyconcepts_lint.index.model import Module
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.imports._facts import unbound
from pyconcepts_lint.rules.imports._statements import import_after, is_annotation
from pyconcepts_lint.source.ast_nodes import walk


class ImportedModuleNotBound(Rule):
    """A module is used by a name that its import didn't bind: `from x import y` binds no `x`.

    ## What it finds

    The first use of a bare `pkg` (also as in `pkg.sub`) in a module whose only imports of it are
    `from pkg import name`, `from pkg.sub import name`, `from .pkg import name` or `import pkg as p`, and in which nothing
    else binds `pkg`: no assignment, parameter or star import that could bring it (that of a package
    brings those of its submodules that are loaded), no submodule of that name in an `__init__.py`,
    no built-in, and no other module of the project that puts it there.

    ## Why

    An import statement does two things: it loads modules, which go into `sys.modules`, and it
    binds names in the namespace where it stands. `import os.path` binds `os`. `from os import
    path` loads the very same modules, and binds `path`, and no `os`. That a module has been
    loaded makes it no name of this one.

    ## Bad

    ```python
    from os import path

    print(path.join(os.sep, "home"))
    ```

    ```output
    NameError: name 'os' is not defined
    ```

    ## Good

    ```python
    import os
    from os import path

    print(path.join(os.sep, "home"))
    ```

    ```output
    /home
    ```

    ## Fix

    Writes `name` for `pkg.sub` where `import pkg.sub as name` is there and all uses of `pkg` are of
    that; else adds `import pkg`, or `from . import pkg`, behind the import that is there. It is safe: the module has been loaded
    already, and the name is free. It is unsafe where another module, which imports this one, catches
    a NameError that comes of that. It is withheld where a scope of the module has another use for
    the name, where a module of that name lies beside this one (or, behind dots, the package may
    bind the name to something else), where another module takes all names
    of this one with a star and may know the name, and where the import stands in a function or
    under a condition.

    ## When to ignore it

    Where the code is run by other code that gives it that name.

    ## See also

    - [The import statement](https://docs.python.org/3/reference/simple_stmts.html#the-import-statement)
    - [Naming and binding](https://docs.python.org/3/reference/executionmodel.html#naming-and-binding)
    """

    code = "PCL215"
    name = "imported-module-not-bound"
    severity = "error"
    reads_stubs = False
    facts = ("unbound",)

    raises = ("NameError",)
    silences = {
        "the name is bound by something else": "bound",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        module = file.module
        if module is None or not unbound.of(module.facts) or module.path.endswith(".pyi"):
            return
        for node in self._first_reads(self._names(module)):
            name = node.id
            imports = [
                statement
                for statement in module.facts.imports
                if _names_module(statement, name) and self._is_there(module, statement)
            ]
            if imports:
                where = file.ast_range(node)
                place = (where.start_line, where.start_column)
                fix = self._by_alias(node, place, imports) or self._fix(name, place, imports)
                yield Claim(where, self._message(name, imports), fix)

    def _names(self, module: Module) -> frozenset[str]:
        """The names in question."""
        project = self.file.project
        if module.facts.dynamic_namespace or "__getattr__" in module.bindings:
            return frozenset()
        return frozenset(
            name
            for (name,) in unbound.of(module.facts)
            if not project.may_bind(module, name)
            and not self._is_own_submodule(name)
            and not any(
                context is not Access.READ for _, _, context in project.row(tables.uses, name)
            )
            and not loading_of(project).may_be_given(module.path, name)
        )

    def _is_own_submodule(self, name: str) -> bool:
        """Does importing a submodule of this package bind the name in it?"""
        module = self.file.module
        assert module is not None
        directory = os.path.dirname(module.path)
        layout = self.file.project.layout
        return module.name.is_package and layout.find_below(directory, [name]) is not None

    def _first_reads(self, names: frozenset[str]) -> Iterator[ast.Name]:
        """The first read of each name, in the order of the text, that fails and isn't handled."""
        reads = [
            node
            for node in (walk(self.file.tree) if names and self.file.tree is not None else ())
            if isinstance(node, ast.Name)
            and node.id in names
            and isinstance(node.ctx, ast.Load)
            and self.file.stands_there(node)
        ]
        found: set[str] = set()
        for node in sorted(reads, key=lambda node: (node.lineno, node.col_offset)):
            path = path_in(self.file, self.file.ast_range(node)) if node.id not in found else []
            if path and not (
                is_annotation(path)
                or is_local(self.file, node.id, path)
                or dead_code(path)
                or caught_by(path, "NameError")
            ):
                found.add(node.id)
                yield node

    def _is_there(self, module: Module, statement: Import) -> bool:
        """Is the module there that a statement names with dots?"""
        if not statement.level:
            return True
        absolute = module.absolute("." * statement.level + statement.module)
        loading = loading_of(self.file.project)
        reached = None if absolute is None else loading.reach(module, absolute, is_relative=True)
        return reached is not None and reached.target is not None

    def _message(self, name: str, imports: list[Import]) -> str:
        statement = imports[0]
        imported = next(
            (names for names in statement.names if names[0].partition(".")[0] == name),
            statement.names[0],
        )
        if not statement.is_from:
            written, bound = f"import {imported[0]} as {imported[1]}", imported[1]
        else:
            imported = statement.names[0]
            written = f"from {'.' * statement.level}{statement.module} import {imported[0]}"
            bound = imported[1] or imported[0]
            written += f" as {imported[1]}" if imported[1] else ""
        what = "the names of that module" if bound == "*" else f"`{bound}`"
        return (
            f"`{written}` (line {statement.line}) binds {what}, not `{name}`, and nothing else "
            f"binds it: this raises NameError"
        )

    def _by_alias(
        self, node: ast.Name, place: tuple[int, int], imports: list[Import]
    ) -> Fix | None:
        """Write `c` for the `a.b` of `import a.b as c`, where all uses of `a` are `a.b`."""
        file, module = self.file, self.file.module
        assert module is not None
        assert file.tree is not None
        given = [
            (statement, full, alias)
            for statement in imports
            for full, alias in statement.names
            if not statement.is_from and alias and full.partition(".")[0] == node.id
        ]
        if len(given) != 1 or len(imports) != 1:
            return None
        statement, full, alias = given[0]
        uses = [
            each for each in walk(file.tree) if isinstance(each, ast.Name) and each.id == node.id
        ]
        owners = [
            each
            for each in walk(file.tree)
            if isinstance(each, ast.Attribute) and dotted_name(each) == full
        ]
        owners = owners if "." in full else uses  # type: ignore[assignment]
        is_free = len(module.bindings.get(alias, ())) == 1 and not is_local_somewhere(file, alias)
        if (
            statement.flags
            or (statement.line, statement.column) > place
            or self._is_bound_somewhere(node.id)
            or len(uses) != len(owners)
            or not is_free
            or not all(map(file.stands_there, owners))
            or any("#" in file.ast_text(each) or "\\" in file.ast_text(each) for each in owners)
            or file.project.has(tables.rebound_names, alias)
        ):
            return None
        is_handled = is_failure_handled(file.project, module.path, "NameError")
        return self.fix(
            "unsafe" if is_handled else "safe",
            f"Use `{alias}`",
            [file.edit(*file.ast_span(each), alias) for each in owners],
        )

    def _fix(self, name: str, place: tuple[int, int], imports: list[Import]) -> Fix | None:
        module = self.file.module
        assert module is not None
        statement = next((s for s in imports if not s.flags), None)
        if statement is None or (statement.line, statement.column) > place:
            return None
        if not self._is_importable(statement, name) or self._is_bound_somewhere(name):
            return None
        if is_name_handed_on(self.file.project, module, name):
            return None
        dots = "." * statement.level
        text = f"from {dots} import {name}" if dots else f"import {name}"
        edit = import_after(self.file, statement, text)
        is_handled = is_failure_handled(self.file.project, module.path, "NameError")
        return self.fix("unsafe" if is_handled else "safe", f"Add `{text}`", [edit])

    def _is_importable(self, statement: Import, name: str) -> bool:
        """Does an import of the bare name, or with the same dots, surely bind what the statement has
        loaded under it?"""
        module, project = self.file.module, self.file.project
        assert module is not None
        if not statement.level:
            beside = project.layout.find_below(os.path.dirname(module.path), [name])
            return beside is None or beside.is_namespace
        package = module.absolute("." * statement.level)
        if package is None:
            return False
        found = loading_of(project).package(module, package, is_relative=True)
        return (
            found is not None
            and loading_of(project).binds(found.path, name) is Answer.NO
            and not loading_of(project).may_be_given(found.path, name)
        )

    def _is_bound_somewhere(self, name: str) -> bool:
        """Does any scope of the file bind the name?"""
        found = self.file.cached(scopes)
        return found is None or any(name in scope.named for scope in found)


def _names_module(statement: Import, name: str) -> bool:
    """Does an import name a module that starts with the name?"""
    if statement.flags & TYPE_CHECKING:
        return False
    if statement.is_from:
        return statement.module.partition(".")[0] == name
    return any(module.partition(".")[0] == name for module, _ in statement.names)
