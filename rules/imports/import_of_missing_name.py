from __future__ import annotations

import ast
import os
import sys
from collections.abc import Iterator
from functools import partial

from pyconcepts_lint.analysis.context import (
    caught_by,
    dead_code,
    only_if_found,
    only_if_it_has,
    path_in,
)
from pyconcepts_lint.analysis.names import is_local
from pyconcepts_lint.base.answer import Answer
from pyconcepts_lint.base.finding import Fix
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.collect import dotted_name
from pyconcepts_lint.index.facts import TYPE_CHECKING, Access, BindingKind, Import
from pyconcepts_lint.index.handled import is_failure_handled
from pyconcepts_lint.index.layout import Found
from pyconcepts_lint.index.loading import Reached, found_of, loading_of
from pyconcepts_lint.index.model import Module
from pyconcepts_lint.rule_api import cst
from pyconcepts_lint.rule_api.claim import Claim, RelatedPlace, line_range
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.imports._statements import is_annotation, range_of, runs_at_import
from pyconcepts_lint.source.ast_nodes import own_nodes, walk


class _Missing(NamedTuple):
    """What isn't there: a module (`number` is that of the imported name, -1 for the module of a
    `from` statement), or a name that a module should have; `is_listed`: in its `__all__`, for a star
    import."""

    number: int
    dotted: str
    reached: Reached
    is_module: bool
    is_listed: bool = False


class ImportOfMissingName(Rule):
    """What is imported isn't there: a module of the project, or a name that its module never binds.

    ## What it finds

    - `from .module import name` and `from package.module import name` where the project's module
      binds no such name, neither by a statement nor by a star import, and is no package with a
      module of that name;
    - `import package.module` and `from package.module import name` where the project's package
      has no such module;
    - star imports of a module that lists a name in its `__all__` which it hasn't; or, where the
      project has no such import, that name in the list (a warning);
    - `import module` in that very module, where it asks itself for a name that nothing in it binds: a
      script that is called like the library that it uses;
    - `import module.py` and `from module.py import name` for the project's `module`: what follows
      a dot in an import is a submodule, not the ending of a file;
    - `from package.module import name` where the module of an installed package binds no such name,
      and `import package.module` where it has no such module; the message says its version. That is
      said of imports around which nothing is tested or handled, and of names that the package
      doesn't spell as strings or attributes either.

    A name that is bound only under some condition counts as bound. Not reported is what only
    running the program tells: where the module (or one whose names it imports with a star) has a
    `__getattr__`, uses `globals()` or `exec`, is compiled, or replaces itself in `sys.modules`;
    where any module of the project assigns an attribute of that name to the module, or may do so;
    where code that can't be read is given a class or function of the module, by a decorator, a base
    or a call, and the name contains that of the class or function;
    where the package's `__path__` is changed; modules that a build makes, that git ignores, or
    that are generated (`_version.py`, `*_pb2.py`). Nor are imports whose `ImportError` is caught.

    ## Why

    `from module import name` runs the module, once, and then asks it for an attribute. When it
    hasn't got one, and is a package, Python looks for a submodule of that name; when there is
    none, either, that is an `ImportError`. All this happens when the import statement is
    executed: in a function, that is when it is called.

    ## Bad

    ```python
    # shop/__init__.py
    ```

    ```python
    # shop/prices.py
    APPLE = 3
    ```

    ```python
    # shop/basket.py
    from .prices import APLE

    total = APLE * 2
    ```

    ```python
    # main.py
    try:
        from shop import basket
    except ImportError as error:
        print(str(error).partition(" (")[0])
    ```

    ```output
    cannot import name 'APLE' from 'shop.prices'
    ```

    ## Good

    ```python
    # shop/__init__.py
    ```

    ```python
    # shop/prices.py
    APPLE = 3
    ```

    ```python
    # shop/basket.py
    from .prices import APPLE

    total = APPLE * 2
    ```

    ```python
    # main.py
    from shop import basket

    print(basket.total)
    ```

    ```output
    6
    ```

    ## Fix

    `import module.py` becomes `import module`, unless the code uses the name `module.py`, and
    `from module.py import name` becomes `from module import name`. It is safe, for the import can't
    succeed as it is, and unsafe where another module catches the error that importing this one
    ends in: that module would do something else then. There is none for the others; the message names the closest name that is
    there.

    ## Options

    `src`: the directories that imports start from.

    ## When to ignore it

    Where the name is put into the module by a program that the linter doesn't see.

    ## See also

    - [The import statement](https://docs.python.org/3/reference/simple_stmts.html#the-import-statement)
    - [Submodules](https://docs.python.org/3/reference/import.html#submodules)
    """

    code = "PCL205"
    name = "import-of-missing-name"
    severity = "error"
    reads_stubs = False
    facts = ("imports_of_project", "imports_of_installed", "dunder_all")

    raises = ("ImportError",)
    silences = {
        "the module binds the name under some condition": "bound",
        "the module has a `__getattr__`": "module-getattr",
        "the module takes all names of one that isn't known": "star-of-unknown",
        "the module fills its namespace under names that aren't written down": "globals",
        "another module assigns it to the module": "assigned-from-outside",
        "it is there for type checkers only": "type-checking",
        "its ImportError is caught": "handled",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        module = file.module
        if module is None or module.path.endswith(".pyi"):
            return
        if module.facts.dunder_all:
            yield from self._of_own_list(module)
        for statement in module.facts.imports:
            if statement.flags & TYPE_CHECKING:
                continue
            for missing in self._missing_of(statement):
                if not self._may_be_there(missing):
                    yield from self._claims_of(statement, missing)
                    if missing.is_listed:
                        break
            if not statement.is_from and not statement.flags:
                yield from self._of_itself(module, statement)
            if not statement.level:
                yield from self._of_installed(module, statement)

    def _of_own_list(self, module: Module) -> Iterator[Claim]:
        """What the module's own `__all__` has too much, where no star import of the project asks
        for it: that one is reported."""
        file = self.file
        found = found_of(module)
        loading = loading_of(module.project)
        namespace = loading.namespace(module.path)
        if namespace is None or not namespace.dunder_all_known or module.is_test:
            return
        missing = [
            name
            for name in dict.fromkeys(namespace.dunder_all or ())
            if name.isidentifier()
            and name not in module.bindings
            and loading.has(found, name) is Answer.NO
            and not loading.may_be_given(module.path, name)
        ]
        if not missing or _is_star_imported(module):
            return
        for node in own_nodes(*file.tree.body) if file.tree is not None else ():
            targets = node.targets if isinstance(node, ast.Assign) else []
            if isinstance(node, ast.AugAssign):
                targets = [node.target]
            if any(isinstance(each, ast.Name) and each.id == "__all__" for each in targets):
                for part in walk(node):
                    if isinstance(part, ast.Constant) and part.value in missing:
                        missing.remove(part.value)
                        said = f"`__all__` lists `{part.value}`, which this module never binds"
                        if module.name.is_package:
                            said += ", nor has the package a module of that name"
                        yield Claim(
                            file.ast_range(part),
                            f"{said}: `from {module.name.dotted} import *` raises AttributeError",
                            raises=(),
                            severity="warning",
                        )

    def _of_installed(self, module: Module, statement: Import) -> Iterator[Claim]:
        """What an installed package hasn't, in imports that run whatever its version is."""
        if self.file.is_python2 or not self.file.project.layout.installed.places:
            return
        missing = (
            list(self._names_that_lack(module, statement))
            if statement.is_from
            else [
                (number, lacking)
                for number, (name, _) in enumerate(statement.names)
                if (lacking := self._lacking_module(module, name))
            ]
        )
        if not missing:
            return
        node = self.file.ast_at(statement.line, statement.column, ast.stmt)
        if not isinstance(node, (ast.Import, ast.ImportFrom)) or not self._runs_anyway(node):
            return
        for number, (message, error) in missing:
            is_part = number >= 0 and len(node.names) > 1
            where = self.file.ast_range(node.names[number] if is_part else node)
            yield Claim(where, message, raises=(error,))

    def _names_that_lack(
        self, module: Module, statement: Import
    ) -> Iterator[tuple[int, tuple[str, str]]]:
        """The numbers of the names in a `from` import that an installed module hasn't, -1 where the
        module itself isn't there, each with what is said of it."""
        source = self._installed(module, statement.module)
        if source is None:
            lacking = self._lacking_module(module, statement.module)
            if lacking:
                yield -1, lacking
            return
        loading = loading_of(self.file.project)
        for number, (name, _) in enumerate(statement.names):
            if name != "*" and name not in source.bindings and loading.lacks(source, name):
                yield number, (self._message_of_installed(source, name), "ImportError")

    def _installed(self, module: Module, dotted: str) -> Module | None:
        """The installed module that an absolute name means."""
        if dotted.partition(".")[0] in sys.stdlib_module_names:
            return None
        source = self.file.project.imported(module, dotted)
        return source if isinstance(source, Module) and source.is_installed else None

    def _lacking_module(self, module: Module, dotted: str) -> tuple[str, str] | None:
        """What is said of a dotted name of which a package, or module, has no such submodule, and
        what that raises; None where all of it may be there."""
        parts = dotted.split(".")
        if parts[0] in sys.stdlib_module_names:
            return None
        for number in range(len(parts), 0, -1):
            source = self.file.project.imported(module, ".".join(parts[:number]))
            if source is None:
                continue
            is_installed = isinstance(source, Module) and source.is_installed
            if number == len(parts) or not is_installed:
                return None
            assert isinstance(source, Module)
            if not loading_of(source.project).lacks_submodule(source, parts[number]):
                return None
            return self._message_of_package(source, parts[number]), "ModuleNotFoundError"
        return None

    def _runs_anyway(self, node: ast.stmt) -> bool:
        """Does nothing around an import test something, or handle an error? Most such tests are for
        the version of what is imported."""
        path = path_in(self.file, self.file.ast_range(node))
        return not any(isinstance(each, (ast.If, ast.Try, ast.With, ast.Match)) for each in path)

    def _called(self, source: Module) -> str:
        """An installed module, and its distribution."""
        found = loading_of(source.project).distribution_of(source)
        whose = f" of {' '.join(found)}" if found else ""
        return f"`{source.name.dotted}`{whose}, which is installed,"

    def _message_of_installed(self, source: Module, name: str) -> str:
        import difflib

        names = [each for each in source.bindings if not each.startswith("__")]
        close = difflib.get_close_matches(name, sorted(names), 1)
        hint = f". Did you mean `{close[0]}`?" if close else ""
        what = f"never binds `{name}`"
        if source.name.is_package:
            what = f"neither binds `{name}` nor has a module of that name"
        return f"{self._called(source)} {what}: this raises ImportError{hint}"

    def _message_of_package(self, source: Module, name: str) -> str:
        if not source.name.is_package:
            what = f"is a module, not a package, and has no submodule `{name}`"
            return f"{self._called(source)} {what}: this raises ModuleNotFoundError"
        import difflib

        modules = self._modules_below(os.path.dirname(source.path)) - {name}
        close = difflib.get_close_matches(name, sorted(modules), 1)
        hint = f". Did you mean `{close[0]}`?" if close else ""
        what = f"has no module `{name}`: this raises ModuleNotFoundError"
        return f"the package {self._called(source)} {what}{hint}"

    def _modules_below(self, directory: str) -> set[str]:
        """The names of the modules in the directory of a package."""
        layout = self.file.project.layout
        found: set[str] = set()
        for entry, is_directory in layout.listing(directory).items():
            stem = entry if is_directory else entry.removesuffix(".py")
            below = layout.find_below(directory, [stem]) if stem.isidentifier() else None
            if below is not None and not below.is_namespace:
                found.add(stem)
        return found - {"__init__", "__main__"}

    def _of_itself(self, module: Module, statement: Import) -> Iterator[Claim]:
        """A module that imports itself, and asks itself for what nothing binds in it."""
        for name, alias in statement.names:
            reached = self._reach(name)
            target = None if reached is None else reached.target
            if reached is None or target is None or target.path != module.path:
                continue
            if not loading_of(module.project).imports_itself(module, ".".join(reached.parts)):
                continue
            for used, attribute, context in module.facts.attribute_uses:
                if used != (alias or name) or context is not Access.READ:
                    continue
                missing = _Missing(-1, attribute, reached, False)
                if loading_of(module.project).has(target, attribute) is not Answer.NO:
                    continue
                if not self._may_be_there(missing) and self._is_asked_plainly(used, attribute):
                    yield Claim(
                        range_of(statement),
                        f"this module imports itself here, and nothing in it binds `{attribute}`: "
                        f"`{used}.{attribute}` raises AttributeError. A library of its name is "
                        "hidden by it",
                        raises=("ImportError",),
                    )
                    return

    def _is_asked_plainly(self, used: str, attribute: str) -> bool:
        """Is a use of the attribute neither tested nor handled?"""
        file = self.file
        for node in walk(file.tree) if file.tree is not None else ():
            if isinstance(node, ast.Attribute) and dotted_name(node) == f"{used}.{attribute}":
                path = path_in(file, file.ast_range(node))
                if (
                    path
                    and not is_annotation(path)
                    and not runs_at_import(path)  # that is the matter of PCL209
                    and not is_local(file, used.partition(".")[0], path)
                    and not dead_code(path)
                    and not caught_by(path, "AttributeError")
                    and not only_if_it_has(path, (attribute,))
                ):
                    return True
        return False

    def _claims_of(self, statement: Import, missing: _Missing) -> Iterator[Claim]:
        file = self.file
        node = file.ast_at(statement.line, statement.column, ast.stmt)
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            return
        many = len(node.names) > 1 and missing.number >= 0
        where = file.ast_range(node.names[missing.number] if many else node)
        path = path_in(file, where)
        whole = ".".join(missing.reached.parts)
        if only_if_found(path, whole) or only_if_it_has(path, (missing.dotted,)):
            return
        make = partial(self._fix, missing) if self._has_too_much(node, missing) else None
        kinds = ("ImportAlias",) if many else ("Import", "ImportFrom")
        error = "ModuleNotFoundError" if missing.is_module else "ImportError"
        error = "AttributeError" if missing.is_listed else error
        related = _related(missing.reached)
        yield Claim(where, self._message(missing), make, (error,), kinds, related=related)

    def _missing_of(self, statement: Import) -> Iterator[_Missing]:
        """What doesn't seem to be there, by the module's statements and the directories."""
        if not statement.is_from:
            for number, (name, _) in enumerate(statement.names):
                reached = self._reach(name)
                if reached is not None and reached.target is None:
                    yield _Missing(number, name, reached, True)
            return
        reached = self._reach("." * statement.level + statement.module)
        if reached is None:
            return
        target = reached.target
        if target is None:
            yield _Missing(-1, statement.module, reached, True)
        elif not target.is_namespace:
            loading = loading_of(self.file.project)
            if statement.names[0][0] == "*":
                yield from self._listed_and_missing(reached, target)
            for number, (name, _) in enumerate(statement.names):
                if self._may_be_hidden(statement, reached, target):
                    continue
                has = loading.has(target, name)
                if has is Answer.YES and self._asks_itself(statement, target, name):
                    has = loading.has_otherwise(target, name)
                if name != "*" and has is Answer.NO:
                    yield _Missing(number, name, reached, False)

    def _may_be_hidden(self, statement: Import, reached: Reached, target: Found) -> bool:
        """Does the module seem to import itself, where a library may be meant?"""
        module = self.file.module
        assert module is not None
        return (
            target.path == module.path
            and not statement.level
            and not loading_of(module.project).imports_itself(module, ".".join(reached.parts))
        )

    def _listed_and_missing(self, reached: Reached, target: Found) -> Iterator[_Missing]:
        """What a module has in its `__all__` and nowhere else."""
        loading = loading_of(self.file.project)
        namespace = loading.namespace(target.path)
        if namespace is None or not namespace.dunder_all_known:
            return
        for name in namespace.dunder_all or ():
            if name.isidentifier() and loading.has(target, name) is Answer.NO:
                yield _Missing(0, name, reached, False, True)

    def _asks_itself(self, statement: Import, target: Found, name: str) -> bool:
        """Is the statement all that binds the name in the very module which it asks?"""
        module = self.file.module
        assert module is not None
        return module.path == target.path and all(
            binding.kind is BindingKind.FROM
            and statement.line <= binding.line <= statement.end_line
            for binding in module.bindings.get(name, ())
        )

    def _reach(self, written: str) -> Reached | None:
        module = self.file.module
        assert module is not None
        absolute = module.absolute(written)
        if absolute is None:
            return None
        is_relative = absolute != written
        return loading_of(self.file.project).reach(module, absolute, is_relative=is_relative)

    def _may_be_there(self, missing: _Missing) -> bool:
        """Is there something that a build, or the program while it runs, may put there?"""
        loading = loading_of(self.file.project)
        reached = missing.reached
        parent = reached.found[-1]
        if not parent.is_file:
            return True
        if missing.is_module:
            return loading.may_be_made(parent, ".".join(reached.parts[: len(reached.found) + 1]))
        if parent.is_package and loading.may_be_made(
            parent, ".".join((*reached.parts, missing.dotted))
        ):
            return True
        return loading.may_be_given(parent.path, missing.dotted)

    # What is said

    def _message(self, missing: _Missing) -> str:
        reached = missing.reached
        parent = reached.found[-1]
        holder = ".".join(reached.parts[: len(reached.found)])
        if not missing.is_module:
            what = f"neither binds `{missing.dotted}` nor has a module of that name"
            if parent.is_module:
                what = f"never binds `{missing.dotted}`"
            if missing.is_listed:
                what = f"lists `{missing.dotted}` in `__all__`, and {what}"
            error = "AttributeError" if missing.is_listed else "ImportError"
            said = f"`{holder}` ({self._file_name(parent)}) {what}: this raises {error}"
            return said + self._suggestion(parent, missing.dotted)
        error = "ImportError" if self.file.is_python2 else "ModuleNotFoundError"
        name = reached.parts[len(reached.found)]
        if parent.is_package:
            said = f"the package `{holder}` has no module `{name}`: this raises {error}"
            return said + self._suggestion(parent, name, only_modules=True)
        if _names_a_file(missing):
            return (
                f"a name in an import has no file ending: `{holder}.py` is a submodule `py` of "
                f"`{holder}`, which is a module, not a package: this raises {error}"
            )
        return (
            f"`{holder}` ({self._file_name(parent)}) is a module, not a package, and has no "
            f"submodule `{name}`: this raises {error}"
        )

    def _file_name(self, found: Found) -> str:
        root = self.file.settings.root
        return os.path.relpath(found.path, root).replace(os.sep, "/")

    def _suggestion(self, parent: Found, name: str, *, only_modules: bool = False) -> str:
        import difflib

        loading = loading_of(self.file.project)
        names: set[str] = set()
        if not only_modules:
            namespace = loading.namespace(parent.path)
            names.update(() if namespace is None else namespace.names)
        if parent.is_package:
            names |= self._modules_below(os.path.dirname(parent.path))
        names -= {name, "__init__", "__main__"}
        close = difflib.get_close_matches(name, sorted(names), 1)
        return f". Did you mean `{close[0]}`?" if close else ""

    # What is done about it

    def _has_too_much(self, node: ast.Import | ast.ImportFrom, missing: _Missing) -> bool:
        """Has the import only the ending `.py` too much, and nothing else needs the name with it?"""
        if not _names_a_file(missing):
            return False
        if isinstance(node, ast.ImportFrom) or node.names[missing.number].asname is not None:
            return True
        module = self.file.module
        assert module is not None
        written = missing.dotted.removesuffix(".py")
        return f"{written}.py." not in self.file.text.replace(
            f"import {written}.py.", ""
        ) and not any(
            f"{receiver}.{attribute}.".startswith(f"{written}.py.")
            for receiver, attribute, _ in module.facts.attribute_uses
        )

    def _fix(
        self, missing: _Missing, node: cst.Import | cst.ImportFrom | cst.ImportAlias
    ) -> Fix | None:
        if isinstance(node, cst.Import):
            node = node.names[missing.number]
        name = node.module if isinstance(node, cst.ImportFrom) else node.name
        if not isinstance(name, cst.Attribute):
            return None
        start, end = self.file.span(name)
        runs_at_import = not any(isinstance(part, cst.FunctionDef) for part in self.file.ancestors)
        is_handled = runs_at_import and is_failure_handled(
            self.file.project, self.file.path, "ModuleNotFoundError"
        )
        return self.fix(
            "unsafe" if is_handled else "safe",
            f"Import `{self.file.text[start:end].removesuffix('.py')}`",
            [self.file.edit(self.file.span(name.value)[1], end, "")],
        )


def _is_star_imported(module: Module) -> bool:
    """Does a module of the project take all names of this one?"""
    return any(
        statement.names[0][0] == "*"
        and other.absolute("." * statement.level + statement.module) == module.name.dotted
        for other, _ in module.project.row(tables.imported_names, "*")
        for statement in other.facts.imports
    )


def _names_a_file(missing: _Missing) -> bool:
    """Is it `module.py`, where there is such a module?"""
    reached = missing.reached
    return (
        missing.is_module
        and reached.found[-1].is_module
        and reached.parts[len(reached.found) :] == ("py",)
    )


def _related(reached: Reached) -> tuple[RelatedPlace, ...]:
    """The file that was asked for the name."""
    last = reached.found[-1] if reached.found else None
    if last is None or not last.path.endswith((".py", ".pyi")):
        return ()
    name = ".".join(reached.parts[: len(reached.found)])
    return (RelatedPlace(f"`{name}` is this file", line_range(1), last.path),)
