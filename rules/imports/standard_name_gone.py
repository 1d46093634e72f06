from __future__ import annotations

from collections.abc import Iterator

from pyconcepts_lint.analysis.context import only_if_it_has, only_if_it_lacks
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.imports._facts import gone_names
from pyconcepts_lint.rules.imports._gone import GONE, INSTEAD
from pyconcepts_lint.rules.imports._standard import asked_of_standard


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
        for asked in asked_of_standard(file, gone_names, GONE):
            source, name = asked.source, asked.name
            near = [gone for of, gone in GONE if of == source]
            instead = INSTEAD.get((source, name), "")
            path = asked.path
            if only_if_it_has(path, near) or only_if_it_lacks(path, (instead.rpartition(".")[2],)):
                continue
            minor = GONE[source, name]
            since = f"since Python 3.{minor}" if minor else "in Python 3"
            message = f"`{source}` has no `{name}` any more {since}: this raises {asked.error}"
            message += f". `{instead}` has taken its place" if instead else ""
            yield Claim(asked.where, message, raises=(asked.error,))
