from __future__ import annotations

import ast
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from pyconcepts_lint.analysis.context import (
    caught_by,
    dead_code,
    only_if_found,
    only_if_it_has,
    path_in,
)
from pyconcepts_lint.analysis.names import is_import, scopes
from pyconcepts_lint.base.answer import Answer, answer
from pyconcepts_lint.base.finding import Applicability, Fix
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index.additions import (
    CLOSES_CYCLE,
    HARMLESS,
    Additions,
    is_name_handed_on,
)
from pyconcepts_lint.index.collect import dotted_name
from pyconcepts_lint.index.facts import (
    CATCHES,
    IMPORT_KINDS,
    IN_FUNCTION,
    TYPE_CHECKING,
    Access,
    Binding,
    Import,
)
from pyconcepts_lint.index.handled import is_failure_handled
from pyconcepts_lint.index.layout import Found
from pyconcepts_lint.index.loading import loading_of, string_loads
from pyconcepts_lint.index.model import Module
from pyconcepts_lint.index.references import (
    as_written,
    is_local_reference,
    local_reference,
)
from pyconcepts_lint.rule_api.claim import Claim, RelatedPlace
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.imports._facts import default_reads
from pyconcepts_lint.rules.imports._statements import (
    import_after,
    is_annotation,
    range_of,
    runs_at_import,
)
from pyconcepts_lint.source.ast_nodes import walk

# What loads modules by names that are no names in the source.


class _Unloaded(NamedTuple):
    """A submodule that is used and not loaded.

    `package` is its package's absolute name, `found` where the package lies in the project (None
    for the standard library), `name` the submodule's own, `used` the dotted name by which the
    code uses it. `loaders` are imports of the file that load it, where they run.
    """

    package: str
    found: Found | None
    name: str
    used: str
    loaders: tuple[Import, ...] = ()

    @property
    def dotted(self) -> str:
        return f"{self.package}.{self.name}"


class SubmoduleNotImported(Rule):
    """A submodule is used as its package's attribute, and nothing that is imported here loads it.

    ## What it finds

    The first use of `pkg.sub` after `import pkg` (or `from somewhere import pkg`), for packages of
    the project and of the standard library, where neither this module nor any module that is
    loaded when this one is imported (its own packages, the project's modules that it imports, the
    standard library's that these import, and so on) loads `pkg.sub`.

    It is silent in annotations; where `pkg` binds that name itself, has a `__getattr__`, or is given
    the name by another module; where a `try` catches that the import of `pkg` fails, and that may
    happen; where one of these modules imports by strings and knows the name;
    and where an import in a function of this module, or of the project's modules that it loads,
    would load it. For packages of the standard library it is silent, too, where one of these modules
    imports what neither the project nor the standard library has, which may load anything. What
    importing these packages loads is read from a table, made with each supported version in an
    interpreter that has run no site start-up.

    An import of the submodule in the file itself counts, but where it never runs, stands below a use
    that runs with the module, or in a function that nothing in the file calls.

    ## Why

    `import pkg` runs `pkg/__init__.py`, and nothing else: it doesn't load the modules in the
    package. When a submodule is loaded, by whomever, it is bound in its package's namespace, and
    from then on `pkg.sub` is there for all. So code that never imports `pkg.sub` runs as long as
    another module has imported it first, and raises AttributeError as soon as none has: in
    another order of imports, in another version of a library, under another program.

    ## Bad

    ```python
    import xml

    tree = xml.dom.minidom.parseString("<shop/>")
    print(tree.documentElement.tagName)
    ```

    ```output
    AttributeError: module 'xml' has no attribute 'dom'
    ```

    ## Good

    ```python
    import xml.dom.minidom

    tree = xml.dom.minidom.parseString("<shop/>")
    print(tree.documentElement.tagName)
    ```

    ```output
    shop
    ```

    ## Fix

    Adds `import pkg.sub` (where `pkg` comes by a relative import, `from .pkg import sub`) behind the
    import that binds `pkg`. It is safe for submodules of the
    standard library, where the use surely runs when the module is imported (without the submodule
    that import fails anyway), and where loading the submodule can't fail: the project has all that
    it imports, or the standard library has, and its statements use no attribute of the project's
    modules. Otherwise it is unsafe, for a module that can be imported today might not any more; and where another
    module, which imports this one, catches an AttributeError that comes of that. It
    is withheld where the submodule, or what it imports, asks a module for names that may still be
    running then, and where that import would bind another name, and the name is taken.

    ## When to ignore it

    Where the program sees to it that the submodule is loaded first.

    ## See also

    - [Submodules](https://docs.python.org/3/reference/import.html#submodules)
    - [The import statement](https://docs.python.org/3/reference/simple_stmts.html#the-import-statement)
    """

    code = "PCL206"
    name = "submodule-not-imported"
    reads_stubs = False
    facts = ("imports_of_project", "standard_packages")

    raises = ("AttributeError",)
    silences = {
        "the file imports the submodule itself, before": "imported",
        "something that the file imports loads it": "loaded-by-other",
        "it stands in an annotation": "annotation",
        "a test asks whether it is there": "tested",
        "the package binds the name itself": "bound",
        "a module that is loaded imports by strings and knows the name": "loaded-by-string",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        said: set[str] = set()
        for node, one in self._uses():
            where = file.ast_range(node)
            path = path_in(file, where) if one.dotted not in said else []
            if path and self._may_fail(path, one) and not self._is_loaded_before(path, one):
                said.add(one.dotted)
                related = self._related(one)
                yield Claim(where, self._message(one), self._fix(one, path), related=related)

    # What is used and not loaded

    @cached_property
    def _unloaded(self) -> dict[str, _Unloaded]:
        """By the dotted names of their uses."""
        module = self.file.module
        if module is None or module.path.endswith(".pyi"):
            return {}
        packages = dict(self._packages(module))
        if not packages:
            return {}
        found: dict[str, _Unloaded] = {}
        for receiver, attribute in self._reads(module):
            root, dot, rest = receiver.partition(".")
            if is_local_reference(receiver):
                reference = local_reference(receiver)
                root, rest = reference.imported.name or reference.imported.module, reference.rest
                dot = "." if rest else ""
            if root not in packages:
                continue
            used = f"{root}{dot}{rest}.{attribute}"
            if used not in found:
                one = self._submodule(*packages[root], rest.split(".") if rest else [], attribute)
                if one is not None:
                    found[used] = one._replace(used=used)
        kept = {}
        for used, one in found.items():
            if not self._may_be_loaded(module, one):
                kept[used] = one
            elif loaders := self._idle_loaders(module, one):
                kept[used] = one._replace(loaders=loaders)
        return kept

    # Imports of its own that don't run, or not in time

    def _idle_loaders(self, module: Module, one: _Unloaded) -> tuple[Import, ...]:
        """The imports of the file that load the submodule, if nothing else does, and where they may
        come too late."""
        loaders = tuple(
            statement
            for statement in module.facts.imports
            if not statement.flags & TYPE_CHECKING
            and any(
                f"{name}.".startswith(f"{one.dotted}.") for name in _imported_by(module, statement)
            )
        )
        is_loaded = not loaders or self._may_be_loaded(module, one, loaders)
        return () if is_loaded else loaders

    def _is_loaded_before(self, path: Sequence[ast.AST], one: _Unloaded) -> bool:
        """May one of the file's imports of the submodule have run before the end of a path?"""
        return not all(self._is_idle(statement, path) for statement in one.loaders)

    def _is_idle(self, statement: Import, path: Sequence[ast.AST]) -> bool:
        import_path = path_in(self.file, range_of(statement))
        if not import_path or dead_code(import_path):
            return bool(import_path)
        if any(isinstance(node, _RUN_LATER) for node in path):
            return False
        if statement.flags & IN_FUNCTION:
            outermost = next(node for node in import_path if isinstance(node, _NAMED))
            name = outermost.name
            is_called = len(re.findall(rf"\b{re.escape(name)}\b", self.file.text)) != 1
            return not (outermost.decorator_list or name.startswith("__") or is_called)
        use = path[-1]
        is_later = isinstance(use, ast.expr) and self.file.ast_range(use) < range_of(statement)
        return is_later and not any(
            isinstance(node, _LOOPS) and node in import_path for node in path
        )

    @staticmethod
    def _reads(module: Module) -> Iterator[tuple[str, str]]:
        yield from default_reads.of(module.facts)
        for receiver, attribute, context in module.facts.attribute_uses:
            if context is Access.READ and receiver:
                yield receiver, attribute

    def _packages(self, module: Module) -> Iterator[tuple[str, tuple[str, Found | None]]]:
        """The names that imports bind to packages: the package's absolute name and its place."""
        bound: dict[str, tuple[str, Found | None] | None] = {}
        for statement in module.facts.imports:
            if statement.flags & TYPE_CHECKING:
                continue
            for name, alias in statement.names:
                if not statement.is_from:
                    target = name if alias else name.partition(".")[0]
                    package = self._package(module, target)
                    name = alias or target
                else:
                    source = "." * statement.level + statement.module
                    package = None if name == "*" else self._package_of(module, source, name)
                    name = alias or name
                # Bound to two things, it is neither's.
                bound[name] = package if bound.get(name, package) == package else None
        for name, package in bound.items():
            if (
                package is not None
                and all(map(_is_import, module.bindings.get(name, ())))
                and not self._may_be_unbound(module, name)
            ):
                yield name, package

    def _may_be_unbound(self, module: Module, name: str) -> bool:
        """Are all imports that bind a name such that may fail and be caught, so that it isn't bound?"""
        statements = [
            statement
            for statement in module.facts.imports
            if not statement.flags & TYPE_CHECKING and _binds_name(statement, name)
        ]
        return all(
            statement.flags & (CATCHES["ImportError"] | CATCHES["ModuleNotFoundError"])
            and not self._additions.surely_succeeds(statement)
            for statement in statements
        )

    def _package(self, module: Module, written: str) -> tuple[str, Found | None] | None:
        absolute = module.absolute(written)
        if absolute is None:
            return None
        if self._is_standard(module, absolute):
            return absolute, None
        loading = loading_of(self.file.project)
        package = loading.package(module, absolute, is_relative=absolute != written)
        return None if package is None else (absolute, package)

    def _is_standard(self, module: Module, dotted: str) -> bool:
        from pyconcepts_lint.index.standard import PACKAGES

        return (
            dotted in PACKAGES
            and not self.file.is_python2
            and not loading_of(self.file.project).is_in_project(module, dotted)
        )

    def _package_of(
        self, module: Module, source: str, name: str
    ) -> tuple[str, Found | None] | None:
        """What `from source import name` binds, where that is a package."""
        absolute = module.absolute(source)
        if absolute is None:
            return None
        dotted = f"{absolute}.{name}"
        if self._is_standard(module, dotted):
            return dotted, None
        loading = loading_of(self.file.project)
        parent = loading.package(module, absolute, is_relative=absolute != source)
        package = None if parent is None else loading.below(parent, name)
        if parent is None or package is None or not package.is_package:
            return None
        return None if self._binds(parent, name, package) is not Answer.NO else (dotted, package)

    def _binds(self, package: Found, name: str, submodule: Found) -> Answer:
        """Does a package bind a name otherwise than by importing the submodule of that name?"""
        project = self.file.project
        loading = loading_of(project)
        namespace = loading.namespace(package.path)
        if namespace is None or namespace.is_open:
            return Answer.UNKNOWN
        if name not in namespace.names:
            return loading.binds(package.path, name)
        module = project.module(package.path)
        symbol = None if module is None else project.member(module, name)
        return answer(not (isinstance(symbol, Module) and symbol.path == submodule.path))

    def _submodule(
        self, package: str, found: Found | None, between: list[str], name: str
    ) -> _Unloaded | None:
        """The submodule that an attribute of a package (or of one in it) is, if it is one."""
        if found is None:
            from pyconcepts_lint.index import standard

            holder = ".".join((package, *between))
            if holder in standard.PACKAGES and f"{holder}.{name}" in standard.SUBMODULES:
                return _Unloaded(holder, None, name, "")
            return None
        loading = loading_of(self.file.project)
        for part in between:
            below = loading.below(found, part)
            if (
                below is None
                or not below.is_package
                or self._binds(found, part, below) is not Answer.NO
            ):
                return None
            package, found = f"{package}.{part}", below
        below = loading.below(found, name)
        if below is None or below.is_namespace or self._binds(found, name, below) is not Answer.NO:
            return None
        return _Unloaded(package, found, name, "")

    # What is loaded

    def _may_be_loaded(
        self, module: Module, one: _Unloaded, without: Sequence[Import] = ()
    ) -> bool:
        """May something load the submodule, other than some imports of the file?"""
        own = _own_imports(module, without)
        if any(f"{name}.".startswith(f"{one.dotted}.") for name in own):
            return True
        loading = loading_of(self.file.project)
        closure = loading.closure(module.path)
        if without:
            lines = sorted(statement.line for statement in without)
            closure = loading.closure_without(module.path, lines)
        if one.found is None:
            from pyconcepts_lint.index import standard

            # Others' code may load any of these.
            if closure.unknown or not standard.UNKNOWN.isdisjoint(closure.standard):
                return True
            if any(one.dotted in standard.loads(name) for name in (*closure.standard, *own)):
                return True
            text = self.file.text
            return (
                f'"{one.dotted}' in text
                or f"'{one.dotted}" in text
                or _is_loaded_by_calls(module, one)
            )
        submodule = loading.below(one.found, one.name)
        if submodule is None or submodule.path in closure.paths or submodule.path in closure.lazily:
            return True
        top = one.package.partition(".")[0].lower()
        if any(
            os.path.isabs(name) or top in name.partition(".")[0].lower() for name in closure.unknown
        ):
            return True  # compiled, or a plugin of the package by its name
        if loading.may_be_given(one.found.path, one.name):
            return True
        return loading.may_load_by_string(
            (one.found.path, module.path), closure.paths, one.name
        ) or any(submodule.path in paths for paths in self._loaded_by_strings)

    @cached_property
    def _loaded_by_strings(self) -> list[frozenset[str]]:
        """What is loaded with each module that one of those which this one loads may load by name."""
        module, project = self.file.module, self.file.project
        assert module is not None
        closure = loading_of(project).closure(module.path)
        found: list[frozenset[str]] = []
        seen: frozenset[str] = frozenset()
        waiting = closure.paths | closure.lazily
        while waiting:
            seen |= waiting
            words = self._names_in_strings(waiting)
            loaded = [
                loading_of(project).closure(other.path).paths
                for other in (project.modules() if words else ())
                if other.name.dotted.rpartition(".")[2] in words
            ]
            found += loaded
            waiting = frozenset().union(*loaded) - seen
        return found

    def _names_in_strings(self, paths: Iterable[str]) -> set[str]:
        """The last names of the modules that files may load by strings."""
        project = self.file.project
        words: set[str] = set()
        for path in paths:
            loads = string_loads(project, path)
            if loads is not None:
                words |= loads.any | loads.one
        words.discard("")
        return words

    # Where

    def _uses(self) -> list[tuple[ast.Attribute, _Unloaded]]:
        """The uses of the submodules, in the order of the text."""
        if not self._unloaded or self.file.tree is None:
            return []
        last_names = {one.name for one in self._unloaded.values()}
        longest: dict[tuple[int, int], tuple[ast.Attribute, _Unloaded]] = {}
        for node in walk(self.file.tree):
            if (
                isinstance(node, ast.Attribute)
                and node.attr in last_names
                and isinstance(node.ctx, ast.Load)
                and (one := self._unloaded.get(dotted_name(node))) is not None
                and self.file.stands_there(node)
            ):
                # `import a.b.c` loads `a.b`, too, and is met first.
                longest.setdefault((node.lineno, node.col_offset), (node, one))
        return [use for _, use in sorted(longest.items())]

    def _may_fail(self, path: Sequence[ast.AST], one: _Unloaded) -> bool:
        """Does the code at the end of a path ask an import for the submodule, and nothing takes
        care that it is there?"""
        return not (
            is_annotation(path)
            or not is_import(self.file, one.used.partition(".")[0], path)
            or dead_code(path)
            or caught_by(path, "AttributeError")
            or only_if_it_has(path, (one.name,))
            or only_if_found(path, one.dotted)
        )

    def _message(self, one: _Unloaded) -> str:
        lines = [f"line {statement.line}" for statement in one.loaders]
        others = "nor does anything else that this module imports"
        if lines:
            others = f"nor has {' or '.join(lines)} done it when this runs"
        return (
            f"`{one.package}` is a package, and importing it doesn't load its module `{one.name}`, "
            f"{others}: `{one.used}` is there only if another module has imported `{one.dotted}` "
            "first"
        )

    def _related(self, one: _Unloaded) -> tuple[RelatedPlace, ...]:
        """The import that loads the package and not its module."""
        module = self.file.module
        assert module is not None
        statement = self._statement_for(module, one.used.partition(".")[0])
        if statement is None:
            return ()
        return (RelatedPlace(f"this loads `{one.package}` only", range_of(statement)),)

    @cached_property
    def _additions(self) -> Additions:
        assert self.file.module is not None
        return Additions(self.file.module)

    def _fix(self, one: _Unloaded, path: Sequence[ast.AST]) -> Fix | None:
        module = self.file.module
        assert module is not None
        name = one.used.partition(".")[0]
        statement = self._statement_for(module, name)
        node = path[-1]
        assert isinstance(node, ast.expr)
        place = self.file.ast_place(node.lineno, node.col_offset)
        if statement is None or (statement.line, statement.column) > place:
            return None
        text, bound = _import_of(module, statement, one)
        if bound != name and (
            _is_known(self, bound)
            or is_name_handed_on(self.file.project, module, bound)
            or module.name.is_package
        ):
            return None
        effect = HARMLESS
        if one.found is not None and not runs_at_import(path):
            submodule = loading_of(self.file.project).below(one.found, one.name)
            assert submodule is not None
            effect = self._additions.judge(submodule.path)
        if effect == CLOSES_CYCLE:
            return None
        edit = import_after(self.file, statement, text)
        is_handled = is_failure_handled(self.file.project, module.path, "AttributeError")
        is_safe = effect == HARMLESS and not is_handled
        applicability: Applicability = "safe" if is_safe else "unsafe"
        return self.fix(applicability, f"Add `{text}`", [edit])

    @staticmethod
    def _statement_for(module: Module, name: str) -> Import | None:
        """The import at module level that binds a name."""
        return next(
            (
                statement
                for statement in module.facts.imports
                if not statement.flags & (TYPE_CHECKING | IN_FUNCTION)
                and (not statement.is_from or not statement.flags)
                and _binds_name(statement, name)
            ),
            None,
        )


def _import_of(module: Module, statement: Import, one: _Unloaded) -> tuple[str, str]:
    """The statement that loads a submodule, and the name that it binds."""
    base = module.absolute("." * statement.level + statement.module)
    if statement.level and base is not None and one.dotted.startswith(f"{base}."):
        package = one.dotted.removeprefix(f"{base}.").rpartition(".")[0]
        dot = "." if statement.module else ""
        source = f"{'.' * statement.level}{statement.module}{dot}{package}"
        return f"from {source} import {one.name}", one.name
    return f"import {one.dotted}", one.dotted.partition(".")[0]


def _is_loaded_by_calls(module: Module, one: _Unloaded) -> bool:
    """May functions of the standard library that the module uses load the submodule?"""
    uses = {(as_written(receiver), name) for receiver, name in _all_reads(module)}
    if one.package == "multiprocessing":
        # Its functions import what they need, when they are called.
        return any(name != one.name for receiver, name in uses if "multiprocessing" in receiver)
    if one.package == "email":
        return any(name.startswith("message_from") for _, name in uses)
    return False


def _binds_name(statement: Import, name: str) -> bool:
    return any(
        name == (alias or (full if statement.is_from else full.partition(".")[0]))
        for full, alias in statement.names
    )


def _is_import(binding: Binding) -> bool:
    return binding.kind in IMPORT_KINDS


def _all_reads(module: Module) -> Iterator[tuple[str, str]]:
    yield from default_reads.of(module.facts)
    for receiver, attribute, _ in module.facts.attribute_uses:
        yield receiver, attribute


def _is_known(rule: Rule, name: str) -> bool:
    """Does any scope of the file know the name?"""
    found = rule.file.cached(scopes)
    return found is None or any(scope.knows(name) for scope in found)


def _own_imports(module: Module, without: Sequence[Import] = ()) -> set[str]:
    """The absolute names of all modules that the file's imports name, wherever they stand, and
    of what may be one: `a.b` of `from a import b`."""
    names: set[str] = set()
    for statement in module.facts.imports:
        if not statement.flags & TYPE_CHECKING and statement not in without:
            names.update(_imported_by(module, statement))
    return names


def _imported_by(module: Module, statement: Import) -> Iterator[str]:
    if not statement.is_from:
        yield from filter(None, (module.absolute(name) for name, _ in statement.names))
        return
    base = module.absolute("." * statement.level + statement.module)
    if base is not None:
        yield base
        yield from (f"{base}.{name}" for name, _ in statement.names)


_RUN_LATER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.GeneratorExp)
_NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
