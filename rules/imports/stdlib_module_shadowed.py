from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator

from pyconcepts_lint.base.finding import Severity
from pyconcepts_lint.index import tables
from pyconcepts_lint.index.model import Module
from pyconcepts_lint.index.names import STANDARD_LIBRARY
from pyconcepts_lint.rule_api.claim import DEAD, Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.imports._sys import LOADED_AT_START

# The last 3.x that has a module which is gone since, and the first one that has a newer module
# (https://docs.python.org/3/library/superseded.html, and "What's New" of each version).
_LAST = {
    **dict.fromkeys(("asynchat", "asyncore", "distutils", "imp", "smtpd"), 11),
    **dict.fromkeys(
        (
            *("aifc", "audioop", "cgi", "cgitb", "chunk", "crypt", "imghdr", "mailcap", "msilib"),
            *("nis", "nntplib", "ossaudiodev", "pipes", "sndhdr", "spwd", "sunau", "telnetlib"),
            *("uu", "xdrlib"),
        ),
        12,
    ),
}
_FIRST = {"tomllib": 11, "annotationlib": 14, "compression": 14}
# Programs don't import these: Python's own tests, toys and tools.
_UNIMPORTED = frozenset(
    {"antigravity", "idlelib", "lib2to3", "pydoc_data", "test", "this", "turtledemo"}
)
_NAMES = (sys.stdlib_module_names | _LAST.keys() | _FIRST.keys()) - _UNIMPORTED
# Built into every CPython (Modules/Setup.bootstrap.in and Modules/config.c.in).
_BUILT_IN = frozenset(
    {"atexit", "builtins", "errno", "faulthandler", "gc", "itertools", "marshal", "sys", "time"}
)


class StdlibModuleShadowed(Rule):
    """A top-level module with the name of a standard-library module: an import finds only one.

    ## What it finds

    A module or regular package at an import root, or in a directory that scripts are run from
    (modules with a `__main__` guard or a shebang, and those that import the name and that nothing
    imports), that has the name of a standard-library module (of any Python that the project
    supports). Not
    modules inside of packages: `shop.calendar` is in no module's way. Not names that start with an
    underscore, and not `test`, which only Python itself imports.

    ## Why

    `import calendar` asks the built-in modules first, then each directory on `sys.path` in its
    order. The directory of the script that is run (with `python -m`, the current one) is the
    first, the standard library comes after it, and installed packages come last. So a file
    `calendar.py` beside the script is what everybody gets who imports `calendar`, the standard
    library's own modules included; installed, the same file is never found.

    ## Bad

    ```python
    # secrets.py
    password = "swordfish"
    ```

    ```python
    # main.py
    import secrets

    print(secrets.token_hex())
    ```

    ```output
    AttributeError: module 'secrets' has no attribute 'token_hex'
    ```

    ## Good

    ```python
    # passwords.py
    password = "swordfish"
    ```

    ```python
    # main.py
    import secrets

    import passwords

    print(len(secrets.token_hex(4)), passwords.password)
    ```

    ```output
    8 swordfish
    ```

    ## Fix

    There is none: rename the module, or put it into a package.

    ## Options

    `src`: the directories that imports start from.

    ## When to ignore it

    In a project that is a backport of that very module.

    ## See also

    - [`sys.path`](https://docs.python.org/3/library/sys.html#sys.path)
    - [The module search path](https://docs.python.org/3/tutorial/modules.html#the-module-search-path)
    """

    code = "PCL208"
    name = "stdlib-module-shadowed"
    reads_stubs = False
    dead_code = dict.fromkeys(DEAD, "it speaks of a file, whatever its code does")

    def claims(self, file: FileContext) -> Iterator[Claim]:
        module = file.module
        if module is None or not module.path.endswith(".py"):
            return
        place = module.path
        if os.path.basename(place) == "__init__.py":
            place = os.path.dirname(place)
        directory, name = os.path.split(place)
        name = name.partition(".")[0]
        if name not in _NAMES or name.startswith("_") or not self._is_found_from(module, directory):
            return
        last = _LAST.get(name)
        if last is None or file.project.supports_python(last):
            message = self._message(name, last, _FIRST.get(name))
            # As a part of a namespace package it is asked for by its full name.
            severity: Severity | None = "note" if "." in module.name.dotted else None
            yield Claim(file.line_range(1), message, severity=severity)

    def _is_found_from(self, module: Module, directory: str) -> bool:
        """Do imports, or those of a script that lies there, start from the directory?"""
        layout = self.file.project.layout
        if layout.is_regular_package(directory) or directory.startswith(STANDARD_LIBRARY):
            return False
        listing = layout.listing(directory)
        if "os.py" in listing and "site.py" in listing:
            return False  # a standard library itself
        return directory in layout.import_roots or self._has_script(module, directory, listing)

    def _has_script(self, module: Module, directory: str, listing: Iterable[str]) -> bool:
        project = self.file.project
        own = frozenset(project.files)
        paths = (os.path.join(directory, name) for name in listing if name.endswith(".py"))
        beside = [
            one for path in paths if path in own and (one := project.module(path)) is not None
        ]
        if any(each.is_script for each in beside):
            return True
        name = module.name.dotted.rpartition(".")[2]
        asking = [each for each in beside if each is not module and _imports(each, name)]
        return any(not _is_imported(each) for each in asking)

    @staticmethod
    def _message(name: str, last: int | None, first: int | None) -> str:
        if name in _BUILT_IN:
            return f"`{name}` is built into Python: `import {name}` never finds this module"
        if name in LOADED_AT_START:
            return (
                f"Python has loaded its own `{name}` before any program starts: `import {name}` "
                "never finds this module"
            )
        versions = f" (up to 3.{last})" if last else f" (from 3.{first} on)" if first else ""
        return (
            f"Python has a `{name}`, too{versions}: what is run from this directory gets this one "
            f"by `import {name}`, in the standard library's own modules as well; where the "
            "directory comes behind the standard library on `sys.path`, the standard library's module is imported instead"
        )


def _imports(module: Module, name: str) -> bool:
    """Does a module import a top-level module of that name?"""
    return any(
        not statement.level
        and (
            statement.module.partition(".")[0] == name
            or (
                not statement.is_from
                and any(each.partition(".")[0] == name for each, _ in statement.names)
            )
        )
        for statement in module.facts.imports
    )


def _is_imported(module: Module) -> bool:
    """May an import of the project be of a module, by whichever of its names? One that nothing
    imports is run."""
    name = module.name.dotted.rpartition(".")[2]
    return any(
        name
        in (*statement.module.split("."), *(part.rpartition(".")[2] for part, _ in statement.names))
        for _, statement in tables.imports(module.project)
    )
