from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from pyconcepts_lint.analysis.context import caught_by, instance_tests, path_in
from pyconcepts_lint.analysis.names import is_builtin
from pyconcepts_lint.base.finding import Fix
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.dictionaries._changes import (
    Change,
    ChangingLoop,
    Effect,
    changing_loops,
)
from pyconcepts_lint.rules.dictionaries._kinds import is_dictionary_class

_DOES = {
    Effect.ADDS: "puts an item into",
    Effect.MAY_ADD: "may put an item into",
    Effect.DELETES: "takes an item out of",
    Effect.MAY_DELETE: "may take an item out of",
}


class DictChangedWhileIterating(Rule):
    """A loop over a dictionary ends in RuntimeError when the dictionary gets or loses items.

    ## What it finds

    In the body of a `for` loop over a dictionary, or over its `keys()`, `values()` or `items()`,
    the statements after which the dictionary may have another size: `del d[k]`, `d.pop(k)`,
    `d.popitem()`, `d.clear()`, `d[other] = v`, `d.setdefault(other)`, `d.update(…)`, `d |= …`.
    Comprehensions that call such methods, too. `enumerate`, `zip`, `filter`, `map`, `reversed`,
    `iter` and generator expressions hand on one item after the other: a loop over these still
    walks the dictionary. A name that stands for the dictionary, or for its view, is followed, and so
    is a call, in the loop, of a function of the file that makes such a change (`self.forget(k)`).

    Not found, because nothing goes wrong: assignment to the key that the loop is at, and to keys
    that the code has asked for or read, or got from the item's value; loops that are over when the
    dictionary has changed (`break`, `return` or `raise` may come next); loops over a copy, such as
    `list(d)`. A loop over `d` itself is only looked at where `d` is known to be a dictionary; one
    over `d.items()` also where nothing is known of `d`, and the finding says so ("on a
    dictionary"). Not where `d` is what calling a variable gave, which may be any class. (Headers of messages have lists of keys. Objects called `headers` or `message` are taken for
    such.)

    ## Why

    A view stands for the dictionary as it is, and a loop over either asks the dictionary for one
    item after the other. An item more or less may move all others, so that the loop would miss
    some or meet some again. Python doesn't let that happen: when the loop asks for its next item
    and the size is another one, it raises RuntimeError. New values for keys that are there leave
    the size alone.

    In Python 2 `d.keys()`, `d.values()` and `d.items()` made lists, which is why such loops were
    right there.

    ## Bad

    ```python
    stock = {"apple": 3, "pear": 0, "plum": 0}
    for name, count in stock.items():
        if count == 0:
            del stock[name]
    ```

    ```output
    RuntimeError: dictionary changed size during iteration
    ```

    ## Good

    ```python
    stock = {"apple": 3, "pear": 0, "plum": 0}
    for name, count in list(stock.items()):
        if count == 0:
            del stock[name]
    print(stock)
    ```

    ```output
    {'apple': 3}
    ```

    ## Fix

    Walks a list of what is there at the start: `list(d)`, `list(d.items())`. It is safe: a loop
    that ends well today does the same with the list. It is withheld where `list` means something
    else, and where an item is taken out by the number that `enumerate` counts: a list mends nothing
    then.

    ## When to ignore it

    Where the object has an `items` method of its own that makes a list.

    ## See also

    - [Dictionary view objects](https://docs.python.org/3/library/stdtypes.html#dictionary-view-objects)
    - [The `for` statement](https://docs.python.org/3/reference/compound_stmts.html#the-for-statement)
    """

    code = "PCL705"
    name = "dict-changed-while-iterating"
    severity = "error"
    reads_stubs = False
    facts = ("changing_loops",)
    silences = {
        "the loop ends right behind the change": "leaves-loop",
        "the loop's own key is assigned": "own-key",
        "it walks a list of the keys": "list",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for loop in changing_loops(file):
            path = path_in(file, file.ast_range(loop.walk.walked))
            if (
                # The error comes from the loop, not from the change.
                caught_by(path, "RuntimeError")
                or not _are_dictionaries(file, path, loop)
                or not all(is_builtin(file, name, path) for name in loop.builtins)
            ):
                continue
            fix = self._fix(loop, path)
            for change in loop.changes:
                message = self._message(loop, change)
                if not loop.is_known:
                    message = f"on a dictionary, {message}"
                # A list would mend nothing where the key is none.
                own_fix = None if change.by_number else fix
                yield Claim(file.ast_range(change.node), message, own_fix)

    def _message(self, loop: ChangingLoop, change: Change) -> str:
        walked = self.file.ast_quote(loop.walk.iterable)
        kind = "comprehension" if loop.is_comprehension else "loop"
        version = " 3" if self.file.is_python2 and loop.has_view else ""
        in_python = f" in Python{version}" if version else ""
        where = f" (line {change.line})" if change.line else ""
        change_text = f"`{self.file.ast_quote(change.node)}`{where}"
        does = f"{change_text} {_DOES[change.effect]} `{change.dictionary}`"
        if change.by_number and change.effect is Effect.DELETES:
            return (
                f"{does} by a number that `enumerate` counts: KeyError where that is no key, else "
                f"RuntimeError{in_python} at the next step"
            )
        while_ = f"while the {kind} over `{walked}` goes on"
        if change.is_balanced:
            return (
                f"{does}, which gets and loses items {while_}: Python{version} may raise RuntimeError, "
                "miss items or meet some again"
            )
        if change.effect in (Effect.MAY_ADD, Effect.MAY_DELETE):
            return f"{does} {while_}: RuntimeError{in_python} at the next step if it does"
        return f"{does} {while_}: RuntimeError{in_python} at the next step"

    def _fix(self, loop: ChangingLoop, path: Sequence[ast.AST]) -> Fix | None:
        if not is_builtin(self.file, "list", path):
            return None
        start, end = self.file.ast_span(loop.walk.iterable)
        space = " " if self.file.text[start - 1 : start].isalnum() else ""
        edits = [self.file.edit(start, start, f"{space}list("), self.file.edit(end, end, ")")]
        title = f"Walk a list of what `{self.file.ast_quote(loop.walk.iterable)}` has at the start"
        return self.fix("safe", title, edits)


def _are_dictionaries(file: FileContext, path: Sequence[ast.AST], loop: ChangingLoop) -> bool:
    """Does no test around a loop say that it walks something else?

    Args:
        file: the file at hand.
        path: the nodes around what is walked.
        loop: the loop.
    """
    assert file.module is not None
    for name in instance_tests(path, loop.walk.walked):
        model = file.project.class_named(file.module, name)
        is_abstract = name.rpartition(".")[2] in ("Mapping", "MutableMapping")
        if not is_abstract and (model is None or not is_dictionary_class(model)):
            return False
    return True
