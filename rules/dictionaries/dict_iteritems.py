from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from pyconcepts_lint.analysis.context import caught_by, path_in
from pyconcepts_lint.analysis.names import is_builtin
from pyconcepts_lint.analysis.values import PossibleValues
from pyconcepts_lint.base.finding import Applicability, Fix
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.dictionaries._renames import (
    are_classes,
    are_known_dictionaries,
    is_guarded,
    may_be_dictionaries,
    reads,
    safety,
)
from pyconcepts_lint.rules.dictionaries._views import (
    PYTHON3_NAMES,
    has_one_argument,
    is_walked,
    iterator_edits,
)


class DictIteritems(Rule):
    """Dictionaries have no `iteritems` in Python 3: their `items()` builds no list.

    ## What it finds

    `d.iteritems()`, `d.iterkeys()`, `d.itervalues()`, `d.viewitems()`, `d.viewkeys()` and
    `d.viewvalues()`; the same methods uncalled (`map(dict.itervalues, dicts)`) and called
    through the class (`dict.iteritems(d)`).

    These names are Python 2's, so a parameter or a variable of unknown origin is taken for a
    dictionary; in Python 3 source only where the project has nothing of its own of that name: a
    function of a module, a field, a keyword or an assignment, a string. The rule is silent where the object's class binds the name itself or can't be
    resolved, where the object comes from a module that can't be resolved, and where the code
    takes care of both versions: a test on Python's version, `hasattr(d, "iteritems")`, a `try`
    of which another part uses the other name, `from past.builtins import dict`.

    ## Why

    In Python 2 `d.items()` built a list of all items, and `d.iteritems()` an iterator that
    didn't. Python 3 needs no such pair: `d.items()` returns a *view*, a small object that
    stands for the dictionary's items as they are at any time. A view is an iterable, not an
    iterator: `for` and `list` take either, `next` wants `iter(d.items())`.

    ## Bad

    ```python
    ages = {"Ada": 36, "Alan": 41}
    for name, age in ages.iteritems():
        print(name, age)
    ```

    ```output
    AttributeError: 'dict' object has no attribute 'iteritems'
    ```

    ## Good

    ```python
    ages = {"Ada": 36, "Alan": 41}
    items = ages.items()
    ages["Grace"] = 85
    for name, age in items:
        print(name, age)
    ```

    ```output
    Ada 36
    Alan 41
    Grace 85
    ```

    ## Fix

    Says `items()`, `keys()` or `values()`. Where an iterator may be needed (`next(…)`, an
    assignment, a `return`, an argument of something that isn't known to take any iterable) it
    says `iter(d.items())`, and for `d.iteritems().next()` it says `next(iter(d.items()))`. It is
    safe for a dictionary, a parameter or a variable: the name was a dictionary's in Python 2, and
    none's in Python 3.

    The fix is unsafe for a method that isn't called; where an `except` clause catches the
    AttributeError; in Python 3 source for an attribute, an item or a result of unknown origin; and
    where some class of the project has a method of that name, or in Python 2 source the project
    has something else of its own of that name, which the object may be. There is none where `iter` is needed and means something else.

    ## When to ignore it

    Where the object is no dictionary, but something that has such methods in Python 3, too.

    ## See also

    - [PCL702](compat-iteritems.md), the same as functions of six
    - [Dictionary view objects](https://docs.python.org/3/library/stdtypes.html#dictionary-view-objects)
    - [PEP 3106](https://peps.python.org/pep-3106/), which made `items()` a view
    - [PEP 469](https://peps.python.org/pep-0469/), on code for both versions
    """

    code = "PCL701"
    name = "dict-iteritems"
    severity = "error"
    reads_stubs = False
    words = tuple(PYTHON3_NAMES)
    silences = {
        "a class of the project has the method": "own-method",
        "the code asks for both versions": "both-pythons",
    }

    def claims(self, file: FileContext) -> Iterator[Claim]:
        for attribute, origin in reads(file, PYTHON3_NAMES):
            old, new = attribute.attr, PYTHON3_NAMES[attribute.attr]
            if not _is_called_on(file, origin, old):
                continue
            path = path_in(file, file.ast_range(attribute))
            if is_guarded(file, path, PYTHON3_NAMES, old, new):
                continue
            call = path[-2]
            if not isinstance(call, ast.Call) or call.func is not path[-1]:
                yield from self._claims_of(file, path, attribute, origin)
            elif call.args or call.keywords:
                if has_one_argument(call) and are_classes(file, origin, old, new):
                    yield from self._claims_of(file, path[:-1], attribute, origin)
            elif may_be_dictionaries(file, origin, old, new):
                yield from self._claims_of(file, path[:-1], attribute, origin)

    def _claims_of(
        self,
        file: FileContext,
        path: Sequence[ast.AST],
        attribute: ast.Attribute,
        origin: PossibleValues,
    ) -> Iterator[Claim]:
        """What is claimed of an attribute, or of its call; `path` leads to that."""
        old = attribute.attr
        new = PYTHON3_NAMES[old]
        place = path[-1]
        assert isinstance(place, ast.expr)
        applicability = safety(file, origin, attribute.value, old)
        if applicability is None:
            return
        receiver = file.ast_receiver(attribute)
        brackets = "()" if isinstance(place, ast.Call) else ""
        view = "a view" if old.startswith("view") else "a view and builds no list"
        if are_known_dictionaries(file, origin):
            message = (
                f"`{receiver}` is a dictionary, and those have no `{old}` in Python 3: "
                f"`{new}()` returns {view}"
            )
        else:
            message = (
                f"`{receiver}.{old}{brackets}`: dictionaries have no `{old}` in Python 3, where their "
                f"`{new}()` returns {view}"
            )
        fix = self._fix(file, path, attribute, applicability)
        yield Claim(file.ast_range(place), message, fix)

    def _fix(
        self,
        file: FileContext,
        path: Sequence[ast.AST],
        attribute: ast.Attribute,
        applicability: Applicability,
    ) -> Fix | None:
        old = attribute.attr
        new = PYTHON3_NAMES[old]
        is_called = isinstance(path[-1], ast.Call)
        edits = [file.edit(file.ast_name_start(attribute), file.ast_span(attribute)[1], new)]
        if not is_called or caught_by(path, "AttributeError"):
            applicability = "unsafe"
        title = f"Use `{new}()`"
        if is_called and old.startswith("iter") and not is_walked(file, path):
            if not is_builtin(file, "iter", path):
                return None
            more = iterator_edits(file, path)
            if more is None:
                return None
            edits += more
            title = f"Use `iter({file.ast_receiver(attribute)}.{new}())`"
        # Python 2's `items` is a list, which has no operations of sets; its iterators have `next`.
        python3 = old.startswith("view") or any(edit.new_text == "__next__" for edit in edits)
        return self.fix(applicability, title, edits, python3=python3)


def _is_called_on(file: FileContext, origin: PossibleValues, old: str) -> bool:
    """May such a method be called on dictionaries, or on their class?"""
    new = PYTHON3_NAMES[old]
    return may_be_dictionaries(file, origin, old, new) or are_classes(file, origin, old, new)
