from __future__ import annotations

import ast
import os
from collections.abc import Iterator

from pyconcepts_lint.analysis.names import symbols
from pyconcepts_lint.base.finding import Edit, Fix
from pyconcepts_lint.base.typed import TYPE_CHECKING, NamedTuple
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.additions import is_name_handed_on
from pyconcepts_lint.index.facts import IN_FUNCTION, Import
from pyconcepts_lint.index.facts import TYPE_CHECKING as ONLY_FOR_TYPES
from pyconcepts_lint.index.rebinding import Rebinding, rebinding_of
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import LintedFile
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.imports._own_package import OwnPackage
from pyconcepts_lint.rules.imports._qualified_uses import is_taken
from pyconcepts_lint.source.ast_nodes import walk

if TYPE_CHECKING:
    import symtable

    from pyconcepts_lint.index.model import Module

# What symbol tables call comprehensions, before Python 3.13 and from then on.
_COMPREHENSIONS = frozenset(
    f"{before}{kind}{after}"
    for kind in ("listcomp", "setcomp", "dictcomp", "genexpr")
    for before, after in (("", ""), ("<", ">"))
)


class _Stale(NamedTuple):
    """A name that an import statement binds: its number there, its name in the other module and
    here, what binds it anew, and a function that uses it."""

    number: int
    name: str
    here: str
    rebinding: Rebinding
    function: str


class StaleImport(Rule):
    """A name imported from a module that binds it anew later: this module keeps the old object.

    ## What it finds

    `from module import name` at module level, where functions of this module use the name, and a
    function of `module` binds it anew when it is called (by a `global` statement), or a function of
    another module does (`module.name = …`; tests don't count, and their own imports are left
    alone).

    Functions that the body of their own module may call are left alone: what they bind is bound
    when the import ends.

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
    or several lines.

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

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self._leaves: dict[str, Module] = {}

    def claims(self, file: LintedFile) -> Iterator[Claim]:
        module = file.module
        if module is None or module.is_test or module.path.endswith(".pyi"):
            return  # tests bind things anew to try them out
        for statement in module.facts.imports:
            if statement.statement != "from" or statement.flags & (IN_FUNCTION | ONLY_FOR_TYPES):
                continue
            chosen = [
                (number, name, alias or name)
                for number, (name, alias) in enumerate(statement.names)
                if module.project.has(tables.rebound_names, name)
            ]
            source = self._source(module, statement) if chosen else None
            if source is None:
                continue
            stale = [
                one
                for number, name, here in chosen
                if (one := self._stale(module, number, source, name, here)) is not None
            ]
            node = file.ast_at(statement.line, statement.column, ast.ImportFrom) if stale else None
            if node is not None:
                yield from self._claims_of(module, node, source, stale)

    def _source(self, module: Module, statement: Import) -> Module | None:
        from pyconcepts_lint.index.model import Module as ModuleClass

        absolute = module.absolute("." * statement.level + statement.module)
        if absolute is None:
            return None
        found = module.project.imported(module, absolute)
        is_other = isinstance(found, ModuleClass) and found is not module and found.in_project
        return found if is_other else None  # type: ignore[return-value]

    def _stale(
        self, module: Module, number: int, source: Module, name: str, here: str
    ) -> _Stale | None:
        if name == "*" or len(module.bindings.get(here, ())) != 1:
            return None
        if source.name.is_package and module.project.submodule(source, name) is not None:
            return None
        if name not in source.bindings:
            return None
        rebinding = rebinding_of(source, name)
        if rebinding is None:
            return None
        function = self._function_that_uses(here)
        return None if function is None else _Stale(number, name, here, rebinding, function)

    def _claims_of(
        self, module: Module, node: ast.ImportFrom, source: Module, stale: list[_Stale]
    ) -> Iterator[Claim]:
        mended = [one for one in stale if self._can_be_replaced(module, one.here)]
        # One fix for all of them: the statement can be written anew only once.
        fix = self._fix(module, node, source, mended) if mended else None
        for one in stale:
            alias = node.names[one.number]
            yield Claim(
                self.file.ast_range(alias if len(node.names) > 1 else node),
                self._message(source, one.name, one.rebinding, one.function),
                fix if one in mended else None,
            )

    def _message(self, source: Module, name: str, rebinding: Rebinding, function: str) -> str:
        whose = "its" if rebinding.module is source else f"`{rebinding.module.name.dotted}`'s"
        return (
            f"`{name}` stays the object that `{source.name.dotted}` has when this import runs: "
            f"{whose} `{rebinding.function}()` binds `{name}` anew (line {rebinding.line}), and "
            f"`{function}()` here goes on with the old one"
        )

    def _function_that_uses(self, name: str) -> str | None:
        """A function of the file that reads the global."""
        top_level = self.file.share(symbols)
        waiting: list[tuple[symtable.SymbolTable, str]] = []
        if top_level is not None:
            waiting.append((top_level, ""))
        while waiting:
            table, function = waiting.pop(0)
            if table.get_type() == "function" and table.get_name() not in _COMPREHENSIONS:
                function = table.get_name() if table.get_name().isidentifier() else "lambda"
            waiting += ((child, function) for child in table.get_children())
            # A comprehension of the module's own runs while it is imported.
            if table.get_type() != "function" or not function:
                continue
            if name not in table.get_identifiers():
                continue
            symbol = table.lookup(name)
            if symbol.is_global() and symbol.is_referenced() and not symbol.is_assigned():
                return function
        return None

    def _can_be_replaced(self, module: Module, here: str) -> bool:
        return not (
            here in (module.facts.dunder_all or ())
            or self._is_asked_for(module, here)
            or self._is_in_f_string(here)
            or self._is_local_somewhere(here)
        )

    def _fix(
        self, module: Module, node: ast.ImportFrom, source: Module, stale: list[_Stale]
    ) -> Fix | None:
        path = module.path
        leaf = source.name.dotted.rpartition(".")[2]
        text = self.file.code.line(node.lineno)
        indent = text[: self.file.ast_range(node).start_column - 1]
        written = "." * node.level + (node.module or "")
        if (
            source.name.is_package
            or node.lineno != node.end_lineno
            or "#" in text
            or ";" in text
            or indent.strip()
            or module.name.is_package
            or not self._is_attribute(module, source, written)
            or self._leaves.setdefault(leaf, source) is not source
        ):
            return None
        statement = self._import_of_module(written, leaf)
        is_there = self._is_imported_above(module, source, leaf, node)
        if not is_there and (
            is_taken(self.file, leaf, path) or is_name_handed_on(module.project, module, leaf)
        ):
            return None
        numbers = {one.number for one in stale}
        kept = [
            f"{alias.name} as {alias.asname}" if alias.asname else alias.name
            for number, alias in enumerate(node.names)
            if number not in numbers
        ]
        lines = [f"from {written} import {', '.join(kept)}"] if kept else []
        if not is_there or not lines:
            # Where the module has been imported above, that says it once more: a block needs a line.
            lines.append(statement)
        new = f"{self.file.code.newline}{indent}".join(lines)
        edits = [Edit(path, *self.file.ast_range(node), new)]
        assert self.file.tree is not None
        attributes = {one.here: f"{leaf}.{one.name}" for one in stale}
        edits += (
            Edit(path, *self.file.ast_range(use), attributes[use.id])
            for use in walk(self.file.tree)
            if isinstance(use, ast.Name) and use.id in attributes
        )
        names = " and ".join(f"`{name}`" for name in attributes.values())
        return self.fix("unsafe", f"Use {names}", edits)

    @staticmethod
    def _import_of_module(written: str, leaf: str) -> str:
        package, dot, _ = written.rpartition(".")
        if not package and not dot:
            return f"import {leaf}"
        return f"from {package if package.strip('.') else package + dot} import {leaf}"

    @staticmethod
    def _is_attribute(module: Module, source: Module, written: str) -> bool:
        """Is the module what its package has under its name?"""
        package = module.project.layout.init_file(os.path.dirname(source.path))
        if "." not in written or package is None:
            return True
        leaf = source.name.dotted.rpartition(".")[2]
        return OwnPackage(module).attribute_is_module(package, leaf, source.path) is True

    def _is_imported_above(
        self, module: Module, source: Module, leaf: str, node: ast.ImportFrom
    ) -> bool:
        """Is the name the module's already, for all that the file says?"""
        bindings = module.bindings.get(leaf, ())
        return (
            bool(bindings)
            and not self._is_local_somewhere(leaf)
            and not module.project.has_unknown_star(module)
            and module.project.member(module, leaf) is source
            and any(not b.flags and b.line < node.lineno for b in bindings)
        )

    def _is_in_f_string(self, name: str) -> bool:
        """Python 3.11 doesn't say where in an f-string its expressions stand."""
        assert self.file.tree is not None
        return any(
            isinstance(part, ast.Name) and part.id == name
            for node in walk(self.file.tree)
            if isinstance(node, ast.JoinedStr)
            for part in walk(node)
        )

    def _is_asked_for(self, module: Module, name: str) -> bool:
        """May another module take the name from this one?"""
        project = module.project
        return any(
            project.resolve(other, receiver) is module
            for other, receiver, _ in project.row(tables.uses, name)
        ) or any(
            imported in (name, "*")
            and other is not module
            and (absolute := other.absolute("." * statement.level + statement.module)) is not None
            and project.imported(other, absolute) is module
            for other, statement in tables.imports(project)
            if statement.statement == "from"
            for imported, _ in statement.names
        )

    def _is_local_somewhere(self, name: str) -> bool:
        top_level = self.file.share(symbols)
        waiting = [] if top_level is None else list(top_level.get_children())
        while waiting:
            table = waiting.pop()
            waiting += table.get_children()
            if name in table.get_identifiers() and not table.lookup(name).is_global():
                return True
        return False
