from __future__ import annotations

from collections.abc import Iterator

from pyconcepts_lint.analysis.context import caught_by, dead_code, path_in
from pyconcepts_lint.index.facts import Import
from pyconcepts_lint.index.model import Module
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.imports._runners import runner_of
from pyconcepts_lint.rules.imports._statements import range_of


class RelativeImportInScript(Rule):
    """A module that is also run as a script has relative imports, which a script can't resolve.

    ## What it finds

    The first relative import that surely runs in a module of a package which is a script, too: it
    has a `__main__` guard or a shebang, is called `__main__.py`, or another module of the project
    runs it by its path (`subprocess.run([sys.executable, "shop/basket.py"])`, `runpy.run_path`,
    `os.system`). It is an error where the project runs the file so, else a note: it may be run with
    `python -m` only.

    Silent where the module binds `__package__`, where the import stands under a condition, where
    ImportError is caught, and where the import fails in the package as well
    ([PCL204](relative-import-beyond-top.md)).

    ## Why

    The dots of a relative import start from `__package__`. A file that is run by its path
    (`python shop/basket.py`, `python shop`) is the module `__main__`, and in no package, wherever it
    lies: its `__package__` is None or empty, and the import raises ImportError. `python -m
    shop.basket`, run in the directory above the package, executes the same file as a part of it.

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
    from .prices import APPLE

    if __name__ == "__main__":
        print(APPLE * 2)
    ```

    ```python
    # main.py
    import runpy

    runpy.run_path("shop/basket.py", run_name="__main__")
    ```

    ```output
    ImportError: attempted relative import with no known parent package
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


    def main():
        print(APPLE * 2)
    ```

    ```python
    # run_basket.py
    from shop.basket import main

    main()
    ```

    ```output
    6
    ```

    ## Fix

    There is none. Run the module with `-m`, let a small script outside of the package import it, or
    declare a console script; absolute imports work in a file that is run by its path only where the
    package can be found.

    ## When to ignore it

    Where the module is only ever run with `-m`: `# noqa` says so to the reader, too.

    ## See also

    - [`__main__`](https://docs.python.org/3/library/__main__.html)
    - [The option `-m`](https://docs.python.org/3/using/cmdline.html#cmdoption-m)
    - [Package relative imports](https://docs.python.org/3/reference/import.html#package-relative-imports)
    - [PEP 366](https://peps.python.org/pep-0366/)
    """

    code = "PCL216"
    name = "relative-import-in-script"
    severity = "error"
    reads_stubs = False
    facts = ("relative_imports",)
    raises = ("ImportError",)

    def claims(self, file: FileContext) -> Iterator[Claim]:
        module = file.module
        if module is None or not module.name.package or "__package__" in module.bindings:
            return
        depth = module.name.package.count(".") + 1
        sure = [
            statement
            for statement in module.facts.imports
            if not statement.flags and 0 < statement.level <= depth
        ]
        runner = _runner(module) if sure else None
        if runner is None:
            return
        for statement in sure:
            path = path_in(file, range_of(statement))
            if not dead_code(path) and not caught_by(path, "ImportError"):
                yield Claim(
                    range_of(statement),
                    _message(module, statement, runner),
                    severity=None if runner else "note",  # it may never be run by its path
                )
                return


def _runner(module: Module) -> str | None:
    """The file that runs a module by its path; "" where it only looks like a script, else None."""
    runner = runner_of(module)
    if runner is not None:
        return runner.file_name
    return "" if module.is_script else None


def _message(module: Module, statement: Import, runner: str) -> str:
    written = "." * statement.level + statement.module
    told = f"`{runner}` runs this file" if runner else "where this file is run"
    error = "ImportError" if module.facts.is_python3 else "ImportError in Python 3"
    where = f"{told} by its path (`{_command(module)}`), it is `__main__`, a module of no package"
    message = f"{where}, and `{written}` raises {error}"
    if module.name.is_package or module.project.layout.has_two_names(module.path):
        return message
    dotted = module.name.dotted.removesuffix(".__main__")
    return f"{message}; `python -m {dotted}` runs it as a part of its package"


def _command(module: Module) -> str:
    """How one runs the file by its path."""
    name = module.file_name
    return f"python {name.removesuffix('/__main__.py')}"
