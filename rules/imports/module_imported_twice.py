from __future__ import annotations

import os
import sys
from collections.abc import Iterator

from pyconcepts_lint.base.finding import Severity
from pyconcepts_lint.base.typed import NamedTuple
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.facts import (
    IN_FUNCTION,
    MUTABLE_VALUES,
    TYPE_CHECKING,
    BindingKind,
    Import,
    ValueKind,
)
from pyconcepts_lint.index.model import Module, SourceClass, Symbol
from pyconcepts_lint.index.questions import imports_of_project
from pyconcepts_lint.index.references import is_local_reference
from pyconcepts_lint.index.reimports import script_names, second_names
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.imports._guards import is_one_of_two
from pyconcepts_lint.rules.imports._statements import range_of
from pyconcepts_lint.rules.imports._sys import LOADED_AT_START

_MAKE_CONSTANTS = frozenset(
    {
        *("getLogger", "get_logger", "compile", "namedtuple", "NamedTuple", "TypeVar", "NewType"),
        *("ParamSpec", "TypedDict", "Path", "PurePath", "Decimal", "frozenset", "tuple", "str"),
        *("int", "float", "bool", "bytes", "getenv", "get", "join", "dirname", "abspath", "format"),
        *("Struct", "partial", "itemgetter", "attrgetter", "timedelta", "date", "datetime"),
    }
)
"""What makes objects of which a second one does as well."""
_MOST_NAMED = 3
_MOST_FOLLOWED = 2


class ModuleImportedTwice(Rule):
    """One file becomes two modules, each with its own classes and global variables.

    ## What it finds

    - An import of a script (a module with a `__main__` guard, a shebang, or the name `__main__.py`)
      in a module that the script itself imports, at import time or in a function, where it asks for
      a variable of the script, a class that has some, or one that either of them asks objects for
      (`isinstance`, `except`): run as a program, the script is the module `__main__`, and
      the import runs the file once more under its own name.
    - An import of a module of a package by a top-level name, which works because something in the
      project puts the package's own directory on `sys.path`, where the project imports the same
      module by its full name, too.

    A finding is a note where the script is a module of a package that nothing in the project runs by
    its path: the guard at its end may hold a demonstration only. It is one, too, where the module
    with two names has no variables, and no class that is told from others.

    Silent where the import is one of two ways to the same name (`try: from .a import b`, `except
    ImportError: from a import b`), where what is asked for is a function, a constant or another class, and where
    the import fails in the cycle anyway ([PCL209](import-cycle.md)).

    ## Why

    `sys.modules` has modules by their names. An import that finds its name there runs nothing; one
    that doesn't runs the file, whether or not the same file has been run under another name. So two
    names make two modules: `isinstance` says False of the other one's instances, `except` doesn't
    catch the other one's exceptions, and what is put into the one's registry the other never sees.

    ## Bad

    ```python
    # plugin.py
    from main import registry


    def setup():
        registry["csv"] = "comma separated values"
    ```

    ```python
    # main.py
    registry = {}


    def main():
        import plugin

        plugin.setup()
        print(registry)


    if __name__ == "__main__":
        main()
    ```

    ```output
    {}
    ```

    ## Good

    ```python
    # registry.py
    registry = {}
    ```

    ```python
    # plugin.py
    from registry import registry


    def setup():
        registry["csv"] = "comma separated values"
    ```

    ```python
    # main.py
    from registry import registry


    def main():
        import plugin

        plugin.setup()
        print(registry)


    if __name__ == "__main__":
        main()
    ```

    ```output
    {'csv': 'comma separated values'}
    ```

    ## Fix

    There is none: what both need belongs into a third module, or the script should only import and
    call; and a package's modules should be imported by their full names, from the directory above
    the package.

    ## When to ignore it

    Where the module is never run as a program, its guard being left over.

    ## See also

    - [`__main__`](https://docs.python.org/3/library/__main__.html)
    - [The module cache](https://docs.python.org/3/reference/import.html#the-module-cache)
    - [The import statement](https://docs.python.org/3/reference/simple_stmts.html#the-import-statement)
    """

    code = "PCL217"
    name = "module-imported-twice"
    reads_stubs = False
    facts = ("imports",)

    def claims(self, file: FileContext) -> Iterator[Claim]:
        module = file.module
        if module is None:
            return
        for statement in module.facts.imports:
            if statement.flags & TYPE_CHECKING:
                continue
            found = _of_script(module, statement) or _of_second_name(module, statement)
            if found is not None and not is_one_of_two(file, statement):
                from pyconcepts_lint.index.cycles import failures

                place = (statement.line, statement.column)
                known = failures(file.project, file.path)
                if all((failure.line, failure.column) != place for failure in known):
                    severity: Severity | None = None if found.is_likely else "note"
                    yield Claim(range_of(statement), found.message, severity=severity)


class _Found(NamedTuple):
    """What there is to say of an import. `is_likely`: do people surely run the program, and does it
    matter to it?"""

    message: str
    is_likely: bool


# Scripts


def _of_script(module: Module, statement: Import) -> _Found | None:
    """What there is to say of an import that a script leads to and that asks for the script."""
    project = module.project
    written = [statement.module, *(name for name, _ in statement.names)]
    leaves = {name.rpartition(".")[2] for name in written}
    if not any(project.has(script_names, name) for name in leaves):
        return None
    if not imports_of_project(module):  # which takes longer
        return None
    from pyconcepts_lint.index.loading import loading_of

    for dotted, found in loading_of(project).loaded(module, statement):
        script = module.project.module(found.path) if found is not None else None
        if script is None or dotted in LOADED_AT_START or not _is_program(script):
            continue
        names = [
            name
            for name in _asked(module, statement, dotted, script.path)
            if _is_state(script, name) or _is_told_apart(script, module, name)
        ]
        if names and _leads_to(script, module):
            shown = [f"`{name}`" for name in names[:_MOST_NAMED]]
            shown += ["…"] if len(names) > _MOST_NAMED else []
            message = (
                f"`{_command(script, dotted)}` runs `{script.file_name}` as `__main__`; where it comes to "
                f"this import, the file is run once more, as `{dotted}`, with {', '.join(shown)} of "
                "its own"
            )
            return _Found(message, _is_surely_run(script))
    return None


def _is_surely_run(script: Module) -> bool:
    """Is it run as a program, rather than a module of a package with a demonstration at its end?"""
    if not script.name.package or script.name.dotted.rpartition(".")[2] == "__main__":
        return True
    from pyconcepts_lint.rules.imports._runners import runner_of

    return runner_of(script) is not None


def _is_program(module: Module) -> bool:
    """Is a module run as a program, and does it do something then that others don't see?"""
    return (
        module.in_project and module.is_script and not module.is_test and not module.name.is_package
    )


def _command(script: Module, dotted: str) -> str:
    if "." in dotted:
        return f"python -m {dotted.removesuffix('.__main__')}"
    return f"python {script.file_name}"


def _asked(module: Module, statement: Import, dotted: str, path: str) -> list[str]:
    """What a module asks another one for, which an import of it loads."""
    names: dict[str, None] = {}
    aliases: set[str] = set()
    for name, alias in statement.names:
        if not statement.is_from:
            if module.absolute(name) == dotted:
                aliases.add(alias or name)
        else:
            base = module.absolute("." * statement.level + statement.module)
            if base == dotted:
                names[name] = None
            elif f"{base}.{name}" == dotted:
                aliases.add(alias or name)
    leaf = dotted.rpartition(".")[2]
    for receiver, attribute, _ in module.facts.attribute_uses:
        if receiver in aliases or (
            is_local_reference(receiver)
            and leaf in receiver
            and _is_module(module.project.resolve(module, receiver), path)
        ):
            names[attribute] = None
    return [name for name in names if name != "*"]


def _is_module(symbol: Symbol | None, path: str) -> bool:
    return isinstance(symbol, Module) and symbol.path == path


def _is_state(script: Module, name: str) -> bool:
    """Is what a module has under a name a variable, or a class with variables, that a second module
    has once more?"""
    bindings = script.bindings.get(name, ())
    if any(binding.kind is BindingKind.GLOBAL for binding in bindings):
        return True
    if len(bindings) != 1:
        return False
    (binding,) = bindings
    if binding.kind is BindingKind.CLASS:
        return _has_state(script.classes[binding.class_number])
    return binding.kind is BindingKind.ASSIGN and (
        binding.value in MUTABLE_VALUES
        or (
            binding.value is ValueKind.CALL
            and binding.target.rpartition(".")[2] not in _MAKE_CONSTANTS
        )
    )


def _has_state(model: SourceClass) -> bool:
    """Has a class variables of its own, or members that only it has?"""
    is_enum = any(base.full_name == "enum.Enum" for base in model.mro or ())
    return is_enum or any(binding.value in MUTABLE_VALUES for binding in model.facts.body)


def _is_told_apart(script: Module, module: Module, name: str) -> bool:
    """Is a class in question where either module asks for the class of an object?"""
    bindings = script.bindings.get(name, ())
    if not any(binding.kind is BindingKind.CLASS for binding in bindings):
        return False
    return any(
        name in tables.words_of_class_tests(script.project, m.path) for m in (script, module)
    )


def _leads_to(script: Module, module: Module) -> bool:
    """May running a script load a module, by imports of its own or of what it imports?"""
    from pyconcepts_lint.index.loading import loading_of

    loading = loading_of(script.project)
    closure = loading.closure(script.path)
    if module.path in closure.paths or module.path in closure.lazily:
        return True
    lazily = (
        found.path
        for statement in script.facts.imports
        if statement.flags & IN_FUNCTION and not statement.flags & TYPE_CHECKING
        for _, found in loading.loaded(script, statement)
        if found is not None and found.path.endswith(".py")
    )
    few = list(dict.fromkeys(lazily))[:_MOST_FOLLOWED]  # following all takes long in large projects
    return any(module.path in loading.closure(path).paths for path in few)


# Second names


def _of_second_name(module: Module, statement: Import) -> _Found | None:
    """What there is to say of an import that finds a package's module by a top-level name."""
    if statement.level:
        return None
    written = [statement.module] if statement.module else [name for name, _ in statement.names]
    for name in written:
        top = name.partition(".")[0]
        for added in module.project.row(second_names, top):
            if _is_found_elsewhere(module, top):
                continue
            target = _below(module, added.path, name)
            if target is None or target is module:
                continue
            folder = os.path.dirname(added.path.removesuffix(f"{os.sep}__init__.py"))
            other = _imports_fully(module, target, folder)
            if other:
                where = os.path.relpath(folder, module.project.root or folder)
                message = (
                    f"`{name}` is found in `{where.replace(os.sep, '/')}`, which "
                    f"`{added.by.file_name}` puts on `sys.path`; {other} imports the same file as "
                    f"`{target.name.dotted}`: a program that does both has two modules, each with "
                    "its own classes and variables"
                )
                return _Found(message, _has_variables(target))
    return None


def _has_variables(target: Module) -> bool:
    """Does it matter that there are two of a module: has it variables, or a class that is told from
    others somewhere?"""
    return any(
        _is_state(target, name) or _is_told_apart(target, target, name) for name in target.bindings
    )


def _is_found_elsewhere(module: Module, top: str) -> bool:
    """May a top-level name mean something else than what lies in an added folder?"""
    layout = module.project.layout
    return top in sys.stdlib_module_names or any(
        layout.find_below(root, [top]) is not None
        for root in dict.fromkeys((module.name.root, *layout.import_roots))
    )


def _below(module: Module, path: str, name: str) -> Module | None:
    """The module that a dotted name means whose first part is found at a path."""
    project = module.project
    parts = name.split(".")[1:]
    if parts:
        found = project.layout.find_below(os.path.dirname(path), parts)
        path = found.path if found is not None and found.is_file else ""
    return project.module(path) if path.endswith(".py") else None


def _imports_fully(module: Module, target: Module, folder: str) -> str:
    """Which other place imports a module by its full name, for a message; "" for none.

    `folder` is on `sys.path`: what a relative import in a package below it loads depends on which of
    its names the importing module has itself. A module in the folder has a package by its full name
    only.
    """
    from pyconcepts_lint.index.loading import loading_of

    loading = loading_of(module.project)
    leaf = target.name.dotted.rpartition(".")[2]
    for other, statement in tables.imports(module.project):
        if statement.flags & TYPE_CHECKING or other is target:
            continue
        if statement.level and os.path.dirname(other.path).startswith(f"{folder}{os.sep}"):
            continue
        names = (statement.module, *(name for name, _ in statement.names))
        if not any(leaf == name.rpartition(".")[2] for name in names):
            continue
        if any(
            found is not None and found.path == target.path
            for _, found in loading.loaded(other, statement)
        ):
            return f"`{other.file_name}` (line {statement.line})"
    return ""
