from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import libcst as cst
from pyconcepts_lint.rules.dictionaries._renames import (
    are_classes,
    are_known_dictionaries,
    has_python2_dictionaries,
    is_guarded,
    may_be_dictionaries,
    safety,
)
from pyconcepts_lint.rules.dictionaries._views import PYTHON3_NAMES, is_walked, iterator_edits

from pyconcepts_lint import guards
from pyconcepts_lint.finding import Applicability, Fix
from pyconcepts_lint.linted import LintedFile
from pyconcepts_lint.names import is_builtin
from pyconcepts_lint.origins import Origin, Place, receivers
from pyconcepts_lint.rule import Rule

_NAME = re.compile(r"\w+")


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
    reads_stubs = False
    words = tuple(PYTHON3_NAMES)

    def lines(self) -> Iterable[int]:
        if not super().lines() or self.file.share(has_python2_dictionaries):
            return ()
        return {
            line
            for (line, column), origin in self.file.share(_receivers).items()
            for match in (_NAME.match(self.file.code.line(line), column - 1),)
            if match and self._is_called_on(origin, match[0])
        }

    def visit_Attribute(self, node: cst.Attribute) -> None:
        old = node.attr.value
        if old not in PYTHON3_NAMES or self.file.share(has_python2_dictionaries):
            return
        new = PYTHON3_NAMES[old]
        origin = self.file.share(_receivers).get(self.file.place(node.attr))
        path = [*self.ancestors, node]
        if (
            origin is None
            or not self._is_called_on(origin, old)
            or is_guarded(self.file, path, PYTHON3_NAMES, old, new)
        ):
            return
        call = self.ancestors[-1]
        if not isinstance(call, cst.Call) or call.func is not node:
            self._report(node, path, origin)
        elif call.args:
            if _has_one_argument(call) and are_classes(self.file, origin, old, new):
                self._report(call, path[:-1], origin)
        elif may_be_dictionaries(self.file, origin, old, new):
            self._report(call, path[:-1], origin)

    def _is_called_on(self, origin: Origin, old: str) -> bool:
        """May such a method be called on dictionaries, or on their class?"""
        new = PYTHON3_NAMES[old]
        return may_be_dictionaries(self.file, origin, old, new) or are_classes(
            self.file, origin, old, new
        )

    def _report(
        self, place: cst.Attribute | cst.Call, path: Sequence[cst.CSTNode], origin: Origin
    ) -> None:
        """Report an attribute or its call; `path` leads to that."""
        attribute = place.func if isinstance(place, cst.Call) else place
        assert isinstance(attribute, cst.Attribute)
        old = attribute.attr.value
        new = PYTHON3_NAMES[old]
        applicability = safety(self.file, origin, attribute.value, old)
        if applicability is None:
            return
        receiver = self.file.receiver_of(attribute)
        brackets = "()" if place is not attribute else ""
        view = "a view" if old.startswith("view") else "a view and builds no list"
        if are_known_dictionaries(self.file, origin):
            message = (
                f"`{receiver}` is a dictionary, and those have no `{old}` in Python 3: "
                f"`{new}()` returns {view}"
            )
        else:
            message = (
                f"`{receiver}.{old}{brackets}`: dictionaries have no `{old}` in Python 3, where their "
                f"`{new}()` returns {view}"
            )
        self.report(place, message, self._fix(place, attribute, path, applicability))

    def _fix(
        self,
        place: cst.Attribute | cst.Call,
        attribute: cst.Attribute,
        path: Sequence[cst.CSTNode],
        applicability: Applicability,
    ) -> Fix | None:
        old = attribute.attr.value
        new = PYTHON3_NAMES[old]
        edits = [self.file.replace(attribute.attr, new)]
        if isinstance(place, cst.Attribute) or guards.caught_by(path, "AttributeError"):
            applicability = "unsafe"
        title = f"Use `{new}()`"
        if (
            isinstance(place, cst.Call)
            and old.startswith("iter")
            and not is_walked(self.file, path)
        ):
            if not is_builtin(self.file, "iter", path):
                return None
            more = iterator_edits(self.file, place, path)
            if more is None:
                return None
            edits += more
            title = f"Use `iter(….{new}())`"
        # Python 2's `items` is a list, which has no operations of sets; its iterators have `next`.
        python3 = old.startswith("view") or any(edit.new_text == "__next__" for edit in edits)
        return self.fix(applicability, title, edits, python3=python3)


def _has_one_argument(call: cst.Call) -> bool:
    return len(call.args) == 1 and not call.args[0].star and call.args[0].keyword is None


def _receivers(file: LintedFile) -> dict[Place, Origin]:
    return receivers(file, PYTHON3_NAMES)
